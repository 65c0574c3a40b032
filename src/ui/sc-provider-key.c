/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the key of a provider is, a field to enter one, and a link to the page where keys are
 * made. The field is emptied at the moment its text is handed to the keyring. */

#include "config.h"

#include "sc-provider-key.h"

#include <glib/gi18n.h>

#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-providers.h"
#include "sc-service.h"

/* A key file has two or three kilobytes; what is longer is none and is refused as such. */
#define MAX_FILE_BYTES (64 * 1024)

struct _ScProviderKey
{
  AdwPreferencesGroup  parent_instance;

  AdwActionRow        *stored_row;
  GtkButton           *replace_button;
  GtkWidget           *remove_button;
  AdwEntryRow         *entry_row;
  GtkWidget           *cancel_button;
  AdwActionRow        *file_row;
  AdwActionRow        *link_row;

  GtkFileChooserNative *chooser;
  GCancellable        *cancellable;
  char                *profile;
  char                *name;
  char                *failure;
  ScSecretPlace        place;
  gboolean             is_draft;
  gboolean             is_busy;
  gboolean             is_replacing;
  gboolean             is_clearing_text;
};

G_DEFINE_FINAL_TYPE (ScProviderKey, sc_provider_key, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What one asynchronous call has to remember; the group stays alive until it ends. */
typedef struct
{
  ScProviderKey *self;
  GCancellable  *cancellable;
} Call;

static Call *
call_new (ScProviderKey *self)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->cancellable = g_object_ref (self->cancellable);
  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_object_unref (call->cancellable);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
hold_application (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_hold (application);
}

static void
release_application (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_release (application);
}

static void
update_rows (ScProviderKey *self)
{
  gboolean has_stored = self->is_busy || self->failure != NULL || self->place != SC_SECRET_NONE;
  gboolean shows_entry = !self->is_busy && (!has_stored || self->is_replacing);
  const char *words;

  if (self->is_busy)
    words = _("Looking in the keyring…");
  else if (self->failure != NULL)
    words = self->failure;
  else
    words = sc_provider_key_describe_place (self->place);

  adw_action_row_set_subtitle (self->stored_row, words);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stored_row), !self->is_busy);
  gtk_button_set_label (self->replace_button,
                        self->place != SC_SECRET_NONE ? _("Replace") : _("Enter"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->replace_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->place != SC_SECRET_NONE ? _("Replace Key") : _("Enter Key"),
                                  -1);
  gtk_widget_set_visible (self->remove_button, self->place != SC_SECRET_NONE);
  gtk_widget_set_visible (GTK_WIDGET (self->stored_row), has_stored && !shows_entry);
  gtk_widget_set_visible (GTK_WIDGET (self->entry_row), shows_entry);
  gtk_widget_set_visible (self->cancel_button, self->is_replacing);
}

static void
set_place (ScProviderKey *self,
           ScSecretPlace  place,
           const char    *failure)
{
  g_autofree char *copy = g_strdup (failure);

  self->is_busy = FALSE;
  self->is_replacing = FALSE;
  self->place = place;
  g_free (self->failure);
  self->failure = g_steal_pointer (&copy);
  update_rows (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_text (ScProviderKey *self)
{
  self->is_clearing_text = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry_row), "");
  self->is_clearing_text = FALSE;
}

/* The button that shows what is typed belongs to libadwaita, which names it after its picture. */
static void
label_reveal_button (GtkWidget *widget)
{
  const char *icon = GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL;

  if (icon != NULL && g_str_has_prefix (icon, "view-"))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show or Hide the Key"),
                                    -1);

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    label_reveal_button (child);
}

static void
restart (ScProviderKey *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  ScSecretPlace place = SC_SECRET_NONE;
  char *key = sc_secrets_lookup_finish (result, &place, &error);

  sc_secrets_free (key);
  if (g_cancellable_is_cancelled (call->cancellable))
    return;

  set_place (call->self, error == NULL ? place : SC_SECRET_NONE,
             error != NULL
             ? _("The keyring could not be read. Unlock it, or enter the key again.")
             : NULL);
}

/* Storing is never cancelled: the text is in no widget any more, and must not get lost with the
 * window. */
static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  ScSecretPlace place = sc_secrets_store_finish (result, NULL);

  sc_providers_forget_result (sc_providers_get_default (), call->self->profile);
  if (!g_cancellable_is_cancelled (call->cancellable))
    set_place (call->self, place, NULL);
  release_application ();
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  gboolean is_gone = sc_secrets_clear_finish (result, NULL);

  if (!g_cancellable_is_cancelled (call->cancellable))
    set_place (call->self, is_gone ? SC_SECRET_NONE : call->self->place,
               is_gone ? NULL : _("The keyring did not let the key go. Unlock it and try again."));
  release_application ();
}

static void
apply_cb (ScProviderKey *self)
{
  if (!self->is_draft)
    sc_provider_key_store (self);
}

