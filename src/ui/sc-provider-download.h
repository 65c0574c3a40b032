/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the provider editor that have a server fetch a model. The download itself belongs to
 * the providers and goes on without them. */

#pragma once

#include <adwaita.h>

#include "sc-provider-models.h"

G_BEGIN_DECLS

/**
 * ScProviderDownload:
 *
 * Signal `downloaded`: the server has one model more.
 */
#define SC_TYPE_PROVIDER_DOWNLOAD (sc_provider_download_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderDownload, sc_provider_download, SC, PROVIDER_DOWNLOAD,
                      AdwPreferencesGroup)

/**
 * sc_provider_download_set_source:
 * @self: the group
 * @source: gives the profile whose server to use; called only while @user_data lives, which owns
 *   the group
 * @user_data: for @source
 *
 * Tells where to download to.
 */
void sc_provider_download_set_source (ScProviderDownload   *self,
                                      ScProviderSourceFunc  source,
                                      gpointer              user_data);

/**
 * sc_provider_download_update:
 * @self: the group
 * @profile: the profile as it stands in the editor
 *
 * Appears where the server can download models, with the download that it has.
 */
void sc_provider_download_update     (ScProviderDownload   *self,
                                      const ScProfile      *profile);

G_END_DECLS
