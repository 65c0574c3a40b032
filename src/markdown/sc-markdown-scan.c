/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The block structure of a text that is still growing: CommonMark 0.29, appendix "A parsing strategy", phase 1, in the
 * reading of cmark-gfm, but on lines that are not complete. A line is understood from its start as far as it is
 * certain; while several readings are open nothing of it is shown, and once its kind is known its text goes straight to
 * the leaf. Nothing is read twice, so that the cost is that of the bytes. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* A line that stays undecided longer than this is tried again only when it has grown by a quarter. */
#define EAGER_LENGTH 64

ScMarkdownPiece
sc_markdown_scan_get_line (ScMarkdownScan *self)
{
  ScMarkdownPiece line = { self->line->str, self->line->len };

  return line;
}

/* White space is not read again for each container. */
ScMarkdownIndent
sc_markdown_scan_find_indent (ScMarkdownScan *self,
                              gboolean        is_complete)
{
  ScMarkdownIndent result = { 0 };

  if (self->nonspace <= self->offset)
    {
      self->nonspace = self->offset;
      self->nonspace_column = self->column;
    }
  for (; self->nonspace < self->line->len; self->nonspace++)
    if (self->line->str[self->nonspace] == ' ')
      self->nonspace_column++;
    else if (self->line->str[self->nonspace] == '\t')
      self->nonspace_column += 4 - self->nonspace_column % 4;
    else
      break;
  result.at = self->nonspace;
  result.indent = self->nonspace_column - self->column;
  result.is_blank = result.at >= self->line->len;
  result.is_known = is_complete || !result.is_blank;
  return result;
}

void
sc_markdown_scan_advance_columns (ScMarkdownScan *self,
                                  int             count)
{
  while (count > 0 && self->offset < self->line->len)
    {
      int width = 1;

      if (self->line->str[self->offset] == '\t')
        width = 4 - self->column % 4;
      self->is_inside_tab = width > count;
      self->column += MIN (width, count);
      if (!self->is_inside_tab)
        self->offset++;
      count -= width;
    }
}

void
sc_markdown_scan_advance_to (ScMarkdownScan *self,
                             gsize           offset)
{
  while (self->offset < offset)
    {
      if (self->line->str[self->offset] == '\t')
        self->column += 4 - self->column % 4;
      else
        self->column++;
      self->offset++;
    }
  self->is_inside_tab = FALSE;
}

void
sc_markdown_scan_skip_quote (ScMarkdownScan *self,
                             gsize           at)
{
  sc_markdown_scan_advance_to (self, at + 1);
  if (self->offset < self->line->len && strchr (" \t", self->line->str[self->offset]) != NULL)
    sc_markdown_scan_advance_columns (self, 1);
}

ScMarkdownContainer *
sc_markdown_scan_get_container (ScMarkdownScan *self,
                                guint           index)
{
  return &g_array_index (self->containers, ScMarkdownContainer, index);
}

static void
close_containers (ScMarkdownScan *self,
                  guint           n)
{
  if (n < self->containers->len)
    {
      /* An item that is left without ever being shown is shown now. */
      sc_markdown_show_around (self);
      g_array_set_size (self->containers, n);
      self->has_placeholder = FALSE;
    }
  self->n_shown = MIN (self->n_shown, n);
}

void
sc_markdown_scan_close_unmatched (ScMarkdownScan *self)
{
  if (!self->is_leaf_matched || self->n_matched < self->containers->len)
    {
      sc_markdown_leaf_close (self);
      if (self->n_matched < self->containers->len)
        {
          sc_markdown_scan_flush_quote (self);
          close_containers (self, self->n_matched);
        }
    }
  self->is_leaf_matched = TRUE;
}

void
sc_markdown_scan_make_room (ScMarkdownScan *self)
{
  ScMarkdownContainer *top;

  sc_markdown_scan_close_unmatched (self);
  sc_markdown_leaf_close (self);
  top = sc_markdown_scan_get_top (self);
  if (top != NULL && top->type == SC_MARKDOWN_IN_LIST)
    close_containers (self, self->containers->len - 1);
  self->n_matched = self->containers->len;
  self->has_opened = TRUE;
}

