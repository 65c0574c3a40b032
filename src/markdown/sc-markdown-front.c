/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Front matter: lines as "title: …" behind a first line of three dashes. They end in such a line more often than not,
 * which to cmark is the underline of a heading, so they are shown as one from the first key on. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* The longest key. */
#define MAX_KEY 32

gboolean
sc_markdown_front_guess (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;
  const GString *text = leaf->content;
  gsize i = 0;

  if (self->front == 0 || leaf->source_start != self->front || leaf->is_shown)
    return TRUE;
  while (i < text->len && i < MAX_KEY && (g_ascii_isalnum (text->str[i]) || strchr ("_-", text->str[i]) != NULL))
    i++;
  if (i >= text->len && i < MAX_KEY)
    return FALSE;
  self->front = 0;
  if (i == 0 || text->str[i] != ':')
    return TRUE;
  leaf->is_front = TRUE;
  leaf->entry->block.kind = SC_MARKDOWN_HEADING;
  leaf->entry->block.level = 2;
  return TRUE;
}

void
sc_markdown_front_drop (ScMarkdownScan *self)
{
  ScMarkdownLeaf *leaf = &self->leaf;

  self->front = 0;
  if (!leaf->is_front)
    return;
  leaf->is_front = FALSE;
  leaf->entry->block.kind = SC_MARKDOWN_PARAGRAPH;
  leaf->entry->block.level = 0;
  if (leaf->is_shown)
    sc_markdown_list_touch (self->list, leaf->index, SC_MARKDOWN_REPLACED, 0, 0);
}
