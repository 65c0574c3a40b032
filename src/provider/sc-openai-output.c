/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-output.h (protocols.md sections 2 and 3). Items are known by their `output_index`:
 * there are proxies that give an item another id in every event. */

#include "config.h"

#include "sc-openai-output.h"
#include "sc-json.h"
#include "sc-openai-output-private.h"
#include "sc-openai-status.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

ScOpenaiOutput *
sc_openai_output_new (ScDecoder *decoder)
{
  ScOpenaiOutput *self;

  g_return_val_if_fail (decoder != NULL, NULL);

  self = g_new0 (ScOpenaiOutput, 1);
  self->decoder = decoder;
  sc_openai_item_table_init (&self->table);
  return self;
}

void
sc_openai_output_free (ScOpenaiOutput *self)
{
  if (self == NULL)
    return;
  sc_openai_item_table_clear (&self->table);
  g_free (self);
}

/* The item a delta is part of. A server that never told of it is believed all the same. One that
 * names neither index nor id means the newest of the right type. */
static ScOpenaiItem *
ensure_item (ScOpenaiOutput *self,
             JsonObject     *root,
             const char     *type)
{
  const char *id = sc_json_get_string (root, "item_id");
  gint64 index = -1;
  ScOpenaiItem *item;

  sc_json_get_int (root, "output_index", &index);
  item = sc_openai_item_table_find (&self->table, index, id, type);
  return item != NULL ? item : sc_openai_item_table_add (&self->table, index, id, type);
}

/* Whether an item that is told of is the one that is known under its index. */
static gboolean
is_same_item (const ScOpenaiItem *item,
              const char         *type,
              const char         *call_id)
{
  if (type != NULL && item->type != NULL && strcmp (type, item->type) != 0)
    return FALSE;
  return call_id == NULL || item->call_id == NULL || strcmp (item->call_id, call_id) == 0;
}

/* Parts */

static gint64
emit_text (ScOpenaiOutput *self,
           const char     *text)
{
  gint64 n_chars = g_utf8_strlen (text, -1);

  sc_decoder_emit_text (self->decoder, text);
  self->n_chars += n_chars;
  return n_chars;
}

/* A message after another one, and a refusal after text, begin a paragraph of their own. */
static void
show_text (ScOpenaiOutput *self,
           ScOpenaiItem   *item,
           ScOpenaiPart   *part,
           const char     *piece)
{
  gboolean is_first = part->start < 0;

  if (is_first && part->kind == SC_OPENAI_PART_REFUSAL && !self->has_refusal)
    {
      self->has_refusal = TRUE;
      sc_decoder_emit_notice (self->decoder, "refusal", _("The model declined to answer."));
    }
  if (self->n_chars > 0 &&
      (!item->has_shown || (is_first && part->kind == SC_OPENAI_PART_REFUSAL)))
    emit_text (self, "\n\n");
  item->has_shown = TRUE;
  if (is_first)
    part->start = self->n_chars;
  part->n_chars += emit_text (self, piece);
}

/* An open model sends its reasoning and a summary of it: the one that comes first counts. */
static void
show_reasoning (ScOpenaiOutput *self,
                ScOpenaiItem   *item,
                ScOpenaiPart   *part,
                const char     *piece)
{
  if (part->start < 0)
    {
      if (item->reasoning != SC_OPENAI_PART_NONE && item->reasoning != part->kind)
        return;
      item->reasoning = part->kind;
      if (self->decoder->has_reasoning)
        sc_decoder_emit_reasoning (self->decoder, "\n\n");
      part->start = 0;
    }
  sc_decoder_emit_reasoning (self->decoder, piece);
}

static void
add_piece (ScOpenaiOutput *self,
           ScOpenaiItem   *item,
           ScOpenaiPart   *part,
           const char     *piece)
{
  if (piece == NULL || *piece == '\0')
    return;
  if (self->decoder->has_marks || part->held != 0)
    {
      g_autofree char *joined = sc_surrogates_join (piece, &part->held);

      g_string_append (part->text, joined);
    }
  else
    g_string_append (part->text, piece);
  if (part->kind == SC_OPENAI_PART_TEXT || part->kind == SC_OPENAI_PART_REFUSAL)
    show_text (self, item, part, piece);
  else
    show_reasoning (self, item, part, piece);
}

