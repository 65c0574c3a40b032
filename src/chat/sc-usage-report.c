/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-usage-report.h. */

#include "config.h"

#include "sc-usage-report.h"

#include "sc-history-private.h"
#include "sc-usage.h"

#include <string.h>

#define DAYS_OF_WEEK 7

static void
free_sum (ScUsageSum *sum)
{
  g_free (sum->day);
  g_free (sum->model);
  g_free (sum->provider);
  g_free (sum);
}

static void
add_field (gint64 *sum,
           gint64  value)
{
  if (value >= 0)
    *sum = MAX (*sum, 0) + value;
}

static void
add_usage (ScUsageSum    *sum,
           gint64         n_answers,
           const ScUsage *usage)
{
  sum->n_answers += n_answers;
  if (usage->cost_nanos < 0)
    sum->n_unpriced += n_answers;
  add_field (&sum->usage.input, usage->input);
  add_field (&sum->usage.output, usage->output);
  add_field (&sum->usage.cached, usage->cached);
  add_field (&sum->usage.reasoning, usage->reasoning);
  add_field (&sum->usage.cache_write, usage->cache_write);
  add_field (&sum->usage.cost_nanos, usage->cost_nanos);
  sum->usage.flags |= usage->flags;
}

static ScUsageSum *
get_sum (GPtrArray  *sums,
         const char *day,
         const char *provider,
         const char *model)
{
  const ScUsage unknown = SC_USAGE_INIT;
  ScUsageSum *sum;

  for (guint i = 0; i < sums->len; i++)
    {
      sum = g_ptr_array_index (sums, i);
      if (g_strcmp0 (sum->day, day) == 0 && g_strcmp0 (sum->provider, provider) == 0 &&
          g_strcmp0 (sum->model, model) == 0)
        return sum;
    }
  sum = g_new0 (ScUsageSum, 1);
  sum->day = g_strdup (day);
  sum->provider = g_strdup (provider);
  sum->model = g_strdup (model);
  sum->usage = unknown;
  g_ptr_array_add (sums, sum);
  return sum;
}

static int
compare_sums (gconstpointer a,
              gconstpointer b)
{
  const ScUsageSum *first = *(const ScUsageSum **) a;
  const ScUsageSum *second = *(const ScUsageSum **) b;
  gint64 first_tokens = first->usage.input + first->usage.output;
  gint64 second_tokens = second->usage.input + second->usage.output;

  if (first->usage.cost_nanos != second->usage.cost_nanos)
    return first->usage.cost_nanos > second->usage.cost_nanos ? -1 : 1;
  if (first_tokens != second_tokens)
    return first_tokens > second_tokens ? -1 : 1;
  return g_strcmp0 (first->model, second->model);
}

/* Prices change, and a step for long prompts says nothing about a sum of many: what is computed afterwards is an
 * estimate in any case. */
static ScUsage
price_now (const ScUsageRecord *record,
           ScUsagePriceFunc     func,
           gpointer             user_data)
{
  ScUsage usage = record->sums;
  ScPrice price = SC_PRICE_INIT;
  gboolean is_estimate;

  if (usage.cost_nanos >= 0 || !func (record->provider, record->model, &price, user_data))
    return usage;
  price.long_from = 0;
  usage.cost_nanos = sc_price_compute (&price, &usage, &is_estimate);
  if (usage.cost_nanos > 0)
    usage.flags |= SC_USAGE_COST_ESTIMATED | SC_USAGE_COST_COMPUTED;
  return usage;
}

