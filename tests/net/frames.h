/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the framers' tests share: frames as text that can be compared. */

#pragma once

#include "sc-frame.h"

G_BEGIN_DECLS

/**
 * frames_append:
 * @frame: a frame
 * @user_data: a #GString
 *
 * Appends a line: `message "data" id` for an event, `comment`, `json "text"`; with `!` at the end
 * if it is unterminated.
 *
 * Returns: %TRUE
 */
gboolean frames_append (const ScFrame *frame,
                        gpointer       user_data);

/**
 * frames_with_line_ends:
 * @text: (array length=length): text whose lines end in LF
 * @length: its length in bytes
 * @line_end: what shall end them instead
 *
 * Returns: (transfer full): the text with other line ends
 */
GString *frames_with_line_ends (const char *text,
                                gsize       length,
                                const char *line_end);

G_END_DECLS
