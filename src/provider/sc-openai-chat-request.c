/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of OpenAI's Chat Completions (protocols.md section 1) and what the compatible services
 * want different. Only what the user set is sent. Must not know how the answer is read. */

#include "config.h"

#include "sc-openai-chat.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-openai-chat-private.h"
#include "sc-openai-host.h"
#include "sc-request-headers.h"
#include "sc-request-parameters.h"

#include <string.h>

#define CHAT_PATH "chat/completions"

/* A tool is `{name, description, parameters}` or has OpenAI's shape already. */
static JsonNode *
create_tool (JsonNode *definition)
{
  JsonObject *object =
    JSON_NODE_HOLDS_OBJECT (definition) ? json_node_get_object (definition) : NULL;
  JsonNode *tool;
  JsonObject *outer;
  JsonObject *function;
  JsonNode *schema;

  if (object == NULL)
    return NULL;
  if (sc_json_get_object (object, "function") != NULL ||
      sc_json_get_string (object, "name") == NULL)
    return sc_json_get_string (object, "type") != NULL ? json_node_copy (definition) : NULL;
  function = json_object_new ();
  json_object_set_string_member (function, "name", sc_json_get_string (object, "name"));
  if (sc_json_get_string (object, "description") != NULL)
    json_object_set_string_member (function, "description",
                                   sc_json_get_string (object, "description"));
  schema = json_object_get_member (object, "parameters");
  if (schema == NULL)
    schema = json_object_get_member (object, "inputSchema");
  if (schema != NULL && JSON_NODE_HOLDS_OBJECT (schema))
    json_object_set_member (function, "parameters", json_node_copy (schema));
  else
    {
      JsonObject *empty = json_object_new ();

      json_object_set_string_member (empty, "type", "object");
      json_object_set_object_member (empty, "properties", json_object_new ());
      json_object_set_object_member (function, "parameters", empty);
    }
  if (json_object_has_member (object, "strict"))
    json_object_set_member (function, "strict",
                            json_node_copy (json_object_get_member (object, "strict")));
  outer = json_object_new ();
  json_object_set_string_member (outer, "type", "function");
  json_object_set_object_member (outer, "function", function);
  tool = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (tool, outer);
  return tool;
}

void
sc_openai_chat_add_tools (JsonObject *body,
                          JsonNode   *tools)
{
  JsonArray *source =
    tools != NULL && JSON_NODE_HOLDS_ARRAY (tools) ? json_node_get_array (tools) : NULL;
  guint n = source != NULL ? json_array_get_length (source) : 0;
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < n; i++)
    {
      JsonNode *tool = create_tool (json_array_get_element (source, i));

      if (tool != NULL)
        json_array_add_element (array, tool);
    }
  /* An empty list is an error to OpenAI. */
  if (json_array_get_length (array) > 0)
    json_object_set_array_member (body, "tools", g_steal_pointer (&array));
}

static void
add_stream_options (JsonObject         *body,
                    const ScOpenaiHost *host)
{
  JsonObject *options;

  /* Mistral sends usage unasked and refuses members it does not know. */
  if (host->is_mistral)
    return;
  options = json_object_new ();
  json_object_set_boolean_member (options, "include_usage", TRUE);
  if (host->is_openai)
    json_object_set_boolean_member (options, "include_obfuscation", FALSE);
  json_object_set_object_member (body, "stream_options", options);
}

/* OpenAI knows the newer name of the limit alone, many compatible servers the older one alone: the
 * newer stays where it was written on purpose. */
static const char *
translate_name (const char         *name,
                const ScOpenaiHost *host)
{
  const char *own = sc_request_parameters_get_name (name);

  if (strcmp (own, "max_tokens") == 0 && (host->is_openai || host->is_azure))
    return "max_completion_tokens";
  return strcmp (name, "max_completion_tokens") == 0 ? name : own;
}

/* Only what the user set; null takes away what would be sent otherwise. The frame of the request
 * cannot be changed. */
