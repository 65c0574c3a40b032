/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history through its asynchronous calls: order, joined saves, cancellation, the end of the
 * store, threads, and a process that is killed while it writes. */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sc-error.h"
#include "sc-message.h"
#include "sc-store.h"
#include "store-test.h"

typedef struct
{
  char    *folder;
  char    *path;
  ScStore *store;
} Fixture;

/* What came back of one call. */
typedef struct
{
  guint      n_calls;
  GPtrArray *rows;
  GError    *error;
  GThread   *thread;
  guint     *order;
  guint      place;
} Result;

static void
clear_result (Result *result)
{
  g_clear_pointer (&result->rows, g_ptr_array_unref);
  g_clear_error (&result->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, clear_result)

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = store_test_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "history.sqlite", NULL);
  fixture->store = sc_store_new (fixture->path);
}

static void
note_call (Result *result)
{
  result->n_calls++;
  result->thread = g_thread_self ();
  if (result->order != NULL)
    result->place = (*result->order)++;
}

static void
write_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Result *out = user_data;
  gboolean is_done = sc_store_write_finish (SC_STORE (source), result, &out->error);

  g_assert_cmpint (is_done, ==, out->error == NULL);
  note_call (out);
}

static void
close_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Result *out = user_data;

  sc_store_close_finish (SC_STORE (source), result, &out->error);
  note_call (out);
}

static void
list_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Result *out = user_data;

  out->rows = sc_store_list_conversations_finish (SC_STORE (source), result, &out->error);
  g_assert_cmpint (out->rows == NULL, ==, out->error != NULL);
  note_call (out);
}

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Result *out = user_data;

  out->rows = sc_store_load_turns_finish (SC_STORE (source), result, &out->error);
  g_assert_cmpint (out->rows == NULL, ==, out->error != NULL);
  note_call (out);
}

static void
search_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Result *out = user_data;

  out->rows = sc_store_search_finish (SC_STORE (source), result, &out->error);
  g_assert_cmpint (out->rows == NULL, ==, out->error != NULL);
  note_call (out);
}

static void
wait_for (Result *result)
{
  while (result->n_calls == 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    continue;
  g_assert_cmpuint (result->n_calls, ==, 1);
}

static void
close_store (ScStore *store)
{
  g_auto (Result) result = { 0 };

  sc_store_close_async (store, close_cb, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  g_assert_finalize_object (store);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->store != NULL)
    close_store (fixture->store);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->path);
}

static void
start_save_turn (ScStore      *store,
                 const char   *id,
                 ScTurnStatus  status,
                 const char   *text,
                 Result       *result)
{
  g_autoptr (ScTurnRecord) record = store_test_make_turn (id, "c", NULL, status, text);

  sc_store_save_turn_async (store, record, result != NULL ? write_cb : NULL, result);
}

static void
start_save_conversation (ScStore    *store,
                         const char *id,
                         Result     *result)
{
  g_autoptr (ScConversationRecord) record = store_test_make_conversation (id, "Title", 1);

  sc_store_save_conversation_async (store, record, result != NULL ? write_cb : NULL, result);
}

