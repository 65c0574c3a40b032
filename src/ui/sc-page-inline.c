/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A text with styles to markdown. Marks are nested by how far they reach, so that they close in the order in which they
 * were opened, and white space at their inner side goes out, where they would not be marks. */

#include "config.h"

#include "sc-page-markdown.h"

#include <string.h>

#define MARKS (SC_MARKDOWN_BOLD | SC_MARKDOWN_ITALIC | SC_MARKDOWN_STRIKE)

/* Longest name of an entity, with room. */
#define ENTITY_LENGTH 34

#define MAX_MARKS 8

typedef struct
{
  guint       style; /* one flag: a mark, a link or an image */
  const char *target;
  gsize       start; /* of what stands behind it in the output */
  char        mark;
} Mark;

typedef struct
{
  GString              *out;
  const ScMarkdownText *text;
  guint                 from;
  guint                 to;
  gboolean              is_cell;
  gboolean              has_brackets;
  Mark                  marks[MAX_MARKS];
  guint                 n_marks;
} Writer;

static gunichar
get_before (const Writer *self,
            guint         at)
{
  const char *text = self->text->text->str;

  return at > self->from ? g_utf8_get_char (g_utf8_prev_char (text + at)) : ' ';
}

static gunichar
get_behind (const Writer *self,
            guint         at)
{
  return at + 1 < self->to ? g_utf8_get_char (self->text->text->str + at + 1) : ' ';
}

static gboolean
is_entity (const char *text,
           gsize       length)
{
  for (gsize i = 1; i < MIN (length, ENTITY_LENGTH); i++)
    {
      if (text[i] == ';')
        return i > 1;
      if (!g_ascii_isalnum (text[i]) && text[i] != '#')
        return FALSE;
    }

  return FALSE;
}

/* What begins a block where it stands at the start of a line. Returns the offset of the character to escape, or -1. */
static int
find_opener (const char *line,
             gsize       length)
{
  gsize n = 0;

  if (length == 0)
    return -1;
  if (*line == '>' || *line == '=')
    return 0;
  if (strchr ("-+*#_", *line) != NULL)
    {
      while (n < length && line[n] == *line)
        n++;
      if (n == length || line[n] == ' ' || line[n] == '\n')
        return 0;
      return -1;
    }
  while (n < length && n < 10 && g_ascii_isdigit (line[n]))
    n++;
  if (n > 0 && n < length && (line[n] == '.' || line[n] == ')') &&
      (n + 1 == length || line[n + 1] == ' ' || line[n + 1] == '\n'))
    return (int) n;

  return -1;
}

static gboolean
is_in_link (const Writer *self)
{
  for (guint i = 0; i < self->n_marks; i++)
    if (self->marks[i].style & (SC_MARKDOWN_LINK | SC_MARKDOWN_IMAGE))
      return TRUE;

  return FALSE;
}

static gboolean
needs_escape (const Writer *self,
              guint         at)
{
  const char *text = self->text->text->str + at;
  gunichar before = get_before (self, at);
  gunichar behind = get_behind (self, at);

  switch (*text)
    {
    case '\\':
      return behind == ' ' ? at + 1 >= self->to : behind == '\n' || (behind < 0x80 && g_ascii_ispunct ((char) behind));
    case '`':
      return TRUE;
    case '*':
      return !g_unichar_isspace (before) || !g_unichar_isspace (behind);
    case '_':
      return !(g_unichar_isspace (before) && g_unichar_isspace (behind)) &&
             !(g_unichar_isalnum (before) && g_unichar_isalnum (behind));
    case '~':
      return !g_unichar_isspace (before) || behind == '~';
    case '[':
    case ']':
      return self->has_brackets || is_in_link (self);
    case '<':
      return behind < 0x80 && (g_ascii_isalpha ((char) behind) || strchr ("/!?", (int) behind) != NULL);
    case '&':
      return is_entity (text, self->to - at);
    case '|':
      return self->is_cell;
    default:
      return FALSE;
    }
}

static void
append_text (Writer *self,
             guint   from,
             guint   to)
{
  const char *text = self->text->text->str;

  for (guint at = from; at < to; at++)
    {
      gboolean is_start = at == self->from || text[at - 1] == '\n';
      int opener = is_start && !self->is_cell ? find_opener (text + at, self->to - at) : -1;

      if (opener > 0)
        {
          g_string_append_len (self->out, text + at, opener);
          at += (guint) opener;
        }
      if (opener >= 0 || needs_escape (self, at))
        g_string_append_c (self->out, '\\');
      g_string_append_c (self->out, text[at]);
    }
}

