/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-sidebar.c: the side panel.
 *
 * A list view over the history, filtered by what is typed: the title at once, the text when the
 * store has answered. The list makes widgets only for what is near the view, so a thousand
 * conversations cost what fifty do. Which conversation is current is the window's business; the
 * selection here only shows it.
 */

#include "config.h"

#include "sc-sidebar.h"

#include <glib/gi18n.h>

#include "sc-conversation-row.h"

/* Half a period of the pulse of a streaming row: slow, so that it costs next to nothing. */
#define PULSE_MS 900

struct _ScSidebar
{
  GtkWidget           parent_instance;

  ScHistory          *history;
  ScConversation     *current;

  GtkWidget          *box;
  GtkWidget          *search;
  GtkWidget          *stack;
  GtkWidget          *list;
  GtkWidget          *none_label;

  GtkFilterListModel *filtered;
  GtkCustomFilter    *filter;
  GtkSingleSelection *selection;
  GPtrArray          *bound;

  char              **words;
  GHashTable         *found;
  GCancellable       *cancellable;

  guint               pulse_id;
  gboolean            pulse_is_dimmed;
  guint               headings_id;
};

G_DEFINE_FINAL_TYPE (ScSidebar, sc_sidebar, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_group_of (ScConversation *conversation,
              GDateTime      *now)
{
  if (sc_conversation_is_pinned (conversation))
    return g_strdup (_("Pinned"));
  return sc_sidebar_dup_group (sc_conversation_get_updated_us (conversation), now);
}

/* The group's heading if the item at @position is the first of its group. */
static char *
dup_heading (ScSidebar *self,
             guint      position,
             GDateTime *now)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  g_autoptr (ScConversation) conversation = g_list_model_get_item (model, position);
  g_autofree char *group = NULL;

  if (conversation == NULL)
    return NULL;
  group = dup_group_of (conversation, now);
  if (position > 0)
    {
      g_autoptr (ScConversation) before = g_list_model_get_item (model, position - 1);
      g_autofree char *group_before = dup_group_of (before, now);

      if (g_str_equal (group, group_before))
        return NULL;
    }
  return g_steal_pointer (&group);
}

static void
update_heading (ScSidebar   *self,
                GtkListItem *item,
                GDateTime   *now)
{
  g_autofree char *heading = NULL;

  if (gtk_list_item_get_position (item) == GTK_INVALID_LIST_POSITION)
    return;
  heading = dup_heading (self, gtk_list_item_get_position (item), now);
  sc_conversation_row_set_heading (SC_CONVERSATION_ROW (gtk_list_item_get_child (item)), heading);
}

static void
update_headings (ScSidebar *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  for (guint i = 0; i < self->bound->len; i++)
    update_heading (self, g_ptr_array_index (self->bound, i), now);
}

