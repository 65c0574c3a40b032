/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frames: what the framers cut out of a byte stream. Framers are pure: the same frames come out for any split of the
 * input, no clock, no input or output. */

#pragma once

#include "sc-types.h"

G_BEGIN_DECLS

/** SC_FRAME_MAX_BYTES: how long one event or line may grow before the stream is given up (image events are megabytes) */
#define SC_FRAME_MAX_BYTES (64u * 1024 * 1024)

/**
 * ScFrameKind:
 * @SC_FRAME_EVENT: an SSE event or a line of NDJSON
 * @SC_FRAME_COMMENT: an SSE comment: a sign of life, no data
 * @SC_FRAME_BARE_JSON: JSON that stands in an event stream without `data:` (some proxies of Gemini do so), or
 *   the JSON value of a field named `error` (older llama.cpp)
 */
typedef enum
{
  SC_FRAME_EVENT,
  SC_FRAME_COMMENT,
  SC_FRAME_BARE_JSON,
} ScFrameKind;

/**
 * ScFrame:
 * @kind: what it is
 * @type: event type, `message` where none was given; never %NULL
 * @data: the payload, valid UTF-8 (may hold NUL), followed by a NUL that is not counted
 * @length: its length in bytes
 * @id: last event id so far, never %NULL
 * @unterminated: the stream ended before the blank line (or line feed) that ends this frame
 *
 * Valid during the call that delivers it only.
 */
struct _ScFrame
{
  ScFrameKind  kind;
  const char  *type;
  const char  *data;
  gsize        length;
  const char  *id;
  gboolean     unterminated;
};

/**
 * ScFrameFunc:
 * @frame: (transfer none): the frame, valid during the call only
 * @user_data: what was given with the function
 *
 * Receives frames in order. Returns %TRUE to go on; %FALSE stops the feed at once, what was not read is dropped.
 */
typedef gboolean (*ScFrameFunc) (const ScFrame *frame,
                                 gpointer       user_data);

G_END_DECLS
