/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history file: opened, kept whole, and every call one transaction.
 *
 * Durability: write-ahead log with synchronous=FULL. NORMAL would sync the log only at a checkpoint
 * of SQLite, so a power cut could take minutes of an answer; FULL syncs each commit, which at two
 * checkpoints a second, on a thread of its own, costs nothing that a person could notice. A process
 * that is killed loses nothing that was committed. */

#include "config.h"

#include "sc-store-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "sc-error.h"
#include "sc-sqlite.h"
#include "sc-store-index.h"
#include "sc-store-rows.h"
#include "sc-store-schema.h"
#include "sc-store-usage.h"

struct _ScStoreFile
{
  char       *path;
  ScSqlite   *db;
  /* Guards db against sc_store_file_interrupt() only. */
  GMutex      mutex;
  /* Id of a streaming turn -> its record as it is in the file. */
  GHashTable *streams;
  /* Words about a damaged file that was moved aside; the next call that reads gives them. */
  char       *notice;
  /* Answers of a dead process or deleted conversations are still to be dealt with. */
  gboolean    needs_tidying;
  /* SQLite called the file damaged while it was in use: look at all of it when it is opened
   * again. */
  gboolean    is_suspect;
  /* A file was moved aside: conversations that the program still has open are not in the new
   * one. */
  gboolean    was_set_aside;
  /* What was deleted after this can still be undone. */
  gint64      started_us;
};

/* The body of a transaction. */
typedef gboolean (*WorkFunc) (ScStoreFile  *self,
                              gpointer      data,
                              GError      **error);

typedef enum
{
  /* The failure is final. */
  CURE_NONE,
  /* What was wrong is mended: try once more. */
  CURE_RETRY,
} Cure;

static void
set_db (ScStoreFile *self,
        ScSqlite    *db)
{
  g_mutex_lock (&self->mutex);
  self->db = db;
  g_mutex_unlock (&self->mutex);
}

static gboolean
close_db (ScStoreFile  *self,
          GError      **error)
{
  ScSqlite *db = self->db;

  set_db (self, NULL);
  g_hash_table_remove_all (self->streams);
  return sc_sqlite_close (db, error);
}

static gboolean
make_folder (ScStoreFile  *self,
             GError      **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *shown = NULL;
  int saved_errno;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  saved_errno = errno;
  shown = g_filename_display_name (folder);
  g_set_error (error, SC_ERROR, SC_ERROR_STORAGE,
               /* Translators: first a folder, then the system's reason */
               _("The folder “%s” for the history could not be made: %s."),
               shown, g_strerror (saved_errno));
  return FALSE;
}

/* Only the owner may read a history. SQLite gives its -wal and -shm files the mode of the file. An
 * existing file is not opened here: closing it again would drop the locks that another connection
 * of this process has on it. */
static void
protect_file (ScStoreFile *self)
{
  GStatBuf info;
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  /* Why it cannot be opened is SQLite's to say. */
  if (fd >= 0)
    close (fd);
  else if (g_stat (self->path, &info) == 0 && (info.st_mode & 077) != 0 &&
           g_chmod (self->path, 0600) != 0)
    g_debug ("store: mode of the history file not changed: %s", g_strerror (errno));
}

/* A rollback can fail with the disk: until it succeeds, nothing else may happen on the
 * connection. */
static gboolean
leave_transaction (ScStoreFile  *self,
                   GError      **error)
{
  return !sc_sqlite_in_transaction (self->db) || sc_sqlite_exec (self->db, "ROLLBACK", error);
}

static gboolean
run_in_transaction (ScStoreFile  *self,
                    WorkFunc      work,
                    gpointer      data,
                    GError      **error)
{
  g_autoptr (GError) rollback_error = NULL;

  if (sc_sqlite_exec (self->db, "BEGIN IMMEDIATE", error) &&
      work (self, data, error) &&
      sc_sqlite_exec (self->db, "COMMIT", error))
    return TRUE;
  if (!leave_transaction (self, &rollback_error))
    g_debug ("store: no rollback: %s", rollback_error->message);
  /* What the failed transaction wrote of a streaming turn is not known: its next save writes it
   * whole. */
  g_hash_table_remove_all (self->streams);
  return FALSE;
}

static gboolean
tidy_work (ScStoreFile  *self,
           gpointer      data,
           GError      **error)
{
  return sc_store_rows_purge (self->db, self->started_us, error) &&
         sc_store_rows_interrupt_streaming (self->db, error);
}

static gboolean
rebuild_work (ScStoreFile  *self,
              gpointer      data,
              GError      **error)
{
  return sc_store_index_rebuild (self->db, error);
}

