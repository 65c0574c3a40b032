/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The live block structure: which containers are open, which leaf is growing, what is shown of it. */

#pragma once

#include "sc-markdown-inline.h"
#include "sc-markdown-lex.h"
#include "sc-markdown-private.h"

G_BEGIN_DECLS

/* A row with more cells is no row: cmark-gfm 0.29.0.gfm.6 takes time quadratic in them. */
#define SC_MARKDOWN_MAX_COLUMNS 256
/* Cells that short rows of a text may leave to be filled: two bytes can ask for a whole row. */
#define SC_MARKDOWN_MAX_FILLED 200000

/*< private >
 * ScMarkdownContainerType:
 *
 * What can be open around a leaf.
 */
typedef enum
{
  SC_MARKDOWN_IN_DOCUMENT,
  SC_MARKDOWN_IN_QUOTE,
  SC_MARKDOWN_IN_LIST,
  SC_MARKDOWN_IN_ITEM,
  SC_MARKDOWN_IN_PARAGRAPH,
  SC_MARKDOWN_IN_TABLE,
} ScMarkdownContainerType;

/*< private >
 * ScMarkdownContainer:
 * @depth: lists around, itself included
 * @quote: quotes around, itself included
 * @indent: columns that a line needs to belong to the item
 * @marker: bullet, or what follows the number
 * @number: of the item, or of the next item of the list; -1 for bullets
 */
typedef struct
{
  ScMarkdownContainerType type;
  int                     depth;
  int                     quote;
  int                     indent;
  char                    marker;
  int                     number;
  int                     checked;
  gboolean                has_child;
} ScMarkdownContainer;

/*< private >
 * ScMarkdownLeafKind:
 *
 * The block that takes the text of the lines.
 */
typedef enum
{
  SC_MARKDOWN_LEAF_NONE,
  SC_MARKDOWN_LEAF_PARAGRAPH,
  SC_MARKDOWN_LEAF_HEADING,
  SC_MARKDOWN_LEAF_FENCE,
  SC_MARKDOWN_LEAF_INDENTED,
  SC_MARKDOWN_LEAF_HTML,
  SC_MARKDOWN_LEAF_TABLE,
} ScMarkdownLeafKind;

/*< private >
 * ScMarkdownLeaf:
 * @entry: (nullable): what is shown of it; owned by the list once @is_shown, else by the leaf
 * @index: its place in the list once @is_shown
 * @content: the text of a paragraph or heading: its lines without indentation
 * @start: where the text begins behind definitions
 * @is_waiting: the text may begin with a definition: nothing is shown
 * @guess: where the last line begins, which is shown as a table's head; -1 if there is no such guess
 * @blanks: blank lines of indented code that count only if code follows
 */
typedef struct
{
  ScMarkdownLeafKind  kind;
  ScMarkdownEntry    *entry;
  guint               index;
  gboolean            is_shown;
  GString            *content;
  gsize               start;
  gsize               source_start; /* of the paragraph in the whole text */
  gboolean            is_waiting;
  gssize              guess;
  gboolean            has_guessed;
  ScMarkdownInline    inlines;
  GString            *blanks;
  gboolean            has_line;
  gboolean            is_first; /* in its container */
  char                fence;
  gsize               fence_length;
  int                 fence_indent;
  int                 html_type;
} ScMarkdownLeaf;

/*< private >
 * ScMarkdownTable:
 *
 * The table whose rows are growing, be it a leaf or a guess.
 */
typedef struct
{
  ScMarkdownEntry  *entry; /* (nullable) */
  guint             index;
  gboolean          is_shown;
  guint             n_columns; /* 0 while the delimiter row is not there */
  GPtrArray        *row;       /* (nullable) */
  guint             n_cells;   /* cells of the row that are complete */
  GString          *cell;
  gboolean          is_in_cell;
  gboolean          has_begun;
  gsize             at;        /* in the line */
  guint             changed_row;
  ScMarkdownInline  inlines;
} ScMarkdownTable;

/*< private >
 * ScMarkdownGuard:
 *
 * What is counted of the leaf to find what cmark would take too long for; @is_hard if something was found.
 */
typedef struct
{
  guint    depth;
  guint    n_angles;
  guint    most_pipes;
  gboolean is_hard;
} ScMarkdownGuard;

/*< private >
 * ScMarkdownLongDefinition:
 * @offset: of its paragraph in the whole text
 * @length: of its text
 */
typedef struct
{
  gsize offset;
  gsize length;
} ScMarkdownLongDefinition;

/*< private >
 * ScMarkdownPhase:
 *
 * How far a line is understood.
 */
typedef enum
{
  SC_MARKDOWN_MATCHING, /* which open containers it belongs to */
  SC_MARKDOWN_OPENING,  /* which blocks it begins */
  SC_MARKDOWN_TAKING,   /* the rest is text of the leaf */
  SC_MARKDOWN_SKIPPING, /* the rest means nothing */
} ScMarkdownPhase;

/*< private >
 * ScMarkdownScan:
 *
 * The scanner. A line is understood from its start as far as it is certain, so that what arrives goes straight to the
 * leaf once its kind is known.
 */
