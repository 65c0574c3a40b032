/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sc-window.c and sc-window-actions.c share. */

#pragma once

#include "sc-composer.h"
#include "sc-context-gauge.h"
#include "sc-model-button.h"
#include "sc-sidebar.h"
#include "sc-transcript.h"
#include "sc-window.h"

G_BEGIN_DECLS

struct _ScWindow
{
  AdwApplicationWindow parent_instance;

  ScHistory           *history;
  ScConversation      *conversation;
  GSignalGroup        *conversation_signals;
  GHashTable          *deleted;
  guint                start_id;
  gboolean             is_folding;
  gboolean             has_painted;
  gboolean             page_is_shown;

  AdwToastOverlay     *toasts;
  AdwFlap             *flap;
  ScSidebar           *sidebar;
  GtkWidget           *title_box;
  GtkLabel            *title;
  ScModelButton       *model_button;
  ScContextGauge      *context_gauge;
  GtkStack            *stack;
  AdwBin              *empty_slot;
  AdwBin              *page_slot;
  ScTranscript        *transcript;
  ScComposer          *composer;
};

/**
 * sc_window_install_actions:
 * @widget_class: the window's class
 *
 * Installs the `win.` actions and those keys that must give way to the focused widget.
 */
void sc_window_install_actions  (GtkWidgetClass *widget_class);

/**
 * sc_window_ensure_transcript:
 * @self: a window
 *
 * The page, which is made when it is first needed: the window starts without one.
 *
 * Returns: (transfer none): the page
 */
ScTranscript *sc_window_ensure_transcript (ScWindow *self);

/**
 * sc_window_update_actions:
 * @self: a window
 *
 * Enables what makes sense for the shown conversation.
 */
void sc_window_update_actions   (ScWindow       *self);

/**
 * sc_window_start_new:
 * @self: a window
 *
 * Shows a new, empty conversation, unless an empty one is shown already.
 */
void sc_window_start_new        (ScWindow       *self);

G_END_DECLS
