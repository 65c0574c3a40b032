/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page: one conversation in one text view, following its end or not, with the typing cursor, the "Jump to latest"
 * button and the error card at its end. A view of the model: it can be rebuilt from the conversation at any time. */

#pragma once

#include <adwaita.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScTranscript:
 *
 * A widget. Properties: `conversation` (nullable), `zoom` (double), `follows-end` (boolean, read-only), `searching`
 * (boolean, read-only: the search bar is open).
 * Signal `edit-turn` (#ScTurn): the reader wants to say it differently.
 * It uses the actions `win.retry`, `win.show-details`, `app.preferences`.
 */
#define SC_TYPE_TRANSCRIPT (sc_transcript_get_type ())
G_DECLARE_FINAL_TYPE (ScTranscript, sc_transcript, SC, TRANSCRIPT, GtkWidget)

/**
 * sc_transcript_new:
 *
 * Returns: (transfer floating): an empty page
 */
ScTranscript *sc_transcript_new              (void);

/**
 * sc_transcript_set_conversation:
 * @self: a page
 * @conversation: (nullable): what to show; observed, also while its answer streams
 *
 * Shows a conversation, at its end.
 */
void          sc_transcript_set_conversation (ScTranscript   *self,
                                              ScConversation *conversation);

/**
 * sc_transcript_scroll_to_end:
 * @self: a page
 *
 * Goes to the end and follows it from now on (after sending, End, "Jump to latest").
 */
void          sc_transcript_scroll_to_end    (ScTranscript   *self);

/**
 * sc_transcript_scroll_to_turn:
 * @self: a page
 * @delta: -1 the message before the one at the top, 1 the one after it
 *
 * Moves from message to message (Alt+Up, Alt+Down).
 */
void          sc_transcript_scroll_to_turn   (ScTranscript   *self,
                                              int             delta);

/**
 * sc_transcript_start_search:
 * @self: a page
 *
 * Opens the search bar, with the selection if that is a piece of one line, or goes back to it.
 */
void          sc_transcript_start_search     (ScTranscript   *self);

/**
 * sc_transcript_end_search:
 * @self: a page
 *
 * Closes the search bar.
 */
void          sc_transcript_end_search       (ScTranscript   *self);

/**
 * sc_transcript_set_zoom:
 * @self: a page
 * @zoom: 1 is the normal size; 0.5 to 3
 *
 * Sets the size of the text.
 */
void          sc_transcript_set_zoom         (ScTranscript   *self,
                                              double          zoom);

/**
 * sc_transcript_update_column:
 * @self: a transcript
 *
 * Gives the column its width in the size that the font has now.
 */
void          sc_transcript_update_column    (ScTranscript   *self);

G_END_DECLS
