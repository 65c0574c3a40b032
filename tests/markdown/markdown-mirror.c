/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A view of a stream that is kept by its splices alone: what a splice says is kept is taken from the mirror's own copy,
 * never from the stream. If mirror and stream then look alike, the splices told everything and promised nothing false.
 *
 * A block is kept as its fields in words and its text as one word a byte: "look,target,link:byte". */

#include "config.h"

#include "markdown-mirror.h"

#include <string.h>

typedef struct
{
  char      *fields;
  gboolean   is_closed;
  GPtrArray *bytes; /* (element-type utf8) */
  GPtrArray *rows;  /* (element-type utf8) */
} Copy;

struct _Mirror
{
  GPtrArray *copies;
};

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->fields);
  g_ptr_array_unref (copy->bytes);
  g_ptr_array_unref (copy->rows);
  g_free (copy);
}

static char *
describe_byte (const ScMarkdownText *text,
               guint                 at,
               guint                *span)
{
  const ScMarkdownSpan *spans = (const ScMarkdownSpan *) (gpointer) text->spans->data;
  guchar byte = (guchar) text->text->str[at];

  while (*span < text->spans->len && spans[*span].end <= at)
    (*span)++;
  if (*span >= text->spans->len || spans[*span].start > at)
    return g_strdup_printf ("%02x", byte);
  return g_strdup_printf ("%u,%s,%s:%02x", spans[*span].styles,
                          spans[*span].target != NULL ? spans[*span].target : "-",
                          spans[*span].link != NULL ? spans[*span].link : "-", byte);
}

/* Spans are sorted, apart from each other, inside the text, never empty; the text is UTF-8. */
static void
check_text (const ScMarkdownText *text)
{
  const ScMarkdownSpan *spans = (const ScMarkdownSpan *) (gpointer) text->spans->data;
  guint end = 0;
  guint i;

  g_assert_true (g_utf8_validate (text->text->str, (gssize) text->text->len, NULL));
  for (i = 0; i < text->spans->len; i++)
    {
      g_assert_cmpuint (spans[i].start, >=, end);
      g_assert_cmpuint (spans[i].end, >=, spans[i].start + (spans[i].styles & SC_MARKDOWN_IMAGE ? 0 : 1));
      g_assert_cmpuint (spans[i].end, <=, text->text->len);
      g_assert_cmpuint (spans[i].styles, !=, 0);
      end = spans[i].end;
    }
}

static char *
describe_text (const ScMarkdownText *text)
{
  GString *words = g_string_new (NULL);
  guint span = 0;
  guint i;

  check_text (text);
  for (i = 0; i < text->text->len; i++)
    {
      g_autofree char *word = describe_byte (text, i, &span);

      g_string_append (words, word);
      g_string_append_c (words, ' ');
    }
  return g_string_free (words, FALSE);
}

static char *
describe_row (const GPtrArray *row)
{
  GString *words = g_string_new (NULL);
  guint i;

  for (i = 0; i < row->len; i++)
    {
      g_autofree char *cell = describe_text (row->pdata[i]);

      g_string_append_printf (words, "%s| ", cell);
    }
  return g_string_free (words, FALSE);
}

static char *
describe_fields (const ScMarkdownBlock *block)
{
  GString *words = g_string_new (NULL);
  guint i;

  g_string_append_printf (words, "kind %u level %d depth %d quote %d number %d checked %d language %s",
                          block->kind, block->level, block->depth, block->quote, block->number,
                          block->checked, block->language != NULL ? block->language : "-");
  for (i = 0; block->aligns != NULL && i < block->aligns->len; i++)
    g_string_append_printf (words, " %u", g_array_index (block->aligns, ScMarkdownAlign, i));
  return g_string_free (words, FALSE);
}

