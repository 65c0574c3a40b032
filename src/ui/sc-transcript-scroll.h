/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Following the end: a state that only the reader's own input clears, never geometry. Set by the reader who comes back
 * to the end, by End, by the button and by sending. */

#pragma once

#include "sc-transcript-view.h"

G_BEGIN_DECLS

typedef struct _ScTranscriptScroll ScTranscriptScroll;

/**
 * ScTranscriptScrollFunc:
 * @self: the scrolling
 * @user_data: what was given with the function
 *
 * Tells that the position or the state changed.
 */
typedef void (*ScTranscriptScrollFunc) (ScTranscriptScroll *self,
                                        gpointer            user_data);

/**
 * sc_transcript_scroll_new:
 * @window: scrolls the view
 * @view: the page
 * @moved: called after each change
 * @user_data: for @moved
 *
 * Returns: (transfer full): the scrolling, following the end. It must be freed before its widgets
 */
ScTranscriptScroll *sc_transcript_scroll_new          (GtkScrolledWindow      *window,
                                                       ScTranscriptView       *view,
                                                       ScTranscriptScrollFunc  moved,
                                                       gpointer                user_data);

/**
 * sc_transcript_scroll_free:
 * @self: (nullable) (transfer full): the scrolling
 *
 * Frees it.
 */
void                sc_transcript_scroll_free         (ScTranscriptScroll *self);

/**
 * sc_transcript_scroll_set_following:
 * @self: the scrolling
 * @is_following: whether to follow the end
 *
 * Sets the state; following goes to the end with the next flush.
 */
void                sc_transcript_scroll_set_following (ScTranscriptScroll *self,
                                                        gboolean            is_following);

/**
 * sc_transcript_scroll_set_limit:
 * @self: the scrolling, following
 * @offset: first character of a line; %G_MAXUINT no limit
 *
 * Following ends of itself where this line comes to the top: there it stays until the reader scrolls.
 */
void                sc_transcript_scroll_set_limit    (ScTranscriptScroll *self,
                                                       guint               offset);

/**
 * sc_transcript_scroll_show:
 * @self: the scrolling
 * @offset: a character of the buffer
 *
 * Stops following, and brings a character into sight unless it is there already; at once, and it stays where it is
 * while text above it is laid out.
 */
void                sc_transcript_scroll_show         (ScTranscriptScroll *self,
                                                       guint               offset);

/**
 * sc_transcript_scroll_is_following:
 * @self: the scrolling
 *
 * Returns: the state
 */
gboolean            sc_transcript_scroll_is_following (ScTranscriptScroll *self);

/**
 * sc_transcript_scroll_flush:
 * @self: the scrolling
 * @offset: character where the text changed last
 *
 * To be called in a tick after the buffer changed: lays out the paragraph once, and while following makes the same
 * frame show the end.
 */
void                sc_transcript_scroll_flush        (ScTranscriptScroll *self,
                                                       guint               offset);

/**
 * sc_transcript_scroll_is_quiet:
 * @self: the scrolling
 *
 * Returns: %TRUE if the reader does not scroll right now: kinetic scrolling would overwrite what a change of the buffer
 *   makes good
 */
gboolean            sc_transcript_scroll_is_quiet     (ScTranscriptScroll *self);

/**
 * sc_transcript_scroll_touch:
 * @self: the scrolling
 * @is_down: a finger came down, or left
 *
 * Tells about a finger on the page: as long as it is there, and while the page goes on by itself when it left, the place
 * is the finger's.
 */
void                sc_transcript_scroll_touch        (ScTranscriptScroll *self,
                                                       gboolean            is_down);

/**
 * sc_transcript_scroll_get_above:
 * @self: the scrolling
 *
 * Returns: pixels above the visible part
 */
double              sc_transcript_scroll_get_above    (ScTranscriptScroll *self);

/**
 * sc_transcript_scroll_get_below:
 * @self: the scrolling
 *
 * Returns: pixels below the visible part
 */
double              sc_transcript_scroll_get_below    (ScTranscriptScroll *self);

/**
 * sc_transcript_scroll_can_change:
 * @self: the scrolling
 *
 * Returns: %TRUE if text may be put in front or taken away without moving what the reader sees
 */
gboolean            sc_transcript_scroll_can_change   (ScTranscriptScroll *self);

G_END_DECLS
