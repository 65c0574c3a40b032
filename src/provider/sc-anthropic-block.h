/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One content block of an answer of Anthropic's Messages while it grows: what was shown of it, and
 * what has to go back unchanged. Private to its decoder; pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ScAnthropicBlockKind:
 * @SC_ANTHROPIC_TEXT: text of the answer
 * @SC_ANTHROPIC_THINKING: reasoning, with a signature
 * @SC_ANTHROPIC_CALL: a call of a tool of ours
 * @SC_ANTHROPIC_SERVER_CALL: a call of a tool that runs at the service
 * @SC_ANTHROPIC_OPAQUE: anything else; it comes complete or is not understood
 */
typedef enum
{
  SC_ANTHROPIC_TEXT,
  SC_ANTHROPIC_THINKING,
  SC_ANTHROPIC_CALL,
  SC_ANTHROPIC_SERVER_CALL,
  SC_ANTHROPIC_OPAQUE,
} ScAnthropicBlockKind;

/**
 * ScAnthropicBlock:
 * @kind: what it is
 * @index: the service's number of it
 * @start: (nullable): the block as it was opened
 * @text: text, reasoning, or the JSON text of a call's input, so far
 * @signature: (nullable): the signature of reasoning
 * @citations: (nullable): what was cited
 * @first_char: where its text begins in the answer, in code points
 * @is_closed: its end came
 *
 * Made by sc_anthropic_block_new(); the decoder fills it.
 */
typedef struct
{
  ScAnthropicBlockKind  kind;
  gint64                index;
  JsonObject           *start;
  GString              *text;
  char                 *signature;
  JsonArray            *citations;
  gint64                first_char;
  gboolean              is_closed;
} ScAnthropicBlock;

/**
 * sc_anthropic_block_new:
 * @index: the service's number of it
 * @start: (nullable): the block as it was opened; a reference is kept
 * @kind: what it is if @start is %NULL
 *
 * Returns: (transfer full): a block
 */
ScAnthropicBlock *sc_anthropic_block_new       (gint64                  index,
                                                JsonObject             *start,
                                                ScAnthropicBlockKind    kind);

/**
 * sc_anthropic_block_free:
 * @self: (nullable) (transfer full): a block
 *
 * Frees it.
 */
void              sc_anthropic_block_free      (ScAnthropicBlock       *self);

/**
 * sc_anthropic_block_set_member:
 * @self: a block
 * @name: a member
 * @source: an object that may have that member
 *
 * Copies a member of @source into the block as it goes back.
 */
void              sc_anthropic_block_set_member (ScAnthropicBlock      *self,
                                                const char             *name,
                                                JsonObject             *source);

/**
 * sc_anthropic_block_to_json:
 * @self: a block
 *
 * Returns: (transfer full) (nullable): the block as it has to go back, or %NULL if it must not:
 *   empty text, reasoning that was cut before its signature
 */
JsonObject       *sc_anthropic_block_to_json   (ScAnthropicBlock       *self);

/**
 * sc_anthropic_block_is_plain:
 * @self: a block
 *
 * Returns: %TRUE if text, name and arguments say all of it
 */
gboolean          sc_anthropic_block_is_plain  (ScAnthropicBlock       *self);

G_END_DECLS
