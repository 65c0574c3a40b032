/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts and blocks as plain values: making, comparing, freeing. It knows no markdown. */

#include "config.h"

#include "sc-markdown-private.h"

#include <string.h>

void
sc_markdown_text_init (ScMarkdownText *text)
{
  text->text = g_string_sized_new (0);
  text->spans = g_array_new (FALSE, FALSE, sizeof (ScMarkdownSpan));
}

void
sc_markdown_text_clear (ScMarkdownText *text)
{
  g_string_free (text->text, TRUE);
  g_array_unref (text->spans);
}

void
sc_markdown_text_append (ScMarkdownText *text,
                         const char     *bytes,
                         gsize           length,
                         guint           styles,
                         const char     *target,
                         const char     *link)
{
  guint start = (guint) text->text->len;
  ScMarkdownSpan *last = NULL;

  if (length == 0)
    return;
  g_string_append_len (text->text, bytes, (gssize) length);
  if (styles == 0)
    return;
  if (text->spans->len > 0)
    last = &g_array_index (text->spans, ScMarkdownSpan, text->spans->len - 1);
  if (last != NULL && last->end == start && last->styles == styles && last->target == target &&
      last->link == link && (styles & SC_MARKDOWN_HARD_BREAK) == 0)
    {
      last->end += (guint) length;
    }
  else
    {
      ScMarkdownSpan span = { start, start + (guint) length, styles, target, link };

      g_array_append_val (text->spans, span);
    }
}

void
sc_markdown_text_append_image (ScMarkdownText *text,
                               guint           styles,
                               const char     *target,
                               const char     *link)
{
  guint at = (guint) text->text->len;
  ScMarkdownSpan span = { at, at, styles | SC_MARKDOWN_IMAGE, target, link };

  g_array_append_val (text->spans, span);
}

void
sc_markdown_text_truncate (ScMarkdownText *text,
                           gsize           length)
{
  while (text->spans->len > 0)
    {
      ScMarkdownSpan *last = &g_array_index (text->spans, ScMarkdownSpan, text->spans->len - 1);

      if (last->start < length)
        {
          last->end = MIN (last->end, (guint) length);
          break;
        }
      g_array_set_size (text->spans, text->spans->len - 1);
    }
  g_string_truncate (text->text, length);
}

static gboolean
spans_look_same (const ScMarkdownSpan *a,
                 const ScMarkdownSpan *b)
{
  return a->styles == b->styles &&
         (a->target == b->target || g_strcmp0 (a->target, b->target) == 0) &&
         (a->link == b->link || g_strcmp0 (a->link, b->link) == 0);
}

/* How many bytes from the start look the same: the first byte that is another character or another style ends it. */
static guint
compare_spans (const GArray *a,
               const GArray *b,
               guint         limit)
{
  guint i;

  for (i = 0; i < a->len && i < b->len; i++)
    {
      const ScMarkdownSpan *sa = &g_array_index (a, ScMarkdownSpan, i);
      const ScMarkdownSpan *sb = &g_array_index (b, ScMarkdownSpan, i);

      if (sa->start >= limit && sb->start >= limit)
        return limit;
      if (sa->start != sb->start)
        return MIN (limit, MIN (sa->start, sb->start));
      if (!spans_look_same (sa, sb))
        return MIN (limit, sa->start);
      if (sa->end != sb->end)
        return MIN (limit, MIN (sa->end, sb->end));
    }
  if (i < a->len)
    limit = MIN (limit, g_array_index (a, ScMarkdownSpan, i).start);
  if (i < b->len)
    limit = MIN (limit, g_array_index (b, ScMarkdownSpan, i).start);
  return limit;
}

/* An image at the very end that has no text is in the spans alone. */
static gboolean
ends_alike (const ScMarkdownText *a,
            const ScMarkdownText *b)
{
  guint n = a->spans->len;

  return n == b->spans->len &&
         (n == 0 || spans_look_same (&g_array_index (a->spans, ScMarkdownSpan, n - 1),
                                     &g_array_index (b->spans, ScMarkdownSpan, n - 1)));
}

