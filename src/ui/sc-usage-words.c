/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-usage-words.h. */

#include "config.h"

#include "sc-usage-words.h"

#include <glib/gi18n.h>
#include <langinfo.h>

#include "sc-own-price.h"

#define NANOS 1e9
#define SMALLEST 100000

/* Two figures that say something, cents at the least. */
static char *
dup_amount (gint64 nanos)
{
  double dollars = (double) nanos / NANOS;

  if (nanos >= 100000000)
    return g_strdup_printf ("%.2f", dollars);
  if (nanos >= 10000000)
    return g_strdup_printf ("%.3f", dollars);
  return g_strdup_printf ("%.4f", dollars);
}

static char *
dup_dollars (const char *amount)
{
  /* Translators: an amount of US dollars; %s is the number */
  return g_strdup_printf (_("$%s"), amount);
}

char *
sc_usage_dup_money (gint64   nanos,
                    gboolean is_estimate)
{
  g_autofree char *amount = NULL;
  g_autofree char *money = NULL;

  if (nanos < 0)
    return NULL;
  if (nanos == 0)
    return g_strdup (C_("price", "Free"));
  amount = dup_amount (MAX (nanos, SMALLEST));
  money = dup_dollars (amount);
  if (nanos < SMALLEST)
    return g_strdup_printf ("< %s", money);
  return g_strconcat (is_estimate ? "~" : "", money, NULL);
}

char *
sc_usage_dup_cost (const ScUsage *usage)
{
  g_return_val_if_fail (usage != NULL, NULL);

  return sc_usage_dup_money (usage->cost_nanos, (usage->flags & SC_USAGE_COST_ESTIMATED) != 0);
}

char *
sc_usage_dup_number (gint64   number,
                     gboolean is_estimate)
{
  if (number < 0)
    return NULL;
  return g_strdup_printf (is_estimate ? "~%'ld" : "%'ld", (long) number);
}

static char *
dup_rate (gint64 rate)
{
  g_autofree char *amount = sc_rate_dup_text (rate, sc_usage_get_decimal_point ());

  return dup_dollars (amount);
}

char *
sc_usage_dup_price (const ScRates *rates)
{
  g_autofree char *input = NULL;
  g_autofree char *output = NULL;

  if (rates == NULL || rates->input < 0 || rates->output < 0)
    return NULL;
  if (rates->input == 0 && rates->output == 0)
    return g_strdup (C_("price", "Free"));
  input = dup_rate (rates->input);
  output = dup_rate (rates->output);
  /* Translators: prices of a million tokens: first of the prompt, then of the answer */
  return g_strdup_printf (_("%s / %s"), input, output);
}

char *
sc_usage_dup_day (const char *day)
{
  g_autofree char *noon = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) date = NULL;

  g_return_val_if_fail (day != NULL, NULL);

  /* By noon no summer time changes the day. */
  noon = g_strconcat (day, "T12:00:00", NULL);
  zone = g_time_zone_new_utc ();
  date = g_date_time_new_from_iso8601 (noon, zone);
  /* Translators: a day; a GDateTime format */
  return date != NULL ? g_date_time_format (date, _("%-e %B %Y")) : g_strdup (day);
}

const char *
sc_usage_get_decimal_point (void)
{
  return nl_langinfo (RADIXCHAR);
}
