/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables of the history and the steps from one version of them to the next. */

#pragma once

#include "sc-sqlite.h"

G_BEGIN_DECLS

/** SC_STORE_SCHEMA_VERSION: the version that this program writes (`PRAGMA user_version`) */
#define SC_STORE_SCHEMA_VERSION 2

/**
 * sc_store_schema_migrate:
 * @db: a connection, outside of a transaction
 * @error: return location
 *
 * Brings the file to %SC_STORE_SCHEMA_VERSION, each step in a transaction of its own. A file of a
 * newer program is left alone.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean sc_store_schema_migrate      (ScSqlite  *db,
                                       GError   **error);

/**
 * sc_store_schema_create_index:
 * @db: a connection, inside a transaction
 * @error: return location
 *
 * Makes the tables of the search index anew, empty; marks every turn and title as not indexed.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean sc_store_schema_create_index (ScSqlite  *db,
                                       GError   **error);

G_END_DECLS
