/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests and answers over plain HTTP: what is sent, what is reported, and how every kind of
 * failure is named. */

#include "config.h"

#include "answers.h"
#include "no-names.h"
#include "raw-server.h"

#include <string.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

static ScHttpRequest *
new_request (RawServer  *server,
             const char *method,
             const char *path)
{
  g_autofree char *url = raw_server_dup_url (server, "http", path);

  return sc_http_request_new (method, url);
}

static void
test_request (void)
{
  g_autoptr (ScHttpRequest) request = sc_http_request_new ("POST", "http://h/");

  sc_http_request_set_header (request, "X-Key", "one");
  sc_http_request_set_header (request, "x-key", "two ");
  g_assert_cmpuint (request->headers->len, ==, 1);
  g_assert_cmpstr (sc_http_request_get_header (request, "X-KEY"), ==, "two");
  sc_http_request_set_header (request, "X-Key", "a\r\nX-Evil: 1");
  g_assert_null (sc_http_request_get_header (request, "X-Key"));
  sc_http_request_set_header (request, "X Key", "a");
  sc_http_request_set_header (request, "", "a");
  sc_http_request_set_header (request, "X:", "a");
  g_assert_cmpuint (request->headers->len, ==, 0);
  sc_http_request_set_header (request, "A", "1");
  sc_http_request_set_header (request, "A", NULL);
  g_assert_null (sc_http_request_get_header (request, "A"));
  sc_http_request_set_json (request, g_strdup ("{}"));
  sc_http_request_set_json (request, g_strdup ("[1]"));
  g_assert_cmpuint (g_bytes_get_size (request->body), ==, 3);
  g_assert_cmpstr (sc_http_request_get_header (request, "content-type"), ==, "application/json");
}

static void
test_post (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  ScHttpRequest *request = new_request (server, "POST", "/v1/x?api-version=1");
  g_autoptr (GString) received = NULL;
  const ScHttpTimings *timings;
  g_autofree char *fingerprint = NULL;
  GTlsCertificateFlags flags;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         OK_HEAD "X-Request-Id: r1\r\nContent-Length: 5\r\n\r\nhello", RAW_END);
  sc_http_request_set_header (request, "Authorization", "Bearer k");
  sc_http_request_set_header (request, "User-Agent", "other/1");
  sc_http_request_set_json (request, g_strdup ("{\"a\":1}"));
  request->is_stream = TRUE;
  answer_start (answer, request, NULL);
  answer_wait_done (answer);

  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "hello");
  g_assert_cmpint (sc_http_exchange_get_status (answer->exchange), ==, 200);
  g_assert_cmpstr (sc_http_exchange_get_header (answer->exchange, "x-request-id"), ==, "r1");
  g_assert_null (sc_http_exchange_get_header (answer->exchange, "retry-after"));
  g_assert_false (sc_http_exchange_get_certificate (answer->exchange, &fingerprint, &flags));

  received = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (received->str, "POST /v1/x?api-version=1 HTTP/1.1\r\n"));
  g_assert_true (g_str_has_suffix (received->str, "\r\n\r\n{\"a\":1}"));
  g_assert_nonnull (strstr (received->str, "\r\nAuthorization: Bearer k\r\n"));
  g_assert_nonnull (strstr (received->str, "\r\nContent-Type: application/json\r\n"));
  g_assert_nonnull (strstr (received->str, "\r\nContent-Length: 7\r\n"));
  g_assert_nonnull (strstr (received->str, "\r\nAccept-Encoding: identity\r\n"));
  g_assert_nonnull (strstr (received->str, "\r\nUser-Agent: other/1\r\n"));
  g_assert_null (strstr (received->str, "Cookie"));

  timings = sc_http_exchange_get_timings (answer->exchange);
  g_assert_cmpint (timings->start_us, >, 0);
  g_assert_cmpint (timings->connected_us, >=, timings->start_us);
  g_assert_cmpint (timings->sent_us, >=, timings->connected_us);
  g_assert_cmpint (timings->first_byte_us, >=, timings->sent_us);
  g_assert_cmpint (timings->end_us, >=, timings->first_byte_us);
  g_assert_cmpint (timings->tls_start_us, ==, 0);
}

