/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock of the page: one drain a frame while something waits, a watchdog where no frames come, the typing cursor's
 * blinking, and filling and trimming in idle time. */

#pragma once

#include "sc-conversation.h"
#include "sc-transcript-scroll.h"
#include "sc-transcript-view.h"

G_BEGIN_DECLS

typedef struct _ScTranscriptFlow ScTranscriptFlow;

/**
 * ScTranscriptFlowFunc:
 * @self: the flow
 * @n_bytes: text that was shown
 * @user_data: what was given with the function
 *
 * Tells that the page was brought up to date a step.
 */
typedef void (*ScTranscriptFlowFunc) (ScTranscriptFlow *self,
                                      gsize             n_bytes,
                                      gpointer          user_data);

/**
 * sc_transcript_flow_new:
 * @view: the view whose page is kept up to date
 * @scroll: its scrolling
 * @drained: called after each drain
 * @user_data: for @drained
 *
 * Returns: (transfer full): the flow. It must be freed before @scroll and @view
 */
ScTranscriptFlow *sc_transcript_flow_new              (ScTranscriptView     *view,
                                                       ScTranscriptScroll   *scroll,
                                                       ScTranscriptFlowFunc  drained,
                                                       gpointer              user_data);

/**
 * sc_transcript_flow_free:
 * @self: (nullable) (transfer full): the flow
 *
 * Stops everything.
 */
void              sc_transcript_flow_free             (ScTranscriptFlow     *self);

/**
 * sc_transcript_flow_set_conversation:
 * @self: the flow
 * @conversation: (nullable): whose activity is told and whose socket is throttled
 *
 * Sets the conversation; the page's model is set apart.
 */
void              sc_transcript_flow_set_conversation (ScTranscriptFlow     *self,
                                                       ScConversation       *conversation);

/**
 * sc_transcript_flow_set_hushed:
 * @self: the flow
 * @hushed: what is happening is told elsewhere
 *
 * Whether the typing cursor stands alone.
 */
void              sc_transcript_flow_set_hushed       (ScTranscriptFlow     *self,
                                                       gboolean              hushed);

/**
 * sc_transcript_flow_wake:
 * @self: the flow
 *
 * Looks what there is to do: drain, blink, fill or trim.
 */
void              sc_transcript_flow_wake             (ScTranscriptFlow     *self);

G_END_DECLS
