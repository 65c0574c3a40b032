/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking at a certificate: what is said of it, that no request is sent for it, and that accepting
 * it counts for one provider alone. */

#include "config.h"

#include "run-log.h"

#include "certificates.h"
#include "sc-certificate.h"
#include "sc-error.h"
#include "sc-protocol.h"
#include "sc-providers-private.h"
#include "sc-settings.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  SoupServer *server;
  char       *host;
  guint       n_requests;
} Secure;

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  static const char body[] = "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}";

  ((Secure *) user_data)->n_requests++;
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, body,
                                    strlen (body));
}

static Secure *
secure_new (const char *certificate_pem)
{
  Secure *self = g_new0 (Secure, 1);
  g_autofree char *pem = g_strconcat (certificate_pem, TEST_SERVER_KEY, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  GSList *uris;

  g_assert_no_error (error);
  self->server = g_object_new (SOUP_TYPE_SERVER, "tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->host = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

static void
secure_free (Secure *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Secure, secure_free)

static ScProfile *
create_secure_profile (const Secure *secure,
                       const char   *scheme)
{
  ScProfile *profile = sc_profile_new ("p");
  g_autofree char *url = g_strdup_printf ("%s://%s/v1", scheme, secure->host);

  sc_profile_set (&profile->name, "P");
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, url);
  sc_profile_set (&profile->key, CANARY_KEY);
  profile->proxy_mode = SC_PROXY_NONE;
  return profile;
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static ScCertificate *
fetch (const ScProfile  *profile,
       GCancellable     *cancellable,
       GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_certificate_fetch_async (profile, cancellable, result_cb, &result);
  g_assert_null (result);
  wait_until (has_result, &result);
  return sc_certificate_fetch_finish (result, error);
}

static void
test_shown (void)
{
  static const struct
  {
    const char *pem;
    const char *scheme;
    const char *subject;
    const char *problem;
  } cases[] = {
    { TEST_OWN_CERTIFICATE, "https", "CN=127.0.0.1", "It was issued by nobody*" },
    { TEST_SIGNED_CERTIFICATE, "wss", "CN=127.0.0.1", "It was issued by nobody*" },
    { TEST_FOREIGN_CERTIFICATE, "https", "CN=*", "It belongs to another server." },
    { TEST_EXPIRED_CERTIFICATE, "https", "CN=127.0.0.1", "It has expired." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Secure) secure = secure_new (cases[i].pem);
      g_autoptr (ScProfile) profile = create_secure_profile (secure, cases[i].scheme);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScCertificate) certificate = fetch (profile, NULL, &error);
      g_auto (GStrv) problems = NULL;

      g_assert_no_error (error);
      problems = sc_certificate_list_problems (certificate);
      g_test_message ("%s: %s", certificate->subject, problems[0]);
      g_assert_cmpstr (certificate->server, ==, secure->host);
      g_assert_cmpuint (strlen (certificate->fingerprint), ==, 64);
      g_assert_nonnull (strstr (certificate->pem, "BEGIN CERTIFICATE"));
      g_assert_true (g_pattern_match_simple (cases[i].subject, certificate->subject));
      g_assert_nonnull (certificate->not_before);
      g_assert_nonnull (certificate->not_after);
      g_assert_true (g_pattern_match_simple (cases[i].problem, problems[0]));
      g_assert_false (certificate->is_accepted || certificate->has_changed);
      g_assert_cmpuint (secure->n_requests, ==, 0);
    }
}

/* Trusted by the CA file: nothing is wrong with it, and still nothing is sent. */
static void
test_trusted (void)
{
  g_autoptr (Secure) secure = secure_new (TEST_SIGNED_CERTIFICATE);
  g_autoptr (ScProfile) profile = create_secure_profile (secure, "https");
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "ca.pem", NULL);
  g_autoptr (ScCertificate) certificate = NULL;
  g_auto (GStrv) problems = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, TEST_CA_CERTIFICATE, -1, NULL));
  sc_profile_set (&profile->ca_file, path);
  certificate = fetch (profile, NULL, NULL);
  problems = sc_certificate_list_problems (certificate);
  g_assert_cmpint (certificate->problems, ==, 0);
  g_assert_null (problems[0]);
  g_assert_cmpstr (certificate->names[0], ==, "localhost");
  g_assert_cmpstr (certificate->names[1], ==, "127.0.0.1");
  g_assert_cmpuint (secure->n_requests, ==, 0);
}

