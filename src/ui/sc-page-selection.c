/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GTK offers the selection of a text buffer as it stands there: with the breaks in long lines, bullets and tabs that are
 * only looks. Its own offers are taken back here and made anew: nothing is copied while one selects, and what is pasted
 * by the middle button is what is selected when it is pasted. */

#include "config.h"

#include "sc-page-selection.h"

#include "sc-page-copy.h"

#define ICON_WORDS 40

struct _ScPageSelection
{
  ScPage             *page;
  GtkTextView        *view;
  GtkTextBuffer      *buffer; /* whose own offer was taken back */
  GdkContentProvider *primary;
  GtkEventController *drag;
};

static ScPageCopy *
copy_selected (gpointer user_data)
{
  ScPageSelection *self = user_data;
  GtkTextIter start;
  GtkTextIter end;

  if (!gtk_text_buffer_get_selection_bounds (gtk_text_view_get_buffer (self->view), &start, &end))
    return NULL;

  return sc_page_copy_range (self->page, (guint) gtk_text_iter_get_offset (&start),
                             (guint) gtk_text_iter_get_offset (&end));
}

/* The selection that the middle button pastes */

static GdkClipboard *
get_primary (ScPageSelection *self)
{
  return gtk_widget_get_primary_clipboard (GTK_WIDGET (self->view));
}

static void
withdraw (ScPageSelection *self)
{
  if (gdk_clipboard_get_content (get_primary (self)) == self->primary)
    gdk_clipboard_set_content (get_primary (self), NULL);
}

/* With each motion of the pointer: two pointers are compared. */
static void
mark_set_cb (ScPageSelection *self,
             GtkTextIter     *where,
             GtkTextMark     *mark,
             GtkTextBuffer   *buffer)
{
  if (mark != gtk_text_buffer_get_insert (buffer) && mark != gtk_text_buffer_get_selection_bound (buffer))
    return;
  if (!gtk_text_buffer_get_has_selection (buffer))
    withdraw (self);
  else if (gdk_clipboard_get_content (get_primary (self)) != self->primary)
    gdk_clipboard_set_content (get_primary (self), self->primary);
}

static void
let_go (ScPageSelection *self)
{
  if (self->buffer == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->buffer, mark_set_cb, self);
  /* GTK takes its own away again, and has to find it. */
  gtk_text_buffer_add_selection_clipboard (self->buffer, get_primary (self));
  withdraw (self);
  g_clear_object (&self->buffer);
}

static void
take_over (ScPageSelection *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  if (buffer == self->buffer || !gtk_widget_get_realized (GTK_WIDGET (self->view)))
    return;

  let_go (self);
  g_set_object (&self->buffer, buffer);
  gtk_text_buffer_remove_selection_clipboard (buffer, get_primary (self));
  g_signal_connect_swapped (buffer, "mark-set", G_CALLBACK (mark_set_cb), self);
}

/* Dragging */

/* Before GTK begins to select: only what is selected already is dragged. */
static void
drag_pressed_cb (GtkGesture       *gesture,
                 GdkEventSequence *sequence,
                 ScPageSelection  *self)
{
  GtkTextIter start;
  GtkTextIter end;
  GtkTextIter at;
  double x;
  double y;
  int buffer_x;
  int buffer_y;

  if (gtk_gesture_get_point (gesture, sequence, &x, &y) &&
      gtk_text_buffer_get_selection_bounds (gtk_text_view_get_buffer (self->view), &start, &end))
    {
      gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &buffer_x, &buffer_y);
      if (gtk_text_view_get_iter_at_location (self->view, &at, buffer_x, buffer_y) &&
          gtk_text_iter_in_range (&at, &start, &end))
        return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource   *source,
                 double           x,
                 double           y,
                 ScPageSelection *self)
{
  ScPageCopy *copy = copy_selected (self);

  return copy != NULL ? sc_page_content_new (copy) : NULL;
}

static void
drag_begin_cb (GtkDragSource   *source,
               GdkDrag         *drag,
               ScPageSelection *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *words = NULL;
  GtkTextIter start;
  GtkTextIter end;
  GtkWidget *label;

  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    return;

  if (gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (&start) > ICON_WORDS)
    {
      end = start;
      gtk_text_iter_forward_chars (&end, ICON_WORDS);
    }
  words = g_strdelimit (gtk_text_buffer_get_slice (buffer, &start, &end, FALSE), "\n\t", ' ');
  label = gtk_label_new (words);
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
}

static void
copy_cb (ScPageSelection *self)
{
  ScPageCopy *copy = copy_selected (self);

  g_signal_stop_emission_by_name (self->view, "copy-clipboard");
  if (copy != NULL)
    {
      g_autoptr (GdkContentProvider) content = sc_page_content_new (copy);

      gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self->view)), content);
    }
}

ScPageSelection *
sc_page_selection_new (ScPage      *page,
                       GtkTextView *view)
{
  ScPageSelection *self = g_new0 (ScPageSelection, 1);

  self->page = page;
  self->view = view;
  self->primary = sc_page_content_new_later (copy_selected, self);
  self->drag = GTK_EVENT_CONTROLLER (gtk_drag_source_new ());
  gtk_event_controller_set_propagation_phase (self->drag, GTK_PHASE_CAPTURE);
  g_signal_connect (self->drag, "begin", G_CALLBACK (drag_pressed_cb), self);
  g_signal_connect (self->drag, "prepare", G_CALLBACK (drag_prepare_cb), self);
  g_signal_connect (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (view), self->drag);
  g_signal_connect_swapped (view, "realize", G_CALLBACK (take_over), self);
  g_signal_connect_swapped (view, "unrealize", G_CALLBACK (let_go), self);
  g_signal_connect_swapped (view, "copy-clipboard", G_CALLBACK (copy_cb), self);
  take_over (self);

  return self;
}

void
sc_page_selection_free (ScPageSelection *self)
{
  if (self == NULL)
    return;

  let_go (self);
  g_signal_handlers_disconnect_by_data (self->view, self);
  gtk_widget_remove_controller (GTK_WIDGET (self->view), self->drag);
  sc_page_content_forget (self->primary);
  g_object_unref (self->primary);
  g_free (self);
}

void
sc_page_selection_set_buffer (ScPageSelection *self,
                              GtkTextView     *view,
                              GtkTextBuffer   *buffer)
{
  if (self != NULL)
    let_go (self);
  gtk_text_view_set_buffer (view, buffer);
  if (self != NULL && buffer != NULL)
    take_over (self);
}
