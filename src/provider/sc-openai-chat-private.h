/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the halves of openai-chat share, and what a protocol needs that is the same but for a few
 * members: a dialect. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-decoder.h"
#include "sc-http.h"
#include "sc-message.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScOpenaiChatDialect:
 * @add_attachment: appends the part of a file; %FALSE with %SC_ERROR_INVALID_REQUEST set if it
 *   cannot be sent
 * @add_raw: adds to an assistant message what its raw form holds beside text and calls
 *
 * How a service differs that speaks this protocol otherwise. Its answers keep content that comes in
 * parts, to be sent back. Static.
 */
typedef struct
{
  gboolean (*add_attachment) (JsonArray           *parts,
                              const ScAttachment  *attachment,
                              GError             **error);
  void     (*add_raw)        (JsonObject          *object,
                              const ScMessage     *message,
                              const char          *model);
} ScOpenaiChatDialect;

/**
 * sc_openai_chat_create_messages:
 * @prompt: what to say
 * @system_role: `system` or `developer`
 * @dialect: (nullable): how the service differs
 * @error: return location
 *
 * Says the conversation the way this protocol wants it: every tool call answered directly after it,
 * raw reasoning only back to the model that made it, attachments as parts.
 *
 * Returns: (transfer full) (nullable): the messages, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   an attachment cannot be sent
 */
JsonArray     *sc_openai_chat_create_messages (const ScPrompt             *prompt,
                                               const char                 *system_role,
                                               const ScOpenaiChatDialect  *dialect,
                                               GError                    **error);

/**
 * sc_openai_chat_add_tools:
 * @body: a body
 * @tools: (nullable): definitions of tools, of any shape
 *
 * Adds them as functions, if there are any.
 */
void           sc_openai_chat_add_tools       (JsonObject                 *body,
                                               JsonNode                   *tools);

/**
 * sc_openai_chat_create_body:
 * @profile: whom to ask
 * @prompt: what to say
 * @dialect: (nullable): how the service differs; it gets no `stream_options`
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the body, an object, or %NULL with %SC_ERROR_INVALID_REQUEST
 *   set
 */
JsonNode      *sc_openai_chat_create_body     (const ScProfile            *profile,
                                               const ScPrompt             *prompt,
                                               const ScOpenaiChatDialect  *dialect,
                                               GError                    **error);

/**
 * sc_openai_chat_create_request:
 * @profile: whom to ask
 * @prompt: whether it is streamed
 * @body: the body
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the request with its headers, or %NULL with
 *   %SC_ERROR_INVALID_REQUEST set if the address is none
 */
ScHttpRequest *sc_openai_chat_create_request  (const ScProfile            *profile,
                                               const ScPrompt             *prompt,
                                               JsonNode                   *body,
                                               GError                    **error);

/**
 * sc_openai_chat_decoder_new:
 * @dialect: (nullable): how the service differs
 *
 * Returns: (transfer full): a decoder for one answer
 */
ScDecoder     *sc_openai_chat_decoder_new     (const ScOpenaiChatDialect  *dialect);

G_END_DECLS
