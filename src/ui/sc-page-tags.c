/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tags of the page. Paragraph margins and gaps are made on demand and shared by all paragraphs that need the same,
 * so that a page of any length has a few dozen tags. It must not know of turns or blocks. */

#include "config.h"

#include "sc-page-tags.h"

#include <adwaita.h>
#include <math.h>

#define LINE_HEIGHT 1.4
#define MIN_EM      6.0

/* The user's words are measured in steps; what is wider than the widest column has one tag. */
#define SIDE_STEP   16
#define MAX_SIDE    4096
#define SIDE_UNITS  16.0

/* A digit of usual fonts, and the dot with the space behind it. */
#define DIGIT_EM         0.64
#define BESIDE_DIGITS_EM 0.82

struct _ScPageTags
{
  GtkTextView     *view;
  GtkTextTagTable *table;
  GtkTextTag      *styles[SC_PAGE_N_STYLES];
  GHashTable      *made;
  GHashTable      *tokens;
  GHashTable      *sides;
  GHashTable      *tabs;
  ScPageColours    colours;
  double           em;
  int              width;
};

static GtkTextTag *
add_tag (ScPageTags *self,
         const char *first_property,
         ...)
{
  GtkTextTag *tag = gtk_text_tag_new (NULL);
  va_list args;

  if (first_property != NULL)
    {
      va_start (args, first_property);
      g_object_set_valist (G_OBJECT (tag), first_property, args);
      va_end (args);
    }
  gtk_text_tag_table_add (self->table, tag);
  g_object_unref (tag);

  return tag;
}

static void
add_block_styles (ScPageTags *self)
{
  GtkTextTag **styles = self->styles;
  const double scales[] = { 1.5, 1.3, 1.15, 1.0 };
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self->view)) == GTK_TEXT_DIR_RTL;

  /* A hyphen where a long word, an address or code is broken would read as part of it. */
  styles[SC_PAGE_STYLE_USER] = add_tag (self, "wrap-mode", GTK_WRAP_WORD_CHAR, "insert-hyphens", FALSE, NULL);
  styles[SC_PAGE_STYLE_CODE] = add_tag (self,
                                        "family", "monospace",
                                        "scale", 0.95,
                                        "wrap-mode", GTK_WRAP_WORD_CHAR,
                                        "direction", GTK_TEXT_DIR_LTR,
                                        "insert-hyphens", FALSE,
                                        "pixels-below-lines", 1,
                                        "pixels-inside-wrap", 1,
                                        NULL);
  styles[SC_PAGE_STYLE_TABLE] = add_tag (self,
                                         "pixels-below-lines", SC_PAGE_ROW_PADDING,
                                         NULL);
  styles[SC_PAGE_STYLE_SOURCE] = add_tag (self,
                                          "family", "monospace",
                                          "scale", 0.95,
                                          "insert-hyphens", FALSE,
                                          NULL);
  styles[SC_PAGE_STYLE_QUOTE] = add_tag (self, "insert-hyphens", FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    styles[SC_PAGE_STYLE_HEADING_1 + i] = add_tag (self,
                                                   "weight", PANGO_WEIGHT_BOLD,
                                                   "scale", scales[i],
                                                   "insert-hyphens", FALSE,
                                                   NULL);
  styles[SC_PAGE_STYLE_RULE] = add_tag (self, "scale", 0.5, NULL);
  styles[SC_PAGE_STYLE_SMALL] = add_tag (self, "scale", 0.85, NULL);
  styles[SC_PAGE_STYLE_SMALL_END] = add_tag (self,
                                             "scale", 0.85,
                                             "justification", is_rtl ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_RIGHT,
                                             NULL);
  styles[SC_PAGE_STYLE_REASONING] = add_tag (self, "scale", 0.92, NULL);
  styles[SC_PAGE_STYLE_SUMMARY] = add_tag (self, "scale", 0.92, NULL);
}

