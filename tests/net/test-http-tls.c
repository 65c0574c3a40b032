/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secure connections: who is trusted, who is pinned, what is said about a certificate, and that
 * nothing is sent to anybody else. */

#include "config.h"

#include "answers.h"
#include "certificates.h"
#include "raw-server.h"
#include "sc-http-private.h"

#include <string.h>

typedef struct
{
  SoupServer *server;
  char       *url;
  char       *fingerprint;
  guint       n_requests;
} Secure;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Secure *self = user_data;

  self->n_requests++;
  g_assert_cmpint (soup_server_message_get_http_version (message), ==, SOUP_HTTP_1_1);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "hello", 5);
  soup_server_message_set_status (message, 200, NULL);
}

static Secure *
secure_new (const char *certificate_pem)
{
  Secure *self = g_new0 (Secure, 1);
  g_autofree char *pem = g_strconcat (certificate_pem, TEST_SERVER_KEY, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autoptr (GByteArray) der = NULL;
  GSList *uris;

  g_assert_no_error (error);
  g_object_get (certificate, "certificate", &der, NULL);
  self->fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  self->server = g_object_new (SOUP_TYPE_SERVER, "tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, answer_cb, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("https://127.0.0.1:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

static void
secure_free (Secure *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self->url);
  g_free (self->fingerprint);
  g_free (self);
  answer_run_pending ();
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Secure, secure_free)

static char *
write_ca_file (const char *pem)
{
  char *path = g_build_filename (g_get_user_cache_dir (), "ca.pem", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
  return path;
}

typedef struct
{
  const char          *name;
  const char          *certificate;
  const char          *ca;
  const char          *pin; /* "own" stands for the server's */
  gboolean             is_accepted;
  GTlsCertificateFlags flags;
  const char          *words;
} Trust;

#define OTHER_PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const Trust trusts[] = {
  { "own-refused", TEST_OWN_CERTIFICATE, NULL, NULL, FALSE, G_TLS_CERTIFICATE_UNKNOWN_CA,
    "trusts" },
  { "own-with-pin", TEST_OWN_CERTIFICATE, NULL, "own", TRUE, G_TLS_CERTIFICATE_UNKNOWN_CA, NULL },
  { "own-with-other-pin", TEST_OWN_CERTIFICATE, NULL, OTHER_PIN, FALSE,
    G_TLS_CERTIFICATE_UNKNOWN_CA, "accepted before" },
  { "own-as-ca", TEST_OWN_CERTIFICATE, TEST_OWN_CERTIFICATE, NULL, TRUE, 0, NULL },
  { "signed-refused", TEST_SIGNED_CERTIFICATE, NULL, NULL, FALSE, G_TLS_CERTIFICATE_UNKNOWN_CA,
    "trusts" },
  { "signed-with-ca", TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, TRUE, 0, NULL },
  { "signed-with-ca-and-pin", TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, "own", TRUE, 0, NULL },
  { "signed-with-ca-other-pin", TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, OTHER_PIN, FALSE, 0,
    "accepted before" },
  { "foreign-with-ca", TEST_FOREIGN_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, FALSE,
    G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_BAD_IDENTITY, "another server" },
  { "foreign-with-pin", TEST_FOREIGN_CERTIFICATE, NULL, "own", TRUE,
    G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_BAD_IDENTITY, NULL },
  { "expired-with-ca", TEST_EXPIRED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, FALSE,
    G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_EXPIRED, "expired" },
};

static void
test_trust (gconstpointer data)
{
  const Trust *trust = data;
  g_autoptr (Secure) secure = secure_new (trust->certificate);
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;
  g_autofree char *fingerprint = NULL;
  GTlsCertificateFlags flags = 0;

  if (trust->ca != NULL)
    profile->ca_file = write_ca_file (trust->ca);
  if (g_strcmp0 (trust->pin, "own") == 0)
    profile->pinned_fingerprint = g_ascii_strup (secure->fingerprint, -1);
  else
    profile->pinned_fingerprint = g_strdup (trust->pin);
  answer = answer_new (profile);

  answer_start (answer, sc_http_request_new ("GET", secure->url), NULL);
  answer_wait_done (answer);
  g_assert_true (sc_http_exchange_get_certificate (answer->exchange, &fingerprint, &flags));
  g_assert_cmpstr (fingerprint, ==, secure->fingerprint);
  g_assert_cmpint (flags, ==, trust->flags);
  if (trust->is_accepted)
    {
      g_assert_no_error (answer->error);
      g_assert_cmpstr (answer->body->str, ==, "hello");
      g_assert_cmpuint (secure->n_requests, ==, 1);
      g_assert_cmpint (sc_http_exchange_get_timings (answer->exchange)->tls_end_us, >=,
                       sc_http_exchange_get_timings (answer->exchange)->tls_start_us);
      g_assert_cmpint (sc_http_exchange_get_timings (answer->exchange)->tls_start_us, >, 0);
    }
  else
    {
      g_assert_error (answer->error, SC_ERROR, SC_ERROR_TLS);
      g_assert_nonnull (strstr (answer->error->message, trust->words));
      g_assert_cmpuint (secure->n_requests, ==, 0);
    }
}

/* A certificate that the system trusts, but which is not the pinned one: not a byte of the request
 * goes out. The session's database plays the system's. */
static void
test_trusted_but_not_pinned (gconstpointer data)
{
  gboolean has_pin = GPOINTER_TO_INT (data);
  g_autoptr (Secure) secure = secure_new (TEST_SIGNED_CERTIFICATE);
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;
  g_autofree char *path = write_ca_file (TEST_CA_CERTIFICATE);
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, NULL);
  g_autofree char *fingerprint = NULL;
  GTlsCertificateFlags flags = G_TLS_CERTIFICATE_REVOKED;

  profile->pinned_fingerprint = g_strdup (has_pin ? OTHER_PIN : "");
  answer = answer_new (profile);
  soup_session_set_tls_database (sc_http_client_get_session (answer->client), database);
  answer_start (answer, sc_http_request_new ("GET", secure->url), NULL);
  answer_wait_done (answer);
  g_assert_true (sc_http_exchange_get_certificate (answer->exchange, &fingerprint, &flags));
  g_assert_cmpstr (fingerprint, ==, secure->fingerprint);
  g_assert_cmpint (flags, ==, 0);
  if (has_pin)
    g_assert_error (answer->error, SC_ERROR, SC_ERROR_TLS);
  else
    g_assert_no_error (answer->error);
  g_assert_cmpuint (secure->n_requests, ==, has_pin ? 0 : 1);
}

static void
test_reused_connection (void)
{
  g_autoptr (Secure) secure = secure_new (TEST_SIGNED_CERTIFICATE);
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;

  profile->ca_file = write_ca_file (TEST_CA_CERTIFICATE);
  answer = answer_new (profile);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *fingerprint = NULL;
      GTlsCertificateFlags flags = G_TLS_CERTIFICATE_REVOKED;

      answer_start (answer, sc_http_request_new ("GET", secure->url), NULL);
      answer_wait_done (answer);
      g_assert_no_error (answer->error);
      g_assert_true (sc_http_exchange_get_certificate (answer->exchange, &fingerprint, &flags));
      g_assert_cmpstr (fingerprint, ==, secure->fingerprint);
      g_assert_cmpint (flags, ==, 0);
      g_assert_cmpint (sc_http_exchange_get_timings (answer->exchange)->tls_start_us > 0, ==,
                       i == 0);
    }
}

