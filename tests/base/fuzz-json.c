/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as JSON: no crash, and what is accepted is written and read back as the same text. */

#include "config.h"

#include "sc-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (JsonNode) node = sc_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;

  if (node == NULL)
    return 0;
  text = sc_json_to_string (node, FALSE);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  again = sc_json_parse (text, -1, NULL);
  g_assert_nonnull (again);
  second = sc_json_to_string (again, FALSE);
  g_assert_cmpstr (text, ==, second);
  return 0;
}
