/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations and the history, with a real store in a file and a scripted service. */

/* memmem() */
#define _GNU_SOURCE

#include "config.h"

#include "run-log.h"

#include "sc-conversation-private.h"
#include "sc-history.h"
#include "sc-json.h"
#include "sc-prompt.h"
#include "sc-providers.h"
#include "sc-store.h"
#include "sc-turn-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  RawServer *server;
  char      *folder;
  char      *path;
  ScHistory *history;
} Fixture;

static gboolean
is_loaded (gpointer data)
{
  return sc_history_is_loaded (data);
}

static ScHistory *
open_history (const char *path)
{
  ScHistory *history = sc_history_new (path);

  wait_until (is_loaded, history);
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

static void
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

static void
set_up (Fixture       *fixture,
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

static void
tear_down (Fixture       *fixture,
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

static void
reopen (Fixture *fixture)
{
  close_history (fixture->history);
  fixture->history = open_history (fixture->path);
  g_signal_connect (fixture->history, "failed", G_CALLBACK (failed_cb), NULL);
}

static gboolean
is_idle (gpointer data)
{
  return !sc_conversation_is_busy (data);
}

static void
send_and_wait (ScConversation *conversation,
               const char     *text)
{
  sc_conversation_send (conversation, text, NULL);
  g_assert_true (sc_conversation_is_busy (conversation));
  wait_until (is_idle, conversation);
}

static gboolean
has_text (gpointer data)
{
  ScTurn *turn = sc_conversation_get_last_turn (data);

  return *sc_turn_get_text (turn, NULL) != '\0';
}

static gboolean
is_conversation_loaded (gpointer data)
{
  return sc_conversation_is_loaded (data);
}

static ScConversation *
get_conversation (ScHistory *history,
                  guint      position)
{
  ScConversation *conversation = g_list_model_get_item (G_LIST_MODEL (history), position);

  g_assert_nonnull (conversation);
  g_object_unref (conversation);
  return conversation;
}

static ScConversation *
load_first (Fixture *fixture)
{
  ScConversation *conversation = get_conversation (fixture->history, 0);

  g_assert_false (sc_conversation_is_loaded (conversation));
  sc_conversation_load (conversation);
  sc_conversation_load (conversation);
  wait_until (is_conversation_loaded, conversation);
  return conversation;
}

static ScTurn *
get_turn (ScConversation *conversation,
          guint           position)
{
  ScTurn *turn = g_list_model_get_item (G_LIST_MODEL (conversation), position);

  g_assert_nonnull (turn);
  g_object_unref (turn);
  return turn;
}

static void
assert_texts (ScConversation *conversation,
              const char     *expected)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (conversation)); i++)
    g_string_append_printf (texts, "%s%s", i > 0 ? "|" : "", sc_turn_get_text (get_turn (conversation, i), NULL));
  g_assert_cmpstr (texts->str, ==, expected);
}

static void
add_answer (Fixture    *fixture,
            const char *answer)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
}

static void
test_send (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  ScTurn *turn;

  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "New Conversation");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 0);
  add_answer (fixture, SSE_HEAD THINK ("hm") TEXT ("Hel") TEXT ("lo **you**") STOP USAGE DONE);
  send_and_wait (conversation, "# What is this?\nTell me.");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 1);
  assert_texts (conversation, "# What is this?\nTell me.|Hello **you**");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "What is this?");
  g_assert_cmpstr (sc_conversation_get_snippet (conversation), ==, "Hello you");
  g_assert_true (sc_conversation_is_unseen (conversation));
  sc_conversation_set_looked_at (conversation, TRUE);
  g_assert_false (sc_conversation_is_unseen (conversation));
  turn = sc_conversation_get_last_turn (conversation);
  g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_DONE);
  g_assert_cmpint (sc_turn_get_finish_reason (turn), ==, SC_FINISH_STOP);
  g_assert_cmpstr (sc_turn_get_reasoning (turn, NULL), ==, "hm");
  g_assert_cmpint (sc_turn_get_usage (turn)->output, ==, 3);
  g_assert_cmpstr (sc_turn_get_model (turn), ==, "m");
  g_assert_cmpint (sc_turn_get_times (turn)->total_ms, >=, 0);
  g_assert_cmpint (sc_turn_get_times (turn)->first_text_ms, >=, 0);
  g_assert_cmpint (sc_turn_get_times (turn)->reasoning_ms, >=, 0);
  /* The provider of the command line is not there at the next start. */
  g_assert_null (sc_conversation_get_provider (conversation));
  g_clear_object (&conversation);

  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "# What is this?\nTell me.|Hello **you**");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "What is this?");
  g_assert_cmpstr (sc_conversation_get_snippet (conversation), ==, "Hello you");
  g_assert_false (sc_conversation_is_unseen (conversation));
  turn = sc_conversation_get_last_turn (conversation);
  g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_DONE);
  g_assert_cmpint (sc_turn_get_usage (turn)->output, ==, 3);
}

