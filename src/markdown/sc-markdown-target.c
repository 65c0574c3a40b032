/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links, images and bare addresses of the live view: the text is shown as soon as it is certain to be one, the address
 * follows. */

#include "config.h"

#include "sc-markdown-inline-private.h"

#include <string.h>

/* The same where the brackets hold an image, whose address is no text. */
#define MAX_IMAGE_HOLD 1024
/* Bytes that are waited for the end of an address whose text is shown already. */
#define MAX_ADDRESS 2048

/* The end of the code span that begins at @at, or of its backticks if it does not end. */
static gsize
skip_code (ScMarkdownPiece source,
           gsize           at)
{
  gsize n = sc_markdown_inline_count_run (source, at, '`');
  gsize end = at + n;

  while (end < source.length)
    {
      gsize m = sc_markdown_inline_count_run (source, end, '`');

      if (m == n)
        return end + m;
      end += MAX (m, 1);
    }
  return at + n;
}

/* The bracket that closes the one at @start. Brackets may nest; code, tags and escapes hide theirs. */
static ScMarkdownMatch
find_bracket (ScMarkdownPiece  source,
              gsize            start,
              gsize           *close)
{
  gboolean is_image = strncmp (source.text + start + 1, "![", 2) == 0;
  ScMarkdownPiece near = sc_markdown_inline_limit_piece (source, start,
                                                         is_image ? MAX_IMAGE_HOLD : MAX_HOLD);
  gsize at = start;
  guint depth = 0;

  while (at < near.length)
    {
      char c = near.text[at];
      gsize end = at + 1;

      if (c == '\\')
        end = at + 2;
      else if (c == '`')
        end = skip_code (near, at);
      else if (c == '<' && sc_markdown_lex_tag (near, at, &end) != SC_MARKDOWN_YES &&
               sc_markdown_lex_autolink (near, at, &end) != SC_MARKDOWN_YES)
        end = at + 1;
      else if (c == '[')
        depth++;
      else if (c == ']' && --depth == 0)
        {
          *close = at;
          return SC_MARKDOWN_YES;
        }
      at = end;
    }
  return near.length < source.length ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
}

static const char *
resolve_label (ScMarkdownInline *self,
               const char       *label,
               gsize             length)
{
  g_autofree char *key = sc_markdown_normalize_label (label, length);

  return *key != '\0' ? self->resolve (self->resolve_data, key) : NULL;
}

/* Two pairs of brackets with words in them are a reference more often than not, and its definition mostly comes at the
 * end of the answer: it is shown as a link already. Numbers ("[1][2]") and indices ("a[i][j]") are not. */
static gboolean
is_likely_reference (ScMarkdownPiece source,
                     gsize           start,
                     gsize           close)
{
  gsize i;

  if (start > 0 && (g_ascii_isalnum (source.text[start - 1]) ||
                    strchr ("])_", source.text[start - 1]) != NULL))
    return FALSE;
  for (i = start + 1; i < close; i++)
    if (g_ascii_isalpha (source.text[i]) || (guchar) source.text[i] >= 0x80)
      return close - start > 2;
  return FALSE;
}

static void
assume_definition (ScMarkdownInline *self,
                   const char       *label,
                   gsize             length)
{
  gsize i;

  g_string_append_c (self->assumed, '[');
  for (i = 0; i < length; i++)
    g_string_append_c (self->assumed, label[i] == '\n' ? ' ' : label[i]);
  g_string_append (self->assumed, "]: <>\n\n");
}

/* "[text][label]", "[label][]" and "[label]" with @close at the first closing bracket. */
static ScMarkdownMatch
match_reference (ScMarkdownInline  *self,
                 ScMarkdownPiece    source,
                 gsize              start,
                 gsize              close,
                 gsize             *end,
                 const char       **url)
{
  gsize label = start + 1;
  gsize label_end = close;
  gsize second = 0;

  *end = close + 1;
  if (source.text[close + 1] == '[')
    {
      ScMarkdownMatch match = sc_markdown_lex_label (source, close + 1, &second);

      if (match == SC_MARKDOWN_MORE && source.length - close <= MAX_HOLD)
        return match;
      if (match == SC_MARKDOWN_YES)
        {
          *end = second;
          if (second > close + 3)
            {
              label = close + 2;
              label_end = second - 1;
            }
        }
    }
  *url = resolve_label (self, source.text + label, label_end - label);
  if (*url == NULL && second > 0 && is_likely_reference (source, start, close))
    {
      assume_definition (self, source.text + label, label_end - label);
      *url = "";
    }
  return *url != NULL ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
}

