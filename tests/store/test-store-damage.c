/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of a history file that is damaged, locked, read-only or of another version, and what
 * is left when any single operation of the disk fails. */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file-fixture.h"
#include "sc-error.h"
#include "sc-sqlite-private.h"
#include "sc-store-schema.h"
#include "store-test.h"

static guint
count_aside (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "history.sqlite.damaged-") && !g_str_has_suffix (name, "-wal"))
      count++;
  return count;
}

static void
write_file (const char *path,
            gsize       offset,
            const char *bytes,
            gsize       n_bytes)
{
  FILE *stream = g_fopen (path, "r+b");

  g_assert_nonnull (stream);
  g_assert_cmpint (fseek (stream, (long) offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (bytes, 1, n_bytes, stream), ==, n_bytes);
  fclose (stream);
}

/* One sentence that names the file, then a history that works. */
static void
assert_begun_anew (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_store_file_list_conversations (fixture->file, NULL, &error));
  file_assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "history.sqlite.damaged-"));
  file_assert_listed (fixture->file, "");
  file_save_conversation (fixture->file, "new", "New", 1);
  file_reopen (fixture);
  file_assert_listed (fixture->file, "new");
  g_assert_cmpuint (count_aside (fixture), ==, 1);
}

static void
test_not_a_database (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *garbage = g_strnfill (20000, 'x');

  g_assert_true (g_file_set_contents (fixture->path, garbage, -1, &error));
  assert_begun_anew (fixture);
}

static void
test_damaged_schema (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (4096 - 100, '\x55');

  file_save_conversation (fixture->file, "c", "", 1);
  sc_store_file_free (fixture->file);
  write_file (fixture->path, 100, garbage, 4096 - 100);
  fixture->file = sc_store_file_new (fixture->path);
  assert_begun_anew (fixture);
}

/* Damage that shows itself in use only: the file is looked at as a whole and moved aside then. */
static void
test_damaged_in_use (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (4096, '\x55');
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  file_save_conversation (fixture->file, "c", "", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);
      g_autofree char *text = g_strnfill (1000, 'a');

      file_save_turn (fixture->file, id, "c", NULL, SC_TURN_STATUS_DONE, text);
    }
  sc_store_file_free (fixture->file);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  for (gsize offset = 20 * 4096; offset + 4096 < (gsize) info.st_size; offset += 4096)
    write_file (fixture->path, offset, garbage, 4096);
  fixture->file = sc_store_file_new (fixture->path);
  g_assert_null (sc_store_file_load_turns (fixture->file, "c", NULL, &error));
  file_assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "history.sqlite.damaged-"));

  /* What is still on the way finds its conversation gone, and is kept all the same. */
  file_save_turn (fixture->file, "late", "c", NULL, SC_TURN_STATUS_DONE, "late words");
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_DONE, "late words");
  file_assert_listed (fixture->file, "c");
  g_assert_cmpuint (count_aside (fixture), ==, 1);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

/* The index holds nothing of its own: it is made anew and nobody hears of it. */
static void
test_damaged_index (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const damages[] =
  {
    "UPDATE turn_index_data SET block = x'0000' WHERE id = 10",
    "UPDATE turn_index_data SET block = x'ffffffffffffffffffff' WHERE id > 10",
    "DELETE FROM turn_index_data WHERE id > 10",
    "UPDATE title_index_data SET block = x'ff' WHERE id = 10",
  };

  file_save_conversation (fixture->file, "c", "penguin title", 1);
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "penguin text");
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_clear_pointer (&fixture->file, sc_store_file_free);
      store_test_run_sql (fixture->path, damages[i]);
      fixture->file = sc_store_file_new (fixture->path);
      file_assert_found (fixture->file, "penguin", "c");
      file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE,
                      i % 2 == 0 ? "penguin two" : "penguin text");
      file_assert_found (fixture->file, i % 2 == 0 ? "penguin two" : "penguin text", "c");
    }
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

static void
test_newer_version (Fixture       *fixture,
                    gconstpointer  data)
{
  file_save_conversation (fixture->file, "c", "", 1);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_run_sql (fixture->path, "PRAGMA user_version = 999");
  fixture->file = sc_store_file_new (fixture->path);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sc_store_file_list_conversations (fixture->file, NULL, &error));
      file_assert_storage_error (error);
      g_assert_false (file_try_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "x", NULL,
                                     NULL));
    }
  g_assert_cmpuint (count_aside (fixture), ==, 0);
  file_assert_sql (fixture, "SELECT count (*) FROM turns", "0");
}

#define SCHEMA_SQL \
  "SELECT type || ' ' || name || ' ' || ifnull (sql, '') FROM sqlite_schema ORDER BY type, name"

