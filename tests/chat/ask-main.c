/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The program without its window: what `--ask` and `--list-models` need, and proof that they need
 * nothing else. */

#include "config.h"

#include "sc-ask.h"
#include "sc-core-file.h"

#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr (ScOptions) options = NULL;
  g_autoptr (GError) error = NULL;

  sc_core_file_forbid ();
  setlocale (LC_ALL, "");
  options = sc_options_parse (&argc, &argv, &error);
  if (options == NULL)
    {
      g_printerr ("stream-chat: %s\n", error->message);
      return 2;
    }
  if (options->ask == NULL && !options->list_models)
    return 2;
  return sc_ask_main (options);
}
