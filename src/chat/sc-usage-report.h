/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What answers of some time used and cost, for people: in all, by day, and by model. */

#pragma once

#include "sc-history.h"
#include "sc-prices.h"

G_BEGIN_DECLS

/**
 * ScUsagePeriod:
 * @SC_USAGE_TODAY: since midnight
 * @SC_USAGE_YESTERDAY: the day before
 * @SC_USAGE_WEEK: today and the six days before
 * @SC_USAGE_MONTH: since the first of this month
 * @SC_USAGE_LAST_MONTH: the month before
 * @SC_USAGE_ALWAYS: everything
 *
 * Spans of the local calendar.
 */
typedef enum
{
  SC_USAGE_TODAY,
  SC_USAGE_YESTERDAY,
  SC_USAGE_WEEK,
  SC_USAGE_MONTH,
  SC_USAGE_LAST_MONTH,
  SC_USAGE_ALWAYS,
} ScUsagePeriod;

/**
 * ScUsageSum:
 * @day: (nullable): the day, YYYY-MM-DD, of a sum by day
 * @model: (nullable): the model of a sum by model
 * @provider: (nullable): profile id of a sum by model
 * @n_answers: how many answers
 * @n_unpriced: those of them whose price nobody knows; the cost is without them
 * @usage: what they used and cost together
 *
 * One line of a report.
 */
typedef struct
{
  char    *day;
  char    *model;
  char    *provider;
  gint64   n_answers;
  gint64   n_unpriced;
  ScUsage  usage;
} ScUsageSum;

/**
 * ScUsageReport:
 * @all: everything
 * @days: (element-type ScUsageSum): by day, newest first
 * @models: (element-type ScUsageSum): by model and provider, the most expensive first
 *
 * A report.
 */
typedef struct
{
  ScUsageSum  all;
  GPtrArray  *days;
  GPtrArray  *models;
} ScUsageReport;

/**
 * ScUsagePriceFunc:
 * @provider: (nullable): profile id
 * @model: (nullable): a model
 * @price: (out): its price
 * @user_data: what was given with the function
 *
 * Returns: %TRUE if there is a price
 */
typedef gboolean (*ScUsagePriceFunc) (const char *provider,
                                      const char *model,
                                      ScPrice    *price,
                                      gpointer    user_data);

/**
 * sc_usage_period_get_span:
 * @period: a span
 * @now: the time it is, in the zone whose calendar counts
 * @from_us: (out): its begin, real time in microseconds since 1970
 * @to_us: (out): its end
 *
 * Days begin at midnight, however long they are.
 */
void           sc_usage_period_get_span   (ScUsagePeriod         period,
                                           GDateTime            *now,
                                           gint64               *from_us,
                                           gint64               *to_us);

/**
 * sc_usage_report_new:
 * @records: (element-type ScUsageRecord): what the store has
 * @func: prices what had no price when it was answered; such sums are estimates
 * @user_data: for @func
 *
 * Returns: (transfer full): the report
 */
ScUsageReport *sc_usage_report_new        (GPtrArray            *records,
                                           ScUsagePriceFunc      func,
                                           gpointer              user_data);

/**
 * sc_usage_report_free:
 * @self: (nullable) (transfer full): a report
 *
 * Frees it.
 */
void           sc_usage_report_free       (ScUsageReport        *self);

/**
 * sc_usage_report_async:
 * @history: a history
 * @conversation: (nullable): only of this one, all of its time
 * @period: a span, where there is no @conversation
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Makes a report, with today's prices for answers that had none. What was deleted counts too.
 */
void           sc_usage_report_async      (ScHistory            *history,
                                           ScConversation       *conversation,
                                           ScUsagePeriod         period,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);

/**
 * sc_usage_report_finish:
 * @history: a history
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the report, or %NULL with %SC_ERROR_STORAGE or %G_IO_ERROR_CANCELLED set
 */
ScUsageReport *sc_usage_report_finish     (ScHistory            *history,
                                           GAsyncResult         *result,
                                           GError              **error);

/**
 * sc_usage_report_clear_async:
 * @history: a history
 * @callback: called when done
 * @user_data: for @callback
 *
 * Forgets what all answers used. Answers keep their own numbers.
 */
void           sc_usage_report_clear_async  (ScHistory           *history,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);

/**
 * sc_usage_report_clear_finish:
 * @history: a history
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean       sc_usage_report_clear_finish (ScHistory           *history,
                                             GAsyncResult        *result,
                                             GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScUsageReport, sc_usage_report_free)

G_END_DECLS
