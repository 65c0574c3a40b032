/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks into the text buffer: text, one tag for the paragraph's place, one for its looks, one for the gap above, and
 * one per style of a span. Offsets are characters; a look-up by offset costs little anywhere in the buffer. */

#include "config.h"

#include "sc-block.h"

#include <string.h>

/* How far into a text its direction is looked for. */
#define DIRECTION_CHARS 64

static void
apply_tag (const ScBlockWriter *writer,
           GtkTextTag          *tag,
           guint                start,
           guint                end)
{
  GtkTextIter start_iter;
  GtkTextIter end_iter;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &start_iter, (int) start);
  gtk_text_buffer_get_iter_at_offset (writer->buffer, &end_iter, (int) end);
  gtk_text_buffer_apply_tag (writer->buffer, tag, &start_iter, &end_iter);
}

static void
insert_text (const ScBlockWriter *writer,
             guint                offset,
             const char          *text,
             gssize               length)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &iter, (int) offset);
  gtk_text_buffer_insert (writer->buffer, &iter, text, (int) length);
}

static void
delete_text (const ScBlockWriter *writer,
             guint                start,
             guint                end)
{
  GtkTextIter start_iter;
  GtkTextIter end_iter;

  if (start >= end)
    return;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &start_iter, (int) start);
  gtk_text_buffer_get_iter_at_offset (writer->buffer, &end_iter, (int) end);
  gtk_text_buffer_delete (writer->buffer, &start_iter, &end_iter);
}

void
sc_block_apply_styles (const ScBlockWriter *writer,
                       guint                styles,
                       guint                start,
                       guint                end)
{
  static const struct
  {
    guint       flag;
    ScPageStyle style;
  } map[] = {
    { SC_MARKDOWN_BOLD, SC_PAGE_STYLE_BOLD },
    { SC_MARKDOWN_ITALIC, SC_PAGE_STYLE_ITALIC },
    { SC_MARKDOWN_STRIKE, SC_PAGE_STYLE_STRIKE },
    { SC_MARKDOWN_CODE_SPAN, SC_PAGE_STYLE_CODE_SPAN },
    { SC_MARKDOWN_INLINE_MATH, SC_PAGE_STYLE_MATH },
    { SC_MARKDOWN_INLINE_HTML, SC_PAGE_STYLE_MATH },
    { SC_MARKDOWN_LINK, SC_PAGE_STYLE_LINK },
    { SC_MARKDOWN_IMAGE, SC_PAGE_STYLE_IMAGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (map); i++)
    if (styles & map[i].flag)
      apply_tag (writer, sc_page_tags_get (writer->tags, map[i].style), start, end);
}

static ScPageStyle
get_style (const ScBlock *self)
{
  switch (self->kind)
    {
    case SC_MARKDOWN_HEADING:
      return SC_PAGE_STYLE_HEADING_1 + (ScPageStyle) (CLAMP (self->level, 1, 4) - 1);
    case SC_MARKDOWN_CODE:
      return SC_PAGE_STYLE_CODE;
    case SC_MARKDOWN_TABLE:
      return SC_PAGE_STYLE_TABLE;
    case SC_MARKDOWN_HTML:
    case SC_MARKDOWN_MATH:
      return SC_PAGE_STYLE_SOURCE;
    case SC_MARKDOWN_RULE:
      return SC_PAGE_STYLE_RULE;
    case SC_MARKDOWN_PARAGRAPH:
    case SC_MARKDOWN_QUOTE:
    case SC_MARKDOWN_ITEM:
    default:
      return SC_PAGE_STYLE_QUOTE;
    }
}

/* Of an item's number; a bullet is as wide as one. */
static guint
count_digits (const ScBlock *self)
{
  guint n = 1;

  if (self->kind != SC_MARKDOWN_ITEM)
    return 0;
  for (int rest = self->checked < 0 ? self->number : 0; rest >= 10; rest /= 10)
    n++;

  return n;
}

static GtkTextTag *
get_margin_tag (const ScBlock       *self,
                const ScBlockWriter *writer)
{
  int start = sc_block_get_indent (self->kind, self->quote, self->depth);
  gboolean is_code = self->kind == SC_MARKDOWN_CODE;

  /* On a narrow page deep nesting must leave room for the text. */
  start = MIN (start, writer->width / 3);

  return sc_page_tags_get_margin (writer->tags,
                                  start + (is_code ? SC_PAGE_CODE_PADDING : 0),
                                  is_code ? SC_PAGE_CODE_PADDING : 0,
                                  count_digits (self),
                                  self->is_rtl);
}

static void
apply_paragraph_tags (ScBlock             *self,
                      const ScBlockWriter *writer,
                      guint                offset,
                      guint                from,
                      guint                to)
{
  apply_tag (writer, get_margin_tag (self, writer), offset + from, offset + to);
  apply_tag (writer, sc_page_tags_get (writer->tags, get_style (self)), offset + from, offset + to);
  if (from == 0)
    apply_tag (writer, sc_page_tags_get_gap (writer->tags, self->gap), offset, offset + 1);
}

static char *
dup_lead (const ScBlock *self)
{
  if (self->kind != SC_MARKDOWN_ITEM)
    return NULL;
  if (self->checked >= 0)
    return g_strdup (self->checked ? "☑\t" : "☐\t");
  if (self->number >= 0)
    return g_strdup_printf ("%d.\t", self->number);

  return g_strdup (self->depth % 2 == 1 ? "•\t" : "◦\t");
}

/* Links after @from are written anew; one that reaches over it keeps its beginning. */
static void
forget_links (ScBlock *self,
              guint    from)
{
  guint n;

  if (self->links == NULL)
    return;

  for (n = self->links->len; n > 0; n--)
    {
      ScBlockLink *link = &g_array_index (self->links, ScBlockLink, n - 1);

      if (link->start < from)
        {
          link->end = MIN (link->end, from);
          break;
        }
    }
  g_array_set_size (self->links, n);
}

typedef struct
{
  guint                 start;
  guint                 end;
  const ScMarkdownSpan *span;
} StyledRange;

/* A picture without words has no length. */
static gboolean
is_before (const ScMarkdownSpan *span,
           guint                 at)
{
  return span->end < at || (span->end == at && span->start < at);
}

/* Translates the text from @map on, and says where its spans end up. */
static void
translate (ScBlock              *self,
           const ScMarkdownText *text,
           ScBlockMap           *map,
           GString              *out,
           GArray               *ranges,
           GArray               *breaks)
{
  gboolean keeps_lines = sc_block_keeps_lines (self->kind);
  guint from = map->bytes;
  guint low = 0;
  guint high = text->spans->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (is_before (&g_array_index (text->spans, ScMarkdownSpan, middle), from))
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = low; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);
      StyledRange range = { 0, 0, span };

      sc_block_map_advance (map, text->text->str, span->start, keeps_lines, out, breaks);
      range.start = map->chars;
      sc_block_map_advance (map, text->text->str, span->end, keeps_lines, out, breaks);
      range.end = map->chars;
      g_array_append_val (ranges, range);
    }
  sc_block_map_advance (map, text->text->str, (guint) text->text->len, keeps_lines, out, breaks);
}

