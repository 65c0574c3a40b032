/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol `openai-realtime`: OpenAI's Realtime with text instead of sound. Private to the
 * registry. */

#pragma once

#include "sc-http.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * sc_openai_realtime_build_request:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the upgrade, see #ScProtocol
 */
ScHttpRequest *sc_openai_realtime_build_request   (const ScProfile  *profile,
                                                   const ScPrompt   *prompt,
                                                   GError          **error);

/**
 * sc_openai_realtime_build_opening:
 * @profile: whom to ask
 * @prompt: what to say
 * @error: return location
 *
 * The session, the conversation item by item, and the wish for an answer. The server takes events
 * in order, so nothing has to be waited for between them.
 *
 * Returns: (transfer container) (nullable): see #ScProtocol
 */
GPtrArray     *sc_openai_realtime_build_opening   (const ScProfile  *profile,
                                                   const ScPrompt   *prompt,
                                                   GError          **error);

/**
 * sc_openai_realtime_build_interrupt:
 * @response_id: (nullable): which response to stop
 *
 * Returns: (transfer full): see #ScProtocol
 */
char          *sc_openai_realtime_build_interrupt (const char       *response_id);

/**
 * sc_openai_realtime_create_decoder:
 *
 * Returns: (transfer full): a decoder for one answer
 */
ScDecoder     *sc_openai_realtime_create_decoder  (void);

G_END_DECLS
