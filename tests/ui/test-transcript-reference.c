/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page with every construct against the pictures that were looked at and kept: light, dark, narrow, and from right to
 * left. Text looks different with other fonts or libraries: where those are not the ones of the kept pictures, this
 * says so and is skipped.
 *
 * SC_KEEP_REFERENCES=1 test-transcript-reference writes the pictures anew, to be looked at before they are committed. */

#include "config.h"

#include <cairo.h>
#include <string.h>

#include "transcript-fixture.h"
#include "transcript-page.h"

#define HEIGHT        700

/* A shade more or less is no difference, and a few pixels at the edge of a letter are none. */
#define SHADE         24
#define MAX_DIFFERENT 40

/* 12 March 2025, 9:30 UTC: the page tells when something was said. */
#define SAID_US       (G_GINT64_CONSTANT (1741771800) * G_USEC_PER_SEC)

typedef struct
{
  const char      *name;
  int              width;
  gboolean         is_dark;
  GtkTextDirection direction;
} Look;

static const Look looks[] = {
  { "light", 640, FALSE, GTK_TEXT_DIR_LTR },
  { "dark", 640, TRUE, GTK_TEXT_DIR_LTR },
  { "narrow", 360, FALSE, GTK_TEXT_DIR_LTR },
  { "right-to-left", 480, FALSE, GTK_TEXT_DIR_RTL },
};

static const char more[] =
  "## More\n\n"
  "<div>\nHTML as text\n</div>\n\nOne ![of the network](https://example.org/a.png), and one in the text: "
  "![a bar](data:image/png;base64,"
  "iVBORw0KGgoAAAANSUhEUgAAAGAAAAAYCAIAAACKi2/DAAAAQklEQVR42u3QAQkAMAwDsJqaoHuZ1HEdtzFOIAqS6lnlnqwSQYIECRIkSJAgQYIECRIkSJAgQYIECRIkSJAgQT8EPVzZAsTeCYS/AAAAAElFTkSuQmCC)"
  "\n\nA very long word: Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender"
  "aberohneeinendiesendieserwoerter.\n\nمرحبا بالعالم، هذه جملة بالعربية مع `code` فيها.\n\n- [x] שלום\n- [ ] עולם\n";

/* What the pictures depend on beside this program. */
static char *
dup_machine (GtkWidget *widget)
{
  const char *fonts[] = { "DejaVu Sans 10", "DejaVu Sans Bold 15", "DejaVu Sans Oblique 10", "DejaVu Sans Mono 10" };
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "GTK %u.%u, Adwaita %u.%u, Pango %s, cairo %s", gtk_get_major_version (),
                          gtk_get_minor_version (), adw_get_major_version (), adw_get_minor_version (),
                          pango_version_string (), cairo_version_string ());
  for (guint i = 0; i < G_N_ELEMENTS (fonts); i++)
    {
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "The quick brown fox שלום مرحبا ▸ ☑");
      PangoFontDescription *description = pango_font_description_from_string (fonts[i]);
      PangoRectangle rect;

      pango_layout_set_font_description (layout, description);
      pango_font_description_free (description);
      pango_layout_get_extents (layout, NULL, &rect);
      g_string_append_printf (out, "\n%s: %d x %d, %d unknown", fonts[i], rect.width, rect.height,
                              pango_layout_get_unknown_glyphs_count (layout));
    }

  return g_string_free (out, FALSE);
}

static ScTurn *
add_turn (TranscriptFixture *fixture,
          ScRole             role,
          const char        *text,
          const char        *reasoning)
{
  g_autoptr (ScTurn) turn = sc_turn_new_full (NULL, NULL, role, text, SAID_US);
  const ScTurnTimes times = { 0, 320, 480, 4200, 12000 };
  ScUsage usage = { .input = 120, .output = 532, .cached = -1, .reasoning = -1, .cache_write = -1, .cost_nanos = -1 };

  if (role == SC_ROLE_ASSISTANT)
    {
      sc_turn_set_model (turn, NULL, "demo-large");
      sc_turn_set_times (turn, &times);
      sc_turn_merge_usage (turn, &usage);
    }
  if (reasoning != NULL)
    sc_turn_append_reasoning (turn, reasoning, strlen (reasoning));
  sc_conversation_append_turn (fixture->conversation, turn);

  return turn;
}