static void
changed_cb (ScProviderKey *self)
{
  if (self->is_clearing_text)
    return;

  sc_provider_key_mark (self, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
replace_clicked_cb (ScProviderKey *self)
{
  self->is_replacing = TRUE;
  update_rows (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry_row));
}

static void
cancel_clicked_cb (ScProviderKey *self)
{
  clear_text (self);
  self->is_replacing = FALSE;
  update_rows (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_clicked_cb (ScProviderKey *self)
{
  restart (self);
  self->is_busy = TRUE;
  update_rows (self);
  hold_application ();
  sc_secrets_clear_async (self->profile, NULL, cleared_cb, call_new (self));
}

/* One line, as the field has only one: JSON does not mind. */
static void
take_file (ScProviderKey *self,
           char          *text)
{
  if (!g_utf8_validate (text, -1, NULL) || *g_strstrip (text) != '{')
    {
      adw_action_row_set_subtitle (self->file_row, _("That is not a key file. Choose the JSON file "
                                                     "that the service gave you."));
      return;
    }
  g_strdelimit (text, "\r\n", ' ');
  self->is_replacing = self->place != SC_SECRET_NONE;
  update_rows (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry_row), text);
  apply_cb (self);
}

static gboolean
wants_more_cb (const char *text,
               goffset     length,
               gpointer    user_data)
{
  return length < MAX_FILE_BYTES;
}

static void
file_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  if (!g_file_load_partial_contents_finish (G_FILE (source), result, &text, NULL, NULL, &error))
    {
      if (!g_cancellable_is_cancelled (call->cancellable))
        adw_action_row_set_subtitle (call->self->file_row, error->message);
      return;
    }
  if (!g_cancellable_is_cancelled (call->cancellable))
    take_file (call->self, text);
  sc_secrets_free (text);
}

static void
chooser_response_cb (ScProviderKey   *self,
                     int              response,
                     GtkNativeDialog *dialog)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    sc_provider_key_load_file (self, file);
  g_clear_object (&self->chooser);
}

static void
file_clicked_cb (ScProviderKey *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileFilter) keys = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Key File"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (keys, _("Key files"));
  gtk_file_filter_add_suffix (keys, "json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), keys);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
link_activated_cb (ScProviderKey *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                adw_action_row_get_subtitle (self->link_row),
                GDK_CURRENT_TIME);
}

/* Without it GTK takes the group for one thing, its entry, and Tab never leads out of it. */
static gboolean
sc_provider_key_focus (GtkWidget        *widget,
                       GtkDirectionType  direction)
{
  return gtk_widget_child_focus (gtk_widget_get_first_child (widget), direction);
}

static gboolean
sc_provider_key_grab_focus (GtkWidget *widget)
{
  ScProviderKey *self = SC_PROVIDER_KEY (widget);

  return gtk_widget_get_visible (GTK_WIDGET (self->entry_row))
         && gtk_widget_grab_focus (GTK_WIDGET (self->entry_row));
}

static void
sc_provider_key_dispose (GObject *object)
{
  ScProviderKey *self = SC_PROVIDER_KEY (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_KEY);

  G_OBJECT_CLASS (sc_provider_key_parent_class)->dispose (object);
}

static void
sc_provider_key_finalize (GObject *object)
{
  ScProviderKey *self = SC_PROVIDER_KEY (object);

  g_object_unref (self->cancellable);
  g_free (self->profile);
  g_free (self->name);
  g_free (self->failure);

  G_OBJECT_CLASS (sc_provider_key_parent_class)->finalize (object);
}

static void
sc_provider_key_class_init (ScProviderKeyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_key_dispose;
  object_class->finalize = sc_provider_key_finalize;
  widget_class->focus = sc_provider_key_focus;
  widget_class->grab_focus = sc_provider_key_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-key.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, stored_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, replace_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, entry_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, file_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderKey, link_row);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, file_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_activated_cb);
}

static void
sc_provider_key_init (ScProviderKey *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* A key must not come back by undo after the field was emptied. */
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->entry_row), FALSE);
  sc_preferences_label_entry (self->entry_row);
  label_reveal_button (GTK_WIDGET (self->entry_row));
}

/* The one service whose key is a file. */
static gboolean
takes_file (const ScProfile *profile)
{
  return g_strcmp0 (profile->protocol, "vertex") == 0;
}

