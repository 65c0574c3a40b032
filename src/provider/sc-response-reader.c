/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses how the bytes of a response are read, by status, content type and first bytes
 * (protocols.md section 16, rows 7, 8, 10, 11, 19, 20, 28, 29, 31), and feeds framer and decoder.
 * Knows no field name of any protocol and no clock. */

#include "config.h"

#include "sc-response-reader.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-ndjson-framer.h"
#include "sc-protocol.h"
#include "sc-response-failure.h"
#include "sc-sse-framer.h"

#include <glib/gi18n.h>
#include <string.h>

/* The longest beginning that decides: `event` or `retry` and the character after it. */
#define MAX_SNIFF_BYTES 8

/* Frames and unfinished frames of this size are data even where the decoder has nothing to say of
 * them (pictures). */
#define MIN_DATA_FRAME_BYTES 1024
#define MIN_DATA_PENDING_BYTES (16u * 1024)

/* How much is kept of a stream that never shows a frame, for the error message. */
#define MAX_HEAD_BYTES 4096

#define BOM "\xEF\xBB\xBF"

typedef enum
{
  MODE_SNIFF,
  MODE_SSE,
  MODE_LINES,
  MODE_MESSAGES,
  MODE_WHOLE,
  MODE_ERROR,
  MODE_PAGE,
} Mode;

struct _ScResponseReader
{
  const ScProtocol *protocol;
  ScEventFunc       func;
  gpointer          user_data;
  ScDecoder        *decoder;
  ScSseFramer      *sse;
  ScNdjsonFramer   *lines;
  GString          *collected;
  GString          *head;
  GHashTable       *headers;
  char             *key;
  char             *content_type;
  int               status;
  Mode              mode;
  gsize             n_pending;
  gboolean          saw_data;
  gboolean          saw_frame;
  gboolean          is_done;
};

static ScResponseFacts
get_facts (ScResponseReader *self)
{
  return (ScResponseFacts) { .status = self->status, .headers = self->headers, .key = self->key };
}

static void
send_event (ScResponseReader *self,
            const ScEvent    *event)
{
  if (self->is_done)
    return;
  self->is_done = event->kind == SC_EVENT_FINISH || event->kind == SC_EVENT_ERROR;
  if (self->func != NULL)
    self->func (event, self->user_data);
}

/* Ends by what is not the decoder's: takes @failure. */
static void
fail (ScResponseReader *self,
      ScFailure        *failure)
{
  ScEvent event = { .kind = SC_EVENT_ERROR, .failure = failure, .start = -1, .end = -1 };

  send_event (self, &event);
  sc_failure_free (failure);
}

static void
decoder_event_cb (const ScEvent *event,
                  gpointer       user_data)
{
  ScResponseReader *self = user_data;

  self->saw_data = TRUE;
  if (event->kind == SC_EVENT_ERROR)
    {
      g_autoptr (ScFailure) failure = sc_failure_copy (event->failure);
      ScEvent completed = *event;
      ScResponseFacts facts = get_facts (self);

      sc_response_failure_complete (failure, &facts);
      completed.failure = failure;
      send_event (self, &completed);
      return;
    }
  send_event (self, event);
}

/* A server, or a proxy on the way, that leaves out the blank lines between its events makes one event of them all: its
 * data are objects with nothing but a line end between them, which no JSON text is. */
static gboolean
holds_many (const ScFrame *frame)
{
  const char *text = frame->data;
  const char *end = text + frame->length;

  if (frame->kind != SC_FRAME_EVENT)
    return FALSE;
  while ((text = memchr (text, '\n', (gsize) (end - text))) != NULL)
    {
      if (text > frame->data && text[-1] == '}' && end - text > 1 && (text[1] == '{' || text[1] == '['))
        return TRUE;
      text++;
    }
  return FALSE;
}

static void
feed_many (ScResponseReader *self,
           const ScFrame    *frame)
{
  const char *text = frame->data;
  const char *end = text + frame->length;

  while (text < end && !self->is_done)
    {
      const char *line_end = memchr (text, '\n', (gsize) (end - text));
      g_autofree char *line = g_strndup (text, (gsize) ((line_end != NULL ? line_end : end) - text));
      ScFrame single = *frame;

      single.data = line;
      single.length = strlen (line);
      sc_decoder_feed (self->decoder, &single);
      text += single.length + 1;
    }
}

