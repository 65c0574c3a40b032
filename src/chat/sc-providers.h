/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which providers there are right now: the configured ones, the built-in Demo, and a temporary one from the command
 * line; their keys when a request is made, their model lists, their connections. */

#pragma once

#include <gio/gio.h>

#include "sc-download.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScProviderState:
 * @SC_PROVIDER_UNKNOWN: it was not asked yet, or said something that tells neither
 * @SC_PROVIDER_WORKS: it answered well when it was asked last
 * @SC_PROVIDER_UNREACHABLE: it could not be reached
 * @SC_PROVIDER_SIGNED_OUT: it did not accept the key
 */
typedef enum
{
  SC_PROVIDER_UNKNOWN,
  SC_PROVIDER_WORKS,
  SC_PROVIDER_UNREACHABLE,
  SC_PROVIDER_SIGNED_OUT,
} ScProviderState;

/**
 * ScProviders:
 *
 * Signal `changed`: the list, a profile or a model list changed.
 */
#define SC_TYPE_PROVIDERS (sc_providers_get_type ())
G_DECLARE_FINAL_TYPE (ScProviders, sc_providers, SC, PROVIDERS, GObject)

/**
 * sc_providers_get_default:
 *
 * Returns: (transfer none): the providers of this process, made at the first call
 */
ScProviders *sc_providers_get_default        (void);

/**
 * sc_providers_list:
 * @self: the providers
 *
 * Returns: (transfer full) (element-type ScProfile): copies without keys: the temporary one first, then the configured
 *   ones in the user's order, Demo last if it is offered
 */
GPtrArray   *sc_providers_list               (ScProviders         *self);

/**
 * sc_providers_set_temporary:
 * @self: the providers
 * @profile: (nullable): a profile of the command line, with its key; copied, never saved
 *
 * Puts it first in the list and makes it the default of this process.
 */
void         sc_providers_set_temporary      (ScProviders         *self,
                                              const ScProfile     *profile);

/**
 * sc_providers_dup_default_id:
 * @self: the providers
 *
 * Returns: (transfer full) (nullable): the id of the profile for new conversations; %NULL if there is none at all
 */
char        *sc_providers_dup_default_id     (ScProviders         *self);

/**
 * sc_providers_resolve_async:
 * @self: the providers
 * @id: (nullable): a profile's id; %NULL is the default
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets a profile ready for a request, with its key from the keyring; starts the Demo server for Demo.
 * A key file of Google Cloud is exchanged for an access token (see sc_vertex_token_async()).
 */
void         sc_providers_resolve_async      (ScProviders         *self,
                                              const char          *id,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);

/**
 * sc_providers_resolve_entered_async:
 * @self: the providers
 * @id: (nullable): a profile's id; %NULL is the default
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * As sc_providers_resolve_async(), with the key as it was entered: for sc_protocol_list_models_async(), which
 * exchanges a key file itself and can do so again where a token was not accepted. Ends in
 * sc_providers_resolve_finish() too.
 */
void         sc_providers_resolve_entered_async (ScProviders      *self,
                                              const char          *id,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);

/**
 * sc_providers_resolve_finish:
 * @self: the providers
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the profile with its key; %NULL with %SC_ERROR_NOT_FOUND (no
 *   such provider), %SC_ERROR_KEYRING, %SC_ERROR_AUTH (a key file that was not accepted), another
 *   error of %SC_ERROR where no token could be had, or %G_IO_ERROR_CANCELLED set
 */
ScProfile   *sc_providers_resolve_finish     (ScProviders         *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/**
 * sc_providers_dup_profile:
 * @self: the providers
 * @id: (nullable): a profile's id
 *
 * Returns: (transfer full) (nullable): that profile without its key, or %NULL if there is none
 */
ScProfile   *sc_providers_dup_profile        (ScProviders         *self,
                                              const char          *id);

/**
 * sc_providers_accept_certificate:
 * @self: the providers
 * @id: a profile's id
 * @fingerprint: (nullable): SHA-256 of the only certificate to accept from it; %NULL trusts as the system does
 *
 * Pins a certificate for one provider: from the next request on, and for ever, or for this session where the provider
 * is the one of the command line.
 *
 * Returns: %FALSE if there is no such profile
 */
gboolean     sc_providers_accept_certificate (ScProviders         *self,
                                              const char          *id,
                                              const char          *fingerprint);

/**
 * sc_providers_get_client:
 * @self: the providers
 * @profile: a profile
 *
 * Returns: (transfer none): the HTTP client for it, kept so that connections are used again; made anew when the
 *   profile's network settings changed
 */
ScHttpClient *sc_providers_get_client        (ScProviders         *self,
                                              const ScProfile     *profile);

/**
 * sc_providers_peek_models:
 * @self: the providers
 * @id: a profile's id
 *
 * Returns: (transfer none) (nullable) (element-type ScModel): its model list as last fetched, %NULL if it was not
 */
GPtrArray   *sc_providers_peek_models        (ScProviders         *self,
                                              const char          *id);

/**
 * sc_providers_fetch_models_async:
 * @self: the providers
 * @id: a profile's id
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Fetches the model list of a provider and keeps it for sc_providers_peek_models().
 */
void         sc_providers_fetch_models_async  (ScProviders         *self,
                                               const char          *id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);

/**
 * sc_providers_fetch_models_finish:
 * @self: the providers
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with an error of %SC_ERROR whose message is fit for people
 */
gboolean     sc_providers_fetch_models_finish (ScProviders         *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/**
 * sc_providers_start_download:
 * @self: the providers
 * @profile: whose server is to have the model, with the key if it was typed just now
 * @model: the name of the model
 *
 * Has a server fetch a model, one at a time. It goes on until it is stopped or the program ends, whether somebody
 * looks at it or not; then the model lists of that server are fetched anew.
 *
 * Returns: (transfer none): the download; the one that runs already if there is one
 */
ScDownload  *sc_providers_start_download      (ScProviders         *self,
                                               const ScProfile     *profile,
                                               const char          *model);

/**
 * sc_providers_get_download:
 * @self: the providers
 * @profile: a profile
 *
 * Returns: (transfer none) (nullable): the last download onto its server, running or ended
 */
ScDownload  *sc_providers_get_download        (ScProviders         *self,
                                               const ScProfile     *profile);

/**
 * sc_providers_forget_download:
 * @self: the providers
 * @profile: a profile
 *
 * Stops the download onto its server, if it runs, and shows it no more.
 */
void         sc_providers_forget_download     (ScProviders         *self,
                                               const ScProfile     *profile);

/**
 * sc_providers_note_result:
 * @self: the providers
 * @id: a profile's id
 * @error: (nullable): what went wrong when it was asked, %NULL if nothing did
 *
 * Remembers for this session what came of asking a provider.
 */
void         sc_providers_note_result         (ScProviders         *self,
                                               const char          *id,
                                               const GError        *error);

/**
 * sc_providers_forget_result:
 * @self: the providers
 * @id: a profile's id
 *
 * Its key is another one: what was known does not count any more.
 */
void         sc_providers_forget_result       (ScProviders         *self,
                                               const char          *id);

/**
 * sc_providers_get_state:
 * @self: the providers
 * @id: a profile's id
 *
 * Returns: what came of asking it last, with the address and the network settings it has now
 */
ScProviderState sc_providers_get_state        (ScProviders         *self,
                                               const char          *id);

G_END_DECLS
