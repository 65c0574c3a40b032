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
void             sc_markdown_text_init       (ScMarkdownText       *text);
void             sc_markdown_text_clear      (ScMarkdownText       *text);
void             sc_markdown_text_append     (ScMarkdownText       *text,
                                              const char           *bytes,
                                              gsize                 length,
                                              guint                 styles,
                                              const char           *target,
                                              const char           *link);
void             sc_markdown_text_truncate   (ScMarkdownText       *text,
                                              gsize                 length);
guint            sc_markdown_text_compare    (const ScMarkdownText *a,
                                              const ScMarkdownText *b);
ScMarkdownText  *sc_markdown_cell_new        (void);
void             sc_markdown_cell_free       (ScMarkdownText       *cell);
GPtrArray       *sc_markdown_row_new         (guint                 n_cells);

/* Entries. */
ScMarkdownEntry *sc_markdown_entry_new       (ScMarkdownKind        kind);
void             sc_markdown_entry_free      (ScMarkdownEntry      *entry);
const char      *sc_markdown_entry_take      (ScMarkdownEntry      *entry,
                                              char                 *string);
gboolean         sc_markdown_entry_same_fields (const ScMarkdownEntry *a,
                                                const ScMarkdownEntry *b);
guint            sc_markdown_entry_same_rows (const ScMarkdownEntry *a,
                                              const ScMarkdownEntry *b);
gboolean         sc_markdown_entry_equal     (const ScMarkdownEntry *a,
                                              const ScMarkdownEntry *b);

/* The list. */
void             sc_markdown_list_init       (ScMarkdownList       *self);
void             sc_markdown_list_clear      (ScMarkdownList       *self);
ScMarkdownEntry *sc_markdown_list_get        (ScMarkdownList       *self,
                                              guint                 index);
void             sc_markdown_list_push       (ScMarkdownList       *self,
                                              ScMarkdownEntry      *entry);
void             sc_markdown_list_truncate   (ScMarkdownList       *self,
                                              guint                 length);
void             sc_markdown_list_touch      (ScMarkdownList       *self,
                                              guint                 index,
                                              ScMarkdownTouch       touch,
                                              guint                 keep_bytes,
                                              guint                 keep_rows);
void             sc_markdown_list_replace    (ScMarkdownList       *self,
                                              guint                 index,
                                              ScMarkdownEntry      *entry);
void             sc_markdown_list_reconcile  (ScMarkdownList       *self,
                                              GPtrArray            *truth);
void             sc_markdown_list_begin      (ScMarkdownList       *self);
void             sc_markdown_list_flush      (ScMarkdownList       *self);

/* cmark. */
cmark_node      *sc_markdown_parse           (const char           *text,
                                              gsize                 length,
                                              const GArray         *patches);
GPtrArray       *sc_markdown_tree_to_entries (cmark_node           *root);
void             sc_markdown_tree_to_text    (cmark_node           *leaf,
                                              ScMarkdownEntry      *owner,
                                              ScMarkdownText       *text);
char            *sc_markdown_dup_language    (const char           *info,
                                              gsize                 length);
char            *sc_markdown_dup_info        (const char           *info,
                                              gsize                 length);
char            *sc_markdown_dup_entity      (const char           *entity,
                                              gsize                 length);
char            *sc_markdown_stream_dup_html (ScMarkdownStream     *self);

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
