/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-http-watch.h. Must not know what the answer is read by. */

#include "config.h"

#include "sc-http-watch.h"

#include "sc-error.h"

#include <glib/gi18n.h>

/* After the reads: bytes that wait in the socket while the main loop was busy elsewhere are no
 * silence. */
#define CLOCK_PRIORITY (SC_HTTP_READ_PRIORITY + 10)

static gboolean
judge_certificate (ScHttpWatch       *self,
                   GTlsCertificate      *certificate,
                   GTlsCertificateFlags  flags)
{
  gboolean is_accepted;

  is_accepted =
      sc_http_client_judge_certificate (self->client, soup_message_get_uri (self->message),
                                        certificate, &flags);
  g_set_object (&self->certificate, certificate);
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
check_trusted_certificate (ScHttpWatch *self,
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

static void
remember_socket (ScHttpWatch *self,
                 GIOStream   *connection)
{
  if (!G_IS_SOCKET_CONNECTION (connection))
    return;
  g_set_object (&self->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
}

/* What libsoup tells on the way */

static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  gpointer            user_data)
{
  ScHttpWatch *self = user_data;
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
    case G_SOCKET_CLIENT_CONNECTED:
      timings->connect_end_us = now;
      remember_socket (self, connection);
      break;
    case G_SOCKET_CLIENT_CONNECTING:
      if (timings->connect_start_us == 0)
        timings->connect_start_us = now;
      break;
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
  ScHttpWatch *self = user_data;
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
  ScHttpWatch *self = user_data;

  sc_http_clocks_note_byte (&self->clocks, FALSE);
}

static void
wrote_body_cb (SoupMessage *message,
               gpointer     user_data)
{
  ScHttpWatch *self = user_data;

  self->timings.sent_us = g_get_monotonic_time ();
  sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_WAITING);
}

static void
got_headers_cb (SoupMessage *message,
                gpointer     user_data)
{
  ScHttpWatch *self = user_data;

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
  ScHttpWatch *self = user_data;
  gint64 start_us = self->timings.start_us;

  self->timings = (ScHttpTimings) { .start_us = start_us };
  sc_http_clocks_enter (&self->clocks, SC_HTTP_PHASE_CONNECTING);
}

static void
connect_signals (ScHttpWatch *self)
{
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (certificate_doubted_cb), self);
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self);
  g_signal_connect (self->message, "wrote-body", G_CALLBACK (wrote_body_cb), self);
  g_signal_connect (self->message, "got-headers", G_CALLBACK (got_headers_cb), self);
  g_signal_connect (self->message, "restarted", G_CALLBACK (restarted_cb), self);
}

GUri *
sc_http_watch_init (ScHttpWatch  *self,
                    ScHttpClient *client,
                    const char   *url)
{
  const GError *setup_error = sc_http_client_get_setup_error (client);
  g_autoptr (GUri) uri = sc_http_parse_url (url);

  self->client = sc_http_client_ref (client);
  self->timings.start_us = g_get_monotonic_time ();
  if (setup_error != NULL)
    self->refusal = g_error_copy (setup_error);
  else if (uri == NULL)
    self->refusal =
      g_error_new_literal (SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("The address is not valid. It begins with https:// or http://."));
  return self->refusal == NULL ? g_steal_pointer (&uri) : NULL;
}

void
sc_http_watch_begin (ScHttpWatch      *self,
                     ScHttpRequest    *request,
                     GUri             *uri,
                     GCancellable     *io,
                     const ScTimeouts *timeouts,
                     ScHttpClockFunc   func,
                     gpointer          user_data)
{
  self->host = g_strdup (g_uri_get_host (uri));
  self->message = sc_http_build_message (request, uri);
  self->io = g_object_ref (io);
  connect_signals (self);
  sc_http_clocks_start (&self->clocks, timeouts, CLOCK_PRIORITY, func, user_data);
}

void
sc_http_watch_end (ScHttpWatch *self)
{
  sc_http_clocks_stop (&self->clocks);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
}

void
sc_http_watch_clear (ScHttpWatch *self)
{
  sc_http_watch_end (self);
  g_clear_object (&self->message);
  g_clear_object (&self->io);
  g_clear_object (&self->socket);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->client, sc_http_client_unref);
  g_clear_pointer (&self->host, g_free);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->fingerprint, g_free);
}

gboolean
sc_http_watch_is_from_proxy (ScHttpWatch *self)
{
  return self->fingerprint == NULL &&
         g_strcmp0 (g_uri_get_scheme (soup_message_get_uri (self->message)), "https") == 0;
}

const char *
sc_http_watch_get_header (ScHttpWatch *self,
                          const char  *name)
{
  if (self->message == NULL)
    return NULL;
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

static void
free_header (gpointer data)
{
  ScHttpHeader *header = data;

  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

static void
add_header (const char *name,
            const char *value,
            gpointer    user_data)
{
  ScHttpHeader *header = g_new0 (ScHttpHeader, 1);

  /* Nothing says in which encoding headers are. */
  header->name = g_utf8_make_valid (name, -1);
  header->value = g_utf8_make_valid (value, -1);
  g_ptr_array_add (user_data, header);
}

GPtrArray *
sc_http_watch_list_headers (ScHttpWatch *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (free_header);

  if (self->message != NULL)
    soup_message_headers_foreach (soup_message_get_response_headers (self->message), add_header,
                                  list);
  return list;
}

int
sc_http_watch_get_status (ScHttpWatch *self)
{
  return self->message != NULL ? (int) soup_message_get_status (self->message) : 0;
}

void
sc_http_attach_idle (GSource     **source,
                     int           priority,
                     GSourceFunc   func,
                     gpointer      user_data)
{
  sc_http_clear_source (source);
  *source = g_idle_source_new ();
  g_source_set_priority (*source, priority);
  g_source_set_callback (*source, func, user_data, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

void
sc_http_attach_cancel (GSource                **source,
                       GCancellable            *cancellable,
                       GCancellableSourceFunc   func,
                       gpointer                 user_data)
{
  sc_http_clear_source (source);
  if (cancellable == NULL)
    return;
  *source = g_cancellable_source_new (cancellable);
  g_source_set_priority (*source, G_PRIORITY_HIGH);
  g_source_set_callback (*source, G_SOURCE_FUNC (func), user_data, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

void
sc_http_clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}
