/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history file, used by the worker thread alone: every call does its work at once and blocks.
   */

#pragma once

#include "sc-store.h"

G_BEGIN_DECLS

typedef struct _ScStoreFile ScStoreFile;

/**
 * sc_store_file_new:
 * @path: (nullable): the file; %NULL for one in memory
 *
 * Opens nothing yet: each call below opens the file if it is not open, so that a history that could
 * not be opened (locked, disk full) comes back by itself.
 *
 * Returns: (transfer full): the file
 */
ScStoreFile *sc_store_file_new                (const char                  *path);

/**
 * sc_store_file_free:
 * @self: (nullable) (transfer full): a file
 *
 * Closes and frees it.
 */
void         sc_store_file_free               (ScStoreFile                 *self);

/**
 * sc_store_file_open:
 * @self: a file
 * @error: return location
 *
 * Opens the file if it is not open: makes folder and file, migrates, gives answers found streaming
 * the status interrupted, removes what is marked deleted. A damaged file is moved aside and a new
 * one begun.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean     sc_store_file_open               (ScStoreFile                 *self,
                                               GError                     **error);

/**
 * sc_store_file_close:
 * @self: a file
 * @error: return location
 *
 * Closes the file. A later call opens it again.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set if it could not be closed cleanly
 */
gboolean     sc_store_file_close              (ScStoreFile                 *self,
                                               GError                     **error);

/**
 * sc_store_file_interrupt:
 * @self: a file
 *
 * Makes the query that runs now fail soon. On any thread.
 */
void         sc_store_file_interrupt          (ScStoreFile                 *self);

/**
 * sc_store_file_list_conversations:
 * @self: a file
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScConversationRecord) (nullable): the records, or %NULL
 *   with %SC_ERROR_STORAGE or %G_IO_ERROR_CANCELLED set
 */
GPtrArray   *sc_store_file_list_conversations (ScStoreFile                 *self,
                                               GCancellable                *cancellable,
                                               GError                     **error);

/**
 * sc_store_file_load_turns:
 * @self: a file
 * @conversation: a conversation's id
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScTurnRecord) (nullable): the records in the order they
 *   were made, or %NULL with %SC_ERROR_STORAGE or %G_IO_ERROR_CANCELLED set
 */
GPtrArray   *sc_store_file_load_turns         (ScStoreFile                 *self,
                                               const char                  *conversation,
                                               GCancellable                *cancellable,
                                               GError                     **error);

/**
 * sc_store_file_search:
 * @self: a file
 * @query: words as typed
 * @limit: how many conversations at the most
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type utf8) (nullable): ids of conversations, best first, or
 *   %NULL with %SC_ERROR_STORAGE or %G_IO_ERROR_CANCELLED set
 */
GPtrArray   *sc_store_file_search             (ScStoreFile                 *self,
                                               const char                  *query,
                                               guint                        limit,
                                               GCancellable                *cancellable,
                                               GError                     **error);

/**
 * sc_store_file_save_conversation:
 * @self: a file
 * @record: what to insert or replace
 * @error: return location
 *
 * Returns: %TRUE if it is on disk, or %FALSE with %SC_ERROR_STORAGE set and nothing changed
 */
gboolean     sc_store_file_save_conversation  (ScStoreFile                 *self,
                                               const ScConversationRecord  *record,
                                               GError                     **error);

/**
 * sc_store_file_save_turn:
 * @self: a file
 * @record: (inout): what to insert or replace; a streaming turn is taken over and becomes %NULL if
 *   it was saved
 * @error: return location
 *
 * Returns: %TRUE if it is on disk, or %FALSE with %SC_ERROR_STORAGE set and nothing changed
 */
gboolean     sc_store_file_save_turn          (ScStoreFile                 *self,
                                               ScTurnRecord               **record,
                                               GError                     **error);

/**
 * sc_store_file_delete_turn:
 * @self: a file
 * @id: a turn's id; an unknown one is no error
 * @error: return location
 *
 * Children get the turn's parent, and so does a conversation that showed its path up to here.
 *
 * Returns: %TRUE if it is gone, or %FALSE with %SC_ERROR_STORAGE set and nothing changed
 */
gboolean     sc_store_file_delete_turn        (ScStoreFile                 *self,
                                               const char                  *id,
                                               GError                     **error);

/**
 * sc_store_file_delete_conversation:
 * @self: a file
 * @id: a conversation's id; an unknown one is no error
 * @error: return location
 *
 * Returns: %TRUE if it is marked, or %FALSE with %SC_ERROR_STORAGE set and nothing changed
 */
gboolean     sc_store_file_delete_conversation (ScStoreFile                *self,
                                               const char                  *id,
                                               GError                     **error);

/**
 * sc_store_file_list_usage:
 * @self: a file
 * @conversation: (nullable): only of this one, by its id
 * @from_us: real time in microseconds since 1970: answers from then on
 * @to_us: answers before then
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScUsageRecord) (nullable): see sc_store_list_usage_finish()
 */
GPtrArray   *sc_store_file_list_usage         (ScStoreFile                 *self,
                                               const char                  *conversation,
                                               gint64                       from_us,
                                               gint64                       to_us,
                                               GCancellable                *cancellable,
                                               GError                     **error);

/**
 * sc_store_file_clear_usage:
 * @self: a file
 * @error: return location
 *
 * Returns: %TRUE if it is forgotten, or %FALSE with %SC_ERROR_STORAGE set and nothing changed
 */
gboolean     sc_store_file_clear_usage        (ScStoreFile                 *self,
                                               GError                     **error);

/**
 * sc_store_file_purge:
 * @self: a file
 * @error: return location
 *
 * Returns: %TRUE if what was marked is gone, or %FALSE with %SC_ERROR_STORAGE set and nothing
 *   changed
 */
gboolean     sc_store_file_purge              (ScStoreFile                 *self,
                                               GError                     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScStoreFile, sc_store_file_free)

G_END_DECLS
