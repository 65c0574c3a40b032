/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of Cohere's chat, version 2, streamed or whole (protocols.md section 8): blocks of
 * content by number, a plan for the tools, calls, citations, and one end. Knows no transport and no
 * window. */

#include "config.h"

#include "sc-cohere.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

/* One block of content; @start is where it begins in the answer, in code points. */
typedef struct
{
  gint64    index;
  gboolean  is_thinking;
  GString  *text;
  gint64    start;
} Block;

typedef struct
{
  ScDecoder   base;
  GPtrArray  *blocks;
  GHashTable *by_index;
  GString    *plan;
  gint64      n_chars;
  gboolean    has_raw_marks;
} CohereDecoder;

static void
free_block (gpointer data)
{
  Block *block = data;

  g_string_free (block->text, TRUE);
  g_free (block);
}

/* The newest of that number. */
static Block *
find_block (CohereDecoder *self,
            gint64         index)
{
  return g_hash_table_lookup (self->by_index, &index);
}

static Block *
ensure_block (CohereDecoder *self,
              gint64         index,
              gboolean       is_thinking)
{
  Block *block = find_block (self, index);

  if (block == NULL || block->is_thinking != is_thinking)
    {
      block = g_new0 (Block, 1);
      block->index = index;
      block->is_thinking = is_thinking;
      block->text = g_string_new (NULL);
      block->start = self->n_chars;
      g_ptr_array_add (self->blocks, block);
      g_hash_table_replace (self->by_index, &block->index, block);
    }
  return block;
}

static void
take_piece (CohereDecoder *self,
            gint64         index,
            const char    *text,
            gboolean       is_thinking)
{
  Block *block;

  if (text == NULL)
    return;
  block = ensure_block (self, index, is_thinking);
  g_string_append (block->text, text);
  if (is_thinking)
    {
      sc_decoder_emit_reasoning (&self->base, text);
      return;
    }
  self->n_chars += g_utf8_strlen (text, -1);
  sc_decoder_emit_text (&self->base, text);
}

static void
take_content (CohereDecoder *self,
              gint64         index,
              JsonObject    *content)
{
  take_piece (self, index, sc_json_get_string (content, "thinking"), TRUE);
  take_piece (self, index, sc_json_get_string (content, "text"), FALSE);
}

static void
take_plan (CohereDecoder *self,
           const char    *text)
{
  if (text == NULL)
    return;
  g_string_append (self->plan, text);
  sc_decoder_emit_reasoning (&self->base, text);
}

/* Gates number every call 0, or none: another id is another call. */
static gboolean
is_other_call (CohereDecoder *self,
               gint64         slot,
               const char    *id)
{
  const char *old_id = sc_decoder_get_call_id (&self->base, slot);

  return old_id != NULL && *old_id != '\0' && id != NULL && *id != '\0' && strcmp (old_id, id) != 0;
}

static void
take_call (CohereDecoder *self,
           gint64         slot,
           JsonObject    *call)
{
  JsonObject *function = sc_json_get_object (call, "function");
  const char *text = sc_json_get_string (function, "arguments");
  g_autofree char *id = sc_json_dup_scalar (call, "id");

  if (call == NULL)
    return;
  if (is_other_call (self, slot, id))
    sc_decoder_renew_call (&self->base, slot);
  sc_decoder_open_call (&self->base, slot, id, sc_json_get_string (function, "name"));
  if (sc_json_get_object (function, "arguments") != NULL)
    {
      g_autofree char *whole =
        sc_json_to_string (json_object_get_member (function, "arguments"), FALSE);

      sc_decoder_add_arguments (&self->base, slot, whole, TRUE);
    }
  else
    sc_decoder_add_arguments (&self->base, slot, text, FALSE);
}

/* An object in a stream, a list in a whole answer. */
static void
take_calls (CohereDecoder *self,
            gint64         slot,
            JsonObject    *message)
{
  JsonArray *list = sc_json_get_array (message, "tool_calls");
  guint n = list != NULL ? json_array_get_length (list) : 0;

  take_call (self, slot, sc_json_get_object (message, "tool_calls"));
  for (guint i = 0; i < n; i++)
    take_call (self, (gint64) ((guint64) slot + i), sc_json_get_element_object (list, i));
}

/* A document that the program gave, or what a tool found: whatever names it. */
static void
emit_source (CohereDecoder *self,
             JsonObject    *source,
             const char    *cited,
             gint64         start,
             gint64         end)
{
  JsonObject *document = sc_json_get_object (source, "document");
  const char *url;
  const char *title;

  if (document == NULL)
    document = sc_json_get_object (source, "tool_output");
  url = sc_json_get_string (document, "url");
  title = sc_json_get_string (document, "title");
  sc_decoder_emit_citation (&self->base, url != NULL ? url : sc_json_get_string (source, "id"),
                            title, cited, start, end);
}

