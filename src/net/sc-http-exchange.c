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

#include "sc-error.h"

#include <glib/gi18n.h>

/* At most this much is read before the main loop can draw a frame. */
#define READ_BYTES (64 * 1024)

/* After the reads: bytes that wait in the socket while the main loop was busy elsewhere are no
 * silence. */
#define CLOCK_PRIORITY (SC_HTTP_READ_PRIORITY + 10)

typedef enum
{
  STATE_SENDING, /* until the headers are there */
  STATE_READING,
  STATE_DONE,
} State;

struct _ScHttpExchange
{
  int                   n_refs; /* the user's, and one for each call under way */
  ScHttpClient         *client;
  SoupMessage          *message;
  char                 *host;
  const ScHttpHandler  *handler;
  gpointer              user_data;

  State                 state;
  GCancellable         *cancellable;
  GCancellable         *io;
  GSource              *cancel_source;
  GSource              *idle_source; /* an early end, or going on after a pause */
  GError               *refusal;     /* why we cancelled what libsoup is doing */

  GInputStream         *stream;
  char                 *buffer;
  gsize                 n_buffered;
  gint64                read_us;
  gboolean              is_reading;
  gboolean              is_paused;
  gboolean              has_end;
  GError               *end_error;

  ScHttpClocks          clocks;
  ScHttpTimings         timings;

  char                 *fingerprint;
  GTlsCertificateFlags  certificate_flags;
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
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->io);
  g_clear_error (&self->refusal);
  g_clear_error (&self->end_error);
  g_clear_pointer (&self->client, sc_http_client_unref);
  g_free (self->buffer);
  g_free (self->host);
  g_free (self->fingerprint);
  g_free (self);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
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
  self->timings.end_us = g_get_monotonic_time ();
  clear_source (&self->cancel_source);
  sc_http_clocks_stop (&self->clocks);
  clear_source (&self->idle_source);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
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

  finish_exchange (self, sc_http_error_new_timeout (clock, self->host, limit_ms));
}

/* Certificates */

static gboolean
judge_certificate (ScHttpExchange       *self,
                   GTlsCertificate      *certificate,
                   GTlsCertificateFlags  flags)
{
  gboolean is_accepted;

  is_accepted =
      sc_http_client_judge_certificate (self->client, soup_message_get_uri (self->message),
                                        certificate, &flags);
  g_free (self->fingerprint);
  self->fingerprint = sc_http_dup_fingerprint (certificate);
  self->certificate_flags = flags;
  g_clear_error (&self->refusal);
  if (!is_accepted)
    self->refusal =
        sc_http_error_new_refused (self->host, flags, sc_http_client_has_pin (self->client));
  return is_accepted;
}

static gboolean
certificate_doubted_cb (SoupMessage          *message,
                        GTlsCertificate      *certificate,
                        GTlsCertificateFlags  flags,
                        gpointer              user_data)
{
  return judge_certificate (user_data, certificate, flags);
}

/* A certificate that the system trusts is not asked about, but with a pin it may be the wrong one
 * all the same. This is before the first byte of the request is sent. */
static void
check_trusted_certificate (ScHttpExchange *self,
                           GIOStream      *connection)
{
  GTlsCertificate *certificate;

  if (!G_IS_TLS_CONNECTION (connection))
    return;
  certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (connection));
  if (certificate == NULL ||
      g_tls_connection_get_peer_certificate_errors (G_TLS_CONNECTION (connection)) != 0)
    return;
  if (!judge_certificate (self, certificate, 0))
    g_cancellable_cancel (self->io);
}

/* HTTP/1.1 only, which every service speaks. Over HTTP/2 libsoup 3.2 tells the server nothing of a
 * stop before the headers, reads on while nobody takes the bytes, in one turn of the main loop as
 * long as there are any, and takes the reset of a stream for its regular end. */
static void
offer_http1 (GIOStream *connection)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (G_IS_TLS_CONNECTION (connection))
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
}

