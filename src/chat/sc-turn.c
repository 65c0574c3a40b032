/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of a conversation. It holds what is true and tells when it grew or changed; it knows
 * no store, no run and no widget. */

#include "config.h"

#include "sc-turn-private.h"

struct _ScTurn
{
  GObject         parent_instance;
  char           *id;
  char           *parent_id;
  ScRole          role;
  ScTurnStatus    status;
  GString        *text;
  GString        *reasoning;
  ScFailure      *failure;
  ScFinishReason  finish_reason;
  ScUsage         usage;
  ScTurnTimes     times;
  char           *provider;
  char           *model;
  gint64          created_us;
  GPtrArray      *tool_calls;
  GPtrArray      *attachments;
  JsonArray      *citations;
  char           *notice;
  char           *raw;
  char           *raw_protocol;
  char           *raw_model;
  ScRunReport    *report;
  char           *tool_call_id;
  char           *tool_name;
  gboolean        tool_failed;
  gboolean        is_pending;
};

G_DEFINE_FINAL_TYPE (ScTurn, sc_turn, G_TYPE_OBJECT)

enum
{
  APPENDED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (ScTurn *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
replace_string (char       **field,
                const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

static ScAttachment *
copy_attachment (const ScAttachment *attachment)
{
  ScAttachment *copy = g_new0 (ScAttachment, 1);

  copy->name = g_strdup (attachment->name);
  copy->media_type = g_strdup (attachment->media_type);
  copy->data = attachment->data != NULL ? g_bytes_ref (attachment->data) : NULL;
  return copy;
}

static void
sc_turn_finalize (GObject *object)
{
  ScTurn *self = SC_TURN (object);

  g_free (self->id);
  g_free (self->parent_id);
  g_string_free (self->text, TRUE);
  g_string_free (self->reasoning, TRUE);
  sc_failure_free (self->failure);
  g_free (self->provider);
  g_free (self->model);
  g_clear_pointer (&self->tool_calls, g_ptr_array_unref);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->citations, json_array_unref);
  g_free (self->notice);
  g_free (self->raw);
  g_free (self->raw_protocol);
  g_free (self->raw_model);
  sc_run_report_unref (self->report);
  g_free (self->tool_call_id);
  g_free (self->tool_name);

  G_OBJECT_CLASS (sc_turn_parent_class)->finalize (object);
}

static void
sc_turn_class_init (ScTurnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sc_turn_finalize;

  signals[APPENDED] =
    g_signal_new ("appended", SC_TYPE_TURN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] =
    g_signal_new ("changed", SC_TYPE_TURN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_turn_init (ScTurn *self)
{
  self->text = g_string_new (NULL);
  self->reasoning = g_string_new (NULL);
  self->finish_reason = SC_FINISH_OTHER;
  self->usage = (ScUsage) SC_USAGE_INIT;
  self->times = (ScTurnTimes) { 0, -1, -1, -1, -1 };
}

ScTurn *
sc_turn_new (ScRole      role,
             const char *text)
{
  return sc_turn_new_full (NULL, NULL, role, text, g_get_real_time ());
}

ScTurn *
sc_turn_new_full (const char *id,
                  const char *parent_id,
                  ScRole      role,
                  const char *text,
                  gint64      created_us)
{
  ScTurn *self = g_object_new (SC_TYPE_TURN, NULL);

  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->parent_id = g_strdup (parent_id);
  self->role = role;
  self->status = role == SC_ROLE_ASSISTANT ? SC_TURN_STATUS_STREAMING : SC_TURN_STATUS_DONE;
  self->created_us = created_us;
  if (text != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      g_string_assign (self->text, valid);
    }
  return self;
}

const char *
sc_turn_get_id (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->id;
}

const char *
sc_turn_get_parent_id (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->parent_id;
}

ScRole
sc_turn_get_role (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), SC_ROLE_USER);

  return self->role;
}

const char *
sc_turn_get_text (ScTurn *self,
                  gsize  *length)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  if (length != NULL)
    *length = self->text->len;
  return self->text->str;
}

const char *
sc_turn_get_reasoning (ScTurn *self,
                       gsize  *length)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  if (length != NULL)
    *length = self->reasoning->len;
  return self->reasoning->str;
}

