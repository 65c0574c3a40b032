/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-run-report.h. Pure: times and bytes are given to it. */

#include "config.h"

#include "sc-run-report-private.h"

#include "sc-json.h"
#include "sc-redact.h"

#include <string.h>

#define MAX_HEADERS      40
#define MAX_VALUE_CHARS  300
/* Details of a failure can be a whole page of the service. */
#define MAX_DETAILS      (4 * 1024)
#define MAX_TRIES        100

/* Headers worth showing, by the start of their lower-case names. A list of what may be shown: a
 * list of what may not would miss the next cookie. */
static const char *const shown_headers[] = {
  "anthropic-fast-",   "anthropic-priority-", "anthropic-ratelimit-", "apim-request-id",
  "cf-ray",            "content-encoding",    "content-type",         "date",
  "openai-model",      "openai-processing-ms", "openai-version",      "ratelimit",
  "request-id",        "retry-after",         "server",               "via",
  "x-amzn-requestid",  "x-compute-",          "x-envoy-upstream-service-time",
  "x-generation-id",   "x-goog-request-id",   "x-inference-",         "x-ms-region",
  "x-ms-request-id",   "x-ratelimit-",        "x-request-id",         "x-should-retry",
  "x-total-tokens",
};

static void
run_try_free (gpointer data)
{
  ScRunTry *run_try = data;

  sc_failure_free (run_try->failure);
  g_free (run_try);
}

static void
forget_connection (ScRunReport *self)
{
  self->dns_ms = -1;
  self->connect_ms = -1;
  self->tls_ms = -1;
  self->sent_ms = -1;
}

ScRunReport *
sc_run_report_new (const char *protocol)
{
  ScRunReport *self = g_new0 (ScRunReport, 1);

  g_ref_count_init (&self->ref_count);
  self->protocol = g_strdup (protocol);
  self->headers = g_ptr_array_new_with_free_func (g_free);
  self->tries = g_ptr_array_new_with_free_func (run_try_free);
  self->n_parts = 1;
  forget_connection (self);
  return self;
}

ScRunReport *
sc_run_report_ref (ScRunReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->ref_count);
  return self;
}

void
sc_run_report_unref (ScRunReport *self)
{
  if (self == NULL || !g_ref_count_dec (&self->ref_count))
    return;
  g_free (self->protocol);
  g_free (self->endpoint);
  g_free (self->request_id);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->tries);
  sc_response_body_free (self->body);
  g_free (self);
}

void
sc_run_report_begin_try (ScRunReport *self,
                         const char  *endpoint,
                         const char  *key)
{
  g_return_if_fail (self != NULL);

  g_free (self->endpoint);
  self->endpoint = g_strdup (endpoint);
  self->status = 0;
  g_clear_pointer (&self->request_id, g_free);
  g_ptr_array_set_size (self->headers, 0);
  if (self->n_parts > 1 && self->body != NULL)
    sc_response_body_append (self->body, "\n\n", 2);
  else
    {
      sc_response_body_free (self->body);
      self->body = sc_response_body_new (key);
    }
  forget_connection (self);
}

void
sc_run_report_fail_try (ScRunReport     *self,
                        const ScFailure *failure,
                        gint64           took_ms,
                        gint64           wait_ms)
{
  ScRunTry *run_try;

  g_return_if_fail (self != NULL && failure != NULL);

  if (self->tries->len >= MAX_TRIES)
    return;
  run_try = g_new0 (ScRunTry, 1);
  run_try->failure = sc_failure_copy (failure);
  if (run_try->failure->details != NULL && strlen (run_try->failure->details) > MAX_DETAILS)
    {
      g_autofree char *start = g_strndup (run_try->failure->details, MAX_DETAILS);

      g_free (run_try->failure->details);
      run_try->failure->details = g_utf8_make_valid (start, -1);
    }
  run_try->took_ms = took_ms;
  run_try->wait_ms = wait_ms;
  g_ptr_array_add (self->tries, run_try);
}

static gint64
to_ms (gint64 from_us,
       gint64 to_us)
{
  return from_us > 0 && to_us >= from_us ? (to_us - from_us) / 1000 : -1;
}

void
sc_run_report_take_timings (ScRunReport         *self,
                            const ScHttpTimings *timings)
{
  g_return_if_fail (self != NULL && timings != NULL);

  self->dns_ms = to_ms (timings->dns_start_us, timings->dns_end_us);
  self->connect_ms = to_ms (timings->connect_start_us, timings->connect_end_us);
  self->tls_ms = to_ms (timings->tls_start_us, timings->tls_end_us);
  self->sent_ms = to_ms (timings->connected_us, timings->sent_us);
}

static gboolean
is_shown (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (shown_headers); i++)
    if (g_str_has_prefix (lower, shown_headers[i]))
      return TRUE;
  return FALSE;
}

static char *
dup_short (const char *text)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_VALUE_CHARS)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, MAX_VALUE_CHARS);
  return g_strconcat (start, "…", NULL);
}

