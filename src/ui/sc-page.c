/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window of a conversation in the buffer: entries in order, filled at both ends, trimmed at both ends. The buffer
 * holds the entries' characters, then maybe the room for the error card, then nothing. */

#include "config.h"

#include "sc-page.h"

#include <string.h>

#include "sc-page-entry.h"
#include "sc-page-selection.h"

struct _ScPage
{
  ScBlockWriter    writer;
  ScPageSelection *selection;
  GListModel      *model;
  GPtrArray       *entries;
  guint            first;
  guint            n_room;
  int              room_pixels;
  GtkTextTag      *room_tag;
  ScPageFunc       dirty;
  gpointer         user_data;
};

static guint
get_end (ScPage *self)
{
  return (guint) gtk_text_buffer_get_char_count (self->writer.buffer) - self->n_room;
}

static guint
get_offset (ScPage *self,
            guint   index)
{
  guint offset = get_end (self);

  for (guint i = self->entries->len; i > index; i--)
    offset -= ((ScPageEntry *) g_ptr_array_index (self->entries, i - 1))->n_chars;

  return offset;
}

static guint
get_n_turns (ScPage *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

/* The turns around @position, borrowed from the model, which keeps them alive. */
static ScTurn *
peek_turn (ScPage *self,
           guint   position)
{
  ScTurn *turn = g_list_model_get_item (self->model, position);

  g_object_unref (turn);

  return turn;
}

static ScPagePlace
get_place (ScPage *self,
           guint   position,
           guint   offset)
{
  ScPagePlace place = { &self->writer, offset, NULL, NULL, position + 1 >= get_n_turns (self) };

  if (position > 0 && position <= get_n_turns (self))
    place.before = peek_turn (self, position - 1);
  /* The one who spoke last is near: the user speaks between two answers. */
  for (guint i = position, n = 0; i > 0 && n < 8 && place.spoke_last == NULL; i--, n++)
    if (i <= get_n_turns (self) && sc_turn_get_role (peek_turn (self, i - 1)) == SC_ROLE_ASSISTANT)
      place.spoke_last = peek_turn (self, i - 1);

  return place;
}

static ScPagePlace
get_entry_place (ScPage *self,
                 guint   index)
{
  return get_place (self, self->first + index, get_offset (self, index));
}

static void
mark_dirty (ScPageEntry *entry)
{
  entry->is_dirty = TRUE;
  if (entry->page->dirty != NULL)
    entry->page->dirty (entry->page, entry->page->user_data);
}

static void
turn_appended_cb (ScTurn      *turn,
                  ScPageEntry *entry)
{
  mark_dirty (entry);
}

static void
free_entry (gpointer data)
{
  ScPageEntry *entry = data;

  g_signal_handlers_disconnect_by_data (entry->turn, entry);
  sc_page_entry_free (entry);
}

static ScPageEntry *
create_entry (ScPage *self,
              guint   position)
{
  ScPageEntry *entry = sc_page_entry_new (self, peek_turn (self, position));

  g_signal_connect (entry->turn, "appended", G_CALLBACK (turn_appended_cb), entry);
  g_signal_connect (entry->turn, "changed", G_CALLBACK (turn_appended_cb), entry);

  return entry;
}

static gsize
get_turn_bytes (ScPage *self,
                guint   position)
{
  gsize length;

  sc_turn_get_text (peek_turn (self, position), &length);

  return length + 64;
}

static void
delete_entries (ScPage *self,
                guint   index,
                guint   n)
{
  GtkTextIter start;
  GtkTextIter end;
  guint offset = get_offset (self, index);
  guint n_chars = 0;

  if (n == 0)
    return;

  for (guint i = index; i < index + n; i++)
    n_chars += ((ScPageEntry *) g_ptr_array_index (self->entries, i))->n_chars;
  gtk_text_buffer_get_iter_at_offset (self->writer.buffer, &start, (int) offset);
  gtk_text_buffer_get_iter_at_offset (self->writer.buffer, &end, (int) (offset + n_chars));
  gtk_text_buffer_delete (self->writer.buffer, &start, &end);
  g_ptr_array_remove_range (self->entries, index, n);
}

static void
add_entry (ScPage *self,
           guint   index,
           gsize   n_bytes)
{
  ScPageEntry *entry = create_entry (self, self->first + index);
  ScPagePlace place = get_place (self, self->first + index, get_offset (self, index));

  g_ptr_array_insert (self->entries, (int) index, entry);
  sc_page_entry_write (entry, &place, n_bytes);
  if (entry->n_waiting > 0 || (entry->is_ended && !entry->is_complete))
    mark_dirty (entry);
}

static void
set_new_buffer (ScPage *self)
{
  GtkTextBuffer *buffer = gtk_text_buffer_new (sc_page_tags_get_table (self->writer.tags));

  gtk_text_buffer_set_enable_undo (buffer, FALSE);
  self->n_room = 0;
  self->writer.buffer = buffer;
}

/* Fills what ends before turn @n. */
static void
fill_before (ScPage *self,
             guint   n)
{
  gsize n_bytes = 0;
  gsize n_first = 0;

  self->first = n;
  while (self->first > 0 && n_bytes < SC_PAGE_FIRST_BYTES)
    {
      n_first = SC_PAGE_FIRST_BYTES - n_bytes;
      n_bytes += get_turn_bytes (self, --self->first);
    }
  for (guint i = self->first; i < n; i++)
    add_entry (self, i - self->first, i == self->first ? n_first : G_MAXSIZE);
}

static void
rebuild (ScPage *self,
         guint   position,
         gsize   n_after)
{
  GPtrArray *old = self->entries;
  guint n = get_n_turns (self);

  /* The old entries go last: their tags leave the table when no buffer that is shown has them any more. */
  self->entries = g_ptr_array_new_with_free_func (free_entry);
  set_new_buffer (self);
  fill_before (self, MIN (position, n));
  for (gsize done = 0; done < n_after && self->first + self->entries->len < n;)
    {
      done += get_turn_bytes (self, self->first + self->entries->len);
      add_entry (self, self->entries->len, G_MAXSIZE);
    }
  sc_page_selection_set_buffer (self->selection, self->writer.view, self->writer.buffer);
  g_object_unref (self->writer.buffer);
  g_ptr_array_unref (old);
  if (self->dirty != NULL)
    self->dirty (self, self->user_data);
}

void
sc_page_reset (ScPage *self)
{
  rebuild (self, G_MAXUINT, 0);
}

void
sc_page_show_turn (ScPage *self,
                   guint   position)
{
  rebuild (self, position, SC_PAGE_FIRST_BYTES);
}

guint
sc_page_get_first (ScPage *self)
{
  return self->first;
}

ScTurn *
sc_page_get_turn (ScPage *self,
                  guint   position)
{
  return position < get_n_turns (self) ? peek_turn (self, position) : NULL;
}

static gboolean
ends_with_model (ScPage *self)
{
  return self->first + self->entries->len >= get_n_turns (self);
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  ScPage     *self)
{
  guint end = self->first + self->entries->len;
  guint index;

  if (position > end)
    return;
  if (position + n_removed < end || position < self->first ||
      (self->entries->len == 0 && n_added > 0))
    {
      /* Not at the end: loaded, another branch, something deleted. */
      sc_page_reset (self);
      return;
    }

  index = position - self->first;
  delete_entries (self, index, MIN (n_removed, self->entries->len - index));
  for (guint i = 0; i < n_added; i++)
    add_entry (self, index + i, G_MAXSIZE);
  /* What was or becomes the last turn has another foot. */
  if (index > 0)
    ((ScPageEntry *) g_ptr_array_index (self->entries, index - 1))->is_dirty = TRUE;
  if (self->dirty != NULL)
    self->dirty (self, self->user_data);
}

ScPage *
sc_page_new (GtkTextView *view,
             ScPageFunc   dirty,
             gpointer     user_data)
{
  ScPage *self = g_new0 (ScPage, 1);

  self->writer.view = view;
  self->writer.tags = sc_page_tags_new (view);
  self->writer.width = 600;
  sc_page_tags_set_width (self->writer.tags, self->writer.width);
  self->entries = g_ptr_array_new_with_free_func (free_entry);
  self->dirty = dirty;
  self->user_data = user_data;
  sc_page_reset (self);
  self->selection = sc_page_selection_new (self, view);

  return self;
}

void
sc_page_free (ScPage *self)
{
  if (self == NULL)
    return;

  self->dirty = NULL;
  sc_page_selection_free (self->selection);
  gtk_text_view_set_buffer (self->writer.view, NULL);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_ptr_array_unref (self->entries);
  g_clear_object (&self->model);
  sc_page_tags_free (self->writer.tags);
  g_free (self);
}

void
sc_page_set_model (ScPage     *self,
                   GListModel *model)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  if (model != NULL)
    g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);
  if (self->writer.pictures != NULL)
    sc_pictures_set_conversation (self->writer.pictures, G_OBJECT (model));
  sc_page_reset (self);
}

