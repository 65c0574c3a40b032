/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-host.h. Knows no body of any protocol. */

#include "config.h"

#include "sc-openai-host.h"
#include "sc-base-url.h"
#include "sc-request-headers.h"

#include <string.h>

static gboolean
is_azure_host (const char *url)
{
  return sc_base_url_is_host (url, ".openai.azure.com") ||
         sc_base_url_is_host (url, ".services.ai.azure.com") ||
         sc_base_url_is_host (url, ".cognitiveservices.azure.com");
}

ScOpenaiHost
sc_openai_host_recognise (const ScProfile *profile)
{
  const char *url = profile->base_url;
  ScOpenaiHost host = {
    .is_openai = sc_base_url_is_host (url, "api.openai.com"),
    /* Also behind a gateway of one's own. */
    .is_azure = is_azure_host (url) || (url != NULL && strstr (url, "/openai/deployments/") != NULL),
    .is_mistral = sc_base_url_is_host (url, "api.mistral.ai"),
  };

  return host;
}

gboolean
sc_openai_host_is_reasoning_model (const char *model)
{
  if (model == NULL)
    return FALSE;
  if (model[0] == 'o' && g_ascii_isdigit (model[1]))
    return TRUE;
  return g_str_has_prefix (model, "gpt-") && g_ascii_strtoll (model + 4, NULL, 10) >= 5;
}

/* Versions of the newer surface are words, those of the classic one are dates. */
static gboolean
has_date (const char *query)
{
  const char *version = query != NULL ? strstr (query, "api-version=") : NULL;

  return version != NULL && g_ascii_isdigit (version[strlen ("api-version=")]);
}

char *
sc_openai_host_dup_base_url (const char *base_url,
                             const char *model)
{
  g_autofree char *text = sc_base_url_to_http (base_url);
  g_autoptr (GUri) uri = is_azure_host (text) ? sc_base_url_parse (text, NULL) : NULL;
  g_autoptr (GUri) complete = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  if (uri == NULL ||
      (*g_uri_get_path (uri) != '\0' && strcmp (g_uri_get_path (uri), "/openai") != 0))
    return g_steal_pointer (&text);
  escaped = model != NULL ? g_uri_escape_string (model, NULL, FALSE) : NULL;
  if (!has_date (g_uri_get_query (uri)))
    path = g_strdup ("/openai/v1");
  else if (escaped != NULL && *escaped != '\0')
    path = g_strconcat ("/openai/deployments/", escaped, NULL);
  else
    path = g_strdup ("/openai");
  complete = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                          g_uri_get_host (uri), g_uri_get_port (uri), path, g_uri_get_query (uri),
                          NULL);
  return g_uri_to_string (complete);
}

/* Azure: a key goes into `api-key`, a token of Entra ID (a JWT) stays a bearer token. */
void
sc_openai_host_set_key (const ScOpenaiHost *self,
                        ScHttpRequest      *request,
                        const ScProfile    *profile)
{
  if (profile->key == NULL || *profile->key == '\0')
    return;
  if (self->is_azure && !g_str_has_prefix (profile->key, "eyJ"))
    sc_http_request_set_header (request, "api-key", profile->key);
  else
    sc_request_headers_set_bearer (request, profile->key);
}
