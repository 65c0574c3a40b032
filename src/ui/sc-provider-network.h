/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folded row of the provider editor about the way to the server: proxy, certificates,
 * headers. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderNetwork:
 *
 * Signal `changed`: somebody edited something.
 */
#define SC_TYPE_PROVIDER_NETWORK (sc_provider_network_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderNetwork, sc_provider_network, SC, PROVIDER_NETWORK, AdwExpanderRow)

/**
 * sc_provider_network_load:
 * @self: the row
 * @profile: what to show
 *
 * Shows the network settings of a profile, without the signal `changed`.
 */
void     sc_provider_network_load   (ScProviderNetwork *self,
                                     const ScProfile   *profile);

/**
 * sc_provider_network_apply:
 * @self: the row
 * @profile: receives what is shown; a part that cannot be used is left as it was
 *
 * Returns: %TRUE if everything can be used; otherwise the rows say why not
 */
gboolean sc_provider_network_apply  (ScProviderNetwork *self,
                                     ScProfile         *profile);

/**
 * sc_provider_network_set_ca_file:
 * @self: the row
 * @path: (nullable): a file with a PEM certificate; %NULL for none
 *
 * What the file chooser does when a file was chosen.
 */
void     sc_provider_network_set_ca_file (ScProviderNetwork *self,
                                          const char        *path);

/**
 * sc_provider_network_set_pin:
 * @self: the row
 * @fingerprint: (nullable): SHA-256 of the certificate that was accepted; %NULL for none
 *
 * What accepting a certificate does, and forgetting it.
 */
void     sc_provider_network_set_pin (ScProviderNetwork *self,
                                      const char        *fingerprint);

G_END_DECLS
