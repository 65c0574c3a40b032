/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Progress of a model that a server fetches (protocols.md section 9, `/api/pull`). The decoder is
 * pure; the call at the end of the file runs it over HTTP. */

#include "config.h"

#include "sc-ollama-pull.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-ndjson-framer.h"
#include "sc-ollama.h"
#include "sc-response-failure.h"

#include <glib/gi18n.h>
#include <string.h>

/* Checking tens of gigabytes is done without a word. */
#define SILENCE_MS (15 * 60 * 1000)

/* How much of an answer that is an error is read. */
#define MAX_ERROR_BYTES (64u * 1024)

typedef struct
{
  gint64 completed;
  gint64 total;
} Layer;

struct _ScOllamaPull
{
  ScOllamaProgressFunc  func;
  gpointer              user_data;
  ScNdjsonFramer       *framer;
  GHashTable           *layers;
  gint64                completed;
  gint64                total;
  GError               *error;
  gboolean              is_done;
};

static const struct
{
  const char *start;
  const char *words;
} known_words[] = {
  { "pulling manifest", N_("Looking for the model…") },
  { "pulling ", N_("Downloading…") },
  { "downloading ", N_("Downloading…") },
  { "verifying ", N_("Checking what was downloaded…") },
  { "writing manifest", N_("Saving…") },
  { "removing ", N_("Cleaning up…") },
  { "success", N_("The model is ready.") },
};

/* What Ollama says is meant for its log. Words it has no better ones for stay as they are. */
static const struct
{
  const char *part;
  ScError     kind;
  const char *words;
} known_errors[] = {
  { "file does not exist", SC_ERROR_NOT_FOUND,
    N_("There is no model of that name. The names are listed at ollama.com/library.") },
  { "manifest unknown", SC_ERROR_NOT_FOUND,
    N_("There is no model of that name. The names are listed at ollama.com/library.") },
  { "invalid model name", SC_ERROR_INVALID_REQUEST,
    N_("That is not the name of a model. A name looks like llama3.2 or qwen3:8b.") },
  { "no space left", SC_ERROR_SERVER,
    N_("There is not enough room for the model on the server’s disk.") },
  { "not enough space", SC_ERROR_SERVER,
    N_("There is not enough room for the model on the server’s disk.") },
  { "no such host", SC_ERROR_NETWORK,
    N_("The server cannot reach the place the models come from. Is it connected to the "
       "Internet?") },
  { "dial tcp", SC_ERROR_NETWORK,
    N_("The server cannot reach the place the models come from. Is it connected to the "
       "Internet?") },
  { "max retries exceeded", SC_ERROR_INTERRUPTED,
    N_("The download was interrupted. Try again: it goes on where it stopped.") },
  { "unexpected EOF", SC_ERROR_INTERRUPTED,
    N_("The download was interrupted. Try again: it goes on where it stopped.") },
};

static GError *
create_error (const ScFailure *failure)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_errors); i++)
    if (strstr (failure->message, known_errors[i].part) != NULL)
      return g_error_new_literal (SC_ERROR, (int) known_errors[i].kind, _(known_errors[i].words));
  return sc_failure_to_error (failure);
}

static const char *
get_words (const char *status)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_words); i++)
    if (g_str_has_prefix (status, known_words[i].start))
      return _(known_words[i].words);
  return status;
}

/* Layers come at the same time and in turns: each counts with what was last said of it. */
static void
take_layer (ScOllamaPull *self,
            JsonObject   *root)
{
  const char *digest = sc_json_get_string (root, "digest");
  gint64 total = 0;
  gint64 completed = 0;
  Layer *layer;

  if (digest == NULL || !sc_json_get_int (root, "total", &total) || total <= 0)
    return;
  /* Absent means 0, and a layer that was said to be further is not taken back. */
  sc_json_get_int (root, "completed", &completed);
  layer = g_hash_table_lookup (self->layers, digest);
  if (layer == NULL)
    {
      layer = g_new0 (Layer, 1);
      g_hash_table_insert (self->layers, g_strdup (digest), layer);
    }
  total = MIN (total, G_MAXINT64 - (self->total - layer->total));
  completed = CLAMP (completed, MIN (layer->completed, total), total);
  self->total += total - layer->total;
  self->completed += completed - layer->completed;
  layer->total = total;
  layer->completed = completed;
}

