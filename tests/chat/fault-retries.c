/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See fault-retries.h. */

#include "config.h"

#include "fault-retries.h"

#include "fault-dialects.h"
#include "run-log.h"

#include <string.h>

#define MINUTE_MS 60000

/* The only try, and a wait that the program chooses: half a second less up to a quarter. */
#define NEVER   -1, -1
#define BACKOFF 370, 500

#define BUSY      "{\"error\":{\"message\":\"busy\"}}"
#define OPENAI(code) \
  "{\"error\":{\"message\":\"no\",\"type\":\"" code "\",\"code\":\"" code "\"}}"
#define ANTHROPIC(code) \
  "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"no\"," \
  "\"details\":{\"error_code\":\"" code "\"}}}"
#define GOOGLE(details) \
  "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"You exceeded your " \
  "current quota\"" details "}}"
#define RETRY_INFO \
  ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"12s\"}]"

/* @min_ms, @max_ms: the wait that people see, negative where there is none; @kind: what the run
 * ends with then */
typedef struct
{
  const char *name;
  const char *dialect;
  const char *status;
  const char *headers;
  const char *body;
  gint64      min_ms;
  gint64      max_ms;
  ScError     kind;
} Retry;

static const Retry retries[] = {
  { "408", "openai-chat", "408 Slow", "", BUSY, BACKOFF },
  { "429", "openai-chat", "429 Slow", "", BUSY, BACKOFF },
  { "500", "openai-chat", "500 No", "", BUSY, BACKOFF },
  { "502", "cohere", "502 No", "", BUSY, BACKOFF },
  { "503", "gemini", "503 No", "", BUSY, BACKOFF },
  { "504", "tgi", "504 No", "", BUSY, BACKOFF },
  { "529", "anthropic", "529 No", "", BUSY, BACKOFF },
  { "handshake-429", "openai-realtime", "429 Slow", "Retry-After: 20\r\n", BUSY, 20000, 20000 },
  { "seconds", "openai-chat", "429 Slow", "Retry-After: 40\r\n", BUSY, 40000, 40000 },
  { "fraction", "openai-chat", "429 Slow", "Retry-After: 1.5\r\n", BUSY, 1500, 1500 },
  { "milliseconds", "openai-chat", "429 Slow", "Retry-After: 40\r\nRetry-After-Ms: 2500\r\n", BUSY,
    2500, 2500 },
  { "date", "openai-chat", "503 No", "Retry-After: %s\r\n", BUSY, 1, 31000 },
  { "date-gone", "openai-chat", "503 No", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", BUSY, 0,
    0 },
  { "nonsense", "openai-chat", "503 No", "Retry-After: soon\r\n", BUSY, BACKOFF },
  { "a-minute", "openai-chat", "503 No", "Retry-After: 60\r\n", BUSY, MINUTE_MS, MINUTE_MS },
  { "over-a-minute", "openai-chat", "503 No", "Retry-After: 61\r\n", BUSY, NEVER,
    SC_ERROR_OVERLOADED },
  { "an-hour", "anthropic", "429 Slow", "Retry-After: 3600\r\n", BUSY, NEVER, SC_ERROR_RATE_LIMIT },
  { "should", "openai-chat", "400 No", "X-Should-Retry: true\r\n", BUSY, BACKOFF },
  { "should-not", "anthropic", "529 No", "X-Should-Retry: false\r\n", BUSY, NEVER,
    SC_ERROR_OVERLOADED },
  { "delay-in-body", "gemini", "429 Slow", "", GOOGLE (RETRY_INFO), 12000, 12000 },
  { "400", "openai-chat", "400 No", "Retry-After: 1\r\n", BUSY, NEVER, SC_ERROR_INVALID_REQUEST },
  { "401", "openai-chat", "401 No", "", BUSY, NEVER, SC_ERROR_AUTH },
  { "402", "openai-chat", "402 No", "", BUSY, NEVER, SC_ERROR_QUOTA },
  { "403", "gemini", "403 No", "", BUSY, NEVER, SC_ERROR_AUTH },
  { "404", "ollama", "404 No", "", BUSY, NEVER, SC_ERROR_NOT_FOUND },
  { "413", "anthropic", "413 No", "", BUSY, NEVER, SC_ERROR_INVALID_REQUEST },
  { "422", "mistral", "422 No", "", BUSY, NEVER, SC_ERROR_INVALID_REQUEST },
  { "quota-openai", "openai-chat", "429 Slow", "Retry-After: 1\r\n", OPENAI ("insufficient_quota"),
    NEVER, SC_ERROR_QUOTA },
  { "quota-openai-responses", "openai-responses", "429 Slow", "Retry-After: 1\r\n",
    OPENAI ("credit_balance_exhausted"), NEVER, SC_ERROR_QUOTA },
  { "quota-anthropic", "anthropic", "429 Slow", "", ANTHROPIC ("enforced_spend_limit_reached"),
    NEVER, SC_ERROR_QUOTA },
  { "quota-anthropic-contract", "anthropic", "429 Slow", "Retry-After: 1\r\n",
    ANTHROPIC ("contract_spend_limit_reached"), NEVER, SC_ERROR_QUOTA },
  { "quota-vertex-claude", "vertex-claude", "429 Slow", "",
    ANTHROPIC ("enforced_spend_limit_reached"), NEVER, SC_ERROR_QUOTA },
  { "quota-gemini", "gemini", "429 Slow", "", GOOGLE (""), NEVER, SC_ERROR_QUOTA },
  { "quota-vertex-google", "vertex-google", "429 Slow", "", GOOGLE (""), NEVER, SC_ERROR_QUOTA },
  { "empty", "openai-chat", "200 OK", "", "", BACKOFF },
};

