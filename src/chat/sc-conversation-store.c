/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation and the store: loading, saving, deleting. A conversation without a store is kept
 * nowhere and everything here does nothing for it. */

#include "config.h"

#include "sc-conversation-internal.h"

#include "sc-title.h"
#include "sc-turn-private.h"
#include "sc-turn-record.h"

#include <string.h>

static void
emit_storage_failed (ScConversation *self,
                     const GError   *error)
{
  g_signal_emit_by_name (self, "storage-failed", error);
}

static gboolean
can_save (ScConversation *self)
{
  return self->store != NULL && self->is_kept && !self->is_deleted;
}

static void
add_loaded_turns (ScConversation *self,
                  GPtrArray      *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const ScTurnRecord *record = g_ptr_array_index (records, i);
      g_autoptr (ScTurn) turn = NULL;

      if (record->id == NULL || sc_tree_lookup (self->tree, record->id) != NULL)
        continue;
      turn = sc_turn_new_from_record (record);
      sc_tree_add (self->tree, turn);
      /* Kept as it is now understood: the next start shall not find it streaming again. */
      if (record->status == SC_TURN_STATUS_STREAMING)
        sc_conversation_save_turn (self, turn);
    }
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ScConversation) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_store_write_finish (SC_STORE (source), result, &error))
    emit_storage_failed (self, error);
}

static void
turns_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (ScConversation) self = user_data;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;

  self->is_loading = FALSE;
  records = sc_store_load_turns_finish (SC_STORE (source), result, &error);
  if (records == NULL)
    {
      /* Not loaded: what cannot be read must not be shown as empty and written to. */
      emit_storage_failed (self, error);
      return;
    }
  add_loaded_turns (self, records);
  sc_tree_set_head (self->tree, self->record->head);
  sc_conversation_update_path (self);
  sc_conversation_set_loaded (self);
  sc_conversation_update_title (self);
}

ScConversation *
sc_conversation_new (void)
{
  return g_object_new (SC_TYPE_CONVERSATION, NULL);
}

ScConversation *
sc_conversation_new_stored (const ScConversationRecord *record,
                            ScStore                    *store)
{
  ScConversation *self = g_object_new (SC_TYPE_CONVERSATION, NULL);

  self->store = g_object_ref (store);
  if (record != NULL)
    {
      sc_conversation_record_free (self->record);
      self->record = sc_conversation_record_copy (record);
      self->is_kept = TRUE;
      self->is_loaded = FALSE;
    }
  return self;
}

void
sc_conversation_load (ScConversation *self)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (self->is_loaded || self->is_loading || self->store == NULL)
    return;
  self->is_loading = TRUE;
  sc_store_load_turns_async (self->store, self->record->id, NULL, turns_loaded_cb,
                             g_object_ref (self));
}

void
sc_conversation_save (ScConversation *self)
{
  ScTurn *head;

  if (!can_save (self))
    return;
  head = sc_tree_get_head (self->tree);
  if (self->is_loaded &&
      g_strcmp0 (self->record->head, head != NULL ? sc_turn_get_id (head) : NULL) != 0)
    {
      g_free (self->record->head);
      self->record->head = head != NULL ? g_strdup (sc_turn_get_id (head)) : NULL;
    }
  sc_store_save_conversation_async (self->store, self->record, written_cb, g_object_ref (self));
}

void
sc_conversation_save_turn (ScConversation *self,
                           ScTurn         *turn)
{
  g_autoptr (ScTurnRecord) record = NULL;

  if (!can_save (self))
    return;
  record = sc_turn_create_record (turn, self->record->id);
  sc_store_save_turn_async (self->store, record, written_cb, g_object_ref (self));
}

void
sc_conversation_forget_turn (ScConversation *self,
                             ScTurn         *turn)
{
  if (can_save (self))
    sc_store_delete_turn_async (self->store, sc_turn_get_id (turn), written_cb,
                                g_object_ref (self));
  sc_tree_remove (self->tree, turn);
}

void
sc_conversation_keep (ScConversation *self)
{
  if (self->is_kept || self->store == NULL)
    return;
  self->is_kept = TRUE;
  g_signal_emit_by_name (self, "kept");
}

void
sc_conversation_set_deleted (ScConversation *self,
                             gboolean        deleted)
{
  if (self->is_deleted == deleted)
    return;
  if (deleted)
    {
      sc_conversation_stop (self);
      if (can_save (self))
        sc_store_delete_conversation_async (self->store, self->record->id, written_cb,
                                            g_object_ref (self));
      self->is_deleted = TRUE;
    }
  else
    {
      self->is_deleted = FALSE;
      sc_conversation_save (self);
    }
}

void
sc_conversation_update_path (ScConversation *self)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->path);
  guint prefix = 0, suffix = 0, n_common;

  self->path = sc_tree_create_path (self->tree);
  n_common = MIN (old->len, self->path->len);
  while (prefix < n_common && old->pdata[prefix] == self->path->pdata[prefix])
    prefix++;
  while (suffix < n_common - prefix &&
         old->pdata[old->len - suffix - 1] == self->path->pdata[self->path->len - suffix - 1])
    suffix++;
  if (old->len != self->path->len || prefix < old->len)
    g_list_model_items_changed (G_LIST_MODEL (self), prefix, old->len - prefix - suffix,
                                self->path->len - prefix - suffix);
}

/* What a message without words is called. */
static const char *
get_first_file_name (ScTurn *turn)
{
  GPtrArray *attachments = sc_turn_get_attachments (turn);
  const ScAttachment *first = attachments != NULL ? g_ptr_array_index (attachments, 0) : NULL;

  return first != NULL && first->name != NULL ? first->name : "";
}

void
sc_conversation_update_title (ScConversation *self)
{
  g_autofree char *title = NULL;

  if (self->record->title_is_custom)
    return;
  for (guint i = 0; i < self->path->len && (title == NULL || *title == '\0'); i++)
    {
      ScTurn *turn = g_ptr_array_index (self->path, i);

      if (sc_turn_get_role (turn) != SC_ROLE_USER)
        continue;
      g_free (title);
      title = sc_title_create (sc_turn_get_text (turn, NULL));
      if (*title == '\0')
        {
          g_free (title);
          title = sc_title_create (get_first_file_name (turn));
        }
    }
  if (title == NULL || g_strcmp0 (title, self->record->title) == 0)
    return;
  g_free (self->record->title);
  self->record->title = g_steal_pointer (&title);
  g_object_notify (G_OBJECT (self), "title");
  sc_conversation_save (self);
}

void
sc_conversation_update_snippet (ScConversation *self)
{
  g_autofree char *snippet = NULL;

  for (guint i = self->path->len; i > 0 && (snippet == NULL || *snippet == '\0'); i--)
    {
      g_free (snippet);
      snippet = sc_title_create_snippet (sc_turn_get_text (self->path->pdata[i - 1], NULL));
      if (*snippet == '\0')
        {
          g_free (snippet);
          snippet = sc_title_create_snippet (get_first_file_name (self->path->pdata[i - 1]));
        }
    }
  if (snippet == NULL)
    snippet = g_strdup ("");
  if (strcmp (snippet, sc_conversation_get_snippet (self)) == 0)
    return;
  g_free (self->record->snippet);
  self->record->snippet = g_steal_pointer (&snippet);
  g_object_notify (G_OBJECT (self), "snippet");
}
