/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The services people know by name. Each is offered by its own protocol where the registry has it,
 * by its OpenAI-compatible endpoint where not, so that nothing offered is broken. Knows no wire. */

#include "config.h"

#include "sc-service.h"
#include "sc-profile.h"
#include "sc-protocol.h"

#include <glib/gi18n.h>
#include <string.h>

#define COMPATIBLE "openai-chat"

/* @native: the protocol and base URL to prefer; @base_url: the OpenAI-compatible endpoint */
typedef struct
{
  const char *id;
  const char *name;
  const char *native;
  const char *native_url;
  const char *base_url;
  const char *key_url;
  gboolean    needs_key;
  guint16     port;
  const char *probe_path;
} Entry;

static const Entry entries[] = {
  { "openai", N_("OpenAI"), NULL, NULL, "https://api.openai.com/v1",
    "https://platform.openai.com/api-keys", TRUE, 0, NULL },
  { "openai-responses", N_("OpenAI (Responses)"), "openai-responses", "https://api.openai.com/v1",
    "https://api.openai.com/v1", "https://platform.openai.com/api-keys", TRUE, 0, NULL },
  { "anthropic", N_("Anthropic"), "anthropic", "https://api.anthropic.com",
    "https://api.anthropic.com/v1", "https://console.anthropic.com/settings/keys", TRUE, 0, NULL },
  { "gemini", N_("Google Gemini"), "gemini", "https://generativelanguage.googleapis.com",
    "https://generativelanguage.googleapis.com/v1beta/openai", "https://aistudio.google.com/apikey",
    TRUE, 0, NULL },
  { "vertex", N_("Vertex AI"), "vertex", "https://aiplatform.googleapis.com",
    "https://aiplatform.googleapis.com/v1beta1/openapi",
    "https://console.cloud.google.com/iam-admin/serviceaccounts", TRUE, 0, NULL },
  { "mistral", N_("Mistral"), "mistral", "https://api.mistral.ai/v1", "https://api.mistral.ai/v1",
    "https://console.mistral.ai/api-keys", TRUE, 0, NULL },
  { "cohere", N_("Cohere"), "cohere", "https://api.cohere.com",
    "https://api.cohere.ai/compatibility/v1", "https://dashboard.cohere.com/api-keys", TRUE, 0,
    NULL },
  { "openrouter", N_("OpenRouter"), NULL, NULL, "https://openrouter.ai/api/v1",
    "https://openrouter.ai/settings/keys", TRUE, 0, NULL },
  { "deepseek", N_("DeepSeek"), NULL, NULL, "https://api.deepseek.com/v1",
    "https://platform.deepseek.com/api_keys", TRUE, 0, NULL },
  { "groq", N_("Groq"), NULL, NULL, "https://api.groq.com/openai/v1",
    "https://console.groq.com/keys", TRUE, 0, NULL },
  { "xai", N_("xAI"), NULL, NULL, "https://api.x.ai/v1", "https://console.x.ai", TRUE, 0, NULL },
  { "together", N_("Together AI"), NULL, NULL, "https://api.together.xyz/v1",
    "https://api.together.ai/settings/api-keys", TRUE, 0, NULL },
  { "fireworks", N_("Fireworks AI"), NULL, NULL, "https://api.fireworks.ai/inference/v1",
    "https://fireworks.ai/account/api-keys", TRUE, 0, NULL },
  { "cerebras", N_("Cerebras"), NULL, NULL, "https://api.cerebras.ai/v1",
    "https://cloud.cerebras.ai", TRUE, 0, NULL },
  { "moonshot", N_("Moonshot AI"), NULL, NULL, "https://api.moonshot.ai/v1",
    "https://platform.moonshot.ai/console/api-keys", TRUE, 0, NULL },
  { "dashscope", N_("Qwen (DashScope)"), NULL, NULL,
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "https://bailian.console.alibabacloud.com/?tab=model#/api-key", TRUE, 0, NULL },
  { "azure", N_("Azure OpenAI"), NULL, NULL, "", "https://portal.azure.com", TRUE, 0, NULL },
  { "huggingface", N_("Hugging Face"), NULL, NULL, "https://router.huggingface.co/v1",
    "https://huggingface.co/settings/tokens", TRUE, 0, NULL },
  { "ollama", N_("Ollama"), "ollama", "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1", NULL,
    FALSE, 11434, "/api/version" },
  { "llama-cpp", N_("llama.cpp"), NULL, NULL, "http://127.0.0.1:8080/v1", NULL, FALSE, 8080,
    "/v1/models" },
  { "lm-studio", N_("LM Studio"), NULL, NULL, "http://127.0.0.1:1234/v1", NULL, FALSE, 1234,
    "/v1/models" },
  { "vllm", N_("vLLM"), NULL, NULL, "http://127.0.0.1:8000/v1", NULL, FALSE, 8000, "/v1/models" },
  { "tgi", N_("Text Generation Inference"), "tgi", "http://127.0.0.1:8080",
    "http://127.0.0.1:8080/v1", NULL, FALSE, 8080, "/info" },
  { "other", N_("Other (OpenAI-compatible)"), NULL, NULL, "", NULL, FALSE, 0, NULL },
};

static ScService services[G_N_ELEMENTS (entries)];
static const ScService *list[G_N_ELEMENTS (entries) + 1];

static void
fill_service (ScService   *service,
              const Entry *entry)
{
  gboolean is_native = entry->native != NULL && sc_protocol_find (entry->native) != NULL;

  service->id = entry->id;
  service->name = _(entry->name);
  service->protocol = is_native ? entry->native : COMPATIBLE;
  service->base_url = is_native ? entry->native_url : entry->base_url;
  service->key_url = entry->key_url;
  service->needs_key = entry->needs_key;
  service->port = entry->port;
  service->probe_path = entry->probe_path;
}

const ScService * const *
sc_service_list (void)
{
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
        {
          fill_service (&services[i], &entries[i]);
          list[i] = &services[i];
        }
      g_once_init_leave (&is_filled, 1);
    }
  return list;
}

const ScService *
sc_service_find (const char *id)
{
  const ScService * const *all = sc_service_list ();

  for (guint i = 0; all[i] != NULL; i++)
    if (g_strcmp0 (all[i]->id, id) == 0)
      return all[i];
  return NULL;
}

ScProfile *
sc_service_create_profile (const ScService *self)
{
  ScProfile *profile;

  g_return_val_if_fail (self != NULL, NULL);

  profile = sc_profile_new (NULL);
  sc_profile_set (&profile->name, strcmp (self->id, "other") == 0 ? _("New Provider") : self->name);
  sc_profile_set (&profile->protocol, self->protocol);
  sc_profile_set (&profile->base_url, self->base_url);
  sc_profile_set (&profile->service, self->id);
  /* What runs on this computer is not reached through a proxy. */
  if (self->port != 0)
    profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}
