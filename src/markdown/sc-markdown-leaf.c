/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The leaf that is growing: its text, what is shown of it, and what it becomes when it is closed. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* What may be a definition is waited for so long before it is shown as text. */
#define MAX_DEFINITION 4096

ScMarkdownContainer *
sc_markdown_scan_get_top (ScMarkdownScan *self)
{
  if (self->containers->len == 0)
    return NULL;
  return &g_array_index (self->containers, ScMarkdownContainer, self->containers->len - 1);
}

static ScMarkdownEntry *
new_item (const ScMarkdownContainer *container)
{
  ScMarkdownEntry *entry = sc_markdown_entry_new (SC_MARKDOWN_ITEM);

  entry->block.depth = container->depth;
  entry->block.quote = container->quote;
  entry->block.number = container->number;
  entry->block.checked = container->checked;
  return entry;
}

ScMarkdownEntry *
sc_markdown_new_inside (ScMarkdownScan *self,
                        ScMarkdownKind  kind)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownEntry *entry = sc_markdown_entry_new (kind);

  if (top != NULL)
    {
      entry->block.depth = top->depth;
      entry->block.quote = top->quote;
    }
  return entry;
}

/* Whatever was last and nobody closed (an item without a text, an empty quote) is complete when the next one comes. */
static void
close_last (ScMarkdownScan *self)
{
  guint length = self->list->entries->len;
  ScMarkdownEntry *last = length > 0 ? sc_markdown_list_get (self->list, length - 1) : NULL;

  if (last == NULL || last->block.is_closed ||
      (self->leaf.is_shown && self->leaf.index == length - 1))
    return;
  last->block.is_closed = TRUE;
  sc_markdown_list_touch (self->list, length - 1, SC_MARKDOWN_CLOSED, 0, 0);
}

void
sc_markdown_push_shown (ScMarkdownScan  *self,
                        ScMarkdownEntry *entry)
{
  if (self->has_placeholder)
    {
      self->has_placeholder = FALSE;
      sc_markdown_list_truncate (self->list, self->list->entries->len - 1);
    }
  close_last (self);
  sc_markdown_list_push (self->list, entry);
}

static gboolean
is_item_text (ScMarkdownScan *self,
              guint           index)
{
  return self->leaf.kind == SC_MARKDOWN_LEAF_PARAGRAPH && !self->leaf.is_shown &&
         self->leaf.entry != NULL && self->leaf.entry->block.kind == SC_MARKDOWN_ITEM &&
         index + 1 == self->containers->len;
}

void
sc_markdown_show_around (ScMarkdownScan *self)
{
  for (; self->n_shown < self->containers->len; self->n_shown++)
    {
      ScMarkdownContainer *container = &g_array_index (self->containers, ScMarkdownContainer,
                                                       self->n_shown);

      if (container->type != SC_MARKDOWN_IN_ITEM)
        continue;
      if (is_item_text (self, self->n_shown))
        {
          sc_markdown_push_shown (self, self->leaf.entry);
          self->leaf.is_shown = TRUE;
          self->leaf.index = self->list->entries->len - 1;
        }
      else
        {
          sc_markdown_push_shown (self, new_item (container));
        }
    }
}

void
sc_markdown_leaf_show (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  sc_markdown_show_around (self);
  if (leaf->is_shown)
    return;
  sc_markdown_push_shown (self, leaf->entry);
  leaf->is_shown = TRUE;
  leaf->index = self->list->entries->len - 1;
}

static ScMarkdownEntry *
new_paragraph (ScMarkdownScan *self)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownLeaf *leaf = &self->leaf;

  if (top == NULL || top->type != SC_MARKDOWN_IN_ITEM || top->has_child)
    return sc_markdown_new_inside (self, SC_MARKDOWN_PARAGRAPH);
  if (self->n_shown < self->containers->len)
    return new_item (top);
  /* The item stands in the list already, without a text. */
  leaf->is_shown = TRUE;
  leaf->index = self->list->entries->len - 1;
  return sc_markdown_list_get (self->list, leaf->index);
}

