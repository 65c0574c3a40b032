/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history file without its thread: what is kept, what becomes of a file that is damaged,
 * locked, read-only or of another version, and what is left when any single operation of the disk
 * fails. */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sc-error.h"
#include "sc-sqlite-private.h"
#include "sc-store-file.h"
#include "sc-store-schema.h"
#include "store-test.h"

typedef struct
{
  char        *folder;
  char        *path;
  ScStoreFile *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = store_test_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "history.sqlite", NULL);
  fixture->file = sc_store_file_new (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  sc_sqlite_set_fault (0, 0, FALSE);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->path);
}

static void
reopen (Fixture *fixture)
{
  sc_store_file_free (fixture->file);
  fixture->file = sc_store_file_new (fixture->path);
}

static void
save_conversation (ScStoreFile *file,
                   const char  *id,
                   const char  *title,
                   gint64       updated_us)
{
  g_autoptr (ScConversationRecord) record = store_test_make_conversation (id, title, updated_us);
  g_autoptr (GError) error = NULL;

  sc_store_file_save_conversation (file, record, &error);
  g_assert_no_error (error);
}

static gboolean
try_save_turn (ScStoreFile   *file,
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

static void
save_turn (ScStoreFile  *file,
           const char   *id,
           const char   *conversation,
           const char   *parent,
           ScTurnStatus  status,
           const char   *text)
{
  g_autoptr (GError) error = NULL;

  try_save_turn (file, id, conversation, parent, status, text, NULL, &error);
  g_assert_no_error (error);
}

static GPtrArray *
load_turns (ScStoreFile *file,
            const char  *conversation)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *turns = sc_store_file_load_turns (file, conversation, NULL, &error);

  g_assert_no_error (error);
  return turns;
}

static void
assert_n_turns (ScStoreFile *file,
                const char  *conversation,
                guint        n_turns)
{
  g_autoptr (GPtrArray) turns = load_turns (file, conversation);

  g_assert_cmpuint (turns->len, ==, n_turns);
}

static void
assert_turn (ScStoreFile  *file,
             const char   *conversation,
             guint         index,
             ScTurnStatus  status,
             const char   *text)
{
  g_autoptr (GPtrArray) turns = load_turns (file, conversation);
  const ScTurnRecord *turn;

  g_assert_cmpuint (turns->len, >, index);
  turn = turns->pdata[index];
  g_assert_cmpint (turn->status, ==, status);
  g_assert_cmpstr (turn->text, ==, text);
}

static void
assert_found (ScStoreFile *file,
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

static void
assert_listed (ScStoreFile *file,
               const char  *expected)
{
  g_autofree char *ids = list_ids (file);

  g_assert_cmpstr (ids, ==, expected);
}

static void
assert_sql (Fixture    *fixture,
            const char *sql,
            const char *expected)
{
  g_autofree char *answer = store_test_read_sql (fixture->path, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static void
assert_storage_error (GError *error)
{
  g_assert_error (error, SC_ERROR, SC_ERROR_STORAGE);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

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
        reopen (fixture);
      conversations = sc_store_file_list_conversations (fixture->file, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (conversations->len, ==, 1);
      store_test_assert_conversation (conversations->pdata[0], &conversation);
      turns = load_turns (fixture->file, "c");
      g_assert_cmpuint (turns->len, ==, 2);
      store_test_assert_turn (turns->pdata[0], &full);
      store_test_assert_turn (turns->pdata[1], plain);
    }
  assert_n_turns (fixture->file, "nobody", 0);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ScConversationRecord) pinned = store_test_make_conversation ("pinned", "", 1);
  g_autoptr (GError) error = NULL;

  pinned->is_pinned = TRUE;
  save_conversation (fixture->file, "old", "", 10);
  save_conversation (fixture->file, "new", "", 30);
  save_conversation (fixture->file, "middle", "", 20);
  g_assert_true (sc_store_file_save_conversation (fixture->file, pinned, &error));
  assert_listed (fixture->file, "pinned new middle old");
  save_conversation (fixture->file, "old", "", 40);
  assert_listed (fixture->file, "pinned old new middle");
}

static void
test_checkpoints (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  save_conversation (fixture->file, "c", "", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_string_append_printf (text, "word%u ünd ", i);
      g_assert_true (try_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING,
                                    text->str,
                                    i < 3 ? NULL : "because", &error));
      g_assert_no_error (error);
      if (i % 50 == 0)
        assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, text->str);
    }
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, text->str);

  /* Each checkpoint wrote what was new; the search has heard of nothing. */
  assert_sql (fixture, "SELECT length (text) FROM turns", "10");
  assert_sql (fixture, "SELECT count (*) FROM pieces WHERE kind = 0", "199");
  assert_sql (fixture, "SELECT count (*) FROM pieces WHERE kind = 1", "1");
  assert_sql (fixture, "SELECT count (*) FROM turn_index", "0");
  assert_found (fixture->file, "word5", "");

  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, text->str);
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, text->str);
  assert_sql (fixture, "SELECT count (*) FROM pieces", "0");
  assert_found (fixture->file, "word199 UND", "c");
}

