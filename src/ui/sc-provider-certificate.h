/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog that shows the certificate of a provider's server, and asks whether to accept this
 * very one for this provider. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderCertificate:
 *
 * Signal `accepted` (string): somebody accepted the certificate with this fingerprint, SHA-256 in
 * lower-case hex. The dialog closes then.
 */
#define SC_TYPE_PROVIDER_CERTIFICATE (sc_provider_certificate_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderCertificate, sc_provider_certificate, SC, PROVIDER_CERTIFICATE,
                      AdwWindow)

/**
 * sc_provider_certificate_new:
 * @parent: (nullable): the window it belongs to
 * @profile: whose server's certificate to show
 *
 * Asks the server for its certificate and shows it; nothing is accepted before the button says so.
 *
 * Returns: (transfer none): the dialog, to be presented
 */
GtkWindow *sc_provider_certificate_new (GtkWindow       *parent,
                                        const ScProfile *profile);

G_END_DECLS
