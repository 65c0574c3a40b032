/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a base URL as people write it to the URL of a request. Private to the providers. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_base_url_parse:
 * @base_url: (nullable): what stands before the protocol's fixed path. A missing scheme is `http`
 *   for this computer and numeric addresses, `https` elsewhere
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the URL without fragment and without slashes at the end of
 *   its path, or %NULL with %SC_ERROR_INVALID_REQUEST set
 */
GUri     *sc_base_url_parse       (const char  *base_url,
                                   GError     **error);

/**
 * sc_base_url_join:
 * @base_url: (nullable): as for sc_base_url_parse()
 * @version: (nullable): the version segment that belongs before @path, `v1` …; left out where the
 *   base URL names a version already or is known to have none
 * @path: the protocol's fixed path, without a leading slash. A base URL that ends in it already is
 *   taken as it is
 * @error: return location
 *
 * A query of the base URL is kept.
 *
 * Returns: (transfer full) (nullable): the URL, or %NULL with %SC_ERROR_INVALID_REQUEST set
 */
char     *sc_base_url_join        (const char  *base_url,
                                   const char  *version,
                                   const char  *path,
                                   GError     **error);

/**
 * sc_base_url_strip:
 * @base_url: (nullable): a base URL, maybe a whole address that was pasted
 * @path: the protocol's fixed path
 *
 * Returns: (transfer full): the base URL without that path at its end; a query is kept
 */
char     *sc_base_url_strip       (const char  *base_url,
                                   const char  *path);

/**
 * sc_base_url_strip_any:
 * @base_url: (nullable): as for sc_base_url_strip()
 * @paths: (array zero-terminated=1): paths that may stand at its end
 *
 * As sc_base_url_strip(), for the first of the paths that is there.
 *
 * Returns: (transfer full): the base URL without it
 */
char     *sc_base_url_strip_any   (const char         *base_url,
                                   const char * const *paths);

/**
 * sc_base_url_is_host:
 * @base_url: (nullable): as for sc_base_url_parse()
 * @suffix: `api.openai.com` for that host alone, `.openai.azure.com` for all hosts that end so
 *
 * Returns: %TRUE if the host is that one
 */
gboolean  sc_base_url_is_host     (const char  *base_url,
                                   const char  *suffix);

/**
 * sc_base_url_to_http:
 * @base_url: (nullable): a base URL
 *
 * Returns: (transfer full): the same with `http` for `ws` and `https` for `wss`; what is no
 *   address stays as it is
 */
char     *sc_base_url_to_http      (const char *base_url);

/**
 * sc_base_url_to_websocket:
 * @url: an address as sc_base_url_join() gives it
 *
 * Returns: (transfer full): the same with `ws` for `http` and `wss` for `https`
 */
char     *sc_base_url_to_websocket (const char *url);

G_END_DECLS
