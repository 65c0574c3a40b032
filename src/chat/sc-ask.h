/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The terminal: one answer to standard output, or a model list, through the same engine as the window, no display. */

#pragma once

#include "sc-options.h"

G_BEGIN_DECLS

/**
 * sc_ask_main:
 * @options: options with `ask` or `list_models`
 *
 * Runs its own main loop until the end. Ctrl+C stops the answer.
 *
 * Returns: the process's exit code: 0 finished, 1 error, 2 usage, 130 interrupted
 */
int sc_ask_main (const ScOptions *options);

G_END_DECLS
