/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The way an attempt's request goes out and its answer comes in: an HTTP exchange, or a WebSocket
 * where the protocol is spoken over one. Used by the attempt alone. */

#pragma once

#include <gio/gio.h>

#include "sc-http.h"
#include "sc-message.h"
#include "sc-profile.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

typedef struct _ScTransport ScTransport;

/**
 * ScTransportHandler:
 * @headers: the response headers came, or the server agreed to the WebSocket
 * @bytes: bytes of the body, or a whole message; see sc_transport_has_messages()
 * @batch: what was there was given
 * @done: it is over, as in #ScHttpHandler
 *
 * Where a transport reports. Inside a call it may be shut; it may be freed in @done or, where
 * sc_transport_has_messages(), in any of them.
 */
typedef struct
{
  void (*headers) (gpointer      user_data);
  void (*bytes)   (const char   *bytes,
                   gsize         length,
                   gpointer      user_data);
  void (*batch)   (gpointer      user_data);
  void (*done)    (const GError *error,
                   gpointer      user_data);
} ScTransportHandler;

/**
 * sc_transport_start:
 * @protocol: the protocol spoken
 * @profile: whom to ask
 * @prompt: what to say
 * @client: the HTTP client
 * @cancellable: cancelling closes the socket at once
 * @handler: the reporting functions, must stay valid
 * @user_data: for @handler
 * @error: return location
 *
 * Sends the request. Nothing is reported before this function returned.
 *
 * Returns: (transfer full) (nullable): the transport, or %NULL with %SC_ERROR_INVALID_REQUEST set
 *   if the prompt cannot be said in this protocol
 */
ScTransport *sc_transport_start        (const ScProtocol         *protocol,
                                        const ScProfile          *profile,
                                        const ScPrompt           *prompt,
                                        ScHttpClient             *client,
                                        GCancellable             *cancellable,
                                        const ScTransportHandler *handler,
                                        gpointer                  user_data,
                                        GError                  **error);

/**
 * sc_transport_free:
 * @self: (nullable) (transfer full): a transport
 *
 * Closes the socket at once and frees it. Nothing is reported any more.
 */
void         sc_transport_free         (ScTransport              *self);

/**
 * sc_transport_has_messages:
 * @self: a transport
 *
 * Returns: %TRUE if messages come, %FALSE for bytes
 */
gboolean     sc_transport_has_messages (ScTransport              *self);

/**
 * sc_transport_say_last:
 * @self: a transport that has messages
 * @text: what to say
 *
 * Says it and closes the socket, at once. Nothing is reported any more.
 */
void         sc_transport_say_last     (ScTransport              *self,
                                        const char               *text);

/**
 * sc_transport_complete:
 * @self: a transport
 *
 * The answer is complete: lets the server know where it waits for it. `done` follows if the server
 * behaves.
 */
void         sc_transport_complete     (ScTransport              *self);

/**
 * sc_transport_set_paused:
 * @self: a transport
 * @paused: whether to stop reading
 *
 * Back-pressure.
 */
void         sc_transport_set_paused   (ScTransport              *self,
                                        gboolean                  paused);

/**
 * sc_transport_get_status:
 * @self: a transport
 *
 * Returns: the HTTP status, 0 before the headers
 */
int          sc_transport_get_status   (ScTransport              *self);

/**
 * sc_transport_get_header:
 * @self: a transport
 * @name: name of a response header
 *
 * Returns: (transfer none) (nullable): its value
 */
const char  *sc_transport_get_header   (ScTransport              *self,
                                        const char               *name);

/**
 * sc_transport_list_headers:
 * @self: a transport
 *
 * Returns: (transfer full) (element-type ScHttpHeader): all response headers, which may hold secrets
 */
GPtrArray   *sc_transport_list_headers (ScTransport              *self);

/**
 * sc_transport_get_endpoint:
 * @self: a transport
 *
 * Returns: (transfer none): method and address of its request, without secrets
 */
const char  *sc_transport_get_endpoint (ScTransport              *self);

/**
 * sc_transport_get_timings:
 * @self: a transport
 *
 * Returns: (transfer none): its times so far
 */
const ScHttpTimings *sc_transport_get_timings (ScTransport       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTransport, sc_transport_free)

G_END_DECLS
