/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The terminal's contract, seen from outside: arguments, standard streams, exit codes, signals. */

#include "config.h"

#include "run-log.h"

#include "sc-json.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define MAX_ARGS 32

typedef struct
{
  RawServer *server;
  char      *folder;
  char      *out;
  char      *err;
  int        code;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->server = raw_server_new ();
  fixture->folder = g_dir_make_tmp ("stream-chat-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  raw_server_free (fixture->server);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->out);
  g_free (fixture->err);
}

static GSubprocess *
spawn_argv (Fixture           *fixture,
            GSubprocessFlags   flags,
            const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "STREAM_CHAT_API_KEY", CANARY_KEY "\n", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  /* Every letter must get through, whatever the locale. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

/* The arguments, with those that lead to the server before them if @to_server. */
static GSubprocess *
spawn (Fixture          *fixture,
       GSubprocessFlags  flags,
       gboolean          to_server,
       const char       *first,
       va_list           args)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "chat", "ask-main", NULL);
  g_autofree char *url = raw_server_dup_url (fixture->server, "http", "/v1");
  const char *argv[MAX_ARGS] = { program };
  guint n = 1;

  if (to_server)
    {
      const char *const own[] = { "--base-url", url, "--model", "m", "--retries", "0" };

      for (guint i = 0; i < G_N_ELEMENTS (own); i++)
        argv[n++] = own[i];
    }
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    {
      g_assert_cmpuint (n, <, MAX_ARGS - 1);
      argv[n++] = arg;
    }
  argv[n] = NULL;
  return spawn_argv (fixture, flags, argv);
}

/* Keeps what was printed and checks what must hold for every call. */
static void
take_result (Fixture     *fixture,
             GSubprocess *process,
             char        *out,
             char        *err)
{
  g_assert_true (g_subprocess_get_if_exited (process));
  g_free (fixture->out);
  g_free (fixture->err);
  fixture->out = out;
  fixture->err = err;
  fixture->code = g_subprocess_get_exit_status (process);
  g_assert_null (strstr (out, CANARY_KEY));
  g_assert_null (strstr (err, CANARY_KEY));
  if (fixture->code == 1 || fixture->code == 2)
    g_assert_true (g_str_has_prefix (err, "stream-chat: "));
}

static void
run_process (Fixture     *fixture,
             GSubprocess *process)
{
  g_autoptr (GError) error = NULL;
  char *out, *err;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, &error));
  g_assert_no_error (error);
  take_result (fixture, process, out, err);
}

#define PIPES (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE)

static void G_GNUC_NULL_TERMINATED
ask (Fixture    *fixture,
     const char *first,
     ...)
{
  g_autoptr (GSubprocess) process = NULL;
  va_list args;

  va_start (args, first);
  process = spawn (fixture, PIPES, TRUE, first, args);
  va_end (args);
  run_process (fixture, process);
}

static void G_GNUC_NULL_TERMINATED
call (Fixture    *fixture,
      const char *first,
      ...)
{
  g_autoptr (GSubprocess) process = NULL;
  va_list args;

  va_start (args, first);
  process = spawn (fixture, PIPES, FALSE, first, args);
  va_end (args);
  run_process (fixture, process);
}

static GSubprocess * G_GNUC_NULL_TERMINATED
begin (Fixture    *fixture,
       const char *first,
       ...)
{
  GSubprocess *process;
  va_list args;

  va_start (args, first);
  process = spawn (fixture, PIPES, TRUE, first, args);
  va_end (args);
  return process;
}

static void
add_answer (Fixture    *fixture,
            const char *answer)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
}

/* Reads standard output until @words were there. */
static char *
read_until (GSubprocess *process,
            const char  *words)
{
  GInputStream *stream = g_subprocess_get_stdout_pipe (process);
  GString *text = g_string_new (NULL);
  char buffer[256];

  while (strstr (text->str, words) == NULL)
    {
      gssize n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL);

      g_assert_cmpint (n, >, 0);
      g_string_append_len (text, buffer, n);
    }
  return g_string_free (text, FALSE);
}