/* The connection is kept, cookies are not, and User-Agent and Accept-Encoding are there without
 * being asked for. */
static void
test_get_twice (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autoptr (GString) received = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         OK_HEAD "Set-Cookie: a=b\r\nContent-Length: 1\r\n\r\n1", RAW_WAIT_REQUEST,
                         RAW_SEND, OK_HEAD "Content-Length: 1\r\n\r\n2", RAW_END);
  answer_start (answer, new_request (server, "GET", "/1"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "1");
  g_assert_cmpint (sc_http_exchange_get_timings (answer->exchange)->sent_us, >, 0);
  answer_start (answer, new_request (server, "GET", "/2"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "2");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
  received = raw_server_dup_received (server, 0);
  g_assert_nonnull (strstr (received->str, "GET /2 "));
  g_assert_null (strstr (received->str, "Cookie"));
  g_assert_nonnull (strstr (received->str, "\r\nUser-Agent: stream-chat/"));
  g_assert_nonnull (strstr (received->str, "\r\nAccept-Encoding: gzip"));
}

static void
test_status (gconstpointer data)
{
  int status = GPOINTER_TO_INT (data);
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %d X\r\nWWW-Authenticate: Basic realm=\"x\"\r\nRetry-After: 7\r\n"
                       "Content-Length: 5\r\n\r\nsorry",
                       status);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, head, RAW_END);
  answer_start (answer, new_request (server, "GET", "/"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpint (sc_http_exchange_get_status (answer->exchange), ==, status);
  g_assert_cmpstr (answer->body->str, ==, "sorry");
  g_assert_cmpstr (sc_http_exchange_get_header (answer->exchange, "Retry-After"), ==, "7");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

/* A redirect would carry the key to another server: it is the answer. */
static void
test_redirect (gconstpointer data)
{
  int status = GPOINTER_TO_INT (data);
  g_autoptr (RawServer) thief = raw_server_new ();
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *target = raw_server_dup_url (thief, "http", "/steal");
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status,
                       target);
  ScHttpRequest *request = new_request (server, "POST", "/");

  raw_server_add_script (thief, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "Content-Length: 0\r\n\r\n",
                         RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, head, RAW_END);
  sc_http_request_set_header (request, "x-api-key", "secret");
  sc_http_request_set_json (request, g_strdup ("{}"));
  answer_start (answer, request, NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpint (sc_http_exchange_get_status (answer->exchange), ==, status);
  g_assert_cmpstr (sc_http_exchange_get_header (answer->exchange, "Location"), ==, target);
  g_assert_cmpuint (raw_server_count_connections (thief), ==, 0);
}

static void
test_wrong_url (gconstpointer url)
{
  g_autoptr (Answer) answer = answer_new (NULL);

  answer_start (answer, sc_http_request_new ("GET", url), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
  g_assert_cmpuint (answer->n_headers, ==, 0);
  g_assert_cmpint (sc_http_exchange_get_status (answer->exchange), ==, 0);
  g_assert_null (sc_http_exchange_get_header (answer->exchange, "Date"));
}

static void
test_refused (void)
{
  RawServer *server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  ScHttpRequest *request = new_request (server, "GET", "/");

  raw_server_free (server);
  answer_start (answer, request, NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_nonnull (strstr (answer->error->message, "refused"));
}

static void
test_unknown_host (void)
{
  g_autoptr (Answer) answer = answer_new (NULL);
  GResolver *before = no_names_begin ();

  answer_start (answer, sc_http_request_new ("GET", "http://nowhere.invalid/"), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_cmpstr (answer->error->message, ==,
                   "There is no server named nowhere.invalid. Is it spelled right?");
  no_names_end (before);
}

typedef struct
{
  const char *name;
  const char *bytes;
  RawAction   end;
  const char *body;
  int         error; /* -1: none */
  gboolean    is_seen_later; /* by newer versions of libsoup only */
} Cut;

/* What libsoup tells as a clean end is one here too: only the protocol above knows whether an
 * answer is whole. Version 3.2 misses the end of the chunks, later ones do not. */
static const Cut cuts[] = {
  { "no-answer", "", RAW_CLOSE, "", SC_ERROR_NETWORK },
  { "no-answer-reset", "", RAW_RESET, "", SC_ERROR_NETWORK },
  { "half-headers", "HTTP/1.1 200 OK\r\nContent-Ty", RAW_CLOSE, "", SC_ERROR_PROTOCOL },
  { "not-http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", RAW_CLOSE, "", SC_ERROR_PROTOCOL },
  { "short-content-length", OK_HEAD "Content-Length: 100\r\n\r\nabc", RAW_CLOSE, "abc",
    SC_ERROR_INTERRUPTED },
  { "chunked-cut", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", RAW_CLOSE, "abc",
    SC_ERROR_INTERRUPTED, TRUE },
  { "chunked-whole", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
    RAW_STALL, "abcd", -1 },
  { "until-close", OK_HEAD "Connection: close\r\n\r\nabc", RAW_CLOSE, "abc", -1 },
  { "http-1.0", "HTTP/1.0 200 OK\r\n\r\nabc", RAW_CLOSE, "abc", -1 },
  { "empty", OK_HEAD "Content-Length: 0\r\n\r\n", RAW_STALL, "", -1 },
  { "no-content", "HTTP/1.1 204 No Content\r\n\r\n", RAW_STALL, "", -1 },
  { "informational",
    "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" OK_HEAD "Content-Length: 1\r\n\r\na", RAW_STALL,
    "a", -1 },
};

static void
test_cut (gconstpointer data)
{
  const Cut *cut = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, cut->bytes, cut->end, RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_done (answer);
  g_assert_cmpstr (answer->body->str, ==, cut->body);
  if (cut->error < 0 || (cut->is_seen_later && answer->error == NULL))
    g_assert_no_error (answer->error);
  else
    g_assert_error (answer->error, SC_ERROR, cut->error);
}

/* What came before the reset is kept. */
static void
test_reset_midway (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "\r\nabc", RAW_GATE, RAW_RESET,
                         RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_bytes (answer, 3);
  raw_server_open_gate (server);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_INTERRUPTED);
  g_assert_cmpstr (answer->body->str, ==, "abc");
}

static GBytes *
compress (const char *text)
{
  g_autoptr (GConverter) gzip =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GInputStream) memory =
      g_memory_input_stream_new_from_data (text, (gssize) strlen (text), NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, gzip);
  char buffer[4096];
  gsize length = 0;

  g_assert_true (g_input_stream_read_all (stream, buffer, sizeof buffer, &length, NULL, NULL));
  return g_bytes_new (buffer, length);
}

/* Asked for `identity`, a server that compresses all the same and says so is understood. */
static void
test_gzip (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  ScHttpRequest *request = new_request (server, "POST", "/");

  request->is_stream = TRUE;
  raw_server_add_script (server,
                         RAW_WAIT_REQUEST,
                         RAW_SEND, OK_HEAD "Content-Encoding: gzip\r\nConnection: close\r\n\r\n",
                         RAW_SEND_BYTES, compress ("data: hello\n\n"),
                         RAW_CLOSE, RAW_END);
  answer_start (answer, request, NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "data: hello\n\n");
}

/* Without the label the bytes are handed on as they are. */
static void
test_gzip_unlabelled (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server,
                         RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "\r\n", RAW_SEND_BYTES, compress ("x"),
                         RAW_CLOSE, RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->body->len, >, 2);
  g_assert_cmpint (memcmp (answer->body->str, "\x1f\x8b", 2), ==, 0);
}

/* The first bytes are there before the server has more: nothing on the way collects them. */
static void
test_as_it_arrives (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST,
                         RAW_SEND, OK_HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", RAW_GATE,
                         RAW_SEND, "1\r\nb\r\n1\r\nc\r\n", RAW_GATE,
                         RAW_SEND, "0\r\n\r\n", RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_bytes (answer, 1);
  g_assert_cmpstr (answer->body->str, ==, "a");
  raw_server_open_gate (server);
  answer_wait_bytes (answer, 3);
  g_assert_cmpuint (answer->n_done, ==, 0);
  raw_server_open_gate (server);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "abc");
}

static void
test_pause (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  GString *big = g_string_new (NULL);
  gsize length = 8 * 1024 * 1024;
  guint n_pauses = 0;

  g_string_set_size (big, length);
  memset (big->str, 'x', length);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "Connection: close\r\n\r\n",
                         RAW_SEND_BYTES, g_string_free_to_bytes (big), RAW_CLOSE, RAW_END);
  answer->pauses = TRUE;
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  while (answer->n_done == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      answer_run_pending ();
      /* No matter how long the main loop runs: one piece for each time it was resumed. */
      g_assert_cmpuint (answer->n_bytes, <=, n_pauses + 1);
      if (answer->n_bytes > n_pauses)
        {
          n_pauses++;
          sc_http_exchange_pause (answer->exchange);
          sc_http_exchange_resume (answer->exchange);
          sc_http_exchange_resume (answer->exchange);
        }
    }
  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->body->len, ==, length);
  g_assert_cmpuint (n_pauses, >=, length / (64 * 1024));
}