static Copy *
copy_new (const ScMarkdownBlock *block)
{
  Copy *copy = g_new0 (Copy, 1);
  guint span = 0;
  guint i;

  check_text (&block->content);
  g_assert_cmpint (block->kind == SC_MARKDOWN_TABLE, ==, block->rows != NULL);
  copy->fields = describe_fields (block);
  copy->is_closed = block->is_closed;
  copy->bytes = g_ptr_array_new_with_free_func (g_free);
  copy->rows = g_ptr_array_new_with_free_func (g_free);
  for (i = 0; i < block->content.text->len; i++)
    g_ptr_array_add (copy->bytes, describe_byte (&block->content, i, &span));
  for (i = 0; block->rows != NULL && i < block->rows->len; i++)
    g_ptr_array_add (copy->rows, describe_row (block->rows->pdata[i]));
  return copy;
}

static GPtrArray *
keep_strings (const GPtrArray *old,
              const GPtrArray *new,
              guint            keep)
{
  GPtrArray *result = g_ptr_array_new_with_free_func (g_free);
  guint i;

  if (keep == G_MAXUINT)
    keep = old->len;
  g_assert_cmpuint (keep, <=, old->len);
  for (i = 0; i < keep; i++)
    g_ptr_array_add (result, g_strdup (old->pdata[i]));
  for (; i < new->len; i++)
    g_ptr_array_add (result, g_strdup (new->pdata[i]));
  return result;
}

/* One block for one, of which something is kept. */
static Copy *
copy_kept (const Copy             *old,
           const ScMarkdownBlock  *block,
           const ScMarkdownChange *change)
{
  Copy *copy = copy_new (block);

  if (change->keep_bytes > 0 || change->keep_rows > 0)
    {
      GPtrArray *bytes = keep_strings (old->bytes, copy->bytes, change->keep_bytes);
      GPtrArray *rows = keep_strings (old->rows, copy->rows, change->keep_rows);

      g_free (copy->fields);
      copy->fields = g_strdup (old->fields);
      g_ptr_array_unref (copy->bytes);
      copy->bytes = bytes;
      g_ptr_array_unref (copy->rows);
      copy->rows = rows;
    }
  return copy;
}

static void
apply_change (Mirror                 *self,
              ScMarkdownStream       *stream,
              const ScMarkdownChange *change)
{
  guint n = sc_markdown_stream_get_n_blocks (stream);
  guint i;

  g_assert_cmpuint (change->position + change->n_removed, <=, self->copies->len);
  if (change->n_removed == 1 && change->n_inserted == 1)
    {
      Copy *old = self->copies->pdata[change->position];

      if (change->position < n)
        self->copies->pdata[change->position] =
          copy_kept (old, sc_markdown_stream_get_block (stream, change->position), change);
      else
        return; /* goes with a later splice */
      copy_free (old);
      return;
    }
  g_assert_cmpuint (change->keep_bytes, ==, 0);
  if (change->n_removed > 0)
    g_ptr_array_remove_range (self->copies, change->position, change->n_removed);
  for (i = 0; i < change->n_inserted; i++)
    {
      guint at = change->position + i;

      g_assert_cmpuint (at, <=, self->copies->len);
      g_ptr_array_insert (self->copies, (int) at,
                          at < n ? copy_new (sc_markdown_stream_get_block (stream, at)) : NULL);
    }
}

static void
compare_copy (const Copy            *copy,
              const ScMarkdownBlock *block)
{
  Copy *truth = copy_new (block);
  guint i;

  g_assert_cmpstr (copy->fields, ==, truth->fields);
  g_assert_cmpint (copy->is_closed, ==, truth->is_closed);
  g_assert_cmpuint (copy->bytes->len, ==, truth->bytes->len);
  for (i = 0; i < truth->bytes->len; i++)
    g_assert_cmpstr (copy->bytes->pdata[i], ==, truth->bytes->pdata[i]);
  g_assert_cmpuint (copy->rows->len, ==, truth->rows->len);
  for (i = 0; i < truth->rows->len; i++)
    g_assert_cmpstr (copy->rows->pdata[i], ==, truth->rows->pdata[i]);
  copy_free (truth);
}

