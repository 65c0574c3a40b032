/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The built-in price list: dollars for a million tokens as the vendors' price pages had them on the date of each
 * group. It is a start: what a service says of itself and what people enter go before it. A name holds for all its
 * dated versions, unless one of them has a line of its own. */

#include "config.h"

#include "sc-prices.h"

#define UNKNOWN -1
#define USD(dollars) ((gint64) ((dollars) < 0 ? -1 : (dollars) * 1000000 + 0.5))
#define RATES(input, cached, write, output) { USD (input), USD (cached), USD (write), USD (output) }

#define ANTHROPIC "Anthropic", "anthropic.com", FALSE
#define ANTHROPIC_DATE "2026-11-22"
#define OPENAI "OpenAI", "openai.com", FALSE
#define OPENAI_DATE "2026-06-04"
#define GOOGLE "Google", "googleapis.com", FALSE
#define GOOGLE_DATE "2026-04-30"
#define MISTRAL "Mistral", "mistral.ai", FALSE
#define MISTRAL_DATE "2025-12-01"
#define DEEPSEEK "DeepSeek", "deepseek.com", FALSE
#define DEEPSEEK_DATE "2026-04-30"
#define XAI "xAI", "x.ai", FALSE
#define XAI_DATE "2025-12-01"
#define COHERE "Cohere", "cohere.com", FALSE
#define COHERE_DATE "2025-12-01"
#define GROQ "Groq", "groq.com", TRUE
#define GROQ_DATE "2025-12-01"

/* Anthropic: a cache is written at 1.25 times the price of the prompt. */
#define CLAUDE(model, input, cached, output, context) \
  { model, ANTHROPIC, { RATES (input, cached, (input) * 1.25, output), 0, SC_RATES_INIT }, context, ANTHROPIC_DATE }

/* The others take nothing extra for writing to a cache. */
#define FLAT(vendor, date, model, input, cached, output, context) \
  { model, vendor, { RATES (input, cached, input, output), 0, SC_RATES_INIT }, context, date }

/* Long prompts cost twice as much, and one and a half times their answers. */
#define STEPPED(vendor, date, model, input, cached, output, context, from) \
  { model, vendor, { RATES (input, cached, input, output), from, \
                     RATES ((input) * 2, (cached) * 2, (input) * 2, (output) * 1.5) }, context, date }

