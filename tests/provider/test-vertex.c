/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The protocol vertex beside its streams and golden requests: addresses as people write them, whole
 * answers of both publishers, what goes back to the model, model lists. */

#include "config.h"

#include "event-log.h"

#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-profile.h"
#include "sc-response-reader.h"
#include "sc-vertex.h"
#include "sc-vertex-private.h"

#include <string.h>

#define HOST "https://us-east5-aiplatform.googleapis.com"
#define COMPLETE HOST "/v1/projects/p/locations/us-east5"

static const struct
{
  const char *base;
  const char *project;
  const char *complete;
} addresses[] = {
  { COMPLETE, NULL, COMPLETE },
  { COMPLETE "/", NULL, COMPLETE },
  { COMPLETE, "other", COMPLETE },
  { HOST "/projects/p/locations/us-east5", NULL, COMPLETE },
  { HOST "/v1/projects/p", NULL, COMPLETE },
  { HOST "/v1", "p", COMPLETE },
  { HOST, "p", COMPLETE },
  { HOST, NULL, HOST "/v1" },
  { COMPLETE "/publishers/google/models/m:streamGenerateContent", NULL, COMPLETE },
  { HOST "/v1/publishers/google/models/m", "p", COMPLETE },
  { HOST "/v1beta1/projects/p/locations/l", NULL, HOST "/v1beta1/projects/p/locations/l" },
  { "https://aiplatform.googleapis.com", "p",
    "https://aiplatform.googleapis.com/v1/projects/p/locations/global" },
  { "https://aiplatform.eu.rep.googleapis.com", "p",
    "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu" },
  { "127.0.0.1:8080", "p", "http://127.0.0.1:8080/v1/projects/p/locations/global" },
  { "https://proxy.example/vertex?k=1", "p",
    "https://proxy.example/vertex/v1/projects/p/locations/global?k=1" },
  { "https://proxy.example/v1/vertex", NULL, "https://proxy.example/v1/vertex/v1" },
  { HOST, "example.com:p/../x", HOST "/v1/projects/example.com:p%2F..%2Fx/locations/us-east5" },
  { HOST, "", HOST "/v1" },
  { "", "p", "" },
  { NULL, "p", "" },
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *complete = sc_vertex_complete_url (addresses[i].base, addresses[i].project);

      g_assert_cmpstr (complete, ==, addresses[i].complete);
    }
}

#define GLOBAL "https://aiplatform.googleapis.com"
#define RESOURCE "/projects/q/locations/"
#define MODEL "/publishers/google/models/gemini-2.5-pro"

static const struct
{
  const char *base;
  const char *model;
  const char *url;
} resources[] = {
  { COMPLETE, "gemini-2.5-pro", COMPLETE MODEL },
  { COMPLETE, "publishers/google/models/gemini-2.5-pro", COMPLETE MODEL },
  { COMPLETE, "projects/q/locations/us-east5" MODEL, HOST "/v1" RESOURCE "us-east5" MODEL },
  { COMPLETE, "projects/q/locations/global" MODEL, GLOBAL "/v1" RESOURCE "global" MODEL },
  { GLOBAL, "//aiplatform.googleapis.com/projects/q/locations/us-east5" MODEL,
    HOST "/v1" RESOURCE "us-east5" MODEL },
  { GLOBAL, "projects/q/locations/eu" MODEL,
    "https://aiplatform.eu.rep.googleapis.com/v1" RESOURCE "eu" MODEL },
  { "http://127.0.0.1:8080/v1beta1/projects/p", "projects/q/locations/us-east5" MODEL,
    "http://127.0.0.1:8080/v1beta1" RESOURCE "us-east5" MODEL },
  { COMPLETE, "projects/q/locations/evil.example" MODEL, COMPLETE MODEL },
  { COMPLETE, "projects/q" MODEL, COMPLETE MODEL },
};

/* A model that says where it is asked there. */
static void
test_resources (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScPrompt) prompt = sc_prompt_new (resources[i].model);
      g_autoptr (ScHttpRequest) request = NULL;
      g_autofree char *expected = g_strconcat (resources[i].url, ":generateContent", NULL);
      g_autoptr (GError) error = NULL;

      sc_profile_set (&profile->protocol, "vertex");
      sc_profile_set (&profile->base_url, resources[i].base);
      prompt->stream = FALSE;
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Hi"));
      request = sc_vertex_build_request (profile, prompt, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (request->url, ==, expected);
    }
}

static void
test_key_files (void)
{
  g_assert_true (sc_vertex_is_key_file ("{\"type\":\"service_account\"}"));
  g_assert_true (sc_vertex_is_key_file ("\n {"));
  g_assert_false (sc_vertex_is_key_file ("ya29.token"));
  g_assert_false (sc_vertex_is_key_file (""));
  g_assert_false (sc_vertex_is_key_file (NULL));
}

