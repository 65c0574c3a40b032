/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of the Gemini API (protocols.md section 5): body, tools, address and key. Must not know
 * how the answer is read. */

#include "config.h"

#include "sc-gemini.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-gemini-private.h"
#include "sc-json.h"
#include "sc-request-headers.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

#define VERSION "v1beta"
#define MODELS "models"

/* The path of the service's OpenAI-compatible endpoint below the version. */
#define COMPATIBLE "/openai/"

/* As many as the service gives at once. */
#define PAGE_SIZE "1000"

static JsonObject *
create_declaration (const ScRequestTool *tool)
{
  JsonObject *declaration = json_object_new ();

  json_object_set_string_member (declaration, "name", tool->name);
  if (tool->description != NULL)
    json_object_set_string_member (declaration, "description", tool->description);
  /* `parameters` takes only a part of JSON schema, this takes all of it. */
  if (tool->schema != NULL)
    json_object_set_member (declaration, "parametersJsonSchema", json_node_copy (tool->schema));
  return declaration;
}

static void
add_tools (JsonObject *body,
           JsonNode   *definitions)
{
  gboolean has_list = definitions != NULL && JSON_NODE_HOLDS_ARRAY (definitions);
  JsonArray *source = has_list ? json_node_get_array (definitions) : NULL;
  guint n = has_list ? json_array_get_length (source) : 0;
  g_autoptr (JsonArray) tools = json_array_new ();
  JsonArray *declarations = NULL;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *definition = json_array_get_element (source, i);
      ScRequestTool tool;

      if (sc_request_parts_read_tool (definition, &tool))
        {
          if (declarations == NULL)
            {
              JsonObject *own = json_object_new ();

              declarations = json_array_new ();
              json_object_set_array_member (own, "functionDeclarations", declarations);
              json_array_add_object_element (tools, own);
            }
          json_array_add_object_element (declarations, create_declaration (&tool));
        }
      /* `{"googleSearch":{}}` and the like: a tool that runs at the service. */
      else if (JSON_NODE_HOLDS_OBJECT (definition) &&
               !json_object_has_member (json_node_get_object (definition), "type"))
        json_array_add_element (tools, json_node_copy (definition));
    }
  if (json_array_get_length (tools) > 0)
    json_object_set_array_member (body, "tools", g_steal_pointer (&tools));
}

JsonNode *
sc_gemini_build_body (const ScProfile  *profile,
                      const ScPrompt   *prompt,
                      GError          **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  JsonObject *instruction;
  JsonArray *contents;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  json_node_take_object (node, body);
  contents = sc_gemini_create_contents (profile, prompt, error);
  if (contents == NULL)
    return NULL;
  json_object_set_array_member (body, "contents", contents);
  instruction = sc_gemini_create_instruction (prompt);
  if (instruction != NULL)
    json_object_set_object_member (body, "systemInstruction", instruction);
  add_tools (body, prompt->tools);
  sc_gemini_add_parameters (body, prompt);
  return g_steal_pointer (&node);
}

char *
sc_gemini_dup_model_path (const char *model)
{
  if (model == NULL)
    model = "";
  if (g_str_has_prefix (model, MODELS "/"))
    model += strlen (MODELS "/");
  return g_uri_escape_string (model, "@", FALSE);
}

/* Without what people paste behind it: the path of a model, or the service's OpenAI-compatible
   endpoint. */
static char *
dup_clean_base (const ScProfile *profile)
{
  g_autoptr (GUri) uri = sc_base_url_parse (profile->base_url, NULL);
  g_autoptr (GUri) clean = NULL;
  g_autofree char *path = NULL;
  char *tail;

  if (uri == NULL)
    return g_strdup (profile->base_url);
  path = g_strconcat (g_uri_get_path (uri), "/", NULL);
  tail = strstr (path, "/" MODELS "/");
  if (tail == NULL && g_str_has_suffix (path, COMPATIBLE))
    tail = path + strlen (path) - strlen (COMPATIBLE);
  if (tail == NULL)
    return g_strdup (profile->base_url);
  *tail = '\0';
  clean = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                       g_uri_get_host (uri), g_uri_get_port (uri), path, g_uri_get_query (uri),
                       NULL);
  return g_uri_to_string (clean);
}

/* Tuned models have a collection of their own. */
static char *
make_model_url (const ScProfile  *profile,
                const char       *model,
                gboolean          stream,
                GError          **error)
{
  static const char tuned[] = "tunedModels/";
  gboolean is_tuned = g_str_has_prefix (model, tuned);
  const char *bare = is_tuned ? model + strlen (tuned) : model;
  g_autofree char *name = sc_gemini_dup_model_path (bare);
  g_autofree char *base = dup_clean_base (profile);
  const char *method = stream ? ":streamGenerateContent" : ":generateContent";
  g_autofree char *path = g_strconcat (is_tuned ? tuned : MODELS "/", name, method, NULL);
  g_autofree char *url = sc_base_url_join (base, VERSION, path, error);

  if (url == NULL || !stream || strstr (url, "alt=sse") != NULL)
    return g_steal_pointer (&url);
  return g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", "alt=sse", NULL);
}

/* In a header, not in the query: addresses get logged. */
static void
set_headers (ScHttpRequest   *request,
             const ScProfile *profile)
{
  if (profile->key != NULL && *profile->key != '\0')
    sc_http_request_set_header (request, "x-goog-api-key", profile->key);
  sc_request_headers_add_extra (request, profile);
}

ScHttpRequest *
sc_gemini_build_request (const ScProfile  *profile,
                         const ScPrompt   *prompt,
                         GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *url = NULL;
  const char *model;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  model = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  if (model == NULL || *model == '\0')
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("Choose a model first."));
      return NULL;
    }
  url = make_model_url (profile, model, prompt->stream, error);
  body = url != NULL ? sc_gemini_build_body (profile, prompt, error) : NULL;
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, sc_json_to_string (body, FALSE));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  set_headers (request, profile);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_gemini_build_models_request (const ScProfile  *profile,
                                const char       *page,
                                GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *base = NULL;
  g_autofree char *url = NULL;
  g_autofree char *token = NULL;
  g_autofree char *full = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  base = dup_clean_base (profile);
  url = sc_base_url_join (base, VERSION, MODELS, error);
  if (url == NULL)
    return NULL;
  token = page != NULL ? g_uri_escape_string (page, NULL, FALSE) : NULL;
  full = g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", "pageSize=" PAGE_SIZE,
                      token != NULL ? "&pageToken=" : NULL, token, NULL);
  request = sc_http_request_new ("GET", full);
  sc_http_request_set_header (request, "Accept", "application/json");
  set_headers (request, profile);
  return g_steal_pointer (&request);
}
