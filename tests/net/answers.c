/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "answers.h"

#define WAIT_S 60

static void
headers_cb (ScHttpExchange *exchange,
            gpointer        user_data)
{
  Answer *self = user_data;

  g_assert_true (exchange == self->exchange);
  g_assert_cmpuint (self->n_headers++, ==, 0);
  g_assert_cmpuint (self->n_bytes, ==, 0);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_cmpint (sc_http_exchange_get_status (exchange), >, 0);
  if (self->cancel_in == 'h')
    g_cancellable_cancel (self->cancellable);
}

static void
bytes_cb (ScHttpExchange *exchange,
          const char     *bytes,
          gsize           length,
          gint64          read_us,
          gpointer        user_data)
{
  Answer *self = user_data;

  g_assert_true (exchange == self->exchange);
  g_assert_cmpuint (self->n_headers, ==, 1);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_false (g_cancellable_is_cancelled (self->cancellable));
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, <=, 64 * 1024);
  g_assert_cmpint (read_us, >=, sc_http_exchange_get_timings (exchange)->first_byte_us);
  self->n_bytes++;
  g_string_append_len (self->body, bytes, (gssize) length);
  if (self->cancel_in == 'b')
    g_cancellable_cancel (self->cancellable);
  if (self->pauses)
    sc_http_exchange_pause (exchange);
}

static void
done_cb (ScHttpExchange *exchange,
         const GError   *error,
         gpointer        user_data)
{
  Answer *self = user_data;

  g_assert_true (exchange == self->exchange);
  g_assert_cmpuint (self->n_done++, ==, 0);
  g_assert_nonnull (g_main_current_source ());
  g_assert_cmpint (sc_http_exchange_get_timings (exchange)->end_us, >=,
                   sc_http_exchange_get_timings (exchange)->start_us);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

Answer *
answer_new (const ScProfile *profile)
{
  Answer *self = g_new0 (Answer, 1);

  self->client = sc_http_client_new (profile);
  self->cancellable = g_cancellable_new ();
  self->body = g_string_new (NULL);
  return self;
}

void
answer_start (Answer           *self,
              ScHttpRequest    *request,
              const ScTimeouts *timeouts)
{
  static const ScHttpHandler handler = { headers_cb, bytes_cb, done_cb };

  g_clear_pointer (&self->exchange, sc_http_exchange_free);
  g_clear_error (&self->error);
  g_string_truncate (self->body, 0);
  self->n_headers = self->n_bytes = self->n_done = 0;
  self->exchange =
      sc_http_exchange_start (self->client, request, timeouts, self->cancellable, &handler, self);
  g_assert_nonnull (self->exchange);
  /* Nothing is reported before start returned. */
  g_assert_cmpuint (self->n_headers + self->n_bytes + self->n_done, ==, 0);
  sc_http_request_free (request);
}

static gboolean
time_over_cb (gpointer user_data)
{
  g_error ("waited %d s in vain", WAIT_S);
  return G_SOURCE_REMOVE;
}

void
answer_run_pending (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
answer_wait_done (Answer *self)
{
  guint id = g_timeout_add_seconds (WAIT_S, time_over_cb, NULL);

  while (self->n_done == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  answer_run_pending ();
  g_assert_cmpuint (self->n_done, ==, 1);
}

void
answer_wait_bytes (Answer *self,
                   gsize   n_bytes)
{
  guint id = g_timeout_add_seconds (WAIT_S, time_over_cb, NULL);

  while (self->body->len < n_bytes)
    {
      g_assert_cmpuint (self->n_done, ==, 0);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (id);
}

void
answer_free (Answer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->exchange, sc_http_exchange_free);
  sc_http_client_unref (self->client);
  g_object_unref (self->cancellable);
  g_string_free (self->body, TRUE);
  g_clear_error (&self->error);
  g_free (self);
  answer_run_pending ();
}

guint
answer_count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
