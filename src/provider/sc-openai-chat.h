/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `openai-chat`: OpenAI's Chat Completions and everything that calls itself compatible
 * with it. Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_openai_chat_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_openai_chat_build_request        (const ScProfile  *profile,
                                                    const ScPrompt   *prompt,
                                                    GError          **error);

/**
 * sc_openai_chat_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_openai_chat_create_decoder       (void);

/**
 * sc_openai_chat_build_models_request:
 * @profile: whose models
 * @page: (nullable): not used, these lists have one page
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_openai_chat_build_models_request (const ScProfile  *profile,
                                                    const char       *page,
                                                    GError          **error);

/**
 * sc_openai_chat_parse_models:
 * @root: the list
 * @next_page: (out): never set
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_openai_chat_parse_models         (JsonNode         *root,
                                                    char            **next_page,
                                                    GError          **error);

G_END_DECLS
