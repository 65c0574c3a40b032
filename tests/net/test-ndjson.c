/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of JSON, every row whole, byte by byte and cut at every place. */

#include "config.h"

#include "sc-ndjson-framer.h"

#include "frames.h"
#include "sc-error.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *input;
  gsize       length;
  const char *expected;
} Row;

#define INPUT(text) (text), sizeof (text) - 1
#define FFFD "\xef\xbf\xbd"

static const Row rows[] = {
  { "empty", INPUT (""), "" },
  { "one", INPUT ("{}\n"), "message \"{}\"\n" },
  { "two", INPUT ("{}\n[1]\n"), "message \"{}\"\nmessage \"[1]\"\n" },
  { "crlf", INPUT ("{}\r\n[1]\r\n"), "message \"{}\"\nmessage \"[1]\"\n" },
  { "cr-is-no-line-end", INPUT ("{}\r[1]\n"), "message \"{}\\r[1]\"\n" },
  { "one-cr-goes", INPUT ("1\r\r\n"), "message \"1\\r\"\n" },
  { "blank-lines", INPUT ("\n\r\n \t\n{}\n\n"), "message \"{}\"\n" },
  { "white-space-stays", INPUT (" {} \n"), "message \" {} \"\n" },
  { "bom", INPUT ("\xef\xbb\xbf{}\n"), "message \"{}\"\n" },
  { "bom-cut", INPUT ("\xef\xbb"), "message \"" FFFD "\"!\n" },
  { "unterminated", INPUT ("{}\n{\"a\""), "message \"{}\"\nmessage \"{\\\"a\\\"\"!\n" },
  { "unterminated-blank", INPUT ("{}\n  "), "message \"{}\"\n" },
  { "unterminated-cr", INPUT ("{}\r"), "message \"{}\\r\"!\n" },
  { "nul", INPUT ("\"a\0b\"\n"), "message \"\\\"a\\u0000b\\\"\"\n" },
  { "utf8", INPUT ("\"Grüße, 世界 \xf0\x9f\x98\x80\"\n"),
    "message \"\\\"Grüße, 世界 \xf0\x9f\x98\x80\\\"\"\n" },
  { "utf8-invalid", INPUT ("\"a\xff\xe2\x82\"\n{}\n"),
    "message \"\\\"a" FFFD FFFD "\\\"\"\nmessage \"{}\"\n" },
  { "not-json", INPUT ("hello\n"), "message \"hello\"\n" },
  { "over-lines", INPUT ("1\n{\n  \"a\": \"}\",\n\n  \"b\": []\n}\n2\n"),
    "message \"1\"\njson \"{\\n  \\\"a\\\": \\\"}\\\",\\n  \\\"b\\\": []\\n}\"\nmessage \"2\"\n" },
  { "over-lines-cut", INPUT ("[\n1,\n"), "json \"[\\n1,\"!\n" },
};

static char *
run_pieces (const char *input,
            gsize       length,
            gsize       first,
            gsize       step)
{
  g_autoptr (ScNdjsonFramer) framer = sc_ndjson_framer_new (0);
  GString *out = g_string_new (NULL);
  gsize at = 0;

  while (at < length)
    {
      gsize n = MIN (at == 0 ? first : step, length - at);
      g_autofree char *piece = g_memdup2 (input + at, n);

      g_assert_true (sc_ndjson_framer_feed (framer, piece, n, frames_append, out, NULL));
      at += n;
    }
  sc_ndjson_framer_finish (framer, frames_append, out);
  sc_ndjson_framer_finish (framer, frames_append, out);
  return g_string_free (out, FALSE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;

  for (gsize first = 1; first <= row->length + 1; first++)
    {
      g_autofree char *two = run_pieces (row->input, row->length, first, row->length + 1);
      g_autofree char *bytes = run_pieces (row->input, row->length, first, 1);

      g_assert_cmpstr (two, ==, row->expected);
      g_assert_cmpstr (bytes, ==, row->expected);
    }
}

static gboolean
stop_at_second (const ScFrame *frame,
                gpointer       user_data)
{
  int *n = user_data;

  return ++*n < 2;
}

static void
test_stop (void)
{
  g_autoptr (ScNdjsonFramer) framer = sc_ndjson_framer_new (0);
  int n = 0;

  g_assert_true (sc_ndjson_framer_feed (framer, "1\n2\n3\n4", 7, stop_at_second, &n, NULL));
  g_assert_true (sc_ndjson_framer_feed (framer, "\n5\n", 3, stop_at_second, &n, NULL));
  sc_ndjson_framer_finish (framer, stop_at_second, &n);
  g_assert_cmpint (n, ==, 2);
}

static void
test_limit (void)
{
  for (gsize step = 1; step < 20; step++)
    {
      g_autoptr (ScNdjsonFramer) framer = sc_ndjson_framer_new (8);
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      const char *input = "12345678\n123456789\n1\n";
      gsize length = strlen (input);
      gboolean is_fine = TRUE;

      for (gsize at = 0; at < length && is_fine; at += step)
        is_fine = sc_ndjson_framer_feed (framer, input + at, MIN (step, length - at), frames_append,
                                         out, &error);
      g_assert_false (is_fine);
      g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
      sc_ndjson_framer_finish (framer, frames_append, out);
      g_assert_cmpstr (out->str, ==, "message \"12345678\"\n");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/net/ndjson/table/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/net/ndjson/stop", test_stop);
  g_test_add_func ("/net/ndjson/limit", test_limit);
  return g_test_run ();
}
