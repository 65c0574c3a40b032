/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

char *
store_test_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("stream-chat-store-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
store_test_remove_folder (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        store_test_remove_folder (g_steal_pointer (&path));
      else
        g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

ScConversationRecord *
store_test_make_conversation (const char *id,
                              const char *title,
                              gint64      updated_us)
{
  ScConversationRecord *record = g_new0 (ScConversationRecord, 1);

  record->id = g_strdup (id);
  record->title = g_strdup (title);
  record->created_us = 1000;
  record->updated_us = updated_us;
  return record;
}

ScTurnRecord *
store_test_make_turn (const char   *id,
                      const char   *conversation,
                      const char   *parent,
                      ScTurnStatus  status,
                      const char   *text)
{
  ScTurnRecord *record = g_new0 (ScTurnRecord, 1);

  record->id = g_strdup (id);
  record->conversation = g_strdup (conversation);
  record->parent = g_strdup (parent);
  record->role = g_strdup ("assistant");
  record->text = g_strdup (text);
  record->status = status;
  record->created_us = 2000;
  return record;
}

void
store_test_assert_conversation (const ScConversationRecord *a,
                                const ScConversationRecord *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->title, ==, b->title);
  g_assert_cmpint (a->title_is_custom, ==, b->title_is_custom);
  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->system_prompt, ==, b->system_prompt);
  g_assert_cmpstr (a->parameters, ==, b->parameters);
  g_assert_cmpstr (a->snippet, ==, b->snippet);
  g_assert_cmpstr (a->head, ==, b->head);
  g_assert_cmpint (a->is_pinned, ==, b->is_pinned);
  g_assert_cmpint (a->is_unseen, ==, b->is_unseen);
  g_assert_cmpint (a->created_us, ==, b->created_us);
  g_assert_cmpint (a->updated_us, ==, b->updated_us);
}

void
store_test_assert_turn (const ScTurnRecord *a,
                        const ScTurnRecord *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->conversation, ==, b->conversation);
  g_assert_cmpstr (a->parent, ==, b->parent);
  g_assert_cmpstr (a->role, ==, b->role);
  g_assert_cmpstr (a->text, ==, b->text);
  g_assert_cmpstr (a->reasoning, ==, b->reasoning);
  g_assert_cmpstr (a->data, ==, b->data);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpint (a->status, ==, b->status);
  g_assert_cmpint (a->created_us, ==, b->created_us);
}

char *
store_test_join_ids (GPtrArray *ids)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? " " : "", (char *) ids->pdata[i]);
  return g_string_free (joined, FALSE);
}

char *
store_test_read_sql (const char *path,
                     const char *sql)
{
  g_autoptr (GString) text = g_string_new (NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;
  int code;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  code = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);
  while (code == SQLITE_OK || code == SQLITE_ROW)
    {
      code = sqlite3_step (stmt);
      if (code == SQLITE_ROW)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                                (const char *) sqlite3_column_text (stmt, 0));
    }
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return code == SQLITE_DONE ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

void
store_test_run_sql (const char *path,
                    const char *sql)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* One connection for all of it: the fault tests come here some hundred times. Words that were not
 * forgotten when a text changed would stay in the index for ever: a second index over the rows must
 * have the same words. (The texts of the tests that come here are ASCII, which the store does not
 * fold.) */
void
store_test_assert_consistent (const char *path)
{
  static const char sql[] =
    "CREATE VIRTUAL TABLE temp.fresh USING fts5 (text,"
    " tokenize=\"unicode61 remove_diacritics 2 categories 'L* M* N* Co So'\");"
    "INSERT INTO fresh (rowid, text) SELECT number, text FROM main.turns WHERE is_indexed;"
    "CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab (temp, fresh, instance);"
    "CREATE VIRTUAL TABLE temp.stored_words USING fts5vocab (main, turn_index, instance);"
    "CREATE TEMP TABLE checks (name, n CHECK (n = 0));"
    "INSERT INTO checks SELECT 'integrity', count(*) FROM pragma_integrity_check WHERE "
    "integrity_check <> 'ok';"
    "INSERT INTO checks SELECT 'keys', count(*) FROM pragma_foreign_key_check;"
    "INSERT INTO turn_index (turn_index) VALUES ('integrity-check');"
    "INSERT INTO title_index (title_index) VALUES ('integrity-check');"
    "INSERT INTO checks SELECT 'words too many', count(*) FROM"
    " (SELECT term, doc FROM stored_words EXCEPT SELECT term, doc FROM fresh_words);"
    "INSERT INTO checks SELECT 'words too few', count(*) FROM"
    " (SELECT term, doc FROM fresh_words EXCEPT SELECT term, doc FROM stored_words);"
    "INSERT INTO checks SELECT 'rows too many', count(*) FROM"
    " (SELECT rowid FROM turn_index EXCEPT SELECT number FROM turns WHERE is_indexed);"
    "INSERT INTO checks SELECT 'marks', count(*) FROM turns WHERE is_indexed <> (status <> 0);"
    "INSERT INTO checks SELECT 'titles', count(*) FROM conversations WHERE NOT is_title_indexed;"
    "INSERT INTO checks SELECT 'pieces', count(*) FROM pieces JOIN turns ON number = turn WHERE "
    "status <> 0;";

  store_test_run_sql (path, sql);
}