/* A checkpoint whose text is no continuation, or that changes more than text. */
static void
test_rewritten (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScTurnRecord) record = NULL;
  g_autoptr (GPtrArray) turns = NULL;
  g_autoptr (GError) error = NULL;

  save_conversation (fixture->file, "c", "", 1);
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "other");
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "other");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "other text");
  save_turn (fixture->file, "t", "c", "p", SC_TURN_STATUS_STREAMING, "other text 2");
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "other text 2");

  record = store_test_make_turn ("t", "c", "p", SC_TURN_STATUS_STREAMING, "other text 2 more");
  record->data = g_strdup ("{\"a\":1}");
  record->model = g_strdup ("m");
  g_assert_true (sc_store_file_save_turn (fixture->file, &record, &error));
  g_assert_null (record);
  turns = load_turns (fixture->file, "c");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->data, ==, "{\"a\":1}");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->model, ==, "m");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->text, ==, "other text 2 more");

  /* A turn that is written again from its start leaves the search until it is over. */
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "finished");
  assert_found (fixture->file, "finished", "c");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "again");
  assert_found (fixture->file, "finished", "");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STOPPED, "again");
  assert_found (fixture->file, "again", "c");
  assert_found (fixture->file, "finished", "");
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  data)
{
  save_conversation (fixture->file, "c", "", 1);
  save_turn (fixture->file, "u", "c", NULL, SC_TURN_STATUS_DONE, "question");
  save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "an");
  save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "answer that");
  save_turn (fixture->file, "t", "c", "u", SC_TURN_STATUS_STREAMING, "answer that breaks");
  reopen (fixture);
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, "question");
  assert_turn (fixture->file, "c", 1, SC_TURN_STATUS_INTERRUPTED, "answer that breaks");
  assert_found (fixture->file, "breaks", "c");
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
  save_turn (fixture->file, "a", "c", NULL, SC_TURN_STATUS_DONE, "first");
  save_turn (fixture->file, "b", "c", "a", SC_TURN_STATUS_DONE, "second");
  save_turn (fixture->file, "d", "c", "b", SC_TURN_STATUS_DONE, "third");
  save_turn (fixture->file, "e", "c", "b", SC_TURN_STATUS_STREAMING, "branch");
  g_assert_true (sc_store_file_delete_turn (fixture->file, "b", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "b", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "unknown", &error));

  turns = load_turns (fixture->file, "c");
  g_assert_cmpuint (turns->len, ==, 3);
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[1])->parent, ==, "a");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[2])->parent, ==, "a");
  conversations = sc_store_file_list_conversations (fixture->file, NULL, &error);
  g_assert_cmpstr (((ScConversationRecord *) conversations->pdata[0])->head, ==, "a");
  assert_found (fixture->file, "second", "");

  /* The first turn has no parent to give, and a deleted answer may still be growing. */
  g_assert_true (sc_store_file_delete_turn (fixture->file, "a", &error));
  g_assert_true (sc_store_file_delete_turn (fixture->file, "e", &error));
  save_turn (fixture->file, "e", "c", NULL, SC_TURN_STATUS_STREAMING, "branch goes on");
  assert_turn (fixture->file, "c", 1, SC_TURN_STATUS_STREAMING, "branch goes on");
  g_clear_pointer (&turns, g_ptr_array_unref);
  turns = load_turns (fixture->file, "c");
  g_assert_cmpstr (((ScTurnRecord *) turns->pdata[0])->parent, ==, NULL);
}

