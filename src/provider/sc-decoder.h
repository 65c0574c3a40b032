/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A decoder turns one protocol's frames into events. It is pure: no clock, no input or output, the
 * same events for the same frames. This header is for protocols and for the reader that feeds them;
 * nobody above needs it.
 *
 * A protocol embeds #ScDecoder as the first member of its own struct and fills in a class. The
 * functions here keep the promises that hold for all: nothing after the end, one end only, tool
 * calls complete exactly once and only if the stream ended by its protocol. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-event.h"
#include "sc-frame.h"
#include "sc-message.h"

G_BEGIN_DECLS

/**
 * ScDecoderClass:
 * @frame: one frame of the stream (never a comment)
 * @whole: a complete answer that was not streamed, already parsed; ends the decoder by finish or
 *   error
 * @end: (nullable): the stream ended by itself or after its end mark: the protocol gives what it
 *   still holds back. If the end mark was not seen then the base reports `interrupted`
 * @dup_raw: (nullable): the assistant message so far as the protocol wants it back, JSON text;
 *   %NULL where plain text does
 * @free: frees the protocol's own fields and the struct
 */
typedef struct
{
  void  (*frame)   (ScDecoder     *self,
                    const ScFrame *frame);
  void  (*whole)   (ScDecoder     *self,
                    JsonObject    *root);
  void  (*end)     (ScDecoder     *self);
  char *(*dup_raw) (ScDecoder     *self);
  void  (*free)    (ScDecoder     *self);
} ScDecoderClass;

/**
 * ScDecoder:
 *
 * The part every decoder has. Only sc-decoder.c touches the fields behind @klass.
 */
struct _ScDecoder
{
  const ScDecoderClass *klass;
  ScEventFunc           func;
  gpointer              user_data;
  GPtrArray            *calls;
  GHashTable           *slots;
  int                   n_begun;
  ScUsage               usage;
  gunichar2             held_text;
  gunichar2             held_reasoning;
  char                 *response_id;
  char                 *junk;
  char                 *finish_raw;
  ScFinishReason        finish_reason;
  guint                 has_finish : 1;
  guint                 is_done : 1;
  guint                 has_started : 1;
  guint                 has_text : 1;
  guint                 has_reasoning : 1;
  guint                 has_marks : 1;
};

/**
 * sc_decoder_init:
 * @self: a decoder whose memory is zeroed
 * @klass: its class, static
 *
 * Fills in the common part; to be called by a protocol's constructor.
 */
void        sc_decoder_init           (ScDecoder            *self,
                                       const ScDecoderClass *klass);

/**
 * sc_decoder_free:
 * @self: (nullable) (transfer full): a decoder
 *
 * Frees the common part and calls the class.
 */
void        sc_decoder_free           (ScDecoder            *self);

/**
 * sc_decoder_set_func:
 * @self: a decoder
 * @func: receives the events; must not free @self
 * @user_data: for @func
 *
 * Says where events go.
 */
void        sc_decoder_set_func       (ScDecoder            *self,
                                       ScEventFunc           func,
                                       gpointer              user_data);

/**
 * sc_decoder_feed:
 * @self: a decoder
 * @frame: a frame; comments are ignored
 *
 * Gives the decoder the next frame. Does nothing after the end event.
 */
void        sc_decoder_feed           (ScDecoder            *self,
                                       const ScFrame        *frame);

/**
 * sc_decoder_feed_whole:
 * @self: a decoder
 * @root: a complete answer
 *
 * Gives the decoder an answer that was not streamed.
 */
void        sc_decoder_feed_whole     (ScDecoder            *self,
                                       JsonObject           *root);

/**
 * sc_decoder_end:
 * @self: a decoder
 * @failure: (nullable) (transfer none): why the bytes ended, %NULL for a regular end of the stream
 *
 * Tells that no more will come: emits the one end event unless it was emitted. If the end mark was
 * seen it is `finish` whatever @failure says; otherwise it is `error`, of @failure or
 * `interrupted`.
 */
void        sc_decoder_end            (ScDecoder            *self,
                                       const ScFailure      *failure);

/**
 * sc_decoder_is_done:
 * @self: a decoder
 *
 * Returns: %TRUE if the end event was emitted
 */
