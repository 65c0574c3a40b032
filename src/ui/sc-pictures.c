/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pictures of one page. Bytes are small and stay; pixels are large, made when a picture comes into sight and
 * dropped when it left. A picture's size is known before its pixels, and stays when they go, so that nothing moves. */

#include "config.h"

#include "sc-pictures.h"

#include <string.h>

#include "sc-picture-fetch.h"
#include "sc-picture-source.h"

/* The head of a picture, where its size is told. */
#define HEAD_BYTES  (64 * 1024)

/* Pixels and bytes kept beside what is in sight. */
#define MAX_PIXELS  (32 * 1024 * 1024)
#define MAX_FETCHED (64 * 1024 * 1024)

/* Frames after which pixels out of sight are dropped in any case. */
#define MAX_UNSEEN  600

#define MAX_AT_ONCE 4
/* The servers that the reader let all pictures of a conversation be fetched from. */
#define ALLOWED_KEY "sc-picture-servers"

struct _ScPicture
{
  guint          n_refs;
  ScPictureState state;
  char          *address;
  GBytes        *bytes;
  GdkTexture    *texture;
  char          *failure;
  int            width;
  int            height;
  guint          seen;
  gboolean       is_reading;
  gboolean       is_local;
};

struct _ScPictures
{
  ScPicturesFunc  changed;
  gpointer        user_data;
  GHashTable     *remote;
  GPtrArray      *drawn;
  GQueue          waiting;
  GCancellable   *cancellable;
  GObject        *conversation;
  ScProfile      *profile;
  guint           n_active;
  guint           frame;
};

/* What a task that may outlive the page needs: it looks at its cancellable before it touches @pictures. */
typedef struct
{
  ScPictures   *pictures;
  ScPicture    *picture;
  GBytes       *bytes;
  GCancellable *cancellable;
  int           width;
  int           height;
} Job;

static void load_waiting (ScPictures *self);

ScPicture *
sc_picture_ref (ScPicture *self)
{
  self->n_refs++;

  return self;
}

void
sc_picture_unref (ScPicture *self)
{
  if (--self->n_refs > 0)
    return;
  g_free (self->address);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->texture);
  g_free (self->failure);
  g_free (self);
}

static void
unref_picture (gpointer data)
{
  sc_picture_unref (data);
}

ScPictureState
sc_picture_get_state (const ScPicture *self)
{
  return self->state;
}

const char *
sc_picture_get_address (const ScPicture *self)
{
  return self->is_local ? NULL : self->address;
}

const char *
sc_picture_get_failure (const ScPicture *self)
{
  return self->failure;
}

gboolean
sc_picture_get_size (const ScPicture *self,
                     int             *width,
                     int             *height)
{
  *width = self->width;
  *height = self->height;

  return self->width > 0 && self->height > 0;
}

static Job *
create_job (ScPictures *self,
            ScPicture  *picture)
{
  Job *job = g_new0 (Job, 1);

  job->pictures = self;
  job->picture = sc_picture_ref (picture);
  /* A thread must not look for them in the picture, which may forget them meanwhile. */
  job->bytes = picture->bytes != NULL ? g_bytes_ref (picture->bytes) : NULL;
  job->cancellable = g_object_ref (self->cancellable);

  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  sc_picture_unref (job->picture);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_object_unref (job->cancellable);
  g_free (job);
}

static ScPicture *
create_picture (const char *address)
{
  ScPicture *self = g_new0 (ScPicture, 1);

  self->n_refs = 1;
  self->address = g_strdup (address);

  return self;
}

static void
fail (ScPicture  *self,
      const char *words)
{
  self->state = SC_PICTURE_FAILED;
  g_free (self->failure);
  self->failure = g_strdup (words);
}

