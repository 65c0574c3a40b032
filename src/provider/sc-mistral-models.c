/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model list of Mistral (protocols.md section 7): openai-chat's, where one model stands once
 * for each of its names and models that do not chat stand too. Must not know how it is fetched. */

#include "config.h"

#include "sc-mistral.h"
#include "sc-json.h"
#include "sc-openai-chat.h"

#define LASTING "-latest"

static gboolean
can_chat (JsonObject *object)
{
  JsonObject *capabilities = sc_json_get_object (object, "capabilities");

  return sc_json_get_boolean (capabilities, "completion_chat", TRUE);
}

/* The place of the model that @object is another name of, -1 if it is a new one. */
static int
find_same (GHashTable *names,
           JsonObject *object)
{
  JsonArray *aliases = sc_json_get_array (object, "aliases");
  guint n = aliases != NULL ? json_array_get_length (aliases) : 0;
  gpointer found;

  if (g_hash_table_lookup_extended (names, sc_json_get_string (object, "id"), NULL, &found))
    return GPOINTER_TO_INT (found);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (aliases, i);
      const char *alias = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (alias != NULL && g_hash_table_lookup_extended (names, alias, NULL, &found))
        return GPOINTER_TO_INT (found);
    }
  return -1;
}

static void
remember (GHashTable *names,
          JsonObject *object,
          int         index)
{
  JsonArray *aliases = sc_json_get_array (object, "aliases");
  guint n = aliases != NULL ? json_array_get_length (aliases) : 0;

  g_hash_table_insert (names, (gpointer) sc_json_get_string (object, "id"),
                       GINT_TO_POINTER (index));
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (aliases, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
        g_hash_table_insert (names, (gpointer) json_node_get_string (node),
                             GINT_TO_POINTER (index));
    }
}

static JsonArray *
create_once (JsonArray *data)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *once = json_array_new ();

  for (guint i = 0; i < json_array_get_length (data); i++)
    {
      JsonObject *object = sc_json_get_element_object (data, i);
      const char *id = sc_json_get_string (object, "id");
      int same;

      if (id == NULL || !can_chat (object))
        continue;
      same = find_same (names, object);
      if (same < 0)
        g_ptr_array_add (kept, object);
      else if (g_str_has_suffix (id, LASTING) &&
               !g_str_has_suffix (sc_json_get_string (kept->pdata[same], "id"), LASTING))
        kept->pdata[same] = object;
      remember (names, object, same < 0 ? (int) kept->len - 1 : same);
    }
  for (guint i = 0; i < kept->len; i++)
    json_array_add_object_element (once, json_object_ref (kept->pdata[i]));
  return once;
}

GPtrArray *
sc_mistral_parse_models (JsonNode  *root,
                         char     **next_page,
                         GError   **error)
{
  JsonArray *data = NULL;
  g_autoptr (JsonNode) list = NULL;

  g_return_val_if_fail (root != NULL, NULL);

  if (JSON_NODE_HOLDS_OBJECT (root))
    data = sc_json_get_array (json_node_get_object (root), "data");
  else if (JSON_NODE_HOLDS_ARRAY (root))
    data = json_node_get_array (root);
  if (data == NULL)
    return sc_openai_chat_parse_models (root, next_page, error);
  list = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (list, create_once (data));
  return sc_openai_chat_parse_models (list, next_page, error);
}
