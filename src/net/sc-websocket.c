/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One WebSocket: upgrade, opening, messages, and one end, in finish_socket().
 *
 * libsoup reads at the main loop's default priority and cannot be told to stop. Messages are
 * therefore only put aside in its signal and reported from a source of our own, below GTK's redraw,
 * which is also what a pause holds back. */

#include "config.h"

#include "sc-websocket.h"

#include "sc-error.h"
#include "sc-frame.h"
#include "sc-http-private.h"
#include "sc-http-watch.h"

#include <glib/gi18n.h>
#include <string.h>

/* At most this much is reported before the main loop can draw a frame. */
#define BATCH_BYTES (64 * 1024)

/* Between our pings: well below the idle clock's two minutes. */
#define KEEPALIVE_S 20

/* libsoup reads as long as there is something to read, in one turn of the main loop: a server that
 * sends without end would hold the window still for ever. No answer of so many messages takes this
 * long to read; a few may, on a computer that is busy otherwise. */
#define MAX_TURN_MS       2000
#define MAX_TURN_MESSAGES 10000

/* How long a socket that was shut is kept for what is on its way to the server. Closed at once,
 * with messages unread, the kernel would send a reset, and that overtakes what was said last. */
#define LINGER_MS 50

typedef enum
{
  STATE_CONNECTING, /* until the server agreed */
  STATE_OPEN,
  STATE_DONE,
} State;

struct _ScWebsocket
{
  int                       n_refs; /* the user's, and one for each call under way */
  ScHttpWatch               watch;
  const ScWebsocketHandler *handler;
  gpointer                  user_data;

  State                     state;
  GCancellable             *cancellable;
  GCancellable             *io;
  GSource                  *cancel_source;
  GSource                  *report_source; /* an early end, or messages that wait */
  GPtrArray                *opening;
  SoupWebsocketConnection  *connection;

  GQueue                    messages;
  gsize                     n_waiting;
  gint64                    read_us;
  gboolean                  is_paused;
  gboolean                  has_said_goodbye;
  gboolean                  has_end;
  GError                   *end_error;
};

static ScWebsocket *
ref_socket (ScWebsocket *self)
{
  self->n_refs++;
  return self;
}

static void
unref_socket (ScWebsocket *self)
{
  if (--self->n_refs > 0)
    return;
  g_assert (self->state == STATE_DONE && self->connection == NULL);
  g_queue_clear_full (&self->messages, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&self->opening, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->io);
  g_clear_error (&self->end_error);
  sc_http_watch_clear (&self->watch);
  g_free (self);
}

