/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part that all decoders share: one end, usage merged by field, halves of characters put together. Tool calls are in
 * sc-decoder-calls.c. Knows no field name of any service. */

#include "config.h"

#include "sc-decoder-private.h"
#include "sc-json.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

/* How much of what could not be understood is kept for the details of an error. */
#define MAX_JUNK_BYTES 4096

/* More than any service counts: what lies above is no count. */
#define MAX_TOKENS G_GINT64_CONSTANT (1000000000000)

void
sc_decoder_emit (ScDecoder     *self,
                 const ScEvent *event)
{
  if (!self->is_done && self->func != NULL)
    self->func (event, self->user_data);
}

static void
emit_piece (ScDecoder   *self,
            ScEventKind  kind,
            const char  *text,
            gsize        length)
{
  ScEvent event = { .kind = kind, .text = text, .length = length, .start = -1, .end = -1 };

  if (length > 0)
    sc_decoder_emit (self, &event);
}

/* A text that stands alone (names, ids): marks become characters, halves U+FFFD. */
char *
sc_decoder_dup_joined (ScDecoder  *self,
                       const char *text)
{
  gunichar2 held = 0;
  char *joined;

  if (text == NULL || !self->has_marks)
    return g_strdup (text);
  joined = sc_surrogates_join (text, &held);
  if (held != 0)
    {
      char *whole = g_strconcat (joined, SC_DECODER_REPLACEMENT, NULL);

      g_free (joined);
      joined = whole;
    }
  return joined;
}

static void
emit_text_of_kind (ScDecoder   *self,
                   ScEventKind  kind,
                   const char  *text,
                   gunichar2   *held)
{
  g_autofree char *joined = NULL;

  if (text == NULL || *text == '\0' || self->is_done)
    return;
  if (!self->has_marks && *held == 0)
    {
      emit_piece (self, kind, text, strlen (text));
      return;
    }
  joined = sc_surrogates_join (text, held);
  emit_piece (self, kind, joined, strlen (joined));
}

static void
flush_held (ScDecoder *self)
{
  if (self->held_reasoning != 0)
    emit_piece (self, SC_EVENT_REASONING, SC_DECODER_REPLACEMENT, strlen (SC_DECODER_REPLACEMENT));
  if (self->held_text != 0)
    emit_piece (self, SC_EVENT_TEXT, SC_DECODER_REPLACEMENT, strlen (SC_DECODER_REPLACEMENT));
  self->held_reasoning = 0;
  self->held_text = 0;
}

void
sc_decoder_init (ScDecoder            *self,
                 const ScDecoderClass *klass)
{
  const ScUsage unknown = SC_USAGE_INIT;

  g_return_if_fail (self != NULL && klass != NULL);

  self->klass = klass;
  self->usage = unknown;
  self->finish_reason = SC_FINISH_OTHER;
  self->calls = g_ptr_array_new_with_free_func (sc_decoder_call_free);
  self->slots = g_hash_table_new (g_int64_hash, g_int64_equal);
}

void
sc_decoder_free (ScDecoder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->slots);
  g_ptr_array_unref (self->calls);
  g_free (self->response_id);
  g_free (self->junk);
  g_free (self->finish_raw);
  self->klass->free (self);
}

void
sc_decoder_set_func (ScDecoder   *self,
                     ScEventFunc  func,
                     gpointer     user_data)
{
  g_return_if_fail (self != NULL);

  self->func = func;
  self->user_data = user_data;
}

void
sc_decoder_feed (ScDecoder     *self,
                 const ScFrame *frame)
{
  g_return_if_fail (self != NULL && frame != NULL);

  if (!self->is_done && frame->kind != SC_FRAME_COMMENT)
    self->klass->frame (self, frame);
}

void
sc_decoder_feed_whole (ScDecoder  *self,
                       JsonObject *root)
{
  g_return_if_fail (self != NULL && root != NULL);

  if (!self->is_done)
    self->klass->whole (self, root);
}

static ScFailure *
create_interrupted (ScDecoder *self)
{
  ScFailure *failure = sc_failure_new (SC_ERROR_INTERRUPTED, NULL);

  failure->details = g_strdup (self->junk);
  return failure;
}

void
sc_decoder_end (ScDecoder       *self,
                const ScFailure *failure)
{
  g_return_if_fail (self != NULL);

  if (self->is_done)
    return;
  /* Half a tag or half a character that was cut off is given up, never shown as text: what stands
   * above an interruption is always a beginning of the whole answer. */
  if (self->has_finish && self->klass->end != NULL)
    self->klass->end (self);
  else if (failure == NULL && self->klass->end != NULL)
    self->klass->end (self);
  if (self->is_done)
    return;
  if (self->has_finish)
    sc_decoder_complete (self);
  else
    sc_decoder_fail (self, failure != NULL ? sc_failure_copy (failure) : create_interrupted (self));
}

