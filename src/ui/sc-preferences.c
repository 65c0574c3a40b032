/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window with the pages of preferences. It binds switches to settings, opens the page of a
 * provider, and keeps removed providers until their toast is gone, so that Undo brings back
 * everything, the key included. */

#include "config.h"

#include "sc-preferences.h"

#include <glib/gi18n.h>

#include "sc-history.h"
#include "sc-price-dialog.h"
#include "sc-profile.h"
#include "sc-provider-key.h"
#include "sc-provider-list.h"
#include "sc-provider-page.h"
#include "sc-settings.h"

#define PERCENT 100.0

/* Below this width the names of the pages have little room. */
#define NARROW_PX 480

struct _ScPreferences
{
  AdwPreferencesWindow  parent_instance;

  AdwComboRow          *scheme_row;
  GtkSpinButton        *zoom_spin;
  GtkSwitch            *wrap_switch;
  GtkSwitch            *enter_switch;
  GtkSwitch            *follow_switch;
  GtkSwitch            *usage_switch;
  GtkSwitch            *demo_switch;
  AdwPreferencesPage   *privacy_page;
  AdwActionRow         *history_row;
  GtkWidget            *delete_button;

  GHashTable           *removals;
  guint                 title_id;
};

G_DEFINE_FINAL_TYPE (ScPreferences, sc_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* A provider that was taken out of the list while Undo is offered; its key is still in the
 * keyring. */
typedef struct
{
  ScProfile *profile;
  AdwToast  *toast;
  guint      position;
  gboolean   was_default;
} Removal;

static void
removal_free (Removal *removal)
{
  sc_profile_free (removal->profile);
  g_object_unref (removal->toast);
  g_free (removal);
}

static gboolean
zoom_to_percent (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  g_value_set_double (to, g_value_get_double (from) * PERCENT);
  return TRUE;
}

static gboolean
percent_to_zoom (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  g_value_set_double (to, g_value_get_double (from) / PERCENT);
  return TRUE;
}

static void
bind_settings (ScPreferences *self)
{
  ScSettings *settings = sc_settings_get_default ();
  const GBindingFlags flags = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  g_object_bind_property (settings, "color-scheme", self->scheme_row, "selected", flags);
  g_object_bind_property_full (settings, "zoom", self->zoom_spin, "value", flags,
                               zoom_to_percent, percent_to_zoom, NULL, NULL);
  g_object_bind_property (settings, "wrap-code", self->wrap_switch, "active", flags);
  g_object_bind_property (settings, "enter-sends", self->enter_switch, "active", flags);
  g_object_bind_property (settings, "follow-answers", self->follow_switch, "active", flags);
  g_object_bind_property (settings, "show-usage", self->usage_switch, "active", flags);
  g_object_bind_property (settings, "demo-offered", self->demo_switch, "active", flags);
}

static gboolean
find_position (const char *id,
               guint      *position,
               guint      *n_profiles)
{
  g_autoptr (GPtrArray) profiles = sc_settings_list_profiles (sc_settings_get_default ());

  *n_profiles = profiles->len;
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}

static void
page_closed_cb (ScPreferences *self)
{
  adw_preferences_window_close_subpage (ADW_PREFERENCES_WINDOW (self));
}

/* The page is filled afterwards: presenting moves the focus into it, and then the page puts it
 * where it belongs. */
static ScProviderPage *
present_page (ScPreferences *self)
{
  ScProviderPage *page = sc_provider_page_new ();

  g_signal_connect_object (page, "closed", G_CALLBACK (page_closed_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_window_present_subpage (ADW_PREFERENCES_WINDOW (self), GTK_WIDGET (page));
  return page;
}

static void
add_provider_action_cb (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  sc_provider_page_start (present_page (SC_PREFERENCES (widget)));
}

static void
edit_provider_action_cb (GtkWidget  *widget,
                         const char *action,
                         GVariant   *parameter)
{
  g_autoptr (ScProfile) profile = NULL;

  profile =
    sc_settings_dup_profile (sc_settings_get_default (), g_variant_get_string (parameter, NULL));
  if (profile != NULL)
    sc_provider_page_edit (present_page (SC_PREFERENCES (widget)), profile);
}

static void
duplicate_provider_action_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  ScSettings *settings = sc_settings_get_default ();
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (ScProfile) profile = sc_settings_dup_profile (settings, id);
  g_autofree char *new_id = NULL;
  g_autofree char *name = NULL;
  guint position = 0;
  guint n_profiles = 0;

  if (profile == NULL || !find_position (id, &position, &n_profiles))
    return;

  new_id = g_uuid_string_random ();
  /* Translators: name of the copy of a provider */
  name = g_strdup_printf (_("%s (copy)"), profile->name);
  sc_profile_set (&profile->id, new_id);
  sc_profile_set (&profile->name, name);
  sc_settings_save_profile (settings, profile);
  sc_settings_move_profile (settings, new_id, position + 1);
  sc_provider_key_copy (id, new_id, name);
}

static void
default_provider_action_cb (GtkWidget  *widget,
                            const char *action,
                            GVariant   *parameter)
{
  g_object_set (sc_settings_get_default (), "default-provider",
                g_variant_get_string (parameter, NULL), NULL);
}

static void
move_provider_up_action_cb (GtkWidget  *widget,
                            const char *action,
                            GVariant   *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);
  guint position = 0;
  guint n_profiles = 0;

  if (find_position (id, &position, &n_profiles) && position > 0)
    sc_settings_move_profile (sc_settings_get_default (), id, position - 1);
}

static void
move_provider_down_action_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);
  guint position = 0;
  guint n_profiles = 0;

  if (find_position (id, &position, &n_profiles) && position + 1 < n_profiles)
    sc_settings_move_profile (sc_settings_get_default (), id, position + 1);
}

