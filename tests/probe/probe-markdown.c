/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sc-probe markdown: the view of a text as JSON, one object a line, or cmark's XML of the finished parse. */

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "sc-markdown.h"
#include "sc-probe.h"

static const char *const kinds[] = {
  "paragraph", "heading", "code", "quote", "item", "table", "rule", "html", "math",
};

static void
append_string (GString    *out,
               const char *text,
               gsize       length)
{
  gsize i;

  g_string_append_c (out, '"');
  for (i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c == '"' || c == '\\')
        g_string_append_c (out, '\\');
      if (c == '\n')
        g_string_append (out, "\\n");
      else if (c < 0x20 || c == 0x7f)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_c (out, (char) c);
    }
  g_string_append_c (out, '"');
}

static void
append_member (GString    *out,
               const char *name,
               const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, ",\"%s\":", name);
  append_string (out, value, strlen (value));
}

static void
append_run (GString              *out,
            const char           *text,
            gsize                 length,
            const ScMarkdownSpan *span)
{
  static const struct
  {
    guint       style;
    const char *name;
  } flags[] = {
    { SC_MARKDOWN_BOLD, "bold" },
    { SC_MARKDOWN_ITALIC, "italic" },
    { SC_MARKDOWN_CODE_SPAN, "code" },
    { SC_MARKDOWN_STRIKE, "strike" },
    { SC_MARKDOWN_INLINE_MATH, "math" },
  };
  guint i;

  if (out->str[out->len - 1] == '}')
    g_string_append_c (out, ',');
  g_string_append (out, "{\"text\":");
  append_string (out, text, length);
  for (i = 0; span != NULL && i < G_N_ELEMENTS (flags); i++)
    if ((span->styles & flags[i].style) != 0)
      g_string_append_printf (out, ",\"%s\":true", flags[i].name);
  if (span != NULL && (span->styles & SC_MARKDOWN_IMAGE) != 0)
    {
      if ((span->styles & SC_MARKDOWN_LINK) != 0)
        append_member (out, "link", span->link != NULL ? span->link : "");
      append_member (out, "image", span->target != NULL ? span->target : "");
    }
  else if (span != NULL && (span->styles & SC_MARKDOWN_LINK) != 0)
    {
      append_member (out, "link", span->target != NULL ? span->target : "");
    }
  g_string_append_c (out, '}');
}

static void
append_runs (GString              *out,
             const ScMarkdownText *text)
{
  guint at = 0;
  guint i;

  g_string_append_c (out, '[');
  for (i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);

      if (span->start > at)
        append_run (out, text->text->str + at, span->start - at, NULL);
      append_run (out, text->text->str + span->start, span->end - span->start, span);
      at = span->end;
    }
  if (at < text->text->len)
    append_run (out, text->text->str + at, text->text->len - at, NULL);
  g_string_append_c (out, ']');
}

static void
append_rows (GString         *out,
             const GPtrArray *rows)
{
  guint i, j;

  g_string_append (out, ",\"rows\":[");
  for (i = 0; i < rows->len; i++)
    {
      const GPtrArray *row = rows->pdata[i];

      g_string_append (out, i > 0 ? ",[" : "[");
      for (j = 0; j < row->len; j++)
        {
          if (j > 0)
            g_string_append_c (out, ',');
          append_runs (out, row->pdata[j]);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, ']');
}

static void
append_block (GString               *out,
              const ScMarkdownBlock *block)
{
  g_string_append_printf (out, "{\"kind\":\"%s\"", kinds[block->kind]);
  if (block->level > 0)
    g_string_append_printf (out, ",\"level\":%d", block->level);
  g_string_append_printf (out, ",\"depth\":%d,\"quote\":%d", block->depth, block->quote);
  append_member (out, "language", block->language);
  if (block->number >= 0)
    g_string_append_printf (out, ",\"number\":%d", block->number);
  if (block->checked >= 0)
    g_string_append_printf (out, ",\"checked\":%s", block->checked > 0 ? "true" : "false");
  if (block->rows != NULL)
    append_rows (out, block->rows);
  else
    {
      g_string_append (out, ",\"runs\":");
      append_runs (out, &block->content);
    }
  g_string_append_c (out, '}');
}

static void
append_view (GString          *out,
             ScMarkdownStream *stream)
{
  guint n = sc_markdown_stream_get_n_blocks (stream);
  guint i;

  g_string_append (out, "{\"blocks\":[");
  for (i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_block (out, sc_markdown_stream_get_block (stream, i));
    }
  g_string_append (out, "]}\n");
}

void
sc_probe_markdown (const char           *input,
                   gsize                 length,
                   const ScProbeOptions *options,
                   GString              *out)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  gboolean is_live = options->frames || options->silent;
  gsize chunk = options->chunk > 0 ? options->chunk : MAX (length, 1);
  gsize at;

  for (at = 0; at < length; at += MIN (chunk, length - at))
    {
      sc_markdown_stream_feed (stream, input + at, MIN (chunk, length - at));
      if (is_live || options->chunk > 0)
        sc_markdown_stream_update (stream);
      if (options->frames && !options->silent)
        append_view (out, stream);
    }
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  if (options->silent)
    return;
  if (options->xml)
    {
      g_autofree char *xml = sc_markdown_stream_dup_xml (stream);

      g_string_append (out, xml);
    }
  else
    {
      append_view (out, stream);
    }
}