/* The whole text of a part: the end of it that no delta brought. */
static void
complete_part (ScOpenaiOutput *self,
               ScOpenaiItem   *item,
               ScOpenaiPart   *part,
               const char     *whole)
{
  if (whole != NULL && part->held == 0 && strncmp (whole, part->text->str, part->text->len) == 0)
    add_piece (self, item, part, whole + part->text->len);
}

/* Citations */

/* Places count characters of their part. What lies behind its end is drawn to it, unless the text
 * it stands for is still to come. */
static gint64
read_place (JsonObject         *annotation,
            const char         *name,
            const ScOpenaiPart *part,
            gint64              first)
{
  gint64 place = -1;

  if (!sc_json_get_int (annotation, name, &place) || place < 0 || place > G_MAXINT)
    return -1;
  if (part->n_chars > 0 && first <= part->n_chars)
    place = MIN (place, part->n_chars);
  return part->start + place;
}

static void
take_citation (ScOpenaiOutput *self,
               ScOpenaiPart   *part,
               JsonObject     *annotation)
{
  const char *source = sc_json_get_string (annotation, "url");
  const char *title = sc_json_get_string (annotation, "title");
  gint64 first = -1;
  gint64 start;
  gint64 end;

  if (source == NULL)
    source = sc_json_get_string (annotation, "file_id");
  if (title == NULL)
    title = sc_json_get_string (annotation, "filename");
  if (source == NULL && title == NULL)
    return;
  if (part->start < 0)
    part->start = self->n_chars;
  if (!sc_json_get_int (annotation, "start_index", &first))
    sc_json_get_int (annotation, "index", &first);
  start = read_place (annotation, "start_index", part, first);
  if (start < 0)
    start = read_place (annotation, "index", part, first);
  end = read_place (annotation, "end_index", part, first);
  sc_decoder_emit_citation (self->decoder, source, title, NULL, start,
                            end >= 0 ? MAX (end, start) : -1);
}

static void
complete_citations (ScOpenaiOutput *self,
                    ScOpenaiPart   *part,
                    JsonArray      *annotations)
{
  guint n = annotations != NULL ? json_array_get_length (annotations) : 0;

  for (; part->n_citations < n; part->n_citations++)
    {
      JsonObject *annotation = sc_json_get_element_object (annotations, part->n_citations);

      if (annotation != NULL)
        take_citation (self, part, annotation);
    }
}

/* Wholes */

static void
complete_content (ScOpenaiOutput *self,
                  ScOpenaiItem   *item,
                  gint64          index,
                  JsonObject     *object)
{
  static const struct
  {
    const char       *type;
    const char       *member;
    ScOpenaiPartKind  kind;
  } kinds[] = {
    { "output_text", "text", SC_OPENAI_PART_TEXT },
    { "text", "text", SC_OPENAI_PART_TEXT },
    { "refusal", "refusal", SC_OPENAI_PART_REFUSAL },
    { "reasoning_text", "text", SC_OPENAI_PART_REASONING },
    { "summary_text", "text", SC_OPENAI_PART_SUMMARY },
    { "output_audio", "transcript", SC_OPENAI_PART_TEXT },
    { "audio", "transcript", SC_OPENAI_PART_TEXT },
  };
  const char *type = sc_json_get_string (object, "type");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (type, kinds[i].type) == 0)
      {
        ScOpenaiPart *part = sc_openai_item_ensure_part (item, kinds[i].kind, index);

        complete_part (self, item, part, sc_json_get_string (object, kinds[i].member));
        complete_citations (self, part, sc_json_get_array (object, "annotations"));
        return;
      }
}

static void
complete_contents (ScOpenaiOutput *self,
                   ScOpenaiItem   *item,
                   JsonArray      *contents)
{
  guint n = contents != NULL ? json_array_get_length (contents) : 0;

  for (guint i = 0; i < n; i++)
    complete_content (self, item, i, sc_json_get_element_object (contents, i));
}

static gboolean
is_call (const ScOpenaiItem *item)
{
  return g_strcmp0 (item->type, "function_call") == 0 ||
         g_strcmp0 (item->type, "custom_tool_call") == 0;
}

static void
set_arguments (ScOpenaiOutput *self,
               ScOpenaiItem   *item,
               const char     *whole)
{
  if (whole != NULL && *whole != '\0')
    sc_decoder_add_arguments (self->decoder, item->slot, whole, TRUE);
}

