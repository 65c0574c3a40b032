/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer that paused (`pause_turn`, protocols.md section 4) and went on is one message for the
 * service and for the history. Pure. */

#include "config.h"

#include "sc-anthropic.h"

#include "sc-json.h"

static void
append_blocks (JsonArray  *content,
               JsonObject *message)
{
  JsonArray *blocks = sc_json_get_array (message, "content");
  guint n = blocks != NULL ? json_array_get_length (blocks) : 0;

  for (guint i = 0; i < n; i++)
    json_array_add_element (content, json_array_dup_element (blocks, i));
}

ScAfterFinish
sc_anthropic_after_finish (const char *raw)
{
  return g_strcmp0 (raw, "pause_turn") == 0 ? SC_AFTER_FINISH_CONTINUE : SC_AFTER_FINISH_END;
}

char *
sc_anthropic_join_raw (const char *first,
                       const char *second,
                       const char *text)
{
  g_autoptr (JsonObject) start = sc_json_parse_object (first, -1, NULL);
  g_autoptr (JsonObject) rest = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *message;
  JsonArray *content;

  if (sc_json_get_array (start, "content") == NULL)
    return NULL;
  if (second != NULL)
    rest = sc_json_parse_object (second, -1, NULL);
  content = json_array_new ();
  append_blocks (content, start);
  if (rest != NULL)
    append_blocks (content, rest);
  else if (text != NULL && *text != '\0')
    {
      JsonObject *block = json_object_new ();

      json_object_set_string_member (block, "type", "text");
      json_object_set_string_member (block, "text", text);
      json_array_add_object_element (content, block);
    }
  message = json_object_new ();
  json_object_set_string_member (message, "role", "assistant");
  json_object_set_array_member (message, "content", content);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, message);
  return sc_json_to_string (node, FALSE);
}
