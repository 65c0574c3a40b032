/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scroll state machine. Two states, following and reading:
 *
 *   following -> reading   wheel up, Page Up, Home, Up, a press on the scrollbar, a finger that pans down, a selection,
 *                          and the start of an answer at the top, for those who wish to stay there
 *   reading -> following   scrolled down to the end, End, the button, sending
 *
 * A change of the text's height is never one of these.
 *
 * While a finger is on the page, or the page goes on by itself after a finger left it, GtkScrolledWindow sets positions
 * that it worked out before, and overwrites what anybody else sets. In both states nothing is pinned then, and the flow
 * neither loads nor trims, until it was quiet for a while. */

#include "config.h"

#include "sc-transcript-scroll.h"

/* "At the end" has some play: a reader who comes back does not aim at the last pixel. */
#define END_PLAY       24.0
#define QUIET_MS       150
#define QUIET_US       (QUIET_MS * G_TIME_SPAN_MILLISECOND)

/* GTK keeps the line the reader sees, but not nearer to an end than one slice of its idle validation (2,000 px). */
#define SAFE_DISTANCE  3000.0

/* Where what is gone to comes to stand, and how much at the top may be hidden by what floats there. */
#define SHOW_ALIGN     0.3
#define HIDDEN_TOP     64.0

/* So far below the top is a line that is seen as a whole. */
#define IN_SIGHT       40

struct _ScTranscriptScroll
{
  GtkScrolledWindow      *window;
  GtkTextView            *view;
  GtkAdjustment          *adjustment;
  ScTranscriptScrollFunc  moved;
  gpointer                user_data;
  GSList                 *controllers;
  /* Of GTK, while it has to scroll there; only to be compared. */
  GtkTextMark            *pending;
  int                     top_delta;
  double                  value;
  gint64                  input_us;
  gint64                  motion_us;
  guint                   settle_id;
  guint                   guard;
  guint                   n_touches;
  gboolean                is_following;
  gboolean                may_resume;
  gboolean                has_limit;
  gboolean                is_held;
  gboolean                is_asking;
  gboolean                is_wheel;
};

static double
get_end (ScTranscriptScroll *self)
{
  return gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment);
}

static void
tell (ScTranscriptScroll *self)
{
  if (self->moved != NULL)
    self->moved (self, self->user_data);
}

/* The reader moves towards the end. */
static void
allow_resume (ScTranscriptScroll *self)
{
  self->input_us = g_get_monotonic_time ();
  self->may_resume = TRUE;
  self->is_held = FALSE;
}

static GtkTextMark *
set_mark (ScTranscriptScroll *self,
          const char         *name,
          const GtkTextIter  *iter)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, name);

  if (mark == NULL)
    return gtk_text_buffer_create_mark (buffer, name, iter, FALSE);
  gtk_text_buffer_move_mark (buffer, mark, iter);

  return mark;
}

/* The page is being moved by something that does not know what the text does meanwhile. */
static gboolean
is_moving (ScTranscriptScroll *self)
{
  return self->n_touches > 0 || g_get_monotonic_time () - self->motion_us <= QUIET_US;
}

static void
note_motion (ScTranscriptScroll *self)
{
  self->motion_us = g_get_monotonic_time ();
  self->is_wheel = FALSE;
}

static void
ask_to_scroll (ScTranscriptScroll *self,
               GtkTextMark        *mark,
               gboolean            use_align,
               double              align)
{
  self->is_asking = TRUE;
  gtk_text_view_scroll_to_mark (self->view, mark, 0, use_align, 0, align);
  self->is_asking = FALSE;
}

/* GTK keeps the line at the top in place while it validates text above it, but loses it where the end of the text is near: there
 * the new value is clamped by bounds that are not updated yet. */
static void
restore_top (ScTranscriptScroll *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, "top");
  GtkTextIter iter;
  int y;

  if (mark == NULL)
    return;

  gtk_text_buffer_get_iter_at_mark (buffer, &iter, mark);
  gtk_text_view_get_line_yrange (self->view, &iter, &y, NULL);
  self->guard++;
  gtk_adjustment_set_value (self->adjustment, y + self->top_delta);
  self->value = gtk_adjustment_get_value (self->adjustment);
  self->guard--;
}

