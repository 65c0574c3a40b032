/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sums to the last billionth, names of models, prices that people type, prices of model lists, and guesses at tokens. */

#include "config.h"

#include "sc-json.h"
#include "sc-openai-chat.h"
#include "sc-own-price.h"
#include "sc-token-estimate.h"

#include <string.h>

#define MILLION 1000000

typedef struct
{
  const char *name;
  ScRates     rates;
  ScUsage     usage;
  gint64      nanos;
  gboolean    is_estimate;
} Sum;

/* Rates of two dollars, 20 cents, 2.50 and ten dollars unless a row is about rates. */
#define RATES { 2 * MILLION, 200000, 2500000, 10 * MILLION }

static const Sum sums[] =
{
  { "plain", RATES, { 1000, 500, -1, -1, -1, -1, 0 }, 2000000 + 5000000, FALSE },
  { "one-token", RATES, { 1, 0, -1, -1, -1, -1, 0 }, 2000, FALSE },
  { "cached", RATES, { 1000, 0, 400, -1, -1, -1, 0 }, 600 * 2000 + 400 * 200, FALSE },
  { "cache-write", RATES, { 1000, 0, -1, -1, 300, -1, 0 }, 700 * 2000 + 300 * 2500, FALSE },
  { "cached-and-written", RATES, { 1000, 10, 400, -1, 300, -1, 0 },
    300 * 2000 + 400 * 200 + 300 * 2500 + 10 * 10000, FALSE },
  { "reasoning-is-output", RATES, { 0, 100, -1, 90, -1, -1, 0 }, 100 * 10000, FALSE },
  { "cached-above-input", RATES, { 100, 0, 500, -1, 500, -1, 0 }, 100 * 200, FALSE },
  { "written-above-rest", RATES, { 100, 0, 60, -1, 500, -1, 0 }, 60 * 200 + 40 * 2500, FALSE },
  { "rounds-up", { 1, 1, 1, 0 }, { 500, 0, -1, -1, -1, -1, 0 }, 1, FALSE },
  { "rounds-down", { 1, 1, 1, 0 }, { 499, 0, -1, -1, -1, -1, 0 }, 0, FALSE },
  { "no-cached-rate", { 2 * MILLION, -1, -1, 10 * MILLION }, { 100, 0, 50, -1, -1, -1, 0 }, 200000, TRUE },
  { "no-cached-rate-needed", { 2 * MILLION, -1, -1, 10 * MILLION }, { 100, 0, 0, -1, -1, -1, 0 }, 200000, FALSE },
  { "estimated-output", RATES, { 100, 10, -1, -1, -1, -1, SC_USAGE_OUTPUT_ESTIMATED }, 300000, TRUE },
  { "estimated-input", RATES, { 100, 10, -1, -1, -1, -1, SC_USAGE_INPUT_ESTIMATED }, 300000, TRUE },
  { "no-input", RATES, { -1, 500, -1, -1, -1, -1, 0 }, -1, FALSE },
  { "no-output", RATES, { 10, -1, -1, -1, -1, -1, 0 }, -1, FALSE },
  { "no-input-rate", { -1, -1, -1, 10 }, { 10, 10, -1, -1, -1, -1, 0 }, -1, FALSE },
  { "no-output-rate", { 10, -1, -1, -1 }, { 10, 10, -1, -1, -1, -1, 0 }, -1, FALSE },
  { "free", { 0, 0, 0, 0 }, { -1, -1, -1, -1, -1, -1, 0 }, 0, FALSE },
  { "too-much", { G_MAXINT64, 1, 1, 1 }, { G_MAXINT64, 1, -1, -1, -1, -1, 0 }, -1, FALSE },
  { "a-lot", { 75 * MILLION, 1, 1, 75 * MILLION }, { G_GINT64_CONSTANT (1000000000), 0, -1, -1, -1, -1, 0 },
    G_GINT64_CONSTANT (75000000000000), FALSE },
};

