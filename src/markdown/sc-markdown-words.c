/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Single words that only cmark can read: entities, and the language of a fence. */

#include "config.h"

#include "sc-markdown-private.h"

#include <string.h>

char *
sc_markdown_dup_entity (const char *entity,
                        gsize       length)
{
  static const struct
  {
    const char *entity;
    const char *text;
  } common[] = {
    { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
    { "&quot;", "\"" }, { "&nbsp;", "\302\240" },
  };
  cmark_node *root, *paragraph, *text;
  char *result = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (common); i++)
    if (strlen (common[i].entity) == length && memcmp (common[i].entity, entity, length) == 0)
      return g_strdup (common[i].text);
  root = sc_markdown_parse (entity, length, NULL);
  paragraph = cmark_node_first_child (root);
  text = paragraph != NULL ? cmark_node_first_child (paragraph) : NULL;
  if (text != NULL && cmark_node_next (text) == NULL &&
      cmark_node_get_type (text) == CMARK_NODE_TEXT)
    {
      const char *literal = cmark_node_get_literal (text);

      if (strlen (literal) != length || memcmp (literal, entity, length) != 0)
        result = g_strdelimit (g_strdup (literal), "\n", ' ');
    }
  cmark_node_free (root);
  return result;
}

char *
sc_markdown_dup_language (const char *info,
                          gsize       length)
{
  gsize end = 0;

  while (end < length && !g_ascii_isspace (info[end]))
    end++;
  return end > 0 ? g_strndup (info, end) : NULL;
}

char *
sc_markdown_dup_info (const char *info,
                      gsize       length)
{
  g_autofree char *line = NULL;
  cmark_node *root, *code;
  char *language = NULL;

  while (length > 0 && g_ascii_isspace (*info))
    {
      info++;
      length--;
    }
  if (memchr (info, '\\', length) == NULL && memchr (info, '&', length) == NULL)
    return sc_markdown_dup_language (info, length);
  line = g_strdup_printf ("~~~%.*s\n", (int) length, info);
  root = sc_markdown_parse (line, strlen (line), NULL);
  code = cmark_node_first_child (root);
  if (code != NULL && cmark_node_get_fence_info (code) != NULL)
    language = sc_markdown_dup_language (cmark_node_get_fence_info (code),
                                         strlen (cmark_node_get_fence_info (code)));
  cmark_node_free (root);
  return language;
}