void
sc_markdown_leaf_open (ScMarkdownScan     *self,
                       ScMarkdownLeafKind  kind)
{
  static const ScMarkdownKind kinds[] = {
    [SC_MARKDOWN_LEAF_HEADING] = SC_MARKDOWN_HEADING,
    [SC_MARKDOWN_LEAF_FENCE] = SC_MARKDOWN_CODE,
    [SC_MARKDOWN_LEAF_INDENTED] = SC_MARKDOWN_CODE,
    [SC_MARKDOWN_LEAF_HTML] = SC_MARKDOWN_HTML,
  };
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownLeaf *leaf = &self->leaf;

  leaf->kind = kind;
  leaf->is_shown = FALSE;
  leaf->start = 0;
  leaf->is_waiting = TRUE;
  leaf->guess = -1;
  leaf->has_guessed = FALSE;
  leaf->is_front = FALSE;
  leaf->has_line = FALSE;
  leaf->is_first = top != NULL && !top->has_child;
  leaf->entry = NULL;
  g_string_truncate (leaf->content, 0);
  g_string_truncate (leaf->blanks, 0);
  sc_markdown_guard_reset (self);
  if (kind == SC_MARKDOWN_LEAF_PARAGRAPH)
    leaf->entry = new_paragraph (self);
  else if (kind != SC_MARKDOWN_LEAF_TABLE)
    leaf->entry = sc_markdown_new_inside (self, kinds[kind]);
  if (leaf->entry != NULL)
    sc_markdown_inline_begin (&leaf->inlines, leaf->entry, &leaf->entry->block.content);
  if (top != NULL)
    top->has_child = TRUE;
}

gboolean
sc_markdown_leaf_resolve (ScMarkdownScan *self,
                          gboolean        is_final)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  while (leaf->is_waiting)
    {
      ScMarkdownPiece piece = { leaf->content->str, leaf->content->len };
      ScMarkdownDefinition definition = { 0 };
      ScMarkdownMatch match = SC_MARKDOWN_NO;

      if (leaf->start >= piece.length)
        return FALSE;
      if (piece.text[leaf->start] == '[')
        match = sc_markdown_lex_definition (piece, leaf->start, is_final, &definition);
      if (match == SC_MARKDOWN_MORE && piece.length - leaf->start <= MAX_DEFINITION)
        return FALSE;
      if (match == SC_MARKDOWN_YES)
        {
          sc_markdown_define (self, piece.text, &definition, leaf->start);
          sc_markdown_guard_definition (self, definition.end - leaf->start);
          leaf->start = definition.end;
        }
      else
        {
          leaf->is_waiting = FALSE;
        }
    }
  return TRUE;
}

static ScMarkdownPiece
get_text (ScMarkdownLeaf *leaf)
{
  ScMarkdownPiece piece = { leaf->content->str, leaf->content->len };

  if (leaf->guess >= 0)
    piece.length = (gsize) leaf->guess;
  piece.text += MIN (leaf->start, piece.length);
  piece.length -= MIN (leaf->start, piece.length);
  return piece;
}

void
sc_markdown_leaf_run (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  gsize before = leaf->entry->block.content.text->len;
  guint keep;

  if (leaf->kind == SC_MARKDOWN_LEAF_PARAGRAPH &&
      (!sc_markdown_leaf_resolve (self, FALSE) || !sc_markdown_front_guess (self)))
    return;
  sc_markdown_inline_run (&leaf->inlines, get_text (leaf));
  keep = leaf->inlines.keep;
  if (leaf->entry->block.content.text->len == 0 && before == 0)
    return;
  if (leaf->is_shown && (keep < before || leaf->entry->block.content.text->len != before))
    sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, keep, 0);
  sc_markdown_leaf_show (self);
}

