/* SPDX-License-Identifier: GPL-3.0-or-later */

/* UTF-8 as streams need it: bytes of any value, NUL included (GLib's own validation stops at a NUL
 * and its repair replaces it). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_utf8_count_valid:
 * @bytes: (array length=length): any bytes
 * @length: how many
 *
 * Returns: how many bytes at the start are valid UTF-8; @length if all are. NUL is valid.
 */
gsize sc_utf8_count_valid (const char *bytes,
                           gsize       length);

/**
 * sc_utf8_append_valid:
 * @out: receives the text
 * @bytes: (array length=length): any bytes
 * @length: how many
 *
 * Appends the bytes, with U+FFFD for each maximal part of an invalid sequence (Encoding
 * Standard 8.1.1, UTF-8 decoder).
 */
void  sc_utf8_append_valid (GString    *out,
                            const char *bytes,
                            gsize       length);

G_END_DECLS
