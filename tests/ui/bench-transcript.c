/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a frame costs while an answer streams: main-thread processor time, by the program's own trace, at three speeds,
 * beside a small and a large transcript: bench-transcript [SECONDS [HISTORY-KB CHARACTERS-PER-SECOND]]. Prints a table;
 * times are for people to judge, nothing fails here. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sc-trace.h"
#include "transcript-fixture.h"
#include "transcript-page.h"

#define FEED_MS   5

typedef struct
{
  TranscriptFixture *fixture;
  ScTurn            *turn;
  GString           *source;
  gsize              at;
  gsize              end;
  double             owed;
  double             rate;
  gint64             last_us;
} Stream;

static int seconds = 4;

static void
add_history (TranscriptFixture *fixture,
             gsize              n_bytes)
{
  ScConversation *conversation = sc_conversation_new ();
  gsize done = 0;

  for (guint i = 0; done < n_bytes; i++)
    {
      g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "And what about this?");
      g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, transcript_page);

      sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
      sc_conversation_append_turn (conversation, question);
      sc_conversation_append_turn (conversation, answer);
      done += strlen (transcript_page);
    }
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
}

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
  transcript_fixture_append (stream->turn, stream->source->str + stream->at, n);
  stream->at += n;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_streamed (gpointer user_data)
{
  Stream *stream = user_data;

  return stream->at >= stream->end;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static double
get_percentile (GArray *values,
                double  part)
{
  if (values->len == 0)
    return 0;

  return (double) g_array_index (values, gint64, (guint) (part * (values->len - 1))) / 1000;
}

static double
get_mean (GArray *values)
{
  double sum = 0;

  for (guint i = 0; i < values->len; i++)
    sum += (double) g_array_index (values, gint64, i);

  return values->len > 0 ? sum / values->len / 1000 : 0;
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
  g_array_sort (values, compare);

  return values;
}

static void
print_row (const char *path,
           gsize       history,
           double      rate)
{
  g_autoptr (GArray) work = read_field (path, "work_us");
  g_autoptr (GArray) parse = read_field (path, "parse_us");
  g_autoptr (GArray) buffer = read_field (path, "buffer_us");
  g_autoptr (GArray) layout = read_field (path, "layout_us");
  g_autoptr (GArray) paint = read_field (path, "paint_us");
  g_autoptr (GArray) latency = read_field (path, "latency_us");

  g_print ("%8" G_GSIZE_FORMAT " KB %8.0f/s %6u frames  work %6.2f mean %6.2f p99 %6.2f max  parse %5.2f  buffer %5.2f  "
           "layout %5.2f  paint %5.2f  latency p99 %6.2f ms\n",
           history / 1024, rate, work->len, get_mean (work), get_percentile (work, 0.99),
           get_percentile (work, 1), get_mean (parse), get_mean (buffer), get_mean (layout),
           get_mean (paint), get_percentile (latency, 0.99));
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
  struct timespec now;
  gint64 cpu_us;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  cpu_us = (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
  settle->n_quiet = cpu_us - settle->cpu_us < 3000 ? settle->n_quiet + 1 : 0;
  settle->cpu_us = cpu_us;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_settled (gpointer user_data)
{
  return ((Settle *) user_data)->n_quiet >= 8;
}

static void
measure (gsize  history,
         double rate)
{
  TranscriptFixture fixture = { NULL };
  Stream stream = { .fixture = &fixture, .rate = rate, .source = g_string_new (NULL) };
  g_autofree char *path = NULL;
  Settle settle = { 0, 0 };
  ScTrace *trace;
  guint id;
  int fd = g_file_open_tmp ("bench-XXXXXX.jsonl", &path, NULL);

  g_close (fd, NULL);
  trace = sc_trace_open (path, NULL);
  sc_trace_set_default (trace);
  while (stream.source->len < (gsize) (rate * seconds))
    g_string_append (stream.source, transcript_page);
  stream.end = (gsize) (rate * seconds);
  transcript_fixture_set_up (&fixture, NULL);
  add_history (&fixture, history);
  stream.turn = transcript_fixture_say (&fixture, SC_ROLE_ASSISTANT, NULL);
  /* Filling and validation in idle time are over before anything is measured. */
  id = g_timeout_add (50, settle_cb, &settle);
  transcript_fixture_wait (is_settled, &settle);
  g_source_remove (id);
  stream.last_us = g_get_monotonic_time ();
  id = g_timeout_add (FEED_MS, feed_cb, &stream);
  transcript_fixture_wait (is_streamed, &stream);
  g_source_remove (id);
  transcript_fixture_wait_shown (&fixture);
  print_row (path, history, rate);
  transcript_fixture_tear_down (&fixture, NULL);
  sc_trace_set_default (NULL);
  sc_trace_close (trace);
  g_unlink (path);
  g_string_free (stream.source, TRUE);
}

int
main (int    argc,
      char **argv)
{
  const gsize histories[] = { 100 * 1024, 2 * 1024 * 1024 };
  const double rates[] = { 500, 5000, 50000 };

  if (argc > 1)
    seconds = MAX (atoi (argv[1]), 1);
  gtk_init ();
  adw_init ();
  if (argc > 3)
    {
      measure ((gsize) atoi (argv[2]) * 1024, atof (argv[3]));
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (histories); i++)
    for (guint j = 0; j < G_N_ELEMENTS (rates); j++)
      measure (histories[i], rates[j]);

  return 0;
}
