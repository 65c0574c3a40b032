/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader against the answer: a wheel and a keyboard at random times while text comes at up to
 * 50,000 characters a second and the main loop is held up as on a loaded machine. What the reader did stands: from the
 * first frame after it the line that is read is at the same pixel in each frame that is painted, and nothing follows
 * until the reader wishes it. */

#include "config.h"

#include <string.h>

#include "transcript-fixture.h"

#define N_PARAGRAPHS 60
#define N_ROUNDS     8
#define N_FRAMES     10

typedef struct
{
  const char *name;
  const char *input;
  guint       rate;
  guint       load_ms;
} StressCase;

typedef struct
{
  TranscriptFixture *fixture;
  const StressCase  *data;
  GRand            *rand;
  GSubprocess      *tool;
  ScTurn           *turn;
  GtkTextMark      *line;
  gint64            fed_us;
  guint             n_painted;
  int               before;
  int               held;
  gboolean          is_held;
  gboolean          is_watching;
} Stress;

static gboolean
follows (Stress *self)
{
  gboolean result;

  g_object_get (self->fixture->transcript, "follows-end", &result, NULL);

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
  Stress *self = user_data;

  return follows (self) && transcript_fixture_get_below (self->fixture) <= 1;
}

static void
do_input (Stress     *self,
          const char *command)
{
  GOutputStream *stream = g_subprocess_get_stdin_pipe (self->tool);
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_output_stream_write_all (stream, line, strlen (line), NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Where the line that is watched stands in the view. */
static int
get_line_y (Stress *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->fixture->view);
  GdkRectangle visible;
  GtkTextIter iter;
  int y;

  gtk_text_buffer_get_iter_at_mark (gtk_text_view_get_buffer (view), &iter, self->line);
  gtk_text_view_get_line_yrange (view, &iter, &y, NULL);
  gtk_text_view_get_visible_rect (view, &visible);

  return y - visible.y;
}

/* What is seen in the moment in which the reader does something. */
static void
note_input (Stress *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->fixture->view);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GdkRectangle visible;
  GtkTextIter iter;

  if (self->is_watching)
    return;
  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y + 20, NULL);
  if (self->line == NULL)
    self->line = gtk_text_buffer_create_mark (buffer, NULL, &iter, TRUE);
  else
    gtk_text_buffer_move_mark (buffer, self->line, &iter);
  self->before = get_line_y (self);
  self->is_watching = TRUE;
  self->is_held = FALSE;
  self->n_painted = 0;
}

static gboolean
scroll_cb (Stress *self)
{
  note_input (self);

  return FALSE;
}

static gboolean
key_cb (Stress *self,
        guint   keyval)
{
  if (keyval == GDK_KEY_Page_Up)
    note_input (self);

  return FALSE;
}

static void
after_paint_cb (Stress *self)
{
  int y;

  if (!self->is_watching)
    return;
  y = get_line_y (self);
  self->n_painted++;
  if (!self->is_held)
    {
      self->held = y;
      self->is_held = TRUE;
      g_assert_cmpint (y, >=, self->before + 20);
    }
  g_assert_cmpint (y, ==, self->held);
  g_assert_false (follows (self));
}

static gboolean
feed_cb (gpointer user_data)
{
  Stress *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  guint n = (guint) ((now_us - self->fed_us) * self->data->rate / G_USEC_PER_SEC);
  g_autoptr (GString) text = g_string_new (NULL);

  if (n == 0)
    return G_SOURCE_CONTINUE;
  /* At the most as much as would come in a quarter of a second. */
  n = MIN (n, self->data->rate / 4);
  self->fed_us = now_us;
  while (text->len < n)
    {
      const char *words[] = { "and ", "more ", "**bold** ", "of it ", "`code` ", "at last ", "again ", ".\n\n", "\n- item " };

      g_string_append (text, words[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (words))]);
    }
  transcript_fixture_append (self->turn, text->str, text->len);

  return G_SOURCE_CONTINUE;
}

static gboolean
load_cb (gpointer user_data)
{
  Stress *self = user_data;

  if (self->data->load_ms > 0 && g_rand_boolean (self->rand))
    g_usleep ((gulong) g_rand_int_range (self->rand, 0, (int) self->data->load_ms) * 1000);

  return G_SOURCE_CONTINUE;
}

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
is_counted (gpointer user_data)
{
  return *(guint *) user_data > 0;
}

static void
wait_at_random (Stress *self)
{
  guint n = 0;

  g_timeout_add_once ((guint) g_rand_int_range (self->rand, 0, 120), count_cb, &n);
  transcript_fixture_wait (is_counted, &n);
}

static gboolean
is_painted (gpointer user_data)
{
  Stress *self = user_data;

  return self->n_painted >= N_FRAMES;
}

static void
begin (Stress *self)
{
  TranscriptFixture *fixture = self->fixture;

  self->turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  for (guint i = 0; i < N_PARAGRAPHS; i++)
    {
      g_autofree char *text = g_strdup_printf ("Paragraph %u of an answer that goes on.\n\n", i);

      transcript_fixture_append (self->turn, text, strlen (text));
    }
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wait (is_following, self);
  do_input (self, "search --onlyvisible --class test-transcript-stress windowfocus");
  gtk_widget_grab_focus (GTK_WIDGET (fixture->view));
  do_input (self, "mousemove 300 250");
  transcript_fixture_wait_frame (fixture);
  self->fed_us = g_get_monotonic_time ();
}

static void
observe (Stress *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *all[] = { wheel, keys };

  g_signal_connect_swapped (wheel, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      gtk_event_controller_set_propagation_phase (all[i], GTK_PHASE_CAPTURE);
      gtk_widget_add_controller (self->fixture->window, all[i]);
    }
}

static void
test_case (TranscriptFixture *fixture,
           gconstpointer      data)
{
  Stress self = { fixture, data, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autofree char *path = g_find_program_in_path ("xdotool");
  GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->window);
  guint feed_id;
  guint load_id;

  if (path == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }
  self.rand = rand;
  self.tool = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, path, "-", NULL);
  g_assert_no_error (error);
  begin (&self);
  observe (&self);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &self);
  /* As what comes from the network does: frames go first. */
  feed_id = g_timeout_add_full (GDK_PRIORITY_REDRAW + 10, 2, feed_cb, &self, NULL);
  load_id = g_timeout_add_full (GDK_PRIORITY_REDRAW + 10, 1, load_cb, &self, NULL);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      wait_at_random (&self);
      do_input (&self, self.data->input);
      transcript_fixture_wait (is_paused, &self);
      transcript_fixture_wait (is_painted, &self);
      self.is_watching = FALSE;
      do_input (&self, "key End");
      transcript_fixture_wait (is_following, &self);
    }
  g_source_remove (feed_id);
  g_source_remove (load_id);
  g_signal_handlers_disconnect_by_data (clock, &self);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (self.tool), NULL, &error));
  g_assert_true (g_subprocess_wait (self.tool, NULL, &error));
  g_object_unref (self.tool);
}

static const StressCase cases[] = {
  { "wheel/500", "click 4", 500, 0 },
  { "wheel/50000", "click 4", 50000, 0 },
  { "wheel/5000/loaded", "click 4", 5000, 80 },
  { "wheel/5000/stalled", "click 4", 5000, 500 },
  { "page-up/5000/loaded", "key Prior", 5000, 80 },
};

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/transcript-stress/", cases[i].name, NULL);

      g_test_add (path, TranscriptFixture, &cases[i], transcript_fixture_set_up, test_case,
                  transcript_fixture_tear_down);
    }

  return g_test_run ();
}
