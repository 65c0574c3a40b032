/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of Anthropic's Messages and of compatible servers, streamed or whole (protocols.md
 * section 4; the two live versions differ in requests only). The answer is a list of blocks: each
 * is opened, grows and is closed; message_stop ends it, or a message_delta with a stop_reason
 * before the end of the stream. Knows no transport and no window. */

#include "config.h"

#include "sc-anthropic.h"
#include "sc-anthropic-block.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ScDecoder   base;
  GPtrArray  *blocks;
  GHashTable *by_index;
  gint64      n_chars;
  gunichar2   held;
  gint64      input_tokens;
  gint64      created_tokens;
  gint64      read_tokens;
  gboolean    has_raw_marks;
} MessagesDecoder;

/* Code points of the answer so far: what citations count in. */
static void
count_text (MessagesDecoder *self,
            const char      *text)
{
  g_autofree char *joined = NULL;

  if (self->base.has_marks || self->held != 0)
    text = joined = sc_surrogates_join (text, &self->held);
  self->n_chars += g_utf8_strlen (text, -1);
}

static void
take_text (MessagesDecoder  *self,
           ScAnthropicBlock *block,
           const char       *text)
{
  if (text == NULL || *text == '\0')
    return;
  count_text (self, text);
  g_string_append (block->text, text);
  sc_decoder_emit_text (&self->base, text);
}

static void
take_thinking (MessagesDecoder  *self,
               ScAnthropicBlock *block,
               const char       *text)
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (block->text, text);
  sc_decoder_emit_reasoning (&self->base, text);
}

static void
take_signature (ScAnthropicBlock *block,
                const char       *signature)
{
  /* Set, not appended: it comes once. */
  if (signature == NULL || *signature == '\0')
    return;
  g_free (block->signature);
  block->signature = g_strdup (signature);
}

/* A citation is told of later, when its frame's halves of characters are known no more. */
static JsonNode *
copy_joined (JsonNode *node)
{
  gunichar2 held = 0;
  g_autofree char *marked = sc_json_to_string (node, FALSE);
  g_autofree char *text = sc_surrogates_join (marked, &held);

  return sc_json_parse (text, -1, NULL);
}

static void
take_citation (MessagesDecoder  *self,
               ScAnthropicBlock *block,
               JsonNode         *citation)
{
  JsonNode *copy;

  if (citation == NULL || !JSON_NODE_HOLDS_OBJECT (citation))
    return;
  copy = self->base.has_marks ? copy_joined (citation) : json_node_copy (citation);
  if (block->citations == NULL)
    block->citations = json_array_new ();
  if (copy != NULL)
    json_array_add_element (block->citations, copy);
}

static const char *
get_first_string (JsonObject         *object,
                  const char * const *names)
{
  for (; *names != NULL; names++)
    {
      const char *text = sc_json_get_string (object, *names);

      if (text != NULL && *text != '\0')
        return text;
    }
  return NULL;
}

/* A citation stands for the whole text block it came in. */
static void
emit_citations (MessagesDecoder  *self,
                ScAnthropicBlock *block)
{
  static const char *const urls[] = { "url", "source", "file_id", NULL };
  static const char *const titles[] = { "title", "document_title", NULL };
  guint n = block->citations != NULL ? json_array_get_length (block->citations) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *citation = json_array_get_object_element (block->citations, i);

      sc_decoder_emit_citation (&self->base,
                                get_first_string (citation, urls),
                                get_first_string (citation, titles),
                                sc_json_get_string (citation, "cited_text"),
                                block->first_char, self->n_chars);
    }
}

/* Some servers send the whole input with the start and no piece of it afterwards. */
static void
take_start_input (MessagesDecoder  *self,
                  ScAnthropicBlock *block)
{
  JsonObject *input = sc_json_get_object (block->start, "input");
  g_autofree char *text = NULL;

  if (block->text->len > 0 || input == NULL || json_object_get_size (input) == 0)
    return;
  text = sc_json_to_string (json_object_get_member (block->start, "input"), FALSE);
  sc_decoder_add_arguments (&self->base, block->index, text, TRUE);
}

