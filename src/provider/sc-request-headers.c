/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Headers of requests, the same for all protocols. Knows no protocol. */

#include "config.h"

#include "sc-request-headers.h"
#include "sc-base-url.h"

#include <string.h>

void
sc_request_headers_set_bearer (ScHttpRequest *request,
                               const char    *key)
{
  char *value;

  g_return_if_fail (request != NULL && key != NULL);

  value = g_strconcat ("Bearer ", key, NULL);
  sc_http_request_set_header (request, "Authorization", value);
  memset (value, 0, strlen (value));
  g_free (value);
}

/* `https://name:password@host`: a gate in front of the service asks for it (RFC 7617), and is told
 * at once rather than after it has refused. A key in the same header goes before. */
static void
set_basic (ScHttpRequest   *request,
           const ScProfile *profile)
{
  g_autoptr (GUri) uri = sc_base_url_parse (profile->base_url, NULL);
  const char *userinfo = uri != NULL ? g_uri_get_userinfo (uri) : NULL;
  g_autofree char *plain = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *value = NULL;

  if (userinfo == NULL || strchr (userinfo, ':') == NULL ||
      sc_http_request_get_header (request, "Authorization") != NULL)
    return;
  plain = g_uri_unescape_string (userinfo, NULL);
  if (plain == NULL)
    return;
  encoded = g_base64_encode ((const guchar *) plain, strlen (plain));
  value = g_strconcat ("Basic ", encoded, NULL);
  sc_http_request_set_header (request, "Authorization", value);
}

void
sc_request_headers_add_extra (ScHttpRequest   *request,
                              const ScProfile *profile)
{
  g_return_if_fail (request != NULL && profile != NULL);

  for (guint i = 0; profile->headers != NULL && profile->headers[i] != NULL; i++)
    {
      const char *line = profile->headers[i];
      const char *colon = strchr (line, ':');
      g_autofree char *name =
        colon != NULL ? g_strstrip (g_strndup (line, (gsize) (colon - line))) : NULL;
      g_autofree char *value = colon != NULL ? g_strstrip (g_strdup (colon + 1)) : NULL;

      if (name != NULL && *name != '\0')
        sc_http_request_set_header (request, name, value);
    }
  set_basic (request, profile);
}
