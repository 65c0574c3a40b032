/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Judges what is typed into the provider editor. Knows no widget, so that every rule can be
 * tested by a table. */

#include "config.h"

#include "sc-provider-check.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-error.h"
#include "sc-profile.h"
#include "sc-redact.h"

#define FINGERPRINT_GROUP 4

static gboolean
is_one_of (const char         *word,
           const char * const *words)
{
  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (word, words[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_white_space (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        return TRUE;
    }
  return FALSE;
}

/* Everything that an address of a server and one of a proxy have in common. */
static GUri *
parse_address (const char          *address,
               const char * const  *schemes,
               const char          *wanted,
               char               **message)
{
  g_autoptr (GUri) uri = NULL;

  if (has_white_space (address))
    {
      *message = g_strdup (_("The address has a space in it."));
      return NULL;
    }

  /* "localhost:11434" is a valid URI with the scheme "localhost"; what people mean is a host. */
  if (strstr (address, "://") == NULL)
    {
      *message = g_strdup (wanted);
      return NULL;
    }

  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL)
    {
      *message = g_strdup (_("This is not a complete address."));
      return NULL;
    }
  if (!is_one_of (g_uri_get_scheme (uri), schemes))
    {
      *message = g_strdup (wanted);
      return NULL;
    }
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      *message = g_strdup (_("The address names no server."));
      return NULL;
    }
  return g_steal_pointer (&uri);
}

static gboolean
is_local_address (const char *address)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("check");

  sc_profile_set (&profile->base_url, address);
  return sc_profile_is_local (profile);
}

ScCheck
sc_provider_check_address (const char  *address,
                           gboolean     has_key,
                           char       **message)
{
  static const char * const schemes[] = { "https", "http", NULL };
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, SC_CHECK_BAD);
  g_return_val_if_fail (message != NULL, SC_CHECK_BAD);

  *message = NULL;
  if (*address == '\0')
    {
      *message = g_strdup (_("Enter the address of the server, for example "
                              "https://example.com/v1."));
      return SC_CHECK_BAD;
    }

  uri = parse_address (address, schemes, _("The address begins with https:// or http://."),
                       message);
  if (uri == NULL)
    return SC_CHECK_BAD;

  if (g_uri_get_userinfo (uri) != NULL)
    {
      *message = g_strdup (_("Leave name and password out of the address: they would not be kept "
                              "in the keyring."));
      return SC_CHECK_BAD;
    }
  if (has_key && g_ascii_strcasecmp (g_uri_get_scheme (uri), "http") == 0
      && !is_local_address (address))
    {
      *message = g_strdup (_("The connection is not encrypted: others on the network can read the "
                              "key and the conversation."));
      return SC_CHECK_WARNING;
    }
  return SC_CHECK_GOOD;
}

ScCheck
sc_provider_check_proxy (const char  *address,
                         char       **message)
{
  static const char * const schemes[] =
    { "http", "https", "socks5", "socks4a", "socks4", "socks", NULL };
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, SC_CHECK_BAD);
  g_return_val_if_fail (message != NULL, SC_CHECK_BAD);

  *message = NULL;
  if (*address == '\0')
    {
      *message = g_strdup (_("Enter the address of the proxy, for example "
                              "socks5://127.0.0.1:1080."));
      return SC_CHECK_BAD;
    }
  uri = parse_address (address, schemes,
                       _("The address of a proxy begins with http:// or socks5://."), message);
  return uri != NULL ? SC_CHECK_GOOD : SC_CHECK_BAD;
}

/* RFC 9110 5.6.2: a field name is a token. */
static gboolean
is_token (const char *text,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i])
          && (text[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", text[i]) == NULL))
        return FALSE;
    }
  return length > 0;
}

static gboolean
has_control_character (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p) && *p != '\t')
        return TRUE;
    }
  return FALSE;
}