static void
append_code_span (Writer *self,
                  guint   from,
                  guint   to)
{
  const char *text = self->text->text->str;
  guint longest = 0;
  gboolean is_padded = text[from] == '`' || text[to - 1] == '`' || (text[from] == ' ' && text[to - 1] == ' ');

  for (guint at = from, n = 0; at < to; at++)
    {
      n = text[at] == '`' ? n + 1 : 0;
      longest = MAX (longest, n);
    }
  for (guint i = 0; i <= longest; i++)
    g_string_append_c (self->out, '`');
  if (is_padded)
    g_string_append_c (self->out, ' ');
  for (guint at = from; at < to; at++)
    {
      if (text[at] == '|' && self->is_cell)
        g_string_append_c (self->out, '\\');
      g_string_append_c (self->out, text[at]);
    }
  if (is_padded)
    g_string_append_c (self->out, ' ');
  for (guint i = 0; i <= longest; i++)
    g_string_append_c (self->out, '`');
}

static void
append_target (GString    *out,
               const char *target)
{
  gboolean is_plain = *target != '\0' && *target != '<' && strpbrk (target, " \t\n()\\<>") == NULL;

  if (is_plain)
    {
      g_string_append (out, target);
      return;
    }
  g_string_append_c (out, '<');
  for (const char *at = target; *at != '\0'; at++)
    {
      if (strchr ("<>\\", *at) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at == '\n' ? ' ' : *at);
    }
  g_string_append_c (out, '>');
}

/* Marks */

static const char *
get_address (const ScMarkdownSpan *span,
             guint                 style)
{
  if (style == SC_MARKDOWN_IMAGE)
    return span->target;

  return (span->styles & SC_MARKDOWN_IMAGE) ? span->link : span->target;
}

static gboolean
has_mark (const ScMarkdownSpan *span,
          guint                 style,
          const char           *target)
{
  if (span == NULL || !(span->styles & style))
    return FALSE;

  return target == NULL || g_strcmp0 (get_address (span, style), target) == 0;
}

static const ScMarkdownSpan *
get_span (const Writer *self,
          guint         index)
{
  return index < self->text->spans->len ? &g_array_index (self->text->spans, ScMarkdownSpan, index) : NULL;
}

/* How far a mark that begins at a span reaches. */
static guint
get_reach (const Writer *self,
           guint         index,
           guint         style,
           const char   *target)
{
  const ScMarkdownSpan *span = get_span (self, index);
  guint end = span->end;

  for (guint i = index + 1; (span = get_span (self, i)) != NULL; i++)
    {
      if (span->start != end || !has_mark (span, style, target))
        break;
      end = span->end;
    }

  return end;
}

static void
close_last (Writer *self)
{
  Mark mark = self->marks[--self->n_marks];
  g_autofree char *space = NULL;
  gsize end = self->out->len;

  if (mark.style == SC_MARKDOWN_LINK || mark.style == SC_MARKDOWN_IMAGE)
    {
      g_string_append (self->out, "](");
      append_target (self->out, mark.target);
      g_string_append_c (self->out, ')');
      return;
    }
  while (end > mark.start && strchr (" \t\n", self->out->str[end - 1]) != NULL)
    end--;
  space = g_strdup (self->out->str + end);
  g_string_truncate (self->out, end);
  if (end == mark.start)
    g_string_truncate (self->out, end - (mark.style == SC_MARKDOWN_ITALIC ? 1 : 2));
  else
    for (int i = 0; i < (mark.style == SC_MARKDOWN_ITALIC ? 1 : 2); i++)
      g_string_append_c (self->out, mark.mark);
  g_string_append (self->out, space);
}

static void
open_mark (Writer     *self,
           guint       style,
           const char *target,
           guint       reach)
{
  char last = self->out->len > 0 ? self->out->str[self->out->len - 1] : ' ';
  gboolean is_first = self->n_marks > 0 && self->marks[self->n_marks - 1].start == self->out->len;
  Mark mark = { style, target != NULL ? target : "", 0, style == SC_MARKDOWN_STRIKE ? '~' : '*' };

  if (style == SC_MARKDOWN_LINK || style == SC_MARKDOWN_IMAGE)
    {
      /* What was meant as an exclamation would make a picture of the link. */
      if (style == SC_MARKDOWN_LINK && last == '!')
        g_string_insert_c (self->out, (gssize) self->out->len - 1, '\\');
      g_string_append (self->out, style == SC_MARKDOWN_IMAGE ? "![" : "[");
    }
  else
    {
      /* Beside stars that end something they would be taken together. */
      if (style == SC_MARKDOWN_ITALIC && last == '*' && !is_first && !(reach < self->to && g_unichar_isalnum (get_behind (self, reach - 1))))
        mark.mark = '_';
      g_string_append_c (self->out, mark.mark);
      if (style != SC_MARKDOWN_ITALIC)
        g_string_append_c (self->out, mark.mark);
    }
  mark.start = self->out->len;
  self->marks[self->n_marks++] = mark;
}

