/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The frame around the page: every template can be made and goes away without a trace, the
 * window's parts follow the shown conversation, keys and menus do what they say. Nothing here
 * answers: that is what the AT-SPI tests are for. */

#include "config.h"

#include <glib/gstdio.h>

#include <adwaita.h>

#include "sc-composer.h"
#include "sc-conversation-private.h"
#include "sc-conversation-row.h"
#include "sc-demo-server.h"
#include "sc-drafts.h"
#include "sc-empty-state.h"
#include "sc-history.h"
#include "sc-model-button.h"
#include "sc-model-item.h"
#include "sc-model-popover.h"
#include "sc-model-row.h"
#include "sc-pane.h"
#include "sc-settings.h"
#include "sc-sidebar.h"
#include "sc-window.h"

typedef gboolean (*Matches) (GtkWidget  *widget,
                             const char *name);

static gboolean
has_class (GtkWidget  *widget,
           const char *name)
{
  return gtk_widget_has_css_class (widget, name);
}

static gboolean
has_type (GtkWidget  *widget,
          const char *name)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), name);
}

static GtkWidget *
find_widget (GtkWidget  *root,
             Matches     matches,
             const char *name)
{
  if (matches (root, name))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, matches, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What is destroyed is freed only after the main loop ran: list views and popovers finish in
 * idle. */
static void
iterate_until_gone (gpointer *object)
{
  while (*object != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
wake_up_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
destroy_window (GtkWindow *window)
{
  guint wake_up = g_timeout_add (20, wake_up_cb, NULL);
  gpointer watched = window;

  g_object_add_weak_pointer (G_OBJECT (window), &watched);
  gtk_window_destroy (window);
  iterate_until_gone (&watched);
  g_source_remove (wake_up);
}

static void
test_templates (void)
{
  const GType types[] = {
    SC_TYPE_COMPOSER, SC_TYPE_CONVERSATION_ROW, SC_TYPE_EMPTY_STATE, SC_TYPE_MODEL_BUTTON,
    SC_TYPE_MODEL_ROW, SC_TYPE_PANE, SC_TYPE_SIDEBAR,
  };
  GtkWidget *popover;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_assert_finalize_object (widget);
    }
  popover = g_object_ref_sink (sc_model_popover_new ());
  g_assert_finalize_object (popover);
}

static void
test_window (void)
{
  ScHistory *history = sc_history_new (NULL);
  ScWindow *window = sc_window_new (NULL, history);
  ScConversation *first = sc_window_get_conversation (window);
  GtkWidget *button;

  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  g_assert_true (SC_IS_CONVERSATION (first));
  /* It follows the first frame. */
  while (find_widget (GTK_WIDGET (window), has_type, "ScEmptyState") == NULL)
    g_main_context_iteration (NULL, TRUE);

  /* An empty conversation is new already. */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new-conversation", NULL));
  g_assert_true (sc_window_get_conversation (window) == first);

  button = find_widget (GTK_WIDGET (window), has_class, "send-button");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Send");
  g_assert_false (gtk_widget_get_sensitive (button));

  destroy_window (GTK_WINDOW (window));
  g_object_unref (history);
}

static void
test_actions (void)
{
  static const char *const with_turns[] = {
    "win.rename", "win.pin", "win.delete", "win.retry", "win.copy-last", "win.stop", NULL
  };
  static const char *const always[] = {
    "win.new-conversation", "win.find-conversation", "win.focus-composer", "win.toggle-sidebar",
    "win.toggle-sidebar", "win.next-turn", "win.previous-turn", "win.next-conversation",
    "win.previous-conversation", "win.zoom-in", "win.zoom-in", "win.zoom-out", NULL
  };
  ScHistory *history = sc_history_new (NULL);
  ScWindow *window = sc_window_new (NULL, history);
  double zoom = 0;

  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));

  /* gtk_widget_activate_action() says whether there is such an action, enabled or not; nothing
   * may happen. */
  for (gsize i = 0; with_turns[i] != NULL; i++)
    gtk_widget_activate_action (GTK_WIDGET (window), with_turns[i], NULL);
  for (gsize i = 0; always[i] != NULL; i++)
    g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), always[i], NULL));
  g_object_get (sc_settings_get_default (), "zoom", &zoom, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, 1.1, 0.001);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.zoom-reset", NULL));
  g_object_get (sc_settings_get_default (), "zoom", &zoom, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, 1, 0.001);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 0);

  destroy_window (GTK_WINDOW (window));
  g_object_unref (history);
}

static void
text_sent_cb (ScComposer *composer,
              const char *text,
              char      **sent)
{
  g_free (*sent);
  *sent = g_strdup (text);
}

