/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a download and keeps what is known of it. It must not know who looks at it. */

#include "config.h"

#include "sc-download.h"

#include "sc-error.h"
#include "sc-ollama-pull.h"
#include "sc-secrets.h"

#include <glib/gi18n.h>

/* Quick enough for the eye, slow enough for thousands of lines a second. */
#define NEWS_US (G_USEC_PER_SEC / 8)

/* What a speed is measured over, and how much a new value counts. */
#define SPEED_US     (G_USEC_PER_SEC / 2)
#define SPEED_WEIGHT 0.3

struct _ScDownload
{
  GObject          parent_instance;

  ScProfile       *profile;
  char            *model;
  GCancellable    *cancellable;
  ScDownloadState  state;
  char            *words;
  int              kind;
  gint64           completed;
  gint64           total;
  double           speed;
  gint64           mark_us;
  gint64           mark_completed;
  gint64           news_us;
};

G_DEFINE_FINAL_TYPE (ScDownload, sc_download, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_words (ScDownload *self,
           const char *words)
{
  char *copy = g_strdup (words);

  g_free (self->words);
  self->words = copy;
}

static void
finish (ScDownload      *self,
        ScDownloadState  state,
        const char      *words)
{
  self->state = state;
  self->speed = -1;
  set_words (self, words);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What the server had from an earlier time comes in leaps, each with a layer that was not known
 * before: that is no speed. */
static void
measure (ScDownload *self,
         gint64      completed,
         gint64      total)
{
  gint64 now = g_get_monotonic_time ();
  gint64 elapsed_us = now - self->mark_us;
  double speed;

  if (self->mark_us != 0 && total == self->total && elapsed_us < SPEED_US)
    return;
  if (self->mark_us != 0 && total == self->total)
    {
      speed = (double) (completed - self->mark_completed) * G_USEC_PER_SEC / (double) elapsed_us;
      self->speed = self->speed < 0
                    ? speed
                    : self->speed + SPEED_WEIGHT * (speed - self->speed);
    }
  self->mark_us = now;
  self->mark_completed = completed;
}

static void
progress_cb (const ScOllamaProgress *progress,
             gpointer                user_data)
{
  ScDownload *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean is_new_step = g_strcmp0 (self->words, progress->words) != 0;

  if (self->state != SC_DOWNLOAD_RUNNING)
    return;
  measure (self, progress->completed, progress->total);
  self->completed = progress->completed;
  self->total = progress->total;
  set_words (self, progress->words);
  if (!is_new_step && now - self->news_us < NEWS_US && progress->completed < progress->total)
    return;
  self->news_us = now;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
pulled_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ScDownload) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_there = sc_ollama_pull_finish (result, &error);

  if (self->state != SC_DOWNLOAD_RUNNING)
    return;
  if (is_there)
    {
      finish (self, SC_DOWNLOAD_DONE, _("The model is ready."));
      return;
    }
  self->kind = error->domain == SC_ERROR ? error->code : (int) SC_ERROR_NETWORK;
  finish (self, SC_DOWNLOAD_FAILED, error->message);
}

static void
pull (ScDownload *self)
{
  sc_ollama_pull_async (self->profile, self->model, self->cancellable, progress_cb, self,
                        pulled_cb, g_object_ref (self));
}

/* A keyring that cannot be read only matters if the server asks for a key, and then it says so. */
static void
key_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (ScDownload) self = user_data;
  char *key = sc_secrets_lookup_finish (result, NULL, NULL);

  sc_profile_set (&self->profile->key, key);
  sc_secrets_free (key);
  if (self->state == SC_DOWNLOAD_RUNNING)
    pull (self);
}

static void
sc_download_finalize (GObject *object)
{
  ScDownload *self = SC_DOWNLOAD (object);

  sc_profile_free (self->profile);
  g_free (self->model);
  g_free (self->words);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (sc_download_parent_class)->finalize (object);
}

static void
sc_download_class_init (ScDownloadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_download_finalize;

  signals[CHANGED] = g_signal_new ("changed", SC_TYPE_DOWNLOAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
sc_download_init (ScDownload *self)
{
  self->cancellable = g_cancellable_new ();
  self->speed = -1;
  self->words = g_strdup (_("Connecting…"));
}

ScDownload *
sc_download_start (const ScProfile *profile,
                   const char      *model)
{
  ScDownload *self;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (SC_TYPE_DOWNLOAD, NULL);
  self->profile = sc_profile_copy (profile);
  self->model = g_strdup (model);
  if (profile->key != NULL)
    pull (self);
  else
    sc_secrets_lookup_async (profile->id, self->cancellable, key_found_cb, g_object_ref (self));
  return self;
}

void
sc_download_stop (ScDownload *self)
{
  g_autoptr (ScDownload) kept = NULL;

  g_return_if_fail (SC_IS_DOWNLOAD (self));

  if (self->state != SC_DOWNLOAD_RUNNING)
    return;
  kept = g_object_ref (self);
  self->state = SC_DOWNLOAD_STOPPED;
  g_cancellable_cancel (self->cancellable);
  finish (self, SC_DOWNLOAD_STOPPED, _("Stopped. The server keeps what it has."));
}

ScDownloadState
sc_download_get_state (ScDownload *self)
{
  g_return_val_if_fail (SC_IS_DOWNLOAD (self), SC_DOWNLOAD_FAILED);

  return self->state;
}

const char *
sc_download_get_model (ScDownload *self)
{
  g_return_val_if_fail (SC_IS_DOWNLOAD (self), NULL);

  return self->model;
}

const char *
sc_download_get_words (ScDownload *self)
{
  g_return_val_if_fail (SC_IS_DOWNLOAD (self), NULL);

  return self->words;
}

void
sc_download_get_bytes (ScDownload *self,
                       gint64     *completed,
                       gint64     *total)
{
  g_return_if_fail (SC_IS_DOWNLOAD (self));
  g_return_if_fail (completed != NULL && total != NULL);

  *completed = self->completed;
  *total = self->total;
}

gint64
sc_download_get_speed (ScDownload *self)
{
  g_return_val_if_fail (SC_IS_DOWNLOAD (self), -1);

  return (gint64) self->speed;
}

gboolean
sc_download_can_resume (ScDownload *self)
{
  g_return_val_if_fail (SC_IS_DOWNLOAD (self), FALSE);

  if (self->state == SC_DOWNLOAD_STOPPED)
    return TRUE;
  return self->state == SC_DOWNLOAD_FAILED && self->kind != SC_ERROR_NOT_FOUND
         && self->kind != SC_ERROR_INVALID_REQUEST;
}

gboolean
sc_download_is_offered (const ScProfile *profile)
{
  return profile != NULL && g_strcmp0 (profile->protocol, "ollama") == 0;
}
