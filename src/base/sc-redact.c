/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps keys out of texts. Hand-written scanning instead of regular expressions: linear on any input. */

#include "config.h"

#include "sc-redact.h"

#include <string.h>

#define MIN_KEY_LENGTH   4
#define MIN_SHAPE_LENGTH 16

/* So much of the key at the end of a text that was cut is the key, and so much of it in base64. */
#define MIN_PART_LENGTH 8
#define MIN_CODE_LENGTH 8

/* base64 packs three bytes into four letters. */
#define N_CODES 3

/* @codes: what base64 makes of the key behind 0, 1 and 2 other bytes, without the letters that the
 * bytes beside it have a part in; NULL where the key is too short for that */
typedef struct
{
  const char *key;
  gsize       length;
  char       *codes[N_CODES];
} Secret;

/* @lines: the secrets' own memory, a string each */
typedef struct
{
  char   **lines;
  Secret  *list;
  guint    n;
} Secrets;

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

static void
secret_init (Secret     *self,
             const char *key)
{
  self->key = key;
  self->length = strlen (key);
  for (gsize before = 0; before < N_CODES; before++)
    {
      g_autofree char *plain = NULL;
      g_autofree char *code = NULL;
      gsize n_plain = (before + self->length) / 3 * 3;
      gsize n_shared = before > 0 ? 4 : 0;

      self->codes[before] = NULL;
      if (self->length == 0 || n_plain / 3 * 4 < n_shared + MIN_CODE_LENGTH)
        continue;
      plain = g_strconcat (&"::"[2 - before], key, NULL);
      code = g_base64_encode ((const guchar *) plain, n_plain);
      self->codes[before] = g_strdup (code + n_shared);
    }
}

static void
secrets_init (Secrets    *self,
              const char *keys)
{
  guint n_lines;

  self->lines = g_strsplit (keys != NULL ? keys : "", "\n", -1);
  n_lines = g_strv_length (self->lines);
  self->list = g_new0 (Secret, n_lines + 1);
  for (guint i = 0; i < n_lines; i++)
    {
      g_strstrip (self->lines[i]);
      if (strlen (self->lines[i]) >= MIN_KEY_LENGTH)
        secret_init (&self->list[self->n++], self->lines[i]);
    }
}

static void
secrets_clear (Secrets *self)
{
  for (guint i = 0; i < self->n; i++)
    for (gsize j = 0; j < N_CODES; j++)
      g_free (self->list[i].codes[j]);
  g_free (self->list);
  for (guint i = 0; self->lines != NULL && self->lines[i] != NULL; i++)
    explicit_bzero (self->lines[i], strlen (self->lines[i]));
  g_strfreev (self->lines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Secrets, secrets_clear)

static int
read_hex (const char *digits,
          gsize       n)
{
  int value = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isxdigit (digits[i]))
        return -1;
      value = value * 16 + g_ascii_xdigit_value (digits[i]);
    }
  return value;
}

/* The character that an escape of JSON, of an address or of HTML at @text stands for, and its
 * length; -1 if there is none. */
static int
read_escape (const char *text,
             gsize      *length)
{
  char *end;
  int value = -1;

  *length = 0;
  if (text[0] == '%')
    {
      value = read_hex (text + 1, 2);
      *length = 3;
    }
  else if (text[0] == '\\' && text[1] == 'u')
    {
      value = read_hex (text + 2, 4);
      *length = 6;
    }
  else if (text[0] == '\\' && text[1] != '\0' && strchr ("\"\\/", text[1]) != NULL)
    {
      value = text[1];
      *length = 2;
    }
  else if (g_str_has_prefix (text, "&amp;"))
    {
      value = '&';
      *length = strlen ("&amp;");
    }
  else if (text[0] == '&' && text[1] == '#' && g_ascii_isdigit (text[2]))
    {
      value = (int) g_ascii_strtoull (text + 2, &end, 10);
      *length = (gsize) (end - text) + 1;
      if (*end != ';')
        value = -1;
    }
  return value;
}

/* How many bytes at @text say the key, escaped or not; 0 if they do not. A text that was cut may
 * end in the middle of it. */
