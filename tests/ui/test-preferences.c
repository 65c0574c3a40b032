/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preferences as a person uses them: adding, editing, duplicating, ordering and removing
 * providers, and where the key is meanwhile. */

#include "config.h"

#include <string.h>

#include "preferences-fixture.h"
#include "sc-error.h"
#include "sc-history.h"
#include "sc-preferences.h"
#include "sc-profile.h"
#include "sc-provider-chooser.h"
#include "sc-provider-editor.h"
#include "sc-provider-key.h"
#include "sc-provider-list.h"
#include "sc-provider-models.h"
#include "sc-provider-network.h"
#include "sc-provider-page.h"
#include "sc-provider-parameters.h"
#include "sc-provider-row.h"
#include "sc-provider-waiting.h"
#include "sc-providers.h"
#include "sc-settings.h"
#include "sc-window.h"

/* libsecret 0.20 loses the tag of its file at each write, 28 bytes, in a callback with no frame
 * of its own: only while something is waited for. The other tests of the preferences write once
 * at the most and look at everything. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:fixture_wait\nleak:fixture_settle\n";
}

/* Waits for the text of one field of one profile, as it stands in the settings. */
typedef struct
{
  const char *id;
  const char *name;
} NameCondition;

static gboolean
has_name (gpointer user_data)
{
  const NameCondition *condition = user_data;
  g_autoptr (ScProfile) profile =
    sc_settings_dup_profile (sc_settings_get_default (), condition->id);

  return profile != NULL && g_strcmp0 (profile->name, condition->name) == 0;
}

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

static gboolean
is_visible (gpointer user_data)
{
  return gtk_widget_get_visible (user_data);
}

static void
activate (GtkWidget  *window,
          const char *action,
          const char *id)
{
  g_assert_true (gtk_widget_activate_action (window, action, "s", id));
  fixture_settle ();
}

static void
type (GtkWidget  *root,
      const char *title,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture_find_row (root, title)), text);
}

/* There are two rows of that title: one says where the key is, one takes it. */
static void
type_key (GtkWidget  *root,
          const char *key)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture_find (root, ADW_TYPE_PASSWORD_ENTRY_ROW, 0)), key);
}

static void
choose (GtkWidget  *page,
        const char *service)
{
  GtkWidget *chooser = fixture_find (page, SC_TYPE_PROVIDER_CHOOSER, 0);

  sc_provider_chooser_choose (SC_PROVIDER_CHOOSER (chooser), service);
}

static void
add_three (void)
{
  fixture_reset ();
  fixture_add_profile ("a", "First", "https://a.example.com/v1");
  fixture_add_profile ("b", "Second", "https://b.example.com/v1");
  fixture_add_profile ("c", "Third", "http://127.0.0.1:9/v1");
}

static void
test_templates (void)
{
  const GType types[] = {
    SC_TYPE_PROVIDER_CHOOSER, SC_TYPE_PROVIDER_EDITOR, SC_TYPE_PROVIDER_KEY, SC_TYPE_PROVIDER_LIST,
    SC_TYPE_PROVIDER_MODELS, SC_TYPE_PROVIDER_NETWORK, SC_TYPE_PROVIDER_PAGE,
    SC_TYPE_PROVIDER_PARAMETERS,
    SC_TYPE_PROVIDER_ROW, SC_TYPE_PROVIDER_WAITING,
  };

  fixture_reset ();
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_test_message ("%s", g_type_name (types[i]));
      g_assert_finalize_object (widget);
    }
}

static void
test_window (void)
{
  GtkWidget *window;

  fixture_reset ();
  window = fixture_open ();
  g_assert_true (gtk_widget_get_visible (fixture_find_row (window, "No provider yet")));
  fixture_close (window);
}

