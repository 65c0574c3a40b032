/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code of an answer as a file: what it may be called, the dialog that asks where to, and the writing, which never
 * blocks. How it went is said in a toast near the code. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * sc_code_dup_file_name:
 * @language: (nullable): what the answer calls the code's language
 *
 * Returns: (transfer full): a name to suggest, for example `code.py`
 */
char *sc_code_dup_file_name (const char *language);

/**
 * sc_code_save_as:
 * @widget: where the code is shown; in a window, under an #AdwToastOverlay
 * @language: (nullable): its language
 * @text: the code
 *
 * Asks for a file and writes the code to it.
 */
void  sc_code_save_as       (GtkWidget  *widget,
                             const char *language,
                             const char *text);

/**
 * sc_code_write:
 * @widget: where the code is shown
 * @file: where to
 * @text: the code
 *
 * Writes the code with a line feed at its end, in the place of what was there, and tells how it went.
 */
void  sc_code_write         (GtkWidget  *widget,
                             GFile      *file,
                             const char *text);

G_END_DECLS
