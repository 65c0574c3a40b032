/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sc-transcript-view.c and sc-transcript-menu.c share. */

#pragma once

#include "sc-code-tools.h"
#include "sc-page-reading.h"
#include "sc-pictures.h"
#include "sc-transcript-view.h"
#include "sc-turn-bar.h"

G_BEGIN_DECLS

struct _ScTranscriptView
{
  GtkTextView     parent_instance;
  ScPage         *page;
  ScPictures     *pictures;
  ScPicture      *menu_picture;
  ScCodeTools    *code_tools;
  GtkWidget      *card;
  ScTurnBar      *turn_bar;
  ScTurn         *menu_turn;
  GtkWidget      *menu;
  GtkCssProvider *zoom_provider;
  double          pointer_x;
  double          pointer_y;
  char           *words;
  double          zoom;
  guint           tables_id;
  guint           n_layouts;
  gboolean        cursor_is_on;
  gboolean        can_change;
  ScPageReading   reading;
  GtkAdjustment  *adjustment;
  double          value;
};

/**
 * sc_transcript_view_install_actions:
 * @widget_class: the view's class
 *
 * Installs `menu.popup` and the `page.` actions.
 */
void     sc_transcript_view_install_actions        (GtkWidgetClass   *widget_class);

/**
 * sc_transcript_view_add_menu:
 * @self: a view, while it is made
 *
 * Gives it the context menu, and the second button of the pointer that opens it.
 */
void     sc_transcript_view_add_menu               (ScTranscriptView *self);

/**
 * sc_transcript_view_update_message_actions:
 * @self: a view
 *
 * Allows what can be done with the message that the menu was opened for, or else with the one the bar stands at.
 */
void     sc_transcript_view_update_message_actions (ScTranscriptView *self);

/**
 * sc_transcript_view_update_code_actions:
 * @self: a view
 *
 * Allows the actions on code if there is code to act on.
 */
void     sc_transcript_view_update_code_actions    (ScTranscriptView *self);

/**
 * sc_transcript_view_can_load:
 * @picture: (nullable): a picture of the page
 *
 * Returns: whether it has an address and was not fetched yet, or in vain
 */
gboolean sc_transcript_view_can_load               (ScPicture        *picture);

/**
 * sc_transcript_view_load_picture:
 * @self: a view
 * @picture: a picture that can be loaded
 *
 * Fetches it by the proxy of the conversation's provider: the reader has asked for it.
 */
void     sc_transcript_view_load_picture           (ScTranscriptView *self,
                                                    ScPicture        *picture);

G_END_DECLS
