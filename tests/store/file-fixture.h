/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of the history file share: a file in a folder of its own, and what must
 * be in it. */

#pragma once

#include "sc-store-file.h"

G_BEGIN_DECLS

/**
 * Fixture:
 * @folder: holds the history alone
 * @path: the history file
 * @file: it, opened
 */
typedef struct
{
  char        *folder;
  char        *path;
  ScStoreFile *file;
} Fixture;

/**
 * file_set_up:
 * @fixture: to be filled
 * @data: (nullable): unused
 *
 * Begins a test: an empty folder and the history in it.
 */
void file_set_up (Fixture       *fixture,
                  gconstpointer  data);

/**
 * file_tear_down:
 * @fixture: a fixture
 * @data: (nullable): unused
 *
 * Ends a test and removes its folder.
 */
void file_tear_down (Fixture       *fixture,
                     gconstpointer  data);

/**
 * file_reopen:
 * @fixture: a fixture
 *
 * Closes the history and opens it again.
 */
void file_reopen (Fixture *fixture);

/**
 * file_save_conversation:
 * @file: a history
 * @id: an id
 * @title: a title
 * @updated_us: when it was updated
 *
 * Saves a conversation, which must succeed.
 */
void file_save_conversation (ScStoreFile *file,
                             const char  *id,
                             const char  *title,
                             gint64       updated_us);

/**
 * file_try_turn:
 * @file: a history
 * @id: an id
 * @conversation: its conversation
 * @parent: (nullable): its parent
 * @status: its status
 * @text: its text
 * @reasoning: (nullable): its reasoning
 * @error: return location
 *
 * Returns: whether the turn of an assistant was saved
 */
gboolean file_try_turn (ScStoreFile   *file,
                        const char    *id,
                        const char    *conversation,
                        const char    *parent,
                        ScTurnStatus   status,
                        const char    *text,
                        const char    *reasoning,
                        GError       **error);

/**
 * file_save_turn:
 * @file: a history
 * @id: an id
 * @conversation: its conversation
 * @parent: (nullable): its parent
 * @status: its status
 * @text: its text
 *
 * Saves a turn of an assistant, which must succeed.
 */
void file_save_turn (ScStoreFile  *file,
                     const char   *id,
                     const char   *conversation,
                     const char   *parent,
                     ScTurnStatus  status,
                     const char   *text);

/**
 * file_load_turns:
 * @file: a history
 * @conversation: an id
 *
 * Returns: (transfer full) (element-type ScTurnRecord): its turns; loading them must succeed
 */
GPtrArray *file_load_turns (ScStoreFile *file,
                            const char  *conversation);

/**
 * file_assert_n_turns:
 * @file: a history
 * @conversation: an id
 * @n_turns: how many turns it must have
 */
void file_assert_n_turns (ScStoreFile *file,
                          const char  *conversation,
                          guint        n_turns);

/**
 * file_assert_turn:
 * @file: a history
 * @conversation: an id
 * @index: which of its turns
 * @status: what status it must have
 * @text: what text it must have
 */
void file_assert_turn (ScStoreFile  *file,
                       const char   *conversation,
                       guint         index,
                       ScTurnStatus  status,
                       const char   *text);

/**
 * file_assert_found:
 * @file: a history
 * @query: words
 * @expected: the ids that a search must find, with a space between
 */
void file_assert_found (ScStoreFile *file,
                        const char  *query,
                        const char  *expected);

/**
 * file_assert_listed:
 * @file: a history
 * @expected: the ids of its conversations, with a space between
 */
void file_assert_listed (ScStoreFile *file,
                         const char  *expected);

/**
 * file_assert_sql:
 * @fixture: a fixture
 * @sql: a query
 * @expected: what its rows must say, one a line
 */
void file_assert_sql (Fixture    *fixture,
                      const char *sql,
                      const char *expected);

/**
 * file_assert_storage_error:
 * @error: must be a storage error with a whole sentence
 */
void file_assert_storage_error (GError *error);

G_END_DECLS
