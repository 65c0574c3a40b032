/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Things kept for a profile while the program runs, each with what of the profile it was made from: another value there
 * makes it stale. Private to the providers. */

#pragma once

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * sc_kept_new_table:
 *
 * Returns: (transfer full): an empty table of things by the ids of profiles
 */
GHashTable *sc_kept_new_table                (void);

/**
 * sc_kept_lookup:
 * @table: a table
 * @id: a profile's id
 * @signature: what the thing must have been made from
 *
 * Returns: (transfer none) (nullable): what is kept, %NULL if nothing is or if it is stale
 */
gpointer    sc_kept_lookup                   (GHashTable      *table,
                                              const char      *id,
                                              const char      *signature);

/**
 * sc_kept_insert:
 * @table: a table
 * @id: a profile's id
 * @signature: what @value was made from
 * @value: (transfer full): what to keep
 * @destroy: frees @value
 *
 * Keeps something in the place of what was there.
 */
void        sc_kept_insert                   (GHashTable      *table,
                                              const char      *id,
                                              const char      *signature,
                                              gpointer         value,
                                              GDestroyNotify   destroy);

/**
 * sc_kept_create_network_signature:
 * @profile: a profile
 *
 * Returns: (transfer full): the way to its server: proxy, authorities, certificate
 */
char       *sc_kept_create_network_signature (const ScProfile *profile);

/**
 * sc_kept_create_address_signature:
 * @profile: a profile
 *
 * Returns: (transfer full): its server: protocol and address
 */
char       *sc_kept_create_address_signature (const ScProfile *profile);

G_END_DECLS
