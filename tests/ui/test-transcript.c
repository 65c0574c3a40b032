/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page: what streams in equals what is built at once, following never fights the reader, and nothing stays. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "sc-transcript-card.h"
#include "sc-page-copy.h"
#include "sc-page-draw.h"
#include "sc-settings.h"
#include "transcript-fixture.h"
#include "transcript-page.h"

/* What a character looks like, independent of which tags say so. */
static char *
dup_looks (TranscriptFixture *fixture)
{
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  GString *out = g_string_new (NULL);
  GtkTextIter iter;

  gtk_text_buffer_get_start_iter (buffer, &iter);
  while (!gtk_text_iter_is_end (&iter))
    {
      g_autoptr (GSList) tags = gtk_text_iter_get_tags (&iter);
      int gap = 0;
      int margin = 0;
      int weight = 0;
      double scale = 1;
      gboolean underline = FALSE;

      for (GSList *l = tags; l != NULL; l = l->next)
        {
          gboolean is_set[5];
          int tag_gap;
          int tag_margin;
          int tag_weight;
          double tag_scale;

          g_object_get (l->data,
                        "pixels-above-lines-set", &is_set[0], "pixels-above-lines", &tag_gap,
                        "left-margin-set", &is_set[1], "left-margin", &tag_margin,
                        "scale-set", &is_set[3], "scale", &tag_scale,
                        "underline-set", &is_set[4],
                        "weight-set", &is_set[2], "weight", &tag_weight,
                        NULL);
          gap = is_set[0] && gtk_text_iter_starts_line (&iter) ? tag_gap : gap;
          margin += is_set[1] ? tag_margin : 0;
          /* Code colours come later and may be bold. */
          weight = is_set[2] && scale != 0.95 ? tag_weight : weight;
          scale *= is_set[3] ? tag_scale : 1;
          underline |= is_set[4];
        }
      g_string_append_printf (out, "%d %d %d %.2f %d|", gap, margin, weight, scale, underline);
      gtk_text_iter_forward_char (&iter);
    }

  return g_string_free (out, FALSE);
}

static void
stream_page (TranscriptFixture *fixture,
             ScTurn            *turn,
             gsize              chunk)
{
  gsize length = strlen (transcript_page);

  for (gsize at = 0; at < length;)
    {
      gsize n = MIN (chunk, length - at);

      while (at + n < length && ((guchar) transcript_page[at + n] & 0xc0) == 0x80)
        n++;
      transcript_fixture_append (turn, transcript_page + at, n);
      at += n;
      transcript_fixture_wait_shown (fixture);
    }
}

static void
test_stream (TranscriptFixture *fixture,
             gconstpointer      data)
{
  gsize chunk = GPOINTER_TO_SIZE (data);
  ScTurn *turn;
  g_autofree char *streamed = NULL;
  g_autofree char *streamed_looks = NULL;
  g_autofree char *rebuilt = NULL;
  g_autofree char *rebuilt_looks = NULL;

  transcript_fixture_say (fixture, SC_ROLE_USER, "Show me everything");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  stream_page (fixture, turn, chunk);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  streamed = transcript_fixture_dup_text (fixture);
  streamed_looks = dup_looks (fixture);

  sc_page_reset (fixture->page);
  transcript_fixture_wait_shown (fixture);
  rebuilt = transcript_fixture_dup_text (fixture);
  rebuilt_looks = dup_looks (fixture);
  g_assert_cmpstr (streamed, ==, rebuilt);
  g_assert_true (strstr (streamed, "A page with everything") != NULL);
  g_assert_true (strstr (streamed, "**") == NULL);
  g_assert_true (g_str_equal (streamed_looks, rebuilt_looks));
}

static void
add_paragraphs (ScTurn *turn,
                guint   n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("Paragraph %u says a few words about *nothing* in particular, "
                                               "long enough to need a second line in the window.\n\n", i);

      transcript_fixture_append (turn, text, strlen (text));
    }
}

static void
test_follow (TranscriptFixture *fixture,
             gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);

  for (guint i = 0; i < 40; i++)
    {
      add_paragraphs (turn, 2);
      transcript_fixture_wait_shown (fixture);
      g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
    }
  g_assert_cmpfloat (gtk_adjustment_get_value (fixture->adjustment), >, 0);
}

static int
get_top_offset (TranscriptFixture *fixture,
                int               *y)
{
  GtkTextView *view = GTK_TEXT_VIEW (fixture->view);
  GdkRectangle visible;
  GtkTextIter iter;
  int line_y;

  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y, &line_y);
  *y = line_y - visible.y;

  return gtk_text_iter_get_offset (&iter);
}

