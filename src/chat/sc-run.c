/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run: tries until one of them ends for good. Finish, error and Stop meet in end_run(), which is
 * left exactly once. */

#include "config.h"

#include "sc-run-private.h"

#include "sc-attempt.h"
#include "sc-http.h"
#include "sc-redact.h"
#include "sc-trace.h"

#include <glib/gi18n.h>

/* Waits between tries: half a second, doubled each time, eight at the most, minus up to a quarter
 * so that many programs do not come back at the same moment. A wait the service asks for is obeyed
 * up to a minute; a longer one is told to the user instead of being slept. */
#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS   8000
#define BACKOFF_JITTER   0.25
#define WAIT_MAX_MS      (60 * 1000)

struct _ScRun
{
  grefcount       ref_count;
  ScProfile      *profile;
  ScPrompt       *prompt;
  ScHttpClient   *client;
  ScEventFunc     func;
  ScRunBatchFunc  batch_func;
  gpointer        user_data;
  ScAttempt      *attempt;
  guint           start_source;
  guint           wait_source;
  ScRunTimes      times;
  gint64          n_bytes;
  gboolean        has_shown;
  gboolean        is_paused;
  gboolean        has_ended;
};

static gboolean start_cb (gpointer user_data);

static ScRun *
ref_run (ScRun *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
unref_run (ScRun *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->attempt, sc_attempt_free);
  g_clear_pointer (&self->client, sc_http_client_unref);
  g_clear_pointer (&self->prompt, sc_prompt_free);
  g_clear_pointer (&self->profile, sc_profile_free);
  g_free (self);
}

static void
emit_event (ScRun         *self,
            const ScEvent *event)
{
  if (self->func != NULL)
    self->func (event, self->user_data);
}

static void
emit_notice (ScRun           *self,
             const char      *code,
             const char      *text,
             gint64           ms,
             const ScFailure *failure)
{
  ScEvent event = {
    .kind = SC_EVENT_NOTICE, .name = code, .text = text, .start = ms, .end = -1, .failure = failure
  };

  if (!self->has_ended)
    emit_event (self, &event);
}

/* Closes everything that could still report, without a word. */
static void
shut_down (ScRun *self)
{
  self->has_ended = TRUE;
  self->times.end_us = g_get_monotonic_time ();
  g_clear_handle_id (&self->start_source, g_source_remove);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->attempt != NULL)
    sc_attempt_close (self->attempt);
  sc_trace_write (sc_trace_get_default (), "finish", "bytes", self->n_bytes, "tries",
                  (gint64) self->times.n_tries, NULL);
}

static void
end_run (ScRun         *self,
         const ScEvent *event)
{
  if (self->has_ended)
    return;
  shut_down (self);
  emit_event (self, event);
}

static void
end_with_failure (ScRun           *self,
                  const ScFailure *failure)
{
  ScEvent event = { .kind = SC_EVENT_ERROR, .failure = failure };

  end_run (self, &event);
}

static void
schedule_start (ScRun *self)
{
  self->start_source = g_idle_add_full (G_PRIORITY_DEFAULT, start_cb, self, NULL);
}

static gboolean
wait_cb (gpointer user_data)
{
  ScRun *self = user_data;

  self->wait_source = 0;
  schedule_start (self);
  return G_SOURCE_REMOVE;
}

static gint64
get_wait_ms (ScRun           *self,
             const ScFailure *failure)
{
  guint n_retries = self->times.n_tries - 1;
  gint64 wait_ms = BACKOFF_FIRST_MS;

  if (failure->retry_after_ms >= 0)
    return failure->retry_after_ms;
  for (guint i = 0; i < n_retries && wait_ms < BACKOFF_MAX_MS; i++)
    wait_ms *= 2;
  wait_ms = MIN (wait_ms, BACKOFF_MAX_MS);
  return wait_ms - (gint64) ((double) wait_ms * BACKOFF_JITTER * g_random_double ());
}

static gboolean
can_retry (ScRun           *self,
           const ScFailure *failure)
{
  return !self->has_shown && self->times.n_tries <= self->profile->retries &&
         sc_failure_is_retryable (failure);
}

/* The service's words may repeat the key it got. */
static ScFailure *
create_clean_failure (ScRun           *self,
                      const ScFailure *failure)
{
  ScFailure *clean = sc_failure_copy (failure);
  char **fields[] = { &clean->message, &clean->code, &clean->request_id, &clean->details };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char *text = sc_redact_text (*fields[i], self->profile->key);

      g_free (*fields[i]);
      *fields[i] = text;
    }
  return clean;
}

static void
retry_or_end (ScRun           *self,
              const ScFailure *failure)
{
  g_autoptr (ScFailure) clean = create_clean_failure (self, failure);
  gint64 wait_ms = get_wait_ms (self, clean);

  if (!can_retry (self, clean) || wait_ms > WAIT_MAX_MS)
    {
      end_with_failure (self, clean);
      return;
    }
  g_clear_pointer (&self->attempt, sc_attempt_free);
  self->wait_source = g_timeout_add ((guint) wait_ms, wait_cb, self);
  emit_notice (self, "retry", sc_error_to_sentence (clean->kind), wait_ms, clean);
}

static void
attempt_sent_cb (gpointer user_data)
{
  emit_notice (user_data, "waiting", NULL, -1, NULL);
}

static void
attempt_headers_cb (gint64   time_us,
                    gpointer user_data)
{
  ScRun *self = user_data;

  self->times.first_byte_us = time_us;
  sc_trace_write (sc_trace_get_default (), "first-byte", NULL);
}

static void
attempt_read_cb (gsize    n_bytes,
                 gpointer user_data)
{
  ScRun *self = user_data;

  self->n_bytes += (gint64) n_bytes;
  sc_trace_write (sc_trace_get_default (), "read", "bytes", (gint64) n_bytes, NULL);
}

