/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "frames.h"

#include "sc-json.h"

#include <string.h>

gboolean
frames_append (const ScFrame *frame,
               gpointer       user_data)
{
  GString *out = user_data;

  g_assert_nonnull (frame->type);
  g_assert_nonnull (frame->id);
  g_assert_nonnull (frame->data);
  g_assert_cmpint (frame->data[frame->length], ==, '\0');
  switch (frame->kind)
    {
    case SC_FRAME_EVENT:
      g_string_append_printf (out, "%s ", frame->type);
      sc_json_append_quoted (out, frame->data, (gssize) frame->length);
      if (*frame->id != '\0')
        g_string_append_printf (out, " %s", frame->id);
      break;
    case SC_FRAME_BARE_JSON:
      g_string_append (out, "json ");
      sc_json_append_quoted (out, frame->data, (gssize) frame->length);
      break;
    case SC_FRAME_COMMENT:
    default:
      g_string_append (out, "comment");
      break;
    }
  g_string_append (out, frame->unterminated ? "!\n" : "\n");
  return TRUE;
}

GString *
frames_with_line_ends (const char *text,
                       gsize       length,
                       const char *line_end)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\n')
        g_string_append (out, line_end);
      else
        g_string_append_c (out, text[i]);
    }
  return out;
}
