/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers and conversations that are longer than what the page does or holds at once: they are read, settled and copied
 * as short ones are. */

#include "config.h"

#include <malloc.h>
#include <string.h>

#include "sc-page-copy.h"
#include "transcript-fixture.h"

#define N_SECTIONS 6000
#define N_MESSAGES 2000
#define N_WARM_UP  3
#define N_ANSWERS  8
#define ANSWER_LENGTH (256 * 1024)
#define HIDDEN_LENGTH (512 * 1024)
#define PIECE_LENGTH  4096

static char *
create_long_text (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_SECTIONS; i++)
    g_string_append_printf (text, "Section %u has **bold** words and %s.\n\n- one item\n\n1. another\n\n", i,
                            i % 16 == 0 ? "[a label]" : "no label");
  g_string_append (text, "It ended.\n\n[a label]: https://example.org/defined\n");

  return g_string_free (text, FALSE);
}

static ScPageEntry *
get_last_entry (TranscriptFixture *fixture)
{
  guint n = sc_page_get_n_entries (fixture->page);

  return n > 0 ? sc_page_get_entry (fixture->page, n - 1, NULL) : NULL;
}

static void
load_all (TranscriptFixture *fixture)
{
  while (sc_page_prepend (fixture->page, 100000))
    ;
}

static void
say_long (TranscriptFixture *fixture,
          const char        *text)
{
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_ASSISTANT, text);

  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (fixture->conversation, turn);
}

/* The least a frame does, without waiting for one: on a slow machine a frame may come late, and more is done before. */
static void
step (TranscriptFixture *fixture)
{
  ScPageWork work = { 0 };

  g_assert_true (sc_page_is_dirty (fixture->page));
  sc_page_drain (fixture->page, G_MAXSIZE, 0, &work);
}

/* A finished answer is read in steps; then it is what the markdown of all of it says. */
static void
test_long_from_history (TranscriptFixture *fixture,
                        gconstpointer      data)
{
  g_autofree char *text = create_long_text ();
  g_autofree char *shown = NULL;
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  ScPageEntry *entry;

  g_assert_cmpuint (strlen (text), >, 300 * 1024);
  sc_transcript_set_conversation (fixture->transcript, NULL);
  say_long (fixture, text);
  sc_transcript_set_conversation (fixture->transcript, fixture->conversation);
  entry = get_last_entry (fixture);
  g_assert_false (entry->is_complete);
  /* No step takes all of it. */
  for (guint i = 0; i < 3; i++)
    {
      step (fixture);
      g_assert_false (entry->is_complete);
    }
  transcript_fixture_wait_shown (fixture);
  g_assert_true (entry->is_complete);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_true (strstr (shown, "It ended.") != NULL);
  g_assert_true (strstr (shown, "[a label]") == NULL);

  load_all (fixture);
  sc_markdown_stream_feed (stream, text, strlen (text));
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  g_assert_cmpuint (entry->blocks->len, ==, sc_markdown_stream_get_n_blocks (stream));
  g_assert_cmpuint (entry->blocks->len, ==, 3 * N_SECTIONS + 1);
}

/* The end of an answer that streams is settled in steps, and its definition makes links of what was said long before. */
static void
test_long_end (TranscriptFixture *fixture,
               gconstpointer      data)
{
  g_autofree char *text = create_long_text ();
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  ScPageEntry *entry = get_last_entry (fixture);
  g_autofree char *shown = NULL;

  transcript_fixture_append (turn, text, strlen (text));
  while (entry->n_fed < strlen (text))
    transcript_fixture_wait_frame (fixture);
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  g_assert_true (entry->is_complete);
  g_assert_cmpfloat (transcript_fixture_get_below (fixture), <=, 1);
  load_all (fixture);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_true (g_str_has_prefix (shown, "Section 0 has bold words and a label."));
  g_assert_true (strstr (shown, "[a label]") == NULL);
  g_assert_cmpuint (entry->blocks->len, ==, 3 * N_SECTIONS + 1);
}

/* Another text takes its place while it is being read, and while it is being settled. */
static void
test_replaced (TranscriptFixture *fixture,
              gconstpointer      data)
{
  g_autofree char *text = create_long_text ();
  g_autofree char *shown = NULL;
  ScPageEntry *entry;

  sc_transcript_set_conversation (fixture->transcript, NULL);
  say_long (fixture, text);
  sc_transcript_set_conversation (fixture->transcript, fixture->conversation);
  entry = get_last_entry (fixture);
  step (fixture);
  g_assert_cmpuint (entry->n_waiting, >, 0);
  sc_turn_set_text (entry->turn, "Something else.");
  transcript_fixture_wait_shown (fixture);
  g_assert_true (entry->is_complete);
  g_assert_cmpuint (entry->blocks->len, ==, 1);

  sc_turn_set_text (entry->turn, text);
  while (entry->n_fed < strlen (text) || !entry->is_ended)
    step (fixture);
  g_assert_false (entry->is_complete);
  sc_turn_set_text (entry->turn, "And again.");
  transcript_fixture_wait_shown (fixture);
  g_assert_true (entry->is_complete);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_true (g_str_has_prefix (shown, "And again.\n"));
}

