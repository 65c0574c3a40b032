/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cost against size: growth with what is there, an answer of a megabyte, a conversation of 5,000 messages, copying, and
 * doing nothing. */

#include "config.h"

#include <malloc.h>
#include <string.h>

#include "bench-measure.h"
#include "sc-page-copy.h"
#include "transcript-page.h"

#define N_ROUNDS        10
#define ROUND_FRAMES    60
#define ROUND_BYTES     83    /* a frame: 5,000 characters a second */
#define LONG_BYTES      (1024 * 1024)
#define LONG_A_FRAME    2048
#define N_MESSAGES      5000
#define SCROLL_PIXELS   200.0
#define SCROLL_FRAMES   600
#define REST_SECONDS    3
#define IDLE_SECONDS    5

/* Gives the same to each frame, so that frames can be compared. */
typedef struct
{
  TranscriptFixture *fixture;
  BenchFrames       *frames;
  ScTurn            *turn;
  GString           *source;
  gsize              at;
  gsize              a_frame;
  guint              n_frames;
} Feeder;

static void
feed_next_cb (Feeder *self)
{
  gsize n = MIN (self->a_frame, self->source->len - self->at);

  if (n == 0 || sc_page_is_dirty (self->fixture->page) || bench_frames_get_n (self->frames) >= self->n_frames)
    return;
  while (self->at + n < self->source->len && ((guchar) self->source->str[self->at + n] & 0xc0) == 0x80)
    n++;
  transcript_fixture_append (self->turn, self->source->str + self->at, n);
  self->at += n;
}

static gboolean
is_fed (gpointer user_data)
{
  Feeder *self = user_data;

  return (self->at >= self->source->len || bench_frames_get_n (self->frames) >= self->n_frames) &&
         !sc_page_is_dirty (self->fixture->page);
}

static void
feed (Feeder *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->fixture->window);
  gulong id = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (feed_next_cb), self);

  bench_frames_reset (self->frames);
  feed_next_cb (self);
  bench_frames_wait (self->frames, is_fed, self);
  g_signal_handler_disconnect (clock, id);
}

static GString *
create_source (gsize n_bytes)
{
  GString *source = g_string_new (NULL);

  while (source->len < n_bytes)
    g_string_append (source, transcript_page);

  return source;
}

static void
set_up_feeder (Feeder            *self,
               TranscriptFixture *fixture,
               gsize              history,
               gsize              n_bytes)
{
  self->fixture = fixture;
  self->source = create_source (n_bytes);
  self->n_frames = G_MAXUINT;
  transcript_fixture_set_up (fixture, NULL);
  if (history > 0)
    bench_show (fixture, bench_create_history (history, 0));
  self->turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  self->frames = bench_frames_new (fixture->window);
  bench_frames_settle (self->frames);
}

static void
tear_down_feeder (Feeder *self)
{
  bench_frames_free (self->frames);
  g_string_free (self->source, TRUE);
  transcript_fixture_tear_down (self->fixture, NULL);
}

/* Two windows at a time, in turns, so that what else the machine does falls on both. */
void
bench_growth (void)
{
  TranscriptFixture fixtures[2] = { { NULL }, { NULL } };
  Feeder feeders[2] = { { NULL }, { NULL } };
  const gsize histories[] = { 100 * 1024, 2 * 1024 * 1024 };
  double sums[2] = { 0, 0 };

  for (guint i = 0; i < 2; i++)
    {
      set_up_feeder (&feeders[i], &fixtures[i], histories[i], N_ROUNDS * ROUND_FRAMES * ROUND_BYTES);
      feeders[i].a_frame = ROUND_BYTES;
      feeders[i].n_frames = ROUND_FRAMES;
    }
  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < 2; i++)
      {
        Feeder *feeder = &feeders[(i + round) % 2];

        feed (feeder);
        sums[(i + round) % 2] += bench_frames_get_mean (feeder->frames, 1, G_MAXUINT) / N_ROUNDS;
      }
  bench_header ("Growth with the transcript, 5,000 characters/s");
  bench_row ("a frame beside 100 KB, mean", sums[0], 0, "ms");
  bench_row ("a frame beside 2 MB, mean", sums[1], 0, "ms");
  bench_row ("2 MB over 100 KB", sums[1] / sums[0], 1.1, "times");
  bench_must (sums[1] < 2 * sums[0], "a frame beside 2 MB costs more than twice one beside 100 KB");
  for (guint i = 0; i < 2; i++)
    tear_down_feeder (&feeders[i]);
}