static void
test_pinned (void)
{
  g_autoptr (Secure) secure = secure_new (TEST_OWN_CERTIFICATE);
  g_autoptr (ScProfile) profile = create_secure_profile (secure, "https");
  g_autoptr (ScCertificate) first = fetch (profile, NULL, NULL);
  g_autoptr (ScCertificate) accepted = NULL;
  g_autoptr (ScCertificate) changed = NULL;

  profile->pinned_fingerprint = g_ascii_strup (first->fingerprint, -1);
  accepted = fetch (profile, NULL, NULL);
  g_assert_true (accepted->is_accepted && !accepted->has_changed);

  profile->pinned_fingerprint[0] = profile->pinned_fingerprint[0] == '0' ? '1' : '0';
  changed = fetch (profile, NULL, NULL);
  g_assert_true (changed->has_changed && !changed->is_accepted);
  g_assert_cmpstr (changed->fingerprint, ==, first->fingerprint);
}

static void
test_none (void)
{
  g_autoptr (Secure) secure = secure_new (TEST_OWN_CERTIFICATE);
  g_autoptr (ScProfile) plain = create_secure_profile (secure, "http");
  g_autoptr (ScProfile) gone = create_secure_profile (secure, "https");
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (fetch (plain, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_TLS);
  g_clear_error (&error);

  g_cancellable_cancel (cancelled);
  g_assert_null (fetch (gone, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  soup_server_disconnect (secure->server);
  g_assert_null (fetch (gone, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NETWORK);
}

static GPtrArray *
list_models (const ScProfile  *profile,
             GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_protocol_list_models_async (profile, NULL, result_cb, &result);
  wait_until (has_result, &result);
  return sc_protocol_list_models_finish (result, error);
}

/* The whole way: refused with a code that offers to look, accepted for one, refused when it is
 * another one. */
static void
test_accept (void)
{
  g_autoptr (Secure) secure = secure_new (TEST_OWN_CERTIFICATE);
  g_autoptr (Secure) other = secure_new (TEST_SIGNED_CERTIFICATE);
  ScProviders *providers = sc_providers_new ();
  ScSettings *settings = sc_settings_get_default ();
  g_autoptr (ScProfile) saved = create_secure_profile (secure, "https");
  g_autoptr (ScProfile) temporary = NULL;
  g_autoptr (ScProfile) pinned = NULL;
  g_autoptr (ScProfile) kept = NULL;
  g_autoptr (ScProfile) foreign = create_secure_profile (other, "https");
  g_autoptr (ScCertificate) certificate = fetch (saved, NULL, NULL);
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (list_models (saved, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_TLS);
  g_assert_cmpstr (sc_error_get_code (error), ==, SC_ERROR_CODE_CERTIFICATE);
  g_assert_cmpuint (secure->n_requests, ==, 0);
  g_clear_error (&error);

  sc_settings_save_profile (settings, saved);
  g_assert_false (sc_providers_accept_certificate (providers, "nobody", certificate->fingerprint));
  g_assert_true (sc_providers_accept_certificate (providers, "p", certificate->fingerprint));
  pinned = sc_providers_dup_profile (providers, "p");
  g_assert_cmpstr (pinned->pinned_fingerprint, ==, certificate->fingerprint);
  models = list_models (pinned, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (models->len, ==, 1);

  sc_profile_set (&foreign->pinned_fingerprint, certificate->fingerprint);
  g_assert_null (list_models (foreign, &error));
  g_assert_cmpstr (sc_error_get_code (error), ==, SC_ERROR_CODE_CERTIFICATE);
  g_assert_true (g_pattern_match_simple ("*not the one that was accepted*", error->message));
  g_assert_cmpuint (other->n_requests, ==, 0);

  /* The provider of the command line keeps it for the session: no setting is written. */
  temporary = sc_profile_copy (saved);
  sc_profile_set (&temporary->id, SC_TEMPORARY_PROFILE_ID);
  sc_providers_set_temporary (providers, temporary);
  g_assert_true (sc_providers_accept_certificate (providers, SC_TEMPORARY_PROFILE_ID,
                                                  certificate->fingerprint));
  kept = sc_providers_dup_profile (providers, SC_TEMPORARY_PROFILE_ID);
  g_assert_cmpstr (kept->pinned_fingerprint, ==, certificate->fingerprint);
  g_assert_null (sc_settings_dup_profile (settings, SC_TEMPORARY_PROFILE_ID));

  sc_settings_remove_profile (settings, "p");
  g_assert_finalize_object (providers);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/chat/certificate/shown", test_shown);
  g_test_add_func ("/chat/certificate/trusted", test_trusted);
  g_test_add_func ("/chat/certificate/pinned", test_pinned);
  g_test_add_func ("/chat/certificate/none", test_none);
  g_test_add_func ("/chat/certificate/accept", test_accept);

  return g_test_run ();
}