/* Takes the bytes of a picture, if they are one. */
static gboolean
take_bytes (ScPicture *self,
            GBytes    *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  int width;
  int height;

  if (sc_picture_sniff (data, length, &width, &height) == NULL)
    return FALSE;
  self->width = width;
  self->height = height;
  self->state = SC_PICTURE_THERE;

  return TRUE;
}

/* Pixels */

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GBytes) bytes = job->bytes != NULL
                               ? g_bytes_ref (job->bytes)
                               : sc_picture_decode_data (job->picture->address, SC_PICTURE_MAX_BYTES);
  GError *error = NULL;
  GdkTexture *texture;

  if (bytes == NULL)
    bytes = g_bytes_new_static ("", 0);
  texture = sc_picture_read (bytes, &job->width, &job->height, &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  ScPicture *picture = job->picture;
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean is_resized = FALSE;

  picture->is_reading = FALSE;
  if (g_cancellable_is_cancelled (job->cancellable))
    {
      g_clear_object (&texture);
      return;
    }
  if (texture == NULL)
    {
      fail (picture, error->message);
      is_resized = TRUE;
    }
  else
    {
      is_resized = picture->width != job->width || picture->height != job->height;
      picture->width = job->width;
      picture->height = job->height;
      g_set_object (&picture->texture, texture);
      g_object_unref (texture);
      g_ptr_array_add (job->pictures->drawn, sc_picture_ref (picture));
    }
  job->pictures->changed (is_resized, job->pictures->user_data);
}

static void
read_picture (ScPictures *self,
              ScPicture  *picture)
{
  GTask *task = g_task_new (NULL, NULL, read_cb, NULL);

  g_task_set_source_tag (task, read_picture);
  g_task_set_task_data (task, create_job (self, picture), job_free);
  picture->is_reading = TRUE;
  g_task_run_in_thread (task, read_thread);
  g_object_unref (task);
}

void
sc_pictures_begin_draw (ScPictures *self)
{
  self->frame++;
}

GdkTexture *
sc_pictures_get_texture (ScPictures *self,
                         ScPicture  *picture)
{
  picture->seen = self->frame;
  if (picture->state == SC_PICTURE_THERE && picture->texture == NULL && !picture->is_reading)
    read_picture (self, picture);

  return picture->texture;
}

static gsize
get_pixels (const ScPicture *picture)
{
  return (gsize) gdk_texture_get_width (picture->texture) * (gsize) gdk_texture_get_height (picture->texture) * 4;
}

gsize
sc_pictures_get_n_bytes (ScPictures *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->drawn->len; i++)
    n += get_pixels (g_ptr_array_index (self->drawn, i));

  return n;
}

/* The one out of sight that was seen before all others; G_MAXUINT if all are in sight. */
static guint
find_oldest (ScPictures *self)
{
  guint oldest = G_MAXUINT;

  for (guint i = 0; i < self->drawn->len; i++)
    {
      const ScPicture *picture = g_ptr_array_index (self->drawn, i);

      if (picture->seen != self->frame &&
          (oldest == G_MAXUINT || picture->seen < ((ScPicture *) g_ptr_array_index (self->drawn, oldest))->seen))
        oldest = i;
    }

  return oldest;
}

static void
drop (ScPictures *self,
      guint       index)
{
  g_clear_object (&((ScPicture *) g_ptr_array_index (self->drawn, index))->texture);
  g_ptr_array_remove_index_fast (self->drawn, index);
}

void
sc_pictures_end_draw (ScPictures *self)
{
  guint oldest;

  for (guint i = self->drawn->len; i > 0; i--)
    {
      const ScPicture *picture = g_ptr_array_index (self->drawn, i - 1);

      /* The page, or the reader, left these behind. */
      if (picture->n_refs == 1 || self->frame - picture->seen > MAX_UNSEEN)
        drop (self, i - 1);
    }
  while (sc_pictures_get_n_bytes (self) > MAX_PIXELS && (oldest = find_oldest (self)) != G_MAXUINT)
    drop (self, oldest);
}

