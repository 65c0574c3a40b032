/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocols `openai-responses` and `openai-responses-ws`: OpenAI's Responses, over server-sent
 * events and over a WebSocket. Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_openai_responses_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_openai_responses_build_request        (const ScProfile  *profile,
                                                         const ScPrompt   *prompt,
                                                         GError          **error);

/**
 * sc_openai_responses_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole, over either transport
 */
ScDecoder     *sc_openai_responses_create_decoder       (void);

/**
 * sc_openai_responses_build_models_request:
 * @profile: whose models
 * @page: (nullable): not used, this list has one page
 * @error: return location
 *
 * The list of all of OpenAI's protocols, whatever scheme and path the base URL has.
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_openai_responses_build_models_request (const ScProfile  *profile,
                                                         const char       *page,
                                                         GError          **error);

/**
 * sc_openai_responses_ws_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the upgrade, see #ScProtocol
 */
ScHttpRequest *sc_openai_responses_ws_build_request     (const ScProfile  *profile,
                                                         const ScPrompt   *prompt,
                                                         GError          **error);

/**
 * sc_openai_responses_ws_build_opening:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_openai_responses_ws_build_opening     (const ScProfile  *profile,
                                                         const ScPrompt   *prompt,
                                                         GError          **error);

G_END_DECLS
