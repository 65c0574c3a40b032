/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is copied, in the forms in which it can be pasted. */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * ScPageCopy:
 * @text: what is pasted as plain text
 * @markdown: (nullable): what is pasted as markdown; %NULL where @text is
 * @words: (element-type ScPageWords): pieces of the markdown that were meant as they stand, in order
 * @n_parsed: bytes of answers that had to be read again
 *
 * A piece of the page, taken off it.
 */
typedef struct
{
  char   *text;
  char   *markdown;
  GArray *words;
  gsize   n_parsed;
} ScPageCopy;

/**
 * ScPageWords:
 * @start: first byte
 * @end: the one after the last
 */
typedef struct
{
  gsize start;
  gsize end;
} ScPageWords;

/**
 * ScPageCopyFunc:
 * @user_data: what was given with the function
 *
 * Returns: (transfer full) (nullable): what there is to paste now
 */
typedef ScPageCopy *(*ScPageCopyFunc) (gpointer user_data);

/**
 * sc_page_copy_new:
 *
 * Returns: (transfer full): a copy of nothing
 */
ScPageCopy         *sc_page_copy_new           (void);

/**
 * sc_page_copy_free:
 * @self: (nullable) (transfer full): a copy
 *
 * Frees it.
 */
void                sc_page_copy_free          (ScPageCopy         *self);

/**
 * sc_page_copy_dup_html:
 * @self: a copy
 *
 * Returns: (transfer full): it as HTML; what was meant as it stands keeps its lines
 */
char               *sc_page_copy_dup_html      (const ScPageCopy   *self);

/**
 * sc_page_content_new:
 * @copy: (transfer full): what was copied
 *
 * Returns: (transfer full): content for a clipboard: plain text, markdown, and HTML made when it is pasted
 */
GdkContentProvider *sc_page_content_new        (ScPageCopy         *copy);

/**
 * sc_page_content_new_later:
 * @func: asked whenever something is pasted
 * @user_data: for @func
 *
 * Returns: (transfer full): the same of what there will be
 */
GdkContentProvider *sc_page_content_new_later  (ScPageCopyFunc      func,
                                                gpointer            user_data);

/**
 * sc_page_content_forget:
 * @content: content made by sc_page_content_new_later()
 *
 * Its function is not asked any more.
 */
void                sc_page_content_forget     (GdkContentProvider *content);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPageCopy, sc_page_copy_free)

G_END_DECLS
