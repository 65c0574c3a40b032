/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stopping and time limits, in every state an exchange can be in, as the server sees them: the
 * socket is closed, one end is reported, nothing after it. */

#include "config.h"

#include "answers.h"
#include "raw-server.h"
#include "sc-http-private.h"

#include <string.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

static ScHttpRequest *
new_request (RawServer *server)
{
  g_autofree char *url = raw_server_dup_url (server, "http", "/");
  ScHttpRequest *request = sc_http_request_new ("POST", url);

  sc_http_request_set_json (request, g_strdup ("{}"));
  return request;
}

static void
assert_stopped (Answer    *answer,
                RawServer *server)
{
  answer_wait_done (answer);
  g_assert_error (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (server != NULL)
    raw_server_wait_client_closed (server, 0);
  answer_run_pending ();
  g_assert_cmpuint (answer->n_done, ==, 1);
}

static void
test_cancel_before (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  g_cancellable_cancel (answer->cancellable);
  answer_start (answer, new_request (server), NULL);
  assert_stopped (answer, NULL);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 0);
  g_assert_cmpuint (answer->n_headers, ==, 0);
}

static void
test_cancel_at_once (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD, RAW_END);
  answer_start (answer, new_request (server), NULL);
  g_cancellable_cancel (answer->cancellable);
  g_assert_cmpuint (answer->n_done, ==, 0);
  assert_stopped (answer, NULL);
  g_assert_cmpuint (answer->n_headers, ==, 0);
}

static void
test_cancel_while_sending (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  ScHttpRequest *request = new_request (server);

  /* More than the kernel takes. */
  sc_http_request_set_json (request, g_strnfill (32 * 1024 * 1024, ' '));
  raw_server_add_script (server, RAW_WAIT_BYTES, 100, RAW_GATE, RAW_END);
  answer_start (answer, request, NULL);
  raw_server_wait_idle (server, 0);
  g_cancellable_cancel (answer->cancellable);
  answer_wait_done (answer);
  g_assert_error (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  raw_server_open_gate (server);
  raw_server_wait_client_closed (server, 0);
}

static void
test_cancel_before_headers (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  raw_server_wait_idle (server, 0);
  g_cancellable_cancel (answer->cancellable);
  assert_stopped (answer, server);
  g_assert_cmpuint (answer->n_headers, ==, 0);
}

static void
test_cancel_in_headers (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "data: 1\n\n", RAW_STALL,
                         RAW_END);
  answer->cancel_in = 'h';
  answer_start (answer, new_request (server), NULL);
  assert_stopped (answer, server);
  g_assert_cmpuint (answer->n_headers, ==, 1);
  g_assert_cmpuint (answer->n_bytes, ==, 0);
}

static void
test_cancel_before_first_byte (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  while (answer->n_headers == 0)
    g_main_context_iteration (NULL, TRUE);
  answer_run_pending ();
  g_cancellable_cancel (answer->cancellable);
  assert_stopped (answer, server);
  g_assert_cmpuint (answer->n_bytes, ==, 0);
}

static void
test_cancel_in_stall (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "abc", RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  answer_wait_bytes (answer, 3);
  answer_run_pending ();
  g_cancellable_cancel (answer->cancellable);
  assert_stopped (answer, server);
  g_assert_cmpstr (answer->body->str, ==, "abc");
}

static void
test_cancel_in_chunk (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc",
                         RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  answer_wait_bytes (answer, 3);
  g_cancellable_cancel (answer->cancellable);
  assert_stopped (answer, server);
}

/* In the middle of a flood, from inside the handler: not one byte more is reported. */
static void
test_cancel_in_flood (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *flood = g_strnfill (10000, 'x');

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD, RAW_SEND_FOREVER, flood,
                         RAW_END);
  answer->cancel_in = 'b';
  answer_start (answer, new_request (server), NULL);
  assert_stopped (answer, server);
  g_assert_cmpuint (answer->n_bytes, ==, 1);
}

/* Paused, nothing waits for the socket: the stop must come through all the same. */
static void
test_cancel_while_paused (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *flood = g_strnfill (10000, 'x');

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD, RAW_SEND_FOREVER, flood,
                         RAW_END);
  answer->pauses = TRUE;
  answer_start (answer, new_request (server), NULL);
  answer_wait_bytes (answer, 1);
  answer_run_pending ();
  g_cancellable_cancel (answer->cancellable);
  assert_stopped (answer, server);
  g_assert_cmpuint (answer->n_bytes, ==, 1);
}