void
sc_page_set_pictures (ScPage     *self,
                      ScPictures *pictures)
{
  self->writer.pictures = pictures;
}

void
sc_page_set_width (ScPage *self,
                   int     width)
{
  if (self->writer.width == width)
    return;

  self->writer.width = width;
  sc_page_tags_set_width (self->writer.tags, width);
}

void
sc_page_rewrite_tables (ScPage *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      ScPagePlace place = get_entry_place (self, i - 1);

      sc_page_entry_rewrite_tables (g_ptr_array_index (self->entries, i - 1), &place);
    }
}

gboolean
sc_page_drain (ScPage     *self,
               gsize       budget,
               gint64      until_us,
               ScPageWork *work)
{
  gboolean changed = FALSE;
  gboolean has_worked = FALSE;
  gsize before = work->n_bytes;

  for (guint i = self->entries->len; i > 0; i--)
    {
      ScPageEntry *entry = g_ptr_array_index (self->entries, i - 1);

      while (entry->is_dirty)
        {
          ScPagePlace place = get_entry_place (self, i - 1);
          gsize done = work->n_bytes - before;

          if (done >= budget || (has_worked && g_get_monotonic_time () >= until_us))
            return changed;
          has_worked = TRUE;
          entry->is_dirty = FALSE;
          changed |= sc_page_entry_drain (entry, &place, budget - done, work);
          entry->is_dirty = entry->is_dirty || sc_page_entry_get_pending (entry) > 0 ||
                            (entry->is_ended && !entry->is_complete);
        }
    }

  return changed;
}