static void
assert_turns (ScStore    *store,
              const char *expected)
{
  g_auto (Result) result = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  sc_store_load_turns_async (store, "c", NULL, load_cb, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  for (guint i = 0; i < result.rows->len; i++)
    {
      const ScTurnRecord *turn = result.rows->pdata[i];

      g_string_append_printf (text, "%s%s:%d:%s", i > 0 ? " " : "", turn->id, (int) turn->status,
                              turn->text);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* Files are put into the data where it is written, whatever the data is, and taken out where it is read. */
static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *data;
    const char *expected;
  } rows[] = {
    { NULL, "{\"attachments\":[{\"name\":\"a \\\"b\\\"\",\"media_type\":\"text/plain\",\"data\":\"YWJjZA==\"},"
            "{\"data\":\"\"}]}" },
    { "{\"a\":1}", "{\"a\":1,\"attachments\":[{\"name\":\"a \\\"b\\\"\",\"media_type\":\"text/plain\","
                   "\"data\":\"YWJjZA==\"},{\"data\":\"\"}]}" },
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abcd", 4);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  ScAttachment first = { (char *) "a \"b\"", (char *) "text/plain", bytes };
  ScAttachment second = { NULL, NULL, nothing };
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  g_ptr_array_add (files, &first);
  g_ptr_array_add (files, &second);
  start_save_conversation (fixture->store, "c", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTurnRecord) record = store_test_make_turn ("t", "c", NULL, SC_TURN_STATUS_DONE, "text");
      g_auto (Result) saved = { 0 };
      g_auto (Result) loaded = { 0 };
      const ScAttachment *file;
      ScTurnRecord *turn;

      g_free (record->data);
      record->data = g_strdup (rows[i].data);
      record->files = g_ptr_array_ref (files);
      sc_store_save_turn_async (fixture->store, record, write_cb, &saved);
      wait_for (&saved);
      g_assert_no_error (saved.error);
      sc_store_load_turns_async (fixture->store, "c", NULL, load_cb, &loaded);
      wait_for (&loaded);
      turn = loaded.rows->pdata[0];
      g_assert_cmpstr (turn->data, ==, rows[i].data);
      g_assert_nonnull (turn->files);
      g_assert_cmpuint (turn->files->len, ==, 2);
      file = g_ptr_array_index (turn->files, 0);
      g_assert_cmpstr (file->name, ==, "a \"b\"");
      g_assert_cmpstr (file->media_type, ==, "text/plain");
      g_assert_true (g_bytes_equal (file->data, bytes));
      file = g_ptr_array_index (turn->files, 1);
      g_assert_null (file->name);
      g_assert_cmpuint (g_bytes_get_size (file->data), ==, 0);
      sc_turn_record_settle_files (turn);
      g_assert_cmpstr (turn->data, ==, rows[i].expected);
      g_assert_null (turn->files);
    }
}

static void
test_calls (Fixture       *fixture,
            gconstpointer  data)
{
  g_auto (Result) saved = { 0 };
  g_auto (Result) listed = { 0 };
  g_auto (Result) found = { 0 };
  g_auto (Result) deleted = { 0 };
  g_auto (Result) purged = { 0 };
  g_auto (Result) removed = { 0 };

  start_save_conversation (fixture->store, "c", NULL);
  start_save_turn (fixture->store, "a", SC_TURN_STATUS_DONE, "penguin", NULL);
  start_save_turn (fixture->store, "b", SC_TURN_STATUS_DONE, "whale", &saved);
  wait_for (&saved);
  g_assert_no_error (saved.error);
  assert_turns (fixture->store, "a:1:penguin b:1:whale");

  sc_store_delete_turn_async (fixture->store, "a", write_cb, &removed);
  sc_store_search_async (fixture->store, "penguin", 10, NULL, search_cb, &found);
  wait_for (&removed);
  wait_for (&found);
  g_assert_no_error (removed.error);
  g_assert_cmpuint (found.rows->len, ==, 0);
  clear_result (&found);
  found = (Result) { 0 };
  sc_store_search_async (fixture->store, "whal", 10, NULL, search_cb, &found);
  sc_store_list_conversations_async (fixture->store, NULL, list_cb, &listed);
  wait_for (&listed);
  g_assert_cmpuint (found.rows->len, ==, 1);
  g_assert_cmpstr (found.rows->pdata[0], ==, "c");
  g_assert_cmpuint (listed.rows->len, ==, 1);

  sc_store_delete_conversation_async (fixture->store, "c", write_cb, &deleted);
  sc_store_purge_async (fixture->store, write_cb, &purged);
  wait_for (&purged);
  g_assert_no_error (deleted.error);
  g_assert_no_error (purged.error);
  assert_turns (fixture->store, "");
}

static void
test_in_memory (void)
{
  ScStore *store = sc_store_new (NULL);
  g_auto (Result) saved = { 0 };

  start_save_conversation (store, "c", NULL);
  start_save_turn (store, "a", SC_TURN_STATUS_STREAMING, "one", NULL);
  start_save_turn (store, "a", SC_TURN_STATUS_STREAMING, "one two", &saved);
  wait_for (&saved);
  assert_turns (store, "a:0:one two");
  close_store (store);
}

