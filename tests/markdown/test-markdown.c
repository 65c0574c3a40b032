/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stream's promises: the finished list is cmark's for any split, splices tell all that changed and keep what they
 * say, what is closed stays. */

#include "config.h"

#include <string.h>

#include "markdown-cases.h"
#include "markdown-mirror.h"
#include "sc-markdown.h"

#define N_RANDOM 800
#define N_RANDOM_BYTES 800
#define MAX_RANDOM_BYTES 120
/* Deep enough to overflow any stack that would be used. */
#define N_DEEP 20000

static void
mirror_document (const char *text,
                 gsize       length,
                 GRand      *random,
                 gsize       chunk)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  g_autoptr (ScMarkdownStream) whole = sc_markdown_stream_new ();
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autofree char *shown = NULL;
  g_autofree char *expected = NULL;
  gsize at = 0;

  while (at < length)
    {
      gsize n = random != NULL ? (gsize) g_rand_int_range (random, 1, 24) : chunk;

      n = MIN (n, length - at);
      sc_markdown_stream_feed (stream, text + at, n);
      mirror_update (mirror, stream);
      at += n;
    }
  sc_markdown_stream_finish (stream);
  mirror_update (mirror, stream);
  g_assert_cmpuint (sc_markdown_stream_update (stream)->len, ==, 0);

  sc_markdown_stream_feed (whole, text, length);
  sc_markdown_stream_finish (whole);
  sc_markdown_stream_update (whole);
  shown = describe_view (stream);
  expected = describe_view (whole);
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_mirror_cases (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  guint i;

  for (i = 0; i < cases->len; i++)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (cases->pdata[i], &length);

      mirror_document (text, length, NULL, 1);
      mirror_document (text, length, NULL, 3);
      mirror_document (text, length, NULL, 1000);
      if (length > 0)
        mirror_document (text, length - 1, NULL, 1);
    }
}

static void
test_mirror_random (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20240229);
  guint i;

  for (i = 0; i < N_RANDOM; i++)
    {
      gsize length = 0;
      g_autofree char *text = glue_cases (random, cases, &length);

      mirror_document (text, length, random, 0);
    }
}

/* Bytes that mean much, and any others. */
static void
test_mirror_bytes (void)
{
  static const char special[] = "*_`[]()!<>&\\|#-+:=~\"' \n\n\t1.ahtp:/w@x\r";
  g_autoptr (GRand) random = g_rand_new_with_seed (4711);
  guint i, j;

  for (i = 0; i < N_RANDOM_BYTES; i++)
    {
      char text[MAX_RANDOM_BYTES];
      guint length = (guint) g_rand_int_range (random, 1, MAX_RANDOM_BYTES);

      for (j = 0; j < length; j++)
        text[j] = g_rand_int_range (random, 0, 20) == 0
                    ? (char) g_rand_int_range (random, 0, 256)
                    : special[g_rand_int_range (random, 0, (int) sizeof special - 1)];
      mirror_document (text, length, random, 0);
    }
}

/* Every split into two pieces gives the same finished tree as cmark's own parse. */
static void
test_splits (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  guint i;

  for (i = 0; i < cases->len; i++)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (cases->pdata[i], &length);
      g_autofree char *expected = render_once (text, length);
      gsize at;

      for (at = 0; at <= length; at++)
        {
          g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
          g_autofree char *xml = NULL;

          sc_markdown_stream_feed (stream, text, at);
          sc_markdown_stream_update (stream);
          sc_markdown_stream_feed (stream, text + at, length - at);
          sc_markdown_stream_finish (stream);
          sc_markdown_stream_update (stream);
          xml = sc_markdown_stream_dup_xml (stream);
          g_assert_cmpstr (xml, ==, expected);
        }
    }
}

/* The scanners follow cmark: where no definition comes late, the end changes nothing that was closed. */
static void
test_closed_stays (void)
{
  g_autoptr (GPtrArray) cases = load_cases ();
  guint i, j;

  for (i = 0; i < cases->len; i++)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      gsize length = 0;
      const char *text = g_bytes_get_data (cases->pdata[i], &length);

      if (memchr (text, '[', length) != NULL)
        continue;
      for (j = 0; j < length; j++)
        {
          sc_markdown_stream_feed (stream, text + j, 1);
          sc_markdown_stream_update (stream);
        }
      /* A paragraph closes whatever was open at the end but code, HTML and quotes that go on. */
      sc_markdown_stream_feed (stream, "\n\n", 2);
      sc_markdown_stream_update (stream);
      before = describe_view (stream);
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      after = describe_view (stream);
      if (strstr (before, "code") == NULL && strstr (before, "html") == NULL)
        g_assert_cmpstr (before, ==, after);
    }
}

