/* SPDX-License-Identifier: GPL-3.0-or-later */

/*< private >
 * What the two files that read messages from JSON share. */

#pragma once

#include "sc-message.h"

G_BEGIN_DECLS

/*< private >
 * sc_message_read_parts:
 * @message: a message
 * @parts: its content as a list of parts
 *
 * Appends the words of @parts to the text of @message and their files to its attachments. Parts of
 * another kind are passed over.
 */
void sc_message_read_parts (ScMessage *message,
                            JsonArray *parts);

G_END_DECLS
