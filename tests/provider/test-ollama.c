/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the native protocols of model servers have beside streams: lists of models with what the
 * server says of each, thinking that goes back, and fetching a model. */

#include "config.h"

#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-ollama-pull.h"
#include "sc-ollama.h"
#include "sc-service.h"
#include "sc-tgi.h"

#include "raw-server.h"

#include <string.h>

#define KNOWN SC_MODEL_FLAGS_KNOWN
#define MAX_NOTES 64

/* A connection an answer, so that every answer has a script. */
#define ANSWER(type)                                                                               \
  "HTTP/1.1 200 OK\r\nContent-Type: " type "\r\nConnection: close\r\n\r\n"

static const struct
{
  const char *json;
  guint       flags;
} tags[] = {
  { "{\"models\":[{\"name\":\"a:latest\",\"model\":\"a:latest\",\"size\":1}]}", 0 },
  { "{\"models\":[{\"name\":\"a:latest\"}]}", 0 },
  { "{\"models\":[null,{},{\"model\":\"a:latest\",\"capabilities\":[]}]}", 0 },
  { "{\"models\":[{\"model\":\"a:latest\",\"capabilities\":[\"completion\",\"tools\",\"vision\","
    "\"thinking\",\"audio\",7]}]}",
    KNOWN | SC_MODEL_TOOLS | SC_MODEL_VISION | SC_MODEL_REASONING | SC_MODEL_AUDIO },
  { "{\"models\":[{\"model\":\"a:latest\",\"capabilities\":[\"completion\"]}]}", KNOWN },
  { "{\"models\":[{\"model\":\"a:latest\",\"capabilities\":[\"embedding\"]}]}",
    KNOWN | SC_MODEL_EMBEDDING },
};

static GPtrArray *
parse_tags (const char  *json,
            GError     **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (json, -1, NULL);
  char *next_page = NULL;
  GPtrArray *models = sc_ollama_parse_models (root, &next_page, error);

  g_assert_null (next_page);
  return models;
}

static void
test_tags (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autoptr (GPtrArray) models = parse_tags (tags[i].json, NULL);
      const ScModel *model;

      g_assert_cmpuint (models->len, ==, 1);
      model = g_ptr_array_index (models, 0);
      g_assert_cmpstr (model->id, ==, "a:latest");
      g_assert_cmpuint (model->flags, ==, tags[i].flags);
      g_assert_cmpint (model->context_tokens, ==, -1);
    }
}

static void
test_tags_empty_and_wrong (void)
{
  static const char *const wrong[] = { "{}", "[]", "{\"data\":[]}", "7" };
  g_autoptr (GPtrArray) empty = parse_tags ("{\"models\":[]}", NULL);
  g_autoptr (GPtrArray) null = parse_tags ("{\"models\":null}", NULL);

  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (null->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_tags (wrong[i], &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
    }
}

static void
test_details (void)
{
  g_autoptr (ScModel) model = sc_model_new ("a");
  g_autoptr (JsonNode) root = sc_json_parse (
    "{\"capabilities\":[\"completion\",\"tools\"],\"model_info\":{\"general.architecture\":"
    "\"llama\",\"llama.context_length\":131072,\"llama.rope.context_length\":null,"
    "\"x.context_length\":\"many\"}}", -1, NULL);
  g_autoptr (JsonNode) nothing = sc_json_parse ("[]", -1, NULL);

  sc_ollama_parse_details (nothing, model);
  g_assert_cmpuint (model->flags, ==, 0);
  sc_ollama_parse_details (root, model);
  g_assert_cmpuint (model->flags, ==, KNOWN | SC_MODEL_TOOLS);
  g_assert_cmpint (model->context_tokens, ==, 131072);
}

static ScProfile *
create_profile (RawServer  *server,
                const char *protocol)
{
  ScProfile *profile = sc_profile_new (NULL);
  g_autofree char *url = raw_server_dup_url (server, "http", "");

  sc_profile_set (&profile->protocol, protocol);
  sc_profile_set (&profile->base_url, url);
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static GPtrArray *
list_models (const ScProfile  *profile,
             GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_protocol_list_models_async (profile, NULL, result_cb, &result);
  return sc_protocol_list_models_finish (wait_result (&result), error);
}

/* What the server says of one model that it cannot read does not spoil the list. */
static void
test_list (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server, "ollama");
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GString) shown = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ANSWER ("application/json") "{\"models\":[{\"model\":\"a\"},"
                         "{\"model\":\"b\"},{\"model\":\"a\"}]}", RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         "HTTP/1.1 500 No\r\nConnection: close\r\n\r\n{\"error\":\"broken\"}",
                         RAW_CLOSE, RAW_END);
  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ANSWER ("application/json") "{\"capabilities\":[\"vision\"],"
                         "\"model_info\":{\"l.context_length\":4096}}", RAW_CLOSE, RAW_END);
  models = list_models (profile, NULL);
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpint (((ScModel *) g_ptr_array_index (models, 0))->context_tokens, ==, -1);
  g_assert_cmpint (((ScModel *) g_ptr_array_index (models, 1))->context_tokens, ==, 4096);
  g_assert_cmpuint (((ScModel *) g_ptr_array_index (models, 1))->flags, ==,
                    KNOWN | SC_MODEL_VISION);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 3);
  shown = raw_server_dup_received (server, 2);
  g_assert_nonnull (strstr (shown->str, "POST /api/show "));
  g_assert_nonnull (strstr (shown->str, "{\"model\":\"b\"}"));
}

