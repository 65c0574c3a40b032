/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where one request is not all: answers that pause and go on, answers that came to nothing, access
 * tokens that are taken back, and what a run reports of its tries. */

#include "config.h"

#include "history-fixture.h"

#include "sc-conversation-private.h"
#include "sc-json.h"
#include "sc-providers.h"
#include "sc-run-private.h"
#include "sc-turn-private.h"

#include <string.h>

#define NAMED(type, data) "event: " type "\ndata: " data "\n\n"
#define A_START                                                                                    \
  NAMED ("message_start",                                                                          \
         "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"content\":[]," \
         "\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}")
#define A_TEXT(text)                                                                               \
  NAMED ("content_block_start", "{\"type\":\"content_block_start\",\"index\":0,"                   \
                                "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")            \
  NAMED ("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"                   \
                                "\"delta\":{\"type\":\"text_delta\",\"text\":\"" text "\"}}")      \
  NAMED ("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
#define A_CITED(text)                                                                              \
  NAMED ("content_block_start", "{\"type\":\"content_block_start\",\"index\":0,"                   \
                                "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")            \
  NAMED ("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"                   \
                                "\"delta\":{\"type\":\"text_delta\",\"text\":\"" text "\"}}")      \
  NAMED ("content_block_delta",                                                                    \
         "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\","   \
         "\"citation\":{\"type\":\"web_search_result_location\",\"url\":\"https://a.test\"}}}")     \
  NAMED ("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
#define A_SEARCH                                                                                   \
  NAMED ("content_block_start",                                                                    \
         "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":"              \
         "\"server_tool_use\",\"id\":\"srv_1\",\"name\":\"web_search\",\"input\":{}}}")            \
  NAMED ("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":1}")
#define A_STOP(reason)                                                                             \
  NAMED ("message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" reason "\"}," \
                          "\"usage\":{\"output_tokens\":7}}")                                      \
  NAMED ("message_stop", "{\"type\":\"message_stop\"}")
#define G_MALFORMED                                                                                \
  "data: {\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\",\"index\":0,"              \
  "\"finishMessage\":\"Malformed: f(\"}],\"modelVersion\":\"g\"}\n\n"
#define G_TEXT(text)                                                                               \
  "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" text "\"}]},\"index\":0}],"       \
  "\"modelVersion\":\"g\"}\n\n"
#define G_STOP "data: {\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}]}\n\n"

static ScProfile *
create_profile_of (RawServer  *server,
                   const char *protocol)
{
  ScProfile *profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", "");

  sc_profile_set (&profile->protocol, protocol);
  sc_profile_set (&profile->base_url, url);
  return profile;
}

static void
add_answer (RawServer  *server,
            const char *answer)
{
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
}

static JsonObject *
get_body (RawServer *server,
          guint      connection)
{
  g_autoptr (GString) received = raw_server_dup_received (server, connection);
  const char *body = strstr (received->str, "\r\n\r\n");
  JsonObject *object;

  g_assert_nonnull (body);
  object = sc_json_parse_object (body + 4, -1, NULL);
  g_assert_nonnull (object);
  return object;
}

/* The second request ends with what the first brought, unchanged. */
static void
assert_continues (RawServer  *server,
                  guint       connection,
                  const char *wanted)
{
  g_autoptr (JsonObject) body = get_body (server, connection);
  JsonArray *messages = sc_json_get_array (body, "messages");
  JsonObject *last =
    sc_json_get_element_object (messages, json_array_get_length (messages) - 1);
  g_autofree char *content = NULL;

  g_assert_cmpuint (json_array_get_length (messages), ==, 2);
  g_assert_cmpstr (sc_json_get_string (last, "role"), ==, "assistant");
  content = sc_json_to_string (json_object_get_member (last, "content"), FALSE);
  g_assert_cmpstr (content, ==, wanted);
}

static void
test_pause (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "anthropic");
  g_autoptr (RunLog) log = NULL;
  g_autofree char *raw = NULL;

  add_answer (server, SSE_HEAD A_START A_TEXT ("Let me see. ") A_SEARCH A_STOP ("pause_turn"));
  add_answer (server, SSE_HEAD A_START A_CITED ("Found.") A_STOP ("end_turn"));
  log = run_log_start (profile);
  run_log_wait_end (log);

  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log->text->str, ==, "Let me see. Found.");
  g_assert_false (run_log_has (log, "\"paused\""));
  g_assert_cmpuint (raw_server_count_connections (server), ==, 2);
  g_assert_cmpuint (sc_run_get_times (log->run)->n_tries, ==, 1);
  g_assert_cmpuint (sc_run_get_report (log->run)->n_parts, ==, 2);
  g_assert_cmpuint (sc_run_get_report (log->run)->tries->len, ==, 0);
  assert_continues (server, 1,
                    "[{\"type\":\"text\",\"text\":\"Let me see. \"},{\"type\":\"server_tool_use\","
                    "\"id\":\"srv_1\",\"name\":\"web_search\",\"input\":{}}]");
  /* Both requests are paid; citations stand where their text stands in the whole. */
  g_assert_true (run_log_has (log, "\"input\":20,\"output\":14"));
  g_assert_true (run_log_has (log, "\"start\":12,\"end\":18"));
  raw = sc_run_dup_raw (log->run);
  g_assert_nonnull (strstr (raw, "srv_1"));
  g_assert_nonnull (strstr (raw, "Found."));
}

