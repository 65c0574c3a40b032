/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the anthropic request builder share, and what Anthropic's models behind another
 * service's door (Vertex AI) need of it. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-http.h"
#include "sc-message.h"

G_BEGIN_DECLS

/**
 * ScAnthropicVariant:
 * @protocol: id of the protocol that raw messages must come from to be sent back
 * @model: (nullable): the model's id
 * @has_model: the body names the model (elsewhere the URL does)
 * @has_sampling: `temperature`, `top_p` and `top_k` may be sent: since version 2026-10-21 they are
 *   errors
 * @version: (nullable): value of the body's `anthropic_version`; %NULL where a header says it
 *
 * Where the doors to these models differ.
 */
typedef struct
{
  const char *protocol;
  const char *model;
  gboolean    has_model;
  gboolean    has_sampling;
  const char *version;
} ScAnthropicVariant;

/**
 * sc_anthropic_build_body:
 * @variant: through which door
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body of a request, or %NULL with
 *   %SC_ERROR_INVALID_REQUEST set if an attachment cannot be sent
 */
JsonNode  *sc_anthropic_build_body      (const ScAnthropicVariant  *variant,
                                         const ScPrompt            *prompt,
                                         GError                   **error);

/**
 * sc_anthropic_set_betas:
 * @request: a request
 * @prompt: what is said: its parameter `betas`, a list of names, is meant for the header
 *
 * Sets `anthropic-beta`.
 */
void       sc_anthropic_set_betas       (ScHttpRequest             *request,
                                         const ScPrompt            *prompt);

/**
 * sc_anthropic_create_messages:
 * @variant: through which door
 * @prompt: what to say
 * @error: return location
 *
 * Says the conversation the way this protocol wants it: neighbours of one role in one message, all
 * results of one turn's calls in the user message after it and first in it, no empty text, raw
 * content back to its own model.
 *
 * Returns: (transfer full) (nullable): the messages, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   an attachment cannot be sent
 */
JsonArray *sc_anthropic_create_messages (const ScAnthropicVariant  *variant,
                                         const ScPrompt            *prompt,
                                         GError                   **error);

/**
 * sc_anthropic_add_reasoning:
 * @body: a body whose `max_tokens` is set
 * @model: (nullable): the model's id
 * @effort: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`
 *
 * Says how hard to think in the words that this model knows: an effort where it has that, else a
 * budget of tokens, which never leaves less than a fourth of `max_tokens` for the answer.
 */
void       sc_anthropic_add_reasoning   (JsonObject                *body,
                                         const char                *model,
                                         const char                *effort);

/**
 * sc_anthropic_get_max_tokens:
 * @model: (nullable): the model's id
 *
 * This protocol wants a limit in every request.
 *
 * Returns: the limit to send where the user set none
 */
gint64     sc_anthropic_get_max_tokens  (const char                *model);

G_END_DECLS
