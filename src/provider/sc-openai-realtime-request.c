/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said to OpenAI's Realtime (protocols.md section 3). A session serves one answer: it gets
 * the whole conversation, as every other protocol does. Must not know how the answer is read. */

#include "config.h"

#include "sc-openai-realtime.h"
#include "sc-json.h"
#include "sc-openai-items.h"
#include "sc-openai-parameters.h"
#include "sc-openai-websocket.h"

#define REALTIME_PATH "realtime"

static const ScOpenaiItemsFlavour flavour = {
  .has_files = FALSE,
  .has_raw = FALSE,
  .has_strict = FALSE,
};

static JsonObject *
create_event (const char *type)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "type", type);
  return event;
}

static char *
print_event (JsonObject *event)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, event);
  return sc_json_to_string (node, FALSE);
}

static char *
build_session (const ScPrompt *prompt)
{
  JsonObject *event = create_event ("session.update");
  JsonObject *session = create_event ("realtime");
  JsonArray *modalities = json_array_new ();
  JsonArray *tools = sc_openai_items_create_tools (&flavour, prompt->tools);

  json_array_add_string_element (modalities, "text");
  json_object_set_array_member (session, "output_modalities", modalities);
  if (prompt->system != NULL && *prompt->system != '\0')
    json_object_set_string_member (session, "instructions", prompt->system);
  if (tools != NULL)
    json_object_set_array_member (session, "tools", tools);
  json_object_set_object_member (event, "session", session);
  return print_event (event);
}

static char *
build_item (JsonObject *item)
{
  JsonObject *event = create_event ("conversation.item.create");

  json_object_set_object_member (event, "item", json_object_ref (item));
  return print_event (event);
}

/* Nothing is generated without it. */
static char *
build_wish (const ScPrompt *prompt)
{
  JsonObject *event = create_event ("response.create");
  g_autoptr (JsonObject) response = json_object_new ();

  sc_openai_parameters_add (response, prompt->parameters);
  /* There are no formats of text here. */
  if (json_object_has_member (response, "text"))
    json_object_remove_member (response, "text");
  if (json_object_get_size (response) > 0)
    json_object_set_object_member (event, "response", g_steal_pointer (&response));
  return print_event (event);
}

ScHttpRequest *
sc_openai_realtime_build_request (const ScProfile  *profile,
                                  const ScPrompt   *prompt,
                                  GError          **error)
{
  const char *model;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  model = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  return sc_openai_websocket_build_request (profile, REALTIME_PATH, model, error);
}

GPtrArray *
sc_openai_realtime_build_opening (const ScProfile  *profile,
                                  const ScPrompt   *prompt,
                                  GError          **error)
{
  g_autoptr (JsonArray) items = NULL;
  GPtrArray *messages;
  guint n;

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  items = sc_openai_items_create_input (&flavour, prompt, error);
  if (items == NULL)
    return NULL;
  messages = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (messages, build_session (prompt));
  n = json_array_get_length (items);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (messages, build_item (json_array_get_object_element (items, i)));
  g_ptr_array_add (messages, build_wish (prompt));
  return messages;
}

char *
sc_openai_realtime_build_interrupt (const char *response_id)
{
  JsonObject *event = create_event ("response.cancel");

  if (response_id != NULL)
    json_object_set_string_member (event, "response_id", response_id);
  return print_event (event);
}
