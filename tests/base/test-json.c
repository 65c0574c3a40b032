/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pre-scan, the getters and the writer, as tables. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "sc-error.h"
#include "sc-json.h"

#define FFFD "\xef\xbf\xbd"

static void
test_accepted (void)
{
  static const struct
  {
    const char *input;
    const char *output;
  } rows[] = {
    { "{}", "{}" },
    { " \t\r\n[1, 2]\n", "[1,2]" },
    { "\xef\xbb\xbf{\"a\":1}", "{\"a\":1}" },
    { "\"text\"", "\"text\"" },
    { "null", "null" },
    { "true", "true" },
    { "-12", "-12" },
    { "0.1", "0.1" },
    { "-0.0", "0" },
    { "-1.5E-3", "-0.0015" },
    { "1e3", "1000" },
    { "12345678901234567890123", "1.2345678901234568e+22" },
    { "123456789012345678", "123456789012345678" },
    { "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
    { "\"\\ud83d\"", "\"" FFFD "\"" },
    { "\"\\ud83dxy\"", "\"" FFFD "xy\"" },
    { "\"\\ude00\"", "\"" FFFD "\"" },
    { "\"\\ud83d\\ud83d\\ude00\"", "\"" FFFD "\xf0\x9f\x98\x80\"" },
    { "\"\\udfzz\"", "\"" FFFD "dfzz\"" },
    { "\"\\u12\"", "\"" FFFD "12\"" },
    { "\"a\\u0000b\"", "\"a" FFFD "b\"" },
    { "\"a\xff" "b\"", "\"a" FFFD "b\"" },
    { "\"a\xc3\"", "\"a" FFFD "\"" },
    { "{\"k\\ud800\":\"\\\\ud800\"}", "{\"k" FFFD "\":\"\\\\ud800\"}" },
    { "[\"// no comment\", \"'\"]", "[\"// no comment\",\"'\"]" },
    { "{\"a\":[{\"b\":null}]}", "{\"a\":[{\"b\":null}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = sc_json_parse (rows[i].input, -1, &error);
      g_autofree char *input = g_strescape (rows[i].input, NULL);
      g_autofree char *text = NULL;

      g_test_message ("%s", input);
      g_assert_no_error (error);
      text = sc_json_to_string (node, FALSE);
      g_assert_cmpstr (text, ==, rows[i].output);
    }
}

static void
test_refused (void)
{
  static const char *const rows[] = {
    "", "  ", "{", "}", "[1,2", "{\"a\":1", "{} {}", "1 2", "{}x", "'single'", "// comment\n{}",
    "/* comment */ {}", "{\"a\":'b'}", "\"open", "{\"a\" \"b\"}", "[1,,2]", "NaN", ",", ":1", "<html>",
    "\"\\", "-.", "-", "1.", ".5", "1e", "1e+", "+1", "tru", "True", "nullx", "[1.2.3]", "0x10",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *input = g_strescape (rows[i], NULL);
      g_autoptr (JsonNode) node = NULL;

      g_test_message ("%s", input);
      node = sc_json_parse (rows[i], -1, &error);
      g_assert_null (node);
      g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
    }
}

/* 100,000 brackets would overflow json-glib's stack. */
static void
test_depth (void)
{
  static const struct
  {
    guint    depth;
    gboolean is_fine;
  } rows[] = { { 128, TRUE }, { 129, FALSE }, { 100000, FALSE }, { 1000000, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = NULL;

      for (guint k = 0; k < rows[i].depth; k++)
        g_string_append_c (text, '[');
      for (guint k = 0; k < rows[i].depth; k++)
        g_string_append_c (text, ']');
      node = sc_json_parse (text->str, (gssize) text->len, &error);
      g_assert_cmpint (node != NULL, ==, rows[i].is_fine);
      if (!rows[i].is_fine)
        g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
    }
}

/* Every prefix of a document is refused or parsed, never a crash, and never read beyond its length. */
static void
test_prefixes (void)
{
  static const char document[] = "{\"a\":[1,-2.5e3,true,null,\"x\\ud83d\\ude00\\u00e9\xc3\xa9\"],\"b\":{}}";

  for (gsize length = 0; length < sizeof document - 1; length++)
    {
      g_autofree char *exact = g_memdup2 (document, MAX (length, 1));
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = sc_json_parse (exact, (gssize) length, &error);

      g_assert_null (node);
      g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
    }
}

static void
test_getters (void)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;
  g_autofree char *number = NULL;
  gint64 value = 7;
  double real = 7;

  object = sc_json_parse_object ("{\"s\":\"x\",\"n\":null,\"i\":3,\"d\":2.75,\"b\":true,\"o\":{},\"a\":[{},1],"
                                 "\"huge\":1e300}", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sc_json_get_string (object, "s"), ==, "x");
  g_assert_null (sc_json_get_string (object, "n"));
  g_assert_null (sc_json_get_string (object, "i"));
  g_assert_null (sc_json_get_string (object, "absent"));
  g_assert_null (sc_json_get_string (NULL, "s"));
  g_assert_false (sc_json_get_int (object, "s", &value));
  g_assert_cmpint (value, ==, 7);
  g_assert_true (sc_json_get_int (object, "d", &value));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (sc_json_get_int (object, "huge", &value));
  g_assert_cmpint (value, ==, G_MAXINT64);
  g_assert_true (sc_json_get_double (object, "i", &real));
  g_assert_cmpfloat (real, ==, 3);
  g_assert_true (sc_json_get_boolean (object, "b", FALSE));
  g_assert_true (sc_json_get_boolean (object, "i", TRUE));
  g_assert_nonnull (sc_json_get_object (object, "o"));
  g_assert_null (sc_json_get_object (object, "a"));
  g_assert_nonnull (sc_json_get_element_object (sc_json_get_array (object, "a"), 0));
  g_assert_null (sc_json_get_element_object (sc_json_get_array (object, "a"), 1));
  g_assert_null (sc_json_get_element_object (sc_json_get_array (object, "a"), 9));
  code = sc_json_dup_scalar (object, "i");
  g_assert_cmpstr (code, ==, "3");
  number = sc_json_dup_scalar (object, "d");
  g_assert_cmpstr (number, ==, "2.75");
  g_assert_null (sc_json_dup_scalar (object, "o"));
}

static void
test_not_an_object (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_json_parse_object ("[1]", -1, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

static void
test_quoted (void)
{
  static const struct
  {
    const char *input;
    const char *output;
  } rows[] = {
    { "", "\"\"" },
    { "a\"b\\c", "\"a\\\"b\\\\c\"" },
    { "\n\r\t\x01\x7f", "\"\\n\\r\\t\\u0001\\u007f\"" },
    { "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
    { "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"" },
    { "a\xff\xc3", "\"a" FFFD FFFD "\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      sc_json_append_quoted (out, rows[i].input, -1);
      g_assert_cmpstr (out->str, ==, rows[i].output);
    }
}

/* Plain bytes are looked at several at once: each byte that is not plain, at each place among them. */
static void
test_quoted_places (void)
{
  for (guint byte = 1; byte < 0x80; byte++)
    for (guint before = 0; before < 17; before++)
      {
        const char piece[] = { (char) byte, '\0' };
        g_autofree char *filler = g_strnfill (before, 'x');
        g_autofree char *text = g_strconcat (filler, piece, "yyyyyyyyy", NULL);
        g_autoptr (GString) alone = g_string_new (NULL);
        g_autoptr (GString) out = g_string_new (NULL);
        g_autofree char *expected = NULL;

        sc_json_append_quoted (alone, piece, -1);
        g_string_truncate (alone, alone->len - 1);
        expected = g_strconcat ("\"", filler, alone->str + 1, "yyyyyyyyy\"", NULL);
        sc_json_append_quoted (out, text, -1);
        g_assert_cmpstr (out->str, ==, expected);
      }
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) node = sc_json_parse ("{\"a\":[1,{}],\"b\":[]}", -1, NULL);
  g_autofree char *text = sc_json_to_string (node, TRUE);

  g_assert_cmpstr (text, ==, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/prefixes", test_prefixes);
  g_test_add_func ("/json/getters", test_getters);
  g_test_add_func ("/json/not-an-object", test_not_an_object);
  g_test_add_func ("/json/quoted", test_quoted);
  g_test_add_func ("/json/quoted/places", test_quoted_places);
  g_test_add_func ("/json/pretty", test_pretty);
  return g_test_run ();
}
