/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done with a code block: one small bar that moves to the block the pointer is on, and the same by the
 * context menu. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * ScCodeTools:
 *
 * A widget with buttons for the actions `page.copy-code`, `page.save-code` and `page.show-code`; its parent, the text
 * view, has these actions.
 */
#define SC_TYPE_CODE_TOOLS (sc_code_tools_get_type ())
G_DECLARE_FINAL_TYPE (ScCodeTools, sc_code_tools, SC, CODE_TOOLS, GtkWidget)

/**
 * sc_code_tools_new:
 * @page: where the code is; must live longer
 *
 * Returns: (transfer floating): a bar that is nowhere yet
 */
GtkWidget *sc_code_tools_new      (ScPage        *page);

/**
 * sc_code_tools_point_at:
 * @self: a bar
 * @x: place in the view
 * @y: place in the view
 *
 * Moves to the code block there, or away if there is none.
 */
void       sc_code_tools_point_at (ScCodeTools   *self,
                                   double         x,
                                   double         y);

/**
 * sc_code_tools_show_last:
 * @self: a bar
 *
 * For those who have no pointer: moves to the last code block in sight.
 */
void       sc_code_tools_show_last (ScCodeTools  *self);

/**
 * sc_code_tools_leave:
 * @self: a bar
 *
 * Goes away, unless it has the keyboard.
 */
void       sc_code_tools_leave    (ScCodeTools   *self);

/**
 * sc_code_tools_has_code:
 * @self: a bar
 *
 * Returns: %TRUE if it is at a block that is still there
 */
gboolean   sc_code_tools_has_code (ScCodeTools   *self);

/**
 * sc_code_tools_place:
 * @self: a bar
 *
 * Allocates it at its block. To be called when its parent is allocated.
 */
void       sc_code_tools_place    (ScCodeTools   *self);

/**
 * sc_code_tools_activate:
 * @self: a bar
 * @action: one of its actions
 *
 * Copies the code, asks where to save it, or shows it in a window of its own.
 */
void       sc_code_tools_activate (ScCodeTools   *self,
                                   const char    *action);

G_END_DECLS
