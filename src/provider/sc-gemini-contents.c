/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The `contents` of a Gemini request (protocols.md section 5): turns of the user and of the model,
 * made of parts. Must not know addresses, parameters and tools. */

#include "config.h"

#include "sc-gemini-private.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the service takes for the signature of a call that another model made; without one Gemini 3
   refuses the turn. */
#define FOREIGN_SIGNATURE "skip_thought_signature_validator"

/* Types that are taken as they are; everything that is text goes as text. */
static const char *const media_types[] = {
  "image/png", "image/jpeg", "image/webp", "image/heic", "image/heif", "application/pdf",
  "audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp3", "audio/aiff", "audio/aac", "audio/ogg",
  "audio/flac", "audio/mp4", "audio/webm", "video/mp4", "video/mpeg", "video/quicktime",
  "video/mov", "video/avi", "video/x-msvideo", "video/x-flv", "video/mpg", "video/webm",
  "video/x-ms-wmv", "video/wmv", "video/3gpp", NULL,
};

static JsonArray *
add_content (JsonArray  *contents,
             const char *role)
{
  JsonObject *content = json_object_new ();
  JsonArray *parts = json_array_new ();

  json_object_set_string_member (content, "role", role);
  json_object_set_array_member (content, "parts", parts);
  json_array_add_object_element (contents, content);
  return parts;
}

static JsonObject *
add_part (JsonArray *parts)
{
  JsonObject *part = json_object_new ();

  json_array_add_object_element (parts, part);
  return part;
}

static void
add_text (JsonArray  *parts,
          const char *text)
{
  /* An empty part is refused. */
  if (text != NULL && *text != '\0')
    json_object_set_string_member (add_part (parts), "text", text);
}

static gboolean
add_attachment (JsonArray           *parts,
                const ScAttachment  *attachment,
                GError             **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";

  if (strcmp (type, "image/jpg") == 0)
    type = "image/jpeg";
  if (g_strv_contains (media_types, type))
    {
      g_autofree char *data = sc_request_parts_dup_base64 (attachment);
      JsonObject *blob = json_object_new ();

      json_object_set_string_member (blob, "mimeType", type);
      json_object_set_string_member (blob, "data", data);
      json_object_set_object_member (add_part (parts), "inlineData", blob);
      return TRUE;
    }
  if (sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      add_text (parts, text);
      return TRUE;
    }
  g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
               _("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and HEIC pictures, PDF, "
                 "sound, films and text files."),
               attachment->name != NULL && *attachment->name != '\0' ? attachment->name : type);
  return FALSE;
}