/* A pause before the headers holds back the body only; the end waits as well. */
static void
test_pause_early (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "\r\nabc", RAW_CLOSE, RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  sc_http_exchange_pause (answer->exchange);
  while (answer->n_headers == 0)
    g_main_context_iteration (NULL, TRUE);
  raw_server_wait_idle (server, 0);
  answer_run_pending ();
  g_assert_cmpuint (answer->n_bytes + answer->n_done, ==, 0);
  sc_http_exchange_resume (answer->exchange);
  answer_wait_done (answer);
  g_assert_cmpstr (answer->body->str, ==, "abc");
}

/* Sources of the priority of GTK's redraw run between the reads, however fast the server is. */
static gboolean
draw_cb (gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
  return G_SOURCE_CONTINUE;
}

static void
test_priority (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *kilobyte = g_strnfill (65536, 'x');
  guint n_frames = 0;
  guint id;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "\r\n", RAW_SEND_FOREVER,
                         kilobyte, RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_bytes (answer, 1024 * 1024);
  /* A redraw that is always due: the reads must wait for it, so the context never gets to them. */
  id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 20, draw_cb, &n_frames, NULL);
  answer->n_bytes = 0;
  for (int i = 0; i < 1000; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (n_frames, ==, 1000);
  g_assert_cmpuint (answer->n_bytes, ==, 0);
  g_source_remove (id);
  answer_wait_bytes (answer, answer->body->len + 1);
}

