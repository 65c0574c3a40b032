/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog with a conversation's own instructions and parameters. What is empty is the
 * provider's matter. */

#pragma once

#include <adwaita.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

#define SC_TYPE_CONVERSATION_SETTINGS (sc_conversation_settings_get_type ())
G_DECLARE_FINAL_TYPE (ScConversationSettings, sc_conversation_settings, SC, CONVERSATION_SETTINGS,
                      AdwWindow)

/**
 * sc_conversation_settings_new:
 * @parent: (nullable): the window it belongs to
 * @conversation: whose settings
 *
 * Makes the dialog; nothing changes before Save is pressed.
 *
 * Returns: (transfer none): the dialog, to be presented
 */
GtkWindow *sc_conversation_settings_new (GtkWindow      *parent,
                                         ScConversation *conversation);

G_END_DECLS
