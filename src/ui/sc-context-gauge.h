/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How full the model's context window is: a small ring that fills, and a warning when little is left. */

#pragma once

#include <gtk/gtk.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScContextGauge:
 *
 * Hidden where the size of the window is not known, or nothing was said yet. Properties: `draft-tokens` (int64), what
 * is being written and counts already; `nearly-full` (boolean, read-only), nine tenths are used; `warning` (nullable
 * string, read-only), the sentence that says so.
 */
#define SC_TYPE_CONTEXT_GAUGE (sc_context_gauge_get_type ())
G_DECLARE_FINAL_TYPE (ScContextGauge, sc_context_gauge, SC, CONTEXT_GAUGE, GtkWidget)

/**
 * sc_context_gauge_set_conversation:
 * @self: a gauge
 * @conversation: (nullable): whose context it shows
 *
 * Shows another conversation.
 */
void     sc_context_gauge_set_conversation (ScContextGauge *self,
                                            ScConversation *conversation);

/**
 * sc_context_gauge_update:
 * @self: a gauge
 *
 * Counts anew: to be called when the model or what is known of it may have changed.
 */
void     sc_context_gauge_update           (ScContextGauge *self);

/**
 * sc_context_gauge_measure:
 * @conversation: a conversation
 * @is_estimate: (out): whether the number is an estimate
 *
 * Counts what the next question takes along: all that the last answer was given and gave, as its service counted it,
 * and an estimate of what came since.
 *
 * Returns: a number of tokens, 0 for an empty conversation
 */
gint64   sc_context_gauge_measure          (ScConversation *conversation,
                                            gboolean       *is_estimate);

G_END_DECLS
