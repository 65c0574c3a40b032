/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of Cohere's chat, version 2 (protocols.md section 8): messages and tools as openai-chat
 * has them, everything else in words of its own. Must not know how the answer is read, but for the
 * parts of it that go back. */

#include "config.h"

#include "sc-cohere.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-openai-chat-private.h"
#include "sc-request-headers.h"
#include "sc-request-parameters.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

#define CHAT_PATH "v2/chat"

/* The list of models is still one of the first version. */
#define MODELS_PATH "v1/models"
#define PAGE_SIZE "1000"

/* What people put behind the host: addresses of either version, and the compatible endpoint. */
static const char *const tails[] = {
  "v2/chat", "v1/chat", "v1/models", "compatibility/v1", "v1", "v2",
};

static const char *const image_types[] = {
  "image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif", NULL,
};

/* Ours on the left. */
static const struct
{
  const char *name;
  const char *member;
} spellings[] = {
  { "top_p", "p" },
  { "top_k", "k" },
  { "stop", "stop_sequences" },
};

/* Tokens to think; the highest have no limit. */
static const struct
{
  const char *effort;
  gint64      budget;
} budgets[] = {
  { "minimal", 512 },
  { "low", 1024 },
  { "medium", 8192 },
};

static gboolean
add_attachment (JsonArray           *parts,
                const ScAttachment  *attachment,
                GError             **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";
  JsonObject *part;

  if (g_strv_contains (image_types, type))
    {
      g_autofree char *url = sc_request_parts_dup_data_url (attachment);
      JsonObject *image = json_object_new ();

      json_object_set_string_member (image, "url", url);
      part = json_object_new ();
      json_object_set_string_member (part, "type", "image_url");
      json_object_set_object_member (part, "image_url", image);
    }
  else if (sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      part = json_object_new ();
      json_object_set_string_member (part, "type", "text");
      json_object_set_string_member (part, "text", text);
    }
  else
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and GIF pictures "
                     "and text files."),
                   attachment->name != NULL && *attachment->name != '\0' ? attachment->name : type);
      return FALSE;
    }
  json_array_add_object_element (parts, part);
  return TRUE;
}

static void
copy_member (JsonObject *to,
             JsonObject *from,
             const char *name)
{
  if (json_object_has_member (from, name))
    json_object_set_member (to, name, json_node_copy (json_object_get_member (from, name)));
}

/* Thinking and the plan for the tools go back to the model that made them; beside calls an empty
 * text is refused. */
static void
add_raw (JsonObject      *object,
         const ScMessage *message,
         const char      *model)
{
  g_autoptr (JsonObject) raw = NULL;

  if (*message->text == '\0')
    json_object_remove_member (object, "content");
  if (message->raw == NULL || g_strcmp0 (message->raw_protocol, "cohere") != 0 ||
      g_strcmp0 (message->raw_model, model) != 0)
    return;
  raw = sc_json_parse_object (message->raw, -1, NULL);
  if (raw == NULL)
    return;
  copy_member (object, raw, "content");
  copy_member (object, raw, "tool_plan");
}

static const ScOpenaiChatDialect dialect = {
  .add_attachment = add_attachment,
  .add_raw = add_raw,
};

static void
add_thinking (JsonObject *body,
              const char *effort)
{
  JsonObject *thinking = json_object_new ();
  gboolean is_off = strcmp (effort, "none") == 0;

  json_object_set_string_member (thinking, "type", is_off ? "disabled" : "enabled");
  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    if (strcmp (effort, budgets[i].effort) == 0)
      json_object_set_int_member (thinking, "token_budget", budgets[i].budget);
  json_object_set_object_member (body, "thinking", thinking);
}

/* `auto` is what is done without a word; one tool alone cannot be demanded, only any. */
static void
add_tool_choice (JsonObject *body,
                 JsonNode   *value)
{
  const char *word = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

  if (JSON_NODE_HOLDS_OBJECT (value) || g_strcmp0 (word, "any") == 0)
    word = "required";
  if (word != NULL && g_ascii_strcasecmp (word, "auto") != 0)
    {
      g_autofree char *upper = g_ascii_strup (word, -1);

      json_object_set_string_member (body, "tool_choice", upper);
    }
}

static void
add_stop (JsonObject *body,
          JsonNode   *value)
{
  JsonArray *words = json_array_new ();

  json_array_add_element (words, json_node_copy (value));
  json_object_set_array_member (body, "stop_sequences", words);
}