static void
add_span_styles (ScPageTags *self)
{
  GtkTextTag **styles = self->styles;

  styles[SC_PAGE_STYLE_BOLD] = add_tag (self, "weight", PANGO_WEIGHT_BOLD, NULL);
  styles[SC_PAGE_STYLE_ITALIC] = add_tag (self, "style", PANGO_STYLE_ITALIC, NULL);
  styles[SC_PAGE_STYLE_STRIKE] = add_tag (self, "strikethrough", TRUE, NULL);
  styles[SC_PAGE_STYLE_CODE_SPAN] = add_tag (self, "family", "monospace", "scale", 0.95, NULL);
  styles[SC_PAGE_STYLE_MATH] = add_tag (self, "family", "monospace", "scale", 0.95, NULL);
  styles[SC_PAGE_STYLE_LINK] = add_tag (self, "underline", PANGO_UNDERLINE_SINGLE, NULL);
  styles[SC_PAGE_STYLE_IMAGE] = add_tag (self, "style", PANGO_STYLE_ITALIC, NULL);
  styles[SC_PAGE_STYLE_LEAD] = add_tag (self, "weight", PANGO_WEIGHT_NORMAL, NULL);
  styles[SC_PAGE_STYLE_SOFT_BREAK] = add_tag (self, NULL);
  styles[SC_PAGE_STYLE_ROOM] = add_tag (self, "scale", 0.1, NULL);
  styles[SC_PAGE_STYLE_MATCH] = add_tag (self, "background", "rgba(246, 211, 45, 0.4)", NULL);
  styles[SC_PAGE_STYLE_CURRENT_MATCH] = add_tag (self,
                                                 "background", "#ff9d3b",
                                                 "foreground", "#1e1e1e",
                                                 NULL);
}

static GdkRGBA
look_up_colour (ScPageTags *self,
                const char *name,
                const char *fallback)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self->view));
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (context, name, &colour))
    gdk_rgba_parse (&colour, fallback);

  return colour;
}

static GdkRGBA
with_alpha (GdkRGBA colour,
            double  alpha)
{
  colour.alpha = (float) (colour.alpha * alpha);

  return colour;
}

static void
load_colours (ScPageTags    *self,
              ScPageColours *colours)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean is_contrasty = adw_style_manager_get_high_contrast (manager);

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self->view)), &colours->text);
  colours->dim = with_alpha (colours->text, is_contrasty ? 0.9 : 0.6);
  colours->tint = with_alpha (colours->text, is_contrasty ? 0.1 : 0.055);
  colours->span_tint = with_alpha (colours->text, is_contrasty ? 0.15 : 0.085);
  colours->line = with_alpha (colours->text, is_contrasty ? 0.6 : 0.18);
  colours->accent = look_up_colour (self, "accent_color", "#1c71d8");
  colours->user = with_alpha (look_up_colour (self, "accent_bg_color", "#3584e4"),
                              is_contrasty ? 0.3 : 0.15);
}

static double
get_font_pixels (GtkTextView *view)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (view));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    {
      double dpi = pango_cairo_context_get_resolution (context);

      size *= (dpi > 0 ? dpi : 96) / 72;
    }

  return MAX (size, MIN_EM);
}

static void
update_line_height (ScPageTags *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self->view));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double height = pango_font_metrics_get_height (metrics) / (double) PANGO_SCALE;
  int extra = (int) round (LINE_HEIGHT * self->em - height);

  pango_font_metrics_unref (metrics);
  gtk_text_view_set_pixels_inside_wrap (self->view, MAX (extra, 1));
}

static void
set_foreground (GtkTextTag    *tag,
                const GdkRGBA *colour)
{
  g_object_set (tag, "foreground-rgba", colour, NULL);
}

static void
apply_colours (ScPageTags *self)
{
  const ScPageStyle dim[] = {
    SC_PAGE_STYLE_SMALL, SC_PAGE_STYLE_SMALL_END, SC_PAGE_STYLE_REASONING, SC_PAGE_STYLE_SUMMARY,
    SC_PAGE_STYLE_IMAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (dim); i++)
    set_foreground (self->styles[dim[i]], &self->colours.dim);
  set_foreground (self->styles[SC_PAGE_STYLE_LINK], &self->colours.accent);
  g_object_set (self->styles[SC_PAGE_STYLE_CODE_SPAN],
                "background-rgba", &self->colours.span_tint,
                NULL);
}

