/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The run against a scripted server: every way to its one end. */

#include "config.h"

#include "run-log.h"

#include "sc-trace.h"

#include <glib/gstdio.h>
#include <string.h>

#define QUOTA_BODY                                                                                 \
  "{\"error\":{\"message\":\"no credit for " CANARY_KEY "\",\"code\":\"insufficient_quota\"}}"
#define BUSY_BODY  "{\"error\":{\"message\":\"busy\"}}"

static void
test_ok (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;
  const ScRunTimes *times;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         SSE_HEAD THINK ("hm") TEXT ("Hel") TEXT ("lo") STOP USAGE DONE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);

  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_STOP);
  g_assert_cmpstr (log->text->str, ==, "Hello");
  g_assert_true (run_log_has (log, "{\"event\":\"reasoning\",\"text\":\"hm\"}"));
  g_assert_true (run_log_has (log, "\"input\":7,\"output\":3"));
  g_assert_cmpuint (run_log_count (log, "\"connecting\""), ==, 1);
  g_assert_cmpuint (run_log_count (log, "\"waiting\""), ==, 1);
  times = sc_run_get_times (log->run);
  g_assert_cmpuint (times->n_tries, ==, 1);
  g_assert_cmpint (times->start_us, >, 0);
  g_assert_cmpint (times->first_byte_us, >=, times->start_us);
  g_assert_cmpint (times->first_text_us, >=, times->first_byte_us);
  g_assert_cmpint (times->end_us, >=, times->first_text_us);
  received = raw_server_dup_received (server, 0);
  g_assert_nonnull (strstr (received->str, "Bearer " CANARY_KEY));
  sc_run_stop (log->run);
  g_assert_cmpuint (log->n_ends, ==, 1);
}

/* Freed in the very last event; the server never closes, so the connection is given up by the
 * drain. */
/* Complete by its protocol and without a word: that is said, and only then. */
static void
test_empty (void)
{
  static const struct
  {
    const char *answer;
    gboolean    is_told;
  } rows[] = {
    { SSE_HEAD DONE, TRUE },
    { SSE_HEAD STOP DONE, TRUE },
    { SSE_HEAD TEXT (" \\n") STOP DONE, TRUE },
    { SSE_HEAD THINK ("hm") STOP DONE, TRUE },
    { SSE_HEAD TEXT (" x") STOP DONE, FALSE },
    { SSE_HEAD "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n" DONE, FALSE },
    { SSE_HEAD "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]},"
      "\"finish_reason\":\"stop\"}]}\n\n" DONE, FALSE },
    { SSE_HEAD TEXT ("x"), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RawServer) server = raw_server_new ();
      g_autoptr (ScProfile) profile = create_profile (server);
      g_autoptr (RunLog) log = NULL;

      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, rows[i].answer, RAW_CLOSE, RAW_END);
      log = run_log_start (profile);
      run_log_wait_end (log);
      g_assert_cmpint (strstr (log->lines->str, "\"code\":\"empty\"") != NULL, ==, rows[i].is_told);
    }
}

static void
test_never_closed (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a") STOP DONE,
                         RAW_STALL, RAW_END);
  log = run_log_start (profile);
  log->free_at_end = TRUE;
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_null (log->run);
  raw_server_wait_client_closed (server, 0);
}

/* Finish reason, but neither [DONE] nor an end of the stream: complete when the drain is over. */
static void
test_drain (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a") STOP, RAW_STALL,
                         RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpint (log->reason, ==, SC_FINISH_STOP);
  raw_server_wait_client_closed (server, 0);
}

static void
test_whole (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;

  profile->stream = FALSE;
  raw_server_add_script (
      server, RAW_WAIT_REQUEST, RAW_SEND,
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},"
      "\"finish_reason\":\"stop\"}]}",
      RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "whole");
  received = raw_server_dup_received (server, 0);
  g_assert_null (strstr (received->str, "\"stream\":true"));
}

typedef struct
{
  const char *answer;
  ScError     kind;
  const char *words;
} Fault;