static gboolean
frame_cb (const ScFrame *frame,
          gpointer       user_data)
{
  ScResponseReader *self = user_data;

  self->n_pending = 0;
  if (frame->kind == SC_FRAME_COMMENT)
    return TRUE;
  self->saw_frame = TRUE;
  if (frame->length >= MIN_DATA_FRAME_BYTES)
    self->saw_data = TRUE;
  if (holds_many (frame))
    feed_many (self, frame);
  else
    sc_decoder_feed (self->decoder, frame);
  return !self->is_done;
}

static void
fail_with_error (ScResponseReader *self,
                 const GError     *error)
{
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_PROTOCOL, error->message);

  sc_decoder_end (self->decoder, failure);
}

/* White space of JSON and of event streams alike. */
static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
is_all_blank (const char *bytes,
              gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_blank (bytes[i]))
      return FALSE;
  return TRUE;
}

static void
feed_stream (ScResponseReader *self,
             const char       *bytes,
             gsize             length)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (!self->saw_frame && self->head->len < MAX_HEAD_BYTES)
    g_string_append_len (self->head, bytes,
                         (gssize) MIN (length, MAX_HEAD_BYTES - self->head->len));
  /* Blank lines without end are signs of life, not data. */
  if (!is_all_blank (bytes, length))
    self->n_pending += length;
  if (self->mode == MODE_SSE)
    ok = sc_sse_framer_feed (self->sse, bytes, length, frame_cb, self, &error);
  else
    ok = sc_ndjson_framer_feed (self->lines, bytes, length, frame_cb, self, &error);
  if (!ok)
    fail_with_error (self, error);
  if (self->n_pending >= MIN_DATA_PENDING_BYTES)
    self->saw_data = TRUE;
}

static void
collect (ScResponseReader *self,
         const char       *bytes,
         gsize             length)
{
  gsize max = self->mode == MODE_WHOLE ? SC_FRAME_MAX_BYTES : SC_RESPONSE_MAX_ERROR_BYTES;

  if (self->mode == MODE_WHOLE && self->collected->len + length > max)
    {
      fail (self, sc_failure_new (SC_ERROR_PROTOCOL, _("The answer is larger than anything that "
                                                       "could be shown.")));
      return;
    }
  length = MIN (length, max - self->collected->len);
  g_string_append_len (self->collected, bytes, (gssize) length);
  for (gsize i = 0; i < length && !self->saw_data; i++)
    self->saw_data = !is_blank (bytes[i]);
}

/* How many bytes of a byte order mark stand at the start. */
static gsize
count_bom (const GString *text)
{
  return g_str_has_prefix (text->str, BOM) ? strlen (BOM) : 0;
}

static gboolean
has_content_type (ScResponseReader *self,
                  const char       *part)
{
  return self->content_type != NULL && strstr (self->content_type, part) != NULL;
}

static const char *
get_compression (const char *start,
                 gsize       length)
{
  if (length >= 2 && memcmp (start, "\x1f\x8b", 2) == 0)
    return "gzip";
  if (length >= 4 && memcmp (start, "\x28\xb5\x2f\xfd", 4) == 0)
    return "zstd";
  return NULL;
}

/* Whether the bytes begin with a field of an event stream: TRUE, FALSE, or -1 where more is needed
 * to know. */
static int
looks_like_events (const char *start,
                   gsize       length)
{
  static const char *const fields[] = { "data", "event", "error", "id", "retry" };

  if (*start == ':')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gsize n = strlen (fields[i]);

      if (strncmp (start, fields[i], MIN (n, length)) != 0)
        continue;
      if (length <= n)
        return -1;
      if (start[n] == ':' || start[n] == '\n' || start[n] == '\r')
        return TRUE;
    }
  return FALSE;
}