/* Nothing in the first words makes a title, and nothing is lost for it. */
static void
test_no_title (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  add_answer (fixture, SSE_HEAD TEXT ("A line.") STOP DONE);
  send_and_wait (conversation, "---");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "New Conversation");
  g_clear_object (&conversation);
  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "---|A line.");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "New Conversation");
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

/* One signal for each read, whatever the number of tokens in it. */
static void
test_batches (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GString) burst = g_string_new (SSE_HEAD);
  guint n_appended = 0;

  for (guint i = 0; i < 1000; i++)
    g_string_append (burst, TEXT ("x"));
  g_string_append (burst, STOP DONE);
  add_answer (fixture, burst->str);
  sc_conversation_send (conversation, "go", NULL);
  g_signal_connect (sc_conversation_get_last_turn (conversation), "appended", G_CALLBACK (count_cb), &n_appended);
  wait_until (is_idle, conversation);
  g_assert_cmpuint (strlen (sc_turn_get_text (sc_conversation_get_last_turn (conversation), NULL)), ==, 1000);
  g_assert_cmpuint (n_appended, >, 0);
  g_assert_cmpuint (n_appended, <, 200);
}

/* An answer that failed with no text is replaced when it is asked for again. */
static void
test_failed_retry (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GPtrArray) siblings = NULL;
  const ScFailure *failure;

  add_answer (fixture, ERROR_ANSWER ("500 Oops", "", "28", "{\"error\":{\"message\":\"busy\"}}"));
  add_answer (fixture, SSE_HEAD TEXT ("yes") STOP DONE);
  send_and_wait (conversation, "one");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_FAILED);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_SERVER);
  g_assert_cmpint (failure->status, ==, 500);

  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "one|yes");
  siblings = sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (siblings->len, ==, 1);
  g_clear_object (&conversation);

  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "one|yes");
}

/* A broken answer is kept, and stays beside the new one. */
static void
test_interrupted_retry (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GPtrArray) siblings = NULL;
  g_autoptr (GPtrArray) reloaded = NULL;

  add_answer (fixture, SSE_HEAD TEXT ("half"));
  add_answer (fixture, SSE_HEAD TEXT ("whole") STOP DONE);
  send_and_wait (conversation, "one");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_INTERRUPTED);
  g_assert_cmpint (sc_turn_get_failure (sc_conversation_get_last_turn (conversation))->kind, ==, SC_ERROR_INTERRUPTED);
  assert_texts (conversation, "one|half");
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "one|whole");

  siblings = sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (siblings->len, ==, 2);
  sc_conversation_show_branch (conversation, g_ptr_array_index (siblings, 0));
  assert_texts (conversation, "one|half");
  g_clear_object (&conversation);

  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "one|half");
  reloaded = sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (reloaded->len, ==, 2);
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  ScTurn *turn;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"), RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  g_assert_cmpint (sc_conversation_get_activity (conversation), ==, SC_ACTIVITY_ANSWERING);
  g_assert_null (sc_conversation_dup_activity_text (conversation));
  sc_conversation_stop (conversation);
  g_assert_false (sc_conversation_is_busy (conversation));
  raw_server_wait_client_closed (fixture->server, 0);
  turn = sc_conversation_get_last_turn (conversation);
  g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_STOPPED);
  g_assert_null (sc_turn_get_failure (turn));
  g_assert_false (sc_conversation_is_unseen (conversation));
  sc_conversation_stop (conversation);
  g_clear_object (&conversation);

  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "one|so far");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_STOPPED);
}

