/* SPDX-License-Identifier: GPL-3.0-or-later */

/* WebSockets: what is said and heard, every way to the end, and the stop in every state as the
 * server sees it. */

#include "config.h"

#include "answers.h"
#include "certificates.h"
#include "raw-server.h"
#include "raw-websocket.h"
#include "sc-websocket.h"

#include <libsoup/soup.h>
#include <string.h>

#define WAIT_S 60

#define CLOSE_1000 "\x88\x02\x03\xe8"

/**
 * Talk: a socket that writes down what it reports and checks the order of the reports
 * @heard: the messages, a line each
 * @cancel_in: the call in which to cancel: 'o', 'm', or 0
 * @pauses: pause in each message
 */
typedef struct
{
  ScHttpClient *client;
  ScWebsocket  *socket;
  GCancellable *cancellable;
  GPtrArray    *opening;
  GString      *heard;
  guint         n_opened;
  guint         n_messages;
  guint         n_batches;
  guint         n_done;
  GError       *error;
  char          cancel_in;
  gboolean      pauses;
} Talk;

static void
opened_cb (ScWebsocket *socket,
           gpointer     user_data)
{
  Talk *self = user_data;

  g_assert_true (socket == self->socket);
  g_assert_cmpuint (self->n_opened++, ==, 0);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_cmpint (sc_websocket_get_status (socket), ==, 101);
  if (self->cancel_in == 'o')
    g_cancellable_cancel (self->cancellable);
}

static void
message_cb (ScWebsocket *socket,
            const char  *text,
            gsize        length,
            gint64       read_us,
            gpointer     user_data)
{
  Talk *self = user_data;

  g_assert_cmpuint (self->n_opened, ==, 1);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_false (g_cancellable_is_cancelled (self->cancellable));
  g_assert_cmpint (text[length], ==, '\0');
  g_assert_true (g_utf8_validate_len (text, length, NULL));
  g_assert_cmpint (read_us, >=, sc_websocket_get_timings (socket)->first_byte_us);
  self->n_messages++;
  g_string_append_len (self->heard, text, (gssize) length);
  g_string_append_c (self->heard, '\n');
  if (self->cancel_in == 'm')
    g_cancellable_cancel (self->cancellable);
  if (self->pauses)
    sc_websocket_pause (socket);
}

static void
batch_cb (ScWebsocket *socket,
          gpointer     user_data)
{
  Talk *self = user_data;

  g_assert_cmpuint (self->n_messages, >, 0);
  g_assert_cmpuint (self->n_done, ==, 0);
  self->n_batches++;
}

