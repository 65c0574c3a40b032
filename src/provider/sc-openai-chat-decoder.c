/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of OpenAI's Chat Completions and of the many servers that are compatible with it,
 * streamed or whole (protocols.md sections 1, 10, 12, 13). The wire of the compatible ones is taken
 * as it is: null means absent, every member may be missing, numbers and ids of tool calls mean
 * little. Knows no transport and no window. */

#include "config.h"

#include "sc-openai-chat.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-openai-chat-private.h"
#include "sc-openai-details.h"
#include "sc-openai-parts.h"
#include "sc-response-failure.h"
#include "sc-surrogates.h"
#include "sc-think-matcher.h"

#include <glib/gi18n.h>
#include <string.h>

/* A slot that no index of a service can have: the one call of the old `function_call`. */
#define LEGACY_CALL_SLOT G_MININT64

/* How often the arguments of a call without id are parsed to see whether they are complete. */
#define MAX_LOOKS 64

typedef struct
{
  ScDecoder        base;
  gint64           choice;
  gboolean         has_choice;
  ScThinkMatcher   think;
  GString         *content;
  GString         *reasoning;
  const char      *reasoning_member;
  ScOpenaiDetails *details;
  ScOpenaiParts   *parts;
  gboolean         has_refusal;
  gboolean         has_raw_marks;
  int              progress;
  guint             n_looks;
} ChatDecoder;

static void
think_text (gpointer    user_data,
            const char *piece)
{
  ChatDecoder *self = user_data;

  g_string_append (self->content, piece);
  sc_decoder_emit_text (&self->base, piece);
}

static void
think_reasoning (gpointer    user_data,
                 const char *piece)
{
  ChatDecoder *self = user_data;

  sc_decoder_emit_reasoning (&self->base, piece);
}

static void
think_untagged (gpointer user_data)
{
  ChatDecoder *self = user_data;

  sc_decoder_emit_notice (&self->base, "reasoning-untagged",
                          _("The text above was the model's reasoning; its server did not "
                            "mark it."));
}

static const ScThinkFuncs think_funcs = { think_text, think_reasoning, think_untagged };

static void
take_text (ChatDecoder *self,
           const char  *text)
{
  if (text != NULL && *text != '\0')
    sc_think_matcher_feed (&self->think, text, &think_funcs, self);
}

static void
take_reasoning (ChatDecoder *self,
                const char  *text,
                const char  *member)
{
  if (text == NULL || *text == '\0')
    return;
  /* A server that sets reasoning apart writes no tags into the answer. */
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  if (member != NULL)
    {
      self->reasoning_member = member;
      g_string_append (self->reasoning, text);
    }
  sc_decoder_emit_reasoning (&self->base, text);
}

/* Some builds send `reasoning` and `reasoning_content` with the same text: the first that is not
 * empty counts. */
static void
take_reasoning_members (ChatDecoder *self,
                        JsonObject  *delta)
{
  const char *content = sc_json_get_string (delta, "reasoning_content");
  const char *plain = sc_json_get_string (delta, "reasoning");
  JsonArray *details = sc_json_get_array (delta, "reasoning_details");

  if (details != NULL)
    sc_openai_details_add (self->details, details);
  if (content != NULL && *content != '\0')
    take_reasoning (self, content, "reasoning_content");
  else if (plain != NULL && *plain != '\0')
    take_reasoning (self, plain, "reasoning");
  else if (details != NULL)
    {
      g_autofree char *text = sc_openai_details_dup_text (details);

      take_reasoning (self, text, NULL);
    }
}

/* A place in the answer that stands for documents, by their numbers in the tools' results. */
static void
take_references (ChatDecoder *self,
                 JsonObject  *part)
{
  JsonArray *ids = sc_json_get_array (part, "reference_ids");
  guint n = ids != NULL ? json_array_get_length (ids) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (ids, i);
      g_autofree char *id = JSON_NODE_HOLDS_VALUE (node) ? sc_json_to_string (node, FALSE) : NULL;

      if (id == NULL)
        continue;
      g_strstrip (g_strdelimit (id, "\"", ' '));
      sc_decoder_emit_citation (&self->base, id, NULL, NULL, -1, -1);
    }
}

