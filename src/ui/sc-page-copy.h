/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copying from the model: markdown as plain text, rich text made only when somebody pastes it. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * sc_page_dup_text:
 * @page: a page
 * @from: first character
 * @to: the one after the last
 *
 * The text of a range: whole messages and several blocks as markdown, a piece of one block as plain text.
 *
 * Returns: (transfer full): the text
 */
char               *sc_page_dup_text           (ScPage     *page,
                                                guint       from,
                                                guint       to);

/**
 * sc_page_create_content:
 * @markdown: (transfer full): text
 *
 * Returns: (transfer full): content for a clipboard: the text, and HTML on demand
 */
GdkContentProvider *sc_page_create_content     (char       *markdown);

/**
 * sc_page_dup_block_text:
 * @entry: a turn on a page
 * @index: a block of it
 *
 * Returns: (transfer full): the text of a block, as code is copied
 */
char               *sc_page_dup_block_text     (ScPageEntry *entry,
                                                guint        index);

G_END_DECLS
