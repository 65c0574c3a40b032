/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Documents for the tests of markdown, and cmark-gfm's own answer to compare with. */

#include "config.h"

#include "markdown-cases.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <stdlib.h>
#include <string.h>

#include "sc-markdown.h"

#define MAX_GLUED 6

/* Returns: (transfer full) (element-type GBytes): the cases of tests/data/markdown/cases.txt. */
GPtrArray *
load_cases (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "markdown", "cases.txt", NULL);
  GPtrArray *cases = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  guint i;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (text, "%%\n", -1);
  for (i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (cases, g_bytes_new (parts[i], strlen (parts[i])));
  g_assert_cmpuint (cases->len, >, 200);
  return cases;
}

/* Returns: (transfer full) (element-type GBytes): the examples of a specification in the format of CommonMark's. */
GPtrArray *
split_examples (const char *specification)
{
  static const char fence[] = "````````````````````````````````";
  GPtrArray *cases = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_auto (GStrv) lines = g_strsplit (specification, "\n", -1);
  g_autoptr (GString) example = NULL;
  guint i;

  for (i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], fence) && strstr (lines[i], " example") != NULL)
        {
          if (example == NULL)
            example = g_string_new (NULL);
          g_string_truncate (example, 0);
        }
      else if (example != NULL && strcmp (lines[i], ".") == 0)
        {
          g_string_replace (example, "→", "\t", 0);
          g_ptr_array_add (cases, g_string_free_to_bytes (g_steal_pointer (&example)));
        }
      else if (example != NULL)
        {
          g_string_append_printf (example, "%s\n", lines[i]);
        }
    }
  return cases;
}

/* Returns: (transfer full): some cases in a row, with or without a blank line between them. */
char *
glue_cases (GRand     *random,
            GPtrArray *cases,
            gsize     *length)
{
  GString *text = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, MAX_GLUED);

  while (n-- > 0)
    {
      GBytes *piece = cases->pdata[g_rand_int_range (random, 0, (int) cases->len)];
      gsize size = 0;
      const char *data = g_bytes_get_data (piece, &size);

      g_string_append_len (text, data, (gssize) size);
      switch (g_rand_int_range (random, 0, 6))
        {
        case 0:
          break;
        case 1:
          g_string_append (text, "\n> ");
          break;
        case 2:
          g_string_append (text, "\n- ");
          break;
        case 3:
          g_string_truncate (text, text->len - 1);
          break;
        default:
          g_string_append_c (text, '\n');
          break;
        }
    }
  *length = text->len;
  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): cmark-gfm's XML of one parse. */
char *
render_once (const char *text,
             gsize       length)
{
  static const char *const names[] = { "table", "strikethrough", "autolink", "tasklist" };
  cmark_parser *parser;
  cmark_node *root;
  char *raw, *xml;
  guint i;

  cmark_gfm_core_extensions_ensure_registered ();
  parser = cmark_parser_new (CMARK_OPT_VALIDATE_UTF8);
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension (names[i]));
  if (length > 0)
    cmark_parser_feed (parser, text, length);
  root = cmark_parser_finish (parser);
  raw = cmark_render_xml (root, CMARK_OPT_DEFAULT);
  xml = g_strdup (raw);
  free (raw);
  cmark_node_free (root);
  cmark_parser_free (parser);
  return xml;
}

/* Returns: (transfer full): the stream's XML of the text fed @chunk bytes at a time. */
char *
render_stream (const char *text,
               gsize       length,
               gsize       chunk)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  gsize at;

  for (at = 0; at < length; at += MIN (chunk, length - at))
    {
      sc_markdown_stream_feed (stream, text + at, MIN (chunk, length - at));
      sc_markdown_stream_update (stream);
    }
  sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  return sc_markdown_stream_dup_xml (stream);
}
