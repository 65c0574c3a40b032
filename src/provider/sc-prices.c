/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sums and names. A rate is micro-dollars for a million tokens, so that tokens times rate is a whole number of
 * millionths of a millionth of a dollar. */

#include "config.h"

#include "sc-prices.h"

#include "sc-base-url.h"

#include <string.h>

#define PICOS_A_NANO 1000

/* What may stand behind a model's name without making it another model: a date, a number of three digits or more, a
 * word that says how new it is, the version of Amazon's names. */
#define VERSIONS \
  "^(-(latest|exp|beta|default|preview(-[0-9]{2}-[0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{3,8}|v[0-9]+(:[0-9]+)?)" \
  "|@([0-9]{6,8}|latest|default))*$"

gboolean
sc_price_is_known (const ScPrice *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->rates.input >= 0 && self->rates.output >= 0;
}

/* Adds tokens times rate. */
static gboolean
add_part (guint64 *picos,
          gint64   tokens,
          gint64   rate)
{
  guint64 part;

  return g_uint64_checked_mul (&part, (guint64) tokens, (guint64) rate) &&
         g_uint64_checked_add (picos, *picos, part);
}

/* Where a cache has no rate of its own, its tokens cost what others do, at most. */
static gint64
choose_rate (gint64    rate,
             gint64    fallback,
             gint64    tokens,
             gboolean *is_estimate)
{
  if (rate >= 0)
    return rate;
  if (tokens > 0)
    *is_estimate = TRUE;
  return fallback;
}

gint64
sc_price_compute (const ScPrice *self,
                  const ScUsage *usage,
                  gboolean      *is_estimate)
{
  const ScRates *rates;
  gint64 cached, written;
  guint64 picos = 0;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (usage != NULL, -1);
  g_return_val_if_fail (is_estimate != NULL, -1);

  *is_estimate = FALSE;
  if (!sc_price_is_known (self))
    return -1;
  if (self->rates.input == 0 && self->rates.output == 0)
    return 0;
  if (usage->input < 0 || usage->output < 0)
    return -1;
  rates = self->long_from > 0 && usage->input > self->long_from ? &self->long_rates : &self->rates;
  cached = CLAMP (usage->cached, 0, usage->input);
  written = CLAMP (usage->cache_write, 0, usage->input - cached);

  *is_estimate = (usage->flags & (SC_USAGE_INPUT_ESTIMATED | SC_USAGE_OUTPUT_ESTIMATED)) != 0;
  if (!add_part (&picos, usage->input - cached - written, rates->input) ||
      !add_part (&picos, cached, choose_rate (rates->cached, rates->input, cached, is_estimate)) ||
      !add_part (&picos, written,
                 choose_rate (rates->cache_write, rates->input, written, is_estimate)) ||
      !add_part (&picos, usage->output, rates->output) ||
      !g_uint64_checked_add (&picos, picos, PICOS_A_NANO / 2))
    return -1;
  return (gint64) (picos / PICOS_A_NANO);
}

/* Lower case, no path and no region before the name, dashes for dots (`claude-3.5-sonnet` is `claude-3-5-sonnet`). */
static char *
dup_key (const char *model)
{
  static const char amazon[] = "anthropic.";
  const char *slash = strrchr (model, '/');
  g_autofree char *key = g_ascii_strdown (slash != NULL ? slash + 1 : model, -1);
  const char *name = strstr (key, amazon);

  name = name != NULL ? name + strlen (amazon) : key;
  return g_strdelimit (g_strdup (name), ".", '-');
}

gboolean
sc_prices_matches (const char *name,
                   const char *model)
{
  static GRegex *versions;
  g_autofree char *name_key = NULL;
  g_autofree char *model_key = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (model != NULL, FALSE);

  name_key = dup_key (name);
  model_key = dup_key (model);
  if (*name_key == '\0' || !g_str_has_prefix (model_key, name_key))
    return FALSE;
  if (versions == NULL)
    versions = g_regex_new (VERSIONS, G_REGEX_RAW, 0, NULL);
  return g_regex_match (versions, model_key + strlen (name_key), 0, NULL);
}

gboolean
sc_prices_is_closer (const char *name,
                     const char *other)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return other == NULL || strlen (name) > strlen (other);
}

/* Without an address the protocol's own one is used: the vendor's. */
static gboolean
is_at_home (const ScPriceEntry *entry,
            const ScProfile    *profile)
{
  g_autoptr (GUri) uri = NULL;
  const char *host;
  gsize n_host, n_domain = strlen (entry->domain);

  if (profile == NULL || profile->base_url == NULL || *profile->base_url == '\0')
    return TRUE;
  uri = sc_base_url_parse (profile->base_url, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  n_host = host != NULL ? strlen (host) : 0;
  return n_host >= n_domain &&
         g_ascii_strcasecmp (host + n_host - n_domain, entry->domain) == 0 &&
         (n_host == n_domain || host[n_host - n_domain - 1] == '.' ||
          host[n_host - n_domain - 1] == '-');
}

const ScPriceEntry *
sc_prices_find (const char      *model,
                const ScProfile *profile,
                gboolean        *is_foreign)
{
  const ScPriceEntry *found = NULL;
  const ScPriceEntry *entries;
  gboolean found_at_home = FALSE;
  guint n_entries;

  g_return_val_if_fail (model != NULL, NULL);

  entries = sc_prices_list_built_in (&n_entries);
  for (guint i = 0; i < n_entries; i++)
    {
      const ScPriceEntry *entry = &entries[i];
      gboolean at_home;

      if (!sc_prices_matches (entry->model, model))
        continue;
      at_home = is_at_home (entry, profile);
      if ((entry->is_served_here_only && !at_home) ||
          !sc_prices_is_closer (entry->model, found != NULL ? found->model : NULL))
        continue;
      found = entry;
      found_at_home = at_home;
    }
  if (found != NULL && is_foreign != NULL)
    *is_foreign = !found_at_home;
  return found;
}