/* Nothing but text is given back as well, and what comes last is kept with it. */
static void
test_pause_plain (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "anthropic");
  g_autoptr (RunLog) log = NULL;
  g_autofree char *raw = NULL;

  add_answer (server, SSE_HEAD A_START A_TEXT ("One.") A_STOP ("pause_turn"));
  add_answer (server, SSE_HEAD A_START A_TEXT (" Two.") A_STOP ("pause_turn"));
  add_answer (server, SSE_HEAD A_START A_TEXT (" Three.") A_STOP ("end_turn"));
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "One. Two. Three.");
  assert_continues (server, 1, "\"One.\"");
  assert_continues (server, 2, "[{\"type\":\"text\",\"text\":\"One.\"},"
                               "{\"type\":\"text\",\"text\":\" Two.\"}]");
  raw = sc_run_dup_raw (log->run);
  g_assert_cmpstr (raw, ==, "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
                            "\"One.\"},{\"type\":\"text\",\"text\":\" Two.\"},{\"type\":\"text\","
                            "\"text\":\" Three.\"}]}");
}

/* A service that never comes to an end is asked on so often, then the reader is. */
static void
test_pause_for_ever (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "anthropic");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, SSE_HEAD A_START A_TEXT ("x") A_STOP ("pause_turn"));
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_OTHER);
  g_assert_cmpstr (log->text->str, ==, "xxxxxx");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 6);
  g_assert_cmpuint (run_log_count (log, "\"paused\""), ==, 1);
}

/* Stopped between two parts: nothing more is asked. */
static void
test_pause_stop (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "anthropic");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, SSE_HEAD A_START A_TEXT ("One.") A_STOP ("pause_turn"));
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"text\":\"One.\"");
  while (raw_server_count_connections (server) < 2)
    g_main_context_iteration (NULL, FALSE);
  sc_run_stop (log->run);
  run_log_assert_failed (log, SC_ERROR_CANCELLED);
  raw_server_wait_client_closed (server, 1);
}

static void
test_malformed (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "gemini");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, SSE_HEAD G_MALFORMED);
  add_answer (server, SSE_HEAD G_TEXT ("fine") G_STOP);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log->text->str, ==, "fine");
  g_assert_false (run_log_has (log, "Malformed"));
  g_assert_cmpuint (raw_server_count_connections (server), ==, 2);
  g_assert_cmpuint (sc_run_get_report (log->run)->tries->len, ==, 1);
}

static void
test_malformed_twice (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "gemini");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, SSE_HEAD G_MALFORMED);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_OTHER);
  g_assert_cmpuint (run_log_count (log, "Malformed: f("), ==, 1);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 2);
}

