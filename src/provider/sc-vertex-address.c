/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a base URL of Vertex AI as people write it to version, project and location (protocols.md
 * section 6). Pure. */

#include "config.h"

#include "sc-vertex-private.h"
#include "sc-base-url.h"

#include <string.h>

#define DEFAULT_VERSION "v1"
#define DEFAULT_LOCATION "global"

gboolean
sc_vertex_is_key_file (const char *key)
{
  while (key != NULL && g_ascii_isspace (*key))
    key++;
  return key != NULL && *key == '{';
}

/* `us-central1-aiplatform.googleapis.com`, `aiplatform.eu.rep.googleapis.com`, and the global host
 * without a location. */
static char *
dup_location (const char *host)
{
  static const char regional[] = "-aiplatform.googleapis.com";
  static const char before[] = "aiplatform.";
  static const char after[] = ".rep.googleapis.com";
  gsize length = strlen (host);

  if (g_str_has_suffix (host, regional) && length > strlen (regional))
    return g_strndup (host, length - strlen (regional));
  if (g_str_has_prefix (host, before) && g_str_has_suffix (host, after) &&
      length > strlen (before) + strlen (after))
    return g_strndup (host + strlen (before), length - strlen (before) - strlen (after));
  return g_strdup (DEFAULT_LOCATION);
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

char *
sc_vertex_complete_url (const char *base_url,
                        const char *project)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, NULL);
  g_autoptr (GUri) complete = NULL;
  g_autofree char *path = NULL;
  g_autofree char *root = NULL;
  g_autofree char *named = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *location = NULL;

  if (uri == NULL)
    return g_strdup (base_url != NULL ? base_url : "");
  path = g_strconcat (g_uri_get_path (uri), "/", NULL);
  root = dup_root (g_uri_get_path (uri));
  named = dup_segment_after (path, "projects");
  escaped = project != NULL ? g_uri_escape_string (project, ":", FALSE) : NULL;
  project = named != NULL ? named : escaped;
  location = dup_segment_after (path, "locations");
  if (location == NULL)
    location = dup_location (g_uri_get_host (uri));
  if (project != NULL && *project != '\0')
    {
      g_autofree char *full = g_strdup_printf ("%s/projects/%s/locations/%s", root, project,
                                               location);

      g_free (root);
      root = g_steal_pointer (&full);
    }
  complete = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                          g_uri_get_host (uri), g_uri_get_port (uri), root, g_uri_get_query (uri),
                          NULL);
  return g_uri_to_string (complete);
}
