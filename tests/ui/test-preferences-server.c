/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the provider editor does with the server itself: accepting its certificate, and having it
 * fetch a model. */

#include "config.h"

#include <string.h>

#include "certificates.h"
#include "preferences-fixture.h"
#include "raw-server.h"
#include "sc-error.h"
#include "sc-profile.h"
#include "sc-provider-certificate.h"
#include "sc-provider-download.h"
#include "sc-provider-editor.h"
#include "sc-provider-models.h"
#include "sc-providers.h"
#include "sc-settings.h"

#define LIST "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"      \
             "{\"object\":\"list\",\"data\":[{\"id\":\"model-a\",\"object\":\"model\"}]}"
#define TAGS "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"      \
             "{\"models\":[{\"name\":\"m:latest\",\"model\":\"m:latest\"}]}"
#define PULL "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"                       \
             "{\"status\":\"pulling manifest\"}\n"                                                 \
             "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":2000000,"            \
             "\"completed\":500000}\n"
#define REST "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":2000000,"            \
             "\"completed\":2000000}\n{\"status\":\"success\"}\n"

static ScProfile *
save_profile (RawServer  *server,
              const char *scheme,
              const char *protocol)
{
  ScProfile *profile = sc_profile_new ("p");
  g_autofree char *url =
    g_strdup_printf ("%s://127.0.0.1:%u", scheme, raw_server_get_port (server));

  sc_profile_set (&profile->name, "Test");
  sc_profile_set (&profile->protocol, protocol);
  sc_profile_set (&profile->base_url, url);
  profile->proxy_mode = SC_PROXY_NONE;
  sc_settings_save_profile (sc_settings_get_default (), profile);
  return profile;
}

static GtkWidget *
open_editor (GtkWidget **window)
{
  *window = fixture_open ();
  g_assert_true (gtk_widget_activate_action (*window, "preferences.edit-provider", "s", "p"));
  fixture_settle ();
  return fixture_find (*window, SC_TYPE_PROVIDER_EDITOR, 0);
}

typedef struct
{
  GtkWidget  *root;
  const char *row;
  const char *pattern;
} Subtitle;

static gboolean
has_subtitle (gpointer data)
{
  const Subtitle *wanted = data;
  const char *text =
    adw_action_row_get_subtitle (ADW_ACTION_ROW (fixture_find_row (wanted->root, wanted->row)));

  return text != NULL && g_pattern_match_simple (wanted->pattern, text);
}

static void
wait_for_subtitle (GtkWidget  *root,
                   const char *row,
                   const char *pattern)
{
  Subtitle wanted = { root, row, pattern };

  fixture_wait (has_subtitle, &wanted);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (SC_IS_PROVIDER_CERTIFICATE (window))
        return window;
    }
  return NULL;
}

static gboolean
is_shown (gpointer data)
{
  GtkWidget *stack = fixture_find (data, GTK_TYPE_STACK, 0);

  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), "waiting") != 0;
}

static gboolean
has_no_dialog (gpointer data)
{
  return find_dialog () == NULL;
}

static char *
dup_pin (void)
{
  g_autoptr (ScProfile) profile = sc_settings_dup_profile (sc_settings_get_default (), "p");

  return g_strdup (profile->pinned_fingerprint);
}

static gboolean
is_pinned (gpointer data)
{
  g_autofree char *pin = dup_pin ();

  return (pin != NULL) == GPOINTER_TO_INT (data);
}

static GtkWidget *
show_certificate (GtkWidget *editor)
{
  GtkWidget *row = fixture_find_row (editor, "Show Certificate…");
  GtkWidget *dialog;

  g_assert_true (gtk_widget_get_visible (row));
  g_signal_emit_by_name (row, "activated");
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  fixture_wait (is_shown, dialog);
  return dialog;
}

static gboolean
has_label (GtkWidget  *root,
           const char *pattern)
{
  GtkWidget *label;

  for (guint i = 0; (label = fixture_find (root, GTK_TYPE_LABEL, i)) != NULL; i++)
    if (g_pattern_match_simple (pattern, gtk_label_get_text (GTK_LABEL (label))))
      return TRUE;
  return FALSE;
}

