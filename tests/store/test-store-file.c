/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history file without its thread: what is kept, found and forgotten. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "file-fixture.h"
#include "sc-error.h"
#include "store-test.h"

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  ScConversationRecord conversation =
  {
    .id = (char *) "c", .title = (char *) "Title “x”", .title_is_custom = TRUE,
    .provider = (char *) "p",
    .model = (char *) "m", .system_prompt = (char *) "Be\nbrief",
    .parameters = (char *) "{\"seed\":1}",
    .snippet = (char *) "…", .head = (char *) "t2", .is_pinned = TRUE, .is_unseen = TRUE,
    .created_us = 1,
    .updated_us = G_MAXINT64,
  };
  ScTurnRecord full =
  {
    .id = (char *) "t1", .conversation = (char *) "c", .parent = (char *) "unknown",
    .role = (char *) "tool",
    .text = (char *) "Text\twith \U0001F600\n", .reasoning = (char *) "why", .data = (char *) "{}",
    .model = (char *) "m", .provider = (char *) "p", .status = SC_TURN_STATUS_FAILED,
    .created_us = -5,
  };
  g_autoptr (ScTurnRecord) plain = store_test_make_turn ("t2", "c", NULL, SC_TURN_STATUS_STOPPED,
                                                         "");

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) conversations = NULL;
      g_autoptr (GPtrArray) turns = NULL;
      ScTurnRecord *first = &full;
      ScTurnRecord *second = plain;

      if (round < 2)
        {
          g_assert_true (sc_store_file_save_conversation (fixture->file, &conversation, &error));
          g_assert_true (sc_store_file_save_turn (fixture->file, &first, &error));
          g_assert_true (sc_store_file_save_turn (fixture->file, &second, &error));
          g_assert_nonnull (second);
        }
      else
        file_reopen (fixture);
      conversations = sc_store_file_list_conversations (fixture->file, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (conversations->len, ==, 1);
      store_test_assert_conversation (conversations->pdata[0], &conversation);
      turns = file_load_turns (fixture->file, "c");
      g_assert_cmpuint (turns->len, ==, 2);
      store_test_assert_turn (turns->pdata[0], &full);
      store_test_assert_turn (turns->pdata[1], plain);
    }
  file_assert_n_turns (fixture->file, "nobody", 0);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ScConversationRecord) pinned = store_test_make_conversation ("pinned", "", 1);
  g_autoptr (GError) error = NULL;

  pinned->is_pinned = TRUE;
  file_save_conversation (fixture->file, "old", "", 10);
  file_save_conversation (fixture->file, "new", "", 30);
  file_save_conversation (fixture->file, "middle", "", 20);
  g_assert_true (sc_store_file_save_conversation (fixture->file, pinned, &error));
  file_assert_listed (fixture->file, "pinned new middle old");
  file_save_conversation (fixture->file, "old", "", 40);
  file_assert_listed (fixture->file, "pinned old new middle");
}

static void
test_checkpoints (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  file_save_conversation (fixture->file, "c", "", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_string_append_printf (text, "word%u ünd ", i);
      g_assert_true (file_try_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING,
                                    text->str,
                                    i < 3 ? NULL : "because", &error));
      g_assert_no_error (error);
      if (i % 50 == 0)
        file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, text->str);
    }
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, text->str);

  /* Each checkpoint wrote what was new; the search has heard of nothing. */
  file_assert_sql (fixture, "SELECT length (text) FROM turns", "10");
  file_assert_sql (fixture, "SELECT count (*) FROM pieces WHERE kind = 0", "199");
  file_assert_sql (fixture, "SELECT count (*) FROM pieces WHERE kind = 1", "1");
  file_assert_sql (fixture, "SELECT count (*) FROM turn_index", "0");
  file_assert_found (fixture->file, "word5", "");

  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, text->str);
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, text->str);
  file_assert_sql (fixture, "SELECT count (*) FROM pieces", "0");
  file_assert_found (fixture->file, "word199 UND", "c");
}