static void
test_sum (gconstpointer data)
{
  const Sum *sum = data;
  ScPrice price = SC_PRICE_INIT;
  gboolean is_estimate = !sum->is_estimate;

  price.rates = sum->rates;
  g_assert_cmpint (sc_price_compute (&price, &sum->usage, &is_estimate), ==, sum->nanos);
  if (sum->nanos >= 0)
    g_assert_cmpint (is_estimate, ==, sum->is_estimate);
}

static void
test_long_prompts (void)
{
  const ScPriceEntry *entry = sc_prices_find ("gemini-2.5-pro", NULL, NULL);
  ScUsage usage = { 200000, 1000, -1, -1, -1, -1, 0 };
  gboolean is_estimate;

  g_assert_nonnull (entry);
  g_assert_cmpint (sc_price_compute (&entry->price, &usage, &is_estimate), ==,
                   G_GINT64_CONSTANT (200000) * 1250 + 1000 * 10000);
  usage.input++;
  g_assert_cmpint (sc_price_compute (&entry->price, &usage, &is_estimate), ==,
                   G_GINT64_CONSTANT (200001) * 2500 + 1000 * 15000);
  g_assert_false (is_estimate);
}

/* Parts that are summed one by one come to the same as the whole. */
static void
test_no_double_count (void)
{
  ScPrice price = SC_PRICE_INIT;
  const ScRates rates = RATES;
  gboolean is_estimate;
  gint64 whole, parts = 0;
  ScUsage usage = { 900, 70, 500, 30, 100, -1, 0 };
  ScUsage single[] = {
    { 300, 0, 0, -1, 0, -1, 0 }, { 500, 0, 500, -1, 0, -1, 0 },
    { 100, 0, 0, -1, 100, -1, 0 }, { 0, 70, 0, 70, 0, -1, 0 },
  };

  price.rates = rates;
  whole = sc_price_compute (&price, &usage, &is_estimate);
  for (guint i = 0; i < G_N_ELEMENTS (single); i++)
    parts += sc_price_compute (&price, &single[i], &is_estimate);
  g_assert_cmpint (whole, ==, parts);
}

