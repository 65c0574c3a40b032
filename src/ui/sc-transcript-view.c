/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text view of the page. Its two children (the copy button and the error card) are placed by hand in coordinates of
 * the buffer: an anchored child would be measured and drawn with each frame, and would be part of the text. */

#include "config.h"

#include "sc-transcript-view-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "sc-page-draw.h"
#include "sc-page-pictures.h"
#include "sc-page-place.h"
#include "sc-transcript-links.h"
#include "sc-transcript.h"

#define SIDE_MARGIN        24
#define NARROW_SIDE_MARGIN 12
#define NARROW_WIDTH       480
/* What floats there while an answer needs patience hides no line. */
#define BOTTOM_MARGIN      36
#define TABLES_DELAY_MS    80

G_DEFINE_FINAL_TYPE (ScTranscriptView, sc_transcript_view, GTK_TYPE_TEXT_VIEW)

enum
{
  SIGNAL_DIRTY,
  SIGNAL_EDIT_TURN,
  SIGNAL_DELETE_TURN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Pictures */

static void
renew_pictures (ScTranscriptView *self)
{
  sc_page_reading_remember (&self->reading, GTK_TEXT_VIEW (self));
  if (sc_page_pictures_renew (self->page))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    sc_page_reading_forget (&self->reading, GTK_TEXT_VIEW (self));
}

static void
pictures_changed_cb (gboolean is_resized,
                     gpointer user_data)
{
  ScTranscriptView *self = user_data;

  if (is_resized)
    renew_pictures (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The message's actions */

static void
show_turn_bar (ScTranscriptView *self,
               ScPageEntry      *entry)
{
  guint n = sc_page_get_n_entries (self->page);
  gboolean is_last = entry != NULL && !sc_page_has_later (self->page) &&
                     sc_page_get_entry (self->page, n - 1, NULL) == entry;
  ScTurn *turn = entry != NULL ? entry->turn : NULL;

  if (turn != NULL && sc_turn_get_status (turn) == SC_TURN_STATUS_STREAMING)
    turn = NULL;
  if (turn == sc_turn_bar_get_turn (self->turn_bar))
    return;
  sc_turn_bar_set_turn (self->turn_bar, turn, is_last);
  sc_transcript_view_update_message_actions (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* For those who have no pointer: the actions of the last message that is in sight. */
static void
focus_enter_cb (ScTranscriptView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GdkRectangle visible;
  GtkTextIter iter;
  ScPageEntry *entry;

  if (!gtk_window_get_focus_visible (GTK_WINDOW (root)))
    return;
  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y + visible.height - 1, NULL);
  if (gtk_text_iter_get_offset (&iter) > 0 && gtk_text_iter_is_end (&iter))
    gtk_text_iter_backward_char (&iter);
  entry = sc_page_place_find_entry (self->page, &iter);
  show_turn_bar (self, entry);
  sc_code_tools_show_last (self->code_tools);
  sc_transcript_view_update_code_actions (self);
}

/* The card */

static int
get_card_height (ScTranscriptView *self)
{
  int height;

  if (self->card == NULL)
    return 0;
  gtk_widget_measure (self->card, GTK_ORIENTATION_VERTICAL, sc_page_get_writer (self->page)->width,
                      NULL, &height, NULL, NULL);

  return height;
}

static void
place_card (ScTranscriptView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkAllocation place;
  GtkTextIter iter;
  int y;

  if (self->card == NULL)
    return;
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter,
                                      (int) sc_page_get_room_offset (self->page));
  gtk_text_view_get_line_yrange (view, &iter, &y, NULL);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET,
                                         gtk_text_view_get_left_margin (view), y + SC_PAGE_BLOCK_GAP,
                                         &place.x, &place.y);
  place.width = sc_page_get_writer (self->page)->width;
  place.height = get_card_height (self);
  gtk_widget_size_allocate (self->card, &place, -1);
}

static void
make_room (ScTranscriptView *self)
{
  int height = get_card_height (self);

  sc_page_set_room (self->page, height > 0 ? height + SC_PAGE_BLOCK_GAP : 0);
}

/* Callbacks */

/* GTK allocates nothing when it scrolls, and what was placed by hand would stay behind. Here as everywhere in this file
 * a size is asked for and not an allocation: lines that come into sight are laid out in the middle of it, and where they
 * prove higher or lower than was thought, an allocation of the view alone would end with a request that is lost, and
 * with it the page. */
static void
scrolled_cb (ScTranscriptView *self)
{
  double value = gtk_adjustment_get_value (self->adjustment);

  /* What the reader scrolls while a change waits for its layout is not to be taken back with it. */
  if (!sc_transcript_view_is_laying_out (self))
    sc_page_reading_scroll (&self->reading, (int) (value - self->value));
  self->value = value;
  if (self->n_layouts == 0 &&
      (self->card != NULL || gtk_widget_get_child_visible (GTK_WIDGET (self->code_tools)) ||
       gtk_widget_get_child_visible (GTK_WIDGET (self->turn_bar))))
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
adjustment_changed_cb (ScTranscriptView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self));

  if (adjustment == self->adjustment)
    return;
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustment, scrolled_cb, self);
  g_set_object (&self->adjustment, adjustment);
  if (adjustment != NULL)
    g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
}

