/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What kind of line begins here, asked of a line that may still grow: CommonMark 0.29 section 4 and 5.2, the GFM
 * extensions for tables and task boxes, in the reading of cmark-gfm. */

#include "config.h"

#include "sc-markdown-lex.h"
#include "sc-markdown.h"

#include <string.h>

/* The longest name of a tag that begins an HTML block. */
#define MAX_BLOCK_TAG 10
/* A line that begins with a tag is waited for so long before it counts as text. */
#define MAX_TAG_LINE 1024

static ScMarkdownMatch
undecided (gboolean is_complete)
{
  return is_complete ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
}

static gsize
skip_run (ScMarkdownPiece line,
          gsize           at,
          char            c)
{
  while (at < line.length && line.text[at] == c)
    at++;
  return at;
}

static gsize
skip_spaces (ScMarkdownPiece line,
             gsize           at)
{
  while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t'))
    at++;
  return at;
}

ScMarkdownMatch
sc_markdown_line_heading (ScMarkdownPiece  line,
                          gsize            at,
                          gboolean         is_complete,
                          gsize           *end,
                          int             *level)
{
  gsize stop = skip_run (line, at, '#');

  if (stop == at || stop - at > 6)
    return SC_MARKDOWN_NO;
  *level = (int) (stop - at);
  *end = skip_spaces (line, stop);
  if (*end >= line.length)
    return is_complete ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
  return *end > stop ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

ScMarkdownMatch
sc_markdown_line_fence (ScMarkdownPiece  line,
                        gsize            at,
                        gboolean         is_complete,
                        gsize           *end)
{
  char c = at < line.length ? line.text[at] : '\0';

  if (c != '`' && c != '~')
    return SC_MARKDOWN_NO;
  *end = skip_run (line, at, c);
  if (*end - at < 3)
    return *end < line.length ? SC_MARKDOWN_NO : undecided (is_complete);
  if (c == '`' && memchr (line.text + *end, '`', line.length - *end) != NULL)
    return SC_MARKDOWN_NO;
  return is_complete ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
}

ScMarkdownMatch
sc_markdown_line_fence_end (ScMarkdownPiece line,
                            gsize           at,
                            gboolean        is_complete,
                            char            fence,
                            gsize           fence_length)
{
  gsize stop = skip_run (line, at, fence);

  if (stop < line.length && (stop - at < fence_length || skip_spaces (line, stop) < line.length))
    return SC_MARKDOWN_NO;
  if (!is_complete)
    return SC_MARKDOWN_MORE;
  return stop - at >= fence_length ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

static ScMarkdownMatch
match_prefix (ScMarkdownPiece  line,
              gsize            at,
              gboolean         is_complete,
              const char      *prefix)
{
  gsize length = strlen (prefix);
  gsize left = MIN (length, line.length - at);

  if (g_ascii_strncasecmp (line.text + at, prefix, left) != 0)
    return SC_MARKDOWN_NO;
  return left == length ? SC_MARKDOWN_YES : undecided (is_complete);
}

static gboolean
is_block_tag (const char *name,
              gsize       length)
{
  static const char names[] =
    " address article aside base basefont blockquote body caption center col colgroup dd details"
    " dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6"
    " head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option"
    " p param section title summary table tbody td tfoot th thead tr track ul ";
  char key[MAX_BLOCK_TAG + 3] = " ";
  gsize i;

  if (length == 0 || length > MAX_BLOCK_TAG)
    return FALSE;
  for (i = 0; i < length; i++)
    key[i + 1] = g_ascii_tolower (name[i]);
  key[length + 1] = ' ';
  return strstr (names, key) != NULL;
}

/* Types 1 and 6: a tag that is known by its name. */
static ScMarkdownMatch
match_named_tag (ScMarkdownPiece  line,
                 gsize            at,
                 gboolean         is_complete,
                 int             *type)
{
  gsize start = at + 1;
  gboolean is_closing = start < line.length && line.text[start] == '/';
  gboolean is_raw;
  gsize stop;

  if (is_closing)
    start++;
  for (stop = start; stop < line.length && g_ascii_isalnum (line.text[stop]); stop++)
    continue;
  if (stop >= line.length && !is_complete)
    return stop - start <= MAX_BLOCK_TAG ? SC_MARKDOWN_MORE : SC_MARKDOWN_NO;
  is_raw = !is_closing &&
           ((stop - start == 6 && g_ascii_strncasecmp (line.text + start, "script", 6) == 0) ||
            (stop - start == 5 && g_ascii_strncasecmp (line.text + start, "style", 5) == 0) ||
            (stop - start == 3 && g_ascii_strncasecmp (line.text + start, "pre", 3) == 0));
  if (!is_raw && !is_block_tag (line.text + start, stop - start))
    return SC_MARKDOWN_NO;
  *type = is_raw ? 1 : 6;
  if (stop >= line.length || g_ascii_isspace (line.text[stop]) || line.text[stop] == '>')
    return SC_MARKDOWN_YES;
  if (is_raw || line.text[stop] != '/')
    return SC_MARKDOWN_NO;
  if (stop + 1 >= line.length)
    return undecided (is_complete);
  return line.text[stop + 1] == '>' ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

/* Type 7: any other tag, alone on its line. */
static ScMarkdownMatch
match_lone_tag (ScMarkdownPiece  line,
                gsize            at,
                gboolean         is_complete,
                int             *type)
{
  ScMarkdownMatch match;
  gsize end = 0;

  if (line.length > at + 1 && (line.text[at + 1] == '!' || line.text[at + 1] == '?'))
    return SC_MARKDOWN_NO;
  match = sc_markdown_lex_tag (line, at, &end);
  *type = 7;
  if (match == SC_MARKDOWN_MORE)
    return line.length - at > MAX_TAG_LINE ? SC_MARKDOWN_NO : undecided (is_complete);
  if (match == SC_MARKDOWN_NO || skip_spaces (line, end) < line.length)
    return SC_MARKDOWN_NO;
  return is_complete ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
}

ScMarkdownMatch
sc_markdown_line_html (ScMarkdownPiece  line,
                       gsize            at,
                       gboolean         is_complete,
                       gboolean         is_interrupting,
                       int             *type)
{
  static const struct
  {
    const char *prefix;
    int         type;
  } prefixes[] = { { "<!--", 2 }, { "<?", 3 }, { "<![CDATA[", 5 } };
  gboolean is_open = FALSE;
  ScMarkdownMatch match;
  guint i;

  if (at >= line.length || line.text[at] != '<')
    return SC_MARKDOWN_NO;
  if (at + 1 >= line.length)
    return undecided (is_complete);
  for (i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      match = match_prefix (line, at, is_complete, prefixes[i].prefix);
      *type = prefixes[i].type;
      if (match == SC_MARKDOWN_YES)
        return match;
      is_open = is_open || match == SC_MARKDOWN_MORE;
    }
  *type = 4;
  if (line.text[at + 1] == '!' && at + 2 < line.length && g_ascii_isupper (line.text[at + 2]))
    return SC_MARKDOWN_YES;
  match = match_named_tag (line, at, is_complete, type);
  if (match == SC_MARKDOWN_NO && !is_interrupting)
    match = match_lone_tag (line, at, is_complete, type);
  return match == SC_MARKDOWN_NO && is_open ? SC_MARKDOWN_MORE : match;
}

static gboolean
contains (ScMarkdownPiece  line,
          gsize            at,
          const char      *needle)
{
  gsize length = strlen (needle);

  for (; at + length <= line.length; at++)
    if (g_ascii_strncasecmp (line.text + at, needle, length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
sc_markdown_line_html_ends (ScMarkdownPiece line,
                            gsize           at,
                            int             type)
{
  switch (type)
    {
    case 1:
      return contains (line, at, "</script>") || contains (line, at, "</style>") ||
             contains (line, at, "</pre>");
    case 2:
      return contains (line, at, "-->");
    case 3:
      return contains (line, at, "?>");
    case 4:
      return contains (line, at, ">");
    case 5:
      return contains (line, at, "]]>");
    default:
      return FALSE;
    }
}

ScMarkdownMatch
sc_markdown_line_setext (ScMarkdownPiece  line,
                         gsize            at,
                         gboolean         is_complete,
                         int             *level)
{
  char c = at < line.length ? line.text[at] : '\0';

  if (c != '=' && c != '-')
    return SC_MARKDOWN_NO;
  *level = c == '=' ? 1 : 2;
  if (skip_spaces (line, skip_run (line, at, c)) < line.length)
    return SC_MARKDOWN_NO;
  return is_complete ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
}

ScMarkdownMatch
sc_markdown_line_rule (ScMarkdownPiece  line,
                       gsize            at,
                       gboolean         is_complete,
                       gsize           *failed_at)
{
  char c = at < line.length ? line.text[at] : '\0';
  int count = 0;

  if ((c != '*' && c != '-' && c != '_') || at < *failed_at)
    return SC_MARKDOWN_NO;
  for (; at < line.length; at++)
    if (line.text[at] == c)
      count++;
    else if (line.text[at] != ' ' && line.text[at] != '\t')
      {
        *failed_at = at;
        return SC_MARKDOWN_NO;
      }
  if (!is_complete)
    return SC_MARKDOWN_MORE;
  return count >= 3 ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

ScMarkdownMatch
sc_markdown_line_marker (ScMarkdownPiece  line,
                         gsize            at,
                         gboolean         is_complete,
                         gboolean         is_interrupting,
                         gsize           *end,
                         char            *kind,
                         int             *number)
{
  gsize start = at;

  *number = -1;
  if (at >= line.length)
    return SC_MARKDOWN_NO;
  if (g_ascii_isdigit (line.text[at]))
    {
      for (*number = 0; at < line.length && at - start < 9 && g_ascii_isdigit (line.text[at]); at++)
        *number = *number * 10 + g_ascii_digit_value (line.text[at]);
      if (at >= line.length)
        return undecided (is_complete);
      if ((line.text[at] != '.' && line.text[at] != ')') || (is_interrupting && *number != 1))
        return SC_MARKDOWN_NO;
    }
  else if (line.text[at] != '*' && line.text[at] != '-' && line.text[at] != '+')
    {
      return SC_MARKDOWN_NO;
    }
  *kind = line.text[at];
  *end = ++at;
  if (at >= line.length && !is_complete)
    return SC_MARKDOWN_MORE;
  if (at < line.length && !g_ascii_isspace (line.text[at]))
    return SC_MARKDOWN_NO;
  if (is_interrupting && skip_spaces (line, at) >= line.length)
    return undecided (is_complete);
  return SC_MARKDOWN_YES;
}

/* One cell of a delimiter row. */
static ScMarkdownMatch
match_delimiter (ScMarkdownPiece  line,
                 gsize           *at,
                 ScMarkdownAlign *align)
{
  gsize i = skip_spaces (line, *at);
  gboolean is_left = i < line.length && line.text[i] == ':';
  gboolean is_right;
  gsize stop;

  if (is_left)
    i++;
  stop = skip_run (line, i, '-');
  if (stop == i)
    return i < line.length ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
  is_right = stop < line.length && line.text[stop] == ':';
  *at = skip_spaces (line, is_right ? stop + 1 : stop);
  *align = is_left ? (is_right ? SC_MARKDOWN_ALIGN_CENTER : SC_MARKDOWN_ALIGN_LEFT)
                   : (is_right ? SC_MARKDOWN_ALIGN_RIGHT : SC_MARKDOWN_ALIGN_NONE);
  return SC_MARKDOWN_YES;
}

ScMarkdownMatch
sc_markdown_line_delimiters (ScMarkdownPiece  line,
                             gsize            at,
                             gboolean         is_complete,
                             GArray          *aligns)
{
  g_array_set_size (aligns, 0);
  if (at < line.length && line.text[at] == '|')
    at++;
  if (at >= line.length)
    return undecided (is_complete);
  while (at < line.length)
    {
      ScMarkdownAlign align = SC_MARKDOWN_ALIGN_NONE;
      ScMarkdownMatch match = match_delimiter (line, &at, &align);

      if (match != SC_MARKDOWN_YES)
        return match == SC_MARKDOWN_MORE ? undecided (is_complete) : match;
      g_array_append_val (aligns, align);
      if (at < line.length && line.text[at] != '|')
        return SC_MARKDOWN_NO;
      at++;
      if (skip_spaces (line, at) >= line.length)
        break;
    }
  return is_complete ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
}

ScMarkdownMatch
sc_markdown_line_task (ScMarkdownPiece  line,
                       gboolean         is_complete,
                       int             *checked)
{
  gsize at = skip_spaces (line, 0);
  gsize start = at;

  while (at < line.length && g_ascii_isdigit (line.text[at]))
    at++;
  at++;
  start = at;
  at = skip_spaces (line, at);
  if (at == start && at < line.length)
    return SC_MARKDOWN_NO;
  if (at >= line.length)
    return undecided (is_complete);
  if (line.text[at] != '[')
    return SC_MARKDOWN_NO;
  if (at + 1 < line.length && line.text[at + 1] != ' ' && (line.text[at + 1] | 0x20) != 'x')
    return SC_MARKDOWN_NO;
  if (at + 2 < line.length && line.text[at + 2] != ']')
    return SC_MARKDOWN_NO;
  if (at + 3 < line.length && line.text[at + 3] != ' ' && line.text[at + 3] != '\t')
    return SC_MARKDOWN_NO;
  if (at + 3 >= line.length)
    return undecided (is_complete);
  *checked = line.text[at + 1] != ' ' ? 1 : 0;
  return SC_MARKDOWN_YES;
}
