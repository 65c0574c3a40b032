/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-request.c: the request that attached files would go into.
 */

#include "config.h"

#include "sc-attachment-request.h"

#include "sc-providers.h"

static ScProfile *
dup_profile (ScConversation *conversation)
{
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (GPtrArray) profiles = sc_providers_list (providers);
  g_autofree char *default_id = sc_providers_dup_default_id (providers);
  const char *id = sc_conversation_get_provider (conversation);

  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id != NULL ? id : default_id) == 0)
        return sc_profile_copy (profile);
    }
  return NULL;
}

static ScModelFlags
get_flags (const char *profile_id,
           const char *model_id)
{
  GPtrArray *models = sc_providers_peek_models (sc_providers_get_default (), profile_id);

  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if (g_strcmp0 (model->id, model_id) == 0)
        return model->flags;
    }
  return 0;
}

static void
add_earlier_files (ScAttachmentRequest *self,
                   ScConversation      *conversation,
                   ScTurn              *edited)
{
  GListModel *path = G_LIST_MODEL (conversation);

  for (guint i = 0; i < g_list_model_get_n_items (path); i++)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (path, i);
      GPtrArray *attachments = sc_turn_get_attachments (turn);

      if (turn == edited)
        return;
      for (guint j = 0; attachments != NULL && j < attachments->len; j++)
        {
          const ScAttachment *attachment = g_ptr_array_index (attachments, j);

          self->n_bytes += g_bytes_get_size (attachment->data);
          if (sc_attachment_rules_is_picture (attachment->media_type))
            self->target.n_pictures++;
        }
    }
}

void
sc_attachment_request_init (ScAttachmentRequest *self,
                            ScConversation      *conversation,
                            ScTurn              *edited)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  *self = (ScAttachmentRequest) { 0 };
  if (conversation == NULL)
    return;
  add_earlier_files (self, conversation, edited);
  self->profile = dup_profile (conversation);
  if (self->profile == NULL)
    return;
  self->target.protocol = self->profile->protocol;
  self->target.model = sc_conversation_get_model (conversation);
  if (self->target.model == NULL || *self->target.model == '\0')
    self->target.model = self->profile->model;
  self->target.flags = get_flags (self->profile->id, self->target.model);
}

void
sc_attachment_request_clear (ScAttachmentRequest *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->profile, sc_profile_free);
}

ScAttachmentVerdict
sc_attachment_request_judge (const ScAttachmentRequest  *self,
                             const ScAttachmentContent  *content,
                             char                      **reason)
{
  ScAttachmentFacts facts;

  g_return_val_if_fail (self != NULL && content != NULL && reason != NULL, SC_ATTACHMENT_REFUSED);

  facts = (ScAttachmentFacts) {
    content->name, content->media_type, g_bytes_get_size (content->bytes),
    content->width, content->height, content->is_text,
  };
  return sc_attachment_rules_check (&self->target, &facts, reason);
}