static void
test_delete_conversation (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  save_conversation (fixture->file, "a", "Apples", 1);
  save_turn (fixture->file, "t1", "a", NULL, SC_TURN_STATUS_DONE, "green apples");
  save_turn (fixture->file, "t2", "a", "t1", SC_TURN_STATUS_STREAMING, "still");
  save_conversation (fixture->file, "b", "Pears", 2);
  save_turn (fixture->file, "t3", "b", NULL, SC_TURN_STATUS_DONE, "green pears");

  g_assert_true (sc_store_file_delete_conversation (fixture->file, "a", &error));
  g_assert_true (sc_store_file_delete_conversation (fixture->file, "unknown", &error));
  assert_listed (fixture->file, "b");
  assert_found (fixture->file, "green", "b");
  assert_found (fixture->file, "apples", "");

  /* Undone: all of it is back. */
  save_conversation (fixture->file, "a", "Apples", 1);
  assert_listed (fixture->file, "b a");
  assert_found (fixture->file, "green", "b a");
  assert_n_turns (fixture->file, "a", 2);

  g_assert_true (sc_store_file_delete_conversation (fixture->file, "a", &error));
  g_assert_true (sc_store_file_purge (fixture->file, &error));
  save_conversation (fixture->file, "a", "Empty", 3);
  assert_n_turns (fixture->file, "a", 0);
  assert_listed (fixture->file, "a b");

  /* The next start removes what is marked. */
  g_assert_true (sc_store_file_delete_conversation (fixture->file, "b", &error));
  reopen (fixture);
  assert_listed (fixture->file, "a");
  assert_sql (fixture, "SELECT count (*) FROM turns", "0");
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_unknown_conversation (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (try_save_turn (fixture->file, "t", "nobody", NULL, SC_TURN_STATUS_DONE, "text",
                                 NULL, &error));
  assert_storage_error (error);
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

  save_conversation (fixture->file, "english", "Words of the title", 1);
  save_turn (fixture->file, "t1", "english", NULL, SC_TURN_STATUS_DONE, "Hello wide World");
  save_conversation (fixture->file, "french", "", 2);
  save_turn (fixture->file, "t2", "french", NULL, SC_TURN_STATUS_DONE, "un cafe\u0301 crème");
  save_conversation (fixture->file, "chinese", "", 3);
  save_turn (fixture->file, "t3", "chinese", NULL, SC_TURN_STATUS_DONE, "再说你好世界。");
  save_conversation (fixture->file, "japanese", "", 4);
  save_turn (fixture->file, "t4", "japanese", NULL, SC_TURN_STATUS_DONE, "とんこつラーメンが好き");
  save_conversation (fixture->file, "thai", "", 5);
  save_turn (fixture->file, "t5", "thai", NULL, SC_TURN_STATUS_DONE, "ฉันพูดภาษาไทย");
  save_conversation (fixture->file, "hindi", "", 6);
  save_turn (fixture->file, "t6", "hindi", NULL, SC_TURN_STATUS_DONE, "हिन्दी में");
  save_conversation (fixture->file, "hebrew", "", 7);
  save_turn (fixture->file, "t7", "hebrew", NULL, SC_TURN_STATUS_DONE, "שָׁלוֹם");
  save_conversation (fixture->file, "emoji", "", 8);
  save_turn (fixture->file, "t8", "emoji", NULL, SC_TURN_STATUS_DONE, "party😀time 👍🏽 ❤️ 😀😀");
  save_conversation (fixture->file, "code", "", 9);
  save_turn (fixture->file, "t9", "code", NULL, SC_TURN_STATUS_DONE,
             "foo_bar(baz) std::vector in C++ or C");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("row %u", i);
      assert_found (fixture->file, rows[i].query, rows[i].found);
    }
  for (guint i = 0; i < 5000; i++)
    g_string_append (many, "\"hello ( ");
  assert_found (fixture->file, many->str, "english");
}

