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
ScMarkdownMatch sc_markdown_lex_tag         (ScMarkdownPiece  piece,
                                             gsize            at,
                                             gsize           *end);
ScMarkdownMatch sc_markdown_lex_autolink    (ScMarkdownPiece  piece,
                                             gsize            at,
                                             gsize           *end);
ScMarkdownMatch sc_markdown_lex_entity      (ScMarkdownPiece  piece,
                                             gsize            at,
                                             gsize           *end);
ScMarkdownMatch sc_markdown_lex_label       (ScMarkdownPiece  piece,
                                             gsize            at,
                                             gsize           *end);
ScMarkdownMatch sc_markdown_lex_resource    (ScMarkdownPiece  piece,
                                             gsize            at,
                                             gsize           *end,
                                             char           **url);
ScMarkdownMatch sc_markdown_lex_definition  (ScMarkdownPiece       piece,
                                             gsize                 at,
                                             gboolean              is_final,
                                             ScMarkdownDefinition *definition);
char           *sc_markdown_normalize_label (const char      *label,
                                             gsize            length);
gboolean        sc_markdown_is_space        (gunichar         c);
gboolean        sc_markdown_is_punctuation  (gunichar         c);

/* Lines; @is_complete tells that the line ends with the piece. */
ScMarkdownMatch sc_markdown_line_heading    (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             gsize           *end,
                                             int             *level);
ScMarkdownMatch sc_markdown_line_fence      (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             gsize           *end);
ScMarkdownMatch sc_markdown_line_fence_end  (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             char             fence,
                                             gsize            fence_length);
ScMarkdownMatch sc_markdown_line_html       (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             gboolean         is_interrupting,
                                             int             *type);
gboolean        sc_markdown_line_html_ends  (ScMarkdownPiece  line,
                                             gsize            at,
                                             int              type);
ScMarkdownMatch sc_markdown_line_setext     (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             int             *level);
ScMarkdownMatch sc_markdown_line_rule       (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             gsize           *failed_at);
ScMarkdownMatch sc_markdown_line_marker     (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             gboolean         is_interrupting,
                                             gsize           *end,
                                             char            *kind,
                                             int             *number);
ScMarkdownMatch sc_markdown_line_delimiters (ScMarkdownPiece  line,
                                             gsize            at,
                                             gboolean         is_complete,
                                             GArray          *aligns);
ScMarkdownMatch sc_markdown_line_task       (ScMarkdownPiece  line,
                                             gboolean         is_complete,
                                             int             *checked);

G_END_DECLS
