/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `mistral`: Mistral's chat completions, a strict dialect of openai-chat. Private to
 * the registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_mistral_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): see #ScProtocol
 */
ScHttpRequest *sc_mistral_build_request        (const ScProfile  *profile,
                                                const ScPrompt   *prompt,
                                                GError          **error);

/**
 * sc_mistral_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer, streamed or whole
 */
ScDecoder     *sc_mistral_create_decoder       (void);

/**
 * sc_mistral_dup_call_id:
 * @id: the id of a call, whoever made it
 *
 * The service takes ids of exactly nine letters and digits. Others are replaced by what follows
 * from them, so that call and result still meet.
 *
 * Returns: (transfer full): such an id
 */
char          *sc_mistral_dup_call_id          (const char       *id);

/**
 * sc_mistral_parse_models:
 * @root: the list
 * @next_page: (out): never set
 * @error: return location
 *
 * A model that is listed under several names is given once, by the name that stays (`…-latest`).
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_mistral_parse_models         (JsonNode         *root,
                                                char            **next_page,
                                                GError          **error);

G_END_DECLS
