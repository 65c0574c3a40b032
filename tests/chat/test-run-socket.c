/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs over a WebSocket against a scripted server: the same events, clocks, retries and ends as
 * over HTTP, the stop in every state, and the interruption of a model that speaks. */

#include "config.h"

#include "run-log.h"

#include <string.h>

#define GOODBYE "\x88\x02\x03\xe8"

/* Responses */
#define CREATED "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\"}}"
#define SAY(text) \
  "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"" \
  text "\"}"
#define COMPLETED \
  "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\"," \
  "\"output\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}}"
#define IN_PROGRESS "{\"type\":\"response.in_progress\",\"response\":{\"id\":\"resp_1\"}}"
#define FULL \
  "{\"type\":\"error\",\"status\":400,\"error\":{\"code\":\"websocket_connection_limit_reached\"," \
  "\"message\":\"An hour is over.\"}}"

/* Realtime */
#define SESSION "{\"type\":\"session.created\",\"session\":{\"model\":\"m\"}}"
#define ANSWERED \
  "{\"type\":\"response.done\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\"," \
  "\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}}"

static ScProfile *
create_socket_profile (RawServer  *server,
                       const char *protocol)
{
  ScProfile *profile = create_profile (server);

  sc_profile_set (&profile->protocol, protocol);
  return profile;
}

static void
test_responses (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;
  g_autofree char *said = NULL;
  const ScRunTimes *times;

  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, CREATED,
                         RAW_SEND_MESSAGE, SAY ("Hel"), RAW_SEND_MESSAGE, SAY ("lo"),
                         RAW_SEND_MESSAGE, COMPLETED, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log->text->str, ==, "Hello");
  g_assert_true (run_log_has (log, "\"input\":7,\"output\":3"));
  g_assert_cmpuint (run_log_count (log, "\"connecting\""), ==, 1);
  g_assert_cmpuint (run_log_count (log, "\"waiting\""), ==, 1);
  times = sc_run_get_times (log->run);
  g_assert_cmpint (times->first_byte_us, >=, times->start_us);
  g_assert_cmpint (times->first_text_us, >=, times->first_byte_us);
  g_assert_cmpint (times->end_us, >=, times->first_text_us);

  /* The server learns at once that nothing more is wanted of it. */
  raw_server_wait_client_closed (server, 0);
  received = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (received->str, "GET /v1/responses HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (received->str, "Bearer " CANARY_KEY));
  said = raw_server_dup_messages (server, 0);
  g_assert_true (g_str_has_prefix (said, "{\"type\":\"response.create\",\"model\":\"m\""));
  g_assert_nonnull (strstr (said, "hello"));
  g_assert_true (g_str_has_suffix (said, "}\n(close 1000)\n"));
  g_assert_null (strstr (said, CANARY_KEY));
}

static void
test_realtime (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;
  g_autofree char *said = NULL;
  g_auto (GStrv) lines = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SESSION, RAW_WAIT_MESSAGES, 3,
                         RAW_SEND_MESSAGE, CREATED, RAW_SEND_MESSAGE, SAY ("Hello"),
                         RAW_SEND_MESSAGE, ANSWERED, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "Hello");
  raw_server_wait_client_closed (server, 0);
  received = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (received->str, "GET /v1/realtime?model=m HTTP/1.1\r\n"));
  said = raw_server_dup_messages (server, 0);
  lines = g_strsplit (said, "\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "{\"type\":\"session.update\""));
  g_assert_true (g_str_has_prefix (lines[1], "{\"type\":\"conversation.item.create\""));
  g_assert_true (g_str_has_prefix (lines[2], "{\"type\":\"response.create\""));
  g_assert_cmpstr (lines[3], ==, "(close 1000)");
}

/* Freed in the very last event, while the goodbye is under way. */
static void
test_free_at_end (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_SEND_MESSAGE,
                         COMPLETED, RAW_SEND_MESSAGE, SAY ("late"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  log->free_at_end = TRUE;
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "a");
  raw_server_wait_client_closed (server, 0);
}

static void
test_big (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;
  g_autofree char *big = g_strnfill (300 * 1024, 'x');
  g_autofree char *message = g_strdup_printf (SAY ("%s"), big);

  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, message,
                         RAW_SEND_MESSAGE, COMPLETED, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpuint (log->text->len, ==, strlen (big));
}

/* Ends */

/* @first: what is sent as messages before, or NULL; @bytes: what is sent after it as it is */
typedef struct
{
  const char *name;
  const char *protocol;
  const char *first;
  const char *bytes;
  RawAction   then;
  ScError     kind;
  const char *words;
} Fault;

