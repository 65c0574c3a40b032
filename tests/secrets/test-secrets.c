/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys in libsecret's file backend, and in processes of their own: without a bus, with a bus that
 * has no keyring, and with a keyring file that cannot be written. None of them may print a key. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sc-secrets.h"

#define KEY "canary-key-0123456789"

typedef struct
{
  guint          n_calls;
  ScSecretPlace  place;
  char          *key;
  gboolean       is_clear;
  GError        *error;
} Result;

static void
clear_result (Result *result)
{
  g_clear_pointer (&result->key, sc_secrets_free);
  g_clear_error (&result->error);
  *result = (Result) { 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, clear_result)

/* This process is one without a keyring. */
static gboolean is_child;

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Result *out = user_data;

  out->place = sc_secrets_store_finish (result, &out->error);
  g_assert_cmpint (out->place == SC_SECRET_NONE, ==, out->error != NULL);
  out->n_calls++;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Result *out = user_data;

  out->key = sc_secrets_lookup_finish (result, &out->place, &out->error);
  out->n_calls++;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Result *out = user_data;

  out->is_clear = sc_secrets_clear_finish (result, &out->error);
  g_assert_cmpint (out->is_clear, ==, out->error == NULL);
  out->n_calls++;
}

/* libsecret 0.20 loses the tag of its file at each write, 28 bytes, in a callback with no frame of
 * its own. What our own calls allocate is checked all the same: it is allocated before the waiting,
 * or in the children. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:wait_for_file_keyring\n";
}

static void
iterate_until_called (Result *result)
{
  while (result->n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (result->n_calls, ==, 1);
}

static G_NO_INLINE void
wait_for_file_keyring (Result *result)
{
  iterate_until_called (result);
}

static G_NO_INLINE void
wait_without_keyring (Result *result)
{
  iterate_until_called (result);
}

static void
wait_for (Result *result)
{
  if (is_child)
    wait_without_keyring (result);
  else
    wait_for_file_keyring (result);
}

static void
assert_stored (const char    *profile,
               const char    *key,
               ScSecretPlace  place)
{
  g_auto (Result) result = { 0 };

  sc_secrets_store_async (profile, "Stream Chat: test \xff", key, NULL, stored_cb, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  g_assert_cmpint (result.place, ==, place);
}

static void
assert_found (const char    *profile,
              const char    *key,
              ScSecretPlace  place)
{
  g_auto (Result) result = { 0 };

  result.place = SC_SECRET_SESSION;
  sc_secrets_lookup_async (profile, NULL, found_cb, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  g_assert_cmpstr (result.key, ==, key);
  g_assert_cmpint (result.place, ==, place);
}

static void
assert_cleared (const char *profile)
{
  g_auto (Result) result = { 0 };

  sc_secrets_clear_async (profile, NULL, cleared_cb, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  g_assert_true (result.is_clear);
}

static void
assert_not_found (const char *profile)
{
  assert_found (profile, NULL, SC_SECRET_NONE);
}

/* Calls that are made at once come one after the other; who gives up meanwhile does not wait. */
static void
test_at_once (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Result) stored = { 0 };
  g_auto (Result) found = { 0 };
  g_auto (Result) given_up = { 0 };
  g_auto (Result) cleared = { 0 };
  g_auto (Result) gone = { 0 };

  sc_secrets_store_async ("at-once", "test", KEY, NULL, stored_cb, &stored);
  sc_secrets_lookup_async ("at-once", cancellable, found_cb, &given_up);
  sc_secrets_lookup_async ("at-once", NULL, found_cb, &found);
  sc_secrets_clear_async ("at-once", NULL, cleared_cb, &cleared);
  sc_secrets_lookup_async ("at-once", NULL, found_cb, &gone);
  g_cancellable_cancel (cancellable);
  wait_for (&gone);
  g_assert_cmpuint (stored.n_calls, ==, 1);
  g_assert_cmpint (stored.place, !=, SC_SECRET_NONE);
  g_assert_cmpuint (given_up.n_calls, ==, 1);
  g_assert_error (given_up.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (found.n_calls, ==, 1);
  g_assert_cmpstr (found.key, ==, KEY);
  g_assert_true (cleared.is_clear);
  g_assert_no_error (gone.error);
  g_assert_null (gone.key);
}

static gboolean
has_bytes (const char *content,
           gsize       length,
           const char *bytes)
{
  gsize n_bytes = strlen (bytes);

  for (gsize i = 0; i + n_bytes <= length; i++)
    if (memcmp (content + i, bytes, n_bytes) == 0)
      return TRUE;
  return FALSE;
}

