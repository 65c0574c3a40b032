/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parameters of a Gemini request (protocols.md section 5): the program's spelling on the left, the
 * service's on the right. Only what the user set is sent, but for the wish to see the thoughts of
 * models that have any. */

#include "config.h"

#include "sc-gemini-private.h"
#include "sc-json.h"
#include "sc-request-parameters.h"

#include <string.h>

#define CONFIG "generationConfig"

/* Members of `generationConfig`; a name that stands in no table goes there as it is. */
static const struct
{
  const char *name;
  const char *member;
} spellings[] = {
  { "top_p", "topP" },
  { "top_k", "topK" },
  { "max_tokens", "maxOutputTokens" },
  { "stop", "stopSequences" },
  { "presence_penalty", "presencePenalty" },
  { "frequency_penalty", "frequencyPenalty" },
  { "n", "candidateCount" },
};

/* Members that stand beside it. */
static const char *const outer_names[] = {
  "safetySettings", "safety_settings", "toolConfig", "tool_config", "cachedContent",
  "cached_content", "serviceTier", "service_tier", "labels", NULL,
};

/* What makes the frame of the request, not to be changed by a parameter, and what the service has
 * no word for. */
static const char *const fixed_names[] = {
  "contents", "model", "messages", "stream", "systemInstruction", "stream_options",
  "parallel_tool_calls", NULL,
};

/* Tokens to think, as the service's own compatible endpoint translates the words. */
static const struct
{
  const char *effort;
  gint64      budget;
  const char *level;
} efforts[] = {
  { "none", 0, "MINIMAL" },
  { "minimal", 1024, "MINIMAL" },
  { "low", 1024, "LOW" },
  { "medium", 8192, "MEDIUM" },
  { "high", 24576, "HIGH" },
  { "xhigh", 24576, "HIGH" },
  { "max", 24576, "HIGH" },
};

/* The Pro models cannot be kept from thinking: this is their least, and their lowest level is
   LOW. */
#define MIN_PRO_BUDGET 128
#define LAST_MINIMAL 1

ScGeminiThinking
sc_gemini_get_thinking (const char *model)
{
  static const char *const others[] = { "image", "tts", "embedding", "-live", "-audio" };
  const char *name = model != NULL ? strrchr (model, '/') : NULL;
  double version;

  name = name != NULL ? name + 1 : model;
  if (name == NULL || !g_str_has_prefix (name, "gemini-"))
    return SC_GEMINI_THINKING_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (strstr (name, others[i]) != NULL)
      return SC_GEMINI_THINKING_NONE;
  name += strlen ("gemini-");
  /* `gemini-flash-latest` has no number: it is the newest. */
  if (!g_ascii_isdigit (*name))
    return g_str_has_suffix (name, "-latest") ? SC_GEMINI_THINKING_LEVEL : SC_GEMINI_THINKING_NONE;
  version = g_ascii_strtod (name, NULL);
  if (version < 2.5)
    return SC_GEMINI_THINKING_NONE;
  return version < 3 ? SC_GEMINI_THINKING_BUDGET : SC_GEMINI_THINKING_LEVEL;
}

static gboolean
is_pro (const char *model)
{
  return model != NULL && strstr (model, "-pro") != NULL;
}

static JsonObject *
ensure_member (JsonObject *object,
               const char *name)
{
  JsonObject *inner = sc_json_get_object (object, name);

  if (inner == NULL)
    {
      inner = json_object_new ();
      json_object_set_object_member (object, name, inner);
    }
  return inner;
}

static void
set_effort (JsonObject *thinking,
            const char *effort,
            const char *model)
{
  ScGeminiThinking kind = sc_gemini_get_thinking (model);
  g_autofree char *upper = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (efforts); i++)
    {
      if (g_ascii_strcasecmp (effort, efforts[i].effort) != 0)
        continue;
      if (kind == SC_GEMINI_THINKING_BUDGET)
        json_object_set_int_member (thinking, "thinkingBudget",
                                    MAX (efforts[i].budget, is_pro (model) ? MIN_PRO_BUDGET : 0));
      else if (is_pro (model) && i <= LAST_MINIMAL)
        json_object_set_string_member (thinking, "thinkingLevel", "LOW");
      else
        json_object_set_string_member (thinking, "thinkingLevel", efforts[i].level);
      return;
    }
  upper = g_ascii_strup (effort, -1);
  json_object_set_string_member (thinking, "thinkingLevel", upper);
}

/* Thoughts are shown on demand only, and demanding them of a model that does not think is an error;
 * so it is for one whose thinking is off, which 2.5 Flash-Lite's is unless it was told to. */
static gboolean
shows_thoughts (JsonObject *thinking,
                const char *model)
{
  gint64 budget = -1;

  switch (sc_gemini_get_thinking (model))
    {
    case SC_GEMINI_THINKING_LEVEL:
      return TRUE;
    case SC_GEMINI_THINKING_BUDGET:
      if (!sc_json_get_int (thinking, "thinkingBudget", &budget))
        return strstr (model, "flash-lite") == NULL;
      return budget != 0;
    case SC_GEMINI_THINKING_NONE:
    default:
      return FALSE;
    }
}

