/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps one profile and the rows that show it in step. The profile holds the last values that
 * can be used: what cannot be used stays in its row, with the reason, and is not saved. */

#include "config.h"

#include "sc-provider-editor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-error.h"
#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-provider-check.h"
#include "sc-provider-download.h"
#include "sc-provider-key.h"
#include "sc-provider-models.h"
#include "sc-provider-network.h"
#include "sc-provider-parameters.h"
#include "sc-provider-waiting.h"
#include "sc-providers.h"
#include "sc-secrets.h"
#include "sc-service.h"
#include "sc-settings.h"

/* Long enough to save a word once instead of letter by letter, short enough to be done when one
 * looks up. */
#define SAVE_DELAY_MS 300

struct _ScProviderEditor
{
  AdwBin                parent_instance;

  AdwEntryRow          *name_row;
  AdwEntryRow          *address_row;
  GtkLabel             *address_hint;
  ScProviderKey        *key_group;
  ScProviderModels     *models_group;
  ScProviderDownload   *download_group;
  AdwExpanderRow       *answers_row;
  AdwComboRow          *protocol_row;
  AdwEntryRow          *version_row;
  GtkSwitch            *stream_switch;
  GtkTextBuffer        *system_buffer;
  ScProviderParameters *parameters_row;
  ScProviderWaiting    *waiting_row;
  ScProviderNetwork    *network_row;

  ScProfile            *profile;
  char                 *proposed_name;
  guint                 save_source;
  gboolean              is_draft;
  gboolean              is_loading;
  gboolean              can_add;
};

G_DEFINE_FINAL_TYPE (ScProviderEditor, sc_provider_editor, ADW_TYPE_BIN)

enum
{
  PROP_CAN_ADD = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static guint
find_protocol (const char *id)
{
  const ScProtocol * const *protocols = sc_protocol_list ();

  for (guint i = 0; protocols[i] != NULL; i++)
    {
      if (g_strcmp0 (protocols[i]->id, id) == 0)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
fill_protocols (ScProviderEditor *self)
{
  const ScProtocol * const *protocols = sc_protocol_list ();
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; protocols[i] != NULL; i++)
    gtk_string_list_append (titles, _(protocols[i]->title));
  adw_combo_row_set_model (self->protocol_row, G_LIST_MODEL (titles));
}

static gboolean
apply_name (ScProviderEditor *self,
            ScProfile        *profile)
{
  g_autofree char *name = sc_preferences_dup_text (self->name_row);
  gboolean is_good = *name != '\0';

  sc_preferences_mark (GTK_WIDGET (self->name_row), "error", !is_good);
  if (!is_good)
    return FALSE;

  sc_profile_set (&profile->name, name);
  sc_provider_key_set_name (self->key_group, name);
  return TRUE;
}

static gboolean
apply_address (ScProviderEditor *self,
               ScProfile        *profile)
{
  g_autofree char *address = sc_preferences_dup_text (self->address_row);
  g_autofree char *message = NULL;
  gboolean has_key = sc_provider_key_has_key (self->key_group);
  ScCheck check = sc_provider_check_address (address, has_key, &message);

  sc_preferences_mark (GTK_WIDGET (self->address_row), "error", check == SC_CHECK_BAD);
  sc_preferences_mark (GTK_WIDGET (self->address_hint), "error", check == SC_CHECK_BAD);
  sc_preferences_mark (GTK_WIDGET (self->address_hint), "warning", check == SC_CHECK_WARNING);
  sc_preferences_say (self->address_hint, message);
  if (check == SC_CHECK_BAD)
    return FALSE;

  sc_profile_set (&profile->base_url, address);
  return TRUE;
}

static void
apply_answers (ScProviderEditor *self,
               ScProfile        *profile)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *version = sc_preferences_dup_text (self->version_row);
  g_autofree char *system = NULL;
  guint selected = adw_combo_row_get_selected (self->protocol_row);

  if (selected != GTK_INVALID_LIST_POSITION)
    sc_profile_set (&profile->protocol, sc_protocol_list ()[selected]->id);
  sc_profile_set (&profile->api_version, *version != '\0' ? version : NULL);
  profile->stream = gtk_switch_get_active (self->stream_switch);

  gtk_text_buffer_get_bounds (self->system_buffer, &start, &end);
  system = g_strchomp (gtk_text_buffer_get_text (self->system_buffer, &start, &end, TRUE));
  sc_profile_set (&profile->system_prompt, *system != '\0' ? system : NULL);
}

/* Takes over every part that can be used. Returns: whether name and address can, without which
 * there is no provider. */
static gboolean
apply_rows (ScProviderEditor *self)
{
  gboolean is_good;

  is_good = apply_name (self, self->profile);
  is_good = apply_address (self, self->profile) && is_good;
  sc_provider_models_apply (self->models_group, self->profile);
  apply_answers (self, self->profile);
  sc_provider_parameters_apply (self->parameters_row, self->profile);
  sc_provider_waiting_apply (self->waiting_row, self->profile);
  sc_provider_network_apply (self->network_row, self->profile);
  sc_provider_download_update (self->download_group, self->profile);

  if (self->can_add != is_good)
    {
      self->can_add = is_good;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_ADD]);
    }
  return is_good;
}

