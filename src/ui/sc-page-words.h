/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's own words on the page: as they were written, no markdown, but with links that can be followed and code
 * between fences set as code, and with the files that were sent along. */

#pragma once

#include "sc-page-entry.h"

G_BEGIN_DECLS

/**
 * sc_page_words_write:
 * @self: an entry of the user with nothing but its head in the buffer
 * @place: where
 *
 * Writes the words, room for pictures, and a line with the names of other files.
 */
void sc_page_words_write (ScPageEntry       *self,
                          const ScPagePlace *place);

G_END_DECLS
