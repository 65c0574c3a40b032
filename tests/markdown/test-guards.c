/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is kept from cmark because it would take quadratic time: below the bounds the text is cmark's, beyond them nothing
 * of it is lost, and the work that is left to cmark, counted by a model of what it visits, grows as the text does. */

#include "config.h"

#include <string.h>

#include "markdown-cases.h"
#include "markdown-mirror.h"
#include "sc-markdown-scan.h"
#include "sc-markdown.h"

#define KB 1024
/* What cmark may visit for a text of any length, and besides for each byte of it. */
#define MAX_WORK 100000000
#define MAX_WORK_A_BYTE 150

/* Beyond the bounds the text stays readable; below them it is cmark's. */
static void
test_guards (void)
{
  static const struct
  {
    const char *head;
    const char *piece;
    guint       below;
    guint       beyond;
  } rows[] = {
    { "", "|a", 250, 30000 },
    { "a\n", "|-", 250, 30000 },
    { "", "![[]()", 200, 30000 },
    { "", "a <? ", 250, 30000 },
    { "http://a", ")", 200, 60000 },
    { "x", "_www.a", 200, 30000 },
    { "x", "a@b.c_", 200, 30000 },
    { "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a\n", "\n", 50, 60000 },
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (rows[i].head);
      g_autofree char *expected = NULL;
      g_autofree char *xml = NULL;
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();

      for (j = 0; j < rows[i].below; j++)
        g_string_append (text, rows[i].piece);
      expected = render_once (text->str, text->len);
      xml = render_stream (text->str, text->len, 64);
      g_assert_cmpstr (xml, ==, expected);

      for (; j < rows[i].beyond; j++)
        g_string_append (text, rows[i].piece);
      sc_markdown_stream_feed (stream, text->str, text->len);
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      g_assert_cmpuint (sc_markdown_stream_get_n_blocks (stream), >, 0);
    }
}

/* A row of too many cells is text, and rows that ask for too many cells end the table. */
static void
test_guarded_tables (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  g_autoptr (ScMarkdownStream) rows = sc_markdown_stream_new ();
  guint i;

  for (i = 0; i < 40000; i++)
    g_string_append (text, "|a");
  g_string_append_c (text, '\n');
  for (i = 0; i < 40000; i++)
    g_string_append (text, "|-");
  sc_markdown_stream_feed (stream, text->str, text->len);
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  g_assert_cmpint (sc_markdown_stream_get_block (stream, 0)->kind, ==, SC_MARKDOWN_PARAGRAPH);

  g_string_truncate (text, 0);
  for (i = 0; i < 200; i++)
    g_string_append (text, "|a");
  g_string_append_c (text, '\n');
  for (i = 0; i < 200; i++)
    g_string_append (text, "|-");
  for (i = 0; i < 20000; i++)
    g_string_append (text, "\na");
  sc_markdown_stream_feed (rows, text->str, text->len);
  sc_markdown_stream_finish (rows);
  sc_markdown_stream_update (rows);
  g_assert_cmpint (sc_markdown_stream_get_block (rows, 0)->kind, ==, SC_MARKDOWN_TABLE);
  g_assert_cmpuint (sc_markdown_stream_get_block (rows, 0)->rows->len, <, 2000);
}

/* What looks like a delimiter row of too many columns is text as it stands, whenever that is known. */
static void
test_guarded_delimiters (void)
{
  g_autoptr (GString) text = g_string_new ("a\n");
  g_autoptr (GString) expected = g_string_new ("p<a ");
  gsize chunk, i;

  for (i = 0; i < 300; i++)
    g_string_append (text, "|-");
  g_string_append (expected, text->str + 2);
  g_string_append (expected, " b>");
  g_string_append (text, "\nb");
  for (chunk = 3; chunk < 2000; chunk *= 5)
    {
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      g_autofree char *view = NULL;

      for (i = 0; i < text->len; i += chunk)
        {
          sc_markdown_stream_feed (stream, text->str + i, MIN (chunk, text->len - i));
          sc_markdown_stream_update (stream);
        }
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      view = describe_view (stream);
      g_assert_cmpstr (view, ==, expected->str);
    }
}

/* One long definition is not copied a hundred thousand times. */
static void
test_guarded_definition (void)
{
  g_autoptr (GString) text = g_string_new ("[a]: ");
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  guint i;

  for (i = 0; i < 10000; i++)
    g_string_append (text, "0123456789");
  g_string_append (text, "\n\n");
  for (i = 0; i < 50000; i++)
    g_string_append (text, "[a]");
  sc_markdown_stream_feed (stream, text->str, text->len);
  sc_markdown_stream_update (stream);
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  g_assert_cmpuint (sc_markdown_stream_get_n_blocks (stream), ==, 2);
}

