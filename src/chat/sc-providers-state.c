/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was last seen of the providers. */

#include "config.h"

#include "sc-providers-private.h"

#include "sc-error.h"
#include "sc-kept.h"

/* What a state was seen with: another address or way there makes it stale. */
static char *
create_state_signature (const ScProfile *profile)
{
  g_autofree char *address = sc_kept_create_address_signature (profile);
  g_autofree char *network = sc_kept_create_network_signature (profile);

  return g_strconcat (address, "\n", network, NULL);
}

static ScProviderState
judge_result (const GError *error)
{
  if (error == NULL)
    return SC_PROVIDER_WORKS;
  if (g_error_matches (error, SC_ERROR, SC_ERROR_AUTH))
    return SC_PROVIDER_SIGNED_OUT;
  /* A timeout with a code is one that the service itself tells of. */
  if (g_error_matches (error, SC_ERROR, SC_ERROR_NETWORK) ||
      (g_error_matches (error, SC_ERROR, SC_ERROR_TIMEOUT) && sc_error_get_code (error) == NULL) ||
      g_error_matches (error, SC_ERROR, SC_ERROR_TLS))
    return SC_PROVIDER_UNREACHABLE;
  /* Whatever else it says, it answers. */
  return SC_PROVIDER_UNKNOWN;
}

void
sc_providers_note_result (ScProviders  *self,
                          const char   *id,
                          const GError *error)
{
  g_autoptr (ScProfile) profile = NULL;
  g_autofree char *signature = NULL;
  ScProviderState state = judge_result (error);
  ScProviderState before;

  g_return_if_fail (SC_IS_PROVIDERS (self));
  g_return_if_fail (id != NULL);

  profile = sc_providers_dup_profile (self, id);
  before = sc_providers_get_state (self, id);
  if (profile == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      before == state)
    return;
  signature = create_state_signature (profile);
  sc_kept_insert (self->states, id, signature, g_memdup2 (&state, sizeof state), g_free);
  /* That all is well is no news. */
  if (MAX (before, state) > SC_PROVIDER_WORKS)
    sc_providers_emit_changed (self);
}

void
sc_providers_forget_result (ScProviders *self,
                            const char  *id)
{
  g_return_if_fail (SC_IS_PROVIDERS (self));
  g_return_if_fail (id != NULL);

  if (g_hash_table_remove (self->states, id))
    sc_providers_emit_changed (self);
}

ScProviderState
sc_providers_get_state (ScProviders *self,
                        const char  *id)
{
  g_autoptr (ScProfile) profile = NULL;
  g_autofree char *signature = NULL;
  const ScProviderState *state;

  g_return_val_if_fail (SC_IS_PROVIDERS (self), SC_PROVIDER_UNKNOWN);

  profile = sc_providers_dup_profile (self, id);
  if (profile == NULL)
    return SC_PROVIDER_UNKNOWN;
  signature = create_state_signature (profile);
  state = sc_kept_lookup (self->states, id, signature);
  return state != NULL ? *state : SC_PROVIDER_UNKNOWN;
}
