/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was used and what it cost: of a conversation, a day, a month. */

#pragma once

#include <adwaita.h>

#include "sc-usage-report.h"

G_BEGIN_DECLS

#define SC_TYPE_USAGE_DIALOG (sc_usage_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ScUsageDialog, sc_usage_dialog, SC, USAGE_DIALOG, AdwWindow)

/**
 * sc_usage_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @history: the history
 * @conversation: (nullable): shown first, if there is something in it
 *
 * Returns: (transfer none): the dialog, to be presented; its window closes it
 */
GtkWindow *sc_usage_dialog_new (GtkWindow      *parent,
                                ScHistory      *history,
                                ScConversation *conversation);

G_END_DECLS
