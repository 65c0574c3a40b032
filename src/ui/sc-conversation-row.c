/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-conversation-row.c: one conversation in the side panel.
 *
 * A row is used again for other conversations as the list scrolls, so everything it shows comes
 * from the conversation it is given. The heading is a part of the row because GTK's list view knows
 * sections only from 4.12 on.
 */

#include "config.h"

#include "sc-conversation-row.h"

#include <glib/gi18n.h>

struct _ScConversationRow
{
  GtkWidget       parent_instance;

  ScConversation *conversation;
  GSignalGroup   *signals;

  GtkWidget      *heading;
  GtkWidget      *body;
  GtkWidget      *title;
  GtkWidget      *snippet;
  GtkWidget      *pin;
  GtkWidget      *dot;
  GMenuModel     *menu;
  GtkWidget      *popover;
};

G_DEFINE_FINAL_TYPE (ScConversationRow, sc_conversation_row, GTK_TYPE_WIDGET)

/* The list item around the row has the focus, so it has to carry the name. */
static void
update_accessible_label (ScConversationRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *title = sc_conversation_get_title (self->conversation);
  g_autofree char *label = NULL;

  if (item == NULL)
    return;
  if (sc_conversation_is_busy (self->conversation))
    /* Translators: %s is the title of a conversation */
    label = g_strdup_printf (_("%s, answering"), title);
  else if (sc_conversation_is_unseen (self->conversation))
    /* Translators: %s is the title of a conversation */
    label = g_strdup_printf (_("%s, new answer"), title);
  else
    label = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update (ScConversationRow *self)
{
  const char *snippet;
  gboolean is_busy;
  gboolean is_unseen;

  if (self->conversation == NULL)
    return;
  is_busy = sc_conversation_is_busy (self->conversation);
  is_unseen = sc_conversation_is_unseen (self->conversation);
  snippet = sc_conversation_get_snippet (self->conversation);

  gtk_label_set_label (GTK_LABEL (self->title), sc_conversation_get_title (self->conversation));
  gtk_label_set_label (GTK_LABEL (self->snippet), snippet);
  gtk_widget_set_visible (self->snippet, *snippet != '\0');
  gtk_widget_set_visible (self->pin, sc_conversation_is_pinned (self->conversation));
  gtk_widget_set_visible (self->dot, is_busy || is_unseen);
  set_class (self->dot, "busy", is_busy);
  set_class (self->title, "unseen", is_unseen);
  if (!is_busy)
    gtk_widget_remove_css_class (self->dot, "dimmed");
  update_accessible_label (self);
}

/* While text streams the conversation notifies often: only what is shown is looked at. */
static void
conversation_notify_cb (ScConversationRow *self,
                        GParamSpec        *pspec,
                        ScConversation    *conversation)
{
  static const char *const shown[] = { "title", "snippet", "pinned", "unseen", "activity", NULL };

  if (g_strv_contains (shown, pspec->name))
    update (self);
}

/* Gestures sit on the body, the menu on the row. */
static void
popup_menu_from_body (ScConversationRow *self,
                      double             x,
                      double             y)
{
  double row_x = 0;
  double row_y = 0;

  gtk_widget_translate_coordinates (self->body, GTK_WIDGET (self), x, y, &row_x, &row_y);
  sc_conversation_row_popup_menu (self, row_x, row_y);
}

static void
secondary_pressed_cb (GtkGestureClick   *gesture,
                      int                n_press,
                      double             x,
                      double             y,
                      ScConversationRow *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_menu_from_body (self, x, y);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture,
                 double               x,
                 double               y,
                 ScConversationRow   *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_menu_from_body (self, x, y);
}

/* A heading is no part of the conversation below it: a click on it chooses nothing. */
static void
heading_pressed_cb (GtkGestureClick *gesture)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
activate_window_action (ScConversationRow *self,
                        const char        *name)
{
  if (self->conversation != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), name, "s",
                                sc_conversation_get_id (self->conversation));
}

