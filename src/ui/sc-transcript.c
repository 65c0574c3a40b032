/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page as a widget: puts together the view, its scrolling and its clock, and owns what floats above the text. */

#include "config.h"

#include "sc-transcript.h"

#include <glib/gi18n.h>
#include <math.h>

#include "sc-activity-bar.h"
#include "sc-find-bar.h"
#include "sc-settings.h"
#include "sc-transcript-card.h"
#include "sc-transcript-find.h"
#include "sc-transcript-flow.h"
#include "sc-transcript-scroll.h"
#include "sc-transcript-view.h"

#define COLUMN_EM     46
#define SIDE_MARGINS  48
#define JUMP_PIXELS   48.0
#define BAR_MARGIN    2
#define BAR_OVER_JUMP 60
#define MIN_ZOOM      0.5
#define MAX_ZOOM      3.0

struct _ScTranscript
{
  GtkWidget           parent_instance;
  GtkWidget          *overlay;
  GtkScrolledWindow  *window;
  AdwClampScrollable *clamp;
  ScTranscriptView   *view;
  ScFindBar          *find_bar;
  ScActivityBar      *activity_bar;
  GtkRevealer        *jump_revealer;
  GtkWidget          *jump_button;
  GtkWidget          *jump_dot;
  ScTranscriptScroll *scroll;
  ScTranscriptFlow   *flow;
  ScTranscriptFind   *find;
  ScConversation     *conversation;
  ScTurn             *failed_turn;
  ScTurn             *released_turn;
  double              zoom;
  guint               jump_id;
  gboolean            was_following;
};

G_DEFINE_FINAL_TYPE (ScTranscript, sc_transcript, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CONVERSATION,
  PROP_ZOOM,
  PROP_FOLLOWS_END,
  PROP_SEARCHING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_EDIT_TURN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static ScPage *
get_page (ScTranscript *self)
{
  return sc_transcript_view_get_page (self->view);
}

static void
update_jump_cb (gpointer user_data)
{
  ScTranscript *self = user_data;
  gboolean is_following = sc_transcript_scroll_is_following (self->scroll);
  gboolean is_away = !is_following && (sc_page_has_later (get_page (self)) ||
                                       sc_transcript_scroll_get_below (self->scroll) > JUMP_PIXELS);

  self->jump_id = 0;
  if (gtk_revealer_get_reveal_child (self->jump_revealer) != is_away)
    {
      gtk_revealer_set_reveal_child (self->jump_revealer, is_away);
      gtk_widget_set_can_target (GTK_WIDGET (self->jump_revealer), is_away);
      gtk_widget_set_margin_bottom (GTK_WIDGET (self->activity_bar),
                                    is_away ? BAR_OVER_JUMP : BAR_MARGIN);
    }
  if (!is_away)
    gtk_widget_set_visible (self->jump_dot, FALSE);
}

/* Bounds change in the middle of an allocation, where nothing may be shown or hidden. */
static void
update_jump (ScTranscript *self)
{
  if (self->jump_id == 0)
    self->jump_id = g_idle_add_once (update_jump_cb, self);
}

/* The last turn alone has a card, and only while nothing streams. */
static void
update_card (ScTranscript *self)
{
  ScTurn *turn = self->conversation != NULL ? sc_conversation_get_last_turn (self->conversation) : NULL;

  if (turn != NULL && (!sc_transcript_needs_card (turn) || sc_page_has_later (get_page (self))))
    turn = NULL;
  if (turn == self->failed_turn)
    return;

  g_set_object (&self->failed_turn, turn);
  sc_transcript_view_set_card (self->view, turn != NULL ? sc_transcript_card_new (turn) : NULL);
}

static void
moved_cb (ScTranscriptScroll *scroll,
          gpointer            user_data)
{
  ScTranscript *self = user_data;
  gboolean is_following = sc_transcript_scroll_is_following (scroll);

  if (self->flow == NULL)
    return;
  if (self->was_following != is_following)
    {
      self->was_following = is_following;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS_END]);
    }
  update_jump (self);
  sc_transcript_flow_wake (self->flow);
  if (self->find != NULL)
    sc_transcript_find_update (self->find);
}

static gboolean
stays_at_start (void)
{
  return sc_settings_is_available () && !sc_settings_get_boolean (sc_settings_get_default (), "follow-answers");
}

