/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model list of an Ollama server and what it says of one model (protocols.md section 9). Must
 * not know how they are fetched. */

#include "config.h"

#include "sc-ollama.h"
#include "sc-error.h"
#include "sc-json.h"

#include <glib/gi18n.h>
#include <string.h>

/* A member of `model_info` is named after the model's architecture: `llama.context_length`. */
#define CONTEXT_SUFFIX ".context_length"

static gboolean
has_word (JsonArray  *array,
          const char *word)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
          strcmp (json_node_get_string (node), word) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
read_capabilities (JsonObject *object,
                   ScModel    *model)
{
  static const struct
  {
    const char   *word;
    ScModelFlags  flag;
  } words[] = {
    { "tools", SC_MODEL_TOOLS },
    { "vision", SC_MODEL_VISION },
    { "thinking", SC_MODEL_REASONING },
    { "audio", SC_MODEL_AUDIO },
  };
  JsonArray *capabilities = sc_json_get_array (object, "capabilities");

  if (capabilities == NULL || json_array_get_length (capabilities) == 0)
    return;
  model->flags |= SC_MODEL_FLAGS_KNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (has_word (capabilities, words[i].word))
      model->flags |= words[i].flag;
  if (has_word (capabilities, "embedding") && !has_word (capabilities, "completion"))
    model->flags |= SC_MODEL_EMBEDDING;
}

static ScModel *
create_model (JsonObject *object)
{
  const char *id = sc_json_get_string (object, "model");
  ScModel *model;

  if (id == NULL || *id == '\0')
    id = sc_json_get_string (object, "name");
  if (id == NULL || *id == '\0')
    return NULL;
  model = sc_model_new (id);
  read_capabilities (object, model);
  return model;
}

GPtrArray *
sc_ollama_parse_models (JsonNode  *root,
                        char     **next_page,
                        GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonObject *object;
  JsonArray *list;

  g_return_val_if_fail (root != NULL && next_page != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  list = sc_json_get_array (object, "models");
  /* A server without models may say null. */
  if (object == NULL || (list == NULL && !json_object_has_member (object, "models")))
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                           _("The server answers, but not with a list of models. "
                             "Check the address."));
      return NULL;
    }
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      ScModel *model = create_model (sc_json_get_element_object (list, i));

      if (model != NULL)
        g_ptr_array_add (models, model);
    }
  return g_steal_pointer (&models);
}

void
sc_ollama_parse_details (JsonNode *root,
                         ScModel  *model)
{
  JsonObject *object;
  JsonObject *info;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gint64 context;

  g_return_if_fail (root != NULL && model != NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  read_capabilities (object, model);
  info = sc_json_get_object (object, "model_info");
  if (info == NULL)
    return;
  json_object_iter_init (&iter, info);
  while (json_object_iter_next (&iter, &name, &value))
    if (g_str_has_suffix (name, CONTEXT_SUFFIX) && sc_json_get_int (info, name, &context) &&
        context > model->context_tokens)
      model->context_tokens = context;
}
