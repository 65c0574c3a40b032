/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run: one prompt sent to one provider until its one end, with the clocks, the automatic retries while nothing was
 * shown, the bounded reading after the end mark, and Stop at any moment. The window and the terminal use the same. */

#pragma once

#include <gio/gio.h>

#include "sc-event.h"
#include "sc-message.h"
#include "sc-profile.h"

G_BEGIN_DECLS

typedef struct _ScRun ScRun;

/**
 * ScRunTimes:
 *
 * g_get_monotonic_time() of the steps, 0 where not reached: the request's start (of the last try), the response
 * headers, the first text or reasoning, the end.
 */
typedef struct
{
  gint64 start_us;
  gint64 first_byte_us;
  gint64 first_text_us;
  gint64 end_us;
  guint  n_tries;
} ScRunTimes;

/**
 * sc_run_start:
 * @profile: whom to ask, with its key; copied
 * @prompt: (transfer full): what to say
 * @client: the HTTP client to use; a reference is kept
 * @func: receives the events; exactly one finish or error comes, last. It may free the run only in that last event.
 *   Notices of the run itself: `connecting`, `waiting` (the request is out), `quiet` (`start`: ms without data),
 *   `active` (data again), `retry` (`start`: ms until the next try, `failure`: why)
 * @user_data: for @func
 *
 * Starts a run. Nothing is reported before this function returned.
 *
 * Returns: (transfer full): the run
 */
ScRun            *sc_run_start        (const ScProfile  *profile,
                                       ScPrompt         *prompt,
                                       ScHttpClient     *client,
                                       ScEventFunc       func,
                                       gpointer          user_data);

/**
 * sc_run_stop:
 * @self: a run
 *
 * Stops it now: the socket is closed before this function returns, and `error` of kind cancelled is reported before
 * it returns too. Does nothing after the end.
 */
void              sc_run_stop         (ScRun            *self);

/**
 * sc_run_free:
 * @self: (nullable) (transfer full): a run
 *
 * Frees it; one that has not ended is stopped silently.
 */
void              sc_run_free         (ScRun            *self);

/**
 * sc_run_skip_wait:
 * @self: a run
 *
 * Ends the wait before an automatic retry now.
 */
void              sc_run_skip_wait    (ScRun            *self);

/**
 * sc_run_set_paused:
 * @self: a run
 * @paused: whether to stop reading from the socket
 *
 * Back-pressure.
 */
void              sc_run_set_paused   (ScRun            *self,
                                       gboolean          paused);

/**
 * sc_run_get_times:
 * @self: a run
 *
 * Returns: (transfer none): its times
 */
const ScRunTimes *sc_run_get_times    (ScRun            *self);

/**
 * sc_run_dup_raw:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): the assistant message as its protocol wants it back (see sc_decoder_dup_raw())
 */
char             *sc_run_dup_raw      (ScRun            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScRun, sc_run_free)

G_END_DECLS
