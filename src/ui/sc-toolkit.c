/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-toolkit.c: what GTK is told while it opens the display.
 *
 * GTK offers no call for any of this, only the environment. The differences between its versions are
 * here and nowhere else.
 */

#include "config.h"

#include "sc-toolkit.h"

#include <gtk/gtk.h>

/* From here on GTK takes what to switch off in a variable of its own. */
#define GTK_MINOR_DISABLE 16

/* What draws without a folder of devices for it, as the drivers name it. */
static const char *const drawing_devices[] = { "nvidia", "dxg", "mali", "pvr", "kgsl" };

/* Read when GTK makes its first renderer. */
#define RENDERER "GSK_RENDERER"

static gboolean renderer_is_ours;

static gboolean
has_prefix (const char *const *names,
            const char        *prefix)
{
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      if (g_str_has_prefix (names[i], prefix))
        return TRUE;
    }
  return FALSE;
}

/* Where nothing is known, GTK shall find out by itself. */
static gboolean
can_draw (const ScToolkitMachine *machine)
{
  if (machine->devices == NULL || has_prefix (machine->render_devices, "renderD"))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (drawing_devices); i++)
    {
      if (has_prefix (machine->devices, drawing_devices[i]))
        return TRUE;
    }
  return FALSE;
}

char **
sc_toolkit_plan (const ScToolkitMachine *machine,
                 const char *const      *environment)
{
  g_autoptr (GStrvBuilder) plan = g_strv_builder_new ();
  gboolean has_choice;

  g_return_val_if_fail (machine != NULL, NULL);

  has_choice = has_prefix (environment, "GDK_DEBUG=")
               || has_prefix (environment, "GDK_DISABLE=")
               || has_prefix (environment, RENDERER "=");
  if (!has_choice && !can_draw (machine))
    {
      g_strv_builder_add (plan, machine->gtk_minor >= GTK_MINOR_DISABLE ? "GDK_DISABLE=gl,vulkan"
                                                                        : "GDK_DEBUG=gl-disable");
      g_strv_builder_add (plan, RENDERER "=cairo");
    }
  /* libadwaita brings a style of its own and takes GTK's away: reading that one first is a fifth of
   * the whole start. */
  if (!has_prefix (environment, "GTK_THEME="))
    g_strv_builder_add (plan, "GTK_THEME=Empty");
  return g_strv_builder_end (plan);
}

static char **
list_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *name;

  if (folder == NULL)
    return NULL;
  while ((name = g_dir_read_name (folder)) != NULL)
    g_strv_builder_add (names, name);
  return g_strv_builder_end (names);
}

static char **
create_plan (void)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_auto (GStrv) devices = list_folder ("/dev");
  g_auto (GStrv) render_devices = list_folder ("/dev/dri");
  ScToolkitMachine machine = {
    .devices = (const char *const *) devices,
    .render_devices = (const char *const *) render_devices,
    .gtk_minor = gtk_get_minor_version (),
  };

  return sc_toolkit_plan (&machine, (const char *const *) environment);
}

static char *
dup_name (const char *variable)
{
  return g_strndup (variable, strcspn (variable, "="));
}

gboolean
sc_toolkit_start (void)
{
  g_auto (GStrv) plan = create_plan ();
  gboolean has_display;

  for (gsize i = 0; plan[i] != NULL; i++)
    {
      g_autofree char *name = dup_name (plan[i]);

      g_setenv (name, strchr (plan[i], '=') + 1, TRUE);
    }
  has_display = gtk_init_check ();
  /* They read the name of the style, once. */
  if (has_display)
    gtk_settings_get_default ();
  for (gsize i = 0; plan[i] != NULL; i++)
    {
      g_autofree char *name = dup_name (plan[i]);

      if (g_str_equal (name, RENDERER))
        renderer_is_ours = TRUE;
      else
        g_unsetenv (name);
    }
  return has_display;
}

void
sc_toolkit_forget (void)
{
  if (renderer_is_ours)
    g_unsetenv (RENDERER);
  renderer_is_ours = FALSE;
}