/* The mode that the first bytes that are not blank ask for, MODE_SNIFF where more is needed. */
static Mode
choose_mode (ScResponseReader *self,
             const char       *start,
             gsize             length,
             gboolean          is_end)
{
  gboolean says_events = has_content_type (self, "event-stream");
  gboolean says_lines = has_content_type (self, "ndjson") || has_content_type (self, "jsonl") ||
                        has_content_type (self, "stream+json");
  int events;

  if (*start == '<')
    return MODE_PAGE;
  if (*start == '{' || *start == '[')
    {
      if (self->protocol->framing != SC_FRAMING_SSE)
        {
          /* A value that fills one line is a line; a pretty-printed one is an answer that was not
           * streamed. */
          if (length == 1 && !is_end)
            return MODE_SNIFF;
          return length > 1 && (start[1] == '\n' || start[1] == '\r') ? MODE_WHOLE : MODE_LINES;
        }
      if (says_lines)
        return MODE_LINES;
      return says_events ? MODE_SSE : MODE_WHOLE;
    }
  events = looks_like_events (start, length);
  if (events < 0 && !is_end && length < MAX_SNIFF_BYTES)
    return MODE_SNIFF;
  if (events == TRUE || says_events)
    return MODE_SSE;
  return MODE_PAGE;
}

static void
enter_mode (ScResponseReader *self,
            Mode              mode)
{
  g_autofree char *bytes = NULL;
  gsize length = self->collected->len;

  self->mode = mode;
  if (mode != MODE_SSE && mode != MODE_LINES)
    {
      self->saw_data = TRUE;
      return;
    }
  if (mode == MODE_SSE)
    self->sse = sc_sse_framer_new (0);
  else
    self->lines = sc_ndjson_framer_new (0);
  bytes = g_string_free (self->collected, FALSE);
  self->collected = g_string_new (NULL);
  feed_stream (self, bytes, length);
}

/* Looks at the beginning of the body, as much of it as there is. Returns FALSE if all of it is
 * blank. */
static gboolean
sniff (ScResponseReader *self,
       gboolean          is_end)
{
  const char *start = self->collected->str;
  gsize length = self->collected->len;
  gsize n_blank;
  const char *compression;
  Mode mode;

  n_blank = count_bom (self->collected);
  while (n_blank < length && is_blank (start[n_blank]))
    n_blank++;
  if (n_blank == length)
    return FALSE;
  if (length < 3 && !is_end && (guchar) *start == 0xEF)
    return TRUE;
  compression = get_compression (start + n_blank, length - n_blank);
  if (compression == NULL && !is_end && length - n_blank < 4 &&
      (start[n_blank] == '\x1f' || start[n_blank] == '\x28'))
    return TRUE;
  if (compression != NULL)
    {
      g_autofree char *message = g_strdup_printf (
        /* Translators: %s is a kind of compression, for example gzip. */
        _("The answer is compressed (%s) but not marked as such. A proxy on the way has to be "
          "corrected."), compression);

      fail (self, sc_failure_new (SC_ERROR_PROTOCOL, message));
      return TRUE;
    }
  mode = choose_mode (self, start + n_blank, length - n_blank, is_end);
  if (mode != MODE_SNIFF)
    enter_mode (self, mode);
  return TRUE;
}

ScResponseReader *
sc_response_reader_new (const ScProtocol *protocol,
                        ScEventFunc       func,
                        gpointer          user_data)
{
  ScResponseReader *self;

  g_return_val_if_fail (protocol != NULL, NULL);

  self = g_new0 (ScResponseReader, 1);
  self->protocol = protocol;
  self->func = func;
  self->user_data = user_data;
  self->decoder = protocol->create_decoder ();
  self->collected = g_string_new (NULL);
  self->head = g_string_new (NULL);
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->status = 200;
  sc_decoder_set_func (self->decoder, decoder_event_cb, self);
  return self;
}

void
sc_response_reader_free (ScResponseReader *self)
{
  if (self == NULL)
    return;
  sc_decoder_free (self->decoder);
  sc_sse_framer_free (self->sse);
  sc_ndjson_framer_free (self->lines);
  g_string_free (self->collected, TRUE);
  g_string_free (self->head, TRUE);
  g_hash_table_unref (self->headers);
  sc_response_reader_set_key (self, NULL);
  g_free (self->content_type);
  g_free (self);
}

void
sc_response_reader_set_key (ScResponseReader *self,
                            const char       *key)
{
  char *copy;

  g_return_if_fail (self != NULL);

  copy = g_strdup (key);
  if (self->key != NULL)
    memset (self->key, 0, strlen (self->key));
  g_free (self->key);
  self->key = copy;
}

void
sc_response_reader_headers (ScResponseReader *self,
                            int               status,
                            const char       *content_type)
{
  g_return_if_fail (self != NULL);

  self->status = status;
  g_free (self->content_type);
  self->content_type = content_type != NULL ? g_ascii_strdown (content_type, -1) : NULL;
  self->mode = status >= 300 ? MODE_ERROR : MODE_SNIFF;
}

