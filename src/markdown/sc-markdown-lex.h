/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small pieces of markdown's grammar on a text that may still grow: each answers yes, no, or that it needs more. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*< private >
 * ScMarkdownMatch:
 *
 * Whether a construct stands at a place of a text that may go on.
 */
typedef enum
{
  SC_MARKDOWN_NO,
  SC_MARKDOWN_YES,
  SC_MARKDOWN_MORE,
} ScMarkdownMatch;

/*< private >
 * ScMarkdownPiece:
 * @text: a text
 * @length: its length
 *
 * What there is to read so far.
 */
typedef struct
{
  const char *text;
  gsize       length;
} ScMarkdownPiece;

/*< private >
 * ScMarkdownDefinition:
 * @label: place of the label, without brackets
 * @label_length: its length
 * @end: the byte after the definition and its line
 *
 * A link reference definition.
 */
typedef struct
{
  gsize label;
  gsize label_length;
  gsize end;
} ScMarkdownDefinition;

/* Inlines; @at is the place of the first character of the construct, @end receives the place after it. */

/*< private >
 * sc_markdown_lex_tag:
 *
 * A raw tag, comment, instruction, declaration or CDATA section.
 */
ScMarkdownMatch sc_markdown_lex_tag (ScMarkdownPiece  piece,
                                     gsize            at,
                                     gsize           *end);

/*< private >
 * sc_markdown_lex_autolink:
 *
 * "<address>".
 */
ScMarkdownMatch sc_markdown_lex_autolink (ScMarkdownPiece  piece,
                                          gsize            at,
                                          gsize           *end);

/*< private >
 * sc_markdown_lex_entity:
 *
 * "&name;" by its form; only cmark knows the names.
 */
ScMarkdownMatch sc_markdown_lex_entity (ScMarkdownPiece  piece,
                                        gsize            at,
                                        gsize           *end);

/*< private >
 * sc_markdown_lex_label:
 *
 * "[label]" with no bracket inside that is not escaped.
 */
ScMarkdownMatch sc_markdown_lex_label (ScMarkdownPiece  piece,
                                       gsize            at,
                                       gsize           *end);

/*< private >
 * sc_markdown_lex_resource:
 *
 * "(destination "title")" of a link or an image.
 */
ScMarkdownMatch sc_markdown_lex_resource (ScMarkdownPiece   piece,
                                          gsize             at,
                                          gsize            *end,
                                          char            **url);

/*< private >
 * sc_markdown_lex_definition:
 *
 * A definition at the start of a paragraph's text; @is_final: the paragraph has no further line.
 */
ScMarkdownMatch sc_markdown_lex_definition (ScMarkdownPiece       piece,
                                            gsize                 at,
                                            gboolean              is_final,
                                            ScMarkdownDefinition *definition);

/*< private >
 * sc_markdown_normalize_label:
 *
 * Returns: (transfer full): the label as labels are compared: no outer, single inner white space, folded case.
 */
char *sc_markdown_normalize_label (const char *label,
                                   gsize       length);

/*< private >
 * sc_markdown_is_blank:
 *
 * Returns: whether @c is ASCII white space
 */
gboolean sc_markdown_is_blank (char c);

/*< private >
 * sc_markdown_skip_blanks:
 *
 * Returns: the place of the first character from @at that is no white space
 */
gsize sc_markdown_skip_blanks (ScMarkdownPiece piece,
                               gsize           at);

/*< private >
 * sc_markdown_is_space:
 *
 * Returns: whether @c is white space to the rules of emphasis
 */
gboolean sc_markdown_is_space (gunichar c);

/*< private >
 * sc_markdown_is_punctuation:
 *
 * Returns: whether @c is punctuation to the rules of emphasis
 */
gboolean sc_markdown_is_punctuation (gunichar c);

/* Lines; @is_complete tells that the line ends with the piece. */

