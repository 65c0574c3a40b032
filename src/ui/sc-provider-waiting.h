/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folded row of the provider editor with its clocks and automatic retries. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderWaiting:
 *
 * Signal `changed`: somebody edited a number.
 */
#define SC_TYPE_PROVIDER_WAITING (sc_provider_waiting_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderWaiting, sc_provider_waiting, SC, PROVIDER_WAITING, AdwExpanderRow)

/**
 * sc_provider_waiting_load:
 * @self: the row
 * @profile: what to show
 *
 * Shows the clocks of a profile, without the signal `changed`.
 */
void sc_provider_waiting_load  (ScProviderWaiting *self,
                                const ScProfile   *profile);

/**
 * sc_provider_waiting_apply:
 * @self: the row
 * @profile: receives what is shown; a clock that shows the same seconds as before keeps its
 *   milliseconds
 */
void sc_provider_waiting_apply (ScProviderWaiting *self,
                                ScProfile         *profile);

G_END_DECLS
