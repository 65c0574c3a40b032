/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links and definitions on a growing text: CommonMark 0.29 sections 6.6 and 4.7, in the reading of cmark-gfm. */

#include "config.h"

#include "sc-markdown-lex.h"

#include <string.h>

/* A label has at most 999 characters (CommonMark 4.7). */
#define MAX_LABEL 1000
/* cmark gives up on destinations nested deeper. */
#define MAX_PARENTHESES 32

ScMarkdownMatch
sc_markdown_lex_label (ScMarkdownPiece  piece,
                       gsize            at,
                       gsize           *end)
{
  gsize start = at;

  for (at++; at < piece.length && at - start <= MAX_LABEL; at++)
    {
      if (piece.text[at] == '\\')
        at++;
      else if (piece.text[at] == '[')
        return SC_MARKDOWN_NO;
      else if (piece.text[at] == ']')
        {
          *end = at + 1;
          return SC_MARKDOWN_YES;
        }
    }
  return at - start > MAX_LABEL ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
}

/* A destination; @at is moved behind it, @start and @stop are what it is. */
static ScMarkdownMatch
lex_destination (ScMarkdownPiece  piece,
                 gsize           *at,
                 gsize           *start,
                 gsize           *stop)
{
  gsize i = *at;
  int depth = 0;

  if (i < piece.length && piece.text[i] == '<')
    {
      for (*start = ++i; i < piece.length && piece.text[i] != '>'; i++)
        if (piece.text[i] == '\n' || piece.text[i] == '<')
          return SC_MARKDOWN_NO;
        else if (piece.text[i] == '\\')
          i++;
      if (i >= piece.length)
        return SC_MARKDOWN_MORE;
      *stop = i;
      *at = i + 1;
      return SC_MARKDOWN_YES;
    }
  for (*start = i; i < piece.length && (guchar) piece.text[i] > ' '; i++)
    if (piece.text[i] == '\\' && i + 1 < piece.length && g_ascii_ispunct (piece.text[i + 1]))
      i++;
    else if (piece.text[i] == '(' && ++depth > MAX_PARENTHESES)
      return SC_MARKDOWN_NO;
    else if (piece.text[i] == ')' && depth-- == 0)
      break;
  *at = *stop = i;
  return i >= piece.length ? SC_MARKDOWN_MORE : SC_MARKDOWN_YES;
}

static ScMarkdownMatch
lex_title (ScMarkdownPiece  piece,
           gsize           *at)
{
  char quote = piece.text[*at];
  gsize i;

  if (quote != '"' && quote != '\'' && quote != '(')
    return SC_MARKDOWN_NO;
  for (i = *at + 1; i < piece.length; i++)
    if (piece.text[i] == '\\')
      i++;
    else if (piece.text[i] == (quote == '(' ? ')' : quote))
      {
        *at = i + 1;
        return SC_MARKDOWN_YES;
      }
    else if (quote == '(' && piece.text[i] == '(')
      return SC_MARKDOWN_NO;
  return SC_MARKDOWN_MORE;
}

static char *
unescape_url (const char *text,
              gsize       length)
{
  GString *url = g_string_sized_new (length + 1);
  gsize i;

  for (i = 0; i < length; i++)
    if (text[i] == '\\' && i + 1 < length && g_ascii_ispunct (text[i + 1]))
      g_string_append_c (url, text[++i]);
    else if (length - i >= 5 && memcmp (text + i, "&amp;", 5) == 0)
      {
        g_string_append_c (url, '&');
        i += 4;
      }
    else
      g_string_append_c (url, text[i]);
  return g_string_free (url, FALSE);
}

ScMarkdownMatch
sc_markdown_lex_resource (ScMarkdownPiece   piece,
                          gsize             at,
                          gsize            *end,
                          char            **url)
{
  gsize start = 0, stop = 0, before;
  ScMarkdownMatch match;

  at = sc_markdown_skip_blanks (piece, at + 1);
  match = lex_destination (piece, &at, &start, &stop);
  if (match != SC_MARKDOWN_YES)
    return match;
  before = at;
  at = sc_markdown_skip_blanks (piece, at);
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (piece.text[at] != ')')
    {
      match = at > before ? lex_title (piece, &at) : SC_MARKDOWN_NO;
      if (match != SC_MARKDOWN_YES)
        return match;
      at = sc_markdown_skip_blanks (piece, at);
      if (at >= piece.length)
        return SC_MARKDOWN_MORE;
      if (piece.text[at] != ')')
        return SC_MARKDOWN_NO;
    }
  *end = at + 1;
  *url = unescape_url (piece.text + start, stop - start);
  return SC_MARKDOWN_YES;
}

