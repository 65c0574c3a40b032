/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A provider in the list. Everything that its menu offers is an action of the preferences
 * window; the only thing done here is the move by dragging. */

#include "config.h"

#include "sc-provider-row.h"

#include <glib/gi18n.h>

#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-provider-check.h"
#include "sc-providers.h"
#include "sc-secrets.h"
#include "sc-service.h"
#include "sc-settings.h"

struct _ScProviderRow
{
  AdwActionRow    parent_instance;

  GtkWidget      *state_icon;
  GtkWidget      *default_label;
  GtkMenuButton  *menu_button;
  GtkDropTarget  *drop_target;

  ScProfile      *profile;
  guint           position;
  guint           n_rows;
  GCancellable   *cancellable;
  ScSecretPlace   place;
  gboolean        is_known;
  gboolean        has_failed;
};

G_DEFINE_FINAL_TYPE (ScProviderRow, sc_provider_row, ADW_TYPE_ACTION_ROW)

static const char *
describe_key (ScProviderRow *self)
{
  if (!self->is_known)
    return NULL;
  if (self->has_failed)
    return sc_profile_is_local (self->profile) ? NULL : _("The keyring could not be read");

  switch (self->place)
    {
    case SC_SECRET_KEYRING:
      return _("Key stored in the keyring");
    case SC_SECRET_SESSION:
      return _("Key kept for this session only");
    case SC_SECRET_NONE:
    default:
      return sc_profile_is_local (self->profile) ? NULL : _("No key");
    }
}

static char *
describe_place (ScProviderRow *self)
{
  const ScService *service = sc_service_find (self->profile->service);
  const ScProtocol *protocol = sc_protocol_find (self->profile->protocol);
  g_autofree char *host = sc_provider_dup_host (self->profile->base_url);
  const char *kind = NULL;

  if (service != NULL && *service->base_url != '\0'
      && g_strcmp0 (service->name, self->profile->name) != 0)
    kind = service->name;
  else if (service == NULL || *service->base_url == '\0')
    kind = protocol != NULL ? _(protocol->title) : self->profile->protocol;

  if (kind == NULL || *kind == '\0')
    return g_steal_pointer (&host);
  /* Translators: kind and address of a provider, for example "OpenAI, api.openai.com" */
  return g_strdup_printf (_("%s, %s"), kind, host);
}

static const char *
describe_state (ScProviderRow *self)
{
  switch (sc_providers_get_state (sc_providers_get_default (), self->profile->id))
    {
    case SC_PROVIDER_UNREACHABLE:
      return _("Could not be reached");
    case SC_PROVIDER_SIGNED_OUT:
      return _("Signed out: the key was not accepted");
    case SC_PROVIDER_WORKS:
    case SC_PROVIDER_UNKNOWN:
    default:
      return NULL;
    }
}

static void
update_subtitle (ScProviderRow *self)
{
  const char *state = describe_state (self);
  g_autoptr (GString) text = NULL;
  g_autofree char *place = describe_place (self);
  const char *key = describe_key (self);

  text = g_string_new (place);
  if (sc_profile_is_local (self->profile))
    g_string_append_printf (text, "\n%s", _("On this computer"));
  if (key != NULL)
    g_string_append_printf (text, "\n%s", key);
  if (state != NULL)
    g_string_append_printf (text, "\n%s", state);
  gtk_widget_set_visible (self->state_icon, state != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->str);
}

static void
append_item (GMenu         *menu,
             const char    *label,
             const char    *action,
             ScProviderRow *self)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", self->profile->id);
  g_menu_append_item (menu, item);
}

static void
update_menu (ScProviderRow *self,
             gboolean       is_default)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) edit = g_menu_new ();
  g_autoptr (GMenu) order = g_menu_new ();
  g_autoptr (GMenu) remove = g_menu_new ();

  append_item (edit, _("Edit"), "preferences.edit-provider", self);
  append_item (edit, _("Duplicate"), "preferences.duplicate-provider", self);
  if (!is_default)
    append_item (edit, _("Set as Default"), "preferences.default-provider", self);
  if (self->position > 0)
    append_item (order, _("Move Up"), "preferences.move-provider-up", self);
  if (self->position + 1 < self->n_rows)
    append_item (order, _("Move Down"), "preferences.move-provider-down", self);
  append_item (remove, _("Remove"), "preferences.remove-provider", self);

  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (order));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (remove));
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

