/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding in the conversation: what is counted, and that a match is in sight wherever it is. */

#include "config.h"

#include <string.h>

#include "sc-find-bar.h"
#include "sc-find-index.h"
#include "transcript-fixture.h"

#define N_TURNS 1200

static void
fill (TranscriptFixture *fixture)
{
  ScConversation *conversation = sc_conversation_new ();

  for (guint i = 0; i < N_TURNS; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("Turn **number** %u%s of a conversation with *many* words, which say nothing at all "
                         "but take their place on the page.\n\n```c\nint x = %u;\n```\n\nThe end of it.",
                         i, i == 17 || i == 600 || i == N_TURNS - 1 ? " Zebra" : "", i);
      g_autoptr (ScTurn) turn = sc_turn_new (i % 2 == 0 ? SC_ROLE_USER : SC_ROLE_ASSISTANT, text);

      if (i % 2 == 1)
        sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
      sc_conversation_append_turn (conversation, turn);
    }
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
  transcript_fixture_wait_frame (fixture);
}

/* However a letter is written, it is found: small or capital, with an accent of its own, one behind it, or none. */
static void
test_fold (void)
{
  static const struct
  {
    const char *text;
    const char *folded;
  } rows[] = {
    { "Straße STRASSE Stra\xe1\xba\x9e" "e", "strasse strasse strasse" },
    { "Caf\xc3\xa9 CAFE\xcc\x81 cafe", "cafe cafe cafe" },
    { "\xc3\x96l \xc3\xb6l", "ol ol" },
    { "\xc4\xb0stanbul ISTANBUL \xc4\xb1stanbul", "istanbul istanbul istanbul" },
    { "\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82", "\xcf\x83\xce\xb9\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x83" },
    { "\xea\xb0\x80 \xe4\xb8\xad\xe6\x96\x87", "\xea\xb0\x80 \xe4\xb8\xad\xe6\x96\x87" },
    { "a\xc2\xa0" "b\tc\nd", "a b c d" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      sc_find_fold (out, rows[i].text, strlen (rows[i].text));
      g_assert_cmpstr (out->str, ==, rows[i].folded);
    }
}

static ScFindBar *
get_bar (TranscriptFixture *fixture)
{
  return SC_FIND_BAR (transcript_fixture_find (GTK_WIDGET (fixture->transcript), SC_TYPE_FIND_BAR));
}

static const char *
get_count (TranscriptFixture *fixture)
{
  /* The first label of the bar that is not part of an entry. */
  GtkWidget *box = gtk_widget_get_parent (transcript_fixture_find (GTK_WIDGET (get_bar (fixture)),
                                                                   GTK_TYPE_SEARCH_ENTRY));

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child))
      return gtk_label_get_label (GTK_LABEL (child));

  return NULL;
}

typedef struct
{
  TranscriptFixture *fixture;
  const char        *text;
} Expected;

static gboolean
has_count (gpointer user_data)
{
  Expected *expected = user_data;

  return g_str_equal (get_count (expected->fixture), expected->text);
}

static void
wait_count (TranscriptFixture *fixture,
            const char        *text)
{
  Expected expected = { fixture, text };

  transcript_fixture_wait (has_count, &expected);
  transcript_fixture_wait_frame (fixture);
}

static GtkTextTag *
get_current_tag (TranscriptFixture *fixture)
{
  return sc_page_tags_get (sc_page_get_writer (fixture->page)->tags, SC_PAGE_STYLE_CURRENT_MATCH);
}

/* The text of the current match, which is in sight. */
static char *
dup_current (TranscriptFixture *fixture)
{
  GtkTextBuffer *buffer = transcript_fixture_get_buffer (fixture);
  GtkTextTag *tag = get_current_tag (fixture);
  GdkRectangle visible;
  GdkRectangle place;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  if (!gtk_text_iter_has_tag (&start, tag) && !gtk_text_iter_forward_to_tag_toggle (&start, tag))
    return NULL;
  end = start;
  gtk_text_iter_forward_to_tag_toggle (&end, tag);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (fixture->view), &visible);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (fixture->view), &start, &place);
  g_assert_cmpint (place.y, >=, visible.y);
  g_assert_cmpint (place.y + place.height, <=, visible.y + visible.height);

  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

typedef struct
{
  char *text;
  int   y;
} Top;

static void
assert_same_top (TranscriptFixture *fixture,
                 const Top         *top)
{
  int y;
  g_autofree char *text = transcript_fixture_dup_top (fixture, &y);

  g_assert_cmpstr (text, ==, top->text);
  g_assert_cmpint (y, ==, top->y);
}

static void
step (TranscriptFixture *fixture,
      int                delta)
{
  g_signal_emit_by_name (get_bar (fixture), "step", delta);
}

static guint
count (const char *role_user,
       const char *answer,
       const char *needle)
{
  g_autoptr (GListStore) store = g_list_store_new (SC_TYPE_TURN);
  g_autoptr (ScTurn) user = sc_turn_new (SC_ROLE_USER, role_user);
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_ASSISTANT, answer);
  g_autoptr (ScFindIndex) index = NULL;

  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  g_list_store_append (store, user);
  g_list_store_append (store, turn);
  index = sc_find_index_new (G_LIST_MODEL (store), NULL, NULL);
  while (sc_find_index_work (index, 0))
    ;
  sc_find_index_set_needle (index, needle);
  for (guint i = 0; i < sc_find_index_get_n_matches (index); i++)
    {
      ScFindMatch match;

      g_assert_true (sc_find_index_get_match (index, i, &match));
      g_assert_cmpuint (sc_find_index_get_number (index, &match), ==, i);
    }

  return sc_find_index_get_n_matches (index);
}

