/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fixture of the page's tests. It waits for conditions, never for time. */

#include "config.h"

#include "transcript-fixture.h"

#define TIMEOUT_S 280

void
transcript_fixture_set_up (TranscriptFixture *self,
                           gconstpointer      data)
{
  GtkWidget *scrolled;

  g_object_set (gtk_settings_get_default (),
                "gtk-enable-animations", FALSE,
                "gtk-cursor-blink", FALSE,
                NULL);
  self->conversation = sc_conversation_new ();
  self->window = gtk_window_new ();
  self->transcript = sc_transcript_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->transcript));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 700, 500);
  self->view = SC_TRANSCRIPT_VIEW (transcript_fixture_find (GTK_WIDGET (self->transcript),
                                                            SC_TYPE_TRANSCRIPT_VIEW));
  self->page = sc_transcript_view_get_page (self->view);
  scrolled = transcript_fixture_find (GTK_WIDGET (self->transcript), GTK_TYPE_SCROLLED_WINDOW);
  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  sc_transcript_set_conversation (self->transcript, self->conversation);
  gtk_window_present (GTK_WINDOW (self->window));
  transcript_fixture_wait_frame (self);
}

void
transcript_fixture_tear_down (TranscriptFixture *self,
                              gconstpointer      data)
{
  g_object_add_weak_pointer (G_OBJECT (self->transcript), (gpointer *) &self->transcript);
  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (self->transcript);
  g_assert_finalize_object (self->conversation);
}

GtkWidget *
transcript_fixture_find (GtkWidget *widget,
                         GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = transcript_fixture_find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Returns the turn, borrowed from the conversation. */
ScTurn *
transcript_fixture_say (TranscriptFixture *self,
                        ScRole             role,
                        const char        *text)
{
  g_autoptr (ScTurn) turn = sc_turn_new (role, text);

  sc_conversation_append_turn (self->conversation, turn);

  return turn;
}

void
transcript_fixture_append (ScTurn     *turn,
                           const char *text,
                           gsize       length)
{
  sc_turn_append_text (turn, text, length);
  sc_turn_flush (turn);
}

void
transcript_fixture_finish (ScTurn          *turn,
                           ScTurnStatus     status,
                           const ScFailure *failure)
{
  sc_turn_finish (turn, status, SC_FINISH_STOP, failure);
}

static void
timeout_cb (gpointer user_data)
{
  g_error ("the condition did not come true in %d s", TIMEOUT_S);
}

void
transcript_fixture_wait (TranscriptCondition condition,
                         gpointer            user_data)
{
  guint id = g_timeout_add_once (TIMEOUT_S * 1000, timeout_cb, NULL);

  while (!condition (user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static gboolean
is_shown (gpointer user_data)
{
  TranscriptFixture *self = user_data;

  return !sc_page_is_dirty (self->page);
}

static void
frame_cb (GdkFrameClock *clock,
          guint         *n)
{
  (*n)++;
}

static gboolean
had_frame (gpointer user_data)
{
  return *(guint *) user_data > 0;
}

void
transcript_fixture_wait_frame (TranscriptFixture *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  guint n = 0;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (frame_cb), &n);

  gtk_widget_queue_draw (GTK_WIDGET (self->view));
  transcript_fixture_wait (had_frame, &n);
  g_signal_handler_disconnect (clock, id);
}

void
transcript_fixture_wait_shown (TranscriptFixture *self)
{
  transcript_fixture_wait (is_shown, self);
  transcript_fixture_wait_frame (self);
}

double
transcript_fixture_get_below (TranscriptFixture *self)
{
  return gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment) -
         gtk_adjustment_get_value (self->adjustment);
}

GtkTextBuffer *
transcript_fixture_get_buffer (TranscriptFixture *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

char *
transcript_fixture_dup_text (TranscriptFixture *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (transcript_fixture_get_buffer (self), &start, &end);

  return gtk_text_buffer_get_text (transcript_fixture_get_buffer (self), &start, &end, TRUE);
}

/* The line at the top of what is seen: its text and where it begins. */
char *
transcript_fixture_dup_top (TranscriptFixture *self,
                            int               *y)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  GdkRectangle visible;
  GtkTextIter start;
  GtkTextIter end;
  int line_y;

  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &start, visible.y, &line_y);
  *y = line_y - visible.y;
  end = start;
  gtk_text_iter_forward_lines (&end, 3);

  return gtk_text_iter_get_text (&start, &end);
}

/* One notch, as the page's own controller sees it. */
gboolean
transcript_fixture_wheel (TranscriptFixture *self,
                          double             dy)
{
  GtkWidget *scrolled = transcript_fixture_find (GTK_WIDGET (self->transcript), GTK_TYPE_SCROLLED_WINDOW);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (scrolled);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (!GTK_IS_EVENT_CONTROLLER_SCROLL (controller) ||
          gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_CAPTURE)
        continue;
      /* GtkScrolledWindow has one in the capture phase too, which only ends a deceleration. */
      g_signal_emit_by_name (controller, "scroll", 0.0, dy, &handled);
    }
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_value (self->adjustment) + dy * 60);

  return TRUE;
}
