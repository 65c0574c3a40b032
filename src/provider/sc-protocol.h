/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocols this program speaks. A protocol is a request builder and a decoder, one pair a file
 * group: only these know field names of the wire. Everybody else goes through this table. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScFraming:
 * @SC_FRAMING_SSE: server-sent events
 * @SC_FRAMING_NDJSON: one JSON value a line
 * @SC_FRAMING_WEBSOCKET: text messages of a WebSocket
 */
typedef enum
{
  SC_FRAMING_SSE,
  SC_FRAMING_NDJSON,
  SC_FRAMING_WEBSOCKET,
} ScFraming;

/**
 * ScModelFlags:
 *
 * What a model can do, where its service says so.
 */
typedef enum
{
  SC_MODEL_TOOLS = 1 << 0,
  SC_MODEL_VISION = 1 << 1,
  SC_MODEL_REASONING = 1 << 2,
  SC_MODEL_AUDIO = 1 << 3,
  SC_MODEL_EMBEDDING = 1 << 4,
  SC_MODEL_FLAGS_KNOWN = 1 << 5,
} ScModelFlags;

/**
 * ScModel:
 * @id: what is sent as the model
 * @name: (nullable): a nicer name
 * @flags: what it can do
 * @context_tokens: size of its context window, -1 unknown
 * @max_output_tokens: most tokens of an answer, -1 unknown
 * @input_price: micro-dollars a million prompt tokens, -1 unknown
 * @output_price: micro-dollars a million generated tokens, -1 unknown
 * @cached_price: micro-dollars a million prompt tokens read from a cache, -1 unknown
 * @cache_write_price: micro-dollars a million prompt tokens written to a cache, -1 unknown
 */
struct _ScModel
{
  char         *id;
  char         *name;
  ScModelFlags  flags;
  gint64        context_tokens;
  gint64        max_output_tokens;
  gint64        input_price;
  gint64        output_price;
  gint64        cached_price;
  gint64        cache_write_price;
};

/**
 * ScAfterFinish:
 * @SC_AFTER_FINISH_END: the answer is over
 * @SC_AFTER_FINISH_CONTINUE: the service paused: what came is given back, and it goes on
 * @SC_AFTER_FINISH_REPEAT: nothing came of it: the same request may be sent once more
 *
 * What is to be done after an answer that ended by its protocol.
 */
typedef enum
{
  SC_AFTER_FINISH_END,
  SC_AFTER_FINISH_CONTINUE,
  SC_AFTER_FINISH_REPEAT,
} ScAfterFinish;

/**
 * ScProtocol:
 * @id: its name in settings and on the command line
 * @title: (translatable): its name for people
 * @framing: how its streams are cut
 * @build_request: builds the HTTP request of a prompt; %NULL with %SC_ERROR_INVALID_REQUEST set if
 *   the prompt cannot be said
 * @create_decoder: (transfer full): a decoder for one answer
 * @build_models_request: (nullable): builds the request of the model list, @page is %NULL or what
 *   parse_models() gave
 * @parse_models: (nullable): (transfer container) reads one page of a model list into ScModel,
 *   @next_page is set if there is more
 * @build_opening: (transfer container) (nullable): for %SC_FRAMING_WEBSOCKET, where @build_request
 *   gives the upgrade: the messages to send after it, JSON texts; %NULL with
 *   %SC_ERROR_INVALID_REQUEST set if the prompt cannot be said
 * @build_interrupt: (transfer full) (nullable): for %SC_FRAMING_WEBSOCKET: the message that stops
 *   the answer, sent before the socket is closed; @response_id is %NULL where it is not known
 * @build_details_request: (nullable): builds the request of what the list does not say of a model;
 *   %NULL if that would cost too much
 * @parse_details: (nullable): reads its answer into a model of the list
 * @other_models: (nullable): the protocol whose model list the same server may have where it has none
 *   of this one
 * @after_finish: (nullable): what the service's own word for the end asks for; %NULL where it is
 *   always the end
 * @join_raw: (transfer full) (nullable): where answers may pause: one message of two parts as they
 *   have to go back (see sc_decoder_dup_raw()), the second plain @text where @second is %NULL; %NULL
 *   if that is not possible
 *
 * One protocol; static.
 */
struct _ScProtocol
{
  const char    *id;
  const char    *title;
  ScFraming      framing;
  ScHttpRequest *(*build_request)        (const ScProfile  *profile,
                                          const ScPrompt   *prompt,
                                          GError          **error);
  ScDecoder     *(*create_decoder)       (void);
  ScHttpRequest *(*build_models_request) (const ScProfile  *profile,
                                          const char       *page,
                                          GError          **error);
  GPtrArray     *(*parse_models)         (JsonNode         *root,
                                          char            **next_page,
                                          GError          **error);
  GPtrArray     *(*build_opening)        (const ScProfile  *profile,
                                          const ScPrompt   *prompt,
                                          GError          **error);
  char          *(*build_interrupt)      (const char       *response_id);
  ScHttpRequest *(*build_details_request) (const ScProfile *profile,
                                          const char       *model);
  void          (*parse_details)         (JsonNode         *root,
                                          ScModel          *model);
  const ScProtocol *other_models;
  ScAfterFinish (*after_finish)          (const char       *raw);
  char         *(*join_raw)              (const char       *first,
                                          const char       *second,
                                          const char       *text);
};

/**
 * sc_protocol_find:
 * @id: (nullable): a protocol's id; `demo` is an alias of `openai-chat`
 *
 * Returns: (transfer none) (nullable): the protocol, or %NULL if there is none of that name
 */
const ScProtocol         *sc_protocol_find      (const char *id);

/**
 * sc_protocol_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): all protocols, in the order to show them
 */
const ScProtocol * const *sc_protocol_list      (void);

/**
 * sc_model_new:
 * @id: the model's id
 *
 * Returns: (transfer full): a model of which nothing else is known
 */
ScModel                  *sc_model_new          (const char *id);

/**
 * sc_model_free:
 * @self: (nullable) (transfer full): a model
 *
 * Frees it.
 */
void                      sc_model_free         (ScModel    *self);

/**
 * sc_protocol_list_models_async:
 * @profile: whose models; its key must be set if one is needed. Copied
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Fetches the whole model list of a provider, page by page (at most 20 pages). Also the "Test
 * Connection" of the preferences: its error says in words what is wrong.
 */
void                      sc_protocol_list_models_async  (const ScProfile      *profile,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * sc_protocol_list_model_ids_async:
 * @profile: as above
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * The same without what a service has to be asked of each model alone. It ends with
 * sc_protocol_list_models_finish().
 */
void                      sc_protocol_list_model_ids_async (const ScProfile     *profile,
                                                            GCancellable        *cancellable,
                                                            GAsyncReadyCallback  callback,
                                                            gpointer             user_data);

/**
 * sc_protocol_list_models_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScModel) (nullable): the models in the service's
 *   order without duplicates, or %NULL with an error of %SC_ERROR whose message is fit for people
 */
GPtrArray                *sc_protocol_list_models_finish (GAsyncResult         *result,
                                                          GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScModel, sc_model_free)

G_END_DECLS
