/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-application.c: the process with windows: its history, its keys, its end.
 */

#include "config.h"

#include "sc-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "sc-drafts.h"
#include "sc-history.h"
#include "sc-preferences.h"
#include "sc-providers.h"
#include "sc-session.h"
#include "sc-settings.h"
#include "sc-toolkit.h"
#include "sc-trace.h"
#include "sc-window.h"

/* The history writes in milliseconds; a disk that hangs must not keep the process for ever. */
#define CLOSE_TIMEOUT_MS 3000

struct _ScApplication
{
  AdwApplication   parent_instance;

  const ScOptions *options;
  ScHistory       *history;
  GtkWindow       *preferences;
  guint            close_id;
  guint            signal_ids[3];
  gboolean         is_closing;
  gboolean         has_sent_prompt;
};

G_DEFINE_FINAL_TYPE (ScApplication, sc_application, ADW_TYPE_APPLICATION)

static ScWindow *
get_window (ScApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (SC_IS_WINDOW (l->data))
        return l->data;
    }
  return NULL;
}

/* `--provider` and `--model` for a configured provider hold for the first conversation only. */
static void
apply_options (ScApplication  *self,
               ScConversation *conversation)
{
  const ScOptions *options = self->options;
  g_autofree char *default_id = sc_providers_dup_default_id (sc_providers_get_default ());
  g_autoptr (ScProfile) profile = NULL;

  if (options->provider != NULL)
    profile = sc_settings_dup_profile_by_name (sc_settings_get_default (), options->provider);
  if (profile != NULL)
    sc_conversation_set_model (conversation, profile->id, options->model);
  else if (options->model != NULL && default_id != NULL)
    sc_conversation_set_model (conversation, default_id, options->model);
  if (options->system != NULL)
    g_object_set (conversation, "system-prompt", options->system, NULL);
  if (options->parameters != NULL)
    g_object_set (conversation, "parameters", options->parameters, NULL);
}

static void
sc_application_activate (GApplication *application)
{
  ScApplication *self = SC_APPLICATION (application);
  ScWindow *window = get_window (self);

  if (self->is_closing)
    return;
  if (window == NULL)
    {
      window = sc_window_new (ADW_APPLICATION (self), self->history);
      apply_options (self, sc_window_get_conversation (window));
    }
  gtk_window_present (GTK_WINDOW (window));
  if (self->options->prompt != NULL && !self->has_sent_prompt)
    {
      self->has_sent_prompt = TRUE;
      sc_window_send (window, self->options->prompt);
    }
}

