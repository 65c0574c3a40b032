/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Faults that have nothing to do with a protocol: what status, content type and first bytes say
 * against each other. */

#include "config.h"

#include "event-log.h"

#include "sc-json.h"
#include "sc-response-reader.h"

#include <string.h>

#define SSE "text/event-stream"
#define JSON "application/json"
#define CHUNK(text)                                                                                \
  "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text                                \
  "\"},\"finish_reason\":null}]}\n\n"
#define STOP "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define DONE "data: [DONE]\n\n"
#define WHOLE "{\"id\":\"w\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0," \
              "\"message\":{\"role\":\"assistant\",\"content\":\"All of it\"},\"finish_reason\":\"stop\"}]," \
              "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"

typedef struct
{
  const char *name;
  int         status;
  const char *content_type;
  const char *body;
  gssize      length;
  const char *text;
  int         kind;
  const char *words;
} Fault;

/* kind -1: it finishes. words: must be in the message. */
static const Fault faults[] = {
  { "stream", 200, SSE, CHUNK ("Hi") STOP DONE, -1, "Hi", -1, NULL },
  /* Lines and no blank ones: one event by the standard, the whole answer to its sender. */
  { "stream-without-blank-lines", 200, SSE,
    "data: {\"choices\":[{\"delta\":{\"content\":\"H\"}}]}\ndata: {\"choices\":[{\"delta\":{\"content\":\"i\"}}]}\n"
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\ndata: [DONE]\n", -1, "Hi", -1, NULL },
  { "stream-in-one-event", 200, SSE,
    "data: {\"choices\":[{\"delta\":{\"content\":\"H\"}}]}\ndata: {\"choices\":[{\"delta\":{\"content\":\"i\"}}]}\n\n"
    STOP, -1, "Hi", -1, NULL },
  { "event-over-lines", 200, SSE,
    "data: {\"choices\":\ndata: [{\"delta\":{}\ndata: ,\"x\":{}},\ndata: {}]}\n\n" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "stream-charset", 200, "Text/Event-Stream; charset=utf-8", CHUNK ("Hi") STOP, -1, "Hi", -1,
    NULL },
  { "stream-as-json", 200, JSON, CHUNK ("Hi") STOP DONE, -1, "Hi", -1, NULL },
  { "stream-without-type", 200, NULL, "\n" CHUNK ("Hi") STOP DONE, -1, "Hi", -1, NULL },
  { "stream-as-text", 200, "text/plain", ": hello\n\n" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "stream-after-tab", 200, JSON, "\n \n\t" CHUNK ("no") CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  /* Found by fuzzing: these came out differently when they were split. */
  { "bom-after-blank-line", 200, "application/x-ndjson", "\t\r\n\xEF\xBB\xBF: x\n\n", -1, "",
    SC_ERROR_PROTOCOL, NULL },
  { "bom-blank-comment", 200, "application/x-ndjson", "\xEF\xBB\xBF\t\n:,c", -1, "",
    SC_ERROR_INTERRUPTED, NULL },
  { "form-feed", 200, "application/x-ndjson", "\f\r{\r\n#", -1, "", SC_ERROR_PROTOCOL, NULL },
  { "stream-with-bom", 200, JSON, "\xEF\xBB\xBF" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "stream-cut-in-bom", 200, SSE, "\xEF\xBB", -1, "", SC_ERROR_INTERRUPTED, NULL },
  { "stream-with-event", 200, JSON, "event: x\n" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "stream-with-id", 200, NULL, "id\n" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "stream-with-retry", 200, NULL, "retry: 10\n" CHUNK ("Hi") STOP, -1, "Hi", -1, NULL },
  { "whole", 200, JSON, WHOLE, -1, "All of it", -1, NULL },
  { "whole-after-blank-lines", 200, JSON, "\n\n\n  \r\n\n\n\n\n\n\n\n\n\n" WHOLE "\n", -1,
    "All of it", -1, NULL },
  { "whole-with-bom", 200, JSON, "\xEF\xBB\xBF" WHOLE, -1, "All of it", -1, NULL },
  { "whole-as-stream", 200, SSE, WHOLE, -1, "All of it", -1, NULL },
  { "whole-as-stream-line", 200, SSE, WHOLE "\n", -1, "All of it", -1, NULL },
  { "whole-without-type", 200, NULL, WHOLE, -1, "All of it", -1, NULL },
  { "whole-in-array", 200, JSON, "[" WHOLE "]", -1, "All of it", -1, NULL },
  { "whole-cut", 200, JSON, "{\"choices\":[{\"message\":{\"content\":\"All", -1, "",
    SC_ERROR_INTERRUPTED, NULL },
  { "whole-cut-as-stream", 200, SSE, "{\"choices\":[{\"message\":{\"content\":\"All", -1, "",
    SC_ERROR_INTERRUPTED, NULL },
  { "whole-two", 200, JSON, WHOLE WHOLE, -1, "", SC_ERROR_PROTOCOL, NULL },
  { "whole-other", 200, JSON, "{\"greeting\":\"hello\"}", -1, "", SC_ERROR_PROTOCOL,
    "not an answer" },
  { "lines-of-chunks", 200, "application/x-ndjson",
    "{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n{\"choices\":[{\"delta\":{},"
    "\"finish_reason\":\"stop\"}]}\n",
    -1, "Hi", -1, NULL },
  { "error-under-200", 200, JSON,
    "{\"error\":{\"message\":\"no model\",\"code\":\"model_not_found\"}}", -1, "",
    SC_ERROR_NOT_FOUND, "no model" },
  { "error-under-200-as-stream", 200, SSE, "{\"error\":{\"message\":\"no model\",\"code\":404}}",
    -1, "", SC_ERROR_NOT_FOUND, "no model" },
  { "error-under-200-pretty", 200, SSE,
    "{\n  \"error\": {\n    \"message\": \"no model\"\n  }\n}\n", -1, "", SC_ERROR_SERVER,
    "no model" },
  { "error-list-under-200", 200, JSON, "[{\"error\":{\"message\":\"bad key\",\"code\":401}}]", -1,
    "", SC_ERROR_AUTH, "bad key" },
  { "error-bare-in-stream", 200, SSE, CHUNK ("Hi") "{\"error\":{\"message\":\"gone\"}}\n\n", -1,
    "Hi", SC_ERROR_SERVER, "gone" },
  { "empty", 200, SSE, "", -1, "", SC_ERROR_INTERRUPTED, "empty" },
  { "empty-json", 200, JSON, "", -1, "", SC_ERROR_INTERRUPTED, "empty" },
  { "empty-blank", 200, JSON, " \n\n \r\n", -1, "", SC_ERROR_INTERRUPTED, "empty" },
  { "empty-204", 204, NULL, "", -1, "", SC_ERROR_INTERRUPTED, "empty" },
  { "only-comments", 200, SSE, ": ping\n\n: ping\n\n", -1, "", SC_ERROR_INTERRUPTED, NULL },
  { "only-done", 200, SSE, DONE, -1, "", -1, NULL },
  { "page-under-200", 200, "text/html",
    "<!DOCTYPE html><html><head><title>Sign in &amp; go</title></head></html>", -1, "",
    SC_ERROR_PROTOCOL, "Sign in & go" },
  { "page-as-stream", 200, SSE, "\n<html><body><h1>Wi-Fi\n login</h1></body></html>", -1, "",
    SC_ERROR_PROTOCOL, "Wi-Fi login" },
  { "words-under-200", 200, "text/plain", "upstream connect error", -1, "", SC_ERROR_PROTOCOL,
    "upstream connect error" },
  { "words-as-stream", 200, SSE, "upstream connect error", -1, "", SC_ERROR_PROTOCOL,
    "upstream connect error" },
  { "words-like-a-field", 200, "text/plain", "datacenter on fire", -1, "", SC_ERROR_PROTOCOL,
    "datacenter on fire" },
  { "number", 200, JSON, "42", -1, "", SC_ERROR_PROTOCOL, "42" },
  { "gzip", 200, SSE, "\x1f\x8b\x08\x00\x00\x00", 6, "", SC_ERROR_PROTOCOL, "gzip" },
  { "zstd", 200, SSE, "\x28\xb5\x2f\xfd\x00", 5, "", SC_ERROR_PROTOCOL, "zstd" },
  { "bytes", 200, SSE, "\x80\x81\xff\x00\x01", 5, "", SC_ERROR_PROTOCOL, NULL },
  { "invalid-utf8", 200, SSE,
    CHUNK ("a\xff"
           "b") STOP,
    -1,
    "a\xEF\xBF\xBD"
    "b",
    -1, NULL },
  { "status-beats-body", 500, SSE, CHUNK ("Hi") STOP DONE, -1, "", SC_ERROR_SERVER, NULL },
};

static EventLog *
decode (const Fault *fault,
        gsize        chunk)
{
  gsize length = fault->length < 0 ? strlen (fault->body) : (gsize) fault->length;

  return event_log_decode ("openai-chat", fault->status, fault->content_type, fault->body, length,
                           chunk, 0);
}

static void
test_fault (gconstpointer data)
{
  static const gsize chunks[] = { 0, 1, 2, 3, 5, 64 };
  const Fault *fault = data;
  g_autoptr (EventLog) whole = decode (fault, 0);

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      g_autoptr (EventLog) log = decode (fault, chunks[i]);

      g_assert_cmpint (log->n_ends, ==, 1);
      g_assert_cmpint (log->n_after_end, ==, 0);
      g_assert_cmpstr (log->text->str, ==, fault->text);
      g_assert_cmpstr (log->lines->str, ==, whole->lines->str);
      if (fault->kind < 0)
        {
          g_assert_null (log->failure);
          continue;
        }
      g_assert_nonnull (log->failure);
      g_assert_cmpstr (sc_error_to_nick (log->failure->kind), ==,
                       sc_error_to_nick ((ScError) fault->kind));
      if (fault->words != NULL && strstr (log->failure->message, fault->words) == NULL)
        g_error ("“%s” is not in “%s”", fault->words, log->failure->message);
    }
}

/* What the idle clocks are told of each feed. */
static void
test_signs_of_life (void)
{
  static const struct
  {
    const char *bytes;
    gboolean    is_data;
  } feeds[] = {
    { "\n\n", FALSE },
    { ": OPENROUTER PROCESSING\n\n", FALSE },
    { ": a", FALSE },
    { " comment\n\n", FALSE },
    { "event: ping\ndata: {}\n\n", FALSE },
    { "data:\n\n", FALSE },
    { "data: null\n\n", FALSE },
    { CHUNK ("Hi"), TRUE },
    { "data: {\"choices\":[{\"delta\":{\"content\":", FALSE },
    { "\"more\"}}]}\n\n", TRUE },
    { "data: {\"choices\":[]}\n\n", FALSE },
    { ":\n\n", FALSE },
    { STOP, FALSE },
    { DONE, TRUE },
    { CHUNK ("late"), FALSE },
  };
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);

  sc_response_reader_headers (reader, 200, SSE);
  for (guint i = 0; i < G_N_ELEMENTS (feeds); i++)
    {
      gboolean is_data = sc_response_reader_feed (reader, feeds[i].bytes, strlen (feeds[i].bytes));

      if (is_data != feeds[i].is_data)
        g_error ("feed %u: %s", i, feeds[i].bytes);
      g_assert_cmpint (sc_response_reader_has_finish (reader), ==, i >= 12);
      g_assert_cmpint (sc_response_reader_is_done (reader), ==, i >= 13);
    }
}

