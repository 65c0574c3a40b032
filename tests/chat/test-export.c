/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations written to files: what the formats look like, and that a fault or a stop at any moment leaves what was
 * there before. */

#include "config.h"

#include "history-fixture.h"

#include "sc-conversation-private.h"
#include "sc-export-private.h"
#include "sc-json.h"
#include "sc-turn-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define RAW "{\"role\": \"assistant\",  \"content\":\"kept \\u00e9\"}"

/* A stream that fails, or stops its reader, in the write of a number. */
typedef struct
{
  GMemoryOutputStream  parent_instance;
  GCancellable        *cancellable;
  guint                n_writes;
  guint                fail_at;
  guint                cancel_at;
} NarrowStream;
typedef GMemoryOutputStreamClass NarrowStreamClass;

static GType narrow_stream_get_type (void);
G_DEFINE_TYPE (NarrowStream, narrow_stream, G_TYPE_MEMORY_OUTPUT_STREAM)

static gssize
narrow_stream_write (GOutputStream  *stream,
                     const void     *buffer,
                     gsize           count,
                     GCancellable   *cancellable,
                     GError        **error)
{
  NarrowStream *self = (NarrowStream *) stream;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  self->n_writes++;
  if (self->n_writes == self->fail_at)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No space left");
      return -1;
    }
  if (self->n_writes == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  return G_OUTPUT_STREAM_CLASS (narrow_stream_parent_class)->write_fn (stream, buffer, MIN (count, 10000),
                                                                       cancellable, error);
}

static void
narrow_stream_class_init (NarrowStreamClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = narrow_stream_write;
}

static void
narrow_stream_init (NarrowStream *self)
{
}

typedef struct
{
  gboolean  is_done;
  gboolean  is_written;
  GError   *error;
} Outcome;

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (outcome->is_done);
  outcome->is_written = sc_conversation_export_finish (SC_CONVERSATION (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Outcome *) data)->is_done;
}

static char *
build_path (Fixture    *fixture,
            const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* Exports to the file of that name and gives what the callback got. */
static Outcome
export_to (Fixture        *fixture,
           ScConversation *conversation,
           ScExportFormat  format,
           const char     *name,
           GCancellable   *cancellable)
{
  g_autofree char *path = build_path (fixture, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Outcome outcome = { FALSE, FALSE, NULL };

  sc_conversation_export_async (conversation, format, file, cancellable, exported_cb, &outcome);
  g_assert_false (outcome.is_done);
  wait_until (is_done, &outcome);
  g_assert_true (outcome.is_written == (outcome.error == NULL));

  return outcome;
}

static char *
export_text (Fixture        *fixture,
             ScConversation *conversation,
             ScExportFormat  format)
{
  g_autofree char *path = build_path (fixture, "exported");
  g_autoptr (GError) error = NULL;
  Outcome outcome = export_to (fixture, conversation, format, "exported", NULL);
  char *text;

  g_assert_no_error (outcome.error);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_no_error (error);
  assert_no_key (text);

  return text;
}

static ScTurn *
add_turn (ScConversation *conversation,
          ScRole          role,
          const char     *text)
{
  g_autoptr (ScTurn) turn = sc_turn_new_full (NULL, NULL, role, text, G_GINT64_CONSTANT (1795348983123456));

  if (role == SC_ROLE_ASSISTANT)
    sc_turn_set_model (turn, NULL, "m_1");
  sc_conversation_append_turn (conversation, turn);

  return turn;
}

static void
attach (ScTurn     *turn,
        const char *name,
        const char *content)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_attachment_free);
  ScAttachment *file = g_new0 (ScAttachment, 1);

  file->name = g_strdup (name);
  file->media_type = g_strdup ("text/plain");
  file->data = g_bytes_new (content, strlen (content));
  g_ptr_array_add (files, file);
  sc_turn_set_attachments (turn, files);
}

