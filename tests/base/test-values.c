/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Errors, failures, events, messages, profiles, traces and redaction. */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sc-event.h"
#include "sc-host.h"
#include "sc-json.h"
#include "sc-message.h"
#include "sc-profile.h"
#include "sc-redact.h"
#include "sc-trace.h"

static void
test_error_names (void)
{
  for (int kind = SC_ERROR_AUTH; kind <= SC_ERROR_KEYRING; kind++)
    {
      const char *nick = sc_error_to_nick ((ScError) kind);

      g_assert_cmpint (sc_error_from_nick (nick, SC_ERROR_SERVER), ==, kind);
      g_assert_true (g_str_has_suffix (sc_error_to_sentence ((ScError) kind), "."));
      g_assert_true (g_str_has_suffix (sc_error_to_advice ((ScError) kind), "."));
    }
  g_assert_cmpint (sc_error_from_nick ("unheard-of", SC_ERROR_TLS), ==, SC_ERROR_TLS);
}

static void
test_failure_from_error (void)
{
  const struct
  {
    GQuark  domain;
    int     code;
    ScError kind;
  } rows[] = {
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, SC_ERROR_NETWORK },
    { G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, SC_ERROR_NETWORK },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, SC_ERROR_CANCELLED },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, SC_ERROR_TIMEOUT },
    { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, SC_ERROR_INTERRUPTED },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, SC_ERROR_INTERRUPTED },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, SC_ERROR_NETWORK },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, SC_ERROR_TLS },
    { SC_ERROR, SC_ERROR_QUOTA, SC_ERROR_QUOTA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (rows[i].domain, rows[i].code, "raw");
      g_autoptr (ScFailure) failure = sc_failure_new_from_error (error);
      g_autoptr (ScFailure) copy = sc_failure_copy (failure);
      g_autoptr (GError) back = sc_failure_to_error (copy);

      g_assert_cmpint (failure->kind, ==, rows[i].kind);
      g_assert_error (back, SC_ERROR, (int) rows[i].kind);
      if (rows[i].domain != SC_ERROR)
        {
          g_assert_cmpstr (failure->message, !=, "raw");
          g_assert_cmpstr (copy->details, ==, "raw");
        }
    }
}

static void
test_retryable (void)
{
  static const struct
  {
    ScError  kind;
    int      status;
    int      should_retry;
    gboolean expected;
  } rows[] = {
    { SC_ERROR_NETWORK, 0, -1, TRUE },       { SC_ERROR_RATE_LIMIT, 429, -1, TRUE },
    { SC_ERROR_QUOTA, 429, -1, FALSE },      { SC_ERROR_QUOTA, 429, 1, FALSE },
    { SC_ERROR_SERVER, 500, -1, TRUE },      { SC_ERROR_SERVER, 500, 0, FALSE },
    { SC_ERROR_OVERLOADED, 529, -1, TRUE },  { SC_ERROR_AUTH, 401, -1, FALSE },
    { SC_ERROR_INVALID_REQUEST, 400, -1, FALSE }, { SC_ERROR_INVALID_REQUEST, 400, 1, TRUE },
    { SC_ERROR_NOT_FOUND, 404, -1, FALSE },  { SC_ERROR_INVALID_REQUEST, 413, -1, FALSE },
    { SC_ERROR_INVALID_REQUEST, 422, -1, FALSE }, { SC_ERROR_TIMEOUT, 0, -1, FALSE },
    { SC_ERROR_INVALID_REQUEST, 409, -1, TRUE }, { SC_ERROR_CANCELLED, 0, 1, FALSE },
    { SC_ERROR_TLS, 0, -1, FALSE },          { SC_ERROR_TIMEOUT, 504, -1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScFailure) failure = sc_failure_new (rows[i].kind, NULL);

      failure->status = rows[i].status;
      failure->should_retry = rows[i].should_retry;
      g_assert_cmpint (sc_failure_is_retryable (failure), ==, rows[i].expected);
    }
}