static void
done_cb (ScWebsocket  *socket,
         const GError *error,
         gpointer      user_data)
{
  Talk *self = user_data;

  g_assert_true (socket == self->socket);
  g_assert_cmpuint (self->n_done++, ==, 0);
  g_assert_nonnull (g_main_current_source ());
  g_assert_cmpint (sc_websocket_get_timings (socket)->end_us, >=,
                   sc_websocket_get_timings (socket)->start_us);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static const ScWebsocketHandler handler = { opened_cb, message_cb, batch_cb, done_cb };

static Talk *
talk_new (const ScProfile *profile)
{
  Talk *self = g_new0 (Talk, 1);

  self->client = sc_http_client_new (profile);
  self->cancellable = g_cancellable_new ();
  self->opening = g_ptr_array_new_with_free_func (g_free);
  self->heard = g_string_new (NULL);
  return self;
}

static void
talk_start_at (Talk             *self,
               const char       *url,
               const ScTimeouts *timeouts)
{
  g_autoptr (ScHttpRequest) request = sc_http_request_new ("GET", url);

  sc_http_request_set_header (request, "Authorization", "Bearer the-key");
  self->socket = sc_websocket_start (self->client, request, self->opening, timeouts,
                                     self->cancellable, &handler, self);
  g_assert_cmpuint (self->n_opened + self->n_done, ==, 0);
}

static void
talk_start (Talk             *self,
            RawServer        *server,
            const ScTimeouts *timeouts)
{
  g_autofree char *url = raw_server_dup_url (server, "ws", "/v1/talk?model=m");

  talk_start_at (self, url, timeouts);
}

static gboolean
time_over_cb (gpointer user_data)
{
  g_error ("waited %d s in vain", WAIT_S);
  return G_SOURCE_REMOVE;
}

static void
talk_wait (Talk        *self,
           const guint *counter,
           guint        n)
{
  guint id = g_timeout_add_seconds (WAIT_S, time_over_cb, NULL);

  while (*counter < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  answer_run_pending ();
}

static void
talk_free (Talk *self)
{
  sc_websocket_free (self->socket);
  sc_http_client_unref (self->client);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->opening);
  g_string_free (self->heard, TRUE);
  g_clear_error (&self->error);
  g_free (self);
  answer_run_pending ();
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

static void
assert_stopped (Talk      *talk,
                RawServer *server)
{
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (server != NULL)
    raw_server_wait_client_closed (server, 0);
  answer_run_pending ();
  g_assert_cmpuint (talk->n_done, ==, 1);
}

/* What is said and heard */

static void
test_talk (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autoptr (GString) received = NULL;
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 2, RAW_SEND_MESSAGE, "{\"a\":1}",
                         RAW_SEND, "\x01\x03H\xc3\xb6\x80\x02re", RAW_SEND, "\x89\x01!",
                         RAW_SEND, "\x82\x06" "binary", RAW_SEND, "\x82\x02\xff\xfe", RAW_SEND,
                         CLOSE_1000, RAW_END);
  g_ptr_array_add (talk->opening, g_strdup ("first"));
  g_ptr_array_add (talk->opening, g_strdup ("second 🎉"));
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_no_error (talk->error);
  g_assert_cmpstr (talk->heard->str, ==, "{\"a\":1}\nHöre\nbinary\n");
  g_assert_cmpuint (talk->n_batches, >, 0);
  raw_server_wait_client_closed (server, 0);
  said = raw_server_dup_messages (server, 0);
  g_assert_cmpstr (said, ==, "first\nsecond 🎉\n(pong)\n(close 1000)\n");
  received = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (received->str, "GET /v1/talk?model=m HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (received->str, "Authorization: Bearer the-key\r\n"));
  g_assert_null (strstr (received->str, "Sec-WebSocket-Extensions"));
}

/* A picture in an event is megabytes; libsoup's own limit is 128 KiB. */
static void
test_big (gconstpointer data)
{
  gsize length = GPOINTER_TO_SIZE (data);
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *big = g_strnfill (length, 'x');
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, 1, RAW_SEND_MESSAGE, big,
                         RAW_SEND_BYTES, raw_websocket_create_frame (0x01, big, length),
                         RAW_SEND_BYTES, raw_websocket_create_frame (0x80, big, length), RAW_SEND,
                         CLOSE_1000, RAW_END);
  g_ptr_array_add (talk->opening, g_strdup (big));
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_no_error (talk->error);
  g_assert_cmpuint (talk->n_messages, ==, 2);
  g_assert_cmpuint (talk->heard->len, ==, 3 * length + 2);
  said = raw_server_dup_messages (server, 0);
  g_assert_cmpint (strncmp (said, big, length), ==, 0);
}

static void
test_pause (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND_MESSAGE, "b",
                         RAW_SEND_MESSAGE, "c", RAW_SEND, CLOSE_1000, RAW_END);
  talk->pauses = TRUE;
  talk_start (talk, server, NULL);
  for (guint n = 1; n <= 3; n++)
    {
      talk_wait (talk, &talk->n_messages, n);
      g_assert_cmpuint (talk->n_messages, ==, n);
      g_assert_cmpuint (talk->n_done, ==, 0);
      sc_websocket_resume (talk->socket);
      g_assert_cmpuint (talk->n_messages, ==, n);
    }
  talk_wait (talk, &talk->n_done, 1);
  g_assert_no_error (talk->error);
  g_assert_cmpstr (talk->heard->str, ==, "a\nb\nc\n");
}

static void
test_close (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "bye", RAW_WAIT_MESSAGES, 1,
                         RAW_GATE, RAW_SEND, CLOSE_1000, RAW_CLOSE, RAW_END);
  g_ptr_array_add (talk->opening, g_strdup ("hello"));
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_messages, 1);
  sc_websocket_close (talk->socket);
  sc_websocket_close (talk->socket);
  raw_server_open_gate (server);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_no_error (talk->error);
}

