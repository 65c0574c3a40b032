/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of the table that is growing, cell by cell, in the reading of cmark-gfm: a pipe that is not escaped ends a cell,
 * also inside of code; a row is cut or filled up to the columns of the head. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* Longer cells are not parsed before the end. */
#define MAX_CELL_ALONE 4096

guint
sc_markdown_table_count (ScMarkdownPiece row)
{
  gboolean is_in_cell = FALSE;
  guint n = 0;
  gsize i = row.length > 0 && row.text[0] == '|' ? 1 : 0;

  for (; i < row.length; i++)
    if (row.text[i] == '|')
      {
        n++;
        is_in_cell = FALSE;
      }
    else
      {
        is_in_cell = is_in_cell || !sc_markdown_is_blank (row.text[i]);
        if (row.text[i] == '\\')
          i++;
      }
  return n + (is_in_cell ? 1 : 0);
}

void
sc_markdown_table_begin (ScMarkdownScan *self,
                         guint           n_columns)
{
  ScMarkdownTable *table = &self->table;

  sc_markdown_table_close (self);
  table->entry = sc_markdown_new_inside (self, SC_MARKDOWN_TABLE);
  table->is_shown = FALSE;
  table->n_columns = n_columns;
  sc_markdown_table_begin_row (self);
}

void
sc_markdown_table_begin_row (ScMarkdownScan *self)
{
  ScMarkdownTable *table = &self->table;

  table->row = sc_markdown_row_new (table->n_columns);
  g_ptr_array_add (table->entry->block.rows, table->row);
  table->changed_row = MIN (table->changed_row, table->entry->block.rows->len - 1);
  table->n_cells = 0;
  table->is_in_cell = FALSE;
  table->has_begun = FALSE;
  table->at = 0;
}

/* The cell that is being read, NULL if it is one too many. */
static ScMarkdownText *
get_cell (ScMarkdownTable *table)
{
  if (table->n_cells >= (table->n_columns > 0 ? table->n_columns : SC_MARKDOWN_MAX_COLUMNS))
    return NULL;
  if (table->n_cells >= table->row->len)
    g_ptr_array_add (table->row, sc_markdown_cell_new ());
  return table->row->pdata[table->n_cells];
}

static void
run_cell (ScMarkdownTable *table)
{
  ScMarkdownPiece piece = { table->cell->str, table->cell->len };

  if (table->is_in_cell && get_cell (table) != NULL)
    sc_markdown_inline_run (&table->inlines, piece);
}

static void
append_to_cell (ScMarkdownTable *table,
                const char      *bytes,
                gsize            length)
{
  ScMarkdownText *cell = get_cell (table);

  if (!table->is_in_cell)
    {
      while (length > 0 && sc_markdown_is_blank (*bytes))
        {
          bytes++;
          length--;
        }
      if (length == 0)
        return;
      table->is_in_cell = TRUE;
      g_string_truncate (table->cell, 0);
      if (cell != NULL)
        sc_markdown_inline_begin (&table->inlines, table->entry, cell);
    }
  if (cell != NULL)
    g_string_append_len (table->cell, bytes, (gssize) length);
}

static void
end_cell (ScMarkdownScan *self)
{
  ScMarkdownTable *table = &self->table;
  ScMarkdownText *cell = get_cell (table);
  GString *text = table->cell;

  run_cell (table);
  if (table->is_in_cell && cell != NULL)
    {
      ScMarkdownPiece piece = { text->str, text->len };
      guint keep = 0;

      while (piece.length > 0 && sc_markdown_is_blank (text->str[piece.length - 1]))
        piece.length--;
      /* The guards have not seen the line yet where it is not complete. */
      if (!sc_markdown_inline_is_done (&table->inlines, piece) && !self->guard.is_hard &&
          piece.length <= MAX_CELL_ALONE)
        sc_markdown_settle (self, table->entry, cell, piece, TRUE,
                            table->inlines.has_labels && table->n_columns > 0,
                            table->inlines.assumed->str, table->index,
                            (int) table->entry->block.rows->len - 1, table->n_cells, &keep);
    }
  table->is_in_cell = FALSE;
  table->n_cells++;
}

void
sc_markdown_table_read (ScMarkdownScan  *self,
                        ScMarkdownPiece  line,
                        gboolean         is_complete)
{
  ScMarkdownTable *table = &self->table;

  table->changed_row = MIN (table->changed_row, table->entry->block.rows->len - 1);
  if (!table->has_begun && line.length > 0)
    {
      table->has_begun = TRUE;
      table->at = line.text[0] == '|' ? 1 : 0;
    }
  while (table->at < line.length)
    {
      const char *text = line.text + table->at;
      gsize run = strcspn (text, "\\|");

      run = MIN (run, line.length - table->at);
      append_to_cell (table, text, run);
      table->at += run;
      if (table->at >= line.length)
        break;
      if (line.text[table->at] == '|')
        {
          end_cell (self);
          table->at++;
          continue;
        }
      if (table->at + 1 >= line.length && !is_complete)
        break;
      run = table->at + 1 < line.length && g_ascii_ispunct (line.text[table->at + 1]) ? 2 : 1;
      if (run == 2 && line.text[table->at + 1] == '|')
        append_to_cell (table, "|", 1);
      else
        append_to_cell (table, line.text + table->at, run);
      table->at += run;
    }
  if (is_complete && table->is_in_cell)
    end_cell (self);
  if (is_complete && table->n_cells < table->n_columns)
    self->n_filled += table->n_columns - table->n_cells;
}

void
sc_markdown_table_run (ScMarkdownScan *self)
{
  ScMarkdownTable *table = &self->table;

  if (table->entry == NULL)
    return;
  run_cell (table);
  if (!table->is_shown)
    {
      sc_markdown_show_around (self);
      sc_markdown_push_shown (self, table->entry);
      table->index = self->list->entries->len - 1;
      table->is_shown = TRUE;
    }
  else if (table->changed_row != G_MAXUINT)
    {
      sc_markdown_list_touch (self->list, table->index, SC_MARKDOWN_EDITED, 0, table->changed_row);
    }
  table->changed_row = G_MAXUINT;
}

void
sc_markdown_table_drop (ScMarkdownScan *self)
{
  ScMarkdownTable *table = &self->table;

  if (table->entry == NULL)
    return;
  if (table->is_shown)
    sc_markdown_list_truncate (self->list, table->index);
  else
    sc_markdown_entry_free (table->entry);
  table->entry = NULL;
  table->changed_row = G_MAXUINT;
}

void
sc_markdown_table_confirm (ScMarkdownScan *self,
                           const GArray   *aligns)
{
  ScMarkdownTable *table = &self->table;

  sc_markdown_table_run (self);
  table->n_columns = aligns->len;
  g_array_append_vals (table->entry->block.aligns, aligns->data, aligns->len);
  sc_markdown_list_touch (self->list, table->index, SC_MARKDOWN_REPLACED, 0, 0);
}

void
sc_markdown_table_close (ScMarkdownScan *self)
{
  ScMarkdownTable *table = &self->table;

  if (table->entry == NULL)
    return;
  sc_markdown_table_run (self);
  table->entry->block.is_closed = TRUE;
  sc_markdown_list_touch (self->list, table->index, SC_MARKDOWN_CLOSED, 0, 0);
  table->entry = NULL;
  table->changed_row = G_MAXUINT;
}
