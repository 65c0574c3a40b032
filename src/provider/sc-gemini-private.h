/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the halves of the gemini request builder share. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScGeminiThinking:
 * @SC_GEMINI_THINKING_NONE: not known to think
 * @SC_GEMINI_THINKING_BUDGET: thinks by a number of tokens (2.5)
 * @SC_GEMINI_THINKING_LEVEL: thinks by a level (3 and later)
 *
 * How a model is told how much to think.
 */
typedef enum
{
  SC_GEMINI_THINKING_NONE,
  SC_GEMINI_THINKING_BUDGET,
  SC_GEMINI_THINKING_LEVEL,
} ScGeminiThinking;

/**
 * sc_gemini_get_thinking:
 * @model: (nullable): a model's id
 *
 * Returns: how it is told
 */
ScGeminiThinking sc_gemini_get_thinking    (const char       *model);

/**
 * sc_gemini_create_contents:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Says the conversation: raw parts with their signatures only back to the protocol and model that
 * made them, all results of a message's calls in one turn, attachments as parts.
 *
 * Returns: (transfer full) (nullable): the contents, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   an attachment cannot be sent
 */
JsonArray       *sc_gemini_create_contents (const ScProfile  *profile,
                                            const ScPrompt   *prompt,
                                            GError          **error);

/**
 * sc_gemini_create_instruction:
 * @prompt: what to say
 *
 * Returns: (transfer full) (nullable): all system messages as one content, %NULL if there are none
 */
JsonObject      *sc_gemini_create_instruction (const ScPrompt *prompt);

/**
 * sc_gemini_add_parameters:
 * @body: the body, changed in place
 * @prompt: whose parameters and model count
 *
 * Adds what the user set, in the service's spelling, and asks a model that thinks to show what it
 * thought.
 */
void             sc_gemini_add_parameters  (JsonObject       *body,
                                            const ScPrompt   *prompt);

G_END_DECLS
