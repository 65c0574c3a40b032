/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. The source is set for the deadline as it is when a phase begins; bytes only note
 * their time, and whether a limit is really over is found out when the source fires. A stream of a
 * thousand reads a second would otherwise set a timer a thousand times. */

#include "config.h"

#include "sc-http-clocks.h"

static gint64
add_ms (gint64 us,
        guint  ms)
{
  return us + ms * G_GINT64_CONSTANT (1000);
}

gint64
sc_http_clocks_get_deadline_us (ScHttpClocks *self,
                                ScHttpClock  *clock,
                                guint        *limit_ms)
{
  gint64 deadline = 0;
  gboolean is_answering =
      self->phase == SC_HTTP_PHASE_WAITING || self->phase == SC_HTTP_PHASE_READING;

  if (self->source == NULL)
    return 0;
  if (self->phase == SC_HTTP_PHASE_CONNECTING)
    {
      *clock = SC_HTTP_CLOCK_CONNECT;
      *limit_ms = self->limits.connect_ms;
      return *limit_ms > 0 ? add_ms (self->start_us, *limit_ms) : 0;
    }
  if (self->is_paused)
    return 0;

  /* Some servers send their headers at once and think afterwards: the first byte is one of the
   * body. */
  if (is_answering && !self->has_body && self->limits.first_byte_ms > 0)
    {
      *clock = SC_HTTP_CLOCK_FIRST_BYTE;
      *limit_ms = self->limits.first_byte_ms;
      deadline = add_ms (self->sent_us, *limit_ms);
    }
  if (self->phase != SC_HTTP_PHASE_WAITING && self->limits.idle_ms > 0)
    {
      gint64 idle = add_ms (self->last_byte_us, self->limits.idle_ms);

      if (deadline == 0 || idle < deadline)
        {
          *clock = self->phase == SC_HTTP_PHASE_SENDING ? SC_HTTP_CLOCK_SEND : SC_HTTP_CLOCK_IDLE;
          *limit_ms = self->limits.idle_ms;
          deadline = idle;
        }
    }
  return deadline;
}

static void
set_source (ScHttpClocks *self)
{
  ScHttpClock clock;
  guint limit_ms;
  gint64 deadline = sc_http_clocks_get_deadline_us (self, &clock, &limit_ms);

  if (self->source != NULL)
    g_source_set_ready_time (self->source, deadline > 0 ? deadline : -1);
}

static gboolean
ran_out_cb (gpointer user_data)
{
  ScHttpClocks *self = user_data;
  ScHttpClock clock = SC_HTTP_CLOCK_IDLE;
  guint limit_ms = 0;
  gint64 deadline = sc_http_clocks_get_deadline_us (self, &clock, &limit_ms);

  if (deadline == 0 || deadline > g_get_monotonic_time ())
    {
      set_source (self);
      return G_SOURCE_CONTINUE;
    }
  self->func (clock, limit_ms, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
dispatch_source (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

void
sc_http_clocks_start (ScHttpClocks     *self,
                      const ScTimeouts *limits,
                      int               priority,
                      ScHttpClockFunc   func,
                      gpointer          user_data)
{
  static const ScTimeouts usual = {
    .connect_ms = SC_CONNECT_TIMEOUT_MS,
    .first_byte_ms = SC_FIRST_BYTE_TIMEOUT_MS,
    .idle_ms = SC_IDLE_TIMEOUT_MS,
  };
  static GSourceFuncs funcs = { .dispatch = dispatch_source };

  g_return_if_fail (self != NULL && self->source == NULL);

  self->limits = limits != NULL ? *limits : usual;
  self->func = func;
  self->user_data = user_data;
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "sc-http clocks");
  g_source_set_priority (self->source, priority);
  g_source_set_callback (self->source, ran_out_cb, self, NULL);
  self->start_us = g_get_monotonic_time ();
  sc_http_clocks_enter (self, SC_HTTP_PHASE_CONNECTING);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

void
sc_http_clocks_stop (ScHttpClocks *self)
{
  g_return_if_fail (self != NULL);

  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

void
sc_http_clocks_enter (ScHttpClocks *self,
                      ScHttpPhase   phase)
{
  g_return_if_fail (self != NULL);

  self->phase = phase;
  self->last_byte_us = g_get_monotonic_time ();
  if (phase <= SC_HTTP_PHASE_WAITING)
    self->sent_us = self->last_byte_us;
  set_source (self);
}

void
sc_http_clocks_note_byte (ScHttpClocks *self,
                          gboolean      is_body)
{
  self->last_byte_us = g_get_monotonic_time ();
  if (is_body)
    self->has_body = TRUE;
}

void
sc_http_clocks_set_paused (ScHttpClocks *self,
                           gboolean      is_paused)
{
  gint64 now;

  g_return_if_fail (self != NULL);

  if (self->is_paused == is_paused)
    return;
  now = g_get_monotonic_time ();
  if (is_paused)
    self->paused_us = now;
  else
    {
      self->sent_us += now - self->paused_us;
      self->last_byte_us += now - self->paused_us;
    }
  self->is_paused = is_paused;
  set_source (self);
}
