/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol anthropic beside its streams and golden requests: answers that were not streamed,
 * what goes back to the model, model lists, error bodies. */

#include "config.h"

#include "event-log.h"

#include "sc-anthropic.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-profile.h"

#include <string.h>

#define MODEL "claude-sonnet-4-5"

/* Under AddressSanitizer each allocation takes its time. */
#ifdef __SANITIZE_ADDRESS__
#define N_BLOCKS 1000
#else
#define N_BLOCKS 100000
#endif

static const struct
{
  const char *name;
  const char *body;
  const char *events;
} wholes[] = {
  { "text",
    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":"
    "[{\"type\":\"text\","
    "\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{"
    "\"input_tokens\":5,"
    "\"cache_read_input_tokens\":2,\"output_tokens\":3}}",
    "{\"event\":\"text\",\"text\":\"Hello\"}\n{\"event\":\"usage\",\"input\":7,\"output\":3,"
    "\"cached\":2}\n"
    "{\"event\":\"finish\",\"reason\":\"stop\",\"raw\":\"end_turn\"}\n" },
  { "all-kinds",
    "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature"
    "\":\"cw==\"},"
    "{\"type\":\"text\",\"text\":\"A\"},{\"type\":\"text\",\"text\":\"é\",\"citations\":[{\"type\":"
    "\"web_search_result_location\",\"url\":\"https://a.example/\",\"title\":\"T\",\"cited_text"
    "\":\"c\"}]},"
    "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{\"a\":{\"b\":[1,2]}}},"
    "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"g\",\"input\":{}}],\"stop_reason\":"
    "\"tool_use\"}",
    "{\"event\":\"reasoning\",\"text\":\"Hm\"}\n{\"event\":\"text\",\"text\":\"Aé\"}\n"
    "{\"event\":\"citation\",\"url\":\"https://a.example/\",\"title\":\"T\",\"text\":\"c\","
    "\"start\":1,\"end\":2}\n"
    "{\"event\":\"tool-call\",\"index\":0,\"id\":\"t1\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":"
    "{\\\"b\\\":[1,2]}}\"}\n"
    "{\"event\":\"tool-call\",\"index\":1,\"id\":\"t2\",\"name\":\"g\",\"arguments\":\"{}\"}\n"
    "{\"event\":\"finish\",\"reason\":\"tool-calls\",\"raw\":\"tool_use\"}\n" },
  { "refusal",
    "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":{\"type"
    "\":\"refusal\","
    "\"category\":\"bio\",\"explanation\":\"No.\"}}",
    "{\"event\":\"notice\",\"code\":\"refusal\",\"message\":\"No.\"}\n"
    "{\"event\":\"finish\",\"reason\":\"refusal\",\"raw\":\"refusal\"}\n" },
  { "odd", "{\"content\":[null,7,{},{\"type\":\"text\"}],\"stop_reason\":null,\"usage\":null}",
    "{\"event\":\"finish\",\"reason\":\"other\"}\n" },
  { "error", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy"
    "\"},\"request_id\":\"r1\"}",
    "{\"event\":\"error\",\"kind\":\"overloaded\",\"message\":\"Busy\",\"code\":"
    "\"overloaded_error\","
    "\"request_id\":\"r1\"}\n" },
  { "no-answer", "{\"hello\":\"world\"}",
    "{\"event\":\"error\",\"kind\":\"protocol\",\"message\":\"The server sent something that is "
    "not an answer.\"}\n" },
  { "cut", "{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f"
    "\",\"input\":{",
    "{\"event\":\"error\",\"kind\":\"interrupted\",\"message\":\"The answer was interrupted.\"}"
    "\n" },
};

static void
test_whole (void)
{
  static const char *const types[] = { "application/json", "text/event-stream" };

  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (types); j++)
      {
        const char *body = wholes[i].body;
        g_autoptr (EventLog) log = NULL;

        /* Under the wrong type these are streams that broke off. */
        if (j > 0 && strstr (body, "\"type\":\"message\"") == NULL &&
            strstr (body, "\"error\"") == NULL)
          continue;
        if (j > 0 && strcmp (wholes[i].name, "cut") == 0)
          continue;
        log = event_log_decode ("anthropic", 200, types[j], body, strlen (body), i % 5, 0);
        g_assert_cmpstr (log->lines->str, ==, wholes[i].events);
        g_assert_cmpint (log->n_ends, ==, 1);
      }
}

