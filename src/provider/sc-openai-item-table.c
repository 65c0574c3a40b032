/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-item-table.h. Knows no event. */

#include "config.h"

#include "sc-openai-item-table.h"

/* Room for the kinds below the index of a part. */
#define N_KINDS 8

static void
free_part (gpointer data)
{
  ScOpenaiPart *part = data;

  g_string_free (part->text, TRUE);
  g_free (part);
}

static void
free_item (gpointer data)
{
  ScOpenaiItem *item = data;

  g_clear_pointer (&item->raw, json_object_unref);
  g_hash_table_unref (item->parts);
  g_free (item->id);
  g_free (item->type);
  g_free (item->call_id);
  g_free (item);
}

void
sc_openai_item_table_init (ScOpenaiItemTable *self)
{
  self->items = g_ptr_array_new_with_free_func (free_item);
  self->by_index = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_type = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_call = g_hash_table_new (g_str_hash, g_str_equal);
}

void
sc_openai_item_table_clear (ScOpenaiItemTable *self)
{
  g_hash_table_unref (self->by_call);
  g_hash_table_unref (self->by_type);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_index);
  g_ptr_array_unref (self->items);
}

ScOpenaiItem *
sc_openai_item_table_add (ScOpenaiItemTable *self,
                          gint64             index,
                          const char        *id,
                          const char        *type)
{
  ScOpenaiItem *item = g_new0 (ScOpenaiItem, 1);

  item->slot = self->items->len;
  item->index = index;
  item->id = g_strdup (id);
  item->parts = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_part);
  g_ptr_array_add (self->items, item);
  /* Replaced with their keys: a name belongs to its newest item. */
  if (index >= 0)
    g_hash_table_replace (self->by_index, &item->index, item);
  if (id != NULL)
    g_hash_table_replace (self->by_id, item->id, item);
  sc_openai_item_table_set_type (self, item, type);
  return item;
}

ScOpenaiItem *
sc_openai_item_table_find (ScOpenaiItemTable *self,
                           gint64             index,
                           const char        *id,
                           const char        *type)
{
  if (index >= 0)
    return g_hash_table_lookup (self->by_index, &index);
  if (id != NULL)
    return g_hash_table_lookup (self->by_id, id);
  return type != NULL ? g_hash_table_lookup (self->by_type, type) : NULL;
}

ScOpenaiItem *
sc_openai_item_table_find_call (ScOpenaiItemTable *self,
                                const char        *call_id)
{
  return g_hash_table_lookup (self->by_call, call_id);
}

void
sc_openai_item_table_set_type (ScOpenaiItemTable *self,
                               ScOpenaiItem      *item,
                               const char        *type)
{
  if (item->type != NULL || type == NULL)
    return;
  item->type = g_strdup (type);
  g_hash_table_replace (self->by_type, item->type, item);
}

void
sc_openai_item_table_set_call (ScOpenaiItemTable *self,
                               ScOpenaiItem      *item,
                               const char        *call_id)
{
  if (item->call_id != NULL || call_id == NULL || *call_id == '\0')
    return;
  item->call_id = g_strdup (call_id);
  g_hash_table_replace (self->by_call, item->call_id, item);
}

ScOpenaiPart *
sc_openai_item_ensure_part (ScOpenaiItem     *self,
                            ScOpenaiPartKind  kind,
                            gint64            index)
{
  gint64 key = CLAMP (index, 0, G_MAXINT) * N_KINDS + (gint64) kind;
  ScOpenaiPart *part = g_hash_table_lookup (self->parts, &key);

  if (part != NULL)
    return part;
  part = g_new0 (ScOpenaiPart, 1);
  part->key = key;
  part->kind = kind;
  part->text = g_string_new (NULL);
  part->start = -1;
  g_hash_table_replace (self->parts, &part->key, part);
  return part;
}
