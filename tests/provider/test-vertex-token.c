/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Access tokens from key files, against a token server on this computer that checks the signature:
 * what is sent, how long a token is held, and what is said where none is given. */

#include "config.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-vertex-token.h"

#include <gnutls/abstract.h>
#include <libsoup/soup.h>
#include <string.h>

#define CANARY "canary-0815"
#define KEY_BITS 2048

/* One key for all tests: making it takes a while. */
static gnutls_x509_privkey_t private_key;
static char *private_pem;

typedef struct
{
  SoupServer *server;
  char       *uri;
  guint       status;
  const char *type;
  char       *answer;
  char       *form;
  int         n_requests;
  int         n_refusals;
  guint       refusal;
  const char *expected;
  char       *token;
  GError     *error;
  gboolean    is_done;
} Fixture;

static void
make_private_key (void)
{
  gnutls_datum_t pem = { NULL, 0 };

  g_assert_cmpint (gnutls_x509_privkey_init (&private_key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (private_key, GNUTLS_PK_RSA, KEY_BITS, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (private_key, GNUTLS_X509_FMT_PEM, NULL,
                                                      GNUTLS_PKCS_PLAIN, &pem), ==, 0);
  private_pem = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
}

static void
set_answer (Fixture    *fixture,
            guint       status,
            const char *type,
            const char *answer)
{
  fixture->status = status;
  fixture->type = type;
  g_free (fixture->answer);
  fixture->answer = g_strdup (answer);
}

static void
send_list (Fixture           *fixture,
           SoupServerMessage *message)
{
  g_autofree char *bearer = NULL;
  static const char list[] =
    "{\"publisherModels\":[{\"name\":\"publishers/google/models/gemini-2.5-pro\"}]}";
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  bearer = g_strdup_printf ("Bearer %s", fixture->expected != NULL ? fixture->expected : "ya29.one");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Authorization"), ==, bearer);
  if (fixture->n_refusals > 0)
    {
      fixture->n_refusals--;
      fixture->expected = "ya29.two";
      set_answer (fixture, 200, "application/json",
                  "{\"access_token\":\"ya29.two\",\"expires_in\":3599}");
      soup_server_message_set_status (message, fixture->refusal, NULL);
      return;
    }
  g_assert_cmpstr (soup_message_headers_get_one (headers, "x-goog-user-project"), ==, "pays");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, list,
                                    strlen (list));
}

static void
requested_cb (SoupServer        *server,
              SoupServerMessage *message,
              const char        *path,
              GHashTable        *query,
              gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  fixture->n_requests++;
  if (strcmp (path, "/v1beta1/publishers/google/models") == 0)
    {
      send_list (fixture, message);
      return;
    }
  g_assert_cmpstr (path, ==, "/token");
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (soup_message_headers_get_content_type (headers, NULL), ==,
                   "application/x-www-form-urlencoded");
  g_assert_null (soup_message_headers_get_one (headers, "Authorization"));
  g_free (fixture->form);
  fixture->form = g_strndup (body->data, (gsize) body->length);
  soup_server_message_set_status (message, fixture->status, NULL);
  soup_server_message_set_response (message, fixture->type, SOUP_MEMORY_COPY, fixture->answer,
                                    strlen (fixture->answer));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, requested_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->uri = g_strdup_printf ("http://127.0.0.1:%d/token", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  set_answer (fixture, 200, "application/json",
              "{\"access_token\":\"ya29.one\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  sc_vertex_token_forget (fixture->token);
  g_free (fixture->token);
  g_clear_error (&fixture->error);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_free (fixture->uri);
  g_free (fixture->answer);
  g_free (fixture->form);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static char *
quote (const char *text)
{
  GString *out = g_string_new (NULL);

  sc_json_append_quoted (out, text, -1);
  return g_string_free (out, FALSE);
}

static char *
make_service_account (Fixture    *fixture,
                      const char *pem)
{
  g_autofree char *quoted = quote (pem);

  return g_strdup_printf ("{\n  \"type\": \"service_account\",\n  \"project_id\": \"my-project\",\n"
                          "  \"private_key_id\": \"key-1\",\n  \"private_key\": %s,\n"
                          "  \"client_email\": \"robot@my-project.example\",\n"
                          "  \"token_uri\": \"%s\"\n}\n", quoted, fixture->uri);
}

static char *
make_user (const char *uri)
{
  return g_strdup_printf ("{\"type\":\"authorized_user\",\"client_id\":\"id&1\",\"client_secret\":"
                          "\"s+" CANARY "\",\"refresh_token\":\"1//r " CANARY "\","
                          "\"quota_project_id\":\"pays\",\"token_uri\":\"%s\"}", uri);
}

static ScProfile *
create_profile (const char *key)
{
  ScProfile *profile = sc_profile_new (NULL);

  sc_profile_set (&profile->protocol, "vertex");
  sc_profile_set (&profile->base_url, "https://us-east5-aiplatform.googleapis.com");
  sc_profile_set (&profile->key, key);
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}

static void
token_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->token = sc_vertex_token_finish (result, &fixture->error);
  fixture->is_done = TRUE;
}

static void
start (Fixture      *fixture,
       const char   *key,
       GCancellable *cancellable)
{
  g_autoptr (ScProfile) profile = create_profile (key);

  g_clear_pointer (&fixture->token, g_free);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
  sc_vertex_token_async (profile, cancellable, token_cb, fixture);
}

static void
wait_for_token (Fixture *fixture)
{
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
fetch (Fixture    *fixture,
       const char *key)
{
  start (fixture, key, NULL);
  wait_for_token (fixture);
}

static guchar *
decode_base64url (const char *text,
                  gsize      *length)
{
  g_autoptr (GString) padded = g_string_new (text);

  g_string_replace (padded, "-", "+", 0);
  g_string_replace (padded, "_", "/", 0);
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  return g_base64_decode (padded->str, length);
}

static JsonObject *
decode_part (const char *text)
{
  gsize length;
  g_autofree char *json = (char *) decode_base64url (text, &length);
  g_autoptr (GError) error = NULL;
  JsonObject *object = sc_json_parse_object (json, (gssize) length, &error);

  g_assert_no_error (error);
  return object;
}

static void
assert_signature (char **parts)
{
  g_autofree char *text = g_strconcat (parts[0], ".", parts[1], NULL);
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };
  gsize length;
  g_autofree guchar *bytes = decode_base64url (parts[2], &length);
  gnutls_datum_t signature = { bytes, (unsigned int) length };
  gnutls_privkey_t abstract;
  gnutls_pubkey_t public_key;

  g_assert_cmpuint (length, ==, KEY_BITS / 8);
  g_assert_cmpint (gnutls_privkey_init (&abstract), ==, 0);
  g_assert_cmpint (gnutls_privkey_import_x509 (abstract, private_key, 0), ==, 0);
  g_assert_cmpint (gnutls_pubkey_init (&public_key), ==, 0);
  g_assert_cmpint (gnutls_pubkey_import_privkey (public_key, abstract, 0, 0), ==, 0);
  g_assert_cmpint (gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_RSA_SHA256, 0, &data,
                                               &signature), >=, 0);
  gnutls_pubkey_deinit (public_key);
  gnutls_privkey_deinit (abstract);
}

static void
test_service_account (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *key = make_service_account (fixture, private_pem);
  g_autoptr (GHashTable) form = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (JsonObject) header = NULL;
  g_autoptr (JsonObject) claims = NULL;
  gint64 issued = 0;
  gint64 expires = 0;

  fetch (fixture, key);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->token, ==, "ya29.one");
  form = soup_form_decode (fixture->form);
  g_assert_cmpuint (g_hash_table_size (form), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (form, "grant_type"), ==,
                   "urn:ietf:params:oauth:grant-type:jwt-bearer");
  parts = g_strsplit (g_hash_table_lookup (form, "assertion"), ".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  header = decode_part (parts[0]);
  claims = decode_part (parts[1]);
  g_assert_cmpstr (sc_json_get_string (header, "alg"), ==, "RS256");
  g_assert_cmpstr (sc_json_get_string (header, "kid"), ==, "key-1");
  g_assert_cmpstr (sc_json_get_string (claims, "iss"), ==, "robot@my-project.example");
  g_assert_cmpstr (sc_json_get_string (claims, "aud"), ==, fixture->uri);
  g_assert_cmpstr (sc_json_get_string (claims, "scope"), ==,
                   "https://www.googleapis.com/auth/cloud-platform");
  g_assert_true (sc_json_get_int (claims, "iat", &issued));
  g_assert_true (sc_json_get_int (claims, "exp", &expires));
  g_assert_cmpint (expires - issued, ==, 3600);
  assert_signature (parts);
}

static void
test_user (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);
  g_autoptr (GHashTable) form = NULL;

  fetch (fixture, key);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->token, ==, "ya29.one");
  form = soup_form_decode (fixture->form);
  g_assert_cmpuint (g_hash_table_size (form), ==, 4);
  g_assert_cmpstr (g_hash_table_lookup (form, "grant_type"), ==, "refresh_token");
  g_assert_cmpstr (g_hash_table_lookup (form, "client_id"), ==, "id&1");
  g_assert_cmpstr (g_hash_table_lookup (form, "client_secret"), ==, "s+" CANARY);
  g_assert_cmpstr (g_hash_table_lookup (form, "refresh_token"), ==, "1//r " CANARY);
}