static gboolean
follows (TranscriptFixture *fixture)
{
  gboolean result;

  g_object_get (fixture->transcript, "follows-end", &result, NULL);

  return result;
}

typedef struct
{
  int offset;
  int y;
} Place;

static Place
get_place (TranscriptFixture *fixture)
{
  Place place;

  place.offset = get_top_offset (fixture, &place.y);

  return place;
}

/* What the reader sees stands still to the pixel. */
static void
assert_stays (TranscriptFixture *fixture,
              Place              place)
{
  Place now = get_place (fixture);

  g_assert_cmpint (now.offset, ==, place.offset);
  g_assert_cmpint (now.y, ==, place.y);
}

static void
test_pause (TranscriptFixture *fixture,
            gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  Place place;

  add_paragraphs (turn, 60);
  transcript_fixture_wait_shown (fixture);
  g_assert_true (follows (fixture));
  transcript_fixture_wheel (fixture, -1);
  g_assert_false (follows (fixture));
  transcript_fixture_wheel (fixture, -6);
  transcript_fixture_wait_frame (fixture);
  place = get_place (fixture);
  for (guint i = 0; i < 30; i++)
    {
      add_paragraphs (turn, 1);
      transcript_fixture_wait_shown (fixture);
      assert_stays (fixture, place);
    }
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  assert_stays (fixture, place);
  g_assert_false (follows (fixture));
}

/* Where the last turn begins, below the top of what is seen. */
static int
get_start_y (TranscriptFixture *fixture)
{
  GtkTextView *view = GTK_TEXT_VIEW (fixture->view);
  GdkRectangle visible;
  GtkTextIter iter;
  guint offset;
  int y;

  sc_page_get_entry (fixture->page, sc_page_get_n_entries (fixture->page) - 1, &offset);
  gtk_text_buffer_get_iter_at_offset (transcript_fixture_get_buffer (fixture), &iter, (int) offset);
  gtk_text_view_get_line_yrange (view, &iter, &y, NULL);
  gtk_text_view_get_visible_rect (view, &visible);

  return y - visible.y;
}

static void
test_small_notch (TranscriptFixture *fixture,
                  gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  Place place;

  /* A touchpad's smallest move up, still near the end, must win too. */
  add_paragraphs (turn, 60);
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wheel (fixture, -0.1);
  g_assert_false (follows (fixture));
  place = get_place (fixture);
  add_paragraphs (turn, 3);
  transcript_fixture_wait_shown (fixture);
  assert_stays (fixture, place);
}

static void
test_resume (TranscriptFixture *fixture,
             gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);

  add_paragraphs (turn, 60);
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wheel (fixture, -5);
  g_assert_false (follows (fixture));
  transcript_fixture_wheel (fixture, 20);
  g_assert_true (follows (fixture));
  transcript_fixture_wheel (fixture, -5);
  g_assert_false (follows (fixture));
  sc_transcript_scroll_to_end (fixture->transcript);
  g_assert_true (follows (fixture));
  add_paragraphs (turn, 5);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
}

/* With the setting off the start of an answer comes to the top and stays there. */
static void
test_stay_at_start (TranscriptFixture *fixture,
                    gconstpointer      data)
{
  ScTurn *turn;
  Place place;

  g_object_set (sc_settings_get_default (), "follow-answers", FALSE, NULL);
  if (GPOINTER_TO_INT (data))
    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  add_paragraphs (turn, 40);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_say (fixture, SC_ROLE_USER, "And now?");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  sc_transcript_scroll_to_end (fixture->transcript);
  transcript_fixture_wait_shown (fixture);
  g_assert_true (follows (fixture));
  for (guint i = 0; i < 40 && follows (fixture); i++)
    {
      add_paragraphs (turn, 1);
      transcript_fixture_wait_shown (fixture);
    }
  g_assert_false (follows (fixture));
  g_assert_cmpint (get_start_y (fixture), ==, 0);
  place = get_place (fixture);
  for (guint i = 0; i < 40; i++)
    {
      add_paragraphs (turn, 1);
      transcript_fixture_wait_shown (fixture);
      assert_stays (fixture, place);
    }
  /* The reader is free: to scroll, and to follow after all. */
  transcript_fixture_wheel (fixture, 3);
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpint (get_start_y (fixture), ==, -180);
  sc_transcript_scroll_to_end (fixture->transcript);
  add_paragraphs (turn, 5);
  transcript_fixture_wait_shown (fixture);
  g_assert_true (follows (fixture));
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  g_object_set (sc_settings_get_default (), "follow-answers", TRUE, NULL);
}