gboolean    sc_decoder_is_done        (ScDecoder            *self);

/**
 * sc_decoder_has_finish:
 * @self: a decoder
 *
 * Returns: %TRUE if the protocol's end mark was seen: what may still come is usage, and reading on
 *   is bounded
 */
gboolean    sc_decoder_has_finish     (ScDecoder            *self);

/**
 * sc_decoder_dup_raw:
 * @self: a decoder
 *
 * Returns: (transfer full) (nullable): the assistant message as its protocol wants it back, or
 *   %NULL
 */
char       *sc_decoder_dup_raw        (ScDecoder            *self);

/* For protocols: */

/**
 * sc_decoder_parse:
 * @self: a decoder
 * @frame: a frame
 *
 * Parses a frame's payload the way all protocols need it: blank payloads, `null`, everything that
 * is no object and a cut frame at the end of the stream are passed over, a broken object fails the
 * decoder with %SC_ERROR_PROTOCOL. A surrogate that a server cut off its other half is marked, and
 * put together again by the functions below.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL if there is nothing to do
 */
JsonObject *sc_decoder_parse          (ScDecoder            *self,
                                       const ScFrame        *frame);

/**
 * sc_decoder_take_words:
 * @self: a decoder
 * @frame: a frame of which sc_decoder_parse() made nothing
 *
 * Fails the decoder if the frame is an event named `error` whose payload is plain words, as gates
 * in front of a service send it.
 */
void        sc_decoder_take_words     (ScDecoder            *self,
                                       const ScFrame        *frame);

/**
 * sc_decoder_emit_start:
 * @self: a decoder
 * @id: (nullable): response id
 * @model: (nullable): model that answers
 *
 * Emits `start`, the first time only.
 */
void        sc_decoder_emit_start     (ScDecoder            *self,
                                       const char           *id,
                                       const char           *model);

/**
 * sc_decoder_emit_text:
 * @self: a decoder
 * @text: (nullable): a piece, valid UTF-8; %NULL and "" do nothing
 *
 * Emits `text`.
 */
void        sc_decoder_emit_text      (ScDecoder            *self,
                                       const char           *text);

/**
 * sc_decoder_emit_reasoning:
 * @self: a decoder
 * @text: (nullable): a piece, valid UTF-8; %NULL and "" do nothing
 *
 * Emits `reasoning`.
 */
void        sc_decoder_emit_reasoning (ScDecoder            *self,
                                       const char           *text);

/**
 * sc_decoder_emit_notice:
 * @self: a decoder
 * @code: stable name
 * @text: (nullable): words for people
 *
 * Emits `notice`.
 */
void        sc_decoder_emit_notice    (ScDecoder            *self,
                                       const char           *code,
                                       const char           *text);

/**
 * sc_decoder_emit_citation:
 * @self: a decoder
 * @url: (nullable): address or id of the source
 * @title: (nullable): its title
 * @cited: (nullable): the cited passage
 * @start: first code point of the answer it stands for, -1 unknown
 * @end: the code point after the last, -1 unknown
 *
 * Emits `citation`.
 */
void        sc_decoder_emit_citation  (ScDecoder            *self,
                                       const char           *url,
                                       const char           *title,
                                       const char           *cited,
                                       gint64                start,
                                       gint64                end);

/**
 * sc_decoder_read_tokens:
 * @object: (nullable): an object with counts
 * @name: a member's name
 *
 * Reads a count of tokens: a number, or its digits as a string (gateways that pass counts through a form).
 *
 * Returns: the count, -1 where there is none: no such member, null, less than 0, or more than any service counts
 */
gint64      sc_decoder_read_tokens    (JsonObject           *object,
                                       const char           *name);

/**
 * sc_decoder_merge_tokens:
 * @object: (nullable): an object with counts
 * @name: a member's name
 * @count: (inout): set to the count as sc_decoder_read_tokens() reads it; left as it is where there is none
 *
 * Reads a count where a later object without it takes nothing back.
 */
void        sc_decoder_merge_tokens   (JsonObject           *object,
                                       const char           *name,
                                       gint64               *count);

/**
 * sc_decoder_take_usage:
 * @self: a decoder
 * @usage: totals seen, merged by field
 *
 * Remembers totals; one `usage` event with all of them is emitted before the end event.
 */
