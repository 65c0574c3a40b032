/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Emphasis, strikethrough and code spans of the live view: shown as if they were closed, and given up where they do
 * not close. */

#include "config.h"

#include "sc-markdown-inline-private.h"

#include <string.h>

/* Longer runs of "*" are text. */
#define MAX_RUN 3
/* Longer runs of backticks are text while nothing follows them. */
#define MAX_TICKS 64

static guint
run_styles (char  marker,
            guint length)
{
  if (marker == '~')
    return SC_MARKDOWN_STRIKE;
  return length == 1 ? SC_MARKDOWN_ITALIC
       : length == 2 ? SC_MARKDOWN_BOLD
                     : SC_MARKDOWN_BOLD | SC_MARKDOWN_ITALIC;
}

typedef struct
{
  gsize    length;
  gboolean can_open;
  gboolean can_close;
  gboolean is_inside_word;
  gboolean is_inside_path;
  gboolean is_after_call;
  gboolean is_after_mark;
  gunichar next;
} Run;

/* Letters of scripts that put no spaces between words. */
static gboolean
is_ideograph (gunichar c)
{
  return c >= 0x1100 && g_unichar_iswide (c);
}

/* A mark that ends something, as in "**Note:**". */
static gboolean
is_end_mark (gunichar c)
{
  GUnicodeType type;

  if (c < 0x80)
    return c != 0 && strchr (".,:;!?)]}%", (int) c) != NULL;
  type = g_unichar_type (c);
  return type == G_UNICODE_OTHER_PUNCTUATION || type == G_UNICODE_CLOSE_PUNCTUATION ||
         type == G_UNICODE_FINAL_PUNCTUATION;
}

static Run
read_run (ScMarkdownPiece source,
          gsize           at)
{
  ScMarkdownRun plain = sc_markdown_lex_run (source, at);
  Run run = { .length = plain.length, .can_open = plain.can_open, .can_close = plain.can_close,
              .next = plain.next };

  run.is_inside_word = plain.is_left && plain.is_right && !sc_markdown_is_punctuation (plain.before) &&
                       !sc_markdown_is_punctuation (plain.next) && !is_ideograph (plain.before) &&
                       !is_ideograph (plain.next);
  run.is_inside_path = plain.before == '/' && plain.next == '/';
  run.is_after_call = plain.before == '(' && at >= 2 && g_ascii_isalnum (source.text[at - 2]);
  run.is_after_mark = is_end_mark (plain.before) && !sc_markdown_is_space (plain.next);
  return run;
}

static guint
get_base (ScMarkdownInline *self)
{
  return self->image.is_open ? self->image.n_openers : self->link.is_open ? self->link.n_openers
                                                                          : 0;
}

static int
find_opener (ScMarkdownInline *self,
             char              marker,
             const Run        *run)
{
  guint base = get_base (self);
  guint i;

  for (i = self->openers->len; i > base; i--)
    {
      const Opener *opener = &g_array_index (self->openers, Opener, i - 1);

      if (opener->marker != marker)
        continue;
      if (marker == '~' && opener->length != run->length)
        continue;
      if (marker != '~' && (opener->can_close || run->can_open) &&
          (opener->length + run->length) % 3 == 0 && opener->length % 3 != 0)
        continue;
      return (int) i - 1;
    }
  return -1;
}

/* An inner opener that its outer one leaves behind was text: back to it. */
gboolean
sc_markdown_inline_drop_inner (ScMarkdownInline *self,
                               guint             index)
{
  guint i;
  Opener first;

  if (index + 1 >= self->openers->len)
    return FALSE;
  first = g_array_index (self->openers, Opener, index + 1);
  for (i = index + 1; i < self->openers->len; i++)
    sc_markdown_inline_mark_literal (self, g_array_index (self->openers, Opener, i).at);
  sc_markdown_inline_go_back (self, first.at, first.shown, first.styles);
  return TRUE;
}

static void
push_opener (ScMarkdownInline *self,
             ScMarkdownPiece   source,
             char              marker,
             const Run        *run,
             gsize             left)
{
  Opener opener = { marker, (guint) run->length, (guint) left, run->can_close, self->at, 0, 0 };

  sc_markdown_inline_show_gap (self, source);
  opener.shown = (guint) self->out->text->len;
  opener.styles = self->styles;
  g_array_append_val (self->openers, opener);
  self->styles |= run_styles (marker, opener.left);
  if (run->can_close || marker == '~')
    self->is_exact = FALSE;
}

