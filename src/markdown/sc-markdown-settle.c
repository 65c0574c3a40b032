/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a complete paragraph, heading or cell really shows: cmark parses it once, alone, with the definitions that it
 * names. A definition that comes later makes those texts be parsed again that had asked for it, but each only after so
 * many new bytes as it is long itself, so that the sum stays linear; the rest waits for the end. */

#include "config.h"

#include "sc-markdown-scan.h"

#include <string.h>

/* Texts looked at in one update for late definitions. */
#define MAX_LATE 64

typedef struct
{
  char *text; /* the definition as it stands in its paragraph */
  char *url;
} Definition;

/* A text that names labels nobody has defined yet. */
typedef struct
{
  char    *content;
  gsize    length;
  char    *assumed;
  gboolean is_line;
  guint    index;
  int      row; /* -1 where it is no cell */
  guint    cell;
  gsize    parsed_at;
  gboolean is_dirty;
} Waiter;

static void
free_definition (gpointer data)
{
  Definition *self = data;

  g_free (self->text);
  g_free (self->url);
  g_free (self);
}

static void
free_waiter (gpointer data)
{
  Waiter *self = data;

  g_free (self->content);
  g_free (self->assumed);
  g_free (self);
}

void
sc_markdown_settle_init (ScMarkdownScan *self)
{
  self->definitions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_definition);
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);
  self->waiters = g_ptr_array_new_with_free_func (free_waiter);
  g_queue_init (&self->dirty);
}

void
sc_markdown_settle_clear (ScMarkdownScan *self)
{
  g_hash_table_unref (self->definitions);
  g_hash_table_unref (self->waiting);
  g_ptr_array_unref (self->waiters);
  g_queue_clear (&self->dirty);
}

void
sc_markdown_append_paragraph (GString    *document,
                              const char *text,
                              gsize       length)
{
  const char *feed;

  while ((feed = memchr (text, '\n', length)) != NULL)
    {
      gsize line = (gsize) (feed - text) + 1;

      g_string_append_len (document, text, (gssize) line);
      text += line;
      length -= line;
      if (length > 0)
        g_string_append (document, "    ");
    }
  g_string_append_len (document, text, (gssize) length);
}

typedef void (*LabelFunc) (ScMarkdownScan *self,
                           char           *label,
                           gpointer        data);

/* Calls @func with each label that @content may name; it takes the label. */
static void
foreach_label (ScMarkdownScan  *self,
               ScMarkdownPiece  content,
               LabelFunc        func,
               gpointer         data)
{
  const char *open = content.text;
  gsize end = 0;

  while ((open = memchr (open, '[', content.length - (gsize) (open - content.text))) != NULL)
    {
      gsize at = (gsize) (open - content.text);

      if (sc_markdown_lex_label (content, at, &end) == SC_MARKDOWN_YES && end - at > 2)
        func (self, sc_markdown_normalize_label (open + 1, end - at - 2), data);
      open++;
    }
}

typedef struct
{
  GString    *document;
  GHashTable *seen; /* (element-type Definition) */
  gsize       longest;
} LabelWalk;

static void
append_definition (ScMarkdownScan *self,
                   char           *label,
                   gpointer        data)
{
  g_autofree char *key = label;
  Definition *definition = g_hash_table_lookup (self->definitions, key);
  LabelWalk *walk = data;
  GString *document = walk->document;

  if (definition == NULL || strlen (definition->text) > walk->longest ||
      !g_hash_table_add (walk->seen, definition))
    return;
  sc_markdown_append_paragraph (document, definition->text, strlen (definition->text));
  g_string_append (document, "\n\n");
}

static void
wait_for_label (ScMarkdownScan *self,
                char           *label,
                gpointer        data)
{
  GPtrArray *waiters;

  if (g_hash_table_contains (self->definitions, label))
    {
      g_free (label);
      return;
    }
  waiters = g_hash_table_lookup (self->waiting, label);
  if (waiters != NULL)
    {
      g_free (label);
    }
  else
    {
      waiters = g_ptr_array_new ();
      g_hash_table_insert (self->waiting, label, waiters);
    }
  if (waiters->len == 0 || waiters->pdata[waiters->len - 1] != data)
    g_ptr_array_add (waiters, data);
}

