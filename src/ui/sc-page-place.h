/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of the page stands at a place of the view. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/**
 * ScPagePoint:
 * @offset: the character there
 * @entry: (nullable): the turn there
 * @entry_offset: the turn's first character
 * @block: (nullable): the block there
 * @block_offset: the block's first character
 *
 * What stands at a place.
 */
typedef struct
{
  guint        offset;
  ScPageEntry *entry;
  guint        entry_offset;
  ScBlock     *block;
  guint        block_offset;
} ScPagePoint;

/**
 * sc_page_place_find:
 * @page: a page
 * @x: place in its view
 * @y: place in its view
 * @point: (out): what is there
 *
 * Finds what is nearest to a place.
 *
 * Returns: %TRUE if the place is on a character
 */
gboolean     sc_page_place_find         (ScPage            *page,
                                         double             x,
                                         double             y,
                                         ScPagePoint       *point);

/**
 * sc_page_place_find_entry:
 * @page: a page
 * @iter: a character of its buffer
 *
 * Returns: (transfer none) (nullable): the turn there
 */
ScPageEntry *sc_page_place_find_entry   (ScPage            *page,
                                         const GtkTextIter *iter);

/**
 * sc_page_place_find_link:
 * @page: a page
 * @x: place in its view
 * @y: place in its view
 *
 * Returns: (transfer none) (nullable): the address of the link there
 */
const char  *sc_page_place_find_link    (ScPage            *page,
                                         double             x,
                                         double             y);

/**
 * sc_page_place_dup_link_words:
 * @page: a page
 * @x: place in its view
 * @y: place in its view
 *
 * Returns: (transfer full) (nullable): what is shown of the link there
 */
char        *sc_page_place_dup_link_words (ScPage            *page,
                                           double             x,
                                           double             y);

/**
 * sc_page_place_find_picture:
 * @page: a page
 * @x: place in its view
 * @y: place in its view
 *
 * Returns: (transfer none) (nullable): the picture there
 */
ScPicture   *sc_page_place_find_picture (ScPage            *page,
                                         double             x,
                                         double             y);

/**
 * sc_page_place_is_summary:
 * @point: what is at a place
 *
 * Returns: %TRUE if it is the line about a turn's reasoning
 */
gboolean     sc_page_place_is_summary   (const ScPagePoint *point);

G_END_DECLS
