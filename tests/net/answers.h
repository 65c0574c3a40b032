/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the HTTP tests share: an exchange that collects what it reports and checks the order of the
 * reports. */

#pragma once

#include "sc-error.h"
#include "sc-http.h"

G_BEGIN_DECLS

/**
 * Answer:
 * @client: the client
 * @exchange: the exchange, until answer_free()
 * @cancellable: its cancellable
 * @body: the bytes so far
 * @n_headers: calls of `headers`
 * @n_bytes: calls of `bytes`
 * @n_done: calls of `done`
 * @error: what `done` was given
 * @cancel_in: the call in which to cancel: 'h', 'b', or 0
 * @pauses: pause in each call of `bytes`
 */
typedef struct
{
  ScHttpClient   *client;
  ScHttpExchange *exchange;
  GCancellable   *cancellable;
  GString        *body;
  guint           n_headers;
  guint           n_bytes;
  guint           n_done;
  GError         *error;
  char            cancel_in;
  gboolean        pauses;
} Answer;

/**
 * answer_new:
 * @profile: (nullable): settings of the client
 *
 * Returns: (transfer full): an answer without an exchange
 */
Answer *answer_new        (const ScProfile  *profile);

/**
 * answer_start:
 * @self: an answer
 * @request: (transfer full): the request
 * @timeouts: (nullable): its clocks
 *
 * Starts the exchange, anew where there was one.
 */
void    answer_start      (Answer           *self,
                           ScHttpRequest    *request,
                           const ScTimeouts *timeouts);

/**
 * answer_wait_done:
 * @self: an answer
 *
 * Runs the main context until `done`, and a little longer: nothing may follow. Fails the test after
 * a generous time.
 */
void    answer_wait_done  (Answer           *self);

/**
 * answer_wait_bytes:
 * @self: an answer
 * @n_bytes: how many bytes
 *
 * Runs the main context until so many bytes came.
 */
void    answer_wait_bytes (Answer           *self,
                           gsize             n_bytes);

/**
 * answer_free:
 * @self: (nullable) (transfer full): an answer
 *
 * Frees it with its exchange and client, and runs the main context until libsoup is quiet.
 */
void    answer_free       (Answer           *self);

/**
 * answer_run_pending:
 *
 * Runs what the main context has ready.
 */
void    answer_run_pending (void);

/**
 * answer_count_fds:
 *
 * Returns: the number of open file descriptors of this process
 */
guint   answer_count_fds  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

G_END_DECLS
