/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Providers: the list, the default, keys, connections and model lists; and the command line that
 * describes one. */

#include "config.h"

#include "run-log.h"

#include "sc-demo-server.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-options.h"
#include "sc-prompt.h"
#include "sc-protocol.h"
#include "sc-providers-private.h"
#include "sc-secrets.h"
#include "sc-settings.h"
#include "sc-vertex-token.h"

#include <string.h>

typedef struct
{
  ScProfile *profile;
  GError    *error;
  guint      n_done;
} Resolved;

static void
resolved_clear (Resolved *resolved)
{
  g_clear_pointer (&resolved->profile, sc_profile_free);
  g_clear_error (&resolved->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Resolved, resolved_clear)

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Resolved *resolved = user_data;

  resolved_clear (resolved);
  resolved->profile = sc_providers_resolve_finish (SC_PROVIDERS (source), result, &resolved->error);
  g_assert_true ((resolved->profile == NULL) == (resolved->error != NULL));
  resolved->n_done++;
}

static gboolean
is_done (gpointer data)
{
  return ((Resolved *) data)->n_done > 0;
}

static void
resolve (ScProviders *providers,
         const char  *id,
         Resolved    *resolved)
{
  resolved->n_done = 0;
  sc_providers_resolve_async (providers, id, NULL, resolved_cb, resolved);
  g_assert_cmpuint (resolved->n_done, ==, 0);
  wait_until (is_done, resolved);
}

static char *
dup_ids (ScProviders *providers)
{
  g_autoptr (GPtrArray) list = sc_providers_list (providers);
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (list, i);

      g_assert_null (profile->key);
      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", profile->id);
    }
  return g_string_free (ids, FALSE);
}

static void
assert_ids (ScProviders *providers,
            const char  *expected)
{
  g_autofree char *ids = dup_ids (providers);

  g_assert_cmpstr (ids, ==, expected);
}

static void
assert_default (ScProviders *providers,
                const char  *expected)
{
  g_autofree char *id = sc_providers_dup_default_id (providers);

  g_assert_cmpstr (id, ==, expected);
}

static ScProfile *
create_named (const char *id,
              const char *base_url)
{
  ScProfile *profile = sc_profile_new (id);

  sc_profile_set (&profile->name, id);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, base_url);
  sc_profile_set (&profile->key, CANARY_KEY);
  return profile;
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static void
test_list (void)
{
  ScProviders *providers = sc_providers_new ();
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) a = create_named ("a", "http://127.0.0.1:9/v1");
  g_autoptr (ScProfile) b = create_named ("b", "https://example.org/v1");
  g_autoptr (ScProfile) temporary = create_named (SC_TEMPORARY_PROFILE_ID, "http://127.0.0.1:9/v1");
  guint n_changed = 0;

  g_signal_connect (providers, "changed", G_CALLBACK (count_cb), &n_changed);
  assert_ids (providers, "demo");
  assert_default (providers, "demo");
  g_object_set (settings, "demo-offered", FALSE, NULL);
  assert_ids (providers, "");
  assert_default (providers, NULL);
  g_object_set (settings, "demo-offered", TRUE, NULL);
  g_assert_cmpuint (n_changed, >=, 2);

  sc_settings_save_profile (settings, a);
  sc_settings_save_profile (settings, b);
  assert_ids (providers, "a b demo");
  assert_default (providers, "a");
  g_object_set (settings, "default-provider", "b", NULL);
  assert_default (providers, "b");
  sc_settings_remove_profile (settings, "b");
  assert_default (providers, "a");
  sc_providers_set_temporary (providers, temporary);
  assert_ids (providers, "command-line a demo");
  assert_default (providers, SC_TEMPORARY_PROFILE_ID);
  g_assert_true (sc_providers_is_temporary (providers, SC_TEMPORARY_PROFILE_ID));
  g_assert_false (sc_providers_is_temporary (providers, "a"));
  g_assert_false (sc_providers_is_temporary (providers, NULL));

  sc_settings_remove_profile (settings, "a");
  g_object_set (settings, "default-provider", "", NULL);
  g_assert_finalize_object (providers);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Resolved *resolved = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sc_secrets_store_finish (result, &error), !=, SC_SECRET_NONE);
  g_assert_no_error (error);
  resolved->n_done++;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Resolved *resolved = user_data;

  sc_secrets_clear_finish (result, NULL);
  resolved->n_done++;
}

