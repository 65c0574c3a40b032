/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model list of Cohere (protocols.md section 8), page by page. Must not know how it is fetched.
 */

#include "config.h"

#include "sc-cohere.h"
#include "sc-error.h"
#include "sc-json.h"

#include <glib/gi18n.h>

static gboolean
array_has (JsonArray  *array,
           const char *word)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), word) == 0)
        return TRUE;
    }
  return FALSE;
}

static ScModelFlags
read_flags (JsonArray *features)
{
  static const struct
  {
    const char   *feature;
    ScModelFlags  flag;
  } known[] = {
    { "tools", SC_MODEL_TOOLS },         { "vision", SC_MODEL_VISION },
    { "reasoning", SC_MODEL_REASONING }, { "audio", SC_MODEL_AUDIO },
  };
  ScModelFlags flags = features != NULL ? SC_MODEL_FLAGS_KNOWN : 0;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (array_has (features, known[i].feature))
      flags |= known[i].flag;
  return flags;
}

static ScModel *
create_model (JsonObject *object)
{
  const char *id = sc_json_get_string (object, "name");
  JsonArray *endpoints = sc_json_get_array (object, "endpoints");
  gint64 context = -1;
  ScModel *model;

  if (id == NULL || *id == '\0' || (endpoints != NULL && !array_has (endpoints, "chat")) ||
      sc_json_get_boolean (object, "is_deprecated", FALSE))
    return NULL;
  model = sc_model_new (id);
  if (sc_json_get_int (object, "context_length", &context) && context > 0)
    model->context_tokens = context;
  model->flags = read_flags (sc_json_get_array (object, "features"));
  return model;
}

GPtrArray *
sc_cohere_parse_models (JsonNode  *root,
                        char     **next_page,
                        GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonObject *object;
  JsonArray *list;
  const char *token;

  g_return_val_if_fail (root != NULL && next_page != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  list = sc_json_get_array (object, "models");
  if (list == NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                           _("The server answers, but not with a list of models. "
                             "Check the address."));
      return NULL;
    }
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      ScModel *model = create_model (sc_json_get_element_object (list, i));

      if (model != NULL)
        g_ptr_array_add (models, model);
    }
  token = sc_json_get_string (object, "next_page_token");
  if (token != NULL && *token != '\0')
    *next_page = g_strdup (token);
  return g_steal_pointer (&models);
}
