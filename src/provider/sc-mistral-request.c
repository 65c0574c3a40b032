/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of Mistral (protocols.md section 7): those of openai-chat without the members that the
 * service refuses, with its own order of roles and its own ids of calls. Must not know how the
 * answer is read, but for the parts of it that go back. */

#include "config.h"

#include "sc-mistral.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-openai-chat-private.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

#define CALL_ID_CHARS 9

/* What the model is taken to have said between the results of its tools and the next word of the
 * user: the service wants it to speak in between. */
#define BETWEEN "Done."

static const char *const image_types[] = {
  "image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif", NULL,
};

static const char *const audio_types[] = {
  "audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp3", "audio/flac", "audio/ogg", NULL,
};

/* Ours on the left. The service refuses what it does not know: that is left out. */
static const struct
{
  const char *name;
  const char *member;
} spellings[] = {
  { "seed", "random_seed" },
  { "max_completion_tokens", "max_tokens" },
  { "top_k", "" },
  { "stream_options", "" },
};

char *
sc_mistral_dup_call_id (const char *id)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  g_autoptr (GChecksum) sum = NULL;
  guint8 bytes[32];
  gsize n_bytes = sizeof bytes;
  gsize n = 0;
  char made[CALL_ID_CHARS + 1] = "";

  g_return_val_if_fail (id != NULL, NULL);

  while (g_ascii_isalnum (id[n]))
    n++;
  if (n == CALL_ID_CHARS && id[n] == '\0')
    return g_strdup (id);
  sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) id, -1);
  g_checksum_get_digest (sum, bytes, &n_bytes);
  for (guint i = 0; i < CALL_ID_CHARS; i++)
    made[i] = digits[bytes[i] % strlen (digits)];
  return g_strdup (made);
}

static void
add_part (JsonArray  *parts,
          const char *type,
          const char *value)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", type);
  json_object_set_string_member (part, type, value);
  json_array_add_object_element (parts, part);
}

static gboolean
add_attachment (JsonArray           *parts,
                const ScAttachment  *attachment,
                GError             **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";
  g_autofree char *text = NULL;

  if (g_strv_contains (image_types, type))
    {
      text = sc_request_parts_dup_data_url (attachment);
      add_part (parts, "image_url", text);
    }
  else if (strcmp (type, "application/pdf") == 0)
    {
      text = sc_request_parts_dup_data_url (attachment);
      add_part (parts, "document_url", text);
      if (attachment->name != NULL && *attachment->name != '\0')
        json_object_set_string_member (
          json_array_get_object_element (parts, json_array_get_length (parts) - 1),
          "document_name", attachment->name);
    }
  else if (g_strv_contains (audio_types, type))
    {
      text = sc_request_parts_dup_base64 (attachment);
      add_part (parts, "input_audio", text);
    }
  else if (sc_request_parts_is_text (attachment))
    {
      text = sc_request_parts_dup_text (attachment);
      add_part (parts, "text", text);
    }
  else
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and GIF pictures, "
                     "PDF, sound and text files."),
                   attachment->name != NULL && *attachment->name != '\0' ? attachment->name : type);
      return FALSE;
    }
  return TRUE;
}

/* Thinking goes back to the model that thought it, in the place where it stood. */
static void
add_raw (JsonObject      *object,
         const ScMessage *message,
         const char      *model)
{
  g_autoptr (JsonObject) raw = NULL;

  if (message->raw == NULL || g_strcmp0 (message->raw_protocol, "mistral") != 0 ||
      g_strcmp0 (message->raw_model, model) != 0)
    return;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  if (sc_json_get_array (raw, "content") != NULL)
    json_object_set_member (object, "content",
                            json_node_copy (json_object_get_member (raw, "content")));
}

static const ScOpenaiChatDialect dialect = {
  .add_attachment = add_attachment,
  .add_raw = add_raw,
};

static void
replace_id (JsonObject *object,
            const char *name)
{
  const char *id = sc_json_get_string (object, name);
  g_autofree char *made = id != NULL ? sc_mistral_dup_call_id (id) : NULL;

  if (made != NULL)
    json_object_set_string_member (object, name, made);
}

static void
replace_ids (JsonObject *message)
{
  JsonArray *calls = sc_json_get_array (message, "tool_calls");
  guint n = calls != NULL ? json_array_get_length (calls) : 0;

  replace_id (message, "tool_call_id");
  for (guint i = 0; i < n; i++)
    replace_id (json_array_get_object_element (calls, i), "id");
}

static gboolean
has_role (JsonObject *message,
          const char *role)
{
  return message != NULL && strcmp (sc_json_get_string (message, "role"), role) == 0;
}

static void
add_between (JsonArray *messages)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "role", "assistant");
  json_object_set_string_member (message, "content", BETWEEN);
  json_array_add_object_element (messages, message);
}

/* Instructions first; after a tool the model, never the user; an answer at the end is one to go on
 * with. */
static JsonArray *
create_ordered (JsonArray *messages)
{
  JsonArray *ordered = json_array_new ();
  guint n = json_array_get_length (messages);
  JsonObject *last = NULL;

  for (guint i = 0; i < n; i++)
    if (has_role (json_array_get_object_element (messages, i), "system"))
      json_array_add_element (ordered, json_array_dup_element (messages, i));
  for (guint i = 0; i < n; i++)
    {
      JsonObject *message = json_array_get_object_element (messages, i);

      if (has_role (message, "system"))
        continue;
      if (has_role (last, "tool") && has_role (message, "user"))
        add_between (ordered);
      replace_ids (message);
      json_array_add_element (ordered, json_array_dup_element (messages, i));
      last = message;
    }
  if (has_role (last, "assistant"))
    json_object_set_boolean_member (last, "prefix", TRUE);
  return ordered;
}

static void
respell (JsonObject *body)
{
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      JsonNode *value = json_object_get_member (body, spellings[i].name);

      if (value == NULL)
        continue;
      if (*spellings[i].member != '\0')
        json_object_set_member (body, spellings[i].member, json_node_copy (value));
      json_object_remove_member (body, spellings[i].name);
    }
}

ScHttpRequest *
sc_mistral_build_request (const ScProfile  *profile,
                          const ScPrompt   *prompt,
                          GError          **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *body;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  node = sc_openai_chat_create_body (profile, prompt, &dialect, error);
  if (node == NULL)
    return NULL;
  body = json_node_get_object (node);
  json_object_set_array_member (body, "messages",
                                create_ordered (sc_json_get_array (body, "messages")));
  respell (body);
  return sc_openai_chat_create_request (profile, prompt, node, error);
}

ScDecoder *
sc_mistral_create_decoder (void)
{
  return sc_openai_chat_decoder_new (&dialect);
}
