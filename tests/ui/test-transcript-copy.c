/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is copied, in every form, and what it costs: blocks to markdown and back, pieces of every kind of block, several
 * messages, the selection that the middle button pastes, and a part of a long answer. */

#include "config.h"

#include <string.h>

#include "sc-page-copy.h"
#include "sc-page-markdown.h"
#include "transcript-fixture.h"
#include "transcript-page.h"

#define LONG_BYTES (512 * 1024)

/* Blocks to markdown and back */

static void
describe_text (GString              *out,
               const ScMarkdownText *text)
{
  g_string_append_printf (out, "“%s”", text->text->str);
  for (guint i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);

      g_string_append_printf (out, " %u-%u:%x %s %s", span->start, span->end, span->styles,
                              span->target != NULL ? span->target : "", span->link != NULL ? span->link : "");
    }
}

static char *
describe (ScMarkdownStream *stream)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < sc_markdown_stream_get_n_blocks (stream); i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);

      g_string_append_printf (out, "kind %u level %d depth %d quote %d number %d checked %d %s ", block->kind,
                              block->level, block->depth, block->quote, block->number, block->checked,
                              block->language != NULL ? block->language : "");
      describe_text (out, &block->content);
      for (guint j = 0; block->rows != NULL && j < block->rows->len; j++)
        {
          const GPtrArray *cells = g_ptr_array_index (block->rows, j);

          for (guint k = 0; k < cells->len; k++)
            {
              g_string_append (out, " | ");
              describe_text (out, g_ptr_array_index (cells, k));
            }
        }
      for (guint j = 0; block->aligns != NULL && j < block->aligns->len; j++)
        g_string_append_printf (out, " a%u", (guint) g_array_index (block->aligns, ScMarkdownAlign, j));
      g_string_append_c (out, '\n');
    }

  return g_string_free (out, FALSE);
}

static ScMarkdownStream *
parse (const char *text)
{
  ScMarkdownStream *stream = sc_markdown_stream_new ();

  sc_markdown_stream_feed (stream, text, strlen (text));
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);

  return stream;
}

static char *
write_back (ScMarkdownStream *stream)
{
  GString *out = g_string_new (NULL);
  ScPageMarkdown *markdown = sc_page_markdown_new (out);

  for (guint i = 0; i < sc_markdown_stream_get_n_blocks (stream); i++)
    sc_page_markdown_append (markdown, sc_markdown_stream_get_block (stream, i), 0, G_MAXUINT);
  sc_page_markdown_free (markdown);

  return g_string_free (out, FALSE);
}

