/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding in the conversation: counts in the whole of it, shows what is found where the reader
 * looks, and goes to a match wherever it is. */

#pragma once

#include "sc-transcript-scroll.h"
#include "sc-transcript-view.h"

G_BEGIN_DECLS

typedef struct _ScTranscriptFind ScTranscriptFind;

/**
 * ScTranscriptFindFunc:
 * @self: a search
 * @user_data: what was given with the function
 *
 * Tells that the count or the position changed.
 */
typedef void (*ScTranscriptFindFunc) (ScTranscriptFind *self,
                                      gpointer          user_data);

/**
 * sc_transcript_find_new:
 * @view: whose page is searched
 * @scroll: its scrolling
 * @model: (nullable): the turns
 * @changed: called when the count or the position changed
 * @user_data: for @changed
 *
 * Returns: (transfer full): a search. It must be freed before @scroll and @view
 */
ScTranscriptFind *sc_transcript_find_new           (ScTranscriptView     *view,
                                                    ScTranscriptScroll   *scroll,
                                                    GListModel           *model,
                                                    ScTranscriptFindFunc  changed,
                                                    gpointer              user_data);

/**
 * sc_transcript_find_free:
 * @self: (nullable) (transfer full): a search
 *
 * Ends it; nothing is marked any more.
 */
void              sc_transcript_find_free          (ScTranscriptFind     *self);

/**
 * sc_transcript_find_set_needle:
 * @self: a search
 * @needle: what to find
 *
 * Finds a text, the first time from where the reader is.
 */
void              sc_transcript_find_set_needle    (ScTranscriptFind     *self,
                                                    const char           *needle);

/**
 * sc_transcript_find_step:
 * @self: a search
 * @delta: 1 the next match, -1 the one before
 *
 * Goes to another match, and from the last one to the first.
 */
void              sc_transcript_find_step          (ScTranscriptFind     *self,
                                                    int                   delta);

/**
 * sc_transcript_find_update:
 * @self: a search
 *
 * Marks what is found where the reader looks now, and in text that is new.
 */
void              sc_transcript_find_update        (ScTranscriptFind     *self);

/**
 * sc_transcript_find_get_n_matches:
 * @self: a search
 *
 * Returns: how many were found so far
 */
guint             sc_transcript_find_get_n_matches (ScTranscriptFind     *self);

/**
 * sc_transcript_find_get_position:
 * @self: a search
 *
 * Returns: which of them is shown, from 1; 0 none
 */
guint             sc_transcript_find_get_position  (ScTranscriptFind     *self);

G_END_DECLS
