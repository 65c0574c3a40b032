/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One try of a run.
 *
 * Who may free what when: a transport that speaks HTTP may not be freed inside its own headers and
 * bytes, and a reader not inside its own events, but the receiver of an event may free everything.
 * So the attempt counts references: one of its owner, one of the transport, one of each call that
 * is under way. */

#include "config.h"

#include "sc-attempt.h"

#include "sc-response-reader.h"
#include "sc-run-report-private.h"
#include "sc-transport.h"

#include <glib/gi18n.h>
#include <string.h>

/* How long to read on after the end for a connection that can be used again (protocols differ: some
 * servers never close), and how long to wait for usage that comes after the end mark. */
#define DRAIN_MS 1000

/* How long to wait for the words of an error whose status says enough. */
#define ERROR_BODY_MS 3000

/* The transport does not tell when the request is out, it can be asked: only until it is. */
#define SENT_POLL_MS 50

struct _ScAttempt
{
  grefcount               ref_count;
  const ScAttemptHandler *handler;
  gpointer                user_data;
  ScRunReport            *report;
  char                   *secrets;
  ScTransport            *transport;
  ScResponseReader       *reader;
  GCancellable           *cancellable;
  ScTimeouts              timeouts;
  gint64                  last_data_us;
  guint                   sent_source;
  guint                   quiet_source;
  guint                   data_source;
  guint                   n_quiet;
  guint                   drain_source;
  /* Calls of the transport that are under way. */
  guint                   n_calls;
  guint                   n_messages;
  /* The end event, kept until the reader is out of its own call. */
  gboolean                has_end;
  ScFinishReason          reason;
  char                   *finish_raw;
  ScFailure              *failure;
  gboolean                has_headers;
  gboolean                has_told_sent;
  gboolean                has_told_end;
  gboolean                is_complete;
  gboolean                is_paused;
};

static gboolean drained_cb  (gpointer   user_data);
static void     watch_quiet (ScAttempt *self);
static void     watch_data  (ScAttempt *self);