void
sc_response_reader_set_header (ScResponseReader *self,
                               const char       *name,
                               const char       *value)
{
  g_autofree char *lower = NULL;

  g_return_if_fail (self != NULL && name != NULL);

  lower = g_ascii_strdown (name, -1);
  if (value == NULL || !g_strv_contains (sc_response_failure_get_header_names (), lower))
    return;
  g_hash_table_replace (self->headers, g_steal_pointer (&lower), g_strdup (value));
}

const char * const *
sc_response_reader_get_header_names (void)
{
  return sc_response_failure_get_header_names ();
}

char *
sc_response_reader_dup_request_id (ScResponseReader *self)
{
  ScResponseFacts facts;

  g_return_val_if_fail (self != NULL, NULL);

  facts = get_facts (self);
  return sc_response_failure_dup_request_id (&facts);
}

/* Blank lines may come for minutes; only the end of the last is kept, which says that what follows
 * is not the start of the body. Blanks at the start of a line that is not over belong to it. */
static void
drop_blank_lines (GString *text)
{
  gsize n = text->len;

  while (n > 0 && text->str[n - 1] != '\n' && text->str[n - 1] != '\r')
    n--;
  if (n > 1)
    g_string_erase (text, 0, (gssize) n - 1);
}

gboolean
sc_response_reader_feed (ScResponseReader *self,
                         const char       *bytes,
                         gsize             length)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->saw_data = FALSE;
  if (self->is_done || length == 0)
    return FALSE;
  switch (self->mode)
    {
    case MODE_SNIFF:
      g_string_append_len (self->collected, bytes, (gssize) length);
      if (!sniff (self, FALSE))
        drop_blank_lines (self->collected);
      break;
    case MODE_SSE:
    case MODE_LINES:
      feed_stream (self, bytes, length);
      break;
    case MODE_MESSAGES:
      break;
    case MODE_WHOLE:
    case MODE_ERROR:
    case MODE_PAGE:
    default:
      collect (self, bytes, length);
      break;
    }
  return self->saw_data;
}

gboolean
sc_response_reader_feed_message (ScResponseReader *self,
                                 const char       *text,
                                 gsize             length)
{
  ScFrame frame = {
    .kind = SC_FRAME_EVENT, .type = "message", .data = text, .length = length, .id = ""
  };

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  self->saw_data = FALSE;
  if (self->is_done)
    return FALSE;
  self->mode = MODE_MESSAGES;
  frame_cb (&frame, self);
  return self->saw_data;
}

/* Whether JSON text ends inside a string or with open brackets: it was cut, not wrong. */
static gboolean
is_cut_json (const char *text,
             gsize       length)
{
  gint64 depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '{' || c == '['))
        depth++;
      else if (!in_string && (c == '}' || c == ']'))
        depth--;
    }
  return in_string || depth > 0;
}

static ScFailure *
create_whole_failure (ScResponseReader *self,
                      const ScFailure  *failure)
{
  ScResponseFacts facts = get_facts (self);
  ScFailure *made;

  if (is_cut_json (self->collected->str, self->collected->len))
    return failure != NULL ? sc_failure_copy (failure)
                           : sc_failure_new (SC_ERROR_INTERRUPTED, NULL);
  made = sc_failure_new (SC_ERROR_PROTOCOL, _("The server sent something that could not be read."));
  made->details = g_strndup (self->collected->str, MIN (self->collected->len, MAX_HEAD_BYTES));
  sc_response_failure_complete (made, &facts);
  return made;
}

/* A list is a stream whose frames were put into one array (Gemini without `alt=sse`), or a list
 * with one error. */
static void
feed_elements (ScResponseReader *self,
               JsonArray        *array)
{
  guint n = json_array_get_length (array);

  for (guint i = 0; i < n && !self->is_done; i++)
    {
      g_autofree char *text = sc_json_to_string (json_array_get_element (array, i), FALSE);
      ScFrame frame = { .kind = SC_FRAME_BARE_JSON,
                        .type = "message",
                        .data = text,
                        .length = strlen (text),
                        .id = "" };

      frame_cb (&frame, self);
    }
}

