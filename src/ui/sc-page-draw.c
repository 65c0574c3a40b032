/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drawing beside the text. Only what is visible is looked at, and heights come from the text's own lines, so that
 * nothing here can get out of step with it. */

#include "config.h"

#include "sc-page-draw.h"

#include <string.h>

#include "sc-page-pictures.h"

#define RADIUS       8.0f
#define USER_RADIUS  14.0f
#define BAR_WIDTH    3
#define OVERDRAW     32
#define MAX_LOOK_BACK 256

/* Room beside a code block's label. */
#define CODE_TOOLS_WIDTH 130

typedef struct
{
  ScPage              *page;
  const ScBlockWriter *writer;
  const ScPageColours *colours;
  GtkSnapshot         *snapshot;
  GdkRectangle         visible;
  int                  left;
  int                  right;
} DrawJob;

static void
get_lines (GtkTextView *view,
           guint        offset,
           guint        n_chars,
           int         *top,
           int         *bottom)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter iter;
  int height;

  gtk_text_buffer_get_iter_at_offset (buffer, &iter, (int) offset);
  gtk_text_view_get_line_yrange (view, &iter, top, &height);
  *bottom = *top + height;
  if (n_chars > 1)
    {
      int y;

      gtk_text_buffer_get_iter_at_offset (buffer, &iter, (int) (offset + n_chars - 1));
      gtk_text_view_get_line_yrange (view, &iter, &y, &height);
      *bottom = y + height;
    }
}

/* A rectangle far larger than the window costs; only what can be seen of it is drawn. */
static gboolean
clip_to_visible (const DrawJob   *job,
                 graphene_rect_t *rect)
{
  graphene_rect_t seen = GRAPHENE_RECT_INIT (rect->origin.x, (float) (job->visible.y - OVERDRAW),
                                             rect->size.width,
                                             (float) (job->visible.height + 2 * OVERDRAW));

  return rect->size.width > 0 && rect->size.height > 0 && graphene_rect_intersection (rect, &seen, rect);
}

static void
draw_ground (const DrawJob *job,
             int            x,
             int            y,
             int            width,
             int            height,
             float          radius,
             const GdkRGBA *colour)
{
  graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height);
  GskRoundedRect rounded;

  if (!clip_to_visible (job, &rect))
    return;
  gsk_rounded_rect_init_from_rect (&rounded, &rect, radius);
  gtk_snapshot_push_rounded_clip (job->snapshot, &rounded);
  gtk_snapshot_append_color (job->snapshot, colour, &rect);
  gtk_snapshot_pop (job->snapshot);
}

static void
draw_box (const DrawJob *job,
          int            x,
          int            y,
          int            width,
          int            height,
          const GdkRGBA *colour)
{
  graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height);

  if (clip_to_visible (job, &rect))
    gtk_snapshot_append_color (job->snapshot, colour, &rect);
}

static PangoLayout *
create_small_layout (const DrawJob *job,
                     const char    *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (job->writer->view), text);
  PangoAttrList *list = pango_attr_list_new ();

  pango_attr_list_insert (list, pango_attr_scale_new (0.85));
  pango_layout_set_attributes (layout, list);
  pango_attr_list_unref (list);

  return layout;
}

static void
draw_layout (const DrawJob *job,
             PangoLayout   *layout,
             int            x,
             int            y,
             const GdkRGBA *colour)
{
  gtk_snapshot_save (job->snapshot);
  gtk_snapshot_translate (job->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (job->snapshot, layout, colour);
  gtk_snapshot_restore (job->snapshot);
}

int
sc_page_limit_layout (PangoLayout *layout,
                      int          width)
{
  int natural;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &natural, NULL);
  if (natural <= width)
    return natural;
  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);

  return MAX (width, 1);
}

static int
get_left (GtkTextView   *view,
          const ScBlock *block,
          int            width)
{
  return gtk_text_view_get_left_margin (view) +
         MIN (sc_block_get_indent (block->kind, block->quote, block->depth), width / 3);
}

void
sc_page_get_code_area (ScPage        *page,
                       const ScBlock *block,
                       guint          offset,
                       GdkRectangle  *area)
{
  const ScBlockWriter *writer = sc_page_get_writer (page);
  int top;
  int bottom;

  get_lines (writer->view, offset, block->n_chars, &top, &bottom);
  area->x = get_left (writer->view, block, writer->width);
  area->y = top + block->gap - sc_block_get_padding (block->kind, block->language);
  area->width = gtk_text_view_get_left_margin (writer->view) + writer->width - area->x;
  area->height = bottom + SC_PAGE_CODE_PADDING - area->y;
}

