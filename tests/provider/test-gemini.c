/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the streams and golden requests of tests/data/gemini cannot say: which raw parts go back to
 * whom, the array form under its own content type, error bodies, and the model list. */

#include "config.h"

#include "event-log.h"

#include "sc-error.h"
#include "sc-gemini.h"
#include "sc-json.h"

#include <string.h>

#define SIGNED_CALLS                                                                               \
  "{\"role\":\"model\",\"parts\":[{\"text\":\"Two\"},"                                             \
  "{\"functionCall\":{\"id\":\"fc-1\",\"name\":\"f\",\"args\":{\"a\":1}},"                         \
  "\"thoughtSignature\":\"U0lH\"},{\"functionCall\":{\"name\":\"g\"}}]}"

#define RAW_CALL                                                                                   \
  "{\"functionCall\":{\"id\":\"fc-1\",\"name\":\"f\",\"args\":{\"a\":1}},"                           \
  "\"thoughtSignature\":\"U0lH\"}"

#define RAW_RESPONSE                                                                               \
  "{\"functionResponse\":{\"id\":\"fc-1\",\"name\":\"f\",\"response\":{\"output\":\"one\"}}},"     \
  "{\"functionResponse\":{\"name\":\"g\",\"response\":{\"error\":\"two\"}}}"

static ScPrompt *
create_prompt (const char *protocol,
               const char *model,
               guint       n_calls)
{
  ScPrompt *prompt = sc_prompt_new ("gemini-3-pro");
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Two");

  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  g_ptr_array_add (prompt->messages, answer);
  answer->raw = g_strdup (SIGNED_CALLS);
  answer->raw_protocol = g_strdup (protocol);
  answer->raw_model = g_strdup (model);
  for (guint i = 0; i < n_calls; i++)
    {
      g_autofree char *id = g_strdup_printf ("call_%u", i);
      ScMessage *result = sc_message_new (SC_ROLE_TOOL, i == 0 ? "one" : "two");

      sc_message_add_tool_call (answer, id, i == 0 ? "f" : "g", i == 0 ? "{\"a\":1}" : "{}");
      result->tool_call_id = g_strdup (id);
      result->tool_failed = i > 0;
      g_ptr_array_add (prompt->messages, result);
    }
  return prompt;
}

static char *
build_body (const char *profile_protocol,
            ScPrompt   *prompt)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = NULL;

  sc_profile_set (&profile->protocol, profile_protocol);
  body = sc_gemini_build_body (profile, prompt, &error);
  g_assert_no_error (error);
  return sc_json_to_string (body, FALSE);
}

/* A signature goes back in its place to the protocol and model that made it; what others made gets
 * the word that stands for a foreign one. */
static void
test_raw_goes_back (void)
{
  static const struct
  {
    const char *profile;
    const char *protocol;
    const char *model;
    guint       n_calls;
    gboolean    is_raw;
  } cases[] = {
    { "gemini", "gemini", "gemini-3-pro", 2, TRUE },
    { "vertex", "vertex", "gemini-3-pro", 2, TRUE },
    { "vertex", "gemini", "gemini-3-pro", 2, FALSE },
    { "gemini", "gemini", "gemini-2.5-pro", 2, FALSE },
    { "gemini", "openai-chat", "gemini-3-pro", 2, FALSE },
    { "gemini", NULL, NULL, 2, FALSE },
    { "gemini", "gemini", "gemini-3-pro", 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScPrompt) prompt = create_prompt (cases[i].protocol, cases[i].model,
                                                   cases[i].n_calls);
      g_autofree char *body = build_body (cases[i].profile, prompt);

      g_test_message ("case %u: %s", i, body);
      g_assert_cmpint (strstr (body, RAW_CALL) != NULL, ==, cases[i].is_raw);
      g_assert_cmpint (strstr (body, "skip_thought_signature_validator") == NULL, ==,
                       cases[i].is_raw);
      g_assert_cmpint (strstr (body, RAW_RESPONSE) != NULL, ==, cases[i].is_raw);
      g_assert_null (strstr (body, "call_"));
    }
}