static void
test_matching (void)
{
  static const struct { const char *name, *model; gboolean matches; } rows[] = {
    { "gpt-4o", "gpt-4o", TRUE },
    { "gpt-4o", "openai/gpt-4o", TRUE },
    { "gpt-4o", "GPT-4o", TRUE },
    { "gpt-4o", "gpt-4o-2024-08-06", TRUE },
    { "gpt-4o", "gpt-4o-latest", TRUE },
    { "gpt-4o", "gpt-4o-mini", FALSE },
    { "gpt-4o", "gpt-4o-mini-2024-07-18", FALSE },
    { "gpt-4o", "gpt-4o-audio-preview", FALSE },
    { "gpt-4", "gpt-4o", FALSE },
    { "gpt-4", "gpt-4.1", FALSE },
    { "gpt-4", "gpt-4-0613", TRUE },
    { "gpt-4", "gpt-4-32k", FALSE },
    { "gpt-5", "gpt-5.4", FALSE },
    { "o1", "o1-preview", TRUE },
    { "o1", "o10", FALSE },
    { "claude-opus-4", "claude-opus-4-20250514", TRUE },
    { "claude-opus-4", "claude-opus-4-1-20250805", FALSE },
    { "claude-opus-4", "claude-opus-4-5", FALSE },
    { "claude-opus-4-1", "anthropic/claude-opus-4.1", TRUE },
    { "claude-opus-4", "claude-opus-4@20250514", TRUE },
    { "claude-3-5-sonnet", "anthropic.claude-3-5-sonnet-20240620-v1:0", TRUE },
    { "claude-3-5-sonnet", "eu.anthropic.claude-3-5-sonnet-20240620-v1:0", TRUE },
    { "claude-3-5-sonnet", "anthropic/claude-3.5-sonnet", TRUE },
    { "gemini-2.5-flash", "models/gemini-2.5-flash-preview-09-2025", TRUE },
    { "gemini-2.5-flash", "gemini-2.5-flash-001", TRUE },
    { "gemini-2.5-flash", "gemini-2.5-flash-lite", FALSE },
    { "gemini-2.5-flash", "publishers/google/models/gemini-2.5-flash", TRUE },
    { "llama-3.3-70b", "llama-3.3-70b:free", FALSE },
    { "m", "", FALSE },
    { "", "m", FALSE },
    { "", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (sc_prices_matches (rows[i].name, rows[i].model) != rows[i].matches)
      g_error ("“%s” and “%s”", rows[i].name, rows[i].model);
}

static const char *
find_name (const char *model,
           const char *base_url,
           gboolean   *is_foreign)
{
  ScProfile profile = { .base_url = (char *) base_url };
  const ScPriceEntry *entry = sc_prices_find (model, &profile, is_foreign);

  return entry != NULL ? entry->model : NULL;
}

static void
test_built_in (void)
{
  gboolean is_foreign = TRUE;
  guint n_entries;
  const ScPriceEntry *entries = sc_prices_list_built_in (&n_entries);

  g_assert_cmpstr (find_name ("gpt-4o-2024-05-13", "https://api.openai.com/v1", &is_foreign), ==,
                   "gpt-4o-2024-05-13");
  g_assert_false (is_foreign);
  g_assert_cmpstr (find_name ("gpt-4o-2024-11-20", "https://eu.proxy.example/v1", &is_foreign), ==, "gpt-4o");
  g_assert_true (is_foreign);
  g_assert_cmpstr (find_name ("gpt-4o", "https://notopenai.com/v1", &is_foreign), ==, "gpt-4o");
  g_assert_true (is_foreign);
  g_assert_cmpstr (find_name ("gemini-2.5-pro", "https://europe-west1-aiplatform.googleapis.com", &is_foreign), ==,
                   "gemini-2.5-pro");
  g_assert_false (is_foreign);
  g_assert_cmpstr (find_name ("claude-sonnet-4-5", NULL, &is_foreign), ==, "claude-sonnet-4-5");
  g_assert_false (is_foreign);
  /* Many serve it, each at a price of their own. */
  g_assert_cmpstr (find_name ("openai/gpt-oss-120b", "https://api.groq.com/openai/v1", NULL), ==, "gpt-oss-120b");
  g_assert_null (find_name ("openai/gpt-oss-120b", "https://openrouter.ai/api/v1", NULL));
  g_assert_null (find_name ("no-such-model", NULL, NULL));
  for (guint i = 0; i < n_entries; i++)
    {
      g_autoptr (GDate) date = g_date_new ();

      g_assert_true (sc_price_is_known (&entries[i].price));
      g_assert_cmpint (entries[i].price.rates.input, <=, entries[i].price.rates.output);
      g_assert_cmpint (entries[i].price.rates.cached, <=, entries[i].price.rates.input);
      g_date_set_parse (date, entries[i].date);
      g_assert_true (g_date_valid (date));
      /* Each is found by its own name: no two lines for one model. */
      g_assert_true (sc_prices_find (entries[i].model, &(ScProfile) { .base_url = NULL }, NULL) == &entries[i]);
    }
}

static void
test_own (void)
{
  const ScRates rates = { 1500000, -1, 0, 2000000 };
  g_autoptr (ScOwnPrice) price = sc_own_price_new (" my\tmodel ", &rates, "2026-11-22");
  g_autofree char *line = sc_own_price_to_line (price);
  g_autoptr (ScOwnPrice) read = sc_own_price_from_line (line);
  const char *const lines[] = { "nonsense", "gpt-4o\t1\t2\t3\t4\t2026-01-01", "gpt-4o-mini\t5\t6\t7\t8", "a\tb", NULL };
  g_autoptr (ScOwnPrice) mini = sc_own_prices_find (lines, "gpt-4o-mini-2024-07-18");
  g_autoptr (ScOwnPrice) full = sc_own_prices_find (lines, "gpt-4o");
  static const char *const bad[] = {
    "", "\t1\t1\t1\t1", "m", "m\t1", "m\t1\t1\t1", "m\t1\t1\t1\tx", "m\t1\t1\t1\t-2", "m\t1\t1\t1\t9999999999999999",
  };

  g_assert_cmpstr (read->model, ==, "my model");
  g_assert_cmpmem (&read->rates, sizeof read->rates, &rates, sizeof rates);
  g_assert_cmpstr (read->date, ==, "2026-11-22");
  g_assert_cmpint (mini->rates.output, ==, 8);
  g_assert_cmpstr (mini->date, ==, "");
  g_assert_cmpint (full->rates.input, ==, 1);
  g_assert_null (sc_own_prices_find (lines, "gpt-5"));
  g_assert_null (sc_own_prices_find (NULL, "gpt-5"));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (sc_own_price_from_line (bad[i]));
}

static void
test_rates (void)
{
  static const struct { const char *text, *mark; gint64 rate; const char *again; } rows[] = {
    { "2.50", ".", 2500000, "2.50" },
    { "2,50", ",", 2500000, "2,50" },
    { "2.50", ",", 2500000, "2,50" },
    { "2,50", ".", 2500000, "2.50" },
    { "2٫5", "٫", 2500000, "2٫50" },
    { " $ 3 ", ".", 3000000, "3" },
    { "0", ".", 0, "0" },
    { "0.075", ".", 75000, "0.075" },
    { ".5", ".", 500000, "0.50" },
    { "5.", ".", 5000000, "5" },
    { "0.000001", ".", 1, "0.000001" },
    { "1000000", NULL, G_GINT64_CONSTANT (1000000000000), "1000000" },
    { "", ".", -1, "" },
    { "  ", ".", -1, "" },
  };
  static const char *const bad[] = {
    "abc", "1.2.3", "1,000.50", "1.000,50", "-1", "1e3", "0.0000001", "1000000.1", "1000001", "99999999999999999999",
    "$", ".", ",", "1 000", "١",
  };
  gint64 rate = 7;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *again = NULL;

      g_assert_true (sc_rate_parse (rows[i].text, rows[i].mark, &rate));
      g_assert_cmpint (rate, ==, rows[i].rate);
      again = sc_rate_dup_text (rate, rows[i].mark);
      g_assert_cmpstr (again, ==, rows[i].again);
    }
  rate = 7;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      if (sc_rate_parse (bad[i], ".", &rate))
        g_error ("“%s” was taken", bad[i]);
      g_assert_cmpint (rate, ==, 7);
    }
}