/* Every version ever released: its file opens, loses nothing, and ends with the very tables of a
 * new file. */
static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *new_path = g_build_filename (fixture->folder, "new.sqlite", NULL);
  g_autofree char *new_schema = NULL;
  ScStoreFile *new_file = sc_store_file_new (new_path);

  file_assert_listed (new_file, "");
  sc_store_file_free (new_file);
  new_schema = store_test_read_sql (new_path, SCHEMA_SQL);

  for (guint version = 1; version <= SC_STORE_SCHEMA_VERSION; version++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_strdup_printf ("history-v%u.sql", version);
      g_autofree char *source = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
      g_autofree char *sql = NULL;
      g_autofree char *schema = NULL;
      g_autofree char *stored_version = NULL;
      g_autoptr (GPtrArray) turns = NULL;

      g_clear_pointer (&fixture->file, sc_store_file_free);
      g_unlink (fixture->path);
      g_assert_true (g_file_get_contents (source, &sql, NULL, &error));
      store_test_run_sql (fixture->path, sql);
      fixture->file = sc_store_file_new (fixture->path);

      file_assert_listed (fixture->file, "c-pinned c-plain");
      turns = file_load_turns (fixture->file, "c-plain");
      g_assert_cmpuint (turns->len, ==, 3);
      file_assert_turn (fixture->file, "c-plain", 0, SC_TURN_STATUS_DONE, "How do penguins sleep?");
      file_assert_turn (fixture->file, "c-plain", 1, SC_TURN_STATUS_STOPPED, "Standing, mostly.");
      file_assert_turn (fixture->file, "c-plain", 2, SC_TURN_STATUS_INTERRUPTED,
                        "They huddle together in the cold.");
      file_assert_found (fixture->file, "penguins", "c-plain");
      file_assert_found (fixture->file, "huddle cold", "c-plain");
      file_assert_found (fixture->file, "pinned", "c-pinned");
      g_clear_pointer (&fixture->file, sc_store_file_free);

      schema = store_test_read_sql (fixture->path, SCHEMA_SQL);
      g_assert_cmpstr (schema, ==, new_schema);
      store_test_assert_consistent (fixture->path);
      stored_version = store_test_read_sql (fixture->path, "PRAGMA user_version");
      g_assert_cmpint (g_ascii_strtoll (stored_version, NULL, 10), ==, SC_STORE_SCHEMA_VERSION);
    }
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *other = NULL;

  sc_sqlite_set_busy_timeout_ms (1);
  file_save_conversation (fixture->file, "c", "", 1);
  g_assert_cmpint (sqlite3_open (fixture->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  file_reopen (fixture);
  g_assert_false (file_try_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text", NULL,
                                 &error));
  file_assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_assert_cmpint (sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);

  /* It comes back by itself. */
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text");
  file_assert_listed (fixture->file, "c");
  g_assert_cmpuint (count_aside (fixture), ==, 0);
  sc_sqlite_set_busy_timeout_ms (5000);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *blocked = g_build_filename (fixture->path, "history.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  ScStoreFile *file = sc_store_file_new (blocked);

  g_assert_true (g_file_set_contents (fixture->path, "a file, not a folder", -1, NULL));
  g_assert_null (sc_store_file_list_conversations (file, NULL, &error));
  file_assert_storage_error (error);
  g_clear_error (&error);
  g_assert_false (sc_store_file_purge (file, &error));
  file_assert_storage_error (error);
  sc_store_file_free (file);
}

/* Runs as somebody whom modes bind. */
static int
run_read_only (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) read_error = NULL;
  ScStoreFile *file;

  if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
    return 77;
  file = sc_store_file_new (path);
  g_assert_null (sc_store_file_list_conversations (file, NULL, &read_error));
  file_assert_storage_error (read_error);
  g_assert_false (file_try_turn (file, "t", "c", NULL, SC_TURN_STATUS_DONE, "text", NULL, &error));
  file_assert_storage_error (error);
  sc_store_file_free (file);
  return 0;
}

static void
test_read_only (Fixture       *fixture,
                gconstpointer  data)
{
  const char *const argv[] = { "/proc/self/exe", "--read-only", fixture->path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                                   NULL, &status, &error));
      g_assert_no_error (error);
      if (g_spawn_check_wait_status (status, &error) == FALSE &&
          g_error_matches (error, G_SPAWN_EXIT_ERROR, 77))
        {
          g_test_skip ("cannot become another user");
          break;
        }
      g_assert_no_error (error);
      /* Once with no file in the folder, once with a history that others may read. */
      g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
      if (i == 0)
        {
          file_save_conversation (fixture->file, "c", "", 1);
          g_clear_pointer (&fixture->file, sc_store_file_free);
          g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
        }
    }
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