/* For those who wish to stay at the start of an answer: following ends there, once in an answer, and not where it is
 * out of sight already. */
static void
update_limit (ScTranscript *self)
{
  ScPage *page = get_page (self);
  guint offset;
  ScPageEntry *entry;
  GtkTextIter iter;
  int y;

  if (!sc_page_get_tail (page, &offset))
    return;
  entry = sc_page_get_entry (page, sc_page_get_n_entries (page) - 1, &offset);
  if (entry->turn == self->released_turn)
    return;
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), &iter, (int) offset);
  gtk_text_view_get_line_yrange (GTK_TEXT_VIEW (self->view), &iter, &y, NULL);
  if (!sc_transcript_scroll_is_following (self->scroll) || y < sc_transcript_scroll_get_above (self->scroll) ||
      !stays_at_start ())
    {
      g_set_object (&self->released_turn, entry->turn);
      offset = G_MAXUINT;
    }
  sc_transcript_scroll_set_limit (self->scroll, offset);
}

static void
drained_cb (ScTranscriptFlow *flow,
            gsize             n_bytes,
            gpointer          user_data)
{
  ScTranscript *self = user_data;

  update_card (self);
  update_limit (self);
  if (self->find != NULL)
    sc_transcript_find_update (self->find);
  if (n_bytes > 0 && gtk_revealer_get_reveal_child (self->jump_revealer))
    gtk_widget_set_visible (self->jump_dot, TRUE);
}

static void
activity_cb (ScTranscript *self)
{
  sc_transcript_view_set_can_change (self->view, self->conversation != NULL &&
                                                 !sc_conversation_is_busy (self->conversation));
}

static void
activity_bar_visible_cb (ScTranscript *self)
{
  if (self->flow != NULL)
    sc_transcript_flow_set_hushed (self->flow,
                                   gtk_widget_get_visible (GTK_WIDGET (self->activity_bar)));
}

static void
edit_turn_cb (ScTranscript *self,
              ScTurn       *turn)
{
  g_signal_emit (self, signals[SIGNAL_EDIT_TURN], 0, turn);
}

static void
delete_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    ScTranscript     *self)
{
  ScTurn *turn = g_object_get_data (G_OBJECT (dialog), "turn");
  guint n = self->conversation != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->conversation)) : 0;

  if (!g_str_equal (response, "delete") || n == 0 || sc_conversation_is_busy (self->conversation))
    return;
  /* Meanwhile another conversation may be shown. */
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScTurn) shown = g_list_model_get_item (G_LIST_MODEL (self->conversation), i);

      if (shown == turn)
        {
          sc_conversation_delete_turn (self->conversation, turn);
          return;
        }
    }
}

