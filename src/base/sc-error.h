/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong with an answer, in the program's own terms. Every provider's codes end in one of these kinds,
 * so that the window, the terminal and the retry rules need to know only this list. */

#pragma once

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScError:
 * @SC_ERROR_AUTH: the key is missing or was not accepted
 * @SC_ERROR_QUOTA: the account has no credit left; waiting does not help
 * @SC_ERROR_RATE_LIMIT: too many requests for now; waiting helps
 * @SC_ERROR_OVERLOADED: the service has no capacity for now
 * @SC_ERROR_INVALID_REQUEST: the service did not understand or refuses the request
 * @SC_ERROR_NOT_FOUND: no such model or address
 * @SC_ERROR_NETWORK: the server could not be reached or the connection broke before an answer began
 * @SC_ERROR_TLS: no trust in the server's certificate, or the secure connection failed
 * @SC_ERROR_TIMEOUT: one of the clocks ran out: ours, the service's, or that of a gateway before it
 * @SC_ERROR_INTERRUPTED: the stream ended without the protocol's own end mark
 * @SC_ERROR_PROTOCOL: what came is not what the protocol says
 * @SC_ERROR_SERVER: the service failed inside
 * @SC_ERROR_CANCELLED: the user stopped it; never shown as an error
 * @SC_ERROR_STORAGE: the history on this computer could not be read or written
 * @SC_ERROR_KEYRING: the keyring could not be used
 *
 * Codes of the error domain %SC_ERROR. Their order is private; files and programs use the nicks.
 */
typedef enum
{
  SC_ERROR_AUTH,
  SC_ERROR_QUOTA,
  SC_ERROR_RATE_LIMIT,
  SC_ERROR_OVERLOADED,
  SC_ERROR_INVALID_REQUEST,
  SC_ERROR_NOT_FOUND,
  SC_ERROR_NETWORK,
  SC_ERROR_TLS,
  SC_ERROR_TIMEOUT,
  SC_ERROR_INTERRUPTED,
  SC_ERROR_PROTOCOL,
  SC_ERROR_SERVER,
  SC_ERROR_CANCELLED,
  SC_ERROR_STORAGE,
  SC_ERROR_KEYRING,
} ScError;

#define SC_ERROR (sc_error_quark ())

/**
 * sc_error_quark:
 *
 * Returns: the quark of the error domain %SC_ERROR
 */
GQuark      sc_error_quark          (void);

/** SC_ERROR_CODE_CERTIFICATE: the code of an %SC_ERROR_TLS about a certificate that was not accepted */
#define SC_ERROR_CODE_CERTIFICATE "certificate"

/**
 * sc_error_set_code:
 * @error: an error of %SC_ERROR
 * @code: (nullable): the service's own code, or one of ours, as text
 *
 * Gives an error a code; it goes along into a failure and back.
 */
void        sc_error_set_code       (GError       *error,
                                     const char   *code);

/**
 * sc_error_get_code:
 * @error: (nullable): any error
 *
 * Returns: (transfer none) (nullable): the code of an error of %SC_ERROR, if it has one
 */
const char *sc_error_get_code       (const GError *error);

/**
 * sc_error_to_nick:
 * @kind: an error kind
 *
 * The name of a kind in JSON lines and in the history: `auth`, `rate-limit` …
 *
 * Returns: (transfer none): a static string, never %NULL
 */
const char *sc_error_to_nick        (ScError     kind);

/**
 * sc_error_from_nick:
 * @nick: (nullable): a name as sc_error_to_nick() gives it
 * @fallback: what an unknown or %NULL name means
 *
 * Returns: the kind
 */
ScError     sc_error_from_nick      (const char *nick,
                                     ScError     fallback);

/**
 * sc_error_to_sentence:
 * @kind: an error kind
 *
 * One translated sentence for people that says what happened, with no jargon and no number.
 *
 * Returns: (transfer none): a translated static string
 */
const char *sc_error_to_sentence    (ScError     kind);

/**
 * sc_error_to_advice:
 * @kind: an error kind
 *
 * One translated sentence that says what the reader can do about it.
 *
 * Returns: (transfer none): a translated static string
 */
const char *sc_error_to_advice      (ScError     kind);

/**
 * ScFailure:
 * @kind: what went wrong
 * @message: the service's own words or ours, valid UTF-8, without any key; never %NULL
 * @status: HTTP status, 0 where there was none
 * @code: (nullable): the service's own error code as text
 * @request_id: (nullable): the service's id of this request
 * @retry_after_ms: how long the service asks to wait, in milliseconds; -1 where it did not say
 * @should_retry: `x-should-retry` of the service: 1 yes, 0 no, -1 not said
 * @details: (nullable): the start of the raw answer (at most 64 KiB, valid UTF-8, redacted)
 *
 * The end of a run that did not finish. A value: made once, passed on, copied by who keeps it.
 */
struct _ScFailure
{
  ScError kind;
  char   *message;
  int     status;
  char   *code;
  char   *request_id;
  gint64  retry_after_ms;
  int     should_retry;
  char   *details;
};

/**
 * sc_failure_new:
 * @kind: what went wrong
 * @message: (nullable): words for it; made valid UTF-8. %NULL and "" take sc_error_to_sentence()
 *
 * Returns: (transfer full): a failure with every other field unset (status 0, retry_after_ms -1, should_retry -1)
 */
ScFailure  *sc_failure_new          (ScError           kind,
                                     const char       *message);

/**
 * sc_failure_new_from_error:
 * @error: an error of GIO, of libsoup or of %SC_ERROR
 *
 * Translates a transport's error into a failure: resolver, refused, unreachable and reset connections are
 * %SC_ERROR_NETWORK, %G_IO_ERROR_TIMED_OUT is %SC_ERROR_TIMEOUT, TLS errors are %SC_ERROR_TLS, a connection that
 * ended early is %SC_ERROR_INTERRUPTED, %G_IO_ERROR_CANCELLED is %SC_ERROR_CANCELLED. The message is ours in words;
 * the original text goes to @details.
 *
 * Returns: (transfer full): the failure
 */
ScFailure  *sc_failure_new_from_error (const GError     *error);

/**
 * sc_failure_copy:
 * @self: (nullable): a failure
 *
 * Returns: (transfer full) (nullable): a deep copy, or %NULL for %NULL
 */
ScFailure  *sc_failure_copy         (const ScFailure  *self);

/**
 * sc_failure_free:
 * @self: (nullable) (transfer full): a failure
 *
 * Frees it with all its texts.
 */
void        sc_failure_free         (ScFailure        *self);

/**
 * sc_failure_is_retryable:
 * @self: a failure
 *
 * The rule for automatic retries: `should_retry` where the service said so; else network, overloaded, rate limit
 * (not quota), server errors with 500, 502, 503, 504 or 529, and 408 and 409. It does not look at whether something
 * was shown already: the run does.
 *
 * Returns: %TRUE if the same request may be sent again by itself
 */
gboolean    sc_failure_is_retryable (const ScFailure  *self);

/**
 * sc_failure_to_error:
 * @self: a failure
 *
 * Returns: (transfer full): a #GError of %SC_ERROR with the failure's kind and message
 */
GError     *sc_failure_to_error     (const ScFailure  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScFailure, sc_failure_free)

G_END_DECLS
