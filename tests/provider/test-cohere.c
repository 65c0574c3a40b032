/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the streams and golden requests of tests/data/cohere cannot say: plans and thinking that go
 * back, error bodies, whole answers, and the model list. */

#include "config.h"

#include "event-log.h"

#include "sc-cohere.h"
#include "sc-error.h"
#include "sc-json.h"

#include <string.h>

#define PLAN "\"tool_plan\":\"I will look.\""
#define CONTENT                                                                                    \
  "\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm.\"},{\"type\":\"text\",\"text\":\"A\"}]"

static char *
build_body (const char *protocol,
            const char *model,
            const char *raw,
            const char *text)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScPrompt) prompt = sc_prompt_new ("command-a");
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, text);
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body;

  sc_profile_set (&profile->base_url, "https://api.cohere.com");
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  sc_message_add_tool_call (answer, "a", "f", "{}");
  answer->raw = g_strdup (raw);
  answer->raw_protocol = g_strdup (protocol);
  answer->raw_model = g_strdup (model);
  g_ptr_array_add (prompt->messages, answer);
  request = sc_cohere_build_request (profile, prompt, &error);
  g_assert_no_error (error);
  g_assert_null (sc_http_request_get_header (request, "Authorization"));
  body = g_bytes_get_data (request->body, &length);
  return g_strndup (body, length);
}

