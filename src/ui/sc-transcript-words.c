/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small words of the page. It knows turns and nothing of widgets. */

#include "config.h"

#include "sc-transcript-words.h"

#include "sc-settings.h"
#include "sc-usage-words.h"

#include <glib/gi18n.h>
#include <string.h>

/* A pause after which the time is told again. */
#define PAUSE_US       (15 * G_TIME_SPAN_MINUTE)

#define THOUGHT_LENGTH 72
#define SHORT_PART     28

static gboolean
is_same_day (GDateTime *a,
             GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

static char *
dup_when (gint64 created_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (created_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (then == NULL || created_us <= 0)
    return NULL;
  if (is_same_day (then, now))
    return g_date_time_format (then, "%H:%M");
  if (is_same_day (then, yesterday))
    /* Translators: when a message was written; a GDateTime format */
    return g_date_time_format (then, _("Yesterday, %H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* Translators: when a message was written this year; a GDateTime format */
    return g_date_time_format (then, _("%e %B, %H:%M"));

  /* Translators: when a message was written in an earlier year; a GDateTime format */
  return g_date_time_format (then, _("%e %B %Y, %H:%M"));
}

char *
sc_transcript_dup_head (ScTurn *turn,
                        ScTurn *before,
                        ScTurn *spoke_last)
{
  gint64 created_us = sc_turn_get_created_us (turn);

  switch (sc_turn_get_role (turn))
    {
    case SC_ROLE_USER:
      if (before != NULL && created_us - sc_turn_get_created_us (before) < PAUSE_US)
        return NULL;
      return dup_when (created_us);
    case SC_ROLE_ASSISTANT:
      if (sc_turn_get_model (turn) == NULL ||
          (spoke_last != NULL && g_strcmp0 (sc_turn_get_model (turn), sc_turn_get_model (spoke_last)) == 0))
        return NULL;
      return g_strdup (sc_turn_get_model (turn));
    case SC_ROLE_TOOL:
      return g_strdup (_("Result of a tool"));
    case SC_ROLE_SYSTEM:
      return g_strdup (_("Instructions"));
    default:
      return NULL;
    }
}

/* Short parts are not broken between lines: a no-break space for each space. */
static void
append_part (GString    *line,
             const char *part)
{
  gboolean is_short;

  if (part == NULL || *part == '\0')
    return;

  is_short = g_utf8_strlen (part, -1) <= SHORT_PART;
  if (line->len > 0)
    g_string_append (line, "  ·  ");
  for (const char *at = part; *at != '\0'; at++)
    {
      if (*at == '\n' || *at == '\r')
        g_string_append_c (line, ' ');
      else if (*at == ' ' && is_short)
        g_string_append (line, "\xc2\xa0");
      else
        g_string_append_c (line, *at);
    }
}

static void
append_estimate (GString    *line,
                 const char *part,
                 gboolean    is_estimate)
{
  g_autofree char *marked = g_strconcat (is_estimate ? "~" : "", part, NULL);

  append_part (line, marked);
}

static char *
dup_ending (ScTurn *turn)
{
  const ScFailure *failure = sc_turn_get_failure (turn);

  switch (sc_turn_get_status (turn))
    {
    case SC_TURN_STATUS_STOPPED:
      return g_strdup (C_("answer", "Stopped"));
    case SC_TURN_STATUS_INTERRUPTED:
      if (failure == NULL)
        return g_strdup (C_("answer", "Interrupted"));
      /* Translators: %s is a sentence that says why */
      return g_strdup_printf (_("Interrupted: %s"), sc_error_to_sentence (failure->kind));
    case SC_TURN_STATUS_FAILED:
      return g_strdup (failure != NULL ? sc_error_to_sentence (failure->kind) : C_("answer", "Failed"));
    case SC_TURN_STATUS_DONE:
      if (sc_turn_get_finish_reason (turn) == SC_FINISH_LENGTH)
        return g_strdup (_("Cut off at the length limit"));
      if (sc_turn_get_finish_reason (turn) == SC_FINISH_CONTENT_FILTER)
        return g_strdup (_("Cut off by the service's filter"));
      return sc_turn_is_empty (turn) ? g_strdup (_("The model answered with nothing.")) : NULL;
    case SC_TURN_STATUS_STREAMING:
    default:
      return NULL;
    }
}

static void
append_speed (GString *line,
              ScTurn  *turn)
{
  const ScTurnTimes *times = sc_turn_get_times (turn);
  const ScUsage *usage = sc_turn_get_usage (turn);
  gint64 writing_ms = times->total_ms - MAX (times->first_text_ms, 0);

  if (times->first_text_ms >= 0)
    {
      g_autofree char *part =
        /* Translators: seconds until the first word of an answer came */
        g_strdup_printf (_("%.1f s to first token"), (double) times->first_text_ms / 1000);

      append_part (line, part);
    }
  if (usage->output > 1 && times->total_ms > 0 && writing_ms > 50)
    {
      g_autofree char *part = g_strdup_printf (_("%.0f tokens/s"),
                                               (double) usage->output * 1000 / (double) writing_ms);

      append_estimate (line, part, (usage->flags & SC_USAGE_OUTPUT_ESTIMATED) != 0);
    }
}

/* A server of one's own takes nothing, and need not say so each time. */
static void
append_cost (GString *line,
             ScTurn  *turn)
{
  const ScUsage *usage = sc_turn_get_usage (turn);
  g_autofree char *cost = usage->cost_nanos > 0 ? sc_usage_dup_cost (usage) : NULL;

  append_part (line, cost);
}

static void
append_usage (GString *line,
              ScTurn  *turn)
{
  const ScUsage *usage = sc_turn_get_usage (turn);

  if (usage->output >= 0)
    {
      g_autofree char *part =
        g_strdup_printf (ngettext ("%ld token", "%ld tokens", (gulong) usage->output),
                         (long) usage->output);

      append_estimate (line, part, (usage->flags & SC_USAGE_OUTPUT_ESTIMATED) != 0);
    }
  append_speed (line, turn);
  append_cost (line, turn);
}

static void
append_tools (GString *line,
              ScTurn  *turn)
{
  const GPtrArray *calls = sc_turn_get_tool_calls (turn);

  for (guint i = 0; calls != NULL && i < calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (calls, i);
      /* Translators: %s is the name of a tool that the model wants to use */
      g_autofree char *part = g_strdup_printf (_("Asked for the tool “%s”"), call->name);

      append_part (line, part);
    }
}

char *
sc_transcript_dup_foot (ScTurn   *turn,
                        gboolean  has_card)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *ending = has_card ? NULL : dup_ending (turn);
  gsize n_text = 0;
  gsize n_reasoning = 0;

  if (sc_turn_get_role (turn) != SC_ROLE_ASSISTANT)
    return NULL;
  /* Under nothing but a card the line would only repeat the model's name. */
  sc_turn_get_text (turn, &n_text);
  sc_turn_get_reasoning (turn, &n_reasoning);
  if (has_card && n_text == 0 && n_reasoning == 0 && sc_turn_get_notice (turn) == NULL)
    return NULL;

  append_part (line, ending);
  append_part (line, sc_turn_get_notice (turn));
  append_tools (line, turn);
  append_part (line, sc_turn_get_model (turn));
  if (sc_settings_get_boolean (sc_settings_get_default (), "show-usage"))
    append_usage (line, turn);

  return line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

/* The last sentence or heading begun, without its markers. */
static char *
dup_last_thought (const char *text,
                  gsize       length)
{
  const char *end = text + length;
  const char *start = end - MIN (length, 4 * THOUGHT_LENGTH);
  const char *line;
  g_autoptr (GString) thought = g_string_new (NULL);
  guint n = 0;

  while (start < end && ((guchar) *start & 0xc0) == 0x80)
    start++;
  while (end > start && g_ascii_isspace (end[-1]))
    end--;
  for (line = end; line > start && line[-1] != '\n'; line--)
    ;
  for (const char *at = line; at < end && n < THOUGHT_LENGTH; at = g_utf8_next_char (at))
    {
      if (*at == '*' || *at == '#' || *at == '`' || *at == '_')
        continue;
      g_string_append_len (thought, at, g_utf8_next_char (at) - at);
      n++;
      /* A finished sentence gives way to the next one. */
      if (*at == '.' && at + 1 < end && at[1] == ' ')
        {
          g_string_truncate (thought, 0);
          n = 0;
        }
    }
  if (n == THOUGHT_LENGTH)
    g_string_append (thought, "…");

  return g_strdup (g_strstrip (thought->str));
}

char *
sc_transcript_dup_thinking (ScTurn *turn)
{
  const ScTurnTimes *times = sc_turn_get_times (turn);
  gsize length;
  gsize text_length;
  const char *reasoning = sc_turn_get_reasoning (turn, &length);

  sc_turn_get_text (turn, &text_length);
  if (sc_turn_get_status (turn) == SC_TURN_STATUS_STREAMING && text_length == 0)
    {
      g_autofree char *thought = dup_last_thought (reasoning, length);

      return *thought != '\0' ? g_steal_pointer (&thought) : g_strdup (_("Thinking…"));
    }
  if (times->reasoning_ms >= 1000)
    {
      gulong seconds = (gulong) ((times->reasoning_ms + 500) / 1000);

      return g_strdup_printf (ngettext ("Thought for %lu second", "Thought for %lu seconds", seconds),
                              seconds);
    }

  return g_strdup (C_("reasoning", "Thought"));
}
