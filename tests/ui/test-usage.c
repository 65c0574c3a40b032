/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tokens and money where people see them: under answers, in the sums, in the price list, and the ring that says how
 * full the context is. */

#include "config.h"

#include <string.h>

#include "sc-context-gauge.h"
#include "sc-conversation-private.h"
#include "sc-history-private.h"
#include "sc-model-item.h"
#include "sc-own-price.h"
#include "sc-price-dialog.h"
#include "sc-price-editor.h"
#include "sc-provider-certificate.h"
#include "sc-providers.h"
#include "sc-settings.h"
#include "sc-transcript-words.h"
#include "sc-turn-private.h"
#include "sc-usage-dialog.h"
#include "sc-usage-words.h"

static void
collect (GtkWidget *widget,
         GString   *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    g_string_append_printf (text, "%s|", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, text);
}

static char *
dup_text (gpointer widget)
{
  g_autoptr (GString) text = g_string_new (NULL);

  collect (GTK_WIDGET (widget), text);
  return g_strdup (text->str);
}

static gboolean
wake_up_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
close_window (gpointer window)
{
  guint source = g_timeout_add (20, wake_up_cb, NULL);
  gpointer watched = window;

  g_object_add_weak_pointer (G_OBJECT (window), &watched);
  gtk_window_close (GTK_WINDOW (window));
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

/* Until the words stand in the window; the test's own time limit ends a wait in vain. */
static void
wait_for_words (gpointer    window,
                const char *words)
{
  guint source = g_timeout_add (20, wake_up_cb, NULL);

  for (;;)
    {
      g_autofree char *text = dup_text (window);

      if (strstr (text, words) != NULL)
        break;
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

/* The first widget of a type below another, or the one with a text. */
static gpointer
find (GtkWidget  *widget,
      GType       type,
      const char *title)
{
  gpointer found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) &&
      (title == NULL || (ADW_IS_PREFERENCES_ROW (widget) &&
                         g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, title);
  return found;
}

static gpointer
find_button (GtkWidget  *widget,
             const char *label)
{
  gpointer found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static ScTurn *
make_answer (ScUsage usage)
{
  const ScTurnTimes times = {
    .first_byte_ms = 120, .first_text_ms = 500, .reasoning_ms = -1, .total_ms = 2500,
  };
  ScTurn *turn = sc_turn_new (SC_ROLE_ASSISTANT, "Well.");

  sc_turn_set_model (turn, "test", "gpt-4o");
  sc_turn_set_times (turn, &times);
  sc_turn_merge_usage (turn, &usage);
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  return turn;
}

static void
test_money (void)
{
  static const struct { gint64 nanos; gboolean is_estimate; const char *text; } rows[] = {
    { -1, FALSE, NULL },
    { 0, FALSE, "Free" },
    { 0, TRUE, "Free" },
    { 1, FALSE, "< $0.0001" },
    { 99999, TRUE, "< $0.0001" },
    { 100000, FALSE, "$0.0001" },
    { 1234567, FALSE, "$0.0012" },
    { 12345678, FALSE, "$0.012" },
    { 123456789, TRUE, "~$0.12" },
    { G_GINT64_CONSTANT (1999999999), FALSE, "$2.00" },
    { G_GINT64_CONSTANT (1234567890123), FALSE, "$1234.57" },
  };
  const ScRates rates = { 2500000, -1, -1, 10000000 };
  const ScRates nothing = { 0, 0, 0, 0 };
  const ScRates unknown = SC_RATES_INIT;
  g_autofree char *price = sc_usage_dup_price (&rates);
  g_autofree char *free_price = sc_usage_dup_price (&nothing);
  g_autofree char *day = sc_usage_dup_day ("2026-11-05");
  g_autofree char *no_day = sc_usage_dup_day ("some day");
  g_autofree char *number = sc_usage_dup_number (12, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = sc_usage_dup_money (rows[i].nanos, rows[i].is_estimate);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
  g_assert_cmpstr (price, ==, "$2.50 / $10");
  g_assert_cmpstr (free_price, ==, "Free");
  g_assert_null (sc_usage_dup_price (&unknown));
  g_assert_null (sc_usage_dup_number (-1, FALSE));
  g_assert_cmpstr (number, ==, "~12");
  g_assert_cmpstr (day, ==, "5 November 2026");
  g_assert_cmpstr (no_day, ==, "some day");
}

static void
assert_foot (ScUsage     usage,
             const char *expected)
{
  g_autoptr (ScTurn) turn = make_answer (usage);
  g_autofree char *foot = sc_transcript_dup_foot (turn, FALSE);
  g_auto (GStrv) parts = g_strsplit (foot, "\xc2\xa0", -1);
  g_autofree char *plain = g_strjoinv (" ", parts);

  g_assert_cmpstr (plain, ==, expected);
}

static void
test_foot (void)
{
  const guint estimated = SC_USAGE_OUTPUT_ESTIMATED | SC_USAGE_INPUT_ESTIMATED;

  assert_foot ((ScUsage) { 10, 100, -1, -1, -1, 1250000, 0 },
               "gpt-4o  ·  100 tokens  ·  0.5 s to first token  ·  50 tokens/s  ·  $0.0013");
  assert_foot ((ScUsage) { 10, 100, -1, -1, -1, 1250000, estimated | SC_USAGE_COST_ESTIMATED },
               "gpt-4o  ·  ~100 tokens  ·  0.5 s to first token  ·  ~50 tokens/s  ·  ~$0.0013");
  assert_foot ((ScUsage) { 10, 100, -1, -1, -1, -1, 0 },
               "gpt-4o  ·  100 tokens  ·  0.5 s to first token  ·  50 tokens/s");
  assert_foot ((ScUsage) { 10, 100, -1, -1, -1, 0, 0 },
               "gpt-4o  ·  100 tokens  ·  0.5 s to first token  ·  50 tokens/s");
  assert_foot ((ScUsage) SC_USAGE_INIT, "gpt-4o  ·  0.5 s to first token");
  g_object_set (sc_settings_get_default (), "show-usage", FALSE, NULL);
  assert_foot ((ScUsage) { 10, 100, -1, -1, -1, 1250000, 0 }, "gpt-4o");
  g_object_set (sc_settings_get_default (), "show-usage", TRUE, NULL);
}

static void
save_answer (ScStore    *store,
             const char *id,
             const char *conversation,
             gint64      created_us,
             const char *data)
{
  ScTurnRecord record = {
    .id = (char *) id, .conversation = (char *) conversation, .role = (char *) "assistant", .text = (char *) "",
    .data = (char *) data, .model = (char *) (strcmp (id, "2") == 0 ? "model-y" : "model-x"),
    .provider = (char *) "test", .status = SC_TURN_STATUS_DONE, .created_us = created_us,
  };

  sc_store_save_turn_async (store, &record, NULL, NULL);
}

static void
set_provider (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");

  sc_profile_set (&profile->name, "Test <Service>");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "https://api.openai.com/v1");
  sc_profile_set (&profile->model, "gpt-4o");
  sc_providers_set_temporary (sc_providers_get_default (), profile);
}

static void
history_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_assert_true (sc_history_close_finish (SC_HISTORY (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
close_history (ScHistory *history)
{
  gboolean is_closed = FALSE;

  sc_history_close_async (history, history_closed_cb, &is_closed);
  while (!is_closed)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (history);
}

static void
choose (gpointer    dialog,
        const char *period)
{
  AdwComboRow *row = find (dialog, ADW_TYPE_COMBO_ROW, NULL);
  GListModel *model = adw_combo_row_get_model (row);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (model, i);

      if (g_str_equal (gtk_string_object_get_string (item), period))
        {
          adw_combo_row_set_selected (row, i);
          return;
        }
    }
  g_assert_not_reached ();
}

static void
forget (GtkWindow *dialog)
{
  GListModel *windows = gtk_window_get_toplevels ();

  g_signal_emit_by_name (find_button (GTK_WIDGET (dialog), "Forget…"), "clicked");
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (!ADW_IS_MESSAGE_DIALOG (window))
        continue;
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (window), "forget");
      return;
    }
  g_assert_not_reached ();
}

static void
test_dialog (void)
{
  ScHistory *history = sc_history_new (NULL);
  g_autoptr (ScConversation) conversation = sc_history_create (history);
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "Hello there");
  const ScConversationRecord record = { .id = (char *) sc_conversation_get_id (conversation), .title = (char *) "C" };
  ScStore *store = sc_history_get_store (history);
  gint64 now = g_get_real_time ();
  GtkWindow *dialog;
  g_autofree char *first = NULL;
  g_autofree char *always = NULL;

  set_provider ();
  sc_store_save_conversation_async (store, &record, NULL, NULL);
  save_answer (store, "1", record.id, now,
               "{\"usage\":{\"input\":1000,\"output\":200,\"cached\":50,\"cost_nanos\":1250000000}}");
  save_answer (store, "2", record.id, now, "{\"usage\":{\"input\":7,\"output\":3,\"flags\":2}}");
  save_answer (store, "3", record.id, 1, "{\"usage\":{\"input\":5,\"output\":4,\"cost_nanos\":500000000,\"flags\":12}}");
  sc_conversation_append_turn (conversation, question);

  dialog = sc_usage_dialog_new (NULL, history, conversation);
  gtk_window_present (dialog);
  wait_for_words (dialog, "By Day");
  first = dup_text (dialog);
  g_test_message ("%s", first);
  g_assert_nonnull (strstr (first, "This Conversation|"));
  g_assert_nonnull (strstr (first, "Cost|Without 1 answer whose price is not known|~$1.75|"));
  g_assert_nonnull (strstr (first, "Answers|3|"));
  g_assert_nonnull (strstr (first, "Tokens Received|~207|"));
  g_assert_nonnull (strstr (first, "Of These from a Cache|50|"));
  g_assert_null (strstr (first, "Reasoning"));
  g_assert_nonnull (strstr (first, "model-x|Test <Service>\n1005 tokens sent, 204 received|~$1.75|"));
  g_assert_nonnull (strstr (first, "model-y|Test <Service>\n7 tokens sent, ~3 received|"));

  choose (dialog, "Today");
  wait_for_words (dialog, "|$1.25|");
  choose (dialog, "Yesterday");
  wait_for_words (dialog, "Nothing Was Used|");
  choose (dialog, "All Time");
  wait_for_words (dialog, "|~$1.75|");
  always = dup_text (dialog);
  g_assert_nonnull (strstr (always, "1 January 1970|5 tokens sent, 4 received|~$0.50|"));
  /* Closed while an answer is on its way, and while all is being forgotten. */
  choose (dialog, "Today");
  forget (dialog);
  close_window (dialog);
  g_clear_object (&conversation);
  close_history (history);
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
}

static void
enter (gpointer    editor,
       const char *title,
       const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find (editor, ADW_TYPE_ENTRY_ROW, title)), text);
}

static char *
dup_entered (gpointer    editor,
             const char *title)
{
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (find (editor, ADW_TYPE_ENTRY_ROW, title))));
}

