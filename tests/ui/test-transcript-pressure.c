/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server that sends faster than a page can show, over a real socket: while the page is hidden, while the main loop
 * is slow, and to the end. What it may send ahead of the page is counted, never timed. */

#include "config.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sc-providers.h"
#include "transcript-fixture.h"

/* About 9 MB on the wire, of which a quarter is text, as services wrap it. */
#define N_EVENTS      32768u
#define DELTA_BYTES   64u
#define SEND_BYTES    (16 * 1024)
#define BUFFER_BYTES  (64 * 1024)

/* What the page lets wait before it asks for less, and what one read of the socket may bring after that. */
#define CAP_BYTES     (256 * 1024)
#define READ_BYTES    (64 * 1024)

/* How much is to be shown in each of the hard times, in bytes of text. */
#define PHASE_BYTES   (512 * 1024)
#define SLOW_US       40000
#define SLOW_EVERY_MS 60

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define STOP                                                                                                           \
  "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"                                    \
  "data: [DONE]\n\n"

typedef struct
{
  GSocketListener *listener;
  GCancellable    *cancellable;
  GThread         *thread;
  GString         *wire;
  guint16          port;
  int              buffers;  /* atomic: what the kernel holds of both sides at the most */
  int              n_sent;   /* atomic: what the kernel took */
} Server;

typedef struct
{
  TranscriptFixture page;
  Server            server;
  ScTurn           *answer;
  GString          *text;
  gsize             event_bytes;
  gsize             goal;
  gsize             max_ahead;
  gsize             max_pending;
} Fixture;

/* The server */

static void
read_request (GSocket      *socket,
              GCancellable *cancellable)
{
  g_autoptr (GString) request = g_string_new (NULL);
  const char *body = NULL;
  gsize length = 0;

  while (body == NULL || strlen (body) < length)
    {
      char bytes[4096];
      gssize n = g_socket_receive (socket, bytes, sizeof bytes, cancellable, NULL);
      g_autofree char *head = NULL;
      const char *at;

      if (n <= 0)
        return;
      g_string_append_len (request, bytes, n);
      body = strstr (request->str, "\r\n\r\n");
      if (body == NULL)
        continue;
      body += 4;
      head = g_ascii_strdown (request->str, body - request->str);
      at = strstr (head, "content-length:");
      length = at != NULL ? (gsize) g_ascii_strtoull (at + strlen ("content-length:"), NULL, 10) : 0;
    }
}

static int
limit_buffer (int fd,
              int option)
{
  int size = BUFFER_BYTES;
  socklen_t length = sizeof size;

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, option, &size, sizeof size), ==, 0);
  g_assert_cmpint (getsockopt (fd, SOL_SOCKET, option, &size, &length), ==, 0);

  return size;
}

/* The other end lives in this process too. The kernel would let its buffer grow to several megabytes, in which what is
 * to be seen here would not show. */
static int
find_peer (GSocket *socket)
{
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  struct sockaddr_in wanted;

  g_assert_true (g_socket_address_to_native (remote, &wanted, sizeof wanted, NULL));
  for (int fd = 0; fd < 4096; fd++)
    {
      struct sockaddr_in address;
      socklen_t length = sizeof address;

      if (getsockname (fd, (struct sockaddr *) &address, &length) == 0 && address.sin_family == AF_INET &&
          address.sin_port == wanted.sin_port)
        return fd;
    }
  g_assert_not_reached ();
}

static gpointer
serve (gpointer user_data)
{
  Server *self = user_data;
  g_autoptr (GSocket) socket = g_socket_listener_accept_socket (self->listener, NULL, self->cancellable, NULL);

  if (socket == NULL)
    return NULL;
  g_atomic_int_set (&self->buffers, limit_buffer (g_socket_get_fd (socket), SO_SNDBUF) +
                                    limit_buffer (find_peer (socket), SO_RCVBUF));
  read_request (socket, self->cancellable);
  for (gsize at = 0; at < self->wire->len;)
    {
      gssize n = g_socket_send (socket, self->wire->str + at, MIN (SEND_BYTES, self->wire->len - at),
                                self->cancellable, NULL);

      if (n <= 0)
        break;
      at += (gsize) n;
      g_atomic_int_set (&self->n_sent, (int) at);
    }
  g_socket_close (socket, NULL);

  return NULL;
}

/* Every event is as long as every other and so is its text: where the wire was for a piece of text is a division. */
static void
write_answer (Fixture *self)
{
  self->text = g_string_new (NULL);
  self->server.wire = g_string_new (HEAD);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      gboolean is_last = i % 8 == 7;
      gsize start = self->server.wire->len;
      g_autofree char *words = g_strdup_printf ("%08u words of an answer that comes faster than it is seen%s",
                                                i, is_last ? "." : ",");

      g_string_append_printf (self->server.wire,
                              "data: {\"id\":\"chatcmpl-012345%s\",\"object\":\"chat.completion.chunk\",\"created\":"
                              "1750000000,\"model\":\"m\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":"
                              "[{\"index\":0,\"delta\":{\"content\":\"%-62s%s\"},\"logprobs\":null,"
                              "\"finish_reason\":null}]}\n\n",
                              is_last ? "" : "67", words, is_last ? "\\n\\n" : "  ");
      g_string_append_printf (self->text, "%-62s%s", words, is_last ? "\n\n" : "  ");
      g_assert_cmpuint (self->text->len, ==, (i + 1) * DELTA_BYTES);
      if (i == 0)
        self->event_bytes = self->server.wire->len - start;
      g_assert_cmpuint (self->server.wire->len - start, ==, self->event_bytes);
    }
  g_string_append (self->server.wire, STOP);
}

