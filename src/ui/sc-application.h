/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Widgets, the frame clock and the clipboard live here and nowhere else. The application owns the history; a window
 * shows one conversation of it at a time; everything shown can be rebuilt from the model. */

#pragma once

#include <adwaita.h>

#include "sc-options.h"

G_BEGIN_DECLS

#define SC_TYPE_APPLICATION (sc_application_get_type ())
G_DECLARE_FINAL_TYPE (ScApplication, sc_application, SC, APPLICATION, AdwApplication)

/**
 * sc_application_main:
 * @options: (transfer none): the command line; its prompt is sent at once if there is one
 *
 * Opens the window and runs until it is closed.
 *
 * Returns: the process's exit code: 0, or 1 without a display (said in one line on standard error)
 */
int sc_application_main (const ScOptions *options);

G_END_DECLS