/* Raw parts that are broken, or no parts, are not sent: the text is. */
static void
test_raw_broken (void)
{
  static const char *const raws[] = { "{", "[]", "{\"parts\":3}", "{\"role\":\"model\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (raws); i++)
    {
      g_autoptr (ScPrompt) prompt = create_prompt ("gemini", "gemini-3-pro", 0);
      ScMessage *answer = g_ptr_array_index (prompt->messages, 1);
      g_autofree char *body = NULL;

      g_free (answer->raw);
      answer->raw = g_strdup (raws[i]);
      body = build_body ("gemini", prompt);
      g_assert_nonnull (strstr (body, "{\"role\":\"model\",\"parts\":[{\"text\":\"Two\"}]}"));
    }
}

/* What came out of the decoder goes into the next request unchanged. */
static void
test_round_trip (void)
{
  static const char stream[] =
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Two\"},{\"functionCall\":{\"id\":"
    "\"fc-1\",\"name\":\"f\",\"args\":{\"a\":1}},\"thoughtSignature\":\"U0lH\"}]}}]}\r\n\r\n"
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"g\"}}]},"
    "\"finishReason\":\"STOP\"}]}\r\n\r\n";
  g_autoptr (EventLog) log =
    event_log_decode ("gemini", 200, "text/event-stream", stream, strlen (stream), 5, 0);

  g_assert_cmpint (log->finish, ==, SC_FINISH_TOOL_CALLS);
  g_assert_cmpstr (log->raw, ==, SIGNED_CALLS);
}

static char *
read_data (const char *name,
           gsize      *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "gemini", name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  g_file_get_contents (path, &bytes, length, &error);
  g_assert_no_error (error);
  return bytes;
}

/* The array that comes without `alt=sse`: a body of JSON, which may be cut at any byte. */
static void
test_array (void)
{
  gsize length;
  g_autofree char *bytes = read_data ("array.sse", &length);
  g_autofree char *expected = read_data ("array.events", NULL);
  g_autoptr (EventLog) whole = NULL;
  guint n_kept = 0;

  for (gsize chunk = 0; chunk < 8; chunk++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("gemini", 200, "application/json; charset=UTF-8", bytes, length, chunk,
                          0);

      g_assert_cmpstr (log->lines->str, ==, expected);
    }
  whole = event_log_decode ("gemini", 200, "application/json", bytes, length, 0, 0);
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("gemini", 200, "application/json", bytes, cut, 0, 0);

      g_assert_cmpint (log->n_ends, ==, 1);
      g_assert_true (strncmp (whole->text->str, log->text->str, log->text->len) == 0);
      if (log->failure != NULL)
        g_assert_cmpint (log->failure->kind, ==, SC_ERROR_INTERRUPTED);
      else
        g_assert_cmpstr (log->text->str, ==, whole->text->str);
      n_kept += log->text->len > 0;
    }
  /* From the end of the first element on there is text. */
  g_assert_cmpuint (n_kept, >, length / 2);
}

static const struct
{
  int         status;
  const char *body;
  ScError     kind;
  const char *code;
  gint64      retry_after_ms;
} refusals[] = {
  { 400,
    "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\","
    "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"x.ErrorInfo\",\"reason\":"
    "\"API_KEY_INVALID\"}]}}",
    SC_ERROR_AUTH, "INVALID_ARGUMENT", -1 },
  { 400, "{\"error\":{\"code\":400,\"message\":\"Bad value\",\"status\":\"INVALID_ARGUMENT\"}}",
    SC_ERROR_INVALID_REQUEST, "INVALID_ARGUMENT", -1 },
  { 403, "{\"error\":{\"code\":403,\"message\":\"No\",\"status\":\"PERMISSION_DENIED\"}}",
    SC_ERROR_AUTH, "PERMISSION_DENIED", -1 },
  { 404, "{\"error\":{\"code\":404,\"message\":\"no such model\",\"status\":\"NOT_FOUND\"}}",
    SC_ERROR_NOT_FOUND, "NOT_FOUND", -1 },
  { 429,
    "[{\"error\":{\"code\":429,\"message\":\"Slow down.\",\"status\":\"RESOURCE_EXHAUSTED\","
    "\"details\":[{\"@type\":\"x.RetryInfo\",\"retryDelay\":\"7.5s\"}]}}]",
    SC_ERROR_RATE_LIMIT, "RESOURCE_EXHAUSTED", 7500 },
  { 429,
    "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota\",\"status\":"
    "\"RESOURCE_EXHAUSTED\"}}",
    SC_ERROR_QUOTA, "RESOURCE_EXHAUSTED", -1 },
  { 500, "{\"error\":{\"code\":500,\"message\":\"Oops\",\"status\":\"INTERNAL\"}}",
    SC_ERROR_SERVER, "INTERNAL", -1 },
  { 503, "{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}",
    SC_ERROR_OVERLOADED, "UNAVAILABLE", -1 },
  { 504, "{\"error\":{\"code\":504,\"message\":\"Late\",\"status\":\"DEADLINE_EXCEEDED\"}}",
    SC_ERROR_TIMEOUT, "DEADLINE_EXCEEDED", -1 },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("gemini", refusals[i].status, "application/json", refusals[i].body,
                          strlen (refusals[i].body), 3, 0);

      g_test_message ("%s", log->lines->str);
      g_assert_cmpint (log->n_ends, ==, 1);
      g_assert_nonnull (log->failure);
      g_assert_cmpint (log->failure->kind, ==, refusals[i].kind);
      g_assert_cmpstr (log->failure->code, ==, refusals[i].code);
      g_assert_cmpint (log->failure->retry_after_ms, ==, refusals[i].retry_after_ms);
    }
}

