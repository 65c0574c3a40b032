/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages and prompts: plain values with new, copy and free. */

#include "config.h"

#include "sc-message.h"
#include "sc-message-private.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-json.h"

static const char *const role_nicks[] = {
  [SC_ROLE_SYSTEM] = "system",
  [SC_ROLE_USER] = "user",
  [SC_ROLE_ASSISTANT] = "assistant",
  [SC_ROLE_TOOL] = "tool",
};

const char *
sc_role_to_nick (ScRole role)
{
  g_return_val_if_fail ((guint) role < G_N_ELEMENTS (role_nicks), "user");

  return role_nicks[role];
}

ScRole
sc_role_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (role_nicks); i++)
    if (g_strcmp0 (nick, role_nicks[i]) == 0)
      return (ScRole) i;
  if (g_strcmp0 (nick, "developer") == 0)
    return SC_ROLE_SYSTEM;
  if (g_strcmp0 (nick, "model") == 0)
    return SC_ROLE_ASSISTANT;
  return SC_ROLE_USER;
}

static ScAttachment *
copy_attachment (const ScAttachment *self)
{
  ScAttachment *copy = g_new (ScAttachment, 1);

  copy->name = g_strdup (self->name);
  copy->media_type = g_strdup (self->media_type);
  copy->data = g_bytes_ref (self->data);
  return copy;
}

static ScToolCall *
copy_tool_call (const ScToolCall *self)
{
  ScToolCall *copy = g_new (ScToolCall, 1);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->arguments = g_strdup (self->arguments);
  return copy;
}

static gpointer
copy_attachment_cb (gconstpointer self,
                    gpointer      unused)
{
  return copy_attachment (self);
}

static gpointer
copy_tool_call_cb (gconstpointer self,
                   gpointer      unused)
{
  return copy_tool_call (self);
}

void
sc_attachment_free (ScAttachment *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->media_type);
  g_bytes_unref (self->data);
  g_free (self);
}

void
sc_tool_call_free (ScToolCall *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->arguments);
  g_free (self);
}

ScMessage *
sc_message_new (ScRole      role,
                const char *text)
{
  ScMessage *self = g_new0 (ScMessage, 1);

  self->role = role;
  self->text = g_utf8_make_valid (text != NULL ? text : "", -1);
  return self;
}

static GPtrArray *
copy_array (GPtrArray *array,
            GCopyFunc  copy,
            GDestroyNotify destroy)
{
  GPtrArray *result;

  if (array == NULL)
    return NULL;
  result = g_ptr_array_copy (array, copy, NULL);
  g_ptr_array_set_free_func (result, destroy);
  return result;
}

ScMessage *
sc_message_copy (const ScMessage *self)
{
  ScMessage *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScMessage, 1);
  *copy = *self;
  copy->text = g_strdup (self->text);
  copy->reasoning = g_strdup (self->reasoning);
  copy->attachments = copy_array (self->attachments, copy_attachment_cb,
                                  (GDestroyNotify) sc_attachment_free);
  copy->tool_calls = copy_array (self->tool_calls, copy_tool_call_cb,
                                 (GDestroyNotify) sc_tool_call_free);
  copy->tool_call_id = g_strdup (self->tool_call_id);
  copy->tool_name = g_strdup (self->tool_name);
  copy->raw = g_strdup (self->raw);
  copy->raw_protocol = g_strdup (self->raw_protocol);
  copy->raw_model = g_strdup (self->raw_model);
  return copy;
}

void
sc_message_free (ScMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->reasoning);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->tool_calls, g_ptr_array_unref);
  g_free (self->tool_call_id);
  g_free (self->tool_name);
  g_free (self->raw);
  g_free (self->raw_protocol);
  g_free (self->raw_model);
  g_free (self);
}

void
sc_message_add_tool_call (ScMessage  *self,
                          const char *id,
                          const char *name,
                          const char *arguments)
{
  g_autofree char *trimmed = NULL;
  ScToolCall *call;

  g_return_if_fail (self != NULL);
  g_return_if_fail (id != NULL);
  g_return_if_fail (name != NULL);

  trimmed = g_strdup (arguments != NULL ? arguments : "");
  g_strstrip (trimmed);
  call = g_new (ScToolCall, 1);
  call->id = g_strdup (id);
  call->name = g_strdup (name);
  call->arguments = g_strdup (*trimmed != '\0' ? arguments : "{}");
  if (self->tool_calls == NULL)
    self->tool_calls = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_tool_call_free);
  g_ptr_array_add (self->tool_calls, call);
}

void
sc_message_add_attachment (ScMessage  *self,
                           const char *name,
                           const char *media_type,
                           GBytes     *data)
{
  ScAttachment *attachment;

  g_return_if_fail (self != NULL);
  g_return_if_fail (media_type != NULL);
  g_return_if_fail (data != NULL);

  attachment = g_new (ScAttachment, 1);
  attachment->name = g_utf8_make_valid (name != NULL ? name : "", -1);
  attachment->media_type = g_strdup (media_type);
  attachment->data = g_bytes_ref (data);
  if (self->attachments == NULL)
    self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_attachment_free);
  g_ptr_array_add (self->attachments, attachment);
}

ScPrompt *
sc_prompt_new (const char *model)
{
  ScPrompt *self = g_new0 (ScPrompt, 1);

  self->model = g_strdup (model);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_message_free);
  self->stream = TRUE;
  return self;
}

