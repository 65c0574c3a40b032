/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite with GErrors and statements that are prepared once. Nothing here knows what is stored. One
 * connection belongs to one thread; only sc_sqlite_interrupt() may come from another. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScSqlite    ScSqlite;
typedef struct _ScStatement ScStatement;

/**
 * sc_sqlite_open:
 * @path: (nullable): the file, made if it does not exist; %NULL for a database in memory
 * @error: return location
 *
 * Opens a connection. SQLite reads the file at the first statement only: a damaged one opens
 * without complaint.
 *
 * Returns: (transfer full) (nullable): the connection, or %NULL with %SC_ERROR_STORAGE set
 */
ScSqlite    *sc_sqlite_open        (const char   *path,
                                    GError      **error);

/**
 * sc_sqlite_close:
 * @self: (nullable) (transfer full): a connection
 * @error: return location
 *
 * Closes and frees it with all its statements, also where it returns %FALSE.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set if SQLite could not close the file
 */
gboolean     sc_sqlite_close       (ScSqlite     *self,
                                    GError      **error);

/**
 * sc_sqlite_exec:
 * @self: a connection
 * @sql: statements; rows are ignored
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set at the first that failed
 */
gboolean     sc_sqlite_exec        (ScSqlite     *self,
                                    const char   *sql,
                                    GError      **error);

/**
 * sc_sqlite_prepare:
 * @self: a connection
 * @sql: one statement; a string that lives as long as the connection
 * @error: return location
 *
 * Gives the statement for @sql, prepared at the first call and kept. It may be in use only once at
 * a time. Hold it in a g_autoptr(): leaving the scope resets it, and a statement that is not reset
 * keeps its transaction open.
 *
 * Returns: (transfer none) (nullable): the statement, or %NULL with %SC_ERROR_STORAGE set
 */
ScStatement *sc_sqlite_prepare     (ScSqlite     *self,
                                    const char   *sql,
                                    GError      **error);

/**
 * sc_sqlite_interrupt:
 * @self: a connection
 *
 * Makes the statement that runs now fail soon. On any thread.
 */
void         sc_sqlite_interrupt   (ScSqlite     *self);

/**
 * sc_sqlite_get_code:
 * @self: a connection
 *
 * Returns: SQLite's extended result code of the last failure since sc_sqlite_clear_code(), 0 if
 *   there was none
 */
int          sc_sqlite_get_code    (ScSqlite     *self);

/**
 * sc_sqlite_clear_code:
 * @self: a connection
 *
 * Forgets the last failure.
 */
void         sc_sqlite_clear_code  (ScSqlite     *self);

/**
 * sc_sqlite_in_transaction:
 * @self: a connection
 *
 * Returns: %TRUE between BEGIN and COMMIT or ROLLBACK; SQLite rolls back by itself after some
 *   failures
 */
gboolean     sc_sqlite_in_transaction (ScSqlite  *self);

/**
 * sc_sqlite_code_to_error:
 * @code: a result code of SQLite
 *
 * Returns: (transfer full): %SC_ERROR_STORAGE with a sentence for people
 */
GError      *sc_sqlite_code_to_error (int         code);

/**
 * sc_statement_bind_text:
 * @self: a statement
 * @index: the parameter's number, from 1
 * @text: (nullable): its value, which must stay until the statement is reset; %NULL is NULL
 *
 * A failure to bind appears at the next step.
 */
void         sc_statement_bind_text  (ScStatement *self,
                                      int          index,
                                      const char  *text);

/**
 * sc_statement_bind_int:
 * @self: a statement
 * @index: the parameter's number, from 1
 * @value: its value
 *
 * As sc_statement_bind_text(), for a number.
 */
void         sc_statement_bind_int   (ScStatement *self,
                                      int          index,
                                      gint64       value);

/**
 * sc_statement_step:
 * @self: a statement
 * @has_row: (out): %TRUE if there is a row to read
 * @error: return location
 *
 * Goes to the next row. After the last row and after a failure the statement is reset.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean     sc_statement_step       (ScStatement *self,
                                      gboolean    *has_row,
                                      GError     **error);

/**
 * sc_statement_run:
 * @self: a statement
 * @error: return location
 *
 * Steps to the end, ignoring rows.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean     sc_statement_run        (ScStatement *self,
                                      GError     **error);

/**
 * sc_statement_get_text:
 * @self: a statement with a row
 * @column: the column's number, from 0
 *
 * Returns: (transfer none) (nullable): its text, until the next step
 */
const char  *sc_statement_get_text   (ScStatement *self,
                                      int          column);

/**
 * sc_statement_dup_text:
 * @self: a statement with a row
 * @column: the column's number, from 0
 *
 * Returns: (transfer full) (nullable): its text
 */
char        *sc_statement_dup_text   (ScStatement *self,
                                      int          column);

/**
 * sc_statement_get_int:
 * @self: a statement with a row
 * @column: the column's number, from 0
 *
 * Returns: its number, 0 for NULL
 */
gint64       sc_statement_get_int    (ScStatement *self,
                                      int          column);

/**
 * sc_statement_reset:
 * @self: (nullable): a statement
 *
 * Makes it ready for the next use and forgets its parameters.
 */
void         sc_statement_reset      (ScStatement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScStatement, sc_statement_reset)

G_END_DECLS
