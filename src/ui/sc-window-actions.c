/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-window-actions.c: what the window's menus and keys do.
 */

#include "config.h"

#include <glib/gi18n.h>

#include "sc-conversation-settings.h"
#include "sc-details-dialog.h"
#include "sc-drafts.h"
#include "sc-export-dialog.h"
#include "sc-provider-certificate.h"
#include "sc-providers.h"
#include "sc-rename-popover.h"
#include "sc-settings.h"
#include "sc-turn.h"
#include "sc-usage-dialog.h"
#include "sc-window-private.h"

/* Long enough to read the title and to change one's mind. */
#define UNDO_TIMEOUT_S 10

/* What was being written in a conversation that was deleted, for Undo. */
#define DRAFT_KEY "sc-window-draft"

#define ZOOM_STEP 0.1
#define ZOOM_MIN  0.5
#define ZOOM_MAX  3.0

static ScConversation *
find_conversation (ScWindow   *self,
                   const char *id)
{
  GListModel *model = G_LIST_MODEL (self->history);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ScConversation) conversation = g_list_model_get_item (model, i);

      if (g_str_equal (sc_conversation_get_id (conversation), id))
        return g_steal_pointer (&conversation);
    }
  return NULL;
}

static ScTurn *
find_last_answer (ScConversation *conversation)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (conversation)); i > 0; i--)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (conversation), i - 1);

      if (sc_turn_get_role (turn) == SC_ROLE_ASSISTANT)
        return g_steal_pointer (&turn);
    }
  return NULL;
}

static void
rename_conversation (ScWindow       *self,
                     ScConversation *conversation,
                     gboolean        prefers_row)
{
  GtkWidget *row = prefers_row ? sc_sidebar_get_row (self->sidebar, conversation) : NULL;

  sc_rename_popover_open (row != NULL ? row : self->title_box, conversation);
}

/* No question before: Undo brings it back. */
static void
delete_conversation (ScWindow       *self,
                     ScConversation *conversation)
{
  g_autofree char *text = NULL;
  g_autofree char *markup = NULL;
  AdwToast *toast;

  g_hash_table_replace (self->deleted, (gpointer) sc_conversation_get_id (conversation),
                        g_object_ref (conversation));
  /* Translators: %s is the title of a conversation */
  text = g_strdup_printf (_("“%s” deleted"), sc_conversation_get_title (conversation));
  markup = g_markup_escape_text (text, -1);
  if (conversation == self->conversation)
    {
      ScConversation *next = sc_sidebar_get_neighbour (self->sidebar, 1);

      if (next != NULL)
        sc_window_show_conversation (self, next);
      else
        sc_window_start_new (self);
    }
  sc_history_delete (self->history, conversation);
  g_object_set_data_full (G_OBJECT (conversation), DRAFT_KEY, sc_drafts_dup (conversation), g_free);
  sc_drafts_keep (conversation, NULL);

  toast = adw_toast_new (markup);
  adw_toast_set_timeout (toast, UNDO_TIMEOUT_S);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "win.undo-delete");
  adw_toast_set_action_target (toast, "s", sc_conversation_get_id (conversation));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
undo_delete_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  g_autoptr (ScConversation) conversation = NULL;

  if (!g_hash_table_steal_extended (self->deleted, g_variant_get_string (parameter, NULL),
                                    NULL, (gpointer *) &conversation))
    return;
  sc_history_restore (self->history, conversation);
  sc_drafts_keep (conversation, g_object_get_data (G_OBJECT (conversation), DRAFT_KEY));
  sc_window_show_conversation (self, conversation);
}

static void
conversation_action_cb (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  g_autoptr (ScConversation) conversation = find_conversation (self,
                                                               g_variant_get_string (parameter,
                                                                                     NULL));

  if (conversation == NULL)
    return;
  if (g_str_equal (name, "win.rename-conversation"))
    rename_conversation (self, conversation, TRUE);
  else if (g_str_equal (name, "win.export-conversation"))
    sc_export_dialog_open (self, conversation);
  else if (g_str_equal (name, "win.pin-conversation"))
    sc_conversation_set_pinned (conversation, !sc_conversation_is_pinned (conversation));
  else
    delete_conversation (self, conversation);
}

static void
rename_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  rename_conversation (self, self->conversation, FALSE);
}

static void
export_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  sc_export_dialog_open (SC_WINDOW (widget), SC_WINDOW (widget)->conversation);
}

static void
delete_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  g_autoptr (ScConversation) conversation = g_object_ref (self->conversation);

  delete_conversation (self, conversation);
}

