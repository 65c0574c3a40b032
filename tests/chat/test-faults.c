/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fault matrix: every fault a stream can have, in the words of every protocol, over a real
 * connection. A row says what a server sends and what becomes of the run: its one end event and the
 * text that is kept. All protocols run at the same time; the key, which the servers repeat wherever
 * they can, is in nothing that comes out. After all rows as many file descriptors are open as
 * before. */

#include "config.h"

#include "fault-retries.h"
#include "fault-rows.h"
#include "run-log.h"

#include "sc-protocol.h"

#include <string.h>

/* Clocks of rows that stall: as small as a loaded machine allows. */
#define CLOCK_MS 250

/* Less under AddressSanitizer, which is slow and not quick to give memory back. */
#ifdef __SANITIZE_ADDRESS__
#define BIG_BYTES (4u * 1024 * 1024)
#else
#define BIG_BYTES (32u * 1024 * 1024)
#endif

typedef struct
{
  const FaultRow     *fault;
  const FaultDialect *dialect;
  RawServer          *server;
  RunLog             *log;
} Cell;

static guint n_rows;
static guint n_cells;

static void
add_script (const Cell *cell,
            const char *trap)
{
  const FaultDialect *dialect = cell->dialect;
  gboolean upgrades = dialect->content_type == NULL && cell->fault->head == NULL;
  GBytes *answer = fault_row_create_answer (cell->fault, dialect, trap);
  RawAction begin = upgrades ? RAW_UPGRADE : RAW_WAIT_REQUEST;
  RawAction wait = upgrades ? RAW_WAIT_MESSAGES : RAW_WAIT_BYTES;
  guint n = upgrades ? dialect->n_opening : 0;
  RawServer *server = cell->server;

  switch (cell->fault->ending)
    {
    case FAULT_RESET:
      raw_server_add_script (server, begin, wait, n, RAW_SEND_BYTES, answer, RAW_GATE, RAW_RESET,
                             RAW_END);
      break;
    case FAULT_BEATS:
      raw_server_add_script (server, begin, wait, n, RAW_SEND_BYTES, answer, RAW_BEAT,
                             fault_dialect_create_beat (dialect), RAW_END);
      break;
    case FAULT_STALL:
    case FAULT_STOP:
      raw_server_add_script (server, begin, wait, n, RAW_SEND_BYTES, answer, RAW_STALL, RAW_END);
      break;
    case FAULT_CLOSE:
    default:
      raw_server_add_script (server, begin, wait, n, RAW_SEND_BYTES, answer, RAW_CLOSE, RAW_END);
      break;
    }
}

static void
set_clock (ScProfile  *profile,
           FaultClock  clock)
{
  if (clock == FAULT_FIRST_BYTE)
    profile->timeouts.first_byte_ms = CLOCK_MS;
  else if (clock == FAULT_IDLE)
    profile->timeouts.idle_ms = CLOCK_MS;
  else if (clock == FAULT_DATA)
    profile->timeouts.data_ms = CLOCK_MS;
}

/* A header of the user's own carries the key too: redirects must not take it along. */
static ScProfile *
create_dialect_profile (RawServer          *server,
                        const FaultDialect *dialect)
{
  static const char *const headers[] = { "api-key: " CANARY_KEY, NULL };
  ScProfile *profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", dialect->path);

  sc_profile_set (&profile->protocol, dialect->protocol);
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, dialect->model);
  profile->headers = g_strdupv ((char **) headers);
  return profile;
}

static Cell *
start_cell (const FaultRow     *fault,
            const FaultDialect *dialect,
            const char         *trap)
{
  Cell *cell = g_new0 (Cell, 1);
  g_autoptr (ScProfile) profile = NULL;

  n_cells++;
  cell->fault = fault;
  cell->dialect = dialect;
  cell->server = raw_server_new ();
  profile = create_dialect_profile (cell->server, dialect);
  set_clock (profile, fault->clock);
  add_script (cell, trap);
  cell->log = run_log_start (profile);
  return cell;
}

static void
free_cell (gpointer data)
{
  Cell *cell = data;

  run_log_free (cell->log);
  raw_server_free (cell->server);
  g_free (cell);
}

static gboolean
has_text (gpointer data)
{
  const Cell *cell = data;

  g_assert_cmpuint (cell->log->n_ends, ==, 0);
  return strcmp (cell->log->text->str, cell->fault->text) == 0;
}

static void
go_on (Cell *cell)
{
  if (cell->fault->ending != FAULT_RESET && cell->fault->ending != FAULT_STOP)
    return;
  wait_until (has_text, cell);
  if (cell->fault->ending == FAULT_RESET)
    raw_server_open_gate (cell->server);
  else
    sc_run_stop (cell->log->run);
}

static gboolean
has_ended (gpointer data)
{
  GPtrArray *cells = data;

  for (guint i = 0; i < cells->len; i++)
    if (((Cell *) g_ptr_array_index (cells, i))->log->n_ends == 0)
      return FALSE;
  return TRUE;
}

