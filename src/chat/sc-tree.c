/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tree of a conversation's turns. What comes from disk may be damaged: a parent that does not
 * exist makes a first turn, and a circle of parents ends the path where it began to repeat. */

#include "config.h"

#include "sc-tree.h"

#include "sc-turn-private.h"

struct _ScTree
{
  GPtrArray  *turns;
  GHashTable *by_id;
  ScTurn     *head;
};

static gboolean
has_parent (ScTree     *self,
            ScTurn     *turn,
            const char *parent_id)
{
  const char *own = sc_turn_get_parent_id (turn);

  if (own != NULL && sc_tree_lookup (self, own) == NULL)
    own = NULL;
  return g_strcmp0 (own, parent_id) == 0;
}

ScTree *
sc_tree_new (void)
{
  ScTree *self = g_new0 (ScTree, 1);

  self->turns = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sc_tree_free (ScTree *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->turns);
  g_free (self);
}

void
sc_tree_add (ScTree *self,
             ScTurn *turn)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (sc_tree_lookup (self, sc_turn_get_id (turn)) == NULL);

  g_ptr_array_add (self->turns, g_object_ref (turn));
  g_hash_table_insert (self->by_id, (gpointer) sc_turn_get_id (turn), turn);
}

void
sc_tree_remove (ScTree *self,
                ScTurn *turn)
{
  const char *parent_id;

  g_return_if_fail (self != NULL);
  g_return_if_fail (sc_tree_lookup (self, sc_turn_get_id (turn)) == turn);

  parent_id = sc_turn_get_parent_id (turn);
  if (self->head == turn)
    self->head = sc_tree_lookup (self, parent_id);
  for (guint i = 0; i < self->turns->len; i++)
    {
      ScTurn *child = g_ptr_array_index (self->turns, i);

      if (g_strcmp0 (sc_turn_get_parent_id (child), sc_turn_get_id (turn)) == 0)
        sc_turn_set_parent_id (child, parent_id);
    }
  g_hash_table_remove (self->by_id, sc_turn_get_id (turn));
  g_ptr_array_remove (self->turns, turn);
}

ScTurn *
sc_tree_lookup (ScTree     *self,
                const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

void
sc_tree_set_head (ScTree     *self,
                  const char *id)
{
  g_return_if_fail (self != NULL);

  self->head = sc_tree_lookup (self, id);
  if (self->head == NULL && self->turns->len > 0)
    self->head = g_ptr_array_index (self->turns, self->turns->len - 1);
}

ScTurn *
sc_tree_get_head (ScTree *self)
{
  return self->head;
}

GPtrArray *
sc_tree_create_path (ScTree *self)
{
  g_autoptr (GPtrArray) backwards = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GPtrArray *path;

  for (ScTurn *turn = self->head; turn != NULL && g_hash_table_add (seen, turn);
       turn = sc_tree_lookup (self, sc_turn_get_parent_id (turn)))
    g_ptr_array_add (backwards, turn);

  path = g_ptr_array_new_full (backwards->len, g_object_unref);
  for (guint i = backwards->len; i > 0; i--)
    g_ptr_array_add (path, g_object_ref (g_ptr_array_index (backwards, i - 1)));
  return path;
}

GPtrArray *
sc_tree_list (ScTree *self)
{
  GPtrArray *turns;

  g_return_val_if_fail (self != NULL, NULL);

  turns = g_ptr_array_new_full (self->turns->len, g_object_unref);
  for (guint i = 0; i < self->turns->len; i++)
    g_ptr_array_add (turns, g_object_ref (g_ptr_array_index (self->turns, i)));
  return turns;
}

GPtrArray *
sc_tree_list_children (ScTree     *self,
                       const char *parent_id)
{
  GPtrArray *children = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->turns->len; i++)
    {
      ScTurn *turn = g_ptr_array_index (self->turns, i);

      if (has_parent (self, turn, parent_id))
        g_ptr_array_add (children, g_object_ref (turn));
    }
  return children;
}

ScTurn *
sc_tree_get_leaf (ScTree *self,
                  ScTurn *turn)
{
  g_autoptr (GHashTable) newest = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->turns->len; i++)
    {
      ScTurn *child = g_ptr_array_index (self->turns, i);
      const char *parent_id = sc_turn_get_parent_id (child);

      if (parent_id != NULL)
        g_hash_table_insert (newest, (gpointer) parent_id, child);
    }
  while (g_hash_table_add (seen, turn))
    {
      ScTurn *child = g_hash_table_lookup (newest, sc_turn_get_id (turn));

      if (child == NULL)
        break;
      turn = child;
    }
  return turn;
}