static void
test_event_lines (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_RATE_LIMIT, "wait");
  ScUsage usage = SC_USAGE_INIT;
  ScUsage newer = SC_USAGE_INIT;
  ScEvent events[] = {
    { .kind = SC_EVENT_START, .id = "x" },
    { .kind = SC_EVENT_TEXT, .text = "a\nbc", .length = 3 },
    { .kind = SC_EVENT_TOOL_BEGIN },
    { .kind = SC_EVENT_TOOL_END, .index = 1, .id = "c", .name = "f", .text = "{}", .length = 2 },
    { .kind = SC_EVENT_USAGE, .usage = &usage },
    { .kind = SC_EVENT_CITATION, .id = "https://x", .start = 2, .end = -1 },
    { .kind = SC_EVENT_FINISH, .reason = SC_FINISH_LENGTH, .name = "max" },
    { .kind = SC_EVENT_ERROR, .failure = failure },
  };

  usage.input = 5;
  usage.cached = 2;
  newer.output = 9;
  newer.input = 6;
  sc_usage_merge (&usage, &newer);
  failure->status = 429;
  failure->retry_after_ms = 1500;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    sc_event_append_json (&events[i], out);
  g_assert_cmpstr (out->str, ==,
                   "{\"event\":\"text\",\"text\":\"a\\nb\"}\n"
                   "{\"event\":\"tool-call\",\"index\":1,\"id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}\n"
                   "{\"event\":\"usage\",\"input\":6,\"output\":9,\"cached\":2}\n"
                   "{\"event\":\"citation\",\"url\":\"https://x\",\"start\":2}\n"
                   "{\"event\":\"finish\",\"reason\":\"length\",\"raw\":\"max\"}\n"
                   "{\"event\":\"error\",\"kind\":\"rate-limit\",\"message\":\"wait\",\"status\":429,"
                   "\"retry_after_ms\":1500}\n");
}

static void
test_usage (void)
{
  ScUsage usage = SC_USAGE_INIT;
  ScUsage newer = SC_USAGE_INIT;

  g_assert_true (sc_usage_is_empty (&usage));
  newer.input = 7;
  newer.output = G_MAXINT64;
  newer.cost_nanos = G_MAXINT64;
  newer.flags = SC_USAGE_INPUT_ESTIMATED;
  sc_usage_merge (&usage, &newer);
  newer.input = -1;
  sc_usage_merge (&usage, &newer);
  g_assert_cmpint (usage.input, ==, 7);
  g_assert_cmpint (usage.output, ==, SC_USAGE_MAX);
  g_assert_cmpint (usage.cost_nanos, ==, SC_USAGE_MAX);
  g_assert_cmpuint (usage.flags, ==, SC_USAGE_INPUT_ESTIMATED);
}

