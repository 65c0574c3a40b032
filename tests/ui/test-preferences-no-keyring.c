/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preferences where no keyring can be used: everything works, and the window says what
 * becomes of a key. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "preferences-fixture.h"
#include "sc-error.h"
#include "sc-profile.h"
#include "sc-provider-editor.h"
#include "sc-provider-key.h"
#include "sc-provider-list.h"
#include "sc-provider-models.h"

#define MODELS "{\"object\":\"list\",\"data\":[{\"id\":\"model-a\",\"object\":\"model\"}]}"

typedef struct
{
  GtkWidget  *row;
  const char *pattern;
} SubtitleCondition;

static gboolean
has_subtitle (gpointer user_data)
{
  const SubtitleCondition *condition = user_data;
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (condition->row));

  return subtitle != NULL && g_pattern_match_simple (condition->pattern, subtitle);
}

static void
wait_for_subtitle (GtkWidget  *row,
                   const char *pattern)
{
  SubtitleCondition condition = { row, pattern };

  fixture_wait (has_subtitle, &condition);
}

static void
test_session (void)
{
  GtkWidget *window;
  GtkWidget *group;
  GtkWidget *stored;
  GtkWidget *entry;
  GtkWidget *list;

  fixture_reset ();
  fixture_add_profile ("remote", "Remote", "https://a.example.com/v1");
  fixture_add_profile ("local", "Local", "http://127.0.0.1:9/v1");
  window = fixture_open ();
  list = fixture_find (window, SC_TYPE_PROVIDER_LIST, 0);
  wait_for_subtitle (sc_provider_list_get_row (SC_PROVIDER_LIST (list), 0),
                     "*The keyring could not be read");

  g_assert_true (gtk_widget_activate_action (window, "preferences.edit-provider", "s", "remote"));
  group = fixture_find (window, SC_TYPE_PROVIDER_KEY, 0);
  stored = fixture_find (group, ADW_TYPE_ACTION_ROW, 0);
  wait_for_subtitle (stored, "The keyring could not be read*");
  g_signal_emit_by_name (fixture_find_button (group, "Enter"), "clicked");
  entry = fixture_find (group, ADW_TYPE_PASSWORD_ENTRY_ROW, 0);
  g_assert_true (gtk_widget_get_visible (entry));

  gtk_editable_set_text (GTK_EDITABLE (entry), FIXTURE_KEY);
  g_signal_emit_by_name (entry, "apply");
  wait_for_subtitle (stored, "No keyring is available, so the key is kept until the program ends");
  fixture_assert_hidden (window, FIXTURE_KEY);

  g_assert_true (gtk_widget_activate_action (fixture_find_button (window, "Back"),
                                             "provider-page.back", NULL));
  wait_for_subtitle (sc_provider_list_get_row (SC_PROVIDER_LIST (list), 0),
                     "*Key kept for this session only");
  wait_for_subtitle (sc_provider_list_get_row (SC_PROVIDER_LIST (list), 1), "*On this computer");
  fixture_close (window);
}

typedef struct
{
  guint status;
  int   kind;
} Fixture;

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  const Fixture *fixture = user_data;

  soup_server_message_set_status (message, fixture->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, MODELS,
                                    strlen (MODELS));
}

static void
tested_cb (ScProviderModels *group,
           int               kind,
           gpointer          user_data)
{
  ((Fixture *) user_data)->kind = kind;
}

static gboolean
is_tested (gpointer user_data)
{
  return ((Fixture *) user_data)->kind != -2;
}

static ScProfile *
dup_profile (gpointer user_data)
{
  return sc_profile_copy (user_data);
}

/* A server that wants no key can be tested; one that does leads to the keyring. */
static void
test_connection (void)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (ScProfile) profile = sc_profile_new ("untold");
  g_autofree char *base_url = NULL;
  GtkWidget *group = g_object_ref_sink (g_object_new (SC_TYPE_PROVIDER_MODELS, NULL));
  Fixture fixture = { 200, -2 };
  GSList *uris;

  soup_server_add_handler (server, NULL, request_cb, &fixture, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  base_url = g_strdup_printf ("http://127.0.0.1:%d/v1", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, base_url);
  sc_provider_models_set_source (SC_PROVIDER_MODELS (group), dup_profile, profile);
  g_signal_connect (group, "tested", G_CALLBACK (tested_cb), &fixture);

  sc_provider_models_test (SC_PROVIDER_MODELS (group));
  fixture_wait (is_tested, &fixture);
  g_assert_cmpint (fixture.kind, ==, -1);

  fixture.status = 401;
  fixture.kind = -2;
  sc_provider_models_test (SC_PROVIDER_MODELS (group));
  fixture_wait (is_tested, &fixture);
  g_assert_cmpint (fixture.kind, ==, SC_ERROR_KEYRING);

  soup_server_disconnect (server);
  g_assert_finalize_object (group);
}

static void
add_tests (void)
{
  g_test_add_func ("/ui/preferences-no-keyring/session", test_session);
  g_test_add_func ("/ui/preferences-no-keyring/connection", test_connection);
}

int
main (int    argc,
      char **argv)
{
  /* A bus that nobody listens on: the same as a system without a keyring. */
  g_setenv ("SECRET_BACKEND", "service", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  return fixture_main (&argc, &argv, add_tests);
}