static const Fault faults[] = {
  { ERROR_ANSWER ("401 Unauthorized",
                  "",
                  "81",
                  "{\"error\":{\"message\":\"Incorrect key " CANARY_KEY "\",\"code\":\"bad\"}}"),
    SC_ERROR_AUTH, "Incorrect key" },
  { ERROR_ANSWER ("403 Forbidden", "X-Request-Id: " CANARY_KEY "\r\n", "28", BUSY_BODY),
    SC_ERROR_AUTH, "busy" },
  { ERROR_ANSWER ("404 Not Found", "", "28", BUSY_BODY), SC_ERROR_NOT_FOUND, "busy" },
  { ERROR_ANSWER ("400 Bad Request", "", "28", BUSY_BODY), SC_ERROR_INVALID_REQUEST, "busy" },
  { ERROR_ANSWER ("500 Oops", "", "28", BUSY_BODY), SC_ERROR_SERVER, "busy" },
  { SSE_HEAD TEXT ("half"), SC_ERROR_INTERRUPTED, "" },
  { SSE_HEAD TEXT ("half") "data: {\"error\":{\"message\":\"lost\"}}\n\n" DONE, SC_ERROR_SERVER,
    "lost" },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, fault->answer, RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, fault->kind);
  g_assert_true (run_log_has (log, fault->words));
  if (strstr (fault->answer, "half") != NULL)
    g_assert_cmpstr (log->text->str, ==, "half");
  if (log->failure->details != NULL)
    g_assert_null (strstr (log->failure->details, CANARY_KEY));
}

static void
test_refused (void)
{
  RawServer *server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_free (server);
  profile->retries = 1;
  log = run_log_start (profile);
  run_log_wait_for (log, "\"retry\"");
  sc_run_skip_wait (log->run);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_NETWORK);
  g_assert_cmpuint (sc_run_get_times (log->run)->n_tries, ==, 2);
}

static void
test_cannot_start (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) unknown = NULL;
  g_autoptr (RunLog) no_url = NULL;

  sc_profile_set (&profile->protocol, "telepathy");
  unknown = run_log_start (profile);
  run_log_wait_end (unknown);
  run_log_assert_failed (unknown, SC_ERROR_INVALID_REQUEST);

  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "no address");
  no_url = run_log_start (profile);
  run_log_wait_end (no_url);
  g_assert_nonnull (no_url->failure);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 0);
}

/* The service says how long; the user does not want to wait that long. */
static void
test_retry_skip (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ERROR_ANSWER ("503 Busy", "Retry-After: 50\r\n", "28", BUSY_BODY),
                         RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("ok") STOP DONE,
                         RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"retry\"");
  g_assert_cmpuint (log->n_ends, ==, 0);
  sc_run_skip_wait (log->run);
  sc_run_skip_wait (log->run);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "ok");
  g_assert_cmpuint (sc_run_get_times (log->run)->n_tries, ==, 2);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 2);
}

/* Waits by itself, as long as told in milliseconds, and no more often than allowed. */
static void
test_retry_used_up (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (
      server, RAW_WAIT_REQUEST, RAW_SEND,
      ERROR_ANSWER ("429 Slow", "Retry-After-Ms: 5\r\nRetry-After: 3000\r\n", "28", BUSY_BODY),
      RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_RATE_LIMIT);
  g_assert_cmpuint (run_log_count (log, "\"retry\""), ==, 2);
  g_assert_cmpuint (sc_run_get_times (log->run)->n_tries, ==, 3);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 3);
  g_assert_cmpint (log->failure->retry_after_ms, ==, 5);
}

static void
test_no_retry (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, (const char *) data, RAW_CLOSE,
                         RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_nonnull (log->failure);
  g_assert_cmpuint (run_log_count (log, "\"retry\""), ==, 0);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

/* Signs of life keep the connection alive, but they are no data. */
static void
test_quiet_and_data (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.quiet_ms = 30;
  profile->timeouts.data_ms = 400;
  if (data != NULL)
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"),
                           RAW_SEND_FOREVER, COMMENT, RAW_END);
  else
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_STALL,
                           RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_TIMEOUT);
  g_assert_true (run_log_has (log, "\"quiet\""));
  g_assert_cmpstr (log->text->str, ==, "a");
  raw_server_wait_client_closed (server, 0);
}

static void
test_quiet_then_active (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.quiet_ms = 20;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_GATE,
                         RAW_SEND, TEXT ("b"), RAW_GATE, RAW_SEND, STOP DONE, RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"text\":\"a\"");
  run_log_wait_for (log, "\"quiet\"");
  g_assert_cmpuint (log->n_ends, ==, 0);
  raw_server_open_gate (server);
  run_log_wait_for (log, "\"active\"");
  run_log_wait_for (log, "\"text\":\"b\"");
  raw_server_open_gate (server);
  run_log_wait_end (log);
  g_assert_null (log->failure);
}

/* Connect, first byte and bytes-idle run in the transport; here only that they get there. */
static void
test_first_byte_clock (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.first_byte_ms = 30;
  profile->retries = 1;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_TIMEOUT);
  raw_server_wait_client_closed (server, 0);
}

