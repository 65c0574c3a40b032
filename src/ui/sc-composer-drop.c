/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-composer-drop.c: what is dropped onto the page comes into the message.
 *
 * Two targets: files and pictures are taken before the text views under the pointer see them (a
 * file manager offers the names as text, too); text is taken only where no text view wants it.
 */

#include "config.h"

#include "sc-composer.h"

#include "sc-attachment-input.h"

static void
append_text (ScComposer *self,
             const char *text)
{
  g_autofree char *old = sc_composer_dup_text (self);
  const char *space = *old != '\0' && !g_str_has_suffix (old, "\n") ? "\n" : "";
  g_autofree char *both = g_strconcat (old, space, text, NULL);

  sc_composer_set_text (self, both);
}

static gboolean
files_dropped_cb (ScComposer   *self,
                  const GValue *value)
{
  ScAttachmentList *list = sc_composer_get_attachments (self);
  g_autofree char *addresses = NULL;

  if (list == NULL)
    return FALSE;
  addresses = sc_attachment_input_take_value (list, value);
  if (addresses != NULL)
    append_text (self, addresses);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  return TRUE;
}

static gboolean
text_dropped_cb (ScComposer   *self,
                 const GValue *value)
{
  const char *text = g_value_get_string (value);
  ScAttachmentList *list = sc_composer_get_attachments (self);

  if (text == NULL || *text == '\0')
    return FALSE;
  if (list == NULL || !sc_attachment_input_take_text (list, text))
    append_text (self, text);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  return TRUE;
}

/* The state that GTK has for this is lost where two targets share a widget. */
static void
current_drop_changed_cb (GtkDropTarget *target)
{
  GtkWidget *area = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));

  if (area == NULL)
    return;
  if (gtk_drop_target_get_current_drop (target) != NULL)
    gtk_widget_add_css_class (area, "drop-area");
  else
    gtk_widget_remove_css_class (area, "drop-area");
}

static void
add_target (ScComposer    *self,
            GtkWidget     *area,
            GtkDropTarget *target,
            GCallback      dropped_cb)
{
  g_signal_connect_object (target, "drop", dropped_cb, self, G_CONNECT_SWAPPED);
  g_signal_connect (target, "notify::current-drop", G_CALLBACK (current_drop_changed_cb), NULL);
  gtk_widget_add_controller (area, GTK_EVENT_CONTROLLER (target));
}

void
sc_composer_add_drop_area (ScComposer *self,
                           GtkWidget  *area)
{
  GType file_types[] = { GDK_TYPE_TEXTURE, GDK_TYPE_FILE_LIST };
  GtkDropTarget *files;
  GtkDropTarget *text;

  g_return_if_fail (SC_IS_COMPOSER (self));
  g_return_if_fail (GTK_IS_WIDGET (area));

  files = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (files, file_types, G_N_ELEMENTS (file_types));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (files), GTK_PHASE_CAPTURE);
  add_target (self, area, files, G_CALLBACK (files_dropped_cb));

  text = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);
  add_target (self, area, text, G_CALLBACK (text_dropped_cb));
}
