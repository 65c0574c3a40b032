/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-vertex-token.h. The tokens of this process by the key file they were made from; a key file
 * itself is not kept, only its digest. */

#include "config.h"

#include "sc-vertex-token.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-response-failure.h"
#include "sc-vertex-key.h"
#include "sc-vertex-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* A token is renewed so long before its end: the longest answer begins with it. */
#define RESERVE_SECONDS (5 * 60)

/* What a token server that does not say it is taken to mean. */
#define DEFAULT_LIFETIME_SECONDS 3600

/* No service gives more than a day. */
#define MAX_LIFETIME_SECONDS (24 * 3600)

#define MAX_ANSWER_BYTES (64u * 1024)

/* Shorter than for an answer: a token is given or it is not. */
#define TIMEOUT_MS (30 * 1000)

typedef struct
{
  char   *token;
  gint64  end;
} Held;

typedef struct
{
  ScVertexKey  *key;
  char         *digest;
  ScHttpClient *client;
} TokenData;

static GHashTable *held_tokens;

static void
free_secret (gpointer data)
{
  char *secret = data;

  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
held_free (gpointer data)
{
  Held *held = data;

  free_secret (held->token);
  g_free (held);
}

static void
token_data_free (gpointer user_data)
{
  TokenData *data = user_data;

  sc_vertex_key_free (data->key);
  g_free (data->digest);
  sc_http_client_unref (data->client);
  g_free (data);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static const char *
look_up (const char *digest)
{
  Held *held = held_tokens != NULL ? g_hash_table_lookup (held_tokens, digest) : NULL;

  return held != NULL && held->end - RESERVE_SECONDS > get_now () ? held->token : NULL;
}

static void
hold (const char *digest,
      const char *token,
      gint64      lifetime)
{
  Held *held = g_new0 (Held, 1);

  if (held_tokens == NULL)
    held_tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, held_free);
  held->token = g_strdup (token);
  held->end = get_now () + lifetime;
  g_hash_table_replace (held_tokens, g_strdup (digest), held);
}

/* A certificate that was pinned is the model server's; that of the token server is another one. */
static ScHttpClient *
create_client (const ScProfile   *profile,
               const ScVertexKey *key)
{
  g_autoptr (ScProfile) network = sc_profile_copy (profile);
  g_autoptr (GUri) uri = g_uri_parse (key->token_uri, G_URI_FLAGS_NONE, NULL);

  sc_profile_set (&network->key, NULL);
  if (!sc_base_url_is_host (profile->base_url, g_uri_get_host (uri)))
    sc_profile_set (&network->pinned_fingerprint, NULL);
  return sc_http_client_new (network);
}

static ScHttpRequest *
create_request (const ScVertexKey  *key,
                GError            **error)
{
  char *form = sc_vertex_key_build_form (key, get_now (), error);
  ScHttpRequest *request;

  if (form == NULL)
    return NULL;
  request = sc_http_request_new ("POST", key->token_uri);
  sc_http_request_set_header (request, "Content-Type", "application/x-www-form-urlencoded");
  sc_http_request_set_header (request, "Accept", "application/json");
  request->body = g_bytes_new_with_free_func (form, strlen (form), free_secret, form);
  return request;
}

/* Words for an answer that is no token. Whatever the server says about the key file, it is the key
 * file that was not accepted. */
static GError *
describe_refusal (TokenData *data,
                  int        status,
                  GBytes    *body)
{
  ScResponseFacts facts = { .status = status, .key = sc_vertex_key_get_secret (data->key) };
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autoptr (ScFailure) failure = NULL;

  if (status >= 200 && status < 300)
    failure = sc_response_failure_new_for_page (&facts, bytes, length);
  else
    failure = sc_response_failure_new (&facts, bytes, length);
  if (status != 400 && status != 401 && status != 403)
    return g_error_new (SC_ERROR, (int) failure->kind,
                        /* Translators: %s says what went wrong. */
                        _("No access token was given: %s"), failure->message);
  return g_error_new (SC_ERROR, SC_ERROR_AUTH,
                      /* Translators: %s is what the service said. */
                      _("The key file was not accepted: %s"), failure->message);
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  TokenData *data = g_task_get_task_data (task);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonObject) object = NULL;
  GError *error = NULL;
  const char *token;
  gint64 lifetime = DEFAULT_LIFETIME_SECONDS;
  int status = 0;

  body = sc_http_fetch_finish (result, &status, NULL, &error);
  if (body == NULL)
    {
      if (g_error_matches (error, SC_ERROR, SC_ERROR_INTERRUPTED))
        error->code = SC_ERROR_NETWORK;
      g_task_return_error (task, error);
      return;
    }
  if (status >= 200 && status < 300 && g_bytes_get_size (body) > 0)
    object = sc_json_parse_object (g_bytes_get_data (body, NULL),
                                   (gssize) g_bytes_get_size (body), NULL);
  token = sc_json_get_string (object, "access_token");
  if (token == NULL || *token == '\0')
    {
      g_task_return_error (task, describe_refusal (data, status, body));
      return;
    }
  sc_json_get_int (object, "expires_in", &lifetime);
  hold (data->digest, token, CLAMP (lifetime, 0, MAX_LIFETIME_SECONDS));
  g_task_return_pointer (task, g_strdup (token), free_secret);
}

