/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Demo from end to end: its server, the HTTP transport, the reader and the decoder. */

#include "config.h"

#include "event-log.h"

#include "sc-demo-script.h"
#include "sc-demo-server-private.h"
#include "sc-demo-server.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-profile.h"
#include "sc-response-reader.h"

#include <string.h>

/* Fast enough to test with, slow enough to come in many reads. */
#define FAST " at 20000 characters a second"

typedef struct
{
  ScHttpClient     *client;
  ScHttpExchange   *exchange;
  ScResponseReader *reader;
  EventLog         *log;
  GCancellable     *cancellable;
  int               status;
  guint             n_reads;
  guint             n_quiet_reads;
  gboolean          stops_at_text;
  gboolean          is_done;
} Talk;

static void
headers_cb (ScHttpExchange *exchange,
            gpointer        user_data)
{
  Talk *talk = user_data;
  const char * const *names = sc_response_reader_get_header_names ();

  talk->status = sc_http_exchange_get_status (exchange);
  sc_response_reader_headers (talk->reader, talk->status,
                              sc_http_exchange_get_header (exchange, "Content-Type"));
  for (; *names != NULL; names++)
    sc_response_reader_set_header (talk->reader, *names,
                                   sc_http_exchange_get_header (exchange, *names));
}

static void
bytes_cb (ScHttpExchange *exchange,
          const char     *bytes,
          gsize           length,
          gint64          read_us,
          gpointer        user_data)
{
  Talk *talk = user_data;

  talk->n_reads++;
  if (!sc_response_reader_feed (talk->reader, bytes, length))
    talk->n_quiet_reads++;
  if (talk->stops_at_text && talk->log->text->len > 0)
    g_cancellable_cancel (talk->cancellable);
}

static void
done_cb (ScHttpExchange *exchange,
         const GError   *error,
         gpointer        user_data)
{
  Talk *talk = user_data;
  g_autoptr (ScFailure) failure = error != NULL ? sc_failure_new_from_error (error) : NULL;

  sc_response_reader_end (talk->reader, failure);
  talk->is_done = TRUE;
}

static const ScHttpHandler handler = { headers_cb, bytes_cb, done_cb };

static void
talk_free (Talk *talk)
{
  sc_http_exchange_free (talk->exchange);
  sc_http_client_unref (talk->client);
  sc_response_reader_free (talk->reader);
  event_log_free (talk->log);
  g_object_unref (talk->cancellable);
  g_free (talk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

static Talk *
start_talk (const char *words,
            const char *model,
            gboolean    is_stream,
            const char *key)
{
  Talk *talk = g_new0 (Talk, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScProfile) profile = sc_demo_server_create_profile (&error);
  const ScProtocol *protocol;
  g_autoptr (ScPrompt) prompt = sc_prompt_new (model);
  g_autoptr (ScHttpRequest) request = NULL;

  g_assert_no_error (error);
  if (key != NULL)
    sc_profile_set (&profile->key, key);
  prompt->stream = is_stream;
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, words));
  protocol = sc_protocol_find (profile->protocol);
  request = protocol->build_request (profile, prompt, &error);
  g_assert_no_error (error);
  talk->log = event_log_new ();
  talk->cancellable = g_cancellable_new ();
  talk->client = sc_http_client_new (profile);
  talk->reader = sc_response_reader_new (protocol, event_log_cb, talk->log);
  talk->exchange = sc_http_exchange_start (talk->client, request, &profile->timeouts,
                                           talk->cancellable, &handler, talk);
  return talk;
}

