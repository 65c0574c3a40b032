/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words and buttons that float below the newest line while an answer needs patience: Try Now
 * while a retry waits, Wait while nothing comes, and Stop. */

#pragma once

#include <adwaita.h>

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScActivityBar:
 *
 * Hidden, and without any work, unless there is something to decide. Hiding is told by
 * `notify::visible`.
 */
#define SC_TYPE_ACTIVITY_BAR (sc_activity_bar_get_type ())
G_DECLARE_FINAL_TYPE (ScActivityBar, sc_activity_bar, SC, ACTIVITY_BAR, GtkWidget)

/**
 * sc_activity_bar_set_conversation:
 * @self: a bar
 * @conversation: (nullable): whose answer it is about
 *
 * Sets the conversation.
 */
void sc_activity_bar_set_conversation (ScActivityBar  *self,
                                       ScConversation *conversation);

G_END_DECLS
