/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The connections and network settings of one provider: proxy, trust, and a session that does
 * nothing by itself (no cookies, no cache, no redirects, no time limit). */

#include "config.h"

#include "sc-http-private.h"

#include "sc-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Every conversation may have an answer in flight; what waits in the session's queue would eat its
 * connect clock. */
#define MAX_CONNECTIONS 128

/* Unused connections are closed by us before most servers do. */
#define IDLE_CONNECTION_S 60

struct _ScHttpClient
{
  int           n_refs;
  SoupSession  *session;
  GTlsDatabase *ca;
  char         *pin;
  GError       *setup_error;
};

/* With colons or in capitals, as browsers and openssl write it, it is the same fingerprint. */
static char *
normalize_fingerprint (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isxdigit (*text))
        g_string_append_c (out, g_ascii_tolower (*text));
    }
  return g_string_free (out, FALSE);
}

static gboolean
is_proxy_url (const char *url)
{
  static const char *const schemes[] = {
    "http", "https", "socks", "socks4", "socks4a", "socks5", NULL,
  };
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);

  return uri != NULL && g_strv_contains (schemes, g_uri_get_scheme (uri)) &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

static void
set_up_manual_proxy (ScHttpClient *self,
                     const char   *proxy_url)
{
  g_autoptr (GProxyResolver) resolver = NULL;
  g_autofree char *url = NULL;

  if (proxy_url == NULL)
    proxy_url = "";
  /* curl's name for SOCKS 5 with names resolved by the proxy, which is what GIO does. */
  if (g_str_has_prefix (proxy_url, "socks5h://"))
    url = g_strconcat ("socks5://", proxy_url + strlen ("socks5h://"), NULL);
  else if (strstr (proxy_url, "://") == NULL)
    url = g_strconcat ("http://", proxy_url, NULL);
  else
    url = g_strdup (proxy_url);

  if (!is_proxy_url (url))
    {
      g_set_error_literal (&self->setup_error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("The proxy’s address is not valid. It looks like http://name:port or "
                             "socks5://name:port."));
      return;
    }
  resolver = g_simple_proxy_resolver_new (url, NULL);
  soup_session_set_proxy_resolver (self->session, resolver);
}

static void
set_up_ca_file (ScHttpClient *self,
                const char   *path)
{
  g_autoptr (GError) error = NULL;

  if (path == NULL || *path == '\0')
    return;
  self->ca = g_tls_file_database_new (path, &error);
  if (self->ca == NULL && self->setup_error == NULL)
    g_set_error (&self->setup_error, SC_ERROR, SC_ERROR_TLS,
                 /* Translators: %1$s is a file name, %2$s the system's reason. */
                 _("The certificate file “%1$s” could not be read: %2$s"), path, error->message);
}

static void
set_up (ScHttpClient    *self,
        const ScProfile *profile)
{
  if (profile->proxy_mode == SC_PROXY_NONE)
    soup_session_set_proxy_resolver (self->session, NULL);
  else if (profile->proxy_mode == SC_PROXY_MANUAL)
    set_up_manual_proxy (self, profile->proxy_url);
  set_up_ca_file (self, profile->ca_file);
  if (profile->pinned_fingerprint != NULL && *profile->pinned_fingerprint != '\0')
    self->pin = normalize_fingerprint (profile->pinned_fingerprint);
}

SoupSession *
sc_http_client_get_session (ScHttpClient *self)
{
  return self->session;
}

const GError *
sc_http_client_get_setup_error (ScHttpClient *self)
{
  return self->setup_error;
}

gboolean
sc_http_client_judge_certificate (ScHttpClient         *self,
                                  GUri                 *uri,
                                  GTlsCertificate      *certificate,
                                  GTlsCertificateFlags *flags)
{
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autofree char *fingerprint = NULL;

  if (*flags != 0 && self->ca != NULL)
    {
      int port = g_uri_get_port (uri);

      identity = g_network_address_new (g_uri_get_host (uri), port > 0 ? (guint16) port : 443);
      if (g_tls_database_verify_chain (self->ca, certificate,
                                       G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                       G_TLS_DATABASE_VERIFY_NONE, NULL, NULL) == 0)
        *flags = 0;
    }
  if (self->pin == NULL)
    return *flags == 0;
  fingerprint = sc_http_dup_fingerprint (certificate);
  return strcmp (fingerprint, self->pin) == 0;
}

gboolean
sc_http_client_has_pin (ScHttpClient *self)
{
  return self->pin != NULL;
}

char *
sc_http_dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return g_strdup ("");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

ScHttpClient *
sc_http_client_new (const ScProfile *profile)
{
  ScHttpClient *self = g_new0 (ScHttpClient, 1);

  self->n_refs = 1;
  self->session = g_object_new (SOUP_TYPE_SESSION,
                                "timeout", 0,
                                "idle-timeout", IDLE_CONNECTION_S,
                                "max-conns", MAX_CONNECTIONS,
                                "max-conns-per-host", MAX_CONNECTIONS,
                                NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_COOKIE_JAR);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CACHE);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_SNIFFER);
  if (profile != NULL)
    set_up (self, profile);
  return self;
}

ScHttpClient *
sc_http_client_ref (ScHttpClient *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->n_refs++;
  return self;
}

void
sc_http_client_unref (ScHttpClient *self)
{
  if (self == NULL || --self->n_refs > 0)
    return;
  /* Idle connections hold the session in libsoup. */
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_clear_object (&self->ca);
  g_free (self->pin);
  g_clear_error (&self->setup_error);
  g_free (self);
}
