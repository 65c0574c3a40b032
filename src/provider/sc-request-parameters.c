/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-request-parameters.h. Knows names, no request. */

#include "config.h"

#include "sc-request-parameters.h"
#include "sc-json.h"

#include <string.h>

#define LIMIT "max_tokens"

/* The program's own names are Chat Completions' older ones: most services took them over. */
static const struct
{
  const char *name;
  const char *own;
} spellings[] = {
  { "max_completion_tokens", LIMIT },
  { "max_output_tokens", LIMIT },
  { "maxOutputTokens", LIMIT },
  { "max_new_tokens", LIMIT },
  { "num_predict", LIMIT },
  { "stop_sequences", "stop" },
  { "stopSequences", "stop" },
  { "random_seed", "seed" },
  { "topP", "top_p" },
  { "p", "top_p" },
  { "topK", "top_k" },
  { "k", "top_k" },
  { "presencePenalty", "presence_penalty" },
  { "frequencyPenalty", "frequency_penalty" },
};

const char *
sc_request_parameters_get_name (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (strcmp (name, spellings[i].name) == 0)
      return spellings[i].own;
  return name;
}

gboolean
sc_request_parameters_find_limit (JsonObject *parameters,
                                  gint64     *value)
{
  gboolean is_found = FALSE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  g_return_val_if_fail (value != NULL, FALSE);

  if (parameters == NULL)
    return FALSE;
  json_object_iter_init_ordered (&iter, parameters);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (strcmp (sc_request_parameters_get_name (name), LIMIT) == 0)
      is_found |= sc_json_get_int (parameters, name, value);
  return is_found;
}

gboolean
sc_request_parameters_read_format (JsonNode  *value,
                                   JsonNode **schema)
{
  JsonObject *object;
  JsonObject *inner;
  const char *type;

  g_return_val_if_fail (value != NULL && schema != NULL, FALSE);

  object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  type = sc_json_get_string (object, "type");
  *schema = NULL;
  if (g_strcmp0 (type, "json_object") != 0 && g_strcmp0 (type, "json_schema") != 0)
    return FALSE;
  inner = sc_json_get_object (object, "json_schema");
  if (inner == NULL)
    inner = object;
  if (sc_json_get_object (inner, "schema") != NULL)
    *schema = json_object_get_member (inner, "schema");
  return TRUE;
}

const char *
sc_request_parameters_read_choice (JsonNode    *value,
                                   const char **tool)
{
  static const char *const words[] = { "auto", "none", "required" };
  JsonObject *object;
  const char *word;

  g_return_val_if_fail (value != NULL && tool != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  *tool = sc_json_get_string (sc_json_get_object (object, "function"), "name");
  if (*tool != NULL)
    return "required";
  word = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (word != NULL && g_ascii_strcasecmp (word, words[i]) == 0)
      return words[i];
  return word != NULL && g_ascii_strcasecmp (word, "any") == 0 ? "required" : NULL;
}
