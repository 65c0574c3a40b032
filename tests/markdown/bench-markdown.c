/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What streaming costs: the CPU time of all incremental work at 20 bytes and one update a chunk, against one parse of
 * the finished text by cmark-gfm, for ordinary text and for shapes that tempt to quadratic work.
 *
 * A benchmark prints and judges by the budgets (4 times for ordinary text; 60 times and 2 s for any shape), with the
 * exit status; it is no part of the test suite, which asserts nothing on time. */

#include "config.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sc-markdown.h"

#define KB 1024
#define CHUNK 20
#define STEP (16 * KB)
#define MAX_ORDINARY 4.0
#define MAX_ANY 60.0
#define MAX_SECONDS 2.0

typedef struct
{
  const char *name;
  void      (*make) (GString *text, gsize size);
  gsize       size;
  gboolean    is_ordinary;
  gboolean    is_hard; /* for cmark alone */
} Shape;

static double
get_cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
repeat (GString    *text,
        gsize       size,
        const char *piece)
{
  while (text->len < size)
    g_string_append (text, piece);
}

static const char sentence[] =
  "The **quick** brown fox jumps over the lazy dog, then `runs(home)` and reads [a page](https://example.org/page) "
  "about *nothing* in particular. ";

static const char *const sections[] = {
  "## A heading of some length\n\n",
  "Streaming text arrives in small pieces, and the reader should never notice. It is a plain paragraph with an "
  "occasional *emphasis*, some `code`, and a [link](https://example.org/a/b) to follow.\n\n",
  "A longer paragraph goes on for a while without any markup at all, because most of what is written is simply "
  "words that follow each other, sentence after sentence, until the thought is complete and the writer stops.\n"
  "It may well run over several lines.\n\n",
  "- first point with **weight**\n- second point\n  - a nested one with `code`\n  - another\n- third point\n\n",
  "1. one\n2. two, which is a bit longer than one\n3. three\n\n",
  "```c\nint\nmain (void)\n{\n  for (int i = 0; i < 10; i++)\n    puts (\"hello\");\n  return 0;\n}\n```\n\n",
  "| name | value | note |\n|---|--:|---|\n| alpha | 1 | first |\n| beta | 22 | *second* |\n| gamma | 333 | `third` |\n\n",
  "> A quote that somebody may have said, with a second\n> line for good measure.\n\n",
  "The end of the section, with &amp; an entity, a bare https://example.org/address, and ~~an error~~.\n\n",
};

static void
make_ordinary (GString *text,
               gsize    size)
{
  guint i = 0;

  while (text->len < size)
    g_string_append (text, sections[i++ % G_N_ELEMENTS (sections)]);
}

static void
make_fence (GString *text,
            gsize    size)
{
  g_string_append (text, "```c\n");
  repeat (text, size, "  int value = compute (some, arguments) * 2; /* comment */\n");
}

static void
make_line (GString *text,
           gsize    size)
{
  repeat (text, size, sentence);
}

static void
make_lines (GString *text,
            gsize    size)
{
  while (text->len < size)
    g_string_append_printf (text, "%s\n", sentence);
}

static void
make_list (GString *text,
           gsize    size)
{
  repeat (text, size, "- an item with **bold** text and `code` in it\n");
}

static void
make_table (GString *text,
            gsize    size)
{
  g_string_append (text, "| a | b | c |\n|---|---|---|\n");
  repeat (text, size, "| some text | **bold** here | `code` there |\n");
}

static void
make_quotes (GString *text,
             gsize    size)
{
  repeat (text, size, ">");
  g_string_append (text, " text in the middle of it all");
}

static void
make_brackets (GString *text,
               gsize    size)
{
  repeat (text, size, "[");
}

static void
make_star (GString *text,
           gsize    size)
{
  g_string_append (text, "a *b ");
  repeat (text, size, "words without an end, and no marker to be seen ");
}

static void
make_definitions (GString *text,
                  gsize    size)
{
  guint n = (guint) (size / 100);
  guint i;

  for (i = 0; i < n; i++)
    g_string_append_printf (text, "Paragraph %u refers to [label %u] and goes on for a while.\n\n", i, i);
  for (i = 0; i < n; i++)
    g_string_append_printf (text, "[label %u]: https://example.org/%u\n", i, i);
}