/* Held until five minutes before its end, for its own key file, and until it is forgotten. */
static void
test_held (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);
  g_autofree char *other = g_strconcat (key, " ", NULL);

  fetch (fixture, key);
  set_answer (fixture, 200, "application/json", "{\"access_token\":\"ya29.two\"}");
  fetch (fixture, key);
  g_assert_cmpstr (fixture->token, ==, "ya29.one");
  g_assert_cmpint (fixture->n_requests, ==, 1);
  fetch (fixture, other);
  g_assert_cmpstr (fixture->token, ==, "ya29.two");
  g_assert_cmpint (fixture->n_requests, ==, 2);
  sc_vertex_token_forget ("ya29.unknown");
  sc_vertex_token_forget (NULL);
  fetch (fixture, key);
  g_assert_cmpint (fixture->n_requests, ==, 2);
  sc_vertex_token_forget ("ya29.one");
  fetch (fixture, key);
  g_assert_cmpstr (fixture->token, ==, "ya29.two");
  g_assert_cmpint (fixture->n_requests, ==, 3);
}

static void
test_short_lived (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char *const lifetimes[] = { "300", "0", "-5", "10.5" };
  g_autofree char *key = make_user (fixture->uri);

  for (guint i = 0; i < G_N_ELEMENTS (lifetimes); i++)
    {
      g_autofree char *answer = g_strdup_printf ("{\"access_token\":\"ya29.%u\",\"expires_in\":%s}",
                                                 i, lifetimes[i]);
      g_autofree char *token = g_strdup_printf ("ya29.%u", i);

      set_answer (fixture, 200, "application/json", answer);
      fetch (fixture, key);
      g_assert_cmpstr (fixture->token, ==, token);
      g_assert_cmpint (fixture->n_requests, ==, (int) i + 1);
    }
}