/* Uses up @run from the innermost opener outward. Returns FALSE if it went back instead. */
static gboolean
close_openers (ScMarkdownInline *self,
               char              marker,
               Run              *run,
               gsize            *left)
{
  int index;

  while (*left > 0 && (index = find_opener (self, marker, run)) >= 0)
    {
      Opener *opener = &g_array_index (self->openers, Opener, index);
      guint used = marker == '~' ? opener->left : *left >= 2 && opener->left >= 2 ? 2 : 1;

      if (opener->left != *left || run->can_open || marker == '~')
        self->is_exact = FALSE;
      if (sc_markdown_inline_drop_inner (self, (guint) index))
        return FALSE;
      opener->left -= used;
      *left -= used;
      self->styles = opener->styles;
      if (opener->left > 0)
        self->styles |= run_styles (marker, opener->left);
      else
        g_array_set_size (self->openers, (guint) index);
    }
  return TRUE;
}

/* Openers that look like something else more often than like emphasis: "*.c", "a*b", "f(*a", two between slashes. */
static gboolean
is_likely_opener (char       marker,
                  const Run *run)
{
  if (!run->can_open || run->length > MAX_RUN || run->is_inside_path || run->is_after_call)
    return FALSE;
  if (marker == '~')
    return run->length == 2 && !run->can_close;
  if (marker == '*' && run->is_inside_word && run->length == 1)
    return FALSE;
  return run->length > 1 || run->next >= 0x80 || strchr (".,;:/\\)]}>|=", (int) run->next) == NULL;
}

/* "**Note:**text" was meant to end there and does not, because a word follows (CommonMark 6.4): neither run is likely to
 * be anything but text. Goes back to the first. */
static gboolean
drop_unclosable (ScMarkdownInline *self,
                 char              marker,
                 const Run        *run)
{
  const Opener *opener;

  if (!run->can_open || run->can_close || !run->is_after_mark || self->openers->len <= get_base (self))
    return FALSE;
  opener = &g_array_index (self->openers, Opener, self->openers->len - 1);
  if (opener->marker != marker || opener->left != run->length)
    return FALSE;
  sc_markdown_inline_mark_literal (self, self->at);
  sc_markdown_inline_mark_literal (self, opener->at);
  sc_markdown_inline_go_back (self, opener->at, opener->shown, opener->styles);
  return TRUE;
}

gboolean
sc_markdown_inline_read_emphasis (ScMarkdownInline *self,
                                  ScMarkdownPiece   source)
{
  char marker = source.text[self->at];
  Run run = read_run (source, self->at);
  gsize start = self->at;
  gsize left = run.length;

  if (run.length > MAX_RUN)
    {
      self->is_exact = FALSE;
      sc_markdown_inline_show_text (self, source, run.length);
      return TRUE;
    }
  if (start + run.length >= source.length)
    return FALSE;
  if (marker == '~' && run.length > 2)
    {
      sc_markdown_inline_show_text (self, source, run.length);
      return TRUE;
    }
  if (run.can_close && !sc_markdown_inline_is_literal (self, start))
    {
      gsize before = left;

      if (self->openers->len > get_base (self) && find_opener (self, marker, &run) >= 0)
        sc_markdown_inline_show_gap (self, source);
      if (!close_openers (self, marker, &run, &left))
        return TRUE;
      if (left == 0)
        {
          self->at += run.length;
          return TRUE;
        }
      self->at += before - left;
    }
  if (drop_unclosable (self, marker, &run))
    return TRUE;
  if (!sc_markdown_inline_is_literal (self, start) && is_likely_opener (marker, &run))
    {
      push_opener (self, source, marker, &run, left);
      self->at += left;
      return TRUE;
    }
  if (run.can_open || run.can_close)
    self->is_exact = FALSE;
  sc_markdown_inline_show_text (self, source, left);
  return TRUE;
}

/* The oldest opener is out of reach: all of the older half are text. */
void
sc_markdown_inline_give_up_openers (ScMarkdownInline *self)
{
  Opener first = g_array_index (self->openers, Opener, 0);
  guint limit = (guint) self->out->text->len - GIVE_UP / 2;
  guint i;

  for (i = 0; i < self->openers->len; i++)
    {
      const Opener *opener = &g_array_index (self->openers, Opener, i);

      if (opener->shown > limit && i > 0)
        break;
      self->literal_end = MAX (self->literal_end, opener->at + 1);
    }
  sc_markdown_inline_go_back (self, first.at, first.shown, first.styles);
}

