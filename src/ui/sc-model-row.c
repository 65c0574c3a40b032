/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-model-row.c: one line of the model popover.
 */

#include "config.h"

#include "sc-model-row.h"

#include <glib/gi18n.h>

#include "sc-protocol.h"

struct _ScModelRow
{
  GtkWidget  parent_instance;

  GtkWidget *heading;
  GtkWidget *body;
  GtkWidget *spinner;
  GtkWidget *label;
  GtkWidget *reasoning;
  GtkWidget *vision;
  GtkWidget *tools;
  GtkWidget *detail;
  GtkWidget *price;
  GtkWidget *check;
};

G_DEFINE_FINAL_TYPE (ScModelRow, sc_model_row, GTK_TYPE_WIDGET)

static void
heading_pressed_cb (GtkGestureClick *gesture)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
update_accessible_label (ScModelRow  *self,
                         ScModelItem *item)
{
  GtkWidget *list_item = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *parts[4] = { NULL };
  guint n_parts = 0;
  g_autofree char *label = NULL;

  if (list_item == NULL)
    return;
  parts[n_parts++] = item->label;
  if (item->detail != NULL)
    parts[n_parts++] = item->detail;
  if (item->price != NULL)
    parts[n_parts++] = item->price;
  label = g_strjoinv (", ", (char **) parts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
sc_model_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SC_TYPE_MODEL_ROW);

  G_OBJECT_CLASS (sc_model_row_parent_class)->dispose (object);
}

static void
sc_model_row_class_init (ScModelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_model_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-model-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, heading);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, body);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, label);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, reasoning);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, vision);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, tools);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, detail);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, price);
  gtk_widget_class_bind_template_child (widget_class, ScModelRow, check);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "model");
}

static void
sc_model_row_init (ScModelRow *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkLayoutManager *layout;

  gtk_widget_init_template (GTK_WIDGET (self));
  layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  g_signal_connect (gesture, "pressed", G_CALLBACK (heading_pressed_cb), NULL);
  gtk_widget_add_controller (self->heading, GTK_EVENT_CONTROLLER (gesture));
}

GtkWidget *
sc_model_row_new (void)
{
  return g_object_new (SC_TYPE_MODEL_ROW, NULL);
}

void
sc_model_row_set_item (ScModelRow  *self,
                       ScModelItem *item)
{
  gboolean is_name;

  g_return_if_fail (SC_IS_MODEL_ROW (self));

  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner),
                            item != NULL && item->kind == SC_MODEL_ITEM_LOADING);
  if (item == NULL)
    return;
  is_name = item->kind == SC_MODEL_ITEM_MODEL || item->kind == SC_MODEL_ITEM_FREE;

  if (item->heading != NULL)
    gtk_label_set_label (GTK_LABEL (self->heading), item->heading);
  gtk_widget_set_visible (self->heading, item->heading != NULL);
  gtk_widget_set_visible (self->spinner, item->kind == SC_MODEL_ITEM_LOADING);

  gtk_label_set_label (GTK_LABEL (self->label), item->label);
  gtk_label_set_ellipsize (GTK_LABEL (self->label),
                           is_name ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (GTK_LABEL (self->label), !is_name);
  gtk_widget_set_tooltip_text (self->label, item->kind == SC_MODEL_ITEM_MODEL ? item->model : NULL);
  if (is_name)
    gtk_widget_remove_css_class (self->label, "dim-label");
  else
    gtk_widget_add_css_class (self->label, "dim-label");

  gtk_widget_set_visible (self->reasoning, (item->flags & SC_MODEL_REASONING) != 0);
  gtk_widget_set_visible (self->vision, (item->flags & SC_MODEL_VISION) != 0);
  gtk_widget_set_visible (self->tools, (item->flags & SC_MODEL_TOOLS) != 0);
  gtk_label_set_label (GTK_LABEL (self->detail), item->detail != NULL ? item->detail : "");
  gtk_widget_set_visible (self->detail, item->detail != NULL);
  gtk_label_set_label (GTK_LABEL (self->price), item->price != NULL ? item->price : "");
  gtk_widget_set_visible (self->price, item->price != NULL);
  gtk_widget_set_visible (self->check, item->is_current);
  update_accessible_label (self, item);
}
