/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer used and cost when its service says it, in part or not at all; and the sums of many. */

#include "config.h"

#include "history-fixture.h"
#include "run-log.h"
#include "sc-settings.h"
#include "sc-store.h"
#include "sc-usage-report.h"
#include "sc-usage.h"

#include <string.h>

#define MILLION 1000000
#define ESTIMATED (SC_USAGE_INPUT_ESTIMATED | SC_USAGE_OUTPUT_ESTIMATED)
#define COMPUTED SC_USAGE_COST_COMPUTED
#define GUESSED (SC_USAGE_COST_COMPUTED | SC_USAGE_COST_ESTIMATED)

typedef struct
{
  const char   *name;
  ScTurnStatus  status;
  ScUsage       reported;
  gint64        estimate;
  ScPriceSource source;
  gint64        input, output, cost;
  guint         flags;
} Settled;

/* A dollar for a million tokens of any kind; the prompt was estimated at 40. */
static const Settled settled[] =
{
  { "reported", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_BUILT_IN,
    100, 50, 150000, COMPUTED },
  { "reported-cost-wins", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, 7, 0 }, 60, SC_PRICE_SOURCE_OWN, 100, 50, 7, 0 },
  { "reported-cost-nothing", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, 0, 0 }, 60, SC_PRICE_SOURCE_OWN,
    100, 50, 0, 0 },
  { "not-reported", SC_TURN_STATUS_DONE, SC_USAGE_INIT, 60, SC_PRICE_SOURCE_OWN, 40, 60, 100000, ESTIMATED | GUESSED },
  { "no-input", SC_TURN_STATUS_DONE, { -1, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_OWN,
    40, 50, 90000, SC_USAGE_INPUT_ESTIMATED | GUESSED },
  { "stopped", SC_TURN_STATUS_STOPPED, SC_USAGE_INIT, 60, SC_PRICE_SOURCE_NONE, 40, 60, -1, ESTIMATED },
  { "stopped-at-once", SC_TURN_STATUS_STOPPED, SC_USAGE_INIT, 0, SC_PRICE_SOURCE_OWN, -1, -1, -1, 0 },
  { "refused", SC_TURN_STATUS_FAILED, SC_USAGE_INIT, 0, SC_PRICE_SOURCE_LOCAL, -1, -1, -1, 0 },
  { "first-tokens-only", SC_TURN_STATUS_INTERRUPTED, { 100, 1, -1, -1, -1, -1, 0 }, 600, SC_PRICE_SOURCE_OWN,
    100, 600, 700000, SC_USAGE_OUTPUT_ESTIMATED | GUESSED },
  { "interrupted-after-count", SC_TURN_STATUS_INTERRUPTED, { 100, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_OWN,
    100, 50, 150000, COMPUTED },
  { "little-text-done", SC_TURN_STATUS_DONE, { 100, 1, -1, -1, -1, -1, 0 }, 600, SC_PRICE_SOURCE_OWN,
    100, 1, 101000, COMPUTED },
  { "foreign", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_OTHER,
    100, 50, 150000, GUESSED },
  { "unknown-price", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_NONE, 100, 50, -1, 0 },
  { "local", SC_TURN_STATUS_DONE, { 100, 50, -1, -1, -1, -1, 0 }, 60, SC_PRICE_SOURCE_LOCAL, 100, 50, 0, COMPUTED },
  { "local-estimated", SC_TURN_STATUS_DONE, SC_USAGE_INIT, 60, SC_PRICE_SOURCE_LOCAL, 40, 60, 0, ESTIMATED | COMPUTED },
};

static void
test_settled (gconstpointer data)
{
  const Settled *row = data;
  ScUsageTerms terms = { row->source, SC_PRICE_INIT, 40 };
  ScUsage usage = row->reported;
  gint64 rate = row->source == SC_PRICE_SOURCE_LOCAL ? 0 : row->source == SC_PRICE_SOURCE_NONE ? -1 : MILLION;

  terms.price.rates = (ScRates) { rate, rate, rate, rate };
  sc_usage_settle (&terms, row->status, &usage, row->estimate);
  g_assert_cmpint (usage.input, ==, row->input);
  g_assert_cmpint (usage.output, ==, row->output);
  g_assert_cmpint (usage.cost_nanos, ==, row->cost);
  g_assert_cmpuint (usage.flags, ==, row->flags);
}

static void
set_prices (const char *line)
{
  const char *lines[] = { line, NULL };

  g_object_set (sc_settings_get_default (), "prices", lines, NULL);
}

static ScPriceSource
find_source (const char *id,
             const char *base_url,
             const char *model,
             ScPrice    *price)
{
  g_autoptr (ScProfile) profile = sc_profile_new (id);

  sc_profile_set (&profile->base_url, base_url);
  return sc_usage_find_price (sc_providers_get_default (), profile, model, price);
}

static void
test_sources (void)
{
  ScPrice price;

  set_prices (NULL);
  g_assert_cmpint (find_source ("a", "https://api.openai.com/v1", "gpt-4o", &price), ==, SC_PRICE_SOURCE_BUILT_IN);
  g_assert_cmpint (price.rates.input, ==, 2500000);
  g_assert_cmpint (find_source ("a", "https://proxy.example/v1", "gpt-4o", &price), ==, SC_PRICE_SOURCE_OTHER);
  g_assert_cmpint (find_source ("a", "http://127.0.0.1:11434", "gpt-4o", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (price.rates.output, ==, 0);
  g_assert_cmpint (find_source ("a", "http://192.168.1.7:8080/v1", "x", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (find_source ("a", "http://[::1]:8080/v1", "x", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (find_source ("a", "http://attic:8080/v1", "x", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (find_source ("a", "http://attic.local:8080/v1", "x", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (find_source ("demo", "", "demo", &price), ==, SC_PRICE_SOURCE_LOCAL);
  g_assert_cmpint (find_source ("a", "https://api.example/v1", "x", &price), ==, SC_PRICE_SOURCE_NONE);
  g_assert_false (sc_price_is_known (&price));
  g_assert_cmpint (find_source ("a", "https://api.example/v1", NULL, &price), ==, SC_PRICE_SOURCE_NONE);

  set_prices ("gpt-4o\t1\t2\t3\t4\t2026-11-22");
  g_assert_cmpint (find_source ("a", "http://localhost/v1", "gpt-4o-2024-08-06", &price), ==, SC_PRICE_SOURCE_OWN);
  g_assert_cmpint (price.rates.output, ==, 4);
  g_assert_cmpint (find_source ("a", "https://api.openai.com/v1", "gpt-4o-mini", &price), ==,
                   SC_PRICE_SOURCE_BUILT_IN);
  set_prices ("gpt-4o\t-1\t-1\t-1\t-1\t2026-11-22");
  g_assert_cmpint (find_source ("a", "https://api.openai.com/v1", "gpt-4o", &price), ==, SC_PRICE_SOURCE_BUILT_IN);
  set_prices (NULL);
}

static void
test_contexts (void)
{
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (ScProfile) local = sc_profile_new ("l");

  sc_profile_set (&local->base_url, "http://localhost:11434");
  g_assert_cmpint (sc_usage_find_context (providers, NULL, "gpt-4o-2024-08-06"), ==, 128000);
  g_assert_cmpint (sc_usage_find_context (providers, local, "gpt-4o"), ==, -1);
  g_assert_cmpint (sc_usage_find_context (providers, NULL, "no-such-model"), ==, -1);
  g_assert_cmpint (sc_usage_find_context (providers, NULL, NULL), ==, -1);
}

static void
test_spans (void)
{
  static const struct { ScUsagePeriod period; const char *from, *to; } rows[] = {
    { SC_USAGE_TODAY, "2026-03-30T00:00:00+02", NULL },
    /* The day of 23 hours. */
    { SC_USAGE_YESTERDAY, "2026-03-29T00:00:00+01", "2026-03-30T00:00:00+02" },
    { SC_USAGE_WEEK, "2026-03-24T00:00:00+01", NULL },
    { SC_USAGE_MONTH, "2026-03-01T00:00:00+01", NULL },
    { SC_USAGE_LAST_MONTH, "2026-02-01T00:00:00+01", "2026-03-01T00:00:00+01" },
    { SC_USAGE_ALWAYS, NULL, NULL },
  };
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GDateTime) now = g_date_time_new (berlin, 2026, 3, 30, 0, 10, 0);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GDateTime) from = rows[i].from ? g_date_time_new_from_iso8601 (rows[i].from, NULL) : NULL;
      g_autoptr (GDateTime) to = rows[i].to ? g_date_time_new_from_iso8601 (rows[i].to, NULL) : NULL;
      gint64 from_us, to_us;

      sc_usage_period_get_span (rows[i].period, now, &from_us, &to_us);
      g_assert_cmpint (from_us, ==, from ? g_date_time_to_unix (from) * G_USEC_PER_SEC : 0);
      g_assert_cmpint (to_us, ==, to ? g_date_time_to_unix (to) * G_USEC_PER_SEC : G_MAXINT64);
    }
}

static void
add_record (GPtrArray  *records,
            const char *day,
            const char *provider,
            const char *model,
            gint64      n_answers,
            ScUsage     sums)
{
  ScUsageRecord *record = g_new0 (ScUsageRecord, 1);

  record->day = g_strdup (day);
  record->provider = g_strdup (provider);
  record->model = g_strdup (model);
  record->n_answers = n_answers;
  record->sums = sums;
  g_ptr_array_add (records, record);
}

static gboolean
price_b (const char *provider,
         const char *model,
         ScPrice    *price,
         gpointer    user_data)
{
  price->rates = (ScRates) { MILLION, MILLION, MILLION, MILLION };
  /* Steps are for single prompts. */
  price->long_from = 10;
  price->long_rates = (ScRates) { 9 * MILLION, 9 * MILLION, 9 * MILLION, 9 * MILLION };
  return g_strcmp0 (model, "b") == 0;
}

static void
test_report (void)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_usage_record_free);
  g_autoptr (ScUsageReport) report = NULL;
  const ScUsageSum *sum;

  add_record (records, "2026-11-22", "p", "a", 2, (ScUsage) { 10, 5, 3, 1, -1, 100, 0 });
  add_record (records, "2026-11-22", "p", "b", 1, (ScUsage) { 100, 50, -1, -1, -1, -1, 0 });
  add_record (records, "2026-11-21", "p", "a", 1, (ScUsage) { 1, -1, -1, -1, -1, 50, SC_USAGE_INPUT_ESTIMATED });
  add_record (records, "2026-11-21", NULL, "c", 4, (ScUsage) { 7, 7, -1, -1, -1, -1, 0 });
  report = sc_usage_report_new (records, price_b, NULL);
  g_assert_cmpint (report->all.n_answers, ==, 8);
  g_assert_cmpint (report->all.n_unpriced, ==, 4);
  g_assert_cmpint (report->all.usage.input, ==, 118);
  g_assert_cmpint (report->all.usage.output, ==, 62);
  g_assert_cmpint (report->all.usage.cached, ==, 3);
  g_assert_cmpint (report->all.usage.cache_write, ==, -1);
  g_assert_cmpint (report->all.usage.cost_nanos, ==, 150150);
  g_assert_cmpuint (report->all.usage.flags, ==, SC_USAGE_INPUT_ESTIMATED | GUESSED);
  g_assert_cmpuint (report->days->len, ==, 2);
  sum = g_ptr_array_index (report->days, 0);
  g_assert_cmpstr (sum->day, ==, "2026-11-22");
  g_assert_cmpint (sum->usage.cost_nanos, ==, 150100);
  g_assert_cmpint (sum->n_unpriced, ==, 0);
  g_assert_cmpuint (report->models->len, ==, 3);
  sum = g_ptr_array_index (report->models, 0);
  g_assert_cmpstr (sum->model, ==, "b");
  sum = g_ptr_array_index (report->models, 1);
  g_assert_cmpstr (sum->model, ==, "a");
  g_assert_cmpint (sum->n_answers, ==, 3);
  sum = g_ptr_array_index (report->models, 2);
  g_assert_null (sum->provider);
  g_assert_cmpint (sum->usage.cost_nanos, ==, -1);
}

typedef struct
{
  ScUsageReport *report;
  GError        *error;
  gboolean       is_done;
} Outcome;

static void
reported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->report = sc_usage_report_finish (SC_HISTORY (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_true (sc_usage_report_clear_finish (SC_HISTORY (source), result, &outcome->error));
  outcome->is_done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Outcome *) data)->is_done;
}

static ScUsageReport *
make_report (Fixture        *fixture,
             ScConversation *conversation)
{
  Outcome outcome = { 0 };

  sc_usage_report_async (fixture->history, conversation, SC_USAGE_TODAY, NULL, reported_cb, &outcome);
  wait_until (is_done, &outcome);
  g_assert_no_error (outcome.error);
  return outcome.report;
}

/* From the wire to the report, and still there when the conversation is not. */
static void
test_answers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (ScUsageReport) report = NULL;
  Outcome outcome = { 0 };
  const ScUsage *usage;

  set_prices ("m\t1000000\t1000000\t1000000\t2000000\t2026-11-22");
  fixture_add_answer (fixture, SSE_HEAD TEXT ("twelve signs")
                      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4}}\n\n"
                      "data: [DONE]\n\n");
  send_and_wait (conversation, "one");
  usage = sc_turn_get_usage (get_turn (conversation, 1));
  g_assert_cmpint (usage->output, ==, 4);
  g_assert_cmpint (usage->cost_nanos, ==, 18000);
  g_assert_cmpuint (usage->flags, ==, COMPUTED);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("twelve signs") "data: [DONE]\n\n");
  send_and_wait (conversation, "two");
  usage = sc_turn_get_usage (get_turn (conversation, 3));
  g_assert_cmpint (usage->output, ==, 3);
  g_assert_cmpint (usage->input, >, 8);
  g_assert_cmpuint (usage->flags, ==, ESTIMATED | GUESSED);

  report = make_report (fixture, conversation);
  g_assert_cmpint (report->all.n_answers, ==, 2);
  g_assert_cmpint (report->all.usage.output, ==, 7);
  g_assert_cmpint (report->all.usage.cost_nanos, ==, 18000 + usage->input * 1000 + 6000);
  g_clear_pointer (&report, sc_usage_report_free);

  sc_history_delete (fixture->history, conversation);
  report = make_report (fixture, NULL);
  g_assert_cmpint (report->all.n_answers, ==, 2);
  g_clear_pointer (&report, sc_usage_report_free);
  sc_usage_report_clear_async (fixture->history, cleared_cb, &outcome);
  wait_until (is_done, &outcome);
  report = make_report (fixture, NULL);
  g_assert_cmpint (report->all.n_answers, ==, 0);
  g_assert_cmpint (report->all.usage.cost_nanos, ==, -1);
  set_prices (NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (settled); i++)
    {
      g_autofree char *path = g_strconcat ("/chat/usage/settled/", settled[i].name, NULL);

      g_test_add_data_func (path, &settled[i], test_settled);
    }
  g_test_add_func ("/chat/usage/sources", test_sources);
  g_test_add_func ("/chat/usage/contexts", test_contexts);
  g_test_add_func ("/chat/usage/spans", test_spans);
  g_test_add_func ("/chat/usage/report", test_report);
  g_test_add ("/chat/usage/answers", Fixture, NULL, fixture_set_up, test_answers, fixture_tear_down);
  return g_test_run ();
}