/* Fetching */

/* Fetched bytes beyond the limit go, those longest unseen first; they can be fetched again. */
static void
limit_fetched (ScPictures *self)
{
  for (;;)
    {
      GHashTableIter iter;
      ScPicture *oldest = NULL;
      gpointer value;
      gsize n = 0;

      g_hash_table_iter_init (&iter, self->remote);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          ScPicture *picture = value;

          if (picture->bytes == NULL)
            continue;
          n += g_bytes_get_size (picture->bytes);
          if (oldest == NULL || picture->seen < oldest->seen)
            oldest = picture;
        }
      if (n <= MAX_FETCHED || oldest == NULL || oldest->seen == self->frame)
        return;
      g_clear_pointer (&oldest->bytes, g_bytes_unref);
      oldest->state = SC_PICTURE_ASKS;
    }
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Job *job = user_data;
  ScPicture *picture = job->picture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sc_picture_fetch_finish (result, &error);

  if (g_cancellable_is_cancelled (job->cancellable))
    {
      job_free (job);
      return;
    }
  job->pictures->n_active--;
  if (bytes == NULL)
    {
      fail (picture, error->message);
    }
  else
    {
      picture->seen = job->pictures->frame;
      picture->bytes = g_bytes_ref (bytes);
      picture->state = SC_PICTURE_THERE;
      /* What is no picture says so when it is read. */
      take_bytes (picture, bytes);
      limit_fetched (job->pictures);
    }
  job->pictures->changed (TRUE, job->pictures->user_data);
  load_waiting (job->pictures);
  job_free (job);
}

static void
load_waiting (ScPictures *self)
{
  while (self->n_active < MAX_AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      ScPicture *picture = g_queue_pop_head (&self->waiting);

      self->n_active++;
      sc_picture_fetch_async (picture->address, self->profile, self->cancellable, fetched_cb,
                              create_job (self, picture));
      sc_picture_unref (picture);
    }
}

static gboolean
can_load (const ScPicture *picture)
{
  return !picture->is_local && (picture->state == SC_PICTURE_ASKS || picture->state == SC_PICTURE_FAILED);
}

static void
queue_load (ScPictures *self,
            ScPicture  *picture)
{
  if (!can_load (picture))
    return;
  g_clear_pointer (&picture->failure, g_free);
  g_clear_pointer (&picture->bytes, g_bytes_unref);
  picture->state = SC_PICTURE_LOADING;
  g_queue_push_tail (&self->waiting, sc_picture_ref (picture));
}

void
sc_pictures_load (ScPictures *self,
                  ScPicture  *picture)
{
  queue_load (self, picture);
  load_waiting (self);
  self->changed (TRUE, self->user_data);
}

/* Who is asked for a picture. */
static char *
dup_server (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autofree char *server = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return NULL;
  server = g_strdup_printf ("%s://%s:%d", g_uri_get_scheme (uri), g_uri_get_host (uri), g_uri_get_port (uri));

  return g_ascii_strdown (server, -1);
}

static void
allow_server (ScPictures *self,
              const char *address)
{
  char *server = dup_server (address);
  GHashTable *servers;

  if (self->conversation == NULL || server == NULL)
    {
      g_free (server);
      return;
    }
  servers = g_object_get_data (self->conversation, ALLOWED_KEY);
  if (servers == NULL)
    {
      servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_object_set_data_full (self->conversation, ALLOWED_KEY, servers, (GDestroyNotify) g_hash_table_unref);
    }
  g_hash_table_add (servers, server);
}

/* All pictures is what the reader saw of them: an answer that came later could ask any server for anything, and give
 * away in the address what was said. */
static gboolean
is_allowed (ScPictures *self,
            const char *address)
{
  GHashTable *servers = self->conversation != NULL ? g_object_get_data (self->conversation, ALLOWED_KEY) : NULL;
  g_autofree char *server = servers != NULL ? dup_server (address) : NULL;

  return server != NULL && g_hash_table_contains (servers, server);
}