static void
test_stop_at_once (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *text = NULL;

  sc_conversation_send (conversation, "one", NULL);
  text = sc_conversation_dup_activity_text (conversation);
  g_assert_cmpstr (text, ==, "Connecting…");
  sc_conversation_stop (conversation);
  g_assert_false (sc_conversation_is_busy (conversation));
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_STOPPED);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 0);
}

static void
stop_when_appended_cb (ScTurn         *turn,
                       ScConversation *conversation)
{
  sc_conversation_stop (conversation);
}

static void
stop_when_active_cb (ScConversation *conversation,
                     GParamSpec     *pspec,
                     gpointer        user_data)
{
  if (sc_conversation_get_activity (conversation) == (ScActivity) GPOINTER_TO_INT (user_data))
    sc_conversation_stop (conversation);
}

/* Stop may come from inside any signal that an answer causes. */
static void
test_stop_in_signals (Fixture       *fixture,
                      gconstpointer  data)
{
  const ScActivity activities[] = { SC_ACTIVITY_CONNECTING, SC_ACTIVITY_WAITING, SC_ACTIVITY_REASONING,
                                    SC_ACTIVITY_ANSWERING };

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD THINK ("a") TEXT ("b") TEXT ("c") STOP USAGE DONE,
                         RAW_CLOSE, RAW_END);
  for (guint i = 0; i < G_N_ELEMENTS (activities); i++)
    {
      g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

      g_signal_connect (conversation, "notify::activity", G_CALLBACK (stop_when_active_cb),
                        GINT_TO_POINTER (activities[i]));
      sc_conversation_send (conversation, "one", NULL);
      wait_until (is_idle, conversation);
      g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_STOPPED);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

      sc_conversation_send (conversation, "one", NULL);
      g_signal_connect (sc_conversation_get_last_turn (conversation), i == 0 ? "appended" : "changed",
                        G_CALLBACK (stop_when_appended_cb), conversation);
      wait_until (is_idle, conversation);
    }
}

/* A conversation may go while its answer comes: nobody is called any more. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  ScConversation *conversation = sc_conversation_new ();

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"), RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  g_assert_finalize_object (conversation);
  raw_server_wait_client_closed (fixture->server, 0);
}

static void
assert_received (Fixture    *fixture,
                 guint       connection,
                 const char *messages)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);

  if (strstr (received->str, messages) == NULL)
    g_error ("No %s in %s", messages, received->str);
}

/* The messages of a request, one a line. */
static char *
dup_messages (Fixture *fixture,
              guint    connection)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);
  const char *body = strstr (received->str, "\r\n\r\n");
  g_autoptr (JsonObject) root = NULL;
  JsonArray *messages;
  GString *text = g_string_new (NULL);

  g_assert_nonnull (body);
  root = sc_json_parse_object (body, -1, NULL);
  messages = sc_json_get_array (root, "messages");
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = sc_json_get_element_object (messages, i);

      g_string_append_printf (text, "%s: %s\n", sc_json_get_string (message, "role"),
                              sc_json_get_string (message, "content"));
    }
  return g_string_free (text, FALSE);
}

/* How many messages the prompt of the last answer holds, whatever a protocol makes of them. */
static guint
count_messages (Fixture        *fixture,
                ScConversation *conversation)
{
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  g_autoptr (ScPrompt) prompt =
    sc_prompt_new_from_path (conversation, sc_conversation_get_last_turn (conversation), profile);

  return prompt->messages->len;
}

