/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One try of a run: one request, its answer through the protocol's reader, the two clocks that only
 * a decoder can feed (no data: told first, given up later), and the short reading on after the end.
 * Used by the run alone. */

#pragma once

#include <gio/gio.h>

#include "sc-event.h"
#include "sc-message.h"
#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-run-report.h"

G_BEGIN_DECLS

typedef struct _ScAttempt ScAttempt;

/**
 * ScAttemptHandler:
 * @sent: the request is out
 * @headers: the response headers came at @time_us
 * @read: @n_bytes of the body came; their events follow
 * @event: an event, never an end
 * @batch: the events of a read were given
 * @quiet: no data for @silent_ms; told again each time the same span is over
 * @active: data again after @quiet
 * @end: the end event, exactly once, last; the attempt may be freed in it
 *
 * Where an attempt reports. In any of them the attempt may be closed; it may be freed too.
 */
typedef struct
{
  void (*sent)    (gpointer       user_data);
  void (*headers) (gint64         time_us,
                   gpointer       user_data);
  void (*read)    (gsize          n_bytes,
                   gpointer       user_data);
  void (*event)   (const ScEvent *event,
                   gpointer       user_data);
  void (*batch)   (gpointer       user_data);
  void (*quiet)   (gint64         silent_ms,
                   gpointer       user_data);
  void (*active)  (gpointer       user_data);
  void (*end)     (const ScEvent *event,
                   gpointer       user_data);
} ScAttemptHandler;

/**
 * sc_attempt_start:
 * @protocol: the protocol spoken
 * @profile: whom to ask
 * @prompt: what to say
 * @client: the HTTP client
 * @report: gets what is seen on the way
 * @handler: the reporting functions, must stay valid
 * @user_data: for @handler
 * @error: return location
 *
 * Sends the request. Nothing is reported before this function returned.
 *
 * Returns: (transfer full) (nullable): the attempt, or %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   the prompt cannot be said in this protocol
 */
ScAttempt *sc_attempt_start      (const ScProtocol       *protocol,
                                  const ScProfile        *profile,
                                  const ScPrompt         *prompt,
                                  ScHttpClient           *client,
                                  ScRunReport            *report,
                                  const ScAttemptHandler *handler,
                                  gpointer                user_data,
                                  GError                **error);

/**
 * sc_attempt_close:
 * @self: an attempt
 *
 * Closes the socket at once, unless the answer is complete and its connection is being emptied for
 * the next request. Nothing is reported any more.
 */
void       sc_attempt_close      (ScAttempt              *self);

/**
 * sc_attempt_free:
 * @self: (nullable) (transfer full): an attempt
 *
 * Closes and frees it.
 */
void       sc_attempt_free       (ScAttempt              *self);

/**
 * sc_attempt_set_paused:
 * @self: an attempt
 * @paused: whether to stop reading; the clocks stand still meanwhile
 *
 * Back-pressure.
 */
void       sc_attempt_set_paused (ScAttempt              *self,
                                  gboolean                paused);

/**
 * sc_attempt_dup_raw:
 * @self: an attempt
 *
 * Returns: (transfer full) (nullable): see sc_response_reader_dup_raw()
 */
char      *sc_attempt_dup_raw    (ScAttempt              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScAttempt, sc_attempt_free)

G_END_DECLS