static const struct
{
  guint       status;
  const char *type;
  const char *answer;
  ScError     kind;
  const char *words;
} refusals[] = {
  { 400, "application/json",
    "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
    SC_ERROR_AUTH, "Token has been expired or revoked." },
  { 401, "application/json", "{\"error\":\"invalid_client\",\"error_description\":\"1//r " CANARY
    " is unknown\"}", SC_ERROR_AUTH, "is unknown" },
  { 403, "text/html", "<html><title>No</title></html>", SC_ERROR_AUTH, "not accepted" },
  { 429, "application/json", "{\"error\":\"rate_limit_exceeded\"}", SC_ERROR_RATE_LIMIT,
    "No access token" },
  { 503, "text/plain", "busy", SC_ERROR_OVERLOADED, "busy" },
  { 200, "application/json", "{}", SC_ERROR_PROTOCOL, "No access token" },
  { 200, "application/json", "{\"access_token\":null}", SC_ERROR_PROTOCOL, "No access token" },
  { 200, "application/json", "{\"access_token\":\"\"}", SC_ERROR_PROTOCOL, "No access token" },
  { 200, "application/json", "", SC_ERROR_PROTOCOL, "No access token" },
  { 200, "text/html", "<title>Welcome</title>", SC_ERROR_PROTOCOL, "Welcome" },
  { 302, "text/html", "", SC_ERROR_NOT_FOUND, "another address" },
};

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      set_answer (fixture, refusals[i].status, refusals[i].type, refusals[i].answer);
      fetch (fixture, key);
      g_assert_null (fixture->token);
      g_assert_error (fixture->error, SC_ERROR, (int) refusals[i].kind);
      if (strstr (fixture->error->message, refusals[i].words) == NULL)
        g_error ("“%s” is not in “%s”", refusals[i].words, fixture->error->message);
      g_assert_null (strstr (fixture->error->message, CANARY));
    }
  g_assert_cmpint (fixture->n_requests, ==, G_N_ELEMENTS (refusals));
}

