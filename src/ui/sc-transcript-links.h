/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening what an answer links to: web and mail addresses at once, everything else only after a question. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * sc_transcript_is_plain_link:
 * @target: an address
 *
 * Returns: %TRUE if it is a web or mail address that looks like what it is
 */
gboolean  sc_transcript_is_plain_link (const char *target);

/**
 * sc_transcript_is_honest_link:
 * @words: (nullable): what is shown of it
 * @target: an address
 *
 * Returns: %FALSE if the words are an address, and another one
 */
gboolean  sc_transcript_is_honest_link (const char *words,
                                        const char *target);

/**
 * sc_transcript_describe_link:
 * @target: an address
 *
 * Returns: (transfer full): the real target for a tooltip, shortened, without control characters
 */
char     *sc_transcript_describe_link (const char *target);

/**
 * sc_transcript_open_link:
 * @widget: where it was clicked
 * @target: an address
 * @words: (nullable): what is shown of it
 *
 * Opens it, or asks first.
 */
void      sc_transcript_open_link     (GtkWidget  *widget,
                                       const char *target,
                                       const char *words);

G_END_DECLS