static void
test_resolve (void)
{
  ScProviders *providers = sc_providers_new ();
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) a = create_named ("a", "http://127.0.0.1:9/v1");
  g_autoptr (ScProfile) b = create_named ("b", "https://example.org/v1");
  g_autoptr (ScProfile) temporary = create_named (SC_TEMPORARY_PROFILE_ID, "http://127.0.0.1:9/v1");
  g_auto (Resolved) resolved = { NULL };

  resolve (providers, "gone", &resolved);
  g_assert_error (resolved.error, SC_ERROR, SC_ERROR_NOT_FOUND);
  resolve (providers, NULL, &resolved);
  g_assert_cmpstr (resolved.profile->id, ==, SC_DEMO_PROFILE_ID);
  g_assert_nonnull (resolved.profile->key);

  /* There is no keyring: that matters to who needs a key, and a server on this computer does
   * not. */
  sc_settings_save_profile (settings, a);
  sc_settings_save_profile (settings, b);
  resolve (providers, "a", &resolved);
  g_assert_no_error (resolved.error);
  g_assert_null (resolved.profile->key);
  resolve (providers, "b", &resolved);
  g_assert_error (resolved.error, SC_ERROR, SC_ERROR_KEYRING);
  sc_settings_remove_profile (settings, "b");
  resolved.n_done = 0;
  sc_secrets_store_async ("a", "Stream Chat: a", CANARY_KEY, NULL, stored_cb, &resolved);
  wait_until (is_done, &resolved);
  resolve (providers, NULL, &resolved);
  g_assert_cmpstr (resolved.profile->id, ==, "a");
  g_assert_cmpstr (resolved.profile->key, ==, CANARY_KEY);
  resolved.n_done = 0;
  sc_secrets_clear_async ("a", NULL, cleared_cb, &resolved);
  wait_until (is_done, &resolved);

  sc_providers_set_temporary (providers, temporary);
  resolve (providers, NULL, &resolved);
  g_assert_cmpstr (resolved.profile->id, ==, SC_TEMPORARY_PROFILE_ID);
  g_assert_cmpstr (resolved.profile->key, ==, CANARY_KEY);
  sc_settings_remove_profile (settings, "a");
  sc_providers_set_temporary (providers, NULL);
  g_object_set (settings, "demo-offered", FALSE, NULL);
  resolve (providers, NULL, &resolved);
  g_assert_error (resolved.error, SC_ERROR, SC_ERROR_NOT_FOUND);
  g_object_set (settings, "demo-offered", TRUE, NULL);
  g_assert_finalize_object (providers);
}

/* What is made of a key file is ready to be sent; the key file itself never is. */
static void
test_resolve_key_file (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  ScProviders *providers = sc_providers_new ();
  g_autoptr (ScProfile) temporary =
    create_named (SC_TEMPORARY_PROFILE_ID, "https://us-east5-aiplatform.googleapis.com");
  g_autofree char *uri = raw_server_dup_url (server, "http", "/token");
  g_autofree char *key_file =
    g_strdup_printf ("{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\","
                     "\"refresh_token\":\"" CANARY_KEY "\",\"quota_project_id\":\"p\","
                     "\"token_uri\":\"%s\"}", uri);
  g_auto (Resolved) resolved = { NULL };

  raw_server_add_script (
      server, RAW_WAIT_REQUEST, RAW_SEND,
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
      "{\"access_token\":\"ya29.given\",\"expires_in\":3599}",
      RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ERROR_ANSWER ("400 Bad Request", "", "25", "{\"error\":\"invalid_grant\"}"),
                         RAW_CLOSE, RAW_END);
  sc_profile_set (&temporary->protocol, "vertex");
  sc_profile_set (&temporary->key, key_file);
  temporary->proxy_mode = SC_PROXY_NONE;
  sc_providers_set_temporary (providers, temporary);
  /* The second time with the token at hand. */
  for (guint i = 0; i < 2; i++)
    {
      resolve (providers, NULL, &resolved);
      g_assert_no_error (resolved.error);
      g_assert_cmpstr (resolved.profile->key, ==, "ya29.given");
      g_assert_cmpstr (resolved.profile->base_url, ==,
                       "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5");
      g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
    }
  sc_vertex_token_forget ("ya29.given");
  resolve (providers, NULL, &resolved);
  g_assert_error (resolved.error, SC_ERROR, SC_ERROR_AUTH);
  g_assert_null (strstr (resolved.error->message, CANARY_KEY));
  g_assert_finalize_object (providers);
}

