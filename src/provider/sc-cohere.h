/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `cohere`: version 2 of Cohere's chat. Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_cohere_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_cohere_build_request        (const ScProfile  *profile,
                                               const ScPrompt   *prompt,
                                               GError          **error);

/**
 * sc_cohere_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_cohere_create_decoder       (void);

/**
 * sc_cohere_build_models_request:
 * @profile: whose models
 * @page: (nullable): the page token
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_cohere_build_models_request (const ScProfile  *profile,
                                               const char       *page,
                                               GError          **error);

/**
 * sc_cohere_parse_models:
 * @root: one page of the list
 * @next_page: (out): the page token, if there is more
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_cohere_parse_models         (JsonNode         *root,
                                               char            **next_page,
                                               GError          **error);

G_END_DECLS
