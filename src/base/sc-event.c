/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events as JSON lines, and the small values in them. */

#include "config.h"

#include "sc-event.h"

#include "sc-json.h"

static const char *const finish_nicks[] = {
  [SC_FINISH_STOP] = "stop",
  [SC_FINISH_LENGTH] = "length",
  [SC_FINISH_TOOL_CALLS] = "tool-calls",
  [SC_FINISH_CONTENT_FILTER] = "content-filter",
  [SC_FINISH_REFUSAL] = "refusal",
  [SC_FINISH_OTHER] = "other",
};

const char *
sc_finish_reason_to_nick (ScFinishReason reason)
{
  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (finish_nicks), "other");

  return finish_nicks[reason];
}

ScFinishReason
sc_finish_reason_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (finish_nicks); i++)
    if (g_strcmp0 (nick, finish_nicks[i]) == 0)
      return (ScFinishReason) i;
  return SC_FINISH_OTHER;
}

/* What is known of a field comes with it: @flags are those that speak of the field. A server can say any number: the
 * sums of many must stay numbers. */
static void
merge_field (ScUsage       *self,
             const ScUsage *newer,
             gint64        *field,
             gint64         value,
             guint          flags)
{
  if (value < 0)
    return;
  *field = MIN (value, SC_USAGE_MAX);
  self->flags = (self->flags & ~flags) | (newer->flags & flags);
}

void
sc_usage_merge (ScUsage       *self,
                const ScUsage *newer)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (newer != NULL);

  merge_field (self, newer, &self->input, newer->input, SC_USAGE_INPUT_ESTIMATED);
  merge_field (self, newer, &self->output, newer->output, SC_USAGE_OUTPUT_ESTIMATED);
  merge_field (self, newer, &self->cached, newer->cached, 0);
  merge_field (self, newer, &self->reasoning, newer->reasoning, 0);
  merge_field (self, newer, &self->cache_write, newer->cache_write, 0);
  merge_field (self, newer, &self->cost_nanos, newer->cost_nanos,
               SC_USAGE_COST_ESTIMATED | SC_USAGE_COST_COMPUTED);
}

gboolean
sc_usage_is_empty (const ScUsage *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->input < 0 && self->output < 0 && self->cached < 0 && self->reasoning < 0 &&
         self->cache_write < 0 && self->cost_nanos < 0;
}

static void
append_string (GString    *out,
               const char *name,
               const char *value,
               gssize      length)
{
  g_string_append_printf (out, ",\"%s\":", name);
  sc_json_append_quoted (out, value, length);
}

static void
append_optional (GString    *out,
                 const char *name,
                 const char *value)
{
  if (value != NULL)
    append_string (out, name, value, -1);
}

static void
append_known (GString    *out,
              const char *name,
              gint64      value)
{
  if (value >= 0)
    g_string_append_printf (out, ",\"%s\":%" G_GINT64_FORMAT, name, value);
}

static void
append_usage (GString       *out,
              const ScUsage *usage)
{
  append_known (out, "input", usage->input);
  append_known (out, "output", usage->output);
  append_known (out, "cached", usage->cached);
  append_known (out, "reasoning", usage->reasoning);
  append_known (out, "cost_micros",
                usage->cost_nanos >= 0 ? (usage->cost_nanos + 500) / 1000 : -1);
}

static void
append_failure (GString         *out,
                const ScFailure *failure)
{
  append_string (out, "kind", sc_error_to_nick (failure->kind), -1);
  append_string (out, "message", failure->message, -1);
  if (failure->status > 0)
    append_known (out, "status", failure->status);
  append_optional (out, "code", failure->code);
  append_optional (out, "request_id", failure->request_id);
  append_known (out, "retry_after_ms", failure->retry_after_ms);
}

static void
append_citation (GString       *out,
                 const ScEvent *event)
{
  append_optional (out, "url", event->id);
  append_optional (out, "title", event->name);
  append_optional (out, "text", event->text);
  append_known (out, "start", event->start);
  append_known (out, "end", event->end);
}

static const char *
get_event_name (ScEventKind kind)
{
  switch (kind)
    {
    case SC_EVENT_TEXT:
      return "text";
    case SC_EVENT_REASONING:
      return "reasoning";
    case SC_EVENT_TOOL_END:
      return "tool-call";
    case SC_EVENT_CITATION:
      return "citation";
    case SC_EVENT_USAGE:
      return "usage";
    case SC_EVENT_NOTICE:
      return "notice";
    case SC_EVENT_FINISH:
      return "finish";
    case SC_EVENT_ERROR:
      return "error";
    case SC_EVENT_START:
    case SC_EVENT_TOOL_BEGIN:
    case SC_EVENT_TOOL_ARGUMENTS:
    default:
      return NULL;
    }
}

static void
append_fields (const ScEvent *self,
               GString       *out)
{
  switch (self->kind)
    {
    case SC_EVENT_TEXT:
    case SC_EVENT_REASONING:
      append_string (out, "text", self->text, (gssize) self->length);
      break;
    case SC_EVENT_TOOL_END:
      append_known (out, "index", self->index);
      append_string (out, "id", self->id, -1);
      append_string (out, "name", self->name, -1);
      append_string (out, "arguments", self->text, (gssize) self->length);
      break;
    case SC_EVENT_CITATION:
      append_citation (out, self);
      break;
    case SC_EVENT_USAGE:
      append_usage (out, self->usage);
      break;
    case SC_EVENT_NOTICE:
      append_string (out, "code", self->name, -1);
      append_optional (out, "message", self->text);
      break;
    case SC_EVENT_FINISH:
      append_string (out, "reason", sc_finish_reason_to_nick (self->reason), -1);
      append_optional (out, "raw", self->name);
      break;
    case SC_EVENT_ERROR:
      append_failure (out, self->failure);
      break;
    case SC_EVENT_START:
    case SC_EVENT_TOOL_BEGIN:
    case SC_EVENT_TOOL_ARGUMENTS:
    default:
      break;
    }
}

gboolean
sc_event_append_json (const ScEvent *self,
                      GString       *out)
{
  const char *name;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (out != NULL, FALSE);

  name = get_event_name (self->kind);
  if (name == NULL)
    return FALSE;
  g_string_append_printf (out, "{\"event\":\"%s\"", name);
  append_fields (self, out);
  g_string_append (out, "}\n");
  return TRUE;
}
