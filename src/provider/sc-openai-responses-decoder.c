/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of OpenAI's Responses (protocols.md sections 2 and 3), the same events over server-sent
 * events and over a WebSocket, or a whole response. An answer is complete by `response.completed`
 * or `response.incomplete` alone. Knows no transport. */

#include "config.h"

#include "sc-openai-responses.h"
#include "sc-decoder.h"
#include "sc-json.h"
#include "sc-openai-output.h"
#include "sc-response-failure.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ScDecoder       base;
  ScOpenaiOutput *output;
} ResponsesDecoder;

static void
start (ResponsesDecoder *self,
       JsonObject       *response)
{
  g_autofree char *id = sc_json_dup_scalar (response, "id");

  if (response != NULL)
    sc_decoder_emit_start (&self->base, id, sc_json_get_string (response, "model"));
}

static void
fail_response (ResponsesDecoder *self,
               JsonObject       *response)
{
  ScFailure *failure = sc_response_failure_find (response);

  sc_decoder_fail (&self->base,
                   failure != NULL ? failure : sc_failure_new (SC_ERROR_SERVER, NULL));
}

static void
end_response (ResponsesDecoder *self,
              JsonObject       *response,
              const char       *status)
{
  JsonObject *details = sc_json_get_object (response, "incomplete_details");

  start (self, response);
  sc_openai_output_take_usage (self->output, sc_json_get_object (response, "usage"));
  if (g_strcmp0 (status, "failed") == 0)
    {
      fail_response (self, response);
      return;
    }
  sc_openai_output_take_whole (self->output, sc_json_get_array (response, "output"));
  sc_openai_output_end (self->output, status, sc_json_get_string (details, "reason"));
}

static const struct
{
  const char *type;
  const char *status;
} ends[] = {
  { "response.completed", "completed" },
  { "response.incomplete", "incomplete" },
  { "response.failed", "failed" },
  { "response.cancelled", "cancelled" },
};

static gboolean
take_end (ResponsesDecoder *self,
          const char       *type,
          JsonObject       *root)
{
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (strcmp (type, ends[i].type) == 0)
      {
        end_response (self, sc_json_get_object (root, "response"), ends[i].status);
        return TRUE;
      }
  return FALSE;
}

static void
take_event (ResponsesDecoder *self,
            const char       *type,
            JsonObject       *root)
{
  if (sc_openai_output_take_event (self->output, type, root) || take_end (self, type, root))
    return;
  if (g_str_has_prefix (type, "response."))
    start (self, sc_json_get_object (root, "response"));
}

static gboolean
is_response (JsonObject *root)
{
  return g_strcmp0 (sc_json_get_string (root, "object"), "response") == 0 ||
         sc_json_get_array (root, "output") != NULL;
}

static void
responses_decoder_whole (ScDecoder  *decoder,
                         JsonObject *root)
{
  ResponsesDecoder *self = (ResponsesDecoder *) decoder;
  const char *status = sc_json_get_string (root, "status");
  ScFailure *failure;

  if (is_response (root))
    {
      end_response (self, root, status != NULL ? status : "completed");
      return;
    }
  failure = sc_response_failure_find (root);
  if (failure == NULL)
    failure =
      sc_failure_new (SC_ERROR_PROTOCOL, _("The server sent something that is not an answer."));
  sc_decoder_fail (decoder, failure);
}

/* A WebSocket lives for an hour; a new one takes the same request again. */
static void
fail_with (ScDecoder *decoder,
           ScFailure *failure)
{
  if (g_strcmp0 (failure->code, "websocket_connection_limit_reached") == 0)
    failure->should_retry = 1;
  sc_decoder_fail (decoder, failure);
}

static void
responses_decoder_frame (ScDecoder     *decoder,
                         const ScFrame *frame)
{
  ResponsesDecoder *self = (ResponsesDecoder *) decoder;
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);
  const char *type;
  ScFailure *failure;

  if (root == NULL)
    {
      sc_decoder_take_words (decoder, frame);
      return;
    }
  type = sc_json_get_string (root, "type");
  if (type == NULL && is_response (root))
    {
      responses_decoder_whole (decoder, root);
      return;
    }
  /* Before anything else: flat or nested, an error ends the answer, and a `response.failed` that
   * says it again is not heard. */
  failure = sc_response_failure_find (root);
  if (failure != NULL)
    fail_with (decoder, failure);
  else
    take_event (self, type != NULL ? type : frame->type, root);
}

static char *
responses_decoder_dup_raw (ScDecoder *decoder)
{
  ResponsesDecoder *self = (ResponsesDecoder *) decoder;

  return sc_openai_output_dup_raw (self->output);
}

static void
responses_decoder_free (ScDecoder *decoder)
{
  ResponsesDecoder *self = (ResponsesDecoder *) decoder;

  sc_openai_output_free (self->output);
  g_free (self);
}

static const ScDecoderClass responses_decoder_class = {
  .frame = responses_decoder_frame,
  .whole = responses_decoder_whole,
  .dup_raw = responses_decoder_dup_raw,
  .free = responses_decoder_free,
};

ScDecoder *
sc_openai_responses_create_decoder (void)
{
  ResponsesDecoder *self = g_new0 (ResponsesDecoder, 1);

  sc_decoder_init (&self->base, &responses_decoder_class);
  self->output = sc_openai_output_new (&self->base);
  return &self->base;
}
