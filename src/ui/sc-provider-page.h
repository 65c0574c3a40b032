/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page over the preferences in which a provider is added (the list of services, then the
 * editor) or edited. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderPage:
 *
 * Signal `closed`: the page is done and wants to be taken away. Actions `provider-page.back`,
 * `provider-page.add`.
 */
#define SC_TYPE_PROVIDER_PAGE (sc_provider_page_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderPage, sc_provider_page, SC, PROVIDER_PAGE, AdwBin)

/**
 * sc_provider_page_new:
 *
 * Returns: (transfer floating): an empty page
 */
ScProviderPage *sc_provider_page_new   (void);

/**
 * sc_provider_page_start:
 * @self: the page
 *
 * Shows the list of services, to add a provider.
 */
void            sc_provider_page_start (ScProviderPage  *self);

/**
 * sc_provider_page_draft:
 * @self: the page
 * @service: (transfer none): a known service
 *
 * Shows the editor with a new provider of a service.
 */
void            sc_provider_page_draft (ScProviderPage  *self,
                                        const ScService *service);

/**
 * sc_provider_page_edit:
 * @self: the page
 * @profile: a saved profile
 *
 * Shows the editor with a provider that exists.
 */
void            sc_provider_page_edit  (ScProviderPage  *self,
                                        const ScProfile *profile);

G_END_DECLS
