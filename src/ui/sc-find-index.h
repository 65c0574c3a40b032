/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a conversation as it reads, for searching: markers of markdown left out, upper and
 * lower case alike. Made a slice at a time, from the last turn to the first. Pure: knows no
 * widget. */

#pragma once

#include "sc-turn.h"

G_BEGIN_DECLS

typedef struct _ScFindIndex ScFindIndex;

/**
 * ScFindMatch:
 * @turn: position of the turn
 * @block: block of its markdown
 * @nth: which match in that block, from 0
 *
 * Where a match is.
 */
typedef struct
{
  guint turn;
  guint block;
  guint nth;
} ScFindMatch;

/**
 * ScFindIndexFunc:
 * @self: an index
 * @user_data: what was given with the function
 *
 * Tells that there is something to work on.
 */
typedef void (*ScFindIndexFunc) (ScFindIndex *self,
                                 gpointer     user_data);

/**
 * sc_find_index_new:
 * @model: list of #ScTurn; observed
 * @stale: called when there is something to work on
 * @user_data: for @stale
 *
 * Returns: (transfer full): an index in which nothing is found yet
 */
ScFindIndex *sc_find_index_new           (GListModel        *model,
                                          ScFindIndexFunc    stale,
                                          gpointer           user_data);

/**
 * sc_find_index_free:
 * @self: (nullable) (transfer full): an index
 *
 * Frees it.
 */
void         sc_find_index_free          (ScFindIndex       *self);

/**
 * sc_find_index_work:
 * @self: an index
 * @until_us: g_get_monotonic_time() when to stop
 *
 * Reads turns that are new or changed.
 *
 * Returns: %TRUE if there are more
 */
gboolean     sc_find_index_work          (ScFindIndex       *self,
                                          gint64             until_us);

/**
 * sc_find_index_set_needle:
 * @self: an index
 * @needle: what to find; "" finds nothing
 *
 * Sets what is counted.
 */
void         sc_find_index_set_needle    (ScFindIndex       *self,
                                          const char        *needle);

/**
 * sc_find_index_get_n_matches:
 * @self: an index
 *
 * Returns: how many were found so far
 */
guint        sc_find_index_get_n_matches (ScFindIndex       *self);

/**
 * sc_find_index_get_match:
 * @self: an index
 * @number: which one, from 0
 * @match: (out): where it is
 *
 * Returns: %TRUE if there is such a match
 */
gboolean     sc_find_index_get_match     (ScFindIndex       *self,
                                          guint              number,
                                          ScFindMatch       *match);

/**
 * sc_find_index_get_number:
 * @self: an index
 * @match: a place in the conversation
 *
 * Returns: number of the first match there or after it; the number of matches if there is none
 */
guint        sc_find_index_get_number    (ScFindIndex       *self,
                                          const ScFindMatch *match);

/**
 * sc_find_fold:
 * @out: receives the text
 * @text: a text
 * @length: its bytes
 *
 * Writes a text as it is compared: letters small and without accents; a character becomes none, one or two.
 */
void         sc_find_fold                (GString           *out,
                                          const char        *text,
                                          gsize              length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScFindIndex, sc_find_index_free)

G_END_DECLS