static void
test_list (void)
{
  GtkWidget *window;
  GtkWidget *row;
  SubtitleCondition condition;

  add_three ();
  fixture_store_key ("a", FIXTURE_KEY);
  window = fixture_open ();

  g_assert_false (gtk_widget_get_visible (fixture_find_row (window, "No provider yet")));
  row = fixture_find_row (window, "First");
  condition = (SubtitleCondition) { row, "*a.example.com*Key stored in the keyring" };
  fixture_wait (has_subtitle, &condition);
  condition = (SubtitleCondition) { fixture_find_row (window, "Second"), "*b.example.com*No key" };
  fixture_wait (has_subtitle, &condition);
  condition =
    (SubtitleCondition) { fixture_find_row (window, "Third"), "*127.0.0.1:9*On this computer" };
  fixture_wait (has_subtitle, &condition);
  fixture_assert_hidden (window, FIXTURE_KEY);
  fixture_close (window);
}

static void
test_add (void)
{
  GtkWidget *window;
  GtkWidget *page;
  GtkWidget *chooser;
  g_autoptr (GPtrArray) profiles = NULL;
  const ScProfile *profile;

  fixture_reset ();
  window = fixture_open ();
  g_assert_true (gtk_widget_activate_action (window, "preferences.add-provider", NULL));
  page = fixture_find (window, SC_TYPE_PROVIDER_PAGE, 0);
  chooser = fixture_find (page, SC_TYPE_PROVIDER_CHOOSER, 0);

  sc_provider_chooser_search (SC_PROVIDER_CHOOSER (chooser), "groq");
  g_assert_true (gtk_widget_get_visible (fixture_find_row (chooser, "Groq")));
  g_assert_false (gtk_widget_get_visible (fixture_find_row (chooser, "OpenAI")));
  g_signal_emit_by_name (fixture_find (chooser, GTK_TYPE_SEARCH_ENTRY, 0), "activate");
  fixture_settle ();

  type_key (page, "  " FIXTURE_KEY " ");
  g_assert_true (gtk_widget_activate_action (page, "provider-page.add", NULL));
  fixture_assert_hidden (window, FIXTURE_KEY);
  fixture_settle ();

  profiles = sc_settings_list_profiles (sc_settings_get_default ());
  g_assert_cmpuint (profiles->len, ==, 1);
  profile = g_ptr_array_index (profiles, 0);
  g_assert_cmpstr (profile->name, ==, "Groq");
  g_assert_cmpstr (profile->service, ==, "groq");
  g_assert_true (g_str_has_prefix (profile->base_url, "https://"));
  g_assert_null (profile->key);
  fixture_wait_for_key (profile->id, FIXTURE_KEY);
  fixture_assert_hidden (window, FIXTURE_KEY);
  fixture_close (window);
}

/* Another server has no name until its address is typed, and cannot be added before. */
static void
test_add_other (void)
{
  GtkWidget *window;
  GtkWidget *page;
  GtkWidget *editor;
  gboolean can_add = TRUE;
  g_autoptr (GPtrArray) profiles = NULL;

  fixture_reset ();
  window = fixture_open ();
  g_assert_true (gtk_widget_activate_action (window, "preferences.add-provider", NULL));
  page = fixture_find (window, SC_TYPE_PROVIDER_PAGE, 0);
  choose (page, "other");
  editor = fixture_find (page, SC_TYPE_PROVIDER_EDITOR, 0);

  g_object_get (editor, "can-add", &can_add, NULL);
  g_assert_false (can_add);
  type (editor, "Address", "llm.example.com");
  g_object_get (editor, "can-add", &can_add, NULL);
  g_assert_false (can_add);
  g_assert_true (gtk_widget_has_css_class (fixture_find_row (editor, "Address"), "error"));
  type (editor, "Address", "https://llm.example.com/v1");
  g_object_get (editor, "can-add", &can_add, NULL);
  g_assert_true (can_add);
  g_assert_false (gtk_widget_has_css_class (fixture_find_row (editor, "Address"), "error"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture_find_row (editor, "Name"))), ==,
                   "llm.example.com");

  g_assert_true (gtk_widget_activate_action (page, "provider-page.add", NULL));
  profiles = sc_settings_list_profiles (sc_settings_get_default ());
  g_assert_cmpuint (profiles->len, ==, 1);
  fixture_close (window);
}