static void
test_round_trip (void)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  assert_not_found ("a");
  assert_stored ("a", KEY, SC_SECRET_KEYRING);
  assert_stored ("b", "sk-other é \U0001F511", SC_SECRET_KEYRING);
  assert_found ("a", KEY, SC_SECRET_KEYRING);
  assert_found ("b", "sk-other é \U0001F511", SC_SECRET_KEYRING);
  assert_stored ("a", "newer", SC_SECRET_KEYRING);
  assert_found ("a", "newer", SC_SECRET_KEYRING);
  assert_cleared ("a");
  assert_not_found ("a");
  assert_cleared ("a");
  assert_found ("b", "sk-other é \U0001F511", SC_SECRET_KEYRING);

  /* What is on disk is not the key. */
  assert_stored ("a", KEY, SC_SECRET_KEYRING);
  g_assert_true (g_file_get_contents (g_getenv ("SECRET_FILE_TEST_PATH"), &content, &length,
                                      &error));
  g_assert_false (has_bytes (content, length, "canary"));
  assert_cleared ("a");
  assert_cleared ("b");
}

static void
test_large (void)
{
  /* A service account's file is about this long. */
  g_autofree char *key = g_strnfill (20000, 'k');

  assert_stored ("large", key, SC_SECRET_KEYRING);
  assert_found ("large", key, SC_SECRET_KEYRING);
  assert_cleared ("large");
}

typedef enum
{
  STORE,
  LOOKUP,
  CLEAR,
} Call;

static void
start (Call          call,
       GCancellable *cancellable,
       Result       *result)
{
  switch (call)
    {
    case STORE:
      sc_secrets_store_async ("c", "label", "changed", cancellable, stored_cb, result);
      break;
    case LOOKUP:
      sc_secrets_lookup_async ("c", cancellable, found_cb, result);
      break;
    case CLEAR:
    default:
      sc_secrets_clear_async ("c", cancellable, cleared_cb, result);
      break;
    }
}

static void
test_cancel (void)
{
  assert_stored ("c", KEY, SC_SECRET_KEYRING);
  for (Call call = STORE; call <= CLEAR; call++)
    {
      g_autoptr (GCancellable) before = g_cancellable_new ();
      g_autoptr (GCancellable) during = g_cancellable_new ();
      g_auto (Result) first = { 0 };
      g_auto (Result) second = { 0 };

      /* Before: nothing is touched. */
      g_cancellable_cancel (before);
      start (call, before, &first);
      g_assert_cmpuint (first.n_calls, ==, 0);
      wait_for (&first);
      g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (first.key);
      assert_found ("c", KEY, SC_SECRET_KEYRING);

      /* During: it may have happened already, but the caller hears that it was cancelled. */
      start (call, during, &second);
      g_cancellable_cancel (during);
      wait_for (&second);
      g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (second.key);
      assert_stored ("c", KEY, SC_SECRET_KEYRING);
    }

  /* After the end. */
  {
    g_autoptr (GCancellable) after = g_cancellable_new ();
    g_auto (Result) result = { 0 };

    start (LOOKUP, after, &result);
    wait_for (&result);
    g_cancellable_cancel (after);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    g_assert_cmpuint (result.n_calls, ==, 1);
    g_assert_cmpstr (result.key, ==, KEY);
  }
  assert_cleared ("c");
}

