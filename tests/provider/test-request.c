/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Golden requests, base URLs as people write them, and what goes back to a model that reasoned. */

#include "config.h"

#include "../probe/sc-probe.h"

#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-openai-chat.h"
#include "sc-profile.h"
#include "sc-protocol.h"

#include <string.h>

#define PROMPT_SUFFIX ".prompt.json"

static char *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  g_file_get_contents (path, &bytes, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

/* The folder is named after the protocol. */
static void
test_golden (gconstpointer data)
{
  const char *path = data;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *protocol = g_path_get_basename (folder);
  ScProbeOptions options = { .protocol = protocol };
  g_autofree char *prompt = read_file (path);
  g_autofree char *base = g_strndup (path, strlen (path) - strlen (PROMPT_SUFFIX));
  g_autofree char *expected_path = g_strconcat (base, ".request.json", NULL);
  g_autofree char *expected = read_file (expected_path);
  g_autoptr (GString) out = g_string_new (NULL);

  sc_probe_request (prompt, strlen (prompt), &options, out);
  g_assert_cmpstr (out->str, ==, expected);
  /* The keys of the prompts. */
  g_assert_null (strstr (out->str, "azure-secret"));
  g_assert_null (strstr (out->str, "hidden-value"));
  g_assert_null (strstr (out->str, "other-secret"));
  g_assert_null (strstr (out->str, "eyJhbGciOi"));
  g_assert_null (strstr (out->str, "canary-0815"));
}

static guint
add_goldens (const char *protocol)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", protocol, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_goldens = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, PROMPT_SUFFIX))
      {
        g_autofree char *path = g_strdup_printf ("/provider/request/%s/%s", protocol, name);

        g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), test_golden,
                                   g_free);
        n_goldens++;
      }
  return n_goldens;
}

static const struct
{
  const char *base;
  const char *url;
} addresses[] = {
  { "https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions" },
  { "https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions" },
  { "https://api.openai.com/v1//", "https://api.openai.com/v1/chat/completions" },
  { "https://api.openai.com", "https://api.openai.com/v1/chat/completions" },
  { "https://api.openai.com/", "https://api.openai.com/v1/chat/completions" },
  { "  https://api.openai.com/v1 ", "https://api.openai.com/v1/chat/completions" },
  { "api.openai.com", "https://api.openai.com/v1/chat/completions" },
  { "HTTPS://API.OpenAI.com/v1", "https://API.OpenAI.com/v1/chat/completions" },
  { "localhost:8080", "http://localhost:8080/v1/chat/completions" },
  { "127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1/chat/completions" },
  { "[::1]:8000", "http://[::1]:8000/v1/chat/completions" },
  { "http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions" },
  { "http://gpu.local:8000", "http://gpu.local:8000/v1/chat/completions" },
  { "gpu.local:8000", "http://gpu.local:8000/v1/chat/completions" },
  { "https://api.groq.com/openai", "https://api.groq.com/openai/v1/chat/completions" },
  { "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions" },
  { "https://generativelanguage.googleapis.com/v1beta/openai",
    "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions" },
  { "https://api.cohere.ai/compatibility/v1",
    "https://api.cohere.ai/compatibility/v1/chat/completions" },
  { "https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4/chat/completions" },
  { "https://api.perplexity.ai", "https://api.perplexity.ai/chat/completions" },
  { "https://models.github.ai/inference", "https://models.github.ai/inference/chat/completions" },
  { "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
    "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21" },
  { "https://r.openai.azure.com/openai/v1?api-version=preview",
    "https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview" },
  { "https://host/v1/chat/completions", "https://host/v1/chat/completions" },
  { "https://host/v1/chat/completions/", "https://host/v1/chat/completions" },
  { "https://host/any/chat/completions?a=b", "https://host/any/chat/completions?a=b" },
  { "https://host/v1#part", "https://host/v1/chat/completions" },
  { "https://host/a%20b/v1?q=%2F", "https://host/a%20b/v1/chat/completions?q=%2F" },
  { "", NULL },
  { NULL, NULL },
  { "https://", NULL },
  { "https:///v1", NULL },
  { "file:///etc/passwd", NULL },
  { "ftp://host/v1", NULL },
  { "http://host:99999", NULL },
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url = sc_base_url_join (addresses[i].base, "v1", "chat/completions", &error);

      g_assert_cmpstr (url, ==, addresses[i].url);
      if (url == NULL)
        g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
    }
}