/* What a reader sees of an unfinished text. */
static const struct
{
  const char *text;
  const char *view;
} live_rows[] =
{
  { "", "" },
  { "plain", "p<plain>" },
  { "plain ", "p<plain>" },
  { "a\nb", "p<a b>" },
  { "a\n", "p<a>" },
  { "a  \nb", "p<a{n:\n}b>" },
  /* Emphasis: held for one character, then styled before it closes. */
  { "a *", "p<a>" },
  { "a **", "p<a>" },
  { "a **b", "p<a {b:b}>" },
  { "a **b*", "p<a {b:b}>" },
  { "a **b** c", "p<a {b:b} c>" },
  { "a ***b", "p<a {bi:b}>" },
  { "a *b **c", "p<a {i:b }{bi:c}>" },
  { "a _b", "p<a {i:b}>" },
  { "a ~~b", "p<a {s:b}>" },
  { "a * b", "p<a * b>" },
  { "a_b_c d", "p<a_b_c d>" },
  { "2*3 d", "p<2*3 d>" },
  { "all *.c files", "p<all *.c files>" },
  { "call f(*a, b) x", "p<call f(*a, b) x>" },
  { "in src/**/*.c x", "p<in src/**/*.c x>" },
  /* Where words have no spaces between them emphasis begins anywhere. */
  { "\350\277\231*\345\274\272", "p<\350\277\231{i:\345\274\272}>" },
  { "\354\224\250*\354\235\200*\353\212\224", "p<\354\224\250{i:\354\235\200}\353\212\224>" },
  /* What cannot end where it was meant to is text at once. */
  { "**Note:**", "p<{b:Note:}>" },
  { "**Note:** a", "p<{b:Note:} a>" },
  { "**Note:**a", "p<**Note:**a>" },
  { "**Note:**a **b", "p<**Note:**a {b:b}>" },
  { "**\346\263\250\357\274\232**\350\277\231", "p<**\346\263\250\357\274\232**\350\277\231>" },
  /* Code. */
  { "a `", "p<a>" },
  { "a `b c", "p<a {c:b c}>" },
  { "a `b` c", "p<a {c:b} c>" },
  { "a ``b`c", "p<a {c:b`c}>" },
  /* Links and images. */
  { "see [the", "p<see>" },
  { "see [the page](", "p<see>" },
  { "see [the page](h", "p<see {l:the page}>" },
  { "see [the page](http://x) ok", "p<see {l:the page} ok>" },
  { "see [1] ok", "p<see [1] ok>" },
  { "see ![alt](p", "p<see {m:alt}>" },
  { "see ![al", "p<see>" },
  { "wow! ok", "p<wow! ok>" },
  { "see [a b][c] ok", "p<see {l:a b} ok>" },
  { "see [1][2] ok", "p<see [1][2] ok>" },
  { "go http", "p<go>" },
  { "go https://ex", "p<go {l:https://ex}>" },
  { "go https://ex.org.", "p<go {l:https://ex.org}>" },
  { "go https://ex.org. x", "p<go {l:https://ex.org}. x>" },
  { "how what", "p<how what>" },
  { "\350\247\201https://ex", "p<\350\247\201{l:https://ex}>" },
  { "a (www.ex.org) b", "p<a ({l:www.ex.org}) b>" },
  { "a \"www.ex.org\" b", "p<a \"www.ex.org\" b>" },
  /* Escapes, entities, tags. */
  { "a \\", "p<a>" },
  { "a \\*b", "p<a *b>" },
  { "a &am", "p<a>" },
  { "a &amp; b", "p<a & b>" },
  { "a & b", "p<a & b>" },
  { "a <b", "p<a>" },
  { "a <b> c", "p<a {h:<b>} c>" },
  { "a < b", "p<a < b>" },
  /* Lines that are not decided. */
  { "#", "" },
  { "# T", "h1<T>" },
  { "# T #", "h1<T>" },
  { "-", "" },
  { "- ", "" },
  { "- a", "item d1<a>" },
  { "- a\n-", "item d1<a>" },
  { "- a\n- b", "item d1<a> / item d1<b>" },
  { "1", "" },
  { "1.", "" },
  { "1. a", "item d1 n1<a>" },
  { "- [", "" },
  { "- [x] a", "item d1 x<a>" },
  { "- [ ] a", "item d1 o<a>" },
  { "- [X] a", "item d1 x<a>" },
  { "> ", "" },
  { ">\n", "quote q1<>" },
  { ">\n> a", "p q1<a>" },
  { "> a\n> b", "p q1<a b>" },
  { "T\n-", "p<T>" },
  { "T\n--", "p<T>" },
  { "T\n==\n", "h1<T>" },
  { "--", "" },
  { "---\n", "rule<>" },
  /* Front matter: what cmark makes of it, from the first key on. */
  { "---\ntitl", "rule<>" },
  { "---\ntitle:", "rule<> / h2<title:>" },
  { "---\ntitle: a\nda", "rule<> / h2<title: a da>" },
  { "---\ntitle: a\n---\n", "rule<> / h2<title: a>" },
  { "---\ntitle: a\n\n", "rule<> / p<title: a>" },
  { "---\nHere is", "rule<> / p<Here is>" },
  { "---\n\ntitle: a", "rule<> / p<title: a>" },
  { "a\n\n---\ntitle: a", "p<a> / rule<> / p<title: a>" },
  { "``", "" },
  { "```", "" },
  { "```c", "" },
  { "```c\n", "code c<>" },
  { "```c\nint", "code c<int>" },
  { "```c\nint x;\n``", "code c<int x;>" },
  { "```c\nint x;\n```", "code c<int x;>" },
  { "```c\nint x;\n```\nb", "code c<int x;> / p<b>" },
  { "```\na\n\n", "code<a\n>" },
  { "    a\n\n", "code<a>" },
  { "    a\n\n    b", "code<a\n\nb>" },
  { "<div>\na", "html<<div>\na>" },
  /* Tables: the head at once, the delimiter row never. */
  { "| a", "table<a>" },
  { "| a | b", "table<a,b>" },
  { "| a | b |\n", "table<a,b>" },
  { "| a | b |\n|--", "table<a,b>" },
  { "| a | b |\n|---|---|\n", "table<a,b>" },
  { "| a | b |\n|---|---|\n| **c", "table<a,b;{b:c},>" },
  { "| a | b |\nc", "p<| a | b | c>" },
  { "x\n| a | b |\n|--", "p<x> / table<a,b>" },
  /* Definitions are no text. */
  { "[a]: http", "" },
  { "[a]: /b\n\n[a] c", "p<{l:a} c>" },
  { "x [a] y\n\n[a]: /b\n\n[c]: /dddddddddddddddddddddddd\n\n", "p<x {l:a} y>" },
};

