/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The characters that mean something to cmark, counted as it would meet them: brackets, runs of markers, addresses,
 * instructions and pipes. sc-markdown-guard.c tells what for. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* What cmark may visit for the links of a whole text, and for those of a block that is parsed alone before. A step takes
 * it 3 to 20 ns. */
#define MAX_LINK_WORK 40000000
#define MAX_BRACKET_WORK 100000000
#define MAX_WORK_ALONE 4000000
/* The same for runs of markers that close nothing. */
#define MAX_RUN_WORK 40000000
/* Brackets and runs of a block that stay once there was too much work. */
#define MAX_BRACKETS 100
#define MAX_RUNS 100
/* Instructions and comments of a block. */
#define MAX_ANGLES 256
/* Candidates in one word before it is broken. */
#define MAX_CANDIDATES 256
#define WORD_BREAK 512
#define HAIR_SPACE "\342\200\212"

static const char markers[] = { '*', '_', '~' };

/* A run that may be closed: @previous is the one of its marker before it. */
typedef struct
{
  char     marker;
  gboolean can_close;
  gsize    length;
  int      previous;
} Opener;

/* What is counted of one line. */
typedef struct
{
  guint n_pipes;
  guint n_candidates;
  guint n_inlines;
  gsize last_break;
  gsize run_end;
} Line;

static void
add_patch (ScMarkdownScan *self,
           gsize           at,
           gsize           skip,
           const char     *insert)
{
  sc_markdown_guard_patch (self, self->line_start + at, skip, insert);
}

void
sc_markdown_guard_init (ScMarkdownScan *self)
{
  self->guard.brackets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->guard.openers = g_array_new (FALSE, FALSE, sizeof (Opener));
}

void
sc_markdown_guard_clear (ScMarkdownScan *self)
{
  g_array_unref (self->guard.brackets);
  g_array_unref (self->guard.openers);
}

/* What cmark keeps of one text. */
static void
forget_marks (ScMarkdownGuard *guard)
{
  guint i;

  g_array_set_size (guard->brackets, 0);
  g_array_set_size (guard->openers, 0);
  for (i = 0; i < G_N_ELEMENTS (markers); i++)
    guard->last_openers[i] = -1;
  guard->n_runs = 0;
  guard->n_images = 0;
}

void
sc_markdown_guard_reset (ScMarkdownScan *self)
{
  ScMarkdownGuard *guard = &self->guard;

  forget_marks (guard);
  guard->link_work = 0;
  guard->row_cost = 0;
  guard->n_since_pipe = 0;
  guard->n_angles = 0;
  guard->most_pipes = 0;
  guard->is_hard = FALSE;
}

static void
count_candidate (ScMarkdownScan *self,
                 gsize           at,
                 Line           *line)
{
  if (++line->n_candidates <= MAX_CANDIDATES || at < line->last_break + WORD_BREAK)
    return;
  add_patch (self, at, 0, HAIR_SPACE);
  line->last_break = at;
}

/* From now on few brackets of a block are left to be brackets. */
static void
become_tight (ScMarkdownScan *self)
{
  const GArray *brackets = self->guard.brackets;
  guint i;

  self->is_tight = TRUE;
  for (i = MAX_BRACKETS; i < brackets->len; i++)
    sc_markdown_guard_patch (self, g_array_index (brackets, gsize, i), 0, "\\");
}

static void
count_opening (ScMarkdownScan *self,
               gsize           at)
{
  ScMarkdownGuard *guard = &self->guard;
  gsize offset = self->line_start + at;

  self->n_brackets++;
  if (self->is_tight && guard->brackets->len >= MAX_BRACKETS)
    {
      add_patch (self, at, 0, "\\");
      return;
    }
  g_array_append_val (guard->brackets, offset);
  if (at > 0 && self->line->str[at - 1] == '!')
    guard->n_images++;
}

static void
count_closing (ScMarkdownScan *self)
{
  ScMarkdownGuard *guard = &self->guard;
  guint work = guard->brackets->len > 0 ? guard->n_runs + guard->n_images : 0;

  self->n_brackets++;
  guard->link_work += work;
  self->link_work += work;
  if (guard->link_work > MAX_WORK_ALONE)
    guard->is_hard = TRUE;
  if (!self->is_tight && self->link_work > MAX_LINK_WORK)
    become_tight (self);
}

/* Where an address may begin every open bracket is visited. One that does is searched to the next white space of ASCII,
 * and may end long before. */
static void
count_address (ScMarkdownScan *self,
               gsize           at,
               guint          *n_candidates,
               const char     *start,
               gsize           n_kept)
{
  self->bracket_work += self->guard.brackets->len;
  if (!self->is_tight && self->bracket_work > MAX_BRACKET_WORK)
    become_tight (self);
  if (g_str_has_prefix (self->line->str + at, start) && ++*n_candidates > MAX_CANDIDATES)
    add_patch (self, at + n_kept, 0, HAIR_SPACE);
}