static const Fault faults[] = {
  { "goodbye-in-answer", "openai-responses-ws", SAY ("half"), GOODBYE, RAW_STALL,
    SC_ERROR_INTERRUPTED, "" },
  { "cut-in-answer", "openai-responses-ws", SAY ("half"), "", RAW_CLOSE, SC_ERROR_INTERRUPTED, "" },
  { "cut-in-frame", "openai-responses-ws", SAY ("half"), "\x81\x20{\"type\":", RAW_CLOSE,
    SC_ERROR_INTERRUPTED, "" },
  { "goodbye-in-realtime", "openai-realtime", SAY ("half"), GOODBYE, RAW_STALL,
    SC_ERROR_INTERRUPTED, "" },
  { "nothing", "openai-responses-ws", NULL, GOODBYE, RAW_STALL, SC_ERROR_INTERRUPTED,
    "empty answer" },
  { "reason", "openai-realtime", SESSION, "\x88\x0f\x0b\xb8" "no such model", RAW_STALL,
    SC_ERROR_INTERRUPTED, "no such model" },
  { "server-error", "openai-responses-ws", SAY ("half"), "\x88\x06\x03\xf3" "boom", RAW_STALL,
    SC_ERROR_SERVER, "boom" },
  { "policy", "openai-realtime", SAY ("half"), "\x88\x09\x03\xf0" "no more", RAW_STALL,
    SC_ERROR_INVALID_REQUEST, "no more" },
  { "restart", "openai-realtime", SAY ("half"), "\x88\x02\x03\xf4", RAW_STALL, SC_ERROR_OVERLOADED,
    "1012" },
  { "server-error-no-words", "openai-responses-ws", SAY ("half"), "\x88\x02\x03\xf3", RAW_STALL,
    SC_ERROR_SERVER, "1011" },
  { "garbage", "openai-responses-ws", SAY ("half"), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    RAW_STALL, SC_ERROR_PROTOCOL, "rules of WebSockets" },
  { "no-beginning", "openai-responses-ws", SAY ("half"), "\x80\x01x", RAW_STALL,
    SC_ERROR_PROTOCOL, "rules of WebSockets" },
  { "invalid-utf8", "openai-responses-ws", SAY ("half"), "\x81\x03" "a\xff" "b", RAW_STALL,
    SC_ERROR_PROTOCOL, "rules of WebSockets" },
  { "too-big", "openai-realtime", SAY ("half"), "\x81\x7f\x01\x01\x01\x01\x01\x01\x01\x01{",
    RAW_STALL, SC_ERROR_PROTOCOL, "" },
  { "error-nested", "openai-responses-ws",
    "{\"type\":\"error\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"No credit for "
    CANARY_KEY "\"}}",
    "", RAW_STALL, SC_ERROR_QUOTA, "No credit" },
  { "error-flat", "openai-responses-ws",
    "{\"type\":\"error\",\"code\":\"context_length_exceeded\",\"message\":\"Too long\"}", "",
    RAW_STALL, SC_ERROR_INVALID_REQUEST, "Too long" },
  { "error-realtime", "openai-realtime",
    "{\"type\":\"error\",\"error\":{\"code\":\"invalid_api_key\",\"message\":\"Wrong key\"}}", "",
    RAW_STALL, SC_ERROR_AUTH, "Wrong key" },
  { "no-json", "openai-responses-ws", "{\"type\":", "", RAW_STALL, SC_ERROR_PROTOCOL, "" },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, fault->protocol);
  g_autoptr (RunLog) log = NULL;

  if (fault->first != NULL)
    raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, fault->first, RAW_SEND,
                           fault->bytes, fault->then, RAW_END);
  else
    raw_server_add_script (server, RAW_UPGRADE, RAW_SEND, fault->bytes, fault->then, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, fault->kind);
  g_assert_nonnull (strstr (log->failure->message, fault->words));
  g_assert_cmpstr (log->text->str, ==,
                   g_strcmp0 (fault->first, SAY ("half")) == 0 ? "half" : "");
  if (fault->then == RAW_STALL)
    raw_server_wait_client_closed (server, 0);
}

/* No upgrade: the status says why. */
static const Fault refusals[] = {
  { "key", "openai-responses-ws", NULL,
    ERROR_ANSWER ("401 Unauthorized", "X-Request-Id: r7\r\n", "2", "{}"), RAW_CLOSE, SC_ERROR_AUTH,
    "" },
  { "forbidden", "openai-responses-ws", NULL,
    ERROR_ANSWER ("403 Forbidden", "X-Request-Id: r7\r\n", "2", "{}"), RAW_CLOSE, SC_ERROR_AUTH,
    "" },
  { "gate", "openai-realtime", NULL,
    "HTTP/1.1 400 Bad\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>x</title>",
    RAW_CLOSE, SC_ERROR_INVALID_REQUEST, "" },
  { "wrong-accept", "openai-responses-ws", NULL,
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: bm90IGl0\r\n\r\n",
    RAW_CLOSE, SC_ERROR_PROTOCOL, "WebSocket" },
  { "path", "openai-realtime", NULL, ERROR_ANSWER ("404 Not Found", "", "2", "{}"), RAW_CLOSE,
    SC_ERROR_NOT_FOUND, "" },
  { "moved", "openai-realtime", NULL,
    ERROR_ANSWER ("302 Found", "Location: https://other.example/\r\n", "2", "{}"), RAW_CLOSE,
    SC_ERROR_NOT_FOUND, "other.example" },
  { "page", "openai-responses-ws", NULL, ERROR_ANSWER ("200 OK", "", "2", "{}"), RAW_CLOSE,
    SC_ERROR_PROTOCOL, "WebSocket" },
};

