/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The event stream rules of the HTML Living Standard (9.2.5, 9.2.6) as a table; the names of
 * web-platform-tests' eventsource/format-* cases are kept where a row checks the same rule. Every
 * row is fed whole, byte by byte, and cut at every place, with LF, CRLF and CR. */

#include "config.h"

#include "sc-sse-framer.h"

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
#define BOM "\xef\xbb\xbf"
#define FFFD "\xef\xbf\xbd"

static const Row rows[] = {
  { "empty", INPUT (""), "" },
  { "one", INPUT ("data: a\n\n"), "message \"a\"\n" },
  { "two", INPUT ("data: a\n\ndata: b\n\n"), "message \"a\"\nmessage \"b\"\n" },
  { "lines-are-joined", INPUT ("data: a\ndata: b\ndata: c\n\n"), "message \"a\\nb\\nc\"\n" },
  { "only-one-space-goes", INPUT ("data:  a \n\n"), "message \" a \"\n" },
  { "no-space", INPUT ("data:a\n\n"), "message \"a\"\n" },
  { "colons-in-value", INPUT ("data: a:b: c\n\n"), "message \"a:b: c\"\n" },
  { "many-blank-lines", INPUT ("\n\ndata: a\n\n\n\ndata: b\n\n"),
    "message \"a\"\nmessage \"b\"\n" },
  { "json", INPUT ("data: {\"a\": [1, \"}\"]}\n\n"), "message \"{\\\"a\\\": [1, \\\"}\\\"]}\"\n" },
  { "done", INPUT ("data: [DONE]\n\n"), "message \"[DONE]\"\n" },
  { "type", INPUT ("event: delta\ndata: a\n\ndata: b\n\n"), "delta \"a\"\nmessage \"b\"\n" },
  { "type-after-data", INPUT ("data: a\nevent: late\n\n"), "late \"a\"\n" },
  { "type-last-wins", INPUT ("event: x\nevent: y\ndata: a\n\n"), "y \"a\"\n" },
  { "type-with-spaces", INPUT ("event:  x y \ndata: a\n\n"), " x y  \"a\"\n" },
  { "type-without-data", INPUT ("event: x\n\ndata: a\n\n"), "message \"a\"\n" },
  { "type-with-nul", INPUT ("event: a\0b\ndata: x\n\n"), "a" FFFD "b \"x\"\n" },
  { "id", INPUT ("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
    "message \"a\" 7\nmessage \"b\" 7\nmessage \"c\"\n" },
  { "id-without-data", INPUT ("id: 7\n\ndata: b\n\n"), "message \"b\" 7\n" },
  { "names-are-exact",
    INPUT ("Data: a\n data: b\nDATA: c\ndata : d\ndatas: e\ndat: f\ndata: x\n\n"),
    "message \"x\"\n" },
  { "retry-is-no-event", INPUT ("retry: 5\n\n"), "" },
  { "crlf-in-one", INPUT ("data: a\r\n\r\ndata: b\r\n\r\n"), "message \"a\"\nmessage \"b\"\n" },
  { "cr-mixed", INPUT ("data: a\r\rdata: b\n\rdata: c\r\n\rdata: d\r\n\ndata: e\r\n\r\n"),
    "message \"a\"\nmessage \"b\"\nmessage \"c\"\nmessage \"d\"\nmessage \"e\"\n" },
  { "no-other-line-ends",
    INPUT ("data: a\xe2\x80\xa8"
           "b\xe2\x80\xa9"
           "c\xc2\x85"
           "d\x0b"
           "e\x0c"
           "f\n\n"),
    "message \"a\\u2028b\\u2029c\xc2\x85"
    "d\\u000be\\u000cf\"\n" },
  { "escaped-line-feeds", INPUT ("data: [\"one\",\n\ndata: \"two\\n\\nlines\"]\n\n"),
    "message \"[\\\"one\\\",\"\nmessage \"\\\"two\\\\n\\\\nlines\\\"]\"\n" },
  { "empty-data-line-inside",
    INPUT ("event: list\ndata: [\ndata: 1,\ndata: \ndata:\ndata: 2]\n\n"),
    "list \"[\\n1,\\n\\n\\n2]\"\n" },
  { "multi-byte", INPUT ("data: Grüße, 世界 \xf0\x9f\x98\x80\n\n"),
    "message \"Grüße, 世界 \xf0\x9f\x98\x80\"\n" },

  /* web-platform-tests, eventsource/ */
  { "wpt-bom", INPUT (BOM "data:1\n\n" BOM "data:2\n\ndata:3\n\n"),
    "message \"1\"\nmessage \"3\"\n" },
  { "wpt-bom-2", INPUT (BOM BOM "data:1\n\ndata:2\n\ndata:3\n\n"),
    "message \"2\"\nmessage \"3\"\n" },
  { "wpt-comments", INPUT ("data:1\r:\0\n:\r\ndata:2\n:note\rdata:3\n:data:no\r: end\ndata:4\n\n"),
    "comment\ncomment\ncomment\ncomment\ncomment\nmessage \"1\\n2\\n3\\n4\"\n" },
  { "wpt-data-before-final-empty-line", INPUT ("retry:1000\ndata:one\n\nid:late\ndata:two"),
    "message \"one\"\nmessage \"two\" late!\n" },
  { "wpt-field-data", INPUT ("data:\n\ndata\ndata\n\ndata:test\n\n"),
    "message \"\"\nmessage \"\\n\"\nmessage \"test\"\n" },
  { "wpt-field-event", INPUT ("event:test\ndata:x\n\ndata:x\n\n"), "test \"x\"\nmessage \"x\"\n" },
  { "wpt-field-event-empty", INPUT ("event: \ndata:data\n\n"), "message \"data\"\n" },
  { "wpt-field-id", INPUT ("id: \xe2\x80\xa6\ndata:hello\n\n"),
    "message \"hello\" \xe2\x80\xa6\n" },
  { "wpt-field-id-3", INPUT ("id\ndata:hello\n\nid:\ndata:x\n\n"),
    "message \"hello\"\nmessage \"x\"\n" },
  { "wpt-field-id-null", INPUT ("id:1\ndata:a\n\nid:\0x\ndata:b\n\nid:2\0\ndata:c\n\n"),
    "message \"a\" 1\nmessage \"b\" 1\nmessage \"c\" 1\n" },
  { "wpt-field-parsing",
    INPUT (
        "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n"),
    "message \"\\u0000\\n 2\\n1\\n3\\n\\n4\"\n" },
  { "wpt-field-unknown",
    INPUT ("data:up\n data\ndata\ncolour:red\nno colon here\n:a comment\ndata:down\n\n"),
    "comment\nmessage \"up\\n\\ndown\"\n" },
  { "wpt-leading-space", INPUT ("data:\ttest\rdata: \ndata:test\n\n"),
    "message \"\\ttest\\n\\ntest\"\n" },
  { "wpt-newlines", INPUT ("data:test\r\ndata\ndata:test\r\n\r"), "message \"test\\n\\ntest\"\n" },
  { "wpt-null-character", INPUT ("data:\0\n\n\n\n"), "message \"\\u0000\"\n" },
  { "wpt-utf-8", INPUT ("data:ok\xe2\x80\xa6\n\n"), "message \"ok\xe2\x80\xa6\"\n" },

  /* Byte order marks that are none */
  { "bom-cut", INPUT ("\xef\xbb"), "" },
  { "bom-other", INPUT ("\xef\xbb\ndata: a\n\n"), "message \"a\"\n" },
  { "bom-alone", INPUT (BOM), "" },
  { "bom-blank", INPUT (BOM "\n\ndata: a\n\n"), "message \"a\"\n" },

  /* Invalid UTF-8 (Encoding Standard): one U+FFFD for each maximal part, and the stream goes on */
  { "utf8-ff",
    INPUT ("data: a\xff"
           "b\n\n"),
    "message \"a" FFFD "b\"\n" },
  { "utf8-cut-at-line-end", INPUT ("data: a\xe2\x82\ndata: b\xf0\x9f\x98\n\n"),
    "message \"a" FFFD "\\nb" FFFD "\"\n" },
  { "utf8-surrogate", INPUT ("data: \xed\xa0\x80\n\n"), "message \"" FFFD FFFD FFFD "\"\n" },
  { "utf8-overlong", INPUT ("data: \xc0\xaf\xe0\x80\xaf\n\n"),
    "message \"" FFFD FFFD FFFD FFFD FFFD "\"\n" },
  { "utf8-too-high", INPUT ("data: \xf4\x90\x80\x80\xf5\n\n"),
    "message \"" FFFD FFFD FFFD FFFD FFFD "\"\n" },
  { "utf8-cut-then-text",
    INPUT ("data: \xf0\x9f\x98"
           "A\xe2"
           "B\n\n"),
    "message \"" FFFD "A" FFFD "B\"\n" },
  { "utf8-nul-kept",
    INPUT ("data: a\0\xff"
           "b\n\n"),
    "message \"a\\u0000" FFFD "b\"\n" },
  { "utf8-in-id-and-type",
    INPUT ("event: a\xff\nid: \xfe"
           "b\ndata: x\n\n"),
    "a" FFFD " \"x\" " FFFD "b\n" },

  /* Ends */
  { "end-in-line", INPUT ("data: a\n\ndata: b"), "message \"a\"\nmessage \"b\"!\n" },
  { "end-after-line", INPUT ("data: a\n"), "message \"a\"!\n" },
  { "end-in-field-name", INPUT ("data: a\nda"), "message \"a\"!\n" },
  { "end-type-only", INPUT ("event: x\n"), "" },
  { "end-in-character", INPUT ("data: \xe2\x82"), "message \"" FFFD "\"!\n" },
  { "end-in-comment", INPUT (": pi"), "comment\n" },

  /* JSON that is no field */
  { "bare-one-line", INPUT ("{\"error\":{\"message\":\"no\"}}\n\n"),
    "json \"{\\\"error\\\":{\\\"message\\\":\\\"no\\\"}}\"\n" },
  { "bare-pretty", INPUT ("data: a\n\n{\n  \"error\": {\n    \"code\": 500\n  }\n}\ndata: b\n\n"),
    "message \"a\"\njson \"{\\n  \\\"error\\\": {\\n    \\\"code\\\": 500\\n  }\\n}\"\nmessage \"b\"\n" },
  { "bare-array", INPUT ("[{\n\"error\": 1\n}\n]\n"), "json \"[{\\n\\\"error\\\": 1\\n}\\n]\"\n" },
  { "bare-brackets-in-strings", INPUT ("{\"a\":\"}\\\"]}\",\n\"b\":\"\\\\\"\n}\n"),
    "json \"{\\\"a\\\":\\\"}\\\\\\\"]}\\\",\\n\\\"b\\\":\\\"\\\\\\\\\\\"\\n}\"\n" },
  { "bare-with-comments", INPUT ("{\n: ping\n\"a\": 1\n}\n"),
    "comment\njson \"{\\n\\\"a\\\": 1\\n}\"\n" },
  { "bare-with-blank-line", INPUT ("{\n\n\"a\": 1\n}\n"), "json \"{\\n\\\"a\\\": 1\\n}\"\n" },
  { "bare-inside-block", INPUT ("data: a\n{\"b\":1}\ndata: c\n\n"),
    "json \"{\\\"b\\\":1}\"\nmessage \"a\\nc\"\n" },
  { "bare-given-up", INPUT ("{ not json\ndata: a\n\n"), "json \"{ not json\"!\nmessage \"a\"\n" },
  { "bare-cut", INPUT ("{\n\"error\": 1"), "json \"{\\n\\\"error\\\": 1\"!\n" },
  { "bare-cut-with-block", INPUT ("data: a\n{\"b\""), "json \"{\\\"b\\\"\"!\nmessage \"a\"!\n" },
  { "bare-rest-of-line", INPUT ("{\"a\":1},\n"), "json \"{\\\"a\\\":1},\"\n" },
  { "bare-not-at-start", INPUT (" {\"a\":1}\n\n"), "" },
  { "error-field", INPUT ("error: {\"code\":400,\n\"message\":\"x\"}\n\n"),
    "json \"{\\\"code\\\":400,\\n\\\"message\\\":\\\"x\\\"}\"\n" },
  { "error-field-no-json", INPUT ("error: bad\ndata: a\n\n"), "message \"a\"\n" },
  { "error-field-after-bare", INPUT ("{\"a\"\nerror:{\"b\":1}\n"),
    "json \"{\\\"a\\\"\"!\njson \"{\\\"b\\\":1}\"\n" },
  { "error-event", INPUT ("event: error\ndata: {\"b\":1}\n\n"), "error \"{\\\"b\\\":1}\"\n" },
};

/* Feeds the pieces between the places @cuts. */
static char *
run_pieces (const char  *input,
            gsize        length,
            const gsize *cuts,
            gsize        n_cuts)
{
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);
  gsize at = 0;

  for (gsize i = 0; i <= n_cuts; i++)
    {
      gsize end = i < n_cuts ? cuts[i] : length;
      g_autofree char *piece = g_memdup2 (input + at, end - at);

      /* A piece of its own, so that a read beyond it is found. */
      g_assert_true (sc_sse_framer_feed (framer, piece, end - at, frames_append, out, &error));
      g_assert_no_error (error);
      at = end;
    }
  sc_sse_framer_finish (framer, frames_append, out);
  return g_string_free (out, FALSE);
}

