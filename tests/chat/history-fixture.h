/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of conversations and of the history share: a history in a file of its own, and a
 * scripted service that is the default provider. */

#pragma once

#include "run-log.h"
#include "sc-history.h"

G_BEGIN_DECLS

/**
 * Fixture:
 * @server: the service
 * @folder: where the files are
 * @path: the history's file
 * @history: the history, open; any fault it tells of fails the test
 */
typedef struct
{
  RawServer *server;
  char      *folder;
  char      *path;
  ScHistory *history;
} Fixture;

/**
 * fixture_set_up:
 * @fixture: a fixture
 * @data: not used
 *
 * Opens a new history and makes the service the provider.
 */
void            fixture_set_up         (Fixture        *fixture,
                                        gconstpointer   data);

/**
 * fixture_tear_down:
 * @fixture: a fixture
 * @data: not used
 *
 * Closes the history, looks for the key in its files, and removes them.
 */
void            fixture_tear_down      (Fixture        *fixture,
                                        gconstpointer   data);

/**
 * fixture_reopen:
 * @fixture: a fixture
 *
 * Closes the history and opens it again, as the next start does.
 */
void            fixture_reopen         (Fixture        *fixture);

/**
 * fixture_load_first:
 * @fixture: a fixture just opened again
 *
 * Returns: (transfer none): the first conversation, loaded
 */
ScConversation *fixture_load_first     (Fixture        *fixture);

/**
 * fixture_add_answer:
 * @fixture: a fixture
 * @answer: what the service answers next, from the status line on
 */
void            fixture_add_answer     (Fixture        *fixture,
                                        const char     *answer);

/**
 * open_history:
 * @path: a file
 *
 * Returns: (transfer full): the history, its list read
 */
ScHistory      *open_history           (const char     *path);

/**
 * close_history:
 * @history: (transfer full): a history
 *
 * Closes it and makes sure that nobody else holds it.
 */
void            close_history          (ScHistory      *history);

/**
 * get_conversation:
 * @history: a history
 * @position: its place in the list
 *
 * Returns: (transfer none): the conversation
 */
ScConversation *get_conversation       (ScHistory      *history,
                                        guint           position);

/**
 * get_turn:
 * @conversation: a conversation
 * @position: its place in the shown path
 *
 * Returns: (transfer none): the turn
 */
ScTurn         *get_turn               (ScConversation *conversation,
                                        guint           position);

/**
 * send_and_wait:
 * @conversation: a conversation
 * @text: what to say
 *
 * Sends it and waits for the end of the answer.
 */
void            send_and_wait          (ScConversation *conversation,
                                        const char     *text);

/**
 * assert_texts:
 * @conversation: a conversation
 * @expected: the texts of the shown path, with `|` between them
 */
void            assert_texts           (ScConversation *conversation,
                                        const char     *expected);

/**
 * assert_received:
 * @fixture: a fixture
 * @connection: number of the connection, from 0
 * @words: what the service must have got there
 */
void            assert_received        (Fixture        *fixture,
                                        guint           connection,
                                        const char     *words);

/* Conditions for wait_until(); @data is the history or a conversation. */
gboolean        is_history_loaded      (gpointer        data);
gboolean        is_idle                (gpointer        data);
gboolean        has_text               (gpointer        data);
gboolean        is_conversation_loaded (gpointer        data);

G_END_DECLS
