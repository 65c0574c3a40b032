/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Content that arrives in parts (text, thinking, references) and has to be sent back in parts:
 * pieces of one part joined, never across a signature. Private to the openai-chat decoder. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScOpenaiParts ScOpenaiParts;

/**
 * sc_openai_parts_new:
 *
 * Returns: (transfer full): no parts
 */
ScOpenaiParts *sc_openai_parts_new       (void);

/**
 * sc_openai_parts_free:
 * @self: (nullable) (transfer full): parts
 *
 * Frees them.
 */
void           sc_openai_parts_free      (ScOpenaiParts *self);

/**
 * sc_openai_parts_add_text:
 * @self: parts
 * @text: a piece of the answer
 */
void           sc_openai_parts_add_text  (ScOpenaiParts *self,
                                          const char    *text);

/**
 * sc_openai_parts_add:
 * @self: parts
 * @parts: the parts of one delta
 *
 * Appends them.
 */
void           sc_openai_parts_add       (ScOpenaiParts *self,
                                          JsonArray     *parts);

/**
 * sc_openai_parts_to_string:
 * @self: parts
 *
 * Returns: (transfer full) (nullable): `{"role":"assistant","content":[…]}`, or %NULL where all of
 *   it is text
 */
char          *sc_openai_parts_to_string (ScOpenaiParts *self);

G_END_DECLS
