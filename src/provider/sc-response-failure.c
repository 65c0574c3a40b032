/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From an error body to a failure. What kind it is follows from the service's own code where that
 * is known, then from the status, then from its words: vendors agree on nothing else. Knows no
 * protocol. */

#include "config.h"

#include "sc-response-failure.h"
#include "sc-error-words.h"
#include "sc-json.h"
#include "sc-redact.h"
#include "sc-response-text.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_DETAILS_BYTES (64u * 1024)
#define MAX_MESSAGE_CHARS 2000
#define MAX_PLAIN_CHARS 500
#define MAX_ID_CHARS 120

#define BOM "\xEF\xBB\xBF"

/* A wait that no service means: a year. */
#define MAX_WAIT_MS (365.0 * 24 * 3600 * 1000)

static const char *const header_names[] = {
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
  "location",
  "x-request-id",
  "request-id",
  "apim-request-id",
  "x-generation-id",
  "x-ms-request-id",
  "x-amzn-requestid",
  "x-goog-request-id",
  "cf-ray",
  NULL,
};

/* The first of these that came names the request. */
static const char *const request_id_names[] = {
  "x-request-id",    "request-id",       "apim-request-id",   "x-generation-id",
  "x-ms-request-id", "x-amzn-requestid", "x-goog-request-id", "cf-ray",
};

const char * const *
sc_response_failure_get_header_names (void)
{
  return header_names;
}

static const char *
get_header (const ScResponseFacts *facts,
            const char            *name)
{
  return facts->headers != NULL ? g_hash_table_lookup (facts->headers, name) : NULL;
}

/* What the service said, found in an object of any shape. All borrowed. */
typedef struct
{
  const char *message;
  JsonObject *source;
  JsonObject *outer;
} Found;

/* FastAPI and Mistral: `detail` is a text, an object or a list of complaints. */
static const char *
find_detail (JsonObject *root)
{
  JsonArray *array = sc_json_get_array (root, "detail");
  JsonObject *first =
    array != NULL ? sc_json_get_element_object (array, 0) : sc_json_get_object (root, "detail");
  const char *text = sc_json_get_string (root, "detail");

  if (text == NULL)
    text = sc_json_get_string (first, "msg");
  if (text == NULL)
    text = sc_json_get_string (first, "message");
  return text;
}

static const char *
find_own_message (JsonObject *object)
{
  static const char *const names[] = { "message",           "msg",   "error_message", "error_msg",
                                       "error_description", "title", "description" };
  const char *text;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *inner;

      text = sc_json_get_string (object, names[i]);
      if (text != NULL && *text != '\0')
        return text;
      inner = sc_json_get_object (object, names[i]);
      text = inner != NULL ? find_detail (inner) : NULL;
      if (text != NULL)
        return text;
    }
  return find_detail (object);
}

static void
find_in_errors (JsonObject *root,
                Found      *found)
{
  JsonArray *errors = sc_json_get_array (root, "errors");
  JsonObject *first = sc_json_get_element_object (errors, 0);

  if (first != NULL)
    {
      found->source = first;
      found->message = find_own_message (first);
    }
  else if (errors != NULL && json_array_get_length (errors) > 0)
    {
      JsonNode *node = json_array_get_element (errors, 0);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        found->message = json_node_get_string (node);
    }
}

static Found
find_words (JsonObject *root)
{
  Found found = { .source = root, .outer = root };
  JsonObject *groq = sc_json_get_object (root, "x_groq");
  JsonObject *error;

  if (groq != NULL && json_object_has_member (groq, "error") &&
      !json_object_has_member (root, "error"))
    root = groq;
  error = sc_json_get_object (root, "error");
  if (error != NULL)
    {
      found.source = error;
      found.message = find_own_message (error);
    }
  else
    found.message = sc_json_get_string (root, "error");
  if (found.message == NULL || *found.message == '\0')
    find_in_errors (root, &found);
  /* OAuth and a few proxies: `error` is a word, the sentence stands beside it. */
  if (error == NULL && (found.message == NULL || strchr (found.message, ' ') == NULL))
    {
      const char *beside = find_own_message (root);

      if (beside != NULL)
        found.message = beside;
    }
  if (found.message == NULL)
    found.message = sc_json_get_string (error, "type");
  return found;
}

