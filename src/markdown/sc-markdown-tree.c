/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The only way into cmark: a text becomes a tree, a tree becomes blocks. Nothing here recurses, because nesting is as
 * deep as the text likes; only public headers of cmark-gfm are used, so that every platform's copy will do. */

#include "config.h"

#include "sc-markdown-private.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <string.h>

static cmark_parser *
new_parser (void)
{
  static const char *names[] = { "table", "strikethrough", "autolink", "tasklist" };
  cmark_parser *parser;
  guint i;

  cmark_gfm_core_extensions_ensure_registered ();
  parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension (names[i]));
  return parser;
}

static GString *
apply_patches (const char   *text,
               gsize         length,
               const GArray *patches)
{
  GString *patched = g_string_sized_new (length + patches->len + 1);
  gsize at = 0;
  guint i;

  for (i = 0; i < patches->len; i++)
    {
      const ScMarkdownPatch *patch = &g_array_index (patches, ScMarkdownPatch, i);

      if (patch->offset > at)
        g_string_append_len (patched, text + at, (gssize) (patch->offset - at));
      g_string_append (patched, patch->insert);
      at = MAX (at, patch->offset + patch->skip);
    }
  if (length > at)
    g_string_append_len (patched, text + at, (gssize) (length - at));
  return patched;
}

cmark_node *
sc_markdown_parse (const char   *text,
                   gsize         length,
                   const GArray *patches)
{
  cmark_parser *parser = new_parser ();
  g_autoptr (GString) patched = NULL;
  cmark_node *root;

  if (patches != NULL && patches->len > 0)
    {
      patched = apply_patches (text, length, patches);
      text = patched->str;
      length = patched->len;
    }
  if (length > 0)
    cmark_parser_feed (parser, text, length);
  root = cmark_parser_finish (parser);
  cmark_parser_free (parser);
  return root;
}

typedef struct
{
  ScMarkdownEntry *owner;
  ScMarkdownText  *text;
  int              bold;
  int              italic;
  int              strike;
  int              links;
  int              images;
  const char      *link;
  const char      *image;
  gsize            image_start;
} InlineWalk;

static void
append_styled (InlineWalk *walk,
               const char *bytes,
               gsize       length,
               guint       styles)
{
  if (walk->bold > 0)
    styles |= SC_MARKDOWN_BOLD;
  if (walk->italic > 0)
    styles |= SC_MARKDOWN_ITALIC;
  if (walk->strike > 0)
    styles |= SC_MARKDOWN_STRIKE;
  if (walk->links > 0)
    styles |= SC_MARKDOWN_LINK;
  if (walk->images > 0)
    styles |= SC_MARKDOWN_IMAGE;
  sc_markdown_text_append (walk->text, bytes, length, styles,
                           walk->images > 0 ? walk->image : walk->links > 0 ? walk->link : NULL,
                           walk->images > 0 && walk->links > 0 ? walk->link : NULL);
}

/* A raw tag may run over lines, and "&#10;" is a line feed; a line feed in a text is a hard break, so they become
 * spaces. */
static void
append_literal_run (InlineWalk *walk,
                    const char *literal,
                    guint       styles)
{
  const char *end;

  while ((end = strchr (literal, '\n')) != NULL)
    {
      append_styled (walk, literal, (gsize) (end - literal), styles);
      append_styled (walk, " ", 1, styles);
      literal = end + 1;
    }
  append_styled (walk, literal, strlen (literal), styles);
}

static const char *
own_url (InlineWalk *walk,
         cmark_node *node)
{
  const char *url = cmark_node_get_url (node);

  return sc_markdown_entry_take (walk->owner, g_strdup (url != NULL ? url : ""));
}

static void
append_bare_image (InlineWalk *walk)
{
  guint styles = (walk->bold > 0 ? SC_MARKDOWN_BOLD : 0) | (walk->italic > 0 ? SC_MARKDOWN_ITALIC : 0) |
                 (walk->strike > 0 ? SC_MARKDOWN_STRIKE : 0) | (walk->links > 0 ? SC_MARKDOWN_LINK : 0);

  sc_markdown_text_append_image (walk->text, styles, walk->image, walk->links > 0 ? walk->link : NULL);
}

/* The outermost image and the link that holds for the text: only those are shown. */
static void
enter_target (InlineWalk *walk,
              cmark_node *node,
              gboolean    is_image,
              int         delta)
{
  if (is_image)
    {
      if (delta > 0 && walk->images == 0)
        {
          walk->image = own_url (walk, node);
          walk->image_start = walk->text->text->len;
        }
      else if (delta < 0 && walk->images == 1 && walk->image_start == walk->text->text->len)
        append_bare_image (walk);
      walk->images += delta;
    }
  else
    {
      if (delta > 0 && walk->links == 0)
        walk->link = own_url (walk, node);
      walk->links += delta;
    }
}