ScTurnStatus
sc_turn_get_status (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), SC_TURN_STATUS_DONE);

  return self->status;
}

const ScFailure *
sc_turn_get_failure (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->failure;
}

ScFinishReason
sc_turn_get_finish_reason (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), SC_FINISH_OTHER);

  return self->finish_reason;
}

const ScUsage *
sc_turn_get_usage (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return &self->usage;
}

const ScTurnTimes *
sc_turn_get_times (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return &self->times;
}

const char *
sc_turn_get_model (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->model;
}

gint64
sc_turn_get_created_us (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), 0);

  return self->created_us;
}

GPtrArray *
sc_turn_get_tool_calls (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->tool_calls;
}

const char *
sc_turn_get_notice (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->notice;
}

gboolean
sc_turn_is_empty (ScTurn *self)
{
  const char *text;
  gsize length = 0;

  g_return_val_if_fail (SC_IS_TURN (self), FALSE);

  if (self->role != SC_ROLE_ASSISTANT || self->status != SC_TURN_STATUS_DONE || self->notice != NULL ||
      self->tool_calls != NULL || self->citations != NULL ||
      (self->finish_reason != SC_FINISH_STOP && self->finish_reason != SC_FINISH_OTHER))
    return FALSE;
  text = sc_turn_get_text (self, &length);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      return FALSE;

  return TRUE;
}

void
sc_turn_set_parent_id (ScTurn     *self,
                       const char *parent_id)
{
  g_return_if_fail (SC_IS_TURN (self));

  replace_string (&self->parent_id, parent_id);
}

void
sc_turn_append_text (ScTurn     *self,
                     const char *text,
                     gsize       length)
{
  g_return_if_fail (SC_IS_TURN (self));

  if (length == 0)
    return;
  g_string_append_len (self->text, text, (gssize) length);
  self->is_pending = TRUE;
}

void
sc_turn_append_reasoning (ScTurn     *self,
                          const char *text,
                          gsize       length)
{
  g_return_if_fail (SC_IS_TURN (self));

  if (length == 0)
    return;
  g_string_append_len (self->reasoning, text, (gssize) length);
  self->is_pending = TRUE;
}

void
sc_turn_add_tool_call (ScTurn     *self,
                       const char *id,
                       const char *name,
                       const char *arguments)
{
  ScToolCall *call;

  g_return_if_fail (SC_IS_TURN (self));

  if (self->tool_calls == NULL)
    self->tool_calls = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_tool_call_free);
  call = g_new0 (ScToolCall, 1);
  call->id = g_strdup (id != NULL ? id : "");
  call->name = g_strdup (name != NULL ? name : "");
  call->arguments = g_strdup (arguments != NULL ? arguments : "{}");
  g_ptr_array_add (self->tool_calls, call);
  self->is_pending = TRUE;
}

gboolean
sc_turn_flush (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), FALSE);

  if (!self->is_pending)
    return FALSE;
  self->is_pending = FALSE;
  g_signal_emit (self, signals[APPENDED], 0);
  return TRUE;
}

void
sc_turn_set_text (ScTurn     *self,
                  const char *text)
{
  g_autofree char *valid = NULL;

  g_return_if_fail (SC_IS_TURN (self));
  g_return_if_fail (text != NULL);

  valid = g_utf8_make_valid (text, -1);
  g_string_assign (self->text, valid);
  emit_changed (self);
}

void
sc_turn_finish (ScTurn          *self,
                ScTurnStatus     status,
                ScFinishReason   reason,
                const ScFailure *failure)
{
  ScFailure *copy;

  g_return_if_fail (SC_IS_TURN (self));

  sc_turn_flush (self);
  copy = sc_failure_copy (failure);
  sc_failure_free (self->failure);
  self->failure = copy;
  self->status = status;
  self->finish_reason = reason;
  emit_changed (self);
}

void
sc_turn_merge_usage (ScTurn        *self,
                     const ScUsage *usage)
{
  g_return_if_fail (SC_IS_TURN (self));
  g_return_if_fail (usage != NULL);

  sc_usage_merge (&self->usage, usage);
  emit_changed (self);
}

void
sc_turn_set_times (ScTurn            *self,
                   const ScTurnTimes *times)
{
  g_return_if_fail (SC_IS_TURN (self));
  g_return_if_fail (times != NULL);

  self->times = *times;
  emit_changed (self);
}

