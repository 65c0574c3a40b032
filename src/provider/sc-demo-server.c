/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Demo's server: openai-chat over SSE on a loopback port of this process. It sends by the
 * clock, so that a busy main loop changes nothing in its pace, and stops as soon as the client is
 * gone. Must not know the window. */

#include "config.h"

#include "sc-demo-server.h"
#include "sc-demo-script.h"
#include "sc-demo-server-private.h"
#include "sc-json.h"
#include "sc-profile.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

#define FIRST_PIECE_MS 250
#define TICK_MS 15
#define COMMENT_MS 5000
#define KEY_BYTES 24

/* RFC 6585, section 4; libsoup has no name for it. */
#define STATUS_TOO_MANY_REQUESTS 429

typedef struct
{
  SoupServerMessage *message;
  ScDemoScript      *script;
  char              *id;
  char              *model;
  gint64             begin_us;
  gint64             pause_end_us;
  gint64             comment_us;
  double             credit;
  gint64             credit_us;
  gsize              n_reasoning;
  gsize              n_text;
  guint              prompt_tokens;
  guint              tick_id;
  guint              n_appended;
  guint              n_written;
  GSource           *watch;
  gboolean           wants_usage;
  gboolean           has_begun;
  gboolean           has_paused;
} Stream;

static SoupServer *server;
static char *base_url;
static char *server_key;
static guint n_streams;
static guint n_answers;
static gboolean has_refused;

guint
sc_demo_server_get_n_streams (void)
{
  return n_streams;
}

static void
stream_free (Stream *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->watch != NULL)
    {
      g_source_destroy (self->watch);
      g_source_unref (self->watch);
    }
  sc_demo_script_free (self->script);
  g_free (self->id);
  g_free (self->model);
  g_object_unref (self->message);
  g_free (self);
  n_streams--;
}

static void
append_bytes (Stream     *self,
              const char *text)
{
  soup_message_body_append (soup_server_message_get_response_body (self->message), SOUP_MEMORY_COPY,
                            text, strlen (text));
  self->n_appended++;
  soup_server_message_unpause (self->message);
}

static void
append_head (Stream  *self,
             GString *out)
{
  g_string_append_printf (
    out,
    "data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%" G_GINT64_FORMAT
    ",\"model\":",
    self->id, g_get_real_time () / G_USEC_PER_SEC);
  sc_json_append_quoted (out, self->model, -1);
}

/* One delta: @member is a member's name, @text what it holds. */
static void
append_delta (Stream     *self,
              GString    *out,
              const char *member,
              const char *text,
              gsize       length)
{
  append_head (self, out);
  g_string_append_printf (out, ",\"choices\":[{\"index\":0,\"delta\":{\"%s\":", member);
  sc_json_append_quoted (out, text, (gssize) length);
  g_string_append (out, "},\"finish_reason\":null}]}\n\n");
}

static guint
count_tokens (const char *text)
{
  return text != NULL ? (guint) (g_utf8_strlen (text, -1) + 3) / 4 : 0;
}

static void
append_usage (Stream  *self,
              GString *out)
{
  guint reasoning = count_tokens (self->script->reasoning);
  guint output = reasoning + count_tokens (self->script->text);

  g_string_append_printf (
    out,
    "\"usage\":{\"prompt_tokens\":%u,\"completion_tokens\":%u,\"total_tokens\":%u,"
    "\"completion_tokens_details\":{\"reasoning_tokens\":%u}}",
    self->prompt_tokens, output, self->prompt_tokens + output, reasoning);
}

/* The end of the stream, in the order in which OpenAI sends it. */
static void
send_end (Stream *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_head (self, out);
  g_string_append (out,
                   ",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  if (self->wants_usage)
    {
      append_head (self, out);
      g_string_append (out, ",\"choices\":[],");
      append_usage (self, out);
      g_string_append (out, "}\n\n");
    }
  g_string_append (out, "data: [DONE]\n\n");
  soup_message_body_append (soup_server_message_get_response_body (self->message), SOUP_MEMORY_COPY,
                            out->str, out->len);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  soup_server_message_unpause (self->message);
}

/* The client is gone: what is left is said to nobody, so that libsoup comes to its end with the
 * message. */
static void
give_up (Stream *self)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (self->message);

  g_signal_handlers_disconnect_by_data (message, self);
  stream_free (self);
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

/* Closes the socket without another word, as a network does that breaks. */
static void
cut_connection (Stream *self)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (self->message);
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GSocketAddress) client =
    socket != NULL ? g_socket_get_remote_address (socket, NULL) : NULL;
  g_autoptr (GIOStream) connection = NULL;

  /* Stealing looks up the client's address, and libsoup warns if it has gone in the meantime. */
  if (client == NULL)
    {
      give_up (self);
      return;
    }
  g_signal_handlers_disconnect_by_data (message, self);
  stream_free (self);
  connection = soup_server_message_steal_connection (message);
  if (connection != NULL)
    g_io_stream_close (connection, NULL, NULL);
}

