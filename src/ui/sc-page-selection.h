/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is selected on a page, given to others: the clipboard, the selection that the middle button pastes, dragging. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

typedef struct _ScPageSelection ScPageSelection;

/**
 * sc_page_selection_new:
 * @page: a page; must live longer
 * @view: its view; must live longer
 *
 * Returns: (transfer full): what gives the selection away
 */
ScPageSelection *sc_page_selection_new        (ScPage          *page,
                                               GtkTextView     *view);

/**
 * sc_page_selection_free:
 * @self: (nullable) (transfer full): a selection
 *
 * Takes back what was offered and frees it.
 */
void             sc_page_selection_free       (ScPageSelection *self);

/**
 * sc_page_selection_set_buffer:
 * @self: (nullable): a selection
 * @view: the view
 * @buffer: (nullable): its next buffer
 *
 * Gives the view another buffer.
 */
void             sc_page_selection_set_buffer (ScPageSelection *self,
                                               GtkTextView     *view,
                                               GtkTextBuffer   *buffer);

G_END_DECLS
