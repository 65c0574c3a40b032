/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared by the tests of the preferences. */

#include "config.h"

#include "preferences-fixture.h"

#include <string.h>

#include "sc-preferences.h"
#include "sc-profile.h"
#include "sc-settings.h"

#define WATCHDOG_SECONDS 120

/* G_TEST_OPTION_ISOLATE_DIRS also hides the system's data, without which GTK cannot read its own
 * icons. */
static void
isolate_home (void)
{
  static const char * const names[] =
    { "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  g_autofree char *home = g_dir_make_tmp ("stream-chat-preferences-XXXXXX", NULL);
  g_autofree char *keyring = NULL;

  g_assert_nonnull (home);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], home, TRUE);
  keyring = g_build_filename (home, "test.keyring", NULL);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
}

int
fixture_main (int    *argc,
              char ***argv,
              void  (*add_tests) (void))
{
  isolate_home ();
  g_test_init (argc, argv, NULL);

  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  add_tests ();
  return g_test_run ();
}

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("the condition did not come true in %d s", WATCHDOG_SECONDS);
  return G_SOURCE_REMOVE;
}

G_NO_INLINE void
fixture_wait (FixtureCondition condition,
              gpointer         user_data)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (!condition (user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

G_NO_INLINE void
fixture_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fixture_reset (void)
{
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (GPtrArray) profiles = sc_settings_list_profiles (settings);

  for (guint i = 0; i < profiles->len; i++)
    sc_settings_remove_profile (settings, ((ScProfile *) g_ptr_array_index (profiles, i))->id);
  g_object_set (settings, "default-provider", "", "color-scheme", SC_COLOR_SCHEME_SYSTEM,
                "zoom", 1.0, NULL);
  fixture_settle ();
}

void
fixture_add_profile (const char *id,
                     const char *name,
                     const char *base_url)
{
  g_autoptr (ScProfile) profile = sc_profile_new (id);

  sc_profile_set (&profile->name, name);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, base_url);
  sc_settings_save_profile (sc_settings_get_default (), profile);
  fixture_settle ();
}

static void
take_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_set (gpointer user_data)
{
  return *(gpointer *) user_data != NULL;
}

ScSecretPlace
fixture_store_key (const char *profile,
                   const char *key)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_secrets_store_async (profile, "test", key, NULL, take_result_cb, &result);
  fixture_wait (is_set, &result);
  return sc_secrets_store_finish (result, NULL);
}

char *
fixture_lookup_key (const char *profile)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_secrets_lookup_async (profile, NULL, take_result_cb, &result);
  fixture_wait (is_set, &result);
  return sc_secrets_lookup_finish (result, NULL, NULL);
}

char *
fixture_dup_order (void)
{
  g_autoptr (GPtrArray) profiles = sc_settings_list_profiles (sc_settings_get_default ());
  GString *order = g_string_new (NULL);

  for (guint i = 0; i < profiles->len; i++)
    g_string_append_printf (order, "%s%s", i > 0 ? " " : "",
                            ((ScProfile *) g_ptr_array_index (profiles, i))->id);
  return g_string_free (order, FALSE);
}

static gboolean
is_mapped (gpointer user_data)
{
  return gtk_widget_get_mapped (user_data);
}

GtkWidget *
fixture_open (void)
{
  GtkWidget *window = GTK_WIDGET (sc_preferences_new ());

  gtk_window_present (GTK_WINDOW (window));
  fixture_wait (is_mapped, window);
  fixture_settle ();
  return window;
}

static gboolean
is_gone (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

void
fixture_close (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_wait (is_gone, &window);
}

static void
collect (GtkWidget *root,
         GType      type,
         GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    g_ptr_array_add (found, root);

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

static GPtrArray *
list_descendants (GtkWidget *root,
                  GType      type)
{
  GPtrArray *found = g_ptr_array_new ();

  collect (root, type, found);
  return found;
}

GtkWidget *
fixture_find (GtkWidget *root,
              GType      type,
              guint      n)
{
  g_autoptr (GPtrArray) found = list_descendants (root, type);

  return n < found->len ? g_ptr_array_index (found, n) : NULL;
}

GtkWidget *
fixture_find_row (GtkWidget  *root,
                  const char *title)
{
  g_autoptr (GPtrArray) rows = list_descendants (root, ADW_TYPE_PREFERENCES_ROW);

  for (guint i = 0; i < rows->len; i++)
    {
      AdwPreferencesRow *row = g_ptr_array_index (rows, i);

      if (g_strcmp0 (adw_preferences_row_get_title (row), title) == 0)
        return GTK_WIDGET (row);
    }
  g_error ("there is no row “%s”", title);
}

GtkWidget *
fixture_find_button (GtkWidget  *root,
                     const char *name)
{
  g_autoptr (GPtrArray) buttons = list_descendants (root, GTK_TYPE_BUTTON);

  for (guint i = 0; i < buttons->len; i++)
    {
      GtkButton *button = g_ptr_array_index (buttons, i);

      if (g_strcmp0 (gtk_button_get_label (button), name) == 0
          || g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (button)), name) == 0
          || g_strcmp0 (gtk_button_get_icon_name (button), name) == 0)
        return GTK_WIDGET (button);
    }
  g_error ("there is no button “%s”", name);
}

static char *
dup_texts (GtkWidget *widget)
{
  GString *texts = g_string_new (NULL);

  if (GTK_IS_LABEL (widget))
    g_string_append (texts, gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_EDITABLE (widget))
    g_string_append (texts, gtk_editable_get_text (GTK_EDITABLE (widget)));
  if (gtk_widget_get_tooltip_text (widget) != NULL)
    g_string_append (texts, gtk_widget_get_tooltip_text (widget));
  if (ADW_IS_PREFERENCES_ROW (widget))
    g_string_append (texts, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)));
  if (ADW_IS_ACTION_ROW (widget) && adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)) != NULL)
    g_string_append (texts, adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)));
  if (GTK_IS_TEXT_VIEW (widget))
    {
      g_autofree char *text = NULL;

      g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "text", &text, NULL);
      g_string_append (texts, text);
    }
  return g_string_free (texts, FALSE);
}

void
fixture_assert_hidden (GtkWidget  *root,
                       const char *text)
{
  g_autoptr (GPtrArray) widgets = list_descendants (root, GTK_TYPE_WIDGET);

  for (guint i = 0; i < widgets->len; i++)
    {
      g_autofree char *texts = dup_texts (g_ptr_array_index (widgets, i));

      if (strstr (texts, text) != NULL)
        g_error ("%s shows “%s”", G_OBJECT_TYPE_NAME (g_ptr_array_index (widgets, i)), texts);
    }
}

typedef struct
{
  const char *id;
  const char *key;
} KeyCondition;

static gboolean
has_key (gpointer user_data)
{
  const KeyCondition *condition = user_data;
  char *key = fixture_lookup_key (condition->id);
  gboolean is_same = g_strcmp0 (key, condition->key) == 0;

  sc_secrets_free (key);
  return is_same;
}

void
fixture_wait_for_key (const char *id,
                      const char *key)
{
  KeyCondition condition = { id, key };

  fixture_wait (has_key, &condition);
}

void
fixture_assert_order (const char *expected)
{
  g_autofree char *order = fixture_dup_order ();

  g_assert_cmpstr (order, ==, expected);
}

void
fixture_click (GtkWidget  *root,
               const char *name)
{
  g_signal_emit_by_name (fixture_find_button (root, name), "clicked");
}
