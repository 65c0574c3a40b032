/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One request in flight: sends it, reads its answer, watches its clocks, and ends exactly once, in
 * finish_exchange().
 *
 * The user's cancellable is watched by a source of its own instead of being handed to libsoup: it
 * must end an exchange that is paused as well, where nothing waits in libsoup, and `done` must come
 * from the main loop, never from inside g_cancellable_cancel(). What libsoup gets is `io`, which
 * every end but the regular one cancels: that is what closes the socket. */

#include "config.h"

#include "sc-http-private.h"
#include "sc-http-watch.h"

#include "sc-error.h"

#include <glib/gi18n.h>

/* At most this much is read before the main loop can draw a frame. */
#define READ_BYTES (64 * 1024)

typedef enum
{
  STATE_SENDING, /* until the headers are there */
  STATE_READING,
  STATE_DONE,
} State;

struct _ScHttpExchange
{
  int                   n_refs; /* the user's, and one for each call under way */
  ScHttpWatch           watch;
  const ScHttpHandler  *handler;
  gpointer              user_data;

  State                 state;
  GCancellable         *cancellable;
  GCancellable         *io;
  GSource              *cancel_source;
  GSource              *idle_source; /* an early end, or going on after a pause */

  GInputStream         *stream;
  char                 *buffer;
  gsize                 n_buffered;
  gint64                read_us;
  gboolean              is_reading;
  gboolean              is_paused;
  gboolean              has_end;
  GError               *end_error;
};

static void read_more (ScHttpExchange *self);

static ScHttpExchange *
ref_exchange (ScHttpExchange *self)
{
  self->n_refs++;
  return self;
}

static void
unref_exchange (ScHttpExchange *self)
{
  if (--self->n_refs > 0)
    return;
  g_assert (self->state == STATE_DONE);
  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->io);
  g_clear_error (&self->end_error);
  sc_http_watch_clear (&self->watch);
  g_free (self->buffer);
  g_free (self);
}

static gboolean
is_cancelled (ScHttpExchange *self)
{
  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

static void
stream_closed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  ScHttpExchange *self = user_data;

  /* How it went does not matter: the socket is gone, or the connection is back in the pool. */
  g_input_stream_close_finish (G_INPUT_STREAM (source), result, NULL);
  unref_exchange (self);
}

/* A stream cannot be closed while a read is under way; that read then does it. With `io` cancelled
 * libsoup drops the connection, otherwise it would read the rest of the body first. */
static void
close_stream (ScHttpExchange *self)
{
  g_autoptr (GInputStream) stream = NULL;

  if (self->stream == NULL || self->is_reading)
    return;
  stream = g_steal_pointer (&self->stream);
  g_input_stream_close_async (stream, G_PRIORITY_HIGH, self->io, stream_closed_cb,
                              ref_exchange (self));
}

/* The only way to the end. Takes @error, which is NULL at the end of the body. */
static void
finish_exchange (ScHttpExchange *self,
                 GError         *error)
{
  const ScHttpHandler *handler = self->handler;
  g_autoptr (GError) owned = error;

  if (self->state == STATE_DONE)
    return;
  self->state = STATE_DONE;
  self->watch.timings.end_us = g_get_monotonic_time ();
  sc_http_clear_source (&self->cancel_source);
  sc_http_clear_source (&self->idle_source);
  sc_http_watch_end (&self->watch);
  if (owned != NULL)
    g_cancellable_cancel (self->io);
  close_stream (self);

  if (handler != NULL && handler->done != NULL)
    {
      ref_exchange (self);
      handler->done (self, owned, self->user_data);
      unref_exchange (self);
    }
}

