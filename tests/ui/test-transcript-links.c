/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which links open at once and which ask first, what a tooltip says of them, and where they are found on the page. */

#include "config.h"

#include <string.h>

#include "sc-page-place.h"
#include "sc-transcript-links.h"
#include "transcript-fixture.h"

static void
test_plain (void)
{
  static const struct
  {
    const char *target;
    gboolean    is_plain;
  } rows[] = {
    { "https://example.org/a?b=c#d", TRUE },
    { "HTTP://example.org", TRUE },
    { "mailto:somebody@example.org", TRUE },
    { "javascript:alert(1)", FALSE },
    { "JavaScript:alert(1)", FALSE },
    { " javascript:alert(1)", FALSE },
    { "data:text/html,x", FALSE },
    { "file:///etc/passwd", FALSE },
    { "vbscript:x", FALSE },
    { "ftp://example.org/a", FALSE },
    { "relative/path", FALSE },
    { "//example.org/a", FALSE },
    { "", FALSE },
    { "https://", FALSE },
    { "https://bank.example@evil.example/", FALSE },
    /* A Cyrillic "а" in a Latin name, and the same as it is written for the network. */
    { "https://ex\xd0\xb0mple.org/", FALSE },
    { "https://xn--exmple-4nf.org/", FALSE },
    { "https://www.xn--exmple-4nf.org/", FALSE },
    { "https://XN--exmple-4nf.org/", FALSE },
    { "https://example\xe3\x80\x82org/", FALSE },
    { "https://user:word@evil.example/", FALSE },
    { "https://bank.example\\@evil.example/", FALSE },
    { "https:evil.example", FALSE },
    { "https://example.org/\xe2\x80\xaegpj.exe", FALSE },
    { "https://example.org/\xe2\x80\x8bx", FALSE },
    { "https://example.org/a\x01" "b", FALSE },
    { "https://example.org/\xc3\xbc?q=\xe4\xb8\xad", TRUE },
    { "https://127.0.0.1:8080/", TRUE },
    { "mailto:a@example.org?subject=Hi", TRUE },
    { "mailto:a@example.org?attach=/etc/passwd", FALSE },
    { "mailto:a@example.org?Attachment=/etc/passwd", FALSE },
    { "blob:https://example.org/1", FALSE },
    { "intent://x", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (sc_transcript_is_plain_link (rows[i].target) != rows[i].is_plain)
      g_error ("%s", rows[i].target);
}

/* Words that are an address have to be the one that is opened. */
static void
test_honest (void)
{
  static const struct
  {
    const char *words;
    const char *target;
    gboolean    is_honest;
  } rows[] = {
    { "this page", "https://evil.example/", TRUE },
    { NULL, "https://evil.example/", TRUE },
    { "https://bank.example", "https://bank.example/login", TRUE },
    { "https://bank.example", "https://evil.example/", FALSE },
    { "HTTPS://Bank.Example/a", "https://bank.example/a", TRUE },
    { "bank.example/login", "https://www.bank.example/login", TRUE },
    { "www.bank.com", "https://bank.com", TRUE },
    { "bank.com", "https://bank.com.evil.example/", FALSE },
    { "https://bank.com", "https://bank.com@evil.example/", FALSE },
    { "https://bank.com@evil.example/", "https://evil.example/", TRUE },
    { "https://bank.\xe2\x80\x8b" "com", "https://bank.com", FALSE },
    { "https://\xe2\x80\xaemoc.knab", "https://bank.com", FALSE },
    { "main.c", "https://example.org/main.c", TRUE },
    { "see https://bank.com here", "https://example.org/", TRUE },
    { "1.2/3", "https://example.org/", TRUE },
    { "a/b", "https://example.org/a/b", TRUE },
    { "mail us", "mailto:a@example.org", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (sc_transcript_is_honest_link (rows[i].words, rows[i].target) != rows[i].is_honest)
      g_error ("%s %s", rows[i].words, rows[i].target);
}

static void
test_words (void)
{
  g_autofree char *turned = sc_transcript_describe_link ("https://example.org/\xe2\x80\xaegpj.exe");
  g_autofree char *hidden = sc_transcript_describe_link ("https://exam\xe2\x80\x8bple.org/");
  g_autofree char *text = g_strnfill (10000, 'a');
  g_autofree char *cut = sc_transcript_describe_link (text);

  g_assert_cmpstr (turned, ==, "https://example.org/%202Egpj.exe");
  g_assert_cmpstr (hidden, ==, "https://exam%200Bple.org/");
  g_assert_cmpuint (strlen (cut), <, 300);
}

static const char *
find_link_words (TranscriptFixture  *fixture,
                 const char         *words,
                 char              **shown)
{
  GtkTextView *view = GTK_TEXT_VIEW (fixture->view);
  GtkTextIter iter;
  GdkRectangle place;
  int x;
  int y;

  gtk_text_buffer_get_start_iter (transcript_fixture_get_buffer (fixture), &iter);
  g_assert_true (gtk_text_iter_forward_search (&iter, words, 0, &iter, NULL, NULL));
  gtk_text_view_get_iter_location (view, &iter, &place);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, place.x + 2, place.y + 2, &x, &y);

  if (shown != NULL)
    *shown = sc_page_place_dup_link_words (fixture->page, x, y);

  return sc_page_place_find_link (fixture->page, x, y);
}

static const char *
find_link (TranscriptFixture *fixture,
           const char        *words)
{
  return find_link_words (fixture, words, NULL);
}

/* The real target, whatever the words of the link are. */
static void
test_page (TranscriptFixture *fixture,
           gconstpointer      data)
{
  const char *text = "Go [https://bank.example](https://evil.example/x) or https://example.org/y, plain, [a *b* c](https://e.org) "
                     "[d](https://e.org).";
  g_autofree char *shown = NULL;
  g_autofree char *styled = NULL;
  ScTurn *turn;

  transcript_fixture_say (fixture, SC_ROLE_USER, "My own https://example.net/(z) link, no **markdown**.");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  transcript_fixture_append (turn, text, strlen (text));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  g_assert_cmpstr (find_link (fixture, "https://bank"), ==, "https://evil.example/x");
  g_assert_cmpstr (find_link (fixture, "https://example.org"), ==, "https://example.org/y");
  g_assert_null (find_link (fixture, "plain,"));
  find_link_words (fixture, "https://bank", &shown);
  g_assert_cmpstr (shown, ==, "https://bank.example");
  find_link_words (fixture, "b c", &styled);
  g_assert_cmpstr (styled, ==, "a b c");
  g_assert_cmpstr (find_link (fixture, "https://example.net"), ==, "https://example.net/(z");
  g_assert_null (find_link (fixture, "**markdown**"));
}

/* Words that never end, marks that pile up, and letters of any script: all of it is on the page, none of it is wider. */
static void
test_scripts (TranscriptFixture *fixture,
              gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autoptr (GString) text = g_string_new ("中文没有空格的一行文字也要能够换行。日本語の文章もそうです。\n\n");
  g_autofree char *shown = NULL;
  int width = gtk_widget_get_width (GTK_WIDGET (fixture->view));

  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "e\xcc\x81\xcc\xa3");
  g_string_append (text, "\n\n👩‍👩‍👧‍👦 👍🏽 🇩🇪\n\nשלום `code` עולם\n\n");
  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, (char) ('a' + i % 26));
  g_string_append (text, "\n\nThe end.");
  transcript_fixture_append (turn, text->str, text->len);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_nonnull (strstr (shown, "👩‍👩‍👧‍👦 👍🏽 🇩🇪"));
  g_assert_nonnull (strstr (shown, "The end."));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->view)), ==, width);
  /* The direction of a paragraph is that of its words. */
  for (guint i = 0; i < sc_page_get_entry (fixture->page, 0, NULL)->blocks->len; i++)
    {
      const ScBlock *block = &g_array_index (sc_page_get_entry (fixture->page, 0, NULL)->blocks, ScBlock, i);

      g_assert_cmpint (block->is_rtl, ==, i == 3);
    }
}