static void
make_one_paragraph_labels (GString *text,
                           gsize    size)
{
  guint n = (guint) (size / 60);
  guint i;

  for (i = 0; i < n; i++)
    g_string_append_printf (text, "See [label %u] there.\n", i);
  for (i = 0; i < n; i++)
    g_string_append_printf (text, "\n[label %u]: https://example.org/%u\n", i, i);
}

static void
make_columns (GString *text,
              gsize    size)
{
  gsize n = size / 2;
  gsize i;

  for (i = 0; i < n; i++)
    g_string_append (text, "|a");
  g_string_append (text, "\n");
  for (i = 0; i < n; i++)
    g_string_append (text, "|-");
  g_string_append (text, "\n");
}

static void
make_short_rows (GString *text,
                 gsize    size)
{
  guint i;

  for (i = 0; i < 200; i++)
    g_string_append (text, "|a");
  g_string_append (text, "\n");
  for (i = 0; i < 200; i++)
    g_string_append (text, "|-");
  g_string_append (text, "\n");
  repeat (text, size, "a\n");
}

static void
make_parentheses (GString *text,
                  gsize    size)
{
  g_string_append (text, "http://a");
  repeat (text, size, ")");
}

/* Shapes that are one piece again and again. */
static const struct
{
  const char *name;
  const char *piece;
  gsize       size;
  gboolean    is_hard;
} repeated[] = {
  { "openers *a", "*a ", 200 * KB },
  { "openers *a **a", "*a **a ", 200 * KB },
  { "closers a**", "a** ", 200 * KB },
  { "openers _a __", "_a __b ", 200 * KB },
  { "stars", "*", 200 * KB },
  { "backticks", "`", 200 * KB },
  { "ticks and text", "`a ``b ```c ", 200 * KB },
  { "comments <!--", "a <!-- ", 200 * KB },
  { "tags <a", "<a ", 200 * KB },
  { "instructions <?", "b <? ", 200 * KB },
  { "links [a](", "[a](", 200 * KB },
  { "links [a](b", "[a](b ", 200 * KB },
  { "images ![[]()", "![[]()", 200 * KB, TRUE },
  { "images ![l", "![l", 200 * KB },
  { "references [a][b", "[a][b", 200 * KB },
  { "links [a](<b", "[a](<b", 200 * KB },
  { "entities", "&nbsp;&rarr;", 200 * KB },
  { "e-mail a@", "a@", 200 * KB },
  { "e-mail a@b.c", "a@b.c ", 200 * KB },
  { "www _www.a", "_www.a", 200 * KB, TRUE },
  { "http://", "http://", 200 * KB },
  { "colons", "a:", 200 * KB },
  { "tildes ~a", "~a ", 200 * KB },
  { "rules", "---\n", 200 * KB },
  { "dashes", "-", 200 * KB },
  { "markers - - -", "- ", 40 * KB },
  { "marks >> lines", "> > > a\n", 200 * KB },
  { "headings", "# a\n", 200 * KB },
  { "setext", "a\n=\n", 200 * KB },
  { "blank lines", "\n", 200 * KB },
  { "spaces", " ", 200 * KB },
  { "tabs", "\t", 200 * KB },
  { "definitions", "[a]: b\n", 200 * KB },
  { "half definitions", "[a]: b \"", 200 * KB },
  { "html lines", "<div>\n", 200 * KB },
  { "pipes", "|", 200 * KB },
  { "rows without a head", "| a | b |\n", 200 * KB },
  { "underlines a_b", "a_b", 200 * KB },
  { "escapes", "\\*", 200 * KB },
  { "characters", "\303\251\342\202\254", 200 * KB },
  { "invalid bytes", "\377\303", 200 * KB },
  { "mail a@b.c_", "a@b.c_", 200 * KB },
  { "mail a.b@", "a.b@", 200 * KB },
  { "items 1) 1)", "1) ", 200 * KB },
  { "quotes and items", "> - ", 200 * KB },
  { "attributes <a b=", "<a b=\"", 200 * KB },
  { "titles", "[a](b \"", 200 * KB },
  { "NUL", "\001\002", 200 * KB },
  { "brackets 1 MB", "[", 1024 * KB },
  { "angles 1 MB", "<", 1024 * KB },
  { "ampersands 1 MB", "&", 1024 * KB },
  { "closing brackets 1 MB", "]", 1024 * KB },
  { "exclamations ![", "![", 200 * KB },
  { "underlines *a_b", "*a_b", 200 * KB },
  { "mixed *a _b **c", "*a _b **c __d ", 200 * KB },
  { "mixed *_", "*_", 200 * KB },
  { "mixed ~~*", "~~*a", 200 * KB },
  { "footnotes", "A claim[^1] and [^note].\n\n[^1]: The note.\n\n", 200 * KB },
  { "footnotes in a line", "[^a]", 200 * KB },
  { "addresses", "https://example.org/a_(b)?c=d&amp;e. ", 200 * KB },
  { "addresses in brackets", "(https://a.b/c_(d)) ", 200 * KB },
  { "autolinks", "<https://example.org/a?b=c> ", 200 * KB },
  { "numeric entities", "&#x1F600;&#10;&#0;", 200 * KB },
  { "half entities", "&amp &#12 &#x; ", 200 * KB },
  { "long html block", "<div class=\"a\">text *x*</div>\n", 1024 * KB },
  { "html comment lines", "<!--\n-- >\n", 200 * KB },
  { "tables in lists in quotes", "> - | a | b |\n>   |---|---|\n>   | 1 | 2 |\n>\n", 200 * KB },
  { "lists in quotes in lists", "- > 1. > - a\n", 200 * KB },
  { "fences", "```\na\n```\n", 200 * KB },
  { "fences in lists", "- ```c\n  int x;\n  ```\n", 200 * KB },
  { "indented code", "    a\n\n", 200 * KB },
  { "hard breaks", "a  \n", 200 * KB },
  { "task boxes", "- [ ] a\n- [x] b\n", 200 * KB },
  { "long words", "abcdefghijklmnopqrstuvwxyz", 1024 * KB },
  { "late titles", "[a]: <b> 'c\nd'\n", 200 * KB },
  { "labels of brackets", "[\\[a\\]]: b\n\n", 200 * KB },
  { "nested parentheses", "[a](b(c(d(", 200 * KB },
  { "links and openers", "**a [b](c) ", 200 * KB, TRUE },
  { "links and openers 1 MB", "*[a](b)", 1024 * KB, TRUE },
  { "images and code", "![`]`[]()", 200 * KB, TRUE },
  { "closers of nothing", "__~* ", 200 * KB, TRUE },
  { "tildes of two lengths", "~~a a~ a~ a~ ", 200 * KB },
  { "rows of other columns", "a\n|-|-\n", 200 * KB, TRUE },
  { "addresses and tags", "<a>https://a.b", 200 * KB, TRUE },
  { "addresses and instructions", "www.a<?\n", 200 * KB, TRUE },
  { "hashes", "# ", 200 * KB },
  { "inline tags", "<b>x</b> ", 200 * KB },
};