static guint
find_position (ScSidebar      *self,
               ScConversation *conversation)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n_items && conversation != NULL; i++)
    {
      g_autoptr (ScConversation) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (item == conversation)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* Most titles are plain ASCII, which is folded faster: there may be thousands at every key. */
static char *
dup_folded (const char *text)
{
  return g_str_is_ascii (text) ? g_ascii_strdown (text, -1) : g_utf8_casefold (text, -1);
}

static gboolean
matches (ScSidebar      *self,
         ScConversation *conversation)
{
  g_autofree char *title = NULL;

  if (self->words == NULL)
    return TRUE;
  if (self->found != NULL && g_hash_table_contains (self->found, conversation))
    return TRUE;
  title = dup_folded (sc_conversation_get_title (conversation));
  for (guint i = 0; self->words[i] != NULL; i++)
    {
      if (strstr (title, self->words[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
sync_selection (ScSidebar *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->current != NULL
      && gtk_single_selection_get_selected_item (self->selection) == self->current)
    return;
  /* What the search leaves out need not be looked for in what it finds. */
  if (self->current != NULL && matches (self, self->current))
    position = find_position (self, self->current);
  if (gtk_single_selection_get_selected (self->selection) != position)
    gtk_single_selection_set_selected (self->selection, position);
}

static gboolean
step_pulse_cb (gpointer user_data)
{
  ScSidebar *self = user_data;
  gboolean has_busy = FALSE;

  self->pulse_is_dimmed = !self->pulse_is_dimmed;
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *item = g_ptr_array_index (self->bound, i);
      ScConversation *conversation = gtk_list_item_get_item (item);

      if (conversation == NULL || !sc_conversation_is_busy (conversation))
        continue;
      has_busy = TRUE;
      sc_conversation_row_set_dimmed (SC_CONVERSATION_ROW (gtk_list_item_get_child (item)),
                                      self->pulse_is_dimmed);
    }
  if (has_busy)
    return G_SOURCE_CONTINUE;
  self->pulse_id = 0;
  return G_SOURCE_REMOVE;
}

/* The pulse's timer lives only while something in view streams, and never under reduced motion. */
static void
ensure_pulse (ScSidebar *self)
{
  gboolean has_animations = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations",
                &has_animations, NULL);
  if (!has_animations || self->pulse_id != 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->pulse_id = g_timeout_add (PULSE_MS, step_pulse_cb, self);
}


static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  ScSidebar *self = user_data;

  return matches (self, item);
}

static void
update_stack (ScSidebar *self)
{
  gboolean has_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0;

  gtk_label_set_label (GTK_LABEL (self->none_label),
                       self->words != NULL ? _("No conversation has these words")
                                           : _("Your conversations will be here"));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), has_items ? "list" : "none");
}

static gboolean
update_headings_idle_cb (gpointer user_data)
{
  ScSidebar *self = user_data;

  self->headings_id = 0;
  update_headings (self);
  return G_SOURCE_REMOVE;
}

/* Positions of the list items are known only after all handlers of items-changed ran. */
static void
items_changed_cb (ScSidebar *self)
{
  update_stack (self);
  sync_selection (self);
  if (self->headings_id == 0)
    self->headings_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_headings_idle_cb, self, NULL);
}

static void
selected_cb (ScSidebar *self)
{
  ScConversation *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || item == self->current)
    return;
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, item);
}

static void
conversation_activity_cb (ScConversation *conversation,
                          GParamSpec     *pspec,
                          ScSidebar      *self)
{
  if (sc_conversation_is_busy (conversation))
    ensure_pulse (self);
}

static void
setup_item_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_list_item_set_child (item, sc_conversation_row_new ());
}

static void
bind_item_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              ScSidebar                *self)
{
  ScConversation *conversation = gtk_list_item_get_item (item);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  g_ptr_array_add (self->bound, item);
  sc_conversation_row_set_conversation (SC_CONVERSATION_ROW (gtk_list_item_get_child (item)),
                                        conversation);
  update_heading (self, item, now);
  g_signal_connect_object (conversation, "notify::activity", G_CALLBACK (conversation_activity_cb),
                           self, 0);
  if (sc_conversation_is_busy (conversation))
    ensure_pulse (self);
}

static void
unbind_item_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                ScSidebar                *self)
{
  g_ptr_array_remove_fast (self->bound, item);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), conversation_activity_cb,
                                        self);
  sc_conversation_row_set_conversation (SC_CONVERSATION_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
search_found_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (ScSidebar) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = sc_history_search_finish (SC_HISTORY (source), result, &error);

  /* The history tells about its failures itself; the titles are filtered in any case. */
  if (found == NULL || self->words == NULL)
    return;
  g_clear_pointer (&self->found, g_hash_table_unref);
  self->found = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < found->len; i++)
    g_hash_table_add (self->found, g_object_ref (g_ptr_array_index (found, i)));
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_LESS_STRICT);
}

