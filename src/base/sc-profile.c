/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Profiles of providers: a plain value. */

#include "config.h"

#include "sc-profile.h"

#include "sc-host.h"
#include "sc-redact.h"

#include <gio/gio.h>
#include <string.h>

/* Shorter ones are words that occur anywhere. */
#define MIN_HEADER_SECRET 8

static void
add_secret (GString    *secrets,
            const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (secrets->len > 0)
    g_string_append_c (secrets, '\n');
  g_string_append (secrets, text);
}

/* Whatever somebody writes into a header line by hand is mostly there to get in. */
static void
add_header_secret (GString    *secrets,
                   const char *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = colon != NULL ? g_strndup (line, (gsize) (colon - line)) : NULL;
  g_autofree char *value = colon != NULL ? g_strstrip (g_strdup (colon + 1)) : NULL;
  const char *space;

  if (value == NULL)
    return;
  if (strlen (value) >= MIN_HEADER_SECRET || sc_redact_is_secret_header (g_strstrip (name)))
    add_secret (secrets, value);
  /* `Bearer abc`: the second word counts without the first, too. */
  space = strrchr (value, ' ');
  if (space != NULL && sc_redact_is_secret_header (name))
    add_secret (secrets, space + 1);
  explicit_bzero (value, strlen (value));
}

static void
add_address_secrets (GString    *secrets,
                     const char *address)
{
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD, NULL) : NULL;
  g_autofree char *query = sc_redact_dup_query_secrets (address);

  if (uri != NULL)
    add_secret (secrets, g_uri_get_password (uri));
  add_secret (secrets, query);
}

ScProfile *
sc_profile_new (const char *id)
{
  ScProfile *self = g_new0 (ScProfile, 1);

  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->name = g_strdup ("");
  self->protocol = g_strdup ("");
  self->base_url = g_strdup ("");
  self->stream = TRUE;
  self->retries = 2;
  self->timeouts = (ScTimeouts){
    .connect_ms = SC_CONNECT_TIMEOUT_MS,
    .first_byte_ms = SC_FIRST_BYTE_TIMEOUT_MS,
    .idle_ms = SC_IDLE_TIMEOUT_MS,
    .data_ms = SC_DATA_TIMEOUT_MS,
    .quiet_ms = SC_QUIET_NOTICE_MS,
  };
  return self;
}

ScProfile *
sc_profile_copy (const ScProfile *self)
{
  ScProfile *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ScProfile, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->protocol = g_strdup (self->protocol);
  copy->base_url = g_strdup (self->base_url);
  copy->model = g_strdup (self->model);
  copy->key = g_strdup (self->key);
  copy->service = g_strdup (self->service);
  copy->api_version = g_strdup (self->api_version);
  copy->headers = g_strdupv (self->headers);
  copy->system_prompt = g_strdup (self->system_prompt);
  copy->parameters = g_strdup (self->parameters);
  copy->proxy_url = g_strdup (self->proxy_url);
  copy->ca_file = g_strdup (self->ca_file);
  copy->pinned_fingerprint = g_strdup (self->pinned_fingerprint);
  return copy;
}

void
sc_profile_free (ScProfile *self)
{
  if (self == NULL)
    return;
  if (self->key != NULL)
    explicit_bzero (self->key, strlen (self->key));
  g_free (self->key);
  g_free (self->id);
  g_free (self->name);
  g_free (self->protocol);
  g_free (self->base_url);
  g_free (self->model);
  g_free (self->service);
  g_free (self->api_version);
  g_strfreev (self->headers);
  g_free (self->system_prompt);
  g_free (self->parameters);
  g_free (self->proxy_url);
  g_free (self->ca_file);
  g_free (self->pinned_fingerprint);
  g_free (self);
}

void
sc_profile_set (char       **field,
                const char  *value)
{
  char *copy;

  g_return_if_fail (field != NULL);

  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
}

char *
sc_profile_dup_secrets (const ScProfile *self)
{
  GString *secrets = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, g_string_free (secrets, FALSE));

  add_secret (secrets, self->key);
  for (guint i = 0; self->headers != NULL && self->headers[i] != NULL; i++)
    add_header_secret (secrets, self->headers[i]);
  add_address_secrets (secrets, self->base_url);
  add_address_secrets (secrets, self->proxy_url);

  return g_string_free (secrets, FALSE);
}

gboolean
sc_profile_is_local (const ScProfile *self)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  uri = g_uri_parse (self->base_url, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && sc_host_is_here (g_uri_get_host (uri));
}