/* The line that is the limit came to the top: it becomes the one that is kept. What is on its way to the end, be it an
 * animation, is not the reader's doing, so that until the reader does something the place is held. */
static gboolean
stop_at_limit (ScTranscriptScroll *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextMark *limit = self->has_limit ? gtk_text_buffer_get_mark (buffer, "limit") : NULL;
  GtkTextIter iter;
  int y;

  if (limit == NULL)
    return FALSE;
  gtk_text_buffer_get_iter_at_mark (buffer, &iter, limit);
  gtk_text_view_get_line_yrange (self->view, &iter, &y, NULL);
  if (get_end (self) <= y)
    return FALSE;

  self->has_limit = FALSE;
  self->is_following = FALSE;
  self->may_resume = FALSE;
  self->is_held = TRUE;
  self->top_delta = 0;
  set_mark (self, "top", &iter);
  restore_top (self);

  return TRUE;
}

static gboolean
settle_cb (gpointer user_data)
{
  ScTranscriptScroll *self = user_data;

  if (is_moving (self))
    return G_SOURCE_CONTINUE;
  self->settle_id = 0;
  if (self->is_following)
    sc_transcript_scroll_set_following (self, TRUE);

  return G_SOURCE_REMOVE;
}

static void
pin (ScTranscriptScroll *self)
{
  if (is_moving (self))
    {
      if (self->settle_id == 0)
        self->settle_id = g_timeout_add (QUIET_MS, settle_cb, self);
      return;
    }
  if (stop_at_limit (self))
    return;
  self->guard++;
  gtk_adjustment_set_value (self->adjustment, get_end (self));
  self->value = gtk_adjustment_get_value (self->adjustment);
  self->guard--;
}

/* Remembers the line at the top of what the reader sees. */
static void
keep_top (ScTranscriptScroll *self)
{
  GtkTextIter iter;
  int value = (int) self->value;
  int y;

  gtk_text_view_get_line_at_y (self->view, &iter, value, &y);
  self->top_delta = value - y;
  set_mark (self, "top", &iter);
}

static gboolean
is_laying_out (ScTranscriptScroll *self)
{
  return sc_transcript_view_is_laying_out (SC_TRANSCRIPT_VIEW (self->view));
}

/* A trap of GTK: a text view that was told to scroll somewhere does so when it has laid out the text there, and every
 * move of the reader puts that off, not away: it comes with the next text, and takes back what the reader did. The only
 * way out is another place to scroll to, one that is in sight. */
static void
drop_pending (ScTranscriptScroll *self)
{
  GdkRectangle visible;
  GtkTextIter iter;

  if (self->pending == NULL)
    return;
  gtk_text_view_get_visible_rect (self->view, &visible);
  gtk_text_view_get_iter_at_location (self->view, &iter, visible.x, visible.y + IN_SIGHT);
  ask_to_scroll (self, set_mark (self, "in-sight", &iter), FALSE, 0);
}

static void
pause_following (ScTranscriptScroll *self)
{
  self->input_us = g_get_monotonic_time ();
  self->may_resume = FALSE;
  self->is_held = FALSE;
  if (!self->is_following || get_end (self) <= gtk_adjustment_get_lower (self->adjustment))
    return;
  self->is_following = FALSE;
  self->value = gtk_adjustment_get_value (self->adjustment);
  /* Ends what GTK animates. */
  self->guard++;
  gtk_adjustment_set_value (self->adjustment, self->value);
  self->guard--;
  keep_top (self);
  drop_pending (self);
  tell (self);
}

static void
bounds_changed_cb (ScTranscriptScroll *self)
{
  if (self->is_following)
    pin (self);
  else if (is_laying_out (self))
    restore_top (self);
  tell (self);
}

/* The reader's hand, or what it set going. After a notch of a wheel nothing goes on. */
static void
follow_motion (ScTranscriptScroll *self,
               double              value)
{
  if (!self->is_wheel && (!self->is_following || is_moving (self)))
    note_motion (self);
  self->value = value;
  keep_top (self);
  drop_pending (self);
}