guint
sc_markdown_text_compare (const ScMarkdownText *a,
                          const ScMarkdownText *b)
{
  gsize length = MIN (a->text->len, b->text->len);
  gsize same = length;
  guint result;

  if (memcmp (a->text->str, b->text->str, length) != 0)
    for (same = 0; a->text->str[same] == b->text->str[same]; same++)
      continue;
  result = compare_spans (a->spans, b->spans, (guint) same);
  if (result == a->text->len && result == b->text->len)
    return ends_alike (a, b) ? G_MAXUINT : result;
  while (result > 0 && result < a->text->len && ((guchar) a->text->str[result] & 0xc0) == 0x80)
    result--;
  while (result > 0 && result < b->text->len && ((guchar) b->text->str[result] & 0xc0) == 0x80)
    result--;
  return result;
}

ScMarkdownText *
sc_markdown_cell_new (void)
{
  ScMarkdownText *cell = g_new (ScMarkdownText, 1);

  sc_markdown_text_init (cell);
  return cell;
}

void
sc_markdown_cell_free (ScMarkdownText *cell)
{
  sc_markdown_text_clear (cell);
  g_free (cell);
}

GPtrArray *
sc_markdown_row_new (guint n_cells)
{
  GPtrArray *row = g_ptr_array_new_full (n_cells, (GDestroyNotify) sc_markdown_cell_free);

  while (row->len < n_cells)
    g_ptr_array_add (row, sc_markdown_cell_new ());
  return row;
}

ScMarkdownEntry *
sc_markdown_entry_new (ScMarkdownKind kind)
{
  ScMarkdownEntry *entry = g_new0 (ScMarkdownEntry, 1);

  entry->block.kind = kind;
  entry->block.number = -1;
  entry->block.checked = -1;
  sc_markdown_text_init (&entry->block.content);
  if (kind == SC_MARKDOWN_TABLE)
    {
      entry->block.aligns = g_array_new (FALSE, FALSE, sizeof (ScMarkdownAlign));
      entry->block.rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
    }
  return entry;
}

void
sc_markdown_entry_free (ScMarkdownEntry *entry)
{
  sc_markdown_text_clear (&entry->block.content);
  g_clear_pointer (&entry->block.aligns, g_array_unref);
  g_clear_pointer (&entry->block.rows, g_ptr_array_unref);
  g_clear_pointer (&entry->strings, g_ptr_array_unref);
  g_free (entry->block.language);
  g_free (entry);
}

const char *
sc_markdown_entry_take (ScMarkdownEntry *entry,
                        char            *string)
{
  if (entry->strings == NULL)
    entry->strings = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (entry->strings, string);
  return string;
}

static gboolean
aligns_are_same (const GArray *a,
                 const GArray *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->len == b->len &&
         (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (ScMarkdownAlign)) == 0);
}

gboolean
sc_markdown_entry_same_fields (const ScMarkdownEntry *a,
                               const ScMarkdownEntry *b)
{
  return a->block.kind == b->block.kind && a->block.level == b->block.level &&
         a->block.depth == b->block.depth && a->block.quote == b->block.quote &&
         a->block.number == b->block.number && a->block.checked == b->block.checked &&
         g_strcmp0 (a->block.language, b->block.language) == 0 &&
         aligns_are_same (a->block.aligns, b->block.aligns);
}

static gboolean
rows_are_same (const GPtrArray *a,
               const GPtrArray *b)
{
  guint i;

  if (a->len != b->len)
    return FALSE;
  for (i = 0; i < a->len; i++)
    if (sc_markdown_text_compare (a->pdata[i], b->pdata[i]) != G_MAXUINT)
      return FALSE;
  return TRUE;
}

guint
sc_markdown_entry_same_rows (const ScMarkdownEntry *a,
                             const ScMarkdownEntry *b)
{
  guint i;

  if (a->block.rows == NULL || b->block.rows == NULL)
    return 0;
  for (i = 0; i < a->block.rows->len && i < b->block.rows->len; i++)
    if (!rows_are_same (a->block.rows->pdata[i], b->block.rows->pdata[i]))
      break;
  return i;
}

gboolean
sc_markdown_entry_equal (const ScMarkdownEntry *a,
                         const ScMarkdownEntry *b)
{
  if (!sc_markdown_entry_same_fields (a, b))
    return FALSE;
  if (a->block.rows != NULL)
    return a->block.rows->len == b->block.rows->len &&
           sc_markdown_entry_same_rows (a, b) == a->block.rows->len;
  return sc_markdown_text_compare (&a->block.content, &b->block.content) == G_MAXUINT;
}
