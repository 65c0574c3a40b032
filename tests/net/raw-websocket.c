/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See raw-websocket.h. */

#include "config.h"

#include "raw-websocket.h"

#include <string.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/* RFC 6455 4.2.2. */
char *
raw_websocket_dup_answer (const char *request)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *lower = g_ascii_strdown (request, -1);
  const char *found = strstr (lower, "\r\nsec-websocket-key:");
  g_autofree char *key = NULL;
  g_autofree char *accept = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;

  g_assert_nonnull (found);
  found = request + (found - lower) + strlen ("\r\nsec-websocket-key:");
  key = g_strstrip (g_strndup (found, strcspn (found, "\r")));
  g_checksum_update (sum, (const guchar *) key, -1);
  g_checksum_update (sum, (const guchar *) GUID, -1);
  g_checksum_get_digest (sum, digest, &length);
  accept = g_base64_encode (digest, length);
  return g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                          accept);
}

GBytes *
raw_websocket_create_frame (guint8      first,
                            const char *text,
                            gsize       length)
{
  GByteArray *frame = g_byte_array_new ();
  guint8 head[10] = { first };
  guint n_head = 2;

  if (length < 126)
    head[1] = (guint8) length;
  else if (length < 65536)
    {
      head[1] = 126;
      n_head = 4;
    }
  else
    {
      head[1] = 127;
      n_head = 10;
    }
  for (guint i = n_head; i > 2; i--)
    head[i - 1] = (guint8) ((guint64) length >> (8 * (n_head - i)));
  g_byte_array_append (frame, head, n_head);
  g_byte_array_append (frame, (const guint8 *) text, (guint) length);
  return g_byte_array_free_to_bytes (frame);
}

/* Returns the length of the frame at @at with its head, 0 if it is not there completely. */
static gsize
measure_frame (const guint8 *at,
               gsize         length,
               gsize        *n_head)
{
  gsize n = length >= 2 ? at[1] & 0x7f : 0;
  gsize n_size = n == 126 ? 2 : n == 127 ? 8 : 0;

  *n_head = 2 + n_size + 4;
  if (length < *n_head)
    return 0;
  g_assert_true ((at[1] & 0x80) != 0);
  if (n_size > 0)
    n = 0;
  for (gsize i = 0; i < n_size; i++)
    n = n << 8 | at[2 + i];
  return length >= *n_head + n ? *n_head + n : 0;
}

guint
raw_websocket_read (const char *bytes,
                    gsize       length,
                    GString    *lines)
{
  const guint8 *at = (const guint8 *) bytes;
  gsize n_head;
  gsize n;
  guint n_texts = 0;

  for (; (n = measure_frame (at, length, &n_head)) > 0; at += n, length -= n)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint opcode = at[0] & 0x0f;

      for (gsize i = n_head; i < n; i++)
        g_string_append_c (text, (char) (at[i] ^ at[n_head - 4 + (i - n_head) % 4]));
      if (opcode == 1)
        g_string_append_printf (lines, "%s\n", text->str);
      else if (opcode == 8 && text->len >= 2)
        g_string_append_printf (lines, "(close %d)\n",
                                (guint8) text->str[0] << 8 | (guint8) text->str[1]);
      else
        g_string_append (lines, opcode == 9 ? "(ping)\n" : opcode == 10 ? "(pong)\n" : "(other)\n");
      n_texts += opcode == 1;
    }
  return n_texts;
}
