/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The price list: the built-in prices and those that the user entered, which go before them. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SC_TYPE_PRICE_DIALOG (sc_price_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ScPriceDialog, sc_price_dialog, SC, PRICE_DIALOG, AdwWindow)

/**
 * sc_price_dialog_new:
 * @parent: (nullable): the window it belongs to
 *
 * Returns: (transfer none): the dialog, to be presented; its window closes it
 */
GtkWindow *sc_price_dialog_new (GtkWindow *parent);

G_END_DECLS