static void
test_ca_file_missing (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  g_autoptr (Answer) answer = NULL;

  profile->ca_file = g_strdup ("/nowhere/ca.pem");
  answer = answer_new (profile);
  answer_start (answer, sc_http_request_new ("GET", "https://127.0.0.1:1/"), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_TLS);
  g_assert_nonnull (strstr (answer->error->message, "/nowhere/ca.pem"));
}

static ScHttpRequest *
new_request (RawServer *server)
{
  g_autofree char *url = raw_server_dup_url (server, "https", "/");

  return sc_http_request_new ("POST", url);
}

static void
test_not_tls (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);
  g_autofree char *fingerprint = NULL;
  GTlsCertificateFlags flags;

  raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_SEND, "HTTP/1.1 400 Bad Request\r\n\r\n",
                         RAW_CLOSE, RAW_END);
  answer_start (answer, new_request (server), NULL);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_TLS);
  g_assert_false (sc_http_exchange_get_certificate (answer->exchange, &fingerprint, &flags));
}

static Answer *
ask_through_proxy (RawServer *proxy)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("test");
  ScHttpRequest *request = sc_http_request_new ("POST", "https://nowhere.invalid/x");
  Answer *answer;

  profile->proxy_mode = SC_PROXY_MANUAL;
  profile->proxy_url = raw_server_dup_url (proxy, "http", "");
  answer = answer_new (profile);
  sc_http_request_set_header (request, "Authorization", "Bearer secret");
  answer_start (answer, request, NULL);
  return answer;
}

