/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Between turns and the plain records of the store. What has no column of its own is JSON in
 * `data`. */

#pragma once

#include "sc-store.h"
#include "sc-turn.h"

G_BEGIN_DECLS

/**
 * sc_turn_create_record:
 * @self: a turn
 * @conversation: id of its conversation
 *
 * Returns: (transfer full): everything that is worth keeping of it
 */
ScTurnRecord *sc_turn_create_record   (ScTurn             *self,
                                       const char         *conversation);

/**
 * sc_turn_new_from_record:
 * @record: a record, maybe written by another version: unknown members of its data are ignored
 *
 * An answer found streaming or interrupted without a reason gets the reason that the program ended
 * too early.
 *
 * Returns: (transfer full): the turn
 */
ScTurn       *sc_turn_new_from_record (const ScTurnRecord *record);

G_END_DECLS
