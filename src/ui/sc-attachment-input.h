/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ways by which files come in: chosen, pasted, dropped. */

#pragma once

#include "sc-attachment-list.h"

G_BEGIN_DECLS

/**
 * sc_attachment_input_choose:
 * @list: where chosen files go
 * @widget: (transfer none): whose window the dialog belongs to
 *
 * Asks for files with the system's dialog.
 */
void     sc_attachment_input_choose     (ScAttachmentList *list,
                                         GtkWidget        *widget);

/**
 * sc_attachment_input_paste:
 * @list: where files and pictures go
 * @view: where its text would go
 *
 * Takes what is in the clipboard. Where it has text that is no list of files, the text is what is meant (spreadsheets
 * offer a picture of their cells, too): a long one becomes a file, see sc_attachment_input_take_text().
 *
 * Returns: %TRUE if it is on its way, %FALSE if there is nothing of use
 */
gboolean sc_attachment_input_paste      (ScAttachmentList *list,
                                         GtkTextView      *view);

/**
 * sc_attachment_input_take_text:
 * @list: where files go
 * @text: a text that was pasted or dropped
 *
 * Makes a file of it if it is too long to be written in the message, above 100 KB.
 *
 * Returns: %TRUE if it did, %FALSE if the text belongs into the message
 */
gboolean sc_attachment_input_take_text  (ScAttachmentList *list,
                                         const char       *text);

/**
 * sc_attachment_input_take_value:
 * @list: where files and pictures go
 * @value: a #GdkFileList or a #GdkTexture
 *
 * Takes what was dropped or pasted.
 *
 * Returns: (transfer full) (nullable): addresses of the web that were among the files, one a line:
 *   they are text
 */
char    *sc_attachment_input_take_value (ScAttachmentList *list,
                                         const GValue     *value);

G_END_DECLS
