/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks at a server's certificate. The connection is made as a request would make it, so proxy, CA
 * file and address count; but with a pin that no certificate has, so that none is accepted and not
 * a byte of a request leaves this computer. */

#include "config.h"

#include "sc-certificate.h"

#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-http.h"

#include <glib/gi18n.h>
#include <string.h>

/* A digest of SHA-256 is never this for any certificate that somebody could make. */
#define PIN_OF_NOBODY "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct
{
  ScHttpClient   *client;
  ScHttpExchange *exchange;
  char           *server;
  char           *pin;
} FetchData;

static void
fetch_data_free (gpointer user_data)
{
  FetchData *data = user_data;

  sc_http_exchange_free (data->exchange);
  sc_http_client_unref (data->client);
  g_free (data->server);
  g_free (data->pin);
  g_free (data);
}

void
sc_certificate_free (ScCertificate *self)
{
  if (self == NULL)
    return;
  g_free (self->server);
  g_free (self->pem);
  g_free (self->fingerprint);
  g_free (self->subject);
  g_free (self->issuer);
  g_strfreev (self->names);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);
  g_free (self);
}

char **
sc_certificate_list_problems (const ScCertificate *self)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const char          *words;
  } sentences[] = {
    { G_TLS_CERTIFICATE_REVOKED, N_("It was revoked by its issuer.") },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, N_("It belongs to another server.") },
    { G_TLS_CERTIFICATE_EXPIRED, N_("It has expired.") },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, N_("It is not valid yet.") },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, N_("It was issued by nobody this computer trusts.") },
    { G_TLS_CERTIFICATE_INSECURE, N_("It is protected by a method that is no longer safe.") },
    { G_TLS_CERTIFICATE_GENERIC_ERROR, N_("It could not be checked.") },
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if ((self->problems & sentences[i].flag) != 0)
      g_strv_builder_add (builder, _(sentences[i].words));
  return g_strv_builder_end (builder);
}

static char **
list_names (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) dns_names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (certificate);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; dns_names != NULL && i < dns_names->len; i++)
    {
      gsize length = 0;
      const char *bytes = g_bytes_get_data (g_ptr_array_index (dns_names, i), &length);
      g_autofree char *name = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize) length);

      g_strv_builder_add (builder, name);
    }
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      g_autofree char *name = g_inet_address_to_string (g_ptr_array_index (addresses, i));

      g_strv_builder_add (builder, name);
    }
  return g_strv_builder_end (builder);
}

static char *
make_valid (char *text)
{
  char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  g_free (text);
  return valid;
}

static gboolean
is_same_fingerprint (const char *pin,
                     const char *fingerprint)
{
  for (; *pin != '\0'; pin++)
    {
      if (!g_ascii_isxdigit (*pin))
        continue;
      if (g_ascii_tolower (*pin) != *fingerprint)
        return FALSE;
      fingerprint++;
    }
  return *fingerprint == '\0';
}

static ScCertificate *
create_certificate (const FetchData *data)
{
  GTlsCertificate *shown = sc_http_exchange_peek_certificate (data->exchange);
  ScCertificate *self = g_new0 (ScCertificate, 1);

  self->server = g_strdup (data->server);
  sc_http_exchange_get_certificate (data->exchange, &self->fingerprint, &self->problems);
  g_object_get (shown, "certificate-pem", &self->pem, NULL);
  self->subject = make_valid (g_tls_certificate_get_subject_name (shown));
  self->issuer = make_valid (g_tls_certificate_get_issuer_name (shown));
  self->names = list_names (shown);
  self->not_before = g_tls_certificate_get_not_valid_before (shown);
  self->not_after = g_tls_certificate_get_not_valid_after (shown);
  if (data->pin != NULL && *data->pin != '\0')
    {
      self->is_accepted = is_same_fingerprint (data->pin, self->fingerprint);
      self->has_changed = !self->is_accepted;
    }
  return self;
}

static void
done_cb (ScHttpExchange *exchange,
         const GError   *error,
         gpointer        user_data)
{
  g_autoptr (GTask) task = user_data;
  FetchData *data = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (sc_http_exchange_peek_certificate (data->exchange) != NULL)
    g_task_return_pointer (task, create_certificate (data), (GDestroyNotify) sc_certificate_free);
  else if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_TLS, "%s",
                             _("The server showed no certificate."));
}

static char *
dup_server (GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  if (g_uri_get_port (uri) <= 0)
    return g_strdup (host);
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host,
                          g_uri_get_port (uri));
}

/* WebSockets are reached by the same connection as the rest of the web. Returns NULL with the error
 * set where there is none that could show a certificate. */
static char *
dup_address (const ScProfile  *profile,
             char            **server,
             GError          **error)
{
  g_autoptr (GUri) uri = sc_base_url_parse (profile->base_url, error);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL)
    return NULL;
  if (strcmp (scheme, "https") != 0 && strcmp (scheme, "wss") != 0)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_TLS,
                           _("The connection to this address is not encrypted: there is no "
                             "certificate."));
      return NULL;
    }
  *server = dup_server (uri);
  return g_uri_join (G_URI_FLAGS_NONE, "https", NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                     "/", NULL, NULL);
}

void
sc_certificate_fetch_async (const ScProfile     *profile,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  static const ScHttpHandler handler = { NULL, NULL, done_cb };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ScProfile) stranger = NULL;
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *address = NULL;
  g_autofree char *server = NULL;
  GError *error = NULL;
  FetchData *data;

  g_return_if_fail (profile != NULL);

  g_task_set_source_tag (task, sc_certificate_fetch_async);
  address = dup_address (profile, &server, &error);
  if (address == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  stranger = sc_profile_copy (profile);
  sc_profile_set (&stranger->pinned_fingerprint, PIN_OF_NOBODY);
  request = sc_http_request_new ("GET", address);
  data = g_new0 (FetchData, 1);
  data->client = sc_http_client_new (stranger);
  data->server = g_steal_pointer (&server);
  data->pin = g_strdup (profile->pinned_fingerprint);
  g_task_set_task_data (task, data, fetch_data_free);
  data->exchange = sc_http_exchange_start (data->client, request, &profile->timeouts, cancellable,
                                           &handler, g_object_ref (task));
}

ScCertificate *
sc_certificate_fetch_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_certificate_fetch_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