void
sc_pictures_load_all (ScPictures *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->remote);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ScPicture *picture = value;

      if (picture->state != SC_PICTURE_REFUSED)
        allow_server (self, picture->address);
      queue_load (self, picture);
    }
  load_waiting (self);
  self->changed (TRUE, self->user_data);
}

guint
sc_pictures_get_n_asking (ScPictures *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->remote);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((ScPicture *) value)->state == SC_PICTURE_ASKS;

  return n;
}

/* Pictures */

static ScPicture *
create_from_data (const char *address)
{
  ScPicture *picture = create_picture (address);
  g_autoptr (GBytes) head = sc_picture_decode_data (address, HEAD_BYTES);

  picture->is_local = TRUE;
  if (head == NULL || !take_bytes (picture, head) || strlen (address) / 4 * 3 > SC_PICTURE_MAX_BYTES)
    {
      picture->state = SC_PICTURE_REFUSED;
      g_clear_pointer (&picture->address, g_free);
    }

  return picture;
}

ScPicture *
sc_pictures_get (ScPictures *self,
                 const char *address)
{
  ScPicture *picture;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  if (g_ascii_strncasecmp (address, "data:", 5) == 0)
    return create_from_data (address);

  picture = g_hash_table_lookup (self->remote, address);
  if (picture != NULL)
    return sc_picture_ref (picture);
  picture = create_picture (address);
  picture->state = sc_picture_can_fetch (address) ? SC_PICTURE_ASKS : SC_PICTURE_REFUSED;
  g_hash_table_insert (self->remote, picture->address, sc_picture_ref (picture));
  if (picture->state == SC_PICTURE_ASKS && is_allowed (self, address))
    {
      queue_load (self, picture);
      load_waiting (self);
    }

  return picture;
}

ScPicture *
sc_pictures_get_file (ScPictures *self,
                      GBytes     *bytes)
{
  ScPicture *picture = create_picture (NULL);

  picture->is_local = TRUE;
  if (!take_bytes (picture, bytes))
    {
      sc_picture_unref (picture);
      return NULL;
    }
  picture->bytes = g_bytes_ref (bytes);

  return picture;
}

static void
clear (ScPictures *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_queue_clear_full (&self->waiting, unref_picture);
  g_hash_table_remove_all (self->remote);
  while (self->drawn->len > 0)
    drop (self, self->drawn->len - 1);
  g_clear_object (&self->conversation);
  self->n_active = 0;
}

ScPictures *
sc_pictures_new (ScPicturesFunc changed,
                 gpointer       user_data)
{
  ScPictures *self = g_new0 (ScPictures, 1);

  self->changed = changed;
  self->user_data = user_data;
  self->remote = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unref_picture);
  self->drawn = g_ptr_array_new_with_free_func (unref_picture);
  self->cancellable = g_cancellable_new ();

  return self;
}

void
sc_pictures_free (ScPictures *self)
{
  if (self == NULL)
    return;

  clear (self);
  g_hash_table_unref (self->remote);
  g_ptr_array_unref (self->drawn);
  g_clear_pointer (&self->profile, sc_profile_free);
  g_free (self);
}

void
sc_pictures_set_conversation (ScPictures *self,
                              GObject    *conversation)
{
  g_return_if_fail (self != NULL);

  clear (self);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->conversation, conversation);
}

void
sc_pictures_set_profile (ScPictures      *self,
                         const ScProfile *profile)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->profile, sc_profile_free);
  if (profile == NULL)
    return;
  /* Nothing else of it: neither its key nor its certificate has to do with pictures. */
  self->profile = sc_profile_new (profile->id);
  self->profile->proxy_mode = profile->proxy_mode;
  g_free (self->profile->proxy_url);
  self->profile->proxy_url = g_strdup (profile->proxy_url);
}
