/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The `messages` of a Chat Completions request (protocols.md section 1): roles, parts, tool calls
 * and their results. Must not know addresses and headers. */

#include "config.h"

#include "sc-openai-chat-private.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

static JsonObject *
create_message (const char *role,
                const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "role", role);
  json_object_set_string_member (object, "content", text);
  return object;
}

static JsonObject *
add_part (JsonArray  *parts,
          const char *type)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", type);
  json_array_add_object_element (parts, part);
  return part;
}

static void
add_text_part (JsonArray  *parts,
               const char *text)
{
  json_object_set_string_member (add_part (parts, "text"), "text", text);
}

static void
add_audio (JsonArray          *parts,
           const ScAttachment *attachment,
           const char         *format)
{
  JsonObject *audio = json_object_new ();
  g_autofree char *encoded = sc_request_parts_dup_base64 (attachment);

  json_object_set_string_member (audio, "data", encoded);
  json_object_set_string_member (audio, "format", format);
  json_object_set_object_member (add_part (parts, "input_audio"), "input_audio", audio);
}

static gboolean
add_attachment (const ScOpenaiChatDialect  *dialect,
                JsonArray                  *parts,
                const ScAttachment         *attachment,
                GError                    **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";

  if (dialect != NULL)
    return dialect->add_attachment (parts, attachment, error);
  if (g_str_has_prefix (type, "image/") && strcmp (type, "image/svg+xml") != 0)
    {
      JsonObject *image = json_object_new ();
      g_autofree char *url = sc_request_parts_dup_data_url (attachment);

      json_object_set_string_member (image, "url", url);
      json_object_set_object_member (add_part (parts, "image_url"), "image_url", image);
    }
  else if (strcmp (type, "application/pdf") == 0)
    {
      JsonObject *file = json_object_new ();
      g_autofree char *url = sc_request_parts_dup_data_url (attachment);

      json_object_set_string_member (file, "filename",
                                     attachment->name != NULL ? attachment->name : "file.pdf");
      json_object_set_string_member (file, "file_data", url);
      json_object_set_object_member (add_part (parts, "file"), "file", file);
    }
  else if (strcmp (type, "audio/wav") == 0 || strcmp (type, "audio/x-wav") == 0)
    add_audio (parts, attachment, "wav");
  else if (strcmp (type, "audio/mpeg") == 0 || strcmp (type, "audio/mp3") == 0)
    add_audio (parts, attachment, "mp3");
  else if (sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      add_text_part (parts, text);
    }
  else
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be sent: this provider takes pictures, PDF, sound and "
                     "text files."),
                   attachment->name != NULL ? attachment->name : type);
      return FALSE;
    }
  return TRUE;
}

/* A plain string where text is all there is: many compatible servers take nothing else. */
static JsonObject *
create_user_message (const ScOpenaiChatDialect  *dialect,
                     const ScMessage            *message,
                     GError                    **error)
{
  g_autoptr (JsonArray) parts = NULL;
  JsonObject *object;

  if (message->attachments == NULL || message->attachments->len == 0)
    return create_message ("user", message->text);
  parts = json_array_new ();
  if (*message->text != '\0')
    add_text_part (parts, message->text);
  for (guint i = 0; i < message->attachments->len; i++)
    if (!add_attachment (dialect, parts, g_ptr_array_index (message->attachments, i), error))
      return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "role", "user");
  json_object_set_array_member (object, "content", g_steal_pointer (&parts));
  return object;
}

static JsonArray *
create_calls (GPtrArray *calls)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);
      JsonObject *object = json_object_new ();
      JsonObject *function = json_object_new ();

      json_object_set_string_member (function, "name", call->name);
      json_object_set_string_member (function, "arguments",
                                     sc_request_parts_get_arguments (call));
      json_object_set_string_member (object, "id", call->id);
      json_object_set_string_member (object, "type", "function");
      json_object_set_object_member (object, "function", function);
      json_array_add_object_element (array, object);
    }
  return array;
}

/* Reasoning goes back only to the protocol and model that made it. OpenRouter wants its details
 * always; plain reasoning is asked for beside tool calls only (DeepSeek), and refused by some
 * servers elsewhere. */
static void
add_raw_reasoning (JsonObject      *object,
                   const ScMessage *message,
                   const char      *model)
{
  static const char *const beside_calls[] = { "reasoning_content", "reasoning" };
  g_autoptr (JsonObject) raw = NULL;

  if (message->raw == NULL || g_strcmp0 (message->raw_model, model) != 0 ||
      (g_strcmp0 (message->raw_protocol, "openai-chat") != 0 &&
       g_strcmp0 (message->raw_protocol, "demo") != 0))
    return;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  if (raw == NULL)
    return;
  if (sc_json_get_array (raw, "reasoning_details") != NULL)
    json_object_set_member (object, "reasoning_details",
                            json_node_copy (json_object_get_member (raw, "reasoning_details")));
  for (guint i = 0; sc_request_parts_has_calls (message) && i < G_N_ELEMENTS (beside_calls); i++)
    if (sc_json_get_string (raw, beside_calls[i]) != NULL)
      json_object_set_string_member (object, beside_calls[i],
                                     sc_json_get_string (raw, beside_calls[i]));
}

