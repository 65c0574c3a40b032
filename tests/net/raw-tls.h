/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of a secure connection, for the raw server alone. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*< private >
 * raw_tls_accept:
 * @fd: a socket
 * @certificate: what to show, of certificates.h
 * @alpn: (nullable): the only application protocol to agree to
 *
 * Shakes hands, and waits for it. From then on @fd must not be read or written directly.
 *
 * Returns: (transfer full) (nullable): the connection; %NULL if the client left
 */
GIOStream *raw_tls_accept (int         fd,
                           const char *certificate,
                           const char *alpn);

/*< private >
 * raw_tls_drop:
 * @connection: (transfer full): a connection
 * @fd: its socket
 *
 * Ends it without a goodbye, unless it was said.
 */
void       raw_tls_drop   (GIOStream  *connection,
                           int         fd);

G_END_DECLS