/* Asked before, so there is no Undo: not for what was deleted earlier either. */
static void
delete_all_cb (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  GListModel *model = G_LIST_MODEL (self->history);

  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr (ScConversation) conversation = g_list_model_get_item (model, i - 1);

      sc_history_delete (self->history, conversation);
    }
  g_hash_table_remove_all (self->deleted);
  sc_window_start_new (self);
  sc_drafts_clear ();
}

static void
pin_cb (GtkWidget  *widget,
        const char *name,
        GVariant   *parameter)
{
  sc_conversation_set_pinned (SC_WINDOW (widget)->conversation, g_str_equal (name, "win.pin"));
}

static void
conversation_settings_cb (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  gtk_window_present (sc_conversation_settings_new (GTK_WINDOW (self), self->conversation));
}

static void
show_details_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  g_autoptr (ScTurn) turn = find_last_answer (self->conversation);

  if (turn != NULL)
    gtk_window_present (sc_details_dialog_new (GTK_WINDOW (self), self->conversation, turn));
}

static void
show_answer_details_cb (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->conversation)); i > 0; i--)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (self->conversation), i - 1);

      if (g_str_equal (sc_turn_get_id (turn), id) && sc_turn_get_role (turn) == SC_ROLE_ASSISTANT)
        {
          gtk_window_present (sc_details_dialog_new (GTK_WINDOW (self), self->conversation, turn));
          return;
        }
    }
}

static void
certificate_accepted_cb (ScWindow              *self,
                         const char            *fingerprint,
                         ScProviderCertificate *dialog)
{
  const char *provider = g_object_get_data (G_OBJECT (dialog), "provider");

  sc_providers_accept_certificate (sc_providers_get_default (), provider, fingerprint);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.retry", NULL);
}

static void
show_certificate_cb (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (ScTurn) turn = find_last_answer (self->conversation);
  g_autofree char *id = NULL;
  g_autoptr (ScProfile) profile = NULL;
  GtkWindow *dialog;

  /* The provider that was refused, whatever was chosen since. */
  id = g_strdup (turn != NULL ? sc_turn_get_provider (turn) : NULL);
  if (id == NULL)
    id = g_strdup (sc_conversation_get_provider (self->conversation));
  if (id == NULL)
    id = sc_providers_dup_default_id (providers);
  profile = sc_providers_dup_profile (providers, id);
  if (profile == NULL)
    return;
  dialog = sc_provider_certificate_new (GTK_WINDOW (self), profile);
  g_object_set_data_full (G_OBJECT (dialog), "provider", g_steal_pointer (&id), g_free);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (certificate_accepted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
usage_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  gtk_window_present (sc_usage_dialog_new (GTK_WINDOW (self), self->history, self->conversation));
}

static void
new_conversation_cb (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  /* What was searched for would hide it from the list. */
  sc_sidebar_clear_search (self->sidebar);
  sc_window_start_new (self);
}

static void
find_conversation_cb (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, TRUE);
  sc_sidebar_focus_search (self->sidebar);
}

static void
find_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  sc_transcript_start_search (sc_window_ensure_transcript (SC_WINDOW (widget)));
}

static void
focus_composer_cb (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static void
choose_model_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  sc_model_button_popup (SC_WINDOW (widget)->model_button);
}

static void
toggle_sidebar_cb (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
stop_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  sc_conversation_stop (SC_WINDOW (widget)->conversation);
}

static void
retry_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);

  if (sc_conversation_is_busy (self->conversation))
    {
      sc_conversation_skip_wait (self->conversation);
      return;
    }
  sc_conversation_retry (self->conversation);
  sc_transcript_scroll_to_end (sc_window_ensure_transcript (self));
}

static void
copy_last_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  g_autoptr (ScTurn) turn = find_last_answer (self->conversation);

  if (turn == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), sc_turn_get_text (turn, NULL));
  sc_window_add_toast (self, _("Answer copied"));
}

static void
scroll_to_turn_cb (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  sc_transcript_scroll_to_turn (sc_window_ensure_transcript (SC_WINDOW (widget)),
                                g_str_equal (name, "win.next-turn") ? 1 : -1);
}

static void
switch_conversation_cb (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  ScWindow *self = SC_WINDOW (widget);
  int delta = g_str_equal (name, "win.next-conversation") ? 1 : -1;
  ScConversation *conversation = sc_sidebar_get_neighbour (self->sidebar, delta);

  if (conversation != NULL)
    sc_window_show_conversation (self, conversation);
}

