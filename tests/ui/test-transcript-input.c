/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real input from the X server, as a mouse and a keyboard give it, while an answer streams: where the page comes to
 * stand, to the pixel. Without xdotool there is nothing to test with. */

#include "config.h"

#include <string.h>

#include "transcript-fixture.h"

#define N_PARAGRAPHS 120
#define N_STEPS      15

static gboolean
has_tool (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path != NULL)
    return TRUE;
  g_test_skip ("xdotool is not installed");

  return FALSE;
}

static void
do_input (const char *command)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("xdotool ", command, NULL);

  g_assert_true (g_shell_parse_argv (line, NULL, &arguments, &error));
  g_assert_true (g_spawn_sync (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static gboolean
follows (TranscriptFixture *fixture)
{
  gboolean result;

  g_object_get (fixture->transcript, "follows-end", &result, NULL);

  return result;
}

static gboolean
is_paused (gpointer user_data)
{
  return !follows (user_data);
}

static gboolean
is_following (gpointer user_data)
{
  return follows (user_data) && transcript_fixture_get_below (user_data) <= 1;
}

/* A test window has no window manager: it stands at 0, 0, and the keyboard is given to it. */
static ScTurn *
begin (TranscriptFixture *fixture)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);

  for (guint i = 0; i < N_PARAGRAPHS; i++)
    {
      g_autofree char *text = g_strdup_printf ("Paragraph %u of an answer that goes on.\n\n", i);

      transcript_fixture_append (turn, text, strlen (text));
    }
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wait (is_following, fixture);
  do_input ("search --onlyvisible --class test-transcript-input windowfocus");
  gtk_widget_grab_focus (GTK_WIDGET (fixture->view));
  do_input ("mousemove 300 250");
  transcript_fixture_wait_frame (fixture);

  return turn;
}

static void
tell (TranscriptFixture *fixture,
      const char        *what,
      double             before)
{
  g_test_message ("%s: %.0f px to %.0f px, %.0f px above the end", what, before,
                  gtk_adjustment_get_value (fixture->adjustment), transcript_fixture_get_below (fixture));
}

/* The reader's line does not move by a pixel while the answer goes on. */
static void
stream_on (TranscriptFixture *fixture,
           ScTurn            *turn)
{
  int y;
  g_autofree char *top = NULL;

  transcript_fixture_wait_shown (fixture);
  top = transcript_fixture_dup_top (fixture, &y);
  for (guint i = 0; i < N_STEPS; i++)
    {
      g_autofree char *now = NULL;
      int now_y;

      transcript_fixture_append (turn, "More of it, in a paragraph.\n\n", 29);
      transcript_fixture_wait_shown (fixture);
      now = transcript_fixture_dup_top (fixture, &now_y);
      g_assert_cmpstr (now, ==, top);
      g_assert_cmpint (now_y, ==, y);
    }
  g_assert_false (follows (fixture));
}

static void
test_wheel (TranscriptFixture *fixture,
            gconstpointer      data)
{
  ScTurn *turn;
  double before;

  if (!has_tool ())
    return;
  turn = begin (fixture);
  before = gtk_adjustment_get_value (fixture->adjustment);
  do_input ("click 4");
  transcript_fixture_wait (is_paused, fixture);
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (fixture->adjustment), <, before);
  tell (fixture, "one notch up", before);
  stream_on (fixture, turn);
  before = gtk_adjustment_get_value (fixture->adjustment);
  do_input ("click --repeat 60 --delay 2 5");
  transcript_fixture_wait (is_following, fixture);
  tell (fixture, "the wheel to the end", before);
}

static void
test_keys (TranscriptFixture *fixture,
           gconstpointer      data)
{
  ScTurn *turn;
  double before;

  if (!has_tool ())
    return;
  turn = begin (fixture);
  before = gtk_adjustment_get_value (fixture->adjustment);
  do_input ("key Prior");
  transcript_fixture_wait (is_paused, fixture);
  transcript_fixture_wait_frame (fixture);
  tell (fixture, "Page Up", before);
  stream_on (fixture, turn);
  before = gtk_adjustment_get_value (fixture->adjustment);
  do_input ("key End");
  transcript_fixture_wait (is_following, fixture);
  tell (fixture, "End", before);
}

static gboolean
is_far (gpointer user_data)
{
  return transcript_fixture_get_below (user_data) > 200;
}

static void
test_scrollbar (TranscriptFixture *fixture,
                gconstpointer      data)
{
  g_autofree char *press = NULL;
  ScTurn *turn;
  double before;
  int right;
  int bottom;

  if (!has_tool ())
    return;
  turn = begin (fixture);
  before = gtk_adjustment_get_value (fixture->adjustment);
  right = gtk_widget_get_width (fixture->window) - 4;
  bottom = gtk_widget_get_height (fixture->window) - 20;
  /* It comes into sight when the mouse does. */
  press = g_strdup_printf ("mousemove %d %d", right - 60, bottom);
  do_input (press);
  transcript_fixture_wait_frame (fixture);
  g_free (press);
  press = g_strdup_printf ("mousemove %d %d mousedown 1 sleep 0.2 mousemove_relative -- 0 -20 sleep 0.1 "
                           "mousemove_relative -- 0 -80 sleep 0.1 mouseup 1", right, bottom);
  do_input (press);
  transcript_fixture_wait (is_paused, fixture);
  transcript_fixture_wait (is_far, fixture);
  tell (fixture, "the scrollbar dragged up", before);
  stream_on (fixture, turn);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-input/" name, TranscriptFixture, NULL, transcript_fixture_set_up,    \
              func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("wheel", test_wheel);
  ADD ("keys", test_keys);
  ADD ("scrollbar", test_scrollbar);

  return g_test_run ();
}
