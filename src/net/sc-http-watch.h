/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every way of sending a message by libsoup needs while it is on its way: whom the certificate
 * belongs to, when what happened, which clock runs. Shared by the HTTP and the WebSocket
 * transport; it decides nothing but whether a certificate is accepted. */

#pragma once

#include "sc-http-private.h"

G_BEGIN_DECLS

/**
 * ScHttpWatch:
 * @client: whose settings count
 * @message: (nullable): the message, once it is sent
 * @host: (nullable): the server's name, once it is sent
 * @io: (nullable): what is cancelled where a certificate is refused
 * @socket: (nullable): the newest socket that was opened for the message
 * @refusal: (nullable): why it may not be sent, or why we cancelled what libsoup was doing
 * @certificate: (nullable): the certificate that was shown
 * @fingerprint: (nullable): of it
 *
 * To be embedded, zeroed.
 */
typedef struct
{
  ScHttpClient         *client;
  SoupMessage          *message;
  char                 *host;
  GCancellable         *io;
  GSocket              *socket;
  GError               *refusal;
  GTlsCertificate      *certificate;
  char                 *fingerprint;
  GTlsCertificateFlags  certificate_flags;
  ScHttpClocks          clocks;
  ScHttpTimings         timings;
} ScHttpWatch;

/**
 * sc_http_watch_init:
 * @self: a zeroed watch
 * @client: whose settings count
 * @url: where to send to
 *
 * Notes the start, and why nothing may be sent if that is so.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL if there is a refusal
 */
GUri     *sc_http_watch_init          (ScHttpWatch          *self,
                                       ScHttpClient         *client,
                                       const char           *url);

/**
 * sc_http_watch_begin:
 * @self: an initialised watch
 * @request: what is sent
 * @uri: where
 * @io: what is cancelled where a certificate is refused
 * @timeouts: (nullable): the limits
 * @func: what happens when a clock runs out
 * @user_data: for @func
 *
 * Builds the message, follows it and starts the clocks. The caller sends it.
 */
void      sc_http_watch_begin         (ScHttpWatch          *self,
                                       ScHttpRequest        *request,
                                       GUri                 *uri,
                                       GCancellable         *io,
                                       const ScTimeouts     *timeouts,
                                       ScHttpClockFunc       func,
                                       gpointer              user_data);

/**
 * sc_http_watch_end:
 * @self: a watch
 *
 * Follows no more and stops the clocks; what was seen stays. May be called again.
 */
void      sc_http_watch_end           (ScHttpWatch          *self);

/**
 * sc_http_watch_clear:
 * @self: a watch
 *
 * Ends it and frees what it holds.
 */
void      sc_http_watch_clear         (ScHttpWatch          *self);

/**
 * sc_http_watch_is_from_proxy:
 * @self: a watch whose message was answered
 *
 * A proxy that refuses a tunnel to the server answers for itself, in plain HTTP: nobody showed a
 * certificate then. Taken for the server's answer it would blame the key.
 *
 * Returns: %TRUE if the answer is the proxy's
 */
gboolean  sc_http_watch_is_from_proxy (ScHttpWatch          *self);

/**
 * sc_http_watch_get_header:
 * @self: a watch
 * @name: name of a response header
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *sc_http_watch_get_header  (ScHttpWatch          *self,
                                       const char           *name);

/**
 * sc_http_watch_list_headers:
 * @self: a watch
 *
 * Returns: (transfer full) (element-type ScHttpHeader): the response headers in their order, none
 *   before they came
 */
GPtrArray *sc_http_watch_list_headers (ScHttpWatch          *self);

/**
 * sc_http_watch_get_status:
 * @self: a watch
 *
 * Returns: the HTTP status, 0 before the headers
 */
int       sc_http_watch_get_status    (ScHttpWatch          *self);

/**
 * sc_http_attach_idle:
 * @source: (inout): a source of the main loop; the one before is cleared
 * @priority: its priority
 * @func: what it calls
 * @user_data: for @func
 *
 * Runs a function as soon as the main loop has nothing more important to do.
 */
void      sc_http_attach_idle         (GSource             **source,
                                       int                   priority,
                                       GSourceFunc           func,
                                       gpointer              user_data);

/**
 * sc_http_attach_cancel:
 * @source: (inout): a source of the main loop; the one before is cleared
 * @cancellable: (nullable): what to listen to
 * @func: what it calls
 * @user_data: for @func
 *
 * Runs a function once it is cancelled: from the main loop, never inside g_cancellable_cancel().
 */
void      sc_http_attach_cancel       (GSource             **source,
                                       GCancellable         *cancellable,
                                       GCancellableSourceFunc func,
                                       gpointer              user_data);

/**
 * sc_http_clear_source:
 * @source: (inout): a source of the main loop or %NULL
 *
 * Destroys it.
 */
void      sc_http_clear_source        (GSource             **source);

G_END_DECLS