/* Going back before Add leaves nothing behind, neither a provider nor a key. */
static void
test_add_cancelled (void)
{
  GtkWidget *window;
  GtkWidget *page;

  fixture_reset ();
  window = fixture_open ();
  g_assert_true (gtk_widget_activate_action (window, "preferences.add-provider", NULL));
  page = fixture_find (window, SC_TYPE_PROVIDER_PAGE, 0);
  choose (page, "openai");
  type_key (page, FIXTURE_KEY);
  g_assert_true (gtk_widget_activate_action (page, "provider-page.back", NULL));
  g_assert_true (gtk_widget_activate_action (page, "provider-page.back", NULL));
  fixture_settle ();
  fixture_assert_order ("");
  fixture_close (window);
  fixture_assert_order ("");
}

static void
test_edit (void)
{
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *stream;
  NameCondition condition = { "b", "Renamed" };
  g_autoptr (ScProfile) profile = NULL;

  add_three ();
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "b");
  editor = fixture_find (window, SC_TYPE_PROVIDER_EDITOR, 0);

  /* Saved by itself after a moment. */
  type (editor, "Name", "Renamed");
  fixture_wait (has_name, &condition);

  /* What cannot be used is not saved, and the rest is. */
  type (editor, "Address", "nonsense");
  type (editor, "Default model", "model-1");
  type (editor, "Temperature (0 to 2)", "0,5");
  type (editor, "Others (JSON)", "{\"verbosity\":\"low\"}");
  stream = fixture_find (fixture_find_row (editor, "Show answers while they are written"),
                         GTK_TYPE_SWITCH, 0);
  gtk_switch_set_active (GTK_SWITCH (stream), FALSE);

  /* Saved at once when the page is closed. */
  type (editor, "Name", "Renamed again");
  fixture_close (window);
  profile = sc_settings_dup_profile (sc_settings_get_default (), "b");
  g_assert_cmpstr (profile->name, ==, "Renamed again");
  g_assert_cmpstr (profile->base_url, ==, "https://b.example.com/v1");
  g_assert_cmpstr (profile->model, ==, "model-1");
  g_assert_cmpstr (profile->parameters, ==, "{\"temperature\":0.5,\"verbosity\":\"low\"}");
  g_assert_false (profile->stream);
  fixture_assert_order ("a b c");
}

/* The focus gets everywhere and round again without a word from GTK. */
static void
test_focus (void)
{
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *row = NULL;

  add_three ();
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "a");
  editor = fixture_find (window, SC_TYPE_PROVIDER_EDITOR, 0);
  type (editor, "Address", "nonsense");
  type (editor, "Seed", "nonsense");
  for (guint i = 0; (row = fixture_find (editor, ADW_TYPE_EXPANDER_ROW, i)) != NULL; i++)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  fixture_settle ();

  for (guint i = 0; i < 120; i++)
    gtk_widget_child_focus (window, i < 60 ? GTK_DIR_TAB_FORWARD : GTK_DIR_UP);
  g_assert_nonnull (gtk_window_get_focus (GTK_WINDOW (window)));
  fixture_close (window);
}

static void
test_advanced (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("advanced");
  g_autoptr (ScProfile) saved = NULL;
  g_autofree char *headers = NULL;
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *network;
  GtkWidget *pin_row;
  GtkTextBuffer *buffer;

  fixture_reset ();
  sc_profile_set (&profile->name, "Advanced");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "https://a.example.com/v1");
  sc_profile_set (&profile->pinned_fingerprint, "0a1b2c3d");
  profile->timeouts.connect_ms = 1500;
  sc_settings_save_profile (sc_settings_get_default (), profile);

  window = fixture_open ();
  activate (window, "preferences.edit-provider", "advanced");
  editor = fixture_find (window, SC_TYPE_PROVIDER_EDITOR, 0);
  network = fixture_find (editor, SC_TYPE_PROVIDER_NETWORK, 0);

  /* Half a second more than is shown must survive; what is changed is in seconds. */
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (fixture_find (fixture_find_row (editor, "No text"),
                                                            GTK_TYPE_SPIN_BUTTON, 0)), 42);
  adw_combo_row_set_selected (ADW_COMBO_ROW (fixture_find_row (network, "Proxy")), SC_PROXY_MANUAL);
  type (network, "Address of the proxy", "socks5://127.0.0.1:1080");
  sc_provider_network_set_ca_file (SC_PROVIDER_NETWORK (network), "/tmp/ca.pem");
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (fixture_find (network, GTK_TYPE_TEXT_VIEW, 0)));
  gtk_text_buffer_set_text (buffer, "X-Title: Test\n\nX-Other: 1", -1);
  pin_row = fixture_find_row (network, "Accepted certificate");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (pin_row)), ==, "0A1B 2C3D");
  fixture_click (network, "Forget");
  fixture_close (window);

  saved = sc_settings_dup_profile (sc_settings_get_default (), "advanced");
  headers = g_strjoinv ("|", saved->headers);
  g_assert_cmpuint (saved->timeouts.connect_ms, ==, 1500);
  g_assert_cmpuint (saved->timeouts.data_ms, ==, 42000);
  g_assert_cmpint (saved->proxy_mode, ==, SC_PROXY_MANUAL);
  g_assert_cmpstr (saved->proxy_url, ==, "socks5://127.0.0.1:1080");
  g_assert_cmpstr (saved->ca_file, ==, "/tmp/ca.pem");
  g_assert_cmpstr (headers, ==, "X-Title: Test|X-Other: 1");
  g_assert_true (saved->pinned_fingerprint == NULL || *saved->pinned_fingerprint == '\0');
}