static void
test_malformed_shown (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "gemini");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, SSE_HEAD G_TEXT ("a") G_MALFORMED);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_cmpstr (log->text->str, ==, "a");
  g_assert_true (run_log_has (log, "Malformed: f("));
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

#define TOKEN(token)                                                                               \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"                 \
  "{\"access_token\":\"" token "\",\"expires_in\":3600}"
#define UNAUTHORIZED                                                                               \
  ERROR_ANSWER ("401 Unauthorized", "", "59",                                                      \
                "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\",\"message\":\"\"}}")

/* A key file of its own for each test: tokens are held for the process. */
static void
set_vertex (RawServer  *service,
            RawServer  *tokens,
            const char *name)
{
  g_autoptr (ScProfile) profile = create_profile (service);
  g_autofree char *uri = raw_server_dup_url (tokens, "http", "/token");
  g_autofree char *base = raw_server_dup_url (service, "http", "/v1/projects/p/locations/l");
  g_autofree char *key =
    g_strdup_printf ("{\"type\":\"authorized_user\",\"client_id\":\"%s\",\"client_secret\":\"s\","
                     "\"refresh_token\":\"" CANARY_KEY "\",\"token_uri\":\"%s\"}", name, uri);

  sc_profile_set (&profile->protocol, "vertex");
  sc_profile_set (&profile->base_url, base);
  sc_profile_set (&profile->model, "gemini-x");
  sc_profile_set (&profile->key, key);
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

static gboolean
has_header (RawServer  *server,
            guint       connection,
            const char *words)
{
  g_autoptr (GString) received = raw_server_dup_received (server, connection);

  return strstr (received->str, words) != NULL;
}

/* The first answer with a token, the second where it was taken back meanwhile. */
static void
test_renew (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (RawServer) tokens = raw_server_new ();
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  const ScRunReport *report;

  set_vertex (fixture->server, tokens, "renew");
  add_answer (tokens, TOKEN ("ya29.first-token-of-two"));
  add_answer (tokens, TOKEN ("ya29.other-token-of-two"));
  fixture_add_answer (fixture, SSE_HEAD G_TEXT ("one") G_STOP);
  fixture_add_answer (fixture, UNAUTHORIZED);
  fixture_add_answer (fixture, SSE_HEAD G_TEXT ("two") G_STOP);
  send_and_wait (conversation, "a");
  send_and_wait (conversation, "b");
  assert_texts (conversation, "a|one|b|two");
  g_assert_cmpuint (raw_server_count_connections (tokens), ==, 2);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 3);
  g_assert_true (has_header (fixture->server, 1, "ya29.first-token-of-two"));
  g_assert_true (has_header (fixture->server, 2, "ya29.other-token-of-two"));
  report = sc_turn_get_report (sc_conversation_get_last_turn (conversation));
  g_assert_cmpuint (report->tries->len, ==, 1);
  g_assert_cmpint (((ScRunTry *) g_ptr_array_index (report->tries, 0))->failure->status, ==, 401);
}

/* A new token that is refused too: it is not the token. */
static void
test_renew_once (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (RawServer) tokens = raw_server_new ();
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  const ScFailure *failure;

  set_vertex (fixture->server, tokens, "once");
  add_answer (tokens, TOKEN ("ya29.bad-token-number-one"));
  add_answer (tokens, TOKEN ("ya29.bad-token-number-two"));
  fixture_add_answer (fixture, UNAUTHORIZED);
  send_and_wait (conversation, "a");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_nonnull (failure);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_AUTH);
  g_assert_cmpuint (raw_server_count_connections (tokens), ==, 2);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 2);
}

/* The token server says no: its words end the answer. */
static void
test_renew_refused (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (RawServer) tokens = raw_server_new ();
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  const ScFailure *failure;

  set_vertex (fixture->server, tokens, "refused");
  add_answer (tokens, TOKEN ("ya29.the-only-token-there-is"));
  add_answer (tokens, ERROR_ANSWER ("400 Bad Request", "", "53",
                                    "{\"error\":\"invalid_grant\",\"error_description\":\"gone\"} "));
  fixture_add_answer (fixture, UNAUTHORIZED);
  send_and_wait (conversation, "a");
  failure = sc_turn_get_failure (sc_conversation_get_last_turn (conversation));
  g_assert_nonnull (failure);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_AUTH);
  g_assert_nonnull (strstr (failure->message, "gone"));
}