static gboolean
is_shown (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  return !sc_page_is_dirty (fixture->page);
}

static void
open_long_answer (TranscriptFixture *fixture,
                  BenchFrames       *frames)
{
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (GString) source = create_source (LONG_BYTES);
  g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, source->str);

  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, answer);
  bench_show (fixture, sc_conversation_new ());
  bench_frames_settle (frames);
  bench_frames_reset (frames);
  bench_show (fixture, conversation);
  transcript_fixture_wait_frame (fixture);
  bench_row ("opening it: the first frame", bench_frames_get_mean (frames, 0, 1), 50, "ms");
  bench_frames_reset (frames);
  bench_frames_wait (frames, is_shown, fixture);
  bench_row ("opening it: frames until it is shown and settled", bench_frames_get_n (frames), 0, "");
  bench_row ("opening it: the longest turn of the main loop after that", bench_frames_get_longest (frames), 50, "ms");
}

void
bench_long_answer (void)
{
  TranscriptFixture fixture = { NULL };
  Feeder feeder = { NULL };
  double ratio;
  guint tenth;

  set_up_feeder (&feeder, &fixture, 0, LONG_BYTES);
  feeder.a_frame = LONG_A_FRAME;
  feed (&feeder);
  tenth = bench_frames_get_n (feeder.frames) / 10;
  ratio = bench_frames_get_mean (feeder.frames, 9 * tenth, 10 * tenth) /
          bench_frames_get_mean (feeder.frames, 1, tenth);
  bench_header ("An answer of 1 MB");
  bench_row ("a frame of its first tenth, mean", bench_frames_get_mean (feeder.frames, 1, tenth), 0, "ms");
  bench_row ("the last tenth over the first", ratio, 1.2, "times");
  bench_must (ratio < 2, "the end of an answer costs more than twice its start");
  bench_frames_reset (feeder.frames);
  transcript_fixture_finish (feeder.turn, SC_TURN_STATUS_DONE, NULL);
  bench_frames_wait (feeder.frames, is_shown, &fixture);
  bench_row ("its end: the worst frame", bench_frames_get_worst (feeder.frames, 1), 50, "ms");
  bench_row ("its end: the longest turn of the main loop", bench_frames_get_longest (feeder.frames), 50, "ms");
  bench_row ("its end: frames", bench_frames_get_n (feeder.frames), 0, "");
  open_long_answer (&fixture, feeder.frames);
  tear_down_feeder (&feeder);
}