static void
value_changed_cb (GtkAdjustment      *adjustment,
                  ScTranscriptScroll *self)
{
  double value = gtk_adjustment_get_value (adjustment);
  gboolean went_down = value > self->value;

  if (self->guard > 0)
    return;
  /* The reader's own input would have ended following before: this is GTK, which keeps some line in its place while it
   * validates, and would leave the end out of sight. */
  if (self->is_following && value < get_end (self))
    {
      if (is_moving (self))
        follow_motion (self, value);
      pin (self);
      return;
    }
  if (!self->is_following && (self->is_held || is_laying_out (self)))
    {
      restore_top (self);
      return;
    }
  follow_motion (self, value);
  /* Only a move down by the reader re-arms: a small notch up near the end must win against it, and GTK moves the value
   * too when text above was validated. */
  if (!self->is_following && self->may_resume && went_down && value >= get_end (self) - END_PLAY)
    self->is_following = TRUE;
  tell (self);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           ScTranscriptScroll       *self)
{
  gint64 input_us = self->input_us;

  /* A notch of a wheel is over at once; only a touchpad's movement goes on by itself. */
  self->is_wheel = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL;
  if (!self->is_wheel)
    note_motion (self);
  if (dy < 0)
    pause_following (self);
  else if (dy > 0)
    allow_resume (self);
  if (self->is_wheel)
    self->input_us = input_us;

  return FALSE;
}

static void
decelerate_cb (GtkEventControllerScroll *controller,
               double                    velocity_x,
               double                    velocity_y,
               ScTranscriptScroll       *self)
{
  note_motion (self);
}

/* Not a gesture, which would not be told about a finger any more once GtkScrolledWindow claims it. */
static gboolean
event_cb (GtkEventController *controller,
          GdkEvent           *event,
          ScTranscriptScroll *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_TOUCH_BEGIN)
    sc_transcript_scroll_touch (self, TRUE);
  else if (type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL)
    sc_transcript_scroll_touch (self, FALSE);

  return FALSE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                ScTranscriptScroll    *self)
{
  self->is_wheel = FALSE;
  switch (keyval)
    {
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      pause_following (self);
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      allow_resume (self);
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      if (!(state & GDK_SHIFT_MASK))
        {
          sc_transcript_scroll_set_following (self, TRUE);
          tell (self);
        }
      break;
    default:
      break;
    }

  return FALSE;
}

static void
scrollbar_pressed_cb (GtkGestureClick    *gesture,
                      int                 n_press,
                      double              x,
                      double              y,
                      ScTranscriptScroll *self)
{
  self->is_wheel = FALSE;
  pause_following (self);
  allow_resume (self);
}

static void
pan_cb (GtkGestureDrag     *gesture,
        double              dx,
        double              dy,
        ScTranscriptScroll *self)
{
  if (dy > 0)
    pause_following (self);
  else if (dy < 0)
    allow_resume (self);
}

static void
selection_changed_cb (GtkTextBuffer      *buffer,
                      GParamSpec         *pspec,
                      ScTranscriptScroll *self)
{
  if (gtk_text_buffer_get_has_selection (buffer))
    pause_following (self);
}

/* A trap of GTK: a text view whose text grew asks for a new size in the middle of its own allocation. Where only the
 * view is allocated while something else in the window is resized in the same frame, the widgets between the two keep
 * that request and are never allocated, nor drawn, again. Asking before the layout takes the whole way in. */
static void
text_changed_cb (GtkTextBuffer      *buffer,
                 ScTranscriptScroll *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self->view));
}

/* The text view keeps the place it has to scroll to in a mark with no name. */
static void
mark_set_cb (GtkTextBuffer      *buffer,
             GtkTextIter        *iter,
             GtkTextMark        *mark,
             ScTranscriptScroll *self)
{
  if (!self->is_asking || gtk_text_mark_get_name (mark) != NULL)
    return;
  self->is_asking = FALSE;
  self->pending = mark;
}

static void
mark_deleted_cb (GtkTextBuffer      *buffer,
                 GtkTextMark        *mark,
                 ScTranscriptScroll *self)
{
  if (mark == self->pending)
    self->pending = NULL;
}

