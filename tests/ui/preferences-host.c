/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens the preferences alone, with a few providers in them: for the test that drives them over
 * the accessibility bus, and for screenshots of every page.
 *
 *   preferences-host [--page=NAME | --add | --service=ID | --edit=N] [--expand] [--test]
 *                    [--certificate] [--width=N] [--height=N] [--protocol=ID --address=URL]
 *                    [--dark] [--empty] [--scroll=PIXELS] [--shot=FILE]
 *
 * With --address the third provider is there and speaks that protocol, with no certificate accepted.
 * With --shot it writes one picture and ends, otherwise it runs until the window is closed. */

#include "config.h"

#include <adwaita.h>
#include <glib-unix.h>

#include "sc-preferences.h"
#include "sc-profile.h"
#include "sc-provider-certificate.h"
#include "sc-provider-models.h"
#include "sc-provider-page.h"
#include "sc-secrets.h"
#include "sc-service.h"
#include "sc-settings.h"

/* Enough frames for the fonts, the icons and the slide of the sub page to be there. */
#define FRAMES_BEFORE_SHOT 60

static char *page_name;
static char *service_id;
static char *shot_path;
static char *protocol_id;
static char *address;
static int edit_position = -1;
static int width = 640;
static int height = 640;
static int scroll;
static gboolean adds;
static gboolean shows_certificate;
static gboolean expands;
static gboolean tests;
static gboolean is_dark;
static gboolean is_empty;

static const GOptionEntry entries[] = {
  { "page", 0, 0, G_OPTION_ARG_STRING, &page_name, NULL, NULL },
  { "add", 0, 0, G_OPTION_ARG_NONE, &adds, NULL, NULL },
  { "service", 0, 0, G_OPTION_ARG_STRING, &service_id, NULL, NULL },
  { "edit", 0, 0, G_OPTION_ARG_INT, &edit_position, NULL, NULL },
  { "certificate", 0, 0, G_OPTION_ARG_NONE, &shows_certificate, NULL, NULL },
  { "expand", 0, 0, G_OPTION_ARG_NONE, &expands, NULL, NULL },
  { "test", 0, 0, G_OPTION_ARG_NONE, &tests, NULL, NULL },
  { "protocol", 0, 0, G_OPTION_ARG_STRING, &protocol_id, NULL, NULL },
  { "address", 0, 0, G_OPTION_ARG_STRING, &address, NULL, NULL },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, NULL, NULL },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, NULL, NULL },
  { "scroll", 0, 0, G_OPTION_ARG_INT, &scroll, NULL, NULL },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &is_dark, NULL, NULL },
  { "empty", 0, 0, G_OPTION_ARG_NONE, &is_empty, NULL, NULL },
  { "shot", 0, 0, G_OPTION_ARG_FILENAME, &shot_path, NULL, NULL },
  { NULL }
};

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  sc_secrets_store_finish (result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
add_profile (const char *id,
             const char *name,
             const char *service,
             const char *base_url)
{
  g_autoptr (ScProfile) profile = sc_profile_new (id);

  sc_profile_set (&profile->name, name);
  sc_profile_set (&profile->service, service);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, base_url);
  sc_profile_set (&profile->parameters, "{\"temperature\":0.7,\"verbosity\":\"low\"}");
  sc_profile_set (&profile->pinned_fingerprint,
                  "3f9c2b4e5d6a7f80112233445566778899aabbccddeeff00a1b2c3d4e5f60718");
  sc_settings_save_profile (sc_settings_get_default (), profile);
}

