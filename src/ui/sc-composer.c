/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-composer.c: where the user writes.
 *
 * It knows keys, drafts and looks. Whether and to whom a text is sent is for whoever listens to its
 * signals.
 */

#include "config.h"

#include "sc-composer.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sc-attachment-bar.h"
#include "sc-attachment-input.h"
#include "sc-drafts.h"
#include "sc-settings.h"
#include "sc-token-estimate.h"

/* The entry grows up to this many lines and scrolls then. */
#define MAX_LINES 8

/* The text column of the page is this wide; the composer stands a little out of it, so that its
 * text lines up. */
#define COLUMN_EM 46
#define OUTSET_PX 16

#define ATTACHMENTS_KEY "sc-composer-attachments"

/* A pause in typing after which the draft is kept and counted. */
#define DRAFT_DELAY_MS 400

/* Of a file that is text; see sc_token_estimate_text(). */
#define BYTES_PER_TOKEN 4

struct _ScComposer
{
  GtkWidget         parent_instance;

  ScConversation   *conversation;
  GSignalGroup     *signals;
  ScAttachmentList *attachments;
  GSignalGroup     *attachment_signals;
  ScTurn           *edited;
  gboolean          has_preedit;
  gboolean          shows_stop;
  gboolean          scrolls;
  guint             scroll_bar_id;
  guint             draft_id;
  gint64            draft_tokens;

  GtkWidget        *clamp;
  GtkWidget        *frame;
  GtkWidget        *editing_bar;
  GtkWidget        *notice;
  GtkWidget        *attachment_bar;
  GtkWidget        *attach_button;
  GtkWidget        *scroller;
  GtkWidget        *view;
  GtkWidget        *placeholder;
  GtkWidget        *button;
};

G_DEFINE_FINAL_TYPE (ScComposer, sc_composer, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_DRAFT_TOKENS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_SEND,
  SIGNAL_EDIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkTextBuffer *
get_buffer (ScComposer *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static gboolean
is_busy (ScComposer *self)
{
  return self->conversation != NULL && sc_conversation_is_busy (self->conversation);
}

static gboolean
is_empty (ScComposer *self)
{
  return gtk_text_buffer_get_char_count (get_buffer (self)) == 0;
}

static gboolean
is_blank (ScComposer *self)
{
  GtkTextIter iter;

  gtk_text_buffer_get_start_iter (get_buffer (self), &iter);
  do
    {
      gunichar c = gtk_text_iter_get_char (&iter);

      if (c != 0 && !g_unichar_isspace (c))
        return FALSE;
    }
  while (gtk_text_iter_forward_char (&iter));
  return TRUE;
}

static gboolean
has_attachments (ScComposer *self)
{
  return self->attachments != NULL && !sc_attachment_list_is_empty (self->attachments);
}

/* A file that is not ready, or cannot be sent, holds the message back: sent without it, it would
 * not be what the user said. */
static gboolean
can_send (ScComposer *self)
{
  return (!is_blank (self) || has_attachments (self))
         && (self->attachments == NULL || sc_attachment_list_is_ready (self->attachments));
}

static gboolean
enter_sends (void)
{
  return sc_settings_get_boolean (sc_settings_get_default (), "enter-sends");
}

static void
update_placeholder (ScComposer *self)
{
  gtk_widget_set_visible (self->placeholder, is_empty (self) && !self->has_preedit);
}

/* Send and Stop are one button, so that nothing moves and the focus stays. */
static void
show_button (ScComposer *self)
{
  const char *name = self->shows_stop ? C_("button", "Stop") : C_("button", "Send");
  const char *send_tip = enter_sends () ? _("Send (Enter)") : _("Send (Ctrl+Enter)");

  gtk_button_set_icon_name (GTK_BUTTON (self->button),
                            self->shows_stop ? "media-playback-stop-symbolic" : "sc-send-symbolic");
  gtk_widget_set_tooltip_text (self->button, self->shows_stop ? _("Stop (Esc)") : send_tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  if (self->shows_stop)
    gtk_widget_remove_css_class (self->button, "suggested-action");
  else
    gtk_widget_add_css_class (self->button, "suggested-action");
}

/* Called often while an answer streams: what stays the same is not touched. */
static void
update_button (ScComposer *self)
{
  gboolean stops = is_busy (self);

  gtk_widget_set_sensitive (self->button, stops || can_send (self));
  if (self->shows_stop == stops)
    return;
  self->shows_stop = stops;
  show_button (self);
}

static gint64
estimate_files (ScComposer *self)
{
  GListModel *model = G_LIST_MODEL (self->attachments);
  guint64 n_bytes = 0;

  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ScAttachmentItem) item = g_list_model_get_item (model, i);
      const char *type = sc_attachment_item_get_media_type (item);

      if (type != NULL && g_str_has_prefix (type, "text/"))
        n_bytes += sc_attachment_item_get_size (item);
    }
  return (gint64) (n_bytes / BYTES_PER_TOKEN);
}

/* A message that is said differently is no draft: what was being written before it is. */
static void
keep_draft (ScComposer *self)
{
  g_autofree char *text = sc_composer_dup_text (self);
  gint64 n_tokens = sc_token_estimate_text (text, -1) + estimate_files (self);

  g_clear_handle_id (&self->draft_id, g_source_remove);
  if (self->conversation != NULL && self->edited == NULL)
    sc_drafts_keep (self->conversation, text);
  if (self->draft_tokens == n_tokens)
    return;
  self->draft_tokens = n_tokens;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT_TOKENS]);
}