static void
test_parameters (void)
{
  static const struct
  {
    const char *stored;
    const char *title;
    const char *typed;
    const char *expected;
  } rows[] = {
    { NULL, "Temperature (0 to 2)", "", NULL },
    { NULL, "Temperature (0 to 2)", "1", "{\"temperature\":1}" },
    { "{\"temperature\":0.1}", "Temperature (0 to 2)", "", NULL },
    { "{\"temperature\":0.1}", "Temperature (0 to 2)", "hot", "{\"temperature\":0.1}" },
    { "{\"temperature\":0.1}", "Temperature (0 to 2)", "3", "{\"temperature\":0.1}" },
    { NULL, "Temperature (0 to 2)", "nan", NULL },
    { NULL, "Longest answer in tokens", "100", "{\"max_tokens\":100}" },
    { NULL, "Longest answer in tokens", "1.5", NULL },
    { NULL, "Seed", "-7", "{\"seed\":-7}" },
    { NULL, "Stop words, with commas", "END, STOP,", "{\"stop\":[\"END\",\"STOP\"]}" },
    { "{\"stop\":[\"a b\"],\"seed\":1}", "Seed", "2", "{\"seed\":2,\"stop\":[\"a b\"]}" },
    { "{\"x\":{\"y\":[1]},\"seed\":1}", "Seed", "2", "{\"seed\":2,\"x\":{\"y\":[1]}}" },
    { "{\"seed\":1}", "Others (JSON)", "[1]", "{\"seed\":1}" },
    { "{\"seed\":1}", "Others (JSON)", "{\"a\":true}", "{\"seed\":1,\"a\":true}" },
    { "not json", "Seed", "2", "{\"seed\":2}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (SC_TYPE_PROVIDER_PARAMETERS, NULL));
      g_autoptr (ScProfile) profile = sc_profile_new ("p");
      gboolean is_good;

      sc_profile_set (&profile->parameters, rows[i].stored);
      sc_provider_parameters_load (SC_PROVIDER_PARAMETERS (widget), profile);
      type (widget, rows[i].title, rows[i].typed);
      is_good = sc_provider_parameters_apply (SC_PROVIDER_PARAMETERS (widget), profile);
      g_test_message ("%s, %s: %s", rows[i].title, rows[i].typed, profile->parameters);
      g_assert_cmpstr (profile->parameters, ==, rows[i].expected);
      g_assert_cmpint (gtk_widget_has_css_class (fixture_find_row (widget, rows[i].title),
                                                 "error"), ==, !is_good);
      g_assert_finalize_object (widget);
    }
}

static void
test_key (void)
{
  GtkWidget *window;
  GtkWidget *group;
  GtkWidget *entry;
  GtkWidget *stored;

  add_three ();
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "b");
  group = fixture_find (window, SC_TYPE_PROVIDER_KEY, 0);
  entry = fixture_find (group, ADW_TYPE_PASSWORD_ENTRY_ROW, 0);
  stored = fixture_find (group, ADW_TYPE_ACTION_ROW, 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (stored)), ==, "Key");
  fixture_wait (is_visible, entry);

  gtk_editable_set_text (GTK_EDITABLE (entry), FIXTURE_KEY);
  g_signal_emit_by_name (entry, "apply");
  fixture_assert_hidden (window, FIXTURE_KEY);
  fixture_wait (is_visible, stored);
  fixture_wait_for_key ("b", FIXTURE_KEY);
  fixture_wait (has_subtitle, &(SubtitleCondition) { stored, "Stored in the keyring" });
  fixture_assert_hidden (window, FIXTURE_KEY);
  g_assert_false (gtk_widget_get_visible (entry));

  /* Replace shows an empty field; keeping the old key is one click away. */
  fixture_click (group, "Replace");
  g_assert_true (gtk_widget_get_visible (entry));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  gtk_editable_set_text (GTK_EDITABLE (entry), "half a k");
  fixture_click (group, "Keep the Stored Key");
  g_assert_false (gtk_widget_get_visible (entry));
  fixture_wait_for_key ("b", FIXTURE_KEY);

  fixture_click (group, "Remove");
  fixture_wait (is_visible, entry);
  fixture_wait_for_key ("b", NULL);
  fixture_close (window);
}