/* Places count from the start of their block; those in a thought or a plan are not in the
 * answer. */
static void
take_citation (CohereDecoder *self,
               JsonObject    *citation)
{
  const char *type = sc_json_get_string (citation, "type");
  JsonArray *sources = sc_json_get_array (citation, "sources");
  guint n = sources != NULL ? json_array_get_length (sources) : 0;
  const char *cited = sc_json_get_string (citation, "text");
  gint64 index = 0;
  gint64 start = -1;
  gint64 end = -1;
  Block *block;

  if (citation == NULL)
    return;
  sc_json_get_int (citation, "content_index", &index);
  block = find_block (self, index);
  if ((type == NULL || strcmp (type, "TEXT_CONTENT") == 0) &&
      (block == NULL || !block->is_thinking) &&
      sc_json_get_int (citation, "start", &start) && sc_json_get_int (citation, "end", &end) &&
      start >= 0 && start <= end && end <= G_MAXINT32)
    {
      start += block != NULL ? block->start : 0;
      end += block != NULL ? block->start : 0;
    }
  else
    start = end = -1;
  for (guint i = 0; i < n; i++)
    emit_source (self, sc_json_get_element_object (sources, i), cited, start, end);
  if (n == 0)
    sc_decoder_emit_citation (&self->base, NULL, NULL, cited, start, end);
}

static void
take_citations (CohereDecoder *self,
                JsonObject    *message)
{
  JsonArray *list = sc_json_get_array (message, "citations");
  guint n = list != NULL ? json_array_get_length (list) : 0;

  take_citation (self, sc_json_get_object (message, "citations"));
  for (guint i = 0; i < n; i++)
    take_citation (self, sc_json_get_element_object (list, i));
}

/* `tokens` is what the model read and wrote, `billed_units` what is to be paid. */
static void
take_usage (CohereDecoder *self,
            JsonObject    *object)
{
  JsonObject *tokens = sc_json_get_object (object, "tokens");
  ScUsage usage = SC_USAGE_INIT;

  if (tokens == NULL)
    tokens = sc_json_get_object (object, "billed_units");
  usage.input = sc_decoder_read_tokens (tokens, "input_tokens");
  usage.output = sc_decoder_read_tokens (tokens, "output_tokens");
  usage.cached = sc_decoder_read_tokens (object, "cached_tokens");
  sc_decoder_take_usage (&self->base, &usage);
}

static const struct
{
  const char     *raw;
  ScFinishReason  reason;
} finish_words[] = {
  { "COMPLETE", SC_FINISH_STOP },
  { "STOP_SEQUENCE", SC_FINISH_STOP },
  { "MAX_TOKENS", SC_FINISH_LENGTH },
  { "TOOL_CALL", SC_FINISH_TOOL_CALLS },
  { "ERROR_LIMIT", SC_FINISH_LENGTH },
  { "ERROR_TOXIC", SC_FINISH_CONTENT_FILTER },
};

/* @object holds `finish_reason`, `error` and `usage`: the end, one way or the other. */
static void
take_end (CohereDecoder *self,
          JsonObject    *object)
{
  const char *raw = sc_json_get_string (object, "finish_reason");
  ScFinishReason reason = SC_FINISH_OTHER;

  take_usage (self, sc_json_get_object (object, "usage"));
  if (g_strcmp0 (raw, "ERROR") == 0 || g_strcmp0 (raw, "TIMEOUT") == 0)
    {
      ScFailure *failure = sc_failure_new (*raw == 'T' ? SC_ERROR_TIMEOUT : SC_ERROR_SERVER,
                                           sc_json_get_string (object, "error"));

      failure->code = g_strdup (raw);
      sc_decoder_fail (&self->base, failure);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (finish_words); i++)
    if (g_strcmp0 (raw, finish_words[i].raw) == 0)
      reason = finish_words[i].reason;
  sc_decoder_set_finish (&self->base, reason, raw);
  sc_decoder_complete (&self->base);
}

static void
take_event (CohereDecoder *self,
            const char    *type,
            JsonObject    *root)
{
  JsonObject *delta = sc_json_get_object (root, "delta");
  JsonObject *message = sc_json_get_object (delta, "message");
  gint64 index = 0;

  sc_json_get_int (root, "index", &index);
  if (strcmp (type, "content-delta") == 0 || strcmp (type, "content-start") == 0)
    take_content (self, index, sc_json_get_object (message, "content"));
  else if (strcmp (type, "message-start") == 0)
    sc_decoder_emit_start (&self->base, sc_json_get_string (root, "id"), NULL);
  else if (strcmp (type, "tool-plan-delta") == 0)
    take_plan (self, sc_json_get_string (message, "tool_plan"));
  else if (strcmp (type, "tool-call-start") == 0 || strcmp (type, "tool-call-delta") == 0)
    take_calls (self, index, message);
  else if (strcmp (type, "citation-start") == 0)
    take_citations (self, message);
  else if (strcmp (type, "message-end") == 0)
    take_end (self, delta);
  /* The other events only say that something is over. */
}