static void
models_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Resolved *resolved = user_data;

  resolved_clear (resolved);
  sc_providers_fetch_models_finish (SC_PROVIDERS (source), result, &resolved->error);
  resolved->n_done++;
}

/* A list whose token is refused gets another token, once, whoever asked for it. */
static void
test_models_key_file (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  ScProviders *providers = sc_providers_new ();
  g_autofree char *base = raw_server_dup_url (server, "http", "");
  g_autofree char *uri = raw_server_dup_url (server, "http", "/token");
  g_autoptr (ScProfile) temporary = create_named (SC_TEMPORARY_PROFILE_ID, base);
  g_autofree char *key_file =
    g_strdup_printf ("{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\","
                     "\"refresh_token\":\"" CANARY_KEY "\",\"token_uri\":\"%s\"}", uri);
  static const char *const answers[] = {
    "200 OK", "{\"access_token\":\"ya29.old\",\"expires_in\":3599}",
    "401 Unauthorized", "{}",
    "200 OK", "{\"access_token\":\"ya29.new\",\"expires_in\":3599}",
    "200 OK", "{\"publisherModels\":[{\"name\":\"publishers/google/models/gemini-2.5-pro\"}]}",
  };
  g_auto (Resolved) resolved = { NULL };
  g_autoptr (GString) refused = NULL;
  g_autoptr (GString) accepted = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i += 2)
    {
      g_autofree char *answer =
        g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                         "%s", answers[i], answers[i + 1]);

      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, answer, RAW_CLOSE, RAW_END);
    }
  sc_profile_set (&temporary->protocol, "vertex");
  sc_profile_set (&temporary->key, key_file);
  temporary->proxy_mode = SC_PROXY_NONE;
  sc_providers_set_temporary (providers, temporary);
  sc_providers_fetch_models_async (providers, temporary->id, NULL, models_cb, &resolved);
  wait_until (is_done, &resolved);
  g_assert_no_error (resolved.error);
  g_assert_cmpuint (sc_providers_peek_models (providers, temporary->id)->len, ==, 1);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 4);
  refused = raw_server_dup_received (server, 1);
  accepted = raw_server_dup_received (server, 3);
  g_assert_nonnull (strstr (refused->str, "Bearer ya29.old"));
  g_assert_nonnull (strstr (accepted->str, "Bearer ya29.new"));
  sc_vertex_token_forget ("ya29.new");
  g_assert_finalize_object (providers);
}

