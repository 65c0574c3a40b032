/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation: a tree of turns of which one path, from the first turn to the head, is shown. */

#pragma once

#include "sc-turn.h"

G_BEGIN_DECLS

/**
 * ScActivity:
 * @SC_ACTIVITY_NONE: nothing is on its way
 * @SC_ACTIVITY_CONNECTING: the connection is being made
 * @SC_ACTIVITY_WAITING: the request is out, nothing came yet
 * @SC_ACTIVITY_REASONING: the model reasons
 * @SC_ACTIVITY_ANSWERING: text comes
 * @SC_ACTIVITY_QUIET: no data for a while; nothing is aborted yet
 * @SC_ACTIVITY_RETRYING: waiting before an automatic retry
 *
 * What is happening to the answer on its way.
 */
typedef enum
{
  SC_ACTIVITY_NONE,
  SC_ACTIVITY_CONNECTING,
  SC_ACTIVITY_WAITING,
  SC_ACTIVITY_REASONING,
  SC_ACTIVITY_ANSWERING,
  SC_ACTIVITY_QUIET,
  SC_ACTIVITY_RETRYING,
} ScActivity;

/**
 * ScConversation:
 *
 * A #GListModel of #ScTurn: the shown path, oldest first. Properties with notification: `id` (string, construct only),
 * `title` (string; what the list shows, never empty: "New Conversation" while there is none), `snippet` (string, one
 * line), `provider`, `model`, `system-prompt`, `parameters` (nullable strings), `pinned`, `unseen` (boolean),
 * `updated` (int64, real time in microseconds), `activity` (int, #ScActivity), `loaded` (boolean: its turns are in
 * memory).
 */
#define SC_TYPE_CONVERSATION (sc_conversation_get_type ())
G_DECLARE_FINAL_TYPE (ScConversation, sc_conversation, SC, CONVERSATION, GObject)

/**
 * sc_conversation_get_id:
 * @self: a conversation
 *
 * Returns: (transfer none): its UUID
 */
const char *sc_conversation_get_id           (ScConversation  *self);

/**
 * sc_conversation_get_title:
 * @self: a conversation
 *
 * Returns: (transfer none): the title to show, never empty
 */
const char *sc_conversation_get_title        (ScConversation  *self);

/**
 * sc_conversation_rename:
 * @self: a conversation
 * @title: (nullable): the user's title; %NULL or blank goes back to the automatic one
 *
 * Sets the title and saves it.
 */
void        sc_conversation_rename           (ScConversation  *self,
                                              const char      *title);

/**
 * sc_conversation_get_snippet:
 * @self: a conversation
 *
 * Returns: (transfer none): one line of the last message, maybe ""
 */
const char *sc_conversation_get_snippet      (ScConversation  *self);

/**
 * sc_conversation_get_provider:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the profile's id it talks to; %NULL is the default
 */
const char *sc_conversation_get_provider     (ScConversation  *self);

/**
 * sc_conversation_get_model:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the model it talks to; %NULL is the profile's default
 */
const char *sc_conversation_get_model        (ScConversation  *self);

/**
 * sc_conversation_set_model:
 * @self: a conversation
 * @provider: a profile's id
 * @model: (nullable): a model of it; %NULL is the profile's default
 *
 * Says whom the next answer comes from.
 */
void        sc_conversation_set_model        (ScConversation  *self,
                                              const char      *provider,
                                              const char      *model);

/**
 * sc_conversation_get_updated_us:
 * @self: a conversation
 *
 * Returns: when its last message was made, real time in microseconds since 1970
 */
gint64      sc_conversation_get_updated_us   (ScConversation  *self);

/**
 * sc_conversation_is_pinned:
 * @self: a conversation
 *
 * Returns: whether it is kept on top
 */
gboolean    sc_conversation_is_pinned        (ScConversation  *self);

/**
 * sc_conversation_set_pinned:
 * @self: a conversation
 * @pinned: whether to keep it on top
 *
 * Pins it or not, and saves that.
 */
void        sc_conversation_set_pinned       (ScConversation  *self,
                                              gboolean         pinned);

/**
 * sc_conversation_is_unseen:
 * @self: a conversation
 *
 * Returns: %TRUE if an answer ended while nobody looked
 */
gboolean    sc_conversation_is_unseen        (ScConversation  *self);