static const FaultDialect *
find_dialect (const char *name)
{
  for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
    if (g_str_equal (dialect->name, name))
      return dialect;
  g_assert_not_reached ();
}

static char *
create_answer (const Retry *retry)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_seconds (now, 31);
  g_autofree char *date = g_date_time_format (later, "%a, %d %b %Y %H:%M:%S GMT");
  g_autoptr (GString) headers = g_string_new (retry->headers);

  g_string_replace (headers, "%s", date, 0);
  return g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %zu"
                          "\r\nConnection: close\r\n\r\n%s",
                          retry->status, headers->str, strlen (retry->body), retry->body);
}

static void
add_scripts (RawServer          *server,
             const Retry        *retry,
             const FaultDialect *dialect)
{
  g_autofree char *answer = create_answer (retry);
  GBytes *second = fault_dialect_create_whole_stream (dialect);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
  if (dialect->content_type == NULL)
    raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, dialect->n_opening,
                           RAW_SEND_BYTES, second, RAW_CLOSE, RAW_END);
  else
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, second, RAW_CLOSE, RAW_END);
}

static gboolean
has_notice_or_end (gpointer data)
{
  RunLog *log = data;

  return log->n_ends > 0 || log->wait_ms >= 0;
}

/* The user does not wait: what the wait would have been stands in the notice. */
static void
skip_wait (RunLog      *log,
           const Retry *retry)
{
  g_assert_cmpint (log->wait_ms, >=, retry->min_ms);
  g_assert_cmpint (log->wait_ms, <=, retry->max_ms);
  sc_run_skip_wait (log->run);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "Half more");
}

static void
test_retry (gconstpointer data)
{
  const Retry *retry = data;
  const FaultDialect *dialect = find_dialect (retry->dialect);
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", dialect->path);
  g_autoptr (RunLog) log = NULL;

  sc_profile_set (&profile->protocol, dialect->protocol);
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, dialect->model);
  profile->retries = 2;
  add_scripts (server, retry, dialect);
  log = run_log_start (profile);
  wait_until (has_notice_or_end, log);
  if (retry->min_ms >= 0)
    {
      skip_wait (log, retry);
      g_assert_cmpuint (raw_server_count_connections (server), ==, 2);
      return;
    }
  run_log_wait_end (log);
  run_log_assert_failed (log, retry->kind);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

guint
fault_retries_add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (retries); i++)
    {
      g_autofree char *path = g_strconcat ("/chat/faults/retry/", retries[i].name, NULL);

      g_test_add_data_func (path, &retries[i], test_retry);
    }
  return G_N_ELEMENTS (retries);
}
