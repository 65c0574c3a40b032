/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of Ollama's own API (protocols.md section 9): body, tools, address and key. Must not
 * know how the answer is read. */

#include "config.h"

#include "sc-ollama.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-ollama-private.h"
#include "sc-request-headers.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>

char *
sc_ollama_dup_url (const char  *base_url,
                   const char  *path,
                   GError     **error)
{
  /* The OpenAI-compatible surface, or this one, as addresses of it are passed around. */
  static const char *const tails[] = {
    "v1/chat/completions", "v1", "api/chat", "api/generate", "api/tags", "api", NULL,
  };
  g_autofree char *base = sc_base_url_strip_any (base_url, tails);

  return sc_base_url_join (base, NULL, path, error);
}

static JsonObject *
create_tool (const ScRequestTool *tool)
{
  JsonObject *object = json_object_new ();
  JsonObject *function = json_object_new ();

  json_object_set_string_member (function, "name", tool->name);
  if (tool->description != NULL)
    json_object_set_string_member (function, "description", tool->description);
  json_object_set_member (function, "parameters", sc_request_parts_dup_schema (tool));
  json_object_set_string_member (object, "type", "function");
  json_object_set_object_member (object, "function", function);
  return object;
}

static void
add_tools (JsonObject *body,
           JsonNode   *definitions)
{
  gboolean has_list = definitions != NULL && JSON_NODE_HOLDS_ARRAY (definitions);
  JsonArray *source = has_list ? json_node_get_array (definitions) : NULL;
  g_autoptr (JsonArray) tools = json_array_new ();

  for (guint i = 0; has_list && i < json_array_get_length (source); i++)
    {
      ScRequestTool tool;

      /* There are no tools that run at the server. */
      if (sc_request_parts_read_tool (json_array_get_element (source, i), &tool))
        json_array_add_object_element (tools, create_tool (&tool));
    }
  if (json_array_get_length (tools) > 0)
    json_object_set_array_member (body, "tools", g_steal_pointer (&tools));
}

static char *
create_body (const ScPrompt  *prompt,
             const char      *model,
             GError         **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  JsonArray *messages;

  json_node_take_object (node, body);
  messages = sc_ollama_create_messages (prompt, error);
  if (messages == NULL)
    return NULL;
  json_object_set_string_member (body, "model", model);
  json_object_set_array_member (body, "messages", messages);
  /* Streaming is what happens if nothing is said. */
  json_object_set_boolean_member (body, "stream", prompt->stream);
  add_tools (body, prompt->tools);
  sc_ollama_add_parameters (body, prompt);
  return sc_json_to_string (node, FALSE);
}

/* A server on this computer wants no key; ollama.com and gates in front of one do. */
static void
set_headers (ScHttpRequest   *request,
             const ScProfile *profile,
             gboolean         is_stream)
{
  sc_http_request_set_header (request, "Accept",
                              is_stream ? "application/x-ndjson" : "application/json");
  if (profile->key != NULL && *profile->key != '\0')
    sc_request_headers_set_bearer (request, profile->key);
  sc_request_headers_add_extra (request, profile);
}

ScHttpRequest *
sc_ollama_build_request (const ScProfile  *profile,
                         const ScPrompt   *prompt,
                         GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;
  const char *model;
  char *body;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  model = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  if (model == NULL || *model == '\0')
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("Choose a model first."));
      return NULL;
    }
  url = sc_ollama_dup_url (profile->base_url, "api/chat", error);
  body = url != NULL ? create_body (prompt, model, error) : NULL;
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, body);
  set_headers (request, profile, prompt->stream);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_ollama_build_models_request (const ScProfile  *profile,
                                const char       *page,
                                GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  url = sc_ollama_dup_url (profile->base_url, "api/tags", error);
  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("GET", url);
  set_headers (request, profile, FALSE);
  return g_steal_pointer (&request);
}

static char *
create_naming_body (const char *model)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();

  json_node_take_object (node, body);
  json_object_set_string_member (body, "model", model);
  return sc_json_to_string (node, FALSE);
}

ScHttpRequest *
sc_ollama_build_details_request (const ScProfile *profile,
                                 const char      *model)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL && model != NULL, NULL);

  if (!sc_profile_is_local (profile))
    return NULL;
  url = sc_ollama_dup_url (profile->base_url, "api/show", NULL);
  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  sc_http_request_set_json (request, create_naming_body (model));
  set_headers (request, profile, FALSE);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_ollama_build_pull_request (const ScProfile  *profile,
                              const char       *model,
                              GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL && model != NULL, NULL);

  url = sc_ollama_dup_url (profile->base_url, "api/pull", error);
  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = TRUE;
  sc_http_request_set_json (request, create_naming_body (model));
  set_headers (request, profile, TRUE);
  return g_steal_pointer (&request);
}
