/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A thin layer over SQLite: errors as GErrors with words for people, statements prepared once,
 * faults on demand for tests. SQLite's own words go to the debug log only by number: they can hold
 * text of a message. */

#include "config.h"

#include "sc-sqlite.h"

#include <glib/gi18n.h>
#include <sqlite3.h>
#include <string.h>

#include "sc-error.h"
#include "sc-sqlite-private.h"

struct _ScSqlite
{
  sqlite3    *db;
  GHashTable *statements;
  int         code;
};

struct _ScStatement
{
  ScSqlite     *owner;
  sqlite3_stmt *stmt;
  int           bind_code;
};

static int fault_countdown;
static int fault_code;
static int fault_is_lasting;
static int fault_hits;
/* Long enough for a checkpoint of another process, short enough for a person. */
static int busy_timeout_ms = 5000;

static const char *
get_sentence (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return _("There is no space left on the disk for the history.");
    case SQLITE_READONLY:
      return _("The history cannot be changed: its file or folder is read-only.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return _("The history is in use by another program.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return _("The history file is damaged.");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return _("The history file could not be opened.");
    case SQLITE_IOERR:
      return _("The disk failed while the history was read or written.");
    case SQLITE_TOOBIG:
      return _("This message is too large for the history.");
    default:
      return _("The history could not be read or written.");
    }
}

static gboolean
fail (ScSqlite  *self,
      int        code,
      GError   **error)
{
  self->code = code;
  g_debug ("sqlite: result code %d", code);
  g_propagate_error (error, sc_sqlite_code_to_error (code));
  return FALSE;
}

static gboolean
should_fail (void)
{
  int countdown = g_atomic_int_get (&fault_countdown);

  if (countdown <= 0)
    return FALSE;
  if (countdown > 1)
    {
      g_atomic_int_add (&fault_countdown, -1);
      return FALSE;
    }
  if (!g_atomic_int_get (&fault_is_lasting))
    g_atomic_int_set (&fault_countdown, 0);
  g_atomic_int_inc (&fault_hits);
  return TRUE;
}

static void
free_statement (gpointer data)
{
  ScStatement *statement = data;

  sqlite3_finalize (statement->stmt);
  g_free (statement);
}

void
sc_sqlite_set_fault (int      n,
                     int      code,
                     gboolean is_lasting)
{
  g_atomic_int_set (&fault_code, code);
  g_atomic_int_set (&fault_is_lasting, is_lasting);
  g_atomic_int_set (&fault_hits, 0);
  g_atomic_int_set (&fault_countdown, n);
}

gboolean
sc_sqlite_fault_was_hit (void)
{
  return g_atomic_int_get (&fault_hits) > 0;
}

void
sc_sqlite_set_busy_timeout_ms (int timeout_ms)
{
  g_atomic_int_set (&busy_timeout_ms, timeout_ms);
}

ScSqlite *
sc_sqlite_open (const char  *path,
                GError     **error)
{
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  ScSqlite *self = g_new0 (ScSqlite, 1);
  int code;

  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_statement);
  code = sqlite3_open_v2 (path != NULL ? path : ":memory:", &self->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      fail (self, code, error);
      sc_sqlite_close (self, NULL);
      return NULL;
    }
  sqlite3_busy_timeout (self->db, g_atomic_int_get (&busy_timeout_ms));
  return self;
}

gboolean
sc_sqlite_close (ScSqlite  *self,
                 GError   **error)
{
  gboolean is_closed = TRUE;
  int code;

  if (self == NULL)
    return TRUE;
  g_hash_table_remove_all (self->statements);
  code = sqlite3_close (self->db);
  if (code != SQLITE_OK)
    {
      is_closed = fail (self, code, error);
      /* Frees the connection as soon as what still holds it is gone. */
      sqlite3_close_v2 (self->db);
    }
  g_hash_table_unref (self->statements);
  g_free (self);
  return is_closed;
}

gboolean
sc_sqlite_exec (ScSqlite    *self,
                const char  *sql,
                GError     **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);

  code = should_fail () ? g_atomic_int_get (&fault_code) : sqlite3_exec (self->db, sql, NULL, NULL,
                                                                         NULL);
  return code == SQLITE_OK ? TRUE : fail (self, code, error);
}

ScStatement *
sc_sqlite_prepare (ScSqlite    *self,
                   const char  *sql,
                   GError     **error)
{
  ScStatement *statement;
  sqlite3_stmt *stmt = NULL;
  int code;

  g_return_val_if_fail (self != NULL, NULL);

  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    {
      sc_statement_reset (statement);
      return statement;
    }
  code = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (code != SQLITE_OK)
    {
      fail (self, code, error);
      return NULL;
    }
  statement = g_new0 (ScStatement, 1);
  statement->owner = self;
  statement->stmt = stmt;
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

void
sc_sqlite_interrupt (ScSqlite *self)
{
  sqlite3_interrupt (self->db);
}

int
sc_sqlite_get_code (ScSqlite *self)
{
  return self->code;
}

void
sc_sqlite_clear_code (ScSqlite *self)
{
  self->code = SQLITE_OK;
}

gboolean
sc_sqlite_in_transaction (ScSqlite *self)
{
  return !sqlite3_get_autocommit (self->db);
}

GError *
sc_sqlite_code_to_error (int code)
{
  return g_error_new_literal (SC_ERROR, SC_ERROR_STORAGE, get_sentence (code));
}

void
sc_statement_bind_text (ScStatement *self,
                        int          index,
                        const char  *text)
{
  int code;

  if (text == NULL)
    code = sqlite3_bind_null (self->stmt, index);
  else
    code = sqlite3_bind_text64 (self->stmt, index, text, strlen (text), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK)
    self->bind_code = code;
}

void
sc_statement_bind_int (ScStatement *self,
                       int          index,
                       gint64       value)
{
  int code = sqlite3_bind_int64 (self->stmt, index, value);

  if (code != SQLITE_OK)
    self->bind_code = code;
}

gboolean
sc_statement_step (ScStatement  *self,
                   gboolean     *has_row,
                   GError      **error)
{
  int code = self->bind_code;

  if (code == SQLITE_OK)
    code = should_fail () ? g_atomic_int_get (&fault_code) : sqlite3_step (self->stmt);
  *has_row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  sc_statement_reset (self);
  return code == SQLITE_DONE ? TRUE : fail (self->owner, code, error);
}

gboolean
sc_statement_run (ScStatement  *self,
                  GError      **error)
{
  gboolean has_row;

  do
    if (!sc_statement_step (self, &has_row, error))
      return FALSE;
  while (has_row);
  return TRUE;
}

const char *
sc_statement_get_text (ScStatement *self,
                       int          column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

char *
sc_statement_dup_text (ScStatement *self,
                       int          column)
{
  return g_strdup (sc_statement_get_text (self, column));
}

gint64
sc_statement_get_int (ScStatement *self,
                      int          column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

void
sc_statement_reset (ScStatement *self)
{
  if (self == NULL)
    return;
  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  self->bind_code = SQLITE_OK;
}
