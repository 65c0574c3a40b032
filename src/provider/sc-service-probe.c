/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks for model servers on this computer: a GET to each known port, all at once, and a look at
 * what answers, because ports are shared by all sorts of programs. Quiet: what does not answer in
 * time is not there. */

#include "config.h"

#include "sc-service.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-service-private.h"

#include <string.h>

#define LIMIT_MS 400
#define MAX_PROBE_BYTES (1024u * 1024)

typedef struct
{
  const ScService * const *services;
  ScHttpClient            *client;
  GCancellable            *inner;
  gulong                   outer_id;
  guint                    limit_id;
  guint                    n_pending;
  gboolean                *found;
} ProbeData;

typedef struct
{
  GTask *task;
  guint  i;
} Probe;

static void
probe_data_free (gpointer user_data)
{
  ProbeData *data = user_data;

  g_clear_handle_id (&data->limit_id, g_source_remove);
  sc_http_client_unref (data->client);
  g_object_unref (data->inner);
  g_free (data->found);
  g_free (data);
}

/* A list of models as these servers give it, and in it the word or member that only this server
 * writes. */
static gboolean
has_model_of (JsonObject *root,
              const char *owner,
              const char *member)
{
  JsonArray *data = sc_json_get_array (root, "data");
  guint n = data != NULL ? json_array_get_length (data) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *model = sc_json_get_element_object (data, i);

      if (model == NULL || sc_json_get_string (model, "id") == NULL)
        continue;
      if (g_strcmp0 (sc_json_get_string (model, "owned_by"), owner) == 0 ||
          (member != NULL && json_object_has_member (model, member)))
        return TRUE;
    }
  return FALSE;
}

/* LM Studio writes no word of its own; its port is its own, so a list of models in OpenAI's shape
 * is enough. */
static gboolean
is_model_list (JsonObject *root)
{
  return sc_json_get_array (root, "data") != NULL &&
         g_strcmp0 (sc_json_get_string (root, "object"), "list") == 0;
}

gboolean
sc_service_recognise (const char *id,
                      const char *body,
                      gsize       length)
{
  g_autoptr (JsonObject) root = NULL;

  g_return_val_if_fail (id != NULL, FALSE);

  root = body != NULL ? sc_json_parse_object (body, (gssize) length, NULL) : NULL;
  if (root == NULL)
    return FALSE;
  if (strcmp (id, "ollama") == 0)
    return sc_json_get_string (root, "version") != NULL;
  if (strcmp (id, "llama-cpp") == 0)
    return has_model_of (root, "llamacpp", NULL);
  if (strcmp (id, "vllm") == 0)
    return has_model_of (root, "vllm", "max_model_len");
  if (strcmp (id, "lm-studio") == 0)
    return is_model_list (root);
  if (strcmp (id, "tgi") == 0)
    return sc_json_get_string (root, "model_id") != NULL;
  return FALSE;
}

static void
finish_probing (GTask *task)
{
  ProbeData *data = g_task_get_task_data (task);
  GPtrArray *found;

  g_clear_handle_id (&data->limit_id, g_source_remove);
  /* Not g_cancellable_disconnect(): this may run inside the cancelling, and that would wait for its
   * end. */
  if (data->outer_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), data->outer_id);
  data->outer_id = 0;
  if (g_task_return_error_if_cancelled (task))
    return;
  found = g_ptr_array_new ();
  for (guint i = 0; data->services[i] != NULL; i++)
    if (data->found[i])
      g_ptr_array_add (found, (gpointer) data->services[i]);
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

static void
probe_answered_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  Probe *probe = user_data;
  g_autoptr (GTask) task = probe->task;
  ProbeData *data = g_task_get_task_data (task);
  g_autoptr (GBytes) body = NULL;
  int status = 0;
  guint i = probe->i;

  g_free (probe);
  /* An error means that nothing of ours is there: that is an answer too. */
  body = sc_http_fetch_finish (result, &status, NULL, NULL);
  if (body != NULL && status == 200)
    {
      gsize length;
      const char *bytes = g_bytes_get_data (body, &length);

      data->found[i] = sc_service_recognise (data->services[i]->id, bytes, length);
    }
  data->n_pending--;
  if (data->n_pending == 0)
    finish_probing (task);
}

static gboolean
limit_reached_cb (gpointer user_data)
{
  ProbeData *data = user_data;

  data->limit_id = 0;
  g_cancellable_cancel (data->inner);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static ScHttpClient *
create_client (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("probe");

  profile->proxy_mode = SC_PROXY_NONE;
  return sc_http_client_new (profile);
}

static void
start_probe (GTask *task,
             guint  i,
             guint  limit_ms)
{
  ProbeData *data = g_task_get_task_data (task);
  const ScService *service = data->services[i];
  g_autofree char *url =
    g_strdup_printf ("http://127.0.0.1:%u%s", service->port, service->probe_path);
  g_autoptr (ScHttpRequest) request = sc_http_request_new ("GET", url);
  ScTimeouts timeouts = { .connect_ms = limit_ms, .first_byte_ms = limit_ms, .idle_ms = limit_ms };
  Probe *probe = g_new0 (Probe, 1);

  probe->task = g_object_ref (task);
  probe->i = i;
  data->n_pending++;
  sc_http_request_set_header (request, "Accept", "application/json");
  sc_http_fetch_async (data->client, request, &timeouts, MAX_PROBE_BYTES, data->inner,
                       probe_answered_cb, probe);
}

void
sc_service_probe_async (const ScService * const *services,
                        guint                    limit_ms,
                        GCancellable            *cancellable,
                        GAsyncReadyCallback      callback,
                        gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  ProbeData *data = g_new0 (ProbeData, 1);
  guint n = 0;

  g_return_if_fail (services != NULL);

  while (services[n] != NULL)
    n++;
  data->services = services;
  data->client = create_client ();
  data->inner = g_cancellable_new ();
  data->found = g_new0 (gboolean, n + 1);
  g_task_set_source_tag (task, sc_service_probe_async);
  g_task_set_task_data (task, data, probe_data_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  for (guint i = 0; i < n; i++)
    if (services[i]->port != 0 && services[i]->probe_path != NULL)
      start_probe (task, i, limit_ms);
  if (data->n_pending == 0)
    {
      finish_probing (task);
      return;
    }
  data->limit_id = g_timeout_add (limit_ms, limit_reached_cb, data);
  if (cancellable != NULL)
    data->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                            g_object_ref (data->inner), g_object_unref);
}

void
sc_service_find_local_async (GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  sc_service_probe_async (sc_service_list (), LIMIT_MS, cancellable, callback, user_data);
}

GPtrArray *
sc_service_find_local_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