static void
take_parts (ChatDecoder *self,
            JsonArray   *parts,
            gboolean     is_thinking)
{
  guint n = json_array_get_length (parts);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *part = sc_json_get_element_object (parts, i);
      const char *type = sc_json_get_string (part, "type");
      JsonArray *inner = sc_json_get_array (part, "thinking");

      if (self->parts != NULL && g_strcmp0 (type, "reference") == 0)
        take_references (self, part);
      else if (inner != NULL && !is_thinking)
        take_parts (self, inner, TRUE);
      else if (is_thinking || g_strcmp0 (type, "thinking") == 0)
        {
          const char *text = sc_json_get_string (part, "text");

          take_reasoning (self, text != NULL ? text : sc_json_get_string (part, "thinking"), NULL);
        }
      else
        take_text (self, sc_json_get_string (part, "text"));
    }
}

static void
take_content (ChatDecoder *self,
              JsonObject  *delta)
{
  const char *text = sc_json_get_string (delta, "content");
  JsonArray *parts = text == NULL ? sc_json_get_array (delta, "content") : NULL;

  if (self->parts != NULL && text != NULL)
    sc_openai_parts_add_text (self->parts, text);
  else if (self->parts != NULL && parts != NULL)
    sc_openai_parts_add (self->parts, parts);
  if (text != NULL)
    take_text (self, text);
  else if (parts != NULL)
    take_parts (self, parts, FALSE);
}

/* A refusal is what the reader gets instead of an answer, so it is shown where the answer would
 * stand. */
static void
take_refusal (ChatDecoder *self,
              JsonObject  *delta)
{
  const char *text = sc_json_get_string (delta, "refusal");

  if (text == NULL || *text == '\0')
    return;
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  if (!self->has_refusal)
    {
      self->has_refusal = TRUE;
      sc_decoder_emit_notice (&self->base, "refusal", _("The model declined to answer."));
      if (self->base.has_text)
        think_text (self, "\n\n");
    }
  think_text (self, text);
}

static gboolean
is_complete_json (ChatDecoder *self,
                  const char  *text)
{
  g_autoptr (JsonNode) node = NULL;
  gsize length = text != NULL ? strlen (text) : 0;

  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  /* Looked at only where it can be complete, and not for ever: the decoder stays linear for any
   * stream. */
  if (length < 2 || text[length - 1] != '}' || self->n_looks++ >= MAX_LOOKS)
    return FALSE;
  node = sc_json_parse (text, (gssize) length, NULL);
  return node != NULL;
}

/* Servers that number every call 0: another id is another call. Without any id, another name after
 * complete arguments is one too. */
static gboolean
is_other_call (ChatDecoder *self,
               gint64       slot,
               const char  *id,
               const char  *name)
{
  const char *old_id = sc_decoder_get_call_id (&self->base, slot);
  const char *old_name;

  if (old_id == NULL)
    return FALSE;
  if (id != NULL && *id != '\0')
    return *old_id != '\0' && strcmp (old_id, id) != 0;
  old_name = sc_decoder_get_call_name (&self->base, slot);
  return name != NULL && *name != '\0' && old_name != NULL && strcmp (old_name, name) != 0 &&
         is_complete_json (self, sc_decoder_get_call_arguments (&self->base, slot));
}

static void
take_arguments (ChatDecoder *self,
                gint64       slot,
                JsonObject  *function,
                const char  *member)
{
  const char *text = sc_json_get_string (function, member);
  JsonObject *object = text == NULL ? sc_json_get_object (function, member) : NULL;

  if (text != NULL)
    sc_decoder_add_arguments (&self->base, slot, text, FALSE);
  else if (object != NULL)
    {
      g_autofree char *whole = sc_json_to_string (json_object_get_member (function, member), FALSE);

      sc_decoder_add_arguments (&self->base, slot, whole, TRUE);
    }
}

static void
take_call (ChatDecoder *self,
           JsonObject  *entry,
           guint        position)
{
  JsonObject *function = sc_json_get_object (entry, "function");
  JsonObject *custom = function == NULL ? sc_json_get_object (entry, "custom") : NULL;
  g_autofree char *id = sc_json_dup_scalar (entry, "id");
  const char *name;
  gint64 slot = position;

  if (function == NULL)
    function = custom;
  /* Mistral's word for an id that is missing. */
  if (g_strcmp0 (id, "null") == 0)
    g_clear_pointer (&id, g_free);
  name = sc_json_get_string (function, "name");
  sc_json_get_int (entry, "index", &slot);
  if (is_other_call (self, slot, id, name))
    sc_decoder_renew_call (&self->base, slot);
  sc_decoder_open_call (&self->base, slot, id, name);
  take_arguments (self, slot, function, custom != NULL ? "input" : "arguments");
}

