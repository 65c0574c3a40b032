/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One provider in the list of the preferences: its name, where it is, whether it has a key. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

#define SC_TYPE_PROVIDER_ROW (sc_provider_row_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderRow, sc_provider_row, SC, PROVIDER_ROW, AdwActionRow)

/**
 * sc_provider_row_new:
 *
 * Returns: (transfer floating): a row without a provider
 */
ScProviderRow *sc_provider_row_new     (void);

/**
 * sc_provider_row_update:
 * @self: the row
 * @profile: the provider to show
 * @position: its place in the list
 * @n_rows: how many there are
 * @is_default: it is the one for new conversations
 *
 * Shows a provider. Whether it has a key is looked up each time the row appears.
 */
void           sc_provider_row_update  (ScProviderRow   *self,
                                        const ScProfile *profile,
                                        guint            position,
                                        guint            n_rows,
                                        gboolean         is_default);

/**
 * sc_provider_row_get_id:
 * @self: the row
 *
 * Returns: (transfer none) (nullable): the id of its provider
 */
const char    *sc_provider_row_get_id  (ScProviderRow   *self);

G_END_DECLS
