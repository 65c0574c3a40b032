/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain sockets and a thread a connection: a test server must not depend on the library under test.
 */

#define _GNU_SOURCE
#include "config.h"

#include "raw-server.h"
#include "raw-tls.h"
#include "raw-websocket.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_S 60
#define BEAT_MS 10

typedef struct
{
  RawAction  action;
  guint      n_bytes;
  GBytes    *bytes;
} Step;

typedef struct
{
  RawServer *server;
  GThread   *thread;
  GPtrArray *script;       /* of Step */
  int        fd;
  GIOStream *secure;       /* what goes over @fd from the handshake on */
  GString   *received;
  gsize      n_consumed;   /* bytes of received that the script has waited for */
  gboolean   is_idle;
  gint64     closed_us;
} Connection;

struct _RawServer
{
  GMutex     mutex;
  GThread   *thread;
  int        fd;
  guint      port;
  GPtrArray *scripts;      /* of GPtrArray of Step */
  GPtrArray *connections;
  guint      n_gates_open;
  const char *alpn;
  gboolean   is_stopping;
};

static void
free_step (gpointer data)
{
  Step *step = data;

  g_clear_pointer (&step->bytes, g_bytes_unref);
  g_free (step);
}

static void
free_connection (gpointer data)
{
  Connection *self = data;

  g_thread_join (self->thread);
  g_ptr_array_unref (self->script);
  g_string_free (self->received, TRUE);
  g_free (self);
}

/* Lets the waiting main loop look again. */
static void
tell_change (void)
{
  g_main_context_wakeup (NULL);
}

static void
set_idle (Connection *self,
          gboolean    is_idle)
{
  g_mutex_lock (&self->server->mutex);
  self->is_idle = is_idle;
  tell_change ();
  g_mutex_unlock (&self->server->mutex);
}

/* The lock is held. */
static void
mark_closed (Connection *self)
{
  if (!self->server->is_stopping && self->closed_us == 0)
    self->closed_us = g_get_monotonic_time ();
  tell_change ();
}

/* Returns FALSE when the client is gone. */
static gboolean
receive (Connection *self)
{
  char buffer[16384];
  ssize_t n;

  if (self->secure != NULL)
    n = g_input_stream_read (g_io_stream_get_input_stream (self->secure), buffer, sizeof buffer,
                             NULL, NULL);
  else
    do
      n = recv (self->fd, buffer, sizeof buffer, 0);
    while (n < 0 && errno == EINTR);

  g_mutex_lock (&self->server->mutex);
  if (n > 0)
    {
      g_string_append_len (self->received, buffer, n);
      tell_change ();
    }
  else
    mark_closed (self);
  g_mutex_unlock (&self->server->mutex);
  return n > 0;
}

static gboolean
wait_bytes (Connection *self,
            gsize       n_bytes)
{
  while (self->received->len - self->n_consumed < n_bytes)
    {
      if (!receive (self))
        return FALSE;
    }
  self->n_consumed += n_bytes;
  return TRUE;
}

static gboolean
wait_request (Connection *self)
{
  const char *start;
  const char *end;
  g_autofree char *head = NULL;
  char *length;

  while ((end = strstr (self->received->str + self->n_consumed, "\r\n\r\n")) == NULL)
    {
      if (!receive (self))
        return FALSE;
    }
  start = self->received->str + self->n_consumed;
  head = g_ascii_strdown (start, end - start);
  length = strstr (head, "\r\ncontent-length:");
  return wait_bytes (self, (gsize) (end - start) + 4 +
                               (length != NULL
                                    ? strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10)
                                    : 0));
}

static void
note_client_closed (Connection *self)
{
  g_mutex_lock (&self->server->mutex);
  mark_closed (self);
  g_mutex_unlock (&self->server->mutex);
}

