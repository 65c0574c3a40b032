/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of OpenAI's Realtime as text (protocols.md section 3): the items of Responses between
 * events about the session. An answer is complete by `response.done` alone. Knows no transport. */

#include "config.h"

#include "sc-openai-realtime.h"
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
  char           *model;
} RealtimeDecoder;

static void
start (RealtimeDecoder *self,
       JsonObject      *response)
{
  if (response != NULL)
    sc_decoder_emit_start (&self->base, sc_json_get_string (response, "id"), self->model);
}

static void
take_session (RealtimeDecoder *self,
              JsonObject      *session)
{
  const char *model = sc_json_get_string (session, "model");

  if (model == NULL)
    return;
  g_free (self->model);
  self->model = g_strdup (model);
}

/* `status_details.error` has a code and a type, seldom a sentence. */
static void
fail_response (RealtimeDecoder *self,
               JsonObject      *details)
{
  JsonObject *error = sc_json_get_object (details, "error");
  ScFailure *failure = sc_response_failure_find (details);

  if (failure == NULL)
    failure = sc_failure_new (SC_ERROR_SERVER, NULL);
  else if (sc_json_get_string (error, "message") == NULL)
    {
      g_free (failure->message);
      failure->message = g_strdup (sc_error_to_sentence (failure->kind));
    }
  sc_decoder_fail (&self->base, failure);
}

static void
end_response (RealtimeDecoder *self,
              JsonObject      *response)
{
  JsonObject *details = sc_json_get_object (response, "status_details");
  const char *status = sc_json_get_string (response, "status");

  start (self, response);
  sc_openai_output_take_usage (self->output, sc_json_get_object (response, "usage"));
  if (g_strcmp0 (status, "failed") == 0)
    {
      fail_response (self, details);
      return;
    }
  sc_openai_output_take_whole (self->output, sc_json_get_array (response, "output"));
  sc_openai_output_end (self->output, status, sc_json_get_string (details, "reason"));
}

static void
realtime_decoder_whole (ScDecoder  *decoder,
                        JsonObject *root)
{
  ScFailure *failure = sc_response_failure_find (root);

  /* There is no whole answer in this protocol: an object is the refusal of the upgrade. */
  if (failure == NULL)
    failure =
      sc_failure_new (SC_ERROR_PROTOCOL, _("The server sent something that is not an answer."));
  sc_decoder_fail (decoder, failure);
}

static void
realtime_decoder_frame (ScDecoder     *decoder,
                        const ScFrame *frame)
{
  RealtimeDecoder *self = (RealtimeDecoder *) decoder;
  g_autoptr (JsonObject) root = sc_decoder_parse (decoder, frame);
  const char *type = root != NULL ? sc_json_get_string (root, "type") : NULL;
  ScFailure *failure;

  if (root == NULL)
    return;
  /* The session would live on, but every event we sent is needed for the answer. */
  failure = sc_response_failure_find (root);
  if (failure != NULL)
    sc_decoder_fail (decoder, failure);
  else if (type == NULL || sc_openai_output_take_event (self->output, type, root))
    return;
  else if (g_str_has_prefix (type, "session."))
    take_session (self, sc_json_get_object (root, "session"));
  else if (strcmp (type, "response.created") == 0)
    start (self, sc_json_get_object (root, "response"));
  else if (strcmp (type, "response.done") == 0)
    end_response (self, sc_json_get_object (root, "response"));
}

static void
realtime_decoder_free (ScDecoder *decoder)
{
  RealtimeDecoder *self = (RealtimeDecoder *) decoder;

  sc_openai_output_free (self->output);
  g_free (self->model);
  g_free (self);
}

static const ScDecoderClass realtime_decoder_class = {
  .frame = realtime_decoder_frame,
  .whole = realtime_decoder_whole,
  .free = realtime_decoder_free,
};

ScDecoder *
sc_openai_realtime_create_decoder (void)
{
  RealtimeDecoder *self = g_new0 (RealtimeDecoder, 1);

  sc_decoder_init (&self->base, &realtime_decoder_class);
  self->output = sc_openai_output_new (&self->base);
  return &self->base;
}
