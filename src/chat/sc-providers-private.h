/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rest of this folder needs of the providers beyond their public face. */

#pragma once

#include "sc-providers.h"
#include "sc-settings.h"

G_BEGIN_DECLS

/** SC_TEMPORARY_PROFILE_ID: id of the provider of the command line, the same at every start */
#define SC_TEMPORARY_PROFILE_ID "command-line"

/*< private >
 * What the files of the providers share. @clients, @models and @states are tables of sc-kept.h; @downloads is by base
 * URL: the server has the models, whatever profile leads to it. */
struct _ScProviders
{
  GObject       parent_instance;
  ScSettings   *settings;
  GSignalGroup *settings_signals;
  ScProfile    *temporary;
  GHashTable   *clients;
  GHashTable   *models;
  GHashTable   *states;
  GHashTable   *downloads;
};

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

/**
 * sc_providers_emit_changed:
 * @self: the providers
 *
 * Tells everybody that something about the providers is new.
 */
void         sc_providers_emit_changed (ScProviders *self);

/**
 * sc_providers_stop_downloads:
 * @self: the providers
 *
 * Stops what is being downloaded, without a word of it.
 */
void         sc_providers_stop_downloads (ScProviders *self);

G_END_DECLS