/* Only what plain text and calls do not say is kept. */
static void
test_plain_has_no_raw (void)
{
  static const char *const names[] = { "plain", "tools", "tools-parallel", "tools-no-id",
    "thinking-unsigned",
                                       "stop-sequence", "max-tokens" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strconcat (names[i], ".sse", NULL);
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "anthropic", file, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (EventLog) log = NULL;
      g_autofree char *bytes = NULL;
      gsize length;

      g_file_get_contents (path, &bytes, &length, &error);
      g_assert_no_error (error);
      log = event_log_decode ("anthropic", 200, "text/event-stream", bytes, length, 0, 0);
      g_assert_null (log->raw);
    }
}

static char *
build_body (const ScPrompt *prompt)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body;

  sc_profile_set (&profile->protocol, "anthropic");
  sc_profile_set (&profile->base_url, "https://api.anthropic.com");
  request = sc_anthropic_build_request (profile, prompt, &error);
  g_assert_no_error (error);
  body = g_bytes_get_data (request->body, &length);
  return g_strndup (body, length);
}

#define SIGNED "{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln/+==\"}"
#define CALL "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{\"a\":1}}"

static const struct
{
  const char *name;
  const char *protocol;
  const char *model;
  const char *raw;
  const char *call_id;
  const char *sent;
} returns[] = {
  { "same-model", "anthropic", MODEL, "[" SIGNED "," CALL "]", "t1",
    "{\"role\":\"assistant\",\"content\":[" SIGNED "," CALL "]}" },
  { "blank-text", "anthropic", MODEL, "[" SIGNED ",{\"type\":\"text\",\"text\":\"\\n\\n"
    "\"}," CALL "]", "t1",
    "{\"role\":\"assistant\",\"content\":[" SIGNED "," CALL "]}" },
  { "other-model", "anthropic", "claude-opus-5", "[" SIGNED "," CALL "]", "t1",
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Text\"}," CALL "]}" },
  { "other-protocol", "vertex", MODEL, "[" SIGNED "," CALL "]", "t1",
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Text\"}," CALL "]}" },
  { "other-call", "anthropic", MODEL, "[" SIGNED ",{\"type\":\"tool_use\",\"id\":\"t9\",\"name"
    "\":\"f\",\"input\":{}}]",
    "t1", "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Text\"}," CALL "]}" },
  { "call-missing", "anthropic", MODEL, "[" SIGNED "]", "t1",
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Text\"}," CALL "]}" },
  { "broken", "anthropic", MODEL, "[7]", "t1",
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Text\"}," CALL "]}" },
  { "refused", "anthropic", MODEL, "[]", NULL,
    "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Ask\"},{\"type\":\"text\","
    "\"text\":\"Go on\"}]}]" },
  { "signed-text", "anthropic", MODEL, "[" SIGNED ",{\"type\":\"text\",\"text\":\"Other\"}]", NULL,
    "{\"role\":\"assistant\",\"content\":[" SIGNED ",{\"type\":\"text\",\"text\":\"Other\"}]}" },
};

static void
test_raw_goes_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (returns); i++)
    {
      g_autoptr (ScPrompt) prompt = sc_prompt_new (MODEL);
      ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Text");
      g_autofree char *body = NULL;

      g_test_message ("%s", returns[i].name);
      answer->raw = g_strdup_printf ("{\"role\":\"assistant\",\"content\":%s}", returns[i].raw);
      answer->raw_protocol = g_strdup (returns[i].protocol);
      answer->raw_model = g_strdup (returns[i].model);
      if (returns[i].call_id != NULL)
        sc_message_add_tool_call (answer, returns[i].call_id, "f", "{\"a\":1}");
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
      g_ptr_array_add (prompt->messages, answer);
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Go on"));
      body = build_body (prompt);
      if (strstr (body, returns[i].sent) == NULL)
        g_error ("%s: no %s in %s", returns[i].name, returns[i].sent, body);
    }
}

/* A round as it really goes: the stream's raw message is what the next request says. */
static void
test_round (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "anthropic",
                                                 "tools-thinking.sse", NULL);
  g_autoptr (ScPrompt) prompt = sc_prompt_new (MODEL);
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "I will.");
  g_autoptr (EventLog) log = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *body = NULL;
  g_autofree char *results = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  log = event_log_decode ("anthropic", 200, "text/event-stream", bytes, length, 0, 0);
  answer->raw = g_strdup (log->raw);
  answer->raw_protocol = g_strdup ("anthropic");
  answer->raw_model = g_strdup (MODEL);
  sc_message_add_tool_call (answer, "toolu_1", "f", "{\"n\":1}");
  sc_message_add_tool_call (answer, "toolu_2", "f", "{\"n\":2}");
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  g_ptr_array_add (prompt->messages, answer);
  body = build_body (prompt);
  results = g_strconcat (log->raw, ",{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
                         "\"tool_use_id\":"
                         "\"toolu_1\",", NULL);
  g_assert_nonnull (strstr (body, results));
}