void
sc_turn_set_model (ScTurn     *self,
                   const char *provider,
                   const char *model)
{
  gboolean changed = FALSE;

  g_return_if_fail (SC_IS_TURN (self));

  if (provider != NULL && g_strcmp0 (self->provider, provider) != 0)
    {
      replace_string (&self->provider, provider);
      changed = TRUE;
    }
  if (model != NULL && g_strcmp0 (self->model, model) != 0)
    {
      replace_string (&self->model, model);
      changed = TRUE;
    }
  if (changed)
    emit_changed (self);
}

const char *
sc_turn_get_provider (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->provider;
}

void
sc_turn_set_notice (ScTurn     *self,
                    const char *notice)
{
  g_return_if_fail (SC_IS_TURN (self));

  if (g_strcmp0 (self->notice, notice) == 0)
    return;
  replace_string (&self->notice, notice);
  emit_changed (self);
}

void
sc_turn_add_citation (ScTurn        *self,
                      const ScEvent *event)
{
  JsonObject *object;

  g_return_if_fail (SC_IS_TURN (self));
  g_return_if_fail (event != NULL);

  object = json_object_new ();
  if (event->id != NULL)
    json_object_set_string_member (object, "url", event->id);
  if (event->name != NULL)
    json_object_set_string_member (object, "title", event->name);
  if (event->text != NULL)
    json_object_set_string_member (object, "text", event->text);
  if (event->start >= 0)
    json_object_set_int_member (object, "start", event->start);
  if (event->end >= 0)
    json_object_set_int_member (object, "end", event->end);
  if (self->citations == NULL)
    self->citations = json_array_new ();
  json_array_add_object_element (self->citations, object);
}

JsonArray *
sc_turn_get_citations (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->citations;
}

void
sc_turn_set_citations (ScTurn    *self,
                       JsonArray *citations)
{
  g_return_if_fail (SC_IS_TURN (self));

  if (citations != NULL)
    json_array_ref (citations);
  g_clear_pointer (&self->citations, json_array_unref);
  self->citations = citations;
}

void
sc_turn_set_raw (ScTurn     *self,
                 const char *raw,
                 const char *protocol,
                 const char *model)
{
  g_return_if_fail (SC_IS_TURN (self));

  replace_string (&self->raw, raw);
  replace_string (&self->raw_protocol, protocol);
  replace_string (&self->raw_model, model);
}

const char *
sc_turn_get_raw (ScTurn      *self,
                 const char **protocol,
                 const char **model)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  *protocol = self->raw_protocol;
  *model = self->raw_model;
  return self->raw;
}

void
sc_turn_set_report (ScTurn      *self,
                    ScRunReport *report)
{
  g_return_if_fail (SC_IS_TURN (self));

  if (report != NULL)
    sc_run_report_ref (report);
  sc_run_report_unref (self->report);
  self->report = report;
}

const ScRunReport *
sc_turn_get_report (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->report;
}

void
sc_turn_set_attachments (ScTurn    *self,
                         GPtrArray *attachments)
{
  GPtrArray *copies = NULL;

  g_return_if_fail (SC_IS_TURN (self));

  if (attachments != NULL && attachments->len > 0)
    {
      copies = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_attachment_free);
      for (guint i = 0; i < attachments->len; i++)
        g_ptr_array_add (copies, copy_attachment (g_ptr_array_index (attachments, i)));
    }
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  self->attachments = copies;
}

GPtrArray *
sc_turn_get_attachments (ScTurn *self)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  return self->attachments;
}

void
sc_turn_set_tool_result (ScTurn     *self,
                         const char *call_id,
                         const char *name,
                         gboolean    failed)
{
  g_return_if_fail (SC_IS_TURN (self));

  replace_string (&self->tool_call_id, call_id);
  replace_string (&self->tool_name, name);
  self->tool_failed = failed;
}

const char *
sc_turn_get_tool_result (ScTurn      *self,
                         const char **name,
                         gboolean    *failed)
{
  g_return_val_if_fail (SC_IS_TURN (self), NULL);

  if (name != NULL)
    *name = self->tool_name;
  if (failed != NULL)
    *failed = self->tool_failed;
  return self->tool_call_id;
}
