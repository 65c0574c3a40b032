/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What GTK is told before it opens the display: never against the user, and never where something can draw. */

#include "config.h"

#include <glib.h>

#include "sc-toolkit.h"

static const char *const no_names[] = { NULL };

static void
assert_plan (const char *const *devices,
             const char *const *render_devices,
             guint              gtk_minor,
             const char        *variable,
             const char        *expected)
{
  const char *environment[] = { "HOME=/home/user", "GDK_DEBUGGER=none", variable, NULL };
  ScToolkitMachine machine = { devices, render_devices, gtk_minor };
  g_auto (GStrv) plan = sc_toolkit_plan (&machine, environment);
  g_autofree char *joined = g_strjoinv (" ", plan);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_nothing_draws (void)
{
  static const char *const devices[] = { "null", "dri", "fb0", "random", "tty", NULL };
  static const char *const cards[] = { "by-path", "card0", NULL };

  assert_plan (devices, NULL, 8, NULL, "GDK_DEBUG=gl-disable GSK_RENDERER=cairo GTK_THEME=Empty");
  assert_plan (devices, NULL, 15, NULL, "GDK_DEBUG=gl-disable GSK_RENDERER=cairo GTK_THEME=Empty");
  assert_plan (devices, NULL, 16, NULL, "GDK_DISABLE=gl,vulkan GSK_RENDERER=cairo GTK_THEME=Empty");
  assert_plan (devices, no_names, 24, NULL, "GDK_DISABLE=gl,vulkan GSK_RENDERER=cairo GTK_THEME=Empty");
  /* A card that only shows pictures. */
  assert_plan (devices, cards, 24, NULL, "GDK_DISABLE=gl,vulkan GSK_RENDERER=cairo GTK_THEME=Empty");
}

static void
test_something_draws (void)
{
  static const char *const devices[] = { "null", "dri", NULL };
  static const char *const nvidia[] = { "null", "nvidia0", "nvidiactl", NULL };
  static const char *const dxg[] = { "dxg", "null", NULL };
  static const char *const cards[] = { "card1", "renderD128", NULL };

  assert_plan (devices, cards, 8, NULL, "GTK_THEME=Empty");
  assert_plan (nvidia, NULL, 24, NULL, "GTK_THEME=Empty");
  assert_plan (dxg, NULL, 24, NULL, "GTK_THEME=Empty");
}

static void
test_nothing_is_known (void)
{
  assert_plan (NULL, NULL, 8, NULL, "GTK_THEME=Empty");
  assert_plan (NULL, no_names, 24, NULL, "GTK_THEME=Empty");
}

static void
test_user_decides (void)
{
  static const char *const devices[] = { "null", NULL };

  assert_plan (devices, NULL, 8, "GDK_DEBUG=events", "GTK_THEME=Empty");
  assert_plan (devices, NULL, 24, "GDK_DISABLE=", "GTK_THEME=Empty");
  assert_plan (devices, NULL, 24, "GSK_RENDERER=gl", "GTK_THEME=Empty");
  assert_plan (devices, NULL, 24, "GTK_THEME=HighContrast", "GDK_DISABLE=gl,vulkan GSK_RENDERER=cairo");
}

/* What is started later must not see any of it. */
static void
test_nothing_stays (void)
{
  static const char *const names[] = { "GDK_DEBUG", "GDK_DISABLE", "GSK_RENDERER", "GTK_THEME" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_unsetenv (names[i]);
  g_unsetenv ("WAYLAND_DISPLAY");
  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("DISPLAY", "nowhere", TRUE);
  g_assert_false (sc_toolkit_start ());
  sc_toolkit_forget ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (g_getenv (names[i]));
  /* Nor does it take away what the user gave. */
  g_setenv ("GSK_RENDERER", "cairo", TRUE);
  sc_toolkit_start ();
  sc_toolkit_forget ();
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "cairo");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/toolkit/nothing-draws", test_nothing_draws);
  g_test_add_func ("/toolkit/something-draws", test_something_draws);
  g_test_add_func ("/toolkit/nothing-is-known", test_nothing_is_known);
  g_test_add_func ("/toolkit/user-decides", test_user_decides);
  g_test_add_func ("/toolkit/nothing-stays", test_nothing_stays);

  return g_test_run ();
}
