/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copying. The buffer's own copy builds a second tagged buffer and takes a second for a megabyte. Here what is selected as
 * a whole is taken from the text as it came, and only blocks of which a part is selected are read again, with what the
 * markdown says can be read alone around them: a few thousand bytes, however long the answer is. */

#include "config.h"

#include "sc-page-copy.h"

#include <string.h>

#include "sc-page-markdown.h"

#define LINE_SEPARATOR "\xe2\x80\xa8"

/* For a piece of a longer block its styles are not looked up. */
#define MAX_STYLED_BYTES (64 * 1024)

typedef struct
{
  ScPage      *page;
  ScPageCopy  *copy;
  GString     *out;
  guint        from;
  guint        to;
  guint        n_blocks;
  guint        n_turns;
  ScPageEntry *entry; /* the one, where it is one */
  ScBlock     *block; /* the one, where it is one */
  guint        block_offset;
  gboolean     is_from_start; /* also what is before the page */
  gboolean     is_to_end;     /* also what is behind it */
} CopyJob;

/* What is shown */

static void
append_shown (CopyJob  *job,
              GString  *out,
              guint     from,
              guint     to,
              gboolean  keeps_lines)
{
  GtkTextBuffer *buffer = sc_page_get_writer (job->page)->buffer;
  GtkTextTag *soft = sc_page_tags_get (sc_page_get_writer (job->page)->tags, SC_PAGE_STYLE_SOFT_BREAK);
  gsize start = out->len;
  GtkTextIter iter;
  GtkTextIter end;

  if (from >= to)
    return;

  gtk_text_buffer_get_iter_at_offset (buffer, &iter, (int) from);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) to);
  while (gtk_text_iter_compare (&iter, &end) < 0)
    {
      GtkTextIter next = iter;
      gboolean is_soft = gtk_text_iter_has_tag (&iter, soft);

      if (!gtk_text_iter_forward_to_tag_toggle (&next, soft) || gtk_text_iter_compare (&next, &end) > 0)
        next = end;
      if (!is_soft)
        {
          g_autofree char *slice = gtk_text_iter_get_slice (&iter, &next);

          g_string_append (out, slice);
        }
      iter = next;
    }
  if (!keeps_lines && strstr (out->str + start, LINE_SEPARATOR) != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (out->str + start, LINE_SEPARATOR, -1);
      g_autofree char *joined = g_strjoinv ("\n", lines);

      g_string_truncate (out, start);
      g_string_append (out, joined);
    }
}

/* What it came from */

typedef struct
{
  ScMarkdownStream *stream;
  gboolean          is_owned;
  guint             first; /* which block of the text is its first one */
  gsize             n_bytes;
} Source;