static void
assert_stopped (RunLog    *log,
                RawServer *server)
{
  run_log_assert_failed (log, SC_ERROR_CANCELLED);
  g_assert_true (g_str_has_suffix (log->lines->str, "}\n"));
  if (raw_server_count_connections (server) > 0)
    raw_server_wait_client_closed (server, raw_server_count_connections (server) - 1);
  g_assert_cmpuint (log->n_ends, ==, 1);
}

static void
test_stop_before_start (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = run_log_start (profile);

  sc_run_stop (log->run);
  assert_stopped (log, server);
  sc_run_stop (log->run);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (raw_server_count_connections (server), ==, 0);
}

static void
test_stop_before_headers (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  raw_server_wait_idle (server, 0);
  sc_run_stop (log->run);
  assert_stopped (log, server);
}

static void
test_stop_before_text (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD COMMENT, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"waiting\"");
  raw_server_wait_idle (server, 0);
  sc_run_stop (log->run);
  assert_stopped (log, server);
}

static void
test_stop_in_stall (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->timeouts.quiet_ms = 10;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("kept"), RAW_STALL,
                         RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"kept\"");
  run_log_wait_for (log, "\"quiet\"");
  sc_run_stop (log->run);
  assert_stopped (log, server);
  g_assert_cmpstr (log->text->str, ==, "kept");
}

/* Stopped and freed inside an event, in the middle of a read that holds more events and of a stream
 * without end. */
static void
test_stop_in_event (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         SSE_HEAD TEXT ("a") TEXT ("b") TEXT ("c"), RAW_SEND_FOREVER, TEXT ("d"),
                         RAW_END);
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
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ERROR_ANSWER ("503 Busy", "Retry-After: 50\r\n", "28", BUSY_BODY),
                         RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"retry\"");
  sc_run_stop (log->run);
  assert_stopped (log, server);
  sc_run_skip_wait (log->run);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

/* Stopped inside the notice that the wait begins. */
static void
test_stop_in_retry_notice (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  profile->retries = 2;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ERROR_ANSWER ("503 Busy", "", "28", BUSY_BODY), RAW_STALL, RAW_END);
  log = run_log_start (profile);
  log->stop_at = "retry";
  log->free_at_end = TRUE;
  run_log_wait_end (log);
  assert_stopped (log, server);
}

/* Freed before its end: silent, and the socket is closed all the same. */
static void
test_free_running (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_STALL,
                         RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"a\"");
  g_clear_pointer (&log->run, sc_run_free);
  raw_server_wait_client_closed (server, 0);
  g_assert_cmpuint (log->n_ends, ==, 0);
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static gboolean
set_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* While paused nothing comes and no clock runs out; Stop works all the same. */
static void
test_pause (gconstpointer data)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;
  gsize length;
  gboolean passed = FALSE;

  profile->timeouts.quiet_ms = 20;
  profile->timeouts.data_ms = 40;
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_GATE,
                         RAW_SEND, TEXT ("b") STOP DONE, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  run_log_wait_for (log, "\"a\"");
  sc_run_set_paused (log->run, TRUE);
  sc_run_set_paused (log->run, TRUE);
  raw_server_open_gate (server);
  length = log->lines->len;
  /* Longer than both clocks: what would come would have come. */
  g_timeout_add (120, set_cb, &passed);
  wait_until (is_set, &passed);
  g_assert_cmpuint (log->lines->len, ==, length);

  if (data != NULL)
    {
      sc_run_stop (log->run);
      assert_stopped (log, server);
      return;
    }
  sc_run_set_paused (log->run, FALSE);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpstr (log->text->str, ==, "ab");
}

static guint
count_lines (const char *text,
             const char *what)
{
  g_autofree char *words = g_strdup_printf ("\"what\":\"%s\"", what);
  guint n = 0;

  for (const char *p = text; (p = strstr (p, words)) != NULL; p++)
    n++;
  return n;
}

