/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run: tries until one of them ends for good. Finish, error and Stop meet in end_run(), which is
 * left exactly once. */

#include "config.h"

#include "sc-run-private.h"

#include "sc-attempt.h"
#include "sc-http.h"
#include "sc-redact.h"
#include "sc-run-parts.h"
#include "sc-run-report-private.h"
#include "sc-trace.h"

#include <glib/gi18n.h>
#include <string.h>

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
  ScRunRenewFunc  renew_func;
  ScAttempt      *attempt;
  ScRunReport    *report;
  ScRunParts     *parts;
  /* What the service says to its end, kept until it is known whether that is the end. */
  char           *last_notice_code;
  char           *last_notice;
  guint           start_source;
  guint           wait_source;
  ScRunTimes      times;
  gint64          n_bytes;
  gboolean        has_shown;
  gboolean        has_words;
  gboolean        has_calls;
  gboolean        has_renewed;
  gboolean        has_repeated;
  gboolean        is_continuing;
  gboolean        is_renewing;
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
  g_clear_pointer (&self->report, sc_run_report_unref);
  g_clear_pointer (&self->parts, sc_run_parts_free);
  g_clear_pointer (&self->client, sc_http_client_unref);
  g_clear_pointer (&self->prompt, sc_prompt_free);
  g_clear_pointer (&self->profile, sc_profile_free);
  g_free (self->last_notice_code);
  g_free (self->last_notice);
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
  self->is_renewing = FALSE;
  self->times.end_us = g_get_monotonic_time ();
  g_clear_handle_id (&self->start_source, g_source_remove);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->attempt != NULL)
    sc_attempt_close (self->attempt);
  if (self->report->body != NULL)
    sc_response_body_seal (self->report->body);
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
  g_autofree char *secrets = sc_profile_dup_secrets (self->profile);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char *text = sc_redact_text (*fields[i], secrets);

      g_free (*fields[i]);
      *fields[i] = text;
    }
  explicit_bzero (secrets, strlen (secrets));
  return clean;
}

static void
report_failed_try (ScRun           *self,
                   const ScFailure *failure,
                   gint64           wait_ms)
{
  sc_run_report_fail_try (self->report, failure,
                          (g_get_monotonic_time () - self->times.start_us) / 1000, wait_ms);
  g_clear_pointer (&self->attempt, sc_attempt_free);
}

/* A token that was good when the run began may have been taken back meanwhile; once, for a new one
 * that is refused as well says that it is not the token. */
static gboolean
renew_key (ScRun           *self,
           const ScFailure *failure)
{
  if (self->has_renewed || self->has_shown || self->renew_func == NULL ||
      failure->kind != SC_ERROR_AUTH || failure->status != 401)
    return FALSE;
  self->has_renewed = TRUE;
  self->is_renewing = TRUE;
  if (!self->renew_func (self->profile->key, self->user_data))
    {
      self->is_renewing = FALSE;
      return FALSE;
    }
  report_failed_try (self, failure, 0);
  return TRUE;
}

