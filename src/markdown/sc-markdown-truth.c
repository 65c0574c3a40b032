/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list becomes that of one cmark parse of the whole text, without one step that takes as long as the text is.
 *
 * What a piece of a text means to cmark depends on what came before in two ways only: the blocks that are open where it
 * begins, and the definitions of links, which hold for all of the text. So the text is cut where the scanner saw a block
 * begin outside of everything behind a blank line, and neither fact is taken from the scanner:
 *
 *   - A paragraph of our own behind the piece has to come out as a paragraph of the document. Then the blank line has
 *     left nothing open but a list, and a line that is no item and not indented, as each cut is, ends a list too.
 *   - Whatever can be a definition ends its label with "]:". cmark is asked for each such label whether the piece
 *     defines it; only if it knows the same labels with the same addresses as the scanner, the scanner's definitions
 *     are put before each piece.
 *
 * Where one of them does not hold, or the text holds what guards keep from cmark, or definitions whose uses grow beyond
 * what newer versions of cmark allow for a text, it is parsed in one piece. */

#include "config.h"

#include "sc-markdown-truth.h"

#include <string.h>

#define SENTINEL "end"
/* More of these and it is one piece. */
#define MAX_LABELS 1024
#define MAX_PREFIX 8192
/* The longest label: CommonMark 4.7 has 999 characters, cmark counts bytes. */
#define MAX_LABEL 1000
/* What all uses of definitions may add to a text of any length in newer versions of cmark. */
#define MIN_EXPANSION 100000

static gboolean
is_escaped (const char *text,
            gsize       at)
{
  gsize n = 0;

  while (n < at && text[at - n - 1] == '\\')
    n++;
  return n % 2 == 1;
}

/* Where the label that ends at @close begins; FALSE if that cannot be told from its line. */
static gboolean
find_label (const char           *text,
            gsize                 close,
            ScMarkdownDefinition *label)
{
  gsize at = close;

  label->label_length = 0;
  while (at > 0 && close - at <= MAX_LABEL)
    {
      at--;
      if (text[at] == '\n')
        return FALSE;
      if ((text[at] != '[' && text[at] != ']') || is_escaped (text, at))
        continue;
      if (text[at] == '[')
        {
          label->label = at + 1;
          label->label_length = close - at - 1;
        }
      return TRUE;
    }
  return TRUE;
}

/* Notes what may be a label. Returns FALSE if there are too many, or one is not clear. */
static gboolean
find_labels (ScMarkdownTruth *self)
{
  const char *text = self->source->str;
  const char *place = text;

  while ((place = strstr (place, "]:")) != NULL)
    {
      ScMarkdownDefinition label = { 0 };
      gsize close = (gsize) (place - text);

      place += 2;
      if (is_escaped (text, close))
        continue;
      if (!find_label (text, close, &label))
        return FALSE;
      if (label.label_length > 0)
        g_array_append_val (self->labels, label);
      if (self->labels->len > MAX_LABELS)
        return FALSE;
    }
  return TRUE;
}

void
sc_markdown_truth_init (ScMarkdownTruth      *self,
                        const ScMarkdownScan *scan,
                        const GString        *source,
                        gsize                 step)
{
  memset (self, 0, sizeof *self);
  self->scan = scan;
  self->source = source;
  self->step = step;
  self->labels = g_array_new (FALSE, FALSE, sizeof (ScMarkdownDefinition));
  self->defined = g_ptr_array_new ();
  self->urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->prefix = g_string_new (NULL);
  self->places = g_array_new (FALSE, FALSE, sizeof (ScMarkdownPlace));
  self->is_whole = step == 0 || source->len <= step || scan->patches->len > 0 ||
                   g_str_has_prefix (source->str, SC_MARKDOWN_BYTE_ORDER_MARK) || !find_labels (self);
  self->is_probing = self->labels->len > 0 || g_hash_table_size (scan->definitions) > 0;
}

void
sc_markdown_truth_clear (ScMarkdownTruth *self)
{
  g_array_unref (self->labels);
  g_ptr_array_unref (self->defined);
  g_hash_table_unref (self->urls);
  g_string_free (self->prefix, TRUE);
  g_array_unref (self->places);
}

