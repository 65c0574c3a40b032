/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The services people know by name, for "Add a provider": everything but the key filled in. And the
 * model servers that may run on this computer. */

#pragma once

#include <gio/gio.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScService:
 * @id: stable id
 * @name: its name
 * @protocol: the protocol to speak
 * @base_url: its base URL; "" where the user has to give one
 * @key_url: (nullable): the page where keys are made
 * @needs_key: it does not answer without a key
 * @port: the local port to look at, 0 for hosted services
 * @probe_path: (nullable): the path that answers 200 where it runs locally
 */
struct _ScService
{
  const char *id;
  const char *name;
  const char *protocol;
  const char *base_url;
  const char *key_url;
  gboolean    needs_key;
  guint16     port;
  const char *probe_path;
};

/**
 * sc_service_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): all known services in the order to show them;
 *   "Other (OpenAI-compatible)" last
 */
const ScService * const *sc_service_list          (void);

/**
 * sc_service_find:
 * @id: (nullable): a service's id
 *
 * Returns: (transfer none) (nullable): the service, or %NULL
 */
const ScService         *sc_service_find          (const char           *id);

/**
 * sc_service_create_profile:
 * @self: a service
 *
 * Returns: (transfer full): a new profile with everything filled in but the key
 */
ScProfile               *sc_service_create_profile (const ScService      *self);

/**
 * sc_service_find_local_async:
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Looks for model servers on this computer: only 127.0.0.1, only the known ports, all at once, 400
 * ms at the most, and never through a proxy.
 */
void                     sc_service_find_local_async  (GCancellable        *cancellable,
                                                       GAsyncReadyCallback  callback,
                                                       gpointer             user_data);

/**
 * sc_service_find_local_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScService) (nullable): the services that answered,
 *   maybe none; %NULL with %G_IO_ERROR_CANCELLED set if it was cancelled
 */
GPtrArray               *sc_service_find_local_finish (GAsyncResult        *result,
                                                       GError             **error);

G_END_DECLS
