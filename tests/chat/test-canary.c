/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The canary: a key that servers repeat in every form is in nothing that leaves the program, be it
 * for people, for other programs, for the log or for the disk, in no protocol. */

/* memmem() */
#define _GNU_SOURCE

#include "config.h"

#include "fault-rows.h"
#include "history-fixture.h"

#include "sc-conversation-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* The same key, escaped for JSON and for an address, and behind a colon in base64. */
#define KEY_JSON    "\\u0073k-\\u0063anary\\u002d0123456789abcdefghij"
#define KEY_ADDRESS "sk%2Dc%61nary%2D0123456789abcdefghij"
#define KEY_BASIC   "OnNrLWNhbmFyeS0wMTIzNDU2Nzg5YWJjZGVmZ2hpag=="

/* Cut over two packets in the middle of the key. */
#define FIRST_PART \
  "HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nX-Request-Id: " CANARY_KEY "\r\n" \
  "Set-Cookie: key=" CANARY_KEY "\r\nRetry-After-Ms: 1\r\nConnection: close\r\n\r\n" \
  "{\"error\":{\"code\":\"" CANARY_KEY "\",\"message\":\"You sent Bearer " CANARY_KEY \
  ", that is " KEY_JSON " or " KEY_ADDRESS " or Basic " KEY_BASIC " or " KEY_BASIC ". It was sk-can"
#define SECOND_PART "ary-0123456789abcdefghij!\"}}"

static const FaultRow failing = { "failing", NULL, "hx", FAULT_CLOSE, FAULT_OWN, "Half" };

/* First an error that is tried again, then one in the middle of the stream. */
static void
add_scripts (RawServer          *server,
             const FaultDialect *dialect)
{
  GBytes *answer = fault_row_create_answer (&failing, dialect, "");

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, FIRST_PART, RAW_GATE, RAW_SEND,
                         SECOND_PART, RAW_CLOSE, RAW_END);
  if (dialect->content_type == NULL)
    raw_server_add_script (server, RAW_UPGRADE, RAW_WAIT_MESSAGES, dialect->n_opening,
                           RAW_SEND_BYTES, answer, RAW_CLOSE, RAW_END);
  else
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND_BYTES, answer, RAW_CLOSE, RAW_END);
  raw_server_open_gate (server);
}

static void
assert_server_got_key (RawServer *server)
{
  g_autoptr (GString) first = raw_server_dup_received (server, 0);
  g_autoptr (GString) second = raw_server_dup_received (server, 1);

  g_assert_nonnull (strstr (first->str, CANARY_KEY));
  g_assert_nonnull (strstr (second->str, CANARY_KEY));
}

static void
test_run (gconstpointer data)
{
  const FaultDialect *dialect = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", dialect->path);
  g_autoptr (RunLog) log = NULL;

  sc_profile_set (&profile->protocol, dialect->protocol);
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, dialect->model);
  profile->retries = 1;
  add_scripts (server, dialect);
  log = run_log_start (profile);
  /* The log looks at everything when it is freed. */
  run_log_wait_end (log);
  run_log_assert_failed (log, dialect->failure_kind);
  g_assert_nonnull (strstr (log->failure->message, "lost"));
  assert_server_got_key (server);
}

/* Of no shape that is known: only who wrote it into the profile knows that it is one. */
#define OWN_SECRET "canary-0123456789abcdefghij"

#define OWN_ANSWER \
  "HTTP/1.1 400 No\r\nContent-Type: application/json\r\nX-Request-Id: " OWN_SECRET "\r\nConnection: close\r\n\r\n" \
  "{\"error\":{\"code\":\"" OWN_SECRET "\",\"message\":\"All is lost with canary%2D0123456789abcdefghij and " \
  OWN_SECRET "\"}}"

typedef struct
{
  const char *name;
  const char *header;
  const char *path;
} OwnSecret;

static const OwnSecret own_secrets[] = {
  { "header", "X-Gate: " OWN_SECRET, "/v1" },
  { "bearer", "X-Auth-Token: Bearer " OWN_SECRET, "/v1" },
  { "query", NULL, "/v1?token=canary%2D0123456789abcdefghij&api-version=1" },
};

/* What somebody entered beside the key is kept as secret as the key. */
static void
test_own_secret (gconstpointer data)
{
  const OwnSecret *own = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autofree char *url = raw_server_dup_url (server, "http", own->path);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;

  sc_profile_set (&profile->key, NULL);
  sc_profile_set (&profile->base_url, url);
  if (own->header != NULL)
    profile->headers = g_strsplit (own->header, "\n", -1);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, OWN_ANSWER, RAW_CLOSE, RAW_END);
  log = run_log_start (profile);
  run_log_wait_end (log);
  run_log_assert_failed (log, SC_ERROR_INVALID_REQUEST);
  g_assert_nonnull (strstr (log->failure->message, "lost"));
  received = raw_server_dup_received (server, 0);
  g_assert_true (strstr (received->str, OWN_SECRET) != NULL || strstr (received->str, "canary%2D01") != NULL);
}