static gboolean
draft_changed_cb (gpointer user_data)
{
  ScComposer *self = user_data;

  self->draft_id = 0;
  keep_draft (self);
  return G_SOURCE_REMOVE;
}

static void
queue_draft (ScComposer *self)
{
  if (self->draft_id == 0)
    self->draft_id = g_timeout_add (DRAFT_DELAY_MS, draft_changed_cb, self);
}

static void
attachments_changed_cb (ScComposer *self)
{
  update_button (self);
  queue_draft (self);
}

static void
set_attachments (ScComposer       *self,
                 ScAttachmentList *list)
{
  g_set_object (&self->attachments, list);
  g_signal_group_set_target (self->attachment_signals, list);
  sc_attachment_bar_set_list (SC_ATTACHMENT_BAR (self->attachment_bar), list);
  gtk_widget_set_sensitive (self->attach_button, list != NULL);
  update_button (self);
}

/* The files of a draft stay with the conversation: what is being read goes on being read. */
static ScAttachmentList *
get_draft_attachments (ScConversation *conversation)
{
  ScAttachmentList *list = g_object_get_data (G_OBJECT (conversation), ATTACHMENTS_KEY);

  if (list == NULL)
    {
      list = sc_attachment_list_new (conversation, NULL);
      g_object_set_data_full (G_OBJECT (conversation), ATTACHMENTS_KEY, list, g_object_unref);
    }
  return list;
}

static void
end_edit (ScComposer *self)
{
  g_autofree char *draft = NULL;

  if (self->edited == NULL)
    return;
  draft = sc_drafts_dup (self->conversation);
  g_clear_object (&self->edited);
  gtk_widget_set_visible (self->editing_bar, FALSE);
  set_attachments (self, get_draft_attachments (self->conversation));
  sc_composer_set_text (self, draft != NULL ? draft : "");
}

static void
send (ScComposer *self)
{
  g_autofree char *text = NULL;

  if (is_busy (self) || !can_send (self))
    return;
  text = sc_composer_dup_text (self);
  if (self->edited != NULL)
    {
      g_autoptr (ScTurn) turn = g_object_ref (self->edited);

      g_signal_emit (self, signals[SIGNAL_EDIT], 0, turn, text);
    }
  else
    g_signal_emit (self, signals[SIGNAL_SEND], 0, text);
}

