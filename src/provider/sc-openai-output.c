/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-output.h (protocols.md sections 2 and 3). Items are known by their `output_index`:
 * there are proxies that give an item another id in every event. */

#include "config.h"

#include "sc-openai-output.h"
#include "sc-json.h"
#include "sc-openai-status.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum
{
  PART_TEXT,
  PART_REFUSAL,
  PART_SUMMARY,
  PART_REASONING,
} PartKind;

/* @start: how many characters of the answer stand before it, -1 while it shows nothing; @n_chars:
 * how many it shows */
typedef struct
{
  PartKind   kind;
  gint64     index;
  GString   *text;
  gunichar2  held;
  gint64     start;
  gint64     n_chars;
  guint      n_citations;
} Part;

/* @raw: (nullable): the item as the service gave it when it was complete */
typedef struct
{
  gint64      slot;
  gint64      index;
  char       *id;
  char       *type;
  GPtrArray  *parts;
  JsonObject *raw;
  gboolean    has_shown;
  gboolean    is_done;
  gboolean    has_status;
} Item;

struct _ScOpenaiOutput
{
  ScDecoder *decoder;
  GPtrArray *items;
  gint64     n_chars;
  gboolean   has_refusal;
  gboolean   has_raw_marks;
};

static void
free_part (gpointer data)
{
  Part *part = data;

  g_string_free (part->text, TRUE);
  g_free (part);
}

static void
free_item (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->raw, json_object_unref);
  g_ptr_array_unref (item->parts);
  g_free (item->id);
  g_free (item->type);
  g_free (item);
}

ScOpenaiOutput *
sc_openai_output_new (ScDecoder *decoder)
{
  ScOpenaiOutput *self;

  g_return_val_if_fail (decoder != NULL, NULL);

  self = g_new0 (ScOpenaiOutput, 1);
  self->decoder = decoder;
  self->items = g_ptr_array_new_with_free_func (free_item);
  return self;
}

void
sc_openai_output_free (ScOpenaiOutput *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->items);
  g_free (self);
}

/* Items */

static Item *
add_item (ScOpenaiOutput *self,
          gint64          index,
          const char     *id,
          const char     *type)
{
  Item *item = g_new0 (Item, 1);

  item->slot = self->items->len;
  item->index = index;
  item->id = g_strdup (id);
  item->type = g_strdup (type);
  item->parts = g_ptr_array_new_with_free_func (free_part);
  g_ptr_array_add (self->items, item);
  return item;
}

/* The newest first: deltas concern the item that came last. */
static Item *
find_item (ScOpenaiOutput *self,
           gint64          index,
           const char     *id,
           const char     *type)
{
  for (guint i = self->items->len; i > 0; i--)
    {
      Item *item = g_ptr_array_index (self->items, i - 1);
      gboolean is_it = index >= 0 ? item->index == index
                       : id != NULL ? g_strcmp0 (item->id, id) == 0
                                    : g_strcmp0 (item->type, type) == 0;

      if (is_it)
        return item;
    }
  return NULL;
}

/* The item a delta is part of. A server that never told of it is believed all the same. One that
 * names neither index nor id means the newest of the right type. */
static Item *
ensure_item (ScOpenaiOutput *self,
             JsonObject     *root,
             const char     *type)
{
  const char *id = sc_json_get_string (root, "item_id");
  gint64 index = -1;
  Item *item;

  sc_json_get_int (root, "output_index", &index);
  item = find_item (self, index, id, type);
  return item != NULL ? item : add_item (self, index, id, type);
}

/* Whether an item that is told of is the one that is known under its index. */
static gboolean
is_same_item (const Item *item,
              const char *type,
              const char *call_id,
              ScDecoder  *decoder)
{
  const char *known = sc_decoder_get_call_id (decoder, item->slot);

  if (type != NULL && item->type != NULL && strcmp (type, item->type) != 0)
    return FALSE;
  return call_id == NULL || known == NULL || *known == '\0' || strcmp (known, call_id) == 0;
}

/* Parts */

static Part *
ensure_part (Item     *item,
             PartKind  kind,
             gint64    index)
{
  Part *part;

  for (guint i = item->parts->len; i > 0; i--)
    {
      part = g_ptr_array_index (item->parts, i - 1);
      if (part->kind == kind && part->index == index)
        return part;
    }
  part = g_new0 (Part, 1);
  part->kind = kind;
  part->index = index;
  part->text = g_string_new (NULL);
  part->start = -1;
  g_ptr_array_add (item->parts, part);
  return part;
}

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
           Item           *item,
           Part           *part,
           const char     *piece)
{
  gboolean is_first = part->start < 0;

  if (is_first && part->kind == PART_REFUSAL && !self->has_refusal)
    {
      self->has_refusal = TRUE;
      sc_decoder_emit_notice (self->decoder, "refusal", _("The model declined to answer."));
    }
  if (self->n_chars > 0 && (!item->has_shown || (is_first && part->kind == PART_REFUSAL)))
    emit_text (self, "\n\n");
  item->has_shown = TRUE;
  if (is_first)
    part->start = self->n_chars;
  part->n_chars += emit_text (self, piece);
}

