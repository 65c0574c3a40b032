/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What OpenAI's two WebSocket protocols share: the request that asks for the upgrade. Private to
 * the providers. */

#pragma once

#include "sc-http.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * sc_openai_websocket_build_request:
 * @profile: whom to ask
 * @path: the protocol's fixed path
 * @model: (nullable): the model, where the address has to name it
 * @error: return location
 *
 * Builds the upgrade (RFC 6455 4.1): a GET of a `ws` or `wss` address with the key in a header.
 * What makes it an upgrade is added by the transport.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with %SC_ERROR_INVALID_REQUEST set
 */
ScHttpRequest *sc_openai_websocket_build_request (const ScProfile  *profile,
                                                  const char       *path,
                                                  const char       *model,
                                                  GError          **error);

G_END_DECLS
