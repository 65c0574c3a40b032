/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Short plain words out of markdown: what the list of conversations shows. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_TITLE_MAX_CHARS: how long an automatic title gets, without the mark that it was cut */
#define SC_TITLE_MAX_CHARS 48
/** SC_SNIPPET_MAX_CHARS: how long a snippet gets; the list shows less, it cuts by width */
#define SC_SNIPPET_MAX_CHARS 120

/**
 * sc_title_create:
 * @text: what the user said first
 *
 * The first line that says something, without markdown's marks, cut at a word.
 *
 * Returns: (transfer full): the title, "" if the text says nothing
 */
char *sc_title_create         (const char *text);

/**
 * sc_title_create_snippet:
 * @text: a message
 *
 * The start of a message on one line, without markdown's marks.
 *
 * Returns: (transfer full): the snippet, maybe ""
 */
char *sc_title_create_snippet (const char *text);

G_END_DECLS
