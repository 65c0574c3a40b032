/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks back to markdown. The list of blocks is flat and tells only how many quotes and lists are around each; in which
 * order these stand follows from what came before: a list begins with an item, and everything else goes on or ends. */

#include "config.h"

#include "sc-page-markdown.h"

#include <string.h>

typedef struct
{
  gboolean is_list;
  gboolean is_ordered;
  guint    width; /* of its marker, which is the indent of what belongs to the item */
} Container;

struct _ScPageMarkdown
{
  GString        *out;
  GArray         *containers;
  int             base; /* lists around everything that was written */
  gboolean        has_last;
  gboolean        is_pending; /* an item stands there with nothing behind its marker */
  ScMarkdownKind  last;
};

ScPageMarkdown *
sc_page_markdown_new (GString *out)
{
  ScPageMarkdown *self = g_new0 (ScPageMarkdown, 1);

  self->out = out;
  self->containers = g_array_new (FALSE, FALSE, sizeof (Container));

  return self;
}

static void
end_line (ScPageMarkdown *self)
{
  while (self->out->len > 0 && self->out->str[self->out->len - 1] == ' ')
    g_string_truncate (self->out, self->out->len - 1);
  g_string_append_c (self->out, '\n');
  self->is_pending = FALSE;
}

void
sc_page_markdown_free (ScPageMarkdown *self)
{
  if (self == NULL)
    return;

  if (self->is_pending)
    end_line (self);
  g_array_unref (self->containers);
  g_free (self);
}

static void
count (const ScPageMarkdown *self,
       guint                 length,
       int                  *n_lists,
       int                  *n_quotes)
{
  *n_lists = *n_quotes = 0;
  for (guint i = 0; i < length; i++)
    {
      if (g_array_index (self->containers, Container, i).is_list)
        ++*n_lists;
      else
        ++*n_quotes;
    }
}

static gboolean
is_sibling (const ScPageMarkdown  *self,
            const ScMarkdownBlock *block,
            guint                  length)
{
  const Container *last = length > 0 ? &g_array_index (self->containers, Container, length - 1) : NULL;

  return last != NULL && last->is_list && last->is_ordered == (block->number >= 0);
}

/* How many of the containers that are open the block stands in; of an item's own list @is_new says whether it begins. */
static guint
find_shared (const ScPageMarkdown  *self,
             const ScMarkdownBlock *block,
             int                    depth,
             gboolean              *is_new)
{
  gboolean is_item = block->kind == SC_MARKDOWN_ITEM;
  int n_lists;
  int n_quotes;

  *is_new = FALSE;
  for (guint length = self->containers->len; length > 0; length--)
    {
      count (self, length, &n_lists, &n_quotes);
      if (n_lists > depth || n_quotes > block->quote)
        continue;
      if (!is_item && n_lists == depth)
        return length;
      if (is_item && n_lists == depth && n_quotes == block->quote && is_sibling (self, block, length))
        return length;
      if (is_item && n_lists == depth - 1)
        {
          *is_new = TRUE;
          return length;
        }
    }
  *is_new = is_item;

  return 0;
}

static void
append_prefix (ScPageMarkdown *self,
               guint           length)
{
  for (guint i = 0; i < length; i++)
    {
      Container container = g_array_index (self->containers, Container, i);

      if (!container.is_list)
        g_string_append (self->out, "> ");
      for (guint j = 0; container.is_list && j < container.width; j++)
        g_string_append_c (self->out, ' ');
    }
}

static gboolean
is_empty (const ScMarkdownBlock *block)
{
  return block->kind == SC_MARKDOWN_ITEM && block->content.text->len == 0;
}

