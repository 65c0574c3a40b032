/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frame times. The handlers run after GTK's own, which were connected first: each stamp is the end of its phase. A tick
 * callback may be called after the stamp of the update phase; its own end is stamped too. */

#include "config.h"

#include "sc-transcript-meter.h"

#include <time.h>

#include "sc-trace.h"

struct _ScTranscriptMeter
{
  GtkWidget     *widget;
  GdkFrameClock *clock;
  ScPageWork     work;
  gsize          pending;
  gint64         read_us;
  gint64         last_end;
  gint64         update_end;
  gint64         layout_end;
  gint64         paint_end;
  gint64         last_paint_us;
  gboolean       drained;
};

/* Work that was done long after one frame and before the text of the next came belongs to neither. */
#define PAUSE_US (100 * G_TIME_SPAN_MILLISECOND)

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
update_cb (ScTranscriptMeter *self)
{
  self->update_end = get_cpu_us ();
}

static void
layout_cb (ScTranscriptMeter *self)
{
  self->layout_end = get_cpu_us ();
}

static void
paint_cb (ScTranscriptMeter *self)
{
  self->paint_end = get_cpu_us ();
}

static void
after_paint_cb (ScTranscriptMeter *self)
{
  gint64 end = get_cpu_us ();

  if (self->drained)
    sc_trace_write (sc_trace_get_default (), "frame",
                    "bytes", (gint64) self->work.n_bytes,
                    "work_us", end - self->last_end,
                    "parse_us", self->work.parse_us,
                    "buffer_us", self->work.buffer_us,
                    "layout_us", MAX (self->layout_end - self->update_end, 0),
                    "paint_us", MAX (self->paint_end - self->layout_end, 0),
                    "pending", (gint64) self->pending,
                    "latency_us", self->read_us > 0 ? g_get_monotonic_time () - self->read_us : (gint64) 0,
                    NULL);
  self->drained = FALSE;
  self->work = (ScPageWork) { 0 };
  self->read_us = 0;
  self->last_paint_us = g_get_monotonic_time ();
  self->last_end = get_cpu_us ();
}

static void
realize_cb (GtkWidget         *widget,
            ScTranscriptMeter *self)
{
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->last_end = get_cpu_us ();
  g_signal_connect_swapped (self->clock, "update", G_CALLBACK (update_cb), self);
  g_signal_connect_swapped (self->clock, "layout", G_CALLBACK (layout_cb), self);
  g_signal_connect_swapped (self->clock, "paint", G_CALLBACK (paint_cb), self);
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
}

static void
unrealize_cb (GtkWidget         *widget,
              ScTranscriptMeter *self)
{
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
}

ScTranscriptMeter *
sc_transcript_meter_new (GtkWidget *widget)
{
  ScTranscriptMeter *self = g_new0 (ScTranscriptMeter, 1);

  self->widget = widget;
  g_signal_connect (widget, "realize", G_CALLBACK (realize_cb), self);
  g_signal_connect (widget, "unrealize", G_CALLBACK (unrealize_cb), self);

  return self;
}

void
sc_transcript_meter_free (ScTranscriptMeter *self)
{
  if (self == NULL)
    return;

  unrealize_cb (self->widget, self);
  g_signal_handlers_disconnect_by_data (self->widget, self);
  g_free (self);
}

void
sc_transcript_meter_arrived (ScTranscriptMeter *self)
{
  if (g_get_monotonic_time () - self->last_paint_us > PAUSE_US)
    self->last_end = get_cpu_us ();
}

void
sc_transcript_meter_drained (ScTranscriptMeter *self,
                             const ScPageWork  *work,
                             gsize              pending,
                             gint64             read_us)
{
  if (work->n_bytes == 0)
    return;

  self->drained = TRUE;
  self->work.n_bytes += work->n_bytes;
  self->work.parse_us += work->parse_us;
  self->work.buffer_us += work->buffer_us;
  self->pending = pending;
  if (read_us > 0 && (self->read_us == 0 || read_us < self->read_us))
    self->read_us = read_us;
  self->update_end = get_cpu_us ();
}
