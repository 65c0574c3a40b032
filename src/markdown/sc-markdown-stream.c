/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sc-markdown-private.h"

#include <stdlib.h>
#include <string.h>

struct _ScMarkdownStream
{
  GString        *source;
  ScMarkdownList  list;
  gboolean        is_finished;
  gboolean        is_dirty;
};

ScMarkdownStream *
sc_markdown_stream_new (void)
{
  ScMarkdownStream *self = g_new0 (ScMarkdownStream, 1);

  self->source = g_string_new (NULL);
  sc_markdown_list_init (&self->list);
  return self;
}

void
sc_markdown_stream_free (ScMarkdownStream *self)
{
  if (self == NULL)
    return;
  sc_markdown_list_clear (&self->list);
  g_string_free (self->source, TRUE);
  g_free (self);
}

void
sc_markdown_stream_feed (ScMarkdownStream *self,
                         const char       *bytes,
                         gsize             length)
{
  g_return_if_fail (self != NULL && !self->is_finished);

  g_string_append_len (self->source, bytes, (gssize) length);
  self->is_dirty = TRUE;
}

void
sc_markdown_stream_finish (ScMarkdownStream *self)
{
  g_return_if_fail (self != NULL);

  self->is_finished = TRUE;
  self->is_dirty = TRUE;
}

static cmark_node *
parse_source (ScMarkdownStream *self)
{
  g_autofree char *text = g_utf8_make_valid (self->source->str, (gssize) self->source->len);

  return sc_markdown_parse (text, strlen (text), NULL);
}

const GArray *
sc_markdown_stream_update (ScMarkdownStream *self)
{
  g_array_set_size (self->list.changes, 0);
  if (self->is_dirty)
    {
      cmark_node *root = parse_source (self);
      GPtrArray *entries = sc_markdown_tree_to_entries (root);

      if (!self->is_finished && entries->len > 0)
        {
          ScMarkdownEntry *last = entries->pdata[entries->len - 1];

          last->block.is_closed = FALSE;
        }
      cmark_node_free (root);
      sc_markdown_list_reconcile (&self->list, entries);
      g_ptr_array_unref (entries);
      self->is_dirty = FALSE;
    }
  return self->list.changes;
}

guint
sc_markdown_stream_get_n_blocks (ScMarkdownStream *self)
{
  return self->list.n_shown;
}

const ScMarkdownBlock *
sc_markdown_stream_get_block (ScMarkdownStream *self,
                              guint             position)
{
  g_return_val_if_fail (position < self->list.n_shown, NULL);

  return &sc_markdown_list_get (&self->list, position)->block;
}

char *
sc_markdown_stream_dup_xml (ScMarkdownStream *self)
{
  cmark_node *root = parse_source (self);
  char *raw = cmark_render_xml (root, CMARK_OPT_DEFAULT);
  char *xml = g_strdup (raw);

  free (raw);
  cmark_node_free (root);
  return xml;
}

char *
sc_markdown_stream_dup_html (ScMarkdownStream *self)
{
  cmark_node *root = parse_source (self);
  char *raw = cmark_render_html (root, CMARK_OPT_DEFAULT, NULL);
  char *html = g_strdup (raw);

  free (raw);
  cmark_node_free (root);
  return html;
}