static ScOwnPrice *
find_own (const char *model)
{
  g_auto (GStrv) lines = NULL;

  g_object_get (sc_settings_get_default (), "prices", &lines, NULL);
  return sc_own_prices_find ((const char *const *) lines, model);
}

static void
activate_row (gpointer    dialog,
              const char *model)
{
  GtkListBox *list = find (dialog, GTK_TYPE_LIST_BOX, NULL);
  GtkListBoxRow *row = find (GTK_WIDGET (list), ADW_TYPE_ACTION_ROW, model);

  g_assert_nonnull (row);
  g_signal_emit_by_name (list, "row-activated", row);
}

/* The program ends while the sums, or a certificate, are being read: whoever reads holds the dialog longer than the window
 * it belongs to lives. */
static void
test_parent_goes_first (void)
{
  ScHistory *history = sc_history_new (NULL);
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  guint source = g_timeout_add (20, wake_up_cb, NULL);

  sc_profile_set (&profile->base_url, "https://127.0.0.1:1/v1");
  for (guint i = 0; i < 2; i++)
    {
      GtkWindow *parent = GTK_WINDOW (gtk_window_new ());
      GtkWindow *dialog = i == 0 ? sc_usage_dialog_new (parent, history, NULL)
                                 : sc_provider_certificate_new (parent, profile);
      gpointer watched = parent;
      gpointer watched_dialog = dialog;

      g_object_ref (dialog);
      g_object_add_weak_pointer (G_OBJECT (parent), &watched);
      g_object_add_weak_pointer (G_OBJECT (dialog), &watched_dialog);
      gtk_window_present (parent);
      gtk_window_present (dialog);
      gtk_window_destroy (parent);
      while (watched != NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_null (gtk_window_get_transient_for (dialog));
      g_object_unref (dialog);
      while (watched_dialog != NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
  g_object_unref (history);
}

static void
test_prices (void)
{
  GtkWindow *dialog = sc_price_dialog_new (NULL);
  ScPriceEditor *editor = find (GTK_WIDGET (dialog), SC_TYPE_PRICE_EDITOR, NULL);
  g_autoptr (ScOwnPrice) own = NULL;
  g_autofree char *input = NULL;
  g_autofree char *cached = NULL;

  g_object_set (sc_settings_get_default (), "prices", NULL, NULL);
  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  wait_for_words (dialog, "gpt-4o-mini|OpenAI, ");

  activate_row (dialog, "gpt-4o");
  wait_for_words (dialog, "Price of OpenAI, as of ");
  input = dup_entered (editor, "Prompt");
  cached = dup_entered (editor, "Prompt, read from a cache");
  g_assert_cmpstr (input, ==, "2.50");
  g_assert_cmpstr (cached, ==, "1.25");
  /* What is no number is said, and nothing is saved. */
  enter (editor, "Prompt", "cheap");
  g_assert_false (sc_price_editor_save (editor));
  wait_for_words (dialog, "“cheap” is not a price.");
  enter (editor, "Prompt", "");
  g_assert_false (sc_price_editor_save (editor));
  wait_for_words (dialog, "A price is missing.");
  g_assert_null (find_own ("gpt-4o"));
  enter (editor, "Prompt", "3,75");
  enter (editor, "Prompt, read from a cache", "");
  g_assert_true (sc_price_editor_save (editor));
  own = find_own ("gpt-4o-2024-08-06");
  g_assert_cmpint (own->rates.input, ==, 3750000);
  g_assert_cmpint (own->rates.cached, ==, -1);
  g_assert_cmpint (own->rates.output, ==, 10000000);
  g_assert_cmpuint (strlen (own->date), ==, 10);
  wait_for_words (dialog, "$3.75 / $10|");

  activate_row (dialog, "gpt-4o");
  wait_for_words (dialog, "Reset to the Built-in Price|");
  g_signal_emit_by_name (find_button (GTK_WIDGET (editor), "Reset to the Built-in Price"), "clicked");
  g_assert_null (find_own ("gpt-4o"));
  wait_for_words (dialog, "gpt-4o|OpenAI, ");

  close_window (dialog);
}

static void
test_new_price (void)
{
  GtkWindow *dialog = sc_price_dialog_new (NULL);
  ScPriceEditor *editor = find (GTK_WIDGET (dialog), SC_TYPE_PRICE_EDITOR, NULL);
  GtkWidget *search = find (GTK_WIDGET (dialog), GTK_TYPE_SEARCH_ENTRY, NULL);
  g_autoptr (ScOwnPrice) own = NULL;
  g_autofree char *words = NULL;

  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  sc_price_editor_edit (editor, NULL);
  enter (editor, "Prompt", "1");
  enter (editor, "Answer, with its reasoning", "2");
  g_assert_false (sc_price_editor_save (editor));
  enter (editor, "Model", " my-model ");
  g_assert_true (sc_price_editor_save (editor));
  own = find_own ("someone/my-model");
  g_assert_cmpint (own->rates.output, ==, 2000000);
  wait_for_words (dialog, "my-model|Your price, ");

  gtk_editable_set_text (GTK_EDITABLE (search), "my-MODEL your");
  while (strstr ((g_free (words), words = dup_text (dialog)), "gpt-4o|") != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (words, "my-model|"));
  gtk_editable_set_text (GTK_EDITABLE (search), "nobody has this");
  wait_for_words (dialog, "No model has these words|");

  /* Another name for the same line. */
  sc_price_editor_edit (editor, "my-model");
  enter (editor, "Model", "our-model");
  g_assert_true (sc_price_editor_save (editor));
  g_assert_null (find_own ("my-model"));
  g_clear_pointer (&own, sc_own_price_free);
  own = find_own ("our-model");
  g_assert_nonnull (own);
  g_object_set (sc_settings_get_default (), "prices", NULL, NULL);
  close_window (dialog);
}

/* What is being written counts already. */
static void
check_draft (GtkWidget  *gauge,
             gint64      n_tokens,
             const char *expected)
{
  g_autofree char *warning = NULL;

  g_object_set (gauge, "draft-tokens", n_tokens, NULL);
  g_object_get (gauge, "warning", &warning, NULL);
  if (expected == NULL)
    g_assert_null (warning);
  else
    g_assert_true (g_str_has_prefix (warning, expected));
}

static void
test_gauge (void)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "Hello there, you all");
  g_autoptr (ScTurn) answer = make_answer ((ScUsage) { 1000, 280, -1, -1, -1, -1, 0 });
  g_autoptr (ScTurn) next = sc_turn_new (SC_ROLE_USER, "12345678");
  g_autoptr (ScTurn) last = make_answer ((ScUsage) { 120000, 3000, -1, -1, -1, -1, 0 });
  GtkWidget *gauge = g_object_ref_sink (g_object_new (SC_TYPE_CONTEXT_GAUGE, NULL));
  gboolean is_nearly_full, is_estimate;

  set_provider ();
  sc_context_gauge_set_conversation (SC_CONTEXT_GAUGE (gauge), conversation);
  g_assert_false (gtk_widget_get_visible (gauge));
  sc_conversation_append_turn (conversation, question);
  g_assert_cmpint (sc_context_gauge_measure (conversation, &is_estimate), ==, 5);
  g_assert_true (is_estimate);
  g_assert_true (gtk_widget_get_visible (gauge));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (gauge), ==, "~5 of 128000 tokens of the context are used (0 %)");
  sc_conversation_append_turn (conversation, answer);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (gauge), ==, "1280 of 128000 tokens of the context are used (1 %)");
  sc_conversation_append_turn (conversation, next);
  g_assert_cmpint (sc_context_gauge_measure (conversation, &is_estimate), ==, 1282);
  g_assert_true (is_estimate);
  g_object_get (gauge, "nearly-full", &is_nearly_full, NULL);
  g_assert_false (is_nearly_full);
  check_draft (gauge, 100000, NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (gauge), ==, "~101282 of 128000 tokens of the context are used (79 %)");
  check_draft (gauge, 120000, "This message nearly fills");
  check_draft (gauge, 127000, "With this message");
  check_draft (gauge, 130000, "This message does not fit");
  check_draft (gauge, 0, NULL);
  sc_conversation_append_turn (conversation, last);
  g_object_get (gauge, "nearly-full", &is_nearly_full, NULL);
  g_assert_true (is_nearly_full);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (gauge), ==, "123000 of 128000 tokens of the context are used (96 %)");
  /* Nobody knows the size of this one. */
  sc_conversation_set_model (conversation, "test", "no-such-model");
  sc_context_gauge_update (SC_CONTEXT_GAUGE (gauge));
  g_assert_false (gtk_widget_get_visible (gauge));
  g_object_get (gauge, "nearly-full", &is_nearly_full, NULL);
  g_assert_false (is_nearly_full);
  sc_context_gauge_set_conversation (SC_CONTEXT_GAUGE (gauge), NULL);
  g_assert_finalize_object (gauge);
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
}

static void
test_model_prices (void)
{
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  ScModelListState state = { .providers = sc_providers_get_default (), .pending = none, .errors = none };
  g_autoptr (GPtrArray) items = NULL;
  const ScModelItem *item;

  set_provider ();
  items = sc_model_list_build (&state, "gpt-4o");
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (item->model, ==, "gpt-4o");
  g_assert_cmpstr (item->price, ==, "$2.50 / $10");
  g_assert_cmpstr (item->detail, ==, "128 k");
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

  g_test_add_func ("/ui/usage/money", test_money);
  g_test_add_func ("/ui/usage/foot", test_foot);
  g_test_add_func ("/ui/usage/dialog", test_dialog);
  g_test_add_func ("/ui/usage/parent-goes-first", test_parent_goes_first);
  g_test_add_func ("/ui/usage/prices", test_prices);
  g_test_add_func ("/ui/usage/new-price", test_new_price);
  g_test_add_func ("/ui/usage/gauge", test_gauge);
  g_test_add_func ("/ui/usage/model-prices", test_model_prices);
  return g_test_run ();
}
