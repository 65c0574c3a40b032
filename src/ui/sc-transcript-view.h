/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text view of the page: shows an ScPage, draws what lies beside its text, and answers the pointer and the keys
 * (links, code to copy, folded reasoning, selection). It does not scroll by itself and knows no frame clock. */

#pragma once

#include <gtk/gtk.h>

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * ScTranscriptView:
 *
 * Signals: `dirty`: its page has something to drain; `edit-turn`, `delete-turn` (#ScTurn): the reader wants that.
 */
#define SC_TYPE_TRANSCRIPT_VIEW (sc_transcript_view_get_type ())
G_DECLARE_FINAL_TYPE (ScTranscriptView, sc_transcript_view, SC, TRANSCRIPT_VIEW, GtkTextView)

/**
 * sc_transcript_view_new:
 *
 * Returns: (transfer floating): a view of an empty page
 */
ScTranscriptView *sc_transcript_view_new        (void);

/**
 * sc_transcript_view_get_page:
 * @self: a view
 *
 * Returns: (transfer none): its page
 */
ScPage           *sc_transcript_view_get_page   (ScTranscriptView *self);

/**
 * sc_transcript_view_is_laying_out:
 * @self: a view
 *
 * Returns: %TRUE while it is allocated or painted, and in idle time: what changes its adjustments then is the text, not
 *   the reader
 */
gboolean          sc_transcript_view_is_laying_out (ScTranscriptView *self);

/**
 * sc_transcript_view_set_cursor:
 * @self: a view
 * @is_on: whether the typing cursor is drawn
 * @words: (nullable): what is happening, drawn beside it
 *
 * Sets the typing cursor; it is drawn only where an answer streams.
 */
void              sc_transcript_view_set_cursor (ScTranscriptView *self,
                                                 gboolean          is_on,
                                                 const char       *words);

/**
 * sc_transcript_view_set_card:
 * @self: a view
 * @card: (nullable) (transfer floating): a widget to stand below the last turn
 *
 * Sets the error card.
 */
void              sc_transcript_view_set_card   (ScTranscriptView *self,
                                                 GtkWidget        *card);

/**
 * sc_transcript_view_set_can_change:
 * @self: a view
 * @can_change: messages can be edited and deleted now
 *
 * Sets what is offered at a message.
 */
void              sc_transcript_view_set_can_change (ScTranscriptView *self,
                                                     gboolean          can_change);

/**
 * sc_transcript_view_set_zoom:
 * @self: a view
 * @zoom: 1 is the normal size
 *
 * Sets the size of the text.
 */
void              sc_transcript_view_set_zoom   (ScTranscriptView *self,
                                                 double            zoom);

G_END_DECLS
