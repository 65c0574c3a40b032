/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a conversation's answers obey: the command line, the switches for streaming, the clocks for
 * silence. */

#include "config.h"

#include "history-fixture.h"

#include "sc-conversation-private.h"
#include "sc-options.h"
#include "sc-providers.h"
#include "sc-session.h"
#include "sc-settings.h"
#include "sc-turn-private.h"

#include <string.h>

#define BUSY "{\"error\":{\"message\":\"busy\"}}"
#define WHOLE                                                                                      \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"                 \
  "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},"         \
  "\"finish_reason\":\"stop\"}]}"

static ScOptions *
parse (const char *line)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char **copy = NULL;
  g_autoptr (GError) error = NULL;
  ScOptions *options;
  int n = 0;
  char **rest;

  g_assert_true (g_shell_parse_argv (line, &n, &arguments, NULL));
  copy = g_memdup2 (arguments, sizeof (char *) * ((gsize) n + 1));
  rest = copy;
  options = sc_options_parse (&n, &rest, &error);
  g_assert_no_error (error);
  return options;
}

/* As Preferences leave it: saved, and chosen for new conversations. */
static void
configure (Fixture *fixture)
{
  g_autoptr (ScProfile) profile = create_profile (fixture->server);

  sc_profile_set (&profile->id, "configured");
  sc_profile_set (&profile->key, NULL);
  profile->retries = 2;
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
  sc_settings_save_profile (sc_settings_get_default (), profile);
  g_object_set (sc_settings_get_default (), "default-provider", "configured", NULL);
}

static void
set_temporary (Fixture    *fixture,
               const char *line)
{
  g_autofree char *url = raw_server_dup_url (fixture->server, "http", "/v1");
  g_autofree char *whole = g_strdup_printf ("x --base-url %s --model m %s", url, line);
  g_autoptr (ScOptions) options = parse (whole);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScProfile) profile = sc_options_create_profile (options, &error);

  g_assert_no_error (error);
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

static ScTurn *
ask (Fixture *fixture)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

  send_and_wait (conversation, "a");
  return g_object_ref (sc_conversation_get_last_turn (conversation));
}

static gboolean
wants_stream (Fixture *fixture,
              guint    connection)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);

  return strstr (received->str, "\"stream\":true") != NULL;
}

/* Either way of naming the provider, each limit in turn. */
static void
check_limits (Fixture  *fixture,
              gboolean  is_configured)
{
  g_autoptr (ScOptions) none = parse ("x --retries 0 --no-stream");
  g_autoptr (ScOptions) impatient = parse ("x --retries 0 --timeouts first-byte=0.05");
  g_autoptr (ScTurn) busy = NULL;
  g_autoptr (ScTurn) late = NULL;

  if (is_configured)
    configure (fixture);
  else
    set_temporary (fixture, "--retries 0 --no-stream");
  fixture_add_answer (fixture, ERROR_ANSWER ("503 Busy", "retry-after-ms: 1\r\n", "28", BUSY));
  sc_session_set_options (none);
  busy = ask (fixture);
  g_assert_cmpint (sc_turn_get_failure (busy)->status, ==, 503);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 1);
  g_assert_false (wants_stream (fixture, 0));

  if (!is_configured)
    set_temporary (fixture, "--retries 0 --timeouts first-byte=0.05");
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_STALL, RAW_END);
  sc_session_set_options (impatient);
  late = ask (fixture);
  g_assert_cmpint (sc_turn_get_failure (late)->kind, ==, SC_ERROR_TIMEOUT);
  g_assert_true (wants_stream (fixture, 1));
  sc_session_set_options (NULL);
}

static void
test_limits_configured (Fixture       *fixture,
                        gconstpointer  data)
{
  check_limits (fixture, TRUE);
  sc_settings_remove_profile (sc_settings_get_default (), "configured");
}

static void
test_limits_temporary (Fixture       *fixture,
                       gconstpointer  data)
{
  check_limits (fixture, FALSE);
}

/* Without a command line the profile counts. */
static void
test_limits_none (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ScTurn) answer = NULL;

  configure (fixture);
  fixture_add_answer (fixture, ERROR_ANSWER ("503 Busy", "retry-after-ms: 1\r\n", "28", BUSY));
  fixture_add_answer (fixture, SSE_HEAD TEXT ("yes") STOP DONE);
  answer = ask (fixture);
  g_assert_cmpstr (sc_turn_get_text (answer, NULL), ==, "yes");
  g_assert_true (wants_stream (fixture, 0));
  sc_settings_remove_profile (sc_settings_get_default (), "configured");
}

/* The conversation's switch beats the provider's, either way; and a server that answers whole
 * although it was asked to stream is understood. */
static void
test_stream_switches (Fixture       *fixture,
                      gconstpointer  data)
{
  const struct
  {
    gboolean    profile;
    const char *parameters;
    gboolean    wanted;
  } rows[] = {
    { TRUE, NULL, TRUE },
    { FALSE, NULL, FALSE },
    { TRUE, "{\"stream-chat:stream\":false}", FALSE },
    { FALSE, "{\"stream-chat:stream\":true}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScProfile) profile = create_profile (fixture->server);
      g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);

      profile->stream = rows[i].profile;
      sc_providers_set_temporary (sc_providers_get_default (), profile);
      g_object_set (conversation, "parameters", rows[i].parameters, NULL);
      fixture_add_answer (fixture, WHOLE);
      send_and_wait (conversation, "a");
      assert_texts (conversation, "a|whole");
      g_assert_cmpint (wants_stream (fixture, i), ==, rows[i].wanted);
      g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (conversation)), ==,
                       SC_TURN_STATUS_DONE);
    }
}

