/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The known services, and looking for servers on this computer: on ports of our own, with servers
 * that are what they say, servers that are something else, and servers that never answer. */

#include "config.h"

#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-service-private.h"

#include <libsoup/soup.h>
#include <string.h>

/* Generous: what is waited for is the answer, not the clock. */
#define LIMIT_MS 20000

static void
test_list (void)
{
  const ScService * const *services = sc_service_list ();
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  for (; services[n] != NULL; n++)
    {
      const ScService *service = services[n];

      g_assert_true (g_hash_table_add (ids, (gpointer) service->id));
      g_assert_true (sc_service_find (service->id) == service);
      g_assert_nonnull (sc_protocol_find (service->protocol));
      g_assert_nonnull (service->name);
      g_assert_cmpint (service->port != 0, ==, service->probe_path != NULL);
      g_assert_cmpint (service->port != 0 && service->needs_key, ==, FALSE);
    }
  g_assert_cmpuint (n, >=, 20);
  g_assert_cmpstr (services[n - 1]->id, ==, "other");
  g_assert_cmpstr (services[n - 1]->base_url, ==, "");
  g_assert_cmpstr (services[0]->id, ==, "openai");
  g_assert_cmpstr (services[0]->protocol, ==, "openai-chat");
  g_assert_cmpstr (sc_service_find ("openai-responses")->protocol, ==, "openai-responses");
  g_assert_null (sc_service_find ("nobody"));
  g_assert_null (sc_service_find (NULL));
  g_assert_true (services == sc_service_list ());
}

