/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small popover with one entry: the title of a conversation. */

#pragma once

#include <gtk/gtk.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

#define SC_TYPE_RENAME_POPOVER (sc_rename_popover_get_type ())
G_DECLARE_FINAL_TYPE (ScRenamePopover, sc_rename_popover, SC, RENAME_POPOVER, GtkPopover)

/**
 * sc_rename_popover_open:
 * @parent: the widget to point at; its layout manager must know popovers, as those of GTK do
 * @conversation: what to rename
 *
 * Opens the popover; it goes away by itself when it is closed.
 */
void sc_rename_popover_open (GtkWidget      *parent,
                             ScConversation *conversation);

G_END_DECLS