gboolean
sc_markdown_truth_is_complete (const ScMarkdownTruth *self)
{
  return self->is_complete;
}

/* The end of the piece that begins at @at: as far as a step goes, but up to a cut. */
static ScMarkdownCut
find_end (ScMarkdownTruth *self)
{
  ScMarkdownCut end = { self->source->len, self->scan->list->entries->len };
  gboolean has_end = FALSE;

  if (self->source->len - self->at <= self->step)
    return end;
  for (; self->next_cut < self->scan->cuts->len; self->next_cut++)
    {
      ScMarkdownCut cut = g_array_index (self->scan->cuts, ScMarkdownCut, self->next_cut);

      if (has_end && cut.offset > self->at + self->step)
        break;
      if (cut.offset <= self->at)
        continue;
      end = cut;
      has_end = TRUE;
    }
  return end;
}

static gboolean
is_paragraph_of (cmark_node      *node,
                 cmark_node_type  type)
{
  cmark_node *child = node != NULL && cmark_node_get_type (node) == CMARK_NODE_PARAGRAPH
                        ? cmark_node_first_child (node) : NULL;

  return child != NULL && cmark_node_next (child) == NULL && cmark_node_get_type (child) == type;
}

static gboolean
is_sentinel (cmark_node *node)
{
  return is_paragraph_of (node, CMARK_NODE_TEXT) &&
         strcmp (cmark_node_get_literal (cmark_node_first_child (node)), SENTINEL) == 0;
}

/* Comparing. */

static void
compare_whole (ScMarkdownTruth *self)
{
  cmark_node *root = sc_markdown_parse (self->source->str, self->source->len, self->scan->patches);
  g_autoptr (GPtrArray) entries = sc_markdown_tree_to_entries (root);

  cmark_node_free (root);
  sc_markdown_list_reconcile (self->scan->list, 0, self->scan->list->entries->len, entries);
  g_array_set_size (self->places, 0);
  self->is_complete = TRUE;
}

static gboolean
may_expand (ScMarkdownTruth *self,
            gsize            end)
{
  gsize n = 0;
  gsize i;

  if (self->longest == 0)
    return TRUE;
  for (i = self->at; i < end; i++)
    n += self->source->str[i] == '[' ? 1 : 0;
  return n * self->longest <= MIN_EXPANSION;
}

/* Returns FALSE if the piece cannot be understood alone. */
static gboolean
compare_piece (ScMarkdownTruth *self)
{
  ScMarkdownCut end = find_end (self);
  ScMarkdownList *list = self->scan->list;
  ScMarkdownPlace place = { self->at, self->n_true };
  gboolean is_last = end.offset == self->source->len;
  g_autoptr (GString) document = g_string_new_len (self->prefix->str, (gssize) self->prefix->len);
  g_autoptr (GPtrArray) entries = NULL;
  cmark_node *root;
  int n_end = is_last ? (int) list->entries->len : (int) end.n_blocks + self->shift;

  if (!may_expand (self, end.offset))
    return FALSE;
  g_string_append_len (document, self->source->str + self->at, (gssize) (end.offset - self->at));
  if (!is_last)
    g_string_append (document, SENTINEL "\n");
  root = sc_markdown_parse (document->str, document->len, NULL);
  if (!is_last && !is_sentinel (cmark_node_last_child (root)))
    {
      cmark_node_free (root);
      return FALSE;
    }
  if (!is_last)
    cmark_node_free (cmark_node_last_child (root));
  entries = sc_markdown_tree_to_entries (root);
  cmark_node_free (root);
  g_array_append_val (self->places, place);
  n_end = CLAMP (n_end, (int) self->n_true, (int) list->entries->len);
  self->n_true += entries->len;
  sc_markdown_list_reconcile (list, self->n_true - entries->len,
                              (guint) n_end + entries->len - self->n_true, entries);
  self->shift = (int) self->n_true - (int) end.n_blocks;
  self->at = end.offset;
  self->is_complete = is_last;
  return TRUE;
}

/* Probing. */

