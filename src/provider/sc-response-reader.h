/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the bytes of a response to events, for every protocol: looks at status, content type and
 * first bytes, chooses framer, whole answer or error body, feeds the decoder, and knows the faults
 * that have nothing to do with a protocol (HTML pages, errors under status 200, empty bodies,
 * compressed bytes without a label). Pure and synchronous. */

#pragma once

#include "sc-event.h"

G_BEGIN_DECLS

/** SC_RESPONSE_MAX_ERROR_BYTES: how much of an error body is read */
#define SC_RESPONSE_MAX_ERROR_BYTES (64u * 1024)

/**
 * sc_response_reader_new:
 * @protocol: the protocol spoken
 * @func: receives the events; must not free the reader
 * @user_data: for @func
 *
 * Returns: (transfer full): a reader before its headers
 */
ScResponseReader *sc_response_reader_new        (const ScProtocol  *protocol,
                                                 ScEventFunc        func,
                                                 gpointer           user_data);

/**
 * sc_response_reader_free:
 * @self: (nullable) (transfer full): a reader
 *
 * Frees it with its framer and decoder.
 */
void              sc_response_reader_free       (ScResponseReader  *self);

/**
 * sc_response_reader_set_key:
 * @self: a reader
 * @key: (nullable): the key in use and other secrets, one a line, so that a server's echo of it is never shown
 */
void              sc_response_reader_set_key    (ScResponseReader  *self,
                                                 const char        *key);

/**
 * sc_response_reader_headers:
 * @self: a reader
 * @status: HTTP status
 * @content_type: (nullable): the Content-Type header
 *
 * Tells status and content type. To be called once, first.
 */
void              sc_response_reader_headers    (ScResponseReader  *self,
                                                 int                status,
                                                 const char        *content_type);

/**
 * sc_response_reader_set_header:
 * @self: a reader
 * @name: `retry-after`, `retry-after-ms`, `x-should-retry`, `location`, `x-request-id`,
 *   `request-id` …
 * @value: (nullable): its value
 *
 * Tells a response header that an error may need. Unknown names are ignored.
 */
void              sc_response_reader_set_header (ScResponseReader  *self,
                                                 const char        *name,
                                                 const char        *value);

/**
 * sc_response_reader_get_header_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the header names that
 *   sc_response_reader_set_header() knows
 */
const char * const *sc_response_reader_get_header_names (void);

/**
 * sc_response_reader_dup_request_id:
 * @self: a reader that got the response headers
 *
 * Returns: (transfer full) (nullable): how the service calls the request
 */
char             *sc_response_reader_dup_request_id (ScResponseReader *self);

/**
 * sc_response_reader_feed:
 * @self: a reader
 * @bytes: (array length=length): body bytes, in any split
 * @length: how many
 *
 * Takes the next bytes. Nothing happens after the end event.
 *
 * Returns: %TRUE if this feed held data, %FALSE if it held only signs of life (comments, pings):
 *   for the two idle clocks
 */
gboolean          sc_response_reader_feed       (ScResponseReader  *self,
                                                 const char        *bytes,
                                                 gsize              length);

/**
 * sc_response_reader_feed_message:
 * @self: a reader
 * @text: (array length=length): a whole message of a WebSocket, followed by a NUL
 * @length: its length in bytes
 *
 * Takes the next message, instead of sc_response_reader_feed().
 *
 * Returns: as sc_response_reader_feed()
 */
gboolean          sc_response_reader_feed_message (ScResponseReader *self,
                                                 const char        *text,
                                                 gsize              length);

/**
 * sc_response_reader_end:
 * @self: a reader
 * @failure: (nullable) (transfer none): why the bytes ended, %NULL at a regular end of the body
 *
 * Tells that no more will come. After it the end event was emitted.
 */
void              sc_response_reader_end        (ScResponseReader  *self,
                                                 const ScFailure   *failure);

/**
 * sc_response_reader_is_done:
 * @self: a reader
 *
 * Returns: %TRUE if the end event was emitted
 */
gboolean          sc_response_reader_is_done    (ScResponseReader  *self);

/**
 * sc_response_reader_has_finish:
 * @self: a reader
 *
 * Returns: %TRUE if the protocol's end mark was seen: the answer is complete, reading on (for usage
 *   and for keeping the connection) is bounded to about a second
 */
gboolean          sc_response_reader_has_finish (ScResponseReader  *self);

/**
 * sc_response_reader_dup_raw:
 * @self: a reader
 *
 * Returns: (transfer full) (nullable): see sc_decoder_dup_raw()
 */
char             *sc_response_reader_dup_raw    (ScResponseReader  *self);

/**
 * sc_response_reader_dup_interrupt:
 * @self: a reader
 *
 * Returns: (transfer full) (nullable): the message that tells the service to stop this answer, or
 *   %NULL where closing the connection says so
 */
char             *sc_response_reader_dup_interrupt (ScResponseReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScResponseReader, sc_response_reader_free)

G_END_DECLS
