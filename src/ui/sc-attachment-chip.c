/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-chip.c: shows one attached file.
 */

#include "config.h"

#include "sc-attachment-chip.h"

#include <glib/gi18n.h>

#include "sc-attachment-rules.h"

#define IMAGE_PX 36
#define ICON_PX  16

struct _ScAttachmentChip
{
  GtkWidget         parent_instance;

  ScAttachmentItem *item;

  GtkWidget        *box;
  GtkWidget        *stack;
  GtkWidget        *image;
  GtkWidget        *spinner;
  GtkWidget        *name;
  GtkWidget        *detail;
  GtkWidget        *button;
};

G_DEFINE_FINAL_TYPE (ScAttachmentChip, sc_attachment_chip, GTK_TYPE_WIDGET)

static guint remove_signal;

static const char *
get_icon_name (ScAttachmentChip *self)
{
  const char *type = sc_attachment_item_get_media_type (self->item);

  if (sc_attachment_item_get_state (self->item) == SC_ATTACHMENT_STATE_REFUSED)
    return "dialog-warning-symbolic";
  if (type != NULL && sc_attachment_rules_is_picture (type))
    return "image-x-generic-symbolic";
  if (type != NULL && g_str_has_prefix (type, "audio/"))
    return "audio-x-generic-symbolic";
  if (type != NULL && g_str_has_prefix (type, "video/"))
    return "video-x-generic-symbolic";
  return "text-x-generic-symbolic";
}

static void
update_image (ScAttachmentChip *self)
{
  gboolean is_busy = sc_attachment_item_get_state (self->item) == SC_ATTACHMENT_STATE_BUSY;
  gboolean is_refused = sc_attachment_item_get_state (self->item) == SC_ATTACHMENT_STATE_REFUSED;
  GdkPaintable *thumbnail = sc_attachment_item_get_thumbnail (self->item);
  GtkImage *image = GTK_IMAGE (self->image);

  if (thumbnail != NULL && !is_refused)
    {
      gtk_image_set_from_paintable (image, thumbnail);
      gtk_image_set_pixel_size (image, IMAGE_PX);
    }
  else
    {
      gtk_image_set_from_icon_name (image, get_icon_name (self));
      gtk_image_set_pixel_size (image, ICON_PX);
    }
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), is_busy);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), is_busy ? self->spinner : self->image);
}

static void
update_words (ScAttachmentChip *self)
{
  ScAttachmentState state = sc_attachment_item_get_state (self->item);
  const char *name = sc_attachment_item_get_name (self->item);
  const char *reason = sc_attachment_item_get_reason (self->item);
  /* Translators: %s is the name of an attached file */
  g_autofree char *removal = g_strdup_printf (_("Remove %s"), name);
  g_autofree char *size = g_format_size (sc_attachment_item_get_size (self->item));
  const char *detail = size;

  if (state == SC_ATTACHMENT_STATE_BUSY)
    detail = _("Preparing…");
  else if (state == SC_ATTACHMENT_STATE_REFUSED)
    /* Translators: a file that who answers does not take; the reason stands above */
    detail = C_("attachment", "Refused");
  gtk_label_set_label (GTK_LABEL (self->name), name);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), reason != NULL ? reason : name);
  gtk_widget_set_tooltip_text (self->button, removal);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  removal, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : detail, -1);
}

static void
update (ScAttachmentChip *self)
{
  if (sc_attachment_item_get_state (self->item) == SC_ATTACHMENT_STATE_REFUSED)
    gtk_widget_add_css_class (GTK_WIDGET (self), "refused");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
  update_image (self);
  update_words (self);
}

static void
remove_clicked_cb (ScAttachmentChip *self)
{
  g_signal_emit (self, remove_signal, 0, self->item);
}

static void
sc_attachment_chip_dispose (GObject *object)
{
  ScAttachmentChip *self = SC_ATTACHMENT_CHIP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_ATTACHMENT_CHIP);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (sc_attachment_chip_parent_class)->dispose (object);
}

static void
sc_attachment_chip_class_init (ScAttachmentChipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_attachment_chip_dispose;

  remove_signal = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, SC_TYPE_ATTACHMENT_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-attachment-chip.ui");
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, box);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, stack);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, image);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, spinner);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, name);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, detail);
  gtk_widget_class_bind_template_child (widget_class, ScAttachmentChip, button);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_attachment_chip_init (ScAttachmentChip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sc_attachment_chip_new (ScAttachmentItem *item)
{
  ScAttachmentChip *self;

  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (item), NULL);

  self = g_object_new (SC_TYPE_ATTACHMENT_CHIP, NULL);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

ScAttachmentItem *
sc_attachment_chip_get_item (ScAttachmentChip *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_CHIP (self), NULL);

  return self->item;
}