/* A picture of many kilobytes arrives in one frame that no decoder speaks of: the line is not dead
 * meanwhile. */
static void
test_big_frame_is_data (void)
{
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);
  g_autofree char *big = g_strnfill (1000, 'A');
  gboolean is_data = FALSE;

  sc_response_reader_headers (reader, 200, SSE);
  sc_response_reader_feed (reader, CHUNK ("Hi"), strlen (CHUNK ("Hi")));
  sc_response_reader_feed (reader, "data: {\"picture\":\"", strlen ("data: {\"picture\":\""));
  for (guint i = 0; i < 64; i++)
    is_data |= sc_response_reader_feed (reader, big, strlen (big));
  g_assert_true (is_data);
  sc_response_reader_end (reader, NULL);
  g_assert_cmpint (log->failure->kind, ==, SC_ERROR_INTERRUPTED);
}

static void
test_transport_failure (void)
{
  static const struct
  {
    const char *body;
    int         kind;
  } cases[] = {
    { CHUNK ("Hi"), SC_ERROR_TIMEOUT },
    { CHUNK ("Hi") STOP, -1 },
    { "", SC_ERROR_TIMEOUT },
    { ": x\n\n", SC_ERROR_TIMEOUT },
    { "{\"choices\":[", SC_ERROR_TIMEOUT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EventLog) log = event_log_new ();
      g_autoptr (ScResponseReader) reader =
        sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);
      g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_TIMEOUT, "too long");

      sc_response_reader_headers (reader, 200, NULL);
      sc_response_reader_feed (reader, cases[i].body, strlen (cases[i].body));
      sc_response_reader_end (reader, failure);
      g_assert_cmpint (log->n_ends, ==, 1);
      g_assert_cmpint (log->failure != NULL ? (int) log->failure->kind : -1, ==, cases[i].kind);
      sc_response_reader_end (reader, failure);
      sc_response_reader_feed (reader, "x", 1);
      g_assert_cmpint (log->n_ends, ==, 1);
    }
}

