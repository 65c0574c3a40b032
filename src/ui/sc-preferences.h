/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preferences window. Every change takes effect at once; there is nothing to confirm when
 * the window is closed. Only a provider that is being added waits for its Add button. Main
 * thread. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ScPreferences:
 *
 * A window with the actions `preferences.add-provider`, and with a provider's id as target
 * `preferences.edit-provider`, `.duplicate-provider`, `.default-provider`, `.move-provider-up`,
 * `.move-provider-down`, `.remove-provider` and `.undo-remove`.
 */
#define SC_TYPE_PREFERENCES (sc_preferences_get_type ())
G_DECLARE_FINAL_TYPE (ScPreferences, sc_preferences, SC, PREFERENCES, AdwPreferencesWindow)

/**
 * sc_preferences_new:
 *
 * Returns: (transfer none): a new window, not shown yet; the caller sets its transient parent
 */
GtkWindow *sc_preferences_new               (void);

/**
 * sc_preferences_open_add_provider:
 * @parent: (nullable): the window the preferences belong to
 *
 * Shows the preferences with the list of services open, ready to add a provider.
 */
void       sc_preferences_open_add_provider (GtkWindow *parent);

G_END_DECLS