static ScBlock *
get_table (TranscriptFixture *fixture)
{
  return &g_array_index (sc_page_get_entry (fixture->page, 1, NULL)->blocks, ScBlock, 0);
}

static gboolean
is_wider (gpointer user_data)
{
  return sc_block_table_get_width (get_table (user_data)->table) > 300;
}

#define LONG_TABLE_ROWS 200

static int
show_long_table (TranscriptFixture *fixture,
                 const char        *words,
                 int                row)
{
  g_autoptr (GString) source = g_string_new ("| n | words |\n|---|---|\n");
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  const ScPageEntry *entry;

  for (int i = 0; i < LONG_TABLE_ROWS; i++)
    g_string_append_printf (source, "| %d | %s |\n", i % 10, i == row ? words : "some words");
  transcript_fixture_append (turn, source->str, source->len);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  entry = sc_page_get_entry (fixture->page, sc_page_get_n_entries (fixture->page) - 1, NULL);

  return sc_block_table_get_width (g_array_index (entry->blocks, ScBlock, 0).table);
}

/* In a long table not every cell is measured, but the widest is, wherever it stands and whatever it is made of. */
static void
test_long_table (TranscriptFixture *fixture,
                 gconstpointer      data)
{
  static const char *const cells[] = {
    "some words more", "AVAVAVAVAVAVA", "**some words**", "`some words` more",
    "some words 字字字字", "àêîõü some words", "مرحبا some words",
  };
  int least = show_long_table (fixture, "some words", 1);

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      int early = show_long_table (fixture, cells[i], 1);

      g_assert_cmpint (early, >, least);
      g_assert_cmpint (show_long_table (fixture, cells[i], LONG_TABLE_ROWS - 1), ==, early);
    }
}

/* Columns are measured again for another size of the font; the user's words keep fitting their ground. */
static void
test_zoom (TranscriptFixture *fixture,
           gconstpointer      data)
{
  const char *text = "| Name of it | What it is |\n|---|---|\n| a few words | and some more |\n";
  ScTurn *turn;
  int margin;
  int zoomed;

  transcript_fixture_say (fixture, SC_ROLE_USER, "A few words");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  transcript_fixture_append (turn, text, strlen (text));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  g_assert_false (is_wider (fixture));
  g_object_get (sc_page_get_entry (fixture->page, 0, NULL)->side_tag, "left-margin", &margin, NULL);
  sc_transcript_set_zoom (fixture->transcript, 2);
  transcript_fixture_wait (is_wider, fixture);
  g_object_get (sc_page_get_entry (fixture->page, 0, NULL)->side_tag, "left-margin", &zoomed, NULL);
  g_assert_cmpint (zoomed, <, margin - 40);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-links/" name, TranscriptFixture, NULL,                               \
              transcript_fixture_set_up, func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/transcript-links/plain", test_plain);
  g_test_add_func ("/ui/transcript-links/honest", test_honest);
  g_test_add_func ("/ui/transcript-links/words", test_words);
  ADD ("page", test_page);
  ADD ("scripts", test_scripts);
  ADD ("zoom", test_zoom);
  ADD ("long-table", test_long_table);

  return g_test_run ();
}