static const char own_list[] =
  "{\"data\":[{\"type\":\"model\",\"id\":\"claude-opus-5\",\"display_name\":\"Claude Opus 5\","
  "\"created_at\":"
  "\"2026-05-01T00:00:00Z\",\"max_input_tokens\":1000000,\"max_tokens\":128000,\"capabilities\":"
  "{\"image_input\":"
  "{\"supported\":true},\"thinking\":{\"supported\":true,\"types\":{}},\"effort\":{\"supported\":"
  "false}}},"
  "{\"type\":\"model\",\"id\":\"plain\",\"display_name\":\"plain\",\"max_input_tokens\":null,"
  "\"max_tokens\":0,"
  "\"capabilities\":null},{\"type\":\"model\",\"id\":\"\"},null,"
  "{\"type\":\"model\",\"id\":\"blind\",\"capabilities\":{\"image_input\":{\"supported\":false}}}],"
  "\"has_more\":true,\"first_id\":\"claude-opus-5\",\"last_id\":\"blind\"}";

static GPtrArray *
parse_models (const char  *json,
              char       **next_page,
              GError     **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (json, -1, NULL);

  *next_page = NULL;
  return sc_anthropic_parse_models (root, next_page, error);
}

static void
test_models (void)
{
  g_autofree char *next_page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = parse_models (own_list, &next_page, &error);
  const ScModel *model;

  g_assert_no_error (error);
  g_assert_cmpstr (next_page, ==, "blind");
  g_assert_cmpuint (models->len, ==, 3);
  model = g_ptr_array_index (models, 0);
  g_assert_cmpstr (model->id, ==, "claude-opus-5");
  g_assert_cmpstr (model->name, ==, "Claude Opus 5");
  g_assert_cmpuint (model->flags, ==,
                    SC_MODEL_FLAGS_KNOWN | SC_MODEL_TOOLS | SC_MODEL_VISION | SC_MODEL_REASONING);
  g_assert_cmpint (model->context_tokens, ==, 1000000);
  g_assert_cmpint (model->max_output_tokens, ==, 128000);
  model = g_ptr_array_index (models, 1);
  g_assert_null (model->name);
  g_assert_cmpuint (model->flags, ==, 0);
  g_assert_cmpint (model->context_tokens, ==, -1);
  g_assert_cmpint (model->max_output_tokens, ==, -1);
  model = g_ptr_array_index (models, 2);
  g_assert_cmpuint (model->flags, ==, SC_MODEL_FLAGS_KNOWN | SC_MODEL_TOOLS);
}