/* A list that was cut goes to the decoder as it is: its first elements are part of the answer. */
static void
feed_cut_list (ScResponseReader *self)
{
  GString *text = self->collected;
  gsize n_blank = count_bom (text);
  ScFrame frame = { .kind = SC_FRAME_BARE_JSON, .type = "message", .id = "", .unterminated = TRUE };

  while (n_blank < text->len && is_blank (text->str[n_blank]))
    n_blank++;
  if (text->str[n_blank] != '[' || !is_cut_json (text->str, text->len))
    return;
  frame.data = text->str + n_blank;
  frame.length = text->len - n_blank;
  frame_cb (&frame, self);
}

static void
end_whole (ScResponseReader *self,
           const ScFailure  *failure)
{
  g_autoptr (JsonNode) node = sc_json_parse (self->collected->str, (gssize) self->collected->len, NULL);

  if (node == NULL)
    {
      g_autoptr (ScFailure) made = create_whole_failure (self, failure);

      feed_cut_list (self);
      sc_decoder_end (self->decoder, made);
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    sc_decoder_feed_whole (self->decoder, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    feed_elements (self, json_node_get_array (node));
  sc_decoder_end (self->decoder, failure);
}

static void
end_stream (ScResponseReader *self,
            const ScFailure  *failure)
{
  if (self->mode == MODE_SSE)
    sc_sse_framer_finish (self->sse, frame_cb, self);
  else
    sc_ndjson_framer_finish (self->lines, frame_cb, self);
  if (!self->is_done && failure == NULL && !self->saw_frame && !self->decoder->has_started)
    {
      ScResponseFacts facts = get_facts (self);
      g_autofree char *text = g_strndup (self->head->str + count_bom (self->head),
                                         self->head->len - count_bom (self->head));

      /* Not one event, but words: a proxy spoke. A beginning of an event, or of a byte order mark,
       * is a stream that was cut. */
      if (*g_strstrip (text) != '\0' && *text != ':' && !g_str_has_prefix (BOM, text) &&
          looks_like_events (text, strlen (text)) == FALSE && *text != '{' && *text != '[')
        {
          fail (self, sc_response_failure_new_for_page (&facts, text, strlen (text)));
          return;
        }
    }
  sc_decoder_end (self->decoder, failure);
}

static void
end_empty (ScResponseReader *self,
           const ScFailure  *failure)
{
  ScFailure *empty;

  if (failure != NULL)
    {
      fail (self, sc_failure_copy (failure));
      return;
    }
  empty = sc_failure_new (SC_ERROR_INTERRUPTED, _("The server sent an empty answer."));
  empty->code = g_strdup ("empty-response");
  empty->should_retry = 1;
  empty->status = self->status;
  fail (self, empty);
}

void
sc_response_reader_end (ScResponseReader *self,
                        const ScFailure  *failure)
{
  ScResponseFacts facts;

  g_return_if_fail (self != NULL);

  if (self->is_done)
    return;
  if (self->mode == MODE_SNIFF)
    sniff (self, TRUE);
  if (self->is_done)
    return;
  if (failure != NULL && failure->kind == SC_ERROR_CANCELLED &&
      !sc_decoder_has_finish (self->decoder))
    {
      sc_decoder_end (self->decoder, failure);
      return;
    }
  facts = get_facts (self);
  switch (self->mode)
    {
    case MODE_SSE:
    case MODE_LINES:
      end_stream (self, failure);
      break;
    case MODE_MESSAGES:
      sc_decoder_end (self->decoder, failure);
      break;
    case MODE_WHOLE:
      end_whole (self, failure);
      break;
    case MODE_ERROR:
      fail (self, sc_response_failure_new (&facts, self->collected->str, self->collected->len));
      break;
    case MODE_PAGE:
      fail (self,
            sc_response_failure_new_for_page (&facts, self->collected->str, self->collected->len));
      break;
    case MODE_SNIFF:
    default:
      end_empty (self, failure);
      break;
    }
}

gboolean
sc_response_reader_is_done (ScResponseReader *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->is_done;
}

gboolean
sc_response_reader_has_finish (ScResponseReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return sc_decoder_has_finish (self->decoder);
}

char *
sc_response_reader_dup_raw (ScResponseReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return sc_decoder_dup_raw (self->decoder);
}

char *
sc_response_reader_dup_interrupt (ScResponseReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->protocol->build_interrupt == NULL || self->is_done)
    return NULL;
  return self->protocol->build_interrupt (self->decoder->response_id);
}
