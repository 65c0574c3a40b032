/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search in the page. What is counted comes from the index of the whole conversation; what is
 * marked comes from the text that stands in the buffer, so that a mark can never be beside it. */

#include "config.h"

#include "sc-transcript-find.h"

#include <string.h>

#include "sc-find-index.h"

#define SLICE_US        4000

/* An answer that streams is read again at most this often, a long one less. */
#define REREAD_MS       300
#define REREAD_BYTES_MS 256

struct _ScTranscriptFind
{
  ScTranscriptView     *view;
  ScTranscriptScroll   *scroll;
  ScPage               *page;
  GListModel           *model;
  ScFindIndex          *index;
  ScTranscriptFindFunc  changed;
  gpointer              user_data;
  GString              *needle;
  GtkTextBuffer        *buffer;
  ScFindMatch           anchor;
  ScFindMatch           current;
  gboolean              has_anchor;
  gboolean              has_current;
  gboolean              is_complete;
  guint                 work_id;
  guint                 mark_id;
};

/* Text of the buffer */

/* The text of a range as it is compared, and for each of its characters where it stands. */
static char *
fold_range (ScTranscriptFind *self,
            const ScBlock    *block,
            guint             from,
            guint             to,
            GArray           *offsets)
{
  const ScBlockWriter *writer = sc_page_get_writer (self->page);
  GtkTextTag *soft = sc_page_tags_get (writer->tags, SC_PAGE_STYLE_SOFT_BREAK);
  GString *out = g_string_new (NULL);
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;
  GtkTextIter next;
  guint offset = from;
  guint next_soft;
  gsize length;

  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, (int) from);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &end, (int) to);
  text = gtk_text_buffer_get_slice (self->buffer, &start, &end, TRUE);
  next = start;
  if (!gtk_text_iter_has_tag (&next, soft))
    gtk_text_iter_forward_to_tag_toggle (&next, soft);
  next_soft = (guint) gtk_text_iter_get_offset (&next);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at), offset++)
    {
      if (offset == next_soft && offset < to && *at == '\n')
        {
          gtk_text_buffer_get_iter_at_offset (self->buffer, &next, (int) offset + 1);
          if (!gtk_text_iter_has_tag (&next, soft))
            gtk_text_iter_forward_to_tag_toggle (&next, soft);
          next_soft = (guint) gtk_text_iter_get_offset (&next);
          continue;
        }
      length = out->len;
      if (block->table != NULL && (*at == '\t' || *at == '\n'))
        g_string_append_c (out, '\1');
      else
        sc_find_fold (out, at, (gsize) (g_utf8_next_char (at) - at));
      /* A character is compared as none, one or more. */
      for (const char *folded = out->str + length; *folded != '\0'; folded = g_utf8_next_char (folded))
        g_array_append_val (offsets, offset);
    }

  return g_string_free (out, FALSE);
}

typedef void (*FoundFunc) (ScTranscriptFind *self,
                           guint             start,
                           guint             end);

/* Calls @func for each match in a range, or for the @nth alone. Returns TRUE if there was one. */
static gboolean
find_in_range (ScTranscriptFind *self,
               const ScBlock    *block,
               guint             from,
               guint             to,
               int               nth,
               FoundFunc         func)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *text = NULL;
  glong n_chars = g_utf8_strlen (self->needle->str, -1);
  const char *last = NULL;
  glong index = 0;
  gboolean found = FALSE;

  if (from >= to || n_chars == 0)
    return FALSE;

  text = fold_range (self, block, from, to, offsets);
  last = text;
  for (const char *at = strstr (text, self->needle->str); at != NULL;
       at = strstr (at + self->needle->len, self->needle->str))
    {
      index += g_utf8_pointer_to_offset (last, at);
      last = at;
      if (nth > 0)
        {
          nth--;
          continue;
        }
      func (self, g_array_index (offsets, guint, index),
            g_array_index (offsets, guint, index + n_chars - 1) + 1);
      found = TRUE;
      if (nth == 0)
        break;
    }

  return found;
}

/* Marks */

static void
apply_style (ScTranscriptFind *self,
             ScPageStyle       style,
             guint             start,
             guint             end)
{
  GtkTextIter from;
  GtkTextIter to;

  gtk_text_buffer_get_iter_at_offset (self->buffer, &from, (int) start);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &to, (int) end);
  gtk_text_buffer_apply_tag (self->buffer,
                             sc_page_tags_get (sc_page_get_writer (self->page)->tags, style),
                             &from, &to);
}

static void
remove_style (ScTranscriptFind *self,
              ScPageStyle       style)
{
  GtkTextIter from;
  GtkTextIter to;

  gtk_text_buffer_get_bounds (self->buffer, &from, &to);
  gtk_text_buffer_remove_tag (self->buffer,
                              sc_page_tags_get (sc_page_get_writer (self->page)->tags, style),
                              &from, &to);
}

static void
mark_match (ScTranscriptFind *self,
            guint             start,
            guint             end)
{
  apply_style (self, SC_PAGE_STYLE_MATCH, start, end);
}

