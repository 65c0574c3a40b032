/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-usage.h. */

#include "config.h"

#include "sc-usage.h"

#include "sc-base-url.h"
#include "sc-demo-server.h"
#include "sc-host.h"
#include "sc-own-price.h"
#include "sc-protocol.h"
#include "sc-settings.h"
#include "sc-token-estimate.h"

#include <string.h>

/* How far beyond the count of a broken answer the estimate must be to be believed more. */
#define BELIEF_FACTOR 2
#define BELIEF_TOKENS 16

/* Servers in the house are nobody's business. */
static gboolean
is_own_server (const ScProfile *profile)
{
  g_autoptr (GUri) uri = NULL;

  if (profile == NULL)
    return FALSE;
  if (g_strcmp0 (profile->id, SC_DEMO_PROFILE_ID) == 0)
    return TRUE;
  uri = profile->base_url != NULL ? sc_base_url_parse (profile->base_url, NULL) : NULL;
  return uri != NULL && sc_host_is_private (g_uri_get_host (uri));
}

static const ScModel *
find_listed (ScProviders     *providers,
             const ScProfile *profile,
             const char      *id)
{
  GPtrArray *models = profile != NULL && profile->id != NULL
                        ? sc_providers_peek_models (providers, profile->id)
                        : NULL;

  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if (g_str_equal (model->id, id))
        return model;
    }
  return NULL;
}

static gboolean
find_own_price (const char *model,
                ScPrice    *price)
{
  g_auto (GStrv) lines = NULL;
  g_autoptr (ScOwnPrice) own = NULL;

  g_object_get (sc_settings_get_default (), "prices", &lines, NULL);
  own = sc_own_prices_find ((const char *const *) lines, model);
  if (own != NULL)
    price->rates = own->rates;
  return own != NULL && sc_price_is_known (price);
}

ScPriceSource
sc_usage_find_price (ScProviders     *providers,
                     const ScProfile *profile,
                     const char      *model,
                     ScPrice         *price)
{
  const ScPrice unknown = SC_PRICE_INIT;
  const ScRates nothing = { 0, 0, 0, 0 };
  const ScPriceEntry *entry;
  const ScModel *listed;
  gboolean is_foreign = FALSE;

  g_return_val_if_fail (SC_IS_PROVIDERS (providers), SC_PRICE_SOURCE_NONE);
  g_return_val_if_fail (price != NULL, SC_PRICE_SOURCE_NONE);

  *price = unknown;
  if (model == NULL || *model == '\0')
    return SC_PRICE_SOURCE_NONE;
  if (find_own_price (model, price))
    return SC_PRICE_SOURCE_OWN;
  *price = unknown;
  if (is_own_server (profile))
    {
      price->rates = nothing;
      return SC_PRICE_SOURCE_LOCAL;
    }
  listed = find_listed (providers, profile, model);
  if (listed != NULL && listed->input_price >= 0 && listed->output_price >= 0)
    {
      price->rates.input = listed->input_price;
      price->rates.cached = listed->cached_price;
      price->rates.cache_write = listed->cache_write_price;
      price->rates.output = listed->output_price;
      return SC_PRICE_SOURCE_SERVICE;
    }
  entry = sc_prices_find (model, profile, &is_foreign);
  if (entry == NULL)
    return SC_PRICE_SOURCE_NONE;
  *price = entry->price;
  return is_foreign ? SC_PRICE_SOURCE_OTHER : SC_PRICE_SOURCE_BUILT_IN;
}

gint64
sc_usage_find_context (ScProviders     *providers,
                       const ScProfile *profile,
                       const char      *model)
{
  const ScPriceEntry *entry;
  const ScModel *listed;

  g_return_val_if_fail (SC_IS_PROVIDERS (providers), -1);

  if (model == NULL || *model == '\0')
    return -1;
  listed = find_listed (providers, profile, model);
  if (listed != NULL && listed->context_tokens > 0)
    return listed->context_tokens;
  /* A server of one's own gives a model the room it has, whatever the model could do. */
  entry = is_own_server (profile) ? NULL : sc_prices_find (model, profile, NULL);
  return entry != NULL ? entry->context_tokens : -1;
}

gint64
sc_usage_estimate_output (ScTurn *answer)
{
  GPtrArray *calls;
  const char *text;
  gint64 tokens;
  gsize length;

  g_return_val_if_fail (SC_IS_TURN (answer), 0);

  text = sc_turn_get_text (answer, &length);
  tokens = sc_token_estimate_text (text, (gssize) length);
  text = sc_turn_get_reasoning (answer, &length);
  tokens += sc_token_estimate_text (text, (gssize) length);
  calls = sc_turn_get_tool_calls (answer);
  for (guint i = 0; calls != NULL && i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);

      tokens += sc_token_estimate_text (call->name, -1) +
                sc_token_estimate_text (call->arguments, -1);
    }
  return tokens;
}

void
sc_usage_init_terms (ScUsageTerms    *terms,
                     ScProviders     *providers,
                     const ScProfile *profile,
                     const ScPrompt  *prompt)
{
  g_return_if_fail (terms != NULL);
  g_return_if_fail (profile != NULL);
  g_return_if_fail (prompt != NULL);

  terms->source = sc_usage_find_price (providers, profile, prompt->model, &terms->price);
  terms->prompt_tokens = sc_token_estimate_prompt (prompt);
}

static void
settle_tokens (const ScUsageTerms *terms,
               ScTurnStatus        status,
               ScUsage            *usage,
               gint64              estimate)
{
  if (estimate <= 0)
    return;
  if (usage->output < 0 ||
      (status != SC_TURN_STATUS_DONE &&
       estimate > usage->output * BELIEF_FACTOR + BELIEF_TOKENS))
    {
      usage->output = estimate;
      usage->flags |= SC_USAGE_OUTPUT_ESTIMATED;
    }
  if (usage->input < 0 && terms->prompt_tokens > 0)
    {
      usage->input = terms->prompt_tokens;
      usage->flags |= SC_USAGE_INPUT_ESTIMATED;
    }
}

void
sc_usage_settle (const ScUsageTerms *terms,
                 ScTurnStatus        status,
                 ScUsage            *usage,
                 gint64              estimate)
{
  gboolean is_estimate = FALSE;

  g_return_if_fail (terms != NULL);
  g_return_if_fail (usage != NULL);

  settle_tokens (terms, status, usage, estimate);
  /* Nothing used, nothing paid: a request that was refused has no price, not even none. */
  if (usage->cost_nanos >= 0 || (usage->input < 0 && usage->output < 0))
    return;
  usage->cost_nanos = sc_price_compute (&terms->price, usage, &is_estimate);
  if (usage->cost_nanos < 0)
    return;
  usage->flags |= SC_USAGE_COST_COMPUTED;
  if (usage->cost_nanos > 0 && (is_estimate || terms->source == SC_PRICE_SOURCE_OTHER))
    usage->flags |= SC_USAGE_COST_ESTIMATED;
}