/* Every callback comes, once, in the order of the calls; a reading sees exactly what was written
 * before it. */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  Result results[60] = { { 0 } };
  guint order = 0;

  start_save_conversation (fixture->store, "c", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *id = g_strdup_printf ("t%02u", i);

      results[i].order = &order;
      if (i % 3 == 2)
        sc_store_load_turns_async (fixture->store, "c", NULL, load_cb, &results[i]);
      else
        start_save_turn (fixture->store, id, SC_TURN_STATUS_DONE, "text", &results[i]);
    }
  wait_for (&results[G_N_ELEMENTS (results) - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_no_error (results[i].error);
      g_assert_cmpuint (results[i].n_calls, ==, 1);
      g_assert_cmpuint (results[i].place, ==, i);
      if (i % 3 == 2)
        g_assert_cmpuint (results[i].rows->len, ==, (i / 3 + 1) * 2);
      clear_result (&results[i]);
    }
}

/* Many checkpoints at once: all are answered, the newest wins, and they do not pass what stands
 * between. */
static void
test_joined (Fixture       *fixture,
             gconstpointer  data)
{
  Result results[300] = { { 0 } };
  g_auto (Result) loaded = { 0 };
  g_auto (Result) removed = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *expected = NULL;

  start_save_conversation (fixture->store, "c", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_string_append_printf (text, "w%u ", i);
      start_save_turn (fixture->store, "t", SC_TURN_STATUS_STREAMING, text->str, &results[i]);
      start_save_conversation (fixture->store, "c", NULL);
      if (i == 100)
        sc_store_load_turns_async (fixture->store, "c", NULL, load_cb, &loaded);
      if (i == 200)
        sc_store_delete_turn_async (fixture->store, "t", write_cb, &removed);
    }
  wait_for (&results[G_N_ELEMENTS (results) - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_no_error (results[i].error);
      g_assert_cmpuint (results[i].n_calls, ==, 1);
    }
  g_assert_cmpuint (loaded.rows->len, ==, 1);
  g_assert_true (g_str_has_suffix (((ScTurnRecord *) loaded.rows->pdata[0])->text, "w100 "));
  g_assert_no_error (removed.error);
  expected = g_strdup_printf ("t:0:%s", text->str);
  assert_turns (fixture->store, expected);

  start_save_turn (fixture->store, "t", SC_TURN_STATUS_DONE, "end", NULL);
  assert_turns (fixture->store, "t:1:end");
}

/* A save that fails is an error for everybody whose save was joined to it. */
static void
test_joined_failure (Fixture       *fixture,
                     gconstpointer  data)
{
  Result results[20] = { { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    start_save_turn (fixture->store, "t", SC_TURN_STATUS_STREAMING, "text", &results[i]);
  wait_for (&results[G_N_ELEMENTS (results) - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_cmpuint (results[i].n_calls, ==, 1);
      g_assert_error (results[i].error, SC_ERROR, SC_ERROR_STORAGE);
      clear_result (&results[i]);
    }
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GString) all = g_string_new (NULL);

  start_save_conversation (fixture->store, "c", NULL);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      start_save_turn (fixture->store, id, SC_TURN_STATUS_DONE, "words to be found", NULL);
    }

  /* Before; then at ever later moments, up to after the result is there but not yet asked for. */
  for (guint moment = 0; moment < 60; moment++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (Result) listed = { 0 };
      g_auto (Result) loaded = { 0 };
      g_auto (Result) found = { 0 };

      if (moment == 0)
        g_cancellable_cancel (cancellable);
      sc_store_list_conversations_async (fixture->store, cancellable, list_cb, &listed);
      sc_store_load_turns_async (fixture->store, "c", cancellable, load_cb, &loaded);
      sc_store_search_async (fixture->store, "words", 10, cancellable, search_cb, &found);
      for (guint i = 0; i < moment * moment * 10; i++)
        g_thread_yield ();
      g_cancellable_cancel (cancellable);
      wait_for (&found);
      g_assert_cmpuint (listed.n_calls, ==, 1);
      g_assert_cmpuint (loaded.n_calls, ==, 1);
      g_assert_error (listed.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_error (loaded.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_error (found.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }

  /* After: nothing happens any more, and the history works. */
  {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_auto (Result) loaded = { 0 };

    sc_store_load_turns_async (fixture->store, "c", cancellable, load_cb, &loaded);
    wait_for (&loaded);
    g_cancellable_cancel (cancellable);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    g_assert_cmpuint (loaded.n_calls, ==, 1);
    g_assert_no_error (loaded.error);
    g_assert_cmpuint (loaded.rows->len, ==, 300);
  }
}

/* Closing lets everything before it happen, and nothing after it. */
static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  Result saves[50] = { { 0 } };
  g_auto (Result) loaded = { 0 };
  g_auto (Result) closed = { 0 };
  g_auto (Result) late_save = { 0 };
  g_auto (Result) late_list = { 0 };
  g_auto (Result) late_close = { 0 };

  start_save_conversation (fixture->store, "c", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (saves); i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      start_save_turn (fixture->store, id, SC_TURN_STATUS_DONE, "text", &saves[i]);
    }
  sc_store_load_turns_async (fixture->store, "c", NULL, load_cb, &loaded);
  sc_store_close_async (fixture->store, close_cb, &closed);
  start_save_turn (fixture->store, "late", SC_TURN_STATUS_DONE, "late", &late_save);
  sc_store_list_conversations_async (fixture->store, NULL, list_cb, &late_list);
  sc_store_close_async (fixture->store, close_cb, &late_close);
  g_assert_cmpuint (late_save.n_calls, ==, 0);

  wait_for (&closed);
  g_assert_no_error (closed.error);
  for (guint i = 0; i < G_N_ELEMENTS (saves); i++)
    g_assert_cmpuint (saves[i].n_calls, ==, 1);
  g_assert_cmpuint (loaded.rows->len, ==, G_N_ELEMENTS (saves));
  wait_for (&late_close);
  g_assert_error (late_save.error, SC_ERROR, SC_ERROR_STORAGE);
  g_assert_error (late_list.error, SC_ERROR, SC_ERROR_STORAGE);
  g_assert_error (late_close.error, SC_ERROR, SC_ERROR_STORAGE);
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
  store_test_assert_consistent (fixture->path);
}

/* A store that is dropped without being closed still does what it was told. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_auto (Result) saved = { 0 };
  ScStore *store = g_steal_pointer (&fixture->store);
  gpointer weak = store;

  g_object_add_weak_pointer (G_OBJECT (store), &weak);
  start_save_conversation (store, "c", NULL);
  start_save_turn (store, "a", SC_TURN_STATUS_DONE, "kept", &saved);
  g_object_unref (store);
  wait_for (&saved);
  g_assert_no_error (saved.error);
  g_assert_null (weak);

  fixture->store = sc_store_new (fixture->path);
  assert_turns (fixture->store, "a:1:kept");
}

static gpointer
use_in_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (Result) listed = { 0 };
  ScStore *store = data;

  g_main_context_push_thread_default (context);
  sc_store_list_conversations_async (store, NULL, list_cb, &listed);
  wait_for (&listed);
  g_assert_no_error (listed.error);
  g_assert_true (listed.thread == g_thread_self ());
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* The callback comes where the call was made. */
static void
test_contexts (Fixture       *fixture,
               gconstpointer  data)
{
  g_auto (Result) listed = { 0 };

  g_thread_join (g_thread_new ("caller", use_in_thread, fixture->store));
  sc_store_list_conversations_async (fixture->store, NULL, list_cb, &listed);
  wait_for (&listed);
  g_assert_true (listed.thread == g_thread_self ());
}

static void
test_two_stores (Fixture       *fixture,
                 gconstpointer  data)
{
  ScStore *other = sc_store_new (fixture->path);
  Result results[200] = { { 0 } };
  g_auto (Result) loaded = { 0 };

  start_save_conversation (fixture->store, "c", &results[0]);
  wait_for (&results[0]);
  for (guint i = 1; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      start_save_turn (i % 2 == 0 ? fixture->store : other, id, SC_TURN_STATUS_DONE, "text",
                       &results[i]);
    }
  for (guint i = 1; i < G_N_ELEMENTS (results); i++)
    {
      wait_for (&results[i]);
      g_assert_no_error (results[i].error);
    }
  sc_store_load_turns_async (other, "c", NULL, load_cb, &loaded);
  wait_for (&loaded);
  g_assert_cmpuint (loaded.rows->len, ==, G_N_ELEMENTS (results) - 1);
  close_store (other);
}

/* An error of opening is there at every call until the reason is gone. */
static void
test_unusable (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *blocker = g_build_filename (fixture->folder, "blocker", NULL);
  g_autofree char *path = g_build_filename (blocker, "history.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  ScStore *store;

  g_assert_true (g_file_set_contents (blocker, "no folder", -1, &error));
  store = sc_store_new (path);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (Result) listed = { 0 };
      g_auto (Result) saved = { 0 };

      sc_store_list_conversations_async (store, NULL, list_cb, &listed);
      start_save_conversation (store, "c", &saved);
      wait_for (&saved);
      g_assert_error (listed.error, SC_ERROR, SC_ERROR_STORAGE);
      g_assert_error (saved.error, SC_ERROR, SC_ERROR_STORAGE);
    }
  g_assert_cmpint (remove (blocker), ==, 0);
  {
    g_auto (Result) saved = { 0 };

    start_save_conversation (store, "c", &saved);
    wait_for (&saved);
    g_assert_no_error (saved.error);
  }
  close_store (store);
  store_test_remove_folder (g_steal_pointer (&blocker));
}

/* Tells on standard output how many words of the answer are on disk, until it is killed. */
static int
run_writer (const char *path,
            const char *turn)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ScStore *store = sc_store_new (path);

  start_save_conversation (store, "c", NULL);
  for (guint i = 0; i < 1000000; i++)
    {
      g_auto (Result) saved = { 0 };

      g_string_append_printf (text, "w%u ", i);
      start_save_turn (store, turn, SC_TURN_STATUS_STREAMING, text->str, &saved);
      wait_for (&saved);
      g_assert_no_error (saved.error);
      printf ("%u\n", i);
      fflush (stdout);
    }
  return 0;
}

/* Kills a writer after so many words are said to be on disk. Returns how many were. */
static guint
kill_writer (const char *path,
             const char *turn,
             guint       n_words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  guint last = 0;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe", "--write",
                              path, turn, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_no_error (error);
      if (line == NULL || *line == '\0')
        break;
      last = (guint) g_ascii_strtoull (line, NULL, 10);
      if (last >= n_words)
        g_subprocess_force_exit (process);
    }
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGKILL);
  return last;
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);

  close_store (g_steal_pointer (&fixture->store));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *turn = g_strdup_printf ("t%u", i);
      guint n_words = kill_writer (fixture->path, turn, 1 + i * 23);
      g_auto (Result) loaded = { 0 };
      g_auto (Result) found = { 0 };
      g_autofree char *last_word = NULL;
      const ScTurnRecord *record;
      g_autoptr (GString) text = g_string_new (NULL);
      ScStore *store = sc_store_new (fixture->path);

      sc_store_load_turns_async (store, "c", NULL, load_cb, &loaded);
      last_word = g_strdup_printf ("w%u", n_words);
      sc_store_search_async (store, last_word, 10, NULL, search_cb, &found);
      wait_for (&found);
      g_assert_no_error (loaded.error);
      g_assert_cmpuint (found.rows->len, ==, 1);
      g_assert_cmpuint (loaded.rows->len, ==, i + 1);

      /* Older answers are as they were; of this one everything is there that was said to be, and it
       * is whole. */
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (((ScTurnRecord *) loaded.rows->pdata[k])->text, ==, expected->pdata[k]);
      record = loaded.rows->pdata[i];
      g_assert_cmpint (record->status, ==, SC_TURN_STATUS_INTERRUPTED);
      for (guint k = 0; text->len < strlen (record->text); k++)
        g_string_append_printf (text, "w%u ", k);
      g_assert_cmpstr (record->text, ==, text->str);
      g_assert_nonnull (strstr (record->text, last_word));
      g_ptr_array_add (expected, g_strdup (record->text));
      close_store (store);
      store_test_assert_consistent (fixture->path);
    }
}

#define ADD(path, func) g_test_add ("/store/store/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--write"))
    return run_writer (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);

  ADD ("calls", test_calls);
  ADD ("files", test_files);
  g_test_add_func ("/store/store/in-memory", test_in_memory);
  ADD ("order", test_order);
  ADD ("joined", test_joined);
  ADD ("joined-failure", test_joined_failure);
  ADD ("cancel", test_cancel);
  ADD ("close", test_close);
  ADD ("dropped", test_dropped);
  ADD ("contexts", test_contexts);
  ADD ("two-stores", test_two_stores);
  ADD ("unusable", test_unusable);
  ADD ("killed", test_killed);

  return g_test_run ();
}