static void
page_dirty_cb (ScPage   *page,
               gpointer  user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_DIRTY], 0);
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           ScTranscriptView         *self)
{
  ScPagePoint place;
  gboolean is_hand;

  self->pointer_x = x;
  self->pointer_y = y;
  sc_code_tools_point_at (self->code_tools, x, y);
  sc_transcript_view_update_code_actions (self);
  is_hand = (sc_page_place_find (self->page, x, y, &place) && sc_page_place_is_summary (&place)) || sc_page_place_find_link (self->page, x, y) != NULL ||
            sc_transcript_view_can_load (sc_page_place_find_picture (self->page, x, y));
  g_clear_object (&self->menu_turn);
  if (!sc_turn_bar_holds (self->turn_bar, x, y))
    show_turn_bar (self, place.entry);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_hand ? "pointer" : "text");
}

static void
leave_cb (GtkEventControllerMotion *controller,
          ScTranscriptView         *self)
{
  if (gtk_widget_get_mapped (self->menu))
    return;
  sc_code_tools_leave (self->code_tools);
  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) != GTK_WIDGET (self->turn_bar))
    show_turn_bar (self, NULL);
}

static void
released_cb (GtkGestureClick  *gesture,
             int               n_press,
             double            x,
             double            y,
             ScTranscriptView *self)
{
  const char *target;
  ScPicture *picture;
  ScPagePoint place;

  if (n_press != 1 || gtk_text_buffer_get_has_selection (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self))))
    return;

  target = sc_page_place_find_link (self->page, x, y);
  picture = sc_page_place_find_picture (self->page, x, y);
  if (sc_transcript_view_can_load (picture))
    sc_transcript_view_load_picture (self, picture);
  else if (target != NULL)
    {
      g_autofree char *words = sc_page_place_dup_link_words (self->page, x, y);

      sc_transcript_open_link (GTK_WIDGET (self), target, words);
    }
  else if (sc_page_place_find (self->page, x, y, &place) && sc_page_place_is_summary (&place))
    sc_page_set_reasoning_open (self->page, place.entry, !place.entry->is_open);
}

static gboolean
query_tooltip_cb (GtkWidget  *widget,
                  int         x,
                  int         y,
                  gboolean    is_keyboard,
                  GtkTooltip *tooltip,
                  gpointer    user_data)
{
  const char *target = is_keyboard ? NULL : sc_page_place_find_link (SC_TRANSCRIPT_VIEW (widget)->page, x, y);
  ScPicture *picture = is_keyboard ? NULL : sc_page_place_find_picture (SC_TRANSCRIPT_VIEW (widget)->page, x, y);
  g_autofree char *words = NULL;

  if (picture != NULL)
    words = sc_page_pictures_dup_words (picture);
  else if (target != NULL)
    words = sc_transcript_describe_link (target);
  if (words == NULL)
    return FALSE;

  gtk_tooltip_set_text (tooltip, words);

  return TRUE;
}

static void
tables_timeout_cb (gpointer user_data)
{
  ScTranscriptView *self = user_data;

  self->tables_id = 0;
  sc_page_rewrite_tables (self->page);
  renew_pictures (self);
}

static void
queue_tables (ScTranscriptView *self)
{
  if (self->tables_id == 0)
    self->tables_id = g_timeout_add_once (TABLES_DELAY_MS, tables_timeout_cb, self);
}

static void
style_changed_cb (ScTranscriptView *self)
{
  GtkWidget *transcript;

  if (self->page == NULL || !sc_page_tags_update (sc_page_get_writer (self->page)->tags))
    return;
  /* With another size of the font columns have other widths, and so has the page. */
  queue_tables (self);
  transcript = gtk_widget_get_ancestor (GTK_WIDGET (self), SC_TYPE_TRANSCRIPT);
  if (transcript != NULL)
    sc_transcript_update_column (SC_TRANSCRIPT (transcript));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Text view */

static void
sc_transcript_view_snapshot_layer (GtkTextView      *view,
                                   GtkTextViewLayer  layer,
                                   GtkSnapshot      *snapshot)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (view);

  if (self->page == NULL)
    return;
  if (layer == GTK_TEXT_VIEW_LAYER_BELOW_TEXT)
    sc_page_draw_below (self->page, snapshot);
  else if (self->cursor_is_on || self->words != NULL)
    sc_page_draw_cursor (self->page, snapshot, self->words, self->cursor_is_on);
}