/* A key that was typed and not confirmed is stored when the page is closed. */
static void
test_key_on_close (void)
{
  GtkWidget *window;
  GtkWidget *entry;

  add_three ();
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "c");
  entry = fixture_find (window, ADW_TYPE_PASSWORD_ENTRY_ROW, 0);
  fixture_wait (is_visible, entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), FIXTURE_KEY);
  fixture_close (window);
  fixture_wait_for_key ("c", FIXTURE_KEY);
}

static void
test_plain_http_warning (void)
{
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *entry;

  add_three ();
  fixture_add_profile ("d", "Plain", "http://llm.example.com/v1");
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "d");
  editor = fixture_find (window, SC_TYPE_PROVIDER_EDITOR, 0);
  entry = fixture_find (editor, ADW_TYPE_PASSWORD_ENTRY_ROW, 0);
  fixture_wait (is_visible, entry);
  fixture_assert_hidden (editor, "not encrypted");

  gtk_editable_set_text (GTK_EDITABLE (entry), FIXTURE_KEY);
  for (guint i = 0;; i++)
    {
      GtkWidget *label = fixture_find (editor, GTK_TYPE_LABEL, i);

      g_assert_nonnull (label);
      if (strstr (gtk_label_get_text (GTK_LABEL (label)), "not encrypted") != NULL)
        {
          g_assert_true (gtk_widget_has_css_class (label, "warning"));
          break;
        }
    }
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  fixture_close (window);
}

static void
test_duplicate (void)
{
  GtkWidget *window;
  GtkWidget *list;
  g_autoptr (GPtrArray) profiles = NULL;
  const ScProfile *copy;

  add_three ();
  fixture_store_key ("a", FIXTURE_KEY);
  window = fixture_open ();
  activate (window, "preferences.duplicate-provider", "a");

  profiles = sc_settings_list_profiles (sc_settings_get_default ());
  g_assert_cmpuint (profiles->len, ==, 4);
  copy = g_ptr_array_index (profiles, 1);
  g_assert_cmpstr (copy->name, ==, "First (copy)");
  g_assert_cmpstr (copy->base_url, ==, "https://a.example.com/v1");
  g_assert_cmpstr (copy->id, !=, "a");
  fixture_wait_for_key (copy->id, FIXTURE_KEY);
  list = fixture_find (window, SC_TYPE_PROVIDER_LIST, 0);
  g_assert_cmpuint (sc_provider_list_get_n_rows (SC_PROVIDER_LIST (list)), ==, 4);
  fixture_close (window);
}

