/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns to and from the records of the store. */

#include "config.h"

#include "sc-turn-record.h"

#include "sc-json.h"
#include "sc-turn-private.h"

#include <glib/gi18n.h>
#include <string.h>

static JsonObject *
create_usage (const ScUsage *usage)
{
  JsonObject *object = json_object_new ();

  sc_json_set_known_int (object, "input", usage->input);
  sc_json_set_known_int (object, "output", usage->output);
  sc_json_set_known_int (object, "cached", usage->cached);
  sc_json_set_known_int (object, "reasoning", usage->reasoning);
  sc_json_set_known_int (object, "cache_write", usage->cache_write);
  sc_json_set_known_int (object, "cost_nanos", usage->cost_nanos);
  if (usage->flags != 0)
    json_object_set_int_member (object, "flags", usage->flags);
  return object;
}

static JsonObject *
create_times (const ScTurnTimes *times)
{
  JsonObject *object = json_object_new ();

  sc_json_set_known_int (object, "first_byte_ms", times->first_byte_ms);
  sc_json_set_known_int (object, "first_text_ms", times->first_text_ms);
  sc_json_set_known_int (object, "reasoning_ms", times->reasoning_ms);
  sc_json_set_known_int (object, "total_ms", times->total_ms);
  return object;
}

static JsonObject *
create_failure (const ScFailure *failure)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", sc_error_to_nick (failure->kind));
  sc_json_set_string (object, "message", failure->message);
  if (failure->status != 0)
    json_object_set_int_member (object, "status", failure->status);
  sc_json_set_string (object, "code", failure->code);
  sc_json_set_string (object, "request_id", failure->request_id);
  sc_json_set_known_int (object, "retry_after_ms", failure->retry_after_ms);
  sc_json_set_known_int (object, "should_retry", failure->should_retry);
  sc_json_set_string (object, "details", failure->details);
  return object;
}

static JsonArray *
create_tool_calls (GPtrArray *calls)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);
      JsonObject *object = json_object_new ();

      sc_json_set_string (object, "id", call->id);
      sc_json_set_string (object, "name", call->name);
      sc_json_set_string (object, "arguments", call->arguments);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
create_tool_result (const char *call_id,
                    const char *name,
                    gboolean    failed)
{
  JsonObject *object = json_object_new ();

  sc_json_set_string (object, "call_id", call_id);
  sc_json_set_string (object, "name", name);
  json_object_set_boolean_member (object, "failed", failed);
  return object;
}

static void
add_answer_members (JsonObject *data,
                    ScTurn     *turn)
{
  const char *raw_protocol, *raw_model;
  const char *raw = sc_turn_get_raw (turn, &raw_protocol, &raw_model);
  const ScTurnTimes *times = sc_turn_get_times (turn);

  if (sc_turn_get_status (turn) == SC_TURN_STATUS_DONE)
    sc_json_set_string (data, "finish", sc_finish_reason_to_nick (sc_turn_get_finish_reason (turn)));
  if (sc_turn_get_failure (turn) != NULL)
    json_object_set_object_member (data, "failure", create_failure (sc_turn_get_failure (turn)));
  if (!sc_usage_is_empty (sc_turn_get_usage (turn)))
    json_object_set_object_member (data, "usage", create_usage (sc_turn_get_usage (turn)));
  if (times->total_ms >= 0 || times->first_byte_ms >= 0)
    json_object_set_object_member (data, "times", create_times (times));
  if (sc_turn_get_tool_calls (turn) != NULL)
    json_object_set_array_member (data, "tool_calls",
                                  create_tool_calls (sc_turn_get_tool_calls (turn)));
  if (sc_turn_get_citations (turn) != NULL)
    json_object_set_array_member (data, "citations", json_array_ref (sc_turn_get_citations (turn)));
  if (sc_turn_get_report (turn) != NULL)
    json_object_set_object_member (data, "report",
                                   sc_run_report_to_json (sc_turn_get_report (turn)));
  sc_json_set_string (data, "notice", sc_turn_get_notice (turn));
  sc_json_set_string (data, "raw", raw);
  sc_json_set_string (data, "raw_protocol", raw_protocol);
  sc_json_set_string (data, "raw_model", raw_model);
}

static char *
create_data (ScTurn *turn)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *data = json_object_new ();
  const char *tool_name, *call_id;
  gboolean failed;

  json_node_take_object (node, data);
  if (sc_turn_get_role (turn) == SC_ROLE_ASSISTANT)
    add_answer_members (data, turn);
  call_id = sc_turn_get_tool_result (turn, &tool_name, &failed);
  if (call_id != NULL)
    json_object_set_object_member (data, "tool_result",
                                   create_tool_result (call_id, tool_name, failed));

  return json_object_get_size (data) > 0 ? sc_json_to_string (node, FALSE) : NULL;
}

static void
read_usage (ScTurn     *turn,
            JsonObject *object)
{
  ScUsage usage = SC_USAGE_INIT;

  if (object == NULL)
    return;
  usage.input = sc_json_get_int_or (object, "input", -1);
  usage.output = sc_json_get_int_or (object, "output", -1);
  usage.cached = sc_json_get_int_or (object, "cached", -1);
  usage.reasoning = sc_json_get_int_or (object, "reasoning", -1);
  usage.cache_write = sc_json_get_int_or (object, "cache_write", -1);
  usage.cost_nanos = sc_json_get_int_or (object, "cost_nanos", -1);
  /* Written before costs were kept in billionths. */
  if (usage.cost_nanos < 0 && sc_json_get_int_or (object, "cost_micros", -1) >= 0)
    usage.cost_nanos = MIN (sc_json_get_int_or (object, "cost_micros", -1), G_MAXINT64 / 1000) * 1000;
  usage.flags = (guint) (sc_json_get_int_or (object, "flags", 0) & 0xf);
  sc_turn_merge_usage (turn, &usage);
}

