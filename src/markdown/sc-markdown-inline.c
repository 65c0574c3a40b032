/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows the inlines of a text that is still growing. Each byte is shown, styled or held back: what is undecided waits
 * (bounded), what is likely is shown as if it were closed, and a guess that fails is taken back by going back to where
 * it was made and reading on with that marker as text. Guesses are given up after GIVE_UP characters, so that going
 * back is bounded and every byte is read a bounded number of times.
 *
 * This is only the view. When the text is complete and anything in it was not trivial, cmark decides. */

#include "config.h"

#include "sc-markdown-inline.h"

#include <string.h>

/* An emphasis or code span that has not closed after so many bytes is text after all. */
#define GIVE_UP 512
/* Bytes that are waited for the end of a bracket, a tag. */
#define MAX_HOLD 256
/* The same where the brackets hold an image, whose address is no text. */
#define MAX_IMAGE_HOLD 1024
/* Bytes that are waited for the end of an address whose text is shown already. */
#define MAX_ADDRESS 2048
/* Places of failed markers that are remembered one by one. */
#define MAX_LITERALS 64
/* Longer runs of "*" are text. */
#define MAX_RUN 3
/* Longer runs of backticks are text while nothing follows them. */
#define MAX_TICKS 64

typedef struct
{
  char  marker;
  guint length; /* of the whole run, for the rule of three */
  guint left;   /* not used by a closer yet */
  gboolean can_close;
  gsize at;
  guint shown;
  guint styles; /* outside */
} Opener;

