/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-window.c: the window.
 *
 * It wires the parts to the shown conversation and knows nothing of how they draw or how an answer
 * comes. What its menus and keys do is in sc-window-actions.c.
 */

#include "config.h"

#include "sc-window.h"

#include <glib/gi18n.h>

#include "sc-empty-state.h"
#include "sc-pane.h"
#include "sc-providers.h"
#include "sc-settings.h"
#include "sc-toolkit.h"
#include "sc-window-private.h"

G_DEFINE_FINAL_TYPE (ScWindow, sc_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
is_empty (ScConversation *conversation)
{
  return sc_conversation_is_loaded (conversation)
         && g_list_model_get_n_items (G_LIST_MODEL (conversation)) == 0
         && !sc_conversation_is_busy (conversation);
}

static void
prompt_chosen_cb (ScWindow   *self,
                  const char *prompt)
{
  sc_window_send (self, prompt);
}

static void
provider_chosen_cb (ScWindow   *self,
                    const char *provider)
{
  sc_conversation_set_model (self->conversation, provider, NULL);
  sc_composer_set_notice (self->composer, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static void
edit_turn_cb (ScWindow *self,
              ScTurn   *turn)
{
  sc_composer_begin_edit (self->composer, turn);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

ScTranscript *
sc_window_ensure_transcript (ScWindow *self)
{
  if (self->transcript != NULL)
    return self->transcript;
  self->transcript = sc_transcript_new ();
  g_signal_connect_swapped (self->transcript, "edit-turn", G_CALLBACK (edit_turn_cb), self);
  g_object_bind_property (sc_settings_get_default (), "zoom", self->transcript, "zoom",
                          G_BINDING_SYNC_CREATE);
  adw_bin_set_child (self->page_slot, GTK_WIDGET (self->transcript));
  return self->transcript;
}

static void
update_page (ScWindow *self)
{
  gboolean shows_empty = is_empty (self->conversation);

  if (shows_empty && self->has_painted && adw_bin_get_child (self->empty_slot) == NULL)
    {
      GtkWidget *empty = sc_empty_state_new ();

      g_signal_connect_swapped (empty, "prompt", G_CALLBACK (prompt_chosen_cb), self);
      g_signal_connect_swapped (empty, "provider", G_CALLBACK (provider_chosen_cb), self);
      adw_bin_set_child (self->empty_slot, empty);
    }
  /* A page that is not in view has nothing to do. */
  if (!shows_empty)
    sc_transcript_set_conversation (sc_window_ensure_transcript (self), self->conversation);
  else if (self->page_is_shown)
    sc_transcript_set_conversation (self->transcript, NULL);
  self->page_is_shown = !shows_empty;
  gtk_stack_set_visible_child_name (self->stack, shows_empty ? "empty" : "page");
}

static void
update_title (ScWindow *self)
{
  const char *title = sc_conversation_get_title (self->conversation);
  g_autofree char *window_title = NULL;

  gtk_label_set_label (self->title, title);
  /* Translators: the title of the window; %s is the title of a conversation */
  window_title = g_strdup_printf (_("%s – Stream Chat"), title);
  gtk_window_set_title (GTK_WINDOW (self), window_title);
}

static void
conversation_title_cb (ScWindow *self)
{
  update_title (self);
}

static void
conversation_changed_cb (ScWindow *self)
{
  update_page (self);
  sc_window_update_actions (self);
}

static void
conversation_selected_cb (ScWindow       *self,
                          ScConversation *conversation)
{
  sc_window_show_conversation (self, conversation);
  if (adw_flap_get_folded (self->flap))
    {
      adw_flap_set_reveal_flap (self->flap, FALSE);
      gtk_widget_grab_focus (GTK_WIDGET (self->composer));
    }
}

static void
recipient_changed_cb (ScWindow *self)
{
  sc_composer_set_recipient (self->composer, sc_model_button_get_recipient (self->model_button));
  sc_context_gauge_update (self->context_gauge);
}

static void
title_pressed_cb (GtkGestureClick *gesture,
                  int              n_press,
                  double           x,
                  double           y,
                  ScWindow        *self)
{
  if (n_press != 2)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.rename", NULL);
}

static void
send_cb (ScWindow   *self,
         const char *text)
{
  sc_window_send (self, text);
}

static void
edit_cb (ScWindow   *self,
         ScTurn     *turn,
         const char *text)
{
  g_autoptr (GPtrArray) attachments = NULL;

  if (sc_conversation_is_busy (self->conversation))
    return;
  attachments = sc_composer_list_attachments (self->composer);
  sc_composer_clear (self->composer);
  sc_conversation_edit_with_files (self->conversation, turn, text, attachments);
  sc_transcript_scroll_to_end (sc_window_ensure_transcript (self));
}

static void
history_failed_cb (ScWindow   *self,
                   const char *message)
{
  sc_window_add_toast (self, message);
}

/* Where there is room the panel is as the user left it; where there is none it waits to be asked
 * for. */
static void
folded_changed_cb (ScWindow *self)
{
  gboolean is_wanted = sc_settings_get_boolean (sc_settings_get_default (), "sidebar-visible");

  self->is_folding = TRUE;
  adw_flap_set_reveal_flap (self->flap, is_wanted && !adw_flap_get_folded (self->flap));
  self->is_folding = FALSE;
}

static void
reveal_changed_cb (ScWindow *self)
{
  if (!adw_flap_get_folded (self->flap) && !self->is_folding)
    g_object_set (sc_settings_get_default (),
                  "sidebar-visible", adw_flap_get_reveal_flap (self->flap),
                  NULL);
}

static void
restore_geometry (ScWindow *self)
{
  int width = 0;
  int height = 0;
  gboolean is_maximized = FALSE;
  gboolean has_sidebar = TRUE;

  g_object_get (sc_settings_get_default (),
                "window-width", &width,
                "window-height", &height,
                "window-maximized", &is_maximized,
                "sidebar-visible", &has_sidebar,
                NULL);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (is_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  adw_flap_set_reveal_flap (self->flap, has_sidebar);
}

/* The window is up: what was left out of its first frame, so that it comes sooner, follows now. */
static gboolean
finish_start_cb (gpointer user_data)
{
  ScWindow *self = user_data;

  self->start_id = 0;
  self->has_painted = TRUE;
  sc_sidebar_set_history (self->sidebar, self->history);
  update_page (self);
  sc_window_ensure_transcript (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: the frame is on its way to the screen only when the main loop goes round. */
static void
first_frame_painted_cb (GdkFrameClock *clock,
                        ScWindow      *self)
{
  g_signal_handlers_disconnect_by_func (clock, first_frame_painted_cb, self);
  self->start_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, finish_start_cb, self, NULL);
}

static void
sc_window_realize (GtkWidget *widget)
{
  ScWindow *self = SC_WINDOW (widget);

  GTK_WIDGET_CLASS (sc_window_parent_class)->realize (widget);
  sc_toolkit_forget ();
  if (!self->has_painted)
    g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                             G_CALLBACK (first_frame_painted_cb), self, 0);
}

static gboolean
sc_window_close_request (GtkWindow *window)
{
  int width = 0;
  int height = 0;

  gtk_window_get_default_size (window, &width, &height);
  g_object_set (sc_settings_get_default (),
                "window-width", width,
                "window-height", height,
                "window-maximized", gtk_window_is_maximized (window),
                NULL);
  return GTK_WINDOW_CLASS (sc_window_parent_class)->close_request (window);
}

static void
sc_window_dispose (GObject *object)
{
  ScWindow *self = SC_WINDOW (object);

  if (self->conversation != NULL)
    sc_conversation_set_looked_at (self->conversation, FALSE);
  g_clear_handle_id (&self->start_id, g_source_remove);
  if (self->transcript != NULL)
    sc_transcript_set_conversation (self->transcript, NULL);
  self->transcript = NULL;
  g_clear_object (&self->conversation_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_WINDOW);
  g_clear_object (&self->conversation);
  g_clear_object (&self->history);
  g_clear_pointer (&self->deleted, g_hash_table_unref);

  G_OBJECT_CLASS (sc_window_parent_class)->dispose (object);
}

static void
sc_window_class_init (ScWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sc_window_close_request;
  widget_class->realize = sc_window_realize;

  g_type_ensure (SC_TYPE_COMPOSER);
  g_type_ensure (SC_TYPE_CONTEXT_GAUGE);
  g_type_ensure (SC_TYPE_MODEL_BUTTON);
  g_type_ensure (SC_TYPE_PANE);
  g_type_ensure (SC_TYPE_SIDEBAR);
  /* Its style comes before there is anything whose look it could change. */
  g_type_class_unref (g_type_class_ref (SC_TYPE_TRANSCRIPT));

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ScWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, title_box);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, model_button);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, context_gauge);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, empty_slot);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, page_slot);
  gtk_widget_class_bind_template_child (widget_class, ScWindow, composer);
  gtk_widget_class_bind_template_callback (widget_class, conversation_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, recipient_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);

  sc_window_install_actions (widget_class);
}

