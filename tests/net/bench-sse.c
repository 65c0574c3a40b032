/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the event stream framer is, in megabytes a second of one core, for the smallest and the
 * largest reads. */

#include "config.h"

#include "sc-sse-framer.h"

#include <time.h>

#define STREAM_BYTES (64u * 1024 * 1024)

static gboolean
count_frame (const ScFrame *frame,
             gpointer       user_data)
{
  gsize *n_bytes = user_data;

  *n_bytes += frame->length;
  return TRUE;
}

static GString *
build_stream (gsize n_data_bytes)
{
  g_autofree char *data = g_strnfill (n_data_bytes, 'x');
  GString *stream = g_string_sized_new (STREAM_BYTES + n_data_bytes + 16);

  while (stream->len < STREAM_BYTES)
    g_string_append_printf (stream, "data: %s\n\n", data);
  return stream;
}

static void
measure (const char *name,
         gsize       n_data_bytes,
         gsize       step)
{
  g_autoptr (GString) stream = build_stream (n_data_bytes);
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  gsize n_bytes = 0;
  clock_t start = clock (); /* of this process: other programs do not count */
  double seconds;

  for (gsize at = 0; at < stream->len; at += step)
    sc_sse_framer_feed (framer, stream->str + at, MIN (step, stream->len - at), count_frame,
                        &n_bytes, NULL);
  sc_sse_framer_finish (framer, count_frame, &n_bytes);
  seconds = (double) (clock () - start) / CLOCKS_PER_SEC;
  g_assert_cmpuint (n_bytes, >, 0);
  g_print ("%-28s %8.0f MB/s\n", name, (double) stream->len / 1e6 / seconds);
}

int
main (void)
{
  measure ("200-byte events, 4-byte reads", 200, 4);
  measure ("200-byte events, 64 KB reads", 200, 65536);
  measure ("20-byte events, 64 KB reads", 20, 65536);
  measure ("1 MB events, 64 KB reads", 1000000, 65536);
  return 0;
}
