/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Collects lines of an event stream that are no fields but JSON: pretty-printed errors that proxies
 * write into a stream. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScBareJson:
 * @text: (nullable): the lines so far, %NULL while nothing is being collected
 * @depth: arrays and objects that are open
 * @is_in_string: inside a string
 * @is_escaped: the byte before was a backslash inside a string
 *
 * To be embedded, zeroed, in a framer.
 */
typedef struct
{
  GString *text;
  gsize    depth;
  gboolean is_in_string;
  gboolean is_escaped;
} ScBareJson;

/**
 * sc_bare_json_is_start:
 * @text: (array length=length): the start of a line or of a value
 * @length: its length in bytes
 *
 * Returns: %TRUE if a JSON object or array may begin here
 */
gboolean sc_bare_json_is_start (const char *text,
                                gsize       length);

/**
 * sc_bare_json_add_line:
 * @self: a collector
 * @line: (array length=length): the next line
 * @length: its length in bytes
 *
 * Adds a line; only its bytes are looked at.
 *
 * Returns: %TRUE if the document is complete
 */
gboolean sc_bare_json_add_line (ScBareJson *self,
                                const char *line,
                                gsize       length);

/**
 * sc_bare_json_clear:
 * @self: a collector
 *
 * Drops what was collected; the collector can be used again.
 */
void     sc_bare_json_clear    (ScBareJson *self);

G_END_DECLS
