/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fault matrix: every fault a stream can have, in the words of every protocol, over a real
 * connection. A row says what a server sends and what becomes of the run: its one end event and the
 * text that is kept. After all rows as many file descriptors are open as before. */

#include "config.h"

#include "fault-dialects.h"
#include "run-log.h"

#include "sc-protocol.h"

#include <string.h>

#define FINISH  (-1)
#define FAILURE (-2)
#define GIANT_BYTES (1024 * 1024)

/* Clocks of rows that stall: as small as a loaded machine allows. */
#define CLOCK_MS 150

#define JSON_TYPE "Content-Type: application/json\r\nConnection: close\r\n\r\n"
#define OK_JSON   "HTTP/1.1 200 OK\r\n" JSON_TYPE
#define ERROR_BODY "{\"error\":{\"message\":\"no\"}}"
#define PAGE      "<html><head><title>Gate</title></head><body>Sorry</body></html>"

typedef enum
{
  END_CLOSE,
  END_RESET,
  END_STALL,
  END_BEATS,
  END_STOP,
} Ending;

typedef enum
{
  CLOCK_NONE,
  CLOCK_FIRST_BYTE,
  CLOCK_IDLE,
  CLOCK_DATA,
} Clock;

/* @head: status line and headers, NULL for a stream of the protocol; @recipe: pieces of the body,
 * see append_piece(); @half and @more: what stands where `Half` and ` more` would; @kind: an
 * ScError, FINISH, or FAILURE for the kind of the protocol's own error */
typedef struct
{
  const char *name;
  const char *head;
  const char *recipe;
  Ending      ending;
  int         kind;
  const char *text;
  Clock       clock;
  const char *half;
  const char *more;
  const char *line_end;
} Fault;