static void
close_block (MessagesDecoder  *self,
             ScAnthropicBlock *block)
{
  if (block->is_closed)
    return;
  block->is_closed = TRUE;
  if (block->kind == SC_ANTHROPIC_TEXT)
    emit_citations (self, block);
  else if (block->kind == SC_ANTHROPIC_CALL)
    take_start_input (self, block);
}

static void
tell_server_call (MessagesDecoder  *self,
                  ScAnthropicBlock *block)
{
  static const struct
  {
    const char *prefix;
    const char *words;
  } tools[] = {
    { "web_search", N_("The model searches the web.") },
    { "web_fetch", N_("The model reads a web page.") },
    { "code_execution", N_("The model runs code.") },
    { "bash_code_execution", N_("The model runs code.") },
  };
  const char *name = sc_json_get_string (block->start, "name");
  g_autofree char *words = NULL;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (tools); i++)
    if (g_str_has_prefix (name, tools[i].prefix))
      {
        sc_decoder_emit_notice (&self->base, "status", _(tools[i].words));
        return;
      }
  /* Translators: %s is the name of a tool that runs at the service. */
  words = g_strdup_printf (_("The service uses the tool “%s”."), name != NULL ? name : "");
  sc_decoder_emit_notice (&self->base, "status", words);
}

static void
open_call (MessagesDecoder  *self,
           ScAnthropicBlock *block)
{
  g_autofree char *id = sc_json_dup_scalar (block->start, "id");

  /* Another block under the same number is another call. */
  if (sc_decoder_get_call_id (&self->base, block->index) != NULL)
    sc_decoder_renew_call (&self->base, block->index);
  sc_decoder_open_call (&self->base, block->index, id, sc_json_get_string (block->start, "name"));
}

static ScAnthropicBlock *
open_block (MessagesDecoder      *self,
            gint64                index,
            JsonObject           *start,
            ScAnthropicBlockKind  kind)
{
  ScAnthropicBlock *block = sc_anthropic_block_new (index, start, kind);
  JsonArray *citations = sc_json_get_array (start, "citations");
  guint n = citations != NULL ? json_array_get_length (citations) : 0;

  g_ptr_array_add (self->blocks, block);
  g_hash_table_replace (self->by_index, &block->index, block);
  block->first_char = self->n_chars + (self->held != 0 ? 1 : 0);
  switch (block->kind)
    {
    case SC_ANTHROPIC_TEXT:
      take_text (self, block, sc_json_get_string (start, "text"));
      for (guint i = 0; i < n; i++)
        take_citation (self, block, json_array_get_element (citations, i));
      break;
    case SC_ANTHROPIC_THINKING:
      take_thinking (self, block, sc_json_get_string (start, "thinking"));
      take_signature (block, sc_json_get_string (start, "signature"));
      break;
    case SC_ANTHROPIC_CALL:
      open_call (self, block);
      break;
    case SC_ANTHROPIC_SERVER_CALL:
      tell_server_call (self, block);
      break;
    case SC_ANTHROPIC_OPAQUE:
    default:
      break;
    }
  return block;
}

/* The newest block of that number; the last one where no number is given. */
static ScAnthropicBlock *
find_block (MessagesDecoder *self,
            JsonObject      *root)
{
  gint64 index = -1;

  if (!sc_json_get_int (root, "index", &index))
    return self->blocks->len > 0 ? g_ptr_array_index (self->blocks, self->blocks->len - 1) : NULL;
  return g_hash_table_lookup (self->by_index, &index);
}

static void
take_block_start (MessagesDecoder *self,
                  JsonObject      *root)
{
  JsonObject *start = sc_json_get_object (root, "content_block");
  ScAnthropicBlock *known = find_block (self, root);
  gint64 index = self->blocks->len;

  if (start == NULL)
    return;
  if (known != NULL)
    close_block (self, known);
  sc_json_get_int (root, "index", &index);
  open_block (self, index, start, SC_ANTHROPIC_OPAQUE);
}

static void
take_block_stop (MessagesDecoder *self,
                 JsonObject      *root)
{
  ScAnthropicBlock *block = find_block (self, root);

  if (block != NULL)
    close_block (self, block);
}

static void
take_input_piece (MessagesDecoder  *self,
                  ScAnthropicBlock *block,
                  const char       *piece)
{
  if (piece == NULL || *piece == '\0')
    return;
  g_string_append (block->text, piece);
  if (block->kind == SC_ANTHROPIC_CALL)
    sc_decoder_add_arguments (&self->base, block->index, piece, FALSE);
}