static void
check_round (const char *text)
{
  g_autoptr (ScMarkdownStream) first = parse (text);
  g_autofree char *written = write_back (first);
  g_autoptr (ScMarkdownStream) second = parse (written);
  g_autofree char *expected = describe (first);
  g_autofree char *found = describe (second);

  if (g_strcmp0 (expected, found) != 0)
    g_test_message ("%s\n-----\n%s", text, written);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_round (void)
{
  static const char *const texts[] = {
    "# One\n\n## Two *it*\n\n### C\\#\n\n#### 4 \\#\n",
    "Plain, **bold**, *italic*, ***both***, ~~struck~~, `code`, a [link](https://example.org/a_b) and more.\n",
    "**a *b* c** and *a **b** c* and **a**b*c*d and **[in](x) bold** [**b** and *i*](y).\n",
    "**bold `code` bold** and *it ~~both~~ it*.\n",
    "2 * 3 * 4 and snake_case_name, \\_escaped\\_ and \\*this\\*, a \\` tick, 5 < 6 & 7 \\&amp; \\<b> \\[x](y) \\\\.\n",
    "\\# no heading\n\n\\- no item\n\n1\\. no item\n\n\\> no quote\n\n\\=\n\n\\---\n",
    "``a ` b`` and ` `` ` and `` ` `` and `|`.\n",
    "A [link](<with space> \"title\") and [one (x)](https://e.org/a_(b)) and <https://e.org/x> and https://e.org/y_z here.\n",
    "![alt](pic.png) and [![alt *it*](pic.png)](https://e.org) and \\![no](picture).\n",
    "a ![](x.png) b ![](y.png)\n\n![](z.png)\n",
    "[ref] and [Ref][] and [text][ref]\n\n[ref]: https://e.org/ref\n",
    "one\\\ntwo  \nthree\nfour\n",
    "- a\n- b\n  - c\n    - d\n      - e\n        1. f\n        2. g\n- h\n",
    "98. a\n99. b\n100. c\n     - nested\n\n       para of it\n101. d\n",
    "- a\n\n  second\n\n  ```c\n  int a;\n\n  int b;\n  ```\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n  > quote\n  >\n  > - in quote\n- b\n",
    "- [ ] open\n- [x] done\n  - [ ] nested\n",
    "> quote\n>\n> # heading\n>\n> > nested\n> > - item\n> >   - item\n> >\n> > ```\n> > code\n> > ```\n\nafter\n",
    "> - a\n>   > b\n>   > - c\n> - d\n\n- e\n\n  > f\n\n  g\n",
    "- - a\n  - b\n- ```\n  code\n  ```\n-\n- ***\n- # heading\n",
    "```c\nint x;\n```\n\n````\n```\nnested\n```\n````\n\n    indented\n\n~~~\n\n\n~~~\n",
    "| a | b | c | d |\n|:--|:-:|--:|---|\n| **x** | `a\\|b` | y \\| z | [l](u) |\n| | 2 | 3 | 4 |\n",
    "<div>\nhtml <b>\n</div>\n\ntext <b>inline</b> text\n\n- item\n",
    "---\n\n***\n",
    "a~b~c ~~d~~ 5~6 \\~\\~no\\~\\~\n",
    "**“quoted”** text, “**quoted**”, ***a** b*, *a **b***\n",
    "日本語の**太字**です。 عربي *مائل* نص 👩‍👩‍👧\n",
    "1) a\n2) b\n\ntext\n\n3. c\n\n5. d\n",
    "- a\n\n2. b\n\n- c\n  3. d\n",
    ">\n\ntext\n\n> a\n\n> b\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_round (texts[i]);
  check_round (transcript_page);
}

/* Whatever a part is cut from, the words are those that were selected and the text is markdown of the same blocks. */
static void
test_cut (void)
{
  g_autoptr (ScMarkdownStream) stream = parse (transcript_page);

  for (guint i = 0; i < sc_markdown_stream_get_n_blocks (stream); i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);
      const GString *text = block->content.text;

      if (block->kind != SC_MARKDOWN_PARAGRAPH && block->kind != SC_MARKDOWN_ITEM)
        continue;
      for (guint from = 0; from < text->len; from++)
        {
          guint to = from + 1 + (from * 7) % (guint) (text->len - from);
          g_autoptr (GString) out = g_string_new (NULL);
          g_autofree char *cut = NULL;
          g_autoptr (ScMarkdownStream) again = NULL;

          if (((guchar) text->str[from] & 0xc0) == 0x80)
            continue;
          while (to < text->len && ((guchar) text->str[to] & 0xc0) == 0x80)
            to++;
          cut = g_strstrip (g_strndup (text->str + from, to - from));
          sc_page_markdown_append_inline (out, &block->content, from, to, FALSE);
          again = parse (out->str);
          if (*cut == '\0')
            continue;
          g_assert_cmpuint (sc_markdown_stream_get_n_blocks (again), ==, 1);
          g_assert_cmpstr (sc_markdown_stream_get_block (again, 0)->content.text->str, ==, cut);
        }
    }
}

/* Pieces of a page */

static void
find_range (TranscriptFixture *fixture,
            const char        *first,
            const char        *last,
            guint             *from,
            guint             *to)
{
  g_autofree char *text = transcript_fixture_dup_text (fixture);
  const char *start = strstr (text, first);
  const char *end = start != NULL ? strstr (start, last) : NULL;

  g_assert_nonnull (start);
  g_assert_nonnull (end);
  *from = (guint) g_utf8_strlen (text, start - text);
  *to = (guint) g_utf8_strlen (text, end + strlen (last) - text);
}

static ScPageCopy *
copy_range (TranscriptFixture *fixture,
            const char        *first,
            const char        *last)
{
  guint from;
  guint to;

  find_range (fixture, first, last, &from, &to);

  return sc_page_copy_range (fixture->page, from, to);
}

static void
answer (TranscriptFixture *fixture,
        const char        *text)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, text);

  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
}

