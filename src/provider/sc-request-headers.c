/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Headers of requests, the same for all protocols. Knows no protocol. */

#include "config.h"

#include "sc-request-headers.h"

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
}