/* What is said to the model: all of the path, kept text of broken answers too, none of the empty ones. */
static void
test_prompt (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *messages = NULL;

  g_object_set (conversation, "system-prompt", "Be short.", "parameters", "{\"temperature\":0.5}", NULL);
  add_answer (fixture, ERROR_ANSWER ("500 Oops", "", "28", "{\"error\":{\"message\":\"busy\"}}"));
  add_answer (fixture, SSE_HEAD TEXT ("half"));
  add_answer (fixture, SSE_HEAD TEXT ("full") STOP DONE);
  send_and_wait (conversation, "one");
  send_and_wait (conversation, "two");
  send_and_wait (conversation, "three");
  assert_texts (conversation, "one||two|half|three|full");
  assert_received (fixture, 2, "\"temperature\":0.5");
  messages = dup_messages (fixture, 2);
  g_assert_cmpstr (messages, ==, "system: Be short.\nuser: one\nuser: two\nassistant: half\nuser: three\n");
  g_assert_cmpuint (count_messages (fixture, conversation), ==, 4);
}

/* Tool calls are said with their results or not at all. */
static void
test_prompt_tools (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "weather?");
  g_autoptr (ScTurn) calls = sc_turn_new (SC_ROLE_ASSISTANT, NULL);
  g_autoptr (ScTurn) result = sc_turn_new (SC_ROLE_TOOL, "sunny");
  g_autoptr (ScTurn) open_call = sc_turn_new (SC_ROLE_ASSISTANT, "Let me look again.");
  g_autoptr (ScTurn) stray = sc_turn_new (SC_ROLE_TOOL, "of nobody");
  g_autoptr (GString) received = NULL;
  g_autofree char *messages = NULL;

  sc_turn_add_tool_call (calls, "call_1", "look", "{}");
  sc_turn_finish (calls, SC_TURN_STATUS_DONE, SC_FINISH_TOOL_CALLS, NULL);
  sc_turn_set_tool_result (result, "call_1", "look", FALSE);
  sc_turn_add_tool_call (open_call, "call_2", "look", "{}");
  sc_turn_set_raw (open_call, "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_2\"}]}", "openai-chat", "m");
  sc_turn_finish (open_call, SC_TURN_STATUS_DONE, SC_FINISH_TOOL_CALLS, NULL);
  sc_turn_set_tool_result (stray, "call_9", "look", FALSE);
  sc_conversation_append_turn (conversation, question);
  sc_conversation_append_turn (conversation, calls);
  sc_conversation_append_turn (conversation, result);
  sc_conversation_append_turn (conversation, open_call);
  sc_conversation_append_turn (conversation, stray);
  add_answer (fixture, SSE_HEAD TEXT ("ok") STOP DONE);
  send_and_wait (conversation, "well?");
  messages = dup_messages (fixture, 0);
  g_assert_nonnull (strstr (messages, "tool: sunny\nassistant: Let me look again.\nuser: well?\n"));
  g_assert_null (strstr (messages, "of nobody"));
  assert_received (fixture, 0, "call_1");
  received = raw_server_dup_received (fixture->server, 0);
  g_assert_null (strstr (received->str, "call_2"));
  g_assert_cmpuint (count_messages (fixture, conversation), ==, 5);
}

static void
test_edit (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GPtrArray) siblings = NULL;
  g_autoptr (GString) received = NULL;

  add_answer (fixture, SSE_HEAD TEXT ("1") STOP DONE);
  add_answer (fixture, SSE_HEAD TEXT ("2") STOP DONE);
  add_answer (fixture, SSE_HEAD TEXT ("3") STOP DONE);
  send_and_wait (conversation, "first");
  send_and_wait (conversation, "wrong");
  sc_conversation_edit (conversation, get_turn (conversation, 2), "right");
  wait_until (is_idle, conversation);
  assert_texts (conversation, "first|1|right|3");
  received = raw_server_dup_received (fixture->server, 2);
  g_assert_nonnull (strstr (received->str, "right"));
  g_assert_null (strstr (received->str, "wrong"));
  siblings = sc_conversation_list_siblings (conversation, get_turn (conversation, 2));
  g_assert_cmpuint (siblings->len, ==, 2);
  sc_conversation_show_branch (conversation, g_ptr_array_index (siblings, 0));
  assert_texts (conversation, "first|1|wrong|2");
  g_clear_pointer (&siblings, g_ptr_array_unref);

  /* The first message of all can be said differently too. */
  add_answer (fixture, SSE_HEAD TEXT ("4") STOP DONE);
  sc_conversation_edit (conversation, get_turn (conversation, 0), "anew");
  wait_until (is_idle, conversation);
  assert_texts (conversation, "anew|4");
  siblings = sc_conversation_list_siblings (conversation, get_turn (conversation, 0));
  g_assert_cmpuint (siblings->len, ==, 2);
}

