/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cuts bytes that come in any split into lines. Shared by the framers; knows nothing of what a line
 * means.
 *
 * Every byte is looked at once, however the input is split: line ends are searched in the new bytes
 * only, and a line that lies in one piece of input is handed out from there without a copy. */

#pragma once

#include <string.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * sc_line_buffer_append:
 * @buffer: a buffer
 * @bytes: (array length=length): what to append
 * @length: how many bytes
 *
 * As g_string_append_len(), which costs as much as all the rest where reads bring a few bytes each.
 */
static inline void
sc_line_buffer_append (GString    *buffer,
                       const char *bytes,
                       gsize       length)
{
  if (G_UNLIKELY (length >= buffer->allocated_len - buffer->len))
    {
      g_string_append_len (buffer, bytes, (gssize) length);
      return;
    }
  memcpy (buffer->str + buffer->len, bytes, length);
  buffer->len += length;
  buffer->str[buffer->len] = '\0';
}

/**
 * ScLineCutter:
 * @pending: the line so far, where it began in an earlier piece of input
 * @max_bytes: how long a line may grow
 * @cr_ends: whether a lone CR ends a line as well
 * @is_pending_used: the line handed out last lies in @pending
 * @skips_lf: the last line ended in CR: a LF right after it belongs to the same line end
 * @n_bom: bytes of a byte order mark seen at the start of the stream; %SC_LINE_NO_BOM when that is
 * over
 * @at: next byte of the present input
 * @end: its end
 * @next_cr: first CR not before @at, or @end
 * @next_lf: first LF not before @at, or @end
 *
 * To be embedded in a framer; its fields are the cutter's own.
 */
typedef struct
{
  GString    *pending;
  gsize       max_bytes;
  gboolean    cr_ends;
  gboolean    is_pending_used;
  gboolean    skips_lf;
  guint       n_bom;
  const char *at;
  const char *end;
  const char *next_cr;
  const char *next_lf;
} ScLineCutter;

#define SC_LINE_NO_BOM 3u

/**
 * ScLineResult:
 * @SC_LINE_MORE: the input is used up
 * @SC_LINE_READY: there is a line
 * @SC_LINE_TOO_LONG: a line is longer than allowed
 */
typedef enum
{
  SC_LINE_MORE,
  SC_LINE_READY,
  SC_LINE_TOO_LONG,
} ScLineResult;

/**
 * sc_line_cutter_init:
 * @self: a cutter
 * @cr_ends: %TRUE: lines end in LF, CRLF or CR; %FALSE: in LF only
 * @max_bytes: how long a line may grow
 *
 * Makes it ready for the start of a stream.
 */
void         sc_line_cutter_init  (ScLineCutter  *self,
                                   gboolean       cr_ends,
                                   gsize          max_bytes);

/**
 * sc_line_cutter_clear:
 * @self: a cutter
 *
 * Frees what it holds.
 */
void         sc_line_cutter_clear (ScLineCutter  *self);

/**
 * sc_line_cutter_begin:
 * @self: a cutter
 * @bytes: (array length=length): the next bytes; must stay until sc_line_cutter_next() gives
 * %SC_LINE_MORE
 * @length: how many
 *
 * Gives it the next input.
 */
void         sc_line_cutter_begin (ScLineCutter  *self,
                                   const char    *bytes,
                                   gsize          length);

/**
 * sc_line_cutter_next:
 * @self: a cutter
 * @line: (out): the line without its end, valid until the next call. Not followed by a NUL unless
 * it is in `pending`
 * @length: (out): its length in bytes
 *
 * Returns: whether there was a line
 */
ScLineResult sc_line_cutter_next  (ScLineCutter  *self,
                                   const char   **line,
                                   gsize         *length);

/**
 * sc_line_cutter_finish:
 * @self: a cutter
 * @line: (out): the line without its end, valid until the cutter is cleared
 * @length: (out): its length in bytes
 *
 * Tells that the stream ended.
 *
 * Returns: %TRUE if bytes of a line without its end were left
 */
gboolean     sc_line_cutter_finish (ScLineCutter *self,
                                   const char   **line,
                                   gsize         *length);

/**
 * sc_line_cutter_swap_pending:
 * @self: a cutter that has just handed out a line from `pending`
 * @other: (inout): a string that takes its place
 *
 * Takes the line over together with its memory.
 */
void         sc_line_cutter_swap_pending (ScLineCutter *self,
                                   GString      **other);

/**
 * sc_line_buffer_empty:
 * @buffer: (inout): a buffer
 *
 * Empties a buffer for its next use, and gives memory that only a giant line needed back to the
 * system.
 */
void         sc_line_buffer_empty (GString      **buffer);

G_END_DECLS
