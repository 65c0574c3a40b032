/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Validation and repair of UTF-8 in bytes from outside. Nearly everything that streams is ASCII, so
 * eight bytes are looked at in one step where they are. */

#include "config.h"

#include "sc-utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the character at @at, or minus the length of the invalid part there (Unicode 15, table
 * 3-7). */
static int
scan_character (const guint8 *at,
                gsize         left)
{
  guint8 lead = at[0];
  guint8 low = 0x80;
  guint8 high = 0xbf;
  int n_more;

  if (lead < 0x80)
    return 1;
  if (lead < 0xc2 || lead > 0xf4)
    return -1;

  n_more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  if (lead == 0xe0)
    low = 0xa0;
  else if (lead == 0xed)
    high = 0x9f;
  else if (lead == 0xf0)
    low = 0x90;
  else if (lead == 0xf4)
    high = 0x8f;

  for (int i = 1; i <= n_more; i++)
    {
      if ((gsize) i == left || at[i] < low || at[i] > high)
        return -i;
      low = 0x80;
      high = 0xbf;
    }
  return n_more + 1;
}

static gsize
count_ascii (const char *bytes,
             gsize       length)
{
  gsize n = 0;
  guint64 words[2];

  while (length - n >= sizeof words)
    {
      memcpy (words, bytes + n, sizeof words);
      if (((words[0] | words[1]) & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
      n += sizeof words;
    }
  while (n < length && (guint8) bytes[n] < 0x80)
    n++;
  return n;
}

gsize
sc_utf8_count_valid (const char *bytes,
                     gsize       length)
{
  gsize n = 0;

  while (n < length)
    {
      int step;

      if ((guint8) bytes[n] < 0x80)
        {
          n += count_ascii (bytes + n, length - n);
          continue;
        }
      step = scan_character ((const guint8 *) bytes + n, length - n);
      if (step < 0)
        break;
      n += (gsize) step;
    }
  return n;
}

void
sc_utf8_append_valid (GString    *out,
                      const char *bytes,
                      gsize       length)
{
  g_return_if_fail (out != NULL);

  while (length > 0)
    {
      gsize n = sc_utf8_count_valid (bytes, length);

      g_string_append_len (out, bytes, (gssize) n);
      bytes += n;
      length -= n;
      if (length > 0)
        {
          gsize bad = (gsize) -scan_character ((const guint8 *) bytes, length);

          g_string_append_len (out, REPLACEMENT, 3);
          bytes += bad;
          length -= bad;
        }
    }
}