static ssize_t
send_some (Connection *self,
           const char *bytes,
           gsize       length)
{
  ssize_t n;

  if (self->secure != NULL)
    return g_output_stream_write (g_io_stream_get_output_stream (self->secure), bytes, length, NULL,
                                  NULL);
  do
    n = send (self->fd, bytes, length, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n;
}

static gboolean
send_bytes (Connection *self,
            GBytes     *bytes)
{
  gsize length = 0;
  const char *at = g_bytes_get_data (bytes, &length);

  while (length > 0)
    {
      ssize_t n = send_some (self, at, length);

      if (n <= 0)
        {
          note_client_closed (self);
          return FALSE;
        }
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
agree (Connection *self)
{
  g_autofree char *answer = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!wait_request (self))
    return FALSE;
  answer = raw_websocket_dup_answer (self->received->str);
  bytes = g_bytes_new (answer, strlen (answer));
  return send_bytes (self, bytes);
}

/* What came behind the head of the upgrade. */
static guint
read_messages (Connection *self,
               GString    *lines)
{
  const char *end = strstr (self->received->str, "\r\n\r\n");
  gsize start = end != NULL ? (gsize) (end + 4 - self->received->str) : self->received->len;

  return raw_websocket_read (self->received->str + start, self->received->len - start, lines);
}

static gboolean
wait_messages (Connection *self,
               guint       n_messages)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  while (read_messages (self, lines) < n_messages)
    {
      if (!receive (self))
        return FALSE;
    }
  return TRUE;
}

/* The client may close while it waits here: that is noticed as well. Nothing is read meanwhile. */
static gboolean
wait_gate (Connection *self)
{
  RawServer *server = self->server;
  gboolean is_open = FALSE;

  set_idle (self, TRUE);
  while (!is_open)
    {
      struct pollfd poll_fd = { .fd = self->fd, .events = POLLRDHUP };

      g_mutex_lock (&server->mutex);
      if (server->n_gates_open > 0)
        {
          server->n_gates_open--;
          is_open = TRUE;
        }
      g_mutex_unlock (&server->mutex);
      if (!is_open && poll (&poll_fd, 1, 5) > 0)
        {
          note_client_closed (self);
          return FALSE;
        }
    }
  set_idle (self, FALSE);
  return TRUE;
}

static void
beat (Connection *self,
      GBytes     *bytes)
{
  struct pollfd poll_fd = { .fd = self->fd, .events = POLLRDHUP };

  set_idle (self, TRUE);
  while (poll (&poll_fd, 1, BEAT_MS) == 0 && send_bytes (self, bytes))
    continue;
  note_client_closed (self);
}

static void
stall (Connection *self)
{
  set_idle (self, TRUE);
  while (receive (self))
    continue;
}

static void
reset (Connection *self)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static gboolean
shake_hands (Connection *self,
             GBytes     *certificate)
{
  self->secure = raw_tls_accept (self->fd, g_bytes_get_data (certificate, NULL), self->server->alpn);
  if (self->secure == NULL)
    note_client_closed (self);
  return self->secure != NULL;
}

/* Returns FALSE when the connection is over. */
static gboolean
run_step (Connection *self,
          const Step *step)
{
  switch (step->action)
    {
    case RAW_HANDSHAKE:
      return shake_hands (self, step->bytes);
    case RAW_WAIT_REQUEST:
      return wait_request (self);
    case RAW_UPGRADE:
      return agree (self);
    case RAW_WAIT_MESSAGES:
      return wait_messages (self, step->n_bytes);
    case RAW_WAIT_BYTES:
      return wait_bytes (self, step->n_bytes);
    case RAW_SEND:
    case RAW_SEND_BYTES:
    case RAW_SEND_MESSAGE:
      return send_bytes (self, step->bytes);
    case RAW_SEND_FOREVER:
      while (send_bytes (self, step->bytes))
        continue;
      return FALSE;
    case RAW_BEAT:
      beat (self, step->bytes);
      return FALSE;
    case RAW_GATE:
      return wait_gate (self);
    case RAW_RESET:
      reset (self);
      return FALSE;
    case RAW_CLOSE:
      if (self->secure != NULL)
        g_io_stream_close (self->secure, NULL, NULL);
      return FALSE;
    case RAW_CUT:
      return FALSE;
    case RAW_END:
    case RAW_STALL:
    default:
      stall (self);
      return FALSE;
    }
}

static gpointer
run_connection (gpointer data)
{
  Connection *self = data;
  guint i = 0;

  while (run_step (self, g_ptr_array_index (self->script, i)))
    i++;
  g_mutex_lock (&self->server->mutex);
  if (self->secure != NULL)
    raw_tls_drop (self->secure, self->fd);
  close (self->fd);
  self->fd = -1;
  self->is_idle = TRUE;
  tell_change ();
  g_mutex_unlock (&self->server->mutex);
  return NULL;
}

static gpointer
run_server (gpointer data)
{
  RawServer *self = data;
  int fd;

  while ((fd = accept (self->fd, NULL, NULL)) >= 0 || errno == EINTR || errno == ECONNABORTED)
    {
      Connection *connection;
      guint n;

      if (fd < 0)
        continue;
      g_mutex_lock (&self->mutex);
      g_assert_cmpuint (self->scripts->len, >, 0);
      n = MIN (self->connections->len, self->scripts->len - 1);
      connection = g_new0 (Connection, 1);
      connection->server = self;
      connection->fd = fd;
      connection->received = g_string_new (NULL);
      connection->script = g_ptr_array_ref (g_ptr_array_index (self->scripts, n));
      connection->thread = g_thread_new ("raw-connection", run_connection, connection);
      g_ptr_array_add (self->connections, connection);
      tell_change ();
      g_mutex_unlock (&self->mutex);
    }
  return NULL;
}

RawServer *
raw_server_new (void)
{
  RawServer *self = g_new0 (RawServer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  g_mutex_init (&self->mutex);
  self->scripts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->connections = g_ptr_array_new_with_free_func (free_connection);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  g_assert_cmpint (bind (self->fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->fd, 16), ==, 0);
  g_assert_cmpint (getsockname (self->fd, (struct sockaddr *) &address, &length), ==, 0);
  self->port = ntohs (address.sin_port);
  self->thread = g_thread_new ("raw-server", run_server, self);
  return self;
}

void
raw_server_free (RawServer *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->is_stopping = TRUE;
  self->n_gates_open = G_MAXUINT / 2;
  g_mutex_unlock (&self->mutex);
  /* On Linux this ends accept(). */
  shutdown (self->fd, SHUT_RDWR);
  g_thread_join (self->thread);
  close (self->fd);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (connection->fd >= 0)
        shutdown (connection->fd, SHUT_RDWR);
    }
  g_mutex_unlock (&self->mutex);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->scripts);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
raw_server_add_script (RawServer *self,
                       ...)
{
  GPtrArray *script = g_ptr_array_new_with_free_func (free_step);
  RawAction action;
  va_list arguments;

  va_start (arguments, self);
  do
    {
      Step *step = g_new0 (Step, 1);
      const char *text;

      action = va_arg (arguments, RawAction);
      step->action = action;
      if (action == RAW_WAIT_BYTES || action == RAW_WAIT_MESSAGES)
        step->n_bytes = va_arg (arguments, guint);
      else if (action == RAW_SEND_BYTES || action == RAW_BEAT)
        step->bytes = va_arg (arguments, GBytes *);
      else if (action == RAW_SEND || action == RAW_SEND_FOREVER || action == RAW_HANDSHAKE)
        {
          /* With the NUL of a certificate, which is not sent. */
          text = va_arg (arguments, const char *);
          step->bytes = g_bytes_new (text, strlen (text) + (action == RAW_HANDSHAKE));
        }
      else if (action == RAW_SEND_MESSAGE)
        {
          text = va_arg (arguments, const char *);
          step->bytes = raw_websocket_create_frame (0x81, text, strlen (text));
        }
      g_ptr_array_add (script, step);
    }
  while (action != RAW_END);
  va_end (arguments);

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->scripts, script);
  g_mutex_unlock (&self->mutex);
}