/* The result names `call_id`; `id` is the item's and no use to anybody. */
static void
open_call (ScOpenaiOutput *self,
           ScOpenaiItem   *item,
           JsonObject     *object)
{
  const char *id = sc_json_get_string (object, "call_id");

  sc_openai_item_table_set_call (&self->table, item, id);
  sc_decoder_open_call (self->decoder, item->slot, id, sc_json_get_string (object, "name"));
}

static void
complete_call (ScOpenaiOutput *self,
               ScOpenaiItem   *item,
               JsonObject     *object)
{
  const char *whole = sc_json_get_string (object, "arguments");

  if (whole == NULL)
    whole = sc_json_get_string (object, "input");
  open_call (self, item, object);
  set_arguments (self, item, whole);
}

void
sc_openai_output_complete_item (ScOpenaiOutput *self,
                                ScOpenaiItem   *item,
                                JsonObject     *object)
{
  if (is_call (item))
    complete_call (self, item, object);
  else
    {
      complete_contents (self, item, sc_json_get_array (object, "summary"));
      complete_contents (self, item, sc_json_get_array (object, "content"));
    }
  /* A call that the limit cut comes to its end as `incomplete`: it must not run. */
  if (is_call (item) && g_strcmp0 (sc_json_get_string (object, "status"), "incomplete") == 0)
    return;
  item->is_done = TRUE;
  self->has_raw_marks |= self->decoder->has_marks;
  g_clear_pointer (&item->raw, json_object_unref);
  item->raw = json_object_ref (object);
}

/* Events */

static void
take_item_event (ScOpenaiOutput *self,
                 JsonObject     *root,
                 gboolean        is_done)
{
  JsonObject *object = sc_json_get_object (root, "item");
  const char *type = sc_json_get_string (object, "type");
  const char *id = sc_json_get_string (object, "id");
  gint64 index = -1;
  ScOpenaiItem *item;

  if (object == NULL)
    return;
  sc_json_get_int (root, "output_index", &index);
  item = sc_openai_item_table_find (&self->table, index, id, type);
  /* A server that numbers every item 0. */
  if (item == NULL || !is_same_item (item, type, sc_json_get_string (object, "call_id")) ||
      (!is_done && item->is_done))
    item = sc_openai_item_table_add (&self->table, index, id, type);
  sc_openai_item_table_set_type (&self->table, item, type);
  if (is_done)
    sc_openai_output_complete_item (self, item, object);
  else if (is_call (item))
    open_call (self, item, object);
}

static void
take_part_event (ScOpenaiOutput *self,
                 JsonObject     *root,
                 const char     *index_member)
{
  JsonObject *object = sc_json_get_object (root, "part");
  const char *type = sc_json_get_string (object, "type");
  gboolean is_reasoning = g_strcmp0 (type, "reasoning_text") == 0 ||
                          g_strcmp0 (type, "summary_text") == 0;
  gint64 index = 0;

  if (object == NULL)
    return;
  sc_json_get_int (root, index_member, &index);
  complete_content (self, ensure_item (self, root, is_reasoning ? "reasoning" : "message"), index,
                    object);
}

static void
take_annotation_event (ScOpenaiOutput *self,
                       JsonObject     *root)
{
  JsonObject *annotation = sc_json_get_object (root, "annotation");
  gint64 index = 0;
  ScOpenaiPart *part;

  if (annotation == NULL)
    return;
  sc_json_get_int (root, "content_index", &index);
  part = sc_openai_item_ensure_part (ensure_item (self, root, "message"), SC_OPENAI_PART_TEXT,
                                     index);
  part->n_citations++;
  take_citation (self, part, annotation);
}

/* Pieces of a part, and its whole: @member is NULL for a piece. */
typedef struct
{
  const char       *type;
  ScOpenaiPartKind  kind;
  const char       *index;
  const char       *member;
} PartEvent;

