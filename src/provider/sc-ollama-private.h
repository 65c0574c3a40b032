/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the halves of the ollama request builder share. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"

G_BEGIN_DECLS

/**
 * sc_ollama_create_messages:
 * @prompt: what to say
 * @error: return location
 *
 * Says the conversation: pictures as bare base64, arguments as objects, every call answered, and
 * the thinking of an answer that called tools back to the model that thought it.
 *
 * Returns: (transfer full) (nullable): the messages, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   an attachment cannot be sent
 */
JsonArray *sc_ollama_create_messages (const ScPrompt  *prompt,
                                      GError         **error);

/**
 * sc_ollama_add_parameters:
 * @body: the body, changed in place
 * @prompt: whose parameters and model count
 *
 * Adds what the user set: sampling and lengths as `options`, how hard to think as `think`.
 */
void       sc_ollama_add_parameters  (JsonObject      *body,
                                      const ScPrompt  *prompt);

G_END_DECLS
