/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes one turn: head, line about reasoning, blocks, foot. Each part ends in a line feed of its own, so that nothing
 * is ever inserted on the border of two turns. */

#include "config.h"

#include "sc-page-entry.h"

#include <string.h>
#include <time.h>

#include "sc-page-words.h"
#include "sc-transcript-card.h"
#include "sc-transcript-words.h"

#define SUMMARY_PERIOD_US (400 * G_TIME_SPAN_MILLISECOND)

/* A longer text is shown as its stream has it, and settled in the frames that follow. */
#define SETTLE_AT_ONCE_BYTES (64 * 1024)

/* A complete text that is longer than this is read so much a frame, and its end shown when all of it was. */
#define LONG_BYTES (256 * 1024)
#define LONG_STEP_BYTES (64 * 1024)

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
is_answer (const ScPageEntry *self)
{
  return sc_turn_get_role (self->turn) == SC_ROLE_ASSISTANT;
}

static gboolean
is_streaming (const ScPageEntry *self)
{
  return is_answer (self) && sc_turn_get_status (self->turn) == SC_TURN_STATUS_STREAMING;
}

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

static guint
insert_text (const ScPagePlace *place,
             guint              offset,
             const char        *text,
             gssize             length)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &iter, (int) offset);
  gtk_text_buffer_insert (place->writer->buffer, &iter, text, (int) length);

  return (guint) gtk_text_iter_get_offset (&iter) - offset;
}

static void
delete_text (const ScPagePlace *place,
             guint              offset,
             guint              n_chars)
{
  GtkTextIter start;
  GtkTextIter end;

  if (n_chars == 0)
    return;
  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &start, (int) offset);
  gtk_text_buffer_get_iter_at_offset (place->writer->buffer, &end, (int) (offset + n_chars));
  gtk_text_buffer_delete (place->writer->buffer, &start, &end);
}

/* A line in small dim words. */
static guint
insert_line (const ScPagePlace *place,
             guint              offset,
             const char        *text,
             ScPageStyle        style,
             int                gap)
{
  ScPageTags *tags = place->writer->tags;
  guint n = insert_text (place, offset, text, -1);

  n += insert_text (place, offset + n, "\n", 1);
  apply_tag (place, sc_page_tags_get (tags, style), offset, offset + n);
  apply_tag (place, sc_page_tags_get_gap (tags, gap), offset, offset + 1);

  return n;
}

int
sc_page_entry_get_gap (const ScPagePlace *place)
{
  int gap = SC_PAGE_TURN_GAP;

  if (place->before != NULL && sc_turn_get_role (place->before) == SC_ROLE_USER)
    gap += SC_PAGE_USER_PADDING;

  return gap;
}

guint
sc_page_entry_get_content (const ScPageEntry *self)
{
  return self->n_head + self->n_summary + self->n_reasoning;
}

static guint
get_block_offset (const ScPageEntry *self,
                  const ScPagePlace *place,
                  guint              index)
{
  guint offset = place->offset + self->n_chars - self->n_foot;

  /* From the end: streaming touches the last blocks. */
  for (guint i = self->blocks->len; i > index; i--)
    offset -= g_array_index (self->blocks, ScBlock, i - 1).n_chars;

  return offset;
}

static int
get_block_gap (const ScPageEntry *self,
               const ScPagePlace *place,
               guint              position)
{
  const ScMarkdownBlock *block = sc_markdown_stream_get_block (self->stream, position);
  const ScMarkdownBlock *previous =
    position > 0 ? sc_markdown_stream_get_block (self->stream, position - 1) : NULL;
  int gap = sc_block_get_gap (previous, block);

  if (previous != NULL)
    return gap;

  return gap + (sc_page_entry_get_content (self) > 0 ? 6 : sc_page_entry_get_gap (place));
}

static void
clear_block (gpointer data)
{
  sc_block_clear (data);
}

ScPageEntry *
sc_page_entry_new (ScPage *page,
                   ScTurn *turn)
{
  ScPageEntry *self = g_new0 (ScPageEntry, 1);

  self->page = page;
  self->turn = g_object_ref (turn);
  self->blocks = g_array_new (FALSE, TRUE, sizeof (ScBlock));
  g_array_set_clear_func (self->blocks, clear_block);

  return self;
}

