/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The flicker budget: documents arrive four bytes at a time; of a thousand characters at most one is taken back later
 * and ten change their look, and on average at most eight wait to be shown.
 *
 * The documents are those of tests/data/markdown. With SC_FLICKER_FILES set to a list of paths, separated by colons,
 * those are measured instead: the budgets are meant for text that was not written for the test. */

#include "config.h"

#include <string.h>

#include "markdown-view.h"

#define CHUNK 4
#define MAX_DELETED 1.0
#define MAX_RESTYLED 10.0
#define MAX_LAG 8.0
/* What one parse of all that came would show is asked at every n-th frame only. */
#define LAG_STEP 16

typedef struct
{
  guint64 n_shown;
  guint64 n_deleted;
  guint64 n_restyled;
  guint64 lag;
  guint64 n_lags;
} Totals;

static guint
count_agreement (const GArray *frame,
                 const GArray *final)
{
  guint i;

  for (i = 0; i < frame->len && i < final->len; i++)
    if (g_array_index (frame, Cell, i).c != g_array_index (final, Cell, i).c)
      break;
  return i;
}

static GArray *
make_final (const char *text,
            gsize       length)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (Cell));

  sc_markdown_stream_feed (stream, text, length);
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  append_cells (stream, cells);
  return cells;
}

/* How many characters a parse of what came would show rightly and the live view does not. */
static guint
measure_lag (const char   *text,
             gsize         length,
             const GArray *frame,
             const GArray *final)
{
  g_autoptr (GArray) naive = make_final (text, length);
  guint possible = count_agreement (naive, final);
  guint shown = count_agreement (frame, final);

  return possible > shown ? possible - shown : 0;
}

static void
add_difference (Totals       *totals,
                const GArray *before,
                const GArray *after,
                const char   *text,
                gsize         at)
{
  FrameDifference difference = compare_frames (before, after);

  totals->n_deleted += difference.n_deleted;
  totals->n_restyled += difference.n_restyled;
  if (difference.n_deleted + difference.n_restyled > 0 && g_test_verbose ())
    {
      gsize from = at > 60 ? at - 60 : 0;
      g_autofree char *near = g_strndup (text + from, at - from);
      g_autofree char *valid = g_utf8_make_valid (near, -1);
      g_autofree char *line = g_strescape (valid, NULL);

      g_test_message ("%u deleted, %u restyled at %" G_GSIZE_FORMAT " after %s",
                      difference.n_deleted, difference.n_restyled, at, line);
    }
}

static void
measure_document (Totals     *totals,
                  const char *text,
                  gsize       length)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  g_autoptr (GArray) final = make_final (text, length);
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (Cell));
  guint n_frames = 0;
  gsize at = 0;

  totals->n_shown += final->len;
  while (at < length)
    {
      gsize n = MIN (CHUNK, length - at);
      GArray *old = before;

      sc_markdown_stream_feed (stream, text + at, n);
      at += n;
      if (sc_markdown_stream_update (stream)->len > 0)
        {
          before = after;
          after = old;
          g_array_set_size (after, 0);
          append_cells (stream, after);
          add_difference (totals, before, after, text, at);
        }
      if (++n_frames % LAG_STEP == 0)
        {
          totals->lag += measure_lag (text, at, after, final);
          totals->n_lags++;
        }
    }
  add_difference (totals, after, final, text, at);
}

static void
check_totals (const Totals *totals)
{
  double thousands = MAX (1.0, (double) totals->n_shown) / 1000;
  double deleted = (double) totals->n_deleted / thousands;
  double restyled = (double) totals->n_restyled / thousands;
  double lag = (double) totals->lag / MAX (1.0, (double) totals->n_lags);

  g_test_message ("%" G_GUINT64_FORMAT " characters; per thousand %.2f deleted, %.2f restyled; mean lag %.2f",
                  totals->n_shown, deleted, restyled, lag);
  g_assert_cmpfloat (deleted, <=, MAX_DELETED);
  g_assert_cmpfloat (restyled, <=, MAX_RESTYLED);
  g_assert_cmpfloat (lag, <=, MAX_LAG);
}

static GPtrArray *
list_documents (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *given = g_getenv ("SC_FLICKER_FILES");
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "markdown", NULL);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  if (given != NULL)
    {
      g_auto (GStrv) list = g_strsplit (given, ":", -1);
      guint i;

      for (i = 0; list[i] != NULL; i++)
        g_ptr_array_add (paths, g_strdup (list[i]));
      return paths;
    }
  dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".md"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  return paths;
}

static void
test_budget (void)
{
  g_autoptr (GPtrArray) paths = list_documents ();
  Totals totals = { 0 };
  guint i;

  g_assert_cmpuint (paths->len, >, 0);
  for (i = 0; i < paths->len; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      guint64 before = totals.n_deleted;
      guint64 restyled = totals.n_restyled;
      gsize length = 0;

      g_file_get_contents (paths->pdata[i], &text, &length, &error);
      g_assert_no_error (error);
      measure_document (&totals, text, length);
      g_test_message ("%s: %" G_GUINT64_FORMAT " deleted, %" G_GUINT64_FORMAT " restyled",
                      (char *) paths->pdata[i], totals.n_deleted - before,
                      totals.n_restyled - restyled);
    }
  check_totals (&totals);
}

/* The measure itself must bite. */
static void
test_measure (void)
{
  static const struct
  {
    const char *before;
    const char *after;
    guint       n_deleted;
    guint       n_restyled;
  } rows[] = {
    { "abc", "abcd", 0, 0 },
    { "abc\n", "ab\n", 1, 0 },
    { "abc", "*abc*", 0, 3 },
    { "a b c", "a x c", 1, 0 },
    { "# abc", "## abc", 0, 3 },
    { "", "abc", 0, 0 },
    { "abc", "", 3, 0 },
    { "one two three", "one 2 two three", 0, 0 },
    { "> abc", "abc", 0, 3 },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) before = make_final (rows[i].before, strlen (rows[i].before));
      g_autoptr (GArray) after = make_final (rows[i].after, strlen (rows[i].after));
      FrameDifference difference = compare_frames (before, after);

      g_assert_cmpuint (difference.n_deleted, ==, rows[i].n_deleted);
      g_assert_cmpuint (difference.n_restyled, ==, rows[i].n_restyled);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/flicker/measure", test_measure);
  g_test_add_func ("/markdown/flicker/budget", test_budget);
  return g_test_run ();
}