static void
test_pieces (TranscriptFixture *fixture,
             gconstpointer      data)
{
  static const struct
  {
    const char *first;
    const char *last;
    const char *text;
    const char *markdown;
    const char *html;
  } rows[] = {
    { "strong", "words", "strong words", "**strong words**", "<p><strong>strong words</strong></p>\n" },
    { "ong", "wor", "ong wor", "**ong wor**", "<p><strong>ong wor</strong></p>\n" },
    { "ink", "and", "ink and", "[ink](https://e.org/) and", "<p><a href=\"https://e.org/\">ink</a> and</p>\n" },
    { "alled", "alled", "alled", "[alled](/by/name)", "<p><a href=\"/by/name\">alled</a></p>\n" },
    { "•\tFirst", "First", "First", "- First", "<ul>\n<li>First</li>\n</ul>\n" },
    { "irst", "irst", "irst", "irst", "<p>irst</p>\n" },
    { "a*b*c;", "d;", "a*b*c;\nd;", "```c\na*b*c;\nd;\n```", "<pre><code class=\"language-c\">a*b*c;\nd;\n</code></pre>\n" },
    { "*b*", "c;", "*b*c;", "```c\n*b*c;\n```", "<pre><code class=\"language-c\">*b*c;\n</code></pre>\n" },
    { "One\tTwo", "4\t", "One\tTwo\n1\t2\n3\t4\n", "| One | Two |\n| --- | ---: |\n| 1 | 2 |\n| 3 | 4 |", "<table>" },
    { "3\t", "4", "3\t4", "| One | Two |\n| --- | ---: |\n| 3 | 4 |", "<table>" },
    { "ords here", "First", "ords here.\n\n- First", NULL, "<p>ords here.</p>\n<ul>\n<li>First</li>\n</ul>\n" },
    { "uoted", "nested", "> uoted\n>\n> - nested", NULL, "<blockquote>\n<p>uoted</p>\n<ul>\n<li>nested</li>\n</ul>\n</blockquote>\n" },
    { "deep", "outer", "- deep\n- outer", NULL, "<ul>\n<li>deep</li>\n<li>outer</li>\n</ul>\n" },
  };

  answer (fixture, "Some **strong words** with a [link](https://e.org/) and [called] words here.\n\n- First\n  - deep\n"
                   "- outer\n\n```c\na*b*c;\nd;\n```\n\n| One | Two |\n|---|--:|\n| 1 | 2 |\n| 3 | 4\t|\n\n> quoted\n>\n> - nested\n\n"
                   "[called]: /by/name\n");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScPageCopy) copy = NULL;
      g_autofree char *html = NULL;

      copy = g_str_has_suffix (rows[i].last, "\t") ? copy_range (fixture, rows[i].first, "4")
                                                   : copy_range (fixture, rows[i].first, rows[i].last);
      html = sc_page_copy_dup_html (copy);
      g_assert_cmpstr (copy->text, ==, rows[i].text);
      g_assert_cmpstr (copy->markdown, ==, rows[i].markdown);
      if (rows[i].html[0] == '<' && g_str_has_suffix (rows[i].html, "\n"))
        g_assert_cmpstr (html, ==, rows[i].html);
      else
        g_assert_true (g_str_has_prefix (html, rows[i].html));
    }
}