static void
test_search_order (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  save_conversation (fixture->file, "a", "something", 1);
  save_conversation (fixture->file, "b", "Penguins", 2);
  save_conversation (fixture->file, "c", "", 3);
  save_conversation (fixture->file, "d", "About penguins", 4);
  save_turn (fixture->file, "t1", "c", NULL, SC_TURN_STATUS_DONE, "penguins");
  save_turn (fixture->file, "t2", "b", NULL, SC_TURN_STATUS_DONE, "penguins");
  save_turn (fixture->file, "t3", "a", NULL, SC_TURN_STATUS_DONE, "penguins");
  assert_found (fixture->file, "penguin", "d b a c");
  ids = sc_store_file_search (fixture->file, "penguin", 3, NULL, &error);
  g_assert_cmpuint (ids->len, ==, 3);

  save_conversation (fixture->file, "d", "About whales", 4);
  assert_found (fixture->file, "penguin", "b a c");
  assert_found (fixture->file, "whales", "d");
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

  save_conversation (file, "c", "", 1);
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
  assert_listed (file, "c");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  sc_store_file_free (file);
  umask (mask);
  store_test_remove_folder (g_steal_pointer (&parent));
}

static guint
count_aside (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "history.sqlite.damaged-") && !g_str_has_suffix (name, "-wal"))
      count++;
  return count;
}

static void
write_file (const char *path,
            gsize       offset,
            const char *bytes,
            gsize       n_bytes)
{
  FILE *stream = g_fopen (path, "r+b");

  g_assert_nonnull (stream);
  g_assert_cmpint (fseek (stream, (long) offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (bytes, 1, n_bytes, stream), ==, n_bytes);
  fclose (stream);
}

/* One sentence that names the file, then a history that works. */
static void
assert_begun_anew (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_store_file_list_conversations (fixture->file, NULL, &error));
  assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "history.sqlite.damaged-"));
  assert_listed (fixture->file, "");
  save_conversation (fixture->file, "new", "New", 1);
  reopen (fixture);
  assert_listed (fixture->file, "new");
  g_assert_cmpuint (count_aside (fixture), ==, 1);
}

static void
test_not_a_database (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *garbage = g_strnfill (20000, 'x');

  g_assert_true (g_file_set_contents (fixture->path, garbage, -1, &error));
  assert_begun_anew (fixture);
}

static void
test_damaged_schema (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (4096 - 100, '\x55');

  save_conversation (fixture->file, "c", "", 1);
  sc_store_file_free (fixture->file);
  write_file (fixture->path, 100, garbage, 4096 - 100);
  fixture->file = sc_store_file_new (fixture->path);
  assert_begun_anew (fixture);
}

