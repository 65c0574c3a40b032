/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-bar.c: the attached files above the text, and what is wrong with them.
 */

#include "config.h"

#include "sc-attachment-bar.h"

#include "sc-attachment-chip.h"

/* Three rows of files; more are scrolled. */
#define MAX_CHIPS_PX 168

struct _ScAttachmentBar
{
  GtkWidget         parent_instance;

  ScAttachmentList *list;
  GSignalGroup     *signals;

  GtkWidget        *box;
  GtkWidget        *notice_row;
  GtkWidget        *notice;
  GtkWidget        *dismiss;
  GtkWidget        *scroller;
  GtkWidget        *chips;
};

G_DEFINE_FINAL_TYPE (ScAttachmentBar, sc_attachment_bar, GTK_TYPE_WIDGET)

static guint done_signal;

static void
update (ScAttachmentBar *self)
{
  g_autofree char *notice = NULL;
  gboolean can_dismiss = FALSE;
  gboolean has_chips = self->list != NULL && !sc_attachment_list_is_empty (self->list);

  if (self->list != NULL)
    notice = sc_attachment_list_dup_notice (self->list, &can_dismiss);
  if (notice != NULL)
    gtk_label_set_label (GTK_LABEL (self->notice), notice);
  gtk_widget_set_visible (self->dismiss, can_dismiss);
  gtk_widget_set_visible (self->notice_row, notice != NULL);
  gtk_widget_set_visible (self->scroller, has_chips);
  gtk_widget_set_visible (GTK_WIDGET (self), notice != NULL || has_chips);
}

/* The focus stays among the files while there are any. */
static void
remove_cb (ScAttachmentBar  *self,
           ScAttachmentItem *item,
           ScAttachmentChip *chip)
{
  GtkWidget *child = gtk_widget_get_parent (GTK_WIDGET (chip));
  GtkWidget *next = gtk_widget_get_next_sibling (child);

  if (next == NULL)
    next = gtk_widget_get_prev_sibling (child);
  if (next == NULL || !gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD))
    g_signal_emit (self, done_signal, 0);
  sc_attachment_list_remove (self->list, item);
}

static void
dismiss_clicked_cb (ScAttachmentBar *self)
{
  g_signal_emit (self, done_signal, 0);
  sc_attachment_list_dismiss_notice (self->list);
}

static GtkWidget *
create_chip_cb (gpointer item,
                gpointer user_data)
{
  GtkWidget *chip = sc_attachment_chip_new (item);
  /* The button in it takes the focus, once. */
  GtkWidget *child = g_object_new (GTK_TYPE_FLOW_BOX_CHILD, "child", chip, "focusable", FALSE,
                                   NULL);

  g_signal_connect_object (chip, "remove", G_CALLBACK (remove_cb), user_data, G_CONNECT_SWAPPED);
  return child;
}

static GtkSizeRequestMode
sc_attachment_bar_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A scrolled window asks for the height that its content has at its narrowest: here it gets what
 * the rows need at the width that there is. */
static void
sc_attachment_bar_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  ScAttachmentBar *self = SC_ATTACHMENT_BAR (widget);
  int margins = gtk_widget_get_margin_start (self->scroller)
                + gtk_widget_get_margin_end (self->scroller);
  int asked = 0;
  int needed = 0;

  /* The width asks for no height: newer toolkits complain about one that is too small. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  gtk_widget_measure (self->box, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL || !gtk_widget_get_visible (self->scroller))
    return;
  gtk_widget_measure (self->scroller, orientation, for_size, NULL, &asked, NULL, NULL);
  gtk_widget_measure (self->chips, orientation, for_size > margins ? for_size - margins : -1, NULL,
                      &needed, NULL, NULL);
  needed = MIN (needed, MAX_CHIPS_PX) + gtk_widget_get_margin_top (self->scroller);
  *natural += needed - asked;
  *minimum = *natural;
}

static void
sc_attachment_bar_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  gtk_widget_allocate (SC_ATTACHMENT_BAR (widget)->box, width, height, baseline, NULL);
}

static void
sc_attachment_bar_dispose (GObject *object)
{
  ScAttachmentBar *self = SC_ATTACHMENT_BAR (object);

  g_clear_object (&self->signals);
  if (self->chips != NULL)
    gtk_flow_box_bind_model (GTK_FLOW_BOX (self->chips), NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_ATTACHMENT_BAR);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (sc_attachment_bar_parent_class)->dispose (object);
}

static void
sc_attachment_bar_class_init (ScAttachmentBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_attachment_bar_dispose;
  widget_class->get_request_mode = sc_attachment_bar_get_request_mode;
  widget_class->measure = sc_attachment_bar_measure;
  widget_class->size_allocate = sc_attachment_bar_size_allocate;

  done_signal = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-attachment-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, box);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, notice_row);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, notice);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, dismiss);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, scroller);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentBar, chips);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_clicked_cb);
}

static void
sc_attachment_bar_init (ScAttachmentBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SC_TYPE_ATTACHMENT_LIST);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (update), self);
}

void
sc_attachment_bar_set_list (ScAttachmentBar  *self,
                            ScAttachmentList *list)
{
  g_return_if_fail (SC_IS_ATTACHMENT_BAR (self));
  g_return_if_fail (list == NULL || SC_IS_ATTACHMENT_LIST (list));

  if (!g_set_object (&self->list, list))
    return;
  g_signal_group_set_target (self->signals, list);
  gtk_flow_box_bind_model (GTK_FLOW_BOX (self->chips), list != NULL ? G_LIST_MODEL (list) : NULL,
                           list != NULL ? create_chip_cb : NULL, list != NULL ? self : NULL, NULL);
  update (self);
}
