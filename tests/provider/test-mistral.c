/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the streams and golden requests of tests/data/mistral cannot say: ids of calls, thinking
 * that goes back, error bodies, and the model list. */

#include "config.h"

#include "event-log.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-mistral.h"

#include <string.h>

#define THINKING                                                                                   \
  "[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}],"                   \
  "\"signature\":\"U0lH\"},{\"type\":\"text\",\"text\":\"Well.\"}]"

static gboolean
is_taken (const char *id)
{
  if (strlen (id) != 9)
    return FALSE;
  for (; *id != '\0'; id++)
    if (!g_ascii_isalnum (*id))
      return FALSE;
  return TRUE;
}

/* Nine letters and digits always; the same for the same, another for another. */
static void
test_call_ids (void)
{
  static const char *const ids[] = {
    "",          "a",        "call_1",    "call_2",     "abcdefgh",
    "abcdefghi", "abc-efghi", "äbcdefg", "abcdefghij", "toolu_01A09q90qw90lq917835lq9",
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *made = sc_mistral_dup_call_id (ids[i]);
      g_autofree char *again = sc_mistral_dup_call_id (ids[i]);
      g_autofree char *twice = sc_mistral_dup_call_id (made);

      g_assert_true (is_taken (made));
      g_assert_cmpstr (made, ==, again);
      g_assert_cmpstr (made, ==, twice);
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&made)));
    }
  g_assert_true (g_hash_table_contains (seen, "abcdefghi"));
}

static char *
build_body (const char *protocol,
            const char *model,
            const char *raw)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);
  g_autoptr (ScPrompt) prompt = sc_prompt_new ("magistral-medium");
  ScMessage *answer = sc_message_new (SC_ROLE_ASSISTANT, "Well.");
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body;

  sc_profile_set (&profile->base_url, "https://api.mistral.ai/v1");
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Ask"));
  answer->raw = g_strdup (raw);
  answer->raw_protocol = g_strdup (protocol);
  answer->raw_model = g_strdup (model);
  g_ptr_array_add (prompt->messages, answer);
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "Go on"));
  request = sc_mistral_build_request (profile, prompt, &error);
  g_assert_no_error (error);
  body = g_bytes_get_data (request->body, &length);
  return g_strndup (body, length);
}