/* Damage that shows itself in use only: the file is looked at as a whole and moved aside then. */
static void
test_damaged_in_use (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (4096, '\x55');
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  save_conversation (fixture->file, "c", "", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);
      g_autofree char *text = g_strnfill (1000, 'a');

      save_turn (fixture->file, id, "c", NULL, SC_TURN_STATUS_DONE, text);
    }
  sc_store_file_free (fixture->file);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  for (gsize offset = 20 * 4096; offset + 4096 < (gsize) info.st_size; offset += 4096)
    write_file (fixture->path, offset, garbage, 4096);
  fixture->file = sc_store_file_new (fixture->path);
  g_assert_null (sc_store_file_load_turns (fixture->file, "c", NULL, &error));
  assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "history.sqlite.damaged-"));

  /* What is still on the way finds its conversation gone, and is kept all the same. */
  save_turn (fixture->file, "late", "c", NULL, SC_TURN_STATUS_DONE, "late words");
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, "late words");
  assert_listed (fixture->file, "c");
  g_assert_cmpuint (count_aside (fixture), ==, 1);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

/* The index holds nothing of its own: it is made anew and nobody hears of it. */
static void
test_damaged_index (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const damages[] =
  {
    "UPDATE turn_index_data SET block = x'0000' WHERE id = 10",
    "UPDATE turn_index_data SET block = x'ffffffffffffffffffff' WHERE id > 10",
    "DELETE FROM turn_index_data WHERE id > 10",
    "UPDATE title_index_data SET block = x'ff' WHERE id = 10",
  };

  save_conversation (fixture->file, "c", "penguin title", 1);
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "penguin text");
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_clear_pointer (&fixture->file, sc_store_file_free);
      store_test_run_sql (fixture->path, damages[i]);
      fixture->file = sc_store_file_new (fixture->path);
      assert_found (fixture->file, "penguin", "c");
      save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE,
                 i % 2 == 0 ? "penguin two" : "penguin text");
      assert_found (fixture->file, i % 2 == 0 ? "penguin two" : "penguin text", "c");
    }
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_newer_version (Fixture       *fixture,
                    gconstpointer  data)
{
  save_conversation (fixture->file, "c", "", 1);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_run_sql (fixture->path, "PRAGMA user_version = 999");
  fixture->file = sc_store_file_new (fixture->path);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sc_store_file_list_conversations (fixture->file, NULL, &error));
      assert_storage_error (error);
      g_assert_false (try_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "x", NULL,
                                     NULL));
    }
  g_assert_cmpuint (count_aside (fixture), ==, 0);
  assert_sql (fixture, "SELECT count (*) FROM turns", "0");
}

#define SCHEMA_SQL \
  "SELECT type || ' ' || name || ' ' || ifnull (sql, '') FROM sqlite_schema ORDER BY type, name"

/* Every version ever released: its file opens, loses nothing, and ends with the very tables of a
 * new file. */