void
sc_page_entry_free (ScPageEntry *self)
{
  g_array_unref (self->blocks);
  g_clear_pointer (&self->stream, sc_markdown_stream_free);
  g_clear_pointer (&self->places, g_array_unref);
  g_free (self->definitions);
  g_object_unref (self->turn);
  g_free (self);
}

/* Blocks */

static void
set_placeholder (ScPageEntry       *self,
                 const ScPagePlace *place,
                 gboolean           wanted)
{
  guint offset = place->offset + sc_page_entry_get_content (self);

  if (wanted == self->has_placeholder)
    return;

  self->has_placeholder = wanted;
  if (wanted)
    {
      int gap = sc_page_entry_get_content (self) > 0 ? 6 : sc_page_entry_get_gap (place);

      insert_line (place, offset, "", SC_PAGE_STYLE_QUOTE, gap);
      self->n_chars++;
    }
  else
    {
      delete_text (place, offset, 1);
      self->n_chars--;
    }
}

static void
remove_blocks (ScPageEntry       *self,
               const ScPagePlace *place,
               guint              index,
               guint              n)
{
  guint offset;
  guint n_chars = 0;

  if (n == 0)
    return;

  offset = get_block_offset (self, place, index);
  for (guint i = index; i < index + n; i++)
    n_chars += g_array_index (self->blocks, ScBlock, i).n_chars;
  delete_text (place, offset, n_chars);
  self->n_chars -= n_chars;
  g_array_remove_range (self->blocks, index, n);
}

static void
insert_blocks (ScPageEntry       *self,
               const ScPagePlace *place,
               guint              index,
               guint              n)
{
  guint offset = get_block_offset (self, place, index);
  g_autofree ScBlock *blocks = g_new0 (ScBlock, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      guint position = self->first_block + index + i;

      sc_block_write (&blocks[i], place->writer, offset,
                      sc_markdown_stream_get_block (self->stream, position),
                      get_block_gap (self, place, position));
      offset += blocks[i].n_chars;
      self->n_chars += blocks[i].n_chars;
    }
  g_array_insert_vals (self->blocks, index, blocks, n);
}

/* What stands above a block decides its gap. */
static void
renew_gap (ScPageEntry       *self,
           const ScPagePlace *place,
           guint              index)
{
  if (index < self->blocks->len && self->stream != NULL)
    sc_block_set_gap (&g_array_index (self->blocks, ScBlock, index), place->writer,
                      get_block_offset (self, place, index),
                      get_block_gap (self, place, self->first_block + index));
}

static void
update_block (ScPageEntry            *self,
              const ScPagePlace      *place,
              guint                   index,
              const ScMarkdownChange *change)
{
  ScBlock *block = &g_array_index (self->blocks, ScBlock, index);
  guint offset = get_block_offset (self, place, index);
  guint before = block->n_chars;

  sc_block_update (block, place->writer, offset,
                   sc_markdown_stream_get_block (self->stream, change->position),
                   change->keep_bytes, change->keep_rows);
  self->n_chars = self->n_chars + block->n_chars - before;
}

/* Changes before the first block that is shown move only the index. */
static gboolean
clip_change (ScPageEntry       *self,
             const ScPagePlace *place,
             ScMarkdownChange  *change)
{
  guint end = change->position + change->n_removed;

  if (change->position >= self->first_block)
    return TRUE;

  if (end > self->first_block)
    remove_blocks (self, place, 0, MIN (end - self->first_block, self->blocks->len));
  self->first_block = MAX (end, self->first_block) - change->n_removed + change->n_inserted;

  return FALSE;
}

static gboolean
is_same_shape (const ScBlock         *block,
               const ScMarkdownBlock *source)
{
  return block->kind == source->kind && block->level == source->level && block->depth == source->depth &&
         block->quote == source->quote && block->number == source->number &&
         block->checked == source->checked && g_strcmp0 (block->language, source->language) == 0;
}