/* OpenRouter wraps what the provider behind it said in `metadata.raw`; its own words say nothing
 * then. */
static char *
dup_inner_message (JsonObject *error)
{
  JsonObject *metadata = sc_json_get_object (error, "metadata");
  const char *raw = sc_json_get_string (metadata, "raw");
  const char *provider = sc_json_get_string (metadata, "provider_name");
  g_autoptr (JsonObject) inner = NULL;
  const char *text;

  if (raw == NULL || *raw == '\0')
    return NULL;
  inner = sc_json_parse_object (raw, -1, NULL);
  text = inner != NULL ? find_words (inner).message : raw;
  if (text == NULL || *text == '\0')
    return NULL;
  return provider != NULL ? g_strdup_printf ("%s: %s", provider, text) : g_strdup (text);
}

static char *
dup_first_scalar (JsonObject         *object,
                  const char * const *names)
{
  for (; *names != NULL; names++)
    {
      char *text = sc_json_dup_scalar (object, *names);

      if (text != NULL && *text != '\0')
        return text;
      g_free (text);
    }
  return NULL;
}

static int
read_status_like (JsonObject *object)
{
  static const char *const names[] = { "code", "status", "http_status_code", "status_code",
                                       "statusCode" };
  gint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = sc_json_dup_scalar (object, names[i]);

      value = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
      if (value >= 400 && value <= 599)
        return (int) value;
    }
  return 0;
}

/* google.rpc.QuotaFailure: `"violations":[{"quotaId":"GenerateRequestsPerDayPerProject…"}]`: that one is used up until
 * tomorrow, whatever wait is named beside it. */
static gboolean
is_daily_quota (JsonObject *error)
{
  JsonArray *details = sc_json_get_array (error, "details");
  guint n = details != NULL ? json_array_get_length (details) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonArray *violations = sc_json_get_array (sc_json_get_element_object (details, i), "violations");
      guint n_violations = violations != NULL ? json_array_get_length (violations) : 0;

      for (guint j = 0; j < n_violations; j++)
        {
          const char *id = sc_json_get_string (sc_json_get_element_object (violations, j), "quotaId");

          if (id != NULL && strstr (id, "PerDay") != NULL)
            return TRUE;
        }
    }
  return FALSE;
}

/* google.rpc.RetryInfo: `"retryDelay":"12.5s"`; google.rpc.ErrorInfo:
 * `"reason":"API_KEY_INVALID"`. */
static void
read_google_details (JsonObject *error,
                     ScFailure  *failure,
                     char      **reason)
{
  JsonArray *details = sc_json_get_array (error, "details");
  guint n = details != NULL ? json_array_get_length (details) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = sc_json_get_element_object (details, i);
      const char *delay = sc_json_get_string (item, "retryDelay");
      const char *word = sc_json_get_string (item, "reason");

      if (delay != NULL)
        failure->retry_after_ms =
          (gint64) CLAMP (g_ascii_strtod (delay, NULL) * 1000, 0.0, MAX_WAIT_MS);
      if (word != NULL && *reason == NULL)
        *reason = g_strdup (word);
    }
}

static void
set_message (ScFailure  *failure,
             const char *text)
{
  const char *start = text != NULL ? sc_response_text_skip_space (text) : "";
  g_autofree char *tidy = NULL;

  if (*start == '<')
    tidy = sc_response_text_dup_page_message (start);
  else
    tidy = sc_response_text_dup_tidy (start, -1, MAX_MESSAGE_CHARS);
  if (*tidy == '\0')
    return;
  g_free (failure->message);
  failure->message = g_steal_pointer (&tidy);
}

/* Google, vLLM and llama.cpp repeat the HTTP status as a number and say what is meant in a word
 * beside it. The status has a place of its own in a failure: who reads or matches the code wants the
 * word. A number that is no status, as Mistral's, and one without a word stay. */
static gboolean
is_status (const char *text)
{
  char *end;
  gint64 value = g_ascii_strtoll (text, &end, 10);

  return *end == '\0' && value >= 400 && value <= 599;
}