/* `{"message":"…","id":"…"}`: in no event of an answer is `message` a text. */
static gboolean
is_error (JsonObject *root)
{
  return sc_json_get_string (root, "message") != NULL;
}

static void
cohere_decoder_whole (ScDecoder  *decoder,
                      JsonObject *root)
{
  CohereDecoder *self = (CohereDecoder *) decoder;
  JsonObject *message = sc_json_get_object (root, "message");
  JsonArray *content = sc_json_get_array (message, "content");
  guint n = content != NULL ? json_array_get_length (content) : 0;
  ScFailure *failure = message == NULL ? sc_response_failure_find (root) : NULL;

  if (failure == NULL && is_error (root))
    failure = sc_response_failure_new_from_value (root);
  else if (failure == NULL && message == NULL)
    failure = sc_failure_new (SC_ERROR_PROTOCOL,
                              _("The server sent something that is not an answer."));
  if (failure != NULL)
    {
      sc_decoder_fail (decoder, failure);
      return;
    }
  sc_decoder_emit_start (decoder, sc_json_get_string (root, "id"), NULL);
  take_plan (self, sc_json_get_string (message, "tool_plan"));
  take_piece (self, 0, sc_json_get_string (message, "content"), FALSE);
  for (guint i = 0; i < n; i++)
    take_content (self, i, sc_json_get_element_object (content, i));
  take_calls (self, 0, message);
  take_citations (self, message);
  take_end (self, root);
}

static void
cohere_decoder_frame (ScDecoder     *decoder,
                      const ScFrame *frame)
{
  CohereDecoder *self = (CohereDecoder *) decoder;
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);
  const char *type;
  ScFailure *failure;

  if (root == NULL)
    {
      sc_decoder_take_words (decoder, frame);
      return;
    }
  self->has_raw_marks |= decoder->has_marks;
  /* A whole answer although a stream was asked for. */
  if (sc_json_get_object (root, "message") != NULL && !json_object_has_member (root, "type"))
    {
      cohere_decoder_whole (decoder, root);
      return;
    }
  failure = sc_response_failure_find (root);
  if (failure == NULL && is_error (root))
    failure = sc_response_failure_new_from_value (root);
  if (failure != NULL)
    {
      sc_decoder_fail (decoder, failure);
      return;
    }
  type = sc_json_get_string (root, "type");
  take_event (self, type != NULL ? type : frame->type, root);
}

/* What text and calls alone do not say: the thinking and the plan, in their places. */
static char *
cohere_decoder_dup_raw (ScDecoder *decoder)
{
  CohereDecoder *self = (CohereDecoder *) decoder;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *message = json_object_new ();
  JsonArray *content = json_array_new ();
  gboolean is_needed = self->plan->len > 0;
  g_autofree char *text = NULL;
  gunichar2 held = 0;

  json_object_set_string_member (message, "role", "assistant");
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = g_ptr_array_index (self->blocks, i);
      const char *type = block->is_thinking ? "thinking" : "text";
      JsonObject *part;

      if (block->text->len == 0)
        continue;
      part = json_object_new ();
      json_object_set_string_member (part, "type", type);
      json_object_set_string_member (part, type, block->text->str);
      json_array_add_object_element (content, part);
      is_needed = is_needed || block->is_thinking;
    }
  if (json_array_get_length (content) > 0)
    json_object_set_array_member (message, "content", json_array_ref (content));
  json_array_unref (content);
  if (self->plan->len > 0)
    json_object_set_string_member (message, "tool_plan", self->plan->str);
  json_node_take_object (node, message);
  if (!is_needed)
    return NULL;
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}

static void
cohere_decoder_free (ScDecoder *decoder)
{
  CohereDecoder *self = (CohereDecoder *) decoder;

  g_hash_table_unref (self->by_index);
  g_ptr_array_unref (self->blocks);
  g_string_free (self->plan, TRUE);
  g_free (self);
}

static const ScDecoderClass cohere_decoder_class = {
  .frame = cohere_decoder_frame,
  .whole = cohere_decoder_whole,
  .dup_raw = cohere_decoder_dup_raw,
  .free = cohere_decoder_free,
};

ScDecoder *
sc_cohere_create_decoder (void)
{
  CohereDecoder *self = g_new0 (CohereDecoder, 1);

  sc_decoder_init (&self->base, &cohere_decoder_class);
  self->blocks = g_ptr_array_new_with_free_func (free_block);
  self->by_index = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->plan = g_string_new (NULL);
  return &self->base;
}
