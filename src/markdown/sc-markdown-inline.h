/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The live view of the one paragraph, heading or cell that is still growing. */

#pragma once

#include "sc-markdown-lex.h"
#include "sc-markdown-private.h"

G_BEGIN_DECLS

/*< private >
 * ScMarkdownResolver:
 * @data: what was given with it
 * @label: a normalized label
 *
 * Returns: (nullable): the address that the label stands for
 */
typedef const char *(*ScMarkdownResolver) (gpointer    data,
                                           const char *label);

/*< private >
 * ScMarkdownTarget:
 *
 * A link or an image whose text is being shown.
 */
typedef struct
{
  gboolean    is_open;
  gboolean    has_text;  /* the text is over, the address is awaited */
  gsize       start;     /* of its first bracket in the source */
  gsize       close;     /* of the bracket that ends its text */
  gsize       end;       /* of the whole, 0 while unknown */
  guint       shown;     /* where its text begins */
  guint       n_openers; /* openers outside it */
  guint       styles;    /* before it */
  const char *url;       /* (nullable) */
} ScMarkdownTarget;

/*< private >
 * ScMarkdownInline:
 *
 * State of the scanner. Between two runs `at` is the first byte held back.
 */
typedef struct
{
  ScMarkdownEntry   *owner;
  ScMarkdownText    *out;
  ScMarkdownResolver resolve;
  gpointer           resolve_data;
  GArray            *openers;     /* (element-type Opener) */
  GArray            *literals;    /* (element-type gsize): places of markers that are known to be text */
  gsize              literal_end; /* markers before this place are text */
  gsize              at;
  guint              styles;
  gsize              gap;         /* white space before `at` that is held back */
  int                line_break;  /* 0 none, 1 soft, 2 hard */
  guint              n_brackets;  /* "[" shown as text, not closed yet */
  gsize              code_start;  /* place of the opening backticks */
  gsize              code_ticks;  /* how many; 0 outside of code */
  guint              code_shown;
  gsize              url_start;   /* place of a bare address */
  guint              url_shown;
  gboolean           is_url;
  ScMarkdownTarget   link;
  ScMarkdownTarget   image;
  guint              keep;        /* bytes shown that were not touched since the last run */
  gboolean           is_exact;    /* cmark would certainly show the same */
  GString           *assumed;     /* definitions of no address for labels that are taken to be defined later */
  gboolean           has_labels;  /* brackets that a later definition could turn into links */
} ScMarkdownInline;

/*< private >
 * sc_markdown_inline_init:
 *
 * Makes a scanner that asks @resolve for labels.
 */
void sc_markdown_inline_init (ScMarkdownInline   *self,
                              ScMarkdownResolver  resolve,
                              gpointer            data);

/*< private >
 * sc_markdown_inline_clear:
 *
 * Frees what the scanner holds.
 */
void sc_markdown_inline_clear (ScMarkdownInline *self);

/*< private >
 * sc_markdown_inline_begin:
 *
 * Starts a new text, shown in @out, which is empty and part of @owner.
 */
void sc_markdown_inline_begin (ScMarkdownInline *self,
                               ScMarkdownEntry  *owner,
                               ScMarkdownText   *out);

/*< private >
 * sc_markdown_inline_run:
 *
 * Shows what can be shown of @source, which holds all of the text so far.
 */
void sc_markdown_inline_run (ScMarkdownInline *self,
                             ScMarkdownPiece   source);

/*< private >
 * sc_markdown_inline_is_done:
 *
 * Whether what is shown is what cmark would show, if @source is all there will be.
 */
gboolean sc_markdown_inline_is_done (ScMarkdownInline *self,
                                     ScMarkdownPiece   source);

G_END_DECLS
