/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See event-log.h. */

#include "config.h"

#include "event-log.h"

#include "sc-json.h"
#include "sc-response-reader.h"

EventLog *
event_log_new (void)
{
  EventLog *self = g_new0 (EventLog, 1);

  self->lines = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->reasoning = g_string_new (NULL);
  self->pending = g_string_new (NULL);
  self->finish = -1;
  return self;
}

void
event_log_free (EventLog *self)
{
  g_string_free (self->lines, TRUE);
  g_string_free (self->text, TRUE);
  g_string_free (self->reasoning, TRUE);
  g_string_free (self->pending, TRUE);
  sc_failure_free (self->failure);
  g_free (self->raw);
  g_free (self);
}

static void
flush_pending (EventLog *self)
{
  if (self->pending->len > 0)
    {
      g_string_append_printf (self->lines, "{\"event\":\"%s\",\"text\":",
                              self->pending_kind == SC_EVENT_TEXT ? "text" : "reasoning");
      sc_json_append_quoted (self->lines, self->pending->str, (gssize) self->pending->len);
      g_string_append (self->lines, "}\n");
    }
  g_string_truncate (self->pending, 0);
}

void
event_log_cb (const ScEvent *event,
              gpointer       user_data)
{
  EventLog *self = user_data;

  if (self->n_ends > 0)
    self->n_after_end++;
  if (event->kind == SC_EVENT_TEXT || event->kind == SC_EVENT_REASONING)
    {
      g_assert_true (g_utf8_validate_len (event->text, event->length, NULL));
      g_string_append_len (event->kind == SC_EVENT_TEXT ? self->text : self->reasoning,
                           event->text, (gssize) event->length);
      if (self->pending_kind != (int) event->kind)
        flush_pending (self);
      self->pending_kind = (int) event->kind;
      g_string_append_len (self->pending, event->text, (gssize) event->length);
      return;
    }
  flush_pending (self);
  sc_event_append_json (event, self->lines);
  if (event->kind == SC_EVENT_FINISH)
    self->finish = (int) event->reason;
  if (event->kind == SC_EVENT_ERROR && self->failure == NULL)
    self->failure = sc_failure_copy (event->failure);
  if (event->kind == SC_EVENT_FINISH || event->kind == SC_EVENT_ERROR)
    self->n_ends++;
}

EventLog *
event_log_decode (const char *protocol,
                  int         status,
                  const char *content_type,
                  const char *bytes,
                  gsize       length,
                  gsize       chunk,
                  gsize       first)
{
  EventLog *self = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find (protocol), event_log_cb, self);
  gsize at = MIN (first, length);

  sc_response_reader_headers (reader, status, content_type);
  sc_response_reader_feed (reader, bytes, at);
  while (at < length)
    {
      gsize n = chunk > 0 ? MIN (chunk, length - at) : length - at;

      sc_response_reader_feed (reader, bytes + at, n);
      at += n;
    }
  sc_response_reader_end (reader, NULL);
  g_assert_true (sc_response_reader_is_done (reader));
  self->raw = sc_response_reader_dup_raw (reader);
  return self;
}
