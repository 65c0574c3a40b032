/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Standard output of the terminal mode: never blocks the main loop, so that Ctrl+C works while a
 * pager does not read. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScOutput ScOutput;

/**
 * ScOutputFunc:
 * @user_data: what was given with the function
 *
 * Something happened to the output.
 */
typedef void (*ScOutputFunc) (gpointer user_data);

/**
 * sc_output_new:
 * @fd: a file descriptor; not closed
 * @drained: called when the last byte was written after sc_output_get_pending() was above 0, and after
 *   a fault
 * @user_data: for @drained
 *
 * Returns: (transfer full): an output
 */
ScOutput   *sc_output_new        (int           fd,
                                  ScOutputFunc  drained,
                                  gpointer      user_data);

/**
 * sc_output_free:
 * @self: (nullable) (transfer full): an output
 *
 * Frees it; what was not written is lost.
 */
void        sc_output_free       (ScOutput     *self);

/**
 * sc_output_append:
 * @self: an output
 * @text: bytes
 * @length: how many
 *
 * Takes what sc_output_flush() writes.
 */
void        sc_output_append     (ScOutput     *self,
                                  const char   *text,
                                  gsize         length);

/**
 * sc_output_append_safe:
 * @self: an output
 * @text: valid UTF-8
 * @length: how many bytes
 *
 * As sc_output_append(), but a terminal is not given control characters other than line feed and
 * tab: a model's words must not be able to steer it. A file or a pipe gets every byte.
 */
void        sc_output_append_safe (ScOutput    *self,
                                   const char  *text,
                                   gsize        length);

/**
 * sc_output_flush:
 * @self: an output
 *
 * Writes what can be written now; the rest follows by itself.
 */
void        sc_output_flush      (ScOutput     *self);

/**
 * sc_output_get_pending:
 * @self: an output
 *
 * Returns: how many bytes wait
 */
gsize       sc_output_get_pending (ScOutput    *self);

/**
 * sc_output_get_errno:
 * @self: an output
 *
 * Returns: `errno` of the write that failed, 0 if none did; everything after it is dropped
 */
int         sc_output_get_errno  (ScOutput     *self);

/**
 * sc_output_create_safe:
 * @text: valid UTF-8
 * @length: how many bytes
 *
 * Returns: (transfer full): the text with U+FFFD for every control character but line feed and tab
 */
char       *sc_output_create_safe (const char  *text,
                                   gsize        length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOutput, sc_output_free)

G_END_DECLS