static void
test_prompt (void)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) wrong = sc_json_parse ("{\"model\":\"m\"}", -1, NULL);
  g_autoptr (ScPrompt) prompt = NULL;
  g_autoptr (ScMessage) copy = NULL;
  g_autoptr (GError) error = NULL;
  ScMessage *message;

  root = sc_json_parse ("{\"model\":\"m\",\"system\":\"s\",\"stream\":false,\"parameters\":{\"seed\":1},"
                        "\"tools\":[{\"name\":\"f\"}],\"messages\":["
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"},"
                        "{\"type\":\"image\",\"media_type\":\"image/png\",\"data\":\"AAEC\"}]},"
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\","
                        "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]},"
                        "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"ok\"}]}", -1, &error);
  g_assert_no_error (error);
  prompt = sc_prompt_new_from_json (root, &error);
  g_assert_no_error (error);
  g_assert_false (prompt->stream);
  g_assert_cmpuint (prompt->messages->len, ==, 3);
  message = prompt->messages->pdata[0];
  g_assert_cmpstr (message->text, ==, "hi");
  g_assert_cmpuint (g_bytes_get_size (((ScAttachment *) message->attachments->pdata[0])->data), ==, 3);
  copy = sc_message_copy (prompt->messages->pdata[1]);
  g_assert_cmpstr (((ScToolCall *) copy->tool_calls->pdata[0])->arguments, ==, "{}");
  message = prompt->messages->pdata[2];
  g_assert_cmpint (message->role, ==, SC_ROLE_TOOL);
  g_assert_cmpstr (message->tool_call_id, ==, "c1");

  g_assert_null (sc_prompt_new_from_json (wrong, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
}

/* The parts of a message in the words of every service. */
static const struct
{
  const char *part;
  const char *text;
  const char *media_type;
  const char *name;
  const char *bytes;
} parts[] = {
  { "\"plain\"", "plain", NULL, NULL, NULL },
  { "{\"text\":\"a\"}", "a", NULL, NULL, NULL },
  { "{\"type\":\"input_text\",\"text\":\"a\"}", "a", NULL, NULL, NULL },
  { "{\"type\":\"image\",\"name\":\"n\",\"media_type\":\"image/png\",\"data\":\"QUI=\"}", "",
    "image/png", "n", "AB" },
  { "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUI=\"}}", "",
    "image/png", "", "AB" },
  { "{\"type\":\"image_url\",\"image_url\":\"data:image/gif;base64,QUI=\"}", "", "image/gif", "",
    "AB" },
  { "{\"type\":\"input_image\",\"image_url\":\"DATA:image/webp;charset=x;base64,QUI=\"}", "",
    "image/webp", "", "AB" },
  { "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h/a.png\"}}", "https://h/a.png", NULL,
    NULL, NULL },
  { "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/jpeg\","
    "\"data\":\"QUI=\"}}", "", "image/jpeg", "", "AB" },
  { "{\"type\":\"document\",\"title\":\"t\",\"source\":{\"type\":\"text\","
    "\"media_type\":\"text/plain\",\"data\":\"words\"}}", "", "text/plain", "t", "words" },
  { "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://h/b\"}}", "https://h/b", NULL,
    NULL, NULL },
  { "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"QUI=\"}}", "", "image/png", "", "AB" },
  { "{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/pdf;base64,QUI=\","
    "\"filename\":\"f.pdf\"}}", "", "application/pdf", "f.pdf", "AB" },
  { "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUI=\",\"format\":\"mp3\"}}", "",
    "audio/mpeg", "", "AB" },
  { "{\"type\":\"file\",\"file_data\":\"data:,a%20b\"}", "", "text/plain", "", "a b" },
  { "{\"type\":\"image_url\",\"image_url\":null}", "", NULL, NULL, NULL },
  { "{\"type\":\"unknown\",\"x\":1}", "", NULL, NULL, NULL },
  { "null", "", NULL, NULL, NULL },
};

static void
test_parts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}", parts[i].part);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = sc_json_parse (text, -1, &error);
      g_autoptr (ScPrompt) prompt = sc_prompt_new_from_json (root, &error);
      ScMessage *message;
      ScAttachment *file;

      g_assert_no_error (error);
      message = prompt->messages->pdata[0];
      g_assert_cmpstr (message->text, ==, parts[i].text);
      g_assert_cmpint (message->attachments != NULL, ==, parts[i].bytes != NULL);
      if (parts[i].bytes == NULL)
        continue;
      g_assert_cmpuint (message->attachments->len, ==, 1);
      file = message->attachments->pdata[0];
      g_assert_cmpstr (file->media_type, ==, parts[i].media_type);
      g_assert_cmpstr (file->name, ==, parts[i].name);
      g_assert_cmpmem (g_bytes_get_data (file->data, NULL), g_bytes_get_size (file->data),
                       parts[i].bytes, strlen (parts[i].bytes));
    }
}

static void
test_profile (void)
{
  static const struct
  {
    const char *url;
    gboolean    is_local;
  } rows[] = {
    { "http://localhost:11434/v1", TRUE }, { "http://127.0.0.1:8080", TRUE },
    { "http://[::1]:1234/v1", TRUE },      { "http://192.168.1.2/v1", FALSE },
    { "https://api.openai.com/v1", FALSE }, { "no url", FALSE }, { "", FALSE },
    { "http://localhost.example.org/", FALSE },
  };
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScProfile) copy = NULL;

  sc_profile_set (&profile->key, "secret");
  sc_profile_set (&profile->name, "Name");
  copy = sc_profile_copy (profile);
  g_assert_cmpstr (copy->id, ==, profile->id);
  g_assert_cmpstr (copy->key, ==, "secret");
  g_assert_true (copy->stream);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      sc_profile_set (&profile->base_url, rows[i].url);
      g_assert_cmpint (sc_profile_is_local (profile), ==, rows[i].is_local);
    }
}

