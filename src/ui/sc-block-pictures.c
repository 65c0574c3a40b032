/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of a block: their words stand in the text, they themselves below it, in room that the last paragraph of the
 * block leaves free. Room is made when the block is closed, and changes only where a picture's size does. */

#include "config.h"

#include "sc-block.h"

#define MAX_HEIGHT       480
#define MAX_WORDS_HEIGHT 240
#define CHIP_WIDTH       300
#define CHIP_HEIGHT      44
#define SPACE            8
#define MIN_WIDTH        40

/* Nobody looks at more pictures of one paragraph. */
#define MAX_PICTURES     64

static gboolean
is_picture (const ScBlockLink *link)
{
  return link->image != NULL || link->picture != NULL;
}

gboolean
sc_block_has_pictures (const ScBlock *self)
{
  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    if (is_picture (&g_array_index (self->links, ScBlockLink, i)))
      return TRUE;

  return FALSE;
}

/* A picture is as large as it is, or as there is room for. One that is not there has a chip in its place. */
static void
get_size (const ScBlock   *self,
          const ScPicture *picture,
          int              available,
          int             *width,
          int             *height)
{
  int limit = self->is_words ? MAX_WORDS_HEIGHT : MAX_HEIGHT;
  double scale;

  if (sc_picture_get_state (picture) != SC_PICTURE_THERE || !sc_picture_get_size (picture, width, height))
    {
      *width = MIN (CHIP_WIDTH, available);
      *height = CHIP_HEIGHT;
      return;
    }
  scale = MIN (1.0, MIN ((double) available / *width, (double) limit / *height));
  *width = MAX ((int) (*width * scale), 1);
  *height = MAX ((int) (*height * scale), 1);
}

int
sc_block_place_pictures (const ScBlock      *self,
                         int                 width,
                         ScBlockPictureFunc  func,
                         gpointer            user_data)
{
  GdkRectangle area = { 0, 0, 0, 0 };
  int row_height = 0;
  guint n = 0;

  for (guint i = 0; self->links != NULL && i < self->links->len && n < MAX_PICTURES; i++)
    {
      ScPicture *picture = g_array_index (self->links, ScBlockLink, i).picture;

      if (picture == NULL)
        continue;
      n++;
      get_size (self, picture, width, &area.width, &area.height);
      if (area.x > 0 && area.x + area.width > width)
        {
          area.x = 0;
          area.y += row_height + SPACE;
          row_height = 0;
        }
      if (func != NULL)
        func (picture, &area, user_data);
      row_height = MAX (row_height, area.height);
      area.x += area.width + SPACE;
    }

  return n > 0 ? area.y + row_height : 0;
}

int
sc_block_get_pictures_width (const ScBlock       *self,
                             const ScBlockWriter *writer)
{
  int indent = MIN (sc_block_get_indent (self->kind, self->quote, self->depth), writer->width / 3);
  int width = writer->width - indent;

  if (self->is_words)
    width = width * 7 / 8 - 2 * SC_PAGE_USER_SIDE;
  if (self->kind == SC_MARKDOWN_ITEM)
    width -= SC_PAGE_LIST_INDENT;

  return MAX (width, MIN_WIDTH);
}

static void
get_last_line (const ScBlock       *self,
               const ScBlockWriter *writer,
               guint                offset,
               GtkTextIter         *start,
               GtkTextIter         *end)
{
  gtk_text_buffer_get_iter_at_offset (writer->buffer, start, (int) (offset + self->n_chars - 1));
  gtk_text_iter_set_line_offset (start, 0);
  *end = *start;
  gtk_text_iter_forward_char (end);
}

void
sc_block_take_room (ScBlock             *self,
                    const ScBlockWriter *writer,
                    guint                offset)
{
  GtkTextIter start;
  GtkTextIter end;

  get_last_line (self, writer, offset, &start, &end);
  gtk_text_buffer_remove_tag (writer->buffer, sc_page_tags_get_room (writer->tags, self->room), &start, &end);
  self->room = 0;
}

static void
find_pictures (ScBlock             *self,
               const ScBlockWriter *writer)
{
  guint n = 0;

  for (guint i = 0; i < self->links->len && n < MAX_PICTURES; i++)
    {
      ScBlockLink *link = &g_array_index (self->links, ScBlockLink, i);

      if (!is_picture (link))
        continue;
      n++;
      if (link->picture != NULL)
        continue;
      link->picture = sc_pictures_get (writer->pictures, link->image);
      g_clear_pointer (&link->image, g_free);
    }
}

gboolean
sc_block_renew_room (ScBlock             *self,
                     const ScBlockWriter *writer,
                     guint                offset)
{
  GtkTextIter start;
  GtkTextIter end;
  int height;
  int room;

  if (!self->is_closed || self->links == NULL || writer->pictures == NULL || !sc_block_has_pictures (self))
    return FALSE;

  find_pictures (self, writer);
  height = sc_block_place_pictures (self, sc_block_get_pictures_width (self, writer), NULL, NULL);
  room = height > 0 ? height + SPACE : 0;
  if (room == self->room)
    return FALSE;

  if (self->room > 0)
    sc_block_take_room (self, writer, offset);
  self->room = room;
  get_last_line (self, writer, offset, &start, &end);
  gtk_text_buffer_apply_tag (writer->buffer, sc_page_tags_get_room (writer->tags, room), &start, &end);

  return TRUE;
}