void
sc_usage_period_get_span (ScUsagePeriod  period,
                          GDateTime     *now,
                          gint64        *from_us,
                          gint64        *to_us)
{
  g_autoptr (GDateTime) today = NULL;
  g_autoptr (GDateTime) month = NULL;
  g_autoptr (GDateTime) from = NULL;
  g_autoptr (GDateTime) to = NULL;
  GTimeZone *zone;
  int year, month_number, day;

  g_return_if_fail (now != NULL);
  g_return_if_fail (from_us != NULL && to_us != NULL);

  zone = g_date_time_get_timezone (now);
  g_date_time_get_ymd (now, &year, &month_number, &day);
  today = g_date_time_new (zone, year, month_number, day, 0, 0, 0);
  month = g_date_time_new (zone, year, month_number, 1, 0, 0, 0);
  switch (period)
    {
    case SC_USAGE_TODAY:
      from = g_date_time_ref (today);
      break;
    case SC_USAGE_YESTERDAY:
      from = g_date_time_add_days (today, -1);
      to = g_date_time_ref (today);
      break;
    case SC_USAGE_WEEK:
      from = g_date_time_add_days (today, 1 - DAYS_OF_WEEK);
      break;
    case SC_USAGE_MONTH:
      from = g_date_time_ref (month);
      break;
    case SC_USAGE_LAST_MONTH:
      from = g_date_time_add_months (month, -1);
      to = g_date_time_ref (month);
      break;
    case SC_USAGE_ALWAYS:
    default:
      break;
    }
  *from_us = from != NULL ? g_date_time_to_unix (from) * G_USEC_PER_SEC : 0;
  *to_us = to != NULL ? g_date_time_to_unix (to) * G_USEC_PER_SEC : G_MAXINT64;
}

ScUsageReport *
sc_usage_report_new (GPtrArray        *records,
                     ScUsagePriceFunc  func,
                     gpointer          user_data)
{
  const ScUsage unknown = SC_USAGE_INIT;
  ScUsageReport *self;

  g_return_val_if_fail (records != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (ScUsageReport, 1);
  self->all.usage = unknown;
  self->days = g_ptr_array_new_with_free_func ((GDestroyNotify) free_sum);
  self->models = g_ptr_array_new_with_free_func ((GDestroyNotify) free_sum);
  for (guint i = 0; i < records->len; i++)
    {
      const ScUsageRecord *record = g_ptr_array_index (records, i);
      ScUsage usage = price_now (record, func, user_data);

      add_usage (&self->all, record->n_answers, &usage);
      add_usage (get_sum (self->days, record->day, NULL, NULL), record->n_answers, &usage);
      add_usage (get_sum (self->models, NULL, record->provider, record->model), record->n_answers,
                 &usage);
    }
  g_ptr_array_sort (self->models, compare_sums);
  return self;
}

void
sc_usage_report_free (ScUsageReport *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->days);
  g_ptr_array_unref (self->models);
  g_free (self);
}

static gboolean
find_price (const char *provider,
            const char *model,
            ScPrice    *price,
            gpointer    user_data)
{
  GPtrArray *profiles = user_data;
  const ScProfile *profile = NULL;

  for (guint i = 0; i < profiles->len && profile == NULL; i++)
    {
      profile = g_ptr_array_index (profiles, i);
      if (g_strcmp0 (profile->id, provider) != 0)
        profile = NULL;
    }
  return sc_usage_find_price (sc_providers_get_default (), profile, model, price) !=
         SC_PRICE_SOURCE_NONE;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) records = sc_store_list_usage_finish (SC_STORE (source), result, &error);
  g_autoptr (GPtrArray) profiles = NULL;

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  profiles = sc_providers_list (sc_providers_get_default ());
  g_task_return_pointer (task, sc_usage_report_new (records, find_price, profiles),
                         (GDestroyNotify) sc_usage_report_free);
}

void
sc_usage_report_async (ScHistory           *history,
                       ScConversation      *conversation,
                       ScUsagePeriod        period,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gint64 from_us = 0;
  gint64 to_us = G_MAXINT64;
  GTask *task;

  g_return_if_fail (SC_IS_HISTORY (history));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  task = g_task_new (history, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_usage_report_async);
  if (conversation == NULL)
    sc_usage_period_get_span (period, now, &from_us, &to_us);
  sc_store_list_usage_async (sc_history_get_store (history),
                             conversation != NULL ? sc_conversation_get_id (conversation) : NULL,
                             from_us, to_us, cancellable, listed_cb, task);
}

ScUsageReport *
sc_usage_report_finish (ScHistory     *history,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (SC_IS_HISTORY (history), NULL);
  g_return_val_if_fail (g_task_is_valid (result, history), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (sc_store_write_finish (SC_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
sc_usage_report_clear_async (ScHistory           *history,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_HISTORY (history));

  task = g_task_new (history, NULL, callback, user_data);
  g_task_set_source_tag (task, sc_usage_report_clear_async);
  sc_store_clear_usage_async (sc_history_get_store (history), cleared_cb, task);
}

gboolean
sc_usage_report_clear_finish (ScHistory     *history,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (SC_IS_HISTORY (history), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, history), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