void
sc_markdown_leaf_close_inlines (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  ScMarkdownPiece text;
  guint keep;

  sc_markdown_leaf_run (self);
  sc_markdown_leaf_show (self);
  text = get_text (leaf);
  if (sc_markdown_inline_is_done (&leaf->inlines, text) || self->guard.is_hard)
    return;
  while (text.length > 0 && strchr (" \t\n", text.text[text.length - 1]) != NULL)
    text.length--;
  keep = G_MAXUINT;
  sc_markdown_settle (self, leaf->entry, &leaf->entry->block.content, text,
                      leaf->kind == SC_MARKDOWN_LEAF_HEADING, leaf->inlines.has_labels,
                      leaf->inlines.assumed->str, leaf->index, -1, 0, &keep);
  if (keep != G_MAXUINT)
    sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, keep, 0);
}

/* A paragraph that held definitions only is no block; an item stays. */
static void
drop_paragraph (ScMarkdownScan *self)
{
  ScMarkdownContainer *top = sc_markdown_scan_get_top (self);
  ScMarkdownLeaf *leaf = &self->leaf;
  gboolean is_item = leaf->entry->block.kind == SC_MARKDOWN_ITEM;

  if (leaf->is_first && top != NULL)
    top->has_child = FALSE;
  if (!leaf->is_shown && is_item)
    {
      sc_markdown_leaf_show (self);
    }
  else if (!leaf->is_shown)
    {
      sc_markdown_entry_free (leaf->entry);
      leaf->entry = NULL;
    }
  else if (!is_item)
    {
      sc_markdown_list_truncate (self->list, leaf->index);
      leaf->entry = NULL;
    }
  if (leaf->entry != NULL && leaf->entry->block.content.text->len > 0)
    {
      sc_markdown_text_truncate (&leaf->entry->block.content, 0);
      sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, 0, 0);
    }
}

/* What is shown does not begin where the text does. */
static void
restart_inlines (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  ScMarkdownText *text = &leaf->entry->block.content;

  sc_markdown_text_truncate (text, 0);
  if (leaf->is_shown)
    sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, 0, 0);
  sc_markdown_inline_begin (&leaf->inlines, leaf->entry, text);
}

static void
close_paragraph (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  gsize start;

  if (leaf->guess >= 0)
    {
      sc_markdown_table_drop (self);
      leaf->guess = -1;
    }
  start = leaf->start;
  leaf->is_waiting = TRUE;
  sc_markdown_leaf_resolve (self, TRUE);
  if (leaf->start > start && leaf->inlines.at > 0)
    restart_inlines (self);
  if (leaf->start >= leaf->content->len)
    drop_paragraph (self);
  else
    {
      leaf->is_waiting = FALSE;
      sc_markdown_leaf_close_inlines (self);
    }
}

void
sc_markdown_leaf_close (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  switch (leaf->kind)
    {
    case SC_MARKDOWN_LEAF_NONE:
      return;
    case SC_MARKDOWN_LEAF_PARAGRAPH:
      sc_markdown_front_drop (self);
      close_paragraph (self);
      break;
    case SC_MARKDOWN_LEAF_HEADING:
      sc_markdown_leaf_close_inlines (self);
      break;
    case SC_MARKDOWN_LEAF_TABLE:
      sc_markdown_table_close (self);
      break;
    case SC_MARKDOWN_LEAF_FENCE:
    case SC_MARKDOWN_LEAF_INDENTED:
    case SC_MARKDOWN_LEAF_HTML:
    default:
      sc_markdown_leaf_show (self);
      break;
    }
  if (leaf->entry != NULL && !leaf->entry->block.is_closed)
    {
      leaf->entry->block.is_closed = TRUE;
      sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_CLOSED, 0, 0);
    }
  leaf->kind = SC_MARKDOWN_LEAF_NONE;
  leaf->entry = NULL;
  leaf->is_shown = FALSE;
}