/* The next piece, or NULL if there is none at this moment. */
static const char *
take_piece (Stream      *self,
            const char **member,
            gsize       *length)
{
  const ScDemoScript *script = self->script;
  gsize n_reasoning = script->reasoning != NULL ? strlen (script->reasoning) : 0;
  gsize end = strlen (script->text);
  const char *piece;

  if (self->n_reasoning < n_reasoning)
    {
      piece = script->reasoning + self->n_reasoning;
      *member = "reasoning_content";
      *length = sc_demo_script_get_piece (piece, n_reasoning - self->n_reasoning);
      self->n_reasoning += *length;
      return piece;
    }
  if (script->cut_at > 0)
    end = script->cut_at;
  else if (script->pause_ms > 0 && !self->has_paused)
    end = script->pause_at;
  if (self->n_text >= end)
    return NULL;
  piece = script->text + self->n_text;
  *member = "content";
  *length = sc_demo_script_get_piece (piece, end - self->n_text);
  self->n_text += *length;
  return piece;
}

static void
begin_answer (Stream *self,
              gint64  now)
{
  g_autoptr (GString) out = g_string_new (NULL);

  self->has_begun = TRUE;
  self->credit_us = now;
  append_delta (self, out, "role", "assistant", strlen ("assistant"));
  append_bytes (self, out->str);
}

/* Sends the pieces that are due by the clock. Returns FALSE when there is nothing more to send
 * now. */
static gboolean
send_due_pieces (Stream *self,
                 gint64  now)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean has_more = TRUE;

  self->credit += (double) (now - self->credit_us) * self->script->rate / G_USEC_PER_SEC;
  self->credit_us = now;
  while (self->credit >= 1.0 && has_more)
    {
      const char *member = NULL;
      gsize length = 0;
      const char *piece = take_piece (self, &member, &length);

      has_more = piece != NULL;
      if (has_more)
        {
          append_delta (self, out, member, piece, length);
          self->credit -= (double) g_utf8_strlen (piece, (gssize) length);
        }
    }
  if (out->len > 0)
    append_bytes (self, out->str);
  return has_more;
}

/* Silent but alive: a comment now and then. Returns TRUE while the pause lasts. */
static gboolean
stay_silent (Stream *self,
             gint64  now)
{
  if (self->pause_end_us == 0)
    {
      self->pause_end_us = now + (gint64) self->script->pause_ms * 1000;
      self->comment_us = now;
    }
  if (now >= self->pause_end_us)
    {
      self->has_paused = TRUE;
      self->credit = 0;
      self->credit_us = now;
      return FALSE;
    }
  if (now - self->comment_us >= COMMENT_MS * 1000)
    {
      self->comment_us = now;
      append_bytes (self, ": still here\n\n");
    }
  return TRUE;
}

static gboolean
stream_tick_cb (gpointer user_data)
{
  Stream *self = user_data;
  gint64 now = g_get_monotonic_time ();

  if (!self->has_begun)
    {
      if (now - self->begin_us < FIRST_PIECE_MS * 1000)
        return G_SOURCE_CONTINUE;
      begin_answer (self, now);
    }
  if (send_due_pieces (self, now))
    return G_SOURCE_CONTINUE;
  if (self->script->cut_at > 0)
    {
      /* What was said before the cut has to be out. */
      if (self->n_written < self->n_appended)
        return G_SOURCE_CONTINUE;
      self->tick_id = 0;
      cut_connection (self);
      return G_SOURCE_REMOVE;
    }
  if (self->script->pause_ms > 0 && !self->has_paused)
    {
      stay_silent (self, now);
      return G_SOURCE_CONTINUE;
    }
  self->tick_id = 0;
  send_end (self);
  return G_SOURCE_REMOVE;
}