static void
make_blank_in_list (GString *text,
                    gsize    size)
{
  guint i;

  for (i = 0; i < 1000; i++)
    g_string_append (text, "- ");
  g_string_append (text, "x\n");
  repeat (text, size, "\n");
}

static void
make_indented_lists (GString *text,
                     gsize    size)
{
  guint depth;

  for (depth = 0; text->len < size; depth++)
    g_string_append_printf (text, "%*s- a\n", (int) (2 * depth), "");
}

static void
make_expansion (GString *text,
                gsize    size)
{
  g_string_append (text, "[a]: ");
  repeat (text, size / 2, "https://example.org/");
  g_string_append (text, "\n\n");
  repeat (text, size, "[a] ");
}

/* A line each of growing length: no run of backticks closes another. */
static void
make_growing_ticks (GString *text,
                    gsize    size)
{
  guint n;

  for (n = 1; text->len < size; n++)
    {
      guint i;

      for (i = 0; i < n; i++)
        g_string_append_c (text, '`');
      g_string_append (text, "a ");
    }
}

/* Lists and quotes around each other, deeper from line to line and then as deep again and again. */
static void
make_mixed_nesting (GString *text,
                    gsize    size)
{
  g_autoptr (GString) prefix = g_string_new (NULL);
  guint n;

  for (n = 0; n < 200; n++)
    {
      g_string_append_printf (text, "%s- a\n", prefix->str);
      g_string_append (prefix, n % 2 == 0 ? "  " : "> ");
    }
  while (text->len < size)
    g_string_append_printf (text, "%s- b\n", prefix->str);
}

