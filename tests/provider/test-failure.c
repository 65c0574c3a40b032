/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Error bodies in every shape that services send. */

#include "config.h"

#include "sc-json.h"
#include "sc-response-failure.h"

#include <string.h>

typedef struct
{
  const char *name;
  int         status;
  const char *body;
  const char *kind;
  const char *message;
  const char *code;
  gint64      wait_ms;
} Shape;

/* message: NULL is the program's own sentence for the kind, else it must be the message or, with a
 * leading *, in it. */
static const Shape shapes[] = {
  { "openai-key", 401,
    "{\"error\":{\"message\":\"Incorrect API key\",\"type\":\"invalid_request_error\","
    "\"param\":null,"
    "\"code\":\"invalid_api_key\"}}",
    "auth", "Incorrect API key", "invalid_api_key", -1 },
  { "openai-quota", 429,
    "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\","
    "\"param\":null,\"code\":\"insufficient_quota\"}}",
    "quota", "You exceeded your current quota", "insufficient_quota", -1 },
  { "openai-rate", 429,
    "{\"error\":{\"message\":\"Rate limit\",\"type\":\"requests\","
    "\"code\":\"rate_limit_exceeded\"}}",
    "rate-limit", "Rate limit", "rate_limit_exceeded", -1 },
  { "openai-slow-down", 429,
    "{\"error\":{\"message\":\"Slow\",\"type\":\"rate_limit_error\",\"code\":\"slow_down\"}}",
    "rate-limit", "Slow", "slow_down", -1 },
  { "openai-credit", 429,
    "{\"error\":{\"message\":\"None left\",\"code\":\"credit_balance_exhausted\"}}", "quota",
    "None left", "credit_balance_exhausted", -1 },
  { "openai-context", 400,
    "{\"error\":{\"message\":\"Too long\",\"type\":\"invalid_request_error\","
    "\"param\":\"messages\","
    "\"code\":\"context_length_exceeded\"}}",
    "invalid-request", "Too long", "context_length_exceeded", -1 },
  { "openai-model", 404, "{\"error\":{\"message\":\"No such model\",\"code\":\"model_not_found\"}}",
    "not-found", "No such model", "model_not_found", -1 },
  { "openai-overloaded", 503,
    "{\"error\":{\"message\":\"Busy\",\"type\":\"service_unavailable_error\","
    "\"code\":\"server_is_overloaded\"}}",
    "overloaded", "Busy", "server_is_overloaded", -1 },
  { "openai-null-code", 500,
    "{\"error\":{\"message\":\"Oh\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
    "server", "Oh", "server_error", -1 },
  { "code-number", 400,
    "{\"error\":{\"message\":\"Bad\",\"code\":400,\"type\":\"BadRequestError\"}}",
    "invalid-request", "Bad", "BadRequestError", -1 },
  { "error-string", 400, "{\"error\":\"model is required\"}", "invalid-request",
    "model is required", NULL, -1 },
  { "error-word-and-sentence", 401, "{\"error\":\"unauthorized\",\"message\":\"Log in first\"}",
    "auth", "Log in first", NULL, -1 },
  { "detail-string", 404, "{\"detail\":\"Not Found\"}", "not-found", "Not Found", NULL, -1 },
  { "detail-list", 422,
    "{\"detail\":[{\"loc\":[\"body\",\"model\"],\"msg\":\"field required\",\"type\":\"missing\"}]}",
    "invalid-request", "field required", NULL, -1 },
  { "detail-object", 403, "{\"detail\":{\"message\":\"no\"}}", "auth", "no", NULL, -1 },
  { "message-flat", 400,
    "{\"object\":\"error\",\"message\":\"old vllm\",\"type\":\"BadRequestError\",\"code\":400}",
    "invalid-request", "old vllm", "BadRequestError", -1 },
  { "mistral-number", 400,
    "{\"object\":\"error\",\"message\":\"Order\",\"type\":\"invalid_request_message_order\","
    "\"code\":\"3230\"}",
    "invalid-request", "Order", "3230", -1 },
  { "number-without-word", 400, "{\"type\":\"error\",\"error\":{\"code\":400,\"message\":\"No\"}}",
    "invalid-request", "No", "400", -1 },
  { "mistral", 422,
    "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"msg\":\"Extra "
    "inputs\"}]},"
    "\"type\":\"invalid_request_error\",\"code\":null}",
    "invalid-request", "Extra inputs", "invalid_request_error", -1 },
  { "errors-strings", 400, "{\"errors\":[\"first\",\"second\"]}", "invalid-request", "first", NULL,
    -1 },
  { "errors-objects", 403,
    "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"Authentication error\"}]}",
    "auth", "Authentication error", "10000", -1 },
  { "anthropic", 529,
    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},"
    "\"request_id\":\"req_1\"}",
    "overloaded", "Overloaded", "overloaded_error", -1 },
  { "anthropic-spend", 429,
    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Limit\","
    "\"details\":"
    "{\"error_code\":\"enforced_spend_limit_reached\"}}}",
    "quota", "Limit", "rate_limit_error", -1 },
  { "anthropic-credit", 400,
    "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit "
    "balance is too low\"}}",
    "quota", "Your credit balance is too low", "invalid_request_error", -1 },
  { "gemini-key", 400,
    "[{\"error\":{\"code\":400,\"message\":\"API key not valid.\",\"status\":\"INVALID_ARGUMENT\","
    "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
    "\"reason\":\"API_KEY_INVALID\"}]}}]",
    "auth", "API key not valid.", "INVALID_ARGUMENT", -1 },
  { "gemini-rate", 429,
    "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota\",\"status\":"
    "\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
    "\"retryDelay\":\"7.5s\"}]}}",
    "rate-limit", "You exceeded your current quota", "RESOURCE_EXHAUSTED", 7500 },
  { "gemini-day", 429,
    "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota\",\"status\":"
    "\"RESOURCE_EXHAUSTED\"}}",
    "quota", "You exceeded your current quota", "RESOURCE_EXHAUSTED", -1 },
  /* The wait that is named beside it is none. */
  { "gemini-day-retry", 429,
    "{\"error\":{\"code\":429,\"message\":\"Limit\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
    "\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
    "\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\"}]},{\"@type\":"
    "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"20s\"}]}}",
    "quota", "Limit", "RESOURCE_EXHAUSTED", 20000 },
  { "gemini-minute", 429,
    "{\"error\":{\"code\":429,\"message\":\"Limit\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
    "\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
    "\"GenerateRequestsPerMinutePerProjectPerModel\"}]}]}}",
    "rate-limit", "Limit", "RESOURCE_EXHAUSTED", -1 },
  { "openrouter", 502,
    "{\"error\":{\"code\":502,\"message\":\"Provider returned error\","
    "\"metadata\":{\"provider_name\":"
    "\"Acme\",\"raw\":\"{\\\"detail\\\":\\\"out of chips\\\"}\"}},\"user_id\":\"u\"}",
    "server", "Acme: out of chips", "502", -1 },
  { "openrouter-credits", 402, "{\"error\":{\"message\":\"Insufficient credits\",\"code\":402}}",
    "quota", "Insufficient credits", "402", -1 },
  { "openrouter-moderation", 403,
    "{\"error\":{\"message\":\"Flagged\",\"code\":403,\"metadata\":{\"reasons\":[\"x\"]}}}",
    "invalid-request", "Flagged", "403", -1 },
  { "azure-filter", 400,
    "{\"error\":{\"message\":\"Filtered\",\"type\":null,\"param\":\"prompt\","
    "\"code\":\"content_filter\","
    "\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}",
    "invalid-request", "Filtered", "content_filter", -1 },
  { "azure-429", 429, "{\"error\":{\"code\":\"429\",\"message\":\"Exceeded call rate limit\"}}",
    "rate-limit", "Exceeded call rate limit", "429", -1 },
  { "llama-loading", 503,
    "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
    "overloaded", "Loading model", "unavailable_error", -1 },
  { "llama-501", 501,
    "{\"error\":{\"code\":501,\"message\":\"No embeddings\",\"type\":\"not_supported_error\"}}",
    "invalid-request", "No embeddings", "not_supported_error", -1 },
  { "tgi-overloaded", 429, "{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}",
    "overloaded", "Model is overloaded", "overloaded", -1 },
  { "tgi-validation", 422, "{\"error\":\"Input validation error\",\"error_type\":\"validation\"}",
    "invalid-request", "Input validation error", "validation", -1 },
  { "groq-capacity", 498, "{\"error\":{\"message\":\"Flex tier capacity exceeded\"}}", "overloaded",
    "Flex tier capacity exceeded", NULL, -1 },
  { "groq-tool", 400,
    "{\"error\":{\"message\":\"Failed to call a function\",\"code\":\"tool_use_failed\"}}",
    "invalid-request", "Failed to call a function", "tool_use_failed", -1 },
  { "sse-body", 401, "event: error\ndata: {\"error\":{\"message\":\"No key\"}}\n\n", "auth",
    "No key", NULL, -1 },
  { "sse-data-body", 400, "data: {\"error\":{\"message\":\"Bad\"}}\n\n", "invalid-request", "Bad",
    NULL, -1 },
  { "page", 502, "<html>\r\n<head><title>502 Bad Gateway</title></head></html>", "server",
    "*“502 Bad Gateway”", NULL, -1 },
  { "page-401", 401, "<html><title>Log in</title></html>", "auth", "*“Log in”", NULL, -1 },
  { "page-403", 403, "<html><title>Just a moment...</title></html>", "protocol",
    "*“Just a moment...”", NULL, -1 },
  { "page-503", 503, "<!doctype html><title>  Busy &#124; Shop </title>", "overloaded",
    "*“Busy | Shop”", NULL, -1 },
  { "page-504", 504, "<title>504 Gateway Time-out</title>", "timeout", "*504", NULL, -1 },
  { "page-no-title", 404, "<html><body>x</body></html>", "not-found", "*web page", NULL, -1 },
  { "page-in-json", 500, "{\"error\":{\"message\":\"<html><title>Inner</title></html>\"}}",
    "server", "*“Inner”", NULL, -1 },
  { "text", 500, "Internal Server Error\n", "server", "Internal Server Error", NULL, -1 },
  { "text-lines", 400, "first\r\n\tsecond  line\n", "invalid-request", "first second line", NULL,
    -1 },
  { "json-text", 400, "\"just words\"", "invalid-request", "just words", NULL, -1 },
  { "json-null", 401, "null", "auth", "The key was not accepted.", NULL, -1 },
  { "json-list", 402, " []\n", "quota", "The account has no credit left.", NULL, -1 },
  { "byte-order-mark", 400, "\xEF\xBB\xBF\n{\"error\":{\"message\":\"Bad\"}}", "invalid-request", "Bad", NULL, -1 },
  { "text-quota", 402, "Payment Required", "quota", "Payment Required", NULL, -1 },
  { "broken-json", 500, "{\"error\":{\"message\":\"cut", "server", "*cut", NULL, -1 },
  { "empty", 401, "", "auth", NULL, NULL, -1 },
  { "empty-404", 404, "", "not-found", NULL, NULL, -1 },
  { "empty-405", 405, "", "not-found", NULL, NULL, -1 },
  { "empty-408", 408, "", "timeout", NULL, NULL, -1 },
  { "empty-413", 413, "", "invalid-request", NULL, NULL, -1 },
  { "empty-500", 500, "", "server", NULL, NULL, -1 },
  { "empty-504", 504, "", "timeout", NULL, NULL, -1 },
  { "empty-520", 520, "", "server", NULL, NULL, -1 },
  { "empty-object", 429, "{}", "rate-limit", NULL, NULL, -1 },
  { "null-error", 500, "{\"error\":null}", "server", NULL, NULL, -1 },
  { "number", 400, "[1,2]", "invalid-request", NULL, NULL, -1 },
  { "bytes", 500, "\xff\xfe\x01 x", "server", "*x", NULL, -1 },
};

