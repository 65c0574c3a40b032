/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. The places of the next CR and of the next LF are both remembered: a stream that
 * uses only one of them would otherwise be searched to its end for the other at every line. */

#include "config.h"

#include "sc-line-cutter.h"

#include <string.h>

/* What a line longer than this leaves behind is given back to the system. */
#define MAX_KEPT_BYTES (1024 * 1024)

static const char bom[] = "\xef\xbb\xbf";

static const char *
find_byte (const char *at,
           const char *end,
           char        byte)
{
  const char *found;

  /* A call costs more than a look at the few bytes of a token. */
  if (end - at < 16)
    {
      while (at < end && *at != byte)
        at++;
      return at;
    }
  found = memchr (at, byte, (gsize) (end - at));
  return found != NULL ? found : end;
}

static void
release_used_pending (ScLineCutter *self)
{
  self->is_pending_used = FALSE;
  sc_line_buffer_empty (&self->pending);
}

/* Bytes that only looked like the start of a byte order mark are the start of the first line. */
static void
end_bom (ScLineCutter *self)
{
  if (self->n_bom < SC_LINE_NO_BOM)
    g_string_append_len (self->pending, bom, (gssize) self->n_bom);
  self->n_bom = SC_LINE_NO_BOM;
}

/* HTML Living Standard 9.2.5: one leading byte order mark is ignored. It may be split over reads.
 */
static void
skip_bom (ScLineCutter *self)
{
  while (self->at < self->end && self->n_bom < SC_LINE_NO_BOM)
    {
      if (*self->at != bom[self->n_bom])
        end_bom (self);
      else
        {
          self->n_bom++;
          self->at++;
        }
    }
}

void
sc_line_cutter_init (ScLineCutter *self,
                     gboolean      cr_ends,
                     gsize         max_bytes)
{
  g_return_if_fail (self != NULL);

  memset (self, 0, sizeof *self);
  self->pending = g_string_new (NULL);
  self->cr_ends = cr_ends;
  self->max_bytes = max_bytes;
}

void
sc_line_cutter_clear (ScLineCutter *self)
{
  g_return_if_fail (self != NULL);

  if (self->pending != NULL)
    g_string_free (g_steal_pointer (&self->pending), TRUE);
}

void
sc_line_cutter_begin (ScLineCutter *self,
                      const char   *bytes,
                      gsize         length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  self->at = bytes;
  self->end = length > 0 ? bytes + length : bytes;
  if (self->n_bom < SC_LINE_NO_BOM)
    skip_bom (self);
  self->next_lf = find_byte (self->at, self->end, '\n');
  self->next_cr = self->cr_ends ? find_byte (self->at, self->end, '\r') : self->end;
}

ScLineResult
sc_line_cutter_next (ScLineCutter  *self,
                     const char   **line,
                     gsize         *length)
{
  const char *start;
  const char *stop;

  if (self->is_pending_used)
    release_used_pending (self);
  if (self->at == self->end)
    return SC_LINE_MORE;

  if (self->skips_lf)
    {
      self->skips_lf = FALSE;
      if (*self->at == '\n')
        self->at++;
    }
  start = self->at;
  if (self->next_lf < start)
    self->next_lf = find_byte (start, self->end, '\n');
  if (self->next_cr < start)
    self->next_cr = find_byte (start, self->end, '\r');
  stop = MIN (self->next_lf, self->next_cr);

  if ((gsize) (stop - start) + self->pending->len > self->max_bytes)
    return SC_LINE_TOO_LONG;

  if (self->pending->len > 0 || stop == self->end)
    sc_line_buffer_append (self->pending, start, (gsize) (stop - start));
  if (stop == self->end)
    {
      self->at = self->end;
      return SC_LINE_MORE;
    }

  self->at = stop + 1;
  self->skips_lf = *stop == '\r';
  self->is_pending_used = self->pending->len > 0;
  *line = self->is_pending_used ? self->pending->str : start;
  *length = self->is_pending_used ? self->pending->len : (gsize) (stop - start);
  return SC_LINE_READY;
}

gboolean
sc_line_cutter_finish (ScLineCutter  *self,
                       const char   **line,
                       gsize         *length)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->is_pending_used)
    release_used_pending (self);
  end_bom (self);
  if (self->pending->len == 0)
    return FALSE;
  self->is_pending_used = TRUE;
  *line = self->pending->str;
  *length = self->pending->len;
  return TRUE;
}

void
sc_line_cutter_swap_pending (ScLineCutter  *self,
                             GString      **other)
{
  GString *taken = self->pending;

  g_return_if_fail (self->is_pending_used);

  self->pending = *other;
  *other = taken;
  release_used_pending (self);
}

void
sc_line_buffer_empty (GString **buffer)
{
  if ((*buffer)->allocated_len > MAX_KEPT_BYTES)
    {
      g_string_free (*buffer, TRUE);
      *buffer = g_string_new (NULL);
    }
  (*buffer)->len = 0;
  (*buffer)->str[0] = '\0';
}
