/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scrolling by script: what the reader or the answer does, and where the page is then, to the pixel.
 * While following the end is in sight; while reading the line at the top stays where it is. */

#include "config.h"

#include <string.h>

#include "sc-transcript-scroll.h"
#include "transcript-fixture.h"

#define N_STEPS 12

typedef void (*ScrollFunc) (TranscriptFixture *fixture,
                            ScTurn            *turn);

typedef struct
{
  const char *name;
  /* What is done before, and how far that moves the page; FALSE in follows: it stops following. */
  ScrollFunc  before;
  double      moves;
  gboolean    follows;
  /* What comes afterwards. */
  ScrollFunc  after;
} ScrollCase;

static gboolean
follows (TranscriptFixture *fixture)
{
  gboolean result;

  g_object_get (fixture->transcript, "follows-end", &result, NULL);

  return result;
}

static void
add_paragraph (TranscriptFixture *fixture,
               ScTurn            *turn)
{
  const char *text = "A paragraph with **bold** words and `code`, long enough for two lines of the window, or so.\n\n";

  transcript_fixture_append (turn, text, strlen (text));
}

static void
notch_up (TranscriptFixture *fixture,
          ScTurn            *turn)
{
  transcript_fixture_wheel (fixture, -1);
}

static void
notches_up (TranscriptFixture *fixture,
            ScTurn            *turn)
{
  transcript_fixture_wheel (fixture, -1);
  transcript_fixture_wheel (fixture, -4);
}

static void
notch_up_and_down (TranscriptFixture *fixture,
                   ScTurn            *turn)
{
  transcript_fixture_wheel (fixture, -1);
  transcript_fixture_wheel (fixture, 1);
}

static void
press_key (TranscriptFixture *fixture,
           guint              keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->view));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }
}

static void
page_up (TranscriptFixture *fixture,
         ScTurn            *turn)
{
  press_key (fixture, GDK_KEY_Page_Up);
  gtk_adjustment_set_value (fixture->adjustment, gtk_adjustment_get_value (fixture->adjustment) - 400);
}

static void
page_up_and_end (TranscriptFixture *fixture,
                 ScTurn            *turn)
{
  page_up (fixture, turn);
  press_key (fixture, GDK_KEY_End);
}

static void
up_and_jump (TranscriptFixture *fixture,
             ScTurn            *turn)
{
  notches_up (fixture, turn);
  sc_transcript_scroll_to_end (fixture->transcript);
}

static void
select_words (TranscriptFixture *fixture,
              ScTurn            *turn)
{
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_iter_backward_chars (&end, 3);
  start = end;
  gtk_text_iter_backward_chars (&start, 20);
  gtk_text_buffer_select_range (buffer, &start, &end);
}

static void
add_code (TranscriptFixture *fixture,
          ScTurn            *turn)
{
  const char *text = "```c\nint x = 1; /* a comment */\nreturn x;\n```\n\n";

  transcript_fixture_append (turn, text, strlen (text));
}

static void
add_table_row (TranscriptFixture *fixture,
               ScTurn            *turn)
{
  gsize length;
  const char *all = sc_turn_get_text (turn, &length);
  const char *text = "| a cell that is a little longer than the one before | b |\n";

  if (strstr (all, "|---|---|") == NULL)
    text = "| head | head |\n|---|---|\n";
  transcript_fixture_append (turn, text, strlen (text));
}

static void
finish (TranscriptFixture *fixture,
        ScTurn            *turn)
{
  if (sc_turn_get_status (turn) == SC_TURN_STATUS_STREAMING)
    transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
}

static void
fail (TranscriptFixture *fixture,
      ScTurn            *turn)
{
  if (sc_turn_get_status (turn) == SC_TURN_STATUS_STREAMING)
    transcript_fixture_finish (turn, SC_TURN_STATUS_INTERRUPTED, NULL);
}

static void
resize (TranscriptFixture *fixture,
        ScTurn            *turn)
{
  int height = gtk_widget_get_height (fixture->window);

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, height > 450 ? 400 : 500);
  add_paragraph (fixture, turn);
}

/* What is done, where the page is then, and what may not move it. */
static const ScrollCase cases[] = {
  { "follows", NULL, 0, TRUE, add_paragraph },
  { "first-notch", notch_up, -60, FALSE, add_paragraph },
  { "notches", notches_up, -300, FALSE, add_paragraph },
  { "page-up", page_up, -400, FALSE, add_paragraph },
  { "selection", select_words, 0, FALSE, add_paragraph },
  { "back-at-end", notch_up_and_down, 0, TRUE, add_paragraph },
  { "end-key", page_up_and_end, 0, TRUE, add_paragraph },
  { "jump", up_and_jump, 0, TRUE, add_paragraph },
  { "code-colours", notches_up, -300, FALSE, add_code },
  { "table-grows", notches_up, -300, FALSE, add_table_row },
  { "completion", notches_up, -300, FALSE, finish },
  { "error-card", notches_up, -300, FALSE, fail },
  { "resize", NULL, 0, TRUE, resize },
};