gsize
sc_page_get_pending (ScPage *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      ScPageEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->is_dirty)
        n += sc_page_entry_get_pending (entry);
    }

  return n;
}

gboolean
sc_page_is_dirty (ScPage *self)
{
  /* What changes is nearly always the last turn. */
  for (guint i = self->entries->len; i > 0; i--)
    if (((ScPageEntry *) g_ptr_array_index (self->entries, i - 1))->is_dirty)
      return TRUE;

  return FALSE;
}

void
sc_page_touch_summaries (ScPage *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      ScPageEntry *entry = g_ptr_array_index (self->entries, i - 1);
      gsize length;

      if (sc_turn_get_status (entry->turn) != SC_TURN_STATUS_STREAMING)
        continue;
      sc_turn_get_reasoning (entry->turn, &length);
      if (length > 0)
        mark_dirty (entry);
    }
}

void
sc_page_touch_answers (ScPage *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    mark_dirty (g_ptr_array_index (self->entries, i - 1));
}

gboolean
sc_page_has_earlier (ScPage *self)
{
  if (self->first > 0)
    return TRUE;

  return self->entries->len > 0 && ((ScPageEntry *) g_ptr_array_index (self->entries, 0))->first_block > 0;
}

gboolean
sc_page_has_later (ScPage *self)
{
  return !ends_with_model (self);
}

gboolean
sc_page_prepend (ScPage *self,
                 gsize   n_bytes)
{
  gsize done = 0;

  if (!sc_page_has_earlier (self))
    return FALSE;

  while (done < n_bytes && sc_page_has_earlier (self))
    {
      ScPageEntry *entry = self->entries->len > 0 ? g_ptr_array_index (self->entries, 0) : NULL;

      if (entry != NULL && entry->first_block > 0)
        {
          ScPagePlace place = get_entry_place (self, 0);

          done += sc_page_entry_prepend (entry, &place, n_bytes - done) + 1;
          continue;
        }
      self->first--;
      add_entry (self, 0, n_bytes - done);
      done += ((ScPageEntry *) g_ptr_array_index (self->entries, 0))->n_chars + 1;
    }

  return TRUE;
}

gboolean
sc_page_append (ScPage *self,
                gsize   n_bytes)
{
  gsize done = 0;

  if (ends_with_model (self))
    return FALSE;

  while (done < n_bytes && !ends_with_model (self))
    {
      add_entry (self, self->entries->len, G_MAXSIZE);
      done += ((ScPageEntry *) g_ptr_array_index (self->entries, self->entries->len - 1))->n_chars + 1;
    }

  return TRUE;
}

gboolean
sc_page_trim_start (ScPage *self,
                    guint   n_chars)
{
  ScPageEntry *entry = self->entries->len > 0 ? g_ptr_array_index (self->entries, 0) : NULL;

  if (entry == NULL)
    return FALSE;
  if (entry->n_chars <= n_chars && self->entries->len > 1)
    {
      delete_entries (self, 0, 1);
      self->first++;
      return TRUE;
    }
  if (sc_turn_get_role (entry->turn) == SC_ROLE_ASSISTANT)
    {
      ScPagePlace place = get_entry_place (self, 0);

      return sc_page_entry_trim (entry, &place, n_chars) > 0;
    }

  return FALSE;
}