static void
test_delete_turn (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  add_answer (fixture, SSE_HEAD TEXT ("1") STOP DONE);
  add_answer (fixture, SSE_HEAD TEXT ("2") STOP DONE);
  send_and_wait (conversation, "a");
  send_and_wait (conversation, "b");
  sc_conversation_delete_turn (conversation, get_turn (conversation, 1));
  assert_texts (conversation, "a|b|2");
  sc_conversation_delete_turn (conversation, get_turn (conversation, 2));
  assert_texts (conversation, "a|b");
  /* Nothing answers the last question now: asking again does. */
  add_answer (fixture, SSE_HEAD TEXT ("3") STOP DONE);
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "a|b|3");
  g_clear_object (&conversation);

  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
  assert_texts (conversation, "a|b|3");
}

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

/* What a power cut would leave is in the files now: the text so far, found interrupted at the next start. */
static void
test_power_cut (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.sqlite", NULL);
  gboolean is_there = FALSE;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"), RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);

  /* The next checkpoint is at most half a second away; the files tell when it is there. */
  for (guint i = 0; i < 200 && !is_there; i++)
    {
      g_autoptr (ScHistory) cut = NULL;
      ScConversation *kept;
      gint64 until = g_get_monotonic_time () + 100 * 1000;

      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
      copy_file (fixture->path, copy, "");
      copy_file (fixture->path, copy, "-wal");
      cut = open_history (copy);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cut)), ==, 1);
      kept = get_conversation (cut, 0);
      g_assert_cmpstr (sc_conversation_get_title (kept), ==, "one");
      sc_conversation_load (kept);
      wait_until (is_conversation_loaded, kept);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (kept)), ==, 2);
      is_there = g_str_equal (sc_turn_get_text (get_turn (kept, 1), NULL), "so far");
      g_assert_cmpint (sc_turn_get_status (get_turn (kept, 1)), ==, SC_TURN_STATUS_INTERRUPTED);
      g_assert_cmpint (sc_turn_get_failure (get_turn (kept, 1))->kind, ==, SC_ERROR_INTERRUPTED);
      close_history (g_steal_pointer (&cut));
    }
  g_assert_true (is_there);
  sc_conversation_stop (conversation);
}

/* The window is closed while an answer comes. */
static void
test_close_streaming (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"), RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  g_clear_object (&conversation);
  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
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

  add_answer (fixture, SSE_HEAD TEXT ("a cat") STOP DONE);
  sc_message_add_attachment (message, "cat.png", "image/png", bytes);
  sc_conversation_send (conversation, "what is it?", message->attachments);
  wait_until (is_idle, conversation);
  assert_received (fixture, 0, "iVBORw==");
  g_clear_object (&conversation);
  reopen (fixture);
  conversation = g_object_ref (load_first (fixture));
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

  add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  send_and_wait (conversation, "first words");
  g_signal_connect (conversation, "notify::title", G_CALLBACK (count_notify_cb), &n_notified);
  sc_conversation_rename (conversation, "  My\ntitle ");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "My title");
  sc_conversation_rename (conversation, "My title");
  g_assert_cmpuint (n_notified, ==, 1);
  g_clear_object (&conversation);

  reopen (fixture);
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

  add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
  add_answer (fixture, SSE_HEAD TEXT ("x") STOP DONE);
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
  reopen (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 1);
  g_assert_cmpstr (sc_conversation_get_title (get_conversation (fixture->history, 0)), ==, "oranges");
  g_assert_true (sc_conversation_is_pinned (get_conversation (fixture->history, 0)));
}

