/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plain records of the history. */

#include "config.h"

#include "sc-store.h"

#include "sc-json.h"
#include "sc-message.h"

#include <string.h>

ScConversationRecord *
sc_conversation_record_copy (const ScConversationRecord *self)
{
  ScConversationRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScConversationRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->title = g_strdup (self->title);
  copy->provider = g_strdup (self->provider);
  copy->model = g_strdup (self->model);
  copy->system_prompt = g_strdup (self->system_prompt);
  copy->parameters = g_strdup (self->parameters);
  copy->snippet = g_strdup (self->snippet);
  copy->head = g_strdup (self->head);
  return copy;
}

void
sc_conversation_record_free (ScConversationRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->provider);
  g_free (self->model);
  g_free (self->system_prompt);
  g_free (self->parameters);
  g_free (self->snippet);
  g_free (self->head);
  g_free (self);
}

void
sc_usage_record_free (ScUsageRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->day);
  g_free (self->provider);
  g_free (self->model);
  g_free (self);
}

ScTurnRecord *
sc_turn_record_copy (const ScTurnRecord *self)
{
  ScTurnRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScTurnRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->conversation = g_strdup (self->conversation);
  copy->parent = g_strdup (self->parent);
  copy->role = g_strdup (self->role);
  copy->text = g_strdup (self->text);
  copy->reasoning = g_strdup (self->reasoning);
  copy->data = g_strdup (self->data);
  copy->files = self->files != NULL ? g_ptr_array_ref (self->files) : NULL;
  copy->model = g_strdup (self->model);
  copy->provider = g_strdup (self->provider);
  return copy;
}

GPtrArray *
sc_turn_record_parse_files (JsonObject *data)
{
  JsonArray *array = sc_json_get_array (data, "attachments");
  guint n = array != NULL ? json_array_get_length (array) : 0;
  GPtrArray *files = NULL;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *object = sc_json_get_element_object (array, i);
      const char *encoded = sc_json_get_string (object, "data");
      ScAttachment *file;
      guchar *bytes;
      gsize length = 0;

      if (object == NULL)
        continue;
      if (files == NULL)
        files = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_attachment_free);
      bytes = g_base64_decode (encoded != NULL ? encoded : "", &length);
      file = g_new0 (ScAttachment, 1);
      file->name = g_strdup (sc_json_get_string (object, "name"));
      file->media_type = g_strdup (sc_json_get_string (object, "media_type"));
      file->data = g_bytes_new_take (bytes, length);
      g_ptr_array_add (files, file);
    }
  return files;
}

void
sc_turn_record_open_files (ScTurnRecord *self)
{
  g_autoptr (JsonObject) data = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_return_if_fail (self != NULL);

  if (self->files != NULL || self->data == NULL || strstr (self->data, "\"attachments\":[") == NULL)
    return;
  data = sc_json_parse_object (self->data, -1, NULL);
  if (data == NULL)
    return;
  self->files = sc_turn_record_parse_files (data);
  if (self->files == NULL)
    return;
  json_object_remove_member (data, "attachments");
  g_clear_pointer (&self->data, g_free);
  if (json_object_get_size (data) == 0)
    return;
  node = json_node_init_object (json_node_alloc (), data);
  self->data = sc_json_to_string (node, FALSE);
}

void
sc_turn_record_free (ScTurnRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->conversation);
  g_free (self->parent);
  g_free (self->role);
  g_free (self->text);
  g_free (self->reasoning);
  g_free (self->data);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self->model);
  g_free (self->provider);
  g_free (self);
}

static void
append_base64 (GString *out,
               GBytes  *bytes)
{
  gsize length = 0;
  const guchar *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  gsize at = out->len;
  int state = 0;
  int save = 0;

  /* In place: a copy of a large file is as dear as its encoding. */
  g_string_set_size (out, at + (length / 3 + 1) * 4 + 4);
  if (length > 0)
    at += g_base64_encode_step (data, length, FALSE, out->str + at, &state, &save);
  at += g_base64_encode_close (FALSE, out->str + at, &state, &save);
  g_string_truncate (out, at);
}

static void
append_file (GString            *out,
             const ScAttachment *file)
{
  g_string_append_c (out, '{');
  if (file->name != NULL)
    {
      g_string_append (out, "\"name\":");
      sc_json_append_quoted (out, file->name, -1);
      g_string_append_c (out, ',');
    }
  if (file->media_type != NULL)
    {
      g_string_append (out, "\"media_type\":");
      sc_json_append_quoted (out, file->media_type, -1);
      g_string_append_c (out, ',');
    }
  g_string_append (out, "\"data\":\"");
  append_base64 (out, file->data);
  g_string_append (out, "\"}");
}

void
sc_turn_record_settle_files (ScTurnRecord *self)
{
  GString *out;

  g_return_if_fail (self != NULL);

  if (self->files == NULL)
    return;
  out = g_string_new (self->data);
  /* The data ends with the bracket of its object. */
  if (out->len > 0)
    g_string_overwrite (out, out->len - 1, ",");
  else
    g_string_append_c (out, '{');
  g_string_append (out, "\"attachments\":[");
  for (guint i = 0; i < self->files->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_file (out, g_ptr_array_index (self->files, i));
    }
  g_string_append (out, "]}");
  g_free (self->data);
  self->data = g_string_free (out, FALSE);
  g_clear_pointer (&self->files, g_ptr_array_unref);
}
