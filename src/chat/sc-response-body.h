/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a service sent, byte for byte, for people who look inside an answer: the start and the end
 * of it, in memory only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_RESPONSE_BODY_PART: how many bytes of the start, and of the end, are kept */
#define SC_RESPONSE_BODY_PART (64u * 1024)

/** SC_RESPONSE_BODY_KEPT: how many bodies are kept at the same time; the oldest go first */
#define SC_RESPONSE_BODY_KEPT 24

typedef struct _ScResponseBody ScResponseBody;

/**
 * sc_response_body_new:
 * @key: (nullable): the key in use and other secrets, one a line, to be hidden where the service repeats it
 *
 * Returns: (transfer full): an empty body
 */
ScResponseBody *sc_response_body_new      (const char           *key);

/**
 * sc_response_body_free:
 * @self: (nullable) (transfer full): a body
 *
 * Frees it; the key's memory is overwritten first.
 */
void            sc_response_body_free     (ScResponseBody       *self);

/**
 * sc_response_body_append:
 * @self: a body
 * @bytes: (array length=length): what came
 * @length: how many bytes
 *
 * Adds what came. Costs a copy of the bytes, however much came before.
 */
void            sc_response_body_append   (ScResponseBody       *self,
                                           const char           *bytes,
                                           gsize                 length);

/**
 * sc_response_body_seal:
 * @self: a body
 *
 * No more will come: hides the key in what is there and forgets it. May be called again.
 */
void            sc_response_body_seal     (ScResponseBody       *self);

/**
 * sc_response_body_dup_text:
 * @self: a body
 *
 * Returns: (transfer full) (nullable): what is kept as valid UTF-8 without secrets; a line in the
 *   middle tells how much is left out. %NULL if nothing came, or it is not kept any more
 */
char           *sc_response_body_dup_text (const ScResponseBody *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScResponseBody, sc_response_body_free)

G_END_DECLS
