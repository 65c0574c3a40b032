/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the Demo answers: a scripted text and how it is sent, chosen by the words of the prompt.
 * Private to the Demo server.
 *
 * Words that count anywhere in a prompt, beside the prompts that are offered:
 * - "tour" or "markdown", "code", "table", "reason" or "think", "slow" or "pause", "broken", "rate
 *   limit"
 * - "N KB" a long answer of that size, "N characters" so many a second, "N seconds" the length of a
 *   pause or a wait */

#pragma once

#include "sc-demo-server.h"

G_BEGIN_DECLS

/**
 * ScDemoScript:
 * @wait_s: the request is refused with 429 and this Retry-After, in seconds; 0 answers it
 * @reasoning: (nullable): what it reasons first
 * @text: what it says
 * @rate: characters a second
 * @pause_at: after how many bytes of @text it falls silent
 * @pause_ms: for how long, 0 not at all
 * @cut_at: after how many bytes of @text the connection breaks, 0 not at all
 */
typedef struct
{
  guint  wait_s;
  char  *reasoning;
  char  *text;
  guint  rate;
  gsize  pause_at;
  guint  pause_ms;
  gsize  cut_at;
} ScDemoScript;

/**
 * sc_demo_script_new:
 * @prompt: what the user said last
 * @model: (nullable): the model asked for
 *
 * Returns: (transfer full): how to answer
 */
ScDemoScript       *sc_demo_script_new         (const char         *prompt,
                                                const char         *model);

/**
 * sc_demo_script_free:
 * @self: (nullable) (transfer full): a script
 *
 * Frees it.
 */
void                sc_demo_script_free        (ScDemoScript       *self);

/**
 * sc_demo_script_get_piece:
 * @text: (array length=length): a text
 * @length: its length in bytes
 *
 * Returns: how many bytes from its start make a piece such as models send: a word with the blank
 *   before it, at the most 12 characters
 */
gsize               sc_demo_script_get_piece   (const char         *text,
                                                gsize               length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScDemoScript, sc_demo_script_free)

G_END_DECLS
