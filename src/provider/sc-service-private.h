/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking for servers in a list of one's own: what the tests need to look at ports of their own. */

#pragma once

#include "sc-service.h"

G_BEGIN_DECLS

/**
 * sc_service_probe_async:
 * @services: (array zero-terminated=1): where to look; must stay valid. Their ids say how an answer
 *   is recognised
 * @limit_ms: how long to wait for all of them together
 * @cancellable: (nullable): to stop it
 * @callback: called when done; finish with sc_service_find_local_finish()
 * @user_data: for @callback
 *
 * As sc_service_find_local_async().
 */
void sc_service_probe_async (const ScService * const *services,
                             guint                    limit_ms,
                             GCancellable            *cancellable,
                             GAsyncReadyCallback      callback,
                             gpointer                 user_data);

/**
 * sc_service_recognise:
 * @id: a service's id
 * @body: (array length=length): what its probe path answered with status 200
 * @length: how many bytes
 *
 * Returns: %TRUE if that is an answer of this server and not of another one on the same port
 */
gboolean sc_service_recognise (const char *id,
                               const char *body,
                               gsize       length);

G_END_DECLS
