/* SPDX-License-Identifier: GPL-3.0-or-later */

/* HTTP as this program needs it: one request, its answer as bytes while they arrive, one end.
 *
 * A client holds the connections and the network settings of one provider. An exchange is one request in flight; it
 * runs on the main loop, calls its handler in this order: headers, then bytes any number of times, and done exactly
 * once. HTTP/1.1 is spoken, so that closing the socket stops one answer. No redirect is followed (headers with keys would travel), nothing is decoded but what the server labelled,
 * libsoup's own time limit is off and the clocks of the request's ScTimeouts run instead. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScHttpHeader:
 * @name: header name
 * @value: header value
 */
typedef struct
{
  char *name;
  char *value;
} ScHttpHeader;

/**
 * ScHttpRequest:
 * @method: `GET`, `POST` …
 * @url: absolute URL
 * @headers: (element-type ScHttpHeader): request headers, keys included
 * @body: (nullable): body
 * @is_stream: the answer is wanted as a stream: `Accept-Encoding: identity` is sent so that nothing buffers it
 */
struct _ScHttpRequest
{
  char      *method;
  char      *url;
  GPtrArray *headers;
  GBytes    *body;
  gboolean   is_stream;
};

/**
 * ScHttpTimings:
 * @start_us: the exchange began
 * @connect_start_us: the first attempt to reach the server, or its proxy
 * @connect_end_us: the server, or its proxy, took the connection
 * @connected_us: the connection was ready and the request began to go out
 * @sent_us: the request was sent completely
 * @first_byte_us: the response headers were there
 * @end_us: the exchange ended
 *
 * Times of g_get_monotonic_time(), 0 where the step was not reached (or, for DNS and TLS below, not needed because
 * the connection was open already).
 */
typedef struct
{
  gint64 start_us;
  gint64 dns_start_us;
  gint64 dns_end_us;
  gint64 connect_start_us;
  gint64 connect_end_us;
  gint64 tls_start_us;
  gint64 tls_end_us;
  gint64 connected_us;
  gint64 sent_us;
  gint64 first_byte_us;
  gint64 end_us;
} ScHttpTimings;

/**
 * ScHttpHandler:
 * @headers: the status line and headers came
 * @bytes: bytes of the body; `read_us` is the g_get_monotonic_time() of the read they came with
 * @done: the exchange is over: @error is %NULL at the end of the body; %G_IO_ERROR_CANCELLED after a cancel;
 *   %SC_ERROR_TIMEOUT with the clock's name in words; %SC_ERROR_TLS, %SC_ERROR_NETWORK (before the headers),
 *   %SC_ERROR_INTERRUPTED (after them), %SC_ERROR_INVALID_REQUEST if the address or the proxy's is none, or
 *   %SC_ERROR_PROTOCOL if what came is not HTTP
 *
 * A body that was cut may look like a whole one here (libsoup tells a missing last chunk as a regular end): only the
 * protocol above knows whether the answer is complete.
 *
 * Where an exchange reports. Inside a call the exchange may be cancelled; it may be freed only in @done or later.
 */
typedef struct
{
  void (*headers) (ScHttpExchange *exchange,
                   gpointer        user_data);
  void (*bytes)   (ScHttpExchange *exchange,
                   const char     *bytes,
                   gsize           length,
                   gint64          read_us,
                   gpointer        user_data);
  void (*done)    (ScHttpExchange *exchange,
                   const GError   *error,
                   gpointer        user_data);
} ScHttpHandler;

/**
 * sc_http_request_new:
 * @method: the method
 * @url: absolute URL
 *
 * Returns: (transfer full): a request without headers and body
 */
ScHttpRequest *sc_http_request_new        (const char     *method,
                                           const char     *url);

/**
 * sc_http_request_free:
 * @self: (nullable) (transfer full): a request
 *
 * Frees it; the memory of header values is overwritten first.
 */
void           sc_http_request_free       (ScHttpRequest  *self);

/**
 * sc_http_request_set_header:
 * @self: a request
 * @name: header name (compared without case)
 * @value: (nullable): its value; %NULL removes the header. Line breaks are refused: the header is then left out
 *
 * Sets a header, replacing one of the same name.
 */
void           sc_http_request_set_header (ScHttpRequest  *self,
                                           const char     *name,
                                           const char     *value);

/**
 * sc_http_request_get_header:
 * @self: a request
 * @name: header name (compared without case)
 *
 * Returns: (transfer none) (nullable): its value
 */
const char    *sc_http_request_get_header (ScHttpRequest  *self,
                                           const char     *name);

/**
 * sc_http_request_set_json:
 * @self: a request
 * @json: (transfer full): JSON text
 *
 * Makes it the body and sets `Content-Type: application/json`.
 */
void           sc_http_request_set_json   (ScHttpRequest  *self,
                                           char           *json);

/**
 * sc_http_client_new:
 * @profile: (nullable): whose proxy, CA file and pinned certificate to use; %NULL: the system's. Copied as needed
 *
 * The CA file is trusted beside the system's authorities. A pinned certificate is the only one that is accepted then,
 * and whatever else is wrong with it (host name, issuer, validity) does not matter: the user named this very one.
 *
 * Returns: (transfer full): a client with no connection yet
 */