static void
retry_or_end (ScRun           *self,
              const ScFailure *failure)
{
  g_autoptr (ScFailure) clean = create_clean_failure (self, failure);
  gint64 wait_ms = get_wait_ms (self, clean);

  if (renew_key (self, clean))
    return;
  if (!can_retry (self, clean) || wait_ms > WAIT_MAX_MS)
    {
      end_with_failure (self, clean);
      return;
    }
  report_failed_try (self, clean, wait_ms);
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

static gboolean
is_about_the_end (const ScEvent *event)
{
  return event->kind == SC_EVENT_NOTICE &&
         (g_strcmp0 (event->name, "paused") == 0 || g_strcmp0 (event->name, "finish") == 0);
}

static gboolean
is_blank (const char *text,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      return FALSE;
  return TRUE;
}

/* Whether a reader has something of it: an answer, or the service's own words for why there is none. */
static gboolean
has_words (const ScEvent *event)
{
  if (event->kind == SC_EVENT_NOTICE)
    return g_strcmp0 (event->name, "status") != 0 && g_strcmp0 (event->name, "progress") != 0;
  return event->kind == SC_EVENT_TOOL_END || event->kind == SC_EVENT_CITATION ||
         (event->kind == SC_EVENT_TEXT && !is_blank (event->text, event->length));
}

static void
attempt_event_cb (const ScEvent *event,
                  gpointer       user_data)
{
  ScRun *self = user_data;
  ScEvent translated;

  if (self->has_ended)
    return;
  if (is_about_the_end (event))
    {
      g_free (self->last_notice_code);
      g_free (self->last_notice);
      self->last_notice_code = g_strdup (event->name);
      self->last_notice = g_strdup (event->text);
      return;
    }
  self->has_words = self->has_words || has_words (event);
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
      self->has_calls = TRUE;
      self->has_shown = TRUE;
      break;
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
  translated = sc_run_parts_translate (self->parts, event);
  emit_event (self, &translated);
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
forget_last_notice (ScRun *self)
{
  g_clear_pointer (&self->last_notice_code, g_free);
  g_clear_pointer (&self->last_notice, g_free);
}

/* The service paused and waits to be asked on, with what it said so far. */
static gboolean
continue_answer (ScRun *self)
{
  g_autofree char *raw = sc_attempt_dup_raw (self->attempt);

  if (self->has_calls ||
      !sc_run_parts_continue (self->parts, raw, self->prompt, self->profile->protocol))
    return FALSE;
  self->report->n_parts++;
  self->is_continuing = TRUE;
  g_clear_pointer (&self->attempt, sc_attempt_free);
  schedule_start (self);
  return TRUE;
}

/* The answer is over by its protocol, but nothing came of it. */
static gboolean
repeat_answer (ScRun *self)
{
  g_autoptr (ScFailure) failure = NULL;

  if (self->has_shown || self->has_repeated)
    return FALSE;
  self->has_repeated = TRUE;
  failure = sc_failure_new (SC_ERROR_PROTOCOL, self->last_notice);
  failure->status = self->report->status;
  report_failed_try (self, failure, 0);
  schedule_start (self);
  return TRUE;
}

static void
take_finish (ScRun         *self,
             const ScEvent *event)
{
  const ScProtocol *protocol = sc_protocol_find (self->profile->protocol);
  ScAfterFinish after = SC_AFTER_FINISH_END;
  gboolean goes_on = FALSE;

  if (protocol->after_finish != NULL)
    after = protocol->after_finish (event->name);
  if (after == SC_AFTER_FINISH_CONTINUE)
    goes_on = continue_answer (self);
  else if (after == SC_AFTER_FINISH_REPEAT)
    goes_on = repeat_answer (self);
  if (goes_on)
    {
      forget_last_notice (self);
      return;
    }
  if (self->last_notice != NULL)
    emit_notice (self, self->last_notice_code, self->last_notice, -1, NULL);
  /* Complete, and yet nothing to read: where no limit and no filter explains that, somebody has to say so. */
  else if (!self->has_words && (event->reason == SC_FINISH_STOP || event->reason == SC_FINISH_OTHER))
    emit_notice (self, "empty", _("The model answered with nothing."), -1, NULL);
  if (!self->has_ended)
    end_run (self, event);
}

static void
attempt_end_cb (const ScEvent *event,
                gpointer       user_data)
{
  ScRun *self = ref_run (user_data);

  if (event->kind == SC_EVENT_ERROR)
    retry_or_end (self, event->failure);
  else
    take_finish (self, event);
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
                                    self->report, &attempt_handler, self, &error);
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
  /* For the reader the parts of an answer are one. */
  if (self->is_continuing)
    self->is_continuing = FALSE;
  else
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
  self->report = sc_run_report_new (profile->protocol);
  self->parts = sc_run_parts_new (sc_protocol_find (profile->protocol));
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
  self->renew_func = NULL;
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
  g_autofree char *raw = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->attempt == NULL)
    return NULL;
  raw = sc_attempt_dup_raw (self->attempt);
  return sc_run_parts_dup_raw (self->parts, raw);
}

ScRunReport *
sc_run_get_report (ScRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->report;
}

void
sc_run_set_renew_func (ScRun          *self,
                       ScRunRenewFunc  func)
{
  g_return_if_fail (self != NULL);

  self->renew_func = func;
}

void
sc_run_take_key (ScRun        *self,
                 const char   *key,
                 const GError *error)
{
  g_autoptr (ScFailure) failure = NULL;

  g_return_if_fail (self != NULL);

  if (!self->is_renewing)
    return;
  self->is_renewing = FALSE;
  if (key != NULL)
    {
      sc_profile_set (&self->profile->key, key);
      schedule_start (self);
      return;
    }
  failure = error != NULL ? sc_failure_new_from_error (error) : sc_failure_new (SC_ERROR_AUTH, NULL);
  ref_run (self);
  end_with_failure (self, failure);
  unref_run (self);
}

void
sc_run_set_batch_func (ScRun          *self,
                       ScRunBatchFunc  func)
{
  g_return_if_fail (self != NULL);

  self->batch_func = func;
}