/* One of everything; in the order that a turn is saved in, it is set before it is appended or by finishing it. */
static ScConversation *
create_conversation (void)
{
  ScConversation *conversation = sc_conversation_new ();
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_NETWORK, "The *line* broke.");
  const ScEvent citation = { .kind = SC_EVENT_CITATION, .id = "https://example.org/a_b", .name = "A [page]",
                             .start = -1, .end = -1 };
  ScTurn *turn;

  sc_conversation_rename (conversation, "Ways * of <b>");
  g_object_set (conversation, "system-prompt", "Be brief.", "parameters", "{\"temperature\":0.5}", NULL);
  turn = add_turn (conversation, SC_ROLE_USER, "# Hello\nLook at this.");
  attach (turn, "a_file.txt", "hello");
  turn = add_turn (conversation, SC_ROLE_ASSISTANT, "Let me look.");
  sc_turn_append_reasoning (turn, "hm <b>", strlen ("hm <b>"));
  sc_turn_add_tool_call (turn, "call_1", "look", "{\"at\":\"``` x\"}");
  sc_turn_set_raw (turn, RAW, "openai-chat", "m_1");
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_TOOL_CALLS, NULL);
  turn = add_turn (conversation, SC_ROLE_TOOL, "sunny");
  sc_turn_set_tool_result (turn, "call_1", "look", FALSE);
  turn = add_turn (conversation, SC_ROLE_ASSISTANT, "It is:\n\n```c\nint sun;");
  sc_turn_add_citation (turn, &citation);
  sc_turn_add_citation (turn, &citation);
  sc_turn_finish (turn, SC_TURN_STATUS_INTERRUPTED, SC_FINISH_OTHER, failure);
  turn = add_turn (conversation, SC_ROLE_USER, "Go on.");
  turn = add_turn (conversation, SC_ROLE_ASSISTANT, "Sunny.");
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);

  return conversation;
}

static void
test_markdown (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  g_autofree char *text = export_text (fixture, conversation, SC_EXPORT_MARKDOWN);
  const char *expected =
    "# Ways \\* of \\<b\\>\n\n"
    "<details>\n<summary>Instructions</summary>\n\nBe brief.\n\n</details>\n\n"
    "## You · 2026-11-22 12:03\n\n"
    "- Attached: a\\_file.txt\n\n"
    "# Hello\nLook at this.\n\n"
    "## m\\_1 · 2026-11-22 12:03\n\n"
    "<details>\n<summary>Reasoning</summary>\n\nhm <b>\n\n</details>\n\n"
    "Let me look.\n\n"
    "<details>\n<summary>Tool call: look</summary>\n\n````json\n{\"at\":\"``` x\"}\n````\n\n</details>\n\n"
    "## Tool · 2026-11-22 12:03\n\n"
    "<details>\n<summary>Result of look</summary>\n\n```\nsunny\n```\n\n</details>\n\n"
    "## m\\_1 · 2026-11-22 12:03\n\n"
    "It is:\n\n```c\nint sun;\n```\n\n"
    "Sources:\n\n- [A \\[page\\]](<https://example.org/a_b>)\n\n"
    "> This answer is not complete. The \\*line\\* broke.\n\n"
    "## You · 2026-11-22 12:03\n\n"
    "Go on.\n\n"
    "## m\\_1 · 2026-11-22 12:03\n\n"
    "Sunny.\n";

  g_assert_cmpstr (text, ==, expected);
}

/* A code block that the text leaves open is closed behind it; nothing else is. */
static void
test_fences (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *text;
    const char *end;
  } rows[] = {
    { "plain", "plain\n" },
    { "```\ncode\n```", "```\ncode\n```\n" },
    { "```\ncode\n```\n", "```\ncode\n```\n" },
    { "```\ncode", "```\ncode\n```\n" },
    { "```", "```\n```\n" },
    { "```c `x`", "```c `x`\n" },
    { "    ```\ncode", "    ```\ncode\n" },
    { "   ~~~~ `c`\n~~~\n```", "   ~~~~ `c`\n~~~\n```\n~~~~\n" },
    { "````\n```\n````` x", "````\n```\n````` x\n````\n" },
    { "~~~\r\ncode\r\n~~~ \r\n", "~~~\r\ncode\r\n~~~ \r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScConversation) conversation = sc_conversation_new ();
      g_autofree char *text = NULL;
      const char *start;

      add_turn (conversation, SC_ROLE_USER, rows[i].text);
      text = export_text (fixture, conversation, SC_EXPORT_MARKDOWN);
      start = strstr (text, "12:03\n\n");
      g_assert_nonnull (start);
      g_assert_cmpstr (start + strlen ("12:03\n\n"), ==, rows[i].end);
    }
}