static void
test_composer_text (void)
{
  ScHistory *history = sc_history_new (NULL);
  ScConversation *one = sc_history_create (history);
  ScConversation *two = sc_history_create (history);
  ScComposer *composer = g_object_ref_sink (g_object_new (SC_TYPE_COMPOSER, NULL));
  GtkWidget *button = find_widget (GTK_WIDGET (composer), has_class, "send-button");
  g_autoptr (ScTurn) said = sc_turn_new (SC_ROLE_USER, "said");
  g_autofree char *sent = NULL;
  g_autofree char *text = NULL;

  g_signal_connect (composer, "send", G_CALLBACK (text_sent_cb), &sent);
  sc_composer_set_conversation (composer, one);
  g_assert_false (gtk_widget_get_sensitive (button));
  sc_composer_set_text (composer, " \n\t ");
  g_assert_false (gtk_widget_get_sensitive (button));
  sc_composer_set_text (composer, "first");
  g_assert_true (gtk_widget_get_sensitive (button));

  /* A draft stays with its conversation; those that nothing was said in have one together. */
  sc_conversation_append_turn (two, said);
  sc_composer_set_conversation (composer, two);
  text = sc_composer_dup_text (composer);
  g_assert_cmpstr (text, ==, "");
  sc_composer_set_text (composer, "second");
  sc_composer_set_conversation (composer, one);
  g_clear_pointer (&text, g_free);
  text = sc_composer_dup_text (composer);
  g_assert_cmpstr (text, ==, "first");

  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (sent, ==, "first");
  sc_composer_clear (composer);
  g_assert_false (gtk_widget_get_sensitive (button));

  sc_composer_set_conversation (composer, NULL);
  g_assert_finalize_object (composer);
  sc_drafts_open (NULL);
  g_object_unref (one);
  g_object_unref (two);
  g_object_unref (history);
}

static void
check_draft (ScConversation *conversation,
             const char     *expected)
{
  g_autofree char *text = sc_drafts_dup (conversation);

  g_assert_cmpstr (text, ==, expected);
}

/* What was not sent is there after the program ended, a damaged file does no harm, and nothing that is forgotten
 * stays on the disk. */
static void
test_drafts (void)
{
  g_autofree char *folder = g_dir_make_tmp ("sc-drafts-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "drafts.ini", NULL);
  g_autoptr (ScConversation) one = sc_conversation_new ();
  g_autoptr (ScConversation) two = sc_conversation_new ();
  g_autoptr (ScTurn) said = sc_turn_new (SC_ROLE_USER, "said");
  g_autofree char *long_text = g_strnfill (300 * 1024, 'x');
  g_autofree char *content = NULL;

  sc_conversation_append_turn (one, said);
  sc_drafts_open (path);
  sc_drafts_keep (one, " two\nlines; \\ and [more]");
  sc_drafts_keep (two, "new");
  check_draft (one, " two\nlines; \\ and [more]");
  sc_drafts_flush ();
  sc_drafts_open (path);
  check_draft (one, " two\nlines; \\ and [more]");
  check_draft (two, "new");

  sc_drafts_keep (two, long_text);
  check_draft (two, long_text);
  sc_drafts_keep (one, "");
  sc_drafts_flush ();
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_null (strstr (content, "lines"));
  sc_drafts_open (path);
  check_draft (one, NULL);
  check_draft (two, NULL);

  g_assert_true (g_file_set_contents (path, "\xff[drafts\n=\n", -1, NULL));
  sc_drafts_open (path);
  check_draft (one, NULL);
  sc_drafts_keep (one, "again");
  sc_drafts_clear ();
  sc_drafts_flush ();
  check_draft (one, NULL);
  sc_drafts_open (NULL);
  g_remove (path);
  g_rmdir (folder);
}

static void
turn_edited_cb (ScComposer *composer,
                ScTurn     *turn,
                const char *text,
                char      **edited)
{
  g_free (*edited);
  *edited = g_strdup (text);
}

/* Editing an old message puts the draft aside and brings it back. */
static void
test_composer_edit (void)
{
  ScHistory *history = sc_history_new (NULL);
  ScConversation *conversation = sc_history_create (history);
  ScComposer *composer = g_object_ref_sink (g_object_new (SC_TYPE_COMPOSER, NULL));
  GtkWidget *button = find_widget (GTK_WIDGET (composer), has_class, "send-button");
  ScTurn *turn = sc_turn_new (SC_ROLE_USER, "what I said");
  g_autofree char *edited = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *text = NULL;

  g_signal_connect (composer, "edit", G_CALLBACK (turn_edited_cb), &edited);
  g_signal_connect (composer, "send", G_CALLBACK (text_sent_cb), &sent);
  sc_composer_set_conversation (composer, conversation);
  sc_composer_set_text (composer, "draft");
  sc_composer_begin_edit (composer, turn);
  text = sc_composer_dup_text (composer);
  g_assert_cmpstr (text, ==, "what I said");

  sc_composer_set_text (composer, "what I meant");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (edited, ==, "what I meant");
  g_assert_null (sent);
  sc_composer_clear (composer);
  g_clear_pointer (&text, g_free);
  text = sc_composer_dup_text (composer);
  g_assert_cmpstr (text, ==, "draft");

  g_assert_finalize_object (composer);
  sc_drafts_open (NULL);
  g_object_unref (turn);
  g_object_unref (conversation);
  g_object_unref (history);
}

static void
test_sidebar_groups (void)
{
  static const struct
  {
    const char *then;
    const char *group;
  } cases[] = {
    { "2024-03-15T12:00:00Z", "Today" },
    { "2024-03-15T00:00:00Z", "Today" },
    { "2024-03-16T09:00:00Z", "Today" },
    { "2024-03-14T23:59:59Z", "Yesterday" },
    { "2024-03-14T00:00:00Z", "Yesterday" },
    { "2024-03-13T23:59:59Z", "Previous 7 Days" },
    { "2024-03-08T00:00:00Z", "Previous 7 Days" },
    { "2024-03-07T23:59:59Z", "March" },
    { "2024-01-01T00:00:00Z", "January" },
    { "2023-12-31T23:59:59Z", "December 2023" },
  };
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2024-03-15T18:30:00Z", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (cases[i].then, NULL);
      g_autofree char *group = sc_sidebar_dup_group (g_date_time_to_unix (then) * G_USEC_PER_SEC,
                                                     now);

      g_assert_cmpstr (group, ==, cases[i].group);
    }
}

