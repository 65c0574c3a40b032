/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables as text: a row is a paragraph, tab stops make the columns, so that a table scrolls, selects and copies as text
 * does. Columns only grow while rows come. Where the whole would be wider than the page, cells are wrapped to lines of
 * their column, and the lines of a row stand below each other in the same paragraph. Where that would leave columns too
 * narrow to be read, a row becomes a list of its cells, a line each, behind the name of their column. */

#include "config.h"

#include "sc-block.h"

#include <math.h>
#include <string.h>

#define LINE_SEPARATOR "\xe2\x80\xa8"

/* Columns beyond these are joined with the last: nobody can read them, and layouts cost. */
#define MAX_COLUMNS    64
#define MIN_COLUMN     40

/* A cell of this many digits can still be read. */
#define READABLE_WORD  "0000000"

/* From this row on a cell is measured only where its characters, each alone, could make its column wider. It is for
 * letters that stand beside each other as they do alone: Latin, Greek and Cyrillic. */
#define MANY_ROWS      32
#define SIMPLE_LETTERS 0x500

struct _ScBlockTable
{
  GtkTextTagTable *tag_table;
  ScPageTags      *tags;
  double           em;
  GtkTextTag      *tabs;
  GArray          *rows;
  guint            n_columns;
  int              natural[MAX_COLUMNS];
  int              least[MAX_COLUMNS];
  int              widths[MAX_COLUMNS];
  int             *advances;
  int              available;
  guint            n_measured;
  guint            n_rows_at_wrap;
  gboolean         wraps;
  gboolean         is_list;
  gboolean         is_shared;
};

typedef struct
{
  const ScBlockWriter   *writer;
  const ScMarkdownBlock *source;
  ScBlockTable          *table;
  PangoLayout           *layout;
  GHashTable            *measured;
} TableJob;

static ScMarkdownAlign
get_align (const ScMarkdownBlock *source,
           guint                  column)
{
  if (source->aligns == NULL || column >= source->aligns->len)
    return SC_MARKDOWN_ALIGN_NONE;

  return g_array_index (source->aligns, ScMarkdownAlign, column);
}

static void
add_attribute (PangoAttrList  *list,
               PangoAttribute *attribute,
               guint           start,
               guint           end)
{
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (list, attribute);
}

static void
set_cell (PangoLayout          *layout,
          const ScMarkdownText *cell,
          gboolean              is_head)
{
  g_autoptr (PangoAttrList) list = pango_attr_list_new ();

  if (is_head)
    add_attribute (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD), 0, G_MAXUINT);
  for (guint i = 0; i < cell->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (cell->spans, ScMarkdownSpan, i);

      if (span->styles & SC_MARKDOWN_BOLD)
        add_attribute (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD), span->start, span->end);
      if (span->styles & SC_MARKDOWN_ITALIC)
        add_attribute (list, pango_attr_style_new (PANGO_STYLE_ITALIC), span->start, span->end);
      if (span->styles & (SC_MARKDOWN_CODE_SPAN | SC_MARKDOWN_INLINE_MATH | SC_MARKDOWN_INLINE_HTML))
        {
          add_attribute (list, pango_attr_family_new ("monospace"), span->start, span->end);
          add_attribute (list, pango_attr_scale_new (0.95), span->start, span->end);
        }
    }
  pango_layout_set_text (layout, cell->text->str, (int) cell->text->len);
  pango_layout_set_attributes (layout, list);
}

/* A column cannot be narrower than its longest word: what a layout of width 0 needs. */
static int
measure_least (PangoLayout *layout)
{
  int least;

  pango_layout_set_width (layout, 0);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD);
  pango_layout_get_pixel_size (layout, &least, NULL);
  pango_layout_set_width (layout, -1);

  return least;
}

/* The width of a character alone, in units of Pango; measured once. */
static int
get_advance (TableJob *job,
             gunichar  c)
{
  int *advances = job->table->advances;

  if (advances == NULL)
    advances = job->table->advances = g_new0 (int, SIMPLE_LETTERS);
  if (advances[c] == 0)
    {
      char text[6];

      pango_layout_set_attributes (job->layout, NULL);
      pango_layout_set_text (job->layout, text, g_unichar_to_utf8 (c, text));
      pango_layout_get_size (job->layout, &advances[c], NULL);
      advances[c] = MAX (advances[c], 1);
    }

  return advances[c];
}