/* The numbers are rows of protocols.md section 16. */
static const Fault faults[] = {
  { "none", NULL, "hme", END_CLOSE, FINISH, "Half more" },
  /* 1, 24, 25: what looks like an end is one only if the protocol says so. */
  { "cut", NULL, "hm", END_CLOSE, SC_ERROR_INTERRUPTED, "Half more" },
  { "cut-at-once", NULL, "h", END_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "cut-in-frame", NULL, "h/", END_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "reset", NULL, "hm", END_RESET, SC_ERROR_INTERRUPTED, "Half more" },
  { "cut-by-length", "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "hm", END_CLOSE,
    SC_ERROR_INTERRUPTED, "Half more" },
  { "cut-in-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", "hm",
    END_CLOSE, SC_ERROR_INTERRUPTED, "Half more" },
  /* 2: never a call out of a stream that was cut. */
  { "cut-after-call", NULL, "hc", END_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "error-after-call", NULL, "hcxe", END_CLOSE, FAILURE, "Half" },
  /* 3 */
  { "never-closed", NULL, "hme", END_STALL, FINISH, "Half more" },
  { "beats-after-end", NULL, "hme", END_BEATS, FINISH, "Half more" },
  /* 6 */
  { "no-last-line-end", NULL, "hme-", END_CLOSE, FINISH, "Half more" },
  /* 7, 11, 29 */
  { "error-whole", OK_JSON, "j", END_CLOSE, FAILURE, "" },
  { "error-whole-as-stream", NULL, "j", END_CLOSE, FAILURE, "" },
  { "answer-whole", OK_JSON, "w", END_CLOSE, FINISH, "Whole" },
  { "answer-whole-as-stream", NULL, "w", END_CLOSE, FINISH, "Whole" },
  { "stream-as-json", OK_JSON, "hme", END_CLOSE, FINISH, "Half more" },
  { "stream-without-type", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "hme", END_CLOSE, FINISH,
    "Half more" },
  /* 8 */
  { "empty", NULL, "", END_CLOSE, SC_ERROR_INTERRUPTED, "" },
  { "blank", NULL, "n", END_CLOSE, SC_ERROR_INTERRUPTED, "" },
  { "beats-only", NULL, "bbb", END_CLOSE, SC_ERROR_INTERRUPTED, "" },
  /* 9 */
  { "error", NULL, "hx", END_CLOSE, FAILURE, "Half" },
  { "error-first", NULL, "x", END_CLOSE, FAILURE, "" },
  { "error-then-end", NULL, "hxe", END_CLOSE, FAILURE, "Half" },
  { "error-never-closed", NULL, "hx", END_STALL, FAILURE, "Half" },
  /* 10 */
  { "error-bare", NULL, "hj", END_CLOSE, FAILURE, "Half" },
  /* 13 */
  { "junk", NULL, "hume", END_CLOSE, FINISH, "Half more" },
  { "broken-frame", NULL, "hke", END_CLOSE, SC_ERROR_PROTOCOL, "Half" },
  /* 14 */
  { "end-twice", NULL, "hmee", END_CLOSE, FINISH, "Half more" },
  /* 15.1 to 15.3, 16 to 18 */
  { "byte-order-mark", NULL, "Bhme", END_CLOSE, FINISH, "Half more" },
  { "crlf", NULL, "hme", END_CLOSE, FINISH, "Half more", .line_end = "\r\n" },
  { "invalid-utf8", NULL, "hme", END_CLOSE, FINISH, "Ha\xEF\xBF\xBDlf more", .half = "Ha\xfflf" },
  { "cut-surrogates", NULL, "hme", END_CLOSE, FINISH, "a\xF0\x9F\x8E\x89 b", .half = "a\\ud83c",
    .more = "\\udf89 b" },
  { "lone-surrogate", NULL, "hme", END_CLOSE, FINISH, "a\xEF\xBF\xBD more", .half = "a\\ud83c" },
  { "giant-frame", NULL, "hme", END_CLOSE, FINISH, NULL, .half = "" },
  /* 19 */
  { "unlabelled-gzip", NULL, "Z", END_CLOSE, SC_ERROR_PROTOCOL, "" },
  /* 21 to 23 */
  { "stall-before-headers", "", "", END_STALL, SC_ERROR_TIMEOUT, "", CLOCK_FIRST_BYTE },
  { "stall-before-body", NULL, "", END_STALL, SC_ERROR_TIMEOUT, "", CLOCK_FIRST_BYTE },
  { "stall", NULL, "h", END_STALL, SC_ERROR_TIMEOUT, "Half", CLOCK_IDLE },
  { "stall-of-data", NULL, "h", END_STALL, SC_ERROR_TIMEOUT, "Half", CLOCK_DATA },
  { "stall-behind-beats", NULL, "h", END_BEATS, SC_ERROR_TIMEOUT, "Half", CLOCK_DATA },
  { "stop-in-stall", NULL, "h", END_STOP, SC_ERROR_CANCELLED, "Half" },
  /* 26 to 28, 31 */
  { "400", "HTTP/1.1 400 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_INVALID_REQUEST, "" },
  { "401", "HTTP/1.1 401 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_AUTH, "" },
  { "402", "HTTP/1.1 402 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_QUOTA, "" },
  { "404", "HTTP/1.1 404 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_NOT_FOUND, "" },
  { "429", "HTTP/1.1 429 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_RATE_LIMIT, "" },
  { "500-empty", "HTTP/1.1 500 No\r\n" JSON_TYPE, "", END_CLOSE, SC_ERROR_SERVER, "" },
  { "502-page", "HTTP/1.1 502 No\r\nContent-Type: text/html\r\n\r\n", "P", END_CLOSE,
    SC_ERROR_SERVER, "" },
  { "503", "HTTP/1.1 503 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_OVERLOADED, "" },
  { "529", "HTTP/1.1 529 No\r\n" JSON_TYPE, "E", END_CLOSE, SC_ERROR_OVERLOADED, "" },
  { "error-giant", "HTTP/1.1 500 No\r\n" JSON_TYPE, "G", END_CLOSE, SC_ERROR_SERVER, "" },
  { "page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "P", END_CLOSE, SC_ERROR_PROTOCOL,
    "" },
  { "page-as-stream", NULL, "P", END_CLOSE, SC_ERROR_PROTOCOL, "" },
  { "no-answer", "", "", END_CLOSE, SC_ERROR_NETWORK, "" },
  { "no-http", "hello, this is a mail server\r\n\r\n", "", END_CLOSE, SC_ERROR_PROTOCOL, "" },
};

typedef struct
{
  const Fault        *fault;
  const FaultDialect *dialect;
} Row;

static void
append_giant (GString *out)
{
  for (gsize i = 0; i < GIANT_BYTES; i++)
    g_string_append_c (out, 'x');
}

static void
append_text_piece (GString     *out,
                   const char  *piece,
                   const char  *word,
                   const char  *other)
{
  g_autoptr (GString) text = g_string_new (piece);
  g_autoptr (GString) giant = g_string_new (other);

  if (other != NULL)
    {
      if (giant->len == 0)
        append_giant (giant);
      g_string_replace (text, word, giant->str, 0);
    }
  g_string_append_len (out, text->str, (gssize) text->len);
}

static void
append_piece (GString   *out,
              const Row *row,
              char       letter)
{
  const FaultDialect *dialect = row->dialect;

  switch (letter)
    {
    case 'h': append_text_piece (out, dialect->half, "Half", row->fault->half); break;
    case 'm': append_text_piece (out, dialect->more, " more", row->fault->more); break;
    case '/': g_string_append_len (out, dialect->more, (gssize) strlen (dialect->more) / 2); break;
    case 'c': g_string_append (out, dialect->call); break;
    case 'e': g_string_append (out, dialect->end); break;
    case 'x': g_string_append (out, dialect->failure); break;
    case 'b': g_string_append (out, dialect->beat); break;
    case 'u': g_string_append (out, dialect->junk); break;
    case 'k': g_string_append (out, dialect->broken); break;
    case 'w': g_string_append (out, dialect->whole); break;
    case 'j': g_string_append (out, dialect->failure_whole); break;
    case 'B': g_string_append (out, "\xEF\xBB\xBF"); break;
    case 'n': g_string_append (out, "\n\n \n"); break;
    case 'E': g_string_append (out, ERROR_BODY); break;
    case 'P': g_string_append (out, PAGE); break;
    case 'Z': g_string_append_len (out, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8); break;
    case 'G': append_giant (out); break;
    case '-':
      while (out->str[out->len - 1] == '\n')
        g_string_truncate (out, out->len - 1);
      break;
    default: g_assert_not_reached ();
    }
}

static GBytes *
create_answer (const Row *row)
{
  g_autoptr (GString) body = g_string_new (NULL);
  GString *answer = g_string_new (row->fault->head);

  if (row->fault->head == NULL)
    g_string_printf (answer, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n",
                     row->dialect->content_type);
  for (const char *letter = row->fault->recipe; *letter != '\0'; letter++)
    append_piece (body, row, *letter);
  if (row->fault->line_end != NULL)
    g_string_replace (body, "\n", row->fault->line_end, 0);
  g_string_append_len (answer, body->str, (gssize) body->len);
  return g_string_free_to_bytes (answer);
}

static void
add_script (RawServer *server,
            const Row *row)
{
  GBytes *answer = create_answer (row);

  switch (row->fault->ending)
    {
    case END_RESET:
      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, answer, RAW_GATE, RAW_RESET,
                             RAW_END);
      break;
    case END_BEATS:
      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, answer, RAW_SEND_FOREVER,
                             row->dialect->beat, RAW_END);
      break;
    case END_STALL:
    case END_STOP:
      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, answer, RAW_STALL, RAW_END);
      break;
    case END_CLOSE:
    default:
      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, answer, RAW_CLOSE, RAW_END);
      break;
    }
}

static void
set_clock (ScProfile *profile,
           Clock      clock)
{
  if (clock == CLOCK_FIRST_BYTE)
    profile->timeouts.first_byte_ms = CLOCK_MS;
  else if (clock == CLOCK_IDLE)
    profile->timeouts.idle_ms = CLOCK_MS;
  else if (clock == CLOCK_DATA)
    profile->timeouts.data_ms = CLOCK_MS;
}

typedef struct
{
  const RunLog *log;
  const char   *text;
} TextWait;

static gboolean
has_text (gpointer data)
{
  const TextWait *wait = data;

  return strcmp (wait->log->text->str, wait->text) == 0;
}

static void
assert_end (RunLog    *log,
            const Row *row)
{
  int kind = row->fault->kind;

  if (kind == FAILURE)
    kind = (int) row->dialect->failure_kind;
  g_assert_cmpuint (log->n_ends, ==, 1);
  if (kind == FINISH)
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
    }
  g_assert_false (run_log_has (log, "\"event\":\"tool-call\""));
  if (row->fault->text != NULL)
    g_assert_cmpstr (log->text->str, ==, row->fault->text);
  else
    g_assert_cmpuint (log->text->len, ==, GIANT_BYTES + strlen (" more"));
}

static void
run_row (const Row *row)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", "");
  g_autoptr (RunLog) log = NULL;

  sc_profile_set (&profile->protocol, row->dialect->protocol);
  sc_profile_set (&profile->base_url, url);
  set_clock (profile, row->fault->clock);
  add_script (server, row);
  log = run_log_start (profile);
  if (row->fault->ending == END_RESET || row->fault->ending == END_STOP)
    {
      TextWait wait = { log, row->fault->text };

      wait_until (has_text, &wait);
    }
  if (row->fault->ending == END_RESET)
    raw_server_open_gate (server);
  else if (row->fault->ending == END_STOP)
    sc_run_stop (log->run);
  run_log_wait_end (log);
  assert_end (log, row);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
  if (row->fault->ending == END_STALL || row->fault->ending == END_BEATS ||
      row->fault->ending == END_STOP)
    raw_server_wait_client_closed (server, 0);
}

static void
test_row (gconstpointer data)
{
  run_row (data);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  if (dir != NULL)
    while (g_dir_read_name (dir) != NULL)
      n++;
  return n;
}

static gboolean
has_closed_all (gpointer data)
{
  return count_descriptors () <= *(guint *) data;
}

static void
add_rows (const FaultDialect *dialect)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = NULL;
      Row *row = g_new (Row, 1);

      path = g_strdup_printf ("/chat/faults/%s/%s", dialect->protocol, faults[i].name);
      *row = (Row) { &faults[i], dialect };
      g_test_add_data_func_full (path, row, test_row, g_free);
    }
}

int
main (int   argc,
      char *argv[])
{
  const Row first = { &faults[0], &fault_dialects[0] };
  guint n_descriptors;
  int result;

  g_test_init (&argc, &argv, NULL);
  for (const FaultDialect *dialect = fault_dialects; dialect->protocol != NULL; dialect++)
    {
      g_assert_nonnull (sc_protocol_find (dialect->protocol));
      add_rows (dialect);
    }
  /* What is opened once and for all is open now. */
  run_row (&first);
  n_descriptors = count_descriptors ();
  result = g_test_run ();
  wait_until (has_closed_all, &n_descriptors);
  return result;
}
