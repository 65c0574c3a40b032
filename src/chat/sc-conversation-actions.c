/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do with a conversation: send, stop, ask again, say it differently, delete, change the
 * branch. */

#include "config.h"

#include "sc-conversation-internal.h"

#include "sc-turn-private.h"

/* Adds a turn below @parent_id and moves the head to it, without telling anybody yet. */
static ScTurn *
add_turn (ScConversation *self,
          ScRole          role,
          const char     *text,
          const char     *parent_id)
{
  g_autoptr (ScTurn) turn = sc_turn_new (role, text);

  sc_turn_set_parent_id (turn, parent_id);
  sc_tree_add (self->tree, turn);
  sc_tree_set_head (self->tree, sc_turn_get_id (turn));
  return turn;
}

static const char *
get_head_id (ScConversation *self)
{
  ScTurn *head = sc_tree_get_head (self->tree);

  return head != NULL ? sc_turn_get_id (head) : NULL;
}

/* Begins an answer below the head. Everything is on its way to the disk before the first byte of
 * the answer can come: a program that dies now has lost nothing that the user said. */
static void
start_answer (ScConversation *self,
              ScTurn         *question)
{
  ScTurn *answer = add_turn (self, SC_ROLE_ASSISTANT, NULL, get_head_id (self));

  sc_turn_set_model (answer, self->record->provider, self->record->model);
  sc_conversation_update_path (self);
  sc_conversation_touch (self);
  sc_conversation_update_snippet (self);
  sc_conversation_keep (self);
  sc_conversation_update_title (self);
  /* The conversation first: the store takes no turns of one that it does not know. */
  sc_conversation_save (self);
  if (question != NULL)
    sc_conversation_save_turn (self, question);
  sc_conversation_save_turn (self, answer);

  self->session = sc_session_start (self, answer);
  sc_conversation_set_activity (self, SC_ACTIVITY_CONNECTING, g_get_monotonic_time ());
}

static gboolean
is_empty_failure (ScTurn *turn)
{
  gsize length;

  sc_turn_get_text (turn, &length);
  return length == 0 && sc_turn_get_tool_calls (turn) == NULL &&
         sc_turn_get_status (turn) != SC_TURN_STATUS_DONE;
}

void
sc_conversation_append_turn (ScConversation *self,
                             ScTurn         *turn)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (self->is_loaded);

  sc_turn_set_parent_id (turn, get_head_id (self));
  sc_tree_add (self->tree, turn);
  sc_tree_set_head (self->tree, sc_turn_get_id (turn));
  sc_conversation_update_path (self);
  sc_conversation_update_title (self);
  sc_conversation_update_snippet (self);
}

void
sc_conversation_send (ScConversation *self,
                      const char     *text,
                      GPtrArray      *attachments)
{
  ScTurn *question;

  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (text != NULL);
  g_return_if_fail (self->is_loaded);
  g_return_if_fail (!sc_conversation_is_busy (self));

  question = add_turn (self, SC_ROLE_USER, text, get_head_id (self));
  sc_turn_set_attachments (question, attachments);
  start_answer (self, question);
}

void
sc_conversation_stop (ScConversation *self)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (self->session != NULL)
    sc_session_stop (self->session);
}

void
sc_conversation_retry (ScConversation *self)
{
  ScTurn *last;

  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (self->is_loaded);
  g_return_if_fail (!sc_conversation_is_busy (self));

  last = sc_conversation_get_last_turn (self);
  if (last == NULL)
    return;
  if (sc_turn_get_role (last) == SC_ROLE_ASSISTANT)
    {
      const char *parent_id = sc_turn_get_parent_id (last);

      /* The first turn of a conversation cannot be asked for again: nothing
       * asks before it. */
      if (sc_tree_lookup (self->tree, parent_id) == NULL)
        return;
      if (is_empty_failure (last))
        sc_conversation_forget_turn (self, last);
      else
        sc_tree_set_head (self->tree, parent_id);
    }
  start_answer (self, NULL);
}

void
sc_conversation_skip_wait (ScConversation *self)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (self->session != NULL)
    sc_session_skip_wait (self->session);
}

void
sc_conversation_edit (ScConversation *self,
                      ScTurn         *turn,
                      const char     *text)
{
  g_return_if_fail (SC_IS_TURN (turn));

  sc_conversation_edit_with_files (self, turn, text, sc_turn_get_attachments (turn));
}

void
sc_conversation_edit_with_files (ScConversation *self,
                                 ScTurn         *turn,
                                 const char     *text,
                                 GPtrArray      *attachments)
{
  ScTurn *question;

  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (text != NULL);
  g_return_if_fail (self->is_loaded);
  g_return_if_fail (!sc_conversation_is_busy (self));
  g_return_if_fail (sc_turn_get_role (turn) == SC_ROLE_USER);
  g_return_if_fail (sc_tree_lookup (self->tree, sc_turn_get_id (turn)) == turn);

  question = add_turn (self, SC_ROLE_USER, text, sc_turn_get_parent_id (turn));
  sc_turn_set_attachments (question, attachments);
  start_answer (self, question);
}

void
sc_conversation_delete_turn (ScConversation *self,
                             ScTurn         *turn)
{
  g_autoptr (ScTurn) keep = NULL;

  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (self->is_loaded);
  g_return_if_fail (!sc_conversation_is_busy (self));
  g_return_if_fail (sc_tree_lookup (self->tree, sc_turn_get_id (turn)) == turn);

  keep = g_object_ref (turn);
  sc_conversation_forget_turn (self, turn);
  sc_conversation_update_path (self);
  sc_conversation_update_snippet (self);
  sc_conversation_save (self);
}

void
sc_conversation_set_throttled (ScConversation *self,
                               gboolean        throttled)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (self->session != NULL)
    sc_session_set_throttled (self->session, throttled);
}

GPtrArray *
sc_conversation_list_siblings (ScConversation *self,
                               ScTurn         *turn)
{
  const char *parent_id;

  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);
  g_return_val_if_fail (SC_IS_TURN (turn), NULL);

  parent_id = sc_turn_get_parent_id (turn);
  if (sc_tree_lookup (self->tree, parent_id) == NULL)
    parent_id = NULL;
  return sc_tree_list_children (self->tree, parent_id);
}

void
sc_conversation_show_branch (ScConversation *self,
                             ScTurn         *turn)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (SC_IS_TURN (turn));
  g_return_if_fail (!sc_conversation_is_busy (self));
  g_return_if_fail (sc_tree_lookup (self->tree, sc_turn_get_id (turn)) == turn);

  sc_tree_set_head (self->tree, sc_turn_get_id (sc_tree_get_leaf (self->tree, turn)));
  sc_conversation_update_path (self);
  sc_conversation_update_snippet (self);
  sc_conversation_save (self);
}

void
sc_conversation_session_ended (ScConversation *self,
                               gboolean        stopped)
{
  g_clear_pointer (&self->session, sc_session_free);
  sc_conversation_touch (self);
  sc_conversation_update_snippet (self);
  if (!stopped && !self->is_looked_at)
    sc_conversation_set_unseen (self, TRUE);
  sc_conversation_save (self);
  sc_conversation_set_activity (self, SC_ACTIVITY_NONE, 0);
}
