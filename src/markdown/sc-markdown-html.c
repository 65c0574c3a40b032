/* SPDX-License-Identifier: GPL-3.0-or-later */

/* HTML of a finished text, for the clipboard and for export. cmark's safe mode leaves out raw HTML and dangerous
 * links. */

#include "config.h"

#include "sc-markdown-private.h"

#include <cmark-gfm-extension_api.h>
#include <stdlib.h>
#include <string.h>

char *
sc_markdown_to_html (const char *markdown,
                     gssize      length)
{
  g_autoptr (ScMarkdownStream) stream = NULL;

  g_return_val_if_fail (markdown != NULL, NULL);

  stream = sc_markdown_stream_new ();
  sc_markdown_stream_feed (stream, markdown, length < 0 ? strlen (markdown) : (gsize) length);
  sc_markdown_stream_finish (stream);
  return sc_markdown_stream_dup_html (stream);
}
