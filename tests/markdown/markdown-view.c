/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frames of cells and what differs between two of them: the common start and end are kept, between them the shortest
 * edit script (Myers) tells what was deleted. */

#include "config.h"

#include "markdown-view.h"

#include <string.h>

/* Beyond so many edits the rest counts as deleted: no frame of a good view comes near. */
#define MAX_EDITS 4000

static guint
style_at (const ScMarkdownText *text,
          guint                *span,
          guint                 at)
{
  const ScMarkdownSpan *spans = (const ScMarkdownSpan *) (gpointer) text->spans->data;

  while (*span < text->spans->len && spans[*span].end <= at)
    (*span)++;
  if (*span < text->spans->len && spans[*span].start <= at)
    return spans[*span].styles;
  return 0;
}

static void
append_text (GArray               *cells,
             const ScMarkdownText *text,
             guint                 look)
{
  const char *start = text->text->str;
  const char *p;
  guint span = 0;

  for (p = start; *p != '\0'; p = g_utf8_next_char (p))
    {
      Cell cell = { g_utf8_get_char (p), look | style_at (text, &span, (guint) (p - start)) << 16 };

      if (cell.c == '\n' && (cell.look >> 16 & SC_MARKDOWN_HARD_BREAK) != 0)
        cell.c = ' ';
      g_array_append_val (cells, cell);
    }
}

static void
append_rows (GArray                *cells,
             const ScMarkdownBlock *block,
             guint                  look)
{
  guint i, j;

  for (i = 0; i < block->rows->len; i++)
    {
      const GPtrArray *row = block->rows->pdata[i];

      for (j = 0; j < row->len; j++)
        append_text (cells, row->pdata[j], look);
    }
}

/* Appends all that the stream shows. */
void
append_cells (ScMarkdownStream *stream,
              GArray           *cells)
{
  guint n = sc_markdown_stream_get_n_blocks (stream);
  guint i;

  for (i = 0; i < n; i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);
      guint look = (guint) block->kind | (guint) block->level << 4 |
                   (guint) MIN (block->quote, 15) << 8 | (guint) MIN (block->depth, 15) << 12;

      if (block->rows != NULL)
        append_rows (cells, block, look);
      else
        append_text (cells, &block->content, look);
    }
}

static const Cell *
cell_at (const GArray *frame,
         guint         index)
{
  return &g_array_index (frame, Cell, index);
}

static void
keep_cell (FrameDifference *result,
           const Cell      *before,
           const Cell      *after)
{
  if (before->look != after->look)
    result->n_restyled++;
}

/* Walks back along the script that the search has found and notes what was deleted and what was kept. */
static void
walk_back (FrameDifference *result,
           GPtrArray       *steps,
           const Cell      *a,
           int              x,
           const Cell      *b,
           int              y)
{
  int d;

  for (d = (int) steps->len - 1; d >= 0; d--)
    {
      const int *v = (const int *) steps->pdata[d] + d + 1;
      int k = x - y;
      int previous = k == -d || (k != d && v[k - 1] < v[k + 1]) ? k + 1 : k - 1;
      int from_x = d > 0 ? v[previous] : 0;
      int from_y = from_x - previous;

      while (x > from_x && y > from_y && (d > 0 || (x > 0 && y > 0)))
        keep_cell (result, &a[--x], &b[--y]);
      if (d == 0)
        break;
      if (x > from_x)
        result->n_deleted++;
      x = from_x;
      y = from_y;
    }
}

static void
compare_middle (FrameDifference *result,
                const Cell      *a,
                int              n,
                const Cell      *b,
                int              m)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  int limit = MIN (n + m, MAX_EDITS);
  g_autofree int *storage = g_new0 (int, 2 * (gsize) limit + 3);
  int *v = storage + limit + 1;
  int d, k;

  for (d = 0; d <= limit; d++)
    {
      g_ptr_array_add (steps, g_memdup2 (v - d - 1, (2 * (gsize) d + 3) * sizeof (int)));
      for (k = -d; k <= d; k += 2)
        {
          int x = k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;
          int y = x - k;

          while (x < n && y < m && a[x].c == b[y].c)
            {
              x++;
              y++;
            }
          v[k] = x;
          if (x >= n && y >= m)
            {
              walk_back (result, steps, a, n, b, m);
              return;
            }
        }
    }
  result->n_deleted += (guint) n;
}

FrameDifference
compare_frames (const GArray *before,
                const GArray *after)
{
  FrameDifference result = { 0, 0 };
  guint least = MIN (before->len, after->len);
  guint head = 0, tail = 0, i;

  while (head < least && cell_at (before, head)->c == cell_at (after, head)->c)
    head++;
  while (tail < least - head && cell_at (before, before->len - tail - 1)->c ==
                                  cell_at (after, after->len - tail - 1)->c)
    tail++;
  for (i = 0; i < head; i++)
    keep_cell (&result, cell_at (before, i), cell_at (after, i));
  for (i = 0; i < tail; i++)
    keep_cell (&result, cell_at (before, before->len - tail + i),
               cell_at (after, after->len - tail + i));
  if (head + tail < before->len)
    compare_middle (&result, cell_at (before, head), (int) (before->len - head - tail),
                    cell_at (after, head), (int) (after->len - head - tail));
  return result;
}
