/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items of a request (protocols.md sections 2 and 3). Must not know addresses, headers and
 * parameters. */

#include "config.h"

#include "sc-openai-items.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  const ScOpenaiItemsFlavour *flavour;
  const ScPrompt             *prompt;
  JsonArray                  *items;
} Builder;

static JsonObject *
add_typed (JsonArray  *array,
           const char *type)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  json_array_add_object_element (array, object);
  return object;
}

static void
add_text (JsonArray  *content,
          const char *type,
          const char *text)
{
  json_object_set_string_member (add_typed (content, type), "text", text);
}

static gboolean
refuse_attachment (const Builder       *self,
                   const ScAttachment  *attachment,
                   GError             **error)
{
  const char *name = attachment->name != NULL ? attachment->name : attachment->media_type;

  if (self->flavour->has_files)
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be sent: this provider takes pictures, PDF and text files."), name);
  else
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be sent: this provider takes pictures and text files."), name);
  return FALSE;
}

static gboolean
add_attachment (const Builder       *self,
                JsonArray           *content,
                const ScAttachment  *attachment,
                GError             **error)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";

  if (g_str_has_prefix (type, "image/") && strcmp (type, "image/svg+xml") != 0)
    {
      g_autofree char *url = sc_request_parts_dup_data_url (attachment);

      /* A plain string here, where Chat Completions has an object. */
      json_object_set_string_member (add_typed (content, "input_image"), "image_url", url);
    }
  else if (self->flavour->has_files && strcmp (type, "application/pdf") == 0)
    {
      JsonObject *file = add_typed (content, "input_file");
      g_autofree char *url = sc_request_parts_dup_data_url (attachment);

      json_object_set_string_member (file, "filename",
                                     attachment->name != NULL ? attachment->name : "file.pdf");
      json_object_set_string_member (file, "file_data", url);
    }
  else if (strcmp (type, "application/pdf") != 0 && sc_request_parts_is_text (attachment))
    {
      g_autofree char *text = sc_request_parts_dup_text (attachment);

      add_text (content, "input_text", text);
    }
  else
    return refuse_attachment (self, attachment, error);
  return TRUE;
}

static gboolean
add_attachments (const Builder  *self,
                 JsonArray      *content,
                 GPtrArray      *attachments,
                 GError        **error)
{
  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    if (!add_attachment (self, content, g_ptr_array_index (attachments, i), error))
      return FALSE;
  return TRUE;
}

static JsonArray *
add_message (const Builder *self,
             const char    *role)
{
  JsonObject *message = add_typed (self->items, "message");
  JsonArray *content = json_array_new ();

  json_object_set_string_member (message, "role", role);
  json_object_set_array_member (message, "content", content);
  return content;
}

static gboolean
add_user_message (const Builder    *self,
                  const ScMessage  *message,
                  GError          **error)
{
  JsonArray *content = add_message (self, "user");
  gboolean has_files = message->attachments != NULL && message->attachments->len > 0;

  if (*message->text != '\0' || !has_files)
    add_text (content, "input_text", message->text);
  return add_attachments (self, content, message->attachments, error);
}

static const ScToolCall *
find_call (const ScMessage *message,
           const char      *id)
{
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (message->tool_calls, i);

      if (g_strcmp0 (call->id, id) == 0)
        return call;
    }
  return NULL;
}

/* As it came, but: the service forgets what it was told not to store, and refuses an id it does not
 * know any more; and null is no value of an input where it is one of an output. */
static JsonObject *
copy_raw_item (JsonObject *item)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, item);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (strcmp (name, "id") != 0 && !JSON_NODE_HOLDS_NULL (value))
      json_object_set_member (copy, name, json_node_copy (value));
  return copy;
}

static gboolean
is_call_type (const char *type)
{
  return g_strcmp0 (type, "function_call") == 0 || g_strcmp0 (type, "custom_tool_call") == 0;
}

static JsonArray *
get_raw_items (JsonNode *raw)
{
  return raw != NULL && JSON_NODE_HOLDS_ARRAY (raw) ? json_node_get_array (raw) : NULL;
}