static void
test_big_body (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  GString *big = g_string_new (NULL);
  gsize length = 32 * 1024 * 1024;

  g_string_set_size (big, length);
  for (gsize i = 0; i < length; i++)
    big->str[i] = (char) (i * 31 >> 8);
  g_string_append_c (big, 'z');
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         OK_HEAD "Content-Length: 33554433\r\n\r\n", RAW_SEND_BYTES,
                         g_bytes_new (big->str, big->len), RAW_END);
  answer_start (answer, new_request (server, "POST", "/"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpmem (answer->body->str, answer->body->len, big->str, big->len);
  g_string_free (big, TRUE);
}

/* Proxies */

static ScProfile *
new_proxy_profile (RawServer  *proxy,
                   const char *scheme)
{
  ScProfile *profile = sc_profile_new ("test");
  g_autofree char *url = raw_server_dup_url (proxy, scheme, "");

  profile->proxy_mode = SC_PROXY_MANUAL;
  sc_profile_set (&profile->proxy_url, url);
  return profile;
}

static void
test_http_proxy (void)
{
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (ScProfile) profile = new_proxy_profile (proxy, "http");
  g_autoptr (Answer) answer = answer_new (profile);
  g_autoptr (GString) received = NULL;

  raw_server_add_script (proxy, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "Content-Length: 2\r\n\r\nok",
                         RAW_END);
  answer_start (answer, sc_http_request_new ("GET", "http://nowhere.invalid/x"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "ok");
  received = raw_server_dup_received (proxy, 0);
  g_assert_true (g_str_has_prefix (received->str, "GET http://nowhere.invalid/x HTTP/1.1\r\n"));
}

/* RFC 1928: the name is resolved by the proxy. */
static void
test_socks_proxy (void)
{
  static const char greeting[] = { 5, 0 };
  static const char connected[] = { 5, 0, 0, 1, 127, 0, 0, 1, 0, 80 };
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (ScProfile) profile = new_proxy_profile (proxy, "socks5");
  g_autoptr (Answer) answer = answer_new (profile);
  g_autoptr (GString) received = NULL;

  raw_server_add_script (proxy, RAW_WAIT_BYTES, 3, RAW_SEND_BYTES,
                         g_bytes_new_static (greeting, sizeof greeting), RAW_WAIT_BYTES,
                         4 + 1 + (guint) strlen ("nowhere.invalid") + 2, RAW_SEND_BYTES,
                         g_bytes_new_static (connected, sizeof connected), RAW_WAIT_REQUEST,
                         RAW_SEND, OK_HEAD "Content-Length: 2\r\n\r\nok", RAW_END);
  answer_start (answer, sc_http_request_new ("GET", "http://nowhere.invalid/x"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
  g_assert_cmpstr (answer->body->str, ==, "ok");
  received = raw_server_dup_received (proxy, 0);
  g_assert_cmpmem (received->str + 3 + 5, strlen ("nowhere.invalid"), "nowhere.invalid",
                   strlen ("nowhere.invalid"));
}

static void
test_proxy_fails (void)
{
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (ScProfile) profile = new_proxy_profile (proxy, "socks5");
  g_autoptr (Answer) answer = answer_new (profile);
  static const char no[] = { 5, (char) 0xff };

  raw_server_add_script (proxy, RAW_WAIT_BYTES, 3, RAW_SEND_BYTES,
                         g_bytes_new_static (no, sizeof no), RAW_CLOSE, RAW_END);
  answer_start (answer, sc_http_request_new ("GET", "http://nowhere.invalid/x"), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_nonnull (strstr (answer->error->message, "proxy"));
}

static void
test_proxy_none (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;

  profile->proxy_mode = SC_PROXY_NONE;
  answer = answer_new (profile);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OK_HEAD "Content-Length: 2\r\n\r\nok",
                         RAW_END);
  answer_start (answer, new_request (server, "GET", "/"), NULL);
  answer_wait_done (answer);
  g_assert_no_error (answer->error);
}

static void
test_proxy_invalid (gconstpointer url)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;

  profile->proxy_mode = SC_PROXY_MANUAL;
  sc_profile_set (&profile->proxy_url, url);
  answer = answer_new (profile);
  answer_start (answer, sc_http_request_new ("GET", "http://127.0.0.1:1/"), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
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

static GAsyncResult *
fetch (ScHttpClient *client,
       RawServer    *server,
       gsize         max_bytes,
       GCancellable *cancellable)
{
  g_autoptr (ScHttpRequest) request = new_request (server, "GET", "/");
  GAsyncResult *result = NULL;

  sc_http_fetch_async (client, request, NULL, max_bytes, cancellable, fetched_cb, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return result;
}

static void
test_fetch (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScHttpClient) client = sc_http_client_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *type = NULL;
  int status = 0;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 404 No\r\nContent-Type: Application/JSON ; charset=x\r\n"
                         "Content-Length: 5\r\n\r\nhello",
                         RAW_END);
  result = fetch (client, server, 100, NULL);
  body = sc_http_fetch_finish (result, &status, &type, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), "hello", 5);
  g_assert_cmpint (status, ==, 404);
  g_assert_cmpstr (type, ==, "application/json");
}

static void
test_fetch_limit (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScHttpClient) client = sc_http_client_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, "HTTP/1.1 200 OK\r\n\r\n",
                         RAW_SEND_FOREVER, "abcd", RAW_END);
  result = fetch (client, server, 1001, NULL);
  body = sc_http_fetch_finish (result, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 1001);
  raw_server_wait_client_closed (server, 0);
}

static void
test_fetch_error (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScHttpClient) client = sc_http_client_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *type = NULL;
  int status = -5;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_RESET, RAW_END);
  result = fetch (client, server, 10, NULL);
  g_assert_null (sc_http_fetch_finish (result, &status, &type, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_cmpint (status, ==, -5);
  g_assert_null (type);
}

static void
add_table (void)
{
  static const char *const urls[] = { "",           "x",        "/v1",          "http://",
                                      "http:///v1", "ftp://h/", "127.0.0.1:80", "http://a b/" };
  static const char *const proxies[] = { "", "://", "ftp://h:1", "http://" };
  static const int statuses[] = { 400, 401, 403, 404, 407, 408, 413, 429, 500, 503, 529 };
  static const int redirects[] = { 301, 302, 303, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/http/wrong-url/%u", i);

      g_test_add_data_func (path, urls[i], test_wrong_url);
    }
  for (guint i = 0; i < G_N_ELEMENTS (proxies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/http/proxy/invalid/%u", i);

      g_test_add_data_func (path, proxies[i], test_proxy_invalid);
    }
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/http/status/%d", statuses[i]);

      g_test_add_data_func (path, GINT_TO_POINTER (statuses[i]), test_status);
    }
  for (guint i = 0; i < G_N_ELEMENTS (redirects); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/http/redirect/%d", redirects[i]);

      g_test_add_data_func (path, GINT_TO_POINTER (redirects[i]), test_redirect);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autofree char *path = g_strconcat ("/net/http/cut/", cuts[i].name, NULL);

      g_test_add_data_func (path, &cuts[i], test_cut);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/net/http/request", test_request);
  g_test_add_func ("/net/http/post", test_post);
  g_test_add_func ("/net/http/get-twice", test_get_twice);
  g_test_add_func ("/net/http/refused", test_refused);
  g_test_add_func ("/net/http/unknown-host", test_unknown_host);
  add_table ();
  g_test_add_func ("/net/http/reset-midway", test_reset_midway);
  g_test_add_func ("/net/http/gzip", test_gzip);
  g_test_add_func ("/net/http/gzip-unlabelled", test_gzip_unlabelled);
  g_test_add_func ("/net/http/as-it-arrives", test_as_it_arrives);
  g_test_add_func ("/net/http/pause", test_pause);
  g_test_add_func ("/net/http/pause-early", test_pause_early);
  g_test_add_func ("/net/http/priority", test_priority);
  g_test_add_func ("/net/http/big-body", test_big_body);
  g_test_add_func ("/net/http/proxy/http", test_http_proxy);
  g_test_add_func ("/net/http/proxy/socks", test_socks_proxy);
  g_test_add_func ("/net/http/proxy/fails", test_proxy_fails);
  g_test_add_func ("/net/http/proxy/none", test_proxy_none);
  g_test_add_func ("/net/http/fetch/whole", test_fetch);
  g_test_add_func ("/net/http/fetch/limit", test_fetch_limit);
  g_test_add_func ("/net/http/fetch/error", test_fetch_error);
  return g_test_run ();
}
