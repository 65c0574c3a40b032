/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns, their records, the tree they hang in, and titles. */

#include "config.h"

#include "sc-json.h"
#include "sc-title.h"
#include "sc-tree.h"
#include "sc-turn-private.h"
#include "sc-turn-record.h"

#include <string.h>

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static void
test_append (void)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_ASSISTANT, NULL);
  guint n_appended = 0, n_changed = 0;
  gsize length;

  g_signal_connect (turn, "appended", G_CALLBACK (count_cb), &n_appended);
  g_signal_connect (turn, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_STREAMING);
  g_assert_false (sc_turn_flush (turn));

  for (guint i = 0; i < 100; i++)
    sc_turn_append_text (turn, "ab", 2);
  sc_turn_append_reasoning (turn, "hm", 2);
  g_assert_cmpuint (n_appended, ==, 0);
  g_assert_true (sc_turn_flush (turn));
  g_assert_cmpuint (n_appended, ==, 1);
  sc_turn_append_text (turn, "", 0);
  g_assert_false (sc_turn_flush (turn));
  g_assert_cmpuint (n_appended, ==, 1);
  sc_turn_get_text (turn, &length);
  g_assert_cmpuint (length, ==, 200);
  g_assert_cmpstr (sc_turn_get_reasoning (turn, &length), ==, "hm");
  g_assert_cmpuint (length, ==, 2);

  sc_turn_append_text (turn, "c", 1);
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_STOP, NULL);
  g_assert_cmpuint (n_appended, ==, 2);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_null (sc_turn_get_failure (turn));
  g_assert_finalize_object (turn);
}

static void
test_invalid_text (void)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_USER, "a\xff" "b");

  g_assert_true (g_utf8_validate (sc_turn_get_text (turn, NULL), -1, NULL));
  g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_DONE);
  g_assert_finalize_object (turn);
}

static ScTurn *
reload (ScTurn *turn)
{
  g_autoptr (ScTurnRecord) record = sc_turn_create_record (turn, "c");

  g_assert_cmpstr (record->conversation, ==, "c");
  sc_turn_record_settle_files (record);
  return sc_turn_new_from_record (record);
}

/* Nothing to read and nothing that explains it, now and after it was read from the disk. */
static void
test_empty (void)
{
  static const struct
  {
    ScRole          role;
    const char     *text;
    const char     *tool;
    const char     *notice;
    ScTurnStatus    status;
    ScFinishReason  reason;
    gboolean        is_empty;
  } rows[] = {
    { SC_ROLE_ASSISTANT, "", NULL, NULL, SC_TURN_STATUS_DONE, SC_FINISH_STOP, TRUE },
    { SC_ROLE_ASSISTANT, " \n", NULL, NULL, SC_TURN_STATUS_DONE, SC_FINISH_OTHER, TRUE },
    { SC_ROLE_ASSISTANT, " x", NULL, NULL, SC_TURN_STATUS_DONE, SC_FINISH_STOP, FALSE },
    { SC_ROLE_ASSISTANT, "", "look", NULL, SC_TURN_STATUS_DONE, SC_FINISH_STOP, FALSE },
    { SC_ROLE_ASSISTANT, "", NULL, "It was refused.", SC_TURN_STATUS_DONE, SC_FINISH_STOP, FALSE },
    { SC_ROLE_ASSISTANT, "", NULL, NULL, SC_TURN_STATUS_STOPPED, SC_FINISH_STOP, FALSE },
    { SC_ROLE_ASSISTANT, "", NULL, NULL, SC_TURN_STATUS_DONE, SC_FINISH_LENGTH, FALSE },
    { SC_ROLE_USER, "", NULL, NULL, SC_TURN_STATUS_DONE, SC_FINISH_STOP, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTurn) turn = sc_turn_new (rows[i].role, NULL);
      g_autoptr (ScTurn) copy = NULL;

      g_assert_false (sc_turn_is_empty (turn));
      sc_turn_append_text (turn, rows[i].text, strlen (rows[i].text));
      if (rows[i].tool != NULL)
        sc_turn_add_tool_call (turn, "call_1", rows[i].tool, "{}");
      sc_turn_set_notice (turn, rows[i].notice);
      sc_turn_finish (turn, rows[i].status, rows[i].reason, NULL);
      copy = reload (turn);
      g_assert_cmpint (sc_turn_is_empty (turn), ==, rows[i].is_empty);
      g_assert_cmpint (sc_turn_is_empty (copy), ==, rows[i].is_empty);
    }
}