static void
test_two_files (Fixture       *fixture,
                gconstpointer  data)
{
  ScStoreFile *other;

  file_save_conversation (fixture->file, "c", "Shared", 1);
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two");

  /* The other takes the answer for one of a dead process; the first goes on and puts that right. */
  other = sc_store_file_new (fixture->path);
  file_assert_turn (other, "c", 0, SC_TURN_STATUS_INTERRUPTED, "one two");
  file_save_conversation (other, "d", "Other", 2);
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "one two three");
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_STREAMING, "one two three");
  file_assert_turn (other, "c", 0, SC_TURN_STATUS_STREAMING, "one two three");
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_DONE, "one two three four");
  file_assert_turn (other, "c", 0, SC_TURN_STATUS_DONE, "one two three four");
  file_assert_listed (fixture->file, "d c");
  file_assert_found (other, "four", "c");
  sc_store_file_free (other);
  g_clear_pointer (&fixture->file, sc_store_file_free);
  store_test_assert_consistent (fixture->path);
}

#define N_STEPS 15

/* Every operation fails once with a plain failure. The others take samples: a hundred lives of a
 * file are slow under the sanitizers, and primes meet each kind of operation. */
#define SAMPLE_STRIDE  7
#define LASTING_STRIDE 3

/* One step of a life with everything in it. */
static gboolean
run_step (ScStoreFile  *file,
          guint         step,
          GError      **error)
{
  const char *title = step < 6 ? "First" : "First again";
  g_autoptr (ScConversationRecord) first = store_test_make_conversation ("c1", title, 1);
  g_autoptr (ScConversationRecord) second = store_test_make_conversation ("c2", "Second", 2);

  first->head = g_strdup ("u1");
  switch (step)
    {
    case 0:
    case 6:
      return sc_store_file_save_conversation (file, first, error);
    case 1:
      return file_try_turn (file, "u1", "c1", NULL, SC_TURN_STATUS_DONE, "question one", NULL,
                            error);
    case 2:
      return file_try_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha", NULL, error);
    case 3:
      return file_try_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha beta", "why",
                            error);
    case 4:
      return file_try_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_STREAMING, "alpha beta gamma",
                            "why not", error);
    case 5:
      return file_try_turn (file, "a1", "c1", "u1", SC_TURN_STATUS_DONE, "alpha beta gamma delta",
                            "why not", error);
    case 7:
    case 12:
      return sc_store_file_save_conversation (file, second, error);
    case 8:
      return file_try_turn (file, "b1", "c2", NULL, SC_TURN_STATUS_DONE, "beginning", NULL, error);
    case 9:
      return file_try_turn (file, "b1", "c2", NULL, SC_TURN_STATUS_DONE, "edited text", NULL,
                            error);
    case 10:
      return sc_store_file_delete_turn (file, "u1", error);
    case 11:
    case 13:
      return sc_store_file_delete_conversation (file, "c2", error);
    default:
      return sc_store_file_purge (file, error);
    }
}

#define PIECES_SQL(kind) \
  "ifnull ((SELECT group_concat (text, '') FROM (SELECT text FROM pieces" \
  " WHERE turn = t.number AND kind = " kind " ORDER BY position)), '')"

#define STATE_SQL \
  "SELECT 'c ' || id || ' ' || title || ' ' || (deleted_us IS NOT NULL) || ' '" \
  " || ifnull (head, '-')" \
  " FROM conversations UNION ALL " \
  "SELECT 't ' || id || ' ' || ifnull (parent, '-') || ' ' || status || ' ' || text || " \
  PIECES_SQL ("0") \
  " || ' / ' || ifnull (reasoning, '') || " PIECES_SQL ("1") " FROM turns AS t ORDER BY 1"

static char *
read_state (const char *path)
{
  char *state;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup ("");
  state = store_test_read_sql (path, STATE_SQL);
  /* Without tables there is nothing in it. */
  return state != NULL ? state : g_strdup ("");
}

static void
record_states (char *states[N_STEPS + 1])
{
  Fixture fixture;

  file_set_up (&fixture, NULL);
  states[0] = g_strdup ("");
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (run_step (fixture.file, step, &error));
      states[step + 1] = read_state (fixture.path);
    }
  file_tear_down (&fixture, NULL);
}

/* The N-th operation fails once: its step fails and changes nothing, or is mended; tried again it
 * succeeds. */