static gboolean
is_word (const char *type)
{
  return type != NULL && strcmp (type, "error") != 0 && !is_status (type);
}

static ScFailure *
create_from_object (JsonObject *root,
                    int         status)
{
  static const char *const code_names[] = { "code", "error_code", "status", NULL };
  static const char *const type_names[] = { "type", "error_type", "status", NULL };
  Found found = find_words (root);
  g_autofree char *code = dup_first_scalar (found.source, code_names);
  g_autofree char *type = dup_first_scalar (found.source, type_names);
  g_autofree char *inner = dup_inner_message (found.source);
  g_autofree char *reason = NULL;
  g_autofree char *extra = NULL;
  JsonObject *details = sc_json_get_object (found.source, "details");
  JsonObject *innererror = sc_json_get_object (found.source, "innererror");
  ScFailure *failure;

  if (code == NULL)
    code = dup_first_scalar (root, code_names);
  if (type == NULL || strcmp (type, "error") == 0)
    {
      g_free (type);
      type = dup_first_scalar (root, type_names);
    }
  if (status < 400)
    status = read_status_like (found.source);
  if (status < 400)
    status = read_status_like (root);
  failure = sc_failure_new (SC_ERROR_SERVER, NULL);
  failure->status = status;
  read_google_details (found.source, failure, &reason);
  extra = details != NULL ? sc_json_dup_scalar (details, "error_code") : NULL;
  if (extra == NULL)
    extra = innererror != NULL ? sc_json_dup_scalar (innererror, "code") : NULL;
  if (extra == NULL)
    extra = g_steal_pointer (&reason);
  set_message (failure, inner != NULL ? inner : found.message);
  failure->kind = sc_error_words_classify (status, extra, code, type, found.message);
  /* Gemini names no time to wait where a day's quota is used up; OpenRouter's moderation has
   * nothing to do with keys. */
  if (failure->kind == SC_ERROR_RATE_LIMIT &&
      (is_daily_quota (found.source) ||
       (failure->retry_after_ms < 0 && g_strcmp0 (type, "RESOURCE_EXHAUSTED") == 0 &&
        found.message != NULL && strstr (found.message, "quota") != NULL)))
    failure->kind = SC_ERROR_QUOTA;
  if (status == 403 &&
      sc_json_get_array (sc_json_get_object (found.source, "metadata"), "reasons") != NULL)
    failure->kind = SC_ERROR_INVALID_REQUEST;
  if (found.message == NULL && inner == NULL)
    set_message (failure, sc_error_to_sentence (failure->kind));
  if (code == NULL || (is_status (code) && is_word (type)))
    failure->code = g_steal_pointer (&type);
  else
    failure->code = g_steal_pointer (&code);
  failure->request_id = sc_json_dup_scalar (root, "request_id");
  return failure;
}