static void
add_thinking (JsonObject *config,
              const char *effort,
              const char *model)
{
  g_autoptr (JsonObject) thinking = json_object_new ();

  if (effort != NULL && *effort != '\0')
    set_effort (thinking, effort, model);
  if (shows_thoughts (thinking, model))
    json_object_set_boolean_member (thinking, "includeThoughts", TRUE);
  if (json_object_get_size (thinking) > 0)
    json_object_set_object_member (config, "thinkingConfig", g_steal_pointer (&thinking));
}

static void
set_or_remove (JsonObject *object,
               const char *name,
               JsonNode   *value)
{
  if (!JSON_NODE_HOLDS_NULL (value))
    json_object_set_member (object, name, json_node_copy (value));
  else if (json_object_has_member (object, name))
    json_object_remove_member (object, name);
}

static void
merge (JsonObject *object,
       JsonNode   *members)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (members))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (members));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    set_or_remove (object, name, value);
}

/* OpenAI's words for it: the program's own spelling. */
static void
set_tool_choice (JsonObject *body,
                 JsonNode   *value)
{
  static const struct
  {
    const char *word;
    const char *mode;
  } modes[] = { { "auto", "AUTO" }, { "none", "NONE" }, { "required", "ANY" }, { "any", "ANY" } };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  const char *name = sc_json_get_string (sc_json_get_object (object, "function"), "name");
  const char *word = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
  const char *mode = name != NULL ? "ANY" : NULL;
  JsonObject *calling;

  for (guint i = 0; mode == NULL && i < G_N_ELEMENTS (modes); i++)
    if (g_strcmp0 (word, modes[i].word) == 0)
      mode = modes[i].mode;
  if (mode == NULL)
    return;
  calling = ensure_member (ensure_member (body, "toolConfig"), "functionCallingConfig");
  json_object_set_string_member (calling, "mode", mode);
  if (name != NULL)
    {
      JsonArray *names = json_array_new ();

      json_array_add_string_element (names, name);
      json_object_set_array_member (calling, "allowedFunctionNames", names);
    }
}

/* Tools that run at the service (`[{"googleSearch":{}}]`) stand beside the program's own. */
static void
append_tools (JsonObject *body,
              JsonNode   *value)
{
  JsonArray *tools = sc_json_get_array (body, "tools");
  JsonArray *more = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  guint n = more != NULL ? json_array_get_length (more) : 0;

  if (n > 0 && tools == NULL)
    {
      tools = json_array_new ();
      json_object_set_array_member (body, "tools", tools);
    }
  for (guint i = 0; i < n; i++)
    json_array_add_element (tools, json_node_copy (json_array_get_element (more, i)));
}

static void
set_stop (JsonObject *config,
          JsonNode   *value)
{
  JsonArray *words;

  if (!JSON_NODE_HOLDS_VALUE (value))
    {
      set_or_remove (config, "stopSequences", value);
      return;
    }
  words = json_array_new ();
  json_array_add_element (words, json_node_copy (value));
  json_object_set_array_member (config, "stopSequences", words);
}

static void
add_to_config (JsonObject *config,
               const char *name,
               JsonNode   *value)
{
  const char *member = sc_request_parameters_get_name (name);

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (strcmp (member, spellings[i].name) == 0)
      member = spellings[i].member;
  if (strcmp (member, "stopSequences") == 0)
    set_stop (config, value);
  else
    set_or_remove (config, member, value);
}

static void
set_format (JsonObject *config,
            JsonNode   *value)
{
  JsonNode *schema;

  if (!sc_request_parameters_read_format (value, &schema))
    return;
  json_object_set_string_member (config, "responseMimeType", "application/json");
  if (schema != NULL)
    json_object_set_member (config, "responseJsonSchema", json_node_copy (schema));
}

static void
add_parameter (JsonObject *body,
               JsonObject *config,
               const char *name,
               JsonNode   *value)
{
  if (g_strv_contains (fixed_names, name) || strcmp (name, "reasoning_effort") == 0)
    return;
  if (strcmp (name, "tools") == 0)
    append_tools (body, value);
  else if (strcmp (name, "tool_choice") == 0)
    set_tool_choice (body, value);
  else if (strcmp (name, "response_format") == 0)
    set_format (config, value);
  else if (strcmp (name, CONFIG) == 0)
    merge (config, value);
  else if (g_strv_contains (outer_names, name))
    set_or_remove (body, name, value);
  else
    add_to_config (config, name, value);
}

void
sc_gemini_add_parameters (JsonObject     *body,
                          const ScPrompt *prompt)
{
  g_autoptr (JsonObject) config = json_object_new ();
  JsonObject *parameters = prompt->parameters != NULL && JSON_NODE_HOLDS_OBJECT (prompt->parameters)
                           ? json_node_get_object (prompt->parameters) : NULL;
  g_autofree char *effort = sc_json_dup_scalar (parameters, "reasoning_effort");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  add_thinking (config, effort, prompt->model);
  if (parameters != NULL)
    {
      json_object_iter_init_ordered (&iter, parameters);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        add_parameter (body, config, name, value);
    }
  if (json_object_get_size (config) > 0)
    json_object_set_object_member (body, CONFIG, g_steal_pointer (&config));
}
