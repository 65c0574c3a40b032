/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clipboard's side of copying. Text is there at once; HTML is made only when it is asked for, which is seldom. */

#include "config.h"

#include "sc-page-content.h"

#include <string.h>

#include "sc-markdown.h"

#define SC_TYPE_PAGE_CONTENT (sc_page_content_get_type ())
G_DECLARE_FINAL_TYPE (ScPageContent, sc_page_content, SC, PAGE_CONTENT, GdkContentProvider)

struct _ScPageContent
{
  GdkContentProvider parent_instance;
  ScPageCopy        *copy; /* NULL where it is asked for each time */
  ScPageCopyFunc     func;
  gpointer           user_data;
};

G_DEFINE_FINAL_TYPE (ScPageContent, sc_page_content, GDK_TYPE_CONTENT_PROVIDER)

ScPageCopy *
sc_page_copy_new (void)
{
  ScPageCopy *self = g_new0 (ScPageCopy, 1);

  self->words = g_array_new (FALSE, FALSE, sizeof (ScPageWords));

  return self;
}

void
sc_page_copy_free (ScPageCopy *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->markdown);
  g_array_unref (self->words);
  g_free (self);
}

static void
append_words (GString    *html,
              const char *words,
              gsize       length)
{
  g_autofree char *escaped = g_markup_escape_text (words, (gssize) length);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (escaped), "\n", -1);

  g_string_append (html, "<p>");
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (html, "%s%s", i > 0 ? "<br />\n" : "", lines[i]);
  g_string_append (html, "</p>\n");
}

static void
append_markdown (GString    *html,
                 const char *markdown,
                 gsize       length)
{
  g_autofree char *part = length > 0 ? sc_markdown_to_html (markdown, (gssize) length) : g_strdup ("");

  g_string_append (html, part);
}

char *
sc_page_copy_dup_html (const ScPageCopy *self)
{
  const char *markdown = self->markdown != NULL ? self->markdown : self->text;
  GString *html = g_string_new (NULL);
  gsize length = strlen (markdown);
  gsize at = 0;

  for (guint i = 0; i < self->words->len; i++)
    {
      ScPageWords words = g_array_index (self->words, ScPageWords, i);

      words.end = MIN (words.end, length);
      words.start = MIN (words.start, words.end);
      append_markdown (html, markdown + at, words.start - at);
      append_words (html, markdown + words.start, words.end - words.start);
      at = words.end;
    }
  append_markdown (html, markdown + at, length - at);

  return g_string_free (html, FALSE);
}

static char *
dup_form (ScPageContent *self,
          const char    *mime_type)
{
  g_autoptr (ScPageCopy) now = self->func != NULL ? self->func (self->user_data) : NULL;
  const ScPageCopy *copy = self->copy != NULL ? self->copy : now;

  if (copy == NULL)
    return g_strdup ("");
  if (g_strcmp0 (mime_type, "text/html") == 0)
    return sc_page_copy_dup_html (copy);
  if (g_strcmp0 (mime_type, "text/markdown") == 0 && copy->markdown != NULL)
    return g_strdup (copy->markdown);

  return g_strdup (copy->text);
}

static GdkContentFormats *
sc_page_content_ref_formats (GdkContentProvider *provider)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  gdk_content_formats_builder_add_gtype (builder, G_TYPE_STRING);
  gdk_content_formats_builder_add_mime_type (builder, "text/html");
  gdk_content_formats_builder_add_mime_type (builder, "text/markdown");

  return gdk_content_formats_builder_free_to_formats (builder);
}

static gboolean
sc_page_content_get_value (GdkContentProvider  *provider,
                           GValue              *value,
                           GError             **error)
{
  if (!G_VALUE_HOLDS_STRING (value))
    return GDK_CONTENT_PROVIDER_CLASS (sc_page_content_parent_class)->get_value (provider, value, error);

  g_value_take_string (value, dup_form (SC_PAGE_CONTENT (provider), "text/plain"));

  return TRUE;
}

static void
write_done_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
sc_page_content_write_async (GdkContentProvider  *provider,
                             const char          *mime_type,
                             GOutputStream       *stream,
                             int                  io_priority,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ScPageContent *self = SC_PAGE_CONTENT (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  char *form;

  g_task_set_source_tag (task, sc_page_content_write_async);
  if (g_strcmp0 (mime_type, "text/html") != 0 && g_strcmp0 (mime_type, "text/markdown") != 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s", mime_type);
      g_object_unref (task);
      return;
    }
  form = dup_form (self, mime_type);
  g_task_set_task_data (task, form, g_free);
  g_output_stream_write_all_async (stream, form, strlen (form), io_priority, cancellable,
                                   write_done_cb, task);
}

static gboolean
sc_page_content_write_finish (GdkContentProvider  *provider,
                              GAsyncResult        *result,
                              GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sc_page_content_finalize (GObject *object)
{
  sc_page_copy_free (SC_PAGE_CONTENT (object)->copy);

  G_OBJECT_CLASS (sc_page_content_parent_class)->finalize (object);
}

static void
sc_page_content_class_init (ScPageContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sc_page_content_finalize;
  provider_class->ref_formats = sc_page_content_ref_formats;
  provider_class->get_value = sc_page_content_get_value;
  provider_class->write_mime_type_async = sc_page_content_write_async;
  provider_class->write_mime_type_finish = sc_page_content_write_finish;
}

static void
sc_page_content_init (ScPageContent *self)
{
}

GdkContentProvider *
sc_page_content_new (ScPageCopy *copy)
{
  ScPageContent *self = g_object_new (SC_TYPE_PAGE_CONTENT, NULL);

  self->copy = copy;

  return GDK_CONTENT_PROVIDER (self);
}

GdkContentProvider *
sc_page_content_new_later (ScPageCopyFunc func,
                           gpointer       user_data)
{
  ScPageContent *self = g_object_new (SC_TYPE_PAGE_CONTENT, NULL);

  self->func = func;
  self->user_data = user_data;

  return GDK_CONTENT_PROVIDER (self);
}

void
sc_page_content_forget (GdkContentProvider *content)
{
  g_return_if_fail (SC_IS_PAGE_CONTENT (content));

  SC_PAGE_CONTENT (content)->func = NULL;
}
