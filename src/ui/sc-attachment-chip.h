/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows one attached file above the text: a small picture of it, its name and size, a button that
 * takes it away. */

#pragma once

#include "sc-attachment-list.h"

G_BEGIN_DECLS

/**
 * ScAttachmentChip:
 *
 * Signal `remove` (#ScAttachmentItem): the user takes the file away.
 */
#define SC_TYPE_ATTACHMENT_CHIP (sc_attachment_chip_get_type ())
G_DECLARE_FINAL_TYPE (ScAttachmentChip, sc_attachment_chip, SC, ATTACHMENT_CHIP, GtkWidget)

/**
 * sc_attachment_chip_new:
 * @item: the file; observed
 *
 * Returns: (transfer floating): a chip
 */
GtkWidget        *sc_attachment_chip_new      (ScAttachmentItem *item);

/**
 * sc_attachment_chip_get_item:
 * @self: a chip
 *
 * Returns: (transfer none): the file it shows
 */
ScAttachmentItem *sc_attachment_chip_get_item (ScAttachmentChip *self);

G_END_DECLS
