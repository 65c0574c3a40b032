/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events as text that can be compared: JSON lines as the program prints them, neighbouring pieces
 * of text merged. */

#pragma once

#include "sc-event.h"
#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * EventLog:
 * @lines: the events as JSON lines, neighbouring texts merged
 * @text: all text
 * @reasoning: all reasoning
 * @n_ends: how many end events came
 * @n_after_end: how many events came after the end
 * @failure: (nullable): the failure of the error event
 * @finish: the reason of the finish event, -1 if none came
 * @raw: (nullable): the decoder's raw message after the end
 *
 * What a decoder said.
 */
typedef struct
{
  GString   *lines;
  GString   *text;
  GString   *reasoning;
  GString   *pending;
  int        pending_kind;
  int        n_ends;
  int        n_after_end;
  ScFailure *failure;
  int        finish;
  char      *raw;
} EventLog;

/** event_log_new: Returns: (transfer full): an empty log */
EventLog *event_log_new      (void);

/** event_log_free: frees @self */
void      event_log_free     (EventLog          *self);

/** event_log_cb: an #ScEventFunc whose user data is an #EventLog */
void      event_log_cb       (const ScEvent     *event,
                              gpointer           user_data);

/**
 * event_log_decode:
 * @protocol: id of a protocol
 * @status: HTTP status
 * @content_type: (nullable): content type
 * @bytes: a response body
 * @length: its length
 * @chunk: bytes to feed at a time, 0 for all at once
 * @first: how many bytes to feed before the others, 0 for none
 *
 * Returns: (transfer full): what the reader says of it
 */
EventLog *event_log_decode   (const char        *protocol,
                              int                status,
                              const char        *content_type,
                              const char        *bytes,
                              gsize              length,
                              gsize              chunk,
                              gsize              first);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventLog, event_log_free)

G_END_DECLS