/* Letters beside each other take at most what they take alone. */
static gboolean
surely_fits (TableJob             *job,
             const ScMarkdownText *cell,
             guint                 column)
{
  const char *end = cell->text->str + cell->text->len;
  int width = 0;
  int word = 0;
  int longest = 0;

  if (cell->spans->len > 0)
    return FALSE;
  for (const char *at = cell->text->str; at < end; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      int advance;

      /* Neither what has a width of its own only in a line, nor what stands for more than itself. */
      if (c < ' ' || c >= SIMPLE_LETTERS)
        return FALSE;
      advance = get_advance (job, c);
      width += advance;
      word = c == ' ' ? 0 : word + advance;
      longest = MAX (longest, word);
      if (PANGO_PIXELS_CEIL (width) >= job->table->natural[column])
        return FALSE;
    }

  return PANGO_PIXELS_CEIL (longest) < job->table->least[column];
}

/* Whether the same words were measured for one of the columns. */
static gboolean
was_measured (TableJob             *job,
              const ScMarkdownText *cell,
              guint                 column)
{
  guint64 flag = G_GUINT64_CONSTANT (1) << column;
  guint64 *columns;

  if (cell->spans->len > 0)
    return FALSE;
  if (job->measured == NULL)
    job->measured = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  columns = g_hash_table_lookup (job->measured, cell->text->str);
  if (columns == NULL)
    {
      columns = g_new0 (guint64, 1);
      g_hash_table_insert (job->measured, cell->text->str, columns);
    }
  if (*columns & flag)
    return TRUE;
  *columns |= flag;

  return FALSE;
}

static void
measure_cell (TableJob             *job,
              const ScMarkdownText *cell,
              guint                 column,
              gboolean              is_head)
{
  ScBlockTable *table = job->table;
  int width;

  set_cell (job->layout, cell, is_head);
  pango_layout_get_pixel_size (job->layout, &width, NULL);
  table->natural[column] = MAX (table->natural[column], width + 1);
  /* Least widths count only where a cell is long. */
  if (width > table->least[column])
    table->least[column] = MAX (table->least[column], measure_least (job->layout) + 1);
}

static void
measure_rows (TableJob *job,
              guint     from)
{
  for (guint i = from; i < job->source->rows->len; i++)
    {
      const GPtrArray *cells = g_ptr_array_index (job->source->rows, i);

      for (guint column = 0; column < MIN (cells->len, job->table->n_columns); column++)
        {
          const ScMarkdownText *cell = g_ptr_array_index (cells, column);

          if (i < MANY_ROWS || (!surely_fits (job, cell, column) && !was_measured (job, cell, column)))
            measure_cell (job, cell, column, i == 0);
        }
    }
  g_clear_pointer (&job->measured, g_hash_table_unref);
}

static int
sum (const int *values,
     guint      n)
{
  int total = 0;

  for (guint i = 0; i < n; i++)
    total += values[i];

  return total;
}

/* Columns that need less than their fair share keep their natural width, the others share what is left. */
static void
share_width (ScBlockTable *table,
             int           available)
{
  gboolean is_set[MAX_COLUMNS] = { FALSE };
  guint n_left = table->n_columns;
  gboolean again = TRUE;

  while (again && n_left > 0)
    {
      int share = available / (int) n_left;

      again = FALSE;
      for (guint i = 0; i < table->n_columns; i++)
        {
          int wish;

          if (is_set[i])
            continue;
          if (table->natural[i] <= share)
            wish = table->natural[i];
          else if (table->least[i] >= share)
            wish = MIN (table->least[i], MAX (share, available / 2));
          else
            continue;
          table->widths[i] = MAX (wish, 1);
          available -= table->widths[i];
          is_set[i] = TRUE;
          n_left--;
          again = TRUE;
          break;
        }
    }
  for (guint i = 0; i < table->n_columns; i++)
    if (!is_set[i])
      table->widths[i] = MAX (available / (int) MAX (n_left, 1), MIN_COLUMN);
}