static void
draw_code (const DrawJob *job,
           const ScBlock *block,
           guint          offset)
{
  GdkRectangle area;

  sc_page_get_code_area (job->page, block, offset, &area);
  draw_ground (job, area.x, area.y, area.width, area.height, RADIUS, &job->colours->tint);
  if (block->language != NULL && *block->language != '\0' &&
      area.y + 40 > job->visible.y && area.y < job->visible.y + job->visible.height)
    {
      g_autoptr (PangoLayout) label = create_small_layout (job, block->language);
      int room = sc_block_get_padding (block->kind, block->language);
      int height;

      sc_page_limit_layout (label, area.width - CODE_TOOLS_WIDTH);
      pango_layout_get_pixel_size (label, NULL, &height);
      /* In the middle of its line, whatever the zoom is. */
      draw_layout (job, label, area.x + SC_PAGE_CODE_PADDING, area.y + (room - height) / 2, &job->colours->dim);
    }
}

/* The paragraph at the top of what is seen. */
static guint
get_first_visible (const DrawJob *job)
{
  GtkTextIter iter;

  gtk_text_view_get_line_at_y (job->writer->view, &iter, job->visible.y, NULL);

  return (guint) gtk_text_iter_get_offset (&iter);
}

static void
draw_table (const DrawJob *job,
            const ScBlock *block,
            guint          offset)
{
  guint head = sc_block_table_get_row (block->table, 0);
  int left = get_left (job->writer->view, block, job->writer->width);
  int width = MIN (sc_block_table_get_width (block->table), job->right - left);
  guint at = offset + head;
  guint first = get_first_visible (job);
  int top;
  int bottom;

  if (block->n_chars <= head)
    {
      get_lines (job->writer->view, offset, head, &top, &bottom);
      draw_box (job, left, bottom, width, 1, &job->colours->line);
      return;
    }
  for (guint row = 1, n; (n = sc_block_table_get_row (block->table, row)) > 0; row++)
    {
      GdkRGBA colour = job->colours->line;

      at += n;
      if (at <= first)
        continue;
      get_lines (job->writer->view, at - n, n, &top, &bottom);
      if (top > job->visible.y + job->visible.height)
        break;
      if (row > 1)
        colour.alpha *= 0.45f;
      draw_box (job, left, top + (row == 1 ? 1 : 0), width, 1, &colour);
    }
}

/* The item that a list's level belongs to tells which quotes are around it; the others are in it. */
void
sc_page_find_lists (const ScPageEntry *entry,
                    const ScBlock     *block,
                    int               *lists)
{
  const ScBlock *first = (const ScBlock *) (gconstpointer) entry->blocks->data;
  int level = block->kind == SC_MARKDOWN_ITEM ? block->depth - 1 : block->depth;
  int next = MIN (block->quote, SC_PAGE_MAX_NESTING);
  const ScBlock *at = block;

  memset (lists, 0, SC_PAGE_MAX_NESTING * sizeof *lists);
  for (guint n = 0; at > first && level > 0 && next > 0 && n < MAX_LOOK_BACK; n++)
    {
      at--;
      if (at->kind != SC_MARKDOWN_ITEM || at->depth > level)
        continue;
      for (; next > at->quote; next--)
        lists[next - 1] = MIN (at->depth, SC_PAGE_MAX_NESTING);
      level = at->depth - 1;
    }
}

/* The bar of a quote runs through the gap where the block above is in the quote too. */
static void
draw_bars (const DrawJob     *job,
           const ScPageEntry *entry,
           const ScBlock     *block,
           guint              offset)
{
  const ScBlock *first = (const ScBlock *) (gconstpointer) entry->blocks->data;
  int above = block > first ? block[-1].quote : 0;
  int n = MIN (block->quote, SC_PAGE_MAX_NESTING);
  int indent = MIN (sc_block_get_indent (block->kind, block->quote, block->depth), job->writer->width / 3);
  int lists[SC_PAGE_MAX_NESTING];
  int top;
  int bottom;

  get_lines (job->writer->view, offset, block->n_chars, &top, &bottom);
  sc_page_find_lists (entry, block, lists);
  for (int i = 0; i < n; i++)
    {
      int start = i < above ? top : top + block->gap;
      int x = i * SC_PAGE_QUOTE_INDENT + lists[i] * SC_PAGE_LIST_INDENT;

      /* On a narrow page text is not indented as far as it is nested. */
      x = MAX (MIN (x, indent - (n - i) * SC_PAGE_QUOTE_INDENT), 0);
      x = block->is_rtl ? job->right - x - BAR_WIDTH : job->left + x;
      draw_box (job, x, start, BAR_WIDTH, bottom - start, &job->colours->line);
    }
}

static void
draw_rule (const DrawJob *job,
           const ScBlock *block,
           guint          offset)
{
  int left = get_left (job->writer->view, block, job->writer->width);
  int top;
  int bottom;

  get_lines (job->writer->view, offset, 1, &top, &bottom);
  draw_box (job, left, (top + block->gap + bottom) / 2, job->right - left, 1, &job->colours->line);
}