static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *new_path = g_build_filename (fixture->folder, "new.sqlite", NULL);
  g_autofree char *new_schema = NULL;
  ScStoreFile *new_file = sc_store_file_new (new_path);

  assert_listed (new_file, "");
  sc_store_file_free (new_file);
  new_schema = store_test_read_sql (new_path, SCHEMA_SQL);

  for (guint version = 1; version <= SC_STORE_SCHEMA_VERSION; version++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_strdup_printf ("history-v%u.sql", version);
      g_autofree char *source = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
      g_autofree char *sql = NULL;
      g_autofree char *schema = NULL;
      g_autofree char *stored_version = NULL;
      g_autoptr (GPtrArray) turns = NULL;

      g_clear_pointer (&fixture->file, sc_store_file_free);
      g_unlink (fixture->path);
      g_assert_true (g_file_get_contents (source, &sql, NULL, &error));
      store_test_run_sql (fixture->path, sql);
      fixture->file = sc_store_file_new (fixture->path);

      assert_listed (fixture->file, "c-pinned c-plain");
      turns = load_turns (fixture->file, "c-plain");
      g_assert_cmpuint (turns->len, ==, 3);
      assert_turn (fixture->file, "c-plain", 0, SC_TURN_STATUS_DONE, "How do penguins sleep?");
      assert_turn (fixture->file, "c-plain", 1, SC_TURN_STATUS_STOPPED, "Standing, mostly.");
      assert_turn (fixture->file, "c-plain", 2, SC_TURN_STATUS_INTERRUPTED,
                   "They huddle together in the cold.");
      assert_found (fixture->file, "penguins", "c-plain");
      assert_found (fixture->file, "huddle cold", "c-plain");
      assert_found (fixture->file, "pinned", "c-pinned");
      g_clear_pointer (&fixture->file, sc_store_file_free);

      schema = store_test_read_sql (fixture->path, SCHEMA_SQL);
      g_assert_cmpstr (schema, ==, new_schema);
      store_test_assert_consistent (fixture->path);
      stored_version = store_test_read_sql (fixture->path, "PRAGMA user_version");
      g_assert_cmpint (g_ascii_strtoll (stored_version, NULL, 10), ==, SC_STORE_SCHEMA_VERSION);
    }
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *other = NULL;

  sc_sqlite_set_busy_timeout_ms (1);
  save_conversation (fixture->file, "c", "", 1);
  g_assert_cmpint (sqlite3_open (fixture->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  reopen (fixture);
  g_assert_false (try_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text", NULL,
                                 &error));
  assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_assert_cmpint (sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);

  /* It comes back by itself. */
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text");
  assert_listed (fixture->file, "c");
  g_assert_cmpuint (count_aside (fixture), ==, 0);
  sc_sqlite_set_busy_timeout_ms (5000);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *blocked = g_build_filename (fixture->path, "history.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  ScStoreFile *file = sc_store_file_new (blocked);

  g_assert_true (g_file_set_contents (fixture->path, "a file, not a folder", -1, NULL));
  g_assert_null (sc_store_file_list_conversations (file, NULL, &error));
  assert_storage_error (error);
  g_clear_error (&error);
  g_assert_false (sc_store_file_purge (file, &error));
  assert_storage_error (error);
  sc_store_file_free (file);
}

/* Runs as somebody whom modes bind. */
static int
run_read_only (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) read_error = NULL;
  ScStoreFile *file;

  if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
    return 77;
  file = sc_store_file_new (path);
  g_assert_null (sc_store_file_list_conversations (file, NULL, &read_error));
  assert_storage_error (read_error);
  g_assert_false (try_save_turn (file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text", NULL, &error));
  assert_storage_error (error);
  sc_store_file_free (file);
  return 0;
}

static void
test_read_only (Fixture       *fixture,
                gconstpointer  data)
{
  const char *const argv[] = { "/proc/self/exe", "--read-only", fixture->path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                                   NULL, &status, &error));
      g_assert_no_error (error);
      if (g_spawn_check_wait_status (status, &error) == FALSE &&
          g_error_matches (error, G_SPAWN_EXIT_ERROR, 77))
        {
          g_test_skip ("cannot become another user");
          break;
        }
      g_assert_no_error (error);
      /* Once with no file in the folder, once with a history that others may read. */
      g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
      if (i == 0)
        {
          save_conversation (fixture->file, "c", "", 1);
          g_clear_pointer (&fixture->file, sc_store_file_free);
          g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
        }
    }
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

static void
test_two_files (Fixture       *fixture,
                gconstpointer  data)
{
  ScStoreFile *other;

  save_conversation (fixture->file, "c", "Shared", 1);
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two");

  /* The other takes the answer for one of a dead process; the first goes on and puts that right. */
  other = sc_store_file_new (fixture->path);
  assert_turn (other, "c", 0, SC_TURN_STATUS_INTERRUPTED, "one two");
  save_conversation (other, "d", "Other", 2);
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two three");
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "one two three");
  assert_turn (other, "c", 0, SC_TURN_STATUS_STREAMING, "one two three");
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "one two three four");
  assert_turn (other, "c", 0, SC_TURN_STATUS_DONE, "one two three four");
  assert_listed (fixture->file, "d c");
  assert_found (other, "four", "c");
  sc_store_file_free (other);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

#define N_STEPS 15

