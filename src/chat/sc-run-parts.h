/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer that a service gave in several parts because it paused in between: what tokens were
 * counted, where citations stand, and the message it all makes. Pure; used by the run alone. */

#pragma once

#include "sc-event.h"
#include "sc-message.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/** SC_RUN_PARTS_MAX: so many times a paused answer is asked on by itself */
#define SC_RUN_PARTS_MAX 5

typedef struct _ScRunParts ScRunParts;

/**
 * sc_run_parts_new:
 * @protocol: the protocol spoken
 *
 * Returns: (transfer full): the first part, empty
 */
ScRunParts    *sc_run_parts_new        (const ScProtocol *protocol);

/**
 * sc_run_parts_free:
 * @self: (nullable) (transfer full): parts
 *
 * Frees them.
 */
void           sc_run_parts_free       (ScRunParts       *self);

/**
 * sc_run_parts_translate:
 * @self: parts
 * @event: an event of the current part
 *
 * Makes it an event of the whole answer: tokens of all parts together, citations counted from the
 * start of the first.
 *
 * Returns: the event; its pointers are valid until the next call
 */
ScEvent        sc_run_parts_translate  (ScRunParts       *self,
                                        const ScEvent    *event);

/**
 * sc_run_parts_can_continue:
 * @self: parts
 *
 * Returns: %TRUE if the answer may be asked on once more
 */
gboolean       sc_run_parts_can_continue (ScRunParts     *self);

/**
 * sc_run_parts_continue:
 * @self: parts
 * @raw: (nullable): the current part as its protocol wants it back
 * @prompt: what was asked; gets the answer so far as its last message
 * @protocol_id: id of the protocol in the profile
 *
 * The service paused: the next part begins.
 *
 * Returns: %FALSE if the answer so far cannot be given back; nothing has changed then
 */
gboolean       sc_run_parts_continue   (ScRunParts       *self,
                                        const char       *raw,
                                        ScPrompt         *prompt,
                                        const char       *protocol_id);

/**
 * sc_run_parts_dup_raw:
 * @self: parts
 * @raw: (nullable): the current part as its protocol wants it back
 *
 * Returns: (transfer full) (nullable): the whole answer as its protocol wants it back
 */
char          *sc_run_parts_dup_raw    (ScRunParts       *self,
                                        const char       *raw);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScRunParts, sc_run_parts_free)

G_END_DECLS
