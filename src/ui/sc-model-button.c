/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-model-button.c: who answers, beneath the title.
 *
 * What is chosen here holds for the conversation, and new conversations follow it.
 */

#include "config.h"

#include "sc-model-button.h"

#include <glib/gi18n.h>

#include "sc-demo-server.h"
#include "sc-model-popover.h"
#include "sc-protocol.h"
#include "sc-providers.h"
#include "sc-settings.h"

struct _ScModelButton
{
  GtkWidget       parent_instance;

  ScConversation *conversation;
  GSignalGroup   *signals;
  char           *recipient;

  GtkWidget      *button;
  GtkWidget      *label;
  GtkWidget      *popover;
};

G_DEFINE_FINAL_TYPE (ScModelButton, sc_model_button, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RECIPIENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The profile that answers in a conversation: its own one, or the default. */
static ScProfile *
dup_profile (ScConversation *conversation)
{
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (GPtrArray) profiles = sc_providers_list (providers);
  g_autofree char *default_id = sc_providers_dup_default_id (providers);
  const char *id = sc_conversation_get_provider (conversation);

  if (id == NULL)
    id = default_id;
  for (guint i = 0; id != NULL && i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_str_equal (profile->id, id))
        return sc_profile_copy (profile);
    }
  return NULL;
}

static const char *
get_model_name (const ScProfile *profile,
                const char      *id)
{
  GPtrArray *models = sc_providers_peek_models (sc_providers_get_default (), profile->id);

  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if (g_str_equal (model->id, id))
        return model->name != NULL ? model->name : model->id;
    }
  return id;
}

static void
set_recipient (ScModelButton *self,
               const char    *recipient)
{
  if (g_strcmp0 (self->recipient, recipient) == 0)
    return;
  g_free (self->recipient);
  self->recipient = g_strdup (recipient);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECIPIENT]);
}

static void
update (ScModelButton *self)
{
  g_autoptr (ScProfile) profile = NULL;
  g_autofree char *text = NULL;
  const char *model = NULL;

  if (self->conversation == NULL)
    return;
  profile = dup_profile (self->conversation);
  if (profile == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->label), _("Choose a model"));
      set_recipient (self, NULL);
      return;
    }
  model = sc_conversation_get_model (self->conversation);
  if (model == NULL || *model == '\0')
    model = profile->model;
  if (model == NULL || *model == '\0' || g_str_equal (profile->id, SC_DEMO_PROFILE_ID))
    {
      gtk_label_set_label (GTK_LABEL (self->label), profile->name);
      set_recipient (self, profile->name);
    }
  else
    {
      model = get_model_name (profile, model);
      text = g_strdup_printf ("%s · %s", profile->name, model);
      gtk_label_set_label (GTK_LABEL (self->label), text);
      set_recipient (self, model);
    }
  if (self->popover != NULL)
    sc_model_popover_set_current (SC_MODEL_POPOVER (self->popover), profile->id,
                                  sc_conversation_get_model (self->conversation));
}

static void
conversation_notify_cb (ScModelButton  *self,
                        GParamSpec     *pspec,
                        ScConversation *conversation)
{
  if (g_str_equal (pspec->name, "provider") || g_str_equal (pspec->name, "model"))
    update (self);
}

/* A temporary provider of the command line leaves no trace in the settings. */
static void
remember_choice (const char *provider,
                 const char *model)
{
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) profile = sc_settings_dup_profile (settings, provider);

  if (profile == NULL && !g_str_equal (provider, SC_DEMO_PROFILE_ID))
    return;
  g_object_set (settings, "default-provider", provider, NULL);
  if (model != NULL && profile != NULL)
    sc_settings_add_recent_model (settings, provider, model);
}

static void
model_chosen_cb (ScModelButton *self,
                 const char    *provider,
                 const char    *model)
{
  if (self->conversation == NULL)
    return;
  sc_conversation_set_model (self->conversation, provider, model);
  remember_choice (provider, model);
  update (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-composer", NULL);
}

/* The next that is done after a look at the models is to write. */
static void
popover_closed_cb (ScModelButton *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->button), FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-composer", NULL);
}

static void
button_toggled_cb (ScModelButton *self)
{
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->button)))
    {
      if (self->popover != NULL)
        gtk_popover_popdown (GTK_POPOVER (self->popover));
      return;
    }
  if (self->popover == NULL)
    {
      self->popover = sc_model_popover_new ();
      g_signal_connect_swapped (self->popover, "chosen", G_CALLBACK (model_chosen_cb), self);
      g_signal_connect_swapped (self->popover, "closed", G_CALLBACK (popover_closed_cb), self);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
      update (self);
    }
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
sc_model_button_dispose (GObject *object)
{
  ScModelButton *self = SC_MODEL_BUTTON (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_MODEL_BUTTON);

  G_OBJECT_CLASS (sc_model_button_parent_class)->dispose (object);
}

static void
sc_model_button_finalize (GObject *object)
{
  g_free (SC_MODEL_BUTTON (object)->recipient);

  G_OBJECT_CLASS (sc_model_button_parent_class)->finalize (object);
}

static void
sc_model_button_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_RECIPIENT)
    g_value_set_string (value, SC_MODEL_BUTTON (object)->recipient);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sc_model_button_class_init (ScModelButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_model_button_dispose;
  object_class->finalize = sc_model_button_finalize;
  object_class->get_property = sc_model_button_get_property;

  properties[PROP_RECIPIENT] =
    g_param_spec_string ("recipient", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-model-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ScModelButton, button);
  gtk_widget_class_bind_template_child (widget_class, ScModelButton, label);
  gtk_widget_class_bind_template_callback (widget_class, button_toggled_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_model_button_init (ScModelButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SC_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (conversation_notify_cb),
                                  self);
  g_signal_connect_object (sc_providers_get_default (), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

void
sc_model_button_set_conversation (ScModelButton  *self,
                                  ScConversation *conversation)
{
  g_return_if_fail (SC_IS_MODEL_BUTTON (self));

  if (!g_set_object (&self->conversation, conversation))
    return;
  g_signal_group_set_target (self->signals, conversation);
  update (self);
}

const char *
sc_model_button_get_recipient (ScModelButton *self)
{
  g_return_val_if_fail (SC_IS_MODEL_BUTTON (self), NULL);

  return self->recipient;
}

void
sc_model_button_popup (ScModelButton *self)
{
  g_return_if_fail (SC_IS_MODEL_BUTTON (self));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->button), TRUE);
}

void
sc_model_apply_last_choice (ScConversation *conversation)
{
  g_autofree char *default_id = sc_providers_dup_default_id (sc_providers_get_default ());
  g_auto (GStrv) recent = sc_settings_list_recent_models (sc_settings_get_default ());
  char *tab;

  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  if (default_id == NULL || recent[0] == NULL)
    return;
  tab = strchr (recent[0], '\t');
  if (tab == NULL || tab[1] == '\0')
    return;
  *tab = '\0';
  if (g_str_equal (recent[0], default_id))
    sc_conversation_set_model (conversation, default_id, tab + 1);
}