static void
show_page (TranscriptFixture *fixture)
{
  g_autofree char *text = g_strconcat (transcript_page, "\n", more, NULL);
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_RATE_LIMIT, "Rate limit reached");
  ScTurn *turn;

  /* Wherever the pointer of the display stands, it does not show the actions of a message. */
  gtk_widget_set_can_target (GTK_WIDGET (fixture->view), FALSE);
  add_turn (fixture, SC_ROLE_USER, "Show me a page with everything on it, please: see https://example.org/page.\n\n"
                                   "```\nint x;\n```", NULL);
  turn = add_turn (fixture, SC_ROLE_ASSISTANT, text, "The reader wants a page.\n\nSo be it.");
  sc_turn_set_notice (turn, "The service says something beside the answer.");
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  add_turn (fixture, SC_ROLE_USER, "עוד אחד", NULL);
  turn = add_turn (fixture, SC_ROLE_ASSISTANT, "What had come before", NULL);
  transcript_fixture_finish (turn, SC_TURN_STATUS_FAILED, failure);
  transcript_fixture_wait_shown (fixture);
}

/* All that works in idle time is done when nothing changes for a while. */
static gboolean
is_coloured (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  for (guint i = 0; i < sc_page_get_n_entries (fixture->page); i++)
    {
      const ScPageEntry *entry = sc_page_get_entry (fixture->page, i, NULL);

      for (guint j = 0; j < entry->blocks->len; j++)
        {
          const ScBlock *block = &g_array_index (entry->blocks, ScBlock, j);

          if (block->language != NULL && *block->language != '\0' && block->n_coloured + 1 < block->n_chars)
            return FALSE;
        }
    }

  return sc_pictures_get_n_bytes (sc_page_get_writer (fixture->page)->pictures) > 0;
}

static gboolean
is_at_top (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  return gtk_adjustment_get_value (fixture->adjustment) <= 0;
}

/* Scrolls down once, so that all lines are laid out and all pictures read. */
static void
settle (TranscriptFixture *fixture)
{
  double last = -1;

  /* The reader scrolls: else the end would be followed. */
  transcript_fixture_wheel (fixture, -1);
  while (gtk_adjustment_get_upper (fixture->adjustment) != last)
    {
      last = gtk_adjustment_get_upper (fixture->adjustment);
      for (double y = 0; y < gtk_adjustment_get_upper (fixture->adjustment); y += HEIGHT / 2)
        {
          gtk_adjustment_set_value (fixture->adjustment, y);
          transcript_fixture_wait_frame (fixture);
        }
      transcript_fixture_wait (is_coloured, fixture);
    }
  gtk_adjustment_set_value (fixture->adjustment, 0);
  transcript_fixture_wait (is_at_top, fixture);
  transcript_fixture_wait_frame (fixture);
}

static void
paint_piece (TranscriptFixture *fixture,
             cairo_t           *cr,
             double             y)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (view);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (view);
  int height = gtk_widget_get_height (view);
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  cairo_save (cr);
  cairo_translate (cr, 0, y);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  gsk_render_node_draw (node, cr);
  cairo_restore (cr);
  gsk_render_node_unref (node);
}