static void
test_shape (gconstpointer data)
{
  const Shape *shape = data;
  ScResponseFacts facts = { .status = shape->status };
  g_autoptr (ScFailure) failure =
    sc_response_failure_new (&facts, shape->body, strlen (shape->body));

  g_assert_cmpstr (sc_error_to_nick (failure->kind), ==, shape->kind);
  g_assert_cmpint (failure->status, ==, shape->status);
  g_assert_cmpstr (failure->code, ==, shape->code);
  g_assert_cmpint (failure->retry_after_ms, ==, shape->wait_ms);
  if (shape->message == NULL)
    g_assert_cmpstr (failure->message, ==, sc_error_to_sentence (failure->kind));
  else if (*shape->message != '*')
    g_assert_cmpstr (failure->message, ==, shape->message);
  else if (strstr (failure->message, shape->message + 1) == NULL)
    g_error ("“%s” is not in “%s”", shape->message + 1, failure->message);
  g_assert_true (g_utf8_validate (failure->message, -1, NULL));
  g_assert_cmpint (failure->details != NULL, ==, *shape->body != '\0');
}

static GHashTable *
make_headers (const char *name,
              const char *value)
{
  GHashTable *headers = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (headers, (gpointer) name, (gpointer) value);
  return headers;
}

static void
test_waits (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    gint64      wait_ms;
  } cases[] = {
    { "retry-after", "5", 5000 },
    { "retry-after", "0.25", 250 },
    { "retry-after", " 3 ", 3000 },
    { "retry-after", "0", 0 },
    { "retry-after", "-1", -1 },
    { "retry-after", "soon", -1 },
    { "retry-after", "", -1 },
    { "retry-after-ms", "750", 750 },
    { "retry-after-ms", "12.5", 12 },
    { "retry-after-ms", "x", -1 },
    { "retry-after", "1e99", (gint64) 365 * 24 * 3600 * 1000 },
    { "retry-after", "Wed, 21 Oct 2015 07:28:00 GMT", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) headers = make_headers (cases[i].name, cases[i].value);
      ScResponseFacts facts = { .status = 429, .headers = headers };
      g_autoptr (ScFailure) failure = sc_response_failure_new (&facts, "", 0);

      g_assert_cmpint (failure->retry_after_ms, ==, cases[i].wait_ms);
    }
}

