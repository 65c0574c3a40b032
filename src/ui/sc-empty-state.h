/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a conversation without messages shows: a greeting, prompts worth trying, and, while no
 * provider is set up, the ways to one. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScEmptyState:
 *
 * Signals: `prompt` (string): the user chose a prompt, to be sent now; `provider` (string): the
 * user chose the profile with this id.
 */
#define SC_TYPE_EMPTY_STATE (sc_empty_state_get_type ())
G_DECLARE_FINAL_TYPE (ScEmptyState, sc_empty_state, SC, EMPTY_STATE, GtkWidget)

/**
 * sc_empty_state_new:
 *
 * It looks for model servers on this computer the first time it is shown, unless a provider is set
 * up.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *sc_empty_state_new (void);

G_END_DECLS
