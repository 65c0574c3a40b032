/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation as a file of its own: Markdown to read and pass on, JSON with everything that is known of it. */

#pragma once

#include "sc-conversation.h"

G_BEGIN_DECLS

/**
 * ScExportFormat:
 * @SC_EXPORT_MARKDOWN: the shown path: who said what and when, reasoning and tools folded, attachments by name
 * @SC_EXPORT_JSON: all branches with all that is kept of each message, attachments in base64
 *
 * What a conversation can be written as. Neither holds a key or a header.
 */
typedef enum
{
  SC_EXPORT_MARKDOWN,
  SC_EXPORT_JSON,
} ScExportFormat;

/**
 * sc_conversation_dup_export_name:
 * @self: a conversation
 * @format: what it is to be written as
 *
 * Returns: (transfer full): a name to offer for the file, made of the title, with the format's ending
 */
char     *sc_conversation_dup_export_name (ScConversation       *self,
                                           ScExportFormat        format);

/**
 * sc_conversation_export_async:
 * @self: a conversation; it need not be loaded, and it may be busy: written is what was there at the call
 * @format: what to write it as
 * @file: where to; a file that is there is replaced when all is written, and not before
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Writes a conversation to a file, on another thread. After a fault or when it was cancelled the file is as it was, or
 * is not there if it was not.
 */
void      sc_conversation_export_async    (ScConversation       *self,
                                           ScExportFormat        format,
                                           GFile                *file,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);

/**
 * sc_conversation_export_finish:
 * @self: a conversation
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set where the history could not be read, an error of %G_IO_ERROR
 *   (in words for people) where the file could not be written, or %G_IO_ERROR_CANCELLED
 */
gboolean  sc_conversation_export_finish   (ScConversation       *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
