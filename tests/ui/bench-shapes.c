/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of one megabyte that are of one kind only, or of one line only: how long the main loop is held up at the most
 * while such an answer streams, when it ends, when it is opened again and when it is scrolled. */

#include "config.h"

#include <string.h>

#include "bench-measure.h"

#define SHAPE_BYTES   (1024 * 1024)
#define A_FRAME       4096
#define N_SCROLLS     120
#define SCROLL_PIXELS 200.0
#define BUDGET_MS     50

typedef struct
{
  const char *name;
  const char *head;
  const char *piece;
  const char *foot;
} Shape;

static const Shape shapes[] = {
  { "one line of prose", "", "words that go on and on with no end of a line ", "" },
  { "one fence", "```c\n", "  printf (\"%d: %s\\n\", i, \"a line of code\"); /* and a comment */\n", "```\n" },
  { "one table", "| n | name | what it is |\n|---|---|---|\n", "| 1 | a cell | words in a cell |\n", "" },
  { "one list", "", "- an item of the list, with **bold** words\n", "" },
  { "one quote", "", "> a line that somebody said before\n", "" },
  { "emoji", "", "\360\237\230\200\360\237\221\215\360\237\217\275\360\237\207\251\360\237\207\252", "" },
  { "Chinese", "", "\346\265\201\345\274\217\345\233\236\347\255\224\357\274\214\344\270\200\350\241\214\345\210\260\345\272\225\343\200\202", "" },
  { "Arabic", "", "\331\203\331\204\331\205\330\247\330\252 \330\243\330\256\330\261\331\211 ", "" },
  { "words of 100,000 characters", "", "abcdefghij", "" },
  { "many small paragraphs", "", "A paragraph.\n\n", "" },
};

typedef struct
{
  TranscriptFixture  fixture;
  BenchFrames       *frames;
  ScTurn            *turn;
  GString           *source;
  gsize              at;
  guint              n_left;
} Run;

static GString *
create_shape (const Shape *shape)
{
  GString *text = g_string_new (shape->head);
  gsize word = 0;

  while (text->len < SHAPE_BYTES)
    {
      g_string_append (text, shape->piece);
      word += strlen (shape->piece);
      if (g_str_has_prefix (shape->name, "words") && word >= 100000)
        {
          g_string_append_c (text, ' ');
          word = 0;
        }
    }
  g_string_append (text, shape->foot);

  return text;
}

static void
feed_cb (Run *self)
{
  gsize n = MIN (A_FRAME, self->source->len - self->at);

  if (n == 0 || sc_page_is_dirty (self->fixture.page))
    return;
  while (self->at + n < self->source->len && ((guchar) self->source->str[self->at + n] & 0xc0) == 0x80)
    n++;
  transcript_fixture_append (self->turn, self->source->str + self->at, n);
  self->at += n;
}

static gboolean
is_fed (gpointer user_data)
{
  Run *self = user_data;

  return self->at >= self->source->len && !sc_page_is_dirty (self->fixture.page);
}

static gboolean
is_shown (gpointer user_data)
{
  return !sc_page_is_dirty (((Run *) user_data)->fixture.page);
}

static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  Run *self = user_data;

  transcript_fixture_wheel (&self->fixture, -SCROLL_PIXELS / 60);
  gtk_widget_queue_draw (widget);

  return --self->n_left > 0;
}

static gboolean
is_scrolled (gpointer user_data)
{
  return ((Run *) user_data)->n_left == 0;
}

static void
tell (Run        *self,
      const char *shape,
      const char *what)
{
  g_autofree char *words = g_strconcat (shape, ", ", what, NULL);

  bench_row (words, bench_frames_get_longest (self->frames), BUDGET_MS, "ms");
  bench_frames_reset (self->frames);
}

static void
run_shape (const Shape *shape)
{
  Run run = { { NULL }, NULL };
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (ScTurn) answer = NULL;
  GdkFrameClock *clock;
  gulong id;

  run.source = create_shape (shape);
  transcript_fixture_set_up (&run.fixture, NULL);
  clock = gtk_widget_get_frame_clock (run.fixture.window);
  run.turn = transcript_fixture_say (&run.fixture, SC_ROLE_ASSISTANT, NULL);
  run.frames = bench_frames_new (run.fixture.window);
  bench_frames_settle (run.frames);
  bench_frames_reset (run.frames);
  id = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (feed_cb), &run);
  feed_cb (&run);
  bench_frames_wait (run.frames, is_fed, &run);
  g_signal_handler_disconnect (clock, id);
  tell (&run, shape->name, "streaming");
  transcript_fixture_finish (run.turn, SC_TURN_STATUS_DONE, NULL);
  bench_frames_wait (run.frames, is_shown, &run);
  tell (&run, shape->name, "its end");

  answer = sc_turn_new (SC_ROLE_ASSISTANT, run.source->str);
  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, answer);
  bench_show (&run.fixture, sc_conversation_new ());
  bench_frames_settle (run.frames);
  bench_frames_reset (run.frames);
  bench_show (&run.fixture, conversation);
  bench_frames_wait (run.frames, is_shown, &run);
  bench_frames_settle (run.frames);
  tell (&run, shape->name, "opened");
  run.n_left = N_SCROLLS;
  gtk_widget_add_tick_callback (GTK_WIDGET (run.fixture.view), scroll_cb, &run, NULL);
  bench_frames_wait (run.frames, is_scrolled, &run);
  tell (&run, shape->name, "scrolled");

  bench_frames_free (run.frames);
  g_string_free (run.source, TRUE);
  transcript_fixture_tear_down (&run.fixture, NULL);
}

void
bench_shapes (void)
{
  bench_header ("Answers of 1 MB of one kind: the longest turn of the main loop");
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    run_shape (&shapes[i]);
}
