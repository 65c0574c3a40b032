/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-request-parts.h. Knows no member of any protocol's messages. */

#include "config.h"

#include "sc-request-parts.h"
#include "sc-json.h"

#include <string.h>

static const char *const text_types[] = {
  "application/json",     "application/xml",  "application/javascript", "application/x-sh",
  "application/x-shellscript", "application/yaml", "application/x-yaml", "application/toml",
  "application/sql",      "application/x-tex", "application/x-perl",    "application/x-php",
  "application/x-ruby",   "application/x-python", NULL,
};

gboolean
sc_request_parts_is_text (const ScAttachment *attachment)
{
  const char *type = attachment->media_type != NULL ? attachment->media_type : "";
  gsize length;
  const char *bytes;

  if (g_str_has_prefix (type, "text/") || g_str_has_suffix (type, "+json") ||
      g_str_has_suffix (type, "+xml") || g_strv_contains (text_types, type))
    return TRUE;
  bytes = g_bytes_get_data (attachment->data, &length);
  return length > 0 && memchr (bytes, '\0', length) == NULL &&
         g_utf8_validate_len (bytes, length, NULL);
}

char *
sc_request_parts_dup_text (const ScAttachment *attachment)
{
  gsize length;
  const char *bytes = g_bytes_get_data (attachment->data, &length);
  g_autofree char *valid = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize) length);
  const char *name = attachment->name != NULL ? attachment->name : "";

  return g_strdup_printf ("File: %s\n\n%s", name, valid);
}

char *
sc_request_parts_dup_base64 (const ScAttachment *attachment)
{
  gsize length;
  const guchar *bytes = g_bytes_get_data (attachment->data, &length);

  return g_base64_encode (bytes, length);
}

char *
sc_request_parts_dup_data_url (const ScAttachment *attachment)
{
  GString *out = g_string_new (NULL);
  gsize length;
  const guchar *bytes = g_bytes_get_data (attachment->data, &length);
  gsize at;
  int state = 0;
  int save = 0;

  g_string_append_printf (out, "data:%s;base64,", attachment->media_type);
  at = out->len;
  /* In place: a copy of a large file is as dear as its encoding. */
  g_string_set_size (out, at + (length / 3 + 1) * 4 + 4);
  if (length > 0)
    at += g_base64_encode_step (bytes, length, FALSE, out->str + at, &state, &save);
  at += g_base64_encode_close (FALSE, out->str + at, &state, &save);
  g_string_truncate (out, at);

  return g_string_free (out, FALSE);
}

char *
sc_request_parts_dup_result (const ScMessage *result)
{
  if (result == NULL)
    return g_strdup (SC_REQUEST_NO_RESULT);
  if (result->tool_failed && !g_str_has_prefix (result->text, "Error"))
    return g_strconcat ("Error: ", result->text, NULL);
  return g_strdup (result->text);
}

const char *
sc_request_parts_get_arguments (const ScToolCall *call)
{
  g_autoptr (JsonObject) parsed = NULL;

  if (call->arguments != NULL)
    parsed = sc_json_parse_object (call->arguments, -1, NULL);
  return parsed != NULL ? call->arguments : "{}";
}

const ScMessage *
sc_request_parts_get_message (GPtrArray *messages,
                              guint      i)
{
  return i < messages->len ? g_ptr_array_index (messages, i) : NULL;
}

gboolean
sc_request_parts_has_calls (const ScMessage *message)
{
  return message->tool_calls != NULL && message->tool_calls->len > 0;
}

GPtrArray *
sc_request_parts_find_results (const ScMessage *assistant,
                               GPtrArray       *messages,
                               guint            first,
                               guint           *end)
{
  GPtrArray *results = g_ptr_array_new ();
  g_autofree gboolean *used = NULL;

  *end = first;
  while (*end < messages->len &&
         sc_request_parts_get_message (messages, *end)->role == SC_ROLE_TOOL)
    (*end)++;
  used = g_new0 (gboolean, *end - first + 1);
  for (guint c = 0; c < assistant->tool_calls->len; c++)
    {
      const ScToolCall *call = g_ptr_array_index (assistant->tool_calls, c);
      const ScMessage *result = NULL;

      for (guint i = first; i < *end && result == NULL; i++)
        {
          const ScMessage *message = sc_request_parts_get_message (messages, i);

          if (!used[i - first] && g_strcmp0 (message->tool_call_id, call->id) == 0)
            {
              used[i - first] = TRUE;
              result = message;
            }
        }
      g_ptr_array_add (results, (gpointer) result);
    }
  return results;
}

gboolean
sc_request_parts_read_tool (JsonNode      *definition,
                            ScRequestTool *tool)
{
  static const char *const schema_names[] = { "parameters", "inputSchema", "input_schema" };
  JsonObject *object = NULL;
  JsonObject *function;
  const char *type;

  if (JSON_NODE_HOLDS_OBJECT (definition))
    object = json_node_get_object (definition);
  function = sc_json_get_object (object, "function");
  type = sc_json_get_string (object, "type");
  if (object == NULL || (function == NULL && type != NULL && strcmp (type, "function") != 0 &&
                         strcmp (type, "custom") != 0))
    return FALSE;
  tool->source = function != NULL ? function : object;
  tool->name = sc_json_get_string (tool->source, "name");
  tool->description = sc_json_get_string (tool->source, "description");
  tool->schema = NULL;
  for (guint i = 0; tool->schema == NULL && i < G_N_ELEMENTS (schema_names); i++)
    if (sc_json_get_object (tool->source, schema_names[i]) != NULL)
      tool->schema = json_object_get_member (tool->source, schema_names[i]);
  return tool->name != NULL;
}

JsonNode *
sc_request_parts_dup_schema (const ScRequestTool *tool)
{
  JsonObject *empty;
  JsonNode *node;

  if (tool->schema != NULL)
    return json_node_copy (tool->schema);
  empty = json_object_new ();
  json_object_set_string_member (empty, "type", "object");
  json_object_set_object_member (empty, "properties", json_object_new ());
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, empty);
  return node;
}