static void
test_order (void)
{
  GtkWidget *window;
  GtkWidget *list;
  GtkWidget *focus;

  add_three ();
  window = fixture_open ();
  list = fixture_find (window, SC_TYPE_PROVIDER_LIST, 0);
  focus = sc_provider_list_get_row (SC_PROVIDER_LIST (list), 0);

  activate (window, "preferences.move-provider-down", "a");
  fixture_assert_order ("b a c");
  g_assert_true (sc_provider_list_get_row (SC_PROVIDER_LIST (list), 1) == focus);
  activate (window, "preferences.move-provider-up", "c");
  fixture_assert_order ("b c a");
  activate (window, "preferences.move-provider-up", "b");
  activate (window, "preferences.move-provider-down", "a");
  fixture_assert_order ("b c a");
  fixture_close (window);
}

/* Dropping a row on another puts it at that place. */
static void
test_drag (void)
{
  GtkWidget *window;
  GtkWidget *list;
  GtkWidget *target;
  g_autoptr (GListModel) controllers = NULL;
  gboolean is_dropped = FALSE;

  add_three ();
  window = fixture_open ();
  list = fixture_find (window, SC_TYPE_PROVIDER_LIST, 0);
  target = sc_provider_list_get_row (SC_PROVIDER_LIST (list), 0);
  controllers = gtk_widget_observe_controllers (target);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      g_auto (GValue) value = G_VALUE_INIT;

      if (!GTK_IS_DROP_TARGET (controller))
        continue;
      g_value_init (&value, SC_TYPE_PROVIDER_ROW);
      g_value_set_object (&value, sc_provider_list_get_row (SC_PROVIDER_LIST (list), 2));
      g_signal_emit_by_name (controller, "drop", &value, 1.0, 1.0, &is_dropped);
    }
  g_assert_true (is_dropped);
  fixture_settle ();
  fixture_assert_order ("c a b");
  fixture_close (window);
}

static void
test_default (void)
{
  GtkWidget *window;
  g_autofree char *id = NULL;
  g_autofree char *removed = NULL;
  g_autofree char *restored = NULL;

  add_three ();
  window = fixture_open ();
  activate (window, "preferences.default-provider", "b");
  g_object_get (sc_settings_get_default (), "default-provider", &id, NULL);
  g_assert_cmpstr (id, ==, "b");

  activate (window, "preferences.remove-provider", "b");
  g_object_get (sc_settings_get_default (), "default-provider", &removed, NULL);
  g_assert_cmpstr (removed, ==, "");
  activate (window, "preferences.undo-remove", "b");
  g_object_get (sc_settings_get_default (), "default-provider", &restored, NULL);
  g_assert_cmpstr (restored, ==, "b");
  fixture_close (window);
}

static void
test_remove_undo (void)
{
  GtkWidget *window;

  add_three ();
  fixture_store_key ("b", FIXTURE_KEY);
  window = fixture_open ();
  activate (window, "preferences.remove-provider", "b");
  fixture_assert_order ("a c");
  activate (window, "preferences.undo-remove", "b");
  fixture_assert_order ("a b c");
  fixture_settle ();
  fixture_wait_for_key ("b", FIXTURE_KEY);
  fixture_close (window);
  fixture_wait_for_key ("b", FIXTURE_KEY);
}

/* The key goes when Undo can no longer be taken: here because the window is closed. */
static void
test_remove (void)
{
  GtkWidget *window;

  add_three ();
  fixture_store_key ("b", FIXTURE_KEY);
  window = fixture_open ();
  activate (window, "preferences.remove-provider", "b");
  fixture_wait_for_key ("b", FIXTURE_KEY);
  fixture_close (window);
  fixture_wait_for_key ("b", NULL);
  fixture_assert_order ("a c");
}

static void
test_switches (void)
{
  ScSettings *settings = sc_settings_get_default ();
  GtkWidget *window;
  GtkWidget *row;
  double zoom = 0;
  int scheme = -1;

  fixture_reset ();
  window = fixture_open ();

  row = fixture_find (fixture_find_row (window, "Enter sends the message"), GTK_TYPE_SWITCH, 0);
  g_assert_cmpint (gtk_switch_get_active (GTK_SWITCH (row)), ==,
                   sc_settings_get_boolean (settings, "enter-sends"));
  gtk_switch_set_active (GTK_SWITCH (row), FALSE);
  g_assert_false (sc_settings_get_boolean (settings, "enter-sends"));
  g_object_set (settings, "enter-sends", TRUE, NULL);
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (row)));

  adw_combo_row_set_selected (ADW_COMBO_ROW (fixture_find_row (window, "Colours")),
                              SC_COLOR_SCHEME_DARK);
  row = fixture_find (fixture_find_row (window, "Text size in percent"), GTK_TYPE_SPIN_BUTTON, 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (row), 150);
  g_object_get (settings, "zoom", &zoom, "color-scheme", &scheme, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, 1.5, 0.001);
  g_assert_cmpint (scheme, ==, SC_COLOR_SCHEME_DARK);
  fixture_close (window);
}

