/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `reasoning_details` of OpenRouter: a list of reasoning blocks that arrives in pieces and has to
 * be sent back merged and unchanged. Private to the openai-chat decoder. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScOpenaiDetails ScOpenaiDetails;

/**
 * sc_openai_details_new:
 *
 * Returns: (transfer full): an empty list
 */
ScOpenaiDetails *sc_openai_details_new      (void);

/**
 * sc_openai_details_free:
 * @self: (nullable) (transfer full): a list
 *
 * Frees it.
 */
void             sc_openai_details_free     (ScOpenaiDetails *self);

/**
 * sc_openai_details_add:
 * @self: a list
 * @items: the pieces of one delta
 *
 * Merges them in: the same type and the same index (or id) is the same block, its text, summary or
 * data grows, every other member takes its newest value.
 */
void             sc_openai_details_add      (ScOpenaiDetails *self,
                                             JsonArray       *items);

/**
 * sc_openai_details_is_empty:
 * @self: a list
 *
 * Returns: %TRUE if nothing came
 */
gboolean         sc_openai_details_is_empty (ScOpenaiDetails *self);

/**
 * sc_openai_details_create_array:
 * @self: a list
 *
 * Returns: (transfer full): the merged list
 */
JsonArray       *sc_openai_details_create_array (ScOpenaiDetails *self);

/**
 * sc_openai_details_dup_text:
 * @items: the pieces of one delta
 *
 * Returns: (transfer full): what of it is meant to be read, maybe ""
 */
char            *sc_openai_details_dup_text (JsonArray       *items);

G_END_DECLS
