/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What answers used: taken when they end, kept when they go, and summed by the days of the calendar. */

#include "config.h"

#include "file-fixture.h"
#include "store-test.h"

#include <stdio.h>
#include <time.h>

/* 2026-11-22 12:00 UTC */
#define NOON_US (G_GINT64_CONSTANT (1795348800) * G_USEC_PER_SEC)
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
set_zone (const char *zone)
{
  g_setenv ("TZ", zone, TRUE);
  tzset ();
}

static void
save_answer (ScStoreFile  *file,
             const char   *id,
             const char   *conversation,
             gint64        created_us,
             const char   *model,
             ScTurnStatus  status,
             const char   *data)
{
  ScTurnRecord *record = store_test_make_turn (id, conversation, NULL, status, "text");
  g_autoptr (GError) error = NULL;

  g_free (record->role);
  record->role = g_strdup ("assistant");
  g_free (record->model);
  record->model = g_strdup (model);
  g_free (record->provider);
  record->provider = g_strdup ("p");
  g_free (record->data);
  record->data = g_strdup (data);
  record->created_us = created_us;
  record->status = status;
  sc_store_file_save_turn (file, &record, &error);
  g_assert_no_error (error);
  sc_turn_record_free (record);
}

/* `DAY MODEL N INPUT/CACHED/WRITTEN/OUTPUT/REASONING COST FLAGS`, a line each. */
static char *
dup_listed (ScStoreFile *file,
            const char  *conversation,
            gint64       from_us,
            gint64       to_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records =
    sc_store_file_list_usage (file, conversation, from_us, to_us, NULL, &error);
  g_autoptr (GString) lines = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      const ScUsageRecord *record = g_ptr_array_index (records, i);

      g_string_append_printf (lines, "%s%s %s %d %d/%d/%d/%d/%d %d %u", i > 0 ? "\n" : "", record->day,
                              record->model, (int) record->n_answers, (int) record->sums.input,
                              (int) record->sums.cached, (int) record->sums.cache_write,
                              (int) record->sums.output, (int) record->sums.reasoning,
                              (int) record->sums.cost_nanos, record->sums.flags);
    }
  return g_strdup (lines->str);
}

static void
assert_listed (ScStoreFile *file,
               const char  *conversation,
               const char  *expected)
{
  g_autofree char *lines = dup_listed (file, conversation, 0, G_MAXINT64);

  g_assert_cmpstr (lines, ==, expected);
}

static void
test_sums (Fixture       *fixture,
           gconstpointer  data)
{
  file_save_conversation (fixture->file, "c", "C", NOON_US);
  file_save_conversation (fixture->file, "d", "D", NOON_US);
  save_answer (fixture->file, "1", "c", NOON_US, "a", SC_TURN_STATUS_DONE,
               "{\"usage\":{\"input\":10,\"output\":5,\"cached\":4,\"cache_write\":1,\"reasoning\":2,"
               "\"cost_nanos\":100}}");
  save_answer (fixture->file, "2", "d", NOON_US, "a", SC_TURN_STATUS_STOPPED,
               "{\"usage\":{\"input\":20,\"output\":6,\"cost_nanos\":50,\"flags\":6}}");
  save_answer (fixture->file, "3", "c", NOON_US, "a", SC_TURN_STATUS_DONE,
               "{\"usage\":{\"input\":1,\"output\":1,\"flags\":1}}");
  save_answer (fixture->file, "4", "c", NOON_US, "b", SC_TURN_STATUS_DONE,
               "{\"usage\":{\"output\":7,\"cost_micros\":2}}");
  save_answer (fixture->file, "5", "c", NOON_US - 24 * HOUR_US, "b", SC_TURN_STATUS_DONE,
               "{\"usage\":{\"input\":3,\"cost_nanos\":0}}");
  assert_listed (fixture->file, NULL,
                 "2026-11-22 a 1 1/-1/-1/1/-1 -1 1\n"
                 "2026-11-22 a 2 30/4/1/11/2 150 6\n"
                 "2026-11-22 b 1 -1/-1/-1/7/-1 2000 0\n"
                 "2026-11-21 b 1 3/-1/-1/-1/-1 0 0");
  assert_listed (fixture->file, "d", "2026-11-22 a 1 20/-1/-1/6/-1 50 6");
  assert_listed (fixture->file, "nobody", "");
}

