/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says who answers in the shown conversation, and opens the popover that changes it. */

#pragma once

#include <gtk/gtk.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScModelButton:
 *
 * Property `recipient` (nullable string, read-only, with notification): a short name of who
 * answers.
 */
#define SC_TYPE_MODEL_BUTTON (sc_model_button_get_type ())
G_DECLARE_FINAL_TYPE (ScModelButton, sc_model_button, SC, MODEL_BUTTON, GtkWidget)

/**
 * sc_model_button_set_conversation:
 * @self: a model button
 * @conversation: (nullable): whose provider and model to show and to change; observed
 *
 * Shows whom a conversation talks to.
 */
void        sc_model_button_set_conversation (ScModelButton  *self,
                                              ScConversation *conversation);

/**
 * sc_model_button_get_recipient:
 * @self: a model button
 *
 * Returns: (transfer none) (nullable): a short name of who answers; %NULL if there is nobody
 */
const char *sc_model_button_get_recipient    (ScModelButton  *self);

/**
 * sc_model_button_popup:
 * @self: a model button
 *
 * Opens the popover.
 */
void        sc_model_button_popup            (ScModelButton  *self);

/**
 * sc_model_apply_last_choice:
 * @conversation: a new conversation
 *
 * Gives a new conversation the model that was last chosen, if it is one of the default provider;
 * otherwise the provider's own default stays.
 */
void        sc_model_apply_last_choice       (ScConversation *conversation);

G_END_DECLS
