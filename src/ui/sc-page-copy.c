/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copying. The buffer's own copy builds a second tagged buffer and takes a second for a megabyte; here the text comes
 * from the model, and HTML is made only when it is asked for. */

#include "config.h"

#include "sc-page-copy.h"

#include <string.h>

/* Content: text at once, HTML when it is pasted */

#define SC_TYPE_PAGE_CONTENT (sc_page_content_get_type ())
G_DECLARE_FINAL_TYPE (ScPageContent, sc_page_content, SC, PAGE_CONTENT, GdkContentProvider)

struct _ScPageContent
{
  GdkContentProvider parent_instance;
  char              *markdown;
};

G_DEFINE_FINAL_TYPE (ScPageContent, sc_page_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
sc_page_content_ref_formats (GdkContentProvider *provider)
{
  const char *types[] = { "text/html" };

  return gdk_content_formats_new (types, G_N_ELEMENTS (types));
}

static void
write_done_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
sc_page_content_write_async (GdkContentProvider  *provider,
                             const char          *mime_type,
                             GOutputStream       *stream,
                             int                  io_priority,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ScPageContent *self = SC_PAGE_CONTENT (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  char *html;

  g_task_set_source_tag (task, sc_page_content_write_async);
  if (g_strcmp0 (mime_type, "text/html") != 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s", mime_type);
      g_object_unref (task);
      return;
    }
  html = sc_markdown_to_html (self->markdown, -1);
  g_task_set_task_data (task, html, g_free);
  g_output_stream_write_all_async (stream, html, strlen (html), io_priority, cancellable,
                                   write_done_cb, task);
}

static gboolean
sc_page_content_write_finish (GdkContentProvider  *provider,
                              GAsyncResult        *result,
                              GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sc_page_content_finalize (GObject *object)
{
  g_free (SC_PAGE_CONTENT (object)->markdown);

  G_OBJECT_CLASS (sc_page_content_parent_class)->finalize (object);
}

static void
sc_page_content_class_init (ScPageContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sc_page_content_finalize;
  provider_class->ref_formats = sc_page_content_ref_formats;
  provider_class->write_mime_type_async = sc_page_content_write_async;
  provider_class->write_mime_type_finish = sc_page_content_write_finish;
}

static void
sc_page_content_init (ScPageContent *self)
{
}

GdkContentProvider *
sc_page_create_content (char *markdown)
{
  ScPageContent *rich = g_object_new (SC_TYPE_PAGE_CONTENT, NULL);
  GdkContentProvider *providers[2];

  rich->markdown = markdown;
  providers[0] = gdk_content_provider_new_typed (G_TYPE_STRING, markdown);
  providers[1] = GDK_CONTENT_PROVIDER (rich);

  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* Blocks to markdown */

typedef struct
{
  guint       flag;
  const char *open;
  const char *close;
} Marker;

static const Marker markers[] = {
  { SC_MARKDOWN_BOLD, "**", "**" },
  { SC_MARKDOWN_ITALIC, "*", "*" },
  { SC_MARKDOWN_STRIKE, "~~", "~~" },
  { SC_MARKDOWN_CODE_SPAN, "`", "`" },
  { SC_MARKDOWN_INLINE_MATH, "$", "$" },
};

#define ALL_MARKERS                                                                                 \
  (SC_MARKDOWN_BOLD | SC_MARKDOWN_ITALIC | SC_MARKDOWN_STRIKE | SC_MARKDOWN_CODE_SPAN |              \
   SC_MARKDOWN_INLINE_MATH)

/* Closes from the innermost out whatever does not go on, then opens what begins. */
static guint
change_styles (GString *out,
               guint    from,
               guint    to)
{
  gboolean must_close = FALSE;
  guint still = 0;

  for (guint i = 0; i < G_N_ELEMENTS (markers); i++)
    {
      guint flag = markers[i].flag;

      if ((from & flag) && !(to & flag))
        must_close = TRUE;
      if ((from & flag) && !must_close)
        still |= flag;
    }
  for (guint i = G_N_ELEMENTS (markers); i > 0; i--)
    if ((from & markers[i - 1].flag) && !(still & markers[i - 1].flag))
      g_string_append (out, markers[i - 1].close);
  for (guint i = 0; i < G_N_ELEMENTS (markers); i++)
    if ((to & markers[i].flag) && !(still & markers[i].flag))
      g_string_append (out, markers[i].open);

  return to;
}

static void
append_inline (GString              *out,
               const ScMarkdownText *text,
               guint                 from,
               guint                 to)
{
  guint at = from;
  guint styles = 0;

  for (guint i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);
      guint start = MAX (span->start, from);
      guint end = MIN (span->end, to);

      if (start >= end)
        continue;
      if (start > at)
        styles = change_styles (out, styles, 0);
      g_string_append_len (out, text->text->str + at, start - at);
      if (span->styles & SC_MARKDOWN_HARD_BREAK)
        g_string_append (out, "\\");
      if (span->target != NULL)
        {
          styles = change_styles (out, styles, 0);
          g_string_append (out, span->styles & SC_MARKDOWN_IMAGE ? "![" : "[");
        }
      styles = change_styles (out, styles, span->styles & ALL_MARKERS);
      g_string_append_len (out, text->text->str + start, end - start);
      if (span->target != NULL)
        {
          styles = change_styles (out, styles, 0);
          g_string_append_printf (out, "](%s)", span->target);
        }
      at = end;
    }
  change_styles (out, styles, 0);
  if (at < to)
    g_string_append_len (out, text->text->str + at, to - at);
}

static void
append_table (GString               *out,
              const ScMarkdownBlock *block)
{
  for (guint i = 0; i < block->rows->len; i++)
    {
      const GPtrArray *cells = g_ptr_array_index (block->rows, i);

      for (guint j = 0; j < cells->len; j++)
        {
          const ScMarkdownText *cell = g_ptr_array_index (cells, j);

          g_string_append (out, "| ");
          append_inline (out, cell, 0, (guint) cell->text->len);
          g_string_append_c (out, ' ');
        }
      g_string_append (out, "|\n");
      for (guint j = 0; i == 0 && j < cells->len; j++)
        g_string_append (out, j + 1 < cells->len ? "| --- " : "| --- |\n");
    }
}

static void
append_content (GString               *out,
                const ScMarkdownBlock *block,
                guint                  from,
                guint                  to)
{
  switch (block->kind)
    {
    case SC_MARKDOWN_TABLE:
      append_table (out, block);
      break;
    case SC_MARKDOWN_RULE:
      g_string_append (out, "---");
      break;
    case SC_MARKDOWN_CODE:
      g_string_append_printf (out, "```%s\n", block->language != NULL ? block->language : "");
      g_string_append_len (out, block->content.text->str + from, to - from);
      g_string_append (out, "\n```");
      break;
    case SC_MARKDOWN_HEADING:
      for (int i = 0; i < block->level; i++)
        g_string_append_c (out, '#');
      g_string_append_c (out, ' ');
      append_inline (out, &block->content, from, to);
      break;
    case SC_MARKDOWN_ITEM:
      if (block->number >= 0)
        g_string_append_printf (out, "%d. ", block->number);
      else
        g_string_append (out, "- ");
      if (block->checked >= 0)
        g_string_append (out, block->checked ? "[x] " : "[ ] ");
      append_inline (out, &block->content, from, to);
      break;
    case SC_MARKDOWN_HTML:
    case SC_MARKDOWN_MATH:
      g_string_append_len (out, block->content.text->str + from, to - from);
      break;
    case SC_MARKDOWN_PARAGRAPH:
    case SC_MARKDOWN_QUOTE:
    default:
      append_inline (out, &block->content, from, to);
      break;
    }
}

/* Each line of the block behind the marks of its quotes and the indent of its lists. */
static void
append_block (GString               *out,
              const ScMarkdownBlock *block,
              guint                  from,
              guint                  to)
{
  g_autoptr (GString) content = g_string_new (NULL);
  g_autoptr (GString) prefix = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  int depth = block->depth;

  append_content (content, block, from, to);
  while (content->len > 0 && content->str[content->len - 1] == '\n')
    g_string_truncate (content, content->len - 1);
  for (int i = 0; i < block->quote; i++)
    g_string_append (prefix, "> ");
  if (block->kind == SC_MARKDOWN_ITEM && depth > 0)
    depth--;
  for (int i = 0; i < depth; i++)
    g_string_append (prefix, "   ");
  lines = g_strsplit (content->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "%s%s%s\n", prefix->str, i > 0 && block->kind == SC_MARKDOWN_ITEM ? "   " : "",
                            lines[i]);
}

static guint
chars_to_bytes (const ScMarkdownBlock *block,
                guint                  chars)
{
  ScBlockMap map = { 0, 0, 0 };
  const char *text = block->content.text->str;
  guint length = (guint) block->content.text->len;

  while (map.bytes < length && map.chars < chars)
    sc_block_map_advance (&map, text, (guint) (g_utf8_next_char (text + map.bytes) - text),
                          sc_block_keeps_lines (block->kind), NULL, NULL);

  return map.bytes;
}

/* Ranges of the page */

typedef struct
{
  ScPage  *page;
  guint    from;
  guint    to;
  guint    n_blocks;
  guint    n_turns;
  gboolean is_from_start; /* also what is before the page */
  gboolean is_to_end;     /* also what is behind it */
} CopyJob;

static void
count_cb (ScPageEntry *entry,
          ScBlock     *block,
          guint        offset,
          guint        n_chars,
          gpointer     user_data)
{
  CopyJob *job = user_data;

  if (block == NULL)
    job->n_turns++;
  else
    job->n_blocks++;
}

static char *
dup_plain (CopyJob *job)
{
  GtkTextBuffer *buffer = sc_page_get_writer (job->page)->buffer;
  GtkTextTag *soft = sc_page_tags_get (sc_page_get_writer (job->page)->tags, SC_PAGE_STYLE_SOFT_BREAK);
  GString *out = g_string_new (NULL);
  GtkTextIter iter;
  GtkTextIter end;

  gtk_text_buffer_get_iter_at_offset (buffer, &iter, (int) job->from);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) job->to);
  for (; gtk_text_iter_compare (&iter, &end) < 0; gtk_text_iter_forward_char (&iter))
    {
      gunichar c = gtk_text_iter_get_char (&iter);

      if (c == '\n' && gtk_text_iter_has_tag (&iter, soft))
        continue;
      g_string_append_unichar (out, c == 0x2028 ? '\n' : c);
    }

  return g_string_free (out, FALSE);
}

static void
append_words (GString           *out,
              CopyJob           *job,
              const ScPageEntry *entry,
              guint              offset)
{
  CopyJob piece = *job;
  guint start = offset + entry->n_head;
  guint end = offset + entry->n_chars - entry->n_foot;

  piece.from = MAX (job->from, start);
  piece.to = MIN (job->to, end);
  if (piece.from < piece.to)
    {
      g_autofree char *text = dup_plain (&piece);

      g_string_append (out, g_strchomp (text));
      g_string_append_c (out, '\n');
    }
}

static gboolean
is_same_list (const ScMarkdownBlock *a,
              const ScMarkdownBlock *b)
{
  return a != NULL && b->kind == SC_MARKDOWN_ITEM && (a->kind == SC_MARKDOWN_ITEM || a->depth > 0);
}

static void
append_answer (GString     *out,
               CopyJob     *job,
               ScPageEntry *entry,
               guint        offset)
{
  g_autoptr (ScMarkdownStream) parsed = entry->stream == NULL ? sc_page_parse (entry) : NULL;
  ScMarkdownStream *stream = parsed != NULL ? parsed : entry->stream;
  const ScMarkdownBlock *last = NULL;
  guint at = offset + entry->n_chars - entry->n_foot;

  for (guint i = 0; job->is_from_start && i < entry->first_block; i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);

      if (last != NULL && !is_same_list (last, block))
        g_string_append_c (out, '\n');
      append_block (out, block, 0, (guint) block->content.text->len);
      last = block;
    }
  for (guint i = 0; i < entry->blocks->len; i++)
    at -= g_array_index (entry->blocks, ScBlock, i).n_chars;
  for (guint i = 0; i < entry->blocks->len; i++)
    {
      const ScBlock *shown = &g_array_index (entry->blocks, ScBlock, i);
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, entry->first_block + i);
      guint start = at + shown->n_lead;
      guint end = at + shown->n_chars;

      at = end;
      if (end <= job->from || start >= job->to)
        continue;
      if (last != NULL && !is_same_list (last, block))
        g_string_append_c (out, '\n');
      append_block (out, block,
                    job->from <= start ? 0 : chars_to_bytes (block, job->from - start),
                    job->to >= end - 1 ? (guint) block->content.text->len
                                       : chars_to_bytes (block, job->to - start));
      last = block;
    }
}

