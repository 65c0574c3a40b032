/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-store-usage.h. */

#include "config.h"

#include "sc-store-usage.h"

static const char take_one[] =
  SC_STORE_USAGE_TAKE " AND t.number = ?1"
  " ON CONFLICT (turn) DO UPDATE SET"
  "  provider = excluded.provider, model = excluded.model, input = excluded.input,"
  "  output = excluded.output, cached = excluded.cached, cache_write = excluded.cache_write,"
  "  reasoning = excluded.reasoning, cost_nanos = excluded.cost_nanos, flags = excluded.flags";

/* No answer used more (SC_USAGE_MAX), whatever its service or an old row says: SQLite gives no sums at all where one of
 * them overflows. */
#define SUM(column) "sum (min (" column ", 100000000000000))"

/* SQLite knows the local calendar, with the hours that summer time adds and takes. */
static const char select_sums[] =
  "SELECT date (created_us / 1000000, 'unixepoch', 'localtime'), provider, model, count (*),"
  "  " SUM ("input") ", " SUM ("output") ", " SUM ("cached") ", " SUM ("reasoning") ","
  "  " SUM ("cache_write") ", " SUM ("cost_nanos") ","
  "  cost_nanos IS NOT NULL, max (flags & 1) + max (flags & 2) + max (flags & 4)"
  " FROM usage WHERE created_us >= ?1 AND created_us < ?2 AND (?3 IS NULL OR conversation = ?3)"
  " GROUP BY 1, 2, 3, 11 ORDER BY 1 DESC, 2, 3";

enum
{
  COLUMN_DAY,
  COLUMN_PROVIDER,
  COLUMN_MODEL,
  COLUMN_N_ANSWERS,
  COLUMN_INPUT,
  COLUMN_OUTPUT,
  COLUMN_CACHED,
  COLUMN_REASONING,
  COLUMN_CACHE_WRITE,
  COLUMN_COST,
  COLUMN_HAS_COST,
  COLUMN_FLAGS,
};

static gint64
read_sum (ScStatement *row,
          int          column)
{
  return sc_statement_get_text (row, column) != NULL ? sc_statement_get_int (row, column) : -1;
}

static ScUsageRecord *
read_record (ScStatement *row)
{
  ScUsageRecord *record = g_new0 (ScUsageRecord, 1);

  record->day = sc_statement_dup_text (row, COLUMN_DAY);
  record->provider = sc_statement_dup_text (row, COLUMN_PROVIDER);
  record->model = sc_statement_dup_text (row, COLUMN_MODEL);
  record->n_answers = sc_statement_get_int (row, COLUMN_N_ANSWERS);
  record->sums.input = read_sum (row, COLUMN_INPUT);
  record->sums.output = read_sum (row, COLUMN_OUTPUT);
  record->sums.cached = read_sum (row, COLUMN_CACHED);
  record->sums.reasoning = read_sum (row, COLUMN_REASONING);
  record->sums.cache_write = read_sum (row, COLUMN_CACHE_WRITE);
  record->sums.cost_nanos = read_sum (row, COLUMN_COST);
  record->sums.flags = (guint) sc_statement_get_int (row, COLUMN_FLAGS);
  return record;
}

gboolean
sc_store_usage_take (ScSqlite  *db,
                     gint64     number,
                     GError   **error)
{
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, take_one, error);

  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  return sc_statement_run (statement, error);
}

GPtrArray *
sc_store_usage_list (ScSqlite      *db,
                     const char    *conversation,
                     gint64         from_us,
                     gint64         to_us,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, select_sums, error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  sc_statement_bind_int (statement, 1, from_us);
  sc_statement_bind_int (statement, 2, to_us);
  sc_statement_bind_text (statement, 3, conversation);
  records = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_usage_record_free);
  for (;;)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sc_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&records);
      g_ptr_array_add (records, read_record (statement));
    }
}

gboolean
sc_store_usage_clear (ScSqlite  *db,
                      GError   **error)
{
  return sc_sqlite_exec (db, "DELETE FROM usage", error);
}