/* Reasoning that nothing follows is an error to the service. */
static guint
count_raw_items (JsonArray *raw)
{
  guint n = json_array_get_length (raw);

  while (n > 0 && g_strcmp0 (sc_json_get_string (sc_json_get_element_object (raw, n - 1), "type"),
                             "reasoning") == 0)
    n--;
  return n;
}

/* Returns the ids of the calls that are among the raw items. */
static GHashTable *
add_raw_items (const Builder   *self,
               const ScMessage *message,
               JsonArray       *raw)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint n = count_raw_items (raw);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = sc_json_get_element_object (raw, i);
      const char *type = sc_json_get_string (item, "type");
      const char *id = sc_json_get_string (item, "call_id");

      if (type == NULL)
        continue;
      if (is_call_type (type))
        {
          /* A call that is no part of the conversation any more has no answer in it either. */
          if (id == NULL || find_call (message, id) == NULL)
            continue;
          g_hash_table_replace (ids, g_strdup (id), g_strdup (type));
        }
      json_array_add_object_element (self->items, copy_raw_item (item));
    }
  return ids;
}

/* Encrypted reasoning can be read by the model that wrote it alone, over either transport. */
static JsonNode *
parse_raw (const Builder   *self,
           const ScMessage *message)
{
  static const char *const protocols[] = { "openai-responses", "openai-responses-ws", NULL };

  if (!self->flavour->has_raw || message->raw == NULL || message->raw_protocol == NULL ||
      g_strcmp0 (message->raw_model, self->prompt->model) != 0 ||
      !g_strv_contains (protocols, message->raw_protocol))
    return NULL;
  return sc_json_parse (message->raw, -1, NULL);
}

static void
add_assistant_text (const Builder   *self,
                    const ScMessage *message)
{
  JsonArray *content;

  if (*message->text == '\0')
    return;
  content = add_message (self, "assistant");
  add_text (content, "output_text", message->text);
  if (self->flavour->has_raw)
    json_object_set_array_member (json_array_get_object_element (content, 0), "annotations",
                                  json_array_new ());
}

static void
add_calls (const Builder   *self,
           const ScMessage *message,
           GHashTable      *ids)
{
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (message->tool_calls, i);
      JsonObject *item;

      if (ids != NULL && g_hash_table_contains (ids, call->id))
        continue;
      item = add_typed (self->items, "function_call");
      json_object_set_string_member (item, "call_id", call->id);
      json_object_set_string_member (item, "name", call->name);
      json_object_set_string_member (item, "arguments", sc_request_parts_get_arguments (call));
    }
}

/* Returns the types of the calls that stand among raw items, by id. */
static GHashTable *
add_assistant_message (const Builder   *self,
                       const ScMessage *message)
{
  g_autoptr (JsonNode) raw = parse_raw (self, message);
  JsonArray *raw_items = get_raw_items (raw);
  GHashTable *ids = NULL;

  if (raw_items != NULL)
    ids = add_raw_items (self, message, raw_items);
  else
    add_assistant_text (self, message);
  add_calls (self, message, ids);
  return ids;
}

static gboolean
set_output (const Builder    *self,
            JsonObject       *item,
            const ScMessage  *result,
            GError          **error)
{
  g_autofree char *text = sc_request_parts_dup_result (result);
  JsonArray *content;

  if (!self->flavour->has_files || result == NULL || result->attachments == NULL ||
      result->attachments->len == 0)
    {
      json_object_set_string_member (item, "output", text);
      return TRUE;
    }
  content = json_array_new ();
  json_object_set_array_member (item, "output", content);
  if (*text != '\0')
    add_text (content, "input_text", text);
  return add_attachments (self, content, result->attachments, error);
}

