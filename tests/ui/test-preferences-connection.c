/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Test Connection" against a server on this computer: what it answers, in words, and that it
 * stops when told to. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "preferences-fixture.h"
#include "sc-error.h"
#include "sc-profile.h"
#include "sc-provider-editor.h"
#include "sc-provider-models.h"
#include "sc-settings.h"

#define NOT_TESTED (-2)
#define WORKS      (-1)

/* @words: a pattern for the answer in the row; @has_details: the service's own words can be
 * unfolded */
typedef struct
{
  const char *name;
  guint       status;
  const char *content_type;
  const char *body;
  int         kind;
  const char *words;
  gboolean    has_details;
} Answer;

static const Answer answers[] = {
  { "list", 200, "application/json",
    "{\"object\":\"list\",\"data\":[{\"id\":\"model-a\",\"object\":\"model\"},"
    "{\"id\":\"model-b\",\"object\":\"model\"},{\"id\":\"model-c\",\"object\":\"model\"}]}",
    WORKS, "Works: 3 models", FALSE },
  { "one", 200, "application/json",
    "{\"object\":\"list\",\"data\":[{\"id\":\"model-a\",\"object\":\"model\"}]}",
    WORKS, "Works: 1 model", FALSE },
  { "none", 200, "application/json", "{\"object\":\"list\",\"data\":[]}",
    WORKS, "Works, but*no models*", FALSE },
  { "refused-key", 401, "application/json",
    "{\"error\":{\"message\":\"Incorrect key provided: " FIXTURE_KEY ".\","
    "\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
    SC_ERROR_AUTH, "*key*Check the key above.", TRUE },
  { "not-found", 404, "application/json", "{\"error\":{\"message\":\"no such route\"}}",
    SC_ERROR_NOT_FOUND, "*Check the address*", FALSE },
  { "page", 200, "text/html", "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>",
    SC_ERROR_PROTOCOL, "*web page*It works!*protocol*", FALSE },
  { "broken", 200, "application/json", "{\"data\":[",
    SC_ERROR_PROTOCOL, "*not an answer*protocol*", FALSE },
  { "refused", 401, "application/json", "{\"error\":\"Unauthorized\"}",
    SC_ERROR_AUTH, "*key*Check the key above.", TRUE },
  { "forbidden", 403, "application/json",
    "{\"error\":{\"message\":\"Your key may not do that\",\"type\":\"permission_error\"}}",
    SC_ERROR_AUTH, "*key*Check the key above.", TRUE },
  { "wrong-address", 404, "text/html", "<html><body>Not Found</body></html>",
    SC_ERROR_NOT_FOUND, "*Check the address*", FALSE },
  { "wrong-method", 405, "text/plain", "no", SC_ERROR_NOT_FOUND, "*Check the address*",
    FALSE },
  { "elsewhere", 302, "text/html", "", SC_ERROR_NOT_FOUND, "*another address*", FALSE },
  { "too-many", 429, "application/json", "{\"error\":{\"message\":\"slow down\"}}",
    SC_ERROR_RATE_LIMIT, "*Try again*", TRUE },
  { "busy", 503, "application/json", "{\"error\":{\"message\":\"Loading model\"}}",
    SC_ERROR_OVERLOADED, "*Try again*", TRUE },
  { "empty", 200, "application/json", "", SC_ERROR_PROTOCOL, "*empty answer*protocol*", FALSE },
  { "text", 200, "text/plain", "Ollama is running", SC_ERROR_PROTOCOL,
    "*not an answer*protocol*", FALSE },
  { "failing", 500, "application/json", "{\"error\":{\"message\":\"out of order\"}}",
    SC_ERROR_SERVER, "*Try again*", TRUE },
};

typedef struct
{
  SoupServer    *server;
  char          *base_url;
  const Answer  *answer;
  gboolean       is_silent;
  guint          n_requests;
  ScProfile     *profile;
  GtkWidget     *group;
  int            kind;
  guint          n_tested;
} Fixture;

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
  if (fixture->is_silent)
    {
      soup_server_message_pause (message);
      return;
    }
  soup_server_message_set_status (message, fixture->answer->status, NULL);
  soup_server_message_set_response (message, fixture->answer->content_type, SOUP_MEMORY_STATIC,
                                    fixture->answer->body, strlen (fixture->answer->body));
}

static void
tested_cb (ScProviderModels *group,
           int               kind,
           gpointer          user_data)
{
  Fixture *fixture = user_data;

  fixture->kind = kind;
  fixture->n_tested++;
}

static ScProfile *
dup_profile (gpointer user_data)
{
  return sc_profile_copy (((Fixture *) user_data)->profile);
}

static gboolean
is_tested (gpointer user_data)
{
  return ((Fixture *) user_data)->n_tested > 0;
}