/* Deleted while its answer comes: stopped, and neither the end of the answer nor a late checkpoint brings it back. */
static void
test_delete_streaming (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"), RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  sc_history_delete (fixture->history, conversation);
  g_assert_false (sc_conversation_is_busy (conversation));
  raw_server_wait_client_closed (fixture->server, 0);
  sc_conversation_rename (conversation, "too late");
  g_clear_object (&conversation);
  reopen (fixture);
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

static gboolean
is_quiet (gpointer data)
{
  return sc_conversation_get_activity (data) == SC_ACTIVITY_QUIET;
}

static gboolean
is_retrying (gpointer data)
{
  return sc_conversation_get_activity (data) == SC_ACTIVITY_RETRYING;
}

static void
test_activity (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  g_autofree char *retrying = NULL;
  g_autofree char *quiet = NULL;

  profile->retries = 1;
  profile->timeouts.quiet_ms = 10;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST,
                         RAW_SEND, ERROR_ANSWER ("503 Busy", "Retry-After: 50\r\n", "28", "{\"error\":{\"message\":\"busy\"}}"),
                         RAW_CLOSE, RAW_END);
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_GATE,
                         RAW_SEND, STOP DONE, RAW_CLOSE, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (is_retrying, conversation);
  retrying = sc_conversation_dup_activity_text (conversation);
  g_assert_true (g_str_has_prefix (retrying, "Trying again in "));
  sc_conversation_skip_wait (conversation);
  wait_until (has_text, conversation);
  wait_until (is_quiet, conversation);
  quiet = sc_conversation_dup_activity_text (conversation);
  g_assert_true (g_str_has_prefix (quiet, "No data for "));
  /* The view cannot keep up: no more is read until it can. */
  sc_conversation_set_throttled (conversation, TRUE);
  raw_server_open_gate (fixture->server);
  g_assert_true (sc_conversation_is_busy (conversation));
  sc_conversation_set_throttled (conversation, FALSE);
  wait_until (is_idle, conversation);
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_DONE);
}

/* Whom it talks to is gone from the preferences. */
static void
test_no_provider (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  sc_conversation_set_model (conversation, "gone", NULL);
  send_and_wait (conversation, "one");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==, SC_TURN_STATUS_FAILED);
  g_assert_cmpint (sc_turn_get_failure (sc_conversation_get_last_turn (conversation))->kind, ==, SC_ERROR_NOT_FOUND);
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
  wait_until (is_loaded, history);
  g_assert_cmpuint (n_failed, ==, 1);
  conversation = sc_history_create (history);
  add_answer (fixture, SSE_HEAD TEXT ("fine") STOP DONE);
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
  g_test_add ("/chat/conversation/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("send", test_send);
  ADD ("no-title", test_no_title);
  ADD ("batches", test_batches);
  ADD ("failed-retry", test_failed_retry);
  ADD ("interrupted-retry", test_interrupted_retry);
  ADD ("stop", test_stop);
  ADD ("stop-at-once", test_stop_at_once);
  ADD ("stop-in-signals", test_stop_in_signals);
  ADD ("dropped", test_dropped);
  ADD ("prompt", test_prompt);
  ADD ("prompt/tools", test_prompt_tools);
  ADD ("edit", test_edit);
  ADD ("delete-turn", test_delete_turn);
  ADD ("power-cut", test_power_cut);
  ADD ("close-streaming", test_close_streaming);
  ADD ("attachments", test_attachments);
  ADD ("rename", test_rename);
  ADD ("list", test_list);
  ADD ("delete-streaming", test_delete_streaming);
  ADD ("search-cancel", test_search_cancel);
  ADD ("activity", test_activity);
  ADD ("no-provider", test_no_provider);
  ADD ("no-disk", test_no_disk);

  return g_test_run ();
}