static void
test_wait_until_date (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_seconds (now, 3600);
  g_autofree char *date = g_date_time_format (later, "%a, %d %b %Y %H:%M:%S GMT");
  g_autoptr (GHashTable) headers = make_headers ("retry-after", date);
  ScResponseFacts facts = { .status = 503, .headers = headers };
  g_autoptr (ScFailure) failure = sc_response_failure_new (&facts, "", 0);

  /* A slow machine may take a while from there to here. */
  g_assert_cmpint (failure->retry_after_ms, >, 3000 * 1000);
  g_assert_cmpint (failure->retry_after_ms, <=, 3600 * 1000);
}

/* Milliseconds are more exact than seconds. */
static void
test_ms_beat_seconds (void)
{
  g_autoptr (GHashTable) headers = make_headers ("retry-after", "9");
  ScResponseFacts facts = { .status = 429, .headers = headers };
  g_autoptr (ScFailure) failure = NULL;

  g_hash_table_insert (headers, (gpointer) "retry-after-ms", (gpointer) "1200");
  failure = sc_response_failure_new (&facts, "", 0);
  g_assert_cmpint (failure->retry_after_ms, ==, 1200);
}

static void
test_should_retry (void)
{
  static const struct
  {
    const char *value;
    int         should_retry;
    gboolean    is_retryable;
  } cases[] = {
    { "true", 1, TRUE }, { "false", 0, FALSE }, { "True", 1, TRUE }, { "maybe", -1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) headers = make_headers ("x-should-retry", cases[i].value);
      ScResponseFacts facts = { .status = 500, .headers = headers };
      g_autoptr (ScFailure) failure = sc_response_failure_new (&facts, "", 0);

      g_assert_cmpint (failure->should_retry, ==, cases[i].should_retry);
      g_assert_cmpint (sc_failure_is_retryable (failure), ==, cases[i].is_retryable);
    }
}

