/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the HTTP transport share. */

#pragma once

#include "sc-http.h"
#include "sc-http-clocks.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * SC_HTTP_READ_PRIORITY:
 *
 * Below GTK's redraw (%G_PRIORITY_HIGH_IDLE + 20): a server that sends faster than frames are drawn
 * must not keep the window from drawing them.
 */
#define SC_HTTP_READ_PRIORITY (G_PRIORITY_HIGH_IDLE + 30)

/**
 * sc_http_parse_url:
 * @url: what a user or a service gave as an address
 *
 * Returns: (transfer full) (nullable): the address, or %NULL if it is none of the web
 */
GUri         *sc_http_parse_url               (const char            *url);

/**
 * sc_http_build_message:
 * @request: a request
 * @uri: its URL
 *
 * Returns: (transfer full): the message to send
 */
SoupMessage  *sc_http_build_message           (ScHttpRequest         *request,
                                               GUri                  *uri);

/**
 * sc_http_client_get_session:
 * @self: a client
 *
 * Returns: (transfer none): its session
 */
SoupSession  *sc_http_client_get_session      (ScHttpClient          *self);

/**
 * sc_http_client_get_setup_error:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): why no request may be sent with these settings (a CA file
 * that cannot be read, a proxy that is no address), or %NULL
 */
const GError *sc_http_client_get_setup_error  (ScHttpClient          *self);

/**
 * sc_http_client_judge_certificate:
 * @self: a client
 * @uri: where the request goes
 * @certificate: what the server shows, with its chain
 * @flags: (inout): what the system finds wrong with it; 0 afterwards if the CA file vouches for it
 *
 * A pinned certificate is the only one that is accepted, and it is accepted as it is: the user has
 * seen it and named it for this provider, so a foreign host name, an unknown issuer or an end of
 * validity are no surprise. Without a pin a certificate must be trusted by the system or, for this
 * very host, by the CA file.
 *
 * Returns: %TRUE if a request may be sent to whom shows it
 */
gboolean      sc_http_client_judge_certificate (ScHttpClient         *self,
                                               GUri                  *uri,
                                               GTlsCertificate       *certificate,
                                               GTlsCertificateFlags  *flags);

/**
 * sc_http_client_has_pin:
 * @self: a client
 *
 * Returns: %TRUE if it accepts one pinned certificate only
 */
gboolean      sc_http_client_has_pin          (ScHttpClient          *self);

/**
 * sc_http_dup_fingerprint:
 * @certificate: a certificate
 *
 * Returns: (transfer full): SHA-256 of it in lower-case hex
 */
char         *sc_http_dup_fingerprint         (GTlsCertificate       *certificate);

/**
 * sc_http_error_new_refused:
 * @host: the server's name
 * @flags: what is wrong with its certificate
 * @is_pinned: another certificate is pinned
 *
 * Returns: (transfer full): an %SC_ERROR_TLS in words, with %SC_ERROR_CODE_CERTIFICATE
 */
GError       *sc_http_error_new_refused       (const char            *host,
                                               GTlsCertificateFlags   flags,
                                               gboolean               is_pinned);

/**
 * sc_http_error_new_timeout:
 * @clock: which clock ran out
 * @host: the server's name
 * @limit_ms: its limit
 *
 * Returns: (transfer full): an %SC_ERROR_TIMEOUT in words
 */
GError       *sc_http_error_new_timeout       (ScHttpClock            clock,
                                               const char            *host,
                                               guint                  limit_ms);

/**
 * sc_http_error_new_proxy:
 * @host: the name of the server behind the proxy
 * @status: HTTP status with which the proxy refused the connection
 *
 * Returns: (transfer full): an %SC_ERROR_NETWORK in words
 */
GError       *sc_http_error_new_proxy         (const char            *host,
                                               int                    status);

/**
 * sc_http_error_translate:
 * @error: an error of GIO or libsoup
 * @host: the server's name
 * @has_headers: whether the answer had begun
 *
 * Returns: (transfer full): an error of %SC_ERROR in words; %G_IO_ERROR_CANCELLED stays what it is
 */
GError       *sc_http_error_translate         (const GError          *error,
                                               const char            *host,
                                               gboolean               has_headers);

/**
 * sc_http_exchange_get_deadline_us:
 * @self: an exchange
 *
 * Returns: when the clock that runs out first would end it, in g_get_monotonic_time(); 0 if no
 * clock runs
 */
gint64        sc_http_exchange_get_deadline_us (ScHttpExchange       *self);

G_END_DECLS