/*< private >
 * sc_markdown_line_heading:
 *
 * "# ": @end receives the place of its text.
 */
ScMarkdownMatch sc_markdown_line_heading (ScMarkdownPiece  line,
                                          gsize            at,
                                          gboolean         is_complete,
                                          gsize           *end,
                                          int             *level);

/*< private >
 * sc_markdown_line_fence:
 *
 * The info string decides, so that nothing is known before the end of the line.
 */
ScMarkdownMatch sc_markdown_line_fence (ScMarkdownPiece  line,
                                        gsize            at,
                                        gboolean         is_complete,
                                        gsize           *end);

/*< private >
 * sc_markdown_line_fence_end:
 *
 * The end of a fence of @fence_length times @fence.
 */
ScMarkdownMatch sc_markdown_line_fence_end (ScMarkdownPiece line,
                                            gsize           at,
                                            gboolean        is_complete,
                                            char            fence,
                                            gsize           fence_length);

/*< private >
 * sc_markdown_line_html:
 *
 * The start of an HTML block; @type is 1 to 7 as in CommonMark 4.6.
 */
ScMarkdownMatch sc_markdown_line_html (ScMarkdownPiece  line,
                                       gsize            at,
                                       gboolean         is_complete,
                                       gboolean         is_interrupting,
                                       int             *type);

/*< private >
 * sc_markdown_line_html_ends:
 *
 * Returns: whether the line ends an HTML block of @type, 1 to 5
 */
gboolean sc_markdown_line_html_ends (ScMarkdownPiece line,
                                     gsize           at,
                                     int             type);

/*< private >
 * sc_markdown_line_setext:
 *
 * The underline of a heading.
 */
ScMarkdownMatch sc_markdown_line_setext (ScMarkdownPiece  line,
                                         gsize            at,
                                         gboolean         is_complete,
                                         int             *level);

/*< private >
 * sc_markdown_line_rule:
 *
 * @failed_at keeps where the last try on this line failed, so that "- - - - x" is read once, not once a marker.
 */
ScMarkdownMatch sc_markdown_line_rule (ScMarkdownPiece  line,
                                       gsize            at,
                                       gboolean         is_complete,
                                       gsize           *failed_at);

/*< private >
 * sc_markdown_line_marker:
 *
 * @kind receives the bullet, or the character after the number.
 */
ScMarkdownMatch sc_markdown_line_marker (ScMarkdownPiece  line,
                                         gsize            at,
                                         gboolean         is_complete,
                                         gboolean         is_interrupting,
                                         gsize           *end,
                                         char            *kind,
                                         int             *number);

/*< private >
 * sc_markdown_line_delimiters:
 *
 * A table's delimiter row; @aligns receives its columns.
 */
ScMarkdownMatch sc_markdown_line_delimiters (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             GArray          *aligns);

/*< private >
 * sc_markdown_line_task:
 *
 * A task box as cmark-gfm reads it: only where the item's marker begins the whole line.
 */
ScMarkdownMatch sc_markdown_line_task (ScMarkdownPiece  line,
                                       gboolean         is_complete,
                                       int             *checked);

/*< private >
 * ScMarkdownRun:
 * @length: how many characters
 * @before: the character before them, a line feed at the start
 * @next: the character behind them, a line feed at the end
 * @is_left: they are left-flanking
 * @is_right: they are right-flanking
 * @can_open: they may begin emphasis
 * @can_close: they may end it
 *
 * Some "*", "_" or "~" in a row.
 */
typedef struct
{
  gsize    length;
  gunichar before;
  gunichar next;
  gboolean is_left;
  gboolean is_right;
  gboolean can_open;
  gboolean can_close;
} ScMarkdownRun;

/*< private >
 * sc_markdown_lex_run:
 *
 * Returns: the run that begins at @at (CommonMark 6.4)
 */
ScMarkdownRun sc_markdown_lex_run (ScMarkdownPiece text,
                                   gsize           at);

G_END_DECLS
