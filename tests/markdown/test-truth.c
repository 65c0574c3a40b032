/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a text in steps: whatever the step, the list becomes the one that a single parse gives, the splices tell
 * it, and no step is much longer than was wished. */

#include "config.h"

#include <string.h>

#include "markdown-cases.h"
#include "markdown-mirror.h"
#include "sc-markdown.h"

#define N_GLUED 1500
#define N_BYTES 1500

/* How often; more by hand in SC_MARKDOWN_GLUED. */
static guint
get_count (guint usual)
{
  const char *wish = g_getenv ("SC_MARKDOWN_GLUED");

  return wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : usual;
}

static guint n_steps;
static guint n_documents;

static char *
describe_whole (const char *text,
                gsize       length)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();

  sc_markdown_stream_feed (stream, text, length);
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  g_assert_true (sc_markdown_stream_is_settled (stream));
  return describe_view (stream);
}

static guint n_places;

static void
append_blocks (GString          *all,
               ScMarkdownStream *stream)
{
  g_autofree char *view = describe_view (stream);

  g_string_append_printf (all, "%s%s", all->len > 0 && *view != '\0' ? " / " : "", view);
}

/* Each piece, read alone behind the definitions, is what it was in the whole. */
static void
check_places (ScMarkdownStream *stream,
              const char       *text,
              gsize             length)
{
  const char *definitions = NULL;
  const GArray *places = sc_markdown_stream_get_places (stream, &definitions);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);
  guint n_blocks = 0;

  if (places == NULL)
    return;
  for (guint i = 0; i < places->len; i++)
    {
      g_autoptr (ScMarkdownStream) piece = sc_markdown_stream_new ();
      ScMarkdownPlace place = g_array_index (places, ScMarkdownPlace, i);
      gsize end = i + 1 < places->len ? g_array_index (places, ScMarkdownPlace, i + 1).offset : length;

      g_assert_cmpuint (place.position, ==, n_blocks);
      sc_markdown_stream_feed (piece, definitions, strlen (definitions));
      sc_markdown_stream_feed (piece, text + place.offset, end - place.offset);
      sc_markdown_stream_finish (piece);
      sc_markdown_stream_update (piece);
      n_blocks += sc_markdown_stream_get_n_blocks (piece);
      append_blocks (pieces, piece);
    }
  append_blocks (expected, stream);
  g_assert_cmpstr (pieces->str, ==, expected->str);
  n_places += places->len;
}

/* Returns how many updates the end took. */
static guint
check (const char *text,
       gsize       length,
       gsize       chunk,
       gsize       step)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autofree char *expected = describe_whole (text, length);
  g_autofree char *shown = NULL;
  guint n = 0;

  sc_markdown_stream_set_step (stream, step);
  for (gsize at = 0; at < length; at += MIN (chunk, length - at))
    {
      sc_markdown_stream_feed (stream, text + at, MIN (chunk, length - at));
      mirror_update (mirror, stream);
      g_assert_false (sc_markdown_stream_is_settled (stream));
    }
  sc_markdown_stream_finish (stream);
  do
    {
      mirror_update (mirror, stream);
      n++;
    }
  while (!sc_markdown_stream_is_settled (stream));
  g_assert_cmpuint (sc_markdown_stream_update (stream)->len, ==, 0);
  shown = describe_view (stream);
  g_assert_cmpstr (shown, ==, expected);
  check_places (stream, text, length);
  n_steps += n;
  n_documents++;
  return n;
}

/* That many documents are really taken in pieces, or the comparison means nothing. */
static void
check_steps (double least)
{
  g_test_message ("%u documents in %u steps, %u pieces", n_documents, n_steps, n_places);
  g_assert_cmpuint (n_places, >, 0);
  n_places = 0;
  g_assert_cmpfloat (n_steps, >, least * n_documents);
  n_steps = 0;
  n_documents = 0;
}