static void
test_open_add_provider (void)
{
  GtkWidget *window = NULL;
  g_autoptr (GListModel) windows = NULL;

  fixture_reset ();
  sc_preferences_open_add_provider (NULL);
  fixture_settle ();
  windows = g_object_ref (gtk_window_get_toplevels ());
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, 1);
  window = g_list_model_get_item (windows, 0);
  g_object_unref (window);
  g_assert_true (SC_IS_PREFERENCES (window));
  g_assert_nonnull (fixture_find (window, SC_TYPE_PROVIDER_CHOOSER, 0));
  fixture_close (window);
}

static gboolean
says (GtkWidget  *window,
      guint       position,
      const char *pattern)
{
  GtkWidget *list = fixture_find (window, SC_TYPE_PROVIDER_LIST, 0);
  GtkWidget *row = sc_provider_list_get_row (SC_PROVIDER_LIST (list), position);

  return g_pattern_match_simple (pattern, adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
}

/* What came of asking a provider stands in its row until its key or its address is another one. */
static void
test_states (void)
{
  ScProviders *providers = sc_providers_get_default ();
  GtkWidget *window;
  g_autoptr (GError) refused = g_error_new_literal (SC_ERROR, SC_ERROR_AUTH, "no");
  g_autoptr (GError) gone = g_error_new_literal (SC_ERROR, SC_ERROR_NETWORK, "no");
  g_autoptr (GError) odd = g_error_new_literal (SC_ERROR, SC_ERROR_SERVER, "no");

  add_three ();
  window = fixture_open ();
  sc_providers_note_result (providers, "a", refused);
  sc_providers_note_result (providers, "b", gone);
  sc_providers_note_result (providers, "c", odd);
  g_assert_true (says (window, 0, "*Signed out*"));
  g_assert_true (says (window, 1, "*Could not be reached"));
  g_assert_false (says (window, 2, "*Signed out*") || says (window, 2, "*reached*"));

  fixture_add_profile ("b", "B", "https://elsewhere.example.com/v1");
  g_assert_false (says (window, 1, "*reached*"));
  sc_providers_forget_result (providers, "a");
  g_assert_false (says (window, 0, "*Signed out*"));
  sc_providers_note_result (providers, "a", gone);
  sc_providers_note_result (providers, "a", NULL);
  g_assert_false (says (window, 0, "*reached*"));
  g_assert_cmpint (sc_providers_get_state (providers, "a"), ==, SC_PROVIDER_WORKS);
  sc_providers_forget_result (providers, "a");
  sc_providers_forget_result (providers, "b");
  sc_providers_forget_result (providers, "c");
  fixture_close (window);
}

static GtkWidget *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static void
answer_question (GtkWidget  *preferences,
                 const char *response)
{
  GtkWidget *question;

  g_signal_emit_by_name (fixture_find_button (preferences, "Delete…"), "clicked");
  question = find_question ();
  g_assert_nonnull (question);
  g_assert_cmpstr (adw_message_dialog_get_default_response (ADW_MESSAGE_DIALOG (question)), ==,
                   "cancel");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), response);
  fixture_settle ();
}

