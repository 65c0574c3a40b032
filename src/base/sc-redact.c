/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps keys out of texts. Hand-written scanning instead of regular expressions: linear on any input. */

#include "config.h"

#include "sc-redact.h"

#include <string.h>

#define MIN_KEY_LENGTH   4
#define MIN_SHAPE_LENGTH 16

/* Prefixes of keys as vendors make them; what follows must be long enough to be one. */
static const char *const key_prefixes[] = {
  "sk-", "gsk_", "AIza", "hf_", "xai-", "ya29.", "pplx-", "csk-", "fw_", "r8_", "tgp_",
};

static const char *const secret_parameters[] = {
  "key", "api_key", "api-key", "apikey", "access_token", "token", "sig", "signature", "secret",
  "password", "auth", "client_secret", "refresh_token",
};

static gboolean
is_key_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '.' || c == '+' || c == '/' ||
         c == '=' || c == '~';
}

static gsize
measure_key (const char *text)
{
  gsize length = 0;

  while (is_key_char (text[length]))
    length++;
  return length;
}

/* How many bytes at @text are a secret by their shape, and how many before them stay. */
static gsize
match_shape (const char *text,
             gsize      *keep)
{
  *keep = 0;
  for (guint i = 0; i < G_N_ELEMENTS (key_prefixes); i++)
    if (g_str_has_prefix (text, key_prefixes[i]))
      {
        gsize length = measure_key (text);

        return length >= MIN_SHAPE_LENGTH ? length : 0;
      }
  if (g_ascii_strncasecmp (text, "Bearer ", 7) == 0)
    *keep = 7;
  else if (g_ascii_strncasecmp (text, "Basic ", 6) == 0)
    *keep = 6;
  else
    return 0;
  /* "Basic usage" and "bearer of news" are words, not credentials. */
  return measure_key (text + *keep) >= MIN_SHAPE_LENGTH / 2 ? measure_key (text + *keep) : 0;
}

char *
sc_redact_text (const char *text,
                const char *key)
{
  GString *out;
  gsize key_length;

  if (text == NULL)
    return NULL;
  key_length = key != NULL ? strlen (key) : 0;
  out = g_string_sized_new (strlen (text) + 1);
  for (const char *at = text; *at != '\0';)
    {
      gsize keep = 0;
      gsize length = 0;
      gboolean at_word = at == text || !is_key_char (at[-1]) || at[-1] == '=' || at[-1] == '/';

      if (key_length >= MIN_KEY_LENGTH && strncmp (at, key, key_length) == 0)
        length = key_length;
      else if (at_word)
        length = match_shape (at, &keep);
      if (length == 0)
        {
          g_string_append_c (out, *at++);
          continue;
        }
      g_string_append_len (out, at, (gssize) keep);
      g_string_append (out, SC_REDACTED);
      at += keep + length;
    }
  return g_string_free (out, FALSE);
}

static gboolean
is_secret_parameter (const char *name,
                     gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret_parameters); i++)
    if (strlen (secret_parameters[i]) == length &&
        g_ascii_strncasecmp (name, secret_parameters[i], length) == 0)
      return TRUE;
  return FALSE;
}

static void
append_query (GString    *out,
              const char *query)
{
  while (*query != '\0')
    {
      gsize length = strcspn (query, "&#");
      const char *equals = memchr (query, '=', length);

      if (equals != NULL && is_secret_parameter (query, (gsize) (equals - query)))
        {
          g_string_append_len (out, query, equals - query + 1);
          g_string_append (out, SC_REDACTED);
        }
      else
        g_string_append_len (out, query, (gssize) length);
      query += length;
      if (*query == '#')
        {
          g_string_append (out, query);
          return;
        }
      if (*query == '&')
        g_string_append_c (out, *query++);
    }
}

char *
sc_redact_url (const char *url)
{
  GString *out;
  const char *scheme_end;
  const char *authority;
  const char *at_sign = NULL;
  const char *rest;
  gsize length;

  if (url == NULL)
    return NULL;
  out = g_string_new (NULL);
  scheme_end = strstr (url, "://");
  authority = scheme_end != NULL ? scheme_end + 3 : url;
  length = strcspn (authority, "/?#");
  for (gsize i = 0; i < length; i++)
    if (authority[i] == '@')
      at_sign = authority + i;
  g_string_append_len (out, url, authority - url);
  if (at_sign != NULL)
    g_string_append (out, SC_REDACTED "@");
  rest = at_sign != NULL ? at_sign + 1 : authority;
  length = strcspn (rest, "?");
  g_string_append_len (out, rest, (gssize) length);
  rest += length;
  if (*rest == '?')
    {
      g_string_append_c (out, *rest++);
      append_query (out, rest);
    }
  return g_string_free (out, FALSE);
}

gboolean
sc_redact_is_secret_header (const char *name)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  lower = g_ascii_strdown (name, -1);
  return strcmp (lower, "authorization") == 0 || strcmp (lower, "proxy-authorization") == 0 ||
         strcmp (lower, "cookie") == 0 || strcmp (lower, "set-cookie") == 0 ||
         strstr (lower, "token") != NULL || strstr (lower, "secret") != NULL ||
         strstr (lower, "key") != NULL;
}
