/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The output of OpenAI's Responses and Realtime while it arrives: items with an index each, made of
 * parts with an index each, told of in deltas, then in "done" events that repeat the whole. What
 * deltas left out is taken from the whole; what was shown is never shown twice. Private to the
 * decoders of these protocols. */

#pragma once

#include "sc-decoder.h"

G_BEGIN_DECLS

typedef struct _ScOpenaiOutput ScOpenaiOutput;

/**
 * sc_openai_output_new:
 * @decoder: whose events to emit; must outlive the output
 *
 * Returns: (transfer full): an empty output
 */
ScOpenaiOutput *sc_openai_output_new         (ScDecoder      *decoder);

/**
 * sc_openai_output_free:
 * @self: (nullable) (transfer full): an output
 *
 * Frees it.
 */
void            sc_openai_output_free        (ScOpenaiOutput *self);

/**
 * sc_openai_output_take_event:
 * @self: an output
 * @type: the event's type
 * @root: the event
 *
 * Takes an event about an item or a part; others are passed over.
 *
 * Returns: %TRUE if it was one
 */
gboolean        sc_openai_output_take_event  (ScOpenaiOutput *self,
                                              const char     *type,
                                              JsonObject     *root);

/**
 * sc_openai_output_take_whole:
 * @self: an output
 * @items: (nullable): the items of a complete response
 *
 * Fills the gaps: what came before is not repeated.
 */
void            sc_openai_output_take_whole  (ScOpenaiOutput *self,
                                              JsonArray      *items);

/**
 * sc_openai_output_take_usage:
 * @self: an output
 * @usage: (nullable): the `usage` of a response
 *
 * Takes the token counts, in the spelling of either protocol.
 */
void            sc_openai_output_take_usage  (ScOpenaiOutput *self,
                                              JsonObject     *usage);

/**
 * sc_openai_output_end:
 * @self: an output
 * @status: (nullable): the status of the response that is over, any but `failed`
 * @reason: (nullable): the service's word for why it is incomplete
 *
 * Ends the decoder. Calls whose item was not completed are dropped; a refusal is the reason where
 * there was one.
 */
void            sc_openai_output_end         (ScOpenaiOutput *self,
                                              const char     *status,
                                              const char     *reason);

/**
 * sc_openai_output_dup_raw:
 * @self: an output
 *
 * Returns: (transfer full) (nullable): the items as they have to be sent back, a JSON array, or
 *   %NULL where text and calls say all, or an item is not complete
 */
char           *sc_openai_output_dup_raw     (ScOpenaiOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOpenaiOutput, sc_openai_output_free)

G_END_DECLS