/* A trap of GTK: when text above the first line in view gets its height, the view moves to stay with that line, and the
 * adjustment, which does not know yet how long the text is, refuses to follow. A text shorter than the page would be
 * left out of sight for ever. The adjustment is right: its value is where the view has to be. */
static void
follow_adjustment (GtkTextView *view)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  GdkRectangle visible;

  if (adjustment == NULL)
    return;
  gtk_text_view_get_visible_rect (view, &visible);
  if (fabs (gtk_adjustment_get_value (adjustment) - visible.y) > 1)
    g_signal_emit_by_name (adjustment, "value-changed");
}

static void
sc_transcript_view_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  int margin = width < NARROW_WIDTH ? NARROW_SIDE_MARGIN : SIDE_MARGIN;
  int column = MAX (width - 2 * margin, 1);

  if (gtk_text_view_get_left_margin (view) != margin)
    {
      gtk_text_view_set_left_margin (view, margin);
      gtk_text_view_set_right_margin (view, margin);
    }
  if (sc_page_get_writer (self->page)->width != column)
    {
      sc_page_set_width (self->page, column);
      queue_tables (self);
    }
  if (self->card != NULL)
    make_room (self);

  self->n_layouts++;
  GTK_WIDGET_CLASS (sc_transcript_view_parent_class)->size_allocate (widget, width, height, baseline);
  follow_adjustment (view);
  self->n_layouts--;

  sc_code_tools_place (self->code_tools);
  place_card (self);
  sc_page_reading_keep (&self->reading, GTK_TEXT_VIEW (self));
  sc_turn_bar_place (self->turn_bar, self->page);
  gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
sc_transcript_view_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (widget);

  self->n_layouts++;
  GTK_WIDGET_CLASS (sc_transcript_view_parent_class)->snapshot (widget, snapshot);
  self->n_layouts--;

  if (self->card != NULL)
    gtk_widget_snapshot_child (widget, self->card, snapshot);
  if (gtk_widget_get_child_visible (GTK_WIDGET (self->code_tools)))
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->code_tools), snapshot);
  if (gtk_widget_get_child_visible (GTK_WIDGET (self->turn_bar)))
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->turn_bar), snapshot);
}

static void
sc_transcript_view_css_changed (GtkWidget         *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (sc_transcript_view_parent_class)->css_changed (widget, change);

  style_changed_cb (SC_TRANSCRIPT_VIEW (widget));
}

static void
sc_transcript_view_dispose (GObject *object)
{
  ScTranscriptView *self = SC_TRANSCRIPT_VIEW (object);

  g_clear_handle_id (&self->tables_id, g_source_remove);
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustment, scrolled_cb, self);
  g_clear_object (&self->adjustment);
  if (self->code_tools != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->code_tools)));
  g_clear_pointer (&self->card, gtk_widget_unparent);
  if (self->turn_bar != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->turn_bar)));
  g_clear_object (&self->menu_turn);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  sc_page_reading_forget (&self->reading, GTK_TEXT_VIEW (self));
  g_clear_pointer (&self->menu_picture, sc_picture_unref);
  g_clear_pointer (&self->page, sc_page_free);
  g_clear_pointer (&self->pictures, sc_pictures_free);
  g_clear_object (&self->zoom_provider);

  G_OBJECT_CLASS (sc_transcript_view_parent_class)->dispose (object);
}

static void
sc_transcript_view_finalize (GObject *object)
{
  g_free (SC_TRANSCRIPT_VIEW (object)->words);

  G_OBJECT_CLASS (sc_transcript_view_parent_class)->finalize (object);
}

static void
sc_transcript_view_class_init (ScTranscriptViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkTextViewClass *view_class = GTK_TEXT_VIEW_CLASS (klass);

  object_class->dispose = sc_transcript_view_dispose;
  object_class->finalize = sc_transcript_view_finalize;
  widget_class->size_allocate = sc_transcript_view_size_allocate;
  widget_class->snapshot = sc_transcript_view_snapshot;
  widget_class->css_changed = sc_transcript_view_css_changed;
  view_class->snapshot_layer = sc_transcript_view_snapshot_layer;

  signals[SIGNAL_DIRTY] = g_signal_new ("dirty", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EDIT_TURN] = g_signal_new ("edit-turn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, SC_TYPE_TURN);
  signals[SIGNAL_DELETE_TURN] = g_signal_new ("delete-turn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 1, SC_TYPE_TURN);
  sc_transcript_view_install_actions (widget_class);
}

static void
add_controllers (ScTranscriptView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *primary = gtk_gesture_click_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (focus_enter_cb), self);
  gtk_widget_add_controller (widget, focus);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (primary), GDK_BUTTON_PRIMARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (primary), GTK_PHASE_CAPTURE);
  g_signal_connect (primary, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (primary));
}