static ScTurn *
find_last_user_turn (ScComposer *self)
{
  guint n_turns = self->conversation != NULL
                    ? g_list_model_get_n_items (G_LIST_MODEL (self->conversation)) : 0;

  for (guint i = n_turns; i > 0; i--)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (self->conversation), i - 1);

      if (sc_turn_get_role (turn) == SC_ROLE_USER)
        return g_steal_pointer (&turn);
    }
  return NULL;
}

static gboolean
begin_edit_of_last (ScComposer *self)
{
  g_autoptr (ScTurn) turn = NULL;

  if (!is_empty (self) || has_attachments (self) || self->has_preedit || self->edited != NULL || is_busy (self))
    return FALSE;
  turn = find_last_user_turn (self);
  if (turn == NULL)
    return FALSE;
  sc_composer_begin_edit (self, turn);
  return TRUE;
}

/* What Enter does. The input method is asked first: while it composes, Enter belongs to it. */
static gboolean
handle_enter (ScComposer         *self,
              GtkEventController *controller,
              GdkModifierType     state)
{
  GdkEvent *event = gtk_event_controller_get_current_event (controller);
  gboolean sends;

  if (self->has_preedit)
    return FALSE;
  if (event != NULL && gtk_text_view_im_context_filter_keypress (GTK_TEXT_VIEW (self->view), event))
    return TRUE;
  sends = (state & GDK_CONTROL_MASK) != 0
          || ((state & GDK_SHIFT_MASK) == 0 && enter_sends ());
  if (sends)
    send (self);
  else
    {
      gtk_text_buffer_delete_selection (get_buffer (self), TRUE, TRUE);
      gtk_text_buffer_insert_interactive_at_cursor (get_buffer (self), "\n", 1, TRUE);
      gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->view),
                                          gtk_text_buffer_get_insert (get_buffer (self)));
    }
  return TRUE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                ScComposer            *self)
{
  state &= gtk_accelerator_get_default_mod_mask ();
  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return handle_enter (self, GTK_EVENT_CONTROLLER (controller), state);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return state == 0 && begin_edit_of_last (self);
    case GDK_KEY_Escape:
      if (self->edited == NULL || self->has_preedit)
        return FALSE;
      end_edit (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
button_clicked_cb (ScComposer *self)
{
  if (is_busy (self))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.stop", NULL);
  else
    send (self);
  gtk_widget_grab_focus (self->view);
}

static void
cancel_edit_clicked_cb (ScComposer *self)
{
  end_edit (self);
  gtk_widget_grab_focus (self->view);
}

static void
attach_clicked_cb (ScComposer *self)
{
  sc_attachment_input_choose (self->attachments, GTK_WIDGET (self));
}

static void
paste_cb (ScComposer  *self,
          GtkTextView *view)
{
  if (self->attachments != NULL && sc_attachment_input_paste (self->attachments, view))
    g_signal_stop_emission_by_name (view, "paste-clipboard");
}

static void
attachments_done_cb (ScComposer *self)
{
  gtk_widget_grab_focus (self->view);
}

static void
preedit_changed_cb (ScComposer *self,
                    const char *preedit)
{
  self->has_preedit = preedit != NULL && *preedit != '\0';
  update_placeholder (self);
}

static void
buffer_changed_cb (ScComposer *self)
{
  /* See the page of the window: a text view asks for its size too late. */
  gtk_widget_queue_resize (self->view);
  update_placeholder (self);
  update_button (self);
  queue_draft (self);
  sc_composer_set_notice (self, NULL);
}

static gboolean
update_scroll_bar_cb (gpointer user_data)
{
  ScComposer *self = user_data;

  self->scroll_bar_id = 0;
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  self->scrolls ? GTK_POLICY_AUTOMATIC : GTK_POLICY_EXTERNAL);
  return G_SOURCE_REMOVE;
}

/* A scroll bar needs more height than one line has: there is none until the text is taller than the
 * entry gets. This is called while sizes are given out, when nothing may ask for a new one. */
static void
height_changed_cb (ScComposer    *self,
                   GtkAdjustment *adjustment)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (self->scroller);
  int max = gtk_scrolled_window_get_max_content_height (scroller);
  gboolean scrolls = max > 0 && gtk_adjustment_get_upper (adjustment) > max;

  if (scrolls == self->scrolls)
    return;
  self->scrolls = scrolls;
  if (self->scroll_bar_id == 0)
    self->scroll_bar_id = g_idle_add (update_scroll_bar_cb, self);
}