static gboolean
is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* FTS5 gives the first code for its own tables; the second says that the index holds a turn whose
 * row says otherwise (no other table of the history can give it, they are all written by upserts).
 * The index is made anew from the rows. */
static gboolean
is_index_damage (int code)
{
  return code == SQLITE_CORRUPT_VTAB || code == SQLITE_CONSTRAINT_PRIMARYKEY;
}

/* Reads the whole file: only where there is reason to doubt it. */
static gboolean
check_whole (ScStoreFile  *self,
             gboolean     *is_whole,
             GError      **error)
{
  g_autoptr (ScStatement) check = sc_sqlite_prepare (self->db, "PRAGMA quick_check (1)", error);
  gboolean has_row;

  if (check == NULL || !sc_statement_step (check, &has_row, error))
    return FALSE;
  *is_whole = has_row && g_strcmp0 (sc_statement_get_text (check, 0), "ok") == 0;
  return TRUE;
}

/* The pragmas do not name a database file's content, except the first, which also finds out whether
 * it is one. */
static gboolean
set_up (ScStoreFile  *self,
        gboolean     *is_damaged,
        GError      **error)
{
  gboolean is_whole = TRUE;

  if (!sc_sqlite_exec (self->db,
                       "PRAGMA journal_mode = WAL;"
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON;"
                       "PRAGMA secure_delete = FAST;"
                       "PRAGMA journal_size_limit = 16777216;"
                       "PRAGMA cache_size = -8000;",
                       error))
    return FALSE;
  if (self->is_suspect && !check_whole (self, &is_whole, error))
    return FALSE;
  if (!is_whole)
    {
      *is_damaged = TRUE;
      g_propagate_error (error, sc_sqlite_code_to_error (SQLITE_CORRUPT));
      return FALSE;
    }
  self->is_suspect = FALSE;
  return sc_store_schema_migrate (self->db, error);
}

static char *
make_aside_path (ScStoreFile *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  char *path = g_strdup_printf ("%s.damaged-%s", self->path, date);

  for (guint n = 2; g_file_test (path, G_FILE_TEST_EXISTS); n++)
    {
      g_free (path);
      path = g_strdup_printf ("%s.damaged-%s-%u", self->path, date, n);
    }
  return path;
}

/* The log goes first: a new file must never meet the log of the old one. Both keep their names
 * relative to each other, so that a repair tool can use them. */
static gboolean
set_aside (ScStoreFile  *self,
           GError      **error)
{
  g_autofree char *aside = make_aside_path (self);
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (self->path, "-shm", NULL);
  g_autofree char *aside_wal = g_strconcat (aside, "-wal", NULL);
  g_autofree char *name = NULL;

  if ((g_rename (wal, aside_wal) != 0 && errno != ENOENT) || g_rename (self->path, aside) != 0)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_STORAGE,
                   _("The history file is damaged and could not be moved aside: %s."),
                   g_strerror (errno));
      return FALSE;
    }
  g_unlink (shm);
  self->was_set_aside = TRUE;
  name = g_filename_display_basename (aside);
  g_free (self->notice);
  self->notice = g_strdup_printf (
    /* Translators: %s is the name of a file */
    _("The history file was damaged. It was kept as “%s”, and a new history was begun."), name);
  return TRUE;
}

static gboolean
try_open (ScStoreFile  *self,
          gboolean     *is_damaged,
          GError      **error)
{
  ScSqlite *db = sc_sqlite_open (self->path, error);

  *is_damaged = FALSE;
  if (db == NULL)
    return FALSE;
  set_db (self, db);
  if (set_up (self, is_damaged, error))
    return TRUE;
  *is_damaged |= is_damage (sc_sqlite_get_code (db));
  close_db (self, NULL);
  return FALSE;
}

/* Not being able to (disk full) is no reason not to show the history: it is tried again before the
 * next write. */
static void
tidy (ScStoreFile *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->needs_tidying)
    return;
  if (run_in_transaction (self, tidy_work, NULL, &error))
    self->needs_tidying = FALSE;
  else
    g_debug ("store: not tidied: %s", error->message);
}

/* Called after a failure, outside of any transaction and statement: mends what can be mended. */
static Cure
find_cure (ScStoreFile *self)
{
  int code = self->db != NULL ? sc_sqlite_get_code (self->db) : SQLITE_OK;

  if (is_index_damage (code))
    return run_in_transaction (self, rebuild_work, NULL, NULL) ? CURE_RETRY : CURE_NONE;
  if (is_damage (code) && self->path != NULL)
    {
      self->is_suspect = TRUE;
      close_db (self, NULL);
      return sc_store_file_open (self, NULL) ? CURE_RETRY : CURE_NONE;
    }
  return CURE_NONE;
}

