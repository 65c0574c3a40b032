/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any text and any key: the key is not in what comes out, and looking again changes nothing. */

#include "config.h"

#include "sc-redact.h"

#include <stdlib.h>
#include <string.h>

#define MIN_KEY 8

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gsize n_key = size > 0 ? MIN_KEY + data[0] % 32 : 0;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autofree char *once = NULL;
  g_autofree char *twice = NULL;
  g_autofree char *url = NULL;

  if (size < 1 + n_key)
    return 0;
  key = g_strndup ((const char *) data + 1, n_key);
  text = g_strndup ((const char *) data + 1 + n_key, size - 1 - n_key);
  url = sc_redact_url (text);
  once = sc_redact_text (text, key);
  /* The dots that stand for a key may be a part of an odd one. */
  if (strlen (key) < MIN_KEY || strpbrk (key, SC_REDACTED) != NULL)
    return 0;
  twice = sc_redact_text (once, key);
  if (strstr (once, key) != NULL || strcmp (once, twice) != 0)
    abort ();
  return 0;
}