static ScAttempt *
ref_attempt (ScAttempt *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
unref_attempt (ScAttempt *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_assert (self->transport == NULL);

  g_clear_pointer (&self->reader, sc_response_reader_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->failure, sc_failure_free);
  sc_run_report_unref (self->report);
  if (self->secrets != NULL)
    explicit_bzero (self->secrets, strlen (self->secrets));
  g_free (self->secrets);
  g_free (self->finish_raw);
  g_free (self);
}

static void
stop_clocks (ScAttempt *self)
{
  g_clear_handle_id (&self->sent_source, g_source_remove);
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  g_clear_handle_id (&self->data_source, g_source_remove);
}

static void
drop_transport (ScAttempt *self)
{
  g_clear_handle_id (&self->drain_source, g_source_remove);
  if (self->transport == NULL)
    return;
  g_clear_pointer (&self->transport, sc_transport_free);
  unref_attempt (self);
}

/* Where closing the socket is not all there is to say: the service works on until it is told. */
static void
say_last (ScAttempt *self)
{
  g_autofree char *text = NULL;

  if (self->transport == NULL || !sc_transport_has_messages (self->transport))
    return;
  if (self->has_headers && !self->has_end)
    text = sc_response_reader_dup_interrupt (self->reader);
  if (text != NULL)
    sc_transport_say_last (self->transport, text);
}

/* Closes the socket now. Inside its own call an exchange goes in its `done`, which follows. */
static void
shut_transport (ScAttempt *self)
{
  say_last (self);
  g_cancellable_cancel (self->cancellable);
  if (self->n_calls == 0 ||
      (self->transport != NULL && sc_transport_has_messages (self->transport)))
    drop_transport (self);
}

/* From the end mark on reading is bounded, first for usage and the reader's end, then for the
 * connection. */
static void
start_drain (ScAttempt *self)
{
  stop_clocks (self);
  if (self->transport == NULL)
    return;
  if (self->is_paused)
    {
      self->is_paused = FALSE;
      sc_transport_set_paused (self->transport, FALSE);
    }
  if (self->drain_source == 0)
    self->drain_source = g_timeout_add (DRAIN_MS, drained_cb, self);
}

/* Gives the kept end event, once the reader is out of its own call. */
static void
tell_end (ScAttempt *self)
{
  ScEvent event = { .kind = SC_EVENT_FINISH, .reason = self->reason, .name = self->finish_raw };
  const ScAttemptHandler *handler = self->handler;

  if (!self->has_end || self->has_told_end)
    return;
  self->has_told_end = TRUE;
  if (self->transport != NULL)
    sc_run_report_take_timings (self->report, sc_transport_get_timings (self->transport));
  stop_clocks (self);
  if (self->failure != NULL)
    {
      event = (ScEvent) { .kind = SC_EVENT_ERROR, .failure = self->failure };
      shut_transport (self);
    }
  else
    {
      self->is_complete = TRUE;
      start_drain (self);
      if (self->transport != NULL)
        sc_transport_complete (self->transport);
    }
  if (handler != NULL)
    handler->end (&event, self->user_data);
}

static void
end_reader (ScAttempt       *self,
            const ScFailure *failure)
{
  if (!self->has_end)
    sc_response_reader_end (self->reader, failure);
  tell_end (self);
}

static void
tell_sent (ScAttempt *self)
{
  if (self->has_told_sent)
    return;
  self->has_told_sent = TRUE;
  g_clear_handle_id (&self->sent_source, g_source_remove);
  if (self->handler != NULL)
    self->handler->sent (self->user_data);
}

/* Time without data; a reader who cannot keep up is no reason to be impatient with the service. */
static gint64
get_silence_ms (ScAttempt *self)
{
  return self->is_paused ? 0 : (g_get_monotonic_time () - self->last_data_us) / 1000;
}

static void
note_data (ScAttempt *self)
{
  self->last_data_us = g_get_monotonic_time ();
  if (self->n_quiet == 0)
    return;
  self->n_quiet = 0;
  watch_quiet (self);
  if (self->handler != NULL)
    self->handler->active (self->user_data);
}

static void
report_headers (ScAttempt *self)
{
  g_autoptr (GPtrArray) headers = sc_transport_list_headers (self->transport);

  self->report->status = sc_transport_get_status (self->transport);
  g_free (self->report->request_id);
  self->report->request_id = sc_response_reader_dup_request_id (self->reader);
  sc_run_report_take_headers (self->report, headers, self->secrets);
  sc_run_report_take_timings (self->report, sc_transport_get_timings (self->transport));
}

static void
read_headers (ScAttempt *self)
{
  const char *const *names = sc_response_reader_get_header_names ();

  sc_response_reader_headers (self->reader, sc_transport_get_status (self->transport),
                              sc_transport_get_header (self->transport, "Content-Type"));
  for (guint i = 0; names[i] != NULL; i++)
    sc_response_reader_set_header (self->reader, names[i],
                                   sc_transport_get_header (self->transport, names[i]));
  report_headers (self);
}

static void
reader_event_cb (const ScEvent *event,
                 gpointer       user_data)
{
  ScAttempt *self = user_data;

  if (self->has_end)
    return;
  if (event->kind == SC_EVENT_FINISH)
    {
      self->has_end = TRUE;
      self->reason = event->reason;
      self->finish_raw = g_strdup (event->name);
    }
  else if (event->kind == SC_EVENT_ERROR)
    {
      self->has_end = TRUE;
      self->failure = sc_failure_copy (event->failure);
    }
  else if (self->handler != NULL)
    self->handler->event (event, self->user_data);
}

static gboolean
drained_cb (gpointer user_data)
{
  ScAttempt *self = ref_attempt (user_data);

  self->drain_source = 0;
  end_reader (self, NULL);
  shut_transport (self);
  unref_attempt (self);
  return G_SOURCE_REMOVE;
}

static gboolean
sent_poll_cb (gpointer user_data)
{
  ScAttempt *self = user_data;

  if (self->transport != NULL && sc_transport_get_timings (self->transport)->sent_us == 0)
    return G_SOURCE_CONTINUE;
  self->sent_source = 0;
  tell_sent (self);
  return G_SOURCE_REMOVE;
}

/* Told once, and again each time as long has passed. */
static guint
get_quiet_limit_ms (ScAttempt *self)
{
  guint64 limit_ms = (guint64) self->timeouts.quiet_ms * (self->n_quiet + 1);

  return (guint) MIN (limit_ms, G_MAXINT);
}

static gboolean
quiet_cb (gpointer user_data)
{
  ScAttempt *self = user_data;
  gint64 silence_ms = get_silence_ms (self);

  self->quiet_source = 0;
  if (silence_ms < get_quiet_limit_ms (self))
    {
      watch_quiet (self);
      return G_SOURCE_REMOVE;
    }
  self->n_quiet++;
  watch_quiet (self);
  if (self->handler != NULL)
    self->handler->quiet (silence_ms, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
data_cb (gpointer user_data)
{
  ScAttempt *self = user_data;
  g_autoptr (ScFailure) failure = NULL;
  g_autofree char *message = NULL;

  self->data_source = 0;
  if (get_silence_ms (self) < self->timeouts.data_ms)
    {
      watch_data (self);
      return G_SOURCE_REMOVE;
    }
  /* Translators: %g is a number of seconds, maybe with a fraction */
  message = g_strdup_printf (_("The service was connected but sent no data for %g seconds."),
                             self->timeouts.data_ms / 1000.0);
  failure = sc_failure_new (SC_ERROR_TIMEOUT, message);
  ref_attempt (self);
  end_reader (self, failure);
  unref_attempt (self);
  return G_SOURCE_REMOVE;
}

static guint
add_clock (ScAttempt   *self,
           guint        limit_ms,
           GSourceFunc  func)
{
  if (limit_ms == 0)
    return 0;
  return g_timeout_add ((guint) MAX (limit_ms - get_silence_ms (self), 1), func, self);
}

static void
watch_quiet (ScAttempt *self)
{
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  self->quiet_source = add_clock (self, get_quiet_limit_ms (self), quiet_cb);
}

static void
watch_data (ScAttempt *self)
{
  g_clear_handle_id (&self->data_source, g_source_remove);
  self->data_source = add_clock (self, self->timeouts.data_ms, data_cb);
}

static void
headers_cb (gpointer user_data)
{
  ScAttempt *self = user_data;
  gint64 time_us = sc_transport_get_timings (self->transport)->first_byte_us;

  if (self->handler == NULL)
    return;
  ref_attempt (self);
  self->n_calls++;
  self->has_headers = TRUE;
  self->last_data_us = g_get_monotonic_time ();
  watch_data (self);
  read_headers (self);
  if (sc_transport_get_status (self->transport) >= 300)
    self->drain_source = g_timeout_add (ERROR_BODY_MS, drained_cb, self);
  tell_sent (self);
  if (self->handler != NULL)
    self->handler->headers (time_us > 0 ? time_us : self->last_data_us, self->user_data);
  if (self->handler != NULL)
    tell_end (self);
  self->n_calls--;
  unref_attempt (self);
}

static gboolean
feed_reader (ScAttempt  *self,
             const char *bytes,
             gsize       length)
{
  if (sc_transport_has_messages (self->transport))
    return sc_response_reader_feed_message (self->reader, bytes, length);
  return sc_response_reader_feed (self->reader, bytes, length);
}

static void
bytes_cb (const char *bytes,
          gsize       length,
          gpointer    user_data)
{
  ScAttempt *self = user_data;

  /* What comes while the connection is emptied is dropped. */
  if (self->handler == NULL || self->has_told_end)
    return;
  ref_attempt (self);
  self->n_calls++;
  if (sc_transport_has_messages (self->transport) && self->n_messages++ > 0)
    sc_response_body_append (self->report->body, "\n", 1);
  sc_response_body_append (self->report->body, bytes, length);
  self->handler->read (length, self->user_data);
  if (self->transport != NULL && feed_reader (self, bytes, length) && !self->has_end)
    note_data (self);
  if (self->has_end)
    tell_end (self);
  else if (self->handler != NULL && sc_response_reader_has_finish (self->reader))
    start_drain (self);
  self->n_calls--;
  unref_attempt (self);
}

static void
batch_cb (gpointer user_data)
{
  ScAttempt *self = user_data;

  if (self->handler == NULL || self->has_end)
    return;
  ref_attempt (self);
  self->n_calls++;
  self->handler->batch (self->user_data);
  self->n_calls--;
  unref_attempt (self);
}

/* Over without an answer: the status of a refused upgrade says why, and no body is to be had. */
static void
end_unanswered (ScAttempt *self,
                ScFailure *failure)
{
  if (sc_transport_get_status (self->transport) >= 300)
    {
      read_headers (self);
      end_reader (self, NULL);
      sc_failure_free (failure);
      return;
    }
  self->has_end = TRUE;
  self->failure = failure != NULL ? failure : sc_failure_new (SC_ERROR_NETWORK, NULL);
  tell_end (self);
}

static void
done_cb (const GError *error,
         gpointer      user_data)
{
  ScAttempt *self = ref_attempt (user_data);
  g_autoptr (ScFailure) failure = error != NULL ? sc_failure_new_from_error (error) : NULL;

  self->n_calls++;
  if (self->handler != NULL && !self->has_told_end)
    {
      if (self->has_headers)
        end_reader (self, failure);
      else
        end_unanswered (self, g_steal_pointer (&failure));
    }
  self->n_calls--;
  drop_transport (self);
  unref_attempt (self);
}

static const ScTransportHandler transport_handler = {
  .headers = headers_cb,
  .bytes = bytes_cb,
  .batch = batch_cb,
  .done = done_cb,
};

ScAttempt *
sc_attempt_start (const ScProtocol       *protocol,
                  const ScProfile        *profile,
                  const ScPrompt         *prompt,
                  ScHttpClient           *client,
                  ScRunReport            *report,
                  const ScAttemptHandler *handler,
                  gpointer                user_data,
                  GError                **error)
{
  ScAttempt *self;

  g_return_val_if_fail (protocol != NULL, NULL);
  g_return_val_if_fail (handler != NULL, NULL);

  self = g_new0 (ScAttempt, 1);
  g_ref_count_init (&self->ref_count);
  self->cancellable = g_cancellable_new ();
  self->transport = sc_transport_start (protocol, profile, prompt, client, self->cancellable,
                                        &transport_handler, self, error);
  if (self->transport == NULL)
    {
      unref_attempt (self);
      return NULL;
    }
  ref_attempt (self);
  self->secrets = sc_profile_dup_secrets (profile);
  self->report = sc_run_report_ref (report);
  sc_run_report_begin_try (report, sc_transport_get_endpoint (self->transport), self->secrets);
  self->handler = handler;
  self->user_data = user_data;
  self->timeouts = profile->timeouts;
  self->reader = sc_response_reader_new (protocol, reader_event_cb, self);
  sc_response_reader_set_key (self->reader, self->secrets);
  self->last_data_us = g_get_monotonic_time ();
  watch_quiet (self);
  self->sent_source = g_timeout_add (SENT_POLL_MS, sent_poll_cb, self);
  return self;
}

void
sc_attempt_close (ScAttempt *self)
{
  g_return_if_fail (self != NULL);

  self->handler = NULL;
  stop_clocks (self);
  if (!self->is_complete)
    shut_transport (self);
}

void
sc_attempt_free (ScAttempt *self)
{
  if (self == NULL)
    return;
  sc_attempt_close (self);
  unref_attempt (self);
}

void
sc_attempt_set_paused (ScAttempt *self,
                       gboolean   paused)
{
  g_return_if_fail (self != NULL);

  if (self->is_paused == paused || self->transport == NULL || self->has_told_end)
    return;
  self->is_paused = paused;
  self->last_data_us = g_get_monotonic_time ();
  sc_transport_set_paused (self->transport, paused);
}

char *
sc_attempt_dup_raw (ScAttempt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return sc_response_reader_dup_raw (self->reader);
}
