/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The time limits of an exchange: for connecting, for the first byte, for silence. One source of
 * the main loop for all of them; it knows nothing of HTTP but its phases. */

#pragma once

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScHttpClock:
 * @SC_HTTP_CLOCK_CONNECT: until the connection stands
 * @SC_HTTP_CLOCK_SEND: while the request goes out
 * @SC_HTTP_CLOCK_FIRST_BYTE: until the first byte of the answer
 * @SC_HTTP_CLOCK_IDLE: between bytes of the answer
 *
 * A clock that ran out.
 */
typedef enum
{
  SC_HTTP_CLOCK_CONNECT,
  SC_HTTP_CLOCK_SEND,
  SC_HTTP_CLOCK_FIRST_BYTE,
  SC_HTTP_CLOCK_IDLE,
} ScHttpClock;

/**
 * ScHttpPhase:
 * @SC_HTTP_PHASE_CONNECTING: no connection yet
 * @SC_HTTP_PHASE_SENDING: the request goes out
 * @SC_HTTP_PHASE_WAITING: it is out, no headers yet
 * @SC_HTTP_PHASE_READING: headers came, the body comes
 */
typedef enum
{
  SC_HTTP_PHASE_CONNECTING,
  SC_HTTP_PHASE_SENDING,
  SC_HTTP_PHASE_WAITING,
  SC_HTTP_PHASE_READING,
} ScHttpPhase;

/**
 * ScHttpClockFunc:
 * @clock: which clock ran out
 * @limit_ms: its limit
 * @user_data: what was given with the function
 *
 * Called once, from the main loop; may clear the clocks.
 */
typedef void (*ScHttpClockFunc) (ScHttpClock clock,
                                 guint       limit_ms,
                                 gpointer    user_data);

/**
 * ScHttpClocks:
 *
 * To be embedded, zeroed; its fields are its own.
 */
typedef struct
{
  ScTimeouts       limits;
  ScHttpClockFunc  func;
  gpointer         user_data;
  GSource         *source;
  ScHttpPhase      phase;
  gint64           start_us;
  gint64           sent_us;
  gint64           last_byte_us;
  gint64           paused_us;
  gboolean         has_body;
  gboolean         is_paused;
} ScHttpClocks;

/**
 * sc_http_clocks_start:
 * @self: zeroed clocks
 * @limits: (nullable): the limits; %NULL takes the usual ones
 * @priority: of their source
 * @func: what happens when one runs out
 * @user_data: for @func
 *
 * Starts with %SC_HTTP_PHASE_CONNECTING, on the thread's default main context.
 */
void     sc_http_clocks_start        (ScHttpClocks     *self,
                                      const ScTimeouts *limits,
                                      int               priority,
                                      ScHttpClockFunc   func,
                                      gpointer          user_data);

/**
 * sc_http_clocks_stop:
 * @self: clocks
 *
 * Stops them for good. May be called again.
 */
void     sc_http_clocks_stop         (ScHttpClocks     *self);

/**
 * sc_http_clocks_enter:
 * @self: clocks
 * @phase: what begins now
 *
 * Sets the clocks for a phase.
 */
void     sc_http_clocks_enter        (ScHttpClocks     *self,
                                      ScHttpPhase       phase);

/**
 * sc_http_clocks_note_byte:
 * @self: clocks
 * @is_body: whether bytes of the answer's body came
 *
 * Something went over the wire. Cheap: only a time is noted.
 */
void     sc_http_clocks_note_byte    (ScHttpClocks     *self,
                                      gboolean          is_body);

/**
 * sc_http_clocks_set_paused:
 * @self: clocks
 * @is_paused: whether reading is suspended
 *
 * While we do not read, no silence is the server's.
 */
void     sc_http_clocks_set_paused   (ScHttpClocks     *self,
                                      gboolean          is_paused);

/**
 * sc_http_clocks_get_deadline_us:
 * @self: clocks
 * @clock: (out): the clock that runs out first
 * @limit_ms: (out): its limit
 *
 * Returns: when it does, in g_get_monotonic_time(); 0 if none runs
 */
gint64   sc_http_clocks_get_deadline_us (ScHttpClocks  *self,
                                      ScHttpClock      *clock,
                                      guint            *limit_ms);

G_END_DECLS
