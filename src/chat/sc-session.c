/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One answer from the question to its end. Everything that ends it (finish, error, stop, no such
 * provider) meets in end_session(). */

#include "config.h"

#include "sc-conversation-internal.h"

#include "sc-prompt.h"
#include "sc-providers-private.h"
#include "sc-run-private.h"
#include "sc-turn-private.h"
#include "sc-usage.h"
#include "sc-vertex-token.h"

#include <glib/gi18n.h>
#include <string.h>

/* The answer is written to the store at most twice a second while it grows. */
#define CHECKPOINT_MS 500

/* From here on an answer that breaks off may have filled the model's context window. */
#define FULL_PERCENT 90

static const ScOptions *command_line;

struct _ScSession
{
  ScConversation *conversation;
  ScTurn         *answer;
  GCancellable   *cancellable;
  ScRun          *run;
  char           *provider;
  char           *protocol;
  char           *model;
  ScUsageTerms    terms;
  gint64          context_tokens;
  gint64          reasoning_start_us;
  gint64          reasoning_end_us;
  guint           checkpoint_source;
  gboolean        is_throttled;
  gboolean        has_ended;
};

static void
set_activity (ScSession  *self,
              ScActivity  activity,
              gint64      time_us)
{
  if (!self->has_ended)
    sc_conversation_set_activity (self->conversation, activity, time_us);
}

static gint64
to_ms (gint64 from_us,
       gint64 to_us)
{
  return from_us > 0 && to_us >= from_us ? (to_us - from_us) / 1000 : -1;
}

static void
update_times (ScSession *self)
{
  const ScRunTimes *run = sc_run_get_times (self->run);
  ScTurnTimes times;

  times.started_us = run->start_us;
  times.first_byte_ms = to_ms (run->start_us, run->first_byte_us);
  times.first_text_ms = to_ms (run->start_us, run->first_text_us);
  times.reasoning_ms = to_ms (self->reasoning_start_us, self->reasoning_end_us);
  times.total_ms = to_ms (run->start_us, run->end_us);
  sc_turn_set_times (self->answer, &times);
}

static gboolean
has_content (ScTurn *turn)
{
  gsize text_length, reasoning_length;

  sc_turn_get_text (turn, &text_length);
  sc_turn_get_reasoning (turn, &reasoning_length);
  return text_length > 0 || reasoning_length > 0 || sc_turn_get_tool_calls (turn) != NULL;
}

static ScTurnStatus
get_end_status (ScSession       *self,
                const ScFailure *failure)
{
  if (failure == NULL)
    return SC_TURN_STATUS_DONE;
  if (failure->kind == SC_ERROR_CANCELLED)
    return SC_TURN_STATUS_STOPPED;
  return has_content (self->answer) ? SC_TURN_STATUS_INTERRUPTED : SC_TURN_STATUS_FAILED;
}

static void
end_reasoning (ScSession *self)
{
  if (self->reasoning_start_us > 0 && self->reasoning_end_us == 0)
    self->reasoning_end_us = g_get_monotonic_time ();
}

static void
settle_usage (ScSession    *self,
              ScTurnStatus  status)
{
  ScUsage usage = *sc_turn_get_usage (self->answer);

  sc_usage_settle (&self->terms, status, &usage, sc_usage_estimate_output (self->answer));
  sc_turn_merge_usage (self->answer, &usage);
}

/* Some servers just stop where the model's context window is full, without a word of it. */
static ScFailure *
create_hint (ScSession       *self,
             const ScFailure *failure)
{
  const ScUsage *usage = sc_turn_get_usage (self->answer);
  gint64 used = MAX (usage->input, 0) + MAX (usage->output, 0);
  ScFailure *hint;

  if (failure == NULL || failure->kind != SC_ERROR_INTERRUPTED || self->context_tokens <= 0 ||
      used < self->context_tokens / 100 * FULL_PERCENT)
    return NULL;
  hint = sc_failure_copy (failure);
  g_free (hint->message);
  /* Translators: %s is a sentence such as “The answer was interrupted.” */
  hint->message = g_strdup_printf (_("%s The context window of the model may be full."),
                                   failure->message);
  return hint;
}

/* The one end. Frees the session (through its conversation). */
static void
end_session (ScSession       *self,
             ScFinishReason   reason,
             const ScFailure *failure)
{
  g_autoptr (ScConversation) conversation = g_object_ref (self->conversation);
  ScTurnStatus status = get_end_status (self, failure);
  gboolean stopped = status == SC_TURN_STATUS_STOPPED;
  g_autoptr (ScFailure) hint = NULL;

  g_assert (!self->has_ended);

  self->has_ended = TRUE;
  g_clear_handle_id (&self->checkpoint_source, g_source_remove);
  end_reasoning (self);
  if (self->run != NULL)
    {
      g_autofree char *raw = status == SC_TURN_STATUS_DONE ? sc_run_dup_raw (self->run) : NULL;

      update_times (self);
      settle_usage (self, status);
      hint = create_hint (self, failure);
      if (raw != NULL)
        sc_turn_set_raw (self->answer, raw, self->protocol, self->model);
    }
  sc_turn_finish (self->answer, status, reason,
                  stopped ? NULL : hint != NULL ? hint : failure);
  sc_conversation_save_turn (conversation, self->answer);
  sc_conversation_session_ended (conversation, stopped);
}