/* Before, during and after: one answer each time, and never a profile once cancelled. */
static void
test_resolve_cancel (void)
{
  ScProviders *providers = sc_providers_new ();
  g_autoptr (ScProfile) temporary = create_named (SC_TEMPORARY_PROFILE_ID, "http://127.0.0.1:9/v1");
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) during = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();
  g_auto (Resolved) resolved = { NULL };

  sc_providers_set_temporary (providers, temporary);
  g_cancellable_cancel (before);
  sc_providers_resolve_async (providers, NULL, before, resolved_cb, &resolved);
  wait_until (is_done, &resolved);
  g_assert_error (resolved.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  resolved.n_done = 0;
  sc_providers_resolve_async (providers, NULL, during, resolved_cb, &resolved);
  g_cancellable_cancel (during);
  wait_until (is_done, &resolved);
  g_assert_error (resolved.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  resolved.n_done = 0;
  sc_providers_resolve_async (providers, NULL, after, resolved_cb, &resolved);
  wait_until (is_done, &resolved);
  g_cancellable_cancel (after);
  g_assert_nonnull (resolved.profile);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (resolved.n_done, ==, 1);
  g_assert_finalize_object (providers);
}

static void
test_client (void)
{
  ScProviders *providers = sc_providers_new ();
  g_autoptr (ScProfile) a = create_named ("a", "http://127.0.0.1:9/v1");
  g_autoptr (ScProfile) b = create_named ("b", "http://127.0.0.1:9/v1");
  g_autoptr (ScHttpClient) first = sc_http_client_ref (sc_providers_get_client (providers, a));

  g_assert_true (sc_providers_get_client (providers, a) == first);
  g_assert_true (sc_providers_get_client (providers, b) != first);
  a->proxy_mode = SC_PROXY_NONE;
  g_assert_true (sc_providers_get_client (providers, a) != first);
  g_assert_finalize_object (providers);
}

static void
test_models (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  ScProviders *providers = sc_providers_new ();
  g_autoptr (ScProfile) profile = create_profile (server);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Resolved) resolved = { NULL };
  GPtrArray *models;
  guint n_changed = 0;

  raw_server_add_script (
      server, RAW_WAIT_REQUEST, RAW_SEND,
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
      "{\"data\":[{\"id\":\"one\"},{\"id\":\"two\"}]}",
      RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  sc_providers_set_temporary (providers, profile);
  g_signal_connect (providers, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_null (sc_providers_peek_models (providers, profile->id));
  sc_providers_fetch_models_async (providers, profile->id, NULL, models_cb, &resolved);
  wait_until (is_done, &resolved);
  g_assert_no_error (resolved.error);
  g_assert_cmpuint (n_changed, ==, 1);
  models = sc_providers_peek_models (providers, profile->id);
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 0))->id, ==, "one");

  resolved.n_done = 0;
  sc_providers_fetch_models_async (providers, profile->id, cancellable, models_cb, &resolved);
  raw_server_wait_idle (server, 1);
  g_cancellable_cancel (cancellable);
  wait_until (is_done, &resolved);
  g_assert_error (resolved.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  raw_server_wait_client_closed (server, 1);
  /* What was known is still known. */
  g_assert_cmpuint (sc_providers_peek_models (providers, profile->id)->len, ==, 2);

  /* Another address is another list. */
  sc_profile_set (&profile->base_url, "http://127.0.0.1:9/v1");
  sc_providers_set_temporary (providers, profile);
  g_assert_null (sc_providers_peek_models (providers, profile->id));
  resolved.n_done = 0;
  sc_providers_fetch_models_async (providers, "gone", NULL, models_cb, &resolved);
  wait_until (is_done, &resolved);
  g_assert_error (resolved.error, SC_ERROR, SC_ERROR_NOT_FOUND);
  g_assert_finalize_object (providers);
}

static ScOptions *
parse (const char  *line,
       GError     **error)
{
  g_auto (GStrv) argv = NULL;
  g_autofree char **copy = NULL;
  int argc;
  char **args;

  g_assert_true (g_shell_parse_argv (line, &argc, &argv, NULL));
  /* The parser takes out what it understood: the strings stay with their first owner. */
  copy = g_memdup2 (argv, sizeof (char *) * (gsize) (argc + 1));
  args = copy;
  return sc_options_parse (&argc, &args, error);
}

static void
test_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScOptions) nothing = parse ("stream-chat", &error);
  g_autoptr (ScOptions) window =
    parse ("stream-chat --prompt 'hello you' --trace /tmp/t --protocol demo", &error);
  g_autoptr (ScOptions) version = parse ("stream-chat --version", &error);
  g_autoptr (ScOptions) named = parse (
      "stream-chat --ask=hello --provider 'My server' --retries=0 --json --no-stream", &error);
  g_autoptr (ScProfile) demo = NULL;

  g_assert_no_error (error);
  g_assert_null (nothing->ask);
  g_assert_cmpint (nothing->retries, ==, -1);
  g_assert_false (sc_options_has_ad_hoc_provider (nothing));
  g_assert_cmpstr (window->prompt, ==, "hello you");
  g_assert_cmpstr (window->trace, ==, "/tmp/t");
  g_assert_true (sc_options_has_ad_hoc_provider (window));
  g_assert_true (version->version);
  g_assert_cmpstr (named->ask, ==, "hello");
  g_assert_cmpstr (named->provider, ==, "My server");
  g_assert_cmpint (named->retries, ==, 0);
  g_assert_true (named->json);
  g_assert_true (named->no_stream);
  g_assert_false (sc_options_has_ad_hoc_provider (named));

  demo = sc_options_create_profile (window, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (demo->id, ==, SC_DEMO_PROFILE_ID);
}