/* The proxy sees a name and a port, and then the handshake with the server behind it. */
static void
test_proxy_tunnel (void)
{
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (Answer) answer = NULL;
  g_autoptr (GString) received = NULL;

  raw_server_add_script (proxy, RAW_WAIT_REQUEST, RAW_SEND, "HTTP/1.1 200 OK\r\n\r\n",
                         RAW_WAIT_BYTES, 100, RAW_STALL, RAW_END);
  answer = ask_through_proxy (proxy);
  raw_server_wait_idle (proxy, 0);
  received = raw_server_dup_received (proxy, 0);
  g_assert_true (g_str_has_prefix (received->str, "CONNECT nowhere.invalid:443 HTTP/1.1\r\n"));
  g_assert_null (strstr (received->str, "secret"));
  g_cancellable_cancel (answer->cancellable);
  answer_wait_done (answer);
  g_assert_error (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  raw_server_wait_client_closed (proxy, 0);
}

/* What a proxy answers to CONNECT is not the server's answer. */
static void
test_proxy_refuses (gconstpointer head)
{
  g_autoptr (RawServer) proxy = raw_server_new ();
  g_autoptr (Answer) answer = NULL;

  raw_server_add_script (proxy, RAW_WAIT_REQUEST, RAW_SEND, head, RAW_END);
  answer = ask_through_proxy (proxy);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_NETWORK);
  g_assert_nonnull (strstr (answer->error->message, "proxy"));
  g_assert_cmpuint (answer->n_headers, ==, 0);
}

/* The server accepts and says nothing, in the middle of the handshake. */
static void
test_cancel_in_handshake (void)
{
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), NULL);
  raw_server_wait_idle (server, 0);
  g_cancellable_cancel (answer->cancellable);
  answer_wait_done (answer);
  g_assert_error (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  raw_server_wait_client_closed (server, 0);
}

static void
test_clock_connect (void)
{
  static const ScTimeouts timeouts = { .connect_ms = 50 };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (Answer) answer = answer_new (NULL);

  raw_server_add_script (server, RAW_STALL, RAW_END);
  answer_start (answer, new_request (server), &timeouts);
  answer_wait_done (answer);
  g_assert_error (answer->error, SC_ERROR, SC_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (answer->error->message, "limit for connecting"));
  raw_server_wait_client_closed (server, 0);
}

int
main (int   argc,
      char *argv[])
{
  /* The test server then offers HTTP/2 as well, as hosted services do. */
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/net/http/tls/clock-connect", test_clock_connect);
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      for (guint i = 0; i < G_N_ELEMENTS (trusts); i++)
        {
          g_autofree char *path = g_strconcat ("/net/http/tls/trust/", trusts[i].name, NULL);

          g_test_add_data_func (path, &trusts[i], test_trust);
        }
      g_test_add_data_func ("/net/http/tls/trusted", GINT_TO_POINTER (FALSE),
                            test_trusted_but_not_pinned);
      g_test_add_data_func ("/net/http/tls/trusted-but-not-pinned", GINT_TO_POINTER (TRUE),
                            test_trusted_but_not_pinned);
      g_test_add_func ("/net/http/tls/reused-connection", test_reused_connection);
      g_test_add_func ("/net/http/tls/ca-file-missing", test_ca_file_missing);
      g_test_add_func ("/net/http/tls/not-tls", test_not_tls);
      g_test_add_func ("/net/http/tls/proxy/tunnel", test_proxy_tunnel);
      g_test_add_data_func ("/net/http/tls/proxy/forbidden",
                            "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno",
                            test_proxy_refuses);
      g_test_add_data_func ("/net/http/tls/proxy/wants-password",
                            "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                            "Content-Length: 2\r\n\r\nno",
                            test_proxy_refuses);
      g_test_add_func ("/net/http/tls/cancel-in-handshake", test_cancel_in_handshake);
    }
  return g_test_run ();
}
