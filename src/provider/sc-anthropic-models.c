/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anthropic's list of models (protocols.md section 4), page by page, with what each can do.
 * Compatible servers answer with a list in OpenAI's shape; that is read by its own protocol. */

#include "config.h"

#include "sc-anthropic.h"
#include "sc-json.h"
#include "sc-openai-chat.h"

#include <string.h>

static gboolean
is_own_list (JsonObject *root)
{
  JsonArray *data = sc_json_get_array (root, "data");
  const char *type = sc_json_get_string (sc_json_get_element_object (data, 0), "type");

  return data != NULL && (json_object_has_member (root, "has_more") ||
                          g_strcmp0 (type, "model") == 0);
}

static gboolean
is_supported (JsonObject *capabilities,
              const char *name)
{
  return sc_json_get_boolean (sc_json_get_object (capabilities, name), "supported", FALSE);
}

static ScModelFlags
read_flags (JsonObject *capabilities)
{
  ScModelFlags flags = SC_MODEL_FLAGS_KNOWN | SC_MODEL_TOOLS;

  if (capabilities == NULL)
    return 0;
  if (is_supported (capabilities, "image_input"))
    flags |= SC_MODEL_VISION;
  if (is_supported (capabilities, "thinking") || is_supported (capabilities, "effort"))
    flags |= SC_MODEL_REASONING;
  return flags;
}

static ScModel *
create_model (JsonObject *object)
{
  const char *id = sc_json_get_string (object, "id");
  const char *name = sc_json_get_string (object, "display_name");
  ScModel *model;

  if (id == NULL || *id == '\0')
    return NULL;
  model = sc_model_new (id);
  if (name != NULL && *name != '\0' && strcmp (name, id) != 0)
    model->name = g_strdup (name);
  sc_json_get_int (object, "max_input_tokens", &model->context_tokens);
  sc_json_get_int (object, "max_tokens", &model->max_output_tokens);
  if (model->context_tokens <= 0)
    model->context_tokens = -1;
  if (model->max_output_tokens <= 0)
    model->max_output_tokens = -1;
  model->flags = read_flags (sc_json_get_object (object, "capabilities"));
  return model;
}

GPtrArray *
sc_anthropic_parse_models (JsonNode  *root,
                           char     **next_page,
                           GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonObject *object;
  JsonArray *list;
  const char *last_id;

  g_return_val_if_fail (root != NULL && next_page != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (!is_own_list (object))
    return sc_openai_chat_parse_models (root, next_page, error);
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  list = sc_json_get_array (object, "data");
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      ScModel *model = create_model (sc_json_get_element_object (list, i));

      if (model != NULL)
        g_ptr_array_add (models, model);
    }
  last_id = sc_json_get_string (object, "last_id");
  if (sc_json_get_boolean (object, "has_more", FALSE) && last_id != NULL && *last_id != '\0')
    *next_page = g_strdup (last_id);
  return g_steal_pointer (&models);
}