static gboolean
is_truthy (JsonObject *object,
           const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;
  GType type;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return TRUE;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return *json_node_get_string (node) != '\0';
  if (type == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  return json_node_get_double (node) != 0.0;
}

/* The shapes that have no `error` member; none of them can be part of an answer. */
static gboolean
is_flat_error (JsonObject *root)
{
  const char *object = sc_json_get_string (root, "object");
  const char *type = sc_json_get_string (root, "type");

  if (g_strcmp0 (object, "error") == 0 || g_strcmp0 (type, "error") == 0)
    return TRUE;
  if (json_object_has_member (root, "choices") || json_object_has_member (root, "id") ||
      object != NULL || type != NULL)
    return FALSE;
  return find_detail (root) != NULL || is_truthy (root, "errors") ||
         (sc_json_get_string (root, "message") != NULL && !json_object_has_member (root, "model"));
}

ScFailure *
sc_response_failure_find (JsonObject *root)
{
  if (root == NULL)
    return NULL;
  if (!is_truthy (root, "error") && !is_truthy (sc_json_get_object (root, "x_groq"), "error") &&
      !is_flat_error (root))
    return NULL;
  return create_from_object (root, 0);
}

ScFailure *
sc_response_failure_new_from_value (JsonObject *root)
{
  g_return_val_if_fail (root != NULL, NULL);

  return create_from_object (root, 0);
}

static char *
dup_details (const char *body,
             gsize       length)
{
  g_autofree char *start = g_strndup (body, MIN (length, MAX_DETAILS_BYTES));
  char *valid = g_utf8_make_valid (start, -1);
  const char *end;

  /* Replacing bytes may have made it longer. */
  if (strlen (valid) > MAX_DETAILS_BYTES && !g_utf8_validate_len (valid, MAX_DETAILS_BYTES, &end))
    valid[end - valid] = '\0';
  else if (strlen (valid) > MAX_DETAILS_BYTES)
    valid[MAX_DETAILS_BYTES] = '\0';
  return valid;
}

/* The JSON of a body: the whole of it, its first element, or what an event stream carries. */
static JsonObject *
parse_body (const char *start)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *payload = NULL;

  if (*start != '{' && *start != '[')
    {
      const char *data = g_str_has_prefix (start, "data:") ? start : strstr (start, "\ndata:");

      if (data == NULL ||
          (!g_str_has_prefix (start, "data:") && !g_str_has_prefix (start, "event:")))
        return NULL;
      data = strchr (data, ':') + 1;
      payload = g_strndup (data, strcspn (data, "\r\n"));
      start = payload;
    }
  node = sc_json_parse (start, -1, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_object_ref (json_node_get_object (node));
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonObject *first = sc_json_get_element_object (json_node_get_array (node), 0);

      return first != NULL ? json_object_ref (first) : NULL;
    }
  return NULL;
}

/* No redirect is followed with a key; where it would have gone is told instead. */
static ScFailure *
create_redirect (const ScResponseFacts *facts)
{
  g_autofree char *location = sc_redact_url (get_header (facts, "location"));
  g_autofree char *message = NULL;
  ScFailure *failure;

  if (location != NULL && *location != '\0')
    {
      g_autofree char *tidy = sc_response_text_dup_tidy (location, -1, MAX_PLAIN_CHARS);

      message = g_strdup_printf (_("The server is now at %s. Put this address into Preferences if "
                                   "you trust it."), tidy);
    }
  else
    message = g_strdup (_("The server points to another address without naming it."));
  failure = sc_failure_new (SC_ERROR_NOT_FOUND, message);
  failure->status = facts->status;
  return failure;
}

/* What a body without an object says: its text, or that of a JSON string; `null`, `[]` and `0` say nothing. */
static char *
dup_words (const char *start)
{
  g_autoptr (JsonNode) node = sc_json_parse (start, -1, NULL);

  if (node == NULL)
    return sc_response_text_dup_tidy (start, -1, MAX_PLAIN_CHARS);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return sc_response_text_dup_tidy (json_node_get_string (node), -1, MAX_PLAIN_CHARS);
  return g_strdup ("");
}

static ScFailure *
create_from_text (const ScResponseFacts *facts,
                  const char            *start)
{
  ScFailure *failure = sc_failure_new (SC_ERROR_SERVER, NULL);
  gboolean is_page = *start == '<';

  failure->status = facts->status;
  failure->kind = sc_error_words_classify (facts->status, NULL, NULL, NULL, is_page ? NULL : start);
  /* A proxy or a portal that forbids says nothing about the key. */
  if (is_page && facts->status == 403)
    failure->kind = SC_ERROR_PROTOCOL;
  if (is_page)
    set_message (failure, start);
  else
    {
      g_autofree char *words = dup_words (start);

      set_message (failure, *words != '\0' ? words : sc_error_to_sentence (failure->kind));
    }
  return failure;
}

ScFailure *
sc_response_failure_new (const ScResponseFacts *facts,
                         const char            *body,
                         gsize                  length)
{
  g_autofree char *details = NULL;
  g_autoptr (JsonObject) root = NULL;
  const char *start;
  ScFailure *failure;

  g_return_val_if_fail (facts != NULL, NULL);

  details = dup_details (body != NULL ? body : "", body != NULL ? length : 0);
  start = sc_response_text_skip_space (g_str_has_prefix (details, BOM) ? details + strlen (BOM) : details);
  root = parse_body (start);
  if (facts->status >= 300 && facts->status < 400)
    failure = create_redirect (facts);
  else if (root != NULL)
    failure = create_from_object (root, facts->status);
  else
    failure = create_from_text (facts, start);
  failure->status = facts->status;
  if (*details != '\0')
    failure->details = g_steal_pointer (&details);
  sc_response_failure_complete (failure, facts);
  return failure;
}