static void
test_model_lists (void)
{
  static const struct { const char *json; gint64 input, cached, write, output; } rows[] = {
    /* OpenRouter */
    { "{\"prompt\":\"0.000003\",\"completion\":\"0.000015\",\"request\":\"0\",\"image\":\"0.0048\","
      "\"input_cache_read\":\"0.0000003\",\"input_cache_write\":\"0.00000375\"}", 3000000, 300000, 3750000, 15000000 },
    { "{\"prompt\":\"0\",\"completion\":\"0\"}", 0, -1, -1, 0 },
    { "{\"prompt\":\"-1\",\"completion\":\"-1\"}", -1, -1, -1, -1 },
    { "{\"prompt\":\"\",\"completion\":\"dear\"}", -1, -1, -1, -1 },
    { "{\"prompt\":\"0.00000007\",\"completion\":\"0.0000002\"}", 70000, -1, -1, 200000 },
    /* Vercel */
    { "{\"input\":\"0.0000011\",\"output\":\"0.0000044\",\"input_cache_read\":\"0.000000275\"}",
      1100000, 275000, -1, 4400000 },
    /* Together */
    { "{\"hourly\":0,\"input\":0.88,\"output\":0.88,\"base\":0}", 880000, -1, -1, 880000 },
    { "[]", -1, -1, -1, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"data\":[{\"id\":\"m\",\"pricing\":%s}]}", rows[i].json);
      g_autoptr (JsonNode) root = sc_json_parse (json, -1, NULL);
      char *next = NULL;
      g_autoptr (GPtrArray) models = sc_openai_chat_parse_models (root, &next, NULL);
      const ScModel *model = g_ptr_array_index (models, 0);

      g_assert_cmpint (model->input_price, ==, rows[i].input);
      g_assert_cmpint (model->cached_price, ==, rows[i].cached);
      g_assert_cmpint (model->cache_write_price, ==, rows[i].write);
      g_assert_cmpint (model->output_price, ==, rows[i].output);
    }
}

