/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the provider editor about the key. A stored key is never read into a widget: the
 * rows know only where it is. */

#pragma once

#include <adwaita.h>

#include "sc-secrets.h"

G_BEGIN_DECLS

/**
 * ScProviderKey:
 *
 * Signal `changed`: what is typed, or whether there is a key, changed.
 */
#define SC_TYPE_PROVIDER_KEY (sc_provider_key_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderKey, sc_provider_key, SC, PROVIDER_KEY, AdwPreferencesGroup)

/**
 * sc_provider_key_load:
 * @self: the group
 * @profile: whose key
 * @is_draft: the profile is not saved yet: what is typed stays typed until sc_provider_key_store()
 *
 * Shows where the key of a profile is.
 */
void          sc_provider_key_load      (ScProviderKey   *self,
                                         const ScProfile *profile,
                                         gboolean         is_draft);

/**
 * sc_provider_key_set_name:
 * @self: the group
 * @name: the provider's name as it is now, for the label in the keyring
 */
void          sc_provider_key_set_name  (ScProviderKey   *self,
                                         const char      *name);

/**
 * sc_provider_key_dup_typed:
 * @self: the group
 *
 * Returns: (transfer full) (nullable): the key that is typed and not stored yet, to be freed by
 *   sc_secrets_free(); %NULL if nothing is typed
 */
char         *sc_provider_key_dup_typed (ScProviderKey   *self);

/**
 * sc_provider_key_has_key:
 * @self: the group
 *
 * Returns: %TRUE if a key is stored or typed
 */
gboolean      sc_provider_key_has_key   (ScProviderKey   *self);

/**
 * sc_provider_key_store:
 * @self: the group
 *
 * Stores what is typed, if anything is, and empties the field. The storing goes on when the widget
 * is gone.
 */
void          sc_provider_key_store     (ScProviderKey   *self);

/**
 * sc_provider_key_mark:
 * @self: the group
 * @is_refused: whether the service did not accept the key
 *
 * Marks the key as the thing to look at.
 */
void          sc_provider_key_mark      (ScProviderKey   *self,
                                         gboolean         is_refused);

/**
 * sc_provider_key_describe_place:
 * @place: where a key is
 *
 * Returns: (transfer none): it in words
 */
const char   *sc_provider_key_describe_place (ScSecretPlace place);

/**
 * sc_provider_key_copy:
 * @from: id of the profile that has a key
 * @to: id of the profile that gets the same
 * @name: name of the second profile
 *
 * Copies a key inside the keyring, in the background; does nothing where there is none.
 */
void          sc_provider_key_copy      (const char      *from,
                                         const char      *to,
                                         const char      *name);

/**
 * sc_provider_key_clear:
 * @profile: a profile's id
 *
 * Removes its key in the background.
 */
void          sc_provider_key_clear     (const char      *profile);

/**
 * sc_provider_key_load_file:
 * @self: the group
 * @file: a key file
 *
 * What the file chooser does when a file was chosen: takes its text for the key.
 */
void         sc_provider_key_load_file       (ScProviderKey   *self,
                                              GFile           *file);

G_END_DECLS