/* Decides what the brackets at @start are; @end stays 0 where the address is not complete yet. */
static ScMarkdownMatch
match_target (ScMarkdownInline  *self,
              ScMarkdownPiece    source,
              gsize              start,
              gsize              close,
              gsize             *end,
              const char       **url)
{
  *end = 0;
  *url = NULL;
  if (close + 1 >= source.length)
    return SC_MARKDOWN_MORE;
  if (source.text[close + 1] == '(')
    {
      char *address = NULL;
      ScMarkdownPiece near = sc_markdown_inline_limit_piece (source, close, MAX_ADDRESS);
      ScMarkdownMatch match = sc_markdown_lex_resource (near, close + 1, end, &address);

      if (match == SC_MARKDOWN_YES)
        *url = sc_markdown_entry_take (self->owner, address);
      if (match == SC_MARKDOWN_MORE && near.length < source.length)
        match = SC_MARKDOWN_NO;
      if (match == SC_MARKDOWN_MORE)
        {
          *end = 0;
          return close + 2 < source.length ? SC_MARKDOWN_YES : SC_MARKDOWN_MORE;
        }
      if (match == SC_MARKDOWN_YES)
        return match;
    }
  return match_reference (self, source, start, close, end, url);
}

static void
open_target (ScMarkdownInline *self,
             ScMarkdownPiece   source,
             gboolean          is_image,
             gsize             bracket,
             gsize             close,
             gsize             end,
             const char       *url)
{
  ScMarkdownTarget *target = is_image ? &self->image : &self->link;

  sc_markdown_inline_show_gap (self, source);
  target->is_open = TRUE;
  target->has_text = FALSE;
  target->start = self->at;
  target->close = close;
  target->end = end;
  target->shown = (guint) self->out->text->len;
  target->n_openers = self->openers->len;
  target->styles = self->styles;
  target->url = url;
  self->styles |= is_image ? SC_MARKDOWN_IMAGE : SC_MARKDOWN_LINK;
  self->at = bracket + 1;
}

static void
show_bracket (ScMarkdownInline *self,
              ScMarkdownPiece   source,
              gsize             length)
{
  sc_markdown_inline_show_text (self, source, length);
  self->n_brackets++;
}

gboolean
sc_markdown_inline_read_bracket (ScMarkdownInline *self,
                                 ScMarkdownPiece   source)
{
  gboolean is_image = source.text[self->at] == '!';
  gsize bracket = self->at + (is_image ? 1 : 0);
  gsize close = 0, end = 0;
  const char *url = NULL;
  ScMarkdownMatch match;

  if (is_image && bracket >= source.length)
    return FALSE;
  if (is_image && source.text[bracket] != '[')
    {
      sc_markdown_inline_show_text (self, source, 1);
      return TRUE;
    }
  self->is_exact = FALSE;
  self->has_labels = TRUE;
  if (sc_markdown_inline_is_literal (self, self->at) ||
      (is_image ? self->image.is_open : self->link.is_open) || (self->image.is_open && !is_image))
    {
      show_bracket (self, source, is_image ? 2 : 1);
      return TRUE;
    }
  if (bracket + 1 >= source.length)
    return FALSE;
  match = find_bracket (source, bracket, &close);
  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  if (match == SC_MARKDOWN_YES)
    match = match_target (self, source, bracket, close, &end, &url);
  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  if (match == SC_MARKDOWN_YES)
    open_target (self, source, is_image, bracket, close, end, url);
  else
    show_bracket (self, source, is_image ? 2 : 1);
  return TRUE;
}

/* Gives the address to what is shown of the link or image. */
static void
set_target (ScMarkdownInline *self,
            ScMarkdownTarget *target,
            gboolean          is_image)
{
  guint i;

  for (i = self->out->spans->len; i > 0; i--)
    {
      ScMarkdownSpan *span = &g_array_index (self->out->spans, ScMarkdownSpan, i - 1);

      if (span->start < target->shown)
        break;
      if (is_image)
        span->target = target->url;
      else if ((span->styles & SC_MARKDOWN_IMAGE) != 0)
        span->link = target->url;
      else
        span->target = target->url;
    }
  self->keep = MIN (self->keep, target->shown);
}

/* The closing bracket of the text was reached: what is left is the address. Returns FALSE if it has to be waited for. */
gboolean
sc_markdown_inline_leave_target (ScMarkdownInline *self,
                                 ScMarkdownPiece   source,
                                 gboolean          is_image)
{
  ScMarkdownTarget *target = is_image ? &self->image : &self->link;

  if (sc_markdown_inline_drop_inner (self, target->n_openers - 1))
    return TRUE;
  if (!target->has_text)
    sc_markdown_inline_show_gap (self, source);
  target->has_text = TRUE;
  if (target->end == 0)
    {
      gsize bracket = target->start + (is_image ? 1 : 0);
      ScMarkdownMatch match = match_target (self, source, bracket, target->close, &target->end,
                                            &target->url);

      if (match == SC_MARKDOWN_NO)
        {
          gsize start = target->start;

          sc_markdown_inline_mark_literal (self, start);
          sc_markdown_inline_go_back (self, start, target->shown, target->styles);
          return TRUE;
        }
      if (match == SC_MARKDOWN_MORE || target->end == 0)
        return FALSE;
    }
  set_target (self, target, is_image);
  self->styles = target->styles;
  self->at = target->end;
  target->is_open = FALSE;
  target->url = NULL;
  return TRUE;
}

