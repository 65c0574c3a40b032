/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a reader sees of a stream, as cells: the tests compare frames by it. */

#pragma once

#include <glib.h>

#include "sc-markdown.h"

G_BEGIN_DECLS

/**
 * Cell:
 * @c: a character
 * @look: its styles and the kind, level, quotes and lists of its block, as one number
 */
typedef struct
{
  gunichar c;
  guint    look;
} Cell;

/**
 * FrameDifference:
 * @n_deleted: characters shown before and not any more
 * @n_restyled: characters that stayed and look otherwise
 */
typedef struct
{
  guint n_deleted;
  guint n_restyled;
} FrameDifference;

void            append_cells   (ScMarkdownStream *stream,
                                GArray           *cells);
FrameDifference compare_frames (const GArray     *before,
                                const GArray     *after);

G_END_DECLS
