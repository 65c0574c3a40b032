/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-host.h. Knows no body of any protocol. */

#include "config.h"

#include "sc-openai-host.h"
#include "sc-base-url.h"
#include "sc-request-headers.h"

ScOpenaiHost
sc_openai_host_recognise (const ScProfile *profile)
{
  const char *url = profile->base_url;
  ScOpenaiHost host = {
    .is_openai = sc_base_url_is_host (url, "api.openai.com"),
    .is_azure = sc_base_url_is_host (url, ".openai.azure.com") ||
                sc_base_url_is_host (url, ".services.ai.azure.com") ||
                sc_base_url_is_host (url, ".cognitiveservices.azure.com"),
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