/* Whether a column would get less than a short word needs, and has more than that. */
static gboolean
is_too_wide (TableJob *job,
             int       available)
{
  ScBlockTable *table = job->table;
  int readable;
  int needed = 0;

  pango_layout_set_attributes (job->layout, NULL);
  pango_layout_set_text (job->layout, READABLE_WORD, -1);
  pango_layout_get_pixel_size (job->layout, &readable, NULL);
  for (guint i = 0; i < table->n_columns; i++)
    needed += MIN (table->natural[i], readable);

  return needed > available;
}

/* A table that still grows moves its own tab stops; one that is complete shares them with its like. */
static void
take_tabs (TableJob      *job,
           PangoTabArray *tabs)
{
  ScBlockTable *table = job->table;
  gboolean is_new = table->tabs == NULL;

  if (is_new && job->source->is_closed)
    {
      table->is_shared = TRUE;
      table->tabs = g_object_ref (sc_page_tags_get_tabs (job->writer->tags, tabs));
      return;
    }
  if (is_new)
    {
      table->tabs = gtk_text_tag_new (NULL);
      gtk_text_tag_table_add (table->tag_table, table->tabs);
    }
  g_object_set (table->tabs, "tabs", tabs, NULL);
}

static void
set_tabs (TableJob *job)
{
  ScBlockTable *table = job->table;
  PangoTabArray *tabs = pango_tab_array_new ((int) table->n_columns, TRUE);
  int x = 0;

  for (guint i = 0; i < table->n_columns; i++)
    {
      switch (get_align (job->source, i))
        {
        case SC_MARKDOWN_ALIGN_RIGHT:
          pango_tab_array_set_tab (tabs, (int) i, PANGO_TAB_RIGHT, x + table->widths[i]);
          break;
        case SC_MARKDOWN_ALIGN_CENTER:
          pango_tab_array_set_tab (tabs, (int) i, PANGO_TAB_CENTER, x + table->widths[i] / 2);
          break;
        case SC_MARKDOWN_ALIGN_NONE:
        case SC_MARKDOWN_ALIGN_LEFT:
        default:
          pango_tab_array_set_tab (tabs, (int) i, PANGO_TAB_LEFT, x);
          break;
        }
      x += table->widths[i] + SC_PAGE_COLUMN_GAP;
    }
  take_tabs (job, tabs);
  pango_tab_array_free (tabs);
}

/* What others share does not change with this table. Returns TRUE if its rows have to be written again. */
static gboolean
leave_shared_tabs (ScBlockTable *table)
{
  if (!table->is_shared)
    return FALSE;
  table->is_shared = FALSE;
  g_clear_object (&table->tabs);

  return TRUE;
}

/* Decides the columns' widths. Returns TRUE if rows that stand there have to be written again. */
static gboolean
decide_widths (TableJob *job)
{
  ScBlockTable *table = job->table;
  gboolean again = leave_shared_tabs (table);
  int gaps = SC_PAGE_COLUMN_GAP * (int) (MAX (table->n_columns, 1) - 1);
  int available = MAX (table->available - gaps, MIN_COLUMN);
  gboolean wrapped = table->wraps;

  if (!wrapped && sum (table->natural, table->n_columns) <= available)
    {
      if (table->tabs == NULL || memcmp (table->widths, table->natural, sizeof table->widths) != 0)
        {
          memcpy (table->widths, table->natural, sizeof table->widths);
          set_tabs (job);
        }
      return again;
    }
  /* A wrapped table is shared out anew only when it has doubled or is complete: else each word would move it. */
  if (wrapped && table->tabs != NULL && job->source->rows->len < 2 * table->n_rows_at_wrap &&
      !job->source->is_closed)
    return FALSE;

  table->wraps = TRUE;
  table->n_rows_at_wrap = job->source->rows->len;
  table->is_list = is_too_wide (job, available);
  share_width (table, available);
  set_tabs (job);

  return TRUE;
}

typedef struct
{
  GString *out;
  guint    n_chars;
  GArray  *ranges;
} RowText;

typedef struct
{
  guint                 start;
  guint                 end;
  const ScMarkdownSpan *span;
} CellRange;