static void
test_refusal (gconstpointer data)
{
  const Fault *refusal = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, refusal->protocol);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, refusal->bytes, RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, refusal->kind);
  g_assert_nonnull (strstr (log->failure->message, refusal->words));
  if (refusal->kind == SC_ERROR_AUTH)
    g_assert_cmpstr (log->failure->request_id, ==, "r7");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

static void
test_no_server (void)
{
  RawServer *server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  raw_server_free (server);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_NETWORK);
}

/* Retries */

static void
test_retry (gconstpointer data)
{
  const char *how = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  profile->retries = 1;
  if (strcmp (how, "limit") == 0)
    raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, FULL,
                           RAW_STALL, RAW_END);
  else if (strcmp (how, "empty") == 0)
    raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND, GOODBYE, RAW_STALL,
                           RAW_END);
  else
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                           ERROR_ANSWER ("429 Slow", "Retry-After: 40\r\n", "2", "{}"), RAW_CLOSE,
                           RAW_END);
  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, SAY ("ok"),
                         RAW_SEND_MESSAGE, COMPLETED, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"retry\"");
  g_assert_cmpuint (log->n_ends, ==, 0);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
  sc_run_skip_wait (log->run);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "ok");
  /* The whole request again: nothing is left of the first connection. */
  first = raw_server_dup_messages (server, 0);
  second = raw_server_dup_messages (server, 1);
  g_assert_nonnull (strstr (second, "\"response.create\""));
  if (strcmp (how, "refused") != 0)
    g_assert_cmpint (strncmp (first, second, strcspn (first, "\n")), ==, 0);
}

/* Not after something was shown. */
static void
test_no_retry (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("half"), RAW_SEND_MESSAGE,
                         FULL, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_OVERLOADED);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

/* Clocks */

/* Events that say nothing are signs of life, no data; pings are not even seen. */
static void
test_quiet_and_data (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.quiet_ms = 30;
  profile->timeouts.data_ms = 400;
  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_SEND_MESSAGE,
                         data != NULL ? data : IN_PROGRESS, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (log->failure->message, "no data"));
  g_assert_true (run_log_has (log, "\"quiet\""));
  g_assert_cmpstr (log->text->str, ==, "a");
  raw_server_wait_client_closed (server, 0);
}

static void
test_first_byte_clock (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.first_byte_ms = 50;
  raw_server_add_script (server, RAW_UPGRADE, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_TIMEOUT);
  raw_server_wait_client_closed (server, 0);
}

static void
test_pause (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_GATE,
                         RAW_SEND_MESSAGE, SAY ("b"), RAW_SEND_MESSAGE, COMPLETED, RAW_STALL,
                         RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"a\"");
  sc_run_set_paused (log->run, TRUE);
  raw_server_open_gate (server);
  raw_server_wait_idle (server, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpstr (log->text->str, ==, "a");
  sc_run_set_paused (log->run, FALSE);
  run_log_wait_end (log);
  g_assert_cmpstr (log->text->str, ==, "ab");
}

/* Stops */

static void
assert_stopped (RunLog    *log,
                RawServer *server)
{
  run_log_assert_failed (log, SC_ERROR_CANCELLED);
  if (raw_server_count_connections (server) > 0)
    raw_server_wait_client_closed (server, raw_server_count_connections (server) - 1);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (log->n_ends, ==, 1);
}

static void
test_stop_before_start (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = run_log_start (profile);

  sc_run_stop (log->run);
  assert_stopped (log, server);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 0);
}

static void
test_stop_before_upgrade (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  raw_server_wait_idle (server, 0);
  sc_run_stop (log->run);
  assert_stopped (log, server);
}

/* The model speaks: Realtime is told to stop, Responses understands the end of the connection. */
static void
test_interruption (gconstpointer data)
{
  const char *protocol = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, protocol);
  g_autoptr (RunLog) log = NULL;
  g_autofree char *said = NULL;
  const char *last;

  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, CREATED,
                         RAW_SEND_MESSAGE, SAY ("Half a"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "Half a");
  sc_run_stop (log->run);
  assert_stopped (log, server);
  g_assert_cmpstr (log->text->str, ==, "Half a");
  said = raw_server_dup_messages (server, 0);
  last = "\n{\"type\":\"response.cancel\",\"response_id\":\"resp_1\"}\n(close 1000)\n";
  if (strcmp (protocol, "openai-realtime") == 0)
    g_assert_true (g_str_has_suffix (said, last));
  else
    {
      g_assert_true (g_str_has_suffix (said, "}\n(close 1000)\n"));
      g_assert_null (strstr (said, "response.cancel"));
    }
}

