/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bar one searches with: an entry, a count, next, previous, close. It knows nothing of what is
 * searched. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScFindBar:
 *
 * Signals: `needle-changed` (string): find this; `step` (int): 1 the next match, -1 the one before;
 * `closed`: the search is over.
 */
#define SC_TYPE_FIND_BAR (sc_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (ScFindBar, sc_find_bar, SC, FIND_BAR, GtkWidget)

/**
 * sc_find_bar_open:
 * @self: a bar
 * @needle: (nullable): what to find; %NULL keeps what was found last
 *
 * Shows it, or takes the keyboard to it again.
 */
void     sc_find_bar_open      (ScFindBar  *self,
                                const char *needle);

/**
 * sc_find_bar_close:
 * @self: a bar
 *
 * Hides it and emits `closed`, if it is open.
 */
void     sc_find_bar_close     (ScFindBar  *self);

/**
 * sc_find_bar_is_open:
 * @self: a bar
 *
 * Returns: %TRUE while it is shown
 */
gboolean sc_find_bar_is_open   (ScFindBar  *self);

/**
 * sc_find_bar_set_count:
 * @self: a bar
 * @position: which match is shown, from 1; 0 none
 * @n_matches: how many there are
 *
 * Tells what was found.
 */
void     sc_find_bar_set_count (ScFindBar  *self,
                                guint       position,
                                guint       n_matches);

G_END_DECLS
