/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of the native API of Text Generation Inference, token by token or whole (protocols.md
 * section 11). Knows no transport and no window. */

#include "config.h"

#include "sc-tgi.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-think-matcher.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ScDecoder      base;
  ScThinkMatcher think;
  gboolean       has_tokens;
} TgiDecoder;

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

static const ScThinkFuncs think_funcs = { think_text, think_reasoning, think_untagged };

static void
take_text (TgiDecoder *self,
           const char *text)
{
  if (text != NULL && *text != '\0')
    sc_think_matcher_feed (&self->think, text, &think_funcs, self);
}

static void
take_token (TgiDecoder *self,
            JsonObject *token)
{
  /* The marks of the model's own language: end of turn, begin of text. */
  if (!sc_json_get_boolean (token, "special", FALSE))
    take_text (self, sc_json_get_string (token, "text"));
  self->has_tokens = TRUE;
}

static void
take_details (TgiDecoder *self,
              JsonObject *details)
{
  ScUsage usage = SC_USAGE_INIT;

  usage.input = sc_decoder_read_tokens (details, "input_length");
  usage.output = sc_decoder_read_tokens (details, "generated_tokens");
  sc_decoder_take_usage (&self->base, &usage);
}

static void
take_end (TgiDecoder *self,
          JsonObject *root)
{
  const char *raw =
    sc_json_get_string (sc_json_get_object (root, "details"), "finish_reason");
  ScFinishReason reason = SC_FINISH_OTHER;

  if (g_strcmp0 (raw, "eos_token") == 0 || g_strcmp0 (raw, "stop_sequence") == 0)
    reason = SC_FINISH_STOP;
  else if (g_strcmp0 (raw, "length") == 0)
    reason = SC_FINISH_LENGTH;
  /* An answer that was not streamed, or one of which a gate kept only the end. */
  if (!self->has_tokens)
    take_text (self, sc_json_get_string (root, "generated_text"));
  sc_think_matcher_finish (&self->think, &think_funcs, self);
  sc_decoder_set_finish (&self->base, reason, raw);
  sc_decoder_complete (&self->base);
}

static void
take_root (TgiDecoder *self,
           JsonObject *root)
{
  JsonObject *token = sc_json_get_object (root, "token");
  gboolean is_last = sc_json_get_string (root, "generated_text") != NULL;
  ScFailure *failure = sc_response_failure_find (root);

  if (token != NULL || is_last)
    sc_decoder_emit_start (&self->base, NULL, NULL);
  if (token != NULL)
    take_token (self, token);
  take_details (self, sc_json_get_object (root, "details"));
  if (failure != NULL)
    sc_decoder_fail (&self->base, failure);
  else if (is_last)
    take_end (self, root);
}

static void
tgi_decoder_frame (ScDecoder     *decoder,
                   const ScFrame *frame)
{
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);

  if (root != NULL)
    take_root ((TgiDecoder *) decoder, root);
  else
    sc_decoder_take_words (decoder, frame);
}

static void
tgi_decoder_whole (ScDecoder  *decoder,
                   JsonObject *root)
{
  take_root ((TgiDecoder *) decoder, root);
  if (!decoder->is_done)
    sc_decoder_fail (decoder,
                     sc_failure_new (SC_ERROR_PROTOCOL,
                                     _("The server sent something that is not an answer.")));
}

static void
tgi_decoder_free (ScDecoder *decoder)
{
  TgiDecoder *self = (TgiDecoder *) decoder;

  sc_think_matcher_clear (&self->think);
  g_free (self);
}

static const ScDecoderClass tgi_decoder_class = {
  .frame = tgi_decoder_frame,
  .whole = tgi_decoder_whole,
  .free = tgi_decoder_free,
};

ScDecoder *
sc_tgi_create_decoder (void)
{
  TgiDecoder *self = g_new0 (TgiDecoder, 1);

  sc_decoder_init (&self->base, &tgi_decoder_class);
  sc_think_matcher_init (&self->think);
  return &self->base;
}
