/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libFuzzer: any bytes in pieces whose size the first byte gives; the splices are checked by a mirror at each update,
 * the finished XML against one parse. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "markdown-cases.h"
#include "markdown-mirror.h"
#include "sc-markdown.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  g_autoptr (Mirror) mirror = mirror_new ();
  gsize chunk, at;

  if (size < 2)
    return 0;
  chunk = 1 + data[0] % 32;
  for (at = 1; at < size; at += MIN (chunk, size - at))
    {
      sc_markdown_stream_feed (stream, (const char *) data + at, MIN (chunk, size - at));
      mirror_update (mirror, stream);
    }
  sc_markdown_stream_finish (stream);
  mirror_update (mirror, stream);
  /* cmark reads a broken character at the end of a line in its own way: compared where all are whole. */
  if (g_utf8_validate ((const char *) data + 1, (gssize) size - 1, NULL))
    {
      g_autofree char *xml = sc_markdown_stream_dup_xml (stream);
      g_autofree char *expected = render_once ((const char *) data + 1, size - 1);

      g_assert_cmpstr (xml, ==, expected);
    }
  return 0;
}