static void
test_case (TranscriptFixture *fixture,
           gconstpointer      data)
{
  const ScrollCase *self = data;
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *top = NULL;
  double value;
  int y;

  for (guint i = 0; i < 60; i++)
    add_paragraph (fixture, turn);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  value = gtk_adjustment_get_value (fixture->adjustment);
  if (self->before != NULL)
    self->before (fixture, turn);
  /* Where it follows, the end may move meanwhile, when text above it gets its height. */
  if (self->follows)
    g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  else
    g_assert_cmpfloat (gtk_adjustment_get_value (fixture->adjustment) - value, ==, self->moves);
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpint (follows (fixture), ==, self->follows);
  top = transcript_fixture_dup_top (fixture, &y);
  for (guint i = 0; i < N_STEPS; i++)
    {
      g_autofree char *now = NULL;
      int now_y;

      self->after (fixture, turn);
      transcript_fixture_wait_shown (fixture);
      if (self->follows)
        {
          g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
          continue;
        }
      now = transcript_fixture_dup_top (fixture, &now_y);
      g_assert_cmpstr (now, ==, top);
      g_assert_cmpint (now_y, ==, y);
    }
  g_assert_cmpint (follows (fixture), ==, self->follows);
}

/* The reasoning is folded and the answer begins while somebody reads what was said before. */
static void
test_reasoning (TranscriptFixture *fixture,
                gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *top = NULL;
  int y;

  for (guint i = 0; i < 60; i++)
    add_paragraph (fixture, turn);
  finish (fixture, turn);
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  sc_turn_append_reasoning (turn, "I think about it.\n", 18);
  sc_turn_flush (turn);
  transcript_fixture_wait_shown (fixture);
  notches_up (fixture, turn);
  transcript_fixture_wait_frame (fixture);
  top = transcript_fixture_dup_top (fixture, &y);
  for (guint i = 0; i < N_STEPS; i++)
    {
      g_autofree char *now = NULL;
      int now_y;

      if (i < N_STEPS / 2)
        {
          sc_turn_append_reasoning (turn, "And I think more about it.\n", 27);
          sc_turn_flush (turn);
        }
      else
        {
          add_paragraph (fixture, turn);
        }
      transcript_fixture_wait_shown (fixture);
      now = transcript_fixture_dup_top (fixture, &now_y);
      g_assert_cmpstr (now, ==, top);
      g_assert_cmpint (now_y, ==, y);
    }
}

/* GTK lays out in an idle source of its own where a frame is late, and may then still go to where it was to scroll
 * before the reader did something. */
static void
test_between_frames (TranscriptFixture *fixture,
                     gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);

  for (guint i = 0; i < 60; i++)
    add_paragraph (fixture, turn);
  transcript_fixture_wait_shown (fixture);
  for (guint i = 0; i < N_STEPS; i++)
    {
      g_autofree char *top = NULL;
      g_autofree char *now = NULL;
      ScPageWork work = { 0 };
      int now_y;
      int y;

      /* As the timer does it that works where no frames come. */
      for (guint j = 0; j < 20; j++)
        add_paragraph (fixture, turn);
      sc_page_drain (fixture->page, G_MAXUINT, G_MAXINT64, &work);
      sc_transcript_scroll_to_end (fixture->transcript);
      notch_up (fixture, turn);
      transcript_fixture_wait_frame (fixture);
      top = transcript_fixture_dup_top (fixture, &y);
      add_paragraph (fixture, turn);
      sc_page_drain (fixture->page, G_MAXUINT, G_MAXINT64, &work);
      transcript_fixture_wait_frame (fixture);
      now = transcript_fixture_dup_top (fixture, &now_y);
      g_assert_cmpstr (now, ==, top);
      g_assert_cmpint (now_y, ==, y);
      g_assert_false (follows (fixture));
      sc_transcript_scroll_to_end (fixture->transcript);
      transcript_fixture_wait_frame (fixture);
      g_assert_true (follows (fixture));
    }
}

/* A page with nothing in it but lines, whose scrolling the test holds in its hand. */
typedef struct
{
  GtkWidget          *window;
  ScTranscriptView   *view;
  GtkAdjustment      *adjustment;
  ScTranscriptScroll *scroll;
} Bare;

static double
get_bare_below (Bare *self)
{
  return gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment) -
         gtk_adjustment_get_value (self->adjustment);
}

static gboolean
is_bare_at_end (gpointer user_data)
{
  return get_bare_below (user_data) <= 1;
}

