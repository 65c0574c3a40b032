/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One code block in a window of its own. */

#include "config.h"

#include "sc-code-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "sc-code-save.h"
#include "sc-transcript-colours.h"

#define WIDTH  860
#define HEIGHT 560

static void
wrap_toggled_cb (GtkToggleButton *button,
                 GtkTextView     *view)
{
  gtk_text_view_set_wrap_mode (view, gtk_toggle_button_get_active (button) ? GTK_WRAP_WORD_CHAR : GTK_WRAP_NONE);
}

static char *
dup_text (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
copy_clicked_cb (GtkButton   *button,
                 GtkTextView *view)
{
  g_autofree char *text = dup_text (view);
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (view), ADW_TYPE_TOAST_OVERLAY);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (view)), text);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (_("Code copied.")));
}

static void
save_clicked_cb (GtkButton   *button,
                 GtkTextView *view)
{
  g_autofree char *text = dup_text (view);

  sc_code_save_as (GTK_WIDGET (view), g_object_get_data (G_OBJECT (view), "language"), text);
}

static GtkWidget *
name_button (GtkWidget  *button,
             const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return button;
}

static void
dark_changed_cb (GtkSourceBuffer *buffer)
{
  gtk_source_buffer_set_style_scheme (buffer, sc_transcript_colours_get_scheme ());
}

static GtkWidget *
create_view (const char *language,
             const char *text)
{
  GtkWidget *view = gtk_source_view_new ();
  GtkTextView *text_view = GTK_TEXT_VIEW (view);
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (text_view));

  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  if (language != NULL && *language != '\0')
    gtk_source_buffer_set_language (buffer, sc_transcript_colours_find_language (language));
  dark_changed_cb (buffer);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (dark_changed_cb), buffer,
                           G_CONNECT_SWAPPED);
  gtk_text_buffer_set_enable_undo (GTK_TEXT_BUFFER (buffer), FALSE);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), text, -1);
  gtk_text_view_set_editable (text_view, FALSE);
  gtk_text_view_set_monospace (text_view, TRUE);
  gtk_text_view_set_wrap_mode (text_view, GTK_WRAP_NONE);
  gtk_text_view_set_top_margin (text_view, 12);
  gtk_text_view_set_bottom_margin (text_view, 12);
  gtk_text_view_set_left_margin (text_view, 12);
  gtk_text_view_set_right_margin (text_view, 12);
  gtk_source_view_set_show_line_numbers (GTK_SOURCE_VIEW (view), TRUE);
  /* Code runs from left to right in any language. */
  gtk_widget_set_direction (view, GTK_TEXT_DIR_LTR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Code"), -1);
  g_object_set_data_full (G_OBJECT (view), "language", g_strdup (language), g_free);

  return view;
}

static GtkWidget *
create_header (const char *title,
               GtkWidget  *view)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *wrap = gtk_toggle_button_new ();
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  GtkWidget *save = gtk_button_new_from_icon_name ("document-save-as-symbolic");

  gtk_button_set_label (GTK_BUTTON (wrap), _("Wrap Lines"));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new (title, NULL));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), name_button (copy, _("Copy Code")));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), name_button (save, _("Save Code As")));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), wrap);
  g_signal_connect_object (wrap, "toggled", G_CALLBACK (wrap_toggled_cb), view, 0);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (copy_clicked_cb), view, 0);
  g_signal_connect_object (save, "clicked", G_CALLBACK (save_clicked_cb), view, 0);

  return header;
}

GtkWidget *
sc_code_window_new (GtkWidget  *widget,
                    const char *language,
                    const char *text)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  const char *title = language != NULL && *language != '\0' ? language : _("Code");
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = adw_toast_overlay_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view = create_view (language, text);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), scrolled);
  gtk_box_append (GTK_BOX (box), create_header (title, view));
  gtk_box_append (GTK_BOX (box), overlay);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Escape|<Control>w"),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);

  return window;
}