/* A checkpoint whose text is no continuation, or that changes more than text. */
static void
test_rewritten (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScTurnRecord) record = NULL;
  g_autoptr (GPtrArray) turns = NULL;
  g_autoptr (GError) error = NULL;

  file_save_conversation (fixture->file, "c", "", 1);
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "other");
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "other");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "other text");
  file_save_turn (fixture->file, "t", "c", "p", SC_TURN_STATUS_STREAMING, "other text 2");
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "other text 2");

  record = store_test_make_turn ("t", "c", "p", SC_TURN_STATUS_STREAMING, "other text 2 more");
  record->data = g_strdup ("{\"a\":1}");
  record->model = g_strdup ("m");
  g_assert_true (sc_store_file_save_turn (fixture->file, &record, &error));
  g_assert_null (record);
  turns = file_load_turns (fixture->file, "c");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->data, ==, "{\"a\":1}");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->model, ==, "m");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->text, ==, "other text 2 more");

  /* A turn that is written again from its start leaves the search until it is over. */
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "finished");
  file_assert_found (fixture->file, "finished", "c");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "again");
  file_assert_found (fixture->file, "finished", "");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STOPPED, "again");
  file_assert_found (fixture->file, "again", "c");
  file_assert_found (fixture->file, "finished", "");
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  data)
{
  file_save_conversation (fixture->file, "c", "", 1);
  file_save_turn (fixture->file, "u", "c", NULL, SC_TURN_STATUS_DONE, "question");
  file_save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "an");
  file_save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "answer that");
  file_save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "answer that breaks");
  file_reopen (fixture);
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, "question");
  file_assert_turn (fixture->file, "c", 1, SC_TURN_STATUS_INTERRUPTED, "answer that breaks");
  file_assert_found (fixture->file, "breaks", "c");
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_delete_turn (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversationRecord) record = store_test_make_conversation ("c", "", 1);
  g_autoptr (GPtrArray) turns = NULL;
  g_autoptr (GPtrArray) conversations = NULL;
  g_autoptr (GError) error = NULL;

  record->head = g_strdup ("b");
  g_assert_true (sc_store_file_save_conversation (fixture->file, record, &error));
  file_save_turn (fixture->file, "a", "c", NULL, SC_TURN_STATUS_DONE, "first");
  file_save_turn (fixture->file, "b", "c", "a", SC_TURN_STATUS_DONE, "second");
  file_save_turn (fixture->file, "d", "c", "b", SC_TURN_STATUS_DONE, "third");
  file_save_turn (fixture->file, "e", "c", "b", SC_TURN_STATUS_STREAMING, "branch");
  g_assert_true (sc_store_file_delete_turn (fixture->file, "b", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "b", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "unknown", &error));

  turns = file_load_turns (fixture->file, "c");
  g_assert_cmpuint (turns->len, ==, 3);
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[1])->parent, ==, "a");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[2])->parent, ==, "a");
  conversations = sc_store_file_list_conversations (fixture->file, NULL, &error);
  g_assert_cmpstr (((ScConversationRecord *) conversations->pdata[0])->head, ==, "a");
  file_assert_found (fixture->file, "second", "");

  /* The first turn has no parent to give, and a deleted answer may still be growing. */
  g_assert_true (sc_store_file_delete_turn (fixture->file, "a", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "e", &error));
  file_save_turn (fixture->file, "e", "c", NULL, SC_TURN_STATUS_STREAMING, "branch goes on");
  file_assert_turn (fixture->file, "c", 1, SC_TURN_STATUS_STREAMING, "branch goes on");
  g_clear_pointer (&turns, g_ptr_array_unref);
  turns = file_load_turns (fixture->file, "c");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->parent, ==, NULL);
}