static char *
dup_stall_message (Fixture    *fixture,
                   gboolean    with_comments,
                   ScTimeouts  timeouts)
{
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  g_autoptr (ScTurn) answer = NULL;
  const ScFailure *failure;

  profile->timeouts = timeouts;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  if (with_comments)
    raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("half"),
                           RAW_SEND_FOREVER, COMMENT, RAW_END);
  else
    raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD TEXT ("half"),
                           RAW_STALL, RAW_END);
  answer = ask (fixture);
  failure = sc_turn_get_failure (answer);
  g_assert_nonnull (failure);
  g_assert_cmpint (failure->kind, ==, SC_ERROR_TIMEOUT);
  g_assert_cmpint (sc_turn_get_status (answer), ==, SC_TURN_STATUS_INTERRUPTED);
  g_assert_cmpstr (sc_turn_get_text (answer, NULL), ==, "half");
  return g_strdup (failure->message);
}

/* Each says what happened: the line is dead, or it is alive and nothing is said. */
static void
test_stalls (Fixture       *fixture,
             gconstpointer  data)
{
  const ScTimeouts timeouts = { .idle_ms = 1500, .data_ms = 200 };
  const ScTimeouts dead = { .idle_ms = 200, .data_ms = 60 * 1000 };
  g_autofree char *silent = dup_stall_message (fixture, FALSE, dead);
  g_autofree char *alive = dup_stall_message (fixture, TRUE, timeouts);

  g_assert_cmpstr (silent, !=, alive);
  g_assert_nonnull (strstr (silent, "Nothing came from 127.0.0.1 for 0.20 seconds"));
  g_assert_nonnull (strstr (alive, "was connected but sent no data for 0.2 seconds"));
}

typedef struct
{
  Fixture *fixture;
  guint    n_beats;
  guint    n_quiet;
} Beats;

static gboolean
beat_cb (gpointer user_data)
{
  Beats *beats = user_data;

  raw_server_open_gate (beats->fixture->server);
  return ++beats->n_beats < 60 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
activity_cb (ScConversation *conversation,
             GParamSpec     *pspec,
             Beats          *beats)
{
  if (sc_conversation_get_activity (conversation) == SC_ACTIVITY_QUIET)
    beats->n_quiet++;
}

/* A model that thinks for twice as long as the line may be silent, with signs of life: nobody stops
 * it, and the reader is told again and again. */
static void
test_healthy_silence (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ScProfile) profile = create_profile (fixture->server);
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  Beats beats = { fixture, 0, 0 };

  profile->timeouts = (ScTimeouts) { .first_byte_ms = 60 * 1000, .idle_ms = 1500,
                                     .data_ms = 60 * 1000, .quiet_ms = 100 };
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, SSE_HEAD,
                         RAW_GATE, RAW_SEND, COMMENT, RAW_GATE, RAW_SEND, COMMENT,
                         RAW_GATE, RAW_SEND, COMMENT, RAW_GATE, RAW_SEND, COMMENT,
                         RAW_GATE, RAW_SEND, COMMENT, RAW_GATE, RAW_SEND, COMMENT,
                         RAW_GATE, RAW_SEND, TEXT ("thought it over") STOP DONE,
                         RAW_CLOSE, RAW_END);
  g_signal_connect (conversation, "notify::activity", G_CALLBACK (activity_cb), &beats);
  g_timeout_add (450, beat_cb, &beats);
  send_and_wait (conversation, "a");
  assert_texts (conversation, "a|thought it over");
  g_assert_null (sc_turn_get_failure (sc_conversation_get_last_turn (conversation)));
  g_assert_cmpuint (beats.n_quiet, >=, 2);
  g_source_remove_by_user_data (&beats);
}

/* The usual clocks leave a model that says nothing at all for two minutes alone. */
static void
test_usual_clocks (void)
{
  const guint two_minutes_ms = 2 * 60 * 1000;
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScProfile) saved = NULL;

  sc_profile_set (&profile->id, "clocks");
  sc_settings_save_profile (sc_settings_get_default (), profile);
  saved = sc_settings_dup_profile (sc_settings_get_default (), "clocks");
  sc_settings_remove_profile (sc_settings_get_default (), "clocks");
  for (guint i = 0; i < 2; i++)
    {
      const ScTimeouts *timeouts = i == 0 ? &profile->timeouts : &saved->timeouts;

      g_assert_cmpuint (timeouts->first_byte_ms, >, two_minutes_ms);
      g_assert_cmpuint (timeouts->idle_ms, >, two_minutes_ms);
      g_assert_cmpuint (timeouts->data_ms, >, two_minutes_ms);
      g_assert_cmpuint (timeouts->quiet_ms, ==, 20 * 1000);
    }
}

static void
add_history_test (const char *path,
                  void      (*func) (Fixture       *fixture,
                                     gconstpointer  data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  add_history_test ("/chat/session/limits/configured", test_limits_configured);
  add_history_test ("/chat/session/limits/temporary", test_limits_temporary);
  add_history_test ("/chat/session/limits/none", test_limits_none);
  add_history_test ("/chat/session/stream-switches", test_stream_switches);
  add_history_test ("/chat/session/stalls", test_stalls);
  add_history_test ("/chat/session/healthy-silence", test_healthy_silence);
  g_test_add_func ("/chat/session/usual-clocks", test_usual_clocks);
  return g_test_run ();
}