static void
color_scheme_changed_cb (ScApplication *self)
{
  static const AdwColorScheme schemes[] = {
    [SC_COLOR_SCHEME_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
    [SC_COLOR_SCHEME_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
    [SC_COLOR_SCHEME_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int scheme = SC_COLOR_SCHEME_SYSTEM;

  g_object_get (sc_settings_get_default (), "color-scheme", &scheme, NULL);
  if (scheme < 0 || scheme >= (int) G_N_ELEMENTS (schemes))
    scheme = SC_COLOR_SCHEME_SYSTEM;
  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)),
                                      schemes[scheme]);
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  ScApplication *self = user_data;

  if (self->preferences == NULL)
    {
      self->preferences = sc_preferences_new ();
      g_object_add_weak_pointer (G_OBJECT (self->preferences), (gpointer *) &self->preferences);
    }
  gtk_window_set_transient_for (self->preferences, GTK_WINDOW (get_window (self)));
  gtk_window_set_destroy_with_parent (self->preferences, TRUE);
  gtk_window_present (self->preferences);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (GTK_WINDOW (get_window (user_data)),
                         "application-name", "Stream Chat",
                         "application-icon", SC_APP_ID,
                         "version", SC_VERSION,
                         "developer-name", _("The Stream Chat developers"),
                         "comments", _("Talk with language models, of your own computer or of a "
                                       "service you choose"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: put your name here, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  ScWindow *window;

  /* Closing, not quitting at once: the window keeps its size, and the history is written after the
   * last one. */
  while ((window = get_window (user_data)) != NULL)
    {
      gtk_window_close (GTK_WINDOW (window));
      if (get_window (user_data) == window)
        gtk_window_destroy (GTK_WINDOW (window));
    }
}

static gboolean
terminated_cb (gpointer user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);
  return G_SOURCE_CONTINUE;
}

static void
finish_closing (ScApplication *self)
{
  if (!self->is_closing)
    return;
  self->is_closing = FALSE;
  g_clear_handle_id (&self->close_id, g_source_remove);
  g_application_release (G_APPLICATION (self));
}

static void
history_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (ScApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_history_close_finish (SC_HISTORY (source), result, &error))
    g_printerr ("stream-chat: %s\n", error->message);
  finish_closing (self);
}

static gboolean
close_timed_out_cb (gpointer user_data)
{
  ScApplication *self = user_data;

  self->close_id = 0;
  finish_closing (self);
  return G_SOURCE_REMOVE;
}

/* After the last window the process stays until everything is on disk. */
static void
sc_application_window_removed (GtkApplication *application,
                               GtkWindow      *window)
{
  ScApplication *self = SC_APPLICATION (application);

  if (SC_IS_WINDOW (window) && self->history != NULL)
    {
      g_application_hold (G_APPLICATION (self));
      GTK_APPLICATION_CLASS (sc_application_parent_class)->window_removed (application, window);
      if (get_window (self) == NULL && !self->is_closing)
        {
          self->is_closing = TRUE;
          self->close_id = g_timeout_add (CLOSE_TIMEOUT_MS, close_timed_out_cb, self);
          sc_history_close_async (self->history, history_closed_cb, g_object_ref (self));
        }
      else
        g_application_release (G_APPLICATION (self));
      return;
    }
  GTK_APPLICATION_CLASS (sc_application_parent_class)->window_removed (application, window);
}

static void
set_accels (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } keys[] = {
    { "win.new-conversation", { "<Control>n" } },
    { "win.find-conversation", { "<Control>k" } },
    { "win.next-conversation", { "<Control>Tab" } },
    { "win.previous-conversation", { "<Control><Shift>Tab", "<Control>ISO_Left_Tab" } },
    { "win.focus-composer", { "<Control>l" } },
    { "win.choose-model", { "<Control>m" } },
    { "win.toggle-sidebar", { "F9" } },
    { "win.export", { "<Control><Shift>e" } },
    { "win.copy-last", { "<Control><Shift>c" } },
    { "win.retry", { "<Control>r" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal" } },
    { "win.zoom-out", { "<Control>minus" } },
    { "win.zoom-reset", { "<Control>0" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "window.close", { "<Control>w" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.quit", { "<Control>q" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (application, keys[i].action, keys[i].accels);
}

/* Not by GTK, which does it for a resource path: see sc.gresource.xml. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/example/StreamChat/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
sc_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { .name = "preferences", .activate = preferences_cb },
    { .name = "about", .activate = about_cb },
    { .name = "quit", .activate = quit_cb },
  };
  ScApplication *self = SC_APPLICATION (application);
  g_autofree char *path = sc_history_dup_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *drafts_path = g_build_filename (folder, "drafts.ini", NULL);

  G_APPLICATION_CLASS (sc_application_parent_class)->startup (application);

  load_style ();
  gtk_window_set_default_icon_name (SC_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_accels (GTK_APPLICATION (self));
  g_signal_connect_object (sc_settings_get_default (), "notify::color-scheme",
                           G_CALLBACK (color_scheme_changed_cb), self, G_CONNECT_SWAPPED);
  color_scheme_changed_cb (self);
  self->history = sc_history_new (path);
  sc_drafts_open (drafts_path);
  self->signal_ids[0] = g_unix_signal_add (SIGINT, terminated_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGTERM, terminated_cb, self);
  self->signal_ids[2] = g_unix_signal_add (SIGHUP, terminated_cb, self);
}

static void
sc_application_shutdown (GApplication *application)
{
  ScApplication *self = SC_APPLICATION (application);

  for (gsize i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  g_clear_handle_id (&self->close_id, g_source_remove);
  g_clear_object (&self->history);
  sc_drafts_flush ();

  G_APPLICATION_CLASS (sc_application_parent_class)->shutdown (application);
}

static void
sc_application_class_init (ScApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = sc_application_startup;
  application_class->activate = sc_application_activate;
  application_class->shutdown = sc_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = sc_application_window_removed;
}

static void
sc_application_init (ScApplication *self)
{
}

/* A window for one provider, one prompt or limits of its own stands apart from the one that is open
 * already. */
static gboolean
is_one_off (const ScOptions *options)
{
  return options->prompt != NULL
         || options->trace != NULL
         || options->provider != NULL
         || options->model != NULL
         || options->system != NULL
         || options->parameters != NULL
         || options->timeouts != NULL
         || options->retries >= 0
         || options->no_stream
         || sc_options_has_ad_hoc_provider (options);
}

static gboolean
prepare_provider (const ScOptions  *options,
                  GError          **error)
{
  g_autoptr (ScProfile) profile = NULL;

  if (sc_options_has_ad_hoc_provider (options))
    {
      profile = sc_options_create_profile (options, error);
      if (profile == NULL)
        return FALSE;
      sc_providers_set_temporary (sc_providers_get_default (), profile);
    }
  else if (options->provider != NULL)
    {
      profile = sc_settings_dup_profile_by_name (sc_settings_get_default (), options->provider);
      if (profile == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("There is no provider named “%s”"), options->provider);
          return FALSE;
        }
    }
  return TRUE;
}

int
sc_application_main (const ScOptions *options)
{
  g_autoptr (ScApplication) application = NULL;
  g_autoptr (ScTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  GApplicationFlags flags;
  int status;

  g_return_val_if_fail (options != NULL, 1);

  if (!sc_toolkit_start ())
    {
      g_printerr ("stream-chat: %s\n",
                  _("There is no display to open a window on; --ask answers in the terminal."));
      return 1;
    }
  if (!sc_settings_is_available ())
    {
      g_printerr ("stream-chat: %s\n",
                  _("The settings schema is missing: the program is not installed completely."));
      return 1;
    }
  if (options->trace != NULL)
    {
      trace = sc_trace_open (options->trace, &error);
      sc_trace_set_default (trace);
    }
  if (error != NULL || !prepare_provider (options, &error))
    {
      g_printerr ("stream-chat: %s\n", error->message);
      return 1;
    }

  g_set_application_name ("Stream Chat");
  flags = is_one_off (options) ? G_APPLICATION_NON_UNIQUE : G_APPLICATION_DEFAULT_FLAGS;
  application = g_object_new (SC_TYPE_APPLICATION,
                              "application-id", SC_APP_ID,
                              "flags", flags,
                              NULL);
  g_application_set_resource_base_path (G_APPLICATION (application), NULL);
  application->options = options;
  sc_session_set_options (options);
  status = g_application_run (G_APPLICATION (application), 0, NULL);
  g_clear_object (&application);
  sc_session_set_options (NULL);
  sc_trace_set_default (NULL);
  return status;
}