static void
append_source (GString *out,
               ScTurn  *turn)
{
  gsize length;
  const char *text = sc_turn_get_text (turn, &length);

  if (out->len > 0)
    g_string_append_c (out, '\n');
  g_string_append_len (out, text, (gssize) length);
  if (length > 0 && text[length - 1] != '\n')
    g_string_append_c (out, '\n');
}

static void
append_turn (GString     *out,
             CopyJob     *job,
             ScPageEntry *entry,
             guint        offset)
{
  guint start = offset + entry->n_head + entry->n_summary + entry->n_reasoning;
  guint end = offset + entry->n_chars - entry->n_foot;

  if (job->to + 1 >= end && (entry->first_block == 0 ? job->from <= start : job->is_from_start))
    {
      append_source (out, entry->turn);
      return;
    }
  if (out->len > 0)
    g_string_append_c (out, '\n');
  if (sc_turn_get_role (entry->turn) == SC_ROLE_ASSISTANT)
    {
      append_answer (out, job, entry, offset);
    }
  else
    {
      append_words (out, job, entry, offset);
    }
}

char *
sc_page_dup_text (ScPage *page,
                  guint   from,
                  guint   to)
{
  CopyJob job = { page, from, to, 0, 0, from == 0 && sc_page_has_earlier (page),
                  to >= sc_page_get_room_offset (page) && sc_page_has_later (page) };
  guint end = sc_page_get_first (page) + sc_page_get_n_entries (page);
  g_autoptr (GString) out = NULL;
  ScTurn *turn;

  sc_page_foreach (page, from, to, count_cb, &job);
  if (job.n_blocks <= 1 && job.n_turns <= 1 && !job.is_from_start && !job.is_to_end)
    return dup_plain (&job);

  out = g_string_sized_new (to - from + 256);
  /* The buffer holds a part of the conversation; who selects up to its very end means all of that. */
  for (guint i = 0; job.is_from_start && i < sc_page_get_first (page); i++)
    append_source (out, sc_page_get_turn (page, i));
  for (guint i = 0; i < sc_page_get_n_entries (page); i++)
    {
      guint offset;
      ScPageEntry *entry = sc_page_get_entry (page, i, &offset);

      if (offset < to && offset + entry->n_chars > from)
        append_turn (out, &job, entry, offset);
    }
  for (; job.is_to_end && (turn = sc_page_get_turn (page, end)) != NULL; end++)
    append_source (out, turn);
  while (out->len > 0 && out->str[out->len - 1] == '\n')
    g_string_truncate (out, out->len - 1);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
sc_page_dup_block_text (ScPageEntry *entry,
                        guint        index)
{
  g_autoptr (ScMarkdownStream) parsed = entry->stream == NULL ? sc_page_parse (entry) : NULL;
  const ScMarkdownBlock *block =
    sc_markdown_stream_get_block (parsed != NULL ? parsed : entry->stream, entry->first_block + index);

  return g_strndup (block->content.text->str, block->content.text->len);
}
