/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said to a model: messages, attachments, tool calls, and the prompt that holds them. Plain values. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScRole:
 * @SC_ROLE_SYSTEM: instructions
 * @SC_ROLE_USER: the person
 * @SC_ROLE_ASSISTANT: the model
 * @SC_ROLE_TOOL: the result of one tool call
 */
typedef enum
{
  SC_ROLE_SYSTEM,
  SC_ROLE_USER,
  SC_ROLE_ASSISTANT,
  SC_ROLE_TOOL,
} ScRole;

/**
 * ScTurnStatus:
 * @SC_TURN_STATUS_STREAMING: an answer on its way; found after a start it means the program died: reopened as interrupted
 * @SC_TURN_STATUS_DONE: complete
 * @SC_TURN_STATUS_STOPPED: the user stopped it
 * @SC_TURN_STATUS_INTERRUPTED: the stream or the program ended before it was complete
 * @SC_TURN_STATUS_FAILED: it ended with an error
 *
 * Stored as numbers; never reorder.
 */
typedef enum
{
  SC_TURN_STATUS_STREAMING = 0,
  SC_TURN_STATUS_DONE = 1,
  SC_TURN_STATUS_STOPPED = 2,
  SC_TURN_STATUS_INTERRUPTED = 3,
  SC_TURN_STATUS_FAILED = 4,
} ScTurnStatus;

/**
 * ScAttachment:
 * @name: file name for people, UTF-8
 * @media_type: `image/png`, `text/plain` …
 * @data: the bytes
 */
struct _ScAttachment
{
  char   *name;
  char   *media_type;
  GBytes *data;
};

/**
 * ScToolCall:
 * @id: the id the model gave, or one that the decoder made up
 * @name: the tool
 * @arguments: its arguments as the JSON text that came
 */
struct _ScToolCall
{
  char *id;
  char *name;
  char *arguments;
};

/**
 * ScMessage:
 * @role: who says it
 * @text: the text, valid UTF-8, never %NULL
 * @reasoning: (nullable): reasoning text of an assistant message
 * @attachments: (nullable) (element-type ScAttachment): files of a user message
 * @tool_calls: (nullable) (element-type ScToolCall): calls of an assistant message
 * @tool_call_id: (nullable): which call a tool message answers
 * @tool_name: (nullable): the tool's name of a tool message
 * @tool_failed: a tool message that reports a failure
 * @raw: (nullable): the message as its protocol wants it back, JSON text kept byte for byte (signatures, encrypted
 *   reasoning); sent only to the same protocol and model family
 * @raw_protocol: (nullable): the protocol @raw belongs to
 * @raw_model: (nullable): the model that made @raw
 */
struct _ScMessage
{
  ScRole     role;
  char      *text;
  char      *reasoning;
  GPtrArray *attachments;
  GPtrArray *tool_calls;
  char      *tool_call_id;
  char      *tool_name;
  gboolean   tool_failed;
  char      *raw;
  char      *raw_protocol;
  char      *raw_model;
};

/**
 * ScPrompt:
 * @model: the model's id
 * @system: (nullable): the system prompt
 * @messages: (element-type ScMessage): the conversation so far, oldest first; owned
 * @tools: (nullable): a JSON array of tool definitions `{name, description, parameters}`
 * @parameters: (nullable): an object with what the user set, in the program's own spelling: `temperature`, `top_p`,
 *   `top_k`, `max_tokens`, `seed`, `stop` (array), `presence_penalty`, `frequency_penalty`, `reasoning_effort`;
 *   other members are passed through as they are
 * @stream: whether the answer shall be streamed
 */
struct _ScPrompt
{
  char      *model;
  char      *system;
  GPtrArray *messages;
  JsonNode  *tools;
  JsonNode  *parameters;
  gboolean   stream;
};

/**
 * sc_role_to_nick:
 * @role: a role
 *
 * Returns: (transfer none): `system`, `user`, `assistant` or `tool`
 */
const char   *sc_role_to_nick      (ScRole            role);

/**
 * sc_role_from_nick:
 * @nick: (nullable): a role's name; `developer` is the system, `model` the assistant
 *
 * Returns: the role; %SC_ROLE_USER for %NULL and unknown names
 */
ScRole        sc_role_from_nick    (const char       *nick);

/**
 * sc_message_new:
 * @role: who says it
 * @text: (nullable): its text; made valid UTF-8, %NULL is empty
 *
 * Returns: (transfer full): a message with nothing else set
 */
ScMessage    *sc_message_new       (ScRole            role,
                                    const char       *text);

/**
 * sc_message_copy:
 * @self: a message
 *
 * Returns: (transfer full): a deep copy (bytes of attachments are shared, they never change)
 */
ScMessage    *sc_message_copy      (const ScMessage  *self);

/**
 * sc_message_free:
 * @self: (nullable) (transfer full): a message
 *
 * Frees it with all it holds.
 */
void          sc_message_free      (ScMessage        *self);

/**
 * sc_message_add_tool_call:
 * @self: an assistant message
 * @id: the call's id
 * @name: the tool's name
 * @arguments: (nullable): JSON text; %NULL or blank is `{}`
 *
 * Appends a call.
 */
void          sc_message_add_tool_call (ScMessage    *self,
                                    const char       *id,
                                    const char       *name,
                                    const char       *arguments);

/**
 * sc_message_add_attachment:
 * @self: a user message
 * @name: file name
 * @media_type: its type
 * @data: (transfer none): its bytes
 *
 * Appends an attachment.
 */
void          sc_message_add_attachment (ScMessage   *self,
                                    const char       *name,
                                    const char       *media_type,
                                    GBytes           *data);

/**
 * sc_attachment_free:
 * @self: (nullable) (transfer full): an attachment
 *
 * Frees it.
 */
void          sc_attachment_free   (ScAttachment     *self);

/**
 * sc_tool_call_free:
 * @self: (nullable) (transfer full): a tool call
 *
 * Frees it.
 */
void          sc_tool_call_free    (ScToolCall       *self);

/**
 * sc_prompt_new:
 * @model: (nullable): the model's id
 *
 * Returns: (transfer full): a streaming prompt without messages
 */
ScPrompt     *sc_prompt_new        (const char       *model);

/**
 * sc_prompt_new_from_json:
 * @root: an object `{model, system, messages:[{role, content, tool_calls?, tool_call_id?}], tools, stream, parameters}`
 *
 * Reads a prompt from the form that sc-probe takes. `content` is a string or an array of parts
 * `{type:"text",text}` and `{type:"image",media_type,data}` (base64); the parts of the services'
 * own requests are understood too. An address of a picture on the network becomes text.
 *
 * Returns: (transfer full) (nullable): the prompt, or %NULL with %SC_ERROR_INVALID_REQUEST set if it is no such object
 */
ScPrompt     *sc_prompt_new_from_json (JsonNode      *root,
                                    GError          **error);

/**
 * sc_prompt_free:
 * @self: (nullable) (transfer full): a prompt
 *
 * Frees it with its messages.
 */
void          sc_prompt_free       (ScPrompt         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScMessage, sc_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPrompt, sc_prompt_free)

G_END_DECLS
