/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the streams and golden requests of OpenAI's newer protocols cannot say: items that go back,
 * whole answers, error bodies, the model list, the opening and the interruption of a WebSocket. */

#include "config.h"

#include "event-log.h"

#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-openai-realtime.h"
#include "sc-openai-responses.h"
#include "sc-response-reader.h"

#include <string.h>

#define REASONING \
  "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[],\"status\":null," \
  "\"encrypted_content\":\"gAAAAAB/+==\"}"
#define MESSAGE \
  "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\"," \
  "\"phase\":\"final_answer\",\"content\":[{\"type\":\"output_text\",\"text\":\"Well.\"," \
  "\"annotations\":[]}]}"
#define CALL(id) \
  "{\"id\":\"fc_1\",\"type\":\"function_call\",\"status\":\"completed\",\"arguments\":\"{}\"," \
  "\"call_id\":\"" id "\",\"name\":\"f\"}"
#define CUSTOM \
  "{\"id\":\"ctc_1\",\"type\":\"custom_tool_call\",\"call_id\":\"c1\",\"name\":\"f\"," \
  "\"input\":\"ls\"}"

/* The same without what the service must not get. */
#define SENT_REASONING \
  "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"gAAAAAB/+==\"}"
#define SENT_MESSAGE \
  "{\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\"," \
  "\"phase\":\"final_answer\",\"content\":[{\"type\":\"output_text\",\"text\":\"Well.\"," \
  "\"annotations\":[]}]}"
#define SENT_CALL \
  "{\"type\":\"function_call\",\"status\":\"completed\",\"arguments\":\"{}\"," \
  "\"call_id\":\"c1\",\"name\":\"f\"}"
#define SENT_CUSTOM \
  "{\"type\":\"custom_tool_call\",\"call_id\":\"c1\",\"name\":\"f\",\"input\":\"ls\"}"
#define MADE_MESSAGE \
  "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\"," \
  "\"text\":\"Well.\",\"annotations\":[]}]}"
#define MADE_CALL \
  "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"}"
#define RESULT(type) "{\"type\":\"" type "_output\",\"call_id\":\"c1\",\"output\":\"42\"}"

/* @raw_protocol, @raw_model, @raw: what the answer brought; @sent: the items in its place */
typedef struct
{
  const char *name;
  const char *raw_protocol;
  const char *raw_model;
  const char *raw;
  gboolean    has_call;
  const char *sent;
} Back;

static const Back backs[] = {
  { "same-model", "openai-responses", "m", "[" REASONING "," MESSAGE "]", FALSE,
    SENT_REASONING "," SENT_MESSAGE },
  { "same-model-by-socket", "openai-responses-ws", "m", "[" REASONING "," MESSAGE "]", FALSE,
    SENT_REASONING "," SENT_MESSAGE },
  { "with-call", "openai-responses", "m", "[" REASONING "," CALL ("c1") "]", TRUE,
    SENT_REASONING "," SENT_CALL "," RESULT ("function_call") },
  { "custom-call", "openai-responses", "m", "[" CUSTOM "]", TRUE,
    SENT_CUSTOM "," RESULT ("custom_tool_call") },
  { "call-is-gone", "openai-responses", "m", "[" REASONING "," CALL ("c9") "," MESSAGE "]", FALSE,
    SENT_REASONING "," SENT_MESSAGE },
  { "call-is-missing", "openai-responses", "m", "[" REASONING "," MESSAGE "]", TRUE,
    SENT_REASONING "," SENT_MESSAGE "," MADE_CALL "," RESULT ("function_call") },
  { "reasoning-last", "openai-responses", "m", "[" MESSAGE "," REASONING "]", FALSE, SENT_MESSAGE },
  { "other-model", "openai-responses", "m2", "[" REASONING "," MESSAGE "]", FALSE, MADE_MESSAGE },
  { "other-protocol", "openai-chat", "m", "[" REASONING "," MESSAGE "]", FALSE, MADE_MESSAGE },
  { "no-protocol", NULL, "m", "[" REASONING "]", FALSE, MADE_MESSAGE },
  { "no-json", "openai-responses", "m", "[{", TRUE,
    MADE_MESSAGE "," MADE_CALL "," RESULT ("function_call") },
  { "no-list", "openai-responses", "m", "{\"role\":\"assistant\"}", FALSE, MADE_MESSAGE },
  { "no-items", "openai-responses", "m", "[1,null,{}," MESSAGE "]", FALSE, SENT_MESSAGE },
};

static ScPrompt *
create_prompt (const Back *back)
{
  ScPrompt *prompt = sc_prompt_new ("m");
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Well.");

  answer->raw = g_strdup (back->raw);
  answer->raw_protocol = g_strdup (back->raw_protocol);
  answer->raw_model = g_strdup (back->raw_model);
  if (back->has_call)
    sc_message_add_tool_call (answer, "c1", "f", "{}");
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  g_ptr_array_add (prompt->messages, answer);
  if (back->has_call)
    {
      ScMessage *result = sc_message_new (SC_ROLE_TOOL, "42");

      result->tool_call_id = g_strdup ("c1");
      g_ptr_array_add (prompt->messages, result);
    }
  return prompt;
}

