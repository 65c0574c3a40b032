/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands at a place. */

#include "config.h"

#include "sc-page-place.h"

#include <string.h>

#include "sc-page-pictures.h"

static void
find_cb (ScPageEntry *entry,
         ScBlock     *block,
         guint        offset,
         guint        n_chars,
         gpointer     user_data)
{
  ScPagePoint *point = user_data;

  if (point->offset < offset || point->offset >= offset + n_chars)
    return;
  if (block == NULL)
    {
      point->entry = entry;
      point->entry_offset = offset;
    }
  else
    {
      point->block = block;
      point->block_offset = offset;
    }
}

static void
find_offset (ScPage      *page,
             guint        offset,
             ScPagePoint *point)
{
  memset (point, 0, sizeof *point);
  point->offset = offset;
  sc_page_foreach (page, offset, offset + 1, find_cb, point);
}

gboolean
sc_page_place_find (ScPage      *page,
                    double       x,
                    double       y,
                    ScPagePoint *point)
{
  GtkTextView *view = sc_page_get_writer (page)->view;
  GtkTextIter iter;
  int buffer_x;
  int buffer_y;
  gboolean is_on_text;

  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &buffer_x, &buffer_y);
  is_on_text = gtk_text_view_get_iter_at_location (view, &iter, buffer_x, buffer_y);
  find_offset (page, (guint) gtk_text_iter_get_offset (&iter), point);

  return is_on_text;
}

ScPageEntry *
sc_page_place_find_entry (ScPage            *page,
                          const GtkTextIter *iter)
{
  ScPagePoint point;

  find_offset (page, (guint) gtk_text_iter_get_offset (iter), &point);

  return point.entry;
}

const char *
sc_page_place_find_link (ScPage *page,
                         double  x,
                         double  y)
{
  ScPagePoint point;

  if (!sc_page_place_find (page, x, y, &point) || point.block == NULL)
    return NULL;

  return sc_block_find_link (point.block, point.offset - point.block_offset);
}

char *
sc_page_place_dup_link_words (ScPage *page,
                              double  x,
                              double  y)
{
  GtkTextBuffer *buffer = sc_page_get_writer (page)->buffer;
  ScPagePoint point;
  GtkTextIter start;
  GtkTextIter end;
  guint at;
  guint first = G_MAXUINT;
  guint last = 0;
  const char *target;

  if (!sc_page_place_find (page, x, y, &point) || point.block == NULL || point.block->links == NULL)
    return NULL;

  /* A link with styles in it is several. */
  at = point.offset - point.block_offset;
  target = sc_block_find_link (point.block, at);
  for (guint i = 0; target != NULL && i < point.block->links->len; i++)
    {
      const ScBlockLink *link = &g_array_index (point.block->links, ScBlockLink, i);

      if (g_strcmp0 (link->target, target) != 0 || (link->start > at && link->start != last))
        continue;
      if (link->start != last)
        first = link->start;
      last = link->end;
    }
  if (first >= last)
    return NULL;
  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) (point.block_offset + first));
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) (point.block_offset + last));

  return gtk_text_buffer_get_slice (buffer, &start, &end, TRUE);
}

/* Also a place below the text, where there is no character. */
ScPicture *
sc_page_place_find_picture (ScPage *page,
                            double  x,
                            double  y)
{
  ScPagePoint point;
  int buffer_x;
  int buffer_y;

  sc_page_place_find (page, x, y, &point);
  if (point.block == NULL)
    return NULL;
  gtk_text_view_window_to_buffer_coords (sc_page_get_writer (page)->view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y,
                                         &buffer_x, &buffer_y);

  return sc_page_pictures_find (page, point.entry, point.block, point.block_offset, buffer_x, buffer_y);
}

gboolean
sc_page_place_is_summary (const ScPagePoint *point)
{
  guint at = point->offset - point->entry_offset;

  return point->entry != NULL && at >= point->entry->n_head &&
         at < point->entry->n_head + point->entry->n_summary;
}