static void
test_cancel_after_done (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", RAW_END);
  answer_start (answer, new_request (server), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_cancellable_cancel (answer->cancellable);
  sc_http_exchange_pause (answer->exchange);
  sc_http_exchange_resume (answer->exchange);
  answer_run_pending ();
  g_assert_cmpuint (answer->n_done, ==, 1);
}

/* Freeing stops as well, and reports nothing any more. */
static void
test_free_midway (gconstpointer data)
{
  gboolean has_headers = GPOINTER_TO_INT (data);
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, has_headers ? OK_HEAD "abc" : "",
                         RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  if (has_headers)
    answer_wait_bytes (answer, 3);
  else
    raw_server_wait_idle (server, 0);
  g_clear_pointer (&answer->exchange, sc_http_exchange_free);
  raw_server_wait_client_closed (server, 0);
  answer_run_pending ();
  g_assert_cmpuint (answer->n_done, ==, 0);
}

/* The others go on. */
static void
test_cancel_one_of_two (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) first = answer_new (NULL);
  Answer *second = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "abc", RAW_STALL, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "def", RAW_GATE, RAW_SEND,
                         "ghi", RAW_CLOSE, RAW_END);
  sc_http_client_unref (second->client);
  second->client = sc_http_client_ref (first->client);
  answer_start (first, new_request (server), NULL);
  answer_wait_bytes (first, 3);
  answer_start (second, new_request (server), NULL);
  answer_wait_bytes (second, 3);
  g_cancellable_cancel (first->cancellable);
  assert_stopped (first, server);
  raw_server_open_gate (server);
  answer_wait_done (second);
  g_assert_no_error (second->error);
  g_assert_cmpstr (second->body->str, ==, "defghi");
  answer_free (second);
}

/* Clocks: short ones, and the others off, so that the right one must be named. */

static void
assert_timed_out (Answer     *answer,
                  RawServer  *server,
                  const char *words)
{
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (answer->error->message, words));
  raw_server_wait_client_closed (server, 0);
}

static void
test_clock_send (void)
{
  static const ScTimeouts timeouts = { .idle_ms = 50 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  ScHttpRequest *request = new_request (server);

  sc_http_request_set_json (request, g_strnfill (32 * 1024 * 1024, ' '));
  raw_server_add_script (server, RAW_WAIT_BYTES, 100, RAW_GATE, RAW_END);
  answer_start (answer, request, &timeouts);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (answer->error->message, "took nothing"));
  raw_server_open_gate (server);
  raw_server_wait_client_closed (server, 0);
}