static void
test_delete_all (void)
{
  ScHistory *history = sc_history_new (NULL);
  ScWindow *window = sc_window_new (NULL, history);
  GtkWidget *preferences;

  fixture_reset ();
  fixture_add_profile ("a", "A", "http://127.0.0.1:9/v1");
  gtk_window_present (GTK_WINDOW (window));
  fixture_settle ();
  g_assert_true (sc_window_send (window, "one"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new-conversation", NULL));
  g_assert_true (sc_window_send (window, "two"));
  fixture_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 2);

  preferences = fixture_open ();
  g_assert_false (gtk_widget_get_sensitive (fixture_find_button (preferences, "Delete…")));
  gtk_window_set_transient_for (GTK_WINDOW (preferences), GTK_WINDOW (window));
  g_assert_true (gtk_widget_get_sensitive (fixture_find_button (preferences, "Delete…")));
  answer_question (preferences, "cancel");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 2);
  answer_question (preferences, "delete");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 0);
  fixture_close (preferences);

  gtk_window_destroy (GTK_WINDOW (window));
  fixture_settle ();
  g_object_unref (history);
}

static gboolean
is_refused_file (gpointer data)
{
  const char *subtitle = adw_action_row_get_subtitle (data);

  return g_pattern_match_simple ("That is not a key file*", subtitle);
}

/* The key of Vertex AI is a file: its text goes where a typed key goes. */
static void
test_key_file (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("vertex");
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "key.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window;
  GtkWidget *group;
  GtkWidget *row;

  fixture_reset ();
  sc_profile_set (&profile->name, "Vertex");
  sc_profile_set (&profile->protocol, "vertex");
  sc_profile_set (&profile->base_url, "https://aiplatform.googleapis.com");
  sc_settings_save_profile (sc_settings_get_default (), profile);
  window = fixture_open ();
  activate (window, "preferences.edit-provider", "vertex");
  group = fixture_find (window, SC_TYPE_PROVIDER_KEY, 0);
  row = fixture_find_row (group, "Key file");
  g_assert_true (gtk_widget_get_visible (row));

  g_assert_true (g_file_set_contents (path, "no json", -1, NULL));
  sc_provider_key_load_file (SC_PROVIDER_KEY (group), file);
  fixture_wait (is_refused_file, row);
  g_assert_true (g_file_set_contents (path, "{\n \"k\": \"" FIXTURE_KEY "\"\n}\n", -1, NULL));
  sc_provider_key_load_file (SC_PROVIDER_KEY (group), file);
  fixture_wait_for_key ("vertex", "{  \"k\": \"" FIXTURE_KEY "\" }");
  fixture_assert_hidden (window, FIXTURE_KEY);
  fixture_close (window);
}

static void
add_tests (void)
{
  g_test_add_func ("/ui/preferences/states", test_states);
  g_test_add_func ("/ui/preferences/delete-all", test_delete_all);
  g_test_add_func ("/ui/preferences/key-file", test_key_file);
  g_test_add_func ("/ui/preferences/templates", test_templates);
  g_test_add_func ("/ui/preferences/window", test_window);
  g_test_add_func ("/ui/preferences/list", test_list);
  g_test_add_func ("/ui/preferences/add", test_add);
  g_test_add_func ("/ui/preferences/add-other", test_add_other);
  g_test_add_func ("/ui/preferences/add-cancelled", test_add_cancelled);
  g_test_add_func ("/ui/preferences/edit", test_edit);
  g_test_add_func ("/ui/preferences/focus", test_focus);
  g_test_add_func ("/ui/preferences/advanced", test_advanced);
  g_test_add_func ("/ui/preferences/parameters", test_parameters);
  g_test_add_func ("/ui/preferences/key", test_key);
  g_test_add_func ("/ui/preferences/key-on-close", test_key_on_close);
  g_test_add_func ("/ui/preferences/plain-http-warning", test_plain_http_warning);
  g_test_add_func ("/ui/preferences/duplicate", test_duplicate);
  g_test_add_func ("/ui/preferences/order", test_order);
  g_test_add_func ("/ui/preferences/drag", test_drag);
  g_test_add_func ("/ui/preferences/default", test_default);
  g_test_add_func ("/ui/preferences/remove-undo", test_remove_undo);
  g_test_add_func ("/ui/preferences/remove", test_remove);
  g_test_add_func ("/ui/preferences/switches", test_switches);
  g_test_add_func ("/ui/preferences/open-add-provider", test_open_add_provider);
}

int
main (int    argc,
      char **argv)
{
  return fixture_main (&argc, &argv, add_tests);
}