static const struct
{
  const char *body;
  const char *events;
} wholes[] = {
  { "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}]},"
    "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":2}}",
    "{\"event\":\"text\",\"text\":\"Hi\"}\n{\"event\":\"usage\",\"input\":2}\n"
    "{\"event\":\"finish\",\"reason\":\"stop\",\"raw\":\"STOP\"}\n" },
  { "{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
    "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":2}}",
    "{\"event\":\"text\",\"text\":\"Hi\"}\n{\"event\":\"usage\",\"input\":2}\n"
    "{\"event\":\"finish\",\"reason\":\"stop\",\"raw\":\"end_turn\"}\n" },
  { "[{\"error\":{\"code\":404,\"message\":\"No model\",\"status\":\"NOT_FOUND\"}}]",
    "{\"event\":\"error\",\"kind\":\"not-found\",\"message\":\"No model\",\"status\":404,"
    "\"code\":\"NOT_FOUND\"}\n" },
  { "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Oh\"}}",
    "{\"event\":\"error\",\"kind\":\"server\",\"message\":\"Oh\",\"code\":\"api_error\"}\n" },
};

static void
test_whole (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      const char *body = wholes[i].body;
      g_autoptr (EventLog) log = event_log_decode ("vertex", 200, "application/json", body,
                                                   strlen (body), 3, 0);

      g_assert_cmpstr (log->lines->str, ==, wholes[i].events);
      g_assert_cmpint (log->n_ends, ==, 1);
    }
}

/* Refused requests: a token that has run out, and Google's shape at Anthropic's door. */
static void
test_refused (void)
{
  static const char unauthenticated[] =
    "[{\"error\":{\"code\":401,\"message\":\"Invalid credentials\",\"status\":"
    "\"UNAUTHENTICATED\"}}]";
  g_autoptr (EventLog) log = event_log_decode ("vertex", 401, "application/json", unauthenticated,
                                               strlen (unauthenticated), 0, 0);

  g_assert_cmpint (log->failure->kind, ==, SC_ERROR_AUTH);
  g_assert_cmpint (log->failure->status, ==, 401);
  g_assert_cmpstr (log->failure->message, ==, "Invalid credentials");
}

static const char *const beginnings[] = {
  "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Half\"}]}}],"
  "\"usageMetadata\":{\"promptTokenCount\":5}}\n\n",
  "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":5}}}\n\n"
  "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
  "\"text\":\"Half\"}}\n\n",
};

/* What was counted before a broken connection is told all the same. */
static void
test_broken_connection (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autoptr (EventLog) log = event_log_new ();
      g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_NETWORK, "Gone");
      ScResponseReader *reader = sc_response_reader_new (sc_protocol_find ("vertex"), event_log_cb,
                                                         log);

      sc_response_reader_headers (reader, 200, "text/event-stream");
      sc_response_reader_feed (reader, beginnings[i], strlen (beginnings[i]));
      g_assert_false (sc_response_reader_has_finish (reader));
      sc_response_reader_end (reader, failure);
      sc_response_reader_free (reader);
      g_assert_cmpstr (log->lines->str, ==,
                       "{\"event\":\"text\",\"text\":\"Half\"}\n"
                       "{\"event\":\"usage\",\"input\":5}\n"
                       "{\"event\":\"error\",\"kind\":\"network\",\"message\":\"Gone\"}\n");
      g_assert_cmpint (log->n_ends, ==, 1);
    }
}

/* A complete answer stays one, whatever happens to the connection. */
static void
test_finish_is_known (void)
{
  static const char *const ends[] = {
    "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (EventLog) log = event_log_new ();
      g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_NETWORK, "Gone");
      ScResponseReader *reader = sc_response_reader_new (sc_protocol_find ("vertex"), event_log_cb,
                                                         log);

      sc_response_reader_headers (reader, 200, "text/event-stream");
      sc_response_reader_feed (reader, ends[i], strlen (ends[i]));
      g_assert_true (sc_response_reader_has_finish (reader));
      sc_response_reader_end (reader, failure);
      sc_response_reader_free (reader);
      g_assert_cmpint (log->finish, ==, SC_FINISH_STOP);
      g_assert_cmpint (log->n_ends, ==, 1);
    }
}

static char *
decode_raw (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".sse", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "vertex", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EventLog) log = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  log = event_log_decode ("vertex", 200, "text/event-stream", bytes, length, 0, 0);
  return g_strdup (log->raw);
}

static const struct
{
  const char *stream;
  const char *model;
  const char *protocol;
  const char *sent;
  gboolean    is_sent;
} returns[] = {
  { "google-thinking-tools", "gemini-2.5-pro", "vertex", "\"thoughtSignature\":\"c2ln\"", TRUE },
  { "google-thinking-tools", "gemini-2.5-pro", "gemini", "\"thoughtSignature\":\"c2ln\"", FALSE },
  { "anthropic-thinking", "claude-opus-5", "vertex", "\"signature\":\"EqQBCg", TRUE },
  { "anthropic-thinking", "claude-opus-5", "anthropic", "\"signature\":\"EqQBCg", FALSE },
};

