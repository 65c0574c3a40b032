/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of Anthropic's Messages (protocols.md section 4), versions 2023-06-01 and 2026-10-21.
 * Only what the user set is sent, beside the limit that the API wants. Must not know how the answer
 * is read. */

#include "config.h"

#include "sc-anthropic.h"
#include "sc-anthropic-private.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-headers.h"
#include "sc-request-parameters.h"
#include "sc-request-parts.h"

#include <string.h>

#define MESSAGES_PATH "messages"
#define PAGE_SIZE "1000"
#define DEFAULT_VERSION "2023-06-01"

/* Since this version sampling parameters are errors. */
#define VERSION_WITHOUT_SAMPLING "2026-10-21"

/* The frame of a request, not to be changed by parameters. */
static const char *const frame_names[] = {
  "messages", "model", "stream", "anthropic_version", NULL,
};

/* Said in other words, in another place, or unknown to the API, which refuses what it does not
 * know. */
static const char *const own_names[] = {
  "max_tokens", "stop", "reasoning_effort", "response_format", "tool_choice",
  "parallel_tool_calls", "betas", "seed", "presence_penalty", "frequency_penalty", "n",
  "logit_bias", "logprobs", "top_logprobs", "stream_options", "verbosity", NULL,
};

static const char *const sampling_names[] = { "temperature", "top_p", "top_k", NULL };

static const char *
get_version (const ScProfile *profile)
{
  if (profile->api_version != NULL && *profile->api_version != '\0')
    return profile->api_version;
  return DEFAULT_VERSION;
}

static JsonNode *
create_tool (JsonNode *definition)
{
  ScRequestTool source;
  g_autoptr (JsonNode) schema = NULL;
  JsonObject *tool;
  JsonNode *node;

  if (!JSON_NODE_HOLDS_OBJECT (definition))
    return NULL;
  if (!sc_request_parts_read_tool (definition, &source))
    {
      /* A tool that runs at the service, in its own shape. */
      if (json_object_has_member (json_node_get_object (definition), "type"))
        return json_node_copy (definition);
      return NULL;
    }
  tool = json_object_new ();
  json_object_set_string_member (tool, "name", source.name);
  if (source.description != NULL)
    json_object_set_string_member (tool, "description", source.description);
  schema = sc_request_parts_dup_schema (&source);
  if (!json_object_has_member (json_node_get_object (schema), "type"))
    json_object_set_string_member (json_node_get_object (schema), "type", "object");
  json_object_set_member (tool, "input_schema", g_steal_pointer (&schema));
  if (json_object_has_member (source.source, "strict"))
    json_object_set_member (tool, "strict",
                            json_node_copy (json_object_get_member (source.source, "strict")));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, tool);
  return node;
}

static void
add_tools (JsonObject *body,
           JsonNode   *tools)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (tools == NULL || !JSON_NODE_HOLDS_ARRAY (tools))
    return;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (tools)); i++)
    {
      JsonNode *tool = create_tool (json_array_get_element (json_node_get_array (tools), i));

      if (tool != NULL)
        json_array_add_element (array, tool);
    }
  if (json_array_get_length (array) > 0)
    json_object_set_array_member (body, "tools", g_steal_pointer (&array));
}

/* All instructions, wherever they stand: only the newest models take them in the middle of a
 * conversation. */
static void
add_system (JsonObject     *body,
            const ScPrompt *prompt)
{
  g_autoptr (GString) text = g_string_new (prompt->system);
  g_autofree char *trimmed = NULL;

  for (guint i = 0; i < prompt->messages->len; i++)
    {
      const ScMessage *message = g_ptr_array_index (prompt->messages, i);

      if (message->role != SC_ROLE_SYSTEM || *message->text == '\0')
        continue;
      if (text->len > 0)
        g_string_append (text, "\n\n");
      g_string_append (text, message->text);
    }
  trimmed = g_strstrip (g_strdup (text->str));
  if (*trimmed != '\0')
    json_object_set_string_member (body, "system", text->str);
}

static void
add_stop (JsonObject *body,
          JsonNode   *stop)
{
  const char *word = JSON_NODE_HOLDS_VALUE (stop) ? json_node_get_string (stop) : NULL;

  if (JSON_NODE_HOLDS_ARRAY (stop))
    json_object_set_member (body, "stop_sequences", json_node_copy (stop));
  else if (word != NULL && *word != '\0')
    {
      JsonArray *words = json_array_new ();

      json_array_add_string_element (words, word);
      json_object_set_array_member (body, "stop_sequences", words);
    }
}