static JsonObject *
get_turn_object (JsonObject *root,
                 guint       index)
{
  JsonObject *turn = sc_json_get_element_object (sc_json_get_array (root, "turns"), index);

  g_assert_nonnull (turn);
  return turn;
}

static void
test_json (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  g_autofree char *text = export_text (fixture, conversation, SC_EXPORT_JSON);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) root = sc_json_parse_object (text, -1, &error);
  JsonObject *turn, *file;
  double temperature;

  g_assert_no_error (error);
  g_assert_cmpstr (sc_json_get_string (root, "format"), ==, "stream-chat-conversation");
  g_assert_cmpstr (sc_json_get_string (root, "id"), ==, sc_conversation_get_id (conversation));
  g_assert_cmpstr (sc_json_get_string (root, "title"), ==, "Ways * of <b>");
  g_assert_cmpstr (sc_json_get_string (root, "system_prompt"), ==, "Be brief.");
  g_assert_true (sc_json_get_double (sc_json_get_object (root, "parameters"), "temperature", &temperature));
  g_assert_cmpfloat (temperature, ==, 0.5);
  g_assert_cmpuint (json_array_get_length (sc_json_get_array (root, "turns")), ==, 6);

  turn = get_turn_object (root, 0);
  g_assert_cmpstr (sc_json_get_string (turn, "role"), ==, "user");
  g_assert_cmpstr (sc_json_get_string (turn, "text"), ==, "# Hello\nLook at this.");
  g_assert_cmpstr (sc_json_get_string (turn, "created"), ==, "2026-11-22T12:03:03.123456Z");
  file = sc_json_get_element_object (sc_json_get_array (turn, "attachments"), 0);
  g_assert_cmpstr (sc_json_get_string (file, "name"), ==, "a_file.txt");
  g_assert_cmpstr (sc_json_get_string (file, "data"), ==, "aGVsbG8=");

  turn = get_turn_object (root, 1);
  g_assert_cmpstr (sc_json_get_string (turn, "parent"), ==, sc_json_get_string (get_turn_object (root, 0), "id"));
  g_assert_cmpstr (sc_json_get_string (turn, "model"), ==, "m_1");
  g_assert_cmpstr (sc_json_get_string (turn, "reasoning"), ==, "hm <b>");
  g_assert_cmpstr (sc_json_get_string (turn, "raw"), ==, RAW);
  g_assert_cmpstr (sc_json_get_string (turn, "raw_protocol"), ==, "openai-chat");
  g_assert_cmpstr (sc_json_get_string (turn, "finish"), ==, "tool-calls");
  g_assert_cmpstr (sc_json_get_string (sc_json_get_element_object (sc_json_get_array (turn, "tool_calls"), 0),
                                       "arguments"), ==, "{\"at\":\"``` x\"}");

  turn = get_turn_object (root, 3);
  g_assert_cmpstr (sc_json_get_string (turn, "status"), ==, "interrupted");
  g_assert_cmpstr (sc_json_get_string (sc_json_get_object (turn, "failure"), "kind"), ==, "network");
  g_assert_cmpuint (json_array_get_length (sc_json_get_array (turn, "citations")), ==, 2);
}

/* What a service really sends: usage, times and a report are there; headers and the key are not, and neither is what is
 * only in memory: from the history the same comes. */
static void
test_stored (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *loaded_json = NULL, *loaded_text = NULL, *json = NULL, *text = NULL;
  g_autoptr (JsonObject) root = NULL;
  JsonObject *report;
  gint64 output = 0;

  fixture_add_answer (fixture, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-Id: req-7\r\n"
                      "Connection: close\r\n\r\n" THINK ("hm") TEXT ("Answer A") STOP USAGE DONE);
  fixture_add_answer (fixture, SSE_HEAD TEXT ("Answer B") STOP DONE);
  send_and_wait (conversation, "question");
  sc_conversation_retry (conversation);
  wait_until (is_idle, conversation);
  loaded_json = export_text (fixture, conversation, SC_EXPORT_JSON);
  loaded_text = export_text (fixture, conversation, SC_EXPORT_MARKDOWN);
  /* Branches are in the one and not in the other. */
  g_assert_nonnull (strstr (loaded_json, "Answer A"));
  g_assert_nonnull (strstr (loaded_json, "Answer B"));
  g_assert_null (strstr (loaded_text, "Answer A"));
  g_assert_nonnull (strstr (loaded_text, "Answer B"));
  g_assert_null (strstr (loaded_json, "text/event-stream"));
  root = sc_json_parse_object (loaded_json, -1, NULL);
  g_assert_nonnull (root);
  report = sc_json_get_object (get_turn_object (root, 1), "report");
  g_assert_cmpstr (sc_json_get_string (report, "request_id"), ==, "req-7");
  g_assert_false (json_object_has_member (report, "headers"));
  g_assert_true (sc_json_get_int (sc_json_get_object (get_turn_object (root, 1), "usage"), "output", &output));
  g_assert_cmpint (output, ==, 3);

  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (get_conversation (fixture->history, 0));
  g_assert_false (sc_conversation_is_loaded (conversation));
  json = export_text (fixture, conversation, SC_EXPORT_JSON);
  text = export_text (fixture, conversation, SC_EXPORT_MARKDOWN);
  g_assert_false (sc_conversation_is_loaded (conversation));
  g_assert_cmpstr (json, ==, loaded_json);
  g_assert_cmpstr (text, ==, loaded_text);
}