static void
add_parameters (JsonObject         *body,
                JsonNode           *parameters,
                const ScOpenaiHost *host)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (parameters == NULL || !JSON_NODE_HOLDS_OBJECT (parameters))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (parameters));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (strcmp (name, "messages") == 0 || strcmp (name, "model") == 0 ||
          strcmp (name, "stream") == 0)
        continue;
      name = translate_name (name, host);
      if (JSON_NODE_HOLDS_NULL (value))
        {
          if (json_object_has_member (body, name))
            json_object_remove_member (body, name);
        }
      else
        json_object_set_member (body, name, json_node_copy (value));
    }
}

JsonNode *
sc_openai_chat_create_body (const ScProfile            *profile,
                            const ScPrompt             *prompt,
                            const ScOpenaiChatDialect  *dialect,
                            GError                    **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  const ScOpenaiHost host = sc_openai_host_recognise (profile);
  JsonObject *body = json_object_new ();
  const char *model =
    prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  const char *role = "system";
  JsonArray *messages;

  json_node_take_object (node, body);
  /* The models that reason take `developer` where `system` was. */
  if (host.is_openai && sc_openai_host_is_reasoning_model (model))
    role = "developer";
  messages = sc_openai_chat_create_messages (prompt, role, dialect, error);
  if (messages == NULL)
    return NULL;
  if (model != NULL && *model != '\0')
    json_object_set_string_member (body, "model", model);
  json_object_set_array_member (body, "messages", messages);
  json_object_set_boolean_member (body, "stream", prompt->stream);
  if (prompt->stream && dialect == NULL)
    add_stream_options (body, &host);
  sc_openai_chat_add_tools (body, prompt->tools);
  add_parameters (body, prompt->parameters, &host);
  return g_steal_pointer (&node);
}

ScHttpRequest *
sc_openai_chat_create_request (const ScProfile  *profile,
                               const ScPrompt   *prompt,
                               JsonNode         *body,
                               GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *base = sc_openai_host_dup_base_url (
    profile->base_url,
    prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model);
  g_autofree char *url = sc_base_url_join (base, "v1", CHAT_PATH, error);
  const ScOpenaiHost host = sc_openai_host_recognise (profile);

  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, sc_json_to_string (body, FALSE));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  sc_openai_host_set_key (&host, request, profile);
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_openai_chat_build_request (const ScProfile  *profile,
                              const ScPrompt   *prompt,
                              GError          **error)
{
  g_autoptr (JsonNode) body = NULL;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  body = sc_openai_chat_create_body (profile, prompt, NULL, error);
  return body != NULL ? sc_openai_chat_create_request (profile, prompt, body, error) : NULL;
}

/* Azure's list does not stand below a deployment. */
static char *
make_models_url (const ScProfile  *profile,
                 GError          **error)
{
  g_autofree char *whole = sc_openai_host_dup_base_url (profile->base_url, NULL);
  g_autofree char *base = sc_base_url_strip (whole, CHAT_PATH);
  g_autofree char *url = sc_base_url_join (base, "v1", "models", error);
  char *deployments = url != NULL ? strstr (url, "/deployments/") : NULL;
  const char *query;

  if (deployments == NULL)
    return g_steal_pointer (&url);
  query = strchr (deployments, '?');
  return g_strdup_printf ("%.*s/models%s", (int) (deployments - url), url,
                          query != NULL ? query : "");
}

ScHttpRequest *
sc_openai_chat_build_models_request (const ScProfile  *profile,
                                     const char       *page,
                                     GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;
  ScOpenaiHost host;

  g_return_val_if_fail (profile != NULL, NULL);

  url = make_models_url (profile, error);
  if (url == NULL)
    return NULL;
  host = sc_openai_host_recognise (profile);
  request = sc_http_request_new ("GET", url);
  sc_http_request_set_header (request, "Accept", "application/json");
  sc_openai_host_set_key (&host, request, profile);
  /* Anthropic's compatible endpoint answers chats to a bearer token, its list only to its own
   * headers. */
  if (profile->key != NULL && sc_base_url_is_host (profile->base_url, "api.anthropic.com"))
    {
      sc_http_request_set_header (request, "Authorization", NULL);
      sc_http_request_set_header (request, "x-api-key", profile->key);
      sc_http_request_set_header (request, "anthropic-version", "2023-06-01");
    }
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}
