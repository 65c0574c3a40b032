/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The `messages` of Ollama's chat (protocols.md section 9). Must not know addresses and
 * parameters. */

#include "config.h"

#include "sc-ollama-private.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the engines behind it can decode. */
static const char *const picture_types[] = {
  "image/png", "image/jpeg", "image/jpg", "image/webp", NULL,
};

static JsonObject *
create_message (const char *role,
                const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "role", role);
  json_object_set_string_member (object, "content", text);
  return object;
}

static gboolean
add_attachment (JsonArray           *images,
                GString             *content,
                const ScAttachment  *attachment,
                GError             **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";

  if (g_strv_contains (picture_types, type))
    {
      g_autofree char *data = sc_request_parts_dup_base64 (attachment);

      json_array_add_string_element (images, data);
      return TRUE;
    }
  if (sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      if (content->len > 0)
        g_string_append (content, "\n\n");
      g_string_append (content, text);
      return TRUE;
    }
  g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
               _("“%s” cannot be sent: this provider takes PNG, JPEG and WebP pictures and text "
                 "files."),
               attachment->name != NULL && *attachment->name != '\0' ? attachment->name : type);
  return FALSE;
}

static JsonObject *
create_user_message (const char  *text,
                     GPtrArray   *attachments,
                     GError     **error)
{
  g_autoptr (JsonArray) images = json_array_new ();
  g_autoptr (GString) content = g_string_new (text);
  JsonObject *object;

  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    if (!add_attachment (images, content, g_ptr_array_index (attachments, i), error))
      return NULL;
  object = create_message ("user", content->str);
  if (json_array_get_length (images) > 0)
    json_object_set_array_member (object, "images", g_steal_pointer (&images));
  return object;
}

/* Arguments are an object here, where others want its text. */
static JsonArray *
create_calls (GPtrArray *calls)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);
      JsonObject *object = json_object_new ();
      JsonObject *function = json_object_new ();
      JsonObject *arguments =
        sc_json_parse_object (sc_request_parts_get_arguments (call), -1, NULL);

      json_object_set_string_member (object, "id", call->id);
      json_object_set_string_member (function, "name", call->name);
      json_object_set_object_member (function, "arguments",
                                     arguments != NULL ? arguments : json_object_new ());
      json_object_set_object_member (object, "function", function);
      json_array_add_object_element (array, object);
    }
  return array;
}

/* Chat templates show it to the model as long as it works with its tools. */
static void
add_thinking (JsonObject      *object,
              const ScMessage *message,
              const char      *model)
{
  g_autoptr (JsonObject) raw = NULL;

  if (message->raw == NULL || g_strcmp0 (message->raw_protocol, "ollama") != 0 ||
      g_strcmp0 (message->raw_model, model) != 0)
    return;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  if (sc_json_get_string (raw, "thinking") != NULL)
    json_object_set_string_member (object, "thinking", sc_json_get_string (raw, "thinking"));
}

static JsonObject *
create_assistant_message (const ScMessage *message,
                          const char      *model)
{
  JsonObject *object = create_message ("assistant", message->text);

  if (sc_request_parts_has_calls (message))
    {
      add_thinking (object, message, model);
      json_object_set_array_member (object, "tool_calls", create_calls (message->tool_calls));
    }
  return object;
}

static void
add_result (JsonArray        *messages,
            const ScToolCall *call,
            const ScMessage  *result)
{
  g_autofree char *text = sc_request_parts_dup_result (result);
  JsonObject *object = create_message ("tool", text);

  json_object_set_string_member (object, "tool_name", call->name);
  json_object_set_string_member (object, "tool_call_id", call->id);
  json_array_add_object_element (messages, object);
}

/* Answers every call of @assistant with the tool messages from @first on; pictures among the
 * results follow as a message of the user. Returns the index of the first message after them, 0 on
 * failure. */
static guint
add_results (JsonArray        *messages,
             const ScMessage  *assistant,
             GPtrArray        *all,
             guint             first,
             GError          **error)
{
  guint end;
  g_autoptr (GPtrArray) results = sc_request_parts_find_results (assistant, all, first, &end);

  for (guint c = 0; c < assistant->tool_calls->len; c++)
    add_result (messages, g_ptr_array_index (assistant->tool_calls, c),
                g_ptr_array_index (results, c));
  for (guint i = first; i < end; i++)
    {
      const ScMessage *result = sc_request_parts_get_message (all, i);
      JsonObject *object;

      if (result->attachments == NULL || result->attachments->len == 0)
        continue;
      object = create_user_message ("", result->attachments, error);
      if (object == NULL)
        return 0;
      json_array_add_object_element (messages, object);
    }
  return end;
}

static gboolean
add_conversation (JsonArray       *messages,
                  const ScPrompt  *prompt,
                  GError         **error)
{
  guint i = 0;

  while (i < prompt->messages->len)
    {
      const ScMessage *message = sc_request_parts_get_message (prompt->messages, i);
      gboolean has_calls = sc_request_parts_has_calls (message);
      JsonObject *object = NULL;

      i++;
      if (message->role == SC_ROLE_SYSTEM)
        object = create_message ("system", message->text);
      else if (message->role == SC_ROLE_USER)
        {
          object = create_user_message (message->text, message->attachments, error);
          if (object == NULL)
            return FALSE;
        }
      else if (message->role == SC_ROLE_ASSISTANT && (has_calls || *message->text != '\0'))
        object = create_assistant_message (message, prompt->model);
      /* A result without its call means nothing to a model. */
      if (object == NULL)
        continue;
      json_array_add_object_element (messages, object);
      if (message->role == SC_ROLE_ASSISTANT && has_calls)
        {
          i = add_results (messages, message, prompt->messages, i, error);
          if (i == 0)
            return FALSE;
        }
    }
  return TRUE;
}

JsonArray *
sc_ollama_create_messages (const ScPrompt  *prompt,
                           GError         **error)
{
  g_autoptr (JsonArray) messages = json_array_new ();

  if (prompt->system != NULL && *prompt->system != '\0')
    json_array_add_object_element (messages, create_message ("system", prompt->system));
  if (!add_conversation (messages, prompt, error))
    return NULL;
  return g_steal_pointer (&messages);
}