/* Where a result is words alone its pictures follow as a message of the user. */
static gboolean
add_result_attachments (const Builder  *self,
                        guint           first,
                        guint           end,
                        GError        **error)
{
  for (guint i = first; i < end && !self->flavour->has_files; i++)
    {
      const ScMessage *result = sc_request_parts_get_message (self->prompt->messages, i);

      if (result->attachments != NULL && result->attachments->len > 0 &&
          !add_attachments (self, add_message (self, "user"), result->attachments, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns the index of the first message after the results, 0 on failure. */
static guint
add_results (const Builder    *self,
             const ScMessage  *assistant,
             guint             first,
             GHashTable       *ids,
             GError          **error)
{
  g_autoptr (GPtrArray) results = NULL;
  guint end;

  results = sc_request_parts_find_results (assistant, self->prompt->messages, first, &end);
  for (guint i = 0; i < assistant->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (assistant->tool_calls, i);
      const char *type = ids != NULL ? g_hash_table_lookup (ids, call->id) : NULL;
      g_autofree char *answer = NULL;
      JsonObject *item;

      answer = g_strconcat (type != NULL ? type : "function_call", "_output", NULL);
      item = add_typed (self->items, answer);
      json_object_set_string_member (item, "call_id", call->id);
      if (!set_output (self, item, g_ptr_array_index (results, i), error))
        return 0;
    }
  return add_result_attachments (self, first, end, error) ? end : 0;
}

JsonArray *
sc_openai_items_create_input (const ScOpenaiItemsFlavour  *flavour,
                              const ScPrompt              *prompt,
                              GError                     **error)
{
  g_autoptr (JsonArray) items = json_array_new ();
  Builder builder = { flavour, prompt, items };
  guint i = 0;

  while (i < prompt->messages->len)
    {
      const ScMessage *message = sc_request_parts_get_message (prompt->messages, i++);
      g_autoptr (GHashTable) ids = NULL;

      if (message->role == SC_ROLE_SYSTEM)
        add_text (add_message (&builder, "system"), "input_text", message->text);
      else if (message->role == SC_ROLE_USER)
        {
          if (!add_user_message (&builder, message, error))
            return NULL;
        }
      else if (message->role == SC_ROLE_ASSISTANT)
        {
          ids = add_assistant_message (&builder, message);
          if (sc_request_parts_has_calls (message))
            i = add_results (&builder, message, i, ids, error);
          if (i == 0)
            return NULL;
        }
      /* A tool message that answers no call is an error to the service. */
    }
  return g_steal_pointer (&items);
}

static void
add_tool (JsonArray                  *array,
          const ScOpenaiItemsFlavour *flavour,
          JsonNode                   *definition)
{
  ScRequestTool tool;
  JsonObject *object;
  JsonNode *strict;
  const char *type = NULL;

  if (JSON_NODE_HOLDS_OBJECT (definition))
    type = sc_json_get_string (json_node_get_object (definition), "type");
  if (type != NULL && strcmp (type, "function") != 0)
    {
      /* One that runs at the service, or takes free text: `{"type":"web_search"}`. */
      json_array_add_element (array, json_node_copy (definition));
      return;
    }
  if (!sc_request_parts_read_tool (definition, &tool))
    return;
  object = add_typed (array, "function");
  json_object_set_string_member (object, "name", tool.name);
  if (tool.description != NULL)
    json_object_set_string_member (object, "description", tool.description);
  json_object_set_member (object, "parameters", sc_request_parts_dup_schema (&tool));
  if (!flavour->has_strict)
    return;
  strict = json_object_get_member (tool.source, "strict");
  if (strict != NULL)
    json_object_set_member (object, "strict", json_node_copy (strict));
  else
    json_object_set_boolean_member (object, "strict", FALSE);
}

JsonArray *
sc_openai_items_create_tools (const ScOpenaiItemsFlavour *flavour,
                              JsonNode                   *tools)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonArray *source = NULL;
  guint n;

  if (tools != NULL && JSON_NODE_HOLDS_ARRAY (tools))
    source = json_node_get_array (tools);
  n = source != NULL ? json_array_get_length (source) : 0;
  for (guint i = 0; i < n; i++)
    add_tool (array, flavour, json_array_get_element (source, i));
  return json_array_get_length (array) > 0 ? g_steal_pointer (&array) : NULL;
}
