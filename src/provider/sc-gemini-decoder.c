/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of Google's generateContent, streamed or whole (protocols.md section 5): a stream is a
 * row of whole answers, each with the next parts. It ends by a finish reason or a blocked prompt,
 * after which usage and sources may still come. Knows no transport and no window. */

#include "config.h"

#include "sc-gemini.h"
#include "sc-decoder.h"
#include "sc-gemini-citations.h"
#include "sc-gemini-raw.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the service counted so far; -1 unknown. Members that are 0 are left out on the wire. */
typedef struct
{
  gint64 prompt;
  gint64 tool_prompt;
  gint64 cached;
  gint64 answer;
  gint64 thoughts;
} Counts;

typedef struct
{
  ScDecoder          base;
  ScGeminiRaw       *raw;
  ScGeminiCitations *citations;
  Counts             counts;
  gint64             candidate;
  gint64             n_calls;
  gboolean           has_candidate;
  gboolean           has_raw_marks;
  gboolean           is_inside_line;
} GeminiDecoder;

static const struct
{
  const char     *raw;
  ScFinishReason  reason;
} finish_words[] = {
  { "STOP", SC_FINISH_STOP },
  { "MAX_TOKENS", SC_FINISH_LENGTH },
  { "SAFETY", SC_FINISH_CONTENT_FILTER },
  { "RECITATION", SC_FINISH_CONTENT_FILTER },
  { "BLOCKLIST", SC_FINISH_CONTENT_FILTER },
  { "PROHIBITED_CONTENT", SC_FINISH_CONTENT_FILTER },
  { "SPII", SC_FINISH_CONTENT_FILTER },
  { "MODEL_ARMOR", SC_FINISH_CONTENT_FILTER },
  { "IMAGE_SAFETY", SC_FINISH_CONTENT_FILTER },
  { "IMAGE_PROHIBITED_CONTENT", SC_FINISH_CONTENT_FILTER },
  { "IMAGE_RECITATION", SC_FINISH_CONTENT_FILTER },
};

/* Words for ends that are neither an answer nor a filter. */
static const struct
{
  const char *raw;
  const char *words;
} finish_notices[] = {
  { "MALFORMED_FUNCTION_CALL", N_("The model tried to call a tool and failed at it. Try again.") },
  { "UNEXPECTED_TOOL_CALL", N_("The model called a tool that it was not given.") },
  { "TOO_MANY_TOOL_CALLS", N_("The model called tools too often in a row.") },
  { "MALFORMED_RESPONSE", N_("The model’s answer was malformed. Try again.") },
  { "LANGUAGE", N_("The model does not support this language.") },
  { "CONTINUATION", N_("The service stopped in the middle of the answer. Ask it to go on.") },
  { "NO_IMAGE", N_("The model was to make a picture and made none.") },
};

static void
show_text (GeminiDecoder *self,
           const char    *text,
           gboolean       is_counted)
{
  if (*text == '\0')
    return;
  self->is_inside_line = text[strlen (text) - 1] != '\n';
  sc_gemini_citations_add_text (self->citations, text, is_counted);
  sc_decoder_emit_text (&self->base, text);
}

/* Code that ran at the service and what came of it are part of the answer. */
static void
show_code (GeminiDecoder *self,
           const char    *language,
           const char    *code)
{
  g_autofree char *lower = language != NULL ? g_ascii_strdown (language, -1) : NULL;
  g_autofree char *block = NULL;

  if (code == NULL || *code == '\0')
    return;
  block = g_strconcat (self->is_inside_line ? "\n\n" : "", "```", lower != NULL ? lower : "", "\n",
                       code, g_str_has_suffix (code, "\n") ? "" : "\n", "```\n\n", NULL);
  show_text (self, block, FALSE);
}

static void
take_call (GeminiDecoder *self,
           JsonObject    *call)
{
  gint64 slot = self->n_calls;
  JsonObject *args = sc_json_get_object (call, "args");
  g_autofree char *id = sc_json_dup_scalar (call, "id");
  g_autofree char *text = NULL;

  /* Arguments in pieces have to be asked for, which this program does not do; half a call must not
     run. */
  if (json_object_has_member (call, "partialArgs") ||
      sc_json_get_boolean (call, "willContinue", FALSE))
    {
      sc_decoder_fail (&self->base, sc_failure_new (SC_ERROR_PROTOCOL,
                                                    _("The server sent a tool call in pieces.")));
      return;
    }
  self->n_calls++;
  if (args != NULL)
    text = sc_json_to_string (json_object_get_member (call, "args"), FALSE);
  sc_decoder_open_call (&self->base, slot, id, sc_json_get_string (call, "name"));
  sc_decoder_add_arguments (&self->base, slot, text != NULL ? text : "{}", TRUE);
}

static void
note_media (GeminiDecoder *self,
            JsonObject    *blob)
{
  const char *type = sc_json_get_string (blob, "mimeType");
  g_autofree char *words = NULL;

  /* Translators: %s is a media type, for example image/png. */
  words = g_strdup_printf (_("The model sent a file (%s) that cannot be shown here."),
                           type != NULL ? type : "?");
  sc_decoder_emit_notice (&self->base, "media", words);
}