/* Notes a definition that cmark knows. How it folds letters other than ASCII's is not asked. */
static gboolean
note_defined (ScMarkdownTruth            *self,
              const ScMarkdownDefinition *label,
              const char                 *url)
{
  const char *text = self->source->str + label->label;
  char *key;
  gsize i;

  for (i = 0; i < label->label_length; i++)
    if ((guchar) text[i] >= 0x80)
      return FALSE;
  key = sc_markdown_normalize_label (text, label->label_length);
  if (g_hash_table_contains (self->urls, key))
    {
      g_free (key);
      return TRUE;
    }
  g_hash_table_insert (self->urls, key, g_strdup (url));
  g_ptr_array_add (self->defined, key);
  return TRUE;
}

/* The paragraphs behind the sentinel are one label each; those that came out as links are defined. */
static gboolean
read_probes (ScMarkdownTruth *self,
             cmark_node      *root,
             guint            n)
{
  cmark_node *node = cmark_node_last_child (root);
  guint i;

  for (i = 0; i < n && node != NULL; i++)
    node = cmark_node_previous (node);
  if (!is_sentinel (node))
    return FALSE;
  for (i = 0; i < n; i++)
    {
      const ScMarkdownDefinition *label =
        &g_array_index (self->labels, ScMarkdownDefinition, self->next_label - n + i);

      node = cmark_node_next (node);
      if (cmark_node_get_type (node) != CMARK_NODE_PARAGRAPH)
        return FALSE;
      if (is_paragraph_of (node, CMARK_NODE_LINK) &&
          !note_defined (self, label, cmark_node_get_url (cmark_node_first_child (node))))
        return FALSE;
    }
  return TRUE;
}

static gboolean
probe_piece (ScMarkdownTruth *self,
             gsize            end)
{
  g_autoptr (GString) document = NULL;
  const guint first = self->next_label;
  cmark_node *root;
  gboolean is_known;
  guint i;

  while (self->next_label < self->labels->len &&
         g_array_index (self->labels, ScMarkdownDefinition, self->next_label).label < end)
    self->next_label++;
  if (self->next_label == first)
    return TRUE;
  document = g_string_new_len (self->source->str + self->at, (gssize) (end - self->at));
  g_string_append (document, "\n\n" SENTINEL "\n\n");
  for (i = first; i < self->next_label; i++)
    {
      const ScMarkdownDefinition *label = &g_array_index (self->labels, ScMarkdownDefinition, i);

      g_string_append_len (document, self->source->str + label->label - 1, (gssize) label->label_length + 2);
      g_string_append (document, "\n\n");
    }
  root = sc_markdown_parse (document->str, document->len, NULL);
  is_known = read_probes (self, root, self->next_label - first);
  cmark_node_free (root);
  return is_known;
}

/* The scanner has to know what cmark knows. Returns FALSE if it does not. */
static gboolean
take_definitions (ScMarkdownTruth *self)
{
  guint i;

  if (self->defined->len != g_hash_table_size (self->scan->definitions))
    return FALSE;
  for (i = 0; i < self->defined->len; i++)
    {
      const char *key = self->defined->pdata[i];
      const char *url = NULL;
      const char *text = sc_markdown_get_definition (self->scan, key, &url);

      if (text == NULL || url == NULL || g_strcmp0 (url, g_hash_table_lookup (self->urls, key)) != 0)
        return FALSE;
      sc_markdown_append_paragraph (self->prefix, text, strlen (text));
      g_string_append (self->prefix, "\n\n");
      self->longest = MAX (self->longest, strlen (text));
    }
  return self->prefix->len <= MAX_PREFIX &&
         self->scan->n_brackets * self->longest <= MAX (self->source->len, MIN_EXPANSION);
}

static gboolean
probe_next (ScMarkdownTruth *self)
{
  do
    {
      guint n_before = self->next_label;
      gsize end = find_end (self).offset;

      if (!probe_piece (self, end))
        return FALSE;
      self->at = end;
      if (self->next_label > n_before)
        break;
    }
  while (self->at < self->source->len);
  if (self->at < self->source->len)
    return TRUE;
  self->is_probing = FALSE;
  self->at = 0;
  self->next_cut = 0;
  return take_definitions (self);
}

void
sc_markdown_truth_update (ScMarkdownTruth *self)
{
  if (!self->is_whole && self->is_probing)
    self->is_whole = !probe_next (self);
  else if (self->is_whole || !compare_piece (self))
    compare_whole (self);
}
