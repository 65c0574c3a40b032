/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-reader.c: reads what shall be attached.
 *
 * It must not know who gets it: what a provider takes is for the rules.
 */

#include "config.h"

#include "sc-attachment-reader.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-attachment-picture.h"
#include "sc-error.h"

#define READ_BYTES (256 * 1024)

/* Twice the size it is shown at, for displays of high resolution. */
#define THUMBNAIL_EDGE 72

#define FILE_ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME

typedef struct
{
  GFile           *file;
  GBytes          *bytes;
  GdkTexture      *texture;
  char            *name;
  char            *media_type;
  ScPictureLimits  limits;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->file);
  g_clear_object (&job->texture);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job->name);
  g_free (job->media_type);
  g_free (job);
}

void
sc_attachment_content_free (ScAttachmentContent *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->media_type);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->thumbnail);
  g_free (self);
}

static void
set_too_large (const char  *name,
               guint64      n_bytes,
               GError     **error)
{
  g_autofree char *size = g_format_size (n_bytes);
  g_autofree char *most = g_format_size (SC_ATTACHMENT_MAX_BYTES);

  /* Translators: the name of a file, its size and the limit, both like “5.2 MB” */
  g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
               _("“%s” cannot be attached: it has %s, and %s is the most."), name, size, most);
}

/* Cancelling stays what it is; everything else becomes a sentence with the name in it. */
static void
set_unreadable (const char    *name,
                const GError  *cause,
                GError       **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be attached: it is not there any more."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be attached: you are not allowed to read it."), name);
  else
    /* Translators: the name of a file, then what the system says is wrong */
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be attached: %s"), name, cause->message);
}

static gboolean
check_info (GFileInfo   *info,
            const char  *name,
            GError     **error)
{
  guint64 size = (guint64) MAX (g_file_info_get_size (info), 0);

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” is a folder. Attach the files in it instead."), name);
  else if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                 _("“%s” cannot be attached: it is not a regular file."), name);
  else if (size > SC_ATTACHMENT_MAX_BYTES)
    set_too_large (name, size, error);
  else
    return TRUE;
  return FALSE;
}

/* What the size said may be wrong by now: the limit holds for what is read, too. */
static GBytes *
read_stream (GInputStream  *stream,
             const char    *name,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, READ_BYTES, cancellable, error)) > 0)
    {
      if (array->len + (gsize) n > SC_ATTACHMENT_MAX_BYTES)
        {
          set_too_large (name, array->len + (gsize) n, error);
          return NULL;
        }
      g_byte_array_append (array, buffer, (guint) n);
    }
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

static GBytes *
read_file (Job           *job,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) cause = NULL;

  info = g_file_query_info (job->file, FILE_ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable,
                            &cause);
  if (info != NULL)
    {
      g_free (job->name);
      job->name = g_strdup (g_file_info_get_display_name (info));
      if (!check_info (info, job->name, error))
        return NULL;
      stream = g_file_read (job->file, cancellable, &cause);
    }
  if (stream != NULL)
    bytes = read_stream (G_INPUT_STREAM (stream), job->name, cancellable, &cause);
  if (bytes == NULL && g_error_matches (cause, SC_ERROR, SC_ERROR_INVALID_REQUEST))
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (bytes == NULL)
    set_unreadable (job->name, cause, error);
  return g_steal_pointer (&bytes);
}

/* UTF-16 is taken where it says what it is (Unicode Standard 23.8, byte order mark); UTF-8 loses
 * the mark, which only some programs put there. NULL: it is something else. */
static GBytes *
convert_text (GBytes *bytes)
{
  gsize length, n_written;
  const guchar *data = g_bytes_get_data (bytes, &length);
  const char *charset = NULL;
  char *text;

  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    return g_bytes_new_from_bytes (bytes, 3, length - 3);
  if (length >= 2 && memcmp (data, "\xff\xfe", 2) == 0)
    charset = "UTF-16LE";
  else if (length >= 2 && memcmp (data, "\xfe\xff", 2) == 0)
    charset = "UTF-16BE";
  if (charset == NULL)
    return NULL;
  text = g_convert ((const char *) data + 2, (gssize) length - 2, "UTF-8", charset, NULL,
                    &n_written, NULL);
  if (text != NULL && memchr (text, '\0', n_written) != NULL)
    g_clear_pointer (&text, g_free);
  return text != NULL ? g_bytes_new_take (text, n_written) : NULL;
}

static gboolean
is_text (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 && memchr (data, '\0', length) == NULL &&
         g_utf8_validate_len (data, length, NULL);
}

/* Words in an old encoding: nothing but what can stand in a text. */
static gboolean
looks_like_text (ScAttachmentContent *content)
{
  gsize length;
  const guchar *data = g_bytes_get_data (content->bytes, &length);

  if (g_str_has_prefix (content->media_type, "text/"))
    return TRUE;
  if (!g_str_equal (content->media_type, "application/octet-stream"))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (data[i] == 0x7f || (data[i] < ' ' && strchr ("\t\n\v\f\r\033", data[i]) == NULL)
        || data[i] == '\0')
      return FALSE;
  return TRUE;
}

/* The names that the protocols know, where the system has others. */
static char *
guess_type (GBytes *bytes)
{
  static const struct
  {
    const char *theirs;
    const char *ours;
  } names[] = {
    { "image/jpg", "image/jpeg" },      { "audio/vnd.wave", "audio/wav" },
    { "audio/x-flac", "audio/flac" },   { "audio/x-mp3", "audio/mpeg" },
    { "image/x-heic", "image/heic" },   { "application/x-pdf", "application/pdf" },
  };
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  g_autofree char *type = g_content_type_guess (NULL, data, length, NULL);
  g_autofree char *media_type = g_content_type_get_mime_type (type);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (media_type, names[i].theirs) == 0)
      return g_strdup (names[i].ours);
  if (media_type == NULL)
    return g_strdup ("application/octet-stream");
  return g_steal_pointer (&media_type);
}

