/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Model lists of all shapes, and the words where there is none: read from text, and fetched from a
 * server of our own. */

#include "config.h"

#include "no-names.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-openai-chat.h"
#include "sc-profile.h"

#include <libsoup/soup.h>
#include <string.h>

#define KNOWN SC_MODEL_FLAGS_KNOWN

typedef struct
{
  const char *name;
  const char *json;
  const char *id;
  const char *title;
  guint       flags;
  gint64      context;
  gint64      max_output;
  gint64      input_price;
  gint64      output_price;
} List;

/* The first model of each list. */
static const List lists[] = {
  { "openai",
    "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1,"
    "\"owned_by\":\"openai\"}]}",
    "gpt-4o", NULL, 0, -1, -1, -1, -1 },
  { "openai-embedding", "{\"data\":[{\"id\":\"text-embedding-3-small\"}]}",
    "text-embedding-3-small", NULL, SC_MODEL_EMBEDDING, -1, -1, -1, -1 },
  { "openrouter",
    "{\"data\":[{\"id\":\"a/b\",\"name\":\"A: B\",\"context_length\":200000,"
    "\"architecture\":{\"input_modalities\":"
    "[\"text\",\"image\"],\"output_modalities\":[\"text\"]},\"pricing\":{\"prompt\":\"0.000003\","
    "\"completion\":\"0.000015\"},"
    "\"supported_parameters\":[\"tools\",\"reasoning\"],"
    "\"top_provider\":{\"max_completion_tokens\":64000}}]}",
    "a/b", "A: B", KNOWN | SC_MODEL_TOOLS | SC_MODEL_REASONING | SC_MODEL_VISION, 200000, 64000,
    3000000, 15000000 },
  { "openrouter-free",
    "{\"data\":[{\"id\":\"f\",\"pricing\":{\"prompt\":\"0\",\"completion\":\"0\"},"
    "\"supported_parameters\":[]}]}",
    "f", NULL, KNOWN, -1, -1, 0, 0 },
  { "openrouter-auto",
    "{\"data\":[{\"id\":\"auto\",\"pricing\":{\"prompt\":\"-1\",\"completion\":\"-1\"}}]}", "auto",
    NULL, 0, -1, -1, -1, -1 },
  { "vllm",
    "{\"object\":\"list\",\"data\":[{\"id\":\"qwen\",\"owned_by\":\"vllm\",\"root\":\"qwen\","
    "\"max_model_len\":32768}]}",
    "qwen", NULL, 0, 32768, -1, -1, -1 },
  { "groq",
    "{\"data\":[{\"id\":\"old\",\"active\":false},{\"id\":\"new\",\"active\":true,"
    "\"context_window\":131072,"
    "\"max_completion_tokens\":8192}]}",
    "new", NULL, 0, 131072, 8192, -1, -1 },
  { "llama-cpp",
    "{\"models\":[{\"name\":\"x\",\"model\":\"x\"}],\"object\":\"list\","
    "\"data\":[{\"id\":\"m.gguf\",\"owned_by\":"
    "\"llamacpp\",\"meta\":{\"n_ctx_train\":4096}}]}",
    "m.gguf", NULL, 0, 4096, -1, -1, -1 },
  { "lm-studio",
    "{\"data\":[{\"id\":\"v\",\"type\":\"vlm\",\"max_context_length\":8192,"
    "\"capabilities\":[\"tool_use\"]}]}",
    "v", NULL, KNOWN | SC_MODEL_TOOLS | SC_MODEL_VISION, 8192, -1, -1, -1 },
  { "mistral",
    "{\"data\":[{\"id\":\"pixtral\",\"name\":\"pixtral\","
    "\"capabilities\":{\"completion_chat\":true,"
    "\"function_calling\":true,\"vision\":true},\"max_context_length\":131072}]}",
    "pixtral", NULL, KNOWN | SC_MODEL_TOOLS | SC_MODEL_VISION, 131072, -1, -1, -1 },
  { "together",
    "[{\"id\":\"t\",\"display_name\":\"T\",\"type\":\"chat\",\"context_length\":131072,"
    "\"pricing\":{\"input\":0.18,"
    "\"output\":0.6}}]",
    "t", "T", 0, 131072, -1, 180000, 600000 },
  { "fireworks",
    "{\"data\":[{\"id\":\"f\",\"supports_chat\":true,\"supports_tools\":true,"
    "\"supports_image_input\":false,"
    "\"context_length\":10}]}",
    "f", NULL, KNOWN | SC_MODEL_TOOLS, 10, -1, -1, -1 },
  { "strings", "[\"one\",\"two\"]", "one", NULL, 0, -1, -1, -1, -1 },
  { "ollama-like", "{\"models\":[{\"name\":\"llama3:latest\",\"model\":\"llama3:latest\"}]}",
    "llama3:latest", NULL, 0, -1, -1, -1, -1 },
  { "odd-members",
    "{\"data\":[null,7,{\"id\":null},{\"id\":\"\"},{\"id\":\"ok\",\"context_length\":null,"
    "\"pricing\":\"cheap\","
    "\"capabilities\":\"many\"}]}",
    "ok", NULL, 0, -1, -1, -1, -1 },
};