static void
take_part (GeminiDecoder *self,
           JsonObject    *part)
{
  const char *text = sc_json_get_string (part, "text");
  JsonObject *call = sc_json_get_object (part, "functionCall");
  JsonObject *code = sc_json_get_object (part, "executableCode");
  JsonObject *result = sc_json_get_object (part, "codeExecutionResult");
  JsonObject *blob = sc_json_get_object (part, "inlineData");

  sc_gemini_raw_add (self->raw, part);
  if (call != NULL)
    take_call (self, call);
  else if (text != NULL && sc_json_get_boolean (part, "thought", FALSE))
    sc_decoder_emit_reasoning (&self->base, text);
  else if (text != NULL)
    show_text (self, text, TRUE);
  else if (code != NULL)
    show_code (self, sc_json_get_string (code, "language"), sc_json_get_string (code, "code"));
  else if (result != NULL)
    show_code (self, NULL, sc_json_get_string (result, "output"));
  else if (blob != NULL || sc_json_get_object (part, "fileData") != NULL)
    note_media (self, blob != NULL ? blob : sc_json_get_object (part, "fileData"));
}

static void
note_finish (GeminiDecoder  *self,
             ScFinishReason  reason,
             const char     *raw,
             const char     *message)
{
  if (message == NULL || *message == '\0')
    for (guint i = 0; i < G_N_ELEMENTS (finish_notices); i++)
      if (strcmp (raw, finish_notices[i].raw) == 0)
        message = _(finish_notices[i].words);
  if (message != NULL && *message != '\0' && reason != SC_FINISH_STOP)
    sc_decoder_emit_notice (&self->base,
                            reason == SC_FINISH_CONTENT_FILTER ? "blocked" : "finish", message);
}

static void
take_finish (GeminiDecoder *self,
             JsonObject    *candidate)
{
  const char *raw = sc_json_get_string (candidate, "finishReason");
  ScFinishReason reason = SC_FINISH_OTHER;

  /* The unspecified one is the absent one; the first real one counts. */
  if (raw == NULL || *raw == '\0' || self->base.has_finish ||
      strcmp (raw, "FINISH_REASON_UNSPECIFIED") == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (finish_words); i++)
    if (g_ascii_strcasecmp (raw, finish_words[i].raw) == 0)
      reason = finish_words[i].reason;
  note_finish (self, reason, raw, sc_json_get_string (candidate, "finishMessage"));
  sc_decoder_set_finish (&self->base, reason, raw);
}

static void
take_candidate (GeminiDecoder *self,
                JsonObject    *candidate)
{
  JsonArray *parts = sc_json_get_array (sc_json_get_object (candidate, "content"), "parts");
  guint n = parts != NULL ? json_array_get_length (parts) : 0;
  gint64 index = 0;

  sc_json_get_int (candidate, "index", &index);
  if (!self->has_candidate)
    {
      self->has_candidate = TRUE;
      self->candidate = index;
    }
  if (index != self->candidate)
    return;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *part = sc_json_get_element_object (parts, i);

      if (part != NULL)
        take_part (self, part);
    }
  sc_gemini_citations_take (self->citations, &self->base, candidate);
  take_finish (self, candidate);
}

/* The prompt itself was refused: there will be no candidate. */
static void
take_feedback (GeminiDecoder *self,
               JsonObject    *feedback)
{
  const char *raw = sc_json_get_string (feedback, "blockReason");
  const char *message = sc_json_get_string (feedback, "blockReasonMessage");

  if (raw == NULL || *raw == '\0' || self->base.has_finish ||
      strcmp (raw, "BLOCK_REASON_UNSPECIFIED") == 0)
    return;
  if (message == NULL || *message == '\0')
    message = _("The service’s filter did not let the prompt pass.");
  sc_decoder_emit_notice (&self->base, "blocked", message);
  sc_decoder_set_finish (&self->base, SC_FINISH_CONTENT_FILTER, raw);
}

static void
take_usage (GeminiDecoder *self,
            JsonObject    *object)
{
  Counts *counts = &self->counts;
  ScUsage usage = SC_USAGE_INIT;

  if (object == NULL)
    return;
  sc_decoder_merge_tokens (object, "promptTokenCount", &counts->prompt);
  sc_decoder_merge_tokens (object, "toolUsePromptTokenCount", &counts->tool_prompt);
  sc_decoder_merge_tokens (object, "cachedContentTokenCount", &counts->cached);
  sc_decoder_merge_tokens (object, "candidatesTokenCount", &counts->answer);
  sc_decoder_merge_tokens (object, "thoughtsTokenCount", &counts->thoughts);
  /* What tools of the service put into the prompt is counted beside it, thoughts beside the
     answer. */
  if (counts->prompt >= 0)
    usage.input = counts->prompt + MAX (counts->tool_prompt, 0);
  if (counts->answer >= 0 || counts->thoughts >= 0)
    usage.output = MAX (counts->answer, 0) + MAX (counts->thoughts, 0);
  usage.cached = counts->cached;
  usage.reasoning = counts->thoughts;
  sc_decoder_take_usage (&self->base, &usage);
}

