/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the text of a line gets into the leaf: code and HTML as they are, headings without their closing sequence, rows to
 * the table. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

static void
append_code (ScMarkdownScan *self,
             const char     *bytes,
             gsize           length)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  GString *text = leaf->entry->block.content.text;

  if (length == 0)
    return;
  if (leaf->is_shown)
    sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, (guint) text->len, 0);
  g_string_append_len (text, bytes, (gssize) length);
}

/* A line of code or HTML begins: the line feed of the one before is shown now. */
static void
begin_code_line (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  if (leaf->blanks->len > 0)
    append_code (self, leaf->blanks->str, leaf->blanks->len);
  g_string_truncate (leaf->blanks, 0);
  if (leaf->has_line)
    append_code (self, "\n", 1);
  leaf->has_line = TRUE;
  if (self->is_inside_tab)
    {
      append_code (self, "    ", (gsize) (4 - self->column % 4));
      self->offset++;
      self->is_inside_tab = FALSE;
    }
}

/* Returns FALSE where it cannot be told yet whether the line has any code. */
static gboolean
take_code (ScMarkdownScan *self,
           gboolean        is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  GString *line = self->line;
  gsize rest = line->len - MIN (self->offset, line->len);

  if (!self->has_taken && leaf->kind == SC_MARKDOWN_LEAF_INDENTED &&
      strspn (line->str + self->offset, " \t") == rest)
    {
      if (!is_complete)
        return FALSE;
      g_string_append_c (leaf->blanks, '\n');
      g_string_append_len (leaf->blanks, line->str + self->offset, (gssize) rest);
      self->offset = line->len;
      return TRUE;
    }
  if (!self->has_taken)
    begin_code_line (self);
  append_code (self, line->str + self->offset, line->len - MIN (self->offset, line->len));
  self->offset = line->len;
  sc_markdown_leaf_show (self);
  return TRUE;
}

/* A closing sequence of "#" is no text, and what may become one is held back. */
static gsize
find_heading_end (ScMarkdownScan *self,
                  gboolean        is_complete)
{
  const GString *line = self->line;
  gsize start = self->text_start;
  gsize end = line->len;
  gsize hashes;

  if (!is_complete)
    {
      /* What was found to be one before is not looked at again. */
      while (end > MAX (start, self->tail_start) && strchr (" \t#", line->str[end - 1]) != NULL)
        end--;
      if (end <= self->tail_start)
        end = self->offset;
      self->tail_start = line->len;
      return end;
    }
  while (end > start && strchr (" \t", line->str[end - 1]) != NULL)
    end--;
  hashes = end;
  while (hashes > start && line->str[hashes - 1] == '#')
    hashes--;
  if (hashes < end && (hashes == start || strchr (" \t", line->str[hashes - 1]) != NULL))
    end = hashes;
  while (end > start && strchr (" \t", line->str[end - 1]) != NULL)
    end--;
  return end;
}

void
sc_markdown_leaf_take_line (ScMarkdownScan *self,
                            gboolean        is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  GString *line = self->line;
  ScMarkdownPiece row = { line->str + self->text_start, line->len - self->text_start };
  gsize end = line->len;

  switch (leaf->kind)
    {
    case SC_MARKDOWN_LEAF_HEADING:
      end = find_heading_end (self, is_complete);
      G_GNUC_FALLTHROUGH;
    case SC_MARKDOWN_LEAF_PARAGRAPH:
      if (end > self->offset)
        {
          g_string_append_len (leaf->content, line->str + self->offset,
                               (gssize) (end - self->offset));
          self->offset = end;
        }
      if (leaf->guess >= 0)
        sc_markdown_table_read (self, row, is_complete);
      break;
    case SC_MARKDOWN_LEAF_TABLE:
      sc_markdown_table_read (self, row, is_complete);
      break;
    case SC_MARKDOWN_LEAF_FENCE:
    case SC_MARKDOWN_LEAF_INDENTED:
    case SC_MARKDOWN_LEAF_HTML:
      self->has_taken = take_code (self, is_complete);
      return;
    case SC_MARKDOWN_LEAF_NONE:
    default:
      break;
    }
  self->has_taken = TRUE;
}
