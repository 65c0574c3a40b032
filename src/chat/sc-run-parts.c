/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-run-parts.h. */

#include "config.h"

#include "sc-run-parts.h"

struct _ScRunParts
{
  const ScProtocol *protocol;
  guint             n_continued;
  /* The parts before this one as a message, and what they cost. */
  char             *raw;
  ScUsage           before;
  gint64            n_chars_before;
  /* This one. */
  GString          *text;
  ScUsage           current;
  ScUsage           total;
};

static gint64
add_known (gint64 a,
           gint64 b)
{
  if (a < 0 || b < 0)
    return MAX (a, b);
  return a > G_MAXINT64 - b ? G_MAXINT64 : a + b;
}

/* Each part is a request of its own, with the whole prompt, and is paid so. */
static void
add_up (ScRunParts *self)
{
  const ScUsage *a = &self->before;
  const ScUsage *b = &self->current;

  self->total = *b;
  self->total.input = add_known (a->input, b->input);
  self->total.output = add_known (a->output, b->output);
  self->total.cached = add_known (a->cached, b->cached);
  self->total.reasoning = add_known (a->reasoning, b->reasoning);
  self->total.cache_write = add_known (a->cache_write, b->cache_write);
  self->total.cost_nanos = add_known (a->cost_nanos, b->cost_nanos);
  self->total.flags = a->flags | b->flags;
}

ScRunParts *
sc_run_parts_new (const ScProtocol *protocol)
{
  ScRunParts *self = g_new0 (ScRunParts, 1);
  const ScUsage unknown = SC_USAGE_INIT;

  self->protocol = protocol;
  self->before = unknown;
  self->current = unknown;
  self->text = g_string_new (NULL);
  return self;
}

void
sc_run_parts_free (ScRunParts *self)
{
  if (self == NULL)
    return;
  g_free (self->raw);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static gboolean
has_parts (const ScRunParts *self)
{
  return self->protocol != NULL && self->protocol->join_raw != NULL;
}

ScEvent
sc_run_parts_translate (ScRunParts    *self,
                        const ScEvent *event)
{
  ScEvent translated = *event;

  if (!has_parts (self))
    return translated;
  if (event->kind == SC_EVENT_TEXT)
    g_string_append_len (self->text, event->text, (gssize) event->length);
  else if (event->kind == SC_EVENT_CITATION && self->n_continued > 0)
    {
      if (event->start >= 0)
        translated.start += self->n_chars_before;
      if (event->end >= 0)
        translated.end += self->n_chars_before;
    }
  else if (event->kind == SC_EVENT_USAGE)
    {
      sc_usage_merge (&self->current, event->usage);
      add_up (self);
      translated.usage = &self->total;
    }
  return translated;
}

gboolean
sc_run_parts_can_continue (ScRunParts *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return has_parts (self) && self->n_continued < SC_RUN_PARTS_MAX;
}

gboolean
sc_run_parts_continue (ScRunParts *self,
                       const char *raw,
                       ScPrompt   *prompt,
                       const char *protocol_id)
{
  const ScUsage unknown = SC_USAGE_INIT;
  g_autofree char *joined = sc_run_parts_dup_raw (self, raw);
  ScMessage *message;

  if (!sc_run_parts_can_continue (self) || joined == NULL)
    return FALSE;
  /* The answer so far takes the place of what was given back the last time. */
  if (self->n_continued > 0)
    g_ptr_array_set_size (prompt->messages, (int) prompt->messages->len - 1);
  message = sc_message_new (SC_ROLE_ASSISTANT, self->text->str);
  message->raw = g_strdup (joined);
  message->raw_protocol = g_strdup (protocol_id);
  message->raw_model = g_strdup (prompt->model);
  g_ptr_array_add (prompt->messages, message);

  g_free (self->raw);
  self->raw = g_steal_pointer (&joined);
  add_up (self);
  self->before = self->total;
  self->current = unknown;
  self->n_chars_before += g_utf8_strlen (self->text->str, (gssize) self->text->len);
  g_string_truncate (self->text, 0);
  self->n_continued++;
  return TRUE;
}

char *
sc_run_parts_dup_raw (ScRunParts *self,
                      const char *raw)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->raw == NULL)
    return g_strdup (raw);
  return self->protocol->join_raw (self->raw, raw, self->text->str);
}