/* Everything is selected: that is the conversation, and not only what is on the page. */
static void
test_copy_all (TranscriptFixture *fixture,
               gconstpointer      data)
{
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *copied = NULL;
  g_autofree char *part = NULL;
  GtkTextIter start;
  GtkTextIter end;

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *text = g_strdup_printf ("Message %u with **bold** words, `code`, and enough of both.", i);
      g_autoptr (ScTurn) turn = sc_turn_new (i % 2 == 0 ? SC_ROLE_USER : SC_ROLE_ASSISTANT, text);

      if (i % 2 == 1)
        sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
      sc_conversation_append_turn (conversation, turn);
      g_string_append_printf (expected, "%s%s", i > 0 ? "\n\n" : "", text);
    }
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
  transcript_fixture_wait_frame (fixture);
  g_assert_true (sc_page_has_earlier (fixture->page));
  g_signal_emit_by_name (fixture->view, "select-all", TRUE);
  gtk_text_buffer_get_selection_bounds (transcript_fixture_get_buffer (fixture), &start, &end);
  copied = sc_page_dup_text (fixture->page, (guint) gtk_text_iter_get_offset (&start),
                             (guint) gtk_text_iter_get_offset (&end));
  g_assert_cmpstr (copied, ==, expected->str);

  /* One character less is what is seen and no more. */
  gtk_text_iter_forward_char (&start);
  part = sc_page_dup_text (fixture->page, (guint) gtk_text_iter_get_offset (&start),
                           (guint) gtk_text_iter_get_offset (&end));
  g_assert_null (strstr (part, "Message 1 "));
  g_assert_nonnull (strstr (part, "Message 1999 "));
}

static gboolean
is_drained (gpointer user_data)
{
  TranscriptFixture *fixture = user_data;

  return !sc_page_is_dirty (fixture->page);
}

/* Piece by piece, faster than frames show it. */
static ScTurn *
stream_answer (TranscriptFixture *fixture,
               gsize              length)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autoptr (GString) piece = g_string_new (NULL);

  for (gsize done = 0; done < length; done += piece->len)
    {
      g_string_assign (piece, "");
      while (piece->len < PIECE_LENGTH)
        g_string_append_printf (piece, "At %zu there are **bold** words and `code`.\n\n", done + piece->len);
      transcript_fixture_append (turn, piece->str, piece->len);
      g_main_context_iteration (NULL, FALSE);
    }
  transcript_fixture_append (turn, "It ended.\n", strlen ("It ended.\n"));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);

  return turn;
}

static gsize
get_heap (void)
{
  struct mallinfo2 info;

  malloc_trim (0);
  info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

/* One answer after the other, each in a conversation of its own: what was shown and left is not kept. */
static void
test_memory_stays_level (TranscriptFixture *fixture,
                         gconstpointer      data)
{
  gsize before = 0;
  gsize after;

  for (guint i = 0; i < N_WARM_UP + N_ANSWERS; i++)
    {
      ScConversation *conversation = sc_conversation_new ();

      if (i == N_WARM_UP)
        before = get_heap ();
      sc_transcript_set_conversation (fixture->transcript, conversation);
      g_object_unref (fixture->conversation);
      fixture->conversation = conversation;
      stream_answer (fixture, ANSWER_LENGTH);
      transcript_fixture_wait (is_drained, fixture);
    }
  after = get_heap ();
  g_test_message ("%zu bytes before, %zu after %d answers", before, after, N_ANSWERS);
  /* Were only their texts kept, it would be all of this. */
  g_assert_cmpuint (after, <, before + N_ANSWERS * ANSWER_LENGTH);
}

/* No frame comes while nothing is seen, and still the page takes what comes. */
static void
test_hidden (TranscriptFixture *fixture,
             gconstpointer      data)
{
  g_autofree char *shown = NULL;
  ScTurn *turn;

  gtk_widget_set_visible (fixture->window, FALSE);
  turn = stream_answer (fixture, HIDDEN_LENGTH);
  transcript_fixture_wait (is_drained, fixture);
  g_assert_cmpuint (sc_page_get_pending (fixture->page), ==, 0);
  gtk_widget_set_visible (fixture->window, TRUE);
  transcript_fixture_wait_shown (fixture);
  g_assert_true (get_last_entry (fixture)->turn == turn);
  shown = transcript_fixture_dup_text (fixture);
  g_assert_nonnull (strstr (shown, "At 0 there are bold words and code."));
  g_assert_true (g_str_has_suffix (shown, "It ended.\n"));
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-scale/" name, TranscriptFixture, NULL, transcript_fixture_set_up,    \
              func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("long-from-history", test_long_from_history);
  ADD ("long-end", test_long_end);
  ADD ("replaced", test_replaced);
  ADD ("copy-all", test_copy_all);
  ADD ("memory-stays-level", test_memory_stays_level);
  ADD ("hidden", test_hidden);

  return g_test_run ();
}