ScHttpClient  *sc_http_client_new         (const ScProfile *profile);

/**
 * sc_http_client_ref:
 * @self: a client
 *
 * Returns: (transfer full): the same client
 */
ScHttpClient  *sc_http_client_ref         (ScHttpClient   *self);

/**
 * sc_http_client_unref:
 * @self: (nullable) (transfer full): a client
 *
 * Gives a reference back; the last one closes the idle connections.
 */
void           sc_http_client_unref       (ScHttpClient   *self);

/**
 * sc_http_exchange_start:
 * @client: the client to send by; a reference is kept
 * @request: the request; copied as needed
 * @timeouts: (nullable): its clocks (quiet_ms and data_ms are not looked at: only a decoder knows data); %NULL: defaults
 * @cancellable: (nullable): goes to every call, reads included; cancelling closes the socket at once
 * @handler: (transfer none): the reporting functions, must stay valid
 * @user_data: for @handler
 *
 * Sends a request. Nothing is reported before this function returned.
 *
 * The first-byte clock runs until the first byte of the body, because some servers send their headers at once and
 * think afterwards; the idle clock runs while the request goes out and from the headers on.
 *
 * Returns: (transfer full): the exchange; free it with sc_http_exchange_free() in or after `done`
 */
ScHttpExchange *sc_http_exchange_start    (ScHttpClient        *client,
                                           ScHttpRequest       *request,
                                           const ScTimeouts    *timeouts,
                                           GCancellable        *cancellable,
                                           const ScHttpHandler *handler,
                                           gpointer             user_data);

/**
 * sc_http_exchange_free:
 * @self: (nullable) (transfer full): an exchange
 *
 * Frees it. One that is not done yet is cancelled, and reports nothing any more.
 */
void           sc_http_exchange_free      (ScHttpExchange *self);

/**
 * sc_http_exchange_pause:
 * @self: an exchange
 *
 * Stops reading from the socket (back-pressure). The idle clock stands still meanwhile. May be called again.
 */
void           sc_http_exchange_pause     (ScHttpExchange *self);

/**
 * sc_http_exchange_resume:
 * @self: an exchange
 *
 * Goes on reading after sc_http_exchange_pause().
 */
void           sc_http_exchange_resume    (ScHttpExchange *self);

/**
 * sc_http_exchange_get_status:
 * @self: an exchange
 *
 * Returns: the HTTP status, 0 before the headers
 */
int            sc_http_exchange_get_status (ScHttpExchange *self);

/**
 * sc_http_exchange_get_header:
 * @self: an exchange
 * @name: name of a response header, compared without case
 *
 * Returns: (transfer none) (nullable): its value; valid as long as the exchange
 */
const char    *sc_http_exchange_get_header (ScHttpExchange *self,
                                           const char     *name);

/**
 * sc_http_exchange_list_headers:
 * @self: an exchange
 *
 * Returns: (transfer full) (element-type ScHttpHeader): the response headers in their order, none
 *   before they came. They may hold secrets
 */
GPtrArray     *sc_http_exchange_list_headers (ScHttpExchange *self);

/**
 * sc_http_exchange_get_timings:
 * @self: an exchange
 *
 * Returns: (transfer none): its times so far
 */
const ScHttpTimings *sc_http_exchange_get_timings (ScHttpExchange *self);

/**
 * sc_http_exchange_get_certificate:
 * @self: an exchange
 * @fingerprint: (out) (nullable) (transfer full): SHA-256 of the server's certificate in lower-case hex
 * @errors: (out): the #GTlsCertificateFlags found, 0 if it is trusted
 *
 * What the server showed, also when it was refused: for asking whether to pin it.
 *
 * Returns: %TRUE if a certificate was seen
 */
gboolean       sc_http_exchange_get_certificate (ScHttpExchange *self,
                                           char          **fingerprint,
                                           GTlsCertificateFlags *errors);

/**
 * sc_http_exchange_peek_certificate:
 * @self: an exchange
 *
 * Returns: (transfer none) (nullable): what the server showed, also when it was refused
 */
GTlsCertificate *sc_http_exchange_peek_certificate (ScHttpExchange *self);

/**
 * sc_http_fetch_async:
 * @client: the client
 * @request: a request whose whole answer is wanted
 * @timeouts: (nullable): its clocks
 * @max_bytes: how much to read at the most; the rest is dropped
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Fetches a whole answer (model lists, probes).
 */
void           sc_http_fetch_async        (ScHttpClient        *client,
                                           ScHttpRequest       *request,
                                           const ScTimeouts    *timeouts,
                                           gsize                max_bytes,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);

/**
 * sc_http_fetch_finish:
 * @result: what the callback got
 * @status: (out) (optional): HTTP status, of any value
 * @content_type: (out) (optional) (nullable) (transfer full): media type without parameters
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body, or %NULL with an error as in #ScHttpHandler
 */
GBytes        *sc_http_fetch_finish       (GAsyncResult        *result,
                                           int                 *status,
                                           char               **content_type,
                                           GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScHttpRequest, sc_http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScHttpClient, sc_http_client_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScHttpExchange, sc_http_exchange_free)

G_END_DECLS
