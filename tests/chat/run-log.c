/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs against a scripted server. */

#include "config.h"

#include "run-log.h"

#include "sc-http.h"
#include "sc-run-private.h"

#include <string.h>

/* Only a hanging test gets there. */
#define GENEROUS_S 60

typedef struct
{
  RunLog     *log;
  const char *words;
} Wait;

/* What base64 makes of the key, wherever it stands: without the letters its neighbours share. */
static gboolean
has_base64 (const char *text)
{
  for (gsize before = 0; before < 3; before++)
    {
      g_autofree char *plain = g_strconcat (&"::"[2 - before], CANARY_KEY, NULL);
      g_autofree char *code = g_base64_encode ((const guchar *) plain, strlen (plain) / 3 * 3);

      if (strstr (text, code + (before > 0 ? 4 : 0)) != NULL)
        return TRUE;
    }
  return FALSE;
}

void
assert_no_key (const char *text)
{
  if (text == NULL || (strstr (text, "canary-0") == NULL &&
                       strstr (text, "123456789abcdef") == NULL && !has_base64 (text)))
    return;
  /* Not g_error(): this may be called for a log message. */
  g_printerr ("The key is in: %s\n", text);
  g_assert_not_reached ();
}

static GLogWriterOutput
watch_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      g_autofree char *text = fields[i].length < 0
                                ? g_strdup (fields[i].value)
                                : g_strndup (fields[i].value, (gsize) fields[i].length);

      assert_no_key (text);
    }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
run_log_watch_messages (void)
{
  g_log_set_writer_func (watch_cb, NULL, NULL);
}

static gboolean
timeout_cb (gpointer user_data)
{
  g_error ("Waited %d s for nothing", GENEROUS_S);
  return G_SOURCE_REMOVE;
}

void
wait_until (gboolean (*condition) (gpointer data),
            gpointer   data)
{
  guint source = g_timeout_add_seconds (GENEROUS_S, timeout_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

static const char *
get_stop_name (const ScEvent *event)
{
  switch (event->kind)
    {
    case SC_EVENT_TEXT:
      return "text";
    case SC_EVENT_FINISH:
      return "finish";
    case SC_EVENT_NOTICE:
      return event->name;
    case SC_EVENT_START:
    case SC_EVENT_REASONING:
    case SC_EVENT_TOOL_BEGIN:
    case SC_EVENT_TOOL_ARGUMENTS:
    case SC_EVENT_TOOL_END:
    case SC_EVENT_CITATION:
    case SC_EVENT_USAGE:
    case SC_EVENT_ERROR:
    default:
      return NULL;
    }
}

static void
event_cb (const ScEvent *event,
          gpointer       user_data)
{
  RunLog *self = user_data;

  g_assert_cmpuint (self->n_ends, ==, 0);
  g_assert_nonnull (self->run);
  sc_event_append_json (event, self->lines);
  if (event->kind == SC_EVENT_TEXT)
    g_string_append_len (self->text, event->text, (gssize) event->length);
  if (event->kind == SC_EVENT_NOTICE && g_strcmp0 (event->name, "retry") == 0)
    self->wait_ms = event->start;
  if (event->kind == SC_EVENT_FINISH || event->kind == SC_EVENT_ERROR)
    {
      self->n_ends++;
      self->reason = event->reason;
      self->failure = sc_failure_copy (event->failure);
      g_assert_cmpint (sc_run_get_times (self->run)->end_us, >, 0);
      if (self->free_at_end)
        g_clear_pointer (&self->run, sc_run_free);
    }
  else if (self->stop_at != NULL && g_strcmp0 (self->stop_at, get_stop_name (event)) == 0)
    {
      sc_run_stop (self->run);
      g_assert_cmpuint (self->n_ends, ==, 1);
    }
}

static void
batch_cb (gpointer user_data)
{
  RunLog *self = user_data;

  g_assert_cmpuint (self->n_ends, ==, 0);
  self->n_batches++;
}

ScProfile *
create_profile (RawServer *server)
{
  ScProfile *profile = sc_profile_new ("test");
  g_autofree char *url = raw_server_dup_url (server, "http", "/v1");

  sc_profile_set (&profile->name, "Test");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->model, "m");
  sc_profile_set (&profile->key, CANARY_KEY);
  profile->retries = 0;
  profile->timeouts = (ScTimeouts) { 0 };
  return profile;
}

RunLog *
run_log_start (const ScProfile *profile)
{
  RunLog *self = g_new0 (RunLog, 1);
  g_autoptr (ScHttpClient) client = sc_http_client_new (profile);
  ScPrompt *prompt = sc_prompt_new (profile->model);

  self->lines = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->wait_ms = -1;
  prompt->stream = profile->stream;
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, "hello"));
  self->run = sc_run_start (profile, prompt, client, event_cb, self);
  sc_run_set_batch_func (self->run, batch_cb);
  g_assert_cmpuint (self->lines->len, ==, 0);
  return self;
}

void
run_log_free (RunLog *self)
{
  if (self == NULL)
    return;
  assert_no_key (self->lines->str);
  if (self->failure != NULL)
    {
      assert_no_key (self->failure->message);
      assert_no_key (self->failure->details);
      assert_no_key (self->failure->code);
      assert_no_key (self->failure->request_id);
    }
  g_clear_pointer (&self->run, sc_run_free);
  sc_failure_free (self->failure);
  g_string_free (self->lines, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self);
}

gboolean
run_log_has (RunLog     *self,
             const char *words)
{
  return strstr (self->lines->str, words) != NULL;
}

guint
run_log_count (RunLog     *self,
               const char *words)
{
  guint n = 0;

  for (const char *p = self->lines->str; (p = strstr (p, words)) != NULL; p += strlen (words))
    n++;
  return n;
}

static gboolean
has_words (gpointer data)
{
  Wait *wait = data;

  return run_log_has (wait->log, wait->words);
}

void
run_log_wait_for (RunLog     *self,
                  const char *words)
{
  Wait wait = { self, words };

  wait_until (has_words, &wait);
}

static gboolean
has_ended (gpointer data)
{
  return ((RunLog *) data)->n_ends > 0;
}

void
run_log_wait_end (RunLog *self)
{
  wait_until (has_ended, self);
  g_assert_cmpuint (self->n_ends, ==, 1);
}

void
run_log_assert_failed (RunLog  *self,
                       ScError  kind)
{
  g_assert_cmpuint (self->n_ends, ==, 1);
  g_assert_nonnull (self->failure);
  g_assert_cmpstr (sc_error_to_nick (self->failure->kind), ==, sc_error_to_nick (kind));
}
