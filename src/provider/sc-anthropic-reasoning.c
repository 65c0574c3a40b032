/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What differs between generations of Anthropic's models: how hard to think is said by an effort or
 * by a budget, and how long an answer may be. Read from the model's name, because the API does not
 * say it. Pure. */

#include "config.h"

#include "sc-anthropic-private.h"
#include "sc-json.h"

#include <string.h>

/* The API's least budget; below it there is no thinking. */
#define MIN_BUDGET 1024

/* Generation numbers: 100 for each major version and 1 for each minor one. */
#define GENERATION_UNKNOWN 0
#define GENERATION_NEWEST G_MAXINT
#define GENERATION_EFFORT 406

/* What compatible servers get; they run small models too, and vLLM refuses more than the context
 * holds. */
#define MAX_TOKENS_COMPATIBLE 4096

static const struct
{
  const char *effort;
  const char *adaptive;
  gint64      budget;
} efforts[] = {
  { "none", NULL, 0 },
  { "off", NULL, 0 },
  { "minimal", "low", 1024 },
  { "low", "low", 2048 },
  { "medium", "medium", 8192 },
  { "high", "high", 16384 },
  { "xhigh", "xhigh", 20480 },
  { "max", "max", 24576 },
};

/* `claude-sonnet-4-5-20250929`, `claude-3-7-sonnet-latest`, `anthropic/claude-opus-4.1`,
 * `claude-sonnet-4@20250514`: the first two small numbers. A name without any number is newer than
 * all that have one. */
static int
read_generation (const char *model)
{
  const char *name = model != NULL ? strstr (model, "claude") : NULL;
  int numbers[2] = { 0, 0 };
  guint n = 0;

  if (name == NULL)
    return GENERATION_UNKNOWN;
  while (*name != '\0' && n < G_N_ELEMENTS (numbers))
    {
      char *end;
      guint64 value;

      if (!g_ascii_isdigit (*name))
        {
          name++;
          continue;
        }
      value = g_ascii_strtoull (name, &end, 10);
      /* A date. */
      if (value > 99)
        break;
      numbers[n++] = (int) value;
      name = end;
      if (*name != '-' && *name != '.')
        break;
    }
  return n > 0 ? numbers[0] * 100 + numbers[1] : GENERATION_NEWEST;
}

/* Opus 4.5 knows efforts already, but thinks by budget. */
static gboolean
has_effort (const char *model,
            int         generation)
{
  return generation >= GENERATION_EFFORT ||
         (generation == 405 && model != NULL && strstr (model, "opus") != NULL);
}

gint64
sc_anthropic_get_max_tokens (const char *model)
{
  int generation = read_generation (model);

  if (generation == GENERATION_UNKNOWN)
    return MAX_TOKENS_COMPATIBLE;
  if (generation < 305)
    return 4096;
  return generation < 307 ? 8192 : 32000;
}

static JsonObject *
set_thinking (JsonObject *body,
              const char *type,
              gint64      budget)
{
  JsonObject *thinking = json_object_new ();

  json_object_set_string_member (thinking, "type", type);
  if (budget > 0)
    json_object_set_int_member (thinking, "budget_tokens", budget);
  json_object_set_object_member (body, "thinking", thinking);
  return thinking;
}

static void
set_effort (JsonObject *body,
            const char *effort)
{
  JsonObject *config = json_object_new ();

  json_object_set_string_member (config, "effort", effort);
  json_object_set_object_member (body, "output_config", config);
}

static void
set_budget (JsonObject *body,
            gint64      budget)
{
  gint64 max_tokens = 0;

  sc_json_get_int (body, "max_tokens", &max_tokens);
  budget = MIN (budget, max_tokens / 4 * 3);
  if (budget >= MIN_BUDGET)
    set_thinking (body, "enabled", budget);
}

void
sc_anthropic_add_reasoning (JsonObject *body,
                            const char *model,
                            const char *effort)
{
  int generation = read_generation (model);
  const char *adaptive = effort;
  gint64 budget = efforts[G_N_ELEMENTS (efforts) - 1].budget;

  for (guint i = 0; i < G_N_ELEMENTS (efforts); i++)
    if (g_ascii_strcasecmp (effort, efforts[i].effort) == 0)
      {
        adaptive = efforts[i].adaptive;
        budget = efforts[i].budget;
      }
  if (adaptive == NULL)
    {
      set_thinking (body, "disabled", 0);
      return;
    }
  if (has_effort (model, generation))
    set_effort (body, adaptive);
  if (generation >= GENERATION_EFFORT)
    {
      JsonObject *thinking = set_thinking (body, "adaptive", 0);

      /* Without it the newest models think in silence. */
      json_object_set_string_member (thinking, "display", "summarized");
    }
  else
    set_budget (body, budget);
}
