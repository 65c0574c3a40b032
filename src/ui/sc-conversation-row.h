/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One conversation in the side panel: its title, one line of its last message, whether it
 * streams or ended unseen, and its menu. It may carry the heading of the group that begins with
 * it. */

#pragma once

#include <gtk/gtk.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

#define SC_TYPE_CONVERSATION_ROW (sc_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (ScConversationRow, sc_conversation_row, SC, CONVERSATION_ROW, GtkWidget)

/**
 * sc_conversation_row_new:
 *
 * Its menu activates `win.rename-conversation`, `win.pin-conversation` and `win.delete-
 * conversation` with the conversation's id.
 *
 * Returns: (transfer floating): a row that shows nothing yet
 */
GtkWidget      *sc_conversation_row_new              (void);

/**
 * sc_conversation_row_set_conversation:
 * @self: a row
 * @conversation: (nullable): what to show; observed
 *
 * Shows a conversation.
 */
void            sc_conversation_row_set_conversation (ScConversationRow *self,
                                                      ScConversation    *conversation);

/**
 * sc_conversation_row_get_conversation:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it shows
 */
ScConversation *sc_conversation_row_get_conversation (ScConversationRow *self);

/**
 * sc_conversation_row_set_heading:
 * @self: a row
 * @heading: (nullable): the heading of the group that begins here, %NULL inside a group
 *
 * Shows a heading above the row.
 */
void            sc_conversation_row_set_heading      (ScConversationRow *self,
                                                      const char        *heading);

/**
 * sc_conversation_row_popup_menu:
 * @self: a row
 * @x: where, in the row's coordinates
 * @y: where
 *
 * Opens the menu of its conversation.
 */
void            sc_conversation_row_popup_menu       (ScConversationRow *self,
                                                      double             x,
                                                      double             y);

/**
 * sc_conversation_row_set_dimmed:
 * @self: a row
 * @dimmed: the faint half of the pulse
 *
 * One step of the pulse of a row whose answer streams.
 */
void            sc_conversation_row_set_dimmed       (ScConversationRow *self,
                                                      gboolean           dimmed);

G_END_DECLS