/* Headers complete an error; the key that a server echoes is never shown. */
static void
test_headers_and_key (void)
{
  static const char body[] =
    "{\"error\":{\"message\":\"Incorrect API key provided: canary-0815\","
    "\"code\":\"invalid_api_key\"}}";
  const char *key = "canary-0815";
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);

  sc_response_reader_set_key (reader, key);
  sc_response_reader_headers (reader, 401, JSON);
  sc_response_reader_set_header (reader, "X-Request-Id", "req_77");
  sc_response_reader_set_header (reader, "Retry-After", "1.5");
  sc_response_reader_set_header (reader, "Server", "nginx");
  sc_response_reader_feed (reader, body, strlen (body));
  sc_response_reader_end (reader, NULL);
  g_assert_cmpint (log->failure->kind, ==, SC_ERROR_AUTH);
  g_assert_cmpint (log->failure->status, ==, 401);
  g_assert_cmpstr (log->failure->request_id, ==, "req_77");
  g_assert_cmpint (log->failure->retry_after_ms, ==, 1500);
  g_assert_null (strstr (log->lines->str, key));
  g_assert_null (strstr (log->failure->details, key));
  g_assert_nonnull (strstr (log->failure->message, "Incorrect API key"));
}

/* Errors in a stream are completed and cleaned too. */
static void
test_key_in_stream (void)
{
  static const char body[] =
    "data: {\"error\":{\"message\":\"key canary-0815 expired\",\"code\":401}}\n\n";
  g_autoptr (EventLog) log = event_log_new ();
  g_autoptr (ScResponseReader) reader =
    sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);

  sc_response_reader_set_key (reader, "canary-0815");
  sc_response_reader_headers (reader, 200, SSE);
  sc_response_reader_set_header (reader, "request-id", "r1");
  sc_response_reader_feed (reader, body, strlen (body));
  sc_response_reader_end (reader, NULL);
  g_assert_cmpint (log->failure->kind, ==, SC_ERROR_AUTH);
  g_assert_cmpstr (log->failure->request_id, ==, "r1");
  g_assert_null (strstr (log->lines->str, "canary-0815"));
}