static gboolean
is_requested (gpointer user_data)
{
  return ((Fixture *) user_data)->n_requests > 0;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, request_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->base_url = g_strdup_printf ("http://127.0.0.1:%d/v1", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  fixture->profile = sc_profile_new ("connection");
  sc_profile_set (&fixture->profile->name, "Test");
  sc_profile_set (&fixture->profile->protocol, "openai-chat");
  sc_profile_set (&fixture->profile->base_url, fixture->base_url);
  sc_profile_set (&fixture->profile->key, FIXTURE_KEY);
  fixture->profile->proxy_mode = SC_PROXY_NONE;

  fixture->kind = NOT_TESTED;
  fixture->group = g_object_ref_sink (g_object_new (SC_TYPE_PROVIDER_MODELS, NULL));
  sc_provider_models_set_source (SC_PROVIDER_MODELS (fixture->group), dup_profile, fixture);
  sc_provider_models_load (SC_PROVIDER_MODELS (fixture->group), fixture->profile, NULL);
  g_signal_connect (fixture->group, "tested", G_CALLBACK (tested_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->group != NULL)
    g_assert_finalize_object (fixture->group);
  sc_profile_free (fixture->profile);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->base_url);
  fixture_settle ();
}

static const char *
get_words (Fixture *fixture)
{
  GtkWidget *row = fixture_find_row (fixture->group, "Connection");

  return adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
}

static void
assert_answer (Fixture      *fixture,
               const Answer *answer)
{
  GtkWidget *icon;

  g_test_message ("%s: %d, %s", answer->name, fixture->kind, get_words (fixture));
  g_assert_cmpint (fixture->kind, ==, answer->kind);
  g_assert_true (g_pattern_match_simple (answer->words, get_words (fixture)));
  g_assert_cmpint (gtk_widget_get_visible (fixture_find_row (fixture->group, "Show Details")), ==,
                   answer->has_details);
  icon = fixture_find (fixture_find_row (fixture->group, "Connection"), GTK_TYPE_IMAGE, 1);
  g_assert_true (gtk_widget_get_visible (icon));
  g_assert_cmpint (gtk_widget_has_css_class (icon, "error"), ==, answer->kind != WORKS);
  g_assert_false (sc_provider_models_is_testing (SC_PROVIDER_MODELS (fixture->group)));
  fixture_assert_hidden (fixture->group, FIXTURE_KEY);
  fixture_assert_hidden (fixture->group, "<html>");
}

static void
test_answers (Fixture       *fixture,
              gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      fixture->answer = &answers[i];
      fixture->n_tested = 0;
      sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
      g_assert_true (sc_provider_models_is_testing (SC_PROVIDER_MODELS (fixture->group)));
      fixture_wait (is_tested, fixture);
      assert_answer (fixture, &answers[i]);
    }
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const Answer refused =
    { "refused", 0, NULL, NULL, SC_ERROR_NETWORK, "*server is running*", FALSE };

  soup_server_disconnect (fixture->server);
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  fixture_wait (is_tested, fixture);
  assert_answer (fixture, &refused);
}

/* Names are looked up by nobody but us: no test asks the network. */
typedef struct
{
  GResolver parent_instance;
} NoResolver;

typedef struct
{
  GResolverClass parent_class;
} NoResolverClass;

GType no_resolver_get_type (void);
G_DEFINE_TYPE (NoResolver, no_resolver, G_TYPE_RESOLVER)

static void
lookup_async (GResolver                *resolver,
              const char               *name,
              GResolverNameLookupFlags  flags,
              GCancellable             *cancellable,
              GAsyncReadyCallback       callback,
              gpointer                  user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
}