static void
check_all_splits (const char *input,
                  gsize       length,
                  const char *expected)
{
  g_autofree gsize *every = g_new (gsize, length + 1);
  g_autofree char *whole = run_pieces (input, length, NULL, 0);
  g_autofree char *bytes = NULL;

  g_assert_cmpstr (whole, ==, expected);
  for (gsize i = 0; i < length; i++)
    every[i] = i;
  bytes = run_pieces (input, length, every, length);
  g_assert_cmpstr (bytes, ==, expected);

  for (gsize i = 0; i <= length; i++)
    {
      gsize cuts[2] = { i, MIN (i + 2, length) };
      g_autofree char *two = run_pieces (input, length, cuts, 1);
      g_autofree char *three = run_pieces (input, length, cuts, 2);

      g_assert_cmpstr (two, ==, expected);
      g_assert_cmpstr (three, ==, expected);
    }
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;

  check_all_splits (row->input, row->length, row->expected);
  if (row->length > 0 && memchr (row->input, '\r', row->length) == NULL)
    {
      GString *crlf = frames_with_line_ends (row->input, row->length, "\r\n");
      GString *cr = frames_with_line_ends (row->input, row->length, "\r");

      check_all_splits (crlf->str, crlf->len, row->expected);
      check_all_splits (cr->str, cr->len, row->expected);
      g_string_free (crlf, TRUE);
      g_string_free (cr, TRUE);
    }
}

