/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a frame costs: processor time of the main thread by phases of the frame clock, for `--trace`. */

#pragma once

#include <gtk/gtk.h>

#include "sc-page.h"

G_BEGIN_DECLS

typedef struct _ScTranscriptMeter ScTranscriptMeter;

/**
 * sc_transcript_meter_new:
 * @widget: whose frames are measured
 *
 * Returns: (transfer full): a meter that measures from the widget's realization on
 */
ScTranscriptMeter *sc_transcript_meter_new     (GtkWidget         *widget);

/**
 * sc_transcript_meter_free:
 * @self: (nullable) (transfer full): a meter
 *
 * Frees it.
 */
void               sc_transcript_meter_free    (ScTranscriptMeter *self);

/**
 * sc_transcript_meter_arrived:
 * @self: a meter
 *
 * Tells that text came while none was waiting: after a pause the frame's work begins here.
 */
void               sc_transcript_meter_arrived (ScTranscriptMeter *self);

/**
 * sc_transcript_meter_drained:
 * @self: a meter
 * @work: what this frame's drain did
 * @pending: bytes still waiting
 * @read_us: g_get_monotonic_time() when the oldest of what it shows came, 0 unknown
 *
 * Tells about a drain in the current frame; the frame's line is written when it is painted.
 */
void               sc_transcript_meter_drained (ScTranscriptMeter *self,
                                                const ScPageWork  *work,
                                                gsize              pending,
                                                gint64             read_us);

G_END_DECLS
