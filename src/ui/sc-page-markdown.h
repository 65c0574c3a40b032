/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks back to markdown: a part of an answer as text that means the same to whoever reads it. Pure. */

#pragma once

#include "sc-markdown.h"

G_BEGIN_DECLS

typedef struct _ScPageMarkdown ScPageMarkdown;

/**
 * sc_page_markdown_new:
 * @out: where to; must live longer
 *
 * Returns: (transfer full): a writer that has written nothing
 */
ScPageMarkdown *sc_page_markdown_new          (GString               *out);

/**
 * sc_page_markdown_free:
 * @self: (nullable) (transfer full): a writer
 *
 * Ends what was begun and frees it.
 */
void            sc_page_markdown_free         (ScPageMarkdown        *self);

/**
 * sc_page_markdown_append:
 * @self: a writer
 * @block: the next block
 * @from: first byte of its text, first row of a table
 * @to: the one after the last; more than there are means all
 *
 * Writes a block or a part of it behind the blocks before. A table keeps its head.
 */
void            sc_page_markdown_append       (ScPageMarkdown        *self,
                                               const ScMarkdownBlock *block,
                                               guint                  from,
                                               guint                  to);

/**
 * sc_page_markdown_append_inline:
 * @out: where to
 * @text: a text
 * @from: first byte
 * @to: the byte after the last
 * @is_cell: it is a cell of a table
 *
 * Writes a text with its styles, on one line but for hard breaks.
 */
void            sc_page_markdown_append_inline (GString              *out,
                                                const ScMarkdownText *text,
                                                guint                 from,
                                                guint                 to,
                                                gboolean              is_cell);

/**
 * sc_page_markdown_append_code:
 * @out: where to
 * @code: code
 * @length: how many bytes
 * @language: (nullable): its language
 *
 * Writes a fence around code that the code cannot end.
 */
void            sc_page_markdown_append_code  (GString               *out,
                                               const char            *code,
                                               gsize                  length,
                                               const char            *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPageMarkdown, sc_page_markdown_free)

G_END_DECLS