/* A CR ends a line at once: a stream of CR must not be one event late. */
static void
test_no_waiting (void)
{
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  g_autoptr (GString) out = g_string_new (NULL);

  sc_sse_framer_feed (framer, "data: a\r\r", 9, frames_append, out, NULL);
  g_assert_cmpstr (out->str, ==, "message \"a\"\n");
  sc_sse_framer_feed (framer, "\n", 1, frames_append, out, NULL);
  sc_sse_framer_feed (framer, "data: b\n\n", 9, frames_append, out, NULL);
  g_assert_cmpstr (out->str, ==, "message \"a\"\nmessage \"b\"\n");
}

static void
test_retry (void)
{
  static const struct
  {
    const char *input;
    gint64      expected;
  } retries[] = {
    { "retry: 3000\n", 3000 },
    { "retry:0\n", 0 },
    { "retry:007\n", 7 },
    { "retry: 1\nretry: 2\n", 2 },
    { "retry: 5\nretry: 5x\n", 5 },
    { "retry: -1\n", -1 },
    { "retry: 1.5\n", -1 },
    { "retry:  1\n", -1 },
    { "retry\n", -1 },
    { "retry:\n", -1 },
    { "retry: 99999999999999999999999999\n", G_MAXINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (retries); i++)
    {
      g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
      g_autoptr (GString) out = g_string_new (NULL);

      g_assert_cmpint (sc_sse_framer_get_retry_ms (framer), ==, -1);
      sc_sse_framer_feed (framer, retries[i].input, strlen (retries[i].input), frames_append, out,
                          NULL);
      g_assert_cmpint (sc_sse_framer_get_retry_ms (framer), ==, retries[i].expected);
      g_assert_cmpstr (out->str, ==, "");
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
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  const char *input = "data: a\n\ndata: b\n\ndata: c\n\ndata: d";
  int n = 0;

  g_assert_true (sc_sse_framer_feed (framer, input, strlen (input), stop_at_second, &n, NULL));
  g_assert_cmpint (n, ==, 2);
  g_assert_true (sc_sse_framer_feed (framer, input, strlen (input), stop_at_second, &n, NULL));
  sc_sse_framer_finish (framer, stop_at_second, &n);
  g_assert_cmpint (n, ==, 2);
}

/* The limit holds for a line, for an event of many lines, and for bare JSON, and does not depend on
 * the split. */
static void
test_limit (void)
{
  static const struct
  {
    const char *input;
    const char *expected;
    gboolean    is_fine;
  } limits[] = {
    { "data: 0123456789\n\n", "message \"0123456789\"\n", TRUE },
    { "data: 01234567890\n\n", "", FALSE },
    { "data: ok\n\n:01234567890123456\n", "message \"ok\"\n", FALSE },
    { "data: 01234567890", "", FALSE },
    { "data:12345678\ndata:1234567\n\n", "message \"12345678\\n1234567\"\n", TRUE },
    { "data:12345678\ndata:12345678\n\n", "", FALSE },
    { "{\"a\":\n1234567\n}\n", "json \"{\\\"a\\\":\\n1234567\\n}\"\n", TRUE },
    { "{\"a\":\n12345678901\n}\n", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      for (gsize step = 1; step < 20; step++)
        {
          g_autoptr (ScSseFramer) framer = sc_sse_framer_new (16);
          g_autoptr (GString) out = g_string_new (NULL);
          g_autoptr (GError) error = NULL;
          gsize length = strlen (limits[i].input);
          gboolean is_fine = TRUE;

          for (gsize at = 0; at < length && is_fine; at += step)
            is_fine = sc_sse_framer_feed (framer, limits[i].input + at, MIN (step, length - at),
                                          frames_append, out, &error);
          g_assert_cmpstr (out->str, ==, limits[i].expected);
          g_assert_cmpint (is_fine, ==, limits[i].is_fine);
          if (is_fine)
            g_assert_no_error (error);
          else
            g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
          sc_sse_framer_finish (framer, frames_append, out);
          g_assert_cmpstr (out->str, ==, limits[i].expected);
        }
    }
}

static void
test_giant (void)
{
  g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *filler = g_strnfill (1000, 'x');

  sc_sse_framer_feed (framer, "data: ", 6, frames_append, out, NULL);
  for (int i = 0; i < 10000; i++)
    g_assert_true (sc_sse_framer_feed (framer, filler, 1000, frames_append, out, NULL));
  sc_sse_framer_feed (framer, "\n\ndata: y\n\n", 11, frames_append, out, NULL);
  g_assert_cmpuint (out->len, ==,
                    strlen ("message \"\"\n") + 10000 * 1000 + strlen ("message \"y\"\n"));
  g_assert_true (g_str_has_suffix (out->str, "x\"\nmessage \"y\"\n"));
}

/* A second reading of the standard, simple and slow, on the whole input. */

static void
append_reference_event (GString    *out,
                        GString    *data,
                        GString    *type,
                        const char *id)
{
  if (data->len > 0)
    {
      ScFrame frame = { .type = type->len > 0 ? type->str : "message",
                        .data = data->str,
                        .id = id };

      g_string_truncate (data, data->len - 1);
      frame.length = data->len;
      frames_append (&frame, out);
    }
  g_string_truncate (data, 0);
  g_string_truncate (type, 0);
}

static char *
run_reference (GRegex     *line_end,
               const char *input)
{
  g_auto (GStrv) lines = g_regex_split (line_end, input, 0);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autoptr (GString) type = g_string_new (NULL);
  g_autofree char *id = g_strdup ("");
  GString *out = g_string_new (NULL);

  /* What follows the last line end is no line. */
  for (guint i = 0; lines[0] != NULL && lines[i + 1] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ":", 2);
      const char *value;

      if (*lines[i] == '\0')
        {
          append_reference_event (out, data, type, id);
          continue;
        }
      value = parts[1] == NULL ? "" : parts[1][0] == ' ' ? parts[1] + 1 : parts[1];
      if (strcmp (parts[0], "data") == 0)
        g_string_append_printf (data, "%s\n", value);
      else if (strcmp (parts[0], "event") == 0)
        g_string_assign (type, value);
      else if (strcmp (parts[0], "id") == 0)
        {
          g_free (id);
          id = g_strdup (value);
        }
    }
  return g_string_free (out, FALSE);
}

static gboolean
append_standard (const ScFrame *frame,
                 gpointer       user_data)
{
  if (frame->kind == SC_FRAME_EVENT && !frame->unterminated)
    frames_append (frame, user_data);
  return TRUE;
}

static void
test_random (void)
{
  static const char *const pieces[] = {
    "data", "data:", "data: ", "event:", "id:",    "id",       "retry:", ":",        ": ",
    " ",    "\n",    "\r",     "\r\n",   "\n\n",   "\r\r",     "x",      "a b",      "{",
    "}",    "[",     "\"",     "\\",     "error:", "error: {", "Data:",  "\xc3\xa4", "\xe2\x82\xac",
  };
  g_autoptr (GRegex) line_end = g_regex_new ("\r\n|\n|\r", G_REGEX_RAW, 0, NULL);

  for (int round = 0; round < 4000; round++)
    {
      g_autoptr (ScSseFramer) framer = sc_sse_framer_new (0);
      g_autoptr (GString) input = g_string_new (NULL);
      g_autoptr (GString) out = g_string_new (NULL);
      g_autofree char *expected = NULL;
      int n = g_test_rand_int_range (0, 30);

      for (int i = 0; i < n; i++)
        g_string_append (input, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      expected = run_reference (line_end, input->str);
      for (gsize at = 0; at < input->len;)
        {
          gsize wanted = (gsize) g_test_rand_int_range (1, 9);
          gsize step = MIN (wanted, input->len - at);

          g_assert_true (
              sc_sse_framer_feed (framer, input->str + at, step, append_standard, out, NULL));
          at += step;
        }
      sc_sse_framer_finish (framer, append_standard, out);
      if (strcmp (out->str, expected) != 0)
        g_test_message ("input: %s", input->str);
      g_assert_cmpstr (out->str, ==, expected);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/net/sse/table/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/net/sse/no-waiting", test_no_waiting);
  g_test_add_func ("/net/sse/retry", test_retry);
  g_test_add_func ("/net/sse/stop", test_stop);
  g_test_add_func ("/net/sse/limit", test_limit);
  g_test_add_func ("/net/sse/giant", test_giant);
  g_test_add_func ("/net/sse/random", test_random);
  return g_test_run ();
}
