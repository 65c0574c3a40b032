/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A model on its way to a server: what is told of it, stopping, going on, and that it does not
 * depend on who looks. */

#include "config.h"

#include "run-log.h"

#include "raw-server.h"
#include "sc-providers-private.h"
#include "sc-settings.h"

#include <string.h>

#define ANSWER  "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
#define STARTED "{\"status\":\"pulling manifest\"}\n"                                              \
                "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":1000,"            \
                "\"completed\":400}\n"
#define ENDED   "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":1000,"            \
                "\"completed\":1000}\n{\"status\":\"success\"}\n"
#define LIST    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"   \
                "{\"models\":[{\"name\":\"m:latest\",\"model\":\"m:latest\"}]}"

static ScProfile *
create_server_profile (RawServer *server)
{
  ScProfile *profile = sc_profile_new ("p");
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", raw_server_get_port (server));

  sc_profile_set (&profile->name, "P");
  sc_profile_set (&profile->protocol, "ollama");
  sc_profile_set (&profile->base_url, url);
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}

typedef struct
{
  ScDownload *download;
  gint64      completed;
} Wanted;

static gboolean
has_bytes (gpointer data)
{
  Wanted *wanted = data;
  gint64 completed = 0;
  gint64 total = 0;

  sc_download_get_bytes (wanted->download, &completed, &total);
  return completed >= wanted->completed;
}

static void
wait_for_bytes (ScDownload *download,
                gint64      completed)
{
  Wanted wanted = { download, completed };

  wait_until (has_bytes, &wanted);
}

static gboolean
has_ended (gpointer data)
{
  return sc_download_get_state (data) != SC_DOWNLOAD_RUNNING;
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static gboolean
has_models (gpointer data)
{
  return sc_providers_peek_models (data, "p") != NULL;
}

/* Nobody looks, and the list of models is new when it is there. */
static void
test_done (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_server_profile (server);
  ScProviders *providers = sc_providers_new ();
  ScDownload *download;
  guint n_changed = 0;
  gint64 completed = 0;
  gint64 total = 0;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, ANSWER STARTED ENDED, RAW_STALL,
                         RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, LIST, RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_CLOSE, RAW_END);
  sc_settings_save_profile (sc_settings_get_default (), profile);
  g_assert_true (sc_download_is_offered (profile));
  g_assert_null (sc_providers_get_download (providers, profile));
  download = sc_providers_start_download (providers, profile, "m");
  g_assert_true (sc_providers_get_download (providers, profile) == download);
  g_assert_true (sc_providers_start_download (providers, profile, "other") == download);
  g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_RUNNING);
  g_signal_connect (download, "changed", G_CALLBACK (count_cb), &n_changed);

  wait_until (has_ended, download);
  g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_DONE);
  g_assert_cmpstr (sc_download_get_model (download), ==, "m");
  g_assert_false (sc_download_can_resume (download));
  sc_download_get_bytes (download, &completed, &total);
  g_assert_cmpint (completed, ==, 1000);
  g_assert_cmpint (total, ==, 1000);
  g_assert_cmpuint (n_changed, >=, 2);
  wait_until (has_models, providers);

  sc_providers_forget_download (providers, profile);
  g_assert_null (sc_providers_get_download (providers, profile));
  sc_settings_remove_profile (sc_settings_get_default (), "p");
  g_object_unref (providers);
}

/* Stopped in the middle the connection is closed, and starting again goes on. */
static void
test_stop (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_server_profile (server);
  ScProviders *providers = sc_providers_new ();
  ScDownload *download;
  g_autoptr (ScDownload) stopped = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, ANSWER STARTED, RAW_STALL, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, ANSWER ENDED, RAW_STALL, RAW_END);
  stopped = g_object_ref (sc_providers_start_download (providers, profile, "m"));
  wait_for_bytes (stopped, 400);
  g_assert_cmpstr (sc_download_get_words (stopped), ==, "Downloading…");
  sc_download_stop (stopped);
  g_assert_cmpint (sc_download_get_state (stopped), ==, SC_DOWNLOAD_STOPPED);
  g_assert_true (sc_download_can_resume (stopped));
  raw_server_wait_client_closed (server, 0);
  sc_download_stop (stopped);

  download = sc_providers_start_download (providers, profile, "m");
  g_assert_true (download != stopped);
  wait_until (has_ended, download);
  g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_DONE);
  g_assert_cmpint (sc_download_get_state (stopped), ==, SC_DOWNLOAD_STOPPED);
  sc_download_stop (download);
  g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_DONE);
  g_object_unref (providers);
}

/* The end of the providers is the end of what runs. */
static void
test_quit (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_server_profile (server);
  ScProviders *providers = sc_providers_new ();
  g_autoptr (ScDownload) download = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, ANSWER STARTED, RAW_STALL, RAW_END);
  download = g_object_ref (sc_providers_start_download (providers, profile, "m"));
  wait_for_bytes (download, 400);
  g_assert_finalize_object (providers);
  raw_server_wait_client_closed (server, 0);
  g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_STOPPED);
}

static void
test_failures (void)
{
  static const struct
  {
    const char *answer;
    const char *words;
    gboolean    can_resume;
  } cases[] = {
    { ANSWER "{\"error\":\"pull model manifest: file does not exist\"}\n",
      "There is no model of that name.*", FALSE },
    { ANSWER STARTED "{\"error\":\"write /x: no space left on device\"}\n", "*not enough room*",
      TRUE },
    { ANSWER STARTED, "*interrupted*goes on where it stopped*", TRUE },
    { "HTTP/1.1 400 No\r\nConnection: close\r\n\r\n{\"error\":\"invalid model name\"}",
      "That is not the name of a model.*", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RawServer) server = raw_server_new ();
      g_autoptr (ScProfile) profile = create_server_profile (server);
      g_autoptr (ScDownload) download = NULL;

      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, cases[i].answer, RAW_CLOSE,
                             RAW_END);
      download = sc_download_start (profile, "m");
      wait_until (has_ended, download);
      g_test_message ("%s", sc_download_get_words (download));
      g_assert_cmpint (sc_download_get_state (download), ==, SC_DOWNLOAD_FAILED);
      g_assert_true (g_pattern_match_simple (cases[i].words, sc_download_get_words (download)));
      g_assert_cmpint (sc_download_can_resume (download), ==, cases[i].can_resume);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/chat/download/done", test_done);
  g_test_add_func ("/chat/download/stop", test_stop);
  g_test_add_func ("/chat/download/quit", test_quit);
  g_test_add_func ("/chat/download/failures", test_failures);

  return g_test_run ();
}