static void
test_hosts (void)
{
  static const struct
  {
    const char *host;
    gboolean    is_here;
    gboolean    is_private;
  } rows[] = {
    { "localhost", TRUE, TRUE },           { "LocalHost", TRUE, TRUE },
    { "localhost.", FALSE, TRUE },         { "a.localhost", FALSE, TRUE },
    { "127.0.0.1", TRUE, TRUE },           { "127.8.9.1", TRUE, TRUE },
    { "::1", TRUE, TRUE },                 { "0.0.0.0", FALSE, TRUE },
    { "::", FALSE, TRUE },                 { "::ffff:127.0.0.1", FALSE, TRUE },
    { "::ffff:8.8.8.8", FALSE, FALSE },    { "10.1.2.3", FALSE, TRUE },
    { "172.16.0.1", FALSE, TRUE },         { "172.32.0.1", FALSE, FALSE },
    { "192.168.1.1", FALSE, TRUE },        { "169.254.169.254", FALSE, TRUE },
    { "100.64.0.1", FALSE, TRUE },         { "100.128.0.1", FALSE, FALSE },
    { "fd00::1", FALSE, TRUE },            { "fe80::1", FALSE, TRUE },
    { "fe80::1%eth0", FALSE, TRUE },       { "2001:db8::1", FALSE, FALSE },
    { "127.1", FALSE, TRUE },              { "2130706433", FALSE, TRUE },
    { "0x7f.0.0.0x1", FALSE, TRUE },       { "0177.0.0.01", FALSE, TRUE },
    { "attic", FALSE, TRUE },              { "attic.local", FALSE, TRUE },
    { "attic.local.", FALSE, TRUE },       { "attic.home.arpa", FALSE, TRUE },
    { "local.example.org", FALSE, FALSE }, { "notlocal.org", FALSE, FALSE },
    { "8.8.8.8", FALSE, FALSE },           { "example.org.", FALSE, FALSE },
    { "", FALSE, FALSE },                  { NULL, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].host != NULL ? rows[i].host : "(none)");
      g_assert_cmpint (sc_host_is_here (rows[i].host), ==, rows[i].is_here);
      g_assert_cmpint (sc_host_is_private (rows[i].host), ==, rows[i].is_private);
    }
}

static void
test_redact_text (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } rows[] = {
    { "nothing here", "nothing here" },
    { "the canary is out", "the " SC_REDACTED " is out" },
    { "canarycanary", SC_REDACTED SC_REDACTED },
    { "key sk-abcdefghijklmnopqrstuvwx.", "key " SC_REDACTED },
    { "Authorization: Bearer abcdefghijkl", "Authorization: Bearer " SC_REDACTED },
    { "bearer of good news", "bearer of good news" },
    { "a risk-averse person", "a risk-averse person" },
    { "AIzaSyA1234567890abcdefghij", SC_REDACTED },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = sc_redact_text (rows[i].text, "canary");

      g_assert_cmpstr (redacted, ==, rows[i].expected);
    }
  g_assert_null (sc_redact_text (NULL, "canary"));
}

static void
test_redact_url (void)
{
  static const struct
  {
    const char *url;
    const char *expected;
  } rows[] = {
    { "https://host/v1?api-version=2024-10-21", "https://host/v1?api-version=2024-10-21" },
    { "https://host/x?alt=sse&key=abc&b=1#f", "https://host/x?alt=sse&key=" SC_REDACTED "&b=1#f" },
    { "https://user:pass@host/x", "https://" SC_REDACTED "@host/x" },
    { "https://host/x@y", "https://host/x@y" },
    { "https://host?ACCESS_TOKEN=abc", "https://host?ACCESS_TOKEN=" SC_REDACTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = sc_redact_url (rows[i].url);

      g_assert_cmpstr (redacted, ==, rows[i].expected);
    }
  g_assert_true (sc_redact_is_secret_header ("Authorization"));
  g_assert_true (sc_redact_is_secret_header ("X-Goog-Api-Key"));
  g_assert_false (sc_redact_is_secret_header ("Content-Type"));
}

static void
test_trace (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "stream-chat-trace-XXXXXX", NULL);
  g_autofree char *content = NULL;
  g_autoptr (JsonObject) line = NULL;
  g_autoptr (GError) error = NULL;
  ScTrace *trace;
  gint64 bytes = 0;
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  trace = sc_trace_open (path, &error);
  g_assert_no_error (error);
  sc_trace_write (NULL, "ignored", NULL);
  sc_trace_write (trace, "read", "bytes", (gint64) 12, "pending", (gint64) 0, NULL);
  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  line = sc_json_parse_object (content, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sc_json_get_string (line, "what"), ==, "read");
  g_assert_true (sc_json_get_int (line, "bytes", &bytes));
  g_assert_cmpint (bytes, ==, 12);
  sc_trace_close (trace);
  g_unlink (path);

  g_assert_null (sc_trace_open ("/nonexistent/folder/trace", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_error_names);
  g_test_add_func ("/failure/from-error", test_failure_from_error);
  g_test_add_func ("/failure/retryable", test_retryable);
  g_test_add_func ("/event/lines", test_event_lines);
  g_test_add_func ("/usage/merge", test_usage);
  g_test_add_func ("/message/prompt", test_prompt);
  g_test_add_func ("/message/parts", test_parts);
  g_test_add_func ("/profile/copy-and-local", test_profile);
  g_test_add_func ("/host/where", test_hosts);
  g_test_add_func ("/redact/text", test_redact_text);
  g_test_add_func ("/redact/url", test_redact_url);
  g_test_add_func ("/trace/lines", test_trace);
  return g_test_run ();
}
