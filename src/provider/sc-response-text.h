/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text that services send where an answer of theirs was expected, made fit to be shown: plain words
 * and web pages. Private to the providers. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_response_text_dup_tidy:
 * @text: any bytes
 * @length: how many; -1 up to a NUL
 * @max: how many characters to keep
 *
 * Returns: (transfer full): a valid text on one line with single spaces, cut with an ellipsis
 */
char       *sc_response_text_dup_tidy         (const char *text,
                                               gssize      length,
                                               long        max);

/**
 * sc_response_text_dup_page_message:
 * @page: a web page
 *
 * Returns: (transfer full): a sentence for people that such a page came, with its title if it has one
 */
char       *sc_response_text_dup_page_message (const char *page);

/**
 * sc_response_text_skip_space:
 * @text: a text
 *
 * Returns: (transfer none): where it begins after a byte order mark and white space
 */
const char *sc_response_text_skip_space       (const char *text);

G_END_DECLS
