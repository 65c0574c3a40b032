/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A history file in a folder of its own, for tests that look at it without its thread. */

#include "config.h"

#include "file-fixture.h"

#include "sc-error.h"
#include "sc-sqlite-private.h"
#include "store-test.h"

void
file_set_up (Fixture       *fixture,
             gconstpointer  data)
{
  fixture->folder = store_test_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "history.sqlite", NULL);
  fixture->file = sc_store_file_new (fixture->path);
}

void
file_tear_down (Fixture       *fixture,
                gconstpointer  data)
{
  sc_sqlite_set_fault (0, 0, FALSE);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->path);
}

void
file_reopen (Fixture *fixture)
{
  sc_store_file_free (fixture->file);
  fixture->file = sc_store_file_new (fixture->path);
}

void
file_save_conversation (ScStoreFile *file,
                        const char  *id,
                        const char  *title,
                        gint64       updated_us)
{
  g_autoptr (ScConversationRecord) record = store_test_make_conversation (id, title, updated_us);
  g_autoptr (GError) error = NULL;

  sc_store_file_save_conversation (file, record, &error);
  g_assert_no_error (error);
}

gboolean
file_try_turn (ScStoreFile   *file,
               const char    *id,
               const char    *conversation,
               const char    *parent,
               ScTurnStatus   status,
               const char    *text,
               const char    *reasoning,
               GError       **error)
{
  g_autoptr (ScTurnRecord) record = store_test_make_turn (id, conversation, parent, status, text);

  record->reasoning = g_strdup (reasoning);
  return sc_store_file_save_turn (file, &record, error);
}

void
file_save_turn (ScStoreFile  *file,
                const char   *id,
                const char   *conversation,
                const char   *parent,
                ScTurnStatus  status,
                const char   *text)
{
  g_autoptr (GError) error = NULL;

  file_try_turn (file, id, conversation, parent, status, text, NULL, &error);
  g_assert_no_error (error);
}

GPtrArray *
file_load_turns (ScStoreFile *file,
                 const char  *conversation)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *turns = sc_store_file_load_turns (file, conversation, NULL, &error);

  g_assert_no_error (error);
  return turns;
}

void
file_assert_n_turns (ScStoreFile *file,
                     const char  *conversation,
                     guint        n_turns)
{
  g_autoptr (GPtrArray) turns = file_load_turns (file, conversation);

  g_assert_cmpuint (turns->len, ==, n_turns);
}

void
file_assert_turn (ScStoreFile  *file,
                  const char   *conversation,
                  guint         index,
                  ScTurnStatus  status,
                  const char   *text)
{
  g_autoptr (GPtrArray) turns = file_load_turns (file, conversation);
  const ScTurnRecord *turn;

  g_assert_cmpuint (turns->len, >, index);
  turn = turns->pdata[index];
  g_assert_cmpint (turn->status, ==, status);
  g_assert_cmpstr (turn->text, ==, text);
}

void
file_assert_found (ScStoreFile *file,
                   const char  *query,
                   const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = sc_store_file_search (file, query, 50, NULL, &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = store_test_join_ids (ids);
  g_assert_cmpstr (joined, ==, expected);
}

static char *
list_ids (ScStoreFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = sc_store_file_list_conversations (file, NULL, &error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (ids, ((ScConversationRecord *) records->pdata[i])->id);
  return store_test_join_ids (ids);
}

void
file_assert_listed (ScStoreFile *file,
                    const char  *expected)
{
  g_autofree char *ids = list_ids (file);

  g_assert_cmpstr (ids, ==, expected);
}

void
file_assert_sql (Fixture    *fixture,
                 const char *sql,
                 const char *expected)
{
  g_autofree char *answer = store_test_read_sql (fixture->path, sql);

  g_assert_cmpstr (answer, ==, expected);
}

void
file_assert_storage_error (GError *error)
{
  g_assert_error (error, SC_ERROR, SC_ERROR_STORAGE);
  g_assert_true (g_str_has_suffix (error->message, "."));
}