static GPtrArray *
parse (const char  *json,
       GError     **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (json, -1, NULL);
  char *next_page = NULL;
  GPtrArray *models;

  g_assert_nonnull (root);
  models = sc_openai_chat_parse_models (root, &next_page, error);
  g_assert_null (next_page);
  return models;
}

static void
test_list (gconstpointer data)
{
  const List *list = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = parse (list->json, &error);
  const ScModel *model;

  g_assert_no_error (error);
  g_assert_cmpuint (models->len, >=, 1);
  model = g_ptr_array_index (models, 0);
  g_assert_cmpstr (model->id, ==, list->id);
  g_assert_cmpstr (model->name, ==, list->title);
  g_assert_cmpuint (model->flags, ==, list->flags);
  g_assert_cmpint (model->context_tokens, ==, list->context);
  g_assert_cmpint (model->max_output_tokens, ==, list->max_output);
  g_assert_cmpint (model->input_price, ==, list->input_price);
  g_assert_cmpint (model->output_price, ==, list->output_price);
}

static void
test_empty_and_wrong (void)
{
  g_autoptr (GPtrArray) empty = parse ("{\"object\":\"list\",\"data\":[]}", NULL);
  g_autoptr (GPtrArray) null = parse ("{\"object\":\"list\",\"data\":null}", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (null->len, ==, 0);
  g_assert_null (parse ("{\"hello\":\"world\"}", &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

typedef struct
{
  SoupServer *server;
  char       *base_url;
  guint       status;
  const char *type;
  const char *body;
  const char *protocol;
  const char *path;
  const char *missing; /* is answered 404 */
  guint       n_requests;
  GPtrArray  *models;
  GError     *error;
  gboolean    is_done;
} Fixture;

static void
requested_cb (SoupServer        *server,
              SoupServerMessage *message,
              const char        *path,
              GHashTable        *query,
              gpointer           user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
  if (g_strcmp0 (path, fixture->missing) == 0)
    {
      soup_server_message_set_status (message, 404, NULL);
      return;
    }
  g_assert_cmpstr (path, ==, fixture->path);
  soup_server_message_set_status (message, fixture->status, NULL);
  if (fixture->status == 302)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  "/elsewhere");
  soup_server_message_set_response (message, fixture->type, SOUP_MEMORY_STATIC, fixture->body,
                                    strlen (fixture->body));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, requested_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->base_url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->protocol = "openai-chat";
  fixture->path = "/v1/models";
  fixture->missing = "/info";
  fixture->status = 200;
  fixture->type = "application/json";
  fixture->body = "{\"object\":\"list\",\"data\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]}";
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->models, g_ptr_array_unref);
  g_clear_error (&fixture->error);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_free (fixture->base_url);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->models = sc_protocol_list_models_finish (result, &fixture->error);
  fixture->is_done = TRUE;
}

static ScProfile *
create_profile (Fixture    *fixture,
                const char *key)
{
  ScProfile *profile = sc_profile_new (NULL);

  sc_profile_set (&profile->protocol, fixture->protocol);
  sc_profile_set (&profile->base_url, fixture->base_url);
  sc_profile_set (&profile->key, key);
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}

static void
list_models (Fixture      *fixture,
             const char   *key,
             GCancellable *cancellable)
{
  g_autoptr (ScProfile) profile = create_profile (fixture, key);

  g_clear_pointer (&fixture->models, g_ptr_array_unref);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
  sc_protocol_list_models_async (profile, cancellable, listed_cb, fixture);
}

static void
wait_for_list (Fixture *fixture)
{
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_fetch (Fixture       *fixture,
            gconstpointer  data)
{
  list_models (fixture, NULL, NULL);
  wait_for_list (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->models->len, ==, 2);
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (fixture->models, 1))->id, ==, "b");
}

static void
test_fetch_words (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    guint       status;
    const char *type;
    const char *body;
    const char *key;
    ScError     kind;
    const char *words;
  } cases[] = {
    { 401, "application/json",
      "{\"error\":{\"message\":\"Bad canary-0815\",\"code\":\"invalid_api_key\"}}", "canary-0815",
      SC_ERROR_AUTH, "not accepted" },
    { 401, "application/json", "{\"error\":\"no\"}", NULL, SC_ERROR_AUTH, "asks for a key" },
    { 404, "text/plain", "Not Found", NULL, SC_ERROR_NOT_FOUND, "no list of models" },
    { 200, "text/html", "<html><title>Welcome to nginx</title></html>", NULL, SC_ERROR_PROTOCOL,
      "Welcome to nginx" },
    { 200, "application/json", "{\"status\":\"ok\"}", NULL, SC_ERROR_PROTOCOL, "not with a list" },
    { 200, "application/json", "{\"error\":{\"message\":\"maintenance\"}}", NULL, SC_ERROR_SERVER,
      "maintenance" },
    { 200, "application/json", "", NULL, SC_ERROR_PROTOCOL, "empty" },
    { 200, "text/plain", "hello", NULL, SC_ERROR_PROTOCOL, "hello" },
    { 302, "text/html", "", NULL, SC_ERROR_NOT_FOUND, "another address" },
    { 503, "text/html", "<title>Busy</title>", NULL, SC_ERROR_OVERLOADED, "Busy" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->status = cases[i].status;
      fixture->type = cases[i].type;
      fixture->body = cases[i].body;
      list_models (fixture, cases[i].key, NULL);
      wait_for_list (fixture);
      g_assert_null (fixture->models);
      g_assert_error (fixture->error, SC_ERROR, (int) cases[i].kind);
      if (strstr (fixture->error->message, cases[i].words) == NULL)
        g_error ("“%s” is not in “%s”", cases[i].words, fixture->error->message);
      g_assert_null (strstr (fixture->error->message, "canary-0815"));
    }
}

/* What serves both TGI's own API and OpenAI's may have either list. */
static void
test_other_list (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct
  {
    const char *protocol;
    const char *tail;
    const char *missing;
    const char *path;
    const char *body;
    const char *id; /* NULL: there is no list */
  } cases[] = {
    { "tgi", "", "/info", "/v1/models", "{\"data\":[{\"id\":\"m\"}]}", "m" },
    { "tgi", "/v1", "/info", "/v1/models", "{\"data\":[{\"id\":\"m\"}]}", "m" },
    { "tgi", "", "/info", "/v1/models", "<p>", NULL },
    { "openai-chat", "/v1", "/v1/models", "/info", "{\"model_id\":\"m\"}", "m" },
    { "openai-chat", "/v1", "/v1/models", "/info", "{\"version\":\"1\"}", NULL },
  };
  g_autofree char *root = g_strdup (fixture->base_url);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_free (fixture->base_url);
      fixture->base_url = g_strconcat (root, cases[i].tail, NULL);
      fixture->protocol = cases[i].protocol;
      fixture->missing = cases[i].missing;
      fixture->path = cases[i].path;
      fixture->body = cases[i].body;
      fixture->n_requests = 0;
      list_models (fixture, NULL, NULL);
      wait_for_list (fixture);
      g_assert_cmpuint (fixture->n_requests, ==, 2);
      if (cases[i].id == NULL)
        {
          g_assert_error (fixture->error, SC_ERROR, SC_ERROR_NOT_FOUND);
          continue;
        }
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (fixture->models->len, ==, 1);
      g_assert_cmpstr (((ScModel *) g_ptr_array_index (fixture->models, 0))->id, ==, cases[i].id);
    }
}

