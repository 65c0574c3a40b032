/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The live block structure: which containers are open, which leaf is growing, what is shown of it. */

#pragma once

#include "sc-markdown-inline.h"
#include "sc-markdown-lex.h"
#include "sc-markdown-private.h"

G_BEGIN_DECLS

/* Columns that make code. */
#define SC_MARKDOWN_CODE_INDENT 4
/* A row with more cells is no row: cmark-gfm 0.29.0.gfm.6 takes time quadratic in them. */
#define SC_MARKDOWN_MAX_COLUMNS 256
/* Cells that short rows of a text may leave to be filled: two bytes can ask for a whole row. */
#define SC_MARKDOWN_MAX_FILLED 200000

/* Containers that may stand around each other once their number costs too much. */
#define SC_MARKDOWN_MAX_NESTING 128

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
 * @source: where its marker stands in the whole text
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
  gsize                   source;
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
  gboolean            is_front;   /* front matter, shown as the heading that its last line makes of it */
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
 * @brackets: (element-type gsize): where its "[" stand in the whole text
 * @n_runs: runs of markers
 * @openers: those that wait for one that closes them
 * @last_openers: the last one of "*", "_" and "~" among them, -1 if there is none
 * @n_images: "![" among the brackets
 * @link_work: what cmark visits for its links
 * @row_cost: what it costs to read the paragraph as rows of a table
 * @n_since_pipe: bytes of it behind the last pipe
 *
 * What is counted of the leaf to find what cmark would take too long for; @is_hard if something was found.
 */
typedef struct
{
  GArray  *brackets;
  guint    n_runs;
  GArray  *openers;
  int      last_openers[3];
  guint    n_images;
  guint64  link_work;
  guint64  row_cost;
  gsize    n_since_pipe;
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
 * ScMarkdownCut:
 * @offset: a line of the whole text that begins a block outside of everything, behind a blank line
 * @n_blocks: blocks in the list before it
 *
 * Where the text may be taken apart.
 */
typedef struct
{
  gsize offset;
  guint n_blocks;
} ScMarkdownCut;

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
  gsize                    tail_start; /* of what may be a heading's closing sequence */
  gsize                    nonspace;   /* the first character that is none, as far as was looked */
  int                      nonspace_column;
  gsize                    retry_at;
  guint                    n_blanks;

  GHashTable              *definitions; /* label -> Definition */
  GHashTable              *waiting;     /* label -> GPtrArray of waiters */
  GPtrArray               *waiters;
  GQueue                   dirty;
  gsize                    n_bytes;     /* all that came */
  ScMarkdownGuard          guard;
  guint64                  n_brackets;
  guint64                  link_work;    /* what cmark visits for links, addresses, emphasis, */
  guint64                  bracket_work; /* rows, blank lines and nesting of the whole text */
  guint64                  run_work;
  guint64                  table_work;
  guint64                  blank_work;
  guint64                  deep_work;
  gboolean                 is_tight;     /* there may be no more work for brackets */
  gboolean                 is_unmarked;  /* nor for emphasis */
  gboolean                 is_deep;      /* nor for nesting */
  GArray                  *patches;          /* (element-type ScMarkdownPatch) */
  GArray                  *long_definitions; /* (element-type ScMarkdownLongDefinition) */
  gsize                    n_filled;    /* cells that short rows left to be filled */
  gsize                    front;       /* the line behind a rule that is the first line; 0 without one */
  GArray                  *cuts;        /* (element-type ScMarkdownCut) */
  gsize                    cut_distance; /* bytes from one to the next at the least; 0: none are wanted */
  gboolean                 is_after_blank;
  guint                    n_before;    /* blocks in the list when that blank line came */
} ScMarkdownScan;

/*< private >
 * ScMarkdownIndent:
 * @at: the first character that is no white space
 * @indent: columns before it
 * @is_known: there is such a character, or the line is complete
 * @is_blank: there is none
 */
typedef struct
{
  gsize    at;
  int      indent;
  gboolean is_known;
  gboolean is_blank;
} ScMarkdownIndent;

/*< private >
 * sc_markdown_scan_init:
 *
 * Makes a scanner that fills @list.
 */
void sc_markdown_scan_init (ScMarkdownScan *self,
                            ScMarkdownList *list);