static void
test_single_fault (gconstpointer data)
{
  const int code = GPOINTER_TO_INT (data);
  const int stride = code == SQLITE_IOERR ? 1 : SAMPLE_STRIDE;
  char *states[N_STEPS + 1];
  gboolean was_hit = TRUE;
  guint n_failed = 0;

  record_states (states);
  for (int n = 1; was_hit; n += stride)
    {
      g_autofree char *state = NULL;
      Fixture fixture;

      file_set_up (&fixture, NULL);
      sc_sqlite_set_fault (n, code, FALSE);
      for (guint step = 0; step < N_STEPS; step++)
        {
          g_autoptr (GError) error = NULL;

          if (run_step (fixture.file, step, &error))
            continue;
          file_assert_storage_error (error);
          n_failed++;
          g_clear_error (&error);
          g_assert_true (run_step (fixture.file, step, &error));
        }
      was_hit = sc_sqlite_fault_was_hit ();
      if (!was_hit)
        g_test_message ("%d operations", n - 1);
      state = read_state (fixture.path);
      g_assert_cmpstr (state, ==, states[N_STEPS]);
      g_clear_pointer (&fixture.file, sc_store_file_free);
      store_test_assert_consistent (fixture.path);
      file_tear_down (&fixture, NULL);
    }
  if (code == SQLITE_IOERR)
    g_assert_cmpuint (n_failed, >, 50);
  for (guint i = 0; i <= N_STEPS; i++)
    g_free (states[i]);
}

/* From the N-th operation on the disk is dead: what was reported as saved is there, and nothing
 * else. */
static void
test_lasting_fault (gconstpointer data)
{
  const int code = GPOINTER_TO_INT (data);
  char *states[N_STEPS + 1];
  gboolean was_hit = TRUE;

  record_states (states);
  for (int n = 1; was_hit; n += LASTING_STRIDE)
    {
      g_autofree char *state = NULL;
      guint n_done = 0;
      Fixture fixture;

      file_set_up (&fixture, NULL);
      sc_sqlite_set_fault (n, code, TRUE);
      for (guint step = 0; step < N_STEPS; step++)
        {
          g_autoptr (GError) error = NULL;

          if (run_step (fixture.file, step, &error))
            {
              g_assert_cmpuint (n_done, ==, step);
              n_done++;
            }
          else
            file_assert_storage_error (error);
        }
      was_hit = sc_sqlite_fault_was_hit ();
      sc_sqlite_set_fault (0, 0, FALSE);
      state = read_state (fixture.path);
      g_assert_cmpstr (state, ==, states[n_done]);
      file_reopen (&fixture);
      g_assert_true (run_step (fixture.file, 0, NULL));
      g_clear_pointer (&fixture.file, sc_store_file_free);
      store_test_assert_consistent (fixture.path);
      file_tear_down (&fixture, NULL);
    }
  for (guint i = 0; i <= N_STEPS; i++)
    g_free (states[i]);
}

/* A full disk does not keep anybody from reading. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  file_save_conversation (fixture->file, "c", "", 1);
  file_save_turn (fixture->file, "t", "c", NULL, SC_TURN_STATUS_STREAMING, "half");
  file_reopen (fixture);
  g_assert_true (sc_store_file_open (fixture->file, &error));
  file_reopen (fixture);
  sc_sqlite_set_fault (1, SQLITE_FULL, TRUE);
  g_assert_false (file_try_turn (fixture->file, "u", "c", NULL, SC_TURN_STATUS_DONE, "x", NULL,
                                 &error));
  file_assert_storage_error (error);
  g_assert_nonnull (strstr (error->message, "no space"));
  sc_sqlite_set_fault (0, 0, FALSE);
  file_assert_turn (fixture->file, "c", 0, SC_TURN_STATUS_INTERRUPTED, "half");
}

#define ADD(path, func) g_test_add ("/store/file/" path, Fixture, NULL, \
                                      file_set_up, func, file_tear_down)

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--read-only"))
    return run_read_only (argv[2]);

  g_test_init (&argc, &argv, NULL);

  ADD ("not-a-database", test_not_a_database);
  ADD ("damaged-schema", test_damaged_schema);
  ADD ("damaged-in-use", test_damaged_in_use);
  ADD ("damaged-index", test_damaged_index);
  ADD ("newer-version", test_newer_version);
  ADD ("migration", test_migration);
  ADD ("locked", test_locked);
  ADD ("no-folder", test_no_folder);
  ADD ("read-only", test_read_only);
  ADD ("two-files", test_two_files);
  ADD ("full-disk", test_full_disk);
  g_test_add_data_func ("/store/file/fault/once", GINT_TO_POINTER (SQLITE_IOERR),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/damaged", GINT_TO_POINTER (SQLITE_CORRUPT),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/damaged-index", GINT_TO_POINTER (SQLITE_CORRUPT_VTAB),
                        test_single_fault);
  g_test_add_data_func ("/store/file/fault/lasting", GINT_TO_POINTER (SQLITE_IOERR),
                        test_lasting_fault);

  return g_test_run ();
}
