/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks where a conversation is to be written and as what, and has it written. */

#pragma once

#include "sc-conversation.h"
#include "sc-window.h"

G_BEGIN_DECLS

/**
 * sc_export_dialog_open:
 * @window: the window that asks; what came of it is told there in a toast
 * @conversation: what to write
 *
 * Opens the dialog that saves a conversation as Markdown or JSON.
 */
void        sc_export_dialog_open        (ScWindow       *window,
                                          ScConversation *conversation);

/**
 * sc_export_dialog_choose_file:
 * @file: what was chosen in the dialog
 * @has_json: whether JSON was chosen there, Markdown otherwise
 *
 * JSON that was given the offered name of a Markdown file gets its own ending, and never the name of a file that is
 * there: nobody was asked about that one.
 *
 * Returns: (transfer full): the file to write
 */
GFile      *sc_export_dialog_choose_file (GFile          *file,
                                          gboolean        has_json);

G_END_DECLS
