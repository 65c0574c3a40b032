/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rest of this folder needs of the providers beyond their public face. */

#pragma once

#include "sc-providers.h"

G_BEGIN_DECLS

/** SC_TEMPORARY_PROFILE_ID: id of the provider of the command line, the same at every start */
#define SC_TEMPORARY_PROFILE_ID "command-line"

/**
 * sc_providers_new:
 *
 * For tests: providers apart from the process's own.
 *
 * Returns: (transfer full): providers
 */
ScProviders *sc_providers_new          (void);

/**
 * sc_providers_is_temporary:
 * @self: the providers
 * @id: (nullable): a profile's id
 *
 * Returns: %TRUE if it is the one of the command line, which is not there at the next start
 */
gboolean     sc_providers_is_temporary (ScProviders *self,
                                        const char  *id);

G_END_DECLS