static void
test_error_body_is_bounded (void)
{
  gsize length = 4u * 1024 * 1024;
  g_autofree char *body = g_strnfill (length, (char) 0xfe);
  g_autoptr (EventLog) log =
    event_log_decode ("openai-chat", 500, "text/plain", body, length, 4096, 0);

  g_assert_cmpuint (strlen (log->failure->details), <=, SC_RESPONSE_MAX_ERROR_BYTES);
  g_assert_true (g_utf8_validate (log->failure->details, -1, NULL));
  g_assert_true (g_utf8_validate (log->failure->message, -1, NULL));
}

/* One event of 32 MB, fed in small reads. */
static void
test_big_event (void)
{
  gsize size = 32u * 1024 * 1024;
  g_autoptr (GString) body = g_string_sized_new (size + 1024);
  g_autoptr (EventLog) log = NULL;

  g_string_append (body, "data: {\"choices\":[{\"delta\":{\"content\":\"");
  while (body->len < size)
    g_string_append (body, "0123456789abcdef");
  g_string_append (body, "\"},\"finish_reason\":\"stop\"}]}\n\n");
  log = event_log_decode ("openai-chat", 200, SSE, body->str, body->len, 4096, 0);
  g_assert_null (log->failure);
  g_assert_cmpuint (log->text->len, >, size - 1024);
}