/* The service's own timeout is one in the stream as under a status, and tried again in both. */
static void
test_timeouts (void)
{
  static const struct
  {
    int         status;
    const char *body;
    const char *code;
  } cases[] = {
    { 504, "{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"Late\"}}",
      "timeout_error" },
    { 500, "{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"Late\"}}",
      "timeout_error" },
    { 504, "{\"error\":{\"code\":504,\"message\":\"Late\",\"status\":\"DEADLINE_EXCEEDED\"}}",
      "DEADLINE_EXCEEDED" },
    { 504, "{\"error\":{\"message\":\"Late\",\"code\":\"slow\"}}", "slow" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScResponseFacts facts = { .status = cases[i].status };
      g_autoptr (JsonObject) root = sc_json_parse_object (cases[i].body, -1, NULL);
      g_autoptr (ScFailure) refused =
        sc_response_failure_new (&facts, cases[i].body, strlen (cases[i].body));
      g_autoptr (ScFailure) found = sc_response_failure_find (root);

      g_assert_cmpint (refused->kind, ==, SC_ERROR_TIMEOUT);
      g_assert_cmpstr (refused->code, ==, cases[i].code);
      g_assert_true (sc_failure_is_retryable (refused));
      g_assert_cmpstr (found->code, ==, cases[i].code);
      g_assert_true (sc_failure_is_retryable (found));
      /* The last has neither word nor status in it. */
      g_assert_cmpint (found->kind, ==, i < 3 ? SC_ERROR_TIMEOUT : SC_ERROR_SERVER);
    }
}

static void
test_request_ids (void)
{
  static const char *const names[] = { "x-request-id", "request-id", "apim-request-id",
                                       "x-generation-id", "cf-ray" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GHashTable) headers = make_headers (names[i], "id-1");
      ScResponseFacts facts = { .status = 500, .headers = headers };
      g_autoptr (ScFailure) failure = sc_response_failure_new (&facts, "", 0);
      g_autoptr (ScFailure) own =
        sc_response_failure_new (&facts, "{\"error\":\"x\",\"request_id\":\"own\"}", 32);

      g_assert_cmpstr (failure->request_id, ==, "id-1");
      g_assert_cmpstr (own->request_id, ==, "own");
    }
}

