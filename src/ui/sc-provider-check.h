/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether what somebody types into the provider editor can be used, and if not, why, in words.
 * Pure functions. */

#pragma once

#include <glib.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScCheck:
 * @SC_CHECK_GOOD: it can be used
 * @SC_CHECK_WARNING: it can be used, but the reader should know something
 * @SC_CHECK_BAD: it cannot be used
 */
typedef enum
{
  SC_CHECK_GOOD,
  SC_CHECK_WARNING,
  SC_CHECK_BAD,
} ScCheck;

/**
 * sc_provider_check_address:
 * @address: a base URL as typed, without white space around it
 * @has_key: whether a key is going to be sent there
 * @message: (out) (nullable): one sentence for a warning or for what is bad, otherwise %NULL
 *
 * Looks at a base URL: http or https with a host. Plain http to another computer with a key is a
 * warning.
 *
 * Returns: the verdict
 */
ScCheck  sc_provider_check_address  (const char   *address,
                                     gboolean      has_key,
                                     char        **message);

/**
 * sc_provider_check_proxy:
 * @address: a proxy's URL as typed
 * @message: (out) (nullable): one sentence about what is bad, otherwise %NULL
 *
 * Looks at a proxy: http, https or one of the SOCKS schemes, with a host.
 *
 * Returns: the verdict
 */
ScCheck  sc_provider_check_proxy    (const char   *address,
                                     char        **message);

/**
 * sc_provider_parse_headers:
 * @text: lines `Name: value`; empty lines do not count
 * @headers: (out) (transfer full) (nullable): the lines, trimmed; %NULL if there are none or the
 *   verdict is bad
 * @message: (out) (nullable): one sentence about the first bad line, or a warning, otherwise %NULL
 *
 * Reads header lines as typed. A name that looks like it carries a key is a warning, because
 * headers are stored with the settings and not in the keyring.
 *
 * Returns: the verdict
 */
ScCheck  sc_provider_parse_headers  (const char   *text,
                                     char       ***headers,
                                     char        **message);

/**
 * sc_provider_format_fingerprint:
 * @fingerprint: SHA-256 in hexadecimal
 *
 * Returns: (transfer full): it in upper case, in groups that can be compared by eye
 */
char    *sc_provider_format_fingerprint (const char *fingerprint);

/**
 * sc_provider_dup_host:
 * @address: (nullable): a base URL
 *
 * Returns: (transfer full): its host, with the port if one is given; the address itself if it is no
 *   URL
 */
char    *sc_provider_dup_host       (const char   *address);

/**
 * sc_provider_describe_test_error:
 * @kind: the #ScError that came when the models were fetched
 *
 * Says where in the provider's own settings to look.
 *
 * Returns: (transfer none): a translated sentence, or "" where the error says so itself
 */
const char *sc_provider_describe_test_error (int kind);

/**
 * sc_provider_blames_address:
 * @kind: the #ScError that came when the models were fetched
 *
 * Returns: %TRUE if the address is the first thing to look at
 */
gboolean sc_provider_blames_address (int           kind);

G_END_DECLS
