/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a base URL of Vertex AI as people write it to version, project and location (protocols.md
 * section 6). Pure. */

#include "config.h"

#include "sc-vertex-private.h"
#include "sc-base-url.h"

#include <string.h>

#define DEFAULT_VERSION "v1"
#define DEFAULT_LOCATION "global"

#define GLOBAL_HOST "aiplatform.googleapis.com"
#define REGIONAL_TAIL "-" GLOBAL_HOST
#define MULTI_HEAD "aiplatform."
#define MULTI_TAIL ".rep.googleapis.com"

gboolean
sc_vertex_is_key_file (const char *key)
{
  while (key != NULL && g_ascii_isspace (*key))
    key++;
  return key != NULL && *key == '{';
}

/* `us-central1-aiplatform.googleapis.com`, `aiplatform.eu.rep.googleapis.com`; NULL for the global
 * host and for those that are not Google's. */
static char *
dup_location (const char *host)
{
  gsize length = strlen (host);

  if (g_str_has_suffix (host, REGIONAL_TAIL) && length > strlen (REGIONAL_TAIL))
    return g_strndup (host, length - strlen (REGIONAL_TAIL));
  if (g_str_has_prefix (host, MULTI_HEAD) && g_str_has_suffix (host, MULTI_TAIL) &&
      length > strlen (MULTI_HEAD) + strlen (MULTI_TAIL))
    return g_strndup (host + strlen (MULTI_HEAD), length - strlen (MULTI_HEAD) - strlen (MULTI_TAIL));
  return NULL;
}

/* The host that serves @location, where @host is one of Google's at all. */
static char *
dup_host_for (const char *host,
              const char *location)
{
  g_autofree char *served = dup_location (host);

  if (served == NULL && strcmp (host, GLOBAL_HOST) != 0)
    return g_strdup (host);
  if (strcmp (location, DEFAULT_LOCATION) == 0)
    return g_strdup (GLOBAL_HOST);
  if (strcmp (location, "us") == 0 || strcmp (location, "eu") == 0)
    return g_strconcat (MULTI_HEAD, location, MULTI_TAIL, NULL);
  return g_strconcat (location, REGIONAL_TAIL, NULL);
}

/* What stands behind `/NAME/` in a path, up to the next slash. */
static char *
dup_segment_after (const char *path,
                   const char *name)
{
  g_autofree char *mark = g_strdup_printf ("/%s/", name);
  const char *start = strstr (path, mark);

  if (start == NULL)
    return NULL;
  start += strlen (mark);
  return *start != '\0' && *start != '/' ? g_strndup (start, strcspn (start, "/")) : NULL;
}

/* What stands before the resource names: a proxy's own path, the version or ours. */
static char *
dup_root (const char *path)
{
  static const char *const marks[] = { "/projects/", "/publishers/" };
  g_autofree char *root = g_strdup (path);
  const char *last;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      char *mark = strstr (root, marks[i]);

      if (mark != NULL)
        *mark = '\0';
    }
  last = strrchr (root, '/');
  if (last != NULL && last[1] == 'v' && g_ascii_isdigit (last[2]))
    return g_steal_pointer (&root);
  return g_strconcat (root, "/" DEFAULT_VERSION, NULL);
}

static char *
build_url (GUri       *uri,
           const char *host,
           const char *project,
           const char *location)
{
  g_autofree char *root = dup_root (g_uri_get_path (uri));
  g_autofree char *path = NULL;
  g_autoptr (GUri) url = NULL;

  if (project != NULL && *project != '\0')
    path = g_strdup_printf ("%s/projects/%s/locations/%s", root, project, location);
  else
    path = g_steal_pointer (&root);
  url = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri), host,
                     g_uri_get_port (uri), path, g_uri_get_query (uri), NULL);
  return g_uri_to_string (url);
}

char *
sc_vertex_complete_url (const char *base_url,
                        const char *project)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, NULL);
  g_autofree char *path = NULL;
  g_autofree char *named = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *location = NULL;

  if (uri == NULL)
    return g_strdup (base_url != NULL ? base_url : "");
  path = g_strconcat (g_uri_get_path (uri), "/", NULL);
  named = dup_segment_after (path, "projects");
  escaped = project != NULL ? g_uri_escape_string (project, ":", FALSE) : NULL;
  location = dup_segment_after (path, "locations");
  if (location == NULL)
    location = dup_location (g_uri_get_host (uri));
  if (location == NULL)
    location = g_strdup (DEFAULT_LOCATION);
  return build_url (uri, g_uri_get_host (uri), named != NULL ? named : escaped, location);
}

/* It becomes a part of a host's name. */
static gboolean
is_location (const char *text)
{
  return *text != '\0' && *text != '-' &&
         text[strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

char *
sc_vertex_complete_url_for_model (const char *base_url,
                                  const char *model)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, NULL);
  g_autofree char *path = g_strconcat ("/", model, NULL);
  g_autofree char *project = dup_segment_after (path, "projects");
  g_autofree char *location = dup_segment_after (path, "locations");
  g_autofree char *escaped = NULL;
  g_autofree char *host = NULL;

  if (uri == NULL || project == NULL || location == NULL || !is_location (location))
    return sc_vertex_complete_url (base_url, NULL);
  escaped = g_uri_escape_string (project, ":", FALSE);
  host = dup_host_for (g_uri_get_host (uri), location);
  return build_url (uri, host, escaped, location);
}