static gboolean
examine_text (ScAttachmentContent  *content,
              GError              **error)
{
  g_autoptr (GBytes) converted = convert_text (content->bytes);

  if (converted != NULL && (g_bytes_get_size (converted) == 0 || is_text (converted)))
    {
      g_bytes_unref (content->bytes);
      content->bytes = g_steal_pointer (&converted);
      if (!g_str_has_prefix (content->media_type, "text/"))
        {
          g_free (content->media_type);
          content->media_type = g_strdup ("text/plain");
        }
    }
  content->is_text = is_text (content->bytes);
  if (content->is_text && !g_content_type_is_a (content->media_type, "text/plain") &&
      !g_str_has_suffix (content->media_type, "+xml"))
    {
      g_free (content->media_type);
      content->media_type = g_strdup ("text/plain");
    }
  if (!content->is_text && g_bytes_get_size (content->bytes) > 0 && looks_like_text (content))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be sent: its text is not in UTF-8. Save it in that encoding "
                     "and attach it again."), content->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
examine (ScAttachmentContent  *content,
         GError              **error)
{
  if (g_bytes_get_size (content->bytes) > SC_ATTACHMENT_MAX_BYTES)
    {
      set_too_large (content->name, g_bytes_get_size (content->bytes), error);
      return FALSE;
    }
  content->media_type = guess_type (content->bytes);
  if (sc_attachment_rules_is_picture (content->media_type))
    {
      sc_attachment_picture_probe (content->bytes, &content->width, &content->height);
      content->thumbnail = sc_attachment_picture_shrink (content->bytes, THUMBNAIL_EDGE);
    }
  else if (!g_str_equal (content->media_type, "application/pdf") && !examine_text (content, error))
    return FALSE;
  if (g_bytes_get_size (content->bytes) == 0)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be attached: it is empty."), content->name);
      return FALSE;
    }
  return TRUE;
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (ScAttachmentContent) content = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  if (job->bytes != NULL)
    bytes = g_bytes_ref (job->bytes);
  else if (job->texture != NULL)
    bytes = gdk_texture_save_to_png_bytes (job->texture);
  else
    bytes = read_file (job, cancellable, &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  content = g_new0 (ScAttachmentContent, 1);
  content->name = g_strdup (job->name);
  content->bytes = g_steal_pointer (&bytes);
  if (examine (content, &error))
    g_task_return_pointer (task, g_steal_pointer (&content),
                           (GDestroyNotify) sc_attachment_content_free);
  else
    g_task_return_error (task, error);
}

static void
fit_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GBytes) bytes = NULL;
  ScAttachmentContent *content;
  const char *type = NULL;
  GError *error = NULL;

  bytes = sc_attachment_picture_fit (job->bytes, job->media_type, job->name, &job->limits,
                                     cancellable, &type, &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  content = g_new0 (ScAttachmentContent, 1);
  content->name = g_strdup (job->name);
  content->media_type = g_strdup (type);
  sc_attachment_picture_probe (bytes, &content->width, &content->height);
  content->bytes = g_steal_pointer (&bytes);
  g_task_return_pointer (task, content, (GDestroyNotify) sc_attachment_content_free);
}

static void
start (gpointer             tag,
       Job                 *job,
       GTaskThreadFunc      function,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, function);
}

void
sc_attachment_reader_read_file_async (GFile               *file,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autofree char *basename = NULL;
  Job *job;

  g_return_if_fail (G_IS_FILE (file));

  basename = g_file_get_basename (file);
  job = g_new0 (Job, 1);
  job->file = g_object_ref (file);
  job->name = g_filename_display_name (basename != NULL ? basename : "");
  start (sc_attachment_reader_read_finish, job, read_thread, cancellable, callback, user_data);
}

void
sc_attachment_reader_read_bytes_async (GBytes              *bytes,
                                       const char          *name,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  Job *job;

  g_return_if_fail (bytes != NULL && name != NULL);

  job = g_new0 (Job, 1);
  job->bytes = g_bytes_ref (bytes);
  job->name = g_strdup (name);
  start (sc_attachment_reader_read_finish, job, read_thread, cancellable, callback, user_data);
}

void
sc_attachment_reader_read_texture_async (GdkTexture          *texture,
                                         const char          *name,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  Job *job;

  g_return_if_fail (GDK_IS_TEXTURE (texture) && name != NULL);

  job = g_new0 (Job, 1);
  job->texture = g_object_ref (texture);
  job->name = g_strdup (name);
  start (sc_attachment_reader_read_finish, job, read_thread, cancellable, callback, user_data);
}

ScAttachmentContent *
sc_attachment_reader_read_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_attachment_reader_fit_async (const ScAttachmentContent *content,
                                const ScPictureLimits     *limits,
                                GCancellable              *cancellable,
                                GAsyncReadyCallback        callback,
                                gpointer                   user_data)
{
  Job *job;

  g_return_if_fail (content != NULL && limits != NULL);

  job = g_new0 (Job, 1);
  job->bytes = g_bytes_ref (content->bytes);
  job->name = g_strdup (content->name);
  job->media_type = g_strdup (content->media_type);
  job->limits = *limits;
  start (sc_attachment_reader_fit_finish, job, fit_thread, cancellable, callback, user_data);
}

ScAttachmentContent *
sc_attachment_reader_fit_finish (GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