void
sc_markdown_leaf_continue (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  if (leaf->guess >= 0)
    {
      sc_markdown_table_drop (self);
      leaf->guess = -1;
    }
  g_string_append_c (leaf->content, '\n');
}

void
sc_markdown_leaf_guess_table (ScMarkdownScan *self,
                              gssize          line)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  if (leaf->is_waiting && line > 0)
    sc_markdown_leaf_resolve (self, FALSE);
  if (leaf->is_waiting && line > 0)
    return;
  if (leaf->entry->block.kind == SC_MARKDOWN_ITEM && line == 0)
    sc_markdown_leaf_show (self);
  leaf->guess = line;
  leaf->has_guessed = TRUE;
  if (line > 0)
    {
      sc_markdown_leaf_run (self);
      sc_markdown_leaf_show (self);
    }
  sc_markdown_table_begin (self, 0);
}

void
sc_markdown_leaf_become_heading (ScMarkdownScan *self,
                                 int             level)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  ScMarkdownEntry *old = leaf->entry;
  ScMarkdownEntry *heading = sc_markdown_new_inside (self, SC_MARKDOWN_HEADING);

  if (leaf->guess >= 0)
    sc_markdown_table_drop (self);
  leaf->guess = -1;
  leaf->is_waiting = FALSE;
  leaf->is_front = FALSE;
  heading->block.level = level;
  if (old->block.kind == SC_MARKDOWN_ITEM)
    {
      sc_markdown_leaf_show (self);
      sc_markdown_text_truncate (&old->block.content, 0);
      sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_EDITED, 0, 0);
    }
  else if (leaf->is_shown)
    sc_markdown_list_truncate (self->list, leaf->index);
  else
    sc_markdown_entry_free (old);
  leaf->entry = heading;
  leaf->is_shown = FALSE;
  sc_markdown_inline_begin (&leaf->inlines, heading, &heading->block.content);
  sc_markdown_leaf_close (self);
}

/* The paragraph loses its last line, which begins at @head: what is shown of it has to be read anew. */
static void
cut_paragraph (ScMarkdownScan *self,
               gsize           head)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  gboolean is_item = leaf->entry->block.kind == SC_MARKDOWN_ITEM;

  g_string_truncate (leaf->content, head > 0 ? head - 1 : 0);
  if (leaf->start >= leaf->content->len)
    {
      drop_paragraph (self);
      leaf->kind = SC_MARKDOWN_LEAF_NONE;
      if (is_item && leaf->entry != NULL)
        leaf->entry->block.is_closed = TRUE;
      leaf->entry = NULL;
      leaf->is_shown = FALSE;
      return;
    }
  restart_inlines (self);
  sc_markdown_leaf_close (self);
}

/* The guess was right: the paragraph ends before the line at @head, or there is none. */
static void
end_guessed (ScMarkdownScan *self,
             gsize           head)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  leaf->guess = -1;
  g_string_truncate (leaf->content, head > 0 ? head - 1 : 0);
  if (leaf->content->len > leaf->start || leaf->is_shown)
    {
      sc_markdown_leaf_close (self);
    }
  else
    {
      sc_markdown_entry_free (leaf->entry);
      leaf->entry = NULL;
    }
}

void
sc_markdown_leaf_become_table (ScMarkdownScan *self,
                               gsize           head,
                               const GArray   *aligns)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  g_autofree char *line = g_strdup (leaf->content->str + head);
  ScMarkdownPiece row = { line, strlen (line) };

  if (leaf->guess >= 0)
    {
      end_guessed (self, head);
    }
  else
    {
      cut_paragraph (self, head);
      leaf->kind = SC_MARKDOWN_LEAF_NONE;
      sc_markdown_table_begin (self, aligns->len);
      sc_markdown_table_run (self);
      sc_markdown_table_read (self, row, TRUE);
    }
  sc_markdown_table_confirm (self, aligns);
  leaf->kind = SC_MARKDOWN_LEAF_TABLE;
  leaf->entry = NULL;
  leaf->is_shown = FALSE;
}
