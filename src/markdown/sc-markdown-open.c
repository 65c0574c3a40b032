/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which blocks a line begins: CommonMark 0.29 sections 4 and 5. Each try_ function answers whether its block begins at the
 * first character that is no white space; at YES it has opened it. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

static ScMarkdownMatch
try_quote (ScMarkdownScan   *self,
           ScMarkdownIndent  indent,
           gboolean          is_complete)
{
  ScMarkdownContainer container;

  if (indent.indent >= SC_MARKDOWN_CODE_INDENT || self->line->str[indent.at] != '>')
    return SC_MARKDOWN_NO;
  if (indent.at + 1 >= self->line->len && !is_complete)
    return SC_MARKDOWN_MORE;
  sc_markdown_scan_make_room (self);
  container = sc_markdown_scan_new_container (self, SC_MARKDOWN_IN_QUOTE, indent.at);
  sc_markdown_scan_push_container (self, &container);
  sc_markdown_scan_skip_quote (self, indent.at);
  return SC_MARKDOWN_YES;
}

static void
open_leaf (ScMarkdownScan     *self,
           ScMarkdownLeafKind  kind)
{
  sc_markdown_scan_make_room (self);
  sc_markdown_leaf_open (self, kind);
  self->is_leaf_matched = TRUE;
}

static ScMarkdownMatch
try_heading (ScMarkdownScan   *self,
             ScMarkdownIndent  indent,
             gboolean          is_complete)
{
  gsize end = 0;
  int level = 0;
  ScMarkdownMatch match = sc_markdown_line_heading (sc_markdown_scan_get_line (self), indent.at,
                                                    is_complete, &end, &level);

  if (match == SC_MARKDOWN_YES)
    {
      open_leaf (self, SC_MARKDOWN_LEAF_HEADING);
      self->leaf.entry->block.level = level;
      sc_markdown_scan_advance_to (self, end);
      self->phase = SC_MARKDOWN_TAKING;
    }
  return match;
}

static ScMarkdownMatch
try_fence (ScMarkdownScan   *self,
           ScMarkdownIndent  indent,
           gboolean          is_complete)
{
  gsize end = 0;
  ScMarkdownMatch match = sc_markdown_line_fence (sc_markdown_scan_get_line (self), indent.at,
                                                  is_complete, &end);

  if (match != SC_MARKDOWN_YES)
    return match;
  open_leaf (self, SC_MARKDOWN_LEAF_FENCE);
  self->leaf.fence = self->line->str[indent.at];
  self->leaf.fence_length = end - indent.at;
  self->leaf.fence_indent = (int) (indent.at - self->offset);
  self->leaf.entry->block.language = sc_markdown_dup_info (self->line->str + end,
                                                           self->line->len - end);
  sc_markdown_leaf_show (self);
  self->phase = SC_MARKDOWN_SKIPPING;
  return match;
}

static ScMarkdownMatch
try_html (ScMarkdownScan   *self,
          ScMarkdownIndent  indent,
          gboolean          is_complete)
{
  int type = 0;
  ScMarkdownMatch match = sc_markdown_line_html (sc_markdown_scan_get_line (self), indent.at,
                                                 is_complete,
                                                 self->inner == SC_MARKDOWN_IN_PARAGRAPH, &type);

  if (match == SC_MARKDOWN_YES)
    {
      open_leaf (self, SC_MARKDOWN_LEAF_HTML);
      self->leaf.html_type = type;
      self->phase = SC_MARKDOWN_TAKING;
    }
  return match;
}

static ScMarkdownMatch
try_setext (ScMarkdownScan   *self,
            ScMarkdownIndent  indent,
            gboolean          is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  int level = 0;
  ScMarkdownMatch match;

  if (self->inner != SC_MARKDOWN_IN_PARAGRAPH)
    return SC_MARKDOWN_NO;
  match = sc_markdown_line_setext (sc_markdown_scan_get_line (self), indent.at, is_complete,
                                   &level);
  if (match != SC_MARKDOWN_YES)
    return match;
  sc_markdown_leaf_resolve (self, TRUE);
  if (leaf->start >= leaf->content->len)
    {
      leaf->is_waiting = TRUE;
      return SC_MARKDOWN_NO;
    }
  sc_markdown_leaf_become_heading (self, level);
  self->phase = SC_MARKDOWN_SKIPPING;
  return match;
}