static void
attempt_event_cb (const ScEvent *event,
                  gpointer       user_data)
{
  ScRun *self = user_data;

  if (self->has_ended)
    return;
  switch (event->kind)
    {
    case SC_EVENT_TEXT:
    case SC_EVENT_REASONING:
      if (self->times.first_text_us == 0)
        {
          self->times.first_text_us = g_get_monotonic_time ();
          sc_trace_write (sc_trace_get_default (), "first-text", NULL);
        }
      self->has_shown = TRUE;
      break;
    case SC_EVENT_TOOL_BEGIN:
    case SC_EVENT_TOOL_ARGUMENTS:
    case SC_EVENT_TOOL_END:
    case SC_EVENT_CITATION:
      self->has_shown = TRUE;
      break;
    case SC_EVENT_START:
    case SC_EVENT_USAGE:
    case SC_EVENT_NOTICE:
    case SC_EVENT_FINISH:
    case SC_EVENT_ERROR:
    default:
      break;
    }
  emit_event (self, event);
}

static void
attempt_batch_cb (gpointer user_data)
{
  ScRun *self = user_data;

  if (!self->has_ended && self->batch_func != NULL)
    self->batch_func (self->user_data);
}

static void
attempt_quiet_cb (gint64   silent_ms,
                  gpointer user_data)
{
  emit_notice (user_data, "quiet", _("No data is coming"), silent_ms, NULL);
}

static void
attempt_active_cb (gpointer user_data)
{
  emit_notice (user_data, "active", _("Data is coming again"), -1, NULL);
}

static void
attempt_end_cb (const ScEvent *event,
                gpointer       user_data)
{
  ScRun *self = ref_run (user_data);

  if (event->kind == SC_EVENT_ERROR)
    retry_or_end (self, event->failure);
  else
    end_run (self, event);
  unref_run (self);
}

static const ScAttemptHandler attempt_handler = {
  .sent = attempt_sent_cb,
  .headers = attempt_headers_cb,
  .read = attempt_read_cb,
  .event = attempt_event_cb,
  .batch = attempt_batch_cb,
  .quiet = attempt_quiet_cb,
  .active = attempt_active_cb,
  .end = attempt_end_cb,
};

static void
start_attempt (ScRun *self)
{
  const ScProtocol *protocol = sc_protocol_find (self->profile->protocol);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScFailure) failure = NULL;

  if (protocol == NULL)
    {
      g_autofree char *message =
        g_strdup_printf (_("The protocol “%s” is not known."), self->profile->protocol);

      failure = sc_failure_new (SC_ERROR_INVALID_REQUEST, message);
      end_with_failure (self, failure);
      return;
    }
  self->attempt = sc_attempt_start (protocol, self->profile, self->prompt, self->client,
                                    &attempt_handler, self, &error);
  if (self->attempt == NULL)
    {
      failure = sc_failure_new (error->domain == SC_ERROR ? (ScError) error->code
                                                          : SC_ERROR_INVALID_REQUEST,
                                error->message);
      end_with_failure (self, failure);
      return;
    }
  sc_attempt_set_paused (self->attempt, self->is_paused);
  emit_notice (self, "connecting", NULL, -1, NULL);
}

static gboolean
start_cb (gpointer user_data)
{
  ScRun *self = ref_run (user_data);

  self->start_source = 0;
  self->times =
    (ScRunTimes) { .start_us = g_get_monotonic_time (), .n_tries = self->times.n_tries + 1 };
  start_attempt (self);
  unref_run (self);
  return G_SOURCE_REMOVE;
}

ScRun *
sc_run_start (const ScProfile *profile,
              ScPrompt        *prompt,
              ScHttpClient    *client,
              ScEventFunc      func,
              gpointer         user_data)
{
  ScRun *self;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (prompt != NULL, NULL);
  g_return_val_if_fail (client != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (ScRun, 1);
  g_ref_count_init (&self->ref_count);
  self->profile = sc_profile_copy (profile);
  self->prompt = prompt;
  self->client = sc_http_client_ref (client);
  self->func = func;
  self->user_data = user_data;
  schedule_start (self);
  return self;
}

void
sc_run_stop (ScRun *self)
{
  g_autoptr (ScFailure) failure = NULL;

  g_return_if_fail (self != NULL);

  if (self->has_ended)
    return;
  failure = sc_failure_new (SC_ERROR_CANCELLED, NULL);
  ref_run (self);
  end_with_failure (self, failure);
  unref_run (self);
}

void
sc_run_free (ScRun *self)
{
  if (self == NULL)
    return;
  self->func = NULL;
  self->batch_func = NULL;
  if (!self->has_ended)
    shut_down (self);
  unref_run (self);
}

void
sc_run_skip_wait (ScRun *self)
{
  g_return_if_fail (self != NULL);

  if (self->wait_source == 0)
    return;
  g_clear_handle_id (&self->wait_source, g_source_remove);
  schedule_start (self);
}

void
sc_run_set_paused (ScRun    *self,
                   gboolean  paused)
{
  g_return_if_fail (self != NULL);

  self->is_paused = !!paused;
  if (self->attempt != NULL && !self->has_ended)
    sc_attempt_set_paused (self->attempt, self->is_paused);
}

const ScRunTimes *
sc_run_get_times (ScRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->times;
}

char *
sc_run_dup_raw (ScRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->attempt != NULL ? sc_attempt_dup_raw (self->attempt) : NULL;
}

void
sc_run_set_batch_func (ScRun          *self,
                       ScRunBatchFunc  func)
{
  g_return_if_fail (self != NULL);

  self->batch_func = func;
}
