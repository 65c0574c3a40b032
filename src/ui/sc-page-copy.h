/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copying from the model. */

#pragma once

#include "sc-page-content.h"
#include "sc-page.h"

G_BEGIN_DECLS

/**
 * sc_page_copy_range:
 * @page: a page
 * @from: first character
 * @to: the one after the last
 *
 * Copies a range: whole messages and several blocks as markdown, a piece of one block as plain text too. Costs what is
 * copied, and not what the answer is that it is a part of.
 *
 * Returns: (transfer full): the copy
 */
ScPageCopy *sc_page_copy_range     (ScPage       *page,
                                    guint         from,
                                    guint         to);

/**
 * sc_page_copy_message:
 * @turn: a message
 *
 * Returns: (transfer full): a copy of all of it
 */
ScPageCopy *sc_page_copy_message   (ScTurn       *turn);

/**
 * sc_page_dup_text:
 * @page: a page
 * @from: first character
 * @to: the one after the last
 *
 * Returns: (transfer full): a range as plain text
 */
char       *sc_page_dup_text       (ScPage       *page,
                                    guint         from,
                                    guint         to);

/**
 * sc_page_dup_block_text:
 * @entry: a turn on a page
 * @index: a block of it
 *
 * Returns: (transfer full): the text of a block, as code is copied
 */
char       *sc_page_dup_block_text (ScPageEntry  *entry,
                                    guint         index);

G_END_DECLS
