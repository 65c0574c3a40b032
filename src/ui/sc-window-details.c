/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-window-details.c: number, code and the service's own words of a failure, for those who want them.
 *
 * Not in the page: what stands there is for everybody. The text is what a person pastes into a question to the service.
 */

#include "config.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-window-private.h"

static void
append_line (GString    *text,
             const char *label,
             const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "%s: %s\n", label, value);
}

static char *
dup_details (ScTurn *turn)
{
  const ScFailure *failure = sc_turn_get_failure (turn);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (sc_turn_get_created_us (turn) / G_USEC_PER_SEC);
  g_autofree char *time = utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;
  g_autofree char *status = failure->status != 0 ? g_strdup_printf ("%d", failure->status) : NULL;
  GString *text = g_string_new (NULL);

  append_line (text, _("Message"), failure->message);
  append_line (text, _("Kind"), sc_error_to_nick (failure->kind));
  append_line (text, _("Status"), status);
  append_line (text, _("Code"), failure->code);
  append_line (text, _("Request"), failure->request_id);
  append_line (text, _("Model"), sc_turn_get_model (turn));
  append_line (text, _("Time"), time);
  if (failure->details != NULL && *failure->details != '\0')
    g_string_append_printf (text, "\n%s\n", failure->details);
  return g_string_free (text, FALSE);
}

static void
copy_clicked_cb (GtkButton     *button,
                 GtkTextBuffer *buffer)
{
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
}

void
sc_window_show_details (ScWindow *self,
                        ScTurn   *turn)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/example/StreamChat/sc-window-details.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));
  GtkTextView *view = GTK_TEXT_VIEW (gtk_builder_get_object (builder, "text"));
  g_autofree char *text = dup_details (turn);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
  g_signal_connect_object (gtk_builder_get_object (builder, "copy"), "clicked",
                           G_CALLBACK (copy_clicked_cb), gtk_text_view_get_buffer (view), 0);
  gtk_window_set_transient_for (window, GTK_WINDOW (self));
  gtk_window_present (window);
}