ScPageTags *
sc_page_tags_new (GtkTextView *view)
{
  ScPageTags *self = g_new0 (ScPageTags, 1);

  self->view = view;
  self->table = gtk_text_tag_table_new ();
  self->made = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->tokens = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->sides = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->tabs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* The order is the priority: what is added later wins. */
  add_block_styles (self);
  add_span_styles (self);
  sc_page_tags_update (self);

  return self;
}

void
sc_page_tags_free (ScPageTags *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->made);
  g_hash_table_unref (self->tokens);
  g_hash_table_unref (self->sides);
  g_hash_table_unref (self->tabs);
  g_object_unref (self->table);
  g_free (self);
}

/* Room for the bullet or the number before an item; a number that had none would push its text to the next stop. */
static void
set_hang (ScPageTags *self,
          guint       packed,
          GtkTextTag *tag)
{
  guint n_digits = (packed >> 2) & 0xff;
  int hang = MAX (SC_PAGE_LIST_INDENT, (int) ceil ((n_digits * DIGIT_EM + BESIDE_DIGITS_EM) * self->em));
  PangoTabArray *tabs;

  if ((packed & 1) == 0 || n_digits == 0)
    return;

  tabs = pango_tab_array_new (2, TRUE);
  pango_tab_array_set_tab (tabs, 0, PANGO_TAB_LEFT, hang);
  pango_tab_array_set_tab (tabs, 1, PANGO_TAB_LEFT, 2 * hang);
  g_object_set (tag, "indent", -hang, "tabs", tabs, NULL);
  pango_tab_array_free (tabs);
}

static void
update_hangs (ScPageTags *self)
{
  GHashTableIter iter;
  gpointer key;
  gpointer tag;

  g_hash_table_iter_init (&iter, self->made);
  while (g_hash_table_iter_next (&iter, &key, &tag))
    set_hang (self, GPOINTER_TO_UINT (key), tag);
}

gboolean
sc_page_tags_update (ScPageTags *self)
{
  ScPageColours colours;
  double em = get_font_pixels (self->view);
  gboolean changed = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  memset (&colours, 0, sizeof colours);
  load_colours (self, &colours);
  if (memcmp (&colours, &self->colours, sizeof colours) != 0)
    {
      self->colours = colours;
      apply_colours (self);
      changed = TRUE;
    }
  if (fabs (em - self->em) > 0.01)
    {
      self->em = em;
      update_line_height (self);
      update_hangs (self);
      sc_page_tags_set_width (self, self->width);
      changed = TRUE;
    }

  return changed;
}

GtkTextTagTable *
sc_page_tags_get_table (ScPageTags *self)
{
  return self->table;
}

GtkTextTag *
sc_page_tags_get (ScPageTags  *self,
                  ScPageStyle  style)
{
  g_return_val_if_fail (style < SC_PAGE_N_STYLES, NULL);

  return self->styles[style];
}

GtkTextTag *
sc_page_tags_get_gap (ScPageTags *self,
                      int         pixels)
{
  /* Margins use the low bit set, gaps do not. */
  gpointer key = GUINT_TO_POINTER ((guint) pixels << 1);
  GtkTextTag *tag = g_hash_table_lookup (self->made, key);

  if (tag == NULL)
    {
      tag = add_tag (self, "pixels-above-lines", pixels, NULL);
      g_hash_table_insert (self->made, key, tag);
    }

  return tag;
}

GtkTextTag *
sc_page_tags_get_room (ScPageTags *self,
                       int         pixels)
{
  gpointer key = GUINT_TO_POINTER (1u << 31 | (guint) pixels << 1);
  GtkTextTag *tag = g_hash_table_lookup (self->made, key);

  if (tag == NULL)
    {
      tag = add_tag (self, "pixels-below-lines", pixels, NULL);
      g_hash_table_insert (self->made, key, tag);
    }

  return tag;
}

GtkTextTag *
sc_page_tags_get_margin (ScPageTags *self,
                         int         start,
                         int         end,
                         guint       n_digits,
                         gboolean    is_rtl)
{
  guint packed = ((guint) start << 18) | ((guint) (end & 0xff) << 10) | ((n_digits & 0xff) << 2) |
                 (is_rtl ? 2 : 0) | 1;
  gpointer key = GUINT_TO_POINTER (packed);
  GtkTextTag *tag = g_hash_table_lookup (self->made, key);

  if (tag != NULL)
    return tag;

  tag = add_tag (self,
                 "accumulative-margin", TRUE,
                 "left-margin", is_rtl ? end : start,
                 "right-margin", is_rtl ? start : end,
                 NULL);
  set_hang (self, packed, tag);
  g_hash_table_insert (self->made, key, tag);

  return tag;
}

