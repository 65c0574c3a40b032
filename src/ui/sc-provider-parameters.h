/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folded row of the provider editor with the default parameters of requests. Every one is
 * unset by default, and only what is set is sent. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderParameters:
 *
 * Signal `changed`: somebody edited a parameter.
 */
#define SC_TYPE_PROVIDER_PARAMETERS (sc_provider_parameters_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderParameters, sc_provider_parameters, SC, PROVIDER_PARAMETERS,
                      AdwExpanderRow)

/**
 * sc_provider_parameters_load:
 * @self: the row
 * @profile: what to show
 *
 * Shows the parameters of a profile, without the signal `changed`.
 */
void     sc_provider_parameters_load  (ScProviderParameters *self,
                                       const ScProfile      *profile);

/**
 * sc_provider_parameters_apply:
 * @self: the row
 * @profile: receives the parameters; untouched if one of them cannot be used
 *
 * Returns: %TRUE if every parameter can be used; otherwise the rows say why not
 */
gboolean sc_provider_parameters_apply (ScProviderParameters *self,
                                       ScProfile            *profile);

G_END_DECLS