/* Models of cmark's work. */

/* Each link visits every marker and image that is open. */
static guint64
count_link_work (const char *text)
{
  guint64 n_runs = 0, n_open = 0, n_images = 0, work = 0;
  gsize i;

  for (i = 0; text[i] != '\0'; i++)
    if (text[i] == '\\' && text[i + 1] != '\0')
      i++;
    else if (text[i] == '*' && text[i + 1] != ' ')
      n_runs++;
    else if (text[i] == '[')
      {
        n_open++;
        n_images += i > 0 && text[i - 1] == '!' ? 1 : 0;
      }
    else if (text[i] == ']' && n_open > 0)
      {
        n_open--;
        work += n_runs + n_images;
      }
  return work;
}

/* Each delimiter row has all of its paragraph read, and each line of it back to the last pipe. */
static guint64
count_row_work (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint64 since_pipe = 0, cost = 0, work = 0;
  guint i;

  for (i = 0; lines[i] != NULL; i++)
    {
      gsize n = strlen (lines[i]);
      const char *pipe = strrchr (lines[i], '|');

      if (n > 0 && strspn (lines[i], "|-:") == n)
        work += cost;
      cost += n + since_pipe;
      since_pipe = pipe != NULL ? strlen (pipe) : since_pipe + n;
    }
  return work;
}

/* Each blank line visits the lists of the first line. */
static guint64
count_blank_work (const char *text)
{
  const char *line = strchr (text, '\n');
  guint64 n_lists = 0, n_blank = 0;
  const char *p;

  for (p = text; p < line; p++)
    n_lists += *p == '-' ? 1 : 0;
  for (p = line; *p != '\0'; p++)
    n_blank += p[0] == '\n' && (p[1] == '\n' || p[1] == ' ') ? 1 : 0;
  return n_lists * n_blank;
}

/* Each line break and marker visits the quotes of the first line. */
static guint64
count_deep_work (const char *text)
{
  guint64 n_quotes = strspn (text, ">");
  guint64 n_inlines = 0;

  for (; *text != '\0'; text++)
    n_inlines += *text == '\n' || *text == '*' ? 1 : 0;
  return n_quotes * n_inlines;
}

/* Each address is searched to the end of the word. */
static guint64
count_word_work (const char *text)
{
  gsize length = strlen (text);
  guint64 work = 0;
  gsize i;

  for (i = 0; i < length; i++)
    if (strncmp (text + i, "://", 3) == 0)
      work += length - i;
  return work;
}

/* "*" closes nothing here and looks at every "__". */
static guint64
count_run_work (const char *text)
{
  guint64 n_open = 0, work = 0;

  for (; *text != '\0'; text++)
    if (text[0] == '\\' && text[1] != '\0')
      text++;
    else if (strncmp (text, "__", 2) == 0)
      n_open++;
    else if (*text == '*')
      work += n_open;
  return work;
}

/* Each "~" looks back to the "~~" and stays itself. */
static guint64
count_tilde_work (const char *text)
{
  guint64 n = 0, work = 0;

  for (; *text != '\0'; text++)
    if (text[0] == '\\' && text[1] != '\0')
      text++;
    else if (*text == '~')
      work += n++;
  return work;
}

/* Each is searched for its end, which never comes. */
static guint64
count_angle_work (const char *text)
{
  gsize length = strlen (text);
  guint64 work = 0;
  gsize i;

  for (i = 0; i < length; i++)
    if (text[i] == '<' && text[i + 1] == '?')
      work += length - i;
  return work;
}

static const struct
{
  const char *name;
  const char *head;
  guint       n_head;
  const char *piece;
  const char *tail;
  guint64   (*count) (const char *text);
} shapes[] = {
  { "links among open markers", "", 0, "**a [b](c) ", "", count_link_work },
  { "links behind open markers", "*a ", 20000, "[b](c)", "", count_link_work },
  { "links behind half escaped markers", "", 0, "\\**a [b](c) ", "", count_link_work },
  { "images with hidden brackets", "", 0, "![`]`[]()", "", count_link_work },
  { "a delimiter row under lines", "", 0, "a\n", "|-|", count_row_work },
  { "delimiter rows of other columns", "", 0, "a\n|-|-\n", "", count_row_work },
  { "blank lines of code in lists", "- ", 1000, "\n", "a", count_blank_work },
  { "lines of spaces in lists", "- ", 1000, "\n ", "a", count_blank_work },
  { "lazy lines in quotes", ">", 20000, "a\n", "", count_deep_work },
  { "markers in quotes", ">", 20000, "*a ", "", count_deep_work },
  { "addresses in one word", "", 0, "http://a<", "", count_word_work },
  { "markers that close nothing", "", 0, "__~* ", "", count_run_work },
  { "closers of another length", "~~a ", 1, "a~ ", "", count_tilde_work },
  { "half tags behind addresses", "", 0, "www.a<?\n", "", count_angle_work },
};

