/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done with a message: the bar that comes when it is pointed at, and what its buttons
 * do. */

#include "config.h"

#include <string.h>

#include "sc-transcript-card.h"
#include "sc-turn-bar.h"
#include "transcript-fixture.h"

static ScTurnBar *
get_bar (TranscriptFixture *fixture)
{
  return SC_TURN_BAR (transcript_fixture_find (GTK_WIDGET (fixture->view), SC_TYPE_TURN_BAR));
}

/* Points at the middle of a turn, or away from the page. */
static void
point_at (TranscriptFixture *fixture,
          int                index)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->view));
  GtkTextView *view = GTK_TEXT_VIEW (fixture->view);
  GtkTextIter iter;
  GdkRectangle place;
  int x = 0;
  int y = 0;

  if (index >= 0)
    {
      guint offset;
      const ScPageEntry *entry = sc_page_get_entry (fixture->page, (guint) index, &offset);

      gtk_text_buffer_get_iter_at_offset (transcript_fixture_get_buffer (fixture), &iter,
                                          (int) (offset + entry->n_head + entry->n_summary));
      gtk_text_view_get_iter_location (view, &iter, &place);
      gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, place.x + 2, place.y + 2, &x, &y);
    }
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller) && index >= 0)
        g_signal_emit_by_name (controller, "motion", (double) x, (double) y);
      else if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        g_signal_emit_by_name (controller, "leave");
    }
  transcript_fixture_wait_frame (fixture);
}

static GtkWidget *
get_button (TranscriptFixture *fixture,
            const char        *action)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (get_bar (fixture))); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (gtk_actionable_get_action_name (GTK_ACTIONABLE (child)), action))
      return child;

  return NULL;
}

static gboolean
has_button (TranscriptFixture *fixture,
            const char        *action)
{
  return gtk_widget_get_mapped (get_button (fixture, action));
}

static void
edit_turn_cb (ScTranscript *transcript,
              ScTurn       *turn,
              ScTurn      **edited)
{
  *edited = turn;
}

static ScTurn *
talk (TranscriptFixture *fixture)
{
  ScTurn *turn;

  transcript_fixture_say (fixture, SC_ROLE_USER, "What is **this**?");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  transcript_fixture_append (turn, "Only a *test*, which says a few words and ends.", 47);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_say (fixture, SC_ROLE_USER, "And what is that?");
  turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  transcript_fixture_append (turn, "Another one.", 12);
  transcript_fixture_wait_shown (fixture);

  return turn;
}

static void
test_bar (TranscriptFixture *fixture,
          gconstpointer      data)
{
  ScTurn *last = talk (fixture);
  double upper = gtk_adjustment_get_upper (fixture->adjustment);

  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (get_bar (fixture))));
  point_at (fixture, 0);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (get_bar (fixture))));
  g_assert_true (has_button (fixture, "page.copy-message"));
  g_assert_true (has_button (fixture, "page.edit-message"));
  g_assert_true (has_button (fixture, "page.delete-message"));
  g_assert_false (has_button (fixture, "win.retry"));
  g_assert_false (has_button (fixture, "win.show-answer-details"));
  g_assert_cmpfloat (gtk_adjustment_get_upper (fixture->adjustment), ==, upper);

  point_at (fixture, 1);
  g_assert_false (has_button (fixture, "page.edit-message"));
  g_assert_false (has_button (fixture, "win.retry"));
  /* Not while it streams. */
  point_at (fixture, 3);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (get_bar (fixture))));
  transcript_fixture_finish (last, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  point_at (fixture, 3);
  g_assert_true (has_button (fixture, "win.retry"));
  point_at (fixture, -1);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (get_bar (fixture))));
}

static void
test_edit (TranscriptFixture *fixture,
           gconstpointer      data)
{
  ScTurn *edited = NULL;

  talk (fixture);
  g_signal_connect (fixture->transcript, "edit-turn", G_CALLBACK (edit_turn_cb), &edited);
  point_at (fixture, 2);
  g_signal_emit_by_name (get_button (fixture, "page.edit-message"), "clicked");
  g_assert_nonnull (edited);
  g_assert_cmpstr (sc_turn_get_text (edited, NULL), ==, "And what is that?");
}

static void
show_details_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 char         **id)
{
  g_free (*id);
  *id = g_variant_dup_string (parameter, NULL);
}