/* An open model sends its reasoning and a summary of it: the one that comes first counts. */
static void
show_reasoning (ScOpenaiOutput *self,
                Item           *item,
                Part           *part,
                const char     *piece)
{
  if (part->start < 0)
    {
      for (guint i = 0; i < item->parts->len; i++)
        {
          Part *other = g_ptr_array_index (item->parts, i);

          if (other->kind != part->kind && other->start >= 0)
            return;
        }
      if (self->decoder->has_reasoning)
        sc_decoder_emit_reasoning (self->decoder, "\n\n");
      part->start = 0;
    }
  sc_decoder_emit_reasoning (self->decoder, piece);
}

static void
add_piece (ScOpenaiOutput *self,
           Item           *item,
           Part           *part,
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
  if (part->kind == PART_TEXT || part->kind == PART_REFUSAL)
    show_text (self, item, part, piece);
  else
    show_reasoning (self, item, part, piece);
}

/* The whole text of a part: the end of it that no delta brought. */
static void
complete_part (ScOpenaiOutput *self,
               Item           *item,
               Part           *part,
               const char     *whole)
{
  if (whole != NULL && part->held == 0 && strncmp (whole, part->text->str, part->text->len) == 0)
    add_piece (self, item, part, whole + part->text->len);
}

/* Citations */

/* Places count characters of their part. What lies behind its end is drawn to it, unless the text
 * it stands for is still to come. */
static gint64
read_place (JsonObject *annotation,
            const char *name,
            const Part *part,
            gint64      first)
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
               Part           *part,
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
                    Part           *part,
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
                  Item           *item,
                  gint64          index,
                  JsonObject     *object)
{
  static const struct
  {
    const char *type;
    const char *member;
    PartKind    kind;
  } kinds[] = {
    { "output_text", "text", PART_TEXT },       { "text", "text", PART_TEXT },
    { "refusal", "refusal", PART_REFUSAL },     { "reasoning_text", "text", PART_REASONING },
    { "summary_text", "text", PART_SUMMARY },   { "output_audio", "transcript", PART_TEXT },
    { "audio", "transcript", PART_TEXT },
  };
  const char *type = sc_json_get_string (object, "type");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (type, kinds[i].type) == 0)
      {
        Part *part = ensure_part (item, kinds[i].kind, index);

        complete_part (self, item, part, sc_json_get_string (object, kinds[i].member));
        complete_citations (self, part, sc_json_get_array (object, "annotations"));
        return;
      }
}

static void
complete_contents (ScOpenaiOutput *self,
                   Item           *item,
                   JsonArray      *contents)
{
  guint n = contents != NULL ? json_array_get_length (contents) : 0;

  for (guint i = 0; i < n; i++)
    complete_content (self, item, i, sc_json_get_element_object (contents, i));
}

static gboolean
is_call (const Item *item)
{
  return g_strcmp0 (item->type, "function_call") == 0 ||
         g_strcmp0 (item->type, "custom_tool_call") == 0;
}

static void
set_arguments (ScOpenaiOutput *self,
               Item           *item,
               const char     *whole)
{
  if (whole != NULL && *whole != '\0')
    sc_decoder_add_arguments (self->decoder, item->slot, whole, TRUE);
}

/* The result names `call_id`; `id` is the item's and no use to anybody. */
static void
open_call (ScOpenaiOutput *self,
           Item           *item,
           JsonObject     *object)
{
  sc_decoder_open_call (self->decoder, item->slot, sc_json_get_string (object, "call_id"),
                        sc_json_get_string (object, "name"));
}

static void
complete_call (ScOpenaiOutput *self,
               Item           *item,
               JsonObject     *object)
{
  const char *whole = sc_json_get_string (object, "arguments");

  if (whole == NULL)
    whole = sc_json_get_string (object, "input");
  open_call (self, item, object);
  set_arguments (self, item, whole);
}

