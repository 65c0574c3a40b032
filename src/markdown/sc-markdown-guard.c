/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps from cmark-gfm what it takes quadratic time or memory for. Debian 12's 0.29.0.gfm.6 has these (later ones fixed
 * most of them); each bound is far beyond what anybody writes, and below it the text reaches cmark as it is:
 *
 *   more than MAX_COLUMNS cells in a row         surplus pipes are escaped; they end up in cells that are cut off
 *   MAX_FILLED cells left to be filled           a blank line ends the table
 *   links among markers that stay open           further "[" are escaped (each link visits every open marker and "![",
 *                                                each ":" and "w" every open bracket)
 *   markers that close nothing among open ones   further "*", "_" and "~" are escaped
 *   MAX_ANGLES "<?" or "<!" in a block           a hair space within further ones (each is searched to the end)
 *   long words with many ")", "@"                a hair space every WORD_BREAK bytes (bare addresses are searched from
 *                                                each candidate to the end of the word)
 *   long words with many "www.", "://"           a hair space within further ones (likewise)
 *   delimiter rows under long paragraphs         they are escaped (all of the paragraph is read as rows each time)
 *   blank lines in nested lists                  those after the second are left out, or all of them (each visits every
 *                                                open list)
 *   inlines in deeply nested blocks              the marker of level MAX_NESTING is escaped (each inline visits all that
 *                                                is around it)
 *   definition length times brackets             the definition becomes text (cmark copies it into each link)
 *
 * A block that a guard has touched is not parsed alone either. */

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
/* Bytes that may be read for delimiter rows again, and what a row and a cell cost besides. */
#define MAX_TABLE_WORK 100000000
#define CELL_COST 500
/* Lists that blank lines may visit. */
#define MAX_BLANK_WORK 10000000
/* Blocks around that inlines may visit. */
#define MAX_DEEP_WORK 20000000
#define MAX_ANGLES 256
/* Candidates in one word before it is broken. */
#define MAX_CANDIDATES 256
#define WORD_BREAK 512
#define HAIR_SPACE "\342\200\212"
/* Definitions below this length are never a danger. */
#define MIN_LONG_DEFINITION 64
/* Bytes that all uses of one definition may take. */
#define MAX_EXPANSION (32 * 1024 * 1024)
/* Containers around from which on blank lines are counted. */
#define MIN_DEEP 32
#define MAX_BLANKS 2

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
} Line;

static void
add_patch_at (ScMarkdownScan *self,
              gsize           offset,
              gsize           skip,
              const char     *insert)
{
  ScMarkdownPatch patch = { offset, skip, insert };

  g_array_append_val (self->patches, patch);
  self->guard.is_hard = TRUE;
}