/* An answer that was not streamed although asked, and JSON that is none. */
static void
test_whole (void)
{
  static const char answer[] =
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"All\"}]},\"finishReason\":\"STOP\"}]}";
  static const char blocked[] = "{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}";
  static const char unfinished[] =
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"A\"}]}}]}";
  static const char other[] = "{\"hello\":\"world\"}";
  g_autoptr (EventLog) log1 =
    event_log_decode ("gemini", 200, "application/json", answer, strlen (answer), 0, 0);
  g_autoptr (EventLog) log2 =
    event_log_decode ("gemini", 200, "application/json", blocked, strlen (blocked), 0, 0);
  g_autoptr (EventLog) log3 =
    event_log_decode ("gemini", 200, "application/json", unfinished, strlen (unfinished), 0, 0);
  g_autoptr (EventLog) log4 =
    event_log_decode ("gemini", 200, "application/json", other, strlen (other), 0, 0);

  g_assert_cmpint (log1->finish, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log1->text->str, ==, "All");
  g_assert_cmpint (log2->finish, ==, SC_FINISH_CONTENT_FILTER);
  g_assert_cmpint (log3->failure->kind, ==, SC_ERROR_INTERRUPTED);
  g_assert_cmpstr (log3->text->str, ==, "A");
  g_assert_cmpint (log4->failure->kind, ==, SC_ERROR_PROTOCOL);
}

static void
test_models (void)
{
  static const char text[] =
    "{\"models\":[{\"name\":\"models/gemini-2.5-pro\",\"displayName\":\"Gemini 2.5 Pro\","
    "\"inputTokenLimit\":1048576,\"outputTokenLimit\":65536,\"supportedGenerationMethods\":"
    "[\"generateContent\",\"countTokens\"],\"thinking\":true},"
    "{\"name\":\"models/embedding-001\",\"supportedGenerationMethods\":[\"embedContent\"]},"
    "{\"name\":\"models/gemma\",\"displayName\":\"gemma\",\"inputTokenLimit\":0},"
    "{\"name\":\"models/\"},{\"name\":null},null,3],\"nextPageToken\":\"p/2=\"}";
  g_autoptr (JsonNode) root = sc_json_parse (text, -1, NULL);
  g_autofree char *page = NULL;
  g_autoptr (GPtrArray) models = sc_gemini_parse_models (root, &page, NULL);
  const ScModel *model = g_ptr_array_index (models, 0);

  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (model->id, ==, "gemini-2.5-pro");
  g_assert_cmpstr (model->name, ==, "Gemini 2.5 Pro");
  g_assert_cmpint (model->context_tokens, ==, 1048576);
  g_assert_cmpint (model->max_output_tokens, ==, 65536);
  g_assert_cmpint (model->flags, ==, SC_MODEL_REASONING);
  model = g_ptr_array_index (models, 1);
  g_assert_cmpstr (model->id, ==, "gemma");
  g_assert_null (model->name);
  g_assert_cmpint (model->context_tokens, ==, -1);
  g_assert_cmpstr (page, ==, "p/2=");
}

static void
test_models_of_another (void)
{
  g_autoptr (JsonNode) root = sc_json_parse ("{\"data\":[]}", -1, NULL);
  g_autoptr (JsonNode) empty = sc_json_parse ("{}", -1, NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = sc_gemini_parse_models (empty, &page, NULL);

  g_assert_null (sc_gemini_parse_models (root, &page, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (page);
}

static void
test_models_request (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScHttpRequest) first = NULL;
  g_autoptr (ScHttpRequest) next = NULL;

  sc_profile_set (&profile->base_url, "https://generativelanguage.googleapis.com/v1beta/models/x");
  sc_profile_set (&profile->key, "the-key");
  first = sc_gemini_build_models_request (profile, NULL, NULL);
  next = sc_gemini_build_models_request (profile, "p/2=", NULL);
  g_assert_cmpstr (first->url, ==,
                   "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
  g_assert_true (g_str_has_suffix (next->url, "?pageSize=1000&pageToken=p%2F2%3D"));
  g_assert_cmpstr (sc_http_request_get_header (first, "x-goog-api-key"), ==, "the-key");
  g_assert_null (sc_http_request_get_header (first, "Authorization"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/gemini/raw-goes-back", test_raw_goes_back);
  g_test_add_func ("/provider/gemini/raw-broken", test_raw_broken);
  g_test_add_func ("/provider/gemini/round-trip", test_round_trip);
  g_test_add_func ("/provider/gemini/array", test_array);
  g_test_add_func ("/provider/gemini/refusals", test_refusals);
  g_test_add_func ("/provider/gemini/whole", test_whole);
  g_test_add_func ("/provider/gemini/models", test_models);
  g_test_add_func ("/provider/gemini/models-of-another", test_models_of_another);
  g_test_add_func ("/provider/gemini/models-request", test_models_request);
  return g_test_run ();
}
