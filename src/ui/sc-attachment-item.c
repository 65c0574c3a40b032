/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-item.c: one file that is attached. The list writes to it.
 */

#include "config.h"

#include "sc-attachment-private.h"

G_DEFINE_FINAL_TYPE (ScAttachmentItem, sc_attachment_item, G_TYPE_OBJECT)

static guint changed_signal;

static void
sc_attachment_item_finalize (GObject *object)
{
  ScAttachmentItem *self = SC_ATTACHMENT_ITEM (object);

  g_free (self->name);
  g_free (self->reason);
  g_free (self->fault);
  g_clear_object (&self->file);
  g_clear_object (&self->texture);
  g_clear_object (&self->thumbnail);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->original, sc_attachment_content_free);
  g_clear_pointer (&self->fitted, sc_attachment_content_free);

  G_OBJECT_CLASS (sc_attachment_item_parent_class)->finalize (object);
}

static void
sc_attachment_item_class_init (ScAttachmentItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_attachment_item_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_attachment_item_init (ScAttachmentItem *self)
{
  self->cancellable = g_cancellable_new ();
  self->is_new = TRUE;
}

const ScAttachmentContent *
sc_attachment_item_get_content (ScAttachmentItem *self)
{
  return self->uses_fitted ? self->fitted : self->original;
}

void
sc_attachment_item_set_state (ScAttachmentItem  *self,
                              ScAttachmentState  state,
                              const char        *reason)
{
  g_autofree char *copy = g_strdup (reason);

  g_free (self->reason);
  self->reason = g_steal_pointer (&copy);
  self->state = state;
  g_signal_emit (self, changed_signal, 0);
}

const char *
sc_attachment_item_get_name (ScAttachmentItem *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), NULL);

  return self->original != NULL ? self->original->name : self->name;
}

ScAttachmentState
sc_attachment_item_get_state (ScAttachmentItem *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), SC_ATTACHMENT_STATE_BUSY);

  return self->state;
}

const char *
sc_attachment_item_get_reason (ScAttachmentItem *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), NULL);

  return self->reason;
}

guint64
sc_attachment_item_get_size (ScAttachmentItem *self)
{
  const ScAttachmentContent *content;

  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), 0);

  content = sc_attachment_item_get_content (self);
  return content != NULL ? g_bytes_get_size (content->bytes) : 0;
}

const char *
sc_attachment_item_get_media_type (ScAttachmentItem *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), NULL);

  return self->original != NULL ? self->original->media_type : NULL;
}

GdkPaintable *
sc_attachment_item_get_thumbnail (ScAttachmentItem *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_ITEM (self), NULL);

  return self->thumbnail;
}