static void
test_live (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (live_rows); i++)
    {
      gsize length = strlen (live_rows[i].text);
      gsize chunk;

      for (chunk = 1; chunk <= length + 1; chunk += MAX (1, length / 3))
        {
          g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
          g_autofree char *view = NULL;
          gsize at;

          for (at = 0; at < length; at += MIN (chunk, length - at))
            {
              sc_markdown_stream_feed (stream, live_rows[i].text + at, MIN (chunk, length - at));
              sc_markdown_stream_update (stream);
            }
          view = describe_view (stream);
          g_assert_cmpstr (view, ==, live_rows[i].view);
        }
    }
}

/* Fields of the finished list. */
static void
test_finished (void)
{
  static const struct
  {
    const char *text;
    const char *view;
  } rows[] = {
    { "# A\n\ntext", "h1<A> / p<text>" },
    { "- a\n\n  b\n  - c", "item d1<a> / p d1<b> / item d2<c>" },
    { "3. a\n4. b", "item d1 n3<a> / item d1 n4<b>" },
    { "> - [x] a", "item q1 d1<[x] a>" },
    { "- - a", "item d1<> / item d2<a>" },
    { "```c x y\na\n```", "code c<a>" },
    { "> > \n\na", "quote q2<> / p<a>" },
    { "[![a](b)](c)", "p<{lm:a}>" },
    { "a\n\n***", "p<a> / rule<>" },
    { "*a", "p<*a>" },
    { "| a |\n|:-|", "table<a>" },
    { "a\\\nb", "p<a{n:\n}b>" },
    { "\357\273\277# A", "h1<A>" },
    { "a\r\nb\rc", "p<a b c>" },
    { "a\r\n\nb", "p<a> / p<b>" },
    { "a\377b\303", "p<a\357\277\275b\357\277\275>" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      g_autofree char *view = NULL;
      gsize at;

      for (at = 0; rows[i].text[at] != '\0'; at++)
        {
          sc_markdown_stream_feed (stream, rows[i].text + at, 1);
          sc_markdown_stream_update (stream);
        }
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      view = describe_view (stream);
      g_assert_cmpstr (view, ==, rows[i].view);
    }
}

/* Bytes that are no text, whole and one at a time. */
static void
test_input (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *text;
  } rows[] = {
    { "a\0b", 3, "a\357\277\275b" },
    { "\303\251", 2, "\303\251" },
    { "\303x", 2, "\357\277\275x" },
    { "\342\202x", 3, "\357\277\275x" },
    { "\342\202\254", 3, "\342\202\254" },
    { "\300\257x", 3, "\357\277\275x" },
    { "\355\240\200x", 4, "\357\277\275x" },
    { "\364\220\200\200x", 5, "\357\277\275x" },
    { "\360\237\230\200", 4, "\360\237\230\200" },
    { "\360\237\230", 3, "\357\277\275" },
    { "\200\200", 2, "\357\277\275\357\277\275" },
    { "\376\377", 2, "\357\277\275\357\277\275" },
    { "\342\342\202\254", 4, "\357\277\275\342\202\254" },
  };
  guint i;
  gsize chunk, at;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    for (chunk = 1; chunk <= rows[i].length; chunk++)
      {
        g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();

        for (at = 0; at < rows[i].length; at += MIN (chunk, rows[i].length - at))
          {
            sc_markdown_stream_feed (stream, rows[i].bytes + at, MIN (chunk, rows[i].length - at));
            sc_markdown_stream_update (stream);
          }
        sc_markdown_stream_finish (stream);
        sc_markdown_stream_update (stream);
        g_assert_cmpstr (sc_markdown_stream_get_block (stream, 0)->content.text->str, ==,
                         rows[i].text);
      }
}