/* One finish a run, however it ends; never a key, never a word of the answer. */
static void
test_trace (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) complete = NULL;
  g_autoptr (RunLog) stopped = NULL;
  g_autoptr (RunLog) dropped = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "stream-chat-trace-XXXXXX", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  ScTrace *trace;
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  trace = sc_trace_open (path, &error);
  g_assert_no_error (error);
  sc_trace_set_default (trace);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         SSE_HEAD TEXT ("secret words") STOP DONE, RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("secret words"),
                         RAW_STALL, RAW_END);
  complete = run_log_start (profile);
  run_log_wait_end (complete);
  stopped = run_log_start (profile);
  run_log_wait_for (stopped, "secret");
  sc_run_stop (stopped->run);
  dropped = run_log_start (profile);
  g_clear_pointer (&dropped->run, sc_run_free);

  sc_trace_close (trace);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_lines (text, "finish"), ==, 3);
  g_assert_cmpuint (count_lines (text, "first-byte"), ==, 2);
  g_assert_cmpuint (count_lines (text, "first-text"), ==, 2);
  g_assert_cmpuint (count_lines (text, "read"), >=, 2);
  g_assert_nonnull (strstr (text, "\"bytes\":"));
  g_assert_null (strstr (text, "secret"));
  g_assert_null (strstr (text, CANARY_KEY));
  g_unlink (path);
}

/* All events of one read are one batch. */
static void
test_batch (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) burst = g_string_new (SSE_HEAD);

  for (guint i = 0; i < 500; i++)
    g_string_append (burst, TEXT ("x"));
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, burst->str, RAW_GATE, RAW_SEND,
                         STOP DONE, RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  while (log->text->len < 500)
    g_main_context_iteration (NULL, TRUE);
  raw_server_open_gate (server);
  run_log_wait_end (log);
  g_assert_cmpuint (log->n_batches, >, 0);
  g_assert_cmpuint (log->n_batches, <, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/chat/run/ok", test_ok);
  g_test_add_func ("/chat/run/empty", test_empty);
  g_test_add_func ("/chat/run/never-closed", test_never_closed);
  g_test_add_func ("/chat/run/drain", test_drain);
  g_test_add_func ("/chat/run/whole", test_whole);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strdup_printf ("/chat/run/fault/%u", i);

      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_func ("/chat/run/refused", test_refused);
  g_test_add_func ("/chat/run/cannot-start", test_cannot_start);
  g_test_add_func ("/chat/run/retry/skip", test_retry_skip);
  g_test_add_func ("/chat/run/retry/used-up", test_retry_used_up);
  g_test_add_data_func ("/chat/run/no-retry/quota", ERROR_ANSWER ("429 Slow", "Retry-After-Ms: 1\r\n", "96", QUOTA_BODY), test_no_retry);
  g_test_add_data_func ("/chat/run/no-retry/too-long", ERROR_ANSWER ("503 Busy", "Retry-After: 61\r\n", "28", BUSY_BODY), test_no_retry);
  g_test_add_data_func ("/chat/run/no-retry/said-so", ERROR_ANSWER ("503 Busy", "X-Should-Retry: false\r\n", "28", BUSY_BODY), test_no_retry);
  g_test_add_data_func ("/chat/run/no-retry/bad-request", ERROR_ANSWER ("400 Bad", "", "28", BUSY_BODY), test_no_retry);
  g_test_add_data_func ("/chat/run/no-retry/text-shown", SSE_HEAD TEXT ("a"), test_no_retry);
  g_test_add_data_func ("/chat/run/no-retry/reasoning-shown", SSE_HEAD THINK ("a"), test_no_retry);
  g_test_add_data_func ("/chat/run/data-clock/stall", NULL, test_quiet_and_data);
  g_test_add_data_func ("/chat/run/data-clock/comments", "comments", test_quiet_and_data);
  g_test_add_func ("/chat/run/quiet-then-active", test_quiet_then_active);
  g_test_add_func ("/chat/run/first-byte-clock", test_first_byte_clock);
  g_test_add_func ("/chat/run/stop/before-start", test_stop_before_start);
  g_test_add_func ("/chat/run/stop/before-headers", test_stop_before_headers);
  g_test_add_func ("/chat/run/stop/before-text", test_stop_before_text);
  g_test_add_func ("/chat/run/stop/in-stall", test_stop_in_stall);
  g_test_add_data_func ("/chat/run/stop/in-text", "text", test_stop_in_event);
  g_test_add_data_func ("/chat/run/stop/in-connecting", "connecting", test_stop_in_event);
  g_test_add_data_func ("/chat/run/stop/in-waiting", "waiting", test_stop_in_event);
  g_test_add_func ("/chat/run/stop/in-retry-wait", test_stop_in_retry_wait);
  g_test_add_func ("/chat/run/stop/in-retry-notice", test_stop_in_retry_notice);
  g_test_add_func ("/chat/run/free-running", test_free_running);
  g_test_add_data_func ("/chat/run/pause/resume", NULL, test_pause);
  g_test_add_data_func ("/chat/run/pause/stop", "stop", test_pause);
  g_test_add_func ("/chat/run/trace", test_trace);
  g_test_add_func ("/chat/run/batch", test_batch);

  return g_test_run ();
}
