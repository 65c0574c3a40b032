/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page on which the price of one model is entered. */

#pragma once

#include <adwaita.h>

#include "sc-own-price.h"

G_BEGIN_DECLS

/**
 * ScPriceEditor:
 *
 * Signal `done`: the price was saved or taken out of the list.
 */
#define SC_TYPE_PRICE_EDITOR (sc_price_editor_get_type ())
G_DECLARE_FINAL_TYPE (ScPriceEditor, sc_price_editor, SC, PRICE_EDITOR, GtkWidget)

/**
 * sc_price_editor_edit:
 * @self: an editor
 * @model: (nullable): whose price to enter; %NULL for a model that is not in the list
 *
 * Shows the price that is known of a model.
 */
void sc_price_editor_edit (ScPriceEditor *self,
                           const char    *model);

/**
 * sc_price_editor_save:
 * @self: an editor
 *
 * Puts what was entered into the user's own list, with today's date; what is no price is marked and said.
 *
 * Returns: %TRUE if it was saved
 */
gboolean sc_price_editor_save (ScPriceEditor *self);

G_END_DECLS
