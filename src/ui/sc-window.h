/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window: one conversation of the history at a time, the panel beside it, the composer
 * beneath. */

#pragma once

#include <adwaita.h>

#include "sc-history.h"

G_BEGIN_DECLS

#define SC_TYPE_WINDOW (sc_window_get_type ())
G_DECLARE_FINAL_TYPE (ScWindow, sc_window, SC, WINDOW, AdwApplicationWindow)

/**
 * sc_window_new:
 * @application: (nullable): its application
 * @history: whose conversations it shows
 *
 * Returns: (transfer none): a window with a new conversation, not shown yet
 */
ScWindow       *sc_window_new              (AdwApplication *application,
                                            ScHistory      *history);

/**
 * sc_window_get_conversation:
 * @self: a window
 *
 * Returns: (transfer none): the conversation it shows
 */
ScConversation *sc_window_get_conversation (ScWindow       *self);

/**
 * sc_window_show_conversation:
 * @self: a window
 * @conversation: what to show
 *
 * Shows another conversation; one that is not in memory is loaded.
 */
void            sc_window_show_conversation (ScWindow       *self,
                                             ScConversation *conversation);

/**
 * sc_window_send:
 * @self: a window
 * @text: what the user says
 *
 * Sends a message in the shown conversation. Without anybody to answer the window says so and keeps
 * the text.
 *
 * Returns: %TRUE if it was sent
 */
gboolean        sc_window_send             (ScWindow       *self,
                                            const char     *text);

/**
 * sc_window_add_toast:
 * @self: a window
 * @text: a sentence
 *
 * Shows small news.
 */
void            sc_window_add_toast        (ScWindow       *self,
                                            const char     *text);

G_END_DECLS