static void
take_calls (ChatDecoder *self,
            JsonObject  *delta)
{
  JsonArray *calls = sc_json_get_array (delta, "tool_calls");
  JsonObject *legacy = sc_json_get_object (delta, "function_call");
  guint n = calls != NULL ? json_array_get_length (calls) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *entry = sc_json_get_element_object (calls, i);

      if (entry != NULL)
        take_call (self, entry, i);
    }
  if (legacy != NULL)
    {
      const char *name = sc_json_get_string (legacy, "name");

      /* `{"name":"","arguments":""}` stands beside real tool calls in some servers: a stub, no
       * call. */
      if (name != NULL && *name != '\0')
        sc_decoder_open_call (&self->base, LEGACY_CALL_SLOT, NULL, name);
      if (sc_decoder_get_call_id (&self->base, LEGACY_CALL_SLOT) != NULL)
        take_arguments (self, LEGACY_CALL_SLOT, legacy, "arguments");
    }
}

static void
take_annotations (ChatDecoder *self,
                  JsonObject  *delta)
{
  JsonArray *annotations = sc_json_get_array (delta, "annotations");
  guint n = annotations != NULL ? json_array_get_length (annotations) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *annotation = sc_json_get_element_object (annotations, i);
      JsonObject *citation = sc_json_get_object (annotation, "url_citation");
      gint64 start = -1;
      gint64 end = -1;

      if (citation == NULL &&
          g_strcmp0 (sc_json_get_string (annotation, "type"), "url_citation") == 0)
        citation = annotation;
      if (citation == NULL)
        continue;
      sc_json_get_int (citation, "start_index", &start);
      sc_json_get_int (citation, "end_index", &end);
      sc_decoder_emit_citation (&self->base,
                                sc_json_get_string (citation, "url"),
                                sc_json_get_string (citation, "title"),
                                sc_json_get_string (citation, "content"),
                                start, end);
    }
}

static void
take_delta (ChatDecoder *self,
            JsonObject  *delta)
{
  take_reasoning_members (self, delta);
  take_content (self, delta);
  take_refusal (self, delta);
  take_calls (self, delta);
  take_annotations (self, delta);
}

static void
take_usage (ChatDecoder *self,
            JsonObject  *object)
{
  ScUsage usage = SC_USAGE_INIT;
  JsonObject *input = sc_json_get_object (object, "prompt_tokens_details");
  JsonObject *output = sc_json_get_object (object, "completion_tokens_details");
  gint64 total;
  double cost;

  if (object == NULL)
    return;
  usage.input = sc_decoder_read_tokens (object, "prompt_tokens");
  usage.output = sc_decoder_read_tokens (object, "completion_tokens");
  usage.cached = sc_decoder_read_tokens (input, "cached_tokens");
  usage.cache_write = sc_decoder_read_tokens (input, "cache_write_tokens");
  usage.reasoning = sc_decoder_read_tokens (output, "reasoning_tokens");
  if (usage.cached < 0)
    usage.cached = sc_decoder_read_tokens (object, "prompt_cache_hit_tokens");
  if (usage.cached < 0)
    usage.cached = sc_decoder_read_tokens (object, "cached_tokens");
  if (usage.reasoning < 0)
    usage.reasoning = sc_decoder_read_tokens (object, "reasoning_tokens");
  /* xAI counts reasoning beside completion_tokens, not in them; the total gives it away. */
  total = sc_decoder_read_tokens (object, "total_tokens");
  if (usage.reasoning > 0 && usage.input >= 0 && usage.output >= 0 &&
      total - usage.input - usage.output == usage.reasoning)
    usage.output += usage.reasoning;
  if (sc_json_get_double (object, "cost", &cost) && cost >= 0 && cost < 1e9)
    usage.cost_nanos = (gint64) (cost * 1e9 + 0.5);
  sc_decoder_take_usage (&self->base, &usage);
}

