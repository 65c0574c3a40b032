/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stop, by the server's clock: how long after the call it saw that the socket is closed, in every
 * state of a run and over everything that a run can speak through. The figures are printed; that
 * the server saw it at all, before it would have done anything itself, is what fails. Each stop
 * gives back all its file descriptors. */

#include "config.h"

#include "certificates.h"
#include "fault-rows.h"
#include "run-log.h"

#include <string.h>

typedef enum
{
  VIA_HTTP,
  VIA_HTTPS,
  VIA_WS,
  VIA_WSS,
} Via;

static const char *const via_names[] = { "http", "https", "ws", "wss" };

typedef enum
{
  STATE_CONNECTING,  /* the handshake, or the upgrade, is not over */
  STATE_HEADERS,     /* the request is out, nothing came */
  STATE_FIRST_TOKEN, /* headers came, no text */
  STATE_STALL,       /* text came, and then nothing */
  STATE_MIDDLE,      /* text comes and comes */
  STATE_RETRY,       /* the wait before the next try */
} State;

static const char *const state_names[] = {
  "connecting", "before-headers", "before-first-token", "in-stall", "in-the-middle",
  "in-retry-wait",
};

typedef struct
{
  Via   via;
  State state;
} Case;

static gint64 longest_us;

static gboolean
is_socket (const Case *test)
{
  return test->via == VIA_WS || test->via == VIA_WSS;
}

static gboolean
is_secure (const Case *test)
{
  return test->via == VIA_HTTPS || test->via == VIA_WSS;
}

static const FaultDialect *
get_dialect (const Case *test)
{
  const char *name = is_socket (test) ? "openai-responses-ws" : "openai-chat";

  for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
    if (g_str_equal (dialect->name, name))
      return dialect;
  g_assert_not_reached ();
}

/* What is sent before the server does what the state asks for, the head of the answer included. */
static GBytes *
create_answer (const Case *test)
{
  static const FaultRow busy = {
    "busy", "HTTP/1.1 503 No\r\nRetry-After: 50\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ""
  };
  FaultRow row = { "text", NULL, "" };

  if (test->state == STATE_RETRY)
    return fault_row_create_answer (&busy, get_dialect (test), "");
  if (test->state == STATE_CONNECTING || test->state == STATE_HEADERS)
    return g_bytes_new_static ("", 0);
  if (test->state != STATE_FIRST_TOKEN)
    row.recipe = "h";
  return fault_row_create_answer (&row, get_dialect (test), "");
}

static GBytes *
create_more (const Case *test)
{
  GString *more = g_string_new (NULL);

  fault_dialect_append (get_dialect (test), get_dialect (test)->more, more);
  return g_string_free_to_bytes (more);
}

static void
add_script (RawServer  *server,
            const Case *test)
{
  gboolean upgrades =
    is_socket (test) && test->state != STATE_HEADERS && test->state != STATE_RETRY;
  RawAction begin = upgrades ? RAW_UPGRADE : RAW_WAIT_REQUEST;
  /* Nothing, where there is nothing to do. */
  RawAction hands = is_secure (test) ? RAW_HANDSHAKE : RAW_SEND;
  const char *certificate = is_secure (test) ? TEST_SIGNED_CERTIFICATE : "";

  if (test->state == STATE_CONNECTING)
    raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_STALL, RAW_END);
  else if (test->state == STATE_MIDDLE)
    raw_server_add_script (server, hands, certificate, begin, RAW_SEND_BYTES, create_answer (test),
                           RAW_BEAT, create_more (test), RAW_END);
  else
    raw_server_add_script (server, hands, certificate, begin, RAW_SEND_BYTES, create_answer (test),
                           RAW_STALL, RAW_END);
}

static ScProfile *
create_stop_profile (RawServer  *server,
                     const Case *test)
{
  ScProfile *profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, is_secure (test) ? "https" : "http", "");

  sc_profile_set (&profile->protocol, get_dialect (test)->protocol);
  sc_profile_set (&profile->base_url, url);
  profile->retries = 2;
  if (is_secure (test))
    {
      g_autoptr (GError) error = NULL;

      profile->ca_file = g_build_filename (g_get_user_cache_dir (), "ca.pem", NULL);
      g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
      g_file_set_contents (profile->ca_file, TEST_CA_CERTIFICATE, -1, &error);
      g_assert_no_error (error);
    }
  return profile;
}

static gboolean
has_much_text (gpointer data)
{
  RunLog *log = data;

  return log->text->len >= strlen ("Half more more more");
}

static void
wait_state (RunLog     *log,
            RawServer  *server,
            const Case *test)
{
  switch (test->state)
    {
    case STATE_FIRST_TOKEN:
      run_log_wait_for (log, "\"waiting\"");
      break;
    case STATE_STALL:
      run_log_wait_for (log, "Half");
      break;
    case STATE_MIDDLE:
      wait_until (has_much_text, log);
      return;
    case STATE_RETRY:
      run_log_wait_for (log, "\"retry\"");
      /* Nothing waits for that long. */
      raw_server_wait_client_closed (server, 0);
      break;
    case STATE_CONNECTING:
    case STATE_HEADERS:
    default:
      break;
    }
  raw_server_wait_idle (server, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
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

static gint64
stop_once (const Case *test)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_stop_profile (server, test);
  g_autoptr (RunLog) log = NULL;
  gint64 stop_us;
  gint64 taken_us;

  add_script (server, test);
  log = run_log_start (profile);
  wait_state (log, server, test);
  g_assert_cmpuint (log->n_ends, ==, 0);
  stop_us = g_get_monotonic_time ();
  sc_run_stop (log->run);
  /* The end is told before the call returns. */
  run_log_assert_failed (log, SC_ERROR_CANCELLED);
  raw_server_wait_client_closed (server, 0);
  taken_us = MAX (raw_server_get_closed_us (server, 0) - stop_us, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (log->n_ends, ==, 1);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
  return taken_us;
}

static void
test_stop (gconstpointer data)
{
  const Case *test = data;
  guint n_descriptors;
  gint64 taken_us;

  /* What is opened once and for all is open then. */
  if (test->state == STATE_CONNECTING)
    stop_once (test);
  n_descriptors = count_descriptors ();
  taken_us = stop_once (test);
  wait_until (has_closed_all, &n_descriptors);
  longest_us = MAX (longest_us, taken_us);
  g_test_message ("closed %.1f ms after the stop", (double) taken_us / 1000.0);
}

int
main (int   argc,
      char *argv[])
{
  gboolean has_tls = g_tls_backend_supports_tls (g_tls_backend_get_default ());
  int result;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (via_names) * G_N_ELEMENTS (state_names); i++)
    {
      Case *test = g_new (Case, 1);
      g_autofree char *path = NULL;

      *test = (Case) { (Via) (i / G_N_ELEMENTS (state_names)),
                       (State) (i % G_N_ELEMENTS (state_names)) };
      path = g_strdup_printf ("/chat/stop/%s/%s", via_names[test->via], state_names[test->state]);
      if (has_tls || !is_secure (test))
        g_test_add_data_func_full (path, test, test_stop, g_free);
      else
        g_free (test);
    }
  result = g_test_run ();
  g_print ("# closed at most %.1f ms after a stop, by the server's clock\n",
           (double) longest_us / 1000.0);
  return result;
}
