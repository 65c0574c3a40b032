/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A long conversation on the page: opened at its end, filled in idle time, loaded on approach, trimmed, and all of it
 * without moving what the reader sees. */

#include "config.h"

#include <string.h>

#include "sc-settings.h"
#include "transcript-fixture.h"

#define N_MESSAGES 3000

static void
fill (TranscriptFixture *fixture,
      guint              n_messages)
{
  ScConversation *conversation = sc_conversation_new ();

  for (guint i = 0; i < n_messages; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("Message %u. It has **bold** words, `code` and enough of both to need several lines in the "
                         "window of the test.\n\n- an item\n- another item of message %u\n\n```c\nint x%u = %u;\n"
                         "return x%u;\n```\n\nAnd a last paragraph that closes message %u with some more words, which "
                         "say nothing at all but take their place on the page.", i, i, i, i, i, i);
      g_autoptr (ScTurn) turn = sc_turn_new (i % 2 == 0 ? SC_ROLE_USER : SC_ROLE_ASSISTANT, text);

      if (i % 2 == 1)
        sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
      sc_conversation_append_turn (conversation, turn);
    }
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
}

static int
count_chars (TranscriptFixture *fixture)
{
  return gtk_text_buffer_get_char_count (transcript_fixture_get_buffer (fixture));
}

static gboolean
is_filled (gpointer user_data)
{
  return count_chars (user_data) >= SC_PAGE_FILL_BYTES;
}

static void
test_opens_at_end (TranscriptFixture *fixture,
                   gconstpointer      data)
{
  g_autofree char *text = NULL;

  fill (fixture, N_MESSAGES);
  /* One frame, and the end is there, with no more than a part of the conversation. */
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "closes message 2999") != NULL);
  g_assert_null (strstr (text, "closes message 1000 "));
}

static void
test_fills (TranscriptFixture *fixture,
            gconstpointer      data)
{
  fill (fixture, N_MESSAGES);
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpint (count_chars (fixture), <, 2 * SC_PAGE_FIRST_BYTES);
  while (!is_filled (fixture))
    {
      transcript_fixture_wait_frame (fixture);
      g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
    }
  g_assert_cmpint (count_chars (fixture), <, SC_PAGE_FILL_BYTES + SC_PAGE_FIRST_BYTES);
  g_assert_true (sc_page_has_earlier (fixture->page));
}

/* Everything that prepends or trims is followed by a frame in which the same line stands at the same pixel. */
static void
test_no_drift (TranscriptFixture *fixture,
               gconstpointer      data)
{
  fill (fixture, N_MESSAGES);
  transcript_fixture_wait (is_filled, fixture);
  transcript_fixture_wait_frame (fixture);
  transcript_fixture_wheel (fixture, -100);
  transcript_fixture_wait_frame (fixture);
  for (guint i = 0; i < 12; i++)
    {
      int y;
      int y_after;
      g_autofree char *top = transcript_fixture_dup_top (fixture, &y);
      g_autofree char *after = NULL;

      g_assert_true (sc_page_prepend (fixture->page, 16 * 1024));
      transcript_fixture_wait_frame (fixture);
      after = transcript_fixture_dup_top (fixture, &y_after);
      g_assert_cmpstr (after, ==, top);
      g_assert_cmpint (y_after, ==, y);

      g_assert_true (sc_page_trim_start (fixture->page, 8 * 1024));
      transcript_fixture_wait_frame (fixture);
      g_free (after);
      after = transcript_fixture_dup_top (fixture, &y_after);
      g_assert_cmpstr (after, ==, top);
      g_assert_cmpint (y_after, ==, y);
    }
}

static gboolean
is_at_start (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  if (!sc_page_has_earlier (fixture->page))
    return TRUE;
  transcript_fixture_wheel (fixture, -100);
  transcript_fixture_wait_frame (fixture);

  return FALSE;
}

static gboolean
is_at_end (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  if (!sc_page_has_later (fixture->page) && transcript_fixture_get_below (fixture) <= 1)
    return TRUE;
  transcript_fixture_wheel (fixture, 400);
  transcript_fixture_wait_frame (fixture);

  return FALSE;
}

static void
test_reads_to_start_and_back (TranscriptFixture *fixture,
                              gconstpointer      data)
{
  g_autofree char *text = NULL;
  gboolean follows;

  fill (fixture, N_MESSAGES);
  transcript_fixture_wait (is_filled, fixture);
  transcript_fixture_wait (is_at_start, fixture);
  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "Message 0.") != NULL);
  g_assert_cmpint (count_chars (fixture), <, SC_PAGE_LIMIT_CHARS + 256 * 1024);

  transcript_fixture_wait (is_at_end, fixture);
  g_free (text);
  text = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (text, "closes message 2999") != NULL);
  g_object_get (fixture->transcript, "follows-end", &follows, NULL);
  g_assert_true (follows);
}

