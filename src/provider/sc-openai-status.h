/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What OpenAI's services do on their own while they answer, in words. Private to the decoders. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_openai_status_find:
 * @type: an event's type
 *
 * Returns: (transfer none) (nullable): words for people where the event says that the service works
 *   on something, %NULL for all others
 */
const char *sc_openai_status_find (const char *type);

G_END_DECLS