/* Protocols whose documented base is the bare host get their version where it is missing, and once
 * where it is not. */
static void
test_versions (void)
{
  g_autofree char *missing = sc_base_url_join ("https://api.anthropic.com", "v1", "messages", NULL);
  g_autofree char *given =
    sc_base_url_join ("https://api.anthropic.com/v1", "v1", "messages", NULL);
  g_autofree char *other = sc_base_url_join ("https://host/v1beta", "v1beta", "models/m:x", NULL);
  g_autofree char *none = sc_base_url_join ("http://127.0.0.1:11434", NULL, "api/chat", NULL);

  g_assert_cmpstr (missing, ==, "https://api.anthropic.com/v1/messages");
  g_assert_cmpstr (given, ==, "https://api.anthropic.com/v1/messages");
  g_assert_cmpstr (other, ==, "https://host/v1beta/models/m:x");
  g_assert_cmpstr (none, ==, "http://127.0.0.1:11434/api/chat");
}

static void
test_hosts (void)
{
  g_assert_true (sc_base_url_is_host ("https://api.openai.com/v1", "api.openai.com"));
  g_assert_true (sc_base_url_is_host ("API.OPENAI.COM", "api.openai.com"));
  g_assert_false (sc_base_url_is_host ("https://api.openai.com.evil.example/v1", "api.openai.com"));
  g_assert_false (sc_base_url_is_host ("https://evil.example/api.openai.com", "api.openai.com"));
  g_assert_true (sc_base_url_is_host ("https://r.openai.azure.com", ".openai.azure.com"));
  g_assert_false (sc_base_url_is_host ("https://openai.azure.com", ".openai.azure.com"));
  g_assert_false (sc_base_url_is_host (NULL, "api.openai.com"));
}

static const struct
{
  const char *base;
  const char *url;
} lists[] = {
  { "https://api.openai.com/v1", "https://api.openai.com/v1/models" },
  { "https://host/v1/chat/completions", "https://host/v1/models" },
  { "https://r.openai.azure.com/openai/deployments/d?api-version=1",
    "https://r.openai.azure.com/openai/models?api-version=1" },
  { "http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/models" },
  { "https://r.openai.azure.com", "https://r.openai.azure.com/openai/v1/models" },
  { "https://r.openai.azure.com/?api-version=2024-10-21",
    "https://r.openai.azure.com/openai/models?api-version=2024-10-21" },
};

static void
test_models_request (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScHttpRequest) request = NULL;

      sc_profile_set (&profile->base_url, lists[i].base);
      request = sc_openai_chat_build_models_request (profile, NULL, NULL);
      g_assert_cmpstr (request->method, ==, "GET");
      g_assert_cmpstr (request->url, ==, lists[i].url);
      g_assert_null (sc_http_request_get_header (request, "Authorization"));
      g_assert_null (request->body);
    }
}

/* Anthropic's compatible endpoint lists its models for its own headers only. */
static void
test_models_request_of_anthropic (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScHttpRequest) request = NULL;

  sc_profile_set (&profile->base_url, "https://api.anthropic.com/v1");
  sc_profile_set (&profile->key, "the-key");
  request = sc_openai_chat_build_models_request (profile, NULL, NULL);
  g_assert_cmpstr (sc_http_request_get_header (request, "x-api-key"), ==, "the-key");
  g_assert_nonnull (sc_http_request_get_header (request, "anthropic-version"));
  g_assert_null (sc_http_request_get_header (request, "Authorization"));
}

static ScPrompt *
create_reasoned_prompt (const char *protocol,
                        const char *model,
                        gboolean    has_call)
{
  ScPrompt *prompt = sc_prompt_new ("m1");
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Answer");

  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  answer->raw = g_strdup (
    "{\"role\":\"assistant\",\"content\":\"Answer\",\"reasoning_content\":\"because\","
    "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"AB==\",\"index\":0}]}");
  answer->raw_protocol = g_strdup (protocol);
  answer->raw_model = g_strdup (model);
  if (has_call)
    sc_message_add_tool_call (answer, "c1", "f", "{}");
  g_ptr_array_add (prompt->messages, answer);
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Go on"));
  return prompt;
}

