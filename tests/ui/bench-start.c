/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What has to be measured in processes of their own: the start and the memory of the whole program beside those of a bare
 * window (bare-window), and the instructions of a fixed script as callgrind counts them. The program starts itself. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define HAVE_CALLGRIND 1
#else
#define HAVE_CALLGRIND 0
#endif

#include "bench-measure.h"
#include "sc-application.h"
#include "sc-toolkit.h"

#define SPAWNED        "BENCH_SPAWNED_US"
#define N_STARTS       15
#define MEMORY_MS      1500
/* GTK's own caret blinks for 10 s after the window was opened. */
#define REST_MS        11000
#define IDLE_MS        5000
#define CHILD_TIMEOUT_MS 60000
#define SCRIPT_FRAMES  60
#define SCRIPT_BYTES   80
#define SCRIPT_WARM_UP 20

/* The children */

static BenchFrames *child_frames;
static gint64 child_cpu_us;

static double
get_resident_mb (void)
{
  g_autofree char *text = NULL;
  long total = 0;
  long resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || sscanf (text, "%ld %ld", &total, &resident) != 2)
    return 0;

  return (double) resident * 4096 / (1024 * 1024);
}

static void
idle_over_cb (gpointer user_data)
{
  g_print ("idle-frames %.3f\nidle-wakes %.3f\nidle-cpu %.4f\n",
           (double) bench_frames_get_n (child_frames) / (IDLE_MS / 1000.0),
           (double) bench_frames_get_n_wakes (child_frames) / (IDLE_MS / 1000.0),
           (double) (bench_get_cpu_us () - child_cpu_us) / (IDLE_MS * 10.0));
  exit (0);
}

static void
rest_over_cb (gpointer user_data)
{
  child_cpu_us = bench_get_cpu_us ();
  bench_frames_reset (child_frames);
  g_timeout_add_once (IDLE_MS, idle_over_cb, NULL);
}

static void
memory_cb (gpointer user_data)
{
  g_print ("memory %.2f\n", get_resident_mb ());
  if (g_getenv ("BENCH_IDLE") == NULL)
    exit (0);
  g_timeout_add_once (REST_MS, rest_over_cb, NULL);
}

static void
first_paint_cb (GdkFrameClock *clock,
                GtkWidget     *window)
{
  const char *spawned = g_getenv (SPAWNED);
  gint64 now_us = g_get_monotonic_time ();

  g_signal_handlers_disconnect_by_func (clock, first_paint_cb, window);
  g_print ("wall %.2f\ncpu %.2f\n", (double) (now_us - g_ascii_strtoll (spawned, NULL, 10)) / 1000,
           (double) bench_get_cpu_us () / 1000);
  child_frames = bench_frames_new (window);
  g_timeout_add_once (MEMORY_MS, memory_cb, NULL);
}

static gboolean
mapped_cb (GSignalInvocationHint *hint,
           guint                  n_values,
           const GValue          *values,
           gpointer               user_data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);

  if (!GTK_IS_WINDOW (widget))
    return TRUE;
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (first_paint_cb), widget);

  return FALSE;
}

static void
too_long_cb (gpointer user_data)
{
  exit (1);
}

static int
run_window (void)
{
  char *arguments[] = { (char *) "stream-chat", NULL };
  char **argv = arguments;
  int argc = 1;
  g_autoptr (ScOptions) options = sc_options_parse (&argc, &argv, NULL);

  return sc_application_main (options);
}

/* Fixed bytes for each frame, none of them code, which is coloured whenever there is time. */
typedef struct
{
  TranscriptFixture *fixture;
  ScTurn            *turn;
  GString           *source;
  gsize              at;
  guint              n_left;
} Script;

static void
script_frame_cb (Script *self)
{
  if (self->n_left == 0 || sc_page_is_dirty (self->fixture->page))
    return;
  self->n_left--;
  transcript_fixture_append (self->turn, self->source->str + self->at, SCRIPT_BYTES);
  self->at += SCRIPT_BYTES;
}

static gboolean
is_played (gpointer user_data)
{
  Script *self = user_data;

  return self->n_left == 0 && !sc_page_is_dirty (self->fixture->page);
}