static void
save (ScProviderEditor *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->is_draft && self->profile != NULL)
    sc_settings_save_profile (sc_settings_get_default (), self->profile);
}

static gboolean
save_timeout_cb (gpointer user_data)
{
  ScProviderEditor *self = user_data;

  self->save_source = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

/* A server without a service's name is called by its host, until somebody gives it a name. */
static void
propose_name (ScProviderEditor *self)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  g_autofree char *host = NULL;

  if (self->proposed_name == NULL)
    return;

  name = sc_preferences_dup_text (self->name_row);
  if (!g_str_equal (name, self->proposed_name))
    {
      g_clear_pointer (&self->proposed_name, g_free);
      return;
    }

  address = sc_preferences_dup_text (self->address_row);
  host = sc_provider_dup_host (address);
  if (strstr (address, "://") == NULL || g_str_equal (host, address) || g_str_equal (host, name))
    return;

  g_free (self->proposed_name);
  self->proposed_name = g_steal_pointer (&host);
  self->is_loading = TRUE;
  sc_preferences_set_text (self->name_row, self->proposed_name);
  self->is_loading = FALSE;
}

static void
changed_cb (ScProviderEditor *self)
{
  if (self->is_loading || self->profile == NULL)
    return;

  propose_name (self);
  apply_rows (self);
  if (self->is_draft)
    return;

  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_DELAY_MS, save_timeout_cb, self);
}

/* The key is no part of the profile, but the warning about the address depends on it. */
static void
key_changed_cb (ScProviderEditor *self)
{
  if (!self->is_loading && self->profile != NULL)
    apply_address (self, self->profile);
}

static void
tested_cb (ScProviderEditor *self,
           int               kind)
{
  sc_provider_key_mark (self->key_group, kind == SC_ERROR_AUTH);
  if (sc_provider_blames_address (kind))
    sc_preferences_mark (GTK_WIDGET (self->address_row), "error", TRUE);
  if (kind == -1 && self->is_draft && sc_profile_is_local (self->profile))
    sc_provider_models_prefill (self->models_group);
}

static void
certificate_accepted_cb (ScProviderEditor *self,
                         const char       *fingerprint)
{
  sc_provider_network_set_pin (self->network_row, fingerprint);
}

static void
downloaded_cb (ScProviderEditor *self)
{
  sc_provider_models_test (self->models_group);
}

static ScProfile *
dup_profile_with_key (gpointer user_data)
{
  ScProviderEditor *self = user_data;
  g_autofree char *address = sc_preferences_dup_text (self->address_row);
  ScProfile *profile = sc_profile_copy (self->profile);
  char *key = sc_provider_key_dup_typed (self->key_group);

  /* The test is about what is in the rows, even if that could not be saved. */
  sc_profile_set (&profile->base_url, address);
  sc_profile_set (&profile->key, key);
  sc_secrets_free (key);
  return profile;
}

static void
load (ScProviderEditor *self,
      const ScProfile  *profile,
      gboolean          is_draft)
{
  const ScService *service = sc_service_find (profile->service);
  GPtrArray *known = NULL;

  if (!is_draft)
    known = sc_providers_peek_models (sc_providers_get_default (), profile->id);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_pointer (&self->profile, sc_profile_free);
  self->profile = sc_profile_copy (profile);
  self->is_draft = is_draft;
  g_clear_pointer (&self->proposed_name, g_free);
  if (is_draft && *profile->base_url == '\0' && (service == NULL || service->key_url == NULL))
    self->proposed_name = g_strdup (profile->name);

  self->is_loading = TRUE;
  sc_preferences_set_text (self->name_row, profile->name);
  sc_preferences_set_text (self->address_row, profile->base_url);
  adw_combo_row_set_selected (self->protocol_row, find_protocol (profile->protocol));
  sc_preferences_set_text (self->version_row, profile->api_version);
  gtk_switch_set_active (self->stream_switch, profile->stream);
  gtk_text_buffer_set_text (self->system_buffer,
                            profile->system_prompt != NULL ? profile->system_prompt : "",
                            -1);
  sc_provider_models_load (self->models_group, profile, known);
  sc_provider_parameters_load (self->parameters_row, profile);
  sc_provider_waiting_load (self->waiting_row, profile);
  sc_provider_network_load (self->network_row, profile);
  sc_provider_key_load (self->key_group, profile, is_draft);
  self->is_loading = FALSE;

  apply_rows (self);
  if (is_draft && *profile->base_url == '\0')
    {
      /* Nothing was typed yet, so nothing is wrong yet. */
      sc_preferences_mark (GTK_WIDGET (self->address_row), "error", FALSE);
      sc_preferences_mark (GTK_WIDGET (self->address_hint), "error", FALSE);
    }
}

