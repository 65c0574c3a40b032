/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows the inlines of a text that is still growing. Each byte is shown, styled or held back: what is undecided waits
 * (bounded), what is likely is shown as if it were closed, and a guess that fails is taken back by going back to where
 * it was made and reading on with that marker as text. Guesses are given up after GIVE_UP characters, so that going
 * back is bounded and every byte is read a bounded number of times.
 *
 * This is only the view. When the text is complete and anything in it was not trivial, cmark decides. */

#include "config.h"

#include "sc-markdown-inline-private.h"

#include <string.h>

/* Places of failed markers that are remembered one by one. */
#define MAX_LITERALS 64

/* So much of the text from @at on: nothing looks further ahead, however much has come. */
ScMarkdownPiece
sc_markdown_inline_limit_piece (ScMarkdownPiece source,
                                gsize           at,
                                gsize           length)
{
  ScMarkdownPiece piece = { source.text, MIN (source.length, at + length) };

  return piece;
}

static void
forget_guesses (ScMarkdownInline *self)
{
  g_array_set_size (self->openers, 0);
  g_array_set_size (self->literals, 0);
  memset (&self->link, 0, sizeof self->link);
  memset (&self->image, 0, sizeof self->image);
}

void
sc_markdown_inline_init (ScMarkdownInline   *self,
                         ScMarkdownResolver  resolve,
                         gpointer            data)
{
  memset (self, 0, sizeof *self);
  self->openers = g_array_new (FALSE, FALSE, sizeof (Opener));
  self->literals = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->assumed = g_string_new (NULL);
  self->resolve = resolve;
  self->resolve_data = data;
}

void
sc_markdown_inline_clear (ScMarkdownInline *self)
{
  g_array_unref (self->openers);
  g_array_unref (self->literals);
  g_string_free (self->assumed, TRUE);
}

void
sc_markdown_inline_begin (ScMarkdownInline *self,
                          ScMarkdownEntry  *owner,
                          ScMarkdownText   *out)
{
  forget_guesses (self);
  self->owner = owner;
  self->out = out;
  self->literal_end = 0;
  self->at = 0;
  self->styles = 0;
  self->gap = 0;
  self->line_break = 0;
  self->n_brackets = 0;
  self->code_ticks = 0;
  self->is_url = FALSE;
  self->keep = 0;
  self->is_exact = TRUE;
  self->has_labels = FALSE;
  g_string_truncate (self->assumed, 0);
}

void
sc_markdown_inline_show (ScMarkdownInline *self,
                         const char       *bytes,
                         gsize             length,
                         guint             styles)
{
  styles |= self->styles;
  sc_markdown_text_append (self->out, bytes, length, styles,
                           self->image.is_open ? self->image.url
                           : self->link.is_open ? self->link.url : NULL,
                           NULL);
}

/* White space and line feeds are shown only once something follows. */
void
sc_markdown_inline_show_gap (ScMarkdownInline *self,
                             ScMarkdownPiece   source)
{
  if (self->line_break != 0)
    {
      if (self->line_break == 2)
        sc_markdown_inline_show (self, "\n", 1, SC_MARKDOWN_HARD_BREAK);
      else
        sc_markdown_inline_show (self, " ", 1, 0);
      self->line_break = 0;
    }
  else if (self->gap > 0)
    {
      sc_markdown_inline_show (self, source.text + self->at - self->gap, self->gap, 0);
    }
  self->gap = 0;
}

void
sc_markdown_inline_show_text (ScMarkdownInline *self,
                              ScMarkdownPiece   source,
                              gsize             length)
{
  sc_markdown_inline_show_gap (self, source);
  sc_markdown_inline_show (self, source.text + self->at, length, 0);
  self->at += length;
}

/* Goes back to @at, where @shown bytes were shown; guesses made since then are forgotten. */
void
sc_markdown_inline_go_back (ScMarkdownInline *self,
                            gsize             at,
                            guint             shown,
                            guint             styles)
{
  while (self->openers->len > 0 &&
         g_array_index (self->openers, Opener, self->openers->len - 1).at >= at)
    g_array_set_size (self->openers, self->openers->len - 1);
  if (self->link.is_open && self->link.start >= at)
    self->link.is_open = FALSE;
  if (self->image.is_open && self->image.start >= at)
    self->image.is_open = FALSE;
  sc_markdown_text_truncate (self->out, shown);
  self->keep = MIN (self->keep, shown);
  self->at = at;
  self->styles = styles;
  self->gap = 0;
  self->line_break = 0;
  self->code_ticks = 0;
  self->is_url = FALSE;
  self->is_exact = FALSE;
}