/* While nothing is written nobody would notice that the client went away. */
static gboolean
socket_readable_cb (GSocket      *socket,
                    GIOCondition  condition,
                    gpointer      user_data)
{
  Stream *self = user_data;
  char byte;
  gssize n = recv (g_socket_get_fd (socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  if (n > 0)
    {
      /* A next request that came early; it waits its turn. */
      g_clear_pointer (&self->watch, g_source_unref);
      return G_SOURCE_REMOVE;
    }
  if (n < 0 && (condition & (G_IO_HUP | G_IO_ERR)) == 0)
    return G_SOURCE_CONTINUE;
  give_up (self);
  return G_SOURCE_REMOVE;
}

static void
chunk_written_cb (SoupServerMessage *message,
                  gpointer           user_data)
{
  Stream *self = user_data;

  self->n_written++;
}

static void
message_finished_cb (SoupServerMessage *message,
                     gpointer           user_data)
{
  g_signal_handlers_disconnect_by_data (message, user_data);
  stream_free (user_data);
}

static void
send_json (SoupServerMessage *message,
           guint              status,
           GString           *json)
{
  gsize length = json->len;
  char *text = g_string_free (json, FALSE);

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text, length);
}

static void
send_error (SoupServerMessage *message,
            guint              status,
            const char        *code,
            const char        *words)
{
  GString *json = g_string_new ("{\"error\":{\"message\":");

  sc_json_append_quoted (json, words, -1);
  g_string_append_printf (json, ",\"type\":\"demo_error\",\"param\":null,\"code\":\"%s\"}}", code);
  send_json (message, status, json);
}

static gboolean
check_key (SoupServerMessage *message)
{
  const char *given = soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Authorization");
  g_autofree char *wanted = g_strconcat ("Bearer ", server_key, NULL);

  if (g_strcmp0 (given, wanted) == 0)
    return TRUE;
  send_error (message, SOUP_STATUS_UNAUTHORIZED, "invalid_api_key",
              _("The demo answers only to this program."));
  return FALSE;
}

static void
models_requested_cb (SoupServer        *soup_server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gpointer           user_data)
{
  if (!check_key (message))
    return;
  send_json (
    message, SOUP_STATUS_OK,
    g_string_new (
      "{\"object\":\"list\",\"data\":["
      "{\"id\":\"demo\",\"object\":\"model\",\"created\":0,\"owned_by\":\"stream-chat\","
      "\"context_length\":1000000},"
      "{\"id\":\"demo-thinking\",\"object\":\"model\",\"created\":0,\"owned_by\":\"stream-chat\","
      "\"context_length\":1000000}]}"));
}

/* The text of a message's content, which is a string or a list of parts. */
static char *
dup_content (JsonObject *message)
{
  JsonArray *parts = sc_json_get_array (message, "content");
  guint n = parts != NULL ? json_array_get_length (parts) : 0;
  GString *text;

  if (parts == NULL)
    return g_strdup (sc_json_get_string (message, "content"));
  text = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    {
      const char *piece = sc_json_get_string (sc_json_get_element_object (parts, i), "text");

      if (piece != NULL)
        g_string_append (text, piece);
    }
  return g_string_free (text, FALSE);
}

static char *
dup_prompt (JsonObject *body,
            guint      *n_tokens)
{
  JsonArray *messages = sc_json_get_array (body, "messages");
  guint n = messages != NULL ? json_array_get_length (messages) : 0;
  g_autofree char *last = NULL;

  *n_tokens = 0;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *message = sc_json_get_element_object (messages, i);
      g_autofree char *text = dup_content (message);

      *n_tokens += count_tokens (text);
      if (text != NULL && g_strcmp0 (sc_json_get_string (message, "role"), "user") == 0)
        {
          g_free (last);
          last = g_steal_pointer (&text);
        }
    }
  return last != NULL ? g_steal_pointer (&last) : g_strdup ("");
}

static void
send_whole (Stream *self)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json,
                          "{\"id\":\"%s\",\"object\":\"chat.completion\",\"model\":", self->id);
  sc_json_append_quoted (json, self->model, -1);
  g_string_append (json, ",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",");
  if (self->script->reasoning != NULL)
    {
      g_string_append (json, "\"reasoning_content\":");
      sc_json_append_quoted (json, self->script->reasoning, -1);
      g_string_append_c (json, ',');
    }
  g_string_append (json, "\"content\":");
  sc_json_append_quoted (json, self->script->text, -1);
  g_string_append (json, "},\"finish_reason\":\"stop\"}],");
  append_usage (self, json);
  g_string_append_c (json, '}');
  send_json (self->message, SOUP_STATUS_OK, json);
}