/* Which kind of block a piece belongs to, for servers that open none. */
static gboolean
read_delta_kind (const char           *type,
                 ScAnthropicBlockKind *kind)
{
  static const struct
  {
    const char           *type;
    ScAnthropicBlockKind  kind;
  } kinds[] = {
    { "text_delta", SC_ANTHROPIC_TEXT },
    { "citations_delta", SC_ANTHROPIC_TEXT },
    { "thinking_delta", SC_ANTHROPIC_THINKING },
    { "signature_delta", SC_ANTHROPIC_THINKING },
    { "input_json_delta", SC_ANTHROPIC_CALL },
  };

  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (type, kinds[i].type) == 0)
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

static void
take_block_delta (MessagesDecoder *self,
                  JsonObject      *root)
{
  JsonObject *delta = sc_json_get_object (root, "delta");
  ScAnthropicBlock *block = find_block (self, root);
  const char *type = sc_json_get_string (delta, "type");
  ScAnthropicBlockKind kind;

  if (block == NULL && read_delta_kind (type, &kind))
    {
      gint64 index = self->blocks->len;

      sc_json_get_int (root, "index", &index);
      block = open_block (self, index, NULL, kind);
    }
  if (block == NULL || type == NULL)
    return;
  if (strcmp (type, "text_delta") == 0)
    take_text (self, block, sc_json_get_string (delta, "text"));
  else if (strcmp (type, "thinking_delta") == 0)
    take_thinking (self, block, sc_json_get_string (delta, "thinking"));
  else if (strcmp (type, "input_json_delta") == 0)
    take_input_piece (self, block, sc_json_get_string (delta, "partial_json"));
  else if (strcmp (type, "signature_delta") == 0)
    take_signature (block, sc_json_get_string (delta, "signature"));
  else if (strcmp (type, "citations_delta") == 0)
    take_citation (self, block, json_object_get_member (delta, "citation"));
  else if (strcmp (type, "compaction_delta") == 0)
    {
      sc_anthropic_block_set_member (block, "content", delta);
      sc_anthropic_block_set_member (block, "encrypted_content", delta);
    }
}

/* `input_tokens` leaves out what a cache read or wrote; the whole prompt is all three. A later
 * object without a field, or with null, takes nothing back. */
static void
take_usage (MessagesDecoder *self,
            JsonObject      *object)
{
  ScUsage usage = SC_USAGE_INIT;
  JsonObject *details = sc_json_get_object (object, "output_tokens_details");

  if (object == NULL)
    return;
  sc_decoder_merge_tokens (object, "input_tokens", &self->input_tokens);
  sc_decoder_merge_tokens (object, "cache_creation_input_tokens", &self->created_tokens);
  sc_decoder_merge_tokens (object, "cache_read_input_tokens", &self->read_tokens);
  sc_decoder_merge_tokens (object, "output_tokens", &usage.output);
  sc_decoder_merge_tokens (details, "thinking_tokens", &usage.reasoning);
  if (self->input_tokens >= 0)
    usage.input = self->input_tokens + MAX (self->created_tokens, 0) + MAX (self->read_tokens, 0);
  usage.cached = self->read_tokens;
  usage.cache_write = self->created_tokens;
  sc_decoder_take_usage (&self->base, &usage);
}

static void
take_refusal (MessagesDecoder *self,
              JsonObject      *details)
{
  const char *explanation = sc_json_get_string (details, "explanation");

  if (explanation != NULL && *explanation != '\0')
    sc_decoder_emit_notice (&self->base, "refusal", explanation);
  else
    sc_decoder_emit_notice (&self->base, "refusal", _("The model declined to answer."));
}

static const struct
{
  const char     *raw;
  ScFinishReason  reason;
} stop_reasons[] = {
  { "end_turn", SC_FINISH_STOP },
  { "stop_sequence", SC_FINISH_STOP },
  { "max_tokens", SC_FINISH_LENGTH },
  { "model_context_window_exceeded", SC_FINISH_LENGTH },
  { "tool_use", SC_FINISH_TOOL_CALLS },
  { "refusal", SC_FINISH_REFUSAL },
};