static void
mark_current (ScTranscriptFind *self,
              guint             start,
              guint             end)
{
  apply_style (self, SC_PAGE_STYLE_CURRENT_MATCH, start, end);
}

static void
show_current (ScTranscriptFind *self,
              guint             start,
              guint             end)
{
  mark_current (self, start, end);
  sc_transcript_scroll_show (self->scroll, start);
}

typedef struct
{
  ScTranscriptFind *self;
  guint             from;
  guint             to;
} MarkJob;

static void
mark_block_cb (ScPageEntry *entry,
               ScBlock     *block,
               guint        offset,
               guint        n_chars,
               gpointer     user_data)
{
  const MarkJob *job = user_data;

  if (block != NULL)
    find_in_range (job->self, block, MAX (offset + block->n_lead, job->from),
                   MIN (offset + n_chars, job->to), -1, mark_match);
}

/* The part that is seen, and as much above and below it. */
static void
get_range (ScTranscriptFind *self,
           MarkJob          *job)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  GdkRectangle visible;
  GtkTextIter iter;

  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y - visible.height, NULL);
  job->from = (guint) gtk_text_iter_get_offset (&iter);
  gtk_text_view_get_line_at_y (view, &iter, visible.y + 2 * visible.height, NULL);
  gtk_text_iter_forward_line (&iter);
  job->to = (guint) gtk_text_iter_get_offset (&iter);
}

/* Places */

typedef struct
{
  const ScBlock *block;
  guint          offset;
} FindBlock;

static void
find_block_cb (ScPageEntry *entry,
               ScBlock     *block,
               guint        offset,
               guint        n_chars,
               gpointer     user_data)
{
  FindBlock *find = user_data;

  if (block == find->block)
    find->offset = offset;
}

/* Calls @func with the current match. Returns FALSE if its block is not on the page. */
static gboolean
find_current (ScTranscriptFind *self,
              FoundFunc         func)
{
  g_autoptr (ScTurn) turn = g_list_model_get_item (self->model, self->current.turn);

  for (guint i = 0; turn != NULL && i < sc_page_get_n_entries (self->page); i++)
    {
      guint offset;
      ScPageEntry *entry = sc_page_get_entry (self->page, i, &offset);
      guint block = self->current.block - entry->first_block;
      FindBlock find = { NULL, offset };

      if (entry->turn != turn)
        continue;
      if (self->current.block < entry->first_block || block >= entry->blocks->len)
        return FALSE;
      find.block = &g_array_index (entry->blocks, ScBlock, block);
      sc_page_foreach (self->page, offset, offset + entry->n_chars, find_block_cb, &find);
      /* A cell that is broken into lines has the match on two of them: then the block it is. */
      if (!find_in_range (self, find.block, find.offset + find.block->n_lead,
                          find.offset + find.block->n_chars, (int) self->current.nth, func))
        func (self, find.offset + find.block->n_lead, find.offset + find.block->n_chars - 1);
      return TRUE;
    }

  return FALSE;
}

static void
mark_now (ScTranscriptFind *self)
{
  MarkJob job = { self, 0, 0 };
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));

  g_set_object (&self->buffer, buffer);
  remove_style (self, SC_PAGE_STYLE_MATCH);
  remove_style (self, SC_PAGE_STYLE_CURRENT_MATCH);
  if (self->needle->len == 0)
    return;
  get_range (self, &job);
  sc_page_foreach (self->page, job.from, job.to, mark_block_cb, &job);
  if (self->has_current)
    find_current (self, mark_current);
}

static void
mark_cb (gpointer user_data)
{
  ScTranscriptFind *self = user_data;

  self->mark_id = 0;
  mark_now (self);
}

static void
queue_marks (ScTranscriptFind *self)
{
  if (self->mark_id == 0)
    self->mark_id = g_idle_add_once (mark_cb, self);
}

static void
tell (ScTranscriptFind *self)
{
  self->changed (self, self->user_data);
}

/* Where the reader is: the first block that begins in what is seen. */

static void
anchor_cb (ScPageEntry *entry,
           ScBlock     *block,
           guint        offset,
           guint        n_chars,
           gpointer     user_data)
{
  ScTranscriptFind *self = user_data;
  guint first = sc_page_get_first (self->page);

  for (guint i = 0; i < sc_page_get_n_entries (self->page); i++)
    if (sc_page_get_entry (self->page, i, NULL) == entry)
      self->anchor.turn = first + i;
  self->anchor.nth = 0;
  self->anchor.block = 0;
  if (block != NULL)
    self->anchor.block = entry->first_block +
                         (guint) (block - (const ScBlock *) (gconstpointer) entry->blocks->data);
}

static void
set_anchor (ScTranscriptFind *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  GdkRectangle visible;
  GtkTextIter iter;
  guint from;

  if (self->has_anchor)
    return;
  self->has_anchor = TRUE;
  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y + 1, NULL);
  from = (guint) gtk_text_iter_get_offset (&iter);
  sc_page_foreach (self->page, from, from + 1, anchor_cb, self);
}

