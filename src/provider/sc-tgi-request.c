/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of the native API of Text Generation Inference (protocols.md section 11). Tools cannot
 * be said in it and are left out. Must not know how the answer is read. */

#include "config.h"

#include "sc-tgi.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-headers.h"
#include "sc-request-parameters.h"

#include <glib/gi18n.h>
#include <string.h>

/* The frame of the request, what belongs to the template, and what this API has no word for. */
static const char *const left_out[] = {
  "inputs", "stream", "details", "chat_template", "reasoning_effort", "presence_penalty",
  "tool_choice", "parallel_tool_calls", "stream_options", NULL,
};

static double
get_number (JsonNode *value)
{
  if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) == G_TYPE_STRING)
    return -1;
  return json_node_get_double (value);
}

/* The server refuses what means "off" elsewhere: a temperature of 0, `top_p` of 1, `top_k` of 0. */
static gboolean
means_nothing (const char *name,
               JsonNode   *value)
{
  double number = get_number (value);

  if (strcmp (name, "temperature") == 0)
    return number == 0;
  if (strcmp (name, "top_p") == 0)
    return number == 0 || number >= 1;
  return strcmp (name, "top_k") == 0 && number == 0;
}

/* A grammar is what holds an answer to a schema. */
static void
set_grammar (JsonObject *parameters,
             JsonNode   *format)
{
  JsonNode *schema;
  JsonObject *grammar;

  if (!sc_request_parameters_read_format (format, &schema))
    return;
  grammar = json_object_new ();
  json_object_set_string_member (grammar, "type", "json");
  if (schema != NULL)
    json_object_set_member (grammar, "value", json_node_copy (schema));
  else
    {
      JsonObject *any = json_object_new ();

      json_object_set_string_member (any, "type", "object");
      json_object_set_object_member (grammar, "value", any);
    }
  json_object_set_object_member (parameters, "grammar", grammar);
}

static void
set_parameter (JsonObject *parameters,
               const char *name,
               JsonNode   *value)
{
  if (strcmp (name, "max_tokens") == 0)
    name = "max_new_tokens";
  if (strcmp (name, "response_format") == 0)
    set_grammar (parameters, value);
  else if (strcmp (name, "stop") == 0 && JSON_NODE_HOLDS_VALUE (value))
    {
      JsonArray *list = json_array_new ();

      json_array_add_element (list, json_node_copy (value));
      json_object_set_array_member (parameters, name, list);
    }
  else
    json_object_set_member (parameters, name, json_node_copy (value));
}

static JsonObject *
create_parameters (JsonNode *source)
{
  JsonObject *parameters = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (source != NULL && JSON_NODE_HOLDS_OBJECT (source))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (source));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          name = sc_request_parameters_get_name (name);
          if (!JSON_NODE_HOLDS_NULL (value) && !g_strv_contains (left_out, name) &&
              !means_nothing (name, value))
            set_parameter (parameters, name, value);
        }
    }
  /* Without it there is neither a reason nor usage at the end. */
  json_object_set_boolean_member (parameters, "details", TRUE);
  return parameters;
}

static char *
create_body (const ScPrompt  *prompt,
             GError         **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *inputs = sc_tgi_dup_inputs (prompt, error);
  JsonObject *body = json_object_new ();

  json_node_take_object (node, body);
  if (inputs == NULL)
    return NULL;
  json_object_set_string_member (body, "inputs", inputs);
  json_object_set_object_member (body, "parameters", create_parameters (prompt->parameters));
  return sc_json_to_string (node, FALSE);
}

static char *
dup_url (const char  *base_url,
         const char  *path,
         GError     **error)
{
  static const char *const tails[] = {
    "v1/chat/completions", "v1", "generate_stream", "generate", "info", NULL,
  };
  g_autofree char *base = sc_base_url_strip_any (base_url, tails);

  return sc_base_url_join (base, NULL, path, error);
}

static void
set_headers (ScHttpRequest   *request,
             const ScProfile *profile,
             gboolean         is_stream)
{
  sc_http_request_set_header (request, "Accept",
                              is_stream ? "text/event-stream" : "application/json");
  if (profile->key != NULL && *profile->key != '\0')
    sc_request_headers_set_bearer (request, profile->key);
  sc_request_headers_add_extra (request, profile);
}

ScHttpRequest *
sc_tgi_build_request (const ScProfile  *profile,
                      const ScPrompt   *prompt,
                      GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;
  char *body;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  url = dup_url (profile->base_url, prompt->stream ? "generate_stream" : "generate", error);
  body = url != NULL ? create_body (prompt, error) : NULL;
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, body);
  set_headers (request, profile, prompt->stream);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_tgi_build_models_request (const ScProfile  *profile,
                             const char       *page,
                             GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  url = dup_url (profile->base_url, "info", error);
  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("GET", url);
  set_headers (request, profile, FALSE);
  return g_steal_pointer (&request);
}

GPtrArray *
sc_tgi_parse_models (JsonNode  *root,
                     char     **next_page,
                     GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonObject *object;
  ScModel *model;
  gint64 tokens;

  g_return_val_if_fail (root != NULL && next_page != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (sc_json_get_string (object, "model_id") == NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                           _("The server answers, but not with a list of models. "
                             "Check the address."));
      return NULL;
    }
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  model = sc_model_new (sc_json_get_string (object, "model_id"));
  g_ptr_array_add (models, model);
  if (sc_json_get_int (object, "max_total_tokens", &tokens) && tokens > 0)
    model->context_tokens = tokens;
  return g_steal_pointer (&models);
}