static gboolean
write_once (ScStoreFile  *self,
            WorkFunc      work,
            gpointer      data,
            GError      **error)
{
  if (!sc_store_file_open (self, error))
    return FALSE;
  sc_sqlite_clear_code (self->db);
  return run_in_transaction (self, work, data, error);
}

static gboolean
write_with_cure (ScStoreFile  *self,
                 WorkFunc      work,
                 gpointer      data,
                 GError      **error)
{
  g_autoptr (GError) first_error = NULL;

  if (self->db != NULL)
    tidy (self);
  if (write_once (self, work, data, &first_error))
    return TRUE;
  if (find_cure (self) == CURE_RETRY)
    return write_once (self, work, data, error);
  g_propagate_error (error, g_steal_pointer (&first_error));
  return FALSE;
}

static gboolean
take_notice (ScStoreFile  *self,
             GError      **error)
{
  if (self->notice == NULL)
    return FALSE;
  g_set_error_literal (error, SC_ERROR, SC_ERROR_STORAGE, self->notice);
  g_clear_pointer (&self->notice, g_free);
  return TRUE;
}

typedef struct
{
  enum { READ_LIST, READ_TURNS, READ_SEARCH, READ_USAGE } what;
  const char   *text;
  guint         limit;
  gint64        from_us;
  gint64        to_us;
  GCancellable *cancellable;
} Reading;

static GPtrArray *
read_once (ScStoreFile    *self,
           const Reading  *reading,
           GError        **error)
{
  if (!sc_store_file_open (self, error))
    return NULL;
  sc_sqlite_clear_code (self->db);
  if (take_notice (self, error))
    return NULL;
  switch (reading->what)
    {
    case READ_TURNS:
      return sc_store_rows_load_turns (self->db, reading->text, reading->cancellable, error);
    case READ_SEARCH:
      return sc_store_index_search (self->db, reading->text, reading->limit, reading->cancellable,
                                    error);
    case READ_USAGE:
      return sc_store_usage_list (self->db, reading->text, reading->from_us, reading->to_us,
                                  reading->cancellable, error);
    case READ_LIST:
    default:
      return sc_store_rows_list_conversations (self->db, reading->cancellable, error);
    }
}

static GPtrArray *
read_with_cure (ScStoreFile    *self,
                const Reading  *reading,
                GError        **error)
{
  g_autoptr (GError) first_error = NULL;
  GPtrArray *result;

  if (g_cancellable_set_error_if_cancelled (reading->cancellable, error))
    return NULL;
  result = read_once (self, reading, &first_error);
  if (result != NULL)
    return result;
  /* An interrupted query fails with a code of its own; what the caller must hear is that it was
   * cancelled. */
  if (g_cancellable_set_error_if_cancelled (reading->cancellable, error))
    return NULL;
  if (find_cure (self) == CURE_RETRY)
    return read_once (self, reading, error);
  g_propagate_error (error, g_steal_pointer (&first_error));
  return NULL;
}

static gboolean
save_conversation_work (ScStoreFile  *self,
                        gpointer      data,
                        GError      **error)
{
  return sc_store_rows_save_conversation (self->db, data, error);
}

static gboolean
save_turn_work (ScStoreFile  *self,
                gpointer      data,
                GError      **error)
{
  const ScTurnRecord *record = data;
  const ScTurnRecord *before = g_hash_table_lookup (self->streams, record->id);
  gboolean is_extended = FALSE;

  if (record->status == SC_TURN_STATUS_STREAMING && before != NULL &&
      !sc_store_rows_extend_turn (self->db, before, record, &is_extended, error))
    return FALSE;
  if (is_extended)
    return TRUE;
  return (!self->was_set_aside || sc_store_rows_ensure_conversation (self->db, record, error)) &&
         sc_store_rows_save_turn (self->db, record, error);
}

static gboolean
delete_turn_work (ScStoreFile  *self,
                  gpointer      data,
                  GError      **error)
{
  return sc_store_rows_delete_turn (self->db, data, error);
}

static gboolean
mark_deleted_work (ScStoreFile  *self,
                   gpointer      data,
                   GError      **error)
{
  return sc_store_rows_mark_deleted (self->db, data, error);
}

static gboolean
clear_usage_work (ScStoreFile  *self,
                  gpointer      data,
                  GError      **error)
{
  return sc_store_usage_clear (self->db, error);
}

static gboolean
purge_work (ScStoreFile  *self,
            gpointer      data,
            GError      **error)
{
  return sc_store_rows_purge (self->db, G_MAXINT64, error);
}