/* OpenAI's words, or the API's own object. It is an error where there are no tools. */
static void
add_tool_choice (JsonObject *body,
                 JsonNode   *value)
{
  const char *tool = NULL;
  const char *word = sc_request_parameters_read_choice (value, &tool);
  JsonObject *choice;

  if (!json_object_has_member (body, "tools"))
    return;
  if (word == NULL)
    {
      if (JSON_NODE_HOLDS_OBJECT (value))
        json_object_set_member (body, "tool_choice", json_node_copy (value));
      return;
    }
  choice = json_object_new ();
  if (tool != NULL)
    json_object_set_string_member (choice, "name", tool);
  if (strcmp (word, "required") == 0)
    word = tool != NULL ? "tool" : "any";
  json_object_set_string_member (choice, "type", word);
  json_object_set_object_member (body, "tool_choice", choice);
}

/* Said with the choice; beside none it means nothing. */
static void
forbid_parallel_calls (JsonObject *body)
{
  JsonObject *choice = sc_json_get_object (body, "tool_choice");

  if (!json_object_has_member (body, "tools") ||
      g_strcmp0 (sc_json_get_string (choice, "type"), "none") == 0)
    return;
  if (choice == NULL)
    {
      choice = json_object_new ();
      json_object_set_string_member (choice, "type", "auto");
      json_object_set_object_member (body, "tool_choice", choice);
    }
  json_object_set_boolean_member (choice, "disable_parallel_tool_use", TRUE);
}

/* JSON can be asked for by its schema only. */
static void
add_format (JsonObject *body,
            JsonNode   *value)
{
  JsonObject *config = sc_json_get_object (body, "output_config");
  JsonObject *format;
  JsonNode *schema;

  if (!sc_request_parameters_read_format (value, &schema) || schema == NULL)
    return;
  if (config == NULL)
    {
      config = json_object_new ();
      json_object_set_object_member (body, "output_config", config);
    }
  format = json_object_new ();
  json_object_set_string_member (format, "type", "json_schema");
  json_object_set_member (format, "schema", json_node_copy (schema));
  json_object_set_object_member (config, "format", format);
}

/* What is said in other words here, or in another place. */
static void
translate_parameter (JsonObject *body,
                     const char *name,
                     JsonNode   *value)
{
  if (strcmp (name, "stop") == 0)
    add_stop (body, value);
  else if (strcmp (name, "response_format") == 0)
    add_format (body, value);
}

/* What the user wrote in the API's own words; null takes away what would be sent otherwise. */
static void
set_parameter (JsonObject *body,
               const char *name,
               JsonNode   *value)
{
  JsonObject *known = sc_json_get_object (body, name);
  JsonObject *given = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;

  if (JSON_NODE_HOLDS_NULL (value))
    {
      if (json_object_has_member (body, name))
        json_object_remove_member (body, name);
      return;
    }
  /* An effort and a format of the answer share this object. */
  if (strcmp (name, "output_config") == 0 && known != NULL && given != NULL &&
      !json_object_has_member (given, "effort"))
    {
      g_autofree char *effort = g_strdup (sc_json_get_string (known, "effort"));

      json_object_set_member (body, name, json_node_copy (value));
      json_object_set_string_member (sc_json_get_object (body, name), "effort", effort);
      return;
    }
  json_object_set_member (body, name, json_node_copy (value));
}

static void
add_parameters (JsonObject               *body,
                const ScAnthropicVariant *variant,
                JsonNode                 *parameters)
{
  JsonObject *object = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const char *effort;
  gint64 max_tokens = sc_anthropic_get_max_tokens (variant->model);

  if (parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters))
    object = json_node_get_object (parameters);
  sc_request_parameters_find_limit (object, &max_tokens);
  json_object_set_int_member (body, "max_tokens", max_tokens);
  if (object == NULL)
    return;
  effort = sc_json_get_string (object, "reasoning_effort");
  if (effort != NULL && *effort != '\0')
    sc_anthropic_add_reasoning (body, variant->model, effort);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      name = sc_request_parameters_get_name (name);
      if (g_strv_contains (own_names, name))
        translate_parameter (body, name, value);
      else if (!g_strv_contains (frame_names, name) &&
               (variant->has_sampling || !g_strv_contains (sampling_names, name)))
        set_parameter (body, name, value);
    }
  /* Last: service tools may stand among the parameters. */
  if (json_object_has_member (object, "tool_choice"))
    add_tool_choice (body, json_object_get_member (object, "tool_choice"));
  if (!sc_json_get_boolean (object, "parallel_tool_calls", TRUE))
    forbid_parallel_calls (body);
}