static void
test_selection_pauses (TranscriptFixture *fixture,
                       gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  GtkTextIter start;
  GtkTextIter end;
  Place place;

  add_paragraphs (turn, 60);
  transcript_fixture_wait_shown (fixture);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 10);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, 20);
  gtk_text_buffer_select_range (buffer, &start, &end);
  g_assert_false (follows (fixture));
  place = get_place (fixture);
  add_paragraphs (turn, 5);
  transcript_fixture_wait_shown (fixture);
  assert_stays (fixture, place);
}

static void
test_short_stays (TranscriptFixture *fixture,
                  gconstpointer      data)
{
  /* Where there is nothing to scroll the wheel cannot mean "stop following". */
  transcript_fixture_say (fixture, SC_ROLE_USER, "Hello");
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wheel (fixture, -1);
  g_assert_true (follows (fixture));
}

static void
test_hidden (TranscriptFixture *fixture,
             gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *text = NULL;

  add_paragraphs (turn, 5);
  transcript_fixture_wait_shown (fixture);
  gtk_widget_hide (fixture->window);
  /* More than one slice of the watchdog: no frame comes, and yet the page is complete. */
  add_paragraphs (turn, 2000);
  transcript_fixture_append (turn, "The last words", 14);
  while (sc_page_is_dirty (fixture->page))
    g_main_context_iteration (NULL, TRUE);
  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "The last words") != NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
  transcript_fixture_wait_frame (fixture);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
}

static void
test_budget (TranscriptFixture *fixture,
             gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  ScPageWork work = { 0 };

  add_paragraphs (turn, 2000);
  g_assert_cmpuint (sc_page_get_pending (fixture->page), >, 100 * 1024);
  sc_page_drain (fixture->page, 4096, G_MAXINT64, &work);
  g_assert_cmpuint (work.n_bytes, ==, 4096);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpuint (sc_page_get_pending (fixture->page), ==, 0);
}

static void
test_giant_paragraph (TranscriptFixture *fixture,
                      gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *copied = NULL;

  for (guint i = 0; i < 6000; i++)
    g_string_append_printf (words, "%sword%u", i > 0 ? " " : "", i);
  for (gsize at = 0; at < words->len; at += 3000)
    {
      transcript_fixture_append (turn, words->str + at, MIN (3000, words->len - at));
      transcript_fixture_wait_shown (fixture);
    }
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), >, (int) (words->len / 4096));
  for (int i = 0; i < gtk_text_buffer_get_line_count (buffer); i++)
    {
      GtkTextIter iter;

      gtk_text_buffer_get_iter_at_line (buffer, &iter, i);
      g_assert_cmpint (gtk_text_iter_get_bytes_in_line (&iter), <=, 4096 + 64);
    }
  /* The paragraph alone: soft breaks are in it, its end is the first line feed that is none of them. */
  copied = sc_page_dup_text (fixture->page, 0, (guint) gtk_text_buffer_get_char_count (buffer) - 1);
  g_assert_true (g_str_equal (copied, words->str));
}

static void
test_copy (TranscriptFixture *fixture,
           gconstpointer      data)
{
  ScTurn *turn;
  g_autofree char *all = NULL;
  g_autofree char *piece = NULL;
  g_autofree char *two = NULL;
  g_autofree char *text = NULL;
  const char *at;
  guint start;
  guint end;

  transcript_fixture_say (fixture, SC_ROLE_USER, "The question");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  stream_page (fixture, turn, 400);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);

  all = sc_page_dup_text (fixture->page, 0,
                          (guint) gtk_text_buffer_get_char_count (transcript_fixture_get_buffer (fixture)));
  g_assert_true (g_str_has_prefix (all, "The question\n\n# A page"));
  g_assert_true (g_str_has_suffix (all, "The last words."));
  g_assert_true (strstr (all, "|:-----|------:|:----:|") != NULL);

  /* A piece of one block is plain, several blocks are markdown. */
  text = transcript_fixture_dup_text (fixture);
  at = strstr (text, "An answer is");
  start = (guint) g_utf8_strlen (text, at - text);
  piece = sc_page_dup_text (fixture->page, start, start + 17);
  g_assert_cmpstr (piece, ==, "An answer is bold");
  end = (guint) g_utf8_strlen (text, strstr (text, "The second item") - text) + 10;
  two = sc_page_dup_text (fixture->page, start, end);
  g_assert_true (g_str_has_prefix (two, "An answer is **bold**, *italic*, ***both***, ~~struck~~, `inline code`, "
                                        "and a [link](https://example.org/a) with"));
  g_assert_true (strstr (two, "\n\n## Lists\n\n- The first item\n- The second") != NULL);
}

