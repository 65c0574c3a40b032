/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is worth knowing of how an answer came, beside the answer: tries, status, times of the
 * connection, headers, and the bytes. A run writes it, a turn keeps it, nothing secret is in it. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-error.h"
#include "sc-response-body.h"

G_BEGIN_DECLS

/**
 * ScRunTry:
 * @failure: why it was not the last one
 * @took_ms: from its start to its failure
 * @wait_ms: how long the run meant to wait then, 0 for not at all
 *
 * A try that was followed by another.
 */
typedef struct
{
  ScFailure *failure;
  gint64     took_ms;
  gint64     wait_ms;
} ScRunTry;

/**
 * ScRunReport:
 * @protocol: (nullable): the protocol spoken
 * @endpoint: (nullable): method and address, without secrets
 * @status: HTTP status of the last try, 0 before its headers
 * @request_id: (nullable): how the service calls the request
 * @headers: (element-type utf8): `Name: value` of the response headers worth showing
 * @tries: (element-type ScRunTry): the tries before the last one
 * @n_parts: how many answers of the service it is made of; more than one where it paused
 * @dns_ms: how long the name took, -1 if it was not needed or is not known; so with the others
 * @connect_ms: how long the connection took
 * @tls_ms: how long securing it took
 * @sent_ms: how long the request took to go out
 * @body: (nullable): what came, in the process that got it only
 *
 * Its fields are read freely and written by the run alone.
 */
typedef struct
{
  grefcount       ref_count;
  char           *protocol;
  char           *endpoint;
  int             status;
  char           *request_id;
  GPtrArray      *headers;
  GPtrArray      *tries;
  guint           n_parts;
  gint64          dns_ms;
  gint64          connect_ms;
  gint64          tls_ms;
  gint64          sent_ms;
  ScResponseBody *body;
} ScRunReport;

/**
 * sc_run_report_new:
 * @protocol: (nullable): the protocol spoken
 *
 * Returns: (transfer full): a report of nothing yet
 */
ScRunReport *sc_run_report_new           (const char          *protocol);

/**
 * sc_run_report_ref:
 * @self: a report
 *
 * Returns: (transfer full): the same report
 */
ScRunReport *sc_run_report_ref           (ScRunReport         *self);

/**
 * sc_run_report_unref:
 * @self: (nullable) (transfer full): a report
 *
 * Gives a reference back.
 */
void         sc_run_report_unref         (ScRunReport         *self);

/**
 * sc_run_report_to_json:
 * @self: a report
 *
 * Returns: (transfer full): all of it but the body, for the store
 */
JsonObject  *sc_run_report_to_json       (const ScRunReport   *self);

/**
 * sc_run_report_new_from_json:
 * @object: (nullable): what sc_run_report_to_json() gave
 *
 * Returns: (transfer full) (nullable): the report; %NULL for %NULL
 */
ScRunReport *sc_run_report_new_from_json (JsonObject          *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScRunReport, sc_run_report_unref)

G_END_DECLS