typedef struct
{
  ScMarkdownList          *list;
  GArray                  *containers; /* (element-type ScMarkdownContainer) */
  guint                    n_shown;    /* containers whose items are in the list */
  gboolean                 has_placeholder;
  ScMarkdownLeaf           leaf;
  ScMarkdownTable          table;

  GString                 *line;
  gsize                    line_start; /* its place in the whole text */
  ScMarkdownPhase          phase;
  gsize                    offset;
  int                      column;
  gboolean                 is_inside_tab;
  guint                    n_matched;
  gboolean                 is_leaf_matched;
  gboolean                 has_opened;
  gboolean                 has_taken;  /* some text of the line went to the leaf */
  gboolean                 has_box;    /* the item's task box was read */
  gsize                    text_start; /* where the text of the line begins */
  ScMarkdownContainerType  inner;
  gsize                    rule_failed_at;
  gsize                    retry_at;
  guint                    n_blanks;

  GHashTable              *definitions; /* label -> Definition */
  GHashTable              *waiting;     /* label -> GPtrArray of waiters */
  GPtrArray               *waiters;
  GQueue                   dirty;
  gsize                    n_bytes;     /* all that came */
  ScMarkdownGuard          guard;
  guint64                  n_brackets;
  GArray                  *patches;          /* (element-type ScMarkdownPatch) */
  GArray                  *long_definitions; /* (element-type ScMarkdownLongDefinition) */
  gsize                    n_filled;    /* cells that short rows left to be filled */
} ScMarkdownScan;

void                 sc_markdown_scan_init      (ScMarkdownScan *self,
                                                 ScMarkdownList *list);
void                 sc_markdown_scan_clear     (ScMarkdownScan *self);
void                 sc_markdown_scan_feed      (ScMarkdownScan *self,
                                                 const char     *bytes,
                                                 gsize           length);
void                 sc_markdown_scan_show      (ScMarkdownScan *self);
void                 sc_markdown_scan_finish    (ScMarkdownScan *self);
void                 sc_markdown_scan_open_list (ScMarkdownScan *self,
                                                 char            marker,
                                                 int             number);
void                 sc_markdown_scan_flush_quote (ScMarkdownScan *self);
void                 sc_markdown_guard_reset    (ScMarkdownScan *self);
void                 sc_markdown_guard_line     (ScMarkdownScan *self);
gboolean             sc_markdown_guard_blank    (ScMarkdownScan *self);
void                 sc_markdown_guard_delimiters (ScMarkdownScan *self,
                                                 gsize           at);
void                 sc_markdown_guard_row      (ScMarkdownScan *self);
void                 sc_markdown_guard_definition (ScMarkdownScan *self,
                                                 gsize           length);
void                 sc_markdown_guard_finish   (ScMarkdownScan *self);
gboolean             sc_markdown_guard_allows   (ScMarkdownPiece content,
                                                 gsize           length);

/* Shared by the files of the scanner. */
ScMarkdownContainer *sc_markdown_scan_get_top   (ScMarkdownScan *self);
void                 sc_markdown_show_around    (ScMarkdownScan *self);
void                 sc_markdown_push_shown     (ScMarkdownScan  *self,
                                                 ScMarkdownEntry *entry);
ScMarkdownEntry     *sc_markdown_new_inside     (ScMarkdownScan *self,
                                                 ScMarkdownKind  kind);
void                 sc_markdown_leaf_open      (ScMarkdownScan     *self,
                                                 ScMarkdownLeafKind  kind);
void                 sc_markdown_leaf_close     (ScMarkdownScan *self);
void                 sc_markdown_leaf_show      (ScMarkdownScan *self);
void                 sc_markdown_leaf_run       (ScMarkdownScan *self);
gboolean             sc_markdown_leaf_resolve   (ScMarkdownScan *self,
                                                 gboolean        is_final);
void                 sc_markdown_leaf_take_line (ScMarkdownScan *self,
                                                 gboolean        is_complete);
void                 sc_markdown_leaf_close_inlines (ScMarkdownScan *self);
void                 sc_markdown_leaf_continue  (ScMarkdownScan *self);
void                 sc_markdown_leaf_guess_table (ScMarkdownScan *self,
                                                 gssize          line);
void                 sc_markdown_leaf_become_heading (ScMarkdownScan *self,
                                                 int             level);
void                 sc_markdown_leaf_become_table (ScMarkdownScan *self,
                                                 gsize           head,
                                                 const GArray   *aligns);

guint                sc_markdown_table_count    (ScMarkdownPiece  row);
void                 sc_markdown_table_begin    (ScMarkdownScan *self,
                                                 guint           n_columns);
void                 sc_markdown_table_begin_row (ScMarkdownScan *self);
void                 sc_markdown_table_read     (ScMarkdownScan  *self,
                                                 ScMarkdownPiece  line,
                                                 gboolean         is_complete);
void                 sc_markdown_table_run      (ScMarkdownScan *self);
void                 sc_markdown_table_drop     (ScMarkdownScan *self);
void                 sc_markdown_table_confirm  (ScMarkdownScan *self,
                                                 const GArray   *aligns);
void                 sc_markdown_table_close    (ScMarkdownScan *self);

/* Exact inlines. */
void                 sc_markdown_settle         (ScMarkdownScan  *self,
                                                 ScMarkdownEntry *owner,
                                                 ScMarkdownText  *text,
                                                 ScMarkdownPiece  content,
                                                 gboolean         is_line,
                                                 gboolean         has_labels,
                                                 const char      *assumed,
                                                 guint            index,
                                                 int              row,
                                                 guint            cell,
                                                 guint           *keep);
const char          *sc_markdown_find_definition (gpointer        data,
                                                  const char     *label);
void                 sc_markdown_define         (ScMarkdownScan  *self,
                                                 const char      *text,
                                                 const ScMarkdownDefinition *definition,
                                                 gsize            start);
void                 sc_markdown_settle_late    (ScMarkdownScan *self);
void                 sc_markdown_settle_init    (ScMarkdownScan *self);
void                 sc_markdown_settle_clear   (ScMarkdownScan *self);

G_END_DECLS
