/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search index: how text becomes words, and what is found by them. */

#pragma once

#include <gio/gio.h>

#include "sc-sqlite.h"

G_BEGIN_DECLS

/**
 * sc_store_index_fold:
 * @text: UTF-8
 *
 * Prepares text for the tokenizer, which knows only spaces: puts each character of scripts written
 * without spaces (Chinese, Japanese, Thai …) and each emoji apart, and drops vowel points,
 * variation selectors and skin tones. The same text must give the same result for ever, since the
 * index is told again what to forget; a change here needs a step in sc-store-schema.c that makes
 * the index anew.
 *
 * Returns: (transfer full) (nullable): the prepared text, or %NULL if it is @text itself
 */
char      *sc_store_index_fold         (const char    *text);

/**
 * sc_store_index_build_query:
 * @query: words as typed; any characters
 *
 * Makes an FTS5 expression that finds all of the words, the last as a prefix. Nothing in @query is
 * an operator.
 *
 * Returns: (transfer full) (nullable): the expression, or %NULL if there is no word in @query
 */
char      *sc_store_index_build_query  (const char    *query);

/**
 * sc_store_index_put_turn:
 * @db: a connection, inside a transaction
 * @number: the turn's number
 * @text: the text of its row
 * @error: return location
 *
 * Adds a turn that is not indexed and marks its row.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_index_put_turn     (ScSqlite      *db,
                                        gint64         number,
                                        const char    *text,
                                        GError       **error);

/**
 * sc_store_index_forget_turn:
 * @db: a connection, inside a transaction
 * @number: the turn's number
 * @text: the text that was added
 * @error: return location
 *
 * Removes a turn that is indexed. Its row is not marked.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_index_forget_turn  (ScSqlite      *db,
                                        gint64         number,
                                        const char    *text,
                                        GError       **error);

/**
 * sc_store_index_put_title:
 * @db: a connection, inside a transaction
 * @number: the conversation's number
 * @title: its title
 * @error: return location
 *
 * Adds a title that is not indexed and marks its row.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_index_put_title    (ScSqlite      *db,
                                        gint64         number,
                                        const char    *title,
                                        GError       **error);

/**
 * sc_store_index_forget_title:
 * @db: a connection, inside a transaction
 * @number: the conversation's number
 * @title: the title that was added
 * @error: return location
 *
 * Removes a title that is indexed. Its row is not marked.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_index_forget_title (ScSqlite      *db,
                                        gint64         number,
                                        const char    *title,
                                        GError       **error);

/**
 * sc_store_index_rebuild:
 * @db: a connection, inside a transaction
 * @error: return location
 *
 * Makes the whole index anew from the tables.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_index_rebuild      (ScSqlite      *db,
                                        GError       **error);

/**
 * sc_store_index_search:
 * @db: a connection
 * @query: words as typed
 * @limit: how many conversations at the most
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Finds conversations that are not deleted: first those whose title has all the words, then those
 * with such a turn; in both the newest first.
 *
 * Returns: (transfer full) (element-type utf8) (nullable): ids, or %NULL with %SC_ERROR_STORAGE or
 *   %G_IO_ERROR_CANCELLED set
 */
GPtrArray *sc_store_index_search       (ScSqlite      *db,
                                        const char    *query,
                                        guint          limit,
                                        GCancellable  *cancellable,
                                        GError       **error);

G_END_DECLS