static GString *
make_shape (guint i,
            gsize size)
{
  GString *text = g_string_new (NULL);
  guint j;

  for (j = 0; j < shapes[i].n_head; j++)
    g_string_append (text, shapes[i].head);
  if (shapes[i].count == count_blank_work)
    g_string_append (text, "```\n");
  while (text->len < size)
    g_string_append (text, shapes[i].piece);
  g_string_append (text, shapes[i].tail);
  return text;
}

/* Returns: (transfer full): the text as cmark gets it. */
static char *
make_guarded (const GString *text)
{
  GString *guarded = g_string_new (NULL);
  ScMarkdownList list;
  ScMarkdownScan scan;
  gsize at = 0;
  guint i;

  sc_markdown_list_init (&list);
  sc_markdown_scan_init (&scan, &list);
  for (i = 0; i < text->len; i += 20)
    {
      sc_markdown_scan_feed (&scan, text->str + i, MIN (20, text->len - i));
      sc_markdown_scan_show (&scan);
    }
  sc_markdown_scan_finish (&scan);
  for (i = 0; i < scan.patches->len; i++)
    {
      const ScMarkdownPatch *patch = &g_array_index (scan.patches, ScMarkdownPatch, i);

      g_string_append_len (guarded, text->str + at, (gssize) (patch->offset - at));
      g_string_append (guarded, patch->insert);
      at = patch->offset + patch->skip;
    }
  g_string_append (guarded, text->str + MIN (at, text->len));
  sc_markdown_scan_clear (&scan);
  sc_markdown_list_clear (&list);
  return g_string_free (guarded, FALSE);
}

static void
test_work (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GString) small = make_shape (i, 2 * KB + shapes[i].n_head);
      g_autoptr (GString) large = make_shape (i, 400 * KB);
      g_autofree char *kept = NULL;
      g_autofree char *guarded = make_guarded (large);

      g_test_message ("%s: %" G_GUINT64_FORMAT " without, %" G_GUINT64_FORMAT " with guards", shapes[i].name,
                      shapes[i].count (large->str), shapes[i].count (guarded));
      g_assert_cmpuint (shapes[i].count (large->str), >, MAX_WORK + MAX_WORK_A_BYTE * large->len);
      g_assert_cmpuint (shapes[i].count (guarded), <, MAX_WORK + MAX_WORK_A_BYTE * large->len);
      if (shapes[i].n_head > 1000)
        continue;
      kept = make_guarded (small);
      g_assert_cmpstr (kept, ==, small->str);
    }
}

static void
count_letters (const char *text,
               guint      *counts)
{
  for (; *text != '\0'; text++)
    if (g_ascii_islower (*text))
      counts[*text - 'a']++;
}

/* Every letter of a guarded text is shown, or is in the address of a link. */
static void
test_nothing_lost (void)
{
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GString) text = make_shape (i, 200 * KB);
      g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
      guint expected[26] = { 0 };
      guint shown[26] = { 0 };

      sc_markdown_stream_feed (stream, text->str, text->len);
      sc_markdown_stream_finish (stream);
      sc_markdown_stream_update (stream);
      count_letters (text->str, expected);
      for (j = 0; j < sc_markdown_stream_get_n_blocks (stream); j++)
        {
          const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, j);
          guint k;

          count_letters (block->content.text->str, shown);
          for (k = 0; k < block->content.spans->len; k++)
            {
              const ScMarkdownSpan *span = &g_array_index (block->content.spans, ScMarkdownSpan, k);

              if (span->target != NULL && strchr (span->target, ':') == NULL)
                count_letters (span->target, shown);
            }
        }
      g_assert_cmpmem (shown, sizeof shown, expected, sizeof expected);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/guards/bounds", test_guards);
  g_test_add_func ("/markdown/guards/tables", test_guarded_tables);
  g_test_add_func ("/markdown/guards/delimiters", test_guarded_delimiters);
  g_test_add_func ("/markdown/guards/definition", test_guarded_definition);
  g_test_add_func ("/markdown/guards/work", test_work);
  g_test_add_func ("/markdown/guards/nothing-lost", test_nothing_lost);
  return g_test_run ();
}
