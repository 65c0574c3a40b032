/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of base URLs, the same for all protocols: a version segment that is given or missing is
 * understood, a query is kept (Azure's `?api-version=`), a whole address that was pasted works too.
 * Knows no protocol. */

#include "config.h"

#include "sc-base-url.h"
#include "sc-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

/* Addresses whose services have no version segment where OpenAI has one: hosts, or the last segment
 * of the path. */
static const char *const hosts_without_version[] = { "api.perplexity.ai" };
static const char *const segments_without_version[] = { "inference", "serving-endpoints" };

static gboolean
is_local_or_numeric (const char *text)
{
  g_autofree char *host = g_strndup (text, strcspn (text, "/?#"));
  char *colon;

  if (*host == '[')
    return TRUE;
  colon = strrchr (host, ':');
  if (colon != NULL)
    *colon = '\0';
  return g_ascii_strcasecmp (host, "localhost") == 0 || g_hostname_is_ip_address (host) ||
         g_str_has_suffix (host, ".local");
}

static char *
trim_path (const char *path)
{
  gsize length = strlen (path);

  while (length > 0 && path[length - 1] == '/')
    length--;
  return g_strndup (path, length);
}

GUri *
sc_base_url_parse (const char  *base_url,
                   GError     **error)
{
  g_autofree char *text = g_strstrip (g_strdup (base_url != NULL ? base_url : ""));
  g_autofree char *absolute = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GUri) uri = NULL;

  if (*text == '\0')
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                           _("The provider has no address yet."));
      return NULL;
    }
  if (strstr (text, "://") != NULL)
    absolute = g_steal_pointer (&text);
  else
    absolute = g_strconcat (is_local_or_numeric (text) ? "http://" : "https://", text, NULL);
  uri = g_uri_parse (absolute, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 &&
       strcmp (g_uri_get_scheme (uri), "https") != 0 &&
       strcmp (g_uri_get_scheme (uri), "ws") != 0 && strcmp (g_uri_get_scheme (uri), "wss") != 0))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” is not an address of a server."), base_url);
      return NULL;
    }
  path = trim_path (g_uri_get_path (uri));
  return g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                      g_uri_get_host (uri), g_uri_get_port (uri), path, g_uri_get_query (uri),
                      NULL);
}

/* `v1`, `v1beta`, `v2alpha1` …: a letter v, digits, then letters and digits. */
static gboolean
is_version (const char *segment)
{
  if ((*segment != 'v' && *segment != 'V') || !g_ascii_isdigit (segment[1]))
    return FALSE;
  for (segment++; *segment != '\0'; segment++)
    if (!g_ascii_isalnum (*segment))
      return FALSE;
  return TRUE;
}

static gboolean
has_version (GUri *uri)
{
  g_auto (GStrv) segments = g_strsplit (g_uri_get_path (uri), "/", -1);
  const char *query = g_uri_get_query (uri);
  guint n = g_strv_length (segments);

  for (guint i = 0; i < n; i++)
    if (is_version (segments[i]))
      return TRUE;
  /* The classic surface of Azure says its version in the query. */
  if (query != NULL && strstr (query, "api-version=") != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (hosts_without_version); i++)
    if (g_ascii_strcasecmp (g_uri_get_host (uri), hosts_without_version[i]) == 0)
      return TRUE;
  for (guint i = 0; n > 0 && i < G_N_ELEMENTS (segments_without_version); i++)
    if (strcmp (segments[n - 1], segments_without_version[i]) == 0)
      return TRUE;
  return FALSE;
}

char *
sc_base_url_join (const char  *base_url,
                  const char  *version,
                  const char  *path,
                  GError     **error)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, error);
  g_autoptr (GUri) joined = NULL;
  g_autofree char *tail = g_strconcat ("/", path, NULL);
  g_autofree char *full = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (uri == NULL)
    return NULL;
  if (g_str_has_suffix (g_uri_get_path (uri), tail))
    full = g_strdup (g_uri_get_path (uri));
  else if (version != NULL && !has_version (uri))
    full = g_strconcat (g_uri_get_path (uri), "/", version, tail, NULL);
  else
    full = g_strconcat (g_uri_get_path (uri), tail, NULL);
  joined =
    g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                 g_uri_get_host (uri), g_uri_get_port (uri), full, g_uri_get_query (uri), NULL);
  return g_uri_to_string (joined);
}

char *
sc_base_url_strip (const char *base_url,
                   const char *path)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, NULL);
  g_autoptr (GUri) stripped = NULL;
  g_autofree char *tail = g_strconcat ("/", path, NULL);
  g_autofree char *start = NULL;
  const char *whole;

  if (uri == NULL || !g_str_has_suffix (g_uri_get_path (uri), tail))
    return g_strdup (base_url != NULL ? base_url : "");
  whole = g_uri_get_path (uri);
  start = g_strndup (whole, strlen (whole) - strlen (tail));
  stripped =
    g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri),
                 g_uri_get_host (uri), g_uri_get_port (uri), start, g_uri_get_query (uri), NULL);
  return g_uri_to_string (stripped);
}

char *
sc_base_url_strip_any (const char         *base_url,
                       const char * const *paths)
{
  for (; *paths != NULL; paths++)
    {
      g_autofree char *stripped = sc_base_url_strip (base_url, *paths);

      if (g_strcmp0 (stripped, base_url) != 0)
        return g_steal_pointer (&stripped);
    }
  return g_strdup (base_url);
}

gboolean
sc_base_url_is_host (const char *base_url,
                     const char *suffix)
{
  g_autoptr (GUri) uri = sc_base_url_parse (base_url, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  gsize length = strlen (suffix);

  if (host == NULL)
    return FALSE;
  if (*suffix != '.')
    return g_ascii_strcasecmp (host, suffix) == 0;
  return strlen (host) > length && g_ascii_strcasecmp (host + strlen (host) - length, suffix) == 0;
}

char *
sc_base_url_to_http (const char *base_url)
{
  g_autofree char *text = g_strstrip (g_strdup (base_url != NULL ? base_url : ""));

  if (g_ascii_strncasecmp (text, "ws://", 5) == 0)
    return g_strconcat ("http://", text + 5, NULL);
  if (g_ascii_strncasecmp (text, "wss://", 6) == 0)
    return g_strconcat ("https://", text + 6, NULL);
  return g_steal_pointer (&text);
}

char *
sc_base_url_to_websocket (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  if (g_str_has_prefix (url, "http://"))
    return g_strconcat ("ws://", url + 7, NULL);
  if (g_str_has_prefix (url, "https://"))
    return g_strconcat ("wss://", url + 8, NULL);
  return g_strdup (url);
}
