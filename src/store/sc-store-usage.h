/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What answers used: a row for each, which stays when the answer or its conversation is deleted, since what was spent
 * stays spent. Holds numbers and names of models, never a text. */

#pragma once

#include "sc-sqlite.h"
#include "sc-store.h"

G_BEGIN_DECLS

/** SC_STORE_USAGE_TAKE: copies the usage of all finished answers into the table; conditions may be appended. Part of a
 * released step of the schema and so never edited: a change is a statement of its own */
#define SC_STORE_USAGE_TAKE \
  "INSERT INTO usage (turn, conversation, created_us, provider, model, input, output, cached," \
  "  cache_write, reasoning, cost_nanos, flags)" \
  " SELECT t.id, c.id, t.created_us, t.provider, t.model," \
  "  json_extract (t.data, '$.usage.input'), json_extract (t.data, '$.usage.output')," \
  "  json_extract (t.data, '$.usage.cached'), json_extract (t.data, '$.usage.cache_write')," \
  "  json_extract (t.data, '$.usage.reasoning')," \
  "  coalesce (json_extract (t.data, '$.usage.cost_nanos')," \
  "            1000 * json_extract (t.data, '$.usage.cost_micros'))," \
  "  coalesce (json_extract (t.data, '$.usage.flags'), 0)" \
  " FROM turns AS t CROSS JOIN conversations AS c ON c.number = t.conversation" \
  " WHERE t.role = 'assistant' AND t.status <> 0" \
  "  AND CASE WHEN json_valid (t.data) THEN json_type (t.data, '$.usage') = 'object' END"

/**
 * sc_store_usage_take:
 * @db: a connection, inside a transaction
 * @number: the number of a turn's row
 * @error: return location
 *
 * Takes the usage of a finished answer over into the table; does nothing for others.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_usage_take  (ScSqlite      *db,
                                 gint64         number,
                                 GError       **error);

/**
 * sc_store_usage_list:
 * @db: a connection
 * @conversation: (nullable): only of this one, by its id
 * @from_us: real time in microseconds since 1970: answers from then on
 * @to_us: answers before then
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: (transfer full) (element-type ScUsageRecord) (nullable): sums by day of the local calendar, provider and
 *   model, those without a cost apart; newest day first
 */
GPtrArray *sc_store_usage_list  (ScSqlite      *db,
                                 const char    *conversation,
                                 gint64         from_us,
                                 gint64         to_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

/**
 * sc_store_usage_clear:
 * @db: a connection, inside a transaction
 * @error: return location
 *
 * Forgets all of it.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_usage_clear (ScSqlite      *db,
                                 GError       **error);

G_END_DECLS