void
sc_provider_key_load (ScProviderKey   *self,
                      const ScProfile *profile,
                      gboolean         is_draft)
{
  const ScService *service;

  g_return_if_fail (SC_IS_PROVIDER_KEY (self));
  g_return_if_fail (profile != NULL);

  restart (self);
  clear_text (self);
  g_free (self->profile);
  self->profile = g_strdup (profile->id);
  g_free (self->name);
  self->name = g_strdup (profile->name);
  g_clear_pointer (&self->failure, g_free);
  self->place = SC_SECRET_NONE;
  self->is_draft = is_draft;
  self->is_replacing = FALSE;
  self->is_busy = !is_draft;

  service = sc_service_find (profile->service);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry_row),
                                 service != NULL && service->needs_key
                                 ? _("Key")
                                 : _("Key, if the server asks for one"));
  sc_preferences_label_entry (self->entry_row);
  adw_entry_row_set_show_apply_button (self->entry_row, !is_draft);
  adw_action_row_set_subtitle (self->link_row,
                               service != NULL && service->key_url != NULL ? service->key_url : "");
  gtk_widget_set_visible (GTK_WIDGET (self->link_row), service != NULL && service->key_url != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), takes_file (profile));
  sc_provider_key_mark (self, FALSE);
  update_rows (self);

  if (!is_draft)
    sc_secrets_lookup_async (self->profile, self->cancellable, looked_up_cb, call_new (self));
}

void
sc_provider_key_set_name (ScProviderKey *self,
                          const char    *name)
{
  g_return_if_fail (SC_IS_PROVIDER_KEY (self));
  g_return_if_fail (name != NULL);

  sc_profile_set (&self->name, name);
}

char *
sc_provider_key_dup_typed (ScProviderKey *self)
{
  char *key;

  g_return_val_if_fail (SC_IS_PROVIDER_KEY (self), NULL);

  key = sc_preferences_dup_text (self->entry_row);
  if (*key != '\0')
    return key;

  sc_secrets_free (key);
  return NULL;
}

gboolean
sc_provider_key_has_key (ScProviderKey *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER_KEY (self), FALSE);

  return self->place != SC_SECRET_NONE
         || *gtk_editable_get_text (GTK_EDITABLE (self->entry_row)) != '\0';
}

void
sc_provider_key_store (ScProviderKey *self)
{
  char *key;
  g_autofree char *label = NULL;

  g_return_if_fail (SC_IS_PROVIDER_KEY (self));

  key = sc_provider_key_dup_typed (self);
  if (key == NULL)
    return;

  restart (self);
  clear_text (self);
  self->is_busy = TRUE;
  update_rows (self);

  /* Translators: what the keyring shows; %s is the name of a provider */
  label = g_strdup_printf (_("Stream Chat: %s"), self->name);
  hold_application ();
  sc_secrets_store_async (self->profile, label, key, NULL, stored_cb, call_new (self));
  sc_secrets_free (key);
}

void
sc_provider_key_mark (ScProviderKey *self,
                      gboolean       is_refused)
{
  g_return_if_fail (SC_IS_PROVIDER_KEY (self));

  sc_preferences_mark (GTK_WIDGET (self->entry_row), "error", is_refused);
  sc_preferences_mark (GTK_WIDGET (self->stored_row), "error", is_refused);
}

const char *
sc_provider_key_describe_place (ScSecretPlace place)
{
  switch (place)
    {
    case SC_SECRET_KEYRING:
      return _("Stored in the keyring");
    case SC_SECRET_SESSION:
      return _("No keyring is available, so the key is kept until the program ends");
    case SC_SECRET_NONE:
    default:
      return _("No key");
    }
}

static void
copy_stored_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  sc_secrets_store_finish (result, NULL);
  release_application ();
}

static void
copy_looked_up_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_auto (GStrv) target = user_data;
  char *key = sc_secrets_lookup_finish (result, NULL, NULL);

  if (key != NULL)
    sc_secrets_store_async (target[0], target[1], key, NULL, copy_stored_cb, NULL);
  else
    release_application ();
  sc_secrets_free (key);
}

void
sc_provider_key_copy (const char *from,
                      const char *to,
                      const char *name)
{
  char **target;

  g_return_if_fail (from != NULL);
  g_return_if_fail (to != NULL);
  g_return_if_fail (name != NULL);

  target = g_new0 (char *, 3);
  target[0] = g_strdup (to);
  target[1] = g_strdup_printf (_("Stream Chat: %s"), name);
  hold_application ();
  sc_secrets_lookup_async (from, NULL, copy_looked_up_cb, target);
}

static void
background_cleared_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  /* A keyring that refuses keeps an entry nobody refers to; its label says whose it is. */
  sc_secrets_clear_finish (result, NULL);
  release_application ();
}

void
sc_provider_key_clear (const char *profile)
{
  g_return_if_fail (profile != NULL);

  hold_application ();
  sc_secrets_clear_async (profile, NULL, background_cleared_cb, NULL);
}

void
sc_provider_key_load_file (ScProviderKey *self,
                           GFile         *file)
{
  g_return_if_fail (SC_IS_PROVIDER_KEY (self));
  g_return_if_fail (G_IS_FILE (file));

  g_file_load_partial_contents_async (file, self->cancellable, wants_more_cb, file_loaded_cb,
                                      call_new (self));
}
