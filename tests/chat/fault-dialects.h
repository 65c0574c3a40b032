/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One short answer in the words of each protocol, in pieces that a test puts together wrongly. */

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * FaultDialect:
 * @protocol: id of the protocol
 * @content_type: of its streams
 * @half: the beginning of an answer, with the text `Half`
 * @more: the next piece, with the text ` more`
 * @call: a tool call as far as it goes before the end
 * @end: the end of the answer
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
  const char *protocol;
  const char *content_type;
  const char *half;
  const char *more;
  const char *call;
  const char *end;
  const char *failure;
  ScError     failure_kind;
  const char *beat;
  const char *junk;
  const char *broken;
  const char *whole;
  const char *failure_whole;
} FaultDialect;

/** fault_dialects: all of them, ended by one without protocol */
extern const FaultDialect fault_dialects[];

G_END_DECLS
