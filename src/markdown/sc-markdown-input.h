/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes become valid UTF-8 with line feeds only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At the start of a text it is no text. */
#define SC_MARKDOWN_BYTE_ORDER_MARK "\357\273\277"

/*< private >
 * ScMarkdownInput:
 * @partial: the start of a character whose rest has not come
 * @n_partial: how many bytes of it
 * @was_return: the last byte was a carriage return, which stands as a line feed already
 * @is_mended: not every byte that came was passed on as it is
 */
typedef struct
{
  char     partial[4];
  guint    n_partial;
  gboolean was_return;
  gboolean is_mended;
} ScMarkdownInput;

/*< private >
 * sc_markdown_input_feed:
 *
 * Appends what @bytes mean to @out.
 */
void sc_markdown_input_feed (ScMarkdownInput *self,
                             GString         *out,
                             const char      *bytes,
                             gsize            length);

/*< private >
 * sc_markdown_input_finish:
 *
 * A character that never came to its end is a mistake.
 */
void sc_markdown_input_finish (ScMarkdownInput *self,
                               GString         *out);

G_END_DECLS