static void
test_reasoning_goes_back (void)
{
  static const struct
  {
    const char *protocol;
    const char *model;
    gboolean    has_call;
    gboolean    has_details;
    gboolean    has_content;
  } cases[] = {
    { "openai-chat", "m1", FALSE, TRUE, FALSE }, { "openai-chat", "m1", TRUE, TRUE, TRUE },
    { "openai-chat", "m2", TRUE, FALSE, FALSE }, { "anthropic", "m1", TRUE, FALSE, FALSE },
    { NULL, NULL, TRUE, FALSE, FALSE },
  };
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);

  sc_profile_set (&profile->base_url, "https://host.example/v1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScPrompt) prompt =
        create_reasoned_prompt (cases[i].protocol, cases[i].model, cases[i].has_call);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScHttpRequest) request = sc_openai_chat_build_request (profile, prompt, &error);
      gsize length;
      const char *body;
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      body = g_bytes_get_data (request->body, &length);
      text = g_strndup (body, length);
      g_assert_cmpint (
        strstr (
          text,
          "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"AB==\",\"index\":0}"
          "]") !=
          NULL,
        ==, cases[i].has_details);
      g_assert_cmpint (strstr (text, "\"reasoning_content\":\"because\"") != NULL, ==,
                       cases[i].has_content);
    }
}

static void
test_no_key_no_header (void)
{
  static const char *const keys[] = { NULL, "" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScPrompt) prompt = sc_prompt_new ("m");
      g_autoptr (ScHttpRequest) request = NULL;

      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Hi"));
      sc_profile_set (&profile->base_url, "http://127.0.0.1:8080");
      sc_profile_set (&profile->key, keys[i]);
      request = sc_openai_chat_build_request (profile, prompt, NULL);
      g_assert_null (sc_http_request_get_header (request, "Authorization"));
      g_assert_true (request->is_stream);
    }
}

/* A gate in front of a service, told by its address. */
static void
test_userinfo (void)
{
  static const struct
  {
    const char *protocol;
    const char *base;
    const char *key;
    const char *authorization;
  } rows[] = {
    { "openai-chat", "http://user:p%40ss@h.example/v1", NULL, "Basic dXNlcjpwQHNz" },
    { "openai-chat", "http://user:p%40ss@h.example/v1", "the-key", "Bearer the-key" },
    { "openai-chat", "http://user@h.example/v1", NULL, NULL },
    { "anthropic", "http://user:p%40ss@h.example", "the-key", "Basic dXNlcjpwQHNz" },
    { "gemini", "http://user:p%40ss@h.example", "the-key", "Basic dXNlcjpwQHNz" },
    { "ollama", "user:p%40ss@h.example", NULL, "Basic dXNlcjpwQHNz" },
    { "tgi", "http://user:@h.example", NULL, "Basic dXNlcjo=" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const ScProtocol *protocol = sc_protocol_find (rows[i].protocol);
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScPrompt) prompt = sc_prompt_new ("m");
      g_autoptr (ScHttpRequest) request = NULL;

      sc_profile_set (&profile->base_url, rows[i].base);
      sc_profile_set (&profile->key, rows[i].key);
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Hi"));
      request = protocol->build_request (profile, prompt, NULL);
      g_assert_cmpstr (sc_http_request_get_header (request, "Authorization"), ==,
                       rows[i].authorization);
    }
}

int
main (int   argc,
      char *argv[])
{
  guint n_goldens = 0;

  g_test_init (&argc, &argv, NULL);
  for (const ScProtocol * const *protocol = sc_protocol_list (); *protocol != NULL; protocol++)
    n_goldens += add_goldens ((*protocol)->id);
  g_assert_cmpuint (n_goldens, >, 0);
  g_test_add_func ("/provider/request/addresses", test_addresses);
  g_test_add_func ("/provider/request/versions", test_versions);
  g_test_add_func ("/provider/request/hosts", test_hosts);
  g_test_add_func ("/provider/request/models", test_models_request);
  g_test_add_func ("/provider/request/models-of-anthropic", test_models_request_of_anthropic);
  g_test_add_func ("/provider/request/reasoning-goes-back", test_reasoning_goes_back);
  g_test_add_func ("/provider/request/userinfo", test_userinfo);
  g_test_add_func ("/provider/request/no-key-no-header", test_no_key_no_header);
  return g_test_run ();
}
