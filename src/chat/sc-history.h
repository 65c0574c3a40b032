/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All conversations: a #GListModel of #ScConversation in the order of the list (pinned first, then newest), kept in
 * the store. */

#pragma once

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScHistory:
 *
 * A #GListModel of #ScConversation. Property `loaded` (boolean): the list was read. Signal `failed` (string): a
 * sentence for people about a history that could not be read or written, at most once a minute.
 */
#define SC_TYPE_HISTORY (sc_history_get_type ())
G_DECLARE_FINAL_TYPE (ScHistory, sc_history, SC, HISTORY, GObject)

/**
 * sc_history_new:
 * @path: (nullable): the database file; %NULL keeps nothing on disk
 *
 * Returns: (transfer full): the history; it begins to load at once
 */
ScHistory      *sc_history_new              (const char           *path);

/**
 * sc_history_dup_default_path:
 *
 * Returns: (transfer full): where the history lies for this user (`$XDG_DATA_HOME/stream-chat/history.sqlite`)
 */
char           *sc_history_dup_default_path (void);

/**
 * sc_history_is_loaded:
 * @self: a history
 *
 * Returns: %TRUE if the list was read
 */
gboolean        sc_history_is_loaded        (ScHistory            *self);

/**
 * sc_history_create:
 * @self: a history
 *
 * Makes a new, empty conversation. It gets into the list and onto disk with its first message.
 *
 * Returns: (transfer full): the conversation
 */
ScConversation *sc_history_create           (ScHistory            *self);

/**
 * sc_history_delete:
 * @self: a history
 * @conversation: one of its conversations; its answer is stopped
 *
 * Takes it out of the list. It can be brought back by sc_history_restore() until the program ends.
 */
void            sc_history_delete           (ScHistory            *self,
                                             ScConversation       *conversation);

/**
 * sc_history_restore:
 * @self: a history
 * @conversation: one that was deleted
 *
 * Undoes a deletion.
 */
void            sc_history_restore          (ScHistory            *self,
                                             ScConversation       *conversation);

/**
 * sc_history_search_async:
 * @self: a history
 * @query: words as typed
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Finds conversations by title and text.
 */
void            sc_history_search_async     (ScHistory            *self,
                                             const char           *query,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);

/**
 * sc_history_search_finish:
 * @self: a history
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScConversation) (nullable): what was found, best first (each element
 *   referenced), or %NULL with an error set
 */
GPtrArray      *sc_history_search_finish    (ScHistory            *self,
                                             GAsyncResult         *result,
                                             GError              **error);

/**
 * sc_history_close_async:
 * @self: a history
 * @callback: called when everything is on disk
 * @user_data: for @callback
 *
 * Stops all answers, saves what came and closes the store: before the program ends.
 */
void            sc_history_close_async      (ScHistory            *self,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);

/**
 * sc_history_close_finish:
 * @self: a history
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean        sc_history_close_finish     (ScHistory            *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