static void
read_times (ScTurn     *turn,
            JsonObject *object)
{
  ScTurnTimes times = { 0, -1, -1, -1, -1 };

  if (object == NULL)
    return;
  times.first_byte_ms = sc_json_get_int_or (object, "first_byte_ms", -1);
  times.first_text_ms = sc_json_get_int_or (object, "first_text_ms", -1);
  times.reasoning_ms = sc_json_get_int_or (object, "reasoning_ms", -1);
  times.total_ms = sc_json_get_int_or (object, "total_ms", -1);
  sc_turn_set_times (turn, &times);
}

static ScFailure *
read_failure (JsonObject *object)
{
  ScFailure *failure;

  if (object == NULL)
    return NULL;
  failure =
    sc_failure_new (sc_error_from_nick (sc_json_get_string (object, "kind"), SC_ERROR_SERVER),
                    sc_json_get_string (object, "message"));
  failure->status = (int) sc_json_get_int_or (object, "status", 0);
  failure->code = g_strdup (sc_json_get_string (object, "code"));
  failure->request_id = g_strdup (sc_json_get_string (object, "request_id"));
  failure->retry_after_ms = sc_json_get_int_or (object, "retry_after_ms", -1);
  failure->should_retry = (int) sc_json_get_int_or (object, "should_retry", -1);
  failure->details = g_strdup (sc_json_get_string (object, "details"));
  return failure;
}

static void
read_tool_calls (ScTurn    *turn,
                 JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = sc_json_get_element_object (array, i);

      if (object != NULL)
        sc_turn_add_tool_call (turn, sc_json_get_string (object, "id"),
                               sc_json_get_string (object, "name"),
                               sc_json_get_string (object, "arguments"));
    }
}

static void
read_data (ScTurn     *turn,
           JsonObject *data)
{
  JsonObject *tool_result = sc_json_get_object (data, "tool_result");
  g_autoptr (ScRunReport) report =
    sc_run_report_new_from_json (sc_json_get_object (data, "report"));

  /* A record that never went through the store. */
  if (sc_turn_get_attachments (turn) == NULL)
    {
      g_autoptr (GPtrArray) files = sc_turn_record_parse_files (data);

      sc_turn_set_attachments (turn, files);
    }
  read_usage (turn, sc_json_get_object (data, "usage"));
  read_times (turn, sc_json_get_object (data, "times"));
  read_tool_calls (turn, sc_json_get_array (data, "tool_calls"));
  sc_turn_set_citations (turn, sc_json_get_array (data, "citations"));
  sc_turn_set_notice (turn, sc_json_get_string (data, "notice"));
  sc_turn_set_report (turn, report);
  sc_turn_set_raw (turn, sc_json_get_string (data, "raw"),
                   sc_json_get_string (data, "raw_protocol"),
                   sc_json_get_string (data, "raw_model"));
  if (tool_result != NULL)
    sc_turn_set_tool_result (turn, sc_json_get_string (tool_result, "call_id"),
                             sc_json_get_string (tool_result, "name"),
                             sc_json_get_boolean (tool_result, "failed", FALSE));
}

ScTurnRecord *
sc_turn_create_record (ScTurn     *self,
                       const char *conversation)
{
  GPtrArray *files;
  ScTurnRecord *record;
  gsize length;
  const char *reasoning;

  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  record = g_new0 (ScTurnRecord, 1);
  record->id = g_strdup (sc_turn_get_id (self));
  record->conversation = g_strdup (conversation);
  record->parent = g_strdup (sc_turn_get_parent_id (self));
  record->role = g_strdup (sc_role_to_nick (sc_turn_get_role (self)));
  record->text = g_strdup (sc_turn_get_text (self, NULL));
  reasoning = sc_turn_get_reasoning (self, &length);
  record->reasoning = length > 0 ? g_strdup (reasoning) : NULL;
  record->data = create_data (self);
  files = sc_turn_get_attachments (self);
  record->files = files != NULL ? g_ptr_array_ref (files) : NULL;
  record->model = g_strdup (sc_turn_get_model (self));
  record->provider = g_strdup (sc_turn_get_provider (self));
  record->status = sc_turn_get_status (self);
  record->created_us = sc_turn_get_created_us (self);
  return record;
}

ScTurn *
sc_turn_new_from_record (const ScTurnRecord *record)
{
  ScTurn *turn;
  g_autoptr (JsonObject) data = NULL;
  g_autoptr (ScFailure) failure = NULL;
  ScTurnStatus status;

  g_return_val_if_fail (record != NULL, NULL);

  turn = sc_turn_new_full (record->id, record->parent, sc_role_from_nick (record->role),
                           record->text, record->created_us);
  if (record->reasoning != NULL)
    sc_turn_append_reasoning (turn, record->reasoning, strlen (record->reasoning));
  sc_turn_set_model (turn, record->provider, record->model);
  sc_turn_set_attachments (turn, record->files);
  /* Damaged data costs the details, not the text. */
  if (record->data != NULL)
    data = sc_json_parse_object (record->data, -1, NULL);
  if (data != NULL)
    read_data (turn, data);

  status = record->status == SC_TURN_STATUS_STREAMING ? SC_TURN_STATUS_INTERRUPTED : record->status;
  failure = read_failure (sc_json_get_object (data, "failure"));
  if (failure == NULL && status == SC_TURN_STATUS_INTERRUPTED)
    failure = sc_failure_new (SC_ERROR_INTERRUPTED,
                              _("The program ended before the answer was complete."));
  sc_turn_finish (turn, status, sc_finish_reason_from_nick (sc_json_get_string (data, "finish")),
                  failure);
  return turn;
}
