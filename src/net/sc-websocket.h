/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A WebSocket as this program needs it: the upgrade, what is said after it, the messages that come,
 * one end. It runs on the main loop and speaks through an ScHttpClient, so that proxy, certificates
 * and clocks are those of HTTP; no extension is offered. */

#pragma once

#include "sc-http.h"

G_BEGIN_DECLS

typedef struct _ScWebsocket ScWebsocket;

/**
 * ScWebsocketHandler:
 * @opened: the server agreed; what was to be said after the upgrade is on its way
 * @message: a whole message; @text is valid UTF-8 with a NUL after it, @read_us the
 *   g_get_monotonic_time() of the read that completed it
 * @batch: the messages that were there were given
 * @done: it is over: @error is %NULL where the server closed it without a complaint;
 *   %G_IO_ERROR_CANCELLED after a cancel; %SC_ERROR_PROTOCOL if the server did not agree to the
 *   upgrade (sc_websocket_get_status() says what it answered instead) or broke the rules; other
 *   errors as in #ScHttpHandler. The server's own words stand in the error where it gave any
 *
 * Where a WebSocket reports: @opened, then messages, then @done exactly once. Inside a call it may
 * be cancelled; it may be freed only in @done or later.
 */
typedef struct
{
  void (*opened)  (ScWebsocket  *socket,
                   gpointer      user_data);
  void (*message) (ScWebsocket  *socket,
                   const char   *text,
                   gsize         length,
                   gint64        read_us,
                   gpointer      user_data);
  void (*batch)   (ScWebsocket  *socket,
                   gpointer      user_data);
  void (*done)    (ScWebsocket  *socket,
                   const GError *error,
                   gpointer      user_data);
} ScWebsocketHandler;

/**
 * sc_websocket_start:
 * @client: the client to speak by; a reference is kept
 * @request: the upgrade: a GET of a `ws`, `wss`, `http` or `https` address; copied as needed
 * @opening: (nullable) (element-type utf8): what to say after the upgrade, in order; copied
 * @timeouts: (nullable): its clocks, as for sc_http_exchange_start(); the first byte is that of the
 *   first message. Pings are answered, and sent: they feed the idle clock
 * @cancellable: (nullable): cancelling closes the socket at once
 * @handler: (transfer none): the reporting functions, must stay valid
 * @user_data: for @handler
 *
 * Connects. Nothing is reported before this function returned.
 *
 * Returns: (transfer full): the socket; free it with sc_websocket_free() in or after `done`
 */
ScWebsocket *sc_websocket_start       (ScHttpClient             *client,
                                       ScHttpRequest            *request,
                                       GPtrArray                *opening,
                                       const ScTimeouts         *timeouts,
                                       GCancellable             *cancellable,
                                       const ScWebsocketHandler *handler,
                                       gpointer                  user_data);

/**
 * sc_websocket_free:
 * @self: (nullable) (transfer full): a socket
 *
 * Frees it. One that is not done yet is closed at once, and reports nothing any more.
 */
void         sc_websocket_free        (ScWebsocket              *self);

/**
 * sc_websocket_close:
 * @self: a socket
 *
 * Says goodbye politely (status 1000); `done` follows when the server has answered. For an answer
 * that is complete: whoever waits for `done` has to bound that.
 */
void         sc_websocket_close       (ScWebsocket              *self);

/**
 * sc_websocket_shut:
 * @self: a socket
 * @last: (nullable): what to say before, if the socket takes it without waiting
 *
 * Closes it at once and for good: the server sees the end of the connection before this function
 * returns. Nothing is reported any more.
 */
void         sc_websocket_shut        (ScWebsocket              *self,
                                       const char               *last);

/**
 * sc_websocket_pause:
 * @self: a socket
 *
 * Reports no messages. libsoup reads on: what comes meanwhile waits here, so that little is gained
 * beyond the order of events; above 64 MiB, and where a server sends without end, the connection is
 * given up. The idle clock stands still. May be called again.
 */
void         sc_websocket_pause       (ScWebsocket              *self);

/**
 * sc_websocket_resume:
 * @self: a socket
 *
 * Goes on reporting after sc_websocket_pause().
 */
void         sc_websocket_resume      (ScWebsocket              *self);

/**
 * sc_websocket_get_status:
 * @self: a socket
 *
 * Returns: the HTTP status of the answer to the upgrade, 101 where the server agreed, 0 before it
 */
int          sc_websocket_get_status  (ScWebsocket              *self);

/**
 * sc_websocket_get_header:
 * @self: a socket
 * @name: name of a header of the answer to the upgrade
 *
 * Returns: (transfer none) (nullable): its value; valid as long as the socket
 */
const char  *sc_websocket_get_header  (ScWebsocket              *self,
                                       const char               *name);

/**
 * sc_websocket_list_headers:
 * @self: a socket
 *
 * Returns: (transfer full) (element-type ScHttpHeader): the headers of the answer to the upgrade,
 *   none before it. They may hold secrets
 */
GPtrArray   *sc_websocket_list_headers (ScWebsocket             *self);

/**
 * sc_websocket_get_timings:
 * @self: a socket
 *
 * Returns: (transfer none): its times so far; `sent_us` is when the opening was handed over,
 *   `first_byte_us` when the server agreed
 */
const ScHttpTimings *sc_websocket_get_timings (ScWebsocket      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScWebsocket, sc_websocket_free)

G_END_DECLS
