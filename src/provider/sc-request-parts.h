/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What all request builders need of a prompt, whatever their protocol calls it: attachments as
 * text or base64, tool results found for their calls, tool definitions of every shape. Private to
 * the providers; pure. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-message.h"

G_BEGIN_DECLS

/** SC_REQUEST_NO_RESULT: what a model reads where a call has no result (the user stopped) */
#define SC_REQUEST_NO_RESULT "The tool was not run."

/**
 * ScRequestTool:
 * @name: the tool's name
 * @description: (nullable): what it is for
 * @schema: (nullable): the JSON schema of its arguments, an object
 * @source: the object that holds name and description, for members of one service alone
 *
 * A tool definition, whatever its shape. Borrowed from the definition.
 */
typedef struct
{
  const char *name;
  const char *description;
  JsonNode   *schema;
  JsonObject *source;
} ScRequestTool;

/**
 * sc_request_parts_is_text:
 * @attachment: a file
 *
 * Returns: %TRUE if its type or its bytes say that it is text
 */
gboolean         sc_request_parts_is_text       (const ScAttachment *attachment);

/**
 * sc_request_parts_dup_text:
 * @attachment: a text file
 *
 * Returns: (transfer full): its name and its content as words for the model, valid UTF-8
 */
char            *sc_request_parts_dup_text      (const ScAttachment *attachment);

/**
 * sc_request_parts_dup_base64:
 * @attachment: a file
 *
 * Returns: (transfer full): its bytes in base64
 */
char            *sc_request_parts_dup_base64    (const ScAttachment *attachment);

/**
 * sc_request_parts_dup_data_url:
 * @attachment: a file with a media type
 *
 * Returns: (transfer full): its bytes as a `data:` URL (RFC 2397)
 */
char            *sc_request_parts_dup_data_url  (const ScAttachment *attachment);

/**
 * sc_request_parts_dup_result:
 * @result: (nullable): the tool message that answers a call
 *
 * Returns: (transfer full): what the model reads of it: a failure begins with `Error`, a missing
 *   result is %SC_REQUEST_NO_RESULT
 */
char            *sc_request_parts_dup_result    (const ScMessage    *result);

/**
 * sc_request_parts_get_arguments:
 * @call: a call
 *
 * Chat templates and services parse the arguments of old calls and fail on anything but an object.
 *
 * Returns: (transfer none): its arguments, `{}` where they are no JSON object
 */
const char      *sc_request_parts_get_arguments (const ScToolCall   *call);

/**
 * sc_request_parts_get_message:
 * @messages: (element-type ScMessage): messages
 * @i: an index; may be out of range
 *
 * Returns: (transfer none) (nullable): the message, or %NULL beyond the last
 */
const ScMessage *sc_request_parts_get_message   (GPtrArray          *messages,
                                                 guint               i);

/**
 * sc_request_parts_has_calls:
 * @message: a message
 *
 * Returns: %TRUE if it calls tools
 */
gboolean         sc_request_parts_has_calls     (const ScMessage    *message);

/**
 * sc_request_parts_find_results:
 * @assistant: a message that calls tools
 * @messages: (element-type ScMessage): the conversation
 * @first: index of the message after @assistant
 * @end: (out): index of the first message after the tool messages that follow
 *
 * Every call has to be answered, in the order of the calls; ids may occur twice.
 *
 * Returns: (transfer container) (element-type ScMessage): for each call its tool message, %NULL
 *   where there is none
 */
GPtrArray       *sc_request_parts_find_results  (const ScMessage    *assistant,
                                                 GPtrArray          *messages,
                                                 guint               first,
                                                 guint              *end);

/**
 * sc_request_parts_read_tool:
 * @definition: `{name, description, parameters}`, the same with `inputSchema` or `input_schema`,
 *   or OpenAI's `{type:"function", function:{…}}`
 * @tool: (out): what it says
 *
 * Returns: %TRUE, or %FALSE if it is none of these (a tool that runs at the service, written in
 *   its own shape)
 */
gboolean         sc_request_parts_read_tool     (JsonNode           *definition,
                                                 ScRequestTool      *tool);

/**
 * sc_request_parts_dup_schema:
 * @tool: a tool
 *
 * Returns: (transfer full): its schema; `{"type":"object","properties":{}}` if it has none
 */
JsonNode        *sc_request_parts_dup_schema    (const ScRequestTool *tool);

G_END_DECLS
