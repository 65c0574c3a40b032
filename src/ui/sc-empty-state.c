/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-empty-state.c: what a conversation without messages shows.
 *
 * Servers on this computer are looked for once, quietly, and only while no provider is set up:
 * nothing leaves the computer, and nothing waits for the answer.
 */

#include "config.h"

#include "sc-empty-state.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sc-demo-server.h"
#include "sc-preferences.h"
#include "sc-protocol.h"
#include "sc-providers.h"
#include "sc-service.h"
#include "sc-settings.h"

#define N_CARDS          4
#define CARD_WIDTH_CHARS 18

struct _ScEmptyState
{
  GtkWidget     parent_instance;

  GtkWidget    *scroller;
  GtkWidget    *subtitle;
  GtkWidget    *cards;
  GtkWidget    *ways;
  GtkWidget    *servers;
  GtkWidget    *demo;
  GtkWidget    *add;

  GCancellable *cancellable;
  gboolean      has_searched;
};

G_DEFINE_FINAL_TYPE (ScEmptyState, sc_empty_state, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_PROMPT,
  SIGNAL_PROVIDER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkWidget *
create_label (const char *text,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* Two cards stand side by side where there is room for two of this width. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), CARD_WIDTH_CHARS);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* A button with an icon, a title and a line beneath; its accessible name is the title. */
static GtkWidget *
create_card (const char *icon_name,
             const char *title,
             const char *subtitle)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *dim = create_label (subtitle, "caption");

  gtk_widget_add_css_class (dim, "dim-label");
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (column), create_label (title, "card-title"));
  gtk_box_append (GTK_BOX (column), dim);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), column);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "empty-card");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle,
                                  -1);
  return button;
}

static void
card_clicked_cb (GtkButton    *button,
                 ScEmptyState *self)
{
  const char *prompt = g_object_get_data (G_OBJECT (button), "prompt");

  g_signal_emit (self, signals[SIGNAL_PROMPT], 0, prompt);
}

static void
add_clicked_cb (ScEmptyState *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  sc_preferences_open_add_provider (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
}

static void
demo_clicked_cb (ScEmptyState *self)
{
  g_object_set (sc_settings_get_default (),
                "demo-offered", TRUE,
                "default-provider", SC_DEMO_PROFILE_ID,
                NULL);
  g_signal_emit (self, signals[SIGNAL_PROVIDER], 0, SC_DEMO_PROFILE_ID);
}

/* A local server without a chosen model gets its first one: there is nothing to ask the user
 * yet. */
static void
models_fetched_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autofree char *id = user_data;
  ScProviders *providers = SC_PROVIDERS (source);
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) profile = NULL;
  GPtrArray *models;

  if (!sc_providers_fetch_models_finish (providers, result, NULL))
    return;
  profile = sc_settings_dup_profile (settings, id);
  models = sc_providers_peek_models (providers, id);
  if (profile == NULL || (profile->model != NULL && *profile->model != '\0'))
    return;
  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if ((model->flags & SC_MODEL_EMBEDDING) != 0)
        continue;
      sc_profile_set (&profile->model, model->id);
      sc_settings_save_profile (settings, profile);
      return;
    }
}

static void
server_clicked_cb (GtkButton    *button,
                   ScEmptyState *self)
{
  ScSettings *settings = sc_settings_get_default ();
  const ScService *service = g_object_get_data (G_OBJECT (button), "service");
  g_autoptr (ScProfile) profile = sc_service_create_profile (service);

  sc_settings_save_profile (settings, profile);
  g_object_set (settings, "default-provider", profile->id, NULL);
  sc_providers_fetch_models_async (sc_providers_get_default (), profile->id, NULL,
                                   models_fetched_cb, g_strdup (profile->id));
  g_signal_emit (self, signals[SIGNAL_PROVIDER], 0, profile->id);
}

static void
servers_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (ScEmptyState) self = user_data;
  g_autoptr (GPtrArray) found = sc_service_find_local_finish (result, NULL);

  if (found == NULL || self->servers == NULL)
    return;
  for (guint i = 0; i < found->len; i++)
    {
      const ScService *service = g_ptr_array_index (found, i);
      g_autofree char *title = NULL;
      GtkWidget *card;

      /* Translators: %s is the name of a model server, Ollama for example */
      title = g_strdup_printf (_("Use %s"), service->name);
      card = create_card ("computer-symbolic", title, _("It is running on this computer"));
      g_object_set_data (G_OBJECT (card), "service", (gpointer) service);
      g_signal_connect (card, "clicked", G_CALLBACK (server_clicked_cb), self);
      gtk_box_append (GTK_BOX (self->servers), card);
      gtk_widget_set_visible (self->servers, TRUE);
    }
}

