/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the session and the terminal need of a run beyond its public face. */

#pragma once

#include "sc-run.h"
#include "sc-run-report.h"

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

/**
 * ScRunRenewFunc:
 * @key: (nullable): the key that the service did not accept
 * @user_data: what was given with the run's event function
 *
 * The service refused the key. Where another can be had, this begins to get it and gives it by
 * sc_run_take_key(), later.
 *
 * Returns: %TRUE if it does; at %FALSE the run ends
 */
typedef gboolean (*ScRunRenewFunc) (const char *key,
                                    gpointer    user_data);

/**
 * sc_run_set_renew_func:
 * @self: a run
 * @func: (nullable): called at most once, while nothing was shown
 *
 * Lets a run ask for a new access token.
 */
void sc_run_set_renew_func (ScRun          *self,
                            ScRunRenewFunc  func);

/**
 * sc_run_take_key:
 * @self: a run
 * @key: (nullable): the new key
 * @error: (nullable): why there is none, where @key is %NULL; %NULL where it was taken away meanwhile
 *
 * Answers the renew function: the run tries once more, or ends. Does nothing after the end.
 */
void sc_run_take_key       (ScRun          *self,
                            const char     *key,
                            const GError   *error);

/**
 * sc_run_get_report:
 * @self: a run
 *
 * Returns: (transfer none): what is seen on the way; the run goes on writing it
 */
ScRunReport *sc_run_get_report (ScRun      *self);

G_END_DECLS
