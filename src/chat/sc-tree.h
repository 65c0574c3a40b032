/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The turns of a conversation as a tree, and the one path through it that is shown. Pure: no store,
 * no signals. */

#pragma once

#include "sc-turn.h"

G_BEGIN_DECLS

typedef struct _ScTree ScTree;

/**
 * sc_tree_new:
 *
 * Returns: (transfer full): a tree without turns
 */
ScTree     *sc_tree_new           (void);

/**
 * sc_tree_free:
 * @self: (nullable) (transfer full): a tree
 *
 * Frees it with its references to turns.
 */
void        sc_tree_free          (ScTree      *self);

/**
 * sc_tree_add:
 * @self: a tree
 * @turn: a turn whose id is not in the tree; a reference is kept
 *
 * Adds a turn below its parent. The head stays where it is.
 */
void        sc_tree_add           (ScTree      *self,
                                   ScTurn      *turn);

/**
 * sc_tree_remove:
 * @self: a tree
 * @turn: a turn of the tree
 *
 * Removes a turn; its children get its parent, and so does the head if it was there.
 */
void        sc_tree_remove        (ScTree      *self,
                                   ScTurn      *turn);

/**
 * sc_tree_lookup:
 * @self: a tree
 * @id: (nullable): a turn's id
 *
 * Returns: (transfer none) (nullable): the turn, or %NULL if there is none
 */
ScTurn     *sc_tree_lookup        (ScTree      *self,
                                   const char  *id);

/**
 * sc_tree_set_head:
 * @self: a tree
 * @id: (nullable): a turn's id. If there is no such turn the newest one is taken
 *
 * Says where the shown path ends.
 */
void        sc_tree_set_head      (ScTree      *self,
                                   const char  *id);

/**
 * sc_tree_get_head:
 * @self: a tree
 *
 * Returns: (transfer none) (nullable): the turn where the shown path ends
 */
ScTurn     *sc_tree_get_head      (ScTree      *self);

/**
 * sc_tree_create_path:
 * @self: a tree
 *
 * Returns: (transfer container) (element-type ScTurn): the turns from the first to the head, each
 *   referenced
 */
GPtrArray  *sc_tree_create_path   (ScTree      *self);

/**
 * sc_tree_list:
 * @self: a tree
 *
 * Returns: (transfer container) (element-type ScTurn): all turns of all branches in the order they were added, each
 *   referenced
 */
GPtrArray  *sc_tree_list          (ScTree      *self);

/**
 * sc_tree_list_children:
 * @self: a tree
 * @parent_id: (nullable): a turn's id; %NULL for the first turns
 *
 * Returns: (transfer container) (element-type ScTurn): its children in the order they were added,
 *   each referenced
 */
GPtrArray  *sc_tree_list_children (ScTree      *self,
                                   const char  *parent_id);

/**
 * sc_tree_get_leaf:
 * @self: a tree
 * @turn: a turn of the tree
 *
 * Follows the newest child from turn to turn.
 *
 * Returns: (transfer none): the end of that branch
 */
ScTurn     *sc_tree_get_leaf      (ScTree      *self,
                                   ScTurn      *turn);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTree, sc_tree_free)

G_END_DECLS