static const struct
{
  const char     *raw;
  ScFinishReason  reason;
} finish_words[] = {
  { "stop", SC_FINISH_STOP },
  { "eos", SC_FINISH_STOP },
  { "eos_token", SC_FINISH_STOP },
  { "end_turn", SC_FINISH_STOP },
  { "stop_sequence", SC_FINISH_STOP },
  { "length", SC_FINISH_LENGTH },
  { "model_length", SC_FINISH_LENGTH },
  { "max_tokens", SC_FINISH_LENGTH },
  { "tool_calls", SC_FINISH_TOOL_CALLS },
  { "function_call", SC_FINISH_TOOL_CALLS },
  { "tool_use", SC_FINISH_TOOL_CALLS },
  { "content_filter", SC_FINISH_CONTENT_FILTER },
  { "refusal", SC_FINISH_REFUSAL },
};

static void
take_finish (ChatDecoder *self,
             const char  *raw)
{
  ScFinishReason reason = SC_FINISH_OTHER;

  /* "" is null with a few servers, on every chunk. */
  if (raw == NULL || *raw == '\0')
    return;
  for (guint i = 0; i < G_N_ELEMENTS (finish_words); i++)
    if (g_ascii_strcasecmp (raw, finish_words[i].raw) == 0)
      reason = finish_words[i].reason;
  if (self->has_refusal && reason == SC_FINISH_STOP)
    reason = SC_FINISH_REFUSAL;
  sc_decoder_set_finish (&self->base, reason, raw);
}

static void
take_choice (ChatDecoder *self,
             JsonObject  *choice)
{
  JsonObject *delta = sc_json_get_object (choice, "delta");
  gint64 index = 0;

  sc_json_get_int (choice, "index", &index);
  if (!self->has_choice)
    {
      self->has_choice = TRUE;
      self->choice = index;
    }
  if (index != self->choice)
    return;
  if (delta == NULL)
    delta = sc_json_get_object (choice, "message");
  if (delta != NULL)
    take_delta (self, delta);
  else
    take_text (self, sc_json_get_string (choice, "text"));
  take_usage (self, sc_json_get_object (choice, "usage"));
  /* Last: the finish may ride on the chunk with the last text. */
  take_finish (self, sc_json_get_string (choice, "finish_reason"));
}

/* llama.cpp with return_progress. */
static void
take_progress (ChatDecoder *self,
               JsonObject  *root)
{
  JsonObject *progress = sc_json_get_object (root, "prompt_progress");
  g_autofree char *words = NULL;
  double total = 0;
  double processed = 0;
  int percent;

  if (progress == NULL || !sc_json_get_double (progress, "total", &total) ||
      !sc_json_get_double (progress, "processed", &processed) || total <= 0)
    return;
  percent = (int) (CLAMP (processed / total, 0.0, 1.0) * 100.0);
  if (percent == self->progress)
    return;
  self->progress = percent;
  /* Translators: %d is a percentage, %% a percent sign. */
  words = g_strdup_printf (_("Reading the prompt: %d %%"), percent);
  sc_decoder_emit_notice (&self->base, "progress", words);
}

static void
take_root (ChatDecoder *self,
           JsonObject  *root)
{
  JsonArray *choices = sc_json_get_array (root, "choices");
  JsonObject *groq = sc_json_get_object (root, "x_groq");
  guint n = choices != NULL ? json_array_get_length (choices) : 0;

  self->has_raw_marks |= self->base.has_marks;
  if (!self->base.has_started && choices != NULL)
    {
      g_autofree char *id = sc_json_dup_scalar (root, "id");

      /* Azure's prologue is empty in every respect; the real id comes with the first choice. */
      if (n > 0 || (id != NULL && *id != '\0'))
        sc_decoder_emit_start (&self->base, id, sc_json_get_string (root, "model"));
    }
  take_usage (self, sc_json_get_object (root, "usage"));
  if (groq != NULL)
    take_usage (self, sc_json_get_object (groq, "usage"));
  for (guint i = 0; i < n; i++)
    {
      JsonObject *choice = sc_json_get_element_object (choices, i);

      if (choice != NULL)
        take_choice (self, choice);
    }
  take_progress (self, root);
}

static void
complete (ChatDecoder *self)
{
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  if (!self->base.has_finish)
    sc_decoder_set_finish (&self->base, self->has_refusal ? SC_FINISH_REFUSAL : SC_FINISH_OTHER,
                           NULL);
  sc_decoder_complete (&self->base);
}

static gboolean
is_done_mark (const ScFrame *frame)
{
  const char *text = frame->data;

  while (g_ascii_isspace (*text))
    text++;
  return strncmp (text, "[DONE]", 6) == 0;
}