static void
play (Script *self,
      guint   n_frames)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->fixture->window);
  gulong id = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (script_frame_cb), self);

  self->n_left = n_frames;
  script_frame_cb (self);
  transcript_fixture_wait (is_played, self);
  g_signal_handler_disconnect (clock, id);
}

static int
run_script (void)
{
  TranscriptFixture fixture = { NULL };
  Script script = { .fixture = &fixture, .source = g_string_new (NULL) };
  BenchFrames *frames;

  gtk_init ();
  adw_init ();
  while (script.source->len < (SCRIPT_FRAMES + SCRIPT_WARM_UP) * SCRIPT_BYTES)
    g_string_append (script.source,
                     "A paragraph with **bold** and *italic* words, some `code`, and a [link](https://example.org).\n\n"
                     "- one item of a list\n- another one, which is a little longer\n\n"
                     "| a | table |\n|---|---|\n| with | rows |\n| of | words |\n\n"
                     "> A quote, and then a good deal of text that is not marked up in any way at all, as most is.\n\n");
  transcript_fixture_set_up (&fixture, NULL);
  script.turn = transcript_fixture_say (&fixture, SC_ROLE_ASSISTANT, NULL);
  frames = bench_frames_new (fixture.window);
  play (&script, SCRIPT_WARM_UP);
  bench_frames_settle (frames);
#if HAVE_CALLGRIND
  CALLGRIND_START_INSTRUMENTATION;
#endif
  play (&script, SCRIPT_FRAMES);
#if HAVE_CALLGRIND
  CALLGRIND_STOP_INSTRUMENTATION;
#endif
  exit (0);
}

/* Runs one of the program's other lives. */
int
bench_run_child (const char *mode)
{
  if (g_str_equal (mode, "script"))
    return run_script ();

  sc_toolkit_start ();
  g_type_ensure (GTK_TYPE_WINDOW);
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_timeout_add_once (CHILD_TIMEOUT_MS, too_long_cb, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_cb, NULL, NULL);

  return run_window ();
}

/* Their parent */

/* A home of its own, so that nothing of this user is read or changed. */
static char **
create_environment (const char *home)
{
  char **environment = g_get_environ ();
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());

  environment = g_environ_setenv (environment, "HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_DATA_HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_STATE_HOME", home, TRUE);
  environment = g_environ_setenv (environment, SPAWNED, now, TRUE);

  return environment;
}

static double
find_figure (const char *output,
             const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s ", name);
  const char *line = output != NULL ? strstr (output, key) : NULL;

  return line != NULL ? g_ascii_strtod (line + strlen (key), NULL) : 0;
}

/* As users have it: nothing is said to GTK. */
static char *
run_child (const char *program,
           const char *mode,
           const char *home,
           gboolean    is_default,
           gboolean    is_idle)
{
  static const char *const choices[] = { "GDK_DEBUG", "GDK_DISABLE", "GSK_RENDERER" };
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *bare = g_build_filename (folder, "bare-window", NULL);
  const char *arguments[] = { mode != NULL ? program : bare, mode, NULL };
  g_auto (GStrv) environment = create_environment (home);
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  for (guint i = 0; is_default && i < G_N_ELEMENTS (choices); i++)
    environment = g_environ_unsetenv (environment, choices[i]);
  if (is_idle)
    environment = g_environ_setenv (environment, "BENCH_IDLE", "1", TRUE);
  if (!g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL,
                     NULL, &error))
    g_printerr ("%s\n", error->message);

  return output;
}

/* What is compared: bare windows with and without software OpenGL, and the program, which chooses by itself. */
enum
{
  BARE_DEFAULT,
  BARE_SAME,
  WINDOW,
  N_KINDS
};

static const struct
{
  const char *mode;
  const char *name;
  gboolean    is_default;
} kinds[N_KINDS] = {
  [BARE_DEFAULT] = { NULL, "bare, GTK's defaults", TRUE },
  [BARE_SAME] = { NULL, "bare, cairo without OpenGL", FALSE },
  [WINDOW] = { "--window", "the program", TRUE },
};

static const struct
{
  const char *key;
  const char *what;
  const char *unit;
  double      budget;
  double      ratio;
} figures[] = {
  { "wall", "process to first frame, wall time", "ms", 0, 1.5 },
  { "cpu", "main thread up to the first frame", "ms", 0, 1.5 },
  { "memory", "memory", "MiB", 90, 1.8 },
};