static void
apply_change (ScPageEntry       *self,
              const ScPagePlace *place,
              ScMarkdownChange   change)
{
  guint index;
  gboolean keeps = change.keep_bytes > 0 || change.keep_rows > 0;

  if (!clip_change (self, place, &change))
    return;

  index = change.position - self->first_block;
  if (change.n_removed == 1 && change.n_inserted == 1 && index < self->blocks->len &&
      (keeps || is_same_shape (&g_array_index (self->blocks, ScBlock, index),
                               sc_markdown_stream_get_block (self->stream, change.position))))
    {
      update_block (self, place, index, &change);
      return;
    }

  remove_blocks (self, place, index, MIN (change.n_removed, self->blocks->len - index));
  if (change.n_inserted > 0)
    set_placeholder (self, place, FALSE);
  insert_blocks (self, place, index, change.n_inserted);
  renew_gap (self, place, index + change.n_inserted);
}

static void
apply_changes (ScPageEntry       *self,
               const ScPagePlace *place,
               const GArray      *changes)
{
  for (guint i = 0; i < changes->len; i++)
    apply_change (self, place, g_array_index (changes, ScMarkdownChange, i));
  set_placeholder (self, place, self->blocks->len == 0 && is_streaming (self));
}

/* Head, summary, foot */

static void
write_head (ScPageEntry       *self,
            const ScPagePlace *place)
{
  g_autofree char *head = sc_transcript_dup_head (self->turn, place->before, place->spoke_last);
  gboolean is_user = sc_turn_get_role (self->turn) == SC_ROLE_USER;

  if (head == NULL)
    return;

  self->n_head = insert_line (place, place->offset, head,
                              is_user ? SC_PAGE_STYLE_SMALL_END : SC_PAGE_STYLE_SMALL,
                              sc_page_entry_get_gap (place));
  self->n_chars += self->n_head;
}

static gboolean
has_card (const ScPageEntry *self,
          const ScPagePlace *place)
{
  return place->is_last && sc_transcript_needs_card (self->turn);
}

static void
write_foot (ScPageEntry       *self,
            const ScPagePlace *place)
{
  g_autofree char *foot = NULL;
  guint offset;
  int gap = SC_PAGE_BLOCK_GAP;

  offset = place->offset + self->n_chars - self->n_foot;
  delete_text (place, offset, self->n_foot);
  self->n_chars -= self->n_foot;
  self->n_foot = 0;
  if (is_streaming (self))
    return;
  foot = sc_transcript_dup_foot (self->turn, has_card (self, place));
  if (foot == NULL)
    return;

  if (self->blocks->len > 0 &&
      g_array_index (self->blocks, ScBlock, self->blocks->len - 1).kind == SC_MARKDOWN_CODE)
    gap += SC_PAGE_CODE_PADDING;
  if (self->n_chars == 0)
    gap = sc_page_entry_get_gap (place);
  self->n_foot = insert_line (place, offset, foot, SC_PAGE_STYLE_SMALL, gap);
  self->n_chars += self->n_foot;
}

static void
write_reasoning (ScPageEntry       *self,
                 const ScPagePlace *place)
{
  gsize length;
  const char *text = sc_turn_get_reasoning (self->turn, &length);
  guint offset = place->offset + self->n_head + self->n_summary;
  g_autoptr (GString) out = g_string_new (NULL);
  guint from = self->reasoned.chars;
  ScPageTags *tags = place->writer->tags;

  if (self->n_reasoning == 0)
    {
      self->n_reasoning = insert_line (place, offset, "", SC_PAGE_STYLE_REASONING, 6);
      self->n_chars += self->n_reasoning;
    }
  sc_block_map_advance (&self->reasoned, text, (guint) length, TRUE, out, NULL);
  if (out->len == 0)
    return;
  insert_text (place, offset + from, out->str, (gssize) out->len);
  self->n_reasoning += self->reasoned.chars - from;
  self->n_chars += self->reasoned.chars - from;
  apply_tag (place, sc_page_tags_get (tags, SC_PAGE_STYLE_REASONING),
             offset + from, offset + self->n_reasoning);
  apply_tag (place, sc_page_tags_get_margin (tags, SC_PAGE_QUOTE_INDENT, 0, 0, FALSE),
             offset + from, offset + self->n_reasoning);
  if (from == 0)
    apply_tag (place, sc_page_tags_get_gap (tags, 6), offset, offset + 1);
}

