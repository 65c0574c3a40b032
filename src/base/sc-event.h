/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a decoder says about a stream, in terms that know no provider.
 *
 * An event lives on the stack of its sender: every pointer in it is borrowed for the duration of the call, and a
 * receiver copies what it keeps. A run gives exactly one end event (finish or error), last. */

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * ScEventKind:
 * @SC_EVENT_START: the answer began; `id` is the service's response id, `name` the model that really answers (either may be %NULL)
 * @SC_EVENT_TEXT: `text`, `length`: a piece of the answer
 * @SC_EVENT_REASONING: `text`, `length`: a piece of the model's reasoning
 * @SC_EVENT_TOOL_BEGIN: `index`, `id`, `name`: a tool call opened
 * @SC_EVENT_TOOL_ARGUMENTS: `index`, `text`, `length`: a piece of its arguments
 * @SC_EVENT_TOOL_END: `index`, `id`, `name`, `text`, `length`: the call is complete, with its whole arguments as JSON text
 * @SC_EVENT_CITATION: `id` (URL or document id, nullable), `name` (title, nullable), `text` (cited passage, nullable), `start`, `end` (code points of the answer, -1 unknown)
 * @SC_EVENT_USAGE: `usage`: the totals known so far
 * @SC_EVENT_NOTICE: `name` a stable code (`refusal`, `status`, `progress`, `retry`, `quiet` …), `text` words for people
 * @SC_EVENT_FINISH: `reason`, `name` the service's own word: the answer is complete by its protocol
 * @SC_EVENT_ERROR: `failure`: the answer is not complete
 */
typedef enum
{
  SC_EVENT_START,
  SC_EVENT_TEXT,
  SC_EVENT_REASONING,
  SC_EVENT_TOOL_BEGIN,
  SC_EVENT_TOOL_ARGUMENTS,
  SC_EVENT_TOOL_END,
  SC_EVENT_CITATION,
  SC_EVENT_USAGE,
  SC_EVENT_NOTICE,
  SC_EVENT_FINISH,
  SC_EVENT_ERROR,
} ScEventKind;

/**
 * ScFinishReason:
 * @SC_FINISH_STOP: the model was done
 * @SC_FINISH_LENGTH: a length limit cut the answer
 * @SC_FINISH_TOOL_CALLS: the model waits for tool results
 * @SC_FINISH_CONTENT_FILTER: the service's filter cut or withheld the answer
 * @SC_FINISH_REFUSAL: the model declined
 * @SC_FINISH_OTHER: something else, or not said
 */
typedef enum
{
  SC_FINISH_STOP,
  SC_FINISH_LENGTH,
  SC_FINISH_TOOL_CALLS,
  SC_FINISH_CONTENT_FILTER,
  SC_FINISH_REFUSAL,
  SC_FINISH_OTHER,
} ScFinishReason;

/**
 * ScUsageFlags:
 * @SC_USAGE_INPUT_ESTIMATED: `input` was estimated from the text
 * @SC_USAGE_OUTPUT_ESTIMATED: `output` was estimated from the text
 * @SC_USAGE_COST_ESTIMATED: the cost stands on estimated tokens or on a price that may not be this service's
 * @SC_USAGE_COST_COMPUTED: the cost is tokens times prices, not what the service said
 *
 * What of the totals did not come from the service. Stored as a number; never renumber.
 */
typedef enum
{
  SC_USAGE_INPUT_ESTIMATED = 1 << 0,
  SC_USAGE_OUTPUT_ESTIMATED = 1 << 1,
  SC_USAGE_COST_ESTIMATED = 1 << 2,
  SC_USAGE_COST_COMPUTED = 1 << 3,
} ScUsageFlags;

/**
 * ScUsage:
 * @input: tokens of the whole prompt, including what was cached
 * @output: tokens generated, including reasoning
 * @cached: the part of @input read from a cache
 * @reasoning: the part of @output spent on reasoning
 * @cache_write: the part of @input written to a cache, where that is priced apart
 * @cost_nanos: what it cost, in billionths of a US dollar
 * @flags: what of it did not come from the service
 *
 * Totals with one meaning for all protocols; -1 is unknown.
 */
struct _ScUsage
{
  gint64 input;
  gint64 output;
  gint64 cached;
  gint64 reasoning;
  gint64 cache_write;
  gint64 cost_nanos;
  guint  flags;
};

/** SC_USAGE_MAX: no total of an answer is more, in tokens or billionths of a dollar */
#define SC_USAGE_MAX (G_GINT64_CONSTANT (100) * 1000 * 1000 * 1000 * 1000)

#define SC_USAGE_INIT { -1, -1, -1, -1, -1, -1, 0 }

/**
 * ScEvent:
 *
 * One tagged struct; #ScEventKind says which fields count.
 */
struct _ScEvent
{
  ScEventKind      kind;
  const char      *text;
  gsize            length;
  int              index;
  const char      *id;
  const char      *name;
  gint64           start;
  gint64           end;
  const ScUsage   *usage;
  ScFinishReason   reason;
  const ScFailure *failure;
};

/**
 * ScEventFunc:
 * @event: (transfer none): the event, valid during the call only
 * @user_data: what was given with the function
 *
 * Receives events in order. It may cancel or free what sends them only where the sender's documentation allows it.
 */
typedef void (*ScEventFunc) (const ScEvent *event,
                             gpointer       user_data);

/**
 * sc_finish_reason_to_nick:
 * @reason: a reason
 *
 * Returns: (transfer none): its name in JSON lines: `stop`, `length`, `tool-calls`, `content-filter`, `refusal`, `other`
 */
const char     *sc_finish_reason_to_nick   (ScFinishReason  reason);

/**
 * sc_finish_reason_from_nick:
 * @nick: (nullable): a name as sc_finish_reason_to_nick() gives it
 *
 * Returns: the reason; %SC_FINISH_OTHER for %NULL and unknown names
 */
ScFinishReason  sc_finish_reason_from_nick (const char     *nick);

/**
 * sc_usage_merge:
 * @self: totals so far, changed in place
 * @newer: totals that came later
 *
 * Takes every field that @newer knows and keeps the others: all services send totals, and a later object without a
 * field must not erase it (Anthropic's message_delta).
 */
void            sc_usage_merge             (ScUsage        *self,
                                            const ScUsage  *newer);

/**
 * sc_usage_is_empty:
 * @self: totals
 *
 * Returns: %TRUE if no field is known
 */
gboolean        sc_usage_is_empty          (const ScUsage  *self);

/**
 * sc_event_append_json:
 * @self: an event
 * @out: receives one line of JSON with its line feed
 *
 * Writes the event as the terminal's `--json` and sc-probe print it. Start, tool-begin and tool-arguments events
 * write nothing: outside, a tool call is one line when it is complete.
 *
 * Returns: %TRUE if a line was written
 */
gboolean        sc_event_append_json       (const ScEvent  *self,
                                            GString        *out);

G_END_DECLS