static void
sc_provider_editor_unmap (GtkWidget *widget)
{
  sc_provider_editor_flush (SC_PROVIDER_EDITOR (widget));

  GTK_WIDGET_CLASS (sc_provider_editor_parent_class)->unmap (widget);
}

/* Without it GTK takes the page for one thing, its address or key, and Tab never leads out of it. */
static gboolean
sc_provider_editor_focus (GtkWidget        *widget,
                          GtkDirectionType  direction)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  return child != NULL && gtk_widget_child_focus (child, direction);
}

static gboolean
sc_provider_editor_grab_focus (GtkWidget *widget)
{
  ScProviderEditor *self = SC_PROVIDER_EDITOR (widget);
  g_autofree char *address = sc_preferences_dup_text (self->address_row);

  if (*address == '\0')
    return gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
  if (self->is_draft && !sc_profile_is_local (self->profile))
    return gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
  /* Whoever came to look must not change the name by a stray key. */
  return FALSE;
}

static void
sc_provider_editor_dispose (GObject *object)
{
  ScProviderEditor *self = SC_PROVIDER_EDITOR (object);

  if (self->save_source != 0)
    save (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_EDITOR);

  G_OBJECT_CLASS (sc_provider_editor_parent_class)->dispose (object);
}

static void
sc_provider_editor_finalize (GObject *object)
{
  ScProviderEditor *self = SC_PROVIDER_EDITOR (object);

  g_clear_pointer (&self->profile, sc_profile_free);
  g_free (self->proposed_name);

  G_OBJECT_CLASS (sc_provider_editor_parent_class)->finalize (object);
}

static void
sc_provider_editor_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScProviderEditor *self = SC_PROVIDER_EDITOR (object);

  switch (prop_id)
    {
    case PROP_CAN_ADD:
      g_value_set_boolean (value, self->can_add);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (SC_TYPE_PROVIDER_DOWNLOAD);
  g_type_ensure (SC_TYPE_PROVIDER_KEY);
  g_type_ensure (SC_TYPE_PROVIDER_MODELS);
  g_type_ensure (SC_TYPE_PROVIDER_NETWORK);
  g_type_ensure (SC_TYPE_PROVIDER_PARAMETERS);
  g_type_ensure (SC_TYPE_PROVIDER_WAITING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, name_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, address_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, address_hint);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, key_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, models_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, download_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, answers_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, protocol_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, version_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, stream_switch);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, system_buffer);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, parameters_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, waiting_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderEditor, network_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tested_cb);
  gtk_widget_class_bind_template_callback (widget_class, certificate_accepted_cb);
  gtk_widget_class_bind_template_callback (widget_class, downloaded_cb);
}

static void
sc_provider_editor_class_init (ScProviderEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_editor_dispose;
  object_class->finalize = sc_provider_editor_finalize;
  object_class->get_property = sc_provider_editor_get_property;
  widget_class->unmap = sc_provider_editor_unmap;
  widget_class->focus = sc_provider_editor_focus;
  widget_class->grab_focus = sc_provider_editor_grab_focus;

  properties[PROP_CAN_ADD] = g_param_spec_boolean ("can-add", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY
                                                   | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  bind_template (widget_class);
}

static void
sc_provider_editor_init (ScProviderEditor *self)
{
  self->is_loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_protocols (self);
  sc_preferences_label_entry (self->name_row);
  sc_preferences_label_entry (self->address_row);
  sc_preferences_label_entry (self->version_row);
  sc_provider_models_set_source (self->models_group, dup_profile_with_key, self);
  sc_provider_download_set_source (self->download_group, dup_profile_with_key, self);
  self->is_loading = FALSE;
}

void
sc_provider_editor_edit (ScProviderEditor *self,
                         const ScProfile  *profile)
{
  g_return_if_fail (SC_IS_PROVIDER_EDITOR (self));
  g_return_if_fail (profile != NULL);

  sc_provider_editor_flush (self);
  load (self, profile, FALSE);
}

void
sc_provider_editor_draft (ScProviderEditor *self,
                          const ScProfile  *profile)
{
  g_return_if_fail (SC_IS_PROVIDER_EDITOR (self));
  g_return_if_fail (profile != NULL);

  sc_provider_editor_flush (self);
  load (self, profile, TRUE);
  if (self->can_add && sc_profile_is_local (self->profile))
    sc_provider_models_test (self->models_group);
}

gboolean
sc_provider_editor_add (ScProviderEditor *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER_EDITOR (self), FALSE);
  g_return_val_if_fail (self->is_draft, FALSE);

  if (!apply_rows (self))
    return FALSE;

  self->is_draft = FALSE;
  save (self);
  sc_provider_key_store (self->key_group);
  return TRUE;
}

void
sc_provider_editor_flush (ScProviderEditor *self)
{
  g_return_if_fail (SC_IS_PROVIDER_EDITOR (self));

  if (self->profile == NULL)
    return;

  sc_provider_models_stop (self->models_group);
  if (self->is_draft)
    return;

  if (self->save_source != 0)
    save (self);
  sc_provider_key_store (self->key_group);
}
