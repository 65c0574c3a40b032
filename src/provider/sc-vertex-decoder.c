/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of Vertex AI: those of Google's models and those of Anthropic's look as they do at their
 * own doors, so their decoders do the work. Which one, the first frame says that says anything. */

#include "config.h"

#include "sc-vertex.h"
#include "sc-anthropic.h"
#include "sc-decoder.h"
#include "sc-gemini.h"
#include "sc-json.h"

#include <string.h>

typedef struct
{
  ScDecoder  base;
  ScDecoder *inner;
} VertexDecoder;

/* Anthropic's objects all name their type; Google's never do. */
static gboolean
is_anthropic (JsonObject *root)
{
  return sc_json_get_string (root, "type") != NULL || sc_json_get_array (root, "content") != NULL;
}

static ScDecoder *
get_inner (VertexDecoder *self)
{
  sc_decoder_set_func (self->inner, self->base.func, self->base.user_data);
  return self->inner;
}

static void
choose (VertexDecoder *self,
        gboolean       is_anthropic_answer)
{
  if (self->inner == NULL)
    self->inner = is_anthropic_answer ? sc_anthropic_create_decoder () : sc_gemini_decoder_new ();
}

static gboolean
is_google (JsonObject *root)
{
  static const char *const names[] = { "candidates",    "promptFeedback", "usageMetadata",
                                       "modelVersion",  "responseId",     "error" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (root, names[i]))
      return TRUE;
  return FALSE;
}

/* A frame that holds nothing decides nothing. */
static gboolean
is_empty (const ScFrame *frame)
{
  const char *text = frame->data;

  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0' || g_str_has_prefix (text, "null");
}

static void
vertex_decoder_frame (ScDecoder     *decoder,
                      const ScFrame *frame)
{
  VertexDecoder *self = (VertexDecoder *) decoder;

  if (self->inner == NULL)
    {
      g_autoptr (JsonObject) root = NULL;

      if (is_empty (frame))
        return;
      root = sc_json_parse_object (frame->data, (gssize) frame->length, NULL);
      if (root != NULL && !is_anthropic (root) && !is_google (root))
        return;
      /* Anthropic's events have names, Google's have none; an error may come from the door itself.
       * */
      choose (self, root != NULL ? is_anthropic (root) :
                                   strcmp (frame->type, "message") != 0);
    }
  sc_decoder_feed (get_inner (self), frame);
  sc_decoder_follow (decoder, self->inner);
}

static void
vertex_decoder_whole (ScDecoder  *decoder,
                      JsonObject *root)
{
  VertexDecoder *self = (VertexDecoder *) decoder;

  choose (self, is_anthropic (root));
  sc_decoder_feed_whole (get_inner (self), root);
  sc_decoder_follow (decoder, self->inner);
}

static void
vertex_decoder_end (ScDecoder *decoder)
{
  VertexDecoder *self = (VertexDecoder *) decoder;

  if (self->inner == NULL)
    return;
  sc_decoder_end (get_inner (self), NULL);
  sc_decoder_follow (decoder, self->inner);
}

static char *
vertex_decoder_dup_raw (ScDecoder *decoder)
{
  VertexDecoder *self = (VertexDecoder *) decoder;

  return self->inner != NULL ? sc_decoder_dup_raw (self->inner) : NULL;
}

static void
vertex_decoder_free (ScDecoder *decoder)
{
  VertexDecoder *self = (VertexDecoder *) decoder;

  sc_decoder_free (self->inner);
  g_free (self);
}

static const ScDecoderClass vertex_decoder_class = {
  .frame = vertex_decoder_frame,
  .whole = vertex_decoder_whole,
  .end = vertex_decoder_end,
  .dup_raw = vertex_decoder_dup_raw,
  .free = vertex_decoder_free,
};

ScAfterFinish
sc_vertex_after_finish (const char *raw)
{
  ScAfterFinish after = sc_gemini_after_finish (raw);

  return after != SC_AFTER_FINISH_END ? after : sc_anthropic_after_finish (raw);
}

ScDecoder *
sc_vertex_create_decoder (void)
{
  VertexDecoder *self = g_new0 (VertexDecoder, 1);

  sc_decoder_init (&self->base, &vertex_decoder_class);
  return &self->base;
}
