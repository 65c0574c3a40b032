/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Measuring and printing. A frame's work is all processor time of the main thread since the frame before it, idle work
 * in between included; wall time is never judged. */

#include "config.h"

#include "bench-measure.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#include "transcript-page.h"

#define SETTLE_MS      50
#define SETTLE_US      3000
#define SETTLE_QUIET   8

struct _BenchFrames
{
  GdkFrameClock *clock;
  GArray        *work;
  gint64         last_us;
  gint64         longest_us;
};

static int status;
static guint n_wakes;

gint64
bench_get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  int n = g_poll (fds, n_fds, timeout);

  n_wakes += timeout != 0 ? 1 : 0;

  return n;
}

static void
after_paint_cb (BenchFrames *self)
{
  gint64 now_us = bench_get_cpu_us ();
  gint64 work_us = now_us - self->last_us;

  g_array_append_val (self->work, work_us);
  self->last_us = now_us;
}

BenchFrames *
bench_frames_new (GtkWidget *widget)
{
  BenchFrames *self = g_new0 (BenchFrames, 1);

  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->work = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  g_main_context_set_poll_func (NULL, poll_cb);
  bench_frames_reset (self);

  return self;
}

void
bench_frames_free (BenchFrames *self)
{
  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_object_unref (self->clock);
  g_array_unref (self->work);
  g_free (self);
}

void
bench_frames_reset (BenchFrames *self)
{
  g_array_set_size (self->work, 0);
  self->last_us = bench_get_cpu_us ();
  self->longest_us = 0;
  n_wakes = 0;
}

guint
bench_frames_get_n (BenchFrames *self)
{
  return self->work->len;
}

guint
bench_frames_get_n_wakes (BenchFrames *self)
{
  return n_wakes;
}

/* In milliseconds. */
double
bench_frames_get_mean (BenchFrames *self,
                       guint        from,
                       guint        to)
{
  double sum = 0;

  to = MIN (to, self->work->len);
  for (guint i = from; i < to; i++)
    sum += (double) g_array_index (self->work, gint64, i);

  return to > from ? sum / (to - from) / 1000 : 0;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

double
bench_get_percentile (GArray *values,
                      double  part)
{
  g_autoptr (GArray) sorted = g_array_copy (values);

  if (sorted->len == 0)
    return 0;
  g_array_sort (sorted, compare);

  return (double) g_array_index (sorted, gint64, (guint) (part * (sorted->len - 1))) / 1000;
}

double
bench_frames_get_worst (BenchFrames *self,
                        double       part)
{
  return bench_get_percentile (self->work, part);
}

/* The longest turn of the main loop: how long nothing else could happen. */
double
bench_frames_get_longest (BenchFrames *self)
{
  return (double) self->longest_us / 1000;
}

void
bench_frames_wait (BenchFrames         *self,
                   TranscriptCondition  condition,
                   gpointer             user_data)
{
  while (!condition (user_data))
    {
      gint64 start_us = bench_get_cpu_us ();

      g_main_context_iteration (NULL, TRUE);
      self->longest_us = MAX (self->longest_us, bench_get_cpu_us () - start_us);
    }
}

typedef struct
{
  gint64 cpu_us;
  guint  n_quiet;
} Settle;

/* Settled: a few windows in a row in which hardly any work was done. */
static gboolean
settle_cb (gpointer user_data)
{
  Settle *settle = user_data;
  gint64 cpu_us = bench_get_cpu_us ();

  settle->n_quiet = cpu_us - settle->cpu_us < SETTLE_US ? settle->n_quiet + 1 : 0;
  settle->cpu_us = cpu_us;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_settled (gpointer user_data)
{
  return ((Settle *) user_data)->n_quiet >= SETTLE_QUIET;
}

void
bench_frames_settle (BenchFrames *self)
{
  Settle settle = { bench_get_cpu_us (), 0 };
  guint id = g_timeout_add (SETTLE_MS, settle_cb, &settle);

  bench_frames_wait (self, is_settled, &settle);
  g_source_remove (id);
}

double
bench_get_heap_mb (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) (info.uordblks + info.hblkhd) / (1024 * 1024);
}

void
bench_header (const char *title)
{
  g_print ("\n%-62s %10s %10s\n", title, "figure", "budget");
}

/* A budget of 0 is none. Figures that depend on the machine are for people to judge: nothing fails here. */
void
bench_row (const char *what,
           double      figure,
           double      budget,
           const char *unit)
{
  if (budget > 0)
    g_print ("  %-60s %10.2f %10.2f %s%s\n", what, figure, budget, unit, figure > budget ? "   OVER" : "");
  else
    g_print ("  %-60s %10.2f %10s %s\n", what, figure, "", unit);
}

/* What holds on every machine. */
void
bench_must (gboolean    holds,
            const char *what)
{
  if (holds)
    return;
  g_print ("  BROKEN: %s\n", what);
  status = 1;
}

int
bench_get_status (void)
{
  return status;
}

/* Questions and answers, until there are so many bytes or so many turns. */
ScConversation *
bench_create_history (gsize n_bytes,
                      guint n_turns)
{
  ScConversation *conversation = sc_conversation_new ();
  const gsize length = n_turns > 0 ? 2048 : strlen (transcript_page);
  gsize done = 0;

  for (guint i = 0; n_turns > 0 ? i < n_turns / 2 : done < n_bytes; i++)
    {
      g_autofree char *words = g_strdup_printf ("Question %u, and what about this?", i);
      g_autofree char *text = g_strndup (transcript_page, length);
      g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, words);
      g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, text);

      sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
      sc_conversation_append_turn (conversation, question);
      sc_conversation_append_turn (conversation, answer);
      done += length;
    }

  return conversation;
}

/* Takes @conversation. */
void
bench_show (TranscriptFixture *fixture,
            ScConversation    *conversation)
{
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
}
