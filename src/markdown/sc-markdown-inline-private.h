/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the live inline scanner share. */

#pragma once

#include "sc-markdown-inline.h"

G_BEGIN_DECLS

/* An emphasis or code span that has not closed after so many bytes is text after all. */
#define GIVE_UP 512
/* Bytes that are waited for the end of a bracket, a tag. */
#define MAX_HOLD 256

/*< private >
 * Opener:
 * @marker: its character
 * @length: of the whole run, for the rule of three
 * @left: what no closer has used yet
 * @can_close: the run could be a closer, too
 * @at: its place in the source
 * @shown: bytes shown before it
 * @styles: the styles outside of it
 *
 * An emphasis that is taken to be closed later.
 */
typedef struct
{
  char     marker;
  guint    length;
  guint    left;
  gboolean can_close;
  gsize    at;
  guint    shown;
  guint    styles;
} Opener;

/*< private >
 * sc_markdown_inline_limit_piece:
 *
 * Returns: so much of the text from @at on: nothing looks further ahead, however much has come
 */
ScMarkdownPiece sc_markdown_inline_limit_piece (ScMarkdownPiece source,
                                                gsize           at,
                                                gsize           length);

/*< private >
 * sc_markdown_inline_show:
 *
 * Shows bytes with @styles besides those that hold.
 */
void     sc_markdown_inline_show          (ScMarkdownInline *self,
                                           const char       *bytes,
                                           gsize             length,
                                           guint             styles);

/*< private >
 * sc_markdown_inline_show_gap:
 *
 * Shows white space or the line break that was held back until something follows.
 */
void     sc_markdown_inline_show_gap      (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_show_text:
 *
 * Shows the next @length bytes as they are.
 */
void     sc_markdown_inline_show_text     (ScMarkdownInline *self,
                                           ScMarkdownPiece   source,
                                           gsize             length);

/*< private >
 * sc_markdown_inline_go_back:
 *
 * Goes back to @at, where @shown bytes were shown; guesses made since then are forgotten.
 */
void     sc_markdown_inline_go_back       (ScMarkdownInline *self,
                                           gsize             at,
                                           guint             shown,
                                           guint             styles);

/*< private >
 * sc_markdown_inline_mark_literal:
 *
 * Notes that the marker at @at is text.
 */
void     sc_markdown_inline_mark_literal  (ScMarkdownInline *self,
                                           gsize             at);

/*< private >
 * sc_markdown_inline_is_literal:
 *
 * Returns: whether the marker at @at is known to be text
 */
gboolean sc_markdown_inline_is_literal    (ScMarkdownInline *self,
                                           gsize             at);

/*< private >
 * sc_markdown_inline_drop_inner:
 *
 * Openers inside of the one at @index were text: goes back to the first of them.
 *
 * Returns: whether there was one
 */
gboolean sc_markdown_inline_drop_inner    (ScMarkdownInline *self,
                                           guint             index);

/*< private >
 * sc_markdown_inline_count_run:
 *
 * Returns: how many of @c stand at @at
 */
gsize    sc_markdown_inline_count_run     (ScMarkdownPiece   source,
                                           gsize             at,
                                           char              c);

/*< private >
 * sc_markdown_inline_give_up_openers:
 *
 * The oldest opener is out of reach: all of the older half are text.
 */
void     sc_markdown_inline_give_up_openers (ScMarkdownInline *self);

/* Readers of one token each: they return FALSE if nothing more can be decided now. */

/*< private >
 * sc_markdown_inline_read_emphasis:
 *
 * Reads a run of "*", "_" or "~".
 */
gboolean sc_markdown_inline_read_emphasis (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_read_ticks:
 *
 * Reads the backticks that begin a code span.
 */
gboolean sc_markdown_inline_read_ticks    (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_continue_code:
 *
 * Reads on inside of a code span.
 */
gboolean sc_markdown_inline_continue_code (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_read_bracket:
 *
 * Reads a "[" or "![".
 */
gboolean sc_markdown_inline_read_bracket  (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_leave_target:
 *
 * The text of the link or image is over: what is left is its address.
 */
gboolean sc_markdown_inline_leave_target  (ScMarkdownInline *self,
                                           ScMarkdownPiece   source,
                                           gboolean          is_image);

/*< private >
 * sc_markdown_inline_continue_url:
 *
 * Reads on inside of a bare address.
 */
gboolean sc_markdown_inline_continue_url  (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_read_word:
 *
 * Reads a word that may begin a bare address.
 */
gboolean sc_markdown_inline_read_word     (ScMarkdownInline *self,
                                           ScMarkdownPiece   source);

G_END_DECLS
