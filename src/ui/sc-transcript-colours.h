/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code colours: GtkSourceView's engine works off screen, a slice at a time in idle; the text never waits for it. */

#pragma once

#include <gtksourceview/gtksource.h>

#include "sc-page.h"

G_BEGIN_DECLS

typedef struct _ScTranscriptColours ScTranscriptColours;

/**
 * sc_transcript_colours_new:
 * @page: whose code is coloured; must live longer
 *
 * Returns: (transfer full): a colourer
 */
ScTranscriptColours *sc_transcript_colours_new  (ScPage              *page);

/**
 * sc_transcript_colours_free:
 * @self: (nullable) (transfer full): a colourer
 *
 * Stops and frees it.
 */
void                 sc_transcript_colours_free (ScTranscriptColours *self);

/**
 * sc_transcript_colours_wake:
 * @self: a colourer
 *
 * There may be code without colours.
 */
void                 sc_transcript_colours_wake (ScTranscriptColours *self);

/**
 * sc_transcript_colours_find_language:
 * @name: what an answer calls a language
 *
 * Returns: (transfer none) (nullable): the language meant
 */
GtkSourceLanguage   *sc_transcript_colours_find_language (const char     *name);

/**
 * sc_transcript_colours_get_scheme:
 *
 * Returns: (transfer none) (nullable): the colours for code, light or dark as the program is now
 */
GtkSourceStyleScheme *sc_transcript_colours_get_scheme   (void);

G_END_DECLS