/* Every operation fails once with a plain failure. The others take samples: a hundred lives of a
 * file are slow under the sanitizers, and primes meet each kind of operation. */
#define SAMPLE_STRIDE  7
#define LASTING_STRIDE 3

/* One step of a life with everything in it. */
static gboolean
run_step (ScStoreFile  *file,
          guint         step,
          GError      **error)
{
  const char *title = step < 6 ? "First" : "First again";
  g_autoptr (ScConversationRecord) first = store_test_make_conversation ("c1", title, 1);
  g_autoptr (ScConversationRecord) second = store_test_make_conversation ("c2", "Second", 2);

  first->head = g_strdup ("u1");
  switch (step)
    {
    case 0:
    case 6:
      return sc_store_file_save_conversation (file, first, error);
    case 1:
      return try_save_turn (file, "u1", "c1", NULL, SC_TURN_STATUS_DONE, "question one", NULL,
                            error);
    case 2:
      return try_save_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha", NULL, error);
    case 3:
      return try_save_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha beta", "why",
                            error);
    case 4:
      return try_save_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha beta gamma",
                            "why not", error);
    case 5:
      return try_save_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_DONE, "alpha beta gamma delta",
                            "why not", error);
    case 7:
    case 12:
      return sc_store_file_save_conversation (file, second, error);
    case 8:
      return try_save_turn (file, "b1", "c2", NULL, SC_TURN_STATUS_DONE, "beginning", NULL, error);
    case 9:
      return try_save_turn (file, "b1", "c2", NULL, SC_TURN_STATUS_DONE, "edited text", NULL,
                            error);
    case 10:
      return sc_store_file_delete_turn (file, "u1", error);
    case 11:
    case 13:
      return sc_store_file_delete_conversation (file, "c2", error);
    default:
      return sc_store_file_purge (file, error);
    }
}

#define PIECES_SQL(kind) \
  "ifnull ((SELECT group_concat (text, '') FROM (SELECT text FROM pieces" \
  " WHERE turn = t.number AND kind = " kind " ORDER BY position)), '')"

#define STATE_SQL \
  "SELECT 'c ' || id || ' ' || title || ' ' || (deleted_us IS NOT NULL) || ' '" \
  " || ifnull (head, '-')" \
  " FROM conversations UNION ALL " \
  "SELECT 't ' || id || ' ' || ifnull (parent, '-') || ' ' || status || ' ' || text || " \
  PIECES_SQL ("0") \
  " || ' / ' || ifnull (reasoning, '') || " PIECES_SQL ("1") " FROM turns AS t ORDER BY 1"

static char *
read_state (const char *path)
{
  char *state;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup ("");
  state = store_test_read_sql (path, STATE_SQL);
  /* Without tables there is nothing in it. */
  return state != NULL ? state : g_strdup ("");
}

static void
record_states (char *states[N_STEPS + 1])
{
  Fixture fixture;

  set_up (&fixture, NULL);
  states[0] = g_strdup ("");
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (run_step (fixture.file, step, &error));
      states[step + 1] = read_state (fixture.path);
    }
  tear_down (&fixture, NULL);
}

/* The N-th operation fails once: its step fails and changes nothing, or is mended; tried again it
 * succeeds. */
