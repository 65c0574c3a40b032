/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window of a conversation in a text buffer: which turns and blocks stand there, where, and how they catch up with
 * the model. It knows no clock and no scrolling; it is told when to work and how much. */

#pragma once

#include "sc-block.h"
#include "sc-turn.h"

G_BEGIN_DECLS

#define SC_PAGE_FIRST_BYTES   (32 * 1024)
#define SC_PAGE_FILL_BYTES    (400 * 1024)
#define SC_PAGE_LIMIT_CHARS   (1024 * 1024)

/* So much of a complete text is compared with its markdown's tree at a time, a millisecond's work. */
#define SC_PAGE_STEP_BYTES    (16 * 1024)

typedef struct _ScPage ScPage;

/**
 * ScPageEntry:
 * @turn: the turn
 * @n_chars: all its characters in the buffer
 * @n_head: of these, the line with who and when
 * @n_summary: the line about its reasoning
 * @n_reasoning: the opened reasoning
 * @n_foot: the line under it
 * @has_placeholder: an empty paragraph stands where its first block will be
 * @is_ended: its markdown was told that all has come
 * @is_complete: nothing of it is missing at its end, and its markdown is as it stays
 * @is_open: its reasoning is shown
 * @first_block: index of the first block that stands in the buffer
 * @blocks: (element-type ScBlock): the blocks in the buffer
 * @stream: (nullable): its markdown, while it is needed
 * @places: (nullable) (element-type ScMarkdownPlace): where its text can be read again in pieces, once it is complete
 * @definitions: (nullable): what is to be read before a piece
 * @n_fed: bytes of text given to the stream
 * @n_waiting: about how many bytes of blocks are shown when all of a long text was given to it; 0 all the time
 * @reasoned: how far opened reasoning is shown
 * @summary_us: when the line about its reasoning was written
 * @side_tag: (nullable): keeps the user's words at their side; shared
 *
 * One turn on the page: head, summary, reasoning, blocks, foot.
 */
typedef struct
{
  ScPage           *page;
  ScTurn           *turn;
  guint             n_chars;
  guint             n_head;
  guint             n_summary;
  guint             n_reasoning;
  guint             n_foot;
  gboolean          has_placeholder;
  gboolean          is_ended;
  gboolean          is_complete;
  gboolean          is_dirty;
  gboolean          is_open;
  guint             first_block;
  GArray           *blocks;
  ScMarkdownStream *stream;
  GArray           *places;
  char             *definitions;
  gsize             n_fed;
  gsize             n_waiting;
  ScBlockMap        reasoned;
  gint64            summary_us;
  GtkTextTag       *side_tag;
} ScPageEntry;

/**
 * ScPageWork:
 * @n_bytes: text shown
 * @parse_us: processor time spent on markdown
 * @buffer_us: processor time spent on the buffer
 *
 * What a call did; added to.
 */
typedef struct
{
  gsize  n_bytes;
  gint64 parse_us;
  gint64 buffer_us;
} ScPageWork;

/**
 * ScPageFunc:
 * @page: a page
 * @user_data: what was given with the function
 *
 * Tells that there is something to drain, or that turns came or went.
 */
typedef void (*ScPageFunc) (ScPage   *page,
                            gpointer  user_data);

/**
 * ScPageBlockFunc:
 * @entry: the turn
 * @block: (nullable): the block; %NULL for the turn as a whole
 * @offset: its first character in the buffer
 * @n_chars: how many it has
 * @user_data: what was given with the function
 *
 * Receives what stands in a range.
 */
typedef void (*ScPageBlockFunc) (ScPageEntry *entry,
                                 ScBlock     *block,
                                 guint        offset,
                                 guint        n_chars,
                                 gpointer     user_data);

/**
 * sc_page_new:
 * @view: shows it; not referenced
 * @dirty: called when something waits to be drained
 * @user_data: for @dirty
 *
 * Returns: (transfer full): an empty page, with a new buffer set on the view
 */
ScPage        *sc_page_new             (GtkTextView     *view,
                                        ScPageFunc       dirty,
                                        gpointer         user_data);

/**
 * sc_page_free:
 * @self: (nullable) (transfer full): a page
 *
 * Frees it; the buffer stays with its view.
 */
void           sc_page_free            (ScPage          *self);

/**
 * sc_page_set_model:
 * @self: a page
 * @model: (nullable): list of #ScTurn, oldest first; observed
 *
 * Shows the end of another conversation in a new buffer.
 */
void           sc_page_set_model       (ScPage          *self,
                                        GListModel      *model);

/**
 * sc_page_reset:
 * @self: a page
 *
 * Builds the end of the conversation anew.
 */
void           sc_page_reset           (ScPage          *self);

/**
 * sc_page_show_turn:
 * @self: a page
 * @position: a turn of the conversation
 *
 * Builds the page anew around a turn, the whole of which is on it then.
 */
void           sc_page_show_turn       (ScPage          *self,
                                        guint            position);

/**
 * sc_page_get_first:
 * @self: a page
 *
 * Returns: position in the conversation of the first turn that is on the page
 */
guint          sc_page_get_first       (ScPage          *self);

/**
 * sc_page_set_pictures:
 * @self: a page
 * @pictures: (nullable): the pictures of its conversations; must live longer
 *
 * Sets where pictures come from; without, only their words are shown.
 */
void           sc_page_set_pictures    (ScPage          *self,
                                        ScPictures      *pictures);

/**
 * sc_page_set_width:
 * @self: a page
 * @width: width of the text column in pixels
 *
 * Lays out what depends on the width.
 */
void           sc_page_set_width       (ScPage          *self,
                                        int              width);