static void
complete_item (ScOpenaiOutput *self,
               Item           *item,
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
  Item *item;

  if (object == NULL)
    return;
  sc_json_get_int (root, "output_index", &index);
  item = find_item (self, index, id, type);
  /* A server that numbers every item 0. */
  if (item == NULL ||
      !is_same_item (item, type, sc_json_get_string (object, "call_id"), self->decoder) ||
      (!is_done && item->is_done))
    item = add_item (self, index, id, type);
  if (item->type == NULL)
    item->type = g_strdup (type);
  if (is_done)
    complete_item (self, item, object);
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
  Part *part;

  if (annotation == NULL)
    return;
  sc_json_get_int (root, "content_index", &index);
  part = ensure_part (ensure_item (self, root, "message"), PART_TEXT, index);
  part->n_citations++;
  take_citation (self, part, annotation);
}

/* Pieces of a part, and its whole: @member is NULL for a piece. */
typedef struct
{
  const char *type;
  PartKind    kind;
  const char *index;
  const char *member;
} PartEvent;

static const PartEvent part_events[] = {
  { "response.output_text.delta", PART_TEXT, "content_index", NULL },
  { "response.output_text.done", PART_TEXT, "content_index", "text" },
  { "response.reasoning_summary_text.delta", PART_SUMMARY, "summary_index", NULL },
  { "response.reasoning_summary_text.done", PART_SUMMARY, "summary_index", "text" },
  { "response.reasoning_text.delta", PART_REASONING, "content_index", NULL },
  { "response.reasoning_text.done", PART_REASONING, "content_index", "text" },
  { "response.refusal.delta", PART_REFUSAL, "content_index", NULL },
  { "response.refusal.done", PART_REFUSAL, "content_index", "refusal" },
  /* The beta of Realtime, and what it says where it was not kept from speaking. */
  { "response.text.delta", PART_TEXT, "content_index", NULL },
  { "response.text.done", PART_TEXT, "content_index", "text" },
  { "response.output_audio_transcript.delta", PART_TEXT, "content_index", NULL },
  { "response.output_audio_transcript.done", PART_TEXT, "content_index", "transcript" },
  { "response.audio_transcript.delta", PART_TEXT, "content_index", NULL },
  { "response.audio_transcript.done", PART_TEXT, "content_index", "transcript" },
};

static void
take_text_event (ScOpenaiOutput  *self,
                 const PartEvent *event,
                 JsonObject      *root)
{
  gboolean is_reasoning = event->kind == PART_SUMMARY || event->kind == PART_REASONING;
  Item *item = ensure_item (self, root, is_reasoning ? "reasoning" : "message");
  gint64 index = 0;
  Part *part;

  sc_json_get_int (root, event->index, &index);
  part = ensure_part (item, event->kind, index);
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
  Item *item = ensure_item (self, root, type);

  if (member == NULL)
    {
      sc_decoder_add_arguments (self->decoder, item->slot, sc_json_get_string (root, "delta"),
                                FALSE);
      return;
    }
  sc_decoder_open_call (self->decoder, item->slot, sc_json_get_string (root, "call_id"),
                        sc_json_get_string (root, "name"));
  set_arguments (self, item, sc_json_get_string (root, member));
}

static gboolean
take_status_event (ScOpenaiOutput *self,
                   const char     *type,
                   JsonObject     *root)
{
  const char *words = sc_openai_status_find (type);
  Item *item;

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

/* The end */

/* The item that an item of the complete response repeats. */
static Item *
find_known (ScOpenaiOutput *self,
            JsonObject     *object,
            gint64          index)
{
  const char *type = sc_json_get_string (object, "type");
  const char *id = sc_json_get_string (object, "id");
  const char *call_id = sc_json_get_string (object, "call_id");
  Item *same_index = NULL;

  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = g_ptr_array_index (self->items, i);

      if (g_strcmp0 (item->type, type) != 0)
        continue;
      if (call_id != NULL)
        {
          if (g_strcmp0 (sc_decoder_get_call_id (self->decoder, item->slot), call_id) == 0)
            return item;
        }
      else if (id != NULL && g_strcmp0 (item->id, id) == 0)
        return item;
      else if (item->index == index)
        same_index = item;
    }
  return same_index;
}

/* Some services leave items out of the complete response, and some give them other ids there: where
 * an item of that type came already it is taken for that one rather than shown twice. */
static gboolean
has_type (ScOpenaiOutput *self,
          const char     *type)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = g_ptr_array_index (self->items, i);

      if (g_strcmp0 (item->type, type) == 0)
        return TRUE;
    }
  return FALSE;
}

