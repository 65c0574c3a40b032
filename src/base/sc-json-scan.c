/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pre-scan in front of json-glib (see sc-json-private.h). One pass, no recursion; the text is copied only from the
 * first place that needs mending on. */

#include "config.h"

#include "sc-json-private.h"

#include <string.h>

#include "sc-error.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define MAX_SAFE_DIGITS 18

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  const char *copied;
  GString    *out;
  guint       depth;
  gboolean    has_value;
} Scan;

/* Copies what was good so far and skips the @n_bytes at the cursor in favour of @text. */
static void
replace_bytes (Scan       *scan,
               gsize       n_bytes,
               const char *text)
{
  if (scan->out == NULL)
    scan->out = g_string_sized_new ((gsize) (scan->end - scan->start) + 16);
  g_string_append_len (scan->out, scan->copied, scan->at - scan->copied);
  g_string_append (scan->out, text);
  scan->at += n_bytes;
  scan->copied = scan->at;
}

/* RFC 8259 section 7: four hexadecimal digits after \u. */
static int
read_unit (const char *at,
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
scan_escape (Scan *scan)
{
  int unit = read_unit (scan->at, scan->end);

  /* json-glib takes what follows a broken \u for digits and makes invalid UTF-8 of it. */
  if (unit < 0 && scan->end - scan->at >= 2 && scan->at[1] == 'u')
    replace_bytes (scan, 2, REPLACEMENT);
  else if (unit < 0)
    scan->at += MIN (2, scan->end - scan->at);
  else if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    replace_bytes (scan, 6, REPLACEMENT);
  else if (unit >= 0xd800 && unit <= 0xdbff)
    {
      int low = read_unit (scan->at + 6, scan->end);

      if (low >= 0xdc00 && low <= 0xdfff)
        scan->at += 12;
      else
        replace_bytes (scan, 6, REPLACEMENT);
    }
  else
    scan->at += 6;
}

static void
scan_multibyte (Scan *scan)
{
  gunichar c = g_utf8_get_char_validated (scan->at, scan->end - scan->at);

  if (c == (gunichar) -1 || c == (gunichar) -2)
    replace_bytes (scan, 1, REPLACEMENT);
  else
    scan->at = g_utf8_next_char (scan->at);
}

/* Stands behind the opening quote; ends behind the closing one. */
static gboolean
scan_string (Scan *scan)
{
  while (scan->at < scan->end)
    {
      guchar c = (guchar) *scan->at;

      if (c == '"')
        {
          scan->at++;
          return TRUE;
        }
      if (c == '\\')
        scan_escape (scan);
      else if (c >= 0x80)
        scan_multibyte (scan);
      else if (c == 0)
        replace_bytes (scan, 1, REPLACEMENT);
      else
        scan->at++;
    }
  return FALSE;
}

static gboolean
is_scalar_char (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '-' || c == '.';
}

static const char *
skip_digits (const char *at,
             const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at;
}

/* RFC 8259 section 6; leading zeros are let pass as json-glib does. @is_integer tells what it is. */
static gboolean
is_number (const char *at,
           const char *end,
           gboolean   *is_integer)
{
  const char *digits = at < end && *at == '-' ? at + 1 : at;

  at = skip_digits (digits, end);
  if (at == digits)
    return FALSE;
  *is_integer = at == end;
  if (at < end && *at == '.')
    {
      digits = at + 1;
      at = skip_digits (digits, end);
      if (at == digits)
        return FALSE;
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      digits = at + 1;
      if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
      at = skip_digits (digits, end);
      if (at == digits)
        return FALSE;
    }
  return at == end;
}

static gboolean
is_literal (const char *at,
            gsize       length)
{
  return (length == 4 && (memcmp (at, "true", 4) == 0 || memcmp (at, "null", 4) == 0)) ||
         (length == 5 && memcmp (at, "false", 5) == 0);
}

static gboolean
scan_scalar (Scan *scan)
{
  const char *start = scan->at;
  gboolean is_integer = FALSE;

  while (scan->at < scan->end && is_scalar_char (*scan->at))
    scan->at++;
  if (is_literal (start, (gsize) (scan->at - start)))
    return TRUE;
  if (!is_number (start, scan->at, &is_integer))
    return FALSE;
  if (is_integer && scan->at - start > MAX_SAFE_DIGITS)
    replace_bytes (scan, 0, "e0");
  return TRUE;
}

static gboolean
fail_scan (GError     **error,
           const char  *message)
{
  g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL, message);
  return FALSE;
}

static gboolean
begin_value (Scan    *scan,
             GError **error)
{
  if (scan->depth == 0 && scan->has_value)
    return fail_scan (error, "More than one JSON document");
  scan->has_value = TRUE;
  return TRUE;
}

static gboolean
scan_opening (Scan    *scan,
              GError **error)
{
  if (!begin_value (scan, error))
    return FALSE;
  if (++scan->depth > SC_JSON_MAX_DEPTH)
    return fail_scan (error, "JSON is nested too deeply");
  scan->at++;
  return TRUE;
}

static gboolean
scan_token (Scan    *scan,
            GError **error)
{
  char c = *scan->at;

  if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || ((c == ',' || c == ':') && scan->depth > 0))
    scan->at++;
  else if (c == '{' || c == '[')
    return scan_opening (scan, error);
  else if ((c == '}' || c == ']') && scan->depth > 0)
    {
      scan->depth--;
      scan->at++;
    }
  else if (c == '"')
    {
      if (!begin_value (scan, error))
        return FALSE;
      scan->at++;
      if (!scan_string (scan))
        return fail_scan (error, "JSON ends in the middle of a string");
    }
  else if (is_scalar_char (c))
    {
      if (!begin_value (scan, error))
        return FALSE;
      if (!scan_scalar (scan))
        return fail_scan (error, "Not JSON");
    }
  else
    return fail_scan (error, "Not JSON");
  return TRUE;
}

gboolean
sc_json_scan (const char  *text,
              gsize        length,
              GString    **rewritten,
              GError     **error)
{
  Scan scan = { text, text, text + length, text, NULL, 0, FALSE };

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (rewritten != NULL, FALSE);

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    replace_bytes (&scan, 3, "");
  while (scan.at < scan.end)
    if (!scan_token (&scan, error))
      goto failed;
  if (!scan.has_value)
    {
      fail_scan (error, "Empty JSON");
      goto failed;
    }
  if (scan.depth > 0)
    {
      fail_scan (error, "JSON ends too early");
      goto failed;
    }
  if (scan.out != NULL)
    replace_bytes (&scan, 0, "");
  *rewritten = scan.out;
  return TRUE;

failed:
  if (scan.out != NULL)
    g_string_free (scan.out, TRUE);
  return FALSE;
}
