/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of a conversation: the truth that widgets show and the store keeps. An answer grows while it streams;
 * views remember how many bytes they have shown and catch up from here. */

#pragma once

#include <gio/gio.h>

#include "sc-event.h"
#include "sc-message.h"

G_BEGIN_DECLS

/**
 * ScTurnTimes:
 * @started_us: g_get_monotonic_time() when the request went out, 0 for turns of earlier starts
 * @first_byte_ms: from there to the response headers, -1 unknown
 * @first_text_ms: to the first text or reasoning, -1 unknown
 * @reasoning_ms: how long the model reasoned before its answer, -1 unknown
 * @total_ms: to the end, -1 while it streams or unknown
 */
typedef struct
{
  gint64 started_us;
  gint64 first_byte_ms;
  gint64 first_text_ms;
  gint64 reasoning_ms;
  gint64 total_ms;
} ScTurnTimes;

/**
 * ScTurn:
 *
 * Signals: `appended` (text, reasoning or tool calls grew; emitted once a batch, never for each token),
 * `changed` (anything else: status, failure, usage, text replaced).
 */
#define SC_TYPE_TURN (sc_turn_get_type ())
G_DECLARE_FINAL_TYPE (ScTurn, sc_turn, SC, TURN, GObject)

/**
 * sc_turn_new:
 * @role: who says it
 * @text: (nullable): its text so far
 *
 * Returns: (transfer full): a turn with a new id, made now, with status done (streaming for the assistant)
 */
ScTurn          *sc_turn_new                 (ScRole            role,
                                              const char       *text);

/**
 * sc_turn_get_id:
 * @self: a turn
 *
 * Returns: (transfer none): its UUID
 */
const char      *sc_turn_get_id              (ScTurn           *self);

/**
 * sc_turn_get_parent_id:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): the id of the turn before it
 */
const char      *sc_turn_get_parent_id       (ScTurn           *self);

/**
 * sc_turn_get_role:
 * @self: a turn
 *
 * Returns: who says it
 */
ScRole           sc_turn_get_role            (ScTurn           *self);

/**
 * sc_turn_get_text:
 * @self: a turn
 * @length: (out) (optional): its length in bytes
 *
 * Returns: (transfer none): the markdown text so far, valid UTF-8; valid until the main loop runs again
 */
const char      *sc_turn_get_text            (ScTurn           *self,
                                              gsize            *length);

/**
 * sc_turn_get_reasoning:
 * @self: a turn
 * @length: (out) (optional): its length in bytes
 *
 * Returns: (transfer none): the reasoning so far, maybe ""; valid until the main loop runs again
 */
const char      *sc_turn_get_reasoning       (ScTurn           *self,
                                              gsize            *length);

/**
 * sc_turn_get_status:
 * @self: a turn
 *
 * Returns: where it stands
 */
ScTurnStatus     sc_turn_get_status          (ScTurn           *self);

/**
 * sc_turn_get_failure:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): why it is not complete (failed and interrupted turns)
 */
const ScFailure *sc_turn_get_failure         (ScTurn           *self);

/**
 * sc_turn_get_finish_reason:
 * @self: a turn
 *
 * Returns: why a complete answer ended
 */
ScFinishReason   sc_turn_get_finish_reason   (ScTurn           *self);

/**
 * sc_turn_get_usage:
 * @self: a turn
 *
 * Returns: (transfer none): tokens as the service reported them; fields are -1 where unknown
 */
const ScUsage   *sc_turn_get_usage           (ScTurn           *self);

/**
 * sc_turn_get_times:
 * @self: a turn
 *
 * Returns: (transfer none): its times
 */
const ScTurnTimes *sc_turn_get_times         (ScTurn           *self);

/**
 * sc_turn_get_provider:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): id of the profile that answered
 */
const char      *sc_turn_get_provider        (ScTurn           *self);

/**
 * sc_turn_get_model:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): the model that answered
 */
const char      *sc_turn_get_model           (ScTurn           *self);

/**
 * sc_turn_get_created_us:
 * @self: a turn
 *
 * Returns: when it was made, real time in microseconds since 1970
 */
gint64           sc_turn_get_created_us      (ScTurn           *self);

/**
 * sc_turn_get_attachments:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable) (element-type ScAttachment): the files of a user's turn, never empty
 */
GPtrArray       *sc_turn_get_attachments     (ScTurn           *self);

/**
 * sc_turn_get_tool_calls:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable) (element-type ScToolCall): its complete tool calls
 */
GPtrArray       *sc_turn_get_tool_calls      (ScTurn           *self);

/**
 * sc_turn_get_notice:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): words of the service beside the answer (a refusal's explanation …)
 */
const char      *sc_turn_get_notice          (ScTurn           *self);

/**
 * sc_turn_is_empty:
 * @self: a turn
 *
 * Returns: %TRUE for an answer that is complete by its protocol and has nothing for a reader, and neither a limit nor
 *   words of the service explain it
 */
gboolean         sc_turn_is_empty            (ScTurn           *self);

G_END_DECLS
