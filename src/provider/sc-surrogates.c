/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Marks for halves of a character. A mark is U+FFFE and three characters of U+FDD0..U+FDEF that
 * carry 5 bits each: noncharacters, valid in UTF-8 and JSON, never part of an honest text. Knows
 * nothing of any protocol. */

#include "config.h"

#include "sc-surrogates.h"

#include <string.h>

#define MARK_START "\xEF\xBF\xBE"
#define MARK_BASE 0xFDD0u
#define MARK_BYTES 12
#define REPLACEMENT "\xEF\xBF\xBD"

static gboolean
is_high (guint unit)
{
  return unit >= 0xD800 && unit < 0xDC00;
}

static gboolean
is_low (guint unit)
{
  return unit >= 0xDC00 && unit < 0xE000;
}

/* The code unit of the `\u` escape at @at, or -1 if there is none. */
static int
read_escape (const char *at,
             const char *end)
{
  int unit = 0;

  if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

static void
append_mark (GString *out,
             guint    unit)
{
  guint bits = unit - 0xD800;

  g_string_append_printf (out, "\\ufffe\\u%04x\\u%04x\\u%04x", MARK_BASE + (bits >> 10),
                          MARK_BASE + ((bits >> 5) & 31), MARK_BASE + (bits & 31));
}

GString *
sc_surrogates_mark (const char *json,
                    gsize       length)
{
  const char *end = json + length;
  const char *copied = json;
  const char *at = json;
  GString *out = NULL;

  while (at < end && (at = memchr (at, '\\', (gsize) (end - at))) != NULL)
    {
      int unit = read_escape (at, end);

      if (unit < 0)
        at += MIN (2, end - at);
      else if (is_high ((guint) unit) && is_low ((guint) read_escape (at + 6, end)))
        at += 12;
      else if (is_high ((guint) unit) || is_low ((guint) unit))
        {
          if (out == NULL)
            out = g_string_sized_new (length + 64);
          g_string_append_len (out, copied, at - copied);
          append_mark (out, (guint) unit);
          at += 6;
          copied = at;
        }
      else
        at += 6;
    }
  if (out != NULL)
    g_string_append_len (out, copied, end - copied);
  return out;
}

/* The unit that the mark at @at stands for, or 0 if it is no mark. */
static gunichar2
read_mark (const char *at)
{
  guint bits = 0;

  if (strncmp (at, MARK_START, 3) != 0)
    return 0;
  for (int i = 1; i < 4; i++)
    {
      const guchar *part = (const guchar *) at + 3 * i;
      guint value;

      /* U+FDD0..U+FDEF is EF B7 90..AF. */
      if (part[0] != 0xEF || part[1] != 0xB7 || part[2] < 0x90 || part[2] > 0xAF)
        return 0;
      value = (guint) part[2] - 0x90;
      bits = bits << 5 | value;
    }
  return bits < 0x800 ? (gunichar2) (0xD800 + bits) : 0;
}

static void
give_up_held (GString   *out,
              gunichar2 *held)
{
  if (*held != 0)
    g_string_append (out, REPLACEMENT);
  *held = 0;
}

static void
take_unit (GString   *out,
           gunichar2  unit,
           gunichar2 *held)
{
  if (is_low (unit) && *held != 0)
    {
      g_string_append_unichar (out, 0x10000 + (((gunichar) *held - 0xD800) << 10) +
                                      ((gunichar) unit - 0xDC00));
      *held = 0;
      return;
    }
  give_up_held (out, held);
  if (is_high (unit))
    *held = unit;
  else
    g_string_append (out, REPLACEMENT);
}

char *
sc_surrogates_join (const char *text,
                    gunichar2  *held)
{
  GString *out = g_string_new (NULL);
  const char *at = text != NULL ? text : "";

  while (*at != '\0')
    {
      const char *mark = strstr (at, MARK_START);
      const char *stop = mark != NULL ? mark : at + strlen (at);
      gunichar2 unit;

      if (stop > at)
        {
          give_up_held (out, held);
          g_string_append_len (out, at, stop - at);
        }
      if (mark == NULL)
        break;
      unit = read_mark (mark);
      if (unit != 0)
        {
          take_unit (out, unit, held);
          at = mark + MARK_BYTES;
        }
      else
        {
          give_up_held (out, held);
          g_string_append (out, MARK_START);
          at = mark + 3;
        }
    }
  return g_string_free (out, FALSE);
}
