/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole answer at once, as an asynchronous call: an exchange whose bytes are collected. */

#include "config.h"

#include "sc-http.h"

typedef struct
{
  ScHttpExchange *exchange;
  GCancellable   *stop;      /* what the exchange listens to: the caller's wish, or enough bytes */
  GCancellable   *cancellable;
  gulong          cancelled_id;
  GByteArray     *body;
  gsize           max_bytes;
  gboolean        is_full;
  int             status;
  char           *content_type;
} Fetch;

static void
free_fetch (gpointer data)
{
  Fetch *self = data;

  g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stop);
  g_clear_pointer (&self->exchange, sc_http_exchange_free);
  g_byte_array_unref (self->body);
  g_free (self->content_type);
  g_free (self);
}

static void
headers_cb (ScHttpExchange *exchange,
            gpointer        user_data)
{
  Fetch *self = g_task_get_task_data (user_data);
  const char *type = sc_http_exchange_get_header (exchange, "Content-Type");

  self->status = sc_http_exchange_get_status (exchange);
  if (type != NULL)
    {
      g_autofree char *media = g_strndup (type, strcspn (type, ";"));

      self->content_type = g_ascii_strdown (g_strstrip (media), -1);
    }
}

static void
bytes_cb (ScHttpExchange *exchange,
          const char     *bytes,
          gsize           length,
          gint64          read_us,
          gpointer        user_data)
{
  Fetch *self = g_task_get_task_data (user_data);
  gsize n = MIN (length, self->max_bytes - self->body->len);

  g_byte_array_append (self->body, (const guint8 *) bytes, (guint) n);
  if (n < length)
    {
      self->is_full = TRUE;
      g_cancellable_cancel (self->stop);
    }
}

static void
done_cb (ScHttpExchange *exchange,
         const GError   *error,
         gpointer        user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *self = g_task_get_task_data (task);

  if (error != NULL && !self->is_full)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_bytes_new (self->body->data, self->body->len),
                           (GDestroyNotify) g_bytes_unref);
}

static void
stop_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

void
sc_http_fetch_async (ScHttpClient        *client,
                     ScHttpRequest       *request,
                     const ScTimeouts    *timeouts,
                     gsize                max_bytes,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  static const ScHttpHandler handler = { headers_cb, bytes_cb, done_cb };
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Fetch *self = g_new0 (Fetch, 1);

  g_task_set_source_tag (task, sc_http_fetch_async);
  g_task_set_task_data (task, self, free_fetch);
  self->body = g_byte_array_new ();
  self->max_bytes = MIN (max_bytes, G_MAXUINT - 1);
  self->stop = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb),
                                                  g_object_ref (self->stop), g_object_unref);
    }
  self->exchange = sc_http_exchange_start (client, request, timeouts, self->stop, &handler, task);
}

GBytes *
sc_http_fetch_finish (GAsyncResult  *result,
                      int           *status,
                      char         **content_type,
                      GError       **error)
{
  GTask *task;
  Fetch *self;
  GBytes *body;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_http_fetch_async), NULL);

  task = G_TASK (result);
  self = g_task_get_task_data (task);
  body = g_task_propagate_pointer (task, error);
  if (body == NULL)
    return NULL;
  if (status != NULL)
    *status = self->status;
  if (content_type != NULL)
    *content_type = g_strdup (self->content_type);
  return body;
}