static void
delete_turn_cb (ScTranscript *self,
                ScTurn       *turn)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), _("Delete This Message?"),
                                              _("It is deleted from the conversation for good."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "turn", g_object_ref (turn), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
jump_clicked_cb (ScTranscript *self)
{
  sc_transcript_scroll_to_end (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
found_cb (ScTranscriptFind *find,
          gpointer          user_data)
{
  ScTranscript *self = user_data;

  sc_find_bar_set_count (self->find_bar, sc_transcript_find_get_position (find),
                         sc_transcript_find_get_n_matches (find));
}

static void
needle_changed_cb (ScTranscript *self,
                   const char   *needle)
{
  if (self->find != NULL)
    sc_transcript_find_set_needle (self->find, needle);
}

static void
step_cb (ScTranscript *self,
         int           delta)
{
  if (self->find != NULL)
    sc_transcript_find_step (self->find, delta);
}

static void
search_closed_cb (ScTranscript *self)
{
  g_clear_pointer (&self->find, sc_transcript_find_free);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

/* The keys of the search bar, also while the page has the keyboard. */
static gboolean
search_key_cb (GtkEventControllerKey *controller,
               guint                  keyval,
               guint                  keycode,
               GdkModifierType        state,
               ScTranscript          *self)
{
  if (self->find == NULL)
    return FALSE;
  if (keyval == GDK_KEY_Escape)
    sc_find_bar_close (self->find_bar);
  else if ((keyval == GDK_KEY_g || keyval == GDK_KEY_G) && (state & GDK_CONTROL_MASK))
    sc_transcript_find_step (self->find, state & GDK_SHIFT_MASK ? -1 : 1);
  else
    return FALSE;

  return TRUE;
}

/* A piece of one line that is selected is what one is likely to look for. */
static char *
dup_selected_line (ScTranscript *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start;
  GtkTextIter end;

  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end) ||
      gtk_text_iter_get_line (&start) != gtk_text_iter_get_line (&end))
    return NULL;

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
sc_transcript_update_column (ScTranscript *self)
{
  double em = sc_page_tags_get_em (sc_page_get_writer (get_page (self))->tags);
  int width = (int) round (COLUMN_EM * em) + SIDE_MARGINS;

  if (adw_clamp_scrollable_get_maximum_size (self->clamp) == width)
    return;
  adw_clamp_scrollable_set_maximum_size (self->clamp, width);
  adw_clamp_scrollable_set_tightening_threshold (self->clamp, width);
}

static void
sc_transcript_css_changed (GtkWidget         *widget,
                           GtkCssStyleChange *change)
{
  ScTranscript *self = SC_TRANSCRIPT (widget);

  GTK_WIDGET_CLASS (sc_transcript_parent_class)->css_changed (widget, change);

  if (self->clamp != NULL)
    sc_transcript_update_column (self);
}

static void
sc_transcript_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sc_transcript_parent_class)->realize (widget);

  sc_transcript_update_column (SC_TRANSCRIPT (widget));
}

/* What stands under the answers in view changes at once. */
static void
usage_shown_cb (ScTranscript *self)
{
  sc_page_touch_answers (get_page (self));
}

/* Without it GTK takes the page for one thing, its text, and Tab never comes to the bars above it. */
static gboolean
sc_transcript_focus (GtkWidget        *widget,
                     GtkDirectionType  direction)
{
  return gtk_widget_child_focus (SC_TRANSCRIPT (widget)->overlay, direction);
}

static gboolean
sc_transcript_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SC_TRANSCRIPT (widget)->view));
}

static void
sc_transcript_dispose (GObject *object)
{
  ScTranscript *self = SC_TRANSCRIPT (object);

  g_clear_handle_id (&self->jump_id, g_source_remove);
  g_clear_pointer (&self->find, sc_transcript_find_free);
  g_clear_pointer (&self->flow, sc_transcript_flow_free);
  g_clear_pointer (&self->scroll, sc_transcript_scroll_free);
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_clear_object (&self->conversation);
  g_clear_object (&self->failed_turn);
  g_clear_object (&self->released_turn);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);

  G_OBJECT_CLASS (sc_transcript_parent_class)->dispose (object);
}

static void
sc_transcript_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ScTranscript *self = SC_TRANSCRIPT (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;
    case PROP_FOLLOWS_END:
      g_value_set_boolean (value, sc_transcript_scroll_is_following (self->scroll));
      break;
    case PROP_SEARCHING:
      g_value_set_boolean (value, self->find != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sc_transcript_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ScTranscript *self = SC_TRANSCRIPT (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      sc_transcript_set_conversation (self, g_value_get_object (value));
      break;
    case PROP_ZOOM:
      sc_transcript_set_zoom (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
load_css (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  GdkDisplay *display = gdk_display_get_default ();

  gtk_css_provider_load_from_resource (provider, "/org/example/StreamChat/sc-transcript.css");
  if (display != NULL)
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
sc_transcript_class_init (ScTranscriptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_transcript_dispose;
  object_class->get_property = sc_transcript_get_property;
  object_class->set_property = sc_transcript_set_property;
  widget_class->css_changed = sc_transcript_css_changed;
  widget_class->realize = sc_transcript_realize;
  widget_class->focus = sc_transcript_focus;
  widget_class->grab_focus = sc_transcript_grab_focus;

  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, SC_TYPE_CONVERSATION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ZOOM] =
    g_param_spec_double ("zoom", NULL, NULL, MIN_ZOOM, MAX_ZOOM, 1,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWS_END] =
    g_param_spec_boolean ("follows-end", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SEARCHING] =
    g_param_spec_boolean ("searching", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_EDIT_TURN] = g_signal_new ("edit-turn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 1, SC_TYPE_TURN);

  g_type_ensure (SC_TYPE_ACTIVITY_BAR);
  g_type_ensure (SC_TYPE_FIND_BAR);
  g_type_ensure (SC_TYPE_TRANSCRIPT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/StreamChat/sc-transcript.ui");
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, overlay);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, window);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, clamp);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, view);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, find_bar);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, activity_bar);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, jump_button);
  gtk_widget_class_bind_template_child (widget_class, ScTranscript, jump_dot);
  gtk_widget_class_bind_template_callback (widget_class, activity_bar_visible_cb);
  gtk_widget_class_bind_template_callback (widget_class, jump_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_turn_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_turn_cb);
  gtk_widget_class_bind_template_callback (widget_class, needle_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, step_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_closed_cb);
  load_css ();
}