/* The whole page, from piece to piece of what can be seen at once. */
static cairo_surface_t *
paint_page (TranscriptFixture *fixture,
            gboolean           is_dark)
{
  int height = (int) gtk_adjustment_get_upper (fixture->adjustment);
  int page = (int) gtk_adjustment_get_page_size (fixture->adjustment);
  int width = gtk_widget_get_width (GTK_WIDGET (fixture->view));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  double shade = is_dark ? 0.14 : 0.98;

  for (int y = 0; y < height; y += page)
    {
      double value;

      gtk_adjustment_set_value (fixture->adjustment, y);
      transcript_fixture_wait_frame (fixture);
      value = gtk_adjustment_get_value (fixture->adjustment);
      cairo_rectangle (cr, 0, value, width, page);
      cairo_set_source_rgb (cr, shade, shade, shade);
      cairo_fill (cr);
      paint_piece (fixture, cr, value);
    }
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

static guint
count_different (cairo_surface_t *a,
                 cairo_surface_t *b)
{
  int width = cairo_image_surface_get_width (a);
  int height = cairo_image_surface_get_height (a);
  guint n = 0;

  for (int y = 0; y < height; y++)
    {
      const guchar *row_a = cairo_image_surface_get_data (a) + y * cairo_image_surface_get_stride (a);
      const guchar *row_b = cairo_image_surface_get_data (b) + y * cairo_image_surface_get_stride (b);

      for (int x = 0; x < width; x++)
        for (int channel = 0; channel < 3; channel++)
          if (ABS ((int) row_a[4 * x + channel] - (int) row_b[4 * x + channel]) > SHADE)
            {
              n++;
              break;
            }
    }

  return n;
}

static void
compare (cairo_surface_t *surface,
         const Look      *look)
{
  g_autofree char *file = g_strconcat ("page-", look->name, ".png", NULL);
  g_autofree char *kept = g_test_build_filename (G_TEST_DIST, "data", "references", file, NULL);
  g_autofree char *now = g_build_filename (g_get_tmp_dir (), file, NULL);
  cairo_surface_t *reference = cairo_image_surface_create_from_png (kept);
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  guint n;

  if (cairo_surface_status (reference) != CAIRO_STATUS_SUCCESS)
    g_error ("there is no %s", kept);
  cairo_surface_write_to_png (surface, now);
  if (cairo_image_surface_get_width (reference) != width || cairo_image_surface_get_height (reference) != height)
    g_error ("the page is %d x %d and not %d x %d as in %s: see %s", width, height,
             cairo_image_surface_get_width (reference), cairo_image_surface_get_height (reference), kept, now);
  n = count_different (surface, reference);
  if (n > MAX_DIFFERENT)
    g_error ("%u pixels differ from %s: see %s", n, kept, now);
  cairo_surface_destroy (reference);
}

static void
set_up (TranscriptFixture *self,
        gconstpointer      data)
{
  const Look *look = data;

  gtk_widget_set_default_direction (look->direction);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      look->is_dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  transcript_fixture_set_up (self, NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->transcript), look->width, HEIGHT);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1, 1);
  transcript_fixture_wait_frame (self);
}

static void
test_look (TranscriptFixture *fixture,
           gconstpointer      data)
{
  const Look *look = data;
  gboolean is_kept = g_getenv ("SC_KEEP_REFERENCES") != NULL;
  g_autofree char *machine = dup_machine (GTK_WIDGET (fixture->view));
  g_autofree char *machine_path = g_test_build_filename (G_TEST_DIST, "data", "references", "machine.txt", NULL);
  g_autofree char *known = NULL;
  g_autofree char *file = g_strconcat ("page-", look->name, ".png", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "references", file, NULL);
  cairo_surface_t *surface;

  g_file_get_contents (machine_path, &known, NULL, NULL);
  if (!is_kept && g_strcmp0 (known, machine) != 0)
    {
      g_test_message ("kept with:\n%s\nhere:\n%s", known, machine);
      g_test_skip ("the fonts or libraries are not those of the kept pictures");
      return;
    }
  show_page (fixture);
  settle (fixture);
  surface = paint_page (fixture, look->is_dark);
  if (is_kept)
    {
      g_assert_true (g_file_set_contents (machine_path, machine, -1, NULL));
      g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
    }
  else
    {
      compare (surface, look);
    }
  cairo_surface_destroy (surface);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (),
                "gtk-font-name", "DejaVu Sans 10",
                "gtk-xft-antialias", 1,
                "gtk-xft-hinting", 1,
                "gtk-xft-hintstyle", "hintslight",
                "gtk-xft-rgba", "none",
                "gtk-xft-dpi", 96 * 1024,
                "gtk-icon-theme-name", "Adwaita",
                NULL);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/transcript-reference/", looks[i].name, NULL);

      g_test_add (path, TranscriptFixture, &looks[i], set_up, test_look, transcript_fixture_tear_down);
    }

  return g_test_run ();
}
