/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of OpenAI's Responses (protocols.md sections 2 and 3). Nothing is stored at the service
 * unless the user asked for it, so the whole conversation goes along each time. Only what the user
 * set is sent. Must not know how the answer is read. */

#include "config.h"

#include "sc-openai-responses.h"
#include "sc-base-url.h"
#include "sc-json.h"
#include "sc-openai-chat.h"
#include "sc-openai-host.h"
#include "sc-openai-items.h"
#include "sc-openai-parameters.h"
#include "sc-openai-websocket.h"
#include "sc-request-headers.h"

#include <string.h>

#define RESPONSES_PATH "responses"

static const ScOpenaiItemsFlavour flavour = {
  .has_files = TRUE,
  .has_raw = TRUE,
  .has_strict = TRUE,
};

/* The models before the o-series refuse to be asked for reasoning. */
static gboolean
may_reason (const char *model)
{
  if (model == NULL)
    return TRUE;
  if (g_str_has_prefix (model, "chatgpt-") || strstr (model, "-chat") != NULL)
    return FALSE;
  return !g_str_has_prefix (model, "gpt-") || sc_openai_host_is_reasoning_model (model) ||
         !g_ascii_isdigit (model[4]);
}

/* Without storage the reasoning comes encrypted, to be sent back with the next message. */
static void
add_privacy (JsonObject *body,
             const char *model)
{
  json_object_set_boolean_member (body, "store", FALSE);
  if (may_reason (model))
    {
      JsonArray *include = json_array_new ();

      json_array_add_string_element (include, "reasoning.encrypted_content");
      json_object_set_array_member (body, "include", include);
    }
}

/* @type: (nullable): what kind of event the body is, where it is one */
static JsonObject *
create_body (const ScProfile  *profile,
             const ScPrompt   *prompt,
             const char       *type,
             GError          **error)
{
  const char *model = prompt->model;
  JsonArray *input = sc_openai_items_create_input (&flavour, prompt, error);
  JsonArray *tools;
  JsonObject *body;

  if (input == NULL)
    return NULL;
  if (model == NULL || *model == '\0')
    model = profile->model;
  body = json_object_new ();
  if (type != NULL)
    json_object_set_string_member (body, "type", type);
  if (model != NULL && *model != '\0')
    json_object_set_string_member (body, "model", model);
  if (prompt->system != NULL && *prompt->system != '\0')
    json_object_set_string_member (body, "instructions", prompt->system);
  json_object_set_array_member (body, "input", input);
  tools = sc_openai_items_create_tools (&flavour, prompt->tools);
  if (tools != NULL)
    json_object_set_array_member (body, "tools", tools);
  add_privacy (body, model);
  return body;
}

static char *
print_body (JsonObject *body)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, body);
  return sc_json_to_string (node, FALSE);
}

static void
add_stream (JsonObject         *body,
            const ScPrompt     *prompt,
            const ScOpenaiHost *host)
{
  JsonObject *options;

  json_object_set_boolean_member (body, "stream", prompt->stream);
  if (!prompt->stream || !host->is_openai)
    return;
  options = json_object_new ();
  json_object_set_boolean_member (options, "include_obfuscation", FALSE);
  json_object_set_object_member (body, "stream_options", options);
}

ScHttpRequest *
sc_openai_responses_build_request (const ScProfile  *profile,
                                   const ScPrompt   *prompt,
                                   GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *base = NULL;
  g_autofree char *url = NULL;
  ScOpenaiHost host;
  JsonObject *body;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  base = sc_openai_host_dup_base_url (profile->base_url, NULL);
  url = sc_base_url_join (base, "v1", RESPONSES_PATH, error);
  if (url == NULL)
    return NULL;
  body = create_body (profile, prompt, NULL, error);
  if (body == NULL)
    return NULL;
  host = sc_openai_host_recognise (profile);
  add_stream (body, prompt, &host);
  sc_openai_parameters_add (body, prompt->parameters);
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, print_body (body));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  sc_openai_host_set_key (&host, request, profile);
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_openai_responses_build_models_request (const ScProfile  *profile,
                                          const char       *page,
                                          GError          **error)
{
  static const char *const paths[] = { RESPONSES_PATH, "realtime" };
  g_autoptr (ScProfile) copy = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  copy = sc_profile_copy (profile);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *base = sc_base_url_to_http (copy->base_url);
      g_autofree char *stripped = sc_base_url_strip (base, paths[i]);

      sc_profile_set (&copy->base_url, stripped);
    }
  return sc_openai_chat_build_models_request (copy, page, error);
}

ScHttpRequest *
sc_openai_responses_ws_build_request (const ScProfile  *profile,
                                      const ScPrompt   *prompt,
                                      GError          **error)
{
  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  return sc_openai_websocket_build_request (profile, RESPONSES_PATH, NULL, error);
}

GPtrArray *
sc_openai_responses_ws_build_opening (const ScProfile  *profile,
                                      const ScPrompt   *prompt,
                                      GError          **error)
{
  GPtrArray *messages;
  JsonObject *body;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  /* The members of a request, without `stream` and `background`: there is nothing but a stream. */
  body = create_body (profile, prompt, "response.create", error);
  if (body == NULL)
    return NULL;
  sc_openai_parameters_add (body, prompt->parameters);
  messages = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (messages, print_body (body));
  return messages;
}