static void
sc_transcript_init (ScTranscript *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->zoom = 1;
  self->was_following = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_can_target (GTK_WIDGET (self->jump_revealer), FALSE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  g_signal_connect_object (sc_settings_get_default (), "notify::show-usage", G_CALLBACK (usage_shown_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  self->scroll = sc_transcript_scroll_new (self->window, self->view, moved_cb, self);
  self->flow = sc_transcript_flow_new (self->view, self->scroll, drained_cb, self);
}

ScTranscript *
sc_transcript_new (void)
{
  return g_object_new (SC_TYPE_TRANSCRIPT, NULL);
}

void
sc_transcript_set_conversation (ScTranscript   *self,
                                ScConversation *conversation)
{
  g_return_if_fail (SC_IS_TRANSCRIPT (self));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  if (conversation == self->conversation)
    return;

  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_set_object (&self->conversation, conversation);

  sc_transcript_end_search (self);
  if (conversation != NULL)
    {
      sc_conversation_load (conversation);
      g_signal_connect_object (conversation, "notify::activity", G_CALLBACK (activity_cb), self,
                               G_CONNECT_SWAPPED);
    }
  activity_cb (self);
  sc_transcript_flow_set_conversation (self->flow, conversation);
  sc_activity_bar_set_conversation (self->activity_bar, conversation);
  sc_page_set_model (get_page (self), G_LIST_MODEL (conversation));
  update_card (self);
  sc_transcript_scroll_set_following (self->scroll, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

void
sc_transcript_scroll_to_end (ScTranscript *self)
{
  g_return_if_fail (SC_IS_TRANSCRIPT (self));

  if (sc_page_has_later (get_page (self)))
    sc_page_reset (get_page (self));
  sc_transcript_scroll_set_following (self->scroll, TRUE);
}

void
sc_transcript_scroll_to_turn (ScTranscript *self,
                              int           delta)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  ScPage *page = get_page (self);
  GdkRectangle visible;
  GtkTextIter top;
  guint at;
  int target = -1;

  g_return_if_fail (SC_IS_TRANSCRIPT (self));

  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &top, visible.y + 1, NULL);
  at = (guint) gtk_text_iter_get_offset (&top);
  for (guint i = 0; i < sc_page_get_n_entries (page); i++)
    {
      guint offset;

      sc_page_get_entry (page, i, &offset);
      if (delta < 0 && offset < at)
        target = (int) offset;
      else if (delta > 0 && offset > at && target < 0)
        target = (int) offset;
    }
  if (target < 0)
    {
      if (delta > 0)
        sc_transcript_scroll_to_end (self);
      return;
    }
  sc_transcript_scroll_set_following (self->scroll, FALSE);
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &top, target);
  gtk_text_view_scroll_to_iter (view, &top, 0, TRUE, 0, 0);
}

void
sc_transcript_start_search (ScTranscript *self)
{
  g_autofree char *needle = NULL;

  g_return_if_fail (SC_IS_TRANSCRIPT (self));

  if (self->find == NULL)
    {
      self->find = sc_transcript_find_new (self->view, self->scroll, G_LIST_MODEL (self->conversation), found_cb,
                                           self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
    }
  needle = dup_selected_line (self);
  sc_find_bar_open (self->find_bar, needle);
}

void
sc_transcript_end_search (ScTranscript *self)
{
  g_return_if_fail (SC_IS_TRANSCRIPT (self));

  sc_find_bar_close (self->find_bar);
}

void
sc_transcript_set_zoom (ScTranscript *self,
                        double        zoom)
{
  g_return_if_fail (SC_IS_TRANSCRIPT (self));

  zoom = CLAMP (zoom, MIN_ZOOM, MAX_ZOOM);
  if (self->zoom == zoom)
    return;

  self->zoom = zoom;
  sc_transcript_view_set_zoom (self->view, zoom);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}