static gsize
skip_spaces (ScMarkdownPiece piece,
             gsize           at)
{
  while (at < piece.length && (piece.text[at] == ' ' || piece.text[at] == '\t'))
    at++;
  return at;
}

/* Spaces with at most one line feed among them. */
static gsize
skip_to_next (ScMarkdownPiece piece,
              gsize           at)
{
  at = skip_spaces (piece, at);
  if (at < piece.length && piece.text[at] == '\n')
    at = skip_spaces (piece, at + 1);
  return at;
}

/* Whether the line is over at @at; *at is moved behind its line feed. */
static gboolean
ends_line (ScMarkdownPiece  piece,
           gsize           *at)
{
  gsize i = skip_spaces (piece, *at);

  if (i < piece.length && piece.text[i] != '\n')
    return FALSE;
  *at = MIN (i + 1, piece.length);
  return TRUE;
}

/* The title of a definition, on its line or on the next; without one the definition ends with its line. */
static ScMarkdownMatch
lex_definition_rest (ScMarkdownPiece  piece,
                     gsize            at,
                     gboolean         is_final,
                     gsize           *end)
{
  gsize title = skip_to_next (piece, at);
  gsize line = at;
  gboolean is_line = ends_line (piece, &line);
  ScMarkdownMatch match;

  *end = line;
  if (title >= piece.length)
    return is_final ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
  match = title > at ? lex_title (piece, &title) : SC_MARKDOWN_NO;
  if (match == SC_MARKDOWN_MORE && !is_final)
    return match;
  if (match == SC_MARKDOWN_YES && !is_final && skip_spaces (piece, title) >= piece.length)
    return SC_MARKDOWN_MORE;
  if (match == SC_MARKDOWN_YES && ends_line (piece, &title))
    {
      *end = title;
      return SC_MARKDOWN_YES;
    }
  return is_line ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

ScMarkdownMatch
sc_markdown_lex_definition (ScMarkdownPiece       piece,
                            gsize                 at,
                            gboolean              is_final,
                            ScMarkdownDefinition *definition)
{
  gsize start = 0, stop = 0;
  gsize end = 0;
  ScMarkdownMatch match = sc_markdown_lex_label (piece, at, &end);
  ScMarkdownMatch unfinished = is_final ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;

  if (match != SC_MARKDOWN_YES)
    return match == SC_MARKDOWN_MORE ? unfinished : match;
  if (sc_markdown_skip_blanks (piece, at + 1) >= end - 1)
    return SC_MARKDOWN_NO;
  definition->label = at + 1;
  definition->label_length = end - at - 2;
  if (end >= piece.length)
    return unfinished;
  if (piece.text[end] != ':')
    return SC_MARKDOWN_NO;
  at = skip_to_next (piece, end + 1);
  if (at >= piece.length)
    return unfinished;
  end = at;
  match = lex_destination (piece, &at, &start, &stop);
  if (match == SC_MARKDOWN_MORE && (!is_final || piece.text[end] == '<'))
    return unfinished;
  if (match == SC_MARKDOWN_NO || at == end)
    return SC_MARKDOWN_NO;
  return lex_definition_rest (piece, at, is_final, &definition->end);
}

char *
sc_markdown_normalize_label (const char *label,
                             gsize       length)
{
  g_autoptr (GString) plain = g_string_sized_new (length + 1);
  gsize i;

  for (i = 0; i < length; i++)
    if (!sc_markdown_is_blank (label[i]))
      g_string_append_c (plain, label[i]);
    else if (plain->len > 0 && plain->str[plain->len - 1] != ' ')
      g_string_append_c (plain, ' ');
  if (plain->len > 0 && plain->str[plain->len - 1] == ' ')
    g_string_truncate (plain, plain->len - 1);
  return g_utf8_casefold (plain->str, (gssize) plain->len);
}