/* The last words and the goodbye arrive although much was still to be read. */
static void
test_shut (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND_MESSAGE, "b",
                         RAW_STALL, RAW_END);
  talk->pauses = TRUE;
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_messages, 1);
  sc_websocket_shut (talk->socket, "stop it");
  raw_server_wait_client_closed (server, 0);
  said = raw_server_dup_messages (server, 0);
  g_assert_cmpstr (said, ==, "stop it\n(close 1000)\n");
  g_assert_cmpuint (talk->n_messages, ==, 1);
  g_assert_cmpuint (talk->n_done, ==, 0);
}

/* Stops */

static void
test_cancel_before (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  g_cancellable_cancel (talk->cancellable);
  talk_start (talk, server, NULL);
  assert_stopped (talk, NULL);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 0);
}

static void
test_cancel_at_once (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  g_cancellable_cancel (talk->cancellable);
  g_assert_cmpuint (talk->n_done, ==, 0);
  assert_stopped (talk, NULL);
  g_assert_cmpuint (talk->n_opened, ==, 0);
}

static void
test_cancel_before_answer (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  raw_server_wait_idle (server, 0);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, server);
  g_assert_cmpuint (talk->n_opened, ==, 0);
}

static void
test_cancel_in_opened (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_STALL, RAW_END);
  talk->cancel_in = 'o';
  talk_start (talk, server, NULL);
  assert_stopped (talk, server);
  g_assert_cmpuint (talk->n_messages, ==, 0);
}

/* The opening is more than the kernel takes and the server reads nothing. */
static void
test_cancel_while_sending (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_GATE, RAW_END);
  g_ptr_array_add (talk->opening, g_strnfill (32 * 1024 * 1024, ' '));
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_opened, 1);
  raw_server_wait_idle (server, 0);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, NULL);
  raw_server_open_gate (server);
  raw_server_wait_client_closed (server, 0);
}

static void
test_cancel_before_message (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_opened, 1);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, server);
}

static void
test_cancel_in_stall (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *said = NULL;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_messages, 1);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, server);
  said = raw_server_dup_messages (server, 0);
  g_assert_cmpstr (said, ==, "(close 1000)\n");
}

/* In the middle of a frame that never ends. */
static void
test_cancel_in_frame (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND, "\x81\x7dhalf",
                         RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_messages, 1);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, server);
}

/* From inside a message, with more waiting: not one more is reported. */
static void
test_cancel_in_message (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND_MESSAGE, "b",
                         RAW_SEND_MESSAGE, "c", RAW_STALL, RAW_END);
  talk->cancel_in = 'm';
  talk_start (talk, server, NULL);
  assert_stopped (talk, server);
  g_assert_cmpuint (talk->n_messages, ==, 1);
}

static void
test_cancel_while_paused (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND_MESSAGE, "b",
                         RAW_STALL, RAW_END);
  talk->pauses = TRUE;
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_messages, 1);
  g_cancellable_cancel (talk->cancellable);
  assert_stopped (talk, server);
  g_assert_cmpuint (talk->n_messages, ==, 1);
}

static void
test_cancel_after_done (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND, CLOSE_1000, RAW_END);
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_no_error (talk->error);
  g_cancellable_cancel (talk->cancellable);
  sc_websocket_pause (talk->socket);
  sc_websocket_resume (talk->socket);
  sc_websocket_close (talk->socket);
  sc_websocket_shut (talk->socket, "late");
  answer_run_pending ();
  g_assert_cmpuint (talk->n_done, ==, 1);
}

static void
test_free_midway (gconstpointer data)
{
  gboolean is_open = GPOINTER_TO_INT (data);
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  if (is_open)
    raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_STALL, RAW_END);
  else
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  talk_start (talk, server, NULL);
  if (is_open)
    talk_wait (talk, &talk->n_messages, 1);
  else
    raw_server_wait_idle (server, 0);
  g_clear_pointer (&talk->socket, sc_websocket_free);
  raw_server_wait_client_closed (server, 0);
  answer_run_pending ();
  g_assert_cmpuint (talk->n_done, ==, 0);
}

/* A server that sends and never reads: the end of our side alone would not reach it. */
static void
test_cancel_flood (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *flood = g_strnfill (125, 'x');
  g_autofree char *frame = g_strconcat ("\x81\x7d", flood, NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_FOREVER, frame, RAW_END);
  talk->cancel_in = 'm';
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_done, 1);
  raw_server_wait_client_closed (server, 0);
}