static void
buffer_changed_cb (GtkTextView        *view,
                   GParamSpec         *pspec,
                   ScTranscriptScroll *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  self->pending = NULL;
  g_signal_connect (buffer, "notify::has-selection", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect (buffer, "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect (buffer, "mark-set", G_CALLBACK (mark_set_cb), self);
  g_signal_connect (buffer, "mark-deleted", G_CALLBACK (mark_deleted_cb), self);
}

static void
add_controller (ScTranscriptScroll *self,
                GtkWidget          *widget,
                GtkEventController *controller)
{
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (widget, controller);
  self->controllers = g_slist_prepend (self->controllers, controller);
}

static void
add_controllers (ScTranscriptScroll *self)
{
  GtkWidget *window = GTK_WIDGET (self->window);
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL |
                                                               GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *press = gtk_gesture_click_new ();
  GtkGesture *pan = gtk_gesture_drag_new ();

  g_signal_connect (wheel, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (wheel, "decelerate", G_CALLBACK (decelerate_cb), self);
  add_controller (self, window, wheel);
  g_signal_connect (events, "event", G_CALLBACK (event_cb), self);
  add_controller (self, window, events);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  add_controller (self, GTK_WIDGET (self->view), keys);
  g_signal_connect (press, "pressed", G_CALLBACK (scrollbar_pressed_cb), self);
  add_controller (self, gtk_scrolled_window_get_vscrollbar (self->window), GTK_EVENT_CONTROLLER (press));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (pan), TRUE);
  g_signal_connect (pan, "drag-update", G_CALLBACK (pan_cb), self);
  add_controller (self, window, GTK_EVENT_CONTROLLER (pan));
}

ScTranscriptScroll *
sc_transcript_scroll_new (GtkScrolledWindow      *window,
                          ScTranscriptView       *view,
                          ScTranscriptScrollFunc  moved,
                          gpointer                user_data)
{
  ScTranscriptScroll *self = g_new0 (ScTranscriptScroll, 1);

  self->window = window;
  self->view = GTK_TEXT_VIEW (view);
  self->moved = moved;
  self->user_data = user_data;
  self->is_following = TRUE;
  self->adjustment = g_object_ref (gtk_scrolled_window_get_vadjustment (window));
  g_signal_connect_swapped (self->adjustment, "notify::upper", G_CALLBACK (bounds_changed_cb), self);
  g_signal_connect_swapped (self->adjustment, "notify::page-size", G_CALLBACK (bounds_changed_cb), self);
  g_signal_connect (self->adjustment, "value-changed", G_CALLBACK (value_changed_cb), self);
  g_signal_connect (view, "notify::buffer", G_CALLBACK (buffer_changed_cb), self);
  buffer_changed_cb (self->view, NULL, self);
  add_controllers (self);

  return self;
}

void
sc_transcript_scroll_free (ScTranscriptScroll *self)
{
  if (self == NULL)
    return;

  for (GSList *l = self->controllers; l != NULL; l = l->next)
    gtk_widget_remove_controller (gtk_event_controller_get_widget (l->data), l->data);
  g_slist_free (self->controllers);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_signal_handlers_disconnect_by_data (gtk_text_view_get_buffer (self->view), self);
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_object_unref (self->adjustment);
  g_free (self);
}

/* What the page was set going to is not wished any more. */
static void
stop_motion (ScTranscriptScroll *self)
{
  if (self->n_touches > 0 || !is_moving (self))
    return;
  self->motion_us = 0;
  gtk_scrolled_window_set_kinetic_scrolling (self->window, FALSE);
  gtk_scrolled_window_set_kinetic_scrolling (self->window, TRUE);
}

void
sc_transcript_scroll_set_following (ScTranscriptScroll *self,
                                    gboolean            is_following)
{
  if (!is_following)
    {
      pause_following (self);
      return;
    }
  self->is_following = TRUE;
  self->is_held = FALSE;
  self->has_limit = FALSE;
  stop_motion (self);
  sc_transcript_scroll_flush (self, G_MAXUINT);
  pin (self);
  tell (self);
}

void
sc_transcript_scroll_set_limit (ScTranscriptScroll *self,
                                guint               offset)
{
  GtkTextIter iter;

  self->has_limit = offset != G_MAXUINT;
  if (!self->has_limit)
    return;
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (self->view), &iter, (int) offset);
  set_mark (self, "limit", &iter);
}

static gboolean
is_in_sight (ScTranscriptScroll *self,
             const GdkRectangle *place)
{
  GdkRectangle visible;

  gtk_text_view_get_visible_rect (self->view, &visible);

  return place->y >= visible.y + (int) HIDDEN_TOP && place->y + place->height <= visible.y + visible.height;
}

void
sc_transcript_scroll_show (ScTranscriptScroll *self,
                           guint               offset)
{
  double page = gtk_adjustment_get_page_size (self->adjustment);
  GtkTextIter iter;
  GdkRectangle place;
  int line_y;

  self->is_following = FALSE;
  self->may_resume = FALSE;
  self->is_held = FALSE;
  self->value = gtk_adjustment_get_value (self->adjustment);
  keep_top (self);
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (self->view), &iter, (int) offset);
  gtk_text_view_get_iter_location (self->view, &iter, &place);
  gtk_text_view_get_line_yrange (self->view, &iter, &line_y, NULL);
  if (!is_in_sight (self, &place))
    {
      /* The line that is gone to is the one that is kept, also while nothing above it has a height yet. */
      self->top_delta = place.y - line_y - (int) ((page - place.height) * SHOW_ALIGN);
      set_mark (self, "top", &iter);
      restore_top (self);
      ask_to_scroll (self, set_mark (self, "shown", &iter), TRUE, SHOW_ALIGN);
      gtk_widget_queue_resize (GTK_WIDGET (self->view));
    }
  tell (self);
}

