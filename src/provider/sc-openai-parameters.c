/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The program's spelling and Chat Completions' (people know it, and paste it) on one side, that of
 * Responses on the other. */

#include "config.h"

#include "sc-openai-parameters.h"
#include "sc-json.h"
#include "sc-request-parameters.h"

#include <string.h>

/* @object: (nullable): the object of the body that holds it; @member: (nullable): %NULL if there is
 * no such parameter */
typedef struct
{
  const char *name;
  const char *object;
  const char *member;
} Spelling;

static const Spelling spellings[] = {
  { "max_tokens", NULL, "max_output_tokens" },
  { "reasoning_effort", "reasoning", "effort" },
  { "reasoning_summary", "reasoning", "summary" },
  { "verbosity", "text", "verbosity" },
  { "response_format", "text", "format" },
  { "seed", NULL, NULL },
  { "stop", NULL, NULL },
  { "presence_penalty", NULL, NULL },
  { "frequency_penalty", NULL, NULL },
  { "top_k", NULL, NULL },
  { "n", NULL, NULL },
  { "logit_bias", NULL, NULL },
  { "logprobs", NULL, NULL },
};

static const char *const frame_members[] = {
  "type", "model", "input", "stream", "background", "messages", NULL,
};

static const Spelling *
find_spelling (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (strcmp (name, spellings[i].name) == 0)
      return &spellings[i];
  return NULL;
}

/* `{"type":"json_schema","json_schema":{…}}` and `{"type":"function","function":{…}}` of Chat
 * Completions are one level flatter here. */
static JsonNode *
flatten (JsonNode *value)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  const char *type = sc_json_get_string (object, "type");
  JsonObject *inner = type != NULL ? sc_json_get_object (object, type) : NULL;
  JsonNode *flat;

  if (inner == NULL)
    return json_node_copy (value);
  flat = json_node_copy (json_object_get_member (object, type));
  json_object_set_string_member (json_node_get_object (flat), "type", type);
  return flat;
}

static void
set_or_remove (JsonObject *object,
               const char *name,
               JsonNode   *value)
{
  if (!JSON_NODE_HOLDS_NULL (value))
    json_object_set_member (object, name, flatten (value));
  else if (json_object_has_member (object, name))
    json_object_remove_member (object, name);
}

static JsonObject *
ensure_object (JsonObject *body,
               const char *name)
{
  JsonObject *object = sc_json_get_object (body, name);

  if (object == NULL)
    {
      object = json_object_new ();
      json_object_set_object_member (body, name, object);
    }
  return object;
}

/* `reasoning` and `text` may come whole and in pieces: the pieces are kept beside the whole. */
static void
merge_object (JsonObject *body,
              const char *name,
              JsonNode   *value)
{
  JsonObject *target = ensure_object (body, name);
  JsonObjectIter iter;
  const char *member;
  JsonNode *inner;

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &member, &inner))
    json_object_set_member (target, member, json_node_copy (inner));
}

/* Tools that run at the service stand beside those that run here. */
static void
add_service_tools (JsonObject *body,
                   JsonArray  *tools)
{
  JsonArray *present = sc_json_get_array (body, "tools");
  guint n = json_array_get_length (tools);

  if (present == NULL)
    {
      present = json_array_new ();
      json_object_set_array_member (body, "tools", present);
    }
  for (guint i = 0; i < n; i++)
    json_array_add_element (present, json_node_copy (json_array_get_element (tools, i)));
}

/* Usage comes unasked, and to ask for it in the words of Chat Completions is an error. */
static gboolean
asks_for_usage (const char *name,
                JsonNode   *value)
{
  return strcmp (name, "stream_options") == 0 && JSON_NODE_HOLDS_OBJECT (value) &&
         json_object_has_member (json_node_get_object (value), "include_usage");
}

static void
add_parameter (JsonObject *body,
               const char *name,
               JsonNode   *value)
{
  const Spelling *spelling = find_spelling (name);
  gboolean is_nested = strcmp (name, "reasoning") == 0 || strcmp (name, "text") == 0;

  if (spelling == NULL)
    {
      if (is_nested && JSON_NODE_HOLDS_OBJECT (value))
        merge_object (body, name, value);
      else if (strcmp (name, "tools") == 0 && JSON_NODE_HOLDS_ARRAY (value))
        add_service_tools (body, json_node_get_array (value));
      else if (!g_strv_contains (frame_members, name) && !asks_for_usage (name, value))
        set_or_remove (body, name, value);
    }
  else if (spelling->member == NULL)
    return;
  else if (spelling->object == NULL)
    set_or_remove (body, spelling->member, value);
  else if (!JSON_NODE_HOLDS_NULL (value))
    set_or_remove (ensure_object (body, spelling->object), spelling->member, value);
}

void
sc_openai_parameters_add (JsonObject *body,
                          JsonNode   *parameters)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  g_return_if_fail (body != NULL);

  if (parameters == NULL || !JSON_NODE_HOLDS_OBJECT (parameters))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (parameters));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    add_parameter (body, sc_request_parameters_get_name (name), value);
}
