/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of the history share: folders, records, and waiting for a call. */

#pragma once

#include "sc-store.h"

G_BEGIN_DECLS

/**
 * store_test_make_folder:
 *
 * Returns: (transfer full): a new folder for one test
 */
char                 *store_test_make_folder       (void);

/**
 * store_test_remove_folder:
 * @folder: (transfer full): a folder of store_test_make_folder()
 *
 * Removes it with its files and frees the string.
 */
void                  store_test_remove_folder     (char                 *folder);

/**
 * store_test_make_conversation:
 * @id: its id
 * @title: its title
 * @updated_us: when it was updated
 *
 * Returns: (transfer full): a record with nothing else set
 */
ScConversationRecord *store_test_make_conversation (const char           *id,
                                                    const char           *title,
                                                    gint64                updated_us);

/**
 * store_test_make_turn:
 * @id: its id
 * @conversation: its conversation
 * @parent: (nullable): its parent
 * @status: its status
 * @text: its text
 *
 * Returns: (transfer full): a record of an assistant's turn
 */
ScTurnRecord         *store_test_make_turn         (const char           *id,
                                                    const char           *conversation,
                                                    const char           *parent,
                                                    ScTurnStatus          status,
                                                    const char           *text);

/**
 * store_test_assert_conversation:
 * @a: a record
 * @b: a record
 *
 * Fails the test unless they are equal.
 */
void                  store_test_assert_conversation (const ScConversationRecord *a,
                                                      const ScConversationRecord *b);

/**
 * store_test_assert_turn:
 * @a: a record
 * @b: a record
 *
 * Fails the test unless they are equal.
 */
void                  store_test_assert_turn       (const ScTurnRecord   *a,
                                                    const ScTurnRecord   *b);

/**
 * store_test_join_ids:
 * @ids: (element-type utf8): ids
 *
 * Returns: (transfer full): them with a space between
 */
char                 *store_test_join_ids          (GPtrArray            *ids);

/**
 * store_test_read_sql:
 * @path: a database
 * @sql: a query
 *
 * Returns: (transfer full) (nullable): the first column of all rows, one a line; %NULL if it failed
 */
char                 *store_test_read_sql          (const char           *path,
                                                    const char           *sql);

/**
 * store_test_run_sql:
 * @path: a database
 * @sql: statements
 *
 * Runs them past the store.
 */
void                  store_test_run_sql           (const char           *path,
                                                    const char           *sql);

/**
 * store_test_assert_consistent:
 * @path: a database
 *
 * Fails the test unless the file is sound, its search index holds what the rows say, and no piece
 * is left over.
 */
void                  store_test_assert_consistent (const char           *path);

G_END_DECLS