/* Writes the text from @map on; what stood there before is gone already, only the final line feed stands behind. */
static void
write_tail (ScBlock              *self,
            const ScBlockWriter  *writer,
            guint                 offset,
            const ScMarkdownText *text,
            ScBlockMap            map)
{
  g_autoptr (GString) out = g_string_sized_new (text->text->len - map.bytes + 16);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (StyledRange));
  g_autoptr (GArray) breaks = g_array_new (FALSE, FALSE, sizeof (guint));
  guint from = self->n_lead + map.chars;
  guint base = offset + self->n_lead;

  translate (self, text, &map, out, ranges, breaks);
  insert_text (writer, offset + from, out->str, (gssize) out->len);
  self->n_bytes = map.bytes;
  self->n_chars = self->n_lead + map.chars + 1;
  apply_paragraph_tags (self, writer, offset, from, self->n_chars);
  for (guint i = 0; i < ranges->len; i++)
    {
      const StyledRange *range = &g_array_index (ranges, StyledRange, i);

      sc_block_apply_styles (writer, range->span->styles, base + range->start, base + range->end);
      if (range->span->target != NULL || range->span->link != NULL)
        sc_block_add_link (self, self->n_lead + range->start, self->n_lead + range->end, range->span);
    }
  for (guint i = 0; i < breaks->len; i++)
    {
      guint at = g_array_index (breaks, guint, i);

      apply_tag (writer, sc_page_tags_get (writer->tags, SC_PAGE_STYLE_SOFT_BREAK),
                 base + at, base + at + 1);
    }
}

static void
take_fields (ScBlock               *self,
             const ScMarkdownBlock *source)
{
  self->kind = source->kind;
  self->level = source->level;
  self->depth = source->depth;
  self->quote = source->quote;
  self->number = source->number;
  self->checked = source->checked;
  self->is_closed = source->is_closed;
  g_free (self->language);
  self->language = g_strdup (source->language);
}

/* By the first letter that says so; Pango's own look at it is deprecated. */
static gboolean
is_rtl_text (const ScMarkdownBlock *source)
{
  const char *text = source->content.text->str;
  guint n = 0;

  if (source->kind == SC_MARKDOWN_CODE || source->kind == SC_MARKDOWN_TABLE)
    return FALSE;

  for (const char *at = text; *at != '\0' && n < DIRECTION_CHARS; at = g_utf8_next_char (at), n++)
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_isalpha (c))
        continue;
      switch ((int) g_unichar_get_script (c))
        {
        case G_UNICODE_SCRIPT_ARABIC:
        case G_UNICODE_SCRIPT_HEBREW:
        case G_UNICODE_SCRIPT_NKO:
        case G_UNICODE_SCRIPT_SYRIAC:
        case G_UNICODE_SCRIPT_THAANA:
          return TRUE;
        default:
          return FALSE;
        }
    }

  return FALSE;
}