static void
fill_answer (ScTurn *turn)
{
  ScUsage usage = {
    .input = 10, .output = 20, .cached = 5, .reasoning = 7, .cache_write = 2, .cost_nanos = -1,
    .flags = SC_USAGE_OUTPUT_ESTIMATED,
  };
  ScTurnTimes times = { 12345, 30, 40, -1, 600 };
  ScEvent citation = {
    .kind = SC_EVENT_CITATION, .id = "https://a", .name = "A", .start = 0, .end = 4
  };

  sc_turn_append_text (turn, "text \xc3\xa4", 7);
  sc_turn_append_reasoning (turn, "why", 3);
  sc_turn_add_tool_call (turn, "call_1", "look", "{\"a\": 1}");
  sc_turn_set_model (turn, "p", "m");
  sc_turn_merge_usage (turn, &usage);
  sc_turn_set_times (turn, &times);
  sc_turn_set_notice (turn, "a word");
  sc_turn_add_citation (turn, &citation);
  sc_turn_set_raw (turn, "{\"sig\":\"\\u0041\\ud83c\",  \"n\":1.0}", "openai-chat", "m");
  sc_turn_finish (turn, SC_TURN_STATUS_DONE, SC_FINISH_TOOL_CALLS, NULL);
}

static void
test_record (void)
{
  ScTurn *turn = sc_turn_new_full ("id", "parent", SC_ROLE_ASSISTANT, NULL, 99);
  ScTurn *copy;
  const ScToolCall *call;
  const char *protocol, *model;

  fill_answer (turn);
  copy = reload (turn);
  g_assert_cmpstr (sc_turn_get_id (copy), ==, "id");
  g_assert_cmpstr (sc_turn_get_parent_id (copy), ==, "parent");
  g_assert_cmpint (sc_turn_get_role (copy), ==, SC_ROLE_ASSISTANT);
  g_assert_cmpint (sc_turn_get_created_us (copy), ==, 99);
  g_assert_cmpstr (sc_turn_get_text (copy, NULL), ==, "text ä");
  g_assert_cmpstr (sc_turn_get_reasoning (copy, NULL), ==, "why");
  g_assert_cmpstr (sc_turn_get_model (copy), ==, "m");
  g_assert_cmpstr (sc_turn_get_provider (copy), ==, "p");
  g_assert_cmpstr (sc_turn_get_notice (copy), ==, "a word");
  g_assert_cmpint (sc_turn_get_status (copy), ==, SC_TURN_STATUS_DONE);
  g_assert_cmpint (sc_turn_get_finish_reason (copy), ==, SC_FINISH_TOOL_CALLS);
  g_assert_cmpint (sc_turn_get_usage (copy)->input, ==, 10);
  g_assert_cmpint (sc_turn_get_usage (copy)->reasoning, ==, 7);
  g_assert_cmpint (sc_turn_get_usage (copy)->cache_write, ==, 2);
  g_assert_cmpint (sc_turn_get_usage (copy)->cost_nanos, ==, -1);
  g_assert_cmpuint (sc_turn_get_usage (copy)->flags, ==, SC_USAGE_OUTPUT_ESTIMATED);
  g_assert_cmpint (sc_turn_get_times (copy)->started_us, ==, 0);
  g_assert_cmpint (sc_turn_get_times (copy)->first_text_ms, ==, 40);
  g_assert_cmpint (sc_turn_get_times (copy)->reasoning_ms, ==, -1);
  g_assert_cmpint (sc_turn_get_times (copy)->total_ms, ==, 600);
  g_assert_cmpuint (sc_turn_get_tool_calls (copy)->len, ==, 1);
  call = g_ptr_array_index (sc_turn_get_tool_calls (copy), 0);
  g_assert_cmpstr (call->id, ==, "call_1");
  g_assert_cmpstr (call->name, ==, "look");
  g_assert_cmpstr (call->arguments, ==, "{\"a\": 1}");
  g_assert_cmpuint (json_array_get_length (sc_turn_get_citations (copy)), ==, 1);
  g_assert_cmpstr (sc_turn_get_raw (copy, &protocol, &model), ==,
                   "{\"sig\":\"\\u0041\\ud83c\",  \"n\":1.0}");
  g_assert_cmpstr (protocol, ==, "openai-chat");
  g_assert_cmpstr (model, ==, "m");
  g_assert_finalize_object (copy);
  g_assert_finalize_object (turn);
}

