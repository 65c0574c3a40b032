/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line that is being read. */

#include "config.h"

#include "sc-page-reading.h"

void
sc_page_reading_forget (ScPageReading *self,
                        GtkTextView   *view)
{
  GtkTextBuffer *buffer;

  if (self->mark == NULL)
    return;
  buffer = gtk_text_mark_get_buffer (self->mark);
  if (buffer != NULL)
    gtk_text_buffer_delete_mark (buffer, self->mark);
  g_clear_object (&self->mark);
}

void
sc_page_reading_remember (ScPageReading *self,
                          GtkTextView   *view)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  double below;
  GdkRectangle visible;
  GdkRectangle last;
  GtkTextIter iter;
  int y;

  if (self->mark != NULL || adjustment == NULL)
    return;
  below = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) -
          gtk_adjustment_get_value (adjustment);
  gtk_text_view_get_visible_rect (view, &visible);
  if (below < 1 || visible.y <= 0)
    return;
  gtk_text_view_get_line_at_y (view, &iter, visible.y, &y);
  if (y >= visible.y)
    return;
  /* Words of the paragraph at the top are still seen: they stay. */
  if (!gtk_text_iter_ends_line (&iter))
    gtk_text_iter_forward_to_line_end (&iter);
  gtk_text_view_get_iter_location (view, &iter, &last);
  if (last.y + last.height > visible.y || !gtk_text_iter_forward_line (&iter))
    return;
  gtk_text_view_get_line_yrange (view, &iter, &y, NULL);
  if (y >= visible.y + visible.height)
    return;
  self->mark = g_object_ref (gtk_text_buffer_create_mark (gtk_text_view_get_buffer (view), NULL, &iter, TRUE));
  self->y = y - visible.y;
}

void
sc_page_reading_keep (ScPageReading *self,
                      GtkTextView   *view)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  GdkRectangle visible;
  GtkTextIter iter;
  int y;

  if (self->mark != NULL && gtk_text_mark_get_buffer (self->mark) == gtk_text_view_get_buffer (view))
    {
      gtk_text_buffer_get_iter_at_mark (gtk_text_view_get_buffer (view), &iter, self->mark);
      gtk_text_view_get_line_yrange (view, &iter, &y, NULL);
      gtk_text_view_get_visible_rect (view, &visible);
      if (y - visible.y != self->y)
        gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y - visible.y - self->y);
    }
  sc_page_reading_forget (self, view);
}

void
sc_page_reading_scroll (ScPageReading *self,
                        int            pixels)
{
  self->y -= pixels;
}