static void
test_list_of_tgi (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server, "tgi");
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GString) asked = NULL;
  const ScModel *model;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ANSWER ("application/json") "{\"model_id\":\"org/m\","
                         "\"max_input_tokens\":4095,\"max_total_tokens\":4096}", RAW_CLOSE,
                         RAW_END);
  models = list_models (profile, NULL);
  g_assert_cmpuint (models->len, ==, 1);
  model = g_ptr_array_index (models, 0);
  g_assert_cmpstr (model->id, ==, "org/m");
  g_assert_cmpint (model->context_tokens, ==, 4096);
  asked = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (asked->str, "GET /info "));
}

/* A service on the network is not asked for each of its models. */
static void
test_details_are_local (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);

  sc_profile_set (&profile->base_url, "https://ollama.com");
  g_assert_null (sc_ollama_build_details_request (profile, "m"));
}

static void
test_services (void)
{
  const ScService *ollama = sc_service_find ("ollama");
  const ScService *tgi = sc_service_find ("tgi");

  g_assert_cmpstr (ollama->protocol, ==, "ollama");
  g_assert_cmpstr (ollama->base_url, ==, "http://127.0.0.1:11434");
  g_assert_cmpstr (tgi->protocol, ==, "tgi");
}

/* Thinking goes back beside the calls it led to, to the model that thought it. */
static void
test_thinking_goes_back (void)
{
  static const struct
  {
    const char *protocol;
    const char *model;
    gboolean    has_call;
    gboolean    goes_back;
  } cases[] = {
    { "ollama", "m1", TRUE, TRUE },
    { "ollama", "m1", FALSE, FALSE },
    { "ollama", "m2", TRUE, FALSE },
    { "openai-chat", "m1", TRUE, FALSE },
  };
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);

  sc_profile_set (&profile->base_url, "http://127.0.0.1:11434");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScPrompt) prompt = sc_prompt_new ("m1");
      g_autoptr (ScHttpRequest) request = NULL;
      ScMessage *message = sc_message_new (SC_ROLE_ASSISTANT, "Text");
      g_autofree char *body = NULL;
      gsize length;

      message->raw = g_strdup ("{\"role\":\"assistant\",\"thinking\":\"because\"}");
      message->raw_protocol = g_strdup (cases[i].protocol);
      message->raw_model = g_strdup (cases[i].model);
      if (cases[i].has_call)
        sc_message_add_tool_call (message, "c", "f", "{}");
      g_ptr_array_add (prompt->messages, message);
      request = sc_ollama_build_request (profile, prompt, NULL);
      body = g_strndup (g_bytes_get_data (request->body, &length),
                        g_bytes_get_size (request->body));
      g_assert_cmpint (strstr (body, "\"thinking\":\"because\"") != NULL, ==, cases[i].goes_back);
    }
}

typedef struct
{
  char   *words[MAX_NOTES];
  gint64  completed[MAX_NOTES];
  gint64  total[MAX_NOTES];
  guint   n;
} Notes;

static void
note_cb (const ScOllamaProgress *progress,
         gpointer                user_data)
{
  Notes *notes = user_data;

  g_assert_cmpuint (notes->n, <, MAX_NOTES);
  g_assert_cmpint (progress->completed, >=, 0);
  g_assert_cmpint (progress->completed, <=, progress->total);
  notes->words[notes->n] = g_strdup (progress->words);
  notes->completed[notes->n] = progress->completed;
  notes->total[notes->n] = progress->total;
  notes->n++;
}

static void
clear_notes (Notes *notes)
{
  for (guint i = 0; i < notes->n; i++)
    g_free (notes->words[i]);
}