static int
get_x (TranscriptFixture *fixture,
       const char        *words)
{
  GtkTextIter iter;
  GdkRectangle place;

  gtk_text_buffer_get_start_iter (transcript_fixture_get_buffer (fixture), &iter);
  g_assert_true (gtk_text_iter_forward_search (&iter, words, 0, &iter, NULL, NULL));
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (fixture->view), &iter, &place);

  return place.x;
}

/* The lines of an item stand below each other, however long its number is and whatever the zoom. */
static void
test_numbers (TranscriptFixture *fixture,
              gconstpointer      data)
{
  static const double zooms[] = { 1, 1.5, 2, 0.6 };
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT,
                                         "99. Nine\\\nnine\n100. Hundred\\\nhundred\n101. More\\\nmore\n\n"
                                         "123456. Many\\\nmany\n\n- Bullet\\\nbullet\n");

  int column;
  int wide;
  double em;

  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      sc_transcript_set_zoom (fixture->transcript, zooms[i]);
      transcript_fixture_wait_frame (fixture);
      transcript_fixture_wait_frame (fixture);
      /* The column is as wide as its words are large, and not as they were. */
      column = sc_page_get_writer (fixture->page)->width;
      em = sc_page_tags_get_em (sc_page_get_writer (fixture->page)->tags);
      wide = MIN ((int) round (46 * em), gtk_widget_get_width (GTK_WIDGET (fixture->transcript)) - 2 * 24);
      /* Where it is narrow its margins are, too. */
      g_assert_cmpint (column, >=, wide);
      g_assert_cmpint (column, <=, wide + 24);
      g_assert_cmpint (get_x (fixture, "Nine"), ==, get_x (fixture, "nine"));
      g_assert_cmpint (get_x (fixture, "Hundred"), ==, get_x (fixture, "hundred"));
      g_assert_cmpint (get_x (fixture, "Many"), ==, get_x (fixture, "many"));
      g_assert_cmpint (get_x (fixture, "Bullet"), ==, get_x (fixture, "bullet"));
      g_assert_cmpint (get_x (fixture, "Hundred"), ==, get_x (fixture, "More"));
    }
}

/* The bar of a quote in a list stands in the list, that of a list in a quote beside it. */
static void
test_quotes (TranscriptFixture *fixture,
             gconstpointer      data)
{
  static const int expected[][2] = {
    { 0, 0 }, { 1, 0 }, { 0, 0 }, { 2, 0 }, { 2, 0 }, { 0, 0 }, { 0, 0 }, { 0, 1 }, { 0, 0 },
  };
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT,
                                         "- a\n\n  > in one\n  - b\n\n    > in two\n    >\n    > - c\n\n"
                                         "> around\n>\n> - d\n>\n>   > inner\n\nend\n");
  const ScPageEntry *entry;

  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  entry = sc_page_get_entry (fixture->page, 0, NULL);
  g_assert_cmpuint (entry->blocks->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      int lists[SC_PAGE_MAX_NESTING];

      sc_page_find_lists (entry, &g_array_index (entry->blocks, ScBlock, i), lists);
      g_assert_cmpint (lists[0], ==, expected[i][0]);
      g_assert_cmpint (lists[1], ==, expected[i][1]);
    }
}

/* What no page is wide enough for is read row by row, and is still the table when it is copied. */
static void
test_wide_table (TranscriptFixture *fixture,
                 gconstpointer      data)
{
  const int n_columns = 20;
  g_autoptr (GString) source = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;
  ScTurn *turn;

  for (int i = 0; i < n_columns; i++)
    g_string_append_printf (source, "| Name of column %d ", i);
  g_string_append (source, "|\n");
  for (int i = 0; i < n_columns; i++)
    g_string_append (source, "|---");
  g_string_append (source, "|\n");
  for (int i = 0; i < n_columns; i++)
    {
      g_string_append (source, "| ");
      if (i != 4)
        g_string_append_printf (source, "the cell of column %d ", i);
    }
  g_string_append (source, "|\n");

  transcript_fixture_say (fixture, SC_ROLE_USER, "The question");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, source->str);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);

  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "Name of column 3: the cell of column 3") != NULL);
  g_assert_true (strstr (text, "Name of column 19: the cell of column 19") != NULL);
  g_assert_null (strstr (text, "Name of column 4:"));
  all = sc_page_dup_text (fixture->page, 0,
                          (guint) gtk_text_buffer_get_char_count (transcript_fixture_get_buffer (fixture)));
  g_assert_true (strstr (all, "| the cell of column 3 | ") != NULL);
}