static void
wait_for_end (Talk *talk)
{
  while (!talk->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (talk->log->n_ends, ==, 1);
}

static Talk *
have_talk (const char *words,
           const char *model,
           gboolean    is_stream)
{
  Talk *talk = start_talk (words, model, is_stream, NULL);

  wait_for_end (talk);
  return talk;
}

static void
wait_for_no_streams (void)
{
  while (sc_demo_server_get_n_streams () > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_echo (void)
{
  g_autoptr (Talk) talk = have_talk ("hello there" FAST, "demo", TRUE);

  g_assert_cmpint (talk->status, ==, 200);
  g_assert_cmpint (talk->log->finish, ==, SC_FINISH_STOP);
  g_assert_nonnull (strstr (talk->log->text->str, "> hello there"));
  g_assert_nonnull (strstr (talk->log->text->str, "scripted"));
  g_assert_nonnull (strstr (talk->log->lines->str, "{\"event\":\"usage\",\"input\":"));
  g_assert_cmpuint (talk->log->reasoning->len, ==, 0);
  g_assert_cmpuint (talk->n_reads, >, 2);
  wait_for_no_streams ();
}

/* What comes as a stream is what comes whole. */
static void
test_whole (void)
{
  g_autoptr (Talk) stream = have_talk ("a tour" FAST, "demo-thinking", TRUE);
  g_autoptr (Talk) whole = have_talk ("a tour" FAST, "demo-thinking", FALSE);

  g_assert_cmpstr (stream->log->text->str, ==, whole->log->text->str);
  g_assert_cmpstr (stream->log->reasoning->str, ==, whole->log->reasoning->str);
  g_assert_cmpuint (whole->log->reasoning->len, >, 0);
  g_assert_cmpstr (strstr (stream->log->lines->str, "{\"event\":\"usage\""), ==,
                   strstr (whole->log->lines->str, "{\"event\":\"usage\""));
  g_assert_nonnull (strstr (whole->log->text->str, "\n```python\n"));
  g_assert_nonnull (strstr (whole->log->text->str, "\n- [x] "));
  g_assert_nonnull (strstr (whole->log->text->str, "\n| :--- | ---: |"));
  g_assert_nonnull (strstr (whole->log->text->str, "\n> "));
}

static void
test_every_prompt (void)
{
  guint n = 0;
  const ScDemoPrompt *prompts = sc_demo_server_list_prompts (&n);

  g_assert_cmpuint (n, >=, 8);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScDemoScript) script = sc_demo_script_new (prompts[i].prompt, "demo");
      g_autoptr (ScDemoScript) echo = sc_demo_script_new ("nothing in particular", "demo");

      g_assert_true (*prompts[i].title != '\0' && *prompts[i].subtitle != '\0');
      g_assert_true (g_str_has_suffix (prompts[i].icon_name, "-symbolic"));
      g_assert_cmpstr (script->text, !=, echo->text);
      g_assert_true (g_utf8_validate (script->text, -1, NULL));
      /* Each says that it is scripted. */
      g_assert_nonnull (strstr (script->text, "cripted"));
    }
}

static void
test_script_words (void)
{
  g_autoptr (ScDemoScript) slow = sc_demo_script_new ("a slow answer with 3 seconds", NULL);
  g_autoptr (ScDemoScript) plain_slow = sc_demo_script_new ("be slow", NULL);
  g_autoptr (ScDemoScript) limit = sc_demo_script_new ("rate limit of 2 s", NULL);
  g_autoptr (ScDemoScript) broken = sc_demo_script_new ("BROKEN", NULL);
  g_autoptr (ScDemoScript) long_one =
    sc_demo_script_new ("write 200 KB at 1,000 characters a second", NULL);
  g_autoptr (ScDemoScript) empty = sc_demo_script_new ("", NULL);

  g_assert_cmpuint (slow->pause_ms, ==, 3000);
  g_assert_cmpuint (plain_slow->pause_ms, ==, 25000);
  g_assert_cmpuint (slow->pause_at, >, 0);
  g_assert_cmpuint (limit->wait_s, ==, 2);
  g_assert_cmpuint (broken->cut_at, >, 0);
  g_assert_cmpuint (broken->cut_at, <, strlen (broken->text));
  g_assert_cmpuint (strlen (long_one->text), >=, 200 * 1024);
  g_assert_cmpuint (strlen (long_one->text), <, 210 * 1024);
  g_assert_cmpuint (long_one->rate, ==, 1000);
  g_assert_cmpuint (empty->rate, >=, 60);
  g_assert_cmpuint (empty->rate, <=, 120);
}

static void
test_pieces (void)
{
  g_autoptr (ScDemoScript) script = sc_demo_script_new ("tour", NULL);
  g_autofree char *unbroken = g_strnfill (100, 'x');
  const char *at = script->text;

  while (*at != '\0')
    {
      gsize n = sc_demo_script_get_piece (at, strlen (at));

      g_assert_cmpuint (n, >, 0);
      g_assert_cmpint (g_utf8_strlen (at, (gssize) n), <=, 12);
      at += n;
    }
  g_assert_cmpuint (sc_demo_script_get_piece (unbroken, 100), ==, 12);
  g_assert_cmpuint (sc_demo_script_get_piece ("äöü ß", strlen ("äöü ß")), ==, strlen ("äöü"));
}

static void
test_reasoning (void)
{
  g_autoptr (Talk) talk = have_talk ("think" FAST, "demo", TRUE);

  g_assert_cmpint (talk->log->finish, ==, SC_FINISH_STOP);
  g_assert_cmpuint (talk->log->reasoning->len, >, 100);
  g_assert_cmpuint (talk->log->text->len, >, 50);
  g_assert_true (g_str_has_prefix (talk->log->lines->str, "{\"event\":\"reasoning\""));
}

static void
test_pause (void)
{
  g_autoptr (Talk) talk = have_talk ("slow, 1 s," FAST, "demo", TRUE);

  g_assert_cmpint (talk->log->finish, ==, SC_FINISH_STOP);
  g_assert_nonnull (strstr (talk->log->text->str, "alive all the time"));
}

static void
test_broken (void)
{
  g_autoptr (Talk) talk = have_talk ("broken" FAST, "demo", TRUE);

  g_assert_nonnull (talk->log->failure);
  g_assert_cmpint (talk->log->failure->kind, ==, SC_ERROR_INTERRUPTED);
  g_assert_true (g_str_has_suffix (talk->log->text->str, "in the middle of a"));
  wait_for_no_streams ();
}

static void
test_rate_limit (void)
{
  g_autoptr (Talk) first = have_talk ("rate limit, 7 seconds," FAST, "demo", TRUE);
  g_autoptr (Talk) second = have_talk ("rate limit, 7 seconds," FAST, "demo", TRUE);

  g_assert_cmpint (first->status, ==, 429);
  g_assert_cmpint (first->log->failure->kind, ==, SC_ERROR_RATE_LIMIT);
  g_assert_cmpint (first->log->failure->retry_after_ms, ==, 7000);
  g_assert_true (sc_failure_is_retryable (first->log->failure));
  g_assert_cmpint (second->log->finish, ==, SC_FINISH_STOP);
}

static void
test_wrong_key (void)
{
  g_autoptr (Talk) talk = start_talk ("hello", "demo", TRUE, "guessed-key");

  wait_for_end (talk);
  g_assert_cmpint (talk->log->failure->kind, ==, SC_ERROR_AUTH);
}

/* The server notices at once: in the middle of a text, and in a silence of an hour. */
static void
test_client_leaves (void)
{
  static const char *const prompts[] = { "200 KB", "slow, 3600 seconds" FAST };

  for (guint i = 0; i < G_N_ELEMENTS (prompts); i++)
    {
      g_autoptr (Talk) talk = start_talk (prompts[i], "demo", TRUE, NULL);

      talk->stops_at_text = TRUE;
      wait_for_end (talk);
      g_assert_cmpint (talk->log->failure->kind, ==, SC_ERROR_CANCELLED);
      g_assert_cmpuint (talk->log->text->len, >, 0);
      wait_for_no_streams ();
    }
}

/* Several answers at a time, each its own. */
static void
test_many_at_once (void)
{
  Talk *talks[8];

  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    {
      g_autofree char *words = g_strdup_printf ("number %u" FAST, i);

      talks[i] = start_talk (words, "demo", TRUE, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    {
      g_autofree char *quote = g_strdup_printf ("> number %u", i);

      wait_for_end (talks[i]);
      g_assert_cmpint (talks[i]->log->finish, ==, SC_FINISH_STOP);
      g_assert_nonnull (strstr (talks[i]->log->text->str, quote));
      talk_free (talks[i]);
    }
  wait_for_no_streams ();
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GPtrArray **models = user_data;
  g_autoptr (GError) error = NULL;

  *models = sc_protocol_list_models_finish (result, &error);
  g_assert_no_error (error);
}

static void
test_models (void)
{
  g_autoptr (ScProfile) profile = sc_demo_server_create_profile (NULL);
  g_autoptr (GPtrArray) models = NULL;

  sc_protocol_list_models_async (profile, NULL, listed_cb, &models);
  while (models == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 0))->id, ==, "demo");
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 1))->id, ==, "demo-thinking");
}

