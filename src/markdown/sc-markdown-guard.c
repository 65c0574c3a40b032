/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps from cmark-gfm what it takes quadratic time or memory for. Debian 12's 0.29.0.gfm.6 has these (later ones fixed
 * most of them); each bound is far beyond what anybody writes, and below it the text reaches cmark as it is:
 *
 *   more than MAX_COLUMNS cells in a row         surplus pipes are escaped; they end up in cells that are cut off
 *   MAX_FILLED cells left to be filled           a blank line ends the table
 *   MAX_DEPTH open brackets in a block           further "[" are escaped ("![[]()" again and again)
 *   MAX_ANGLES "<" in a block                    further "<" are escaped ("<? <? <?")
 *   long words with many ")", "www." or "@"      a hair space every WORD_BREAK bytes (bare addresses are searched from
 *                                                each candidate to the end of the word)
 *   blank lines in nested lists                  those after the second are left out: each visits every open list
 *   definition length times brackets             the definition becomes text (cmark copies it into each link)
 *
 * A block that a guard has touched is not parsed alone either. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

#define MAX_DEPTH 1000
#define MAX_ANGLES 1000
/* Candidates in one word before it is broken. */
#define MAX_CANDIDATES 256
#define WORD_BREAK 512
#define HAIR_SPACE "\342\200\212"
/* Definitions below this length are never a danger. */
#define MIN_LONG_DEFINITION 1000
/* Bytes that all uses of one definition may take. */
#define MAX_EXPANSION (32 * 1024 * 1024)
/* Containers around from which on blank lines are counted. */
#define MIN_DEEP 32
#define MAX_BLANKS 2

static void
add_patch (ScMarkdownScan *self,
           gsize           at,
           gsize           skip,
           const char     *insert)
{
  ScMarkdownPatch patch = { self->line_start + at, skip, insert };

  g_array_append_val (self->patches, patch);
  self->guard.is_hard = TRUE;
}

void
sc_markdown_guard_reset (ScMarkdownScan *self)
{
  self->guard.depth = 0;
  self->guard.n_angles = 0;
  self->guard.most_pipes = 0;
  self->guard.is_hard = FALSE;
}

static void
count_candidate (ScMarkdownScan *self,
                 gsize           at,
                 guint          *n,
                 gsize          *last_break)
{
  if (++*n <= MAX_CANDIDATES || at < *last_break + WORD_BREAK)
    return;
  add_patch (self, at, 0, HAIR_SPACE);
  *last_break = at;
}

static void
count_bracket (ScMarkdownScan *self,
               gsize           at,
               gboolean        is_open)
{
  self->n_brackets++;
  if (!is_open)
    self->guard.depth -= MIN (self->guard.depth, 1);
  else if (self->guard.depth >= MAX_DEPTH)
    add_patch (self, at, 0, "\\");
  else
    self->guard.depth++;
}

/* Looks at the text of a complete line of a paragraph, heading or table. */
static void
guard_text (ScMarkdownScan *self)
{
  const char *text = self->line->str;
  gsize length = self->line->len;
  gboolean is_row = self->leaf.kind == SC_MARKDOWN_LEAF_TABLE;
  guint n_pipes = 0, n_candidates = 0;
  gsize last_break = 0;
  gsize i;

  for (i = self->text_start; i < length; i++)
    {
      i += strcspn (text + i, "\\<[])w@| \t");
      if (i >= length)
        break;
      if (text[i] == '\\')
        i++;
      else if (text[i] == '<' && ++self->guard.n_angles > MAX_ANGLES)
        add_patch (self, i, 0, "\\");
      else if (text[i] == '[' || text[i] == ']')
        count_bracket (self, i, text[i] == '[');
      else if (text[i] == ')' || text[i] == '@' || strncmp (text + i, "www.", 4) == 0)
        count_candidate (self, i, &n_candidates, &last_break);
      else if (text[i] == '|' && ++n_pipes > SC_MARKDOWN_MAX_COLUMNS && is_row)
        add_patch (self, i, 0, "\\");
      else if (text[i] == ' ' || text[i] == '\t')
        n_candidates = 0;
    }
  self->guard.most_pipes = MAX (self->guard.most_pipes, n_pipes);
  /* cmark counts the columns of what looks like a delimiter row before it finds that the head has others. */
  if (!is_row && n_pipes > SC_MARKDOWN_MAX_COLUMNS &&
      strspn (text + self->text_start, "|-: \t") >= length - self->text_start)
    sc_markdown_guard_delimiters (self, self->text_start);
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
  if (self->line->len > 0)
    {
      self->n_blanks = 0;
      return FALSE;
    }
  if (self->leaf.kind != SC_MARKDOWN_LEAF_NONE || self->containers->len < MIN_DEEP ||
      self->n_blanks < MAX_BLANKS)
    {
      self->n_blanks++;
      return FALSE;
    }
  add_patch (self, 0, 1, "");
  self->guard.is_hard = FALSE;
  return TRUE;
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

gboolean
sc_markdown_guard_allows (ScMarkdownPiece content,
                          gsize           length)
{
  gsize n = 0;
  gsize i;

  if (length < MIN_LONG_DEFINITION)
    return TRUE;
  for (i = 0; i < content.length; i++)
    n += content.text[i] == '[' ? 1 : 0;
  return length <= MAX_EXPANSION / 16 / MAX (n, 1);
}
