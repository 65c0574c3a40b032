/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes become valid UTF-8 with line feeds only, in any split of the input. What is no character becomes U+FFFD in
 * the way cmark's option CMARK_OPT_VALIDATE_UTF8 has it (one for each maximal piece of a sequence, one for a whole
 * overlong form or surrogate), NUL as CommonMark 2.3 has it. Line endings are those of CommonMark 2.1. */

#include "config.h"

#include "sc-markdown-input.h"

#include <string.h>

#define REPLACEMENT "\357\277\275"

static void
append_lines (ScMarkdownInput *self,
              GString         *out,
              const char      *bytes,
              gsize            length)
{
  const char *end;

  self->is_mended |= length > 0 && memchr (bytes, '\r', length) != NULL;
  if (length > 0 && self->was_return && *bytes == '\n')
    {
      self->was_return = FALSE;
      bytes++;
      length--;
    }
  if (length > 0)
    self->was_return = bytes[length - 1] == '\r';
  while (length > 0 && (end = memchr (bytes, '\r', length)) != NULL)
    {
      gsize n = (gsize) (end - bytes);

      g_string_append_len (out, bytes, (gssize) n);
      g_string_append_c (out, '\n');
      n += n + 1 < length && bytes[n + 1] == '\n' ? 2 : 1;
      bytes += n;
      length -= n;
    }
  g_string_append_len (out, bytes, (gssize) length);
}

/* How many bytes at @bytes are one character (positive) or one mistake (negative); 0 if more is needed. */
static int
measure (const guchar *bytes,
         gsize         length)
{
  guchar first = bytes[0];
  int n = first < 0x80 ? 1
        : first < 0xc0 ? -1
        : first < 0xe0 ? 2
        : first < 0xf0 ? 3
        : first < 0xf8 ? 4
                       : -1;
  int i;

  if (first == '\0' || n < 0)
    return -1;
  for (i = 1; i < n; i++)
    {
      if ((gsize) i >= length)
        return 0;
      if ((bytes[i] & 0xc0) != 0x80)
        return -i;
    }
  if ((n == 2 && first < 0xc2) || (first == 0xe0 && bytes[1] < 0xa0) ||
      (first == 0xed && bytes[1] >= 0xa0) || (first == 0xf0 && bytes[1] < 0x90) ||
      (first == 0xf4 && bytes[1] >= 0x90) || first > 0xf4)
    return -n;
  return n;
}

/* Ends the character that was begun by an earlier piece. Returns how many of the bytes belong to it. */
static gsize
complete_partial (ScMarkdownInput *self,
                  GString         *out,
                  const char      *bytes,
                  gsize            length)
{
  gsize used = 0;

  while (self->n_partial > 0)
    {
      int n = measure ((const guchar *) self->partial, self->n_partial);

      if (n == 0 && used >= length)
        return used;
      if (n == 0)
        {
          self->partial[self->n_partial++] = bytes[used++];
          continue;
        }
      append_lines (self, out, n > 0 ? self->partial : REPLACEMENT, n > 0 ? (gsize) n : 3);
      self->is_mended |= n < 0;
      n = ABS (n);
      memmove (self->partial, self->partial + n, self->n_partial - (guint) n);
      self->n_partial -= (guint) n;
    }
  return used;
}

void
sc_markdown_input_feed (ScMarkdownInput *self,
                        GString         *out,
                        const char      *bytes,
                        gsize            length)
{
  gsize used = complete_partial (self, out, bytes, length);

  bytes += used;
  length -= used;
  while (length > 0)
    {
      const char *end = NULL;
      int n;

      g_utf8_validate_len (bytes, length, &end);
      append_lines (self, out, bytes, (gsize) (end - bytes));
      length -= (gsize) (end - bytes);
      bytes = end;
      if (length == 0)
        return;
      n = measure ((const guchar *) bytes, length);
      if (n == 0)
        {
          memcpy (self->partial, bytes, length);
          self->n_partial = (guint) length;
          return;
        }
      append_lines (self, out, n > 0 ? bytes : REPLACEMENT, n > 0 ? (gsize) n : 3);
      self->is_mended |= n < 0;
      bytes += ABS (n);
      length -= (gsize) ABS (n);
    }
}

void
sc_markdown_input_finish (ScMarkdownInput *self,
                          GString         *out)
{
  if (self->n_partial > 0)
    append_lines (self, out, REPLACEMENT, 3);
  self->is_mended |= self->n_partial > 0;
  self->n_partial = 0;
}