/* Refused, looked at, closed, looked at again, accepted; the editor shows the pin and forgets it. */
static void
test_accept (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = NULL;
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *models;
  GtkWidget *dialog;

  fixture_reset ();
  profile = save_profile (server, "https", "openai-chat");
  for (int i = 0; i < 3; i++)
    raw_server_add_script (server, RAW_HANDSHAKE, TEST_OWN_CERTIFICATE, RAW_STALL, RAW_END);
  raw_server_add_script (server, RAW_HANDSHAKE, TEST_OWN_CERTIFICATE, RAW_WAIT_REQUEST, RAW_SEND,
                         LIST, RAW_CLOSE, RAW_END);
  editor = open_editor (&window);
  models = fixture_find (editor, SC_TYPE_PROVIDER_MODELS, 0);
  sc_provider_models_test (SC_PROVIDER_MODELS (models));
  wait_for_subtitle (editor, "Connection", "*nobody this computer trusts*");

  dialog = show_certificate (editor);
  g_assert_true (has_label (dialog, "This computer does not trust this certificate.*"));
  g_assert_false (gtk_window_get_focus (GTK_WINDOW (dialog))
                  == fixture_find_button (dialog, "Accept for This Provider"));
  g_assert_null (gtk_window_get_default_widget (GTK_WINDOW (dialog)));
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (has_no_dialog, NULL);
  g_assert_true (is_pinned (GINT_TO_POINTER (FALSE)));

  dialog = show_certificate (editor);
  g_signal_emit_by_name (fixture_find_button (dialog, "Accept for This Provider"), "clicked");
  fixture_wait (has_no_dialog, NULL);
  wait_for_subtitle (editor, "Connection", "Works: 1 model");
  fixture_wait (is_pinned, GINT_TO_POINTER (TRUE));
  g_assert_false (gtk_widget_get_visible (fixture_find_row (editor, "Show Certificate…")));
  g_assert_true (gtk_widget_get_visible (fixture_find_row (editor, "Accepted certificate")));

  g_signal_emit_by_name (fixture_find_button (editor, "Forget"), "clicked");
  fixture_wait (is_pinned, GINT_TO_POINTER (FALSE));
  fixture_close (window);
}

/* Another certificate than the accepted one is refused with words of its own. */
static void
test_changed (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = NULL;
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *dialog;

  fixture_reset ();
  profile = save_profile (server, "https", "openai-chat");
  sc_providers_accept_certificate (sc_providers_get_default (), "p",
                                   "00112233445566778899aabbccddeeff"
                                   "00112233445566778899aabbccddeeff");
  for (int i = 0; i < 2; i++)
    raw_server_add_script (server, RAW_HANDSHAKE, TEST_SIGNED_CERTIFICATE, RAW_STALL, RAW_END);
  editor = open_editor (&window);
  sc_provider_models_test (SC_PROVIDER_MODELS (fixture_find (editor, SC_TYPE_PROVIDER_MODELS, 0)));
  wait_for_subtitle (editor, "Connection", "*not the one that was accepted before*");
  dialog = show_certificate (editor);
  g_assert_true (has_label (dialog, "The server shows another certificate*"));
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (has_no_dialog, NULL);
  fixture_close (window);
}

/* A dialog that finds nobody says so, and is gone when it is closed. */
static void
test_nobody (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("p");
  GtkWidget *dialog;

  sc_profile_set (&profile->base_url, "http://127.0.0.1:9");
  dialog = GTK_WIDGET (sc_provider_certificate_new (NULL, profile));
  gtk_window_present (GTK_WINDOW (dialog));
  fixture_wait (is_shown, dialog);
  g_assert_true (has_label (dialog, "*not encrypted*"));
  fixture_close (dialog);
}

static ScDownload *
get_download (const ScProfile *profile)
{
  return sc_providers_get_download (sc_providers_get_default (), profile);
}

static gboolean
has_bytes (gpointer data)
{
  gint64 completed = 0;
  gint64 total = 0;

  sc_download_get_bytes (get_download (data), &completed, &total);
  return completed > 0;
}

static gboolean
has_ended (gpointer data)
{
  return sc_download_get_state (get_download (data)) != SC_DOWNLOAD_RUNNING;
}