/* Only what differs is replaced: the line is renewed while one reads it. */
static void
write_summary (ScPageEntry       *self,
               const ScPagePlace *place)
{
  g_autofree char *words = sc_transcript_dup_thinking (self->turn);
  g_autofree char *line = g_strconcat (self->is_open ? "▾  " : "▸  ", words, NULL);
  guint offset = place->offset + self->n_head;
  gboolean is_new = self->n_summary == 0;

  delete_text (place, offset, self->n_summary);
  self->n_chars -= self->n_summary;
  self->n_summary = insert_line (place, offset, line, SC_PAGE_STYLE_SUMMARY,
                                 self->n_head > 0 ? 4 : sc_page_entry_get_gap (place));
  self->n_chars += self->n_summary;
  self->summary_us = g_get_monotonic_time ();
  if (is_new && self->first_block == 0)
    renew_gap (self, place, 0);
  if (is_new && self->has_placeholder)
    {
      set_placeholder (self, place, FALSE);
      set_placeholder (self, place, TRUE);
    }
}

static gboolean
drain_reasoning (ScPageEntry       *self,
                 const ScPagePlace *place)
{
  gsize length;
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_due;

  sc_turn_get_reasoning (self->turn, &length);
  if (length == 0 || self->first_block > 0)
    return FALSE;

  /* Not again in each of the steps in which the text is settled. */
  is_due = self->n_summary == 0 || (!is_streaming (self) && self->is_ended == self->is_complete) || now_us - self->summary_us >= SUMMARY_PERIOD_US;
  if (is_due)
    write_summary (self, place);
  if (self->is_open && self->reasoned.bytes < length)
    {
      write_reasoning (self, place);
      return TRUE;
    }

  return is_due;
}

/* Growing */

static ScMarkdownStream *
create_stream (void)
{
  ScMarkdownStream *stream = sc_markdown_stream_new ();

  sc_markdown_stream_set_step (stream, SC_PAGE_STEP_BYTES);

  return stream;
}

/* Settling what has come is spread over frames. */
static void
end_stream (ScPageEntry *self,
            gsize        length)
{
  if (self->n_fed < length || is_streaming (self))
    return;
  sc_markdown_stream_finish (self->stream);
  self->is_ended = TRUE;
}

static void
settle (ScPageEntry *self)
{
  while (self->is_ended && !sc_markdown_stream_is_settled (self->stream))
    sc_markdown_stream_update (self->stream);
  self->is_complete = self->is_ended;
}

/* Its last blocks, about @n_bytes of them. */
static void
show_end (ScPageEntry       *self,
          const ScPagePlace *place,
          gsize              n_bytes)
{
  guint n_blocks = sc_markdown_stream_get_n_blocks (self->stream);
  guint first;
  gsize shown = 0;

  for (first = n_blocks; first > 0 && (shown < n_bytes || first == n_blocks); first--)
    shown += sc_markdown_stream_get_block (self->stream, first - 1)->content.text->len + 64;
  self->first_block = first;
  if (first == 0)
    {
      write_head (self, place);
      drain_reasoning (self, place);
    }
  insert_blocks (self, place, 0, n_blocks - first);
  set_placeholder (self, place, n_blocks == 0 && is_streaming (self));
}

static void
read_long (ScPageEntry       *self,
           const ScPagePlace *place,
           ScPageWork        *work)
{
  gsize length;
  const char *text = sc_turn_get_text (self->turn, &length);
  gsize n = MIN (length - self->n_fed, LONG_STEP_BYTES);
  gint64 start_us = get_cpu_us ();

  sc_markdown_stream_feed (self->stream, text + self->n_fed, n);
  self->n_fed += n;
  sc_markdown_stream_update (self->stream);
  end_stream (self, length);
  work->n_bytes += n;
  work->parse_us += get_cpu_us () - start_us;
  if (self->n_fed < length)
    return;
  show_end (self, place, self->n_waiting);
  self->n_waiting = 0;
}

