/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands above the text of the composer: the attached files, and a line that says why
 * something could not be attached or cannot be sent. Shows a list and changes it, no more. */

#pragma once

#include "sc-attachment-list.h"

G_BEGIN_DECLS

/**
 * ScAttachmentBar:
 *
 * Invisible while there is nothing to show. Signal `done`: the focus has nowhere to go in it any
 * more.
 */
#define SC_TYPE_ATTACHMENT_BAR (sc_attachment_bar_get_type ())
G_DECLARE_FINAL_TYPE (ScAttachmentBar, sc_attachment_bar, SC, ATTACHMENT_BAR, GtkWidget)

/**
 * sc_attachment_bar_set_list:
 * @self: a bar
 * @list: (nullable): what to show; observed
 *
 * Shows another list.
 */
void sc_attachment_bar_set_list (ScAttachmentBar  *self,
                                 ScAttachmentList *list);

G_END_DECLS