/* Without it GTK takes a widget that grabs the focus for one that has it itself: Tab would skip the attach button and
 * never leave backwards. */
static gboolean
sc_composer_focus (GtkWidget        *widget,
                   GtkDirectionType  direction)
{
  return gtk_widget_child_focus (SC_COMPOSER (widget)->clamp, direction);
}

static gboolean
sc_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SC_COMPOSER (widget)->view);
}

/* Sizes that follow the font: GTK tells about it here, for the large-text setting too. */
static void
sc_composer_css_changed (GtkWidget         *widget,
                         GtkCssStyleChange *change)
{
  ScComposer *self = SC_COMPOSER (widget);
  PangoFontMetrics *metrics;
  GtkScrolledWindow *scroller;
  const PangoFontDescription *font;
  PangoContext *context;
  double em;
  int line;
  int width;

  GTK_WIDGET_CLASS (sc_composer_parent_class)->css_changed (widget, change);

  if (self->view == NULL)
    return;
  scroller = GTK_SCROLLED_WINDOW (self->scroller);
  context = gtk_widget_get_pango_context (self->view);
  metrics = pango_context_get_metrics (context, NULL, NULL);
  line = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  /* The least comes off first, for it may not be more than the most. There has to be one: a text view
   * that was not laid out yet says that it needs no height at all. */
  gtk_scrolled_window_set_min_content_height (scroller, -1);
  gtk_scrolled_window_set_max_content_height (scroller, MAX_LINES * line);
  gtk_scrolled_window_set_min_content_height (scroller, line);
  pango_font_metrics_unref (metrics);

  font = pango_context_get_font_description (context);
  em = pango_font_description_get_size (font) / (double) PANGO_SCALE;
  if (!pango_font_description_get_size_is_absolute (font))
    em *= pango_cairo_context_get_resolution (context) / 72;
  width = (int) (COLUMN_EM * em) + 2 * OUTSET_PX;
  adw_clamp_set_maximum_size (ADW_CLAMP (self->clamp), width);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (self->clamp), width);
}

static void
sc_composer_dispose (GObject *object)
{
  ScComposer *self = SC_COMPOSER (object);

  if (self->draft_id != 0)
    keep_draft (self);
  g_clear_handle_id (&self->scroll_bar_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->attachment_signals);
  g_clear_object (&self->attachments);
  g_clear_object (&self->conversation);
  g_clear_object (&self->edited);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_COMPOSER);

  G_OBJECT_CLASS (sc_composer_parent_class)->dispose (object);
}

static void
sc_composer_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_DRAFT_TOKENS:
      g_value_set_int64 (value, SC_COMPOSER (object)->draft_tokens);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
sc_composer_class_init (ScComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_composer_dispose;
  object_class->get_property = sc_composer_get_property;
  widget_class->focus = sc_composer_focus;
  widget_class->grab_focus = sc_composer_grab_focus;
  widget_class->css_changed = sc_composer_css_changed;

  properties[PROP_DRAFT_TOKENS] =
    g_param_spec_int64 ("draft-tokens", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_SEND] =
    g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_EDIT] =
    g_signal_new ("edit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, SC_TYPE_TURN, G_TYPE_STRING);

  g_type_ensure (SC_TYPE_ATTACHMENT_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, ScComposer, clamp);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, frame);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, editing_bar);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, notice);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, attachment_bar);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, attach_button);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, scroller);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, view);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, ScComposer, button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_edit_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, attachments_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, preedit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_composer_init (ScComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SC_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify::activity", G_CALLBACK (update_button),
                                  self);
  self->attachment_signals = g_signal_group_new (SC_TYPE_ATTACHMENT_LIST);
  g_signal_group_connect_swapped (self->attachment_signals, "changed",
                                  G_CALLBACK (attachments_changed_cb), self);

  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->view, keys);
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (buffer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (height_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sc_settings_get_default (), "notify::enter-sends",
                           G_CALLBACK (show_button), self, G_CONNECT_SWAPPED);
  sc_composer_set_recipient (self, NULL);
  show_button (self);
  set_attachments (self, NULL);
}

