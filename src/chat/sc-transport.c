/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-transport.h: exactly one of the two is there. */

#include "config.h"

#include "sc-transport.h"

#include "sc-redact.h"
#include "sc-websocket.h"

#include <string.h>

struct _ScTransport
{
  const ScTransportHandler *handler;
  gpointer                  user_data;
  ScHttpExchange           *exchange;
  ScWebsocket              *socket;
  char                     *endpoint;
};

static void
exchange_headers_cb (ScHttpExchange *exchange,
                     gpointer        user_data)
{
  ScTransport *self = user_data;

  self->handler->headers (self->user_data);
}

static void
exchange_bytes_cb (ScHttpExchange *exchange,
                   const char     *bytes,
                   gsize           length,
                   gint64          read_us,
                   gpointer        user_data)
{
  ScTransport *self = user_data;

  self->handler->bytes (bytes, length, self->user_data);
  self->handler->batch (self->user_data);
}

static void
exchange_done_cb (ScHttpExchange *exchange,
                  const GError   *error,
                  gpointer        user_data)
{
  ScTransport *self = user_data;

  self->handler->done (error, self->user_data);
}

static const ScHttpHandler exchange_handler = {
  .headers = exchange_headers_cb,
  .bytes = exchange_bytes_cb,
  .done = exchange_done_cb,
};

static void
socket_opened_cb (ScWebsocket *socket,
                  gpointer     user_data)
{
  ScTransport *self = user_data;

  self->handler->headers (self->user_data);
}

static void
socket_message_cb (ScWebsocket *socket,
                   const char  *text,
                   gsize        length,
                   gint64       read_us,
                   gpointer     user_data)
{
  ScTransport *self = user_data;

  self->handler->bytes (text, length, self->user_data);
}

static void
socket_batch_cb (ScWebsocket *socket,
                 gpointer     user_data)
{
  ScTransport *self = user_data;

  self->handler->batch (self->user_data);
}

static void
socket_done_cb (ScWebsocket  *socket,
                const GError *error,
                gpointer      user_data)
{
  ScTransport *self = user_data;

  self->handler->done (error, self->user_data);
}

static const ScWebsocketHandler socket_handler = {
  .opened = socket_opened_cb,
  .message = socket_message_cb,
  .batch = socket_batch_cb,
  .done = socket_done_cb,
};

/* Addresses can hold the key in their path, too. */
static char *
create_endpoint (const ScHttpRequest *request,
                 const char          *key)
{
  g_autofree char *url = sc_redact_url (request->url);
  g_autofree char *clean = sc_redact_text (url, key);

  return g_strdup_printf ("%s %s", request->method, clean);
}

ScTransport *
sc_transport_start (const ScProtocol          *protocol,
                    const ScProfile           *profile,
                    const ScPrompt            *prompt,
                    ScHttpClient              *client,
                    GCancellable              *cancellable,
                    const ScTransportHandler  *handler,
                    gpointer                   user_data,
                    GError                   **error)
{
  gboolean is_socket = protocol->framing == SC_FRAMING_WEBSOCKET;
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GPtrArray) opening = NULL;
  g_autofree char *secrets = NULL;
  ScTransport *self;

  g_return_val_if_fail (handler != NULL, NULL);

  request = protocol->build_request (profile, prompt, error);
  if (request != NULL && is_socket)
    opening = protocol->build_opening (profile, prompt, error);
  if (request == NULL || (is_socket && opening == NULL))
    return NULL;
  self = g_new0 (ScTransport, 1);
  self->handler = handler;
  self->user_data = user_data;
  secrets = sc_profile_dup_secrets (profile);
  self->endpoint = create_endpoint (request, secrets);
  explicit_bzero (secrets, strlen (secrets));
  if (is_socket)
    self->socket = sc_websocket_start (client, request, opening, &profile->timeouts, cancellable,
                                       &socket_handler, self);
  else
    self->exchange = sc_http_exchange_start (client, request, &profile->timeouts, cancellable,
                                             &exchange_handler, self);
  return self;
}

void
sc_transport_free (ScTransport *self)
{
  if (self == NULL)
    return;
  sc_http_exchange_free (self->exchange);
  sc_websocket_free (self->socket);
  g_free (self->endpoint);
  g_free (self);
}

gboolean
sc_transport_has_messages (ScTransport *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->socket != NULL;
}

void
sc_transport_say_last (ScTransport *self,
                       const char  *text)
{
  g_return_if_fail (self != NULL && self->socket != NULL);

  sc_websocket_shut (self->socket, text);
}

void
sc_transport_complete (ScTransport *self)
{
  g_return_if_fail (self != NULL);

  if (self->socket != NULL)
    sc_websocket_close (self->socket);
}

void
sc_transport_set_paused (ScTransport *self,
                         gboolean     paused)
{
  g_return_if_fail (self != NULL);

  if (self->socket != NULL && paused)
    sc_websocket_pause (self->socket);
  else if (self->socket != NULL)
    sc_websocket_resume (self->socket);
  else if (paused)
    sc_http_exchange_pause (self->exchange);
  else
    sc_http_exchange_resume (self->exchange);
}

int
sc_transport_get_status (ScTransport *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->socket != NULL ? sc_websocket_get_status (self->socket)
                              : sc_http_exchange_get_status (self->exchange);
}

const char *
sc_transport_get_header (ScTransport *self,
                         const char  *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->socket != NULL ? sc_websocket_get_header (self->socket, name)
                              : sc_http_exchange_get_header (self->exchange, name);
}

GPtrArray *
sc_transport_list_headers (ScTransport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->socket != NULL ? sc_websocket_list_headers (self->socket)
                              : sc_http_exchange_list_headers (self->exchange);
}

const char *
sc_transport_get_endpoint (ScTransport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->endpoint;
}

const ScHttpTimings *
sc_transport_get_timings (ScTransport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->socket != NULL ? sc_websocket_get_timings (self->socket)
                              : sc_http_exchange_get_timings (self->exchange);
}