/**
 * sc_page_rewrite_tables:
 * @self: a page
 *
 * Writes the tables anew that do not fit the width any more. Not in an allocation.
 */
void           sc_page_rewrite_tables  (ScPage          *self);

/**
 * sc_page_drain:
 * @self: a page
 * @budget: bytes of text at the most
 * @until_us: g_get_monotonic_time() when to stop
 * @work: (inout): what was done
 *
 * Brings the page closer to the model.
 *
 * Returns: %TRUE if something changed
 */
gboolean       sc_page_drain           (ScPage          *self,
                                        gsize            budget,
                                        gint64           until_us,
                                        ScPageWork      *work);

/**
 * sc_page_get_pending:
 * @self: a page
 *
 * Returns: bytes of text that are in the model and not yet on the page
 */
gsize          sc_page_get_pending     (ScPage          *self);

/**
 * sc_page_is_dirty:
 * @self: a page
 *
 * Returns: %TRUE if there is something to drain
 */
gboolean       sc_page_is_dirty        (ScPage          *self);

/**
 * sc_page_touch_summaries:
 * @self: a page
 *
 * Marks turns whose line about reasoning may have to be renewed.
 */
void           sc_page_touch_summaries (ScPage          *self);

/**
 * sc_page_touch_answers:
 * @self: a page
 *
 * Marks all turns in it, because what is told under answers is another now.
 */
void           sc_page_touch_answers   (ScPage          *self);

/**
 * sc_page_prepend:
 * @self: a page
 * @n_bytes: about how much
 *
 * Puts earlier text in front.
 *
 * Returns: %TRUE if there was any
 */
gboolean       sc_page_prepend         (ScPage          *self,
                                        gsize            n_bytes);

/**
 * sc_page_append:
 * @self: a page
 * @n_bytes: about how much
 *
 * Puts later text behind, where it was trimmed.
 *
 * Returns: %TRUE if there was any
 */
gboolean       sc_page_append          (ScPage          *self,
                                        gsize            n_bytes);

/**
 * sc_page_trim_start:
 * @self: a page
 * @n_chars: how much to take away at the most
 *
 * Takes earlier text off the buffer.
 *
 * Returns: %TRUE if there was any to take
 */
gboolean       sc_page_trim_start      (ScPage          *self,
                                        guint            n_chars);

/**
 * sc_page_trim_end:
 * @self: a page
 * @n_chars: how much to take away at the most
 *
 * Takes later text off the buffer.
 *
 * Returns: %TRUE if there was any to take
 */
gboolean       sc_page_trim_end        (ScPage          *self,
                                        guint            n_chars);

/**
 * sc_page_has_earlier:
 * @self: a page
 *
 * Returns: %TRUE if the conversation begins before the buffer does
 */
gboolean       sc_page_has_earlier     (ScPage          *self);

/**
 * sc_page_has_later:
 * @self: a page
 *
 * Returns: %TRUE if the buffer ends before the conversation does
 */
gboolean       sc_page_has_later       (ScPage          *self);

/**
 * sc_page_set_room:
 * @self: a page
 * @pixels: height to leave free below the last turn; 0 none
 *
 * Makes room for the error card.
 */
void           sc_page_set_room        (ScPage          *self,
                                        int              pixels);

/**
 * sc_page_get_room_offset:
 * @self: a page
 *
 * Returns: character where the free room is; the end of the text where there is none
 */
guint          sc_page_get_room_offset (ScPage          *self);

/**
 * sc_page_get_tail:
 * @self: a page
 * @offset: (out): the character behind the text that came last
 *
 * Returns: %TRUE if the last turn streams and its end is on the page
 */
gboolean       sc_page_get_tail        (ScPage          *self,
                                        guint           *offset);

/**
 * sc_page_get_turn:
 * @self: a page
 * @position: a turn of the conversation, on the page or not
 *
 * Returns: (transfer none) (nullable): the turn; %NULL behind the last one
 */
ScTurn        *sc_page_get_turn        (ScPage          *self,
                                        guint            position);

/**
 * sc_page_get_n_entries:
 * @self: a page
 *
 * Returns: how many turns are on it
 */
guint          sc_page_get_n_entries   (ScPage          *self);

/**
 * sc_page_get_entry:
 * @self: a page
 * @index: which turn
 * @offset: (out) (optional): its first character
 *
 * Returns: (transfer none): the turn on the page
 */
ScPageEntry   *sc_page_get_entry       (ScPage          *self,
                                        guint            index,
                                        guint           *offset);

/**
 * sc_page_foreach:
 * @self: a page
 * @from: first character
 * @to: the one after the last
 * @func: receives turns and their blocks from the end to the start, each turn before its blocks
 * @user_data: for @func
 *
 * Finds what stands in a range. @func must not change the page.
 */
void           sc_page_foreach         (ScPage          *self,
                                        guint            from,
                                        guint            to,
                                        ScPageBlockFunc  func,
                                        gpointer         user_data);

/**
 * sc_page_set_reasoning_open:
 * @self: a page
 * @entry: a turn of it
 * @is_open: whether to show its reasoning
 *
 * Opens or folds the reasoning.
 */
void           sc_page_set_reasoning_open (ScPage       *self,
                                           ScPageEntry  *entry,
                                           gboolean      is_open);

/**
 * sc_page_parse:
 * @entry: a turn on the page
 *
 * Returns: (transfer full): its markdown as shown, for writing a block again
 */
ScMarkdownStream *sc_page_parse        (ScPageEntry     *entry);

/**
 * sc_page_get_writer:
 * @self: a page
 *
 * Returns: (transfer none): where and how it writes
 */
const ScBlockWriter *sc_page_get_writer (ScPage         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPage, sc_page_free)

G_END_DECLS