static void
set_side_margin (ScPageTags *self,
                 GtkTextTag *tag,
                 int         natural)
{
  int least = self->width / 8;
  /* Kept in sixteenths of the font's size, so that words fit their ground with any zoom. */
  int wanted = (int) ceil (natural * self->em / SIDE_UNITS);
  int margin = MAX (self->width - 2 * SC_PAGE_USER_SIDE - wanted, least) + SC_PAGE_USER_SIDE;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self->view)) == GTK_TEXT_DIR_RTL;

  g_object_set (tag,
                "left-margin", is_rtl ? SC_PAGE_USER_SIDE : margin,
                "right-margin", is_rtl ? margin : SC_PAGE_USER_SIDE,
                NULL);
}

GtkTextTag *
sc_page_tags_get_side (ScPageTags *self,
                       int         natural)
{
  int step = MIN (MAX ((int) ceil (natural * SIDE_UNITS / self->em), 1), MAX_SIDE);
  gpointer key;
  GtkTextTag *tag;

  step = (step + SIDE_STEP - 1) / SIDE_STEP * SIDE_STEP;
  key = GINT_TO_POINTER (step);
  tag = g_hash_table_lookup (self->sides, key);
  if (tag != NULL)
    return tag;

  tag = add_tag (self, "accumulative-margin", TRUE, NULL);
  set_side_margin (self, tag, step);
  g_hash_table_insert (self->sides, key, tag);

  return tag;
}

void
sc_page_tags_set_width (ScPageTags *self,
                        int         width)
{
  GHashTableIter iter;
  gpointer key;
  gpointer tag;

  self->width = width;
  g_hash_table_iter_init (&iter, self->sides);
  while (g_hash_table_iter_next (&iter, &key, &tag))
    set_side_margin (self, tag, GPOINTER_TO_INT (key));
}

GtkTextTag *
sc_page_tags_get_tabs (ScPageTags    *self,
                       PangoTabArray *tabs)
{
  g_autofree char *key = pango_tab_array_to_string (tabs);
  GtkTextTag *tag = g_hash_table_lookup (self->tabs, key);

  if (tag == NULL)
    {
      tag = add_tag (self, "tabs", tabs, NULL);
      g_hash_table_insert (self->tabs, g_steal_pointer (&key), tag);
    }

  return tag;
}

GtkTextTag *
sc_page_tags_get_token (ScPageTags    *self,
                        const GdkRGBA *colour,
                        gboolean       is_bold,
                        gboolean       is_italic)
{
  guint packed = (is_bold ? 2 : 0) | (is_italic ? 1 : 0);
  GtkTextTag *tag;

  if (colour != NULL)
    packed |= ((guint) (colour->red * 255) << 24) | ((guint) (colour->green * 255) << 16) |
              ((guint) (colour->blue * 255) << 8) | 4;
  tag = g_hash_table_lookup (self->tokens, GUINT_TO_POINTER (packed));
  if (tag != NULL)
    return tag;

  tag = add_tag (self, NULL);
  if (colour != NULL)
    set_foreground (tag, colour);
  if (is_bold)
    g_object_set (tag, "weight", PANGO_WEIGHT_BOLD, NULL);
  if (is_italic)
    g_object_set (tag, "style", PANGO_STYLE_ITALIC, NULL);
  g_hash_table_insert (self->tokens, GUINT_TO_POINTER (packed), tag);

  return tag;
}

void
sc_page_tags_remove_tokens (ScPageTags *self)
{
  GHashTableIter iter;
  gpointer tag;

  g_hash_table_iter_init (&iter, self->tokens);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    {
      g_hash_table_iter_remove (&iter);
      gtk_text_tag_table_remove (self->table, tag);
    }
}

const ScPageColours *
sc_page_tags_get_colours (ScPageTags *self)
{
  return &self->colours;
}

double
sc_page_tags_get_em (ScPageTags *self)
{
  return self->em;
}
