/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests of Vertex AI (protocols.md section 6): the bodies are those of the publishers' own
 * protocols, addresses and credentials are Google Cloud's. Must not know how the answer is read. */

#include "config.h"

#include "sc-vertex.h"
#include "sc-anthropic-private.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-gemini.h"
#include "sc-json.h"
#include "sc-request-headers.h"
#include "sc-vertex-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define ANTHROPIC_VERSION "vertex-2023-10-16"
#define ANTHROPIC_VERSION_WITHOUT_SAMPLING "vertex-2026-10-21"

/* The list of models has this version only. */
#define LIST_VERSION "v1beta1"
#define PAGE_SIZE "100"

typedef struct
{
  const char *id; /* borrowed: as it was entered */
  char       *publisher;
  char       *name;
} Model;

static void
model_clear (Model *model)
{
  g_free (model->publisher);
  g_free (model->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Model, model_clear)

/* `gemini-2.5-pro`, `claude-sonnet-4-5@20250929`, `anthropic/claude-…`,
 * `publishers/google/models/…`, `projects/P/locations/L/publishers/google/models/…`. */
static void
read_model (const ScProfile *profile,
            const ScPrompt  *prompt,
            Model           *model)
{
  const char *id = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  const char *name = id != NULL ? strrchr (id, '/') : NULL;

  if (id == NULL)
    id = "";
  name = name != NULL ? name + 1 : id;
  model->id = id;
  model->name = g_strdup (name);
  if (g_str_has_prefix (name, "claude") || g_str_has_prefix (id, "anthropic/") ||
      strstr (id, "publishers/anthropic/") != NULL)
    model->publisher = g_strdup ("anthropic");
  else
    model->publisher = g_strdup ("google");
}

static gboolean
is_anthropic (const Model *model)
{
  return strcmp (model->publisher, "anthropic") == 0;
}

static char *
make_url (const ScProfile  *profile,
          const Model      *model,
          gboolean          stream,
          GError          **error)
{
  g_autofree char *base = sc_vertex_complete_url_for_model (profile->base_url, model->id);
  g_autofree char *name = sc_gemini_dup_model_path (model->name);
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;
  const char *method;

  if (is_anthropic (model))
    method = stream ? "streamRawPredict" : "rawPredict";
  else
    method = stream ? "streamGenerateContent" : "generateContent";
  path = g_strdup_printf ("publishers/%s/models/%s:%s", model->publisher, name, method);
  url = sc_base_url_join (base, NULL, path, error);
  if (url == NULL || !stream || is_anthropic (model) || strstr (url, "alt=sse") != NULL)
    return g_steal_pointer (&url);
  return g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", "alt=sse", NULL);
}

static gboolean
set_key (ScHttpRequest    *request,
         const ScProfile  *profile,
         GError          **error)
{
  if (profile->key == NULL || *profile->key == '\0')
    return TRUE;
  if (sc_vertex_is_key_file (profile->key))
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_AUTH,
                           _("The key file has to be exchanged for an access token first."));
      return FALSE;
    }
  if (g_str_has_prefix (profile->key, "AIza") || g_str_has_prefix (profile->key, "AQ."))
    sc_http_request_set_header (request, "x-goog-api-key", profile->key);
  else
    sc_request_headers_set_bearer (request, profile->key);
  return TRUE;
}

static JsonNode *
build_anthropic_body (const ScProfile  *profile,
                      const ScPrompt   *prompt,
                      const Model      *model,
                      GError          **error)
{
  ScAnthropicVariant variant = { .protocol = "vertex", .version = ANTHROPIC_VERSION };

  if (profile->api_version != NULL && g_str_has_prefix (profile->api_version, "vertex-"))
    variant.version = profile->api_version;
  /* With the publisher, as the answers are kept under it. */
  variant.model = prompt->model != NULL && *prompt->model != '\0' ? prompt->model : profile->model;
  variant.has_sampling = strcmp (variant.version, ANTHROPIC_VERSION_WITHOUT_SAMPLING) < 0;
  return sc_anthropic_build_body (&variant, prompt, error);
}

ScHttpRequest *
sc_vertex_build_request (const ScProfile  *profile,
                         const ScPrompt   *prompt,
                         GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *url = NULL;
  g_auto (Model) model = { NULL };

  g_return_val_if_fail (profile != NULL && prompt != NULL, NULL);

  read_model (profile, prompt, &model);
  if (*model.name == '\0')
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_REQUEST, _("Choose a model first."));
      return NULL;
    }
  url = make_url (profile, &model, prompt->stream, error);
  if (url == NULL)
    return NULL;
  if (is_anthropic (&model))
    body = build_anthropic_body (profile, prompt, &model, error);
  else
    body = sc_gemini_build_body (profile, prompt, error);
  if (body == NULL)
    return NULL;
  request = sc_http_request_new ("POST", url);
  request->is_stream = prompt->stream;
  sc_http_request_set_json (request, sc_json_to_string (body, FALSE));
  sc_http_request_set_header (request, "Accept",
                              prompt->stream ? "text/event-stream" : "application/json");
  if (!set_key (request, profile, error))
    return NULL;
  if (is_anthropic (&model))
    sc_anthropic_set_betas (request, prompt);
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}

/* The project that pays for looking at the list, which itself belongs to none. */
static char *
dup_project (const char *base_url)
{
  g_autofree char *complete = sc_vertex_complete_url (base_url, NULL);
  const char *start = strstr (complete, "/projects/");

  if (start == NULL)
    return NULL;
  start += strlen ("/projects/");
  return g_strndup (start, strcspn (start, "/?"));
}

static char *
make_list_url (const ScProfile  *profile,
               const char       *page,
               GError          **error)
{
  g_autoptr (GUri) uri = sc_base_url_parse (profile->base_url, error);
  g_autoptr (GUri) list = NULL;
  g_autoptr (GString) query = NULL;

  if (uri == NULL)
    return NULL;
  query = g_string_new (g_uri_get_query (uri));
  g_string_append (query, query->len > 0 ? "&pageSize=" PAGE_SIZE : "pageSize=" PAGE_SIZE);
  if (page != NULL)
    {
      g_string_append (query, "&pageToken=");
      g_string_append_uri_escaped (query, page, NULL, FALSE);
    }
  list = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                      g_uri_get_host (uri), g_uri_get_port (uri),
                      "/" LIST_VERSION "/publishers/google/models", query->str, NULL);
  return g_uri_to_string (list);
}

ScHttpRequest *
sc_vertex_build_models_request (const ScProfile  *profile,
                                const char       *page,
                                GError          **error)
{
  g_autoptr (ScHttpRequest) request = NULL;
  g_autofree char *url = NULL;
  g_autofree char *project = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  url = make_list_url (profile, page, error);
  if (url == NULL)
    return NULL;
  request = sc_http_request_new ("GET", url);
  sc_http_request_set_header (request, "Accept", "application/json");
  project = dup_project (profile->base_url);
  if (project != NULL)
    sc_http_request_set_header (request, "x-goog-user-project", project);
  if (!set_key (request, profile, error))
    return NULL;
  sc_request_headers_add_extra (request, profile);
  return g_steal_pointer (&request);
}
