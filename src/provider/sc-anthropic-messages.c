/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The `messages` of a request of Anthropic's Messages (protocols.md section 4): blocks, tool calls
 * and their results, content that goes back as it came. Must not know addresses and headers. */

#include "config.h"

#include "sc-anthropic-private.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

/* The messages so far; neighbours of one role become one message. */
typedef struct
{
  JsonArray *messages;
  JsonArray *content;
  ScRole     role;
} Writer;

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static void
take_block (Writer     *writer,
            ScRole      role,
            JsonObject *block)
{
  if (writer->content == NULL || writer->role != role)
    {
      JsonObject *message = json_object_new ();

      writer->content = json_array_new ();
      writer->role = role;
      json_object_set_string_member (message, "role", sc_role_to_nick (role));
      json_object_set_array_member (message, "content", writer->content);
      json_array_add_object_element (writer->messages, message);
    }
  json_array_add_object_element (writer->content, block);
}

static JsonObject *
create_block (const char *type)
{
  JsonObject *block = json_object_new ();

  json_object_set_string_member (block, "type", type);
  return block;
}

/* NULL for a text without a visible character: the API refuses such blocks. */
static JsonObject *
create_text (const char *text)
{
  JsonObject *block;

  if (is_blank (text))
    return NULL;
  block = create_block ("text");
  json_object_set_string_member (block, "text", text);
  return block;
}

static JsonObject *
create_file (const char         *type,
             const ScAttachment *attachment,
             const char         *media_type)
{
  JsonObject *block = create_block (type);
  JsonObject *source = create_block ("base64");
  g_autofree char *data = sc_request_parts_dup_base64 (attachment);

  json_object_set_string_member (source, "media_type", media_type);
  json_object_set_string_member (source, "data", data);
  json_object_set_object_member (block, "source", source);
  return block;
}

static JsonObject *
create_attachment (const ScAttachment  *attachment,
                   GError             **error)
{
  static const char *const pictures[] = {
    "image/jpeg", "image/png", "image/gif", "image/webp", NULL,
  };
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";

  if (strcmp (type, "image/jpg") == 0)
    type = "image/jpeg";
  if (g_strv_contains (pictures, type))
    return create_file ("image", attachment, type);
  if (strcmp (type, "application/pdf") == 0)
    {
      JsonObject *block = create_file ("document", attachment, type);

      if (attachment->name != NULL && *attachment->name != '\0')
        json_object_set_string_member (block, "title", attachment->name);
      return block;
    }
  if (sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      return create_text (text);
    }
  g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
               _("“%s” cannot be sent: this provider takes JPEG, PNG, GIF and WebP pictures, "
                 "PDF and text files."),
               attachment->name != NULL ? attachment->name : type);
  return NULL;
}

/* Pictures stand before the question about them. */
static gboolean
write_user (Writer           *writer,
            const ScMessage  *message,
            GError          **error)
{
  JsonObject *text = NULL;

  for (guint i = 0; message->attachments != NULL && i < message->attachments->len; i++)
    {
      JsonObject *block = create_attachment (g_ptr_array_index (message->attachments, i), error);

      if (block == NULL)
        return FALSE;
      take_block (writer, SC_ROLE_USER, block);
    }
  text = create_text (message->text);
  if (text != NULL)
    take_block (writer, SC_ROLE_USER, text);
  return TRUE;
}

static void
write_call (Writer           *writer,
            const ScToolCall *call)
{
  JsonObject *block = create_block ("tool_use");
  JsonObject *input = NULL;

  if (call->arguments != NULL)
    input = sc_json_parse_object (call->arguments, -1, NULL);
  json_object_set_string_member (block, "id", call->id);
  json_object_set_string_member (block, "name", call->name);
  /* Arguments that are no object were answered as an error; what goes back must be one. */
  json_object_set_object_member (block, "input", input != NULL ? input : json_object_new ());
  take_block (writer, SC_ROLE_ASSISTANT, block);
}

static gboolean
is_call_of (const ScMessage *message,
            const char      *id)
{
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    if (g_strcmp0 (((ScToolCall *) g_ptr_array_index (message->tool_calls, i))->id, id) == 0)
      return TRUE;
  return FALSE;
}

/* The content as it came, if it came from this model and if all its calls will be answered. */
static JsonObject *
parse_raw (const ScAnthropicVariant *variant,
           const ScMessage          *message)
{
  g_autoptr (JsonObject) raw = NULL;
  JsonArray *content;
  guint n_calls = 0;

  if (message->raw == NULL || g_strcmp0 (message->raw_model, variant->model) != 0 ||
      g_strcmp0 (message->raw_protocol, variant->protocol) != 0)
    return NULL;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  content = sc_json_get_array (raw, "content");
  if (content == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (content); i++)
    {
      JsonObject *block = sc_json_get_element_object (content, i);

      if (block == NULL)
        return NULL;
      if (g_strcmp0 (sc_json_get_string (block, "type"), "tool_use") != 0)
        continue;
      if (!is_call_of (message, sc_json_get_string (block, "id")))
        return NULL;
      n_calls++;
    }
  if (n_calls != (message->tool_calls != NULL ? message->tool_calls->len : 0))
    return NULL;
  return g_steal_pointer (&raw);
}

