/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The request of an answer as text, for every protocol: no key in it, and a command that says the
 * same. */

#include "config.h"

#include "sc-conversation-private.h"
#include "sc-protocol.h"
#include "sc-request-text.h"
#include "sc-turn-private.h"

#include <string.h>

#define CANARY "canary'0123456789\"$x"
#define PASTED "sk-pasted0123456789abcdef"

static ScConversation *
create_conversation (void)
{
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "It's $HOME, my key is " PASTED);
  g_autoptr (ScTurn) answer = sc_turn_new (SC_ROLE_ASSISTANT, "Well.");
  g_autoptr (ScTurn) later = sc_turn_new (SC_ROLE_USER, "said later");

  sc_turn_finish (answer, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  sc_conversation_append_turn (conversation, question);
  sc_conversation_append_turn (conversation, answer);
  sc_conversation_append_turn (conversation, later);
  return conversation;
}

static ScProfile *
create_profile (const char *protocol)
{
  static const char *const headers[] = { "X-Team: blue", "X-Secret-Token: hush-hush", NULL };
  ScProfile *profile = sc_profile_new ("test");

  sc_profile_set (&profile->protocol, protocol);
  sc_profile_set (&profile->base_url,
                  g_str_equal (protocol, "vertex")
                    ? "https://vertex.test/v1/projects/p/locations/global"
                    : "https://service.test/v1?token=hush-hush");
  sc_profile_set (&profile->model, "m");
  sc_profile_set (&profile->key, CANARY);
  profile->headers = g_strdupv ((char **) headers);
  return profile;
}

static ScRequestText *
create_text (ScConversation  *conversation,
             const ScProfile *profile)
{
  g_autoptr (ScTurn) answer = g_list_model_get_item (G_LIST_MODEL (conversation), 1);
  g_autoptr (GError) error = NULL;
  ScRequestText *text = sc_request_text_new (conversation, answer, profile, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return text;
}

static void
assert_no_secret (const char *text)
{
  static const char *const secrets[] = {
    "canary", "0123456789", PASTED, "hush-hush", "PLACEHOLDER",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (text, secrets[i]));
}

static void
test_protocols (void)
{
  const ScProtocol *const *protocols = sc_protocol_list ();

  for (gsize i = 0; protocols[i] != NULL; i++)
    {
      g_autoptr (ScConversation) conversation = create_conversation ();
      g_autoptr (ScProfile) profile = create_profile (protocols[i]->id);
      g_autoptr (ScRequestText) text = create_text (conversation, profile);

      g_test_message ("%s: %s", protocols[i]->id, text->text);
      assert_no_secret (text->text);
      g_assert_nonnull (strstr (text->text, "It's $HOME"));
      g_assert_nonnull (strstr (text->text, "X-Team: blue"));
      g_assert_null (strstr (text->text, "said later"));
      g_assert_cmpint (text->curl == NULL, ==, protocols[i]->framing == SC_FRAMING_WEBSOCKET);
      if (text->curl == NULL)
        continue;
      assert_no_secret (text->curl);
      g_assert_nonnull (strstr (text->curl, "$STREAM_CHAT_API_KEY"));
    }
}

/* Taken apart as the shell does it (but for the variable), the command is the request. */
static void
test_command (void)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  g_autoptr (ScProfile) profile = create_profile ("openai-chat");
  g_autoptr (ScRequestText) text = create_text (conversation, profile);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  int n_words;

  g_shell_parse_argv (text->curl, &n_words, &words, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (words[0], ==, "curl");
  g_assert_true (g_strv_contains ((const char *const *) words,
                                  "Authorization: Bearer $STREAM_CHAT_API_KEY"));
  g_assert_cmpstr (words[n_words - 2], ==, "--data-raw");
  g_assert_nonnull (strstr (words[n_words - 1], "It's $HOME"));
}

/* A service on this computer that has no key is sent none. */
static void
test_local (void)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  g_autoptr (ScProfile) profile = create_profile ("ollama");
  g_autoptr (ScRequestText) text = NULL;

  sc_profile_set (&profile->base_url, "http://127.0.0.1:11434");
  sc_profile_set (&profile->key, NULL);
  text = create_text (conversation, profile);
  g_assert_null (strstr (text->text, "Authorization"));
  g_assert_null (strstr (text->curl, "STREAM_CHAT_API_KEY"));
}

static void
test_unknown (void)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  g_autoptr (ScTurn) answer = g_list_model_get_item (G_LIST_MODEL (conversation), 1);
  g_autoptr (ScProfile) profile = create_profile ("smoke-signals");
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_request_text_new (conversation, answer, profile, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/chat/request-text/protocols", test_protocols);
  g_test_add_func ("/chat/request-text/command", test_command);
  g_test_add_func ("/chat/request-text/local", test_local);
  g_test_add_func ("/chat/request-text/unknown", test_unknown);
  return g_test_run ();
}
