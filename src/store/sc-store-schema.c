/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables, and how older files get them. A released step is never edited: tests/data/store holds
 * a file of every version, and a change of the tables is a new step. */

#include "config.h"

#include "sc-store-schema.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-store-usage.h"

/* conversations.deleted_us: marked deleted then, and gone at the next start.
 *
 * turns.number: the order in which turns were made, and their name in the search index.
 * turns.parent: an id, not a reference: a turn whose parent is lost is still worth keeping.
 * turns.is_indexed: the search index holds exactly the text of this row.
 *
 * pieces: what a streaming answer got since its row was last written whole. A checkpoint then
 * writes what is new, not the whole answer; position is the byte of the text (kind 0) or of the
 * reasoning (kind 1) where the piece begins. The last save of the turn writes the row and removes
 * its pieces. */
static const char step_1[] =
  "CREATE TABLE conversations ("
  "  number INTEGER PRIMARY KEY,"
  "  id TEXT NOT NULL UNIQUE,"
  "  title TEXT NOT NULL,"
  "  title_is_custom INTEGER NOT NULL,"
  "  is_title_indexed INTEGER NOT NULL DEFAULT 0,"
  "  provider TEXT,"
  "  model TEXT,"
  "  system_prompt TEXT,"
  "  parameters TEXT,"
  "  snippet TEXT,"
  "  head TEXT,"
  "  is_pinned INTEGER NOT NULL,"
  "  is_unseen INTEGER NOT NULL,"
  "  created_us INTEGER NOT NULL,"
  "  updated_us INTEGER NOT NULL,"
  "  deleted_us INTEGER"
  ");"
  "CREATE TABLE turns ("
  "  number INTEGER PRIMARY KEY,"
  "  id TEXT NOT NULL UNIQUE,"
  "  conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,"
  "  parent TEXT,"
  "  status INTEGER NOT NULL,"
  "  is_indexed INTEGER NOT NULL DEFAULT 0,"
  "  created_us INTEGER NOT NULL,"
  "  role TEXT NOT NULL,"
  "  model TEXT,"
  "  provider TEXT,"
  "  text TEXT NOT NULL,"
  "  reasoning TEXT,"
  "  data TEXT"
  ");"
  "CREATE INDEX conversations_deleted ON conversations (deleted_us) WHERE deleted_us IS NOT NULL;"
  "CREATE INDEX turns_by_conversation ON turns (conversation);"
  "CREATE INDEX turns_by_parent ON turns (parent) WHERE parent IS NOT NULL;"
  "CREATE INDEX turns_streaming ON turns (status) WHERE status = 0;"
  "CREATE TABLE pieces ("
  "  turn INTEGER NOT NULL REFERENCES turns (number) ON DELETE CASCADE,"
  "  kind INTEGER NOT NULL,"
  "  position INTEGER NOT NULL,"
  "  text TEXT NOT NULL,"
  "  PRIMARY KEY (turn, kind, position)"
  ") WITHOUT ROWID;";

/* usage: see sc-store-usage.h. turn and conversation are ids, not references: a row outlives both. */
static const char step_2[] =
  "CREATE TABLE usage ("
  "  turn TEXT PRIMARY KEY,"
  "  conversation TEXT NOT NULL,"
  "  created_us INTEGER NOT NULL,"
  "  provider TEXT,"
  "  model TEXT,"
  "  input INTEGER,"
  "  output INTEGER,"
  "  cached INTEGER,"
  "  cache_write INTEGER,"
  "  reasoning INTEGER,"
  "  cost_nanos INTEGER,"
  "  flags INTEGER NOT NULL"
  ") WITHOUT ROWID;"
  "CREATE INDEX usage_by_time ON usage (created_us);"
  "CREATE INDEX usage_by_conversation ON usage (conversation);"
  SC_STORE_USAGE_TAKE ";";

/* The index keeps no text of its own (content='' saves a second copy of the history): what is
 * removed from it must be given again exactly as it was added. Accents are folded; marks belong to
 * words, so that Indic words stay whole; symbols are words, so that emoji can be found. */
#define TOKENIZER "tokenize=\"unicode61 remove_diacritics 2 categories 'L* M* N* Co So'\""

static const char index_tables[] =
  "DROP TABLE IF EXISTS turn_index;"
  "DROP TABLE IF EXISTS title_index;"
  "CREATE VIRTUAL TABLE turn_index USING fts5 (text, content='', prefix='1 2 3', " TOKENIZER ");"
  "CREATE VIRTUAL TABLE title_index USING fts5 (title, content='', prefix='1 2', " TOKENIZER ");"
  "UPDATE turns SET is_indexed = 0 WHERE is_indexed <> 0;"
  "UPDATE conversations SET is_title_indexed = 0 WHERE is_title_indexed <> 0;";

typedef struct
{
  const char *sql;
  /* The step changes what is in the search index. */
  gboolean    makes_index;
} Step;

static const Step steps[SC_STORE_SCHEMA_VERSION] =
{
  { step_1, TRUE },
  { step_2, FALSE },
};

static gboolean
read_version (ScSqlite  *db,
              gint64    *version,
              GError   **error)
{
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, "PRAGMA user_version", error);
  gboolean has_row;

  if (statement == NULL || !sc_statement_step (statement, &has_row, error))
    return FALSE;
  *version = has_row ? sc_statement_get_int (statement, 0) : 0;
  return TRUE;
}

static gboolean
run_step (ScSqlite  *db,
          gint64     version,
          GError   **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %d", (int) version + 1);
  const Step *step = &steps[version];

  return sc_sqlite_exec (db, step->sql, error) &&
         (!step->makes_index || sc_store_schema_create_index (db, error)) &&
         sc_sqlite_exec (db, stamp, error);
}

gboolean
sc_store_schema_migrate (ScSqlite  *db,
                         GError   **error)
{
  gint64 version = 0;

  for (;;)
    {
      /* Read inside the transaction: another process may be doing the same. */
      if (!sc_sqlite_exec (db, "BEGIN IMMEDIATE", error))
        return FALSE;
      if (!read_version (db, &version, error))
        break;
      if (version == SC_STORE_SCHEMA_VERSION)
        return sc_sqlite_exec (db, "COMMIT", error);
      if (version > SC_STORE_SCHEMA_VERSION || version < 0)
        {
          g_set_error_literal (error, SC_ERROR, SC_ERROR_STORAGE,
                               _("The history was written by a newer version of this program."));
          break;
        }
      if (!run_step (db, version, error) || !sc_sqlite_exec (db, "COMMIT", error))
        break;
    }

  if (sc_sqlite_in_transaction (db))
    sc_sqlite_exec (db, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
sc_store_schema_create_index (ScSqlite  *db,
                              GError   **error)
{
  return sc_sqlite_exec (db, index_tables, error);
}