/* Every line is an object; the last, and only the last, is an end. Returns it. */
static JsonObject *
check_lines (const char *out,
             GString    *text)
{
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  guint n = g_strv_length (lines);
  JsonObject *last = NULL;

  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpstr (lines[n - 1], ==, "");
  for (guint i = 0; i < n - 1; i++)
    {
      g_autoptr (GError) error = NULL;
      JsonObject *object = sc_json_parse_object (lines[i], -1, &error);
      const char *event = sc_json_get_string (object, "event");
      gboolean is_end = g_strcmp0 (event, "finish") == 0 || g_strcmp0 (event, "error") == 0;

      g_assert_no_error (error);
      g_assert_nonnull (event);
      g_assert_cmpint (is_end, ==, i == n - 2);
      if (g_str_equal (event, "text") && text != NULL)
        g_string_append (text, sc_json_get_string (object, "text"));
      if (is_end)
        last = object;
      else
        json_object_unref (object);
    }
  return last;
}

static void
assert_end (Fixture    *fixture,
            const char *event,
            const char *member,
            const char *value)
{
  g_autoptr (JsonObject) last = check_lines (fixture->out, NULL);

  g_assert_cmpstr (sc_json_get_string (last, "event"), ==, event);
  g_assert_cmpstr (sc_json_get_string (last, member), ==, value);
}

static void
test_plain (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GString) received = NULL;

  add_answer (fixture, SSE_HEAD THINK ("hm") TEXT ("Hel") TEXT ("lo") STOP USAGE DONE);
  add_answer (fixture, SSE_HEAD TEXT ("Hello\\n") STOP DONE);
  add_answer (fixture, SSE_HEAD STOP DONE);
  ask (fixture, "--ask", "gr\xc3\xbc\xc3\x9f dich", "--system", "Be short.", "--parameters",
       "{\"temperature\":0,\"seed\":1}", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "Hello\n");
  g_assert_cmpstr (fixture->err, ==, "");
  received = raw_server_dup_received (fixture->server, 0);
  g_assert_nonnull (strstr (received->str, "POST /v1/chat/completions HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (received->str, "Authorization: Bearer " CANARY_KEY "\r\n"));
  g_assert_nonnull (strstr (received->str, "gr\xc3\xbc\xc3\x9f dich"));
  g_assert_nonnull (strstr (received->str, "Be short."));
  g_assert_nonnull (strstr (received->str, "\"temperature\":0"));
  g_assert_nonnull (strstr (received->str, "\"seed\":1"));
  g_assert_nonnull (strstr (received->str, "\"stream\":true"));

  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpstr (fixture->out, ==, "Hello\n");
  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "");
}

static void
test_json (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonObject) last = NULL;

  add_answer (fixture, SSE_HEAD THINK ("hm") TEXT ("a\\n\\u2028") TEXT ("\\u00e4") STOP USAGE DONE);
  ask (fixture, "--ask", "x", "--json", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->err, ==, "");
  last = check_lines (fixture->out, text);
  g_assert_cmpstr (sc_json_get_string (last, "reason"), ==, "stop");
  g_assert_cmpstr (text->str, ==, "a\n\xe2\x80\xa8\xc3\xa4");
  g_assert_nonnull (strstr (fixture->out, "{\"event\":\"reasoning\",\"text\":\"hm\"}\n"));
  g_assert_nonnull (strstr (fixture->out, "{\"event\":\"usage\",\"input\":7,\"output\":3}\n"));
  g_assert_null (strstr (fixture->out, "connecting"));
}

/* The text is there while the answer is on its way, not at its end. */
static void
test_as_it_comes (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *begun = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("early"),
                         RAW_GATE, RAW_SEND, TEXT (" late") STOP DONE, RAW_CLOSE, RAW_END);
  process = begin (fixture, "--ask", "x", NULL);
  begun = read_until (process, "early");
  g_assert_cmpstr (begun, ==, "early");
  raw_server_open_gate (fixture->server);
  run_process (fixture, process);
  g_assert_cmpstr (fixture->out, ==, " late\n");
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  const char *body =
    "{\"error\":{\"message\":\"No such key " CANARY_KEY "\",\"code\":\"bad_key\"}}";
  g_autofree char *answer = g_strdup_printf (
      "HTTP/1.1 401 No\r\nContent-Type: application/json\r\nX-Request-Id: req_7\r\n"
      "Content-Length: %u\r\n\r\n%s",
      (guint) strlen (body), body);

  add_answer (fixture, answer);
  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_nonnull (strstr (fixture->err, "No such key"));
  g_assert_nonnull (strstr (fixture->err, "401, bad_key, req_7"));
  ask (fixture, "--ask", "x", "--json", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  assert_end (fixture, "error", "kind", "auth");
  g_assert_nonnull (strstr (fixture->err, "No such key"));
}