static void
test_delete_conversation (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  file_save_conversation (fixture->file, "a", "Apples", 1);
  file_save_turn (fixture->file, "t1", "a", NULL, SC_TURN_STATUS_DONE, "green apples");
  file_save_turn (fixture->file, "t2", "a", "t1", SC_TURN_STATUS_STREAMING, "still");
  file_save_conversation (fixture->file, "b", "Pears", 2);
  file_save_turn (fixture->file, "t3", "b", NULL, SC_TURN_STATUS_DONE, "green pears");

  g_assert_true (sc_store_file_delete_conversation (fixture->file, "a", &error));
  g_assert_true (sc_store_file_delete_conversation (fixture->file, "unknown", &error));
  file_assert_listed (fixture->file, "b");
  file_assert_found (fixture->file, "green", "b");
  file_assert_found (fixture->file, "apples", "");

  /* Undone: all of it is back. */
  file_save_conversation (fixture->file, "a", "Apples", 1);
  file_assert_listed (fixture->file, "b a");
  file_assert_found (fixture->file, "green", "b a");
  file_assert_n_turns (fixture->file, "a", 2);

  g_assert_true (sc_store_file_delete_conversation (fixture->file, "a", &error));
  g_assert_true (sc_store_file_purge (fixture->file, &error));
  file_save_conversation (fixture->file, "a", "Empty", 3);
  file_assert_n_turns (fixture->file, "a", 0);
  file_assert_listed (fixture->file, "a b");

  /* The next start removes what is marked. */
  g_assert_true (sc_store_file_delete_conversation (fixture->file, "b", &error));
  file_reopen (fixture);
  file_assert_listed (fixture->file, "a");
  file_assert_sql (fixture, "SELECT count (*) FROM turns", "0");
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_unknown_conversation (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (file_try_turn (fixture->file, "t", "nobody", NULL, SC_TURN_STATUS_DONE, "text",
                                 NULL, &error));
  file_assert_storage_error (error);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct { const char *query, *found; } rows[] =
  {
    { "hello", "english" }, { "hel", "english" }, { "HELLO wor", "english" },
    { "world hello", "english" },
    { "ello", "" }, { "hello nothing", "" }, { "hel world", "" },
    { "cafe", "french" }, { "café", "french" }, { "CAFÉ creme", "french" }, { "Crème", "french" },
    { "世界", "chinese" }, { "界你", "" }, { "你好世", "chinese" }, { "ラーメン", "japanese" },
    { "メン", "japanese" },
    { "ภาษา", "thai" }, { "हिन्दी", "hindi" }, { "हि", "hindi" }, { "שלום", "hebrew" },
    { "😀", "emoji" }, { "👍", "emoji" }, { "❤", "emoji" }, { "party", "emoji" }, { "😀😀😀", "" },
    { "title words", "english" }, { "title hello", "" },
    { "foo_bar(baz)", "code" }, { "bar baz", "code" }, { "C++", "code french" },
    { "std::vec", "code" },
    { "", "" }, { "   ", "" }, { "\"", "" }, { "\"\"\"", "" }, { "***", "" },
    { "* hello", "english" },
    { "\"hello\"", "english" }, { "hello\"", "english" }, { "hello OR nothing", "" },
    { "NOT hello", "" },
    { "hello AND world", "" }, { "NEAR(hello world)", "" }, { "text:hello", "" },
    { "^hello", "english" },
    { "hello - + world", "english" }, { "{hello}:", "english" }, { "hello;DROP TABLE turns", "" },
    { "\xff\xfe", "" }, { "hello \xff", "english" }, { "\xf0\x9f", "" },
  };
  g_autoptr (GString) many = g_string_new (NULL);

  file_save_conversation (fixture->file, "english", "Words of the title", 1);
  file_save_turn (fixture->file, "t1", "english", NULL, SC_TURN_STATUS_DONE, "Hello wide World");
  file_save_conversation (fixture->file, "french", "", 2);
  file_save_turn (fixture->file, "t2", "french", NULL, SC_TURN_STATUS_DONE, "un cafe\u0301 crème");
  file_save_conversation (fixture->file, "chinese", "", 3);
  file_save_turn (fixture->file, "t3", "chinese", NULL, SC_TURN_STATUS_DONE, "再说你好世界。");
  file_save_conversation (fixture->file, "japanese", "", 4);
  file_save_turn (fixture->file, "t4", "japanese", NULL, SC_TURN_STATUS_DONE, "とんこつラーメンが好き");
  file_save_conversation (fixture->file, "thai", "", 5);
  file_save_turn (fixture->file, "t5", "thai", NULL, SC_TURN_STATUS_DONE, "ฉันพูดภาษาไทย");
  file_save_conversation (fixture->file, "hindi", "", 6);
  file_save_turn (fixture->file, "t6", "hindi", NULL, SC_TURN_STATUS_DONE, "हिन्दी में");
  file_save_conversation (fixture->file, "hebrew", "", 7);
  file_save_turn (fixture->file, "t7", "hebrew", NULL, SC_TURN_STATUS_DONE, "שָׁלוֹם");
  file_save_conversation (fixture->file, "emoji", "", 8);
  file_save_turn (fixture->file, "t8", "emoji", NULL, SC_TURN_STATUS_DONE, "party😀time 👍🏽 ❤️ 😀😀");
  file_save_conversation (fixture->file, "code", "", 9);
  file_save_turn (fixture->file, "t9", "code", NULL, SC_TURN_STATUS_DONE,
                  "foo_bar(baz) std::vector in C++ or C");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("row %u", i);
      file_assert_found (fixture->file, rows[i].query, rows[i].found);
    }
  for (guint i = 0; i < 5000; i++)
    g_string_append (many, "\"hello ( ");
  file_assert_found (fixture->file, many->str, "english");
}

