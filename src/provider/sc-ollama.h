/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `ollama`: Ollama's own API. Private to the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_ollama_dup_url:
 * @base_url: (nullable): the bare host, or what people paste instead: with `/v1`, with `/api`, a
 *   whole address
 * @path: path below the host, without a leading slash
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the URL, or %NULL with %SC_ERROR_INVALID_REQUEST set
 */
char          *sc_ollama_dup_url              (const char       *base_url,
                                               const char       *path,
                                               GError          **error);

/**
 * sc_ollama_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_ollama_build_request        (const ScProfile  *profile,
                                               const ScPrompt   *prompt,
                                               GError          **error);

/**
 * sc_ollama_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_ollama_create_decoder       (void);

/**
 * sc_ollama_build_models_request:
 * @profile: whose models
 * @page: (nullable): not used, the list has one page
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_ollama_build_models_request (const ScProfile  *profile,
                                               const char       *page,
                                               GError          **error);

/**
 * sc_ollama_parse_models:
 * @root: the list
 * @next_page: (out): left alone
 * @error: return location
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_ollama_parse_models         (JsonNode         *root,
                                               char            **next_page,
                                               GError          **error);

/**
 * sc_ollama_build_details_request:
 * @profile: whose model
 * @model: the model's id
 *
 * Asks what the list does not say. Only a server on this computer is asked for each of its models.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL if it would cost too much
 */
ScHttpRequest *sc_ollama_build_details_request (const ScProfile *profile,
                                               const char       *model);

/**
 * sc_ollama_build_pull_request:
 * @profile: where to
 * @model: what to fetch
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the request that fetches a model, or %NULL with
 *   %SC_ERROR_INVALID_REQUEST set
 */
ScHttpRequest *sc_ollama_build_pull_request   (const ScProfile  *profile,
                                               const char       *model,
                                               GError          **error);

/**
 * sc_ollama_parse_details:
 * @root: what the server answered
 * @model: a model of the list, completed in place
 *
 * Reads capabilities and the size of the context window.
 */
void           sc_ollama_parse_details        (JsonNode         *root,
                                               ScModel          *model);

G_END_DECLS