void
sc_markdown_scan_push_container (ScMarkdownScan            *self,
                                 const ScMarkdownContainer *container)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);

  if (top != NULL)
    top->has_child = TRUE;
  if (self->containers->len == SC_MARKDOWN_MAX_NESTING)
    sc_markdown_guard_container (self, container->source - self->line_start);
  g_array_append_vals (self->containers, container, 1);
  self->n_matched = self->containers->len;
  self->inner = container->type;
  self->has_opened = TRUE;
}

ScMarkdownContainer
sc_markdown_scan_new_container (ScMarkdownScan          *self,
                                ScMarkdownContainerType  type,
                                gsize                    at)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownContainer container = { .type = type, .number = -1, .checked = -1 };

  container.source = self->line_start + at;

  if (top != NULL)
    {
      container.depth = top->depth;
      container.quote = top->quote;
    }
  container.depth += type == SC_MARKDOWN_IN_LIST ? 1 : 0;
  container.quote += type == SC_MARKDOWN_IN_QUOTE ? 1 : 0;
  return container;
}

/* Understands the line as far as it has come. */
static void
read_line (ScMarkdownScan *self,
           gboolean        is_complete)
{
  if (!is_complete && self->phase <= SC_MARKDOWN_OPENING && self->line->len < self->retry_at)
    return;
  if ((self->phase == SC_MARKDOWN_MATCHING && !sc_markdown_scan_match_line (self, is_complete)) ||
      (self->phase == SC_MARKDOWN_OPENING && !sc_markdown_scan_open_blocks (self, is_complete)))
    {
      if (self->line->len > EAGER_LENGTH)
        self->retry_at = self->line->len + self->line->len / 4;
      return;
    }
  if (is_complete)
    sc_markdown_guard_line (self);
  if (self->phase == SC_MARKDOWN_TAKING)
    sc_markdown_leaf_take_line (self, is_complete);
}

static void
begin_line (ScMarkdownScan *self)
{
  self->phase = SC_MARKDOWN_MATCHING;
  self->offset = 0;
  self->column = 0;
  self->is_inside_tab = FALSE;
  self->n_matched = 0;
  self->is_leaf_matched = FALSE;
  self->has_opened = FALSE;
  self->has_taken = FALSE;
  self->has_box = FALSE;
  self->text_start = 0;
  self->rule_failed_at = 0;
  self->tail_start = 0;
  self->nonspace = 0;
  self->nonspace_column = 0;
  self->retry_at = 0;
  g_string_truncate (self->line, 0);
}

void
sc_markdown_scan_flush_quote (ScMarkdownScan *self)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownEntry *entry;

  if (top == NULL || top->type != SC_MARKDOWN_IN_QUOTE || top->has_child || self->has_placeholder ||
      self->leaf.kind != SC_MARKDOWN_LEAF_NONE)
    return;
  entry = sc_markdown_new_inside (self, SC_MARKDOWN_QUOTE);
  sc_markdown_show_around (self);
  sc_markdown_push_shown (self, entry);
  self->has_placeholder = TRUE;
}

/* A line that neither goes on with a list nor is indented begins anew, if the blank line before it closed the leaf. */
static void
note_cut (ScMarkdownScan *self)
{
  ScMarkdownCut cut = { self->line_start, self->n_before };
  gsize last = 0;

  if (!self->is_after_blank || self->cut_distance == 0 || self->line->len == 0 || (guchar) self->line->str[0] >= 0x80 ||
      g_ascii_isdigit (self->line->str[0]) || strchr (" \t-+*>", self->line->str[0]) != NULL)
    return;
  if (self->cuts->len > 0)
    last = g_array_index (self->cuts, ScMarkdownCut, self->cuts->len - 1).offset;
  if (cut.offset - last >= self->cut_distance)
    g_array_append_val (self->cuts, cut);
}

