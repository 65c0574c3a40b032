/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds `<think>…</think>` in a text that arrives in pieces: models whose server does not set their
 * reasoning apart write it into the answer. Private to the decoders.
 *
 * The rules, which keep honest text as it came:
 * - `<think>` counts only at the very start of the answer, after white space at most (which goes
 *   with it). What follows, up to `</think>`, is reasoning; after that the text is not looked at
 *   any more.
 * - The opening tag may be missing, because some chat templates have already said it. What came
 *   before a lone `</think>` was shown as text and stays text: it cannot be taken back. Where that
 *   tag begins a line, outside of code, it is left out, and a function is called so that the reader
 *   can be told.
 * - Nothing is held back but what may still become a tag: white space at the start, and at most
 *   seven characters. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScThinkMatcher ScThinkMatcher;

/**
 * ScThinkFuncs:
 * @text: a piece of the answer
 * @reasoning: a piece of the reasoning
 * @untagged: what came as text so far was reasoning
 */
typedef struct
{
  void (*text)      (gpointer    user_data,
                     const char *piece);
  void (*reasoning) (gpointer    user_data,
                     const char *piece);
  void (*untagged)  (gpointer    user_data);
} ScThinkFuncs;

/**
 * ScThinkMatcher:
 *
 * Where the matcher stands; its fields are its own.
 */
struct _ScThinkMatcher
{
  int      state;
  guint    n_matched;
  gboolean at_line_start;
  gboolean in_code;
  GString *blank;
};

/**
 * sc_think_matcher_init:
 * @self: a matcher
 *
 * Puts it at the start of an answer.
 */
void sc_think_matcher_init  (ScThinkMatcher     *self);

/**
 * sc_think_matcher_clear:
 * @self: a matcher
 *
 * Frees what it holds.
 */
void sc_think_matcher_clear (ScThinkMatcher     *self);

/**
 * sc_think_matcher_feed:
 * @self: a matcher
 * @piece: the next piece of the answer
 * @funcs: where it goes
 * @user_data: for @funcs
 *
 * Takes the next piece, in any split.
 */
void sc_think_matcher_feed  (ScThinkMatcher     *self,
                             const char         *piece,
                             const ScThinkFuncs *funcs,
                             gpointer            user_data);

/**
 * sc_think_matcher_finish:
 * @self: a matcher
 * @funcs: where it goes
 * @user_data: for @funcs
 *
 * Gives out what was held back and looks for no tags any more: the answer is complete, or its
 * reasoning came apart.
 */
void sc_think_matcher_finish (ScThinkMatcher     *self,
                              const ScThinkFuncs *funcs,
                              gpointer            user_data);

G_END_DECLS