/* Clocks */

static void
assert_timed_out (Talk       *talk,
                  RawServer  *server,
                  const char *words)
{
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, SC_ERROR, SC_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (talk->error->message, words));
  raw_server_wait_client_closed (server, 0);
}

static void
test_clock_answer (void)
{
  static const ScTimeouts timeouts = { .first_byte_ms = 50 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  talk_start (talk, server, &timeouts);
  assert_timed_out (talk, server, "limit for the first byte");
}

static void
test_clock_message (void)
{
  static const ScTimeouts timeouts = { .first_byte_ms = 100 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_STALL, RAW_END);
  talk_start (talk, server, &timeouts);
  assert_timed_out (talk, server, "limit for the first byte");
}

static void
test_clock_idle (void)
{
  static const ScTimeouts timeouts = { .idle_ms = 100 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_STALL, RAW_END);
  talk_start (talk, server, &timeouts);
  assert_timed_out (talk, server, "Nothing came");
  g_assert_cmpuint (talk->n_messages, <=, 1);
}

/* Ends */

/* @kind: -1 for a peaceful end; @words: in the error */
typedef struct
{
  const char *name;
  const char *bytes;
  gsize       length;
  RawAction   then;
  int         kind;
  const char *words;
} End;

#define BYTES(text) text, sizeof text - 1

static const End ends[] = {
  { "normal", BYTES ("\x88\x02\x03\xe8"), RAW_STALL, -1, NULL },
  { "normal-with-words", BYTES ("\x88\x05\x03\xe8" "bye"), RAW_STALL, -1, NULL },
  { "going-away", BYTES ("\x88\x02\x03\xe9"), RAW_STALL, -1, NULL },
  { "no-code", BYTES ("\x88\x00"), RAW_STALL, -1, NULL },
  { "policy", BYTES ("\x88\x06\x03\xf0" "rude"), RAW_STALL, SC_ERROR_INVALID_REQUEST, "rude" },
  { "server-error", BYTES ("\x88\x06\x03\xf3" "boom"), RAW_STALL, SC_ERROR_SERVER, "boom" },
  { "restart", BYTES ("\x88\x02\x03\xf4"), RAW_STALL, SC_ERROR_OVERLOADED, "1012" },
  { "try-later", BYTES ("\x88\x07\x03\xf5" "later"), RAW_STALL, SC_ERROR_OVERLOADED, "later" },
  { "of-its-own", BYTES ("\x88\x0a\x0b\xb8" "bad key!"), RAW_STALL, SC_ERROR_INTERRUPTED,
    "bad key!" },
  { "no-goodbye", BYTES (""), RAW_CLOSE, SC_ERROR_INTERRUPTED, "broke" },
  { "reset", BYTES (""), RAW_RESET, SC_ERROR_INTERRUPTED, "broke" },
  { "cut-frame", BYTES ("\x81\x10half"), RAW_CLOSE, SC_ERROR_INTERRUPTED, "broke" },
  { "cut-head", BYTES ("\x81\x7e\x01"), RAW_CLOSE, SC_ERROR_INTERRUPTED, "broke" },
  { "cut-message", BYTES ("\x01\x04half"), RAW_CLOSE, SC_ERROR_INTERRUPTED, "broke" },
  { "masked", BYTES ("\x81\x81\x01\x02\x03\x04x"), RAW_STALL, SC_ERROR_PROTOCOL, "rules" },
  { "reserved-bit", BYTES ("\xc1\x01x"), RAW_STALL, SC_ERROR_PROTOCOL, "rules" },
  { "reserved-opcode", BYTES ("\x83\x01x"), RAW_STALL, SC_ERROR_PROTOCOL, "rules" },
  { "invalid-text", BYTES ("\x81\x02\xc3\x28"), RAW_STALL, SC_ERROR_PROTOCOL, "rules" },
  { "too-big", BYTES ("\x81\x7f\x00\x00\x00\x01\x00\x00\x00\x00"), RAW_STALL, SC_ERROR_PROTOCOL,
    "rules" },
};

static void
test_end (gconstpointer data)
{
  const End *end = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_SEND_BYTES,
                         g_bytes_new_static (end->bytes, end->length), RAW_GATE, end->then,
                         RAW_END);
  talk_start (talk, server, NULL);
  /* What was said before the end is heard before it; a reset throws away what was not read yet. */
  talk_wait (talk, &talk->n_messages, 1);
  raw_server_open_gate (server);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_cmpstr (talk->heard->str, ==, "a\n");
  if (end->kind < 0)
    g_assert_no_error (talk->error);
  else
    {
      g_assert_error (talk->error, SC_ERROR, end->kind);
      g_assert_nonnull (strstr (talk->error->message, end->words));
    }
}