static void
append_chars (RowText    *row,
              const char *text,
              gsize       length)
{
  /* A line feed or a tab in a cell would end the row or the cell. */
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    {
      if (*at == '\n' || *at == '\t' || *at == '\r')
        g_string_append_c (row->out, ' ');
      else
        g_string_append_len (row->out, at, g_utf8_next_char (at) - at);
      row->n_chars++;
    }
}

static void
append_piece (RowText              *row,
              const ScMarkdownText *cell,
              guint                 from,
              guint                 to)
{
  const char *text = cell->text->str;
  guint at = from;

  for (guint i = 0; i < cell->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (cell->spans, ScMarkdownSpan, i);
      guint start = MAX (span->start, from);
      guint end = MIN (span->end, to);
      CellRange range = { 0, 0, span };

      if (start > end || (start == end && (span->end > span->start || (start == to && to < cell->text->len))))
        continue;
      append_chars (row, text + at, start - at);
      range.start = row->n_chars;
      append_chars (row, text + start, end - start);
      range.end = row->n_chars;
      g_array_append_val (row->ranges, range);
      at = end;
    }
  append_chars (row, text + at, to - at);
}

/* The lines of a cell: pairs of first byte and the one after the last. */
static GArray *
break_cell (TableJob             *job,
            const ScMarkdownText *cell,
            guint                 column,
            gboolean              is_head)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (guint));

  if (!job->table->wraps)
    {
      guint all[2] = { 0, (guint) cell->text->len };

      return g_array_append_vals (lines, all, 2);
    }

  set_cell (job->layout, cell, is_head);
  pango_layout_set_wrap (job->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width (job->layout, job->table->widths[column] * PANGO_SCALE);
  for (GSList *l = pango_layout_get_lines_readonly (job->layout); l != NULL; l = l->next)
    {
      const PangoLayoutLine *line = l->data;
      guint piece[2] = { (guint) line->start_index, (guint) (line->start_index + line->length) };

      while (piece[1] > piece[0] && cell->text->str[piece[1] - 1] == ' ')
        piece[1]--;
      g_array_append_vals (lines, piece, 2);
    }
  pango_layout_set_width (job->layout, -1);

  return lines;
}

static void
append_text (RowText    *row,
             const char *text)
{
  g_string_append (row->out, text);
  row->n_chars += (guint) g_utf8_strlen (text, -1);
}

/* The names of the columns in the first row, “name: cell” lines in the others. Empty cells are left out. */
static void
append_list (TableJob        *job,
             const GPtrArray *cells,
             gboolean         is_head,
             RowText         *row)
{
  static const ScMarkdownSpan bold = { .styles = SC_MARKDOWN_BOLD };
  const GPtrArray *head = g_ptr_array_index (job->source->rows, 0);
  guint start = row->n_chars;

  for (guint i = 0; i < MIN (cells->len, job->table->n_columns); i++)
    {
      const ScMarkdownText *cell = g_ptr_array_index (cells, i);
      const ScMarkdownText *name = g_ptr_array_index (head, i);
      CellRange range = { 0, 0, &bold };

      if (cell->text->len == 0)
        continue;
      if (row->n_chars > start)
        append_text (row, is_head ? " · " : LINE_SEPARATOR);
      range.start = row->n_chars;
      if (!is_head && name->text->len > 0)
        {
          append_chars (row, name->text->str, name->text->len);
          append_text (row, ": ");
        }
      range.end = row->n_chars;
      if (range.end > range.start)
        g_array_append_val (row->ranges, range);
      append_piece (row, cell, 0, (guint) cell->text->len);
    }
  append_text (row, "\n");
}

