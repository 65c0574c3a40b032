/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What decoding costs beside json-glib's bare parse of the same frames, in the same run, turn and
 * turn about: at most 1.7 times. And that twice the stream costs about twice the time. */

#include "config.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sc-decoder.h"
#include "sc-frame.h"
#include "sc-protocol.h"

#define MAX_RATIO 1.7
#define MAX_GROWTH 2.6
#define N_ROUNDS 15
#define N_FRAMES 20000

typedef struct
{
  const char *protocol;
  const char *name;
  const char *format;
} Shape;

/* One frame of each; %u is a number, so that no two are equal. */
static const Shape shapes[] = {
  { "openai-chat", "text, 4 bytes a piece",
    "{\"id\":\"chatcmpl-BqZ1x0aVb3\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
    "\"model\":\"gpt-4o-2024-11-20\","
    "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_ee1d74bde0\","
    "\"choices\":[{\"index\":0,\"delta\":{\"content\":"
    "\" %u\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}" },
  { "openai-chat", "small frames of a local server",
    "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":\" w%u\"}}],"
    "\"created\":1,\"id\":\"c\","
    "\"model\":\"m\",\"object\":\"chat.completion.chunk\"}" },
  { "openai-chat", "reasoning",
    "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
    "\"model\":\"deepseek-reasoner\","
    "\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"reasoning_content\":\" then %u\"},"
    "\"logprobs\":null,"
    "\"finish_reason\":null}]}" },
  { "openai-chat", "tool arguments",
    "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
    "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%u,\"}}]},"
    "\"logprobs\":null,"
    "\"finish_reason\":null}]}" },
  { "openai-chat", "escapes",
    "{\"id\":\"x\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"content\":\"\\n\\\"\\u00e9\\ud83c\\udf89 %u\\n\"},"
    "\"finish_reason\":null}]}" },
  { "anthropic", "text of anthropic",
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
    "\"text\":\" word %u\"}}" },
  { "anthropic", "thinking of anthropic",
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
    "\"thinking\":\" then %u\"}}" },
  { "anthropic", "tool arguments of anthropic",
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
    "\"input_json_delta\",\"partial_json\":\"%u,\"}}" },
  { "gemini", "text of gemini",
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" word %u\"}],"
    "\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":12,"
    "\"candidatesTokenCount\":40,\"totalTokenCount\":52},"
    "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r\"}" },
  { "gemini", "thoughts of gemini",
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" then %u\",\"thought\":true}],"
    "\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"gemini-2.5-flash\"}" },
  { "mistral", "thinking of mistral",
    "{\"id\":\"m\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"magistral\","
    "\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\","
    "\"thinking\":[{\"type\":\"text\",\"text\":\" then %u\"}]}]},\"finish_reason\":null}]}" },
  { "cohere", "text of cohere",
    "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":"
    "{\"text\":\" word %u\"}}}}" },
  { "cohere", "tool arguments of cohere",
    "{\"type\":\"tool-call-delta\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":"
    "{\"function\":{\"arguments\":\"%u,\"}}}}}" },
  { "openai-responses", "text of responses",
    "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_68a1f0\",\"output_index\":1,"
    "\"content_index\":0,\"delta\":\" %u\",\"logprobs\":[],\"sequence_number\":7}" },
  { "openai-responses", "reasoning of responses",
    "{\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_68a1f0\","
    "\"output_index\":0,\"summary_index\":0,\"delta\":\" then %u\",\"sequence_number\":7}" },
  { "openai-responses", "tool arguments of responses",
    "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"fc_68a1f0\","
    "\"output_index\":1,\"delta\":\"%u,\",\"sequence_number\":7}" },
  { "openai-realtime", "text of realtime",
    "{\"type\":\"response.output_text.delta\",\"event_id\":\"event_9\",\"response_id\":"
    "\"resp_1\",\"item_id\":\"item_2\",\"output_index\":0,\"content_index\":0,"
    "\"delta\":\" %u\"}" },
};

static double
get_cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static GPtrArray *
create_frames (const Shape *shape,
               guint        n_frames)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n_frames; i++)
    g_ptr_array_add (frames, g_strdup_printf (shape->format, i));
  return frames;
}
#pragma GCC diagnostic pop

static double
measure_bare (const Shape *shape,
              GPtrArray   *frames)
{
  double start = get_cpu_seconds ();
  g_autoptr (JsonParser) parser = json_parser_new ();

  /* One parser for all, which is the cheapest way to use it. */
  for (guint i = 0; i < frames->len; i++)
    {
      const char *text = g_ptr_array_index (frames, i);

      g_assert_true (json_parser_load_from_data (parser, text, (gssize) strlen (text), NULL));
    }
  return get_cpu_seconds () - start;
}

static void
count_cb (const ScEvent *event,
          gpointer       user_data)
{
  gsize *n_bytes = user_data;

  *n_bytes += event->length;
}

static double
measure_decoder (const Shape *shape,
                 GPtrArray   *frames)
{
  double start = get_cpu_seconds ();
  g_autoptr (ScDecoder) decoder = sc_protocol_find (shape->protocol)->create_decoder ();
  gsize n_bytes = 0;

  sc_decoder_set_func (decoder, count_cb, &n_bytes);
  for (guint i = 0; i < frames->len; i++)
    {
      const char *text = g_ptr_array_index (frames, i);
      ScFrame frame = {
        .kind = SC_FRAME_EVENT, .type = "message", .data = text, .length = strlen (text), .id = ""
      };

      sc_decoder_feed (decoder, &frame);
    }
  sc_decoder_end (decoder, NULL);
  return get_cpu_seconds () - start;
}

static double
get_best (double (*measure) (const Shape *, GPtrArray *),
          const Shape *shape,
          GPtrArray   *frames,
          double       best)
{
  double seconds = measure (shape, frames);

  return best < 0 || seconds < best ? seconds : best;
}

/* Best of several rounds, alternating: what else runs on the machine hits both alike. */
static gboolean
run_shape (const Shape *shape)
{
  g_autoptr (GPtrArray) frames = create_frames (shape, N_FRAMES);
  g_autoptr (GPtrArray) twice = create_frames (shape, N_FRAMES * 2);
  double bare = -1;
  double decoded = -1;
  double longer = -1;
  double ratio;
  double growth;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      bare = get_best (measure_bare, shape, frames, bare);
      decoded = get_best (measure_decoder, shape, frames, decoded);
      if (i < N_ROUNDS / 3)
        longer = get_best (measure_decoder, shape, twice, longer);
    }
  ratio = decoded / bare;
  growth = longer / decoded;
  printf (
    "%-32s bare %6.2f us, decoder %6.2f us a frame, ratio %.2f (at most %.1f), twice the stream "
    "%.2f times\n",
    shape->name, bare * 1e6 / N_FRAMES, decoded * 1e6 / N_FRAMES, ratio, MAX_RATIO, growth);
  return ratio <= MAX_RATIO && growth <= MAX_GROWTH;
}

int
main (void)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    ok = run_shape (&shapes[i]) && ok;
  return ok ? 0 : 1;
}