static void
count_frame_cb (GdkFrameClock *clock,
                guint         *n)
{
  (*n)++;
}

static gboolean
is_counted (gpointer user_data)
{
  return *(guint *) user_data > 0;
}

static void
add_lines (Bare *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  GtkTextIter end;
  guint n = 0;
  gulong id;

  for (guint i = 0; i < 20; i++)
    {
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, "A line of the page.\n", -1);
    }
  sc_transcript_scroll_flush (self->scroll, G_MAXUINT);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame_cb), &n);
  gtk_widget_queue_draw (GTK_WIDGET (self->view));
  transcript_fixture_wait (is_counted, &n);
  g_signal_handler_disconnect (clock, id);
}

/* Frames until all lines have their heights: what GTK corrects then is not what these tests are about. */
static void
settle (Bare *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  double upper = -1;
  guint n_same = 0;
  guint n;
  gulong id;

  while (n_same < 5)
    {
      n = 0;
      id = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame_cb), &n);
      gtk_widget_queue_draw (GTK_WIDGET (self->view));
      transcript_fixture_wait (is_counted, &n);
      g_signal_handler_disconnect (clock, id);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      n_same = gtk_adjustment_get_upper (self->adjustment) == upper ? n_same + 1 : 0;
      upper = gtk_adjustment_get_upper (self->adjustment);
    }
}

static void
set_up_bare (Bare *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->window = gtk_window_new ();
  self->view = sc_transcript_view_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_window_set_child (GTK_WINDOW (self->window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 400, 300);
  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  self->scroll = sc_transcript_scroll_new (GTK_SCROLLED_WINDOW (scrolled), self->view, NULL, NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  add_lines (self);
  add_lines (self);
  settle (self);
  transcript_fixture_wait (is_bare_at_end, self);
  g_assert_true (sc_transcript_scroll_is_quiet (self->scroll));
}

static void
tear_down_bare (Bare *self)
{
  sc_transcript_scroll_free (self->scroll);
  gtk_window_destroy (GTK_WINDOW (self->window));
}

/* The place is the finger's as long as it is there; what was put off is made good when it is quiet. */
static void
test_finger (void)
{
  Bare bare = { NULL };
  double value;

  set_up_bare (&bare);
  sc_transcript_scroll_touch (bare.scroll, TRUE);
  value = gtk_adjustment_get_value (bare.adjustment);
  add_lines (&bare);
  g_assert_cmpfloat (gtk_adjustment_get_value (bare.adjustment), ==, value);
  g_assert_cmpfloat (get_bare_below (&bare), >, 1);
  g_assert_true (sc_transcript_scroll_is_following (bare.scroll));
  g_assert_false (sc_transcript_scroll_is_quiet (bare.scroll));
  sc_transcript_scroll_touch (bare.scroll, FALSE);
  g_assert_false (sc_transcript_scroll_is_quiet (bare.scroll));
  transcript_fixture_wait (is_bare_at_end, &bare);
  g_assert_true (sc_transcript_scroll_is_quiet (bare.scroll));
  tear_down_bare (&bare);
}

/* The page goes on by itself: each step puts off what would move it. */
static void
test_deceleration (void)
{
  Bare bare = { NULL };

  set_up_bare (&bare);
  sc_transcript_scroll_set_following (bare.scroll, FALSE);
  for (guint i = 0; i < 10; i++)
    {
      gtk_adjustment_set_value (bare.adjustment, gtk_adjustment_get_value (bare.adjustment) - 3);
      g_assert_false (sc_transcript_scroll_is_quiet (bare.scroll));
      add_lines (&bare);
      g_assert_false (sc_transcript_scroll_is_following (bare.scroll));
    }
  /* Who wishes to be at the end does not wait until it comes to a rest. */
  gtk_adjustment_set_value (bare.adjustment, gtk_adjustment_get_value (bare.adjustment) - 3);
  sc_transcript_scroll_set_following (bare.scroll, TRUE);
  g_assert_cmpfloat (get_bare_below (&bare), <=, 1);
  tear_down_bare (&bare);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/transcript-scroll/", cases[i].name, NULL);

      g_test_add (path, TranscriptFixture, &cases[i], transcript_fixture_set_up, test_case,
                  transcript_fixture_tear_down);
    }
  g_test_add ("/ui/transcript-scroll/reasoning", TranscriptFixture, NULL, transcript_fixture_set_up,
              test_reasoning, transcript_fixture_tear_down);

  g_test_add ("/ui/transcript-scroll/between-frames", TranscriptFixture, NULL, transcript_fixture_set_up,
              test_between_frames, transcript_fixture_tear_down);
  g_test_add_func ("/ui/transcript-scroll/finger", test_finger);
  g_test_add_func ("/ui/transcript-scroll/deceleration", test_deceleration);

  return g_test_run ();
}