/* The schema stands beside the type, without the name that Chat Completions gives it. */
static void
add_format (JsonObject *body,
            JsonNode   *value)
{
  JsonObject *format;
  JsonNode *schema;

  if (!sc_request_parameters_read_format (value, &schema) || schema == NULL)
    {
      json_object_set_member (body, "response_format", json_node_copy (value));
      return;
    }
  format = json_object_new ();
  json_object_set_string_member (format, "type", "json_object");
  json_object_set_member (format, "json_schema", json_node_copy (schema));
  json_object_set_object_member (body, "response_format", format);
}

static void
add_parameter (JsonObject *body,
               const char *name,
               JsonNode   *value)
{
  const char *member = sc_request_parameters_get_name (name);

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (strcmp (member, spellings[i].name) == 0)
      member = spellings[i].member;
  if (JSON_NODE_HOLDS_NULL (value))
    {
      if (json_object_has_member (body, member))
        json_object_remove_member (body, member);
    }
  else if (strcmp (member, "response_format") == 0)
    add_format (body, value);
  else if (strcmp (member, "stop_sequences") == 0 && JSON_NODE_HOLDS_VALUE (value))
    add_stop (body, value);
  else
    json_object_set_member (body, member, json_node_copy (value));
}

static void
add_parameters (JsonObject *body,
                JsonNode   *parameters)
{
  static const char *const fixed[] = {
    "messages", "model", "stream", "stream_options", "parallel_tool_calls", NULL,
  };
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (parameters == NULL || !JSON_NODE_HOLDS_OBJECT (parameters))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (parameters));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const char *word = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

      if (g_strv_contains (fixed, name))
        continue;
      if (strcmp (name, "tool_choice") == 0)
        add_tool_choice (body, value);
      else if (strcmp (name, "reasoning_effort") == 0)
        {
          if (word != NULL && *word != '\0')
            add_thinking (body, word);
        }
      else
        add_parameter (body, name, value);
    }
}

static JsonNode *
create_body (const ScProfile  *profile,
             const ScPrompt   *prompt,
             GError          **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  const char *model =
    prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  JsonArray *messages;

  json_node_take_object (node, body);
  messages = sc_openai_chat_create_messages (prompt, "system", &dialect, error);
  if (messages == NULL)
    return NULL;
  if (model != NULL && *model != '\0')
    json_object_set_string_member (body, "model", model);
  json_object_set_array_member (body, "messages", messages);
  json_object_set_boolean_member (body, "stream", prompt->stream);
  sc_openai_chat_add_tools (body, prompt->tools);
  add_parameters (body, prompt->parameters);
  return g_steal_pointer (&node);
}

static char *
make_url (const ScProfile  *profile,
          const char       *path,
          GError          **error)
{
  g_autofree char *base = g_strdup (profile->base_url);

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      char *shorter = sc_base_url_strip (base, tails[i]);

      g_free (base);
      base = shorter;
    }
  return sc_base_url_join (base, NULL, path, error);
}

static void
set_headers (ScHttpRequest   *request,
             const ScProfile *profile)
{
  if (profile->key != NULL && *profile->key != '\0')
    sc_request_headers_set_bearer (request, profile->key);
  sc_request_headers_add_extra (request, profile);
}

ScHttpRequest *
sc_cohere_build_request (const ScProfile  *profile,
                         const ScPrompt   *prompt,
                         GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  url = make_url (profile, CHAT_PATH, error);
  body = url != NULL ? create_body (profile, prompt, error) : NULL;
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, sc_json_to_string (body, FALSE));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  set_headers (request, profile);
  return g_steal_pointer (&request);
}

ScHttpRequest *
sc_cohere_build_models_request (const ScProfile  *profile,
                                const char       *page,
                                GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;
  g_autofree char *token = NULL;
  g_autofree char *full = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  url = make_url (profile, MODELS_PATH, error);
  if (url == NULL)
    return NULL;
  token = page != NULL ? g_uri_escape_string (page, NULL, FALSE) : NULL;
  full = g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?",
                      "endpoint=chat&page_size=" PAGE_SIZE,
                      token != NULL ? "&page_token=" : NULL, token, NULL);
  request = sc_http_request_new ("GET", full);
  sc_http_request_set_header (request, "Accept", "application/json");
  set_headers (request, profile);
  return g_steal_pointer (&request);
}