static GSubprocessLauncher *
create_launcher (GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_setenv (launcher, "STREAM_CHAT_API_KEY", CANARY_KEY, TRUE);
  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  return launcher;
}

static GSubprocess *
spawn_program (GSubprocessLauncher *launcher,
               const FaultDialect  *dialect,
               RawServer           *server,
               const char          *trace)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "chat", "ask-main", NULL);
  g_autofree char *url = raw_server_dup_url (server, "http", dialect->path);
  const char *argv[] = { program,     "--protocol", dialect->protocol, "--base-url", url,
                         "--model",   dialect->model, "--retries",     "1",          "--json",
                         "--trace",   trace,        "--ask",           "hello",      NULL };
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, argv, &error);

  g_assert_no_error (error);
  return process;
}

/* The program as it is: standard output, standard error with every debug message, and its trace. */
static void
test_program (gconstpointer data)
{
  const FaultDialect *dialect = data;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (GSubprocessLauncher) launcher =
    create_launcher (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *folder = g_dir_make_tmp ("stream-chat-canary-XXXXXX", NULL);
  g_autofree char *trace = g_build_filename (folder, "trace", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autofree char *lines = NULL;

  add_scripts (server, dialect);
  process = spawn_program (launcher, dialect, server, trace);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, NULL));
  g_assert_true (g_file_get_contents (trace, &lines, NULL, NULL));
  g_remove (trace);
  g_rmdir (folder);
  g_assert_nonnull (strstr (out, "lost"));
  g_assert_nonnull (strstr (err, "DEBUG"));
  g_assert_nonnull (strstr (lines, "finish"));
  assert_no_key (out);
  assert_no_key (err);
  assert_no_key (lines);
  assert_server_got_key (server);
}

static void
allow_core_cb (gpointer user_data)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) == 0)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_CORE, &limit);
    }
}

/* It crashes in the middle of an answer. */
static void
test_crash (void)
{
  const FaultDialect *dialect = &fault_dialects[0];
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (GSubprocessLauncher) launcher =
    create_launcher (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *folder = g_dir_make_tmp ("stream-chat-canary-XXXXXX", NULL);
  g_autofree char *trace = g_build_filename (folder, "trace", NULL);
  g_autoptr (GSubprocess) process = NULL;
  int status;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"), RAW_STALL,
                         RAW_END);
  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_set_child_setup (launcher, allow_core_cb, NULL, NULL);
  process = spawn_program (launcher, dialect, server, trace);
  raw_server_wait_idle (server, 0);
  g_subprocess_send_signal (process, SIGABRT);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  status = g_subprocess_get_status (process);
  g_assert_true (WIFSIGNALED (status));
  g_assert_false (WCOREDUMP (status));
  g_remove (trace);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
assert_clean_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (!g_file_get_contents (path, &bytes, &length, NULL))
        continue;
      n++;
      g_assert_null (memmem (bytes, length, "canary-0", strlen ("canary-0")));
      g_assert_null (memmem (bytes, length, "123456789abcdef", strlen ("123456789abcdef")));
      g_assert_null (memmem (bytes, length, KEY_BASIC + 4, strlen (KEY_BASIC) - 8));
    }
  g_assert_cmpuint (n, >, 0);
}

/* What is kept of a failed answer: the bytes on the disk, before and after closing. */
static void
test_history (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  add_scripts (fixture->server, &fault_dialects[0]);
  send_and_wait (conversation, "one");
  g_assert_nonnull (sc_turn_get_failure (sc_conversation_get_last_turn (conversation)));
  assert_clean_files (folder);
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  assert_clean_files (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  run_log_watch_messages ();

  for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
    {
      g_autofree char *run = g_strconcat ("/chat/canary/run/", dialect->name, NULL);
      g_autofree char *program = g_strconcat ("/chat/canary/program/", dialect->name, NULL);

      g_test_add_data_func (run, dialect, test_run);
      g_test_add_data_func (program, dialect, test_program);
    }
  for (guint i = 0; i < G_N_ELEMENTS (own_secrets); i++)
    {
      g_autofree char *path = g_strconcat ("/chat/canary/own/", own_secrets[i].name, NULL);

      g_test_add_data_func (path, &own_secrets[i], test_own_secret);
    }
  g_test_add_func ("/chat/canary/crash", test_crash);
  g_test_add ("/chat/canary/history", Fixture, NULL, fixture_set_up, test_history,
              fixture_tear_down);
  return g_test_run ();
}