void
raw_server_set_alpn (RawServer  *self,
                     const char *protocol)
{
  self->alpn = protocol;
}

guint
raw_server_get_port (RawServer *self)
{
  return self->port;
}

char *
raw_server_dup_url (RawServer  *self,
                    const char *scheme,
                    const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, self->port, path);
}

void
raw_server_open_gate (RawServer *self)
{
  g_mutex_lock (&self->mutex);
  self->n_gates_open++;
  tell_change ();
  g_mutex_unlock (&self->mutex);
}

guint
raw_server_count_connections (RawServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->connections->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

GString *
raw_server_dup_received (RawServer *self,
                         guint      connection)
{
  GString *copy = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  if (connection < self->connections->len)
    {
      Connection *one = g_ptr_array_index (self->connections, connection);

      g_string_append_len (copy, one->received->str, (gssize) one->received->len);
    }
  g_mutex_unlock (&self->mutex);
  return copy;
}

char *
raw_server_dup_messages (RawServer *self,
                         guint      connection)
{
  GString *lines = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  if (connection < self->connections->len)
    read_messages (g_ptr_array_index (self->connections, connection), lines);
  g_mutex_unlock (&self->mutex);
  return g_string_free (lines, FALSE);
}

static gboolean
check_connection (RawServer *self,
                  guint      connection,
                  gboolean   for_closed)
{
  gboolean is_true = FALSE;

  g_mutex_lock (&self->mutex);
  if (connection < self->connections->len)
    {
      Connection *one = g_ptr_array_index (self->connections, connection);

      is_true = for_closed ? one->closed_us > 0 : one->is_idle;
    }
  g_mutex_unlock (&self->mutex);
  return is_true;
}

static gboolean
time_over_cb (gpointer user_data)
{
  g_error ("waited %d s in vain", WAIT_S);
  return G_SOURCE_REMOVE;
}

static void
wait_connection (RawServer *self,
                 guint      connection,
                 gboolean   for_closed)
{
  guint id = g_timeout_add_seconds (WAIT_S, time_over_cb, NULL);

  while (!check_connection (self, connection, for_closed))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

void
raw_server_wait_idle (RawServer *self,
                      guint      connection)
{
  wait_connection (self, connection, FALSE);
}

void
raw_server_wait_client_closed (RawServer *self,
                               guint      connection)
{
  wait_connection (self, connection, TRUE);
}

gint64
raw_server_get_closed_us (RawServer *self,
                          guint      connection)
{
  gint64 closed_us = 0;

  g_mutex_lock (&self->mutex);
  if (connection < self->connections->len)
    closed_us = ((Connection *) g_ptr_array_index (self->connections, connection))->closed_us;
  g_mutex_unlock (&self->mutex);
  return closed_us;
}
