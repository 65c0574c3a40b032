/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What tests need to make a disk fail when they want it. Never used by the program. */

#pragma once

#include "sc-sqlite.h"

G_BEGIN_DECLS

/**
 * sc_sqlite_set_fault:
 * @n: which execution or step from now on fails, from 1; 0 switches the fault off
 * @code: SQLite's result code it fails with
 * @is_lasting: whether all later ones fail too
 *
 * Lets the N-th operation of the process fail before SQLite sees it. On any thread.
 */
void     sc_sqlite_set_fault            (int      n,
                                         int      code,
                                         gboolean is_lasting);

/**
 * sc_sqlite_fault_was_hit:
 *
 * Returns: %TRUE if the fault of the last sc_sqlite_set_fault() came to pass
 */
gboolean sc_sqlite_fault_was_hit        (void);

/**
 * sc_sqlite_set_busy_timeout_ms:
 * @timeout_ms: how long connections opened from now on wait for another process's lock
 */
void     sc_sqlite_set_busy_timeout_ms  (int      timeout_ms);

G_END_DECLS