static void
visit_inline (InlineWalk *walk,
              cmark_node *node,
              gboolean    is_enter)
{
  cmark_node_type type = cmark_node_get_type (node);
  int delta = is_enter ? 1 : -1;

  if (type == CMARK_NODE_EMPH)
    walk->italic += delta;
  else if (type == CMARK_NODE_STRONG)
    walk->bold += delta;
  else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
    enter_target (walk, node, type == CMARK_NODE_IMAGE, delta);
  else if (type == CMARK_NODE_SOFTBREAK)
    append_styled (walk, " ", 1, 0);
  else if (type == CMARK_NODE_LINEBREAK)
    append_styled (walk, "\n", 1, SC_MARKDOWN_HARD_BREAK);
  else if (type == CMARK_NODE_TEXT)
    append_literal_run (walk, cmark_node_get_literal (node), 0);
  else if (type == CMARK_NODE_CODE)
    append_literal_run (walk, cmark_node_get_literal (node), SC_MARKDOWN_CODE_SPAN);
  else if (type == CMARK_NODE_HTML_INLINE)
    append_literal_run (walk, cmark_node_get_literal (node), SC_MARKDOWN_INLINE_HTML);
  else if (strcmp (cmark_node_get_type_string (node), "strikethrough") == 0)
    walk->strike += delta;
}

static gboolean
is_inline_leaf (cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  return type == CMARK_NODE_TEXT || type == CMARK_NODE_SOFTBREAK ||
         type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_CODE ||
         type == CMARK_NODE_HTML_INLINE;
}

void
sc_markdown_tree_to_text (cmark_node      *leaf,
                          ScMarkdownEntry *owner,
                          ScMarkdownText  *text)
{
  InlineWalk walk = { .owner = owner, .text = text };
  cmark_node *node = cmark_node_first_child (leaf);

  while (node != NULL && node != leaf)
    {
      cmark_node *next;

      visit_inline (&walk, node, TRUE);
      next = cmark_node_first_child (node);
      while (next == NULL && node != leaf)
        {
          if (!is_inline_leaf (node))
            visit_inline (&walk, node, FALSE);
          next = cmark_node_next (node);
          if (next == NULL)
            {
              node = cmark_node_parent (node);
              if (node == leaf)
                return;
              if (node == NULL)
                return;
            }
        }
      node = next;
    }
}

typedef struct
{
  GPtrArray *entries;
  GArray    *numbers; /* (element-type int): the next number of each list around, -1 for bullets */
  int        quote;
} BlockWalk;

static ScMarkdownEntry *
push_entry (BlockWalk      *walk,
            ScMarkdownKind  kind)
{
  ScMarkdownEntry *entry = sc_markdown_entry_new (kind);

  entry->block.depth = (int) walk->numbers->len;
  entry->block.quote = walk->quote;
  entry->block.is_closed = TRUE;
  g_ptr_array_add (walk->entries, entry);
  return entry;
}

static void
enter_list (BlockWalk  *walk,
            cmark_node *node)
{
  int number = -1;

  if (cmark_node_get_list_type (node) == CMARK_ORDERED_LIST)
    number = cmark_node_get_list_start (node);
  g_array_append_val (walk->numbers, number);
}

static void
enter_item (BlockWalk  *walk,
            cmark_node *node)
{
  ScMarkdownEntry *entry = push_entry (walk, SC_MARKDOWN_ITEM);
  int *number = &g_array_index (walk->numbers, int, walk->numbers->len - 1);

  entry->block.number = *number;
  if (*number >= 0)
    (*number)++;
  if (strcmp (cmark_node_get_type_string (node), "tasklist") == 0)
    entry->block.checked = cmark_gfm_extensions_get_tasklist_item_checked (node) ? 1 : 0;
}

static void
enter_paragraph (BlockWalk  *walk,
                 cmark_node *node)
{
  cmark_node *parent = cmark_node_parent (node);
  ScMarkdownEntry *entry;

  if (parent != NULL && cmark_node_get_type (parent) == CMARK_NODE_ITEM &&
      cmark_node_previous (node) == NULL)
    entry = walk->entries->pdata[walk->entries->len - 1];
  else
    entry = push_entry (walk, SC_MARKDOWN_PARAGRAPH);
  sc_markdown_tree_to_text (node, entry, &entry->block.content);
}

