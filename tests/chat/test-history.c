/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history: what is there at the next start, the list, search, deleting, faults of the disk. */

#include "config.h"

#include "history-fixture.h"

#include "sc-turn-private.h"

#include <glib/gstdio.h>
#include <string.h>

static void
copy_file (const char *from,
           const char *to,
           const char *suffix)
{
  g_autofree char *source = g_strconcat (from, suffix, NULL);
  g_autofree char *target = g_strconcat (to, suffix, NULL);
  g_autofree char *content = NULL;
  gsize length;

  if (g_file_get_contents (source, &content, &length, NULL))
    g_assert_true (g_file_set_contents (target, content, (gssize) length, NULL));
}

/* Opens what a power cut would leave in the files now. Returns whether the text is in it. */
static gboolean
survives_power_cut (Fixture    *fixture,
                    const char *text)
{
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.sqlite", NULL);
  ScHistory *history;
  gboolean is_there = FALSE;

  copy_file (fixture->path, copy, "");
  copy_file (fixture->path, copy, "-wal");
  history = open_history (copy);
  if (g_list_model_get_n_items (G_LIST_MODEL (history)) > 0)
    {
      ScConversation *conversation = get_conversation (history, 0);

      sc_conversation_load (conversation);
      wait_until (is_conversation_loaded, conversation);
      if (g_list_model_get_n_items (G_LIST_MODEL (conversation)) == 2)
        {
          ScTurn *turn = get_turn (conversation, 1);

          g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_INTERRUPTED);
          g_assert_cmpint (sc_turn_get_failure (turn)->kind, ==, SC_ERROR_INTERRUPTED);
          is_there = g_str_equal (sc_turn_get_text (turn, NULL), text);
        }
    }
  close_history (history);
  return is_there;
}

static gboolean
set_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

/* The text so far is in the files while the answer still comes, and the next start finds it
 * interrupted. */
static void
test_power_cut (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  gboolean is_there = FALSE;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);

  /* The next checkpoint is half a second away, and then the disk takes its time. */
  for (guint i = 0; i < 200 && !is_there; i++)
    {
      gboolean passed = FALSE;

      g_timeout_add (100, set_cb, &passed);
      wait_until (is_set, &passed);
      is_there = survives_power_cut (fixture, "so far");
    }
  g_assert_true (is_there);
  g_assert_true (sc_conversation_is_busy (conversation));
  sc_conversation_stop (conversation);
}

/* The window is closed while an answer comes. */
static void
test_close_streaming (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_texts (conversation, "one|so far");
  g_assert_cmpint (sc_turn_get_status (get_turn (conversation, 1)), ==, SC_TURN_STATUS_STOPPED);
}

static void
test_attachments (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScMessage) message = sc_message_new (SC_ROLE_USER, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\x89PNG", 4);

  fixture_add_answer (fixture, SSE_HEAD TEXT ("a cat") STOP DONE);
  sc_message_add_attachment (message, "cat.png", "image/png", bytes);
  sc_conversation_send (conversation, "what is it?", message->attachments);
  wait_until (is_idle, conversation);
  assert_received (fixture, 0, "iVBORw==");
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  g_assert_cmpuint (sc_turn_get_attachments (get_turn (conversation, 0))->len, ==, 1);
}

static void
count_notify_cb (gpointer    object,
                 GParamSpec *pspec,
                 guint      *count)
{
  (*count)++;
}

