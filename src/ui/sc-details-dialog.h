/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog that looks inside an answer: what came, how fast, what went wrong, and the request. */

#pragma once

#include <adwaita.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

#define SC_TYPE_DETAILS_DIALOG (sc_details_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ScDetailsDialog, sc_details_dialog, SC, DETAILS_DIALOG, AdwWindow)

/**
 * sc_details_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @conversation: a loaded conversation
 * @answer: an answer of its shown path
 *
 * Makes the dialog; it shows the answer as it is now.
 *
 * Returns: (transfer none): the dialog, to be presented
 */
GtkWindow *sc_details_dialog_new (GtkWindow      *parent,
                                  ScConversation *conversation,
                                  ScTurn         *answer);

G_END_DECLS
