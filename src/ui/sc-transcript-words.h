/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small words of the page: who and when, what is under an answer, what the model thinks about. Pure. */

#pragma once

#include "sc-turn.h"

G_BEGIN_DECLS

/**
 * sc_transcript_dup_head:
 * @turn: a turn
 * @before: (nullable): the turn before it
 * @spoke_last: (nullable): the last answer before it
 *
 * Returns: (transfer full) (nullable): the line above the turn, where who or when changed; else %NULL
 */
char *sc_transcript_dup_head     (ScTurn *turn,
                                  ScTurn *before,
                                  ScTurn *spoke_last);

/**
 * sc_transcript_dup_foot:
 * @turn: a turn that does not stream
 * @has_card: an error card below it tells how it ended
 *
 * Returns: (transfer full) (nullable): the line under it: how it ended, model, tokens, speed
 */
char *sc_transcript_dup_foot     (ScTurn   *turn,
                                  gboolean  has_card);

/**
 * sc_transcript_dup_thinking:
 * @turn: a turn with reasoning
 *
 * Returns: (transfer full): one line that tells what the model thinks about, or how long it did
 */
char *sc_transcript_dup_thinking (ScTurn *turn);

G_END_DECLS