static void
test_rename (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  guint n_notified = 0;

  fixture_add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  send_and_wait (conversation, "first words");
  g_signal_connect (conversation, "notify::title", G_CALLBACK (count_notify_cb), &n_notified);
  sc_conversation_rename (conversation, "  My\ntitle ");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "My title");
  sc_conversation_rename (conversation, "My title");
  g_assert_cmpuint (n_notified, ==, 1);
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (get_conversation (fixture->history, 0));
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "My title");
  /* Back to the automatic one, which needs the turns. */
  sc_conversation_rename (conversation, " ");
  wait_until (is_conversation_loaded, conversation);
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "first words");
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GPtrArray **found = user_data;
  g_autoptr (GError) error = NULL;

  *found = sc_history_search_finish (SC_HISTORY (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_found (gpointer data)
{
  return *(GPtrArray **) data != NULL;
}

static GPtrArray *
search (ScHistory  *history,
        const char *query)
{
  GPtrArray *found = NULL;

  sc_history_search_async (history, query, NULL, found_cb, &found);
  wait_until (is_found, &found);
  return found;
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) one = sc_history_create (fixture->history);
  g_autoptr (ScConversation) two = sc_history_create (fixture->history);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) gone = NULL;
  g_autoptr (GPtrArray) back = NULL;

  fixture_add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  send_and_wait (one, "apples");
  send_and_wait (two, "oranges");
  g_assert_true (get_conversation (fixture->history, 0) == two);
  send_and_wait (one, "again");
  g_assert_true (get_conversation (fixture->history, 0) == one);
  sc_conversation_set_pinned (two, TRUE);
  g_assert_true (get_conversation (fixture->history, 0) == two);

  found = search (fixture->history, "orang");
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_true (g_ptr_array_index (found, 0) == two);

  sc_history_delete (fixture->history, two);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 1);
  gone = search (fixture->history, "orang");
  g_assert_cmpuint (gone->len, ==, 0);
  sc_history_restore (fixture->history, two);
  sc_history_restore (fixture->history, two);
  g_assert_true (get_conversation (fixture->history, 0) == two);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 2);
  back = search (fixture->history, "orang");
  g_assert_cmpuint (back->len, ==, 1);

  sc_history_delete (fixture->history, one);
  g_clear_pointer (&found, g_ptr_array_unref);
  g_clear_pointer (&back, g_ptr_array_unref);
  g_clear_object (&one);
  g_clear_object (&two);
  fixture_reopen (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 1);
  g_assert_cmpstr (sc_conversation_get_title (get_conversation (fixture->history, 0)), ==,
                   "oranges");
  g_assert_true (sc_conversation_is_pinned (get_conversation (fixture->history, 0)));
}

/* Deleted while its answer comes: stopped, and neither the end of the answer nor a late checkpoint
 * brings it back. */
static void
test_delete_streaming (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  sc_history_delete (fixture->history, conversation);
  g_assert_false (sc_conversation_is_busy (conversation));
  raw_server_wait_client_closed (fixture->server, 0);
  sc_conversation_rename (conversation, "too late");
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 0);
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  guint *n_done = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = sc_history_search_finish (SC_HISTORY (source), result, &error);

  if (found == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*n_done)++;
}

static gboolean
are_two_done (gpointer data)
{
  return *(guint *) data >= 2;
}

static void
test_search_cancel (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) during = g_cancellable_new ();
  guint n_done = 0;

  g_cancellable_cancel (before);
  sc_history_search_async (fixture->history, "x", before, cancelled_cb, &n_done);
  sc_history_search_async (fixture->history, "x", during, cancelled_cb, &n_done);
  g_cancellable_cancel (during);
  wait_until (are_two_done, &n_done);
  g_cancellable_cancel (during);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n_done, ==, 2);
}

static void
count_failed_cb (ScHistory  *history,
                 const char *sentence,
                 guint      *count)
{
  g_assert_cmpstr (sentence, !=, "");
  (*count)++;
}

/* A disk that cannot be written to is told once, and the answer comes all the same. */
static void
test_no_disk (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *path = g_build_filename (file, "history.sqlite", NULL);
  ScHistory *history;
  ScConversation *conversation;
  guint n_failed = 0;

  g_assert_true (g_file_set_contents (file, "no folder", -1, NULL));
  history = sc_history_new (path);
  g_signal_connect (history, "failed", G_CALLBACK (count_failed_cb), &n_failed);
  wait_until (is_history_loaded, history);
  g_assert_cmpuint (n_failed, ==, 1);
  conversation = sc_history_create (history);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("fine") STOP DONE);
  send_and_wait (conversation, "one");
  assert_texts (conversation, "one|fine");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n_failed, ==, 1);
  g_object_unref (conversation);
  g_object_unref (history);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

#define ADD(path, function) \
  g_test_add ("/chat/history/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("power-cut", test_power_cut);
  ADD ("close-streaming", test_close_streaming);
  ADD ("attachments", test_attachments);
  ADD ("rename", test_rename);
  ADD ("list", test_list);
  ADD ("delete-streaming", test_delete_streaming);
  ADD ("search-cancel", test_search_cancel);
  ADD ("no-disk", test_no_disk);

  return g_test_run ();
}