static void
search_changed_cb (ScSidebar *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *query = g_strstrip (g_strdup (typed));
  g_autofree char *folded = g_utf8_casefold (query, -1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_clear_pointer (&self->words, g_strfreev);
  if (*query != '\0' && self->history != NULL)
    {
      self->words = g_strsplit_set (folded, " \t", -1);
      self->cancellable = g_cancellable_new ();
      sc_history_search_async (self->history, query, self->cancellable, search_found_cb,
                               g_object_ref (self));
    }
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_stack (self);
}

static void
search_stopped_cb (ScSidebar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-composer", NULL);
}

/* Enter in the search field opens the first that was found. */
static void
search_activated_cb (ScSidebar *self)
{
  g_autoptr (ScConversation) first = NULL;

  search_changed_cb (self);
  first = g_list_model_get_item (G_LIST_MODEL (self->selection), 0);
  if (first != NULL)
    g_signal_emit (self, signals[SIGNAL_SELECTED], 0, first);
}

static ScConversationRow *
get_focused_row (ScSidebar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *child = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return SC_IS_CONVERSATION_ROW (child) ? SC_CONVERSATION_ROW (child) : NULL;
}

static gboolean
list_menu_cb (GtkWidget *widget,
              GVariant  *arguments,
              gpointer   user_data)
{
  ScConversationRow *row = get_focused_row (user_data);

  if (row == NULL)
    return FALSE;
  sc_conversation_row_popup_menu (row, 24, gtk_widget_get_height (GTK_WIDGET (row)) / 2.0);
  return TRUE;
}

static gboolean
list_action_cb (GtkWidget *widget,
                GVariant  *arguments,
                gpointer   user_data)
{
  ScConversationRow *row = get_focused_row (user_data);

  return row != NULL
         && gtk_widget_activate_action_variant (GTK_WIDGET (row),
                                                g_variant_get_string (arguments, NULL), NULL);
}

static void
add_list_shortcut (GtkEventController *controller,
                   const char         *trigger,
                   GtkShortcutFunc     func,
                   const char         *action,
                   ScSidebar          *self)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger),
                                            gtk_callback_action_new (func, self, NULL));

  if (action != NULL)
    gtk_shortcut_set_arguments (shortcut, g_variant_new_string (action));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

static void
sc_sidebar_map (GtkWidget *widget)
{
  ScSidebar *self = SC_SIDEBAR (widget);

  GTK_WIDGET_CLASS (sc_sidebar_parent_class)->map (widget);
  update_headings (self);
  ensure_pulse (self);
}

static void
sc_sidebar_unmap (GtkWidget *widget)
{
  ScSidebar *self = SC_SIDEBAR (widget);

  g_clear_handle_id (&self->pulse_id, g_source_remove);
  GTK_WIDGET_CLASS (sc_sidebar_parent_class)->unmap (widget);
}

/* Without it GTK takes the panel for one thing, its list, and Tab never comes to the button and the search. */
static gboolean
sc_sidebar_focus (GtkWidget        *widget,
                  GtkDirectionType  direction)
{
  return gtk_widget_child_focus (SC_SIDEBAR (widget)->box, direction);
}

static gboolean
sc_sidebar_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SC_SIDEBAR (widget)->list);
}

static void
sc_sidebar_dispose (GObject *object)
{
  ScSidebar *self = SC_SIDEBAR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_handle_id (&self->headings_id, g_source_remove);
  if (self->list != NULL)
    gtk_list_view_set_model (GTK_LIST_VIEW (self->list), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_SIDEBAR);
  g_clear_object (&self->selection);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->history);
  g_clear_object (&self->current);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_clear_pointer (&self->words, g_strfreev);
  g_clear_pointer (&self->bound, g_ptr_array_unref);

  G_OBJECT_CLASS (sc_sidebar_parent_class)->dispose (object);
}

