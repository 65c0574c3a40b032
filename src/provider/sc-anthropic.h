/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `anthropic`: Anthropic's Messages, in both versions that are live, and the servers
 * that are compatible with it. Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_anthropic_build_request:
 * @profile: whom to ask; `api_version` is `2023-06-01` (also where it is not set) or `2026-10-21`
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_anthropic_build_request        (const ScProfile  *profile,
                                                  const ScPrompt   *prompt,
                                                  GError          **error);

/**
 * sc_anthropic_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_anthropic_create_decoder       (void);

/**
 * sc_anthropic_after_finish:
 * @raw: the stop reason
 *
 * Returns: see #ScProtocol: `pause_turn` wants to be continued
 */
ScAfterFinish  sc_anthropic_after_finish         (const char       *raw);

/**
 * sc_anthropic_join_raw:
 * @first: a message
 * @second: (nullable): what followed it after a pause, as a message
 * @text: (nullable): the same where it is nothing but text
 *
 * Returns: (transfer full) (nullable): one message of both, or %NULL if @first is none
 */
char          *sc_anthropic_join_raw             (const char       *first,
                                                  const char       *second,
                                                  const char       *text);

/**
 * sc_anthropic_build_models_request:
 * @profile: whose models
 * @page: (nullable): the id after which the list goes on
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_anthropic_build_models_request (const ScProfile  *profile,
                                                  const char       *page,
                                                  GError          **error);

/**
 * sc_anthropic_parse_models:
 * @root: the list, Anthropic's or one in OpenAI's shape as compatible servers give it
 * @next_page: (out): the last id of a page that is not the last one
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_anthropic_parse_models         (JsonNode         *root,
                                                  char            **next_page,
                                                  GError          **error);

G_END_DECLS