/* Any answer, not only the last one, tells its own details. */
static void
test_details (TranscriptFixture *fixture,
              gconstpointer      data)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("show-answer-details", G_VARIANT_TYPE_STRING);
  g_autofree char *id = NULL;
  ScTurn *last = talk (fixture);

  transcript_fixture_finish (last, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  g_signal_connect (action, "activate", G_CALLBACK (show_details_cb), &id);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (group));
  for (guint i = 1; i <= 3; i += 2)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (fixture->conversation), i);
      GtkWidget *button;

      point_at (fixture, (int) i);
      g_assert_true (has_button (fixture, "win.show-answer-details"));
      button = get_button (fixture, "win.show-answer-details");
      g_assert_true (gtk_widget_is_sensitive (button));
      g_assert_true (gtk_widget_get_focusable (button));
      g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "Answer Details");
      g_signal_emit_by_name (button, "clicked");
      g_assert_cmpstr (id, ==, sc_turn_get_id (turn));
    }
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_read (gpointer user_data)
{
  return *(char **) user_data != NULL;
}

static void
test_copy (TranscriptFixture *fixture,
           gconstpointer      data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (fixture->window);
  g_autofree char *text = NULL;

  talk (fixture);
  point_at (fixture, 1);
  g_signal_emit_by_name (get_button (fixture, "page.copy-message"), "clicked");
  g_assert_true (gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard), "text/html"));
  gdk_clipboard_read_text_async (clipboard, NULL, read_cb, &text);
  transcript_fixture_wait (is_read, &text);
  g_assert_cmpstr (text, ==, "Only a *test*, which says a few words and ends.");
}

/* A question is asked first; deleting takes the message alone. */
static void
test_delete (TranscriptFixture *fixture,
             gconstpointer      data)
{
  g_autoptr (GListModel) windows = NULL;
  guint n_before;

  talk (fixture);
  n_before = g_list_model_get_n_items (G_LIST_MODEL (fixture->conversation));
  point_at (fixture, 1);
  g_signal_emit_by_name (get_button (fixture, "page.delete-message"), "clicked");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->conversation)), ==, n_before);
  windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        {
          adw_message_dialog_response (ADW_MESSAGE_DIALOG (window), "delete");
          break;
        }
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->conversation)), ==, n_before - 1);
  transcript_fixture_wait_shown (fixture);
}

static gboolean
has_label (GtkWidget  *widget,
           const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;

  return FALSE;
}

/* The page of a conversation whose last answer was complete before it was opened. */
static void
reopen (TranscriptFixture *fixture,
        const char        *words)
{
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_ASSISTANT, words);
  ScConversation *conversation = sc_conversation_new ();

  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, turn);
  sc_transcript_set_conversation (fixture->transcript, conversation);
  g_object_unref (fixture->conversation);
  fixture->conversation = conversation;
}

/* An answer without a word has a card with a way out, also when it is opened again, and once it is no longer the last
 * one a line. */
static void
check_empty_answer (TranscriptFixture *fixture,
                    const char        *words)
{
  const char *sentence = "The model answered with nothing.";
  GtkWidget *view = GTK_WIDGET (fixture->view);
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *text = NULL;

  transcript_fixture_append (turn, words, strlen (words));
  transcript_fixture_wait_shown (fixture);
  g_assert_null (transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *card;

      transcript_fixture_wait_shown (fixture);
      transcript_fixture_wait_frame (fixture);
      card = transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD);
      g_assert_nonnull (card);
      g_assert_true (has_label (card, sentence));
      g_assert_true (has_label (card, "Try again in a moment, or choose another model."));
      g_assert_true (has_label (card, "_Retry"));
      g_assert_false (has_label (card, "Open _Preferences"));
      g_free (text);
      text = transcript_fixture_dup_text (fixture);
      g_assert_null (strstr (text, sentence));
      if (i == 0)
        reopen (fixture, words);
    }

  transcript_fixture_say (fixture, SC_ROLE_USER, "Again");
  transcript_fixture_wait_shown (fixture);
  g_assert_null (transcript_fixture_find (view, SC_TYPE_TRANSCRIPT_CARD));
  g_free (text);
  text = transcript_fixture_dup_text (fixture);
  g_assert_nonnull (strstr (text, sentence));
}

static void
test_empty_answer (TranscriptFixture *fixture,
                   gconstpointer      data)
{
  check_empty_answer (fixture, "");
}

static void
test_blank_answer (TranscriptFixture *fixture,
                   gconstpointer      data)
{
  check_empty_answer (fixture, " \n");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-actions/" name, TranscriptFixture, NULL, transcript_fixture_set_up,  \
              func, transcript_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("bar", test_bar);
  ADD ("edit", test_edit);
  ADD ("details", test_details);
  ADD ("copy", test_copy);
  ADD ("delete", test_delete);
  ADD ("empty-answer", test_empty_answer);
  ADD ("empty-answer/blank", test_blank_answer);

  return g_test_run ();
}
