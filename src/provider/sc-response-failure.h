/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Errors as services send them, in all their shapes, made into one ScFailure: bodies of HTTP
 * errors, error objects in a stream, web pages, redirects. Private to the providers; pure but for
 * the clock that a Retry-After date needs. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * ScResponseFacts:
 * @status: HTTP status, 0 unknown
 * @headers: (nullable) (element-type utf8 utf8): response headers by lower-case name
 * @key: (nullable): the key in use and other secrets, one a line, so that it can be hidden
 *
 * What is known of a response beside its body. Borrowed.
 */
typedef struct
{
  int         status;
  GHashTable *headers;
  const char *key;
} ScResponseFacts;

/**
 * sc_response_failure_get_header_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the response headers that say something about
 *   an error
 */
const char * const *sc_response_failure_get_header_names (void);

/**
 * sc_response_failure_new:
 * @facts: status and headers
 * @body: (array length=length): the start of the body, any bytes
 * @length: how many
 *
 * Reads the answer of a request that was refused: JSON of any known shape, event streams, HTML,
 * plain text, nothing.
 *
 * Returns: (transfer full): the failure
 */
ScFailure *sc_response_failure_new       (const ScResponseFacts *facts,
                                          const char            *body,
                                          gsize                  length);

/**
 * sc_response_failure_new_for_page:
 * @facts: status and headers
 * @body: (array length=length): something that is no answer of a model server, under a status of
 *   success
 * @length: how many bytes
 *
 * Returns: (transfer full): a failure of %SC_ERROR_PROTOCOL that tells what came instead
 */
ScFailure *sc_response_failure_new_for_page (const ScResponseFacts *facts,
                                          const char            *body,
                                          gsize                  length);

/**
 * sc_response_failure_find:
 * @root: (nullable): a frame of a stream or a whole answer
 *
 * Looks whether an object says that something went wrong: `error` of any truthy form,
 * `x_groq.error`, or one of the flat shapes. Numeric codes from 400 to 599 stand in for the status.
 *
 * Returns: (transfer full) (nullable): the failure, or %NULL if the object reports none
 */
ScFailure *sc_response_failure_find      (JsonObject            *root);

/**
 * sc_response_failure_new_from_value:
 * @root: an object that reports an error, whatever its shape
 *
 * As sc_response_failure_find() for an object of which it is known that it reports an error
 * (`event: error`).
 *
 * Returns: (transfer full): the failure
 */
ScFailure *sc_response_failure_new_from_value (JsonObject       *root);

/**
 * sc_response_failure_dup_request_id:
 * @facts: status and headers
 *
 * Returns: (transfer full) (nullable): how the service calls the request, by its headers
 */
char      *sc_response_failure_dup_request_id (const ScResponseFacts *facts);

/**
 * sc_response_failure_complete:
 * @self: a failure
 * @facts: status and headers
 *
 * Fills in what headers say (request id, how long to wait, whether to try again) where it is
 * missing, and hides keys.
 */
void       sc_response_failure_complete  (ScFailure             *self,
                                          const ScResponseFacts *facts);

G_END_DECLS
