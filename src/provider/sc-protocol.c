/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The registry: the one place that knows which protocols there are. A new protocol is a pair of
 * files and a line in this table. */

#include "config.h"

#include "sc-protocol.h"
#include "sc-anthropic.h"
#include "sc-cohere.h"
#include "sc-gemini.h"
#include "sc-mistral.h"
#include "sc-ollama.h"
#include "sc-openai-chat.h"
#include "sc-openai-realtime.h"
#include "sc-openai-responses.h"
#include "sc-tgi.h"
#include "sc-vertex.h"

#include <glib/gi18n.h>

static const ScProtocol tgi;

static const ScProtocol openai_chat = {
  .id = "openai-chat",
  .title = N_("OpenAI Chat Completions"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_openai_chat_build_request,
  .create_decoder = sc_openai_chat_create_decoder,
  .build_models_request = sc_openai_chat_build_models_request,
  .parse_models = sc_openai_chat_parse_models,
  /* Text Generation Inference had `/v1/chat/completions` before it had `/v1/models`. */
  .other_models = &tgi,
};

static const ScProtocol openai_responses = {
  .id = "openai-responses",
  .title = N_("OpenAI Responses"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_openai_responses_build_request,
  .create_decoder = sc_openai_responses_create_decoder,
  .build_models_request = sc_openai_responses_build_models_request,
  .parse_models = sc_openai_chat_parse_models,
};

static const ScProtocol openai_responses_ws = {
  .id = "openai-responses-ws",
  .title = N_("OpenAI Responses over WebSocket"),
  .framing = SC_FRAMING_WEBSOCKET,
  .build_request = sc_openai_responses_ws_build_request,
  .build_opening = sc_openai_responses_ws_build_opening,
  .create_decoder = sc_openai_responses_create_decoder,
  .build_models_request = sc_openai_responses_build_models_request,
  .parse_models = sc_openai_chat_parse_models,
};

static const ScProtocol openai_realtime = {
  .id = "openai-realtime",
  .title = N_("OpenAI Realtime, text"),
  .framing = SC_FRAMING_WEBSOCKET,
  .build_request = sc_openai_realtime_build_request,
  .build_opening = sc_openai_realtime_build_opening,
  .build_interrupt = sc_openai_realtime_build_interrupt,
  .create_decoder = sc_openai_realtime_create_decoder,
  .build_models_request = sc_openai_responses_build_models_request,
  .parse_models = sc_openai_chat_parse_models,
};

static const ScProtocol anthropic = {
  .id = "anthropic",
  .title = N_("Anthropic Messages"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_anthropic_build_request,
  .create_decoder = sc_anthropic_create_decoder,
  .build_models_request = sc_anthropic_build_models_request,
  .parse_models = sc_anthropic_parse_models,
  .after_finish = sc_anthropic_after_finish,
  .join_raw = sc_anthropic_join_raw,
};

static const ScProtocol gemini = {
  .id = "gemini",
  .title = N_("Google Gemini"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_gemini_build_request,
  .create_decoder = sc_gemini_decoder_new,
  .build_models_request = sc_gemini_build_models_request,
  .parse_models = sc_gemini_parse_models,
  .after_finish = sc_gemini_after_finish,
};

static const ScProtocol mistral = {
  .id = "mistral",
  .title = N_("Mistral"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_mistral_build_request,
  .create_decoder = sc_mistral_create_decoder,
  .build_models_request = sc_openai_chat_build_models_request,
  .parse_models = sc_mistral_parse_models,
};

static const ScProtocol ollama = {
  .id = "ollama",
  .title = N_("Ollama"),
  .framing = SC_FRAMING_NDJSON,
  .build_request = sc_ollama_build_request,
  .create_decoder = sc_ollama_create_decoder,
  .build_models_request = sc_ollama_build_models_request,
  .parse_models = sc_ollama_parse_models,
  .build_details_request = sc_ollama_build_details_request,
  .parse_details = sc_ollama_parse_details,
};

static const ScProtocol tgi = {
  .id = "tgi",
  .title = N_("Text Generation Inference"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_tgi_build_request,
  .create_decoder = sc_tgi_create_decoder,
  .build_models_request = sc_tgi_build_models_request,
  .parse_models = sc_tgi_parse_models,
  /* Gateways of it pass `/v1` alone. */
  .other_models = &openai_chat,
};

static const ScProtocol vertex = {
  .id = "vertex",
  .title = N_("Vertex AI"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_vertex_build_request,
  .create_decoder = sc_vertex_create_decoder,
  .build_models_request = sc_vertex_build_models_request,
  .parse_models = sc_vertex_parse_models,
  .after_finish = sc_vertex_after_finish,
  .join_raw = sc_anthropic_join_raw,
};

static const ScProtocol cohere = {
  .id = "cohere",
  .title = N_("Cohere"),
  .framing = SC_FRAMING_SSE,
  .build_request = sc_cohere_build_request,
  .create_decoder = sc_cohere_create_decoder,
  .build_models_request = sc_cohere_build_models_request,
  .parse_models = sc_cohere_parse_models,
};

static const ScProtocol *const protocols[] = {
  &openai_chat,
  &openai_responses,
  &openai_responses_ws,
  &openai_realtime,
  &anthropic,
  &gemini,
  &vertex,
  &mistral,
  &ollama,
  &tgi,
  &cohere,
  NULL,
};

/* Names that mean a protocol of the table. */
static const struct
{
  const char       *id;
  const ScProtocol *protocol;
} aliases[] = {
  { "demo", &openai_chat },
};

const ScProtocol *
sc_protocol_find (const char *id)
{
  for (guint i = 0; protocols[i] != NULL; i++)
    if (g_strcmp0 (id, protocols[i]->id) == 0)
      return protocols[i];
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_strcmp0 (id, aliases[i].id) == 0)
      return aliases[i].protocol;
  return NULL;
}

const ScProtocol * const *
sc_protocol_list (void)
{
  return protocols;
}