static void
finish_cancelled (ScHttpExchange *self)
{
  finish_exchange (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Stopped.")));
}

static void
clock_ran_out_cb (ScHttpClock clock,
                  guint       limit_ms,
                  gpointer    user_data)
{
  ScHttpExchange *self = user_data;

  finish_exchange (self, sc_http_error_new_timeout (clock, self->watch.host, limit_ms));
}

/* Reading */

/* A chunk a read is what libsoup gives, and a chunk a token is what servers send: what is there
 * already is taken along, so that a fast stream costs one turn of the main loop for 64 KiB and not
 * for every token. */
static void
fill_buffer (ScHttpExchange *self)
{
  GPollableInputStream *pollable;

  if (!G_IS_POLLABLE_INPUT_STREAM (self->stream) ||
      !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (self->stream)))
    return;

  pollable = G_POLLABLE_INPUT_STREAM (self->stream);
  while (self->n_buffered < READ_BYTES && !self->has_end)
    {
      g_autoptr (GError) error = NULL;
      gssize n =
          g_pollable_input_stream_read_nonblocking (pollable, self->buffer + self->n_buffered,
                                                    READ_BYTES - self->n_buffered, self->io,
                                                    &error);

      if (n > 0)
        self->n_buffered += (gsize) n;
      else if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      else
        {
          self->has_end = TRUE;
          self->end_error = g_steal_pointer (&error);
        }
    }
}

/* Hands on what was read, then its end or the next read. The caller holds a reference. */
static void
deliver_buffer (ScHttpExchange *self)
{
  if (self->state != STATE_READING || self->is_paused || is_cancelled (self))
    return;

  if (self->n_buffered > 0)
    {
      gsize n = self->n_buffered;

      self->n_buffered = 0;
      if (self->handler->bytes != NULL)
        self->handler->bytes (self, self->buffer, n, self->read_us, self->user_data);
      if (self->state != STATE_READING || self->is_paused || is_cancelled (self))
        return;
    }

  if (!self->has_end)
    read_more (self);
  else if (self->end_error == NULL)
    finish_exchange (self, NULL);
  else
    finish_exchange (self, sc_http_error_translate (self->end_error, self->watch.host, TRUE));
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ScHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  self->is_reading = FALSE;
  if (self->state == STATE_DONE)
    close_stream (self);
  else
    {
      self->read_us = g_get_monotonic_time ();
      if (n > 0)
        {
          sc_http_clocks_note_byte (&self->watch.clocks, TRUE);
          self->n_buffered = (gsize) n;
          fill_buffer (self);
        }
      else
        {
          self->has_end = TRUE;
          self->end_error = g_steal_pointer (&error);
        }
      deliver_buffer (self);
    }
  unref_exchange (self);
}

static void
read_more (ScHttpExchange *self)
{
  self->is_reading = TRUE;
  g_input_stream_read_async (self->stream, self->buffer, READ_BYTES, SC_HTTP_READ_PRIORITY,
                             self->io, read_cb, ref_exchange (self));
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ScHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->state == STATE_DONE)
    close_stream (self);
  else if (self->watch.refusal != NULL)
    finish_exchange (self, g_steal_pointer (&self->watch.refusal));
  else if (self->stream == NULL)
    finish_exchange (self, sc_http_error_translate (error, self->watch.host,
                                                    self->watch.timings.first_byte_us > 0));
  else if (sc_http_watch_is_from_proxy (&self->watch))
    finish_exchange (self, sc_http_error_new_proxy (self->watch.host,
                                                    sc_http_exchange_get_status (self)));
  else if (!is_cancelled (self))
    {
      self->state = STATE_READING;
      sc_http_clocks_enter (&self->watch.clocks, SC_HTTP_PHASE_READING);
      self->buffer = g_malloc (READ_BYTES);
      if (self->handler->headers != NULL)
        self->handler->headers (self, self->user_data);
      deliver_buffer (self);
    }
  unref_exchange (self);
}

/* Starting */

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  finish_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
ended_early_cb (gpointer user_data)
{
  ScHttpExchange *self = user_data;

  if (is_cancelled (self))
    finish_cancelled (self);
  else
    finish_exchange (self, g_steal_pointer (&self->watch.refusal));
  return G_SOURCE_REMOVE;
}