/* Nothing of these leaves the computer. */
static const char *const bad_keys[] = {
  "{",
  "{}",
  "[]",
  "{\"type\":7}",
  "{\"type\":\"external_account\",\"audience\":\"" CANARY "\"}",
  "{\"type\":\"service_account\",\"client_email\":\"e\"}",
  "{\"type\":\"service_account\",\"private_key\":\"" CANARY "\"}",
  "{\"type\":\"service_account\",\"client_email\":\"e\",\"private_key\":\"" CANARY "\"}",
  "{\"type\":\"service_account\",\"client_email\":\"e\",\"private_key\":\"-----BEGIN PRIVATE "
  "KEY-----"
  "\\nY2FuYXJ5\\n-----END PRIVATE KEY-----\\n\"}",
  "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"" CANARY "\"}",
  "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\",\"refresh_token\":"
  "\"" CANARY "\",\"token_uri\":\"http://example.com/token\"}",
  "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\",\"refresh_token\":"
  "\"" CANARY "\",\"token_uri\":\"http://127.0.0.1.example.com/token\"}",
  "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\",\"refresh_token\":"
  "\"" CANARY "\",\"token_uri\":\"ftp://127.0.0.1/token\"}",
  "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"s\",\"refresh_token\":"
  "\"" CANARY "\",\"token_uri\":\"no address\"}",
};

static void
test_bad_keys (Fixture       *fixture,
               gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_keys); i++)
    {
      fetch (fixture, bad_keys[i]);
      g_assert_null (fixture->token);
      g_assert_error (fixture->error, SC_ERROR, SC_ERROR_AUTH);
      g_assert_null (strstr (fixture->error->message, CANARY));
    }
  g_assert_cmpint (fixture->n_requests, ==, 0);
}

static void
test_no_server (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);

  soup_server_disconnect (fixture->server);
  fetch (fixture, key);
  g_assert_null (fixture->token);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_NETWORK);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) during = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();

  g_cancellable_cancel (before);
  start (fixture, key, before);
  wait_for_token (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  start (fixture, key, during);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (during);
  wait_for_token (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  start (fixture, key, after);
  wait_for_token (fixture);
  g_cancellable_cancel (after);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->token, ==, "ya29.one");
}

static void
test_apply (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *service = make_service_account (fixture, "pem");
  g_autofree char *user = make_user (fixture->uri);
  const struct
  {
    const char *key;
    const char *base;
    const char *url;
  } cases[] = {
    { service, "https://us-east5-aiplatform.googleapis.com",
      "https://us-east5-aiplatform.googleapis.com/v1/projects/my-project/locations/us-east5" },
    { user, "https://aiplatform.googleapis.com",
      "https://aiplatform.googleapis.com/v1/projects/pays/locations/global" },
    { service, "https://h.example/v1/projects/own/locations/l",
      "https://h.example/v1/projects/own/locations/l" },
    { "{}", "https://h.example", "https://h.example/v1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScProfile) profile = create_profile (cases[i].key);

      sc_profile_set (&profile->base_url, cases[i].base);
      g_assert_true (sc_vertex_token_is_needed (profile));
      sc_vertex_token_apply (profile, "ya29.token");
      g_assert_false (sc_vertex_token_is_needed (profile));
      g_assert_cmpstr (profile->key, ==, "ya29.token");
      g_assert_cmpstr (profile->base_url, ==, cases[i].url);
    }
}

static void
test_is_needed (Fixture       *fixture,
                gconstpointer  data)
{
  static const struct
  {
    const char *protocol;
    const char *key;
    gboolean    is_needed;
  } cases[] = {
    { "vertex", "{\"type\":1}", TRUE }, { "vertex", " {", TRUE }, { "vertex", "ya29.x", FALSE },
    { "vertex", NULL, FALSE }, { "vertex", "", FALSE }, { "gemini", "{\"type\":1}", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScProfile) profile = create_profile (cases[i].key);

      sc_profile_set (&profile->protocol, cases[i].protocol);
      g_assert_cmpint (sc_vertex_token_is_needed (profile), ==, cases[i].is_needed);
    }
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) models = sc_protocol_list_models_finish (result, &fixture->error);

  fixture->is_done = TRUE;
  if (models == NULL)
    return;
  g_assert_cmpuint (models->len, ==, 1);
  g_assert_cmpstr (((ScModel *) g_ptr_array_index (models, 0))->id, ==, "gemini-2.5-pro");
}

