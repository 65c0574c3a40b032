/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What tokens cost: prices, the built-in list of them, and the sum for an answer. Whole numbers throughout, so that
 * a hundred answers add up to exactly what each of them says. Knows no settings and no network. */

#pragma once

#include "sc-event.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScRates:
 * @input: prompt tokens that no cache had
 * @cached: prompt tokens read from a cache
 * @cache_write: prompt tokens written to a cache
 * @output: generated tokens, reasoning among them
 *
 * Micro-dollars for a million tokens of each kind; -1 is unknown.
 */
typedef struct
{
  gint64 input;
  gint64 cached;
  gint64 cache_write;
  gint64 output;
} ScRates;

/**
 * ScPrice:
 * @rates: what tokens cost
 * @long_from: prompts of more tokens than this cost @long_rates instead, all of their tokens; 0 for none
 * @long_rates: what tokens of such prompts and of their answers cost
 *
 * The price of a model.
 */
typedef struct
{
  ScRates rates;
  gint64  long_from;
  ScRates long_rates;
} ScPrice;

#define SC_RATES_INIT { -1, -1, -1, -1 }
#define SC_PRICE_INIT { SC_RATES_INIT, 0, SC_RATES_INIT }

/**
 * ScPriceEntry:
 * @model: the model's name without what stands before it and without its date
 * @vendor: who makes or serves it, for people
 * @domain: the end of the host name of the vendor's own servers
 * @is_served_here_only: others serve a model of that name too, at prices of their own
 * @price: its price
 * @context_tokens: size of its context window, -1 unknown
 * @date: when the price was looked up, YYYY-MM-DD
 *
 * A line of the built-in list; static.
 */
typedef struct
{
  const char *model;
  const char *vendor;
  const char *domain;
  gboolean    is_served_here_only;
  ScPrice     price;
  gint64      context_tokens;
  const char *date;
} ScPriceEntry;

/**
 * sc_price_is_known:
 * @self: a price
 *
 * Returns: %TRUE if prompts and answers have a rate
 */
gboolean            sc_price_is_known          (const ScPrice    *self);

/**
 * sc_price_compute:
 * @self: a price
 * @usage: tokens of one answer
 * @is_estimate: (out): whether the sum stands on estimated tokens, or on a rate taken for one that is not known
 *
 * Multiplies. No token counts twice: what a cache had or took is taken out of the prompt, reasoning is part of the
 * output already.
 *
 * Returns: billionths of a US dollar, rounded to the nearest; -1 where tokens or rates are unknown
 */
gint64              sc_price_compute           (const ScPrice    *self,
                                                const ScUsage    *usage,
                                                gboolean         *is_estimate);

/**
 * sc_prices_matches:
 * @name: a model's name as a price list has it
 * @model: a model as a provider names it
 *
 * Compares names as people mean them: without the maker before a slash, case, or the date, `latest` or `preview` after
 * the name. `gpt-4o-mini` is no `gpt-4o`.
 *
 * Returns: %TRUE if @model is a version of @name
 */
gboolean            sc_prices_matches          (const char       *name,
                                                const char       *model);

/**
 * sc_prices_is_closer:
 * @name: a name that matches a model
 * @other: (nullable): another one that does, or %NULL
 *
 * Returns: %TRUE if @name says more about the model than @other
 */
gboolean            sc_prices_is_closer        (const char       *name,
                                                const char       *other);

/**
 * sc_prices_find:
 * @model: a model as a provider names it
 * @profile: (nullable): who is asked for it; %NULL for the model's own vendor
 * @is_foreign: (out) (optional): whether somebody else than the vendor of the entry serves it
 *
 * Looks into the built-in list for the entry that names the model most closely.
 *
 * Returns: (transfer none) (nullable): the entry, or %NULL if the list does not have the model
 */
const ScPriceEntry *sc_prices_find             (const char       *model,
                                                const ScProfile  *profile,
                                                gboolean         *is_foreign);

/**
 * sc_prices_list_built_in:
 * @n_entries: (out): their number
 *
 * Returns: (transfer none) (array length=n_entries): the whole built-in list, by vendor
 */
const ScPriceEntry *sc_prices_list_built_in    (guint            *n_entries);

G_END_DECLS
