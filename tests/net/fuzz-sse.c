/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libFuzzer: any bytes, cut at the place that the first byte tells, must give the same frames as
 * the whole. */

#include "config.h"

#include "sc-sse-framer.h"

#include "frames.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

static void
feed (GString    *out,
      const char *bytes,
      gsize       length,
      gsize       step)
{
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (64);
  gboolean is_fine = TRUE;

  for (gsize at = 0; at < length && is_fine; at += step)
    {
      gsize n = MIN (step, length - at);
      g_autofree char *piece = g_memdup2 (bytes + at, n);

      is_fine = sc_sse_framer_feed (framer, piece, n, frames_append, out, NULL);
    }
  sc_sse_framer_finish (framer, frames_append, out);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);

  if (size < 2)
    return 0;
  feed (whole, (const char *) data + 1, size - 1, size - 1);
  feed (pieces, (const char *) data + 1, size - 1, (gsize) data[0] % 16 + 1);
  g_assert_cmpstr (whole->str, ==, pieces->str);
  return 0;
}
