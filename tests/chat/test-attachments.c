/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of messages from the conversation to the wire and to the disk: the bytes that a service
 * gets, what asking again, saying it differently and the next start keep of them. */

#include "config.h"

#include "history-fixture.h"

#include "sc-conversation-private.h"

#include <string.h>

#define PICTURE_BYTES (300 * 1000)
#define URL_START     "data:image/png;base64,"

/* Every byte value, and no length that base64 ends evenly with. */
static GBytes *
create_picture (void)
{
  guint8 *data = g_malloc (PICTURE_BYTES + 1);

  memcpy (data, "\x89PNG\r\n\x1a\n", 8);
  for (guint i = 8; i < PICTURE_BYTES + 1; i++)
    data[i] = (guint8) (i * 31 + (i >> 8));
  return g_bytes_new_take (data, PICTURE_BYTES + 1);
}

static GPtrArray *
create_files (GBytes *picture)
{
  g_autoptr (ScMessage) message = sc_message_new (SC_ROLE_USER, NULL);
  g_autoptr (GBytes) notes = g_bytes_new_static ("first line", 10);

  sc_message_add_attachment (message, "cat “1”.png", "image/png", picture);
  sc_message_add_attachment (message, "notes.txt", "text/plain", notes);
  return g_steal_pointer (&message->attachments);
}

/* What the service got in a request is byte for byte what was attached. */
static void
assert_picture_received (Fixture *fixture,
                         guint    connection,
                         GBytes  *picture)
{
  g_autoptr (GString) received = raw_server_dup_received (fixture->server, connection);
  char *start = strstr (received->str, URL_START);
  char *end;
  g_autofree guchar *bytes = NULL;
  gsize length;

  g_assert_nonnull (start);
  start += strlen (URL_START);
  end = strchr (start, '"');
  g_assert_nonnull (end);
  /* Only once: nothing is sent twice. */
  g_assert_null (strstr (end, URL_START));
  g_assert_nonnull (strstr (end, "first line"));
  *end = '\0';
  bytes = g_base64_decode (start, &length);
  g_assert_cmpmem (bytes, length, g_bytes_get_data (picture, NULL), g_bytes_get_size (picture));
}

static void
assert_files (ScTurn *turn,
              GBytes *picture)
{
  GPtrArray *files = sc_turn_get_attachments (turn);
  const ScAttachment *file;

  g_assert_nonnull (files);
  g_assert_cmpuint (files->len, ==, 2);
  file = g_ptr_array_index (files, 0);
  g_assert_cmpstr (file->name, ==, "cat “1”.png");
  g_assert_cmpstr (file->media_type, ==, "image/png");
  g_assert_true (g_bytes_equal (file->data, picture));
  file = g_ptr_array_index (files, 1);
  g_assert_cmpstr (file->name, ==, "notes.txt");
  g_assert_cmpstr (file->media_type, ==, "text/plain");
}

static void
test_send (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GBytes) picture = create_picture ();
  g_autoptr (GPtrArray) files = create_files (picture);

  fixture_add_answer (fixture, SSE_HEAD TEXT ("a cat") STOP DONE);
  sc_conversation_send (conversation, "what is it?", files);
  /* A copy: what the caller does with its own is nobody's business. */
  g_clear_pointer (&files, g_ptr_array_unref);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "what is it?|a cat");
  assert_picture_received (fixture, 0, picture);
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_files (get_turn (conversation, 0), picture);
  g_assert_null (sc_turn_get_attachments (get_turn (conversation, 1)));

  /* The next question takes the picture with it. */
  fixture_add_answer (fixture, SSE_HEAD TEXT ("black") STOP DONE);
  send_and_wait (conversation, "which colour?");
  assert_picture_received (fixture, 1, picture);
}

/* A file says enough: the conversation is called after it. */
static void
test_no_words (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GBytes) picture = create_picture ();
  g_autoptr (GPtrArray) files = create_files (picture);

  fixture_add_answer (fixture, SSE_HEAD STOP DONE);
  sc_conversation_send (conversation, "", files);
  wait_until (is_idle, conversation);
  assert_picture_received (fixture, 0, picture);
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "cat “1”.png");
  g_assert_cmpstr (sc_conversation_get_snippet (conversation), ==, "cat “1”.png");
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  g_assert_cmpstr (sc_conversation_get_title (conversation), ==, "cat “1”.png");
  assert_files (get_turn (conversation, 0), picture);
}

static void
test_retry (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GBytes) picture = create_picture ();
  g_autoptr (GPtrArray) files = create_files (picture);

  fixture_add_answer (fixture, SSE_HEAD TEXT ("a dog") STOP DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("a cat") STOP DONE);
  sc_conversation_send (conversation, "what is it?", files);
  wait_until (is_idle, conversation);
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  assert_texts (conversation, "what is it?|a cat");
  assert_picture_received (fixture, 1, picture);
}

/* Each branch has its own files. */
static void
test_branches (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autoptr (GBytes) picture = create_picture ();
  g_autoptr (GPtrArray) files = create_files (picture);
  g_autoptr (GPtrArray) siblings = NULL;
  g_autoptr (GString) received = NULL;

  for (guint i = 0; i < 3; i++)
    fixture_add_answer (fixture, SSE_HEAD TEXT ("a cat") STOP DONE);
  sc_conversation_send (conversation, "one", files);
  wait_until (is_idle, conversation);
  sc_conversation_edit (conversation, get_turn (conversation, 0), "two");
  wait_until (is_idle, conversation);
  assert_picture_received (fixture, 1, picture);
  sc_conversation_edit_with_files (conversation, get_turn (conversation, 0), "three", NULL);
  wait_until (is_idle, conversation);
  received = raw_server_dup_received (fixture->server, 2);
  g_assert_null (strstr (received->str, URL_START));
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (fixture_load_first (fixture));
  assert_texts (conversation, "three|a cat");
  siblings = sc_conversation_list_siblings (conversation, get_turn (conversation, 0));
  g_assert_cmpuint (siblings->len, ==, 3);
  assert_files (g_ptr_array_index (siblings, 0), picture);
  assert_files (g_ptr_array_index (siblings, 1), picture);
  g_assert_null (sc_turn_get_attachments (g_ptr_array_index (siblings, 2)));
  sc_conversation_show_branch (conversation, g_ptr_array_index (siblings, 1));
  assert_texts (conversation, "two|a cat");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(path, function) \
  g_test_add ("/chat/attachments/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("send", test_send);
  ADD ("no-words", test_no_words);
  ADD ("retry", test_retry);
  ADD ("branches", test_branches);
  return g_test_run ();
}