static void
test_search_order (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  file_save_conversation (fixture->file, "a", "something", 1);
  file_save_conversation (fixture->file, "b", "Penguins", 2);
  file_save_conversation (fixture->file, "c", "", 3);
  file_save_conversation (fixture->file, "d", "About penguins", 4);
  file_save_turn (fixture->file, "t1", "c", NULL, SC_TURN_STATUS_DONE, "penguins");
  file_save_turn (fixture->file, "t2", "b", NULL, SC_TURN_STATUS_DONE, "penguins");
  file_save_turn (fixture->file, "t3", "a", NULL, SC_TURN_STATUS_DONE, "penguins");
  file_assert_found (fixture->file, "penguin", "d b a c");
  ids = sc_store_file_search (fixture->file, "penguin", 3, NULL, &error);
  g_assert_cmpuint (ids->len, ==, 3);

  file_save_conversation (fixture->file, "d", "About whales", 4);
  file_assert_found (fixture->file, "penguin", "b a c");
  file_assert_found (fixture->file, "whales", "d");
}

static void
test_modes (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const names[] = { "history.sqlite", "history.sqlite-wal",
                                       "history.sqlite-shm" };
  g_autofree char *folder = g_build_filename (fixture->folder, "new", "deeper", NULL);
  g_autofree char *path = g_build_filename (folder, "history.sqlite", NULL);
  g_autofree char *parent = g_path_get_dirname (folder);
  ScStoreFile *file = sc_store_file_new (path);
  mode_t mask = umask (0);
  GStatBuf info;

  file_save_conversation (file, "c", "", 1);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_build_filename (folder, names[i], NULL);

      g_assert_cmpint (g_stat (name, &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
    }
  sc_store_file_free (file);

  /* A file that somebody opened to others is closed to them again. */
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  file = sc_store_file_new (path);
  file_assert_listed (file, "c");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  sc_store_file_free (file);
  umask (mask);
  store_test_remove_folder (g_steal_pointer (&parent));
}

#define ADD(path, func) g_test_add ("/store/file/" path, Fixture, NULL, \
                                      file_set_up, func, file_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("round-trip", test_round_trip);
  ADD ("order", test_order);
  ADD ("checkpoints", test_checkpoints);
  ADD ("rewritten", test_rewritten);
  ADD ("interrupted", test_interrupted);
  ADD ("delete-turn", test_delete_turn);
  ADD ("delete-conversation", test_delete_conversation);
  ADD ("unknown-conversation", test_unknown_conversation);
  ADD ("search", test_search);
  ADD ("search-order", test_search_order);
  ADD ("modes", test_modes);

  return g_test_run ();
}