static ScProfile *
create_profile (const char *base_url)
{
  ScProfile *profile = sc_profile_new (NULL);

  sc_profile_set (&profile->base_url, base_url);
  sc_profile_set (&profile->key, "the-key");
  return profile;
}

static void
test_back (gconstpointer data)
{
  const Back *back = data;
  g_autoptr (ScProfile) profile = create_profile ("https://host.example/v1");
  g_autoptr (ScPrompt) prompt = create_prompt (back);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpRequest) request = sc_openai_responses_build_request (profile, prompt, &error);
  g_autofree char *expected = NULL;
  g_autofree char *body = NULL;
  gsize length;
  const char *bytes;

  g_assert_no_error (error);
  bytes = g_bytes_get_data (request->body, &length);
  body = g_strndup (bytes, length);
  expected = g_strdup_printf ("\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":"
                              "[{\"type\":\"input_text\",\"text\":\"Ask\"}]},%s],\"store\"",
                              back->sent);
  if (strstr (body, expected) == NULL)
    g_error ("%s\nnot in\n%s", expected, body);
}

/* Realtime knows no reasoning of earlier answers. */
static void
test_back_to_realtime (void)
{
  g_autoptr (ScProfile) profile = create_profile ("https://host.example/v1");
  g_autoptr (ScPrompt) prompt = create_prompt (&backs[0]);
  g_autoptr (GPtrArray) opening = sc_openai_realtime_build_opening (profile, prompt, NULL);

  g_assert_cmpuint (opening->len, ==, 4);
  g_assert_cmpstr (g_ptr_array_index (opening, 2), ==,
                   "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":"
                   "\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Well.\"}]}}");
}

static void
test_opening_refused (void)
{
  g_autoptr (ScProfile) profile = create_profile ("https://host.example/v1");
  g_autoptr (ScPrompt) prompt = sc_prompt_new ("m");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("PK\0", 3);
  ScMessage *message = sc_message_new (SC_ROLE_USER, "See");

  sc_message_add_attachment (message, "a.zip", "application/zip", bytes);
  g_ptr_array_add (prompt->messages, message);
  for (const ScProtocol * const *protocol = sc_protocol_list (); *protocol != NULL; protocol++)
    {
      g_autoptr (GError) error = NULL;

      if ((*protocol)->framing != SC_FRAMING_WEBSOCKET)
        continue;
      g_assert_null ((*protocol)->build_opening (profile, prompt, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
    }
}

/* Not streamed. */
static const struct
{
  const char *name;
  int         status;
  const char *body;
  const char *events;
} wholes[] = {
  { "completed", 200,
    "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"error\":null,\"output\":["
    REASONING "," MESSAGE "," CALL ("c1") "],\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}",
    "{\"event\":\"text\",\"text\":\"Well.\"}\n"
    "{\"event\":\"tool-call\",\"index\":0,\"id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"}\n"
    "{\"event\":\"usage\",\"input\":3,\"output\":2}\n"
    "{\"event\":\"finish\",\"reason\":\"tool-calls\",\"raw\":\"completed\"}\n" },
  { "incomplete", 200,
    "{\"object\":\"response\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
    "\"max_output_tokens\"},\"output\":[" MESSAGE "]}",
    "{\"event\":\"text\",\"text\":\"Well.\"}\n"
    "{\"event\":\"finish\",\"reason\":\"length\",\"raw\":\"max_output_tokens\"}\n" },
  { "failed", 200,
    "{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\","
    "\"message\":\"Oops\"},\"output\":[]}",
    "{\"event\":\"error\",\"kind\":\"server\",\"message\":\"Oops\",\"code\":\"server_error\"}\n" },
  { "queued", 200, "{\"object\":\"response\",\"status\":\"queued\",\"output\":[]}",
    "{\"event\":\"error\",\"kind\":\"interrupted\","
    "\"message\":\"The answer was interrupted.\"}\n" },
  { "no-answer", 200, "{\"hello\":1}",
    "{\"event\":\"error\",\"kind\":\"protocol\","
    "\"message\":\"The server sent something that is not an answer.\"}\n" },
  { "error-under-200", 200, "{\"error\":{\"message\":\"No\",\"code\":\"insufficient_quota\"}}",
    "{\"event\":\"error\",\"kind\":\"quota\",\"message\":\"No\","
    "\"code\":\"insufficient_quota\"}\n" },
  { "error-status", 400,
    "{\"error\":{\"message\":\"Item 'rs_1' lacks its following item.\",\"type\":"
    "\"invalid_request_error\",\"param\":\"input\",\"code\":null}}",
    "{\"event\":\"error\",\"kind\":\"invalid-request\",\"message\":"
    "\"Item 'rs_1' lacks its following item.\",\"status\":400,"
    "\"code\":\"invalid_request_error\"}\n" },
};

static void
test_wholes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("openai-responses", wholes[i].status, "application/json", wholes[i].body,
                          strlen (wholes[i].body), 7, 0);

      g_assert_cmpstr (log->lines->str, ==, wholes[i].events);
    }
}