static void
test_options_profile (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScOptions) options = parse ("stream-chat --ask x --base-url http://host:80/v1 --model "
                                         "m --system s --no-stream --retries 3 "
                                         "--timeouts 'connect=1.5, first-byte=0,idle=0.0001' "
                                         "--parameters '{\"seed\":1,\"top_p\":0.1}'",
                                         &error);
  g_autoptr (ScProfile) profile = NULL;
  g_autoptr (ScProfile) configured = sc_profile_new ("c");

  g_assert_no_error (error);
  g_setenv ("STREAM_CHAT_API_KEY", "  key-1\n", TRUE);
  profile = sc_options_create_profile (options, &error);
  g_unsetenv ("STREAM_CHAT_API_KEY");
  g_assert_no_error (error);
  g_assert_cmpstr (profile->protocol, ==, "openai-chat");
  g_assert_cmpstr (profile->base_url, ==, "http://host:80/v1");
  g_assert_cmpstr (profile->name, ==, "host");
  g_assert_cmpstr (profile->key, ==, "key-1");
  g_assert_cmpstr (profile->model, ==, "m");
  g_assert_cmpstr (profile->system_prompt, ==, "s");
  g_assert_false (profile->stream);
  g_assert_cmpuint (profile->retries, ==, 3);
  g_assert_cmpuint (profile->timeouts.connect_ms, ==, 1500);
  g_assert_cmpuint (profile->timeouts.first_byte_ms, ==, 0);
  /* Not off: only zero is. */
  g_assert_cmpuint (profile->timeouts.idle_ms, ==, 1);
  g_assert_cmpuint (profile->timeouts.data_ms, ==, SC_DATA_TIMEOUT_MS);
  g_assert_cmpuint (profile->timeouts.quiet_ms, ==, SC_QUIET_NOTICE_MS);

  /* What is given wins, what is not given stays. */
  sc_profile_set (&configured->parameters, "{\"seed\":5,\"temperature\":0}");
  sc_profile_set (&configured->key, "own");
  g_assert_true (sc_options_apply (options, configured, &error));
  g_assert_cmpstr (configured->parameters, ==, "{\"seed\":1,\"temperature\":0,\"top_p\":0.1}");
  g_assert_cmpstr (configured->key, ==, "own");
}

static void
test_parameters (void)
{
  g_autoptr (JsonNode) both = sc_prompt_merge_parameters ("{\"a\":1,\"b\":2}", "{\"b\":[3]}");
  g_autofree char *text = sc_json_to_string (both, FALSE);
  g_autoptr (JsonNode) one = sc_prompt_merge_parameters ("damaged", "{\"b\":3}");

  g_assert_cmpstr (text, ==, "{\"a\":1,\"b\":[3]}");
  g_assert_nonnull (one);
  g_assert_null (sc_prompt_merge_parameters (NULL, ""));
  g_assert_null (sc_prompt_merge_parameters ("{}", "[]"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  /* A keyring that cannot be: keys live in this process. */
  g_setenv ("SECRET_FILE_TEST_PATH", "/proc/nothing/x.keyring", TRUE);

  g_test_add_func ("/chat/providers/list", test_list);
  g_test_add_func ("/chat/providers/resolve", test_resolve);
  g_test_add_func ("/chat/providers/resolve-key-file", test_resolve_key_file);
  g_test_add_func ("/chat/providers/resolve-cancel", test_resolve_cancel);
  g_test_add_func ("/chat/providers/client", test_client);
  g_test_add_func ("/chat/providers/models", test_models);
  g_test_add_func ("/chat/providers/models/key-file", test_models_key_file);
  g_test_add_func ("/chat/options/parse", test_options);
  g_test_add_func ("/chat/options/profile", test_options_profile);
  g_test_add_func ("/chat/options/parameters", test_parameters);

  return g_test_run ();
}