void
sc_block_clear (ScBlock *self)
{
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->table, sc_block_table_free);
}

static void
write_lead (ScBlock             *self,
            const ScBlockWriter *writer,
            guint                offset)
{
  g_autofree char *lead = dup_lead (self);

  self->n_lead = 0;
  if (lead == NULL)
    return;

  self->n_lead = (guint8) g_utf8_strlen (lead, -1);
  insert_text (writer, offset, lead, -1);
  apply_paragraph_tags (self, writer, offset, 0, self->n_lead);
  apply_tag (writer, sc_page_tags_get (writer->tags, SC_PAGE_STYLE_LEAD), offset, offset + self->n_lead);
}

void
sc_block_write (ScBlock               *self,
                const ScBlockWriter   *writer,
                guint                  offset,
                const ScMarkdownBlock *source,
                int                    gap)
{
  memset (self, 0, sizeof *self);
  take_fields (self, source);
  self->gap = gap;
  self->is_rtl = is_rtl_text (source);
  if (source->kind == SC_MARKDOWN_TABLE)
    {
      sc_block_table_write (self, writer, offset, source, 0);
      apply_paragraph_tags (self, writer, offset, 0, self->n_chars);
      sc_block_renew_room (self, writer, offset);
      return;
    }
  insert_text (writer, offset, "\n", 1);
  write_lead (self, writer, offset);
  write_tail (self, writer, offset, &source->content, self->checkpoint);
  sc_block_renew_room (self, writer, offset);
}

/* The direction is that of the first strong character: it can be known only when one came. */
static gboolean
turns_around (const ScBlock         *self,
              const ScMarkdownBlock *source)
{
  return self->n_bytes < 4 * DIRECTION_CHARS && self->is_rtl != is_rtl_text (source);
}

static void
update_text (ScBlock               *self,
             const ScBlockWriter   *writer,
             guint                  offset,
             const ScMarkdownBlock *source,
             guint                  keep_bytes,
             guint                  keep_rows)
{
  ScBlockMap map;
  gboolean keeps_lines = sc_block_keeps_lines (source->kind);

  self->is_closed = source->is_closed;
  if (keep_bytes == G_MAXUINT)
    return;
  if (source->kind == SC_MARKDOWN_TABLE)
    {
      sc_block_table_write (self, writer, offset, source, keep_rows);
      apply_paragraph_tags (self, writer, offset, 0, self->n_chars);
      return;
    }
  if (turns_around (self, source))
    {
      int gap = self->gap;

      delete_text (writer, offset, offset + self->n_chars);
      sc_block_clear (self);
      sc_block_write (self, writer, offset, source, gap);
      return;
    }

  keep_bytes = MIN (keep_bytes, MIN (self->n_bytes, (guint) source->content.text->len));
  map = self->checkpoint;
  if (map.bytes > keep_bytes)
    memset (&map, 0, sizeof map);
  sc_block_map_advance (&map, source->content.text->str, keep_bytes, keeps_lines, NULL, NULL);
  self->checkpoint = map;
  delete_text (writer, offset + self->n_lead + map.chars, offset + self->n_chars - 1);
  forget_links (self, self->n_lead + map.chars);
  self->n_coloured = MIN (self->n_coloured, map.chars);
  write_tail (self, writer, offset, &source->content, map);
}

void
sc_block_update (ScBlock               *self,
                 const ScBlockWriter   *writer,
                 guint                  offset,
                 const ScMarkdownBlock *source,
                 guint                  keep_bytes,
                 guint                  keep_rows)
{
  /* The room is at the last paragraph, which may be another one afterwards. */
  if (self->room > 0 && keep_bytes != G_MAXUINT)
    sc_block_take_room (self, writer, offset);
  update_text (self, writer, offset, source, keep_bytes, keep_rows);
  sc_block_renew_room (self, writer, offset);
}

void
sc_block_set_gap (ScBlock             *self,
                  const ScBlockWriter *writer,
                  guint                offset,
                  int                  gap)
{
  GtkTextIter start;
  GtkTextIter end;

  if (self->gap == gap)
    return;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &start, (int) offset);
  gtk_text_buffer_get_iter_at_offset (writer->buffer, &end, (int) offset + 1);
  gtk_text_buffer_remove_tag (writer->buffer, sc_page_tags_get_gap (writer->tags, self->gap), &start, &end);
  self->gap = gap;
  gtk_text_buffer_apply_tag (writer->buffer, sc_page_tags_get_gap (writer->tags, gap), &start, &end);
}