static void
feed (ScPageEntry       *self,
      const ScPagePlace *place,
      gsize              budget,
      ScPageWork        *work)
{
  gsize length;
  const char *text = sc_turn_get_text (self->turn, &length);
  gsize n = MIN (length - self->n_fed, budget);
  gint64 start_us = get_cpu_us ();
  gint64 parsed_us;
  const GArray *changes;

  if (self->stream == NULL)
    self->stream = create_stream ();
  if (n > 0)
    sc_markdown_stream_feed (self->stream, text + self->n_fed, n);
  self->n_fed += n;
  end_stream (self, length);
  changes = sc_markdown_stream_update (self->stream);
  self->is_complete = sc_markdown_stream_is_settled (self->stream);
  parsed_us = get_cpu_us ();
  apply_changes (self, place, changes);
  work->n_bytes += n;
  work->parse_us += parsed_us - start_us;
  work->buffer_us += get_cpu_us () - parsed_us;
}

/* What came is complete on the page: the markdown is not needed any more, but for where it can be read again. */
static void
drop_stream (ScPageEntry *self)
{
  const char *definitions = NULL;
  const GArray *places;

  if (!self->is_complete || self->first_block > 0 || self->stream == NULL)
    return;

  places = sc_markdown_stream_get_places (self->stream, &definitions);
  if (places != NULL && self->places == NULL)
    {
      self->places = g_array_copy ((GArray *) places);
      self->definitions = g_strdup (definitions);
    }
  g_clear_pointer (&self->stream, sc_markdown_stream_free);
}

/* The text was replaced by another: everything from the first block on is written anew. */
static void
start_again (ScPageEntry       *self,
             const ScPagePlace *place)
{
  remove_blocks (self, place, 0, self->blocks->len);
  g_clear_pointer (&self->stream, sc_markdown_stream_free);
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->definitions, g_free);
  self->first_block = 0;
  self->n_fed = 0;
  self->n_waiting = 0;
  self->is_ended = FALSE;
  self->is_complete = FALSE;
}

gsize
sc_page_entry_get_pending (ScPageEntry *self)
{
  gsize length;

  if (!is_answer (self))
    return 0;
  sc_turn_get_text (self->turn, &length);

  return length > self->n_fed ? length - self->n_fed : 0;
}

gboolean
sc_page_entry_drain (ScPageEntry       *self,
                     const ScPagePlace *place,
                     gsize              budget,
                     ScPageWork        *work)
{
  gsize length;
  gint64 start_us = get_cpu_us ();
  gboolean changed;

  if (!is_answer (self))
    return FALSE;

  sc_turn_get_text (self->turn, &length);
  if (length < self->n_fed || (self->is_ended && (length != self->n_fed || is_streaming (self))))
    start_again (self, place);
  changed = drain_reasoning (self, place);
  work->buffer_us += get_cpu_us () - start_us;
  if (!self->is_complete && (length > self->n_fed || !is_streaming (self)))
    {
      if (self->n_waiting > 0)
        read_long (self, place, work);
      else
        feed (self, place, budget, work);
      changed = TRUE;
    }
  if (self->n_fed == length)
    {
      start_us = get_cpu_us ();
      set_placeholder (self, place, self->blocks->len == 0 && is_streaming (self));
      if ((!is_streaming (self) || self->n_foot > 0) && (self->is_complete || self->n_foot == 0))
        {
          write_foot (self, place);
          changed = TRUE;
        }
      work->buffer_us += get_cpu_us () - start_us;
    }
  drop_stream (self);

  return changed;
}

