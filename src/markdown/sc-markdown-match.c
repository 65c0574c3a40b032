/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of the open containers a line goes on with, and whether with the open leaf: the first half of what is done with
 * a line (CommonMark 0.29, appendix "A parsing strategy"). */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

static ScMarkdownMatch
match_quote (ScMarkdownScan *self,
             gboolean        is_complete)
{
  ScMarkdownIndent indent = sc_markdown_scan_find_indent (self, is_complete);

  if (indent.is_blank || indent.indent >= SC_MARKDOWN_CODE_INDENT)
    return indent.is_known || indent.indent >= SC_MARKDOWN_CODE_INDENT ? SC_MARKDOWN_NO
                                                                       : SC_MARKDOWN_MORE;
  if (self->line->str[indent.at] != '>')
    return SC_MARKDOWN_NO;
  if (indent.at + 1 >= self->line->len && !is_complete)
    return SC_MARKDOWN_MORE;
  if (self->n_matched == SC_MARKDOWN_MAX_NESTING)
    sc_markdown_guard_container (self, indent.at);
  sc_markdown_scan_skip_quote (self, indent.at);
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_item (ScMarkdownScan            *self,
            const ScMarkdownContainer *item,
            gboolean                   is_complete)
{
  ScMarkdownIndent indent = sc_markdown_scan_find_indent (self, is_complete);

  if (indent.indent >= item->indent)
    {
      sc_markdown_scan_advance_columns (self, item->indent);
      return SC_MARKDOWN_YES;
    }
  if (!indent.is_known)
    return SC_MARKDOWN_MORE;
  if (!indent.is_blank || !item->has_child)
    return SC_MARKDOWN_NO;
  sc_markdown_scan_advance_to (self, indent.at);
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_fence (ScMarkdownScan *self,
             gboolean        is_complete)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  ScMarkdownIndent indent = sc_markdown_scan_find_indent (self, is_complete);
  int skip;

  if (indent.is_blank && !is_complete && indent.indent < SC_MARKDOWN_CODE_INDENT)
    return SC_MARKDOWN_MORE;
  if (indent.indent < SC_MARKDOWN_CODE_INDENT && !indent.is_blank)
    {
      ScMarkdownMatch match;

      match = sc_markdown_line_fence_end (sc_markdown_scan_get_line (self), indent.at, is_complete,
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
    sc_markdown_scan_advance_columns (self, 1);
  self->phase = SC_MARKDOWN_TAKING;
  return SC_MARKDOWN_YES;
}

static ScMarkdownMatch
match_indented (ScMarkdownScan *self,
                gboolean        is_complete)
{
  ScMarkdownIndent indent = sc_markdown_scan_find_indent (self, is_complete);

  if (indent.indent >= SC_MARKDOWN_CODE_INDENT)
    sc_markdown_scan_advance_columns (self, SC_MARKDOWN_CODE_INDENT);
  else if (!indent.is_known)
    return SC_MARKDOWN_MORE;
  else if (indent.is_blank)
    sc_markdown_scan_advance_to (self, indent.at);
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
  ScMarkdownIndent indent;

  switch (self->leaf.kind)
    {
    case SC_MARKDOWN_LEAF_FENCE:
      return match_fence (self, is_complete);
    case SC_MARKDOWN_LEAF_INDENTED:
      return match_indented (self, is_complete);
    case SC_MARKDOWN_LEAF_HTML:
      indent = sc_markdown_scan_find_indent (self, is_complete);
      if (self->leaf.html_type >= 6 && indent.is_blank)
        return indent.is_known ? SC_MARKDOWN_NO : SC_MARKDOWN_MORE;
      self->phase = SC_MARKDOWN_TAKING;
      return SC_MARKDOWN_YES;
    case SC_MARKDOWN_LEAF_PARAGRAPH:
    case SC_MARKDOWN_LEAF_TABLE:
      indent = sc_markdown_scan_find_indent (self, is_complete);
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
  return self->n_matched > 0 ? sc_markdown_scan_get_container (self, self->n_matched - 1)->type
                             : SC_MARKDOWN_IN_DOCUMENT;
}

gboolean
sc_markdown_scan_match_line (ScMarkdownScan *self,
                             gboolean        is_complete)
{
  ScMarkdownMatch match = SC_MARKDOWN_YES;

  while (match == SC_MARKDOWN_YES && self->n_matched < self->containers->len)
    {
      ScMarkdownContainer *container = sc_markdown_scan_get_container (self, self->n_matched);

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
