/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a host is, as far as its name says it: on this computer, in this house, or anywhere. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_host_is_here:
 * @host: (nullable): the host of an address, without brackets
 *
 * Returns: %TRUE if it is this computer (`localhost`, 127.0.0.0/8 or ::1)
 */
gboolean sc_host_is_here    (const char *host);

/**
 * sc_host_is_private:
 * @host: (nullable): the host of an address, without brackets
 *
 * Tells hosts that no stranger can offer something on: this computer, addresses that are not routed
 * (RFC 1918, RFC 3927, RFC 4193, RFC 4291, RFC 6598), names without a domain and names of domains
 * for use at home (RFC 6762, RFC 8375). A number in a spelling that is not an address is one as
 * well: resolvers take 127.1 for this computer. Nothing is looked up: a public name may lead home
 * all the same.
 *
 * Returns: %TRUE if it is one
 */
gboolean sc_host_is_private (const char *host);

G_END_DECLS
