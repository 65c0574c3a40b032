/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which providers there are, with what a request needs: key and connections. The settings own the
 * configured profiles, the keyring owns the keys; here they meet while a request is made. */

#include "config.h"

#include "sc-providers-private.h"

#include "sc-demo-server.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-kept.h"
#include "sc-secrets.h"
#include "sc-service.h"
#include "sc-vertex-token.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (ScProviders, sc_providers, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ScProfile *
copy_without_key (const ScProfile *profile)
{
  ScProfile *copy = sc_profile_copy (profile);

  sc_profile_set (&copy->key, NULL);
  return copy;
}

/* For showing only: the server starts when it is asked the first time. */
static ScProfile *
create_demo_listing (void)
{
  ScProfile *profile = sc_profile_new (SC_DEMO_PROFILE_ID);

  sc_profile_set (&profile->name, _("Demo"));
  sc_profile_set (&profile->protocol, "demo");
  sc_profile_set (&profile->model, "demo");
  return profile;
}

static gboolean
is_temporary_id (ScProviders *self,
                 const char  *id)
{
  return self->temporary != NULL && g_strcmp0 (self->temporary->id, id) == 0;
}

static gboolean
is_demo_offered (ScProviders *self)
{
  return sc_settings_get_boolean (self->settings, "demo-offered");
}

static ScProfile *
dup_profile (ScProviders *self,
             const char  *id)
{
  if (is_temporary_id (self, id))
    return copy_without_key (self->temporary);
  if (g_strcmp0 (id, SC_DEMO_PROFILE_ID) == 0)
    return create_demo_listing ();
  return sc_settings_dup_profile (self->settings, id);
}

static gboolean
needs_key (const ScProfile *profile)
{
  const ScService *service = sc_service_find (profile->service);

  return !sc_profile_is_local (profile) && (service == NULL || service->needs_key);
}

static void
settings_changed_cb (ScProviders *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
token_given_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScProfile) profile = sc_profile_copy (g_task_get_task_data (task));
  GError *error = NULL;
  char *token = sc_vertex_token_finish (result, &error);

  if (token == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  sc_vertex_token_apply (profile, token);
  sc_secrets_free (token);
  g_task_return_pointer (task, g_steal_pointer (&profile), (GDestroyNotify) sc_profile_free);
}

/* The task's profile has its key; a key file is exchanged for a token that may be sent, unless the
 * caller does that. */
static void
finish_resolving (GTask *task)
{
  ScProfile *profile = g_task_get_task_data (task);

  if (g_task_get_source_tag (task) != sc_providers_resolve_entered_async &&
      sc_vertex_token_is_needed (profile))
    sc_vertex_token_async (profile, g_task_get_cancellable (task), token_given_cb,
                           g_object_ref (task));
  else
    g_task_return_pointer (task, sc_profile_copy (profile), (GDestroyNotify) sc_profile_free);
}

