/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Access tokens for Vertex AI, made from a key file that the keyring holds as the key: a service
 * account's (a signed assertion, RFC 7523) or that of a signed-in user (a refresh token, RFC 6749
 * section 6). Building a request is pure and immediate, so this comes before it. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * sc_vertex_token_is_needed:
 * @profile: a profile with its key
 *
 * Returns: %TRUE if its key is a key file that has to be exchanged before a request is built
 */
gboolean  sc_vertex_token_is_needed (const ScProfile      *profile);

/**
 * sc_vertex_token_async:
 * @profile: a profile whose key is a key file; its proxy and CA file are used. Copied
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets an access token: the one at hand if it is good for 5 minutes at least, else a new one from
 * the `token_uri` of the key file (Google's if it names none), which must be `https` or on this
 * computer. Tokens are held in memory only.
 */
void      sc_vertex_token_async     (const ScProfile      *profile,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);

/**
 * sc_vertex_token_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the token; %NULL with %SC_ERROR_AUTH if the key file is none
 *   or was not accepted, another error of %SC_ERROR if the token server could not be asked, or
 *   %G_IO_ERROR_CANCELLED set. Messages are fit for people and hold nothing of the key file
 */
char     *sc_vertex_token_finish    (GAsyncResult         *result,
                                     GError              **error);

/**
 * sc_vertex_token_apply:
 * @profile: the profile the token was made for
 * @token: its token
 *
 * Makes the profile ready for requests: the token becomes its key, and a base URL without a project
 * gets that of the key file.
 */
void      sc_vertex_token_apply     (ScProfile            *profile,
                                     const char           *token);

/**
 * sc_vertex_token_forget:
 * @token: (nullable): a token that the service did not accept any more
 *
 * Lets the next sc_vertex_token_async() fetch a new one: to be called after a 401, once.
 *
 * Returns: %TRUE if it was one of ours, so that another can be had
 */
gboolean  sc_vertex_token_forget    (const char           *token);

G_END_DECLS