static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  add_answer (fixture, SSE_HEAD TEXT ("half"));
  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_cmpstr (fixture->out, ==, "half\n");
  ask (fixture, "--ask", "x", "--json", NULL);
  assert_end (fixture, "error", "kind", "interrupted");
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  call (fixture, "--ask", "x", "--base-url", "http://127.0.0.1:1/v1", "--retries", "0", "--json",
        NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  assert_end (fixture, "error", "kind", "network");
  call (fixture, "--ask", "x", "--base-url", "ftp://host/", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_nonnull (strstr (fixture->err, "ftp://host/"));
  g_assert_null (strstr (fixture->err, "did not accept"));
}

static void
test_usage (Fixture       *fixture,
            gconstpointer  data)
{
  const char *const wrong[][8] = {
    { "--ask", " ", "--protocol", "demo", NULL },
    { "--ask", NULL },
    { "--ask", "x", "--no-such-option", NULL },
    { "--ask", "x", "left over", NULL },
    { "--ask", "x", "--list-models", "--protocol", "demo", NULL },
    { "--ask", "x", "--prompt", "y", NULL },
    { "--ask", "x", "--protocol", "telepathy", "--base-url", "http://127.0.0.1:1", NULL },
    { "--ask", "x", "--protocol", "openai-chat", NULL },
    { "--ask", "x", "--provider", "A", "--protocol", "demo", NULL },
    { "--ask", "x", "--protocol", "demo", "--retries", "-1", NULL },
    { "--ask", "x", "--protocol", "demo", "--retries", "many", NULL },
    { "--ask", "x", "--protocol", "demo", "--parameters", "[1]", NULL },
    { "--ask", "x", "--protocol", "demo", "--parameters", "{", NULL },
    { "--ask", "x", "--protocol", "demo", "--timeouts", "connect", NULL },
    { "--ask", "x", "--protocol", "demo", "--timeouts", "patience=3", NULL },
    { "--ask", "x", "--protocol", "demo", "--timeouts", "idle=1,data=-1", NULL },
    { "--ask", "x", "--protocol", "demo", "--timeouts", "idle=nan", NULL },
    { "--ask", "x", "--protocol", "demo", "--timeouts", "idle=1s", NULL },
    { "--ask", "x", "--protocol", "demo", "--tools", "/no/such/file", NULL },
    { "--ask", "x", "--protocol", "demo", "--tools", "/dev/null", NULL },
  };
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "chat", "ask-main", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GSubprocess) process = NULL;
      const char *argv[9] = { program };

      memcpy (argv + 1, wrong[i], sizeof wrong[i]);
      process = spawn_argv (fixture, PIPES, argv);
      run_process (fixture, process);
      if (fixture->code != 2)
        g_error ("Case %u ended with %d: %s", i, fixture->code, fixture->err);
      g_assert_cmpstr (fixture->out, ==, "");
    }
}

static void
test_interrupt (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *begun = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("so far"),
                         RAW_STALL, RAW_END);
  process = begin (fixture, "--ask", "x", data, NULL);
  begun = read_until (process, "so far");
  g_subprocess_send_signal (process, SIGINT);
  run_process (fixture, process);
  g_assert_cmpint (fixture->code, ==, 130);
  g_assert_cmpstr (fixture->err, ==, "");
  raw_server_wait_client_closed (fixture->server, 0);
  if (data == NULL)
    g_assert_cmpstr (fixture->out, ==, "\n");
  else
    {
      g_autofree char *all = g_strconcat (begun, fixture->out, NULL);

      g_free (fixture->out);
      fixture->out = g_steal_pointer (&all);
      assert_end (fixture, "error", "kind", "cancelled");
    }
}

static void
test_interrupt_early (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  process = begin (fixture, "--ask", "x", "--json", NULL);
  raw_server_wait_idle (fixture->server, 0);
  g_subprocess_send_signal (process, SIGINT);
  run_process (fixture, process);
  g_assert_cmpint (fixture->code, ==, 130);
  assert_end (fixture, "error", "kind", "cancelled");
  raw_server_wait_client_closed (fixture->server, 0);
}

