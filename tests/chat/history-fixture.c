/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A history and a service for tests. */

/* memmem() */
#define _GNU_SOURCE

#include "config.h"

#include "history-fixture.h"

#include "sc-providers.h"

#include <glib/gstdio.h>
#include <string.h>

gboolean
is_history_loaded (gpointer data)
{
  return sc_history_is_loaded (data);
}

ScHistory *
open_history (const char *path)
{
  ScHistory *history = sc_history_new (path);

  wait_until (is_history_loaded, history);
  return history;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *is_closed = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_history_close_finish (SC_HISTORY (source), result, &error));
  g_assert_no_error (error);
  *is_closed = TRUE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

void
close_history (ScHistory *history)
{
  gboolean is_closed = FALSE;

  sc_history_close_async (history, closed_cb, &is_closed);
  wait_until (is_set, &is_closed);
  g_assert_finalize_object (history);
}

static void
failed_cb (ScHistory  *history,
           const char *sentence,
           gpointer    user_data)
{
  g_error ("The history failed: %s", sentence);
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  fixture->server = raw_server_new ();
  fixture->folder = g_dir_make_tmp ("stream-chat-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "deep", "history.sqlite", NULL);
  fixture->history = open_history (fixture->path);
  g_signal_connect (fixture->history, "failed", G_CALLBACK (failed_cb), NULL);
  profile = create_profile (fixture->server);
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

/* The key is in no file of the history; then all files go. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          remove_folder (child);
          continue;
        }
      g_assert_true (g_file_get_contents (child, &content, &length, NULL));
      g_assert_null (memmem (content, length, CANARY_KEY, strlen (CANARY_KEY)));
      g_unlink (child);
    }
  g_rmdir (path);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
  if (fixture->history != NULL)
    close_history (fixture->history);
  raw_server_free (fixture->server);
  remove_folder (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

void
fixture_reopen (Fixture *fixture)
{
  close_history (fixture->history);
  fixture->history = open_history (fixture->path);
  g_signal_connect (fixture->history, "failed", G_CALLBACK (failed_cb), NULL);
}

gboolean
is_idle (gpointer data)
{
  return !sc_conversation_is_busy (data);
}

void
send_and_wait (ScConversation *conversation,
               const char     *text)
{
  sc_conversation_send (conversation, text, NULL);
  g_assert_true (sc_conversation_is_busy (conversation));
  wait_until (is_idle, conversation);
}

gboolean
has_text (gpointer data)
{
  ScTurn *turn = sc_conversation_get_last_turn (data);

  return *sc_turn_get_text (turn, NULL) != '\0';
}

gboolean
is_conversation_loaded (gpointer data)
{
  return sc_conversation_is_loaded (data);
}

ScConversation *
get_conversation (ScHistory *history,
                  guint      position)
{
  ScConversation *conversation = g_list_model_get_item (G_LIST_MODEL (history), position);

  g_assert_nonnull (conversation);
  g_object_unref (conversation);
  return conversation;
}

ScConversation *
fixture_load_first (Fixture *fixture)
{
  ScConversation *conversation = get_conversation (fixture->history, 0);

  g_assert_false (sc_conversation_is_loaded (conversation));
  sc_conversation_load (conversation);
  sc_conversation_load (conversation);
  wait_until (is_conversation_loaded, conversation);
  return conversation;
}

ScTurn *
get_turn (ScConversation *conversation,
          guint           position)
{
  ScTurn *turn = g_list_model_get_item (G_LIST_MODEL (conversation), position);

  g_assert_nonnull (turn);
  g_object_unref (turn);
  return turn;
}

void
assert_texts (ScConversation *conversation,
              const char     *expected)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (conversation)); i++)
    g_string_append_printf (texts, "%s%s", i > 0 ? "|" : "",
                            sc_turn_get_text (get_turn (conversation, i), NULL));
  g_assert_cmpstr (texts->str, ==, expected);
}

void
fixture_add_answer (Fixture    *fixture,
                    const char *answer)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
}

void
assert_received (Fixture    *fixture,
                 guint       connection,
                 const char *messages)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);

  if (strstr (received->str, messages) == NULL)
    g_error ("No %s in %s", messages, received->str);
}