static void
test_record_failure (void)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_ASSISTANT, "half");
  ScTurn *copy;
  g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_RATE_LIMIT, "slow down");

  failure->status = 429;
  failure->code = g_strdup ("rate");
  failure->request_id = g_strdup ("req_1");
  failure->retry_after_ms = 0;
  failure->details = g_strdup ("{}");
  sc_turn_finish (turn, SC_TURN_STATUS_INTERRUPTED, SC_FINISH_OTHER, failure);
  copy = reload (turn);
  g_assert_cmpint (sc_turn_get_status (copy), ==, SC_TURN_STATUS_INTERRUPTED);
  g_assert_cmpint (sc_turn_get_failure (copy)->kind, ==, SC_ERROR_RATE_LIMIT);
  g_assert_cmpstr (sc_turn_get_failure (copy)->message, ==, "slow down");
  g_assert_cmpint (sc_turn_get_failure (copy)->status, ==, 429);
  g_assert_cmpstr (sc_turn_get_failure (copy)->code, ==, "rate");
  g_assert_cmpstr (sc_turn_get_failure (copy)->request_id, ==, "req_1");
  g_assert_cmpint (sc_turn_get_failure (copy)->retry_after_ms, ==, 0);
  g_assert_cmpint (sc_turn_get_failure (copy)->should_retry, ==, -1);
  g_assert_cmpstr (sc_turn_get_failure (copy)->details, ==, "{}");
  g_assert_finalize_object (copy);
  g_assert_finalize_object (turn);
}

static void
test_record_user (void)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_USER, "see this");
  ScTurn *copy;
  g_autoptr (ScMessage) message = sc_message_new (SC_ROLE_USER, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\xff\x01", 3);
  const ScAttachment *attachment;

  sc_message_add_attachment (message, "a.png", "image/png", bytes);
  sc_turn_set_attachments (turn, message->attachments);
  copy = reload (turn);
  g_assert_cmpuint (sc_turn_get_attachments (copy)->len, ==, 1);
  attachment = g_ptr_array_index (sc_turn_get_attachments (copy), 0);
  g_assert_cmpstr (attachment->name, ==, "a.png");
  g_assert_cmpstr (attachment->media_type, ==, "image/png");
  g_assert_true (g_bytes_equal (attachment->data, bytes));
  g_assert_finalize_object (copy);
  g_assert_finalize_object (turn);
}

static void
test_record_tool (void)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_TOOL, "42");
  ScTurn *copy;
  const char *name;
  gboolean failed;

  sc_turn_set_tool_result (turn, "call_1", "look", TRUE);
  copy = reload (turn);
  g_assert_cmpstr (sc_turn_get_tool_result (copy, &name, &failed), ==, "call_1");
  g_assert_cmpstr (name, ==, "look");
  g_assert_true (failed);
  g_assert_finalize_object (copy);
  g_assert_finalize_object (turn);
}

/* The program died while this was written; and what somebody's disk did to the data must not cost
 * the text. */
static void
test_record_damaged (void)
{
  ScTurnRecord record = { .id = (char *) "i",
                          .conversation = (char *) "c",
                          .role = (char *) "assistant",
                          .text = (char *) "kept",
                          .status = SC_TURN_STATUS_STREAMING };
  const char *const data[] = {
    NULL,
    "",
    "{",
    "[]",
    "null",
    "{\"usage\":7,\"failure\":[],\"tool_calls\":{},\"attachments\":[1,{}],\"times\":null}",
    "{\"tool_calls\":[null,{},{\"name\":3}],\"citations\":\"x\",\"raw\":{}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      ScTurn *turn;

      record.data = (char *) data[i];
      turn = sc_turn_new_from_record (&record);
      g_assert_cmpstr (sc_turn_get_text (turn, NULL), ==, "kept");
      g_assert_cmpint (sc_turn_get_status (turn), ==, SC_TURN_STATUS_INTERRUPTED);
      g_assert_cmpint (sc_turn_get_failure (turn)->kind, ==, SC_ERROR_INTERRUPTED);
      g_assert_finalize_object (turn);
    }
}

static ScTurn *
add (ScTree     *tree,
     const char *id,
     const char *parent_id)
{
  g_autoptr (ScTurn) turn = sc_turn_new_full (id, parent_id, SC_ROLE_USER, id, 0);

  sc_tree_add (tree, turn);
  return turn;
}

static char *
dup_path (ScTree *tree)
{
  g_autoptr (GPtrArray) path = sc_tree_create_path (tree);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < path->len; i++)
    g_string_append (text, sc_turn_get_id (g_ptr_array_index (path, i)));
  return g_string_free (text, FALSE);
}

static void
assert_path (ScTree     *tree,
             const char *expected)
{
  g_autofree char *path = dup_path (tree);

  g_assert_cmpstr (path, ==, expected);
}