static int *
get_last_opener (ScMarkdownGuard *guard,
                 char             marker)
{
  return &guard->last_openers[marker == '*' ? 0 : marker == '_' ? 1 : 2];
}

/* Takes off the opener that the run closes with all behind it. Returns FALSE if there is none: cmark may have looked at
 * all that are open (it remembers how far it has to look, but by an opener that may be gone). */
static gboolean
close_opener (ScMarkdownGuard     *guard,
              char                 marker,
              const ScMarkdownRun *run)
{
  int index = *get_last_opener (guard, marker);
  const Opener *opener;

  if (index < 0)
    return FALSE;
  opener = &g_array_index (guard->openers, Opener, index);
  if (marker == '~' && opener->length != run->length)
    return FALSE;
  if (marker != '~' && (run->can_open || opener->can_close) && run->length % 3 != 0 && (opener->length + run->length) % 3 == 0)
    return FALSE;
  while ((int) guard->openers->len > index)
    {
      opener = &g_array_index (guard->openers, Opener, guard->openers->len - 1);
      *get_last_opener (guard, opener->marker) = opener->previous;
      g_array_set_size (guard->openers, guard->openers->len - 1);
    }
  return TRUE;
}

static void
count_run (ScMarkdownScan *self,
           gsize           at,
           gsize          *run_end)
{
  ScMarkdownGuard *guard = &self->guard;
  ScMarkdownPiece text = { self->line->str + self->text_start, self->line->len - self->text_start };
  char marker = self->line->str[at];
  int *last = get_last_opener (guard, marker);
  ScMarkdownRun run;
  Opener opener;

  if (self->is_unmarked && guard->n_runs > MAX_RUNS)
    add_patch (self, at, 0, "\\");
  else if (at >= *run_end)
    {
      run = sc_markdown_lex_run (text, at - self->text_start);
      *run_end = at + run.length;
      guard->n_runs += run.can_open || run.can_close ? 1 : 0;
      if (run.can_close && close_opener (guard, marker, &run))
        return;
      self->run_work += run.can_close ? guard->openers->len : 0;
      self->is_unmarked = self->run_work > MAX_RUN_WORK;
      opener = (Opener) { marker, run.can_close, run.length, *last };
      if (run.can_open)
        *last = (int) guard->openers->len;
      /* A "~" that found one of another length stays. */
      if (run.can_open || (marker == '~' && *last >= 0))
        g_array_append_val (guard->openers, opener);
    }
}

/* Looks at one character that means something to cmark. */
static void
guard_mark (ScMarkdownScan *self,
            gsize           at,
            Line           *line,
            gboolean        is_row)
{
  const char *text = self->line->str + at;

  line->n_inlines++;
  switch (*text)
    {
    case ' ':
    case '\t':
      line->n_candidates = 0;
      line->n_inlines--;
      break;
    case '<':
      /* A bare address would swallow a backslash. */
      if ((text[1] == '?' || text[1] == '!') && ++self->guard.n_angles > MAX_ANGLES)
        add_patch (self, at + 1, 0, HAIR_SPACE);
      break;
    case '[':
      count_opening (self, at);
      break;
    case ']':
      count_closing (self);
      break;
    case '|':
      if (++line->n_pipes > SC_MARKDOWN_MAX_COLUMNS && is_row)
        add_patch (self, at, 0, "\\");
      break;
    case '*':
    case '_':
    case '~':
      count_run (self, at, &line->run_end);
      break;
    case ')':
    case '@':
      count_candidate (self, at, line);
      break;
    case ':':
      count_address (self, at, &line->n_candidates, "://", 1);
      break;
    case 'w':
      count_address (self, at, &line->n_candidates, "www.", 3);
      break;
    default:
      break;
    }
}

guint
sc_markdown_guard_marks (ScMarkdownScan *self,
                         guint          *n_pipes)
{
  static const guint8 marks[256] = {
    ['\\'] = 1, ['<'] = 1, ['['] = 1, [']'] = 1, [')'] = 1, ['w'] = 1, [':'] = 1, ['@'] = 1, ['|'] = 1,
    [' '] = 1, ['\t'] = 1, ['*'] = 1, ['_'] = 1, ['~'] = 1, ['`'] = 1, ['&'] = 1, ['!'] = 1,
  };
  const char *text = self->line->str;
  gboolean is_row = self->leaf.kind == SC_MARKDOWN_LEAF_TABLE;
  Line line = { 0 };
  gsize i;

  if (is_row)
    forget_marks (&self->guard);
  for (i = self->text_start; i < self->line->len; i++)
    {
      if (!marks[(guchar) text[i]])
        continue;
      guard_mark (self, i, &line, is_row);
      if (text[i] == '\\')
        i++;
    }
  *n_pipes = line.n_pipes;
  return line.n_inlines;
}
