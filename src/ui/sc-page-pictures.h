/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures on the page: where they are, how they are drawn, and how the page makes room for them while what is read
 * stays where it is. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * sc_page_pictures_renew:
 * @page: a page
 *
 * Makes room anew for all pictures: their sizes, or the width of the page, changed.
 *
 * Returns: %TRUE if text moved
 */
gboolean   sc_page_pictures_renew (ScPage          *page);

/**
 * sc_page_pictures_get_width:
 * @block: a block
 * @writer: where it stands
 *
 * Returns: how wide its pictures are together; 0 without any
 */
int        sc_page_pictures_get_width  (const ScBlock       *block,
                                        const ScBlockWriter *writer);

/**
 * sc_page_pictures_draw:
 * @page: a page
 * @entry: a turn of it
 * @block: a block of the turn, in sight
 * @offset: its first character
 * @visible: what is seen of the buffer
 * @snapshot: where to
 *
 * Draws a block's pictures that are in sight.
 */
void       sc_page_pictures_draw  (ScPage             *page,
                                   const ScPageEntry  *entry,
                                   const ScBlock      *block,
                                   guint               offset,
                                   const GdkRectangle *visible,
                                   GtkSnapshot        *snapshot);

/**
 * sc_page_pictures_draw_files:
 * @page: a page
 * @entry: a turn of the user, in sight
 * @offset: its first character
 * @snapshot: where to
 *
 * Draws the symbol beside the names of the files that were sent along.
 */
void       sc_page_pictures_draw_files (ScPage            *page,
                                        const ScPageEntry *entry,
                                        guint              offset,
                                        GtkSnapshot       *snapshot);

/**
 * sc_page_pictures_find:
 * @page: a page
 * @entry: a turn of it
 * @block: a block of the turn
 * @offset: its first character
 * @x: place in the buffer
 * @y: place in the buffer
 *
 * Returns: (transfer none) (nullable): the picture there
 */
ScPicture *sc_page_pictures_find  (ScPage             *page,
                                   const ScPageEntry  *entry,
                                   const ScBlock      *block,
                                   guint               offset,
                                   int                 x,
                                   int                 y);

/**
 * sc_page_pictures_dup_words:
 * @picture: a picture
 *
 * Returns: (transfer full) (nullable): what a tooltip says of it: the whole address, or why it is not there
 */
char      *sc_page_pictures_dup_words (ScPicture      *picture);

G_END_DECLS
