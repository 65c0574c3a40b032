/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of the page is drawn and not text: grounds, bars, rules, labels and the typing cursor. Coordinates are those of
 * the buffer, as GtkTextView's snapshot_layer has them. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * sc_page_draw_below:
 * @page: a page
 * @snapshot: where to
 *
 * Draws what lies under the text that is visible.
 */
void     sc_page_draw_below       (ScPage          *page,
                                   GtkSnapshot     *snapshot);

/**
 * sc_page_draw_cursor:
 * @page: a page
 * @snapshot: where to
 * @words: (nullable): what is happening, beside the cursor
 * @is_on: draw the block itself
 *
 * Draws the typing cursor behind the text that came last.
 */
void     sc_page_draw_cursor      (ScPage          *page,
                                   GtkSnapshot     *snapshot,
                                   const char      *words,
                                   gboolean         is_on);

/**
 * sc_page_get_code_area:
 * @page: a page
 * @block: a code block of it
 * @offset: its first character
 * @area: (out): its ground
 *
 * Says where a code block is.
 */
void     sc_page_get_code_area    (ScPage          *page,
                                   const ScBlock   *block,
                                   guint            offset,
                                   GdkRectangle    *area);

/**
 * sc_page_limit_layout:
 * @layout: a line without a width of its own
 * @width: how wide it may be
 *
 * Shortens a line that is too wide. One that is not keeps no width, so that it begins where it is drawn, whichever way
 * it and the page run.
 *
 * Returns: its width
 */
int      sc_page_limit_layout     (PangoLayout     *layout,
                                   int              width);

/**
 * sc_page_find_lists:
 * @entry: a turn
 * @block: a block of it
 * @lists: (out caller-allocates) (array fixed-size=10): how many lists are around each of its quotes, from the outermost in
 *
 * Says how far in the bar of a quote stands.
 */
void sc_page_find_lists   (const ScPageEntry  *entry,
                           const ScBlock      *block,
                           int                *lists);

G_END_DECLS
