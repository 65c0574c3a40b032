/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Streaming markdown: bytes in, in any split; a flat list of blocks out that looks right while the answer is still
 * incomplete and is exactly cmark-gfm's tree of the whole text once it is complete. Pure: no toolkit, no clock.
 *
 * The stream owns the list. After each sc_markdown_stream_update() it tells what changed in it since the last one, as
 * splices, so that a view touches only what differs: closed blocks do not change but for late link definitions. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScMarkdownKind:
 * @SC_MARKDOWN_PARAGRAPH: a paragraph (also the second and later paragraphs of a list item)
 * @SC_MARKDOWN_HEADING: a heading of `level` 1 to 6
 * @SC_MARKDOWN_CODE: a code block; its text ends without the last line feed
 * @SC_MARKDOWN_QUOTE: a quote with nothing in it yet
 * @SC_MARKDOWN_ITEM: a list item, with its first paragraph or empty
 * @SC_MARKDOWN_TABLE: a table, in `rows`
 * @SC_MARKDOWN_RULE: a thematic break
 * @SC_MARKDOWN_HTML: HTML, shown as text
 * @SC_MARKDOWN_MATH: a formula as source
 */
typedef enum
{
  SC_MARKDOWN_PARAGRAPH,
  SC_MARKDOWN_HEADING,
  SC_MARKDOWN_CODE,
  SC_MARKDOWN_QUOTE,
  SC_MARKDOWN_ITEM,
  SC_MARKDOWN_TABLE,
  SC_MARKDOWN_RULE,
  SC_MARKDOWN_HTML,
  SC_MARKDOWN_MATH,
} ScMarkdownKind;

/**
 * ScMarkdownStyle:
 *
 * Character styles, combined as flags.
 */
typedef enum
{
  SC_MARKDOWN_BOLD = 1 << 0,
  SC_MARKDOWN_ITALIC = 1 << 1,
  SC_MARKDOWN_CODE_SPAN = 1 << 2,
  SC_MARKDOWN_STRIKE = 1 << 3,
  SC_MARKDOWN_LINK = 1 << 4,
  SC_MARKDOWN_IMAGE = 1 << 5,
  SC_MARKDOWN_INLINE_MATH = 1 << 6,
  SC_MARKDOWN_INLINE_HTML = 1 << 7,
  SC_MARKDOWN_HARD_BREAK = 1 << 8,
} ScMarkdownStyle;

/**
 * ScMarkdownAlign:
 *
 * Alignment of a table's column.
 */
typedef enum
{
  SC_MARKDOWN_ALIGN_NONE,
  SC_MARKDOWN_ALIGN_LEFT,
  SC_MARKDOWN_ALIGN_CENTER,
  SC_MARKDOWN_ALIGN_RIGHT,
} ScMarkdownAlign;

/**
 * ScMarkdownSpan:
 * @start: first byte in the text
 * @end: the byte after the last
 * @styles: #ScMarkdownStyle flags, never 0
 * @target: (nullable): address of a link or an image; owned by the block. Where an image stands in a link it is the
 *   image's address
 * @link: (nullable): address of the link around an image
 *
 * Spans are sorted, do not overlap, are never empty but for an image without alternative text, and cover only what is
 * styled. %SC_MARKDOWN_HARD_BREAK marks a line feed in the text that is a hard break; soft breaks are a space.
 */
typedef struct
{
  guint       start;
  guint       end;
  guint       styles;
  const char *target;
  const char *link;
} ScMarkdownSpan;

/**
 * ScMarkdownText:
 * @text: valid UTF-8 as shown, no markers
 * @spans: (element-type ScMarkdownSpan): its styles
 */
typedef struct
{
  GString *text;
  GArray  *spans;
} ScMarkdownText;

/**
 * ScMarkdownBlock:
 * @kind: what it is
 * @level: level of a heading, 1 to 6; else 0
 * @depth: how many lists are around it
 * @quote: how many quotes are around it
 * @number: number of an ordered item, -1 otherwise (a plain bullet)
 * @checked: task box of an item: 1 checked, 0 not, -1 none
 * @is_closed: nothing but a late definition can change it any more
 * @language: (nullable): first word of a fence's info string
 * @content: the text; empty for tables and rules
 * @aligns: (nullable) (element-type ScMarkdownAlign): the columns of a table
 * @rows: (nullable) (element-type GPtrArray): rows of a table, each a #GPtrArray of ScMarkdownText cells; the first is the head
 */
typedef struct
{
  ScMarkdownKind  kind;
  int             level;
  int             depth;
  int             quote;
  int             number;
  int             checked;
  gboolean        is_closed;
  char           *language;
  ScMarkdownText  content;
  GArray         *aligns;
  GPtrArray      *rows;
} ScMarkdownBlock;

