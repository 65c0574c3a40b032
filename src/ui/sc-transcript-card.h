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
 * @turn: a turn that needs a card
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *sc_transcript_card_new        (ScTurn *turn);

/**
 * sc_transcript_needs_card:
 * @turn: a turn
 *
 * Returns: %TRUE if a card is to be shown for it: it failed, or it ended without a word
 */
gboolean   sc_transcript_needs_card      (ScTurn *turn);

G_END_DECLS
