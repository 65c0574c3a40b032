/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The context menu of the page and its `page.` actions: on the message, the link, the picture and the code that the
 * menu was opened for, or that the bar of actions stands at. */

#include "config.h"

#include "sc-transcript-view-private.h"

#include <glib/gi18n.h>

#include "sc-page-content.h"
#include "sc-page-copy.h"
#include "sc-page-place.h"
#include "sc-settings.h"
#include "sc-transcript.h"

/* Pictures go the way that answers come: by the proxy of the conversation's provider. */
static void
renew_profile (ScTranscriptView *self)
{
  GtkWidget *transcript = gtk_widget_get_ancestor (GTK_WIDGET (self), SC_TYPE_TRANSCRIPT);
  g_autoptr (ScConversation) conversation = NULL;
  g_autoptr (ScProfile) profile = NULL;
  g_autofree char *id = NULL;

  if (transcript == NULL || !sc_settings_is_available ())
    return;
  g_object_get (transcript, "conversation", &conversation, NULL);
  if (conversation != NULL)
    id = g_strdup (sc_conversation_get_provider (conversation));
  if (id == NULL)
    g_object_get (sc_settings_get_default (), "default-provider", &id, NULL);
  profile = sc_settings_dup_profile (sc_settings_get_default (), id);
  sc_pictures_set_profile (self->pictures, profile);
}

static void
update_picture_actions (ScTranscriptView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "page.load-picture", sc_transcript_view_can_load (self->menu_picture));
  gtk_widget_action_set_enabled (widget, "page.load-all-pictures", sc_pictures_get_n_asking (self->pictures) > 0);
}

static void
take_menu_picture (ScTranscriptView *self,
                   ScPicture        *picture)
{
  g_clear_pointer (&self->menu_picture, sc_picture_unref);
  if (picture != NULL)
    self->menu_picture = sc_picture_ref (picture);
  update_picture_actions (self);
}

/* What the context menu was opened for, or what the bar stands at. */
static ScTurn *
get_action_turn (ScTranscriptView *self)
{
  return self->menu_turn != NULL ? self->menu_turn : sc_turn_bar_get_turn (self->turn_bar);
}

void
sc_transcript_view_update_message_actions (ScTranscriptView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  ScTurn *turn = get_action_turn (self);
  gboolean is_user = turn != NULL && sc_turn_get_role (turn) == SC_ROLE_USER;

  gtk_widget_action_set_enabled (widget, "page.copy-message", turn != NULL);
  gtk_widget_action_set_enabled (widget, "page.edit-message", is_user && self->can_change);
  gtk_widget_action_set_enabled (widget, "page.delete-message", turn != NULL && self->can_change);
}

void
sc_transcript_view_update_code_actions (ScTranscriptView *self)
{
  const char *names[] = { "page.copy-code", "page.save-code", "page.show-code" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], sc_code_tools_has_code (self->code_tools));
}

static void
popup_menu_at (ScTranscriptView *self,
               double            x,
               double            y)
{
  gboolean has_selection = gtk_text_buffer_get_has_selection (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)));
  ScPagePoint place;

  sc_page_place_find (self->page, x, y, &place);
  self->pointer_x = x;
  self->pointer_y = y;
  g_clear_object (&self->menu_turn);
  if (place.entry != NULL)
    self->menu_turn = g_object_ref (place.entry->turn);
  sc_transcript_view_update_message_actions (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.copy", has_selection);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.copy-link", sc_page_place_find_link (self->page, x, y) != NULL);
  sc_code_tools_point_at (self->code_tools, x, y);
  sc_transcript_view_update_code_actions (self);
  take_menu_picture (self, sc_page_place_find_picture (self->page, x, y));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
secondary_pressed_cb (GtkGestureClick  *gesture,
                      int               n_press,
                      double            x,
                      double            y,
                      ScTranscriptView *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_menu_at (self, x, y);
}

/* Actions */

static void
popup_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);

  popup_menu_at (self, self->pointer_x, self->pointer_y);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "copy-clipboard");
}

