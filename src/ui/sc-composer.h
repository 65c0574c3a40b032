/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the user writes: one rounded entry that grows from one to eight lines, with a button that
 * attaches files at its start and Send at its end that becomes Stop while an answer is on its way.
 * It keeps a draft for each conversation, attached files included, and decides nothing about
 * sending. */

#pragma once

#include <gtk/gtk.h>

#include "sc-attachment-list.h"

G_BEGIN_DECLS

/**
 * ScComposer:
 *
 * Signals: `send` (string): the user sends this text and what is attached; `edit` (#ScTurn, string):
 * the user says a turn differently. The text may be empty if something is attached. It stays until sc_composer_clear().
 * Property `draft-tokens` (int64, read-only): an estimate of what is being written, told when typing pauses. It activates
 * `win.stop` and listens to the setting `enter-sends`.
 */
#define SC_TYPE_COMPOSER (sc_composer_get_type ())
G_DECLARE_FINAL_TYPE (ScComposer, sc_composer, SC, COMPOSER, GtkWidget)

/**
 * sc_composer_set_conversation:
 * @self: a composer
 * @conversation: (nullable): where it writes to
 *
 * Puts the draft away and takes up that of @conversation. An edit that was begun is given up.
 */
void  sc_composer_set_conversation (ScComposer     *self,
                                    ScConversation *conversation);

/**
 * sc_composer_set_recipient:
 * @self: a composer
 * @name: (nullable): who answers, for the placeholder
 *
 * Says whom the message goes to.
 */
void  sc_composer_set_recipient    (ScComposer     *self,
                                    const char     *name);

/**
 * sc_composer_set_notice:
 * @self: a composer
 * @notice: (nullable): one sentence; %NULL takes it away
 *
 * Shows a line above the text.
 */
void  sc_composer_set_notice       (ScComposer     *self,
                                    const char     *notice);

/**
 * sc_composer_begin_edit:
 * @self: a composer
 * @turn: a user's turn of the conversation
 *
 * Takes up the text of a turn to say it differently; the draft comes back afterwards.
 */
void  sc_composer_begin_edit       (ScComposer     *self,
                                    ScTurn         *turn);

/**
 * sc_composer_clear:
 * @self: a composer
 *
 * What was in it is sent: empties it and ends an edit.
 */
void  sc_composer_clear            (ScComposer     *self);

/**
 * sc_composer_get_attachments:
 * @self: a composer
 *
 * Returns: (transfer none) (nullable): what is attached to the message that is being written; %NULL
 *   without a conversation
 */
ScAttachmentList *sc_composer_get_attachments (ScComposer *self);

/**
 * sc_composer_list_attachments:
 * @self: a composer
 *
 * Returns: (transfer full) (element-type ScAttachment) (nullable): what is attached and ready to be
 *   sent, %NULL if nothing is
 */
GPtrArray *sc_composer_list_attachments (ScComposer *self);

/**
 * sc_composer_add_drop_area:
 * @self: a composer
 * @area: a widget around it
 *
 * Files, pictures and text may be dropped anywhere onto @area: they come into the message.
 */
void  sc_composer_add_drop_area    (ScComposer     *self,
                                    GtkWidget      *area);

/**
 * sc_composer_set_text:
 * @self: a composer
 * @text: the new text
 *
 * Replaces the text, with the cursor at its end.
 */
void  sc_composer_set_text         (ScComposer     *self,
                                    const char     *text);

/**
 * sc_composer_dup_text:
 * @self: a composer
 *
 * Returns: (transfer full): what is written
 */
char *sc_composer_dup_text         (ScComposer     *self);

G_END_DECLS
