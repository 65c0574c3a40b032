/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two plain records of the history. */

#include "config.h"

#include "sc-store.h"

ScConversationRecord *
sc_conversation_record_copy (const ScConversationRecord *self)
{
  ScConversationRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScConversationRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->title = g_strdup (self->title);
  copy->provider = g_strdup (self->provider);
  copy->model = g_strdup (self->model);
  copy->system_prompt = g_strdup (self->system_prompt);
  copy->parameters = g_strdup (self->parameters);
  copy->snippet = g_strdup (self->snippet);
  copy->head = g_strdup (self->head);
  return copy;
}

void
sc_conversation_record_free (ScConversationRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->provider);
  g_free (self->model);
  g_free (self->system_prompt);
  g_free (self->parameters);
  g_free (self->snippet);
  g_free (self->head);
  g_free (self);
}

void
sc_usage_record_free (ScUsageRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->day);
  g_free (self->provider);
  g_free (self->model);
  g_free (self);
}

ScTurnRecord *
sc_turn_record_copy (const ScTurnRecord *self)
{
  ScTurnRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScTurnRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->conversation = g_strdup (self->conversation);
  copy->parent = g_strdup (self->parent);
  copy->role = g_strdup (self->role);
  copy->text = g_strdup (self->text);
  copy->reasoning = g_strdup (self->reasoning);
  copy->data = g_strdup (self->data);
  copy->model = g_strdup (self->model);
  copy->provider = g_strdup (self->provider);
  return copy;
}

void
sc_turn_record_free (ScTurnRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->conversation);
  g_free (self->parent);
  g_free (self->role);
  g_free (self->text);
  g_free (self->reasoning);
  g_free (self->data);
  g_free (self->model);
  g_free (self->provider);
  g_free (self);
}
