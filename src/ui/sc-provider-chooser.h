/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of services with which adding a provider begins. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderChooser:
 *
 * Signal `chosen` (string): the id of a service was chosen.
 */
#define SC_TYPE_PROVIDER_CHOOSER (sc_provider_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderChooser, sc_provider_chooser, SC, PROVIDER_CHOOSER, AdwBin)

/**
 * sc_provider_chooser_start:
 * @self: the chooser
 *
 * Shows all services, and looks for those that run on this computer.
 */
void  sc_provider_chooser_start  (ScProviderChooser *self);

/**
 * sc_provider_chooser_search:
 * @self: the chooser
 * @words: what the name of a service has to hold
 *
 * What typing into the search field does.
 */
void  sc_provider_chooser_search (ScProviderChooser *self,
                                  const char        *words);

/**
 * sc_provider_chooser_choose:
 * @self: the chooser
 * @service: a service's id
 *
 * What activating a row does.
 */
void  sc_provider_chooser_choose (ScProviderChooser *self,
                                  const char        *service);

G_END_DECLS