void
sc_composer_set_conversation (ScComposer     *self,
                              ScConversation *conversation)
{
  g_autofree char *draft = NULL;

  g_return_if_fail (SC_IS_COMPOSER (self));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  if (conversation == self->conversation)
    return;
  end_edit (self);
  keep_draft (self);
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->signals, conversation);
  if (conversation != NULL)
    draft = sc_drafts_dup (conversation);
  sc_composer_set_text (self, draft != NULL ? draft : "");
  set_attachments (self, conversation != NULL ? get_draft_attachments (conversation) : NULL);
  keep_draft (self);
}

void
sc_composer_set_recipient (ScComposer *self,
                           const char *name)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SC_IS_COMPOSER (self));

  /* Translators: %s is who answers, a model or a service */
  text = name != NULL ? g_strdup_printf (_("Message %s"), name) : g_strdup (_("Write a message"));
  gtk_label_set_label (GTK_LABEL (self->placeholder), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER,
                                  text, -1);
}

void
sc_composer_set_notice (ScComposer *self,
                        const char *notice)
{
  g_return_if_fail (SC_IS_COMPOSER (self));

  if (notice != NULL)
    gtk_label_set_label (GTK_LABEL (self->notice), notice);
  gtk_widget_set_visible (self->notice, notice != NULL);
}

void
sc_composer_begin_edit (ScComposer *self,
                        ScTurn     *turn)
{
  g_autoptr (ScAttachmentList) list = NULL;

  g_return_if_fail (SC_IS_COMPOSER (self));
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (self->conversation != NULL);

  if (self->edited == NULL)
    keep_draft (self);
  g_set_object (&self->edited, turn);
  gtk_widget_set_visible (self->editing_bar, TRUE);
  list = sc_attachment_list_new (self->conversation, turn);
  set_attachments (self, list);
  sc_composer_set_text (self, sc_turn_get_text (turn, NULL));
  gtk_widget_grab_focus (self->view);
}

void
sc_composer_clear (ScComposer *self)
{
  g_return_if_fail (SC_IS_COMPOSER (self));

  if (self->edited != NULL)
    {
      end_edit (self);
      return;
    }
  sc_composer_set_text (self, "");
  if (self->attachments != NULL)
    sc_attachment_list_clear (self->attachments);
  /* Now, for once it is sent the conversation is no new one any more. */
  keep_draft (self);
}

ScAttachmentList *
sc_composer_get_attachments (ScComposer *self)
{
  g_return_val_if_fail (SC_IS_COMPOSER (self), NULL);

  return self->attachments;
}

GPtrArray *
sc_composer_list_attachments (ScComposer *self)
{
  g_return_val_if_fail (SC_IS_COMPOSER (self), NULL);

  if (self->attachments == NULL || !sc_attachment_list_is_ready (self->attachments))
    return NULL;
  return sc_attachment_list_list_attachments (self->attachments);
}

void
sc_composer_set_text (ScComposer *self,
                      const char *text)
{
  GtkTextIter end;

  g_return_if_fail (SC_IS_COMPOSER (self));
  g_return_if_fail (text != NULL);

  /* Undo must not bring back what was sent or what belongs to another conversation. */
  gtk_text_buffer_begin_irreversible_action (get_buffer (self));
  gtk_text_buffer_set_text (get_buffer (self), text, -1);
  gtk_text_buffer_end_irreversible_action (get_buffer (self));
  gtk_text_buffer_get_end_iter (get_buffer (self), &end);
  gtk_text_buffer_place_cursor (get_buffer (self), &end);
}

char *
sc_composer_dup_text (ScComposer *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (SC_IS_COMPOSER (self), NULL);

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  return gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
}