void
sc_openai_output_take_whole (ScOpenaiOutput *self,
                             JsonArray      *items)
{
  gboolean is_first;
  guint n;

  g_return_if_fail (self != NULL);

  is_first = self->items->len == 0;
  n = items != NULL ? json_array_get_length (items) : 0;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *object = sc_json_get_element_object (items, i);
      const char *type = sc_json_get_string (object, "type");
      Item *item = object != NULL && !is_first ? find_known (self, object, i) : NULL;

      if (object == NULL || (item != NULL && item->is_done))
        continue;
      if (item == NULL && !is_first && sc_json_get_string (object, "call_id") == NULL &&
          has_type (self, type))
        continue;
      if (item == NULL)
        item = add_item (self, i, sc_json_get_string (object, "id"), type);
      complete_item (self, item, object);
    }
}

static gint64
read_tokens (JsonObject *object,
             const char *name)
{
  gint64 value = -1;

  sc_json_get_int (object, name, &value);
  return MAX (value, -1);
}

static JsonObject *
get_details (JsonObject *usage,
             const char *name,
             const char *other)
{
  JsonObject *details = sc_json_get_object (usage, name);

  return details != NULL ? details : sc_json_get_object (usage, other);
}

void
sc_openai_output_take_usage (ScOpenaiOutput *self,
                             JsonObject     *usage)
{
  ScUsage totals = SC_USAGE_INIT;

  g_return_if_fail (self != NULL);

  if (usage == NULL)
    return;
  totals.input = read_tokens (usage, "input_tokens");
  totals.output = read_tokens (usage, "output_tokens");
  totals.cached =
    read_tokens (get_details (usage, "input_tokens_details", "input_token_details"),
                 "cached_tokens");
  totals.reasoning =
    read_tokens (get_details (usage, "output_tokens_details", "output_token_details"),
                 "reasoning_tokens");
  sc_decoder_take_usage (self->decoder, &totals);
}

static void
finish (ScOpenaiOutput *self,
        ScFinishReason  reason,
        const char     *raw)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = g_ptr_array_index (self->items, i);

      if (!item->is_done)
        sc_decoder_drop_call (self->decoder, item->slot);
    }
  if (self->has_refusal && reason == SC_FINISH_STOP)
    reason = SC_FINISH_REFUSAL;
  sc_decoder_set_finish (self->decoder, reason, raw);
  sc_decoder_complete (self->decoder);
}

static const struct
{
  const char     *word;
  ScFinishReason  reason;
} incomplete_words[] = {
  { "max_output_tokens", SC_FINISH_LENGTH },
  { "max_tokens", SC_FINISH_LENGTH },
  { "content_filter", SC_FINISH_CONTENT_FILTER },
};

static void
finish_incomplete (ScOpenaiOutput *self,
                   const char     *word)
{
  ScFinishReason reason = SC_FINISH_OTHER;

  for (guint i = 0; i < G_N_ELEMENTS (incomplete_words); i++)
    if (g_strcmp0 (word, incomplete_words[i].word) == 0)
      reason = incomplete_words[i].reason;
  finish (self, reason, word != NULL ? word : "incomplete");
}

void
sc_openai_output_end (ScOpenaiOutput *self,
                      const char     *status,
                      const char     *reason)
{
  g_return_if_fail (self != NULL);

  if (g_strcmp0 (status, "incomplete") == 0)
    finish_incomplete (self, reason);
  else if (g_strcmp0 (status, "cancelled") == 0)
    sc_decoder_fail (self->decoder,
                     sc_failure_new (SC_ERROR_CANCELLED, _("The service stopped the answer.")));
  else if (g_strcmp0 (status, "in_progress") == 0 || g_strcmp0 (status, "queued") == 0)
    sc_decoder_fail (self->decoder, sc_failure_new (SC_ERROR_INTERRUPTED, NULL));
  else
    finish (self, SC_FINISH_STOP, status);
}

/* Whether an item says more than its text or its call: reasoning, work of the service, and the
 * phase of a message, which has to come back. */
static gboolean
is_worth_keeping (const Item *item)
{
  if (g_strcmp0 (item->type, "message") == 0)
    return sc_json_get_string (item->raw, "phase") != NULL;
  return g_strcmp0 (item->type, "function_call") != 0;
}

char *
sc_openai_output_dup_raw (ScOpenaiOutput *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  g_autofree char *text = NULL;
  gboolean is_needed = FALSE;
  gunichar2 held = 0;

  g_return_val_if_fail (self != NULL, NULL);

  json_node_take_array (node, array);
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = g_ptr_array_index (self->items, i);

      if (item->raw == NULL)
        return NULL;
      is_needed |= is_worth_keeping (item);
      json_array_add_object_element (array, json_object_ref (item->raw));
    }
  if (!is_needed)
    return NULL;
  text = sc_json_to_string (node, FALSE);
  return self->has_raw_marks ? sc_surrogates_join (text, &held) : g_steal_pointer (&text);
}
