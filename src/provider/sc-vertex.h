/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `vertex`: Vertex AI, with Google's models (body and stream of `gemini`) and
 * Anthropic's (those of `anthropic`). Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_vertex_build_request:
 * @profile: whom to ask
 * @prompt: what to say; a model whose name begins with `claude`, or that names its publisher
 *   `anthropic`, is Anthropic's, all others are Google's
 * @error: return location
 *
 * The base URL may be - `https://HOST/v1/projects/P/locations/L`, as the vendor writes it, with or
 * without version; - the same without a location: that of the host, `global` where the host has
 * none; - a whole address of a model that was pasted; - the bare host: the project is that of the
 * key file (see sc_vertex_token_apply()); without one the address has no project, as an API key of
 * the express mode wants it.
 *
 * The key is an access token, or an API key of the express mode (`AIza…`, `AQ.…`), which goes into
 * a header of its own. A key file has to be exchanged by sc_vertex_token_async() before.
 *
 * Returns: (transfer full) (nullable): see #ScProtocol; %SC_ERROR_AUTH is set if the key is a file
 *   that was not exchanged: it must never leave this computer
 */
ScHttpRequest *sc_vertex_build_request        (const ScProfile  *profile,
                                               const ScPrompt   *prompt,
                                               GError          **error);

/**
 * sc_vertex_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer of either publisher; the first frame says
 *   whose it is
 */
ScDecoder     *sc_vertex_create_decoder       (void);

/**
 * sc_vertex_after_finish:
 * @raw: the finish reason of either publisher
 *
 * Returns: see #ScProtocol
 */
ScAfterFinish  sc_vertex_after_finish         (const char       *raw);

/**
 * sc_vertex_build_models_request:
 * @profile: whose models
 * @page: (nullable): the page token
 * @error: return location
 *
 * Asks for Google's models. Anthropic's are not listed anywhere: they are entered by hand.
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_vertex_build_models_request (const ScProfile  *profile,
                                               const char       *page,
                                               GError          **error);

/**
 * sc_vertex_parse_models:
 * @root: one page of the list
 * @next_page: (out): the page token, if there is more
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_vertex_parse_models         (JsonNode         *root,
                                               char            **next_page,
                                               GError          **error);

G_END_DECLS
