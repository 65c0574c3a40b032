/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for tokens and money. What is estimated begins with “~”; what is not known has no words. */

#pragma once

#include "sc-prices.h"

G_BEGIN_DECLS

/**
 * sc_usage_dup_money:
 * @nanos: billionths of a US dollar, -1 unknown
 * @is_estimate: whether it is an estimate
 *
 * Returns: (transfer full) (nullable): `$1.25`, `$0.0031`, `~$0.02`, `< $0.0001`; `Free` for nothing, %NULL where it is
 *   not known
 */
char *sc_usage_dup_money   (gint64         nanos,
                            gboolean       is_estimate);

/**
 * sc_usage_dup_cost:
 * @usage: what was used
 *
 * Returns: (transfer full) (nullable): the money of it, as sc_usage_dup_money()
 */
char *sc_usage_dup_cost    (const ScUsage *usage);

/**
 * sc_usage_dup_number:
 * @number: a number of tokens or answers, -1 unknown
 * @is_estimate: whether it is an estimate
 *
 * Returns: (transfer full) (nullable): all of its digits, in groups where the locale has them; %NULL where unknown
 */
char *sc_usage_dup_number  (gint64         number,
                            gboolean       is_estimate);

/**
 * sc_usage_dup_price:
 * @rates: (nullable): what tokens cost
 *
 * Returns: (transfer full) (nullable): `$2.50 / $10`: for a million tokens of the prompt and of the answer; `Free`,
 *   or %NULL where it is not known
 */
char *sc_usage_dup_price   (const ScRates *rates);

/**
 * sc_usage_dup_day:
 * @day: YYYY-MM-DD
 *
 * Returns: (transfer full): the day in words, or @day where it is none
 */
char *sc_usage_dup_day     (const char    *day);

/**
 * sc_usage_get_decimal_point:
 *
 * Returns: (transfer none): the locale's mark before a fraction
 */
const char *sc_usage_get_decimal_point (void);

G_END_DECLS
