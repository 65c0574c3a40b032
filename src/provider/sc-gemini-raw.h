/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of a Gemini answer as they go back: pieces of one text joined, but never across a
 * signature. Private to the gemini decoder. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScGeminiRaw ScGeminiRaw;

/**
 * sc_gemini_raw_new:
 *
 * Returns: (transfer full): an empty list
 */
ScGeminiRaw *sc_gemini_raw_new       (void);

/**
 * sc_gemini_raw_free:
 * @self: (nullable) (transfer full): a list
 *
 * Frees it.
 */
void         sc_gemini_raw_free      (ScGeminiRaw *self);

/**
 * sc_gemini_raw_add:
 * @self: a list
 * @part: a part as it came
 *
 * Appends it. A thought without a signature is for the reader alone and is left out.
 */
void         sc_gemini_raw_add       (ScGeminiRaw *self,
                                      JsonObject  *part);

/**
 * sc_gemini_raw_to_string:
 * @self: a list
 *
 * Returns: (transfer full) (nullable): `{"role":"model","parts":[…]}`, or %NULL where text and
 *   calls say all
 */
char        *sc_gemini_raw_to_string (ScGeminiRaw *self);

G_END_DECLS
