/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses between the window and the terminal, and nothing else. */

#include "config.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>

#include "sc-application.h"
#include "sc-ask.h"
#include "sc-core-file.h"
#include "sc-options.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr (ScOptions) options = NULL;
  g_autoptr (GError) error = NULL;

  sc_core_file_forbid ();
  setlocale (LC_ALL, "");
  bindtextdomain (SC_GETTEXT_PACKAGE, SC_LOCALEDIR);
  bind_textdomain_codeset (SC_GETTEXT_PACKAGE, "UTF-8");
  textdomain (SC_GETTEXT_PACKAGE);

  options = sc_options_parse (&argc, &argv, &error);
  if (options == NULL)
    {
      g_printerr ("stream-chat: %s\n", error->message);
      return 2;
    }
  if (options->version)
    {
      g_print ("%s\n", SC_VERSION);
      return 0;
    }
  if (options->ask != NULL || options->list_models)
    return sc_ask_main (options);
  return sc_application_main (options);
}
