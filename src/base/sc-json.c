/* SPDX-License-Identifier: GPL-3.0-or-later */

/* json-glib behind the pre-scan, getters that treat null, absent and wrong types alike, and a writer. */

#include "config.h"

#include "sc-json.h"

#include <math.h>
#include <string.h>

#include "sc-error.h"
#include "sc-json-private.h"

/* A parser is an object with signals: made once a thread, not once a token. */
static GPrivate parser_of_thread = G_PRIVATE_INIT (g_object_unref);

static JsonParser *
get_parser (void)
{
  JsonParser *parser = g_private_get (&parser_of_thread);

  if (parser == NULL)
    {
      parser = json_parser_new ();
      g_private_set (&parser_of_thread, parser);
    }
  return parser;
}

JsonNode *
sc_json_parse (const char  *text,
               gssize       length,
               GError     **error)
{
  g_autoptr (GString) rewritten = NULL;
  g_autoptr (GError) parse_error = NULL;
  JsonParser *parser;
  JsonNode *root;
  gsize n_bytes;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (!sc_json_scan (text != NULL ? text : "", n_bytes, &rewritten, error))
    return NULL;

  parser = get_parser ();
  if (!json_parser_load_from_data (parser,
                                   rewritten != NULL ? rewritten->str : text,
                                   rewritten != NULL ? (gssize) rewritten->len : (gssize) n_bytes,
                                   &parse_error))
    {
      /* The parser's own text is about its file names and token numbers. */
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL, "Not JSON");
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL, "Empty JSON");
  return root;
}

JsonObject *
sc_json_parse_object (const char  *text,
                      gssize       length,
                      GError     **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (text, length, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL, "The JSON is no object");
      return NULL;
    }
  return json_node_dup_object (root);
}