/* 100,000 brackets, as a frame, as a whole answer and as an error body. */
static void
test_deep_nesting (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *frame = g_strconcat (CHUNK ("Hi"), "data: {\"a\":", deep, "\n\n", NULL);
  g_autofree char *whole = g_strconcat ("{\"a\":", deep, NULL);
  g_autoptr (EventLog) first =
    event_log_decode ("openai-chat", 200, SSE, frame, strlen (frame), 0, 0);
  g_autoptr (EventLog) second =
    event_log_decode ("openai-chat", 200, JSON, whole, strlen (whole), 0, 0);
  g_autoptr (EventLog) third =
    event_log_decode ("openai-chat", 400, JSON, whole, strlen (whole), 0, 0);

  g_assert_cmpstr (first->text->str, ==, "Hi");
  g_assert_cmpint (first->failure->kind, ==, SC_ERROR_PROTOCOL);
  g_assert_nonnull (second->failure);
  g_assert_cmpint (third->failure->kind, ==, SC_ERROR_INVALID_REQUEST);
}

/* A stream of many thousand calls is decoded in one pass over them. */
static void
test_many_calls (void)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (EventLog) log = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (
      body,
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"i%u\",\"function\":"
      "{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n",
      i);
  g_string_append (body, STOP DONE);
  log = event_log_decode ("openai-chat", 200, SSE, body->str, body->len, 0, 0);
  g_assert_null (log->failure);
  g_assert_cmpint (log->finish, ==, SC_FINISH_TOOL_CALLS);
  g_assert_nonnull (strstr (log->lines->str, "\"index\":4999,\"id\":\"i4999\""));
}

static void
test_cancelled (void)
{
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_CANCELLED, NULL);
  static const int statuses[] = { 200, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (EventLog) log = event_log_new ();
      g_autoptr (ScResponseReader) reader =
        sc_response_reader_new (sc_protocol_find ("openai-chat"), event_log_cb, log);

      sc_response_reader_headers (reader, statuses[i], SSE);
      sc_response_reader_feed (reader, CHUNK ("Hi"), strlen (CHUNK ("Hi")));
      sc_response_reader_end (reader, failure);
      g_assert_cmpint (log->failure->kind, ==, SC_ERROR_CANCELLED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/reader/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_func ("/provider/reader/signs-of-life", test_signs_of_life);
  g_test_add_func ("/provider/reader/big-frame-is-data", test_big_frame_is_data);
  g_test_add_func ("/provider/reader/transport-failure", test_transport_failure);
  g_test_add_func ("/provider/reader/headers-and-key", test_headers_and_key);
  g_test_add_func ("/provider/reader/key-in-stream", test_key_in_stream);
  g_test_add_func ("/provider/reader/error-body-is-bounded", test_error_body_is_bounded);
  g_test_add_func ("/provider/reader/big-event", test_big_event);
  g_test_add_func ("/provider/reader/deep-nesting", test_deep_nesting);
  g_test_add_func ("/provider/reader/many-calls", test_many_calls);
  g_test_add_func ("/provider/reader/cancelled", test_cancelled);
  return g_test_run ();
}
