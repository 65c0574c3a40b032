/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was written and not sent yet, by conversation. Without a file it is kept while the program runs, with one until
 * it is sent. */

#pragma once

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * sc_drafts_open:
 * @path: (nullable): a file, which need not be there; %NULL forgets everything and keeps no file
 *
 * Keeps the drafts in a file from now on. What cannot be read is as if it were not there.
 */
void  sc_drafts_open  (const char     *path);

/**
 * sc_drafts_dup:
 * @conversation: a conversation; all that nothing was said in share one draft
 *
 * Returns: (transfer full) (nullable): what was being written there
 */
char *sc_drafts_dup   (ScConversation *conversation);

/**
 * sc_drafts_keep:
 * @conversation: a conversation
 * @text: (nullable): what is being written there, %NULL or empty for nothing
 *
 * Keeps it; the file is written a moment later, on another thread.
 */
void  sc_drafts_keep  (ScConversation *conversation,
                       const char     *text);

/**
 * sc_drafts_clear:
 *
 * Forgets all drafts.
 */
void  sc_drafts_clear (void);

/**
 * sc_drafts_flush:
 *
 * Writes at once what was not written yet: for the end of the program.
 */
void  sc_drafts_flush (void);

G_END_DECLS