static JsonNode *
get_member (JsonObject *object,
            const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

static JsonNode *
get_value (JsonObject *object,
           const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
sc_json_get_string (JsonObject *object,
                    const char *name)
{
  JsonNode *node = get_value (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

gboolean
sc_json_get_double (JsonObject *object,
                    const char *name,
                    double     *value)
{
  JsonNode *node = get_value (object, name);
  double number;

  if (node == NULL || (json_node_get_value_type (node) != G_TYPE_INT64 &&
                       json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return FALSE;
  number = json_node_get_double (node);
  if (!isfinite (number))
    return FALSE;
  *value = number;
  return TRUE;
}

gboolean
sc_json_get_int (JsonObject *object,
                 const char *name,
                 gint64     *value)
{
  JsonNode *node = get_value (object, name);
  double number;

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *value = json_node_get_int (node);
      return TRUE;
    }
  if (!sc_json_get_double (object, name, &number))
    return FALSE;
  if (number >= (double) G_MAXINT64)
    *value = G_MAXINT64;
  else if (number <= (double) G_MININT64)
    *value = G_MININT64;
  else
    *value = (gint64) number;
  return TRUE;
}

gint64
sc_json_get_int_or (JsonObject *object,
                    const char *name,
                    gint64      fallback)
{
  sc_json_get_int (object, name, &fallback);
  return fallback;
}

void
sc_json_set_string (JsonObject *object,
                    const char *name,
                    const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

void
sc_json_set_known_int (JsonObject *object,
                       const char *name,
                       gint64      value)
{
  if (value >= 0)
    json_object_set_int_member (object, name, value);
}

gboolean
sc_json_get_boolean (JsonObject *object,
                     const char *name,
                     gboolean    fallback)
{
  JsonNode *node = get_value (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fallback;
  return json_node_get_boolean (node);
}

JsonObject *
sc_json_get_object (JsonObject *object,
                    const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
sc_json_get_array (JsonObject *object,
                   const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
sc_json_get_element_object (JsonArray *array,
                            guint      index)
{
  JsonNode *node;

  if (array == NULL || index >= json_array_get_length (array))
    return NULL;
  node = json_array_get_element (array, index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
append_double (GString *out,
               double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (out, "null");
      return;
    }
  if (value == 0)
    {
      /* Also for the negative zero, which would be read back as an integer without its sign. */
      g_string_append_c (out, '0');
      return;
    }
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (out, buffer);
}

char *
sc_json_dup_scalar (JsonObject *object,
                    const char *name)
{
  JsonNode *node = get_value (object, name);
  GType type;

  if (node == NULL)
    return NULL;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (type == G_TYPE_DOUBLE)
    {
      GString *out = g_string_new (NULL);

      append_double (out, json_node_get_double (node));
      return g_string_free (out, FALSE);
    }
  return NULL;
}

static void
append_break (GString *out,
              int      level)
{
  if (level < 0)
    return;
  g_string_append_c (out, '\n');
  for (int i = 0; i < level; i++)
    g_string_append (out, "  ");
}

static void
append_value (GString  *out,
              JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    sc_json_append_quoted (out, json_node_get_string (node), -1);
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else
    append_double (out, json_node_get_double (node));
}

/* Recursion is bounded: what came from outside is at most SC_JSON_MAX_DEPTH deep. @level is -1 for one line. */
static void
append_node (GString  *out,
             JsonNode *node,
             int       level)
{
  int inner = level < 0 ? -1 : level + 1;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (JSON_NODE_HOLDS_VALUE (node))
    append_value (out, node);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      guint n = json_array_get_length (array);

      g_string_append_c (out, '[');
      for (guint i = 0; i < n; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          append_break (out, inner);
          append_node (out, json_array_get_element (array, i), inner);
        }
      if (n > 0)
        append_break (out, level);
      g_string_append_c (out, ']');
    }
  else
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;
      gboolean is_first = TRUE;

      g_string_append_c (out, '{');
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          if (!is_first)
            g_string_append_c (out, ',');
          is_first = FALSE;
          append_break (out, inner);
          sc_json_append_quoted (out, name, -1);
          g_string_append (out, level < 0 ? ":" : ": ");
          append_node (out, member, inner);
        }
      if (!is_first)
        append_break (out, level);
      g_string_append_c (out, '}');
    }
}

char *
sc_json_to_string (JsonNode *node,
                   gboolean  pretty)
{
  GString *out = g_string_new (NULL);

  append_node (out, node, pretty ? 0 : -1);
  return g_string_free (out, FALSE);
}

static void
append_escaped (GString  *out,
                gunichar  c)
{
  switch (c)
    {
    case '"':
      g_string_append (out, "\\\"");
      break;
    case '\\':
      g_string_append (out, "\\\\");
      break;
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    default:
      g_string_append_printf (out, "\\u%04x", c);
      break;
    }
}

/* Eight bytes that stand for themselves: a file in base64 is millions of them. A byte that is not makes its highest bit
 * come out set, here or in a byte above it. */
static gboolean
are_plain (const char *at)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const guint64 highs = ones << 7;
  guint64 word, quotes, slashes, deletes;

  memcpy (&word, at, sizeof word);
  quotes = word ^ ones * '"';
  slashes = word ^ ones * '\\';
  deletes = word ^ ones * 0x7f;

  return ((word | (word - ones * 0x20) | (quotes - ones) | (slashes - ones) | (deletes - ones)) & highs) == 0;
}

void
sc_json_append_quoted (GString    *out,
                       const char *text,
                       gssize      length)
{
  const char *at;
  const char *end;
  const char *copied;

  g_return_if_fail (out != NULL);

  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  at = copied = text;
  end = text + (length < 0 ? strlen (text) : (gsize) length);
  g_string_append_c (out, '"');
  while (at < end)
    {
      guchar byte = (guchar) *at;
      gunichar c;

      if (end - at >= 8 && are_plain (at))
        {
          at += 8;
          continue;
        }
      if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\')
        {
          at++;
          continue;
        }
      c = byte < 0x80 ? byte : g_utf8_get_char_validated (at, end - at);
      if (c != (gunichar) -1 && c != (gunichar) -2 && c >= 0x80 && c != 0x2028 && c != 0x2029)
        {
          at = g_utf8_next_char (at);
          continue;
        }
      g_string_append_len (out, copied, at - copied);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        g_string_append (out, "\xef\xbf\xbd");
      else
        append_escaped (out, c);
      at += byte < 0x80 || c == (gunichar) -1 || c == (gunichar) -2 ? 1 : 3;
      copied = at;
    }
  g_string_append_len (out, copied, at - copied);
  g_string_append_c (out, '"');
}