static void
test_profile (void)
{
  g_autoptr (ScProfile) profile = sc_demo_server_create_profile (NULL);

  g_assert_cmpstr (profile->id, ==, SC_DEMO_PROFILE_ID);
  g_assert_cmpstr (profile->key, ==, sc_demo_server_get_key ());
  g_assert_cmpuint (strlen (profile->key), >, 40);
  g_assert_true (sc_profile_is_local (profile));
  g_assert_true (sc_demo_server_get_base_url (NULL) == sc_demo_server_get_base_url (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/demo/profile", test_profile);
  g_test_add_func ("/provider/demo/echo", test_echo);
  g_test_add_func ("/provider/demo/whole", test_whole);
  g_test_add_func ("/provider/demo/every-prompt", test_every_prompt);
  g_test_add_func ("/provider/demo/script-words", test_script_words);
  g_test_add_func ("/provider/demo/pieces", test_pieces);
  g_test_add_func ("/provider/demo/reasoning", test_reasoning);
  g_test_add_func ("/provider/demo/pause", test_pause);
  g_test_add_func ("/provider/demo/broken", test_broken);
  g_test_add_func ("/provider/demo/rate-limit", test_rate_limit);
  g_test_add_func ("/provider/demo/wrong-key", test_wrong_key);
  g_test_add_func ("/provider/demo/client-leaves", test_client_leaves);
  g_test_add_func ("/provider/demo/many-at-once", test_many_at_once);
  g_test_add_func ("/provider/demo/models", test_models);
  return g_test_run ();
}
