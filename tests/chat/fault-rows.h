/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The faults a stream can have, a row each: what a server sends in which order, how it goes on, and
 * what the user sees of it. Says nothing of protocols: fault-dialects.h has their words. */

#pragma once

#include <glib.h>

#include "fault-dialects.h"

G_BEGIN_DECLS

/** FAULT_FINISH, FAULT_OWN: the kind of an answer that ends well, of the protocol's own error */
#define FAULT_FINISH (-1)
#define FAULT_OWN    (-2)

/** FAULT_GIANT_BYTES, FAULT_MANY: the size of a giant, and how many pieces come at once */
#define FAULT_GIANT_BYTES (1024 * 1024)
#define FAULT_MANY        500

/**
 * FaultEnding:
 * @FAULT_CLOSE: the server closes
 * @FAULT_RESET: it resets the connection, once all text has arrived
 * @FAULT_STALL: it does nothing any more
 * @FAULT_BEATS: it sends signs of life
 * @FAULT_STOP: it does nothing, and the user stops
 */
typedef enum
{
  FAULT_CLOSE,
  FAULT_RESET,
  FAULT_STALL,
  FAULT_BEATS,
  FAULT_STOP,
} FaultEnding;

/**
 * FaultClock:
 * @FAULT_NO_CLOCK: none
 * @FAULT_FIRST_BYTE: the clock for the first byte
 * @FAULT_IDLE: the one for silence
 * @FAULT_DATA: the one for data
 *
 * The only clock of a row.
 */
typedef enum
{
  FAULT_NO_CLOCK,
  FAULT_FIRST_BYTE,
  FAULT_IDLE,
  FAULT_DATA,
} FaultClock;

/**
 * FaultScope:
 * @FAULT_EVERYWHERE: any transport
 * @FAULT_HTTP: not over a WebSocket
 * @FAULT_PACKED: over HTTP, with a body that is compressed and says so
 * @FAULT_PACKED_CUT: the same, cut before the end of the compression
 */
typedef enum
{
  FAULT_EVERYWHERE,
  FAULT_HTTP,
  FAULT_PACKED,
  FAULT_PACKED_CUT,
} FaultScope;

/**
 * FaultRow:
 * @name: what it is called
 * @head: (nullable): status line and headers, %NULL for those of a stream of the protocol; `TRAP`
 *   stands for the address of a server that nobody may ask
 * @recipe: a letter for each piece of the body, see fault_row_create_answer()
 * @ending: how it goes on
 * @kind: an #ScError, %FAULT_FINISH or %FAULT_OWN: what the run ends with
 * @text: (nullable): all text that is kept, %NULL for a giant
 * @words: (nullable): a part of the message that people read
 * @clock: the only clock
 * @scope: where it makes sense
 * @half: (nullable): what stands where `Half` would; empty for a giant
 * @more: (nullable): what stands where ` more` would
 * @line_end: (nullable): what stands where a line feed would
 */
typedef struct
{
  const char  *name;
  const char  *head;
  const char  *recipe;
  FaultEnding  ending;
  int          kind;
  const char  *text;
  const char  *words;
  FaultClock   clock;
  FaultScope   scope;
  const char  *half;
  const char  *more;
  const char  *line_end;
} FaultRow;

/** fault_rows: all of them, ended by one without name */
extern const FaultRow fault_rows[];

/**
 * fault_row_is_for:
 * @self: a row
 * @dialect: a dialect
 *
 * Returns: whether this fault can happen in this protocol
 */
gboolean  fault_row_is_for        (const FaultRow     *self,
                                   const FaultDialect *dialect);

/**
 * fault_row_create_answer:
 * @self: a row
 * @dialect: the protocol's words
 * @trap: the address that `TRAP` stands for
 *
 * Letters: h half, m more, M many times more, c call, f finish, d end mark, e both, x failure, b
 * beat, u junk, k broken, w whole, j whole failure, J the same over many lines, / half of more, B
 * byte order mark, n blank lines, E error body, N one that is no UTF-8, G giant error body, P web
 * page, Z compressed bytes, - no line end at the end.
 *
 * Returns: (transfer full): all that the server sends after the request, or after the upgrade to a
 *   WebSocket
 */
GBytes   *fault_row_create_answer (const FaultRow     *self,
                                   const FaultDialect *dialect,
                                   const char         *trap);

G_END_DECLS