#define PULL                                                                                       \
  "{\"status\":\"pulling manifest\"}\n"                                                            \
  "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":100}\n"                         \
  "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":100,\"completed\":40}\n"        \
  "{\"status\":\"pulling bbb\",\"digest\":\"sha256:bbb\",\"total\":50,\"completed\":10}\n"         \
  "\n"                                                                                             \
  "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":100}\n"                         \
  "{\"status\":\"pulling aaa\",\"digest\":\"sha256:aaa\",\"total\":100,\"completed\":100}\n"       \
  "{\"status\":\"pulling bbb\",\"digest\":\"sha256:bbb\",\"total\":50,\"completed\":900}\n"        \
  "{\"status\":\"verifying sha256 digest\"}\n{\"status\":\"writing manifest\"}\n"                  \
  "{\"status\":\"a new step\"}\n"
#define SUCCESS "{\"status\":\"success\"}\n"

static gboolean
run_pull (const char  *text,
          gsize        length,
          gsize        chunk,
          Notes       *notes,
          GError     **error)
{
  g_autoptr (ScOllamaPull) pull = sc_ollama_pull_new (note_cb, notes);

  for (gsize at = 0; at < length; at += chunk)
    sc_ollama_pull_feed (pull, text + at, MIN (chunk, length - at));
  return sc_ollama_pull_end (pull, error);
}

static void
test_pull (void)
{
  static const gint64 completed[] = { 0, 0, 40, 50, 50, 110, 150, 150, 150, 150, 150 };
  static const gint64 total[] = { 0, 100, 100, 150, 150, 150, 150, 150, 150, 150, 150 };
  static const gsize chunks[] = { 1, 2, 3, 7, 64, sizeof (PULL SUCCESS) };

  for (guint c = 0; c < G_N_ELEMENTS (chunks); c++)
    {
      g_autoptr (GError) error = NULL;
      Notes notes = { .n = 0 };

      g_assert_true (run_pull (PULL SUCCESS SUCCESS, strlen (PULL SUCCESS SUCCESS), chunks[c],
                               &notes, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (notes.n, ==, G_N_ELEMENTS (completed));
      for (guint i = 0; i < notes.n; i++)
        {
          g_assert_cmpint (notes.completed[i], ==, completed[i]);
          g_assert_cmpint (notes.total[i], ==, total[i]);
        }
      g_assert_cmpstr (notes.words[1], ==, "Downloading…");
      g_assert_cmpstr (notes.words[9], ==, "a new step");
      g_assert_cmpstr (notes.words[10], ==, "The model is ready.");
      clear_notes (&notes);
    }
}

/* Cut anywhere it is an interruption, never a success. */
static void
test_pull_cut (void)
{
  gsize length = strlen (PULL SUCCESS);

  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autoptr (GError) error = NULL;
      Notes notes = { .n = 0 };
      gboolean ok = run_pull (PULL SUCCESS, cut, length, &notes, &error);

      /* The last line may lack its line feed. */
      g_assert_cmpint (ok, ==, cut >= length - 1);
      if (!ok)
        g_assert_error (error, SC_ERROR, SC_ERROR_INTERRUPTED);
      clear_notes (&notes);
    }
}

static void
test_pull_errors (void)
{
  static const struct
  {
    const char *text;
    ScError     kind;
    const char *words;
  } cases[] = {
    { "{\"status\":\"pulling manifest\"}\n{\"error\":\"pull model manifest: file does not exist\"}"
      "\n" SUCCESS, SC_ERROR_NOT_FOUND, "There is no model of that name.*" },
    { "{\"error\":\"write /root/.ollama/blobs/x: no space left on device\"}", SC_ERROR_SERVER,
      "*not enough room*" },
    { "{\"error\":\"Get \\\"https://r/v2/\\\": dial tcp: lookup r: no such host\"}",
      SC_ERROR_NETWORK, "The server cannot reach*" },
    { "{\"error\":\"max retries exceeded: unexpected EOF\"}", SC_ERROR_INTERRUPTED,
      "*goes on where it stopped*" },
    { "{\"error\":\"this model needs a newer version\"}", SC_ERROR_SERVER, "*newer version*" },
    { "<html>no</html>\n", SC_ERROR_PROTOCOL, "*Check the address*" },
    { "", SC_ERROR_INTERRUPTED, "*" },
    { "{\"status\":null}\n{\"status\":7}\n{}\n", SC_ERROR_INTERRUPTED, "*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      Notes notes = { .n = 0 };

      g_assert_false (run_pull (cases[i].text, strlen (cases[i].text), 5, &notes, &error));
      g_assert_error (error, SC_ERROR, (int) cases[i].kind);
      g_assert_true (g_pattern_match_simple (cases[i].words, error->message));
      clear_notes (&notes);
    }
}

/* Numbers that no disk holds do not run over. */
static void
test_pull_large (void)
{
  static const char text[] =
    "{\"status\":\"p\",\"digest\":\"a\",\"total\":9223372036854775807,\"completed\":9223372036854775"
    "807}\n{\"status\":\"p\",\"digest\":\"b\",\"total\":9223372036854775807,\"completed\":5}\n"
    "{\"status\":\"p\",\"digest\":\"b\",\"total\":-5,\"completed\":-7}\n" SUCCESS;
  Notes notes = { .n = 0 };

  g_assert_true (run_pull (text, strlen (text), 9, &notes, NULL));
  g_assert_cmpint (notes.total[2], ==, G_MAXINT64);
  clear_notes (&notes);
}

static gboolean
pull (RawServer     *server,
      GCancellable  *cancellable,
      Notes         *notes,
      GError       **error)
{
  g_autoptr (ScProfile) profile = create_profile (server, "ollama");
  g_autoptr (GAsyncResult) result = NULL;

  sc_ollama_pull_async (profile, "m", cancellable, note_cb, notes, result_cb, &result);
  return sc_ollama_pull_finish (wait_result (&result), error);
}

/* The server keeps the connection open; the end mark is enough. */
static void
test_pull_over_http (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (GString) received = NULL;
  Notes notes = { .n = 0 };

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ANSWER ("application/x-ndjson") PULL SUCCESS, RAW_STALL, RAW_END);
  g_assert_true (pull (server, NULL, &notes, NULL));
  g_assert_cmpuint (notes.n, ==, 11);
  raw_server_wait_client_closed (server, 0);
  received = raw_server_dup_received (server, 0);
  g_assert_true (g_str_has_prefix (received->str, "POST /api/pull "));
  g_assert_nonnull (strstr (received->str, "{\"model\":\"m\"}"));
  clear_notes (&notes);
}

static void
test_pull_refused (void)
{
  static const struct
  {
    const char *answer;
    ScError     kind;
  } cases[] = {
    { "HTTP/1.1 400 No\r\nConnection: close\r\n\r\n{\"error\":\"invalid model name\"}",
      SC_ERROR_INVALID_REQUEST },
    { "HTTP/1.1 404 No\r\nConnection: close\r\n\r\n404 page not found", SC_ERROR_NOT_FOUND },
    { ANSWER ("application/x-ndjson") PULL, SC_ERROR_INTERRUPTED },
    { ANSWER ("text/html") "<p>Hello</p>\n", SC_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RawServer) server = raw_server_new ();
      g_autoptr (GError) error = NULL;
      Notes notes = { .n = 0 };

      raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND, cases[i].answer, RAW_CLOSE,
                             RAW_END);
      g_assert_false (pull (server, NULL, &notes, &error));
      g_assert_error (error, SC_ERROR, (int) cases[i].kind);
      clear_notes (&notes);
    }
}

static void
cancel_at_first_cb (const ScOllamaProgress *progress,
                    gpointer                user_data)
{
  g_assert_false (g_cancellable_is_cancelled (user_data));
  g_cancellable_cancel (user_data);
}

static void
test_pull_cancelled (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_profile (server, "ollama");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) never = NULL;
  g_autoptr (GError) error = NULL;

  raw_server_add_script (server, RAW_WAIT_REQUEST, RAW_SEND,
                         ANSWER ("application/x-ndjson") PULL, RAW_STALL, RAW_END);
  sc_ollama_pull_async (profile, "m", cancellable, cancel_at_first_cb, cancellable, result_cb,
                        &result);
  g_assert_false (sc_ollama_pull_finish (wait_result (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  raw_server_wait_client_closed (server, 0);
  g_clear_error (&error);

  g_cancellable_cancel (before);
  sc_ollama_pull_async (profile, "m", before, NULL, NULL, result_cb, &never);
  g_assert_false (sc_ollama_pull_finish (wait_result (&never), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_cancel (cancellable);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/ollama/tags", test_tags);
  g_test_add_func ("/provider/ollama/tags-empty-and-wrong", test_tags_empty_and_wrong);
  g_test_add_func ("/provider/ollama/details", test_details);
  g_test_add_func ("/provider/ollama/details-are-local", test_details_are_local);
  g_test_add_func ("/provider/ollama/list", test_list);
  g_test_add_func ("/provider/ollama/services", test_services);
  g_test_add_func ("/provider/ollama/thinking-goes-back", test_thinking_goes_back);
  g_test_add_func ("/provider/ollama/pull", test_pull);
  g_test_add_func ("/provider/ollama/pull-cut", test_pull_cut);
  g_test_add_func ("/provider/ollama/pull-errors", test_pull_errors);
  g_test_add_func ("/provider/ollama/pull-large", test_pull_large);
  g_test_add_func ("/provider/ollama/pull-over-http", test_pull_over_http);
  g_test_add_func ("/provider/ollama/pull-refused", test_pull_refused);
  g_test_add_func ("/provider/ollama/pull-cancelled", test_pull_cancelled);
  g_test_add_func ("/provider/tgi/list", test_list_of_tgi);
  return g_test_run ();
}
