/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bin that wants to be as wide as it is told, whatever its child would like. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScPane:
 *
 * Properties: `child` (#GtkWidget), `wanted-width` (int): its natural width in pixels. A panel
 * beside it folds at the sum of the natural widths, which therefore must not depend on a long
 * title.
 */
#define SC_TYPE_PANE (sc_pane_get_type ())
G_DECLARE_FINAL_TYPE (ScPane, sc_pane, SC, PANE, GtkWidget)

G_END_DECLS
