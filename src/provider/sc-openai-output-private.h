/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two halves of ScOpenaiOutput share: its events, its end. */

#pragma once

#include "sc-openai-item-table.h"
#include "sc-openai-output.h"

G_BEGIN_DECLS

/**
 * ScOpenaiOutput:
 * @decoder: whose events are emitted
 * @table: the items
 * @n_chars: how many characters of text were shown
 * @has_refusal: a part of it was a refusal
 * @has_raw_marks: an item to be sent back holds marked halves of characters
 */
struct _ScOpenaiOutput
{
  ScDecoder         *decoder;
  ScOpenaiItemTable  table;
  gint64             n_chars;
  gboolean           has_refusal;
  gboolean           has_raw_marks;
};

/**
 * sc_openai_output_complete_item:
 * @self: an output
 * @item: an item
 * @object: the whole of it, which is kept
 *
 * Takes what of it did not come before.
 */
void sc_openai_output_complete_item (ScOpenaiOutput *self,
                                     ScOpenaiItem   *item,
                                     JsonObject     *object);

G_END_DECLS