static void
end_with_error (ScSession    *self,
                const GError *error)
{
  g_autoptr (ScFailure) failure = NULL;

  if (error->domain == SC_ERROR)
    failure = sc_failure_new ((ScError) error->code, error->message);
  else
    failure = sc_failure_new_from_error (error);
  end_session (self, SC_FINISH_OTHER, failure);
}

static void
take_notice (ScSession     *self,
             const ScEvent *event)
{
  gint64 now = g_get_monotonic_time ();
  const char *code = event->name != NULL ? event->name : "";
  gsize length;

  if (strcmp (code, "connecting") == 0)
    set_activity (self, SC_ACTIVITY_CONNECTING, now);
  else if (strcmp (code, "waiting") == 0)
    set_activity (self, SC_ACTIVITY_WAITING, now);
  else if (strcmp (code, "quiet") == 0)
    set_activity (self, SC_ACTIVITY_QUIET, now - event->start * 1000);
  else if (strcmp (code, "retry") == 0)
    set_activity (self, SC_ACTIVITY_RETRYING, now + event->start * 1000);
  else if (strcmp (code, "active") == 0)
    {
      sc_turn_get_text (self->answer, &length);
      if (length > 0)
        set_activity (self, SC_ACTIVITY_ANSWERING, 0);
      else if (self->reasoning_start_us > 0)
        set_activity (self, SC_ACTIVITY_REASONING, self->reasoning_start_us);
      else
        set_activity (self, SC_ACTIVITY_WAITING, now);
    }
  /* That nothing came is seen by the turn itself, and told in the language of the day. */
  else if (strcmp (code, "progress") != 0 && strcmp (code, "status") != 0 && strcmp (code, "empty") != 0 &&
           event->text != NULL)
    {
      const char *old = sc_turn_get_notice (self->answer);
      g_autofree char *joined = old != NULL ? g_strconcat (old, "\n", event->text, NULL) : NULL;

      sc_turn_set_notice (self->answer, joined != NULL ? joined : event->text);
    }
}

/* Whatever can reach foreign code comes last in each branch: it may stop the answer and so free the
 * session. */