static void
test_index (TranscriptFixture *fixture,
            gconstpointer      data)
{
  const char *answer = "A **bold w**ord, a `code` and\na break.\n\n- ÄRGER und ärger\n\n"
                       "| left | right |\n|---|---|\n| bold | word |\n\n```\nbold word\n```\n";

  g_assert_cmpuint (count ("", answer, "bold word"), ==, 2);
  g_assert_cmpuint (count ("", answer, "BOLD"), ==, 3);
  g_assert_cmpuint (count ("", answer, "**"), ==, 0);
  g_assert_cmpuint (count ("as **typed**", answer, "**"), ==, 2);
  g_assert_cmpuint (count ("", answer, "Ärger"), ==, 2);
  g_assert_cmpuint (count ("", answer, "left right"), ==, 0);
  g_assert_cmpuint (count ("aaaa", "a", "aa"), ==, 2);
  g_assert_cmpuint (count ("a", "a", ""), ==, 0);
}

static void
test_goes_everywhere (TranscriptFixture *fixture,
                      gconstpointer      data)
{
  g_autofree char *first = NULL;
  gboolean follows;

  fill (fixture);
  sc_transcript_start_search (fixture->transcript);
  sc_find_bar_open (get_bar (fixture), "zebra");
  /* From where the reader is, which is the end. */
  wait_count (fixture, "3 of 3");
  first = dup_current (fixture);
  g_assert_cmpstr (first, ==, "Zebra");
  g_object_get (fixture->transcript, "follows-end", &follows, NULL);
  g_assert_false (follows);
  for (guint i = 0; i < 7; i++)
    {
      static const char *const counts[] = { "1 of 3", "2 of 3", "3 of 3" };
      g_autofree char *text = NULL;

      step (fixture, 1);
      wait_count (fixture, counts[i % 3]);
      text = dup_current (fixture);
      g_assert_cmpstr (text, ==, "Zebra");
    }
  step (fixture, -1);
  wait_count (fixture, "3 of 3");
  step (fixture, -1);
  wait_count (fixture, "2 of 3");
  g_free (first);
  first = dup_current (fixture);
  g_assert_cmpstr (first, ==, "Zebra");
}

static gboolean
is_unmarked (gpointer user_data)
{
  g_autofree char *text = dup_current (user_data);

  return text == NULL;
}

static void
test_close (TranscriptFixture *fixture,
            gconstpointer      data)
{
  gboolean is_searching;
  g_autofree char *text = NULL;
  Top top;

  fill (fixture);
  sc_transcript_start_search (fixture->transcript);
  sc_find_bar_open (get_bar (fixture), "zebra");
  wait_count (fixture, "3 of 3");
  top.text = text = transcript_fixture_dup_top (fixture, &top.y);
  sc_find_bar_open (get_bar (fixture), "nowhere to be found");
  wait_count (fixture, "Not found");
  transcript_fixture_wait (is_unmarked, fixture);
  sc_find_bar_open (get_bar (fixture), "zebra");
  wait_count (fixture, "3 of 3");
  sc_transcript_end_search (fixture->transcript);
  transcript_fixture_wait_frame (fixture);
  g_assert_true (is_unmarked (fixture));
  assert_same_top (fixture, &top);
  g_object_get (fixture->transcript, "searching", &is_searching, NULL);
  g_assert_false (is_searching);
}

/* What streams is searched too, and does not move the match one looks at. */
static void
test_streaming (TranscriptFixture *fixture,
                gconstpointer      data)
{
  ScTurn *turn;
  g_autofree char *text = NULL;
  Top top;

  fill (fixture);
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  sc_transcript_start_search (fixture->transcript);
  sc_find_bar_open (get_bar (fixture), "zebra");
  wait_count (fixture, "3 of 3");
  top.text = text = transcript_fixture_dup_top (fixture, &top.y);
  for (guint i = 0; i < 60; i++)
    {
      transcript_fixture_append (turn, "Another ze", 10);
      transcript_fixture_append (turn, "bra.\n\n", 6);
      transcript_fixture_wait_shown (fixture);
      assert_same_top (fixture, &top);
    }
  wait_count (fixture, "3 of 63");
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  sc_conversation_delete_turn (fixture->conversation, turn);
  wait_count (fixture, "3 of 3");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-find/" name, TranscriptFixture, NULL, transcript_fixture_set_up,     \
              func, transcript_fixture_tear_down)

/* What is marked are the characters that were found, where some are compared as two and some as none. */
static void
test_marked (TranscriptFixture *fixture,
             gconstpointer      data)
{
  static const struct
  {
    const char *needle;
    const char *match;
  } rows[] = {
    { "strasse 5", "Straße 5" }, { "CAFÉ au", "cafe\xcc\x81 au" }, { "bold it", "bold it" }, { "x = y", "x = y" },
    { "cell two", "cell two" },
  };
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT,
                                         "In der Straße 5, cafe\xcc\x81 au lait, **bold** *it*.\n\n```c\nint x = y;\n```\n\n"
                                         "| Head | Other |\n|---|---|\n| cell one | cell two |\n");

  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *found = NULL;

      sc_transcript_start_search (fixture->transcript);
      sc_find_bar_open (get_bar (fixture), rows[i].needle);
      wait_count (fixture, "1 of 1");
      found = dup_current (fixture);
      g_assert_cmpstr (found, ==, rows[i].match);
      sc_transcript_end_search (fixture->transcript);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/transcript/find/fold", test_fold);

  ADD ("marked", test_marked);
  ADD ("index", test_index);
  ADD ("goes-everywhere", test_goes_everywhere);
  ADD ("close", test_close);
  ADD ("streaming", test_streaming);

  return g_test_run ();
}