ScFailure *
sc_response_failure_new_for_page (const ScResponseFacts *facts,
                                  const char            *body,
                                  gsize                  length)
{
  g_autofree char *details = NULL;
  g_autofree char *message = NULL;
  const char *start;
  ScFailure *failure;

  g_return_val_if_fail (facts != NULL, NULL);

  details = dup_details (body != NULL ? body : "", body != NULL ? length : 0);
  start = sc_response_text_skip_space (details);
  if (*start == '<')
    message = sc_response_text_dup_page_message (start);
  else
    {
      g_autofree char *tidy = sc_response_text_dup_tidy (start, -1, MAX_PLAIN_CHARS);

      /* Translators: %s is what the server sent. */
      message = g_strdup_printf (_("The server sent something that is not an answer: “%s”"), tidy);
    }
  failure = sc_failure_new (SC_ERROR_PROTOCOL, message);
  failure->status = facts->status;
  failure->details = g_steal_pointer (&details);
  sc_response_failure_complete (failure, facts);
  return failure;
}

/* RFC 9110 10.2.3: seconds or a date; services also send fractions of seconds, and milliseconds in
 * a header of their own. */
static gint64
read_retry_after (const ScResponseFacts *facts)
{
  const char *ms = get_header (facts, "retry-after-ms");
  const char *after = get_header (facts, "retry-after");
  g_autoptr (GDateTime) date = NULL;
  char *end = NULL;
  double value;

  if (ms != NULL)
    {
      value = g_ascii_strtod (ms, &end);
      if (end != ms && value >= 0)
        return (gint64) MIN (value, MAX_WAIT_MS);
    }
  if (after == NULL)
    return -1;
  value = g_ascii_strtod (after, &end);
  if (end != after && *sc_response_text_skip_space (end) == '\0')
    return value >= 0 ? (gint64) MIN (value * 1000, MAX_WAIT_MS) : -1;
  date = soup_date_time_new_from_http_string (after);
  if (date == NULL)
    return -1;
  value = (double) (g_date_time_to_unix (date) * 1000 - g_get_real_time () / 1000);
  return (gint64) CLAMP (value, 0.0, MAX_WAIT_MS);
}

static void
redact (char      **text,
        const char *key)
{
  char *clean = sc_redact_text (*text, key);

  g_free (*text);
  *text = clean;
}

char *
sc_response_failure_dup_request_id (const ScResponseFacts *facts)
{
  g_return_val_if_fail (facts != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (request_id_names); i++)
    {
      const char *id = get_header (facts, request_id_names[i]);
      g_autofree char *tidy = NULL;

      if (id == NULL || *id == '\0')
        continue;
      tidy = sc_response_text_dup_tidy (id, -1, MAX_ID_CHARS);
      return sc_redact_text (tidy, facts->key);
    }
  return NULL;
}

void
sc_response_failure_complete (ScFailure             *self,
                              const ScResponseFacts *facts)
{
  const char *should_retry;
  gint64 wait;

  g_return_if_fail (self != NULL && facts != NULL);

  wait = read_retry_after (facts);
  if (wait >= 0)
    self->retry_after_ms = wait;
  should_retry = get_header (facts, "x-should-retry");
  if (should_retry != NULL && g_ascii_strcasecmp (should_retry, "true") == 0)
    self->should_retry = 1;
  else if (should_retry != NULL && g_ascii_strcasecmp (should_retry, "false") == 0)
    self->should_retry = 0;
  if (self->request_id == NULL)
    self->request_id = sc_response_failure_dup_request_id (facts);
  redact (&self->message, facts->key);
  redact (&self->details, facts->key);
  redact (&self->code, facts->key);
  redact (&self->request_id, facts->key);
}
