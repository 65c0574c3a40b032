/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parameters in the spelling of OpenAI's Responses. Private to its request builder. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * sc_openai_parameters_add:
 * @body: the body so far
 * @parameters: (nullable): what the user set, in the program's spelling
 *
 * Adds it in this protocol's spelling. %NULL takes away what would be sent otherwise; what the
 * protocol has no word for (`seed`, `stop`, penalties) is left out, other members are passed on.
 * The frame of the request (model, input, stream) cannot be changed.
 */
void sc_openai_parameters_add (JsonObject *body,
                               JsonNode   *parameters);

G_END_DECLS