/* Two rows of a server that says anything must not cost the sums of all others. */
static void
test_absurd (Fixture       *fixture,
             gconstpointer  data)
{
  static const char usage[] =
    "{\"usage\":{\"input\":9223372036854775807,\"cost_nanos\":9223372036854775807}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  const ScUsageRecord *record;

  file_save_conversation (fixture->file, "c", "C", NOON_US);
  save_answer (fixture->file, "1", "c", NOON_US, "a", SC_TURN_STATUS_DONE, usage);
  save_answer (fixture->file, "2", "c", NOON_US, "a", SC_TURN_STATUS_DONE, usage);
  records = sc_store_file_list_usage (fixture->file, NULL, 0, G_MAXINT64, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpint (record->sums.input, ==, 2 * SC_USAGE_MAX);
  g_assert_cmpint (record->sums.output, ==, -1);
  g_assert_cmpint (record->sums.cost_nanos, ==, 2 * SC_USAGE_MAX);
}

/* Only answers that are over and say what they used. */
static void
test_taken (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const nothing[] = {
    NULL, "{}", "no json", "[]", "{\"usage\":7}", "{\"usage\":null}", "{\"raw\":\"{\"}",
  };

  file_save_conversation (fixture->file, "c", "C", NOON_US);
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    save_answer (fixture->file, "1", "c", NOON_US, "a", SC_TURN_STATUS_DONE, nothing[i]);
  save_answer (fixture->file, "2", "c", NOON_US, "a", SC_TURN_STATUS_STREAMING, "{\"usage\":{\"input\":3}}");
  save_answer (fixture->file, "2", "c", NOON_US, "a", SC_TURN_STATUS_STREAMING, "{\"usage\":{\"input\":4}}");
  assert_listed (fixture->file, NULL, "");
  save_answer (fixture->file, "2", "c", NOON_US, "a", SC_TURN_STATUS_DONE, "{\"usage\":{\"input\":5}}");
  /* The same answer once more counts once. */
  save_answer (fixture->file, "2", "c", NOON_US, "b", SC_TURN_STATUS_DONE,
               "{\"usage\":{\"input\":6,\"cost_nanos\":9}}");
  assert_listed (fixture->file, NULL, "2026-11-22 b 1 6/-1/-1/-1/-1 9 0");
}

static void
test_kept (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  file_save_conversation (fixture->file, "c", "C", NOON_US);
  save_answer (fixture->file, "1", "c", NOON_US, "a", SC_TURN_STATUS_DONE, "{\"usage\":{\"input\":5}}");
  save_answer (fixture->file, "2", "c", NOON_US, "a", SC_TURN_STATUS_DONE, "{\"usage\":{\"input\":6}}");
  sc_store_file_delete_turn (fixture->file, "1", &error);
  g_assert_no_error (error);
  assert_listed (fixture->file, "c", "2026-11-22 a 2 11/-1/-1/-1/-1 -1 0");
  sc_store_file_delete_conversation (fixture->file, "c", &error);
  g_assert_no_error (error);
  sc_store_file_purge (fixture->file, &error);
  g_assert_no_error (error);
  file_reopen (fixture);
  assert_listed (fixture->file, NULL, "2026-11-22 a 2 11/-1/-1/-1/-1 -1 0");
  sc_store_file_clear_usage (fixture->file, &error);
  g_assert_no_error (error);
  assert_listed (fixture->file, NULL, "");
}

/* An answer that streamed when the program died counts when it is found. */
static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  data)
{
  file_save_conversation (fixture->file, "c", "C", NOON_US);
  save_answer (fixture->file, "1", "c", NOON_US, "a", SC_TURN_STATUS_STREAMING, "{\"usage\":{\"input\":5}}");
  file_reopen (fixture);
  assert_listed (fixture->file, NULL, "2026-11-22 a 1 5/-1/-1/-1/-1 -1 0");
}

