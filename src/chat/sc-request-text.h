/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The request of an answer as text for people, without any secret. */

#pragma once

#include "sc-conversation.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScRequestText:
 * @text: the request: method, address, headers and indented body. Secrets are hidden, and what is
 *   very long in the body (pictures) is shortened
 * @curl: (nullable): the same as a shell command, whole, that takes the key from the variable
 *   `STREAM_CHAT_API_KEY`; %NULL for WebSockets, which that command does not speak
 */
typedef struct
{
  char *text;
  char *curl;
} ScRequestText;

/**
 * sc_request_text_new:
 * @conversation: a conversation
 * @answer: an answer of its shown path
 * @profile: whom the conversation talks to. Its key is only looked for, to hide it; a service that
 *   is not on this computer is taken to want one
 * @error: return location
 *
 * Builds the request for @answer as it would be sent now.
 *
 * Returns: (transfer full) (nullable): its text, or %NULL with an error of %SC_ERROR set if there
 *   is no such request
 */
ScRequestText *sc_request_text_new  (ScConversation   *conversation,
                                     ScTurn           *answer,
                                     const ScProfile  *profile,
                                     GError          **error);

/**
 * sc_request_text_free:
 * @self: (nullable) (transfer full): a request's text
 *
 * Frees it.
 */
void           sc_request_text_free (ScRequestText    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScRequestText, sc_request_text_free)

G_END_DECLS