/* The whole turn, or only its last blocks where it is longer than @n_bytes. */
void
sc_page_entry_write (ScPageEntry       *self,
                     const ScPagePlace *place,
                     gsize              n_bytes)
{
  gsize length;
  const char *text;

  if (!is_answer (self))
    {
      write_head (self, place);
      sc_page_words_write (self, place);
      return;
    }

  text = sc_turn_get_text (self->turn, &length);
  self->stream = create_stream ();
  if (length > LONG_BYTES && !is_streaming (self))
    {
      self->n_waiting = n_bytes;
      return;
    }
  sc_markdown_stream_feed (self->stream, text, length);
  self->n_fed = length;
  sc_markdown_stream_update (self->stream);
  end_stream (self, length);
  if (length <= SETTLE_AT_ONCE_BYTES)
    settle (self);
  show_end (self, place, n_bytes);
  write_foot (self, place);
  drop_stream (self);
}

guint
sc_page_entry_prepend (ScPageEntry       *self,
                       const ScPagePlace *place,
                       gsize              n_bytes)
{
  gsize shown = 0;
  guint before = self->n_chars;
  guint first = self->first_block;

  for (; first > 0 && shown < n_bytes; first--)
    shown += sc_markdown_stream_get_block (self->stream, first - 1)->content.text->len + 64;
  if (first < self->first_block)
    {
      guint n = self->first_block - first;

      self->first_block = first;
      if (first == 0)
        {
          write_head (self, place);
          drain_reasoning (self, place);
        }
      /* The blocks that stand there are those behind the new ones. */
      insert_blocks (self, place, 0, n);
    }
  drop_stream (self);

  return self->n_chars - before;
}

guint
sc_page_entry_trim (ScPageEntry       *self,
                    const ScPagePlace *place,
                    guint              n_chars)
{
  guint before = self->n_chars;
  guint n_blocks = 0;
  guint n = sc_page_entry_get_content (self);

  while (n_blocks + 1 < self->blocks->len && n < n_chars)
    n += g_array_index (self->blocks, ScBlock, n_blocks++).n_chars;
  if (n_blocks == 0)
    return 0;

  if (self->stream == NULL)
    self->stream = sc_page_parse (self);
  delete_text (place, place->offset, sc_page_entry_get_content (self));
  self->n_chars -= sc_page_entry_get_content (self);
  self->n_head = self->n_summary = self->n_reasoning = 0;
  self->is_open = FALSE;
  memset (&self->reasoned, 0, sizeof self->reasoned);
  remove_blocks (self, place, 0, n_blocks);
  self->first_block += n_blocks;

  return before - self->n_chars;
}

void
sc_page_entry_set_open (ScPageEntry       *self,
                        const ScPagePlace *place,
                        gboolean           is_open)
{
  if (self->is_open == is_open || self->n_summary == 0)
    return;

  self->is_open = is_open;
  if (!is_open)
    {
      delete_text (place, place->offset + self->n_head + self->n_summary, self->n_reasoning);
      self->n_chars -= self->n_reasoning;
      self->n_reasoning = 0;
      memset (&self->reasoned, 0, sizeof self->reasoned);
    }
  write_summary (self, place);
  if (is_open)
    write_reasoning (self, place);
}

gboolean
sc_page_entry_rewrite_tables (ScPageEntry       *self,
                              const ScPagePlace *place)
{
  g_autoptr (ScMarkdownStream) parsed = NULL;
  gboolean changed = FALSE;

  for (guint i = 0; is_answer (self) && i < self->blocks->len; i++)
    {
      ScBlock *block = &g_array_index (self->blocks, ScBlock, i);
      int available = place->writer->width - sc_block_get_indent (block->kind, block->quote, block->depth);
      guint offset;
      int gap = block->gap;

      if (block->table == NULL || sc_block_table_fits (block->table, available))
        continue;
      if (self->stream == NULL && parsed == NULL)
        parsed = sc_page_parse (self);
      offset = get_block_offset (self, place, i);
      delete_text (place, offset, block->n_chars);
      self->n_chars -= block->n_chars;
      sc_block_clear (block);
      sc_block_write (block, place->writer, offset,
                      sc_markdown_stream_get_block (self->stream != NULL ? self->stream : parsed,
                                                    self->first_block + i),
                      gap);
      self->n_chars += block->n_chars;
      changed = TRUE;
    }

  return changed;
}
