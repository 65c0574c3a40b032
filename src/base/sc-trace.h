/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `--trace FILE`: JSON lines of what happened when, for people and tests that measure. Never message text, never a key. */

#pragma once

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * sc_trace_open:
 * @path: a file, made anew
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the trace, or %NULL with a #GFileError set
 */
ScTrace *sc_trace_open   (const char  *path,
                          GError     **error);

/**
 * sc_trace_close:
 * @self: (nullable) (transfer full): a trace
 *
 * Closes the file and frees the trace.
 */
void     sc_trace_close  (ScTrace     *self);

/**
 * sc_trace_set_default:
 * @self: (nullable) (transfer none): the trace of this process; the caller keeps it alive
 *
 * Makes it what sc_trace_get_default() gives.
 */
void     sc_trace_set_default (ScTrace *self);

/**
 * sc_trace_get_default:
 *
 * Returns: (transfer none) (nullable): the trace of this process, or %NULL when nothing is traced
 */
ScTrace *sc_trace_get_default (void);

/**
 * sc_trace_write:
 * @self: (nullable): a trace; %NULL does nothing
 * @what: `read`, `frame`, `first-byte`, `first-text`, `finish` …
 * @...: pairs of a name and its value as #gint64, then %NULL
 *
 * Writes one line `{"t_us":…,"what":…,…}` with g_get_monotonic_time() and flushes it. Main thread only.
 */
void     sc_trace_write  (ScTrace     *self,
                          const char  *what,
                          ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTrace, sc_trace_close)

G_END_DECLS