static void
test_jump (TranscriptFixture *fixture,
           gconstpointer      data)
{
  fill (fixture, N_MESSAGES);
  transcript_fixture_wait (is_filled, fixture);
  transcript_fixture_wheel (fixture, -200);
  while (sc_page_trim_end (fixture->page, G_MAXUINT) && sc_page_get_n_entries (fixture->page) > 100)
    ;
  g_assert_true (sc_page_has_later (fixture->page));
  sc_transcript_scroll_to_end (fixture->transcript);
  transcript_fixture_wait_frame (fixture);
  g_assert_false (sc_page_has_later (fixture->page));
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
}

/* A single answer that is longer than the window is shown from its end too. */
static void
test_giant_answer (TranscriptFixture *fixture,
                   gconstpointer      data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ScTurn) turn = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *all = NULL;

  for (guint i = 0; i < 4000; i++)
    g_string_append_printf (text, "Paragraph %u of an answer that does not want to end, and says so again.\n\n", i);
  g_string_append (text, "It ended.");
  turn = sc_turn_new (SC_ROLE_ASSISTANT, text->str);
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (fixture->conversation, turn);
  transcript_fixture_wait_frame (fixture);
  sc_page_reset (fixture->page);
  while (count_chars (fixture) == 0)
    transcript_fixture_wait_frame (fixture);
  g_assert_cmpint (count_chars (fixture), <, 3 * SC_PAGE_FIRST_BYTES);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (shown, "It ended.") != NULL);
  while (sc_page_prepend (fixture->page, 10000))
    ;
  all = transcript_fixture_dup_text (fixture);
  g_assert_true (g_str_has_prefix (all, "Paragraph 0 of"));
  for (guint i = 0; i < 4000; i += 97)
    {
      g_autofree char *needle = g_strdup_printf ("\nParagraph %u of an answer that", i + 1);

      g_assert_true (strstr (all, needle) != NULL);
    }
  g_assert_true (sc_page_trim_start (fixture->page, 20000));
  g_assert_true (sc_page_has_earlier (fixture->page));
  while (sc_page_prepend (fixture->page, 10000))
    ;
  g_free (shown);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_true (g_str_equal (shown, all));
}

static gboolean
tells_usage (gpointer user_data)
{
  g_autofree char *text = transcript_fixture_dup_text (user_data);

  return strstr (text, "321") != NULL;
}

static gboolean
tells_no_usage (gpointer user_data)
{
  return !tells_usage (user_data);
}

/* The switch acts on the answers that are there. */
static void
test_usage (TranscriptFixture *fixture,
            gconstpointer      data)
{
  const ScUsage usage = { 12, 321, -1, -1, -1, -1, 0 };

  fill (fixture, 20);
  for (guint i = 1; i < 20; i += 2)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (fixture->conversation), i);

      sc_turn_set_model (turn, "test", "some-model");
      sc_turn_merge_usage (turn, &usage);
    }
  sc_transcript_set_conversation (fixture->transcript, NULL);
  sc_transcript_set_conversation (fixture->transcript, fixture->conversation);
  transcript_fixture_wait (tells_usage, fixture);
  g_object_set (sc_settings_get_default (), "show-usage", FALSE, NULL);
  transcript_fixture_wait (tells_no_usage, fixture);
  transcript_fixture_wait_frame (fixture);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  g_object_set (sc_settings_get_default (), "show-usage", TRUE, NULL);
  transcript_fixture_wait (tells_usage, fixture);
}

/* A page that is shorter than its window is seen, also where the view was asked where it is before any line of it had a
 * height: it takes the last line for the first in sight then, and moves when the others get theirs. */
static void
test_short_page (TranscriptFixture *fixture,
                 gconstpointer      data)
{
  for (guint n = 1; n <= 4; n++)
    {
      ScPageWork work = { 0 };
      GdkRectangle visible;

      fill (fixture, 0);
      for (guint i = 0; i < n; i++)
        transcript_fixture_say (fixture, SC_ROLE_USER, "Short.\n\nReally.");
      while (sc_page_is_dirty (fixture->page))
        sc_page_drain (fixture->page, G_MAXUINT, G_MAXINT64, &work);
      g_signal_emit_by_name (fixture->adjustment, "value-changed");
      transcript_fixture_wait_frame (fixture);
      gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (fixture->view), &visible);
      g_assert_cmpfloat (gtk_adjustment_get_value (fixture->adjustment), ==, 0);
      g_assert_cmpint (visible.y, ==, 0);
    }
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-window/" name, TranscriptFixture, NULL, transcript_fixture_set_up,   \
              func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("opens-at-end", test_opens_at_end);
  ADD ("fills", test_fills);
  ADD ("no-drift", test_no_drift);
  ADD ("reads-to-start-and-back", test_reads_to_start_and_back);
  ADD ("jump", test_jump);
  ADD ("giant-answer", test_giant_answer);
  ADD ("short-page", test_short_page);
  ADD ("usage", test_usage);

  return g_test_run ();
}