/* What libsoup tells on the way */

static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  gpointer            user_data)
{
  ScHttpExchange *self = user_data;
  ScHttpTimings *timings = &self->timings;
  gint64 now = g_get_monotonic_time ();

  switch (event)
    {
    case G_SOCKET_CLIENT_RESOLVING:
      timings->dns_start_us = now;
      break;
    case G_SOCKET_CLIENT_RESOLVED:
      timings->dns_end_us = now;
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKING:
      timings->tls_start_us = now;
      offer_http1 (connection);
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
      timings->tls_end_us = now;
      check_trusted_certificate (self, connection);
      break;
    case G_SOCKET_CLIENT_CONNECTING:
    case G_SOCKET_CLIENT_CONNECTED:
    case G_SOCKET_CLIENT_PROXY_NEGOTIATING:
    case G_SOCKET_CLIENT_PROXY_NEGOTIATED:
    case G_SOCKET_CLIENT_COMPLETE:
    default:
      break;
    }
}

static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  ScHttpExchange *self = user_data;
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (message);

  /* On a connection that was open already nothing was asked. */
  if (certificate != NULL && self->fingerprint == NULL)
    judge_certificate (self, certificate, soup_message_get_tls_peer_certificate_errors (message));
  self->timings.connected_us = g_get_monotonic_time ();
  sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_SENDING);
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint        n_bytes,
                    gpointer     user_data)
{
  ScHttpExchange *self = user_data;

  sc_http_clocks_note_byte (&self->clocks, FALSE);
}

static void
wrote_body_cb (SoupMessage *message,
               gpointer     user_data)
{
  ScHttpExchange *self = user_data;

  self->timings.sent_us = g_get_monotonic_time ();
  sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_WAITING);
}

static void
got_headers_cb (SoupMessage *message,
                gpointer     user_data)
{
  ScHttpExchange *self = user_data;

  self->timings.first_byte_us = g_get_monotonic_time ();
  /* A server may answer, with an error mostly, before it has read the whole request. */
  if (self->timings.sent_us == 0)
    self->timings.sent_us = self->timings.first_byte_us;
}

/* libsoup sends a GET again whose pooled connection turned out to be dead. */
static void
restarted_cb (SoupMessage *message,
              gpointer     user_data)
{
  ScHttpExchange *self = user_data;
  gint64 start_us = self->timings.start_us;

  self->timings = (ScHttpTimings) { .start_us = start_us };
  sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_CONNECTING);
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
    finish_exchange (self, sc_http_error_translate (self->end_error, self->host, TRUE));
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
          sc_http_clocks_note_byte (&self->clocks, TRUE);
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

/* A proxy that refuses a tunnel to the server answers for itself, in plain HTTP: nobody showed a
 * certificate then. Taken for the server's answer it would blame the key. */
static gboolean
is_from_proxy (ScHttpExchange *self)
{
  return self->fingerprint == NULL &&
         g_strcmp0 (g_uri_get_scheme (soup_message_get_uri (self->message)), "https") == 0;
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
  else if (self->refusal != NULL)
    finish_exchange (self, g_steal_pointer (&self->refusal));
  else if (self->stream == NULL)
    finish_exchange (self,
                     sc_http_error_translate (error, self->host, self->timings.first_byte_us > 0));
  else if (is_from_proxy (self))
    finish_exchange (self, sc_http_error_new_proxy (self->host,
                                                    sc_http_exchange_get_status (self)));
  else if (!is_cancelled (self))
    {
      self->state = STATE_READING;
      sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_READING);
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
    finish_exchange (self, g_steal_pointer (&self->refusal));
  return G_SOURCE_REMOVE;
}

static gboolean
resumed_cb (gpointer user_data)
{
  ScHttpExchange *self = ref_exchange (user_data);

  clear_source (&self->idle_source);
  if (!self->is_reading)
    deliver_buffer (self);
  unref_exchange (self);
  return G_SOURCE_REMOVE;
}