gboolean
sc_transcript_scroll_is_following (ScTranscriptScroll *self)
{
  return self->is_following;
}

void
sc_transcript_scroll_flush (ScTranscriptScroll *self,
                            guint               offset)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, "end");
  GtkTextIter iter;
  GdkRectangle place;

  /* The layout of the paragraph that grew stays cached: it is laid out once and not twice in this frame. */
  if (offset < (guint) gtk_text_buffer_get_char_count (buffer) && self->is_following)
    {
      gtk_text_buffer_get_iter_at_offset (buffer, &iter, (int) offset);
      gtk_text_view_get_iter_location (self->view, &iter, &place);
    }
  /* Without an allocation the text would be validated while it is painted, and the scrollbar would change too late. Not
   * gtk_widget_queue_allocate(), for the reason that text_changed_cb() gives. */
  gtk_widget_queue_resize (GTK_WIDGET (self->view));
  if (!self->is_following || is_moving (self))
    return;

  if (mark == NULL)
    {
      gtk_text_buffer_get_end_iter (buffer, &iter);
      mark = gtk_text_buffer_create_mark (buffer, "end", &iter, FALSE);
    }
  /* Validates two screens around the end in this frame's allocation; bounds_changed_cb() keeps it from animating. */
  ask_to_scroll (self, mark, FALSE, 1);
}

gboolean
sc_transcript_scroll_is_quiet (ScTranscriptScroll *self)
{
  return !is_moving (self) && g_get_monotonic_time () - self->input_us > QUIET_US;
}

void
sc_transcript_scroll_touch (ScTranscriptScroll *self,
                            gboolean            is_down)
{
  if (is_down)
    self->n_touches++;
  else if (self->n_touches > 0)
    self->n_touches--;
  note_motion (self);
}

double
sc_transcript_scroll_get_above (ScTranscriptScroll *self)
{
  return gtk_adjustment_get_value (self->adjustment);
}

double
sc_transcript_scroll_get_below (ScTranscriptScroll *self)
{
  return MAX (get_end (self) - gtk_adjustment_get_value (self->adjustment), 0);
}

gboolean
sc_transcript_scroll_can_change (ScTranscriptScroll *self)
{
  double below = sc_transcript_scroll_get_below (self);

  return self->is_following || below < 1 || below >= SAFE_DISTANCE;
}
