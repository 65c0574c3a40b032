/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many tokens a text may be, for where nobody says. */

#pragma once

#include "sc-message.h"

G_BEGIN_DECLS

/**
 * sc_token_estimate_text:
 * @text: (nullable): a text, valid UTF-8
 * @length: its length in bytes, -1 if it ends with a nul
 *
 * Tokenisers differ by a quarter or so; this is within that for prose of most scripts: four characters of ASCII a
 * token, two of other alphabets, one of Chinese, Japanese and Korean.
 *
 * Returns: a number of tokens, 0 for no text
 */
gint64 sc_token_estimate_text   (const char       *text,
                                 gssize            length);

/**
 * sc_token_estimate_prompt:
 * @prompt: what is sent
 *
 * Returns: the tokens of all of its messages, instructions and tools; a picture counts as a picture of middle size
 */
gint64 sc_token_estimate_prompt (const ScPrompt   *prompt);

G_END_DECLS