static void
set_idle (ScHttpExchange *self,
          GSourceFunc     func,
          int             priority)
{
  clear_source (&self->idle_source);
  self->idle_source = g_idle_source_new ();
  g_source_set_priority (self->idle_source, priority);
  g_source_set_callback (self->idle_source, func, self, NULL);
  g_source_attach (self->idle_source, g_main_context_get_thread_default ());
}

static void
watch_cancellable (ScHttpExchange *self)
{
  if (self->cancellable == NULL)
    return;
  self->cancel_source = g_cancellable_source_new (self->cancellable);
  g_source_set_priority (self->cancel_source, G_PRIORITY_HIGH);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
}

static void
connect_signals (ScHttpExchange *self)
{
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (certificate_doubted_cb), self);
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self);
  g_signal_connect (self->message, "wrote-body", G_CALLBACK (wrote_body_cb), self);
  g_signal_connect (self->message, "got-headers", G_CALLBACK (got_headers_cb), self);
  g_signal_connect (self->message, "restarted", G_CALLBACK (restarted_cb), self);
}

static void
send_message (ScHttpExchange   *self,
              ScHttpRequest    *request,
              GUri             *uri,
              const ScTimeouts *timeouts)
{
  self->host = g_strdup (g_uri_get_host (uri));
  self->message = sc_http_build_message (request, uri);
  connect_signals (self);
  sc_http_clocks_start (&self->clocks, timeouts, CLOCK_PRIORITY, clock_ran_out_cb, self);
  soup_session_send_async (sc_http_client_get_session (self->client), self->message,
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
  self->client = sc_http_client_ref (client);
  self->handler = handler;
  self->user_data = user_data;
  self->timings.start_us = g_get_monotonic_time ();
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->io = g_cancellable_new ();

  uri = sc_http_parse_url (request->url);
  if (sc_http_client_get_setup_error (client) != NULL)
    self->refusal = g_error_copy (sc_http_client_get_setup_error (client));
  else if (uri == NULL)
    self->refusal =
        g_error_new_literal (SC_ERROR, SC_ERROR_INVALID_REQUEST,
                             _("The address is not valid. It begins with https:// or http://."));

  if (self->refusal != NULL || is_cancelled (self))
    set_idle (self, ended_early_cb, G_PRIORITY_DEFAULT);
  else
    {
      watch_cancellable (self);
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
  sc_http_clocks_set_paused (&self->clocks, TRUE);
}

void
sc_http_exchange_resume (ScHttpExchange *self)
{
  g_return_if_fail (self != NULL);

  if (!self->is_paused)
    return;
  self->is_paused = FALSE;
  sc_http_clocks_set_paused (&self->clocks, FALSE);
  if (self->state == STATE_READING)
    set_idle (self, resumed_cb, SC_HTTP_READ_PRIORITY);
}

int
sc_http_exchange_get_status (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->message != NULL ? (int) soup_message_get_status (self->message) : 0;
}

const char *
sc_http_exchange_get_header (ScHttpExchange *self,
                             const char     *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (self->message == NULL)
    return NULL;
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

const ScHttpTimings *
sc_http_exchange_get_timings (ScHttpExchange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->timings;
}

gboolean
sc_http_exchange_get_certificate (ScHttpExchange        *self,
                                  char                 **fingerprint,
                                  GTlsCertificateFlags  *errors)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (fingerprint != NULL && errors != NULL, FALSE);

  if (self->fingerprint == NULL)
    return FALSE;
  *fingerprint = g_strdup (self->fingerprint);
  *errors = self->certificate_flags;
  return TRUE;
}

gint64
sc_http_exchange_get_deadline_us (ScHttpExchange *self)
{
  ScHttpClock clock;
  guint limit_ms;

  g_return_val_if_fail (self != NULL, 0);

  return sc_http_clocks_get_deadline_us (&self->clocks, &clock, &limit_ms);
}
