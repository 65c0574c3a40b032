/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files of Google Cloud (protocols.md section 6): a service account's, which signs an assertion
 * (RFC 7523 section 2.1, with RS256 of RFC 7518 section 3.3), and a signed-in user's, which has a
 * refresh token. GnuTLS signs, because GLib's own TLS has no such call. Knows no transport. */

#include "config.h"

#include "sc-vertex-key.h"
#include "sc-error.h"
#include "sc-json.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gnutls/abstract.h>
#include <string.h>

/* What files of signed-in users leave out. */
#define DEFAULT_TOKEN_URI "https://oauth2.googleapis.com/token"

#define SCOPE "https://www.googleapis.com/auth/cloud-platform"
#define JWT_GRANT "urn:ietf:params:oauth:grant-type:jwt-bearer"

/* How long an assertion is good for; the service takes no more. */
#define ASSERTION_SECONDS 3600

static void
clear_secret (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

/* The secrets of a key file go to its own token server only, and never over an open line. */
static gboolean
is_safe_uri (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GInetAddress) address = NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0')
    return FALSE;
  if (strcmp (g_uri_get_scheme (uri), "https") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return strcmp (g_uri_get_scheme (uri), "http") == 0 &&
         (g_ascii_strcasecmp (host, "localhost") == 0 ||
          (address != NULL && g_inet_address_get_is_loopback (address)));
}

static gboolean
check_kind (const char  *type,
            GError     **error)
{
  if (g_strcmp0 (type, "service_account") == 0 || g_strcmp0 (type, "authorized_user") == 0)
    return TRUE;
  if (type != NULL)
    g_set_error (error, SC_ERROR, SC_ERROR_AUTH,
                 /* Translators: %s is a kind of key file, for example external_account. */
                 _("Key files of the kind “%s” are not supported. Use the key file of a service "
                   "account or of a signed-in user."), type);
  else
    g_set_error_literal (error, SC_ERROR, SC_ERROR_AUTH,
                         _("The key is not a key file of Google Cloud."));
  return FALSE;
}

static gboolean
check_members (const ScVertexKey  *self,
               GError            **error)
{
  gboolean is_complete;

  if (self->is_service_account)
    is_complete = self->email != NULL && self->private_key != NULL;
  else
    is_complete = self->client_id != NULL && self->client_secret != NULL &&
                  self->refresh_token != NULL;
  if (!is_complete)
    g_set_error_literal (error, SC_ERROR, SC_ERROR_AUTH, _("The key file is incomplete."));
  else if (!is_safe_uri (self->token_uri))
    g_set_error_literal (error, SC_ERROR, SC_ERROR_AUTH,
                         _("The key file wants its secret sent over an insecure connection."));
  return is_complete && is_safe_uri (self->token_uri);
}

ScVertexKey *
sc_vertex_key_parse (const char  *text,
                     GError     **error)
{
  g_autoptr (ScVertexKey) self = NULL;
  g_autoptr (JsonObject) object = NULL;
  const char *uri;
  const char *project;

  g_return_val_if_fail (text != NULL, NULL);

  object = sc_json_parse_object (text, -1, NULL);
  if (!check_kind (sc_json_get_string (object, "type"), error))
    return NULL;
  self = g_new0 (ScVertexKey, 1);
  uri = sc_json_get_string (object, "token_uri");
  project = sc_json_get_string (object, "project_id");
  if (project == NULL)
    project = sc_json_get_string (object, "quota_project_id");
  self->token_uri = g_strdup (uri != NULL && *uri != '\0' ? uri : DEFAULT_TOKEN_URI);
  self->project = g_strdup (project);
  self->is_service_account = strcmp (sc_json_get_string (object, "type"), "service_account") == 0;
  self->email = g_strdup (sc_json_get_string (object, "client_email"));
  self->key_id = g_strdup (sc_json_get_string (object, "private_key_id"));
  self->private_key = g_strdup (sc_json_get_string (object, "private_key"));
  self->client_id = g_strdup (sc_json_get_string (object, "client_id"));
  self->client_secret = g_strdup (sc_json_get_string (object, "client_secret"));
  self->refresh_token = g_strdup (sc_json_get_string (object, "refresh_token"));
  if (!check_members (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sc_vertex_key_free (ScVertexKey *self)
{
  if (self == NULL)
    return;
  clear_secret (&self->private_key);
  clear_secret (&self->client_secret);
  clear_secret (&self->refresh_token);
  g_free (self->token_uri);
  g_free (self->project);
  g_free (self->email);
  g_free (self->key_id);
  g_free (self->client_id);
  g_free (self);
}

/* RFC 7515 appendix C: base64url without padding. */
static char *
encode_base64url (const guchar *bytes,
                  gsize         length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static char *
encode_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, object);
  text = sc_json_to_string (node, FALSE);
  return encode_base64url ((const guchar *) text, strlen (text));
}

static char *
create_claims (const ScVertexKey *self,
               gint64             now)
{
  JsonObject *header = json_object_new ();
  JsonObject *claims = json_object_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  json_object_set_string_member (header, "alg", "RS256");
  json_object_set_string_member (header, "typ", "JWT");
  if (self->key_id != NULL)
    json_object_set_string_member (header, "kid", self->key_id);
  json_object_set_string_member (claims, "iss", self->email);
  json_object_set_string_member (claims, "scope", SCOPE);
  json_object_set_string_member (claims, "aud", self->token_uri);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + ASSERTION_SECONDS);
  first = encode_object (header);
  second = encode_object (claims);
  return g_strconcat (first, ".", second, NULL);
}

static char *
sign (const char  *text,
      const char  *pem,
      GError     **error)
{
  gnutls_datum_t key = { .data = (unsigned char *) pem, .size = (unsigned int) strlen (pem) };
  gnutls_datum_t data = { .data = (unsigned char *) text, .size = (unsigned int) strlen (text) };
  gnutls_datum_t signature = { NULL, 0 };
  gnutls_privkey_t private_key = NULL;
  char *encoded = NULL;
  int status = gnutls_privkey_init (&private_key);

  if (status == GNUTLS_E_SUCCESS)
    status = gnutls_privkey_import_x509_raw (private_key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (status == GNUTLS_E_SUCCESS &&
      gnutls_privkey_get_pk_algorithm (private_key, NULL) != GNUTLS_PK_RSA)
    status = GNUTLS_E_INCOMPATIBLE_SIG_WITH_KEY;
  if (status == GNUTLS_E_SUCCESS)
    status = gnutls_privkey_sign_data (private_key, GNUTLS_DIG_SHA256, 0, &data, &signature);
  if (status == GNUTLS_E_SUCCESS)
    encoded = encode_base64url (signature.data, signature.size);
  else
    g_set_error (error, SC_ERROR, SC_ERROR_AUTH,
                 /* Translators: %s says what is wrong with the key. */
                 _("The private key in the key file cannot be used: %s"),
                 gnutls_strerror (status));
  gnutls_free (signature.data);
  if (private_key != NULL)
    gnutls_privkey_deinit (private_key);
  return encoded;
}

static char *
build_assertion_form (const ScVertexKey  *self,
                      gint64              now,
                      GError            **error)
{
  g_autofree char *claims = create_claims (self, now);
  g_autofree char *signature = sign (claims, self->private_key, error);
  g_autofree char *grant = g_uri_escape_string (JWT_GRANT, NULL, FALSE);

  if (signature == NULL)
    return NULL;
  return g_strconcat ("grant_type=", grant, "&assertion=", claims, ".", signature, NULL);
}

static char *
build_refresh_form (const ScVertexKey *self)
{
  g_autofree char *id = g_uri_escape_string (self->client_id, NULL, FALSE);
  char *secret = g_uri_escape_string (self->client_secret, NULL, FALSE);
  char *token = g_uri_escape_string (self->refresh_token, NULL, FALSE);
  char *form = g_strconcat ("grant_type=refresh_token&client_id=", id, "&client_secret=", secret,
                            "&refresh_token=", token, NULL);

  clear_secret (&secret);
  clear_secret (&token);
  return form;
}

char *
sc_vertex_key_build_form (const ScVertexKey  *self,
                          gint64              now,
                          GError            **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->is_service_account ? build_assertion_form (self, now, error) :
                                    build_refresh_form (self);
}

const char *
sc_vertex_key_get_secret (const ScVertexKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->is_service_account ? self->private_key : self->refresh_token;
}
