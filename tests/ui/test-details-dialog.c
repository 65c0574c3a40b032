/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog that looks inside an answer: what is known stands there, what is not does not, and the
 * copied command holds no key. */

#include "config.h"

#include <string.h>

#include "sc-conversation-private.h"
#include "sc-details-dialog.h"
#include "sc-providers.h"
#include "sc-turn-private.h"

#define CANARY "sk-canary-0123456789abcdefghij"

static void
collect (GtkWidget *widget,
         GString   *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    g_string_append_printf (text, "%s|", gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_TEXT_VIEW (widget))
    {
      g_autofree char *content = NULL;

      g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "text", &content, NULL);
      g_string_append_printf (text, "%s|", content);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, text);
}

static gboolean
wake_up_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
close_dialog (GtkWindow *dialog)
{
  guint source = g_timeout_add (20, wake_up_cb, NULL);
  gpointer watched = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &watched);
  gtk_window_close (dialog);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

static void
text_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_assert_nonnull (*text);
}

static GString *
show (ScConversation  *conversation,
      ScTurn          *answer,
      char           **copied)
{
  GtkWindow *dialog = sc_details_dialog_new (NULL, conversation, answer);
  GString *text = g_string_new (NULL);

  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  collect (GTK_WIDGET (dialog), text);
  if (copied != NULL)
    {
      g_signal_emit_by_name (gtk_window_get_focus (dialog), "clicked");
      gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), NULL,
                                     text_read_cb, copied);
      while (*copied == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  close_dialog (dialog);
  return text;
}

static GtkWidget *
find (GtkWidget  *widget,
      GType       type,
      const char *title)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      g_strcmp0 (title, GTK_IS_BUTTON (widget)
                          ? gtk_button_get_label (GTK_BUTTON (widget))
                          : adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget))) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, title);
  return found;
}

static void
set_provider (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");

  sc_profile_set (&profile->name, "Test Service");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "https://service.test/v1");
  sc_profile_set (&profile->model, "m");
  sc_profile_set (&profile->key, CANARY);
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

static void
test_details (void)
{
  const ScTurnTimes times = {
    .first_byte_ms = 120, .first_text_ms = 340, .reasoning_ms = -1, .total_ms = 2340,
  };
  const ScUsage usage = { .input = 17, .output = 100, .cached = 5, .reasoning = -1,
                          .cache_write = -1, .cost_nanos = -1 };
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "Hello there");
  g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, "Well.");
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_SERVER, "It burst.");
  g_autoptr (GString) good = NULL;
  g_autoptr (GString) bad = NULL;
  g_autofree char *copied = NULL;

  set_provider ();
  sc_turn_set_model (answer, "test", "model-x");
  sc_turn_set_times (answer, &times);
  sc_turn_merge_usage (answer, &usage);
  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, question);
  sc_conversation_append_turn (conversation, answer);
  good = show (conversation, answer, &copied);
  g_test_message ("%s", good->str);
  g_assert_nonnull (strstr (good->str, "model-x|"));
  g_assert_nonnull (strstr (good->str, "Test Service|"));
  g_assert_nonnull (strstr (good->str, "0.34 s|"));
  g_assert_nonnull (strstr (good->str, "50 tokens/s|"));
  g_assert_nonnull (strstr (good->str, "Hello there"));
  g_assert_null (strstr (good->str, "reasoning"));
  g_assert_null (strstr (good->str, "What Went Wrong"));
  g_assert_null (strstr (good->str, "canary"));
  g_assert_nonnull (strstr (copied, "$STREAM_CHAT_API_KEY"));
  g_assert_null (strstr (copied, "canary"));

  failure->status = 503;
  failure->request_id = g_strdup ("req_1");
  failure->details = g_strdup ("<b>raw & whole</b>");
  sc_turn_finish (answer, SC_TURN_STATUS_INTERRUPTED, SC_FINISH_OTHER, failure);
  bad = show (conversation, answer, NULL);
  g_assert_nonnull (strstr (bad->str, "It burst.|"));
  g_assert_nonnull (strstr (bad->str, "503|"));
  g_assert_nonnull (strstr (bad->str, "req_1|"));
  g_assert_nonnull (strstr (bad->str, "<b>raw & whole</b>|"));
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
}