static void
sc_sidebar_class_init (ScSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_sidebar_dispose;
  widget_class->map = sc_sidebar_map;
  widget_class->unmap = sc_sidebar_unmap;
  widget_class->focus = sc_sidebar_focus;
  widget_class->grab_focus = sc_sidebar_grab_focus;

  signals[SIGNAL_SELECTED] =
    g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, SC_TYPE_CONVERSATION);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, ScSidebar, search);
  gtk_widget_class_bind_template_child (widget_class, ScSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, ScSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, ScSidebar, none_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_sidebar_init (ScSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->bound = g_ptr_array_new ();
  self->filter = gtk_custom_filter_new (filter_cb, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->filtered)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (selected_cb), self);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_item_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_item_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_item_cb), self);
  gtk_list_view_set_factory (GTK_LIST_VIEW (self->list), factory);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  add_list_shortcut (shortcuts, "Menu|<Shift>F10", list_menu_cb, NULL, self);
  add_list_shortcut (shortcuts, "Delete", list_action_cb, "row.delete", self);
  add_list_shortcut (shortcuts, "F2", list_action_cb, "row.rename", self);
  gtk_widget_add_controller (self->list, shortcuts);
  update_stack (self);
}

void
sc_sidebar_set_history (ScSidebar *self,
                        ScHistory *history)
{
  g_return_if_fail (SC_IS_SIDEBAR (self));

  if (g_set_object (&self->history, history))
    gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (history));
}

void
sc_sidebar_set_current (ScSidebar      *self,
                        ScConversation *conversation)
{
  g_return_if_fail (SC_IS_SIDEBAR (self));

  if (g_set_object (&self->current, conversation))
    sync_selection (self);
}

ScConversation *
sc_sidebar_get_neighbour (ScSidebar *self,
                          int        delta)
{
  g_autoptr (ScConversation) item = NULL;
  guint n_items;
  guint position;

  g_return_val_if_fail (SC_IS_SIDEBAR (self), NULL);

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  if (n_items == 0)
    return NULL;
  position = find_position (self, self->current);
  if (position == GTK_INVALID_LIST_POSITION)
    position = delta > 0 ? 0 : n_items - 1;
  else
    position = (position + n_items + (delta > 0 ? 1 : n_items - 1)) % n_items;
  /* The model holds the reference that the caller borrows. */
  item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  return item != self->current ? item : NULL;
}

GtkWidget *
sc_sidebar_get_row (ScSidebar      *self,
                    ScConversation *conversation)
{
  g_return_val_if_fail (SC_IS_SIDEBAR (self), NULL);

  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *item = g_ptr_array_index (self->bound, i);
      GtkWidget *row = gtk_list_item_get_child (item);

      if (gtk_list_item_get_item (item) == conversation && gtk_widget_get_mapped (row))
        return row;
    }
  return NULL;
}

void
sc_sidebar_clear_search (ScSidebar *self)
{
  g_return_if_fail (SC_IS_SIDEBAR (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

void
sc_sidebar_focus_search (ScSidebar *self)
{
  g_return_if_fail (SC_IS_SIDEBAR (self));

  gtk_widget_grab_focus (self->search);
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

char *
sc_sidebar_dup_group (gint64     updated_us,
                      GDateTime *now)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) midnight = NULL;
  GTimeSpan ago;
  int year;
  int month;
  int day;

  g_return_val_if_fail (now != NULL, NULL);

  utc = g_date_time_new_from_unix_utc (updated_us / G_USEC_PER_SEC);
  then = utc != NULL ? g_date_time_to_timezone (utc, g_date_time_get_timezone (now)) : NULL;
  if (then == NULL)
    return g_strdup (_("Earlier"));
  g_date_time_get_ymd (now, &year, &month, &day);
  midnight = g_date_time_new (g_date_time_get_timezone (now), year, month, day, 0, 0, 0);
  ago = g_date_time_difference (midnight, then);
  if (ago <= 0)
    return g_strdup (_("Today"));
  if (ago <= G_TIME_SPAN_DAY)
    return g_strdup (_("Yesterday"));
  if (ago <= 7 * G_TIME_SPAN_DAY)
    return g_strdup (_("Previous 7 Days"));
  if (g_date_time_get_year (then) == year)
    /* Translators: a month as the heading of a list, see g_date_time_format() */
    return g_date_time_format (then, _("%OB"));
  /* Translators: a month of an earlier year as the heading of a list, see g_date_time_format() */
  return g_date_time_format (then, _("%OB %Y"));
}