static const ScPriceEntry entries[] =
{
  CLAUDE ("claude-fable-5-1", 10, 0.25, 50, 1000000),
  CLAUDE ("claude-fable-5", 10, 1, 50, 1000000),
  CLAUDE ("claude-opus-5", 5, 0.5, 25, UNKNOWN),
  CLAUDE ("claude-opus-4-8", 5, 0.5, 25, 1000000),
  CLAUDE ("claude-opus-4-7", 5, 0.5, 25, 1000000),
  CLAUDE ("claude-opus-4-6", 5, 0.5, 25, 1000000),
  CLAUDE ("claude-opus-4-5", 5, 0.5, 25, 200000),
  CLAUDE ("claude-opus-4-1", 15, 1.5, 75, 200000),
  CLAUDE ("claude-opus-4", 15, 1.5, 75, 200000),
  CLAUDE ("claude-opus-4-0", 15, 1.5, 75, 200000),
  CLAUDE ("claude-sonnet-5-5", 2, 0.1, 10, UNKNOWN),
  CLAUDE ("claude-sonnet-5", 2, 0.2, 10, UNKNOWN),
  CLAUDE ("claude-sonnet-4-6", 3, 0.3, 15, 1000000),
  CLAUDE ("claude-sonnet-4-5", 3, 0.3, 15, 200000),
  CLAUDE ("claude-sonnet-4", 3, 0.3, 15, 200000),
  CLAUDE ("claude-sonnet-4-0", 3, 0.3, 15, 200000),
  CLAUDE ("claude-3-7-sonnet", 3, 0.3, 15, 200000),
  CLAUDE ("claude-3-5-sonnet", 3, 0.3, 15, 200000),
  CLAUDE ("claude-haiku-4-5", 1, 0.1, 5, 200000),
  CLAUDE ("claude-3-5-haiku", 0.8, 0.08, 4, 200000),
  CLAUDE ("claude-3-opus", 15, 1.5, 75, 200000),
  { "claude-3-haiku", ANTHROPIC, { RATES (0.25, 0.03, 0.30, 1.25), 0, SC_RATES_INIT }, 200000, ANTHROPIC_DATE },

  STEPPED (OPENAI, OPENAI_DATE, "gpt-5.5", 5, 0.5, 30, 1000000, 272000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.5-pro", 30, UNKNOWN, 180, 1000000),
  STEPPED (OPENAI, OPENAI_DATE, "gpt-5.4", 2.5, 0.25, 15, 1000000, 272000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.4-mini", 0.75, 0.075, 4.5, UNKNOWN),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.4-nano", 0.2, 0.02, 1.25, UNKNOWN),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.4-pro", 30, UNKNOWN, 180, 1000000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.2", 1.75, 0.175, 14, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5.1", 1.25, 0.125, 10, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5", 1.25, 0.125, 10, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5-chat", 1.25, 0.125, 10, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5-mini", 0.25, 0.025, 2, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5-nano", 0.05, 0.005, 0.4, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-5-pro", 15, UNKNOWN, 120, 400000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4.1", 2, 0.5, 8, 1047576),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4.1-mini", 0.4, 0.1, 1.6, 1047576),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4.1-nano", 0.1, 0.025, 0.4, 1047576),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4o", 2.5, 1.25, 10, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4o-2024-05-13", 5, UNKNOWN, 15, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4o-mini", 0.15, 0.075, 0.6, 128000),
  FLAT (OPENAI, OPENAI_DATE, "o4-mini", 1.1, 0.275, 4.4, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o3", 2, 0.5, 8, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o3-pro", 20, UNKNOWN, 80, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o3-mini", 1.1, 0.55, 4.4, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o1", 15, 7.5, 60, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o1-pro", 150, UNKNOWN, 600, 200000),
  FLAT (OPENAI, OPENAI_DATE, "o1-mini", 1.1, 0.55, 4.4, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4-turbo", 10, UNKNOWN, 30, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4-0125-preview", 10, UNKNOWN, 30, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4-1106-preview", 10, UNKNOWN, 30, 128000),
  FLAT (OPENAI, OPENAI_DATE, "gpt-4", 30, UNKNOWN, 60, 8192),
  FLAT (OPENAI, OPENAI_DATE, "gpt-3.5-turbo", 0.5, UNKNOWN, 1.5, 16385),

  STEPPED (GOOGLE, GOOGLE_DATE, "gemini-3.1-pro", 2, 0.2, 12, 1048576, 200000),
  STEPPED (GOOGLE, GOOGLE_DATE, "gemini-3-pro", 2, 0.2, 12, 1048576, 200000),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-3-flash", 0.5, 0.05, 3, 1048576),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-3.1-flash-lite", 0.25, 0.025, 1.5, 1048576),
  STEPPED (GOOGLE, GOOGLE_DATE, "gemini-2.5-pro", 1.25, 0.125, 10, 1048576, 200000),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-2.5-flash", 0.3, 0.03, 2.5, 1048576),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-2.5-flash-lite", 0.1, 0.01, 0.4, 1048576),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-2.0-flash", 0.1, 0.025, 0.4, 1048576),
  FLAT (GOOGLE, GOOGLE_DATE, "gemini-2.0-flash-lite", 0.075, UNKNOWN, 0.3, 1048576),

  FLAT (MISTRAL, MISTRAL_DATE, "mistral-large-2411", 2, UNKNOWN, 6, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "pixtral-large", 2, UNKNOWN, 6, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "mistral-medium", 0.4, UNKNOWN, 2, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "mistral-small", 0.1, UNKNOWN, 0.3, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "magistral-medium", 2, UNKNOWN, 5, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "codestral", 0.3, UNKNOWN, 0.9, 262144),
  FLAT (MISTRAL, MISTRAL_DATE, "ministral-8b", 0.1, UNKNOWN, 0.1, 131072),
  FLAT (MISTRAL, MISTRAL_DATE, "ministral-3b", 0.04, UNKNOWN, 0.04, 131072),

  FLAT (DEEPSEEK, DEEPSEEK_DATE, "deepseek-v4-flash", 0.14, 0.0028, 0.28, 1000000),

  FLAT (XAI, XAI_DATE, "grok-4", 3, 0.75, 15, 256000),
  FLAT (XAI, XAI_DATE, "grok-4-fast-reasoning", 0.2, 0.05, 0.5, 2000000),
  FLAT (XAI, XAI_DATE, "grok-4-fast-non-reasoning", 0.2, 0.05, 0.5, 2000000),
  FLAT (XAI, XAI_DATE, "grok-3", 3, 0.75, 15, 131072),
  FLAT (XAI, XAI_DATE, "grok-3-mini", 0.3, 0.075, 0.5, 131072),
  FLAT (XAI, XAI_DATE, "grok-code-fast-1", 0.2, 0.02, 1.5, 256000),

  FLAT (COHERE, COHERE_DATE, "command-a-03-2025", 2.5, UNKNOWN, 10, 256000),
  FLAT (COHERE, COHERE_DATE, "command-r-plus-08-2024", 2.5, UNKNOWN, 10, 128000),
  FLAT (COHERE, COHERE_DATE, "command-r-08-2024", 0.15, UNKNOWN, 0.6, 128000),
  FLAT (COHERE, COHERE_DATE, "command-r7b-12-2024", 0.0375, UNKNOWN, 0.15, 128000),

  FLAT (GROQ, GROQ_DATE, "llama-3.3-70b-versatile", 0.59, UNKNOWN, 0.79, 131072),
  FLAT (GROQ, GROQ_DATE, "llama-3.1-8b-instant", 0.05, UNKNOWN, 0.08, 131072),
  FLAT (GROQ, GROQ_DATE, "gpt-oss-120b", 0.15, 0.075, 0.6, 131072),
  FLAT (GROQ, GROQ_DATE, "gpt-oss-20b", 0.075, 0.0375, 0.3, 131072),
};

const ScPriceEntry *
sc_prices_list_built_in (guint *n_entries)
{
  *n_entries = G_N_ELEMENTS (entries);
  return entries;
}