/**
 * ScMarkdownChange:
 * @position: index of the first block touched
 * @n_removed: blocks taken away there
 * @n_inserted: blocks standing there now
 * @keep_bytes: where exactly one block replaces one (`n_removed == n_inserted == 1`): the bytes of its text that are
 *   as they were, styles included, and the block's own fields other than `is_closed` and text are unchanged too
 *   (%G_MAXUINT if everything shown is unchanged, only `is_closed`); 0 where the block has to be shown anew.
 * @keep_rows: the same for a table: rows from the top that are as they were
 *
 * One splice of the list, in the manner of #GListModel::items-changed. Splices of one update are to be applied in order.
 */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_inserted;
  guint keep_bytes;
  guint keep_rows;
} ScMarkdownChange;

/**
 * ScMarkdownPlace:
 * @offset: a byte of the text, the start of a line
 * @position: the first block behind it
 *
 * Where a text can be cut: what is behind means alone what it means there, if the definitions are known.
 */
typedef struct
{
  gsize offset;
  guint position;
} ScMarkdownPlace;

typedef struct _ScMarkdownStream ScMarkdownStream;

/**
 * sc_markdown_stream_new:
 *
 * Returns: (transfer full): a stream with no text. Streams are for one thread (cmark keeps process globals)
 */
ScMarkdownStream      *sc_markdown_stream_new          (void);

/**
 * sc_markdown_stream_free:
 * @self: (nullable) (transfer full): a stream
 *
 * Frees it with all its blocks.
 */
void                   sc_markdown_stream_free         (ScMarkdownStream  *self);

/**
 * sc_markdown_stream_feed:
 * @self: a stream that was not finished
 * @bytes: (array length=length): the next bytes; any bytes, also in the middle of a character
 * @length: how many
 *
 * Takes the next bytes. Costs O(length) over the whole stream for any split; the list does not change before
 * sc_markdown_stream_update().
 */
void                   sc_markdown_stream_feed         (ScMarkdownStream  *self,
                                                        const char        *bytes,
                                                        gsize              length);

/**
 * sc_markdown_stream_finish:
 * @self: a stream
 *
 * Tells that the text is complete. The next sc_markdown_stream_update(), or with sc_markdown_stream_set_step() the next
 * ones until sc_markdown_stream_is_settled(), makes the list exactly that of one cmark-gfm parse of the whole text, by
 * changes only where it differs from what was shown.
 */
void                   sc_markdown_stream_finish       (ScMarkdownStream  *self);

/**
 * sc_markdown_stream_set_step:
 * @self: a stream
 * @n_bytes: about how much of the text one update compares with cmark's tree once everything has come; 0, as at first,
 *   all of it
 *
 * Spreads the work at the end of a long text over several updates. To be set before the text comes. What cannot be taken apart is one step: a single
 * block, and texts with very many link definitions or with shapes that are kept from cmark.
 */
void                   sc_markdown_stream_set_step     (ScMarkdownStream  *self,
                                                        gsize              n_bytes);

/**
 * sc_markdown_stream_is_settled:
 * @self: a stream
 *
 * Returns: %TRUE if the stream was finished and the list is that of cmark's tree; %FALSE if a further update can change
 *   it
 */
gboolean               sc_markdown_stream_is_settled   (ScMarkdownStream  *self);

/**
 * sc_markdown_stream_update:
 * @self: a stream
 *
 * Brings the list up to date with what was fed: to be called once a frame.
 *
 * Returns: (transfer none) (element-type ScMarkdownChange): the splices since the last call, maybe none; valid until
 *   the next call on @self
 */
const GArray          *sc_markdown_stream_update       (ScMarkdownStream  *self);

/**
 * sc_markdown_stream_get_n_blocks:
 * @self: a stream
 *
 * Returns: how many blocks the list has
 */
guint                  sc_markdown_stream_get_n_blocks (ScMarkdownStream  *self);

/**
 * sc_markdown_stream_get_block:
 * @self: a stream
 * @position: an index below the number of blocks
 *
 * Returns: (transfer none): the block; valid until the next update
 */
const ScMarkdownBlock *sc_markdown_stream_get_block    (ScMarkdownStream  *self,
                                                        guint              position);

/**
 * sc_markdown_stream_get_places:
 * @self: a stream
 * @definitions: (out) (optional) (nullable): all definitions of links, to be read before a piece
 *
 * Where a long text can be read again in pieces, each about as long as a step.
 *
 * Returns: (transfer none) (nullable) (element-type ScMarkdownPlace): the starts of the pieces, in order, the first at 0;
 *   %NULL if the text is not settled or is one piece
 */
const GArray          *sc_markdown_stream_get_places   (ScMarkdownStream  *self,
                                                        const char       **definitions);

/**
 * sc_markdown_stream_dup_xml:
 * @self: a finished stream
 *
 * For tests: cmark's XML of the finished incremental parse.
 *
 * Returns: (transfer full): the XML
 */
char                  *sc_markdown_stream_dup_xml      (ScMarkdownStream  *self);

/**
 * sc_markdown_to_html:
 * @markdown: text
 * @length: its length in bytes, or -1 if it ends in NUL
 *
 * For copying as rich text and for export: HTML of cmark-gfm with raw HTML and dangerous links left out.
 *
 * Returns: (transfer full): an HTML fragment
 */
char                  *sc_markdown_to_html             (const char        *markdown,
                                                        gssize             length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScMarkdownStream, sc_markdown_stream_free)

G_END_DECLS