/* `stream-chat --ask … | head`: whoever does not read any more ends the answer. */
static void
test_reader_gone (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *begun = NULL;
  g_autoptr (GError) error = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD,
                         RAW_SEND_FOREVER, TEXT ("words "), RAW_END);
  process = begin (fixture, "--ask", "x", NULL);
  begun = read_until (process, "words ");
  g_assert_true (g_input_stream_close (g_subprocess_get_stdout_pipe (process), NULL, &error));
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  raw_server_wait_client_closed (fixture->server, 0);
}

/* A reader that does not read holds nothing up: Ctrl+C still works, twice if it shall not wait for
 * the reader. */
static void
test_reader_slow (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *begun = NULL;
  g_autoptr (GError) error = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD, RAW_SEND_FOREVER,
                         TEXT ("words words words words words words words "), RAW_END);
  process = begin (fixture, "--ask", "x", NULL);
  begun = read_until (process, "words ");
  g_subprocess_send_signal (process, SIGINT);
  raw_server_wait_client_closed (fixture->server, 0);
  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 130);
}

static void
test_timeouts (Fixture       *fixture,
               gconstpointer  data)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("a"),
                         RAW_SEND_FOREVER, COMMENT, RAW_END);
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  ask (fixture, "--ask", "x", "--json", "--timeouts", "data=0.2, quiet=.05", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  assert_end (fixture, "error", "kind", "timeout");
  g_assert_nonnull (strstr (fixture->out, "\"quiet\""));
  ask (fixture, "--ask", "x", "--json", "--timeouts", "connect=5,first-byte=0.1,idle=0", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  assert_end (fixture, "error", "kind", "timeout");
}

static void
test_retries (Fixture       *fixture,
              gconstpointer  data)
{
  add_answer (fixture, ERROR_ANSWER ("503 Busy", "Retry-After-Ms: 1\r\n", "28",
                                     "{\"error\":{\"message\":\"busy\"}}"));
  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 1);
  ask (fixture, "--ask", "x", "--retries", "2", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 4);
  g_assert_nonnull (strstr (fixture->err, "Trying again in 1 second."));
}

static void
test_no_stream (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GString) received = NULL;

  add_answer (fixture,
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
              "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"whole\"},\"finish_reason\":"
              "\"length\"}]}");
  ask (fixture, "--ask", "x", "--no-stream", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "whole\n");
  g_assert_nonnull (strstr (fixture->err, "length limit"));
  received = raw_server_dup_received (fixture->server, 0);
  g_assert_null (strstr (received->str, "\"stream\":true"));
}

