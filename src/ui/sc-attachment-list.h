/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is attached to a message that is not sent yet: reads it, makes pictures fit who answers, and
 * knows what cannot be sent and why. Belongs to a draft of a conversation. */

#pragma once

#include <gtk/gtk.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScAttachmentState:
 * @SC_ATTACHMENT_STATE_BUSY: it is being read or made to fit
 * @SC_ATTACHMENT_STATE_READY: it can be sent
 * @SC_ATTACHMENT_STATE_REFUSED: it could be sent before who answers changed
 */
typedef enum
{
  SC_ATTACHMENT_STATE_BUSY,
  SC_ATTACHMENT_STATE_READY,
  SC_ATTACHMENT_STATE_REFUSED,
} ScAttachmentState;

/**
 * ScAttachmentItem:
 *
 * One file of a list. Signal `changed`: anything about it.
 */
#define SC_TYPE_ATTACHMENT_ITEM (sc_attachment_item_get_type ())
G_DECLARE_FINAL_TYPE (ScAttachmentItem, sc_attachment_item, SC, ATTACHMENT_ITEM, GObject)

/**
 * sc_attachment_item_get_name:
 * @self: a file
 *
 * Returns: (transfer none): what it is called
 */
const char        *sc_attachment_item_get_name       (ScAttachmentItem   *self);

/**
 * sc_attachment_item_get_state:
 * @self: a file
 *
 * Returns: where it stands
 */
ScAttachmentState  sc_attachment_item_get_state      (ScAttachmentItem   *self);

/**
 * sc_attachment_item_get_reason:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): the sentence why it is refused
 */
const char        *sc_attachment_item_get_reason     (ScAttachmentItem   *self);

/**
 * sc_attachment_item_get_size:
 * @self: a file
 *
 * Returns: how many bytes are sent of it; 0 while it is busy
 */
guint64            sc_attachment_item_get_size       (ScAttachmentItem   *self);

/**
 * sc_attachment_item_get_media_type:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): its type; %NULL until it is read
 */
const char        *sc_attachment_item_get_media_type (ScAttachmentItem   *self);

/**
 * sc_attachment_item_get_thumbnail:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): a small square picture of it
 */
GdkPaintable      *sc_attachment_item_get_thumbnail  (ScAttachmentItem   *self);

/**
 * ScAttachmentList:
 *
 * A #GListModel of #ScAttachmentItem. Signal `changed`: anything about any of them, or the notice.
 */
#define SC_TYPE_ATTACHMENT_LIST (sc_attachment_list_get_type ())
G_DECLARE_FINAL_TYPE (ScAttachmentList, sc_attachment_list, SC, ATTACHMENT_LIST, GObject)

/**
 * sc_attachment_list_new:
 * @conversation: (nullable): who answers there is asked what can be sent; not kept alive
 * @edited: (nullable): the turn that is said differently; the files of later turns do not count
 *
 * Returns: (transfer full): a list, with the files of @edited
 */
ScAttachmentList  *sc_attachment_list_new            (ScConversation     *conversation,
                                                      ScTurn             *edited);

/**
 * sc_attachment_list_add_file:
 * @self: a list
 * @file: a file
 *
 * Attaches it. If it cannot be sent it vanishes again and the notice says why.
 */
void               sc_attachment_list_add_file       (ScAttachmentList   *self,
                                                      GFile              *file);

/**
 * sc_attachment_list_add_bytes:
 * @self: a list
 * @name: what it is called
 * @bytes: its content
 *
 * Attaches what is no file on a disk.
 */
void               sc_attachment_list_add_bytes      (ScAttachmentList   *self,
                                                      const char         *name,
                                                      GBytes             *bytes);

/**
 * sc_attachment_list_add_texture:
 * @self: a list
 * @texture: a picture
 *
 * Attaches a picture that was pasted or dropped.
 */
void               sc_attachment_list_add_texture    (ScAttachmentList   *self,
                                                      GdkTexture         *texture);

/**
 * sc_attachment_list_remove:
 * @self: a list
 * @item: a file of it
 *
 * Takes it away; what is being done to it stops.
 */
void               sc_attachment_list_remove         (ScAttachmentList   *self,
                                                      ScAttachmentItem   *item);

/**
 * sc_attachment_list_clear:
 * @self: a list
 *
 * Takes all away, the notice with them.
 */
void               sc_attachment_list_clear          (ScAttachmentList   *self);

/**
 * sc_attachment_list_is_empty:
 * @self: a list
 *
 * Returns: %TRUE if nothing is attached
 */
gboolean           sc_attachment_list_is_empty       (ScAttachmentList   *self);

/**
 * sc_attachment_list_is_ready:
 * @self: a list
 *
 * Returns: %TRUE if everything in it can be sent now
 */
gboolean           sc_attachment_list_is_ready       (ScAttachmentList   *self);

/**
 * sc_attachment_list_list_attachments:
 * @self: a list that is ready
 *
 * Returns: (transfer full) (element-type ScAttachment) (nullable): what to send, %NULL if nothing
 */
GPtrArray         *sc_attachment_list_list_attachments (ScAttachmentList *self);

/**
 * sc_attachment_list_add_notice:
 * @self: a list
 * @text: a sentence
 *
 * Says that something could not be attached.
 */
void               sc_attachment_list_add_notice     (ScAttachmentList   *self,
                                                      const char         *text);

/**
 * sc_attachment_list_dup_notice:
 * @self: a list
 * @can_dismiss: (out): whether dismissing changes anything
 *
 * Returns: (transfer full) (nullable): why something could not be attached or cannot be sent
 */
char              *sc_attachment_list_dup_notice     (ScAttachmentList   *self,
                                                      gboolean           *can_dismiss);

/**
 * sc_attachment_list_dismiss_notice:
 * @self: a list
 *
 * The notice was read: forgets what was refused when it was attached.
 */
void               sc_attachment_list_dismiss_notice (ScAttachmentList   *self);

G_END_DECLS
