/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words with buttons below the newest line: they come when there is something to decide, do what
 * they say, and move nothing. */

#include "config.h"

#include "raw-server.h"
#include "sc-activity-bar.h"
#include "sc-conversation-private.h"
#include "sc-providers.h"
#include "sc-transcript-card.h"
#include "sc-transcript.h"
#include "sc-turn-private.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define TEXT(text) "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define STOP                                                                                       \
  "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"                \
  "data: [DONE]\n\n"
#define BUSY                                                                                       \
  "HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nRetry-After: 50\r\n"                     \
  "Content-Length: 2\r\nConnection: close\r\n\r\n{}"

/* Longer than a test takes; short where silence is the matter. */
#define NEVER_QUIET_MS (3600 * 1000)
#define QUIET_MS 200

typedef struct
{
  RawServer      *server;
  ScConversation *conversation;
  GtkWidget      *window;
  GtkWidget      *transcript;
  GtkWidget      *bar;
  guint           wake_id;
} Fixture;

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
find (GtkWidget  *widget,
      GType       type,
      const char *text)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      (text == NULL || (GTK_IS_BUTTON (widget) &&
                        g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, text);
  return found;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autofree char *url = NULL;

  fixture->server = raw_server_new ();
  url = raw_server_dup_url (fixture->server, "http", "/v1");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, "m");
  profile->retries = 1;
  profile->timeouts = (ScTimeouts) { .quiet_ms = GPOINTER_TO_INT (data) };
  sc_providers_set_temporary (sc_providers_get_default (), profile);

  fixture->conversation = sc_conversation_new ();
  fixture->transcript = GTK_WIDGET (sc_transcript_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->transcript);
  sc_transcript_set_conversation (SC_TRANSCRIPT (fixture->transcript), fixture->conversation);
  fixture->bar = find (fixture->transcript, SC_TYPE_ACTIVITY_BAR, NULL);
  fixture->wake_id = g_timeout_add (20, wake_cb, NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
  g_assert_false (gtk_widget_get_visible (fixture->bar));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
  g_source_remove (fixture->wake_id);
  g_assert_finalize_object (fixture->conversation);
  raw_server_free (fixture->server);
}

static void
wait_visible (Fixture  *fixture,
              gboolean  visible)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (gtk_widget_get_visible (fixture->bar) != visible)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* The question that follows some text; a slow server may have been asked about before. */
static void
wait_quiet (Fixture    *fixture,
            const char *text)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!gtk_widget_get_visible (fixture->bar) ||
         g_strcmp0 (sc_turn_get_text (sc_conversation_get_last_turn (fixture->conversation), NULL),
                    text) != 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
wait_idle (Fixture *fixture)
{
  while (sc_conversation_is_busy (fixture->conversation))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_words (Fixture    *fixture,
              const char *start)
{
  GtkWidget *label = find (fixture->bar, GTK_TYPE_LABEL, NULL);

  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (label)), start));
}

static void
press (Fixture    *fixture,
       const char *label)
{
  GtkWidget *button = find (fixture->bar, GTK_TYPE_BUTTON, label);

  g_assert_true (gtk_widget_get_visible (button));
  gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
  g_assert_true (gtk_widget_grab_focus (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_false (gtk_widget_get_visible (fixture->bar));
  g_assert_false (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (fixture->window)),
                                          fixture->bar));
}

/* The service asks for a long wait; the reader does not want to. */
static void
test_try_now (Fixture       *fixture,
              gconstpointer  data)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, BUSY, RAW_CLOSE, RAW_END);
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, HEAD TEXT ("ok") STOP,
                         RAW_CLOSE, RAW_END);
  sc_conversation_send (fixture->conversation, "a", NULL);
  wait_visible (fixture, TRUE);
  assert_words (fixture, "Trying again in ");
  g_assert_false (gtk_widget_get_visible (find (fixture->bar, GTK_TYPE_BUTTON, "Wait")));
  press (fixture, "Try Now");
  wait_idle (fixture);
  g_assert_cmpstr (sc_turn_get_text (sc_conversation_get_last_turn (fixture->conversation), NULL),
                   ==, "ok");
  g_assert_false (gtk_widget_get_visible (fixture->bar));
}

static void
test_stop_retry (Fixture       *fixture,
                 gconstpointer  data)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, BUSY, RAW_CLOSE, RAW_END);
  sc_conversation_send (fixture->conversation, "a", NULL);
  wait_visible (fixture, TRUE);
  press (fixture, "Stop");
  g_assert_false (sc_conversation_is_busy (fixture->conversation));
  g_assert_cmpint (sc_turn_get_status (sc_conversation_get_last_turn (fixture->conversation)), ==,
                   SC_TURN_STATUS_STOPPED);
  g_assert_cmpuint (raw_server_count_connections (fixture->server), ==, 1);
}