static void
test_cases (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < cases->len; i++)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (cases->pdata[i], &length);

      check (text, length, 3, 1);
      check (text, length, 1000, 1);
      g_string_append_len (all, text, (gssize) length);
      g_string_append (all, "\n\n");
    }
  check (all->str, all->len, 100, 1);
  check (all->str, all->len, 100, 500);
  check_steps (1.0);
}

static void
test_glued (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1965);

  for (guint i = 0; i < get_count (N_GLUED); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      int n = g_rand_int_range (random, 1, 5);

      while (n-- > 0)
        {
          gsize length = 0;
          g_autofree char *piece = glue_cases (random, cases, &length);

          g_string_append_len (text, piece, (gssize) length);
          g_string_append (text, g_rand_boolean (random) ? "\n\nnext\n\n" : "\n");
        }
      check (text->str, text->len, (gsize) g_rand_int_range (random, 1, 60),
             (gsize) g_rand_int_range (random, 1, 80));
    }
  check_steps (1.5);
}

/* Bytes that open, close and define, with many blank lines. */
static void
test_bytes (void)
{
  static const char *const pieces[] = {
    "\n\n", "\n\n", "\n\n", "\n", "\n", "[a]: /u", "[a]", "[b]: <x> 't'", "[b]", "[a b]:", "[A\nB]: /v", "]: /w", "[", "]",
    "]:", "\\", "```", "~~~", "<!--", "-->", "<pre>", "</pre>", "<div>", "- ", "1. ", "> ", "    ", "\t", "a", "end",
    "# h", "===", "---", "| a | b |\n|---|---|\n", "*", "`", "x", "[\303\244]: /u", "[\303\204]", "\357\273\277",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (77);

  for (guint i = 0; i < get_count (N_BYTES); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      int n = g_rand_int_range (random, 1, 60);

      while (n-- > 0)
        g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      check (text->str, text->len, (gsize) g_rand_int_range (random, 1, 60),
             (gsize) g_rand_int_range (random, 1, 60));
    }
  check_steps (1.2);
}

static void
repeat (GString    *text,
        guint       n,
        const char *piece)
{
  while (n-- > 0)
    g_string_append (text, piece);
}

static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;

  repeat (text, 400, "A paragraph of *some* length with `code`.\n\n- one\n- two\n\n```c\nint x = a[i]:\n\nend\n```\n\n");
  g_assert_cmpuint (check (text->str, text->len, 4096, 2048), >, 15);

  /* A definition at the end concerns every piece. */
  repeat (text, 400, "See [this page] and [that](https://example.org).\n\n");
  g_string_append (text, "[this page]: https://example.org/page 'title'\n");
  g_assert_cmpuint (check (text->str, text->len, 4096, 2048), >, 15);

  /* So many definitions are one piece, and one fence is. */
  for (n = 0; n < 2000; n++)
    g_string_append_printf (text, "[%u]: /%u\n\n", n, n);
  check (text->str, text->len, 4096, 2048);
  g_string_assign (text, "```\n");
  repeat (text, 4000, "a line\n\n");
  g_assert_cmpuint (check (text->str, text->len, 4096, 2048), ==, 1);
}

/* Offsets into a text whose bytes were mended would be wrong. */
static void
test_mended (void)
{
  static const char *const texts[] = { "One\r\n\r\nTwo\r\n", "One\xff\n\nTwo\n", "One\r\n\n\r\nTwo \xff", "One\n\nTwo \xc3" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();

      sc_markdown_stream_set_step (stream, 1);
      sc_markdown_stream_feed (stream, texts[i], strlen (texts[i]));
      sc_markdown_stream_finish (stream);
      while (!sc_markdown_stream_is_settled (stream))
        sc_markdown_stream_update (stream);
      g_assert_null (sc_markdown_stream_get_places (stream, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/truth/cases", test_cases);
  g_test_add_func ("/markdown/truth/glued", test_glued);
  g_test_add_func ("/markdown/truth/bytes", test_bytes);
  g_test_add_func ("/markdown/truth/long", test_long);
  g_test_add_func ("/markdown/truth/mended", test_mended);
  return g_test_run ();
}
