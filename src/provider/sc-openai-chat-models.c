/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Model lists of OpenAI and the compatible services: the same `/models`, with what each of them
 * adds (protocols.md sections 10 to 13). Must not know how the list is fetched. */

#include "config.h"

#include "sc-openai-chat.h"
#include "sc-error.h"
#include "sc-json.h"

#include <glib/gi18n.h>
#include <string.h>

#define MICROS 1e6
#define A_MILLION 1e6

static gint64
read_first_int (JsonObject         *object,
                const char * const *names)
{
  gint64 value = -1;

  for (; *names != NULL; names++)
    if (sc_json_get_int (object, *names, &value) && value > 0)
      return value;
  return -1;
}

static gint64
read_context (JsonObject *object)
{
  static const char *const names[] = { "context_length",
                                       "context_window",
                                       "max_model_len",
                                       "max_context_length",
                                       "loaded_context_length",
                                       "max_input_tokens",
                                       "input_token_limit",
                                       "n_ctx",
                                       NULL };
  static const char *const trained[] = { "n_ctx", "n_ctx_train", NULL };
  gint64 value = read_first_int (object, names);

  if (value < 0)
    value = read_first_int (sc_json_get_object (object, "top_provider"), names);
  if (value < 0)
    value = read_first_int (sc_json_get_object (object, "meta"), trained);
  return value;
}

static gint64
read_max_output (JsonObject *object)
{
  static const char *const names[] = { "max_completion_tokens", "max_output_tokens",
                                       "output_token_limit", NULL };
  gint64 value = read_first_int (sc_json_get_object (object, "top_provider"), names);

  return value > 0 ? value : read_first_int (object, names);
}

static gint64
parse_token_price (const char *text)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  /* OpenRouter's own choosers have "-1": it depends. */
  return end != text && value >= 0 && value < 1 ? (gint64) (value * A_MILLION * MICROS + 0.5) : -1;
}

static gint64
read_million_price (JsonObject *pricing,
                    const char *name)
{
  double value;

  if (sc_json_get_double (pricing, name, &value) && value >= 0 && value < 1e6)
    return (gint64) (value * MICROS + 0.5);
  return -1;
}

/* OpenRouter: dollars a token, under a name of its own. Vercel: the same as text, Together: dollars a million tokens
 * as a number, both under the other name. */
static gint64
read_price (JsonObject *pricing,
            const char *per_token,
            const char *name)
{
  g_autofree char *text = sc_json_dup_scalar (pricing, per_token);

  if (text != NULL)
    return parse_token_price (text);
  if (sc_json_get_string (pricing, name) != NULL)
    return parse_token_price (sc_json_get_string (pricing, name));
  return read_million_price (pricing, name);
}

static void
read_prices (ScModel    *model,
             JsonObject *object)
{
  JsonObject *pricing = sc_json_get_object (object, "pricing");
  JsonObject *metadata = sc_json_get_object (object, "metadata");

  model->input_price = read_price (pricing, "prompt", "input");
  model->output_price = read_price (pricing, "completion", "output");
  model->cached_price = read_price (pricing, "input_cache_read", "cached_input");
  model->cache_write_price = read_price (pricing, "input_cache_write", "cached_input_write");
  if (model->input_price >= 0 || metadata == NULL)
    return;
  /* DeepInfra: dollars a million tokens. */
  pricing = sc_json_get_object (metadata, "pricing");
  model->input_price = read_million_price (pricing, "input_tokens");
  model->output_price = read_million_price (pricing, "output_tokens");
  model->cached_price = read_million_price (pricing, "cache_read_tokens");
}

static gboolean
array_has (JsonObject *object,
           const char *name,
           const char *word)
{
  JsonArray *array = sc_json_get_array (object, name);
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
          strcmp (json_node_get_string (node), word) == 0)
        return TRUE;
    }
  return FALSE;
}

static ScModelFlags
flag_if (gboolean     condition,
         ScModelFlags flag)
{
  return condition ? flag : 0;
}

