/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of configured providers, always as the settings have it. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

#define SC_TYPE_PROVIDER_LIST (sc_provider_list_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderList, sc_provider_list, SC, PROVIDER_LIST, AdwPreferencesGroup)

/**
 * sc_provider_list_get_n_rows:
 * @self: the list
 *
 * Returns: how many providers it shows
 */
guint      sc_provider_list_get_n_rows (ScProviderList *self);

/**
 * sc_provider_list_get_row:
 * @self: the list
 * @position: a position
 *
 * Returns: (transfer none) (nullable): the row at that position
 */
GtkWidget *sc_provider_list_get_row    (ScProviderList *self,
                                        guint           position);

G_END_DECLS