static void
update_accessible_names (ScProviderRow *self)
{
  g_autofree char *label = NULL;

  /* Translators: name of a menu button; %s is the name of a provider */
  label = g_strdup_printf (_("More about %s"), self->profile->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

typedef struct
{
  ScProviderRow *self;
  GCancellable  *cancellable;
} Lookup;

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Lookup *lookup = user_data;
  ScProviderRow *self = lookup->self;
  g_autoptr (GError) error = NULL;
  ScSecretPlace place = SC_SECRET_NONE;

  sc_secrets_free (sc_secrets_lookup_finish (result, &place, &error));
  if (!g_cancellable_is_cancelled (lookup->cancellable))
    {
      self->is_known = TRUE;
      self->has_failed = error != NULL;
      self->place = place;
      update_subtitle (self);
    }

  g_object_unref (lookup->cancellable);
  g_free (lookup);
  g_object_unref (self);
}

static void
stop_lookup (ScProviderRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
look_key_up (ScProviderRow *self)
{
  Lookup *lookup;

  stop_lookup (self);
  if (self->profile == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  lookup = g_new0 (Lookup, 1);
  lookup->self = g_object_ref (self);
  lookup->cancellable = g_object_ref (self->cancellable);
  sc_secrets_lookup_async (self->profile->id, self->cancellable, looked_up_cb, lookup);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source,
                 double         x,
                 double         y,
                 ScProviderRow *self)
{
  if (self->n_rows < 2)
    return NULL;
  return gdk_content_provider_new_typed (SC_TYPE_PROVIDER_ROW, self);
}

static void
drag_begin_cb (GtkDragSource *source,
               GdkDrag       *drag,
               ScProviderRow *self)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         ScProviderRow *self)
{
  ScProviderRow *dropped = g_value_get_object (value);

  if (dropped == NULL || dropped == self || dropped->profile == NULL)
    return FALSE;

  sc_settings_move_profile (sc_settings_get_default (), dropped->profile->id, self->position);
  return TRUE;
}

static void
sc_provider_row_activate (AdwActionRow *row)
{
  ScProviderRow *self = SC_PROVIDER_ROW (row);

  if (self->profile != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "preferences.edit-provider", "s",
                                self->profile->id);
}

static void
sc_provider_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sc_provider_row_parent_class)->map (widget);

  look_key_up (SC_PROVIDER_ROW (widget));
}

static void
sc_provider_row_unmap (GtkWidget *widget)
{
  stop_lookup (SC_PROVIDER_ROW (widget));

  GTK_WIDGET_CLASS (sc_provider_row_parent_class)->unmap (widget);
}

static void
sc_provider_row_dispose (GObject *object)
{
  ScProviderRow *self = SC_PROVIDER_ROW (object);

  stop_lookup (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_ROW);

  G_OBJECT_CLASS (sc_provider_row_parent_class)->dispose (object);
}

static void
sc_provider_row_finalize (GObject *object)
{
  ScProviderRow *self = SC_PROVIDER_ROW (object);

  g_clear_pointer (&self->profile, sc_profile_free);

  G_OBJECT_CLASS (sc_provider_row_parent_class)->finalize (object);
}

static void
sc_provider_row_class_init (ScProviderRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_row_dispose;
  object_class->finalize = sc_provider_row_finalize;
  widget_class->map = sc_provider_row_map;
  widget_class->unmap = sc_provider_row_unmap;
  ADW_ACTION_ROW_CLASS (klass)->activate = sc_provider_row_activate;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, ScProviderRow, default_label);
  gtk_widget_class_bind_template_child (widget_class, ScProviderRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderRow, drop_target);
  gtk_widget_class_bind_template_callback (widget_class, drag_prepare_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
}

static void
sc_provider_row_init (ScProviderRow *self)
{
  GType types[] = { SC_TYPE_PROVIDER_ROW };

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_target_set_gtypes (self->drop_target, types, G_N_ELEMENTS (types));
}

ScProviderRow *
sc_provider_row_new (void)
{
  return g_object_new (SC_TYPE_PROVIDER_ROW, NULL);
}

void
sc_provider_row_update (ScProviderRow   *self,
                        const ScProfile *profile,
                        guint            position,
                        guint            n_rows,
                        gboolean         is_default)
{
  ScProfile *copy;

  g_return_if_fail (SC_IS_PROVIDER_ROW (self));
  g_return_if_fail (profile != NULL);

  copy = sc_profile_copy (profile);
  g_clear_pointer (&self->profile, sc_profile_free);
  self->profile = copy;
  self->position = position;
  self->n_rows = n_rows;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), profile->name);
  gtk_widget_set_visible (self->default_label, is_default);
  update_subtitle (self);
  update_menu (self, is_default);
  update_accessible_names (self);
}

const char *
sc_provider_row_get_id (ScProviderRow *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER_ROW (self), NULL);

  return self->profile != NULL ? self->profile->id : NULL;
}
