/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of the decoders' shared part know of each other. */

#pragma once

#include "sc-decoder.h"

G_BEGIN_DECLS

/** SC_DECODER_REPLACEMENT: what stands for half a character */
#define SC_DECODER_REPLACEMENT "\xEF\xBF\xBD"

/**
 * sc_decoder_emit:
 * @self: a decoder
 * @event: an event
 *
 * Gives an event to the receiver, unless the end was given.
 */
void  sc_decoder_emit           (ScDecoder     *self,
                                 const ScEvent *event);

/**
 * sc_decoder_dup_joined:
 * @self: a decoder
 * @text: (nullable): a text that stands alone (names, ids)
 *
 * Returns: (transfer full) (nullable): the text with marks made characters, halves U+FFFD
 */
char *sc_decoder_dup_joined     (ScDecoder     *self,
                                 const char    *text);

/**
 * sc_decoder_call_free:
 * @data: (transfer full): a call
 *
 * Frees a call.
 */
void  sc_decoder_call_free      (gpointer       data);

/**
 * sc_decoder_complete_calls:
 * @self: a decoder
 *
 * Emits the end of each call, in the order they were announced, whatever the order of their slots.
 *
 * Returns: how many there are
 */
int   sc_decoder_complete_calls (ScDecoder     *self);

G_END_DECLS
