/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Streaming markdown, how it works.
 *
 * While bytes come, the list of blocks is made by scanners of our own (sc-markdown-scan.c for the block structure,
 * sc-markdown-inline.c for the text of the one leaf that grows), because cmark can only parse what is complete and
 * parsing again what has grown costs the square of its length. They follow cmark's rules, show what is likely and hold
 * back what is undecided. When a leaf is complete and anything in it is not trivial, cmark parses this leaf alone
 * (sc-markdown-settle.c), and only what differs is changed.
 *
 * When everything has come, cmark parses the whole text once, piece by piece where that can be proved to be the same
 * (sc-markdown-truth.c). That tree is the truth: the list is reconciled with it, so that the scanners decide how an
 * unfinished answer looks and never what a finished one is.
 *
 * What each byte costs: it is scanned once by the block scanner and, but for guesses that are taken back (bounded), once
 * by the inline scanner; parsed once more if its leaf is not trivial, and again for late definitions at most once for
 * each equal amount of new text; parsed once at the end.
 *
 * Guards. cmark-gfm 0.29.0.gfm.6, Debian 12's, is quadratic in a few shapes that no author writes: cells of a table row,
 * cells that short rows leave out, a long run of ")" after an address. Where the scanner sees one beyond a bound, the
 * text is patched on its way into cmark: surplus pipes are escaped, a table that fills too many cells is ended by a
 * blank line. Below the bounds the text is passed as it is. */

#include "config.h"

#include "sc-markdown-input.h"
#include "sc-markdown-truth.h"

#include <stdlib.h>
#include <string.h>

/* Where the text may be cut is noted so often, that a piece is about as long as is wished. */
#define CUTS_A_STEP 8

struct _ScMarkdownStream
{
  ScMarkdownInput  input;
  GString         *source; /* all that came, valid, with line feeds */
  gsize            n_read; /* how much of it the scanner has */
  ScMarkdownList   list;
  ScMarkdownScan   scan;
  ScMarkdownTruth  truth;
  gsize            step;
  gboolean         is_finished;
  gboolean         is_scanned; /* the scanner has closed everything */
};

ScMarkdownStream *
sc_markdown_stream_new (void)
{
  ScMarkdownStream *self = g_new0 (ScMarkdownStream, 1);

  self->source = g_string_new (NULL);
  sc_markdown_list_init (&self->list);
  sc_markdown_scan_init (&self->scan, &self->list);
  return self;
}

void
sc_markdown_stream_free (ScMarkdownStream *self)
{
  if (self == NULL)
    return;
  if (self->is_scanned)
    sc_markdown_truth_clear (&self->truth);
  sc_markdown_scan_clear (&self->scan);
  sc_markdown_list_clear (&self->list);
  g_string_free (self->source, TRUE);
  g_free (self);
}

void
sc_markdown_stream_feed (ScMarkdownStream *self,
                         const char       *bytes,
                         gsize             length)
{
  g_return_if_fail (self != NULL && !self->is_finished);
  g_return_if_fail (bytes != NULL || length == 0);

  sc_markdown_input_feed (&self->input, self->source, bytes, length);
}

void
sc_markdown_stream_finish (ScMarkdownStream *self)
{
  g_return_if_fail (self != NULL);

  if (!self->is_finished)
    sc_markdown_input_finish (&self->input, self->source);
  self->is_finished = TRUE;
}

/* Gives the scanner what has come. A byte order mark at the start is no text. */
static void
read_source (ScMarkdownStream *self)
{
  if (self->n_read == 0 && g_str_has_prefix (self->source->str, SC_MARKDOWN_BYTE_ORDER_MARK))
    {
      self->n_read = strlen (SC_MARKDOWN_BYTE_ORDER_MARK);
      self->scan.n_bytes = self->n_read;
      self->scan.line_start = self->n_read;
    }
  if (self->n_read < self->source->len)
    sc_markdown_scan_feed (&self->scan, self->source->str + self->n_read,
                           self->source->len - self->n_read);
  self->n_read = self->source->len;
}

static cmark_node *
parse_source (ScMarkdownStream *self)
{
  return sc_markdown_parse (self->source->str, self->source->len, self->scan.patches);
}

static void
become_true (ScMarkdownStream *self)
{
  if (!self->is_scanned)
    {
      sc_markdown_scan_finish (&self->scan);
      sc_markdown_truth_init (&self->truth, &self->scan, self->source, self->step);
      self->is_scanned = TRUE;
    }
  sc_markdown_list_flush (&self->list);
  sc_markdown_truth_update (&self->truth);
}

void
sc_markdown_stream_set_step (ScMarkdownStream *self,
                             gsize             n_bytes)
{
  g_return_if_fail (self != NULL && !self->is_scanned);

  self->step = n_bytes;
  self->scan.cut_distance = n_bytes > 0 ? MAX (n_bytes / CUTS_A_STEP, 1) : 0;
}

gboolean
sc_markdown_stream_is_settled (ScMarkdownStream *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_scanned && sc_markdown_truth_is_complete (&self->truth);
}

const GArray *
sc_markdown_stream_update (ScMarkdownStream *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  sc_markdown_list_begin (&self->list);
  if (self->n_read < self->source->len)
    {
      read_source (self);
      sc_markdown_scan_show (&self->scan);
    }
  if (self->is_finished && !sc_markdown_stream_is_settled (self))
    become_true (self);
  else
    sc_markdown_list_flush (&self->list);
  return self->list.changes;
}

guint
sc_markdown_stream_get_n_blocks (ScMarkdownStream *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->list.n_shown;
}

const ScMarkdownBlock *
sc_markdown_stream_get_block (ScMarkdownStream *self,
                              guint             position)
{
  g_return_val_if_fail (self != NULL && position < self->list.n_shown, NULL);

  return &sc_markdown_list_get (&self->list, position)->block;
}

const GArray *
sc_markdown_stream_get_places (ScMarkdownStream  *self,
                               const char       **definitions)
{
  g_return_val_if_fail (self != NULL, NULL);

  /* Where bytes were mended on their way in, offsets of the text that was fed are others. */
  if (!sc_markdown_stream_is_settled (self) || self->truth.places->len == 0 || self->input.is_mended)
    return NULL;
  if (definitions != NULL)
    *definitions = self->truth.prefix->str;
  return self->truth.places;
}

static char *
take_rendered (cmark_node *root,
               char       *rendered)
{
  char *result = g_strdup (rendered);

  free (rendered);
  cmark_node_free (root);
  return result;
}

char *
sc_markdown_stream_dup_xml (ScMarkdownStream *self)
{
  cmark_node *root;

  g_return_val_if_fail (self != NULL && self->is_finished, NULL);

  sc_markdown_stream_update (self);
  root = parse_source (self);
  return take_rendered (root, cmark_render_xml (root, CMARK_OPT_DEFAULT));
}

char *
sc_markdown_stream_dup_html (ScMarkdownStream *self)
{
  cmark_node *root;

  g_return_val_if_fail (self != NULL && self->is_finished, NULL);

  sc_markdown_stream_update (self);
  root = parse_source (self);
  return take_rendered (root, cmark_render_html (root, CMARK_OPT_DEFAULT, NULL));
}
