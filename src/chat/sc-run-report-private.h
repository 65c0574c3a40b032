/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a report is written to: by the run and its attempts alone. */

#pragma once

#include "sc-http.h"
#include "sc-run-report.h"

G_BEGIN_DECLS

/**
 * sc_run_report_begin_try:
 * @self: a report
 * @endpoint: (nullable): method and address, without secrets
 * @key: (nullable): the key in use and other secrets, one a line
 *
 * A try begins: what the one before left is forgotten but for its failure.
 */
void         sc_run_report_begin_try     (ScRunReport         *self,
                                          const char          *endpoint,
                                          const char          *key);

/**
 * sc_run_report_fail_try:
 * @self: a report
 * @failure: why, without secrets; copied
 * @took_ms: from its start to its failure
 * @wait_ms: how long the run means to wait
 *
 * The try failed and is followed by another.
 */
void         sc_run_report_fail_try      (ScRunReport         *self,
                                          const ScFailure     *failure,
                                          gint64               took_ms,
                                          gint64               wait_ms);

/**
 * sc_run_report_take_timings:
 * @self: a report
 * @timings: of the exchange
 *
 * Notes how long the steps of the connection took.
 */
void         sc_run_report_take_timings  (ScRunReport         *self,
                                          const ScHttpTimings *timings);

/**
 * sc_run_report_take_headers:
 * @self: a report
 * @headers: (element-type ScHttpHeader): all response headers
 * @key: (nullable): the key in use and other secrets, one a line
 *
 * Keeps those that say something about limits, the request and the server, and never one that could
 * hold a secret.
 */
void         sc_run_report_take_headers  (ScRunReport         *self,
                                          GPtrArray           *headers,
                                          const char          *key);

G_END_DECLS
