/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the words and numbers of services mean in the program's own kinds of errors. Private to the
 * providers. */

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

/**
 * sc_error_words_classify:
 * @status: HTTP status, 0 unknown
 * @reason: (nullable): the most exact code (an inner one)
 * @code: (nullable): the code
 * @type: (nullable): the type
 * @message: (nullable): the service's sentence, looked at last
 *
 * Returns: the kind of error
 */
ScError sc_error_words_classify (int         status,
                                 const char *reason,
                                 const char *code,
                                 const char *type,
                                 const char *message);

G_END_DECLS
