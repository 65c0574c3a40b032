/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Builds prompts. It knows turns and profiles, no protocol: what a service does not understand its
 * own request builder leaves out. */

#include "config.h"

#include "sc-prompt.h"

#include "sc-conversation-private.h"
#include "sc-json.h"
#include "sc-turn-private.h"

static void
add_members (JsonObject *target,
             const char *text)
{
  g_autoptr (JsonObject) source = NULL;
  g_autoptr (GList) names = NULL;

  if (text == NULL || *text == '\0')
    return;
  /* Damaged parameters are no reason to refuse a question; the settings check what is typed in. */
  source = sc_json_parse_object (text, -1, NULL);
  if (source == NULL)
    return;
  names = json_object_get_members (source);
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (!g_str_equal (l->data, SC_PROMPT_STREAM_MEMBER))
        json_object_set_member (target, l->data, json_object_dup_member (source, l->data));
    }
}

static gboolean
wants_stream (ScConversation  *conversation,
              const ScProfile *profile)
{
  const char *text = sc_conversation_get_parameters (conversation);
  g_autoptr (JsonObject) parameters =
    text != NULL ? sc_json_parse_object (text, -1, NULL) : NULL;

  return sc_json_get_boolean (parameters, SC_PROMPT_STREAM_MEMBER, profile->stream);
}

static void
add_attachments (ScMessage *message,
                 GPtrArray *attachments)
{
  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    {
      const ScAttachment *attachment = g_ptr_array_index (attachments, i);

      sc_message_add_attachment (message, attachment->name, attachment->media_type,
                                 attachment->data);
    }
}

/* Whether each call of the turn at @index is answered by the tool turns right behind it. */
static gboolean
has_all_results (GListModel *path,
                 guint       index,
                 GPtrArray  *calls)
{
  g_autoptr (GHashTable) answered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = index + 1; i < g_list_model_get_n_items (path); i++)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (path, i);
      const char *call_id;

      if (sc_turn_get_role (turn) != SC_ROLE_TOOL)
        break;
      call_id = sc_turn_get_tool_result (turn, NULL, NULL);
      if (call_id != NULL)
        g_hash_table_add (answered, g_strdup (call_id));
    }
  for (guint i = 0; i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);

      if (!g_hash_table_contains (answered, call->id))
        return FALSE;
    }
  return TRUE;
}

static ScMessage *
create_assistant_message (GListModel *path,
                          guint       index,
                          ScTurn     *turn)
{
  GPtrArray *calls = sc_turn_get_tool_calls (turn);
  gboolean with_calls = calls != NULL && has_all_results (path, index, calls);
  ScMessage *message;
  gsize text_length, reasoning_length;
  const char *text = sc_turn_get_text (turn, &text_length);
  const char *reasoning = sc_turn_get_reasoning (turn, &reasoning_length);

  if (text_length == 0 && !with_calls)
    return NULL;
  message = sc_message_new (SC_ROLE_ASSISTANT, text);
  if (reasoning_length > 0)
    message->reasoning = g_strdup (reasoning);
  for (guint i = 0; with_calls && i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);

      sc_message_add_tool_call (message, call->id, call->name, call->arguments);
    }
  /* Raw parts hold the calls too, and those of a broken answer may lack their end. */
  if ((calls == NULL || with_calls) && sc_turn_get_status (turn) == SC_TURN_STATUS_DONE)
    {
      const char *protocol, *model;

      message->raw = g_strdup (sc_turn_get_raw (turn, &protocol, &model));
      message->raw_protocol = g_strdup (protocol);
      message->raw_model = g_strdup (model);
    }
  return message;
}

/* A result whose call is not said would be refused by every service. */
static gboolean
is_call_said (ScPrompt   *prompt,
              const char *call_id)
{
  for (guint i = prompt->messages->len; i > 0; i--)
    {
      const ScMessage *message = g_ptr_array_index (prompt->messages, i - 1);

      if (message->role == SC_ROLE_TOOL)
        continue;
      for (guint j = 0; message->tool_calls != NULL && j < message->tool_calls->len; j++)
        {
          const ScToolCall *call = g_ptr_array_index (message->tool_calls, j);

          if (g_strcmp0 (call->id, call_id) == 0)
            return TRUE;
        }
      return FALSE;
    }
  return FALSE;
}

static ScMessage *
create_tool_message (ScPrompt *prompt,
                     ScTurn   *turn)
{
  const char *name;
  gboolean failed;
  const char *call_id = sc_turn_get_tool_result (turn, &name, &failed);
  ScMessage *message;

  if (!is_call_said (prompt, call_id))
    return NULL;
  message = sc_message_new (SC_ROLE_TOOL, sc_turn_get_text (turn, NULL));
  message->tool_call_id = g_strdup (call_id);
  message->tool_name = g_strdup (name);
  message->tool_failed = failed;
  return message;
}

static ScMessage *
create_message (ScPrompt   *prompt,
                GListModel *path,
                guint       index,
                ScTurn     *turn)
{
  ScMessage *message;

  switch (sc_turn_get_role (turn))
    {
    case SC_ROLE_ASSISTANT:
      return create_assistant_message (path, index, turn);
    case SC_ROLE_TOOL:
      return create_tool_message (prompt, turn);
    case SC_ROLE_SYSTEM:
    case SC_ROLE_USER:
    default:
      message = sc_message_new (sc_turn_get_role (turn), sc_turn_get_text (turn, NULL));
      add_attachments (message, sc_turn_get_attachments (turn));
      return message;
    }
}

JsonNode *
sc_prompt_merge_parameters (const char *defaults,
                            const char *overrides)
{
  g_autoptr (JsonObject) merged = json_object_new ();
  JsonNode *node;

  add_members (merged, defaults);
  add_members (merged, overrides);
  if (json_object_get_size (merged) == 0)
    return NULL;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, merged);
  return node;
}

ScPrompt *
sc_prompt_new_from_path (ScConversation  *conversation,
                         ScTurn          *answer,
                         const ScProfile *profile)
{
  GListModel *path = G_LIST_MODEL (conversation);
  const char *model = sc_conversation_get_model (conversation);
  const char *system = sc_conversation_get_system_prompt (conversation);
  ScPrompt *prompt = sc_prompt_new (model != NULL ? model : profile->model);

  prompt->system = g_strdup (system != NULL ? system : profile->system_prompt);
  prompt->stream = wants_stream (conversation, profile);
  prompt->parameters = sc_prompt_merge_parameters (profile->parameters,
                                                   sc_conversation_get_parameters (conversation));
  for (guint i = 0; i < g_list_model_get_n_items (path); i++)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (path, i);
      ScMessage *message;

      if (turn == answer)
        break;
      message = create_message (prompt, path, i, turn);
      if (message != NULL)
        g_ptr_array_add (prompt->messages, message);
    }
  return prompt;
}
