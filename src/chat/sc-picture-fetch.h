/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching a picture that an answer points at, after the reader agreed. Nothing goes along that says who asks: no key,
 * no cookie, no referrer, no header of a profile; of the profile only its proxy is used. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/* The largest picture that is fetched. */
#define SC_PICTURE_MAX_BYTES (20 * 1024 * 1024)

/**
 * sc_picture_can_fetch:
 * @address: what an answer points at
 *
 * Returns: %TRUE if it is an `http` or `https` address with a host
 */
gboolean sc_picture_can_fetch    (const char          *address);

/**
 * sc_picture_fetch_async:
 * @address: an address that can be fetched
 * @profile: (nullable): whose proxy to use; %NULL is the system's
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Fetches a picture. A few redirects are followed, never to another scheme than http and https and never from https to
 * http, nor from a public host to one of this computer or its network. What is longer than %SC_PICTURE_MAX_BYTES is
 * given up.
 */
void     sc_picture_fetch_async  (const char          *address,
                                  const ScProfile     *profile,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);

/**
 * sc_picture_fetch_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the bytes that came, of any kind; %NULL with an #ScError that says why in words
 *   or %G_IO_ERROR_CANCELLED
 */
GBytes  *sc_picture_fetch_finish (GAsyncResult        *result,
                                  GError             **error);

G_END_DECLS