static void
go_to (ScTranscriptFind *self,
       guint             number)
{
  if (!sc_find_index_get_match (self->index, number, &self->current))
    return;

  self->has_current = TRUE;
  self->anchor = self->current;
  g_set_object (&self->buffer, gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)));
  remove_style (self, SC_PAGE_STYLE_CURRENT_MATCH);
  if (!find_current (self, show_current))
    {
      sc_transcript_scroll_set_following (self->scroll, FALSE);
      sc_page_show_turn (self->page, self->current.turn);
      g_set_object (&self->buffer, gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)));
      find_current (self, show_current);
    }
  queue_marks (self);
}

/* The first match from the reader on; while turns are still read, only one that is not before. */
static void
choose_first (ScTranscriptFind *self)
{
  guint n = sc_find_index_get_n_matches (self->index);
  guint number;

  if (self->has_current || n == 0)
    return;
  number = sc_find_index_get_number (self->index, &self->anchor);
  if (number < n)
    go_to (self, number);
  else if (self->is_complete)
    go_to (self, 0);
}

/* Reading */

static gboolean
work_cb (gpointer user_data)
{
  ScTranscriptFind *self = user_data;
  gboolean again = sc_find_index_work (self->index, g_get_monotonic_time () + SLICE_US);

  self->is_complete = !again;
  if (!again)
    self->work_id = 0;
  choose_first (self);
  tell (self);

  return again ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
reread_cb (gpointer user_data)
{
  ScTranscriptFind *self = user_data;

  self->work_id = g_idle_add (work_cb, self);
}

static void
stale_cb (ScFindIndex *index,
          gpointer     user_data)
{
  ScTranscriptFind *self = user_data;
  guint n = g_list_model_get_n_items (self->model);
  g_autoptr (ScTurn) last = n > 0 ? g_list_model_get_item (self->model, n - 1) : NULL;
  gsize length = 0;

  if (self->work_id != 0)
    return;
  if (last != NULL)
    sc_turn_get_text (last, &length);
  self->work_id = g_timeout_add_once (REREAD_MS + (guint) (length / REREAD_BYTES_MS),
                                      reread_cb, self);
}

ScTranscriptFind *
sc_transcript_find_new (ScTranscriptView     *view,
                        ScTranscriptScroll   *scroll,
                        GListModel           *model,
                        ScTranscriptFindFunc  changed,
                        gpointer              user_data)
{
  ScTranscriptFind *self = g_new0 (ScTranscriptFind, 1);

  self->view = view;
  self->scroll = scroll;
  self->page = sc_transcript_view_get_page (view);
  self->model = model != NULL ? g_object_ref (model)
                              : G_LIST_MODEL (g_list_store_new (SC_TYPE_TURN));
  self->buffer = g_object_ref (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)));
  self->needle = g_string_new (NULL);
  self->changed = changed;
  self->user_data = user_data;
  self->index = sc_find_index_new (self->model, stale_cb, self);
  self->work_id = g_idle_add (work_cb, self);

  return self;
}

void
sc_transcript_find_free (ScTranscriptFind *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->work_id, g_source_remove);
  g_clear_handle_id (&self->mark_id, g_source_remove);
  if (self->buffer == gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)))
    {
      remove_style (self, SC_PAGE_STYLE_MATCH);
      remove_style (self, SC_PAGE_STYLE_CURRENT_MATCH);
    }
  sc_find_index_free (self->index);
  g_object_unref (self->buffer);
  g_object_unref (self->model);
  g_string_free (self->needle, TRUE);
  g_free (self);
}

void
sc_transcript_find_set_needle (ScTranscriptFind *self,
                               const char       *needle)
{
  g_string_truncate (self->needle, 0);
  sc_find_fold (self->needle, needle, strlen (needle));
  sc_find_index_set_needle (self->index, needle);
  self->has_current = FALSE;
  set_anchor (self);
  choose_first (self);
  queue_marks (self);
  tell (self);
}

void
sc_transcript_find_step (ScTranscriptFind *self,
                         int               delta)
{
  guint n = sc_find_index_get_n_matches (self->index);
  guint number;

  if (n == 0)
    return;

  set_anchor (self);
  number = sc_find_index_get_number (self->index, &self->anchor);
  if (self->has_current)
    number = (number + (delta > 0 ? 1 : n - 1)) % n;
  else if (delta < 0)
    number = (number + n - 1) % n;
  go_to (self, number % n);
  tell (self);
}

void
sc_transcript_find_update (ScTranscriptFind *self)
{
  if (self->needle->len > 0)
    queue_marks (self);
}

guint
sc_transcript_find_get_n_matches (ScTranscriptFind *self)
{
  return sc_find_index_get_n_matches (self->index);
}

guint
sc_transcript_find_get_position (ScTranscriptFind *self)
{
  if (!self->has_current)
    return 0;

  return sc_find_index_get_number (self->index, &self->current) + 1;
}