/* Refusals */

/* @status: what sc_websocket_get_status() says then */
typedef struct
{
  const char *name;
  const char *answer;
  ScError     kind;
  int         status;
} Refusal;

static const Refusal refusals[] = {
  { "key", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nX-Request-Id: r1\r\n\r\n{}",
    SC_ERROR_PROTOCOL, 401 },
  { "not-found", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", SC_ERROR_PROTOCOL, 404 },
  { "page", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", SC_ERROR_PROTOCOL, 200 },
  { "redirect", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    SC_ERROR_PROTOCOL, 302 },
  { "other-accept",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
    SC_ERROR_PROTOCOL, 101 },
  { "no-http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", SC_ERROR_PROTOCOL, 0 },
  { "nothing", "", SC_ERROR_NETWORK, 0 },
};

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, refusal->answer, RAW_CLOSE, RAW_END);
  g_ptr_array_add (talk->opening, g_strdup ("secret conversation"));
  talk_start (talk, server, NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, SC_ERROR, (int) refusal->kind);
  g_assert_cmpuint (talk->n_opened, ==, 0);
  if (refusal->status > 0)
    g_assert_cmpint (sc_websocket_get_status (talk->socket), ==, refusal->status);
  if (refusal->status == 401)
    g_assert_cmpstr (sc_websocket_get_header (talk->socket, "x-request-id"), ==, "r1");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

static void
test_no_server (void)
{
  RawServer *server = raw_server_new ();
  g_autoptr (Talk) talk = talk_new (NULL);
  g_autofree char *url = raw_server_dup_url (server, "ws", "/");

  raw_server_free (server);
  talk_start_at (talk, url, NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, SC_ERROR, SC_ERROR_NETWORK);
}

static void
test_no_address (void)
{
  g_autoptr (Talk) talk = talk_new (NULL);

  talk_start_at (talk, "gopher://127.0.0.1/", NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
}

/* Nothing stays open, however it ends. */
static void
test_descriptors (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  guint n_before = 0;

  raw_server_add_script (server, RAW_UPGRADE, RAW_SEND_MESSAGE, "a", RAW_STALL, RAW_END);
  for (guint i = 0; i < 12; i++)
    {
      Talk *talk = talk_new (NULL);
      guint n_now;

      talk_start (talk, server, NULL);
      talk_wait (talk, &talk->n_messages, 1);
      if (i % 3 == 0)
        sc_websocket_shut (talk->socket, "stop");
      else if (i % 3 == 1)
        g_cancellable_cancel (talk->cancellable);
      talk_free (talk);
      raw_server_wait_client_closed (server, i);
      raw_server_wait_idle (server, i);
      if (i == 2)
        n_before = answer_count_fds ();
      n_now = answer_count_fds ();
      while (i > 2 && n_now > n_before)
        {
          g_main_context_iteration (NULL, TRUE);
          n_now = answer_count_fds ();
        }
    }
}

/* Secure connections and proxies */

static void
accepted_cb (SoupServer              *server,
             SoupServerMessage       *message,
             const char              *path,
             SoupWebsocketConnection *connection,
             gpointer                 user_data)
{
  soup_websocket_connection_send_text (connection, "secure");
  soup_websocket_connection_close (connection, 1000, NULL);
}

static SoupServer *
create_secure_server (char **fingerprint,
                      char **url)
{
  g_autofree char *pem = g_strconcat (TEST_OWN_CERTIFICATE, TEST_SERVER_KEY, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autoptr (GByteArray) der = NULL;
  SoupServer *server;
  GSList *uris;

  g_assert_no_error (error);
  g_object_get (certificate, "certificate", &der, NULL);
  *fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  server = g_object_new (SOUP_TYPE_SERVER, "tls-certificate", certificate, NULL);
  soup_server_add_websocket_handler (server, NULL, NULL, NULL, accepted_cb, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  *url = g_strdup_printf ("wss://127.0.0.1:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

static void
test_secure (gconstpointer data)
{
  const char *which = data;
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autofree char *fingerprint = NULL;
  g_autofree char *url = NULL;
  g_autoptr (SoupServer) server = create_secure_server (&fingerprint, &url);
  Talk *talk;

  if (strcmp (which, "pinned") == 0)
    sc_profile_set (&profile->pinned_fingerprint, fingerprint);
  else if (strcmp (which, "other") == 0)
    sc_profile_set (&profile->pinned_fingerprint, "00112233");
  talk = talk_new (profile);
  talk_start_at (talk, url, NULL);
  talk_wait (talk, &talk->n_done, 1);
  if (strcmp (which, "pinned") == 0)
    {
      g_assert_no_error (talk->error);
      g_assert_cmpstr (talk->heard->str, ==, "secure\n");
    }
  else
    {
      g_assert_error (talk->error, SC_ERROR, SC_ERROR_TLS);
      g_assert_cmpuint (talk->n_opened, ==, 0);
    }
  talk_free (talk);
  soup_server_disconnect (server);
}

static void
test_proxy_refuses (void)
{
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autofree char *url = raw_server_dup_url (proxy, "http", "");
  g_autoptr (GString) received = NULL;
  Talk *talk;

  raw_server_add_script (proxy, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", RAW_CLOSE, RAW_END);
  profile->proxy_mode = SC_PROXY_MANUAL;
  sc_profile_set (&profile->proxy_url, url);
  talk = talk_new (profile);
  talk_start_at (talk, "wss://talk.example/", NULL);
  talk_wait (talk, &talk->n_done, 1);
  g_assert_error (talk->error, SC_ERROR, SC_ERROR_NETWORK);
  received = raw_server_dup_received (proxy, 0);
  g_assert_true (g_str_has_prefix (received->str, "CONNECT talk.example:443 HTTP/1.1\r\n"));
  g_assert_null (strstr (received->str, "the-key"));
  talk_free (talk);
}

#define ADD(path, func) g_test_add_func ("/net/websocket/" path, func)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("talk", test_talk);
  ADD ("pause", test_pause);
  ADD ("close", test_close);
  ADD ("shut", test_shut);
  g_test_add_data_func ("/net/websocket/big/128k", GSIZE_TO_POINTER (128 * 1024 + 1), test_big);
  g_test_add_data_func ("/net/websocket/big/4m", GSIZE_TO_POINTER (4 * 1024 * 1024), test_big);
  ADD ("cancel/before", test_cancel_before);
  ADD ("cancel/at-once", test_cancel_at_once);
  ADD ("cancel/before-answer", test_cancel_before_answer);
  ADD ("cancel/in-opened", test_cancel_in_opened);
  ADD ("cancel/while-sending", test_cancel_while_sending);
  ADD ("cancel/before-message", test_cancel_before_message);
  ADD ("cancel/in-stall", test_cancel_in_stall);
  ADD ("cancel/in-frame", test_cancel_in_frame);
  ADD ("cancel/in-message", test_cancel_in_message);
  ADD ("cancel/while-paused", test_cancel_while_paused);
  ADD ("cancel/after-done", test_cancel_after_done);
  ADD ("cancel/flood", test_cancel_flood);
  g_test_add_data_func ("/net/websocket/free/connecting", NULL, test_free_midway);
  g_test_add_data_func ("/net/websocket/free/open", GINT_TO_POINTER (TRUE), test_free_midway);
  ADD ("clock/answer", test_clock_answer);
  ADD ("clock/message", test_clock_message);
  ADD ("clock/idle", test_clock_idle);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat ("/net/websocket/end/", ends[i].name, NULL);

      g_test_add_data_func (path, &ends[i], test_end);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/net/websocket/refusal/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  ADD ("no-server", test_no_server);
  ADD ("no-address", test_no_address);
  ADD ("descriptors", test_descriptors);
  g_test_add_data_func ("/net/websocket/secure/pinned", "pinned", test_secure);
  g_test_add_data_func ("/net/websocket/secure/other", "other", test_secure);
  g_test_add_data_func ("/net/websocket/secure/unknown", "unknown", test_secure);
  ADD ("proxy-refuses", test_proxy_refuses);
  return g_test_run ();
}
