/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small things that several rows of the preferences need. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * sc_preferences_label_entry:
 * @row: an entry row with a title
 *
 * Names the text field inside the row by the row's title, for screen readers: the row names only
 * itself.
 */
void  sc_preferences_label_entry (AdwEntryRow *row);

/**
 * sc_preferences_dup_text:
 * @row: an entry row
 *
 * Returns: (transfer full): what is typed in it, without white space around it
 */
char *sc_preferences_dup_text    (AdwEntryRow *row);

/**
 * sc_preferences_set_text:
 * @row: an entry row
 * @text: (nullable): its new text
 *
 * Sets the text, if it is another one: the cursor of somebody who types stays where it is.
 */
void  sc_preferences_set_text    (AdwEntryRow *row,
                                  const char  *text);

/**
 * sc_preferences_mark:
 * @widget: a row
 * @style_class: `error`, `warning` or `success`
 * @marked: whether to mark it
 *
 * Colours a row that needs attention, and tells screen readers about an error.
 */
void  sc_preferences_mark        (GtkWidget   *widget,
                                  const char  *style_class,
                                  gboolean     marked);

/**
 * sc_preferences_say:
 * @label: a label below the rows it speaks about, alone in its row of a list
 * @text: (nullable): a sentence; %NULL or "" hides it
 *
 * Shows or hides a hint.
 */
void  sc_preferences_say         (GtkLabel    *label,
                                  const char  *text);

G_END_DECLS
