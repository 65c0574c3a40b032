/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-kept.h. */

#include "config.h"

#include "sc-kept.h"

typedef struct
{
  char           *signature;
  gpointer        value;
  GDestroyNotify  destroy;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  kept->destroy (kept->value);
  g_free (kept->signature);
  g_free (kept);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

GHashTable *
sc_kept_new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);
}

gpointer
sc_kept_lookup (GHashTable *table,
                const char *id,
                const char *signature)
{
  Kept *kept = g_hash_table_lookup (table, id);

  return kept != NULL && g_str_equal (kept->signature, signature) ? kept->value : NULL;
}

void
sc_kept_insert (GHashTable     *table,
                const char     *id,
                const char     *signature,
                gpointer        value,
                GDestroyNotify  destroy)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->signature = g_strdup (signature);
  kept->value = value;
  kept->destroy = destroy;
  g_hash_table_insert (table, g_strdup (id), kept);
}

char *
sc_kept_create_network_signature (const ScProfile *profile)
{
  return g_strdup_printf ("%d\n%s\n%s\n%s", (int) profile->proxy_mode,
                          or_empty (profile->proxy_url), or_empty (profile->ca_file),
                          or_empty (profile->pinned_fingerprint));
}

char *
sc_kept_create_address_signature (const ScProfile *profile)
{
  return g_strdup_printf ("%s\n%s", or_empty (profile->protocol), or_empty (profile->base_url));
}