static gboolean
is_renewing (gpointer data)
{
  return raw_server_count_connections (data) == 2;
}

static void
test_renew_stop (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (RawServer) tokens = raw_server_new ();
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  set_vertex (fixture->server, tokens, "stop");
  add_answer (tokens, TOKEN ("ya29.token-before-the-stop"));
  raw_server_add_script (tokens, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  fixture_add_answer (fixture, UNAUTHORIZED);
  sc_conversation_send (conversation, "a", NULL);
  wait_until (is_renewing, tokens);
  sc_conversation_stop (conversation);
  g_assert_false (sc_conversation_is_busy (conversation));
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                   SC_TURN_STATUS_STOPPED);
  raw_server_wait_client_closed (tokens, 1);
}

static gboolean
give_nothing_cb (gpointer log)
{
  sc_run_take_key (((RunLog *) log)->run, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
renew_for_nothing (const char *key,
                   gpointer    log)
{
  g_idle_add (give_nothing_cb, log);
  return TRUE;
}

/* The key was taken out of the keyring meanwhile. */
static void
test_renew_nothing (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile_of (server, "openai-chat");
  g_autoptr (RunLog) log = NULL;

  add_answer (server, UNAUTHORIZED);
  log = run_log_start (profile);
  sc_run_set_renew_func (log->run, renew_for_nothing);
  run_log_wait_end (log);
  g_assert_nonnull (log->failure);
  g_assert_cmpint (log->failure->kind, ==, SC_ERROR_AUTH);
}

/* A key that is no token of ours is not asked for again. */
static void
test_no_renew (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  fixture_add_answer (fixture, UNAUTHORIZED);
  send_and_wait (conversation, "a");
  g_assert_cmpint (sc_turn_get_failure (sc_conversation_get_last_turn (conversation))->kind, ==,
                   SC_ERROR_AUTH);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 1);
}

/* Three of it, and a long value is cut behind the first characters of what follows. */
#define FILLER_14 "- - - - - - - "
#define FILLER_98 FILLER_14 FILLER_14 FILLER_14 FILLER_14 FILLER_14 FILLER_14 FILLER_14

static gboolean
has_line (const ScRunReport *report,
          const char        *line)
{
  return g_ptr_array_find_with_equal_func (report->headers, line, g_str_equal, NULL);
}

static void
assert_report (const ScRunReport *report)
{
  const ScRunTry *run_try;

  g_assert_nonnull (report);
  g_assert_cmpstr (report->protocol, ==, "openai-chat");
  g_assert_true (g_str_has_prefix (report->endpoint, "POST http://127.0.0.1:"));
  g_assert_true (g_str_has_suffix (report->endpoint, "/v1/chat/completions"));
  g_assert_cmpint (report->status, ==, 200);
  g_assert_cmpstr (report->request_id, ==, "req_2");
  g_assert_true (has_line (report, "x-ratelimit-remaining-tokens: 149984"));
  g_assert_true (has_line (report, "x-request-id: req_2"));
  for (guint i = 0; i < report->headers->len; i++)
    {
      const char *line = g_ptr_array_index (report->headers, i);

      g_assert_null (strstr (line, "ookie"));
      g_assert_null (strstr (line, "canary"));
      /* How the key begins. */
      g_assert_null (strstr (line, "sk-"));
    }
  g_assert_cmpint (report->connect_ms, >=, 0);
  g_assert_cmpint (report->sent_ms, >=, 0);
  g_assert_cmpint (report->tls_ms, ==, -1);
  g_assert_cmpuint (report->tries->len, ==, 1);
  run_try = g_ptr_array_index (report->tries, 0);
  g_assert_cmpint (run_try->failure->status, ==, 503);
  g_assert_cmpstr (run_try->failure->request_id, ==, "req_1");
  g_assert_cmpstr (run_try->failure->message, ==, "busy");
  g_assert_cmpint (run_try->wait_ms, ==, 1);
  g_assert_cmpint (run_try->took_ms, >=, 0);
}

static void
test_report (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  const ScRunReport *report;
  g_autofree char *body = NULL;

  profile->retries = 1;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  fixture_add_answer (fixture, ERROR_ANSWER ("503 Busy", "x-request-id: req_1\r\nretry-after-ms: 1\r\n",
                                             "28", "{\"error\":{\"message\":\"busy\"}}"));
  fixture_add_answer (fixture,
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_2\r\n"
                      "x-ratelimit-remaining-tokens: 149984\r\nSet-Cookie: id=secret\r\n"
                      "openai-version: " CANARY_KEY "\r\n"
                      "openai-model: " FILLER_98 FILLER_98 FILLER_98 CANARY_KEY "\r\n"
                      "Connection: close\r\n\r\n"
                      TEXT ("echo " CANARY_KEY) STOP DONE);
  send_and_wait (conversation, "a");
  report = sc_turn_get_report (sc_conversation_get_last_turn (conversation));
  assert_report (report);
  body = sc_response_body_dup_text (report->body);
  g_assert_true (g_str_has_prefix (body, "data: {\"choices\""));
  g_assert_nonnull (strstr (body, "[DONE]"));
  g_assert_null (strstr (body, CANARY_KEY));
  /* What the model said is the user's, key or not; the test of the files must not stumble on it. */
  sc_conversation_delete_turn (conversation, sc_conversation_get_last_turn (conversation));
}

/* All but the bytes is there at the next start. */
static void
test_report_kept (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  const ScRunReport *report;

  profile->retries = 1;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  fixture_add_answer (fixture, ERROR_ANSWER ("503 Busy", "x-request-id: req_1\r\nretry-after-ms: 1\r\n",
                                             "28", "{\"error\":{\"message\":\"busy\"}}"));
  fixture_add_answer (fixture,
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_2\r\n"
                      "x-ratelimit-remaining-tokens: 149984\r\nConnection: close\r\n\r\n"
                      TEXT ("ok") STOP DONE);
  send_and_wait (conversation, "a");
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  report = sc_turn_get_report (sc_conversation_get_last_turn (conversation));
  assert_report (report);
  g_assert_null (report->body);
}

/* Where there was no answer at all there is still something to tell. */
static void
test_report_refused (void)
{
  RawServer *server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;
  const ScRunReport *report;

  raw_server_free (server);
  log = run_log_start (profile);
  run_log_wait_end (log);
  report = sc_run_get_report (log->run);
  g_assert_cmpint (report->status, ==, 0);
  g_assert_nonnull (report->endpoint);
  g_assert_cmpint (report->connect_ms, ==, -1);
}

static void
append_times (ScResponseBody *body,
              const char     *text,
              guint           n)
{
  for (guint i = 0; i < n; i++)
    sc_response_body_append (body, text, strlen (text));
}

/* The start, the end, and how much is between; never more than that in memory. */
static void
test_body_gap (void)
{
  g_autoptr (ScResponseBody) body = sc_response_body_new (CANARY_KEY);
  g_autofree char *open = NULL;
  g_autofree char *sealed = NULL;

  g_assert_null (sc_response_body_dup_text (body));
  sc_response_body_append (body, "START", 5);
  append_times (body, "0123456789", 50000);
  sc_response_body_append (body, "END", 3);
  open = sc_response_body_dup_text (body);
  g_assert_true (g_str_has_prefix (open, "START0123"));
  g_assert_true (g_str_has_suffix (open, "6789END"));
  g_assert_nonnull (strstr (open, " bytes are left out"));
  g_assert_cmpuint (strlen (open), <=, 2 * SC_RESPONSE_BODY_PART + 100);
  sc_response_body_seal (body);
  sc_response_body_seal (body);
  sealed = sc_response_body_dup_text (body);
  g_assert_cmpstr (sealed, ==, open);
}

/* A key is hidden wherever it lies: across two reads, across the two halves, cut by the gap. */
static void
test_body_key (void)
{
  const gsize n_key = strlen (CANARY_KEY);

  for (gsize total = 2 * SC_RESPONSE_BODY_PART - 4; total <= 2 * SC_RESPONSE_BODY_PART + 4; total++)
    for (gsize before = 0; before <= n_key; before += 5)
      {
        g_autoptr (ScResponseBody) body = sc_response_body_new (CANARY_KEY);
        g_autoptr (GString) bytes = g_string_new (NULL);
        g_autofree char *text = NULL;

        while (bytes->len < SC_RESPONSE_BODY_PART - before)
          g_string_append_c (bytes, ' ');
        g_string_append (bytes, CANARY_KEY);
        while (bytes->len < total)
          g_string_append_c (bytes, ' ');
        sc_response_body_append (body, bytes->str, 7);
        sc_response_body_append (body, bytes->str + 7, bytes->len - 7);
        sc_response_body_seal (body);
        text = sc_response_body_dup_text (body);
        g_assert_null (strstr (text, "canary"));
        g_assert_null (strstr (text, "0123456"));
      }
}

static void
test_body_bytes (void)
{
  g_autoptr (ScResponseBody) body = sc_response_body_new (NULL);
  g_autofree char *text = NULL;

  sc_response_body_append (body, "a\0b\xff" "c", 5);
  text = sc_response_body_dup_text (body);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_prefix (text, "a"));
  g_assert_true (g_str_has_suffix (text, "c"));
}

