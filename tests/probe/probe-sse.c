/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `sc-probe sse`: what the HTML standard dispatches, no more. Comments, bare JSON and a block that the end of the
 * stream cut off are for decoders; `sc-probe decode` shows their effect. */

#include "config.h"

#include "sc-probe.h"

#include "sc-json.h"
#include "sc-sse-framer.h"

static gboolean
print_frame (const ScFrame *frame,
             gpointer       user_data)
{
  GString *out = user_data;

  if (frame->kind != SC_FRAME_EVENT || frame->unterminated)
    return TRUE;
  g_string_append (out, "{\"type\":");
  sc_json_append_quoted (out, frame->type, -1);
  g_string_append (out, ",\"data\":");
  sc_json_append_quoted (out, frame->data, (gssize) frame->length);
  g_string_append (out, ",\"id\":");
  sc_json_append_quoted (out, frame->id, -1);
  g_string_append (out, "}\n");
  return TRUE;
}

void
sc_probe_sse (const char           *input,
              gsize                 length,
              const ScProbeOptions *options,
              GString              *out)
{
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  g_autoptr (GError) error = NULL;
  gsize step = options->chunk > 0 ? options->chunk : MAX (length, 1);

  for (gsize at = 0; at < length && error == NULL; at += MIN (step, length - at))
    sc_sse_framer_feed (framer, input + at, MIN (step, length - at), print_frame, out, &error);
  if (error != NULL)
    g_printerr ("sc-probe: %s\n", error->message);
  else
    sc_sse_framer_finish (framer, print_frame, out);
}