Mirror *
mirror_new (void)
{
  Mirror *self = g_new0 (Mirror, 1);

  self->copies = g_ptr_array_new_with_free_func (copy_free);
  return self;
}

void
mirror_free (Mirror *self)
{
  g_ptr_array_unref (self->copies);
  g_free (self);
}

/* Updates the stream, applies what it tells and compares everything. */
void
mirror_update (Mirror           *self,
               ScMarkdownStream *stream)
{
  const GArray *changes = sc_markdown_stream_update (stream);
  guint i;

  for (i = 0; i < changes->len; i++)
    apply_change (self, stream, &g_array_index (changes, ScMarkdownChange, i));
  g_assert_cmpuint (self->copies->len, ==, sc_markdown_stream_get_n_blocks (stream));
  for (i = 0; i < self->copies->len; i++)
    compare_copy (self->copies->pdata[i], sc_markdown_stream_get_block (stream, i));
}

static void
describe_runs (GString              *out,
               const ScMarkdownText *text)
{
  static const struct
  {
    guint style;
    char  mark;
  } marks[] = {
    { SC_MARKDOWN_BOLD, 'b' },   { SC_MARKDOWN_ITALIC, 'i' }, { SC_MARKDOWN_CODE_SPAN, 'c' },
    { SC_MARKDOWN_STRIKE, 's' }, { SC_MARKDOWN_LINK, 'l' },   { SC_MARKDOWN_IMAGE, 'm' },
    { SC_MARKDOWN_INLINE_HTML, 'h' }, { SC_MARKDOWN_HARD_BREAK, 'n' },
  };
  guint at = 0;
  guint i, j;

  for (i = 0; i < text->spans->len; i++)
    {
      const ScMarkdownSpan *span = &g_array_index (text->spans, ScMarkdownSpan, i);

      g_string_append_len (out, text->text->str + at, span->start - at);
      g_string_append_c (out, '{');
      for (j = 0; j < G_N_ELEMENTS (marks); j++)
        if ((span->styles & marks[j].style) != 0)
          g_string_append_c (out, marks[j].mark);
      g_string_append_c (out, ':');
      g_string_append_len (out, text->text->str + span->start, span->end - span->start);
      g_string_append_c (out, '}');
      at = span->end;
    }
  g_string_append (out, text->text->str + at);
}

/* Returns: (transfer full): the view in one line, for tables of tests: blocks apart by " / ", runs as "{bi:text}". */
char *
describe_view (ScMarkdownStream *stream)
{
  static const char *const names[] = { "p", "h", "code", "quote", "item", "table", "rule", "html", "math" };
  GString *out = g_string_new (NULL);
  guint i, j, k;

  for (i = 0; i < sc_markdown_stream_get_n_blocks (stream); i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);

      g_string_append_printf (out, "%s%s", i > 0 ? " / " : "", names[block->kind]);
      if (block->level > 0)
        g_string_append_printf (out, "%d", block->level);
      if (block->quote > 0)
        g_string_append_printf (out, " q%d", block->quote);
      if (block->depth > 0)
        g_string_append_printf (out, " d%d", block->depth);
      if (block->number >= 0)
        g_string_append_printf (out, " n%d", block->number);
      if (block->checked >= 0)
        g_string_append_printf (out, " %s", block->checked > 0 ? "x" : "o");
      if (block->language != NULL)
        g_string_append_printf (out, " %s", block->language);
      g_string_append_c (out, '<');
      for (j = 0; block->rows != NULL && j < block->rows->len; j++)
        {
          const GPtrArray *row = block->rows->pdata[j];

          for (k = 0; k < row->len; k++)
            {
              g_string_append (out, k > 0 ? "," : j > 0 ? ";" : "");
              describe_runs (out, row->pdata[k]);
            }
        }
      describe_runs (out, &block->content);
      g_string_append_c (out, '>');
    }
  return g_string_free (out, FALSE);
}