static gboolean
add_attachments (JsonArray        *parts,
                 const ScMessage  *message,
                 GError          **error)
{
  for (guint i = 0; message->attachments != NULL && i < message->attachments->len; i++)
    if (!add_attachment (parts, g_ptr_array_index (message->attachments, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_user (JsonArray        *contents,
          const ScMessage  *message,
          GError          **error)
{
  gboolean has_files = message->attachments != NULL && message->attachments->len > 0;
  JsonArray *parts;

  if (*message->text == '\0' && !has_files)
    return TRUE;
  parts = add_content (contents, "user");
  add_text (parts, message->text);
  return add_attachments (parts, message, error);
}

/* `args` has to be an object, whatever the model wrote. */
static void
set_args (JsonObject *call,
          const char *arguments)
{
  JsonObject *args = sc_json_parse_object (arguments, -1, NULL);

  if (args == NULL)
    {
      args = json_object_new ();
      json_object_set_string_member (args, "arguments", arguments);
    }
  json_object_set_object_member (call, "args", args);
}

static void
add_foreign_calls (JsonArray       *parts,
                   const ScMessage *message,
                   gboolean         needs_signature)
{
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (message->tool_calls, i);
      JsonObject *object = json_object_new ();
      JsonObject *part = add_part (parts);

      json_object_set_string_member (object, "name", call->name);
      set_args (object, call->arguments);
      json_object_set_object_member (part, "functionCall", object);
      /* The first of parallel calls carries it for all. */
      if (needs_signature && i == 0)
        json_object_set_string_member (part, "thoughtSignature", FOREIGN_SIGNATURE);
    }
}

/* The calls of raw parts, in order, as far as the decoder took them for calls. */
static GPtrArray *
list_raw_calls (JsonArray *parts)
{
  GPtrArray *calls = g_ptr_array_new ();

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    {
      JsonObject *call = sc_json_get_object (sc_json_get_element_object (parts, i), "functionCall");
      const char *name = sc_json_get_string (call, "name");

      if (name != NULL && *name != '\0')
        g_ptr_array_add (calls, call);
    }
  return calls;
}

/* The message as the model said it, or NULL where it is another's or does not fit the calls that
   are told. */
static JsonObject *
parse_raw (const ScMessage *message,
           const ScProfile *profile,
           const char      *model)
{
  g_autoptr (JsonObject) raw = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  guint n_told = message->tool_calls != NULL ? message->tool_calls->len : 0;

  if (message->raw == NULL || g_strcmp0 (message->raw_protocol, profile->protocol) != 0 ||
      g_strcmp0 (message->raw_model, model) != 0)
    return NULL;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  calls = list_raw_calls (sc_json_get_array (raw, "parts"));
  if (sc_json_get_array (raw, "parts") == NULL || calls->len != n_told)
    return NULL;
  return g_steal_pointer (&raw);
}

/* A result names its call by the id that the service gave, where it gave one; else order and name
   tell. */
static void
add_result (JsonArray        *parts,
            const ScToolCall *call,
            const char       *id,
            const ScMessage  *result)
{
  JsonObject *object = json_object_new ();
  JsonObject *response = json_object_new ();
  const char *text = result != NULL ? result->text : SC_REQUEST_NO_RESULT;
  gboolean has_failed = result == NULL || result->tool_failed;

  if (id != NULL)
    json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", call->name);
  json_object_set_string_member (response, has_failed ? "error" : "output", text);
  json_object_set_object_member (object, "response", response);
  json_object_set_object_member (add_part (parts), "functionResponse", object);
}

/* All results in one turn of the user, what they show as pictures in the next. Returns the index of
 * the first message after them, 0 on failure. */
static guint
add_results (JsonArray        *contents,
             const ScMessage  *assistant,
             JsonObject       *raw,
             GPtrArray        *all,
             guint             first,
             GError          **error)
{
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) raw_calls = list_raw_calls (sc_json_get_array (raw, "parts"));
  JsonArray *parts = add_content (contents, "user");
  JsonArray *shown = NULL;
  guint end;

  results = sc_request_parts_find_results (assistant, all, first, &end);
  for (guint i = 0; i < assistant->tool_calls->len; i++)
    add_result (parts, g_ptr_array_index (assistant->tool_calls, i),
                i < raw_calls->len ? sc_json_get_string (raw_calls->pdata[i], "id") : NULL,
                g_ptr_array_index (results, i));
  for (guint i = first; i < end; i++)
    {
      const ScMessage *result = sc_request_parts_get_message (all, i);

      if (result->attachments == NULL || result->attachments->len == 0)
        continue;
      if (shown == NULL)
        shown = add_content (contents, "user");
      if (!add_attachments (shown, result, error))
        return 0;
    }
  return end;
}

/* Returns the index of the next message to say, 0 on failure. */
static guint
add_assistant (JsonArray        *contents,
               const ScProfile  *profile,
               const ScPrompt   *prompt,
               guint             i,
               GError          **error)
{
  const ScMessage *message = sc_request_parts_get_message (prompt->messages, i);
  g_autoptr (JsonObject) raw = parse_raw (message, profile, prompt->model);

  gboolean has_calls = sc_request_parts_has_calls (message);

  if (*message->text == '\0' && !has_calls && raw == NULL)
    return i + 1;
  if (raw != NULL)
    {
      JsonObject *content = json_object_new ();

      json_object_set_string_member (content, "role", "model");
      json_object_set_array_member (content, "parts",
                                    json_array_ref (sc_json_get_array (raw, "parts")));
      json_array_add_object_element (contents, content);
    }
  else
    {
      JsonArray *parts = add_content (contents, "model");

      add_text (parts, message->text);
      add_foreign_calls (parts, message,
                         sc_gemini_get_thinking (prompt->model) == SC_GEMINI_THINKING_LEVEL);
    }
  if (!has_calls)
    return i + 1;
  return add_results (contents, message, raw, prompt->messages, i + 1, error);
}

JsonArray *
sc_gemini_create_contents (const ScProfile  *profile,
                           const ScPrompt   *prompt,
                           GError          **error)
{
  g_autoptr (JsonArray) contents = json_array_new ();
  guint i = 0;

  while (i < prompt->messages->len)
    {
      const ScMessage *message = sc_request_parts_get_message (prompt->messages, i);

      if (message->role == SC_ROLE_ASSISTANT)
        {
          i = add_assistant (contents, profile, prompt, i, error);
          if (i == 0)
            return NULL;
          continue;
        }
      /* Instructions stand apart, and a result that answers no call is an error to the service. */
      if (message->role == SC_ROLE_USER && !add_user (contents, message, error))
        return NULL;
      i++;
    }
  return g_steal_pointer (&contents);
}

JsonObject *
sc_gemini_create_instruction (const ScPrompt *prompt)
{
  g_autoptr (JsonArray) parts = json_array_new ();
  JsonObject *instruction;

  add_text (parts, prompt->system);
  for (guint i = 0; i < prompt->messages->len; i++)
    {
      const ScMessage *message = sc_request_parts_get_message (prompt->messages, i);

      if (message->role == SC_ROLE_SYSTEM)
        add_text (parts, message->text);
    }
  if (json_array_get_length (parts) == 0)
    return NULL;
  instruction = json_object_new ();
  json_object_set_array_member (instruction, "parts", g_steal_pointer (&parts));
  return instruction;
}