static JsonObject *
create_assistant_message (const ScOpenaiChatDialect *dialect,
                          const ScMessage           *message,
                          const char                *model)
{
  /* "" beside calls, not null: some compatible servers reject null. */
  JsonObject *object = create_message ("assistant", message->text);

  if (sc_request_parts_has_calls (message))
    json_object_set_array_member (object, "tool_calls", create_calls (message->tool_calls));
  if (dialect != NULL)
    dialect->add_raw (object, message, model);
  else
    add_raw_reasoning (object, message, model);
  return object;
}

static void
add_result (JsonArray       *messages,
            const char      *id,
            const ScMessage *result)
{
  g_autofree char *text = sc_request_parts_dup_result (result);
  JsonObject *object;

  object = create_message ("tool", text);
  json_object_set_string_member (object, "tool_call_id", id);
  json_array_add_object_element (messages, object);
}

/* A tool result holds no pictures: they follow as a message of the user. */
static gboolean
add_result_attachments (const ScOpenaiChatDialect  *dialect,
                        JsonArray                  *messages,
                        GPtrArray                  *all,
                        guint                       first,
                        guint                       end,
                        GError                    **error)
{
  for (guint i = first; i < end; i++)
    {
      const ScMessage *result = sc_request_parts_get_message (all, i);
      ScMessage shown = { .role = SC_ROLE_USER,
                          .text = (char *) "",
                          .attachments = result->attachments };
      JsonObject *object;

      if (result->attachments == NULL || result->attachments->len == 0)
        continue;
      object = create_user_message (dialect, &shown, error);
      if (object == NULL)
        return FALSE;
      json_array_add_object_element (messages, object);
    }
  return TRUE;
}

/* Answers every call of the assistant message before @first, in the order of the calls, with the
 * tool messages that follow it. Returns the index of the first message after them, 0 on failure. */
static guint
add_results (const ScOpenaiChatDialect  *dialect,
             JsonArray                  *messages,
             const ScMessage            *assistant,
             GPtrArray                  *all,
             guint                       first,
             GError                    **error)
{
  g_autoptr (GPtrArray) results = NULL;
  guint end;

  results = sc_request_parts_find_results (assistant, all, first, &end);
  for (guint c = 0; c < assistant->tool_calls->len; c++)
    {
      const ScToolCall *call = g_ptr_array_index (assistant->tool_calls, c);

      add_result (messages, call->id, g_ptr_array_index (results, c));
    }
  if (!add_result_attachments (dialect, messages, all, first, end, error))
    return 0;
  return end;
}

static gboolean
add_conversation (const ScOpenaiChatDialect  *dialect,
                  JsonArray                  *messages,
                  const ScPrompt             *prompt,
                  const char                 *system_role,
                  GError                    **error)
{
  guint i = 0;

  while (i < prompt->messages->len)
    {
      const ScMessage *message = sc_request_parts_get_message (prompt->messages, i);
      JsonObject *object = NULL;

      i++;
      if (message->role == SC_ROLE_SYSTEM)
        object = create_message (system_role, message->text);
      else if (message->role == SC_ROLE_USER)
        {
          object = create_user_message (dialect, message, error);
          if (object == NULL)
            return FALSE;
        }
      else if (message->role == SC_ROLE_ASSISTANT &&
               (sc_request_parts_has_calls (message) || *message->text != '\0'))
        object = create_assistant_message (dialect, message, prompt->model);
      /* A tool message that answers no call, and an assistant that said nothing, are errors to
       * every server. */
      if (object == NULL)
        continue;
      json_array_add_object_element (messages, object);
      if (message->role == SC_ROLE_ASSISTANT && sc_request_parts_has_calls (message))
        {
          i = add_results (dialect, messages, message, prompt->messages, i, error);
          if (i == 0)
            return FALSE;
        }
    }
  return TRUE;
}

JsonArray *
sc_openai_chat_create_messages (const ScPrompt             *prompt,
                                const char                 *system_role,
                                const ScOpenaiChatDialect  *dialect,
                                GError                    **error)
{
  g_autoptr (JsonArray) messages = json_array_new ();

  if (prompt->system != NULL && *prompt->system != '\0')
    json_array_add_object_element (messages, create_message (system_role, prompt->system));
  if (!add_conversation (dialect, messages, prompt, system_role, error))
    return NULL;
  return g_steal_pointer (&messages);
}
