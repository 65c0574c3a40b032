/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The budgets of the page beside what is measured: bench-transcript [PART…], the parts being stream, growth, long, open,
 * scroll, copy, idle, start and instructions; all of them without any. "stream=SECONDS" streams for so long.
 *
 * Times are processor time of the main thread and for people to judge; the exit status tells of what holds on every
 * machine: that cost does not grow with what is there, and that instructions are the same again. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-measure.h"
#include "sc-trace.h"
#include "transcript-page.h"

#define FEED_MS  5

typedef struct
{
  TranscriptFixture *fixture;
  GdkFrameClock     *clock;
  ScTurn            *turn;
  GString           *source;
  gsize              at;
  gsize              end;
  double             owed;
  double             rate;
  gint64             last_us;
  gint64             fed_frame; /* the frame after which the oldest text came that is not shown; -1 none */
  GArray            *lateness;  /* in frames, times 1,000 */
} Stream;

static int seconds = 4;

static gboolean
feed_cb (gpointer user_data)
{
  Stream *stream = user_data;
  gint64 now_us = g_get_monotonic_time ();
  gsize n;

  stream->owed += stream->rate * (double) (now_us - stream->last_us) / G_USEC_PER_SEC;
  stream->last_us = now_us;
  n = MIN ((gsize) stream->owed, stream->end - stream->at);
  while (n > 0 && stream->at + n < stream->source->len &&
         ((guchar) stream->source->str[stream->at + n] & 0xc0) == 0x80)
    n++;
  if (n == 0)
    return G_SOURCE_CONTINUE;
  stream->owed -= (double) n;
  if (stream->fed_frame < 0)
    stream->fed_frame = gdk_frame_clock_get_frame_counter (stream->clock);
  transcript_fixture_append (stream->turn, stream->source->str + stream->at, n);
  stream->at += n;

  return G_SOURCE_CONTINUE;
}

/* Painted in the first frame after it came is 1. */
static void
painted_cb (GdkFrameClock *clock,
            Stream        *stream)
{
  gint64 late;

  if (stream->fed_frame < 0 || sc_page_is_dirty (stream->fixture->page))
    return;
  late = 1000 * (gdk_frame_clock_get_frame_counter (clock) - stream->fed_frame);
  g_array_append_val (stream->lateness, late);
  stream->fed_frame = -1;
}

static gboolean
is_streamed (gpointer user_data)
{
  Stream *stream = user_data;

  return stream->at >= stream->end;
}

static GArray *
read_field (const char *path,
            const char *name)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *key = g_strdup_printf ("\"%s\":", name);

  g_file_get_contents (path, &text, NULL, NULL);
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *at = strstr (lines[i], key);
      gint64 value;

      if (at == NULL || strstr (lines[i], "\"frame\"") == NULL)
        continue;
      value = g_ascii_strtoll (at + strlen (key), NULL, 10);
      g_array_append_val (values, value);
    }

  return values;
}

static double
get_mean (GArray *values)
{
  double sum = 0;

  for (guint i = 0; i < values->len; i++)
    sum += (double) g_array_index (values, gint64, i);

  return values->len > 0 ? sum / values->len / 1000 : 0;
}

static void
print_stream (const char *path,
              Stream     *stream,
              gsize       history,
              guint       row)
{
  static const double means[] = { 2.5, 4.5, 8 };
  static const double highs[] = { 8, 10, 16 };
  static const char *const parts[] = { "parse_us", "buffer_us", "layout_us", "paint_us" };
  g_autoptr (GArray) work = read_field (path, "work_us");
  g_autoptr (GArray) latency = read_field (path, "latency_us");
  g_autofree char *title = g_strdup_printf ("%.0f characters/s beside %zu KB, %u frames", stream->rate,
                                            history / 1024, work->len);

  bench_header (title);
  bench_row ("main thread a frame, mean", get_mean (work), means[row], "ms");
  bench_row ("main thread a frame, p99", bench_get_percentile (work, 0.99), highs[row], "ms");
  bench_row ("main thread a frame, worst", bench_get_percentile (work, 1), 50, "ms");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GArray) part = read_field (path, parts[i]);
      g_autofree char *what = g_strdup_printf ("of this, mean %.*s", (int) strlen (parts[i]) - 3, parts[i]);

      bench_row (what, get_mean (part), 0, "ms");
    }
  bench_row ("frames from arrival to paint, p99", bench_get_percentile (stream->lateness, 0.99),
             row < 2 ? 2 : 0, "");
  bench_row ("arrival to paint, p99, wall time", bench_get_percentile (latency, 0.99), 0, "ms");
}

