/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files of Google Cloud: reading them, and saying what has to be sent for a token. Private to
 * the tokens of Vertex AI. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScVertexKey:
 * @token_uri: where to ask for a token; `https` or on this computer
 * @project: (nullable): the project it names
 * @is_service_account: a service account's, else a signed-in user's
 * @email: (nullable): who signs, a service account
 * @key_id: (nullable): id of @private_key
 * @private_key: (nullable): what to sign with, PEM
 * @client_id: (nullable): id of the program that a user signed in with
 * @client_secret: (nullable): its secret
 * @refresh_token: (nullable): what a user's token is made of
 *
 * What a key file says.
 */
typedef struct
{
  char     *token_uri;
  char     *project;
  gboolean  is_service_account;
  char     *email;
  char     *key_id;
  char     *private_key;
  char     *client_id;
  char     *client_secret;
  char     *refresh_token;
} ScVertexKey;

/**
 * sc_vertex_key_parse:
 * @text: the text of a key file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL with %SC_ERROR_AUTH set if it is no
 *   key file, of a kind that is not understood, or wants its secrets sent over an open line
 */
ScVertexKey *sc_vertex_key_parse       (const char         *text,
                                        GError            **error);

/**
 * sc_vertex_key_free:
 * @self: (nullable) (transfer full): a key
 *
 * Frees it; secrets are overwritten first.
 */
void         sc_vertex_key_free        (ScVertexKey        *self);

/**
 * sc_vertex_key_build_form:
 * @self: a key
 * @now: seconds since 1970
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body of the request for a token,
 *   `application/x-www-form-urlencoded`, or %NULL with %SC_ERROR_AUTH set if the private key is
 *   none
 */
char        *sc_vertex_key_build_form  (const ScVertexKey  *self,
                                        gint64              now,
                                        GError            **error);

/**
 * sc_vertex_key_get_secret:
 * @self: a key
 *
 * Returns: (transfer none) (nullable): the part that a server might echo in words for people and
 *   that must not be shown
 */
const char  *sc_vertex_key_get_secret  (const ScVertexKey  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScVertexKey, sc_vertex_key_free)

G_END_DECLS