/*< private >
 * sc_markdown_scan_clear:
 *
 * Frees what the scanner holds.
 */
void sc_markdown_scan_clear (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_feed:
 *
 * Takes the next bytes, valid UTF-8 with line feeds only.
 */
void sc_markdown_scan_feed (ScMarkdownScan *self,
                            const char     *bytes,
                            gsize           length);

/*< private >
 * sc_markdown_scan_show:
 *
 * Shows what can be shown of what has come.
 */
void sc_markdown_scan_show (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_finish:
 *
 * Nothing more comes: everything that is open ends.
 */
void sc_markdown_scan_finish (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_flush_quote:
 *
 * A quote that has nothing in it after its line is shown by a block of its own until something comes.
 */
void sc_markdown_scan_flush_quote (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_init:
 *
 * Makes what the guards count with.
 */
void sc_markdown_guard_init (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_clear:
 *
 * Frees it.
 */
void sc_markdown_guard_clear (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_reset:
 *
 * A new leaf: what was counted belongs to another one.
 */
void sc_markdown_guard_reset (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_patch:
 *
 * Something of the whole text is to be left out or put in before cmark sees it.
 */
void sc_markdown_guard_patch (ScMarkdownScan *self,
                              gsize           offset,
                              gsize           skip,
                              const char     *insert);

/*< private >
 * sc_markdown_guard_marks:
 *
 * Counts what means something in the line. @n_pipes is set to the pipes that part cells.
 *
 * Returns: how many inlines it is at the most
 */
guint sc_markdown_guard_marks (ScMarkdownScan *self,
                               guint          *n_pipes);

/*< private >
 * sc_markdown_guard_line:
 *
 * A line that is complete but not yet given to its leaf.
 */
void sc_markdown_guard_line (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_blank:
 *
 * Whether a blank line means nothing: it is left out, then.
 */
gboolean sc_markdown_guard_blank (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_delimiters:
 *
 * The delimiter row at @at may not be one: its head or it has too many cells.
 */
void sc_markdown_guard_delimiters (ScMarkdownScan *self,
                                   gsize           at);

/*< private >
 * sc_markdown_guard_table:
 *
 * Whether the delimiter row at @at may be compared with its head: all of the paragraph is read for it.
 */
gboolean sc_markdown_guard_table (ScMarkdownScan *self,
                                  gsize           at);

/*< private >
 * sc_markdown_guard_container:
 *
 * A container at %SC_MARKDOWN_MAX_NESTING begins or goes on with the marker at @at.
 */
void sc_markdown_guard_container (ScMarkdownScan *self,
                                  gsize           at);

/*< private >
 * sc_markdown_guard_row:
 *
 * The table ends before this line: too many of its cells were left out.
 */
void sc_markdown_guard_row (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_definition:
 *
 * Notes a definition that could be copied too often.
 */
void sc_markdown_guard_definition (ScMarkdownScan *self,
                                   gsize           length);

/*< private >
 * sc_markdown_guard_finish:
 *
 * All has come: decides on the long definitions.
 */
void sc_markdown_guard_finish (ScMarkdownScan *self);

/*< private >
 * sc_markdown_guard_get_longest:
 *
 * Returns: how long a definition may be that is copied for each bracket of @content
 */
gsize sc_markdown_guard_get_longest (ScMarkdownPiece content);

/* Shared by the files of the scanner. */

/*< private >
 * sc_markdown_scan_get_line:
 *
 * Returns: the line so far
 */
ScMarkdownPiece sc_markdown_scan_get_line (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_find_indent:
 *
 * Returns: the white space from where the line is understood on
 */
ScMarkdownIndent sc_markdown_scan_find_indent (ScMarkdownScan *self,
                                               gboolean        is_complete);

/*< private >
 * sc_markdown_scan_advance_columns:
 *
 * Moves on by columns; a tab may be used in part.
 */
void sc_markdown_scan_advance_columns (ScMarkdownScan *self,
                                       int             count);

/*< private >
 * sc_markdown_scan_advance_to:
 *
 * Moves on by bytes.
 */
void sc_markdown_scan_advance_to (ScMarkdownScan *self,
                                  gsize           offset);

/*< private >
 * sc_markdown_scan_skip_quote:
 *
 * Moves on behind the ">" at @at and the space that belongs to it.
 */
void sc_markdown_scan_skip_quote (ScMarkdownScan *self,
                                  gsize           at);

/*< private >
 * sc_markdown_scan_get_container:
 *
 * Returns: the open container at @index
 */
ScMarkdownContainer *sc_markdown_scan_get_container (ScMarkdownScan *self,
                                                     guint           index);

/*< private >
 * sc_markdown_scan_close_unmatched:
 *
 * What the line does not belong to ends.
 */
void sc_markdown_scan_close_unmatched (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_make_room:
 *
 * Ends what cannot hold the block that begins: an open leaf, a list unless an item comes.
 */
void sc_markdown_scan_make_room (ScMarkdownScan *self);

/*< private >
 * sc_markdown_scan_push_container:
 *
 * Opens a container inside of the innermost one.
 */
void sc_markdown_scan_push_container (ScMarkdownScan            *self,
                                      const ScMarkdownContainer *container);

/*< private >
 * sc_markdown_scan_new_container:
 *
 * Returns: a container of @type, its marker at @at of the line, to be opened inside of the innermost one
 */
ScMarkdownContainer sc_markdown_scan_new_container (ScMarkdownScan          *self,
                                                    ScMarkdownContainerType  type,
                                                    gsize                    at);

/*< private >
 * sc_markdown_scan_match_line:
 *
 * Finds the open containers and the leaf that the line belongs to. Returns FALSE if more has to come.
 */
gboolean sc_markdown_scan_match_line (ScMarkdownScan *self,
                                      gboolean        is_complete);

/*< private >
 * sc_markdown_scan_open_blocks:
 *
 * Returns FALSE if more has to come.
 */
gboolean sc_markdown_scan_open_blocks (ScMarkdownScan *self,
                                       gboolean        is_complete);

/*< private >
 * sc_markdown_scan_get_top:
 *
 * Returns: (nullable): the innermost open container
 */
ScMarkdownContainer *sc_markdown_scan_get_top (ScMarkdownScan *self);

/*< private >
 * sc_markdown_show_around:
 *
 * Puts the items that are open and not shown yet into the list.
 */
void sc_markdown_show_around (ScMarkdownScan *self);

/*< private >
 * sc_markdown_push_shown:
 *
 * Appends a block to the list, which takes it; an empty quote that stood for what is in it goes.
 */
void sc_markdown_push_shown (ScMarkdownScan  *self,
                             ScMarkdownEntry *entry);

/*< private >
 * sc_markdown_new_inside:
 *
 * A block inside of what is open now.
 */
ScMarkdownEntry *sc_markdown_new_inside (ScMarkdownScan *self,
                                         ScMarkdownKind  kind);

/*< private >
 * sc_markdown_leaf_open:
 *
 * Opens a leaf in what is open now.
 */
void sc_markdown_leaf_open (ScMarkdownScan     *self,
                            ScMarkdownLeafKind  kind);

/*< private >
 * sc_markdown_leaf_close:
 *
 * Ends the leaf, if there is one.
 */
void sc_markdown_leaf_close (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_show:
 *
 * Makes the leaf visible.
 */
void sc_markdown_leaf_show (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_run:
 *
 * Runs the inlines of a paragraph or heading over what has come.
 */
void sc_markdown_leaf_run (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_resolve:
 *
 * Takes definitions off the start of the paragraph. Returns FALSE while nothing of it can be shown.
 */
gboolean sc_markdown_leaf_resolve (ScMarkdownScan *self,
                                   gboolean        is_final);

/*< private >
 * sc_markdown_front_guess:
 *
 * Takes the paragraph for front matter if it looks like it. Returns FALSE while it cannot be told.
 */
gboolean sc_markdown_front_guess (ScMarkdownScan *self);

/*< private >
 * sc_markdown_front_drop:
 *
 * The paragraph has ended as one.
 */
void sc_markdown_front_drop (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_take_line:
 *
 * Gives the leaf what has come of its line; `offset` is the first byte that it does not have.
 */
void sc_markdown_leaf_take_line (ScMarkdownScan *self,
                                 gboolean        is_complete);

/*< private >
 * sc_markdown_leaf_close_inlines:
 *
 * Makes the text of a leaf that has ended exact.
 */
void sc_markdown_leaf_close_inlines (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_continue:
 *
 * Another line of the paragraph: its line feed counts now. The guess that the line before was a table's head was
 * wrong.
 */
void sc_markdown_leaf_continue (ScMarkdownScan *self);

/*< private >
 * sc_markdown_leaf_guess_table:
 *
 * The line that begins at @line of the paragraph is shown as a table's head.
 */
void sc_markdown_leaf_guess_table (ScMarkdownScan *self,
                                   gssize          line);

/*< private >
 * sc_markdown_leaf_become_heading:
 *
 * An underline has come.
 */
void sc_markdown_leaf_become_heading (ScMarkdownScan *self,
                                      int             level);

/*< private >
 * sc_markdown_leaf_become_table:
 *
 * A delimiter row has come: the line at @head is the head of a table.
 */
void sc_markdown_leaf_become_table (ScMarkdownScan *self,
                                    gsize           head,
                                    const GArray   *aligns);

/*< private >
 * sc_markdown_table_count:
 *
 * How many cells a complete row has.
 */
guint sc_markdown_table_count (ScMarkdownPiece row);

/*< private >
 * sc_markdown_table_begin:
 *
 * Begins a table that is not shown yet; @n_columns is 0 for a guess.
 */
void sc_markdown_table_begin (ScMarkdownScan *self,
                              guint           n_columns);

/*< private >
 * sc_markdown_table_begin_row:
 *
 * Begins a row, of empty cells where their number is known.
 */
void sc_markdown_table_begin_row (ScMarkdownScan *self);

/*< private >
 * sc_markdown_table_read:
 *
 * Reads on in @line, the whole line from the first character of the row.
 */
void sc_markdown_table_read (ScMarkdownScan  *self,
                             ScMarkdownPiece  line,
                             gboolean         is_complete);

/*< private >
 * sc_markdown_table_run:
 *
 * Shows the table and what is new in it.
 */
void sc_markdown_table_run (ScMarkdownScan *self);

/*< private >
 * sc_markdown_table_drop:
 *
 * The guess was wrong: the table goes.
 */
void sc_markdown_table_drop (ScMarkdownScan *self);

/*< private >
 * sc_markdown_table_confirm:
 *
 * The delimiter row has come.
 */
void sc_markdown_table_confirm (ScMarkdownScan *self,
                                const GArray   *aligns);

/*< private >
 * sc_markdown_table_close:
 *
 * The table is complete.
 */
void sc_markdown_table_close (ScMarkdownScan *self);

/* Exact inlines. */

/*< private >
 * sc_markdown_settle:
 *
 * Makes the text of a leaf or cell that is complete exact: cmark parses it alone. @keep is lowered to what did not
 * change.
 */
void sc_markdown_settle (ScMarkdownScan  *self,
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

/*< private >
 * sc_markdown_find_definition:
 *
 * Returns: (nullable): the address of a normalized label; a #ScMarkdownResolver
 */
const char *sc_markdown_find_definition (gpointer    data,
                                         const char *label);

/*< private >
 * sc_markdown_append_paragraph:
 *
 * Appends the text of a paragraph. Continuation lines are indented, so that none of them can begin a block of its own.
 */
void sc_markdown_append_paragraph (GString    *document,
                                   const char *text,
                                   gsize       length);

/*< private >
 * sc_markdown_get_definition:
 *
 * Returns: (nullable): a definition as it stands, and its @url, by its normalized label
 */
const char *sc_markdown_get_definition (const ScMarkdownScan  *self,
                                        const char            *label,
                                        const char           **url);

/*< private >
 * sc_markdown_define:
 *
 * Notes a definition that stands at @start of @text; the first one of a label wins.
 */
void sc_markdown_define (ScMarkdownScan             *self,
                         const char                 *text,
                         const ScMarkdownDefinition *definition,
                         gsize                       start);

/*< private >
 * sc_markdown_settle_late:
 *
 * Parses again what late definitions concern.
 */
void sc_markdown_settle_late (ScMarkdownScan *self);

/*< private >
 * sc_markdown_settle_init:
 *
 * Makes the tables of definitions and of texts that wait for some.
 */
void sc_markdown_settle_init (ScMarkdownScan *self);

/*< private >
 * sc_markdown_settle_clear:
 *
 * Frees them.
 */
void sc_markdown_settle_clear (ScMarkdownScan *self);

G_END_DECLS
