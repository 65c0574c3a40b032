/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys of providers in the desktop's keyring. Where there is no keyring a key lives in this process
 * until it ends, and the caller is told so. */

#pragma once

#include <gio/gio.h>

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * ScSecretPlace:
 * @SC_SECRET_NONE: there is no key
 * @SC_SECRET_KEYRING: it is in the keyring
 * @SC_SECRET_SESSION: it is only in this process, because no keyring could be used
 */
typedef enum
{
  SC_SECRET_NONE,
  SC_SECRET_KEYRING,
  SC_SECRET_SESSION,
} ScSecretPlace;

/**
 * sc_secrets_store_async:
 * @profile: a profile's id
 * @label: what the keyring shows, for example "Stream Chat: OpenAI"
 * @key: the key
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Stores a key, replacing an older one.
 */
void           sc_secrets_store_async   (const char           *profile,
                                         const char           *label,
                                         const char           *key,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);

/**
 * sc_secrets_store_finish:
 * @result: what the callback got
 * @error: return location; only for a cancelled call
 *
 * Returns: where the key is now; %SC_SECRET_NONE with @error set only if the call was cancelled
 */
ScSecretPlace  sc_secrets_store_finish  (GAsyncResult         *result,
                                         GError              **error);

/**
 * sc_secrets_lookup_async:
 * @profile: a profile's id
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Looks a key up. A locked keyring asks the user through the desktop's own dialog.
 */
void           sc_secrets_lookup_async  (const char           *profile,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);

/**
 * sc_secrets_lookup_finish:
 * @result: what the callback got
 * @place: (out) (optional): where it was found
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the key, to be freed by sc_secrets_free(); %NULL without
 *   @error if there is none, %NULL with %SC_ERROR_KEYRING set if the keyring could not be read, or
 *   %G_IO_ERROR_CANCELLED
 */
char          *sc_secrets_lookup_finish (GAsyncResult         *result,
                                         ScSecretPlace        *place,
                                         GError              **error);

/**
 * sc_secrets_clear_async:
 * @profile: a profile's id
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes a key from the keyring and from this process.
 */
void           sc_secrets_clear_async   (const char           *profile,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);

/**
 * sc_secrets_clear_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE if no key is left, or %FALSE with %SC_ERROR_KEYRING or %G_IO_ERROR_CANCELLED set
 */
gboolean       sc_secrets_clear_finish  (GAsyncResult         *result,
                                         GError              **error);

/**
 * sc_secrets_free:
 * @key: (nullable) (transfer full): a key
 *
 * Overwrites the memory and frees it.
 */
void           sc_secrets_free          (char                 *key);

G_END_DECLS
