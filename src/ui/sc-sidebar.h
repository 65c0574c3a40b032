/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The side panel: all conversations, grouped by when they were last used, and the field that
 * searches them. */

#pragma once

#include <adwaita.h>

#include "sc-history.h"

G_BEGIN_DECLS

/**
 * ScSidebar:
 *
 * Signal `selected` (#ScConversation): the user chose a conversation.
 */
#define SC_TYPE_SIDEBAR (sc_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (ScSidebar, sc_sidebar, SC, SIDEBAR, GtkWidget)

/**
 * sc_sidebar_set_history:
 * @self: a side panel
 * @history: (nullable): whose conversations to show
 *
 * Shows a history.
 */
void            sc_sidebar_set_history  (ScSidebar      *self,
                                         ScHistory      *history);

/**
 * sc_sidebar_set_current:
 * @self: a side panel
 * @conversation: (nullable): the one the window shows; it need not be in the list
 *
 * Marks a conversation as the current one; `selected` is not emitted.
 */
void            sc_sidebar_set_current  (ScSidebar      *self,
                                         ScConversation *conversation);

/**
 * sc_sidebar_get_neighbour:
 * @self: a side panel
 * @delta: 1 the next in the list, -1 the one before
 *
 * Returns: (transfer none) (nullable): the conversation beside the current one, around the ends;
 *   %NULL if there is none
 */
ScConversation *sc_sidebar_get_neighbour (ScSidebar     *self,
                                          int            delta);

/**
 * sc_sidebar_get_row:
 * @self: a side panel
 * @conversation: a conversation
 *
 * Returns: (transfer none) (nullable): the widget that shows it, if it is in view
 */
GtkWidget      *sc_sidebar_get_row      (ScSidebar      *self,
                                         ScConversation *conversation);

/**
 * sc_sidebar_clear_search:
 * @self: a #ScSidebar
 *
 * Empties the search field, so that every conversation is listed again.
 */
void            sc_sidebar_clear_search (ScSidebar      *self);

/**
 * sc_sidebar_focus_search:
 * @self: a side panel
 *
 * Puts the focus into the search field with its text selected.
 */
void            sc_sidebar_focus_search (ScSidebar      *self);

/**
 * sc_sidebar_dup_group:
 * @updated_us: when a conversation was last used, real time in microseconds since 1970
 * @now: the time now, local
 *
 * Returns: (transfer full): the heading it stands under: Today, Yesterday, Previous 7 Days, a month
 */
char           *sc_sidebar_dup_group    (gint64          updated_us,
                                         GDateTime      *now);

G_END_DECLS
