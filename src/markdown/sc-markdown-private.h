/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this folder share: the list of blocks with the marks that become splices, and the way from
 * cmark's tree to blocks. */

#pragma once

#include <cmark-gfm.h>

#include "sc-markdown.h"

G_BEGIN_DECLS

/*< private >
 * ScMarkdownTouch:
 *
 * What happened to a block since the view was last told.
 */
typedef enum
{
  SC_MARKDOWN_UNTOUCHED,
  SC_MARKDOWN_CLOSED,   /* only `is_closed` */
  SC_MARKDOWN_EDITED,   /* text after `keep_bytes`, rows after `keep_rows` */
  SC_MARKDOWN_REPLACED, /* anything */
} ScMarkdownTouch;

/*< private >
 * ScMarkdownEntry:
 * @block: what the view sees; first, so that one pointer is both
 * @strings: (nullable): the addresses that its spans point to
 * @touch: what happened since the last update
 * @keep_bytes: bytes of text that are as they were
 * @keep_rows: rows that are as they were
 */
typedef struct
{
  ScMarkdownBlock  block;
  GPtrArray       *strings;
  ScMarkdownTouch  touch;
  guint            keep_bytes;
  guint            keep_rows;
} ScMarkdownEntry;

/*< private >
 * ScMarkdownList:
 * @entries: (element-type ScMarkdownEntry): the blocks
 * @n_shown: how many the view knows
 * @n_before: how many it knew before this update
 * @touched: (element-type guint): indices below @n_shown whose entry is touched, in any order
 * @changes: (element-type ScMarkdownChange): the splices of the last update
 */
typedef struct
{
  GPtrArray *entries;
  guint      n_shown;
  guint      n_before;
  GArray    *touched;
  GArray    *changes;
} ScMarkdownList;

/* Texts. */

/*< private >
 * sc_markdown_text_init:
 *
 * Makes an empty text.
 */
void sc_markdown_text_init (ScMarkdownText *text);

/*< private >
 * sc_markdown_text_clear:
 *
 * Frees what the text holds.
 */
void sc_markdown_text_clear (ScMarkdownText *text);

/*< private >
 * sc_markdown_text_append:
 *
 * Spans never overlap and come in order, so that only the last one can grow. A hard break stays a span of its own.
 */
void sc_markdown_text_append (ScMarkdownText *text,
                              const char     *bytes,
                              gsize           length,
                              guint           styles,
                              const char     *target,
                              const char     *link);

/*< private >
 * sc_markdown_text_append_image:
 *
 * An image without alternative text: there is nothing to style, but somebody has to know of it.
 */
void sc_markdown_text_append_image (ScMarkdownText *text,
                                    guint           styles,
                                    const char     *target,
                                    const char     *link);

/*< private >
 * sc_markdown_text_truncate:
 *
 * Cuts text and spans.
 */
void sc_markdown_text_truncate (ScMarkdownText *text,
                                gsize           length);

/*< private >
 * sc_markdown_text_compare:
 *
 * Returns how many bytes of text and styles @a and @b share from the start, G_MAXUINT if they are equal. The place
 * is never inside a character.
 */
guint sc_markdown_text_compare (const ScMarkdownText *a,
                                const ScMarkdownText *b);

/*< private >
 * sc_markdown_cell_new:
 *
 * Returns: (transfer full): an empty cell
 */
ScMarkdownText *sc_markdown_cell_new (void);

/*< private >
 * sc_markdown_cell_free:
 *
 * Frees a cell.
 */
void sc_markdown_cell_free (ScMarkdownText *cell);

/*< private >
 * sc_markdown_row_new:
 *
 * Returns: (transfer full): a row of @n_cells empty cells
 */
GPtrArray *sc_markdown_row_new (guint n_cells);

/* Entries. */

/*< private >
 * sc_markdown_entry_new:
 *
 * Returns: (transfer full): an open block with nothing in it
 */
ScMarkdownEntry *sc_markdown_entry_new (ScMarkdownKind kind);

/*< private >
 * sc_markdown_entry_free:
 *
 * Frees a block with all it holds.
 */
void sc_markdown_entry_free (ScMarkdownEntry *entry);

/*< private >
 * sc_markdown_entry_take:
 *
 * Gives @string to the block for as long as it lives.
 */
const char *sc_markdown_entry_take (ScMarkdownEntry *entry,
                                    char            *string);

/*< private >
 * sc_markdown_entry_same_fields:
 *
 * Everything but the text, the rows and `is_closed`.
 */
gboolean sc_markdown_entry_same_fields (const ScMarkdownEntry *a,
                                        const ScMarkdownEntry *b);

/*< private >
 * sc_markdown_entry_same_rows:
 *
 * How many rows from the top are the same.
 */