static void
make_one_line_nesting (GString *text,
                       gsize    size)
{
  while (text->len < size)
    g_string_append (text, "- > 1. > ");
  g_string_append (text, "a\n\nb\n");
}

static void
make_wide_row (GString *text,
               gsize    size)
{
  g_string_append (text, "| a | b |\n|---|---|\n");
  repeat (text, size, "| c ");
  g_string_append (text, "|\n");
}

/* Every paragraph names a label, and a thousand definitions come late and one by one. */
static void
make_scattered_definitions (GString *text,
                            gsize    size)
{
  guint i;

  for (i = 0; text->len < size; i++)
    g_string_append_printf (text, "See [l%u], [l%u] and [l%u].\n\n[l%u]: /%u\n\n", i, i / 2, i + 1000, i, i);
}

static void
make_rows_of_lines (GString *text,
                    gsize    size)
{
  repeat (text, size, "a\n");
  g_string_append (text, "|-|\n");
}

static void
make_blank_code_in_list (GString *text,
                         gsize    size)
{
  guint i;

  for (i = 0; i < 1000; i++)
    g_string_append (text, "- ");
  g_string_append (text, "```\n");
  repeat (text, size, "\n");
}

static void
make_lazy_quotes (GString *text,
                  gsize    size)
{
  repeat (text, size / 2, ">");
  repeat (text, size, "a\n");
}

static void
make_code_of_ticks (GString *text,
                    gsize    size)
{
  g_string_append (text, "`a ");
  repeat (text, size, "`");
}

static const Shape shapes[] = {
  { "ordinary 20 KB", make_ordinary, 20 * KB, TRUE, FALSE },
  { "ordinary 200 KB", make_ordinary, 200 * KB, TRUE, FALSE },
  { "ordinary 1 MB", make_ordinary, 1024 * KB, TRUE, FALSE },
  { "one fence", make_fence, 200 * KB, FALSE, FALSE },
  { "one fence 1 MB", make_fence, 1024 * KB, FALSE, FALSE },
  { "one paragraph, one line", make_line, 200 * KB, FALSE, FALSE },
  { "one paragraph, lines", make_lines, 200 * KB, FALSE, FALSE },
  { "one list", make_list, 200 * KB, FALSE, FALSE },
  { "one table", make_table, 200 * KB, FALSE, FALSE },
  { "5,000 quotes", make_quotes, 5000, FALSE, FALSE },
  { "50,000 brackets", make_brackets, 50000, FALSE, FALSE },
  { "unclosed star", make_star, 200 * KB, FALSE, FALSE },
  { "late definitions", make_definitions, 200 * KB, FALSE, FALSE },
  { "labels of one paragraph", make_one_paragraph_labels, 200 * KB, FALSE, FALSE },
  { "40,000 columns", make_columns, 80000, FALSE, TRUE },
  { "short rows", make_short_rows, 200 * KB, FALSE, TRUE },
  { "parentheses", make_parentheses, 200 * KB, FALSE, TRUE },
  { "blank lines in lists", make_blank_in_list, 60 * KB, FALSE, TRUE },
  { "long definition", make_expansion, 200 * KB, FALSE, TRUE },
  { "indented lists", make_indented_lists, 200 * KB, FALSE, FALSE },
  { "growing backticks", make_growing_ticks, 200 * KB, FALSE, FALSE },
  { "mixed nesting", make_mixed_nesting, 200 * KB, FALSE, FALSE },
  { "nesting in one line", make_one_line_nesting, 20 * KB, FALSE, FALSE },
  { "a row of 40,000 cells", make_wide_row, 160 * KB, FALSE, TRUE },
  { "a delimiter row under lines", make_rows_of_lines, 200 * KB, FALSE, TRUE },
  { "blank lines of code in lists", make_blank_code_in_list, 200 * KB, FALSE, TRUE },
  { "lazy lines in quotes", make_lazy_quotes, 200 * KB, FALSE, TRUE },
  { "code of ticks", make_code_of_ticks, 200 * KB, FALSE, FALSE },
  { "scattered definitions", make_scattered_definitions, 200 * KB, FALSE, FALSE },
};