JsonNode *
sc_anthropic_build_body (const ScAnthropicVariant  *variant,
                         const ScPrompt            *prompt,
                         GError                   **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  JsonArray *messages;

  g_return_val_if_fail (variant != NULL && prompt != NULL, NULL);

  json_node_take_object (node, body);
  if (variant->version != NULL)
    json_object_set_string_member (body, "anthropic_version", variant->version);
  if (variant->has_model && variant->model != NULL && *variant->model != '\0')
    json_object_set_string_member (body, "model", variant->model);
  add_system (body, prompt);
  messages = sc_anthropic_create_messages (variant, prompt, error);
  if (messages == NULL)
    return NULL;
  json_object_set_array_member (body, "messages", messages);
  json_object_set_boolean_member (body, "stream", prompt->stream);
  add_tools (body, prompt->tools);
  add_parameters (body, variant, prompt->parameters);
  return g_steal_pointer (&node);
}

void
sc_anthropic_set_betas (ScHttpRequest  *request,
                        const ScPrompt *prompt)
{
  g_autoptr (GString) names = g_string_new (NULL);
  JsonArray *betas = NULL;
  guint n;

  g_return_if_fail (request != NULL && prompt != NULL);

  if (prompt->parameters != NULL && JSON_NODE_HOLDS_OBJECT (prompt->parameters))
    betas = sc_json_get_array (json_node_get_object (prompt->parameters), "betas");
  n = betas != NULL ? json_array_get_length (betas) : 0;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *name = json_array_get_element (betas, i);

      if (!JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
        continue;
      if (names->len > 0)
        g_string_append_c (names, ',');
      g_string_append (names, json_node_get_string (name));
    }
  if (names->len > 0)
    sc_http_request_set_header (request, "anthropic-beta", names->str);
}

/* A key, or a token of a signed-in account (its own prefix, or a JWT). Where both headers are sent
 * the key counts, so only one is: the user's own header wins. */
static void
set_key (ScHttpRequest   *request,
         const ScProfile *profile)
{
  const char *key = profile->key;

  if (key != NULL && *key != '\0')
    {
      if (g_str_has_prefix (key, "sk-ant-oat") || g_str_has_prefix (key, "eyJ"))
        sc_request_headers_set_bearer (request, key);
      else
        sc_http_request_set_header (request, "x-api-key", key);
    }
  sc_http_request_set_header (request, "anthropic-version", get_version (profile));
}

/* The user's headers last: one that says who asks replaces ours. */
static void
add_own_headers (ScHttpRequest   *request,
                 const ScProfile *profile)
{
  static const char *const names[] = { "x-api-key:", "authorization:" };
  static const char *const others[] = { "Authorization", "x-api-key" };
  const char *authorization;

  for (guint i = 0; profile->headers != NULL && profile->headers[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (names); j++)
      if (g_ascii_strncasecmp (profile->headers[i], names[j], strlen (names[j])) == 0)
        sc_http_request_set_header (request, others[j], NULL);
  sc_request_headers_add_extra (request, profile);
  authorization = sc_http_request_get_header (request, "Authorization");
  if (sc_http_request_get_header (request, "x-api-key") != NULL && authorization != NULL &&
      g_ascii_strncasecmp (authorization, "Basic ", strlen ("Basic ")) != 0)
    sc_http_request_set_header (request, "Authorization", NULL);
}

ScHttpRequest *
sc_anthropic_build_request (const ScProfile  *profile,
                            const ScPrompt   *prompt,
                            GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *url = NULL;
  ScAnthropicVariant variant = { .protocol = "anthropic", .has_model = TRUE };

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  url = sc_base_url_join (profile->base_url, "v1", MESSAGES_PATH, error);
  if (url == NULL)
    return NULL;
  variant.model = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  /* Versions are dates: what is newer has what this one began. */
  variant.has_sampling = strcmp (get_version (profile), VERSION_WITHOUT_SAMPLING) < 0;
  body = sc_anthropic_build_body (&variant, prompt, error);
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, sc_json_to_string (body, FALSE));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  set_key (request, profile);
  sc_anthropic_set_betas (request, prompt);
  add_own_headers (request, profile);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_anthropic_build_models_request (const ScProfile  *profile,
                                   const char       *page,
                                   GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *base = NULL;
  g_autofree char *list = NULL;
  g_autofree char *after = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  base = sc_base_url_strip (profile->base_url, MESSAGES_PATH);
  list = sc_base_url_join (base, "v1", "models", error);
  if (list == NULL)
    return NULL;
  after = page != NULL ? g_uri_escape_string (page, NULL, FALSE) : NULL;
  url = g_strconcat (list, strchr (list, '?') != NULL ? "&" : "?", "limit=" PAGE_SIZE,
                     after != NULL ? "&after_id=" : NULL, after, NULL);
  request = sc_http_request_new ("GET", url);
  sc_http_request_set_header (request, "Accept", "application/json");
  set_key (request, profile);
  add_own_headers (request, profile);
  return g_steal_pointer (&request);
}
