/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation as JSON: everything, for another program or for coming back to. Its names are those of the history,
 * which are kept from version to version. */

#include "config.h"

#include "sc-export-private.h"

#include "sc-json.h"

#define FORMAT_NAME    "stream-chat-conversation"
#define FORMAT_VERSION 1

static void
set_time (JsonObject *object,
          const char *name,
          gint64      time_us)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (seconds != NULL)
    time = g_date_time_add (seconds, time_us % G_USEC_PER_SEC);
  if (time != NULL)
    text = g_date_time_format_iso8601 (time);
  sc_json_set_string (object, name, text);
}

static const char *
get_status_nick (ScTurnStatus status)
{
  switch (status)
    {
    case SC_TURN_STATUS_STREAMING:
      return "streaming";
    case SC_TURN_STATUS_STOPPED:
      return "stopped";
    case SC_TURN_STATUS_INTERRUPTED:
      return "interrupted";
    case SC_TURN_STATUS_FAILED:
      return "failed";
    case SC_TURN_STATUS_DONE:
    default:
      return "done";
    }
}

static void
append_object (GString    *out,
               JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, object);
  text = sc_json_to_string (node, FALSE);
  g_string_append (out, text);
}

static JsonObject *
create_head (ScExport *self)
{
  const ScConversationRecord *record = self->record;
  JsonObject *head = json_object_new ();

  sc_json_set_string (head, "format", FORMAT_NAME);
  json_object_set_int_member (head, "version", FORMAT_VERSION);
  sc_json_set_string (head, "id", record->id);
  sc_json_set_string (head, "title", self->title);
  set_time (head, "created", record->created_us);
  set_time (head, "updated", record->updated_us);
  sc_json_set_string (head, "provider", record->provider != NULL
                                  ? g_hash_table_lookup (self->providers, record->provider) : NULL);
  sc_json_set_string (head, "model", record->model);
  sc_json_set_string (head, "system_prompt", record->system_prompt);
  if (record->parameters != NULL)
    {
      g_autoptr (JsonObject) parameters = sc_json_parse_object (record->parameters, -1, NULL);

      if (parameters != NULL)
        json_object_set_object_member (head, "parameters", json_object_ref (parameters));
    }
  sc_json_set_string (head, "head", record->head);

  return head;
}

/* What the history keeps of a turn, under the same names, with what has a column of its own there. */
static JsonObject *
create_turn (ScExport     *self,
             ScTurnRecord *turn)
{
  g_autoptr (JsonObject) data = sc_export_parse_data (turn);
  g_autoptr (GList) names = json_object_get_members (data);
  JsonObject *report = sc_json_get_object (data, "report");
  JsonObject *object = json_object_new ();

  sc_json_set_string (object, "id", turn->id);
  sc_json_set_string (object, "parent", turn->parent);
  sc_json_set_string (object, "role", turn->role);
  set_time (object, "created", turn->created_us);
  sc_json_set_string (object, "status", get_status_nick (turn->status));
  sc_json_set_string (object, "provider", turn->provider != NULL
                                    ? g_hash_table_lookup (self->providers, turn->provider) : NULL);
  sc_json_set_string (object, "model", turn->model);
  sc_json_set_string (object, "text", turn->text);
  sc_json_set_string (object, "reasoning", turn->reasoning);
  if (report != NULL && json_object_has_member (report, "headers"))
    json_object_remove_member (report, "headers");
  for (GList *l = names; l != NULL; l = l->next)
    if (!json_object_has_member (object, l->data))
      json_object_set_member (object, l->data, json_object_dup_member (data, l->data));

  return object;
}

void
sc_export_write_json (ScExport       *self,
                      ScExportWriter *writer)
{
  GString *out = sc_export_writer_get_text (writer);
  g_autoptr (JsonObject) head = create_head (self);

  append_object (out, head);
  /* The turns go before the bracket that ends the object. */
  g_string_truncate (out, out->len - 1);
  g_string_append (out, ",\"turns\":[\n");
  for (guint i = 0; i < self->turns->len && sc_export_writer_flush (writer); i++)
    {
      g_autoptr (JsonObject) turn = create_turn (self, g_ptr_array_index (self->turns, i));

      if (i > 0)
        g_string_append (out, ",\n");
      append_object (out, turn);
    }
  g_string_append (out, "\n]}\n");
}