static void
add_examples (void)
{
  gboolean is_stored = FALSE;

  if (is_empty)
    return;

  add_profile ("first", "OpenAI", "openai", "https://api.openai.com/v1");
  add_profile ("second", "Work <team & guests>", "other", "http://llm.example.com:8080/v1");
  add_profile ("third", "Ollama", "ollama", "http://127.0.0.1:11434/v1");
  if (address != NULL)
    {
      g_autoptr (ScProfile) profile = sc_profile_new ("third");

      sc_profile_set (&profile->name, "Ollama");
      sc_profile_set (&profile->protocol, protocol_id != NULL ? protocol_id : "openai-chat");
      sc_profile_set (&profile->base_url, address);
      sc_settings_save_profile (sc_settings_get_default (), profile);
    }
  sc_secrets_store_async ("first", "Stream Chat: OpenAI", "example-key", NULL, stored_cb,
                          &is_stored);
  while (!is_stored)
    g_main_context_iteration (NULL, TRUE);
}

static void
visit (GtkWidget *widget)
{
  if (expands && ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  if (tests && SC_IS_PROVIDER_MODELS (widget))
    sc_provider_models_test (SC_PROVIDER_MODELS (widget));
  if (service_id != NULL && SC_IS_PROVIDER_PAGE (widget))
    sc_provider_page_draft (SC_PROVIDER_PAGE (widget), sc_service_find (service_id));

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    visit (child);
}

static void
scroll_all (GtkWidget *widget)
{
  if (GTK_IS_SCROLLED_WINDOW (widget) && gtk_widget_get_mapped (widget))
    {
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget)),
                                scroll);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    scroll_all (child);
}

static void
save_shot (GtkWidget    *window,
           GdkPaintable *paintable)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));

  gdk_paintable_snapshot (paintable, snapshot,
                          gtk_widget_get_width (window), gtk_widget_get_height (window));
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node, NULL);
  gdk_texture_save_to_png (texture, shot_path);
}

/* The picture of a widget is there only after it was painted while somebody was looking at it. */
typedef struct
{
  GdkPaintable *paintable;
  int           n_frames;
} Shot;

static gboolean
tick_cb (GtkWidget     *window,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Shot *shot = user_data;

  gtk_widget_queue_draw (window);
  if (++shot->n_frames == FRAMES_BEFORE_SHOT / 2)
    scroll_all (window);
  if (shot->n_frames < FRAMES_BEFORE_SHOT)
    return G_SOURCE_CONTINUE;

  save_shot (window, shot->paintable);
  gtk_window_close (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

static GtkWindow *
open_certificate (void)
{
  g_autoptr (ScProfile) profile = sc_settings_dup_profile (sc_settings_get_default (), "third");
  GtkWindow *window = sc_provider_certificate_new (NULL, profile);

  gtk_window_set_default_size (window, width, height);
  gtk_window_set_modal (window, FALSE);
  gtk_window_present (window);
  return window;
}

static GtkWindow *
open_window (void)
{
  GtkWindow *window;
  static const char * const ids[] = { "first", "second", "third" };

  if (shows_certificate)
    return open_certificate ();
  window = sc_preferences_new ();
  gtk_window_set_default_size (window, width, height);
  gtk_window_set_modal (window, FALSE);
  if (page_name != NULL)
    adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (window), page_name);
  gtk_window_present (window);
  if (adds || service_id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "preferences.add-provider", NULL);
  if (edit_position >= 0 && edit_position < (int) G_N_ELEMENTS (ids))
    gtk_widget_activate_action (GTK_WIDGET (window), "preferences.edit-provider", "s",
                                ids[edit_position]);
  visit (GTK_WIDGET (window));
  return window;
}

static gboolean
terminated_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  GtkWindow *window;
  Shot shot = { NULL, 0 };

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", shot_path == NULL, NULL);
  if (is_dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  add_examples ();

  loop = g_main_loop_new (NULL, FALSE);
  window = open_window ();
  g_unix_signal_add (SIGTERM, terminated_cb, window);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  if (shot_path != NULL)
    {
      shot.paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
      gtk_widget_add_tick_callback (GTK_WIDGET (window), tick_cb, &shot, NULL);
    }
  g_main_loop_run (loop);
  g_clear_object (&shot.paintable);
  return 0;
}
