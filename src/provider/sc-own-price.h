/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prices that people enter: to and from the line the settings keep of each, and from what they typed. */

#pragma once

#include "sc-prices.h"

G_BEGIN_DECLS

/**
 * ScOwnPrice:
 * @model: the model's name
 * @rates: what its tokens cost
 * @date: when it was entered, YYYY-MM-DD
 *
 * A price of the user's own list.
 */
typedef struct
{
  char    *model;
  ScRates  rates;
  char    *date;
} ScOwnPrice;

/**
 * sc_own_price_new:
 * @model: the model's name; tabs and line ends become spaces
 * @rates: what its tokens cost
 * @date: when it was entered, YYYY-MM-DD
 *
 * Returns: (transfer full): the price
 */
ScOwnPrice       *sc_own_price_new       (const char       *model,
                                          const ScRates    *rates,
                                          const char       *date);

/**
 * sc_own_price_free:
 * @self: (nullable) (transfer full): a price
 *
 * Frees it.
 */
void              sc_own_price_free      (ScOwnPrice       *self);

/**
 * sc_own_price_to_line:
 * @self: a price
 *
 * Returns: (transfer full): one line of text without a line end
 */
char             *sc_own_price_to_line   (const ScOwnPrice *self);

/**
 * sc_own_price_from_line:
 * @line: what sc_own_price_to_line() gave
 *
 * Returns: (transfer full) (nullable): the price, or %NULL if @line is none
 */
ScOwnPrice       *sc_own_price_from_line (const char       *line);

/**
 * sc_own_prices_find:
 * @lines: (nullable): lines as sc_own_price_to_line() gives them; others are passed over
 * @model: a model as a provider names it
 *
 * Returns: (transfer full) (nullable): the price that names the model most closely
 */
ScOwnPrice       *sc_own_prices_find     (const char * const *lines,
                                          const char         *model);

/**
 * sc_rate_parse:
 * @text: what was typed: dollars for a million tokens
 * @decimal_point: (nullable): the locale's
 * @rate: (out): micro-dollars for a million tokens, -1 if nothing was typed
 *
 * Reads a number exactly, with a point, a comma or the locale's own mark before the fraction, and maybe a dollar sign.
 * A number with marks between thousands is refused, since which of them is meant cannot be known.
 *
 * Returns: %FALSE, with @rate untouched, if it is no number from 0 to a million with at most six decimals
 */
gboolean          sc_rate_parse          (const char       *text,
                                          const char       *decimal_point,
                                          gint64           *rate);

/**
 * sc_rate_dup_text:
 * @rate: micro-dollars for a million tokens
 * @decimal_point: (nullable): the locale's
 *
 * Returns: (transfer full): the number as sc_rate_parse() reads it, with as many decimals as it needs; "" if unknown
 */
char             *sc_rate_dup_text       (gint64            rate,
                                          const char       *decimal_point);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOwnPrice, sc_own_price_free)

G_END_DECLS
