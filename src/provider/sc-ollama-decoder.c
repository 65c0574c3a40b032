/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of Ollama's own API, line by line or whole (protocols.md section 9). Knows no transport
 * and no window. */

#include "config.h"

#include "sc-ollama.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-surrogates.h"
#include "sc-think-matcher.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ScDecoder       base;
  ScThinkMatcher  think;
  GString        *thinking;
  gint64          n_calls;
  gboolean        has_raw_marks;
} OllamaDecoder;

static void
think_text (gpointer    user_data,
            const char *piece)
{
  sc_decoder_emit_text (user_data, piece);
}

static void
think_reasoning (gpointer    user_data,
                 const char *piece)
{
  sc_decoder_emit_reasoning (user_data, piece);
}

static void
think_untagged (gpointer user_data)
{
  sc_decoder_emit_notice (user_data, "reasoning-untagged",
                          _("The text above was the model's reasoning; its server did not "
                            "mark it."));
}

/* Servers that do not know of thinking leave a model's tags in its answer. */
static const ScThinkFuncs think_funcs = { think_text, think_reasoning, think_untagged };

static void
take_thinking (OllamaDecoder *self,
               const char    *text)
{
  if (text == NULL || *text == '\0')
    return;
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  g_string_append (self->thinking, text);
  sc_decoder_emit_reasoning (&self->base, text);
}

/* A call is whole and there is no telling calls apart by number: servers before 0.12 give neither
 * id nor index, and several lines may each hold the first one. */
static void
take_call (OllamaDecoder *self,
           JsonObject    *call)
{
  JsonObject *function = sc_json_get_object (call, "function");
  const char *text = sc_json_get_string (function, "arguments");
  g_autofree char *id = sc_json_dup_scalar (call, "id");
  g_autofree char *arguments = NULL;
  gint64 slot = self->n_calls;

  if (function == NULL)
    return;
  self->n_calls++;
  /* An object by the document; its text is what gates in front of a server make of it. */
  if (sc_json_get_object (function, "arguments") != NULL)
    arguments = sc_json_to_string (json_object_get_member (function, "arguments"), FALSE);
  else
    arguments = g_strdup (text != NULL ? text : "{}");
  sc_decoder_open_call (&self->base, slot, id, sc_json_get_string (function, "name"));
  sc_decoder_add_arguments (&self->base, slot, arguments, TRUE);
}

static void
take_message (OllamaDecoder *self,
              JsonObject    *message)
{
  JsonArray *calls = sc_json_get_array (message, "tool_calls");
  const char *content = sc_json_get_string (message, "content");
  guint n = calls != NULL ? json_array_get_length (calls) : 0;

  take_thinking (self, sc_json_get_string (message, "thinking"));
  if (content != NULL && *content != '\0')
    sc_think_matcher_feed (&self->think, content, &think_funcs, self);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *call = sc_json_get_element_object (calls, i);

      if (call != NULL)
        take_call (self, call);
    }
}

/* `prompt_eval_count` is missing where the whole prompt was in the cache: unknown, not 0. */
static void
take_usage (OllamaDecoder *self,
            JsonObject    *root)
{
  ScUsage usage = SC_USAGE_INIT;

  usage.input = sc_decoder_read_tokens (root, "prompt_eval_count");
  usage.output = sc_decoder_read_tokens (root, "eval_count");
  sc_decoder_take_usage (&self->base, &usage);
}

/* `done` is the end mark; servers before 0.1.40 say no reason with it. `stop` covers tool calls
 * too. */
static void
take_end (OllamaDecoder *self,
          JsonObject    *root)
{
  const char *raw = sc_json_get_string (root, "done_reason");
  ScFinishReason reason = SC_FINISH_OTHER;

  if (raw == NULL || *raw == '\0')
    {
      raw = NULL;
      if (self->n_calls > 0)
        reason = SC_FINISH_TOOL_CALLS;
    }
  else if (strcmp (raw, "stop") == 0)
    reason = SC_FINISH_STOP;
  else if (strcmp (raw, "length") == 0)
    reason = SC_FINISH_LENGTH;
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  sc_decoder_set_finish (&self->base, reason, raw);
  sc_decoder_complete (&self->base);
}

static void
take_root (OllamaDecoder *self,
           JsonObject    *root)
{
  JsonObject *message = sc_json_get_object (root, "message");
  ScFailure *failure = sc_response_failure_find (root);

  self->has_raw_marks |= self->base.has_marks;
  if (message != NULL)
    {
      sc_decoder_emit_start (&self->base, NULL, sc_json_get_string (root, "model"));
      take_message (self, message);
    }
  take_usage (self, root);
  /* An error beats the end mark that may stand beside it. */
  if (failure != NULL)
    sc_decoder_fail (&self->base, failure);
  else if (sc_json_get_boolean (root, "done", FALSE))
    take_end (self, root);
}

static void
ollama_decoder_frame (ScDecoder     *decoder,
                      const ScFrame *frame)
{
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);

  if (root != NULL)
    take_root ((OllamaDecoder *) decoder, root);
}

static void
ollama_decoder_whole (ScDecoder  *decoder,
                      JsonObject *root)
{
  take_root ((OllamaDecoder *) decoder, root);
  if (decoder->is_done)
    return;
  if (sc_json_get_object (root, "message") != NULL)
    sc_decoder_end (decoder, NULL);
  else
    sc_decoder_fail (decoder,
                     sc_failure_new (SC_ERROR_PROTOCOL,
                                     _("The server sent something that is not an answer.")));
}

/* What the model thought before it called its tools; text and calls say the rest. */
static char *
ollama_decoder_dup_raw (ScDecoder *decoder)
{
  OllamaDecoder *self = (OllamaDecoder *) decoder;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  gunichar2 held = 0;
  JsonObject *object;

  if (self->n_calls == 0 || self->thinking->len == 0)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "role", "assistant");
  json_object_set_string_member (object, "thinking", self->thinking->str);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}

static void
ollama_decoder_free (ScDecoder *decoder)
{
  OllamaDecoder *self = (OllamaDecoder *) decoder;

  sc_think_matcher_clear (&self->think);
  g_string_free (self->thinking, TRUE);
  g_free (self);
}

static const ScDecoderClass ollama_decoder_class = {
  .frame = ollama_decoder_frame,
  .whole = ollama_decoder_whole,
  .dup_raw = ollama_decoder_dup_raw,
  .free = ollama_decoder_free,
};

ScDecoder *
sc_ollama_create_decoder (void)
{
  OllamaDecoder *self = g_new0 (OllamaDecoder, 1);

  sc_decoder_init (&self->base, &ollama_decoder_class);
  sc_think_matcher_init (&self->think);
  self->thinking = g_string_new (NULL);
  return &self->base;
}