static void
test_tree (void)
{
  g_autoptr (ScTree) tree = sc_tree_new ();
  g_autoptr (GPtrArray) children = NULL;
  ScTurn *a, *b, *c;

  assert_path (tree, "");
  sc_tree_set_head (tree, "x");
  assert_path (tree, "");
  a = add (tree, "a", NULL);
  b = add (tree, "b", "a");
  add (tree, "c", "b");
  add (tree, "d", "b");
  add (tree, "e", "c");
  sc_tree_set_head (tree, "e");
  assert_path (tree, "abce");
  sc_tree_set_head (tree, "gone");
  assert_path (tree, "abce");
  sc_tree_set_head (tree, "d");
  assert_path (tree, "abd");
  g_assert_true (sc_tree_get_leaf (tree, a) == sc_tree_lookup (tree, "d"));
  c = sc_tree_lookup (tree, "c");
  g_assert_true (sc_tree_get_leaf (tree, c) == sc_tree_lookup (tree, "e"));
  children = sc_tree_list_children (tree, "b");
  g_assert_cmpuint (children->len, ==, 2);
  g_assert_true (g_ptr_array_index (children, 0) == c);

  sc_tree_remove (tree, b);
  assert_path (tree, "ad");
  sc_tree_remove (tree, sc_tree_get_head (tree));
  assert_path (tree, "a");
  sc_tree_set_head (tree, "e");
  assert_path (tree, "ace");
  sc_tree_remove (tree, a);
  assert_path (tree, "ce");
}

/* What a damaged file could hold: parents that are gone, a circle, a turn that is its own
 * parent. */
static void
test_tree_damaged (void)
{
  g_autoptr (ScTree) tree = sc_tree_new ();
  g_autoptr (GPtrArray) first = NULL;

  add (tree, "a", "nobody");
  add (tree, "b", "a");
  add (tree, "c", "d");
  add (tree, "d", "c");
  add (tree, "e", "e");
  sc_tree_set_head (tree, "b");
  assert_path (tree, "ab");
  sc_tree_set_head (tree, "c");
  assert_path (tree, "dc");
  sc_tree_set_head (tree, "e");
  assert_path (tree, "e");
  sc_tree_get_leaf (tree, sc_tree_lookup (tree, "c"));
  sc_tree_get_leaf (tree, sc_tree_lookup (tree, "e"));
  first = sc_tree_list_children (tree, NULL);
  g_assert_cmpuint (first->len, ==, 1);
}

static const struct
{
  const char *text;
  const char *title;
} titles[] = {
  { "", "" },
  { "  \n\t\n", "" },
  { "Hello", "Hello" },
  { "\n\n  Hello   there \nsecond line", "Hello there" },
  { "# A heading #1", "A heading #1" },
  { "#hashtag", "#hashtag" },
  { "> quoted *words* and **strong** ones", "quoted words and strong ones" },
  { "- [ ] buy `milk`", "buy milk" },
  { "1. first", "first" },
  { "1.5 litres", "1.5 litres" },
  { "-5 degrees", "-5 degrees" },
  { "2 * 3 = 6 and my_variable_name", "2 * 3 = 6 and my_variable_name" },
  { "_really_ ~~not~~ ~5", "really not ~5" },
  { "see [the page](https://example.org/a_b) and ![a cat](cat.png)", "see the page and a cat" },
  { "a [bracket] and (more)", "a [bracket] and (more)" },
  { "```c\nint x;\n```\nwhat is this?", "int x;" },
  { "---\n***\ntext", "text" },
  { "How do I write a program that counts the words in a file?",
    "How do I write a program that counts the words…" },
  { "ääääääääääääääääääääääääääääääääääääääääääääääääää",
    "ääääääääääääääääääääääääääääääääääääääääääääääää…" },
  { "exactly forty-eight characters are what this has",
    "exactly forty-eight characters are what this has" },
};

static void
test_titles (void)
{
  g_autofree char *huge = g_strnfill (1024 * 1024, '[');
  g_autofree char *huge_title = sc_title_create (huge);
  g_autofree char *snippet = sc_title_create_snippet ("# One\n\ntwo\n- three\n");

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autofree char *title = sc_title_create (titles[i].text);

      g_assert_cmpstr (title, ==, titles[i].title);
      g_assert_cmpint (g_utf8_strlen (title, -1), <=, SC_TITLE_MAX_CHARS + 1);
    }
  g_assert_cmpint (g_utf8_strlen (huge_title, -1), ==, SC_TITLE_MAX_CHARS + 1);
  g_assert_cmpstr (snippet, ==, "One two three");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chat/turn/append", test_append);
  g_test_add_func ("/chat/turn/invalid-text", test_invalid_text);
  g_test_add_func ("/chat/turn/empty", test_empty);
  g_test_add_func ("/chat/turn/record/answer", test_record);
  g_test_add_func ("/chat/turn/record/failure", test_record_failure);
  g_test_add_func ("/chat/turn/record/user", test_record_user);
  g_test_add_func ("/chat/turn/record/tool", test_record_tool);
  g_test_add_func ("/chat/turn/record/damaged", test_record_damaged);
  g_test_add_func ("/chat/tree/path", test_tree);
  g_test_add_func ("/chat/tree/damaged", test_tree_damaged);
  g_test_add_func ("/chat/title", test_titles);

  return g_test_run ();
}
