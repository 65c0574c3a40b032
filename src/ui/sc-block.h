/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One block of markdown as it stands in a text buffer: how many characters it takes, what it looks like, and where its
 * links are. Written whole, or from the first changed byte on, so that an append costs only what is new. */

#pragma once

#include "sc-markdown.h"
#include "sc-page-tags.h"
#include "sc-pictures.h"

G_BEGIN_DECLS

/* A paragraph of the buffer stays below this many bytes: each insert lays the whole paragraph out again. */
#define SC_BLOCK_PARAGRAPH_LIMIT 4096

/**
 * ScBlockMap:
 * @bytes: a position in a block's text
 * @chars: the same in what is shown of it
 * @column: bytes of the buffer's paragraph so far
 *
 * How far text was translated into what is shown: hard breaks are U+2028, and a long paragraph has soft breaks that
 * are in the buffer only. Depends on nothing but the text before the position.
 */
typedef struct
{
  guint bytes;
  guint chars;
  guint column;
} ScBlockMap;

/**
 * ScBlockLink:
 * @start: first character, counted from the block's start
 * @end: the one after the last
 * @target: (nullable): the address it leads to; %NULL for a picture that leads nowhere
 * @image: (nullable): the address of the picture that stands there
 * @picture: (nullable): that picture, once the block is closed
 */
typedef struct
{
  guint      start;
  guint      end;
  char      *target;
  char      *image;
  ScPicture *picture;
} ScBlockLink;

typedef struct _ScBlockTable ScBlockTable;

/**
 * ScBlock:
 * @kind: what it is
 * @level: level of a heading
 * @depth: lists around it
 * @quote: quotes around it
 * @number: number of an ordered item, -1 none
 * @checked: task box, -1 none
 * @is_closed: it does not change any more
 * @is_rtl: its text runs from right to left
 * @language: (nullable): language of code
 * @n_chars: characters in the buffer, with the line feed at its end
 * @n_lead: of these, the bullet or number before the text
 * @n_bytes: bytes of text shown
 * @gap: pixels above its first line
 * @checkpoint: a position before which nothing changes soon
 * @links: (nullable) (element-type ScBlockLink): its links and images, in order
 * @table: (nullable): columns and rows
 * @n_coloured: characters whose code colours are set
 * @room: pixels below its text for its pictures
 * @is_words: they are the user's own words
 */
typedef struct
{
  /* There are some ten thousand of them on a page: small, and no holes. */
  char           *language;
  GArray         *links;
  ScBlockTable   *table;
  int             depth;
  int             quote;
  int             number;
  guint           n_chars;
  guint           n_bytes;
  ScBlockMap      checkpoint;
  guint           n_coloured;
  int             room;
  gint16          gap;
  guint8          n_lead;
  ScMarkdownKind  kind : 8;
  guint           level : 8;
  int             checked : 8;
  gboolean        is_closed : 8;
  gboolean        is_rtl : 4;
  gboolean        is_words : 4;
} ScBlock;

/**
 * ScBlockWriter:
 * @view: the view that shows the buffer, for measuring
 * @buffer: where blocks are written
 * @tags: how they look
 * @pictures: (nullable): the pictures in it
 * @width: width of the text column in pixels
 */
typedef struct
{
  GtkTextView   *view;
  GtkTextBuffer *buffer;
  ScPageTags    *tags;
  ScPictures    *pictures;
  int            width;
} ScBlockWriter;

/**
 * sc_block_clear:
 * @self: a block
 *
 * Frees what it holds.
 */
void     sc_block_clear        (ScBlock               *self);

/**
 * sc_block_write:
 * @self: (out): the block, overwritten
 * @writer: where to
 * @offset: where in the buffer, the start of a paragraph
 * @source: what
 * @gap: pixels above it
 *
 * Writes a whole block.
 */
void     sc_block_write        (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset,
                                const ScMarkdownBlock *source,
                                int                    gap);

/**
 * sc_block_update:
 * @self: a block as it was written
 * @writer: where it stands
 * @offset: its first character
 * @source: what it is now
 * @keep_bytes: bytes of text that are as they were; %G_MAXUINT all
 * @keep_rows: rows of a table that are as they were
 *
 * Writes what changed.
 */
void     sc_block_update       (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset,
                                const ScMarkdownBlock *source,
                                guint                  keep_bytes,
                                guint                  keep_rows);

/**
 * sc_block_set_gap:
 * @self: a block
 * @writer: where it stands
 * @offset: its first character
 * @gap: pixels above it
 *
 * Changes the space above.
 */
void     sc_block_set_gap      (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset,
                                int                    gap);

/**
 * sc_block_get_gap:
 * @self: (nullable): a block, or %NULL for the start of a message
 * @next: the block below it
 *
 * Returns: pixels between the two, with the ground around @next and below @self
 */
int      sc_block_get_gap      (const ScMarkdownBlock *self,
                                const ScMarkdownBlock *next);

/**
 * sc_block_get_padding:
 * @kind: a block's kind
 * @language: (nullable): its language
 *
 * Returns: pixels of its own ground above its first line
 */
int      sc_block_get_padding  (ScMarkdownKind         kind,
                                const char            *language);

