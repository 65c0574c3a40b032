/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Merging of reasoning details: one growing string a block, so that a long block costs no more than
 * its length. It must not know how they are shown. */

#include "config.h"

#include "sc-openai-details.h"
#include "sc-json.h"

#include <string.h>

struct _ScOpenaiDetails
{
  GPtrArray  *blocks;
  GHashTable *by_key;
};

typedef struct
{
  char       *key;
  JsonObject *object;
  const char *grows;
  GString    *grown;
} Block;

/* The member that grows, by type. */
static const struct
{
  const char *type;
  const char *member;
} growing[] = {
  { "reasoning.text", "text" },
  { "reasoning.summary", "summary" },
  { "reasoning.encrypted", "data" },
};

static void
free_block (gpointer data)
{
  Block *block = data;

  g_free (block->key);
  json_object_unref (block->object);
  g_string_free (block->grown, TRUE);
  g_free (block);
}

ScOpenaiDetails *
sc_openai_details_new (void)
{
  ScOpenaiDetails *self = g_new0 (ScOpenaiDetails, 1);

  self->blocks = g_ptr_array_new_with_free_func (free_block);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sc_openai_details_free (ScOpenaiDetails *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

static const char *
get_growing_member (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (growing); i++)
    if (g_strcmp0 (type, growing[i].type) == 0)
      return growing[i].member;
  return NULL;
}

static char *
make_key (JsonObject *item)
{
  const char *type = sc_json_get_string (item, "type");
  g_autofree char *index = sc_json_dup_scalar (item, "index");
  const char *id = sc_json_get_string (item, "id");

  return g_strconcat (type != NULL ? type : "", "\n",
                      index != NULL ? index : (id != NULL ? id : ""), NULL);
}

static void
add_item (ScOpenaiDetails *self,
          JsonObject      *item)
{
  g_autofree char *key = make_key (item);
  Block *block = g_hash_table_lookup (self->by_key, key);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (block == NULL)
    {
      block = g_new0 (Block, 1);
      block->key = g_steal_pointer (&key);
      block->object = json_object_new ();
      block->grown = g_string_new (NULL);
      block->grows = get_growing_member (sc_json_get_string (item, "type"));
      g_ptr_array_add (self->blocks, block);
      g_hash_table_insert (self->by_key, block->key, block);
    }
  json_object_iter_init_ordered (&iter, item);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (block->grows != NULL && strcmp (name, block->grows) == 0 &&
          JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
        g_string_append (block->grown, json_node_get_string (value));
      else if (!JSON_NODE_HOLDS_NULL (value) || !json_object_has_member (block->object, name))
        json_object_set_member (block->object, name, json_node_copy (value));
    }
}

void
sc_openai_details_add (ScOpenaiDetails *self,
                       JsonArray       *items)
{
  guint n;

  g_return_if_fail (self != NULL && items != NULL);

  n = json_array_get_length (items);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = sc_json_get_element_object (items, i);

      if (item != NULL)
        add_item (self, item);
    }
}

gboolean
sc_openai_details_is_empty (ScOpenaiDetails *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->blocks->len == 0;
}

JsonArray *
sc_openai_details_create_array (ScOpenaiDetails *self)
{
  JsonArray *array = json_array_new ();

  g_return_val_if_fail (self != NULL, array);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = g_ptr_array_index (self->blocks, i);
      JsonObject *object = json_object_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init_ordered (&iter, block->object);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        json_object_set_member (object, name, json_node_copy (value));
      if (block->grown->len > 0)
        json_object_set_string_member (object, block->grows, block->grown->str);
      json_array_add_object_element (array, object);
    }
  return array;
}

char *
sc_openai_details_dup_text (JsonArray *items)
{
  GString *text = g_string_new (NULL);
  guint n = json_array_get_length (items);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = sc_json_get_element_object (items, i);
      const char *type = sc_json_get_string (item, "type");
      const char *member = get_growing_member (type);
      const char *piece;

      if (member == NULL || strcmp (member, "data") == 0)
        continue;
      piece = sc_json_get_string (item, member);
      if (piece != NULL)
        g_string_append (text, piece);
    }
  return g_string_free (text, FALSE);
}
