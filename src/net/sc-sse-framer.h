/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Server-sent events by the HTML standard's rules (HTML Living Standard 9.2.5 and 9.2.6), with two liberties: an
 * unfinished last block is delivered, marked, and lines of JSON that are no fields are collected until the document is
 * complete. What is collected ends early, marked `unterminated`, where a field of the standard follows. */

#pragma once

#include "sc-frame.h"

G_BEGIN_DECLS

/**
 * sc_sse_framer_new:
 * @max_bytes: how long one event or line may grow; 0 takes %SC_FRAME_MAX_BYTES
 *
 * Returns: (transfer full): a framer at the start of a stream
 */
ScSseFramer *sc_sse_framer_new          (gsize         max_bytes);

/**
 * sc_sse_framer_free:
 * @self: (nullable) (transfer full): a framer
 *
 * Frees it.
 */
void         sc_sse_framer_free         (ScSseFramer  *self);

/**
 * sc_sse_framer_feed:
 * @self: a framer
 * @bytes: (array length=length): any bytes
 * @length: how many
 * @func: receives the frames; must not free @self
 * @user_data: for @func
 * @error: return location
 *
 * Takes the next bytes of the stream, in any split. Once @func returned %FALSE or the limit was passed, the stream is
 * over for this framer: later bytes are ignored.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_PROTOCOL set if one event grew beyond the limit; the stream is then over
 */
gboolean     sc_sse_framer_feed         (ScSseFramer  *self,
                                         const char   *bytes,
                                         gsize         length,
                                         ScFrameFunc   func,
                                         gpointer      user_data,
                                         GError      **error);

/**
 * sc_sse_framer_finish:
 * @self: a framer
 * @func: receives what was pending
 * @user_data: for @func
 *
 * Tells that the stream ended. A pending block without its blank line is delivered with `unterminated` set (the
 * standard drops it; whether it counts is the decoder's decision), an incomplete bare JSON likewise.
 */
void         sc_sse_framer_finish       (ScSseFramer  *self,
                                         ScFrameFunc   func,
                                         gpointer      user_data);

/**
 * sc_sse_framer_get_retry_ms:
 * @self: a framer
 *
 * Returns: the last valid `retry` of the stream in milliseconds, -1 if there was none
 */
gint64       sc_sse_framer_get_retry_ms (ScSseFramer  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSseFramer, sc_sse_framer_free)

G_END_DECLS
