/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the session and the terminal need of a run beyond its public face. */

#pragma once

#include "sc-run.h"

G_BEGIN_DECLS

/**
 * ScRunBatchFunc:
 * @user_data: what was given with the run's event function
 *
 * The events of one read were reported: the moment to show them.
 */
typedef void (*ScRunBatchFunc) (gpointer user_data);

/**
 * sc_run_set_batch_func:
 * @self: a run
 * @func: (nullable): called after the events of each read, not after the last event
 *
 * Lets a receiver do its work once for each read and not for each token.
 */
void sc_run_set_batch_func (ScRun          *self,
                            ScRunBatchFunc  func);

G_END_DECLS
