/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong below HTTP, in sentences for people. The system's own words go to the debug
 * log. */

#include "config.h"

#include "sc-http-private.h"

#include "sc-error.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
format_duration (guint ms)
{
  if (ms % 1000 == 0)
    return g_strdup_printf (ngettext ("%u second", "%u seconds", ms / 1000), ms / 1000);
  /* Translators: a time shorter than a minute with a fraction, as in “0.5 seconds”. */
  return g_strdup_printf (_("%.2f seconds"), ms / 1000.0);
}

GError *
sc_http_error_new_timeout (ScHttpClock  clock,
                           const char  *host,
                           guint        limit_ms)
{
  g_autofree char *duration = format_duration (limit_ms);

  switch (clock)
    {
    case SC_HTTP_CLOCK_CONNECT:
      /* Translators: %1$s is a server’s name, %2$s a duration such as “15 seconds”. */
      return g_error_new (
          SC_ERROR, SC_ERROR_TIMEOUT,
          _("The connection to %1$s was not ready after %2$s, the time limit for connecting."),
          host, duration);
    case SC_HTTP_CLOCK_SEND:
      return g_error_new (
          SC_ERROR, SC_ERROR_TIMEOUT,
          _("%1$s took nothing of the request for %2$s, the time limit for a silent connection."),
          host, duration);
    case SC_HTTP_CLOCK_FIRST_BYTE:
      return g_error_new (
          SC_ERROR, SC_ERROR_TIMEOUT,
          _("%1$s did not begin to answer within %2$s, the time limit for the first byte."), host,
          duration);
    case SC_HTTP_CLOCK_IDLE:
      return g_error_new (
          SC_ERROR, SC_ERROR_TIMEOUT,
          _("Nothing came from %1$s for %2$s, the time limit for a silent connection."), host,
          duration);
    default:
      g_return_val_if_reached (NULL);
    }
}

GError *
sc_http_error_new_proxy (const char *host,
                         int         status)
{
  if (status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    return g_error_new_literal (
        SC_ERROR, SC_ERROR_NETWORK,
        _("The proxy wants a name and a password. They stand in its address, as in "
          "http://name:password@proxy:port."));
  return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                      /* Translators: %1$s is a server’s name, %2$d an HTTP status such as 403. */
                      _("The proxy did not let the connection to %1$s through (status %2$d)."),
                      host, status);
}

static GError *
describe_certificate (const char           *host,
                      GTlsCertificateFlags  flags,
                      gboolean              is_pinned)
{
  if (is_pinned)
    return g_error_new (SC_ERROR, SC_ERROR_TLS,
                        _("The certificate of %s is not the one that was accepted before."), host);
  if ((flags & G_TLS_CERTIFICATE_REVOKED) != 0)
    return g_error_new (SC_ERROR, SC_ERROR_TLS, _("The certificate of %s was revoked."), host);
  if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return g_error_new (SC_ERROR, SC_ERROR_TLS, _("The certificate of %s has expired."), host);
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return g_error_new (
        SC_ERROR, SC_ERROR_TLS,
        _("The certificate of %s is not valid yet. Is the clock of this computer right?"), host);
  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return g_error_new (SC_ERROR, SC_ERROR_TLS,
                        _("The certificate that %s showed belongs to another server."), host);
  if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return g_error_new (SC_ERROR, SC_ERROR_TLS,
                        _("The certificate of %s was issued by nobody this computer trusts."),
                        host);
  return g_error_new (SC_ERROR, SC_ERROR_TLS,
                      _("The certificate of %s is not good enough to be trusted."), host);
}

GError *
sc_http_error_new_refused (const char           *host,
                           GTlsCertificateFlags  flags,
                           gboolean              is_pinned)
{
  GError *error = describe_certificate (host, flags, is_pinned);

  sc_error_set_code (error, SC_ERROR_CODE_CERTIFICATE);
  return error;
}

static GError *
translate_broken (const char *host,
                  gboolean    has_headers)
{
  if (has_headers)
    return g_error_new (SC_ERROR, SC_ERROR_INTERRUPTED,
                        _("The connection to %s broke in the middle of the answer."), host);
  return g_error_new (SC_ERROR, SC_ERROR_NETWORK, _("%s closed the connection without an answer."),
                      host);
}

