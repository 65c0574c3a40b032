/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The request that attached files would go into: who gets it, and what the conversation before
 * already takes of its room. */

#pragma once

#include "sc-attachment-reader.h"
#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScAttachmentRequest:
 * @target: who gets it
 * @profile: (nullable): where the strings of @target are
 * @n_bytes: size of all files in it so far
 *
 * A request as it fills up.
 */
typedef struct
{
  ScAttachmentTarget  target;
  ScProfile          *profile;
  guint64             n_bytes;
} ScAttachmentRequest;

/**
 * sc_attachment_request_init:
 * @self: a request, not initialised
 * @conversation: (nullable): where it comes from; must live as long as @self is used
 * @edited: (nullable): the turn that is said differently: it and later ones are not sent
 *
 * Fills it with the files of the conversation's earlier messages.
 */
void                sc_attachment_request_init  (ScAttachmentRequest       *self,
                                                 ScConversation            *conversation,
                                                 ScTurn                    *edited);

/**
 * sc_attachment_request_clear:
 * @self: a request
 *
 * Frees what it holds.
 */
void                sc_attachment_request_clear (ScAttachmentRequest       *self);

/**
 * sc_attachment_request_judge:
 * @self: a request
 * @content: a file
 * @reason: (out) (nullable) (transfer full): the sentence if it is refused
 *
 * Returns: what becomes of the file by itself
 */
ScAttachmentVerdict sc_attachment_request_judge (const ScAttachmentRequest *self,
                                                 const ScAttachmentContent *content,
                                                 char                     **reason);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScAttachmentRequest, sc_attachment_request_clear)

G_END_DECLS