static void
take_root (GeminiDecoder *self,
           JsonObject    *root)
{
  JsonArray *candidates = sc_json_get_array (root, "candidates");
  JsonObject *feedback = sc_json_get_object (root, "promptFeedback");
  guint n = candidates != NULL ? json_array_get_length (candidates) : 0;

  self->has_raw_marks |= self->base.has_marks;
  if (candidates != NULL || feedback != NULL || json_object_has_member (root, "modelVersion"))
    sc_decoder_emit_start (&self->base, sc_json_get_string (root, "responseId"),
                           sc_json_get_string (root, "modelVersion"));
  take_usage (self, sc_json_get_object (root, "usageMetadata"));
  for (guint i = 0; i < n; i++)
    {
      JsonObject *candidate = sc_json_get_element_object (candidates, i);

      if (candidate != NULL)
        take_candidate (self, candidate);
    }
  if (feedback != NULL && n == 0)
    take_feedback (self, feedback);
}

static void
take_object (GeminiDecoder *self,
             JsonObject    *root)
{
  ScFailure *failure = sc_response_failure_find (root);

  if (failure == NULL || sc_json_get_array (root, "candidates") != NULL)
    take_root (self, root);
  if (failure != NULL)
    sc_decoder_fail (&self->base, failure);
}

static void
take_element (GeminiDecoder *self,
              const ScFrame *frame)
{
  g_autoptr (JsonObject) root = sc_decoder_parse (&self->base, frame);

  if (root != NULL)
    take_object (self, root);
  else
    sc_decoder_take_words (&self->base, frame);
}

/* Without `alt=sse` a stream is one array that grows; one that was cut holds whole elements all
 * the same. Brackets are counted, what stands between them is checked where it is parsed. */
static void
take_array (GeminiDecoder *self,
            const ScFrame *frame)
{
  ScFrame element = *frame;
  gboolean is_in_string = FALSE;
  guint depth = 0;

  element.unterminated = FALSE;
  for (gsize i = 0; i < frame->length && !self->base.is_done; i++)
    {
      char c = frame->data[i];

      if (is_in_string && c == '\\')
        i++;
      else if (c == '"')
        is_in_string = !is_in_string;
      else if (!is_in_string && (c == '{' || c == '['))
        {
          if (++depth == 2)
            element.data = frame->data + i;
        }
      else if (!is_in_string && depth > 0 && (c == '}' || c == ']') && --depth == 1)
        {
          element.length = (gsize) (frame->data + i + 1 - element.data);
          take_element (self, &element);
        }
    }
}

static gboolean
is_array (const ScFrame *frame)
{
  const char *text = frame->data;

  while (g_ascii_isspace (*text))
    text++;
  return *text == '[';
}

static void
gemini_decoder_frame (ScDecoder     *decoder,
                      const ScFrame *frame)
{
  GeminiDecoder *self = (GeminiDecoder *) decoder;

  if (is_array (frame))
    take_array (self, frame);
  else
    take_element (self, frame);
}

static void
gemini_decoder_whole (ScDecoder  *decoder,
                      JsonObject *root)
{
  GeminiDecoder *self = (GeminiDecoder *) decoder;

  take_object (self, root);
  if (decoder->is_done)
    return;
  if (decoder->has_started)
    {
      sc_decoder_end (decoder, NULL);
      return;
    }
  sc_decoder_fail (decoder,
                   sc_failure_new (SC_ERROR_PROTOCOL,
                                   _("The server sent something that is not an answer.")));
}

static char *
gemini_decoder_dup_raw (ScDecoder *decoder)
{
  GeminiDecoder *self = (GeminiDecoder *) decoder;
  g_autofree char *text = sc_gemini_raw_to_string (self->raw);
  gunichar2 held = 0;

  if (text != NULL && self->has_raw_marks)
    return sc_surrogates_join (text, &held);
  return g_steal_pointer (&text);
}

static void
gemini_decoder_free (ScDecoder *decoder)
{
  GeminiDecoder *self = (GeminiDecoder *) decoder;

  sc_gemini_raw_free (self->raw);
  sc_gemini_citations_free (self->citations);
  g_free (self);
}

static const ScDecoderClass gemini_decoder_class = {
  .frame = gemini_decoder_frame,
  .whole = gemini_decoder_whole,
  .dup_raw = gemini_decoder_dup_raw,
  .free = gemini_decoder_free,
};

ScAfterFinish
sc_gemini_after_finish (const char *raw)
{
  return g_strcmp0 (raw, "MALFORMED_FUNCTION_CALL") == 0 ? SC_AFTER_FINISH_REPEAT
                                                         : SC_AFTER_FINISH_END;
}

ScDecoder *
sc_gemini_decoder_new (void)
{
  GeminiDecoder *self = g_new0 (GeminiDecoder, 1);
  const Counts unknown = { -1, -1, -1, -1, -1 };

  sc_decoder_init (&self->base, &gemini_decoder_class);
  self->raw = sc_gemini_raw_new ();
  self->citations = sc_gemini_citations_new ();
  self->counts = unknown;
  return &self->base;
}
