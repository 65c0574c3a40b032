/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the settings share: where the schemas are found, and how a profile is read and
   written. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/** SC_SETTINGS_MAX_RETRIES: more than this in dconf is read as this */
#define SC_SETTINGS_MAX_RETRIES 10

/** SC_SETTINGS_MAX_TIMEOUT_MS: one day; a longer clock in dconf is read as this */
#define SC_SETTINGS_MAX_TIMEOUT_MS (24 * 60 * 60 * 1000)

/**
 * sc_settings_lookup_schema:
 * @id: `org.example.StreamChat` or `org.example.StreamChat.Provider`
 *
 * Finds a schema where GSettings looks, and else in the folder `../data` beside the running
 * program's own, where the build leaves it. A schema of another version of the program, with keys
 * missing or of other types, counts as not found: GSettings would end the process at the first such
 * key.
 *
 * Returns: (transfer full) (nullable): the schema, or %NULL if it is not installed
 */
GSettingsSchema *sc_settings_lookup_schema      (const char           *id);

/**
 * sc_settings_is_valid_profile_id:
 * @id: (nullable): a profile's id
 *
 * Returns: %TRUE if it can be a part of a dconf path
 */
gboolean         sc_settings_is_valid_profile_id (const char          *id);

/**
 * sc_settings_read_profile:
 * @id: the profile's id
 * @settings: its settings
 *
 * Numbers out of range are clamped; empty strings are %NULL where the profile's field may be %NULL.
 *
 * Returns: (transfer full): the profile, without a key
 */
ScProfile       *sc_settings_read_profile       (const char           *id,
                                                 GSettings            *settings);

/**
 * sc_settings_write_profile:
 * @profile: a profile
 * @settings: its settings
 *
 * Writes what differs, in one transaction. The key is not written.
 */
void             sc_settings_write_profile      (const ScProfile      *profile,
                                                 GSettings            *settings);

G_END_DECLS