void
bench_open (void)
{
  TranscriptFixture fixture = { NULL };
  ScConversation *conversation = bench_create_history (0, N_MESSAGES);
  BenchFrames *frames;
  double heap;
  gint64 start_us;

  transcript_fixture_set_up (&fixture, NULL);
  bench_show (&fixture, bench_create_history (0, 100));
  frames = bench_frames_new (fixture.window);
  bench_frames_settle (frames);
  bench_show (&fixture, sc_conversation_new ());
  bench_frames_settle (frames);
  malloc_trim (0);
  heap = bench_get_heap_mb ();
  bench_frames_reset (frames);
  start_us = g_get_monotonic_time ();
  bench_show (&fixture, conversation);
  transcript_fixture_wait_frame (&fixture);
  bench_header ("Opening 5,000 messages");
  bench_row ("the first frame", bench_frames_get_mean (frames, 0, 1), 30, "ms");
  bench_row ("the first frame, wall time", (double) (g_get_monotonic_time () - start_us) / 1000, 0, "ms");
  bench_row ("pixels from the end in that frame", transcript_fixture_get_below (&fixture), 1, "px");
  bench_must (transcript_fixture_get_below (&fixture) <= 1, "the first frame is not at the end");
  bench_frames_reset (frames);
  bench_frames_settle (frames);
  bench_row ("filling in idle time: the longest turn of the main loop", bench_frames_get_longest (frames), 16, "ms");
  bench_row ("pixels from the end when filled", transcript_fixture_get_below (&fixture), 1, "px");
  bench_row ("heap of the page when filled", bench_get_heap_mb () - heap, 8, "MB");
  bench_frames_free (frames);
  transcript_fixture_tear_down (&fixture, NULL);
}

/* Scrolls up a step a frame. */
typedef struct
{
  TranscriptFixture *fixture;
  guint              n_left;
  guint              n_stuck;
} Scroller;

static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  Scroller *self = user_data;
  double value = gtk_adjustment_get_value (self->fixture->adjustment);

  self->n_stuck += value <= 0 ? 1 : 0;
  gtk_adjustment_set_value (self->fixture->adjustment, value - SCROLL_PIXELS);
  gtk_widget_queue_draw (widget);

  return --self->n_left > 0;
}

static gboolean
is_scrolled (gpointer user_data)
{
  return ((Scroller *) user_data)->n_left == 0;
}

void
bench_scroll (void)
{
  TranscriptFixture fixture = { NULL };
  Scroller scroller = { &fixture, SCROLL_FRAMES, 0 };
  BenchFrames *frames;

  transcript_fixture_set_up (&fixture, NULL);
  bench_show (&fixture, bench_create_history (0, N_MESSAGES));
  frames = bench_frames_new (fixture.window);
  bench_frames_settle (frames);
  transcript_fixture_wheel (&fixture, -1);
  bench_frames_settle (frames);
  bench_frames_reset (frames);
  gtk_widget_add_tick_callback (GTK_WIDGET (fixture.view), scroll_cb, &scroller, NULL);
  bench_frames_wait (frames, is_scrolled, &scroller);
  bench_header ("Scrolling up through 5,000 messages, 200 px a frame, with loading");
  bench_row ("a frame, mean", bench_frames_get_mean (frames, 0, G_MAXUINT), 0, "ms");
  bench_row ("a frame, p99", bench_frames_get_worst (frames, 0.99), 16, "ms");
  bench_row ("a frame, worst", bench_frames_get_worst (frames, 1), 16, "ms");
  bench_row ("the longest turn of the main loop", bench_frames_get_longest (frames), 16, "ms");
  bench_row ("frames in which the reader waited for text", scroller.n_stuck, 0, "");
  bench_frames_free (frames);
  transcript_fixture_tear_down (&fixture, NULL);
}

static double
copy_selection (TranscriptFixture *fixture,
                gsize             *length)
{
  gint64 start_us = bench_get_cpu_us ();
  double figure;
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;

  g_signal_emit_by_name (fixture->view, "copy-clipboard");
  figure = (double) (bench_get_cpu_us () - start_us) / 1000;
  gtk_text_buffer_get_selection_bounds (transcript_fixture_get_buffer (fixture), &start, &end);
  text = sc_page_dup_text (fixture->page, (guint) gtk_text_iter_get_offset (&start),
                           (guint) gtk_text_iter_get_offset (&end));
  *length = strlen (text);

  return figure;
}