/* Nothing recurses as deep as the text nests. */
static void
test_deep (void)
{
  static const char *const pieces[] = { ">", "> - ", "1) ", "*a **b ", "[", "![", "(", "<b>", "~~a ", "[a](" };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();

      for (j = 0; j < N_DEEP; j++)
        {
          sc_markdown_stream_feed (stream, pieces[i], strlen (pieces[i]));
          if (j % 100 == 0)
            sc_markdown_stream_update (stream);
        }
      sc_markdown_stream_feed (stream, "x", 1);
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      g_assert_cmpuint (sc_markdown_stream_get_n_blocks (stream), >, 0);
    }
}

static void
test_html (void)
{
  static const struct
  {
    const char *markdown;
    const char *html;
  } rows[] = {
    { "", "" },
    { "**a** ~~b~~", "<p><strong>a</strong> <del>b</del></p>\n" },
    { "<script>x</script>", "<!-- raw HTML omitted -->\n" },
    { "[a](javascript:b)", "<p><a href=\"\">a</a></p>\n" },
    { "# T\n", "<h1>T</h1>\n" },
  };
  g_autofree char *prefix = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *html = sc_markdown_to_html (rows[i].markdown, -1);

      g_assert_cmpstr (html, ==, rows[i].html);
    }
  prefix = sc_markdown_to_html ("abcdef", 3);
  g_assert_cmpstr (prefix, ==, "<p>abc</p>\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/stream/live", test_live);
  g_test_add_func ("/markdown/stream/finished", test_finished);
  g_test_add_func ("/markdown/stream/input", test_input);
  g_test_add_func ("/markdown/stream/splits", test_splits);
  g_test_add_func ("/markdown/stream/closed-stays", test_closed_stays);
  g_test_add_func ("/markdown/stream/mirror-cases", test_mirror_cases);
  g_test_add_func ("/markdown/stream/mirror-random", test_mirror_random);
  g_test_add_func ("/markdown/stream/mirror-bytes", test_mirror_bytes);
  g_test_add_func ("/markdown/stream/deep", test_deep);
  g_test_add_func ("/markdown/html", test_html);
  return g_test_run ();
}