/* So much of the text from @at on: nothing looks further ahead, however much has come. */
static ScMarkdownPiece
limit_piece (ScMarkdownPiece source,
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

/* Starts a new text, shown in @out, which is empty and part of @owner. */
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

static void
show (ScMarkdownInline *self,
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
static void
show_gap (ScMarkdownInline *self,
          ScMarkdownPiece   source)
{
  if (self->line_break != 0)
    {
      if (self->line_break == 2)
        show (self, "\n", 1, SC_MARKDOWN_HARD_BREAK);
      else
        show (self, " ", 1, 0);
      self->line_break = 0;
    }
  else if (self->gap > 0)
    {
      show (self, source.text + self->at - self->gap, self->gap, 0);
    }
  self->gap = 0;
}

static void
show_text (ScMarkdownInline *self,
           ScMarkdownPiece   source,
           gsize             length)
{
  show_gap (self, source);
  show (self, source.text + self->at, length, 0);
  self->at += length;
}

/* Goes back to @at, where @shown bytes were shown; guesses made since then are forgotten. */
static void
go_back (ScMarkdownInline *self,
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

static void
mark_literal (ScMarkdownInline *self,
              gsize             at)
{
  if (self->literals->len >= MAX_LITERALS)
    {
      self->literal_end = MAX (self->literal_end, at + 1);
      g_array_set_size (self->literals, 0);
    }
  g_array_append_val (self->literals, at);
}

static gboolean
is_literal (ScMarkdownInline *self,
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

/* Emphasis. */

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
  gunichar next;
} Run;

/* CommonMark 6.4: left- and right-flanking runs. */
static Run
read_run (ScMarkdownPiece source,
          gsize           at)
{
  Run run = { 0 };
  char marker = source.text[at];
  const char *start = source.text + at;
  gunichar before = '\n';
  gboolean left, right, space_after, space_before, punct_after, punct_before;

  while (at + run.length < source.length && start[run.length] == marker)
    run.length++;
  run.next = at + run.length < source.length ? g_utf8_get_char (start + run.length) : '\n';
  if (at > 0)
    before = g_utf8_get_char (g_utf8_prev_char (start));
  space_after = sc_markdown_is_space (run.next);
  space_before = sc_markdown_is_space (before);
  punct_after = sc_markdown_is_punctuation (run.next);
  punct_before = sc_markdown_is_punctuation (before);
  left = !space_after && (!punct_after || space_before || punct_before);
  right = !space_before && (!punct_before || space_after || punct_after);
  run.can_open = left && (marker != '_' || !right || punct_before);
  run.can_close = right && (marker != '_' || !left || punct_after);
  run.is_inside_word = left && right && !punct_before && !punct_after;
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
static gboolean
drop_inner (ScMarkdownInline *self,
            guint             index)
{
  guint i;
  Opener first;

  if (index + 1 >= self->openers->len)
    return FALSE;
  first = g_array_index (self->openers, Opener, index + 1);
  for (i = index + 1; i < self->openers->len; i++)
    mark_literal (self, g_array_index (self->openers, Opener, i).at);
  go_back (self, first.at, first.shown, first.styles);
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

  show_gap (self, source);
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
      if (drop_inner (self, (guint) index))
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

/* Openers that look like something else more often than like emphasis: "*.c", "a*b", "**" before white space. */
static gboolean
is_likely_opener (char       marker,
                  const Run *run)
{
  if (!run->can_open || run->length > MAX_RUN)
    return FALSE;
  if (marker == '~')
    return run->length == 2 && !run->can_close;
  if (marker == '*' && run->is_inside_word && run->length == 1)
    return FALSE;
  return run->length > 1 || run->next >= 0x80 || strchr (".,;:/\\)]}>|=", (int) run->next) == NULL;
}

static gboolean
read_emphasis (ScMarkdownInline *self,
               ScMarkdownPiece   source)
{
  char marker = source.text[self->at];
  Run run = read_run (source, self->at);
  gsize start = self->at;
  gsize left = run.length;

  if (run.length > MAX_RUN)
    {
      self->is_exact = FALSE;
      show_text (self, source, run.length);
      return TRUE;
    }
  if (start + run.length >= source.length)
    return FALSE;
  if (marker == '~' && run.length > 2)
    {
      show_text (self, source, run.length);
      return TRUE;
    }
  if (run.can_close && !is_literal (self, start))
    {
      gsize before = left;

      if (self->openers->len > get_base (self) && find_opener (self, marker, &run) >= 0)
        show_gap (self, source);
      if (!close_openers (self, marker, &run, &left))
        return TRUE;
      if (left == 0)
        {
          self->at += run.length;
          return TRUE;
        }
      self->at += before - left;
    }
  if (!is_literal (self, start) && is_likely_opener (marker, &run))
    {
      push_opener (self, source, marker, &run, left);
      self->at += left;
      return TRUE;
    }
  if (run.can_open || run.can_close)
    self->is_exact = FALSE;
  show_text (self, source, left);
  return TRUE;
}

/* The oldest opener is out of reach: all of the older half are text. */
static void
give_up_openers (ScMarkdownInline *self)
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
  go_back (self, first.at, first.shown, first.styles);
}

/* Code spans. */

static gsize
count_run (ScMarkdownPiece source,
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

      show (self, bytes, before, SC_MARKDOWN_CODE_SPAN);
      show (self, " ", 1, SC_MARKDOWN_CODE_SPAN);
      bytes += before + 1;
      length -= before + 1;
    }
  show (self, bytes, length, SC_MARKDOWN_CODE_SPAN);
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

static gboolean
continue_code (ScMarkdownInline *self,
               ScMarkdownPiece   source)
{
  gsize i = self->at;

  for (;;)
    {
      const char *tick = i < source.length ? memchr (source.text + i, '`', source.length - i) : NULL;
      gsize at = tick != NULL ? (gsize) (tick - source.text) : source.length;
      gsize n;

      if (at > self->code_start + GIVE_UP)
        {
          gsize length = self->code_ticks;

          go_back (self, self->code_start, self->code_shown, self->styles);
          show (self, source.text + self->at, length, 0);
          self->at += length;
          return TRUE;
        }
      show_open_code (self, source, at);
      self->at = at;
      if (tick == NULL)
        return FALSE;
      n = count_run (source, at, '`');
      if (at + n >= source.length)
        return FALSE;
      if (n == self->code_ticks)
        {
          close_code (self, source, at);
          return TRUE;
        }
      i = at + n;
    }
}

static gboolean
read_ticks (ScMarkdownInline *self,
            ScMarkdownPiece   source)
{
  gsize n = count_run (source, self->at, '`');

  if (n > MAX_TICKS)
    {
      self->is_exact = FALSE;
      show_text (self, source, n);
      return TRUE;
    }
  if (self->at + n >= source.length)
    return FALSE;
  show_gap (self, source);
  self->code_start = self->at;
  self->code_ticks = n;
  self->code_shown = (guint) self->out->text->len;
  self->at += n;
  return TRUE;
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
      show_gap (self, source);
      self->line_break = 2;
      self->at += 2;
      while (self->at < source.length && source.text[self->at] == ' ')
        self->at++;
      return TRUE;
    }
  show_gap (self, source);
  if (!g_ascii_ispunct (next))
    show_text (self, source, 1);
  else
    {
      self->at++;
      show_text (self, source, 1);
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
      show_text (self, source, 1);
      return TRUE;
    }
  show_gap (self, source);
  show (self, decoded, strlen (decoded), 0);
  self->at = end;
  return TRUE;
}

static gboolean
read_angle (ScMarkdownInline *self,
            ScMarkdownPiece   source)
{
  gsize end = 0;
  ScMarkdownPiece near = limit_piece (source, self->at, MAX_HOLD);
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
      show_text (self, source, 1);
      return TRUE;
    }
  show_gap (self, source);
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
      show (self, source.text[i] == '\n' ? " " : source.text + i, 1, SC_MARKDOWN_INLINE_HTML);
  self->at = end;
  return TRUE;
}

/* Links and images. */

/* The end of the code span that begins at @at, or of its backticks if it does not end. */
static gsize
skip_code (ScMarkdownPiece source,
           gsize           at)
{
  gsize n = count_run (source, at, '`');
  gsize end = at + n;

  while (end < source.length)
    {
      gsize m = count_run (source, end, '`');

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
  ScMarkdownPiece near = limit_piece (source, start, is_image ? MAX_IMAGE_HOLD : MAX_HOLD);
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
      ScMarkdownPiece near = limit_piece (source, close, MAX_ADDRESS);
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

  show_gap (self, source);
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
  show_text (self, source, length);
  self->n_brackets++;
}

static gboolean
read_bracket (ScMarkdownInline *self,
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
      show_text (self, source, 1);
      return TRUE;
    }
  self->is_exact = FALSE;
  self->has_labels = TRUE;
  if (is_literal (self, self->at) || (is_image ? self->image.is_open : self->link.is_open) ||
      (self->image.is_open && !is_image))
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
static gboolean
leave_target (ScMarkdownInline *self,
              ScMarkdownPiece   source,
              gboolean          is_image)
{
  ScMarkdownTarget *target = is_image ? &self->image : &self->link;

  if (drop_inner (self, target->n_openers - 1))
    return TRUE;
  if (!target->has_text)
    show_gap (self, source);
  target->has_text = TRUE;
  if (target->end == 0)
    {
      gsize bracket = target->start + (is_image ? 1 : 0);
      ScMarkdownMatch match = match_target (self, source, bracket, target->close, &target->end,
                                            &target->url);

      if (match == SC_MARKDOWN_NO)
        {
          gsize start = target->start;

          mark_literal (self, start);
          go_back (self, start, target->shown, target->styles);
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

/* Whether a bare address begins here. */
static ScMarkdownMatch
match_scheme (ScMarkdownPiece source,
              gsize           at)
{
  ScMarkdownMatch result = SC_MARKDOWN_NO;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i]);
      gsize left = MIN (length, source.length - at);

      if ((source.text[at] | 0x20) != schemes[i][0] ||
          g_ascii_strncasecmp (source.text + at, schemes[i], left) != 0)
        continue;
      if (left == length && at + length < source.length)
        return g_ascii_isalnum (source.text[at + length]) || (guchar) source.text[at + length] >= 0x80
                 ? SC_MARKDOWN_YES : SC_MARKDOWN_NO;
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

static gboolean
continue_url (ScMarkdownInline *self,
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
        show (self, source.text + start + shown, length - start - shown, SC_MARKDOWN_LINK);
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
      show (self, source.text + start + shown, length - shown, SC_MARKDOWN_LINK);
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
    show_text (self, source, 1);
  return TRUE;
}

/* A word that may begin an address. Returns FALSE if more is needed. */
static gboolean
read_word (ScMarkdownInline *self,
           ScMarkdownPiece   source)
{
  ScMarkdownMatch match = SC_MARKDOWN_NO;
  gsize end = self->at;

  if (self->n_brackets == 0 && !self->link.is_open && !self->image.is_open &&
      !is_literal (self, self->at))
    match = match_scheme (source, self->at);
  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  if (match == SC_MARKDOWN_YES)
    {
      show_gap (self, source);
      self->is_exact = FALSE;
      self->is_url = TRUE;
      self->url_start = self->at;
      self->url_shown = (guint) self->out->text->len;
      return TRUE;
    }
  while (end < source.length && (g_ascii_isalnum (source.text[end]) || (guchar) source.text[end] >= 0x80))
    end++;
  show_text (self, source, end - self->at);
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

      if (kind == 0)
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
    return continue_code (self, source);
  if (self->is_url)
    return continue_url (self, source);
  if (self->image.is_open && self->at >= self->image.close)
    return leave_target (self, source, TRUE);
  if (self->link.is_open && self->at >= self->link.close)
    return leave_target (self, source, FALSE);
  c = source.text[self->at];
  switch (c)
    {
    case '*':
    case '_':
    case '~':
      return read_emphasis (self, source);
    case '`':
      return read_ticks (self, source);
    case '\\':
      return read_backslash (self, source);
    case '&':
      return read_entity (self, source);
    case '<':
      return read_angle (self, source);
    case '[':
    case '!':
      return read_bracket (self, source);
    case ']':
      self->n_brackets -= MIN (self->n_brackets, 1);
      show_text (self, source, 1);
      return TRUE;
    case '@':
      self->is_exact = FALSE;
      show_text (self, source, 1);
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
    return read_word (self, source);
  end = skip_plain (source, self->at);
  show_text (self, source, MAX (end, self->at + 1) - self->at);
  return TRUE;
}

/* Shows what can be shown of @source, which holds all of the text so far. */
void
sc_markdown_inline_run (ScMarkdownInline *self,
                        ScMarkdownPiece   source)
{
  self->keep = (guint) self->out->text->len;
  while (self->at < source.length && read_token (self, source))
    if (self->openers->len > 0 &&
        self->out->text->len - g_array_index (self->openers, Opener, 0).shown > GIVE_UP)
      give_up_openers (self);
}

/* Whether what is shown is what cmark would show, if @source is all there will be. */
gboolean
sc_markdown_inline_is_done (ScMarkdownInline *self,
                            ScMarkdownPiece   source)
{
  return self->is_exact && self->at >= source.length && self->openers->len == 0 &&
         self->code_ticks == 0 && !self->is_url && !self->link.is_open && !self->image.is_open;
}