static void
key_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ScProfile *profile = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  char *key = sc_secrets_lookup_finish (result, NULL, &error);

  /* A keyring that cannot be read only matters to who needs a key. */
  if (error != NULL &&
      (needs_key (profile) || !g_error_matches (error, SC_ERROR, SC_ERROR_KEYRING)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  sc_profile_set (&profile->key, key);
  sc_secrets_free (key);
  finish_resolving (task);
}

static void
sc_providers_dispose (GObject *object)
{
  ScProviders *self = SC_PROVIDERS (object);

  g_clear_object (&self->settings_signals);
  g_clear_pointer (&self->clients, g_hash_table_unref);
  g_clear_pointer (&self->models, g_hash_table_unref);
  g_clear_pointer (&self->states, g_hash_table_unref);
  if (self->downloads != NULL)
    sc_providers_stop_downloads (self);
  g_clear_pointer (&self->downloads, g_hash_table_unref);
  g_clear_pointer (&self->temporary, sc_profile_free);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (sc_providers_parent_class)->dispose (object);
}

static void
sc_providers_class_init (ScProvidersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_providers_dispose;

  signals[CHANGED] = g_signal_new ("changed", SC_TYPE_PROVIDERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
sc_providers_init (ScProviders *self)
{
  self->clients = sc_kept_new_table ();
  self->models = sc_kept_new_table ();
  self->states = sc_kept_new_table ();
  self->downloads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->settings = g_object_ref (sc_settings_get_default ());
  self->settings_signals = g_signal_group_new (SC_TYPE_SETTINGS);
  g_signal_group_connect_swapped (self->settings_signals, "providers-changed",
                                  G_CALLBACK (settings_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "notify::default-provider",
                                  G_CALLBACK (settings_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "notify::demo-offered",
                                  G_CALLBACK (settings_changed_cb), self);
  g_signal_group_set_target (self->settings_signals, self->settings);
}

ScProviders *
sc_providers_new (void)
{
  return g_object_new (SC_TYPE_PROVIDERS, NULL);
}

void
sc_providers_emit_changed (ScProviders *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

ScProviders *
sc_providers_get_default (void)
{
  static ScProviders *providers;

  if (providers == NULL)
    providers = sc_providers_new ();
  return providers;
}

GPtrArray *
sc_providers_list (ScProviders *self)
{
  g_autoptr (GPtrArray) configured = NULL;
  GPtrArray *list;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_profile_free);
  if (self->temporary != NULL)
    g_ptr_array_add (list, copy_without_key (self->temporary));
  configured = sc_settings_list_profiles (self->settings);
  for (guint i = 0; i < configured->len; i++)
    g_ptr_array_add (list, copy_without_key (g_ptr_array_index (configured, i)));
  if (is_demo_offered (self) && !is_temporary_id (self, SC_DEMO_PROFILE_ID))
    g_ptr_array_add (list, create_demo_listing ());
  return list;
}

void
sc_providers_set_temporary (ScProviders     *self,
                            const ScProfile *profile)
{
  g_return_if_fail (SC_IS_PROVIDERS (self));

  g_clear_pointer (&self->temporary, sc_profile_free);
  self->temporary = profile != NULL ? sc_profile_copy (profile) : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
sc_providers_is_temporary (ScProviders *self,
                           const char  *id)
{
  g_return_val_if_fail (SC_IS_PROVIDERS (self), FALSE);

  /* The demo of the command line is the built-in one with other options: it is there at the next
   * start too. */
  return is_temporary_id (self, id) && g_strcmp0 (id, SC_DEMO_PROFILE_ID) != 0;
}

char *
sc_providers_dup_default_id (ScProviders *self)
{
  g_autofree char *chosen = NULL;
  g_autoptr (ScProfile) profile = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);

  if (self->temporary != NULL)
    return g_strdup (self->temporary->id);
  g_object_get (self->settings, "default-provider", &chosen, NULL);
  if (chosen != NULL && *chosen != '\0')
    profile = dup_profile (self, chosen);
  if (profile != NULL)
    return g_steal_pointer (&chosen);
  list = sc_providers_list (self);
  return list->len > 0 ? g_strdup (((ScProfile *) g_ptr_array_index (list, 0))->id) : NULL;
}

/* Takes @owned. */
static void
resolve (ScProviders *self,
         const char  *id,
         GTask       *owned)
{
  g_autoptr (GTask) task = owned;
  g_autofree char *wanted = NULL;
  ScProfile *profile = NULL;
  GError *error = NULL;

  wanted = id != NULL ? g_strdup (id) : sc_providers_dup_default_id (self);

  if (wanted == NULL)
    g_task_return_new_error (
        task, SC_ERROR, SC_ERROR_NOT_FOUND,
        _("There is no provider yet. Add one in Preferences, or try the demo."));
  else if (is_temporary_id (self, wanted))
    {
      g_task_set_task_data (task, sc_profile_copy (self->temporary),
                            (GDestroyNotify) sc_profile_free);
      finish_resolving (task);
    }
  else if (g_str_equal (wanted, SC_DEMO_PROFILE_ID))
    {
      profile = sc_demo_server_create_profile (&error);
      if (profile != NULL)
        g_task_return_pointer (task, profile, (GDestroyNotify) sc_profile_free);
      else
        g_task_return_error (task, error);
    }
  else
    {
      profile = sc_settings_dup_profile (self->settings, wanted);
      if (profile == NULL)
        {
          g_task_return_new_error (task, SC_ERROR, SC_ERROR_NOT_FOUND,
                                   _("The provider of this conversation is not set up any more. "
                                      "Choose another model."));
          return;
        }
      g_task_set_task_data (task, profile, (GDestroyNotify) sc_profile_free);
      sc_secrets_lookup_async (profile->id, g_task_get_cancellable (task), key_found_cb,
                               g_object_ref (task));
    }
}

void
sc_providers_resolve_async (ScProviders         *self,
                            const char          *id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_providers_resolve_async);
  resolve (self, id, task);
}

void
sc_providers_resolve_entered_async (ScProviders         *self,
                                    const char          *id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_providers_resolve_entered_async);
  resolve (self, id, task);
}

ScProfile *
sc_providers_resolve_finish (ScProviders   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

ScProfile *
sc_providers_dup_profile (ScProviders *self,
                          const char  *id)
{
  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);

  return dup_profile (self, id);
}

gboolean
sc_providers_accept_certificate (ScProviders *self,
                                 const char  *id,
                                 const char  *fingerprint)
{
  g_autoptr (ScProfile) profile = NULL;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (is_temporary_id (self, id))
    {
      sc_profile_set (&self->temporary->pinned_fingerprint, fingerprint);
      g_signal_emit (self, signals[CHANGED], 0);
      return TRUE;
    }
  profile = sc_settings_dup_profile (self->settings, id);
  if (profile == NULL)
    return FALSE;
  sc_profile_set (&profile->pinned_fingerprint, fingerprint);
  sc_settings_save_profile (self->settings, profile);
  return TRUE;
}

ScHttpClient *
sc_providers_get_client (ScProviders     *self,
                         const ScProfile *profile)
{
  g_autofree char *signature = NULL;
  ScHttpClient *client;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  signature = sc_kept_create_network_signature (profile);
  client = sc_kept_lookup (self->clients, profile->id, signature);
  if (client == NULL)
    {
      client = sc_http_client_new (profile);
      sc_kept_insert (self->clients, profile->id, signature, client,
                   (GDestroyNotify) sc_http_client_unref);
    }
  return client;
}