static ScCheck
check_header_line (const char  *line,
                   char       **message)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;

  if (colon == NULL || !is_token (line, (gsize) (colon - line)) || has_control_character (line))
    {
      /* Translators: %s is a line that somebody typed */
      *message = g_strdup_printf (_("“%s” is not of the form “Name: value”."), line);
      return SC_CHECK_BAD;
    }

  name = g_strndup (line, (gsize) (colon - line));
  if (sc_redact_is_secret_header (name))
    {
      /* Translators: %s is the name of an HTTP header */
      *message = g_strdup_printf (_("“%s” may hold a secret. Headers are kept with the settings, not "
                                    "in the keyring."),
                                  name);
      return SC_CHECK_WARNING;
    }
  return SC_CHECK_GOOD;
}

ScCheck
sc_provider_parse_headers (const char   *text,
                           char       ***headers,
                           char        **message)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;
  ScCheck verdict = SC_CHECK_GOOD;
  gsize n_headers = 0;

  g_return_val_if_fail (text != NULL, SC_CHECK_BAD);
  g_return_val_if_fail (headers != NULL, SC_CHECK_BAD);
  g_return_val_if_fail (message != NULL, SC_CHECK_BAD);

  *headers = NULL;
  *message = NULL;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      g_autofree char *note = NULL;
      ScCheck check;

      if (*line == '\0')
        continue;

      check = check_header_line (line, &note);
      if (check > verdict)
        {
          g_free (*message);
          *message = g_steal_pointer (&note);
          verdict = check;
        }
      if (check == SC_CHECK_BAD)
        return SC_CHECK_BAD;
      g_strv_builder_add (builder, line);
      n_headers++;
    }

  if (n_headers > 0)
    *headers = g_strv_builder_end (builder);
  return verdict;
}

char *
sc_provider_format_fingerprint (const char *fingerprint)
{
  GString *out = g_string_new (NULL);
  gsize n_digits = 0;

  g_return_val_if_fail (fingerprint != NULL, g_string_free (out, FALSE));

  for (const char *p = fingerprint; *p != '\0'; p++)
    {
      if (!g_ascii_isxdigit (*p))
        continue;
      if (n_digits > 0 && n_digits % FINGERPRINT_GROUP == 0)
        g_string_append_c (out, ' ');
      g_string_append_c (out, g_ascii_toupper (*p));
      n_digits++;
    }
  return g_string_free (out, FALSE);
}

char *
sc_provider_dup_host (const char *address)
{
  g_autoptr (GUri) uri = NULL;
  const char *host;

  if (address == NULL)
    return g_strdup ("");

  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || *host == '\0')
    return g_strdup (address);
  if (g_uri_get_port (uri) > 0)
    return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host,
                            g_uri_get_port (uri));
  return g_strdup (host);
}

const char *
sc_provider_describe_test_error (int kind)
{
  switch ((ScError) kind)
    {
    case SC_ERROR_AUTH:
      return _("Check the key above.");
    case SC_ERROR_QUOTA:
      return _("Look at your account on the provider’s page.");
    case SC_ERROR_RATE_LIMIT:
    case SC_ERROR_OVERLOADED:
    case SC_ERROR_SERVER:
      return _("Try again in a moment.");
    case SC_ERROR_TLS:
      return _("A certificate file can be set under Network.");
    case SC_ERROR_TIMEOUT:
      return _("Check the address, or allow more time under Waiting.");
    case SC_ERROR_PROTOCOL:
    case SC_ERROR_INTERRUPTED:
      return _("The protocol can be set under Answers.");
    case SC_ERROR_NETWORK:
    case SC_ERROR_NOT_FOUND:
    case SC_ERROR_INVALID_REQUEST:
    case SC_ERROR_KEYRING:
      /* The errors of these kinds say themselves what to look at. */
    case SC_ERROR_CANCELLED:
    case SC_ERROR_STORAGE:
    default:
      return "";
    }
}

gboolean
sc_provider_blames_address (int kind)
{
  return kind == SC_ERROR_NETWORK || kind == SC_ERROR_NOT_FOUND || kind == SC_ERROR_PROTOCOL
         || kind == SC_ERROR_INTERRUPTED || kind == SC_ERROR_TIMEOUT || kind == SC_ERROR_TLS;
}
