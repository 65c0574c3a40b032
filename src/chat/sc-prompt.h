/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the shown path of a conversation to what is said to the model. */

#pragma once

#include "sc-conversation.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/** SC_PROMPT_STREAM_MEMBER: the member of a conversation's parameters that says whether its answers
 * are streamed, a boolean; absent is as the profile says. It is ours and never sent */
#define SC_PROMPT_STREAM_MEMBER "stream-chat:stream"

/**
 * sc_prompt_new_from_path:
 * @conversation: a conversation
 * @answer: the turn that waits for the answer: what stands before it is said
 * @profile: whom to ask: its model, instructions and parameters count where the conversation has
 *   none of its own
 *
 * Kept text of stopped and interrupted answers is said too, for the reader saw it and answers to
 * it; answers without text are left out. Tool calls are said only together with their results, as
 * every service demands.
 *
 * Returns: (transfer full): the prompt
 */
ScPrompt *sc_prompt_new_from_path     (ScConversation  *conversation,
                                       ScTurn          *answer,
                                       const ScProfile *profile);

/**
 * sc_prompt_merge_parameters:
 * @defaults: (nullable): JSON object text
 * @overrides: (nullable): JSON object text; its members win
 *
 * Returns: (transfer full) (nullable): an object with the members of both but those that are never
 *   sent, %NULL if there are none
 */
JsonNode *sc_prompt_merge_parameters  (const char      *defaults,
                                       const char      *overrides);

G_END_DECLS
