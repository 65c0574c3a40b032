/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a parameter means, whichever service's word it is written with: people paste what the
 * documentation of any of them shows. Private to the providers; pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * sc_request_parameters_get_name:
 * @name: a parameter's name in any service's spelling
 *
 * Returns: (transfer none): the program's own name of it (`max_tokens`, `stop`, `seed`, `top_p`,
 *   `top_k`, `presence_penalty`, `frequency_penalty`), or @name where it is none of these
 */
const char *sc_request_parameters_get_name    (const char  *name);

/**
 * sc_request_parameters_find_limit:
 * @parameters: (nullable): the parameters
 * @value: (inout): changed to the highest number of tokens to generate, if there is one
 *
 * Returns: %TRUE if one of the spellings of `max_tokens` is set to a number
 */
gboolean    sc_request_parameters_find_limit  (JsonObject  *parameters,
                                               gint64      *value);

/**
 * sc_request_parameters_read_format:
 * @value: a `response_format` as Chat Completions has it
 * @schema: (out) (nullable) (transfer none): the JSON schema that is asked for
 *
 * Returns: %TRUE if JSON is asked for
 */
gboolean    sc_request_parameters_read_format (JsonNode    *value,
                                               JsonNode   **schema);

/**
 * sc_request_parameters_read_choice:
 * @value: a `tool_choice` as Chat Completions has it
 * @tool: (out) (nullable) (transfer none): the one tool that has to be called
 *
 * Returns: (transfer none) (nullable): `auto`, `none` or `required`; %NULL if @value is none of the
 *   words of Chat Completions
 */
const char *sc_request_parameters_read_choice (JsonNode    *value,
                                               const char **tool);

G_END_DECLS
