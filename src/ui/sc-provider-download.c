/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows the download of a server and steers it. It keeps no state of its own: what it shows can be
 * read from the download at any time, by the next editor too. */

#include "config.h"

#include "sc-provider-download.h"

#include <glib/gi18n.h>

#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-providers.h"

struct _ScProviderDownload
{
  AdwPreferencesGroup   parent_instance;

  AdwEntryRow          *name_row;
  GtkWidget            *download_button;
  GtkWidget            *progress_row;
  GtkLabel             *model_label;
  GtkLabel             *words_label;
  GtkWidget            *resume_button;
  GtkWidget            *cancel_button;
  GtkWidget            *dismiss_button;
  GtkProgressBar       *bar;
  GtkLabel             *bytes_label;

  ScProviderSourceFunc  source;
  gpointer              source_data;
  ScDownload           *download;
  GSignalGroup         *signals;
  ScDownloadState       shown_state;
};

G_DEFINE_FINAL_TYPE (ScProviderDownload, sc_provider_download, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  DOWNLOADED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
dup_bytes (ScDownload *download,
           gint64      completed,
           gint64      total)
{
  g_autofree char *done = g_format_size ((guint64) completed);
  g_autofree char *all = g_format_size ((guint64) total);
  g_autofree char *speed = NULL;
  int percent = (int) ((double) completed * 100 / (double) total);
  gint64 n_bytes = sc_download_get_speed (download);

  if (n_bytes < 0)
    /* Translators: how far a download is, for example “1.2 GB of 2.0 GB (60 %)” */
    return g_strdup_printf (_("%1$s of %2$s (%3$d %%)"), done, all, percent);
  speed = g_format_size ((guint64) n_bytes);
  /* Translators: as before with a speed, “1.2 GB of 2.0 GB (60 %), 12 MB/s” */
  return g_strdup_printf (_("%1$s of %2$s (%3$d %%), %4$s/s"), done, all, percent, speed);
}

static void
show_bytes (ScProviderDownload *self,
            gboolean            is_running)
{
  g_autofree char *text = NULL;
  gint64 completed = 0;
  gint64 total = 0;

  sc_download_get_bytes (self->download, &completed, &total);
  if (total > 0)
    {
      text = dup_bytes (self->download, completed, total);
      gtk_progress_bar_set_fraction (self->bar, (double) completed / (double) total);
    }
  else
    gtk_progress_bar_set_fraction (self->bar, 0);
  gtk_label_set_text (self->bytes_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->bytes_label), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), is_running || total > 0);
}

static void
update_button (ScProviderDownload *self)
{
  g_autofree char *name = sc_preferences_dup_text (self->name_row);
  gboolean is_running = self->download != NULL
                        && sc_download_get_state (self->download) == SC_DOWNLOAD_RUNNING;

  gtk_widget_set_sensitive (self->download_button, *name != '\0' && !is_running);
}

static void
show_download (ScProviderDownload *self)
{
  ScDownloadState state;

  update_button (self);
  gtk_widget_set_visible (self->progress_row, self->download != NULL);
  if (self->download == NULL)
    return;

  state = sc_download_get_state (self->download);
  gtk_label_set_text (self->model_label, sc_download_get_model (self->download));
  gtk_label_set_text (self->words_label, sc_download_get_words (self->download));
  sc_preferences_mark (GTK_WIDGET (self->words_label), "error", state == SC_DOWNLOAD_FAILED);
  sc_preferences_mark (GTK_WIDGET (self->words_label), "dim-label", state != SC_DOWNLOAD_FAILED);
  gtk_widget_set_visible (self->cancel_button, state == SC_DOWNLOAD_RUNNING);
  gtk_widget_set_visible (self->resume_button, sc_download_can_resume (self->download));
  gtk_widget_set_visible (self->dismiss_button, state != SC_DOWNLOAD_RUNNING);
  show_bytes (self, state == SC_DOWNLOAD_RUNNING);
}

static void
set_download (ScProviderDownload *self,
              ScDownload         *download)
{
  if (!g_set_object (&self->download, download))
    return;
  g_signal_group_set_target (self->signals, download);
  if (download != NULL)
    self->shown_state = sc_download_get_state (download);
  show_download (self);
}

static void
download_changed_cb (ScProviderDownload *self)
{
  ScDownloadState state = sc_download_get_state (self->download);
  gboolean is_new = state != self->shown_state;

  self->shown_state = state;
  show_download (self);
  if (is_new && state == SC_DOWNLOAD_DONE)
    g_signal_emit (self, signals[DOWNLOADED], 0);
}

static void
start (ScProviderDownload *self,
       const char         *model)
{
  g_autoptr (ScProfile) profile = self->source (self->source_data);

  set_download (self,
                sc_providers_start_download (sc_providers_get_default (), profile, model));
}

static void
download_cb (ScProviderDownload *self)
{
  g_autofree char *name = sc_preferences_dup_text (self->name_row);

  if (!gtk_widget_get_sensitive (self->download_button))
    return;
  start (self, name);
  sc_preferences_set_text (self->name_row, "");
}

static void
resume_clicked_cb (ScProviderDownload *self)
{
  g_autofree char *model = g_strdup (sc_download_get_model (self->download));

  start (self, model);
}

static void
cancel_clicked_cb (ScProviderDownload *self)
{
  sc_download_stop (self->download);
}

static void
dismiss_clicked_cb (ScProviderDownload *self)
{
  g_autoptr (ScProfile) profile = self->source (self->source_data);

  sc_providers_forget_download (sc_providers_get_default (), profile);
  set_download (self, NULL);
}

static void
name_changed_cb (ScProviderDownload *self)
{
  update_button (self);
}

static void
sc_provider_download_dispose (GObject *object)
{
  ScProviderDownload *self = SC_PROVIDER_DOWNLOAD (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->download);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_DOWNLOAD);

  G_OBJECT_CLASS (sc_provider_download_parent_class)->dispose (object);
}

static void
sc_provider_download_class_init (ScProviderDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_download_dispose;

  signals[DOWNLOADED] = g_signal_new ("downloaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-download.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, name_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, download_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, progress_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, model_label);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, words_label);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, resume_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, dismiss_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, bar);
  gtk_widget_class_bind_template_child (widget_class, ScProviderDownload, bytes_label);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, download_cb);
  gtk_widget_class_bind_template_callback (widget_class, resume_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_clicked_cb);
}

static void
sc_provider_download_init (ScProviderDownload *self)
{
  self->signals = g_signal_group_new (SC_TYPE_DOWNLOAD);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (download_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  sc_preferences_label_entry (self->name_row);
}

void
sc_provider_download_set_source (ScProviderDownload   *self,
                                 ScProviderSourceFunc  source,
                                 gpointer              user_data)
{
  g_return_if_fail (SC_IS_PROVIDER_DOWNLOAD (self));

  self->source = source;
  self->source_data = user_data;
}

void
sc_provider_download_update (ScProviderDownload *self,
                             const ScProfile    *profile)
{
  gboolean is_offered = sc_download_is_offered (profile);

  g_return_if_fail (SC_IS_PROVIDER_DOWNLOAD (self));
  g_return_if_fail (profile != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self), is_offered);
  set_download (self,
                is_offered ? sc_providers_get_download (sc_providers_get_default (), profile)
                           : NULL);
}
