/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the session, the history and tests of views need of a conversation beyond its public
 * face. */

#pragma once

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * sc_conversation_new:
 *
 * Makes an empty conversation that is kept nowhere.
 *
 * Returns: (transfer full): the conversation, loaded
 */
ScConversation *sc_conversation_new             (void);

/**
 * sc_conversation_append_turn:
 * @self: a loaded conversation
 * @turn: a new turn; a reference is kept
 *
 * Adds a turn after the last one of the shown path. Saves nothing and sends nothing.
 */
void            sc_conversation_append_turn     (ScConversation  *self,
                                                 ScTurn          *turn);

/**
 * sc_conversation_set_activity:
 * @self: a conversation
 * @activity: what is happening to the answer on its way
 * @time_us: g_get_monotonic_time() it counts from: when the reasoning began, when the last data
 *   came, when the next try will be made
 *
 * Sets the activity. It is notified also when only the time is new.
 */
void            sc_conversation_set_activity    (ScConversation  *self,
                                                 ScActivity       activity,
                                                 gint64           time_us);

/**
 * sc_conversation_get_system_prompt:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): its own instructions
 */
const char     *sc_conversation_get_system_prompt (ScConversation *self);

/**
 * sc_conversation_get_parameters:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): its own parameters, JSON object text
 */
const char     *sc_conversation_get_parameters  (ScConversation  *self);

/**
 * sc_conversation_list_siblings:
 * @self: a loaded conversation
 * @turn: a turn of it
 *
 * Returns: (transfer container) (element-type ScTurn): the branches at that place, @turn among
 *   them, oldest first
 */
GPtrArray      *sc_conversation_list_siblings   (ScConversation  *self,
                                                 ScTurn          *turn);

/**
 * sc_conversation_show_branch:
 * @self: a loaded conversation that is not busy
 * @turn: a turn of it, maybe of a path that is not shown
 *
 * Shows the path through @turn to the newest end behind it, and saves that choice.
 */
void            sc_conversation_show_branch     (ScConversation  *self,
                                                 ScTurn          *turn);

G_END_DECLS
