/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sc-probe: the pure parts of the program (framers, decoders, requests, markdown) on standard input and output, for
 * tests and for people. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScProbeOptions:
 * @chunk: bytes to feed at a time, 0 for all at once
 * @status: HTTP status of the response
 * @content_type: content type of the response
 * @frames: one live view after each chunk
 * @silent: all the work of @frames, no output
 * @xml: cmark's XML of the finished parse
 * @protocol: (nullable): the protocol's id
 */
typedef struct
{
  gsize       chunk;
  int         status;
  const char *content_type;
  gboolean    frames;
  gboolean    silent;
  gboolean    xml;
  const char *protocol;
} ScProbeOptions;

/**
 * sc_probe_sse:
 * @input: (array length=length): bytes of an event stream
 * @length: how many
 * @options: the options
 * @out: receives the events, a JSON line each
 */
void     sc_probe_sse       (const char           *input,
                             gsize                 length,
                             const ScProbeOptions *options,
                             GString              *out);

/**
 * sc_probe_decode:
 * @input: (array length=length): a response body
 * @length: how many bytes
 * @options: the options; `protocol` is one that exists
 * @out: receives the events, a JSON line each
 */
void     sc_probe_decode    (const char           *input,
                             gsize                 length,
                             const ScProbeOptions *options,
                             GString              *out);

/**
 * sc_probe_request:
 * @input: (array length=length): a prompt as JSON
 * @length: how many bytes
 * @options: the options; `protocol` is one that exists
 * @out: receives the request as one JSON object, or `{"error":"…"}` where it cannot be built
 */
void     sc_probe_request   (const char           *input,
                             gsize                 length,
                             const ScProbeOptions *options,
                             GString              *out);

/**
 * sc_probe_has_protocol:
 * @protocol: (nullable): a name
 *
 * Returns: %TRUE if there is such a protocol
 */
gboolean sc_probe_has_protocol (const char *protocol);

/**
 * sc_probe_markdown:
 * @input: (array length=length): markdown
 * @length: how many bytes
 * @options: the options
 * @out: receives one JSON object a line, or XML
 */
void     sc_probe_markdown  (const char           *input,
                             gsize                 length,
                             const ScProbeOptions *options,
                             GString              *out);

G_END_DECLS