static void
draw_words (const DrawJob     *job,
            const ScPageEntry *entry,
            const ScBlock     *block,
            guint              offset)
{
  int left;
  int right;
  int top;
  int bottom;

  get_lines (job->writer->view, offset, block->n_chars, &top, &bottom);
  top += block->gap - SC_PAGE_USER_PADDING;
  bottom += SC_PAGE_USER_PADDING;
  g_object_get (entry->side_tag, "left-margin", &left, "right-margin", &right, NULL);
  left = job->left + left - SC_PAGE_USER_SIDE;
  right = job->right - right + SC_PAGE_USER_SIDE;
  if (block->room > 0)
    {
      int width = sc_page_pictures_get_width (block, job->writer) + 2 * SC_PAGE_USER_SIDE;

      if (gtk_widget_get_direction (GTK_WIDGET (job->writer->view)) == GTK_TEXT_DIR_RTL)
        right = MIN (MAX (right, left + width), job->right);
      else
        left = MAX (MIN (left, right - width), job->left);
    }
  draw_ground (job, left, top, right - left, bottom - top, USER_RADIUS, &job->colours->user);
}

static void
draw_reasoning (const DrawJob     *job,
                const ScPageEntry *entry,
                guint              offset)
{
  int top;
  int bottom;

  if (entry->n_reasoning == 0)
    return;
  get_lines (job->writer->view, offset + entry->n_head + entry->n_summary, entry->n_reasoning, &top, &bottom);
  draw_box (job, job->left + 3, top + 6, 2, bottom - top - 6, &job->colours->line);
}

static void
draw_block_cb (ScPageEntry *entry,
               ScBlock     *block,
               guint        offset,
               guint        n_chars,
               gpointer     user_data)
{
  const DrawJob *job = user_data;

  if (block == NULL)
    {
      draw_reasoning (job, entry, offset);
      if (entry->side_tag != NULL && entry->n_foot > 0)
        sc_page_pictures_draw_files (job->page, entry, offset, job->snapshot);
      return;
    }
  if (entry->side_tag != NULL)
    {
      draw_words (job, entry, block, offset);
      sc_page_pictures_draw (job->page, entry, block, offset, &job->visible, job->snapshot);
      return;
    }
  sc_page_pictures_draw (job->page, entry, block, offset, &job->visible, job->snapshot);
  if (block->quote > 0)
    draw_bars (job, entry, block, offset);
  if (block->kind == SC_MARKDOWN_CODE)
    draw_code (job, block, offset);
  else if (block->kind == SC_MARKDOWN_TABLE)
    draw_table (job, block, offset);
  else if (block->kind == SC_MARKDOWN_RULE)
    draw_rule (job, block, offset);
}

static DrawJob
begin_job (ScPage      *page,
           GtkSnapshot *snapshot)
{
  DrawJob job = { .page = page, .writer = sc_page_get_writer (page), .snapshot = snapshot };

  job.colours = sc_page_tags_get_colours (job.writer->tags);
  gtk_text_view_get_visible_rect (job.writer->view, &job.visible);
  job.left = gtk_text_view_get_left_margin (job.writer->view);
  job.right = job.left + job.writer->width;

  return job;
}

void
sc_page_draw_below (ScPage      *page,
                    GtkSnapshot *snapshot)
{
  DrawJob job = begin_job (page, snapshot);
  GtkTextIter from;
  GtkTextIter to;

  gtk_text_view_get_line_at_y (job.writer->view, &from, job.visible.y - OVERDRAW, NULL);
  gtk_text_view_get_line_at_y (job.writer->view, &to,
                               job.visible.y + job.visible.height + 2 * OVERDRAW, NULL);
  gtk_text_iter_forward_line (&to);
  if (job.writer->pictures != NULL)
    sc_pictures_begin_draw (job.writer->pictures);
  sc_page_foreach (page, (guint) gtk_text_iter_get_offset (&from),
                   (guint) gtk_text_iter_get_offset (&to), draw_block_cb, &job);
  if (job.writer->pictures != NULL)
    sc_pictures_end_draw (job.writer->pictures);
}

void
sc_page_draw_cursor (ScPage      *page,
                     GtkSnapshot *snapshot,
                     const char  *words,
                     gboolean     is_on)
{
  DrawJob job = begin_job (page, snapshot);
  GtkTextIter iter;
  GdkRectangle place;
  guint offset;
  int width = (int) (0.5 * sc_page_tags_get_em (job.writer->tags));
  GdkRGBA colour = job.colours->accent;

  if (!sc_page_get_tail (page, &offset))
    return;

  gtk_text_buffer_get_iter_at_offset (job.writer->buffer, &iter, (int) offset);
  gtk_text_view_get_iter_location (job.writer->view, &iter, &place);
  if (place.y > job.visible.y + job.visible.height || place.y + place.height < job.visible.y)
    return;
  place.x += 2;
  colour.alpha *= 0.75f;
  if (is_on)
    draw_ground (&job, place.x, place.y + 2, width, place.height - 4, 2.0f, &colour);
  if (words != NULL)
    {
      g_autoptr (PangoLayout) layout = create_small_layout (&job, words);
      int height;
      int x = place.x + width + 8;
      int y = place.y;
      int text_width;

      pango_layout_get_pixel_size (layout, &text_width, &height);
      if (x + text_width > job.right)
        {
          x = job.left;
          y += place.height;
        }
      draw_layout (&job, layout, x, y + (place.height - height) / 2, &job.colours->dim);
    }
}