static void
assert_keyring_error (GError *error)
{
  g_assert_error (error, SC_ERROR, SC_ERROR_KEYRING);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

/* Where no keyring can be used: the session takes the key, and everybody is told so. */
static int
run_without_keyring (void)
{
  g_auto (Result) result = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  is_child = TRUE;
  sc_secrets_lookup_async ("a", NULL, found_cb, &result);
  wait_for (&result);
  assert_keyring_error (result.error);
  g_assert_null (result.key);
  clear_result (&result);
  sc_secrets_clear_async ("a", NULL, cleared_cb, &result);
  wait_for (&result);
  assert_keyring_error (result.error);
  clear_result (&result);

  /* A cancelled call keeps nothing. */
  g_cancellable_cancel (cancellable);
  sc_secrets_store_async ("a", "label", KEY, cancellable, stored_cb, &result);
  wait_for (&result);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_result (&result);
  sc_secrets_lookup_async ("a", NULL, found_cb, &result);
  wait_for (&result);
  assert_keyring_error (result.error);

  assert_stored ("a", KEY, SC_SECRET_SESSION);
  assert_stored ("b", "", SC_SECRET_SESSION);
  assert_found ("a", KEY, SC_SECRET_SESSION);
  assert_found ("b", "", SC_SECRET_SESSION);
  assert_stored ("a", "newer", SC_SECRET_SESSION);
  assert_found ("a", "newer", SC_SECRET_SESSION);
  assert_cleared ("a");
  assert_found ("b", "", SC_SECRET_SESSION);
  clear_result (&result);
  sc_secrets_lookup_async ("a", NULL, found_cb, &result);
  wait_for (&result);
  assert_keyring_error (result.error);
  assert_cleared ("b");
  return 0;
}

static void
run_child (GSubprocessLauncher *launcher)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = NULL;

  g_subprocess_launcher_set_flags (launcher,
                                   G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                   G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", "--without-keyring",
                                         NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &printed, NULL, &error));
  g_test_message ("%s", printed);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  /* Even with all debug messages on. */
  g_assert_null (strstr (printed, "canary"));
}

static void
test_no_bus (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_unsetenv (launcher, "SECRET_BACKEND");
  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", "/nonexistent", TRUE);
  run_child (launcher);
}

static void
test_dead_bus (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_unsetenv (launcher, "SECRET_BACKEND");
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus",
                                TRUE);
  run_child (launcher);
}

/* A bus on which nothing can be activated. (GTestDBus forks, and a fork is a pile of leaks to the
 * sanitizers.) */
static void
test_bare_bus (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *folder = g_dir_make_tmp ("stream-chat-bus-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bus.conf", NULL);
  g_autofree char *socket_path = g_build_filename (folder, "bus", NULL);
  g_autofree char *option = g_strconcat ("--config-file=", path, NULL);
  g_autofree char *config = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GSubprocess) bus = NULL;
  g_autoptr (GError) error = NULL;

  config = g_strdup_printf ("<busconfig><type>session</type><listen>unix:path=%s</listen><policy "
                            "context=\"default\">"
                            "<allow send_destination=\"*\"/><allow eavesdrop=\"true\"/><allow "
                            "own=\"*\"/>"
                            "</policy></busconfig>", socket_path);
  g_assert_true (g_file_set_contents (path, config, -1, &error));
  bus = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "dbus-daemon", "--nofork",
                          "--print-address", option,
                          NULL);
  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    g_test_skip ("dbus-daemon is not installed");
  else
    {
      g_assert_no_error (error);
      lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus));
      address = g_data_input_stream_read_line (lines, NULL, NULL, &error);
      g_assert_no_error (error);
      g_subprocess_launcher_unsetenv (launcher, "SECRET_BACKEND");
      g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
      run_child (launcher);
      g_subprocess_force_exit (bus);
      g_assert_true (g_subprocess_wait (bus, NULL, &error));
    }
  g_unlink (path);
  g_unlink (socket_path);
  g_rmdir (folder);
}

static void
test_unusable_file (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_setenv (launcher, "SECRET_BACKEND", "file", TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PATH", "/proc/nothing/x.keyring", TRUE);
  run_child (launcher);
}

static void
test_free (void)
{
  sc_secrets_free (NULL);
  sc_secrets_free (g_strdup (KEY));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *backup = NULL;
  int status;

  if (argc == 2 && g_str_equal (argv[1], "--without-keyring"))
    return run_without_keyring ();

  folder = g_dir_make_tmp ("stream-chat-secrets-XXXXXX", NULL);
  path = g_build_filename (folder, "test.keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secrets/secrets/round-trip", test_round_trip);
  g_test_add_func ("/secrets/secrets/at-once", test_at_once);
  g_test_add_func ("/secrets/secrets/large", test_large);
  g_test_add_func ("/secrets/secrets/cancel", test_cancel);
  g_test_add_func ("/secrets/secrets/free", test_free);
  g_test_add_func ("/secrets/session/no-bus", test_no_bus);
  g_test_add_func ("/secrets/session/dead-bus", test_dead_bus);
  g_test_add_func ("/secrets/session/bare-bus", test_bare_bus);
  g_test_add_func ("/secrets/session/unusable-file", test_unusable_file);

  status = g_test_run ();
  /* Its backup too. */
  backup = g_strconcat (path, "~", NULL);
  g_unlink (backup);
  g_unlink (path);
  g_rmdir (folder);
  return status;
}