static void
add_children (ScTranscriptView *self)
{
  self->code_tools = SC_CODE_TOOLS (sc_code_tools_new (self->page));
  gtk_widget_set_parent (GTK_WIDGET (self->code_tools), GTK_WIDGET (self));

  self->turn_bar = SC_TURN_BAR (sc_turn_bar_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->turn_bar), GTK_WIDGET (self));
  sc_transcript_view_add_menu (self);
}

static void
sc_transcript_view_init (ScTranscriptView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkWidget *widget = GTK_WIDGET (self);
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->zoom = 1;
  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_cursor_visible (view, FALSE);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (view, 0);
  gtk_text_view_set_bottom_margin (view, BOTTOM_MARGIN);
  gtk_text_view_set_left_margin (view, SIDE_MARGIN);
  gtk_text_view_set_right_margin (view, SIDE_MARGIN);
  gtk_widget_add_css_class (widget, "sc-page");
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (self, "notify::vadjustment", G_CALLBACK (adjustment_changed_cb), NULL);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conversation"), -1);

  self->zoom_provider = gtk_css_provider_new ();
  gtk_style_context_add_provider (gtk_widget_get_style_context (widget),
                                  GTK_STYLE_PROVIDER (self->zoom_provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  self->page = sc_page_new (view, page_dirty_cb, self);
  self->pictures = sc_pictures_new (pictures_changed_cb, self);
  sc_page_set_pictures (self->page, self->pictures);
  add_controllers (self);
  add_children (self);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (style_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

ScTranscriptView *
sc_transcript_view_new (void)
{
  return g_object_new (SC_TYPE_TRANSCRIPT_VIEW, NULL);
}

ScPage *
sc_transcript_view_get_page (ScTranscriptView *self)
{
  g_return_val_if_fail (SC_IS_TRANSCRIPT_VIEW (self), NULL);

  return self->page;
}

/* The reader moves the page in an event, in a frame (what was set going goes on there) or in the timer of a widget.
 * Where GTK lays out text outside a frame it does so in idle sources, as does everything of ours that waits. */
gboolean
sc_transcript_view_is_laying_out (ScTranscriptView *self)
{
  GSource *source = g_main_current_source ();
  int priority = source != NULL ? g_source_get_priority (source) : G_PRIORITY_DEFAULT;

  g_return_val_if_fail (SC_IS_TRANSCRIPT_VIEW (self), FALSE);

  return self->n_layouts > 0 || (priority >= G_PRIORITY_HIGH_IDLE && priority != GDK_PRIORITY_REDRAW);
}

void
sc_transcript_view_set_cursor (ScTranscriptView *self,
                               gboolean          is_on,
                               const char       *words)
{
  g_return_if_fail (SC_IS_TRANSCRIPT_VIEW (self));

  if (self->cursor_is_on == is_on && g_strcmp0 (self->words, words) == 0)
    return;

  self->cursor_is_on = is_on;
  g_free (self->words);
  self->words = g_strdup (words);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sc_transcript_view_set_card (ScTranscriptView *self,
                             GtkWidget        *card)
{
  g_return_if_fail (SC_IS_TRANSCRIPT_VIEW (self));

  if (self->card == card)
    return;

  g_clear_pointer (&self->card, gtk_widget_unparent);
  self->card = card;
  if (card != NULL)
    gtk_widget_set_parent (card, GTK_WIDGET (self));
  make_room (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
sc_transcript_view_set_can_change (ScTranscriptView *self,
                                   gboolean          can_change)
{
  g_return_if_fail (SC_IS_TRANSCRIPT_VIEW (self));

  self->can_change = can_change;
  sc_transcript_view_update_message_actions (self);
}

void
sc_transcript_view_set_zoom (ScTranscriptView *self,
                             double            zoom)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *css = NULL;

  g_return_if_fail (SC_IS_TRANSCRIPT_VIEW (self));

  if (self->zoom == zoom)
    return;

  self->zoom = zoom;
  css = g_strdup_printf ("textview { font-size: %sem; }", g_ascii_formatd (number, sizeof number, "%.2f", zoom));
  gtk_css_provider_load_from_data (self->zoom_provider, css, -1);
}