/* Each service says it in its own way; what none of them says stays unknown. */
static ScModelFlags
read_flags (JsonObject *object)
{
  JsonObject *architecture = sc_json_get_object (object, "architecture");
  JsonObject *capabilities = sc_json_get_object (object, "capabilities");
  const char *type = sc_json_get_string (object, "type");
  ScModelFlags flags = 0;

  if (sc_json_get_array (object, "supported_parameters") != NULL)
    flags |= SC_MODEL_FLAGS_KNOWN |
             flag_if (array_has (object, "supported_parameters", "tools"), SC_MODEL_TOOLS) |
             flag_if (array_has (object, "supported_parameters", "reasoning"), SC_MODEL_REASONING);
  if (architecture != NULL)
    flags |= flag_if (array_has (architecture, "input_modalities", "image"), SC_MODEL_VISION) |
             flag_if (array_has (architecture, "input_modalities", "audio"), SC_MODEL_AUDIO);
  if (capabilities != NULL)
    flags |=
      SC_MODEL_FLAGS_KNOWN |
      flag_if (sc_json_get_boolean (capabilities, "function_calling", FALSE), SC_MODEL_TOOLS) |
      flag_if (sc_json_get_boolean (capabilities, "vision", FALSE), SC_MODEL_VISION) |
      flag_if (sc_json_get_boolean (capabilities, "reasoning", FALSE), SC_MODEL_REASONING) |
      flag_if (sc_json_get_boolean (capabilities, "audio", FALSE), SC_MODEL_AUDIO);
  if (sc_json_get_array (object, "capabilities") != NULL)
    flags |= SC_MODEL_FLAGS_KNOWN |
             flag_if (array_has (object, "capabilities", "tool_use"), SC_MODEL_TOOLS) |
             flag_if (array_has (object, "capabilities", "vision") || g_strcmp0 (type, "vlm") == 0,
                      SC_MODEL_VISION);
  if (json_object_has_member (object, "supports_tools") ||
      json_object_has_member (object, "supports_image_input"))
    flags |= SC_MODEL_FLAGS_KNOWN |
             flag_if (sc_json_get_boolean (object, "supports_tools", FALSE), SC_MODEL_TOOLS) |
             flag_if (sc_json_get_boolean (object, "supports_image_input", FALSE), SC_MODEL_VISION);
  return flags;
}

static gboolean
is_embedding (JsonObject *object,
              const char *id)
{
  const char *type = sc_json_get_string (object, "type");
  g_autofree char *lower = g_ascii_strdown (id, -1);

  return (type != NULL && g_str_has_prefix (type, "embedding")) ||
         strstr (lower, "embed") != NULL || strstr (lower, "rerank") != NULL;
}

static ScModel *
create_model (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *id;
  const char *name;
  ScModel *model;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return *json_node_get_string (node) != '\0' ? sc_model_new (json_node_get_string (node)) : NULL;
  id = sc_json_get_string (object, "id");
  if (id == NULL)
    id = sc_json_get_string (object, "model");
  if (id == NULL)
    id = sc_json_get_string (object, "name");
  /* Groq keeps models in its list that it no longer serves. */
  if (id == NULL || *id == '\0' || !sc_json_get_boolean (object, "active", TRUE))
    return NULL;
  model = sc_model_new (id);
  name = sc_json_get_string (object, "display_name");
  if (name == NULL)
    name = sc_json_get_string (object, "name");
  if (name != NULL && *name != '\0' && strcmp (name, id) != 0)
    model->name = g_strdup (name);
  model->context_tokens = read_context (object);
  model->max_output_tokens = read_max_output (object);
  read_prices (model, object);
  model->flags = read_flags (object) | flag_if (is_embedding (object, id), SC_MODEL_EMBEDDING);
  return model;
}

static JsonArray *
find_list (JsonNode *root)
{
  static const char *const names[] = { "data", "models", "result" };
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (sc_json_get_array (object, names[i]) != NULL)
      return sc_json_get_array (object, names[i]);
  return NULL;
}

GPtrArray *
sc_openai_chat_parse_models (JsonNode  *root,
                             char     **next_page,
                             GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonArray *list;
  JsonObject *object;

  g_return_val_if_fail (root != NULL, NULL);

  list = find_list (root);
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  /* LocalAI and others with no model loaded: `"data": null`. */
  if (list == NULL && object != NULL && json_object_has_member (object, "data") &&
      json_object_get_null_member (object, "data"))
    return g_steal_pointer (&models);
  if (list == NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                           _("The server answers, but not with a list of models. Check "
                             "the address."));
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      ScModel *model = create_model (json_array_get_element (list, i));

      if (model != NULL)
        g_ptr_array_add (models, model);
    }
  return g_steal_pointer (&models);
}