static void
test_context_text (void)
{
  static const struct
  {
    gint64      tokens;
    const char *text;
  } cases[] = {
    { -1, NULL }, { 0, NULL }, { 4096, "4 k" }, { 128000, "128 k" }, { 131072, "128 k" },
    { 200000, "200 k" }, { 1000000, "1 M" }, { 1048576, "1 M" }, { 2097152, "2 M" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = sc_model_dup_context_text (cases[i].tokens);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static ScModelItem *
find_item (GPtrArray       *items,
           ScModelItemKind  kind,
           const char      *model)
{
  for (guint i = 0; i < items->len; i++)
    {
      ScModelItem *item = g_ptr_array_index (items, i);

      if (item->kind == kind && g_strcmp0 (item->model, model) == 0)
        return item;
    }
  return NULL;
}

/* Which lines the model popover has, from settings alone: no list was fetched. */
static void
test_model_list (void)
{
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (GHashTable) pending = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) errors = g_hash_table_new (g_str_hash, g_str_equal);
  ScModelListState state = { sc_providers_get_default (), pending, errors, profile->id, NULL };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  ScModelItem *item;

  sc_profile_set (&profile->name, "Test Service");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "http://127.0.0.1:9/v1");
  sc_profile_set (&profile->model, "alpha-large");
  sc_settings_save_profile (settings, profile);
  sc_settings_add_recent_model (settings, profile->id, "beta-small");
  g_hash_table_add (pending, profile->id);
  g_hash_table_insert (errors, (gpointer) SC_DEMO_PROFILE_ID, (gpointer) "It cannot be reached.");

  all = sc_model_list_build (&state, "");
  item = find_item (all, SC_MODEL_ITEM_MODEL, "beta-small");
  g_assert_cmpstr (item->heading, ==, "Recent");
  g_assert_cmpstr (item->detail, ==, "Test Service");
  item = find_item (all, SC_MODEL_ITEM_MODEL, "alpha-large");
  g_assert_cmpstr (item->heading, ==, "Test Service");
  g_assert_true (item->is_current);
  g_assert_nonnull (find_item (all, SC_MODEL_ITEM_LOADING, NULL));
  item = find_item (all, SC_MODEL_ITEM_ERROR, NULL);
  g_assert_cmpstr (item->label, ==, "It cannot be reached.");
  g_assert_true (sc_model_item_is_choosable (item));

  found = sc_model_list_build (&state, " LARGE test ");
  g_assert_nonnull (find_item (found, SC_MODEL_ITEM_MODEL, "alpha-large"));
  g_assert_null (find_item (found, SC_MODEL_ITEM_MODEL, "beta-small"));
  g_assert_nonnull (find_item (found, SC_MODEL_ITEM_FREE, "LARGE test"));

  none = sc_model_list_build (&state, "no-such-model");
  g_assert_null (find_item (none, SC_MODEL_ITEM_MODEL, "alpha-large"));
  item = find_item (none, SC_MODEL_ITEM_FREE, "no-such-model");
  g_assert_cmpstr (item->provider, ==, profile->id);

  sc_settings_remove_profile (settings, profile->id);
}

int
main (int   argc,
      char *argv[])
{
  /* Not with isolated folders: without the system's data folders GTK cannot read its own icons.
   * Settings and history are in memory here. */
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  g_test_add_func ("/ui/window/templates", test_templates);
  g_test_add_func ("/ui/window/parts", test_window);
  g_test_add_func ("/ui/window/actions", test_actions);
  g_test_add_func ("/ui/composer/text", test_composer_text);
  g_test_add_func ("/ui/composer/edit", test_composer_edit);
  g_test_add_func ("/ui/composer/drafts", test_drafts);
  g_test_add_func ("/ui/sidebar/groups", test_sidebar_groups);
  g_test_add_func ("/ui/models/context", test_context_text);
  g_test_add_func ("/ui/models/list", test_model_list);
  return g_test_run ();
}