static void
end_line (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  gboolean is_blank = self->line->len == 0;

  note_cut (self);
  self->is_after_blank = FALSE;
  if (sc_markdown_guard_blank (self))
    {
      begin_line (self);
      return;
    }
  read_line (self, TRUE);
  if (self->phase == SC_MARKDOWN_TAKING && leaf->kind == SC_MARKDOWN_LEAF_HEADING)
    sc_markdown_leaf_close (self);
  else if (self->phase == SC_MARKDOWN_TAKING && leaf->kind == SC_MARKDOWN_LEAF_HTML &&
           sc_markdown_line_html_ends (sc_markdown_scan_get_line (self), self->text_start,
                                       leaf->html_type))
    sc_markdown_leaf_close (self);
  else if (leaf->kind == SC_MARKDOWN_LEAF_PARAGRAPH)
    sc_markdown_leaf_resolve (self, FALSE);
  sc_markdown_scan_flush_quote (self);
  if (leaf->kind == SC_MARKDOWN_LEAF_NONE)
    sc_markdown_show_around (self);
  self->is_after_blank = is_blank && leaf->kind == SC_MARKDOWN_LEAF_NONE;
  self->n_before = self->list->entries->len;
  begin_line (self);
}

void
sc_markdown_scan_init (ScMarkdownScan *self,
                       ScMarkdownList *list)
{
  memset (self, 0, sizeof *self);
  self->list = list;
  self->containers = g_array_new (FALSE, FALSE, sizeof (ScMarkdownContainer));
  self->line = g_string_new (NULL);
  self->leaf.content = g_string_new (NULL);
  self->leaf.blanks = g_string_new (NULL);
  self->table.cell = g_string_new (NULL);
  self->table.changed_row = G_MAXUINT;
  self->patches = g_array_new (FALSE, FALSE, sizeof (ScMarkdownPatch));
  sc_markdown_guard_init (self);
  self->long_definitions = g_array_new (FALSE, FALSE, sizeof (ScMarkdownLongDefinition));
  self->cuts = g_array_new (FALSE, FALSE, sizeof (ScMarkdownCut));
  sc_markdown_inline_init (&self->leaf.inlines, sc_markdown_find_definition, self);
  sc_markdown_inline_init (&self->table.inlines, sc_markdown_find_definition, self);
  sc_markdown_settle_init (self);
  begin_line (self);
}

void
sc_markdown_scan_clear (ScMarkdownScan *self)
{
  if (self->leaf.entry != NULL && !self->leaf.is_shown)
    sc_markdown_entry_free (self->leaf.entry);
  if (self->table.entry != NULL && !self->table.is_shown)
    sc_markdown_entry_free (self->table.entry);
  g_array_unref (self->containers);
  g_string_free (self->line, TRUE);
  g_string_free (self->leaf.content, TRUE);
  g_string_free (self->leaf.blanks, TRUE);
  g_string_free (self->table.cell, TRUE);
  g_array_unref (self->patches);
  sc_markdown_guard_clear (self);
  g_array_unref (self->long_definitions);
  g_array_unref (self->cuts);
  sc_markdown_inline_clear (&self->leaf.inlines);
  sc_markdown_inline_clear (&self->table.inlines);
  sc_markdown_settle_clear (self);
}

void
sc_markdown_scan_finish (ScMarkdownScan *self)
{
  if (self->line->len > 0)
    end_line (self);
  sc_markdown_leaf_close (self);
  sc_markdown_scan_flush_quote (self);
  close_containers (self, 0);
  sc_markdown_guard_finish (self);
}

void
sc_markdown_scan_feed (ScMarkdownScan *self,
                       const char     *bytes,
                       gsize           length)
{
  const char *feed;

  while (length > 0 && (feed = memchr (bytes, '\n', length)) != NULL)
    {
      gsize n = (gsize) (feed - bytes);

      g_string_append_len (self->line, bytes, (gssize) n);
      end_line (self);
      bytes += n + 1;
      length -= n + 1;
      self->n_bytes += n + 1;
      self->line_start = self->n_bytes;
    }
  g_string_append_len (self->line, bytes, (gssize) length);
  self->n_bytes += length;
}

void
sc_markdown_scan_show (ScMarkdownScan *self)
{
  if (self->line->len > 0)
    read_line (self, FALSE);
  if (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH || self->leaf.kind == SC_MARKDOWN_LEAF_HEADING)
    sc_markdown_leaf_run (self);
  sc_markdown_table_run (self);
  if (self->dirty.length > 0)
    sc_markdown_settle_late (self);
}