/* Before the model began there is no response to name. */
static void
test_stop_before_text (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = NULL;
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SESSION, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"waiting\"");
  raw_server_wait_idle (server, 0);
  sc_run_stop (log->run);
  assert_stopped (log, server);
  said = raw_server_dup_messages (server, 0);
  g_assert_true (g_str_has_suffix (said, "\n{\"type\":\"response.cancel\"}\n(close 1000)\n"));
}

static void
test_stop_in_stall (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.quiet_ms = 10;
  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("kept"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"kept\"");
  run_log_wait_for (log, "\"quiet\"");
  sc_run_stop (log->run);
  assert_stopped (log, server);
  g_assert_cmpstr (log->text->str, ==, "kept");
}

/* Stopped and freed inside an event, with more messages waiting. */
static void
test_stop_in_event (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_SEND_MESSAGE,
                         SAY ("b"), RAW_SEND_MESSAGE, SAY ("c"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  log->stop_at = data;
  log->free_at_end = TRUE;
  run_log_wait_end (log);
  assert_stopped (log, server);
  if (g_str_equal (data, "text"))
    g_assert_cmpstr (log->text->str, ==, "a");
}

static void
test_stop_in_retry_wait (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, FULL, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"retry\"");
  /* The connection that failed is closed already. */
  raw_server_wait_client_closed (server, 0);
  sc_run_stop (log->run);
  assert_stopped (log, server);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

static void
test_stop_paused (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-responses-ws");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"a\"");
  sc_run_set_paused (log->run, TRUE);
  sc_run_stop (log->run);
  assert_stopped (log, server);
}

static void
test_free_midway (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_socket_profile (server, "openai-realtime");
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, SAY ("a"), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"a\"");
  g_clear_pointer (&log->run, sc_run_free);
  raw_server_wait_client_closed (server, 0);
  g_assert_cmpuint (log->n_ends, ==, 0);
}

#define PATH "/chat/run-socket/"

static void
add_faults (const char    *group,
            const Fault   *table,
            guint          n_rows,
            GTestDataFunc  func)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strconcat (PATH, group, "/", table[i].name, NULL);

      g_test_add_data_func (path, &table[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func (PATH "responses", test_responses);
  g_test_add_func (PATH "realtime", test_realtime);
  g_test_add_func (PATH "free-at-end", test_free_at_end);
  g_test_add_func (PATH "big", test_big);
  add_faults ("fault", faults, G_N_ELEMENTS (faults), test_fault);
  add_faults ("refusal", refusals, G_N_ELEMENTS (refusals), test_refusal);
  g_test_add_func (PATH "no-server", test_no_server);
  g_test_add_data_func (PATH "retry/limit", "limit", test_retry);
  g_test_add_data_func (PATH "retry/empty", "empty", test_retry);
  g_test_add_data_func (PATH "retry/refused", "refused", test_retry);
  g_test_add_func (PATH "retry/not-after-text", test_no_retry);
  g_test_add_data_func (PATH "clock/data", NULL, test_quiet_and_data);
  g_test_add_data_func (PATH "clock/data-unknown-event", "{\"type\":\"x\"}", test_quiet_and_data);
  g_test_add_func (PATH "clock/first-byte", test_first_byte_clock);
  g_test_add_func (PATH "pause", test_pause);
  g_test_add_func (PATH "stop/before-start", test_stop_before_start);
  g_test_add_func (PATH "stop/before-upgrade", test_stop_before_upgrade);
  g_test_add_func (PATH "stop/before-text", test_stop_before_text);
  g_test_add_data_func (PATH "interruption/realtime", "openai-realtime", test_interruption);
  g_test_add_data_func (PATH "interruption/responses", "openai-responses-ws", test_interruption);
  g_test_add_func (PATH "stop/in-stall", test_stop_in_stall);
  g_test_add_data_func (PATH "stop/in-connecting", "connecting", test_stop_in_event);
  g_test_add_data_func (PATH "stop/in-waiting", "waiting", test_stop_in_event);
  g_test_add_data_func (PATH "stop/in-text", "text", test_stop_in_event);
  g_test_add_func (PATH "stop/in-retry-wait", test_stop_in_retry_wait);
  g_test_add_func (PATH "stop/paused", test_stop_paused);
  g_test_add_func (PATH "free-midway", test_free_midway);
  return g_test_run ();
}
