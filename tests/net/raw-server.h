/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server on 127.0.0.1 that plays bytes from a script and remembers what the client did: for
 * everything a polite server cannot do (stalls, cuts, resets, malformed answers). It runs in
 * threads of its own, so that the program under test may block the main loop. Tests of every folder
 * may use it; it needs GIO only. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RawServer RawServer;

/**
 * RawAction:
 * @RAW_END: ends a script; the server then waits for the client to close
 * @RAW_HANDSHAKE: followed by a string, a certificate of certificates.h: makes the connection secure
 * @RAW_WAIT_REQUEST: waits for a whole HTTP request (by its Content-Length)
 * @RAW_UPGRADE: waits for a request and agrees to the WebSocket it asks for
 * @RAW_WAIT_MESSAGES: followed by a #guint: waits until so many messages came over the WebSocket
 * @RAW_SEND_MESSAGE: followed by a string: sends it as a message
 * @RAW_WAIT_BYTES: followed by a #guint: waits for so many bytes
 * @RAW_SEND: followed by a string: sends it
 * @RAW_SEND_BYTES: followed by a #GBytes (transfer full): sends them
 * @RAW_SEND_FOREVER: followed by a string: sends it again and again until the client closes
 * @RAW_BEAT: followed by a #GBytes (transfer full): sends them every now and then until the client
 *   closes
 * @RAW_GATE: waits for raw_server_open_gate(); reads nothing meanwhile
 * @RAW_STALL: does nothing until the client closes
 * @RAW_CLOSE: closes the connection (FIN), a secure one with a goodbye
 * @RAW_CUT: closes the connection (FIN), a secure one without a goodbye
 * @RAW_RESET: resets the connection (RST)
 */
typedef enum
{
  RAW_END,
  RAW_HANDSHAKE,
  RAW_WAIT_REQUEST,
  RAW_UPGRADE,
  RAW_WAIT_MESSAGES,
  RAW_SEND_MESSAGE,
  RAW_WAIT_BYTES,
  RAW_SEND,
  RAW_SEND_BYTES,
  RAW_SEND_FOREVER,
  RAW_BEAT,
  RAW_GATE,
  RAW_STALL,
  RAW_CLOSE,
  RAW_CUT,
  RAW_RESET,
} RawAction;

/**
 * raw_server_new:
 *
 * Returns: (transfer full): a server that listens on a free port
 */
RawServer *raw_server_new             (void);

/**
 * raw_server_free:
 * @self: (nullable) (transfer full): a server
 *
 * Closes all its connections, ends its threads and frees it.
 */
void       raw_server_free            (RawServer  *self);

/**
 * raw_server_set_alpn:
 * @self: a server
 * @protocol: (nullable): the only application protocol it offers in handshakes, a static string
 *
 * Sets it for the connections to come.
 */
void       raw_server_set_alpn        (RawServer  *self,
                                       const char *protocol);

/**
 * raw_server_add_script:
 * @self: a server
 * @...: actions with their arguments, and %RAW_END
 *
 * Sets what the next connection without a script gets. Connections beyond the last script get the
 * last one again.
 */
void       raw_server_add_script      (RawServer  *self,
                                       ...);

/**
 * raw_server_get_port:
 * @self: a server
 *
 * Returns: its port
 */
guint      raw_server_get_port        (RawServer  *self);

/**
 * raw_server_dup_url:
 * @self: a server
 * @scheme: `http`, `https`, `ws` …
 * @path: from the slash on
 *
 * Returns: (transfer full): a URL that leads here
 */
char      *raw_server_dup_url         (RawServer  *self,
                                       const char *scheme,
                                       const char *path);

/**
 * raw_server_open_gate:
 * @self: a server
 *
 * Lets one connection pass one %RAW_GATE, now or later.
 */
void       raw_server_open_gate       (RawServer  *self);

/**
 * raw_server_count_connections:
 * @self: a server
 *
 * Returns: how many connections there were so far
 */
guint      raw_server_count_connections (RawServer *self);

/**
 * raw_server_dup_received:
 * @self: a server
 * @connection: number of the connection, from 0
 *
 * Returns: (transfer full): all bytes that came on it so far, with a NUL after them
 */
GString   *raw_server_dup_received    (RawServer  *self,
                                       guint       connection);

/**
 * raw_server_dup_messages:
 * @self: a server
 * @connection: number of the connection, from 0
 *
 * Returns: (transfer full): the messages that came over its WebSocket so far, a line each; the
 *   client's goodbye is the line `(close 1000)`
 */
char      *raw_server_dup_messages    (RawServer  *self,
                                       guint       connection);

/**
 * raw_server_wait_idle:
 * @self: a server
 * @connection: number of the connection, from 0
 *
 * Runs the main context until this connection exists and its script waits (at a gate, in a stall,
 * at its end) or is over. Fails the test after a generous time.
 */
void       raw_server_wait_idle       (RawServer  *self,
                                       guint       connection);

/**
 * raw_server_wait_client_closed:
 * @self: a server
 * @connection: number of the connection, from 0
 *
 * Runs the main context until the server saw that the client closed or reset this connection. Fails
 * the test after a generous time.
 */
void       raw_server_wait_client_closed (RawServer *self,
                                       guint       connection);

/**
 * raw_server_get_closed_us:
 * @self: a server
 * @connection: number of the connection, from 0
 *
 * Returns: when the server saw that the client closed this connection, in g_get_monotonic_time(); 0
 *   if it did not
 */
gint64     raw_server_get_closed_us   (RawServer  *self,
                                       guint       connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

G_END_DECLS
