/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The examples of the CommonMark and GFM specifications, and documents glued from them: the finished stream's XML is
 * that of one parse, for chunks of 1, 2, 3, 7 bytes and whole. The specifications come with the source package of
 * cmark-gfm and are fetched when the test runs; without them it is skipped, and says so. SC_MARKDOWN_SPECS may name a
 * folder that has them; SC_MARKDOWN_GLUED says how many glued documents are tried. */

#include "config.h"

#include <string.h>

#include "markdown-cases.h"
#include "markdown-mirror.h"

#define N_GLUED 1000

static GPtrArray *
load_examples (const char *folder)
{
  static const char *const names[] = { "spec.txt", "extensions.txt", "regression.txt" };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))
        g_ptr_array_extend_and_steal (all, split_examples (text));
    }
  return all;
}

/* Returns: (transfer full) (nullable): the folder with the specifications. */
static char *
find_specifications (void)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "markdown", "fetch-specs", NULL);
  g_autofree char *target = g_test_build_filename (G_TEST_BUILT, "markdown-specs", NULL);
  const char *argv[] = { script, target, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (g_getenv ("SC_MARKDOWN_SPECS") != NULL)
    return g_strdup (g_getenv ("SC_MARKDOWN_SPECS"));
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status,
                     &error))
    g_test_message ("%s", error->message);
  if (error != NULL || !g_spawn_check_wait_status (status, NULL))
    return NULL;
  return g_strdup (g_strchomp (output));
}

static GPtrArray *
get_examples (void)
{
  static GPtrArray *examples;
  static gboolean has_tried;
  g_autofree char *folder = NULL;

  if (has_tried)
    return examples;
  has_tried = TRUE;
  folder = find_specifications ();
  if (folder != NULL)
    examples = load_examples (folder);
  return examples;
}

static void
check_document (const char *text,
                gsize       length)
{
  static const gsize chunks[] = { 1, 2, 3, 7, G_MAXSIZE };
  g_autofree char *expected = render_once (text, length);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      g_autofree char *xml = render_stream (text, length, chunks[i]);

      g_assert_cmpstr (xml, ==, expected);
    }
}

static void
test_examples (void)
{
  GPtrArray *examples = get_examples ();
  guint i;

  if (examples == NULL)
    {
      g_test_skip ("THE SPECIFICATIONS COULD NOT BE FETCHED: no network, no apt-get, or not Debian");
      return;
    }
  g_assert_cmpuint (examples->len, >, 600);
  for (i = 0; i < examples->len; i++)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (examples->pdata[i], &length);

      check_document (text, length);
    }
  g_test_message ("%u examples", examples->len);
}

/* The same list of blocks whether the end is taken at once or in pieces. */
static void
check_steps (const char *text,
             gsize       length)
{
  g_autofree char *expected = NULL;

  for (gsize step = 0; step < 60; step += 20)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      g_autofree char *shown = NULL;

      sc_markdown_stream_set_step (stream, step);
      sc_markdown_stream_feed (stream, text, length);
      sc_markdown_stream_finish (stream);
      while (!sc_markdown_stream_is_settled (stream))
        sc_markdown_stream_update (stream);
      shown = describe_view (stream);
      if (expected == NULL)
        expected = g_steal_pointer (&shown);
      else
        g_assert_cmpstr (shown, ==, expected);
    }
}

static void
test_glued (void)
{
  GPtrArray *examples = get_examples ();
  g_autoptr (GRand) random = g_rand_new_with_seed (29);
  const char *wish = g_getenv ("SC_MARKDOWN_GLUED");
  guint n = wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : N_GLUED;
  guint i;

  if (examples == NULL)
    {
      g_test_skip ("THE SPECIFICATIONS COULD NOT BE FETCHED: no network, no apt-get, or not Debian");
      return;
    }
  for (i = 0; i < n; i++)
    {
      gsize length = 0;
      g_autofree char *text = glue_cases (random, examples, &length);
      g_autofree char *expected = render_once (text, length);
      g_autofree char *xml = render_stream (text, length, (gsize) g_rand_int_range (random, 1, 40));

      g_assert_cmpstr (xml, ==, expected);
      check_steps (text, length);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/spec/examples", test_examples);
  g_test_add_func ("/markdown/spec/glued", test_glued);
  return g_test_run ();
}
