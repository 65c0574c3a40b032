/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures on the page. */

#include "config.h"

#include "sc-page-pictures.h"

#include <glib/gi18n.h>

#include "sc-page-draw.h"
#include "sc-transcript-links.h"

#define RADIUS       8.0f
#define CHIP_PADDING 12
#define ICON_SIZE    16
#define SYMBOL_GAP   6

typedef struct
{
  ScPage              *page;
  const ScBlockWriter *writer;
  const ScPageColours *colours;
  GtkSnapshot         *snapshot;
  GdkRectangle         visible;
  GdkRectangle         room;
  gboolean             is_rtl;
  int                  x;
  int                  y;
  ScPicture           *found;
} PictureJob;

gboolean
sc_page_pictures_renew (ScPage *page)
{
  const ScBlockWriter *writer = sc_page_get_writer (page);
  gboolean changed = FALSE;

  for (guint i = sc_page_get_n_entries (page); i > 0; i--)
    {
      guint offset;
      ScPageEntry *entry = sc_page_get_entry (page, i - 1, &offset);

      offset += entry->n_chars - entry->n_foot;
      for (guint j = entry->blocks->len; j > 0; j--)
        {
          ScBlock *block = &g_array_index (entry->blocks, ScBlock, j - 1);

          offset -= block->n_chars;
          changed |= sc_block_renew_room (block, writer, offset);
        }
    }

  return changed;
}

static void
measure_cb (ScPicture          *picture,
            const GdkRectangle *area,
            gpointer            user_data)
{
  int *width = user_data;

  *width = MAX (*width, area->x + area->width);
}

int
sc_page_pictures_get_width (const ScBlock       *block,
                            const ScBlockWriter *writer)
{
  int width = 0;

  sc_block_place_pictures (block, sc_block_get_pictures_width (block, writer), measure_cb, &width);

  return width;
}

/* The room below the block's text; the user's words have their own margins. */
static void
get_room (PictureJob        *job,
          const ScPageEntry *entry,
          const ScBlock     *block,
          guint              offset)
{
  GtkTextView *view = job->writer->view;
  GtkTextIter iter;
  int y;
  int height;
  int left = gtk_text_view_get_left_margin (view);

  gtk_text_buffer_get_iter_at_offset (job->writer->buffer, &iter, (int) (offset + block->n_chars - 1));
  gtk_text_view_get_line_yrange (view, &iter, &y, &height);
  job->room.width = sc_block_get_pictures_width (block, job->writer);
  job->room.height = sc_block_place_pictures (block, job->room.width, NULL, NULL);
  job->room.y = y + height - job->room.height;
  job->is_rtl = block->is_rtl;
  if (entry->side_tag != NULL)
    {
      int margin;

      g_object_get (entry->side_tag, "left-margin", &margin, NULL);
      /* Words become smaller with the zoom, pictures do not. */
      job->room.x = MIN (left + margin, left + job->writer->width - SC_PAGE_USER_SIDE - sc_page_pictures_get_width (block, job->writer));
      job->room.x = MAX (job->room.x, left);
    }
  else
    {
      job->room.x = job->is_rtl ? left : left + job->writer->width - job->room.width;
    }
}

/* To the coordinates of the buffer; from the right where the text runs from there. */
static GdkRectangle
get_area (const PictureJob   *job,
          const GdkRectangle *area)
{
  GdkRectangle place = *area;

  place.y += job->room.y;
  if (job->is_rtl)
    place.x = job->room.x + job->room.width - place.x - place.width;
  else
    place.x += job->room.x;

  return place;
}

/* Drawing */

static const char *
get_title (ScPicture *picture)
{
  switch (sc_picture_get_state (picture))
    {
    case SC_PICTURE_ASKS:
      return _("Load Picture");
    case SC_PICTURE_LOADING:
      return _("Loading Picture…");
    case SC_PICTURE_FAILED:
      return sc_picture_get_address (picture) != NULL ? _("Not Loaded. Try Again") : _("Picture Not Readable");
    case SC_PICTURE_REFUSED:
      return _("Picture Not Available");
    case SC_PICTURE_THERE:
    default:
      return "";
    }
}

static char *
dup_host (ScPicture *picture)
{
  const char *address = sc_picture_get_address (picture);
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;

  if (uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0')
    return sc_transcript_describe_link (g_uri_get_host (uri));

  return address != NULL ? sc_transcript_describe_link (address) : NULL;
}

static gboolean
is_mirrored (const PictureJob *job)
{
  return gtk_widget_get_direction (GTK_WIDGET (job->writer->view)) == GTK_TEXT_DIR_RTL;
}

static void
draw_line (const PictureJob *job,
           const char       *text,
           double            scale,
           int               x,
           int               y,
           int               width,
           const GdkRGBA    *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (job->writer->view), text);
  PangoAttrList *list = pango_attr_list_new ();
  int natural;

  pango_attr_list_insert (list, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, list);
  pango_attr_list_unref (list);
  natural = sc_page_limit_layout (layout, width);
  if (is_mirrored (job))
    x += width - natural;
  gtk_snapshot_save (job->snapshot);
  gtk_snapshot_translate (job->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (job->snapshot, layout, colour);
  gtk_snapshot_restore (job->snapshot);
}

static void
draw_icon (const PictureJob *job,
           const char       *name,
           int               x,
           int               y,
           const GdkRGBA    *colour)
{
  GtkWidget *widget = GTK_WIDGET (job->writer->view);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (theme, name, NULL, ICON_SIZE, gtk_widget_get_scale_factor (widget),
                                gtk_widget_get_direction (widget), 0);

  gtk_snapshot_save (job->snapshot);
  gtk_snapshot_translate (job->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), job->snapshot, ICON_SIZE, ICON_SIZE,
                                            colour, 1);
  gtk_snapshot_restore (job->snapshot);
}