static void
test_models_of_others (void)
{
  g_autofree char *next_page = NULL;
  g_autoptr (GPtrArray) last = parse_models ("{\"data\":[],\"has_more\":false,\"last_id\":null}",
                                             &next_page, NULL);
  g_autoptr (GPtrArray) openai = parse_models ("{\"object\":\"list\",\"data\":[{\"id\":\"qwen3"
                                               "\"}]}", &next_page, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (last->len, ==, 0);
  g_assert_cmpuint (openai->len, ==, 1);
  g_assert_null (next_page);
  g_assert_null (parse_models ("{\"ok\":true}", &next_page, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (parse_models ("7", &next_page, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

static const struct
{
  const char *base;
  const char *page;
  const char *url;
} lists[] = {
  { "https://api.anthropic.com", NULL, "https://api.anthropic.com/v1/models?limit=1000" },
  { "https://api.anthropic.com/v1", NULL, "https://api.anthropic.com/v1/models?limit=1000" },
  { "https://api.anthropic.com/v1/messages", NULL,
    "https://api.anthropic.com/v1/models?limit=1000" },
  { "https://api.anthropic.com", "claude-x",
    "https://api.anthropic.com/v1/models?limit=1000&after_id=claude-x" },
  { "https://h.example?k=1", "a&b", "https://h.example/v1/models?k=1&limit=1000&after_id=a%26b" },
};

static void
test_models_request (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScHttpRequest) request = NULL;

      sc_profile_set (&profile->base_url, lists[i].base);
      sc_profile_set (&profile->key, "the-key");
      sc_profile_set (&profile->api_version, i == 0 ? "2026-10-21" : "");
      request = sc_anthropic_build_models_request (profile, lists[i].page, NULL);
      g_assert_cmpstr (request->url, ==, lists[i].url);
      g_assert_cmpstr (sc_http_request_get_header (request, "x-api-key"), ==, "the-key");
      g_assert_cmpstr (sc_http_request_get_header (request, "anthropic-version"), ==,
                       i == 0 ? "2026-10-21" : "2023-06-01");
      g_assert_null (sc_http_request_get_header (request, "Authorization"));
    }
}

static void
test_without_key (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScPrompt) prompt = sc_prompt_new (NULL);
  g_autoptr (ScHttpRequest) request = NULL;
  gsize length;
  const char *body;

  sc_profile_set (&profile->base_url, "http://127.0.0.1:11434");
  sc_profile_set (&profile->model, "default-model");
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Hi"));
  request = sc_anthropic_build_request (profile, prompt, NULL);
  g_assert_null (sc_http_request_get_header (request, "x-api-key"));
  g_assert_null (sc_http_request_get_header (request, "Authorization"));
  body = g_bytes_get_data (request->body, &length);
  g_assert_nonnull (g_strstr_len (body, (gssize) length, "\"model\":\"default-model\""));
}

/* Every error of the documentation, as the body of its status. */
static const struct
{
  int         status;
  const char *type;
  const char *details;
  ScError     kind;
  gboolean    is_retryable;
} errors[] = {
  { 400, "invalid_request_error", "null", SC_ERROR_INVALID_REQUEST, FALSE },
  { 401, "authentication_error", "null", SC_ERROR_AUTH, FALSE },
  { 402, "billing_error", "null", SC_ERROR_QUOTA, FALSE },
  { 403, "permission_error", "null", SC_ERROR_AUTH, FALSE },
  { 404, "not_found_error", "null", SC_ERROR_NOT_FOUND, FALSE },
  { 409, "conflict_error", "null", SC_ERROR_SERVER, TRUE },
  { 413, "request_too_large", "null", SC_ERROR_INVALID_REQUEST, FALSE },
  { 429, "rate_limit_error", "null", SC_ERROR_RATE_LIMIT, TRUE },
  { 429, "rate_limit_error", "{\"error_code\":\"enforced_spend_limit_reached\"}", SC_ERROR_QUOTA,
    FALSE },
  { 429, "rate_limit_error", "{\"error_code\":\"contract_spend_limit_reached\"}", SC_ERROR_QUOTA,
    FALSE },
  { 500, "api_error", "null", SC_ERROR_SERVER, TRUE },
  { 504, "timeout_error", "null", SC_ERROR_TIMEOUT, TRUE },
  { 529, "overloaded_error", "null", SC_ERROR_OVERLOADED, TRUE },
};

static void
test_errors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *body = g_strdup_printf (
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"Words\",\"details\":%s},"
        "\"request_id\":\"req_1\"}",
        errors[i].type, errors[i].details);
      g_autoptr (EventLog) log = event_log_decode ("anthropic", errors[i].status,
                                                   "application/json", body,
                                                   strlen (body), i, 0);

      g_assert_nonnull (log->failure);
      g_assert_cmpint (log->failure->kind, ==, errors[i].kind);
      g_assert_cmpint (log->failure->status, ==, errors[i].status);
      g_assert_cmpstr (log->failure->message, ==, "Words");
      g_assert_cmpstr (log->failure->code, ==, errors[i].type);
      g_assert_cmpstr (log->failure->request_id, ==, "req_1");
      g_assert_cmpint (sc_failure_is_retryable (log->failure), ==, errors[i].is_retryable);
    }
}

/* Twice the blocks are twice the work, whatever their numbers. */
static void
test_many_blocks (void)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (EventLog) log = NULL;

  for (guint i = 0; i < N_BLOCKS; i++)
    g_string_append_printf (body, "data: {\"type\":\"content_block_start\",\"index\":%u,"
                            "\"content_block\":{\"type\":"
                            "\"text\",\"text\":\"x\"}}\n\n", i);
  g_string_append (body, "data: {\"type\":\"message_stop\"}\n\n");
  log = event_log_decode ("anthropic", 200, "text/event-stream", body->str, body->len, 0, 0);
  g_assert_cmpuint (log->text->len, ==, N_BLOCKS);
  g_assert_cmpint (log->finish, ==, SC_FINISH_OTHER);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/anthropic/whole", test_whole);
  g_test_add_func ("/provider/anthropic/plain-has-no-raw", test_plain_has_no_raw);
  g_test_add_func ("/provider/anthropic/raw-goes-back", test_raw_goes_back);
  g_test_add_func ("/provider/anthropic/round", test_round);
  g_test_add_func ("/provider/anthropic/models", test_models);
  g_test_add_func ("/provider/anthropic/models-of-others", test_models_of_others);
  g_test_add_func ("/provider/anthropic/models-request", test_models_request);
  g_test_add_func ("/provider/anthropic/without-key", test_without_key);
  g_test_add_func ("/provider/anthropic/errors", test_errors);
  g_test_add_func ("/provider/anthropic/many-blocks", test_many_blocks);
  return g_test_run ();
}