static void
test_single_fault (gconstpointer data)
{
  const int code = GPOINTER_TO_INT (data);
  const int stride = code == SQLITE_IOERR ? 1 : SAMPLE_STRIDE;
  char *states[N_STEPS + 1];
  gboolean was_hit = TRUE;
  guint n_failed = 0;

  record_states (states);
  for (int n = 1; was_hit; n += stride)
    {
      g_autofree char *state = NULL;
      Fixture fixture;

      set_up (&fixture, NULL);
      sc_sqlite_set_fault (n, code, FALSE);
      for (guint step = 0; step < N_STEPS; step++)
        {
          g_autoptr (GError) error = NULL;

          if (run_step (fixture.file, step, &error))
            continue;
          assert_storage_error (error);
          n_failed++;
          g_clear_error (&error);
          g_assert_true (run_step (fixture.file, step, &error));
        }
      was_hit = sc_sqlite_fault_was_hit ();
      if (!was_hit)
        g_test_message ("%d operations", n - 1);
      state = read_state (fixture.path);
      g_assert_cmpstr (state, ==, states[N_STEPS]);
      g_clear_pointer (&fixture.file, sc_store_file_free);
      store_test_assert_consistent (fixture.path);
      tear_down (&fixture, NULL);
    }
  if (code == SQLITE_IOERR)
    g_assert_cmpuint (n_failed, >, 50);
  for (guint i = 0; i <= N_STEPS; i++)
    g_free (states[i]);
}

/* From the N-th operation on the disk is dead: what was reported as saved is there, and nothing
 * else. */
static void
test_lasting_fault (gconstpointer data)
{
  const int code = GPOINTER_TO_INT (data);
  char *states[N_STEPS + 1];
  gboolean was_hit = TRUE;

  record_states (states);
  for (int n = 1; was_hit; n += LASTING_STRIDE)
    {
      g_autofree char *state = NULL;
      guint n_done = 0;
      Fixture fixture;

      set_up (&fixture, NULL);
      sc_sqlite_set_fault (n, code, TRUE);
      for (guint step = 0; step < N_STEPS; step++)
        {
          g_autoptr (GError) error = NULL;

          if (run_step (fixture.file, step, &error))
            {
              g_assert_cmpuint (n_done, ==, step);
              n_done++;
            }
          else
            assert_storage_error (error);
        }
      was_hit = sc_sqlite_fault_was_hit ();
      sc_sqlite_set_fault (0, 0, FALSE);
      state = read_state (fixture.path);
      g_assert_cmpstr (state, ==, states[n_done]);
      reopen (&fixture);
      g_assert_true (run_step (fixture.file, 0, NULL));
      g_clear_pointer (&fixture.file, sc_store_file_free);
      store_test_assert_consistent (fixture.path);
      tear_down (&fixture, NULL);
    }
  for (guint i = 0; i <= N_STEPS; i++)
    g_free (states[i]);
}

/* A full disk does not keep anybody from reading. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  save_conversation (fixture->file, "c", "", 1);
  save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "half");
  reopen (fixture);
  g_assert_true (sc_store_file_open (fixture->file, &error));
  reopen (fixture);
  sc_sqlite_set_fault (1, SQLITE_FULL, TRUE);
  g_assert_false (try_save_turn (fixture->file, "u", "c", NULL, SC_TURN_STATUS_DONE, "x", NULL,
                                 &error));
  assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "no space"));
  sc_sqlite_set_fault (0, 0, FALSE);
  assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_INTERRUPTED, "half");
}

#define ADD(path, func) g_test_add ("/store/file/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--read-only"))
    return run_read_only (argv[2]);

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
  ADD ("not-a-database", test_not_a_database);
  ADD ("damaged-schema", test_damaged_schema);
  ADD ("damaged-in-use", test_damaged_in_use);
  ADD ("damaged-index", test_damaged_index);
  ADD ("newer-version", test_newer_version);
  ADD ("migration", test_migration);
  ADD ("locked", test_locked);
  ADD ("no-folder", test_no_folder);
  ADD ("read-only", test_read_only);
  ADD ("two-files", test_two_files);
  ADD ("full-disk", test_full_disk);
  g_test_add_data_func ("/store/file/fault/once", GINT_TO_POINTER (SQLITE_IOERR),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/damaged", GINT_TO_POINTER (SQLITE_CORRUPT),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/damaged-index", GINT_TO_POINTER (SQLITE_CORRUPT_VTAB),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/lasting", GINT_TO_POINTER (SQLITE_IOERR),
                        test_lasting_fault);

  return g_test_run ();
}