static void
test_redirect (void)
{
  static const int statuses[] = { 301, 302, 303, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GHashTable) headers =
        make_headers ("location", "https://other.example/v1?key=secret123");
      ScResponseFacts facts = { .status = statuses[i], .headers = headers };
      g_autoptr (ScFailure) failure =
        sc_response_failure_new (&facts, "<html><title>Moved</title>", 26);

      g_assert_cmpint (failure->kind, ==, SC_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (failure->message, "https://other.example/v1"));
      g_assert_null (strstr (failure->message, "secret123"));
      g_assert_false (sc_failure_is_retryable (failure));
    }
}

static void
test_lengths (void)
{
  g_autofree char *title = g_strnfill (500, 't');
  g_autofree char *page = g_strconcat ("<title>", title, "</title>", NULL);
  g_autofree char *words = g_strnfill (100000, 'w');
  g_autofree char *json = g_strconcat ("{\"error\":{\"message\":\"", words, "\"}}", NULL);
  ScResponseFacts facts = { .status = 500 };
  g_autoptr (ScFailure) first = sc_response_failure_new (&facts, page, strlen (page));
  g_autoptr (ScFailure) second = sc_response_failure_new (&facts, words, strlen (words));
  g_autoptr (ScFailure) third = sc_response_failure_new (&facts, json, 60000);

  title[120] = '\0';
  g_assert_nonnull (strstr (first->message, title));
  title[120] = 't';
  title[121] = '\0';
  g_assert_null (strstr (first->message, title));
  g_assert_cmpint (g_utf8_strlen (second->message, -1), <=, 501);
  g_assert_cmpuint (strlen (second->details), <=, 64 * 1024);
  g_assert_cmpint (g_utf8_strlen (third->message, -1), <=, 2001);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/failure/", shapes[i].name, NULL);

      g_test_add_data_func (path, &shapes[i], test_shape);
    }
  g_test_add_func ("/provider/failure/waits", test_waits);
  g_test_add_func ("/provider/failure/wait-until-date", test_wait_until_date);
  g_test_add_func ("/provider/failure/ms-beat-seconds", test_ms_beat_seconds);
  g_test_add_func ("/provider/failure/should-retry", test_should_retry);
  g_test_add_func ("/provider/failure/timeouts", test_timeouts);
  g_test_add_func ("/provider/failure/request-ids", test_request_ids);
  g_test_add_func ("/provider/failure/redirect", test_redirect);
  g_test_add_func ("/provider/failure/lengths", test_lengths);
  return g_test_run ();
}