static void
sc_window_init (ScWindow *self)
{
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->conversation_signals = g_signal_group_new (SC_TYPE_CONVERSATION);

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_group_connect_swapped (self->conversation_signals, "notify::title",
                                  G_CALLBACK (conversation_title_cb), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::activity",
                                  G_CALLBACK (conversation_changed_cb), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::loaded",
                                  G_CALLBACK (conversation_changed_cb), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::pinned",
                                  G_CALLBACK (conversation_changed_cb), self);
  g_signal_group_connect_swapped (self->conversation_signals, "items-changed",
                                  G_CALLBACK (conversation_changed_cb), self);
  sc_composer_add_drop_area (self->composer, gtk_widget_get_parent (GTK_WIDGET (self->composer)));
  restore_geometry (self);
  g_signal_connect_swapped (self->flap, "notify::folded", G_CALLBACK (folded_changed_cb), self);
  g_signal_connect_swapped (self->flap, "notify::reveal-flap", G_CALLBACK (reveal_changed_cb),
                            self);
}

ScWindow *
sc_window_new (AdwApplication *application,
               ScHistory      *history)
{
  ScWindow *self;

  g_return_val_if_fail (application == NULL || ADW_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (SC_IS_HISTORY (history), NULL);

  self = g_object_new (SC_TYPE_WINDOW, "application", application, NULL);
  self->history = g_object_ref (history);
  g_signal_connect_object (history, "failed", G_CALLBACK (history_failed_cb), self,
                           G_CONNECT_SWAPPED);
  sc_window_start_new (self);
  return self;
}

ScConversation *
sc_window_get_conversation (ScWindow *self)
{
  g_return_val_if_fail (SC_IS_WINDOW (self), NULL);

  return self->conversation;
}

void
sc_window_show_conversation (ScWindow       *self,
                             ScConversation *conversation)
{
  g_autoptr (ScConversation) old = NULL;

  g_return_if_fail (SC_IS_WINDOW (self));
  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  if (conversation == self->conversation)
    return;
  old = g_steal_pointer (&self->conversation);
  self->conversation = g_object_ref (conversation);
  if (old != NULL)
    sc_conversation_set_looked_at (old, FALSE);
  sc_conversation_set_looked_at (conversation, TRUE);
  sc_conversation_load (conversation);

  g_signal_group_set_target (self->conversation_signals, conversation);
  sc_composer_set_conversation (self->composer, conversation);
  sc_model_button_set_conversation (self->model_button, conversation);
  sc_context_gauge_set_conversation (self->context_gauge, conversation);
  sc_sidebar_set_current (self->sidebar, conversation);
  update_title (self);
  conversation_changed_cb (self);
}

void
sc_window_start_new (ScWindow *self)
{
  if (self->conversation == NULL || !is_empty (self->conversation))
    {
      g_autoptr (ScConversation) conversation = sc_history_create (self->history);

      sc_model_apply_last_choice (conversation);
      sc_window_show_conversation (self, conversation);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

gboolean
sc_window_send (ScWindow   *self,
                const char *text)
{
  g_autoptr (GPtrArray) attachments = NULL;
  g_autofree char *provider = NULL;

  g_return_val_if_fail (SC_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (sc_conversation_is_busy (self->conversation)
      || !sc_conversation_is_loaded (self->conversation))
    return FALSE;
  provider = sc_providers_dup_default_id (sc_providers_get_default ());
  if (provider == NULL && sc_conversation_get_provider (self->conversation) == NULL)
    {
      sc_composer_set_notice (self->composer,
                              _("There is nobody to answer yet. Add a provider, or try the demo."));
      return FALSE;
    }
  if (!sc_attachment_list_is_ready (sc_composer_get_attachments (self->composer)))
    {
      sc_composer_set_notice (self->composer, _("The attached files cannot be sent yet."));
      return FALSE;
    }
  attachments = sc_composer_list_attachments (self->composer);
  sc_composer_clear (self->composer);
  sc_conversation_send (self->conversation, text, attachments);
  sc_transcript_scroll_to_end (sc_window_ensure_transcript (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
  return TRUE;
}

void
sc_window_add_toast (ScWindow   *self,
                     const char *text)
{
  g_autofree char *markup = NULL;

  g_return_if_fail (SC_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  markup = g_markup_escape_text (text, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}