#define REPORT                                                                                     \
  "{\"protocol\":\"openai-chat\",\"endpoint\":\"POST https://service.test/v1/chat/completions\","  \
  "\"status\":200,\"request_id\":\"req_2\",\"dns_ms\":12,\"connect_ms\":34,\"tls_ms\":56,"        \
  "\"headers\":[\"x-ratelimit-remaining-tokens: 149984\"],\"tries\":[{\"kind\":\"overloaded\","    \
  "\"message\":\"Too busy.\",\"status\":503,\"request_id\":\"req_1\",\"took_ms\":5,\"wait_ms\":1500}]}"

static GtkWindow *
show_report (ScConversation *conversation,
             ScTurn         *answer,
             const char     *body)
{
  g_autoptr (JsonNode) node = json_from_string (REPORT, NULL);
  g_autoptr (ScRunReport) report = sc_run_report_new_from_json (json_node_get_object (node));
  GtkWindow *dialog;

  if (body != NULL)
    {
      report->body = sc_response_body_new (CANARY);
      sc_response_body_append (report->body, body, strlen (body));
      sc_response_body_seal (report->body);
    }
  sc_turn_set_report (answer, report);
  dialog = sc_details_dialog_new (NULL, conversation, answer);
  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  return dialog;
}

/* What is long is made when it is looked at, and can be copied without. */
static void
test_report (void)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "Hello there");
  g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, "Well.");
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GString) unfolded = g_string_new (NULL);
  g_autoptr (GString) later = g_string_new (NULL);
  g_autofree char *copied = NULL;
  GtkWindow *dialog;

  set_provider ();
  sc_turn_set_model (answer, "test", "model-x");
  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, question);
  sc_conversation_append_turn (conversation, answer);
  dialog = show_report (conversation, answer, "data: the body " CANARY "\n");
  collect (GTK_WIDGET (dialog), folded);
  g_test_message ("%s", folded->str);
  g_assert_nonnull (strstr (folded->str, "|200|"));
  g_assert_nonnull (strstr (folded->str, "|req_2|"));
  g_assert_nonnull (strstr (folded->str, "|2|"));
  g_assert_nonnull (strstr (folded->str, "|34 ms|"));
  g_assert_nonnull (strstr (folded->str, "Too busy.\nHTTP 503\nreq_1\nThen a wait of 1.5 s|"));
  g_assert_null (strstr (folded->str, "the body"));

  g_signal_emit_by_name (find (GTK_WIDGET (dialog), GTK_TYPE_BUTTON, "Copy"), "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), NULL,
                                 text_read_cb, &copied);
  while (copied == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (copied, ==, "HTTP 200\nx-ratelimit-remaining-tokens: 149984\n\n"
                               "data: the body •••\n");
  adw_expander_row_set_expanded (
    ADW_EXPANDER_ROW (find (GTK_WIDGET (dialog), ADW_TYPE_EXPANDER_ROW, "Show Response")), TRUE);
  collect (GTK_WIDGET (dialog), unfolded);
  g_assert_nonnull (strstr (unfolded->str, copied));
  g_assert_null (strstr (unfolded->str, "canary"));
  close_dialog (dialog);

  /* At the next start the bytes are gone, and the dialog says so. */
  dialog = show_report (conversation, answer, NULL);
  collect (GTK_WIDGET (dialog), later);
  g_assert_nonnull (strstr (later->str, "for the newest answers only"));
  close_dialog (dialog);
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
}

int
main (int   argc,
      char *argv[])
{
  /* Not with isolated folders: without the system's data folders GTK cannot read its own icons. */
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  g_test_add_func ("/ui/details-dialog", test_details);
  g_test_add_func ("/ui/details-dialog/report", test_report);
  return g_test_run ();
}