gboolean
sc_decoder_is_done (ScDecoder *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->is_done;
}

gboolean
sc_decoder_has_finish (ScDecoder *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_finish;
}

char *
sc_decoder_dup_raw (ScDecoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->klass->dup_raw != NULL ? self->klass->dup_raw (self) : NULL;
}

static gboolean
is_json_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
remember_junk (ScDecoder  *self,
               const char *text,
               gsize       length)
{
  g_autofree char *start = NULL;

  if (self->junk != NULL || length == 0)
    return;
  start = g_strndup (text, MIN (length, MAX_JUNK_BYTES));
  self->junk = g_utf8_make_valid (start, -1);
}

/* Whether a `\uD8xx`-like escape occurs at all: the one look that every frame gets. */
static gboolean
has_surrogate_escape (const char *text,
                      gsize       length)
{
  const char *end = text + length;

  while (text < end && (text = memchr (text, '\\', (gsize) (end - text))) != NULL)
    {
      if (end - text >= 6 && text[1] == 'u' && (text[2] == 'd' || text[2] == 'D'))
        return TRUE;
      text += MIN (2, end - text);
    }
  return FALSE;
}

static JsonObject *
parse_payload (ScDecoder     *self,
               const ScFrame *frame,
               const char    *text,
               gsize          length)
{
  GString *marked = has_surrogate_escape (text, length) ? sc_surrogates_mark (text, length) : NULL;
  JsonObject *object;

  self->has_marks = marked != NULL;
  if (marked != NULL)
    {
      object = sc_json_parse_object (marked->str, (gssize) marked->len, NULL);
      g_string_free (marked, TRUE);
    }
  else
    object = sc_json_parse_object (text, (gssize) length, NULL);
  if (object == NULL)
    {
      remember_junk (self, text, length);
      if (!frame->unterminated)
        {
          ScFailure *failure =
            sc_failure_new (SC_ERROR_PROTOCOL, _("The server sent something that could not be read."));

          failure->details = g_strdup (self->junk);
          sc_decoder_fail (self, failure);
        }
    }
  return object;
}

JsonObject *
sc_decoder_parse (ScDecoder     *self,
                  const ScFrame *frame)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL && frame != NULL, NULL);

  text = frame->data;
  length = frame->length;
  while (length > 0 && is_json_space (*text))
    {
      text++;
      length--;
    }
  while (length > 0 && is_json_space (text[length - 1]))
    length--;
  if (length > 0 && *text == '{')
    return parse_payload (self, frame, text, length);
  if (length > 0 && strncmp (text, "null", length) != 0)
    remember_junk (self, text, length);
  return NULL;
}

void
sc_decoder_take_words (ScDecoder     *self,
                       const ScFrame *frame)
{
  g_return_if_fail (self != NULL && frame != NULL);

  if (strcmp (frame->type, "error") == 0 && frame->length > 0 && !frame->unterminated)
    sc_decoder_fail (self, sc_failure_new (SC_ERROR_SERVER, strcmp (frame->data, "null") != 0
                                                              ? frame->data : NULL));
}

void
sc_decoder_emit_start (ScDecoder  *self,
                       const char *id,
                       const char *model)
{
  ScEvent event = { .kind = SC_EVENT_START, .start = -1, .end = -1 };
  g_autofree char *clean_id = NULL;
  g_autofree char *clean_model = NULL;

  g_return_if_fail (self != NULL);

  if (self->has_started)
    return;
  self->has_started = TRUE;
  clean_id = sc_decoder_dup_joined (self, id);
  clean_model = sc_decoder_dup_joined (self, model);
  event.id = clean_id != NULL && *clean_id != '\0' ? clean_id : NULL;
  event.name = clean_model != NULL && *clean_model != '\0' ? clean_model : NULL;
  self->response_id = g_strdup (event.id);
  sc_decoder_emit (self, &event);
}

void
sc_decoder_emit_text (ScDecoder  *self,
                      const char *text)
{
  g_return_if_fail (self != NULL);

  if (text != NULL && *text != '\0')
    {
      self->has_text = TRUE;
      emit_text_of_kind (self, SC_EVENT_TEXT, text, &self->held_text);
    }
}

void
sc_decoder_emit_reasoning (ScDecoder  *self,
                           const char *text)
{
  g_return_if_fail (self != NULL);

  if (text != NULL && *text != '\0')
    {
      self->has_reasoning = TRUE;
      emit_text_of_kind (self, SC_EVENT_REASONING, text, &self->held_reasoning);
    }
}

