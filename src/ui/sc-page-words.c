/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's own words. */

#include "config.h"

#include "sc-page-words.h"

#include <string.h>

#include "sc-page-pictures.h"

/* What of a message is measured to find out how wide it is. */
#define MEASURED_BYTES 2048

/* Nobody looks for links behind this much text that was pasted. */
#define MAX_LINK_BYTES (64 * 1024)

static void
apply_tag (const ScPagePlace *place,
           GtkTextTag        *tag,
           guint              start,
           guint              end)
{
  GtkTextIter start_iter;
  GtkTextIter end_iter;

  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &start_iter, (int) start);
  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &end_iter, (int) end);
  gtk_text_buffer_apply_tag (place->writer->buffer, tag, &start_iter, &end_iter);
}

static int
measure_words (const ScBlockWriter *writer,
               const char          *text,
               gsize                length)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (writer->view), NULL);
  gsize n = MIN (length, MEASURED_BYTES);
  int width;

  while (n < length && n > 0 && ((guchar) text[n] & 0xc0) == 0x80)
    n--;
  pango_layout_set_text (layout, text, (int) n);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width + 1;
}

/* Links */

static gsize
measure_address (const char *at,
                 const char *end)
{
  const char *stop = at;

  while (stop < end && !g_unichar_isspace (g_utf8_get_char (stop)) && strchr ("<>\"`", *stop) == NULL)
    stop = g_utf8_next_char (stop);
  /* Punctuation at the end belongs to the sentence. */
  while (stop > at && strchr (".,;:!?)]}'*_", stop[-1]) != NULL)
    stop--;

  return (gsize) (stop - at);
}

static void
add_links (ScBlock           *block,
           const ScPagePlace *place,
           guint              offset,
           const char        *text,
           gsize              length)
{
  const char *end = text + MIN (length, MAX_LINK_BYTES);
  GtkTextTag *tag = sc_page_tags_get (place->writer->tags, SC_PAGE_STYLE_LINK);
  ScBlockMap map = { 0, 0, 0 };

  for (const char *at = text; (at = memchr (at, 'h', (gsize) (end - at))) != NULL; at++)
    {
      ScMarkdownSpan span = { 0, 0, SC_MARKDOWN_LINK, NULL, NULL };
      g_autofree char *target = NULL;
      gsize n;
      guint start;

      if ((!g_str_has_prefix (at, "http://") && !g_str_has_prefix (at, "https://")) ||
          (at > text && g_ascii_isalnum (at[-1])))
        continue;
      n = measure_address (at, end);
      if (n <= strlen ("https://"))
        continue;
      target = g_strndup (at, n);
      span.target = target;
      sc_block_map_advance (&map, text, (guint) (at - text), TRUE, NULL, NULL);
      start = map.chars;
      sc_block_map_advance (&map, text, (guint) (at - text) + (guint) n, TRUE, NULL, NULL);
      sc_block_add_link (block, start, map.chars, &span);
      apply_tag (place, tag, offset + start, offset + map.chars);
      at += n - 1;
    }
}

/* Code between fences; the fences stay, as they were written. */
static void
set_code (const ScPagePlace *place,
          guint              offset,
          const char        *text,
          gsize              length)
{
  const char *end = text + length;
  GtkTextTag *tag = sc_page_tags_get (place->writer->tags, SC_PAGE_STYLE_SOURCE);
  ScBlockMap map = { 0, 0, 0 };
  const char *code = NULL;

  for (const char *line = text; line < end;)
    {
      const char *feed = memchr (line, '\n', (gsize) (end - line));
      const char *next = feed != NULL ? feed + 1 : end;
      guint start;

      if (!g_str_has_prefix (line, "```"))
        {
          line = next;
          continue;
        }
      if (code == NULL)
        {
          code = next;
        }
      else
        {
          sc_block_map_advance (&map, text, (guint) (code - text), TRUE, NULL, NULL);
          start = map.chars;
          sc_block_map_advance (&map, text, (guint) (line - text), TRUE, NULL, NULL);
          apply_tag (place, tag, offset + start, offset + map.chars);
          code = NULL;
        }
      line = next;
    }
}

/* Files */

