/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from outside, made safe for json-glib, and JSON to the outside.
 *
 * json-glib 1.6 has no nesting limit (60,000 brackets end the process), turns a lone surrogate into invalid UTF-8,
 * cuts strings at \u0000 and accepts two documents in one: a linear pre-scan comes before it, always. The getters
 * treat null, absent and wrong types alike, as every compatible server needs it. */

#pragma once

#include <json-glib/json-glib.h>

#include "sc-types.h"

G_BEGIN_DECLS

/** SC_JSON_MAX_DEPTH: how deep arrays and objects may nest in anything from outside */
#define SC_JSON_MAX_DEPTH 128

/**
 * sc_json_parse:
 * @text: JSON text; need not end in NUL
 * @length: its length in bytes, or -1 if it ends in NUL
 * @error: return location
 *
 * Parses one JSON document from outside. Invalid UTF-8 becomes U+FFFD, lone surrogates and \u0000 in strings become
 * U+FFFD, a leading BOM is dropped. Runs in linear time.
 *
 * Returns: (transfer full) (nullable): the root, or %NULL with %SC_ERROR_PROTOCOL set if it is empty, deeper than
 *   %SC_JSON_MAX_DEPTH, more than one document, or no JSON
 */
JsonNode   *sc_json_parse          (const char   *text,
                                    gssize        length,
                                    GError      **error);

/**
 * sc_json_parse_object:
 * @text: JSON text
 * @length: its length in bytes, or -1 if it ends in NUL
 * @error: return location
 *
 * As sc_json_parse(), for a document that must be an object.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL with %SC_ERROR_PROTOCOL set
 */
JsonObject *sc_json_parse_object   (const char   *text,
                                    gssize        length,
                                    GError      **error);

/**
 * sc_json_get_string:
 * @object: (nullable): an object
 * @name: a member's name
 *
 * Returns: (transfer none) (nullable): its string, or %NULL if it is absent, null or no string
 */
const char *sc_json_get_string     (JsonObject   *object,
                                    const char   *name);

/**
 * sc_json_get_int:
 * @object: (nullable): an object
 * @name: a member's name
 * @value: (out): its value as an integer; a double is rounded toward zero, clamped to what fits. Untouched if absent
 *
 * Returns: %TRUE if the member is a number
 */
gboolean    sc_json_get_int        (JsonObject   *object,
                                    const char   *name,
                                    gint64       *value);

/**
 * sc_json_get_int_or:
 * @object: (nullable): an object
 * @name: a member
 * @fallback: what else
 *
 * Returns: a number as sc_json_get_int() reads it, or @fallback where there is none
 */
gint64      sc_json_get_int_or     (JsonObject   *object,
                                    const char   *name,
                                    gint64        fallback);

/**
 * sc_json_get_double:
 * @object: (nullable): an object
 * @name: a member's name
 * @value: (out): its value. Untouched if absent
 *
 * Returns: %TRUE if the member is a finite number
 */
gboolean    sc_json_get_double     (JsonObject   *object,
                                    const char   *name,
                                    double       *value);

/**
 * sc_json_get_boolean:
 * @object: (nullable): an object
 * @name: a member's name
 * @fallback: what absent, null and other types mean
 *
 * Returns: its value
 */
gboolean    sc_json_get_boolean    (JsonObject   *object,
                                    const char   *name,
                                    gboolean      fallback);

/**
 * sc_json_get_object:
 * @object: (nullable): an object
 * @name: a member's name
 *
 * Returns: (transfer none) (nullable): the object in that member, or %NULL if it is absent, null or no object
 */
JsonObject *sc_json_get_object     (JsonObject   *object,
                                    const char   *name);

/**
 * sc_json_get_array:
 * @object: (nullable): an object
 * @name: a member's name
 *
 * Returns: (transfer none) (nullable): the array in that member, or %NULL if it is absent, null or no array
 */
JsonArray  *sc_json_get_array      (JsonObject   *object,
                                    const char   *name);

/**
 * sc_json_get_element_object:
 * @array: (nullable): an array
 * @index: an index; may be out of range
 *
 * Returns: (transfer none) (nullable): the object at that place, or %NULL if there is none
 */
JsonObject *sc_json_get_element_object (JsonArray *array,
                                    guint         index);

/**
 * sc_json_dup_scalar:
 * @object: (nullable): an object
 * @name: a member's name
 *
 * A code that services send as a string or as a number, as text.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if the member is absent, null or no scalar
 */
char       *sc_json_dup_scalar     (JsonObject   *object,
                                    const char   *name);

/**
 * sc_json_set_string:
 * @object: an object
 * @name: a member
 * @value: (nullable): its value; %NULL sets nothing
 *
 * Sets a member that is left out where it is not known.
 */
void        sc_json_set_string     (JsonObject   *object,
                                    const char   *name,
                                    const char   *value);

/**
 * sc_json_set_known_int:
 * @object: an object
 * @name: a member
 * @value: its value; below 0 sets nothing
 *
 * Sets a count that is left out where it is not known.
 */
void        sc_json_set_known_int  (JsonObject   *object,
                                    const char   *name,
                                    gint64        value);

/**
 * sc_json_to_string:
 * @node: a node
 * @pretty: whether to indent
 *
 * Serialises with the shortest decimal that reads back the same double (json-glib writes 0.1 as
 * 0.10000000000000001) and valid UTF-8 only.
 *
 * Returns: (transfer full): JSON text
 */
char       *sc_json_to_string      (JsonNode     *node,
                                    gboolean      pretty);

/**
 * sc_json_append_quoted:
 * @out: receives the string with its quotes
 * @text: (nullable): bytes; invalid UTF-8 becomes U+FFFD. %NULL writes `null`
 * @length: its length in bytes, or -1 if it ends in NUL
 *
 * Appends a JSON string. U+2028, U+2029 and control characters are escaped, so that one line stays one line.
 */
void        sc_json_append_quoted  (GString      *out,
                                    const char   *text,
                                    gssize        length);

G_END_DECLS