guint sc_markdown_entry_same_rows (const ScMarkdownEntry *a,
                                   const ScMarkdownEntry *b);

/*< private >
 * sc_markdown_entry_equal:
 *
 * Nothing that is shown differs; `is_closed` may.
 */
gboolean sc_markdown_entry_equal (const ScMarkdownEntry *a,
                                  const ScMarkdownEntry *b);

/* The list. */

/*< private >
 * sc_markdown_list_init:
 *
 * Makes an empty list.
 */
void sc_markdown_list_init (ScMarkdownList *self);

/*< private >
 * sc_markdown_list_clear:
 *
 * Frees what the list holds.
 */
void sc_markdown_list_clear (ScMarkdownList *self);

/*< private >
 * sc_markdown_list_get:
 *
 * Returns: (transfer none): the block at @index
 */
ScMarkdownEntry *sc_markdown_list_get (ScMarkdownList *self,
                                       guint           index);

/*< private >
 * sc_markdown_list_push:
 *
 * Appends; takes @entry. Where the view still shows another block at this place it is replaced there.
 */
void sc_markdown_list_push (ScMarkdownList  *self,
                            ScMarkdownEntry *entry);

/*< private >
 * sc_markdown_list_truncate:
 *
 * Takes away the blocks from @length on.
 */
void sc_markdown_list_truncate (ScMarkdownList *self,
                                guint           length);

/*< private >
 * sc_markdown_list_touch:
 *
 * Notes that the block changed. Of several changes the least is kept.
 */
void sc_markdown_list_touch (ScMarkdownList  *self,
                             guint            index,
                             ScMarkdownTouch  touch,
                             guint            keep_bytes,
                             guint            keep_rows);

/*< private >
 * sc_markdown_list_replace:
 *
 * Puts @entry, which is taken, where another one was, and notes what differs.
 */
void sc_markdown_list_replace (ScMarkdownList  *self,
                               guint            index,
                               ScMarkdownEntry *entry);

/*< private >
 * sc_markdown_list_reconcile:
 *
 * Makes the @n_old blocks from @first on those of @truth, whose entries are taken, after a flush. What agrees at both
 * ends stays; between them block replaces block, or all are replaced where their numbers differ.
 */
void sc_markdown_list_reconcile (ScMarkdownList *self,
                                 guint           first,
                                 guint           n_old,
                                 GPtrArray      *truth);

/*< private >
 * sc_markdown_list_begin:
 *
 * A new update begins.
 */
void sc_markdown_list_begin (ScMarkdownList *self);

/*< private >
 * sc_markdown_list_flush:
 *
 * Adds the splices since the last flush to `changes`.
 */
void sc_markdown_list_flush (ScMarkdownList *self);

/* cmark. */

/*< private >
 * sc_markdown_parse:
 *
 * Parses @text, which is valid UTF-8, with @patches (sorted by offset, nullable) applied. The caller frees the
 * tree.
 */
cmark_node *sc_markdown_parse (const char   *text,
                               gsize         length,
                               const GArray *patches);

/*< private >
 * sc_markdown_tree_to_entries:
 *
 * Returns: (transfer full): the flat list of blocks (without a free function) of a tree.
 */
GPtrArray *sc_markdown_tree_to_entries (cmark_node *root);

/*< private >
 * sc_markdown_tree_to_text:
 *
 * Appends what the inlines of @leaf show to @text, which belongs to @owner.
 */
void sc_markdown_tree_to_text (cmark_node      *leaf,
                               ScMarkdownEntry *owner,
                               ScMarkdownText  *text);

/*< private >
 * sc_markdown_dup_language:
 *
 * Returns: (transfer full) (nullable): the first word of a fence's info string.
 */
char *sc_markdown_dup_language (const char *info,
                                gsize       length);

/*< private >
 * sc_markdown_dup_info:
 *
 * The same from the line as it stands, with escapes and entities.
 */
char *sc_markdown_dup_info (const char *info,
                            gsize       length);

/*< private >
 * sc_markdown_dup_entity:
 *
 * Returns: (transfer full) (nullable): what "&name;" stands for, NULL if it is none.
 */
char *sc_markdown_dup_entity (const char *entity,
                              gsize       length);

/*< private >
 * sc_markdown_stream_dup_html:
 *
 * HTML of the same tree.
 */
char *sc_markdown_stream_dup_html (ScMarkdownStream *self);

/*< private >
 * ScMarkdownPatch:
 * @offset: place in the text
 * @skip: bytes to leave out there
 * @insert: what to put there before cmark sees it
 */
typedef struct
{
  gsize       offset;
  gsize       skip;
  const char *insert;
} ScMarkdownPatch;

G_END_DECLS