/* Pictures become part of the block; returns the names of the other files, or NULL. */
static char *
take_files (ScPageEntry       *self,
            ScBlock           *block,
            const ScPagePlace *place)
{
  GPtrArray *files = sc_turn_get_attachments (self->turn);
  GString *names = g_string_new (NULL);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const ScAttachment *file = g_ptr_array_index (files, i);
      const ScMarkdownSpan span = { 0, 0, SC_MARKDOWN_LINK, "", NULL };
      ScPicture *picture = place->writer->pictures != NULL
                             ? sc_pictures_get_file (place->writer->pictures, file->data)
                             : NULL;

      if (picture != NULL)
        {
          sc_block_add_link (block, 0, 0, &span);
          g_array_index (block->links, ScBlockLink, block->links->len - 1).picture = picture;
          continue;
        }
      if (names->len > 0)
        g_string_append (names, "  ·  ");
      g_string_append (names, file->name != NULL ? file->name : "");
    }

  return g_string_free (names, names->len == 0);
}

static void
write_names (ScPageEntry       *self,
             const ScPagePlace *place,
             const char        *names)
{
  guint offset = place->offset + self->n_chars;
  ScPageTags *tags = place->writer->tags;
  g_autofree char *line = g_strdelimit (g_strconcat (names, NULL), "\n\r", ' ');
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &iter, (int) offset);
  gtk_text_buffer_insert (place->writer->buffer, &iter, line, -1);
  gtk_text_buffer_insert (place->writer->buffer, &iter, "\n", 1);
  self->n_foot = (guint) gtk_text_iter_get_offset (&iter) - offset;
  self->n_chars += self->n_foot;
  apply_tag (place, sc_page_tags_get (tags, SC_PAGE_STYLE_SMALL_END), offset, offset + self->n_foot);
  apply_tag (place, sc_page_tags_get_gap (tags, SC_PAGE_USER_PADDING + SC_PAGE_ITEM_GAP), offset, offset + 1);
}

static void
write_text (ScPageEntry       *self,
            ScBlock           *block,
            const ScPagePlace *place,
            const char        *text,
            gsize              length)
{
  g_autoptr (GString) out = g_string_sized_new (length + 16);
  guint offset = place->offset + self->n_head;
  ScPageTags *tags = place->writer->tags;
  GtkTextIter iter;
  int width = measure_words (place->writer, text, length);

  sc_block_map_advance (&block->checkpoint, text, (guint) length, TRUE, out, NULL);
  g_string_append_c (out, '\n');
  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &iter, (int) offset);
  gtk_text_buffer_insert (place->writer->buffer, &iter, out->str, (int) out->len);
  block->n_chars = block->checkpoint.chars + 1;
  block->n_bytes = (guint) length;
  block->gap = (self->n_head > 0 ? 4 : sc_page_entry_get_gap (place)) + SC_PAGE_USER_PADDING;
  width = MAX (width, sc_page_pictures_get_width (block, place->writer));
  self->side_tag = sc_page_tags_get_side (tags, width);
  apply_tag (place, self->side_tag, offset, offset + block->n_chars);
  /* Pictures without words: the line is there, but nobody sees it. */
  apply_tag (place, sc_page_tags_get (tags, length > 0 ? SC_PAGE_STYLE_USER : SC_PAGE_STYLE_ROOM),
             offset, offset + block->n_chars);
  apply_tag (place, sc_page_tags_get_gap (tags, block->gap), offset, offset + 1);
  self->n_chars += block->n_chars;
}

void
sc_page_words_write (ScPageEntry       *self,
                     const ScPagePlace *place)
{
  gsize length;
  const char *text = sc_turn_get_text (self->turn, &length);
  guint offset = place->offset + self->n_head;
  ScBlock block = { .kind = SC_MARKDOWN_PARAGRAPH, .number = -1, .checked = -1, .is_closed = TRUE, .is_words = TRUE };
  g_autofree char *names = take_files (self, &block, place);

  while (length > 0 && text[length - 1] == '\n')
    length--;
  write_text (self, &block, place, text, length);
  add_links (&block, place, offset, text, length);
  set_code (place, offset, text, length);
  sc_block_renew_room (&block, place->writer, offset);
  g_array_append_val (self->blocks, block);
  if (names != NULL)
    write_names (self, place, names);
  self->n_fed = length;
  self->is_complete = TRUE;
}
