/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-own-price.h. A line is model, input, cached, cache write, output, date with tabs between; a later field may
 * be missing. */

#include "config.h"

#include "sc-own-price.h"

#include <string.h>

#define MICROS 1000000
#define MAX_DOLLARS 1000000
#define N_DECIMALS 6

enum
{
  FIELD_MODEL,
  FIELD_INPUT,
  FIELD_CACHED,
  FIELD_CACHE_WRITE,
  FIELD_OUTPUT,
  FIELD_DATE,
};

ScOwnPrice *
sc_own_price_new (const char    *model,
                  const ScRates *rates,
                  const char    *date)
{
  ScOwnPrice *self;

  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (rates != NULL, NULL);

  self = g_new0 (ScOwnPrice, 1);
  self->model = g_strstrip (g_strdelimit (g_strdup (model), "\t\r\n", ' '));
  self->rates = *rates;
  self->date = g_strdup (date != NULL ? date : "");
  return self;
}

void
sc_own_price_free (ScOwnPrice *self)
{
  if (self == NULL)
    return;
  g_free (self->model);
  g_free (self->date);
  g_free (self);
}

char *
sc_own_price_to_line (const ScOwnPrice *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
                          "\t%" G_GINT64_FORMAT "\t%s",
                          self->model, self->rates.input, self->rates.cached,
                          self->rates.cache_write, self->rates.output, self->date);
}

static gboolean
read_field (char   **fields,
            guint    n_fields,
            guint    field,
            gint64  *rate)
{
  return field < n_fields &&
         g_ascii_string_to_signed (fields[field], 10, -1, (gint64) MAX_DOLLARS * MICROS, rate, NULL);
}

ScOwnPrice *
sc_own_price_from_line (const char *line)
{
  g_auto (GStrv) fields = NULL;
  ScRates rates = SC_RATES_INIT;
  guint n_fields;

  g_return_val_if_fail (line != NULL, NULL);

  fields = g_strsplit (line, "\t", -1);
  n_fields = g_strv_length (fields);
  if (n_fields == 0 || *fields[FIELD_MODEL] == '\0' ||
      !read_field (fields, n_fields, FIELD_INPUT, &rates.input) ||
      !read_field (fields, n_fields, FIELD_CACHED, &rates.cached) ||
      !read_field (fields, n_fields, FIELD_CACHE_WRITE, &rates.cache_write) ||
      !read_field (fields, n_fields, FIELD_OUTPUT, &rates.output))
    return NULL;
  return sc_own_price_new (fields[FIELD_MODEL], &rates,
                           n_fields > FIELD_DATE ? fields[FIELD_DATE] : NULL);
}

ScOwnPrice *
sc_own_prices_find (const char * const *lines,
                    const char         *model)
{
  g_autoptr (ScOwnPrice) found = NULL;

  g_return_val_if_fail (model != NULL, NULL);

  for (; lines != NULL && *lines != NULL; lines++)
    {
      g_autoptr (ScOwnPrice) price = sc_own_price_from_line (*lines);

      if (price == NULL || !sc_prices_matches (price->model, model) ||
          !sc_prices_is_closer (price->model, found != NULL ? found->model : NULL))
        continue;
      sc_own_price_free (g_steal_pointer (&found));
      found = g_steal_pointer (&price);
    }
  return g_steal_pointer (&found);
}

/* The length of a mark before the fraction, 0 if there is none. */
static gsize
measure_mark (const char *at,
              const char *decimal_point)
{
  if (decimal_point != NULL && *decimal_point != '\0' && g_str_has_prefix (at, decimal_point))
    return strlen (decimal_point);
  return *at == '.' || *at == ',' ? 1 : 0;
}

gboolean
sc_rate_parse (const char *text,
               const char *decimal_point,
               gint64     *rate)
{
  g_autofree char *stripped = NULL;
  const char *at;
  gint64 value = 0;
  int n_digits = 0, n_decimals = -1;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (rate != NULL, FALSE);

  stripped = g_strstrip (g_strdelimit (g_strdup (text), "$", ' '));
  if (*stripped == '\0')
    {
      if (strchr (text, '$') != NULL)
        return FALSE;
      *rate = -1;
      return TRUE;
    }
  for (at = stripped; *at != '\0';)
    {
      gsize n_mark = measure_mark (at, decimal_point);

      if (n_mark > 0 && n_decimals < 0)
        {
          n_decimals = 0;
          at += n_mark;
          continue;
        }
      if (!g_ascii_isdigit (*at) || n_decimals == N_DECIMALS || value > (gint64) MAX_DOLLARS * MICROS)
        return FALSE;
      value = value * 10 + g_ascii_digit_value (*at);
      n_digits++;
      n_decimals += n_decimals >= 0;
      at++;
    }
  for (n_decimals = MAX (n_decimals, 0); n_decimals < N_DECIMALS; n_decimals++)
    value *= 10;
  if (n_digits == 0 || value > (gint64) MAX_DOLLARS * MICROS)
    return FALSE;
  *rate = value;
  return TRUE;
}

char *
sc_rate_dup_text (gint64      rate,
                  const char *decimal_point)
{
  g_autoptr (GString) text = NULL;
  char decimals[N_DECIMALS + 1];
  int n;

  if (rate < 0)
    return g_strdup ("");
  text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GINT64_FORMAT, rate / MICROS);
  g_snprintf (decimals, sizeof decimals, "%06d", (int) (rate % MICROS));
  /* Money has two decimals, or more where they say something. */
  for (n = N_DECIMALS; n > 2 && decimals[n - 1] == '0'; n--)
    decimals[n - 1] = '\0';
  if (strcmp (decimals, "00") != 0)
    {
      g_string_append (text, decimal_point != NULL && *decimal_point != '\0' ? decimal_point : ".");
      g_string_append (text, decimals);
    }
  return g_strdup (text->str);
}
