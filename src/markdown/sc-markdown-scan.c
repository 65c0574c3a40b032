/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The block structure of a text that is still growing: CommonMark 0.29, appendix "A parsing strategy", phase 1, in the
 * reading of cmark-gfm, but on lines that are not complete. A line is understood from its start as far as it is
 * certain; while several readings are open nothing of it is shown, and once its kind is known its text goes straight to
 * the leaf. Nothing is read twice, so that the cost is that of the bytes. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* Columns that make code. */
#define CODE_INDENT 4
/* A line that stays undecided longer than this is tried again only when it has grown by a quarter. */
#define EAGER_LENGTH 64

typedef struct
{
  gsize    at;       /* first character that is no white space */
  int      indent;   /* columns before it */
  gboolean is_known; /* there is such a character, or the line is complete */
  gboolean is_blank;
} Indent;

static ScMarkdownPiece
get_line (ScMarkdownScan *self)
{
  ScMarkdownPiece line = { self->line->str, self->line->len };

  return line;
}

static Indent
find_indent (ScMarkdownScan *self,
             gboolean        is_complete)
{
  Indent result = { self->offset, 0, FALSE, FALSE };
  int column = self->column;

  for (; result.at < self->line->len; result.at++)
    if (self->line->str[result.at] == ' ')
      column++;
    else if (self->line->str[result.at] == '\t')
      column += 4 - column % 4;
    else
      break;
  result.indent = column - self->column;
  result.is_blank = result.at >= self->line->len;
  result.is_known = is_complete || !result.is_blank;
  return result;
}

/* Moves on by columns; a tab may be used in part. */
static void
advance_columns (ScMarkdownScan *self,
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

static void
advance_to (ScMarkdownScan *self,
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

static ScMarkdownContainer *
get_container (ScMarkdownScan *self,
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

/* What the line does not belong to ends. */
static void
close_unmatched (ScMarkdownScan *self)
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

/* Ends what cannot hold the block that begins: an open leaf, a list unless an item comes. */
static void
make_room (ScMarkdownScan *self)
{
  ScMarkdownContainer *top;

  close_unmatched (self);
  sc_markdown_leaf_close (self);
  top = sc_markdown_scan_get_top (self);
  if (top != NULL && top->type == SC_MARKDOWN_IN_LIST)
    close_containers (self, self->containers->len - 1);
  self->n_matched = self->containers->len;
  self->has_opened = TRUE;
}

static void
push_container (ScMarkdownScan            *self,
                const ScMarkdownContainer *container)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);

  if (top != NULL)
    top->has_child = TRUE;
  g_array_append_vals (self->containers, container, 1);
  self->n_matched = self->containers->len;
  self->inner = container->type;
  self->has_opened = TRUE;
}

static ScMarkdownContainer
new_container (ScMarkdownScan          *self,
               ScMarkdownContainerType  type)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownContainer container = { .type = type, .number = -1, .checked = -1 };

  if (top != NULL)
    {
      container.depth = top->depth;
      container.quote = top->quote;
    }
  container.depth += type == SC_MARKDOWN_IN_LIST ? 1 : 0;
  container.quote += type == SC_MARKDOWN_IN_QUOTE ? 1 : 0;
  return container;
}

/* Matching. */

