/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pre-scan, shared by sc-json.c and its fuzzer. */

#pragma once

#include "sc-json.h"

G_BEGIN_DECLS

/**
 * sc_json_scan:
 * @text: (array length=length): bytes from outside
 * @length: how many
 * @rewritten: (out) (nullable) (transfer full): a copy that is safe for json-glib, %NULL if @text itself is
 * @error: return location
 *
 * Checks in one pass what json-glib does not: nesting, one document only, no comments or single quotes; and mends
 * what would harm it: invalid UTF-8, lone surrogates, \u0000, integers of more than 18 digits (they become doubles
 * instead of wrapping around).
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_PROTOCOL set
 */
gboolean sc_json_scan (const char  *text,
                       gsize        length,
                       GString    **rewritten,
                       GError     **error);

G_END_DECLS