static void
stream_beside (gsize history,
               guint row)
{
  static const double rates[] = { 500, 5000, 50000 };
  TranscriptFixture fixture = { NULL };
  Stream stream = { .fixture = &fixture, .rate = rates[row], .fed_frame = -1 };
  g_autofree char *path = NULL;
  BenchFrames *frames;
  ScTrace *trace;
  guint id;
  int fd = g_file_open_tmp ("bench-XXXXXX.jsonl", &path, NULL);

  g_close (fd, NULL);
  trace = sc_trace_open (path, NULL);
  sc_trace_set_default (trace);
  stream.source = g_string_new (NULL);
  stream.lateness = g_array_new (FALSE, FALSE, sizeof (gint64));
  stream.end = (gsize) (stream.rate * seconds);
  while (stream.source->len <= stream.end)
    g_string_append (stream.source, transcript_page);
  transcript_fixture_set_up (&fixture, NULL);
  bench_show (&fixture, bench_create_history (history, 0));
  stream.turn = transcript_fixture_say (&fixture, SC_ROLE_ASSISTANT, NULL);
  stream.clock = gtk_widget_get_frame_clock (fixture.window);
  frames = bench_frames_new (fixture.window);
  bench_frames_settle (frames);
  g_signal_connect (stream.clock, "after-paint", G_CALLBACK (painted_cb), &stream);
  stream.last_us = g_get_monotonic_time ();
  id = g_timeout_add (FEED_MS, feed_cb, &stream);
  bench_frames_wait (frames, is_streamed, &stream);
  g_source_remove (id);
  transcript_fixture_wait_shown (&fixture);
  print_stream (path, &stream, history, row);
  g_signal_handlers_disconnect_by_data (stream.clock, &stream);
  bench_frames_free (frames);
  transcript_fixture_tear_down (&fixture, NULL);
  sc_trace_set_default (NULL);
  sc_trace_close (trace);
  g_unlink (path);
  g_string_free (stream.source, TRUE);
  g_array_unref (stream.lateness);
}

static void
bench_stream (void)
{
  for (guint row = 0; row < 3; row++)
    {
      stream_beside (100 * 1024, row);
      stream_beside (2 * 1024 * 1024, row);
    }
}

static gboolean
is_wanted (int         argc,
           char      **argv,
           const char *part)
{
  for (int i = 1; i < argc; i++)
    {
      if (g_str_has_prefix (argv[i], "stream="))
        seconds = MAX (atoi (argv[i] + strlen ("stream=")), 1);
      if (strncmp (argv[i], part, strlen (part)) == 0)
        return TRUE;
    }

  return argc < 2;
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void      (*run) (void);
  } parts[] = {
    { "open", bench_open }, { "stream", bench_stream }, { "growth", bench_growth }, { "long", bench_long_answer },
    { "shapes", bench_shapes },
    { "scroll", bench_scroll }, { "copy", bench_copy }, { "idle", bench_idle },
  };

  if (argc == 2 && g_str_has_prefix (argv[1], "--"))
    return bench_run_child (argv[1] + 2);
  gtk_init ();
  adw_init ();
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (is_wanted (argc, argv, parts[i].name))
      parts[i].run ();
  if (is_wanted (argc, argv, "start"))
    bench_start (argv[0]);
  if (is_wanted (argc, argv, "instructions"))
    bench_instructions (argv[0]);

  return bench_get_status ();
}
