/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done with a message: a row of buttons that stands at its end, over the page and not
 * in it, so that nothing moves when it comes. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * ScTurnBar:
 *
 * Activates `page.copy-message`, `page.edit-message`, `page.delete-message`, `win.retry`, and
 * `win.show-answer-details` with the id of the message.
 */
#define SC_TYPE_TURN_BAR (sc_turn_bar_get_type ())
G_DECLARE_FINAL_TYPE (ScTurnBar, sc_turn_bar, SC, TURN_BAR, GtkWidget)

/**
 * sc_turn_bar_new:
 *
 * Returns: (transfer floating): a bar for no message
 */
GtkWidget *sc_turn_bar_new       (void);

/**
 * sc_turn_bar_set_turn:
 * @self: a bar
 * @turn: (nullable): a message; %NULL hides the bar
 * @is_last: it is the last one of the conversation
 *
 * Shows what can be done with a message.
 */
void       sc_turn_bar_set_turn  (ScTurnBar *self,
                                  ScTurn    *turn,
                                  gboolean   is_last);

/**
 * sc_turn_bar_get_turn:
 * @self: a bar
 *
 * Returns: (transfer none) (nullable): the message it stands at
 */
ScTurn    *sc_turn_bar_get_turn  (ScTurnBar *self);

/**
 * sc_turn_bar_place:
 * @self: a bar
 * @page: the page its message is on
 *
 * Allocates it. To be called when the text view is allocated.
 */
void       sc_turn_bar_place     (ScTurnBar *self,
                                  ScPage    *page);

/**
 * sc_turn_bar_holds:
 * @self: a bar
 * @x: a place of its parent
 * @y: a place of its parent
 *
 * Returns: %TRUE if the place is on the bar or on the way to it
 */
gboolean   sc_turn_bar_holds     (ScTurnBar *self,
                                  double     x,
                                  double     y);

G_END_DECLS