/* Bare addresses. */

static const char *const schemes[] = { "http://", "https://", "ftp://", "www." };

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || (guchar) c >= 0x80;
}

/* Whether a bare address begins here. One without a scheme does only where a word begins. */
static ScMarkdownMatch
match_scheme (ScMarkdownPiece source,
              gsize           at)
{
  ScMarkdownMatch result = SC_MARKDOWN_NO;
  guint i;

  if (at > 0 && (source.text[at] | 0x20) == 'w' && !sc_markdown_is_blank (source.text[at - 1]) &&
      strchr ("*_~(", source.text[at - 1]) == NULL)
    return SC_MARKDOWN_NO;
  for (i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i]);
      gsize left = MIN (length, source.length - at);

      if ((source.text[at] | 0x20) != schemes[i][0] ||
          g_ascii_strncasecmp (source.text + at, schemes[i], left) != 0)
        continue;
      if (left == length && at + length < source.length)
        return is_word_char (source.text[at + length]) ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
      result = SC_MARKDOWN_MORE;
    }
  return result;
}

/* How much of an address stays one when text ends it (GFM 6.9, extended autolinks: trailing punctuation). */
static gsize
trim_url (const char *text,
          gsize       length)
{
  gsize opening = 0, closing = 0, i;

  for (i = 0; i < length; i++)
    {
      opening += text[i] == '(' ? 1 : 0;
      closing += text[i] == ')' ? 1 : 0;
    }
  while (length > 0)
    {
      char c = text[length - 1];

      if (c == ')' && closing > opening)
        closing--;
      else if (c == ';')
        {
          gsize name = length - 1;

          while (name > 0 && g_ascii_isalpha (text[name - 1]))
            name--;
          if (name > 0 && name < length - 1 && text[name - 1] == '&')
            length = name;
        }
      else if (strchr ("?!.,:*_~'\"", c) == NULL)
        break;
      length--;
    }
  return length;
}

static gsize
find_url_end (ScMarkdownPiece source,
              gsize           at)
{
  while (at < source.length && (guchar) source.text[at] > ' ' && source.text[at] != '<')
    at++;
  return at;
}

gboolean
sc_markdown_inline_continue_url (ScMarkdownInline *self,
                                 ScMarkdownPiece   source)
{
  gsize end = find_url_end (source, self->at);
  gsize start = self->url_start;
  gsize shown = self->out->text->len - self->url_shown;
  gsize length;

  if (end >= source.length)
    {
      /* Whatever could be trailing punctuation is held back. */
      for (length = end; length > self->at; length--)
        if (strchr ("?!.,:*_~'\")(;&", source.text[length - 1]) == NULL)
          break;
      if (end - length > MAX_HOLD)
        length = end;
      if (length > start + shown)
        sc_markdown_inline_show (self, source.text + start + shown, length - start - shown,
                                 SC_MARKDOWN_LINK);
      self->at = MAX (self->at, length);
      return FALSE;
    }
  length = trim_url (source.text + start, end - start);
  if (length < shown)
    {
      sc_markdown_text_truncate (self->out, self->url_shown + length);
      self->keep = MIN (self->keep, self->url_shown + (guint) length);
    }
  else
    {
      sc_markdown_inline_show (self, source.text + start + shown, length - shown, SC_MARKDOWN_LINK);
    }
  if (length > 0 && self->out->spans->len > 0)
    {
      ScMarkdownSpan *span = &g_array_index (self->out->spans, ScMarkdownSpan,
                                             self->out->spans->len - 1);
      g_autofree char *address = g_strndup (source.text + start, length);

      span->target = sc_markdown_entry_take (self->owner,
                                             g_strconcat (address[0] == 'w' ? "http://" : "",
                                                          address, NULL));
      self->keep = MIN (self->keep, self->url_shown);
    }
  self->is_url = FALSE;
  self->at = start + length;
  if (length == 0)
    sc_markdown_inline_show_text (self, source, 1);
  return TRUE;
}

/* A word that may begin an address. Returns FALSE if more is needed. */
gboolean
sc_markdown_inline_read_word (ScMarkdownInline *self,
                              ScMarkdownPiece   source)
{
  ScMarkdownMatch match = SC_MARKDOWN_NO;
  gsize end = self->at;

  if (self->n_brackets == 0 && !self->link.is_open && !self->image.is_open &&
      !sc_markdown_inline_is_literal (self, self->at))
    match = match_scheme (source, self->at);
  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  if (match == SC_MARKDOWN_YES)
    {
      sc_markdown_inline_show_gap (self, source);
      self->is_exact = FALSE;
      self->is_url = TRUE;
      self->url_start = self->at;
      self->url_shown = (guint) self->out->text->len;
      return TRUE;
    }
  while (end < source.length && is_word_char (source.text[end]))
    end++;
  sc_markdown_inline_show_text (self, source, end - self->at);
  return TRUE;
}