/* @holder: a message, or the `delta` of a message_delta. */
static void
take_stop_reason (MessagesDecoder *self,
                  JsonObject      *holder)
{
  const char *raw = sc_json_get_string (holder, "stop_reason");
  ScFinishReason reason = SC_FINISH_OTHER;

  if (raw == NULL || *raw == '\0' || self->base.has_finish)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (stop_reasons); i++)
    if (strcmp (raw, stop_reasons[i].raw) == 0)
      reason = stop_reasons[i].reason;
  if (reason == SC_FINISH_REFUSAL)
    take_refusal (self, sc_json_get_object (holder, "stop_details"));
  else if (strcmp (raw, "pause_turn") == 0)
    sc_decoder_emit_notice (&self->base, "paused",
                            _("The service paused the answer. Ask the model to go on."));
  sc_decoder_set_finish (&self->base, reason, raw);
}

static void
take_content (MessagesDecoder *self,
              JsonObject      *message)
{
  JsonArray *content = sc_json_get_array (message, "content");
  guint n = content != NULL ? json_array_get_length (content) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *start = sc_json_get_element_object (content, i);

      if (start != NULL)
        close_block (self, open_block (self, self->blocks->len, start, SC_ANTHROPIC_OPAQUE));
    }
}

static void
take_message_start (MessagesDecoder *self,
                    JsonObject      *root)
{
  JsonObject *message = sc_json_get_object (root, "message");
  g_autofree char *id = sc_json_dup_scalar (message, "id");

  sc_decoder_emit_start (&self->base, id, sc_json_get_string (message, "model"));
  take_usage (self, sc_json_get_object (message, "usage"));
  take_content (self, message);
}

static void
take_message_delta (MessagesDecoder *self,
                    JsonObject      *root)
{
  take_usage (self, sc_json_get_object (root, "usage"));
  take_stop_reason (self, sc_json_get_object (root, "delta"));
}

static void
complete (MessagesDecoder *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    close_block (self, g_ptr_array_index (self->blocks, i));
  if (!self->base.has_finish)
    sc_decoder_set_finish (&self->base, SC_FINISH_OTHER, NULL);
  sc_decoder_complete (&self->base);
}

static void
take_message_stop (MessagesDecoder *self,
                   JsonObject      *root)
{
  complete (self);
}

/* An answer that was not streamed, as the body or as the one event of a stream. */
static void
take_message (MessagesDecoder *self,
              JsonObject      *root)
{
  g_autofree char *id = sc_json_dup_scalar (root, "id");

  sc_decoder_emit_start (&self->base, id, sc_json_get_string (root, "model"));
  take_content (self, root);
  take_usage (self, sc_json_get_object (root, "usage"));
  take_stop_reason (self, root);
  complete (self);
}

/* Types that are not here (`ping`, what will be added) mean nothing. */
static const struct
{
  const char *type;
  void      (*take) (MessagesDecoder *self,
                     JsonObject      *root);
} event_types[] = {
  { "content_block_delta", take_block_delta },
  { "content_block_start", take_block_start },
  { "content_block_stop", take_block_stop },
  { "message_start", take_message_start },
  { "message_delta", take_message_delta },
  { "message_stop", take_message_stop },
  { "message", take_message },
};

/* Before anything else, in every frame; also after a stop_reason. */
static ScFailure *
find_failure (const ScFrame *frame,
              JsonObject    *root)
{
  if (strcmp (frame->type, "error") == 0 ||
      g_strcmp0 (sc_json_get_string (root, "type"), "error") == 0)
    return sc_response_failure_new_from_value (root);
  return sc_response_failure_find (root);
}

static void
messages_decoder_frame (ScDecoder     *decoder,
                        const ScFrame *frame)
{
  MessagesDecoder *self = (MessagesDecoder *) decoder;
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);
  ScFailure *failure = root != NULL ? find_failure (frame, root) : NULL;
  const char *type;

  if (failure != NULL)
    {
      sc_decoder_fail (decoder, failure);
      return;
    }
  if (root == NULL)
    {
      sc_decoder_take_words (decoder, frame);
      return;
    }
  self->has_raw_marks |= decoder->has_marks;
  /* Proxies drop the event's name or the member. An event without a name is called `message` too,
   * but is an answer only if it looks like one. */
  type = sc_json_get_string (root, "type");
  if (type == NULL)
    type = frame->type;
  if (type == frame->type && strcmp (type, "message") == 0 &&
      sc_json_get_array (root, "content") == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (event_types); i++)
    if (strcmp (type, event_types[i].type) == 0)
      {
        event_types[i].take (self, root);
        return;
      }
}