void
sc_prompt_free (ScPrompt *self)
{
  if (self == NULL)
    return;
  g_free (self->model);
  g_free (self->system);
  g_ptr_array_unref (self->messages);
  g_clear_pointer (&self->tools, json_node_unref);
  g_clear_pointer (&self->parameters, json_node_unref);
  g_free (self);
}

/* A call is `{id, name, arguments}` or OpenAI's `{id, type, function:{name, arguments}}`. */
static void
read_tool_calls (ScMessage *message,
                 JsonArray *calls)
{
  for (guint i = 0; i < json_array_get_length (calls); i++)
    {
      JsonObject *call = sc_json_get_element_object (calls, i);
      JsonObject *function = sc_json_get_object (call, "function");
      JsonObject *source = function != NULL ? function : call;
      const char *id = sc_json_get_string (call, "id");
      const char *name = sc_json_get_string (source, "name");
      JsonNode *arguments = source != NULL ? json_object_get_member (source, "arguments") : NULL;
      g_autofree char *text = NULL;

      if (name == NULL)
        continue;
      if (arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments))
        text = sc_json_to_string (arguments, FALSE);
      else
        text = g_strdup (sc_json_get_string (source, "arguments"));
      sc_message_add_tool_call (message, id != NULL ? id : "", name, text);
    }
}

static ScMessage *
read_message (JsonObject *object)
{
  static const char *const lists[] = { "content", "attachments" };
  ScMessage *message = sc_message_new (sc_role_from_nick (sc_json_get_string (object, "role")),
                                       sc_json_get_string (object, "content"));

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (sc_json_get_array (object, lists[i]) != NULL)
      sc_message_read_parts (message, sc_json_get_array (object, lists[i]));
  if (sc_json_get_array (object, "tool_calls") != NULL)
    read_tool_calls (message, sc_json_get_array (object, "tool_calls"));
  message->reasoning = g_strdup (sc_json_get_string (object, "reasoning"));
  message->tool_call_id = g_strdup (sc_json_get_string (object, "tool_call_id"));
  message->tool_name = g_strdup (sc_json_get_string (object, "name"));
  if (message->tool_name == NULL)
    message->tool_name = g_strdup (sc_json_get_string (object, "tool_name"));
  message->tool_failed = sc_json_get_boolean (object, "is_error", FALSE);
  return message;
}

/* The first call of @assistant that no message from @first up to @end answers. */
static ScToolCall *
find_unanswered (const ScMessage *assistant,
                 GPtrArray       *messages,
                 guint            first,
                 guint            end,
                 const char      *name)
{
  for (guint i = 0; i < assistant->tool_calls->len; i++)
    {
      ScToolCall *call = g_ptr_array_index (assistant->tool_calls, i);
      gboolean is_answered = FALSE;

      for (guint j = first; j < end && !is_answered; j++)
        is_answered =
          g_strcmp0 (((ScMessage *) g_ptr_array_index (messages, j))->tool_call_id, call->id) == 0;
      if (!is_answered && (name == NULL || g_str_equal (name, call->name)))
        return call;
    }
  return NULL;
}

/* Calls without ids are told apart by their order, and so are their results (Gemini, Ollama). */
static void
complete_ids (GPtrArray *messages,
              guint      at)
{
  ScMessage *assistant = g_ptr_array_index (messages, at);

  for (guint i = 0; assistant->tool_calls != NULL && i < assistant->tool_calls->len; i++)
    {
      ScToolCall *call = g_ptr_array_index (assistant->tool_calls, i);

      if (*call->id == '\0')
        {
          g_free (call->id);
          call->id = g_strdup_printf ("call_%u_%u", at, i);
        }
    }
  for (guint i = at + 1; assistant->tool_calls != NULL && i < messages->len; i++)
    {
      ScMessage *result = g_ptr_array_index (messages, i);
      ScToolCall *call = NULL;

      if (result->role != SC_ROLE_TOOL)
        return;
      if (result->tool_call_id == NULL || *result->tool_call_id == '\0')
        call = find_unanswered (assistant, messages, at + 1, i, result->tool_name);
      if (call == NULL)
        continue;
      g_free (result->tool_call_id);
      result->tool_call_id = g_strdup (call->id);
    }
}

ScPrompt *
sc_prompt_new_from_json (JsonNode  *root,
                         GError   **error)
{
  ScPrompt *self;
  JsonObject *object;
  JsonArray *messages;

  g_return_val_if_fail (root != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  messages = sc_json_get_array (object, "messages");
  if (messages == NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("A prompt needs a list of messages."));
      return NULL;
    }
  self = sc_prompt_new (sc_json_get_string (object, "model"));
  self->system = g_strdup (sc_json_get_string (object, "system"));
  self->stream = sc_json_get_boolean (object, "stream", TRUE);
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = sc_json_get_element_object (messages, i);

      if (message != NULL)
        g_ptr_array_add (self->messages, read_message (message));
    }
  for (guint i = 0; i < self->messages->len; i++)
    complete_ids (self->messages, i);
  if (sc_json_get_array (object, "tools") != NULL)
    self->tools = json_node_copy (json_object_get_member (object, "tools"));
  if (sc_json_get_object (object, "parameters") != NULL)
    self->parameters = json_node_copy (json_object_get_member (object, "parameters"));
  return self;
}
