/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a text: the list of blocks becomes cmark's, at once or piece by piece. */

#pragma once

#include "sc-markdown-input.h"
#include "sc-markdown-scan.h"

G_BEGIN_DECLS

/*< private >
 * ScMarkdownTruth:
 * @scan: the scanner, finished
 * @source: the whole text
 * @step: bytes of one piece
 * @is_whole: it is one piece
 * @is_complete: the list is cmark's
 * @is_probing: the definitions are asked for first
 * @at: where the next piece begins
 * @next_cut: the first cut that may be its end
 * @n_true: blocks of the list that are cmark's
 * @shift: how many more these are than the scanner had there
 * @labels: (element-type ScMarkdownDefinition): what may be labels of definitions
 * @next_label: the first one that was not asked for
 * @defined: (element-type utf8): normalized labels that cmark knows, in the order of the text
 * @urls: their addresses
 * @prefix: all definitions, to stand before each piece
 * @longest: length of the longest one
 * @places: (element-type ScMarkdownPlace): where the pieces began
 */
typedef struct
{
  const ScMarkdownScan *scan;
  const GString        *source;
  gsize                 step;
  gboolean              is_whole;
  gboolean              is_complete;
  gboolean              is_probing;
  gsize                 at;
  guint                 next_cut;
  guint                 n_true;
  int                   shift;
  GArray               *labels;
  guint                 next_label;
  GPtrArray            *defined;
  GHashTable           *urls;
  GString              *prefix;
  gsize                 longest;
  GArray               *places;
} ScMarkdownTruth;

/*< private >
 * sc_markdown_truth_init:
 *
 * Begins with a scanner that was finished; @step 0 means all at once.
 */
void sc_markdown_truth_init (ScMarkdownTruth      *self,
                             const ScMarkdownScan *scan,
                             const GString        *source,
                             gsize                 step);

/*< private >
 * sc_markdown_truth_clear:
 *
 * Frees what it holds.
 */
void sc_markdown_truth_clear (ScMarkdownTruth *self);

/*< private >
 * sc_markdown_truth_update:
 *
 * Takes the next piece, after the list was flushed.
 */
void sc_markdown_truth_update (ScMarkdownTruth *self);

/*< private >
 * sc_markdown_truth_is_complete:
 *
 * Whether there is nothing left.
 */
gboolean sc_markdown_truth_is_complete (const ScMarkdownTruth *self);

G_END_DECLS
