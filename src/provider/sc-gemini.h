/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `gemini`: Google's generateContent, of the Gemini API and (body and stream) of
 * Vertex AI. Private to the registry and to the protocols built on it. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_gemini_build_body:
 * @profile: whom to ask; its `protocol` says whose raw messages may go back
 * @prompt: what to say
 * @error: return location
 *
 * Says a prompt as a GenerateContentRequest. The model and whether it is streamed stand in the URL,
 * not in here.
 *
 * Returns: (transfer full) (nullable): the body, an object, or %NULL with %SC_ERROR_INVALID_REQUEST
 *   set if an attachment cannot be sent
 */
JsonNode      *sc_gemini_build_body           (const ScProfile  *profile,
                                               const ScPrompt   *prompt,
                                               GError          **error);

/**
 * sc_gemini_dup_model_path:
 * @model: (nullable): a model's id, maybe with `models/` before it
 *
 * Returns: (transfer full): the id without `models/`, escaped for the path of a URL
 */
char          *sc_gemini_dup_model_path       (const char       *model);

/**
 * sc_gemini_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_gemini_build_request        (const ScProfile  *profile,
                                               const ScPrompt   *prompt,
                                               GError          **error);

/**
 * sc_gemini_decoder_new:
 *
 * Returns: (transfer full): a decoder for one answer, streamed (as events or as one array) or whole
 */
ScDecoder     *sc_gemini_decoder_new          (void);

/**
 * sc_gemini_after_finish:
 * @raw: the finish reason
 *
 * Returns: see #ScProtocol: a tool call that the model failed to write may be tried once more
 */
ScAfterFinish  sc_gemini_after_finish         (const char       *raw);

/**
 * sc_gemini_build_models_request:
 * @profile: whose models
 * @page: (nullable): the page token
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_gemini_build_models_request (const ScProfile  *profile,
                                               const char       *page,
                                               GError          **error);

/**
 * sc_gemini_parse_models:
 * @root: one page of the list
 * @next_page: (out): the page token, if there is more
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_gemini_parse_models         (JsonNode         *root,
                                               char            **next_page,
                                               GError          **error);

G_END_DECLS