/* All that is on the page but for its first words: neither a whole message nor a single block. */
static void
copy_part_of_one (TranscriptFixture *fixture,
                  BenchFrames       *frames)
{
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (GString) source = create_source (LONG_BYTES);
  g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, source->str);
  GtkTextIter start;
  GtkTextIter end;
  gsize length;
  double figure;

  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, answer);
  bench_show (fixture, conversation);
  bench_frames_wait (frames, is_shown, fixture);
  bench_frames_settle (frames);
  while (sc_page_prepend (fixture->page, LONG_BYTES))
    ;
  gtk_text_buffer_get_bounds (transcript_fixture_get_buffer (fixture), &start, &end);
  gtk_text_iter_forward_chars (&start, 1000);
  gtk_text_buffer_select_range (transcript_fixture_get_buffer (fixture), &start, &end);
  figure = copy_selection (fixture, &length);
  bench_row ("one answer of 1 MB but for its first 1,000 characters", figure, 15, "ms");
  bench_row ("what was copied", (double) length / 1024, 0, "KB");
}

void
bench_copy (void)
{
  TranscriptFixture fixture = { NULL };
  ScConversation *conversation = bench_create_history (LONG_BYTES, 0);
  GtkTextIter start;
  GtkTextIter end;
  BenchFrames *frames;
  gsize length;
  double figure;

  transcript_fixture_set_up (&fixture, NULL);
  bench_show (&fixture, conversation);
  frames = bench_frames_new (fixture.window);
  bench_frames_settle (frames);
  g_signal_emit_by_name (fixture.view, "select-all", TRUE);
  figure = copy_selection (&fixture, &length);
  bench_header ("Copying");
  bench_row ("a conversation of 1 MB, all of it", figure, 15, "ms");
  bench_row ("what was copied", (double) length / 1024, 0, "KB");
  bench_must (length >= LONG_BYTES, "not all of the conversation was copied");
  gtk_text_buffer_get_bounds (transcript_fixture_get_buffer (&fixture), &start, &end);
  gtk_text_iter_forward_chars (&start, 1000);
  gtk_text_iter_backward_chars (&end, 1000);
  gtk_text_buffer_select_range (transcript_fixture_get_buffer (&fixture), &start, &end);
  figure = copy_selection (&fixture, &length);
  bench_row ("what is on the page but for 1,000 characters at both ends", figure, 15, "ms");
  bench_row ("what was copied", (double) length / 1024, 0, "KB");
  copy_part_of_one (&fixture, frames);
  bench_frames_free (frames);
  transcript_fixture_tear_down (&fixture, NULL);
}

static void
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_over (gpointer user_data)
{
  return *(gboolean *) user_data;
}

void
bench_idle (void)
{
  TranscriptFixture fixture = { NULL };
  BenchFrames *frames;
  gboolean over = FALSE;
  gint64 cpu_us;

  transcript_fixture_set_up (&fixture, NULL);
  bench_show (&fixture, bench_create_history (100 * 1024, 0));
  frames = bench_frames_new (fixture.window);
  bench_frames_settle (frames);
  /* The scrollbar fades out. */
  g_timeout_add_once (REST_SECONDS * 1000, over_cb, &over);
  bench_frames_wait (frames, is_over, &over);
  over = FALSE;
  bench_frames_reset (frames);
  cpu_us = bench_get_cpu_us ();
  g_timeout_add_once (IDLE_SECONDS * 1000, over_cb, &over);
  bench_frames_wait (frames, is_over, &over);
  cpu_us = bench_get_cpu_us () - cpu_us;
  bench_header ("Idle, a conversation of 100 KB");
  bench_row ("frames a second", (double) bench_frames_get_n (frames) / IDLE_SECONDS, 0.001, "");
  bench_must (bench_frames_get_n (frames) == 0, "frames are drawn although nothing changes");
  bench_row ("wake-ups a second", (double) bench_frames_get_n_wakes (frames) / IDLE_SECONDS, 2, "");
  bench_row ("main thread", (double) cpu_us / (IDLE_SECONDS * 10000.0), 0.05, "%");
  bench_frames_free (frames);
  transcript_fixture_tear_down (&fixture, NULL);
}