static double
measure_parse (const GString *text)
{
  static const char *const names[] = { "table", "strikethrough", "autolink", "tasklist" };
  double start = get_cpu_seconds ();
  guint n = 0;
  guint i;

  cmark_gfm_core_extensions_ensure_registered ();
  do
    {
      cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);

      for (i = 0; i < G_N_ELEMENTS (names); i++)
        cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension (names[i]));
      cmark_parser_feed (parser, text->str, text->len);
      cmark_node_free (cmark_parser_finish (parser));
      cmark_parser_free (parser);
      n++;
    }
  while (get_cpu_seconds () - start < 0.05);
  return (get_cpu_seconds () - start) / n;
}

static void
finish (ScMarkdownStream *stream,
        double           *last,
        double           *step)
{
  double begin = get_cpu_seconds ();
  double before = begin;

  sc_markdown_stream_finish (stream);
  *step = 0;
  while (!sc_markdown_stream_is_settled (stream))
    {
      double now;

      sc_markdown_stream_update (stream);
      now = get_cpu_seconds ();
      *step = MAX (*step, now - before);
      before = now;
    }
  *last = before - begin;
}

static double
measure_stream (const GString *text,
                double        *longest,
                double        *last,
                double        *step)
{
  double start = get_cpu_seconds ();
  double total = 0;
  guint n = 0;

  *longest = 0;
  do
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      double begin = get_cpu_seconds ();
      double before = begin;
      gsize at;

      sc_markdown_stream_set_step (stream, STEP);
      for (at = 0; at < text->len; at += CHUNK)
        {
          sc_markdown_stream_feed (stream, text->str + at, MIN (CHUNK, text->len - at));
          sc_markdown_stream_update (stream);
          if (at % (64 * CHUNK) == 0)
            {
              double now = get_cpu_seconds ();

              *longest = MAX (*longest, now - before);
              before = now;
            }
        }
      finish (stream, last, step);
      total += get_cpu_seconds () - begin;
      n++;
    }
  while (get_cpu_seconds () - start < 0.1);
  return total / n;
}

static gboolean
run_shape (const char    *name,
           const GString *text,
           gboolean       is_ordinary,
           gboolean       is_hard)
{
  double parse = is_hard ? 0 : measure_parse (text);
  double longest, last, step;
  double stream = measure_stream (text, &longest, &last, &step);
  double ratio = parse > 0 ? stream / parse : 0;
  gboolean is_good = stream <= MAX_SECONDS && ratio <= (is_ordinary ? MAX_ORDINARY : MAX_ANY);

  printf ("%-28s %9zu %10.2f %10.2f %8.1f %10.2f %10.2f %10.2f%s\n", name, text->len, parse * 1000,
          stream * 1000, ratio, longest * 1000, last * 1000, step * 1000, is_good ? "" : "  TOO MUCH");
  fflush (stdout);
  return is_good;
}

int
main (int   argc,
      char *argv[])
{
  gboolean is_good = TRUE;
  guint i;

  printf ("%-28s %9s %10s %10s %8s %10s %10s %10s\n", "shape", "bytes", "parse ms", "stream ms", "times",
          "64 updates", "finish ms", "a step");
  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (argc > 1 && strstr (shapes[i].name, argv[1]) == NULL)
        continue;
      shapes[i].make (text, shapes[i].size);
      is_good = run_shape (shapes[i].name, text, shapes[i].is_ordinary, shapes[i].is_hard) && is_good;
    }
  for (i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (argc > 1 && strstr (repeated[i].name, argv[1]) == NULL)
        continue;
      repeat (text, repeated[i].size, repeated[i].piece);
      is_good = run_shape (repeated[i].name, text, FALSE, repeated[i].is_hard) && is_good;
    }
  return is_good ? 0 : 1;
}