/* Items stand close; but what cannot interrupt a paragraph, and what only a blank line ends, needs one. */
static gboolean
needs_blank (const ScPageMarkdown  *self,
             const ScMarkdownBlock *block,
             gboolean               is_new)
{
  int n_lists;
  int n_quotes;

  if (block->kind != SC_MARKDOWN_ITEM || self->last == SC_MARKDOWN_HTML || self->last == SC_MARKDOWN_TABLE)
    return TRUE;
  if (is_new && (is_empty (block) || (block->number >= 0 && block->number != 1)))
    return TRUE;

  count (self, self->containers->len, &n_lists, &n_quotes);

  return self->last != SC_MARKDOWN_ITEM && n_lists == 0;
}

static void
push_container (ScPageMarkdown *self,
                Container       container)
{
  g_array_append_val (self->containers, container);
}

/* Brings the containers to those of @block and returns how many of them have to be marked anew on its first line. */
static guint
enter (ScPageMarkdown        *self,
       const ScMarkdownBlock *block)
{
  gboolean is_item = block->kind == SC_MARKDOWN_ITEM;
  int around = is_item ? block->depth - 1 : block->depth;
  gboolean is_new;
  guint shared;
  guint n_before = self->containers->len;
  int n_lists;
  int n_quotes;

  self->base = self->has_last ? MIN (self->base, around) : around;
  shared = find_shared (self, block, block->depth - self->base, &is_new);
  if (self->is_pending && (shared < n_before || (is_item && !is_new)))
    end_line (self);
  g_array_set_size (self->containers, shared);
  if (self->has_last && !self->is_pending && needs_blank (self, block, is_new))
    {
      append_prefix (self, is_item && !is_new ? shared - 1 : shared);
      end_line (self);
    }
  count (self, shared, &n_lists, &n_quotes);
  for (; n_quotes < block->quote; n_quotes++)
    push_container (self, (Container) { FALSE, FALSE, 2 });
  if (is_new)
    push_container (self, (Container) { TRUE, block->number >= 0, 0 });

  return is_item && !is_new ? shared - 1 : shared;
}

static void
append_marker (ScPageMarkdown        *self,
               const ScMarkdownBlock *block)
{
  Container *list = &g_array_index (self->containers, Container, self->containers->len - 1);
  gsize start = self->out->len;

  if (block->number >= 0)
    g_string_append_printf (self->out, "%d. ", block->number);
  else
    g_string_append (self->out, "- ");
  list->width = (guint) (self->out->len - start);
  if (block->checked >= 0)
    g_string_append (self->out, block->checked ? "[x] " : "[ ] ");
}

static void
append_first_prefix (ScPageMarkdown        *self,
                     const ScMarkdownBlock *block,
                     guint                  shared)
{
  gboolean is_item = block->kind == SC_MARKDOWN_ITEM;

  if (!self->is_pending)
    append_prefix (self, shared);
  for (guint i = shared; i + is_item < self->containers->len; i++)
    g_string_append (self->out, "> ");
  if (is_item)
    append_marker (self, block);
}

void
sc_page_markdown_append_code (GString    *out,
                              const char *code,
                              gsize       length,
                              const char *language)
{
  guint longest = 2;

  for (gsize i = 0, n = 0; i < length; i++)
    {
      n = code[i] == '`' ? n + 1 : 0;
      longest = MAX (longest, n);
    }
  for (guint i = 0; i <= longest; i++)
    g_string_append_c (out, '`');
  g_string_append_printf (out, "%s\n", language != NULL && strchr (language, '`') == NULL ? language : "");
  g_string_append_len (out, code, (gssize) length);
  if (length > 0)
    g_string_append_c (out, '\n');
  for (guint i = 0; i <= longest; i++)
    g_string_append_c (out, '`');
}

static void
append_delimiters (GString               *out,
                   const ScMarkdownBlock *block,
                   guint                  n)
{
  static const char *const delimiters[] = { "---", ":---", ":---:", "---:" };

  for (guint i = 0; i < n; i++)
    {
      guint align = block->aligns != NULL && i < block->aligns->len
                      ? g_array_index (block->aligns, ScMarkdownAlign, i)
                      : SC_MARKDOWN_ALIGN_NONE;

      g_string_append_printf (out, "| %s ", delimiters[align]);
    }
  g_string_append (out, "|\n");
}