void
sc_run_report_take_headers (ScRunReport *self,
                            GPtrArray   *headers,
                            const char  *key)
{
  g_return_if_fail (self != NULL && headers != NULL);

  g_ptr_array_set_size (self->headers, 0);
  for (guint i = 0; i < headers->len && self->headers->len < MAX_HEADERS; i++)
    {
      const ScHttpHeader *header = g_ptr_array_index (headers, i);
      g_autofree char *clean = NULL;
      g_autofree char *value = NULL;

      if (!is_shown (header->name))
        continue;
      /* First: nobody finds the few characters of a key that a cut leaves. */
      clean = sc_redact_text (header->value, key);
      value = dup_short (clean);
      g_ptr_array_add (self->headers, g_strdup_printf ("%s: %s", header->name, value));
    }
}

static JsonObject *
try_to_json (const ScRunTry *run_try)
{
  JsonObject *object = json_object_new ();
  const ScFailure *failure = run_try->failure;

  sc_json_set_string (object, "kind", sc_error_to_nick (failure->kind));
  sc_json_set_string (object, "message", failure->message);
  if (failure->status > 0)
    json_object_set_int_member (object, "status", failure->status);
  sc_json_set_string (object, "code", failure->code);
  sc_json_set_string (object, "request_id", failure->request_id);
  sc_json_set_known_int (object, "took_ms", run_try->took_ms);
  sc_json_set_known_int (object, "wait_ms", run_try->wait_ms);
  return object;
}

JsonObject *
sc_run_report_to_json (const ScRunReport *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *array;

  g_return_val_if_fail (self != NULL, object);

  sc_json_set_string (object, "protocol", self->protocol);
  sc_json_set_string (object, "endpoint", self->endpoint);
  if (self->status > 0)
    json_object_set_int_member (object, "status", self->status);
  sc_json_set_string (object, "request_id", self->request_id);
  if (self->n_parts > 1)
    json_object_set_int_member (object, "parts", self->n_parts);
  sc_json_set_known_int (object, "dns_ms", self->dns_ms);
  sc_json_set_known_int (object, "connect_ms", self->connect_ms);
  sc_json_set_known_int (object, "tls_ms", self->tls_ms);
  sc_json_set_known_int (object, "sent_ms", self->sent_ms);
  if (self->headers->len > 0)
    {
      array = json_array_new ();
      for (guint i = 0; i < self->headers->len; i++)
        json_array_add_string_element (array, g_ptr_array_index (self->headers, i));
      json_object_set_array_member (object, "headers", array);
    }
  if (self->tries->len > 0)
    {
      array = json_array_new ();
      for (guint i = 0; i < self->tries->len; i++)
        json_array_add_object_element (array, try_to_json (g_ptr_array_index (self->tries, i)));
      json_object_set_array_member (object, "tries", array);
    }
  return object;
}

static void
read_try (ScRunReport *self,
          JsonObject  *object)
{
  g_autoptr (ScFailure) failure = NULL;

  if (object == NULL)
    return;
  failure =
    sc_failure_new (sc_error_from_nick (sc_json_get_string (object, "kind"), SC_ERROR_SERVER),
                    sc_json_get_string (object, "message"));
  failure->status = (int) sc_json_get_int_or (object, "status", 0);
  failure->code = g_strdup (sc_json_get_string (object, "code"));
  failure->request_id = g_strdup (sc_json_get_string (object, "request_id"));
  sc_run_report_fail_try (self, failure, sc_json_get_int_or (object, "took_ms", -1),
                          sc_json_get_int_or (object, "wait_ms", -1));
}

ScRunReport *
sc_run_report_new_from_json (JsonObject *object)
{
  ScRunReport *self;
  JsonArray *headers = sc_json_get_array (object, "headers");
  JsonArray *tries = sc_json_get_array (object, "tries");
  guint n = headers != NULL ? MIN (json_array_get_length (headers), MAX_HEADERS) : 0;

  if (object == NULL)
    return NULL;
  self = sc_run_report_new (sc_json_get_string (object, "protocol"));
  self->endpoint = g_strdup (sc_json_get_string (object, "endpoint"));
  self->status = (int) sc_json_get_int_or (object, "status", 0);
  self->request_id = g_strdup (sc_json_get_string (object, "request_id"));
  self->n_parts = (guint) CLAMP (sc_json_get_int_or (object, "parts", 1), 1, G_MAXINT);
  self->dns_ms = sc_json_get_int_or (object, "dns_ms", -1);
  self->connect_ms = sc_json_get_int_or (object, "connect_ms", -1);
  self->tls_ms = sc_json_get_int_or (object, "tls_ms", -1);
  self->sent_ms = sc_json_get_int_or (object, "sent_ms", -1);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (headers, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (self->headers, g_strdup (json_node_get_string (node)));
    }
  n = tries != NULL ? json_array_get_length (tries) : 0;
  for (guint i = 0; i < n; i++)
    read_try (self, sc_json_get_element_object (tries, i));
  return self;
}
