/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of an output: what the complete response says, and what has to be sent back of it. Knows
 * no event. */

#include "config.h"

#include "sc-openai-output.h"
#include "sc-json.h"
#include "sc-openai-output-private.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>

/* The item that an item of the complete response repeats. Some services leave items out there, and
 * some give them other ids: where one of that type came already it is taken for that rather than
 * shown twice. */
static ScOpenaiItem *
find_known (ScOpenaiOutput *self,
            JsonObject     *object,
            gint64          index)
{
  const char *type = sc_json_get_string (object, "type");
  const char *id = sc_json_get_string (object, "id");
  const char *call_id = sc_json_get_string (object, "call_id");
  ScOpenaiItem *item = NULL;

  if (call_id != NULL)
    return sc_openai_item_table_find_call (&self->table, call_id);
  if (id != NULL)
    item = sc_openai_item_table_find (&self->table, -1, id, NULL);
  if (item == NULL || g_strcmp0 (item->type, type) != 0)
    item = sc_openai_item_table_find (&self->table, index, NULL, NULL);
  if (item == NULL || g_strcmp0 (item->type, type) != 0)
    item = sc_openai_item_table_find (&self->table, -1, NULL, type);
  return item;
}

void
sc_openai_output_take_whole (ScOpenaiOutput *self,
                             JsonArray      *items)
{
  gboolean is_first;
  guint n;

  g_return_if_fail (self != NULL);

  is_first = self->table.items->len == 0;
  n = items != NULL ? json_array_get_length (items) : 0;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *object = sc_json_get_element_object (items, i);
      const char *type = sc_json_get_string (object, "type");
      ScOpenaiItem *item = object != NULL && !is_first ? find_known (self, object, i) : NULL;

      if (object == NULL || (item != NULL && item->is_done))
        continue;
      if (item == NULL)
        item = sc_openai_item_table_add (&self->table, i, sc_json_get_string (object, "id"), type);
      sc_openai_output_complete_item (self, item, object);
    }
}

static JsonObject *
get_details (JsonObject *usage,
             const char *name,
             const char *other)
{
  JsonObject *details = sc_json_get_object (usage, name);

  return details != NULL ? details : sc_json_get_object (usage, other);
}

void
sc_openai_output_take_usage (ScOpenaiOutput *self,
                             JsonObject     *usage)
{
  ScUsage totals = SC_USAGE_INIT;

  g_return_if_fail (self != NULL);

  if (usage == NULL)
    return;
  totals.input = sc_decoder_read_tokens (usage, "input_tokens");
  totals.output = sc_decoder_read_tokens (usage, "output_tokens");
  totals.cached =
    sc_decoder_read_tokens (get_details (usage, "input_tokens_details", "input_token_details"),
                            "cached_tokens");
  totals.reasoning =
    sc_decoder_read_tokens (get_details (usage, "output_tokens_details", "output_token_details"),
                            "reasoning_tokens");
  sc_decoder_take_usage (self->decoder, &totals);
}

static void
finish (ScOpenaiOutput *self,
        ScFinishReason  reason,
        const char     *raw)
{
  for (guint i = 0; i < self->table.items->len; i++)
    {
      ScOpenaiItem *item = g_ptr_array_index (self->table.items, i);

      if (!item->is_done)
        sc_decoder_drop_call (self->decoder, item->slot);
    }
  if (self->has_refusal && reason == SC_FINISH_STOP)
    reason = SC_FINISH_REFUSAL;
  sc_decoder_set_finish (self->decoder, reason, raw);
  sc_decoder_complete (self->decoder);
}

static const struct
{
  const char     *word;
  ScFinishReason  reason;
} incomplete_words[] = {
  { "max_output_tokens", SC_FINISH_LENGTH },
  { "max_tokens", SC_FINISH_LENGTH },
  { "content_filter", SC_FINISH_CONTENT_FILTER },
};

static void
finish_incomplete (ScOpenaiOutput *self,
                   const char     *word)
{
  ScFinishReason reason = SC_FINISH_OTHER;

  for (guint i = 0; i < G_N_ELEMENTS (incomplete_words); i++)
    if (g_strcmp0 (word, incomplete_words[i].word) == 0)
      reason = incomplete_words[i].reason;
  finish (self, reason, word != NULL ? word : "incomplete");
}

void
sc_openai_output_end (ScOpenaiOutput *self,
                      const char     *status,
                      const char     *reason)
{
  g_return_if_fail (self != NULL);

  if (g_strcmp0 (status, "incomplete") == 0)
    finish_incomplete (self, reason);
  else if (g_strcmp0 (status, "cancelled") == 0)
    sc_decoder_fail (self->decoder,
                     sc_failure_new (SC_ERROR_CANCELLED, _("The service stopped the answer.")));
  else if (g_strcmp0 (status, "in_progress") == 0 || g_strcmp0 (status, "queued") == 0)
    sc_decoder_fail (self->decoder, sc_failure_new (SC_ERROR_INTERRUPTED, NULL));
  else
    finish (self, SC_FINISH_STOP, status);
}

/* Whether an item says more than its text or its call: reasoning, work of the service, and the
 * phase of a message, which has to come back. */
static gboolean
is_worth_keeping (const ScOpenaiItem *item)
{
  if (g_strcmp0 (item->type, "message") == 0)
    return sc_json_get_string (item->raw, "phase") != NULL;
  return g_strcmp0 (item->type, "function_call") != 0;
}

char *
sc_openai_output_dup_raw (ScOpenaiOutput *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  g_autofree char *text = NULL;
  gboolean is_needed = FALSE;
  gunichar2 held = 0;

  g_return_val_if_fail (self != NULL, NULL);

  json_node_take_array (node, array);
  for (guint i = 0; i < self->table.items->len; i++)
    {
      ScOpenaiItem *item = g_ptr_array_index (self->table.items, i);

      if (item->raw == NULL)
        return NULL;
      is_needed |= is_worth_keeping (item);
      json_array_add_object_element (array, json_object_ref (item->raw));
    }
  if (!is_needed)
    return NULL;
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}