static gsize
match_key (const char   *text,
           const Secret *secret)
{
  const char *at = text;
  gsize n = 0;

  /* What looks like an escape may be a part of the key. */
  if (strncmp (text, secret->key, secret->length) == 0)
    return secret->length;
  for (; n < secret->length && *at != '\0'; n++)
    {
      gsize length;

      if (read_escape (at, &length) == (guchar) secret->key[n])
        at += length;
      else if (*at == secret->key[n])
        at++;
      else
        break;
    }
  if (n == secret->length)
    return (gsize) (at - text);
  if (n >= MIN_PART_LENGTH && (*at == '\0' || g_str_has_prefix (at, "…")))
    return (gsize) (at - text);
  return 0;
}

/* How many bytes at the start of @text are the end of a key that was cut before it. */
static gsize
match_end_of_key (const char   *text,
                  const Secret *secret)
{
  for (gsize skip = 1; skip + MIN_PART_LENGTH <= secret->length; skip++)
    {
      const Secret part = { .key = secret->key + skip, .length = secret->length - skip };
      gsize length = match_key (text, &part);

      if (length > 0)
        return length;
    }
  return 0;
}

/* Both alphabets of RFC 4648. */
static char
to_base64 (char c)
{
  return c == '-' ? '+' : c == '_' ? '/' : c;
}

static gboolean
is_base64 (char c)
{
  c = to_base64 (c);
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '=';
}

/* The same for base64. */
static gsize
match_code (const char   *text,
            const Secret *secret)
{
  for (gsize i = 0; i < N_CODES; i++)
    {
      const char *code = secret->codes[i];
      gsize n = 0;

      while (code != NULL && code[n] != '\0' && to_base64 (text[n]) == code[n])
        n++;
      if (code == NULL || code[n] != '\0')
        continue;
      while (is_base64 (text[n]))
        n++;
      return n;
    }
  return 0;
}

/* What stands before the key in the same piece of base64 says a part of it. */
static void
drop_code_before (GString *out)
{
  gsize n = out->len;

  while (n > 0 && is_base64 (out->str[n - 1]))
    n--;
  g_string_truncate (out, n);
}

/* How many bytes at @text say any of the secrets: the most, where one begins with another. */
static gsize
match_keys (const char    *text,
            const Secrets *secrets,
            gboolean       is_start)
{
  gsize longest = 0;

  for (guint i = 0; i < secrets->n; i++)
    {
      gsize length = match_key (text, &secrets->list[i]);

      if (length == 0 && is_start)
        length = match_end_of_key (text, &secrets->list[i]);
      longest = MAX (longest, length);
    }
  return longest;
}

static gsize
match_codes (const char    *text,
             const Secrets *secrets)
{
  gsize longest = 0;

  for (guint i = 0; i < secrets->n; i++)
    {
      gsize length = match_code (text, &secrets->list[i]);

      longest = MAX (longest, length);
    }
  return longest;
}

char *
sc_redact_text (const char *text,
                const char *keys)
{
  GString *out;
  g_auto (Secrets) secrets = { NULL };
  gboolean is_behind_secret = FALSE;

  if (text == NULL)
    return NULL;
  secrets_init (&secrets, keys);
  out = g_string_sized_new (strlen (text) + 1);
  for (const char *at = text; *at != '\0';)
    {
      gsize keep = 0;
      gboolean at_word = at == text || is_behind_secret || !is_key_char (at[-1]) ||
                         at[-1] == '=' || at[-1] == '/';
      gsize length = match_keys (at, &secrets, at == text);

      if (length == 0 && at_word)
        length = match_shape (at, &keep);
      if (length == 0)
        {
          length = match_codes (at, &secrets);
          if (length > 0)
            drop_code_before (out);
        }
      is_behind_secret = length > 0;
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

char *
sc_redact_dup_query_secrets (const char *url)
{
  GString *out = g_string_new (NULL);
  const char *query = url != NULL ? strchr (url, '?') : NULL;

  while (query != NULL && *query != '\0' && *query != '#')
    {
      gsize length = strcspn (++query, "&#");
      const char *equals = memchr (query, '=', length);

      if (equals != NULL && is_secret_parameter (query, (gsize) (equals - query)))
        {
          g_autofree char *value = g_strndup (equals + 1, (gsize) (query + length - equals - 1));
          g_autofree char *plain = g_uri_unescape_string (value, NULL);

          g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", plain != NULL ? plain : value);
        }
      query += length;
    }
  return g_string_free (out, FALSE);
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
