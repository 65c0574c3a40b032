/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps keys out of everything that is logged, shown or stored. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_REDACTED: what stands where a secret was */
#define SC_REDACTED "•••"

/**
 * sc_redact_text:
 * @text: (nullable): any text
 * @keys: (nullable): the key in use, or several secrets, one a line
 *
 * Replaces each of @keys (from 4 characters on), what follows `Bearer ` or `Basic `, and everything of the usual key shapes
 * (`sk-…`, `gsk_…`, `AIza…`, `hf_…`, `xai-…` with 16 or more characters) by %SC_REDACTED. A key is found escaped
 * for JSON, an address or HTML too, in base64 together with what else is in the same piece of it, and, from 8
 * characters on, where the text's start, its end or a `…` cuts it.
 *
 * Returns: (transfer full) (nullable): the text without them; %NULL for %NULL
 */
char     *sc_redact_text             (const char *text,
                                      const char *keys);

/**
 * sc_redact_url:
 * @url: (nullable): a URL
 *
 * Hides user information and the values of query parameters that carry keys (`key`, `api_key`, `api-key`,
 * `access_token`, `token`, `sig` …).
 *
 * Returns: (transfer full) (nullable): the URL without them; %NULL for %NULL
 */
char     *sc_redact_url              (const char *url);

/**
 * sc_redact_dup_query_secrets:
 * @url: (nullable): a URL
 *
 * Returns: (transfer full): the values of its query parameters that carry keys, unescaped, one a line; "" without any
 */
char     *sc_redact_dup_query_secrets (const char *url);

/**
 * sc_redact_is_secret_header:
 * @name: a header's name
 *
 * Returns: %TRUE if its value must not be shown (`Authorization`, `api-key`, `x-api-key`, `x-goog-api-key`,
 *   `Proxy-Authorization`, `Cookie`, `Set-Cookie` and names that hold `token`, `secret` or `key`)
 */
gboolean  sc_redact_is_secret_header (const char *name);

G_END_DECLS