/* `event: error`, or older llama.cpp's field `error` whose value is the error itself. */
static gboolean
is_error_frame (const ScFrame *frame,
                JsonObject    *root)
{
  if (strcmp (frame->type, "error") == 0)
    return TRUE;
  return frame->kind == SC_FRAME_BARE_JSON && !json_object_has_member (root, "choices") &&
         sc_json_get_string (root, "message") != NULL;
}

static void
chat_decoder_frame (ScDecoder     *decoder,
                    const ScFrame *frame)
{
  ChatDecoder *self = (ChatDecoder *) decoder;
  g_autoptr (JsonObject) root = NULL;
  ScFailure *failure;

  if (is_done_mark (frame))
    {
      complete (self);
      return;
    }
  root = sc_decoder_parse (decoder, frame);
  if (root == NULL)
    {
      sc_decoder_take_words (decoder, frame);
      return;
    }
  /* Before anything else, in every frame: an error beats a [DONE] or a "stop" that follows it. */
  if (is_error_frame (frame, root))
    failure = sc_response_failure_new_from_value (root);
  else
    failure = sc_response_failure_find (root);
  if (failure == NULL)
    take_root (self, root);
  else
    {
      /* The chunk that carries the error may carry the last text too. */
      if (sc_json_get_array (root, "choices") != NULL)
        take_root (self, root);
      sc_decoder_fail (decoder, failure);
    }
}

static void
chat_decoder_whole (ScDecoder  *decoder,
                    JsonObject *root)
{
  ChatDecoder *self = (ChatDecoder *) decoder;
  ScFailure *failure = sc_response_failure_find (root);

  if (failure == NULL && sc_json_get_array (root, "choices") == NULL)
    failure = sc_failure_new (SC_ERROR_PROTOCOL, _("The server sent something that is not an "
                                                   "answer."));
  if (sc_json_get_array (root, "choices") != NULL)
    take_root (self, root);
  if (failure != NULL)
    sc_decoder_fail (decoder, failure);
  else
    complete (self);
}

static void
chat_decoder_end (ScDecoder *decoder)
{
  ChatDecoder *self = (ChatDecoder *) decoder;

  if (decoder->has_finish)
    complete (self);
}

/* What text and calls alone do not say: reasoning that has to be sent back (DeepSeek with tools,
 * OpenRouter). */
static char *
chat_decoder_dup_raw (ScDecoder *decoder)
{
  ChatDecoder *self = (ChatDecoder *) decoder;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  gunichar2 held = 0;
  JsonObject *object;

  if (self->parts != NULL)
    {
      text = sc_openai_parts_to_string (self->parts);
      if (text == NULL || !self->has_raw_marks)
        return g_steal_pointer (&text);
      return sc_surrogates_join (text, &held);
    }
  if (sc_openai_details_is_empty (self->details) && self->reasoning->len == 0)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "role", "assistant");
  json_object_set_string_member (object, "content", self->content->str);
  if (self->reasoning->len > 0)
    json_object_set_string_member (object, self->reasoning_member, self->reasoning->str);
  if (!sc_openai_details_is_empty (self->details))
    json_object_set_array_member (object, "reasoning_details",
                                  sc_openai_details_create_array (self->details));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}

static void
chat_decoder_free (ScDecoder *decoder)
{
  ChatDecoder *self = (ChatDecoder *) decoder;

  sc_think_matcher_clear (&self->think);
  sc_openai_details_free (self->details);
  sc_openai_parts_free (self->parts);
  g_string_free (self->content, TRUE);
  g_string_free (self->reasoning, TRUE);
  g_free (self);
}

static const ScDecoderClass chat_decoder_class = {
  .frame = chat_decoder_frame,
  .whole = chat_decoder_whole,
  .end = chat_decoder_end,
  .dup_raw = chat_decoder_dup_raw,
  .free = chat_decoder_free,
};

ScDecoder *
sc_openai_chat_decoder_new (const ScOpenaiChatDialect *dialect)
{
  ChatDecoder *self = g_new0 (ChatDecoder, 1);

  sc_decoder_init (&self->base, &chat_decoder_class);
  sc_think_matcher_init (&self->think);
  self->details = sc_openai_details_new ();
  self->content = g_string_new (NULL);
  self->reasoning = g_string_new (NULL);
  self->progress = -1;
  if (dialect != NULL)
    self->parts = sc_openai_parts_new ();
  return &self->base;
}

ScDecoder *
sc_openai_chat_create_decoder (void)
{
  return sc_openai_chat_decoder_new (NULL);
}