static ScMarkdownMatch
match_quote (ScMarkdownScan *self,
             gboolean        is_complete)
{
  Indent indent = find_indent (self, is_complete);

  if (indent.is_blank || indent.indent >= CODE_INDENT)
    return indent.is_known || indent.indent >= CODE_INDENT ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
  if (self->line->str[indent.at] != '>')
    return SC_MARKDOWN_NO;
  if (indent.at + 1 >= self->line->len && !is_complete)
    return SC_MARKDOWN_MORE;
  advance_to (self, indent.at + 1);
  if (self->offset < self->line->len && strchr (" \t", self->line->str[self->offset]) != NULL)
    advance_columns (self, 1);
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_item (ScMarkdownScan            *self,
            const ScMarkdownContainer *item,
            gboolean                   is_complete)
{
  Indent indent = find_indent (self, is_complete);

  if (indent.indent >= item->indent)
    {
      advance_columns (self, item->indent);
      return SC_MARKDOWN_YES;
    }
  if (!indent.is_known)
    return SC_MARKDOWN_MORE;
  if (!indent.is_blank || !item->has_child)
    return SC_MARKDOWN_NO;
  advance_to (self, indent.at);
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_fence (ScMarkdownScan *self,
             gboolean        is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  Indent indent = find_indent (self, is_complete);
  int skip;

  if (indent.is_blank && !is_complete && indent.indent < CODE_INDENT)
    return SC_MARKDOWN_MORE;
  if (indent.indent < CODE_INDENT && !indent.is_blank)
    {
      ScMarkdownMatch match = sc_markdown_line_fence_end (get_line (self), indent.at, is_complete,
                                                          leaf->fence, leaf->fence_length);

      if (match == SC_MARKDOWN_MORE)
        return match;
      if (match == SC_MARKDOWN_YES)
        {
          sc_markdown_leaf_close (self);
          self->phase = SC_MARKDOWN_SKIPPING;
          return match;
        }
    }
  for (skip = leaf->fence_indent; skip > 0 && self->offset < self->line->len &&
                                  strchr (" \t", self->line->str[self->offset]) != NULL; skip--)
    advance_columns (self, 1);
  self->phase = SC_MARKDOWN_TAKING;
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_indented (ScMarkdownScan *self,
                gboolean        is_complete)
{
  Indent indent = find_indent (self, is_complete);

  if (indent.indent >= CODE_INDENT)
    advance_columns (self, CODE_INDENT);
  else if (!indent.is_known)
    return SC_MARKDOWN_MORE;
  else if (indent.is_blank)
    advance_to (self, indent.at);
  else
    return SC_MARKDOWN_NO;
  self->phase = SC_MARKDOWN_TAKING;
  return SC_MARKDOWN_YES;
}

/* Whether the line belongs to the open leaf. */
static ScMarkdownMatch
match_leaf (ScMarkdownScan *self,
            gboolean        is_complete)
{
  Indent indent;

  switch (self->leaf.kind)
    {
    case SC_MARKDOWN_LEAF_FENCE:
      return match_fence (self, is_complete);
    case SC_MARKDOWN_LEAF_INDENTED:
      return match_indented (self, is_complete);
    case SC_MARKDOWN_LEAF_HTML:
      indent = find_indent (self, is_complete);
      if (self->leaf.html_type >= 6 && indent.is_blank)
        return indent.is_known ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
      self->phase = SC_MARKDOWN_TAKING;
      return SC_MARKDOWN_YES;
    case SC_MARKDOWN_LEAF_PARAGRAPH:
    case SC_MARKDOWN_LEAF_TABLE:
      indent = find_indent (self, is_complete);
      if (!indent.is_known)
        return SC_MARKDOWN_MORE;
      if (indent.is_blank)
        return SC_MARKDOWN_NO;
      self->inner = self->leaf.kind == SC_MARKDOWN_LEAF_TABLE ? SC_MARKDOWN_IN_TABLE
                                                              : SC_MARKDOWN_IN_PARAGRAPH;
      return SC_MARKDOWN_YES;
    case SC_MARKDOWN_LEAF_NONE:
    case SC_MARKDOWN_LEAF_HEADING:
    default:
      return SC_MARKDOWN_YES;
    }
}

static ScMarkdownContainerType
get_inner (ScMarkdownScan *self)
{
  return self->n_matched > 0 ? get_container (self, self->n_matched - 1)->type
                             : SC_MARKDOWN_IN_DOCUMENT;
}

/* Returns FALSE if more has to come. */
static gboolean
match_line (ScMarkdownScan *self,
            gboolean        is_complete)
{
  ScMarkdownMatch match = SC_MARKDOWN_YES;

  while (match == SC_MARKDOWN_YES && self->n_matched < self->containers->len)
    {
      ScMarkdownContainer *container = get_container (self, self->n_matched);

      if (container->type == SC_MARKDOWN_IN_QUOTE)
        match = match_quote (self, is_complete);
      else if (container->type == SC_MARKDOWN_IN_ITEM)
        match = match_item (self, container, is_complete);
      if (match == SC_MARKDOWN_YES)
        self->n_matched++;
    }
  if (match == SC_MARKDOWN_MORE)
    return FALSE;
  self->inner = get_inner (self);
  self->phase = SC_MARKDOWN_OPENING;
  if (match == SC_MARKDOWN_YES)
    match = match_leaf (self, is_complete);
  self->is_leaf_matched = match == SC_MARKDOWN_YES;
  if (match == SC_MARKDOWN_MORE)
    self->phase = SC_MARKDOWN_MATCHING;
  return match != SC_MARKDOWN_MORE;
}

/* Opening. Each try_ function answers whether the block begins here; at YES it has opened it. */

static ScMarkdownMatch
try_quote (ScMarkdownScan *self,
           Indent          indent,
           gboolean        is_complete)
{
  ScMarkdownContainer container;

  if (indent.indent >= CODE_INDENT || self->line->str[indent.at] != '>')
    return SC_MARKDOWN_NO;
  if (indent.at + 1 >= self->line->len && !is_complete)
    return SC_MARKDOWN_MORE;
  make_room (self);
  container = new_container (self, SC_MARKDOWN_IN_QUOTE);
  push_container (self, &container);
  advance_to (self, indent.at + 1);
  if (self->offset < self->line->len && strchr (" \t", self->line->str[self->offset]) != NULL)
    advance_columns (self, 1);
  return SC_MARKDOWN_YES;
}

static void
open_leaf (ScMarkdownScan     *self,
           ScMarkdownLeafKind  kind)
{
  make_room (self);
  sc_markdown_leaf_open (self, kind);
  self->is_leaf_matched = TRUE;
}

static ScMarkdownMatch
try_heading (ScMarkdownScan *self,
             Indent          indent,
             gboolean        is_complete)
{
  gsize end = 0;
  int level = 0;
  ScMarkdownMatch match = sc_markdown_line_heading (get_line (self), indent.at, is_complete, &end,
                                                    &level);

  if (match == SC_MARKDOWN_YES)
    {
      open_leaf (self, SC_MARKDOWN_LEAF_HEADING);
      self->leaf.entry->block.level = level;
      advance_to (self, end);
      self->phase = SC_MARKDOWN_TAKING;
    }
  return match;
}

static ScMarkdownMatch
try_fence (ScMarkdownScan *self,
           Indent          indent,
           gboolean        is_complete)
{
  gsize end = 0;
  ScMarkdownMatch match = sc_markdown_line_fence (get_line (self), indent.at, is_complete, &end);

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
try_html (ScMarkdownScan *self,
          Indent          indent,
          gboolean        is_complete)
{
  int type = 0;
  ScMarkdownMatch match = sc_markdown_line_html (get_line (self), indent.at, is_complete,
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
try_setext (ScMarkdownScan *self,
            Indent          indent,
            gboolean        is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  int level = 0;
  ScMarkdownMatch match;

  if (self->inner != SC_MARKDOWN_IN_PARAGRAPH)
    return SC_MARKDOWN_NO;
  match = sc_markdown_line_setext (get_line (self), indent.at, is_complete, &level);
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
try_rule (ScMarkdownScan *self,
          Indent          indent,
          gboolean        is_complete)
{
  ScMarkdownMatch match = sc_markdown_line_rule (get_line (self), indent.at, is_complete,
                                                 &self->rule_failed_at);

  if (match == SC_MARKDOWN_YES)
    {
      ScMarkdownContainer *top;
      ScMarkdownEntry *entry;

      make_room (self);
      top = sc_markdown_scan_get_top (self);
      entry = sc_markdown_new_inside (self, SC_MARKDOWN_RULE);
      entry->block.is_closed = TRUE;
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

static ScMarkdownMatch
try_item (ScMarkdownScan *self,
          Indent          indent,
          gboolean        is_complete)
{
  ScMarkdownContainer item;
  gsize end = 0, offset = self->offset;
  char marker = '\0';
  int column = self->column;
  gboolean is_inside_tab = self->is_inside_tab;
  int number = -1, padding = 0;
  ScMarkdownMatch match = sc_markdown_line_marker (get_line (self), indent.at, is_complete,
                                                   self->inner == SC_MARKDOWN_IN_PARAGRAPH, &end,
                                                   &marker, &number);

  if (match != SC_MARKDOWN_YES)
    return match;
  advance_to (self, end);
  if (!find_padding (self, is_complete, &padding))
    {
      self->offset = offset;
      self->column = column;
      self->is_inside_tab = is_inside_tab;
      return SC_MARKDOWN_MORE;
    }
  if (padding >= 1 && padding < 5)
    advance_columns (self, padding);
  else
    {
      advance_columns (self, padding != 0 ? 1 : 0);
      padding = 1;
    }
  sc_markdown_scan_open_list (self, marker, number);
  item = new_container (self, SC_MARKDOWN_IN_ITEM);
  item.indent = indent.indent + (int) (end - indent.at) + padding;
  item.marker = marker;
  if (number >= 0)
    item.number = sc_markdown_scan_get_top (self)->number++;
  push_container (self, &item);
  return match;
}

/* A list goes on with an item of its kind. */
void
sc_markdown_scan_open_list (ScMarkdownScan *self,
                            char            marker,
                            int             number)
{
  ScMarkdownContainer list;

  if (self->inner == SC_MARKDOWN_IN_LIST &&
      get_container (self, self->n_matched - 1)->marker == marker)
    {
      close_unmatched (self);
      sc_markdown_leaf_close (self);
      self->has_opened = TRUE;
      return;
    }
  make_room (self);
  list = new_container (self, SC_MARKDOWN_IN_LIST);
  list.marker = marker;
  list.number = number;
  push_container (self, &list);
}

static ScMarkdownMatch
try_task (ScMarkdownScan *self,
          Indent          indent,
          gboolean        is_complete)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  int checked = 0;
  ScMarkdownMatch match;

  if (self->inner != SC_MARKDOWN_IN_ITEM || !self->has_opened || self->line->str[indent.at] != '[')
    return SC_MARKDOWN_NO;
  match = sc_markdown_line_task (get_line (self), is_complete, &checked);
  if (match == SC_MARKDOWN_YES)
    {
      top->checked = checked;
      advance_to (self, indent.at + 3);
      self->has_box = TRUE;
    }
  return match;
}

/* A delimiter row makes the last line of the paragraph the head of a table. */
static ScMarkdownMatch
try_table (ScMarkdownScan *self,
           Indent          indent,
           gboolean        is_complete)
{
  g_autoptr (GArray) aligns = NULL;
  ScMarkdownMatch match;
  ScMarkdownPiece head;
  const char *feed;
  guint n_cells;

  if (self->inner != SC_MARKDOWN_IN_PARAGRAPH || indent.indent >= CODE_INDENT ||
      strchr ("|-:", self->line->str[indent.at]) == NULL)
    return SC_MARKDOWN_NO;
  aligns = g_array_new (FALSE, FALSE, sizeof (ScMarkdownAlign));
  match = sc_markdown_line_delimiters (get_line (self), indent.at, is_complete, aligns);
  if (match == SC_MARKDOWN_NO)
    return match;
  head.text = self->leaf.content->str;
  head.length = self->leaf.content->len;
  feed = g_strrstr_len (head.text, (gssize) head.length, "\n");
  if (feed != NULL)
    {
      head.length -= (gsize) (feed + 1 - head.text);
      head.text = feed + 1;
    }
  n_cells = sc_markdown_table_count (head);
  if (match == SC_MARKDOWN_MORE)
    return aligns->len <= n_cells ? match : SC_MARKDOWN_NO;
  if (MAX (aligns->len, MAX (n_cells, self->guard.most_pipes)) > SC_MARKDOWN_MAX_COLUMNS)
    {
      sc_markdown_guard_delimiters (self, indent.at);
      return SC_MARKDOWN_NO;
    }
  if (aligns->len != n_cells)
    return SC_MARKDOWN_NO;
  sc_markdown_leaf_become_table (self, (gsize) (head.text - self->leaf.content->str), aligns);
  self->phase = SC_MARKDOWN_SKIPPING;
  return match;
}

static void
start_text (ScMarkdownScan *self,
            Indent          indent)
{
  advance_to (self, indent.at);
  self->text_start = self->offset;
  self->phase = SC_MARKDOWN_TAKING;
}

static ScMarkdownMatch
try_row (ScMarkdownScan *self,
         Indent          indent,
         gboolean        is_complete)
{
  ScMarkdownPiece row = { self->line->str + indent.at, self->line->len - indent.at };

  if (self->inner != SC_MARKDOWN_IN_TABLE || indent.indent >= CODE_INDENT)
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
try_indented (ScMarkdownScan *self,
              Indent          indent)
{
  if (indent.indent < CODE_INDENT ||
      (self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH && !self->has_opened))
    return SC_MARKDOWN_NO;
  open_leaf (self, SC_MARKDOWN_LEAF_INDENTED);
  advance_columns (self, CODE_INDENT);
  self->phase = SC_MARKDOWN_TAKING;
  return SC_MARKDOWN_YES;
}

/* The line is text: of the open paragraph, also where its containers are not matched (CommonMark 5.1, laziness), or of
 * a new one. */
static void
take_text (ScMarkdownScan *self,
           Indent          indent)
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
  if (self->line->str[indent.at] == '|' && !self->leaf.has_guessed && indent.indent < CODE_INDENT)
    sc_markdown_leaf_guess_table (self, line);
}

/* Tries what can begin with the next character. */
static ScMarkdownMatch
try_block (ScMarkdownScan *self,
           Indent          indent,
           gboolean        is_complete)
{
  ScMarkdownMatch (*const tries[]) (ScMarkdownScan *, Indent, gboolean) = {
    try_quote, try_heading, try_fence, try_html, try_setext, try_rule,
  };
  ScMarkdownMatch match = SC_MARKDOWN_NO;
  guint i;

  for (i = 0; indent.indent < CODE_INDENT && i < G_N_ELEMENTS (tries); i++)
    {
      match = tries[i](self, indent, is_complete);
      if (match != SC_MARKDOWN_NO)
        return match;
    }
  if (indent.indent < CODE_INDENT)
    match = try_item (self, indent, is_complete);
  if (match == SC_MARKDOWN_NO)
    match = try_indented (self, indent);
  if (match == SC_MARKDOWN_NO)
    match = try_table (self, indent, is_complete);
  return match;
}

/* Returns FALSE if more has to come. */
static gboolean
open_blocks (ScMarkdownScan *self,
             gboolean        is_complete)
{
  while (self->phase == SC_MARKDOWN_OPENING)
    {
      Indent indent = find_indent (self, is_complete);
      ScMarkdownMatch match;

      if (!indent.is_known)
        return FALSE;
      if (indent.is_blank)
        {
          close_unmatched (self);
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

/* Understands the line as far as it has come. */
static void
read_line (ScMarkdownScan *self,
           gboolean        is_complete)
{
  if (!is_complete && self->phase <= SC_MARKDOWN_OPENING && self->line->len < self->retry_at)
    return;
  if ((self->phase == SC_MARKDOWN_MATCHING && !match_line (self, is_complete)) ||
      (self->phase == SC_MARKDOWN_OPENING && !open_blocks (self, is_complete)))
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
  self->retry_at = 0;
  g_string_truncate (self->line, 0);
}

/* A quote that has nothing in it after its line is shown by a block of its own until something comes. */
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

static void
end_line (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  if (sc_markdown_guard_blank (self))
    {
      begin_line (self);
      return;
    }
  read_line (self, TRUE);
  if (self->phase == SC_MARKDOWN_TAKING && leaf->kind == SC_MARKDOWN_LEAF_HEADING)
    sc_markdown_leaf_close (self);
  else if (self->phase == SC_MARKDOWN_TAKING && leaf->kind == SC_MARKDOWN_LEAF_HTML &&
           sc_markdown_line_html_ends (get_line (self), self->text_start, leaf->html_type))
    sc_markdown_leaf_close (self);
  else if (leaf->kind == SC_MARKDOWN_LEAF_PARAGRAPH)
    sc_markdown_leaf_resolve (self, FALSE);
  sc_markdown_scan_flush_quote (self);
  if (leaf->kind == SC_MARKDOWN_LEAF_NONE)
    sc_markdown_show_around (self);
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
  self->long_definitions = g_array_new (FALSE, FALSE, sizeof (ScMarkdownLongDefinition));
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
  g_array_unref (self->long_definitions);
  sc_markdown_inline_clear (&self->leaf.inlines);
  sc_markdown_inline_clear (&self->table.inlines);
  sc_markdown_settle_clear (self);
}

/* Nothing more comes: everything that is open ends. */
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

/* Takes the next bytes, valid UTF-8 with line feeds only. */
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

/* Shows what can be shown of what has come. */
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
