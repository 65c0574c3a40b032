/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a turn is written to: by the session that streams an answer into it, by the history that
 * loads it, and by tests of views that play an answer. Nobody else changes a turn. */

#pragma once

#include "sc-run-report.h"
#include "sc-turn.h"

G_BEGIN_DECLS

/**
 * sc_turn_new_full:
 * @id: (nullable): its id; %NULL makes a new one
 * @parent_id: (nullable): id of the turn before it
 * @role: who says it
 * @text: (nullable): its text so far
 * @created_us: when it was made, real time in microseconds
 *
 * Returns: (transfer full): a turn as it was kept somewhere
 */
ScTurn     *sc_turn_new_full          (const char        *id,
                                       const char        *parent_id,
                                       ScRole             role,
                                       const char        *text,
                                       gint64             created_us);

/**
 * sc_turn_set_parent_id:
 * @self: a turn
 * @parent_id: (nullable): id of the turn before it
 *
 * Hangs it below another turn.
 */
void        sc_turn_set_parent_id     (ScTurn            *self,
                                       const char        *parent_id);

/**
 * sc_turn_append_text:
 * @self: a turn
 * @text: (array length=length): valid UTF-8
 * @length: its length in bytes
 *
 * Appends to the text. `appended` is emitted by sc_turn_flush(), once for all appends of a batch.
 */
void        sc_turn_append_text       (ScTurn            *self,
                                       const char        *text,
                                       gsize              length);

/**
 * sc_turn_append_reasoning:
 * @self: a turn
 * @text: (array length=length): valid UTF-8
 * @length: its length in bytes
 *
 * Appends to the reasoning. `appended` is emitted by sc_turn_flush().
 */
void        sc_turn_append_reasoning  (ScTurn            *self,
                                       const char        *text,
                                       gsize              length);

/**
 * sc_turn_add_tool_call:
 * @self: a turn
 * @id: (nullable): the call's id
 * @name: (nullable): the tool
 * @arguments: (nullable): its arguments as JSON text
 *
 * Adds a complete tool call. `appended` is emitted by sc_turn_flush().
 */
void        sc_turn_add_tool_call     (ScTurn            *self,
                                       const char        *id,
                                       const char        *name,
                                       const char        *arguments);

/**
 * sc_turn_flush:
 * @self: a turn
 *
 * The batch is over: emits `appended` if anything was appended since the last flush.
 *
 * Returns: %TRUE if there was anything
 */
gboolean    sc_turn_flush             (ScTurn            *self);

/**
 * sc_turn_set_text:
 * @self: a turn
 * @text: the whole text
 *
 * Replaces the text and emits `changed`.
 */
void        sc_turn_set_text          (ScTurn            *self,
                                       const char        *text);

/**
 * sc_turn_finish:
 * @self: a turn
 * @status: where it stands now
 * @reason: why a complete answer ended
 * @failure: (nullable): why it is not complete; copied
 *
 * Ends a turn: flushes, then emits `changed`.
 */
void        sc_turn_finish            (ScTurn            *self,
                                       ScTurnStatus       status,
                                       ScFinishReason     reason,
                                       const ScFailure   *failure);

/**
 * sc_turn_merge_usage:
 * @self: a turn
 * @usage: totals seen
 *
 * Merges totals by field and emits `changed`.
 */
void        sc_turn_merge_usage       (ScTurn            *self,
                                       const ScUsage     *usage);

/**
 * sc_turn_set_times:
 * @self: a turn
 * @times: its times; copied
 *
 * Sets its times and emits `changed`.
 */
void        sc_turn_set_times         (ScTurn            *self,
                                       const ScTurnTimes *times);

/**
 * sc_turn_set_model:
 * @self: a turn
 * @provider: (nullable): profile id; %NULL keeps what it was
 * @model: (nullable): the model that answers; %NULL keeps what it was
 *
 * Says who answers, and emits `changed` if that is news.
 */
void        sc_turn_set_model         (ScTurn            *self,
                                       const char        *provider,
                                       const char        *model);

/**
 * sc_turn_set_notice:
 * @self: a turn
 * @notice: (nullable): words of the service beside the answer
 *
 * Sets them and emits `changed`.
 */
void        sc_turn_set_notice        (ScTurn            *self,
                                       const char        *notice);

/**
 * sc_turn_add_citation:
 * @self: a turn
 * @event: a citation
 *
 * Keeps a source that the answer names, in the order they came.
 */
void        sc_turn_add_citation      (ScTurn            *self,
                                       const ScEvent     *event);

/**
 * sc_turn_get_citations:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): array of `{url, title, text, start, end}`
 */
JsonArray  *sc_turn_get_citations     (ScTurn            *self);

/**
 * sc_turn_set_citations:
 * @self: a turn
 * @citations: (nullable) (transfer none): array as sc_turn_get_citations() gives it
 *
 * Sets all of them, for loading.
 */
void        sc_turn_set_citations     (ScTurn            *self,
                                       JsonArray         *citations);

/**
 * sc_turn_set_raw:
 * @self: a turn
 * @raw: (nullable): the message as its protocol wants it back, JSON text kept byte for byte
 * @protocol: (nullable): the protocol it belongs to
 * @model: (nullable): the model that made it
 *
 * Keeps the raw parts of an answer.
 */
void        sc_turn_set_raw           (ScTurn            *self,
                                       const char        *raw,
                                       const char        *protocol,
                                       const char        *model);

/**
 * sc_turn_get_raw:
 * @self: a turn
 * @protocol: (out) (nullable) (transfer none): the protocol it belongs to
 * @model: (out) (nullable) (transfer none): the model that made it
 *
 * Returns: (transfer none) (nullable): the raw parts
 */
const char *sc_turn_get_raw           (ScTurn            *self,
                                       const char       **protocol,
                                       const char       **model);

/**
 * sc_turn_set_report:
 * @self: a turn
 * @report: (nullable) (transfer none): how the answer came; a reference is kept
 *
 * Keeps a run's report, which may still grow.
 */
void        sc_turn_set_report        (ScTurn            *self,
                                       ScRunReport       *report);

/**
 * sc_turn_get_report:
 * @self: a turn
 *
 * Returns: (transfer none) (nullable): how the answer came
 */
const ScRunReport *sc_turn_get_report (ScTurn            *self);

/**
 * sc_turn_set_attachments:
 * @self: a turn
 * @attachments: (nullable) (element-type ScAttachment): files; copied (their bytes are shared)
 *
 * Sets the files of a user's turn.
 */
void        sc_turn_set_attachments   (ScTurn            *self,
                                       GPtrArray         *attachments);

/**
 * sc_turn_set_tool_result:
 * @self: a turn of the tool role
 * @call_id: (nullable): which call it answers
 * @name: (nullable): the tool's name
 * @failed: whether it reports a failure
 *
 * Says what a tool's turn answers.
 */
void        sc_turn_set_tool_result   (ScTurn            *self,
                                       const char        *call_id,
                                       const char        *name,
                                       gboolean           failed);

/**
 * sc_turn_get_tool_result:
 * @self: a turn
 * @name: (out) (optional) (nullable) (transfer none): the tool's name
 * @failed: (out) (optional): whether it reports a failure
 *
 * Returns: (transfer none) (nullable): id of the call it answers
 */
const char *sc_turn_get_tool_result   (ScTurn            *self,
                                       const char       **name,
                                       gboolean          *failed);

G_END_DECLS