static void
test_tools (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tools.json", NULL);
  g_autoptr (GString) received = NULL;

  g_assert_true (g_file_set_contents (
      path, "[{\"name\":\"weather\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"}}]",
      -1, NULL));
  add_answer (
      fixture, SSE_HEAD
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\","
      "\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}]}}]}\n\n"
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n" DONE);
  ask (fixture, "--ask", "x", "--tools", path, NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_nonnull (strstr (fixture->err, "weather: {\"city\":\"Rome\"}"));
  received = raw_server_dup_received (fixture->server, 0);
  g_assert_nonnull (strstr (received->str, "\"tools\":["));
  ask (fixture, "--ask", "x", "--tools", path, "--json", NULL);
  g_assert_nonnull (strstr (
      fixture->out, "{\"event\":\"tool-call\",\"index\":0,\"id\":\"call_1\",\"name\":\"weather\","
                    "\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}\n"));
  assert_end (fixture, "finish", "reason", "tool-calls");
  g_assert_true (g_file_set_contents (path, "[1]", -1, NULL));
  ask (fixture, "--ask", "x", "--tools", path, NULL);
  g_assert_cmpint (fixture->code, ==, 2);
  g_unlink (path);
}

/* A code that only repeats the status is said once. */
static void
test_error_code (Fixture       *fixture,
                 gconstpointer  data)
{
  add_answer (fixture, ERROR_ANSWER ("400 No", "", "39",
                                     "{\"error\":{\"message\":\"long\",\"code\":400}}"));
  ask (fixture, "--ask", "x", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_nonnull (strstr (fixture->err, "long (400)\n"));
}

static void
test_trace (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "trace", NULL);
  g_autofree char *text = NULL;

  add_answer (fixture, SSE_HEAD TEXT ("private words") STOP DONE);
  ask (fixture, "--ask", "x", "--trace", path, NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"what\":\"first-byte\""));
  g_assert_nonnull (strstr (text, "\"what\":\"read\""));
  g_assert_nonnull (strstr (text, "\"what\":\"first-text\""));
  g_assert_nonnull (strstr (text, "\"what\":\"finish\""));
  g_assert_null (strstr (text, "private"));
  g_assert_null (strstr (text, CANARY_KEY));
  g_unlink (path);
  ask (fixture, "--ask", "x", "--trace", "/no/such/folder/trace", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
}

static void
test_list_models (Fixture       *fixture,
                  gconstpointer  data)
{
  add_answer (fixture,
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
              "{\"object\":\"list\",\"data\":[{\"id\":\"model-b\"},{\"id\":\"model-a\"}]}");
  add_answer (fixture, ERROR_ANSWER ("401 No", "", "28", "{\"error\":{\"message\":\"busy\"}}"));
  ask (fixture, "--list-models", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "model-b\nmodel-a\n");
  ask (fixture, "--list-models", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_cmpstr (fixture->err, ==, "stream-chat: The key was not accepted: busy\n");
}

static void
test_list_models_interrupt (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (GSubprocess) process = NULL;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  process = begin (fixture, "--list-models", NULL);
  raw_server_wait_idle (fixture->server, 0);
  g_subprocess_send_signal (process, SIGINT);
  run_process (fixture, process);
  g_assert_cmpint (fixture->code, ==, 130);
}

static void
test_demo (Fixture       *fixture,
           gconstpointer  data)
{
  call (fixture, "--ask", "hello", "--protocol", "demo", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, !=, "");
  g_assert_cmpstr (fixture->err, ==, "");
  call (fixture, "--ask", "hello", "--provider", "Demo", "--json", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  assert_end (fixture, "finish", "reason", "stop");
  call (fixture, "--list-models", "--protocol", "demo", NULL);
  g_assert_cmpint (fixture->code, ==, 0);
  g_assert_cmpstr (fixture->out, !=, "");
}

static void
test_unknown_provider (Fixture       *fixture,
                       gconstpointer  data)
{
  call (fixture, "--ask", "hello", "--provider", "Nobody", "--json", NULL);
  g_assert_cmpint (fixture->code, ==, 1);
  assert_end (fixture, "error", "kind", "not-found");
  g_assert_nonnull (strstr (fixture->err, "Nobody"));
}

static void
test_output_closed (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "chat", "ask-main", NULL);
  g_autofree char *command = g_strdup_printf ("exec '%s' --ask x --protocol demo >&-", program);
  const char *const argv[] = { "/bin/sh", "-c", command, NULL };
  g_autoptr (GSubprocess) process = spawn_argv (fixture, PIPES, argv);

  run_process (fixture, process);
  g_assert_cmpint (fixture->code, ==, 1);
}

#define ADD(path, function) \
  g_test_add ("/chat/ask/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("plain", test_plain);
  ADD ("json", test_json);
  ADD ("as-it-comes", test_as_it_comes);
  ADD ("errors", test_errors);
  ADD ("cut", test_cut);
  ADD ("refused", test_refused);
  ADD ("usage", test_usage);
  ADD ("interrupt/plain", test_interrupt);
  g_test_add ("/chat/ask/interrupt/json", Fixture, "--json", set_up, test_interrupt, tear_down);
  ADD ("interrupt/early", test_interrupt_early);
  ADD ("reader-gone", test_reader_gone);
  ADD ("reader-slow", test_reader_slow);
  ADD ("timeouts", test_timeouts);
  ADD ("retries", test_retries);
  ADD ("no-stream", test_no_stream);
  ADD ("tools", test_tools);
  ADD ("trace", test_trace);
  ADD ("error-code", test_error_code);
  ADD ("list-models", test_list_models);
  ADD ("list-models/interrupt", test_list_models_interrupt);
  ADD ("demo", test_demo);
  ADD ("unknown-provider", test_unknown_provider);
  ADD ("output-closed", test_output_closed);

  return g_test_run ();
}