static void
messages_decoder_whole (ScDecoder  *decoder,
                        JsonObject *root)
{
  ScFailure *failure = sc_response_failure_find (root);

  if (failure == NULL && sc_json_get_array (root, "content") == NULL)
    failure = sc_failure_new (SC_ERROR_PROTOCOL,
                              _("The server sent something that is not an answer."));
  if (failure != NULL)
    sc_decoder_fail (decoder, failure);
  else
    take_message ((MessagesDecoder *) decoder, root);
}

static void
messages_decoder_end (ScDecoder *decoder)
{
  MessagesDecoder *self = (MessagesDecoder *) decoder;

  if (decoder->has_finish)
    {
      complete (self);
      return;
    }
  /* What was cited until it broke off. */
  for (guint i = 0; i < self->blocks->len; i++)
    close_block (self, g_ptr_array_index (self->blocks, i));
}

/* A block under a made-up id could not be told from its result. */
static gboolean
is_sendable (MessagesDecoder *self)
{
  gboolean is_plain = TRUE;
  gboolean saw_call = FALSE;

  for (guint i = 0; i < self->blocks->len; i++)
    {
      ScAnthropicBlock *block = g_ptr_array_index (self->blocks, i);

      if (block->kind == SC_ANTHROPIC_CALL && (sc_json_get_string (block->start, "id") == NULL ||
                                               sc_json_get_string (block->start, "name") == NULL))
        return FALSE;
      /* Text after a call stands before it in a message made of text and calls. */
      is_plain = is_plain && sc_anthropic_block_is_plain (block) &&
                 !(saw_call && block->kind == SC_ANTHROPIC_TEXT && block->text->len > 0);
      saw_call = saw_call || block->kind == SC_ANTHROPIC_CALL;
    }
  return !is_plain;
}

/* The content as it has to go back: signed reasoning, citations, what tools of the service found.
 * After a refusal nothing: the API asks that the turn be left out. */
static char *
messages_decoder_dup_raw (ScDecoder *decoder)
{
  MessagesDecoder *self = (MessagesDecoder *) decoder;
  gboolean is_refused = decoder->has_finish && decoder->finish_reason == SC_FINISH_REFUSAL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  gunichar2 held = 0;
  JsonArray *content;
  JsonObject *message;

  /* What paused goes back by itself, whatever it is made of. */
  if (!is_refused && !is_sendable (self) &&
      sc_anthropic_after_finish (decoder->finish_raw) == SC_AFTER_FINISH_END)
    return NULL;
  content = json_array_new ();
  for (guint i = 0; i < self->blocks->len && !is_refused; i++)
    {
      JsonObject *block = sc_anthropic_block_to_json (g_ptr_array_index (self->blocks, i));

      if (block != NULL)
        json_array_add_object_element (content, block);
    }
  message = json_object_new ();
  json_object_set_string_member (message, "role", "assistant");
  json_object_set_array_member (message, "content", content);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, message);
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}

static void
messages_decoder_free (ScDecoder *decoder)
{
  MessagesDecoder *self = (MessagesDecoder *) decoder;

  g_hash_table_unref (self->by_index);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

static const ScDecoderClass messages_decoder_class = {
  .frame = messages_decoder_frame,
  .whole = messages_decoder_whole,
  .end = messages_decoder_end,
  .dup_raw = messages_decoder_dup_raw,
  .free = messages_decoder_free,
};

ScDecoder *
sc_anthropic_create_decoder (void)
{
  MessagesDecoder *self = g_new0 (MessagesDecoder, 1);

  sc_decoder_init (&self->base, &messages_decoder_class);
  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_anthropic_block_free);
  self->by_index = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->input_tokens = -1;
  self->created_tokens = -1;
  self->read_tokens = -1;
  return &self->base;
}
