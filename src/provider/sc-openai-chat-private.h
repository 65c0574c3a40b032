/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two halves of the openai-chat request builder share. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"

G_BEGIN_DECLS

/**
 * sc_openai_chat_create_messages:
 * @prompt: what to say
 * @system_role: `system` or `developer`
 * @error: return location
 *
 * Says the conversation the way this protocol wants it: every tool call answered directly after it,
 * raw reasoning only back to the model that made it, attachments as parts.
 *
 * Returns: (transfer full) (nullable): the messages, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   an attachment cannot be sent
 */
JsonArray *sc_openai_chat_create_messages (const ScPrompt  *prompt,
                                           const char      *system_role,
                                           GError         **error);

G_END_DECLS
