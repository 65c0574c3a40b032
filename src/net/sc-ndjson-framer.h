/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Newline-delimited JSON: one value a line (Ollama, MCP over stdio). */

#pragma once

#include "sc-frame.h"

G_BEGIN_DECLS

/**
 * sc_ndjson_framer_new:
 * @max_bytes: how long one line may grow; 0 takes %SC_FRAME_MAX_BYTES
 *
 * Returns: (transfer full): a framer at the start of a stream
 */
ScNdjsonFramer *sc_ndjson_framer_new    (gsize            max_bytes);

/**
 * sc_ndjson_framer_free:
 * @self: (nullable) (transfer full): a framer
 *
 * Frees it.
 */
void            sc_ndjson_framer_free   (ScNdjsonFramer  *self);

/**
 * sc_ndjson_framer_feed:
 * @self: a framer
 * @bytes: (array length=length): any bytes
 * @length: how many
 * @func: receives a frame a line that is not blank; must not free @self
 * @user_data: for @func
 * @error: return location
 *
 * Takes the next bytes in any split. Lines end in LF; a CR before it is dropped. Invalid UTF-8 becomes U+FFFD.
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_PROTOCOL set if a line grew beyond the limit
 */
gboolean        sc_ndjson_framer_feed   (ScNdjsonFramer  *self,
                                         const char      *bytes,
                                         gsize            length,
                                         ScFrameFunc      func,
                                         gpointer         user_data,
                                         GError         **error);

/**
 * sc_ndjson_framer_finish:
 * @self: a framer
 * @func: receives the last line if it had no line feed (`unterminated` set)
 * @user_data: for @func
 *
 * Tells that the stream ended.
 */
void            sc_ndjson_framer_finish (ScNdjsonFramer  *self,
                                         ScFrameFunc      func,
                                         gpointer         user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScNdjsonFramer, sc_ndjson_framer_free)

G_END_DECLS
