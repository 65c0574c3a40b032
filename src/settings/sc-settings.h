/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The only place that names a GSettings key: typed properties of the application, and the list of
 * providers, each in its own relocatable schema (org.example.StreamChat.Provider at
 * /org/example/StreamChat/providers/ID/). Main thread. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScColorScheme:
 *
 * Light, dark, or as the desktop says. Stored by nick: `system`, `light`, `dark`.
 */
typedef enum
{
  SC_COLOR_SCHEME_SYSTEM,
  SC_COLOR_SCHEME_LIGHT,
  SC_COLOR_SCHEME_DARK,
} ScColorScheme;

/**
 * ScSettings:
 *
 * Properties, all read-write with notification, also when another program changes them:
 * `color-scheme` (#ScColorScheme as int), `enter-sends` (boolean: Enter sends and Shift+Enter
 * breaks the line; otherwise Ctrl+Enter sends), `follow-answers` (boolean: keep the end in view
 * while an answer streams; otherwise stay at its start), `show-usage` (boolean: tokens and speed
 * under an answer), `zoom` (double, 0.5 to 3), `default-provider` (string, profile id, "" for the
 * first), `window-width`, `window-height` (int), `window-maximized`, `sidebar-visible` (boolean),
 * `wrap-code` (boolean), `demo-offered` (boolean: the built-in Demo is in the list of models),
 * `prices` (strings, maybe %NULL: the user's own price list, a line a model).
 *
 * Signal `providers-changed`: the list or one of its profiles changed.
 */
#define SC_TYPE_SETTINGS (sc_settings_get_type ())
G_DECLARE_FINAL_TYPE (ScSettings, sc_settings, SC, SETTINGS, GObject)

/**
 * sc_settings_get_default:
 *
 * Returns: (transfer none): the settings of this process, made at the first call
 */
ScSettings      *sc_settings_get_default          (void);

/**
 * sc_settings_new:
 *
 * For tests: settings apart from the process's own.
 *
 * Returns: (transfer full): settings on the default GSettings backend
 */
ScSettings      *sc_settings_new                  (void);

/**
 * sc_settings_is_available:
 *
 * Returns: %TRUE if the schemas are installed; without them GSettings would end the process
 */
gboolean         sc_settings_is_available         (void);

/**
 * sc_settings_list_profiles:
 * @self: settings
 *
 * Returns: (transfer full) (element-type ScProfile): copies of all configured profiles in the
 *   user's order, without keys
 */
GPtrArray       *sc_settings_list_profiles        (ScSettings       *self);

/**
 * sc_settings_dup_profile:
 * @self: settings
 * @id: (nullable): a profile's id
 *
 * Returns: (transfer full) (nullable): a copy of that profile, or %NULL if there is none
 */
ScProfile       *sc_settings_dup_profile          (ScSettings       *self,
                                                   const char       *id);

/**
 * sc_settings_dup_profile_by_name:
 * @self: settings
 * @name: a profile's name (case does not matter) or id
 *
 * Returns: (transfer full) (nullable): a copy of that profile, or %NULL if there is none
 */
ScProfile       *sc_settings_dup_profile_by_name  (ScSettings       *self,
                                                   const char       *name);

/**
 * sc_settings_save_profile:
 * @self: settings
 * @profile: the profile; added at the end of the list if its id is new. Its key is not stored
 *
 * Writes a profile.
 */
void             sc_settings_save_profile         (ScSettings       *self,
                                                   const ScProfile  *profile);

/**
 * sc_settings_remove_profile:
 * @self: settings
 * @id: a profile's id
 *
 * Takes a profile out of the list and resets its keys. The caller clears its secret.
 */
void             sc_settings_remove_profile       (ScSettings       *self,
                                                   const char       *id);

/**
 * sc_settings_move_profile:
 * @self: settings
 * @id: a profile's id
 * @position: its new index, clamped
 *
 * Reorders the list.
 */
void             sc_settings_move_profile         (ScSettings       *self,
                                                   const char       *id,
                                                   guint             position);

/**
 * sc_settings_list_recent_models:
 * @self: settings
 *
 * Returns: (transfer full): `PROFILE-ID\tMODEL` strings, most recent first, at most 8
 */
char           **sc_settings_list_recent_models   (ScSettings       *self);

/**
 * sc_settings_add_recent_model:
 * @self: settings
 * @profile: a profile's id
 * @model: a model
 *
 * Puts it at the front of the recent models.
 */
void             sc_settings_add_recent_model     (ScSettings       *self,
                                                   const char       *profile,
                                                   const char       *model);

/**
 * sc_settings_get_boolean:
 * @self: settings
 * @property: name of a boolean property of #ScSettings
 *
 * Returns: its value
 */
gboolean         sc_settings_get_boolean          (ScSettings       *self,
                                                   const char       *property);

G_END_DECLS