static void
draw_chip (const PictureJob   *job,
           ScPicture          *picture,
           const GdkRectangle *place)
{
  ScPictureState state = sc_picture_get_state (picture);
  gboolean is_button = state == SC_PICTURE_ASKS || (state == SC_PICTURE_FAILED && sc_picture_get_address (picture) != NULL);
  g_autofree char *host = dup_host (picture);
  int x = place->x + CHIP_PADDING + (is_mirrored (job) ? 0 : ICON_SIZE + CHIP_PADDING);
  int icon_x = is_mirrored (job) ? place->x + place->width - CHIP_PADDING - ICON_SIZE : place->x + CHIP_PADDING;
  int width = place->width - 3 * CHIP_PADDING - ICON_SIZE;

  draw_icon (job, state == SC_PICTURE_ASKS || state == SC_PICTURE_LOADING ? "image-x-generic-symbolic"
                                                                          : "image-missing-symbolic",
             icon_x, place->y + (place->height - ICON_SIZE) / 2, &job->colours->dim);
  draw_line (job, get_title (picture), 0.92, x, place->y + (host != NULL ? 5 : 13), width,
             is_button ? &job->colours->accent : &job->colours->dim);
  if (host != NULL)
    draw_line (job, host, 0.8, x, place->y + 23, width, &job->colours->dim);
}

static void
draw_picture_cb (ScPicture          *picture,
                 const GdkRectangle *area,
                 gpointer            user_data)
{
  const PictureJob *job = user_data;
  GdkRectangle place = get_area (job, area);
  graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) place.x, (float) place.y, (float) place.width,
                                             (float) place.height);
  GskRoundedRect rounded;
  GdkTexture *texture = NULL;

  if (!gdk_rectangle_intersect (&place, &job->visible, NULL))
    return;
  if (sc_picture_get_state (picture) == SC_PICTURE_THERE)
    texture = sc_pictures_get_texture (job->writer->pictures, picture);
  gsk_rounded_rect_init_from_rect (&rounded, &rect, RADIUS);
  gtk_snapshot_push_rounded_clip (job->snapshot, &rounded);
  if (texture != NULL)
    gtk_snapshot_append_texture (job->snapshot, texture, &rect);
  else
    gtk_snapshot_append_color (job->snapshot, &job->colours->tint, &rect);
  if (sc_picture_get_state (picture) != SC_PICTURE_THERE)
    draw_chip (job, picture, &place);
  gtk_snapshot_pop (job->snapshot);
}

static PictureJob
begin_job (ScPage            *page,
           const ScPageEntry *entry,
           const ScBlock     *block,
           guint              offset)
{
  PictureJob job = { .page = page, .writer = sc_page_get_writer (page) };

  job.colours = sc_page_tags_get_colours (job.writer->tags);
  get_room (&job, entry, block, offset);

  return job;
}

void
sc_page_pictures_draw (ScPage             *page,
                       const ScPageEntry  *entry,
                       const ScBlock      *block,
                       guint               offset,
                       const GdkRectangle *visible,
                       GtkSnapshot        *snapshot)
{
  PictureJob job;

  if (block->room == 0)
    return;

  job = begin_job (page, entry, block, offset);
  job.snapshot = snapshot;
  job.visible = *visible;
  if (gdk_rectangle_intersect (&job.room, visible, NULL))
    sc_block_place_pictures (block, job.room.width, draw_picture_cb, &job);
}

void
sc_page_pictures_draw_files (ScPage            *page,
                             const ScPageEntry *entry,
                             guint              offset,
                             GtkSnapshot       *snapshot)
{
  PictureJob job = { .page = page, .writer = sc_page_get_writer (page), .snapshot = snapshot };
  GtkTextIter iter;
  GdkRectangle place;

  gtk_text_buffer_get_iter_at_offset (job.writer->buffer, &iter, (int) (offset + entry->n_chars - entry->n_foot));
  /* On the side where there is room. */
  if (is_mirrored (&job))
    gtk_text_iter_forward_to_line_end (&iter);
  gtk_text_view_get_iter_location (job.writer->view, &iter, &place);
  place.x += is_mirrored (&job) ? SYMBOL_GAP : -ICON_SIZE - SYMBOL_GAP;
  draw_icon (&job, "mail-attachment-symbolic", place.x, place.y + (place.height - ICON_SIZE) / 2,
             &sc_page_tags_get_colours (job.writer->tags)->dim);
}

/* Finding */

static void
find_picture_cb (ScPicture          *picture,
                 const GdkRectangle *area,
                 gpointer            user_data)
{
  PictureJob *job = user_data;
  GdkRectangle place = get_area (job, area);

  if (job->x >= place.x && job->x < place.x + place.width && job->y >= place.y && job->y < place.y + place.height)
    job->found = picture;
}

ScPicture *
sc_page_pictures_find (ScPage            *page,
                       const ScPageEntry *entry,
                       const ScBlock     *block,
                       guint              offset,
                       int                x,
                       int                y)
{
  PictureJob job;

  if (block->room == 0)
    return NULL;

  job = begin_job (page, entry, block, offset);
  job.x = x;
  job.y = y;
  sc_block_place_pictures (block, job.room.width, find_picture_cb, &job);

  return job.found;
}

char *
sc_page_pictures_dup_words (ScPicture *picture)
{
  const char *address = sc_picture_get_address (picture);
  g_autofree char *target = address != NULL ? sc_transcript_describe_link (address) : NULL;
  const char *failure = sc_picture_get_failure (picture);

  if (failure != NULL && target != NULL)
    return g_strconcat (failure, "\n", target, NULL);

  return failure != NULL ? g_strdup (failure) : g_steal_pointer (&target);
}
