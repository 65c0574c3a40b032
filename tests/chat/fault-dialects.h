/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One short answer in the words of each protocol, in pieces that a test puts together wrongly. */

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * FaultDialect:
 * @name: a name for it
 * @protocol: id of the protocol
 * @path: what follows the server's name in the base URL
 * @model: whom to ask
 * @content_type: of its streams, NULL where it speaks over WebSockets: then each line of the pieces
 *   is a message
 * @n_opening: how many messages the client says first there
 * @half: the beginning of an answer, with the text `Half`
 * @more: the next piece, with the text ` more`
 * @call: a tool call as far as it goes before the end
 * @finish: why the answer ends, where that is said before its end mark
 * @end: the end mark, empty where the end of the stream is one
 * @failure: an error in the stream
 * @failure_kind: its kind
 * @beat: a sign of life without meaning
 * @junk: what a client has to pass over
 * @broken: a frame that is cut in itself
 * @whole: an answer that was not streamed, with the text `Whole`
 * @failure_whole: an error as a whole body
 */
typedef struct
{
  const char *name;
  const char *protocol;
  const char *path;
  const char *model;
  const char *content_type;
  guint       n_opening;
  const char *half;
  const char *more;
  const char *call;
  const char *finish;
  const char *end;
  const char *failure;
  ScError     failure_kind;
  const char *beat;
  const char *junk;
  const char *broken;
  const char *whole;
  const char *failure_whole;
} FaultDialect;

/** fault_dialects: all of them, ended by one without name */
extern const FaultDialect fault_dialects[];

/**
 * fault_dialect_append:
 * @self: a dialect
 * @piece: one of its pieces
 * @out: where to
 *
 * Appends what goes over the wire: the piece, or a message for each line of it.
 */
void      fault_dialect_append       (const FaultDialect *self,
                                      const char         *piece,
                                      GString            *out);

/**
 * fault_dialect_create_beat:
 * @self: a dialect
 *
 * Returns: (transfer full): a sign of life as it goes over the wire
 */
GBytes   *fault_dialect_create_beat  (const FaultDialect *self);

/**
 * fault_dialect_create_whole_stream:
 * @self: a dialect
 *
 * Returns: (transfer full): an answer without a fault, with the text `Half more`, and its headers
 */
GBytes   *fault_dialect_create_whole_stream (const FaultDialect *self);

G_END_DECLS