static void
event_cb (const ScEvent *event,
          gpointer       user_data)
{
  ScSession *self = user_data;

  switch (event->kind)
    {
    case SC_EVENT_START:
      sc_turn_set_model (self->answer, NULL, event->name);
      break;
    case SC_EVENT_TEXT:
      end_reasoning (self);
      sc_turn_append_text (self->answer, event->text, event->length);
      set_activity (self, SC_ACTIVITY_ANSWERING, 0);
      break;
    case SC_EVENT_REASONING:
      if (self->reasoning_start_us == 0)
        self->reasoning_start_us = g_get_monotonic_time ();
      sc_turn_append_reasoning (self->answer, event->text, event->length);
      if (self->reasoning_end_us == 0)
        set_activity (self, SC_ACTIVITY_REASONING, self->reasoning_start_us);
      break;
    case SC_EVENT_TOOL_BEGIN:
      end_reasoning (self);
      set_activity (self, SC_ACTIVITY_ANSWERING, 0);
      break;
    case SC_EVENT_TOOL_ARGUMENTS:
      break;
    case SC_EVENT_TOOL_END:
      sc_turn_add_tool_call (self->answer, event->id, event->name, event->text);
      break;
    case SC_EVENT_CITATION:
      sc_turn_add_citation (self->answer, event);
      break;
    case SC_EVENT_USAGE:
      sc_turn_merge_usage (self->answer, event->usage);
      break;
    case SC_EVENT_NOTICE:
      take_notice (self, event);
      break;
    case SC_EVENT_FINISH:
      end_session (self, event->reason, NULL);
      break;
    case SC_EVENT_ERROR:
      end_session (self, SC_FINISH_OTHER, event->failure);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
checkpoint_cb (gpointer user_data)
{
  ScSession *self = user_data;

  self->checkpoint_source = 0;
  sc_conversation_save_turn (self->conversation, self->answer);
  sc_conversation_update_snippet (self->conversation);
  return G_SOURCE_REMOVE;
}

static void
batch_cb (gpointer user_data)
{
  ScSession *self = user_data;

  if (self->checkpoint_source == 0)
    self->checkpoint_source = g_timeout_add (CHECKPOINT_MS, checkpoint_cb, self);
  if (sc_turn_get_times (self->answer)->first_text_ms < 0 &&
      sc_run_get_times (self->run)->first_text_us > 0)
    {
      g_autoptr (ScTurn) answer = g_object_ref (self->answer);

      update_times (self);
      sc_turn_flush (answer);
      return;
    }
  sc_turn_flush (self->answer);
}

static void
renewed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ScSession *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScProfile) profile =
    sc_providers_resolve_finish (SC_PROVIDERS (source), result, &error);

  /* Stopped meanwhile: the session is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  sc_run_take_key (self->run, profile != NULL ? profile->key : NULL, error);
}

/* An access token was refused before its end. */
static gboolean
renew_cb (const char *key,
          gpointer    user_data)
{
  ScSession *self = user_data;

  if (!sc_vertex_token_forget (key))
    return FALSE;
  self->cancellable = g_cancellable_new ();
  sc_providers_resolve_async (sc_providers_get_default (), self->provider, self->cancellable,
                              renewed_cb, self);
  return TRUE;
}

static void
start_run (ScSession       *self,
           ScProviders     *providers,
           const ScProfile *profile)
{
  g_autoptr (ScConversation) conversation = g_object_ref (self->conversation);
  g_autoptr (ScTurn) answer = g_object_ref (self->answer);
  ScPrompt *prompt = sc_prompt_new_from_path (conversation, answer, profile);
  g_autofree char *model = g_strdup (prompt->model);

  self->provider = g_strdup (profile->id);
  self->protocol = g_strdup (profile->protocol);
  self->model = g_strdup (model);
  sc_usage_init_terms (&self->terms, providers, profile, prompt);
  self->context_tokens = sc_usage_find_context (providers, profile, model);
  self->run =
    sc_run_start (profile, prompt, sc_providers_get_client (providers, profile), event_cb, self);
  sc_run_set_batch_func (self->run, batch_cb);
  sc_run_set_renew_func (self->run, renew_cb);
  sc_turn_set_report (answer, sc_run_get_report (self->run));
  sc_run_set_paused (self->run, self->is_throttled);

  /* From here on listeners may stop the answer, and the session with it. */
  sc_turn_set_model (answer, profile->id, model);
  /* A conversation stays with whom it began with, whatever becomes the default later. */
  if (sc_conversation_get_provider (conversation) == NULL &&
      !sc_providers_is_temporary (providers, profile->id))
    sc_conversation_set_model (conversation, profile->id, sc_conversation_get_model (conversation));
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ScSession *self = user_data;
  g_autoptr (ScProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  profile = sc_providers_resolve_finish (SC_PROVIDERS (source), result, &error);
  /* Stopped meanwhile: the session is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (profile == NULL)
    {
      end_with_error (self, error);
      return;
    }
  if (command_line != NULL)
    sc_options_apply_limits (command_line, profile);
  start_run (self, SC_PROVIDERS (source), profile);
}

void
sc_session_set_options (const ScOptions *options)
{
  command_line = options;
}

ScSession *
sc_session_start (ScConversation *conversation,
                  ScTurn         *answer)
{
  ScSession *self = g_new0 (ScSession, 1);

  self->conversation = conversation;
  self->answer = g_object_ref (answer);
  self->cancellable = g_cancellable_new ();
  sc_providers_resolve_async (sc_providers_get_default (),
                              sc_conversation_get_provider (conversation), self->cancellable,
                              resolved_cb, self);
  return self;
}

void
sc_session_stop (ScSession *self)
{
  g_autoptr (ScFailure) failure = NULL;

  g_return_if_fail (self != NULL);

  if (self->has_ended)
    return;
  if (self->run != NULL)
    {
      sc_run_stop (self->run);
      return;
    }
  g_cancellable_cancel (self->cancellable);
  failure = sc_failure_new (SC_ERROR_CANCELLED, NULL);
  end_session (self, SC_FINISH_OTHER, failure);
}

void
sc_session_free (ScSession *self)
{
  if (self == NULL)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->run, sc_run_free);
  g_clear_handle_id (&self->checkpoint_source, g_source_remove);
  g_clear_object (&self->answer);
  g_free (self->provider);
  g_free (self->protocol);
  g_free (self->model);
  g_free (self);
}

void
sc_session_skip_wait (ScSession *self)
{
  g_return_if_fail (self != NULL);

  if (self->run != NULL)
    sc_run_skip_wait (self->run);
}

void
sc_session_set_throttled (ScSession *self,
                          gboolean   throttled)
{
  g_return_if_fail (self != NULL);

  self->is_throttled = throttled;
  if (self->run != NULL)
    sc_run_set_paused (self->run, throttled);
}