/* Each service by its own protocol, at the address its documentation gives. */
static void
test_addresses (void)
{
  static const struct
  {
    const char *id;
    const char *protocol;
    const char *base_url;
  } rows[] = {
    { "openai", "openai-chat", "https://api.openai.com/v1" },
    { "openai-responses", "openai-responses", "https://api.openai.com/v1" },
    { "anthropic", "anthropic", "https://api.anthropic.com" },
    { "gemini", "gemini", "https://generativelanguage.googleapis.com" },
    { "vertex", "vertex", "https://aiplatform.googleapis.com" },
    { "mistral", "mistral", "https://api.mistral.ai/v1" },
    { "cohere", "cohere", "https://api.cohere.com" },
    { "openrouter", "openai-chat", "https://openrouter.ai/api/v1" },
    { "deepseek", "openai-chat", "https://api.deepseek.com/v1" },
    { "groq", "openai-chat", "https://api.groq.com/openai/v1" },
    { "xai", "openai-chat", "https://api.x.ai/v1" },
    { "dashscope", "openai-chat", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
    { "azure", "openai-chat", "" },
    { "ollama", "ollama", "http://127.0.0.1:11434" },
    { "llama-cpp", "openai-chat", "http://127.0.0.1:8080/v1" },
    { "lm-studio", "openai-chat", "http://127.0.0.1:1234/v1" },
    { "vllm", "openai-chat", "http://127.0.0.1:8000/v1" },
    { "tgi", "tgi", "http://127.0.0.1:8080" },
    { "other", "openai-chat", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const ScService *service = sc_service_find (rows[i].id);

      g_assert_nonnull (service);
      g_assert_cmpstr (service->protocol, ==, rows[i].protocol);
      g_assert_cmpstr (service->base_url, ==, rows[i].base_url);
      g_assert_cmpint (service->needs_key, ==, service->key_url != NULL);
      g_assert_true (service->key_url == NULL || g_str_has_prefix (service->key_url, "https://"));
    }
  /* What no service is offered by can be chosen in the editor. */
  g_assert_nonnull (sc_protocol_find ("openai-responses-ws"));
  g_assert_nonnull (sc_protocol_find ("openai-realtime"));
}

static void
test_ports (void)
{
  static const struct
  {
    const char *id;
    guint       port;
  } ports[] = {
    { "ollama", 11434 }, { "llama-cpp", 8080 }, { "lm-studio", 1234 }, { "vllm", 8000 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    g_assert_cmpuint (sc_service_find (ports[i].id)->port, ==, ports[i].port);
}

static void
test_profiles (void)
{
  const ScService * const *services = sc_service_list ();

  for (guint i = 0; services[i] != NULL; i++)
    {
      g_autoptr (ScProfile) profile = sc_service_create_profile (services[i]);

      g_assert_cmpstr (profile->service, ==, services[i]->id);
      g_assert_cmpstr (profile->protocol, ==, services[i]->protocol);
      g_assert_cmpstr (profile->base_url, ==, services[i]->base_url);
      g_assert_cmpstr (profile->name, !=, "");
      g_assert_null (profile->key);
      g_assert_cmpint (profile->proxy_mode == SC_PROXY_NONE, ==, services[i]->port != 0);
      g_assert_cmpint (sc_profile_is_local (profile), ==, services[i]->port != 0);
    }
}

#define LLAMA \
  "{\"models\":[],\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"," \
  "\"owned_by\":\"llamacpp\"}]}"
#define VLLM \
  "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\",\"owned_by\":\"vllm\"," \
  "\"max_model_len\":10}]}"
#define PLAIN \
  "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"," \
  "\"owned_by\":\"organization_owner\"}]}"

static void
test_recognise (void)
{
  static const struct
  {
    const char *id;
    const char *body;
    gboolean    is_it;
  } cases[] = {
    { "ollama", "{\"version\":\"0.6.4\"}", TRUE },
    { "ollama", "{\"name\":\"elastic\"}", FALSE },
    { "ollama", "Ollama is running", FALSE },
    { "llama-cpp", LLAMA, TRUE },
    { "llama-cpp", VLLM, FALSE },
    { "llama-cpp", PLAIN, FALSE },
    { "llama-cpp", "<html>Jenkins</html>", FALSE },
    { "llama-cpp", "", FALSE },
    { "vllm", VLLM, TRUE },
    { "vllm", LLAMA, FALSE },
    { "vllm", "{\"object\":\"list\",\"data\":[]}", FALSE },
    { "lm-studio", PLAIN, TRUE },
    { "lm-studio", "{\"object\":\"list\",\"data\":[]}", TRUE },
    { "lm-studio", "{\"data\":\"x\"}", FALSE },
    { "tgi", "{\"model_id\":\"x/y\",\"max_total_tokens\":1}", TRUE },
    { "tgi", LLAMA, FALSE },
    { "openai", PLAIN, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sc_service_recognise (cases[i].id, cases[i].body, strlen (cases[i].body)), ==,
                     cases[i].is_it);
  g_assert_false (sc_service_recognise ("ollama", NULL, 0));
}

typedef struct
{
  SoupServer *server;
  const char *body;
  guint       status;
  gboolean    is_silent;
  guint16     port;
} Local;

typedef struct
{
  Local      locals[5];
  GPtrArray *found;
  GError    *error;
  gboolean   is_done;
} Fixture;

static void
requested_cb (SoupServer        *server,
              SoupServerMessage *message,
              const char        *path,
              GHashTable        *query,
              gpointer           user_data)
{
  Local *local = user_data;

  if (local->is_silent)
    {
      soup_server_message_pause (message);
      return;
    }
  soup_server_message_set_status (message, local->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, local->body,
                                    strlen (local->body));
}

static void
start_local (Local      *local,
             const char *body,
             guint       status,
             gboolean    is_silent)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  local->server = soup_server_new (NULL, NULL);
  local->body = body;
  local->status = status;
  local->is_silent = is_silent;
  soup_server_add_handler (local->server, NULL, requested_cb, local, NULL);
  soup_server_listen_local (local->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (local->server);
  local->port = (guint16) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  start_local (&fixture->locals[0], LLAMA, 200, FALSE);
  start_local (&fixture->locals[1], "<html>Jenkins</html>", 200, FALSE);
  start_local (&fixture->locals[2], VLLM, 401, FALSE);
  start_local (&fixture->locals[3], "", 200, TRUE);
  start_local (&fixture->locals[4], "{\"version\":\"1\"}", 200, FALSE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->found, g_ptr_array_unref);
  g_clear_error (&fixture->error);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->locals); i++)
    {
      soup_server_disconnect (fixture->locals[i].server);
      g_object_unref (fixture->locals[i].server);
    }
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->found = sc_service_find_local_finish (result, &fixture->error);
  fixture->is_done = TRUE;
}

static void
wait_for_probe (Fixture *fixture)
{
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

/* Those that answer as what they are, and only those; nothing listens at the last one's port. */
static void
test_probe (Fixture       *fixture,
            gconstpointer  data)
{
  const ScService services[] = {
    { .id = "llama-cpp", .port = fixture->locals[0].port, .probe_path = "/v1/models" },
    { .id = "llama-cpp", .port = fixture->locals[1].port, .probe_path = "/v1/models" },
    { .id = "vllm", .port = fixture->locals[2].port, .probe_path = "/v1/models" },
    { .id = "ollama", .port = fixture->locals[4].port, .probe_path = "/api/version" },
    { .id = "lm-studio", .port = 1, .probe_path = "/v1/models" },
    { .id = "openai" },
  };
  const ScService *const list[] = { &services[0], &services[1], &services[2], &services[3],
                                    &services[4], &services[5], NULL };

  sc_service_probe_async (list, LIMIT_MS, NULL, probed_cb, fixture);
  wait_for_probe (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->found->len, ==, 2);
  g_assert_true (g_ptr_array_index (fixture->found, 0) == &services[0]);
  g_assert_true (g_ptr_array_index (fixture->found, 1) == &services[3]);
}

/* A port that takes the connection and says nothing does not hold up the others. */
static void
test_silent (Fixture       *fixture,
             gconstpointer  data)
{
  const ScService services[] = {
    { .id = "vllm", .port = fixture->locals[3].port, .probe_path = "/v1/models" }
  };
  const ScService *const list[] = { &services[0], NULL };

  sc_service_probe_async (list, 50, NULL, probed_cb, fixture);
  wait_for_probe (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->found->len, ==, 0);
}

static void
test_nothing_to_probe (Fixture       *fixture,
                       gconstpointer  data)
{
  const ScService services[] = { { .id = "openai" } };
  const ScService *const list[] = { &services[0], NULL };

  sc_service_probe_async (list, LIMIT_MS, NULL, probed_cb, fixture);
  wait_for_probe (fixture);
  g_assert_cmpuint (fixture->found->len, ==, 0);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  const ScService services[] = {
    { .id = "vllm", .port = fixture->locals[3].port, .probe_path = "/v1/models" }
  };
  const ScService *const list[] = { &services[0], NULL };
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) during = g_cancellable_new ();

  g_cancellable_cancel (before);
  sc_service_probe_async (list, LIMIT_MS, before, probed_cb, fixture);
  wait_for_probe (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;

  sc_service_probe_async (list, LIMIT_MS, during, probed_cb, fixture);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (during);
  wait_for_probe (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The real ports, whatever runs there: it ends, and gives known services only. */
static void
test_real_ports (Fixture       *fixture,
                 gconstpointer  data)
{
  sc_service_find_local_async (NULL, probed_cb, fixture);
  wait_for_probe (fixture);
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < fixture->found->len; i++)
    {
      const ScService *service = g_ptr_array_index (fixture->found, i);

      g_assert_true (sc_service_find (service->id) == service);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void      (*func) (Fixture *, gconstpointer);
  } cases[] = {
    { "/provider/service/probe", test_probe },
    { "/provider/service/silent", test_silent },
    { "/provider/service/nothing-to-probe", test_nothing_to_probe },
    { "/provider/service/cancel", test_cancel },
    { "/provider/service/real-ports", test_real_ports },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/service/list", test_list);
  g_test_add_func ("/provider/service/addresses", test_addresses);
  g_test_add_func ("/provider/service/ports", test_ports);
  g_test_add_func ("/provider/service/profiles", test_profiles);
  g_test_add_func ("/provider/service/recognise", test_recognise);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);
  return g_test_run ();
}