static ScMarkdownMatch
try_rule (ScMarkdownScan   *self,
          ScMarkdownIndent  indent,
          gboolean          is_complete)
{
  ScMarkdownMatch match = sc_markdown_line_rule (sc_markdown_scan_get_line (self), indent.at,
                                                 is_complete, &self->rule_failed_at);

  if (match == SC_MARKDOWN_YES)
    {
      ScMarkdownContainer *top;
      ScMarkdownEntry *entry;

      sc_markdown_scan_make_room (self);
      top = sc_markdown_scan_get_top (self);
      entry = sc_markdown_new_inside (self, SC_MARKDOWN_RULE);
      entry->block.is_closed = TRUE;
      if (self->list->entries->len == 0 && strcmp (self->line->str, "---") == 0)
        self->front = self->line_start + self->line->len + 1;
      sc_markdown_show_around (self);
      sc_markdown_push_shown (self, entry);
      if (top != NULL)
        top->has_child = TRUE;
      self->phase = SC_MARKDOWN_SKIPPING;
    }
  return match;
}

/* The columns that the text of the item is in from its marker: CommonMark 5.2. Returns FALSE if more has to come. */
static gboolean
find_padding (ScMarkdownScan *self,
              gboolean        is_complete,
              int            *padding)
{
  int column = self->column;
  gsize i = self->offset;

  while (i < self->line->len && column - self->column <= 5 &&
         strchr (" \t", self->line->str[i]) != NULL)
    {
      column += self->line->str[i] == '\t' ? 4 - column % 4 : 1;
      i++;
    }
  *padding = column - self->column;
  if (i >= self->line->len)
    {
      if (!is_complete && *padding < 5)
        return FALSE;
      if (is_complete)
        *padding = *padding > 0 ? -1 : 0;
    }
  return TRUE;
}

/* A list goes on with an item of its kind. */
static void
open_list (ScMarkdownScan *self,
           char            marker,
           int             number,
           gsize           at)
{
  ScMarkdownContainer list;

  if (self->inner == SC_MARKDOWN_IN_LIST &&
      sc_markdown_scan_get_container (self, self->n_matched - 1)->marker == marker)
    {
      sc_markdown_scan_close_unmatched (self);
      sc_markdown_leaf_close (self);
      self->has_opened = TRUE;
      return;
    }
  sc_markdown_scan_make_room (self);
  list = sc_markdown_scan_new_container (self, SC_MARKDOWN_IN_LIST, at);
  list.marker = marker;
  list.number = number;
  sc_markdown_scan_push_container (self, &list);
}

static ScMarkdownMatch
try_item (ScMarkdownScan   *self,
          ScMarkdownIndent  indent,
          gboolean          is_complete)
{
  ScMarkdownContainer item;
  gsize end = 0, offset = self->offset;
  char marker = '\0';
  int column = self->column;
  gboolean is_inside_tab = self->is_inside_tab;
  int number = -1, padding = 0;
  ScMarkdownMatch match = sc_markdown_line_marker (sc_markdown_scan_get_line (self), indent.at,
                                                   is_complete,
                                                   self->inner == SC_MARKDOWN_IN_PARAGRAPH, &end,
                                                   &marker, &number);

  if (match != SC_MARKDOWN_YES)
    return match;
  sc_markdown_scan_advance_to (self, end);
  if (!find_padding (self, is_complete, &padding))
    {
      self->offset = offset;
      self->column = column;
      self->is_inside_tab = is_inside_tab;
      return SC_MARKDOWN_MORE;
    }
  if (padding >= 1 && padding < 5)
    sc_markdown_scan_advance_columns (self, padding);
  else
    {
      sc_markdown_scan_advance_columns (self, padding != 0 ? 1 : 0);
      padding = 1;
    }
  open_list (self, marker, number, indent.at);
  item = sc_markdown_scan_new_container (self, SC_MARKDOWN_IN_ITEM, indent.at);
  item.indent = indent.indent + (int) (end - indent.at) + padding;
  item.marker = marker;
  if (number >= 0)
    item.number = sc_markdown_scan_get_top (self)->number++;
  sc_markdown_scan_push_container (self, &item);
  return match;
}