/* Code spans. */

gsize
sc_markdown_inline_count_run (ScMarkdownPiece source,
                              gsize           at,
                              char            c)
{
  gsize start = at;

  while (at < source.length && source.text[at] == c)
    at++;
  return at - start;
}

static void
show_code (ScMarkdownInline *self,
           const char       *bytes,
           gsize             length)
{
  const char *feed;

  while (length > 0 && (feed = memchr (bytes, '\n', length)) != NULL)
    {
      gsize before = (gsize) (feed - bytes);

      sc_markdown_inline_show (self, bytes, before, SC_MARKDOWN_CODE_SPAN);
      sc_markdown_inline_show (self, " ", 1, SC_MARKDOWN_CODE_SPAN);
      bytes += before + 1;
      length -= before + 1;
    }
  sc_markdown_inline_show (self, bytes, length, SC_MARKDOWN_CODE_SPAN);
}

static gboolean
is_code_space (char c)
{
  return c == ' ' || c == '\n';
}

/* The outer spaces go if both are there and there is more than spaces (CommonMark 6.3). */
static void
close_code (ScMarkdownInline *self,
            ScMarkdownPiece   source,
            gsize             close)
{
  gsize start = self->code_start + self->code_ticks;
  gsize length = close - start;
  gboolean is_padded = length >= 2 && is_code_space (source.text[start]) &&
                       is_code_space (source.text[close - 1]);
  gsize i = start;

  while (i < close && is_code_space (source.text[i]))
    i++;
  if (is_padded && i < close)
    {
      start++;
      length -= 2;
    }
  /* What is shown so far has the first space left out and the last one held back. */
  if (length > 0 && !(is_padded && i < close) && is_code_space (source.text[start]))
    {
      sc_markdown_text_truncate (self->out, self->code_shown);
      self->keep = MIN (self->keep, self->code_shown);
      show_code (self, source.text + start, length);
    }
  else
    {
      gsize shown = self->out->text->len - self->code_shown;

      if (length > shown)
        show_code (self, source.text + start + shown, length - shown);
    }
  self->at = close + self->code_ticks;
  self->code_ticks = 0;
}

/* Shows code up to @end, but for spaces at its edges. */
static void
show_open_code (ScMarkdownInline *self,
                ScMarkdownPiece   source,
                gsize             end)
{
  gsize start = self->code_start + self->code_ticks;
  gsize skipped = start < end && is_code_space (source.text[start]) ? 1 : 0;
  gsize shown = self->out->text->len - self->code_shown;

  while (end > start && is_code_space (source.text[end - 1]))
    end--;
  if (end > start + skipped + shown)
    show_code (self, source.text + start + skipped + shown, end - start - skipped - shown);
}

gboolean
sc_markdown_inline_continue_code (ScMarkdownInline *self,
                                  ScMarkdownPiece   source)
{
  gsize i = self->at;

  for (;;)
    {
      const char *tick = i < source.length
                           ? memchr (source.text + i, '`', source.length - i) : NULL;
      gsize at = tick != NULL ? (gsize) (tick - source.text) : source.length;
      gsize n;

      if (at > self->code_start + GIVE_UP)
        {
          gsize length = self->code_ticks;

          sc_markdown_inline_go_back (self, self->code_start, self->code_shown, self->styles);
          sc_markdown_inline_show (self, source.text + self->at, length, 0);
          self->at += length;
          return TRUE;
        }
      show_open_code (self, source, at);
      self->at = at;
      if (tick == NULL)
        return FALSE;
      n = sc_markdown_inline_count_run (source, at, '`');
      if (at + n >= source.length && n <= MAX_TICKS)
        return FALSE;
      if (n == self->code_ticks)
        {
          close_code (self, source, at);
          return TRUE;
        }
      i = at + n;
    }
}

gboolean
sc_markdown_inline_read_ticks (ScMarkdownInline *self,
                               ScMarkdownPiece   source)
{
  gsize n = sc_markdown_inline_count_run (source, self->at, '`');

  if (n > MAX_TICKS)
    {
      self->is_exact = FALSE;
      sc_markdown_inline_show_text (self, source, n);
      return TRUE;
    }
  if (self->at + n >= source.length)
    return FALSE;
  sc_markdown_inline_show_gap (self, source);
  self->code_start = self->at;
  self->code_ticks = n;
  self->code_shown = (guint) self->out->text->len;
  self->at += n;
  return TRUE;
}