static void
zoom_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  double zoom = 1;

  g_object_get (sc_settings_get_default (), "zoom", &zoom, NULL);
  if (g_str_equal (name, "win.zoom-in"))
    zoom += ZOOM_STEP;
  else if (g_str_equal (name, "win.zoom-out"))
    zoom -= ZOOM_STEP;
  else
    zoom = 1;
  g_object_set (sc_settings_get_default (), "zoom", CLAMP (zoom, ZOOM_MIN, ZOOM_MAX), NULL);
}

/* Built only when it is asked for: at the start it would cost time. */
static void
show_help_overlay_cb (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  const char *path = "/org/example/StreamChat/sc-shortcuts.ui";
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (path);
  GtkWindow *overlay = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (overlay, GTK_WINDOW (widget));
  gtk_window_present (overlay);
}

void
sc_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                      *name;
    const char                      *parameter_type;
    GtkWidgetActionActivateFunc      activate;
  } actions[] = {
    { "win.new-conversation", NULL, new_conversation_cb },
    { "win.find-conversation", NULL, find_conversation_cb },
    { "win.find", NULL, find_cb },
    { "win.next-conversation", NULL, switch_conversation_cb },
    { "win.previous-conversation", NULL, switch_conversation_cb },
    { "win.rename-conversation", "s", conversation_action_cb },
    { "win.pin-conversation", "s", conversation_action_cb },
    { "win.export-conversation", "s", conversation_action_cb },
    { "win.delete-conversation", "s", conversation_action_cb },
    { "win.undo-delete", "s", undo_delete_cb },
    { "win.rename", NULL, rename_cb },
    { "win.pin", NULL, pin_cb },
    { "win.unpin", NULL, pin_cb },
    { "win.conversation-settings", NULL, conversation_settings_cb },
    { "win.show-details", NULL, show_details_cb },
    { "win.show-answer-details", "s", show_answer_details_cb },
    { "win.show-certificate", NULL, show_certificate_cb },
    { "win.export", NULL, export_cb },
    { "win.delete", NULL, delete_cb },
    { "win.delete-all", NULL, delete_all_cb },
    { "win.usage", NULL, usage_cb },
    { "win.focus-composer", NULL, focus_composer_cb },
    { "win.choose-model", NULL, choose_model_cb },
    { "win.toggle-sidebar", NULL, toggle_sidebar_cb },
    { "win.stop", NULL, stop_cb },
    { "win.retry", NULL, retry_cb },
    { "win.copy-last", NULL, copy_last_cb },
    { "win.next-turn", NULL, scroll_to_turn_cb },
    { "win.previous-turn", NULL, scroll_to_turn_cb },
    { "win.zoom-in", NULL, zoom_cb },
    { "win.zoom-out", NULL, zoom_cb },
    { "win.zoom-reset", NULL, zoom_cb },
    { "win.show-help-overlay", NULL, show_help_overlay_cb },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter_type,
                                     actions[i].activate);

  /* These must give way to the focused widget: Esc closes what is open first, F2 renames a row
   * of the list. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.stop", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "win.rename", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "win.previous-turn",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "win.next-turn",
                                       NULL);
}

void
sc_window_update_actions (ScWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_busy = sc_conversation_is_busy (self->conversation);
  gboolean is_pinned = sc_conversation_is_pinned (self->conversation);
  gboolean has_turns = g_list_model_get_n_items (G_LIST_MODEL (self->conversation)) > 0;
  gboolean waits = sc_conversation_get_activity (self->conversation) == SC_ACTIVITY_RETRYING;

  gtk_widget_action_set_enabled (widget, "win.stop", is_busy);
  gtk_widget_action_set_enabled (widget, "win.retry", has_turns && (!is_busy || waits));
  gtk_widget_action_set_enabled (widget, "win.copy-last", has_turns);
  gtk_widget_action_set_enabled (widget, "win.find", has_turns);
  gtk_widget_action_set_enabled (widget, "win.rename", has_turns);
  gtk_widget_action_set_enabled (widget, "win.pin", has_turns && !is_pinned);
  gtk_widget_action_set_enabled (widget, "win.unpin", has_turns && is_pinned);
  gtk_widget_action_set_enabled (widget, "win.export", has_turns);
  gtk_widget_action_set_enabled (widget, "win.delete", has_turns);
  gtk_widget_action_set_enabled (widget, "win.show-details", has_turns);
  gtk_widget_action_set_enabled (widget, "win.conversation-settings",
                                 sc_conversation_is_loaded (self->conversation));
}