/* Undo was not taken: now the key goes too. */
static void
toast_dismissed_cb (ScPreferences *self,
                    AdwToast      *toast)
{
  const char *id = g_variant_get_string (adw_toast_get_action_target_value (toast), NULL);

  if (g_hash_table_contains (self->removals, id))
    {
      sc_provider_key_clear (id);
      g_hash_table_remove (self->removals, id);
    }
}

static void
remove_provider_action_cb (GtkWidget  *widget,
                           const char *action,
                           GVariant   *parameter)
{
  ScPreferences *self = SC_PREFERENCES (widget);
  ScSettings *settings = sc_settings_get_default ();
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (ScProfile) profile = sc_settings_dup_profile (settings, id);
  g_autofree char *default_id = NULL;
  g_autofree char *title = NULL;
  Removal *removal;
  guint n_profiles = 0;
  guint position = 0;

  if (profile == NULL || !find_position (id, &position, &n_profiles))
    return;

  g_object_get (settings, "default-provider", &default_id, NULL);
  /* Translators: %s is the name of a provider */
  title = g_markup_printf_escaped (_("“%s” was removed"), profile->name);

  removal = g_new0 (Removal, 1);
  removal->toast = adw_toast_new (title);
  removal->position = position;
  removal->was_default = g_strcmp0 (default_id, id) == 0;
  adw_toast_set_button_label (removal->toast, _("Undo"));
  adw_toast_set_action_name (removal->toast, "preferences.undo-remove");
  adw_toast_set_action_target (removal->toast, "s", id);
  g_signal_connect_object (removal->toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self,
                           G_CONNECT_SWAPPED);

  sc_settings_remove_profile (settings, id);
  if (removal->was_default)
    g_object_set (settings, "default-provider", "", NULL);
  removal->profile = g_steal_pointer (&profile);
  g_hash_table_replace (self->removals, g_strdup (removal->profile->id), removal);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), g_object_ref (removal->toast));
}

static void
undo_remove_action_cb (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  ScPreferences *self = SC_PREFERENCES (widget);
  ScSettings *settings = sc_settings_get_default ();
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (AdwToast) toast = NULL;
  Removal *removal = g_hash_table_lookup (self->removals, id);

  if (removal == NULL)
    return;

  sc_settings_save_profile (settings, removal->profile);
  sc_settings_move_profile (settings, id, removal->position);
  if (removal->was_default)
    g_object_set (settings, "default-provider", id, NULL);

  toast = g_object_ref (removal->toast);
  g_hash_table_remove (self->removals, id);
  adw_toast_dismiss (toast);
}

