/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One profile to and from its relocatable schema. Never touches the key: that belongs into the
   keyring. */

#include "config.h"

#include "sc-settings-private.h"

#include <stddef.h>

/* dconf takes longer ones, but nothing that we make is longer than a UUID */
#define MAX_ID_LENGTH 64

typedef struct
{
  const char *key;
  size_t      offset;
} Field;

/* Required strings are "" where nothing is set, optional ones NULL. */
static const Field required_strings[] =
{
  { "name", offsetof (ScProfile, name) },
  { "protocol", offsetof (ScProfile, protocol) },
  { "base-url", offsetof (ScProfile, base_url) },
};

static const Field optional_strings[] =
{
  { "model", offsetof (ScProfile, model) },
  { "service", offsetof (ScProfile, service) },
  { "api-version", offsetof (ScProfile, api_version) },
  { "system-prompt", offsetof (ScProfile, system_prompt) },
  { "parameters", offsetof (ScProfile, parameters) },
  { "proxy-url", offsetof (ScProfile, proxy_url) },
  { "pinned-fingerprint", offsetof (ScProfile, pinned_fingerprint) },
};

static const Field clocks[] =
{
  { "connect-timeout-ms", offsetof (ScProfile, timeouts.connect_ms) },
  { "first-byte-timeout-ms", offsetof (ScProfile, timeouts.first_byte_ms) },
  { "idle-timeout-ms", offsetof (ScProfile, timeouts.idle_ms) },
  { "data-timeout-ms", offsetof (ScProfile, timeouts.data_ms) },
  { "quiet-notice-ms", offsetof (ScProfile, timeouts.quiet_ms) },
};

static const char *const proxy_nicks[] = { "system", "none", "manual" };

static char **
get_string_field (const ScProfile *profile,
                  const Field     *field)
{
  return (char **) ((char *) profile + field->offset);
}

static guint *
get_clock (const ScProfile *profile,
           const Field     *field)
{
  return (guint *) ((char *) profile + field->offset);
}

static void
read_string (GSettings   *settings,
             const Field *field,
             gboolean     may_be_null,
             ScProfile   *profile)
{
  g_autofree char *value = g_settings_get_string (settings, field->key);
  char **place = get_string_field (profile, field);

  g_free (*place);
  *place = may_be_null && *value == '\0' ? NULL : g_steal_pointer (&value);
}

static ScProxyMode
read_proxy_mode (GSettings *settings)
{
  g_autofree char *nick = g_settings_get_string (settings, "proxy-mode");

  for (guint i = 0; i < G_N_ELEMENTS (proxy_nicks); i++)
    if (g_str_equal (nick, proxy_nicks[i]))
      return (ScProxyMode) i;
  return SC_PROXY_SYSTEM;
}

/* A path is bytes, a setting is UTF-8: a path that is not UTF-8 is stored as its URI. */
static char *
read_path (GSettings  *settings,
           const char *key)
{
  g_autofree char *value = g_settings_get_string (settings, key);
  char *path;

  if (*value == '\0')
    return NULL;
  if (!g_str_has_prefix (value, "file:"))
    return g_steal_pointer (&value);
  path = g_filename_from_uri (value, NULL, NULL);
  return path != NULL ? path : g_steal_pointer (&value);
}

static char *
path_to_setting (const char *path)
{
  char *uri;

  if (path == NULL || g_utf8_validate (path, -1, NULL))
    return g_strdup (path != NULL ? path : "");
  uri = g_filename_to_uri (path, NULL, NULL);
  return uri != NULL ? uri : g_utf8_make_valid (path, -1);
}

static void
write_value (GSettings  *settings,
             const char *key,
             GVariant   *value)
{
  g_autoptr (GVariant) wanted = g_variant_ref_sink (value);
  g_autoptr (GVariant) present = g_settings_get_value (settings, key);

  /* What equals the default stays unset, so that a better default of a later version reaches it. */
  if (!g_variant_equal (wanted, present))
    g_settings_set_value (settings, key, wanted);
}

static void
write_string (GSettings  *settings,
              const char *key,
              const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  write_value (settings, key, g_variant_new_string (valid));
}

static void
write_headers (GSettings  *settings,
               char      **headers)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (char **header = headers; header != NULL && *header != NULL; header++)
    {
      g_autofree char *valid = g_utf8_make_valid (*header, -1);

      g_variant_builder_add (&builder, "s", valid);
    }
  write_value (settings, "headers", g_variant_builder_end (&builder));
}

gboolean
sc_settings_is_valid_profile_id (const char *id)
{
  if (id == NULL || *id == '\0' || strlen (id) > MAX_ID_LENGTH)
    return FALSE;
  for (const char *p = id; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_' && *p != '.')
      return FALSE;
  return TRUE;
}

ScProfile *
sc_settings_read_profile (const char *id,
                          GSettings  *settings)
{
  g_autoptr (ScProfile) profile = sc_profile_new (id);

  for (guint i = 0; i < G_N_ELEMENTS (required_strings); i++)
    read_string (settings, &required_strings[i], FALSE, profile);
  for (guint i = 0; i < G_N_ELEMENTS (optional_strings); i++)
    read_string (settings, &optional_strings[i], TRUE, profile);
  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    *get_clock (profile, &clocks[i]) = MIN (g_settings_get_uint (settings, clocks[i].key),
                                            SC_SETTINGS_MAX_TIMEOUT_MS);
  g_clear_pointer (&profile->headers, g_strfreev);
  profile->headers = g_settings_get_strv (settings, "headers");
  if (profile->headers[0] == NULL)
    g_clear_pointer (&profile->headers, g_strfreev);
  profile->stream = g_settings_get_boolean (settings, "stream");
  profile->retries = MIN (g_settings_get_uint (settings, "retries"), SC_SETTINGS_MAX_RETRIES);
  profile->proxy_mode = read_proxy_mode (settings);
  g_free (profile->ca_file);
  profile->ca_file = read_path (settings, "ca-file");
  return g_steal_pointer (&profile);
}

void
sc_settings_write_profile (const ScProfile *profile,
                           GSettings       *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) writer = NULL;
  g_autofree char *path = NULL;
  g_autofree char *ca_file = path_to_setting (profile->ca_file);

  /* Delaying cannot be switched off again: a second object of the same path collects the
   * transaction. */
  g_object_get (settings, "settings-schema", &schema, "path", &path, NULL);
  writer = g_settings_new_full (schema, NULL, path);
  g_settings_delay (writer);

  for (guint i = 0; i < G_N_ELEMENTS (required_strings); i++)
    write_string (writer, required_strings[i].key,
                  *get_string_field (profile, &required_strings[i]));
  for (guint i = 0; i < G_N_ELEMENTS (optional_strings); i++)
    write_string (writer, optional_strings[i].key,
                  *get_string_field (profile, &optional_strings[i]));
  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    write_value (writer, clocks[i].key, g_variant_new_uint32 (*get_clock (profile, &clocks[i])));
  write_headers (writer, profile->headers);
  write_value (writer, "stream", g_variant_new_boolean (profile->stream));
  write_value (writer, "retries", g_variant_new_uint32 (profile->retries));
  write_value (writer, "proxy-mode",
               g_variant_new_string (proxy_nicks[MIN (profile->proxy_mode,
                                                      G_N_ELEMENTS (proxy_nicks) - 1)]));
  write_string (writer, "ca-file", ca_file);
  g_settings_apply (writer);
}