/* A server that is not there is named, once. */
static void
test_unknown_host (Fixture       *fixture,
                   gconstpointer  data)
{
  GResolver *before = no_names_begin ();

  sc_profile_set (&fixture->base_url, "https://nowhere.example:8443/v1");
  list_models (fixture, "key", NULL);
  wait_for_list (fixture);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_cmpstr (fixture->error->message, ==,
                   "There is no server named nowhere.example. Is it spelled right?");
  no_names_end (before);
}

/* A server that points to the page it just gave is asked for it once. */
static void
test_page_again (Fixture       *fixture,
                 gconstpointer  data)
{
  fixture->protocol = "anthropic";
  fixture->body = "{\"data\":[{\"id\":\"a\"}],\"has_more\":true,\"last_id\":\"a\"}";
  list_models (fixture, NULL, NULL);
  wait_for_list (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->models->len, ==, 1);
  g_assert_cmpuint (fixture->n_requests, ==, 2);
}

/* Nothing is asked of each model alone. */
static void
test_ids (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr (ScProfile) profile = NULL;

  fixture->protocol = "ollama";
  fixture->path = "/api/tags";
  fixture->body = "{\"models\":[{\"name\":\"a\"},{\"name\":\"b\"}]}";
  profile = create_profile (fixture, NULL);
  sc_protocol_list_model_ids_async (profile, NULL, listed_cb, fixture);
  wait_for_list (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->models->len, ==, 2);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  soup_server_disconnect (fixture->server);
  list_models (fixture, NULL, NULL);
  wait_for_list (fixture);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_nonnull (strstr (fixture->error->message, "Nothing answers at 127.0.0.1:"));
}

