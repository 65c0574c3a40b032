/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error card: what happened, what to do, a button for it, and the details folded. */

#pragma once

#include <adwaita.h>

#include "sc-turn.h"

G_BEGIN_DECLS

#define SC_TYPE_TRANSCRIPT_CARD (sc_transcript_card_get_type ())
G_DECLARE_FINAL_TYPE (ScTranscriptCard, sc_transcript_card, SC, TRANSCRIPT_CARD, GtkWidget)

/**
 * sc_transcript_card_new:
 * @failure: (nullable): what went wrong; %NULL if the program ended before the answer was complete
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *sc_transcript_card_new        (const ScFailure *failure);

/**
 * sc_transcript_needs_card:
 * @turn: a turn
 *
 * Returns: %TRUE if an error is to be shown for it
 */
gboolean   sc_transcript_needs_card      (ScTurn          *turn);

G_END_DECLS