/* From the innermost out: one that does not go on takes those inside with it, which are opened again. */
static void
close_marks (Writer               *self,
             const ScMarkdownSpan *next)
{
  guint keep = 0;

  while (keep < self->n_marks &&
         has_mark (next, self->marks[keep].style,
                   self->marks[keep].style & MARKS ? NULL : self->marks[keep].target))
    keep++;
  while (self->n_marks > keep)
    close_last (self);
}

static gboolean
is_open (const Writer *self,
         guint         style)
{
  for (guint i = 0; i < self->n_marks; i++)
    if (self->marks[i].style == style)
      return TRUE;

  return FALSE;
}

/* The one that reaches farthest first. */
static void
open_marks (Writer *self,
            guint   index)
{
  static const guint styles[] = { SC_MARKDOWN_LINK, SC_MARKDOWN_BOLD, SC_MARKDOWN_ITALIC, SC_MARKDOWN_STRIKE,
                                  SC_MARKDOWN_IMAGE };
  const ScMarkdownSpan *span = get_span (self, index);

  for (;;)
    {
      guint best = 0;
      guint farthest = 0;

      for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
        {
          guint reach;

          if (!(span->styles & styles[i]) || is_open (self, styles[i]))
            continue;
          reach = get_reach (self, index, styles[i], styles[i] & MARKS ? NULL : get_address (span, styles[i]));
          if (best == 0 || reach > farthest)
            {
              farthest = reach;
              best = styles[i];
            }
        }
      if (best == 0)
        return;
      open_mark (self, best, best & MARKS ? NULL : get_address (span, best), farthest);
    }
}

/* An address that is its own text needs no brackets. */
static gboolean
is_bare_link (const Writer         *self,
              const ScMarkdownSpan *span)
{
  const char *text = self->text->text->str;
  gunichar before = get_before (self, span->start);
  gunichar behind = span->end < self->to ? g_utf8_get_char (text + span->end) : ' ';

  if (span->styles != SC_MARKDOWN_LINK || span->target == NULL || span->start < self->from || span->end > self->to)
    return FALSE;

  return strlen (span->target) == span->end - span->start &&
         strncmp (span->target, text + span->start, span->end - span->start) == 0 &&
         (g_unichar_isspace (before) || before == '(') && (g_unichar_isspace (behind) || behind == ')');
}

static void
append_span (Writer *self,
             guint   index)
{
  const ScMarkdownSpan *span = get_span (self, index);
  const char *text = self->text->text->str;
  guint start = MAX (span->start, self->from);
  guint end = MIN (span->end, self->to);

  close_marks (self, span);
  if (span->styles & SC_MARKDOWN_HARD_BREAK)
    {
      g_string_append (self->out, self->is_cell ? " " : "\\\n");
      return;
    }
  if (self->n_marks == 0 && is_bare_link (self, span))
    {
      g_string_append_len (self->out, text + start, end - start);
      return;
    }
  while (start < end && text[start] == ' ' && !(span->styles & SC_MARKDOWN_CODE_SPAN))
    {
      g_string_append_c (self->out, ' ');
      start++;
    }
  if (start == end && !(span->styles & SC_MARKDOWN_IMAGE))
    return;
  open_marks (self, index);
  if (span->styles & SC_MARKDOWN_CODE_SPAN)
    append_code_span (self, start, end);
  else if (end - start == span->end - span->start && (span->styles & (SC_MARKDOWN_INLINE_HTML | SC_MARKDOWN_INLINE_MATH)))
    g_string_append_len (self->out, text + start, end - start);
  else
    append_text (self, start, end);
}

/* A picture without words is no longer than nothing. */
static gboolean
has_bare_image (const ScMarkdownText *text,
                guint                 at)
{
  for (guint i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);

      if (span->start == at && span->end == at)
        return TRUE;
    }

  return FALSE;
}

void
sc_page_markdown_append_inline (GString              *out,
                                const ScMarkdownText *text,
                                guint                 from,
                                guint                 to,
                                gboolean              is_cell)
{
  Writer writer = { .out = out, .text = text, .is_cell = is_cell };
  const char *str = text->text->str;
  guint at;

  to = MIN (to, (guint) text->text->len);
  while (from < to && strchr (" \n", str[from]) != NULL && !has_bare_image (text, from))
    from++;
  while (to > from && strchr (" \n", str[to - 1]) != NULL && !has_bare_image (text, to))
    to--;
  writer.from = from;
  writer.to = to;
  writer.has_brackets = strstr (str, "](") != NULL || strstr (str, "]:") != NULL || strstr (str, "][") != NULL ||
                        (*str == '[' && str[1] != '\0' && str[2] == ']');
  at = from;
  for (guint i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = get_span (&writer, i);

      if (span->end < from || span->start > to || (span->end > span->start && (span->end == from || span->start == to)))
        continue;
      if (span->start > at)
        {
          close_marks (&writer, NULL);
          append_text (&writer, at, span->start);
        }
      append_span (&writer, i);
      at = MIN (span->end, to);
    }
  close_marks (&writer, NULL);
  append_text (&writer, at, to);
}
