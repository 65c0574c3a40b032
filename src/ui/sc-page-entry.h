/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One turn on the page: how it is written, grown and shortened. Offsets are characters of the buffer; the page knows
 * them and says where the entry stands. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * ScPagePlace:
 * @writer: where and how it is written
 * @offset: its first character in the buffer
 * @before: (nullable): the turn before it
 * @spoke_last: (nullable): the last answer before it
 * @is_last: it is the last turn of the conversation
 *
 * Where an entry stands and what is around it.
 */
typedef struct
{
  const ScBlockWriter *writer;
  guint                offset;
  ScTurn              *before;
  ScTurn              *spoke_last;
  gboolean             is_last;
} ScPagePlace;

/**
 * sc_page_entry_new:
 * @page: the page it is on; must live longer
 * @turn: what it shows
 *
 * Returns: (transfer full): an entry with nothing in the buffer yet
 */
ScPageEntry *sc_page_entry_new             (ScPage              *page,
                                            ScTurn              *turn);

/**
 * sc_page_entry_free:
 * @self: (transfer full): an entry
 *
 * Frees it; what stands in the buffer stays there.
 */
void         sc_page_entry_free            (ScPageEntry         *self);

/**
 * sc_page_entry_write:
 * @self: an entry with nothing in the buffer
 * @place: where
 * @n_bytes: about how much of its end to write at the most
 *
 * Writes the turn, from a block on that leaves out what is more than @n_bytes.
 */
void         sc_page_entry_write           (ScPageEntry         *self,
                                            const ScPagePlace   *place,
                                            gsize                n_bytes);

/**
 * sc_page_entry_prepend:
 * @self: an entry that does not begin with its first block
 * @place: where it stands
 * @n_bytes: about how much
 *
 * Writes earlier blocks in front.
 *
 * Returns: characters that were added
 */
guint        sc_page_entry_prepend         (ScPageEntry         *self,
                                            const ScPagePlace   *place,
                                            gsize                n_bytes);

/**
 * sc_page_entry_trim:
 * @self: an entry
 * @place: where it stands
 * @n_chars: how much to take away at the most, as far as blocks allow
 *
 * Takes its first blocks off the buffer; the last one always stays.
 *
 * Returns: characters that were taken away
 */
guint        sc_page_entry_trim            (ScPageEntry         *self,
                                            const ScPagePlace   *place,
                                            guint                n_chars);

/**
 * sc_page_entry_drain:
 * @self: an entry
 * @place: where it stands
 * @budget: bytes of text at the most
 * @work: (inout): what was done; added to
 *
 * Brings it closer to its turn.
 *
 * Returns: %TRUE if something changed
 */
gboolean     sc_page_entry_drain           (ScPageEntry         *self,
                                            const ScPagePlace   *place,
                                            gsize                budget,
                                            ScPageWork          *work);

/**
 * sc_page_entry_set_open:
 * @self: an entry
 * @place: where it stands
 * @is_open: whether to show its reasoning
 *
 * Opens or folds the reasoning; without any it does nothing.
 */
void         sc_page_entry_set_open        (ScPageEntry         *self,
                                            const ScPagePlace   *place,
                                            gboolean             is_open);

/**
 * sc_page_entry_rewrite_tables:
 * @self: an entry
 * @place: where it stands
 *
 * Writes those tables again that were made for another width.
 *
 * Returns: %TRUE if something changed
 */
gboolean     sc_page_entry_rewrite_tables  (ScPageEntry         *self,
                                            const ScPagePlace   *place);

/**
 * sc_page_entry_get_pending:
 * @self: an entry
 *
 * Returns: bytes of the turn that are not on the page yet
 */
gsize        sc_page_entry_get_pending     (ScPageEntry         *self);

/**
 * sc_page_entry_get_gap:
 * @place: where a turn stands
 *
 * Returns: the space above it; a ground drawn around the user's words needs its own on both sides
 */
int          sc_page_entry_get_gap         (const ScPagePlace   *place);

/**
 * sc_page_entry_get_content:
 * @self: an entry
 *
 * Returns: characters before its first block
 */
guint        sc_page_entry_get_content     (const ScPageEntry   *self);

G_END_DECLS
