/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Request headers that all protocols set alike. Private to the providers. */

#pragma once

#include "sc-http.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * sc_request_headers_set_bearer:
 * @request: a request
 * @key: the key or token
 *
 * Sets `Authorization: Bearer`.
 */
void sc_request_headers_set_bearer (ScHttpRequest   *request,
                                    const char      *key);

/**
 * sc_request_headers_add_extra:
 * @request: a request
 * @profile: whose `headers`, lines of `Name: value`, to add
 *
 * Adds the user's own headers; they win over everything set before. A name and a password in the
 * base URL become `Authorization: Basic` where that header is still free.
 */
void sc_request_headers_add_extra  (ScHttpRequest   *request,
                                    const ScProfile *profile);

G_END_DECLS
