/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file that a conversation is written to, after what was chosen in the dialog. */

#include "config.h"

#include <glib/gstdio.h>

#include "sc-export-dialog.h"

static void
check_name (const char *folder,
            const char *chosen,
            gboolean    has_json,
            const char *written)
{
  g_autofree char *path = g_build_filename (folder, chosen, NULL);
  g_autofree char *expected = g_build_filename (folder, written, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) result = sc_export_dialog_choose_file (file, has_json);

  g_assert_cmpstr (g_file_peek_path (result), ==, expected);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("sc-export-XXXXXX", NULL);
  g_autofree char *taken = g_build_filename (folder, "Title.json", NULL);

  check_name (folder, "Title.md", FALSE, "Title.md");
  check_name (folder, "Title.json", FALSE, "Title.json");
  check_name (folder, "Title.json", TRUE, "Title.json");
  check_name (folder, "notes", TRUE, "notes");
  check_name (folder, "notes", FALSE, "notes");

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    check_name (folder, "Title.md", TRUE, "Title.md");
  else
    {
      check_name (folder, "Title.md", TRUE, "Title.json");
      g_assert_true (g_file_set_contents (taken, "kept", -1, NULL));
      check_name (folder, "Title.md", TRUE, "Title (2).json");
    }
  g_remove (taken);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/export-dialog/file", test_file);
  return g_test_run ();
}