static void
close_source (Source *self)
{
  if (self->is_owned)
    g_clear_pointer (&self->stream, sc_markdown_stream_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, close_source)

static const GArray *
get_places (const ScPageEntry  *entry,
            const char        **definitions)
{
  if (!entry->is_complete)
    return NULL;
  if (entry->places == NULL && entry->stream != NULL)
    return sc_markdown_stream_get_places (entry->stream, definitions);
  *definitions = entry->definitions;

  return entry->places;
}

/* The piece of the text in which the blocks from @first to @last are. */
static void
find_piece (const ScPageEntry *entry,
            const GArray      *places,
            guint              first,
            guint              last,
            ScMarkdownPlace   *start,
            gsize             *end)
{
  *start = g_array_index (places, ScMarkdownPlace, 0);
  *end = entry->n_fed;
  for (guint i = 0; i < places->len; i++)
    {
      ScMarkdownPlace place = g_array_index (places, ScMarkdownPlace, i);

      if (place.position <= first)
        *start = place;
      else if (place.position > last)
        {
          *end = place.offset;
          break;
        }
    }
}

static void
open_source (Source      *self,
             CopyJob     *job,
             ScPageEntry *entry,
             guint        first,
             guint        last)
{
  const char *definitions = NULL;
  const GArray *places = get_places (entry, &definitions);
  const char *text = sc_turn_get_text (entry->turn, NULL);
  ScMarkdownPlace start;
  gsize end;

  self->stream = entry->stream;
  if (self->stream != NULL)
    return;
  self->is_owned = TRUE;
  self->n_bytes = entry->n_fed;
  if (places == NULL)
    {
      self->stream = sc_page_parse (entry);
    }
  else
    {
      find_piece (entry, places, first, last, &start, &end);
      self->first = start.position;
      self->n_bytes = end - start.offset;
      self->stream = sc_markdown_stream_new ();
      sc_markdown_stream_feed (self->stream, definitions, strlen (definitions));
      sc_markdown_stream_feed (self->stream, text + start.offset, end - start.offset);
      sc_markdown_stream_finish (self->stream);
      sc_markdown_stream_update (self->stream);
    }
  job->copy->n_parsed += self->n_bytes;
}

static const ScMarkdownBlock *
get_source_block (const Source *self,
                  guint         position)
{
  return sc_markdown_stream_get_block (self->stream, position - self->first);
}

static guint
chars_to_bytes (const ScMarkdownBlock *block,
                guint                  chars)
{
  ScBlockMap map = { 0, 0, 0 };
  const char *text = block->content.text->str;
  guint length = (guint) block->content.text->len;

  while (map.bytes < length && map.chars < chars)
    sc_block_map_advance (&map, text, (guint) (g_utf8_next_char (text + map.bytes) - text),
                          sc_block_keeps_lines (block->kind), NULL, NULL);

  return map.bytes;
}

/* The row a character is in. */
static guint
find_row (const ScBlock *block,
          guint          chars)
{
  guint row = 0;
  guint n;

  while ((n = sc_block_table_get_row (block->table, row)) > 0 && n <= chars)
    {
      chars -= n;
      row++;
    }

  return row;
}

/* Which bytes or rows of a block are selected; TRUE if all of it is. */
static gboolean
find_part (CopyJob               *job,
           const ScBlock         *shown,
           guint                  offset,
           const ScMarkdownBlock *block,
           guint                 *from,
           guint                 *to)
{
  guint start = offset + shown->n_lead;
  guint end = offset + shown->n_chars - 1;
  gboolean is_started = job->from <= start;
  gboolean is_ended = job->to >= end;

  *from = 0;
  *to = G_MAXUINT;
  if (block == NULL || (is_started && is_ended))
    return is_started && is_ended;
  if (shown->table != NULL)
    {
      *from = is_started ? 0 : find_row (shown, job->from - offset);
      *to = is_ended ? G_MAXUINT : find_row (shown, job->to - offset - 1) + 1;
      return FALSE;
    }
  if (!is_started)
    *from = chars_to_bytes (block, job->from - start);
  if (!is_ended)
    *to = job->to > start ? chars_to_bytes (block, job->to - start) : 0;

  return FALSE;
}

/* One block */

static void
add_words (CopyJob *job,
           gsize    start,
           gsize    end)
{
  ScPageWords words = { start, end };

  g_array_append_val (job->copy->words, words);
}

static void
append_cells (GString               *out,
              const ScMarkdownBlock *block,
              guint                  from,
              guint                  to)
{
  for (guint i = from; i < MIN (to, block->rows->len); i++)
    {
      const GPtrArray *cells = g_ptr_array_index (block->rows, i);

      for (guint j = 0; j < cells->len; j++)
        {
          const ScMarkdownText *cell = g_ptr_array_index (cells, j);

          g_string_append_printf (out, "%s%s", j > 0 ? "\t" : "", cell->text->str);
        }
      g_string_append_c (out, '\n');
    }
}

static char *
dup_piece_markdown (CopyJob     *job,
                    guint        position,
                    const char  *plain)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (Source) source = { NULL };
  const ScMarkdownBlock *block;
  guint from;
  guint to;

  if (job->block->kind == SC_MARKDOWN_CODE)
    {
      sc_page_markdown_append_code (out, plain, strlen (plain), job->block->language);
      return g_string_free (g_steal_pointer (&out), FALSE);
    }
  open_source (&source, job, job->entry, position, position);
  block = get_source_block (&source, position);
  if (find_part (job, job->block, job->block_offset, block, &from, &to) || block->kind == SC_MARKDOWN_TABLE)
    {
      ScPageMarkdown *markdown = sc_page_markdown_new (out);

      sc_page_markdown_append (markdown, block, from, to);
      sc_page_markdown_free (markdown);
      g_string_truncate (out, out->len - 1);
    }
  else
    sc_page_markdown_append_inline (out, &block->content, from, to, FALSE);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Several rows are copied as spreadsheets take them; lines into which a cell was wrapped are not lines of it. */
static gboolean
append_rows (CopyJob *job,
             guint    position)
{
  g_auto (Source) source = { NULL };
  guint from;
  guint to;
  const ScMarkdownBlock *block;

  if (job->block->table == NULL)
    return FALSE;
  open_source (&source, job, job->entry, position, position);
  block = get_source_block (&source, position);
  find_part (job, job->block, job->block_offset, block, &from, &to);
  if (MIN (to, block->rows->len) - from < 2)
    return FALSE;
  append_cells (job->out, block, from, to);

  return TRUE;
}

/* A piece of one block: what is seen, without the bullet before it. */
static void
copy_piece (CopyJob *job)
{
  const ScBlock *block = job->block;
  guint start = block != NULL ? job->block_offset : job->to;
  guint end = block != NULL ? start + block->n_chars : job->to;
  gboolean is_words = block == NULL || block->is_words;
  guint position = 0;

  if (!is_words)
    position = job->entry->first_block +
               (guint) (block - &g_array_index (job->entry->blocks, ScBlock, 0));
  append_shown (job, job->out, job->from, MIN (start, job->to), TRUE);
  if (is_words || !append_rows (job, position))
    append_shown (job, job->out, MAX (job->from, start + (block != NULL ? block->n_lead : 0)), MIN (job->to, end),
                  block != NULL && (block->is_words || sc_block_keeps_lines (block->kind)));
  append_shown (job, job->out, MAX (end, job->from), job->to, TRUE);
  job->copy->text = g_strdup (job->out->str);
  if (is_words || block->kind == SC_MARKDOWN_HTML || block->kind == SC_MARKDOWN_MATH ||
      block->n_bytes > MAX_STYLED_BYTES)
    add_words (job, 0, job->out->len);
  else
    job->copy->markdown = dup_piece_markdown (job, position, job->copy->text);
}

/* Several */

static void
count_cb (ScPageEntry *entry,
          ScBlock     *block,
          guint        offset,
          guint        n_chars,
          gpointer     user_data)
{
  CopyJob *job = user_data;

  if (block == NULL)
    {
      job->n_turns++;
      job->entry = entry;
      return;
    }
  job->n_blocks++;
  job->block = block;
  job->block_offset = offset;
}

static void
begin_part (CopyJob *job)
{
  if (job->out->len > 0)
    g_string_append (job->out, job->out->str[job->out->len - 1] == '\n' ? "\n" : "\n\n");
}

static void
append_source (CopyJob *job,
               ScTurn  *turn)
{
  gsize length;
  const char *text = sc_turn_get_text (turn, &length);
  gsize start;

  begin_part (job);
  start = job->out->len;
  g_string_append_len (job->out, text, (gssize) length);
  if (sc_turn_get_role (turn) != SC_ROLE_ASSISTANT)
    add_words (job, start, job->out->len);
  if (length > 0 && text[length - 1] != '\n')
    g_string_append_c (job->out, '\n');
}

static void
append_blocks (CopyJob     *job,
               ScPageEntry *entry,
               guint        end_offset,
               guint        first,
               guint        last)
{
  ScPageMarkdown *markdown;
  g_auto (Source) source = { NULL };
  guint at = end_offset;

  open_source (&source, job, entry, first, last);
  begin_part (job);
  markdown = sc_page_markdown_new (job->out);
  for (guint i = entry->first_block + entry->blocks->len; i > MAX (first, entry->first_block); i--)
    at -= g_array_index (entry->blocks, ScBlock, i - 1 - entry->first_block).n_chars;
  for (guint i = first; i <= last; i++)
    {
      const ScMarkdownBlock *block = get_source_block (&source, i);
      guint from = 0;
      guint to = G_MAXUINT;

      if (i >= entry->first_block)
        {
          const ScBlock *shown = &g_array_index (entry->blocks, ScBlock, i - entry->first_block);

          find_part (job, shown, at, block, &from, &to);
          at += shown->n_chars;
        }
      sc_page_markdown_append (markdown, block, from, to);
    }
  sc_page_markdown_free (markdown);
}

/* Definitions that stand outside of what was taken, where it may name them. */
static void
append_definitions (CopyJob    *job,
                    gsize       start,
                    const char *definitions)
{
  g_auto (GStrv) each = g_strsplit (definitions, "\n\n", -1);
  g_autofree char *taken = *definitions != '\0' ? g_ascii_strdown (job->out->str + start, -1) : NULL;
  gboolean is_first = TRUE;

  for (guint i = 0; each[i] != NULL; i++)
    {
      const char *end = strstr (each[i], "]:");
      g_autofree char *label = end != NULL ? g_strndup (each[i], (gsize) (end - each[i]) + 1) : NULL;
      g_autofree char *folded = label != NULL ? g_ascii_strdown (label, -1) : NULL;

      if (label == NULL || strstr (job->out->str + start, each[i]) != NULL ||
          (g_str_is_ascii (label) && strchr (label, ' ') == NULL && strstr (taken, folded) == NULL))
        continue;
      g_string_append_printf (job->out, "%s%s\n", is_first ? "\n" : "", each[i]);
      is_first = FALSE;
    }
}

/* What of the blocks from @first to @last can be taken as it came; FALSE if nothing can. */
static gboolean
find_raw (ScPageEntry     *entry,
          const GArray    *places,
          guint            first,
          guint            last,
          ScMarkdownPlace *start,
          ScMarkdownPlace *end)
{
  gboolean has_start = FALSE;

  for (guint i = 0; i < places->len; i++)
    {
      ScMarkdownPlace place = g_array_index (places, ScMarkdownPlace, i);

      if (!has_start && place.position >= first)
        {
          *start = place;
          *end = place;
          has_start = TRUE;
        }
      if (has_start && place.position <= last + 1)
        *end = place;
    }
  if (has_start && last + 1 == entry->first_block + entry->blocks->len)
    *end = (ScMarkdownPlace) { entry->n_fed, last + 1 };

  return has_start && end->offset > start->offset;
}

static void
append_raw (CopyJob         *job,
            ScPageEntry     *entry,
            ScMarkdownPlace  start,
            ScMarkdownPlace  end,
            const char      *definitions)
{
  gsize at;

  begin_part (job);
  at = job->out->len;
  g_string_append_len (job->out, sc_turn_get_text (entry->turn, NULL) + start.offset,
                       (gssize) (end.offset - start.offset));
  while (job->out->len > at && g_ascii_isspace (job->out->str[job->out->len - 1]))
    g_string_truncate (job->out, job->out->len - 1);
  g_string_append_c (job->out, '\n');
  append_definitions (job, at, definitions);
}

static void
append_answer (CopyJob     *job,
               ScPageEntry *entry,
               guint        offset)
{
  const char *definitions = NULL;
  const GArray *places = get_places (entry, &definitions);
  guint end_offset = offset + entry->n_chars - entry->n_foot;
  guint at = end_offset;
  guint first = G_MAXUINT;
  guint last = 0;
  gboolean is_first_whole = FALSE;
  gboolean is_last_whole = FALSE;
  ScMarkdownPlace start = { 0, 0 };
  ScMarkdownPlace end = { 0, 0 };
  guint unused;

  for (guint i = entry->blocks->len; i > 0; i--)
    {
      const ScBlock *shown = &g_array_index (entry->blocks, ScBlock, i - 1);
      gboolean is_whole;

      at -= shown->n_chars;
      if (at >= job->to || at + shown->n_chars <= job->from)
        continue;
      is_whole = find_part (job, shown, at, NULL, &unused, &unused);
      if (first == G_MAXUINT)
        {
          last = entry->first_block + i - 1;
          is_last_whole = is_whole;
        }
      first = entry->first_block + i - 1;
      is_first_whole = is_whole;
    }
  if (first == G_MAXUINT)
    return;
  if (job->is_from_start && entry->first_block > 0)
    {
      first = 0;
      is_first_whole = TRUE;
    }
  if (places == NULL || !find_raw (entry, places, is_first_whole ? first : first + 1,
                                   is_last_whole ? last : last - (last > 0), &start, &end) ||
      start.position > last + is_last_whole)
    {
      append_blocks (job, entry, end_offset, first, last);
      return;
    }
  if (start.position > first)
    append_blocks (job, entry, end_offset, first, start.position - 1);
  append_raw (job, entry, start, end, definitions);
  if (end.position <= last)
    append_blocks (job, entry, end_offset, end.position, last);
}

/* Opened reasoning that is selected stands as a quote above what was said. */
static void
append_reasoning (CopyJob           *job,
                  const ScPageEntry *entry,
                  guint              offset)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  guint start = offset + entry->n_head + entry->n_summary;
  g_auto (GStrv) lines = NULL;

  append_shown (job, shown, MAX (job->from, start), MIN (job->to, start + entry->n_reasoning), TRUE);
  if (*g_strchomp (shown->str) == '\0')
    return;

  begin_part (job);
  lines = g_strsplit (shown->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (job->out, *lines[i] != '\0' ? "> %s\n" : ">%s\n", lines[i]);
}

static void
append_words (CopyJob           *job,
              const ScPageEntry *entry,
              guint              offset)
{
  guint start = MAX (job->from, offset + entry->n_head);
  guint end = MIN (job->to, offset + entry->n_chars - entry->n_foot);
  gsize at;

  if (start >= end)
    return;
  begin_part (job);
  at = job->out->len;
  append_shown (job, job->out, start, end, TRUE);
  add_words (job, at, job->out->len);
  if (job->out->len > at && job->out->str[job->out->len - 1] != '\n')
    g_string_append_c (job->out, '\n');
}

static void
append_turn (CopyJob     *job,
             ScPageEntry *entry,
             guint        offset)
{
  guint start = offset + entry->n_head + entry->n_summary + entry->n_reasoning;
  guint end = offset + entry->n_chars - entry->n_foot;

  append_reasoning (job, entry, offset);
  if (job->to + 1 >= end && (entry->first_block == 0 ? job->from <= start : job->is_from_start))
    append_source (job, entry->turn);
  else if (sc_turn_get_role (entry->turn) == SC_ROLE_ASSISTANT)
    append_answer (job, entry, offset);
  else
    append_words (job, entry, offset);
}

/* The buffer holds a part of the conversation; who selects up to its very end means all of that. */
static void
copy_turns (CopyJob *job)
{
  guint end = sc_page_get_first (job->page) + sc_page_get_n_entries (job->page);
  ScTurn *turn;

  for (guint i = 0; job->is_from_start && i < sc_page_get_first (job->page); i++)
    append_source (job, sc_page_get_turn (job->page, i));
  for (guint i = 0; i < sc_page_get_n_entries (job->page); i++)
    {
      guint offset;
      ScPageEntry *entry = sc_page_get_entry (job->page, i, &offset);

      if (offset < job->to && offset + entry->n_chars > job->from)
        append_turn (job, entry, offset);
    }
  for (; job->is_to_end && (turn = sc_page_get_turn (job->page, end)) != NULL; end++)
    append_source (job, turn);
  while (job->out->len > 0 && job->out->str[job->out->len - 1] == '\n')
    g_string_truncate (job->out, job->out->len - 1);
  job->copy->text = g_string_free (g_steal_pointer (&job->out), FALSE);
}

ScPageCopy *
sc_page_copy_range (ScPage *page,
                    guint   from,
                    guint   to)
{
  CopyJob job = { .page = page, .from = from, .to = to, .copy = sc_page_copy_new () };

  job.is_from_start = from == 0 && sc_page_has_earlier (page);
  job.is_to_end = to >= sc_page_get_room_offset (page) && sc_page_has_later (page);
  job.out = g_string_sized_new (to - from + 256);
  sc_page_foreach (page, from, to, count_cb, &job);
  if (job.n_blocks > 1 || job.n_turns > 1 || job.is_from_start || job.is_to_end)
    copy_turns (&job);
  else
    copy_piece (&job);
  if (job.out != NULL)
    g_string_free (job.out, TRUE);

  return job.copy;
}

ScPageCopy *
sc_page_copy_message (ScTurn *turn)
{
  ScPageCopy *copy = sc_page_copy_new ();
  gsize length;
  const char *text = sc_turn_get_text (turn, &length);
  ScPageWords words = { 0, length };

  copy->text = g_strndup (text, length);
  if (sc_turn_get_role (turn) != SC_ROLE_ASSISTANT)
    g_array_append_val (copy->words, words);

  return copy;
}

char *
sc_page_dup_text (ScPage *page,
                  guint   from,
                  guint   to)
{
  g_autoptr (ScPageCopy) copy = sc_page_copy_range (page, from, to);

  return g_steal_pointer (&copy->text);
}

char *
sc_page_dup_block_text (ScPageEntry *entry,
                        guint        index)
{
  CopyJob job = { .page = entry->page };
  g_autoptr (GString) out = g_string_new (NULL);
  guint at = 0;

  for (guint i = 0; i < sc_page_get_n_entries (entry->page); i++)
    if (sc_page_get_entry (entry->page, i, &at) == entry)
      break;
  at += entry->n_chars - entry->n_foot;
  for (guint i = entry->blocks->len; i > index; i--)
    at -= g_array_index (entry->blocks, ScBlock, i - 1).n_chars;
  /* But for its last line feed. */
  append_shown (&job, out, at, at + g_array_index (entry->blocks, ScBlock, index).n_chars - 1, TRUE);

  return g_string_free (g_steal_pointer (&out), FALSE);
}