/* The preferences ask for the list with the key file as it was entered. */
static void
test_models (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *key = make_user (fixture->uri);
  g_autoptr (ScProfile) profile = create_profile (key);
  g_autofree char *base = g_strndup (fixture->uri, strlen (fixture->uri) - strlen ("/token"));

  sc_profile_set (&profile->base_url, base);
  sc_protocol_list_models_async (profile, NULL, listed_cb, fixture);
  wait_for_token (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->n_requests, ==, 2);
  sc_vertex_token_forget ("ya29.one");

  set_answer (fixture, 400, "application/json", "{\"error\":\"invalid_grant\"}");
  fixture->is_done = FALSE;
  sc_protocol_list_models_async (profile, NULL, listed_cb, fixture);
  wait_for_token (fixture);
  g_assert_error (fixture->error, SC_ERROR, SC_ERROR_AUTH);
  g_assert_cmpint (fixture->n_requests, ==, 3);
}

/* A token that is refused before its end is renewed, once; what else a 403 means is not known. */
static void
test_models_renew (Fixture       *fixture,
                   gconstpointer  data)
{
  static const struct
  {
    guint refusal;
    int   n_refusals;
    int   n_requests;
  } cases[] = { { 401, 1, 4 }, { 401, 2, 4 }, { 403, 1, 2 } };
  g_autofree char *key = make_user (fixture->uri);
  g_autoptr (ScProfile) profile = create_profile (key);
  g_autofree char *base = g_strndup (fixture->uri, strlen (fixture->uri) - strlen ("/token"));

  sc_profile_set (&profile->base_url, base);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_answer (fixture, 200, "application/json",
                  "{\"access_token\":\"ya29.one\",\"expires_in\":3599}");
      fixture->expected = NULL;
      fixture->refusal = cases[i].refusal;
      fixture->n_refusals = cases[i].n_refusals;
      fixture->n_requests = 0;
      fixture->is_done = FALSE;
      g_clear_error (&fixture->error);
      sc_protocol_list_models_async (profile, NULL, listed_cb, fixture);
      wait_for_token (fixture);
      if (cases[i].n_refusals == 1 && cases[i].refusal == 401)
        g_assert_no_error (fixture->error);
      else
        g_assert_error (fixture->error, SC_ERROR, SC_ERROR_AUTH);
      g_assert_cmpint (fixture->n_requests, ==, cases[i].n_requests);
      sc_vertex_token_forget ("ya29.one");
      sc_vertex_token_forget ("ya29.two");
    }
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void      (*func) (Fixture *, gconstpointer);
  } cases[] = {
    { "/provider/vertex-token/service-account", test_service_account },
    { "/provider/vertex-token/user", test_user },
    { "/provider/vertex-token/held", test_held },
    { "/provider/vertex-token/short-lived", test_short_lived },
    { "/provider/vertex-token/refused", test_refused },
    { "/provider/vertex-token/bad-keys", test_bad_keys },
    { "/provider/vertex-token/no-server", test_no_server },
    { "/provider/vertex-token/cancel", test_cancel },
    { "/provider/vertex-token/apply", test_apply },
    { "/provider/vertex-token/is-needed", test_is_needed },
    { "/provider/vertex-token/models", test_models },
    { "/provider/vertex-token/models-renew", test_models_renew },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  make_private_key ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);
  status = g_test_run ();
  gnutls_x509_privkey_deinit (private_key);
  g_free (private_pem);
  return status;
}
