/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Halves of a character: servers that cut their text by UTF-16 units send an emoji as `\ud83c` at
 * the end of one piece and `\udf89` at the start of the next. A JSON parser can only refuse or
 * spoil them, so they are marked before it and joined after it. Private to the decoders. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_surrogates_mark:
 * @json: JSON text
 * @length: its length in bytes
 *
 * Rewrites every `\uD8xx` … `\uDFxx` that has no partner beside it into a mark of noncharacters
 * that any JSON parser lets through. Linear.
 *
 * Returns: (transfer full) (nullable): the rewritten text, or %NULL if there is nothing to mark
 */
GString *sc_surrogates_mark    (const char *json,
                                gsize       length);

/**
 * sc_surrogates_join:
 * @text: (nullable): a piece of text that may hold marks
 * @held: (inout): the first half that waits for its second, 0 for none
 *
 * Undoes the marks: halves that meet become their character, a half that never meets its other
 * becomes U+FFFD, a first half at the very end is kept in @held for the next piece.
 *
 * Returns: (transfer full): the text, maybe ""
 */
char    *sc_surrogates_join    (const char *text,
                                gunichar2  *held);

G_END_DECLS