void
sc_markdown_inline_mark_literal (ScMarkdownInline *self,
                                 gsize             at)
{
  if (self->literals->len >= MAX_LITERALS)
    {
      self->literal_end = MAX (self->literal_end, at + 1);
      g_array_set_size (self->literals, 0);
    }
  g_array_append_val (self->literals, at);
}

gboolean
sc_markdown_inline_is_literal (ScMarkdownInline *self,
                               gsize             at)
{
  guint i;

  if (at < self->literal_end)
    return TRUE;
  for (i = 0; i < self->literals->len; i++)
    if (g_array_index (self->literals, gsize, i) == at)
      return TRUE;
  return FALSE;
}

/* Escapes, entities, tags. */

static gboolean
read_backslash (ScMarkdownInline *self,
                ScMarkdownPiece   source)
{
  char next;

  if (self->at + 1 >= source.length)
    return FALSE;
  next = source.text[self->at + 1];
  if (next == '\n')
    {
      sc_markdown_inline_show_gap (self, source);
      self->line_break = 2;
      self->at += 2;
      while (self->at < source.length && source.text[self->at] == ' ')
        self->at++;
      return TRUE;
    }
  sc_markdown_inline_show_gap (self, source);
  if (!g_ascii_ispunct (next))
    sc_markdown_inline_show_text (self, source, 1);
  else
    {
      self->at++;
      sc_markdown_inline_show_text (self, source, 1);
    }
  return TRUE;
}

static gboolean
read_entity (ScMarkdownInline *self,
             ScMarkdownPiece   source)
{
  gsize end = 0;
  ScMarkdownMatch match = sc_markdown_lex_entity (source, self->at, &end);
  g_autofree char *decoded = NULL;

  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  if (match == SC_MARKDOWN_YES)
    decoded = sc_markdown_dup_entity (source.text + self->at, end - self->at);
  if (decoded == NULL)
    {
      sc_markdown_inline_show_text (self, source, 1);
      return TRUE;
    }
  sc_markdown_inline_show_gap (self, source);
  sc_markdown_inline_show (self, decoded, strlen (decoded), 0);
  self->at = end;
  return TRUE;
}

static gboolean
read_angle (ScMarkdownInline *self,
            ScMarkdownPiece   source)
{
  gsize end = 0;
  ScMarkdownPiece near = sc_markdown_inline_limit_piece (source, self->at, MAX_HOLD);
  ScMarkdownMatch match = sc_markdown_lex_autolink (near, self->at, &end);
  gboolean is_link = match == SC_MARKDOWN_YES;
  gsize i;

  if (!is_link)
    {
      ScMarkdownMatch tag = sc_markdown_lex_tag (near, self->at, &end);

      match = tag == SC_MARKDOWN_NO ? match : tag;
    }
  if (match == SC_MARKDOWN_MORE && near.length == source.length)
    return FALSE;
  if (match != SC_MARKDOWN_NO)
    self->is_exact = FALSE;
  if (match != SC_MARKDOWN_YES)
    {
      sc_markdown_inline_show_text (self, source, 1);
      return TRUE;
    }
  sc_markdown_inline_show_gap (self, source);
  if (is_link)
    {
      g_autofree char *address = g_strndup (source.text + self->at + 1, end - self->at - 2);
      gboolean is_mail = strchr (address, ':') == NULL;
      const char *target = sc_markdown_entry_take (self->owner,
                                                   g_strconcat (is_mail ? "mailto:" : "",
                                                                address, NULL));

      sc_markdown_text_append (self->out, address, strlen (address),
                               self->styles | SC_MARKDOWN_LINK, target, NULL);
    }
  else
    for (i = self->at; i < end; i++)
      sc_markdown_inline_show (self, source.text[i] == '\n' ? " " : source.text + i, 1,
                               SC_MARKDOWN_INLINE_HTML);
  self->at = end;
  return TRUE;
}

/* White space and line feeds: held back. */
static gboolean
read_gap (ScMarkdownInline *self,
          ScMarkdownPiece   source)
{
  gsize start = self->at;
  gsize end = start;

  while (end < source.length && (source.text[end] == ' ' || source.text[end] == '\t'))
    end++;
  if (end >= source.length)
    {
      self->gap += end - start;
      self->at = end;
      return FALSE;
    }
  if (source.text[end] == '\n')
    {
      gsize first = start - self->gap;

      self->line_break = end - first >= 2 && source.text[end - 1] == ' ' &&
                         source.text[end - 2] == ' ' ? 2 : 1;
      self->gap = 0;
      self->at = end + 1;
      return TRUE;
    }
  self->gap += end - start;
  self->at = end;
  return TRUE;
}