static void
test_clock_first_byte (void)
{
  static const ScTimeouts timeouts = { .first_byte_ms = 50 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  assert_timed_out (answer, server, "limit for the first byte");
}

static void
test_clock_first_byte_after_headers (void)
{
  static const ScTimeouts timeouts = { .first_byte_ms = 100 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  assert_timed_out (answer, server, "limit for the first byte");
}

static void
test_clock_idle (gconstpointer head)
{
  static const ScTimeouts timeouts = { .idle_ms = 50 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, head, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  assert_timed_out (answer, server, "Nothing came");
}

/* Comments are bytes: each one sets the idle clock back. The server sends one only after the one
 * before arrived, so that a slow machine makes the test slow and not false. */
static void
test_clock_is_fed (void)
{
  static const ScTimeouts timeouts = { .idle_ms = 60000,
                                       .first_byte_ms = 60000,
                                       .connect_ms = 60000 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  gint64 last_us = 0;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD ":\n", RAW_GATE, RAW_SEND,
                         ":\n", RAW_GATE, RAW_SEND, ":\n", RAW_GATE, RAW_CLOSE, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  for (gsize n = 1; n <= 3; n++)
    {
      gint64 deadline_us;

      answer_wait_bytes (answer, 2 * n);
      deadline_us = sc_http_exchange_get_deadline_us (answer->exchange);
      g_assert_cmpint (deadline_us, >, last_us);
      last_us = deadline_us;
      raw_server_open_gate (server);
    }
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
}

/* Paused for longer than the limit: that is our own doing. */
static gboolean
time_passed_cb (gpointer user_data)
{
  gboolean *has_passed = user_data;

  *has_passed = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_clock_stands_in_pause (void)
{
  static const ScTimeouts timeouts = { .idle_ms = 2000, .first_byte_ms = 20 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  gboolean has_passed = FALSE;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "abc", RAW_CLOSE, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  sc_http_exchange_pause (answer->exchange);
  g_timeout_add (100, time_passed_cb, &has_passed);
  while (!has_passed || answer->n_headers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (answer->n_done, ==, 0);
  g_assert_cmpint (sc_http_exchange_get_deadline_us (answer->exchange), ==, 0);
}

static void
test_clocks_off (void)
{
  static const ScTimeouts timeouts = { 0 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "abc", RAW_GATE, RAW_CLOSE,
                         RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  answer_wait_bytes (answer, 3);
  g_assert_cmpint (sc_http_exchange_get_deadline_us (answer->exchange), ==, 0);
  raw_server_open_gate (server);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
}

/* Whole answers */

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **out = user_data;

  g_assert_null (*out);
  *out = g_object_ref (result);
}

static void
test_fetch_cancel (gconstpointer data)
{
  const char *when = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScHttpClient) client = sc_http_client_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScHttpRequest) request = new_request (server);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "abc", RAW_GATE, RAW_CLOSE,
                         RAW_END);
  if (strcmp (when, "before") == 0)
    g_cancellable_cancel (cancellable);
  sc_http_fetch_async (client, request, NULL, 100, cancellable, fetched_cb, &result);
  if (strcmp (when, "during") == 0)
    {
      raw_server_wait_idle (server, 0);
      g_cancellable_cancel (cancellable);
    }
  else
    raw_server_open_gate (server);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  body = sc_http_fetch_finish (result, NULL, NULL, &error);
  if (strcmp (when, "after") == 0)
    {
      g_cancellable_cancel (cancellable);
      answer_run_pending ();
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (body), ==, 3);
    }
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (body);
    }
  if (strcmp (when, "during") == 0)
    raw_server_wait_client_closed (server, 0);
}

/* Every way to end gives its descriptors back. */
static void
test_descriptors (void)
{
  guint n_before = 0;

  for (int round = 0; round < 3; round++)
    {
      test_cancel_before ();
      test_cancel_at_once ();
      test_cancel_before_headers ();
      test_cancel_in_headers ();
      test_cancel_in_stall ();
      test_cancel_in_flood ();
      test_cancel_while_paused ();
      test_cancel_after_done ();
      test_cancel_one_of_two ();
      test_free_midway (GINT_TO_POINTER (TRUE));
      test_free_midway (GINT_TO_POINTER (FALSE));
      test_clock_first_byte ();
      test_clock_idle (OK_HEAD);
      answer_run_pending ();
      if (round == 0)
        n_before = answer_count_fds ();
    }
  g_assert_cmpuint (answer_count_fds (), <=, n_before);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/net/http/cancel/before", test_cancel_before);
  g_test_add_func ("/net/http/cancel/at-once", test_cancel_at_once);
  g_test_add_func ("/net/http/cancel/while-sending", test_cancel_while_sending);
  g_test_add_func ("/net/http/cancel/before-headers", test_cancel_before_headers);
  g_test_add_func ("/net/http/cancel/in-headers", test_cancel_in_headers);
  g_test_add_func ("/net/http/cancel/before-first-byte", test_cancel_before_first_byte);
  g_test_add_func ("/net/http/cancel/in-stall", test_cancel_in_stall);
  g_test_add_func ("/net/http/cancel/in-chunk", test_cancel_in_chunk);
  g_test_add_func ("/net/http/cancel/in-flood", test_cancel_in_flood);
  g_test_add_func ("/net/http/cancel/while-paused", test_cancel_while_paused);
  g_test_add_func ("/net/http/cancel/after-done", test_cancel_after_done);
  g_test_add_func ("/net/http/cancel/one-of-two", test_cancel_one_of_two);
  g_test_add_data_func ("/net/http/free/before-headers", GINT_TO_POINTER (FALSE), test_free_midway);
  g_test_add_data_func ("/net/http/free/in-stall", GINT_TO_POINTER (TRUE), test_free_midway);
  g_test_add_func ("/net/http/clock/send", test_clock_send);
  g_test_add_func ("/net/http/clock/first-byte", test_clock_first_byte);
  g_test_add_func ("/net/http/clock/first-byte-after-headers", test_clock_first_byte_after_headers);
  g_test_add_data_func ("/net/http/clock/idle-after-headers", OK_HEAD, test_clock_idle);
  g_test_add_data_func ("/net/http/clock/idle-after-bytes", OK_HEAD "abc", test_clock_idle);
  g_test_add_func ("/net/http/clock/is-fed", test_clock_is_fed);
  g_test_add_func ("/net/http/clock/stands-in-pause", test_clock_stands_in_pause);
  g_test_add_func ("/net/http/clock/off", test_clocks_off);
  g_test_add_data_func ("/net/http/fetch/cancel-before", "before", test_fetch_cancel);
  g_test_add_data_func ("/net/http/fetch/cancel-during", "during", test_fetch_cancel);
  g_test_add_data_func ("/net/http/fetch/cancel-after", "after", test_fetch_cancel);
  g_test_add_func ("/net/http/descriptors", test_descriptors);
  return g_test_run ();
}