static void
add_patch (ScMarkdownScan *self,
           gsize           at,
           gsize           skip,
           const char     *insert)
{
  add_patch_at (self, self->line_start + at, skip, insert);
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
    add_patch_at (self, g_array_index (brackets, gsize, i), 0, "\\");
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
           gsize           at)
{
  ScMarkdownGuard *guard = &self->guard;
  ScMarkdownPiece text = { self->line->str + self->text_start, self->line->len - self->text_start };
  char marker = self->line->str[at];
  int *last = get_last_opener (guard, marker);
  ScMarkdownRun run;
  Opener opener;

  if (self->is_unmarked && guard->n_runs > MAX_RUNS)
    add_patch (self, at, 0, "\\");
  else if (at == self->text_start || self->line->str[at - 1] != marker)
    {
      run = sc_markdown_lex_run (text, at - self->text_start);
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
      count_run (self, at);
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

/* Inlines are linked into the tree by a walk over all that is around them. */
static void
count_deep (ScMarkdownScan *self,
            guint           n_inlines)
{
  self->deep_work += (guint64) self->containers->len * n_inlines;
  if (self->is_deep || self->deep_work <= MAX_DEEP_WORK)
    return;
  self->is_deep = TRUE;
  if (self->containers->len > SC_MARKDOWN_MAX_NESTING)
    add_patch_at (self, sc_markdown_scan_get_container (self, SC_MARKDOWN_MAX_NESTING)->source, 0, "\\");
}

/* The open paragraph has become longer by the line: what cmark needs to read it as rows. */
static void
count_row_cost (ScMarkdownScan *self,
                guint           n_pipes)
{
  ScMarkdownGuard *guard = &self->guard;
  const char *text = self->line->str + self->text_start;
  gsize length = self->line->len - self->text_start;
  const char *pipe = g_strrstr_len (text, (gssize) length, "|");

  guard->row_cost += length + (n_pipes + 1) * CELL_COST + guard->n_since_pipe;
  if (pipe != NULL)
    guard->n_since_pipe = length - (gsize) (pipe - text);
  else
    guard->n_since_pipe += length;
}

void
sc_markdown_guard_delimiters (ScMarkdownScan *self,
                              gsize           at)
{
  gsize offset = self->line_start + at;
  const GArray *patches = self->patches;

  if (patches->len == 0 || g_array_index (patches, ScMarkdownPatch, patches->len - 1).offset != offset)
    add_patch (self, at, 0, "\\");
}

gboolean
sc_markdown_guard_table (ScMarkdownScan *self,
                         gsize           at)
{
  self->table_work += self->guard.row_cost;
  if (self->table_work <= MAX_TABLE_WORK)
    return TRUE;
  self->table_work -= self->guard.row_cost;
  sc_markdown_guard_delimiters (self, at);
  return FALSE;
}

/* cmark reads what looks like a delimiter row, and all above it, before it finds that the head has other columns. */
static void
guard_delimiters (ScMarkdownScan *self,
                  guint           n_pipes)
{
  gboolean is_delimiters = strspn (self->line->str + self->text_start, "|-: \t") >=
                           self->line->len - self->text_start;

  if (is_delimiters && n_pipes > SC_MARKDOWN_MAX_COLUMNS)
    sc_markdown_guard_delimiters (self, self->text_start);
  else if (is_delimiters)
    sc_markdown_guard_table (self, self->text_start);
  count_row_cost (self, n_pipes);
}

/* Looks at the text of a complete line of a paragraph, heading or table. */
static void
guard_text (ScMarkdownScan *self)
{
  static const guint8 marks[256] = {
    ['\\'] = 1, ['<'] = 1, ['['] = 1, [']'] = 1, [')'] = 1, ['w'] = 1, [':'] = 1, ['@'] = 1, ['|'] = 1,
    [' '] = 1, ['\t'] = 1, ['*'] = 1, ['_'] = 1, ['~'] = 1, ['`'] = 1, ['&'] = 1, ['!'] = 1,
  };
  const char *text = self->line->str;
  gsize length = self->line->len;
  gboolean is_row = self->leaf.kind == SC_MARKDOWN_LEAF_TABLE;
  Line line = { 0 };
  gsize i;

  if (is_row)
    forget_marks (&self->guard);
  for (i = self->text_start; i < length; i++)
    {
      if (!marks[(guchar) text[i]])
        continue;
      guard_mark (self, i, &line, is_row);
      if (text[i] == '\\')
        i++;
    }
  self->guard.most_pipes = MAX (self->guard.most_pipes, line.n_pipes);
  if (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH)
    guard_delimiters (self, line.n_pipes);
  count_deep (self, line.n_inlines + 2);
}

void
sc_markdown_guard_container (ScMarkdownScan *self,
                             gsize           at)
{
  if (self->is_deep)
    add_patch (self, at, 0, "\\");
}

void
sc_markdown_guard_line (ScMarkdownScan *self)
{
  if (self->phase == SC_MARKDOWN_TAKING &&
      (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH || self->leaf.kind == SC_MARKDOWN_LEAF_TABLE ||
       self->leaf.kind == SC_MARKDOWN_LEAF_HEADING))
    guard_text (self);
}

gboolean
sc_markdown_guard_blank (ScMarkdownScan *self)
{
  gboolean is_surplus;

  if (strspn (self->line->str, " \t") < self->line->len)
    {
      self->n_blanks = 0;
      return FALSE;
    }
  if (self->line->len < self->containers->len)
    self->blank_work += self->containers->len;
  self->n_blanks++;
  is_surplus = self->leaf.kind == SC_MARKDOWN_LEAF_NONE && self->n_blanks > MAX_BLANKS;
  if (self->containers->len < MIN_DEEP || (!is_surplus && self->blank_work <= MAX_BLANK_WORK))
    return FALSE;
  add_patch (self, 0, self->line->len + 1, "");
  self->guard.is_hard = FALSE;
  return TRUE;
}

void
sc_markdown_guard_row (ScMarkdownScan *self)
{
  add_patch (self, 0, 0, "\n");
}

void
sc_markdown_guard_definition (ScMarkdownScan *self,
                              gsize           length)
{
  ScMarkdownLongDefinition definition = { self->leaf.source_start, length };

  if (length >= MIN_LONG_DEFINITION)
    g_array_append_val (self->long_definitions, definition);
}

static int
compare_patches (gconstpointer a,
                 gconstpointer b)
{
  const ScMarkdownPatch *first = a;
  const ScMarkdownPatch *second = b;

  return (first->offset > second->offset) - (first->offset < second->offset);
}

void
sc_markdown_guard_finish (ScMarkdownScan *self)
{
  gsize last = G_MAXSIZE;
  guint i;

  for (i = 0; i < self->long_definitions->len; i++)
    {
      const ScMarkdownLongDefinition *definition =
        &g_array_index (self->long_definitions, ScMarkdownLongDefinition, i);
      ScMarkdownPatch patch = { definition->offset, 0, "\\" };

      if (definition->length <= MAX_EXPANSION / MAX (self->n_brackets, 1) ||
          definition->offset == last)
        continue;
      g_array_append_val (self->patches, patch);
      last = definition->offset;
    }
  g_array_sort (self->patches, compare_patches);
}

gsize
sc_markdown_guard_get_longest (ScMarkdownPiece content)
{
  gsize n = 1;
  gsize i;

  for (i = 0; i < content.length; i++)
    n += content.text[i] == '[' ? 1 : 0;
  return MAX (MAX_EXPANSION / 16 / n, MIN_LONG_DEFINITION);
}