static guint
limit_wait (guint wait_ms)
{
  return wait_ms == 0 || wait_ms > TIMEOUT_MS ? TIMEOUT_MS : wait_ms;
}

gboolean
sc_vertex_token_is_needed (const ScProfile *profile)
{
  g_return_val_if_fail (profile != NULL, FALSE);

  return g_strcmp0 (profile->protocol, "vertex") == 0 && sc_vertex_is_key_file (profile->key);
}

void
sc_vertex_token_async (const ScProfile     *profile,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ScHttpRequest) request = NULL;
  ScTimeouts timeouts;
  TokenData *data;
  GError *error = NULL;

  g_return_if_fail (profile != NULL && profile->key != NULL);

  g_task_set_source_tag (task, sc_vertex_token_async);
  data = g_new0 (TokenData, 1);
  g_task_set_task_data (task, data, token_data_free);
  data->digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, profile->key, -1);
  if (look_up (data->digest) != NULL)
    {
      g_task_return_pointer (task, g_strdup (look_up (data->digest)), free_secret);
      return;
    }
  data->key = sc_vertex_key_parse (profile->key, &error);
  if (data->key != NULL)
    request = create_request (data->key, &error);
  if (request == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  data->client = create_client (profile, data->key);
  timeouts = profile->timeouts;
  timeouts.first_byte_ms = limit_wait (timeouts.first_byte_ms);
  timeouts.idle_ms = limit_wait (timeouts.idle_ms);
  sc_http_fetch_async (data->client, request, &timeouts, MAX_ANSWER_BYTES, cancellable,
                       fetched_cb, g_steal_pointer (&task));
}

char *
sc_vertex_token_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_vertex_token_apply (ScProfile  *profile,
                       const char *token)
{
  g_autoptr (ScVertexKey) key = NULL;
  g_autofree char *url = NULL;

  g_return_if_fail (profile != NULL && token != NULL);

  if (sc_vertex_is_key_file (profile->key))
    key = sc_vertex_key_parse (profile->key, NULL);
  url = sc_vertex_complete_url (profile->base_url, key != NULL ? key->project : NULL);
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->key, token);
}

static gboolean
is_token (gpointer key,
          gpointer value,
          gpointer user_data)
{
  const Held *held = value;

  return strcmp (held->token, user_data) == 0;
}

gboolean
sc_vertex_token_forget (const char *token)
{
  /* What was forgotten already, by another answer that was under way, is ours all the same. */
  static GHashTable *forgotten;
  g_autofree char *digest = NULL;

  if (held_tokens == NULL || token == NULL)
    return FALSE;
  if (forgotten == NULL)
    forgotten = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  if (g_hash_table_foreach_remove (held_tokens, is_token, (gpointer) token) > 0)
    g_hash_table_add (forgotten, g_strdup (digest));
  return g_hash_table_contains (forgotten, digest);
}