static void
append_row (GString         *out,
            const GPtrArray *cells)
{
  for (guint i = 0; i < cells->len; i++)
    {
      const ScMarkdownText *cell = g_ptr_array_index (cells, i);

      g_string_append (out, "| ");
      sc_page_markdown_append_inline (out, cell, 0, (guint) cell->text->len, TRUE);
      g_string_append_c (out, ' ');
    }
  g_string_append (out, "|\n");
}

static void
append_table (GString               *out,
              const ScMarkdownBlock *block,
              guint                  from,
              guint                  to)
{
  for (guint i = 0; i < MIN (block->rows->len, MAX (to, 1)); i++)
    {
      const GPtrArray *cells = g_ptr_array_index (block->rows, i);

      if (i > 0 && i < from)
        continue;
      append_row (out, cells);
      if (i == 0)
        append_delimiters (out, block, cells->len);
    }
  if (out->len > 0)
    g_string_truncate (out, out->len - 1);
}

static void
append_heading (GString               *out,
                const ScMarkdownBlock *block,
                guint                  from,
                guint                  to)
{
  for (int i = 0; i < block->level; i++)
    g_string_append_c (out, '#');
  g_string_append_c (out, ' ');
  sc_page_markdown_append_inline (out, &block->content, from, to, FALSE);
  for (gsize i = 0; i + 1 < out->len; i++)
    if (out->str[i] == '\\' && out->str[i + 1] == '\n')
      {
        g_string_erase (out, (gssize) i, 1);
        out->str[i] = ' ';
      }
  /* Or it would be the closing sequence. */
  if (out->str[out->len - 1] == '#' && out->str[out->len - 2] != '\\')
    g_string_insert_c (out, (gssize) out->len - 1, '\\');
}

static void
append_content (const ScPageMarkdown  *self,
                GString               *out,
                const ScMarkdownBlock *block,
                guint                  from,
                guint                  to)
{
  to = block->kind == SC_MARKDOWN_TABLE ? to : MIN (to, (guint) block->content.text->len);
  switch (block->kind)
    {
    case SC_MARKDOWN_TABLE:
      append_table (out, block, from, to);
      break;
    case SC_MARKDOWN_RULE:
      /* "- ---" would be a rule itself. */
      g_string_append (out, self->is_pending ? "***" : "---");
      break;
    case SC_MARKDOWN_CODE:
      sc_page_markdown_append_code (out, block->content.text->str + from, to - from, block->language);
      break;
    case SC_MARKDOWN_HEADING:
      append_heading (out, block, from, to);
      break;
    case SC_MARKDOWN_HTML:
    case SC_MARKDOWN_MATH:
      g_string_append_len (out, block->content.text->str + from, to - from);
      break;
    case SC_MARKDOWN_ITEM:
    case SC_MARKDOWN_PARAGRAPH:
    case SC_MARKDOWN_QUOTE:
    default:
      sc_page_markdown_append_inline (out, &block->content, from, to, FALSE);
      break;
    }
}

void
sc_page_markdown_append (ScPageMarkdown        *self,
                         const ScMarkdownBlock *block,
                         guint                  from,
                         guint                  to)
{
  g_autoptr (GString) content = g_string_new (NULL);
  guint shared = enter (self, block);
  const char *line;

  append_content (self, content, block, from, to);
  append_first_prefix (self, block, shared);
  self->is_pending = FALSE;
  line = content->str;
  for (;;)
    {
      const char *feed = strchr (line, '\n');

      g_string_append_len (self->out, line, feed != NULL ? feed - line : (gssize) strlen (line));
      self->is_pending = feed == NULL && is_empty (block);
      if (!self->is_pending)
        {
          if (feed != NULL && feed == line)
            end_line (self);
          else
            g_string_append_c (self->out, '\n');
        }
      if (feed == NULL)
        break;
      line = feed + 1;
      append_prefix (self, self->containers->len);
    }
  self->has_last = TRUE;
  self->last = block->kind;
}