static void
append_row (TableJob        *job,
            const GPtrArray *cells,
            gboolean         is_head,
            RowText         *row)
{
  guint n = MIN (cells->len, job->table->n_columns);
  g_autoptr (GPtrArray) broken = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  guint n_lines = 1;

  for (guint i = 0; i < n; i++)
    {
      GArray *lines = break_cell (job, g_ptr_array_index (cells, i), i, is_head);

      n_lines = MAX (n_lines, lines->len / 2);
      g_ptr_array_add (broken, lines);
    }
  for (guint line = 0; line < n_lines; line++)
    {
      if (line > 0)
        {
          g_string_append (row->out, LINE_SEPARATOR);
          row->n_chars++;
        }
      for (guint i = 0; i < n; i++)
        {
          const GArray *lines = g_ptr_array_index (broken, i);

          if (i > 0 || get_align (job->source, 0) >= SC_MARKDOWN_ALIGN_CENTER)
            {
              g_string_append_c (row->out, '\t');
              row->n_chars++;
            }
          if (2 * line < lines->len)
            append_piece (row, g_ptr_array_index (cells, i),
                          g_array_index (lines, guint, 2 * line), g_array_index (lines, guint, 2 * line + 1));
        }
    }
  g_string_append_c (row->out, '\n');
  row->n_chars++;
}

static void
apply_tag (TableJob   *job,
           GtkTextTag *tag,
           guint       start,
           guint       end)
{
  GtkTextIter start_iter;
  GtkTextIter end_iter;

  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &start_iter, (int) start);
  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &end_iter, (int) end);
  gtk_text_buffer_apply_tag (job->writer->buffer, tag, &start_iter, &end_iter);
}

static void
append_any_row (TableJob *job,
                guint     index,
                RowText  *row)
{
  const GPtrArray *cells = g_ptr_array_index (job->source->rows, index);

  if (job->table->is_list)
    append_list (job, cells, index == 0, row);
  else
    append_row (job, cells, index == 0, row);
}

static ScBlockTable *
create_table (TableJob *job)
{
  ScBlockTable *table = g_new0 (ScBlockTable, 1);
  const GPtrArray *head = job->source->rows->len > 0 ? g_ptr_array_index (job->source->rows, 0) : NULL;

  table->tag_table = g_object_ref (sc_page_tags_get_table (job->writer->tags));
  table->tags = job->writer->tags;
  table->em = sc_page_tags_get_em (table->tags);
  table->rows = g_array_new (FALSE, FALSE, sizeof (guint));
  table->n_columns = head != NULL ? MIN (head->len, MAX_COLUMNS) : 0;

  return table;
}

static void
forget_rows (ScBlock  *self,
             TableJob *job,
             guint     offset,
             guint     keep)
{
  GArray *rows = self->table->rows;
  guint n_kept = 0;
  GtkTextIter start;
  GtkTextIter end;

  for (guint i = 0; i < keep; i++)
    n_kept += g_array_index (rows, guint, i);
  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &start, (int) (offset + n_kept));
  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &end, (int) (offset + self->n_chars));
  gtk_text_buffer_delete (job->writer->buffer, &start, &end);
  g_array_set_size (rows, keep);
  self->n_chars = n_kept;
  for (guint n = self->links != NULL ? self->links->len : 0; n > 0; n--)
    if (g_array_index (self->links, ScBlockLink, n - 1).start >= n_kept)
      g_array_set_size (self->links, n - 1);
}

static void
style_ranges (ScBlock      *self,
              TableJob     *job,
              guint         offset,
              guint         in_block,
              const GArray *ranges)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      const CellRange *range = &g_array_index (ranges, CellRange, i);

      sc_block_apply_styles (job->writer, range->span->styles,
                             offset + in_block + range->start, offset + in_block + range->end);
      if (range->span->target != NULL || range->span->link != NULL)
        sc_block_add_link (self, in_block + range->start, in_block + range->end, range->span);
    }
}

/* The rows from @first on stand from @in_block on. One range for all of them: a tag a row would cost more than all else. */
static void
style_rows (ScBlock  *self,
            TableJob *job,
            guint     offset,
            guint     in_block,
            guint     first)
{
  ScPageTags *tags = job->writer->tags;
  GArray *rows = self->table->rows;
  guint start = offset + in_block;
  guint end = offset + self->n_chars;

  apply_tag (job, job->table->tabs, start, end);
  for (guint i = first; i < MIN (rows->len, 2); i++)
    {
      if (i == 0)
        apply_tag (job, sc_page_tags_get (tags, SC_PAGE_STYLE_BOLD), start, start + g_array_index (rows, guint, i));
      else
        apply_tag (job, sc_page_tags_get_gap (tags, 7), start, start + 1);
      start += g_array_index (rows, guint, i);
    }
  if (start < end)
    apply_tag (job, sc_page_tags_get_gap (tags, SC_PAGE_ROW_PADDING), start, end);
}