static void
test_raw_goes_back (void)
{
  static const struct
  {
    const char *protocol;
    const char *model;
    const char *raw;
    const char *text;
    gboolean    has_plan;
    gboolean    has_content;
  } cases[] = {
    { "cohere", "command-a", "{\"role\":\"assistant\"," PLAN "}", "", TRUE, FALSE },
    { "cohere", "command-a", "{" CONTENT "," PLAN "}", "A", TRUE, TRUE },
    { "cohere", "command-r", "{" CONTENT "," PLAN "}", "A", FALSE, FALSE },
    { "mistral", "command-a", "{" CONTENT "," PLAN "}", "A", FALSE, FALSE },
    { "cohere", "command-a", "[", "A", FALSE, FALSE },
    { NULL, NULL, NULL, "", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body =
        build_body (cases[i].protocol, cases[i].model, cases[i].raw, cases[i].text);

      g_assert_cmpint (strstr (body, PLAN) != NULL, ==, cases[i].has_plan);
      g_assert_cmpint (strstr (body, CONTENT) != NULL, ==, cases[i].has_content);
      /* Beside calls an empty text is refused. */
      g_assert_null (strstr (body, "\"content\":\"\""));
    }
}

static void
test_round_trip (void)
{
  static const char stream[] =
    "data: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":"
    "{\"thinking\":\"Hm.\"}}}}\n\n"
    "data: {\"type\":\"content-delta\",\"index\":1,\"delta\":{\"message\":{\"content\":"
    "{\"text\":\"A\"}}}}\n\n"
    "data: {\"type\":\"tool-plan-delta\",\"delta\":{\"message\":{\"tool_plan\":\"I will look.\"}}}"
    "\n\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n";
  g_autoptr (EventLog) log =
    event_log_decode ("cohere", 200, "text/event-stream", stream, strlen (stream), 2, 0);
  g_autofree char *body = build_body ("cohere", "command-a", log->raw, log->text->str);

  g_assert_nonnull (strstr (body, PLAN));
  g_assert_nonnull (strstr (body, CONTENT));
}

static void
test_refusals (void)
{
  static const struct
  {
    int         status;
    const char *body;
    ScError     kind;
    gboolean    is_retryable;
  } refusals[] = {
    { 400, "{\"message\":\"model is required\"}", SC_ERROR_INVALID_REQUEST, FALSE },
    { 401, "{\"message\":\"invalid api token\"}", SC_ERROR_AUTH, FALSE },
    { 403, "{\"id\":\"i\",\"message\":\"forbidden\"}", SC_ERROR_AUTH, FALSE },
    { 404, "{\"id\":\"i\",\"message\":\"model 'x' not found\"}", SC_ERROR_NOT_FOUND, FALSE },
    { 422, "{\"message\":\"unprocessable\"}", SC_ERROR_INVALID_REQUEST, FALSE },
    { 429, "{\"message\":\"trial key limit\"}", SC_ERROR_RATE_LIMIT, TRUE },
    { 498, "{\"id\":\"i\",\"message\":\"invalid token\"}", SC_ERROR_INVALID_REQUEST, FALSE },
    { 499, "{\"message\":\"request cancelled\"}", SC_ERROR_SERVER, FALSE },
    { 500, "{\"message\":\"internal\"}", SC_ERROR_SERVER, TRUE },
    { 501, "{\"message\":\"not implemented\"}", SC_ERROR_INVALID_REQUEST, FALSE },
    { 503, "{\"message\":\"unavailable\"}", SC_ERROR_OVERLOADED, TRUE },
    { 504, "{\"message\":\"timeout\"}", SC_ERROR_TIMEOUT, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("cohere", refusals[i].status, "application/json", refusals[i].body,
                          strlen (refusals[i].body), 0, 0);

      g_test_message ("%s", log->lines->str);
      g_assert_nonnull (log->failure);
      g_assert_cmpint (log->failure->kind, ==, refusals[i].kind);
      g_assert_cmpint (sc_failure_is_retryable (log->failure), ==, refusals[i].is_retryable);
    }
}

/* Under status 200: an answer that was not streamed, an error, and something else. */
static void
test_whole (void)
{
  static const char answer[] =
    "{\"id\":\"m\",\"finish_reason\":\"MAX_TOKENS\",\"message\":{\"role\":\"assistant\","
    "\"content\":[{\"type\":\"text\",\"text\":\"All\"}]}}";
  static const char plain[] =
    "{\"id\":\"m\",\"finish_reason\":\"COMPLETE\",\"message\":{\"content\":\"All\"}}";
  static const char error[] = "{\"id\":\"i\",\"message\":\"no\"}";
  static const char failed[] =
    "{\"id\":\"m\",\"finish_reason\":\"ERROR\",\"error\":\"broke\",\"message\":{}}";
  static const char other[] = "{\"hello\":\"world\"}";
  const char *bodies[] = { answer, plain, error, failed, other };
  g_autoptr (GPtrArray) logs = g_ptr_array_new_with_free_func ((GDestroyNotify) event_log_free);
  EventLog **log;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_ptr_array_add (logs, event_log_decode ("cohere", 200, "application/json", bodies[i],
                                             strlen (bodies[i]), 0, 0));
  log = (EventLog **) logs->pdata;
  g_assert_cmpstr (log[0]->text->str, ==, "All");
  g_assert_cmpint (log[0]->finish, ==, SC_FINISH_LENGTH);
  g_assert_cmpstr (log[1]->text->str, ==, "All");
  g_assert_cmpint (log[1]->finish, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log[2]->failure->message, ==, "no");
  g_assert_cmpstr (log[3]->failure->message, ==, "broke");
  g_assert_cmpint (log[4]->failure->kind, ==, SC_ERROR_PROTOCOL);
}

static void
test_models (void)
{
  static const char text[] =
    "{\"models\":[{\"name\":\"command-a\",\"endpoints\":[\"chat\",\"generate\"],\"features\":"
    "[\"tools\",\"vision\",\"json_mode\"],\"context_length\":288000.0},"
    "{\"name\":\"embed-v4\",\"endpoints\":[\"embed\"]},"
    "{\"name\":\"command-old\",\"endpoints\":[\"chat\"],\"is_deprecated\":true},"
    "{\"name\":\"command-r\",\"features\":null},{\"name\":null},null],"
    "\"next_page_token\":\"t+1\"}";
  g_autoptr (JsonNode) root = sc_json_parse (text, -1, NULL);
  g_autoptr (JsonNode) other = sc_json_parse ("{\"data\":[]}", -1, NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = sc_cohere_parse_models (root, &page, NULL);
  const ScModel *model = g_ptr_array_index (models, 0);

  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (model->id, ==, "command-a");
  g_assert_cmpint (model->context_tokens, ==, 288000);
  g_assert_cmpint (model->flags, ==, SC_MODEL_FLAGS_KNOWN | SC_MODEL_TOOLS | SC_MODEL_VISION);
  model = g_ptr_array_index (models, 1);
  g_assert_cmpstr (model->id, ==, "command-r");
  g_assert_cmpint (model->flags, ==, 0);
  g_assert_cmpstr (page, ==, "t+1");
  g_assert_null (sc_cohere_parse_models (other, &page, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

static void
test_models_request (void)
{
  static const char *const bases[] = {
    "https://api.cohere.com", "https://api.cohere.com/v2", "https://api.cohere.com/v1/models",
    "https://api.cohere.com/v2/chat", "api.cohere.com/compatibility/v1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScHttpRequest) first = NULL;
      g_autoptr (ScHttpRequest) next = NULL;

      sc_profile_set (&profile->base_url, bases[i]);
      sc_profile_set (&profile->key, "the-key");
      first = sc_cohere_build_models_request (profile, NULL, NULL);
      next = sc_cohere_build_models_request (profile, "t+1", NULL);
      g_assert_cmpstr (first->url, ==,
                       "https://api.cohere.com/v1/models?endpoint=chat&page_size=1000");
      g_assert_true (g_str_has_suffix (next->url, "&page_token=t%2B1"));
      g_assert_cmpstr (sc_http_request_get_header (first, "Authorization"), ==, "Bearer the-key");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/cohere/raw-goes-back", test_raw_goes_back);
  g_test_add_func ("/provider/cohere/round-trip", test_round_trip);
  g_test_add_func ("/provider/cohere/refusals", test_refusals);
  g_test_add_func ("/provider/cohere/whole", test_whole);
  g_test_add_func ("/provider/cohere/models", test_models);
  g_test_add_func ("/provider/cohere/models-request", test_models_request);
  return g_test_run ();
}