static ScExport *
create_big_export (void)
{
  ScExport *content = g_new0 (ScExport, 1);

  content->record = g_new0 (ScConversationRecord, 1);
  content->record->id = g_strdup ("c");
  content->title = g_strdup ("Big");
  content->turns = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_turn_record_free);
  content->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < 4; i++)
    {
      ScTurnRecord *turn = g_new0 (ScTurnRecord, 1);

      turn->id = g_strdup_printf ("t%u", i);
      turn->parent = i > 0 ? g_strdup_printf ("t%u", i - 1) : NULL;
      turn->role = g_strdup ("user");
      turn->text = g_strnfill (50000, 'x');
      /* Damaged: costs what is in it. */
      turn->data = g_strdup ("{\"usage\":");
      turn->status = SC_TURN_STATUS_DONE;
      g_ptr_array_add (content->turns, turn);
    }

  return content;
}

/* Every write of the stream fails once, and every one is where the user stops it once. */
static void
test_write_faults (void)
{
  for (guint format = SC_EXPORT_MARKDOWN; format <= SC_EXPORT_JSON; format++)
    for (guint n = 0, n_writes = 1; n <= n_writes; n++)
      for (guint stops = 0; stops < 2; stops++)
        {
          g_autoptr (ScExport) content = create_big_export ();
          g_autoptr (GCancellable) cancellable = g_cancellable_new ();
          NarrowStream *stream = g_object_new (narrow_stream_get_type (), "realloc-function", g_realloc,
                                               "destroy-function", g_free, NULL);
          g_autoptr (GError) error = NULL;
          gboolean is_written;

          stream->cancellable = cancellable;
          if (stops)
            stream->cancel_at = n;
          else
            stream->fail_at = n;
          is_written = sc_export_write (content, format, G_OUTPUT_STREAM (stream), cancellable, &error);
          if (n == 0)
            {
              n_writes = stream->n_writes;
              g_assert_no_error (error);
              g_assert_true (is_written);
              g_assert_cmpuint (n_writes, >=, 20);
              g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), >, 200000);
            }
          else if (!stops)
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
              g_assert_cmpuint (stream->n_writes, ==, n);
            }
          /* All is written when the last write has begun. */
          else if (n < n_writes)
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
              g_assert_cmpuint (stream->n_writes, ==, n);
            }
          g_object_unref (stream);
        }
}

/* The disk is full in the middle: what was there stays, what was not is not. */
static void
test_disk_full (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autofree char *long_text = g_strnfill (300000, 'x');
  g_autofree char *old = build_path (fixture, "old");
  g_autofree char *new = build_path (fixture, "new");
  g_autofree char *content = NULL;
  struct rlimit limit, small;

  add_turn (conversation, SC_ROLE_USER, long_text);
  g_assert_true (g_file_set_contents (old, "as it was", -1, NULL));
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  for (guint i = 0; i < 3; i++)
    {
      static const guint sizes[] = { 0, 4096, 200000 };
      Outcome outcome;

      small.rlim_cur = sizes[i];
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      outcome = export_to (fixture, conversation, SC_EXPORT_JSON, "old", NULL);
      g_assert_nonnull (outcome.error);
      g_clear_error (&outcome.error);
      outcome = export_to (fixture, conversation, SC_EXPORT_JSON, "new", NULL);
      g_assert_nonnull (outcome.error);
      g_clear_error (&outcome.error);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      g_assert_false (g_file_test (new, G_FILE_TEST_EXISTS));
      g_clear_pointer (&content, g_free);
      g_assert_true (g_file_get_contents (old, &content, NULL, NULL));
      g_assert_cmpstr (content, ==, "as it was");
    }
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = create_conversation ();
  Outcome outcome = export_to (fixture, conversation, SC_EXPORT_MARKDOWN, "missing/file", NULL);

  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&outcome.error);
  outcome = export_to (fixture, conversation, SC_EXPORT_MARKDOWN, ".", NULL);
  g_assert_nonnull (outcome.error);
  g_clear_error (&outcome.error);
}