static const struct
{
  const char *base_url;
  const char *url;
} lists[] = {
  { "https://api.openai.com/v1", "https://api.openai.com/v1/models" },
  { "wss://api.openai.com/v1", "https://api.openai.com/v1/models" },
  { "ws://127.0.0.1:9000", "http://127.0.0.1:9000/v1/models" },
  { "https://host.example/v1/responses", "https://host.example/v1/models" },
  { "wss://host.example/v1/realtime", "https://host.example/v1/models" },
  { "https://r.openai.azure.com/openai/v1?api-version=preview",
    "https://r.openai.azure.com/openai/v1/models?api-version=preview" },
};

static void
test_models (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (ScProfile) profile = create_profile (lists[i].base_url);
      g_autoptr (ScHttpRequest) request =
        sc_openai_responses_build_models_request (profile, NULL, NULL);

      g_assert_cmpstr (request->url, ==, lists[i].url);
      g_assert_cmpstr (profile->base_url, ==, lists[i].base_url);
    }
}

static void
feed (ScResponseReader *reader,
      const char       *message)
{
  sc_response_reader_feed_message (reader, message, strlen (message));
}

/* Only Realtime has words for it, and only while there is something to stop. */
static void
test_interrupt (void)
{
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (ScResponseReader) realtime =
    sc_response_reader_new (sc_protocol_find ("openai-realtime"), event_log_cb, log);
  g_autoptr (ScResponseReader) responses =
    sc_response_reader_new (sc_protocol_find ("openai-responses-ws"), NULL, NULL);
  g_autofree char *early = sc_response_reader_dup_interrupt (realtime);
  g_autofree char *midway = NULL;

  g_assert_cmpstr (early, ==, "{\"type\":\"response.cancel\"}");
  feed (realtime, "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_7\"}}");
  midway = sc_response_reader_dup_interrupt (realtime);
  g_assert_cmpstr (midway, ==, "{\"type\":\"response.cancel\",\"response_id\":\"resp_7\"}");
  feed (realtime, "{\"type\":\"response.done\",\"response\":{\"status\":\"completed\"}}");
  g_assert_true (sc_response_reader_is_done (realtime));
  g_assert_null (sc_response_reader_dup_interrupt (realtime));
  g_assert_null (sc_response_reader_dup_interrupt (responses));
}

/* Messages are frames, whatever they look like inside; the end without one is an empty answer. */
static void
test_messages (void)
{
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (EventLog) empty_log = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find ("openai-responses-ws"), event_log_cb, log);
  g_autoptr (ScResponseReader) empty =
    sc_response_reader_new (sc_protocol_find ("openai-responses-ws"), event_log_cb, empty_log);

  sc_response_reader_headers (reader, 101, NULL);
  g_assert_false (sc_response_reader_feed_message (reader, "", 0));
  feed (reader, "{\n  \"type\": \"response.output_text.delta\",\n  \"delta\": \"a\"\n}\n");
  feed (reader, "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}");
  feed (reader, "{\"type\":\"response.output_text.delta\",\"delta\":\"late\"}");
  sc_response_reader_end (reader, NULL);
  g_assert_cmpstr (log->lines->str, ==,
                   "{\"event\":\"text\",\"text\":\"a\"}\n"
                   "{\"event\":\"finish\",\"reason\":\"stop\",\"raw\":\"completed\"}\n");
  g_assert_cmpint (log->n_ends, ==, 1);

  sc_response_reader_headers (empty, 101, NULL);
  sc_response_reader_end (empty, NULL);
  g_assert_cmpint (empty_log->n_ends, ==, 1);
  g_assert_cmpint (empty_log->failure->kind, ==, SC_ERROR_INTERRUPTED);
  g_assert_true (sc_failure_is_retryable (empty_log->failure));
}

/* An hour is over: the same again over a new connection, although its status says 400. */
static void
test_connection_limit (void)
{
  static const char message[] =
    "{\"type\":\"error\",\"status\":400,\"error\":{\"code\":\"websocket_connection_limit_reached\","
    "\"message\":\"Over\"}}";
  g_autoptr (EventLog) log =
    event_log_decode ("openai-responses-ws", 101, NULL, message, strlen (message), 0, 0);

  g_assert_true (sc_failure_is_retryable (log->failure));
}

#define PATH "/provider/openai-responses/"

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (backs); i++)
    {
      g_autofree char *path = g_strconcat (PATH "back/", backs[i].name, NULL);

      g_test_add_data_func (path, &backs[i], test_back);
    }
  g_test_add_func (PATH "back/to-realtime", test_back_to_realtime);
  g_test_add_func (PATH "opening-refused", test_opening_refused);
  g_test_add_func (PATH "wholes", test_wholes);
  g_test_add_func (PATH "models", test_models);
  g_test_add_func (PATH "interrupt", test_interrupt);
  g_test_add_func (PATH "messages", test_messages);
  g_test_add_func (PATH "connection-limit", test_connection_limit);
  return g_test_run ();
}
