/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line that is being read stays where it is while room on the page changes. GTK keeps the paragraph at the top by
 * itself, but not the next one where the room below the first changes. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScPageReading:
 * @mark: (nullable): the first line that is seen as a whole
 * @y: where it was
 *
 * What is being read; all zero is nothing.
 */
typedef struct
{
  GtkTextMark *mark;
  int          y;
} ScPageReading;

/**
 * sc_page_reading_remember:
 * @self: what is being read
 * @view: where
 *
 * Before a change: remembers the line, unless GTK keeps it by itself or the end is being followed.
 */
void sc_page_reading_remember (ScPageReading *self,
                               GtkTextView   *view);

/**
 * sc_page_reading_keep:
 * @self: what is being read
 * @view: where
 *
 * After the change was laid out: puts the line where it was.
 */
void sc_page_reading_keep     (ScPageReading *self,
                               GtkTextView   *view);

/**
 * sc_page_reading_scroll:
 * @self: what is being read
 * @pixels: how far down
 *
 * The reader scrolled between the change and its layout.
 */
void sc_page_reading_scroll   (ScPageReading *self,
                               int            pixels);

/**
 * sc_page_reading_forget:
 * @self: what is being read
 * @view: where
 *
 * Nothing changed after all.
 */
void sc_page_reading_forget   (ScPageReading *self,
                               GtkTextView   *view);

G_END_DECLS
