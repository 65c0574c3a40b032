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
 * A block that a guard has touched is not parsed alone either. What is counted in the text of a line is in
 * sc-markdown-guard-marks.c. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* Bytes that may be read for delimiter rows again, and what a row and a cell cost besides. */
#define MAX_TABLE_WORK 100000000
#define CELL_COST 500
/* Lists that blank lines may visit. */
#define MAX_BLANK_WORK 10000000
/* Blocks around that inlines may visit. */
#define MAX_DEEP_WORK 20000000
/* Definitions below this length are never a danger. */
#define MIN_LONG_DEFINITION 64
/* Bytes that all uses of one definition may take. */
#define MAX_EXPANSION (32 * 1024 * 1024)
/* Containers around from which on blank lines are counted. */
#define MIN_DEEP 32
#define MAX_BLANKS 2

void
sc_markdown_guard_patch (ScMarkdownScan *self,
                         gsize           offset,
                         gsize           skip,
                         const char     *insert)
{
  ScMarkdownPatch patch = { offset, skip, insert };

  g_array_append_val (self->patches, patch);
  self->guard.is_hard = TRUE;
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
    sc_markdown_guard_patch (self, sc_markdown_scan_get_container (self, SC_MARKDOWN_MAX_NESTING)->source, 0, "\\");
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
    sc_markdown_guard_patch (self, self->line_start + at, 0, "\\");
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

void
sc_markdown_guard_container (ScMarkdownScan *self,
                             gsize           at)
{
  if (self->is_deep)
    sc_markdown_guard_patch (self, self->line_start + at, 0, "\\");
}

/* Looks at the text of a complete line of a paragraph, heading or table. */
static void
guard_text (ScMarkdownScan *self)
{
  guint n_pipes = 0;
  guint n_inlines = sc_markdown_guard_marks (self, &n_pipes);

  self->guard.most_pipes = MAX (self->guard.most_pipes, n_pipes);
  if (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH)
    guard_delimiters (self, n_pipes);
  count_deep (self, n_inlines + 2);
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
  sc_markdown_guard_patch (self, self->line_start, self->line->len + 1, "");
  self->guard.is_hard = FALSE;
  return TRUE;
}

void
sc_markdown_guard_row (ScMarkdownScan *self)
{
  sc_markdown_guard_patch (self, self->line_start, 0, "\n");
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
