/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tokens and money of an answer: what its service did not say is estimated or computed when the answer ends, with the
 * prices of that moment. What a service says always goes first. */

#pragma once

#include "sc-prices.h"
#include "sc-providers.h"
#include "sc-turn.h"

G_BEGIN_DECLS

/**
 * ScPriceSource:
 * @SC_PRICE_SOURCE_NONE: nobody knows the price
 * @SC_PRICE_SOURCE_OWN: the user's own list
 * @SC_PRICE_SOURCE_LOCAL: a server of one's own takes nothing
 * @SC_PRICE_SOURCE_SERVICE: the service's model list
 * @SC_PRICE_SOURCE_BUILT_IN: the built-in list
 * @SC_PRICE_SOURCE_OTHER: the built-in list, for a model that somebody else than its vendor serves
 *
 * Where a price is from, in the order they are asked.
 */
typedef enum
{
  SC_PRICE_SOURCE_NONE,
  SC_PRICE_SOURCE_OWN,
  SC_PRICE_SOURCE_LOCAL,
  SC_PRICE_SOURCE_SERVICE,
  SC_PRICE_SOURCE_BUILT_IN,
  SC_PRICE_SOURCE_OTHER,
} ScPriceSource;

/**
 * ScUsageTerms:
 * @source: where the price is from
 * @price: the price of a token when the question was sent
 * @prompt_tokens: an estimate of what was sent
 *
 * What has to be known when a question is sent.
 */
typedef struct
{
  ScPriceSource source;
  ScPrice       price;
  gint64        prompt_tokens;
} ScUsageTerms;

/**
 * sc_usage_find_price:
 * @providers: where the services' model lists are
 * @profile: (nullable): who is asked; %NULL if that is not known any more
 * @model: the model
 * @price: (out): its price, if it is known
 *
 * Returns: where the price is from
 */
ScPriceSource sc_usage_find_price   (ScProviders        *providers,
                                     const ScProfile    *profile,
                                     const char         *model,
                                     ScPrice            *price);

/**
 * sc_usage_find_context:
 * @providers: where the services' model lists are
 * @profile: (nullable): who is asked
 * @model: the model
 *
 * Returns: the size of the model's context window in tokens, -1 if it is not known
 */
gint64        sc_usage_find_context (ScProviders        *providers,
                                     const ScProfile    *profile,
                                     const char         *model);

/**
 * sc_usage_estimate_output:
 * @answer: an answer
 *
 * Returns: how many tokens its text, its reasoning and its tool calls may be
 */
gint64        sc_usage_estimate_output (ScTurn          *answer);

/**
 * sc_usage_init_terms:
 * @terms: (out): what to keep until the answer ended
 * @providers: where the services' model lists are
 * @profile: who is asked
 * @prompt: what is sent
 *
 * To be called when a question is sent.
 */
void          sc_usage_init_terms   (ScUsageTerms       *terms,
                                     ScProviders        *providers,
                                     const ScProfile    *profile,
                                     const ScPrompt     *prompt);

/**
 * sc_usage_settle:
 * @terms: as sc_usage_init_terms() left it
 * @status: how the answer ends
 * @usage: (inout): what the service reported
 * @estimate: tokens of what came, estimated
 *
 * Fills in what is missing. An answer that brought nothing and was not counted by its service is not counted here
 * either. Of an answer that broke off, services have often counted the first tokens only: then the estimate holds.
 */
void          sc_usage_settle       (const ScUsageTerms *terms,
                                     ScTurnStatus        status,
                                     ScUsage            *usage,
                                     gint64              estimate);

G_END_DECLS