static GtkAdjustment *
get_adjustment (Fixture *fixture)
{
  GtkWidget *scrolled = find (fixture->transcript, GTK_TYPE_SCROLLED_WINDOW, NULL);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

/* Wait lets the answer go on: the question goes away and comes again. */
static void
test_wait (Fixture       *fixture,
           gconstpointer  data)
{
  GtkAdjustment *adjustment = get_adjustment (fixture);
  double value;
  double upper;
  int height;

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, HEAD TEXT ("half "), RAW_GATE,
                         RAW_SEND, TEXT ("and half") STOP, RAW_CLOSE, RAW_END);
  sc_conversation_send (fixture->conversation, "a", NULL);
  wait_quiet (fixture, "half ");
  assert_words (fixture, "No data for ");
  g_assert_false (gtk_widget_get_visible (find (fixture->bar, GTK_TYPE_BUTTON, "Try Now")));
  gtk_test_widget_wait_for_draw (fixture->window);
  value = gtk_adjustment_get_value (adjustment);
  upper = gtk_adjustment_get_upper (adjustment);
  height = gtk_widget_get_height (fixture->transcript);

  press (fixture, "Wait");
  g_assert_true (sc_conversation_is_busy (fixture->conversation));
  gtk_test_widget_wait_for_draw (fixture->window);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), ==, upper);
  g_assert_cmpint (gtk_widget_get_height (fixture->transcript), ==, height);
  wait_visible (fixture, TRUE);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);

  raw_server_open_gate (fixture->server);
  wait_idle (fixture);
  g_assert_false (gtk_widget_get_visible (fixture->bar));
  g_assert_cmpstr (sc_turn_get_text (sc_conversation_get_last_turn (fixture->conversation), NULL),
                   ==, "half and half");
}

static void
test_stop_quiet (Fixture       *fixture,
                 gconstpointer  data)
{
  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, HEAD TEXT ("half"), RAW_STALL,
                         RAW_END);
  sc_conversation_send (fixture->conversation, "a", NULL);
  wait_quiet (fixture, "half");
  press (fixture, "Stop");
  g_assert_false (sc_conversation_is_busy (fixture->conversation));
  raw_server_wait_client_closed (fixture->server, 0);
}

/* Another conversation has nothing to ask. */
static void
test_other (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ScConversation) other = sc_conversation_new ();

  raw_server_add_script (fixture->server, RAW_WAIT_REQUEST, RAW_SEND, BUSY, RAW_CLOSE, RAW_END);
  sc_conversation_send (fixture->conversation, "a", NULL);
  wait_visible (fixture, TRUE);
  sc_transcript_set_conversation (SC_TRANSCRIPT (fixture->transcript), other);
  g_assert_false (gtk_widget_get_visible (fixture->bar));
  sc_transcript_set_conversation (SC_TRANSCRIPT (fixture->transcript), fixture->conversation);
  g_assert_true (gtk_widget_get_visible (fixture->bar));
  sc_conversation_stop (fixture->conversation);
  g_assert_false (gtk_widget_get_visible (fixture->bar));
}

static gboolean
has_label (GtkWidget  *widget,
           const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;
  return FALSE;
}

/* What nobody would wait for in front of the window is told on the card. */
static void
test_long_wait (void)
{
  const struct
  {
    ScError     kind;
    gint64      wait_ms;
    const char *advice;
  } rows[] = {
    { SC_ERROR_RATE_LIMIT, -1, "Try again in a moment." },
    { SC_ERROR_RATE_LIMIT, 60 * 1000, "Try again in a moment." },
    { SC_ERROR_RATE_LIMIT, 61 * 1000, "Try again in 2 minutes." },
    { SC_ERROR_OVERLOADED, 119 * 60 * 1000, "Try again in 119 minutes." },
    { SC_ERROR_RATE_LIMIT, 7000 * 1000, "Try again in 117 minutes." },
    { SC_ERROR_RATE_LIMIT, 7200 * 1000, "Try again in 2 hours." },
    { SC_ERROR_RATE_LIMIT, 7201 * 1000, "Try again in 3 hours." },
    { SC_ERROR_QUOTA, 7201 * 1000, "Add credit with the provider, or choose another model." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_ASSISTANT, NULL);
      g_autoptr (ScFailure) failure = sc_failure_new (rows[i].kind, "Slow down.");
      GtkWidget *card;

      failure->retry_after_ms = rows[i].wait_ms;
      sc_turn_finish (turn, SC_TURN_STATUS_FAILED, SC_FINISH_OTHER, failure);
      card = g_object_ref_sink (sc_transcript_card_new (turn));
      g_assert_true (has_label (card, rows[i].advice));
      g_assert_finalize_object (card);
    }
}

static void
add_test (const char *path,
          int         quiet_ms,
          void      (*func) (Fixture       *fixture,
                             gconstpointer  data))
{
  g_test_add (path, Fixture, GINT_TO_POINTER (quiet_ms), set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  add_test ("/ui/activity-bar/try-now", NEVER_QUIET_MS, test_try_now);
  add_test ("/ui/activity-bar/stop-retry", NEVER_QUIET_MS, test_stop_retry);
  add_test ("/ui/activity-bar/wait", QUIET_MS, test_wait);
  add_test ("/ui/activity-bar/stop-quiet", QUIET_MS, test_stop_quiet);
  add_test ("/ui/activity-bar/other", NEVER_QUIET_MS, test_other);
  g_test_add_func ("/ui/activity-bar/long-wait", test_long_wait);
  return g_test_run ();
}