/* The window is closed in the middle and opened again: it went on. Then the list is new. */
static void
test_download (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = NULL;
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *group;
  GtkWidget *bar;

  fixture_reset ();
  profile = save_profile (server, "http", "ollama");
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, PULL, RAW_GATE, RAW_SEND, REST,
                         RAW_STALL, RAW_END);
  /* The list is fetched for the window around and for the editor; details are not told. */
  for (int i = 0; i < 4; i++)
    raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, TAGS, RAW_CLOSE, RAW_END);

  editor = open_editor (&window);
  group = fixture_find (editor, SC_TYPE_PROVIDER_DOWNLOAD, 0);
  g_assert_true (gtk_widget_get_visible (group));
  g_assert_false (gtk_widget_get_sensitive (fixture_find_button (group, "Download")));
  gtk_editable_set_text (GTK_EDITABLE (fixture_find (group, ADW_TYPE_ENTRY_ROW, 0)), " m ");
  g_signal_emit_by_name (fixture_find_button (group, "Download"), "clicked");
  fixture_wait (has_bytes, profile);
  g_assert_true (has_label (group, "500.0*kB of 2.0*MB (25 %)*"));
  g_assert_true (has_label (group, "m"));
  fixture_close (window);
  g_assert_cmpint (sc_download_get_state (get_download (profile)), ==, SC_DOWNLOAD_RUNNING);

  editor = open_editor (&window);
  group = fixture_find (editor, SC_TYPE_PROVIDER_DOWNLOAD, 0);
  bar = fixture_find (group, GTK_TYPE_PROGRESS_BAR, 0);
  g_assert_true (has_label (group, "500.0*kB of 2.0*MB (25 %)*"));
  g_assert_cmpfloat_with_epsilon (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), 0.25,
                                  0.001);
  raw_server_open_gate (server);
  fixture_wait (has_ended, profile);
  g_assert_cmpint (sc_download_get_state (get_download (profile)), ==, SC_DOWNLOAD_DONE);
  g_assert_true (has_label (group, "The model is ready."));
  wait_for_subtitle (editor, "Connection", "Works: 1 model");

  g_signal_emit_by_name (fixture_find_button (group, "Dismiss"), "clicked");
  g_assert_null (get_download (profile));
  g_assert_false (gtk_widget_get_visible (gtk_widget_get_ancestor (bar, ADW_TYPE_PREFERENCES_ROW)));
  fixture_close (window);
}

/* Cancel closes the connection at once; Resume begins again; an unknown name cannot be resumed. */
static void
test_download_cancelled (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = NULL;
  GtkWidget *window;
  GtkWidget *editor;
  GtkWidget *group;

  fixture_reset ();
  profile = save_profile (server, "http", "ollama");
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, PULL, RAW_STALL, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
                         "{\"error\":\"pull model manifest: file does not exist\"}\n",
                         RAW_STALL, RAW_END);
  editor = open_editor (&window);
  group = fixture_find (editor, SC_TYPE_PROVIDER_DOWNLOAD, 0);
  gtk_editable_set_text (GTK_EDITABLE (fixture_find (group, ADW_TYPE_ENTRY_ROW, 0)), "m");
  g_signal_emit_by_name (fixture_find (group, ADW_TYPE_ENTRY_ROW, 0), "entry-activated");
  fixture_wait (has_bytes, profile);
  g_signal_emit_by_name (fixture_find_button (group, "Cancel"), "clicked");
  g_assert_cmpint (sc_download_get_state (get_download (profile)), ==, SC_DOWNLOAD_STOPPED);
  raw_server_wait_client_closed (server, 0);
  g_assert_false (gtk_widget_get_visible (fixture_find_button (group, "Cancel")));
  g_assert_true (gtk_widget_get_visible (fixture_find_button (group, "Resume")));

  g_signal_emit_by_name (fixture_find_button (group, "Resume"), "clicked");
  g_assert_cmpint (sc_download_get_state (get_download (profile)), ==, SC_DOWNLOAD_RUNNING);
  fixture_wait (has_ended, profile);
  g_assert_true (has_label (group, "There is no model of that name.*"));
  g_assert_false (gtk_widget_get_visible (fixture_find_button (group, "Resume")));
  sc_providers_forget_download (sc_providers_get_default (), profile);
  fixture_close (window);
}

/* Servers that cannot download offer nothing. */
static void
test_download_hidden (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = NULL;
  GtkWidget *window;
  GtkWidget *editor;

  fixture_reset ();
  profile = save_profile (server, "http", "openai-chat");
  editor = open_editor (&window);
  g_assert_false (gtk_widget_get_visible (fixture_find (editor, SC_TYPE_PROVIDER_DOWNLOAD, 0)));
  fixture_close (window);
}

static void
add_tests (void)
{
  g_test_add_func ("/ui/preferences-server/accept", test_accept);
  g_test_add_func ("/ui/preferences-server/changed", test_changed);
  g_test_add_func ("/ui/preferences-server/nobody", test_nobody);
  g_test_add_func ("/ui/preferences-server/download", test_download);
  g_test_add_func ("/ui/preferences-server/download-cancelled", test_download_cancelled);
  g_test_add_func ("/ui/preferences-server/download-hidden", test_download_hidden);
}

int
main (int    argc,
      char **argv)
{
  return fixture_main (&argc, &argv, add_tests);
}