static void
test_thinking_goes_back (void)
{
  static const struct
  {
    const char *protocol;
    const char *model;
    const char *raw;
    gboolean    is_raw;
  } cases[] = {
    { "mistral", "magistral-medium", "{\"role\":\"assistant\",\"content\":" THINKING "}", TRUE },
    { "mistral", "magistral-small", "{\"role\":\"assistant\",\"content\":" THINKING "}", FALSE },
    { "openai-chat", "magistral-medium", "{\"role\":\"assistant\",\"content\":" THINKING "}",
      FALSE },
    { "mistral", "magistral-medium", "{\"content\":\"text\"}", FALSE },
    { "mistral", "magistral-medium", "{", FALSE },
    { NULL, NULL, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = build_body (cases[i].protocol, cases[i].model, cases[i].raw);

      g_assert_cmpint (strstr (body, "\"content\":" THINKING) != NULL, ==, cases[i].is_raw);
      g_assert_cmpint (strstr (body, "\"content\":\"Well.\"") == NULL, ==, cases[i].is_raw);
      g_assert_null (strstr (body, "stream_options"));
    }
}

/* What the decoder keeps is what goes back. */
static void
test_round_trip (void)
{
  static const char stream[] =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":"
    "[{\"type\":\"text\",\"text\":\"Hm.\"}],\"signature\":\"U0lH\"}]}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Well.\"},\"finish_reason\":"
    "\"stop\"}]}\n\ndata: [DONE]\n\n";
  g_autoptr (EventLog) log =
    event_log_decode ("mistral", 200, "text/event-stream", stream, strlen (stream), 3, 0);
  g_autoptr (JsonObject) raw = sc_json_parse_object (log->raw, -1, NULL);
  g_autofree char *body = build_body ("mistral", "magistral-medium", log->raw);

  g_assert_cmpuint (json_array_get_length (sc_json_get_array (raw, "content")), ==, 2);
  g_assert_nonnull (strstr (body, "\"text\":\"Hm.\""));
  g_assert_nonnull (strstr (body, "\"signature\":\"U0lH\""));
  g_assert_cmpstr (log->text->str, ==, "Well.");
  g_assert_cmpstr (log->reasoning->str, ==, "Hm.");
}

static void
test_refusals (void)
{
  static const struct
  {
    int         status;
    const char *body;
    ScError     kind;
    const char *message;
  } refusals[] = {
    { 401, "{\"detail\":\"Unauthorized\"}", SC_ERROR_AUTH, "Unauthorized" },
    { 401, "{\"message\":\"Unauthorized\",\"request_id\":\"r1\"}", SC_ERROR_AUTH, "Unauthorized" },
    { 422,
      "{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"Extra inputs are not permitted\","
      "\"type\":\"extra_forbidden\"}]}",
      SC_ERROR_INVALID_REQUEST, "Extra inputs are not permitted" },
    { 422,
      "{\"object\":\"error\",\"message\":{\"detail\":[{\"msg\":\"Bad\"}]},\"type\":\"x\"}",
      SC_ERROR_INVALID_REQUEST, "Bad" },
    { 429,
      "{\"object\":\"error\",\"message\":\"Requests rate limit exceeded\",\"type\":"
      "\"rate_limited\",\"param\":null,\"code\":\"1300\"}",
      SC_ERROR_RATE_LIMIT, "Requests rate limit exceeded" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (EventLog) log =
        event_log_decode ("mistral", refusals[i].status, "application/json", refusals[i].body,
                          strlen (refusals[i].body), 0, 0);

      g_assert_nonnull (log->failure);
      g_assert_cmpint (log->failure->kind, ==, refusals[i].kind);
      g_assert_cmpstr (log->failure->message, ==, refusals[i].message);
    }
}

/* Once for all its names, by the one that lasts; what cannot chat is left out. */
static void
test_models (void)
{
  static const char text[] =
    "{\"object\":\"list\",\"data\":["
    "{\"id\":\"mistral-large-2411\",\"capabilities\":{\"completion_chat\":true,"
    "\"function_calling\":true,\"vision\":false},\"max_context_length\":131072,\"aliases\":"
    "[\"mistral-large-latest\"]},"
    "{\"id\":\"mistral-embed\",\"capabilities\":{\"completion_chat\":false}},"
    "{\"id\":\"magistral-medium-latest\",\"capabilities\":{\"completion_chat\":true,"
    "\"reasoning\":true,\"vision\":true},\"max_context_length\":40000,\"aliases\":"
    "[\"magistral-medium-2509\"]},"
    "{\"id\":\"mistral-large-latest\",\"capabilities\":{\"completion_chat\":true,"
    "\"function_calling\":true},\"max_context_length\":131072,\"aliases\":"
    "[\"mistral-large-2411\"]},"
    "{\"id\":\"magistral-medium-2509\",\"capabilities\":{\"completion_chat\":true},\"aliases\":"
    "[\"magistral-medium-latest\"]},"
    "{\"id\":\"mine\",\"aliases\":null},{\"id\":\"other\",\"aliases\":[null,3]},"
    "{\"id\":null},null]}";
  static const struct
  {
    const char   *id;
    ScModelFlags  flags;
    gint64        context;
  } expected[] = {
    { "mistral-large-latest", SC_MODEL_FLAGS_KNOWN | SC_MODEL_TOOLS, 131072 },
    { "magistral-medium-latest", SC_MODEL_FLAGS_KNOWN | SC_MODEL_REASONING | SC_MODEL_VISION,
      40000 },
    { "mine", 0, -1 },
    { "other", 0, -1 },
  };
  g_autoptr (JsonNode) root = sc_json_parse (text, -1, NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = sc_mistral_parse_models (root, &page, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (models->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      g_assert_cmpstr (model->id, ==, expected[i].id);
      g_assert_cmpint (model->flags, ==, expected[i].flags);
      g_assert_cmpint (model->context_tokens, ==, expected[i].context);
    }
  g_assert_null (page);
}

static void
test_models_of_another (void)
{
  g_autoptr (JsonNode) root = sc_json_parse ("{\"hello\":1}", -1, NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_mistral_parse_models (root, &page, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_PROTOCOL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/mistral/call-ids", test_call_ids);
  g_test_add_func ("/provider/mistral/thinking-goes-back", test_thinking_goes_back);
  g_test_add_func ("/provider/mistral/round-trip", test_round_trip);
  g_test_add_func ("/provider/mistral/refusals", test_refusals);
  g_test_add_func ("/provider/mistral/models", test_models);
  g_test_add_func ("/provider/mistral/models-of-another", test_models_of_another);
  return g_test_run ();
}
