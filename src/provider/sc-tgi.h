/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `tgi`: the native API of Hugging Face's Text Generation Inference. Private to the
 * registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_tgi_dup_inputs:
 * @prompt: what to say; its parameter `chat_template` names the template
 * @error: return location
 *
 * Writes a conversation as one text, because this API knows no messages. The templates:
 *
 * - `plain` (also where none is named): each message is `System: `, `User: `, `Assistant: ` or
 *   `Tool: ` and its text, with a blank line after it; at the end stands `Assistant:`
 * - `chatml`: `<|im_start|>ROLE`, a line feed, the text, `<|im_end|>` and a line feed; at the end
 *   stands `<|im_start|>assistant` and a line feed
 * - `llama3`: `<|start_header_id|>ROLE<|end_header_id|>`, two line feeds, the text, `<|eot_id|>`;
 *   `<|begin_of_text|>` is the server's business
 * - `none`: the text of the last message of the user and nothing else, to be continued
 *
 * Returns: (transfer full) (nullable): the text, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   there is no such template or an attachment is no text
 */
char          *sc_tgi_dup_inputs           (const ScPrompt   *prompt,
                                            GError          **error);

/**
 * sc_tgi_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_tgi_build_request        (const ScProfile  *profile,
                                            const ScPrompt   *prompt,
                                            GError          **error);

/**
 * sc_tgi_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_tgi_create_decoder       (void);

/**
 * sc_tgi_build_models_request:
 * @profile: whose model
 * @page: (nullable): not used
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_tgi_build_models_request (const ScProfile  *profile,
                                            const char       *page,
                                            GError          **error);

/**
 * sc_tgi_parse_models:
 * @root: what the server says of itself: it serves one model
 * @next_page: (out): left alone
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_tgi_parse_models         (JsonNode         *root,
                                            char            **next_page,
                                            GError          **error);

G_END_DECLS
