/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Errors before the first byte of an answer: which of them are tried again, after how long, and
 * which never. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fault_retries_add_tests:
 *
 * Adds a test for each.
 *
 * Returns: how many faults they are
 */
guint fault_retries_add_tests (void);

G_END_DECLS
