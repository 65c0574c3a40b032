/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model list of the Gemini API (protocols.md section 5), page by page. Must not know how it is
   fetched. */

#include "config.h"

#include "sc-gemini.h"
#include "sc-error.h"
#include "sc-json.h"

#include <glib/gi18n.h>
#include <string.h>

/* Embeddings, pictures and films are made by other methods. */
static gboolean
can_generate (JsonObject *object)
{
  JsonArray *methods = sc_json_get_array (object, "supportedGenerationMethods");
  guint n = methods != NULL ? json_array_get_length (methods) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (methods, i);

      if (JSON_NODE_HOLDS_VALUE (node) &&
          g_strcmp0 (json_node_get_string (node), "generateContent") == 0)
        return TRUE;
    }
  return methods == NULL;
}

static gint64
read_tokens (JsonObject *object,
             const char *name)
{
  gint64 value = -1;

  sc_json_get_int (object, name, &value);
  return value > 0 ? value : -1;
}

static ScModel *
create_model (JsonObject *object)
{
  const char *id = sc_json_get_string (object, "name");
  const char *name = sc_json_get_string (object, "displayName");
  ScModel *model;

  if (id != NULL && g_str_has_prefix (id, "models/"))
    id += strlen ("models/");
  if (id == NULL || *id == '\0' || !can_generate (object))
    return NULL;
  model = sc_model_new (id);
  if (name != NULL && *name != '\0' && strcmp (name, id) != 0)
    model->name = g_strdup (name);
  model->context_tokens = read_tokens (object, "inputTokenLimit");
  model->max_output_tokens = read_tokens (object, "outputTokenLimit");
  if (sc_json_get_boolean (object, "thinking", FALSE))
    model->flags |= SC_MODEL_REASONING;
  return model;
}

GPtrArray *
sc_gemini_parse_models (JsonNode  *root,
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
  if (object == NULL || (list == NULL && json_object_get_size (object) > 0))
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
  token = sc_json_get_string (object, "nextPageToken");
  if (token != NULL && *token != '\0')
    *next_page = g_strdup (token);
  return g_steal_pointer (&models);
}