static void
start_stream (Stream *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  GSocket *socket = soup_server_message_get_socket (self->message);

  soup_server_message_set_status (self->message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_replace (headers, "Content-Type", "text/event-stream");
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  soup_message_headers_replace (headers, "x-request-id", self->id);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  append_bytes (self, ": demo\n\n");
  self->begin_us = g_get_monotonic_time ();
  g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (chunk_written_cb), self);
  g_signal_connect (self->message, "finished", G_CALLBACK (message_finished_cb), self);
  self->tick_id = g_timeout_add (TICK_MS, stream_tick_cb, self);
  if (socket != NULL)
    {
      self->watch = g_socket_create_source (socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
      g_source_set_callback (self->watch, G_SOURCE_FUNC (socket_readable_cb), self, NULL);
      g_source_attach (self->watch, g_main_context_get_thread_default ());
    }
}

/* Refuses every other request that asks for it: the first, and after an answer the next first. */
static gboolean
refuse_for_now (SoupServerMessage  *message,
                const ScDemoScript *script)
{
  g_autofree char *seconds = NULL;

  if (script->wait_s == 0)
    return FALSE;
  has_refused = !has_refused;
  if (!has_refused)
    return FALSE;
  seconds = g_strdup_printf ("%u", script->wait_s);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                seconds);
  send_error (message, STATUS_TOO_MANY_REQUESTS, "rate_limit_exceeded",
              _("The demo asks for a pause, as busy services do."));
  return TRUE;
}

static void
chat_requested_cb (SoupServer        *soup_server,
                   SoupServerMessage *message,
                   const char        *path,
                   GHashTable        *query,
                   gpointer           user_data)
{
  const SoupMessageBody *request = soup_server_message_get_request_body (message);
  g_autoptr (JsonObject) body = NULL;
  g_autofree char *prompt = NULL;
  const char *model;
  Stream *stream;

  if (!check_key (message))
    return;
  body = request->data != NULL
           ? sc_json_parse_object (request->data, (gssize) request->length, NULL)
           : NULL;
  if (body == NULL || sc_json_get_array (body, "messages") == NULL)
    {
      send_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                  _("The demo did not understand the request."));
      return;
    }
  stream = g_new0 (Stream, 1);
  n_streams++;
  prompt = dup_prompt (body, &stream->prompt_tokens);
  model = sc_json_get_string (body, "model");
  stream->message = g_object_ref (message);
  stream->model = g_strdup (model != NULL ? model : "demo");
  stream->id = g_strdup_printf ("demo-%u", ++n_answers);
  stream->script = sc_demo_script_new (prompt, model);
  stream->wants_usage =
    sc_json_get_boolean (sc_json_get_object (body, "stream_options"), "include_usage", FALSE);
  if (refuse_for_now (message, stream->script))
    stream_free (stream);
  else if (sc_json_get_boolean (body, "stream", FALSE))
    start_stream (stream);
  else
    {
      send_whole (stream);
      stream_free (stream);
    }
}

static void
other_requested_cb (SoupServer        *soup_server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  send_error (message, SOUP_STATUS_NOT_FOUND, "not_found", _("The demo has nothing at "
                                                             "this address."));
}

/* 24 bytes of the kernel's randomness: two random UUIDs hold more than that. */
static char *
make_key (void)
{
  g_autofree char *first = g_uuid_string_random ();
  g_autofree char *second = g_uuid_string_random ();
  g_autofree char *both = g_strconcat (first, second, NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);

  return g_strdup_printf ("demo-%.*s", KEY_BYTES * 2, sum);
}

const char *
sc_demo_server_get_key (void)
{
  if (server_key == NULL)
    server_key = make_key ();
  return server_key;
}

const char *
sc_demo_server_get_base_url (GError **error)
{
  g_autoptr (SoupServer) started = NULL;
  GSList *uris;

  if (base_url != NULL)
    return base_url;
  sc_demo_server_get_key ();
  started = soup_server_new ("server-header", "stream-chat-demo", NULL);
  soup_server_add_handler (started, NULL, other_requested_cb, NULL, NULL);
  soup_server_add_handler (started, "/v1/models", models_requested_cb, NULL, NULL);
  soup_server_add_handler (started, "/v1/chat/completions", chat_requested_cb, NULL, NULL);
  if (!soup_server_listen_local (started, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;
  uris = soup_server_get_uris (started);
  base_url = g_strdup_printf ("http://127.0.0.1:%d/v1", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  server = g_steal_pointer (&started);
  return base_url;
}

ScProfile *
sc_demo_server_create_profile (GError **error)
{
  const char *url = sc_demo_server_get_base_url (error);
  ScProfile *profile;

  if (url == NULL)
    return NULL;
  profile = sc_profile_new (SC_DEMO_PROFILE_ID);
  sc_profile_set (&profile->name, _("Demo"));
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, "demo");
  sc_profile_set (&profile->key, sc_demo_server_get_key ());
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}