static gboolean
has_configured_provider (GPtrArray *profiles)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (!g_str_equal (profile->id, SC_DEMO_PROFILE_ID))
        return TRUE;
    }
  return FALSE;
}

static void
update (ScEmptyState *self)
{
  g_autoptr (GPtrArray) profiles = sc_providers_list (sc_providers_get_default ());
  gboolean is_configured = has_configured_provider (profiles);
  gboolean has_demo = !is_configured && profiles->len > 0;

  gtk_widget_set_visible (self->ways, !is_configured);
  gtk_widget_set_visible (self->demo, !has_demo);
  gtk_widget_set_visible (self->cards, profiles->len > 0);
  gtk_widget_set_visible (self->subtitle, !is_configured);
  gtk_label_set_label (GTK_LABEL (self->subtitle),
                       has_demo
                         ? _("Demo is ready: its answers are scripted, and nothing leaves this "
                             "computer.")
                         : _("Choose who answers first."));
  if (!is_configured && !self->has_searched && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->has_searched = TRUE;
      sc_service_find_local_async (self->cancellable, servers_found_cb, g_object_ref (self));
    }
}

static void
add_cards (ScEmptyState *self)
{
  guint n_prompts = 0;
  const ScDemoPrompt *prompts = sc_demo_server_list_prompts (&n_prompts);

  for (guint i = 0; i < MIN (n_prompts, N_CARDS); i++)
    {
      GtkWidget *card = create_card (prompts[i].icon_name, _(prompts[i].title),
                                     _(prompts[i].subtitle));
      GtkWidget *child = gtk_flow_box_child_new ();

      g_object_set_data_full (G_OBJECT (card), "prompt", g_strdup (_(prompts[i].prompt)), g_free);
      g_signal_connect (card, "clicked", G_CALLBACK (card_clicked_cb), self);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), card);
      gtk_flow_box_append (GTK_FLOW_BOX (self->cards), child);
    }
}

static void
sc_empty_state_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sc_empty_state_parent_class)->map (widget);
  update (SC_EMPTY_STATE (widget));
}

static void
sc_empty_state_dispose (GObject *object)
{
  ScEmptyState *self = SC_EMPTY_STATE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_EMPTY_STATE);

  G_OBJECT_CLASS (sc_empty_state_parent_class)->dispose (object);
}

static void
sc_empty_state_finalize (GObject *object)
{
  g_clear_object (&SC_EMPTY_STATE (object)->cancellable);

  G_OBJECT_CLASS (sc_empty_state_parent_class)->finalize (object);
}

static void
sc_empty_state_class_init (ScEmptyStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_empty_state_dispose;
  object_class->finalize = sc_empty_state_finalize;
  widget_class->map = sc_empty_state_map;

  signals[SIGNAL_PROMPT] =
    g_signal_new ("prompt", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_PROVIDER] =
    g_signal_new ("provider", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-empty-state.ui");
  gtk_widget_class_bind_template_child (widget_class, ScEmptyState, scroller);
  gtk_widget_class_bind_template_child (widget_class, ScEmptyState, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ScEmptyState, cards);
  gtk_widget_class_bind_template_child (widget_class, ScEmptyState, ways);
  gtk_widget_class_bind_template_child (widget_class, ScEmptyState, servers);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_empty_state_init (ScEmptyState *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->cancellable = g_cancellable_new ();
  add_cards (self);

  self->add = create_card ("list-add-symbolic", _("Add a Provider"),
                           _("An account of yours, or a server in your network"));
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->ways), self->add);
  self->demo = create_card ("media-playback-start-symbolic", _("Try the Demo"),
                            _("Scripted answers, no account and no network"));
  g_signal_connect_swapped (self->demo, "clicked", G_CALLBACK (demo_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->ways), self->demo);

  g_signal_connect_object (sc_providers_get_default (), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

GtkWidget *
sc_empty_state_new (void)
{
  return g_object_new (SC_TYPE_EMPTY_STATE, NULL);
}