/* GnuTLS knows that something else than TLS came, but only GnuTLS: to GLib that is any other fault.
 * An alert is the fault of a server that does speak it. */
static gboolean
is_not_tls (const GError *error)
{
  return error->code == G_TLS_ERROR_NOT_TLS ||
         (error->code == G_TLS_ERROR_MISC && strstr (error->message, "alert") == NULL);
}

static GError *
translate_tls (const GError *error,
               const char   *host,
               gboolean      has_headers)
{
  if (has_headers)
    return translate_broken (host, has_headers);
  if (is_not_tls (error))
    return g_error_new (
        SC_ERROR, SC_ERROR_TLS,
        _("%s does not answer with a secure connection. If it is on this network, its address "
          "may begin with http:// instead of https://."),
        host);

  switch (error->code)
    {
    case G_TLS_ERROR_UNAVAILABLE:
      return g_error_new_literal (
          SC_ERROR, SC_ERROR_TLS,
          _("This system cannot make secure connections: the package glib-networking is "
            "missing."));
    case G_TLS_ERROR_EOF:
      return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                          _("%s ended the secure connection before it answered."), host);
    case G_TLS_ERROR_CERTIFICATE_REQUIRED:
      return g_error_new (SC_ERROR, SC_ERROR_TLS,
                          _("%s wants a client certificate, which is not supported."), host);
    default:
      return g_error_new (SC_ERROR, SC_ERROR_TLS, _("No secure connection to %s could be made."),
                          host);
    }
}

static GError *
translate_resolver (const GError *error,
                    const char   *host)
{
  if (error->code == G_RESOLVER_ERROR_TEMPORARY_FAILURE)
    return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                        _("The name %s could not be looked up. Is there a network connection?"),
                        host);
  return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                      _("There is no server named %s. Is it spelled right?"), host);
}

static GError *
translate_io (const GError *error,
              const char   *host,
              gboolean      has_headers)
{
  switch (error->code)
    {
    case G_IO_ERROR_CANCELLED:
      return g_error_copy (error);
    case G_IO_ERROR_TIMED_OUT:
      if (has_headers)
        return translate_broken (host, has_headers);
      return g_error_new (SC_ERROR, SC_ERROR_TIMEOUT,
                          _("%s does not react to the attempt to connect."), host);
    case G_IO_ERROR_HOST_NOT_FOUND:
      return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                          _("There is no server named %s. Is it spelled right?"), host);
    case G_IO_ERROR_CONNECTION_REFUSED:
      return g_error_new (
          SC_ERROR, SC_ERROR_NETWORK,
          _("%s refused the connection. Is the server running, and is the port right?"), host);
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                          _("There is no way to %s. Is there a network connection?"), host);
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return g_error_new (SC_ERROR, SC_ERROR_NETWORK,
                          _("The proxy did not let the connection to %s through."), host);
    case G_IO_ERROR_INVALID_DATA:
      return g_error_new (SC_ERROR, SC_ERROR_PROTOCOL,
                          _("The compressed answer of %s could not be unpacked."), host);
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_BROKEN_PIPE: /* and CONNECTION_CLOSED, which is the same code */
      return translate_broken (host, has_headers);
    default:
      if (has_headers)
        return translate_broken (host, has_headers);
      return g_error_new (SC_ERROR, SC_ERROR_NETWORK, _("The connection to %s failed."), host);
    }
}

GError *
sc_http_error_translate (const GError *error,
                         const char   *host,
                         gboolean      has_headers)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("%s: %s (%s, %d)", host, error->message, g_quark_to_string (error->domain),
             error->code);

  if (error->domain == SC_ERROR)
    return g_error_copy (error);
  if (error->domain == G_TLS_ERROR)
    return translate_tls (error, host, has_headers);
  if (error->domain == G_RESOLVER_ERROR)
    return translate_resolver (error, host);
  if (error->domain == G_IO_ERROR)
    return translate_io (error, host, has_headers);
  if (g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING) ||
      g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING))
    return g_error_new (SC_ERROR, SC_ERROR_PROTOCOL,
                        _("What came from %s is no whole HTTP answer. Is the address right?"),
                        host);
  if (has_headers)
    return translate_broken (host, has_headers);
  return g_error_new (SC_ERROR, SC_ERROR_NETWORK, _("The connection to %s failed."), host);
}