/**
 * sc_block_get_indent:
 * @kind: a block's kind
 * @quote: its quotes
 * @depth: its lists
 *
 * Returns: pixels from the side where text begins to its ground or text
 */
int      sc_block_get_indent   (ScMarkdownKind         kind,
                                int                    quote,
                                int                    depth);

/**
 * sc_block_find_link:
 * @self: a block
 * @position: a character, counted from its start
 *
 * Returns: (transfer none) (nullable): address of the link there
 */
const char *sc_block_find_link (const ScBlock         *self,
                                guint                  position);

/**
 * sc_block_map_advance:
 * @self: a position; moved on
 * @text: the block's text
 * @to_bytes: where to
 * @keeps_lines: line feeds stay paragraphs (code)
 * @out: (nullable): receives what is shown
 * @breaks: (nullable) (element-type guint): receives where soft breaks are, in characters
 *
 * Translates text.
 */
void     sc_block_map_advance  (ScBlockMap            *self,
                                const char            *text,
                                guint                  to_bytes,
                                gboolean               keeps_lines,
                                GString               *out,
                                GArray                *breaks);

/**
 * sc_block_keeps_lines:
 * @kind: a block's kind
 *
 * Returns: %TRUE if each line feed of it begins a paragraph of the buffer
 */
gboolean sc_block_keeps_lines  (ScMarkdownKind         kind);

/**
 * sc_block_apply_styles:
 * @writer: where
 * @styles: #ScMarkdownStyle flags
 * @start: first character in the buffer
 * @end: the one after the last
 *
 * Gives characters their styles.
 */
void     sc_block_apply_styles (const ScBlockWriter   *writer,
                                guint                  styles,
                                guint                  start,
                                guint                  end);

/**
 * sc_block_add_link:
 * @self: a block
 * @start: first character, counted from the block's start
 * @end: the one after the last
 * @span: a span with a target
 *
 * Remembers a link.
 */
void     sc_block_add_link     (ScBlock               *self,
                                guint                  start,
                                guint                  end,
                                const ScMarkdownSpan  *span);

/**
 * ScBlockPictureFunc:
 * @picture: a picture of a block
 * @area: where it is, counted from the corner of the room for the block's pictures
 * @user_data: what was given with the function
 *
 * Receives a picture and its place.
 */
typedef void (*ScBlockPictureFunc) (ScPicture          *picture,
                                    const GdkRectangle *area,
                                    gpointer            user_data);

/**
 * sc_block_has_pictures:
 * @self: a block
 *
 * Returns: %TRUE if there are pictures in it
 */
gboolean sc_block_has_pictures (const ScBlock         *self);

/**
 * sc_block_place_pictures:
 * @self: a block
 * @width: the width they have
 * @func: (nullable): receives each picture
 * @user_data: for @func
 *
 * Puts a block's pictures beside and below each other.
 *
 * Returns: the height they take
 */
int      sc_block_place_pictures (const ScBlock       *self,
                                  int                  width,
                                  ScBlockPictureFunc   func,
                                  gpointer             user_data);

/**
 * sc_block_get_pictures_width:
 * @self: a block
 * @writer: where it stands
 *
 * Returns: the width for its pictures
 */
int      sc_block_get_pictures_width (const ScBlock       *self,
                                      const ScBlockWriter *writer);

/**
 * sc_block_take_room:
 * @self: a block with room for pictures
 * @writer: where it stands
 * @offset: its first character
 *
 * Takes the room away, before its text changes.
 */
void     sc_block_take_room    (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset);

/**
 * sc_block_renew_room:
 * @self: a block
 * @writer: where it stands
 * @offset: its first character
 *
 * Leaves as much free below the text of a closed block as its pictures need.
 *
 * Returns: %TRUE if that changed
 */
gboolean sc_block_renew_room   (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset);

/**
 * sc_block_table_write:
 * @self: a table's block; its table is made where there is none
 * @writer: where it stands
 * @offset: its first character
 * @source: what it is now
 * @keep_rows: rows that stand there unchanged
 *
 * Writes a table from a row on; columns only grow. Where it would be wider than the page the cells are wrapped.
 */
void     sc_block_table_write  (ScBlock               *self,
                                const ScBlockWriter   *writer,
                                guint                  offset,
                                const ScMarkdownBlock *source,
                                guint                  keep_rows);

/**
 * sc_block_table_get_row:
 * @self: a table
 * @row: a row
 *
 * Returns: characters of that row, 0 if there is none
 */
guint    sc_block_table_get_row (const ScBlockTable   *self,
                                 guint                 row);

/**
 * sc_block_table_get_width:
 * @self: a table
 *
 * Returns: its width in pixels
 */
int      sc_block_table_get_width (const ScBlockTable *self);

/**
 * sc_block_table_fits:
 * @self: a table
 * @width: what is there for it
 *
 * Returns: %FALSE if it has to be written again for that width
 */
gboolean sc_block_table_fits   (const ScBlockTable    *self,
                                int                    width);

/**
 * sc_block_table_free:
 * @self: (nullable) (transfer full): a table
 *
 * Frees it.
 */
void     sc_block_table_free   (ScBlockTable          *self);

G_END_DECLS
