/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text of a block to what is shown of it, and the rules of indents and gaps. Pure: touches no buffer. */

#include "config.h"

#include "sc-block.h"

#include <string.h>

/* A soft break is put after a space in the last quarter of the limit; where there is none, at the limit itself, but
 * not between a character and the marks that belong to it. */
#define SOFT_LIMIT (SC_BLOCK_PARAGRAPH_LIMIT * 3 / 4)
#define HARD_LIMIT (SC_BLOCK_PARAGRAPH_LIMIT + 64)

#define LINE_SEPARATOR "\xe2\x80\xa8"

static gboolean
is_break_due (const ScBlockMap *self,
              const char       *text)
{
  gunichar next;

  if (G_LIKELY (self->column < SOFT_LIMIT) || self->bytes == 0)
    return FALSE;
  if (text[self->bytes - 1] == ' ')
    return TRUE;
  if (self->column < SC_BLOCK_PARAGRAPH_LIMIT)
    return FALSE;
  if (self->column >= HARD_LIMIT)
    return TRUE;
  next = g_utf8_get_char (text + self->bytes);

  return !g_unichar_ismark (next) && !g_unichar_iszerowidth (next);
}

void
sc_block_map_advance (ScBlockMap *self,
                      const char *text,
                      guint       to_bytes,
                      gboolean    keeps_lines,
                      GString    *out,
                      GArray     *breaks)
{
  while (self->bytes < to_bytes)
    {
      const char *at = text + self->bytes;
      guint length = (guint) (g_utf8_next_char (at) - at);

      if (is_break_due (self, text) && *at != '\n')
        {
          if (breaks != NULL)
            g_array_append_val (breaks, self->chars);
          if (out != NULL)
            g_string_append_c (out, '\n');
          self->chars++;
          self->column = 0;
        }
      if (out != NULL)
        {
          if (*at == '\n' && !keeps_lines)
            g_string_append (out, LINE_SEPARATOR);
          else
            g_string_append_len (out, at, length);
        }
      self->column = (*at == '\n' && keeps_lines) ? 0 : self->column + length;
      self->bytes += length;
      self->chars++;
    }
}

gboolean
sc_block_keeps_lines (ScMarkdownKind kind)
{
  return kind == SC_MARKDOWN_CODE || kind == SC_MARKDOWN_HTML || kind == SC_MARKDOWN_MATH;
}

int
sc_block_get_indent (ScMarkdownKind kind,
                     int            quote,
                     int            depth)
{
  int lists = MIN (depth, SC_PAGE_MAX_NESTING);

  /* An item's bullet stands where the text of the list around it begins. */
  if (kind == SC_MARKDOWN_ITEM && lists > 0)
    lists--;

  return MIN (quote, SC_PAGE_MAX_NESTING) * SC_PAGE_QUOTE_INDENT + lists * SC_PAGE_LIST_INDENT;
}

int
sc_block_get_padding (ScMarkdownKind  kind,
                      const char     *language)
{
  if (kind != SC_MARKDOWN_CODE)
    return 0;

  /* The label has a line of its own. */
  return SC_PAGE_CODE_PADDING + (language != NULL && *language != '\0' ? 22 : 0);
}

static int
get_space (const ScMarkdownBlock *self,
           const ScMarkdownBlock *next)
{
  if (next->kind == SC_MARKDOWN_HEADING)
    return next->level <= 2 ? 26 : 20;
  if (self->kind == SC_MARKDOWN_HEADING)
    return 8;
  /* Items of one list stand close, whether the source is loose or tight; another list begins with a gap. */
  if (next->kind == SC_MARKDOWN_ITEM && self->kind == SC_MARKDOWN_ITEM &&
      (self->depth != next->depth || (self->number >= 0) == (next->number >= 0)))
    return SC_PAGE_ITEM_GAP;

  return SC_PAGE_BLOCK_GAP;
}

int
sc_block_get_gap (const ScMarkdownBlock *self,
                  const ScMarkdownBlock *next)
{
  int gap = sc_block_get_padding (next->kind, next->language);

  if (self == NULL)
    return gap;
  if (self->kind == SC_MARKDOWN_CODE)
    gap += SC_PAGE_CODE_PADDING;

  return gap + get_space (self, next);
}

const char *
sc_block_find_link (const ScBlock *self,
                    guint          position)
{
  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    {
      const ScBlockLink *link = &g_array_index (self->links, ScBlockLink, i);

      if (position >= link->start && position < link->end)
        return link->target;
    }

  return NULL;
}

static void
clear_link (gpointer data)
{
  ScBlockLink *link = data;

  g_free (link->target);
  g_free (link->image);
  g_clear_pointer (&link->picture, sc_picture_unref);
}

void
sc_block_add_link (ScBlock              *self,
                   guint                 start,
                   guint                 end,
                   const ScMarkdownSpan *span)
{
  ScBlockLink link = { start, end, NULL, NULL, NULL };
  gboolean is_image = (span->styles & SC_MARKDOWN_IMAGE) != 0;

  if (self->links == NULL)
    {
      self->links = g_array_new (FALSE, FALSE, sizeof (ScBlockLink));
      g_array_set_clear_func (self->links, clear_link);
    }
  if (is_image)
    link.image = g_strdup (span->target);
  /* A picture that is in the text itself leads nowhere, and its address may be long. */
  if (span->link != NULL)
    link.target = g_strdup (span->link);
  else if (!is_image || g_ascii_strncasecmp (span->target, "data:", 5) != 0)
    link.target = g_strdup (span->target);
  g_array_append_val (self->links, link);
}
