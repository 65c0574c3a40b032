/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libFuzzer: any bytes as a response of any protocol. The first byte chooses status and content
 * type, the second where the bytes are split. Whatever comes, there is one end, and two splits give
 * the same events. */

#include "config.h"

#include "event-log.h"

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

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  const ScProtocol * const *protocol;

  if (size < 2)
    return 0;
  for (protocol = sc_protocol_list (); *protocol != NULL; protocol++)
    {
      guint head = data[0] % G_N_ELEMENTS (heads);
      const char *body = (const char *) data + 2;
      g_autoptr (EventLog) whole = event_log_decode (
        (*protocol)->id, heads[head].status, heads[head].content_type, body, size - 2, 0, 0);
      g_autoptr (EventLog) split =
        event_log_decode ((*protocol)->id, heads[head].status, heads[head].content_type, body,
                          size - 2, 1u + data[1] % 16u, data[1]);

      if (whole->n_ends != 1 || whole->n_after_end != 0 ||
          strcmp (whole->lines->str, split->lines->str) != 0)
        {
          /* Not g_error(): its trap is no signal that libFuzzer keeps the input of. */
          g_printerr ("whole:\n%s\nsplit:\n%s", whole->lines->str, split->lines->str);
          abort ();
        }
    }
  return 0;
}