static ScMarkdownMatch
try_task (ScMarkdownScan   *self,
          ScMarkdownIndent  indent,
          gboolean          is_complete)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  int checked = 0;
  ScMarkdownMatch match;

  if (self->inner != SC_MARKDOWN_IN_ITEM || !self->has_opened || self->line->str[indent.at] != '[')
    return SC_MARKDOWN_NO;
  match = sc_markdown_line_task (sc_markdown_scan_get_line (self), is_complete, &checked);
  if (match == SC_MARKDOWN_YES)
    {
      top->checked = checked;
      sc_markdown_scan_advance_to (self, indent.at + 3);
      self->has_box = TRUE;
    }
  return match;
}

/* The last line of the paragraph; its beginning is not read. */
static ScMarkdownPiece
get_last_line (const GString *content)
{
  ScMarkdownPiece line = { content->str, content->len };
  gsize start = content->len;

  while (start > 0 && content->str[start - 1] != '\n')
    start--;
  line.text += start;
  line.length -= start;
  return line;
}

/* A delimiter row makes the last line of the paragraph the head of a table. */
static ScMarkdownMatch
try_table (ScMarkdownScan   *self,
           ScMarkdownIndent  indent,
           gboolean          is_complete)
{
  g_autoptr (GArray) aligns = NULL;
  ScMarkdownMatch match;
  ScMarkdownPiece head;
  guint n_cells;

  if (self->inner != SC_MARKDOWN_IN_PARAGRAPH || indent.indent >= SC_MARKDOWN_CODE_INDENT ||
      strchr ("|-:", self->line->str[indent.at]) == NULL)
    return SC_MARKDOWN_NO;
  aligns = g_array_new (FALSE, FALSE, sizeof (ScMarkdownAlign));
  match = sc_markdown_line_delimiters (sc_markdown_scan_get_line (self), indent.at, is_complete,
                                       aligns);
  if (match == SC_MARKDOWN_NO)
    return match;
  head = get_last_line (self->leaf.content);
  n_cells = sc_markdown_table_count (head);
  if (match == SC_MARKDOWN_MORE)
    return aligns->len <= n_cells ? match : SC_MARKDOWN_NO;
  if (MAX (aligns->len, MAX (n_cells, self->guard.most_pipes)) > SC_MARKDOWN_MAX_COLUMNS)
    {
      sc_markdown_guard_delimiters (self, indent.at);
      return SC_MARKDOWN_NO;
    }
  if (aligns->len != n_cells || !sc_markdown_guard_table (self, indent.at))
    return SC_MARKDOWN_NO;
  sc_markdown_leaf_become_table (self, (gsize) (head.text - self->leaf.content->str), aligns);
  self->phase = SC_MARKDOWN_SKIPPING;
  return match;
}

static void
start_text (ScMarkdownScan   *self,
            ScMarkdownIndent  indent)
{
  sc_markdown_scan_advance_to (self, indent.at);
  self->text_start = self->offset;
  self->phase = SC_MARKDOWN_TAKING;
}