/* Stopped before anything began; while the history is read; and too late. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *path = build_path (fixture, "stopped");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Outcome outcome;
  Outcome late = { FALSE, FALSE, NULL };

  fixture_add_answer (fixture, SSE_HEAD TEXT ("Answer") STOP DONE);
  send_and_wait (conversation, "question");
  g_cancellable_cancel (cancellable);
  outcome = export_to (fixture, conversation, SC_EXPORT_JSON, "stopped", cancellable);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
  g_clear_object (&conversation);

  fixture_reopen (fixture);
  conversation = g_object_ref (get_conversation (fixture->history, 0));
  g_cancellable_reset (cancellable);
  sc_conversation_export_async (conversation, SC_EXPORT_JSON, file, cancellable, exported_cb, &late);
  g_cancellable_cancel (cancellable);
  wait_until (is_done, &late);
  g_assert_error (late.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&late.error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_cancellable_reset (cancellable);
  outcome = export_to (fixture, conversation, SC_EXPORT_JSON, "stopped", cancellable);
  g_assert_no_error (outcome.error);
  g_cancellable_cancel (cancellable);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The history is gone: an error, no empty file. */
static void
test_no_history (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ScConversation) conversation = sc_history_create (fixture->history);
  g_autofree char *path = build_path (fixture, "nothing");
  Outcome outcome;

  fixture_add_answer (fixture, SSE_HEAD TEXT ("Answer") STOP DONE);
  send_and_wait (conversation, "question");
  g_clear_object (&conversation);
  fixture_reopen (fixture);
  conversation = g_object_ref (get_conversation (fixture->history, 0));
  close_history (g_steal_pointer (&fixture->history));
  outcome = export_to (fixture, conversation, SC_EXPORT_MARKDOWN, "nothing", NULL);
  g_assert_error (outcome.error, SC_ERROR, SC_ERROR_STORAGE);
  g_clear_error (&outcome.error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_names (void)
{
  static const struct
  {
    const char *title;
    const char *name;
  } rows[] = {
    { "Plain words", "Plain words.md" },
    { "a/b\\c: d?", "a-b-c- d-.md" },
    { "..hidden..", "hidden.md" },
    { "...", "-.md" },
    { "Größe in €", "Größe in €.md" },
  };
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autofree char *name = NULL;
  GString *title = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *made = NULL;

      sc_conversation_rename (conversation, rows[i].title);
      made = sc_conversation_dup_export_name (conversation, SC_EXPORT_MARKDOWN);
      g_assert_cmpstr (made, ==, rows[i].name);
    }
  for (guint i = 0; i < 500; i++)
    g_string_append (title, "€");
  sc_conversation_rename (conversation, title->str);
  g_string_free (title, TRUE);
  name = sc_conversation_dup_export_name (conversation, SC_EXPORT_JSON);
  g_assert_cmpuint (strlen (name), <, 200);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_true (g_str_has_suffix (name, "€.json"));
}

static void
add (const char *path,
     void      (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  run_log_watch_messages ();

  add ("/chat/export/markdown", test_markdown);
  add ("/chat/export/fences", test_fences);
  add ("/chat/export/json", test_json);
  add ("/chat/export/stored", test_stored);
  add ("/chat/export/disk-full", test_disk_full);
  add ("/chat/export/no-folder", test_no_folder);
  add ("/chat/export/cancel", test_cancel);
  add ("/chat/export/no-history", test_no_history);
  g_test_add_func ("/chat/export/write-faults", test_write_faults);
  g_test_add_func ("/chat/export/names", test_names);

  return g_test_run ();
}