void        sc_decoder_take_usage     (ScDecoder            *self,
                                       const ScUsage        *usage);

/**
 * sc_decoder_open_call:
 * @self: a decoder
 * @slot: the protocol's own number of the call
 * @id: (nullable): the call's id; one is made up at the end if none came
 * @name: (nullable): the tool's name
 *
 * Opens the call of that slot, or completes id and name of the open one where they were missing: a
 * non-empty name is set once and never appended; equal repetition is ignored.
 */
void        sc_decoder_open_call      (ScDecoder            *self,
                                       gint64                slot,
                                       const char           *id,
                                       const char           *name);

/**
 * sc_decoder_add_arguments:
 * @self: a decoder
 * @slot: the call's slot; opened if it was not
 * @text: (nullable): a piece of JSON text
 * @whole: @text replaces what came before
 *
 * Appends to (or sets) the arguments of a call.
 */
void        sc_decoder_add_arguments  (ScDecoder            *self,
                                       gint64                slot,
                                       const char           *text,
                                       gboolean              whole);

/**
 * sc_decoder_get_call_id:
 * @self: a decoder
 * @slot: a slot
 *
 * Returns: (transfer none) (nullable): the id of the newest call opened for that slot, "" if it has
 *   none, %NULL if no such call is open
 */
const char *sc_decoder_get_call_id    (ScDecoder            *self,
                                       gint64                slot);

/**
 * sc_decoder_get_call_name:
 * @self: a decoder
 * @slot: a slot
 *
 * Returns: (transfer none) (nullable): the name of the newest call opened for that slot, %NULL if
 *   it has none yet
 */
const char *sc_decoder_get_call_name  (ScDecoder            *self,
                                       gint64                slot);

/**
 * sc_decoder_get_call_arguments:
 * @self: a decoder
 * @slot: a slot
 *
 * Returns: (transfer none) (nullable): the arguments so far of the newest call opened for that slot
 */
const char *sc_decoder_get_call_arguments (ScDecoder        *self,
                                       gint64                slot);

/**
 * sc_decoder_renew_call:
 * @self: a decoder
 * @slot: a slot
 *
 * Lets the next sc_decoder_open_call() for @slot open a new call (servers that number every call
 * 0).
 */
void        sc_decoder_renew_call     (ScDecoder            *self,
                                       gint64                slot);

/**
 * sc_decoder_drop_call:
 * @self: a decoder
 * @slot: a slot
 *
 * The newest call of that slot was not completed by the service: it will not be reported as a whole
 * call, whatever came of it.
 */
void        sc_decoder_drop_call      (ScDecoder            *self,
                                       gint64                slot);

/**
 * sc_decoder_set_finish:
 * @self: a decoder
 * @reason: why the answer is complete
 * @raw: (nullable): the service's own word
 *
 * Notes that the end mark was seen; the first reason wins, but %SC_FINISH_OTHER without a word
 * gives way to a later one. Nothing is emitted yet: usage may follow.
 */
void        sc_decoder_set_finish     (ScDecoder            *self,
                                       ScFinishReason        reason,
                                       const char           *raw);

/**
 * sc_decoder_complete:
 * @self: a decoder
 *
 * The stream is over by its protocol: emits complete tool calls (`{}` for blank arguments; a call
 * without a name is dropped with a notice), usage and `finish`. If calls exist and the reason is a
 * plain stop it becomes `tool-calls`.
 */
void        sc_decoder_complete       (ScDecoder            *self);

/**
 * sc_decoder_fail:
 * @self: a decoder
 * @failure: (transfer full): why
 *
 * Emits usage and `error`. Does nothing after the end event.
 */
void        sc_decoder_fail           (ScDecoder            *self,
                                       ScFailure            *failure);

/**
 * sc_decoder_follow:
 * @self: a decoder
 * @inner: the decoder that does its work and emits to the same function
 *
 * Takes over how far @inner is, after each frame: for a protocol that finds out by its first frame
 * which of two it is.
 */
void        sc_decoder_follow         (ScDecoder            *self,
                                       const ScDecoder      *inner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScDecoder, sc_decoder_free)

G_END_DECLS