static ScMarkdownMatch
try_row (ScMarkdownScan   *self,
         ScMarkdownIndent  indent,
         gboolean          is_complete)
{
  ScMarkdownPiece row = { self->line->str + indent.at, self->line->len - indent.at };

  if (self->inner != SC_MARKDOWN_IN_TABLE || indent.indent >= SC_MARKDOWN_CODE_INDENT)
    return SC_MARKDOWN_NO;
  /* A pipe alone is no row. */
  if (row.text[0] == '|' && strspn (row.text + 1, " \t") + 1 >= row.length)
    return is_complete ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
  if (self->n_filled > SC_MARKDOWN_MAX_FILLED)
    {
      sc_markdown_guard_row (self);
      return SC_MARKDOWN_NO;
    }
  start_text (self, indent);
  sc_markdown_table_begin_row (self);
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
try_indented (ScMarkdownScan   *self,
              ScMarkdownIndent  indent)
{
  if (indent.indent < SC_MARKDOWN_CODE_INDENT ||
      (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH && !self->has_opened))
    return SC_MARKDOWN_NO;
  open_leaf (self, SC_MARKDOWN_LEAF_INDENTED);
  sc_markdown_scan_advance_columns (self, SC_MARKDOWN_CODE_INDENT);
  self->phase = SC_MARKDOWN_TAKING;
  return SC_MARKDOWN_YES;
}

/* The line is text: of the open paragraph, also where its containers are not matched (CommonMark 5.1, laziness), or of
 * a new one. */
static void
take_text (ScMarkdownScan   *self,
           ScMarkdownIndent  indent)
{
  gboolean is_more = self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH && !self->has_opened;
  gssize line;

  if (!is_more)
    {
      open_leaf (self, SC_MARKDOWN_LEAF_PARAGRAPH);
      self->leaf.source_start = self->line_start + indent.at;
    }
  else
    sc_markdown_leaf_continue (self);
  self->n_matched = self->containers->len;
  self->is_leaf_matched = TRUE;
  line = (gssize) self->leaf.content->len;
  start_text (self, indent);
  if (self->line->str[indent.at] == '|' && !self->leaf.has_guessed &&
      indent.indent < SC_MARKDOWN_CODE_INDENT)
    sc_markdown_leaf_guess_table (self, line);
}

/* Tries what can begin with the next character. */
static ScMarkdownMatch
try_block (ScMarkdownScan   *self,
           ScMarkdownIndent  indent,
           gboolean          is_complete)
{
  ScMarkdownMatch (*const tries[]) (ScMarkdownScan *, ScMarkdownIndent, gboolean) = {
    try_quote, try_heading, try_fence, try_html, try_setext, try_rule,
  };
  ScMarkdownMatch match = SC_MARKDOWN_NO;
  guint i;

  for (i = 0; indent.indent < SC_MARKDOWN_CODE_INDENT && i < G_N_ELEMENTS (tries); i++)
    {
      match = tries[i](self, indent, is_complete);
      if (match != SC_MARKDOWN_NO)
        return match;
    }
  if (indent.indent < SC_MARKDOWN_CODE_INDENT)
    match = try_item (self, indent, is_complete);
  if (match == SC_MARKDOWN_NO)
    match = try_indented (self, indent);
  if (match == SC_MARKDOWN_NO)
    match = try_table (self, indent, is_complete);
  return match;
}

gboolean
sc_markdown_scan_open_blocks (ScMarkdownScan *self,
                              gboolean        is_complete)
{
  while (self->phase == SC_MARKDOWN_OPENING)
    {
      ScMarkdownIndent indent = sc_markdown_scan_find_indent (self, is_complete);
      ScMarkdownMatch match;

      if (!indent.is_known)
        return FALSE;
      if (indent.is_blank)
        {
          sc_markdown_scan_close_unmatched (self);
          self->phase = SC_MARKDOWN_SKIPPING;
          return TRUE;
        }
      if (self->has_box)
        {
          take_text (self, indent);
          break;
        }
      match = try_block (self, indent, is_complete);
      if (match == SC_MARKDOWN_NO)
        match = try_row (self, indent, is_complete);
      if (match == SC_MARKDOWN_NO)
        match = try_task (self, indent, is_complete);
      if (match == SC_MARKDOWN_MORE)
        return FALSE;
      if (match == SC_MARKDOWN_NO)
        take_text (self, indent);
    }
  self->text_start = self->phase == SC_MARKDOWN_TAKING ? self->offset : self->text_start;
  return TRUE;
}
