/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libFuzzer: any bytes as a response of one protocol, FUZZ_PROTOCOL. The first byte chooses status
 * and content type, and with that whether they are a stream, a whole answer or an error; the second
 * where they are split. Whatever comes, there is one end, and two splits give the same events. Where
 * the protocol has messages, each line is one, too. */

#include "config.h"

#include "event-log.h"

#include "sc-response-reader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static const struct
{
  int         status;
  const char *content_type;
} heads[] = {
  { 200, "text/event-stream" },
  { 200, "application/json" },
  { 200, "application/x-ndjson" },
  { 200, NULL },
  { 429, "application/json" },
  { 503, "text/html" },
};

/* Not g_error(): its trap is no signal that libFuzzer keeps the input of. */
static void
complain (const EventLog *first,
          const EventLog *second)
{
  g_printerr ("first:\n%s\nsecond:\n%s", first->lines->str, second->lines->str);
  abort ();
}

static void
check_bytes (int         status,
             const char *content_type,
             const char *body,
             gsize       length,
             guint8      split)
{
  g_autoptr (EventLog) whole =
    event_log_decode (FUZZ_PROTOCOL, status, content_type, body, length, 0, 0);
  g_autoptr (EventLog) pieces =
    event_log_decode (FUZZ_PROTOCOL, status, content_type, body, length, 1u + split % 16u, split);

  if (whole->n_ends != 1 || whole->n_after_end != 0 ||
      strcmp (whole->lines->str, pieces->lines->str) != 0)
    complain (whole, pieces);
}

static void
check_messages (const char *body,
                gsize       length)
{
  const ScProtocol *protocol = sc_protocol_find (FUZZ_PROTOCOL);
  g_autoptr (EventLog) log = event_log_new ();
  g_autofree char *valid = g_utf8_make_valid (body, (gssize) length);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);
  g_autoptr (ScResponseReader) reader = NULL;

  if (protocol->framing != SC_FRAMING_WEBSOCKET)
    return;
  reader = sc_response_reader_new (protocol, event_log_cb, log);
  sc_response_reader_headers (reader, 101, NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    sc_response_reader_feed_message (reader, lines[i], strlen (lines[i]));
  sc_response_reader_end (reader, NULL);
  if (log->n_ends != 1 || log->n_after_end != 0)
    complain (log, log);
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  const char *body = (const char *) data + 2;
  guint head;

  if (size < 2)
    return 0;
  head = data[0] % G_N_ELEMENTS (heads);
  check_bytes (heads[head].status, heads[head].content_type, body, size - 2, data[1]);
  check_messages (body, size - 2);
  return 0;
}
