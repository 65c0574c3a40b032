/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations with a real store in a file and a scripted service: what an answer can come to, what
 * is said to the model, branches. */

#include "config.h"

#include "history-fixture.h"

#include "sc-conversation-private.h"
#include "sc-json.h"
#include "sc-prompt.h"
#include "sc-providers.h"
#include "sc-turn-private.h"

#include <string.h>

static void
test_send (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  ScTurn *turn;

  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "New Conversation");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->history)), ==, 0);
  fixture_add_answer (fixture, SSE_HEAD THINK ("hm") TEXT ("Hel") TEXT ("lo **you**") STOP USAGE DONE);
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

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
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

  fixture_add_answer (fixture, SSE_HEAD TEXT ("A line.") STOP DONE);
  send_and_wait (conversation, "---");
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "New Conversation");
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
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
  fixture_add_answer (fixture, burst->str);
  sc_conversation_send (conversation, "go", NULL);
  g_signal_connect (sc_conversation_get_last_turn (conversation), "appended", G_CALLBACK (count_cb),
                    &n_appended);
  wait_until (is_idle, conversation);
  g_assert_cmpuint (strlen (sc_turn_get_text (sc_conversation_get_last_turn (conversation), NULL)),
                    ==, 1000);
  g_assert_cmpuint (n_appended, >, 0);
  g_assert_cmpuint (n_appended, <, 200);
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  sc_providers_fetch_models_finish (SC_PROVIDERS (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* An answer that breaks off where the model can hold no more says so. */
static void
test_context_full (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  gboolean is_fetched = FALSE;
  const ScFailure *failure;

  fixture_add_answer (fixture, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Connection: close\r\n\r\n"
                               "{\"data\":[{\"id\":\"m\",\"context_length\":1000}]}");
  sc_providers_fetch_models_async (sc_providers_get_default (), "test", NULL, fetched_cb,
                                   &is_fetched);
  wait_until (is_true, &is_fetched);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("half") "data: {\"choices\":[],\"usage\":"
                               "{\"prompt_tokens\":950,\"completion_tokens\":3}}\n\n");
  fixture_add_answer (fixture, SSE_HEAD TEXT ("half") USAGE);
  send_and_wait (conversation, "one");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_nonnull (failure);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_INTERRUPTED);
  g_assert_nonnull (strstr (failure->message, "context window"));
  send_and_wait (conversation, "two");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_nonnull (failure);
  g_assert_null (strstr (failure->message, "context window"));
}

/* An answer that is complete and has no word knows that of itself, also after the program was closed. */
static void
test_empty_answer (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  fixture_add_answer (fixture, SSE_HEAD STOP DONE);
  send_and_wait (conversation, "one");
  g_assert_true (sc_turn_is_empty (sc_conversation_get_last_turn (conversation)));
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  g_assert_true (sc_turn_is_empty (sc_conversation_get_last_turn (conversation)));
}

/* An answer that failed with no text is replaced when it is asked for again. */
static void
test_failed_retry (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GPtrArray) siblings = NULL;
  const ScFailure *failure;

  fixture_add_answer (fixture, ERROR_ANSWER ("500 Oops", "", "28", "{\"error\":{\"message\":\"busy\"}}"));
  fixture_add_answer (fixture, SSE_HEAD TEXT ("yes") STOP DONE);
  send_and_wait (conversation, "one");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_FAILED);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_SERVER);
  g_assert_cmpint (failure->status, ==, 500);

  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "one|yes");
  siblings =
    sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (siblings->len, ==, 1);
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
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

  fixture_add_answer (fixture, SSE_HEAD TEXT ("half"));
  fixture_add_answer (fixture, SSE_HEAD TEXT ("whole") STOP DONE);
  send_and_wait (conversation, "one");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_INTERRUPTED);
  g_assert_cmpint (sc_turn_get_failure (sc_conversation_get_last_turn (conversation))->kind, ==,
                   SC_ERROR_INTERRUPTED);
  assert_texts (conversation, "one|half");
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "one|whole");

  siblings =
    sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (siblings->len, ==, 2);
  sc_conversation_show_branch (conversation, g_ptr_array_index (siblings, 0));
  assert_texts (conversation, "one|half");
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_texts (conversation, "one|half");
  reloaded =
    sc_conversation_list_siblings (conversation, sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (reloaded->len, ==, 2);
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  ScTurn *turn;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
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

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_texts (conversation, "one|so far");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_STOPPED);
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
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_STOPPED);
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
  const ScActivity activities[] = { SC_ACTIVITY_CONNECTING, SC_ACTIVITY_WAITING,
                                    SC_ACTIVITY_REASONING, SC_ACTIVITY_ANSWERING };

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND,
                         SSE_HEAD THINK ("a") TEXT ("b") TEXT ("c") STOP USAGE DONE, RAW_CLOSE,
                         RAW_END);
  for (guint i = 0; i < G_N_ELEMENTS (activities); i++)
    {
      g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

      g_signal_connect (conversation, "notify::activity", G_CALLBACK (stop_when_active_cb),
                        GINT_TO_POINTER (activities[i]));
      sc_conversation_send (conversation, "one", NULL);
      wait_until (is_idle, conversation);
      g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                       SC_TURN_STATUS_STOPPED);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

      sc_conversation_send (conversation, "one", NULL);
      g_signal_connect (sc_conversation_get_last_turn (conversation),
                        i == 0 ? "appended" : "changed", G_CALLBACK (stop_when_appended_cb),
                        conversation);
      wait_until (is_idle, conversation);
    }
}

