/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Inline constructs on a growing text: CommonMark 0.29 sections 6.2 (entities), 6.6 (links), 6.8 (autolinks), 6.9 (raw
 * HTML) and 4.7 (definitions), in the reading of cmark-gfm. Nothing here decides what is finally shown, cmark does:
 * these answers make the view of an unfinished answer look like the finished one. */

#include "config.h"

#include "sc-markdown-lex.h"

#include <string.h>

/* A label has at most 999 characters (CommonMark 4.7). */
#define MAX_LABEL 1000
/* cmark gives up on destinations nested deeper. */
#define MAX_PARENTHESES 32
/* "&" and the longest name of an entity. */
#define MAX_ENTITY 32

static gboolean
is_blank_char (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static gsize
skip_blanks (ScMarkdownPiece piece,
             gsize           at)
{
  while (at < piece.length && is_blank_char (piece.text[at]))
    at++;
  return at;
}

gboolean
sc_markdown_is_space (gunichar c)
{
  return c < 0x80 ? is_blank_char ((char) c) : g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
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
  at = skip_blanks (piece, skip_tag_name (piece, at));
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
  gsize start = skip_blanks (piece, *at);
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
  while (*at < piece.length && !is_blank_char (piece.text[*at]) &&
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

      at = skip_blanks (piece, at);
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
      start = skip_blanks (piece, at);
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
  if (at == left || !is_blank_char (piece.text[at]))
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

/* "[label]" with no bracket inside that is not escaped. */
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

/* "(destination "title")" of a link or an image. */
ScMarkdownMatch
sc_markdown_lex_resource (ScMarkdownPiece   piece,
                          gsize             at,
                          gsize            *end,
                          char            **url)
{
  gsize start = 0, stop = 0, before;
  ScMarkdownMatch match;

  at = skip_blanks (piece, at + 1);
  match = lex_destination (piece, &at, &start, &stop);
  if (match != SC_MARKDOWN_YES)
    return match;
  before = at;
  at = skip_blanks (piece, at);
  if (at >= piece.length)
    return SC_MARKDOWN_MORE;
  if (piece.text[at] != ')')
    {
      match = at > before ? lex_title (piece, &at) : SC_MARKDOWN_NO;
      if (match != SC_MARKDOWN_YES)
        return match;
      at = skip_blanks (piece, at);
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

/* A definition at the start of a paragraph's text; @is_final: the paragraph has no further line. */
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
  if (skip_blanks (piece, at + 1) >= end - 1)
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

/* Returns: (transfer full): the label as labels are compared: no outer, single inner white space, folded case. */
char *
sc_markdown_normalize_label (const char *label,
                             gsize       length)
{
  g_autoptr (GString) plain = g_string_sized_new (length + 1);
  gsize i;

  for (i = 0; i < length; i++)
    if (!is_blank_char (label[i]))
      g_string_append_c (plain, label[i]);
    else if (plain->len > 0 && plain->str[plain->len - 1] != ' ')
      g_string_append_c (plain, ' ');
  if (plain->len > 0 && plain->str[plain->len - 1] == ' ')
    g_string_truncate (plain, plain->len - 1);
  return g_utf8_casefold (plain->str, (gssize) plain->len);
}
