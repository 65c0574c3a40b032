/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bytes of WebSockets (RFC 6455) as the raw server needs them. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** raw_websocket_dup_answer: Returns: (transfer full): what agrees to the upgrade in @request */
char     *raw_websocket_dup_answer (const char *request);

/** raw_websocket_create_frame: Returns: (transfer full): @text as a frame of a server; @first is
 * its first byte, 0x81 for a whole text message */
GBytes   *raw_websocket_create_frame (guint8      first,
                                      const char *text,
                                      gsize       length);

/** raw_websocket_read: appends what the frames of a client in @bytes say, a line each, to @lines:
 * texts as they are, others as `(close 1000)`, `(ping)`. Returns: how many texts there are */
guint     raw_websocket_read       (const char *bytes,
                                    gsize       length,
                                    GString    *lines);

G_END_DECLS