/* The user's words are no markdown; opened reasoning is copied where it is selected, folded reasoning is not. */
static void
test_messages (TranscriptFixture *fixture,
               gconstpointer      data)
{
  const char *thoughts = "A thought.\nAnother one";
  g_autoptr (ScPageCopy) user = NULL;
  g_autoptr (ScPageCopy) folded = NULL;
  g_autoptr (ScPageCopy) opened = NULL;
  g_autoptr (ScPageCopy) inside = NULL;
  g_autofree char *html = NULL;
  g_autofree char *user_html = NULL;
  ScTurn *turn;

  transcript_fixture_say (fixture, SC_ROLE_USER, "A *question* <b>\nof two lines");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, "The *answer* is long.");
  sc_turn_append_reasoning (turn, thoughts, strlen (thoughts));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);

  user = copy_range (fixture, "*question*", "two");
  user_html = sc_page_copy_dup_html (user);
  g_assert_cmpstr (user->text, ==, "*question* <b>\nof two");
  g_assert_cmpstr (user_html, ==, "<p>*question* &lt;b&gt;<br />\nof two</p>\n");

  folded = copy_range (fixture, "*question*", "answer");
  html = sc_page_copy_dup_html (folded);
  g_assert_cmpstr (folded->text, ==, "*question* <b>\nof two lines\n\nThe *answer*");
  g_assert_cmpstr (html, ==, "<p>*question* &lt;b&gt;<br />\nof two lines</p>\n<p>The <em>answer</em></p>\n");

  sc_page_set_reasoning_open (fixture->page, sc_page_get_entry (fixture->page, 1, NULL), TRUE);
  opened = copy_range (fixture, "two lines", "answer");
  g_assert_cmpstr (opened->text, ==, "two lines\n\n> A thought.\n> Another one\n\nThe *answer*");
  inside = copy_range (fixture, "thought.", "Another");
  g_assert_cmpstr (inside->text, ==, "thought.\nAnother");
}

/* A definition elsewhere comes along with the text that names it, and only then. */
static void
test_definitions (TranscriptFixture *fixture,
                  gconstpointer      data)
{
  g_autoptr (GString) source = g_string_new ("First words [here].\n\n");
  g_autoptr (ScPageCopy) copy = NULL;
  g_autofree char *html = NULL;

  for (guint i = 0; i < 4000; i++)
    g_string_append_printf (source, "Paragraph %u with %s in it.\n\n", i, i % 8 == 0 ? "[a name][Far]" : "no *name*");
  g_string_append (source, "Last words.\n\n[far]: https://e.org/far\n[here]: https://e.org/here\n");
  answer (fixture, source->str);
  while (sc_page_prepend (fixture->page, source->len))
    ;
  copy = copy_range (fixture, "graph 8 with", "Paragraph 3998");
  g_assert_true (g_str_has_prefix (copy->text, "graph 8 with [a name](https://e.org/far) in it.\n\nParagraph 9 with"));
  g_assert_nonnull (strstr (copy->text, "\n\nParagraph 2000 with [a name][Far] in it.\n\n"));
  g_assert_nonnull (strstr (copy->text, "\n[far]: https://e.org/far\n"));
  g_assert_null (strstr (copy->text, "[here]:"));
  g_assert_true (g_str_has_suffix (copy->text, "\n\nParagraph 3998"));
  html = sc_page_copy_dup_html (copy);
  g_assert_nonnull (strstr (html, "<p>Paragraph 2000 with <a href=\"https://e.org/far\">a name</a> in it.</p>"));
  g_assert_null (strstr (html, "[a name]"));
}

/* However long the answer is, little of it is read again, and it is all there. */
static void
test_work (TranscriptFixture *fixture,
           gconstpointer      data)
{
  g_autoptr (GString) source = g_string_new ("First of all words.\n\n");
  g_autoptr (ScPageCopy) copy = NULL;
  g_autoptr (ScMarkdownStream) whole = NULL;
  g_autoptr (ScMarkdownStream) copied = NULL;
  guint from;
  guint to;

  while (source->len < LONG_BYTES)
    g_string_append (source, transcript_page);
  g_string_append (source, "\n\nThe end of all words.\n");
  answer (fixture, source->str);
  while (sc_page_prepend (fixture->page, source->len))
    ;
  find_range (fixture, "of all words", "The end", &from, &to);
  copy = sc_page_copy_range (fixture->page, from, to);
  g_assert_true (g_str_has_prefix (copy->text, "of all words.\n\n"));
  g_assert_true (g_str_has_suffix (copy->text, "\n\nThe end"));
  g_assert_cmpuint (copy->n_parsed, >, 0);
  g_assert_cmpuint (copy->n_parsed, <=, 3 * SC_PAGE_STEP_BYTES);
  g_assert_cmpuint (strlen (copy->text), >=, LONG_BYTES);
  whole = parse (source->str);
  copied = parse (copy->text);
  g_assert_cmpuint (sc_markdown_stream_get_n_blocks (copied), ==, sc_markdown_stream_get_n_blocks (whole));
}

