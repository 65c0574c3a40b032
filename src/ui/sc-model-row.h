/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line of the model popover. */

#pragma once

#include <gtk/gtk.h>

#include "sc-model-item.h"

G_BEGIN_DECLS

#define SC_TYPE_MODEL_ROW (sc_model_row_get_type ())
G_DECLARE_FINAL_TYPE (ScModelRow, sc_model_row, SC, MODEL_ROW, GtkWidget)

/**
 * sc_model_row_new:
 *
 * Returns: (transfer floating): a row that shows nothing yet
 */
GtkWidget *sc_model_row_new      (void);

/**
 * sc_model_row_set_item:
 * @self: a row
 * @item: (nullable): what to show
 *
 * Shows a line.
 */
void       sc_model_row_set_item (ScModelRow  *self,
                                  ScModelItem *item);

G_END_DECLS