static void
append_literal (ScMarkdownEntry *entry,
                cmark_node      *node)
{
  const char *literal = cmark_node_get_literal (node);
  gsize length = literal != NULL ? strlen (literal) : 0;

  if (length > 0 && literal[length - 1] == '\n')
    length--;
  g_string_append_len (entry->block.content.text, literal, (gssize) length);
}

static void
enter_code (BlockWalk  *walk,
            cmark_node *node)
{
  ScMarkdownEntry *entry = push_entry (walk, SC_MARKDOWN_CODE);
  const char *info = cmark_node_get_fence_info (node);

  if (info != NULL && *info != '\0')
    entry->block.language = sc_markdown_dup_language (info, strlen (info));
  append_literal (entry, node);
}

static void
fill_aligns (ScMarkdownEntry *entry,
             cmark_node      *node)
{
  guint n = cmark_gfm_extensions_get_table_columns (node);
  const uint8_t *aligns = cmark_gfm_extensions_get_table_alignments (node);
  guint i;

  for (i = 0; i < n; i++)
    {
      char c = aligns != NULL ? (char) aligns[i] : '\0';
      ScMarkdownAlign align = c == 'l' ? SC_MARKDOWN_ALIGN_LEFT
                            : c == 'c' ? SC_MARKDOWN_ALIGN_CENTER
                            : c == 'r' ? SC_MARKDOWN_ALIGN_RIGHT
                                       : SC_MARKDOWN_ALIGN_NONE;

      g_array_append_val (entry->block.aligns, align);
    }
}

static void
enter_table (BlockWalk  *walk,
             cmark_node *node)
{
  ScMarkdownEntry *entry = push_entry (walk, SC_MARKDOWN_TABLE);
  cmark_node *line, *place;

  fill_aligns (entry, node);
  for (line = cmark_node_first_child (node); line != NULL; line = cmark_node_next (line))
    {
      GPtrArray *row = sc_markdown_row_new (0);

      for (place = cmark_node_first_child (line); place != NULL; place = cmark_node_next (place))
        {
          ScMarkdownText *cell = sc_markdown_cell_new ();

          sc_markdown_tree_to_text (place, entry, cell);
          g_ptr_array_add (row, cell);
        }
      g_ptr_array_add (entry->block.rows, row);
    }
}

/* Returns whether the children of the node are blocks to be visited. */
static gboolean
enter_block (BlockWalk  *walk,
             cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_DOCUMENT)
    return TRUE;
  if (type == CMARK_NODE_BLOCK_QUOTE)
    {
      walk->quote++;
      if (cmark_node_first_child (node) == NULL)
        push_entry (walk, SC_MARKDOWN_QUOTE);
      return TRUE;
    }
  if (type == CMARK_NODE_LIST)
    {
      enter_list (walk, node);
      return TRUE;
    }
  if (type == CMARK_NODE_ITEM)
    {
      enter_item (walk, node);
      return TRUE;
    }
  if (type == CMARK_NODE_PARAGRAPH)
    enter_paragraph (walk, node);
  else if (type == CMARK_NODE_HEADING)
    {
      ScMarkdownEntry *entry = push_entry (walk, SC_MARKDOWN_HEADING);

      entry->block.level = cmark_node_get_heading_level (node);
      sc_markdown_tree_to_text (node, entry, &entry->block.content);
    }
  else if (type == CMARK_NODE_CODE_BLOCK)
    enter_code (walk, node);
  else if (type == CMARK_NODE_HTML_BLOCK)
    append_literal (push_entry (walk, SC_MARKDOWN_HTML), node);
  else if (type == CMARK_NODE_THEMATIC_BREAK)
    push_entry (walk, SC_MARKDOWN_RULE);
  else if (strcmp (cmark_node_get_type_string (node), "table") == 0)
    enter_table (walk, node);
  return FALSE;
}

static void
leave_block (BlockWalk  *walk,
             cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_BLOCK_QUOTE)
    walk->quote--;
  else if (type == CMARK_NODE_LIST)
    g_array_set_size (walk->numbers, walk->numbers->len - 1);
}

GPtrArray *
sc_markdown_tree_to_entries (cmark_node *root)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));
  BlockWalk walk = { g_ptr_array_new (), numbers, 0 };
  cmark_node *node = root;

  while (node != NULL)
    {
      cmark_node *next = enter_block (&walk, node) ? cmark_node_first_child (node) : NULL;

      while (next == NULL && node != NULL)
        {
          leave_block (&walk, node);
          next = cmark_node_next (node);
          if (next == NULL)
            node = cmark_node_parent (node);
        }
      node = next;
    }
  return walk.entries;
}
