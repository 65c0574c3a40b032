/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One code block in a window of its own, where long lines scroll. On the page they are always wrapped: a text view
 * scrolls sideways as a whole, so that a block with lines that are not wrapped would move the page under the reader or
 * widen the window, and a widget of its own in the text would be measured and drawn with every frame. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * sc_code_window_new:
 * @widget: where the code is on the page
 * @language: (nullable): its language
 * @text: the code
 *
 * Makes a window over that of @widget; lines are not wrapped at first.
 *
 * Returns: (transfer none): the window, to be presented; GTK owns it
 */
GtkWidget *sc_code_window_new (GtkWidget  *widget,
                               const char *language,
                               const char *text);

G_END_DECLS
