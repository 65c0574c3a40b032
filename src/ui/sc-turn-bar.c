/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The actions of a message. */

#include "config.h"

#include "sc-turn-bar.h"

#include <glib/gi18n.h>

/* How far beside the bar the pointer may be on its way there from the message. */
#define WAY_ABOVE  16
#define WAY_BESIDE 8

struct _ScTurnBar
{
  GtkWidget  parent_instance;
  GtkWidget *edit_button;
  GtkWidget *retry_button;
  GtkWidget *details_button;
  ScTurn    *turn;
};

G_DEFINE_FINAL_TYPE (ScTurnBar, sc_turn_bar, GTK_TYPE_WIDGET)

static GtkWidget *
add_button (ScTurnBar  *self,
            const char *icon_name,
            const char *label,
            const char *action_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_widget_set_parent (button, GTK_WIDGET (self));

  return button;
}

static void
sc_turn_bar_dispose (GObject *object)
{
  ScTurnBar *self = SC_TURN_BAR (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->turn);

  G_OBJECT_CLASS (sc_turn_bar_parent_class)->dispose (object);
}

static void
sc_turn_bar_class_init (ScTurnBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_turn_bar_dispose;
  gtk_widget_class_set_css_name (widget_class, "turnbar");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
}

static void
sc_turn_bar_init (ScTurnBar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  add_button (self, "edit-copy-symbolic", _("Copy Message"), "page.copy-message");
  self->edit_button = add_button (self, "document-edit-symbolic", _("Edit Message"), "page.edit-message");
  self->retry_button = add_button (self, "view-refresh-symbolic", _("Try Again"), "win.retry");
  self->details_button = add_button (self, "document-properties-symbolic", _("Answer Details"),
                                     "win.show-answer-details");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->details_button), "s", "");
  add_button (self, "user-trash-symbolic", _("Delete Message"), "page.delete-message");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Message Actions"), -1);
  gtk_widget_set_cursor_from_name (widget, "default");
  gtk_widget_set_child_visible (widget, FALSE);
}

GtkWidget *
sc_turn_bar_new (void)
{
  return g_object_new (SC_TYPE_TURN_BAR, NULL);
}

void
sc_turn_bar_set_turn (ScTurnBar *self,
                      ScTurn    *turn,
                      gboolean   is_last)
{
  gboolean is_user;

  g_return_if_fail (SC_IS_TURN_BAR (self));

  if (g_set_object (&self->turn, turn))
    gtk_widget_set_child_visible (GTK_WIDGET (self), turn != NULL);
  if (turn == NULL)
    return;
  is_user = sc_turn_get_role (turn) == SC_ROLE_USER;
  gtk_widget_set_visible (self->edit_button, is_user);
  gtk_widget_set_visible (self->retry_button, !is_user && is_last);
  gtk_widget_set_visible (self->details_button, !is_user);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->details_button), "s", sc_turn_get_id (turn));
}

ScTurn *
sc_turn_bar_get_turn (ScTurnBar *self)
{
  g_return_val_if_fail (SC_IS_TURN_BAR (self), NULL);

  return self->turn;
}

/* The bottom of the message, and where the bar stands there: beside the words under an answer, else below the
 * message, where the gap to the next one is. */
static int
get_top (const ScPageEntry *entry,
         GtkTextView       *view,
         guint              offset,
         int                height)
{
  GtkTextIter iter;
  int y;
  int line_height;

  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter,
                                      (int) (offset + entry->n_chars - 1));
  gtk_text_view_get_line_yrange (view, &iter, &y, &line_height);
  if (entry->n_foot > 0)
    {
      GdkRectangle place;

      gtk_text_view_get_iter_location (view, &iter, &place);
      return place.y + (place.height - height) / 2;
    }
  y += line_height;
  if (entry->side_tag != NULL)
    y += SC_PAGE_USER_PADDING + 1;

  return y;
}

void
sc_turn_bar_place (ScTurnBar *self,
                   ScPage    *page)
{
  const ScBlockWriter *writer = sc_page_get_writer (page);
  GtkTextView *view = writer->view;
  GtkWidget *widget = GTK_WIDGET (self);
  ScPageEntry *entry = NULL;
  guint offset = 0;
  GtkRequisition size;
  GtkAllocation place;

  g_return_if_fail (SC_IS_TURN_BAR (self));

  for (guint i = sc_page_get_n_entries (page); self->turn != NULL && entry == NULL && i > 0; i--)
    {
      entry = sc_page_get_entry (page, i - 1, &offset);
      if (entry->turn != self->turn || entry->n_chars == 0)
        entry = NULL;
    }
  gtk_widget_set_child_visible (widget, entry != NULL);
  if (entry == NULL)
    return;

  gtk_widget_get_preferred_size (widget, &size, NULL);
  place.x = 0;
  place.y = get_top (entry, view, offset, size.height);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, 0, place.y, NULL, &place.y);
  place.x = gtk_text_view_get_left_margin (view);
  if (gtk_widget_get_direction (widget) != GTK_TEXT_DIR_RTL)
    place.x += writer->width - size.width;
  place.width = size.width;
  place.height = size.height;
  /* Below the last message there may be no room. */
  if (place.y < gtk_widget_get_height (GTK_WIDGET (view)))
    place.y = MIN (place.y, gtk_widget_get_height (GTK_WIDGET (view)) - size.height);
  gtk_widget_size_allocate (widget, &place, -1);
}

gboolean
sc_turn_bar_holds (ScTurnBar *self,
                   double     x,
                   double     y)
{
  GtkAllocation place;

  g_return_val_if_fail (SC_IS_TURN_BAR (self), FALSE);

  if (!gtk_widget_get_child_visible (GTK_WIDGET (self)))
    return FALSE;
  gtk_widget_get_allocation (GTK_WIDGET (self), &place);

  return x >= place.x - WAY_BESIDE && x < place.x + place.width + WAY_BESIDE &&
         y >= place.y - WAY_ABOVE && y < place.y + place.height + WAY_BESIDE / 2;
}