/* A conversation may go while its answer comes: nobody is called any more. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  ScConversation *conversation = sc_conversation_new ();

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
  sc_conversation_send (conversation, "one", NULL);
  wait_until (has_text, conversation);
  g_assert_finalize_object (conversation);
  raw_server_wait_client_closed (fixture->server, 0);
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

/* What is said to the model: all of the path, kept text of broken answers too, none of the empty
 * ones. */
static void
test_prompt (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *messages = NULL;

  g_object_set (conversation, "system-prompt", "Be short.", "parameters", "{\"temperature\":0.5}",
                NULL);
  fixture_add_answer (fixture, ERROR_ANSWER ("500 Oops", "", "28", "{\"error\":{\"message\":\"busy\"}}"));
  fixture_add_answer (fixture, SSE_HEAD TEXT ("half"));
  fixture_add_answer (fixture, SSE_HEAD TEXT ("full") STOP DONE);
  send_and_wait (conversation, "one");
  send_and_wait (conversation, "two");
  send_and_wait (conversation, "three");
  assert_texts (conversation, "one||two|half|three|full");
  assert_received (fixture, 2, "\"temperature\":0.5");
  messages = dup_messages (fixture, 2);
  g_assert_cmpstr (messages, ==,
                   "system: Be short.\nuser: one\nuser: two\nassistant: half\nuser: three\n");
  g_assert_cmpuint (count_messages (fixture, conversation), ==, 4);
}

/* Returns: (transfer full): the body of a request. */
static JsonObject *
parse_request (Fixture *fixture,
               guint    connection)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);
  const char *body = strstr (received->str, "\r\n\r\n");
  JsonObject *root;

  g_assert_nonnull (body);
  root = sc_json_parse_object (body, -1, NULL);
  g_assert_nonnull (root);
  return root;
}

/* The conversation's own instructions, parameters and way to answer win over the profile's; those
 * it does not have are the profile's; its own name for streaming is never sent. */