/* Bytes that are text for sure: everything up to the next one that may mean something. Single spaces are text, too, when
 * a word follows that cannot begin an address. */
static gsize
skip_plain (ScMarkdownPiece source,
            gsize           at)
{
  static const guint8 special[256] = {
    ['\n'] = 1, ['*'] = 1, ['_'] = 1, ['~'] = 1, ['`'] = 1, ['['] = 1, [']'] = 1,
    ['!'] = 1, ['<'] = 1, ['&'] = 1, ['\\'] = 1, ['\t'] = 1, [' '] = 2, ['@'] = 1,
    ['('] = 3, ['"'] = 3, ['\''] = 3, [':'] = 3, ['/'] = 3, ['-'] = 3, [','] = 3, ['>'] = 3,
    ['='] = 3, ['{'] = 3, ['|'] = 3, [';'] = 3,
  };

  for (; at < source.length; at++)
    {
      guint8 kind = special[(guchar) source.text[at]];
      guchar next;

      if (kind == 0 && (guchar) source.text[at] < 0x80)
        continue;
      if (kind == 1 || (kind == 2 && at + 1 >= source.length))
        break;
      next = at + 1 < source.length ? (guchar) source.text[at + 1] : 0;
      if (kind == 2 && (special[next] == 1 || special[next] == 2))
        break;
      if ((next | 0x20) == 'h' || (next | 0x20) == 'w' || (next | 0x20) == 'f')
        return kind == 2 ? at : at + 1;
    }
  return at;
}

/* Reads one token. Returns FALSE if nothing more can be decided now. */
static gboolean
read_token (ScMarkdownInline *self,
            ScMarkdownPiece   source)
{
  gsize end;
  char c;

  if (self->code_ticks > 0)
    return sc_markdown_inline_continue_code (self, source);
  if (self->is_url)
    return sc_markdown_inline_continue_url (self, source);
  if (self->image.is_open && self->at >= self->image.close)
    return sc_markdown_inline_leave_target (self, source, TRUE);
  if (self->link.is_open && self->at >= self->link.close)
    return sc_markdown_inline_leave_target (self, source, FALSE);
  c = source.text[self->at];
  switch (c)
    {
    case '*':
    case '_':
    case '~':
      return sc_markdown_inline_read_emphasis (self, source);
    case '`':
      return sc_markdown_inline_read_ticks (self, source);
    case '\\':
      return read_backslash (self, source);
    case '&':
      return read_entity (self, source);
    case '<':
      return read_angle (self, source);
    case '[':
    case '!':
      return sc_markdown_inline_read_bracket (self, source);
    case ']':
      self->n_brackets -= MIN (self->n_brackets, 1);
      sc_markdown_inline_show_text (self, source, 1);
      return TRUE;
    case '@':
      self->is_exact = FALSE;
      sc_markdown_inline_show_text (self, source, 1);
      return TRUE;
    case '\n':
    case '\t':
    case ' ':
      end = self->at + 1;
      if (c == ' ' && skip_plain (source, self->at) > self->at)
        break;
      return read_gap (self, source);
    default:
      break;
    }
  if (((c | 0x20) == 'h' || (c | 0x20) == 'w' || (c | 0x20) == 'f') &&
      (self->at == 0 || !g_ascii_isalnum (source.text[self->at - 1])))
    return sc_markdown_inline_read_word (self, source);
  end = skip_plain (source, self->at);
  sc_markdown_inline_show_text (self, source, MAX (end, self->at + 1) - self->at);
  return TRUE;
}

void
sc_markdown_inline_run (ScMarkdownInline *self,
                        ScMarkdownPiece   source)
{
  self->keep = (guint) self->out->text->len;
  while (self->at < source.length && read_token (self, source))
    if (self->openers->len > 0 &&
        self->out->text->len - g_array_index (self->openers, Opener, 0).shown > GIVE_UP)
      sc_markdown_inline_give_up_openers (self);
}

gboolean
sc_markdown_inline_is_done (ScMarkdownInline *self,
                            ScMarkdownPiece   source)
{
  return self->is_exact && self->at >= source.length && self->openers->len == 0 &&
         self->code_ticks == 0 && !self->is_url && !self->link.is_open && !self->image.is_open;
}
