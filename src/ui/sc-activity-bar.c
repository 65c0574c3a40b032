/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-activity-bar.h. It knows what a conversation is doing, nothing of clocks and retries. */

#include "config.h"

#include "sc-activity-bar.h"

/* The words count seconds. */
#define UPDATE_MS 250

struct _ScActivityBar
{
  GtkWidget       parent_instance;

  GtkWidget      *box;
  GtkLabel       *words;
  GtkWidget      *try_button;
  GtkWidget      *wait_button;
  GtkWidget      *stop_button;

  ScConversation *conversation;
  ScActivity      shown;
  guint           update_id;
  int             words_width;
};

G_DEFINE_FINAL_TYPE (ScActivityBar, sc_activity_bar, GTK_TYPE_WIDGET)

static int
get_natural_width (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* Digits come and go; the buttons stay where they are. In a narrow window the words are cut, never
 * the buttons. */
static void
update_words (ScActivityBar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *parent = gtk_widget_get_parent (widget);
  g_autofree char *words = sc_conversation_dup_activity_text (self->conversation);
  int wanted;
  int room;

  if (self->words_width >= 0 && g_strcmp0 (words, gtk_label_get_label (self->words)) == 0)
    return;
  gtk_widget_set_size_request (GTK_WIDGET (self->words), -1, -1);
  gtk_label_set_label (self->words, words != NULL ? words : "");
  wanted = get_natural_width (GTK_WIDGET (self->words));
  room = (parent != NULL ? gtk_widget_get_width (parent) : 0) - gtk_widget_get_margin_start (widget) -
         gtk_widget_get_margin_end (widget) - (get_natural_width (self->box) - wanted);
  self->words_width = MAX (self->words_width, wanted);
  gtk_widget_set_size_request (GTK_WIDGET (self->words), CLAMP (self->words_width, -1, MAX (room, -1)),
                               -1);
}

static gboolean
update_cb (gpointer user_data)
{
  update_words (user_data);
  return G_SOURCE_CONTINUE;
}

/* Where the pressed button goes away the keyboard goes on to what follows. */
static void
hide (ScActivityBar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  g_clear_handle_id (&self->update_id, g_source_remove);
  self->shown = SC_ACTIVITY_NONE;
  if (focus != NULL && gtk_widget_is_ancestor (focus, widget))
    {
      gtk_widget_set_can_focus (widget, FALSE);
      gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
    }
  gtk_widget_set_visible (widget, FALSE);
}

static void
show (ScActivityBar *self,
      ScActivity     activity)
{
  if (self->shown != activity)
    {
      self->shown = activity;
      self->words_width = -1;
      gtk_widget_set_visible (self->try_button, activity == SC_ACTIVITY_RETRYING);
      gtk_widget_set_visible (self->wait_button, activity == SC_ACTIVITY_QUIET);
    }
  update_words (self);
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MS, update_cb, self);
  gtk_widget_set_can_focus (GTK_WIDGET (self), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
activity_cb (ScActivityBar *self)
{
  ScActivity activity = self->conversation != NULL ? sc_conversation_get_activity (self->conversation)
                                                   : SC_ACTIVITY_NONE;

  if (activity == SC_ACTIVITY_QUIET || activity == SC_ACTIVITY_RETRYING)
    show (self, activity);
  else if (self->shown != SC_ACTIVITY_NONE)
    hide (self);
}

static void
try_clicked_cb (ScActivityBar *self)
{
  ScConversation *conversation = self->conversation;

  hide (self);
  sc_conversation_skip_wait (conversation);
}

/* The answer goes on; the question comes again when as long has passed once more. */
static void
wait_clicked_cb (ScActivityBar *self)
{
  hide (self);
}

static void
stop_clicked_cb (ScActivityBar *self)
{
  ScConversation *conversation = self->conversation;

  hide (self);
  sc_conversation_stop (conversation);
}

static void
sc_activity_bar_dispose (GObject *object)
{
  ScActivityBar *self = SC_ACTIVITY_BAR (object);

  sc_activity_bar_set_conversation (self, NULL);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (sc_activity_bar_parent_class)->dispose (object);
}

static void
sc_activity_bar_class_init (ScActivityBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_activity_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-activity-bar.ui");
  gtk_widget_class_set_css_name (widget_class, "activitybar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, ScActivityBar, box);
  gtk_widget_class_bind_template_child (widget_class, ScActivityBar, words);
  gtk_widget_class_bind_template_child (widget_class, ScActivityBar, try_button);
  gtk_widget_class_bind_template_child (widget_class, ScActivityBar, wait_button);
  gtk_widget_class_bind_template_child (widget_class, ScActivityBar, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, try_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, wait_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
}

static void
sc_activity_bar_init (ScActivityBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sc_activity_bar_set_conversation (ScActivityBar  *self,
                                  ScConversation *conversation)
{
  g_return_if_fail (SC_IS_ACTIVITY_BAR (self));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  if (conversation == self->conversation)
    return;
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_set_object (&self->conversation, conversation);
  if (conversation != NULL)
    g_signal_connect_swapped (conversation, "notify::activity", G_CALLBACK (activity_cb), self);
  if (self->shown != SC_ACTIVITY_NONE)
    hide (self);
  if (conversation != NULL)
    activity_cb (self);
}