static void
assert_text (const Cell *cell)
{
  const FaultRow *fault = cell->fault;
  gsize expected = strlen (" more") + FAULT_GIANT_BYTES;

  if (fault->half == NULL)
    expected = strlen ("Half") + FAULT_MANY * strlen (" more");
  if (fault->text != NULL)
    g_assert_cmpstr (cell->log->text->str, ==, fault->text);
  else
    g_assert_cmpuint (cell->log->text->len, ==, expected);
}

static void
assert_end (const Cell *cell)
{
  const RunLog *log = cell->log;
  int kind = cell->fault->kind == FAULT_OWN ? (int) cell->dialect->failure_kind : cell->fault->kind;

  g_test_message ("%s: %s", cell->dialect->name,
                  log->failure != NULL ? log->failure->message : "complete");
  g_assert_cmpuint (log->n_ends, ==, 1);
  if (kind == FAULT_FINISH)
    {
      if (log->failure != NULL)
        g_error ("Ended with %s: %s", sc_error_to_nick (log->failure->kind), log->failure->message);
      g_assert_cmpint (log->reason, !=, SC_FINISH_TOOL_CALLS);
    }
  else
    {
      g_assert_nonnull (log->failure);
      g_assert_cmpstr (sc_error_to_nick (log->failure->kind), ==,
                       sc_error_to_nick ((ScError) kind));
      g_assert_cmpstr (log->failure->message, !=, "");
      if (cell->fault->words != NULL && strstr (log->failure->message, cell->fault->words) == NULL)
        g_error ("“%s” lacks “%s”", log->failure->message, cell->fault->words);
    }
  g_assert_false (run_log_has (cell->log, "\"event\":\"tool-call\""));
  assert_text (cell);
}

static void
test_fault (gconstpointer data)
{
  const FaultRow *fault = data;
  g_autoptr (RawServer) trap = raw_server_new ();
  g_autofree char *trap_url = raw_server_dup_url (trap, "http", "/trap");
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (free_cell);

  raw_server_add_script (trap, RAW_STALL, RAW_END);
  for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
    if (fault_row_is_for (fault, dialect))
      g_ptr_array_add (cells, start_cell (fault, dialect, trap_url));
  for (guint i = 0; i < cells->len; i++)
    go_on (g_ptr_array_index (cells, i));
  wait_until (has_ended, cells);
  for (guint i = 0; i < cells->len; i++)
    {
      Cell *cell = g_ptr_array_index (cells, i);

      assert_end (cell);
      g_assert_cmpuint (raw_server_count_connections (cell->server), ==, 1);
      if (fault->ending != FAULT_CLOSE && fault->ending != FAULT_RESET)
        raw_server_wait_client_closed (cell->server, 0);
    }
  g_assert_cmpuint (raw_server_count_connections (trap), ==, 0);
}

/* A picture, or a tool that said too much: one event of 32 MiB. */
static void
test_big (gconstpointer data)
{
  const FaultDialect *dialect = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_dialect_profile (server, dialect);
  g_autofree char *big = g_strnfill (BIG_BYTES, 'x');
  const FaultRow row = { "big", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, .half = big };
  g_autoptr (RunLog) log = NULL;

  raw_server_add_script (server, dialect->content_type == NULL ? RAW_UPGRADE : RAW_WAIT_REQUEST,
                         dialect->content_type == NULL ? RAW_WAIT_MESSAGES : RAW_WAIT_BYTES,
                         dialect->n_opening, RAW_SEND_BYTES,
                         fault_row_create_answer (&row, dialect, ""), RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_assert_null (log->failure);
  g_assert_cmpuint (log->text->len, ==, BIG_BYTES + strlen (" more"));
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static gboolean
has_closed_all (gpointer data)
{
  return count_descriptors () <= *(guint *) data;
}

static guint
add_tests (void)
{
  for (const FaultRow *row = fault_rows; row->name != NULL; row++, n_rows++)
    {
      g_autofree char *path = g_strconcat ("/chat/faults/", row->name, NULL);

      g_test_add_data_func (path, row, test_fault);
    }
  for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
    {
      g_autofree char *path = g_strconcat ("/chat/faults/big/", dialect->name, NULL);

      g_assert_nonnull (sc_protocol_find (dialect->protocol));
      if (g_str_equal (dialect->name, "openai-chat") || g_str_equal (dialect->name, "ollama") ||
          g_str_equal (dialect->name, "openai-realtime"))
        g_test_add_data_func (path, dialect, test_big);
    }
  return n_rows + 1 + fault_retries_add_tests ();
}

int
main (int   argc,
      char *argv[])
{
  guint n_descriptors;
  guint n_faults;
  int result;

  g_test_init (&argc, &argv, NULL);
  run_log_watch_messages ();
  n_faults = add_tests ();
  /* What is opened once and for all is open now. */
  test_fault (&fault_rows[0]);
  n_descriptors = count_descriptors ();
  n_cells = 0;
  result = g_test_run ();
  wait_until (has_closed_all, &n_descriptors);
  g_print ("# %u faults, %u of them run in every protocol (%u times in all); "
           "0 file descriptors leaked\n",
           n_faults, n_rows, n_cells);
  return result;
}