static void
report (ScOllamaPull *self,
        const char   *status)
{
  ScOllamaProgress progress = {
    .words = get_words (status),
    .status = status,
    .completed = self->completed,
    .total = self->total,
  };

  if (self->func != NULL)
    self->func (&progress, self->user_data);
}

static void
take_line (ScOllamaPull *self,
           JsonObject   *root)
{
  g_autoptr (ScFailure) failure = sc_response_failure_find (root);
  const char *status = sc_json_get_string (root, "status");

  if (failure != NULL)
    {
      self->is_done = TRUE;
      self->error = create_error (failure);
      return;
    }
  take_layer (self, root);
  if (status == NULL || *status == '\0')
    return;
  self->is_done = strcmp (status, "success") == 0;
  report (self, status);
}

static gboolean
frame_cb (const ScFrame *frame,
          gpointer       user_data)
{
  ScOllamaPull *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) root =
    sc_json_parse_object (frame->data, (gssize) frame->length, &error);

  if (root != NULL)
    take_line (self, root);
  else if (!frame->unterminated)
    {
      self->is_done = TRUE;
      self->error = g_error_new_literal (SC_ERROR, SC_ERROR_PROTOCOL,
                                         _("The server answers, but not as Ollama does. Check the "
                                           "address."));
    }
  return !self->is_done;
}

ScOllamaPull *
sc_ollama_pull_new (ScOllamaProgressFunc func,
                    gpointer             user_data)
{
  ScOllamaPull *self = g_new0 (ScOllamaPull, 1);

  self->func = func;
  self->user_data = user_data;
  self->framer = sc_ndjson_framer_new (0);
  self->layers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sc_ollama_pull_free (ScOllamaPull *self)
{
  if (self == NULL)
    return;
  sc_ndjson_framer_free (self->framer);
  g_hash_table_unref (self->layers);
  g_clear_error (&self->error);
  g_free (self);
}

gboolean
sc_ollama_pull_feed (ScOllamaPull *self,
                     const char   *bytes,
                     gsize         length)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->is_done &&
      !sc_ndjson_framer_feed (self->framer, bytes, length, frame_cb, self,
                              self->error == NULL ? &self->error : NULL))
    self->is_done = TRUE;
  return !self->is_done;
}

gboolean
sc_ollama_pull_end (ScOllamaPull  *self,
                    GError       **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->is_done)
    sc_ndjson_framer_finish (self->framer, frame_cb, self);
  if (self->is_done && self->error == NULL)
    return TRUE;
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    g_set_error_literal (error, SC_ERROR, SC_ERROR_INTERRUPTED,
                         _("The download was interrupted. Try again: it goes on where it "
                           "stopped."));
  return FALSE;
}

typedef struct
{
  ScHttpClient         *client;
  ScHttpExchange       *exchange;
  ScOllamaPull         *pull;
  ScOllamaProgressFunc  func;
  gpointer              func_data;
  GCancellable         *stop;
  GCancellable         *outer;
  gulong                outer_id;
  GString              *refusal;
  char                 *key;
  int                   status;
} PullData;

static void
pull_data_free (gpointer user_data)
{
  PullData *data = user_data;

  g_cancellable_disconnect (data->outer, data->outer_id);
  g_clear_object (&data->outer);
  g_clear_object (&data->stop);
  sc_http_exchange_free (data->exchange);
  sc_http_client_unref (data->client);
  sc_ollama_pull_free (data->pull);
  g_string_free (data->refusal, TRUE);
  if (data->key != NULL)
    memset (data->key, 0, strlen (data->key));
  g_free (data->key);
  g_free (data);
}

static gboolean
is_refused (const PullData *data)
{
  return data->status < 200 || data->status >= 300;
}

static void
progress_cb (const ScOllamaProgress *progress,
             gpointer                user_data)
{
  PullData *data = user_data;

  if (data->func != NULL && !g_cancellable_is_cancelled (data->stop))
    data->func (progress, data->func_data);
}