static gboolean
is_cancelled (ScWebsocket *self)
{
  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/* Leaving */

typedef struct
{
  SoupWebsocketConnection *connection;
  GSocket                 *socket;
} Leftover;

static void
free_leftover (gpointer data)
{
  Leftover *self = data;

  if (self->socket != NULL)
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_clear_object (&self->socket);
  /* Closes what is open still. */
  g_object_unref (self->connection);
  g_free (self);
}

static gboolean
lingered_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static gboolean
is_open (ScWebsocket *self)
{
  return soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* The last words, the goodbye and the end of our side go out now; the rest goes soon. */
static void
leave (ScWebsocket *self,
       const char  *last)
{
  Leftover *leftover;
  GSource *source;

  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (last != NULL && is_open (self))
    soup_websocket_connection_send_text (self->connection, last);
  if (is_open (self))
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  if (self->watch.socket != NULL)
    g_socket_shutdown (self->watch.socket, FALSE, TRUE, NULL);

  leftover = g_new0 (Leftover, 1);
  leftover->connection = g_steal_pointer (&self->connection);
  leftover->socket = self->watch.socket != NULL ? g_object_ref (self->watch.socket) : NULL;
  source = g_timeout_source_new (LINGER_MS);
  g_source_set_callback (source, lingered_cb, leftover, free_leftover);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

/* The only way to the end. Takes @error, which is NULL where the server closed in peace. */
static void
finish_socket (ScWebsocket *self,
               GError      *error,
               const char  *last)
{
  const ScWebsocketHandler *handler = self->handler;
  g_autoptr (GError) owned = error;

  if (self->state == STATE_DONE)
    return;
  self->state = STATE_DONE;
  self->watch.timings.end_us = g_get_monotonic_time ();
  sc_http_clear_source (&self->cancel_source);
  sc_http_clear_source (&self->report_source);
  if (self->watch.message != NULL)
    g_signal_handlers_disconnect_by_data (self->watch.message, self);
  sc_http_watch_end (&self->watch);
  g_cancellable_cancel (self->io);
  leave (self, last);

  if (handler != NULL && handler->done != NULL)
    {
      ref_socket (self);
      handler->done (self, owned, self->user_data);
      unref_socket (self);
    }
}

static void
finish_cancelled (ScWebsocket *self)
{
  finish_socket (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Stopped.")), NULL);
}

static void
clock_ran_out_cb (ScHttpClock clock,
                  guint       limit_ms,
                  gpointer    user_data)
{
  ScWebsocket *self = user_data;

  finish_socket (self, sc_http_error_new_timeout (clock, self->watch.host, limit_ms), NULL);
}

/* Reporting */

static gboolean
may_report (ScWebsocket *self)
{
  return self->state == STATE_OPEN && !self->is_paused && !is_cancelled (self);
}

static gboolean
report_cb (gpointer user_data)
{
  ScWebsocket *self = ref_socket (user_data);
  gsize n_bytes = 0;
  gboolean goes_on;

  while (n_bytes < BATCH_BYTES && may_report (self) && !g_queue_is_empty (&self->messages))
    {
      g_autoptr (GBytes) message = g_queue_pop_head (&self->messages);
      gsize length;
      const char *text = g_bytes_get_data (message, &length);

      n_bytes += length + 1;
      self->n_waiting -= length;
      if (self->handler->message != NULL)
        self->handler->message (self, text, length, self->read_us, self->user_data);
    }
  if (n_bytes > 0 && may_report (self) && self->handler->batch != NULL)
    self->handler->batch (self, self->user_data);
  goes_on = may_report (self) && !g_queue_is_empty (&self->messages);
  if (may_report (self) && !goes_on && self->has_end)
    finish_socket (self, g_steal_pointer (&self->end_error), NULL);
  else if (!goes_on)
    sc_http_clear_source (&self->report_source);
  unref_socket (self);
  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
schedule_report (ScWebsocket *self)
{
  if (self->report_source == NULL && may_report (self))
    sc_http_attach_idle (&self->report_source, SC_HTTP_READ_PRIORITY, report_cb, self);
}

/* Text is valid: libsoup has looked. Some servers send their JSON as binary messages. */
static gboolean
is_text (SoupWebsocketDataType  type,
         GBytes                *message)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);

  return type == SOUP_WEBSOCKET_DATA_TEXT || g_utf8_validate_len (data, length, NULL);
}

/* How long this turn of the main loop has taken already. */
static gint64
get_turn_ms (ScWebsocket *self)
{
  GSource *source = g_main_current_source ();

  return source != NULL ? (self->read_us - g_source_get_time (source)) / 1000 : 0;
}

static gboolean
is_flood (ScWebsocket *self)
{
  if (self->n_waiting > SC_FRAME_MAX_BYTES)
    return TRUE;
  return g_queue_get_length (&self->messages) > MAX_TURN_MESSAGES &&
         get_turn_ms (self) > MAX_TURN_MS;
}

/* Ends libsoup's reading too: goodbye alone would not. */
static void
give_up (ScWebsocket *self)
{
  if (self->watch.socket != NULL)
    g_socket_shutdown (self->watch.socket, TRUE, TRUE, NULL);
  finish_socket (self,
                 g_error_new (SC_ERROR, SC_ERROR_PROTOCOL,
                              _("%s sends faster than it can be read."), self->watch.host),
                 NULL);
}

static void
message_cb (SoupWebsocketConnection *connection,
            SoupWebsocketDataType    type,
            GBytes                  *message,
            gpointer                 user_data)
{
  ScWebsocket *self = user_data;

  self->read_us = g_get_monotonic_time ();
  sc_http_clocks_note_byte (&self->watch.clocks, TRUE);
  if (!is_text (type, message))
    return;
  self->n_waiting += g_bytes_get_size (message);
  g_queue_push_tail (&self->messages, g_bytes_ref (message));
  if (is_flood (self))
    give_up (self);
  else
    schedule_report (self);
}

static void
pong_cb (SoupWebsocketConnection *connection,
         GBytes                  *message,
         gpointer                 user_data)
{
  ScWebsocket *self = user_data;

  sc_http_clocks_note_byte (&self->watch.clocks, FALSE);
}

/* Ends */

static GError *
translate (const GError *error,
           const char   *host)
{
  if (error->domain == SOUP_WEBSOCKET_ERROR)
    return g_error_new (SC_ERROR, SC_ERROR_PROTOCOL,
                        _("What came from %s breaks the rules of WebSockets."), host);
  return sc_http_error_translate (error, host, TRUE);
}

static void
broken_cb (SoupWebsocketConnection *connection,
           GError                  *error,
           gpointer                 user_data)
{
  ScWebsocket *self = user_data;

  /* Once one of us has said goodbye it does not matter how the connection is closed, nor what
   * libsoup thinks of the server's reason (it knows none above 1010). */
  if (self->has_said_goodbye || soup_websocket_connection_get_close_code (connection) != 0)
    return;
  if (self->end_error == NULL)
    self->end_error = translate (error, self->watch.host);
}

/* RFC 6455 7.4.1 and the registry of close codes (1012 to 1014). */
static const struct
{
  gushort code;
  ScError kind;
} complaints[] = {
  { 1002, SC_ERROR_PROTOCOL },   { 1003, SC_ERROR_PROTOCOL },   { 1007, SC_ERROR_PROTOCOL },
  { 1008, SC_ERROR_INVALID_REQUEST }, { 1009, SC_ERROR_PROTOCOL }, { 1010, SC_ERROR_PROTOCOL },
  { 1011, SC_ERROR_SERVER },     { 1012, SC_ERROR_OVERLOADED }, { 1013, SC_ERROR_OVERLOADED },
  { 1014, SC_ERROR_SERVER },
};

static GError *
create_complaint (gushort     code,
                  const char *words,
                  const char *host)
{
  ScError kind = SC_ERROR_INTERRUPTED;

  for (guint i = 0; i < G_N_ELEMENTS (complaints); i++)
    if (complaints[i].code == code)
      kind = complaints[i].kind;
  if (words != NULL && *words != '\0')
    /* Translators: %1$s is a server’s name, %2$s what it said. */
    return g_error_new (SC_ERROR, (int) kind, _("%1$s closed the connection: %2$s"), host, words);
  /* Translators: %1$s is a server’s name, %2$d a number. */
  return g_error_new (SC_ERROR, (int) kind, _("%1$s closed the connection (code %2$d)."), host,
                      code);
}

/* NULL where the server closed in peace: whether the answer was complete the protocol knows. */
static GError *
create_end_error (ScWebsocket *self)
{
  gushort code = soup_websocket_connection_get_close_code (self->connection);
  const char *words = soup_websocket_connection_get_close_data (self->connection);

  switch (code)
    {
    case SOUP_WEBSOCKET_CLOSE_NORMAL:
    case SOUP_WEBSOCKET_CLOSE_GOING_AWAY:
    case SOUP_WEBSOCKET_CLOSE_NO_STATUS:
      return NULL;
    case 0:
    case SOUP_WEBSOCKET_CLOSE_ABNORMAL:
      return g_error_new (SC_ERROR, SC_ERROR_INTERRUPTED,
                          _("The connection to %s broke in the middle of the answer."),
                          self->watch.host);
    default:
      return create_complaint (code, words, self->watch.host);
    }
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gpointer                 user_data)
{
  ScWebsocket *self = user_data;

  if (self->has_end)
    return;
  self->has_end = TRUE;
  if (self->end_error == NULL && !self->has_said_goodbye)
    self->end_error = create_end_error (self);
  schedule_report (self);
}

/* Opening */

/* libsoup from 3.8 on has a second limit, for a message of many frames. */
static void
raise_limits (SoupWebsocketConnection *connection)
{
  soup_websocket_connection_set_max_incoming_payload_size (connection, SC_FRAME_MAX_BYTES);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (connection), "max-total-message-size") !=
      NULL)
    g_object_set (connection, "max-total-message-size", (guint64) SC_FRAME_MAX_BYTES, NULL);
}

static void
open_socket (ScWebsocket *self)
{
  SoupWebsocketConnection *connection = self->connection;

  self->state = STATE_OPEN;
  raise_limits (connection);
  soup_websocket_connection_set_keepalive_interval (connection, KEEPALIVE_S);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (connection, "pong", G_CALLBACK (pong_cb), self);
  g_signal_connect (connection, "error", G_CALLBACK (broken_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  /* The server may have left already; what it said before is read all the same. */
  for (guint i = 0; i < self->opening->len && is_open (self); i++)
    soup_websocket_connection_send_text (connection, g_ptr_array_index (self->opening, i));
  g_clear_pointer (&self->opening, g_ptr_array_unref);

  self->watch.timings.first_byte_us = g_get_monotonic_time ();
  self->watch.timings.sent_us = self->watch.timings.first_byte_us;
  /* The wait for the first message begins with what was said, not with the upgrade. */
  sc_http_clocks_enter (&self->watch.clocks, SC_HTTP_PHASE_WAITING);
  sc_http_clocks_enter (&self->watch.clocks, SC_HTTP_PHASE_READING);
  if (self->handler->opened != NULL)
    self->handler->opened (self, self->user_data);
}

static GError *
create_refusal (ScWebsocket  *self,
                const GError *error)
{
  int status = sc_http_watch_get_status (&self->watch);

  if (error->domain != SOUP_WEBSOCKET_ERROR)
    return sc_http_error_translate (error, self->watch.host, FALSE);
  if (sc_http_watch_is_from_proxy (&self->watch))
    return sc_http_error_new_proxy (self->watch.host, status);
  return g_error_new (SC_ERROR, SC_ERROR_PROTOCOL,
                      /* Translators: %1$s is a server’s name, %2$d an HTTP status such as 404. */
                      _("%1$s did not agree to a WebSocket (status %2$d)."), self->watch.host, status);
}

static GError *
create_not_agreed (ScWebsocket *self)
{
  g_autoptr (GError) error = g_error_new_literal (
    SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET, "another status than 101");

  return create_refusal (self, error);
}

static gboolean
refused_cb (gpointer user_data)
{
  ScWebsocket *self = user_data;

  finish_socket (self, create_not_agreed (self), NULL);
  return G_SOURCE_REMOVE;
}

/* The status of a refusal says it all: libsoup would wait for the end of its body. */
static void
got_headers_cb (SoupMessage *message,
                gpointer     user_data)
{
  ScWebsocket *self = user_data;

  if (soup_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    sc_http_attach_idle (&self->report_source, G_PRIORITY_DEFAULT, refused_cb, self);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  ScWebsocket *self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (self->state == STATE_DONE)
    leave (self, NULL);
  else if (self->watch.refusal != NULL)
    finish_socket (self, g_steal_pointer (&self->watch.refusal), NULL);
  else if (self->connection == NULL)
    finish_socket (self, create_refusal (self, error), NULL);
  else if (is_cancelled (self))
    finish_cancelled (self);
  else
    open_socket (self);
  unref_socket (self);
}

/* Starting */

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  finish_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
ended_early_cb (gpointer user_data)
{
  ScWebsocket *self = user_data;

  if (is_cancelled (self))
    finish_cancelled (self);
  else
    finish_socket (self, g_steal_pointer (&self->watch.refusal), NULL);
  return G_SOURCE_REMOVE;
}

/* Proxies are set for `http` and `https`; to them a WebSocket is the same. */
static char *
make_http_url (const char *url)
{
  if (g_ascii_strncasecmp (url, "ws:", 3) == 0 || g_ascii_strncasecmp (url, "wss:", 4) == 0)
    return g_strconcat ("http", url + 2, NULL);
  return g_strdup (url);
}

static void
connect_socket (ScWebsocket      *self,
                ScHttpRequest    *request,
                GUri             *uri,
                const ScTimeouts *timeouts)
{
  sc_http_attach_cancel (&self->cancel_source, self->cancellable, cancelled_cb, self);
  sc_http_watch_begin (&self->watch, request, uri, self->io, timeouts, clock_ran_out_cb, self);
  g_signal_connect (self->watch.message, "got-headers", G_CALLBACK (got_headers_cb), self);
  soup_session_websocket_connect_async (sc_http_client_get_session (self->watch.client),
                                        self->watch.message, NULL, NULL, SC_HTTP_READ_PRIORITY,
                                        self->io, connected_cb, ref_socket (self));
}

ScWebsocket *
sc_websocket_start (ScHttpClient             *client,
                    ScHttpRequest            *request,
                    GPtrArray                *opening,
                    const ScTimeouts         *timeouts,
                    GCancellable             *cancellable,
                    const ScWebsocketHandler *handler,
                    gpointer                  user_data)
{
  ScWebsocket *self;
  g_autoptr (GUri) uri = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (client != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (handler != NULL, NULL);

  self = g_new0 (ScWebsocket, 1);
  self->n_refs = 1;
  self->handler = handler;
  self->user_data = user_data;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->io = g_cancellable_new ();
  g_queue_init (&self->messages);
  self->opening = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; opening != NULL && i < opening->len; i++)
    g_ptr_array_add (self->opening, g_strdup (g_ptr_array_index (opening, i)));

  url = make_http_url (request->url);
  uri = sc_http_watch_init (&self->watch, client, url);
  if (uri == NULL || is_cancelled (self))
    sc_http_attach_idle (&self->report_source, G_PRIORITY_DEFAULT, ended_early_cb, self);
  else
    connect_socket (self, request, uri, timeouts);
  return self;
}

void
sc_websocket_free (ScWebsocket *self)
{
  if (self == NULL)
    return;
  sc_websocket_shut (self, NULL);
  unref_socket (self);
}

void
sc_websocket_close (ScWebsocket *self)
{
  g_return_if_fail (self != NULL);

  if (self->state != STATE_OPEN ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  self->has_said_goodbye = TRUE;
  soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

void
sc_websocket_shut (ScWebsocket *self,
                   const char  *last)
{
  g_return_if_fail (self != NULL);

  self->handler = NULL;
  finish_socket (self, NULL, last);
}

void
sc_websocket_pause (ScWebsocket *self)
{
  g_return_if_fail (self != NULL);

  self->is_paused = TRUE;
  sc_http_clocks_set_paused (&self->watch.clocks, TRUE);
}

void
sc_websocket_resume (ScWebsocket *self)
{
  g_return_if_fail (self != NULL);

  if (!self->is_paused)
    return;
  self->is_paused = FALSE;
  sc_http_clocks_set_paused (&self->watch.clocks, FALSE);
  schedule_report (self);
}

int
sc_websocket_get_status (ScWebsocket *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sc_http_watch_get_status (&self->watch);
}

const char *
sc_websocket_get_header (ScWebsocket *self,
                         const char  *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return sc_http_watch_get_header (&self->watch, name);
}

GPtrArray *
sc_websocket_list_headers (ScWebsocket *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return sc_http_watch_list_headers (&self->watch);
}

const ScHttpTimings *
sc_websocket_get_timings (ScWebsocket *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->watch.timings;
}