/* The one leaf of the document, or NULL if @content turned out to be something else when it stood alone. */
static cmark_node *
get_lone_leaf (cmark_node *root,
               gboolean    is_line)
{
  cmark_node *node = cmark_node_first_child (root);

  if (node == NULL || cmark_node_next (node) != NULL ||
      cmark_node_get_type (node) != (is_line ? CMARK_NODE_HEADING : CMARK_NODE_PARAGRAPH))
    return NULL;
  return node;
}

static void
append_definitions (ScMarkdownScan  *self,
                    GString         *document,
                    ScMarkdownPiece  content)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  LabelWalk walk = { document, seen, sc_markdown_guard_get_longest (content) };

  foreach_label (self, content, append_definition, &walk);
}

/* A heading's or cell's text is given as a heading with a closing sequence, which keeps it one line whatever it holds.
 * Returns FALSE if it cannot be done. */
static gboolean
parse_alone (ScMarkdownScan  *self,
             ScMarkdownEntry *owner,
             ScMarkdownText  *text,
             ScMarkdownPiece  content,
             gboolean         is_line,
             gboolean         has_labels,
             const char      *assumed)
{
  g_autoptr (GString) document = g_string_sized_new (content.length + 16);
  cmark_node *root, *leaf;

  if (has_labels && g_hash_table_size (self->definitions) > 0)
    append_definitions (self, document, content);
  g_string_append (document, assumed);
  if (is_line)
    g_string_append (document, "# ");
  sc_markdown_append_paragraph (document, content.text, content.length);
  g_string_append (document, is_line ? " #\n" : "\n");
  root = sc_markdown_parse (document->str, document->len, NULL);
  leaf = get_lone_leaf (root, is_line);
  if (leaf != NULL)
    sc_markdown_tree_to_text (leaf, owner, text);
  cmark_node_free (root);
  return leaf != NULL;
}

/* Makes @text exact and lowers @keep to what was not changed by it. */
static void
settle_text (ScMarkdownScan  *self,
             ScMarkdownEntry *owner,
             ScMarkdownText  *text,
             ScMarkdownPiece  content,
             gboolean         is_line,
             gboolean         has_labels,
             const char      *assumed,
             guint           *keep)
{
  ScMarkdownText exact;
  guint same;

  sc_markdown_text_init (&exact);
  if (parse_alone (self, owner, &exact, content, is_line, has_labels, assumed))
    {
      same = sc_markdown_text_compare (text, &exact);
      *keep = MIN (*keep, same);
      if (same != G_MAXUINT)
        {
          ScMarkdownText old = *text;

          *text = exact;
          exact = old;
        }
    }
  sc_markdown_text_clear (&exact);
}

void
sc_markdown_settle (ScMarkdownScan  *self,
                    ScMarkdownEntry *owner,
                    ScMarkdownText  *text,
                    ScMarkdownPiece  content,
                    gboolean         is_line,
                    gboolean         has_labels,
                    const char      *assumed,
                    guint            index,
                    int              row,
                    guint            cell,
                    guint           *keep)
{
  settle_text (self, owner, text, content, is_line, has_labels, assumed, keep);
  if (has_labels)
    {
      Waiter *waiter = g_new0 (Waiter, 1);

      waiter->content = g_strndup (content.text, content.length);
      waiter->length = content.length;
      waiter->assumed = g_strdup (assumed);
      waiter->is_line = is_line;
      waiter->index = index;
      waiter->row = row;
      waiter->cell = cell;
      waiter->parsed_at = self->n_bytes;
      g_ptr_array_add (self->waiters, waiter);
      foreach_label (self, content, wait_for_label, waiter);
    }
}