static void
row_action_cb (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ScConversationRow *self = SC_CONVERSATION_ROW (widget);

  if (g_str_equal (name, "row.rename"))
    activate_window_action (self, "win.rename-conversation");
  else if (g_str_equal (name, "row.export"))
    activate_window_action (self, "win.export-conversation");
  else if (g_str_equal (name, "row.delete"))
    activate_window_action (self, "win.delete-conversation");
  else
    activate_window_action (self, "win.pin-conversation");
}

static void
sc_conversation_row_dispose (GObject *object)
{
  ScConversationRow *self = SC_CONVERSATION_ROW (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_CONVERSATION_ROW);
  /* A popover that renames may still point here. */
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (sc_conversation_row_parent_class)->dispose (object);
}

static void
sc_conversation_row_class_init (ScConversationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_conversation_row_dispose;

  gtk_widget_class_install_action (widget_class, "row.rename", NULL, row_action_cb);
  gtk_widget_class_install_action (widget_class, "row.pin", NULL, row_action_cb);
  gtk_widget_class_install_action (widget_class, "row.unpin", NULL, row_action_cb);
  gtk_widget_class_install_action (widget_class, "row.export", NULL, row_action_cb);
  gtk_widget_class_install_action (widget_class, "row.delete", NULL, row_action_cb);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-conversation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, heading);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, body);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, title);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, snippet);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, pin);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, dot);
  gtk_widget_class_bind_template_child (widget_class, ScConversationRow, menu);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "conversation");
}

static void
sc_conversation_row_init (ScConversationRow *self)
{
  GtkLayoutManager *layout;
  GtkGesture *gesture;

  gtk_widget_init_template (GTK_WIDGET (self));
  layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);

  self->signals = g_signal_group_new (SC_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (conversation_notify_cb),
                                  self);

  gesture = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (self->body, GTK_EVENT_CONTROLLER (gesture));

  gesture = gtk_gesture_long_press_new ();
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (gesture), TRUE);
  g_signal_connect (gesture, "pressed", G_CALLBACK (long_pressed_cb), self);
  gtk_widget_add_controller (self->body, GTK_EVENT_CONTROLLER (gesture));

  gesture = gtk_gesture_click_new ();
  g_signal_connect (gesture, "pressed", G_CALLBACK (heading_pressed_cb), NULL);
  gtk_widget_add_controller (self->heading, GTK_EVENT_CONTROLLER (gesture));
}

GtkWidget *
sc_conversation_row_new (void)
{
  return g_object_new (SC_TYPE_CONVERSATION_ROW, NULL);
}

void
sc_conversation_row_set_conversation (ScConversationRow *self,
                                      ScConversation    *conversation)
{
  g_return_if_fail (SC_IS_CONVERSATION_ROW (self));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  if (!g_set_object (&self->conversation, conversation))
    return;
  g_signal_group_set_target (self->signals, conversation);
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  update (self);
}

ScConversation *
sc_conversation_row_get_conversation (ScConversationRow *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION_ROW (self), NULL);

  return self->conversation;
}

void
sc_conversation_row_set_heading (ScConversationRow *self,
                                 const char        *heading)
{
  g_return_if_fail (SC_IS_CONVERSATION_ROW (self));

  if (heading != NULL)
    gtk_label_set_label (GTK_LABEL (self->heading), heading);
  gtk_widget_set_visible (self->heading, heading != NULL);
}

void
sc_conversation_row_popup_menu (ScConversationRow *self,
                                double             x,
                                double             y)
{
  gboolean is_pinned;

  g_return_if_fail (SC_IS_CONVERSATION_ROW (self));

  if (self->conversation == NULL)
    return;
  is_pinned = sc_conversation_is_pinned (self->conversation);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "row.pin", !is_pinned);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "row.unpin", is_pinned);

  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

void
sc_conversation_row_set_dimmed (ScConversationRow *self,
                                gboolean           dimmed)
{
  g_return_if_fail (SC_IS_CONVERSATION_ROW (self));

  set_class (self->dot, "dimmed",
             dimmed && self->conversation != NULL && sc_conversation_is_busy (self->conversation));
}
