/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-rename-popover.c: renames one conversation, at the place where its title stands.
 */

#include "config.h"

#include "sc-rename-popover.h"

#include <glib/gi18n.h>

struct _ScRenamePopover
{
  GtkPopover      parent_instance;

  ScConversation *conversation;
  GtkWidget      *entry;
  GtkWidget      *rename;
  GtkWidget      *focus;
};

G_DEFINE_FINAL_TYPE (ScRenamePopover, sc_rename_popover, GTK_TYPE_POPOVER)

static void
rename_clicked_cb (ScRenamePopover *self)
{
  sc_conversation_rename (self->conversation, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  gtk_popover_popdown (GTK_POPOVER (self));
}

static gboolean
unparent_idle_cb (gpointer user_data)
{
  GtkWidget *self = user_data;

  if (gtk_widget_get_parent (self) != NULL)
    gtk_widget_unparent (self);
  return G_SOURCE_REMOVE;
}

/* The popover is not taken away at once: GTK still works on it. The keyboard goes on where it was before. */
static void
sc_rename_popover_closed (GtkPopover *popover)
{
  ScRenamePopover *self = SC_RENAME_POPOVER (popover);

  if (self->focus != NULL && gtk_widget_get_root (self->focus) == gtk_widget_get_root (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->focus);
  g_clear_weak_pointer (&self->focus);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_idle_cb, g_object_ref (popover),
                   g_object_unref);
}

static void
sc_rename_popover_dispose (GObject *object)
{
  ScRenamePopover *self = SC_RENAME_POPOVER (object);

  g_clear_object (&self->conversation);
  g_clear_weak_pointer (&self->focus);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_RENAME_POPOVER);

  G_OBJECT_CLASS (sc_rename_popover_parent_class)->dispose (object);
}

static void
sc_rename_popover_class_init (ScRenamePopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_rename_popover_dispose;
  GTK_POPOVER_CLASS (klass)->closed = sc_rename_popover_closed;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-rename-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ScRenamePopover, entry);
  gtk_widget_class_bind_template_child (widget_class, ScRenamePopover, rename);
  gtk_widget_class_bind_template_callback (widget_class, rename_clicked_cb);
}

static void
sc_rename_popover_init (ScRenamePopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sc_rename_popover_open (GtkWidget      *parent,
                        ScConversation *conversation)
{
  ScRenamePopover *self;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  self = g_object_new (SC_TYPE_RENAME_POPOVER, NULL);
  self->conversation = g_object_ref (conversation);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), sc_conversation_get_title (conversation));
  gtk_widget_set_parent (GTK_WIDGET (self), parent);
  g_set_weak_pointer (&self->focus, gtk_root_get_focus (gtk_widget_get_root (parent)));
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (self->entry);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}