const char *
sc_markdown_find_definition (gpointer    data,
                             const char *label)
{
  ScMarkdownScan *self = data;
  Definition *definition = g_hash_table_lookup (self->definitions, label);

  return definition != NULL ? definition->url : NULL;
}

const char *
sc_markdown_get_definition (const ScMarkdownScan  *self,
                            const char            *label,
                            const char           **url)
{
  const Definition *definition = g_hash_table_lookup (self->definitions, label);

  *url = definition != NULL ? definition->url : NULL;
  return definition != NULL ? definition->text : NULL;
}

/* The address as cmark would give it: it is asked. */
static char *
dup_address (const char *text,
             const char *label,
             gsize       label_length)
{
  g_autoptr (GString) document = g_string_new (NULL);
  cmark_node *root, *node;
  char *url = NULL;

  sc_markdown_append_paragraph (document, text, strlen (text));
  g_string_append (document, "\n\n[");
  sc_markdown_append_paragraph (document, label, label_length);
  g_string_append (document, "]\n");
  root = sc_markdown_parse (document->str, document->len, NULL);
  node = cmark_node_first_child (root);
  node = node != NULL ? cmark_node_first_child (node) : NULL;
  if (node != NULL && cmark_node_get_type (node) == CMARK_NODE_LINK)
    url = g_strdup (cmark_node_get_url (node));
  cmark_node_free (root);
  return url;
}

void
sc_markdown_define (ScMarkdownScan             *self,
                    const char                 *text,
                    const ScMarkdownDefinition *definition,
                    gsize                       start)
{
  g_autofree char *key = sc_markdown_normalize_label (text + definition->label,
                                                      definition->label_length);
  Definition *entry;
  GPtrArray *waiters;
  guint i;

  if (*key == '\0' || g_hash_table_contains (self->definitions, key))
    return;
  entry = g_new0 (Definition, 1);
  entry->text = g_strndup (text + start, definition->end - start);
  entry->url = dup_address (entry->text, text + definition->label, definition->label_length);
  waiters = g_hash_table_lookup (self->waiting, key);
  for (i = 0; waiters != NULL && i < waiters->len; i++)
    {
      Waiter *waiter = waiters->pdata[i];

      if (!waiter->is_dirty)
        g_queue_push_tail (&self->dirty, waiter);
      waiter->is_dirty = TRUE;
    }
  g_hash_table_remove (self->waiting, key);
  g_hash_table_insert (self->definitions, g_steal_pointer (&key), entry);
}

static void
settle_waiter (ScMarkdownScan *self,
               Waiter         *waiter)
{
  ScMarkdownEntry *entry = sc_markdown_list_get (self->list, waiter->index);
  ScMarkdownText *text = &entry->block.content;
  ScMarkdownPiece content = { waiter->content, waiter->length };
  guint keep = G_MAXUINT;

  if (waiter->row >= 0)
    {
      GPtrArray *row = entry->block.rows->pdata[waiter->row];

      text = row->pdata[waiter->cell];
    }
  settle_text (self, entry, text, content, waiter->is_line, TRUE, waiter->assumed, &keep);
  if (keep != G_MAXUINT)
    sc_markdown_list_touch (self->list, waiter->index, SC_MARKDOWN_EDITED,
                            waiter->row >= 0 ? 0 : keep,
                            waiter->row >= 0 ? (guint) waiter->row : 0);
  waiter->is_dirty = FALSE;
  waiter->parsed_at = self->n_bytes;
}

void
sc_markdown_settle_late (ScMarkdownScan *self)
{
  guint n = MIN (self->dirty.length, MAX_LATE);

  while (n-- > 0)
    {
      Waiter *waiter = g_queue_pop_head (&self->dirty);

      if (self->n_bytes - waiter->parsed_at >= waiter->length)
        settle_waiter (self, waiter);
      else
        g_queue_push_tail (&self->dirty, waiter);
    }
}