/* Offered without being made: nothing is copied while one selects. */
static void
got_text_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer user_data)
{
  return *(char **) user_data != NULL;
}

static char *
paste (GdkClipboard *clipboard)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (clipboard, NULL, got_text_cb, &text);
  transcript_fixture_wait (has_text, &text);

  return text;
}

static void
select_range (TranscriptFixture *fixture,
              guint              from,
              guint              to)
{
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) from);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) to);
  gtk_text_buffer_select_range (buffer, &start, &end);
}

static void
test_selection (TranscriptFixture *fixture,
                gconstpointer      data)
{
  GdkClipboard *primary = gtk_widget_get_primary_clipboard (GTK_WIDGET (fixture->view));
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->view));
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GString) word = g_string_new (NULL);
  GdkContentProvider *offer;
  guint from;
  guint to;

  for (guint i = 0; i < 10000; i++)
    g_string_append_c (word, (char) ('a' + i % 26));
  answer (fixture, word->str);
  answer (fixture, "- One\n- Two *three* four\n");
  /* The breaks that are put into long lines, and bullets, are looks. */
  find_range (fixture, "abc", "•", &from, &to);
  select_range (fixture, from, from + 9000);
  offer = gdk_clipboard_get_content (primary);
  g_assert_nonnull (offer);
  first = paste (primary);
  g_assert_true (strncmp (first, word->str, strlen (first)) == 0);
  g_assert_cmpuint (strlen (first), >, 8990);
  g_signal_emit_by_name (fixture->view, "copy-clipboard");

  find_range (fixture, "Two", "four", &from, &to);
  for (guint i = from + 1; i <= to; i++)
    select_range (fixture, from, i);
  g_assert_true (gdk_clipboard_get_content (primary) == offer);
  second = paste (primary);
  g_assert_cmpstr (second, ==, "Two three four");
  /* What was copied stays what it was. */
  kept = paste (clipboard);
  g_assert_cmpstr (kept, ==, first);

  select_range (fixture, from, from);
  g_assert_null (gdk_clipboard_get_content (primary));
  /* What another took is not taken back before something is selected. */
  gdk_clipboard_set_text (primary, "Other");
  transcript_fixture_say (fixture, SC_ROLE_USER, "More");
  other = paste (primary);
  g_assert_cmpstr (other, ==, "Other");
  sc_page_reset (fixture->page);
  select_range (fixture, 1, 3);
  g_assert_true (gdk_clipboard_get_content (primary) == offer);
}

/* What is dragged is what was selected, and nothing is dragged that was not. */
static void
test_drag (TranscriptFixture *fixture,
           gconstpointer      data)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->view));
  g_autoptr (GdkContentProvider) none = NULL;
  g_autoptr (GdkContentProvider) content = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  GtkDragSource *source = NULL;
  guint from;
  guint to;

  answer (fixture, "Some *words* to drag.\n\nAnd more.");
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DRAG_SOURCE (controller))
        source = GTK_DRAG_SOURCE (controller);
    }
  g_assert_nonnull (source);
  g_signal_emit_by_name (source, "prepare", 10.0, 10.0, &none);
  g_assert_null (none);
  find_range (fixture, "words", "And", &from, &to);
  select_range (fixture, from, to);
  g_signal_emit_by_name (source, "prepare", 10.0, 10.0, &content);
  g_assert_nonnull (content);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "*words* to drag.\n\nAnd");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/transcript/copy/round", test_round);
  g_test_add_func ("/ui/transcript/copy/cut", test_cut);
#define ADD(path, func)                                                                                               \
  g_test_add ("/ui/transcript/copy/" path, TranscriptFixture, NULL, transcript_fixture_set_up, func,                  \
              transcript_fixture_tear_down)
  ADD ("pieces", test_pieces);
  ADD ("messages", test_messages);
  ADD ("definitions", test_definitions);
  ADD ("work", test_work);
  ADD ("selection", test_selection);
  ADD ("drag", test_drag);
#undef ADD

  return g_test_run ();
}