static void
test_reasoning (TranscriptFixture *fixture,
                gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  const char *thoughts = "A first thought.\nA second thought about *bears*";
  g_autofree char *folded = NULL;
  g_autofree char *opened = NULL;
  ScPageEntry *entry;

  sc_turn_append_reasoning (turn, thoughts, strlen (thoughts));
  sc_turn_flush (turn);
  transcript_fixture_wait_shown (fixture);
  folded = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (folded, "A second thought about bears") != NULL);
  g_assert_null (strstr (folded, "A first thought."));

  entry = sc_page_get_entry (fixture->page, 0, NULL);
  sc_page_set_reasoning_open (fixture->page, entry, TRUE);
  sc_turn_append_reasoning (turn, " and wolves", 11);
  transcript_fixture_append (turn, "The answer", 10);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  opened = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (opened, "A first thought.\nA second thought about *bears* and wolves\nThe answer") != NULL);

  sc_page_set_reasoning_open (fixture->page, entry, FALSE);
  g_free (opened);
  opened = transcript_fixture_dup_text (fixture);
  g_assert_null (strstr (opened, "wolves"));
  g_assert_true (strstr (opened, "The answer") != NULL);
}

static void
test_card (TranscriptFixture *fixture,
           gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_AUTH, "Invalid key");
  GtkWidget *view = GTK_WIDGET (fixture->view);

  transcript_fixture_append (turn, "What had come", 13);
  transcript_fixture_wait_shown (fixture);
  g_assert_null (transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD));
  transcript_fixture_finish (turn, SC_TURN_STATUS_FAILED, failure);
  transcript_fixture_wait_shown (fixture);
  g_assert_nonnull (transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD));

  transcript_fixture_say (fixture, SC_ROLE_USER, "Again");
  transcript_fixture_wait_shown (fixture);
  g_assert_null (transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD));
}

static void
test_stopped_is_no_error (TranscriptFixture *fixture,
                          gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *text = NULL;

  transcript_fixture_append (turn, "Half of", 7);
  transcript_fixture_finish (turn, SC_TURN_STATUS_STOPPED, NULL);
  transcript_fixture_wait_shown (fixture);
  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "Stopped") != NULL);
  g_assert_null (transcript_fixture_find (GTK_WIDGET (fixture->view), SC_TYPE_TRANSCRIPT_CARD));
}

#define ADD(name, func, data)                                                                      \
  g_test_add ("/ui/transcript/" name, TranscriptFixture, (gconstpointer) (data),                   \
              transcript_fixture_set_up, func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("stream/whole", test_stream, GSIZE_TO_POINTER (strlen (transcript_page)));
  ADD ("stream/40", test_stream, GSIZE_TO_POINTER (40));
  ADD ("stream/7", test_stream, GSIZE_TO_POINTER (7));
  ADD ("follow", test_follow, NULL);
  ADD ("pause", test_pause, NULL);
  ADD ("small-notch", test_small_notch, NULL);
  ADD ("resume", test_resume, NULL);
  ADD ("stay-at-start", test_stay_at_start, GINT_TO_POINTER (FALSE));
  ADD ("stay-at-start/animated", test_stay_at_start, GINT_TO_POINTER (TRUE));
  ADD ("selection-pauses", test_selection_pauses, NULL);
  ADD ("short-stays", test_short_stays, NULL);
  ADD ("hidden", test_hidden, NULL);
  ADD ("budget", test_budget, NULL);
  ADD ("giant-paragraph", test_giant_paragraph, NULL);
  ADD ("copy", test_copy, NULL);
  ADD ("numbers", test_numbers, NULL);
  ADD ("quotes", test_quotes, NULL);
  ADD ("wide-table", test_wide_table, NULL);
  ADD ("reasoning", test_reasoning, NULL);
  ADD ("card", test_card, NULL);
  ADD ("stopped-is-no-error", test_stopped_is_no_error, NULL);

  return g_test_run ();
}