static void
test_raw_goes_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (returns); i++)
    {
      g_autoptr (ScProfile) profile = sc_profile_new (NULL);
      g_autoptr (ScPrompt) prompt = sc_prompt_new (returns[i].model);
      g_autoptr (ScHttpRequest) request = NULL;
      g_autoptr (GError) error = NULL;
      ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Text");
      gsize length;
      const char *body;

      sc_profile_set (&profile->protocol, "vertex");
      sc_profile_set (&profile->base_url, COMPLETE);
      answer->raw = decode_raw (returns[i].stream);
      g_assert_nonnull (answer->raw);
      answer->raw_protocol = g_strdup (returns[i].protocol);
      answer->raw_model = g_strdup (returns[i].model);
      if (i < 2)
        {
          sc_message_add_tool_call (answer, "call_cf64e9abb7e15065384fe3d0", "f", "{\"a\":1}");
          sc_message_add_tool_call (answer, "call_225ada7c16f1c2e6ca6378fa", "f", "{\"a\":2}");
        }
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
      g_ptr_array_add (prompt->messages, answer);
      g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Go on"));
      request = sc_vertex_build_request (profile, prompt, &error);
      g_assert_no_error (error);
      body = g_bytes_get_data (request->body, &length);
      g_assert_cmpint (g_strstr_len (body, (gssize) length, returns[i].sent) != NULL, ==,
                       returns[i].is_sent);
    }
}

static GPtrArray *
parse_models (const char  *json,
              char       **next_page,
              GError     **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (json, -1, NULL);

  *next_page = NULL;
  return sc_vertex_parse_models (root, next_page, error);
}

static void
test_models (void)
{
  g_autofree char *next_page = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GPtrArray) empty = NULL;

  models = parse_models ("{\"publisherModels\":[{\"name\":\"publishers/google/models/"
                         "gemini-2.5-pro\"},{\"name\":\"publishers/google/models/imagen-4\"},"
                         "{\"name\":\"publishers/google/models/gemini-embedding-001\"},null,{},"
                         "{\"name\":\"gemma-3\"}],\"nextPageToken\":\"t\"}", &next_page, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 0))->id, ==, "gemini-2.5-pro");
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 1))->id, ==, "gemma-3");
  g_assert_cmpstr (next_page, ==, "t");
  empty = parse_models ("{}", &none, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_null (none);
  g_assert_null (parse_models ("{\"data\":[]}", &none, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (parse_models ("[]", &none, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

static const struct
{
  const char *base;
  const char *page;
  const char *url;
  const char *project;
} lists[] = {
  { COMPLETE, NULL, HOST "/v1beta1/publishers/google/models?pageSize=100", "p" },
  { COMPLETE "?a=b", "x&y",
    HOST "/v1beta1/publishers/google/models?a=b&pageSize=100&pageToken=x%26y",
    "p" },
  { HOST, NULL, HOST "/v1beta1/publishers/google/models?pageSize=100", NULL },
};

static void
test_models_request (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (GError) error = NULL;

  sc_profile_set (&profile->key, "ya29.token");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (ScHttpRequest) request = NULL;

      sc_profile_set (&profile->base_url, lists[i].base);
      request = sc_vertex_build_models_request (profile, lists[i].page, NULL);
      g_assert_cmpstr (request->url, ==, lists[i].url);
      g_assert_cmpstr (sc_http_request_get_header (request, "x-goog-user-project"), ==,
                       lists[i].project);
      g_assert_cmpstr (sc_http_request_get_header (request, "Authorization"), ==,
                       "Bearer ya29.token");
    }
  sc_profile_set (&profile->key, "{\"type\":\"service_account\"}");
  g_assert_null (sc_vertex_build_models_request (profile, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_AUTH);
  g_clear_error (&error);
  sc_profile_set (&profile->base_url, "");
  g_assert_null (sc_vertex_build_models_request (profile, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/vertex/addresses", test_addresses);
  g_test_add_func ("/provider/vertex/resources", test_resources);
  g_test_add_func ("/provider/vertex/key-files", test_key_files);
  g_test_add_func ("/provider/vertex/whole", test_whole);
  g_test_add_func ("/provider/vertex/refused", test_refused);
  g_test_add_func ("/provider/vertex/broken-connection", test_broken_connection);
  g_test_add_func ("/provider/vertex/finish-is-known", test_finish_is_known);
  g_test_add_func ("/provider/vertex/raw-goes-back", test_raw_goes_back);
  g_test_add_func ("/provider/vertex/models", test_models);
  g_test_add_func ("/provider/vertex/models-request", test_models_request);
  return g_test_run ();
}
