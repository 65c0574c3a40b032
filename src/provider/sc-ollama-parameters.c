/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parameters in Ollama's spelling (protocols.md section 9). Only what the user set is sent. */

#include "config.h"

#include "sc-ollama-private.h"
#include "sc-json.h"
#include "sc-request-parameters.h"

#include <string.h>

/* What stands beside `options`; everything else that is set is an option of the model. */
static const char *const top_names[] = {
  "format", "keep_alive", "think", "truncate", "shift", "logprobs", "top_logprobs", "tools", NULL,
};

/* The frame of the request cannot be changed; what the API has no word for is left out. */
static const char *const fixed_names[] = {
  "model", "messages", "stream", "stream_options", "tool_choice", "parallel_tool_calls", NULL,
};

/* `num_predict` for `max_tokens`; the others are called alike. */
static const char *
translate_name (const char *name)
{
  const char *own = sc_request_parameters_get_name (name);

  return strcmp (own, "max_tokens") == 0 ? "num_predict" : own;
}

/* Null takes away what would be sent otherwise. */
static void
set_member (JsonObject *object,
            const char *name,
            JsonNode   *value)
{
  if (!JSON_NODE_HOLDS_NULL (value))
    json_object_set_member (object, name, json_node_copy (value));
  else if (json_object_has_member (object, name))
    json_object_remove_member (object, name);
}

/* One stop word may be written as a string; here it has to be a list. */
static JsonNode *
create_list (JsonNode *value)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_array_add_element (array, json_node_copy (value));
  json_node_take_array (node, array);
  return node;
}

static void
add_option (JsonObject *options,
            const char *name,
            JsonNode   *value)
{
  name = translate_name (name);
  if (strcmp (name, "stop") == 0 && JSON_NODE_HOLDS_VALUE (value))
    {
      g_autoptr (JsonNode) list = create_list (value);

      set_member (options, name, list);
    }
  else
    set_member (options, name, value);
}

static void
add_options (JsonObject *options,
             JsonNode   *value)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    add_option (options, name, member);
}

static gboolean
is_one_of (const char *word,
           const char *first,
           const char *second)
{
  return strcmp (word, first) == 0 || strcmp (word, second) == 0;
}

/* Levels are an error to every model but gpt-oss, which in turn does not know true. */
static void
add_effort (JsonObject *body,
            const char *model,
            JsonNode   *value)
{
  const char *effort = NULL;

  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    effort = json_node_get_string (value);
  if (effort == NULL || *effort == '\0')
    return;
  if (strcmp (effort, "none") == 0)
    json_object_set_boolean_member (body, "think", FALSE);
  else if (model == NULL || strstr (model, "gpt-oss") == NULL)
    json_object_set_boolean_member (body, "think", TRUE);
  else if (is_one_of (effort, "minimal", "low"))
    json_object_set_string_member (body, "think", "low");
  else if (is_one_of (effort, "xhigh", "max"))
    json_object_set_string_member (body, "think", "high");
  else
    json_object_set_string_member (body, "think", effort);
}

/* `"json"`, or the schema itself. */
static void
add_format (JsonObject *body,
            JsonNode   *value)
{
  JsonNode *schema;

  if (!sc_request_parameters_read_format (value, &schema))
    return;
  if (schema != NULL)
    json_object_set_member (body, "format", json_node_copy (schema));
  else
    json_object_set_string_member (body, "format", "json");
}

static void
add_parameter (JsonObject *body,
               JsonObject *options,
               const char *model,
               const char *name,
               JsonNode   *value)
{
  if (strcmp (name, "reasoning_effort") == 0)
    add_effort (body, model, value);
  else if (strcmp (name, "response_format") == 0)
    add_format (body, value);
  else if (strcmp (name, "options") == 0)
    add_options (options, value);
  else if (g_strv_contains (top_names, name))
    set_member (body, name, value);
  else
    add_option (options, name, value);
}

void
sc_ollama_add_parameters (JsonObject     *body,
                          const ScPrompt *prompt)
{
  g_autoptr (JsonObject) options = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (prompt->parameters == NULL || !JSON_NODE_HOLDS_OBJECT (prompt->parameters))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (prompt->parameters));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!g_strv_contains (fixed_names, name))
      add_parameter (body, options, prompt->model, name, value);
  if (json_object_get_size (options) > 0)
    json_object_set_object_member (body, "options", g_steal_pointer (&options));
}