static GList *
lookup_finish (GResolver     *resolver,
               GAsyncResult  *result,
               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
no_resolver_class_init (NoResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
no_resolver_init (NoResolver *self)
{
}

static void
test_and_assert (Fixture      *fixture,
                 const Answer *answer)
{
  fixture->n_tested = 0;
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  fixture_wait (is_tested, fixture);
  assert_answer (fixture, answer);
}

/* What goes wrong before a server is there at all. */
static void
test_network (Fixture       *fixture,
              gconstpointer  data)
{
  static const Answer unknown =
    { "unknown-name", 0, NULL, NULL, SC_ERROR_NETWORK,
      "There is no server named nowhere.example.*", FALSE };
  static const Answer proxy =
    { "proxy", 0, NULL, NULL, SC_ERROR_NETWORK, "*proxy*", FALSE };
  static const Answer late =
    { "late", 0, NULL, NULL, SC_ERROR_TIMEOUT, "*time limit*allow more time under Waiting.",
      FALSE };
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) nobody = g_object_new (no_resolver_get_type (), NULL);
  g_autofree char *closed = NULL;
  ScProfile *profile = fixture->profile;

  g_resolver_set_default (nobody);
  sc_profile_set (&profile->base_url, "https://nowhere.example/v1");
  test_and_assert (fixture, &unknown);
  g_resolver_set_default (before);

  fixture->is_silent = TRUE;
  profile->timeouts.first_byte_ms = 100;
  sc_profile_set (&profile->base_url, fixture->base_url);
  test_and_assert (fixture, &late);

  closed = g_strndup (fixture->base_url, strlen (fixture->base_url) - strlen ("/v1"));
  soup_server_disconnect (fixture->server);
  profile->proxy_mode = SC_PROXY_MANUAL;
  sc_profile_set (&profile->proxy_url, closed);
  sc_profile_set (&profile->base_url, "https://nowhere.example/v1");
  test_and_assert (fixture, &proxy);
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *button = fixture_find_button (fixture->group, "Test Connection");

  fixture->is_silent = TRUE;
  g_signal_emit_by_name (button, "clicked");
  fixture_wait (is_requested, fixture);
  g_assert_true (sc_provider_models_is_testing (SC_PROVIDER_MODELS (fixture->group)));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Stop");

  g_signal_emit_by_name (button, "clicked");
  g_assert_false (sc_provider_models_is_testing (SC_PROVIDER_MODELS (fixture->group)));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Test Connection");
  g_assert_cmpstr (get_words (fixture), ==, "");
  fixture_settle ();
  g_assert_cmpuint (fixture->n_tested, ==, 0);

  /* Stopping before and after is no different. */
  sc_provider_models_stop (SC_PROVIDER_MODELS (fixture->group));
  fixture->is_silent = FALSE;
  fixture->answer = &answers[0];
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  fixture_wait (is_tested, fixture);
  g_assert_cmpuint (fixture->n_tested, ==, 1);
  assert_answer (fixture, &answers[0]);
  sc_provider_models_stop (SC_PROVIDER_MODELS (fixture->group));
}

static gboolean
is_gone (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

static gboolean
is_mapped (gpointer user_data)
{
  return gtk_widget_get_mapped (user_data);
}

/* The page goes while the server keeps silent; nothing may come back to it, and nothing may keep
 * it. */
static void
test_gone (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), fixture->group);
  gtk_window_present (GTK_WINDOW (window));
  fixture_wait (is_mapped, fixture->group);
  fixture->is_silent = TRUE;
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  fixture_wait (is_requested, fixture);

  g_object_add_weak_pointer (G_OBJECT (fixture->group), (gpointer *) &fixture->group);
  g_object_unref (fixture->group);
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_wait (is_gone, &fixture->group);
  g_assert_cmpuint (fixture->n_tested, ==, 0);
}

static void
test_default_model (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *row = fixture_find_row (fixture->group, "Default model");
  GtkWidget *popover = fixture_find (fixture->group, GTK_TYPE_POPOVER, 0);
  GtkWidget *list = fixture_find (popover, GTK_TYPE_LIST_VIEW, 0);

  fixture->answer = &answers[0];
  gtk_editable_set_text (GTK_EDITABLE (row), "model-z");
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture->group));
  fixture_wait (is_tested, fixture);
  g_assert_true (g_pattern_match_simple ("Works: 3 models*not among them*", get_words (fixture)));

  sc_provider_models_prefill (SC_PROVIDER_MODELS (fixture->group));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "model-z");
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  sc_provider_models_prefill (SC_PROVIDER_MODELS (fixture->group));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "model-a");

  g_signal_emit_by_name (list, "activate", 2);
  sc_provider_models_apply (SC_PROVIDER_MODELS (fixture->group), fixture->profile);
  g_assert_cmpstr (fixture->profile->model, ==, "model-c");
}

/* In the editor a refused key marks the row of the key, and a key from the keyring is used when
 * none is typed. */
static void
test_editor (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *editor = g_object_ref_sink (g_object_new (SC_TYPE_PROVIDER_EDITOR, NULL));
  GtkWidget *group = fixture_find (editor, SC_TYPE_PROVIDER_MODELS, 0);
  GtkWidget *entry;

  fixture_reset ();
  fixture_store_key ("connection", FIXTURE_KEY);
  fixture->answer = &answers[3];
  g_signal_connect (group, "tested", G_CALLBACK (tested_cb), fixture);
  sc_provider_editor_edit (SC_PROVIDER_EDITOR (editor), fixture->profile);
  sc_provider_models_test (SC_PROVIDER_MODELS (group));
  fixture_wait (is_tested, fixture);
  g_assert_cmpint (fixture->kind, ==, SC_ERROR_AUTH);
  entry = fixture_find (editor, ADW_TYPE_PASSWORD_ENTRY_ROW, 0);
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  fixture_assert_hidden (editor, FIXTURE_KEY);

  g_assert_finalize_object (editor);
}

static void
add_tests (void)
{
  g_test_add ("/ui/preferences-connection/answers", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/ui/preferences-connection/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/ui/preferences-connection/network", Fixture, NULL, set_up, test_network, tear_down);
  g_test_add ("/ui/preferences-connection/stop", Fixture, NULL, set_up, test_stop, tear_down);
  g_test_add ("/ui/preferences-connection/gone", Fixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/ui/preferences-connection/default-model", Fixture, NULL, set_up,
              test_default_model, tear_down);
  g_test_add ("/ui/preferences-connection/editor", Fixture, NULL, set_up, test_editor, tear_down);
}

int
main (int    argc,
      char **argv)
{
  return fixture_main (&argc, &argv, add_tests);
}