/* The newest are kept. */
static void
test_body_many (void)
{
  g_autoptr (GPtrArray) bodies =
    g_ptr_array_new_with_free_func ((GDestroyNotify) sc_response_body_free);

  for (guint i = 0; i < SC_RESPONSE_BODY_KEPT + 3; i++)
    {
      ScResponseBody *body = sc_response_body_new (NULL);

      sc_response_body_append (body, "x", 1);
      if (i % 2 == 0)
        sc_response_body_seal (body);
      g_ptr_array_add (bodies, body);
    }
  for (guint i = 0; i < bodies->len; i++)
    {
      g_autofree char *text = sc_response_body_dup_text (g_ptr_array_index (bodies, i));

      g_assert_cmpstr (text, ==, i < 3 ? NULL : "x");
    }
}

static void
add_history_test (const char *path,
                  void      (*func) (Fixture       *fixture,
                                     gconstpointer  data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/chat/run-again/pause", test_pause);
  g_test_add_func ("/chat/run-again/pause/plain", test_pause_plain);
  g_test_add_func ("/chat/run-again/pause/for-ever", test_pause_for_ever);
  g_test_add_func ("/chat/run-again/pause/stop", test_pause_stop);
  g_test_add_func ("/chat/run-again/malformed", test_malformed);
  g_test_add_func ("/chat/run-again/malformed/twice", test_malformed_twice);
  g_test_add_func ("/chat/run-again/malformed/shown", test_malformed_shown);
  g_test_add_func ("/chat/run-again/renew/nothing", test_renew_nothing);
  add_history_test ("/chat/run-again/renew", test_renew);
  add_history_test ("/chat/run-again/renew/once", test_renew_once);
  add_history_test ("/chat/run-again/renew/refused", test_renew_refused);
  add_history_test ("/chat/run-again/renew/stop", test_renew_stop);
  add_history_test ("/chat/run-again/renew/no", test_no_renew);
  add_history_test ("/chat/run-again/report", test_report);
  add_history_test ("/chat/run-again/report/kept", test_report_kept);
  g_test_add_func ("/chat/run-again/report/refused", test_report_refused);
  g_test_add_func ("/chat/run-again/body/gap", test_body_gap);
  g_test_add_func ("/chat/run-again/body/key", test_body_key);
  g_test_add_func ("/chat/run-again/body/bytes", test_body_bytes);
  g_test_add_func ("/chat/run-again/body/many", test_body_many);
  return g_test_run ();
}