static void
start_server (Server *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (self->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &address, NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->thread = g_thread_new ("server", serve, self);
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autofree char *url = NULL;

  transcript_fixture_set_up (&self->page, NULL);
  write_answer (self);
  start_server (&self->server);
  url = g_strdup_printf ("http://127.0.0.1:%u/v1", self->server.port);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, "m");
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_cancellable_cancel (self->server.cancellable);
  g_thread_join (self->server.thread);
  g_object_unref (self->server.cancellable);
  g_object_unref (self->server.listener);
  g_string_free (self->server.wire, TRUE);
  g_string_free (self->text, TRUE);
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
  transcript_fixture_tear_down (&self->page, NULL);
}

/* What is counted */

static gsize
get_drained (Fixture *self)
{
  gsize length;

  sc_turn_get_text (self->answer, &length);

  return length - sc_page_get_pending (self->page.page);
}

/* Ahead of what the page has may be: what the kernel holds for both sides, one read, and the wire's side of the text
 * that may wait. All else would be memory that grows with how fast a service is. */
static void
check (Fixture *self)
{
  gsize sent = (gsize) g_atomic_int_get (&self->server.n_sent);
  gsize pending = sc_page_get_pending (self->page.page);
  gsize shown = get_drained (self) / DELTA_BYTES * self->event_bytes;
  gsize bound = (gsize) g_atomic_int_get (&self->server.buffers) + READ_BYTES +
                (CAP_BYTES + READ_BYTES) / DELTA_BYTES * self->event_bytes;

  self->max_ahead = MAX (self->max_ahead, sent > shown ? sent - shown : 0);
  self->max_pending = MAX (self->max_pending, pending);
  g_assert_cmpuint (bound, <, self->server.wire->len / 3);
  g_assert_cmpuint (self->max_ahead, <=, bound);
  g_assert_cmpuint (self->max_pending, <=, CAP_BYTES + READ_BYTES);
}

static gboolean
has_reached (gpointer user_data)
{
  Fixture *self = user_data;

  check (self);

  return get_drained (self) >= self->goal;
}

static gboolean
has_ended (gpointer user_data)
{
  Fixture *self = user_data;

  check (self);

  return !sc_conversation_is_busy (self->page.conversation);
}

static gboolean
slow_cb (gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
  g_usleep (SLOW_US);

  return G_SOURCE_CONTINUE;
}

static void
start (Fixture *self)
{
  sc_conversation_send (self->page.conversation, "a", NULL);
  self->answer = sc_conversation_get_last_turn (self->page.conversation);
  g_assert_cmpint (sc_turn_get_role (self->answer), ==, SC_ROLE_ASSISTANT);
}

static void
finish (Fixture *self)
{
  g_autofree char *last = g_strdup_printf ("%08u", N_EVENTS - 1);
  g_autofree char *shown = NULL;
  gsize length;
  const char *text;

  transcript_fixture_wait (has_ended, self);
  transcript_fixture_wait_shown (&self->page);
  text = sc_turn_get_text (self->answer, &length);
  g_assert_cmpint (sc_turn_get_status (self->answer), ==, SC_TURN_STATUS_DONE);
  g_assert_cmpuint (length, ==, self->text->len);
  g_assert_cmpint (memcmp (text, self->text->str, length), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&self->server.n_sent), ==, self->server.wire->len);
  shown = transcript_fixture_dup_text (&self->page);
  g_assert_nonnull (strstr (shown, last));
  g_assert_cmpfloat (transcript_fixture_get_below (&self->page), <=, 1.0);
  g_test_message ("%zu bytes on the wire, at most %zu ahead of the page, at most %zu of text waiting",
                  self->server.wire->len, self->max_ahead, self->max_pending);
  if (self->max_pending <= CAP_BYTES)
    g_test_skip ("the program could not read faster than it shows");
}

/* Nobody looks: the page goes on in larger and rarer steps, and so does the server. */
static void
test_hidden (Fixture       *self,
             gconstpointer  data)
{
  gtk_widget_set_visible (self->page.window, FALSE);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (self->page.view)));
  start (self);
  self->goal = PHASE_BYTES;
  transcript_fixture_wait (has_reached, self);
  g_assert_true (sc_conversation_is_busy (self->page.conversation));
  gtk_widget_set_visible (self->page.window, TRUE);
  finish (self);
}

/* The main loop is held up two thirds of the time. */
static void
test_slow (Fixture       *self,
           gconstpointer  data)
{
  guint n_slow = 0;
  guint id;

  start (self);
  id = g_timeout_add (SLOW_EVERY_MS, slow_cb, &n_slow);
  self->goal = PHASE_BYTES;
  transcript_fixture_wait (has_reached, self);
  g_assert_true (sc_conversation_is_busy (self->page.conversation));
  g_assert_cmpuint (n_slow, >, 0);
  g_source_remove (id);
  finish (self);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  g_test_add ("/ui/transcript/pressure/hidden", Fixture, NULL, set_up, test_hidden, tear_down);
  g_test_add ("/ui/transcript/pressure/slow", Fixture, NULL, set_up, test_slow, tear_down);

  return g_test_run ();
}