ScStoreFile *
sc_store_file_new (const char *path)
{
  ScStoreFile *self = g_new0 (ScStoreFile, 1);

  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  self->started_us = g_get_real_time ();
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) sc_turn_record_free);
  return self;
}

void
sc_store_file_free (ScStoreFile *self)
{
  if (self == NULL)
    return;
  close_db (self, NULL);
  g_hash_table_unref (self->streams);
  g_mutex_clear (&self->mutex);
  g_free (self->notice);
  g_free (self->path);
  g_free (self);
}

gboolean
sc_store_file_open (ScStoreFile  *self,
                    GError      **error)
{
  g_autoptr (GError) first_error = NULL;
  gboolean is_damaged;

  if (self->db != NULL)
    return leave_transaction (self, error);
  if (self->path != NULL)
    {
      if (!make_folder (self, error))
        return FALSE;
      protect_file (self);
    }
  if (!try_open (self, &is_damaged, &first_error))
    {
      if (!is_damaged || self->path == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&first_error));
          return FALSE;
        }
      if (!set_aside (self, error))
        return FALSE;
      self->is_suspect = FALSE;
      protect_file (self);
      if (!try_open (self, &is_damaged, error))
        return FALSE;
    }
  self->needs_tidying = TRUE;
  tidy (self);
  return TRUE;
}

gboolean
sc_store_file_close (ScStoreFile  *self,
                     GError      **error)
{
  return close_db (self, error);
}

void
sc_store_file_interrupt (ScStoreFile *self)
{
  g_mutex_lock (&self->mutex);
  if (self->db != NULL)
    sc_sqlite_interrupt (self->db);
  g_mutex_unlock (&self->mutex);
}

GPtrArray *
sc_store_file_list_conversations (ScStoreFile   *self,
                                  GCancellable  *cancellable,
                                  GError       **error)
{
  const Reading reading = { .what = READ_LIST, .cancellable = cancellable };

  return read_with_cure (self, &reading, error);
}

GPtrArray *
sc_store_file_load_turns (ScStoreFile   *self,
                          const char    *conversation,
                          GCancellable  *cancellable,
                          GError       **error)
{
  const Reading reading = { .what = READ_TURNS, .text = conversation, .cancellable = cancellable };

  return read_with_cure (self, &reading, error);
}

GPtrArray *
sc_store_file_search (ScStoreFile   *self,
                      const char    *query,
                      guint          limit,
                      GCancellable  *cancellable,
                      GError       **error)
{
  const Reading reading =
  {
    .what = READ_SEARCH, .text = query, .limit = limit, .cancellable = cancellable,
  };

  return read_with_cure (self, &reading, error);
}

gboolean
sc_store_file_save_conversation (ScStoreFile                 *self,
                                 const ScConversationRecord  *record,
                                 GError                     **error)
{
  return write_with_cure (self, save_conversation_work, (gpointer) record, error);
}

gboolean
sc_store_file_save_turn (ScStoreFile   *self,
                         ScTurnRecord **record,
                         GError       **error)
{
  if (!write_with_cure (self, save_turn_work, *record, error))
    return FALSE;
  if ((*record)->status == SC_TURN_STATUS_STREAMING)
    {
      /* The key belongs to the value: both are replaced. */
      g_hash_table_replace (self->streams, (*record)->id, *record);
      *record = NULL;
    }
  else
    g_hash_table_remove (self->streams, (*record)->id);
  return TRUE;
}

gboolean
sc_store_file_delete_turn (ScStoreFile  *self,
                           const char   *id,
                           GError      **error)
{
  if (!write_with_cure (self, delete_turn_work, (gpointer) id, error))
    return FALSE;
  g_hash_table_remove (self->streams, id);
  return TRUE;
}

gboolean
sc_store_file_delete_conversation (ScStoreFile  *self,
                                   const char   *id,
                                   GError      **error)
{
  return write_with_cure (self, mark_deleted_work, (gpointer) id, error);
}

gboolean
sc_store_file_purge (ScStoreFile  *self,
                     GError      **error)
{
  return write_with_cure (self, purge_work, NULL, error);
}

GPtrArray *
sc_store_file_list_usage (ScStoreFile   *self,
                          const char    *conversation,
                          gint64         from_us,
                          gint64         to_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  const Reading reading =
  {
    .what = READ_USAGE, .text = conversation, .from_us = from_us, .to_us = to_us,
    .cancellable = cancellable,
  };

  return read_with_cure (self, &reading, error);
}

gboolean
sc_store_file_clear_usage (ScStoreFile  *self,
                           GError      **error)
{
  return write_with_cure (self, clear_usage_work, NULL, error);
}
