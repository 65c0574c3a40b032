/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records to and from rows. Everything that writes runs inside a transaction of its caller and is
 * undone by it where it fails. */

#pragma once

#include "sc-sqlite.h"
#include "sc-store.h"

G_BEGIN_DECLS

/**
 * sc_store_rows_list_conversations:
 * @db: a connection
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScConversationRecord) (nullable): pinned first, then
 *   newest first
 */
GPtrArray *sc_store_rows_list_conversations  (ScSqlite                    *db,
                                              GCancellable                *cancellable,
                                              GError                     **error);

/**
 * sc_store_rows_load_turns:
 * @db: a connection
 * @conversation: a conversation's id
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScTurnRecord) (nullable): in the order they were made,
 *   streaming ones whole
 */
GPtrArray *sc_store_rows_load_turns          (ScSqlite                    *db,
                                              const char                  *conversation,
                                              GCancellable                *cancellable,
                                              GError                     **error);

/**
 * sc_store_rows_save_conversation:
 * @db: a connection
 * @record: what to insert or replace
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_save_conversation   (ScSqlite                    *db,
                                              const ScConversationRecord  *record,
                                              GError                     **error);

/**
 * sc_store_rows_ensure_conversation:
 * @db: a connection
 * @turn: a turn whose conversation may be missing
 * @error: return location
 *
 * Makes a conversation without title for the turn if there is none with that id.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_ensure_conversation (ScSqlite                    *db,
                                              const ScTurnRecord          *turn,
                                              GError                     **error);

/**
 * sc_store_rows_save_turn:
 * @db: a connection
 * @record: what to insert or replace
 * @error: return location
 *
 * Writes the whole row, removes its pieces, and brings the search index up to date unless the turn
 * is streaming.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_save_turn           (ScSqlite                    *db,
                                              const ScTurnRecord          *record,
                                              GError                     **error);

/**
 * sc_store_rows_extend_turn:
 * @db: a connection
 * @before: a streaming turn as it was saved last
 * @after: the same turn now
 * @is_extended: (out): %FALSE if @after is no continuation of @before, or its row is gone: save it
 *   whole
 * @error: return location
 *
 * Writes only what @after has more than @before.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_extend_turn         (ScSqlite                    *db,
                                              const ScTurnRecord          *before,
                                              const ScTurnRecord          *after,
                                              gboolean                    *is_extended,
                                              GError                     **error);

/**
 * sc_store_rows_delete_turn:
 * @db: a connection
 * @id: a turn's id
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_delete_turn         (ScSqlite                    *db,
                                              const char                  *id,
                                              GError                     **error);

/**
 * sc_store_rows_mark_deleted:
 * @db: a connection
 * @id: a conversation's id
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_mark_deleted        (ScSqlite                    *db,
                                              const char                  *id,
                                              GError                     **error);

/**
 * sc_store_rows_purge:
 * @db: a connection
 * @before_us: real time in microseconds since 1970
 * @error: return location
 *
 * Removes conversations marked deleted before that time with all that belongs to them.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_purge               (ScSqlite                    *db,
                                              gint64                       before_us,
                                              GError                     **error);

/**
 * sc_store_rows_interrupt_streaming:
 * @db: a connection
 * @error: return location
 *
 * Makes every streaming turn whole and interrupted: whoever streamed it is gone.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_rows_interrupt_streaming (ScSqlite                    *db,
                                              GError                     **error);

G_END_DECLS
