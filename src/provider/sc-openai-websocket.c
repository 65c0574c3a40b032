/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-websocket.h. Knows no message of either protocol. */

#include "config.h"

#include "sc-openai-websocket.h"
#include "sc-base-url.h"
#include "sc-openai-host.h"
#include "sc-request-headers.h"

#include <string.h>

static gboolean
has_parameter (const char *query,
               const char *name)
{
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);
  gsize length = strlen (name);

  for (guint i = 0; pairs[i] != NULL; i++)
    if (strncmp (pairs[i], name, length) == 0 && pairs[i][length] == '=')
      return TRUE;
  return FALSE;
}

/* Azure's dated surface calls it `deployment`, everybody else `model`. An address that names one
 * already is right. */
static char *
name_model (const char *url,
            const char *model)
{
  const char *query = strchr (url, '?');
  gboolean is_dated = query != NULL && has_parameter (query + 1, "api-version") &&
                      strstr (url, "/v1/") == NULL;
  const char *name = is_dated ? "deployment" : "model";
  g_autofree char *escaped = NULL;

  if (model == NULL || *model == '\0' || (query != NULL && has_parameter (query + 1, name)))
    return g_strdup (url);
  escaped = g_uri_escape_string (model, NULL, FALSE);
  return g_strdup_printf ("%s%c%s=%s", url, query != NULL ? '&' : '?', name, escaped);
}

ScHttpRequest *
sc_openai_websocket_build_request (const ScProfile  *profile,
                                   const char       *path,
                                   const char       *model,
                                   GError          **error)
{
  g_autofree char *base = sc_openai_host_dup_base_url (profile->base_url, NULL);
  g_autofree char *joined = sc_base_url_join (base, "v1", path, error);
  g_autofree char *named = NULL;
  g_autofree char *url = NULL;
  g_autoptr (ScHttpRequest) request = NULL;
  ScOpenaiHost host;

  if (joined == NULL)
    return NULL;
  named = name_model (joined, model);
  url = sc_base_url_to_websocket (named);
  request = sc_http_request_new ("GET", url);
  host = sc_openai_host_recognise (profile);
  sc_openai_host_set_key (&host, request, profile);
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}