static void
test_deepinfra (void)
{
  g_autoptr (JsonNode) root =
    sc_json_parse ("{\"data\":[{\"id\":\"m\",\"metadata\":{\"context_length\":40960,\"pricing\":"
                   "{\"input_tokens\":0.13,\"output_tokens\":0.6,\"cache_read_tokens\":0.02}}}]}", -1, NULL);
  char *next = NULL;
  g_autoptr (GPtrArray) models = sc_openai_chat_parse_models (root, &next, NULL);
  const ScModel *model = g_ptr_array_index (models, 0);

  g_assert_cmpint (model->input_price, ==, 130000);
  g_assert_cmpint (model->output_price, ==, 600000);
  g_assert_cmpint (model->cached_price, ==, 20000);
}

static void
test_estimates (void)
{
  g_autoptr (ScPrompt) prompt = sc_prompt_new ("m");
  g_autoptr (GBytes) file = g_bytes_new_static ("0123456789abcdef", 16);
  ScMessage *message = sc_message_new (SC_ROLE_USER, "12345678");

  g_assert_cmpint (sc_token_estimate_text (NULL, -1), ==, 0);
  g_assert_cmpint (sc_token_estimate_text ("", -1), ==, 0);
  g_assert_cmpint (sc_token_estimate_text ("a", -1), ==, 1);
  g_assert_cmpint (sc_token_estimate_text ("Twelve signs", -1), ==, 3);
  g_assert_cmpint (sc_token_estimate_text ("Twelve signs", 4), ==, 1);
  g_assert_cmpint (sc_token_estimate_text ("привет", -1), ==, 3);
  g_assert_cmpint (sc_token_estimate_text ("企鹅怎么睡觉", -1), ==, 6);
  g_assert_cmpint (sc_token_estimate_text ("नमस्ते", -1), ==, 3);
  g_assert_cmpint (sc_token_estimate_text ("🐧🐧", -1), ==, 2);

  sc_message_add_attachment (message, "a.txt", "text/plain", file);
  sc_message_add_attachment (message, "a.png", "image/png", file);
  sc_message_add_tool_call (message, "1", "tool", "{\"a\":12}");
  g_ptr_array_add (prompt->messages, message);
  prompt->system = g_strdup ("1234");
  g_assert_cmpint (sc_token_estimate_prompt (prompt), ==, 1 + 4 + 2 + 4 + 1000 + 1 + 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/prices/sum/", sums[i].name, NULL);

      g_test_add_data_func (path, &sums[i], test_sum);
    }
  g_test_add_func ("/provider/prices/long-prompts", test_long_prompts);
  g_test_add_func ("/provider/prices/no-double-count", test_no_double_count);
  g_test_add_func ("/provider/prices/matching", test_matching);
  g_test_add_func ("/provider/prices/built-in", test_built_in);
  g_test_add_func ("/provider/prices/own", test_own);
  g_test_add_func ("/provider/prices/rates", test_rates);
  g_test_add_func ("/provider/prices/model-lists", test_model_lists);
  g_test_add_func ("/provider/prices/deepinfra", test_deepinfra);
  g_test_add_func ("/provider/prices/estimates", test_estimates);
  return g_test_run ();
}
