/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that crashes with a key in its memory: the kernel says whether it left a core, be it a
 * file or for a collector. Without the guard it does, where the system lets it. */

#include "config.h"

#include "sc-core-file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "canary-0123456789abcdefghij"

static const char *program;

static int
crash (const char *how)
{
  char *key = g_strdup (KEY);

  if (strcmp (how, "guarded") == 0)
    sc_core_file_forbid ();
  abort ();
  /* So that it is there until then. */
  return key[0];
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

/* Removes what was left behind. */
static gboolean
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gboolean was_there = FALSE;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      was_there = TRUE;
      g_remove (path);
    }
  return was_there;
}

/* Whether there was a core; @has_file: a file of it in the folder. */
static gboolean
run (const char *how,
     gboolean   *has_file)
{
  g_autofree char *folder = g_dir_make_tmp ("stream-chat-core-XXXXXX", NULL);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_nonnull (folder);
  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_set_child_setup (launcher, allow_core_cb, NULL, NULL);
  process = g_subprocess_launcher_spawn (launcher, &error, program, "--crash", how, NULL);
  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  status = g_subprocess_get_status (process);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGABRT);
  *has_file = remove_all (folder);
  g_rmdir (folder);
  return WCOREDUMP (status);
}

static void
test_guarded (void)
{
  gboolean has_file;

  g_assert_false (run ("guarded", &has_file));
  g_assert_false (has_file);
}

/* Otherwise the test above would show nothing. */
static void
test_unguarded (void)
{
  gboolean has_file;

  if (!run ("unguarded", &has_file))
    g_test_skip ("no program may leave a core here");
}

/* The limit can be raised again by whoever is started from here. */
static void
test_limit (void)
{
  struct rlimit before, after;

  g_assert_cmpint (getrlimit (RLIMIT_CORE, &before), ==, 0);
  sc_core_file_forbid ();
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &after), ==, 0);
  g_assert_cmpuint (after.rlim_cur, <=, 1);
  g_assert_cmpuint (after.rlim_max, ==, before.rlim_max);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *path = NULL;

  if (argc == 3 && strcmp (argv[1], "--crash") == 0)
    return crash (argv[2]);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  path = g_canonicalize_filename (argv[0], NULL);
  program = path;

  g_test_add_func ("/secrets/core-file/guarded", test_guarded);
  g_test_add_func ("/secrets/core-file/unguarded", test_unguarded);
  g_test_add_func ("/secrets/core-file/limit", test_limit);
  return g_test_run ();
}
