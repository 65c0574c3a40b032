/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Titles and snippets. A look at the marks that people and models really begin lines with, not a
 * markdown parser: it runs at every checkpoint of an answer and reads only the start of
 * the text. */

#include "config.h"

#include "sc-title.h"

#include <string.h>

/* How far into a message a snippet looks. */
#define SCAN_BYTES 2048

static gboolean
is_fence (const char *line)
{
  return g_str_has_prefix (line, "```") || g_str_has_prefix (line, "~~~");
}

/* A line of nothing but marks: a rule, the line under a heading, the second line of a table. */
static gboolean
is_only_marks (const char *line)
{
  return line[strspn (line, "-=_*#>|:+ \t")] == '\0';
}

/* Skips what begins a heading, a quote, a list item and a task. */
static const char *
skip_block_marks (const char *line)
{
  for (;;)
    {
      const char *start = line;

      line += strspn (line, " \t");
      if (*line == '#')
        {
          gsize n = strspn (line, "#");

          if (n <= 6 && (line[n] == ' ' || line[n] == '\t'))
            line += n;
        }
      else if (*line == '>' || (*line != '\0' && strchr ("-*+", *line) != NULL && line[1] == ' '))
        line++;
      else if (g_ascii_isdigit (*line))
        {
          gsize n = strspn (line, "0123456789");

          if (n <= 9 && (line[n] == '.' || line[n] == ')') && line[n + 1] == ' ')
            line += n + 1;
        }
      if (g_str_has_prefix (line, "[ ] ") || g_str_has_prefix (line, "[x] "))
        line += 3;
      if (line == start)
        return line;
    }
}

/* If a link or an image begins at @p, gives where its words end and where it ends. */
static gboolean
find_link (const char  *p,
           const char **words_end,
           const char **end)
{
  const char *close = strstr (p, "](");
  const char *last;

  if (close == NULL || memchr (p, '\n', (gsize) (close - p)) != NULL)
    return FALSE;
  last = strchr (close, ')');
  if (last == NULL)
    return FALSE;
  *words_end = close;
  *end = last + 1;
  return TRUE;
}

/* An underscore is a mark only at the border of a word: snake_case stays. */
static gboolean
is_mark (const char *line,
         const char *p)
{
  if (*p == '`' || *p == '*')
    return *p == '`' || p[1] != ' ' || (p > line && p[-1] != ' ');
  if (*p == '~')
    return p[1] == '~' || (p > line && p[-1] == '~');
  if (*p == '_')
    return (p == line || !g_ascii_isalnum (p[-1])) || !g_ascii_isalnum (p[1]);
  return FALSE;
}

static void
append_words (GString    *out,
              const char *line,
              gsize       length)
{
  g_autofree char *copy = g_strndup (line, length);

  for (const char *p = copy; *p != '\0'; p++)
    {
      const char *words_end, *end;

      if (*p == '!' && p[1] == '[' && find_link (p + 2, &words_end, &end))
        p++;
      if (*p == '[' && find_link (p + 1, &words_end, &end))
        {
          append_words (out, p + 1, (gsize) (words_end - p - 1));
          p = end - 1;
        }
      else if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p))
        {
          if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
        }
      else if (!is_mark (copy, p))
        g_string_append_c (out, *p);
    }
}

static char *
cut_at_word (char  *text,
             glong  max_chars)
{
  g_autofree char *owned = g_strstrip (text);
  char *end, *space;

  if (g_utf8_strlen (owned, -1) <= max_chars)
    return g_steal_pointer (&owned);

  end = g_utf8_offset_to_pointer (owned, max_chars);
  if (*end != ' ')
    {
      /* A single long word (an address, or a language without spaces) is cut inside. */
      space = g_strrstr_len (owned, end - owned, " ");
      if (space != NULL && space - owned > (end - owned) / 2)
        end = space;
    }
  *end = '\0';
  return g_strconcat (g_strchomp (owned), "…", NULL);
}

/* @one_line: stop at the first line that says something. */
static GString *
collect_words (const char *text,
               gsize       enough,
               gboolean    one_line)
{
  g_autofree char *start = g_strndup (text, MIN (strlen (text), SCAN_BYTES));
  g_auto (GStrv) lines = NULL;
  GString *out = g_string_new (NULL);
  const char *tail;

  if (!g_utf8_validate (start, -1, &tail))
    start[tail - start] = '\0';
  lines = g_strsplit_set (start, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL && out->len < enough; i++)
    {
      const char *line = skip_block_marks (lines[i]);

      if (*line == '\0' || is_fence (line) || is_only_marks (line))
        continue;
      if (out->len > 0)
        g_string_append_c (out, ' ');
      append_words (out, line, strlen (line));
      if (one_line && out->len > 0)
        break;
    }
  return out;
}

char *
sc_title_create (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return cut_at_word (g_string_free (collect_words (text, 1, TRUE), FALSE), SC_TITLE_MAX_CHARS);
}

char *
sc_title_create_snippet (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  /* Four bytes is the longest character: enough for any script. */
  return cut_at_word (g_string_free (collect_words (text, SC_SNIPPET_MAX_CHARS * 4, FALSE), FALSE),
                      SC_SNIPPET_MAX_CHARS);
}
