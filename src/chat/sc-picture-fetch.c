/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching a picture. */

#include "config.h"

#include "sc-picture-fetch.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-host.h"
#include "sc-http.h"

#define MAX_REDIRECTS 5
#define ACCEPTED      "image/png,image/jpeg,image/gif,image/webp"

typedef struct
{
  ScHttpClient   *client;
  ScHttpExchange *exchange;
  char           *address;
  GByteArray     *bytes;
  GCancellable   *cancellable;
  GCancellable   *stop;
  gulong          cancelled_id;
  guint           n_redirects;
  gboolean        is_too_long;
} Fetch;

static void begin (GTask *task);

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_clear_pointer (&self->exchange, sc_http_exchange_free);
  if (self->cancellable != NULL)
    g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  g_clear_object (&self->cancellable);
  g_object_unref (self->stop);
  sc_http_client_unref (self->client);
  g_free (self->address);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

static gboolean
is_scheme (const char *address,
           const char *scheme)
{
  g_autofree char *found = g_uri_parse_scheme (address);

  return found != NULL && g_ascii_strcasecmp (found, scheme) == 0;
}

gboolean
sc_picture_can_fetch (const char *address)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, FALSE);

  if (!is_scheme (address, "http") && !is_scheme (address, "https"))
    return FALSE;
  uri = g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

static gboolean
is_private (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED, NULL);

  return uri != NULL && sc_host_is_private (g_uri_get_host (uri));
}

/* Where the server sends us on, if that may be followed: the reader agreed to ask somebody out
 * there, which is no leave to ask what only this computer can reach. */
static char *
dup_next (Fetch *self)
{
  const char *location = sc_http_exchange_get_header (self->exchange, "Location");
  g_autofree char *next = NULL;

  if (location == NULL || self->n_redirects >= MAX_REDIRECTS)
    return NULL;
  next = g_uri_resolve_relative (self->address, location, G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (next == NULL || !sc_picture_can_fetch (next) || (is_scheme (self->address, "https") && is_scheme (next, "http")) ||
      (is_private (next) && !is_private (self->address)))
    return NULL;

  return g_steal_pointer (&next);
}

static gboolean
is_redirect (int status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void
got_headers (ScHttpExchange *exchange,
             gpointer        user_data)
{
}

static void
got_bytes (ScHttpExchange *exchange,
           const char     *bytes,
           gsize           length,
           gint64          read_us,
           gpointer        user_data)
{
  Fetch *self = g_task_get_task_data (user_data);

  if (self->is_too_long)
    return;
  if (length > SC_PICTURE_MAX_BYTES - self->bytes->len)
    {
      self->is_too_long = TRUE;
      g_byte_array_set_size (self->bytes, 0);
      g_cancellable_cancel (self->stop);
      return;
    }
  g_byte_array_append (self->bytes, (const guint8 *) bytes, (guint) length);
}

static void
return_answer (GTask *task,
               Fetch *self,
               int    status)
{
  if (status < 200 || status >= 300)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_SERVER, _("The server answered with status %d."), status);
  else if (self->bytes->len == 0)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_SERVER, _("The server sent no picture."));
  else
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_byte_array_ref (self->bytes)),
                           (GDestroyNotify) g_bytes_unref);
}

static void
done (ScHttpExchange *exchange,
      const GError   *error,
      gpointer        user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *self = g_task_get_task_data (task);
  int status = sc_http_exchange_get_status (exchange);
  g_autofree char *next = NULL;

  if (self->is_too_long)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_INVALID_REQUEST, _("The picture is larger than %d MB."),
                               SC_PICTURE_MAX_BYTES / (1024 * 1024));
      return;
    }
  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  if (!is_redirect (status))
    {
      return_answer (task, self, status);
      return;
    }
  next = dup_next (self);
  if (next == NULL)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_SERVER,
                               _("The server sends on to an address that is not followed."));
      return;
    }
  self->n_redirects++;
  g_free (self->address);
  self->address = g_steal_pointer (&next);
  g_byte_array_set_size (self->bytes, 0);
  g_clear_pointer (&self->exchange, sc_http_exchange_free);
  begin (g_object_ref (task));
}

static void
stop_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/* Takes the reference on @task for the exchange. */
static void
begin (GTask *task)
{
  static const ScHttpHandler handler = { got_headers, got_bytes, done };
  Fetch *self = g_task_get_task_data (task);
  g_autoptr (ScHttpRequest) request = sc_http_request_new ("GET", self->address);

  sc_http_request_set_header (request, "Accept", ACCEPTED);
  self->exchange = sc_http_exchange_start (self->client, request, NULL, self->stop, &handler, task);
}

static ScHttpClient *
create_client (const ScProfile *profile)
{
  g_autoptr (ScProfile) network = sc_profile_new (NULL);

  if (profile != NULL)
    {
      network->proxy_mode = profile->proxy_mode;
      g_free (network->proxy_url);
      network->proxy_url = g_strdup (profile->proxy_url);
    }

  return sc_http_client_new (network);
}

void
sc_picture_fetch_async (const char          *address,
                        const ScProfile     *profile,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Fetch *self;

  g_task_set_source_tag (task, sc_picture_fetch_async);
  if (address == NULL || !sc_picture_can_fetch (address))
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_INVALID_REQUEST, _("This is not the address of a picture."));
      g_object_unref (task);
      return;
    }
  self = g_new0 (Fetch, 1);
  self->address = g_strdup (address);
  self->bytes = g_byte_array_new ();
  self->client = create_client (profile);
  /* What is too long is stopped by the same way as what the caller stops. */
  self->stop = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb), g_object_ref (self->stop),
                                                  g_object_unref);
    }
  g_task_set_task_data (task, self, fetch_free);
  begin (task);
}

GBytes *
sc_picture_fetch_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_picture_fetch_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