static void
test_prompt_settings (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (JsonObject) first = NULL, second = NULL, third = NULL;
  g_autofree char *first_messages = NULL, *second_messages = NULL;
  double number = -1;

  sc_profile_set (&profile->system_prompt, "Of the profile.");
  sc_profile_set (&profile->parameters, "{\"temperature\":0.2,\"top_p\":0.9}");
  profile->stream = FALSE;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  for (guint i = 0; i < 3; i++)
    fixture_add_answer (fixture, SSE_HEAD TEXT ("ok") STOP DONE);

  send_and_wait (conversation, "one");
  first = parse_request (fixture, 0);
  first_messages = dup_messages (fixture, 0);
  g_assert_cmpstr (first_messages, ==, "system: Of the profile.\nuser: one\n");
  g_assert_true (sc_json_get_double (first, "temperature", &number));
  g_assert_cmpfloat (number, ==, 0.2);
  g_assert_false (sc_json_get_boolean (first, "stream", FALSE));

  g_object_set (conversation, "system-prompt", "Of the conversation.", "parameters",
                "{\"temperature\":1.5,\"" SC_PROMPT_STREAM_MEMBER "\":true}", NULL);
  send_and_wait (conversation, "two");
  second = parse_request (fixture, 1);
  second_messages = dup_messages (fixture, 1);
  g_assert_true (g_str_has_prefix (second_messages, "system: Of the conversation.\n"));
  g_assert_true (sc_json_get_double (second, "temperature", &number));
  g_assert_cmpfloat (number, ==, 1.5);
  g_assert_true (sc_json_get_double (second, "top_p", &number));
  g_assert_cmpfloat (number, ==, 0.9);
  g_assert_true (sc_json_get_boolean (second, "stream", FALSE));
  g_assert_false (json_object_has_member (second, SC_PROMPT_STREAM_MEMBER));

  /* The other way round. */
  profile->stream = TRUE;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  g_object_set (conversation, "parameters", "{\"" SC_PROMPT_STREAM_MEMBER "\":false}", NULL);
  send_and_wait (conversation, "three");
  third = parse_request (fixture, 2);
  g_assert_false (sc_json_get_boolean (third, "stream", FALSE));
  g_assert_false (json_object_has_member (third, SC_PROMPT_STREAM_MEMBER));
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
  sc_turn_set_raw (open_call, "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_2\"}]}",
                   "openai-chat", "m");
  sc_turn_finish (open_call, SC_TURN_STATUS_DONE, SC_FINISH_TOOL_CALLS, NULL);
  sc_turn_set_tool_result (stray, "call_9", "look", FALSE);
  sc_conversation_append_turn (conversation, question);
  sc_conversation_append_turn (conversation, calls);
  sc_conversation_append_turn (conversation, result);
  sc_conversation_append_turn (conversation, open_call);
  sc_conversation_append_turn (conversation, stray);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("ok") STOP DONE);
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

  fixture_add_answer (fixture, SSE_HEAD TEXT ("1") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("2") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("3") STOP DONE);
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
  fixture_add_answer (fixture, SSE_HEAD TEXT ("4") STOP DONE);
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

  fixture_add_answer (fixture, SSE_HEAD TEXT ("1") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("2") STOP DONE);
  send_and_wait (conversation, "a");
  send_and_wait (conversation, "b");
  sc_conversation_delete_turn (conversation, get_turn (conversation, 1));
  assert_texts (conversation, "a|b|2");
  sc_conversation_delete_turn (conversation, get_turn (conversation, 2));
  assert_texts (conversation, "a|b");
  /* Nothing answers the last question now: asking again does. */
  fixture_add_answer (fixture, SSE_HEAD TEXT ("3") STOP DONE);
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "a|b|3");
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_texts (conversation, "a|b|3");
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
  raw_server_add_script (
      fixture->server, RAW_WAIT_REQUEST, RAW_SEND,
      ERROR_ANSWER ("503 Busy", "Retry-After: 50\r\n", "28", "{\"error\":{\"message\":\"busy\"}}"),
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
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_DONE);
}

/* Whom it talks to is gone from the preferences. */
static void
test_no_provider (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  sc_conversation_set_model (conversation, "gone", NULL);
  send_and_wait (conversation, "one");
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_FAILED);
  g_assert_cmpint (sc_turn_get_failure (sc_conversation_get_last_turn (conversation))->kind, ==,
                   SC_ERROR_NOT_FOUND);
}

#define ADD(path, function) \
  g_test_add ("/chat/conversation/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("send", test_send);
  ADD ("no-title", test_no_title);
  ADD ("batches", test_batches);
  ADD ("context-full", test_context_full);
  ADD ("empty-answer", test_empty_answer);
  ADD ("failed-retry", test_failed_retry);
  ADD ("interrupted-retry", test_interrupted_retry);
  ADD ("stop", test_stop);
  ADD ("stop-at-once", test_stop_at_once);
  ADD ("stop-in-signals", test_stop_in_signals);
  ADD ("dropped", test_dropped);
  ADD ("prompt", test_prompt);
  ADD ("prompt/settings", test_prompt_settings);
  ADD ("prompt/tools", test_prompt_tools);
  ADD ("edit", test_edit);
  ADD ("delete-turn", test_delete_turn);
  ADD ("activity", test_activity);
  ADD ("no-provider", test_no_provider);

  return g_test_run ();
}