static void
test_wrong_profile (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);

  sc_profile_set (&profile->protocol, "smoke-signals");
  sc_protocol_list_models_async (profile, NULL, listed_cb, fixture);
  wait_for_list (fixture);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
  g_clear_pointer (&fixture->base_url, g_free);
  list_models (fixture, NULL, NULL);
  wait_for_list (fixture);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) during = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();

  g_cancellable_cancel (before);
  list_models (fixture, NULL, before);
  wait_for_list (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  list_models (fixture, NULL, during);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (during);
  wait_for_list (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  list_models (fixture, NULL, after);
  wait_for_list (fixture);
  g_cancellable_cancel (after);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->models->len, ==, 2);
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
    { "/provider/models/fetch", test_fetch },
    { "/provider/models/fetch-words", test_fetch_words },
    { "/provider/models/other-list", test_other_list },
    { "/provider/models/unknown-host", test_unknown_host },
    { "/provider/models/page-again", test_page_again },
    { "/provider/models/ids", test_ids },
    { "/provider/models/refused", test_refused },
    { "/provider/models/wrong-profile", test_wrong_profile },
    { "/provider/models/cancel", test_cancel },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/models/list/", lists[i].name, NULL);

      g_test_add_data_func (path, &lists[i], test_list);
    }
  g_test_add_func ("/provider/models/empty-and-wrong", test_empty_and_wrong);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);
  return g_test_run ();
}