static void
headers_cb (ScHttpExchange *exchange,
            gpointer        user_data)
{
  PullData *data = g_task_get_task_data (user_data);

  data->status = sc_http_exchange_get_status (exchange);
}

static void
bytes_cb (ScHttpExchange *exchange,
          const char     *bytes,
          gsize           length,
          gint64          read_us,
          gpointer        user_data)
{
  PullData *data = g_task_get_task_data (user_data);

  if (is_refused (data))
    g_string_append_len (data->refusal, bytes,
                         (gssize) MIN (length, MAX_ERROR_BYTES - data->refusal->len));
  /* The end mark counts, not the end of the connection. */
  else if (!sc_ollama_pull_feed (data->pull, bytes, length))
    g_cancellable_cancel (data->stop);
}

static GError *
create_refusal (const PullData *data)
{
  ScResponseFacts facts = { .status = data->status, .key = data->key };
  g_autoptr (ScFailure) failure =
    sc_response_failure_new (&facts, data->refusal->str, data->refusal->len);

  return create_error (failure);
}

static void
done_cb (ScHttpExchange *exchange,
         const GError   *error,
         gpointer        user_data)
{
  g_autoptr (GTask) task = user_data;
  PullData *data = g_task_get_task_data (task);
  g_autoptr (GError) ended = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (data->status != 0 && is_refused (data))
    g_task_return_error (task, create_refusal (data));
  else if (data->status != 0 && sc_ollama_pull_end (data->pull, &ended))
    g_task_return_boolean (task, TRUE);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr (ScFailure) failure = sc_failure_new_from_error (error);

      g_task_return_error (task, sc_failure_to_error (failure));
    }
  else if (ended != NULL)
    g_task_return_error (task, g_steal_pointer (&ended));
  else
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_INTERRUPTED, "%s",
                             sc_error_to_sentence (SC_ERROR_INTERRUPTED));
}

static void
outer_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static PullData *
create_data (const ScProfile      *profile,
             GCancellable         *cancellable,
             ScOllamaProgressFunc  progress,
             gpointer              progress_data)
{
  PullData *data = g_new0 (PullData, 1);

  data->client = sc_http_client_new (profile);
  data->pull = sc_ollama_pull_new (progress_cb, data);
  data->func = progress;
  data->func_data = progress_data;
  data->refusal = g_string_new (NULL);
  data->key = sc_profile_dup_secrets (profile);
  data->stop = g_cancellable_new ();
  if (cancellable != NULL)
    {
      data->outer = g_object_ref (cancellable);
      data->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (data->stop), g_object_unref);
    }
  return data;
}

void
sc_ollama_pull_async (const ScProfile      *profile,
                      const char           *model,
                      GCancellable         *cancellable,
                      ScOllamaProgressFunc  progress,
                      gpointer              progress_data,
                      GAsyncReadyCallback   callback,
                      gpointer              user_data)
{
  static const ScHttpHandler handler = { headers_cb, bytes_cb, done_cb };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ScHttpRequest) request = NULL;
  GError *error = NULL;
  ScTimeouts timeouts;
  PullData *data;

  g_return_if_fail (profile != NULL && model != NULL);

  g_task_set_source_tag (task, sc_ollama_pull_async);
  request = sc_ollama_build_pull_request (profile, model, &error);
  if (request == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  timeouts = profile->timeouts;
  if (timeouts.first_byte_ms != 0)
    timeouts.first_byte_ms = MAX (timeouts.first_byte_ms, SC_FIRST_BYTE_TIMEOUT_MS);
  if (timeouts.idle_ms != 0)
    timeouts.idle_ms = MAX (timeouts.idle_ms, SILENCE_MS);
  data = create_data (profile, cancellable, progress, progress_data);
  g_task_set_task_data (task, data, pull_data_free);
  data->exchange = sc_http_exchange_start (data->client, request, &timeouts, data->stop, &handler,
                                           g_object_ref (task));
}

gboolean
sc_ollama_pull_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_ollama_pull_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