static void
history_clicked_cb (ScPreferences *self)
{
  g_autofree char *path = sc_history_dup_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
delete_answered_cb (ScPreferences *self,
                    const char    *response)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (g_strcmp0 (response, "delete") != 0 || parent == NULL)
    return;
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.delete-all", NULL);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                    adw_toast_new (_("All conversations were deleted")));
}

static void
delete_clicked_cb (ScPreferences *self)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _("Delete All Conversations?"),
                            _("Answers on their way are stopped. This cannot be undone; what was "
                              "deleted is erased from the disk when the program ends."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"),
                                    "delete", _("Delete All"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The conversations belong to the window that opened the preferences. */
static void
parent_changed_cb (ScPreferences *self)
{
  gtk_widget_set_sensitive (self->delete_button,
                            gtk_window_get_transient_for (GTK_WINDOW (self)) != NULL);
}

static void
forget_removals (ScPreferences *self)
{
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_iter_init (&iter, self->removals);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      sc_provider_key_clear (id);
      g_hash_table_iter_remove (&iter);
    }
}

static void
prices_activated_cb (ScPreferences *self)
{
  gtk_window_present (sc_price_dialog_new (GTK_WINDOW (self)));
}

/* Better a shorter name than one that is cut. */
static gboolean
update_title_cb (gpointer user_data)
{
  ScPreferences *self = user_data;
  int width = 0;
  int height = 0;

  self->title_id = 0;
  /* GTK 4.8 writes both, NULL or not. */
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  adw_preferences_page_set_title (self->privacy_page,
                                  width > 0 && width < NARROW_PX ? _("Privacy") : _("Privacy and Data"));
  return G_SOURCE_REMOVE;
}

/* This is told while sizes are given out, when nothing may ask for another one. */
static void
width_changed_cb (ScPreferences *self)
{
  if (self->title_id == 0)
    self->title_id = g_idle_add (update_title_cb, self);
}

static void
sc_preferences_dispose (GObject *object)
{
  ScPreferences *self = SC_PREFERENCES (object);

  g_clear_handle_id (&self->title_id, g_source_remove);
  forget_removals (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PREFERENCES);

  G_OBJECT_CLASS (sc_preferences_parent_class)->dispose (object);
}

static void
sc_preferences_finalize (GObject *object)
{
  ScPreferences *self = SC_PREFERENCES (object);

  g_hash_table_unref (self->removals);

  G_OBJECT_CLASS (sc_preferences_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "preferences.add-provider", NULL,
                                   add_provider_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.edit-provider", "s",
                                   edit_provider_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.duplicate-provider", "s",
                                   duplicate_provider_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.default-provider", "s",
                                   default_provider_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.move-provider-up", "s",
                                   move_provider_up_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.move-provider-down", "s",
                                   move_provider_down_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.remove-provider", "s",
                                   remove_provider_action_cb);
  gtk_widget_class_install_action (widget_class, "preferences.undo-remove", "s",
                                   undo_remove_action_cb);
}

static void
sc_preferences_class_init (ScPreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_preferences_dispose;
  object_class->finalize = sc_preferences_finalize;

  g_type_ensure (SC_TYPE_PROVIDER_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, zoom_spin);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, wrap_switch);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, enter_switch);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, follow_switch);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, usage_switch);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, demo_switch);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, privacy_page);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, history_row);
  gtk_widget_class_bind_template_child (widget_class, ScPreferences, delete_button);
  gtk_widget_class_bind_template_callback (widget_class, history_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, prices_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
  install_actions (widget_class);
}

static void
sc_preferences_init (ScPreferences *self)
{
  g_autofree char *history = sc_history_dup_default_path ();

  self->removals =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) removal_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_action_row_set_subtitle (self->history_row, history);
  bind_settings (self);
  g_signal_connect (self, "notify::transient-for", G_CALLBACK (parent_changed_cb), NULL);
  parent_changed_cb (self);
}

GtkWindow *
sc_preferences_new (void)
{
  return g_object_new (SC_TYPE_PREFERENCES, NULL);
}

void
sc_preferences_open_add_provider (GtkWindow *parent)
{
  GtkWindow *window;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  window = sc_preferences_new ();
  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "preferences.add-provider", NULL);
}
