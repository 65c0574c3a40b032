/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A session drives one answer of a conversation: finds the provider, builds the prompt from the
 * shown path, runs it, writes the events into the answer's turn, and makes checkpoints in the
 * store. */

#pragma once

#include "sc-conversation.h"
#include "sc-options.h"

G_BEGIN_DECLS

typedef struct _ScSession ScSession;

/**
 * sc_session_set_options:
 * @options: (nullable) (transfer none): options that stay valid, or %NULL for none
 *
 * From now on every answer of this process obeys the clocks, the retries and the way of answering of
 * the command line, whichever provider gives it.
 */
void       sc_session_set_options   (const ScOptions *options);

/**
 * sc_session_start:
 * @conversation: a conversation; it owns the session and outlives it
 * @answer: the last turn of its shown path, streaming and empty
 *
 * Begins to ask. Nothing changes before this function returned; the end is told by
 * sc_conversation_session_ended().
 *
 * Returns: (transfer full): the session
 */
ScSession *sc_session_start         (ScConversation *conversation,
                                     ScTurn         *answer);

/**
 * sc_session_stop:
 * @self: a session
 *
 * Stops it now; the session has ended (and is freed) when this function returns.
 */
void       sc_session_stop          (ScSession      *self);

/**
 * sc_session_free:
 * @self: (nullable) (transfer full): a session
 *
 * Frees it; one that has not ended is stopped silently.
 */
void       sc_session_free          (ScSession      *self);

/**
 * sc_session_skip_wait:
 * @self: a session
 *
 * Ends the wait before an automatic retry now.
 */
void       sc_session_skip_wait     (ScSession      *self);

/**
 * sc_session_set_throttled:
 * @self: a session
 * @throttled: whether to stop reading from the socket
 *
 * Back-pressure.
 */
void       sc_session_set_throttled (ScSession      *self,
                                     gboolean        throttled);

G_END_DECLS
