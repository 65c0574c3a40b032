/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The models of the providers: their lists, and what is being downloaded to their servers. */

#include "config.h"

#include "sc-providers-private.h"

#include "sc-kept.h"
#include "sc-protocol.h"

/* What the model list of a profile was made from; the demo's address is made when it starts. */
static char *
create_models_signature (ScProviders *self,
                         const char  *id)
{
  g_autoptr (ScProfile) profile = sc_providers_dup_profile (self, id);

  return profile != NULL ? sc_kept_create_address_signature (profile) : g_strdup ("");
}

static void
models_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ScProviders *self = g_task_get_source_object (task);
  const char *id = g_task_get_task_data (task);
  g_autofree char *signature = NULL;
  GError *error = NULL;
  GPtrArray *models = sc_protocol_list_models_finish (result, &error);

  sc_providers_note_result (self, id, error);
  if (models == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  signature = create_models_signature (self, id);
  sc_kept_insert (self->models, id, signature, models, (GDestroyNotify) g_ptr_array_unref);
  g_task_return_boolean (task, TRUE);
  sc_providers_emit_changed (self);
}

static void
resolved_for_models_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScProfile) profile = NULL;
  GError *error = NULL;

  profile = sc_providers_resolve_finish (SC_PROVIDERS (source), result, &error);
  if (profile == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  sc_protocol_list_models_async (profile, g_task_get_cancellable (task), models_listed_cb,
                                 g_object_ref (task));
}

static void
fetched_after_download_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  /* A list that could not be fetched is fetched when it is looked at. */
  sc_providers_fetch_models_finish (SC_PROVIDERS (source), result, NULL);
}

/* Every profile that leads to the server of a new model has it now. */
static void
download_changed_cb (ScProviders *self,
                     ScDownload  *download)
{
  g_autoptr (GPtrArray) profiles = NULL;

  if (sc_download_get_state (download) != SC_DOWNLOAD_DONE)
    return;
  profiles = sc_providers_list (self);
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_hash_table_lookup (self->downloads, profile->base_url) == download)
        sc_providers_fetch_models_async (self, profile->id, NULL, fetched_after_download_cb, NULL);
    }
}

void
sc_providers_stop_downloads (ScProviders *self)
{
  GHashTableIter iter;
  gpointer download;

  g_hash_table_iter_init (&iter, self->downloads);
  while (g_hash_table_iter_next (&iter, NULL, &download))
    {
      g_signal_handlers_disconnect_by_data (download, self);
      sc_download_stop (download);
    }
}

GPtrArray *
sc_providers_peek_models (ScProviders *self,
                          const char  *id)
{
  g_autofree char *signature = NULL;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  signature = create_models_signature (self, id);
  return sc_kept_lookup (self->models, id, signature);
}

void
sc_providers_fetch_models_async (ScProviders         *self,
                                 const char          *id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SC_IS_PROVIDERS (self));
  g_return_if_fail (id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_providers_fetch_models_async);
  g_task_set_task_data (task, g_strdup (id), g_free);
  sc_providers_resolve_entered_async (self, id, cancellable, resolved_for_models_cb,
                                      g_steal_pointer (&task));
}

gboolean
sc_providers_fetch_models_finish (ScProviders   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (SC_IS_PROVIDERS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ScDownload *
sc_providers_start_download (ScProviders     *self,
                             const ScProfile *profile,
                             const char      *model)
{
  ScDownload *download;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);
  g_return_val_if_fail (profile != NULL && model != NULL, NULL);

  download = sc_providers_get_download (self, profile);
  if (download != NULL && sc_download_get_state (download) == SC_DOWNLOAD_RUNNING)
    return download;
  sc_providers_forget_download (self, profile);
  download = sc_download_start (profile, model);
  g_signal_connect_object (download, "changed", G_CALLBACK (download_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_hash_table_insert (self->downloads, g_strdup (profile->base_url), download);
  return download;
}

ScDownload *
sc_providers_get_download (ScProviders     *self,
                           const ScProfile *profile)
{
  g_return_val_if_fail (SC_IS_PROVIDERS (self), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  return g_hash_table_lookup (self->downloads, profile->base_url);
}

void
sc_providers_forget_download (ScProviders     *self,
                              const ScProfile *profile)
{
  ScDownload *download;

  g_return_if_fail (SC_IS_PROVIDERS (self));
  g_return_if_fail (profile != NULL);

  download = sc_providers_get_download (self, profile);
  if (download == NULL)
    return;
  sc_download_stop (download);
  g_hash_table_remove (self->downloads, profile->base_url);
}
