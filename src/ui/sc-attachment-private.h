/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sc-attachment-item.c and sc-attachment-list.c share. */

#pragma once

#include "sc-attachment-list.h"
#include "sc-attachment-reader.h"

G_BEGIN_DECLS

/*< private >
 * _ScAttachmentItem:
 * @name: what it is called until it is read
 * @file: (nullable): where it is to be read from
 * @bytes: (nullable): or what it consists of
 * @texture: (nullable): or the picture it is to be made of
 * @cancellable: stops what is being done to it
 * @original: (nullable): what was read
 * @fitted: (nullable): a picture made to fit who answers, or answered before
 * @uses_fitted: which of the two is sent
 * @needs_fit: it waits to be made to fit
 * @is_new: it was not ready to be sent yet
 * @thumbnail: (nullable): a small picture of it
 * @state: where it stands
 * @reason: (nullable): why it is refused
 * @fault: (nullable): why it could not be read or made to fit
 */
struct _ScAttachmentItem
{
  GObject              parent_instance;

  char                *name;
  GFile               *file;
  GBytes              *bytes;
  GdkTexture          *texture;
  GCancellable        *cancellable;
  ScAttachmentContent *original;
  ScAttachmentContent *fitted;
  gboolean             uses_fitted;
  gboolean             needs_fit;
  gboolean             is_new;
  GdkPaintable        *thumbnail;
  ScAttachmentState    state;
  char                *reason;
  char                *fault;
};

/*< private >
 * sc_attachment_item_get_content:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): what is sent of it
 */
const ScAttachmentContent *sc_attachment_item_get_content (ScAttachmentItem  *self);

/*< private >
 * sc_attachment_item_set_state:
 * @self: a file
 * @state: where it stands now
 * @reason: (nullable): why it is refused
 *
 * Sets both and emits `changed`.
 */
void                       sc_attachment_item_set_state   (ScAttachmentItem  *self,
                                                           ScAttachmentState  state,
                                                           const char        *reason);

G_END_DECLS
