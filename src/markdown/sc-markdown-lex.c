/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Inline constructs on a growing text: CommonMark 0.29 sections 6.2 (entities), 6.8 (autolinks) and 6.9
 * (raw HTML), in the reading of cmark-gfm. Nothing here decides what is finally shown, cmark does:
 * these answers make the view of an unfinished answer look like the finished one. */

#include "config.h"

#include "sc-markdown-lex.h"

#include <string.h>

/* "&" and the longest name of an entity. */
#define MAX_ENTITY 32

gboolean
sc_markdown_is_blank (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

gsize
sc_markdown_skip_blanks (ScMarkdownPiece piece,
                         gsize           at)
{
  while (at < piece.length && sc_markdown_is_blank (piece.text[at]))
    at++;
  return at;
}

gboolean
sc_markdown_is_space (gunichar c)
{
  return c < 0x80 ? sc_markdown_is_blank ((char) c)
                  : g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

gboolean
sc_markdown_is_punctuation (gunichar c)
{
  GUnicodeType type;

  if (c < 0x80)
    return g_ascii_ispunct ((char) c);
  type = g_unichar_type (c);
  return type >= G_UNICODE_CONNECT_PUNCTUATION && type <= G_UNICODE_OPEN_PUNCTUATION;
}

/* Finds @needle; if it is not there, more may bring it. */
static ScMarkdownMatch
find_end (ScMarkdownPiece  piece,
          gsize            at,
          const char      *needle,
          gsize           *end)
{
  gsize length = strlen (needle);
  const char *found;

  if (at > piece.length)
    return SC_MARKDOWN_MORE;
  found = g_strstr_len (piece.text + at, (gssize) (piece.length - at), needle);
  if (found == NULL)
    return SC_MARKDOWN_MORE;
  *end = (gsize) (found - piece.text) + length;
  return SC_MARKDOWN_YES;
}

static gsize
skip_tag_name (ScMarkdownPiece piece,
               gsize           at)
{
  while (at < piece.length && (g_ascii_isalnum (piece.text[at]) || piece.text[at] == '-'))
    at++;
  return at;
}

static ScMarkdownMatch
lex_closing_tag (ScMarkdownPiece  piece,
                 gsize            at,
                 gsize           *end)
{
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (!g_ascii_isalpha (piece.text[at]))
    return SC_MARKDOWN_NO;
  at = sc_markdown_skip_blanks (piece, skip_tag_name (piece, at));
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  *end = at + 1;
  return piece.text[at] == '>' ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

/* The value after "=". */
static ScMarkdownMatch
lex_value (ScMarkdownPiece  piece,
           gsize           *at)
{
  gsize start = sc_markdown_skip_blanks (piece, *at);
  const char *quote;

  if (start >= piece.length)
    return SC_MARKDOWN_MORE;
  if (piece.text[start] == '"' || piece.text[start] == '\'')
    {
      quote = memchr (piece.text + start + 1, piece.text[start], piece.length - start - 1);
      if (quote == NULL)
        return SC_MARKDOWN_MORE;
      *at = (gsize) (quote - piece.text) + 1;
      return SC_MARKDOWN_YES;
    }
  *at = start;
  while (*at < piece.length && !sc_markdown_is_blank (piece.text[*at]) &&
         strchr ("\"'=<>`", piece.text[*at]) == NULL)
    (*at)++;
  if (*at >= piece.length)
    return SC_MARKDOWN_MORE;
  return *at > start ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

static ScMarkdownMatch
lex_opening_tag (ScMarkdownPiece  piece,
                 gsize            at,
                 gsize           *end)
{
  at = skip_tag_name (piece, at);
  for (;;)
    {
      gsize start = at;

      at = sc_markdown_skip_blanks (piece, at);
      if (at >= piece.length)
        return SC_MARKDOWN_MORE;
      if (piece.text[at] == '/' && at + 1 >= piece.length)
        return SC_MARKDOWN_MORE;
      if (piece.text[at] == '/')
        at++;
      *end = at + 1;
      if (piece.text[at] == '>')
        return SC_MARKDOWN_YES;
      if (at == start || piece.text[at - 1] == '/' ||
          !(g_ascii_isalpha (piece.text[at]) || piece.text[at] == '_' || piece.text[at] == ':'))
        return SC_MARKDOWN_NO;
      while (at < piece.length && (g_ascii_isalnum (piece.text[at]) ||
                                   memchr (":._-", piece.text[at], 4) != NULL))
        at++;
      start = sc_markdown_skip_blanks (piece, at);
      if (start < piece.length && piece.text[start] == '=')
        {
          ScMarkdownMatch match;

          at = start + 1;
          match = lex_value (piece, &at);
          if (match != SC_MARKDOWN_YES)
            return match;
        }
    }
}

static ScMarkdownMatch
lex_comment (ScMarkdownPiece  piece,
             gsize            at,
             gsize           *end)
{
  ScMarkdownMatch match;

  if (at + 1 < piece.length && (piece.text[at] == '>' ||
                                (piece.text[at] == '-' && piece.text[at + 1] == '>')))
    return SC_MARKDOWN_NO;
  match = find_end (piece, at, "--", end);
  if (match != SC_MARKDOWN_YES)
    return match;
  if (*end >= piece.length)
    return SC_MARKDOWN_MORE;
  if (piece.text[*end] != '>')
    return SC_MARKDOWN_NO;
  (*end)++;
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
lex_declaration (ScMarkdownPiece  piece,
                 gsize            at,
                 gsize           *end)
{
  static const char cdata[] = "[CDATA[";
  gsize left;

  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  left = MIN (piece.length - at, strlen (cdata));
  if (piece.text[at] == '-')
    {
      if (at + 1 >= piece.length)
        return SC_MARKDOWN_MORE;
      return piece.text[at + 1] == '-' ? lex_comment (piece, at + 2, end) : SC_MARKDOWN_NO;
    }
  if (strncmp (piece.text + at, cdata, left) == 0)
    return left < strlen (cdata) ? SC_MARKDOWN_MORE : find_end (piece, at + left, "]]>", end);
  left = at;
  while (at < piece.length && g_ascii_isupper (piece.text[at]))
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (at == left || !sc_markdown_is_blank (piece.text[at]))
    return SC_MARKDOWN_NO;
  return find_end (piece, at, ">", end);
}

ScMarkdownMatch
sc_markdown_lex_tag (ScMarkdownPiece  piece,
                     gsize            at,
                     gsize           *end)
{
  if (++at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (g_ascii_isalpha (piece.text[at]))
    return lex_opening_tag (piece, at, end);
  if (piece.text[at] == '/')
    return lex_closing_tag (piece, at + 1, end);
  if (piece.text[at] == '!')
    return lex_declaration (piece, at + 1, end);
  if (piece.text[at] == '?')
    return find_end (piece, at + 1, "?>", end);
  return SC_MARKDOWN_NO;
}

static ScMarkdownMatch
lex_email (ScMarkdownPiece  piece,
           gsize            at,
           gsize           *end)
{
  gsize start = at;

  while (at < piece.length && (g_ascii_isalnum (piece.text[at]) ||
                               memchr (".!#$%&'*+/=?^_`{|}~-", piece.text[at], 20) != NULL))
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (at == start || piece.text[at] != '@')
    return SC_MARKDOWN_NO;
  start = ++at;
  while (at < piece.length && (g_ascii_isalnum (piece.text[at]) || piece.text[at] == '-' ||
                               piece.text[at] == '.'))
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  *end = at + 1;
  return at > start && piece.text[at] == '>' ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

static ScMarkdownMatch
lex_uri (ScMarkdownPiece  piece,
         gsize            at,
         gsize           *end)
{
  gsize start = at;

  while (at < piece.length && at - start <= 32 &&
         (g_ascii_isalnum (piece.text[at]) || memchr (".+-", piece.text[at], 3) != NULL))
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (at - start < 2 || at - start > 32 || piece.text[at] != ':')
    return SC_MARKDOWN_NO;
  while (at < piece.length && (guchar) piece.text[at] > ' ' && piece.text[at] != '<' &&
         piece.text[at] != '>')
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  *end = at + 1;
  return piece.text[at] == '>' ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

ScMarkdownMatch
sc_markdown_lex_autolink (ScMarkdownPiece  piece,
                          gsize            at,
                          gsize           *end)
{
  ScMarkdownMatch uri = SC_MARKDOWN_NO;
  ScMarkdownMatch email;

  if (++at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (g_ascii_isalpha (piece.text[at]))
    uri = lex_uri (piece, at, end);
  if (uri == SC_MARKDOWN_YES)
    return uri;
  email = lex_email (piece, at, end);
  return email == SC_MARKDOWN_NO ? uri : email;
}

ScMarkdownMatch
sc_markdown_lex_entity (ScMarkdownPiece  piece,
                        gsize            at,
                        gsize           *end)
{
  gsize start = at;

  at++;
  if (at < piece.length && piece.text[at] == '#')
    at++;
  while (at < piece.length && g_ascii_isalnum (piece.text[at]) && at - start <= MAX_ENTITY)
    at++;
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  *end = at + 1;
  return piece.text[at] == ';' && at - start >= 2 ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

ScMarkdownRun
sc_markdown_lex_run (ScMarkdownPiece text,
                     gsize           at)
{
  ScMarkdownRun run = { 0 };
  char marker = text.text[at];
  const char *start = text.text + at;
  gboolean space_after, space_before, punct_after, punct_before;

  while (at + run.length < text.length && start[run.length] == marker)
    run.length++;
  run.next = at + run.length < text.length ? g_utf8_get_char (start + run.length) : '\n';
  run.before = at > 0 ? g_utf8_get_char (g_utf8_prev_char (start)) : '\n';
  space_after = sc_markdown_is_space (run.next);
  space_before = sc_markdown_is_space (run.before);
  punct_after = sc_markdown_is_punctuation (run.next);
  punct_before = sc_markdown_is_punctuation (run.before);
  run.is_left = !space_after && (!punct_after || space_before || punct_before);
  run.is_right = !space_before && (!punct_before || space_after || punct_after);
  run.can_open = run.is_left && (marker != '_' || !run.is_right || punct_before);
  run.can_close = run.is_right && (marker != '_' || !run.is_left || punct_after);
  return run;
}