void
sc_decoder_emit_notice (ScDecoder  *self,
                        const char *code,
                        const char *text)
{
  g_autofree char *clean = NULL;
  ScEvent event = { .kind = SC_EVENT_NOTICE, .name = code, .start = -1, .end = -1 };

  g_return_if_fail (self != NULL && code != NULL);

  clean = sc_decoder_dup_joined (self, text);
  event.text = clean;
  event.length = clean != NULL ? strlen (clean) : 0;
  sc_decoder_emit (self, &event);
}

void
sc_decoder_emit_citation (ScDecoder  *self,
                          const char *url,
                          const char *title,
                          const char *cited,
                          gint64      start,
                          gint64      end)
{
  g_autofree char *clean_url = NULL;
  g_autofree char *clean_title = NULL;
  g_autofree char *clean_cited = NULL;
  ScEvent event = { .kind = SC_EVENT_CITATION, .start = start, .end = end };

  g_return_if_fail (self != NULL);

  event.id = clean_url = sc_decoder_dup_joined (self, url);
  event.name = clean_title = sc_decoder_dup_joined (self, title);
  event.text = clean_cited = sc_decoder_dup_joined (self, cited);
  event.length = clean_cited != NULL ? strlen (clean_cited) : 0;
  sc_decoder_emit (self, &event);
}

gint64
sc_decoder_read_tokens (JsonObject *object,
                        const char *name)
{
  const char *text = sc_json_get_string (object, name);
  gint64 value = -1;

  if (text != NULL && *text != '\0' && text[strspn (text, "0123456789")] == '\0')
    value = g_ascii_strtoll (text, NULL, 10);
  else
    sc_json_get_int (object, name, &value);

  return value >= 0 && value <= MAX_TOKENS ? value : -1;
}

void
sc_decoder_merge_tokens (JsonObject *object,
                         const char *name,
                         gint64     *count)
{
  gint64 value = sc_decoder_read_tokens (object, name);

  if (value >= 0)
    *count = value;
}

void
sc_decoder_take_usage (ScDecoder     *self,
                       const ScUsage *usage)
{
  g_return_if_fail (self != NULL && usage != NULL);

  sc_usage_merge (&self->usage, usage);
}

void
sc_decoder_set_finish (ScDecoder      *self,
                       ScFinishReason  reason,
                       const char     *raw)
{
  g_return_if_fail (self != NULL);

  if (self->has_finish && (self->finish_reason != SC_FINISH_OTHER || self->finish_raw != NULL))
    return;
  self->has_finish = TRUE;
  self->finish_reason = reason;
  g_free (self->finish_raw);
  self->finish_raw = sc_decoder_dup_joined (self, raw);
}

/* A part that is larger than its whole was counted beside it. */
static void
complete_usage (ScUsage *usage)
{
  if (usage->input >= 0 && usage->cached > usage->input)
    usage->input += usage->cached;
  if (usage->output >= 0 && usage->reasoning > usage->output)
    usage->output += usage->reasoning;
}

static void
emit_usage (ScDecoder *self)
{
  ScEvent event = { .kind = SC_EVENT_USAGE, .usage = &self->usage, .start = -1, .end = -1 };

  complete_usage (&self->usage);
  if (!sc_usage_is_empty (&self->usage))
    sc_decoder_emit (self, &event);
}

void
sc_decoder_complete (ScDecoder *self)
{
  ScEvent event = { .kind = SC_EVENT_FINISH, .start = -1, .end = -1 };
  int n_calls;

  g_return_if_fail (self != NULL);

  if (self->is_done)
    return;
  self->has_finish = TRUE;
  flush_held (self);
  n_calls = sc_decoder_complete_calls (self);
  emit_usage (self);
  event.reason = self->finish_reason;
  if (n_calls > 0 && event.reason == SC_FINISH_STOP)
    event.reason = SC_FINISH_TOOL_CALLS;
  event.name = self->finish_raw;
  sc_decoder_emit (self, &event);
  self->is_done = TRUE;
}

void
sc_decoder_fail (ScDecoder *self,
                 ScFailure *failure)
{
  ScEvent event = { .kind = SC_EVENT_ERROR, .failure = failure, .start = -1, .end = -1 };

  g_return_if_fail (self != NULL && failure != NULL);

  if (!self->is_done)
    {
      emit_usage (self);
      sc_decoder_emit (self, &event);
      self->is_done = TRUE;
    }
  sc_failure_free (failure);
}

void
sc_decoder_follow (ScDecoder       *self,
                   const ScDecoder *inner)
{
  g_return_if_fail (self != NULL && inner != NULL);

  self->usage = inner->usage;
  self->has_finish = inner->has_finish;
  self->has_started = inner->has_started;
  self->has_text = inner->has_text;
  self->has_reasoning = inner->has_reasoning;
  self->is_done = inner->is_done;
}