gboolean
sc_page_trim_end (ScPage *self,
                  guint   n_chars)
{
  ScPageEntry *entry;

  if (self->entries->len < 2)
    return FALSE;

  entry = g_ptr_array_index (self->entries, self->entries->len - 1);
  if (entry->n_chars > n_chars)
    return FALSE;
  delete_entries (self, self->entries->len - 1, 1);

  return TRUE;
}

void
sc_page_set_room (ScPage *self,
                  int     pixels)
{
  GtkTextIter start;
  GtkTextIter end;

  if (self->room_tag == NULL)
    {
      self->room_tag = gtk_text_tag_new (NULL);
      gtk_text_tag_table_add (sc_page_tags_get_table (self->writer.tags), self->room_tag);
      g_object_unref (self->room_tag);
    }
  if (pixels > 0 && pixels != self->room_pixels)
    {
      self->room_pixels = pixels;
      g_object_set (self->room_tag, "pixels-below-lines", pixels, NULL);
    }
  if ((pixels > 0) == (self->n_room > 0))
    return;

  gtk_text_buffer_get_iter_at_offset (self->writer.buffer, &start, (int) get_end (self));
  if (pixels > 0)
    {
      gtk_text_buffer_insert_with_tags (self->writer.buffer, &start, "\n", 1, self->room_tag,
                                        sc_page_tags_get (self->writer.tags, SC_PAGE_STYLE_ROOM), NULL);
      self->n_room = 1;
    }
  else
    {
      gtk_text_buffer_get_end_iter (self->writer.buffer, &end);
      self->n_room = 0;
      gtk_text_buffer_delete (self->writer.buffer, &start, &end);
    }
}

guint
sc_page_get_room_offset (ScPage *self)
{
  return get_end (self);
}

gboolean
sc_page_get_tail (ScPage *self,
                  guint  *offset)
{
  ScPageEntry *entry;

  if (self->entries->len == 0 || !ends_with_model (self))
    return FALSE;

  entry = g_ptr_array_index (self->entries, self->entries->len - 1);
  if (sc_turn_get_role (entry->turn) != SC_ROLE_ASSISTANT ||
      sc_turn_get_status (entry->turn) != SC_TURN_STATUS_STREAMING || entry->n_chars == 0)
    return FALSE;
  /* Before the line feed that ends its last paragraph. */
  *offset = get_end (self) - entry->n_foot - 1;

  return TRUE;
}

guint
sc_page_get_n_entries (ScPage *self)
{
  return self->entries->len;
}

ScPageEntry *
sc_page_get_entry (ScPage *self,
                   guint   index,
                   guint  *offset)
{
  g_return_val_if_fail (index < self->entries->len, NULL);

  if (offset != NULL)
    *offset = get_offset (self, index);

  return g_ptr_array_index (self->entries, index);
}

void
sc_page_foreach (ScPage          *self,
                 guint            from,
                 guint            to,
                 ScPageBlockFunc  func,
                 gpointer         user_data)
{
  guint end = get_end (self);

  for (guint i = self->entries->len; i > 0 && end > from; i--)
    {
      ScPageEntry *entry = g_ptr_array_index (self->entries, i - 1);
      guint block_end = end - entry->n_foot;
      guint start = end - entry->n_chars;

      if (start < to)
        {
          func (entry, NULL, start, entry->n_chars, user_data);
          for (guint j = entry->blocks->len; j > 0 && block_end > from; j--)
            {
              ScBlock *block = &g_array_index (entry->blocks, ScBlock, j - 1);

              block_end -= block->n_chars;
              if (block_end < to)
                func (entry, block, block_end, block->n_chars, user_data);
            }
        }
      end = start;
    }
}

void
sc_page_set_reasoning_open (ScPage      *self,
                            ScPageEntry *entry,
                            gboolean     is_open)
{
  guint index;
  ScPagePlace place;

  if (!g_ptr_array_find (self->entries, entry, &index))
    return;

  place = get_entry_place (self, index);
  sc_page_entry_set_open (entry, &place, is_open);
}

ScMarkdownStream *
sc_page_parse (ScPageEntry *entry)
{
  ScMarkdownStream *stream = sc_markdown_stream_new ();
  const char *text = sc_turn_get_text (entry->turn, NULL);

  sc_markdown_stream_feed (stream, text, entry->n_fed);
  if (entry->is_complete)
    sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);

  return stream;
}

const ScBlockWriter *
sc_page_get_writer (ScPage *self)
{
  return &self->writer;
}