static void
copy_message_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);
  g_autoptr (GdkContentProvider) content = NULL;
  ScTurn *turn = get_action_turn (self);

  if (turn == NULL)
    return;

  content = sc_page_content_new (sc_page_copy_message (turn));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

static void
change_message_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);
  ScTurn *turn = get_action_turn (self);

  if (turn != NULL)
    g_signal_emit_by_name (self, g_str_equal (name, "page.edit-message") ? "edit-turn" : "delete-turn", turn);
}

static void
copy_link_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);
  const char *target = sc_page_place_find_link (self->page, self->pointer_x, self->pointer_y);

  if (target != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), target);
}

static void
load_picture_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);

  if (sc_transcript_view_can_load (self->menu_picture))
    sc_transcript_view_load_picture (self, self->menu_picture);
}

static void
load_all_pictures_action (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  renew_profile (SC_TRANSCRIPT_VIEW (widget));
  sc_pictures_load_all (SC_TRANSCRIPT_VIEW (widget)->pictures);
}

static void
code_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  sc_code_tools_activate (SC_TRANSCRIPT_VIEW (widget)->code_tools, name);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "select-all", TRUE);
}

/* What makes no sense at a place is not offered there. */
static void
add_menu_item (GMenu      *menu,
               const char *label,
               const char *action)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, item);
}

/* Public to the view */

gboolean
sc_transcript_view_can_load (ScPicture *picture)
{
  ScPictureState state;

  if (picture == NULL || sc_picture_get_address (picture) == NULL)
    return FALSE;
  state = sc_picture_get_state (picture);

  return state == SC_PICTURE_ASKS || state == SC_PICTURE_FAILED;
}

void
sc_transcript_view_load_picture (ScTranscriptView *self,
                                 ScPicture        *picture)
{
  renew_profile (self);
  sc_pictures_load (self->pictures, picture);
}

void
sc_transcript_view_add_menu (ScTranscriptView *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();

  g_menu_append (menu, _("_Copy"), "page.copy");
  g_menu_append (menu, _("Copy _Message"), "page.copy-message");
  g_menu_append (menu, _("_Edit Message"), "page.edit-message");
  g_menu_append (menu, _("_Try Again"), "win.retry");
  g_menu_append (menu, _("_Delete Message"), "page.delete-message");
  add_menu_item (menu, _("Copy _Link"), "page.copy-link");
  add_menu_item (menu, _("Load _Picture"), "page.load-picture");
  add_menu_item (menu, _("Load All Pictures _in This Conversation"), "page.load-all-pictures");
  add_menu_item (menu, _("Copy C_ode"), "page.copy-code");
  add_menu_item (menu, _("_Save Code As…"), "page.save-code");
  add_menu_item (menu, _("Show Code in Own _Window"), "page.show-code");
  g_menu_append (menu, _("Select _All"), "page.select-all");
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (secondary), GTK_PHASE_CAPTURE);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
}

void
sc_transcript_view_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "menu.popup", NULL, popup_action);
  gtk_widget_class_install_action (widget_class, "page.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "page.copy-message", NULL, copy_message_action);
  gtk_widget_class_install_action (widget_class, "page.edit-message", NULL, change_message_action);
  gtk_widget_class_install_action (widget_class, "page.delete-message", NULL, change_message_action);
  gtk_widget_class_install_action (widget_class, "page.copy-link", NULL, copy_link_action);
  gtk_widget_class_install_action (widget_class, "page.load-picture", NULL, load_picture_action);
  gtk_widget_class_install_action (widget_class, "page.load-all-pictures", NULL, load_all_pictures_action);
  gtk_widget_class_install_action (widget_class, "page.copy-code", NULL, code_action);
  gtk_widget_class_install_action (widget_class, "page.save-code", NULL, code_action);
  gtk_widget_class_install_action (widget_class, "page.show-code", NULL, code_action);
  gtk_widget_class_install_action (widget_class, "page.select-all", NULL, select_all_action);
}