/**
 * sc_conversation_set_looked_at:
 * @self: a conversation
 * @looked_at: the window shows it now
 *
 * While it is looked at it does not become unseen; a change to %TRUE makes it seen.
 */
void        sc_conversation_set_looked_at    (ScConversation  *self,
                                              gboolean         looked_at);

/**
 * sc_conversation_is_loaded:
 * @self: a conversation
 *
 * Returns: %TRUE if its turns are in memory
 */
gboolean    sc_conversation_is_loaded        (ScConversation  *self);

/**
 * sc_conversation_load:
 * @self: a conversation
 *
 * Begins to load its turns, unless it did; `loaded` is notified when they are there.
 */
void        sc_conversation_load             (ScConversation  *self);

/**
 * sc_conversation_get_activity:
 * @self: a conversation
 *
 * Returns: what is happening to the answer on its way
 */
ScActivity  sc_conversation_get_activity     (ScConversation  *self);

/**
 * sc_conversation_dup_activity_text:
 * @self: a conversation
 *
 * Returns: (transfer full) (nullable): a few translated words for the reader ("Connecting…", "Thinking… 12 s", "No
 *   data for 20 s", "Trying again in 3 s"), as of now; %NULL while nothing is on its way or text comes
 */
char       *sc_conversation_dup_activity_text (ScConversation *self);

/**
 * sc_conversation_is_busy:
 * @self: a conversation
 *
 * Returns: %TRUE while an answer is on its way: Send is Stop
 */
gboolean    sc_conversation_is_busy          (ScConversation  *self);

/**
 * sc_conversation_get_last_turn:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the last turn of the shown path
 */
ScTurn     *sc_conversation_get_last_turn    (ScConversation  *self);

/**
 * sc_conversation_send:
 * @self: a loaded conversation that is not busy
 * @text: what the user says; blank only with @attachments
 * @attachments: (nullable) (element-type ScAttachment): files; copied
 *
 * Adds the user's turn and an answer that streams into it.
 */
void        sc_conversation_send             (ScConversation  *self,
                                              const char      *text,
                                              GPtrArray       *attachments);

/**
 * sc_conversation_stop:
 * @self: a conversation
 *
 * Stops the answer on its way: the socket is closed at once, what came stays. Does nothing when there is none.
 */
void        sc_conversation_stop             (ScConversation  *self);

/**
 * sc_conversation_retry:
 * @self: a conversation that is not busy
 *
 * Asks for the last answer again, as a branch beside the old one. A failed answer with no text is replaced.
 */
void        sc_conversation_retry            (ScConversation  *self);

/**
 * sc_conversation_skip_wait:
 * @self: a conversation
 *
 * Ends the wait before an automatic retry now.
 */
void        sc_conversation_skip_wait        (ScConversation  *self);

/**
 * sc_conversation_edit:
 * @self: a conversation that is not busy
 * @turn: a user's turn of the shown path
 * @text: the new text; blank only if the turn has files
 *
 * Says it differently: a branch beside the old turn, with its files and a new answer.
 */
void        sc_conversation_edit             (ScConversation  *self,
                                              ScTurn          *turn,
                                              const char      *text);

/**
 * sc_conversation_edit_with_files:
 * @self: a conversation that is not busy
 * @turn: a user's turn of the shown path
 * @text: the new text; blank only with @attachments
 * @attachments: (nullable) (element-type ScAttachment): files instead of those of the turn; copied
 *
 * Says it differently, as sc_conversation_edit() does, with other files.
 */
void        sc_conversation_edit_with_files  (ScConversation  *self,
                                              ScTurn          *turn,
                                              const char      *text,
                                              GPtrArray       *attachments);

/**
 * sc_conversation_delete_turn:
 * @self: a conversation that is not busy
 * @turn: a turn of the shown path
 *
 * Deletes one turn.
 */
void        sc_conversation_delete_turn      (ScConversation  *self,
                                              ScTurn          *turn);

/**
 * sc_conversation_set_throttled:
 * @self: a conversation
 * @throttled: the view cannot keep up
 *
 * Back-pressure: while %TRUE nothing is read from the socket.
 */
void        sc_conversation_set_throttled    (ScConversation  *self,
                                              gboolean         throttled);

G_END_DECLS