static void
write_assistant (Writer                   *writer,
                 const ScAnthropicVariant *variant,
                 const ScMessage          *message)
{
  g_autoptr (JsonObject) raw = parse_raw (variant, message);
  JsonObject *text;

  if (raw != NULL)
    {
      JsonArray *content = sc_json_get_array (raw, "content");

      for (guint i = 0; i < json_array_get_length (content); i++)
        {
          JsonObject *block = sc_json_get_element_object (content, i);
          const char *said = sc_json_get_string (block, "text");

          if (said == NULL || !is_blank (said))
            take_block (writer, SC_ROLE_ASSISTANT, json_object_ref (block));
        }
      return;
    }
  text = create_text (message->text);
  if (text != NULL)
    take_block (writer, SC_ROLE_ASSISTANT, text);
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    write_call (writer, g_ptr_array_index (message->tool_calls, i));
}

/* A plain string where that says it all: compatible servers take that everywhere. */
static gboolean
set_result_content (JsonObject       *block,
                    const ScMessage  *result,
                    GError          **error)
{
  g_autoptr (JsonArray) content = NULL;
  JsonObject *text;

  if (result->attachments == NULL || result->attachments->len == 0)
    {
      json_object_set_string_member (block, "content", result->text);
      return TRUE;
    }
  content = json_array_new ();
  text = create_text (result->text);
  if (text != NULL)
    json_array_add_object_element (content, text);
  for (guint i = 0; i < result->attachments->len; i++)
    {
      JsonObject *part = create_attachment (g_ptr_array_index (result->attachments, i), error);

      if (part == NULL)
        return FALSE;
      json_array_add_object_element (content, part);
    }
  json_object_set_array_member (block, "content", g_steal_pointer (&content));
  return TRUE;
}

static gboolean
write_result (Writer           *writer,
              const char       *id,
              const ScMessage  *result,
              GError          **error)
{
  g_autoptr (JsonObject) block = create_block ("tool_result");

  json_object_set_string_member (block, "tool_use_id", id);
  if (result == NULL)
    json_object_set_string_member (block, "content", SC_REQUEST_NO_RESULT);
  else if (!set_result_content (block, result, error))
    return FALSE;
  if (result == NULL || result->tool_failed)
    json_object_set_boolean_member (block, "is_error", TRUE);
  take_block (writer, SC_ROLE_USER, g_steal_pointer (&block));
  return TRUE;
}

/* Answers every call of the assistant message before @first. Returns the index of the first message
 * after the results, 0 on failure. */
static guint
write_results (Writer           *writer,
               const ScMessage  *assistant,
               GPtrArray        *all,
               guint             first,
               GError          **error)
{
  g_autoptr (GPtrArray) results = NULL;
  guint end;

  results = sc_request_parts_find_results (assistant, all, first, &end);
  for (guint i = 0; i < results->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (assistant->tool_calls, i);

      if (!write_result (writer, call->id, g_ptr_array_index (results, i), error))
        return 0;
    }
  return end;
}

/* An answer that is to be gone on with must not end in white space. */
static void
trim_last (Writer *writer)
{
  guint n = writer->content != NULL ? json_array_get_length (writer->content) : 0;
  JsonObject *last = n > 0 ? sc_json_get_element_object (writer->content, n - 1) : NULL;
  const char *text = sc_json_get_string (last, "text");
  g_autofree char *trimmed = NULL;

  if (writer->role != SC_ROLE_ASSISTANT || text == NULL)
    return;
  trimmed = g_strchomp (g_strdup (text));
  json_object_set_string_member (last, "text", trimmed);
}

/* A message of one text is sent as that text. */
static void
simplify (JsonArray *messages)
{
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = sc_json_get_element_object (messages, i);
      JsonArray *content = sc_json_get_array (message, "content");
      JsonObject *block = sc_json_get_element_object (content, 0);
      g_autofree char *text = g_strdup (sc_json_get_string (block, "text"));

      if (json_array_get_length (content) == 1 && json_object_get_size (block) == 2 &&
          text != NULL && g_strcmp0 (sc_json_get_string (block, "type"), "text") == 0)
        json_object_set_string_member (message, "content", text);
    }
}

JsonArray *
sc_anthropic_create_messages (const ScAnthropicVariant  *variant,
                              const ScPrompt            *prompt,
                              GError                   **error)
{
  g_autoptr (JsonArray) messages = json_array_new ();
  Writer writer = { .messages = messages };
  guint i = 0;

  while (i < prompt->messages->len)
    {
      const ScMessage *message = g_ptr_array_index (prompt->messages, i);

      i++;
      if (message->role == SC_ROLE_USER && !write_user (&writer, message, error))
        return NULL;
      /* Instructions go into `system`; a tool message that answers no call is an error to the API.
       * */
      if (message->role != SC_ROLE_ASSISTANT)
        continue;
      write_assistant (&writer, variant, message);
      if (sc_request_parts_has_calls (message))
        {
          i = write_results (&writer, message, prompt->messages, i, error);
          if (i == 0)
            return NULL;
        }
    }
  trim_last (&writer);
  simplify (messages);
  return g_steal_pointer (&messages);
}
