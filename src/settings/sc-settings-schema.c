/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the schemas without ever risking GSettings' abort on one that is missing or of another
   version. */

#include "config.h"

#include "sc-settings-private.h"

typedef struct
{
  const char *name;
  const char *type;
} Key;

static const Key main_keys[] =
{
  { "color-scheme", "s" },
  { "enter-sends", "b" },
  { "follow-answers", "b" },
  { "show-usage", "b" },
  { "wrap-code", "b" },
  { "zoom", "d" },
  { "demo-offered", "b" },
  { "sidebar-visible", "b" },
  { "window-width", "i" },
  { "window-height", "i" },
  { "window-maximized", "b" },
  { "providers", "as" },
  { "default-provider", "s" },
  { "recent-models", "as" },
  { "prices", "as" },
  { NULL, NULL },
};

static const Key provider_keys[] =
{
  { "name", "s" },
  { "protocol", "s" },
  { "base-url", "s" },
  { "model", "s" },
  { "service", "s" },
  { "api-version", "s" },
  { "headers", "as" },
  { "system-prompt", "s" },
  { "parameters", "s" },
  { "stream", "b" },
  { "retries", "u" },
  { "connect-timeout-ms", "u" },
  { "first-byte-timeout-ms", "u" },
  { "idle-timeout-ms", "u" },
  { "data-timeout-ms", "u" },
  { "quiet-notice-ms", "u" },
  { "proxy-mode", "s" },
  { "proxy-url", "s" },
  { "ca-file", "s" },
  { "pinned-fingerprint", "s" },
  { NULL, NULL },
};

static gboolean
has_key (GSettingsSchema *schema,
         const Key       *key)
{
  g_autoptr (GSettingsSchemaKey) found = NULL;

  if (!g_settings_schema_has_key (schema, key->name))
    return FALSE;
  found = g_settings_schema_get_key (schema, key->name);
  return g_variant_type_equal (g_settings_schema_key_get_value_type (found),
                               G_VARIANT_TYPE (key->type));
}

static GSettingsSchema *
lookup_whole (GSettingsSchemaSource *source,
              const char            *id)
{
  const Key *keys = g_str_has_suffix (id, ".Provider") ? provider_keys : main_keys;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source == NULL)
    return NULL;
  schema = g_settings_schema_source_lookup (source, id, TRUE);
  if (schema == NULL)
    return NULL;
  for (const Key *key = keys; key->name != NULL; key++)
    if (!has_key (schema, key))
      return NULL;
  return g_steal_pointer (&schema);
}

/* The build leaves the program in src/ and the compiled schemas in data/ of one folder. */
static GSettingsSchemaSource *
open_build_source (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;

  if (program == NULL)
    return NULL;
  folder = g_path_get_dirname (program);
  data = g_build_filename (folder, "..", "data", NULL);
  return g_settings_schema_source_new_from_directory (data, NULL, FALSE, NULL);
}

GSettingsSchema *
sc_settings_lookup_schema (const char *id)
{
  GSettingsSchema *schema = lookup_whole (g_settings_schema_source_get_default (), id);
  GSettingsSchemaSource *source;

  if (schema != NULL)
    return schema;
  source = open_build_source ();
  schema = lookup_whole (source, id);
  g_clear_pointer (&source, g_settings_schema_source_unref);
  return schema;
}