static gboolean
resumed_cb (gpointer user_data)
{
  ScHttpExchange *self = ref_exchange (user_data);

  sc_http_clear_source (&self->idle_source);
  if (!self->is_reading)
    deliver_buffer (self);
  unref_exchange (self);
  return G_SOURCE_REMOVE;
}

static void
send_message (ScHttpExchange   *self,
              ScHttpRequest    *request,
              GUri             *uri,
              const ScTimeouts *timeouts)
{
  sc_http_watch_begin (&self->watch, request, uri, self->io, timeouts, clock_ran_out_cb, self);
  soup_session_send_async (sc_http_client_get_session (self->watch.client), self->watch.message,
                           SC_HTTP_READ_PRIORITY, self->io, sent_cb, ref_exchange (self));
}

ScHttpExchange *
sc_http_exchange_start (ScHttpClient        *client,
                        ScHttpRequest       *request,
                        const ScTimeouts    *timeouts,
                        GCancellable        *cancellable,
                        const ScHttpHandler *handler,
                        gpointer             user_data)
{
  ScHttpExchange *self;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (client != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (handler != NULL, NULL);

  self = g_new0 (ScHttpExchange, 1);
  self->n_refs = 1;
  self->handler = handler;
  self->user_data = user_data;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->io = g_cancellable_new ();

  uri = sc_http_watch_init (&self->watch, client, request->url);
  if (uri == NULL || is_cancelled (self))
    sc_http_attach_idle (&self->idle_source, G_PRIORITY_DEFAULT, ended_early_cb, self);
  else
    {
      sc_http_attach_cancel (&self->cancel_source, self->cancellable, cancelled_cb, self);
      send_message (self, request, uri, timeouts);
    }
  return self;
}

void
sc_http_exchange_free (ScHttpExchange *self)
{
  if (self == NULL)
    return;
  self->handler = NULL;
  finish_cancelled (self);
  unref_exchange (self);
}

void
sc_http_exchange_pause (ScHttpExchange *self)
{
  g_return_if_fail (self != NULL);

  self->is_paused = TRUE;
  sc_http_clocks_set_paused (&self->watch.clocks, TRUE);
}

void
sc_http_exchange_resume (ScHttpExchange *self)
{
  g_return_if_fail (self != NULL);

  if (!self->is_paused)
    return;
  self->is_paused = FALSE;
  sc_http_clocks_set_paused (&self->watch.clocks, FALSE);
  if (self->state == STATE_READING)
    sc_http_attach_idle (&self->idle_source, SC_HTTP_READ_PRIORITY, resumed_cb, self);
}

int
sc_http_exchange_get_status (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sc_http_watch_get_status (&self->watch);
}

const char *
sc_http_exchange_get_header (ScHttpExchange *self,
                             const char     *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return sc_http_watch_get_header (&self->watch, name);
}

GPtrArray *
sc_http_exchange_list_headers (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return sc_http_watch_list_headers (&self->watch);
}

const ScHttpTimings *
sc_http_exchange_get_timings (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->watch.timings;
}

gboolean
sc_http_exchange_get_certificate (ScHttpExchange        *self,
                                  char                 **fingerprint,
                                  GTlsCertificateFlags  *errors)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (fingerprint != NULL && errors != NULL, FALSE);

  if (self->watch.fingerprint == NULL)
    return FALSE;
  *fingerprint = g_strdup (self->watch.fingerprint);
  *errors = self->watch.certificate_flags;
  return TRUE;
}

GTlsCertificate *
sc_http_exchange_peek_certificate (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->watch.certificate;
}

gint64
sc_http_exchange_get_deadline_us (ScHttpExchange *self)
{
  ScHttpClock clock;
  guint limit_ms;

  g_return_val_if_fail (self != NULL, 0);

  return sc_http_clocks_get_deadline_us (&self->watch.clocks, &clock, &limit_ms);
}