/* A table always has a paragraph to stand in, also before its first row. */
static void
write_rows (ScBlock  *self,
            TableJob *job,
            guint     offset)
{
  RowText text = { g_string_new (NULL), 0, g_array_new (FALSE, FALSE, sizeof (CellRange)) };
  guint first = self->table->rows->len;
  guint in_block = self->n_chars;
  GtkTextIter iter;

  for (guint i = first; i < job->source->rows->len; i++)
    {
      guint before = text.n_chars;
      guint n;

      append_any_row (job, i, &text);
      n = text.n_chars - before;
      g_array_append_val (self->table->rows, n);
    }
  if (in_block == 0 && text.n_chars == 0)
    {
      guint one = 1;

      append_text (&text, "\n");
      g_array_append_val (self->table->rows, one);
    }
  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &iter, (int) (offset + in_block));
  gtk_text_buffer_insert (job->writer->buffer, &iter, text.out->str, (int) text.out->len);
  self->n_chars += text.n_chars;
  if (job->source->rows->len > first)
    {
      style_rows (self, job, offset, in_block, first);
      style_ranges (self, job, offset, in_block, text.ranges);
    }
  g_string_free (text.out, TRUE);
  g_array_unref (text.ranges);
}

void
sc_block_table_write (ScBlock               *self,
                      const ScBlockWriter   *writer,
                      guint                  offset,
                      const ScMarkdownBlock *source,
                      guint                  keep_rows)
{
  TableJob job = { writer, source, NULL, NULL, NULL };
  const GPtrArray *head = source->rows->len > 0 ? g_ptr_array_index (source->rows, 0) : NULL;
  guint n_columns = head != NULL ? MIN (head->len, MAX_COLUMNS) : 0;

  if (self->table == NULL)
    self->table = create_table (&job);
  job.table = self->table;
  job.layout = gtk_widget_create_pango_layout (GTK_WIDGET (writer->view), NULL);
  keep_rows = MIN (keep_rows, MIN (self->table->rows->len, source->rows->len));
  if (n_columns != job.table->n_columns)
    {
      job.table->n_columns = n_columns;
      keep_rows = 0;
    }
  job.table->available = MAX (writer->width - sc_block_get_indent (source->kind, source->quote, source->depth),
                              MIN_COLUMN);
  measure_rows (&job, MIN (keep_rows, job.table->n_measured));
  job.table->n_measured = keep_rows;
  if (decide_widths (&job))
    keep_rows = 0;
  forget_rows (self, &job, offset, keep_rows);
  write_rows (self, &job, offset);
  g_object_unref (job.layout);
}

guint
sc_block_table_get_row (const ScBlockTable *self,
                        guint               row)
{
  return row < self->rows->len ? g_array_index (self->rows, guint, row) : 0;
}

int
sc_block_table_get_width (const ScBlockTable *self)
{
  if (self->is_list)
    return self->available;

  return sum (self->widths, self->n_columns) + SC_PAGE_COLUMN_GAP * (int) (MAX (self->n_columns, 1) - 1);
}

gboolean
sc_block_table_fits (const ScBlockTable *self,
                     int                 width)
{
  int needed = sum (self->natural, self->n_columns) +
               SC_PAGE_COLUMN_GAP * (int) (MAX (self->n_columns, 1) - 1);

  /* Widths were measured in another size of the font. */
  if (self->em != sc_page_tags_get_em (self->tags))
    return FALSE;

  return self->available == width || (!self->wraps && needed <= width);
}

void
sc_block_table_free (ScBlockTable *self)
{
  if (self == NULL)
    return;

  if (self->tabs != NULL && !self->is_shared)
    gtk_text_tag_table_remove (self->tag_table, self->tabs);
  g_clear_object (&self->tabs);
  g_object_unref (self->tag_table);
  g_array_unref (self->rows);
  g_free (self->advances);
  g_free (self);
}
