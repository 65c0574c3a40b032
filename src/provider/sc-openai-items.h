/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items: what OpenAI's newer protocols (Responses, Realtime) make a conversation of. Messages,
 * reasoning, tool calls and their results are neighbours of equal rank, not members of each other.
 * Private to the request builders of these protocols. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"

G_BEGIN_DECLS

/**
 * ScOpenaiItemsFlavour:
 * @has_files: PDF files may be part of a message, and files part of a tool result
 * @has_raw: reasoning that an earlier answer of the same model brought is sent back
 * @has_strict: a tool's definition needs `strict`
 *
 * What the protocols make of items.
 */
typedef struct
{
  gboolean has_files;
  gboolean has_raw;
  gboolean has_strict;
} ScOpenaiItemsFlavour;

/**
 * sc_openai_items_create_input:
 * @flavour: for which protocol
 * @prompt: what to say; its system prompt is not among the items
 * @error: return location
 *
 * Says the conversation as items, every tool call answered directly after the message it came with.
 *
 * Returns: (transfer full) (nullable): the items, or %NULL with %SC_ERROR_INVALID_REQUEST set if an
 *   attachment cannot be sent
 */
JsonArray *sc_openai_items_create_input (const ScOpenaiItemsFlavour  *flavour,
                                         const ScPrompt              *prompt,
                                         GError                     **error);

/**
 * sc_openai_items_create_tools:
 * @flavour: for which protocol
 * @tools: (nullable): the prompt's tools
 *
 * Returns: (transfer full) (nullable): the definitions, %NULL if there is none
 */
JsonArray *sc_openai_items_create_tools (const ScOpenaiItemsFlavour  *flavour,
                                         JsonNode                    *tools);

G_END_DECLS