typedef struct
{
  GArray *values[N_KINDS][G_N_ELEMENTS (figures)];
} Starts;

static void
add_start (Starts     *self,
           guint       kind,
           const char *output)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      gint64 value = (gint64) (1000 * find_figure (output, figures[i].key));

      g_array_append_val (self->values[kind][i], value);
    }
}

static void
print_starts (Starts *self)
{
  g_autofree char *title = g_strdup_printf ("Start and memory, beside a bare AdwApplicationWindow with a GtkTextView, "
                                            "medians of %d", N_STARTS);

  bench_header (title);
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      double medians[N_KINDS];

      for (guint kind = 0; kind < N_KINDS; kind++)
        {
          g_autofree char *what = g_strdup_printf ("%s: %s", kinds[kind].name, figures[i].what);

          medians[kind] = bench_get_percentile (self->values[kind][i], 0.5);
          bench_row (what, medians[kind], kind == WINDOW ? figures[i].budget : 0, figures[i].unit);
        }
      bench_row ("  over the bare one, the same settings", medians[WINDOW] / medians[BARE_SAME], figures[i].ratio,
                 "times");
      bench_row ("  over the bare one, GTK's defaults", medians[WINDOW] / medians[BARE_DEFAULT], figures[i].ratio,
                 "times");
    }
}

void
bench_start (const char *program)
{
  Starts starts;
  g_autofree char *home = g_dir_make_tmp ("bench-XXXXXX", NULL);
  g_autofree char *idle = NULL;

  for (guint i = 0; i < N_KINDS * G_N_ELEMENTS (figures); i++)
    starts.values[i % N_KINDS][i / N_KINDS] = g_array_new (FALSE, FALSE, sizeof (gint64));
  /* In turns, so that what else the machine does weighs on all; the first of each warms what is read from disk. */
  for (guint i = 0; i < N_KINDS * (N_STARTS + 1); i++)
    {
      guint kind = i % N_KINDS;
      g_autofree char *output = run_child (program, kinds[kind].mode, home, kinds[kind].is_default, FALSE);

      if (i >= N_KINDS)
        add_start (&starts, kind, output);
    }
  print_starts (&starts);
  idle = run_child (program, "--window", home, TRUE, TRUE);
  bench_header ("Idle, the whole window");
  bench_row ("frames a second", find_figure (idle, "idle-frames"), 0.001, "");
  bench_row ("wake-ups a second", find_figure (idle, "idle-wakes"), 2, "");
  bench_row ("main thread", find_figure (idle, "idle-cpu"), 0.05, "%");
  for (guint i = 0; i < N_KINDS * G_N_ELEMENTS (figures); i++)
    g_array_unref (starts.values[i % N_KINDS][i / N_KINDS]);
}

static double
count_instructions (const char *program)
{
  const char *arguments[] = { "valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null",
                              program, "--script", NULL };
  g_autofree char *errors = NULL;
  const char *line;

  if (!g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                     NULL, &errors, NULL, NULL))
    return 0;
  /* The last one: what the program starts on its way (to look for a bus) is counted before. */
  line = g_strrstr (errors, "Collected : ");

  return line != NULL ? g_ascii_strtod (line + strlen ("Collected : "), NULL) : 0;
}

void
bench_instructions (const char *program)
{
  double counts[2];
  double difference;

  bench_header ("Instructions of 60 frames of 80 bytes each");
  for (guint i = 0; HAVE_CALLGRIND && i < 2; i++)
    counts[i] = count_instructions (program);
  if (!HAVE_CALLGRIND || counts[0] == 0 || counts[1] == 0)
    {
      g_print ("  not measured: valgrind is not installed\n");
      return;
    }
  difference = 100 * (MAX (counts[0], counts[1]) / MIN (counts[0], counts[1]) - 1);
  bench_row ("a frame, first run", counts[0] / SCRIPT_FRAMES / 1e6, 0, "million");
  bench_row ("a frame, second run", counts[1] / SCRIPT_FRAMES / 1e6, 0, "million");
  bench_row ("difference", difference, 1, "%");
  bench_must (difference <= 1, "the same script took another number of instructions");
}