/* A day is from midnight to midnight of the clock on the wall, 23 or 25 hours where summer time begins or ends. */
static void
test_days (Fixture       *fixture,
           gconstpointer  data)
{
  /* 2026-03-29 00:30 and 23:30 in Berlin, the day that lacks an hour; 2026-10-25 00:30 and 23:30, which has one more. */
  static const gint64 times[] = { 1774740600, 1774819800, 1792881000, 1792967400 };
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GDateTime) from = g_date_time_new (berlin, 2026, 3, 29, 0, 0, 0);
  g_autoptr (GDateTime) to = g_date_time_new (berlin, 2026, 3, 30, 0, 0, 0);
  g_autofree char *day = NULL;

  file_save_conversation (fixture->file, "c", "C", NOON_US);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      save_answer (fixture->file, id, "c", times[i] * G_USEC_PER_SEC, "a", SC_TURN_STATUS_DONE,
                   "{\"usage\":{\"input\":1}}");
    }
  set_zone ("Europe/Berlin");
  assert_listed (fixture->file, NULL,
                 "2026-10-25 a 2 2/-1/-1/-1/-1 -1 0\n"
                 "2026-03-29 a 2 2/-1/-1/-1/-1 -1 0");
  /* The range of the day that lacks an hour, by the calendar of GLib. */
  g_assert_cmpint (g_date_time_difference (to, from), ==, 23 * HOUR_US);
  day = dup_listed (fixture->file, NULL, g_date_time_to_unix (from) * G_USEC_PER_SEC,
                    g_date_time_to_unix (to) * G_USEC_PER_SEC);
  g_assert_cmpstr (day, ==, "2026-03-29 a 2 2/-1/-1/-1/-1 -1 0");
  set_zone ("Asia/Tokyo");
  assert_listed (fixture->file, NULL,
                 "2026-10-26 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-10-25 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-03-30 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-03-29 a 1 1/-1/-1/-1/-1 -1 0");
  set_zone ("America/Los_Angeles");
  assert_listed (fixture->file, NULL,
                 "2026-10-25 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-10-24 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-03-29 a 1 1/-1/-1/-1/-1 -1 0\n"
                 "2026-03-28 a 1 1/-1/-1/-1/-1 -1 0");
  set_zone ("UTC");
}

static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const expected[] = {
    "2023-11-14 m1 1 3/-1/-1/-1/-1 -1 0",
    "2023-11-14 m1 1 3/-1/-1/-1/-1 -1 0\n2014-05-13 m1 1 100/10/0/50/5 1250000 2",
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *name = g_strdup_printf ("history-v%u.sql", i + 1);
      g_autofree char *source = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
      g_autofree char *sql = NULL;

      g_clear_pointer (&fixture->file, sc_store_file_free);
      remove (fixture->path);
      g_assert_true (g_file_get_contents (source, &sql, NULL, NULL));
      store_test_run_sql (fixture->path, sql);
      fixture->file = sc_store_file_new (fixture->path);
      assert_listed (fixture->file, NULL, expected[i]);
    }
}

typedef struct
{
  GPtrArray *records;
  GError    *error;
  guint      n_calls;
} Answer;

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->records = sc_store_list_usage_finish (SC_STORE (source), result, &answer->error);
  answer->n_calls++;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_true (sc_store_write_finish (SC_STORE (source), result, &answer->error));
  answer->n_calls++;
}

static void
await (const Answer *answer,
       guint         n_calls)
{
  while (answer->n_calls < n_calls)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_asynchronous (void)
{
  g_autoptr (ScStore) store = sc_store_new (NULL);
  g_autoptr (ScConversationRecord) conversation = store_test_make_conversation ("c", "C", NOON_US);
  g_autoptr (ScTurnRecord) turn = store_test_make_turn ("t", "c", NULL, SC_TURN_STATUS_DONE, "text");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { 0 };

  g_free (turn->role);
  turn->role = g_strdup ("assistant");
  g_free (turn->data);
  turn->data = g_strdup ("{\"usage\":{\"input\":5}}");
  sc_store_save_conversation_async (store, conversation, NULL, NULL);
  sc_store_save_turn_async (store, turn, NULL, NULL);
  sc_store_list_usage_async (store, "c", 0, G_MAXINT64, NULL, listed_cb, &answer);
  await (&answer, 1);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (answer.records->len, ==, 1);
  g_clear_pointer (&answer.records, g_ptr_array_unref);

  sc_store_clear_usage_async (store, cleared_cb, &answer);
  sc_store_list_usage_async (store, NULL, 0, G_MAXINT64, NULL, listed_cb, &answer);
  await (&answer, 3);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (answer.records->len, ==, 0);
  g_clear_pointer (&answer.records, g_ptr_array_unref);

  g_cancellable_cancel (cancellable);
  sc_store_list_usage_async (store, NULL, 0, G_MAXINT64, cancellable, listed_cb, &answer);
  await (&answer, 4);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (answer.records);
  g_clear_error (&answer.error);
}

#define ADD(name, func) \
  g_test_add ("/store/usage/" name, Fixture, NULL, file_set_up, func, file_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_zone ("UTC");

  ADD ("sums", test_sums);
  ADD ("absurd", test_absurd);
  ADD ("taken", test_taken);
  ADD ("kept", test_kept);
  ADD ("interrupted", test_interrupted);
  ADD ("days", test_days);
  ADD ("migration", test_migration);
  g_test_add_func ("/store/usage/asynchronous", test_asynchronous);
  return g_test_run ();
}
