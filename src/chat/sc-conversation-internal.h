/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this folder share about a conversation and its place in the store. */

#pragma once

#include "sc-conversation-private.h"
#include "sc-session.h"
#include "sc-store.h"
#include "sc-tree.h"

G_BEGIN_DECLS

struct _ScConversation
{
  GObject               parent_instance;
  ScConversationRecord *record;
  ScStore              *store;
  ScTree               *tree;
  GPtrArray            *path;
  ScSession            *session;
  ScActivity            activity;
  gint64                activity_time_us;
  /* On disk, or about to be: a new conversation gets there with its first message. */
  gboolean              is_kept;
  gboolean              is_deleted;
  gboolean              is_loaded;
  gboolean              is_loading;
  gboolean              is_looked_at;
};

/**
 * sc_conversation_new_stored:
 * @record: (nullable): what the store has of it; %NULL makes a new one
 * @store: where its turns are
 *
 * Returns: (transfer full): the conversation. Its signal `storage-failed` (#GError) tells of
 *   faults, `kept` that it got its first message
 */
ScConversation *sc_conversation_new_stored      (const ScConversationRecord *record,
                                                 ScStore                    *store);

/**
 * sc_conversation_save:
 * @self: a conversation
 *
 * Saves its own fields, if it is kept.
 */
void            sc_conversation_save            (ScConversation             *self);

/**
 * sc_conversation_save_turn:
 * @self: a conversation
 * @turn: a turn of it
 *
 * Saves a turn, if the conversation is kept.
 */
void            sc_conversation_save_turn       (ScConversation             *self,
                                                 ScTurn                     *turn);

/**
 * sc_conversation_forget_turn:
 * @self: a conversation
 * @turn: a turn of it
 *
 * Deletes a turn from the tree and the store.
 */
void            sc_conversation_forget_turn     (ScConversation             *self,
                                                 ScTurn                     *turn);

/**
 * sc_conversation_keep:
 * @self: a conversation
 *
 * From now on it is kept: emits `kept` the first time.
 */
void            sc_conversation_keep            (ScConversation             *self);

/**
 * sc_conversation_set_deleted:
 * @self: a conversation
 * @deleted: whether it is deleted
 *
 * Deletes it from the store, its answer stopped before, or brings it back.
 */
void            sc_conversation_set_deleted     (ScConversation             *self,
                                                 gboolean                    deleted);

/**
 * sc_conversation_update_path:
 * @self: a conversation
 *
 * Computes the shown path anew and tells what of it changed.
 */
void            sc_conversation_update_path     (ScConversation             *self);

/**
 * sc_conversation_update_title:
 * @self: a loaded conversation
 *
 * Makes the automatic title from the first user's turn, unless the user chose one.
 */
void            sc_conversation_update_title    (ScConversation             *self);

/**
 * sc_conversation_update_snippet:
 * @self: a loaded conversation
 *
 * Makes the snippet from the last turn that says something.
 */
void            sc_conversation_update_snippet  (ScConversation             *self);

/**
 * sc_conversation_touch:
 * @self: a conversation
 *
 * A message was made now: sets `updated`.
 */
void            sc_conversation_touch           (ScConversation             *self);

/**
 * sc_conversation_set_unseen:
 * @self: a conversation
 * @unseen: whether an answer ended while nobody looked
 *
 * Sets `unseen`, without saving.
 */
void            sc_conversation_set_unseen      (ScConversation             *self,
                                                 gboolean                    unseen);

/**
 * sc_conversation_set_loaded:
 * @self: a conversation
 *
 * Its turns are in memory now: notifies `loaded`.
 */
void            sc_conversation_set_loaded      (ScConversation             *self);

/**
 * sc_conversation_session_ended:
 * @self: a conversation
 * @stopped: whether the user stopped it
 *
 * The answer ended; the session is freed here.
 */
void            sc_conversation_session_ended   (ScConversation             *self,
                                                 gboolean                    stopped);

G_END_DECLS