static const PartEvent part_events[] = {
  { "response.output_text.delta", SC_OPENAI_PART_TEXT, "content_index", NULL },
  { "response.output_text.done", SC_OPENAI_PART_TEXT, "content_index", "text" },
  { "response.reasoning_summary_text.delta", SC_OPENAI_PART_SUMMARY, "summary_index", NULL },
  { "response.reasoning_summary_text.done", SC_OPENAI_PART_SUMMARY, "summary_index", "text" },
  { "response.reasoning_text.delta", SC_OPENAI_PART_REASONING, "content_index", NULL },
  { "response.reasoning_text.done", SC_OPENAI_PART_REASONING, "content_index", "text" },
  { "response.refusal.delta", SC_OPENAI_PART_REFUSAL, "content_index", NULL },
  { "response.refusal.done", SC_OPENAI_PART_REFUSAL, "content_index", "refusal" },
  /* The beta of Realtime, and what it says where it was not kept from speaking. */
  { "response.text.delta", SC_OPENAI_PART_TEXT, "content_index", NULL },
  { "response.text.done", SC_OPENAI_PART_TEXT, "content_index", "text" },
  { "response.output_audio_transcript.delta", SC_OPENAI_PART_TEXT, "content_index", NULL },
  { "response.output_audio_transcript.done", SC_OPENAI_PART_TEXT, "content_index", "transcript" },
  { "response.audio_transcript.delta", SC_OPENAI_PART_TEXT, "content_index", NULL },
  { "response.audio_transcript.done", SC_OPENAI_PART_TEXT, "content_index", "transcript" },
};

static void
take_text_event (ScOpenaiOutput  *self,
                 const PartEvent *event,
                 JsonObject      *root)
{
  gboolean is_reasoning =
    event->kind == SC_OPENAI_PART_SUMMARY || event->kind == SC_OPENAI_PART_REASONING;
  ScOpenaiItem *item = ensure_item (self, root, is_reasoning ? "reasoning" : "message");
  gint64 index = 0;
  ScOpenaiPart *part;

  sc_json_get_int (root, event->index, &index);
  part = sc_openai_item_ensure_part (item, event->kind, index);
  if (event->member == NULL)
    add_piece (self, item, part, sc_json_get_string (root, "delta"));
  else
    complete_part (self, item, part, sc_json_get_string (root, event->member));
}

static void
take_call_event (ScOpenaiOutput *self,
                 JsonObject     *root,
                 const char     *type,
                 const char     *member)
{
  ScOpenaiItem *item = ensure_item (self, root, type);

  if (member == NULL)
    {
      sc_decoder_add_arguments (self->decoder, item->slot, sc_json_get_string (root, "delta"),
                                FALSE);
      return;
    }
  open_call (self, item, root);
  set_arguments (self, item, sc_json_get_string (root, member));
}

static gboolean
take_status_event (ScOpenaiOutput *self,
                   const char     *type,
                   JsonObject     *root)
{
  const char *words = sc_openai_status_find (type);
  ScOpenaiItem *item;

  if (words == NULL)
    return FALSE;
  item = ensure_item (self, root, NULL);
  if (!item->has_status)
    sc_decoder_emit_notice (self->decoder, "status", words);
  item->has_status = TRUE;
  return TRUE;
}

gboolean
sc_openai_output_take_event (ScOpenaiOutput *self,
                             const char     *type,
                             JsonObject     *root)
{
  g_return_val_if_fail (self != NULL && type != NULL && root != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (part_events); i++)
    if (strcmp (type, part_events[i].type) == 0)
      {
        take_text_event (self, &part_events[i], root);
        return TRUE;
      }
  if (strcmp (type, "response.function_call_arguments.delta") == 0)
    take_call_event (self, root, "function_call", NULL);
  else if (strcmp (type, "response.function_call_arguments.done") == 0)
    take_call_event (self, root, "function_call", "arguments");
  else if (strcmp (type, "response.custom_tool_call_input.delta") == 0)
    take_call_event (self, root, "custom_tool_call", NULL);
  else if (strcmp (type, "response.custom_tool_call_input.done") == 0)
    take_call_event (self, root, "custom_tool_call", "input");
  else if (strcmp (type, "response.output_item.added") == 0)
    take_item_event (self, root, FALSE);
  else if (strcmp (type, "response.output_item.done") == 0)
    take_item_event (self, root, TRUE);
  else if (g_str_has_prefix (type, "response.content_part."))
    take_part_event (self, root, "content_index");
  else if (g_str_has_prefix (type, "response.reasoning_summary_part."))
    take_part_event (self, root, "summary_index");
  else if (strcmp (type, "response.output_text.annotation.added") == 0)
    take_annotation_event (self, root);
  else
    return take_status_event (self, type, root);
  return TRUE;
}
